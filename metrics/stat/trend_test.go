package stat

import (
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
		trend := must(MannKendallTrend(r.Y))(t)
		wantNumber(t, v.ID+" S", float64(trend.S), v.number(t, "S"), 0)
		wantRelative(t, v.ID+" variance", trend.Variance, v.number(t, "var_S"))
		wantRelative(t, v.ID+" z", trend.Statistic, v.number(t, "z"))
		wantRelative(t, v.ID+" p", trend.P, v.number(t, "p"))
		wantRelative(t, v.ID+" tau", trend.TauB, v.number(t, "tau_b"))
		x := make([]float64, len(r.Y))
		for i := range x {
			x[i] = float64(i + 1)
		}
		line := must(LeastSquares(x, r.Y, 0.95))(t)
		wantRelative(t, v.ID+" intercept", line.Intercept, v.number(t, "ols_intercept"))
		wantRelative(t, v.ID+" slope", line.Slope.Estimate, v.number(t, "ols_slope"))
		wantRelative(t, v.ID+" r²", line.RSquared, v.number(t, "r_squared"))
		wantEnds(t, v.ID, line.Slope, v.numbers(t, "slope_ci95"), vectorTolerance)
		if v.number(t, "r_squared") == 1 {
			// The points are on the line: what the source has for standard
			// error, t and p is its rounding.
			if line.SlopeSE != 0 || line.Test != (Test{Method: StudentCorrelation, DF: 7}) {
				t.Errorf("%s: %+v", v.ID, line)
			}
			continue
		}
		wantRelative(t, v.ID+" se", line.SlopeSE, v.number(t, "ols_slope_se"))
		wantRelative(t, v.ID+" t", line.Statistic, v.number(t, "ols_t"))
		wantRelative(t, v.ID+" p", line.P, v.number(t, "ols_p"))
	}
}

func TestMannKendallLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	properties.Property("S counts the pairs; reversing negates; a monotone scale changes nothing", prop.ForAll(func(steps []int) bool {
		var y []float64
		for _, s := range steps {
			y = append(y, float64(s))
		}
		trend, err := MannKendallTrend(y)
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
		back := must(MannKendallTrend(reversed))(t)
		return trend.S == s && back.S == -s && back.P == trend.P && must(MannKendallTrend(cubed))(t) == trend && trend.P <= 1 && math.Abs(trend.TauB) <= 1
	}, gen.SliceOf(gen.IntRange(-5, 5))))
	properties.TestingRun(t)
}

func TestTheilSen(t *testing.T) {
	// Sen (1968), worked example, as in scipy's tests of theilslopes: slope 4,
	// 3.71 to 4.38 at level 0.93.
	x, y := []float64{1, 2, 3, 4, 10, 12, 18}, []float64{9, 15, 19, 20, 45, 55, 78}
	line := must(TheilSen(x, y, 0.93))(t)
	if line.Slope.Estimate != 4 || math.Abs(line.Slope.Low-26.0/7) > 1e-12 || math.Abs(line.Slope.High-35.0/8) > 1e-12 || line.Slope.Method != SenSlope {
		t.Errorf("%+v", line)
	}
	if line.Intercept != 6 {
		t.Errorf("intercept %v", line.Intercept)
	}
	// One wild value moves the least-squares line, not this one.
	y[6] = 1e6
	if wild := must(TheilSen(x, y, 0.8))(t); wild.Slope.Estimate > 6 {
		t.Errorf("%+v", wild)
	}
	for _, c := range []struct {
		x, y []float64
		err  error
	}{
		{nil, nil, ErrNoData}, {[]float64{1}, []float64{1}, ErrTooFew}, {[]float64{1, 2}, []float64{1}, ErrLength},
		{[]float64{1, 1}, []float64{1, 2}, ErrNoVariation}, {[]float64{1, 2, 3}, []float64{1, 2, 4}, ErrTooFew},
		{[]float64{1, math.NaN()}, []float64{1, 2}, ErrValue}, {[]float64{1, 2}, []float64{1, math.Inf(1)}, ErrValue},
		{make([]float64, 5001), make([]float64, 5001), ErrTooMany},
	} {
		_, err := TheilSen(c.x, c.y, 0.95)
		wantError(t, "TheilSen", err, c.err)
	}
	_, err := TheilSen([]float64{1, 2, 3, 4, 5, 6, 7}, []float64{-1.7e308, 1.7e308, -1.7e308, 1.7e308, -1.7e308, 1.7e308, -1.7e308}, 0.9)
	wantError(t, "TheilSen", err, ErrOverflow)
	for _, level := range badLevels {
		_, err := TheilSen(x, y, level)
		wantError(t, "TheilSen", err, ErrLevel)
	}
}

// Kendall's variance with ties in both variables, by all permutations.
func TestKendallVariance(t *testing.T) {
	for _, c := range [][2][]float64{
		{{1, 2, 3, 4, 5}, {1, 2, 3, 4, 5}},
		{{1, 1, 2, 3, 3}, {1, 2, 2, 2, 5}},
		{{1, 1, 1, 2, 2, 3}, {4, 4, 4, 5, 6, 6}},
	} {
		var sum, count float64
		sign := func(v float64) float64 {
			switch {
			case v > 0:
				return 1
			case v < 0:
				return -1
			}
			return 0
		}
		var permute func(y []float64, k int)
		permute = func(y []float64, k int) {
			if k == len(y) {
				var s float64
				for i := range y {
					for j := range i {
						s += sign(c[0][i]-c[0][j]) * sign(y[i]-y[j])
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
		permute(slices.Clone(c[1]), 0)
		wantNumber(t, "variance", kendallVariance(tieSizes(c[0]), tieSizes(c[1]), len(c[0])), sum/count, 1e-12)
	}
}

func TestTrendErrors(t *testing.T) {
	_, err := MannKendallTrend([]float64{1, 2})
	wantError(t, "two", err, ErrTooFew)
	_, err = MannKendallTrend(nil)
	wantError(t, "none", err, ErrTooFew)
	_, err = MannKendallTrend([]float64{4, 4, 4})
	wantError(t, "constant", err, ErrNoVariation)
	_, err = MannKendallTrend([]float64{4, math.NaN(), 4})
	wantError(t, "NaN", err, ErrValue)
	y := []float64{3, 1, 2}
	must(MannKendallTrend(y))(t)
	if !slices.Equal(y, []float64{3, 1, 2}) {
		t.Error("the argument was sorted")
	}
}

// Anscombe (1973), The American Statistician 27:17, first quartet: r 0.81642,
// slope 0.5001, intercept 3.0001, standard error of the slope 0.1179.
var (
	anscombeX = []float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5}
	anscombeY = []float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}
)

func TestCorrelationAndLine(t *testing.T) {
	c := must(Pearson(anscombeX, anscombeY, 0.95))(t)
	line := must(LeastSquares(anscombeX, anscombeY, 0.95))(t)
	for _, n := range []struct{ got, want, half float64 }{
		{c.R.Estimate, 0.81642, 5e-6}, {line.Slope.Estimate, 0.5001, 5e-5}, {line.Intercept, 3.0001, 5e-5}, {line.SlopeSE, 0.1179, 5e-5},
		{line.RSquared, 0.6665, 5e-5}, {c.Statistic, 4.2415, 5e-5}, {c.P, 0.00217, 5e-6},
		// R's cor.test: 95 % interval 0.4243912 to 0.9506933.
		{c.R.Low, 0.4243912, 5e-8}, {c.R.High, 0.9506933, 5e-8},
	} {
		if math.Abs(n.got-n.want) > n.half {
			t.Errorf("%v, want %v", n.got, n.want)
		}
	}
	wantNumber(t, "t of slope", line.Statistic, c.Statistic, 1e-12)
	// Spearman without ties: 1 − 6Σd²/(n(n²−1)).
	rx, ry := midranks(anscombeX), midranks(anscombeY)
	var d float64
	for i := range rx {
		d += (rx[i] - ry[i]) * (rx[i] - ry[i])
	}
	wantNumber(t, "Spearman", must(Spearman(anscombeX, anscombeY, 0.95))(t).R.Estimate, 1-6*d/(11*120), 1e-14)
	wantSlice(t, "midranks", midranks([]float64{7, 3, 7, 1, 7}), []float64{4, 2, 4, 1, 4})
	// Any offset and scale.
	moved := slices.Clone(anscombeX)
	for i := range moved {
		moved[i] = 1e9 - 4*moved[i]
	}
	m := must(Pearson(moved, anscombeY, 0.95))(t)
	wantNumber(t, "moved", m.R.Estimate, -c.R.Estimate, 1e-12)
	wantEnds(t, "moved", m.R, []float64{-c.R.High, -c.R.Low}, 1e-12)
	perfect := must(Pearson([]float64{1, 2, 3, 4}, []float64{-2, -4, -6, -8}, 0.95))(t)
	if perfect.R.Low != -1 || perfect.R.High != -1 || perfect.P != 0 || perfect.Statistic != 0 || perfect.DF != 2 {
		t.Errorf("%+v", perfect)
	}
}

func TestCorrelationErrors(t *testing.T) {
	four := []float64{1, 2, 3, 5}
	for _, c := range []struct {
		x, y []float64
		err  error
	}{
		{nil, nil, ErrNoData}, {four[:3], four[:3], ErrTooFew}, {four, four[:3], ErrLength}, {four, []float64{2, 2, 2, 2}, ErrNoVariation},
		{[]float64{1, 2, 3, math.NaN()}, four, ErrValue}, {four, []float64{1, 2, 3, math.Inf(-1)}, ErrValue}, {[]float64{1e200, -1e200, 1, 2}, four, ErrOverflow},
	} {
		_, err := Pearson(c.x, c.y, 0.95)
		wantError(t, "Pearson", err, c.err)
		if c.err != ErrOverflow {
			_, err = Spearman(c.x, c.y, 0.95)
			wantError(t, "Spearman", err, c.err)
		}
		if len(c.x) != 3 {
			_, err = LeastSquares(c.x, c.y, 0.95)
			wantError(t, "LeastSquares", err, c.err)
		}
	}
	_, err := LeastSquares(four[:2], four[:2], 0.95)
	wantError(t, "LeastSquares", err, ErrTooFew)
	for _, level := range badLevels {
		_, err = Pearson(four, four, level)
		wantError(t, "Pearson", err, ErrLevel)
		_, err = LeastSquares(four, four, level)
		wantError(t, "LeastSquares", err, ErrLevel)
	}
}

func BenchmarkMannKendall(b *testing.B) {
	y := make([]float64, 10000)
	for i := range y {
		y[i] = float64(i * i % 9973)
	}
	for b.Loop() {
		trend, _ := MannKendallTrend(y)
		sink = trend.P
	}
}
