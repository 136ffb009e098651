package rating_test

import (
	"bytes"
	"encoding"
	varint "encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// decoder is what reads JSON, with what it holds.
type decoder interface {
	json.Marshaler
	json.Unmarshaler
}

// decoders are the values that read JSON with code of their own, each with JSON of all
// of its fields.
func decoders() map[string]decoder {
	return map[string]decoder{
		`{"n":4,"stars":[0,0,1,2,1],"mean":"4","tier":"high"}`:                                                                               new(rating.Distribution),
		`{"n":2,"passed":1,"auto_failed":1,"sum":"100","squares":"10000","mean":"50"}`:                                                       new(rating.ReviewTally),
		`[{"level":"basic","fact":"a","unit":"%","at_least":{"part":1,"whole":2},"at_most":{"part":3,"whole":4}}]`:                           new(rating.Ladder),
		`{"pass_mark":"80","criteria":[{"id":"a","name":"A","guidance":"?","section":"s","weight":"1.5","min":1,"max":5,"auto_fail":true}]}`: new(rating.Scorecard),
	}
}

var field = regexp.MustCompile(`"[a-z_]+":`)

// A method that is called with any bytes refuses what is not the whole of a value, and
// leaves what it had.
func TestUnmarshalJSONCalledDirectly(t *testing.T) {
	for good, into := range decoders() {
		if err := into.UnmarshalJSON([]byte(" " + good + "\n")); err != nil {
			t.Errorf("%s: %v", good, err)
			continue
		}
		before := valueOf(into.MarshalJSON())(t)
		if string(before) != good {
			t.Errorf("%s, written as %s", good, before)
		}
		bad := []string{good + "x", good + good, good + "}", good + "]", good + "\x00", "[" + good, good[:len(good)-1] + "{", good[1:], "\xef\xbb\xbf" + good}
		for cut := range good {
			bad = append(bad, good[:cut])
		}
		fields := field.FindAllStringIndex(good, -1)
		for _, at := range fields {
			name := good[at[0]:at[1]]
			bad = append(bad, good[:at[0]]+strings.ToUpper(name)+good[at[1]:], good[:at[0]]+strings.ToUpper(name[:2])+name[2:]+good[at[1]:],
				good[:at[0]]+`"x":1,`+good[at[0]:], good[:at[0]]+name+"null,"+good[at[0]:])
		}
		if len(fields) < 4 {
			t.Errorf("%s: %d fields", good, len(fields))
		}
		for _, text := range bad {
			err := into.UnmarshalJSON([]byte(text))
			if after := valueOf(into.MarshalJSON())(t); !errors.Is(err, rating.ErrSyntax) || !strings.HasPrefix(err.Error(), "rating: ") || !bytes.Equal(after, before) {
				t.Errorf("%q: %v, holds %s", text, err, after)
			}
		}
		if err := into.UnmarshalJSON([]byte("null")); err != nil || !bytes.Equal(valueOf(into.MarshalJSON())(t), before) {
			t.Errorf("%s: null: %v", good, err)
		}
	}
}

// A number of 262,144 digits is refused before it is read, and not quoted in full.
func TestNumbersOfManyDigits(t *testing.T) {
	digits := strings.Repeat("9", 1<<18)
	for text, into := range map[string]decoder{
		`{"n":1,"stars":[0,0,0,0,1],"mean":"D"}`:                                 new(rating.Distribution),
		`{"n":1,"stars":[0,0,0,0,1],"mean":D}`:                                   new(rating.Distribution),
		`{"n":1,"stars":[0,0,0,0,1],"mean":"0.D"}`:                               new(rating.Distribution),
		`{"n":1,"stars":[0,0,0,0,D]}`:                                            new(rating.Distribution),
		`{"n":1,"sum":"D"}`:                                                      new(rating.ReviewTally),
		`{"n":1,"sum":"1","squares":D}`:                                          new(rating.ReviewTally),
		`{"n":1,"sum":"1","squares":"1","mean":"D"}`:                             new(rating.ReviewTally),
		`{"n":1,"sum":"1eD","squares":"1"}`:                                      new(rating.ReviewTally),
		`{"pass_mark":"D","criteria":[]}`:                                        new(rating.Scorecard),
		`{"pass_mark":"1","criteria":[{"id":"a","weight":"D","min":0,"max":1}]}`: new(rating.Scorecard),
		`{"pass_mark":"1","criteria":[{"id":"a","weight":D,"min":0,"max":1}]}`:   new(rating.Scorecard),
		`{"pass_mark":"1","criteria":[{"id":"a","weight":"1","min":0,"max":D}]}`: new(rating.Scorecard),
		`[{"level":"basic","fact":"a","at_least":{"part":D,"whole":1}}]`:         new(rating.Ladder),
	} {
		data := []byte(strings.Replace(text, "D", digits, 1))
		var err error
		bytes := allocated(func() { err = into.UnmarshalJSON(data) })
		if !errors.Is(err, rating.ErrSyntax) || len(err.Error()) > 400 || bytes > 4<<20 {
			t.Errorf("%s: %.400v, %d bytes", text, err, bytes)
		}
	}
	// As many as are needed are read: 64 bytes with the quotes.
	var card rating.Scorecard
	for weight, want := range map[string]bool{"1." + strings.Repeat("0", 18): true, strings.Repeat("0", 60) + "10": true, strings.Repeat("0", 61) + "10": false} {
		err := card.UnmarshalJSON([]byte(`{"pass_mark":"1","criteria":[{"id":"a","weight":"` + weight + `","min":0,"max":1}]}`))
		if (err == nil) != want {
			t.Errorf("%s: %v", weight, err)
		}
	}
	var tally rating.ReviewTally
	for number, want := range map[string]error{"1e999999999": rating.ErrSyntax, "1e-999999999": rating.ErrSyntax, "1e10000": rating.ErrCount, "1e-10000": rating.ErrCount} {
		for _, text := range []string{`{"n":1,"sum":"D","squares":"1"}`, `{"n":1,"sum":"1","squares":D}`} {
			text = strings.Replace(text, "D", number, 1)
			if err := tally.UnmarshalJSON([]byte(text)); !errors.Is(err, want) || len(err.Error()) > 200 {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}

// A list that nobody marks or climbs is refused, by its length.
func TestLongLists(t *testing.T) {
	criteria := make([]rating.Criterion, 20_000)
	rungs := make([]rating.Rung, 20_000)
	review := rating.Review{Marks: make(map[string]int)}
	for i := range criteria {
		criteria[i] = rating.Criterion{ID: fmt.Sprint("c", i), Weight: decimal.New(int64(i+1), 0), Min: 0, Max: 1 + i%markSpans}
		rungs[i] = rating.Rung{Level: rating.Basic, Fact: criteria[i].ID, AtLeast: ratio(1, int64(i+1))}
	}
	_, err := rating.NewScorecard(dec("80"), criteria...)
	if refuses(t, "criteria", err, rating.ErrDefinition); err.Error() != `rating: criterion 1000 "c1000": unusable definition: one of 20000, want 1000 at most` {
		t.Error(err)
	}
	_, err = rating.NewLadder(rungs...)
	if refuses(t, "rungs", err, rating.ErrDefinition); err.Error() != `rating: rung 1000 "c1000": unusable definition: one of 20000, want 1000 at most` {
		t.Error(err)
	}
	if ladder := valueOf(rating.NewLadder(rungs[:1000]...))(t); len(ladder.Climb(nil).Missing()) != 1000 {
		t.Error("a ladder of 1,000 rungs")
	}
	card := valueOf(rating.NewScorecard(dec("80"), criteria[:1000]...))(t)
	for i := range 1000 {
		if i == 0 {
			review.Marks["c0"] = 1
			continue
		}
		for range 1000 { // a million names
			review.NotApplicable = append(review.NotApplicable, criteria[i].ID)
		}
	}
	if s := valueOf(card.Score(review))(t); s.Score.String() != "100.00" {
		t.Errorf("score %v", s)
	}
	// Names of any length are quoted in part.
	long := strings.Repeat("x", 1<<20)
	_, err = rating.NewScorecard(dec("1"), rating.Criterion{ID: long, Weight: dec("-1")})
	_, err2 := rating.NewLadder(rating.Rung{Level: rating.Basic, Fact: long})
	_, err3 := card.Score(rating.Review{Conversation: long, Marks: map[string]int{long: 1}})
	_, err4 := card.Calibrate(nil, long, long, 0.95)
	_, err5 := card.Calibrate(nil, long, long+"y", 0.95)
	_, err6 := card.Calibrate([]rating.Review{{Conversation: long, Reviewer: long}}, long, "y", 0.95)
	_, err7 := rating.Rank(map[string]rating.Distribution{long: {}}, rating.BayesianAverage{})
	for i, err := range []error{err, err2, err3, err4, err5, err6, err7, new(rating.Tier).UnmarshalText([]byte(long))} {
		if err == nil || len(err.Error()) > 600 {
			t.Errorf("%d: %.700v", i+1, err)
		}
	}
}

// markSpans are the scales of long cards: their fractions have no small common one.
const markSpans = 997

// What is near the end of what can be counted is counted exactly or refused, never
// wrapped, and can be stored.
func TestCountsNearTheirEnd(t *testing.T) {
	const most = 1 << 53
	for _, counts := range [][5]int64{{most, 0, 0, 0, 0}, {0, 0, 0, 0, most}, {1, 0, 0, 0, most - 1}, {most / 4, most / 4, 0, most / 4, most / 4}} {
		d := valueOf(rating.NewDistribution(counts))(t)
		sum := int64(0)
		for i, n := range counts {
			sum += int64(i+1) * n
		}
		if d.N() != most || d.Total() != ratio(sum, most) {
			t.Errorf("%v: %d, %v", counts, d.N(), d.Total())
		}
		before := d
		refuses(t, "Add", d.Add(3), rating.ErrCount)
		refuses(t, "Merge", d.Merge(counted(0, 0, 1, 0, 0)), rating.ErrCount)
		refuses(t, "Merge itself", d.Merge(d), rating.ErrCount)
		if d != before {
			t.Errorf("refused, and changed to %v", d)
		}
		if err := d.Merge(rating.Distribution{}); err != nil {
			t.Error(err)
		}
		stores(t, d, new(rating.Distribution), new(rating.Distribution))
		for i, n := range counts {
			if n == 0 {
				continue
			}
			s := rating.Stars(i + 1)
			if err := d.Remove(s); err != nil || d.N() != most-1 || d.Add(s) != nil || d != before {
				t.Errorf("one less and back: %v, %v", d, err)
			}
		}
	}
	for _, counts := range [][5]int64{{most + 1}, {most, 1}, {1, 0, 0, 0, most}, {math.MaxInt64, math.MaxInt64}, {math.MaxInt64}, {1 << 62, 1 << 62, 1 << 62, 1 << 62}} {
		_, err := rating.NewDistribution(counts)
		refuses(t, fmt.Sprint(counts), err, rating.ErrCount)
		binary := []byte{1}
		for _, n := range counts {
			binary = varint.AppendUvarint(binary, uint64(n))
		}
		refuses(t, fmt.Sprintf("%x", binary), new(rating.Distribution).UnmarshalBinary(binary), rating.ErrSyntax)
	}

	const reviews = 1 << 36
	full := func(sum int64, squares string, passed int64) (tally rating.ReviewTally) {
		text := fmt.Sprintf(`{"n":%d,"passed":%d,"auto_failed":0,"sum":"%d","squares":"%s"}`, int64(reviews), passed, sum, squares)
		if err := tally.UnmarshalJSON([]byte(text)); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return tally
	}
	for _, tally := range []rating.ReviewTally{full(0, "0", 0), full(100*reviews, fmt.Sprint(int64(10_000*reviews)), reviews)} {
		before := tally
		if tally.N() != reviews {
			t.Errorf("%d reviews", tally.N())
		}
		refuses(t, "Add", tally.Add(scores()[999]), rating.ErrCount)
		refuses(t, "Merge", tally.Merge(tallied(t, []int{999})), rating.ErrCount)
		refuses(t, "Merge itself", tally.Merge(tally), rating.ErrCount)
		if err := tally.Merge(rating.ReviewTally{}); err != nil || tally != before {
			t.Errorf("%v, %v, want %v", err, tally, before)
		}
		if iv, err := tally.Interval(0.95); err != nil || iv.Low != iv.High || iv.Estimate != iv.Low {
			t.Errorf("%v, %v", iv, err)
		}
		stores(t, tally, new(rating.ReviewTally), new(rating.ReviewTally))
	}
	text := fmt.Sprintf(`{"n":%d,"sum":"0","squares":"0"}`, int64(reviews+1))
	refuses(t, "reviews", new(rating.ReviewTally).UnmarshalJSON([]byte(text)), rating.ErrCount)
	half := full(50*reviews, fmt.Sprint(int64(5_000*reviews)), 0) // 0 and 100
	if iv, err := half.Interval(0.95); err != nil || iv.Estimate != 50 || !(50-iv.Low > 3e-4 && 50-iv.Low < 4e-4) {
		t.Errorf("%v, %v", iv, err)
	}
}

// stores writes a value in both forms and reads it back.
func stores[T comparable, P interface {
	*T
	json.Unmarshaler
	encoding.BinaryUnmarshaler
}](t *testing.T, v T, a, b P) {
	t.Helper()
	text := valueOf(json.Marshal(v))(t)
	binary := valueOf(any(v).(encoding.BinaryMarshaler).MarshalBinary())(t)
	if err := errors.Join(json.Unmarshal(text, a), b.UnmarshalBinary(binary)); err != nil || *a != v || *b != v {
		t.Errorf("%v is stored as %s and %x: %v", v, text, binary, err)
	}
}

// Agreement is a number, or an error, whatever the marks are.
func TestAgreementIsANumber(t *testing.T) {
	for _, marks := range [][][]float64{
		{{1e9, 1e9}, {-1e9, -1e9}}, {{1e9, -1e9}, {-1e9, 1e9}}, {{0, 1e-300}, {1e-300, 0}}, {{0.1, 0.1}, {0.3, 0.3}, {0.7, 0.7}},
		{{1, 1 + 1e-15}, {2, 2}, {3, 3}}, {{5e-324, 0}, {0, 0}}, {{1, 2}, {1, 2}}, {{1e9, 1e9 - 1}, {1e9, 1e9}},
	} {
		for _, level := range []float64{1e-17, 0.5, 0.95, 1 - 1e-16} {
			a, err := rating.ICC(marks, level)
			if err != nil {
				if !errors.Is(err, stat.ErrNoVariation) && !errors.Is(err, stat.ErrLevel) {
					t.Errorf("%v at %v: %v", marks, level, err)
				}
				continue
			}
			if math.IsNaN(a.Estimate) || !(a.Low <= a.Estimate && a.Estimate <= a.High && a.High <= 1) || math.IsInf(a.Low, 0) {
				t.Errorf("%v at %v: %v", marks, level, a)
			}
		}
	}
}
