package metrics

import (
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/internal/lines"
)

var (
	// ErrNoKind reports a record without a type.
	ErrNoKind = errors.New("metrics: event without a type")
	// ErrKind reports a type of event that this package does not know.
	ErrKind = errors.New("metrics: unknown event type")
	// ErrNoConversation reports an event that names no conversation.
	ErrNoConversation = errors.New("metrics: event without a conversation")
	// ErrNoTime reports an event without an instant: its time is the zero time.
	ErrNoTime = errors.New("metrics: event without a time")
	// ErrTime reports an instant that is not in the years 1970 to 2261.
	ErrTime = errors.New("metrics: time outside 1970 to 2261")
	// ErrMisplaced reports a field that has no meaning for its kind of event:
	// stars on anything but a rating, into on anything but a merger, automated
	// on anything but a reply.
	ErrMisplaced = errors.New("metrics: field does not belong to this type of event")
	// ErrNoInto reports a merger that does not say into which conversation.
	ErrNoInto = errors.New("metrics: merged into no conversation")
	// ErrText reports an identifier or a name that is not valid UTF-8 or longer
	// than 65,535 bytes.
	ErrText = errors.New("metrics: text is not valid UTF-8 or too long")
	// ErrOtherConversation reports an event of another conversation among those
	// of one conversation.
	ErrOtherConversation = errors.New("metrics: event of another conversation")
	// ErrPeriod reports a text that names no period.
	ErrPeriod = errors.New("metrics: no such period")
	// ErrFull reports that a log can hold no more: 2³¹−1 events, conversations,
	// agents, customers or identifiers, or 65,535 channels.
	ErrFull = errors.New("metrics: event log is full")
	// ErrBinary reports a binary form of a [Summary] or of [Figures] that cannot
	// be read: it was cut, bytes follow it, it is of another version, or its
	// numbers cannot be those of any durations.
	ErrBinary = errors.New("metrics: malformed binary form")
)

// EventError says which of several events was refused, and why. What was
// accepted before it is kept.
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

// quotable cuts text to a length that fits in an error message.
func quotable[T string | []byte](text T) T { return lines.Head(text) }
