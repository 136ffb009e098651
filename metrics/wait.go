package metrics

import (
	"database/sql/driver"
	"errors"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// Wait is a time during which the customer waited for an answer.
type Wait struct {
	Conversation ConversationID
	Channel      Channel   // on which the customer wrote; the conversation's if the message names none
	Agent        AgentID   // who has the credit for the reply; empty if there was none
	Start        time.Time // the first message that was waiting; see [Rules]
	End          time.Time // zero while the wait is open
	Outcome      Outcome
	First        bool   // whether it is the wait for the first response
	Holds        []Span // pauses within the wait that do not count; only by [Rules.PauseStopsWaits]
}

// Duration returns the time from Start to End around the clock, less the Holds.
// It is 0 for an open wait; see [Wait.Until].
func (w Wait) Duration() time.Duration { return w.DurationIn(AroundTheClock) }

// DurationIn returns the time from Start to End in hours of service, less the
// Holds. A reply outside the hours took no time, which is a value like others.
// It is 0 for an open wait; see [Wait.Until].
func (w Wait) DurationIn(c Calendar) time.Duration { return measure(c, w.Start, w.End, w.Holds) }

// Until returns the wait as one that ends at asOf, if it is still open, so that
// its duration is its age. A wait that has ended is returned as it is.
func (w Wait) Until(asOf time.Time) Wait {
	if w.End.IsZero() {
		w.End = asOf
	}
	return w
}

// measure returns the time from start to end that does not fall into holds,
// which are disjoint and start within it.
func measure(c Calendar, start, end time.Time, holds []Span) time.Duration {
	if end.IsZero() || end.Before(start) {
		return 0
	}
	if c == nil {
		c = AroundTheClock
	}
	d := c.Between(start, end)
	for _, hold := range holds {
		if hold.Start.Before(start) {
			hold.Start = start
		}
		if hold.End.IsZero() || hold.End.After(end) {
			hold.End = end
		}
		if hold.Start.Before(hold.End) {
			d -= c.Between(hold.Start, hold.End)
		}
	}
	return d
}

// Outcome tells how a wait ended. The zero value is Open.
type Outcome uint8

const (
	Open                 Outcome = iota // the customer is still waiting
	Answered                            // by a reply that a person sent
	AnsweredByAutomation                // by an automated reply; only by [AutomatedEnds]
	ClosedUnanswered                    // the conversation was resolved without a reply
	Moved                               // the conversation was merged into another one
)

var outcomeNames = text.NewEnum[Outcome](errors.New("metrics: no such outcome"),
	"open", "answered", "answered_by_automation", "closed_unanswered", "moved",
)

// String returns the name of the outcome, such as "closed_unanswered".
func (o Outcome) String() string { return outcomeNames.Name(o) }

// unanswered returns how a wait that no answer ended is, of what ended so.
func (o Outcome) unanswered() Outcome {
	if o == Answered {
		return ClosedUnanswered
	}
	return o
}

// AppendText implements [encoding.TextAppender].
func (o Outcome) AppendText(b []byte) ([]byte, error) { return outcomeNames.Append(b, o) }

// MarshalText implements [encoding.TextMarshaler].
func (o Outcome) MarshalText() ([]byte, error) { return o.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (o *Outcome) UnmarshalText(text []byte) error { return outcomeNames.Parse(o, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (o *Outcome) Scan(src any) error { return outcomeNames.Scan(o, src) }

// Value implements [driver.Valuer] with the text form.
func (o Outcome) Value() (driver.Value, error) { return outcomeNames.Value(o) }
