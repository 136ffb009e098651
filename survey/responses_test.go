package survey_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
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

// Of one instant, or none, the last taken counts, never the highest; an exclusion beats
// whatever it excludes, and nothing else.
func TestResolvedTies(t *testing.T) {
	key := func(value int, left survey.Reason) survey.Response {
		return survey.Response{Source: "shop", ID: "2", At: day(1), Value: value, Left: left}
	}
	ann := func(value int, left survey.Reason) survey.Response {
		return survey.Response{Source: "shop", Respondent: "ann", About: "ticket 2", At: day(1), Value: value, Left: left}
	}
	with := func(r survey.Response, change func(*survey.Response)) survey.Response {
		change(&r)
		return r
	}
	for _, tt := range []struct {
		name    string
		list    []survey.Response
		want    string // the answers that count
		leftOut string
	}{
		{"edited, lower", []survey.Response{key(5, 0), key(2, 0)}, "2", "1 repeated"},
		{"edited, higher", []survey.Response{key(2, 0), key(5, 0)}, "5", "1 repeated"},
		{"edited, no instant", []survey.Response{{ID: "2", Value: 5}, {ID: "2", Value: 2}}, "2", "1 repeated"},
		{"changed one's mind, lower", []survey.Response{ann(5, 0), ann(2, 0)}, "2", "1 superseded"},
		{"changed one's mind, higher", []survey.Response{ann(2, 0), ann(5, 0)}, "5", "1 superseded"},
		{"one's mind in two sources, no instant", []survey.Response{{Source: "b", Respondent: "ann", Value: 5}, {Source: "a", ID: "9", Respondent: "ann", Value: 2}}, "2", "1 superseded"},
		{"sent, then answered", []survey.Response{key(0, survey.Unanswered), key(4, 0)}, "4", "1 repeated"},
		{"answered, then emptied", []survey.Response{key(4, 0), key(0, survey.Unanswered)}, "", "1 unanswered, 1 repeated"},
		{"deleted", []survey.Response{key(1, 0), key(1, survey.Excluded)}, "", "1 repeated, 1 excluded"},
		{"deleted before it came", []survey.Response{key(1, survey.Excluded), key(1, 0)}, "", "1 repeated, 1 excluded"},
		{"deleted twice", []survey.Response{key(1, survey.Excluded), key(1, 0), key(1, survey.Excluded)}, "", "2 repeated, 1 excluded"},
		{"given again after it was deleted", []survey.Response{with(key(3, 0), func(r *survey.Response) { r.At = day(2) }), key(1, 0), key(1, survey.Excluded)}, "3", "2 repeated"},
		{"deleted in another source", []survey.Response{key(1, 0), with(key(1, survey.Excluded), func(r *survey.Response) { r.Source = "app" })}, "1", "1 excluded"},
		{"deleted by respondent", []survey.Response{ann(1, 0), ann(1, survey.Excluded)}, "", "1 repeated, 1 excluded"},
		{"deleted by respondent before it came", []survey.Response{ann(1, survey.Excluded), ann(1, 0)}, "", "1 repeated, 1 excluded"},
		{"the second thoughts deleted", []survey.Response{ann(5, 0), with(ann(1, 0), func(r *survey.Response) { r.At = day(2) }), with(ann(1, survey.Excluded), func(r *survey.Response) { r.At = day(2) })}, "5", "1 repeated, 1 excluded"},
		{"another respondent deleted", []survey.Response{ann(1, 0), with(ann(1, survey.Excluded), func(r *survey.Response) { r.Respondent = "bob" })}, "1", "1 excluded"},
		{"another thing deleted", []survey.Response{ann(1, 0), with(ann(1, survey.Excluded), func(r *survey.Response) { r.About = "ticket 3" })}, "1", "1 excluded"},
		{"an answer with a key is deleted by that", []survey.Response{with(ann(1, 0), func(r *survey.Response) { r.ID = "7" }), ann(1, survey.Excluded)}, "1", "1 excluded"},
		{"nobody's answer", []survey.Response{{Value: 1}, {Value: 1, Left: survey.Excluded}}, "1", "1 excluded"},
	} {
		a := collected(t, tt.list...).Answers()
		merged := collected(t, tt.list[0])
		if err := merged.Merge(collected(t, tt.list[1:]...)); err != nil || merged.Answers() != a {
			t.Errorf("%s: merged %v, %v", tt.name, merged, err)
		}
		got := ""
		for v := range 6 {
			got += strings.Repeat(fmt.Sprint(v), int(a.Count(v)))
		}
		if got != tt.want || a.LeftOut().String() != tt.leftOut {
			t.Errorf("%s: counted %q, left out %v; want %q and %s", tt.name, got, a.LeftOut(), tt.want, tt.leftOut)
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
		if err := r.Invite(source, "", n); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Invite("email", "", 10); err != nil {
		t.Fatal(err)
	}
	if err := r.Invite("email", "", -1); !errors.Is(err, survey.ErrCount) {
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
	if err := few.Invite("email", "", 1); err != nil {
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
		if other.Add(survey.Response{Value: 5}) != nil || other.Invite("email", "", 3) != nil {
			t.Fatal("not taken")
		}
		before := must(r.MarshalBinary())
		if err := r.Merge(other); !errors.Is(err, survey.ErrMismatch) || !bytes.Equal(before, must(r.MarshalBinary())) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if err := r.Invite("email", "", 1<<53); err != nil {
		t.Error(err)
	}
	other := must(survey.NewResponses(satisfaction()))
	if err := other.Invite("email", "", 1); err != nil {
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
		switch r.IntN(6) {
		case 0:
			x.Left = survey.Reason(r.IntN(5))
		case 1:
			x.Left = survey.Excluded
		}
		if r.IntN(4) == 0 {
			x.Comment = "slow"
		}
		return x
	})
}

// resolvedPlainly says of each response on 1 to 5, in the order taken, why it does not
// count: by asking of each pair which is the later.
func resolvedPlainly(list []survey.Response) []survey.Reason {
	later := func(i, j int) bool { // i than j
		switch a, b := list[i], list[j]; {
		case !a.At.Equal(b.At):
			return a.At.After(b.At)
		case (a.Left == survey.Excluded) != (b.Left == survey.Excluded):
			return a.Left == survey.Excluded
		}
		return i > j
	}
	left := make([]survey.Reason, len(list))
	for i, a := range list {
		if left[i] = a.Left; a.Left == survey.Counted && (a.Value < 1 || a.Value > 5) {
			left[i] = survey.OffScale
		}
		for j, b := range list {
			sameKey := a.ID != "" && a.ID == b.ID && a.Source == b.Source
			sameRow := a.ID == "" && b.ID == "" && a.Respondent != "" && a.Respondent == b.Respondent &&
				a.About == b.About && a.Source == b.Source && a.At.Equal(b.At) && b.Left == survey.Excluded
			if (sameKey || sameRow) && later(j, i) {
				left[i] = survey.Repeated
			}
		}
	}
	counted := slices.Clone(left)
	for i, a := range list {
		for j, b := range list {
			if left[i] == survey.Counted && left[j] == survey.Counted && a.Respondent != "" && a.Respondent == b.Respondent && a.About == b.About && later(j, i) {
				counted[i] = survey.Superseded
			}
		}
	}
	return counted
}

func TestResponsesLaws(t *testing.T) {
	lists := gen.SliceOf(genResponse())
	same := func(a, b *survey.Responses) bool {
		return bytes.Equal(must(a.MarshalBinary()), must(b.MarshalBinary())) && bytes.Equal(must(json.Marshal(a)), must(json.Marshal(b))) &&
			a.Answers() == b.Answers() && slices.Equal(a.Resolved(), b.Resolved())
	}
	laws := gopter.NewProperties(nil)
	laws.Property("responses of a ++ b are the merged responses", prop.ForAll(func(a, b []survey.Response) bool {
		whole := collected(t, append(slices.Clone(a), b...)...)
		left, right := collected(t, a...), collected(t, b...)
		if left.Invite("email", "", 3) != nil || right.Invite("email", "", 4) != nil || whole.Invite("email", "", 7) != nil {
			return false
		}
		x := new(survey.Responses)
		return x.Merge(left) == nil && x.Merge(right) == nil && same(x, whole)
	}, lists, lists))
	laws.Property("if no two have one instant, the order makes no difference", prop.ForAll(func(a []survey.Response, seed int64) bool {
		for i := range a {
			a[i].At = day(1).Add(time.Duration(i) * time.Hour)
		}
		x := collected(t, a...)
		rand.New(rand.NewPCG(uint64(seed), 2)).Shuffle(len(a), func(i, j int) { a[i], a[j] = a[j], a[i] })
		return same(x, collected(t, a...))
	}, lists, gen.Int64()))
	laws.Property("excluding undoes adding", prop.ForAll(func(a []survey.Response, added survey.Response, at int) bool {
		added.ID, added.Respondent = "new", "new"
		before := collected(t, a...).Answers()
		excluded := added
		excluded.Left = survey.Excluded
		after := collected(t, slices.Concat(slices.Insert(slices.Clone(a), at%(len(a)+1), added), []survey.Response{excluded})...).Answers()
		added.ID, excluded.ID = "", ""
		without := collected(t, slices.Concat([]survey.Response{excluded}, slices.Insert(slices.Clone(a), at%(len(a)+1), added))...).Answers()
		return slices.Equal(before.Counts(), after.Counts()) && after == without
	}, lists, genResponse(), gen.IntRange(0, 100)))
	laws.Property("as plainly written down", prop.ForAll(func(a []survey.Response) bool {
		resolved := collected(t, a...).Resolved()
		want := resolvedPlainly(a)
		if !slices.IsSortedFunc(resolved, func(x, y survey.Response) int { return x.At.Compare(y.At) }) || len(resolved) != len(a) {
			return false
		}
		counts := make(map[survey.Reason]int)
		for _, left := range want {
			counts[left]++
		}
		for _, x := range resolved {
			counts[x.Left]--
		}
		for _, n := range counts {
			if n != 0 {
				return false
			}
		}
		answers, plain := collected(t, a...).Answers(), make([]int64, 5)
		for i, left := range want {
			if left == survey.Counted {
				plain[a[i].Value-1]++
			}
		}
		return slices.Equal(answers.Counts(), plain)
	}, lists))
	laws.Property("JSON and binary come back", prop.ForAll(func(list []survey.Response) bool {
		a, b, c := collected(t, list...), new(survey.Responses), new(survey.Responses)
		if a.Invite("phone", "", int64(len(list))) != nil {
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

// Weights that are all alike change nothing, and weights times a constant neither.
func TestWeightLaws(t *testing.T) {
	definitions := []survey.Definition{
		survey.TopBox(survey.OneTo(5), 2), trengo(),
		{Name: "net", Scale: survey.OneTo(5), Statistic: survey.NetShare, Positive: survey.Range{From: 4, Below: 6}, Negative: survey.Range{From: 1, Below: 3}},
		{Name: "mean", Scale: survey.OneTo(5), Statistic: survey.MeanAnswer},
		{Name: "effort", Scale: survey.OneTo(5).LowerIsBetter(), Statistic: survey.NormalisedMean},
	}
	alike := func(a, b stat.Interval) bool {
		near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9 }
		return near(a.Estimate, b.Estimate) && near(a.Low, b.Low) && near(a.High, b.High) && a.Level == b.Level && (a.Level == 0 || a.Method == b.Method)
	}
	weighted := func(d survey.Definition, values []int, weight func(i int) float64) survey.WeightedIndex {
		r := must(survey.NewResponses(survey.Question{ID: "q", Definition: d}))
		for i, v := range values {
			if err := r.Add(survey.Response{Value: v, Weight: weight(i)}); err != nil {
				t.Fatal(err)
			}
		}
		return must(r.Weighted())
	}
	values := gen.SliceOf(gen.Weighted([]gen.WeightedGen{{Weight: 1, Gen: gen.IntRange(1, 5)}, {Weight: 2, Gen: gen.Const(5)}})).
		SuchThat(func(v []int) bool { return len(v) > 0 })
	laws := gopter.NewProperties(nil)
	for _, d := range definitions {
		laws.Property(d.Name+": equal weights are none", prop.ForAll(func(values []int, weight float64) bool {
			index := must(survey.Measure(d, must(survey.NewAnswers(d.Scale, values...))))
			unweighted := index.Interval
			if unweighted.Level == 0 {
				unweighted.Estimate, _ = index.Value.Float64()
			}
			ones, equal := weighted(d, values, func(int) float64 { return 1 }), weighted(d, values, func(int) float64 { return weight })
			strata := must(survey.PostStratify(d, survey.Stratum{Population: 3 * int64(len(values)), Answers: index.Answers}))
			return alike(ones.Interval, unweighted) && alike(equal.Interval, unweighted) && alike(strata.Interval, unweighted) &&
				within(equal.EffectiveN, float64(len(values)), 1e-9)
		}, values, gen.OneConstOf(0.1, 7.0, 1e-300, 1e300)))
		laws.Property(d.Name+": weights times a constant", prop.ForAll(func(values []int, factor float64, seed int64) bool {
			random := rand.New(rand.NewPCG(uint64(seed), 3))
			weights := make([]float64, len(values))
			for i := range weights {
				weights[i] = 0.1 + random.Float64()
			}
			a := weighted(d, values, func(i int) float64 { return weights[i] })
			b := weighted(d, values, func(i int) float64 { return factor * weights[i] })
			return alike(a.Interval, b.Interval) && within(a.EffectiveN, b.EffectiveN, 1e-9) &&
				(a.Interval.Level == 0 || a.Interval.Contains(a.Interval.Estimate))
		}, values, gen.OneConstOf(3.0, 1e-290, 1e290), gen.Int64()))
	}
	laws.TestingRun(t)
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
	alone := must(survey.Measure(d, nps(t, 0, 0, 1)))
	if one.Interval != alone.Interval || one.EffectiveN != 1 {
		t.Errorf("%+v, want %v", one, alone.Interval)
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
	list[0].Weight, list[0].Comment = 2.5, "Nobody called back."
	r := collected(t, list...)
	if err := r.Invite("email", "", 20); err != nil {
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
	if err := new(survey.Responses).UnmarshalBinary([]byte{1}); !errors.Is(err, survey.ErrMalformed) {
		t.Error(err)
	}
	for _, bad := range []string{
		`[]`, `{"answers":[]}`, `{"question":{"id":"q"},"responses":[]}`, `{"responses":[{"value":1}]}`, `{"responses":[],"invited":[{"source":"email","n":-1}]}`,
		`{"question":{"id":"q","definition":{"name":"","scale":{"min":1,"max":5}}},"responses":[{"value":1,"weight":-1}]}`,
	} {
		if err := r.UnmarshalJSON([]byte(bad)); !errors.Is(err, survey.ErrMalformed) || r.Len() != len(list) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// Whoever was asked first, both forms are the same, with sources and groups in order; and
// without responses the list of them is empty.
func TestWhoWasAskedIsInOrder(t *testing.T) {
	r := must(survey.NewResponses(survey.Question{ID: "q", Definition: survey.Definition{Name: "n", Scale: survey.OneTo(3)}}))
	for i := range 25 { // which no order of a map puts in order by chance
		k := i * 7 % 25
		if err := r.Invite(survey.Source('a'+rune(k/5)), string('v'+rune(k%5)), int64(k)+1); err != nil {
			t.Fatal(err)
		}
	}
	var asked []string
	binary := "\x19"
	for k := range 25 {
		source, group := string('a'+rune(k/5)), string('v'+rune(k%5))
		asked = append(asked, fmt.Sprintf(`{"source":"%s","group":"%s","n":%d}`, source, group, k+1))
		binary += "\x01" + source + "\x01" + group + string(rune(k+1))
	}
	want := `"invited":[` + strings.Join(asked, ",") + `],"responses":[]}`
	if got := must(json.Marshal(r)); !bytes.HasSuffix(got, []byte(want)) {
		t.Errorf("%s, want …%s", got, want)
	}
	if got := must(r.MarshalBinary()); !bytes.HasSuffix(got, []byte(binary+"\x00")) {
		t.Errorf("%q, want …%q", got, binary)
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
