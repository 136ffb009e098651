package rating_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/servicequality/servicequality/rating"
)

// each runs a check for every row of testdata/cases.json: a public bug report, with the
// input and the result that is right. A row without a check fails, and so does a check
// without a row.
func each(t *testing.T, checks map[string]func(*testing.T)) {
	t.Helper()
	text, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct{ ID, Source, Input, Reason string }
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		check := checks[row.ID]
		if check == nil {
			t.Errorf("%s: no check of %s", row.ID, row.Input)
			continue
		}
		delete(checks, row.ID)
		t.Run(row.ID, check)
	}
	for id := range checks {
		t.Errorf("%s: no such row", id)
	}
}

func TestCases(t *testing.T) {
	half := func(want rating.HalfStars, counts ...int64) func(*testing.T) {
		return func(t *testing.T) {
			d, err := rating.NewDistribution([5]int64(counts))
			if got, ok := d.Half(); err != nil || !ok || got != want {
				t.Errorf("%v is shown as %v, want %v", d, got, want)
			}
		}
	}
	kappa := func(want float64, c rating.Coefficient, first, second []int) func(*testing.T) {
		return func(t *testing.T) {
			a, err := rating.Kappa(first, second, c, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "kappa", a.Estimate, want, 1e-7)
		}
	}
	each(t, map[string]func(*testing.T){
		"kappa-one-disagreement": kappa(0, rating.CohenKappa, []int{3, 3, 3, 3, 3}, []int{3, 3, 3, 3, 1}),
		"kappa-unused-category": func(t *testing.T) {
			first, second := []int{1, 2, 4, 5, 2, 1, 4, 5}, []int{1, 4, 4, 5, 2, 2, 5, 5}
			kappa(0.85, rating.QuadraticKappa, first, second)(t)
			kappa(0.7142857, rating.LinearKappa, first, second)(t)
		},
		"icc-negative": func(t *testing.T) {
			a, err := rating.ICC([][]float64{{1, 5}, {4, 2}, {3, 3}, {5, 1}, {2, 5}}, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "ICC", a.Estimate, -1.571428571, 1e-9)
			near(t, "low", a.Low, -1.644354932, 1e-9)
			near(t, "high", a.High, -1.024930573, 1e-9)
		},
		"unrated": func(t *testing.T) {
			var d rating.Distribution
			if err := d.Add(0); !errors.Is(err, rating.ErrStars) || d.N() != 0 {
				t.Errorf("%v: %v", d, err)
			}
		},
		"half-3.75": half(8, 0, 0, 1, 3, 0),
		"half-3.99": half(8, 0, 0, 1, 99, 0),
		"half-3.2":  half(6, 0, 0, 4, 1, 0),
		"half-3.6":  half(7, 0, 0, 2, 3, 0),
		"half-3.1":  half(6, 0, 0, 9, 1, 0),
	})
}
