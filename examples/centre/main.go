// Command centre shows that what the library reads from the events of a desk is what
// happened there. It makes up a desk with three teams, calls, an assistant and customers
// who come back, counts the true figures while it decides what happens, and compares
// them with those that the library finds in the events.
//
//	go run ./examples/centre
//	go run ./examples/centre -customers 20000 -seed 2
//	go run ./examples/centre -print > events.jsonl
//
// README.md in this folder documents the flags and the output.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	_ "time/tzdata" // for the hours of the desk's zone

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/metrics"
)

// Exit statuses.
const (
	exitDone      = 0
	exitDifferent = 1 // a figure is not the true one
	exitFailed    = 2
)

// maxCustomers is a limit beyond which a mistake is likelier than a wish.
const maxCustomers = 1_000_000

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// settings are what the flags say.
type settings struct {
	desk
	print bool
}

func parse(args []string, stderr io.Writer) (s settings, err error) {
	flags := flag.NewFlagSet("centre", flag.ContinueOnError)
	customers := flags.Int("customers", 3000, "`number` of customers")
	seed := flags.Uint64("seed", 1, "`seed` of what is made up: another desk of the same size")
	flags.BoolVar(&s.print, "print", false, "print the events as JSON Lines instead")
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *customers < 1 || *customers > maxCustomers {
		return s, fmt.Errorf("-customers %d: want 1 to %d", *customers, maxCustomers)
	}
	s.desk, err = newDesk(*customers, *seed)
	return s, err
}

func run(args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	same := true
	switch {
	case err != nil:
	case s.print:
		err = printed(stdout, s.record(s.make()))
	default:
		same, err = s.report(stdout)
	}
	switch {
	case err != nil:
		command.Say(stderr, "centre", err)
		return exitFailed
	case !same:
		return exitDifferent
	}
	return exitDone
}

// printed writes events as JSON Lines.
func printed(w io.Writer, events []metrics.Event) error {
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	for _, e := range events {
		if err := lines.Encode(metrics.RecordOf(e)); err != nil {
			return err
		}
	}
	return out.Flush()
}

// report prints the true figures beside those that were measured, and reports whether
// they are the same.
func (d desk) report(w io.Writer) (bool, error) {
	stories := d.make()
	events := d.record(stories)
	measured, err := d.measure(events)
	if err != nil {
		return false, err
	}
	return d.write(w, len(events), d.truth(stories), measured)
}

// record returns the events of all contacts, in no order.
func (d desk) record(stories [][]contact) (all []metrics.Event) {
	for _, story := range stories {
		for i := range story {
			all = append(all, story[i].events()...)
		}
	}
	rand.New(rand.NewPCG(d.seed, uint64(len(stories)))).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
