package survey

import (
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
)

// net holds the counts of a net share, as float64 because intervals add parts of
// answers to them.
type net struct {
	positive, negative, n float64
}

func (x Index) net() net {
	p, q := x.Positive(), x.Negative()
	return net{float64(p.Part), float64(q.Part), float64(p.Whole)}
}

func (c net) score() float64 { return (c.positive - c.negative) / c.n }

// adjusted adds the pseudo-answers of Rocks (2016): ¾, 1½, ¾.
func (c net) adjusted() net { return net{c.positive + 0.75, c.negative + 0.75, c.n + 3} }

// variance returns the variance of the score: that of one answer, coded −1, 0, 1,
// over n.
func (c net) variance() float64 {
	s := c.score()
	return math.Max(0, (c.positive+c.negative)/c.n-s*s) / c.n
}

// netInterval returns the interval of a net share.
func netInterval(c net, level float64, m stat.Method) (stat.Interval, error) {
	q, err := normalQuantile(level)
	if err != nil {
		return stat.Interval{}, err
	}
	if m == stat.DefaultMethod {
		m = stat.AdjustedWald
	}
	iv := stat.Interval{Estimate: c.score(), Level: level, Method: m}
	switch m {
	case stat.AdjustedWald:
		iv.Low, iv.High = c.adjusted().wald(q)
	case stat.Wald:
		iv.Low, iv.High = c.wald(q)
	case stat.Tango:
		iv.Low, iv.High = -1, 1
		if c.negative < c.n {
			iv.Low = c.tango(q)
		}
		if c.positive < c.n {
			iv.High = -net{c.negative, c.positive, c.n}.tango(q)
		}
	default:
		return stat.Interval{}, fmt.Errorf("%w: %v for a net share", stat.ErrMethod, m)
	}
	iv.Low, iv.High = max(iv.Low, -1), min(iv.High, 1)
	return iv, nil
}

func (c net) wald(z float64) (low, high float64) {
	half := z * math.Sqrt(c.variance())
	return c.score() - half, c.score() + half
}

// tango returns the low end of the score interval: the net share, below the one
// observed, at which the score statistic is z. It decreases from there upward, so
// that bisection finds the end to the last digit.
func (c net) tango(z float64) float64 {
	low, high := -1.0, c.score()
	for {
		mid := low + (high-low)/2
		if mid <= low || mid >= high {
			return mid
		}
		if c.scoreStatistic(mid) > z {
			low = mid
		} else {
			high = mid
		}
	}
}

// scoreStatistic returns Tango's statistic for the hypothesis that the net share
// is s, −1 < s < 1: the observed one minus s over its standard error, where the
// share of negative answers is the most likely one given s.
func (c net) scoreStatistic(s float64) float64 {
	a := 2 * c.n
	b := (2*c.n-c.positive+c.negative)*s - c.positive - c.negative
	e := -c.negative * s * (1 - s)
	root := math.Sqrt(math.Max(0, b*b-4*a*e))
	var q float64 // the greater root of a·q² + b·q + e, without cancellation
	if b <= 0 {
		q = (root - b) / (2 * a)
	} else {
		q = -2 * e / (root + b)
	}
	variance := c.n * (2*q + s*(1-s))
	if variance <= 0 {
		return math.Copysign(math.Inf(1), c.score()-s)
	}
	return (c.positive - c.negative - c.n*s) / math.Sqrt(variance)
}
