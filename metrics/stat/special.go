package stat

import "math"

// log1pmx returns log(1+d) − d for d > −1, without the cancellation that the
// plain difference has for small d.
//
// With v = d/(2+d), log(1+d) = 2(v + v³/3 + v⁵/5 + …) (DLMF 4.6.4), and
// d = 2v + vd.
func log1pmx(d float64) float64 {
	if d < -0.5 || d > 1 {
		return math.Log1p(d) - d
	}
	v := d / (2 + d)
	sum, power := 0.0, v*v*v
	for k := 3.0; k < 99; k += 2 {
		next := sum + power/k
		if next == sum {
			break
		}
		sum = next
		power *= v * v
	}
	return 2*sum - v*d
}

// expm1mx returns e^w − 1 − w, by its Taylor series where the plain difference
// cancels.
func expm1mx(w float64) float64 {
	if w < -1 || w > 1 {
		return math.Expm1(w) - w
	}
	sum, term := 0.0, w*w/2
	for k := 3.0; k < 99; k++ {
		next := sum + term
		if next == sum {
			break
		}
		sum = next
		term *= w / k
	}
	return sum
}

// stirlingError returns log Γ(x+1) − (x+½)·log x + x − ½·log 2π for x > 0: what
// Stirling's formula leaves out. The series is DLMF 5.11.1; below 16 the
// recurrence Γ(x+1) = xΓ(x) leads there.
func stirlingError(x float64) float64 {
	var below float64
	for ; x < 16; x++ {
		if x < 0.5 {
			below += (x+0.5)*(math.Log1p(x)-math.Log(x)) - 1
			continue
		}
		// (x+½)·log(1+1/x) − 1 = v²/3 + v⁴/5 + … with v = 1/(2x+1).
		v2 := 1 / ((2*x + 1) * (2*x + 1))
		power := v2
		for k := 3.0; k < 99; k += 2 {
			next := below + power/k
			if next == below {
				break
			}
			below = next
			power *= v2
		}
	}
	r := 1 / x
	r2 := r * r
	return below + r*(1.0/12-r2*(1.0/360-r2*(1.0/1260-r2*(1.0/1680-r2*(1.0/1188-r2*691.0/360360)))))
}

// logKernel returns a·(log(1+d) − d), where ratio is 1+d and logRatio its
// logarithm, each known better than the sum or its logarithm would give.
func logKernel(a, d, ratio, logRatio float64) float64 {
	if ratio < 0.5 || ratio > 2 {
		return a * (logRatio - d)
	}
	return a * log1pmx(d)
}

// gaussNodes and gaussWeights are the positive nodes and the weights of
// 16-point Gauss-Legendre quadrature on −1…1 (Abramowitz & Stegun 1964,
// table 25.4).
var (
	gaussNodes = [8]float64{
		0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863, 0.6178762444026437484,
		0.7554044083550030339, 0.8656312023878317439, 0.9445750230732325761, 0.9894009349916499326,
	}
	gaussWeights = [8]float64{
		0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382, 0.1495959888165767321,
		0.1246289712555338721, 0.0951585116824927848, 0.0622535239386478929, 0.0271524594117540949,
	}
)

// integrateTail returns the integral from 0 to ∞ of exp(f(w)), for a concave f
// with f(0) = 0, f′(0) = slope ≤ 0 and f″(0) = −curvature < 0. It serves where
// a continued fraction would need too many terms: there the tail is nearly
// that of a normal distribution, and six panels reach double precision.
func integrateTail(f func(float64) float64, slope, curvature float64) float64 {
	const panels = 6
	end := 80 / (math.Hypot(slope, math.Sqrt(80*curvature)) - slope)
	for range 50 {
		if f(end) <= -38 {
			break
		}
		end *= 1.25
	}
	half := end / panels / 2
	var sum float64
	for p := range panels {
		middle := half * float64(2*p+1)
		for i, node := range gaussNodes {
			sum += gaussWeights[i] * (math.Exp(f(middle-half*node)) + math.Exp(f(middle+half*node)))
		}
	}
	return sum * half
}

// solveTail returns the u at which the logarithm of a tail probability is
// logP, starting at u. tail returns the log of the tail at u and the tail
// divided by its density there; sign is 1 for a lower tail and −1 for an upper
// one.
//
// It is Newton's method on the log of the tail. All densities here are
// log-concave in u, and so are their tails: from the thin side the iterates
// approach the solution monotonically, and from the other side the first step
// leads to the thin side, so that no bracket is needed.
func solveTail(logP, u, sign float64, tail func(u float64) (logTail, perDensity float64)) float64 {
	for range 200 {
		logTail, perDensity := tail(u)
		miss := logP - logTail
		step := sign * miss * perDensity
		u += step
		if math.Abs(miss) < 1e-9 || math.Abs(step) <= 4e-16*math.Abs(u) {
			break
		}
	}
	return u
}
