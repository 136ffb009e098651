// Command year shows how the report of a year is put together from its days: parts
// of the desk that know nothing of each other store figures by day every night, as
// a few kilobytes each, and these merge.
//
//	go run ./examples/year                        # a made-up desk of 10 agents
//	go run ./examples/year -agents 200 -shards 16 -times
//
// README.md in this folder documents the flags and the output.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
	_ "time/tzdata" // for the days of the desk's zone

	"github.com/servicequality/servicequality/examples/internal/command"
)

// Exit statuses.
const (
	exitDone      = 0
	exitDifferent = 1 // the merged rows are not the figures of all events
	exitFailed    = 2
)

func main() {
	p := program{now: time.Now, sizes: []int{10, 100, 1000, 10_000}}
	os.Exit(p.run(os.Args[1:], os.Stdout, os.Stderr))
}

// A program has a clock to measure with, and the numbers of agents of the larger
// desks for which it measures the figures of a day.
type program struct {
	now   func() time.Time
	sizes []int
}

// settings are what the flags say.
type settings struct {
	desk
	shards int
	times  bool
}

// Limits of the flags, beyond which a mistake is likelier than a wish. A log
// holds two thousand million events.
const (
	maxAgents = 100_000
	maxDays   = 10_000
	maxShards = 10_000
)

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("year", flag.ContinueOnError)
	flags.IntVar(&s.agents, "agents", 10, "`number` of agents of the desk")
	flags.IntVar(&s.days, "days", 365, "`number` of days, from 1 January 2026")
	flags.IntVar(&s.shards, "shards", 4, "`number` of parts into which its conversations are split")
	flags.Uint64Var(&s.seed, "seed", 1, "`seed` of what is made up: another desk of the same size")
	flags.BoolVar(&s.times, "times", false, "say how long it took, too")
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	for _, f := range []struct {
		name        string
		value, most int
	}{{"agents", s.agents, maxAgents}, {"days", s.days, maxDays}, {"shards", s.shards, maxShards}} {
		if f.value < 1 || f.value > f.most {
			return s, fmt.Errorf("-%s %d: want 1 to %d", f.name, f.value, f.most)
		}
	}
	var err error
	s.zone, err = time.LoadLocation("Europe/Berlin")
	return s, err
}

func (p program) run(args []string, stdout, stderr io.Writer) int {
	fail := func(err error) int {
		command.Say(stderr, "year", err)
		return exitFailed
	}
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		return fail(err)
	}
	y, err := makeYear(s, p.now)
	if err != nil {
		return fail(err)
	}
	sizes, err := measureSizes(s, p.sizes)
	if err != nil {
		return fail(err)
	}
	if err := write(stdout, y, sizes); err != nil {
		return fail(err)
	}
	return y.status()
}
