package stat

import (
	"fmt"
	"math"
)

// Against compares the share with a goal, which is known: by its score, so that the
// interval is Wilson's (1927) less the goal, and the test the z of which that is made,
//
//	z = (p − goal) / √(goal·(1−goal)/n)
//
// population is how many there are of whom r.Whole were asked, 0 if there is no
// limit: for n stands [EffectiveSample], and if all were asked the share is known too.
//
// Special cases are: with a goal of 0 or 1 the P is 0 unless the share is equal to it.
// It returns ErrCount for impossible counts or more than the population, ErrNoData for
// the share of nobody, and ErrValue unless 0 ≤ goal ≤ 1.
func (r Ratio) Against(goal float64, population int64) (Contrast, error) {
	if err := checkPart(r.Part, r.Whole); err != nil {
		return Contrast{}, err
	}
	if !(goal >= 0 && goal <= 1) {
		return Contrast{}, fmt.Errorf("%w: a goal of %v for a share", ErrValue, goal)
	}
	n, err := EffectiveSample(r.Whole, population)
	if err != nil {
		return Contrast{}, err
	}
	p, _ := r.Float64()
	if math.IsInf(n, 1) {
		return known(p - goal)
	}
	test := Test{Method: Wilson, P: 1}
	if d := p - goal; d != 0 {
		if test = normalTest(Wilson, d/math.Sqrt(goal)/math.Sqrt((1-goal)/n)); math.IsInf(test.Statistic, 0) {
			test.Statistic = 0 // no z says it
		}
	}
	return Contrast{test, func(level, alpha float64) (Interval, error) {
		iv, err := proportion(p*n, r.complement()*n, n, level, alpha, Wilson)
		if err != nil {
			return Interval{}, err
		}
		iv.Estimate = p
		return iv.Rescale(1, -goal)
	}}, nil
}

// complement returns the share of the rest, rounded once.
func (r Ratio) complement() float64 {
	q, _ := r.Complement().Float64()
	return q
}

// Against compares the net share with a goal, which is known: by z after ¾, 1½ and ¾
// answers were added, so that the interval is that of [Net.Interval] less the goal.
// population is that of [Ratio.Against].
//
// Special cases are: if what was added puts the net share on the other side of the goal,
// the P is 1. It returns ErrCount for impossible counts or more than the population,
// ErrNoData for the net share of nobody, and ErrValue unless −1 ≤ goal ≤ 1.
func (c Net) Against(goal float64, population int64) (Contrast, error) {
	if err := c.check(); err != nil {
		return Contrast{}, err
	}
	if !(goal >= -1 && goal <= 1) {
		return Contrast{}, fmt.Errorf("%w: a goal of %v for a net share", ErrValue, goal)
	}
	parts := c.parts()
	var err error
	if parts.EffectiveN, err = EffectiveSample(c.N, population); err != nil {
		return Contrast{}, err
	}
	if math.IsInf(parts.EffectiveN, 1) {
		return known(c.value() - goal)
	}
	share, variance, n := parts.moments(true)
	contrast, err := effect{value: c.value() - goal, centre: share - goal, se: math.Sqrt(variance / n)}.contrast(AdjustedWald, math.Inf(1))
	if err != nil {
		return Contrast{}, err
	}
	// As the interval of the net share, the difference is clipped to what can be.
	inner := contrast.interval
	contrast.interval = func(level, alpha float64) (Interval, error) {
		iv, err := inner(level, alpha)
		iv.Low, iv.High = clip(iv.Low, -1-goal, 1-goal), clip(iv.High, -1-goal, 1-goal)
		return iv, err
	}
	return contrast, nil
}

// Against compares the mean with a goal, which is known, by t with N−1 degrees of
// freedom: for the mean of differences between two answers of each person, and a goal of
// 0, that is the paired t test (Student 1908). population is that of [Ratio.Against].
//
// Special cases are: a mean that is equal to the goal has a P of 1 if nothing varies. It
// returns ErrNoData for an empty sample, ErrTooFew for one value unless that is the
// population, ErrNoVariation if nothing varies and the mean is not the goal, ErrCount for
// more values than the population, ErrValue for what no sample can have or a goal that is
// not finite, and ErrOverflow if a result is beyond float64.
func (s Sample) Against(goal float64, population int64) (Contrast, error) {
	if err := s.check(); err != nil {
		return Contrast{}, err
	}
	if !isFinite(goal) {
		return Contrast{}, fmt.Errorf("%w: a goal of %v", ErrValue, goal)
	}
	correction, err := finitePopulation(s.N, population)
	switch d := s.Mean - goal; {
	case err != nil:
		return Contrast{}, err
	case population > 0 && correction == 0:
		return known(d)
	case s.N == 1:
		return Contrast{}, fmt.Errorf("%w: no variance of 1 value", ErrTooFew)
	default:
		return effect{value: d, centre: d, se: s.SE() * correction, df: float64(s.N - 1)}.contrast(StudentT, math.Inf(1))
	}
}

// known is the contrast of a difference that is not an estimate, since all were asked.
func known(d float64) (Contrast, error) {
	if !isFinite(d) {
		return Contrast{}, fmt.Errorf("%w: a difference of %v", ErrOverflow, d)
	}
	test := Test{Method: fullCount, P: 1}
	if d != 0 {
		test.P = 0
	}
	return Contrast{test, func(float64, float64) (Interval, error) { return Interval{Estimate: d, Low: d, High: d}, nil }}, nil
}
