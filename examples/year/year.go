package main

import (
	"bytes"
	"maps"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A year is all that the program finds out about a desk.
type year struct {
	settings
	conversations, events int
	shards                []part
	whole                 stored // the days of all shards together
	units                 []unit
	total                 *metrics.Figures
	ofDays                time.Duration // median of the medians of the days
	waitingOn, backlogOn  int           // how many days have what is still waiting, and what is open
	nights                []night
	keep                  kept
}

// A part is what a shard leaves.
type part struct {
	conversations, events int
	days                  stored
	took                  time.Duration // to make the days
}

// A unit is the periods of one length, made of days and made of all events.
type unit struct {
	metrics.Unit
	periods, values int
	differ          int // periods that are not the same, byte for byte
	merging, again  time.Duration
}

// A night is a look at what changed in so many days.
type night struct {
	days            int
	changed, values int // of the shards' days
}

// kept is what must be kept to go on: the days of what is settled, and the events
// of what is live.
type kept struct {
	values, bytes         int
	conversations, events int
	differ                bool // together they are not the figures of all events
}

// status returns the exit status: whether merged days were found to be something
// else than the figures of all events.
func (y *year) status() int {
	differ := y.keep.differ
	for _, u := range y.units {
		differ = differ || u.differ > 0
	}
	if differ {
		return exitDifferent
	}
	return exitDone
}

func makeYear(s settings, now func() time.Time) (*year, error) {
	y := &year{settings: s}
	shards, err := split(s.desk, s.shards)
	if err != nil {
		return nil, err
	}
	end := s.asOf(s.days)
	var days []stored
	for _, shard := range shards {
		start := now()
		conversations := 0
		for range shard.log.Conversations() {
			conversations++
		}
		stored, err := shard.store(s.desk, end)
		if err != nil {
			return nil, err
		}
		days = append(days, stored)
		y.shards = append(y.shards, part{conversations, shard.events, stored, now().Sub(start)})
		y.conversations += conversations
		y.events += shard.events
	}

	all := new(metrics.EventLog)
	for e := range s.events() {
		if err := all.Append(e); err != nil {
			return nil, err
		}
	}
	all.Len() // orders it, so that it is not the first unit's that takes longer
	from := days
	for _, u := range []metrics.Unit{metrics.Day, metrics.Month, metrics.Quarter, metrics.Year} {
		unit, merged, err := compare(u, s, from, all, end, now)
		if err != nil {
			return nil, err
		}
		y.units = append(y.units, unit)
		if u == metrics.Day {
			if y.whole, err = storeFigures(merged); err != nil {
				return nil, err
			}
			from = []stored{y.whole}
		}
	}
	if err := y.look(); err != nil {
		return nil, err
	}
	if err := y.since(shards, days); err != nil {
		return nil, err
	}
	y.keep, err = settle(shards, end, y.total)
	return y, err
}

// compare makes the figures of the periods of a unit in two ways: of days, and of
// all events again.
func compare(u metrics.Unit, s settings, days []stored, all *metrics.EventLog, asOf time.Time, now func() time.Time) (
	result unit, merged map[metrics.Period]*metrics.Figures, err error,
) {
	result.Unit = u
	start := now()
	if merged, err = merge(days, u); err != nil {
		return result, nil, err
	}
	result.merging = now().Sub(start)
	start = now()
	again := breakdown(all, asOf, metrics.Periods{Unit: u, WeekStart: time.Monday, Zone: s.zone})
	again.Total()
	result.again = now().Sub(start)

	result.periods = len(merged)
	for _, d := range days {
		result.values += len(d)
	}
	periods := maps.Clone(merged)
	for period := range again.Keys() {
		if periods[period] == nil {
			periods[period] = new(metrics.Figures)
		}
	}
	for period, f := range periods {
		equal, err := equal(f, again.Group(period))
		if err != nil {
			return result, nil, err
		}
		if !equal {
			result.differ++
		}
	}
	return result, merged, nil
}

// equal compares figures by their binary form, which is the same for equal ones.
func equal(a, b *metrics.Figures) (bool, error) {
	x, err := a.MarshalBinary()
	if err != nil {
		return false, err
	}
	y, err := b.MarshalBinary()
	return bytes.Equal(x, y), err
}

// look takes the total of the days, and what only looks as if it could be made of
// days.
func (y *year) look() error {
	days, err := merge([]stored{y.whole}, metrics.Day)
	if err != nil {
		return err
	}
	y.total = new(metrics.Figures)
	var medians []time.Duration
	for _, f := range days {
		y.total.Merge(f)
		if median, ok := f.Elapsed.FirstResponse.Median(); ok {
			medians = append(medians, median)
		}
		if f.Elapsed.StillWaiting.Count() > 0 {
			y.waitingOn++
		}
		if f.Backlog > 0 {
			y.backlogOn++
		}
	}
	slices.Sort(medians)
	if len(medians) > 0 {
		y.ofDays = medians[len(medians)/2]
	}
	return nil
}

// since looks at how many of the shards' days are others than they were some days
// before.
func (y *year) since(shards []*shard, days []stored) error {
	for _, n := range []int{1, 7, 30} {
		if n >= y.days {
			continue
		}
		changes := night{days: n}
		for i, s := range shards {
			before, err := s.store(y.desk, y.asOf(y.days-n))
			if err != nil {
				return err
			}
			changes.changed += days[i].changed(before)
			changes.values += len(days[i])
		}
		y.nights = append(y.nights, changes)
	}
	return nil
}

// settle closes what is settled, as a desk would every night, and sees what is
// left.
func settle(shards []*shard, asOf time.Time, want *metrics.Figures) (kept, error) {
	var k kept
	total := new(metrics.Figures)
	for _, s := range shards {
		s.tracker.Close(asOf, nil)
		k.conversations += s.tracker.Live()
		state := s.tracker.State()
		k.events += len(state.Events)
		k.values += len(state.Closed)
		for _, f := range state.Closed {
			data, err := f.MarshalBinary()
			if err != nil {
				return k, err
			}
			k.bytes += len(data)
		}
		restored, err := metrics.RestoreTracker(metrics.Rules{}, func(metrics.Facet) metrics.Period { return firstDay }, state)
		if err != nil {
			return k, err
		}
		b, err := restored.Breakdown(asOf)
		if err != nil {
			return k, err
		}
		total.Merge(b.Total())
	}
	same, err := equal(total, want)
	k.differ = !same
	return k, err
}
