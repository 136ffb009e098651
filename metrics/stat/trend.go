package stat

import (
	"fmt"
	"math"
	"slices"
)

// Trend is the outcome of a Mann-Kendall test.
type Trend struct {
	Test
	S        int64   `json:"s"`        // pairs that rise minus pairs that fall
	Variance float64 `json:"variance"` // of S, if there were no trend
	TauB     float64 `json:"tau_b"`    // Kendall's tau-b with time, −1 to 1
}

// MannKendallTrend tests whether values in time order rise or fall, by ranks:
//
//	z = (S − sign S)/√V, V = (n(n−1)(2n+5) − Σ t(t−1)(2t+5))/18
//
// t being the numbers of equal values (Mann 1945; Kendall 1975). The values
// should be independent; in seasonal series compare like with like. It takes
// O(n·log n). The normal approximation is good from n = 10.
//
// It returns ErrTooFew for fewer than three values, ErrTooMany for more than
// 2³¹, ErrValue for one that is NaN or infinite, and ErrNoVariation if all are
// the same.
func MannKendallTrend(y []float64) (Trend, error) {
	if len(y) < 3 {
		return Trend{}, fmt.Errorf("%w: trend of %d values", ErrTooFew, len(y))
	}
	if int64(len(y)) > 1<<31 {
		return Trend{}, fmt.Errorf("%w: trend of %d values", ErrTooMany, len(y))
	}
	if err := checkFinite("y", y); err != nil {
		return Trend{}, err
	}
	sorted := slices.Clone(y)
	falling := sortInversions(sorted, make([]float64, len(y)))
	n := float64(len(y))
	pairs := int64(len(y)) * int64(len(y)-1) / 2
	variance, equal := n*(n-1)*(2*n+5), int64(0)
	for _, t := range tieSizes(sorted) {
		variance -= t * (t - 1) * (2*t + 5)
		equal += int64(t) * int64(t-1) / 2
	}
	if equal == pairs {
		return Trend{}, fmt.Errorf("%w: all %d values are the same", ErrNoVariation, len(y))
	}
	trend := Trend{S: pairs - equal - 2*falling, Variance: variance / 18}
	trend.TauB = float64(trend.S) / math.Sqrt(float64(pairs)) / math.Sqrt(float64(pairs-equal))
	z := 0.0
	if trend.S > 0 {
		z = float64(trend.S-1) / math.Sqrt(trend.Variance)
	} else if trend.S < 0 {
		z = float64(trend.S+1) / math.Sqrt(trend.Variance)
	}
	trend.TauB = clip(trend.TauB, -1, 1)
	trend.Test = normalTest(MannKendall, z)
	return trend, nil
}

// sortInversions sorts x by merging, and returns the number of pairs that were
// in falling order. spare is as long as x.
func sortInversions(x, spare []float64) int64 {
	if len(x) < 2 {
		return 0
	}
	half := len(x) / 2
	left, right := x[:half], x[half:]
	count := sortInversions(left, spare[:half]) + sortInversions(right, spare[half:])
	merged := spare[:0]
	for len(left) > 0 && len(right) > 0 {
		if right[0] < left[0] {
			count += int64(len(left))
			merged, right = append(merged, right[0]), right[1:]
		} else {
			merged, left = append(merged, left[0]), left[1:]
		}
	}
	merged = append(append(merged, left...), right...)
	copy(x, merged)
	return count
}

// RobustLine is a line that outliers do not bend.
type RobustLine struct {
	Slope     Interval `json:"slope"`     // change of y for each unit of x
	Intercept float64  `json:"intercept"` // median of y − Slope·x
}

// maxSlopes bounds the points of TheilSen, which looks at each pair.
const maxSlopes = 5000

// TheilSen returns the median of the slopes between all pairs of points with
// different x (Theil 1950; Sen 1968), with the interval between the two of
// those slopes that Kendall's variance of S, with ties, puts at the level; the
// ranks are rounded outwards.
//
// It returns ErrLength if x and y differ in length, ErrValue for one that is
// NaN or infinite, ErrNoVariation if all x are the same, ErrTooFew if the
// level asks for more slopes than there are, ErrTooMany for more than 5,000
// points, ErrLevel unless 0 < level < 1, and ErrOverflow if a slope is beyond
// float64.
func TheilSen(x, y []float64, level float64) (RobustLine, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return RobustLine{}, err
	}
	if err := checkPairs(x, y, 2); err != nil {
		return RobustLine{}, err
	}
	if len(x) > maxSlopes {
		return RobustLine{}, fmt.Errorf("%w: %d points", ErrTooMany, len(x))
	}
	slopes := make([]float64, 0, len(x)*(len(x)-1)/2)
	for i := range x {
		for j := range i {
			if x[i] != x[j] {
				slopes = append(slopes, (y[i]-y[j])/(x[i]-x[j]))
			}
		}
	}
	if len(slopes) == 0 {
		return RobustLine{}, fmt.Errorf("%w: all x are %v", ErrNoVariation, x[0])
	}
	slices.Sort(slopes)
	se := math.Sqrt(kendallVariance(tieSizes(x), tieSizes(y), len(x)))
	rank := int(math.Floor((float64(len(slopes)) - normalUpperQuantile(alpha/2)*se) / 2))
	if rank < 1 {
		return RobustLine{}, fmt.Errorf("%w: %d slopes at level %v", ErrTooFew, len(slopes), level)
	}
	line := RobustLine{Slope: Interval{
		Estimate: middle(slopes), Low: slopes[rank-1], High: slopes[len(slopes)-rank],
		Level: level, Method: SenSlope,
	}}
	if line.Slope, err = line.Slope.checked(); err != nil {
		return RobustLine{}, err
	}
	rests := make([]float64, len(x))
	for i := range x {
		rests[i] = y[i] - line.Slope.Estimate*x[i]
	}
	slices.Sort(rests)
	if line.Intercept = middle(rests); !isFinite(line.Intercept) {
		return RobustLine{}, fmt.Errorf("%w: intercept", ErrOverflow)
	}
	return line, nil
}

// tieSizes returns how often each value occurs.
func tieSizes(x []float64) []float64 {
	sorted := slices.Sorted(slices.Values(x))
	var sizes []float64
	for i := 0; i < len(sorted); {
		from := i
		for ; i < len(sorted) && sorted[i] == sorted[from]; i++ {
		}
		sizes = append(sizes, float64(i-from))
	}
	return sizes
}

// kendallVariance returns the variance of S under independence with ties in
// both variables (Kendall 1975, section 4.9).
func kendallVariance(x, y []float64, count int) float64 {
	n := float64(count)
	sum := func(sizes []float64, f func(t float64) float64) (s float64) {
		for _, t := range sizes {
			s += f(t)
		}
		return s
	}
	pairs := func(t float64) float64 { return t * (t - 1) }
	triples := func(t float64) float64 { return t * (t - 1) * (t - 2) }
	first := func(t float64) float64 { return t * (t - 1) * (2*t + 5) }
	v := (first(n) - sum(x, first) - sum(y, first)) / 18
	if n > 2 {
		v += sum(x, triples) * sum(y, triples) / (9 * triples(n))
	}
	return v + sum(x, pairs)*sum(y, pairs)/(2*pairs(n))
}
