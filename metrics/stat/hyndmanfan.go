package stat

import (
	"fmt"
	"math"
)

// HyndmanFan names one of the nine definitions of a sample quantile by its number,
// 1 to 9 (Hyndman & Fan 1996, "Sample Quantiles in Statistical Packages", The
// American Statistician 50:361). The zero value is 7.
//
//	1  inverse of the empirical distribution: always a sample value
//	2  as 1, averaged at the steps
//	3  nearest order statistic, ties to the even one (SAS)
//	4  linear interpolation of the empirical distribution
//	5  piecewise linear, knots at (k−½)/n (Hazen)
//	6  knots at k/(n+1) (Weibull; Minitab, SPSS)
//	7  knots at (k−1)/(n−1) (Gumbel; R, NumPy, spreadsheets, PERCENTILE_CONT)
//	8  knots at (k−⅓)/(n+⅓): median-unbiased, the authors' choice
//	9  knots at (k−⅜)/(n+¼): unbiased for normal data
type HyndmanFan uint8

// Valid reports whether t is one of the nine, or the zero value.
func (t HyndmanFan) Valid() bool { return t <= 9 }

// String returns the name of the type, such as "Hyndman–Fan type 7".
func (t HyndmanFan) String() string {
	if !t.Valid() {
		return fmt.Sprintf("HyndmanFan(%d)", uint8(t))
	}
	if t == 0 {
		t = 7
	}
	return fmt.Sprintf("Hyndman–Fan type %d", uint8(t))
}

// Position returns where the quantile of probability p lies in an ordered
// sample of n values x₁ ≤ … ≤ xₙ: at x[rank] + weight·(x[rank+1] − x[rank]),
// with 1 ≤ rank ≤ n and 0 ≤ weight < 1; if the weight is 0 the next value is not
// needed. So any store of ordered values can answer quantiles of every type.
//
// n must be positive and p from 0 to 1; a type that is not valid is read as 7. Beyond
// 2⁵³ values the position is as near as a float64 comes.
func (t HyndmanFan) Position(n int64, p float64) (rank int64, weight float64) {
	size := float64(n)
	var h float64 // the 1-based position, before it is clamped to the sample
	switch t {
	case 1, 2:
		h = size * p
	case 3:
		h = size*p - 0.5
	case 4:
		h = size * p
	case 5:
		h = size*p + 0.5
	case 6:
		h = (size + 1) * p
	case 8:
		h = (size+1.0/3)*p + 1.0/3
	case 9:
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
	if p == 1 || h >= size { // which need not be an int64
		return n, 0
	}
	rank, weight = int64(whole), h-whole
	switch t {
	case 1:
		if weight > 0 {
			rank++
		}
		weight = 0
	case 2:
		if weight > 0 {
			rank, weight = rank+1, 0
		} else {
			weight = 0.5
		}
	case 3:
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
