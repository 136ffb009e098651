package stat

import (
	"fmt"
	"math"
)

// CompareShares compares the share a with the share b by their score: the
// interval of Miettinen and Nurminen (1985, Statistics in Medicine 4:213), from
// −1 to 1, and the test whose z it is made of. With p = x/n on either side, d =
// p1 − p2 and N = n1 + n2, the ends are the δ with
//
//	(d−δ)² = z²·V(δ)·N/(N−1)
//
// V being the variance at the shares that are most likely if they differ by δ.
// At δ = 0 that is the pooled z with N−1 for N (Campbell 2007, Statistics in
// Medicine 26:3661). Shares whose own intervals overlap may still be
// distinguishable.
//
// Special cases are: nobody or everybody on both sides has a P of 1. It returns
// ErrCount for impossible counts and ErrNoData if either share is of nobody.
func CompareShares(a, b Ratio) (Contrast, error) {
	for _, r := range []Ratio{a, b} {
		if err := checkPart(r.Part, r.Whole); err != nil {
			return Contrast{}, err
		}
	}
	first, second := shareOf(a), shareOf(b)
	total := first.n + second.n
	d := first.p() - second.p()
	test := Test{Method: miettinenNurminen, P: 1}
	se := math.Sqrt((first.x + second.x) / total * ((first.y + second.y) / total) * (1/first.n + 1/second.n))
	if se > 0 {
		test = normalTest(miettinenNurminen, d/se*math.Sqrt((total-1)/total))
	}
	return Contrast{test, func(_, alpha float64) (Interval, error) {
		z := normalUpperQuantile(alpha / 2)
		return Interval{
			Estimate: d, Low: -miettinenNurminenHigh(second, first, z), High: miettinenNurminenHigh(first, second, z),
		}, nil
	}}, nil
}

// CompareNets compares the net share a with the net share b, by z after ¾, 1½
// and ¾ answers were added on either side (Rocks 2016, The American Statistician
// 70:365). The estimate is the raw difference, the interval lies within −2…2.
//
// Special cases are: what was added moves the smaller side more. If it puts the
// difference on the other side of 0 than the raw one, the P is 1. It returns
// ErrCount for impossible counts and ErrNoData if either is of nobody.
func CompareNets(a, b Net) (Contrast, error) {
	for _, c := range []Net{a, b} {
		if err := c.check(); err != nil {
			return Contrast{}, err
		}
	}
	first, second := a.parts(), b.parts()
	shareA, varianceA, nA := first.moments(true)
	shareB, varianceB, nB := second.moments(true)
	return effect{
		value: a.value() - b.value(), centre: shareA - shareB, se: math.Sqrt(varianceA/nA + varianceB/nB),
	}.contrast(AdjustedWald, 2)
}

// CompareMeans compares the mean of a with the mean of b by t, with unequal
// variances (Welch 1947). With V = Variance/N on either side:
//
//	SE = √(Va + Vb), degrees of freedom (Va+Vb)² / (Va²/(Na−1) + Vb²/(Nb−1))
//
// Special cases are: equal means of values that do not vary have a P of 1. It
// returns ErrNoData for an empty sample, ErrTooFew for one of a single value,
// ErrNoVariation if the means differ and nothing varies, ErrValue for a negative
// variance, and ErrOverflow if a result is beyond float64.
func CompareMeans(a, b Sample) (Contrast, error) {
	for _, s := range []Sample{a, b} {
		if err := s.check(); err != nil {
			return Contrast{}, err
		}
		if s.N < 2 {
			return Contrast{}, fmt.Errorf("%w: no variance of 1 value", ErrTooFew)
		}
	}
	d := a.Mean - b.Mean
	e := effect{value: d, centre: d, se: math.Hypot(a.SE(), b.SE())}
	if e.se > 0 {
		// Shares of the squared error keep the degrees of freedom in range.
		wa, wb := a.SE()/e.se, b.SE()/e.se
		e.df = 1 / (wa*wa*wa*wa/float64(a.N-1) + wb*wb*wb*wb/float64(b.N-1))
	}
	return e.contrast(Welch, math.Inf(1))
}

// CompareMedians compares the median of a with the median of b by z,
//
//	SE = √(SEa² + SEb²)
//
// (Price & Bonett 2002, Journal of Statistical Computation and Simulation
// 72:119; Bonett & Price 2002, Psychological Methods 7:370). It assumes no
// distribution, nor that the two have one shape; values should tie rarely. For
// response times it says what the difference of means says, without a few old
// tickets deciding it.
//
// Special cases are: equal medians without any spread about them have a P of 1.
// It returns ErrNoData for an empty sample, ErrTooFew for one of a single value,
// ErrNoVariation if the medians differ and there is no spread about either,
// ErrCount or ErrValue for what no sample can have, and ErrOverflow if a result
// is beyond float64.
func CompareMedians(a, b MedianSample) (Contrast, error) {
	for _, s := range []MedianSample{a, b} {
		if err := s.check(); err != nil {
			return Contrast{}, err
		}
	}
	d := a.Median - b.Median
	return effect{value: d, centre: d, se: math.Hypot(a.SE(), b.SE())}.contrast(PriceBonett, math.Inf(1))
}

// CompareRates compares the rate of a events in aTime with that of b events in
// bTime, by their ratio less 1: 0.25 if the first is a quarter higher. Given the
// sum of both, a is binomial (Przyborowski & Wilenski 1940, Biometrika 31:313):
// the interval follows from Clopper and Pearson's, and the P is twice the smaller
// of the two tails from which that is made, at most 1. There is no statistic. The
// times need only be in one unit.
//
// Special cases are: the low end is exactly −1 if a is 0. It returns ErrCount
// for a negative count or a sum beyond int64, ErrValue unless both times are
// finite and above 0, ErrNoData if there are no events at all, ErrNoVariation if
// b is 0, since the ratio then has no upper bound, and ErrOverflow if a result
// is beyond float64.
func CompareRates(a int64, aTime float64, b int64, bTime float64) (Contrast, error) {
	if _, err := rateRatio(a, aTime, b, bTime, 0.95, 0.05); err != nil {
		return Contrast{}, err
	}
	share := unitPointOfOdds(aTime/bTime, math.Log(aTime)-math.Log(bTime))
	x, y := float64(a), float64(b)
	tail := newIncompleteBeta(x+1, y).swap().cdf(share.mirror()) // P(X ≤ a)
	if a > 0 {
		tail = math.Min(tail, newIncompleteBeta(x, y+1).cdf(share)) // P(X ≥ a)
	}
	return Contrast{Test{Method: exactConditional, P: math.Min(1, 2*tail)}, func(level, alpha float64) (Interval, error) {
		ratio, err := rateRatio(a, aTime, b, bTime, level, alpha)
		if err != nil {
			return Interval{}, err
		}
		return ratio.Rescale(1, -1)
	}}, nil
}
