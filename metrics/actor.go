package metrics

import (
	"database/sql/driver"
	"errors"

	"github.com/servicequality/servicequality/metrics/text"
)

// Actor says who did something: sent a reply, resolved or reopened a conversation. The
// zero value is a person of the desk.
type Actor uint8

const (
	ByPerson     Actor = iota
	ByCustomer         // said so
	ByAssistant        // an AI agent that answers the question
	ByAutomation       // an acknowledgement, a campaign, a macro of a rule, a timer
)

var actorNames = text.NewEnum[Actor](errors.New("metrics: no such actor"),
	"person", "customer", "assistant", "automation",
)

// String returns "person", "customer", "assistant" or "automation".
func (a Actor) String() string { return actorNames.Name(a) }

// AppendText implements [encoding.TextAppender].
func (a Actor) AppendText(b []byte) ([]byte, error) { return actorNames.Append(b, a) }

// MarshalText implements [encoding.TextMarshaler].
func (a Actor) MarshalText() ([]byte, error) { return a.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (a *Actor) UnmarshalText(text []byte) error { return actorNames.Parse(a, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL and empty text are
// a person.
func (a *Actor) Scan(src any) error {
	if text, ok := src.([]byte); src == "" || ok && len(text) == 0 {
		src = nil
	}
	return actorNames.Scan(a, src)
}

// Value implements [driver.Valuer] with the text form.
func (a Actor) Value() (driver.Value, error) { return actorNames.Value(a) }
