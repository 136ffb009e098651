package standards

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Target is the promise that a wait ends within a time. The zero Target
// promises nothing; see [Target.IsZero].
type Target struct {
	Within time.Duration // the budget; must be positive
	// Calendar has the hours of service in which the budget is used up. Nil is
	// around the clock.
	Calendar metrics.Calendar
}

// IsZero reports whether t promises nothing: its budget is not positive.
func (t Target) IsZero() bool { return t.Within <= 0 }

// Judgement is what a target says of a wait as of an instant.
type Judgement struct {
	Wait    metrics.Wait
	Target  Target
	Verdict Verdict
	// Left is how much of the budget was left when the wait ended, or is left
	// if it is open. It is negative by as much as the answer was late.
	Left time.Duration
}

// Judge judges a wait as of an instant, which matters only while the wait is
// open. It returns false if there is nothing to judge: t promises nothing, or
// the wait was closed or moved, unanswered, at or before its deadline.
//
// The deadline is the earliest instant at which the budget is used up: closing
// time rather than the next opening.
func (t Target) Judge(w metrics.Wait, asOf time.Time) (Judgement, bool) {
	if t.IsZero() {
		return Judgement{}, false
	}
	ended := w.Until(asOf)
	j := Judgement{Wait: w, Target: t, Left: t.Within - t.used(ended)}
	switch {
	case w.Outcome == metrics.Open && j.Left > 0:
		j.Verdict = Pending
	case w.Outcome == metrics.Open || t.overdue(ended):
		j.Verdict = Breached
	case w.Outcome == metrics.Answered || w.Outcome == metrics.AnsweredByAutomation:
		j.Verdict = Met
	default:
		return Judgement{}, false
	}
	return j, true
}

// overdue reports whether a wait ended after its deadline: whether the budget
// was used up before the last nanosecond of the wait. Where the wait ended in
// closed hours the time used is no more than at the deadline, but the deadline
// has passed.
func (t Target) overdue(w metrics.Wait) bool {
	w.End = w.End.Add(-1)
	return t.used(w) >= t.Within
}

func (t Target) used(w metrics.Wait) time.Duration {
	if t.Calendar == nil {
		return w.Duration()
	}
	return w.DurationIn(t.Calendar)
}
