package survey_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

func TestRetentionVectors(t *testing.T) {
	for _, v := range vectors(t, "customer retention rate") {
		var in struct{ Start, New, End int64 }
		v.decode(t, &in)
		r, err := survey.Retention(in.Start, in.End, in.New)
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			continue
		}
		churn := r.Complement("churn")
		kept, _ := r.Value.Float64()
		lost, _ := churn.Value.Float64()
		if !near(100*kept, v.number(t, "retention_pct")) || !near(100*lost, v.number(t, "churn_pct")) || float64(churn.Value.Part) != v.number(t, "lost") {
			t.Errorf("%s: %v, %v", v.ID, r, churn)
		}
		want := must(stat.Proportion(churn.Value.Part, churn.Value.Whole, 0.95, stat.Wilson))
		if !near(churn.Interval.Low, want.Low) || !near(churn.Interval.High, want.High) || !near(churn.Interval.Estimate, want.Estimate) {
			t.Errorf("%s: churn %v, want %v", v.ID, churn.Interval, want)
		}
	}
	for _, tt := range []struct {
		start, end, acquired int64
		want                 error
	}{
		{0, 0, 0, survey.ErrNoAnswers}, {0, 5, 5, survey.ErrNoAnswers}, {10, 12, 1, survey.ErrCount}, {10, 3, 4, survey.ErrCount},
		{-1, 0, 0, survey.ErrCount}, {5, -1, -3, survey.ErrCount}, {5, 2, -1, survey.ErrCount},
	} {
		if _, err := survey.Retention(tt.start, tt.end, tt.acquired); !errors.Is(err, tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	r := must(survey.Retention(200, 200, 20))
	if got, want := r.String(), "retention 90.0 %, 95 % 85.1 to 93.4, n = 200"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (survey.Rate{Name: "churn"}).String(); got != "churn: no data" {
		t.Error(got)
	}
	if got := (survey.Rate{}).Complement("churn"); got.Interval != (stat.Interval{}) || got.Value.Defined() {
		t.Error(got)
	}
}

func TestCohortVectors(t *testing.T) {
	for _, v := range vectors(t, "cohort retention triangle") {
		var in struct {
			Active [][]int64 `json:"active_by_period"`
		}
		v.decode(t, &in)
		rates, err := survey.CohortRetention(in.Active)
		want := v.numbers(t, "pooled_by_age")
		if err != nil || len(rates) != len(want) {
			t.Fatalf("%s: %v, %v", v.ID, rates, err)
		}
		for a, r := range rates {
			if f, _ := r.Value.Float64(); !near(f, want[a]) {
				t.Errorf("%s: at age %d %v, want %v", v.ID, a, r, want[a])
			}
		}
	}
	for _, bad := range [][][]int64{{{10, 11}}, {{10, -1}}, {{-1}}} {
		if _, err := survey.CohortRetention(bad); !errors.Is(err, survey.ErrCount) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	for _, empty := range [][][]int64{nil, {{}}, {{0, 0}}} {
		if _, err := survey.CohortRetention(empty); !errors.Is(err, survey.ErrNoAnswers) {
			t.Errorf("%v: %v", empty, err)
		}
	}
}

func TestRepeatVectors(t *testing.T) {
	for _, v := range vectors(t, "repeat customer rate") {
		var in struct {
			Orders []int64 `json:"orders_per_customer"`
		}
		v.decode(t, &in)
		r, err := survey.RepeatRate(in.Orders)
		if value, _ := r.Value.Float64(); !near(value, v.number(t, "repeat_rate")) {
			t.Errorf("%s: %v", v.ID, r)
		}
		if err != nil || float64(r.Value.Part) != v.number(t, "repeat") || float64(r.Value.Whole) != v.number(t, "customers") {
			t.Errorf("%s: %v, %v", v.ID, r, err)
		}
	}
	if r, err := survey.RepeatRate([]int64{0, 0, 2, 1}); err != nil || r.Value != (stat.Ratio{Part: 1, Whole: 2}) {
		t.Errorf("%v, %v", r, err)
	}
	if _, err := survey.RepeatRate([]int64{1, -1}); !errors.Is(err, survey.ErrCount) {
		t.Error(err)
	}
	if _, err := survey.RepeatRate([]int64{0}); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
}

// Garwood (1936): 0 events have an upper limit of 3.688879, 10 events limits of
// 4.795389 and 18.390356.
func TestFeedback(t *testing.T) {
	var f survey.Feedback
	if _, ok := f.Rate(survey.Thanks); ok {
		t.Error("a rate of no contacts")
	}
	if err := f.AddContacts(1000); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(survey.Complaints, 10); err != nil {
		t.Fatal(err)
	}
	r, ok := f.Rate(survey.Complaints)
	if !ok || !within(r.Low, 4.795389e-3, 1e-6) || !within(r.High, 18.390356e-3, 1e-6) || r.Estimate != 0.01 || r.Level != 0.95 {
		t.Errorf("%v, %v", r, ok)
	}
	if got, want := f.String(), "1000 contacts; per 1,000 of them: complaints 10.0 (95 % 4.8 to 18.4)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if r, ok := f.Rate(survey.Awards); !ok || r.Low != 0 || !within(r.High, 3.688879e-3, 1e-6) {
		t.Errorf("%v, %v", r, ok)
	}
	if _, ok := f.Rate(99); ok || f.Count(99) != 0 || f.Count(survey.Complaints) != 10 || f.Contacts() != 1000 {
		t.Error("a kind that is none")
	}
	for name, err := range map[string]error{
		"negative": f.Add(survey.Thanks, -1), "no kind": f.Add(99, 1), "too many": f.Add(survey.Complaints, 1<<53),
		"contacts": f.AddContacts(-1),
	} {
		if !errors.Is(err, survey.ErrCount) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := (survey.Feedback{}).String(); got != "no contacts" {
		t.Error(got)
	}
	g := f
	if err := g.Merge(f); err != nil || g.Contacts() != 2000 || g.Count(survey.Complaints) != 20 || f.Contacts() != 1000 {
		t.Errorf("%v, %v", g, err)
	}
	var zero, full survey.Feedback
	if err := zero.Merge(f); err != nil || zero != f {
		t.Errorf("%v, %v", zero, err)
	}
	if err := full.Add(survey.Complaints, 1<<53); err != nil || full.String() != "no contacts" {
		t.Error(full, err)
	}
	if err := g.Merge(full); !errors.Is(err, survey.ErrCount) || g.Contacts() != 2000 || g.Count(survey.Complaints) != 20 {
		t.Errorf("%v, %v", g, err)
	}
	var busy survey.Feedback
	if err := busy.AddContacts(1<<53 - 999); err != nil {
		t.Fatal(err)
	}
	if err := busy.Merge(f); !errors.Is(err, survey.ErrCount) || busy.Contacts() != 1<<53-999 || busy.Count(survey.Complaints) != 0 {
		t.Errorf("%v, %v", busy, err)
	}
	golden(t, "feedback.json", f)
	var b, c survey.Feedback
	data := must(f.MarshalBinary())
	if err := json.Unmarshal(must(json.Marshal(f)), &b); err != nil || b != f {
		t.Errorf("%v, %v", b, err)
	}
	if err := c.UnmarshalBinary(data); err != nil || c != f {
		t.Errorf("%v, %v", c, err)
	}
	for i := range data {
		if err := c.UnmarshalBinary(data[:i]); !errors.Is(err, survey.ErrMalformed) {
			t.Errorf("cut to %d: %v", i, err)
		}
	}
	for _, bad := range [][]byte{append(data, 0), {2, 0}, {1, 0}, {1, 5, 0, 0, 0, 0, 0}} {
		if err := c.UnmarshalBinary(bad); !errors.Is(err, survey.ErrMalformed) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	for _, bad := range []string{`{"contacts":-1}`, `{"contacts":1,"counts":{"thanks":-1}}`, `{"counts":{"gifts":1}}`, `{"n":1}`, `[]`} {
		if err := c.UnmarshalJSON([]byte(bad)); !errors.Is(err, survey.ErrMalformed) || c != f {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for k := survey.Thanks; k <= survey.Complaints; k++ {
		var back survey.FeedbackKind
		if text, err := k.MarshalText(); err != nil || back.UnmarshalText(text) != nil || back != k {
			t.Errorf("%v: %v", k, err)
		}
	}
}

func FuzzFeedbackBinary(f *testing.F) {
	f.Add([]byte{1, 6, 100, 1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b survey.Feedback
		if a.UnmarshalBinary(data) != nil {
			return
		}
		if err := b.UnmarshalBinary(must(a.MarshalBinary())); err != nil || a != b {
			t.Errorf("%v: %v", data, err)
		}
	})
}

func TestSuppress(t *testing.T) {
	for _, tt := range []struct {
		sizes  []int64
		hidden []int
		all    bool
	}{
		{nil, nil, false},
		{[]int64{10, 20}, nil, false},
		{[]int64{10, 20, 4}, []int{0, 2}, false}, // one alone could be worked out
		{[]int64{10, 20, 5}, nil, false},
		{[]int64{3, 20, 4, 10}, []int{0, 2}, false},    // together 7
		{[]int64{1, 20, 2, 10}, []int{0, 2, 3}, false}, // together 3: too few still
		{[]int64{1, 1, 1, 30, 9}, []int{0, 1, 2, 4}, false},
		{[]int64{2, 3, 20, 10}, []int{0, 1}, false}, // together 5: enough
		{[]int64{0, 20, 10}, nil, false},            // nobody is not hidden
		{[]int64{0, 4, 10}, []int{1, 2}, false},
		{[]int64{4}, []int{0}, true},
		{[]int64{2, 2}, []int{0, 1}, true},
		{[]int64{2, 3}, []int{0, 1}, false},
		{[]int64{3, 7, 7}, []int{0, 1}, false},
		{[]int64{-3, 7, 7}, nil, false},
	} {
		hide, all := survey.Suppress(5, tt.sizes...)
		want := make([]bool, len(tt.sizes))
		for _, i := range tt.hidden {
			want[i] = true
		}
		for i := range want {
			if hide[i] != want[i] {
				t.Errorf("%v: %v, want %v", tt.sizes, hide, want)
				break
			}
		}
		if all != tt.all {
			t.Errorf("%v: all %v", tt.sizes, all)
		}
	}
	if hide, all := survey.Suppress(0, 4, 5, 9); !hide[0] || !hide[1] || hide[2] || all {
		t.Error("a minimum of 0 is not read as 5")
	}
	for _, minimum := range []int64{1, -1} {
		if hide, all := survey.Suppress(minimum, 1, 1); hide[0] || hide[1] || all {
			t.Errorf("a minimum of %d suppresses", minimum)
		}
	}
}

func TestMeasureGroups(t *testing.T) {
	d := survey.EmployeeNet()
	groups := []survey.Group{
		{Name: "chat", Answers: nps(t, 3, 4, 8)}, {Name: "email", Answers: nps(t, 1, 1, 1)},
		{Name: "phone", Answers: nps(t, 2, 2, 2)}, {Name: "night", Answers: survey.Answers{}},
	}
	list := must(survey.MeasureGroups(d, 0, groups...))
	for i, want := range []struct {
		name       string
		suppressed bool
		n          int64
	}{{"chat", false, 15}, {"email", true, 0}, {"phone", true, 0}, {"night", false, 0}, {"all", false, 24}} {
		if g := list[i]; g.Name != want.name || g.Suppressed != want.suppressed || g.Index.N() != want.n {
			t.Errorf("%+v, want %+v", g, want)
		}
	}
	open := must(survey.MeasureGroups(d, 1, groups...))
	if open[1].Suppressed || open[1].Index.N() != 3 {
		t.Errorf("%+v", open[1])
	}
	small := must(survey.MeasureGroups(d, 0, groups[1]))
	if !small[0].Suppressed || !small[1].Suppressed || small[1].Index.N() != 0 {
		t.Errorf("%+v", small)
	}
	if _, err := survey.MeasureGroups(d, 0, groups[3]); !errors.Is(err, survey.ErrNoAnswers) && !errors.Is(err, survey.ErrMismatch) {
		t.Error(err)
	}
	if _, err := survey.MeasureGroups(d, 0, groups[0], survey.Group{Name: "x", Answers: answersOf(t, survey.OneTo(2), 1, 1)}); !errors.Is(err, survey.ErrMismatch) {
		t.Error(err)
	}
}

func TestSegmentRetentionVectors(t *testing.T) {
	for _, v := range vectors(t, "retention/churn rate by segment") {
		n, churned := int64(v.number(t, "n")), int64(v.number(t, "churned"))
		r := must(survey.Retention(n, n-churned, 0))
		kept, _ := r.Value.Float64()
		lost, _ := r.Complement("churn").Value.Float64()
		if !near(kept, v.number(t, "retention_rate")) || !near(lost, v.number(t, "churn_rate")) {
			t.Errorf("%s: %v", v.ID, r)
		}
	}
}
