package compare

import "fmt"

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

var kindNames = []string{"unknown", "quantile", "mean", "share", "rate", "count"}

// String returns the name of the kind, such as "share".
func (k Kind) String() string { return enumString(kindNames, "Kind", uint8(k)) }

// AppendText implements [encoding.TextAppender].
func (k Kind) AppendText(b []byte) ([]byte, error) {
	return enumAppend(b, kindNames, "kind", uint8(k))
}

// MarshalText implements [encoding.TextMarshaler].
func (k Kind) MarshalText() ([]byte, error) { return k.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *Kind) UnmarshalText(text []byte) error {
	v, err := enumParse(kindNames, "kind", text)
	if err == nil {
		*k = Kind(v)
	}
	return err
}

// Direction says which way an [Index] should go.
type Direction uint8

const (
	Neither Direction = iota
	HigherIsBetter
	LowerIsBetter
)

var directionNames = []string{"neither", "higher_is_better", "lower_is_better"}

// String returns the name of the direction, such as "lower_is_better".
func (d Direction) String() string { return enumString(directionNames, "Direction", uint8(d)) }

// AppendText implements [encoding.TextAppender].
func (d Direction) AppendText(b []byte) ([]byte, error) {
	return enumAppend(b, directionNames, "direction", uint8(d))
}

// MarshalText implements [encoding.TextMarshaler].
func (d Direction) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Direction) UnmarshalText(text []byte) error {
	v, err := enumParse(directionNames, "direction", text)
	if err == nil {
		*d = Direction(v)
	}
	return err
}

// The enums of this package are small numbers with a table of names. These
// helpers hold what their text methods have in common.

func enumString(names []string, typ string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("%s(%d)", typ, v)
}

func enumAppend(b []byte, names []string, typ string, v uint8) ([]byte, error) {
	if int(v) >= len(names) {
		return b, fmt.Errorf("compare: no such %s: %d", typ, v)
	}
	return append(b, names[v]...), nil
}

func enumParse(names []string, typ string, text []byte) (uint8, error) {
	for i, name := range names {
		if name == string(text) {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("compare: no such %s: %q", typ, quotable(text))
}

// quotable cuts text to a length that fits in an error message.
func quotable(text []byte) []byte {
	const limit = 120
	return text[:min(len(text), limit)]
}
