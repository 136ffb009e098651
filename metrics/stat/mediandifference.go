package stat

import (
	"fmt"
	"math"
	"slices"
)

// MedianSample sums up numbers by what a comparison of medians needs: how many,
// their median, and two of them in order, whose distance tells how certain the
// median is. It comes from DescribeMedian for a slice, or is filled in by whatever
// holds ordered values. The zero value is an empty sample.
type MedianSample struct {
	N      int64   `json:"n"`
	Median float64 `json:"median"`
	Low    float64 `json:"low"`  // the value of the rank low of MedianRanks(N)
	High   float64 `json:"high"` // the value of its rank high
}

// MedianRanks returns the ranks, from 1, of the two of n ordered values that a
// MedianSample has: low is n/2 − √n, rounded to the nearest (to even at a half)
// and at least 1, and high is as far from the other end. There are none if n is
// not positive: both are 0.
func MedianRanks(n int64) (low, high int64) {
	if n <= 0 {
		return 0, 0
	}
	size := float64(n)
	low = max(1, int64(math.RoundToEven(size/2-math.Sqrt(size))))
	return low, n - low + 1
}

// DescribeMedian returns the median sample of x, which is not modified. It
// returns ErrNoData for no values and ErrValue for one that is NaN or infinite.
func DescribeMedian(x []float64) (MedianSample, error) {
	if len(x) == 0 {
		return MedianSample{}, fmt.Errorf("%w: no values", ErrNoData)
	}
	if err := checkFinite("x", x); err != nil {
		return MedianSample{}, err
	}
	sorted := slices.Sorted(slices.Values(x))
	low, high := MedianRanks(int64(len(x)))
	return MedianSample{N: int64(len(x)), Median: middle(sorted), Low: sorted[low-1], High: sorted[high-1]}, nil
}

// SE returns the standard error of the median,
//
//	(High − Low)/(2z), with P(Z > z) = P(X < low), X binomial of N and ½
//
// (Price & Bonett 2001, Journal of Statistical Computation and Simulation
// 68:295): the normal distribution by which an interval from Low to High would
// have the coverage that it has for any distribution. It is 0 if N is below 2.
func (s MedianSample) SE() float64 {
	if s.N < 2 {
		return 0
	}
	low, _ := MedianRanks(s.N)
	// P(X < k) is the upper tail of a Beta(k, N−k+1) variable at ½.
	tail := newIncompleteBeta(float64(low), float64(s.N-low+1)).swap().cdf(unitPointAt(0.5).mirror())
	return (s.High/2 - s.Low/2) / normalUpperQuantile(tail)
}

// check reports what no median sample can have.
func (s MedianSample) check() error {
	switch {
	case s.N < 0:
		return fmt.Errorf("%w: n = %d", ErrCount, s.N)
	case s.N == 0:
		return fmt.Errorf("%w: empty sample", ErrNoData)
	case !isFinite(s.Median) || !isFinite(s.Low) || !isFinite(s.High) || s.Low > s.Median || s.Median > s.High:
		return fmt.Errorf("%w: median %v between %v and %v", ErrValue, s.Median, s.Low, s.High)
	case s.N == 1:
		return fmt.Errorf("%w: no variance of 1 value", ErrTooFew)
	}
	return nil
}

// MedianDifference returns the median of a minus the median of b with its
// interval and the two-sided test of no difference,
//
//	d ± z·√(SEa² + SEb²)
//
// (Price & Bonett 2002, Journal of Statistical Computation and Simulation
// 72:119; Bonett & Price 2002, Psychological Methods 7:370). It assumes no
// distribution, nor that the two are of one shape; values should tie rarely. For
// response times it says what the difference of means says, without a few old
// tickets deciding it.
//
// It returns ErrNoData for an empty sample, ErrTooFew for one of a single value,
// ErrCount or ErrValue for what no sample can have, ErrNoVariation if neither
// varies, ErrLevel unless 0 < level < 1, and ErrOverflow if a result is beyond
// float64.
func MedianDifference(a, b MedianSample, level float64) (Comparison, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Comparison{}, err
	}
	for _, s := range []MedianSample{a, b} {
		if err := s.check(); err != nil {
			return Comparison{}, err
		}
	}
	se := math.Hypot(a.SE(), b.SE())
	if se == 0 {
		return Comparison{}, fmt.Errorf("%w: the values about both medians are alike", ErrNoVariation)
	}
	d := a.Median - b.Median
	if z := d / se; !isFinite(z) {
		return Comparison{}, fmt.Errorf("%w: difference %v, standard error %v", ErrOverflow, d, se)
	}
	iv, err := around(d, se, normalUpperQuantile(alpha/2), level, PriceBonett)
	if err != nil {
		return Comparison{}, err
	}
	return Comparison{iv, normalTest(PriceBonett, d/se)}, nil
}
