package metrics_test

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// historyOf reads a conversation as of the end of time.
func historyOf(c metrics.Conversation, rules metrics.Rules) *metrics.History {
	return c.Read(rules, time.Unix(0, lastInstant))
}

// trackerOf returns a tracker of a breakdown.
func trackerOf[K comparable](rules metrics.Rules, key func(metrics.Facet) K) *metrics.Tracker[*metrics.Breakdown[K]] {
	return metrics.NewTracker(rules, func() *metrics.Breakdown[K] { return metrics.NewBreakdown(key) })
}

// closeSettled closes what is settled, which a breakdown does not refuse.
func closeSettled[K comparable](t *metrics.Tracker[*metrics.Breakdown[K]], before time.Time, which func(*metrics.History) bool) int {
	n, err := t.Close(before, which)
	if err != nil {
		panic(err)
	}
	return n
}

// liveIn counts the live conversations.
func liveIn[K comparable](t *metrics.Tracker[*metrics.Breakdown[K]]) int {
	n := 0
	for h := range t.Live(time.Unix(0, lastInstant)).Histories() {
		if h.Case() == 1 {
			n++
		}
	}
	return n
}

// stateOf returns the state of a tracker whose keys have a JSON form.
func stateOf[K comparable](t *metrics.Tracker[*metrics.Breakdown[K]]) metrics.TrackerState {
	state, err := t.State()
	if err != nil {
		panic(err)
	}
	return state
}

// restore returns the tracker of a breakdown that had the states.
func restore[K comparable](rules metrics.Rules, key func(metrics.Facet) K, states ...metrics.TrackerState) (*metrics.Tracker[*metrics.Breakdown[K]], error) {
	t := trackerOf(rules, key)
	return t, t.Restore(states...)
}

// exhibitKinds are all kinds of cases.
func exhibitKinds() (kinds []metrics.ExhibitKind) {
	for k := metrics.ExhibitKind(0); ; k++ {
		if _, err := k.MarshalText(); err != nil {
			return kinds
		}
		kinds = append(kinds, k)
	}
}
