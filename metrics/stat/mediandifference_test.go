package stat

import (
	"math"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

// The examples of ci.median2 in the R package statpsych (versions 1.6.0, 1.7.0
// and 2.0.0) by D. G. Bonett, one of the authors of the method.
func TestMedianDifferenceAgreesWithStatpsych(t *testing.T) {
	for _, c := range []struct {
		y1, y2                          []float64
		median1, median2, d, se         float64
		low, high, dHalf, seHalf, eHalf float64
	}{
		{
			[]float64{32, 39, 26, 35, 43, 27, 40, 37, 34, 29}, []float64{36, 44, 47, 42, 49, 39, 46, 31, 33, 48},
			34.5, 43, -8.5, 4.316291, -16.95977, -0.04022524, 1e-12, 5e-7, 5e-6,
		},
		{
			[]float64{32.1, 39.8, 26.3, 35.0, 43.1, 27.0, 40.9, 37.4, 34.0, 29.2},
			[]float64{36.8, 44.0, 47.1, 42.7, 49.0, 39.6, 46.2, 31.6, 33.1, 48.4},
			34.5, 43.35, -8.85, 4.494993, -17.66002, -0.0399751, 1e-12, 5e-7, 5e-6,
		},
		{
			[]float64{70, 394, 43, 95, 62, 128, 2, 203, 81, 436, 85, 35, 156, 1, 3, 27, 63, 181, 184, 18},
			[]float64{102, 120, 78, 78, 417, 124, 86, 171, 176, 129, 230, 194, 100, 157, 306, 411, 164, 103, 193, 312},
			75.5, 160.5, -85, 37.11502, -157.7441, -12.25589, 1e-12, 5e-6, 5e-5,
		},
	} {
		a, b := must(DescribeMedian(c.y1))(t), must(DescribeMedian(c.y2))(t)
		got := must(MedianDifference(a, b, 0.95))(t)
		if a.Median != c.median1 || b.Median != c.median2 || math.Abs(got.Difference.Estimate-c.d) > c.dHalf ||
			math.Abs(math.Hypot(a.SE(), b.SE())-c.se) > c.seHalf ||
			math.Abs(got.Difference.Low-c.low) > c.eHalf || math.Abs(got.Difference.High-c.high) > c.eHalf {
			t.Errorf("%v against %v: %+v", a, b, got)
		}
		z := c.d / c.se
		if got.Difference.Method != PriceBonett || got.Test.Method != PriceBonett || math.Abs(got.Test.Statistic-z) > 1e-5 ||
			math.Abs(got.Test.P-math.Erfc(math.Abs(z)/math.Sqrt2)) > 1e-5 {
			t.Errorf("test %+v, z = %v", got.Test, z)
		}
	}
}

func TestMedianRanks(t *testing.T) {
	for n, want := range map[int64][2]int64{
		-1: {0, 0}, 0: {0, 0}, 1: {1, 1}, 2: {1, 2}, 3: {1, 3}, 4: {1, 4}, 9: {2, 8}, 10: {2, 9}, 20: {6, 15},
		100: {40, 61}, 101: {40, 62}, 1 << 40: {1<<39 - 1<<20, 1<<39 + 1<<20 + 1},
	} {
		if low, high := MedianRanks(n); low != want[0] || high != want[1] {
			t.Errorf("%d: %d and %d, want %v", n, low, high, want)
		}
	}
	// P(X < 2) of 10 is 11/1024: summed by hand.
	s := MedianSample{N: 10, Low: 0, High: 2}
	wantNumber(t, "SE", s.SE(), 1/normalUpperQuantile(11.0/1024), 1e-12)
	// For many normal values it is the known √(π/2)·σ/√n, at these quantiles.
	const n = 1_000_000
	low, _ := MedianRanks(n)
	x := normalUpperQuantile(float64(low) / n)
	wantNumber(t, "SE of normal values", MedianSample{N: n, Low: -x, High: x}.SE(), math.Sqrt(math.Pi/2/n), 1e-3)
	if se := (MedianSample{N: 1}).SE(); se != 0 {
		t.Errorf("SE of one value is %v", se)
	}
}

func TestMedianDifferenceLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	sample := gen.SliceOf(gen.Float64Range(-1000, 1000)).SuchThat(func(x []float64) bool { return len(x) > 1 })
	properties.Property("mirrors when the sides are exchanged; shifts and scales with the values", prop.ForAll(func(x, y []float64, by float64) bool {
		a, b := must(DescribeMedian(x))(t), must(DescribeMedian(y))(t)
		c, err := MedianDifference(a, b, 0.9)
		if err != nil {
			return a.SE() == 0 && b.SE() == 0
		}
		wantSound(t, "difference", c.Difference, -math.MaxFloat64, math.MaxFloat64)
		back := must(MedianDifference(b, a, 0.9))(t)
		moved := make([]float64, len(x))
		for i, v := range x {
			moved[i] = v + by
		}
		shifted := must(MedianDifference(must(DescribeMedian(moved))(t), b, 0.9))(t)
		return back.Difference.Low == -c.Difference.High && back.Difference.High == -c.Difference.Low && back.Test.P == c.Test.P &&
			math.Abs(shifted.Difference.Low-by-c.Difference.Low) < 1e-6 &&
			// Whether 0 is inside and whether p is small is one question.
			(c.Test.P < 0.1) == !c.Difference.Contains(0)
	}, sample, sample, gen.Float64Range(-100, 100)))
	properties.TestingRun(t)
}

func TestMedianDifferenceErrors(t *testing.T) {
	good := MedianSample{N: 10, Median: 2, Low: 1, High: 3}
	for _, level := range badLevels {
		_, err := MedianDifference(good, good, level)
		wantError(t, "level", err, ErrLevel)
	}
	for _, c := range []struct {
		s    MedianSample
		want error
	}{
		{MedianSample{}, ErrNoData},
		{MedianSample{N: -1}, ErrCount},
		{MedianSample{N: 1, Median: 1, Low: 1, High: 1}, ErrTooFew},
		{MedianSample{N: 9, Median: math.NaN()}, ErrValue},
		{MedianSample{N: 9, Low: math.Inf(-1)}, ErrValue},
		{MedianSample{N: 9, High: math.Inf(1)}, ErrValue},
		{MedianSample{N: 9, Median: 1, Low: 2, High: 3}, ErrValue},
		{MedianSample{N: 9, Median: 4, Low: 2, High: 3}, ErrValue},
	} {
		_, err := MedianDifference(c.s, good, 0.95)
		wantError(t, "first", err, c.want)
		_, err = MedianDifference(good, c.s, 0.95)
		wantError(t, "second", err, c.want)
	}
	same := MedianSample{N: 5, Median: 1, Low: 1, High: 1}
	_, err := MedianDifference(same, same, 0.95)
	wantError(t, "all alike", err, ErrNoVariation)
	far := MedianSample{N: 5, Median: math.MaxFloat64, Low: 0, High: math.MaxFloat64}
	_, err = MedianDifference(far, MedianSample{N: 5, Median: -math.MaxFloat64, Low: -math.MaxFloat64}, 0.95)
	wantError(t, "overflow", err, ErrOverflow)
	_, err = DescribeMedian(nil)
	wantError(t, "none", err, ErrNoData)
	_, err = DescribeMedian([]float64{1, math.NaN()})
	wantError(t, "NaN", err, ErrValue)
}
