package main

import (
	"context"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// batch makes the report in one process, as a program does that holds all events in
// memory. The pipeline must equal it.
func batch(ctx context.Context, from source, q question) (*report, error) {
	parts, err := from.parts(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(q.Zone)
	if err != nil {
		return nil, err
	}
	r := &report{Cells: make(map[Cell]*metrics.Figures)}
	if !q.AsOf.IsZero() {
		r.AsOf = q.AsOf.UnixNano()
	}
	var log metrics.EventLog
	for _, p := range parts {
		if err := r.take(ctx, p, &log, q); err != nil {
			return nil, err
		}
	}
	asOf := timeOf(r.AsOf)
	days := metrics.NewBreakdown(cellOf(zone))
	channels := metrics.NewBreakdown(metrics.Facet.Channel)
	everything := metrics.NewBreakdown(metrics.Whole)
	if err := log.Read(rules, asOf).Into(days, channels, everything, (*known)(&r.Counts.Events)); err != nil {
		return nil, err
	}
	for cell := range days.Keys() {
		r.Cells[cell] = days.Group(cell)
		r.Cells[Cell{Everything: true}] = everything.Total()
	}
	for channel := range channels.Keys() {
		r.Cells[Cell{Channel: string(channel)}] = channels.Group(channel)
	}
	return r, nil
}

// known is a sink of our own beside those of the library: it counts the events that
// are known at the instant of the reading.
type known int64

func (k *known) Add(h *metrics.History) error {
	*k += known(h.Conversation().Len())
	return nil
}

// take reads a part into the log.
func (r *report) take(ctx context.Context, p part, log *metrics.EventLog, q question) error {
	var refused error
	err := p.read(ctx, func(d Delivery) {
		e, err := d.Record.Event()
		if err == nil {
			err = log.Append(e)
		}
		if err != nil {
			refused = err
			return
		}
		if q.AsOf.IsZero() {
			r.AsOf = max(r.AsOf, d.Record.At.UnixNano())
		}
		if q.AsOf.IsZero() || !d.Record.At.After(q.AsOf) {
			r.Counts.Taken++
		}
	}, func(m Malformed) {
		r.Counts.Rejected++
		r.Malformed = append(r.Malformed, m)
	})
	if err != nil {
		return err
	}
	return refused
}

// runBatch writes the report of one process, and returns how many lines were
// malformed.
func runBatch(ctx context.Context, s settings) (rejected int64, err error) {
	r, err := batch(ctx, s.source, s.question)
	if err != nil {
		return 0, err
	}
	r.Malformed = r.Malformed[:min(len(r.Malformed), shownMalformed)]
	return r.Counts.Rejected, r.write(ctx, s.output)
}
