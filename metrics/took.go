package metrics

import (
	"database/sql/driver"
	"fmt"
	"strings"
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
// [time.ParseDuration] reads, and for hours, minutes and seconds such as "00:01:40.5", as
// databases print them.
func (t *Took) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(withUnits(string(text)))
	if err != nil {
		return fmt.Errorf("%w: took is not a duration such as 1m40s: %q", ErrField, quotable(text))
	}
	*t = Took(d)
	return nil
}

// withUnits returns hours, minutes and seconds between colons with their units instead, and
// any other text as it is.
func withUnits(text string) string {
	parts := strings.SplitN(text, ":", 4)
	if len(parts) != 3 {
		return text
	}
	hours, minutes := parts[0], parts[1]
	seconds, fraction, _ := strings.Cut(parts[2], ".")
	if !isNumber(hours+fraction) || !isSixtieth(minutes) || !isSixtieth(seconds) {
		return text
	}
	return hours + "h" + minutes + "m" + parts[2] + "s"
}

// isSixtieth reports whether a text is 00 to 59.
func isSixtieth(text string) bool { return len(text) == 2 && isNumber(text) && text < "60" }

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
