package metrics

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// Case is one thing that a figure counts: a response, a resolution, a rating, a
// conversation that was left out.
type Case struct {
	Kind         CaseKind       `json:"kind"`
	Conversation ConversationID `json:"conversation"`
	Channel      Channel        `json:"channel,omitzero"` // as [Facet.Channel] has it
	Agent        AgentID        `json:"agent,omitzero"`   // as [Facet.Agent] has it
	// Start and End are those of the wait or cycle; for a rating, both are its
	// instant. For a conversation as a whole, Start is its first event, or zero if it
	// has none. End is zero if the case has not ended.
	Start time.Time `json:"start,omitzero"`
	End   time.Time `json:"end,omitzero"`
	// Elapsed is how long it took around the clock, less the pauses that stop it; for
	// a case that is open, its age. It is 0 if the kind does not measure time.
	Elapsed time.Duration `json:"elapsed_ns"`
	// InHours is the same in the hours of service of [Rules.Calendar], and 0
	// without one.
	InHours time.Duration `json:"in_hours_ns,omitzero"`
	// Number is the stars of a [CaseRating], the reopenings of a [CaseReopened], and
	// the replies of a [CaseReplies]; otherwise 0.
	Number int64 `json:"number,omitzero"`
}

// compare orders the cases of a kind, the worst first; ties are broken by name.
func (c *Case) compare(d *Case) int {
	if order := c.measure(d); order != 0 {
		return order
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
func (c *Case) measure(d *Case) int {
	switch {
	case c.Number != d.Number && c.Kind == CaseRating:
		return cmp.Compare(c.Number, d.Number)
	case c.Number != d.Number:
		return cmp.Compare(d.Number, c.Number)
	case c.InHours != d.InHours:
		return cmp.Compare(d.InHours, c.InHours)
	}
	return cmp.Compare(d.Elapsed, c.Elapsed)
}

// keep copies the names, so that they do not keep a log in memory.
func (c *Case) keep() {
	c.Conversation = ConversationID(strings.Clone(string(c.Conversation)))
	c.Channel = Channel(strings.Clone(string(c.Channel)))
	c.Agent = AgentID(strings.Clone(string(c.Agent)))
}

// CaseKind says what a [Case] is a case of. There is a kind for each figure of
// [Figures] whose conversations can be named, with as many cases as the figure counts,
// and a kind for each reason why a conversation has no wait. The zero value is
// CaseFirstResponse.
type CaseKind uint8

const (
	CaseFirstResponse   CaseKind = iota // the first response; the slowest first, as with all times
	CaseResponse                        // every answered wait, including the first
	CaseNextResponse                    // every answered wait after the first
	CaseFirstResolution                 // the first cycle, resolved
	CaseFullResolution                  // up to the last Resolved
	CaseActive                          // the sum of the cycles
	CaseStillWaiting                    // an open wait, with its age
	CaseBacklog                         // an open conversation, with its age: its full resolution, if it were resolved now
	CaseReopened                        // a conversation that was reopened; the most often first
	CaseReplies                         // a conversation that is resolved now; the most replies first, and one-touch last
	CaseRating                          // a rating; the fewest stars first

	CaseAnsweredByAssistant  // a wait that an assistant answered
	CaseAnsweredByAutomation // a wait that automation ended
	CaseClosedUnanswered     // a wait that ended with Resolved
	CaseAbandoned            // a wait that the customer gave up
	CaseMoved                // a wait that ended with Merged
	CaseNoWait               // a conversation in which nobody waited, because the customer did not write
	CaseTeamFirst            // a conversation that [Rules.ExcludeTeamFirst] leaves out
	CaseDiscarded            // a conversation that was discarded
	CaseNotYet               // a conversation whose first event is after the instant of the reading
)

const caseKinds = int(CaseNotYet) + 1

var caseNames = text.NewEnum[CaseKind](errors.New("metrics: no such kind of case"),
	"first_response", "response", "next_response", "first_resolution", "full_resolution", "active",
	"still_waiting", "backlog", "reopened", "replies_to_resolve", "rating",
	"answered_by_assistant", "answered_by_automation", "closed_unanswered", "abandoned", "moved", "no_wait", "team_first", "discarded", "not_yet",
)

// String returns the name of the kind, such as "closed_unanswered".
func (k CaseKind) String() string { return caseNames.Name(k) }

// AppendText implements [encoding.TextAppender].
func (k CaseKind) AppendText(b []byte) ([]byte, error) { return caseNames.Append(b, k) }

// MarshalText implements [encoding.TextMarshaler].
func (k CaseKind) MarshalText() ([]byte, error) { return k.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (k *CaseKind) UnmarshalText(text []byte) error { return caseNames.Parse(k, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (k *CaseKind) Scan(src any) error { return caseNames.Scan(k, src) }

// Value implements [driver.Valuer] with the text form.
func (k CaseKind) Value() (driver.Value, error) { return caseNames.Value(k) }
