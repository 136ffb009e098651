package compare

import (
	"iter"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// Timelines observe conversations by a key and by period at once, so that every
// [Metric] has a [Timeline] for each channel, agent or team. A total over channels is
// often not worth a chart: where answers take a minute on chat and hours by e-mail, the
// median of all says which of them customers chose, not how well they were served.
//
//	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
//	byChannel := compare.NewTimelines(metrics.Facet.Channel, weeks, policy)
//	err := reading.Into(byChannel)
//	...
//	for _, channel := range slices.Sorted(byChannel.Keys()) {
//		chart := byChannel.Timeline(compare.FirstResponse, channel, weeks.Between(from, to), 0.95).Control()
//		fmt.Println(channel, chart.Signals)
//	}
//
// Everything is grouped as [Groups] do it. The zero value has one group, and days in UTC.
// No two of its methods may be called at the same time.
type Timelines[K comparable] struct {
	spots[K]
}

// spot is a key in a period.
type spot[K comparable] struct {
	key    K
	period metrics.Period
}

type spots[K comparable] = Groups[spot[K]]

// NewTimelines returns empty timelines by a key that [metrics.NewBreakdown] would take.
// They count the promises of the policies, and the metrics of [Limits].
func NewTimelines[K comparable](key func(metrics.Facet) K, periods metrics.Periods, policies ...standards.Policy) *Timelines[K] {
	return &Timelines[K]{spots[K]{key: spotOf(key, periods), policies: policies}}
}

func spotOf[K comparable](key func(metrics.Facet) K, periods metrics.Periods) func(metrics.Facet) spot[K] {
	return func(f metrics.Facet) spot[K] {
		s := spot[K]{period: f.Period(periods)}
		if key != nil {
			s.key = key(f)
		}
		return s
	}
}

func (t *Timelines[K]) groups() *Groups[spot[K]] {
	if t.spots.key == nil {
		t.spots.key = spotOf[K](nil, metrics.Periods{})
	}
	return &t.spots
}

// Add takes a history; see [Groups.Add].
func (t *Timelines[K]) Add(h *metrics.History) error { return t.groups().Add(h) }

// Merge adds what other observed, which must have the same key function and the same
// periods; see [Groups.Merge].
func (t *Timelines[K]) Merge(other *Timelines[K]) error { return t.groups().Merge(other.groups()) }

// Keys returns the keys of the groups, each once, in no order.
func (t *Timelines[K]) Keys() iter.Seq[K] {
	return func(yield func(K) bool) {
		seen := make(map[K]bool)
		for s := range t.groups().Keys() {
			if seen[s.key] {
				continue
			}
			seen[s.key] = true
			if !yield(s.key) {
				return
			}
		}
	}
}

// Group returns what was observed of a group in a period. It is the caller's own. For a
// key or a period with no members there is nothing.
func (t *Timelines[K]) Group(key K, period metrics.Period) *Observed {
	return t.groups().Group(spot[K]{key, period})
}

// Total returns what was observed of all groups together in a period.
func (t *Timelines[K]) Total(period metrics.Period) *Observed {
	total := t.groups().observed(new(metrics.Figures))
	for s := range t.groups().Keys() {
		if s.period == period {
			// All groups are right for the instant of the reading.
			_ = total.Merge(t.groups().Group(s))
		}
	}
	return total
}

// Timeline returns a metric of a group in periods; see [NewTimeline]. For that of all
// groups together, pass Total to NewTimeline.
func (t *Timelines[K]) Timeline(i Metric, key K, periods iter.Seq[metrics.Period], level float64) Timeline {
	return NewTimeline(i, periods, func(p metrics.Period) *Observed { return t.Group(key, p) }, level)
}
