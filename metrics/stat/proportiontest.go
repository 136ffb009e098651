package stat

import (
	"fmt"
	"math"
)

// ProportionTest tests whether the shares x1 of n1 and x2 of n2 come from one
// probability, two-sided:
//
//	PooledZ (default)  z = (p1−p2) / √(p̄q̄(1/n1 + 1/n2)), p̄ = (x1+x2)/(n1+n2)
//	Yates              the same with |p1−p2| made smaller by (1/n1 + 1/n2)/2, or
//	                   to 0 (Yates 1934)
//	FisherExact        the hypergeometric probability of tables no more probable
//	                   than this one, given the margins (Fisher 1935)
//
// The statistic is z, positive if the first share is larger; its square is
// the chi-square of the 2×2 table with 1 degree of freedom. FisherExact has
// no statistic.
//
// It returns ErrCount for impossible counts, ErrNoData if n1 or n2 is 0,
// ErrNoVariation if nobody or everybody on both sides succeeded (FisherExact
// then gives 1), ErrTooMany for FisherExact of more than 2⁵⁰, and ErrMethod
// for other methods.
func ProportionTest(x1, n1, x2, n2 int64, m Method) (Test, error) {
	a, b, err := twoShares(x1, n1, x2, n2)
	if err != nil {
		return Test{}, err
	}
	m = m.or(PooledZ)
	switch m {
	case PooledZ, Yates:
		total := a.n + b.n
		se := math.Sqrt((a.x + b.x) / total * ((a.y + b.y) / total) * (1/a.n + 1/b.n))
		if se == 0 {
			return Test{}, fmt.Errorf("%w: %d of %d and %d of %d", ErrNoVariation, x1, n1, x2, n2)
		}
		d := a.p() - b.p()
		if m == Yates {
			d = math.Copysign(math.Max(0, math.Abs(d)-(1/a.n+1/b.n)/2), d)
		}
		return normalTest(m, d/se), nil
	case FisherExact:
		if n1 > maxTableTotal-min(n2, maxTableTotal) {
			return Test{}, fmt.Errorf("%w: %d and %d for an exact test", ErrTooMany, n1, n2)
		}
		return Test{Method: m, P: hypergeometric{x1 + x2, n1, n1 + n2}.twoSided(x1)}, nil
	}
	return Test{}, m.notOffered("a test of two proportions")
}

// CohenH returns the effect size 2·asin√p1 − 2·asin√p2 of the shares x1 of n1
// and x2 of n2, from −π to π; 0.2, 0.5 and 0.8 are called small, medium and
// large (Cohen 1988, Statistical Power Analysis, chapter 6). It returns
// ErrCount and ErrNoData as ProportionTest does.
func CohenH(x1, n1, x2, n2 int64) (float64, error) {
	a, b, err := twoShares(x1, n1, x2, n2)
	if err != nil {
		return 0, err
	}
	angle := func(s share) float64 { return 2 * math.Atan2(math.Sqrt(s.x), math.Sqrt(s.y)) }
	return angle(a) - angle(b), nil
}
