package stat

import "math"

// ProportionDifference returns the share x1 of n1 minus the share x2 of n2,
// with its interval clipped to −1…1. The interval of a difference is not the
// difference of two intervals: shares whose own intervals overlap may still be
// distinguishable. With
// p = x/n on either side, d = p1 − p2 and z the normal quantile of (1+level)/2:
//
//	Newcombe (default)  d − √((p1−l1)² + (u2−p2)²) to d + √((u1−p1)² + (p2−l2)²),
//	                    l and u being the ends of the Wilson intervals
//	MiettinenNurminen   the δ with (d−δ)² = z²·V(δ)·N/(N−1), V being the variance
//	                    at the shares that are most likely if they differ by δ
//	AgrestiCaffo        Wald with (x+1)/(n+2) for each share
//	Wald                d ± z·√(p1q1/n1 + p2q2/n2)
//	Yates               Wald, widened by (1/n1 + 1/n2)/2 or by |d| if that is less
//
// (Newcombe 1998, Statistics in Medicine 17:873, method 10; Miettinen &
// Nurminen 1985, Statistics in Medicine 4:213; Agresti & Caffo 2000, The
// American Statistician 54:280.) The estimate is d for all methods. Exchanging
// the two sides mirrors the interval about 0.
//
// It returns ErrCount for impossible counts, ErrNoData if n1 or n2 is 0,
// ErrLevel unless 0 < level < 1, and ErrMethod for other methods.
func ProportionDifference(x1, n1, x2, n2 int64, level float64, m Method) (Interval, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	a, b, err := twoShares(x1, n1, x2, n2)
	if err != nil {
		return Interval{}, err
	}
	z := normalUpperQuantile(alpha / 2)
	m = m.or(Newcombe)
	d := a.p() - b.p()
	var low, high float64
	switch m {
	case Newcombe:
		l1, u1 := wilson(a.x, a.y, a.n, z)
		l2, u2 := wilson(b.x, b.y, b.n, z)
		low = d - math.Hypot(a.p()-l1, u2-b.p())
		high = d + math.Hypot(u1-a.p(), b.p()-l2)
	case MiettinenNurminen:
		low, high = -miettinenNurminenHigh(b, a, z), miettinenNurminenHigh(a, b, z)
	case AgrestiCaffo:
		a, b := share{a.x + 1, a.y + 1, a.n + 2}, share{b.x + 1, b.y + 1, b.n + 2}
		half := z * math.Sqrt(a.variance()+b.variance())
		low, high = a.p()-b.p()-half, a.p()-b.p()+half
	case Wald, Yates:
		half := z * math.Sqrt(a.variance()+b.variance())
		if m == Yates {
			half += math.Min((1/a.n+1/b.n)/2, math.Abs(d))
		}
		low, high = d-half, d+half
	default:
		return Interval{}, m.notOffered("a difference of proportions")
	}
	return Interval{Estimate: d, Low: clip(low, -1, 1), High: clip(high, -1, 1), Level: level, Method: m}, nil
}

// share is x of n with y = n − x.
type share struct{ x, y, n float64 }

func (s share) p() float64 { return s.x / s.n }

// variance returns the estimated variance of the share.
func (s share) variance() float64 { return s.x / s.n * (s.y / s.n) / s.n }

func twoShares(x1, n1, x2, n2 int64) (a, b share, err error) {
	if err := checkPart(x1, n1); err != nil {
		return a, b, err
	}
	if err := checkPart(x2, n2); err != nil {
		return a, b, err
	}
	return share{float64(x1), float64(n1 - x1), float64(n1)}, share{float64(x2), float64(n2 - x2), float64(n2)}, nil
}

// miettinenNurminenHigh returns the high end of the score interval of a − b.
func miettinenNurminenHigh(a, b share, z float64) float64 {
	if a.x/a.n+b.x/b.n > 1 {
		// Near 1 a share has lost the digits that matter; its complement has
		// them.
		a, b = share{b.y, b.x, b.n}, share{a.y, a.x, a.n}
	}
	d := a.p() - b.p()
	if d == 1 {
		return 1
	}
	total := a.n + b.n
	scale := z * z * total / (total - 1)
	return bisect(d, 1, func(delta float64) bool {
		p := likeliestShare(a, b, delta)
		q := p - delta
		variance := p*(1-p)/a.n + math.Max(0, q*(1-q))/b.n
		return (d-delta)*(d-delta) <= scale*variance
	})
}

// likeliestShare returns the share of a that is most likely if that of b is
// smaller by delta: where the derivative of the log-likelihood, which falls,
// crosses 0.
func likeliestShare(a, b share, delta float64) float64 {
	slope := func(count, p float64) float64 {
		if count == 0 {
			return 0
		}
		return count / p
	}
	return bisect(math.Max(0, delta), math.Min(1, 1+delta), func(p float64) bool {
		return slope(a.x, p)+slope(b.x, p-delta) >= slope(a.y, 1-p)+slope(b.y, 1-p+delta)
	})
}
