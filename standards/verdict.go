package standards

import (
	"database/sql/driver"
	"errors"

	"github.com/servicequality/servicequality/metrics/text"
)

// Verdict tells whether a promise was kept. The zero value is Pending.
type Verdict uint8

const (
	Pending  Verdict = iota // not fulfilled, and the deadline has not come
	Met                     // fulfilled at or before the deadline
	Breached                // not fulfilled when the deadline came
	Excluded                // ended before the deadline, neither fulfilled nor broken
)

var verdictNames = text.NewEnum[Verdict](errors.New("standards: no such verdict"), "pending", "met", "breached", "excluded")

// String returns "pending", "met", "breached" or "excluded".
func (v Verdict) String() string { return verdictNames.Name(v) }

// AppendText implements [encoding.TextAppender].
func (v Verdict) AppendText(b []byte) ([]byte, error) { return verdictNames.Append(b, v) }

// MarshalText implements [encoding.TextMarshaler].
func (v Verdict) MarshalText() ([]byte, error) { return v.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that wraps [text.ErrUnknown] and quotes it.
func (v *Verdict) UnmarshalText(text []byte) error { return verdictNames.Parse(v, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (v *Verdict) Scan(src any) error { return verdictNames.Scan(v, src) }

// Value implements [driver.Valuer] with the text form.
func (v Verdict) Value() (driver.Value, error) { return verdictNames.Value(v) }
