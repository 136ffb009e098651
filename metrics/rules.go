package metrics

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// Rules say what counts. The zero value is what most desks mean, and each field changes
// a part of it:
//
//   - The customer's wait starts at the first message while none is running. It
//     ends at the first reply of a person or an assistant, at Resolved or at
//     Abandoned. At Merged it goes on in the other conversation.
//   - Automation's replies, such as acknowledgements, are ignored.
//   - A pause stops the resolution time, not the wait. A message of the customer
//     ends a pause that waits for the customer.
//   - A message after Resolved starts a new wait and a new cycle of the same case.
//   - The agent who replied has the credit.
//   - The last rating that answers a request counts, and without requests the last one.
//   - Every wait that the customer gave up is abandoned, however short.
type Rules struct {
	// Automation says what the replies of automation do: acknowledgements, campaigns,
	// macros of rules.
	Automation AutomationReplies `json:"automation,omitzero"`
	// Assistant says what the replies of AI agents do.
	Assistant AssistantReplies `json:"assistant,omitzero"`
	// FirstResponseFrom says where the clock of the first response starts.
	FirstResponseFrom ClockStart `json:"first_response_from,omitzero"`
	// ExcludeTeamFirst leaves out conversations in which a reply came before any
	// message of the customer. Otherwise such a conversation counts, and its first
	// wait starts when the customer writes.
	ExcludeTeamFirst bool `json:"exclude_team_first,omitzero"`
	// PauseStopsWaits subtracts the pauses of these reasons from waits too. For a wait
	// that a merger moved, these are the pauses of the conversation that it was in at
	// the time.
	PauseStopsWaits HoldReasons `json:"pause_stops_waits,omitzero"`
	// MessageResumes says which pauses a message of the customer ends.
	MessageResumes MessageResumes `json:"message_resumes,omitzero"`
	// ReopenExplicitly makes Reopened the only event that starts another
	// cycle. A message after Resolved still starts a wait.
	ReopenExplicitly bool `json:"reopen_explicitly,omitzero"`
	// NewCaseAfter makes a new case of what opens a conversation again, a message or a
	// Reopened, so long after it was resolved, or longer. A case is read as a
	// conversation of its own, with its first response and its resolution; the
	// assignment and the priority go on, and a pause ends. 0 is never: a conversation is
	// one case for ever. In JSON it is text, such as "72h".
	NewCaseAfter time.Duration `json:"new_case_after,omitzero"`
	// CreditAssigned credits the agent who was assigned at the time, if there was
	// one, instead of the agent who acted.
	CreditAssigned bool `json:"credit_assigned,omitzero"`
	// ByStart makes a wait or cycle belong to the period in which it started, instead
	// of the one in which it ended.
	ByStart bool `json:"by_start,omitzero"`
	// CountEachRating counts every rating of a conversation.
	CountEachRating bool `json:"count_each_rating,omitzero"`
	// RatingExpires is how long an unanswered request for a rating is pending, and in no
	// rate. From then on it counts as unanswered. Zero or less: it counts so at once, and
	// never expires. In JSON it is text, such as "168h".
	RatingExpires time.Duration `json:"rating_expires,omitzero"`
	// ShortAbandon is how long, around the clock, a wait that the customer gave up may
	// have been to count as short: up to this limit, and at it. Zero or less: none is
	// short. In JSON it is text, such as "5s".
	ShortAbandon time.Duration `json:"short_abandon,omitzero"`
	// Calendar measures hours of service, in addition to the time around the clock,
	// which is always measured. It may be nil. It is not part of the JSON form.
	Calendar Calendar `json:"-"`
	// TeamCalendars and ChannelCalendars measure the hours of service of a team, and of
	// the conversations of a channel, in place of Calendar: each stretch of time by the
	// calendar of the team in charge then, or else of the channel; see [History.Hours].
	TeamCalendars    map[TeamID]Calendar  `json:"-"`
	ChannelCalendars map[Channel]Calendar `json:"-"`
}

// AutomationReplies says what the replies of automation do to waits.
type AutomationReplies uint8

const (
	AutomationIgnored AutomationReplies = iota // nothing: an acknowledgement is not a response
	AutomationEnds                             // they end the wait as AnsweredByAutomation
	AutomationAnswers                          // they count as replies of a person
)

var automationNames = text.NewEnum[AutomationReplies](errors.New("metrics: no such rule for the replies of automation"),
	"ignored", "ends", "answers",
)

// String returns "ignored", "ends" or "answers".
func (a AutomationReplies) String() string { return automationNames.Name(a) }

// AppendText implements [encoding.TextAppender].
func (a AutomationReplies) AppendText(b []byte) ([]byte, error) { return automationNames.Append(b, a) }

// MarshalText implements [encoding.TextMarshaler].
func (a AutomationReplies) MarshalText() ([]byte, error) { return a.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (a *AutomationReplies) UnmarshalText(text []byte) error { return automationNames.Parse(a, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (a *AutomationReplies) Scan(src any) error { return automationNames.Scan(a, src) }

// Value implements [driver.Valuer] with the text form.
func (a AutomationReplies) Value() (driver.Value, error) { return automationNames.Value(a) }

// AssistantReplies says what the replies of assistants do to waits.
type AssistantReplies uint8

const (
	AssistantEnds    AssistantReplies = iota // they end the wait as AnsweredByAssistant
	AssistantIgnored                         // nothing: the customer waits for a person
	AssistantAnswers                         // they count as replies of a person
)

var assistantNames = text.NewEnum[AssistantReplies](errors.New("metrics: no such rule for the replies of assistants"),
	"ends", "ignored", "answers",
)

// String returns "ends", "ignored" or "answers".
func (a AssistantReplies) String() string { return assistantNames.Name(a) }

// AppendText implements [encoding.TextAppender].
func (a AssistantReplies) AppendText(b []byte) ([]byte, error) { return assistantNames.Append(b, a) }

// MarshalText implements [encoding.TextMarshaler].
func (a AssistantReplies) MarshalText() ([]byte, error) { return a.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (a *AssistantReplies) UnmarshalText(text []byte) error { return assistantNames.Parse(a, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (a *AssistantReplies) Scan(src any) error { return assistantNames.Scan(a, src) }

// Value implements [driver.Valuer] with the text form.
func (a AssistantReplies) Value() (driver.Value, error) { return assistantNames.Value(a) }

// MessageResumes says which pauses a message of the customer ends.
type MessageResumes uint8

const (
	ResumesForCustomer MessageResumes = iota // those that wait for the customer
	ResumesAny                               // all
	ResumesNone                              // none
)

var messageResumesNames = text.NewEnum[MessageResumes](errors.New("metrics: no such rule for messages while on hold"),
	"customer", "any", "none",
)

// String returns "customer", "any" or "none".
func (m MessageResumes) String() string { return messageResumesNames.Name(m) }

// AppendText implements [encoding.TextAppender].
func (m MessageResumes) AppendText(b []byte) ([]byte, error) { return messageResumesNames.Append(b, m) }

// MarshalText implements [encoding.TextMarshaler].
func (m MessageResumes) MarshalText() ([]byte, error) { return m.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (m *MessageResumes) UnmarshalText(text []byte) error { return messageResumesNames.Parse(m, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (m *MessageResumes) Scan(src any) error { return messageResumesNames.Scan(m, src) }

// Value implements [driver.Valuer] with the text form.
func (m MessageResumes) Value() (driver.Value, error) { return messageResumesNames.Value(m) }

// ClockStart says where the clock of the first response starts. Until there has
// been a first response, every wait starts there.
type ClockStart uint8

const (
	FromWait     ClockStart = iota // at the first message that waits for it
	FromOpened                     // at Opened, if it comes before any message; a record without a message is waiting too
	FromAssigned                   // when an agent is first assigned during the wait; at its message if one is in charge then, or none ever is
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

// HoldReasons are the reasons of pauses, separated by commas, such as
// "third_party,parts". The zero value is none, and [AnyReason] is all of them. In JSON
// they are a list, or true for all.
type HoldReasons string

// AnyReason is every reason of a pause.
const AnyReason HoldReasons = "*"

// Has reports whether a reason is one of them.
func (r HoldReasons) Has(reason HoldReason) bool {
	if r == AnyReason {
		return true
	}
	for one := range strings.SplitSeq(string(r), ",") {
		if one != "" && one == string(reason) {
			return true
		}
	}
	return false
}

// MarshalJSON implements [json.Marshaler].
func (r HoldReasons) MarshalJSON() ([]byte, error) {
	if r == AnyReason {
		return []byte("true"), nil
	}
	return json.Marshal(strings.FieldsFunc(string(r), func(c rune) bool { return c == ',' }))
}

// maxReasons is the greatest number of reasons in JSON: each pause looks for its own
// among them.
const maxReasons = 1000

// UnmarshalJSON implements [json.Unmarshaler]: true, false, or a list of at most 1,000
// reasons, none of which has a comma. A null changes nothing.
func (r *HoldReasons) UnmarshalJSON(data []byte) error {
	var all bool
	if string(bytes.TrimSpace(data)) == "null" {
		return nil
	}
	if json.Unmarshal(data, &all) == nil {
		if *r = ""; all {
			*r = AnyReason
		}
		return nil
	}
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		return fmt.Errorf("metrics: not true or a list of reasons: %q", quotable(data))
	}
	if len(list) > maxReasons {
		return fmt.Errorf("metrics: %d reasons, and at most %d can be", len(list), maxReasons)
	}
	for _, reason := range list {
		if strings.Contains(reason, ",") || reason == "" || reason == string(AnyReason) {
			return fmt.Errorf("metrics: not a reason: %q", quotable(reason))
		}
	}
	*r = HoldReasons(strings.Join(list, ","))
	return nil
}
