package rating

import (
	"fmt"
	"slices"
)

// The enums of this package are small numbers with a table of names. These
// helpers hold what their text and database methods have in common.

func enumString(names []string, typ string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return fmt.Sprintf("%s(%d)", typ, v)
}

func enumAppend(b []byte, names []string, typ string, v uint8) ([]byte, error) {
	if int(v) >= len(names) {
		return b, fmt.Errorf("rating: no such %s: %d", typ, v)
	}
	return append(b, names[v]...), nil
}

func enumParse(names []string, typ string, text []byte) (uint8, error) {
	i := slices.Index(names, string(text))
	if i < 0 {
		return 0, fmt.Errorf("rating: no such %s: %s", typ, quoted(text))
	}
	return uint8(i), nil
}

// enumScan is enumParse for a column, of which NULL is the zero value.
func enumScan(names []string, typ string, src any) (uint8, error) {
	switch src := src.(type) {
	case nil:
		return 0, nil
	case string:
		return enumParse(names, typ, []byte(src))
	case []byte:
		return enumParse(names, typ, src)
	}
	return 0, fmt.Errorf("rating: %s from %T, want text", typ, src)
}
