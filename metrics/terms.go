package metrics

import (
	"fmt"
	"maps"
	"reflect"
	"time"
)

// Terms say how a log was read: by which rules, and as of which instant. Figures of
// different terms may not be added up, except as [Reading.Settled] says.
type Terms struct {
	Rules Rules
	// AsOf is the instant, in UTC. It is the last nanosecond before 1970, or the end
	// of 2261, for an instant outside these years, and zero if nothing was read.
	AsOf time.Time
	// Settled says that what was read is right for every instant from AsOf on; see
	// [Reading.Settled].
	Settled bool
}

// Equal reports whether t and u have the same rules and the same instant, and are
// both settled or both not. Calendars are compared by their method Equal(any) bool
// if they have one, otherwise by ==. Calendars that cannot be compared, such as
// those with a slice, count as different.
func (t Terms) Equal(u Terms) bool {
	return t.Settled == u.Settled && t.AsOf.Equal(u.AsOf) && t.Rules.Equal(u.Rules)
}

// String returns the instant, such as "as of 2026-03-31 22:00:00 UTC" or "settled as
// of 2026-03-31 22:00:00 UTC". It says nothing of the rules.
func (t Terms) String() string {
	text := "as of " + t.AsOf.Format("2006-01-02 15:04:05.999999999 MST")
	if t.Settled {
		text = "settled " + text
	}
	return text
}

// Equal compares rules field by field, and calendars as [Terms.Equal] does.
func (r Rules) Equal(other Rules) bool {
	a, b := r, other
	for _, rules := range [...]*Rules{&a, &b} {
		rules.Calendar, rules.TeamCalendars, rules.ChannelCalendars = nil, nil, nil
	}
	return reflect.DeepEqual(a, b) && sameCalendar(r.Calendar, other.Calendar) &&
		maps.EqualFunc(r.TeamCalendars, other.TeamCalendars, sameCalendar) &&
		maps.EqualFunc(r.ChannelCalendars, other.ChannelCalendars, sameCalendar)
}

func sameCalendar(a, b Calendar) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	if e, ok := a.(interface{ Equal(any) bool }); ok {
		return e.Equal(b)
	}
	// == panics if a value has a part that is not comparable.
	return reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && a == b
}

// terms are Terms that all histories of a reading share, so that comparing pointers
// is enough to recognise them.
type terms struct {
	Terms
	at     int64 // the instant in nanoseconds
	stored bool  // the rules are unknown, and taken to be those of whatever is added
}

// storedTerms returns the terms of stored figures, which do not tell their rules.
func storedTerms(asOf time.Time, settled bool) *terms {
	if asOf.IsZero() {
		return nil
	}
	t := newTerms(Rules{}, asOf)
	t.Settled, t.stored = settled, true
	return t
}

func newTerms(rules Rules, asOf time.Time) *terms {
	at := instant(asOf)
	return &terms{Terms: Terms{Rules: rules, AsOf: timeOf(at)}, at: at}
}

func (t *terms) public() Terms {
	if t == nil {
		return Terms{}
	}
	return t.Terms
}

// join returns the terms for which the sum of what was read by t and by u is right.
// What is settled is right at the other's instant too, unless that is earlier than
// its own.
func (t *terms) join(u *terms) (*terms, error) {
	if t == u || u == nil {
		return t, nil
	}
	if t == nil {
		return u, nil
	}
	early, late := t, u
	if late.at < early.at || late.at == early.at && !early.Settled {
		early, late = late, early
	}
	if !t.stored && !u.stored && !t.Rules.Equal(u.Rules) {
		return t, fmt.Errorf("%w: other rules", ErrOtherTerms)
	}
	if !early.Settled && (late.Settled || early.at < late.at) {
		return t, fmt.Errorf("%w: %v and %v", ErrOtherTerms, t.Terms, u.Terms)
	}
	if t.Settled == late.Settled && t.at == late.at {
		late = t
	}
	if late.stored && !(t.stored && u.stored) {
		known := *late
		known.Rules, known.stored = t.Rules, false
		if t.stored {
			known.Rules = u.Rules
		}
		late = &known
	}
	return late, nil
}
