package metrics

import (
	"database/sql/driver"
	"fmt"

	"github.com/servicequality/servicequality/metrics/text"
)

// Kind says which event a [Record] holds. The constants are in the order in
// which events of one instant count: a conversation is reopened before the
// message that came with it, and a reply ends a wait before the conversation is
// resolved. The zero value is not a kind.
type Kind uint8

const (
	KindOpened Kind = iota + 1
	KindReopened
	KindMessageReceived
	KindAssigned
	KindPaused
	KindResumed
	KindRatingRequested
	KindReplySent
	KindRatingGiven
	KindResolved
	KindMerged
	KindDiscarded
)

// errNoKind is the error of an event without a type.
var errNoKind = fmt.Errorf("%w: none", ErrKind)

var kindNames = text.NewEnum[Kind](ErrKind,
	"", "opened", "reopened", "message_received", "assigned", "paused", "resumed",
	"rating_requested", "reply_sent", "rating_given", "resolved", "merged", "discarded",
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
