package compare

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Value is the value of an index in some figures, with its uncertainty.
type Value struct {
	Index Index   `json:"index"`
	N     int64   `json:"n"`     // durations, ratings, or what a share or rate is of; of a count, the count
	Value float64 `json:"value"` // in the unit of the index
	// Interval is that of the value, with its level and method. It is the zero
	// Interval if the data are too few for one: a single duration, a median of
	// fewer than six at a level of 0.95.
	Interval stat.Interval `json:"interval,omitzero"`
}

// Of returns the value of the index in figures, with its interval at a level:
//
//	Quantile  order statistics (Conover 1999)
//	Mean      t (Student 1908)
//	Share     Wilson (1927)
//	Rate      exact Poisson (Garwood 1936)
//	Count     the same
//
// It returns false where there are no data: no duration, no rating, a share of
// nothing. A count is never without data; it is 0. A level that is not above 0
// and below 1 gives no interval.
func (i Index) Of(f *metrics.Figures, level float64) (Value, bool) {
	v := Value{Index: i}
	var err error
	switch i.Kind() {
	case Quantile:
		s, _ := i.Summary(f)
		d, ok := s.Quantile(i.probability())
		if !ok {
			return Value{}, false
		}
		v.N, v.Value = s.Count(), d.Seconds()
		v.Interval, err = quantileInterval(s, i.probability(), level)
	case Mean:
		s, ok := i.Sample(f)
		if !ok {
			return Value{}, false
		}
		v.N, v.Value = s.N, s.Mean
		v.Interval, err = s.Interval(level)
	case Share, Rate:
		r, _ := i.Ratio(f)
		share, ok := r.Float64()
		if !ok {
			return Value{}, false
		}
		v.N, v.Value = r.Whole, share
		if i.Kind() == Share {
			v.Interval, err = stat.Proportion(r.Part, r.Whole, level, stat.Wilson)
		} else {
			v.Interval, err = stat.PoissonRate(r.Part, float64(r.Whole), level)
		}
	case Count:
		v.N, v.Value = f.Conversations, float64(f.Conversations)
		v.Interval, err = stat.PoissonRate(f.Conversations, 1, level)
	default:
		return Value{}, false
	}
	if err != nil {
		v.Interval = stat.Interval{}
	}
	return v, true
}

// HasInterval reports whether the data were enough for an interval.
func (v Value) HasInterval() bool { return v.Interval.Level > 0 }

// Duration returns a value in seconds as a duration, to the nanosecond. It is
// only for times.
func (v Value) Duration() time.Duration { return duration(v.Value) }

// duration returns seconds as a duration, held to what has room in one.
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

// String returns the value for people, such as "42m 05s", "81.3 %", "4.31"
// or "1,204".
func (v Value) String() string { return format(v.Index.Unit(), v.Value) }

// format writes a number in a unit for people.
func format(unit string, v float64) string {
	switch unit {
	case seconds:
		return people(duration(v))
	case fraction:
		return fixed(100*v, 1) + " %"
	case stars, replies:
		return fixed(v, 2)
	case arrivals:
		return grouped(int64(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// fixed writes a number with the given places, without a sign before zero.
func fixed(v float64, places int) string {
	scale := math.Pow10(places)
	// Rounded half away from zero first, as percentages are elsewhere.
	return strconv.FormatFloat(math.Round(v*scale)/scale+0, 'f', places, 64)
}

// people writes a duration in its two largest units, rounded once, the second of
// them only if there is any: "45s", "42m", "12m 05s", "3h 07m", "2d".
func people(d time.Duration) string {
	if d < 0 {
		return minus + people(-d)
	}
	var large, small time.Duration
	var in string // the letters of their units
	switch seconds := d.Round(time.Second) / time.Second; {
	case seconds == 0 && d > 0:
		return "under 1s"
	case seconds < 60:
		return fmt.Sprintf("%ds", seconds)
	case seconds < 60*60:
		large, small, in = seconds/60, seconds%60, "ms"
	case d.Round(time.Minute) < 24*time.Hour:
		minutes := d.Round(time.Minute) / time.Minute
		large, small, in = minutes/60, minutes%60, "hm"
	default:
		hours := d.Round(time.Hour) / time.Hour
		large, small, in = hours/24, hours%24, "dh"
	}
	if small == 0 {
		return fmt.Sprintf("%d%c", large, in[0])
	}
	return fmt.Sprintf("%d%c %02d%c", large, in[0], small, in[1])
}

const minus = "−"

// grouped writes a count with a comma between thousands.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
