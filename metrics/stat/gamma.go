package stat

import "math"

// incompleteGamma is the regularised incomplete gamma function P(a, x) and its
// complement Q(a, x), for one a. Chi-square and Poisson probabilities come
// from it. As for the incomplete beta function, each tail is a density times a
// tail per density: a series below the mean (DLMF 8.11.4), a continued
// fraction above it (DLMF 8.9.2), an integral when a is large.
type incompleteGamma struct {
	a        float64
	constant float64 // the part of the log density that does not depend on x
}

func newIncompleteGamma(a float64) incompleteGamma {
	return incompleteGamma{a, 0.5*(math.Log(a)-math.Log(2*math.Pi)) - stirlingError(a)}
}

// logDensity returns the log of xᵃe⁻ˣ/Γ(a), the density of log x.
func (f incompleteGamma) logDensity(x, logX float64) float64 {
	return logKernel(f.a, (x-f.a)/f.a, x/f.a, logX-math.Log(f.a)) + f.constant
}

// tails returns the logs of P and Q and each divided by the density.
func (f incompleteGamma) tails(x, logX float64) (logP, pPerDensity, logQ, qPerDensity float64) {
	logD := f.logDensity(x, logX)
	if x <= f.a || x < 1 {
		t := f.lowerPerDensity(x)
		logP = math.Min(0, logD+math.Log(t))
		q := math.Max(0, 1-math.Exp(logP))
		return logP, t, math.Log(q), q / math.Exp(logD)
	}
	t := f.upperPerDensity(x)
	logQ = math.Min(0, logD+math.Log(t))
	p := math.Max(0, 1-math.Exp(logQ))
	return math.Log(p), p / math.Exp(logD), logQ, t
}

// lowerPerDensity returns P/D for x not above a.
func (f incompleteGamma) lowerPerDensity(x float64) float64 {
	if f.a >= large {
		slope := x - f.a
		return integrateTail(func(w float64) float64 { return slope*w - x*expm1mx(-w) }, slope, x)
	}
	sum, term := 0.0, 1/f.a
	for k := 1.0; k < 20000; k++ {
		next := sum + term
		if next == sum {
			break
		}
		sum = next
		term *= x / (f.a + k)
	}
	return sum
}

// upperPerDensity returns Q/D for x above a, by the modified Lentz method.
func (f incompleteGamma) upperPerDensity(x float64) float64 {
	if f.a >= large {
		slope := f.a - x
		return integrateTail(func(w float64) float64 { return slope*w - x*expm1mx(w) }, slope, x)
	}
	const tiny = 1e-300
	b := x + 1 - f.a
	c := 1 / tiny
	d := 1 / b
	h := d
	for k := 1.0; k < 20000; k++ {
		term := -k * (k - f.a)
		b += 2
		d = term*d + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + term/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		h *= c * d
		if math.Abs(c*d-1) < 3e-16 {
			break
		}
	}
	return h
}

// logQuantile returns the log of the x with P(a, x) = p, given both p and
// q = 1 − p, of which the smaller is used.
func (f incompleteGamma) logQuantile(p, q float64) float64 {
	if p <= q {
		return solveTail(math.Log(p), math.Log(f.a), 1, func(u float64) (float64, float64) {
			logP, perDensity, _, _ := f.tails(math.Exp(u), u)
			return logP, perDensity
		})
	}
	// Here the tail falls faster than exponentially, and a step from the fat
	// side could overshoot without bound, so the start is a point that is
	// surely on the thin side: P(X > a + √(2aL) + L) ≤ e^−L (Boucheron, Lugosi
	// & Massart 2013, Concentration Inequalities, section 2.4).
	logQ := math.Log(q)
	start := math.Log(f.a - logQ + math.Sqrt(-2*f.a*logQ))
	return solveTail(logQ, start, -1, func(u float64) (float64, float64) {
		_, _, logQ, perDensity := f.tails(math.Exp(u), u)
		return logQ, perDensity
	})
}

// gammaQuantile returns the x with P(a, x) = p.
func gammaQuantile(p, a float64) float64 {
	return math.Exp(newIncompleteGamma(a).logQuantile(p, 1-p))
}

// gammaUpperQuantile returns the x with Q(a, x) = q.
func gammaUpperQuantile(q, a float64) float64 {
	return math.Exp(newIncompleteGamma(a).logQuantile(1-q, q))
}
