package rating_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"os"
	"reflect"
	"sync"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// drawn is a criterion with its mark.
type drawn struct {
	Section           string
	Weight            int64
	Min, Span, Mark   int
	Applies, AutoFail bool
}

var drawnType = reflect.TypeFor[drawn]()

// scores are those of 0 to 999 of 999, which pass from half on, and auto-fail
// at 0.
var scores = sync.OnceValue(func() (all [1000]rating.ReviewScore) {
	card, err := rating.NewScorecard(dec("50"), rating.Criterion{ID: "a", Weight: dec("1"), Min: 0, Max: 999, AutoFail: true})
	for mark := range all {
		if err == nil {
			all[mark], err = card.Score(rating.Review{Marks: map[string]int{"a": mark}})
		}
	}
	if err != nil {
		panic(err)
	}
	return all
})

func tallied(t testing.TB, marks []int) rating.ReviewTally {
	t.Helper()
	var tally rating.ReviewTally
	for _, m := range marks {
		if err := tally.Add(scores()[m]); err != nil {
			t.Fatal(err)
		}
	}
	return tally
}

func genMarks() gopter.Gen {
	return gen.SliceOf(gen.IntRange(0, 999)).Map(func(marks []int) []int { return marks[:len(marks)%16] })
}

func TestTallyLaws(t *testing.T) {
	properties := laws(t)
	properties.Property("a tally agrees with the slice of scores", prop.ForAll(func(marks []int) bool {
		tally := tallied(t, marks)
		var values []float64
		var passed, failed int64
		sum := new(big.Rat)
		for _, m := range marks {
			// In millionths of a point, rounded half up.
			units := (int64(m)*100_000_000*2 + 999) / (2 * 999)
			values = append(values, float64(units)/1e6)
			sum.Add(sum, big.NewRat(units, 1_000_000))
			if m >= 500 {
				passed++
			}
			if m == 0 {
				failed++
			}
		}
		n := int64(len(marks))
		if tally.N() != n || tally.Passed() != ratio(passed, n) || tally.AutoFailed() != ratio(failed, n) {
			return false
		}
		mean, ok := tally.Mean(8)
		if ok != (n > 0) || ok && mean.StringFixed(8) != sum.Quo(sum, big.NewRat(n, 1)).FloatString(8) {
			return false
		}
		got, err := tally.Interval(0.95)
		sample, _ := stat.Describe(values)
		want, wantErr := sample.Interval(0.95)
		if wantErr != nil {
			return errors.Is(err, stat.ErrNoData) == (n == 0) && errors.Is(err, stat.ErrTooFew) == (n == 1)
		}
		return err == nil && math.Abs(got.Estimate-want.Estimate) < 1e-9 && math.Abs(got.Low-max(0, want.Low)) < 1e-7 && math.Abs(got.High-min(100, want.High)) < 1e-7
	}, genMarks()))
	properties.Property("merging is adding both, in whatever order", prop.ForAll(func(a, b []int) bool {
		x, y := tallied(t, a), tallied(t, b)
		both := tallied(t, append(append([]int{}, a...), b...))
		xy, yx, same := x, y, x
		return xy.Merge(y) == nil && yx.Merge(x) == nil && same.Merge(rating.ReviewTally{}) == nil &&
			xy == both && yx == both && same == x
	}, genMarks(), genMarks()))
	properties.Property("JSON and binary go there and back", prop.ForAll(func(marks []int) bool {
		tally := tallied(t, marks)
		for range 20 { // so that squares need more than 64 bits
			if tally.Merge(tally) != nil {
				return false
			}
		}
		text, err := json.Marshal(tally)
		binary, err2 := tally.MarshalBinary()
		var a, b rating.ReviewTally
		return err == nil && err2 == nil && json.Unmarshal(text, &a) == nil && b.UnmarshalBinary(binary) == nil && a == tally && b == tally
	}, genMarks()))
	properties.TestingRun(t)
}

func TestTallyWire(t *testing.T) {
	const path = "testdata/tally.txt"
	var lines string
	for _, marks := range [][]int{{}, {0}, {999}, {333, 666, 0, 999, 500}} {
		tally := tallied(t, marks)
		text := valueOf(json.Marshal(tally))(t)
		binary := valueOf(tally.MarshalBinary())(t)
		lines += string(text) + " " + hexOf(binary) + "\n"
	}
	if *update {
		if err := os.WriteFile(path, []byte(lines), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || lines != string(want) {
		t.Errorf("%v\ngot\n%swant\n%s", err, lines, want)
	}
}

func hexOf(b []byte) string {
	const digits = "0123456789abcdef"
	var out []byte
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}

func TestTallyRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"negative":           `{"n":-1,"passed":0,"auto_failed":0,"sum":"0","squares":"0"}`,
		"passed":             `{"n":1,"passed":2,"auto_failed":0,"sum":"0","squares":"0"}`,
		"negative passed":    `{"n":1,"passed":-1,"auto_failed":0,"sum":"0","squares":"0"}`,
		"negative failed":    `{"n":1,"passed":0,"auto_failed":-1,"sum":"0","squares":"0"}`,
		"both":               `{"n":1,"passed":1,"auto_failed":1,"sum":"0","squares":"0"}`,
		"sum":                `{"n":1,"passed":0,"auto_failed":0,"sum":"100.000001","squares":"10000.0002"}`,
		"sum of nothing":     `{"n":0,"passed":0,"auto_failed":0,"sum":"1","squares":"1"}`,
		"squares too small":  `{"n":2,"passed":0,"auto_failed":0,"sum":"100","squares":"4999.999999"}`,
		"squares too large":  `{"n":2,"passed":0,"auto_failed":0,"sum":"100","squares":"10000.000001"}`,
		"squares of nothing": `{"n":2,"passed":0,"auto_failed":0,"sum":"0","squares":"1"}`,
		"digits":             `{"n":1,"passed":0,"auto_failed":0,"sum":"1.0000001","squares":"1"}`,
		"digits of squares":  `{"n":1,"passed":0,"auto_failed":0,"sum":"1","squares":"1.0000000000001"}`,
		"negative sum":       `{"n":1,"passed":0,"auto_failed":0,"sum":"-1","squares":"1"}`,
		"negative squares":   `{"n":1,"passed":0,"auto_failed":0,"sum":"1","squares":"-1"}`,
		"huge":               `{"n":1,"passed":0,"auto_failed":0,"sum":"1e1000000000","squares":"1"}`,
		"tiny":               `{"n":1,"passed":0,"auto_failed":0,"sum":"1e-1000000000","squares":"1"}`,
		"beyond 128 bits":    `{"n":9223372036854775807,"passed":0,"auto_failed":0,"sum":"9000000000000","squares":"1e39"}`,
		"beyond 64 bits":     `{"n":9223372036854775807,"passed":0,"auto_failed":0,"sum":"9300000000000","squares":"1e20"}`,
		"wraps 64 bits":      `{"n":1,"passed":0,"auto_failed":0,"sum":"18446744073809.551616","squares":"10000"}`,
		"wraps 128 bits":     `{"n":1,"passed":0,"auto_failed":0,"sum":"100","squares":"340282366920938463463384607.431768211456"}`,
		"unknown":            `{"n":0,"x":1}`,
		"no object":          `[]`,
		"nothing":            ``,
		"more":               `{} {}`,
	} {
		before := tallied(t, []int{5, 500})
		tally := before
		if err := tally.UnmarshalJSON([]byte(text)); err == nil || tally != before || len(err.Error()) > 300 {
			t.Errorf("%s: %v", name, err)
		}
	}
	var tally rating.ReviewTally
	if err := json.Unmarshal([]byte(`{"n":2,"passed":1,"auto_failed":1,"sum":"100","squares":"1e4"}`), &tally); err != nil || tally.N() != 2 {
		t.Errorf("0 and 100: %v", err)
	}
	for _, bytes := range []string{
		"", "\x02\x00\x00\x00\x00\x00\x00\x00", "\x01\x00\x00\x00\x00\x00\x00", "\x01\x00\x00\x00\x00\x00\x00\x00\x00",
		"\x01\x00\x00\x00\x01\x00\x00\x00", "\x01\x01\x02\x00\x00\x00\x00\x00",
		"\x01\x00\x00\x00\x00\x80\x80\x80\x80\x80\x80\x02\x00\x00", "\x01\x00\x00\x00\x00\x00\x80\x80\x80\x80\x80\x80\x01\x00",
		"\x01\x00\x00\x00\x00\x00\x00\x80\x80\x80\x80\x80\x80\x02",
	} {
		before := tally
		refuses(t, hexOf([]byte(bytes)), tally.UnmarshalBinary([]byte(bytes)), rating.ErrSyntax)
		if tally != before {
			t.Errorf("%x: refused, and changed", bytes)
		}
	}
	// Squares of 2⁸⁵ in words of 43, 42 and 43 bits, and in words that overlap.
	for i, words := range [][3]uint64{{1, 0, 0}, {0, 1 << 42, 0}, {1, 0, 1 << 43}, {1 << 43, 0, 0}} {
		bytes := []byte{1}
		for _, v := range []uint64{1 << 36, 0, 0, 1 << 60, words[0], words[1], words[2]} {
			bytes = binary.AppendUvarint(bytes, v)
		}
		var big rating.ReviewTally
		if err := big.UnmarshalBinary(bytes); (err == nil) != (i == 0) {
			t.Errorf("words %v: %v", words, err)
		}
	}
	if _, err := tally.Interval(1); !errors.Is(err, stat.ErrLevel) {
		t.Errorf("level 1: %v", err)
	}
}

func FuzzReviewTallyBinary(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0})
	f.Add(valueOf(tallied(f, []int{1, 2, 999}).MarshalBinary())(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		var tally, again rating.ReviewTally
		if tally.UnmarshalBinary(data) != nil {
			return
		}
		out := valueOf(tally.MarshalBinary())(t)
		if err := again.UnmarshalBinary(out); err != nil || again != tally {
			t.Fatalf("%x: %v, %v", data, err, again)
		}
		if iv, err := tally.Interval(0.95); err == nil && !(0 <= iv.Low && iv.Low <= iv.High && iv.High <= 100) {
			t.Fatalf("%+v", iv)
		}
	})
}

func FuzzReviewTallyJSON(f *testing.F) {
	f.Add([]byte(`{"n":2,"passed":1,"auto_failed":1,"sum":"100","squares":"10000","mean":"50"}`))
	f.Add([]byte(`{"n":1,"sum":"1e1000000000"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var tally, again rating.ReviewTally
		if thereAndBack(t, data, &tally, &again) && again != tally {
			t.Fatalf("%s: %v", data, again)
		}
	})
}

// FuzzScorecardJSON reads cards; one that is accepted scores the worst and the
// best marks as 0 and 100.
func FuzzScorecardJSON(f *testing.F) {
	f.Add([]byte(`{"pass_mark":"80","criteria":[{"id":"a","section":"s","weight":"1.5","min":1,"max":5,"auto_fail":true},{"id":"b","weight":"0","min":0,"max":1}]}`))
	f.Add([]byte(`{"criteria":[{"id":"a","weight":"1e18","min":-1000,"max":1000}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var card, again rating.Scorecard
		if !thereAndBack(t, data, &card, &again) || len(card.Criteria()) == 0 {
			return
		}
		worst, best := rating.Review{Marks: map[string]int{}}, rating.Review{Marks: map[string]int{}}
		for _, c := range card.Criteria() {
			worst.Marks[c.ID], best.Marks[c.ID] = c.Min, c.Max
		}
		if s := valueOf(card.Score(worst))(t); s.Score.String() != "0.00" {
			t.Fatalf("worst is %v", s)
		}
		if s := valueOf(card.Score(best))(t); s.Score.String() != "100.00" || !s.Passed {
			t.Fatalf("best is %v", s)
		}
	})
}
