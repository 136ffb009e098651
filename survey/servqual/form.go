package servqual

import (
	"database/sql/driver"
	"errors"

	"github.com/servicequality/servicequality/metrics/text"
)

// Dimension is one of the five dimensions of service quality, in the order of the
// items.
type Dimension uint8

const (
	Tangibles      Dimension = iota // premises, equipment, appearance: items 1–4
	Reliability                     // doing what was promised, accurately: items 5–9
	Responsiveness                  // helping willingly and promptly: items 10–13
	Assurance                       // knowledge, courtesy, trust: items 14–17
	Empathy                         // care and attention for the individual: items 18–22
)

// Numbers of dimensions and items.
const (
	Dimensions = 5
	Items      = 22
)

// sections are the items of each dimension: from the first to just below the last.
func sections() [Dimensions][2]int {
	return [Dimensions][2]int{{0, 4}, {4, 9}, {9, 13}, {13, 17}, {17, 22}}
}

var dimensionNames = text.NewEnum[Dimension](errors.New("servqual: no such dimension"),
	"tangibles", "reliability", "responsiveness", "assurance", "empathy",
)

// String returns the name of the dimension, such as "reliability".
func (d Dimension) String() string { return dimensionNames.Name(d) }

// AppendText implements [encoding.TextAppender].
func (d Dimension) AppendText(b []byte) ([]byte, error) { return dimensionNames.Append(b, d) }

// MarshalText implements [encoding.TextMarshaler].
func (d Dimension) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (d *Dimension) UnmarshalText(text []byte) error { return dimensionNames.Parse(d, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (d *Dimension) Scan(src any) error { return dimensionNames.Scan(d, src) }

// Value implements [driver.Valuer] with the text form.
func (d Dimension) Value() (driver.Value, error) { return dimensionNames.Value(d) }

// Items returns the numbers of the items of the dimension, from 1 to 22; none if
// there is no such dimension.
func (d Dimension) Items() []int {
	if d >= Dimensions {
		return nil
	}
	s := sections()[d]
	list := make([]int, 0, s[1]-s[0])
	for i := s[0]; i < s[1]; i++ {
		list = append(list, i+1)
	}
	return list
}

// DimensionOf returns the dimension of the item with the given number, and false
// if it is not from 1 to 22.
func DimensionOf(item int) (Dimension, bool) {
	for d, s := range sections() {
		if item > s[0] && item <= s[1] {
			return Dimension(d), true
		}
	}
	return 0, false
}

// Form says which version of the questionnaire was used.
type Form uint8

const (
	Form1991 Form = iota // the refined one: no item is reversed
	Form1988             // the first one: items 10–13 and 18–22 are worded negatively, and their answers mirrored
)

var formNames = text.NewEnum[Form](errors.New("servqual: no such form"), "1991", "1988")

// String returns the year of the form.
func (f Form) String() string { return formNames.Name(f) }

// AppendText implements [encoding.TextAppender].
func (f Form) AppendText(b []byte) ([]byte, error) { return formNames.Append(b, f) }

// MarshalText implements [encoding.TextMarshaler].
func (f Form) MarshalText() ([]byte, error) { return f.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (f *Form) UnmarshalText(text []byte) error { return formNames.Parse(f, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (f *Form) Scan(src any) error { return formNames.Scan(f, src) }

// Value implements [driver.Valuer] with the text form.
func (f Form) Value() (driver.Value, error) { return formNames.Value(f) }

// Reversed reports whether the item with the given number is worded negatively in
// the form, in expectations and perceptions alike, so that its answers are mirrored
// (8 − x on 1 to 7).
func (f Form) Reversed(item int) bool {
	d, ok := DimensionOf(item)
	return ok && f == Form1988 && (d == Responsiveness || d == Empathy)
}

// PublishedImportance returns the average importance points of the dimensions that
// the authors found, which add up to 100: tangibles 11, reliability 32,
// responsiveness 22, assurance 19, empathy 16 (Zeithaml, Parasuraman & Berry 1990,
// Delivering Quality Service). They are for comparison; ask one's own customers.
func PublishedImportance() [Dimensions]float64 { return [Dimensions]float64{11, 32, 22, 19, 16} }
