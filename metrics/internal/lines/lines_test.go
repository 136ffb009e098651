package lines_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/internal/lines"
)

// A line is what a Reader gives.
type line struct {
	number int
	text   string
	err    error
}

// read reads all lines.
func read(t *testing.T, r io.Reader) (all []line) {
	t.Helper()
	in := lines.NewReader(r)
	for {
		text, err := in.Next()
		if err == io.EOF {
			if text, again := in.Next(); again != io.EOF || text != nil {
				t.Errorf("after the end: %q, %v", text, again)
			}
			return all
		}
		all = append(all, line{in.Number(), string(text), err})
	}
}

// plain is what a Reader gives for data, by cutting it all at once.
func plain(data []byte) (all []line) {
	for i, text := range bytes.SplitAfter(data, []byte("\n")) {
		if len(text) > lines.MaxLine {
			all = append(all, line{i + 1, string(text[:120]), lines.ErrTooLong})
			continue
		}
		if i == 0 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		text = bytes.TrimRight(text, "\r\n")
		switch {
		case len(bytes.TrimSpace(text)) == 0:
		case !utf8.Valid(text):
			all = append(all, line{i + 1, string(text), lines.ErrEncoding})
		default:
			all = append(all, line{i + 1, string(text), nil})
		}
	}
	return all
}

func check(t *testing.T, data []byte) {
	t.Helper()
	want := plain(data)
	for name, r := range map[string]io.Reader{
		"whole": bytes.NewReader(data), "halves": iotest.HalfReader(bytes.NewReader(data)), "end with data": iotest.DataErrReader(bytes.NewReader(data)),
	} {
		if got := read(t, r); !slices.Equal(got, want) {
			t.Fatalf("%s: %d lines, want %d: %.300v, want %.300v", name, len(got), len(want), got, want)
		}
	}
}

func TestLines(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, in := range []string{
		"", "\n", "a", "a\n", "a\r\n\n \t\n b \r\r\n\nc", "\ufeffa\n\ufeffb", "\ufeff", "\ufeff\n", "\xff\na\n\xc3", "\xef\xbb\na",
		long(lines.MaxLine-1) + "\na", long(lines.MaxLine) + "\na", long(lines.MaxLine), long(lines.MaxLine + 1), long(lines.MaxLine+1) + "\na",
		long(5*lines.MaxLine) + "\n" + long(3*lines.MaxLine), "a\n" + long(lines.MaxLine-1) + "\r\nb", long(lines.MaxLine-2) + "\r\nb",
		"\xff" + long(lines.MaxLine+5) + "\n\xff",
	} {
		check(t, []byte(in))
	}
}

var errCable = errors.New("cable cut")

// TestSourceFails gives no part of a line that was cut off, and no line twice.
func TestSourceFails(t *testing.T) {
	in := lines.NewReader(io.MultiReader(strings.NewReader("a\nb\nhalf"), iotest.ErrReader(errCable)))
	for _, want := range []string{"a", "b"} {
		if text, err := in.Next(); string(text) != want || err != nil {
			t.Errorf("%q, %v, want %q", text, err, want)
		}
	}
	for range 2 {
		if text, err := in.Next(); text != nil || !errors.Is(err, errCable) || err.Error() != "reading after line 2: cable cut" {
			t.Errorf("%q, %v", text, err)
		}
	}
}

func TestHead(t *testing.T) {
	for n, want := range map[int]int{0: 0, 119: 119, 120: 120, 121: 120, 1000: 120} {
		if got := len(lines.Head(strings.Repeat("x", n))); got != want {
			t.Errorf("the head of %d bytes has %d, want %d", n, got, want)
		}
	}
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("\ufeffa\r\n\n\xff\nb"))
	f.Fuzz(check)
}
