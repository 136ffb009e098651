package stat

import (
	"fmt"
	"math"
)

// Distribution is a continuous probability distribution with its cumulative
// distribution function and quantiles, accurate to about 13 digits, far tails
// included. The zero value is the standard normal distribution; the others
// come from NewStudentT, NewChiSquare, NewF, NewBeta and NewGamma, which check
// the parameters.
//
// Of CDF and UpperTail, and of Quantile and UpperQuantile, use the one whose
// probability is small: 1 − CDF(9) has no digits left, UpperTail(9) has all.
type Distribution struct {
	family family
	a, b   float64
}

// family tells what the parameters of a Distribution mean.
type family uint8

const (
	normalFamily family = iota
	studentFamily
	fFamily
	betaFamily
	gammaFamily
)

// NewStudentT returns Student's t distribution (Student 1908) with df degrees
// of freedom, not necessarily whole. It returns ErrValue unless df is finite
// and above 0.
func NewStudentT(df float64) (Distribution, error) {
	if err := checkPositive("degrees of freedom", df); err != nil {
		return Distribution{}, err
	}
	return Distribution{studentFamily, df, 0}, nil
}

// NewChiSquare returns the chi-square distribution (Pearson 1900) with df
// degrees of freedom. It returns ErrValue unless df is finite and above 0.
func NewChiSquare(df float64) (Distribution, error) {
	if err := checkPositive("degrees of freedom", df); err != nil {
		return Distribution{}, err
	}
	return Distribution{gammaFamily, df / 2, 2}, nil
}

// NewF returns the F distribution (Snedecor 1934) with df1 degrees of freedom
// above and df2 below. It returns ErrValue unless both are finite and above 0.
func NewF(df1, df2 float64) (Distribution, error) {
	for _, df := range []float64{df1, df2} {
		if err := checkPositive("degrees of freedom", df); err != nil {
			return Distribution{}, err
		}
	}
	return Distribution{fFamily, df1, df2}, nil
}

// NewBeta returns the Beta(a, b) distribution on 0…1, with density
// xᵃ⁻¹(1−x)ᵇ⁻¹/B(a, b). It returns ErrValue unless both are finite and above 0.
func NewBeta(a, b float64) (Distribution, error) {
	for _, v := range []float64{a, b} {
		if err := checkPositive("shape", v); err != nil {
			return Distribution{}, err
		}
	}
	return Distribution{betaFamily, a, b}, nil
}

// NewGamma returns the gamma distribution with density
// xᵃ⁻¹e^(−x/s)/(Γ(a)sᵃ), a being shape and s being scale. It returns ErrValue
// unless both are finite and above 0.
func NewGamma(shape, scale float64) (Distribution, error) {
	if err := checkPositive("shape", shape); err != nil {
		return Distribution{}, err
	}
	if err := checkPositive("scale", scale); err != nil {
		return Distribution{}, err
	}
	return Distribution{gammaFamily, shape, scale}, nil
}

// CDF returns P(X ≤ x). Special cases are: CDF(−∞) = 0, CDF(+∞) = 1, and
// ErrValue for NaN.
func (d Distribution) CDF(x float64) (float64, error) {
	lower, _, err := d.tails(x)
	return lower, err
}

// UpperTail returns P(X > x), which is 1 − CDF(x) without the loss of digits.
// Special cases are: UpperTail(−∞) = 1, UpperTail(+∞) = 0, and ErrValue for
// NaN.
func (d Distribution) UpperTail(x float64) (float64, error) {
	_, upper, err := d.tails(x)
	return upper, err
}

// Quantile returns the x with CDF(x) = p. It returns ErrValue unless
// 0 < p < 1, save that an end of the range of X is returned for p = 0 or p = 1
// where that end is finite; and ErrOverflow where x is beyond the range of
// float64.
func (d Distribution) Quantile(p float64) (float64, error) {
	return d.quantile(p, p, 1-p)
}

// UpperQuantile returns the x with UpperTail(x) = q, under the same rules as
// Quantile.
func (d Distribution) UpperQuantile(q float64) (float64, error) {
	return d.quantile(q, 1-q, q)
}

// tails returns P(X ≤ x) and P(X > x).
func (d Distribution) tails(x float64) (lower, upper float64, err error) {
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
func (d Distribution) support() (low, high float64) {
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
func (d Distribution) quantile(asked, p, q float64) (float64, error) {
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

// studentUpperTail returns P(T > t) for df degrees of freedom: half of
// I_y(df/2, ½) with y = df/(df+t²) for t > 0 (Abramowitz & Stegun 1964,
// 26.7.1).
func studentUpperTail(t, df float64) float64 {
	if t == 0 {
		return 0.5
	}
	abs := math.Abs(t)
	p := unitPointOfOdds(abs/df*abs, 2*math.Log(abs)-math.Log(df))
	upper := newIncompleteBeta(df/2, 0.5).cdf(p.mirror()) / 2
	if t < 0 {
		return 1 - upper
	}
	return upper
}

// studentUpperQuantile returns the t with P(T > t) = q.
func studentUpperQuantile(q, df float64) float64 { return studentQuantile(1-q, q, df) }

// studentQuantile returns the t with lower tail p and upper tail q = 1 − p.
func studentQuantile(p, q, df float64) float64 {
	if p < q {
		return -studentQuantile(q, p, df)
	}
	if p == q {
		return 0
	}
	// t²/df is the odds of a Beta(½, df/2) variable with upper tail 2q.
	f := newIncompleteBeta(0.5, df/2)
	u := f.logit(1-2*q, 2*q)
	return math.Exp((u + math.Log(df)) / 2)
}
