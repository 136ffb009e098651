package stat

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

func TestMannKendallVectors(t *testing.T) {
	for _, v := range vectors(t, "Mann-Kendall and linear trend") {
		var r struct {
			Y []float64 `json:"y_full"`
		}
		if err := json.Unmarshal(v.Input, &r); err != nil {
			t.Fatal(err)
		}
		trend := must(trendOf(r.Y))(t)
		wantNumber(t, v.ID+" S", float64(trend.S), v.number(t, "S"), 0)
		wantRelative(t, v.ID+" variance", trend.Variance, v.number(t, "var_S"))
		wantRelative(t, v.ID+" z", trend.Statistic, v.number(t, "z"))
		wantRelative(t, v.ID+" p", trend.P, v.number(t, "p"))
		wantRelative(t, v.ID+" tau", trend.TauB, v.number(t, "tau_b"))
	}
}

// trendOf tests values at times 0, 1, 2, ….
func trendOf(y []float64) (Trend, error) {
	times := make([]float64, len(y))
	for i := range times {
		times[i] = float64(i)
	}
	return MannKendall(times, y, 0.95)
}

func TestMannKendallLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	properties.Property("S counts the pairs; reversing negates; a monotone scale changes nothing", prop.ForAll(func(steps []int) bool {
		var y []float64
		for _, s := range steps {
			y = append(y, float64(s))
		}
		trend, err := trendOf(y)
		if err != nil {
			return len(y) < 3 || slices.Max(y) == slices.Min(y)
		}
		var s int64
		for i := range y {
			for j := range i {
				switch {
				case y[i] > y[j]:
					s++
				case y[i] < y[j]:
					s--
				}
			}
		}
		reversed, cubed := slices.Clone(y), slices.Clone(y)
		slices.Reverse(reversed)
		for i := range cubed {
			cubed[i] = cubed[i]*cubed[i]*cubed[i] + 1e9
		}
		back := must(trendOf(reversed))(t)
		return trend.S == s && back.S == -s && back.P == trend.P && must(trendOf(cubed))(t).Test == trend.Test && trend.P <= 1 && math.Abs(trend.TauB) <= 1
	}, gen.SliceOf(gen.IntRange(-5, 5))))
	properties.TestingRun(t)
}

func TestTheilSen(t *testing.T) {
	// Sen (1968), worked example, as in scipy's tests of theilslopes: slope 4,
	// 3.71 to 4.38 at level 0.93.
	x, y := []float64{1, 2, 3, 4, 10, 12, 18}, []float64{9, 15, 19, 20, 45, 55, 78}
	slope := must(MannKendall(x, y, 0.93))(t).Slope
	if slope.Estimate != 4 || math.Abs(slope.Low-26.0/7) > 1e-12 || math.Abs(slope.High-35.0/8) > 1e-12 || slope.Method != senSlope {
		t.Errorf("%+v", slope)
	}
	// One wild value moves the least-squares line, not this one.
	y[6] = 1e6
	if wild := must(MannKendall(x, y, 0.8))(t); wild.Slope.Estimate > 6 {
		t.Errorf("%+v", wild)
	}
	// Too few or too many values for a slope still have a test.
	if few := must(trendOf([]float64{1, 2, 4}))(t); few.Slope != (Interval{}) || few.S != 3 || few.String() != "mann_kendall, P = 0.296" {
		t.Errorf("%v", few)
	}
	many := make([]float64, 5001)
	many[0] = 1
	if trend := must(trendOf(many))(t); trend.Slope != (Interval{}) || trend.S != -5000 {
		t.Errorf("%+v", trend)
	}
	for _, c := range []struct {
		x, y []float64
		err  error
	}{
		{nil, nil, ErrTooFew}, {[]float64{1, 2}, []float64{1}, ErrLength}, {[]float64{1, 1, 2}, []float64{1, 2, 3}, ErrValue},
		{[]float64{1, 2, math.NaN()}, []float64{1, 2, 3}, ErrValue}, {[]float64{1, 2, 3}, []float64{1, 2, math.Inf(1)}, ErrValue},
	} {
		_, err := MannKendall(c.x, c.y, 0.95)
		wantError(t, "MannKendall", err, c.err)
	}
	// Slopes beyond float64, and differences beyond it whose slopes are not.
	apart := []float64{-1.7e308, 1.7e308, -1.7e308, 1.7e308, -1.7e308, 1.7e308, -1.7e308}
	far := must(MannKendall([]float64{1, 1.5, 2, 2.5, 3, 3.5, 4}, apart, 0.2))(t)
	if far.Slope.Level == 0 || far.S != 0 || far.P != 1 || far.Statistic != 0 {
		t.Errorf("%+v", far)
	}
	if far = must(MannKendall([]float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}, apart, 0.9))(t); far.Slope != (Interval{}) {
		t.Errorf("%+v", far)
	}
	far = must(MannKendall([]float64{-1.5e308, -1e308, 1e308, 1.5e308}, []float64{-1.5e308, -1e308, 1e308, 1.5e308}, 0.5))(t)
	if far.Slope.Estimate != 1 || far.Slope.Low != 1 || far.Slope.High != 1 {
		t.Errorf("%+v", far)
	}
	for _, level := range badLevels {
		_, err := MannKendall(x, y, level)
		wantError(t, "MannKendall", err, ErrLevel)
	}
}

// The variance of S with ties, by all permutations.
func TestVarianceOfS(t *testing.T) {
	for _, values := range [][]float64{{1, 2, 3, 4, 5}, {1, 2, 2, 2, 5}, {4, 4, 4, 5, 6, 6}} {
		var sum, count float64
		var permute func(y []float64, k int)
		permute = func(y []float64, k int) {
			if k == len(y) {
				var s float64
				for i := range y {
					for j := range i {
						s += float64(cmp.Compare(y[i], y[j]))
					}
				}
				sum += s * s
				count++
				return
			}
			for i := k; i < len(y); i++ {
				y[k], y[i] = y[i], y[k]
				permute(y, k+1)
				y[k], y[i] = y[i], y[k]
			}
		}
		permute(slices.Clone(values), 0)
		wantNumber(t, "variance", must(trendOf(values))(t).Variance, sum/count, 1e-12)
	}
}

func TestTrendErrors(t *testing.T) {
	_, err := trendOf([]float64{1, 2})
	wantError(t, "two", err, ErrTooFew)
	_, err = trendOf(nil)
	wantError(t, "none", err, ErrTooFew)
	_, err = trendOf([]float64{4, 4, 4})
	wantError(t, "constant", err, ErrNoVariation)
	_, err = trendOf([]float64{4, math.NaN(), 4})
	wantError(t, "NaN", err, ErrValue)
	y := []float64{3, 1, 2}
	must(trendOf(y))(t)
	if !slices.Equal(y, []float64{3, 1, 2}) {
		t.Error("the argument was sorted")
	}
}

// Anscombe (1973), The American Statistician 27:17, first quartet: r 0.81642; R's
// cor.test gives the 95 % interval 0.4243912 to 0.9506933.
var (
	anscombeX = []float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}
	anscombeY = []float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}
)

func TestPearson(t *testing.T) {
	r := must(Pearson(anscombeX, anscombeY, 0.95))(t)
	if math.Abs(r.Estimate-0.81642) > 5e-6 || math.Abs(r.Low-0.4243912) > 5e-8 || math.Abs(r.High-0.9506933) > 5e-8 || r.Method != fisherZ {
		t.Errorf("%+v", r)
	}
	// Any offset and scale.
	moved := slices.Clone(anscombeX)
	for i := range moved {
		moved[i] = 1e9 - 4*moved[i]
	}
	m := must(Pearson(moved, anscombeY, 0.95))(t)
	wantNumber(t, "moved", m.Estimate, -r.Estimate, 1e-12)
	wantEnds(t, "moved", m, []float64{-r.High, -r.Low}, 1e-12)
	if perfect := must(Pearson([]float64{1, 2, 3, 4}, []float64{-2, -4, -6, -8}, 0.95))(t); perfect.Low != -1 || perfect.High != -1 {
		t.Errorf("%+v", perfect)
	}
	four := []float64{1, 2, 3, 5}
	for _, c := range []struct {
		x, y []float64
		err  error
	}{
		{nil, nil, ErrNoData}, {four[:3], four[:3], ErrTooFew}, {four, four[:3], ErrLength}, {four, []float64{2, 2, 2, 2}, ErrNoVariation},
		{[]float64{1, 2, 3, math.NaN()}, four, ErrValue}, {four, []float64{1, 2, 3, math.Inf(-1)}, ErrValue}, {[]float64{1.7e308, -1.7e308, 1, 2}, four, ErrOverflow},
	} {
		_, err := Pearson(c.x, c.y, 0.95)
		wantError(t, "Pearson", err, c.err)
	}
	for _, level := range badLevels {
		_, err := Pearson(four, four, level)
		wantError(t, "Pearson", err, ErrLevel)
	}
}

func BenchmarkMannKendall(b *testing.B) {
	y := make([]float64, 10000)
	for i := range y {
		y[i] = float64(i * i % 9973)
	}
	for b.Loop() {
		trend, _ := mannKendallTest(y)
		sink = trend.P
	}
}
