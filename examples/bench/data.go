package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// dataset is a folder with the events of the desk in the forms that the peers
// read:
//
//	events.bin   deskEventBytes each: for programs in Go
//	text.csv     ts,conv,channel,agent,kind,stars with names as text
//	number.csv   the same with numbers, and −1 for no agent
//	desk.jsonl   what examples/report reads: an event on each line, in JSON
//	desk.csv     the same in CSV: type,conversation,at,channel,agent,by,stars
//
// ts is in milliseconds since 1970. The lines are in the order of time.
type dataset struct {
	folder        string
	events        int
	conversations int
}

func (d dataset) path(name string) string { return filepath.Join(d.folder, name) }

// newDataset returns the events for a seed with the files that are named. What is
// not in the cache yet is made.
func newDataset(o options, files ...string) (dataset, error) {
	// The number goes up with each change of the generator or of the files.
	const version = 2
	folder, err := filepath.Abs(filepath.Join(o.cache, fmt.Sprintf("events-v%d-seed%d-%d", version, o.seed, o.events)))
	if err != nil {
		return dataset{}, err
	}
	d := dataset{folder: folder, events: o.events}
	if found, err := d.known(); err == nil {
		return found, found.make(files...)
	}
	fmt.Fprintf(o.progress, "making %d events in %s\n", o.events, folder)
	if err := d.save(deskEvents(o.seed, o.events)); err != nil {
		return d, err
	}
	return d, d.make(files...)
}

// save writes the binary events, and counts their conversations.
func (d *dataset) save(events []deskEvent) error {
	if err := os.MkdirAll(d.folder, 0o755); err != nil {
		return err
	}
	for _, e := range events {
		d.conversations = max(d.conversations, int(e.conversation)+1)
	}
	err := d.write("events.bin", func(w *bufio.Writer) error {
		var b []byte
		for _, e := range events {
			b = e.append(b[:0])
			w.Write(b)
		}
		return nil
	})
	if err != nil {
		return err
	}
	// Written last, it says that the events are whole.
	return os.WriteFile(d.path("conversations"), strconv.AppendInt(nil, int64(d.conversations), 10), 0o644)
}

// known returns the dataset with its number of conversations, and an error if it is
// not whole.
func (d dataset) known() (dataset, error) {
	text, err := os.ReadFile(d.path("conversations"))
	if err != nil {
		return d, err
	}
	d.conversations, err = strconv.Atoi(string(text))
	return d, err
}

// textForms are the files that are made of the binary events: their header, and how
// a line of an event is appended.
var textForms = map[string]struct {
	header string
	line   func(*deskNames, []byte, deskEvent) []byte
}{
	"text.csv":   {tableHeader, (*deskNames).textLine},
	"number.csv": {tableHeader, (*deskNames).numberLine},
	"desk.jsonl": {"", (*deskNames).jsonLine},
	"desk.csv":   {"type,conversation,at,channel,agent,by,stars\n", (*deskNames).csvLine},
}

const tableHeader = "ts,conv,channel,agent,kind,stars\n"

// make writes those of the files that are not there yet.
func (d dataset) make(files ...string) error {
	var names *deskNames
	for _, name := range files {
		if _, err := os.Stat(d.path(name)); err == nil {
			continue
		}
		if names == nil {
			var err error
			if names, err = d.names(); err != nil {
				return err
			}
		}
		form := textForms[name]
		err := d.write(name, func(w *bufio.Writer) error {
			w.WriteString(form.header)
			var b []byte
			return d.batches(func(batch []deskEvent) error {
				for _, e := range batch {
					b = form.line(names, b[:0], e)
					w.Write(b)
				}
				return nil
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// write writes a file that is there only when it is whole.
func (d dataset) write(name string, content func(*bufio.Writer) error) error {
	f, err := os.Create(d.path(name + ".new"))
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := content(w); err != nil {
		return err
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), d.path(name))
}

// batches reads the binary events and hands them on some at a time, in a slice
// that is used again.
func (d dataset) batches(take func([]deskEvent) error) error {
	f, err := os.Open(d.path("events.bin"))
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	batch := make([]deskEvent, 0, 10_000)
	var b [deskEventBytes]byte
	for {
		_, err := io.ReadFull(r, b[:])
		if err == nil {
			batch = append(batch, deskEventOf(b[:]))
		} else if err != io.EOF {
			return err
		}
		if len(batch) == cap(batch) || err != nil && len(batch) > 0 {
			if err := take(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
		if err != nil {
			return nil
		}
	}
}
