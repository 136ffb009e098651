package standards

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Measures are all measures.
func Measures() []Measure {
	all := make([]Measure, len(measureNames.All()))
	for i := range all {
		all[i] = Measure(i)
	}
	return all
}

// Judge judges a wait of the test's own by a target, as of an instant.
func (t *Target) Judge(w metrics.Wait, asOf time.Time) (Finding, bool) {
	if t.IsZero() {
		return Finding{}, false
	}
	f := Finding{Target: t, Start: w.Start, End: w.End, Outcome: w.Outcome, Holds: w.Holds}
	if f.End.IsZero() {
		f.asOf = asOf
	}
	f.judge()
	return f, true
}

// Worse orders breaches, the worst first.
func Worse(a, b Finding) int { return a.worse(&b) }

// Kept returns f as scores keep it.
func Kept(f Finding) Finding {
	f.keep()
	return f
}

// Plain returns for how many of the measures and agreements of a policy spells tell what
// became of the promises of a history, and how many there are.
func (p Policy) Plain(h *metrics.History) (plain, all int) {
	r := newReader(p)
	r.begin(h)
	for _, f := range r.families {
		if _, ok := r.plain(f); ok {
			plain++
		}
	}
	return plain, len(r.families)
}

// ByClock returns the deadline of a budget and what is used up by an end, as a clock of many
// holds has them.
func ByClock(c metrics.Calendar, start, end time.Time, budget time.Duration, holds []metrics.Span) (due time.Time, ok bool, ran time.Duration) {
	k := newClock(c, start, holds)
	due, ok = k.due(budget)
	return due, ok, k.used(end)
}

// ByHolds returns the same by passing all holds.
func ByHolds(c metrics.Calendar, start, end time.Time, budget time.Duration, holds []metrics.Span) (due time.Time, ok bool, ran time.Duration) {
	due, ok = dueAfter(c, start, budget, holds)
	return due, ok, used(c, start, end, holds)
}
