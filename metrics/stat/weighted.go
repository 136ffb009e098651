package stat

import (
	"fmt"
	"math"
)

// Weighted sums up numbers that count with weights, which say how much an answer
// should count (post-stratification), not how often it was given. The zero value is
// empty.
//
//	Mean       Σwx / Σw
//	Variance   Σw(x − Mean)² / (Σw − Σw²/Σw)
//	EffectiveN (Σw)² / Σw²   (Kish 1965, Survey Sampling)
type Weighted struct {
	N          int64   `json:"n"`           // numbers with a weight above 0
	EffectiveN float64 `json:"effective_n"` // Kish's effective number, from 1 to N
	Mean       float64 `json:"mean"`
	Variance   float64 `json:"variance"` // unbiased for reliability weights
}

// SE returns the standard error of the mean, √(Variance/EffectiveN), or 0 for
// the zero value, a Variance that is negative or NaN, and an infinite EffectiveN.
func (s Weighted) SE() float64 {
	if !(s.EffectiveN > 0) || !(s.Variance > 0) || math.IsInf(s.EffectiveN, 1) {
		return 0
	}
	return math.Sqrt(s.Variance / s.EffectiveN)
}

// Interval returns the interval of the weighted mean, Mean ± t·SE with t of
// EffectiveN−1 degrees of freedom. It returns ErrNoData for the zero value,
// ErrTooFew if the effective number is 1, ErrValue for a negative variance,
// ErrOverflow for a number or a result that is not finite, and ErrLevel unless
// 0 < level < 1.
func (s Weighted) Interval(level float64) (Interval, error) {
	alpha, err := alphaOf(level)
	switch {
	case err != nil:
		return Interval{}, err
	case !(s.EffectiveN > 0):
		return Interval{}, fmt.Errorf("%w: empty weighted sample", ErrNoData)
	case s.N < 2 || s.EffectiveN <= 1:
		return Interval{}, fmt.Errorf("%w: effective n of %v", ErrTooFew, s.EffectiveN)
	case s.Variance < 0:
		return Interval{}, fmt.Errorf("%w: variance %v", ErrValue, s.Variance)
	case !isFinite(s.Variance) || !isFinite(s.EffectiveN):
		return Interval{}, fmt.Errorf("%w: variance %v, effective n of %v", ErrOverflow, s.Variance, s.EffectiveN)
	}
	return around(s.Mean, s.SE(), studentUpperQuantile(alpha/2, s.EffectiveN-1), level, StudentT)
}

// ShareInterval returns the interval of a share that was estimated from weighted
// answers: Mean of EffectiveN answers, which need not be whole. The methods are
// those of [Proportion] (for ClopperPearson: Korn & Graubard 1998, Survey
// Methodology 24:193). It returns ErrNoData for the zero value, ErrValue unless
// 0 ≤ Mean ≤ 1 and EffectiveN is finite and above 0, ErrLevel unless
// 0 < level < 1, ErrMethod for other methods, and ErrOverflow if EffectiveN is too
// large for the method.
func (s Weighted) ShareInterval(level float64, m Method) (Interval, error) {
	if s == (Weighted{}) {
		return Interval{}, fmt.Errorf("%w: empty weighted sample", ErrNoData)
	}
	if !(s.Mean >= 0 && s.Mean <= 1) {
		return Interval{}, fmt.Errorf("%w: share %v", ErrValue, s.Mean)
	}
	if err := checkPositive("effective n", s.EffectiveN); err != nil {
		return Interval{}, err
	}
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	iv, err := proportion(s.Mean*s.EffectiveN, (1-s.Mean)*s.EffectiveN, s.EffectiveN, level, alpha, m)
	if err != nil {
		return Interval{}, err
	}
	iv.Estimate = s.Mean
	return iv.extended(), nil
}
