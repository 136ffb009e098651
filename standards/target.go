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
//	standards.Target{Within: standards.BudgetOf(20 * time.Second), Goal: stat.Ratio{Part: 80, Whole: 100}}
//
// is a first response within 20 seconds in 80 % of cases. A Target is large for a
// value, so its methods take a pointer; they change nothing.
type Target struct {
	Name    string // for people
	Measure Measure
	// Within is the budget of time, which must be positive. One in business days
	// needs a Calendar that knows them.
	Within Budget
	// ShortAbandon is the time up to which a customer who gives up does so so soon that
	// nobody could have answered, in the hours of service of the target: the S of
	// [ShortExcluded] and [ShortMet]. Zero is Within, and it cannot be longer, as a wait
	// that is open after Within is broken then. Other formulas do without it.
	ShortAbandon time.Duration
	// Formula tells how those who gave up count. It and ShortAbandon are for measures
	// that wait for an answer: first, next and every response.
	Formula Formula
	// Goal is the share of promises that should be kept, above 0 and up to 1. The
	// zero Ratio is no goal.
	Goal stat.Ratio
	// Warn is the share of the budget from which on the deadline is near, above 0
	// and below 1. The zero Ratio is no warning.
	Warn stat.Ratio
	// WarnDays is a warning in business days, in place of Warn: the deadline is near
	// from that of a budget with so many fewer days on. It is only for a budget in
	// business days, and 0 is none.
	WarnDays int
	// Calendar has the hours of service in which the budget is used up. Nil is
	// around the clock.
	Calendar metrics.Calendar
	// CalendarName is the name of Calendar in [Policy.Calendars], for JSON.
	CalendarName string
	// Agreement is with whom the promise was made. Empty is the customer; other
	// names are agreements of inner teams, which apply beside it: a [Policy]
	// chooses a target for each agreement.
	Agreement string
	// Escalations are what happens before and after the deadline: up to 100 steps.
	Escalations []Escalation

	// The promise is made for what the conditions below name. Without any it is
	// made for everything.

	// Of each, any; an empty one is that of a conversation without.

	Channels   []metrics.Channel
	Priorities []metrics.Priority
	Teams      []metrics.TeamID // in charge; of [TimeWith], whose time it is
	Customers  []metrics.CustomerID
	// When is any other condition. It must depend only on what the history says
	// of the conversation and never changes with time. A target with a predicate
	// cannot be written in JSON.
	When func(*metrics.History) bool
	// From and Until say when the promise is made: it applies to what started at
	// or after From and before Until, however long that takes. Zero is no bound.
	From, Until time.Time
}

// String returns the name, or if there is none, the measure; and in brackets the
// agreement, if it is not with the customer: "take charge (inner)".
func (t *Target) String() string {
	text := t.Name
	if text == "" {
		text = t.Measure.String()
	}
	if t.Agreement != "" {
		text += " (" + t.Agreement + ")"
	}
	return text
}

// IsZero reports whether t promises nothing: its budget is not positive, or is in
// business days and its calendar does not know them.
func (t *Target) IsZero() bool {
	if t.Within.unit != ofTime {
		if _, ok := t.Calendar.(days); !ok {
			return true
		}
	}
	return !t.Within.positive()
}

// Attained reports whether the goal is attained, exactly: 99,999 of 125,000 is
// below 80 %. It returns false twice if there is no goal, or if nothing was met or
// breached.
func (t *Target) Attained(tally Tally) (attained, ok bool) {
	share := tally.Compliance()
	ok = t.Goal.Defined() && share.Defined()
	return ok && share.AtLeast(t.Goal), ok
}

// appliesTo reports whether the promise was made for what started at an instant, by what
// is known of the conversation at a time. The team is whose time it is, of a [TimeWith].
func (t *Target) appliesTo(start time.Time, channel metrics.Channel, team metrics.TeamID, h *metrics.History, s *standing) bool {
	if t.Measure != TimeWith {
		team = s.team
	}
	return !t.IsZero() &&
		(t.From.IsZero() || !start.Before(t.From)) &&
		(t.Until.IsZero() || start.Before(t.Until)) &&
		(len(t.Channels) == 0 || slices.Contains(t.Channels, channel)) &&
		(len(t.Priorities) == 0 || slices.Contains(t.Priorities, s.priority)) &&
		(len(t.Teams) == 0 || slices.Contains(t.Teams, team)) &&
		(len(t.Customers) == 0 || slices.Contains(t.Customers, s.customer)) &&
		(t.When == nil || t.When(h))
}

// Due returns the deadline of a wait: the earliest instant at which the budget is
// used up, closing time rather than the next opening, in UTC. A hold that starts
// before the deadline moves it; one that starts at it or later does not. It
// returns false if there is no deadline: t promises nothing, the wait is on hold or its
// clock has not started (see [metrics.Wait]), or the calendar is never open for so long
// again before the year 10000.
func (t *Target) Due(w metrics.Wait) (time.Time, bool) {
	if t.IsZero() || w.Unassigned {
		return time.Time{}, false
	}
	within, ok := t.Within.lasts(t.Calendar, w.Start)
	if !ok {
		return time.Time{}, false
	}
	return dueAfter(t.Calendar, w.Start, within, w.Holds)
}

// equal reports whether t and u promise the same. Whether two predicates are the
// same cannot be known.
func (t *Target) equal(u *Target) bool {
	hours := func(c metrics.Calendar) metrics.Terms {
		if c == nil {
			c = metrics.AroundTheClock
		}
		return metrics.Terms{Rules: metrics.Rules{Calendar: c}}
	}
	return t.Name == u.Name && t.Measure == u.Measure && t.Agreement == u.Agreement && t.Within == u.Within &&
		t.ShortAbandon == u.ShortAbandon && t.Formula == u.Formula &&
		t.Goal == u.Goal && t.Warn == u.Warn && t.WarnDays == u.WarnDays && hours(t.Calendar).Equal(hours(u.Calendar)) &&
		slices.Equal(t.Escalations, u.Escalations) &&
		slices.Equal(t.Channels, u.Channels) && slices.Equal(t.Priorities, u.Priorities) &&
		slices.Equal(t.Teams, u.Teams) && slices.Equal(t.Customers, u.Customers) &&
		t.When == nil && u.When == nil && t.From.Equal(u.From) && t.Until.Equal(u.Until)
}
