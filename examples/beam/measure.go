package main

import (
	"errors"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A question is what is asked of the events.
type question struct {
	AsOf time.Time // zero: the last event
	Zone string    // of the days
}

// rules are those by which all conversations are read.
var rules = metrics.Rules{}

// An instant is a time as Beam can send and compare it: nanoseconds since 1970,
// as exact as that of an event.
type instant = int64

func timeOf(i instant) time.Time { return time.Unix(0, i).UTC() }

// Counts tell what became of what was read.
type Counts struct {
	Taken    int64 // deliveries up to the instant of the report
	Events   int64 // each once, up to then
	Rejected int64 // malformed lines
}

// repeated returns how many deliveries brought an event that had come before, or
// a version that was replaced.
func (c Counts) repeated() int64 { return c.Taken - c.Events }

func addCounts(a, b Counts) Counts {
	return Counts{a.Taken + b.Taken, a.Events + b.Events, a.Rejected + b.Rejected}
}

// A measureFn turns the deliveries of one conversation, or of several that mergers
// connect, into figures by channel and day.
type measureFn struct {
	Zone string
	zone *time.Location
}

// Setup is called once on each worker.
func (f *measureFn) Setup() (err error) {
	f.zone, err = time.LoadLocation(f.Zone)
	return err
}

// ProcessElement gets the deliveries in no order, all of them: however many
// workers read them, and on however many days. They must fit in the memory of a
// worker.
func (f *measureFn) ProcessElement(
	_ string, deliveries func(*Delivery) bool, asOf func(*instant) bool,
	cells func(Cell, *metrics.Figures), counts func(Counts),
) error {
	var all []Delivery
	for d := new(Delivery); deliveries(d); {
		all = append(all, *d)
	}
	var nanoseconds instant
	if !asOf(&nanoseconds) {
		return errNoInstant
	}
	at := timeOf(nanoseconds)
	log, err := logOf(all)
	if err != nil {
		return err
	}
	breakdown, events := metrics.NewBreakdown(cellOf(f.zone)), known(0)
	if err := log.Read(rules, at).Into(breakdown, &events); err != nil {
		return err
	}
	for cell := range breakdown.Keys() {
		cells(cell, breakdown.Group(cell))
	}
	taken := Counts{Events: int64(events)}
	for i := range all {
		if !all[i].Record.At.After(at) {
			taken.Taken++
		}
	}
	counts(taken)
	return nil
}

var errNoInstant = errors.New("no instant to read the conversations as of")

// logOf puts the deliveries back into the order in which they arrived, so that of two
// versions of an event the later one wins, and returns a log of them.
func logOf(deliveries []Delivery) (*metrics.EventLog, error) {
	slices.SortFunc(deliveries, byArrival)
	log := new(metrics.EventLog)
	for i := range deliveries {
		e, err := deliveries[i].Record.Event()
		if err == nil {
			err = log.Append(e)
		}
		if err != nil {
			return nil, err
		}
	}
	return log, nil
}
