package survey_test

import (
	"bytes"
	"database/sql/driver"
	"encoding"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
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

var field = regexp.MustCompile(`"[a-z_]+":`)

// A method that is called with any bytes refuses what is not the whole of a value, and
// leaves what it had.
func TestUnmarshalJSONCalledDirectly(t *testing.T) {
	responses := collected(t, survey.Response{Source: "email", ID: "1", Respondent: "ann", About: "t", At: day(1), Group: "g", Value: 5, Weight: 2, Comment: "c"}, survey.Response{Left: survey.Excluded, At: day(2)})
	if err := responses.Invite("email", "g", 5); err != nil {
		t.Fatal(err)
	}
	for good, into := range map[string]decoder{
		`{"scale":{"min":1,"max":3,"step":1,"direction":"lower_is_better"},"n":3,"counts":[0,1,2],"left_out":{"off_scale":1,"unanswered":3}}`: new(survey.Answers),
		`{"contacts":1200,"counts":{"complaints":1,"thanks":15}}`:                                                                             new(survey.Feedback),
		`{"bad_points":4,"excluded":5,"off_scale":1,"unanswered":3}`:                                                                          new(survey.LeftOut),
		string(must(json.Marshal(responses))):                                                                                                 new(survey.Responses),
	} {
		if err := into.UnmarshalJSON([]byte(" " + good + "\n")); err != nil {
			t.Errorf("%s: %v", good, err)
			continue
		}
		before := must(into.MarshalJSON())
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
			if after := must(into.MarshalJSON()); !errors.Is(err, survey.ErrMalformed) || !strings.HasPrefix(err.Error(), "survey: ") || !bytes.Equal(after, before) {
				t.Errorf("%q: %v, holds %s", text, err, after)
			}
		}
		if err := into.UnmarshalJSON([]byte("null")); err != nil || !bytes.Equal(must(into.MarshalJSON()), before) {
			t.Errorf("%s: null: %v", good, err)
		}
	}
}

// The bytes of each binary form are those of its version, and of another version none
// are read.
func TestBinaryForms(t *testing.T) {
	var f survey.Feedback
	for i, n := range []int64{1, 2, 300, 4, 5} {
		if err := f.Add(survey.FeedbackKind(i), n); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.AddContacts(1000); err != nil {
		t.Fatal(err)
	}
	a := answersOf(t, survey.OneTo(3).LowerIsBetter(), 1, 0, 200)
	if err := errors.Join(a.LeaveOut(survey.Unanswered), a.LeaveOut(survey.Excluded)); err != nil {
		t.Fatal(err)
	}
	r := must(survey.NewResponses(survey.Question{ID: "q", Definition: survey.Definition{Name: "n", Scale: survey.OneTo(3)}}))
	if err := errors.Join(r.Invite("e", "g", 300), r.Add(survey.Response{
		Source: "e", ID: "1", Respondent: "ann", About: "t", Group: "g", Comment: "c", At: time.Unix(1_000_000_000, 7).UTC(), Value: -1, Weight: 2.5,
	})); err != nil {
		t.Fatal(err)
	}
	question := `{"id":"q","definition":{"name":"n","scale":{"min":1,"max":3,"step":1}}}`
	for name, c := range map[string]struct {
		value, into interface {
			encoding.BinaryMarshaler
			encoding.BinaryUnmarshaler
		}
		want string
	}{
		"feedback": {&f, new(survey.Feedback), "\x01\x06\xe8\x07\x01\x02\xac\x02\x04\x05"},
		"answers":  {&a, new(survey.Answers), "\x01\x02\x06\x02\x01\x03\x01\x00\xc8\x01\x09\x01\x00\x00\x00\x00\x00\x00\x00\x01"},
		"responses": {r, new(survey.Responses), "\x02" + string(rune(len(question))) + question + "\x01\x01e\x01g\xac\x02" +
			"\x01\x01e\x011\x03ann\x01t\x01g\x01c\x80\xa8\xd6\xb9\x07\x07\x01\x04\x40\x04\x00\x00\x00\x00\x00\x00"},
	} {
		data := must(c.value.MarshalBinary())
		if string(data) != c.want {
			t.Errorf("%s is %q, want %q", name, data, c.want)
		}
		if err := c.into.UnmarshalBinary(data); err != nil || !reflect.DeepEqual(c.into, c.value) {
			t.Errorf("%s: %v, read %v", name, err, c.into)
		}
		for _, version := range []byte{0, data[0] + 1, data[0] - 1, 255} {
			other := slices.Clone(data)
			other[0] = version
			want := fmt.Sprintf("survey: malformed %s: version %d, want %d", name, version, data[0])
			if err := c.into.UnmarshalBinary(other); !errors.Is(err, survey.ErrMalformed) || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		for cut := range data {
			if err := c.into.UnmarshalBinary(data[:cut]); !errors.Is(err, survey.ErrMalformed) {
				t.Errorf("%s, cut to %d: %v", name, cut, err)
			}
		}
		if err := c.into.UnmarshalBinary(append(slices.Clone(data), 0)); !errors.Is(err, survey.ErrMalformed) {
			t.Errorf("%s, and a byte: %v", name, err)
		}
		if !reflect.DeepEqual(c.into, c.value) {
			t.Errorf("%s: refused, and changed to %v", name, c.into)
		}
	}
	// A question that is none, in bytes that are whole.
	for _, bad := range []string{`{"id":"q"`, `{"id":"q"} x`, `{"id":"q","ID":"p"}`, `[]`, `{"id":"q","definition":{"scale":{"min":1,"max":0}}}`, `{"id":"\xff"}`} {
		data := append([]byte{2, byte(len(bad))}, bad+"\x00\x00"...)
		if err := new(survey.Responses).UnmarshalBinary(data); !errors.Is(err, survey.ErrMalformed) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

const most = 1 << 53

// What is near the end of what can be counted is counted exactly or refused, never
// wrapped, and can be stored.
func TestCountsNearTheirEnd(t *testing.T) {
	refused := func(name string, err error) {
		t.Helper()
		if !errors.Is(err, survey.ErrCount) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, counts := range [][]int64{{most, 0, 0}, {0, 0, most}, {1, 1, most - 2}} {
		a := answersOf(t, survey.Scale{Min: 498, Max: 500}, counts...)
		before := a
		refused("Add", a.Add(499))
		refused("Merge", a.Merge(answersOf(t, survey.Scale{Min: 498, Max: 500}, 1, 0, 0)))
		refused("Merge itself", a.Merge(a))
		if a != before || a.N() != most {
			t.Errorf("refused, and changed to %v", a)
		}
		stores(t, a, new(survey.Answers), new(survey.Answers))
	}
	least := answersOf(t, survey.Scale{Min: -500, Max: -400, Step: 100}, most-1, 0)
	if err := least.Add(-500); err != nil || least.Mean() != (stat.Ratio{Part: -500 * most, Whole: most}) || least.Normalised().Part != 0 {
		t.Errorf("%v, %v", least, err)
	}
	var l survey.LeftOut
	for r := survey.Unanswered; r <= survey.Excluded; r++ {
		if err := l.Add(r, most); err != nil {
			t.Error(err)
		}
		refused("LeftOut.Add", l.Add(r, 1))
		refused("LeftOut.Add", l.Add(r, math.MaxInt64))
	}
	full := answersOf(t, survey.OneTo(2), 1, 1)
	if err := json.Unmarshal(fmt.Appendf(nil, `{"n":0,"counts":[],"left_out":%s}`, must(json.Marshal(l))), &full); err != nil || full.LeftOut() != l {
		t.Errorf("%v, %v", full, err)
	}
	before := full
	refused("LeaveOut", full.LeaveOut(survey.Excluded))
	refused("Merge of what was left out", full.Merge(full))
	refused("LeftOut.Merge", l.Merge(l))
	if full != before || full.LeftOut() != l || l.Total() != 9*most {
		t.Errorf("refused, and changed to %v", full)
	}
	stores(t, full, new(survey.Answers), new(survey.Answers))

	var f survey.Feedback
	for k := survey.Thanks; k <= survey.Complaints; k++ {
		if err := f.Add(k, most); err != nil {
			t.Error(err)
		}
	}
	refused("Feedback.Merge", f.Merge(f))
	refused("Feedback.Add", f.Add(survey.Awards, 1))
	stores(t, f, new(survey.Feedback), new(survey.Feedback))

	// More than can be counted, in bytes.
	for _, n := range []uint64{most + 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
		over := binary.AppendUvarint(nil, n)
		for name, err := range map[string]error{
			"feedback":    f.UnmarshalBinary(slices.Concat([]byte{1, 6}, over, make([]byte, 5))),
			"a kind":      f.UnmarshalBinary(slices.Concat([]byte{1, 6, 0, 0, 0, 0, 0}, over)),
			"answers":     full.UnmarshalBinary(slices.Concat([]byte{1, 2, 4, 2, 0, 2, 0}, over, []byte{0})),
			"left out":    full.UnmarshalBinary(slices.Concat([]byte{1, 2, 4, 2, 0, 2, 0, 0, 1}, over)),
			"how many":    full.UnmarshalBinary(slices.Concat([]byte{1, 2, 4, 2, 0}, over, make([]byte, 9))),
			"invitations": new(survey.Responses).UnmarshalBinary(slices.Concat([]byte("\x02\x02{}\x01\x00\x00"), over, []byte{0})),
		} {
			if !errors.Is(err, survey.ErrMalformed) {
				t.Errorf("%s of %d: %v", name, n, err)
			}
		}
	}

	// Everybody who was asked, through however many sources.
	r := must(survey.NewResponses(satisfaction()))
	for i := range 4 {
		if err := r.Invite(survey.Source(fmt.Sprint(i)), "g", most/4); err != nil {
			t.Error(err)
		}
	}
	refused("Invite", r.Invite("5", "h", 1))
	refused("Merge itself", r.Merge(r))
	if g := r.Groups(); len(g) != 1 || g[0].Invited != most || len(r.Sources()) != 4 {
		t.Errorf("%+v", g)
	}
	again := new(survey.Responses)
	if err := again.UnmarshalBinary(must(r.MarshalBinary())); err != nil || !reflect.DeepEqual(again, r) {
		t.Errorf("%v, %v", again, err)
	}
	refused("Invite what was read", again.Invite("", "", 1))

	// Plain counts.
	k := survey.Kano{Attractive: most, OneDimensional: most, MustBe: most, Indifferent: most, Reverse: most, Questionable: most}
	if k.Better() != (stat.Ratio{Part: 2 * most, Whole: 4 * most}) || k.Worse() != (stat.Ratio{Part: -2 * most, Whole: 4 * most}) {
		t.Errorf("%v, %v", k.Better(), k.Worse())
	}
	d := survey.Dispositions{Complete: most, Partial: most, Refusal: most, NonContact: most, Other: most, UnknownHousehold: most, UnknownOther: most}
	if rate, err := d.ResponseRate(1, 0); err != nil || rate != 1.0/7 {
		t.Errorf("%v, %v", rate, err)
	}
	for _, p := range fieldsOf(&k) {
		bad := k
		n := fieldsOf(&bad)[p.name]
		for _, *n.value = range []int64{-1, most + 1, math.MinInt64, math.MaxInt64} {
			if bad.Better().Defined() || bad.Worse().Defined() {
				t.Errorf("%+v: %v", bad, bad.Better())
			}
			sum := bad
			refused(p.name, sum.Merge(survey.Kano{}))
			sum = survey.Kano{}
			refused(p.name, sum.Merge(bad))
			if sum != (survey.Kano{}) {
				t.Errorf("refused, and changed to %+v", sum)
			}
		}
		one, two := survey.Kano{}, survey.Kano{Attractive: 1, OneDimensional: 2, MustBe: 3, Indifferent: 4, Reverse: 5, Questionable: 6}
		*fieldsOf(&one)[p.name].value = 10
		if err := one.Merge(two); err != nil || *fieldsOf(&one)[p.name].value != 10+*fieldsOf(&two)[p.name].value {
			t.Errorf("%s: %+v, %v", p.name, one, err)
		}
	}
	for _, p := range fieldsOf(&d) {
		bad := d
		n := fieldsOf(&bad)[p.name]
		for _, *n.value = range []int64{-1, most + 1, math.MinInt64, math.MaxInt64} {
			rate, err := bad.ResponseRate(1, 1)
			refused(p.name, err)
			cooperation, err := bad.CooperationRate(1)
			refused(p.name, err)
			sum := bad
			refused(p.name, sum.Merge(survey.Dispositions{}))
			if sum != bad || rate != 0 || cooperation != (survey.Rate{}) {
				t.Errorf("refused, but %+v, %v, %v", sum, rate, cooperation)
			}
		}
		one, two := survey.Dispositions{}, survey.Dispositions{Complete: 1, Partial: 2, Refusal: 3, NonContact: 4, Other: 5, UnknownHousehold: 6, UnknownOther: 7}
		*fieldsOf(&one)[p.name].value = 10
		if err := one.Merge(two); err != nil || *fieldsOf(&one)[p.name].value != 10+*fieldsOf(&two)[p.name].value {
			t.Errorf("%s: %+v, %v", p.name, one, err)
		}
	}
	for _, e := range []float64{-0.1, 1.1, math.NaN()} {
		if rate, err := d.ResponseRate(3, e); !errors.Is(err, survey.ErrDefinition) || rate != 0 {
			t.Errorf("%v, %v", rate, err)
		}
	}

	// Cohorts.
	for name, cohorts := range map[string][][]int64{
		"more than there were": {{10, 11}, {100, 50}}, "together": {{most}, {1}}, "wraps": {{math.MaxInt64}, {math.MaxInt64}}, "below": {{100, 50}, {-1}}, "below later": {{100, -1}},
	} {
		_, err := survey.CohortRetention(cohorts)
		refused(name, err)
	}
	if rates, err := survey.CohortRetention([][]int64{{most - 1, 1}, {1, 1}}); err != nil || rates[1].Value != (stat.Ratio{Part: 2, Whole: most}) {
		t.Errorf("%v, %v", rates, err)
	}
	_, err := survey.Retention(math.MaxInt64, math.MaxInt64, 0)
	_, err2 := survey.Retention(1, 0, math.MaxInt64)
	if err != nil || !errors.Is(err2, survey.ErrCount) {
		t.Errorf("%v, %v", err, err2)
	}
}

type counted struct {
	name  string
	value *int64
}

// fieldsOf returns the counts of a struct by their names.
func fieldsOf(s any) map[string]counted {
	all := make(map[string]counted)
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		all[name] = counted{name, v.Field(i).Addr().Interface().(*int64)}
	}
	return all
}

// stores writes a value in both forms and reads it back.
func stores[T comparable, P interface {
	*T
	json.Unmarshaler
	encoding.BinaryUnmarshaler
}](t *testing.T, v T, a, b P) {
	t.Helper()
	text := must(json.Marshal(v))
	data := must(any(v).(encoding.BinaryMarshaler).MarshalBinary())
	if err := errors.Join(json.Unmarshal(text, a), b.UnmarshalBinary(data)); err != nil || *a != v || *b != v {
		t.Errorf("%v is stored as %s and %x: %v", v, text, data, err)
	}
}

// An instant that no JSON has is refused, and any other can be stored.
func TestInstantsFarAway(t *testing.T) {
	ahead, behind := time.FixedZone("", 14*3600), time.FixedZone("", -12*3600)
	r := must(survey.NewResponses(satisfaction()))
	for _, at := range []time.Time{
		time.Date(9999, 12, 31, 23, 0, 0, 0, behind), time.Date(1, 1, 1, 0, 0, 0, 0, ahead), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC), time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0), time.Unix(1<<62, 0),
	} {
		if err := r.Add(survey.Response{Value: 5, At: at}); !errors.Is(err, survey.ErrResponse) {
			t.Errorf("%v: %v", at, err)
		}
	}
	for _, at := range []time.Time{
		{}, time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(10000, 1, 1, 5, 0, 0, 0, ahead), time.Date(0, 12, 31, 13, 0, 0, 0, behind),
	} {
		if err := r.Add(survey.Response{Value: 5, At: at, Weight: math.MaxFloat64}); err != nil {
			t.Errorf("%v: %v", at, err)
		}
	}
	var a, b survey.Responses
	err := errors.Join(json.Unmarshal(must(json.Marshal(r)), &a), b.UnmarshalBinary(must(r.MarshalBinary())))
	if err != nil || !reflect.DeepEqual(a.Resolved(), r.Resolved()) || !reflect.DeepEqual(b.Resolved(), r.Resolved()) || a.Len() != 4 {
		t.Errorf("%v\n%v\n%v: %v", r.Resolved(), a.Resolved(), b.Resolved(), err)
	}
}

// Weights near the ends of what float64 holds count by their proportions.
func TestWeightsNearTheirEnd(t *testing.T) {
	for _, weights := range [][]float64{
		{1e300, 1e300, 1}, {1, 1e300, 1e300}, {1e300, 1, 1e300}, {math.MaxFloat64, math.MaxFloat64, 5e-324}, {5e-324, 5e-324, 0}, {1, 0, 0},
	} {
		for _, d := range []survey.Definition{survey.TopBox(survey.OneTo(5), 2), survey.CES1(), {Name: "net", Scale: survey.OneTo(5), Statistic: survey.NetShare, Positive: survey.Range{From: 4, Below: 6}, Negative: survey.Range{From: 1, Below: 3}}} {
			r := must(survey.NewResponses(survey.Question{ID: "q", Definition: d}))
			var sum, squares, total float64
			largest := slices.Max(weights)
			for i, w := range weights {
				if err := r.Add(survey.Response{Value: 1 + 2*i, Weight: w}); err != nil {
					t.Fatal(err)
				}
				if w == 0 {
					w = 1 // as it is read
				}
				w /= max(largest, 1)
				if largest < 1 {
					w = map[bool]float64{true: 0, false: 1}[weights[i] > 0]
				}
				score := map[survey.Statistic][]float64{survey.PositiveShare: {0, 0, 1}, survey.MeanAnswer: {1, 3, 5}, survey.NetShare: {-1, 0, 1}}[d.Statistic][i]
				sum, squares, total = sum+w, squares+w*w, total+w*score
			}
			x, err := r.Weighted()
			if err != nil || !within(x.Interval.Estimate, total/sum, 1e-12) || !within(x.EffectiveN, sum*sum/squares, 1e-12) ||
				x.Interval.Level != 0 && !(x.Interval.Low <= x.Interval.Estimate && x.Interval.Estimate <= x.Interval.High) {
				t.Errorf("%v of %v: %+v, %v; want %v of %v", d, weights, x.Interval, err, total/sum, sum*sum/squares)
			}
		}
	}
}

// What is long is refused, or costs in proportion; no name makes a message long.
func TestLongLists(t *testing.T) {
	q := survey.Questionnaire{Name: "long", Scale: survey.OneTo(5)}
	row := make([]int, 20_000)
	for i := range row {
		q.Items = append(q.Items, survey.Item{Name: fmt.Sprint(i), Dimension: fmt.Sprint("d", i/2)})
		row[i] = 1 + i%5
	}
	if _, err := q.Score(row); !errors.Is(err, survey.ErrDefinition) || err.Error() != `survey: unusable definition: questionnaire "long" has 20000 items, want 1000 at most` {
		t.Error(err)
	}
	if names := q.Dimensions(); len(names) != 10_000 || names[9_999] != "d9999" {
		t.Errorf("%d dimensions", len(names))
	}
	q.Items = q.Items[:1000]
	scores := must(q.Score(row[:1000]))
	if len(scores) != 501 || scores[499].Dimension != "d499" || scores[499].Value != (stat.Ratio{Part: 9, Whole: 2}) || scores[500].Value != (stat.Ratio{Part: 3000, Whole: 1000}) {
		t.Errorf("%v", scores[499:])
	}
	rows := make([][]int, 100)
	for i := range rows {
		rows[i] = row[:1000]
	}
	if profile := must(q.Profile(0, map[string][][]int{"a": rows})); profile[0].N != 100 || len(profile[0].Dimensions) != 501 {
		t.Errorf("%v", profile[0].N)
	}
	// The reliability of many items holds no matrix for each of them.
	wide := survey.Questionnaire{Scale: survey.OneTo(5), Items: q.Items[:80]}
	answers := make([][]int, 10)
	for i := range answers {
		for k := range wide.Items {
			answers[i] = append(answers[i], 1+(i*i+k*(i%3)+k/7)%5)
		}
	}
	var reliability survey.Reliability
	bytes := allocated(func() { reliability = must(wide.Reliability(answers)) })
	if len(reliability.ByItem) != 80 || bytes > 2<<20 {
		t.Errorf("%d items, %d bytes", len(reliability.ByItem), bytes)
	}
	// Many small groups are hidden in one go.
	var groups []survey.Group
	for range 5_000 {
		groups = append(groups, survey.Group{Answers: nps(t, 1, 0, 0)})
	}
	hidden := 0
	for _, g := range must(survey.MeasureGroups(survey.NetPromoter(), math.MaxInt64, groups...)) {
		if g.Suppressed {
			hidden++
		}
	}
	if hidden != 5_001 {
		t.Errorf("%d hidden", hidden)
	}

	long := strings.Repeat("x", 1<<20)
	d := survey.Definition{Name: long, Scale: survey.OneTo(5), Statistic: survey.NetShare}
	item := survey.Questionnaire{Name: long, Scale: survey.OneTo(5), Items: []survey.Item{{Name: long}, {Name: long}}}
	bad := survey.Group{Name: long, Answers: answersOf(t, survey.OneTo(3), 1, 1, 1)}
	r := must(survey.NewResponses(satisfaction()))
	_, err1 := survey.NewResponses(survey.Question{ID: long, Definition: d})
	_, err2 := item.Score([]int{9, 9})
	_, err3 := item.Score([]int{1})
	_, err4 := item.Reliability([][]int{{1, 2}, {1, 3}})
	_, err5 := survey.MeasureGroups(survey.NetPromoter(), 1, survey.Group{Answers: nps(t, 1, 1, 1)}, bad)
	_, err6 := survey.CompareGroups(survey.NetPromoter(), bad)
	_, err7 := survey.PostStratify(survey.NetPromoter(), survey.Stratum{Name: long, Population: -1})
	_, err8 := survey.PostStratify(survey.NetPromoter(), survey.Stratum{Name: long, Population: 1})
	_, err9 := item.Profile(1, map[string][][]int{long: {{9, 9}}})
	_, err10 := item.Profile(1, map[string][][]int{long: {{missing, missing}}})
	_, _, err11 := item.Favourable(survey.CES2(), [][]int{{1, 1}})
	_, _, err12 := item.Favourable(survey.Favourable(), [][]int{{missing, missing}})
	_, err13 := survey.OneTo(5).Parse(long)
	err14 := r.Add(survey.Response{ID: long})
	err15 := r.Invite(survey.Source(long), "", 1)
	err16 := json.Unmarshal(fmt.Appendf(nil, `{"%s":1}`, long), r)
	err17 := json.Unmarshal(fmt.Appendf(nil, `{"%s":1}`, long), new(survey.LeftOut))
	named := survey.NetPromoter()
	named.Name = long
	x := must(survey.Measure(named, nps(t, 1, 1, 1)))
	other := must(survey.Measure(survey.NetPromoter(), nps(t, 1, 1, 1)))
	_, err18 := survey.Measure(named, survey.Answers{})
	_, err19 := survey.Measure(named, bad.Answers)
	_, err20 := survey.Compare(x, other)
	_, err21 := survey.CompareGoal(stat.Ratio{Part: 2, Whole: 1}, x)
	asked, again := satisfaction(), satisfaction()
	asked.Definition.Name, again.Definition.Name = long, long+"y"
	err22 := must(survey.NewResponses(asked)).Merge(must(survey.NewResponses(again)))
	for i, err := range []error{err18, err19, err20, err21, err22, err1, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11, err12, err13, err14, err15, err16, err17} {
		if err == nil || len(err.Error()) > 700 {
			t.Errorf("%d: %.800v", i+1, err)
		}
	}
}

// Places that would take for ever to write are no places.
func TestPlaces(t *testing.T) {
	d := survey.NetPromoter()
	for places, want := range map[int32]bool{-1: false, 0: true, 15: true, 16: false, math.MaxInt32: false, math.MinInt32: false} {
		d.Places = places
		if err := d.Check(); (err == nil) != want || err != nil && !errors.Is(err, survey.ErrDefinition) {
			t.Errorf("%d places: %v", places, err)
		}
		x := must(survey.Measure(survey.NetPromoter(), nps(t, 1, 2, 3)))
		x.Definition = d // as of JSON that nobody checked
		if shown, ok := x.Shown(); ok != want || (x.String() == "no answers") == want {
			t.Errorf("%d places: %v, %v", places, shown, ok)
		}
	}
}

// Indices and definitions that were put together by hand, or read from JSON, are compared
// or refused.
func TestUncheckedValues(t *testing.T) {
	for _, scale := range []survey.Scale{{Max: 100_000}, {Min: math.MinInt, Max: math.MaxInt}, {Min: -1000, Max: 1000, Step: 1}, {}, {Min: 5, Max: 1}} {
		for _, statistic := range []survey.Statistic{survey.PositiveShare, survey.MeanAnswer, survey.NormalisedMean} {
			d := survey.Definition{Scale: scale, Statistic: statistic, Positive: survey.Range{From: 1, Below: 9}}
			if _, err := survey.ComparePairs(d, survey.AnswerPair{Before: 5000, After: 7}); !errors.Is(err, survey.ErrScale) {
				t.Errorf("%v: %v", scale, err)
			}
			if _, err := survey.Measure(d, nps(t, 1, 1, 1)); !errors.Is(err, survey.ErrScale) {
				t.Errorf("%v: %v", scale, err)
			}
		}
	}
	if _, err := survey.ComparePairs(survey.NetPromoter(), survey.AnswerPair{Before: 3, After: 11}); !errors.Is(err, survey.ErrOffScale) || !strings.Contains(err.Error(), "pair 0: ") {
		t.Error(err)
	}
	if _, err := survey.ComparePairs(survey.NetPromoter()); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
	d := survey.NetPromoter()
	x := must(survey.Measure(d, nps(t, 1, 2, 3)))
	y := x
	y.Answers = answersOf(t, survey.OneTo(3), 1, 2, 3)
	for _, pair := range [][2]survey.Index{{x, y}, {y, x}} {
		if _, err := survey.Compare(pair[0], pair[1]); !errors.Is(err, survey.ErrMismatch) {
			t.Error(err)
		}
	}
	none := survey.Index{Definition: d}
	for _, pair := range [][2]survey.Index{{x, none}, {none, x}, {none, none}} {
		if _, err := survey.Compare(pair[0], pair[1]); !errors.Is(err, survey.ErrNoAnswers) {
			t.Error(err)
		}
	}
	x.Population = x.N() - 1 // fewer than answered
	for _, f := range []func() error{
		func() error { _, err := x.IntervalAt(0.95, stat.DefaultMethod); return err },
		func() error { _, err := survey.CompareGoal(stat.Ratio{Part: 1, Whole: 2}, x); return err },
	} {
		if err := f(); err == nil || err.Error() != "stat: impossible count: 6 of a population of 5" {
			t.Error(err)
		}
	}
	// A value that no answers have, of all people.
	broken := must(survey.Measure(survey.TopBox(survey.OneTo(5), 2), answersOf(t, survey.OneTo(5), 1, 1, 1, 1, 1)))
	broken.Population, broken.Value = broken.N(), stat.Ratio{Part: -1, Whole: 5}
	if iv, err := broken.IntervalAt(0.95, stat.DefaultMethod); err == nil {
		t.Errorf("%v", iv)
	}
	if _, err := survey.CompareGoal(stat.Ratio{Part: 1, Whole: 2}, broken); !errors.Is(err, stat.ErrCount) {
		t.Error(err)
	}
	if _, err := survey.Compare(broken, broken); !errors.Is(err, stat.ErrCount) {
		t.Error(err)
	}
	r := must(survey.NewResponses(satisfaction()))
	for _, weight := range []float64{-1e-300, -1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if err := r.Add(survey.Response{Value: 5, Weight: weight}); !errors.Is(err, survey.ErrResponse) || r.Len() != 0 {
			t.Errorf("a weight of %v: %v", weight, err)
		}
	}
	// Of one respondent there is no interval and no deviation.
	q := survey.Questionnaire{Scale: survey.OneTo(5), Items: []survey.Item{{}}}
	if one := must(q.Profile(1, map[string][][]int{"a": {{4}}}))[0].Dimensions[0]; one != (survey.DimensionMean{N: 1, Mean: stat.Interval{Estimate: 4}}) {
		t.Errorf("%+v", one)
	}
	// A step that is not spelled out is 1.
	open := must(survey.NewResponses(survey.Question{ID: "q", Definition: survey.Definition{Scale: survey.Scale{Min: 1, Max: 5}}}))
	same := must(survey.NewResponses(survey.Question{ID: "q", Definition: survey.Definition{Scale: survey.OneTo(5)}}))
	if err := open.Merge(same); err != nil || open.Question() != same.Question() {
		t.Errorf("%v: %v and %v", err, open.Question(), same.Question())
	}
}

// A minimum that is not given is 5, the usual promise to employees.
func TestTheUsualMinimumIsFive(t *testing.T) {
	for n := int64(1); n <= 10; n++ {
		groups := []survey.Group{{Name: "small", Answers: nps(t, n, 0, 0)}, {Name: "large", Answers: nps(t, 10, 10, 10)}}
		rows := make([][]int, n)
		for i := range rows {
			rows[i] = []int{3}
		}
		q := survey.Questionnaire{Scale: survey.OneTo(5), Items: []survey.Item{{}}}
		if list := must(survey.MeasureGroups(survey.NetPromoter(), 0, groups...)); list[0].Suppressed != (n < 5) || list[1].Suppressed != (n < 5) || list[2].Suppressed {
			t.Errorf("n = %d: %v", n, list)
		}
		if list := must(q.Profile(0, map[string][][]int{"a": rows})); list[0].Suppressed != (n < 5) || list[1].Suppressed != (n < 5) {
			t.Errorf("n = %d: %v", n, list)
		}
	}
}

// Names go to a column of a database and back, and NULL is the first.
func TestEnumsInColumns(t *testing.T) {
	type column interface {
		String() string
		Value() (driver.Value, error)
	}
	check := func(v column, scan func(any) (column, error), first column) {
		t.Helper()
		value, err := v.Value()
		back, err2 := scan(value)
		bytes, err3 := scan([]byte(v.String()))
		null, err4 := scan(nil)
		if _, err5 := scan("Nonsense"); errors.Join(err, err2, err3, err4) != nil || err5 == nil || back != v || bytes != v || null != first {
			t.Errorf("%v: %v, %v, %v, %v, %v", v, value, back, bytes, null, errors.Join(err, err2, err3, err4))
		}
	}
	for r := survey.Counted; r <= survey.Excluded; r++ {
		check(r, func(src any) (column, error) { v := survey.Reason(99); err := v.Scan(src); return v, err }, survey.Counted)
	}
	for s := survey.NoStatistic; s <= survey.NormalisedMean; s++ {
		check(s, func(src any) (column, error) { v := survey.Statistic(99); err := v.Scan(src); return v, err }, survey.NoStatistic)
	}
	for k := survey.Thanks; k <= survey.Complaints; k++ {
		check(k, func(src any) (column, error) { v := survey.FeedbackKind(99); err := v.Scan(src); return v, err }, survey.Thanks)
	}
	for _, v := range []column{survey.Excluded + 1, survey.NormalisedMean + 1, survey.Complaints + 1} {
		if _, err := v.Value(); err == nil {
			t.Errorf("%v has a name", v)
		}
	}
}

// What has too little to tell says so.
func TestPrintedOfLittle(t *testing.T) {
	var f survey.Feedback
	if err := f.AddContacts(3); err != nil {
		t.Fatal(err)
	}
	one, _ := survey.CES(answersOf(t, survey.OneTo(7), 0, 0, 0, 0, 0, 1, 0))
	goal := must(survey.CompareGoal(stat.Ratio{Part: 5, Whole: 1}, one))[0]
	for want, got := range map[string]string{
		"3 contacts; no feedback": f.String(),
		"no answers":              survey.GoalComparison{}.String(),
		"q1: mean 3.50, item-rest 0.93": survey.ItemReliability{
			Item: survey.Item{Name: "q1"}, Mean: 3.5, ItemRest: 0.93, HasItemRest: true, Dropped: 0.5,
		}.String(),
		"CES 2.0 6.00, goal 5.00: reached by those who answered, who do not tell more": goal.String(),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if goal.Conclusion != stat.TooFew || goal.AdjustedP != 1 {
		t.Errorf("%+v", goal)
	}
}
