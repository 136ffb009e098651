package survey_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

func satisfaction() survey.Question {
	return survey.Question{ID: "csat", Text: "How satisfied are you?", Definition: survey.TopBox(survey.OneTo(5), 2)}
}

func day(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }

func collected(t testing.TB, list ...survey.Response) *survey.Responses {
	t.Helper()
	r := must(survey.NewResponses(satisfaction()))
	for _, x := range list {
		if err := r.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// A fortnight of answers, each with what becomes of it.
func fortnight() (list []survey.Response, want []survey.Reason) {
	add := func(r survey.Response, reason survey.Reason) {
		list, want = append(list, r), append(want, reason)
	}
	add(survey.Response{Source: "email", Respondent: "ann", At: day(1), Value: 2, Group: "a"}, survey.Superseded)
	add(survey.Response{Source: "in_app", Respondent: "ann", At: day(2), Value: 5, Group: "a"}, survey.Counted)
	add(survey.Response{Source: "in_app", Respondent: "ann", At: day(3), Value: 9, Group: "a"}, survey.OffScale)
	add(survey.Response{Source: "in_app", Respondent: "ann", About: "ticket 2", At: day(3), Value: 1, Group: "b"}, survey.Counted)
	add(survey.Response{Source: "phone", ID: "p1", At: day(4), Value: 4, Group: "b"}, survey.Repeated)
	add(survey.Response{Source: "phone", ID: "p1", At: day(5), Value: 3, Group: "b"}, survey.Counted)
	add(survey.Response{Source: "email", ID: "p1", At: day(6), Value: 4, Group: "b"}, survey.Counted)
	add(survey.Response{Source: "email", At: day(7), Value: 5}, survey.Counted)
	add(survey.Response{Source: "email", At: day(8), Left: survey.Unanswered}, survey.Unanswered)
	add(survey.Response{Source: "social", Respondent: "bob", At: day(9), Left: survey.NotApplicable}, survey.NotApplicable)
	add(survey.Response{Source: "social", Respondent: "bob", At: day(10), Value: 4}, survey.Counted)
	return list, want
}

func TestResolved(t *testing.T) {
	list, want := fortnight()
	r := collected(t, list...)
	for i, x := range r.Resolved() {
		if x.Left != want[i] {
			t.Errorf("%+v, want %v", x, want[i])
		}
	}
	a := r.Answers()
	if a.N() != 6 || r.Len() != 11 || a.LeftOut().String() != "1 unanswered, 1 not_applicable, 1 off_scale, 1 repeated, 1 superseded" {
		t.Errorf("%d of %d, left out: %v", a.N(), r.Len(), a.LeftOut())
	}
	x, err := r.Index()
	if err != nil || x.Value != (stat.Ratio{Part: 4, Whole: 6}) {
		t.Errorf("%v, %v", x, err)
	}
	groups := r.Groups()
	if len(groups) != 3 || groups[0].Name != "" || groups[0].Answers.N() != 2 || groups[1].Answers.N() != 1 || groups[2].Answers.N() != 3 {
		t.Errorf("%v", groups)
	}
	if r.Question() != satisfaction() {
		t.Errorf("%v", r.Question())
	}
}

// At one instant, an answer is later than none, whichever was taken first.
func TestResolvedTies(t *testing.T) {
	none := survey.Response{Source: "email", ID: "1", At: day(1), Left: survey.Unanswered}
	answer := survey.Response{Source: "email", ID: "1", At: day(1), Value: 4}
	for _, list := range [][]survey.Response{{none, answer}, {answer, none}} {
		if a := collected(t, list...).Answers(); a.Count(4) != 1 || a.LeftOut().String() != "1 repeated" {
			t.Errorf("%v, left out %v", a.Counts(), a.LeftOut())
		}
	}
	// An instant is the same in all zones.
	utc := collected(t, survey.Response{Respondent: "ann", At: day(1), Value: 4})
	east := collected(t, survey.Response{Respondent: "ann", At: day(1).In(time.FixedZone("east", 7200)), Value: 4})
	if !bytes.Equal(must(json.Marshal(utc)), must(json.Marshal(east))) || !slices.Equal(utc.Resolved(), east.Resolved()) {
		t.Errorf("%v, want %v", east.Resolved(), utc.Resolved())
	}
}

func TestSources(t *testing.T) {
	list, _ := fortnight()
	r := collected(t, list...)
	for source, n := range map[survey.Source]int64{"email": 20, "in_app": 2, "social": 0, "after_service": 7} {
		if err := r.Invite(source, n); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Invite("email", 10); err != nil {
		t.Fatal(err)
	}
	if err := r.Invite("email", -1); !errors.Is(err, survey.ErrCount) {
		t.Error(err)
	}
	want := []struct {
		source             survey.Source
		responded, invited int64
		counted            int64
		rate               bool
	}{
		{"after_service", 0, 7, 0, true}, {"email", 3, 30, 2, true}, {"in_app", 2, 2, 2, true},
		{"phone", 1, 0, 1, false}, {"social", 1, 0, 1, false},
	}
	got := r.Sources()
	if len(got) != len(want) {
		t.Fatalf("%d sources", len(got))
	}
	for i, w := range want {
		g := got[i]
		if g.Source != w.source || g.Responded != w.responded || g.Invited != w.invited || g.Answers.N() != w.counted || g.Rate.Value.Defined() != w.rate {
			t.Errorf("%+v, want %+v", g, w)
		}
	}
	if rate := got[1].Rate; rate.Value != (stat.Ratio{Part: 3, Whole: 30}) || rate.Interval.Level != 0.95 {
		t.Errorf("%v", rate)
	}
	// More answers than invitations: there is no rate.
	few := collected(t, list[0], list[7])
	if err := few.Invite("email", 1); err != nil {
		t.Fatal(err)
	}
	if s := few.Sources()[0]; s.Responded != 2 || s.Rate != (survey.Rate{}) {
		t.Errorf("%+v", s)
	}
	// Twice by one person through one source is one who responded.
	twice := collected(t, list[0], survey.Response{Source: "email", Respondent: "ann", At: day(9), Value: 3})
	if s := twice.Sources()[0]; s.Responded != 1 || s.Answers.N() != 1 {
		t.Errorf("%+v", s)
	}
}

func TestAddText(t *testing.T) {
	r := must(survey.NewResponses(satisfaction()))
	for _, text := range []string{"5", " 4 ", "", "  ", "good", "4.5", "6", "0"} {
		if err := r.AddText(survey.Response{Value: 77}, text); err != nil {
			t.Error(err)
		}
	}
	if err := r.AddText(survey.Response{Left: survey.Excluded}, "5"); err != nil {
		t.Error(err)
	}
	if a := r.Answers(); a.N() != 2 || a.Mean().Part != 9 || a.LeftOut().String() != "2 unanswered, 2 unreadable, 2 off_scale, 1 excluded" {
		t.Errorf("%d, %v, left out %v", a.N(), a.Mean(), a.LeftOut())
	}
}

func TestResponsesErrors(t *testing.T) {
	r := must(survey.NewResponses(satisfaction()))
	for name, x := range map[string]survey.Response{
		"negative weight": {Weight: -1}, "no weight": {Weight: math.NaN()}, "endless weight": {Weight: math.Inf(1)},
		"no such reason": {Left: 99}, "not UTF-8": {Respondent: "\xff"}, "long": {Group: strings.Repeat("x", 1<<16)},
		"year 10000": {At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "year 0": {At: time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC)},
	} {
		if err := r.Add(x); !errors.Is(err, survey.ErrResponse) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r.Len() != 0 {
		t.Errorf("%d taken", r.Len())
	}
	var zero survey.Responses
	if err := zero.Add(survey.Response{Value: 0}); !errors.Is(err, survey.ErrScale) {
		t.Error(err)
	}
	if _, err := zero.Index(); err == nil {
		t.Error("an index without a question")
	}
	if _, err := survey.NewResponses(survey.Question{}); !errors.Is(err, survey.ErrScale) {
		t.Error(err)
	}
	if _, err := survey.NewResponses(survey.Question{Definition: survey.Definition{Scale: survey.OneTo(5), Statistic: survey.NetShare}}); !errors.Is(err, survey.ErrDefinition) {
		t.Error(err)
	}
	// A question may declare no index.
	open := must(survey.NewResponses(survey.Question{ID: "q", Definition: survey.Definition{Scale: survey.ZeroTo(10)}}))
	if err := open.Add(survey.Response{Value: 10}); err != nil || open.Answers().N() != 1 {
		t.Error(err)
	}
	if _, err := open.Index(); !errors.Is(err, survey.ErrDefinition) {
		t.Error(err)
	}
	if err := r.Merge(nil); err != nil {
		t.Error(err)
	}
	// Another question on the same scale is another question.
	for _, change := range []func(*survey.Question){
		func(q *survey.Question) { q.ID = "csat 2" }, func(q *survey.Question) { q.Text = "Were you satisfied?" },
		func(q *survey.Question) { q.Definition.Positive = survey.OneTo(5).Top(1) }, func(q *survey.Question) { q.Definition.Scale = survey.OneTo(7) },
	} {
		q := satisfaction()
		change(&q)
		other := must(survey.NewResponses(q))
		if other.Add(survey.Response{Value: 5}) != nil || other.Invite("email", 3) != nil {
			t.Fatal("not taken")
		}
		before := must(r.MarshalBinary())
		if err := r.Merge(other); !errors.Is(err, survey.ErrMismatch) || !bytes.Equal(before, must(r.MarshalBinary())) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if err := r.Invite("email", 1<<53); err != nil {
		t.Error(err)
	}
	other := must(survey.NewResponses(satisfaction()))
	if err := other.Invite("email", 1); err != nil {
		t.Error(err)
	}
	if err := other.Add(survey.Response{Value: 5}); err != nil {
		t.Error(err)
	}
	if err := r.Merge(other); !errors.Is(err, survey.ErrCount) || r.Len() != 0 {
		t.Error(err, r.Len())
	}
}

func genResponse() gopter.Gen {
	return gen.Int64Range(0, 1<<40).Map(func(seed int64) survey.Response {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		x := survey.Response{
			Source: []survey.Source{"email", "phone", "in_app"}[r.IntN(3)],
			At:     day(1 + r.IntN(4)).Add(time.Duration(r.IntN(2))),
			Value:  r.IntN(8) - 1,
			Group:  []string{"", "a"}[r.IntN(2)],
			Weight: []float64{0, 1, 2.5}[r.IntN(3)],
		}
		if r.IntN(2) == 0 {
			x.ID = []string{"1", "2", "3"}[r.IntN(3)]
		}
		if r.IntN(3) > 0 {
			x.Respondent = []string{"ann", "bob", "eve"}[r.IntN(3)]
		}
		if r.IntN(4) == 0 {
			x.Left = survey.Reason(r.IntN(5))
		}
		return x
	})
}

func TestResponsesLaws(t *testing.T) {
	lists := gen.SliceOf(genResponse())
	same := func(a, b *survey.Responses) bool {
		return bytes.Equal(must(a.MarshalBinary()), must(b.MarshalBinary())) && bytes.Equal(must(json.Marshal(a)), must(json.Marshal(b))) &&
			a.Answers() == b.Answers() && slices.Equal(a.Resolved(), b.Resolved())
	}
	laws := gopter.NewProperties(nil)
	laws.Property("responses of a ++ b are the merged responses, in any order", prop.ForAll(func(a, b []survey.Response) bool {
		whole := collected(t, append(slices.Clone(a), b...)...)
		left, right := collected(t, a...), collected(t, b...)
		if left.Invite("email", 3) != nil || right.Invite("email", 4) != nil || whole.Invite("email", 7) != nil {
			return false
		}
		x, y := new(survey.Responses), new(survey.Responses)
		return x.Merge(left) == nil && x.Merge(right) == nil && y.Merge(right) == nil && y.Merge(left) == nil && same(x, y) && same(x, whole)
	}, lists, lists))
	laws.Property("JSON and binary come back", prop.ForAll(func(list []survey.Response) bool {
		a, b, c := collected(t, list...), new(survey.Responses), new(survey.Responses)
		if a.Invite("phone", int64(len(list))) != nil {
			return false
		}
		return json.Unmarshal(must(json.Marshal(a)), b) == nil && c.UnmarshalBinary(must(a.MarshalBinary())) == nil && same(a, b) && same(a, c)
	}, lists))
	laws.Property("everything taken is counted or left out; each person counts once", prop.ForAll(func(list []survey.Response) bool {
		r := collected(t, list...)
		a := r.Answers()
		latest := make(map[[2]string]survey.Response)
		for _, x := range r.Resolved() {
			if x.Left == survey.Counted && x.Respondent != "" {
				key := [2]string{x.Respondent, x.About}
				if _, twice := latest[key]; twice {
					return false
				}
				latest[key] = x
			}
		}
		for _, x := range r.Resolved() {
			if last, ok := latest[[2]string{x.Respondent, x.About}]; x.Left == survey.Superseded && (!ok || last.At.Before(x.At)) {
				return false
			}
		}
		return a.N()+a.LeftOut().Total() == int64(len(list))
	}, lists))
	laws.TestingRun(t)
}

func TestWeightedVectors(t *testing.T) {
	for _, v := range vectors(t, "weighted mean") {
		var in struct {
			X []int
			W []float64
		}
		v.decode(t, &in)
		q := satisfaction()
		q.Definition.Statistic = survey.MeanAnswer
		r := must(survey.NewResponses(q))
		for i, x := range in.X {
			if err := r.Add(survey.Response{Value: x, Weight: in.W[i]}); err != nil {
				t.Fatal(err)
			}
		}
		w, err := r.Weighted()
		if err != nil || !near(w.Interval.Estimate, v.number(t, "mean")) || !near(w.EffectiveN, v.number(t, "kish_effective_n")) {
			t.Errorf("%s: %+v, %v", v.ID, w, err)
		}
		s := stat.Weighted{N: w.Answers.N(), EffectiveN: v.number(t, "kish_effective_n"), Mean: v.number(t, "mean"), Variance: v.number(t, "cov_wt_unbiased_variance")}
		want := must(s.Interval(0.95))
		if !near(w.Interval.Low, max(1, want.Low)) || !near(w.Interval.High, min(5, want.High)) || w.Interval.Level != 0.95 {
			t.Errorf("%s: %v, want %v", v.ID, w.Interval, want)
		}
	}
}

func TestWeighted(t *testing.T) {
	// Equal weights change nothing.
	r := collected(t, survey.Response{Value: 5, Weight: 7}, survey.Response{Value: 4, Weight: 7}, survey.Response{Value: 1, Weight: 7})
	x, _ := survey.CSAT(r.Answers())
	w := must(r.Weighted())
	if !near(w.EffectiveN, 3) || !near(w.Interval.Low, x.Interval.Low) || !near(w.Interval.High, x.Interval.High) || w.Interval.Method != stat.Wilson {
		t.Errorf("%v, want %v", w.Interval, x.Interval)
	}
	// Huge weights do not overflow, and a weight of 0 is 1.
	r = collected(t, survey.Response{Value: 5, Weight: 1e300}, survey.Response{Value: 1, Weight: 3e300})
	if w := must(r.Weighted()); !near(w.Interval.Estimate, 0.25) || !near(w.EffectiveN, 1.6) {
		t.Errorf("%+v", w)
	}
	if w := must(collected(t, survey.Response{Value: 5}, survey.Response{Value: 1, Weight: 3}).Weighted()); !near(w.Interval.Estimate, 0.25) {
		t.Errorf("%+v", w)
	}
	// One answer that outweighs the others is as good as one: no interval.
	q := survey.Question{ID: "ces", Definition: survey.CES2()}
	for _, light := range []float64{1e-3, 1e-6, 1e-9, 1e-12, 1e-300} {
		r := must(survey.NewResponses(q))
		if r.Add(survey.Response{Value: 5}) != nil || r.Add(survey.Response{Value: 1, Weight: light}) != nil {
			t.Fatal("not taken")
		}
		w, err := r.Weighted()
		if err != nil || !(w.Interval.Estimate > 4.9) || w.Interval.Level != 0 && (w.Interval.Low < 1 || w.Interval.High > 7) {
			t.Errorf("weight %v: %+v, %v", light, w.Interval, err)
		}
	}
	if _, err := collected(t).Weighted(); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
}

// Two strata of 100 and 300 people by hand.
func TestPostStratify(t *testing.T) {
	d := survey.NetPromoter()
	strata := []survey.Stratum{
		{Name: "small", Population: 100, Answers: nps(t, 0, 1, 3)},
		{Name: "large", Population: 300, Answers: nps(t, 2, 1, 1)},
		{Name: "gone", Population: 0, Answers: nps(t, 4, 0, 0)},
	}
	w := must(survey.PostStratify(d, strata...))
	if want := (100*0.75 - 300*0.25) / 400; math.Abs(w.Interval.Estimate-want) > 1e-12 || w.Answers.N() != 12 {
		t.Errorf("%+v, want %v", w, want)
	}
	// Kish: 400²/(100²/4 + 300²/4).
	if want := 160000.0 / 25000; !near(w.EffectiveN, want) {
		t.Errorf("effective n %v, want %v", w.EffectiveN, want)
	}
	if w.Interval.Low >= 0 || w.Interval.High <= 0 || w.Interval.Low < -1 || w.Interval.High > 1 {
		t.Errorf("%v", w.Interval)
	}
	// As by weights for each answer.
	q := survey.Question{ID: "nps", Definition: d}
	r := must(survey.NewResponses(q))
	for i, s := range strata[:2] {
		for v := range 11 {
			for range s.Answers.Count(v) {
				if err := r.Add(survey.Response{Value: v, Weight: []float64{25, 75}[i]}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	each := must(r.Weighted())
	if math.Abs(each.Interval.Low-w.Interval.Low) > 1e-9 || !near(each.EffectiveN, w.EffectiveN) {
		t.Errorf("%v, want %v", each.Interval, w.Interval)
	}
	normalised := trengo()
	n := must(survey.PostStratify(normalised, survey.Stratum{Population: 5, Answers: answersOf(t, survey.OneTo(5), 0, 0, 0, 1, 1)}))
	if !near(n.Interval.Estimate, 0.875) || n.Interval.High != 1 {
		t.Errorf("%+v", n)
	}
	one := must(survey.PostStratify(d, survey.Stratum{Population: 5, Answers: nps(t, 0, 0, 1)}))
	if one.Interval != (stat.Interval{Estimate: 1}) || one.EffectiveN != 1 {
		t.Errorf("%+v", one)
	}
	for name, tt := range map[string]struct {
		strata []survey.Stratum
		want   error
	}{
		"nothing":  {nil, survey.ErrNoAnswers},
		"nobody":   {[]survey.Stratum{strata[0], {Name: "silent", Population: 9}}, survey.ErrNoAnswers},
		"negative": {[]survey.Stratum{{Population: -1, Answers: strata[0].Answers}}, survey.ErrCount},
		"no one":   {[]survey.Stratum{strata[2]}, survey.ErrNoAnswers},
		"scales":   {[]survey.Stratum{strata[0], {Population: 1, Answers: answersOf(t, survey.OneTo(2), 1, 1)}}, survey.ErrMismatch},
	} {
		if _, err := survey.PostStratify(d, tt.strata...); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestResponsesGolden(t *testing.T) {
	list, _ := fortnight()
	list[0].Weight = 2.5
	r := collected(t, list...)
	if err := r.Invite("email", 20); err != nil {
		t.Fatal(err)
	}
	golden(t, "responses.json", r)
	data := must(r.MarshalBinary())
	for i := range data {
		if err := new(survey.Responses).UnmarshalBinary(data[:i]); !errors.Is(err, survey.ErrMalformed) {
			t.Errorf("cut to %d of %d: %v", i, len(data), err)
		}
	}
	last := collected(t, survey.Response{At: day(1).Add(999_999_999), Value: 4})
	beyond := bytes.Replace(must(last.MarshalBinary()), []byte{0xff, 0x93, 0xeb, 0xdc, 3}, []byte{0x80, 0x94, 0xeb, 0xdc, 3}, 1)
	if err := new(survey.Responses).UnmarshalBinary(beyond); !errors.Is(err, survey.ErrMalformed) {
		t.Errorf("a thousand million nanoseconds: %v", err)
	}
	if err := new(survey.Responses).UnmarshalBinary(append(data, 0)); !errors.Is(err, survey.ErrMalformed) {
		t.Error(err)
	}
	if err := new(survey.Responses).UnmarshalBinary([]byte{2}); !errors.Is(err, survey.ErrMalformed) {
		t.Error(err)
	}
	for _, bad := range []string{
		`[]`, `{"answers":[]}`, `{"question":{"id":"q"},"responses":[]}`, `{"responses":[{"value":1}]}`, `{"responses":[],"invited":{"email":-1}}`,
		`{"question":{"id":"q","definition":{"name":"","scale":{"min":1,"max":5}}},"responses":[{"value":1,"weight":-1}]}`,
	} {
		if err := r.UnmarshalJSON([]byte(bad)); !errors.Is(err, survey.ErrMalformed) || r.Len() != len(list) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func FuzzResponsesBinary(f *testing.F) {
	list, _ := fortnight()
	f.Add(must(collected(f, list...).MarshalBinary()))
	f.Add(must(new(survey.Responses).MarshalBinary()))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, b := new(survey.Responses), new(survey.Responses)
		if a.UnmarshalBinary(data) != nil {
			return
		}
		first := must(a.MarshalBinary())
		if err := b.UnmarshalBinary(first); err != nil || !bytes.Equal(first, must(b.MarshalBinary())) {
			t.Errorf("%v: %v", data, err)
		}
		a.Sources()
	})
}

func FuzzResponsesJSON(f *testing.F) {
	list, _ := fortnight()
	f.Add(must(json.Marshal(collected(f, list...))))
	f.Add([]byte(`{"responses":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, b := new(survey.Responses), new(survey.Responses)
		if json.Unmarshal(data, a) != nil {
			return
		}
		first := must(json.Marshal(a))
		if err := json.Unmarshal(first, b); err != nil || !bytes.Equal(first, must(json.Marshal(b))) {
			t.Errorf("%s: %v", data, err)
		}
	})
}
