package stat

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"testing"
)

// vector is a row of testdata/vectors.json: numbers of other programs and
// published tables, each with its source. A row's id names it in a failure.
type vector struct {
	ID, What, Source string
	Input, Params    json.RawMessage
	Expected         map[string]json.RawMessage
}

// vectors returns the rows about what, of which there must be at least one.
func vectors(t testing.TB, what string) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all, found []vector
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.What == what {
			found = append(found, v)
		}
	}
	if len(found) == 0 {
		t.Fatalf("no vectors about %q", what)
	}
	return found
}

// decode reads input and params into one struct.
func (v vector) decode(t testing.TB, into any) {
	t.Helper()
	for _, raw := range []json.RawMessage{v.Input, v.Params} {
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
	}
}

// number returns an expected number.
func (v vector) number(t testing.TB, key string) float64 {
	t.Helper()
	var f float64
	v.expect(t, key, &f)
	return f
}

// numbers returns expected numbers.
func (v vector) numbers(t testing.TB, key string) []float64 {
	t.Helper()
	var f []float64
	v.expect(t, key, &f)
	return f
}

func (v vector) expect(t testing.TB, key string, into any) {
	t.Helper()
	raw, ok := v.Expected[key]
	if !ok {
		t.Fatalf("%s expects no %q", v.ID, key)
	}
	askedFor.Store(v.ID+" "+key, true)
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s %s: %v", v.ID, key, err)
	}
}

// isNull reports whether the row has no number for key.
func (v vector) isNull(key string) bool {
	raw, ok := v.Expected[key]
	if string(raw) == "null" {
		askedFor.Store(v.ID+" "+key, true)
	}
	return !ok || string(raw) == "null"
}

// vectorTolerance is the relative tolerance of the rows that state no other.
const vectorTolerance = 1e-9

// agree reports whether got is within a relative tolerance of want, or for
// small numbers within the same absolute one.
func agree(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))
}

// agreeRelative is agree without the absolute part.
func agreeRelative(got, want, tolerance float64) bool {
	return got == want || math.Abs(got-want) <= tolerance*math.Abs(want)
}

func wantNumber(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !agree(got, want, tolerance) {
		t.Errorf("%s = %.17g, want %.17g", name, got, want)
	}
}

func wantEnds(t *testing.T, name string, iv Interval, want []float64, tolerance float64) {
	t.Helper()
	if !agree(iv.Low, want[0], tolerance) || !agree(iv.High, want[1], tolerance) {
		t.Errorf("%s = [%.17g, %.17g], want %.17g", name, iv.Low, iv.High, want)
	}
}

func wantError(t *testing.T, name string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: error %v, want %v", name, got, want)
	}
}

// wantSound checks what holds for every interval: finite, ordered, inside its
// range, with its estimate, level and method set.
func wantSound(t *testing.T, name string, iv Interval, low, high float64) {
	t.Helper()
	if !isFinite(iv.Estimate) || !(iv.Low >= low) || !(iv.High <= high) || !(iv.Low <= iv.High) || !iv.Contains(iv.Estimate) {
		t.Errorf("%s: unsound %+v", name, iv)
	}
	if !(iv.Level > 0 && iv.Level < 1) || iv.Method == DefaultMethod {
		t.Errorf("%s: no level or method in %+v", name, iv)
	}
}

// must returns v, failing the test on an error.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// badLevels are levels that every interval refuses.
var badLevels = []float64{0, 1, -0.5, 95, 1e-17, math.NaN(), math.Inf(1), math.Inf(-1)}
