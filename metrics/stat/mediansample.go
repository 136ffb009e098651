package stat

import (
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/internal/ranks"
)

// MedianSample sums up numbers by what a comparison of medians needs: how many,
// their median, and the two of them in order whose distance tells how certain the
// median is, those of the ranks n/2 ∓ √n. It comes from MedianSample of
// metrics.Summary. The zero value is an empty sample.
type MedianSample struct {
	N      int64   `json:"n"`
	Median float64 `json:"median"`
	Low    float64 `json:"low"`  // of rank n/2 − √n, rounded to the nearest (to even at a half), at least 1
	High   float64 `json:"high"` // as far from the other end
}

// SE returns the standard error of the median,
//
//	(High − Low)/(2z), with P(Z > z) = P(X < low), X binomial of N and ½
//
// (Price & Bonett 2001, Journal of Statistical Computation and Simulation
// 68:295): the normal distribution by which an interval from Low to High would
// have the coverage that it has for any distribution. It is 0 if N is below 2, and for
// what no sample can have, and at most the largest float64.
func (s MedianSample) SE() float64 {
	if s.check() != nil {
		return 0
	}
	low, _ := ranks.Median(s.N)
	// P(X < k) is the upper tail of a Beta(k, N−k+1) variable at ½.
	tail := newIncompleteBeta(float64(low), float64(s.N-low+1)).swap().cdf(unitPointAt(0.5).mirror())
	return math.Min((s.High/2-s.Low/2)/normalUpperQuantile(tail), math.MaxFloat64)
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
