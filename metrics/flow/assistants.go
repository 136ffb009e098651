package flow

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// AssistantWindow is the usual window in which the customer must not come back after an
// assistant resolved a case alone: 72 hours.
const AssistantWindow = 72 * time.Hour

// Assistants counts what became of the cases in which an assistant replied. Each of them
// has one outcome, so that Resolution, HandOff and the share of the Unresolved add up to
// one. The zero value is empty.
type Assistants struct {
	AsOf   time.Time     `json:"as_of,omitzero"` // the instant of the reading
	Within time.Duration `json:"within_ns"`

	Cases int64 `json:"cases"` // in which the customer wrote, or an assistant replied

	WithPerson int64 `json:"with_person"` // a person took part after the assistant's first reply
	Confirmed  int64 `json:"confirmed"`   // the assistant resolved it alone, and the customer said so
	Assumed    int64 `json:"assumed"`     // the assistant resolved it alone: the customer asked for no more
	Unresolved int64 `json:"unresolved"`  // abandoned, timed out while the customer waited, or the customer came back
	Open       int64 `json:"open"`        // not resolved yet
	Pending    int64 `json:"pending"`     // resolved less than the window ago, whatever happened since

	PendingReturned int64 `json:"pending_returned"` // those of the Pending after which the customer has come back already
	Unknown         int64 `json:"unknown"`          // those of the Confirmed and Assumed of which no message names a customer, who may have come back in another case
}

func (a *Assistants) add(o AssistantOutcome) {
	switch o {
	case AssistantWithPerson:
		a.WithPerson++
	case AssistantConfirmed:
		a.Confirmed++
	case AssistantAssumed:
		a.Assumed++
	case AssistantUnresolved:
		a.Unresolved++
	case AssistantOpen:
		a.Open++
	case AssistantPending:
		a.Pending++
	}
}

// Involved returns how many cases an assistant replied in.
func (a Assistants) Involved() int64 { return a.decided() + a.undecided() }

// Alone returns how many cases an assistant resolved alone, confirmed or assumed.
func (a Assistants) Alone() int64 { return a.Confirmed + a.Assumed }

func (a Assistants) decided() int64   { return a.WithPerson + a.Alone() + a.Unresolved }
func (a Assistants) undecided() int64 { return a.Open + a.Pending }

// Involvement returns the share of cases in which an assistant replied.
func (a Assistants) Involvement() stat.Ratio { return stat.Ratio{Part: a.Involved(), Whole: a.Cases} }

// Resolution returns the share of cases that an assistant resolved alone, of those in
// which it replied. What is open or pending is not part of it, nor of HandOff and
// Containment.
func (a Assistants) Resolution() stat.Ratio { return stat.Ratio{Part: a.Alone(), Whole: a.decided()} }

// HandOff returns the share of cases that came to a person, of those in which an
// assistant replied.
func (a Assistants) HandOff() stat.Ratio { return stat.Ratio{Part: a.WithPerson, Whole: a.decided()} }

// Containment returns the share of cases that did not come to a person, resolved or not,
// of those in which an assistant replied. It says nothing about whether the customer was
// helped.
func (a Assistants) Containment() stat.Ratio { return a.HandOff().Complement() }

// Automation returns the share of all cases that an assistant resolved alone. Those of
// its cases that are open or pending are not part of it.
func (a Assistants) Automation() stat.Ratio {
	return stat.Ratio{Part: a.Alone(), Whole: a.Cases - a.undecided()}
}

// Merge adds the counts of other cases, by the same window as of the same instant. The
// zero Assistants becomes a copy of other, and one that is added changes nothing. If the
// windows or instants differ, the error wraps [ErrUnlike]; if there are more than 2⁶³−1
// cases together, [stat.ErrCount]; and a is as it was.
//
// Counts of groups add up. Those of logs do only if they have no customer in common;
// otherwise merge their [Returns].
func (a *Assistants) Merge(other *Assistants) error {
	if other.Within == 0 {
		return nil
	}
	if a.Within == 0 {
		*a = *other
		return nil
	}
	if a.Within != other.Within || !a.AsOf.Equal(other.AsOf) {
		return fmt.Errorf("%w: assistants within %v as of %v, and within %v as of %v", ErrUnlike, a.Within, a.AsOf, other.Within, other.AsOf)
	}
	sum := *a
	if !addAll(sum.counts(), other.counts()) {
		return fmt.Errorf("flow: assistants: %w: more than 2⁶³−1 cases", stat.ErrCount)
	}
	*a = sum
	return nil
}

// counts returns all the counts of a.
func (a *Assistants) counts() []*int64 {
	return []*int64{
		&a.Cases, &a.WithPerson, &a.Confirmed, &a.Assumed, &a.Unresolved, &a.Open, &a.Pending, &a.PendingReturned, &a.Unknown,
	}
}

// valid reports whether a can have been counted.
func (a *Assistants) valid() bool {
	if !sane(a.AsOf, a.Within, a.counts()) {
		return false
	}
	left := a.Cases
	for _, n := range [...]int64{a.WithPerson, a.Confirmed, a.Assumed, a.Unresolved, a.Open, a.Pending} {
		if n > left {
			return false
		}
		left -= n
	}
	return a.PendingReturned <= a.Pending && a.Unknown <= a.Alone()
}

// String returns how many cases were resolved alone, and what became of the others, such
// as "2 of 5 resolved alone, 40.0 %, 2 with a person, 1 unresolved, 1 pending" or
// "none decided, 1 open".
func (a Assistants) String() string {
	return shown(a.Resolution(), "resolved alone", counted{a.WithPerson, "with a person"}, counted{a.Unresolved, "unresolved"},
		counted{a.Open, "open"}, counted{a.Pending, "pending"})
}

// counted is a number of something.
type counted struct {
	n  int64
	of string
}

// shown returns a share, and what else there is, as text.
func shown(share stat.Ratio, of string, others ...counted) string {
	line := "none decided"
	if share.Defined() {
		line = fmt.Sprintf("%v %s, %s", share, of, text.Share(share.Part, share.Whole, 1))
	}
	for _, c := range others {
		if c.n != 0 {
			line += fmt.Sprintf(", %d %s", c.n, c.of)
		}
	}
	return line
}

// AssistantOutcome says what became of a case in which an assistant replied, as
// [Assistants] counts it. The zero value is AssistantNone.
type AssistantOutcome uint8

const (
	AssistantNone       AssistantOutcome = iota // no assistant replied
	AssistantWithPerson                         // a person took part after the assistant's first reply
	AssistantConfirmed                          // the assistant resolved it alone, and the customer said so
	AssistantAssumed                            // the assistant resolved it alone: the customer asked for no more
	AssistantUnresolved                         // abandoned, timed out while the customer waited, or the customer came back
	AssistantOpen                               // not resolved yet
	AssistantPending                            // resolved, and the window has not passed
)

var assistantOutcomeNames = text.NewEnum[AssistantOutcome](errors.New("flow: no such outcome of an assistant"),
	"not_involved", "with_person", "resolved_confirmed", "resolved_assumed", "unresolved", "open", "pending",
)

// alone reports whether an assistant resolved the case alone.
func (o AssistantOutcome) alone() bool { return o == AssistantConfirmed || o == AssistantAssumed }

// String returns the name of the outcome, such as "resolved_assumed".
func (o AssistantOutcome) String() string { return assistantOutcomeNames.Name(o) }

// AppendText implements [encoding.TextAppender].
func (o AssistantOutcome) AppendText(b []byte) ([]byte, error) {
	return assistantOutcomeNames.Append(b, o)
}

// MarshalText implements [encoding.TextMarshaler].
func (o AssistantOutcome) MarshalText() ([]byte, error) { return o.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (o *AssistantOutcome) UnmarshalText(text []byte) error {
	return assistantOutcomeNames.Parse(o, text)
}

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (o *AssistantOutcome) Scan(src any) error { return assistantOutcomeNames.Scan(o, src) }

// Value implements [driver.Valuer] with the text form.
func (o AssistantOutcome) Value() (driver.Value, error) { return assistantOutcomeNames.Value(o) }
