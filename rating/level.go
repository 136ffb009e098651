package rating

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/text"
)

// Level is one of five levels of service, by what it is to the customer
// (Kaufman 2012, Uplifting Service, without the lowest of his six). The zero
// value is below them all. A [Ladder] says which one a desk holds.
type Level uint8

const (
	Basic        Level = iota + 1 // the bare minimum
	Expected                      // what is usual
	Desired                       // what customers hope for
	Surprising                    // more than they hoped for
	Unbelievable                  // what they tell others about
)

var levelNames = text.NewEnum[Level](errors.New("rating: no such level"),
	"", "basic", "expected", "desired", "surprising", "unbelievable",
)

var levels = [...]struct{ name, meaning string }{
	{},
	{"Basic", "Customers get the minimum, late or incomplete at times."},
	{"Expected", "Customers get what is usual everywhere, and nothing memorable."},
	{"Desired", "Customers get what they hope for, in the way that suits them."},
	{"Surprising", "Customers get more than they asked for, and notice it."},
	{"Unbelievable", "Customers get what they did not think possible, and tell others."},
}

// String returns the name for people, such as "Expected"; it is empty for the
// zero value.
func (l Level) String() string {
	if int(l) < len(levels) {
		return levels[l].name
	}
	return fmt.Sprintf("Level(%d)", uint8(l))
}

// Meaning says in a sentence what the level is to customers. It is empty for
// the zero value.
func (l Level) Meaning() string {
	if int(l) < len(levels) {
		return levels[l].meaning
	}
	return ""
}

// AppendText implements [encoding.TextAppender]: "basic", "expected", "desired",
// "surprising", "unbelievable", or nothing for the zero value.
func (l Level) AppendText(b []byte) ([]byte, error) { return levelNames.Append(b, l) }

// MarshalText implements [encoding.TextMarshaler].
func (l Level) MarshalText() ([]byte, error) { return l.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (l *Level) UnmarshalText(text []byte) error { return levelNames.Parse(l, text) }

// Scan implements [sql.Scanner] for the text form; NULL is the zero value.
func (l *Level) Scan(src any) error { return levelNames.Scan(l, src) }

// Value implements [driver.Valuer] with the text form.
func (l Level) Value() (driver.Value, error) { return levelNames.Value(l) }
