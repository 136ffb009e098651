package compare

import (
	"database/sql/driver"
	"errors"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// ControlChart is a [Timeline] with limits that chance alone rarely crosses. A signal
// says that something changed and is worth a look; reacting to points without one
// chases noise. The numbers are those of [stat.Chart].
//
// A gap ends whatever went on: no difference is taken over it, no run continues
// beyond it, and averages and sums start anew after it. Nothing is drawn in it.
type ControlChart struct {
	Metric Metric      `json:"metric"`
	Method ChartMethod `json:"method"`
	// Limited says that there are limits. There are none, and no signals, if no two
	// periods follow each other, or if all that follow each other are equal.
	Limited bool    `json:"limited"`
	Center  float64 `json:"center"` // mean of the values; for a share, that of all periods together
	// Sigma is the standard deviation from one period to the next: in the unit of
	// the metric, or for a share as a multiple of what counting alone explains.
	Sigma float64 `json:"sigma"`
	// RangeLimit is how far chance rarely moves a value from one period to the next.
	// Only XmR has it.
	RangeLimit float64        `json:"range_limit,omitzero"`
	Points     []ControlPoint `json:"points"`
	Signals    []Signal       `json:"signals,omitzero"` // by their first periods
}

// ControlPoint is a point of a [ControlChart], in the unit of the metric. The numbers
// of a gap are 0, and so are limits if the chart has none.
type ControlPoint struct {
	Period  metrics.Period `json:"period"`
	Missing bool           `json:"missing,omitzero"`
	// Value is the value of the period; for EWMA the average; for CUSUM the larger of
	// the two sums, with a minus if it is the one below.
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
// and for a share Laney's p′ (2002), which takes into account how many each period
// counts and how much shares vary beyond that: with σ of z = (x/n − p̄)/√(p̄q̄/n)
// in the same way,
//
//	p̄ ± 3σ·√(p̄q̄/n), clipped to 0…1
//
// Its signals are points beyond the limits, eight or more points in a row on one
// side of the center (Western Electric 1956), and for XmR jumps beyond the range.
// With fewer than about ten periods the limits are rough. If the lower limit is below
// what the metric can be, nothing is too low.
func (s Timeline) Control() ControlChart {
	if s.Metric.kind() == share {
		return s.laney()
	}
	c := s.xmr()
	c.limit(func(int) (low, high float64) { return c.Center - 3*c.Sigma, c.Center + 3*c.Sigma })
	return c
}

// xmr returns the chart of the values with center, sigma and limit of ranges,
// without limits.
func (s Timeline) xmr() ControlChart {
	c := s.chart(XmR)
	base := s.base()
	if sample, err := stat.Describe(base.Values()); err == nil {
		c.Center = sample.Mean
	}
	values := stretchesOf(base, func(p *Point) float64 { return p.Value.Value })
	if chart, err := stat.XmR(values...); err == nil {
		c.Sigma, c.RangeLimit = chart.Sigma, chart.RangeLimit
	}
	c.Limited = c.Sigma > 0
	return c
}

// chart returns the chart of the values without center, sigma and limits.
func (s Timeline) chart(m ChartMethod) ControlChart {
	c := ControlChart{Metric: s.Metric, Method: m, Points: make([]ControlPoint, len(s.Points))}
	for i, p := range s.Points {
		if c.Points[i] = (ControlPoint{Period: p.Period, Missing: p.Missing}); !p.Missing {
			c.Points[i].Value = p.Value.Value
		}
	}
	return c
}

// laney returns the p′ chart of a share.
func (s Timeline) laney() ControlChart {
	c := s.chart(LaneyP)
	ratios := stretchesOf(s.base(), func(p *Point) stat.Ratio { return p.Ratio })
	var pool stat.Ratio
	for _, r := range slices.Concat(ratios...) {
		pool = pool.Pool(r)
	}
	c.Center, _ = pool.Float64()
	chart, err := stat.LaneyP(ratios...)
	if err != nil {
		return c
	}
	if !pool.Defined() { // the sum leaves an int64
		c.Center = chart.Center
	}
	c.Sigma = chart.Sigma
	c.Limited = c.Sigma > 0
	c.limit(func(i int) (low, high float64) { return chart.Limits(s.Points[i].Ratio) })
	return c
}

// limit draws the limits of a chart that has any, and looks for signals.
func (c *ControlChart) limit(at func(i int) (low, high float64)) {
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
// last. Each value has a weight of 0.2, and the limits are 3 standard deviations
// of the average away; see [stat.EWMA]. Its signals are averages beyond the
// limits.
func (s Timeline) EWMA() ControlChart {
	c := s.xmr()
	c.Method, c.RangeLimit = Ewma, 0
	return c.perStretch(s, func(values []float64) (stat.Chart, error) {
		return stat.EWMA(values, c.Center, c.Sigma, 0.2, 3)
	})
}

// CUSUM returns the chart of the cumulative sums of how far values run above the
// center, and below it (Page 1954), with the center and σ of XmR, a slack of σ/2
// and limits at 5σ, which suits a lasting change by one σ; see
// [stat.CUSUM]. Its signals are sums beyond the limits, for as long as the sum stays
// there.
func (s Timeline) CUSUM() ControlChart {
	c := s.xmr()
	c.Method, c.RangeLimit = Cusum, 0
	return c.perStretch(s, func(values []float64) (stat.Chart, error) {
		return stat.CUSUM(values, c.Center, c.Sigma, 0.5, 5)
	})
}

// perStretch lets a function draw what is between gaps, and looks for signals.
func (c ControlChart) perStretch(s Timeline, draw func([]float64) (stat.Chart, error)) ControlChart {
	if !c.Limited {
		return c
	}
	for from, to := range s.stretches() {
		var values []float64
		for _, p := range c.Points[from:to] {
			values = append(values, p.Value)
		}
		// Values are finite and sigma is above 0.
		chart, err := draw(values)
		if err != nil {
			c.Limited = false
			return c
		}
		for i, p := range chart.Points {
			point := &c.Points[from+i]
			point.Value, point.Low, point.High = p.Value, p.Low, p.High
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
