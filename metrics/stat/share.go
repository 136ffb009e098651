package stat

import "math"

// share is x of n with y = n − x.
type share struct{ x, y, n float64 }

func (s share) p() float64 { return s.x / s.n }

func shareOf(r Ratio) share {
	return share{float64(r.Part), float64(r.Whole - r.Part), float64(r.Whole)}
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
