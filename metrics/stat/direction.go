package stat

import (
	"database/sql/driver"

	"github.com/servicequality/servicequality/metrics/text"
)

// Direction says which way is better. The zero value is HigherIsBetter.
type Direction uint8

const (
	HigherIsBetter Direction = iota // satisfaction, a share of promises kept
	LowerIsBetter                   // a time to wait, effort, a share reopened
	Neither                         // arrivals, the share of automation
)

var directionNames = text.NewEnum[Direction](ErrValue, "higher_is_better", "lower_is_better", "neither")

// String returns the name of the direction, such as "lower_is_better".
func (d Direction) String() string { return directionNames.Name(d) }

// AppendText implements [encoding.TextAppender]. A number that is no direction is
// ErrValue.
func (d Direction) AppendText(b []byte) ([]byte, error) { return directionNames.Append(b, d) }

// MarshalText implements [encoding.TextMarshaler].
func (d Direction) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is ErrValue.
func (d *Direction) UnmarshalText(text []byte) error { return directionNames.Parse(d, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (d *Direction) Scan(src any) error { return directionNames.Scan(d, src) }

// Value implements [driver.Valuer] with the text form.
func (d Direction) Value() (driver.Value, error) { return directionNames.Value(d) }
