package survey_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// threeItems is the inline data of vector v0437.
func threeItems() (survey.Questionnaire, [][]int) {
	q := survey.Questionnaire{Name: "three", Scale: survey.OneTo(5), Items: []survey.Item{{Name: "q1"}, {Name: "q2"}, {Name: "q3"}}}
	q1, q2, q3 := []int{4, 5, 3, 4, 2, 5, 4, 1}, []int{4, 4, 3, 5, 2, 5, 3, 2}, []int{5, 5, 2, 4, 1, 4, 4, 1}
	rows := make([][]int, len(q1))
	for i := range rows {
		rows[i] = []int{q1[i], q2[i], q3[i]}
	}
	return q, rows
}

func TestReliabilityVectors(t *testing.T) {
	q, rows := threeItems()
	for _, v := range vectors(t, "Cronbach alpha and item statistics") {
		r, err := q.Reliability(rows)
		if err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
		var dropped, rest map[string]float64
		v.expect(t, "alpha_if_dropped", &dropped)
		v.expect(t, "item_rest_r_drop", &rest)
		ci := v.numbers(t, "feldt_ci_95")
		for name, pair := range map[string][2]float64{
			"alpha":        {r.Alpha, v.number(t, "raw_alpha")},
			"standardised": {r.Standardised, v.number(t, "std_alpha")},
			"average r":    {r.AverageR, v.number(t, "average_r")},
			"low":          {r.AlphaLow, ci[0]},
			"high":         {r.AlphaHigh, ci[1]},
		} {
			if !near(pair[0], pair[1]) {
				t.Errorf("%s: %s is %v, want %v", v.ID, name, pair[0], pair[1])
			}
		}
		for _, x := range r.ByItem {
			if !near(x.Dropped, dropped[x.Item.Name]) || !near(x.ItemRest, rest[x.Item.Name]) || !x.HasDropped || !x.HasItemRest || x.Suspect {
				t.Errorf("%s: %+v", v.ID, x)
			}
		}
		if r.N != 8 || r.Items != 3 || !r.LeftOut.IsZero() {
			t.Errorf("%s: %+v", v.ID, r)
		}
		// Items that are turned, and marked so, change nothing.
		turned := q
		turned.Items = slices.Clone(q.Items)
		turned.Items[1].Reversed = true
		other := make([][]int, len(rows))
		for i, row := range rows {
			other[i] = []int{row[0], 6 - row[1], row[2]}
		}
		same, err := turned.Reliability(other)
		if err != nil || same.Alpha != r.Alpha || same.Omega != r.Omega || same.ByItem[1].Mean != r.ByItem[1].Mean {
			t.Errorf("reversed: %+v, %v", same, err)
		}
		// Not marked, the item is suspect.
		bad, err := q.Reliability(other)
		if err != nil || !bad.ByItem[1].Suspect || bad.ByItem[1].ItemRest >= 0 || bad.Alpha >= r.Alpha {
			t.Errorf("not marked: %+v, %v", bad, err)
		}
	}
}

func attitudeItems(t *testing.T) (survey.Questionnaire, [][]int) {
	items, rows := attitude(t)
	q := survey.Questionnaire{Name: "attitude", Scale: survey.ZeroTo(100)}
	for _, name := range items {
		q.Items = append(q.Items, survey.Item{Name: name})
	}
	return q, rows
}

func TestOmegaVectors(t *testing.T) {
	q, rows := attitudeItems(t)
	for _, v := range vectors(t, "McDonald omega (one-factor)") {
		r, err := q.Reliability(rows)
		if err != nil || !r.HasOmega || !within(r.Omega, v.number(t, "omega_cfa_ml_unstandardised"), 1e-5) {
			t.Errorf("%s: omega %v, %v", v.ID, r.Omega, err)
		}
		// R psych, alpha(attitude): 0.8431428.
		if !within(r.Alpha, 0.8431428, 1e-7) {
			t.Errorf("alpha %v", r.Alpha)
		}
	}
}

func TestReliabilityMissing(t *testing.T) {
	q, rows := threeItems()
	whole := must(q.Reliability(rows))
	with := append(slices.Clone(rows), []int{5, missing, 1}, []int{missing, missing, missing})
	r := must(q.Reliability(with))
	if r.Alpha != whole.Alpha || r.N != 8 || r.LeftOut.Count(survey.TooFewItems) != 2 {
		t.Errorf("%+v", r)
	}
	// By hand: the variances and covariances of the columns, in floating point.
	column := func(i int) []float64 {
		var c []float64
		for _, row := range rows {
			c = append(c, float64(row[i]))
		}
		return c
	}
	var own, total float64
	for i := range 3 {
		own += must(stat.Describe(column(i))).Variance
		for j := range 3 {
			var n, sx, sy, sxy float64
			for k, x := range column(i) {
				y := column(j)[k]
				n, sx, sy, sxy = n+1, sx+x, sy+y, sxy+x*y
			}
			total += (sxy - sx*sy/n) / (n - 1)
		}
	}
	if want := 1.5 * (1 - own/total); !near(r.Alpha, want) {
		t.Errorf("alpha %v, want %v", r.Alpha, want)
	}
}

func TestReliabilityErrors(t *testing.T) {
	q, rows := threeItems()
	two := survey.Questionnaire{Scale: q.Scale, Items: q.Items[:2]}
	for name, tt := range map[string]struct {
		q    survey.Questionnaire
		rows [][]int
		want error
	}{
		"no rows":       {q, nil, stat.ErrTooFew},
		"one row":       {q, rows[:1], stat.ErrTooFew},
		"all missing":   {q, [][]int{{missing, 1, 1}, {1, missing, 1}, {1, 1, missing}}, stat.ErrTooFew},
		"pairs missing": {two, [][]int{{1, missing}, {missing, 1}, {2, 2}}, stat.ErrTooFew},
		"constant item": {q, [][]int{{1, 2, 3}, {1, 4, 5}, {1, 1, 1}}, stat.ErrNoVariation},
		"constant sum":  {two, [][]int{{1, 5}, {5, 1}, {2, 4}}, stat.ErrNoVariation},
		"one item":      {survey.Questionnaire{Scale: q.Scale, Items: q.Items[:1]}, [][]int{{1}, {2}}, survey.ErrDefinition},
		"off scale":     {q, [][]int{{1, 2, 9}}, survey.ErrOffScale},
	} {
		if r, err := tt.q.Reliability(tt.rows); !errors.Is(err, tt.want) || r.Items != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Two items: nothing to drop, nothing to fit.
	r := must(two.Reliability([][]int{{1, 2}, {2, 2}, {5, 4}, {4, 5}}))
	if r.HasOmega || r.ByItem[0].HasDropped || !r.ByItem[0].HasItemRest || !near(r.ByItem[0].ItemRest, r.AverageR) {
		t.Errorf("%+v", r)
	}
	// One item twice and another: a factor that is an item is no factor.
	r = must(q.Reliability([][]int{{1, 1, 2}, {2, 2, 2}, {5, 5, 4}, {4, 4, 5}}))
	if r.HasOmega {
		t.Errorf("%+v", r)
	}
	// The rest of the first item does not vary.
	r = must(q.Reliability([][]int{{1, 1, 5}, {2, 5, 1}, {5, 2, 4}}))
	if r.ByItem[0].HasItemRest || r.ByItem[0].HasDropped || r.ByItem[0].ItemRest != 0 {
		t.Errorf("%+v", r.ByItem[0])
	}
}
