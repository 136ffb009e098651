package main

import (
	"context"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// batch makes the report in one process, as any program does that holds its
// events in memory: what the pipeline must equal.
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
	days := metrics.NewBreakdown(metrics.Rules{}, asOf, cellOf(zone))
	channels := metrics.NewBreakdown(metrics.Rules{}, asOf, metrics.Facet.Channel)
	everything := metrics.NewBreakdown[Cell](metrics.Rules{}, asOf, nil)
	for c := range log.Conversations() {
		r.Counts.Events += int64(c.AsOf(asOf).Len())
		days.Add(c)
		channels.Add(c)
		everything.Add(c)
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
