package stat

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
	"time"
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
	ended := func(times ...time.Duration) []Observation {
		var all []Observation
		for _, at := range times {
			all = append(all, Observation{Time: at})
		}
		return all
	}
	ones := func(categories int, values ...int) []int64 {
		counts := make([]int64, categories)
		for _, v := range values {
			counts[v]++
		}
		return counts
	}
	each(t, map[string]func(*testing.T){
		"km-median-even-n": func(t *testing.T) {
			var hours []time.Duration
			for h := range 10 {
				hours = append(hours, time.Duration(h+1)*time.Hour)
			}
			if m, ok := must(KaplanMeier(ended(hours...)))(t).Quantile(0.5); !ok || m != 5*time.Hour+30*time.Minute {
				t.Errorf("%v", m)
			}
		},
		"sample-size-round-trip": func(t *testing.T) {
			if n := must(RequiredSample(0.25, must(MarginOfError(0.25, 7, 0.95, 0))(t), 0.95, 0))(t); n != 7 {
				t.Errorf("%d", n)
			}
		},
		"km-float": func(t *testing.T) {
			// 1…n all ended: the ⌈np⌉-th, or halfway to the next if np is whole.
			for n := 1; n <= 400; n += 7 {
				var all []time.Duration
				for i := range n {
					all = append(all, time.Duration(2*(i+1)))
				}
				s := must(KaplanMeier(ended(all...)))(t)
				for k := 1; k < 100; k++ {
					want := time.Duration(2 * ((n*k + 99) / 100))
					if n*k%100 == 0 {
						want++
					}
					if m, ok := s.Quantile(float64(k) / 100); !ok || m != want {
						t.Errorf("n = %d, p = %d %%: %v, want %v", n, k, m, want)
					}
				}
			}
		},
		"km-not-reached": func(t *testing.T) {
			s := must(KaplanMeier([]Observation{{Time: 1}, {2, true}, {3, true}, {4, true}}))(t)
			if m, ok := s.Quantile(0.5); ok {
				t.Errorf("%v", m)
			}
		},
		"km-integer-times": func(t *testing.T) {
			s := must(KaplanMeier([]Observation{{Time: 1}, {1, true}, {Time: 2}, {Time: 2}, {2, true}, {Time: 3}}))(t)
			for at, want := range []float64{1, 5.0 / 6, 5.0 / 12, 0} {
				wantNumber(t, "survival", must(s.At(time.Duration(at), 0.95))(t).Estimate, want, 1e-15)
			}
		},
		"logrank-zero-time": func(t *testing.T) {
			test := must(CompareSurvival(ended(2, 6, 1, 9, 0), ended(3, 5, 4, 11)))(t)
			wantNumber(t, "chi-square", test.Statistic, 0.64642113923438, 1e-13)
			wantNumber(t, "P", test.P, 0.421395129, 1e-9)
		},
		"logrank-one": func(t *testing.T) {
			others := make([]time.Duration, 296)
			for i := range others {
				others[i] = time.Duration(i + 2)
			}
			wantNumber(t, "chi-square", must(CompareSurvival(ended(1), ended(others...)))(t).Statistic, 296, 1e-9)
		},
		"wald-negative-count": func(t *testing.T) {
			iv := must(must(Proportion(2, 199, 0.95, Wilson))(t).Rescale(97541, 0))(t)
			wantEnds(t, "Wilson", iv, []float64{269.26, 3501.49}, 1e-5)
		},
		"mw-exact": func(t *testing.T) {
			_, test, err := MannWhitney(ones(12, 0, 1, 2, 3, 9), ones(12, 4, 5, 6, 7, 8, 10, 11))
			if err != nil {
				t.Fatal(err)
			}
			wantNumber(t, "P", test.P, 0.0479797980, 1e-9)
		},
		"bm-separated": func(t *testing.T) { // 2 of 56 orders are as far apart
			_, test, err := MannWhitney(ones(10, 1, 2, 3), ones(10, 5, 6, 7, 8, 9))
			if err != nil {
				t.Fatal(err)
			}
			wantNumber(t, "P", test.P, 2.0/56, 1e-12)
		},
		"pchart-negative": func(t *testing.T) {
			for _, p := range must(LaneyP([]Ratio{{1, 20}, {0, 18}, {2, 25}, {1, 22}}))(t).Points {
				if p.Low != 0 {
					t.Errorf("%+v", p)
				}
			}
		},
		"quantile-last": func(t *testing.T) {
			for kind := HyndmanFan(0); kind.Valid(); kind++ {
				if rank, weight := kind.Position(2, 1); rank != 2 || weight != 0 { // of −1e20 and 100
					t.Errorf("%v: %d, %v", kind, rank, weight)
				}
			}
		},
		"quantile-several": func(t *testing.T) {
			// Each probability by itself: there is no call that takes several.
			for _, p := range []float64{0.25, 0.5, 0.75} {
				rank, weight := HyndmanFan(7).Position(6, p)
				wantNumber(t, "position", float64(rank)+weight, 1+5*p, 1e-15)
			}
		},
		"quantile-eurostat": func(t *testing.T) {
			hundred := make([]float64, 101)
			for i := range hundred {
				hundred[i] = float64(i)
			}
			for _, c := range []struct{ x, want []float64 }{
				{hundred, []float64{0, 25, 50, 75, 100}}, {[]float64{17, 12, 4, 87, 3, 1081, 273}, []float64{3, 8, 17, 180, 1081}},
			} {
				x := slices.Sorted(slices.Values(c.x))
				for i, want := range c.want {
					rank, weight := HyndmanFan(7).Position(int64(len(x)), float64(i)/4)
					got := x[rank-1]
					if weight > 0 {
						got += weight * (x[rank] - x[rank-1])
					}
					wantNumber(t, "quantile", got, want, 1e-12)
				}
			}
		},
		"mk-ties": func(t *testing.T) {
			y := []float64{23, 24, 29, 6, 29, 24, 24, 29, 23}
			trend := must(MannKendall([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, y, 0.95))(t)
			wantNumber(t, "S", float64(trend.S), 3, 0)
			wantNumber(t, "variance", trend.Variance, 251.0/3, 1e-12)
			wantNumber(t, "z", trend.Statistic, 0.2186521551, 1e-9)
		},
		"hotscore": func(t *testing.T) { // one-sided 95 %
			wantNumber(t, "low", must(Proportion(1, 3, 0.9, Wilson))(t).Low, 0.0782657263, 1e-9)
			wantNumber(t, "z", math.Round(1e6*normalUpperQuantile(0.05)), 1644854, 0)
		},
	})
}
