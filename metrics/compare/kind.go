package compare

import (
	"database/sql/driver"
	"errors"

	"github.com/servicequality/servicequality/metrics/text"
)

// Kind is what sort of number an [Index] is. It decides how the index is
// estimated, and how two values are compared.
type Kind uint8

const (
	Unknown  Kind = iota // no index
	Quantile             // of durations
	Mean                 // of durations or stars
	Share                // a count of another that holds it
	Rate                 // a count for each of another
	Count
)

var kindNames = text.NewEnum[Kind](errors.New("compare: no such kind"),
	"unknown", "quantile", "mean", "share", "rate", "count",
)

// String returns the name of the kind, such as "share".
func (k Kind) String() string { return kindNames.Name(k) }

// AppendText implements [encoding.TextAppender].
func (k Kind) AppendText(b []byte) ([]byte, error) { return kindNames.Append(b, k) }

// MarshalText implements [encoding.TextMarshaler].
func (k Kind) MarshalText() ([]byte, error) { return k.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (k *Kind) UnmarshalText(text []byte) error { return kindNames.Parse(k, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (k *Kind) Scan(src any) error { return kindNames.Scan(k, src) }

// Value implements [driver.Valuer] with the text form.
func (k Kind) Value() (driver.Value, error) { return kindNames.Value(k) }

// Direction says which way an [Index] should go.
type Direction uint8

const (
	Neither Direction = iota
	HigherIsBetter
	LowerIsBetter
)

var directionNames = text.NewEnum[Direction](errors.New("compare: no such direction"),
	"neither", "higher_is_better", "lower_is_better",
)

// String returns the name of the direction, such as "lower_is_better".
func (d Direction) String() string { return directionNames.Name(d) }

// AppendText implements [encoding.TextAppender].
func (d Direction) AppendText(b []byte) ([]byte, error) { return directionNames.Append(b, d) }

// MarshalText implements [encoding.TextMarshaler].
func (d Direction) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (d *Direction) UnmarshalText(text []byte) error { return directionNames.Parse(d, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (d *Direction) Scan(src any) error { return directionNames.Scan(d, src) }

// Value implements [driver.Valuer] with the text form.
func (d Direction) Value() (driver.Value, error) { return directionNames.Value(d) }

// quotable cuts text to a length that fits in an error message.
func quotable(text []byte) []byte {
	const limit = 120
	return text[:min(len(text), limit)]
}
