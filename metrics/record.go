package metrics

import (
	"fmt"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/servicequality/servicequality/rating"
)

// Record is the flat form of an event, with the fields of all kinds side by
// side: a line of JSON, a row of CSV or of a database, which [DecodeRows] reads. Zero values, empty text among
// them, stand for missing fields.
//
// A flat row often repeats the channel, customer, agent, team or priority of its
// conversation. A kind of event that has no use for them ignores them. The other fields
// say what happened: on the wrong kind they are an error.
//
// Instants are written in RFC 3339. They are read from all that RFC 3339 allows,
// such as "2026-03-02t10:00:00.25+01:00", with the second 60 as the first of the next
// minute, and from what databases print, such as "2026-03-02 10:00:00.25+01" by
// PostgreSQL, and "2026-03-02 10:00:00.25 +0100 CET" by SQLite where a driver stored
// Go's form of a [time.Time]. Digits after the ninth of a fraction are cut off. A time that does not
// say how far it is from UTC is an error. MySQL, SQLite, and PostgreSQL for columns
// without a time zone, print such times: let the query add the offset, such as
// concat(at, 'Z') in a MySQL session whose time_zone is '+00:00',
// strftime('%Y-%m-%d %H:%M:%fZ', at) in SQLite, and at AT TIME ZONE 'UTC' in
// PostgreSQL, if the times are those of UTC.
type Record struct {
	Type         Kind           `json:"type"`
	ID           EventID        `json:"id,omitzero"`
	Conversation ConversationID `json:"conversation"`
	At           time.Time      `json:"at"`
	Seq          int64          `json:"seq,omitzero"`
	Channel      Channel        `json:"channel,omitzero"`
	Customer     CustomerID     `json:"customer,omitzero"`
	Agent        AgentID        `json:"agent,omitzero"`
	Team         TeamID         `json:"team,omitzero"`
	By           Actor          `json:"by,omitzero"` // of a reply, a Resolved or a Reopened
	Stars        rating.Stars   `json:"stars,omitzero"`
	Priority     Priority       `json:"priority,omitzero"`
	Into         ConversationID `json:"into,omitzero"`
	For          string         `json:"for,omitzero"`   // the HoldReason of a Paused, the Activity of a Handled
	Until        time.Time      `json:"until,omitzero"` // of a Paused
	Took         Took           `json:"took,omitzero"`  // of a Handled
	Retracts     EventID        `json:"event,omitzero"` // of a Retracted
}

// A field is the number of a field of a Record, in their order.
type field uint8

const (
	typeField field = iota
	idField
	conversationField
	atField
	seqField
	channelField
	customerField
	agentField
	teamField
	byField
	starsField
	priorityField
	intoField
	forField
	untilField
	tookField
	eventField
	noField
)

var columnNames = [...]string{
	"type", "id", "conversation", "at", "seq", "channel", "customer", "agent", "team", "by", "stars", "priority",
	"into", "for", "until", "took", "event",
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
	case teamField:
		return (*string)(&r.Team)
	case priorityField:
		return (*string)(&r.Priority)
	case forField:
		return &r.For
	case eventField:
		return (*string)(&r.Retracts)
	default:
		return (*string)(&r.Into)
	}
}

// Columns returns the names of the fields of a Record in the order of
// [Record.Values]: the header of a CSV file, or the columns of a table. They are the
// names in JSON too.
func Columns() []string { return slices.Clone(columnNames[:]) }

// Values returns the fields in the order of [Columns], as arguments of an
// INSERT.
func (r Record) Values() []any {
	var by, until any
	if r.By != ByPerson {
		by = r.By
	}
	if !r.Until.IsZero() {
		until = r.Until
	}
	return []any{
		r.Type, string(r.ID), string(r.Conversation), r.At, r.Seq, string(r.Channel), string(r.Customer),
		string(r.Agent), string(r.Team), by, int64(r.Stars), string(r.Priority), string(r.Into), r.For, until, r.Took,
		string(r.Retracts),
	}
}

// RecordOf returns the flat form of e. It is the zero Record if e is nil.
func RecordOf(e Event) Record {
	var r Record
	r.set(e)
	return r
}

// set fills r, which must be zero, with the flat form of e.
func (r *Record) set(e Event) {
	switch e := e.(type) {
	case Opened:
		r.known(KindOpened, e.ID, e.Conversation, e.At, e.Seq)
		r.Channel, r.Priority = e.Channel, e.Priority
	case Reopened:
		r.known(KindReopened, e.ID, e.Conversation, e.At, e.Seq)
		r.Agent, r.By = e.Agent, e.By
	case Prioritized:
		r.known(KindPrioritized, e.ID, e.Conversation, e.At, e.Seq)
		r.Priority = e.Priority
	case MessageReceived:
		r.known(KindMessageReceived, e.ID, e.Conversation, e.At, e.Seq)
		r.Channel, r.Customer = e.Channel, e.Customer
	case Assigned:
		r.known(KindAssigned, e.ID, e.Conversation, e.At, e.Seq)
		r.Agent, r.Team = e.Agent, e.Team
	case Paused:
		r.known(KindPaused, e.ID, e.Conversation, e.At, e.Seq)
		r.For, r.Until = string(e.For), e.Until
	case Resumed:
		r.known(KindResumed, e.ID, e.Conversation, e.At, e.Seq)
	case RatingRequested:
		r.known(KindRatingRequested, e.ID, e.Conversation, e.At, e.Seq)
		r.Channel, r.Agent = e.Channel, e.Agent
	case ReplySent:
		r.known(KindReplySent, e.ID, e.Conversation, e.At, e.Seq)
		r.Channel, r.Agent, r.By = e.Channel, e.Agent, e.By
	case Handled:
		r.known(KindHandled, e.ID, e.Conversation, e.At, e.Seq)
		r.Agent, r.Took, r.For = e.Agent, Took(e.Took), string(e.For)
	case RatingGiven:
		r.known(KindRatingGiven, e.ID, e.Conversation, e.At, e.Seq)
		r.Channel, r.Agent, r.Stars = e.Channel, e.Agent, e.Stars
	case Resolved:
		r.known(KindResolved, e.ID, e.Conversation, e.At, e.Seq)
		r.Agent, r.By = e.Agent, e.By
	case Abandoned:
		r.known(KindAbandoned, e.ID, e.Conversation, e.At, e.Seq)
	case Merged:
		r.known(KindMerged, e.ID, e.Conversation, e.At, e.Seq)
		r.Into = e.Into
	case Discarded:
		r.known(KindDiscarded, e.ID, e.Conversation, e.At, e.Seq)
	case Retracted:
		r.known(KindRetracted, e.ID, e.Conversation, e.At, e.Seq)
		r.Retracts = e.Event
	default:
		// A pointer to an event counts as the event.
		if v := reflect.ValueOf(e); v.Kind() == reflect.Pointer && !v.IsNil() {
			r.set(v.Elem().Interface().(Event))
		}
	}
}

// known fills what all events have.
func (r *Record) known(k Kind, id EventID, c ConversationID, at time.Time, seq int64) {
	r.Type, r.ID, r.Conversation, r.At, r.Seq = k, id, c, at, seq
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
		return Opened{r.ID, r.Conversation, r.At, r.Seq, r.Channel, r.Priority}, nil
	case KindReopened:
		return Reopened{r.ID, r.Conversation, r.At, r.Seq, r.Agent, r.By}, nil
	case KindPrioritized:
		return Prioritized{r.ID, r.Conversation, r.At, r.Seq, r.Priority}, nil
	case KindMessageReceived:
		return MessageReceived{r.ID, r.Conversation, r.At, r.Seq, r.Channel, r.Customer}, nil
	case KindAssigned:
		return Assigned{r.ID, r.Conversation, r.At, r.Seq, r.Agent, r.Team}, nil
	case KindPaused:
		return Paused{r.ID, r.Conversation, r.At, r.Seq, HoldReason(r.For), r.Until}, nil
	case KindResumed:
		return Resumed{r.ID, r.Conversation, r.At, r.Seq}, nil
	case KindRatingRequested:
		return RatingRequested{r.ID, r.Conversation, r.At, r.Seq, r.Channel, r.Agent}, nil
	case KindReplySent:
		return ReplySent{r.ID, r.Conversation, r.At, r.Seq, r.Channel, r.Agent, r.By}, nil
	case KindHandled:
		return Handled{r.ID, r.Conversation, r.At, r.Seq, r.Agent, time.Duration(r.Took), Activity(r.For)}, nil
	case KindRatingGiven:
		return RatingGiven{r.ID, r.Conversation, r.At, r.Seq, r.Stars, r.Channel, r.Agent}, nil
	case KindResolved:
		return Resolved{r.ID, r.Conversation, r.At, r.Seq, r.Agent, r.By}, nil
	case KindAbandoned:
		return Abandoned{r.ID, r.Conversation, r.At, r.Seq}, nil
	case KindMerged:
		return Merged{r.ID, r.Conversation, r.At, r.Seq, r.Into}, nil
	case KindDiscarded:
		return Discarded{r.ID, r.Conversation, r.At, r.Seq}, nil
	default:
		return Retracted{r.ID, r.Conversation, r.At, r.Seq, r.Retracts}, nil
	}
}

// Events happen from the Unix epoch to the end of 2261, the last whole year whose
// nanoseconds since the epoch fit in 63 bits.
const (
	firstSecond = 0
	endSecond   = 9214646400 // 2262-01-01T00:00:00Z
)

// maxText is the greatest length of an identifier or name, in bytes. The two of a
// Retracted share a text of the log with what else an event seldom has.
const maxText = 1<<16 - 1 - maxRareHead

// check reports what is wrong with r, without looking at its texts.
func (r *Record) check() error {
	switch {
	case r.Type == 0:
		return errNoKind
	case r.Type > KindRetracted:
		return fmt.Errorf("%w: %d", ErrKind, uint8(r.Type))
	case r.Conversation == "":
		return ErrNoConversation
	case r.At.IsZero():
		return ErrNoTime
	}
	if !inTime(r.At) {
		return fmt.Errorf("%w: %v", ErrTime, r.At)
	}
	if r.Seq|int64(r.Took)|int64(r.Stars)|int64(r.By) == 0 && r.Into == "" && r.For == "" && r.Retracts == "" && r.Until.IsZero() {
		return r.checkRequired() // the usual case
	}
	return r.checkRare()
}

// inTime reports whether an event can have an instant.
func inTime(t time.Time) bool {
	s := t.Unix()
	return s >= firstSecond && s < endSecond
}

// checkRequired reports a field that the kind must have, and r has not.
func (r *Record) checkRequired() error {
	switch r.Type {
	case KindRatingGiven:
		if !r.Stars.Valid() {
			return fmt.Errorf("%w: %d", rating.ErrStars, r.Stars)
		}
	case KindHandled:
		if r.Took <= 0 {
			return fmt.Errorf("%w: took is not above 0: %v", ErrField, r.Took)
		}
	case KindMerged:
		if r.Into == "" {
			return fmt.Errorf("%w: merged into none", ErrNoConversation)
		}
	case KindRetracted:
		if r.Retracts == "" {
			return fmt.Errorf("%w: event is missing, which is retracted", ErrField)
		}
	}
	return nil
}

// checkRare reports a field that does not belong to the kind, or has a value that it
// cannot have.
func (r *Record) checkRare() error {
	misplaced := ""
	switch {
	case r.Seq < 0:
		return fmt.Errorf("%w: seq is below 0: %d", ErrField, r.Seq)
	case r.Stars != 0 && r.Type != KindRatingGiven:
		misplaced = "stars"
	case r.Into != "" && r.Type != KindMerged:
		misplaced = "into"
	case r.By != ByPerson && r.Type != KindReplySent && r.Type != KindResolved && r.Type != KindReopened,
		r.By == ByCustomer && r.Type == KindReplySent:
		misplaced = "by " + r.By.String()
	case r.By > ByAutomation:
		return fmt.Errorf("%w: by is %v", ErrField, r.By)
	case r.For != "" && r.Type != KindPaused && r.Type != KindHandled:
		misplaced = "for"
	case !r.Until.IsZero() && r.Type != KindPaused:
		misplaced = "until"
	case r.Took != 0 && r.Type != KindHandled:
		misplaced = "took"
	case r.Retracts != "" && r.Type != KindRetracted:
		misplaced = "event"
	}
	if misplaced != "" {
		return fmt.Errorf("%w: %s on %v", ErrMisplaced, misplaced, r.Type)
	}
	if !r.Until.IsZero() {
		if !inTime(r.Until) {
			return fmt.Errorf("%w: until %v", ErrTime, r.Until)
		}
		if !r.Until.After(r.At) {
			return fmt.Errorf("%w: until is not after at: %v", ErrField, r.Until)
		}
	}
	return r.checkRequired()
}

// checkTexts reports the first text that a log or a wire form cannot hold.
func (r *Record) checkTexts() error {
	for _, text := range [...]string{
		string(r.ID), string(r.Conversation), string(r.Channel), string(r.Customer),
		string(r.Agent), string(r.Team), string(r.Priority), string(r.Into), r.For, string(r.Retracts),
	} {
		if len(text) > maxText || !utf8.ValidString(text) {
			return fmt.Errorf("%w: %q", ErrText, quotable(text))
		}
	}
	if len(r.ID)+len(r.Retracts) > maxText {
		return fmt.Errorf("%w: id and event together: %q", ErrText, quotable(string(r.Retracts)))
	}
	return nil
}
