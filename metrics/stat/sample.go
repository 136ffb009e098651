package stat

import (
	"fmt"
	"math"
	"math/big"
)

// Sample sums up numbers by what a t interval needs: how many, their mean, and
// their variance with n−1 below (0 for one number). It comes from Describe for
// a slice and from DescribeCounts for counts, or is filled in from published
// figures. The zero value is an empty sample.
type Sample struct {
	N        int64   `json:"n"`
	Mean     float64 `json:"mean"`
	Variance float64 `json:"variance"`
}

// Describe returns the sample of x, computed in two passes about the mean, so
// that values of 1e9 that differ by units keep all digits. It returns
// ErrNoData for no values, ErrValue for one that is NaN or infinite, and
// ErrOverflow if the mean or the variance is beyond the range of float64.
func Describe(x []float64) (Sample, error) {
	if len(x) == 0 {
		return Sample{}, fmt.Errorf("%w: no values", ErrNoData)
	}
	if err := checkFinite("x", x); err != nil {
		return Sample{}, err
	}
	mean := average(x)
	var squares float64
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	s := Sample{N: int64(len(x)), Mean: mean}
	if len(x) > 1 {
		s.Variance = squares / float64(len(x)-1)
	}
	return s, s.check()
}

// average returns the mean of x, of which there is one at least. A second pass removes
// what rounding left of the first.
func average(x []float64) float64 {
	mean := x[0] + meanFrom(x, x[0])
	return mean + meanFrom(x, mean)
}

// meanFrom returns the mean of x − origin, summed with the rounding carried
// along (Neumaier 1974).
func meanFrom(x []float64, origin float64) float64 {
	var sum, carry float64
	for _, v := range x {
		v -= origin
		next := sum + v
		if math.Abs(sum) >= math.Abs(v) {
			carry += (sum - next) + v
		} else {
			carry += (v - next) + sum
		}
		sum = next
	}
	return (sum + carry) / float64(len(x))
}

// check reports what no sample can have.
func (s Sample) check() error {
	switch {
	case s.N < 0:
		return fmt.Errorf("%w: n = %d", ErrCount, s.N)
	case s.N == 0:
		return fmt.Errorf("%w: empty sample", ErrNoData)
	case !isFinite(s.Mean) || !isFinite(s.Variance):
		return fmt.Errorf("%w: mean %v, variance %v", ErrOverflow, s.Mean, s.Variance)
	case s.Variance < 0:
		return fmt.Errorf("%w: variance %v", ErrValue, s.Variance)
	}
	return nil
}

// SD returns the standard deviation, the root of Variance, or 0 if that is
// negative or NaN.
func (s Sample) SD() float64 {
	if !(s.Variance > 0) {
		return 0
	}
	return math.Sqrt(s.Variance)
}

// SE returns the standard error of the mean, SD/√N, or 0 for an empty sample.
func (s Sample) SE() float64 {
	if s.N <= 0 {
		return 0
	}
	return s.SD() / math.Sqrt(float64(s.N))
}

// Interval returns the interval of the mean,
//
//	mean ± t·SE, with t of N−1 degrees of freedom (Student 1908)
//
// in the unit of the numbers; it is not clipped to any scale. Special cases
// are: numbers that are all equal give an interval without width, which says
// that they do not vary, not that the mean is certain. It returns ErrNoData
// for an empty sample, ErrTooFew for one number, and ErrLevel unless
// 0 < level < 1.
func (s Sample) Interval(level float64) (Interval, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	if err := s.check(); err != nil {
		return Interval{}, err
	}
	if s.N == 1 {
		return Interval{}, fmt.Errorf("%w: no variance of 1 value", ErrTooFew)
	}
	return around(s.Mean, s.SE(), studentUpperQuantile(alpha/2, float64(s.N-1)), level, StudentT)
}

// around returns estimate ± factor·se.
func around(estimate, se, factor, level float64, m Method) (Interval, error) {
	half := 0.0
	if se > 0 {
		half = factor * se
	}
	return Interval{Estimate: estimate, Low: estimate - half, High: estimate + half, Level: level, Method: m}.checked()
}

// DescribeCounts returns the sample of whole numbers from first on: counts[0] of
// first, counts[1] of first+1, and so on, as star ratings are counted. The sums are
// exact, so that it does not matter how they were added up. It returns ErrNoData if
// nothing was counted and ErrCount for a negative count, or more than 2⁶³−1 in all.
func DescribeCounts(first int64, counts ...int64) (Sample, error) {
	n, sum, squares := new(big.Int), new(big.Int), new(big.Int)
	for i, count := range counts {
		if count < 0 {
			return Sample{}, fmt.Errorf("%w: counts[%d] is %d", ErrCount, i, count)
		}
		value, part := big.NewInt(first), big.NewInt(count)
		value.Add(value, big.NewInt(int64(i)))
		n.Add(n, part)
		sum.Add(sum, part.Mul(part, value))
		squares.Add(squares, part.Mul(part, value))
	}
	switch {
	case n.Sign() == 0:
		return Sample{}, fmt.Errorf("%w: nothing counted", ErrNoData)
	case !n.IsInt64():
		return Sample{}, fmt.Errorf("%w: %v in all", ErrCount, n)
	}
	s := Sample{N: n.Int64()}
	s.Mean, _ = new(big.Rat).SetFrac(sum, n).Float64()
	if s.N > 1 {
		// (n·Σx² − (Σx)²) / n(n−1)
		above := new(big.Int).Sub(squares.Mul(squares, n), sum.Mul(sum, sum))
		s.Variance, _ = new(big.Rat).SetFrac(above, new(big.Int).Mul(n, big.NewInt(s.N-1))).Float64()
	}
	return s, nil
}
