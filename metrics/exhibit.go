package metrics

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// Exhibit is one thing that a figure counts: a response, a resolution, a rating, a
// conversation that was left out.
type Exhibit struct {
	Kind         ExhibitKind    `json:"kind"`
	Conversation ConversationID `json:"conversation"`
	Channel      Channel        `json:"channel,omitzero"` // as [Facet.Channel] has it
	Agent        AgentID        `json:"agent,omitzero"`   // as [Facet.Agent] has it
	Team         TeamID         `json:"team,omitzero"`    // as [Facet.Team] has it
	// Start and End are those of the wait or cycle; for a rating, both are its
	// instant. For a conversation as a whole, Start is its first event, or zero if it
	// has none. End is zero if the exhibit has not ended.
	Start time.Time `json:"start,omitzero"`
	End   time.Time `json:"end,omitzero"`
	// Elapsed is how long it took around the clock, less the pauses that stop it; for
	// an exhibit that is open, its age. It is 0 if the kind does not measure time.
	Elapsed time.Duration `json:"elapsed_ns"`
	// InHours is the same in the hours of service of [Rules.Calendar], and 0
	// without one. It is 0 for an [ExhibitHandleTime], which has no hours.
	InHours time.Duration `json:"in_hours_ns,omitzero"`
	// Number is the stars of an [ExhibitRating], the reopenings of an [ExhibitReopened], and
	// the replies of an [ExhibitReplies]; otherwise 0.
	Number int64 `json:"number,omitzero"`
}

// compare orders the exhibits of a kind, the worst first, and of ratings with as many stars
// the latest first; ties are broken by name.
func (c *Exhibit) compare(d *Exhibit) int {
	if order := c.measure(d); order != 0 {
		return order
	}
	if c.Kind == ExhibitRating && !c.Start.Equal(d.Start) {
		return d.Start.Compare(c.Start)
	}
	if c.Conversation != d.Conversation {
		return cmp.Compare(c.Conversation, d.Conversation)
	}
	return cmp.Or(
		c.Start.Compare(d.Start), c.End.Compare(d.End),
		cmp.Compare(c.Agent, d.Agent), cmp.Compare(c.Channel, d.Channel),
	)
}

// measure orders by numbers: the fewest stars first, or the most reopenings or replies;
// then the longest in hours of service, then the longest around the clock.
func (c *Exhibit) measure(d *Exhibit) int {
	switch {
	case c.Number != d.Number && c.Kind == ExhibitRating:
		return cmp.Compare(c.Number, d.Number)
	case c.Number != d.Number:
		return cmp.Compare(d.Number, c.Number)
	case c.InHours != d.InHours:
		return cmp.Compare(d.InHours, c.InHours)
	}
	return cmp.Compare(d.Elapsed, c.Elapsed)
}

// keep copies the names, so that they do not keep a log in memory.
func (c *Exhibit) keep() {
	c.Conversation = ConversationID(strings.Clone(string(c.Conversation)))
	c.Channel = Channel(strings.Clone(string(c.Channel)))
	c.Agent = AgentID(strings.Clone(string(c.Agent)))
}

// ExhibitKind says what an [Exhibit] is an exhibit of. There is a kind for each figure of
// [Figures] whose conversations can be named, with as many exhibits as the figure counts,
// and a kind for each reason why a conversation has no wait. Sums by reason or activity
// and requests for ratings have none, and short abandoned waits are among the abandoned.
// The zero value is ExhibitFirstResponse.
type ExhibitKind uint8

const (
	ExhibitFirstResponse   ExhibitKind = iota // the first response; the slowest first, as with all times
	ExhibitResponse                           // every answered wait, including the first
	ExhibitNextResponse                       // every answered wait after the first
	ExhibitFirstResolution                    // the first cycle, resolved
	ExhibitFullResolution                     // up to the last Resolved
	ExhibitActive                             // the sum of the cycles
	ExhibitStillWaiting                       // an open wait, with its age
	ExhibitBacklog                            // an open conversation, with its age: its full resolution, if it were resolved now
	ExhibitReopened                           // a conversation that was reopened; the most often first
	ExhibitReplies                            // a conversation that is resolved now; the most replies first, and one-touch last
	ExhibitRating                             // a rating; the fewest stars first
	ExhibitHandleTime                         // a conversation that an agent handled, with its handle time

	ExhibitAnsweredByAssistant  // a wait that an assistant answered
	ExhibitAnsweredByAutomation // a wait that automation ended
	ExhibitClosedUnanswered     // a wait that ended with Resolved
	ExhibitAbandoned            // a wait that the customer gave up
	ExhibitMoved                // a wait that ended with Merged
	ExhibitNoWait               // a conversation in which nobody waited, because the customer did not write
	ExhibitTeamFirst            // a conversation that [Rules.ExcludeTeamFirst] leaves out
	ExhibitDiscarded            // a conversation that was discarded
	ExhibitNotYet               // a conversation whose first event is after the instant of the reading
)

const exhibitKinds = int(ExhibitNotYet) + 1

var exhibitNames = text.NewEnum[ExhibitKind](errors.New("metrics: no such kind of exhibit"),
	"first_response", "response", "next_response", "first_resolution", "full_resolution", "active",
	"still_waiting", "backlog", "reopened", "replies_to_resolve", "rating", "handle_time",
	"answered_by_assistant", "answered_by_automation", "closed_unanswered", "abandoned", "moved", "no_wait", "team_first", "discarded", "not_yet",
)

// String returns the name of the kind, such as "closed_unanswered".
func (k ExhibitKind) String() string { return exhibitNames.Name(k) }

// AppendText implements [encoding.TextAppender].
func (k ExhibitKind) AppendText(b []byte) ([]byte, error) { return exhibitNames.Append(b, k) }

// MarshalText implements [encoding.TextMarshaler].
func (k ExhibitKind) MarshalText() ([]byte, error) { return k.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (k *ExhibitKind) UnmarshalText(text []byte) error { return exhibitNames.Parse(k, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (k *ExhibitKind) Scan(src any) error { return exhibitNames.Scan(k, src) }

// Value implements [driver.Valuer] with the text form.
func (k ExhibitKind) Value() (driver.Value, error) { return exhibitNames.Value(k) }
