package csvrow_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/metrics/internal/csvrow"
)

// check parses a line before and after a good one, and compares it with a reader
// that has nothing but the line.
func check(t *testing.T, rows *csvrow.Parser, line string) {
	t.Helper()
	want, wantErr := csv.NewReader(strings.NewReader(line)).Read()
	got, err := rows.Row([]byte(line))
	if (err == nil) != (wantErr == nil) || !slices.Equal(got, want) && err == nil {
		t.Fatalf("%q is %q, %v, want %q, %v", line, got, err, want, wantErr)
	}
	if got, err := rows.Row([]byte(`a,"b ""c""",`)); err != nil || !slices.Equal(got, []string{"a", `b "c"`, ""}) {
		t.Fatalf("after %q a good line is %q, %v", line, got, err)
	}
}

func TestRows(t *testing.T) {
	rows := csvrow.New()
	for _, line := range []string{
		"", "a", "a,b", `"a,b",c`, `"never closed`, `"a"b`, `a"b`, `""`, `"""`, ",", ",,,,", " a , b ", "ä,\U0001f41e",
		strings.Repeat("x", 70_000) + "," + strings.Repeat(",", 70_000),
	} {
		check(t, rows, line)
	}
	if _, err := rows.Row([]byte(`a"b`)); err == nil || err.Error() != `bare " in non-quoted-field` {
		t.Errorf("the reason is %v", err)
	}
}

func FuzzRows(f *testing.F) {
	f.Add(`a,"b ""c""",`)
	f.Fuzz(func(t *testing.T, line string) {
		if !strings.ContainsAny(line, "\r\n") {
			check(t, csvrow.New(), line)
		}
	})
}
