package standards

import "fmt"

// The enums of this package are small numbers with a table of names. These
// helpers hold what their text methods have in common.

func enumString(names []string, typ string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("%s(%d)", typ, v)
}

func enumAppend(b []byte, names []string, unknown error, v uint8) ([]byte, error) {
	if int(v) >= len(names) {
		return b, fmt.Errorf("%w: %d", unknown, v)
	}
	return append(b, names[v]...), nil
}

func enumParse(names []string, unknown error, text []byte) (uint8, error) {
	for i, name := range names {
		if name == string(text) {
			return uint8(i), nil
		}
	}
	return 0, fmt.Errorf("%w: %q", unknown, quotable(text))
}

// quotable cuts text to a length that fits in an error message.
func quotable[T string | []byte](text T) T {
	const limit = 120
	if len(text) > limit {
		return text[:limit]
	}
	return text
}
