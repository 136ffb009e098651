package main

import (
	"cmp"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A Cell is what has figures of its own: a channel on a day, a channel on all
// days, or everything.
type Cell struct {
	Everything bool
	Channel    string // empty: one that is not known
	Day        string // as 2026-03-02; empty: all days
}

// cellOf returns the key function of a breakdown by channel and day.
func cellOf(zone *time.Location) func(metrics.Facet) Cell {
	days := metrics.Periods{Unit: metrics.Day, Zone: zone}
	return func(f metrics.Facet) Cell {
		return Cell{Channel: string(f.Channel()), Day: f.Period(days).String()}
	}
}

// totals returns the cells into which a channel's day is added up.
func (c Cell) totals() [2]Cell {
	return [...]Cell{{Channel: c.Channel}, {Everything: true}}
}

// compare orders cells as they are printed: channels by name, the days of each
// and then all of them; at last everything.
func (c Cell) compare(d Cell) int {
	last := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(last(c.Everything), last(d.Everything)),
		cmp.Compare(c.Channel, d.Channel),
		cmp.Compare(last(c.Day == ""), last(d.Day == "")),
		cmp.Compare(c.Day, d.Day),
	)
}
