package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
)

// A desk has the figures of what is in its store, live. Its methods may be called at the
// same time.
type desk struct {
	store *store
	rules metrics.Rules

	mu      sync.Mutex
	tracker *metrics.Tracker[*metrics.Breakdown[metrics.Channel]]
	// quiet is the instant before which the closed conversations were settled: those whose
	// last event is before it may be closed.
	quiet time.Time
	// stale says that the tracker is not what the table tells, so that the next look reads
	// the table anew.
	stale bool
}

// newDesk returns the desk of a store, with what is in it.
func newDesk(ctx context.Context, s *store, rules metrics.Rules) (*desk, error) {
	d := &desk{store: s, rules: rules}
	return d, d.rebuild(ctx)
}

func byChannel() *metrics.Breakdown[metrics.Channel] {
	return metrics.NewBreakdown(metrics.Facet.Channel)
}

// rebuild makes the tracker anew from the table.
func (d *desk) rebuild(ctx context.Context) error {
	tracker := metrics.NewTracker(d.rules, byChannel)
	if err := d.store.read(ctx, tracker.Append); err != nil {
		return err
	}
	d.tracker, d.quiet, d.stale = tracker, time.Time{}, false
	return nil
}

// take stores events and answers, and then counts them. It returns how many are new.
// Without an error they are on the disk.
func (d *desk) take(ctx context.Context, records []metrics.Record, answers []vendors.Answer) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.store.take(ctx, records, answers, d.quiet)
	if err != nil {
		d.stale = true // whether it was committed is not known
		return 0, err
	}
	// An event of a closed conversation would begin another one of its name.
	d.stale = d.stale || t.back
	for _, e := range t.events {
		if d.stale {
			break
		}
		d.stale = d.tracker.Append(e) != nil
	}
	return t.new, nil
}

// settle takes conversations out of the memory that were settled before an instant. Their
// figures stay, and so do their events in the table.
func (d *desk) settle(before time.Time) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stale {
		return 0, nil
	}
	d.quiet = latest(d.quiet, before)
	n, err := d.tracker.Close(before, nil)
	if err != nil {
		d.stale = true
	}
	return n, err
}

// figures returns the figures as of an instant.
func (d *desk) figures(ctx context.Context, asOf time.Time) (figures, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b, err := d.look(ctx, asOf)
	if err != nil {
		return figures{}, err
	}
	answers, err := d.store.answers(ctx)
	if err != nil {
		return figures{}, err
	}
	events, received, err := d.store.count(ctx)
	if err != nil {
		return figures{}, err
	}
	f, err := newFigures(b, asOf, answers)
	f.Events, f.AtReceipt = events, received
	return f, err
}

// look returns the breakdown as of an instant. What is closed is known as of later instants
// only; for an earlier one, and if the tracker is stale, the table is read.
func (d *desk) look(ctx context.Context, asOf time.Time) (*metrics.Breakdown[metrics.Channel], error) {
	if d.stale {
		if err := d.rebuild(ctx); err != nil {
			return nil, err
		}
	}
	b, err := d.tracker.AsOf(asOf)
	if errors.Is(err, metrics.ErrOtherTerms) {
		if err = d.rebuild(ctx); err == nil {
			b, err = d.tracker.AsOf(asOf)
		}
	}
	return b, err
}

// live returns how many conversations are in the memory, and an error if the store does
// not answer.
func (d *desk) live(ctx context.Context, asOf time.Time) (n int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for range d.tracker.Live(asOf).Histories() {
		n++
	}
	_, _, err = d.store.count(ctx)
	return n, err
}
