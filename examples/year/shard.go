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
	tracker *metrics.Tracker[metrics.Period]
	events  int
}

// stored are figures by day, in their binary form: what a shard leaves in a
// database, under its number and the day.
type stored map[metrics.Period][]byte

// shardOf returns the number of the shard that has a conversation: the same one
// for each of its events, in every process.
func shardOf(id metrics.ConversationID, shards int) int {
	h := fnv.New64a()
	h.Write([]byte(id))
	return int(h.Sum64() % uint64(shards))
}

// split gives each of so many shards its conversations.
func split(d desk, shards int) ([]*shard, error) {
	byDay := d.byDay()
	list := make([]*shard, shards)
	for i := range list {
		list[i] = &shard{tracker: metrics.NewTracker(metrics.Rules{}, func(f metrics.Facet) metrics.Period { return f.Period(byDay) })}
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

// store makes the figures by day, as of an instant, of whole conversations: a
// wait that began before midnight and ended after it is one wait, of the second
// day.
func (s *shard) store(d desk, asOf time.Time) (stored, error) {
	return store(breakdown(&s.log, asOf, d.byDay()))
}

// breakdown makes the figures of all that a log has, by period.
func breakdown(log *metrics.EventLog, asOf time.Time, periods metrics.Periods) *metrics.Breakdown[metrics.Period] {
	b := metrics.NewBreakdown(metrics.Rules{}, asOf, func(f metrics.Facet) metrics.Period { return f.Period(periods) })
	for c := range log.Conversations() {
		b.Add(c)
	}
	return b
}

// store returns the figures by day in their binary form.
func store(b *metrics.Breakdown[metrics.Period]) (stored, error) {
	days := make(map[metrics.Period]*metrics.Figures)
	for day := range b.Keys() {
		days[day] = b.Group(day)
	}
	return storeFigures(days)
}

func storeFigures(figures map[metrics.Period]*metrics.Figures) (stored, error) {
	days := make(stored)
	for day, f := range figures {
		data, err := f.MarshalBinary()
		if err != nil {
			return nil, err
		}
		days[day] = data
	}
	return days, nil
}

func (s stored) bytes() int {
	n := 0
	for _, data := range s {
		n += len(data)
	}
	return n
}

// changed returns how many days of s are not in other as they are in s, or are
// not in s at all.
func (s stored) changed(other stored) int {
	n := 0
	for day, data := range s {
		if !bytes.Equal(data, other[day]) {
			n++
		}
	}
	for day := range other {
		if _, ok := s[day]; !ok {
			n++
		}
	}
	return n
}

// merge puts days together into periods of a unit.
func merge(from []stored, unit metrics.Unit) (map[metrics.Period]*metrics.Figures, error) {
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
				periods[period] = new(metrics.Figures)
			}
			periods[period].Merge(&f)
		}
	}
	return periods, nil
}
