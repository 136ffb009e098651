package stat

import (
	"fmt"
	"math"
)

// distribution is a continuous probability distribution with its cumulative
// distribution function and quantiles, accurate to about 13 digits, far tails
// included. The zero value is the standard normal distribution; the others
// come from newStudentT, newChiSquare, newF, newBeta and newGamma, which check
// the parameters.
//
// Of cdf and upperTail, and of quantileAt and upperQuantile, use the one whose
// probability is small: 1 − cdf(9) has no digits left, upperTail(9) has all.
type distribution struct {
	family family
	a, b   float64
}

// family tells what the parameters of a distribution mean.
type family uint8

const (
	normalFamily family = iota
	studentFamily
	fFamily
	betaFamily
	gammaFamily
)

// newStudentT returns Student's t distribution (Student 1908) with df degrees
// of freedom, not necessarily whole. It returns ErrValue unless df is finite
// and above 0.
func newStudentT(df float64) (distribution, error) {
	if err := checkPositive("degrees of freedom", df); err != nil {
		return distribution{}, err
	}
	return distribution{studentFamily, df, 0}, nil
}

// newChiSquare returns the chi-square distribution (Pearson 1900) with df
// degrees of freedom. It returns ErrValue unless df is finite and above 0.
func newChiSquare(df float64) (distribution, error) {
	if err := checkPositive("degrees of freedom", df); err != nil {
		return distribution{}, err
	}
	return distribution{gammaFamily, df / 2, 2}, nil
}

// newF returns the F distribution (Snedecor 1934) with df1 degrees of freedom
// above and df2 below. It returns ErrValue unless both are finite and above 0.
func newF(df1, df2 float64) (distribution, error) {
	for _, df := range []float64{df1, df2} {
		if err := checkPositive("degrees of freedom", df); err != nil {
			return distribution{}, err
		}
	}
	return distribution{fFamily, df1, df2}, nil
}

// newBeta returns the Beta(a, b) distribution on 0…1, with density
// xᵃ⁻¹(1−x)ᵇ⁻¹/B(a, b). It returns ErrValue unless both are finite and above 0.
func newBeta(a, b float64) (distribution, error) {
	for _, v := range []float64{a, b} {
		if err := checkPositive("shape", v); err != nil {
			return distribution{}, err
		}
	}
	return distribution{betaFamily, a, b}, nil
}

// newGamma returns the gamma distribution with density
// xᵃ⁻¹e^(−x/s)/(Γ(a)sᵃ), a being shape and s being scale. It returns ErrValue
// unless both are finite and above 0.
func newGamma(shape, scale float64) (distribution, error) {
	if err := checkPositive("shape", shape); err != nil {
		return distribution{}, err
	}
	if err := checkPositive("scale", scale); err != nil {
		return distribution{}, err
	}
	return distribution{gammaFamily, shape, scale}, nil
}

// cdf returns P(X ≤ x). Special cases are: cdf(−∞) = 0, cdf(+∞) = 1, and
// ErrValue for NaN.
func (d distribution) cdf(x float64) (float64, error) {
	lower, _, err := d.tails(x)
	return lower, err
}

// upperTail returns P(X > x), which is 1 − cdf(x) without the loss of digits.
// Special cases are: upperTail(−∞) = 1, upperTail(+∞) = 0, and ErrValue for
// NaN.
func (d distribution) upperTail(x float64) (float64, error) {
	_, upper, err := d.tails(x)
	return upper, err
}

// quantileAt returns the x with cdf(x) = p. It returns ErrValue unless
// 0 < p < 1, save that an end of the range of X is returned for p = 0 or p = 1
// where that end is finite; and ErrOverflow where x is beyond the range of
// float64.
func (d distribution) quantileAt(p float64) (float64, error) {
	return d.quantile(p, p, 1-p)
}

// upperQuantile returns the x with upperTail(x) = q, under the same rules as
// quantileAt.
func (d distribution) upperQuantile(q float64) (float64, error) {
	return d.quantile(q, 1-q, q)
}

// tails returns P(X ≤ x) and P(X > x).
func (d distribution) tails(x float64) (lower, upper float64, err error) {
	if math.IsNaN(x) {
		return 0, 0, fmt.Errorf("%w: %v", ErrValue, x)
	}
	low, high := d.support()
	switch {
	case x <= low:
		return 0, 1, nil
	case x >= high:
		return 1, 0, nil
	}
	switch d.family {
	case studentFamily:
		upper = studentUpperTail(x, d.a)
		return studentUpperTail(-x, d.a), upper, nil
	case fFamily:
		f := newIncompleteBeta(d.a/2, d.b/2)
		p := unitPointOfOdds(d.a/d.b*x, math.Log(d.a)-math.Log(d.b)+math.Log(x))
		return f.cdf(p), f.swap().cdf(p.mirror()), nil
	case betaFamily:
		f, p := newIncompleteBeta(d.a, d.b), unitPointAt(x)
		return f.cdf(p), f.swap().cdf(p.mirror()), nil
	case gammaFamily:
		if math.IsInf(x/d.b, 1) {
			return 1, 0, nil
		}
		logP, _, logQ, _ := newIncompleteGamma(d.a).tails(x/d.b, math.Log(x)-math.Log(d.b))
		return math.Exp(logP), math.Exp(logQ), nil
	}
	return normalCDF(x), normalCDF(-x), nil
}

// support returns the ends of the range of X.
func (d distribution) support() (low, high float64) {
	switch d.family {
	case betaFamily:
		return 0, 1
	case fFamily, gammaFamily:
		return 0, math.Inf(1)
	}
	return math.Inf(-1), math.Inf(1)
}

// quantile returns the x with lower tail p and upper tail q, of which asked is
// the one that the caller gave.
func (d distribution) quantile(asked, p, q float64) (float64, error) {
	low, high := d.support()
	switch {
	case p == 0 && isFinite(low):
		return low, nil
	case q == 0 && isFinite(high):
		return high, nil
	case !(p > 0 && q > 0) && !(asked > 0 && asked < 1):
		return 0, fmt.Errorf("%w: probability %v", ErrValue, asked)
	}
	var x float64
	switch d.family {
	case studentFamily:
		x = studentQuantile(p, q, d.a)
	case fFamily:
		u := newIncompleteBeta(d.a/2, d.b/2).logit(p, q)
		x = math.Exp(u + math.Log(d.b) - math.Log(d.a))
	case betaFamily:
		x = unitPointOfLogit(newIncompleteBeta(d.a, d.b).logit(p, q)).x
	case gammaFamily:
		x = d.b * math.Exp(newIncompleteGamma(d.a).logQuantile(p, q))
	default:
		if p <= q {
			x = normalQuantile(p)
		} else {
			x = normalUpperQuantile(q)
		}
	}
	if !isFinite(x) {
		return 0, fmt.Errorf("%w: quantile at probability %v", ErrOverflow, asked)
	}
	return x, nil
}
