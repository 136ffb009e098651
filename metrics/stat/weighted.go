package stat

import (
	"fmt"
	"math"
)

// Weighted sums up weighted numbers. The zero value is empty.
type Weighted struct {
	N          int64   `json:"n"`           // numbers with a weight above 0
	EffectiveN float64 `json:"effective_n"` // Kish's effective number, from 1 to N
	Mean       float64 `json:"mean"`
	Variance   float64 `json:"variance"` // unbiased for reliability weights
}

// DescribeWeighted returns the weighted sample of x with weights w, which need
// not sum to anything:
//
//	Mean       Σwx / Σw
//	Variance   Σw(x − Mean)² / (Σw − Σw²/Σw)
//	EffectiveN (Σw)² / Σw²   (Kish 1965, Survey Sampling)
//
// Equal weights give the plain mean, variance and n; multiplying all weights
// by a factor changes nothing. Weights are how much an answer should count
// (post-stratification), not how often it was given.
//
// It returns ErrLength if x and w differ in length, ErrNoData if there is no
// weight above 0, ErrValue for a value that is not finite or a weight that is
// negative or not finite, and ErrOverflow if a result is beyond float64.
func DescribeWeighted(x, w []float64) (Weighted, error) {
	if len(x) != len(w) {
		return Weighted{}, fmt.Errorf("%w: %d values, %d weights", ErrLength, len(x), len(w))
	}
	if err := checkFinite("x", x); err != nil {
		return Weighted{}, err
	}
	if err := checkFinite("w", w); err != nil {
		return Weighted{}, err
	}
	var heaviest, origin float64
	for i, v := range w {
		if v < 0 {
			return Weighted{}, fmt.Errorf("%w: w[%d] is %v", ErrValue, i, v)
		}
		if v > heaviest {
			heaviest, origin = v, x[i]
		}
	}
	if heaviest == 0 {
		return Weighted{}, fmt.Errorf("%w: no weight above 0", ErrNoData)
	}
	// Weights relative to the heaviest neither overflow nor underflow.
	var s Weighted
	var total, totalSquares float64
	for _, v := range w {
		if v > 0 {
			s.N++
			total += v / heaviest
			totalSquares += (v / heaviest) * (v / heaviest)
		}
	}
	weightedMean := func(origin float64) float64 {
		var sum float64
		for i, v := range w {
			if v > 0 {
				sum += v / heaviest * (x[i] - origin)
			}
		}
		return sum / total
	}
	s.Mean = origin + weightedMean(origin)
	s.Mean += weightedMean(s.Mean)
	s.EffectiveN = total * total / totalSquares
	var squares float64
	for i, v := range w {
		if v > 0 {
			squares += v / heaviest * (x[i] - s.Mean) * (x[i] - s.Mean)
		}
	}
	if below := total - totalSquares/total; s.N > 1 && below > 0 {
		s.Variance = squares / below
	}
	if !isFinite(s.Mean) || !isFinite(s.Variance) {
		return Weighted{}, fmt.Errorf("%w: weighted mean %v, variance %v", ErrOverflow, s.Mean, s.Variance)
	}
	return s, nil
}

// SE returns the standard error of the mean, √(Variance/EffectiveN), or 0 for
// the zero value.
func (s Weighted) SE() float64 {
	if !(s.EffectiveN > 0) {
		return 0
	}
	return math.Sqrt(math.Max(0, s.Variance) / s.EffectiveN)
}

// Interval returns the interval of the weighted mean, Mean ± t·SE with t of
// EffectiveN−1 degrees of freedom. It returns ErrNoData for the zero value,
// ErrTooFew if the effective number is 1, and ErrLevel unless 0 < level < 1.
func (s Weighted) Interval(level float64) (Interval, error) {
	alpha, err := alphaOf(level)
	switch {
	case err != nil:
		return Interval{}, err
	case !(s.EffectiveN > 0):
		return Interval{}, fmt.Errorf("%w: empty weighted sample", ErrNoData)
	case s.N < 2 || s.EffectiveN <= 1:
		return Interval{}, fmt.Errorf("%w: effective n of %v", ErrTooFew, s.EffectiveN)
	}
	return around(s.Mean, s.SE(), studentUpperQuantile(alpha/2, s.EffectiveN-1), level, StudentT)
}
