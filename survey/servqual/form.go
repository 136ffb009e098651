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

// Numbers of dimensions and items.
const (
	Dimensions = 5
	Items      = 22
)

// sections are the items of each dimension: from the first to just below the last.
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

func formNames() []string { return []string{"1991", "1988"} }

// String returns the year of the form.
func (f Form) String() string { return enumString(formNames(), "Form", uint8(f)) }

// AppendText implements [encoding.TextAppender].
func (f Form) AppendText(b []byte) ([]byte, error) {
	return enumAppend(b, formNames(), "form", uint8(f))
}

// MarshalText implements [encoding.TextMarshaler].
func (f Form) MarshalText() ([]byte, error) { return f.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (f *Form) UnmarshalText(text []byte) error {
	v, err := enumParse(formNames(), "form", text)
	if err == nil {
		*f = Form(v)
	}
	return err
}

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
