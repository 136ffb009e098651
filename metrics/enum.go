package metrics

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/internal/lines"
)

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
		return b, fmt.Errorf("metrics: no such %s: %d", typ, v)
	}
	return append(b, names[v]...), nil
}

func enumParse(names []string, typ string, text []byte) (uint8, error) {
	for i, name := range names {
		if name == string(text) {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("metrics: no such %s: %q", typ, quotable(text))
}

// quotable cuts text to a length that fits in an error message.
func quotable[T string | []byte](text T) T { return lines.Head(text) }
