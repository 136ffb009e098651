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

// A measureFn turns the deliveries of one conversation into its figures, by channel
// and day.
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
	conversation, err := conversationOf(all)
	if err != nil {
		return err
	}
	history := conversation.Read(rules, at)
	breakdown := metrics.NewBreakdown(cellOf(f.zone))
	if err := breakdown.Add(history); err != nil {
		return err
	}
	for cell := range breakdown.Keys() {
		cells(cell, breakdown.Group(cell))
	}
	taken := Counts{Events: int64(history.Conversation().Len())}
	for i := range all {
		if !all[i].Record.At.After(at) {
			taken.Taken++
		}
	}
	counts(taken)
	return nil
}

var errNoInstant = errors.New("no instant to read the conversations as of")

// conversationOf puts the deliveries back into the order in which they arrived,
// so that of two versions of an event the later one wins, and returns their
// conversation.
func conversationOf(deliveries []Delivery) (metrics.Conversation, error) {
	slices.SortFunc(deliveries, byArrival)
	events := make([]metrics.Event, len(deliveries))
	for i := range deliveries {
		var err error
		if events[i], err = deliveries[i].Record.Event(); err != nil {
			return metrics.Conversation{}, err
		}
	}
	return metrics.NewConversation(events...)
}
