package stat

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// wantWhole reports fields of a result that are zero: of the elements of a slice, those
// that are zero in all of them. The fields named in none must be.
func wantWhole(t *testing.T, name string, result any, none ...string) {
	t.Helper()
	set := make(map[string]bool)
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch {
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					walk(path+"."+f.Name, v.Field(i))
				}
			}
		case v.Kind() == reflect.Slice && v.Len() > 0:
			for i := range v.Len() {
				walk(path+"[]", v.Index(i))
			}
		default:
			set[path] = set[path] || !v.IsZero()
		}
	}
	walk("", reflect.ValueOf(result))
	for path, ok := range set {
		if empty := slices.Contains(none, path); ok == empty {
			t.Errorf("%s: %s is zero: %v, expected %v, in %+v", name, path, !ok, empty, result)
		}
	}
	for _, path := range none {
		if _, ok := set[path]; !ok {
			t.Errorf("%s has no %s: %v", name, path, set)
		}
	}
}

// Nothing is left out of a result.
func TestResultsAreWhole(t *testing.T) {
	x := []float64{3, 5, 4, 6, 5, 4, 30, 5, 6, 4}
	wantWhole(t, "XmR", must(XmR(x))(t))
	wantWhole(t, "LaneyP", must(LaneyP([]Ratio{{50, 1000}, {52, 1000}, {49, 1000}, {51, 1000}, {50, 1000}, {120, 1000}, {119, 1000}}))(t), ".RangeLimit")
	wantWhole(t, "EWMA", must(EWMA(x, 4, 1, 0.2, 3))(t), ".RangeLimit")
	wantWhole(t, "CUSUM", must(CUSUM(x, 4, 1, 0.5, 5))(t), ".Center", ".RangeLimit")

	for name, iv := range map[string]Interval{
		"Proportion": must(Proportion(7, 10, 0.9, DefaultMethod))(t), "PoissonRate": must(PoissonRate(5, 2, 0.9))(t),
		"Pearson": must(Pearson(anscombeX, anscombeY, 0.9))(t), "Sample": must(must(Describe(x))(t).Interval(0.9))(t),
		"Weighted": must(Weighted{10, 8, 3, 2}.Interval(0.9))(t), "share": must(Weighted{10, 8, 0.4, 0.2}.ShareInterval(0.9, DefaultMethod))(t),
		"Net": must(Net{6, 2, 10}.Interval(0.9, DefaultMethod))(t), "WeightedNet": must(WeightedNet{0.6, 0.2, 8}.Interval(0.9, DefaultMethod))(t),
		"Contrast": must(must(CompareShares(Ratio{5, 9}, Ratio{3, 9}))(t).Interval(0.9))(t),
		"goal":     must(must(Ratio{5, 9}.Against(0.5, 20))(t).Interval(0.9))(t), "all asked": must(must(Ratio{5, 9}.Against(0.5, 9))(t).Interval(0.9))(t),
		"rescaled": must(must(Proportion(7, 10, 0.9, Wilson))(t).Rescale(100, 1))(t),
	} {
		wantWhole(t, name, iv)
		if iv.Level != 0.9 {
			t.Errorf("%s: level of %v", name, iv.Level)
		}
	}
	alike := must(CompareMeans(Sample{5, 3, 0}, Sample{5, 3, 0}))(t)
	wantWhole(t, "nothing varies", must(alike.Interval(0.9))(t), ".Estimate", ".Low", ".High")
	wantWhole(t, "nothing varies", alike.Test(), ".Statistic", ".DF")

	var observed []Observation
	var endings []Ending
	for i := range 40 {
		observed = append(observed, Observation{Time: time.Duration(i + 1), Censored: i%7 == 0})
		endings = append(endings, Ending{Time: time.Duration(i + 1), Cause: i % 3})
	}
	curve, incidence := must(KaplanMeier(observed))(t), must(CumulativeIncidence(endings))(t)
	wantWhole(t, "survival", must(curve.At(20, 0.9))(t))
	wantWhole(t, "none yet", must(curve.At(0, 0.9))(t))
	wantWhole(t, "median", must(curve.QuantileInterval(0.5, 0.9))(t))
	wantWhole(t, "incidence", must(incidence.At(1, 20, 0.9))(t))
	wantWhole(t, "none yet", must(incidence.At(2, 1, 0.9))(t), ".Estimate", ".Low")
	wantWhole(t, "time of a fifth", must(incidence.QuantileInterval(1, 0.2, 0.9))(t))

	wantWhole(t, "log-rank", must(CompareSurvival(observed, observed[20:]))(t))
	wantWhole(t, "means", must(CompareMeans(Sample{5, 3, 1}, Sample{5, 4, 2}))(t).Test())
	wantWhole(t, "shares", must(CompareShares(Ratio{5, 9}, Ratio{3, 9}))(t).Test(), ".DF")
	_, ranks, err := MannWhitney([]int64{40, 20}, []int64{20, 40})
	if err != nil {
		t.Fatal(err)
	}
	wantWhole(t, "ranks", ranks, ".DF")
	wantWhole(t, "signed ranks", must(SignedRanks([]int64{40}, []int64{20}))(t), ".DF")
	wantWhole(t, "trend", must(MannKendall([]float64{1, 2, 3, 4, 5, 6, 8}, []float64{1, 2, 2, 5, 4, 7, 9}, 0.9))(t), ".Test.DF")

	decided := must(Decide(0.9, must(CompareMeans(Sample{50, 3, 1}, Sample{50, 4, 2}))(t)))(t)
	wantWhole(t, "decision", decided)

	groups := []Ratio{{9, 10}, {20, 100}, {70, 100}, {40, 90}}
	shares := must(ShrinkProportions(groups, 0.9))(t)
	wantWhole(t, "shares", shares)
	samples := []Sample{{5, 3, 1}, {6, 9, 2}, {7, 5, 1}, {4, 12, 3}}
	means := must(ShrinkMeans(samples, 0.9))(t)
	wantWhole(t, "means", means)
	estimates := must(ShrinkEstimates([]Estimate{{5, 3, 0.2}, {6, 9, 0.3}, {7, 5, 0.1}, {4, 12, 0.7}}, 0.9))(t)
	wantWhole(t, "estimates", estimates)
	for i, g := range shares.Groups {
		raw, _ := groups[i].Float64()
		if g.N != groups[i].Whole || g.Raw != raw || means.Groups[i].N != samples[i].N || means.Groups[i].Raw != samples[i].Mean {
			t.Errorf("group %d: %+v and %+v", i, g, means.Groups[i])
		}
	}
	wantWhole(t, "sample", must(Describe(x))(t))
	wantWhole(t, "counts", must(DescribeCounts(1, 3, 5))(t))
}

// An end of QuantileInterval is the first step from which the interval of the incidence,
// as At has it, has reached p. Ends before the first of the cause count for neither.
func TestIncidenceQuantileIntervalIsThatOfAt(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 1))
	var highs, skipped int
	for range 300 {
		var all []Ending
		for range 1 + random.IntN(60) {
			all = append(all, Ending{time.Duration(random.IntN(30)), random.IntN(3)})
		}
		f := must(CumulativeIncidence(all))(t)
		p, level := []float64{0.1, 0.25, 0.5}[random.IntN(3)], []float64{0.5, 0.9, 0.95}[random.IntN(3)]
		for cause := 1; cause <= f.Causes(); cause++ {
			want := DurationInterval{Level: level, Method: logLog}
			want.Estimate, want.HasEstimate = f.Quantile(cause, p)
			for at := time.Duration(0); at < 30; at++ {
				ends := slices.ContainsFunc(all, func(e Ending) bool { return e.Time == at && e.Cause > 0 })
				iv, err := f.At(cause, at, level)
				if err != nil || !ends {
					continue
				}
				if iv.Estimate == 0 {
					if iv.High >= p {
						skipped++
					}
					continue
				}
				if !want.HasLow && iv.High >= p*(1-1e-12) {
					want.Low, want.HasLow = at, true
				}
				if !want.HasHigh && iv.Low >= p*(1-1e-12) {
					want.High, want.HasHigh = at, true
					highs++
				}
			}
			if got := must(f.QuantileInterval(cause, p, level))(t); got != want.extended() {
				t.Errorf("cause %d, %v at %v of %v: %+v, want %+v", cause, p, level, all, got, want)
			}
		}
	}
	if highs < 50 || skipped < 50 {
		t.Errorf("%d upper ends, %d steps before the first end", highs, skipped)
	}
	minutes := make([]Ending, 100)
	for i := range minutes {
		minutes[i] = Ending{time.Duration(i+1) * time.Minute, 1}
	}
	got := must(must(CumulativeIncidence(minutes))(t).QuantileInterval(1, 0.5, 0.95))(t)
	if got.Estimate != 50*time.Minute+30*time.Second || got.Low != 41*time.Minute || got.High != 61*time.Minute {
		t.Errorf("%+v", got)
	}
}

func TestTrendWithoutTendency(t *testing.T) {
	trend := must(MannKendall([]float64{1, 2, 3, 4}, []float64{2, 1, 1, 2}, 0.5))(t)
	if trend.S != 0 || trend.Statistic != 0 || trend.P != 1 || trend.TauB != 0 || trend.Slope.Estimate != 0 {
		t.Errorf("%+v", trend)
	}
	one := must(MannKendall([]float64{1, 2, 3, 4}, []float64{2, 1, 2, 2}, 0.5))(t) // S of 1 is no distance after the correction
	if one.S != 1 || one.Statistic != 0 || one.P != 1 {
		t.Errorf("%+v", one)
	}
}

// Limits on either side.
func TestCountsOfData(t *testing.T) {
	flat := make([]float64, maxSlopes+1)
	flat[0] = 1
	times := make([]float64, len(flat))
	for i := range times {
		times[i] = float64(i)
	}
	if !testing.Short() { // 12 million pairs
		if trend := must(MannKendall(times[:maxSlopes], flat[:maxSlopes], 0.95))(t); trend.Slope.Level != 0.95 {
			t.Errorf("%d values: %+v", maxSlopes, trend.Slope)
		}
	}
	if maxSlopes != 5000 {
		t.Errorf("the documentation says 5,000, not %d", maxSlopes)
	}
	if trend := must(MannKendall(times, flat, 0.95))(t); trend.Slope != (Interval{}) || trend.S != -maxSlopes {
		t.Errorf("%d values: %+v", maxSlopes+1, trend)
	}
	if f := must(CumulativeIncidence([]Ending{{1, 1024}}))(t); f.Causes() != 1024 {
		t.Errorf("%d causes", f.Causes())
	}
	_, err := CumulativeIncidence([]Ending{{1, 1025}})
	wantError(t, "1025 causes", err, ErrValue)
	must(SignedRanks([]int64{1 << 19}, []int64{1 << 19}))(t)
	_, err = SignedRanks([]int64{1 << 19}, []int64{1<<19 + 1})
	wantError(t, "2²⁰+1 people", err, ErrTooMany)
	_, err = SignedRanks([]int64{1 << 19, 1}, []int64{1 << 19, 0})
	wantError(t, "2²⁰+1 people", err, ErrTooMany)
	for level, want := range map[float64]error{0x1p-54: ErrLevel, 0x1.0000000000001p-54: nil, 1 - 0x1p-53: nil, 1: ErrLevel, 0: ErrLevel} {
		_, err := Proportion(1, 2, level, Wilson)
		wantError(t, fmt.Sprint(level), err, want)
	}
	for n, exact := range map[int64]bool{50: true, 51: false} {
		_, test, err := MannWhitney([]int64{n - 20, 0}, []int64{10, 10})
		if err != nil || (test.Method == rankSumExact) != exact {
			t.Errorf("%d ranks: %v, %v", n, test, err)
		}
		if test = must(SignedRanks([]int64{n - 20}, []int64{20}))(t); (test.Method == signedRankExact) != exact {
			t.Errorf("%d people: %v", n, test)
		}
	}
	if got := Rounding(3).String(); got != "Rounding(3)" {
		t.Errorf("%q", got)
	}
	if got := HyndmanFan(10).String(); got != "HyndmanFan(10)" || HyndmanFan(10).Valid() || !HyndmanFan(9).Valid() {
		t.Errorf("%q", got)
	}
}
