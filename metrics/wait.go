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
	Agent        AgentID   // who has the credit for the reply; empty if there was no reply
	Team         TeamID    // in charge at the end or, of an open wait, now
	Start        time.Time // when the customer wrote; see [Rules.FirstResponseFrom]
	End          time.Time // zero while the wait is open
	Outcome      Outcome
	First        bool // whether it is the first wait of the conversation, however it ended
	// FirstResponse is whether it decides the first response: the first wait that was
	// answered, or else the one that is open.
	FirstResponse bool
	// Unassigned is whether, by [FromAssigned], the clock has not started, because no
	// agent was in charge. Then Start is when the customer wrote.
	Unassigned bool
	Holds      []Span    // pauses that do not count; none without [Rules.PauseStopsWaits]
	AsOf       time.Time // the instant of the reading, up to which the age of an open wait counts

	began *Record // see [Wait.Began]
}

// Duration returns the time from Start to End around the clock, less the Holds.
// For an open wait it is the age as of the instant of its reading.
func (w Wait) Duration() time.Duration { return w.DurationIn(AroundTheClock) }

// DurationIn returns the time from Start to End in hours of service, less the
// Holds; nil means around the clock. For a reply outside the hours it may be 0,
// which is a value like any other. For an open wait it is the age as of the instant
// of its reading.
func (w Wait) DurationIn(c Calendar) time.Duration {
	return measure(c, w.Start, w.End, w.AsOf, w.Holds)
}

// measure returns the time from start to end, or to asOf if end is zero, without
// the holds, which must be disjoint.
func measure(c Calendar, start, end, asOf time.Time, holds []Span) time.Duration {
	if end.IsZero() {
		end = asOf
	}
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

// Outcome says how a wait ended. The zero value is Open.
type Outcome uint8

const (
	Open                 Outcome = iota // the customer is still waiting
	Answered                            // by a person's reply
	AnsweredByAssistant                 // by an AI agent's reply; see [AssistantReplies]
	AnsweredByAutomation                // by a reply of automation; only by [AutomationEnds]
	ClosedUnanswered                    // the conversation was resolved without a reply
	GaveUp                              // the customer abandoned the conversation
	Moved                               // the wait goes on in another conversation, into which this one was merged
)

var outcomeNames = text.NewEnum[Outcome](errors.New("metrics: no such outcome"),
	"open", "answered", "answered_by_assistant", "answered_by_automation", "closed_unanswered", "abandoned", "moved",
)

// String returns the name of the outcome, such as "closed_unanswered".
func (o Outcome) String() string { return outcomeNames.Name(o) }

// replied reports whether a reply ended a wait or, of a cycle, whether it was resolved.
func (o Outcome) replied() bool { return o >= Answered && o <= AnsweredByAutomation }

// unanswered turns the outcome of a cycle into that of a wait that was open until
// then: Answered becomes ClosedUnanswered.
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
