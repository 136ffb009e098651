package standards

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Target is a promise: that something happens within a time, and in which share
// of cases it should. The zero Target promises nothing; see [Target.IsZero].
//
//	standards.Target{Within: 20 * time.Second, Goal: stat.Ratio{Part: 80, Whole: 100}}
//
// is a first response within 20 seconds in 80 % of cases. A Target is large for a
// value, so its methods take a pointer; they change nothing.
type Target struct {
	Name    string // for people
	Measure Measure
	// Within is the budget of time, which must be positive.
	Within time.Duration
	// Goal is the share of promises that should be kept, above 0 and up to 1. The
	// zero Ratio is no goal.
	Goal stat.Ratio
	// Warn is the share of the budget from which on the deadline is near, above 0
	// and below 1. The zero Ratio is no warning.
	Warn stat.Ratio
	// Calendar has the hours of service in which the budget is used up. Nil is
	// around the clock.
	Calendar metrics.Calendar
	// CalendarName is the name of Calendar in [Policy.Calendars], for JSON.
	CalendarName string
	// Agreement is with whom the promise was made. Empty is the customer; other
	// names are agreements of inner teams, which hold beside it: of each
	// agreement, a [Policy] chooses a target of its own.
	Agreement string
	// Escalations are what happens before and after the deadline.
	Escalations []Escalation

	// The promise is made for what the conditions below name. Without any it is
	// made for everything.

	Channels   []metrics.Channel  // any of them
	Priorities []metrics.Priority // any of them
	// When is any other condition. It must depend on nothing but the history, and
	// on nothing in it that changes with time. A target with a predicate cannot be
	// written in JSON.
	When func(*metrics.History) bool
	// From and Until say when the promise is made: what started at or after From
	// and before Until is held to it, however long it takes. Zero is no bound.
	From, Until time.Time
}

// IsZero reports whether t promises nothing: its budget is not positive.
func (t *Target) IsZero() bool { return t.Within <= 0 }

// Attained reports whether the goal is attained, exactly: 99,999 of 125,000 is
// below 80 %. It returns false twice without a goal or without anything that was
// met or breached.
func (t *Target) Attained(tally Tally) (attained, ok bool) {
	share := tally.Compliance()
	return share.AtLeast(t.Goal), t.Goal.Defined() && share.Defined()
}

// appliesTo reports whether the promise was made for a wait.
func (t *Target) appliesTo(w *metrics.Wait, h *metrics.History) bool {
	return !t.IsZero() &&
		(t.From.IsZero() || !w.Start.Before(t.From)) &&
		(t.Until.IsZero() || w.Start.Before(t.Until)) &&
		(len(t.Channels) == 0 || slices.Contains(t.Channels, w.Channel)) &&
		(len(t.Priorities) == 0 || slices.Contains(t.Priorities, h.Priority())) &&
		(t.When == nil || t.When(h))
}

// Due returns the deadline of a wait: the earliest instant at which the budget is
// used up, closing time rather than the next opening, in UTC. A hold that starts
// before the deadline moves it; one that starts at it or later does not. It
// returns false if there is no deadline: t promises nothing, the wait is on hold,
// or the calendar does not open for so long any more.
func (t *Target) Due(w metrics.Wait) (time.Time, bool) {
	if t.IsZero() {
		return time.Time{}, false
	}
	return dueAfter(t.Calendar, w.Start, t.Within, w.Holds)
}

// Judge judges a wait as of an instant, which matters only while the wait is
// open. It returns false if t promises nothing.
//
// What the wait was for is not asked: it is a [metrics.Wait], or one that
// [Policy.Findings] makes of a cycle, an assignment or an update. It is met if it
// was answered at or before its deadline, and breached from the deadline on,
// answered or not; an answer at the deadline itself is met. What was closed or
// moved at or before the deadline is excluded. Judge allocates nothing.
func (t *Target) Judge(w metrics.Wait, asOf time.Time) (Judgement, bool) {
	if t.IsZero() {
		return Judgement{}, false
	}
	return t.judge(&w, asOf), true
}

func (t *Target) judge(w *metrics.Wait, asOf time.Time) Judgement {
	end := w.End
	if end.IsZero() {
		end = asOf
	}
	var j Judgement
	known := true
	if len(w.Holds) == 0 && isAroundTheClock(t.Calendar) {
		d := elapsed(w.Start, end)
		j.Due, j.Margin, j.Used = w.Start.Add(t.Within).UTC(), t.Within-d, max(d, 0)
	} else {
		if j.Due, known = dueAfter(t.Calendar, w.Start, t.Within, w.Holds); known {
			j.Margin = elapsed(end, j.Due)
		}
		j.Used = used(t.Calendar, w.Start, end, w.Holds)
	}
	j.Left = t.Within - j.Used
	open := w.Outcome == metrics.Open
	switch {
	case known && (j.Margin < 0 || open && j.Margin == 0):
		j.Verdict = Breached
	case open:
		j.Verdict = Pending
		j.Warning = t.Warn.Defined() && stat.Ratio{Part: int64(j.Used), Whole: int64(t.Within)}.AtLeast(t.Warn)
	case w.Outcome == metrics.Answered || w.Outcome == metrics.AnsweredByAutomation:
		j.Verdict = Met
	default:
		j.Verdict = Excluded
	}
	return j
}

// Judgement is what a target says of a wait as of an instant.
type Judgement struct {
	Verdict Verdict
	// Warning is whether the promise is pending and its deadline near.
	Warning bool
	// Due is the deadline, in UTC. It is zero if there is none; see [Target.Due].
	Due time.Time
	// Used is how much of the budget had been used up when the wait ended, or is
	// if it is open: in hours of service, less holds.
	Used time.Duration
	// Left is the rest of the budget. It is negative by as much as was too late,
	// in hours of service; by 0 if all of that was outside them.
	Left time.Duration
	// Margin is the time from the end of the wait, or from now, to the deadline,
	// around the clock: negative by as much as was too late. It is 0 if there is
	// no deadline.
	Margin time.Duration
}
