package stat

import (
	"fmt"
	"math"
)

// EWMA returns the chart of the exponentially weighted moving average of x
// about a known center and standard deviation, which sees small lasting
// shifts:
//
//	z = λx + (1−λ)z, from center;  limits center ± width·sd·√(λ/(2−λ)·(1−(1−λ)²ⁱ))
//
// with the exact limits of the i-th point, not those it tends to (Roberts
// 1959, Technometrics 1:239). Usual are λ = 0.2 and width = 3, or 0.1 and 2.7.
// Sigma is sd.
//
// It returns ErrNoData for no values, ErrValue for one that is NaN or infinite
// and unless center is finite, sd and width are finite and above 0, and
// 0 < λ ≤ 1; and ErrOverflow if a result is beyond float64.
func EWMA(x []float64, center, sd, lambda, width float64) (Chart, error) {
	if err := checkProcess(x, center, sd); err != nil {
		return Chart{}, err
	}
	if err := checkPositive("width", width); err != nil {
		return Chart{}, err
	}
	if !(lambda > 0 && lambda <= 1) {
		return Chart{}, fmt.Errorf("%w: lambda %v", ErrValue, lambda)
	}
	c := Chart{Center: center, Sigma: sd, Points: make([]ChartPoint, len(x))}
	z := center
	for i, v := range x {
		z = lambda*v + (1-lambda)*z
		done := -math.Expm1(2 * float64(i+1) * math.Log1p(-lambda)) // 1 − (1−λ)²ⁱ
		half := width * sd * math.Sqrt(lambda/(2-lambda)*done)
		c.Points[i] = newChartPoint(z, center-half, center+half)
		if !isFinite(center-half) || !isFinite(center+half) {
			return Chart{}, fmt.Errorf("%w: control limits", ErrOverflow)
		}
	}
	return c, nil
}

func checkProcess(x []float64, center, sd float64) error {
	if len(x) == 0 {
		return fmt.Errorf("%w: no values", ErrNoData)
	}
	if err := checkFinite("x", x); err != nil {
		return err
	}
	if !isFinite(center) {
		return fmt.Errorf("%w: center %v", ErrValue, center)
	}
	return checkPositive("standard deviation", sd)
}

// CUSUM returns the chart of the cumulative sums of x above and below a target (Page
// 1954, Biometrika 41:100):
//
//	above = max(0, above + x − target − slack·sd)
//	below = max(0, below + target − slack·sd − x)
//
// from 0, with limits at ±threshold·sd. Each point has the larger of the two sums,
// that of what is below with a minus. Usual are a slack of 0.5, half the shift to
// find, and a threshold of 5. The sums go on after a signal; to start again, call
// it with the values that follow. Center is 0 and Sigma is sd.
//
// It returns ErrNoData for no values, ErrValue for one that is NaN or infinite
// and unless target is finite, sd and threshold are finite and above 0, and
// slack is finite and not below 0; and ErrOverflow if a sum is beyond float64.
func CUSUM(x []float64, target, sd, slack, threshold float64) (Chart, error) {
	if err := checkProcess(x, target, sd); err != nil {
		return Chart{}, err
	}
	if err := checkPositive("threshold", threshold); err != nil {
		return Chart{}, err
	}
	if !(slack >= 0) || !isFinite(slack) {
		return Chart{}, fmt.Errorf("%w: slack %v", ErrValue, slack)
	}
	limit := threshold * sd
	c := Chart{Sigma: sd, Points: make([]ChartPoint, len(x))}
	var above, below float64
	for i, v := range x {
		above = math.Max(0, above+(v-target-slack*sd))
		below = math.Max(0, below+(target-slack*sd-v))
		if !isFinite(above) || !isFinite(below) || !isFinite(limit) {
			return Chart{}, fmt.Errorf("%w: cumulative sum", ErrOverflow)
		}
		sum := above
		if below > above {
			sum = -below
		}
		c.Points[i] = newChartPoint(sum, -limit, limit)
	}
	return c, nil
}
