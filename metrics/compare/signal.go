package compare

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// Signal is what stands out on a [ControlChart]: what chance alone would rarely do.
// The zero value stands for nothing.
type Signal struct {
	Metric   Metric         `json:"metric"`
	Method   ChartMethod    `json:"method"`
	Rule     SignalRule     `json:"rule"`
	From     metrics.Period `json:"from"`
	To       metrics.Period `json:"to"` // the last one; From if there is one period
	Up       bool           `json:"up"` // whether it is above what was expected, or rose
	Tendency Tendency       `json:"tendency"`
}

// String returns the signal for people:
//
//	2026-W14: above the upper limit (worsening)
//	2026-W20 to 2026-W29: 8 or more in a row below the center (improving)
func (s Signal) String() string {
	text := s.From.String()
	if s.To != s.From {
		text += " to " + s.To.String()
	}
	return fmt.Sprintf("%s: %s (%v)", text, s.words(), s.Tendency)
}

func (s Signal) words() string {
	limit, side, rose := "lower", "below", "fell"
	if s.Up {
		limit, side, rose = "upper", "above", "rose"
	}
	switch {
	case s.Rule == RunOfEight:
		return fmt.Sprintf("%d or more in a row %s the center", runLength, side)
	case s.Rule == LargeJump:
		return rose + " by more than chance mostly does from one to the next"
	case s.Method == Ewma:
		return "weighted average " + side + " the " + limit + " limit"
	case s.Method == Cusum:
		return "sum of deviations " + side + " the " + limit + " limit"
	}
	return side + " the " + limit + " limit"
}

// SignalRule tells why a [Signal] is one. The zero value is BeyondLimit.
type SignalRule uint8

const (
	BeyondLimit SignalRule = iota // points below the lower limit, or above the upper one
	RunOfEight                    // eight points in a row on one side of the center, or more (Western Electric 1956)
	LargeJump                     // a move from the period before beyond the limit of ranges
)

// runLength is how many points in a row on one side are a signal.
const runLength = 8

var signalRuleNames = text.NewEnum[SignalRule](errors.New("compare: no such rule"),
	"beyond_limit", "run_of_eight", "large_jump",
)

// String returns the name of the rule, such as "run_of_eight".
func (r SignalRule) String() string { return signalRuleNames.Name(r) }

// AppendText implements [encoding.TextAppender].
func (r SignalRule) AppendText(b []byte) ([]byte, error) { return signalRuleNames.Append(b, r) }

// MarshalText implements [encoding.TextMarshaler].
func (r SignalRule) MarshalText() ([]byte, error) { return r.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (r *SignalRule) UnmarshalText(text []byte) error { return signalRuleNames.Parse(r, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (r *SignalRule) Scan(src any) error { return signalRuleNames.Scan(r, src) }

// Value implements [driver.Valuer] with the text form.
func (r SignalRule) Value() (driver.Value, error) { return signalRuleNames.Value(r) }

// signal looks for signals; for runs and jumps only if the points are values.
func (c *ControlChart) signal(values bool) {
	c.inRow(BeyondLimit, 1, func(p *ControlPoint) int {
		switch {
		case p.Value > p.High:
			return 1
		case p.Value < p.Low:
			return -1
		}
		return 0
	})
	if values {
		c.inRow(RunOfEight, runLength, func(p *ControlPoint) int { return cmp.Compare(p.Value, c.Center) })
	}
	if c.RangeLimit > 0 {
		for i := 1; i < len(c.Points); i++ {
			before, p := &c.Points[i-1], &c.Points[i]
			if move := p.Value - before.Value; !before.Missing && !p.Missing && math.Abs(move) > c.RangeLimit {
				c.add(LargeJump, i, i, move > 0)
			}
		}
	}
	slices.SortStableFunc(c.Signals, func(a, b Signal) int { return a.From.Compare(b.From) })
}

// inRow adds a signal for each longest row of points on one side, if it is long
// enough. A gap ends a row.
func (c *ControlChart) inRow(rule SignalRule, least int, side func(*ControlPoint) int) {
	from, last := 0, 0
	for i := range len(c.Points) + 1 {
		now := 0
		if i < len(c.Points) && !c.Points[i].Missing {
			now = side(&c.Points[i])
		}
		if now == last {
			continue
		}
		if last != 0 && i-from >= least {
			c.add(rule, from, i-1, last > 0)
		}
		from, last = i, now
	}
}

func (c *ControlChart) add(rule SignalRule, from, to int, up bool) {
	c.Signals = append(c.Signals, Signal{
		Metric: c.Metric, Method: c.Method, Rule: rule,
		From: c.Points[from].Period, To: c.Points[to].Period,
		Up: up, Tendency: tending(up, c.Metric.Direction()),
	})
}
