package stat

import (
	"fmt"
	"math"
)

// Chart is a control chart: a series with limits that chance alone rarely
// crosses. A signal says that the process changed and is worth a look; reacting
// to points without one chases noise. The zero value has no points.
//
// Values come in stretches without a gap. No difference is taken over a gap, and
// averages and sums start anew after it; the points of all stretches follow each
// other.
type Chart struct {
	Center float64 `json:"center"`
	// Sigma is the standard deviation from one value to the next: in the unit of
	// the values, or for LaneyP as a multiple of what counting alone explains.
	Sigma float64 `json:"sigma"`
	// RangeLimit is what chance rarely moves a value by from one to the next. Only
	// XmR has it.
	RangeLimit float64      `json:"range_limit,omitzero"`
	Points     []ChartPoint `json:"points"`
}

// ChartPoint is one value of a chart with its limits.
type ChartPoint struct {
	Value  float64 `json:"value"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Signal bool    `json:"signal"` // Value is below Low or above High
}

// Signals returns the indices of the points beyond their limits.
func (c Chart) Signals() []int {
	var at []int
	for i, p := range c.Points {
		if p.Signal {
			at = append(at, i)
		}
	}
	return at
}

// String returns the chart in a line for people, such as "12 points about 0.84, 1
// beyond the limits".
func (c Chart) String() string {
	return fmt.Sprintf("%d points about %.4g, %d beyond the limits", len(c.Points), c.Center, len(c.Signals()))
}

func newChartPoint(value, low, high float64) ChartPoint {
	return ChartPoint{value, low, high, value < low || value > high}
}

// movingRangeMean is d₂ for two values, the mean of |a−b| of independent
// standard normal a and b: 2/√π = 1.128….
const movingRangeMean = 2 / 1.772453850905516027298167483341145182

// movingRangeSigma is d₃ for two values, the standard deviation of the same:
// √(2 − 4/π) = 0.8525….
const movingRangeSigma = 0.8525024664274217299837

// sigmaOf returns the standard deviation that follows from the moves between
// values that follow each other, and the mean of these moves.
func sigmaOf[T any](stretches [][]T, value func(T) float64) (sigma, mean float64, err error) {
	var moves []float64
	for _, x := range stretches {
		for i := 1; i < len(x); i++ {
			moves = append(moves, math.Abs(value(x[i])-value(x[i-1])))
		}
	}
	if len(moves) == 0 {
		return 0, 0, fmt.Errorf("%w: no two values follow each other", ErrTooFew)
	}
	mean = average(moves)
	return mean / movingRangeMean, mean, nil
}

// LaneyP returns the p′ chart of shares, such as the satisfied of each week (Laney
// 2002, Quality Engineering 14:531). With p̄ = Σx/Σn, and σ the mean moving range
// of z = (x/n − p̄)/√(p̄q̄/n), over 2/√π, the limits are
//
//	p̄ ± 3σ·√(p̄q̄/n), clipped to 0…1
//
// So they reckon with how many each share counts, and with how much shares vary
// beyond that: with thousands of answers a period, shares vary more than counting
// alone would have them. Sigma is σ.
//
// It returns ErrNoData without shares or for one of nobody (a gap), ErrCount for
// impossible counts, ErrTooFew if no two shares follow each other, and
// ErrNoVariation if all or none succeeded, or so nearly all that p̄ is 1.
func LaneyP(stretches ...[]Ratio) (Chart, error) {
	var pool share
	for _, x := range stretches {
		for i, r := range x {
			if err := checkPart(r.Part, r.Whole); err != nil {
				return Chart{}, fmt.Errorf("%w (period %d)", err, i)
			}
			s := shareOf(r)
			pool.x, pool.y, pool.n = pool.x+s.x, pool.y+s.y, pool.n+s.n
		}
	}
	switch {
	case pool.n == 0:
		return Chart{}, fmt.Errorf("%w: no periods", ErrNoData)
	case pool.x == 0 || pool.p() == 1:
		return Chart{}, fmt.Errorf("%w: %v of %v", ErrNoVariation, pool.x, pool.n)
	}
	c := Chart{Center: pool.p()}
	var err error
	if c.Sigma, _, err = sigmaOf(stretches, func(r Ratio) float64 {
		return (shareOf(r).p() - c.Center) / c.spread(r)
	}); err != nil {
		return Chart{}, err
	}
	for _, x := range stretches {
		for _, r := range x {
			low, high := c.Limits(r)
			c.Points = append(c.Points, newChartPoint(shareOf(r).p(), low, high))
		}
	}
	return c, nil
}

// spread returns the standard error of a share at the center.
func (c Chart) spread(r Ratio) float64 {
	return math.Sqrt(c.Center * (1 - c.Center) / float64(r.Whole))
}

// Limits returns the limits of the chart for a share that it does not hold: that of
// a later period, on the chart of those before. It is for a chart of LaneyP, and
// for a Whole above 0; otherwise the limits are 0 and 1.
func (c Chart) Limits(r Ratio) (low, high float64) {
	if r.Whole <= 0 || !(c.Center >= 0 && c.Center <= 1) || !(c.Sigma >= 0 && c.Sigma <= math.MaxFloat64) {
		return 0, 1
	}
	half := 3 * (c.Sigma * c.spread(r))
	return math.Max(0, c.Center-half), math.Min(1, c.Center+half)
}

// XmR returns the chart of individual values, such as one mean response time a
// week, and of their moving ranges |x[i+1]−x[i]|. With R̄ the mean range and σ =
// R̄·√π/2, the limits are
//
//	x̄ ± 3σ (that is x̄ ± 2.66·R̄), and for ranges R̄ + 3·√(2 − 4/π)·σ (3.267·R̄)
//
// (Shewhart 1931; Wheeler 1993, Understanding Variation). Sigma is σ.
//
// It returns ErrNoData for no values, ErrTooFew if no two follow each other,
// ErrValue for one that is NaN or infinite, and ErrOverflow if a limit is beyond
// float64.
func XmR(stretches ...[]float64) (Chart, error) {
	var all []float64
	for _, x := range stretches {
		all = append(all, x...)
	}
	if len(all) == 0 {
		return Chart{}, fmt.Errorf("%w: no values", ErrNoData)
	}
	if err := checkFinite("x", all); err != nil {
		return Chart{}, err
	}
	sigma, mean, err := sigmaOf(stretches, func(v float64) float64 { return v })
	if err != nil {
		return Chart{}, err
	}
	c := Chart{Center: average(all), Sigma: sigma, RangeLimit: mean + 3*movingRangeSigma*sigma}
	low, high := c.Center-3*sigma, c.Center+3*sigma
	if !isFinite(c.RangeLimit) || !isFinite(low) || !isFinite(high) {
		return Chart{}, fmt.Errorf("%w: control limits", ErrOverflow)
	}
	for _, v := range all {
		c.Points = append(c.Points, newChartPoint(v, low, high))
	}
	return c, nil
}
