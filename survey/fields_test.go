package survey_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// zeroFields returns the paths of the exported fields in v that hold nothing, in structs
// and slices at any depth. What has a String method of its own, such as an instant, is one
// value.
func zeroFields(v any) (paths []string) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			if v.IsZero() {
				paths = append(paths, path)
				return
			}
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					walk(path+"."+f.Name, v.Field(i))
				}
			}
		case reflect.Slice, reflect.Array:
			if v.Len() == 0 {
				paths = append(paths, path)
			}
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		default:
			if v.IsZero() {
				paths = append(paths, path)
			}
		}
	}
	walk("", reflect.ValueOf(v))
	return paths
}

// No field of a result is forgotten: where none need be zero, none is.
func TestResultsAreWhole(t *testing.T) {
	d := survey.NetPromoter()
	d.Rounding = stat.Floor
	d.Scale = survey.Scale{Min: 1, Max: 11, Step: 1, Direction: stat.LowerIsBetter}
	d.Positive, d.Negative = survey.Range{From: 1, Below: 3}, survey.Range{From: 5, Below: 12}
	answers := func(counts ...int64) survey.Answers {
		return answersOf(t, d.Scale, append(counts, make([]int64, 11-len(counts))...)...)
	}
	before, after := must(survey.Measure(d, answers(9, 3, 2, 1, 7))), must(survey.Measure(d, answers(20, 3, 2, 1, 9)))
	before, after = must(before.OfPopulation(60)), must(after.OfPopulation(70))
	names := []survey.Group{{Name: "a", Answers: before.Answers}, {Name: "b", Answers: after.Answers}}
	groups := must(survey.CompareGroups(d, names...))
	pairs := must(survey.ComparePairs(d, []survey.AnswerPair{{1, 2}, {2, 2}, {4, 7}, {5, 1}, {3, 9}, {2, 11}, {2, 6}, {1, 1}, {1, 2}, {2, 2}, {6, 7}}...))
	goal := must(survey.CompareGoal(stat.Ratio{Part: 1, Whole: 10}, before))

	r := must(survey.NewResponses(survey.Question{ID: "q", Text: "?", Definition: d}))
	for i, v := range []int{1, 1, 2, 9, 5, 3, 2} {
		if err := r.Add(survey.Response{Source: "email", Respondent: fmt.Sprint(i), Group: "chat", Value: v, Weight: float64(1 + i%3)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Invite("email", "chat", 20); err != nil {
		t.Fatal(err)
	}

	q := survey.Questionnaire{Name: "q", Source: "s", Scale: survey.Scale{Min: 1, Max: 5, Step: 1, Direction: stat.LowerIsBetter}, Items: []survey.Item{
		{Name: "one", Dimension: "x", Reversed: true}, {Name: "two", Dimension: "x", Reversed: true}, {Name: "three", Dimension: "y", Reversed: true}, {Name: "four", Dimension: "y", Reversed: true},
	}}
	rows := [][]int{{4, 4, 5, 4}, {5, 4, 5, 3}, {3, 3, 2, 3}, {4, 5, 4, 5}, {2, 2, 1, 1}, {5, 5, 4, 5}, {4, 3, 4, 4}, {1, 2, 1, 2}, {missing, missing, missing, 1}}
	profiles := must(q.Profile(1, map[string][][]int{"a": rows}))
	_, favour, err := q.Favourable(survey.Definition{Name: "f", Scale: q.Scale, Statistic: survey.PositiveShare, Positive: survey.Range{From: 1, Below: 3}}, rows)
	if err != nil {
		t.Fatal(err)
	}
	reliability := must(q.Reliability(rows))
	if reliability.ByItem[3].Suspect {
		t.Error("the last item is suspect")
	}
	allowed := func(paths ...string) []string { return paths }
	for name, c := range map[string]struct {
		result any
		zero   []string // what is rightly so
	}{
		"index":         {before, nil},
		"comparison":    {must(survey.Compare(before, after)), allowed(".BeforeName", ".AfterName", ".Pairs", ".Test.DF", ".RankTest.DF")},
		"groups":        {groups[0], allowed(".Before.Population", ".After.Population", ".Pairs", ".Test.DF", ".RankTest.DF")},
		"pairs":         {pairs, allowed(".BeforeName", ".AfterName", ".Before.Population", ".After.Population", ".RankTest.Statistic", ".RankTest.DF")},
		"goal":          {goal[0], allowed(".Test.DF")},
		"weighted":      {must(r.Weighted()), nil},
		"source":        {r.Sources()[0], nil},
		"group":         {r.Groups()[0], nil},
		"group index":   {must(survey.MeasureGroups(d, 1, names...))[0], allowed(".Suppressed", ".Index.Population")},
		"question":      {r.Question(), nil},
		"scores":        {before.Scores(), allowed(".Direction")}, // zero: higher is better
		"score":         {must(q.Score(rows[0])), allowed("[2].Dimension")},
		"profile":       {profiles[0], allowed(".Suppressed", ".Dimensions[2].Dimension", ".LeftOut")},
		"all together":  {profiles[1], allowed(".Suppressed", ".Dimensions[2].Dimension")},
		"favour":        {favour, allowed("[2].Dimension")},
		"reliability":   {reliability, allowed(".ByItem[0].Suspect", ".ByItem[1].Suspect", ".ByItem[2].Suspect", ".ByItem[3].Suspect")},
		"satisfaction":  {must(survey.ACSI([][3]int{{3, 4, 5}, {4, 5, 4}, {1, missing, 2}}, [3]float64{1, 2, 3})), nil},
		"rate":          {must(survey.Retention(100, 90, 10)), nil},
		"complement":    {must(survey.Retention(100, 90, 10)).Complement("churn"), nil},
		"cohort":        {must(survey.CohortRetention([][]int64{{10, 5}, {20, 15}})), nil},
		"repeat":        {must(survey.RepeatRate([]int64{1, 2, 3, 0})), nil},
		"cooperation":   {must(survey.Dispositions{Complete: 5, Refusal: 2}.CooperationRate(3)), nil},
		"questionnaire": {survey.UWES9(), allowed(".Scale.Min", ".Scale.Direction", ".Items[0].Reversed", ".Items[1].Reversed", ".Items[2].Reversed", ".Items[3].Reversed", ".Items[4].Reversed", ".Items[5].Reversed", ".Items[6].Reversed", ".Items[7].Reversed", ".Items[8].Reversed")},
	} {
		if zero := zeroFields(c.result); !slices.Equal(zero, c.zero) {
			t.Errorf("%s: %v hold nothing in %+v", name, zero, c.result)
		}
	}
}

// A reversed item is mirrored where it is answered, and an answer that is missing never
// is: by a plain oracle of the rows that are complete.
func TestReliabilityOfReversedItems(t *testing.T) {
	q := survey.Questionnaire{Scale: survey.OneTo(5), Items: []survey.Item{{Name: "a"}, {Name: "b", Reversed: true}, {Name: "c"}}}
	rows := [][]int{{1, 5, 2}, {2, 4, 2}, {3, missing, 3}, {4, 2, 5}, {5, 2, 4}, {5, 1, 5}}
	r := must(q.Reliability(rows))
	var columns [3][]float64
	for _, row := range rows {
		if !slices.Contains(row, missing) {
			columns[0], columns[1], columns[2] = append(columns[0], float64(row[0])), append(columns[1], float64(6-row[1])), append(columns[2], float64(row[2]))
		}
	}
	n := float64(len(columns[0]))
	mean := func(x []float64) (m float64) {
		for _, v := range x {
			m += v / n
		}
		return m
	}
	covariance := func(x, y []float64) (c float64) {
		mx, my := mean(x), mean(y)
		for i := range x {
			c += (x[i] - mx) * (y[i] - my) / (n - 1)
		}
		return c
	}
	var own, total, correlations float64
	for i := range columns {
		own += covariance(columns[i], columns[i])
		for j := range columns {
			total += covariance(columns[i], columns[j])
			if i != j {
				correlations += covariance(columns[i], columns[j]) / math.Sqrt(covariance(columns[i], columns[i])*covariance(columns[j], columns[j])) / 6
			}
		}
	}
	if want := 1.5 * (1 - own/total); r.N != 5 || r.LeftOut.Count(survey.TooFewItems) != 1 || !near(r.Alpha, want) || !near(r.AverageR, correlations) || !near(r.ByItem[1].Mean, mean(columns[1])) || r.AverageR > 1 {
		t.Errorf("%+v, want alpha %v, r %v", r, want, correlations)
	}
}
