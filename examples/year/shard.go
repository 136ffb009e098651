package main

import (
	"bytes"
	"hash/fnv"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A shard is a part of the desk: some of its conversations, each of them whole.
type shard struct {
	log     metrics.EventLog
	tracker *metrics.Tracker[*byDay]
	events  int
}

// byDay are figures by the day of the desk.
type byDay = metrics.Breakdown[metrics.Period]

// newByDay returns a function that makes empty figures by period.
func newByDay(periods metrics.Periods) func() *byDay {
	return func() *byDay {
		return metrics.NewBreakdown(func(f metrics.Facet) metrics.Period { return f.Period(periods) })
	}
}

// rows are figures by day in their binary form: what a shard stores in a database,
// under its number and the day.
type rows map[metrics.Period][]byte

// A night is what a shard stores in a night.
type night struct {
	settled rows // of conversations in which nothing is open: right for every later instant
	open    rows // of the others: right for the instant of this night only
}

// shardOf returns the number of the shard that has a conversation: the same one
// for each of its events, in every process.
func shardOf(id metrics.ConversationID, shards int) int {
	h := fnv.New64a()
	h.Write([]byte(id))
	return int(h.Sum64() % uint64(shards))
}

// split spreads the conversations over a number of shards.
func split(d desk, shards int) ([]*shard, error) {
	list := make([]*shard, shards)
	for i := range list {
		list[i] = &shard{tracker: metrics.NewTracker(rules, newByDay(d.byDay()))}
	}
	for e := range d.events() {
		s := list[shardOf(metrics.RecordOf(e).Conversation, shards)]
		if err := s.log.Append(e); err != nil {
			return nil, err
		}
		if err := s.tracker.Append(e); err != nil {
			return nil, err
		}
		s.events++
	}
	return list, nil
}

// rules are those by which all conversations are read. A row does not say which
// they were: a desk stores that beside it.
var rules = metrics.Rules{}

// night makes the rows as of an instant, of whole conversations: a wait that began
// before midnight and ended after it is one wait, of the second day.
func (s *shard) night(d desk, asOf time.Time) (night, error) {
	empty := newByDay(d.byDay())
	reading := s.log.Read(rules, asOf)
	settled, open := empty(), unsettled{empty()}
	if err := reading.Settled().Into(settled); err != nil {
		return night{}, err
	}
	if err := reading.Into(open); err != nil {
		return night{}, err
	}
	var n night
	var err error
	if n.settled, err = store(settled); err != nil {
		return n, err
	}
	n.open, err = store(open.byDay)
	return n, err
}

// unsettled counts what [metrics.Reading.Settled] leaves out.
type unsettled struct{ *byDay }

func (u unsettled) Add(h *metrics.History) error {
	if _, waiting := h.StillWaiting(); !waiting && !h.IsOpen() {
		return nil
	}
	return u.byDay.Add(h)
}

// store returns the figures by day in their binary form.
func store(b *byDay) (rows, error) {
	days := make(map[metrics.Period]*metrics.Figures)
	for day := range b.Keys() {
		days[day] = b.Group(day)
	}
	return storeFigures(days)
}

func storeFigures(figures map[metrics.Period]*metrics.Figures) (rows, error) {
	stored := make(rows)
	for day, f := range figures {
		data, err := f.MarshalBinary()
		if err != nil {
			return nil, err
		}
		stored[day] = data
	}
	return stored, nil
}

func (r rows) bytes() int {
	n := 0
	for _, data := range r {
		n += len(data)
	}
	return n
}

// write makes r what other is, and returns how many rows had to be written or
// deleted. Settled rows that differ only in their instant stay as they are: the
// earlier one is right for the later instant too.
func (r rows) write(other rows) (changed int, err error) {
	for day, data := range other {
		same, err := sameButInstant(r[day], data)
		if err != nil {
			return changed, err
		}
		if !same {
			r[day] = data
			changed++
		}
	}
	for day := range r {
		if _, ok := other[day]; !ok {
			delete(r, day)
			changed++
		}
	}
	return changed, nil
}

// sameButInstant reports whether two rows are of the same figures, right for
// whichever instant. A row that is missing is like no other.
func sameButInstant(a, b []byte) (bool, error) {
	if a == nil {
		return false, nil
	}
	var f, g metrics.Figures
	if err := f.UnmarshalBinary(a); err != nil {
		return false, err
	}
	if err := g.UnmarshalBinary(b); err != nil {
		return false, err
	}
	f.AsOf = g.AsOf
	return equal(&f, &g)
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

// merge adds rows up to periods of a unit, as of an instant. Rows that are not
// right for that instant are an error that wraps [metrics.ErrOtherTerms].
func merge(from []rows, unit metrics.Unit, asOf time.Time) (map[metrics.Period]*metrics.Figures, error) {
	periods := make(map[metrics.Period]*metrics.Figures)
	for _, days := range from {
		for day, data := range days {
			var f metrics.Figures
			if err := f.UnmarshalBinary(data); err != nil {
				return nil, err
			}
			year, month, date := day.Date()
			period := metrics.PeriodOf(unit, year, month, date, time.Monday)
			if periods[period] == nil {
				periods[period] = &metrics.Figures{AsOf: asOf.UTC()} // of no conversation, at that instant
			}
			if err := periods[period].Merge(&f); err != nil {
				return nil, err
			}
		}
	}
	return periods, nil
}

// sum adds up all rows, as of an instant; see merge.
func sum(from []rows, asOf time.Time) (*metrics.Figures, error) {
	years, err := merge(from, metrics.Year, asOf)
	total := &metrics.Figures{AsOf: asOf.UTC()}
	for _, f := range years {
		if err == nil {
			err = total.Merge(f)
		}
	}
	return total, err
}
