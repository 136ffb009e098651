package metrics

import (
	"database/sql/driver"
	"fmt"

	"github.com/servicequality/servicequality/metrics/text"
)

// Kind says which event a [Record] holds. The zero value is not a kind.
//
// The constants are in the order that matters at one instant. Events count in the order
// of their instants, then of Seq. Among those that are equal in both, the next one is,
// again and again, the first in the order of kinds that is not idle. An event is idle if
// it says what is so already: Opened when there is a record and the priority is the same, Reopened of what is open,
// Paused while on hold, Resumed while not, Resolved, Abandoned or Merged of what is
// closed, an Assigned or Prioritized to what is; and a message of a customer who waits,
// while a reply by a person or an assistant is still to come. Nothing else is idle. What
// is idle to the end follows in the order of kinds.
//
// So the same events have the same order, however they came. Where the times of a source
// are rounded to seconds or minutes, message and reply, message and Resolved, message and
// Merged, Paused and Resolved, and two assignments remain ambiguous at one instant: only
// Seq settles them.
type Kind uint8

const (
	KindOpened Kind = iota + 1
	KindReopened
	KindPrioritized
	KindMessageReceived
	KindAssigned
	KindPaused
	KindResumed
	KindRatingRequested
	KindReplySent
	KindHandled
	KindRatingGiven
	KindResolved
	KindAbandoned
	KindMerged
	KindDiscarded
	KindRetracted
)

// errNoKind is the error of an event without a type.
var errNoKind = fmt.Errorf("%w: none", ErrKind)

var kindNames = text.NewEnum[Kind](ErrKind,
	"", "opened", "reopened", "prioritized", "message_received", "assigned", "paused", "resumed",
	"rating_requested", "reply_sent", "handled", "rating_given", "resolved", "abandoned", "merged", "discarded",
	"retracted",
)

// String returns the name of the kind on the wire, such as "reply_sent".
func (k Kind) String() string { return kindNames.Name(k) }

// AppendText implements [encoding.TextAppender].
func (k Kind) AppendText(b []byte) ([]byte, error) { return kindNames.Append(b, k) }

// MarshalText implements [encoding.TextMarshaler].
func (k Kind) MarshalText() ([]byte, error) { return k.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that wraps [ErrKind] and quotes it.
func (k *Kind) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errNoKind
	}
	return kindNames.Parse(k, text)
}

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (k *Kind) Scan(src any) error {
	var read Kind
	err := kindNames.Scan(&read, src)
	switch {
	case err != nil:
		return err
	case read == 0 && src != nil:
		return errNoKind
	}
	*k = read
	return nil
}

// Value implements [driver.Valuer] with the text form.
func (k Kind) Value() (driver.Value, error) { return kindNames.Value(k) }
