package stat

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// ErrProbability reports a probability that is not a number from 0 to 1.
var ErrProbability = errors.New("stat: probability outside 0 to 1")

// QuantileType names one of the nine definitions of a sample quantile of
// Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
// Statistician 50(4), 1996. The zero value is read as [Type7].
type QuantileType uint8

const (
	Type1 QuantileType = iota + 1 // inverse of the empirical distribution: always a sample value
	Type2                         // as Type1, averaged at the steps
	Type3                         // nearest order statistic, ties to the even one (SAS)
	Type4                         // linear interpolation of the empirical distribution
	Type5                         // piecewise linear, knots at (k−½)/n (Hazen)
	Type6                         // knots at k/(n+1) (Weibull; Minitab, SPSS)
	Type7                         // knots at (k−1)/(n−1) (Gumbel; R, NumPy, spreadsheets, PERCENTILE_CONT)
	Type8                         // knots at (k−⅓)/(n+⅓): median-unbiased, the authors' choice
	Type9                         // knots at (k−⅜)/(n+¼): unbiased for normal data
)

// String returns the name of the type, such as "Hyndman–Fan type 7".
func (t QuantileType) String() string {
	if t > Type9 {
		return fmt.Sprintf("QuantileType(%d)", uint8(t))
	}
	if t == 0 {
		t = Type7
	}
	return fmt.Sprintf("Hyndman–Fan type %d", uint8(t))
}

// Position returns where the quantile of probability p lies in an ordered
// sample of n values x₁ ≤ … ≤ xₙ: at x[rank] + weight·(x[rank+1] − x[rank]),
// with 1 ≤ rank ≤ n and 0 ≤ weight < 1; where the weight is 0 the next value is
// not needed. With it any store of ordered values can answer quantiles of every
// type.
//
// n must be positive and p from 0 to 1; a type that is not one of the constants
// is read as Type7.
func (t QuantileType) Position(n int64, p float64) (rank int64, weight float64) {
	size := float64(n)
	var h float64 // the 1-based position, before it is held to the sample
	switch t {
	case Type1, Type2:
		h = size * p
	case Type3:
		h = size*p - 0.5
	case Type4:
		h = size * p
	case Type5:
		h = size*p + 0.5
	case Type6:
		h = (size + 1) * p
	case Type8:
		h = (size+1.0/3)*p + 1.0/3
	case Type9:
		h = (size+0.25)*p + 0.375
	default:
		h = (size-1)*p + 1
	}
	// A product such as 30·0.1 is off by an ulp or two and must not fall on
	// the far side of the whole number that it stands for.
	whole := math.Floor(h)
	if near := math.Round(h); math.Abs(h-near) <= 4*0x1p-52*max(1, math.Abs(h)) {
		whole, h = near, near
	}
	rank, weight = int64(whole), h-whole
	switch t {
	case Type1:
		if weight > 0 {
			rank++
		}
		weight = 0
	case Type2:
		if weight > 0 {
			rank, weight = rank+1, 0
		} else {
			weight = 0.5
		}
	case Type3:
		if weight > 0 || rank%2 != 0 {
			rank++
		}
		weight = 0
	}
	switch {
	case rank < 1:
		return 1, 0
	case rank >= n:
		return n, 0
	}
	return rank, weight
}

// Quantiles returns the quantiles of x for the probabilities p, in their order.
// x may be in any order and is not changed. For durations there is
// metrics.Quantiles, which does not sort.
//
// Errors: [ErrNoData] if x is empty, [ErrValue] for a value that is NaN or
// infinite, [ErrProbability] if a p is not from 0 to 1.
func Quantiles(x []float64, t QuantileType, p ...float64) ([]float64, error) {
	if err := checkFinite("x", x); err != nil {
		return nil, err
	}
	for _, q := range p {
		if !(q >= 0 && q <= 1) {
			return nil, fmt.Errorf("%w: %v", ErrProbability, q)
		}
	}
	if len(x) == 0 {
		return nil, ErrNoData
	}
	sorted := slices.Sorted(slices.Values(x))
	out := make([]float64, len(p))
	for i, q := range p {
		rank, weight := t.Position(int64(len(sorted)), q)
		out[i] = sorted[rank-1]
		if weight == 0 {
			continue
		}
		if step := sorted[rank] - sorted[rank-1]; isFinite(step) {
			out[i] += weight * step
		} else {
			out[i] = (1-weight)*sorted[rank-1] + weight*sorted[rank]
		}
	}
	return out, nil
}

// Interpolate returns the duration that lies weight, from 0 to 1, of the way from
// low to high, rounded to the nanosecond, ties up. low must not exceed high.
func Interpolate(low, high time.Duration, weight float64) time.Duration {
	if weight == 0 || low == high {
		return low
	}
	// The distance is taken unsigned: from one end of int64 to the other it
	// does not fit a Duration.
	step := math.Floor(float64(uint64(high)-uint64(low))*weight + 0.5)
	if step >= 0x1p64 {
		return high
	}
	return time.Duration(uint64(low) + uint64(step))
}
