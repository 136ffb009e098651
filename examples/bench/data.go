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
//
// ts is in milliseconds since 1970. The lines are in the order of time.
type dataset struct {
	folder        string
	events        int
	conversations int
}

func (d dataset) path(name string) string { return filepath.Join(d.folder, name) }

// newDataset returns the events for a seed, which it makes if they are not in the
// cache yet.
func newDataset(cache string, seed uint64, n int, progress io.Writer) (dataset, error) {
	// The number goes up with each change of the generator or of the files.
	const version = 1
	folder, err := filepath.Abs(filepath.Join(cache, fmt.Sprintf("events-v%d-seed%d-%d", version, seed, n)))
	if err != nil {
		return dataset{}, err
	}
	d := dataset{folder: folder, events: n}
	if found, err := d.known(); err == nil {
		return found, nil
	}
	fmt.Fprintf(progress, "making %d events in %s\n", n, folder)
	err = d.save(deskEvents(seed, n))
	return d, err
}

// save writes the events, and counts their conversations.
func (d *dataset) save(events []deskEvent) error {
	if err := os.MkdirAll(d.folder, 0o755); err != nil {
		return err
	}
	for _, e := range events {
		d.conversations = max(d.conversations, int(e.conversation)+1)
	}
	names := conversationNames(d.conversations)
	var agents [deskAgents]string
	for i := range agents {
		agents[i] = agentName(int16(i))
	}
	err := errors.Join(
		d.write("events.bin", "", events, func(b []byte, e deskEvent) []byte { return e.append(b) }),
		d.write("text.csv", csvHeader, events, func(b []byte, e deskEvent) []byte {
			b = strconv.AppendInt(b, e.at, 10)
			b = append(append(b, ','), names[e.conversation]...)
			b = append(append(b, ','), deskChannels[e.channel].name...)
			b = append(b, ',')
			if e.agent >= 0 {
				b = append(b, agents[e.agent]...)
			}
			return e.appendRest(b)
		}),
		d.write("number.csv", csvHeader, events, func(b []byte, e deskEvent) []byte {
			b = strconv.AppendInt(b, e.at, 10)
			b = strconv.AppendUint(append(b, ','), uint64(e.conversation), 10)
			b = strconv.AppendUint(append(b, ','), uint64(e.channel), 10)
			b = strconv.AppendInt(append(b, ','), int64(e.agent), 10)
			return e.appendRest(b)
		}),
	)
	if err != nil {
		return err
	}
	// Written last, it says that the files are whole.
	return os.WriteFile(d.path("conversations"), strconv.AppendInt(nil, int64(d.conversations), 10), 0o644)
}

const csvHeader = "ts,conv,channel,agent,kind,stars\n"

func (e deskEvent) appendRest(b []byte) []byte {
	return append(b, ',', '0'+byte(e.kind), ',', '0'+e.stars, '\n')
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

func (d dataset) write(name, header string, events []deskEvent, line func([]byte, deskEvent) []byte) error {
	f, err := os.Create(d.path(name))
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	w.WriteString(header)
	var b []byte
	for _, e := range events {
		b = line(b[:0], e)
		w.Write(b)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
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
