package stat

import "math"

// asNormal are the degrees of freedom from which on t is normal to the last digit. For
// more of them the beta function loses digits, and at last leaves float64.
const asNormal = 1e30

// studentUpperTail returns P(T > t) for df degrees of freedom: half of
// I_y(df/2, ½) with y = df/(df+t²) for t > 0 (Abramowitz & Stegun 1964,
// 26.7.1).
func studentUpperTail(t, df float64) float64 {
	if t == 0 {
		return 0.5
	}
	if df > asNormal {
		return normalCDF(-t)
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
	if df > asNormal {
		return normalUpperQuantile(q)
	}
	// t²/df is the odds of a Beta(½, df/2) variable with upper tail 2q.
	f := newIncompleteBeta(0.5, df/2)
	u := f.logit(1-2*q, 2*q)
	return math.Exp((u + math.Log(df)) / 2)
}
