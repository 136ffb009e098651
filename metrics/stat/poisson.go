package stat

import (
	"fmt"
	"math"
)

// PoissonRate returns the rate of events per unit of exposure (complaints per
// thousand contacts, say) with its exact interval,
//
//	χ²(α/2; 2x)/2 and χ²(1−α/2; 2x+2)/2, each over exposure
//
// for x events and α = 1−level (Garwood 1936, Biometrika 28:437). The low end
// is exactly 0 for no events. It returns ErrCount for a negative count,
// ErrValue unless exposure is finite and above 0, ErrLevel unless
// 0 < level < 1, and ErrOverflow if the rate is beyond float64.
func PoissonRate(events int64, exposure, level float64) (Interval, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	if err := checkEvents(events, exposure); err != nil {
		return Interval{}, err
	}
	x := float64(events)
	iv := Interval{Estimate: x / exposure, Level: level, Method: exactPoisson}
	if events > 0 {
		iv.Low = gammaQuantile(alpha/2, x) / exposure
	}
	iv.High = gammaUpperQuantile(alpha/2, x+1) / exposure
	return iv.checked()
}

func checkEvents(events int64, exposure float64) error {
	if events < 0 {
		return fmt.Errorf("%w: %d events", ErrCount, events)
	}
	return checkPositive("exposure", exposure)
}

// rateRatio returns the ratio of the rates x1 per t1 and x2 per t2, with the
// interval that follows from Clopper and Pearson's for x1 of x1+x2.
func rateRatio(x1 int64, t1 float64, x2 int64, t2, level, alpha float64) (Interval, error) {
	if err := checkRates(x1, t1, x2, t2); err != nil {
		return Interval{}, err
	}
	if x2 == 0 {
		return Interval{}, fmt.Errorf("%w: no events in the second rate", ErrNoVariation)
	}
	// The quantiles as odds, which keep their digits at both ends.
	iv := Interval{Estimate: float64(x1) / float64(x2) * (t2 / t1), Level: level, Method: exactConditional}
	if x1 > 0 {
		iv.Low = math.Exp(newIncompleteBeta(float64(x1), float64(x2)+1).logit(alpha/2, 1-alpha/2)) * (t2 / t1)
	}
	iv.High = math.Exp(newIncompleteBeta(float64(x1)+1, float64(x2)).logit(1-alpha/2, alpha/2)) * (t2 / t1)
	return iv.checked()
}

func checkRates(x1 int64, t1 float64, x2 int64, t2 float64) error {
	if err := checkEvents(x1, t1); err != nil {
		return err
	}
	if err := checkEvents(x2, t2); err != nil {
		return err
	}
	if x1 > math.MaxInt64-x2 {
		return fmt.Errorf("%w: %d and %d events", ErrCount, x1, x2)
	}
	if x1+x2 == 0 {
		return fmt.Errorf("%w: no events in either rate", ErrNoData)
	}
	return nil
}
