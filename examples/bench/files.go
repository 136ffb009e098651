package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime/debug"

	"slices"
	"strings"
	"time"
)

// compareFiles answers the question of compareEvents by channel from files, each time
// by a process that begins with the file and ends with the answer.
func compareFiles(w io.Writer, o options) error {
	d, err := newDataset(o, "desk.jsonl", "desk.csv")
	if err != nil {
		return err
	}
	r := &race{match: match{options: o, data: d}}
	if err := r.reference(); err != nil {
		return err
	}
	if err := r.enter(); err != nil {
		return err
	}
	if err := r.warm(); err != nil {
		return err
	}
	for round := range o.rounds {
		for _, p := range r.programs {
			if err := r.run(p, round); err != nil {
				return err
			}
		}
	}
	r.print(w)
	return nil
}

// A race is a comparison of files under way.
type race struct {
	match
	programs []*program
	starts   []string // processor time of peers that start and do nothing
}

// A program is a line of the table.
type program struct {
	name    string
	form    string // of the file
	threads int
	ways    []way // of several, the one with the least processor time counts
	took    []usage
}

// A way is a command that answers the question.
type way struct {
	name      string
	arguments []string
	variables []string // of the environment
	input     string
	rows      func(output []byte) (reply, error) // what the output says
}

// A usage is what a process took.
type usage struct {
	user, system, wall float64 // seconds
	peak               int64   // greatest resident memory in bytes; 0 if unknown
}

func (u usage) processor() float64 { return u.user + u.system }

// reference has the question answered from the binary events by the program by hand,
// whose answer all others must give.
func (r *race) reference() error {
	byHand, err := r.open("byhand", "")
	if err != nil {
		return err
	}
	for _, do := range []string{"load", "report"} {
		answer, err := byHand.ask(request{Do: do, Folder: r.data.folder, Threads: r.threads})
		if err == nil && do == "report" {
			err = r.checkReport(false)("by hand", answer)
		}
		if err != nil {
			return errors.Join(err, byHand.close())
		}
	}
	return byHand.close()
}

// warm reads the files once, so that none is read from the disk later.
func (r *race) warm() error {
	for _, form := range r.forms() {
		f, err := os.Open(r.data.path(form))
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// forms returns the files that are read, in the order of the table.
func (r *race) forms() (forms []string) {
	for _, p := range r.programs {
		if !slices.Contains(forms, p.form) {
			forms = append(forms, p.form)
		}
	}
	return forms
}

// patience is the processor time in seconds after which a program is not run again.
const patience = 30

// run runs a program once. In the first round all its ways are tried, later only the
// best.
func (r *race) run(p *program, round int) error {
	var spent float64
	for _, u := range p.took {
		spent += u.processor()
	}
	if spent > patience {
		return nil
	}
	best, least := 0, usage{user: math.Inf(1)}
	for i, w := range p.ways {
		took, answer, err := w.run(r.data.folder)
		if err == nil {
			err = r.checkReport(p.name == libraryName)(p.title(), answer)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(r.progress, "round %d: %-45s %d thread(s)  %-8s %8.3f s user, %.3f system, %.3f wall, %s MB\n",
			round+1, p.title(), p.threads, w.name, took.user, took.system, took.wall, megabytes(took.peak))
		if took.processor() < least.processor() {
			best, least = i, took
		}
	}
	p.ways = p.ways[best : best+1]
	p.took = append(p.took, least)
	return nil
}

// run runs a command in a folder. It fails if the command fails or has something to
// complain about.
func (w way) run(folder string) (usage, reply, error) {
	command := exec.Command(w.arguments[0], w.arguments[1:]...)
	command.Dir, command.Stdin = folder, strings.NewReader(w.input)
	command.Env = append(os.Environ(), w.variables...)
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	// On Linux the memory of this process counts as that of the new one, up to the
	// moment at which that loads its program.
	debug.FreeOSMemory()
	resetPeak()
	begin := time.Now()
	err := command.Run()
	took := usage{wall: time.Since(begin).Seconds()}
	if err == nil && said.Len() > 0 {
		err = errors.New("it complains")
	}
	if err != nil {
		return took, reply{}, fmt.Errorf("%s: %w: %.300s", w.arguments[0], err, &said)
	}
	took.user, took.system = command.ProcessState.UserTime().Seconds(), command.ProcessState.SystemTime().Seconds()
	answer, err := w.rows(out.Bytes())
	if err != nil {
		return took, answer, fmt.Errorf("%s: %w in %.300q", w.arguments[0], err, &out)
	}
	// A worker begins anew to look for its peak with each request.
	took.peak = max(peakOf(command.ProcessState), answer.Peak)
	return took, answer, nil
}

// formNames are how forms are called in the table.
var formNames = map[string]string{"desk.jsonl": "JSON Lines", "desk.csv": "CSV", "desk.parquet": "Parquet"}

func (p *program) title() string {
	title := formNames[p.form] + ": " + p.name
	if len(p.ways) == 1 && p.ways[0].name != "" {
		title += ", " + p.ways[0].name
	}
	return title
}

// of returns the program of this library that a program is compared with: from the
// same form or, since it does not read Parquet, from CSV; with as many threads or,
// where it has fewer, with its most.
func (r *race) of(p *program) (own *program) {
	form := p.form
	if form == "desk.parquet" {
		form = "desk.csv"
	}
	for _, other := range r.programs {
		if other.name == libraryName && other.form == form && (own == nil || other.threads <= p.threads) {
			own = other
		}
	}
	return own
}

// medianOf returns the median of a figure.
func (p *program) medianOf(figure func(usage) float64) float64 {
	var all []float64
	for _, u := range p.took {
		all = append(all, figure(u))
	}
	return median(all)
}

// ratioOf returns the median of the ratios of a figure to that of own in the same
// round.
func (p *program) ratioOf(own *program, figure func(usage) float64) string {
	var all []float64
	for i := range min(len(p.took), len(own.took)) {
		all = append(all, figure(p.took[i])/figure(own.took[i]))
	}
	return ratio(median(all), 1)
}

func (r *race) print(w io.Writer) {
	r.printHead(w)
	var sizes []string
	for _, form := range r.forms() {
		if info, err := os.Stat(r.data.path(form)); err == nil {
			sizes = append(sizes, fmt.Sprintf("%s MB of %s", megabytes(info.Size()), formNames[form]))
		}
	}
	fmt.Fprintf(w, "Whole processes, from %s. All gave the same numbers. Times in seconds.\n", strings.Join(sizes, ", "))
	if len(r.starts) > 0 {
		fmt.Fprintf(w, "To start and do nothing takes %s of a processor.\n", strings.Join(r.starts, ", "))
	}
	fmt.Fprintln(w)

	user, system, wall := func(u usage) float64 { return u.user }, func(u usage) float64 { return u.system }, func(u usage) float64 { return u.wall }
	t := table{head: []string{"", "threads", "user", "ratio", "system", "wall", "ratio", "peak MB"}}
	for _, p := range r.programs {
		own := r.of(p)
		var peak int64
		for _, u := range p.took {
			peak = max(peak, u.peak)
		}
		t.add(p.title(), fmt.Sprint(p.threads), digits(p.medianOf(user)), p.ratioOf(own, user), digits(p.medianOf(system)),
			digits(p.medianOf(wall)), p.ratioOf(own, wall), megabytes(peak))
	}
	t.print(w, r.markdown)
}
