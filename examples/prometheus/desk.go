package main

import (
	"slices"
	"sort"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// A desk is a log that is looked at as time goes on: what is later is not known yet.
type desk struct {
	log    metrics.EventLog
	rules  metrics.Rules
	policy standards.Policy
	times  []time.Time // of the events, in order
}

// index prepares the desk for being looked at, once its log is complete.
func (d *desk) index() {
	for c := range d.log.Conversations() {
		for r := range c.Records() {
			d.times = append(d.times, r.At)
		}
	}
	slices.SortFunc(d.times, time.Time.Compare)
}

// at returns what is known at an instant. Several goroutines may call it.
func (d *desk) at(asOf time.Time) (*snapshot, error) {
	reading := d.log.Read(d.rules, asOf)
	c := newCounts(d.policy)
	if err := reading.Into(c); err != nil {
		return nil, err
	}
	s, err := newSnapshot(c, reading, d.policy)
	if err != nil {
		return nil, err
	}
	s.taken = d.log.Taken(asOf)
	if n := sort.Search(len(d.times), func(i int) bool { return d.times[i].After(asOf) }); n > 0 {
		s.last = d.times[n-1]
	}
	return s, nil
}

// A clock shows simulated time: from an instant on, so many times as fast as real time, up
// to another instant.
type clock struct {
	started  time.Time // by the real clock
	from, to time.Time
	speed    float64
}

func (c clock) at(real time.Time) time.Time {
	passed := real.Sub(c.started).Seconds() * c.speed
	if left := c.to.Sub(c.from); passed >= left.Seconds() {
		return c.to
	}
	return c.from.Add(time.Duration(passed * float64(time.Second)))
}
