package metrics

import (
	"database/sql/driver"
	"errors"

	"github.com/servicequality/servicequality/metrics/text"
)

// Rules say what counts. The zero value is what most desks mean, and each field changes
// a part of it:
//
//   - The customer's wait starts at the first message while none is running. It
//     ends at the first reply that a person sent, at Resolved, or at Merged.
//   - Automated replies are ignored.
//   - A pause stops the resolution time, not the wait.
//   - A message after Resolved starts a new wait and a new cycle.
//   - The agent who replied has the credit.
//   - Only the last rating of a conversation counts.
type Rules struct {
	// Automated says what automated replies do.
	Automated AutomatedReplies `json:"automated,omitzero"`
	// FirstResponseFrom says where the clock of the first response starts.
	FirstResponseFrom ClockStart `json:"first_response_from,omitzero"`
	// ExcludeTeamFirst leaves out conversations in which a reply came before any
	// message of the customer. Otherwise such a conversation counts, and its first
	// wait starts when the customer writes.
	ExcludeTeamFirst bool `json:"exclude_team_first,omitzero"`
	// PauseStopsWaits subtracts pauses from waits too.
	PauseStopsWaits bool `json:"pause_stops_waits,omitzero"`
	// ReopenExplicitly makes Reopened the only event that starts another
	// cycle. A message after Resolved still starts a wait.
	ReopenExplicitly bool `json:"reopen_explicitly,omitzero"`
	// CreditAssigned credits the agent who was assigned at the time, if there was
	// one, instead of the agent who acted.
	CreditAssigned bool `json:"credit_assigned,omitzero"`
	// ByStart makes a wait or cycle belong to the period in which it started, instead
	// of the one in which it ended.
	ByStart bool `json:"by_start,omitzero"`
	// CountEachRating counts every rating of a conversation.
	CountEachRating bool `json:"count_each_rating,omitzero"`
	// Calendar measures hours of service, in addition to the time around the clock,
	// which is always measured. It may be nil. It is not part of the JSON form.
	Calendar Calendar `json:"-"`
}

// AutomatedReplies says what the replies of bots, auto-acknowledgements and
// campaigns do to waits.
type AutomatedReplies uint8

const (
	AutomatedIgnored AutomatedReplies = iota // nothing: an acknowledgement is not a response
	AutomatedEnds                            // they end the wait as AnsweredByAutomation
	AutomatedAnswers                         // they count as replies of a person
)

var automatedNames = text.NewEnum[AutomatedReplies](errors.New("metrics: no such rule for automated replies"),
	"ignored", "ends", "answers",
)

// String returns "ignored", "ends" or "answers".
func (a AutomatedReplies) String() string { return automatedNames.Name(a) }

// AppendText implements [encoding.TextAppender].
func (a AutomatedReplies) AppendText(b []byte) ([]byte, error) { return automatedNames.Append(b, a) }

// MarshalText implements [encoding.TextMarshaler].
func (a AutomatedReplies) MarshalText() ([]byte, error) { return a.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (a *AutomatedReplies) UnmarshalText(text []byte) error { return automatedNames.Parse(a, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (a *AutomatedReplies) Scan(src any) error { return automatedNames.Scan(a, src) }

// Value implements [driver.Valuer] with the text form.
func (a AutomatedReplies) Value() (driver.Value, error) { return automatedNames.Value(a) }

// ClockStart says where the clock of the first response starts. Until there has
// been a first response, every wait starts there.
type ClockStart uint8

const (
	FromWait     ClockStart = iota // at the first message that waits for it
	FromOpened                     // at Opened, if it comes before any message; a record without a message is waiting too
	FromAssigned                   // when an agent is first assigned during the wait; at its message if none is
)

var clockStartNames = text.NewEnum[ClockStart](errors.New("metrics: no such start of the first response"),
	"wait", "opened", "assigned",
)

// String returns "wait", "opened" or "assigned".
func (s ClockStart) String() string { return clockStartNames.Name(s) }

// AppendText implements [encoding.TextAppender].
func (s ClockStart) AppendText(b []byte) ([]byte, error) { return clockStartNames.Append(b, s) }

// MarshalText implements [encoding.TextMarshaler].
func (s ClockStart) MarshalText() ([]byte, error) { return s.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (s *ClockStart) UnmarshalText(text []byte) error { return clockStartNames.Parse(s, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (s *ClockStart) Scan(src any) error { return clockStartNames.Scan(s, src) }

// Value implements [driver.Valuer] with the text form.
func (s ClockStart) Value() (driver.Value, error) { return clockStartNames.Value(s) }

// period returns the instant that decides the period of something from start to
// end.
func (r *Rules) period(start, end int64) int64 {
	if r.ByStart {
		return start
	}
	return end
}
