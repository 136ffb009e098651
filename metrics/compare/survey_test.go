package compare_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/survey"
)

// rated returns figures with so many ratings of 5 stars of n, the others of 1 star.
func rated(t *testing.T, satisfied, n int64) *compare.Observed {
	t.Helper()
	d, err := rating.NewDistribution([5]int64{n - satisfied, 0, 0, 0, satisfied})
	if err != nil {
		t.Fatal(err)
	}
	return &compare.Observed{Figures: metrics.Figures{Ratings: d}}
}

func satisfied(t *testing.T, x, n int64) survey.Index {
	t.Helper()
	a, err := survey.AnswersOf(survey.OneTo(5), []int64{n - x, 0, 0, 0, x})
	if err != nil {
		t.Fatal(err)
	}
	csat, ok := survey.CSAT(a)
	if !ok {
		t.Fatal("no index")
	}
	return csat
}

// agree fails unless this package and package survey say the same of the same answers.
func agree(t *testing.T, x, y, n int64) (changed bool) {
	t.Helper()
	here := compare.Figures(rated(t, x, n), rated(t, y, n), compare.CSAT)[0]
	there, err := survey.Compare(satisfied(t, x, n), satisfied(t, y, n))
	if err != nil {
		t.Fatal(err)
	}
	if here.Conclusion != there.Conclusion || here.Change != there.Difference || here.Test != there.Test || here.Adjusted != there.AdjustedP {
		t.Errorf("%d and %d of %d: %v %v here, %v %v in survey", x, y, n, here.Conclusion, here.Change, there.Conclusion, there.Difference)
	}
	if there.Conclusion.Changed() == there.Difference.Contains(0) || !there.Difference.Contains(there.Difference.Estimate) {
		t.Errorf("%d and %d of %d: %v by %v", x, y, n, there.Conclusion, there.Difference)
	}
	return here.Conclusion.Changed()
}

// One question has one verdict, whichever package is asked: in all pairs of shares of a
// hundred, up to which of them is before.
func TestSurveyAgrees(t *testing.T) {
	pairs, changed := 0, 0
	for x := range int64(101) {
		for y := range x {
			pairs++
			if agree(t, x, y, 100) {
				changed++
			}
		}
	}
	if pairs != 5050 || changed < 3000 || changed > 4500 {
		t.Errorf("%d of %d pairs are told apart", changed, pairs)
	}
	if agree(t, 7, 7, 100) {
		t.Error("7 of 100 is told from 7 of 100")
	}
}

func TestCases(t *testing.T) {
	text, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct{ ID string }
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		switch row.ID {
		case "two-verdicts": // CSAT of 0 in 20, then of 4 in 20
			agree(t, 0, 4, 20)
			d := compare.Figures(rated(t, 0, 20), rated(t, 4, 20), compare.CSAT)[0]
			if d.Conclusion != stat.Better {
				t.Errorf("%s: %v", row.ID, d)
			}
			agree(t, 26, 30, 30)
		default:
			t.Error(errors.New("no check of " + row.ID))
		}
	}
}
