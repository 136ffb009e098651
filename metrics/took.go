package metrics

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Took is a duration whose form in JSON, CSV and databases is text, such as "1m40s".
type Took time.Duration

// String returns the duration in the form of [time.Duration.String].
func (t Took) String() string { return time.Duration(t).String() }

// AppendText implements [encoding.TextAppender].
func (t Took) AppendText(b []byte) ([]byte, error) { return append(b, t.String()...), nil }

// MarshalText implements [encoding.TextMarshaler].
func (t Took) MarshalText() ([]byte, error) { return t.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler] for the form that
// [time.ParseDuration] reads.
func (t *Took) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%w: took is not a duration such as 1m40s: %q", ErrField, quotable(text))
	}
	*t = Took(d)
	return nil
}

// Scan implements [database/sql.Scanner] for a column of text; NULL and empty text are
// 0.
func (t *Took) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		*t = 0
		return nil
	case string:
		return t.Scan([]byte(src))
	case []byte:
		if len(src) == 0 {
			*t = 0
			return nil
		}
		return t.UnmarshalText(src)
	}
	return fmt.Errorf("%w: took of type %T", ErrField, src)
}

// Value implements [driver.Valuer] with the text form, and NULL for 0.
func (t Took) Value() (driver.Value, error) {
	if t == 0 {
		return nil, nil
	}
	return t.String(), nil
}
