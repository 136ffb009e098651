package stat

import (
	"fmt"
	"math"
)

// Chart is a control chart: a series with limits that chance alone rarely
// crosses. A signal says that the process changed and is worth a look;
// reacting to points without one chases noise.
type Chart struct {
	Center float64      `json:"center"`
	Sigma  float64      `json:"sigma"` // see the function that made the chart
	Points []ChartPoint `json:"points"`
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

func newChartPoint(value, low, high float64) ChartPoint {
	return ChartPoint{value, low, high, value < low || value > high}
}

// movingRangeMean is d₂ for two values, the mean of |a−b| of independent
// standard normal a and b: 2/√π = 1.128….
const movingRangeMean = 2 / 1.772453850905516027298167483341145182

// movingRangeSigma is d₃ for two values, the standard deviation of the same:
// √(2 − 4/π) = 0.8525….
const movingRangeSigma = 0.8525024664274217299837

// PChart returns the chart of the shares x[i] of n[i], such as the satisfied
// of each week, with limits
//
//	p̄ ± width·√(p̄q̄/n), p̄ = Σx/Σn
//
// clipped to 0…1 (Shewhart 1931). The usual width is 3. Sigma is 1. With
// thousands of answers a period, shares vary more than counting alone would
// have them, and most points signal: use LaneyPChart.
//
// It returns ErrLength if x and n differ in length, ErrNoData for no periods
// or one with n = 0 (leave such periods out), ErrCount for impossible counts,
// and ErrValue unless width is finite and above 0.
func PChart(x, n []int64, width float64) (Chart, error) {
	p, err := pooledShare(x, n, width)
	if err != nil {
		return Chart{}, err
	}
	return shareChart(x, n, p, 1, width), nil
}

// LaneyPChart is PChart with limits widened, or narrowed, by how much the
// shares vary beyond what counting explains (Laney 2002, Quality Engineering
// 14:531): Sigma is the mean moving range of z = (x/n − p̄)/√(p̄q̄/n), over
// 2/√π, and the limits are
//
//	p̄ ± width·Sigma·√(p̄q̄/n)
//
// It returns the errors of PChart, ErrTooFew for a single period, and
// ErrNoVariation if all or none succeeded.
func LaneyPChart(x, n []int64, width float64) (Chart, error) {
	p, err := pooledShare(x, n, width)
	if err != nil {
		return Chart{}, err
	}
	if len(x) < 2 {
		return Chart{}, fmt.Errorf("%w: 1 period", ErrTooFew)
	}
	if p.x == 0 || p.y == 0 {
		return Chart{}, fmt.Errorf("%w: %v of %v", ErrNoVariation, p.x, p.n)
	}
	var ranges, previous float64
	for i := range x {
		z := (float64(x[i])/float64(n[i]) - p.p()) / math.Sqrt(p.p()*(p.y/p.n)/float64(n[i]))
		if i > 0 {
			ranges += math.Abs(z - previous)
		}
		previous = z
	}
	return shareChart(x, n, p, ranges/float64(len(x)-1)/movingRangeMean, width), nil
}

func pooledShare(x, n []int64, width float64) (share, error) {
	if err := checkPositive("width", width); err != nil {
		return share{}, err
	}
	if len(x) != len(n) {
		return share{}, fmt.Errorf("%w: %d parts, %d wholes", ErrLength, len(x), len(n))
	}
	if len(x) == 0 {
		return share{}, fmt.Errorf("%w: no periods", ErrNoData)
	}
	var p share
	for i := range x {
		if err := checkPart(x[i], n[i]); err != nil {
			return share{}, fmt.Errorf("%w (period %d)", err, i)
		}
		p.x += float64(x[i])
		p.y += float64(n[i] - x[i])
	}
	p.n = p.x + p.y
	return p, nil
}

func shareChart(x, n []int64, p share, sigma, width float64) Chart {
	c := Chart{Center: p.p(), Sigma: sigma, Points: make([]ChartPoint, len(x))}
	for i := range x {
		half := width * sigma * math.Sqrt(p.p()*(p.y/p.n)/float64(n[i]))
		c.Points[i] = newChartPoint(float64(x[i])/float64(n[i]), math.Max(0, c.Center-half), math.Min(1, c.Center+half))
	}
	return c
}

// XmR returns the chart of individual values, such as one mean response time a
// week, and that of their moving ranges |x[i+1]−x[i]|, which has one point
// less. With R̄ the mean range and σ = R̄·√π/2, the limits are
//
//	x̄ ± 3σ (that is x̄ ± 2.66·R̄), and 0 to R̄ + 3·√(2 − 4/π)·σ (3.267·R̄)
//
// (Shewhart 1931; Wheeler 1993, Understanding Variation). Sigma is σ for both.
//
// It returns ErrNoData for no values, ErrTooFew for one, ErrValue for one that
// is NaN or infinite, and ErrOverflow if a limit is beyond float64.
func XmR(x []float64) (values, ranges Chart, err error) {
	s, err := Describe(x)
	if err != nil {
		return Chart{}, Chart{}, err
	}
	if len(x) < 2 {
		return Chart{}, Chart{}, fmt.Errorf("%w: no range of 1 value", ErrTooFew)
	}
	moves := make([]float64, len(x)-1)
	for i := range moves {
		moves[i] = math.Abs(x[i+1] - x[i])
	}
	m, err := Describe(moves)
	if err != nil {
		return Chart{}, Chart{}, fmt.Errorf("%w: moving ranges", ErrOverflow)
	}
	sigma := m.Mean / movingRangeMean
	values = Chart{Center: s.Mean, Sigma: sigma}
	for _, v := range x {
		values.Points = append(values.Points, newChartPoint(v, s.Mean-3*sigma, s.Mean+3*sigma))
	}
	ranges = Chart{Center: m.Mean, Sigma: sigma}
	high := m.Mean + 3*movingRangeSigma*sigma
	for _, v := range moves {
		ranges.Points = append(ranges.Points, newChartPoint(v, 0, high))
	}
	if !isFinite(high) || !isFinite(s.Mean-3*sigma) || !isFinite(s.Mean+3*sigma) {
		return Chart{}, Chart{}, fmt.Errorf("%w: control limits", ErrOverflow)
	}
	return values, ranges, nil
}
