package servqual

import "fmt"

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

func dimensionNames() []string {
	return []string{"tangibles", "reliability", "responsiveness", "assurance", "empathy"}
}

// String returns the name of the dimension, such as "reliability".
func (d Dimension) String() string { return enumString(dimensionNames(), "Dimension", uint8(d)) }

// AppendText implements [encoding.TextAppender].
func (d Dimension) AppendText(b []byte) ([]byte, error) {
	return enumAppend(b, dimensionNames(), "dimension", uint8(d))
}

// MarshalText implements [encoding.TextMarshaler].
func (d Dimension) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (d *Dimension) UnmarshalText(text []byte) error {
	v, err := enumParse(dimensionNames(), "dimension", text)
	if err == nil {
		*d = Dimension(v)
	}
	return err
}

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
	for d, s := range sections() {
		if item <= s[1] {
			return Dimension(d)
		}
	}
	return Dimensions
}

func enumString(names []string, typ string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("%s(%d)", typ, v)
}

func enumAppend(b []byte, names []string, typ string, v uint8) ([]byte, error) {
	if int(v) >= len(names) {
		return b, fmt.Errorf("servqual: no such %s: %d", typ, v)
	}
	return append(b, names[v]...), nil
}

func enumParse(names []string, typ string, text []byte) (uint8, error) {
	for i, name := range names {
		if name == string(text) {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("servqual: no such %s: %.120q", typ, text)
}
