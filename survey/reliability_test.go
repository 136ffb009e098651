package survey_test

import (
	"errors"
	"math"
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
		r, err := q.Reliability(rows, survey.CompleteRows)
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
			"low":          {r.Feldt.Low, ci[0]},
			"high":         {r.Feldt.High, ci[1]},
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
		if r.N != 8 || r.Items != 3 || !r.LeftOut.IsZero() || r.Feldt.Level != 0.95 {
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
		same, err := turned.Reliability(other, survey.CompleteRows)
		if err != nil || same.Alpha != r.Alpha || same.Omega != r.Omega || same.ByItem[1].Mean != r.ByItem[1].Mean {
			t.Errorf("reversed: %+v, %v", same, err)
		}
		// Not marked, the item is suspect.
		bad, err := q.Reliability(other, survey.CompleteRows)
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
		r, err := q.Reliability(rows, survey.CompleteRows)
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
	whole := must(q.Reliability(rows, survey.CompleteRows))
	with := append(slices.Clone(rows), []int{5, missing, 1}, []int{missing, missing, missing})
	r := must(q.Reliability(with, survey.CompleteRows))
	if r.Alpha != whole.Alpha || r.N != 8 || r.LeftOut.Count(survey.TooFewItems) != 2 {
		t.Errorf("%+v", r)
	}
	p := must(q.Reliability(with, survey.PairwiseRows))
	if p.Alpha == whole.Alpha || p.N != 8 || p.Feldt.Level != 0 || p.LeftOut.Total() != 1 || p.Missing != survey.PairwiseRows {
		t.Errorf("%+v", p)
	}
	// By hand over pairs: the variances and covariances of the columns.
	column := func(i int) []float64 {
		var c []float64
		for _, row := range with {
			if row[i] != missing {
				c = append(c, float64(row[i]))
			}
		}
		return c
	}
	var own, total float64
	for i := range 3 {
		own += must(stat.Describe(column(i))).Variance
		for j := range 3 {
			var n, sx, sy, sxy float64
			for _, row := range with {
				if row[i] != missing && row[j] != missing {
					n, sx, sy, sxy = n+1, sx+float64(row[i]), sy+float64(row[j]), sxy+float64(row[i]*row[j])
				}
			}
			total += (sxy - sx*sy/n) / (n - 1)
		}
	}
	if want := 1.5 * (1 - own/total); !near(p.Alpha, want) {
		t.Errorf("alpha %v, want %v", p.Alpha, want)
	}
	for m := survey.CompleteRows; m <= survey.PairwiseRows; m++ {
		var back survey.MissingRule
		if text, err := m.MarshalText(); err != nil || back.UnmarshalText(text) != nil || back != m {
			t.Errorf("%v: %v", m, err)
		}
	}
}

func TestReliabilityErrors(t *testing.T) {
	q, rows := threeItems()
	two := survey.Questionnaire{Scale: q.Scale, Items: q.Items[:2]}
	for name, tt := range map[string]struct {
		q    survey.Questionnaire
		rows [][]int
		rule survey.MissingRule
		want error
	}{
		"no rows":       {q, nil, 0, stat.ErrTooFew},
		"one row":       {q, rows[:1], 0, stat.ErrTooFew},
		"all missing":   {q, [][]int{{missing, 1, 1}, {1, missing, 1}, {1, 1, missing}}, 0, stat.ErrTooFew},
		"pairs missing": {two, [][]int{{1, missing}, {missing, 1}, {2, 2}}, 1, stat.ErrTooFew},
		"constant item": {q, [][]int{{1, 2, 3}, {1, 4, 5}, {1, 1, 1}}, 0, stat.ErrNoVariation},
		"constant sum":  {two, [][]int{{1, 5}, {5, 1}, {2, 4}}, 0, stat.ErrNoVariation},
		"one item":      {survey.Questionnaire{Scale: q.Scale, Items: q.Items[:1]}, [][]int{{1}, {2}}, 0, survey.ErrDefinition},
		"no such rule":  {q, rows, 9, survey.ErrDefinition},
		"off scale":     {q, [][]int{{1, 2, 9}}, 0, survey.ErrOffScale},
	} {
		if r, err := tt.q.Reliability(tt.rows, tt.rule); !errors.Is(err, tt.want) || r.Items != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Two items: nothing to drop, nothing to fit.
	r := must(two.Reliability([][]int{{1, 2}, {2, 2}, {5, 4}, {4, 5}}, 0))
	if r.HasOmega || r.ByItem[0].HasDropped || !r.ByItem[0].HasItemRest || !near(r.ByItem[0].ItemRest, r.AverageR) {
		t.Errorf("%+v", r)
	}
	// One item twice and another: a factor that is an item is no factor.
	r = must(q.Reliability([][]int{{1, 1, 2}, {2, 2, 2}, {5, 5, 4}, {4, 4, 5}}, 0))
	if r.HasOmega {
		t.Errorf("%+v", r)
	}
	// The rest of the first item does not vary.
	r = must(q.Reliability([][]int{{1, 1, 5}, {2, 5, 1}, {5, 2, 4}}, 0))
	if r.ByItem[0].HasItemRest || r.ByItem[0].HasDropped || r.ByItem[0].ItemRest != 0 {
		t.Errorf("%+v", r.ByItem[0])
	}
}

func TestDriversVectors(t *testing.T) {
	items, rows := attitude(t)
	q := survey.Questionnaire{Name: "attitude", Scale: survey.ZeroTo(100)}
	for _, name := range items[1:] {
		q.Items = append(q.Items, survey.Item{Name: name})
	}
	var overall []int
	var rest [][]int
	for _, row := range rows {
		overall, rest = append(overall, row[0]), append(rest, row[1:])
	}
	d, err := q.Drivers(rest, overall)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors(t, "key-driver regression (rating on six drivers)") {
		var coef, se, beta map[string]float64
		v.expect(t, "coef", &coef)
		v.expect(t, "se", &se)
		v.expect(t, "std_beta", &beta)
		if !near(d.RSquared, v.number(t, "r2")) || !near(d.Adjusted, v.number(t, "adj_r2")) || !near(d.Intercept, coef["(Intercept)"]) || d.N != 30 {
			t.Errorf("%s: %+v", v.ID, d)
		}
		const t23 = 2.068657610419041 // quantile of 0.975 with 23 degrees of freedom
		for _, x := range d.ByItem {
			name := x.Item.Name
			if !near(x.Coefficient.Estimate, coef[name]) || !near(x.Coefficient.Width()/2, t23*se[name]) || !near(x.Beta, beta[name]) {
				t.Errorf("%s: %+v", v.ID, x)
			}
		}
	}
	for _, v := range vectors(t, "correlation with rating (driver)") {
		var in struct{ Y string }
		v.decode(t, &in)
		x := d.ByItem[slices.Index(items, in.Y)-1]
		ci := v.numbers(t, "ci")
		if !near(x.Correlation.Estimate, v.number(t, "pearson")) || !near(x.Correlation.Low, ci[0]) || !near(x.Correlation.High, ci[1]) {
			t.Errorf("%s: %v", v.ID, x.Correlation)
		}
	}
	// Importance by brute force: R² by residuals of stepwise projection, over all
	// 720 orders.
	columns := make([][]float64, 7)
	for _, row := range rows {
		for i := range columns {
			columns[i] = append(columns[i], float64(row[(i+1)%7]))
		}
	}
	want := make([]float64, 6)
	orders := 0
	permute([]int{0, 1, 2, 3, 4, 5}, 0, func(order []int) {
		orders++
		for i, gain := range gains(columns, order) {
			want[order[i]] += gain
		}
	})
	var sum float64
	for i, x := range d.ByItem {
		sum += x.Importance
		if !within(x.Importance, want[i]/float64(orders), 1e-9) {
			t.Errorf("importance of %s is %v, want %v", x.Item.Name, x.Importance, want[i]/float64(orders))
		}
	}
	if !near(sum, d.RSquared) {
		t.Errorf("importances add up to %v, R² is %v", sum, d.RSquared)
	}
}

// gains returns what each of the columns in order adds to R² of the last one, by
// Gram-Schmidt.
func gains(columns [][]float64, order []int) []float64 {
	centre := func(c []float64) []float64 {
		m := 0.0
		for _, v := range c {
			m += v / float64(len(c))
		}
		out := make([]float64, len(c))
		for i, v := range c {
			out[i] = v - m
		}
		return out
	}
	dot := func(a, b []float64) (s float64) {
		for i := range a {
			s += a[i] * b[i]
		}
		return s
	}
	y := centre(columns[len(columns)-1])
	var basis [][]float64
	list := make([]float64, len(order))
	for i, c := range order {
		x := centre(columns[c])
		for _, b := range basis {
			f := dot(x, b) / dot(b, b)
			for j := range x {
				x[j] -= f * b[j]
			}
		}
		basis = append(basis, x)
		list[i] = dot(x, y) * dot(x, y) / dot(x, x) / dot(y, y)
	}
	return list
}

func permute(list []int, from int, visit func([]int)) {
	if from == len(list) {
		visit(list)
		return
	}
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		permute(list, from+1, visit)
		list[from], list[i] = list[i], list[from]
	}
}

func TestDriversErrors(t *testing.T) {
	q, rows := threeItems()
	overall := []int{5, 5, 3, 4, 1, 5, 4, missing}
	d := must(q.Drivers(append(slices.Clone(rows), []int{1, missing, 1}), append(slices.Clone(overall), 3)))
	if d.N != 7 || d.LeftOut.Count(survey.Unanswered) != 1 || d.LeftOut.Count(survey.TooFewItems) != 1 {
		t.Errorf("%+v", d)
	}
	many := survey.Questionnaire{Scale: q.Scale, Items: make([]survey.Item, 15)}
	for name, tt := range map[string]struct {
		q       survey.Questionnaire
		rows    [][]int
		overall []int
		want    error
	}{
		"lengths":  {q, rows, overall[:3], survey.ErrCount},
		"nobody":   {q, nil, nil, stat.ErrTooFew},
		"few":      {q, rows[:4], overall[:4], stat.ErrTooFew},
		"many":     {many, nil, nil, survey.ErrDefinition},
		"huge":     {q, rows, []int{1, 2, 3, 4, 5, 6, 7, 1_000_001}, survey.ErrOffScale},
		"constant": {q, rows, []int{1, 1, 1, 1, 1, 1, 1, 1}, stat.ErrNoVariation},
		"same":     {q, [][]int{{1, 1, 1}, {2, 2, 2}, {3, 3, 1}, {4, 4, 4}, {5, 5, 2}, {1, 1, 5}}, []int{1, 2, 3, 4, 5, 5}, stat.ErrNoVariation},
		"item":     {q, [][]int{{1, 1, 1}, {2, 1, 2}, {3, 1, 1}, {4, 1, 4}, {5, 1, 2}, {1, 1, 5}}, []int{1, 2, 3, 4, 5, 5}, stat.ErrNoVariation},
		"scale":    {q, [][]int{{1, 2, 6}}, []int{1}, survey.ErrOffScale},
	} {
		if d, err := tt.q.Drivers(tt.rows, tt.overall); !errors.Is(err, tt.want) || d.ByItem != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The third item is the sum of the others, which rounding must not hide.
	ten := survey.Questionnaire{Scale: survey.OneTo(10), Items: q.Items}
	sums := [][]int{{1, 2, 3}, {2, 5, 7}, {4, 1, 5}, {3, 3, 6}, {5, 2, 7}, {1, 6, 7}, {4, 4, 8}}
	if d, err := ten.Drivers(sums, []int{1, 5, 3, 2, 7, 4, 9}); !errors.Is(err, stat.ErrNoVariation) {
		t.Errorf("%+v, %v", d, err)
	}
	// An exact fit: overall is the sum of two items.
	two := survey.Questionnaire{Scale: q.Scale, Items: q.Items[:2]}
	exact := must(two.Drivers([][]int{{1, 5}, {2, 3}, {5, 4}, {3, 3}, {4, 1}}, []int{6, 5, 9, 6, 5}))
	if !near(exact.RSquared, 1) || !near(exact.ByItem[0].Coefficient.Estimate, 1) || math.Abs(exact.Intercept) > 1e-9 || exact.ByItem[0].Coefficient.Width() > 1e-6 {
		t.Errorf("%+v", exact)
	}
}
