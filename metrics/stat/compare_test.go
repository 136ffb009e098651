package stat

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/internal/ranks"
)

func TestCompareNetsVectors(t *testing.T) {
	for _, v := range vectors(t, "NPS two sample") {
		var r struct {
			X, Y [3]int64
			Conf float64
		}
		v.decode(t, &r)
		a := Net{Plus: r.X[2], Minus: r.X[0], N: r.X[0] + r.X[1] + r.X[2]}
		b := Net{Plus: r.Y[2], Minus: r.Y[0], N: r.Y[0] + r.Y[1] + r.Y[2]}
		c := must(CompareNets(a, b))(t)
		iv := must(c.Interval(r.Conf))(t)
		wantNumber(t, v.ID, iv.Estimate, v.number(t, "diff_signed"), 1e-14)
		want := v.numbers(t, "adjusted_abs_diff_ci")
		if iv.Estimate < 0 { // the source drops the sign
			want[0], want[1] = -want[1], -want[0]
		}
		wantEnds(t, v.ID, iv, want, vectorTolerance)
		z := must(NormalQuantile((1 + r.Conf) / 2))(t)
		wantNumber(t, v.ID+" se", iv.Width()/2/z, v.number(t, "se_adjusted"), vectorTolerance)
		// The source takes 1 − cdf, which leaves 16 places of a small p.
		if p := v.number(t, "p_adjusted"); math.Abs(c.Test().P-p) > 1e-15 {
			wantRelative(t, v.ID+" p", c.Test().P, p)
		}
	}
	for _, bad := range []Net{{}, {-1, 0, 5}, {3, 3, 5}} {
		_, want := bad.Interval(0.95, Tango)
		_, err := CompareNets(bad, Net{1, 0, 2})
		wantError(t, "first", err, errors.Unwrap(want))
		_, err = CompareNets(Net{1, 0, 2}, bad)
		wantError(t, "second", err, errors.Unwrap(want))
	}
}

func TestCompareMeansVectors(t *testing.T) {
	for _, v := range vectors(t, "Welch and pooled two-sample t test") {
		var r struct {
			X, Y []float64
			Conf float64
		}
		v.decode(t, &r)
		x, y := must(Describe(r.X))(t), must(Describe(r.Y))(t)
		c := must(CompareMeans(x, y))(t)
		wantRelative(t, v.ID+" t", c.Test().Statistic, v.number(t, "welch_t"))
		wantRelative(t, v.ID+" df", c.Test().DF, v.number(t, "welch_df"))
		wantRelative(t, v.ID+" p", c.Test().P, v.number(t, "welch_p"))
		iv := must(c.Interval(r.Conf))(t)
		wantEnds(t, v.ID, iv, v.numbers(t, "welch_ci"), vectorTolerance)
		if iv.Method != Welch || c.Test().Method != Welch {
			t.Errorf("%s: %v", v.ID, c)
		}
		back := must(CompareMeans(y, x))(t)
		if b := must(back.Interval(r.Conf))(t); b.Low != -iv.High || back.Test().P != c.Test().P {
			t.Errorf("%v mirrors %v", b, iv)
		}
	}
}

func TestCompareMeansErrors(t *testing.T) {
	good := Sample{N: 3, Mean: 1, Variance: 2}
	for _, c := range []struct {
		a, b Sample
		err  error
	}{
		{Sample{}, good, ErrNoData}, {good, Sample{}, ErrNoData}, {good, Sample{N: 1}, ErrTooFew},
		{Sample{N: 2}, Sample{N: 2, Mean: 1}, ErrNoVariation}, {good, Sample{N: 2, Variance: -1}, ErrValue},
		{Sample{N: 2, Mean: 1e308, Variance: 1}, Sample{N: 2, Mean: -1e308, Variance: 1}, ErrOverflow},
		{good, Sample{N: 2, Mean: math.NaN()}, ErrOverflow},
	} {
		_, err := CompareMeans(c.a, c.b)
		wantError(t, "CompareMeans", err, c.err)
	}
	// One side without variance is fine; the degrees of freedom are the
	// other's.
	c := must(CompareMeans(good, Sample{N: 9, Mean: 4}))(t)
	wantNumber(t, "df", c.Test().DF, 2, 1e-14)
	// Neither varies, and nothing differs.
	same := must(CompareMeans(Sample{N: 2, Mean: 4}, Sample{N: 9, Mean: 4}))(t)
	if iv := must(same.Interval(0.95))(t); same.Test().P != 1 || iv != (Interval{Level: 0.95, Method: Welch}) {
		t.Errorf("%v, %+v", iv, same.Test())
	}
}

// The examples of ci.median2 in the R package statpsych (versions 1.6.0, 1.7.0
// and 2.0.0) by D. G. Bonett, one of the authors of the method.
func TestCompareMediansAgreesWithStatpsych(t *testing.T) {
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
		a, b := must(describeMedian(c.y1))(t), must(describeMedian(c.y2))(t)
		contrast := must(CompareMedians(a, b))(t)
		got, test := must(contrast.Interval(0.95))(t), contrast.Test()
		if a.Median != c.median1 || b.Median != c.median2 || math.Abs(got.Estimate-c.d) > c.dHalf ||
			math.Abs(math.Hypot(a.SE(), b.SE())-c.se) > c.seHalf ||
			math.Abs(got.Low-c.low) > c.eHalf || math.Abs(got.High-c.high) > c.eHalf {
			t.Errorf("%v against %v: %+v", a, b, got)
		}
		z := c.d / c.se
		if got.Method != PriceBonett || test.Method != PriceBonett || math.Abs(test.Statistic-z) > 1e-5 ||
			math.Abs(test.P-math.Erfc(math.Abs(z)/math.Sqrt2)) > 1e-5 {
			t.Errorf("test %+v, z = %v", test, z)
		}
	}
}

// describeMedian returns the median sample of values.
func describeMedian(x []float64) (MedianSample, error) {
	if len(x) == 0 {
		return MedianSample{}, ErrNoData
	}
	sorted := slices.Sorted(slices.Values(x))
	low, high := ranks.Median(int64(len(x)))
	return MedianSample{N: int64(len(x)), Median: middle(sorted), Low: sorted[low-1], High: sorted[high-1]}, nil
}

func TestMedianSampleSE(t *testing.T) {
	// P(X < 2) of 10 is 11/1024: summed by hand.
	s := MedianSample{N: 10, Low: 0, High: 2}
	wantNumber(t, "SE", s.SE(), 1/normalUpperQuantile(11.0/1024), 1e-12)
	// For many normal values it is the known √(π/2)·σ/√n, at these quantiles.
	const n = 1_000_000
	low, _ := ranks.Median(n)
	x := normalUpperQuantile(float64(low) / n)
	wantNumber(t, "SE of normal values", MedianSample{N: n, Low: -x, High: x}.SE(), math.Sqrt(math.Pi/2/n), 1e-3)
	if se := (MedianSample{N: 1}).SE(); se != 0 {
		t.Errorf("SE of one value is %v", se)
	}
}

func TestCompareMediansLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	sample := gen.SliceOf(gen.Float64Range(-1000, 1000)).SuchThat(func(x []float64) bool { return len(x) > 1 })
	properties.Property("mirrors when the sides are exchanged; shifts and scales with the values", prop.ForAll(func(x, y []float64, by float64) bool {
		a, b := must(describeMedian(x))(t), must(describeMedian(y))(t)
		contrast, err := CompareMedians(a, b)
		if err != nil {
			return a.SE() == 0 && b.SE() == 0
		}
		c := must(contrast.Interval(0.9))(t)
		wantSound(t, "difference", c, -math.MaxFloat64, math.MaxFloat64)
		other := must(CompareMedians(b, a))(t)
		back := must(other.Interval(0.9))(t)
		moved := make([]float64, len(x))
		for i, v := range x {
			moved[i] = v + by
		}
		shifted := must(must(CompareMedians(must(describeMedian(moved))(t), b))(t).Interval(0.9))(t)
		return back.Low == -c.High && back.High == -c.Low && other.Test().P == contrast.Test().P &&
			math.Abs(shifted.Low-by-c.Low) < 1e-6
	}, sample, sample, gen.Float64Range(-100, 100)))
	properties.TestingRun(t)
}

func TestCompareMediansErrors(t *testing.T) {
	good := MedianSample{N: 10, Median: 2, Low: 1, High: 3}
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
		_, err := CompareMedians(c.s, good)
		wantError(t, "first", err, c.want)
		_, err = CompareMedians(good, c.s)
		wantError(t, "second", err, c.want)
	}
	one, two := MedianSample{N: 5, Median: 1, Low: 1, High: 1}, MedianSample{N: 5, Median: 2, Low: 2, High: 2}
	_, err := CompareMedians(one, two)
	wantError(t, "no spread", err, ErrNoVariation)
	if same := must(CompareMedians(one, one))(t); same.Test().P != 1 {
		t.Errorf("all alike: %v", same)
	}
	far := MedianSample{N: 5, Median: math.MaxFloat64, Low: 0, High: math.MaxFloat64}
	_, err = CompareMedians(far, MedianSample{N: 5, Median: -math.MaxFloat64, Low: -math.MaxFloat64})
	wantError(t, "overflow", err, ErrOverflow)
}

// Doubled binomial tails, by hand: for 2 and 8 events 2·P(X ≤ 2) of 10 and ½ is
// 2·56/1024.
func TestCompareRates(t *testing.T) {
	for _, v := range vectors(t, "Poisson two-rate comparison") {
		var r struct {
			Events   [2]int64
			Exposure [2]float64
		}
		v.decode(t, &r)
		c := must(CompareRates(r.Events[0], r.Exposure[0], r.Events[1], r.Exposure[1]))(t)
		iv := must(c.Interval(0.95))(t)
		wantNumber(t, v.ID, iv.Estimate+1, v.number(t, "rate_ratio"), vectorTolerance)
		ends := v.numbers(t, "ci")
		wantEnds(t, v.ID, iv, []float64{ends[0] - 1, ends[1] - 1}, vectorTolerance)
	}
	for _, c := range []struct {
		a, b int64
		p    float64
	}{{2, 8, 112.0 / 1024}, {8, 2, 112.0 / 1024}, {5, 5, 1}, {0, 8, 2.0 / 256}} {
		got := must(CompareRates(c.a, 1, c.b, 1))(t).Test()
		if !agreeRelative(got.P, c.p, 1e-12) || got.Method != exactConditional || got.Statistic != 0 {
			t.Errorf("%d and %d: %+v, want %v", c.a, c.b, got, c.p)
		}
	}
	// By enumeration of all splits of the sum.
	for n := 1; n <= 25; n++ {
		for _, share := range []float64{0.05, 0.25, 0.5, 0.8} {
			for x := range n {
				var upTo, from float64
				for k := range n + 1 {
					if p := binomial(n, k, share); k <= x {
						upTo += p
						from += p * float64(b2i(k == x))
					} else {
						from += p
					}
				}
				got := must(CompareRates(int64(x), share, int64(n-x), 1-share))(t).Test().P
				if want := math.Min(1, 2*math.Min(upTo, from)); !agree(got, want, 1e-12) {
					t.Errorf("%d of %d at %v: %v, want %v", x, n, share, got, want)
				}
			}
		}
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := CompareRates(1, bad, 1, 1)
		wantError(t, "time", err, ErrValue)
		_, err = CompareRates(1, 1, 1, bad)
		wantError(t, "time", err, ErrValue)
	}
	for _, c := range []struct {
		a, b int64
		err  error
	}{{0, 0, ErrNoData}, {1, 0, ErrNoVariation}, {-1, 0, ErrCount}, {1, -1, ErrCount}, {math.MaxInt64, 1, ErrCount}} {
		_, err := CompareRates(c.a, 1, c.b, 1)
		wantError(t, "events", err, c.err)
	}
	if iv := must(must(CompareRates(0, 1, 5, 1))(t).Interval(0.95))(t); iv.Low != -1 || iv.Estimate != -1 || !(iv.High > -1) {
		t.Errorf("no events in the first: %+v", iv)
	}
	if c := must(CompareRates(4e15, 1, 4e15, 1))(t); !agree(c.Test().P, 1, 1e-6) {
		t.Errorf("equal large counts: %v", c)
	}
}
