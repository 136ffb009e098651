package standards

import (
	"iter"
	"math"
	"slices"
	"time"
)

// Escalation is a step that a desk takes unless a promise has been fulfilled by
// then: it tells somebody, or gives the conversation to somebody else.
type Escalation struct {
	Name string // for people
	// After is the time from the deadline to the step, in the hours of service of
	// the target and without holds. It is negative for a step before the deadline,
	// and must be later than the start. A step that is longer before the deadline than
	// the business days of a budget have open time is due at the start.
	After time.Duration
	// Days are business days from the deadline to the step, in place of After: the
	// step is due at the deadline of a budget with so many more days, or fewer if it
	// is negative. It is only for a budget in business days.
	Days int
}

// after returns when the step is due, for people and for JSON.
func (e *Escalation) after() Budget {
	if e.Days != 0 {
		return BusinessDays(e.Days)
	}
	return BudgetOf(e.After)
}

// Escalations yields the steps that have come due by the instant of the reading,
// and when each did, in UTC, in the order of time. A step comes due if the promise
// is still open at that instant; what ended at the instant itself is not escalated.
// One that turns out only later to have been due, such as by a reply that is retracted,
// comes due then, if the promise is still open. Steps never become undone: to act on each
// once, act on those that are later than the last look.
func (f Finding) Escalations() iter.Seq2[time.Time, Escalation] {
	return func(yield func(time.Time, Escalation) bool) {
		f.settleSteps()
		for _, s := range f.done {
			if !yield(s.at, s.Escalation) {
				return
			}
		}
	}
}

// step is an escalation that came due.
type step struct {
	at time.Time
	Escalation
}

// settleSteps adds to the steps that had come due before those that have by now.
func (f *Finding) settleSteps() {
	if f.Target == nil || f.unassigned || f.settled {
		return
	}
	done := slices.Clip(f.done)
	for _, e := range f.Target.Escalations {
		if slices.ContainsFunc(done, func(s step) bool { return s.Escalation == e }) {
			continue
		}
		at, ok := f.stepAt(e)
		if !ok {
			continue
		}
		if at, ok = f.dueWhenOpen(at); !ok {
			continue
		}
		if f.End.IsZero() && at.After(f.asOf) || !f.End.IsZero() && !at.Before(f.End) {
			continue
		}
		done = append(done, step{at, e})
	}
	slices.SortStableFunc(done, func(a, b step) int { return a.at.Compare(b.at) })
	f.done = done
}

// stepAt returns when a step is due by the clock of the promise.
func (f *Finding) stepAt(e Escalation) (time.Time, bool) {
	t := f.Target
	left, ok := t.Within.plus(e.Days).lasts(t.Calendar, f.Start)
	if !ok {
		return time.Time{}, false
	}
	if e.After <= -left {
		return f.Start.UTC(), t.Within.unit != ofTime
	}
	return f.reached(left + min(e.After, math.MaxInt64-left))
}

// settle keeps only the steps that have come due, and not why.
func (f *Finding) settle() {
	f.settleSteps()
	f.since, f.gaps, f.settled, f.lost = time.Time{}, nil, true, false
}
