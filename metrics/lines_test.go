package metrics_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// TestNumbersEndWithSpace has numbers with all that JSON allows after them.
func TestNumbersEndWithSpace(t *testing.T) {
	for _, space := range []string{"", " ", "\t", "\r", "\n", "\n  ", " \t"} {
		for _, last := range []string{"", `,"channel":"email"`} {
			in := `{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":5` + space + last + `}`
			var r metrics.Record
			if err := json.Unmarshal([]byte(in), &r); err != nil || r.Stars != rating.Stars(5) {
				t.Errorf("%q: %v, %d stars", in, err, r.Stars)
			}
		}
	}
	for _, number := range []string{"-00", "-", "00", "-01"} {
		in := `{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","stars":` + number + `}`
		if e, errs := decoded(metrics.DecodeJSONLines(strings.NewReader(in))); len(errs) != 1 || !errors.Is(errs[0], metrics.ErrField) {
			t.Errorf("%s is no number in JSON: %v, %v", number, e, errs)
		}
	}
}

// failOnce fails once, between two halves.
type failOnce struct {
	parts  []string
	failed bool
}

var errOnce = errors.New("cable cut")

func (r *failOnce) Read(b []byte) (int, error) {
	switch {
	case len(r.parts) == 0:
		return 0, io.EOF
	case len(r.parts) == 1 && !r.failed:
		r.failed = true
		return 0, errOnce
	}
	n := copy(b, r.parts[0])
	if r.parts[0] = r.parts[0][n:]; r.parts[0] == "" {
		r.parts = r.parts[1:]
	}
	return n, nil
}

// TestReadErrorInALine has a source that fails in the middle of a line, and
// would go on if it were asked again.
func TestReadErrorInALine(t *testing.T) {
	whole := goodLine("a") + "\n" + goodLine("b") + "\n" + goodLine("c") + "\n"
	long := goodLine("a") + "\n" + goodLine(strings.Repeat("x", 1<<18)) + "\n" + goodLine("c") + "\n"
	for _, in := range []string{whole, long} {
		for _, cut := range []int{len(goodLine("a")) + 10, len(in) - len(goodLine("c")) - 10} {
			events, errs := decoded(metrics.DecodeJSONLines(&failOnce{parts: []string{in[:cut], in[cut:]}}))
			n := len(errs)
			if n == 0 || !errors.Is(errs[n-1], errOnce) {
				t.Errorf("cut at %d of %d: the error of reading is lost: %d events, %.300v", cut, len(in), len(events), errs)
			}
			if len(events) == 0 || len(events) > 2 {
				t.Errorf("cut at %d of %d: %d events", cut, len(in), len(events))
			}
		}
	}
	_, errs := decoded(metrics.DecodeJSONLines(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(whole)))))
	if n := len(errs); n == 0 || !errors.Is(errs[n-1], iotest.ErrTimeout) {
		t.Errorf("time out: %v", errs)
	}
}

// TestLongestLine has lines of 65,536 bytes, their end included, and longer
// ones.
func TestLongestLine(t *testing.T) {
	of := func(n int) string { return goodLine(strings.Repeat("x", n-len(goodLine("")))) }
	for in, ok := range map[string]bool{
		of(1<<16-1) + "\n": true, of(1 << 16): true, of(1<<16) + "\n": false, of(1<<16 + 1): false,
	} {
		_, errs := decoded(metrics.DecodeJSONLines(strings.NewReader(in)))
		if ok != (len(errs) == 0) || !ok && !errors.Is(errs[0], metrics.ErrLineTooLong) {
			t.Errorf("%d bytes: %d errors", len(in), len(errs))
		}
	}
}

func TestTimesAreRFC3339(t *testing.T) {
	for _, text := range []string{"2026-03-02T9:00:00Z", "2026-03-02T09:00:00,5Z", "2026-03-02T9:00:00.25+01:00"} {
		in := `{"type":"opened","conversation":"7","at":"` + text + `"}`
		if e, errs := decoded(metrics.DecodeJSONLines(strings.NewReader(in))); len(errs) != 1 || !errors.Is(errs[0], metrics.ErrField) {
			t.Errorf("%s: %v, %v", text, e, errs)
		}
	}
}
