package stat

import (
	"fmt"
	"math"
	"slices"
)

// Trend says whether values in time order rise or fall, and by how much. The zero
// value says nothing.
type Trend struct {
	Test             // of Mann and Kendall
	S        int64   `json:"s"`        // pairs that rise minus pairs that fall
	Variance float64 `json:"variance"` // of S, if there were no trend
	TauB     float64 `json:"tau_b"`    // Kendall's tau-b with time, −1 to 1
	// Slope is the change of the values in a unit of time, which a few outliers do
	// not bend (Theil 1950; Sen 1968). It is the zero Interval if the values are too
	// few for the level, more than 5,000, or too far apart for float64.
	Slope Interval `json:"slope,omitzero"`
}

// MannKendall tests whether values at ascending times rise or fall, by ranks:
//
//	z = (S − sign S)/√V, V = (n(n−1)(2n+5) − Σ t(t−1)(2t+5))/18
//
// t being the numbers of equal values (Mann 1945; Kendall 1975). The test takes
// O(n·log n) and is good from n = 10. The slope is the median of those between all
// pairs, with the interval between the two of them that V puts at the level, ranks
// rounded outwards. The values should be independent; in seasonal series compare
// like with like.
//
// It returns ErrLength if times and values differ in length, ErrTooFew for fewer
// than three, ErrTooMany for more than 2³¹, ErrValue for a number that is NaN or
// infinite or for times that do not ascend, ErrNoVariation if all values are the
// same, and ErrLevel unless 0 < level < 1.
func MannKendall(times, values []float64, level float64) (Trend, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Trend{}, err
	}
	if len(times) != len(values) {
		return Trend{}, fmt.Errorf("%w: %d times, %d values", ErrLength, len(times), len(values))
	}
	if err := checkFinite("times", times); err != nil {
		return Trend{}, err
	}
	for i := 1; i < len(times); i++ {
		if times[i] <= times[i-1] {
			return Trend{}, fmt.Errorf("%w: time %v after %v", ErrValue, times[i], times[i-1])
		}
	}
	trend, err := mannKendallTest(values)
	if err != nil {
		return Trend{}, err
	}
	trend.Slope = senInterval(times, values, trend.Variance, level, alpha)
	return trend, nil
}

// String returns the trend for people who read tests, such as "0.64 (95% sen_slope
// 0.4 to 0.9), P = 0.001".
func (t Trend) String() string {
	if t.Slope.Level == 0 {
		return t.Test.String()
	}
	return fmt.Sprintf("%v, P = %.3g", t.Slope, t.P)
}

func mannKendallTest(y []float64) (Trend, error) {
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
	trend.Test = normalTest(mannKendall, z)
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

// maxSlopes bounds the points of senInterval, which looks at each pair.
const maxSlopes = 5000

// senInterval returns the median of the slopes between all points, with the
// interval of which S has the variance; the zero Interval if there is none.
func senInterval(x, y []float64, variance, level, alpha float64) Interval {
	if len(x) > maxSlopes {
		return Interval{}
	}
	slopes := make([]float64, 0, len(x)*(len(x)-1)/2)
	for i := range x {
		for j := range i {
			slopes = append(slopes, slopeOf(y[j], y[i], x[j], x[i]))
		}
	}
	rank := int(math.Floor((float64(len(slopes)) - normalUpperQuantile(alpha/2)*math.Sqrt(variance)) / 2))
	if rank < 1 {
		return Interval{}
	}
	slices.Sort(slopes)
	slope, _ := Interval{
		Estimate: middle(slopes), Low: slopes[rank-1], High: slopes[len(slopes)-rank], Level: level, Method: senSlope,
	}.checked()
	return slope
}

// slopeOf returns the slope from one point to a later one, which may be further apart
// than float64 goes.
func slopeOf(y1, y2, x1, x2 float64) float64 {
	dy, dx := y2-y1, x2-x1
	if math.IsInf(dy, 0) || math.IsInf(dx, 0) {
		dy, dx = y2/2-y1/2, x2/2-x1/2
	}
	return dy / dx
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
