package compare

import (
	"math"
	"strconv"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Value is the value of a metric in what was observed, with its uncertainty. The zero
// value is that of no metric.
type Value struct {
	Metric Metric  `json:"metric"`
	N      int64   `json:"n"`     // durations, ratings, or the whole of a share or rate; for a count, the count
	Value  float64 `json:"value"` // in the unit of the metric
	// Interval is that of the value, with its level and method. It is the zero
	// Interval if the data are too few for one: a single duration, a median of
	// fewer than six at a level of 0.95.
	Interval stat.Interval `json:"interval,omitzero"`
}

// Of returns the value of the metric in what was observed, with its interval at a level:
//
//	Quantile  order statistics (Conover 1999)
//	Mean      t (Student 1908), clipped to what the metric can be
//	Net share adjusted Wald (Rocks 2016)
//	Share     Wilson (1927)
//	Rate      exact Poisson (Garwood 1936)
//	Count     the same
//
// It returns false if there are no data: nil, no duration, no rating, a share
// of nothing, or counts that cannot be, such as a share above 1. A count always has
// data; it may be 0. A level that is not above 0 and below 1 gives no interval.
func (i Metric) Of(o *Observed, level float64) (Value, bool) {
	v := Value{Metric: i}
	if o == nil {
		return Value{}, false
	}
	var err error
	switch i.kind() {
	case quantile:
		s, _ := i.Summary(o)
		d, ok := s.Quantile(i.probability())
		if !ok {
			return Value{}, false
		}
		v.N, v.Value = s.Count(), d.Seconds()
		v.Interval, err = quantileInterval(s, i.probability(), level)
	case mean:
		s, ok := i.Sample(o)
		if !ok {
			return Value{}, false
		}
		v.N, v.Value = s.N, s.Mean
		if v.Interval, err = s.Interval(level); err == nil {
			if low, high, ok := i.bounds(); ok {
				v.Interval.Low, v.Interval.High = max(v.Interval.Low, low), min(v.Interval.High, high)
			}
		}
	case net:
		c := i.net(o)
		if v.Interval, err = c.Interval(level, stat.AdjustedWald); c.N == 0 {
			return Value{}, false
		}
		v.N, v.Value = c.N, float64(c.Plus-c.Minus)/float64(c.N)
	case share, rate:
		r, _ := i.Ratio(o)
		ratio, ok := r.Float64()
		if !ok || !i.possible(r) {
			return Value{}, false
		}
		v.N, v.Value = r.Whole, ratio
		if i.kind() == share {
			v.Interval, err = stat.Proportion(r.Part, r.Whole, level, stat.Wilson)
		} else {
			v.Interval, err = stat.PoissonRate(r.Part, float64(r.Whole), level)
		}
	case count:
		n := o.Figures.Conversations
		if n < 0 {
			return Value{}, false
		}
		v.N, v.Value = n, float64(n)
		v.Interval, err = stat.PoissonRate(n, 1, level)
	default:
		return Value{}, false
	}
	if err != nil {
		v.Interval = stat.Interval{}
	}
	return v, true
}

// possible reports whether the counts of a share or rate can be.
func (i Metric) possible(r stat.Ratio) bool {
	return r.Part >= 0 && (r.Part <= r.Whole || i.kind() != share)
}

// HasInterval reports whether the data were enough for an interval.
func (v Value) HasInterval() bool { return v.Interval.Level > 0 }

// Duration returns a value in seconds as a duration, to the nanosecond. It is
// only for times.
func (v Value) Duration() time.Duration { return duration(v.Value) }

// duration returns seconds as a duration, clamped to the range of one.
func duration(seconds float64) time.Duration {
	switch nanoseconds := math.Round(seconds * 1e9); {
	case nanoseconds >= math.MaxInt64:
		return math.MaxInt64
	case nanoseconds <= -math.MaxInt64:
		return -math.MaxInt64
	default:
		return time.Duration(nanoseconds)
	}
}

// String returns the value for people, such as "42 min", "81.3 %", "4.31", "−12.5"
// (a net share, times 100) or "1,204".
func (v Value) String() string { return format(v.Metric.Unit(), v.Value) }

// format writes a number in a unit for people.
func format(unit string, v float64) string {
	switch unit {
	case seconds:
		return text.Duration(duration(v))
	case fraction:
		return text.Percent(v, 1)
	case netPoints:
		return text.Number(100*v, 1)
	case stars, replies, points:
		return text.Number(v, 2)
	case arrivals:
		if math.Abs(v) >= 1<<63 {
			return text.Number(v, 0)
		}
		return text.Count(int64(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
