package compare

import (
	"database/sql/driver"
	"errors"
	"math"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Chart is a control chart of a [Series]: its points, with limits that chance
// alone rarely crosses. A signal says that something changed and is worth a
// look; reacting to points without one chases noise.
//
// A gap ends whatever went on: no difference is taken over it, no run goes on
// beyond it, and averages and sums start anew after it. Nothing is drawn in it.
type Chart struct {
	Index  Index       `json:"index"`
	Method ChartMethod `json:"method"`
	// Limited says that there are limits. There are none, and no signals, if no
	// two periods follow each other, or no two that do differ.
	Limited bool    `json:"limited"`
	Center  float64 `json:"center"` // mean of the values; of a share, the share of all that it counts
	// Sigma is how much values vary from one period to the next, as a standard
	// deviation: in the unit of the index; of a share, as a multiple of what
	// counting alone explains.
	Sigma float64 `json:"sigma"`
	// RangeLimit is above what chance moves a value from one period to the next.
	// Only XmR has it.
	RangeLimit float64      `json:"range_limit,omitzero"`
	Points     []ChartPoint `json:"points"`
	Signals    []Signal     `json:"signals,omitzero"` // by their first periods
}

// ChartPoint is a point of a [Chart], in the unit of the index. That of a gap,
// and the limits of a chart that has none, are 0.
type ChartPoint struct {
	Period  metrics.Period `json:"period"`
	Missing bool           `json:"missing,omitzero"`
	// Value is that of the period; of EWMA the average; of CUSUM the larger of the
	// two sums, that of what is below with a minus.
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Control returns the chart that shows single large changes, and runs. It is
// XmR (Shewhart 1931; Wheeler 1993), with the mean range R̄ between periods that
// follow each other,
//
//	x̄ ± 3σ, σ = R̄·√π/2; ranges up to R̄ + 3·√(2 − 4/π)·σ
//
// and for a share Laney's p′ (2002), which reckons with how many each period
// counts and how much shares vary beyond that: with σ of z = (x/n − p̄)/√(p̄q̄/n)
// in the same way,
//
//	p̄ ± 3σ·√(p̄q̄/n), clipped to 0…1
//
// Its signals are points beyond the limits, eight or more points in a row on one
// side of the center (Western Electric 1956), and for XmR jumps beyond the range.
// With fewer than some ten periods the limits are rough. A lower limit below what
// the index can be says that nothing is too low.
func (s Series) Control() Chart {
	if s.Index.Kind() == Share {
		return s.laney()
	}
	c := s.xmr()
	c.RangeLimit = c.Sigma*meanRange + 3*math.Sqrt(2-4/math.Pi)*c.Sigma
	c.limit(func(int) (low, high float64) { return c.Center - 3*c.Sigma, c.Center + 3*c.Sigma })
	return c
}

// meanRange is the mean of |a − b| of independent standard normal a and b.
const meanRange = 2 / math.SqrtPi

// xmr returns the chart of the values with center and sigma, without limits.
func (s Series) xmr() Chart {
	c := s.chart(XmR)
	base := s.base()
	if sample, err := stat.Describe(base.Values()); err == nil {
		c.Center = sample.Mean
	}
	c.Sigma = base.sigma(func(p *Point) float64 { return p.Value.Value })
	c.Limited = c.Sigma > 0
	return c
}

// chart returns the chart of the values without center, sigma and limits.
func (s Series) chart(m ChartMethod) Chart {
	c := Chart{Index: s.Index, Method: m, Points: make([]ChartPoint, len(s.Points))}
	for i, p := range s.Points {
		c.Points[i] = ChartPoint{Period: p.Period, Missing: p.Missing, Value: p.Value.Value}
	}
	return c
}

// sigma returns the standard deviation that follows from the moves of a number
// between points that follow each other, and 0 if there are none.
func (s Series) sigma(of func(*Point) float64) float64 {
	var moves []float64
	for from, to := range s.stretches() {
		for i := from + 1; i < to; i++ {
			moves = append(moves, math.Abs(of(&s.Points[i])-of(&s.Points[i-1])))
		}
	}
	sample, err := stat.Describe(moves)
	if err != nil {
		return 0
	}
	return sample.Mean / meanRange
}

// laney returns the p′ chart of a share.
func (s Series) laney() Chart {
	c := s.chart(LaneyP)
	base := s.base()
	var pool stat.Ratio
	for _, p := range base.Points {
		pool = pool.Pool(p.Ratio)
	}
	c.Center, _ = pool.Float64()
	spread := func(p *Point) float64 { return math.Sqrt(c.Center * (1 - c.Center) / float64(p.Ratio.Whole)) }
	if pool.Part > 0 && pool.Part < pool.Whole {
		c.Sigma = base.sigma(func(p *Point) float64 { return (p.Value.Value - c.Center) / spread(p) })
	}
	c.Limited = c.Sigma > 0
	c.limit(func(i int) (low, high float64) {
		half := 3 * c.Sigma * spread(&s.Points[i])
		return math.Max(0, c.Center-half), math.Min(1, c.Center+half)
	})
	return c
}

// limit draws the limits of a chart that has any, and looks for signals.
func (c *Chart) limit(at func(i int) (low, high float64)) {
	if !c.Limited {
		return
	}
	for i := range c.Points {
		if p := &c.Points[i]; !p.Missing {
			p.Low, p.High = at(i)
		}
	}
	c.signal(true)
}

// EWMA returns the chart of the exponentially weighted moving average (Roberts
// 1959) about the center and with the σ of XmR, which shows small changes that
// last: each value has a weight of 0.2, and the limits are 3 standard deviations
// of the average away; see [stat.EWMA]. Its signals are averages beyond the
// limits.
func (s Series) EWMA() Chart {
	c := s.xmr()
	c.Method = Ewma
	return c.perStretch(s, func(values []float64, points []ChartPoint) error {
		chart, err := stat.EWMA(values, c.Center, c.Sigma, 0.2, 3)
		for i, p := range chart.Points {
			points[i].Value, points[i].Low, points[i].High = p.Value, p.Low, p.High
		}
		return err
	})
}

// CUSUM returns the chart of the cumulative sums of how far values run above the
// center, and below it (Page 1954), with the center and σ of XmR, a slack of σ/2
// and limits at 5σ, which suits a lasting change by one σ; see
// [stat.CUSUM]. Its signals are sums beyond the limits; they go on while the sum
// does not come back.
func (s Series) CUSUM() Chart {
	c := s.xmr()
	c.Method = Cusum
	return c.perStretch(s, func(values []float64, points []ChartPoint) error {
		chart, err := stat.CUSUM(values, c.Center, c.Sigma, 0.5, 5)
		for i, p := range chart.Points {
			points[i].Low, points[i].High = -chart.Threshold, chart.Threshold
			if points[i].Value = p.Above; p.Below > p.Above {
				points[i].Value = -p.Below
			}
		}
		return err
	})
}

// perStretch lets a function draw what is between gaps, and looks for signals.
func (c Chart) perStretch(s Series, draw func([]float64, []ChartPoint) error) Chart {
	if !c.Limited {
		return c
	}
	for from, to := range s.stretches() {
		var values []float64
		for _, p := range c.Points[from:to] {
			values = append(values, p.Value)
		}
		// Values are finite and sigma is above 0.
		if err := draw(values, c.Points[from:to]); err != nil {
			c.Limited = false
			return c
		}
	}
	c.signal(false)
	return c
}

// ChartMethod names a control chart. The zero value is XmR.
type ChartMethod uint8

const (
	XmR    ChartMethod = iota // individual values and moving ranges
	LaneyP                    // p′, of shares
	Ewma                      // exponentially weighted moving average
	Cusum                     // cumulative sums
)

var chartMethodNames = text.NewEnum[ChartMethod](errors.New("compare: no such chart"),
	"xmr", "laney_p", "ewma", "cusum",
)

var chartMethodLabels = text.NewEnum[ChartMethod](nil, "XmR", "Laney p′", "EWMA", "CUSUM")

// String returns the method for people, such as "Laney p′".
func (m ChartMethod) String() string { return chartMethodLabels.Name(m) }

// AppendText implements [encoding.TextAppender], such as "laney_p".
func (m ChartMethod) AppendText(b []byte) ([]byte, error) { return chartMethodNames.Append(b, m) }

// MarshalText implements [encoding.TextMarshaler].
func (m ChartMethod) MarshalText() ([]byte, error) { return m.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (m *ChartMethod) UnmarshalText(text []byte) error { return chartMethodNames.Parse(m, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (m *ChartMethod) Scan(src any) error { return chartMethodNames.Scan(m, src) }

// Value implements [driver.Valuer] with the text form.
func (m ChartMethod) Value() (driver.Value, error) { return chartMethodNames.Value(m) }
