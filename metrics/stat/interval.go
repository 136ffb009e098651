package stat

import (
	"fmt"
	"math"
	"strconv"
)

// Interval is an estimate with its confidence interval. Estimate, Low and High
// are in the unit of what is estimated (a proportion is a share from 0 to 1,
// not a percentage) and finite; Low ≤ Estimate ≤ High. The estimate is the raw
// one. Where a method centres its interval elsewhere and so misses the estimate,
// as adjusted Wald does for a net share of one answer, the interval is extended
// to it.
//
// The zero value stands for no interval: its level is 0, which no call returns.
type Interval struct {
	Estimate float64 `json:"estimate"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Level    float64 `json:"level"`  // confidence level, above 0 and below 1
	Method   Method  `json:"method"` // how the interval was computed
}

// Contains reports whether Low ≤ v ≤ High. A difference whose interval
// contains 0 is not distinguishable from no difference at that level.
func (i Interval) Contains(v float64) bool { return i.Low <= v && v <= i.High }

// Width returns High − Low, which is +Inf if it is beyond float64.
func (i Interval) Width() float64 { return i.High - i.Low }

// Rescale returns the interval of factor·v + offset: Rescale(100, 0) turns a
// share into percent, Rescale(-1, 1) a satisfied share into the dissatisfied
// one. A negative factor swaps the ends. It returns ErrValue if factor or
// offset is not finite and ErrOverflow if a result is not.
func (i Interval) Rescale(factor, offset float64) (Interval, error) {
	if !isFinite(factor) || !isFinite(offset) {
		return Interval{}, fmt.Errorf("%w: rescale by %v and %v", ErrValue, factor, offset)
	}
	i.Estimate = factor*i.Estimate + offset
	i.Low = factor*i.Low + offset
	i.High = factor*i.High + offset
	if factor < 0 {
		i.Low, i.High = i.High, i.Low
	}
	return i.checked()
}

// String returns the interval with four significant digits, such as "0.84 (95%
// wilson 0.7149 to 0.9166)", or "no interval" for the zero value.
func (i Interval) String() string {
	if i.Level == 0 {
		return "no interval"
	}
	return fmt.Sprintf("%.4g (%s%% %v %.4g to %.4g)", i.Estimate, percent(i.Level), i.Method, i.Low, i.High)
}

// percent returns the level in percent without noise digits: 95 for 0.95.
func percent(level float64) string { return strconv.FormatFloat(level*100, 'g', 10, 64) }

// extended returns i with its ends moved as far as is needed for it to contain
// its estimate.
func (i Interval) extended() Interval {
	i.Low, i.High = math.Min(i.Low, i.Estimate), math.Max(i.High, i.Estimate)
	return i
}

// checked returns i, extended, or ErrOverflow if arithmetic on large inputs left
// the range of float64.
func (i Interval) checked() (Interval, error) {
	i = i.extended()
	if !isFinite(i.Estimate) || !isFinite(i.Low) || !isFinite(i.High) {
		return Interval{}, fmt.Errorf("%w: %v interval", ErrOverflow, i.Method)
	}
	return i, nil
}
