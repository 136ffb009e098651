package standards

import (
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

// Step is an escalation that has come due.
type Step struct {
	Escalation
	At time.Time // in UTC
}

// Escalations returns the steps that have come due up to asOf, in the order of
// time. A step comes due if the wait is still open at its instant; what ended at
// the instant itself is not escalated. Steps never become undone: to act on each
// once, act on those that are later than the last look.
func (f Finding) Escalations(asOf time.Time) []Step {
	if f.Target == nil {
		return nil
	}
	var steps []Step
	for _, e := range f.Target.Escalations {
		if f.Target.Within+e.After <= 0 {
			continue
		}
		at, ok := dueAfter(f.Target.Calendar, f.Start, f.Target.Within+e.After, f.Holds)
		if ok && !at.After(asOf) && (f.End.IsZero() || at.Before(f.End)) {
			steps = append(steps, Step{e, at})
		}
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return a.At.Compare(b.At) })
	return steps
}
