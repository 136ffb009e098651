package metrics

import (
	"database/sql"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/servicequality/servicequality/rating"
)

// Record is the flat form of an event, with the fields of all kinds side by
// side: a line of JSON, a row of CSV or of a database. Empty text, a false Automated
// and 0 Stars stand for a missing field.
//
// A flat row often repeats the channel, customer, agent or priority of its
// conversation. A kind of event that has no use for them ignores them. Stars, Into
// and Automated say what happened: on the wrong kind they are an error.
type Record struct {
	Type         Kind           `json:"type"`
	ID           EventID        `json:"id,omitzero"`
	Conversation ConversationID `json:"conversation"`
	At           time.Time      `json:"at"`
	Channel      Channel        `json:"channel,omitzero"`
	Customer     CustomerID     `json:"customer,omitzero"`
	Agent        AgentID        `json:"agent,omitzero"`
	Automated    bool           `json:"automated,omitzero"`
	Stars        rating.Stars   `json:"stars,omitzero"`
	Priority     Priority       `json:"priority,omitzero"`
	Into         ConversationID `json:"into,omitzero"`
}

// A field is the number of a field of a Record, in their order.
type field uint8

const (
	typeField field = iota
	idField
	conversationField
	atField
	channelField
	customerField
	agentField
	automatedField
	starsField
	priorityField
	intoField
	noField
)

var columnNames = [...]string{
	"type", "id", "conversation", "at", "channel", "customer", "agent", "automated", "stars", "priority", "into",
}

// fieldOf returns the field of a name, or noField.
func fieldOf[T string | []byte](name T) field {
	for i := range columnNames {
		if columnNames[i] == string(name) {
			return field(i)
		}
	}
	return noField
}

// text returns the place of a field of text.
func (r *Record) text(f field) *string {
	switch f {
	case idField:
		return (*string)(&r.ID)
	case conversationField:
		return (*string)(&r.Conversation)
	case channelField:
		return (*string)(&r.Channel)
	case customerField:
		return (*string)(&r.Customer)
	case agentField:
		return (*string)(&r.Agent)
	case priorityField:
		return (*string)(&r.Priority)
	default:
		return (*string)(&r.Into)
	}
}

// Columns returns the names of the fields of a Record in the order of
// [Record.Values] and [Record.Destinations]: the header of a CSV file, or the
// columns of a table. They are the names in JSON too.
func Columns() []string { return slices.Clone(columnNames[:]) }

// Values returns the fields in the order of [Columns], as arguments of an
// INSERT.
func (r Record) Values() []any {
	return []any{
		r.Type, string(r.ID), string(r.Conversation), r.At, string(r.Channel), string(r.Customer),
		string(r.Agent), r.Automated, int64(r.Stars), string(r.Priority), string(r.Into),
	}
}

// Destinations returns pointers to the fields in the order of [Columns], for
// [database/sql.Rows.Scan]. A NULL becomes an empty field.
func (r *Record) Destinations() []any {
	return []any{
		&r.Type, orEmpty[EventID]{&r.ID}, orEmpty[ConversationID]{&r.Conversation}, orEmpty[time.Time]{&r.At},
		orEmpty[Channel]{&r.Channel}, orEmpty[CustomerID]{&r.Customer}, orEmpty[AgentID]{&r.Agent},
		orEmpty[bool]{&r.Automated}, orEmpty[rating.Stars]{&r.Stars}, orEmpty[Priority]{&r.Priority},
		orEmpty[ConversationID]{&r.Into},
	}
}

// orEmpty scans NULL as the zero value.
type orEmpty[T any] struct{ to *T }

func (n orEmpty[T]) Scan(src any) error {
	var null sql.Null[T]
	err := null.Scan(src)
	*n.to = null.V
	return err
}

// RecordOf returns the flat form of e. It is the zero Record if e is nil, or a
// pointer to an event in place of an event.
func RecordOf(e Event) Record {
	var r Record
	r.set(e)
	return r
}

// set fills r, which must be zero, with the flat form of e.
func (r *Record) set(e Event) {
	switch e := e.(type) {
	case Opened:
		r.Type, r.ID, r.Conversation, r.At, r.Channel, r.Priority = KindOpened, e.ID, e.Conversation, e.At, e.Channel, e.Priority
	case Reopened:
		r.Type, r.ID, r.Conversation, r.At, r.Agent = KindReopened, e.ID, e.Conversation, e.At, e.Agent
	case MessageReceived:
		r.Type, r.ID, r.Conversation, r.At, r.Channel, r.Customer = KindMessageReceived, e.ID, e.Conversation, e.At, e.Channel, e.Customer
	case Assigned:
		r.Type, r.ID, r.Conversation, r.At, r.Agent = KindAssigned, e.ID, e.Conversation, e.At, e.Agent
	case Paused:
		r.Type, r.ID, r.Conversation, r.At = KindPaused, e.ID, e.Conversation, e.At
	case Resumed:
		r.Type, r.ID, r.Conversation, r.At = KindResumed, e.ID, e.Conversation, e.At
	case RatingRequested:
		r.Type, r.ID, r.Conversation, r.At, r.Channel, r.Agent = KindRatingRequested, e.ID, e.Conversation, e.At, e.Channel, e.Agent
	case ReplySent:
		r.Type, r.ID, r.Conversation, r.At, r.Channel, r.Agent, r.Automated = KindReplySent, e.ID, e.Conversation, e.At, e.Channel, e.Agent, e.Automated
	case RatingGiven:
		r.Type, r.ID, r.Conversation, r.At, r.Channel, r.Agent, r.Stars = KindRatingGiven, e.ID, e.Conversation, e.At, e.Channel, e.Agent, e.Stars
	case Resolved:
		r.Type, r.ID, r.Conversation, r.At, r.Agent = KindResolved, e.ID, e.Conversation, e.At, e.Agent
	case Merged:
		r.Type, r.ID, r.Conversation, r.At, r.Into = KindMerged, e.ID, e.Conversation, e.At, e.Into
	case Discarded:
		r.Type, r.ID, r.Conversation, r.At = KindDiscarded, e.ID, e.Conversation, e.At
	}
}

// Event checks r and returns the event that it holds. An error wraps a sentinel of
// this package, such as [ErrNoConversation], or [rating.ErrStars].
func (r Record) Event() (Event, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if err := r.checkTexts(); err != nil {
		return nil, err
	}
	switch r.Type {
	case KindOpened:
		return Opened{r.ID, r.Conversation, r.At, r.Channel, r.Priority}, nil
	case KindReopened:
		return Reopened{r.ID, r.Conversation, r.At, r.Agent}, nil
	case KindMessageReceived:
		return MessageReceived{r.ID, r.Conversation, r.At, r.Channel, r.Customer}, nil
	case KindAssigned:
		return Assigned{r.ID, r.Conversation, r.At, r.Agent}, nil
	case KindPaused:
		return Paused{r.ID, r.Conversation, r.At}, nil
	case KindResumed:
		return Resumed{r.ID, r.Conversation, r.At}, nil
	case KindRatingRequested:
		return RatingRequested{r.ID, r.Conversation, r.At, r.Channel, r.Agent}, nil
	case KindReplySent:
		return ReplySent{r.ID, r.Conversation, r.At, r.Channel, r.Agent, r.Automated}, nil
	case KindRatingGiven:
		return RatingGiven{r.ID, r.Conversation, r.At, r.Stars, r.Channel, r.Agent}, nil
	case KindResolved:
		return Resolved{r.ID, r.Conversation, r.At, r.Agent}, nil
	case KindMerged:
		return Merged{r.ID, r.Conversation, r.At, r.Into}, nil
	default:
		return Discarded{r.ID, r.Conversation, r.At}, nil
	}
}

// Events happen from the Unix epoch to the end of 2261, the last whole year whose
// nanoseconds since the epoch fit in 63 bits.
const (
	firstSecond = 0
	endSecond   = 9214646400 // 2262-01-01T00:00:00Z
)

// maxText is the greatest length of an identifier or name, in bytes.
const maxText = 1<<16 - 1

// check reports what is wrong with r, without looking at its texts.
func (r *Record) check() error {
	switch {
	case r.Type == 0:
		return errNoKind
	case r.Type > KindDiscarded:
		return fmt.Errorf("%w: %d", ErrKind, uint8(r.Type))
	case r.Conversation == "":
		return ErrNoConversation
	case r.At.IsZero():
		return ErrNoTime
	}
	if s := r.At.Unix(); s < firstSecond || s >= endSecond {
		return fmt.Errorf("%w: %v", ErrTime, r.At)
	}
	switch {
	case r.Type == KindRatingGiven && !r.Stars.Valid():
		return fmt.Errorf("%w: %d", rating.ErrStars, r.Stars)
	case r.Type != KindRatingGiven && r.Stars != 0:
		return fmt.Errorf("%w: stars on %v", ErrMisplaced, r.Type)
	case r.Type == KindMerged && r.Into == "":
		return fmt.Errorf("%w: merged into none", ErrNoConversation)
	case r.Type != KindMerged && r.Into != "":
		return fmt.Errorf("%w: into on %v", ErrMisplaced, r.Type)
	case r.Type != KindReplySent && r.Automated:
		return fmt.Errorf("%w: automated on %v", ErrMisplaced, r.Type)
	}
	return nil
}

// checkTexts reports the first text that a log or a wire form cannot hold.
func (r *Record) checkTexts() error {
	for _, text := range [...]string{
		string(r.ID), string(r.Conversation), string(r.Channel), string(r.Customer),
		string(r.Agent), string(r.Priority), string(r.Into),
	} {
		if len(text) > maxText || !utf8.ValidString(text) {
			return fmt.Errorf("%w: %q", ErrText, quotable(text))
		}
	}
	return nil
}
