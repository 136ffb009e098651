package metrics

import (
	"database/sql/driver"
	"fmt"
)

// Kind tells which event a [Record] holds. The constants are in the order in
// which events of one instant count: a conversation is reopened before the
// message that came with it, and a reply ends a wait before the conversation is
// resolved. The zero value is no kind.
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

var kindNames = []string{
	"", "opened", "reopened", "message_received", "assigned", "paused", "resumed",
	"rating_requested", "reply_sent", "rating_given", "resolved", "merged", "discarded",
}

// String returns the name of the kind on the wire, such as "reply_sent".
func (k Kind) String() string { return enumString(kindNames, "Kind", uint8(k)) }

// AppendText implements [encoding.TextAppender].
func (k Kind) AppendText(b []byte) ([]byte, error) {
	return enumAppend(b, kindNames, "event type", uint8(k))
}

// MarshalText implements [encoding.TextMarshaler].
func (k Kind) MarshalText() ([]byte, error) { return k.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that wraps [ErrKind] and quotes it.
func (k *Kind) UnmarshalText(text []byte) error {
	for i, name := range kindNames {
		if i > 0 && name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	if len(text) == 0 {
		return ErrNoKind
	}
	return fmt.Errorf("%w: %q", ErrKind, quotable(text))
}

// Scan implements [database/sql.Scanner] for a column of text. NULL is no kind.
func (k *Kind) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*k = 0
		return nil
	case string:
		return k.UnmarshalText([]byte(v))
	case []byte:
		return k.UnmarshalText(v)
	}
	return fmt.Errorf("%w: %T in place of text", ErrKind, src)
}

// Value implements [database/sql/driver.Valuer]: the name on the wire.
func (k Kind) Value() (driver.Value, error) {
	text, err := k.MarshalText()
	return string(text), err
}
