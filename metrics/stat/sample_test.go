package stat

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

func TestMeanVectors(t *testing.T) {
	for _, v := range vectors(t, "mean, sd, t interval") {
		var r struct {
			X    []float64
			Conf float64
		}
		v.decode(t, &r)
		s := must(Describe(r.X))(t)
		if s.N != int64(v.number(t, "n")) {
			t.Errorf("%s: n = %d", v.ID, s.N)
		}
		wantNumber(t, v.ID+" mean", s.Mean, v.number(t, "mean"), vectorTolerance)
		wantNumber(t, v.ID+" variance", s.Variance, v.number(t, "variance"), vectorTolerance)
		wantNumber(t, v.ID+" sd", s.SD(), v.number(t, "sd"), vectorTolerance)
		wantNumber(t, v.ID+" se", s.SE(), v.number(t, "se"), vectorTolerance)
		// The source prints 17 digits; ends must agree to them, not to 1e-9 of
		// a mean of 1e9.
		iv := must(s.Interval(r.Conf))(t)
		wantEnds(t, v.ID, iv, v.numbers(t, "ci"), 1e-15+1e-9/math.Max(1, s.Mean))
		wantSound(t, v.ID, iv, -math.MaxFloat64, math.MaxFloat64)
		wantNumber(t, v.ID+" median", middle(slices.Sorted(slices.Values(r.X))), v.number(t, "median"), 0)
	}
}

// Pooling counts, not averaging averages.
func TestPooledMeanVectors(t *testing.T) {
	for _, v := range vectors(t, "average of averages vs pooled (pitfall)") {
		var r struct {
			Means []int64 `json:"group_means"`
			N     []int64 `json:"group_n"`
		}
		v.decode(t, &r)
		counts := make([]int64, 1+max(slices.Max(r.Means), 0))
		for i, mean := range r.Means {
			counts[mean] += r.N[i]
		}
		s := must(DescribeCounts(0, counts...))(t)
		wantNumber(t, v.ID, s.Mean, v.number(t, "pooled_mean"), 1e-15)
	}
}

func TestDescribeLargeOffset(t *testing.T) {
	// Variance 30 at any offset that keeps the values exact.
	for _, offset := range []float64{0, 1e9, -1e9, 1e12, 1e15} {
		s := must(Describe([]float64{offset + 4, offset + 7, offset + 13, offset + 16}))(t)
		if s.Mean != offset+10 || s.Variance != 30 {
			t.Errorf("at %v: mean %v, variance %v", offset, s.Mean, s.Variance)
		}
	}
	// A first value far away does not hurt the rest.
	x := []float64{1e9}
	for i := range 1000 {
		x = append(x, float64(i%7)/10)
	}
	s := must(Describe(x))(t)
	mean, variance := exactMoments(x)
	if !agreeRelative(s.Mean, mean, 1e-15) || !agreeRelative(s.Variance, variance, 1e-14) {
		t.Errorf("mean %v, variance %v, want %v, %v", s.Mean, s.Variance, mean, variance)
	}
}

// exactMoments is an oracle in rational arithmetic.
func exactMoments(x []float64) (mean, variance float64) {
	n := big.NewRat(int64(len(x)), 1)
	sum, squares := new(big.Rat), new(big.Rat)
	for _, v := range x {
		r := new(big.Rat).SetFloat64(v)
		sum.Add(sum, r)
		squares.Add(squares, r.Mul(r, r))
	}
	m := new(big.Rat).Quo(sum, n)
	mean, _ = m.Float64()
	if len(x) > 1 {
		squares.Sub(squares, sum.Mul(sum, m))
		variance, _ = squares.Quo(squares, big.NewRat(int64(len(x)-1), 1)).Float64()
	}
	return mean, variance
}

// meanOf is Describe, then Interval.
func meanOf(x []float64, level float64) (Interval, error) {
	s, err := Describe(x)
	if err != nil {
		return Interval{}, err
	}
	return s.Interval(level)
}

// Counts are as many values, of which the sums are exact.
func TestDescribeCounts(t *testing.T) {
	properties := gopter.NewProperties(nil)
	properties.Property("agrees with rational arithmetic", prop.ForAll(func(first int64, counts []int64) bool {
		var x []float64
		for i, n := range counts {
			for range n {
				x = append(x, float64(first)+float64(i))
			}
		}
		s, err := DescribeCounts(first, counts...)
		if len(x) == 0 {
			return errors.Is(err, ErrNoData)
		}
		mean, variance := exactMoments(x)
		return err == nil && s == Sample{N: int64(len(x)), Mean: mean, Variance: variance}
	}, gen.Int64Range(-1e9, 1e9), gen.SliceOf(gen.Int64Range(0, 20))))
	properties.TestingRun(t)
	if s, err := DescribeCounts(math.MaxInt64, math.MaxInt64-1, 1); err != nil || s.Mean != math.MaxInt64 || !(s.Variance > 0) {
		t.Errorf("%+v, %v", s, err)
	}
	for _, c := range []struct {
		counts []int64
		err    error
	}{{nil, ErrNoData}, {[]int64{0, 0}, ErrNoData}, {[]int64{1, -1}, ErrCount}, {[]int64{math.MaxInt64, 1}, ErrCount}} {
		_, err := DescribeCounts(1, c.counts...)
		wantError(t, "DescribeCounts", err, c.err)
	}
}

func TestDescribeLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	values := gen.SliceOf(gen.Float64Range(-1e6, 1e6))
	properties.Property("agrees with rational arithmetic", prop.ForAll(func(x []float64) bool {
		if len(x) == 0 {
			return true
		}
		s := must(Describe(x))(t)
		mean, variance := exactMoments(x)
		return math.Abs(s.Mean-mean) <= 1e-9 && agreeRelative(s.Variance, variance, 1e-12)
	}, values))
	properties.Property("translation moves the mean alone, a factor scales both", prop.ForAll(func(x []float64, by float64) bool {
		if len(x) < 2 {
			return true
		}
		moved, scaled := make([]float64, len(x)), make([]float64, len(x))
		for i, v := range x {
			moved[i], scaled[i] = v+by, v*-8
		}
		a, b, c := must(meanOf(x, 0.9))(t), must(meanOf(moved, 0.9))(t), must(meanOf(scaled, 0.9))(t)
		return agree(b.Low, a.Low+by, 1e-12) && agree(b.High, a.High+by, 1e-12) &&
			agree(c.Low, a.High*-8, 1e-12) && agree(c.High, a.Low*-8, 1e-12)
	}, values, gen.Float64Range(-1e6, 1e6)))
	properties.Property("order does not matter", prop.ForAll(func(x []float64, seed uint64) bool {
		if len(x) < 2 {
			return true
		}
		a := must(meanOf(x, 0.9))(t)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
		b := must(meanOf(x, 0.9))(t)
		return agree(a.Low, b.Low, 1e-12) && agree(a.High, b.High, 1e-12)
	}, values, gen.UInt64()))
	properties.Property("a higher level nests a lower one", prop.ForAll(func(x []float64, l1, l2 float64) bool {
		if len(x) < 2 {
			return true
		}
		a, b := must(meanOf(x, min(l1, l2)))(t), must(meanOf(x, max(l1, l2)))(t)
		return b.Low <= a.Low && a.High <= b.High
	}, values, gen.Float64Range(0.01, 0.9999), gen.Float64Range(0.01, 0.9999)))
	properties.TestingRun(t)
}

func TestSampleErrors(t *testing.T) {
	_, err := Describe(nil)
	wantError(t, "Describe", err, ErrNoData)
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err = Describe([]float64{1, bad})
		wantError(t, "Describe", err, ErrValue)
		_, err = meanOf([]float64{1, bad}, 0.9)
		wantError(t, "Mean", err, ErrValue)
	}
	_, err = Describe([]float64{1e308, -1e308, 1e308})
	wantError(t, "Describe", err, ErrOverflow)
	_, err = meanOf([]float64{4}, 0.95)
	wantError(t, "Mean of one", err, ErrTooFew)
	_, err = meanOf(nil, 0.95)
	wantError(t, "Mean of none", err, ErrNoData)
	for _, level := range badLevels {
		_, err = meanOf([]float64{1, 2}, level)
		wantError(t, "Mean", err, ErrLevel)
	}
	for _, c := range []struct {
		s   Sample
		err error
	}{
		{Sample{}, ErrNoData},
		{Sample{N: -1}, ErrCount},
		{Sample{N: 5, Mean: math.NaN()}, ErrOverflow},
		{Sample{N: 5, Variance: math.Inf(1)}, ErrOverflow},
		{Sample{N: 5, Variance: -1}, ErrValue},
		{Sample{N: 5, Mean: math.MaxFloat64, Variance: 1e308}, nil},
	} {
		iv, err := c.s.Interval(0.95)
		wantError(t, "Interval", err, c.err)
		if !isFinite(iv.Low) || !isFinite(iv.High) || !isFinite(c.s.SD()) && isFinite(c.s.Variance) {
			t.Errorf("%+v: %+v", c.s, iv)
		}
	}
	if (Sample{}).SE() != 0 {
		t.Error("SE of nothing")
	}
	// At alpha 1e-8 with one degree of freedom the interval is wide, not wrong:
	// t = tan(π(½−α/2)).
	level := 1 - 1e-8
	iv := must(meanOf([]float64{1, 5}, level))(t)
	alpha := 1 - level
	wantNumber(t, "half width", iv.High-3, 2/math.Tan(math.Pi*alpha/2), 1e-9)
}

// describeWeighted follows the formulas of Weighted.
func describeWeighted(x, w []float64) Weighted {
	var s Weighted
	var total, squares float64
	for i := range w {
		s.N += int64(b2i(w[i] > 0))
		total += w[i]
		squares += w[i] * w[i]
		s.Mean += w[i] * x[i]
	}
	s.Mean /= total
	s.EffectiveN = total / squares * total
	for i := range w {
		s.Variance += w[i] * (x[i] - s.Mean) * (x[i] - s.Mean)
	}
	s.Variance /= total - squares/total
	return s
}

func TestWeightedVectors(t *testing.T) {
	for _, v := range vectors(t, "weighted mean") {
		var r struct{ X, W []float64 }
		v.decode(t, &r)
		s := describeWeighted(r.X, r.W)
		wantNumber(t, v.ID+" mean", s.Mean, v.number(t, "mean"), vectorTolerance)
		wantNumber(t, v.ID+" variance", s.Variance, v.number(t, "cov_wt_unbiased_variance"), vectorTolerance)
		wantNumber(t, v.ID+" n", s.EffectiveN, v.number(t, "kish_effective_n"), vectorTolerance)
		iv := must(s.Interval(0.95))(t)
		wantSound(t, v.ID, iv, -1e9, 1e9)
		if !iv.Contains(s.Mean) {
			t.Errorf("%s: %v outside its interval", v.ID, s.Mean)
		}
	}
}

func TestWeighted(t *testing.T) {
	x := []float64{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}
	plain := must(meanOf(x, 0.9))(t)
	iv := must(describeWeighted(x, []float64{3, 3, 3, 3}).Interval(0.9))(t)
	wantEnds(t, "equal weights", iv, []float64{plain.Low, plain.High}, 1e-15)
	one := Weighted{N: 1, EffectiveN: 1, Mean: 4}
	_, err := one.Interval(0.9)
	wantError(t, "one weight", err, ErrTooFew)
	_, err = Weighted{}.Interval(0.9)
	wantError(t, "zero value", err, ErrNoData)
	for _, level := range badLevels {
		_, err = one.Interval(level)
		wantError(t, "level", err, ErrLevel)
	}
	if (Weighted{}).SE() != 0 {
		t.Error("SE of nothing")
	}
}

func TestQuantileRanksVectors(t *testing.T) {
	for _, v := range vectors(t, "median CI by order statistics (1-based ranks)") {
		var r struct {
			N    int64
			Conf float64
		}
		v.decode(t, &r)
		low, high, coverage, err := QuantileRanks(r.N, 0.5, r.Conf)
		if err != nil || float64(low) != v.number(t, "lower_rank") || float64(high) != v.number(t, "upper_rank") {
			t.Errorf("%s: ranks %d, %d, %v", v.ID, low, high, err)
		}
		wantNumber(t, v.ID+" coverage", coverage, v.number(t, "exact_coverage"), vectorTolerance)
	}
}

func TestQuantileRanksDefinition(t *testing.T) {
	for _, p := range []float64{0.1, 0.5, 0.9} {
		for n := 1; n <= 60; n++ {
			for _, level := range []float64{0.5, 0.9375, 0.95} {
				half := (1 - level) / 2 * (1 + 1e-12)
				wantLow, wantHigh := 0, n+1
				below := 0.0
				for k := 1; k <= n; k++ {
					below += binomial(n, k-1, p)
					if below <= half {
						wantLow = k
					}
				}
				from := 0.0
				for k := n; k >= 1; k-- {
					from += binomial(n, k, p)
					if from <= half {
						wantHigh = k
					}
				}
				low, high, coverage, err := QuantileRanks(int64(n), p, level)
				if wantLow == 0 || wantHigh == n+1 {
					wantError(t, "QuantileRanks", err, ErrTooFew)
					continue
				}
				if err != nil || low != int64(wantLow) || high != int64(wantHigh) || coverage < level-1e-12 {
					t.Errorf("n = %d, p = %v, level %v: %d, %d, %v, %v, want %d, %d", n, p, level, low, high, coverage, err, wantLow, wantHigh)
				}
			}
		}
	}
	// Billions of values: the normal approximation is near.
	low, high, coverage, err := QuantileRanks(4e12, 0.5, 0.95)
	if want := 2e12 - 1.96*1e6; err != nil || math.Abs(float64(low)-want) > 100 || low+high != 4e12+1 || !agree(coverage, 0.95, 1e-5) {
		t.Errorf("ranks %d, %d, coverage %v, %v", low, high, coverage, err)
	}
}

func TestQuantileRanksErrors(t *testing.T) {
	_, _, _, err := QuantileRanks(0, 0.5, 0.95)
	wantError(t, "none", err, ErrNoData)
	_, _, _, err = QuantileRanks(5, 0.5, 0.95)
	wantError(t, "five", err, ErrTooFew)
	for _, level := range badLevels {
		_, _, _, err = QuantileRanks(9, 0.5, level)
		wantError(t, "level", err, ErrLevel)
	}
	_, _, _, err = QuantileRanks(-1, 0.5, 0.95)
	wantError(t, "negative n", err, ErrCount)
	for _, p := range []float64{0, 1, math.NaN()} {
		_, _, _, err = QuantileRanks(9, p, 0.95)
		wantError(t, "p", err, ErrValue)
	}
}

func BenchmarkDescribe(b *testing.B) {
	x := make([]float64, 1000)
	for i := range x {
		x[i] = float64(i % 7)
	}
	for b.Loop() {
		s, _ := Describe(x)
		sink = s.Mean
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/value")
}
