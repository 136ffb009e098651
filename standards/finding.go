package standards

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Finding is a promise made in a conversation: what it was for, the target that
// applies to it, and what became of it as of the instant of the reading. The zero
// Finding is of no promise.
type Finding struct {
	Conversation metrics.ConversationID
	Channel      metrics.Channel  // on which the customer wrote; the conversation's if no message started it
	Priority     metrics.Priority // by which Target was chosen: when it was broken, ended, or now
	// Team was in charge when the promise was broken or, if it is not, at its end, or is
	// now. Of a [TimeWith] it is the team whose time it is. It is empty if none is.
	Team     metrics.TeamID
	InCharge metrics.AgentID // the agent in charge when the promise was broken; empty if none was, or it is not broken
	Agent    metrics.AgentID // who fulfilled it; empty if nobody did
	Owner    metrics.AgentID // who has the conversation

	Start   time.Time       // from when on the customer, or the team, waited
	End     time.Time       // zero while that is open
	Outcome metrics.Outcome // how it ended
	Holds   []metrics.Span  // pauses, which move the deadline, and for an active resolution the times it lay closed

	Target *Target // of the policy; not to be changed
	Index  int     // of Target in [Policy.Targets]

	Verdict Verdict
	Warning bool // whether the promise is pending and its deadline near
	// Due is the deadline, in UTC. It is zero if there is none; see [Target.Due].
	Due time.Time
	// Used is how much of the budget was used up by End, or is if the promise is
	// open: in hours of service, less Holds.
	Used time.Duration
	// Left is the rest of the budget. It is negative by as much as was too late,
	// in hours of service; it is 0 if all of that was outside them, or if the calendar
	// has not as many business days as the budget.
	Left time.Duration
	// Margin is the time from End, or from the instant of the reading, to the
	// deadline, around the clock: negative by as much as was too late. It is 0 if
	// there is no deadline, and 292 years where it is longer, which is as long as a
	// [time.Duration] can be.
	Margin time.Duration

	// BreachedAt is when the promise was broken, in UTC: at the deadline; when the
	// customer gave up, if that was earlier and breaks the promise by the [Formula] of the
	// target; when the answer came, by [AnsweredOnly]; or later if it became known later
	// that the promise was not kept, if the conversation lay resolved at the deadline and
	// was reopened, or if the target came to apply later, such as by a new priority. It is
	// zero if the promise is not broken.
	BreachedAt time.Time

	asOf       time.Time      // the instant of the reading, while it is open
	since      time.Time      // from when on this is known, or Target applies; zero from the beginning
	gaps       []metrics.Span // when a full or active resolution, or the time with a team, could not come due
	done       []step         // what has come due, and stays due
	settled    bool           // done has all steps
	lost       bool           // the conversation has no such wait any more
	unassigned bool           // the clock has not started
	clock      *clock         // of Holds, where it is asked often; else nil
}

// judge fills in the verdict, the deadline and the times, which follow from the
// other fields. It allocates nothing.
func (f *Finding) judge() {
	t, end := f.Target, f.End
	if end.IsZero() {
		end = f.asOf
	}
	if f.unassigned {
		f.wait()
		return
	}
	within, given := t.Within.lasts(t.Calendar, f.Start)
	known := given
	if given && len(f.Holds) == 0 && isAroundTheClock(t.Calendar) {
		d := elapsed(f.Start, end)
		f.Due, f.Margin, f.Used = f.Start.Add(within).UTC(), within-d, max(d, 0)
	} else {
		if f.Due, f.Margin = (time.Time{}), 0; given {
			f.Due, known = f.reached(within)
		}
		if known {
			f.Margin = elapsed(end, f.Due)
		}
		if f.clock != nil {
			f.Used = f.clock.used(end)
		} else {
			f.Used = used(t.Calendar, f.Start, end, f.Holds)
		}
		if !given {
			within = f.Used
		}
	}
	f.Left = within - f.Used
	open := f.Outcome == metrics.Open
	late := known && (f.Margin < 0 || open && f.Margin == 0)
	f.decide(late)
	if open && !late {
		f.Warning = given && f.near(within)
	}
}

// decide fills in the verdict on a promise whose deadline has passed, or has not.
func (f *Finding) decide(late bool) {
	open := f.Outcome == metrics.Open
	switch {
	case f.Target.formula() == AnsweredOnly:
		f.Verdict = f.answeredOnly(late)
	case late:
		f.Verdict = Breached
	case open:
		f.Verdict = Pending
	case f.Outcome == metrics.GaveUp:
		f.Verdict = f.givenUp()
	case f.fulfilled():
		f.Verdict = Met
	default:
		f.Verdict = Excluded
	}
}

// surelyInTime reports whether less than the budget has passed, around the clock, and so in
// hours of service.
func (f *Finding) surelyInTime() bool {
	end := f.End
	if end.IsZero() {
		end = f.asOf
	}
	within, ok := f.Target.Within.Duration()
	return ok && !f.unassigned && elapsed(f.Start, end) < within
}

// near reports whether so much of a budget is used up that the deadline is near.
func (f *Finding) near(within time.Duration) bool {
	t := f.Target
	if t.WarnDays != 0 {
		fine, ok := t.Within.plus(-t.WarnDays).lasts(t.Calendar, f.Start)
		return ok && f.Used >= fine
	}
	return t.Warn.Defined() && stat.Ratio{Part: int64(f.Used), Whole: int64(within)}.AtLeast(t.Warn)
}

// wait is judge for what has no deadline, because its clock has not started.
func (f *Finding) wait() {
	f.Due, f.Used, f.Margin = time.Time{}, 0, 0
	f.Left, _ = f.Target.Within.lasts(f.Target.Calendar, f.Start)
	switch {
	case f.Outcome == metrics.Open:
		f.Verdict = Pending
	case f.Outcome == metrics.GaveUp:
		f.Verdict = f.givenUp()
	case f.fulfilled():
		f.Verdict = Met
	default:
		f.Verdict = Excluded
	}
}

// fulfilled reports whether the wait ended with what was promised. An assistant can give
// news, but the answer that was promised is that of a person.
func (f *Finding) fulfilled() bool {
	switch f.Outcome {
	case metrics.Answered, metrics.AnsweredByAutomation:
		return true
	case metrics.AnsweredByAssistant:
		return f.Target.Measure == PeriodicUpdate
	}
	return false
}

// rank orders the waits for a first response by which of them counts: one that decides is
// 2, one that a formula counts as met because the customer gave up is 1, and any other is
// 0. What automation answered in time is no response by a person yet.
func (f *Finding) rank() int {
	switch {
	case f.Verdict == Excluded, f.Verdict == Met && f.Outcome == metrics.AnsweredByAutomation:
		return 0
	case f.Verdict == Met && f.Outcome == metrics.GaveUp:
		return 1
	}
	return 2
}

// worse orders breaches, the worst first: what was too late by most in hours of
// service, and of those equal, around the clock.
func (f *Finding) worse(g *Finding) int {
	return cmp.Or(cmp.Compare(f.Left, g.Left), cmp.Compare(f.Margin, g.Margin), f.compare(g))
}

// compare orders findings by conversation, start and promise.
func (f *Finding) compare(g *Finding) int {
	if d := cmp.Compare(f.Conversation, g.Conversation); d != 0 {
		return d
	}
	return cmp.Or(
		f.Start.Compare(g.Start),
		cmp.Compare(f.promise().Measure, g.promise().Measure),
		cmp.Compare(f.promise().Agreement, g.promise().Agreement),
	)
}

// promise returns the target, which is the zero one of the zero Finding.
func (f *Finding) promise() *Target {
	if f.Target == nil {
		return new(Target)
	}
	return f.Target
}

// keep makes f and its texts its own, so that it does not hold on to the log.
func (f *Finding) keep() {
	f.settle()
	f.Conversation = metrics.ConversationID(strings.Clone(string(f.Conversation)))
	f.Channel = metrics.Channel(strings.Clone(string(f.Channel)))
	f.Priority = metrics.Priority(strings.Clone(string(f.Priority)))
	f.Team = metrics.TeamID(strings.Clone(string(f.Team)))
	f.InCharge = metrics.AgentID(strings.Clone(string(f.InCharge)))
	f.Agent = metrics.AgentID(strings.Clone(string(f.Agent)))
	f.Owner = metrics.AgentID(strings.Clone(string(f.Owner)))
}

// String returns the conversation, the promise and what became of it, such as
//
//	T-2009, answer: breached, due 2026-03-02 10:04:35 UTC, 25 min late
//	T-2001, solve: pending, on hold, 1 h 54 min left
//	call 7, 80/20: breached, due 2026-03-02 10:04:35 UTC, given up with 8 s left
func (f Finding) String() string {
	if f.Target == nil {
		return "no promise"
	}
	due, left := "no deadline", text.Remaining(f.Left)+" left"
	if !f.Due.IsZero() {
		due = "due " + f.Due.Format("2006-01-02 15:04:05 MST")
	} else if n := len(f.Holds); n > 0 && f.Holds[n-1].End.IsZero() {
		due = "on hold"
		if k := len(f.gaps); k > 0 && f.gaps[k-1].End.IsZero() {
			due = "not with " + string(f.Team)
		}
	}
	switch {
	case f.Verdict == Breached && f.Outcome == metrics.GaveUp && f.Margin >= 0:
		left = "given up with " + left
	case f.Verdict == Breached || f.overdue():
		left = text.Remaining(-f.Left) + " late"
	}
	return fmt.Sprintf("%s, %v: %v, %s, %s", f.Conversation, f.Target, f.Verdict, due, left)
}

// Evidence returns the events of the conversation that prove f: all from Start to
// End, both included, or to the instant of the reading if the promise is open; and
// before them the Paused of a hold that was there already, the Assigned of who was in
// charge when the promise was broken or, if the target is for teams, at the start, and if
// it is for priorities, the event that set the priority. It leaves out ratings and their
// requests, which prove nothing.
func (f Finding) Evidence(c metrics.Conversation) []metrics.Event {
	end := f.End
	if end.IsZero() {
		end = f.asOf
	}
	onHold := len(f.Holds) > 0 && f.Holds[0].Start.Equal(f.Start)
	var proof []metrics.Event
	var hold *metrics.Paused // the last before Start
	var before standingEvents
	for e := range c.AsOf(end).Events() {
		if !metrics.RecordOf(e).At.Before(f.Start) {
			switch e.(type) {
			case metrics.RatingGiven, metrics.RatingRequested:
			default:
				proof = append(proof, e)
			}
			continue
		}
		before.take(e)
		switch e := e.(type) {
		case metrics.Paused:
			if hold == nil || !hold.Until.IsZero() && !hold.Until.After(e.At) {
				hold = &e
			}
		case metrics.MessageReceived:
			if hold != nil && (hold.For == "" || hold.For == metrics.ForCustomer) {
				hold = nil
			}
		case metrics.Resumed, metrics.Resolved, metrics.Abandoned, metrics.Merged:
			hold = nil
		}
	}
	first := before.prove(&f)
	if hold != nil && onHold {
		first = append(first, *hold)
	}
	slices.SortStableFunc(first, func(a, b metrics.Event) int { return metrics.RecordOf(a).At.Compare(metrics.RecordOf(b).At) })
	return append(first, proof...)
}
