package metrics

import (
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/internal/lines"
)

var (
	// ErrKind reports an event without a type, or of a type that this package does
	// not know.
	ErrKind = errors.New("metrics: unknown event type")
	// ErrNoConversation reports an event that does not name its conversation, or a
	// merger that does not name the one into which it goes.
	ErrNoConversation = errors.New("metrics: event without a conversation")
	// ErrNoTime reports an event without an instant: its time is the zero time.
	ErrNoTime = errors.New("metrics: event without a time")
	// ErrTime reports an instant outside the years 1970 to 2261.
	ErrTime = errors.New("metrics: time outside 1970 to 2261")
	// ErrMisplaced reports a field that has no meaning for its kind of event:
	// stars on anything but a rating, into on anything but a merger, took on
	// anything but Handled.
	ErrMisplaced = errors.New("metrics: field does not belong to this type of event")
	// ErrText reports an identifier or a name that is not valid UTF-8 or longer
	// than 65,494 bytes, or an ID and an Event that are so together.
	ErrText = errors.New("metrics: text is not valid UTF-8 or too long")
	// ErrOtherConversation reports an event of another conversation among those
	// of one conversation.
	ErrOtherConversation = errors.New("metrics: event of another conversation")
	// ErrPeriod reports a text that does not name a period.
	ErrPeriod = errors.New("metrics: no such period")
	// ErrFull reports that a log cannot hold an event: it has 2³¹−1 events,
	// conversations, agents, customers, priorities, or events with an ID, Seq, Until,
	// Took or Event; or 65,535 channels, teams, or reasons and activities. Events
	// that need no more of these are still taken.
	ErrFull = errors.New("metrics: event log is full")
	// ErrBinary reports a binary form of a [Summary] or of [Figures] that cannot
	// be read: it was cut, bytes follow it, it has another version, or no durations
	// have such numbers.
	ErrBinary = errors.New("metrics: malformed binary form")

	// ErrLineTooLong reports a line of more than 65,536 bytes.
	ErrLineTooLong = errors.New("metrics: line too long")
	// ErrSyntax reports a line that is not one JSON object, or a row that is not
	// CSV.
	ErrSyntax = errors.New("metrics: malformed")
	// ErrField reports a field that is unknown, given twice, or missing where its
	// kind of event needs it, or whose value has the wrong type or is out of range.
	ErrField = errors.New("metrics: bad field")
	// ErrHeader reports a CSV file whose first line is not a header of the columns
	// of a [Record], or rows that do not have such columns.
	ErrHeader = errors.New("metrics: bad header")

	// ErrOtherTerms reports what may not be added up: histories, figures or sinks of
	// other rules, or of an instant for which the others are not right.
	ErrOtherTerms = errors.New("metrics: read by other terms")
	// ErrTwice reports conversations that were added before.
	ErrTwice = errors.New("metrics: the same conversations again")
)

// EventError says which of several events was refused, and why. The events before
// it were accepted.
type EventError struct {
	Index int   // the position of the event among those given, from 0
	Event Event // the event
	Err   error
}

// Error returns the reason with the position and the event.
func (e *EventError) Error() string {
	return fmt.Sprintf("event %d: %v: %T%+v", e.Index, e.Err, e.Event, e.Event)
}

// Unwrap returns Err.
func (e *EventError) Unwrap() error { return e.Err }

// LineError says which line of an input was refused, and why.
type LineError struct {
	Line int    // the number of the line, from 1
	Text string // the line, cut to 120 bytes
	Err  error
}

// Error returns the reason with the number of the line and the quoted line.
func (e *LineError) Error() string {
	return fmt.Sprintf("line %d: %v: %q", e.Line, e.Err, e.Text)
}

// Unwrap returns Err.
func (e *LineError) Unwrap() error { return e.Err }

// RowError says which row of a database was refused, and why.
type RowError struct {
	Row int // the number of the row, from 1
	// What the row says of its event, each cut to 120 bytes, and empty if it cannot be
	// read: numbers of rows mean little where a query has no order.
	Conversation ConversationID
	ID           EventID
	Err          error
}

// Error returns the reason with the number of the row, the conversation and, if there is
// one, the ID.
func (e *RowError) Error() string {
	text := fmt.Sprintf("row %d: %v: conversation %q", e.Row, e.Err, e.Conversation)
	if e.ID != "" {
		text += fmt.Sprintf(", id %q", e.ID)
	}
	return text
}

// Unwrap returns Err.
func (e *RowError) Unwrap() error { return e.Err }

// quotable cuts text to a length that suits an error message.
func quotable[T string | []byte](text T) T { return lines.Head(text) }
