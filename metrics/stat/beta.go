package stat

import "math"

// incompleteBeta is the regularised incomplete beta function I_x(a, b) for one
// a and b. Beta, Student t, F and binomial probabilities all come from it.
//
// I_x(a, b) = D·T, where D = xᵃ(1−x)ᵇ/B(a, b) is the density of the logit of x
// and T, the tail per density, is a continued fraction, or an
// integral when both a and b are large. D is computed from deviations about
// the mean, after Loader (2000, Fast and Accurate Computation of Binomial
// Probabilities), since products of large powers would lose all digits.
type incompleteBeta struct {
	a, b     float64
	constant float64 // the part of log D that does not depend on x
}

func newIncompleteBeta(a, b float64) incompleteBeta {
	n := a + b
	return incompleteBeta{a, b,
		stirlingError(n) - stirlingError(a) - stirlingError(b) + 0.5*(math.Log(math.Min(a, b)/n*math.Max(a, b))-math.Log(2*math.Pi))}
}

// unitPoint is a point x of the unit interval with y = 1−x and both
// logarithms, which stay meaningful where x or y underflows.
type unitPoint struct{ x, y, logX, logY float64 }

func (p unitPoint) mirror() unitPoint { return unitPoint{p.y, p.x, p.logY, p.logX} }

func unitPointAt(x float64) unitPoint {
	return unitPoint{x, 1 - x, math.Log(x), math.Log1p(-x)}
}

// unitPointOfLogit returns the point x = 1/(1+e^−u).
func unitPointOfLogit(u float64) unitPoint {
	if u > 0 {
		return unitPointOfLogit(-u).mirror()
	}
	e := math.Exp(u)
	l := math.Log1p(e)
	return unitPoint{e / (1 + e), 1 / (1 + e), u - l, -l}
}

// unitPointOfOdds returns the point x = o/(1+o), given the odds o and their
// logarithm, which serves where o is out of range.
func unitPointOfOdds(odds, logOdds float64) unitPoint {
	if odds < 1e-290 || odds > 1e290 {
		return unitPointOfLogit(logOdds)
	}
	l := math.Log1p(odds)
	return unitPoint{odds / (1 + odds), 1 / (1 + odds), math.Log(odds) - l, -l}
}

// swap returns I(b, a), for which I_{1−x}(b, a) = 1 − I_x(a, b).
func (f incompleteBeta) swap() incompleteBeta { return incompleteBeta{f.b, f.a, f.constant} }

// logDensity returns log D.
func (f incompleteBeta) logDensity(p unitPoint) float64 {
	n := f.a + f.b
	delta := f.deviation(p)
	return logKernel(f.a, delta/f.a, p.x*(n/f.a), p.logX+math.Log(n/f.a)) +
		logKernel(f.b, -delta/f.b, p.y*(n/f.b), p.logY+math.Log(n/f.b)) + f.constant
}

// lower returns the log of I_x(a, b), and I_x(a, b) divided by D.
func (f incompleteBeta) lower(p unitPoint) (logTail, perDensity float64) {
	logD := f.logDensity(p)
	if f.thin(p) {
		t := f.tailPerDensity(p)
		return logD + math.Log(t), t
	}
	d := math.Exp(logD)
	tail := math.Max(0, 1-d*f.swap().tailPerDensity(p.mirror()))
	return math.Log(tail), tail / d
}

// cdf returns I_x(a, b).
func (f incompleteBeta) cdf(p unitPoint) float64 {
	logD := f.logDensity(p)
	if f.thin(p) {
		return math.Min(1, math.Exp(logD)*f.tailPerDensity(p))
	}
	return clip(1-math.Exp(logD)*f.swap().tailPerDensity(p.mirror()), 0, 1)
}

// large is the least of a and b from which the integral replaces the continued
// fraction.
const large = 3000

// thin reports whether the lower tail is the one to compute directly.
func (f incompleteBeta) thin(p unitPoint) bool {
	if math.Min(f.a, f.b) >= large {
		return f.b*p.x <= f.a*p.y
	}
	return p.x*(f.b+1) <= p.y*(f.a+1)
}

// tailPerDensity returns T for a thin lower tail.
func (f incompleteBeta) tailPerDensity(p unitPoint) float64 {
	if math.Min(f.a, f.b) >= large {
		return f.integral(p)
	}
	return f.fraction(p)
}

// fraction evaluates the even part of the continued fraction DLMF 8.17.22 by
// the modified Lentz method (Lentz 1976; Thompson & Barnett 1986). Taking two
// terms at once leaves the deviation from the mean, ay − bx, to stand alone, so
// that nothing cancels when x is next to 1.
func (f incompleteBeta) fraction(p unitPoint) float64 {
	const tiny = 1e-300
	a, b, n := f.a, f.b, f.a+f.b
	deviation := -f.deviation(p)
	value := (deviation + 1) * (a / (a + 1))
	if value == 0 {
		value = tiny
	}
	c, d := value, 0.0
	for m := 1.0; m < 20000; m++ {
		am := a + 2*m
		above := (a + m - 1) / (am - 1) * ((n + m - 1) / (am - 1)) * m * (b - m) * p.x * p.x
		below := m + m*(b-m)/(am-1)*p.x + (a+m)/(am+1)*(deviation+1+m*(1+p.y))
		d = below + above*d
		if d == 0 {
			d = tiny
		}
		c = below + above/c
		if c == 0 {
			c = tiny
		}
		d = 1 / d
		value *= c * d
		if math.Abs(c*d-1) < 3e-16 {
			break
		}
	}
	return 1 / value
}

// deviation returns bx − ay, which is (a+b)·x − a, with one rounding.
func (f incompleteBeta) deviation(p unitPoint) float64 {
	product := f.a * p.y
	return math.FMA(f.b, p.x, -product) - math.FMA(f.a, p.y, -product)
}

// integral integrates the density of the logit from −∞ to that of x,
// relative to the density there.
func (f incompleteBeta) integral(p unitPoint) float64 {
	n := f.a + f.b
	slope := f.deviation(p)
	// Of the two forms of the exponent, the one in the smaller of x and y does
	// not cancel.
	exponent := func(w float64) float64 {
		return slope*w - n*(p.x*expm1mx(-w)+log1pmx(p.x*math.Expm1(-w)))
	}
	if p.y < p.x {
		exponent = func(w float64) float64 {
			return slope*w - n*(p.y*expm1mx(w)+log1pmx(p.y*math.Expm1(w)))
		}
	}
	return integrateTail(exponent, slope, n*p.x*p.y)
}

// lowerQuantile returns the logit of the x with I_x(a, b) = p, for 0 < p ≤ ½.
func (f incompleteBeta) lowerQuantile(p float64) float64 {
	return solveTail(math.Log(p), math.Log(f.a)-math.Log(f.b), 1, func(u float64) (float64, float64) {
		return f.lower(unitPointOfLogit(u))
	})
}

// logit returns the logit of the x with I_x(a, b) = p, given both p and
// q = 1 − p, of which the smaller is used.
func (f incompleteBeta) logit(p, q float64) float64 {
	if p <= q {
		return f.lowerQuantile(p)
	}
	return -f.swap().lowerQuantile(q)
}

// betaQuantile returns the x of Beta(a, b) with lower tail p.
func betaQuantile(p, a, b float64) float64 {
	return unitPointOfLogit(newIncompleteBeta(a, b).logit(p, 1-p)).x
}

// betaUpperQuantile returns the x of Beta(a, b) with upper tail q.
func betaUpperQuantile(q, a, b float64) float64 {
	return unitPointOfLogit(newIncompleteBeta(a, b).logit(1-q, q)).x
}
