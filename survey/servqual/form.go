package servqual

import (
	"database/sql/driver"
	"errors"
	"slices"

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

// The numbers of dimensions and items.
const (
	Dimensions = 5
	Items      = 22
)

// sections returns the items of each dimension by index, as a half-open range.
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

// Items returns the numbers of the items of the dimension, from 1 to 22, and none if d is
// not one of the constants.
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

// dimensionOf returns the dimension of the item with the given number, 1 to 22.
func dimensionOf(item int) Dimension {
	all := sections()
	return Dimension(slices.IndexFunc(all[:], func(s [2]int) bool { return item <= s[1] }))
}
