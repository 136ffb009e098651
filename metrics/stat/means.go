package stat

import (
	"fmt"
	"math"
)

// MeanDifference returns the mean of a minus the mean of b with its t interval
// and the two-sided t test of no difference. With V = Variance/N on either
// side:
//
//	Welch (default)  SE = √(Va + Vb), degrees of freedom
//	                 (Va+Vb)² / (Va²/(Na−1) + Vb²/(Nb−1))   (Welch 1947)
//	PooledT          SE = √(s²(1/Na + 1/Nb)) of one common variance s², Na+Nb−2
//	                 degrees of freedom   (Student 1908)
//
// It returns ErrNoData for an empty sample, ErrTooFew for one of a single
// value, ErrNoVariation if neither varies, ErrLevel unless 0 < level < 1,
// ErrOverflow if a result is beyond float64, and ErrMethod for other methods.
func MeanDifference(a, b Sample, level float64, m Method) (Comparison, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Comparison{}, err
	}
	for _, s := range []Sample{a, b} {
		if err := s.check(); err != nil {
			return Comparison{}, err
		}
		if s.N < 2 {
			return Comparison{}, fmt.Errorf("%w: no variance of 1 value", ErrTooFew)
		}
	}
	if a.Variance == 0 && b.Variance == 0 {
		return Comparison{}, fmt.Errorf("%w: all values alike on both sides", ErrNoVariation)
	}
	na, nb := float64(a.N), float64(b.N)
	m = m.or(Welch)
	var se, df float64
	switch m {
	case Welch:
		// Shares of the squared error keep the degrees of freedom in range.
		va, vb := a.Variance/na, b.Variance/nb
		se = math.Hypot(a.SE(), b.SE())
		wa, wb := va/(va+vb), vb/(va+vb)
		df = 1 / (wa*wa/(na-1) + wb*wb/(nb-1))
	case PooledT:
		df = na + nb - 2
		se = math.Sqrt((a.Variance*(na-1)/df + b.Variance*(nb-1)/df) * (1/na + 1/nb))
	default:
		return Comparison{}, m.notOffered("a difference of means")
	}
	d := a.Mean - b.Mean
	t := d / se
	if !isFinite(t) || !(df > 0) {
		return Comparison{}, fmt.Errorf("%w: difference %v, standard error %v", ErrOverflow, d, se)
	}
	iv, err := around(d, se, studentUpperQuantile(alpha/2, df), level, m)
	if err != nil {
		return Comparison{}, err
	}
	return Comparison{iv, studentTest(m, t, df)}, nil
}
