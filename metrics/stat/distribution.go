package stat

import (
	"fmt"
	"math"
)

// NormalQuantile returns the z that a standard normal variable does not exceed
// with probability p: 1.96 for 0.975. It is near double precision, also far out in
// the lower tail. It returns ErrValue unless 0 < p < 1.
func NormalQuantile(p float64) (float64, error) {
	if !(p > 0 && p < 1) {
		return 0, fmt.Errorf("%w: probability %v", ErrValue, p)
	}
	return normalQuantile(p), nil
}

// FQuantile returns what an F variable (Snedecor 1934) with df1 degrees of freedom
// above and df2 below does not exceed with probability p. It returns ErrValue
// unless 0 < p < 1 and both degrees of freedom are finite and above 0, and
// ErrOverflow if the result is beyond float64.
func FQuantile(p, df1, df2 float64) (float64, error) {
	for _, df := range []float64{df1, df2} {
		if err := checkPositive("degrees of freedom", df); err != nil {
			return 0, err
		}
	}
	if !(p > 0 && p < 1) {
		return 0, fmt.Errorf("%w: probability %v", ErrValue, p)
	}
	df1, df2 = math.Min(df1, asNormal), math.Min(df2, asNormal) // as good as infinite
	x := math.Exp(newIncompleteBeta(df1/2, df2/2).logit(p, 1-p) + math.Log(df2) - math.Log(df1))
	if !isFinite(x) {
		return 0, fmt.Errorf("%w: quantile at probability %v", ErrOverflow, p)
	}
	return x, nil
}
