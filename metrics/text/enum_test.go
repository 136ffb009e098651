package text_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/metrics/text"
)

type side uint8

const (
	none side = iota
	before
	after
)

var (
	errSide = errors.New("text_test: no such side")
	sides   = text.NewEnum[side](errSide, "", "before", "after")
)

func (s side) String() string                      { return sides.Name(s) }
func (s side) AppendText(b []byte) ([]byte, error) { return sides.Append(b, s) }
func (s side) MarshalText() ([]byte, error)        { return sides.Append(nil, s) }
func (s *side) UnmarshalText(b []byte) error       { return sides.Parse(s, b) }
func (s *side) Scan(src any) error                 { return sides.Scan(s, src) }
func (s side) Value() (driver.Value, error)        { return sides.Value(s) }

var (
	_ encoding.TextAppender    = side(0)
	_ encoding.TextMarshaler   = side(0)
	_ encoding.TextUnmarshaler = (*side)(nil)
	_ sql.Scanner              = (*side)(nil)
	_ driver.Valuer            = side(0)
)

func TestEnum(t *testing.T) {
	for s, name := range map[side]string{none: "", before: "before", after: "after"} {
		got, err := s.AppendText([]byte("> "))
		if err != nil || string(got) != "> "+name || s.String() != name {
			t.Errorf("%d: %q, %q, %v", s, s.String(), got, err)
		}
		value, err := s.Value()
		if err != nil || value != name {
			t.Errorf("%d: value %v, %v", s, value, err)
		}
		for _, src := range []any{name, []byte(name)} {
			back := side(9)
			if err := back.Scan(src); err != nil || back != s {
				t.Errorf("%v read as %v, %v", src, back, err)
			}
		}
	}
	if all := sides.All(); !slices.Equal(all, []side{none, before, after}) {
		t.Errorf("all are %v", all)
	}
	null := after
	if err := null.Scan(nil); err != nil || null != none {
		t.Errorf("NULL read as %v, %v", null, err)
	}
}

func TestEnumUnknown(t *testing.T) {
	if got := side(7).String(); got != "side(7)" {
		t.Errorf("String is %q", got)
	}
	s := after
	value, errValue := side(7).Value()
	b, errAppend := side(7).AppendText([]byte("kept"))
	if value != nil || string(b) != "kept" {
		t.Errorf("value %v, appended %q", value, b)
	}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errAppend, `text_test: no such side: 7`},
		{errValue, `text_test: no such side: 7`},
		{s.UnmarshalText([]byte("After")), `text_test: no such side: "After"`},
		{s.UnmarshalText([]byte(strings.Repeat("x", 121))), `text_test: no such side: "` + strings.Repeat("x", 120) + `"…`},
		{s.Scan("\xff"), `text_test: no such side: "\xff"`},
		{s.Scan(int64(1)), `text_test: no such side: int64 in place of text`},
	} {
		if tt.err == nil || tt.err.Error() != tt.want || !errors.Is(tt.err, errSide) || !errors.Is(tt.err, text.ErrUnknown) {
			t.Errorf("%v, want %s", tt.err, tt.want)
		}
	}
	if s != after {
		t.Errorf("changed to %v by what cannot be read", s)
	}
}

// What a table is made of stays the caller's.
func TestEnumKeepsItsNames(t *testing.T) {
	names := []string{"a", "b"}
	e := text.NewEnum[side](nil, names...)
	names[0] = "c"
	if e.Name(0) != "a" {
		t.Error(e.Name(0))
	}
	var s side
	if err := e.Parse(&s, []byte("c")); err == nil || err.Error() != `text: no such name: "c"` || !errors.Is(err, text.ErrUnknown) {
		t.Error(err)
	}
}

func TestZeroEnum(t *testing.T) {
	var e text.Enum[side]
	var s side
	_, errAppend := e.Append(nil, 0)
	_, errValue := e.Value(0)
	if e.Name(0) != "side(0)" || !errors.Is(errAppend, text.ErrUnknown) || !errors.Is(errValue, text.ErrUnknown) ||
		!errors.Is(e.Parse(&s, nil), text.ErrUnknown) || !errors.Is(e.Scan(&s, "x"), text.ErrUnknown) || e.Scan(&s, nil) != nil {
		t.Error("the zero Enum has a name")
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                       `""`,
		"a \"b\"\n":              `"a \"b\"\n"`,
		strings.Repeat("é", 60):  `"` + strings.Repeat("é", 60) + `"`,
		strings.Repeat("é", 61):  `"` + strings.Repeat("é", 60) + `"…`,
		strings.Repeat("a", 121): `"` + strings.Repeat("a", 120) + `"…`,
	} {
		if got := text.Quote(in); got != want || text.Quote([]byte(in)) != want {
			t.Errorf("%q is quoted %s", in, got)
		}
	}
}

// Names are looked up without an allocation, as a decoder of a million events needs.
func TestEnumAllocations(t *testing.T) {
	name, s := []byte("after"), none
	if n := testing.AllocsPerRun(100, func() {
		if sides.Parse(&s, name) != nil || sides.Name(s) == "" {
			t.Error(s)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
