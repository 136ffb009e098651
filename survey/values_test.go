package survey_test

import (
	"encoding/json"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/servicequality/servicequality/survey"
)

// exported holds a pointer to the zero value of every exported type.
func exported() []any {
	return []any{
		new(survey.Answers), new(survey.Comparison), new(survey.Definition), new(survey.DimensionMean), new(survey.DimensionScore),
		new(survey.Favour), new(survey.Feedback), new(survey.FeedbackKind), new(survey.Group),
		new(survey.GroupIndex), new(survey.Index), new(survey.Item), new(survey.ItemReliability), new(survey.LeftOut),
		new(survey.Profile), new(survey.Question), new(survey.Questionnaire), new(survey.Range), new(survey.Rate),
		new(survey.Reason), new(survey.Reliability), new(survey.Response), new(survey.Responses), new(survey.Satisfaction),
		new(survey.Scale), new(survey.Source), new(survey.SourceResponses), new(survey.Statistic), new(survey.Stratum),
		new(survey.WeightedIndex),
	}
}

// What accumulates holds no memory that a copy would share, or vet refuses to copy
// it.
func TestCopiesShareNothing(t *testing.T) {
	accumulators := 0
	for _, v := range exported() {
		typ := reflect.TypeOf(v)
		_, adds := typ.MethodByName("Add")
		_, merges := typ.MethodByName("Merge")
		if !adds && !merges {
			continue
		}
		accumulators++
		refused := false
		for i := range typ.Elem().NumField() {
			refused = refused || reflect.PointerTo(typ.Elem().Field(i).Type).Implements(reflect.TypeFor[sync.Locker]())
		}
		if !refused && shares(typ.Elem()) {
			t.Errorf("copies of %v share memory", typ.Elem())
		}
	}
	if accumulators != 4 {
		t.Errorf("%d types accumulate", accumulators)
	}
}

// shares reports whether copies of values of the type share memory that can be
// written.
func shares(typ reflect.Type) bool {
	switch typ.Kind() {
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return true
	case reflect.Array:
		return shares(typ.Elem())
	case reflect.Struct:
		for i := range typ.NumField() {
			if shares(typ.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// What Responses hand out does not change with what comes later.
func TestHandedOutIsFrozen(t *testing.T) {
	for _, n := range []int{1, 3, 5000} {
		r := must(survey.NewResponses(satisfaction()))
		add := func(to *survey.Responses, value int) {
			for i := range n {
				at := day(1).Add(time.Duration(i) * time.Second)
				if err := to.Add(survey.Response{Source: "email", At: at, Group: "chat", Value: value}); err != nil {
					t.Fatal(err)
				}
			}
			if err := to.Invite("email", "", int64(2*n)); err != nil {
				t.Fatal(err)
			}
		}
		add(r, 4)
		handed := []any{r.Answers(), must(r.Index()), must(r.Weighted()), r.Resolved(), r.Groups(), r.Sources(), r.Question()}
		before := must(json.Marshal(handed))
		sum := new(survey.Responses)
		if err := sum.Merge(r); err != nil {
			t.Fatal(err)
		}
		add(sum, 1)
		if r.Len() != n || r.Sources()[0].Invited != int64(2*n) {
			t.Errorf("n = %d: what was merged from has changed", n)
		}
		add(r, 2)
		if err := r.Merge(sum); err != nil {
			t.Fatal(err)
		}
		if after := must(json.Marshal(handed)); string(after) != string(before) {
			t.Errorf("n = %d: what was handed out has changed", n)
		}
		// And back: writing to what was handed out changes nothing.
		r.Resolved()[0].Value = 5
		r.Groups()[0].Answers.LeaveOut(survey.Excluded)
		if a := r.Answers(); a.Count(5) != 0 || !a.LeftOut().IsZero() {
			t.Errorf("n = %d: %v", n, a)
		}
	}
}

// A person who prints a value reads one line with units and n.
func TestPrinted(t *testing.T) {
	a := must(survey.NewAnswers(survey.OneTo(5), 5, 4, 4, 3))
	a.LeaveOut(survey.Unanswered)
	list, _ := fortnight()
	r := collected(t, list...)
	if err := r.Invite("email", "", 4); err != nil {
		t.Fatal(err)
	}
	q, rows := threeItems()
	q.Items[0].Dimension = "speed"
	reliability := must(q.Reliability(append(rows, []int{5, missing, 1})))
	scores := must(q.Score([]int{4, missing, missing}))
	profiles := must(q.Profile(2, map[string][][]int{"chat": rows, "night": {{1, 1, 1}}, "none": nil, "email": {{2, 2, 2}, {missing, 1, 1}}}))
	groups := must(survey.MeasureGroups(survey.EmployeeNet(), 5, survey.Group{Name: "chat", Answers: nps(t, 1, 2, 3)}, survey.Group{Name: "none"}))
	_, favour, err := q.Favourable(survey.Favourable(), rows)
	if err != nil {
		t.Fatal(err)
	}
	weighted := must(survey.PostStratify(survey.NetPromoter(), survey.Stratum{Population: 100, Answers: nps(t, 0, 1, 3)}, survey.Stratum{Population: 300, Answers: nps(t, 2, 1, 1)}))
	minus := must(survey.NewAnswers(survey.Scale{Min: -2, Max: 2}, -2, -2, 0))
	for _, tt := range []struct {
		value interface{ String() string }
		want  string
	}{
		{a, "n = 4 on 1–5, mean 4.00 (3: 1, 4: 2, 5: 1) (left out: 1 unanswered)"},
		{minus, "n = 3 on -2–2, mean −1.33 (-2: 2, 0: 1)"},
		{survey.Answers{}, "no answers"},
		{survey.Group{Name: "chat", Answers: a}, "chat: n = 4 on 1–5, mean 4.00 (3: 1, 4: 2, 5: 1) (left out: 1 unanswered)"},
		{r, "csat: 11 responses, 6 count (left out: 1 unanswered, 1 not_applicable, 1 off_scale, 1 repeated, 1 superseded)"},
		{new(survey.Responses), "no question: 0 responses, 0 count"},
		{r.Sources()[0], "email: 3 responded, response rate 75.0 %, 95 % 30.1 to 95.4, n = 4"},
		{r.Sources()[1], "in_app: 2 responded, response rate not known"},
		{survey.SourceResponses{}, "source not given: 0 responded, response rate not known"},
		{weighted, "NPS (weighted) 0.0, 95 % −52.3 to 52.3, n = 8 (effective 6.4)"},
		{survey.WeightedIndex{}, "no answers"},
		{groups[0], "chat: eNPS 33.3, 95 % −26.7 to 71.2, n = 6"},
		{groups[1], "none: no answers"},
		{survey.GroupIndex{Name: "night", Suppressed: true}, "night: not shown, too few answers"},
		{scores[0], "speed 4.00 (1 of 1 items)"},
		{scores[1], "all items: no score (1 of 3 items)"},
		{profiles[0], "chat, n = 8: speed 3.50, all items 3.42"},
		{profiles[1], "email: not shown, too few respondents"},
		{profiles[3], "none: no scores"},
		{profiles[4], "all, n = 10: speed 3.10, all items 3.03 (left out: 1 too_few_items)"},
		{profiles[0].Dimensions[0], "speed 3.50 (95 % 2.32 to 4.68, n = 8)"},
		{survey.DimensionMean{N: 1}, "all items 0.00 (n = 1)"},
		{survey.DimensionMean{}, "all items: no scores"},
		{favour[0], "speed 62.5 % favourable (items: 1)"},
		{reliability, "alpha 0.94 (95 % 0.78 to 0.99), omega 0.95, 3 items, n = 8 (left out: 1 too_few_items)"},
		{survey.Reliability{}, "no reliability"},
		{reliability.ByItem[0], "q1: mean 3.50, item-rest 0.93, alpha without it 0.85"},
		{must(survey.ACSI([][3]int{{1, 1, 1}, {10, 10, 10}, {4, missing, 4}}, [3]float64{})), "satisfaction index 50.0 of 100, 95 % 0.0 to 100.0, n = 2 (left out: 1 unanswered)"},
		{must(survey.ACSI([][3]int{{10, 10, 10}}, [3]float64{})), "satisfaction index 100.0 of 100, n = 1"},
		{survey.Satisfaction{}, "no answers"},
		{survey.Rate{}, "rate: no data"},
	} {
		if got := tt.value.String(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
