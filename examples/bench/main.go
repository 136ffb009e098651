// Command bench does the same work with this module and with what a program would
// use instead, in one run, checks that all give the same numbers, and prints what
// each takes.
//
//	cd examples/bench
//	go run .                                      # all comparisons, with Go only, briefly
//	go run . -n 10000000 files                    # one of them, at full size
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/command"
)

type comparison struct {
	name, about string
	run         func(w io.Writer, o options) error
}

// comparisons are in the order in which they are run, each in a file of its own.
var comparisons = []comparison{
	{"files", "a report from a file of events, against DuckDB, SQLite, pandas, jq and plain Go, by whole processes", compareFiles},
	{"calendar", "open time of a span, against rickar/cal", compareCalendars},
	{"summary", "durations summed up, against DDSketch, t-digest and HdrHistogram", compareSummaries},
	{"stat", "quantiles, intervals and tests, against gonum, montanaflynn/stats and sorting", compareStat},
	{"events", "a report on the events of a helpdesk, against DuckDB, SQLite, PostgreSQL, pandas and plain Go", compareEvents},
}

// options say what to measure, and how long.
type options struct {
	repeats int           // measurements for each median
	atLeast time.Duration // that each measurement takes

	values   int  // durations of the comparisons summary and stat
	markdown bool // print tables as Markdown
	progress io.Writer

	// For the comparisons of files and events:
	events      int
	seed        uint64
	rounds      int
	threads     int
	cache       string
	peersWanted []string // beside the program by hand; nil: all for files, none for events
	install     bool     // download and build what is missing
}

func main() {
	if work() {
		return
	}
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		command.Say(os.Stderr, "bench", err)
		os.Exit(2)
	}
}

func run(arguments []string, out, progress io.Writer) error {
	o := options{repeats: 9, atLeast: 50 * time.Millisecond, values: 1_000_000, progress: progress, install: true}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.BoolVar(&o.markdown, "markdown", false, "print tables as Markdown")
	flags.IntVar(&o.events, "n", 100_000, "files, events: number of events")
	flags.Uint64Var(&o.seed, "seed", 1, "files, events: seed of the events")
	flags.IntVar(&o.rounds, "rounds", 3, "files, events: number of rounds, whose medians are printed")
	flags.IntVar(&o.threads, "threads", 2, "files, events: threads, for those that can have several")
	flags.StringVar(&o.cache, "cache", ".cache", "files, events: folder for the events")
	peers := flags.String("peers", "", "files, events: `peers` beside the program by hand, with commas between, or all, or none: "+strings.Join(allPeers(), ",")+
		" (default: all for files if that is named, else none)")
	flags.Usage = func() {
		fmt.Fprint(progress, "usage: go run . [flags] [comparison...]\n\n")
		for _, c := range comparisons {
			fmt.Fprintf(progress, "  %-9s %s\n", c.name, c.about)
		}
		fmt.Fprint(progress, "\nWithout a name all are run.\n\n")
		flags.PrintDefaults()
	}
	if err := command.Parse(flags, arguments, progress); err != nil {
		return err
	}
	if o.events < 1000 || o.rounds < 1 || o.threads < 1 {
		return errors.New("at least 1,000 events, one round and one thread")
	}
	wanted := flags.Args()
	var err error
	if o.peersWanted, err = parsePeers(*peers, len(wanted) > 0); err != nil {
		return err
	}
	for _, name := range wanted {
		if !slices.ContainsFunc(comparisons, func(c comparison) bool { return c.name == name }) {
			flags.Usage()
			return fmt.Errorf("no comparison is called %q", name)
		}
	}
	for _, c := range comparisons {
		if len(wanted) > 0 && !slices.Contains(wanted, c.name) {
			continue
		}
		fmt.Fprintf(out, "## %s: %s\n\n", c.name, c.about)
		if err := c.run(out, o); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// parsePeers reads the flag -peers. Without it, comparisons that are named have the
// peers that are theirs by default, and others have none, for they run with Go only.
func parsePeers(flag string, named bool) ([]string, error) {
	switch {
	case flag == "all":
		return allPeers(), nil
	case flag == "none" || flag == "" && !named:
		return []string{}, nil
	case flag == "":
		return nil, nil
	}
	names := strings.Split(flag, ",")
	for _, name := range names {
		if !slices.Contains(allPeers(), name) {
			return nil, fmt.Errorf("no peer is called %q; there are %s", name, strings.Join(allPeers(), ", "))
		}
	}
	return names, nil
}

// allPeers returns the names of the peers in the comparisons of files and events.
func allPeers() []string {
	names := slices.Clone(peerNames)
	for _, peer := range filePeers {
		if !slices.Contains(names, peer.name) {
			names = append(names, peer.name)
		}
	}
	return names
}

// median returns the median time in nanoseconds that one call of f takes.
func (o options) median(f func()) float64 {
	calls := 1
	for {
		if d := o.time(f, calls); d >= o.atLeast {
			break
		}
		calls *= 2
	}
	times := make([]float64, o.repeats)
	for i := range times {
		times[i] = float64(o.time(f, calls)) / float64(calls)
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func (o options) time(f func(), calls int) time.Duration {
	start := time.Now()
	for range calls {
		f()
	}
	return time.Since(start)
}
