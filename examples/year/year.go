package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A year is everything that the program finds out about a desk.
type year struct {
	settings
	conversations, events int
	shards                []part
	whole                 rows // the days of all shards together
	units                 []unit
	total                 *metrics.Figures
	ofDays                time.Duration // median of the medians of the days
	waitingOn, backlogOn  int           // how many days have what is still waiting, and what is open
	nights                []change
	stored                stored
	keep                  kept
}

// A part is what a shard leaves.
type part struct {
	conversations, events int
	night
	took time.Duration // to make the rows
}

// A unit is the periods of one length, made of days and made of all events.
type unit struct {
	metrics.Unit
	periods, rows  int
	differ         int // periods that are not the same, byte for byte
	merging, again time.Duration
}

// A change is how many rows a night must write if the night before it was a number
// of days ago.
type change struct {
	days             int
	changed, settled int // of the settled rows
	open             int // rows, which are all written again
}

// stored is what became of the rows of several nights.
type stored struct {
	nights  int
	differ  bool  // those that were written last are not the figures of all events
	refused error // why the open rows of the night before do not add up; nil if they do
	hadOpen bool  // whether there were any
}

// kept is what must be kept to go on: the days of what is settled, and the events
// of what is live.
type kept struct {
	bytes                 int
	conversations, events int
	differ                bool // together they are not the figures of all events
}

// status returns the exit status: whether rows that were added up were found to be
// something other than the figures of all events, or to add up although they should
// not.
func (y *year) status() int {
	differ := y.keep.differ || y.stored.differ || y.stored.hadOpen && !errors.Is(y.stored.refused, metrics.ErrOtherTerms)
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
	var from []rows
	for _, shard := range shards {
		start := now()
		conversations := 0
		for range shard.log.Conversations() {
			conversations++
		}
		night, err := shard.night(s.desk, end)
		if err != nil {
			return nil, err
		}
		from = append(from, night.settled, night.open)
		y.shards = append(y.shards, part{conversations, shard.events, night, now().Sub(start)})
		y.conversations += conversations
		y.events += shard.events
	}

	all := new(metrics.EventLog)
	for e := range s.events() {
		if err := all.Append(e); err != nil {
			return nil, err
		}
	}
	all.Len() // orders it, so that this does not count as the first unit's time
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
			from = []rows{y.whole}
		}
	}
	if err := y.look(); err != nil {
		return nil, err
	}
	if err := y.since(shards); err != nil {
		return nil, err
	}
	if y.stored, err = y.overNights(shards); err != nil {
		return nil, err
	}
	y.keep, err = settle(shards, s.desk, y.total)
	return y, err
}

// compare makes the figures of the periods of a unit in two ways: of rows, and of
// all events again.
func compare(u metrics.Unit, s settings, from []rows, all *metrics.EventLog, asOf time.Time, now func() time.Time) (
	result unit, merged map[metrics.Period]*metrics.Figures, err error,
) {
	result.Unit = u
	start := now()
	if merged, err = merge(from, u, asOf); err != nil {
		return result, nil, err
	}
	result.merging = now().Sub(start)
	start = now()
	again := newByDay(metrics.Periods{Unit: u, WeekStart: time.Monday, Zone: s.zone})()
	if err := all.Read(rules, asOf).Into(again); err != nil {
		return result, nil, err
	}
	again.Total()
	result.again = now().Sub(start)

	result.periods = len(merged)
	for _, r := range from {
		result.rows += len(r)
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

// look takes the total of the days, and what only looks as if it could be made of
// days.
func (y *year) look() error {
	days, err := merge([]rows{y.whole}, metrics.Day, y.asOf(y.days))
	if err != nil {
		return err
	}
	y.total = new(metrics.Figures)
	var medians []time.Duration
	for _, f := range days {
		if err := y.total.Merge(f); err != nil {
			return err
		}
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

// since counts the rows of the last night that would have to be written if the
// night before it were some days ago.
func (y *year) since(shards []*shard) error {
	for _, n := range []int{1, 7, 30} {
		if n >= y.days {
			continue
		}
		c := change{days: n}
		for i, s := range shards {
			before, err := s.night(y.desk, y.asOf(y.days-n))
			if err != nil {
				return err
			}
			changed, err := before.settled.write(y.shards[i].settled)
			if err != nil {
				return err
			}
			c.changed += changed
			c.settled += len(y.shards[i].settled)
			c.open += len(y.shards[i].open)
		}
		y.nights = append(y.nights, c)
	}
	return nil
}

// overNights stores the rows of the last nights, one after another, as a desk does:
// of the settled ones those that have changed, and the open ones in place of those
// of the night before.
func (y *year) overNights(shards []*shard) (stored, error) {
	var s stored
	settled := make([]rows, len(shards))
	var open, before []rows
	for n := max(0, y.days-7); n < y.days; n++ {
		before, open = open, nil
		for i, shard := range shards {
			night, err := shard.night(y.desk, y.asOf(n+1))
			if err != nil {
				return s, err
			}
			if settled[i] == nil {
				settled[i] = make(rows)
			}
			if _, err := settled[i].write(night.settled); err != nil {
				return s, err
			}
			open = append(open, night.open)
		}
		s.nights++
	}
	total, err := sum(slices.Concat(settled, open), y.asOf(y.days))
	if err != nil {
		return s, err
	}
	same, err := equal(total, y.total)
	s.differ = !same
	if err != nil {
		return s, err
	}
	for _, r := range before {
		s.hadOpen = s.hadOpen || len(r) > 0
	}
	_, s.refused = sum(slices.Concat(settled, open, before), y.asOf(y.days))
	return s, nil
}

// settle closes what is settled, as a desk would every night, and looks at what is
// left.
func settle(shards []*shard, d desk, want *metrics.Figures) (kept, error) {
	var k kept
	asOf := d.asOf(d.days)
	total := new(metrics.Figures)
	for i, s := range shards {
		if _, err := s.tracker.Close(asOf, nil); err != nil {
			return k, err
		}
		for range s.tracker.Live(asOf).Histories() {
			k.conversations++
		}
		state, err := s.tracker.State()
		if err != nil {
			return k, err
		}
		k.events += len(state.Events)
		k.bytes += len(state.Settled)
		restored := metrics.NewTracker(rules, newByDay(d.byDay()))
		if err := restored.Restore(state); err != nil {
			return k, fmt.Errorf("shard %d: %w", i+1, err)
		}
		b, err := restored.AsOf(asOf)
		if err != nil {
			return k, err
		}
		if err := total.Merge(b.Total()); err != nil {
			return k, err
		}
	}
	same, err := equal(total, want)
	k.differ = !same
	return k, err
}
