package stat

import (
	"fmt"
	"sort"
)

// QuantileRanks returns the ranks, from 1 to n, of the two of n sorted values
// between which the p quantile of their source lies at the given level,
// whatever its distribution: with X binomial of n and p,
//
//	low   the largest k with P(X < k) ≤ (1−level)/2
//	high  the smallest k with P(X ≥ k) ≤ (1−level)/2
//
// (Conover 1999, Practical Nonparametric Statistics, 3.2). For response times
// use it with p = 0.9 on sorted durations. The coverage returned is exact for
// continuous values, and at least the level; ties only add to it.
//
// It returns ErrNoData for n = 0, ErrCount for n < 0, ErrTooMany for more than 2⁵³,
// of which a float64 does not tell all ranks apart, ErrValue unless 0 < p < 1, ErrLevel unless 0 < level < 1, and ErrTooFew if even the extremes
// are not far enough apart: a median at 0.95 needs n = 6.
func QuantileRanks(n int64, p, level float64) (low, high int64, coverage float64, err error) {
	alpha, err := alphaOf(level)
	switch {
	case err != nil:
		return 0, 0, 0, err
	case n < 0:
		return 0, 0, 0, fmt.Errorf("%w: n = %d", ErrCount, n)
	case n == 0:
		return 0, 0, 0, fmt.Errorf("%w: no values", ErrNoData)
	case n > 1<<53:
		return 0, 0, 0, fmt.Errorf("%w: n = %d", ErrTooMany, n)
	case !(p > 0 && p < 1):
		return 0, 0, 0, fmt.Errorf("%w: p = %v", ErrValue, p)
	}
	// Tails equal to α/2, as 2⁻⁵ is at a level of 0.9375, must not fall to
	// rounding.
	half := alpha / 2 * (1 + 1e-12)
	point := unitPointAt(p)
	// binomial returns P(X < k) and P(X ≥ k) for 1 ≤ k ≤ n.
	binomial := func(k int64) (below, from float64) {
		f := newIncompleteBeta(float64(k), float64(n-k+1))
		return f.swap().cdf(point.mirror()), f.cdf(point)
	}
	low, _ = search(n, func(k int64) bool { below, _ := binomial(k); return below > half })
	low--
	high, found := search(n, func(k int64) bool { _, from := binomial(k); return from <= half })
	if low < 1 || !found {
		return 0, 0, 0, fmt.Errorf("%w: %d values for the %v quantile at level %v", ErrTooFew, n, p, level)
	}
	below, _ := binomial(low)
	_, from := binomial(high)
	return low, high, 1 - below - from, nil
}

// search returns the smallest k of 1…n for which the monotone f holds, or n+1
// and false.
func search(n int64, f func(int64) bool) (int64, bool) {
	if n <= 1<<30 {
		k := int64(sort.Search(int(n), func(i int) bool { return f(int64(i) + 1) })) + 1
		return k, k <= n
	}
	low, high := int64(1), n
	if !f(n) {
		return n, false
	}
	for low < high {
		if middle := low + (high-low)/2; f(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low, true
}

// middle returns the median of sorted values, of which there is at least one.
func middle(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return sorted[n/2-1]/2 + sorted[n/2]/2
}
