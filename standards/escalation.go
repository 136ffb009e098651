package standards

import (
	"iter"
	"slices"
	"time"
)

// Escalation is a step that a desk takes unless a promise has been fulfilled by
// then: it tells somebody, or gives the conversation to somebody else.
type Escalation struct {
	Name string // for people
	// After is the time from the deadline to the step, in the hours of service of
	// the target and without holds. It is negative for a step before the deadline,
	// and must be later than the start.
	After time.Duration
}

// Escalations yields the steps that have come due by the instant of the reading,
// and when each did, in UTC, in the order of time. A step comes due if the promise
// is still open at that instant; what ended at the instant itself is not escalated.
// Steps never become undone: to act on each once, act on those that are later than
// the last look.
func (f Finding) Escalations() iter.Seq2[time.Time, Escalation] {
	type step struct {
		at time.Time
		Escalation
	}
	return func(yield func(time.Time, Escalation) bool) {
		if f.Target == nil {
			return
		}
		var steps []step
		for _, e := range f.Target.Escalations {
			if f.Target.Within+e.After <= 0 {
				continue
			}
			at, ok := dueAfter(f.Target.Calendar, f.Start, f.Target.Within+e.After, f.Holds)
			if !ok || f.End.IsZero() && at.After(f.asOf) || !f.End.IsZero() && !at.Before(f.End) {
				continue
			}
			steps = append(steps, step{at, e})
		}
		slices.SortStableFunc(steps, func(a, b step) int { return a.at.Compare(b.at) })
		for _, s := range steps {
			if !yield(s.at, s.Escalation) {
				return
			}
		}
	}
}
