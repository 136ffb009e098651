package draw

import (
	"math"
	"strconv"

	"github.com/servicequality/servicequality/metrics/text"
)

// A Tick is a value on an axis.
type Tick struct {
	Value float64
	Text  string
}

// Units of time, in seconds.
const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// timeSteps are the distances of ticks that people read at once, in seconds.
var timeSteps = [...]int64{
	1, 2, 5, 10, 15, 30, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
	hour, 2 * hour, 3 * hour, 4 * hour, 6 * hour, 8 * hour, 12 * hour, day, 2 * day, 7 * day, 14 * day, 28 * day,
}

// most is how many steps an axis has at most.
const most = 4

// TimeTicks returns the ticks of an axis of times, in seconds: from 0, at the smallest
// round step with which at most four reach the top. A top below 1 is read as 1.
func TimeTicks(top float64) []Tick {
	top = max(top, 1)
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if top <= most*float64(s) {
			step = s
			break
		}
	}
	for top > most*float64(step) && step < math.MaxInt64/(2*most) {
		step *= 2
	}
	return ticks(top, float64(step), func(n int64) string { return tickName(n * step) })
}

// tickName writes a time in the largest unit of which it has a whole number.
func tickName(seconds int64) string {
	switch {
	case seconds == 0:
		return "0"
	case seconds%day == 0:
		return text.Count(seconds/day) + " d"
	case seconds%hour == 0:
		return text.Count(seconds/hour) + " h"
	case seconds%minute == 0:
		return text.Count(seconds/minute) + " min"
	}
	return text.Count(seconds) + " s"
}

// CountTicks returns the ticks of an axis of counts: from 0, at the smallest step of 1, 2,
// 5, 10, 20, 25, 50, 100 and so on with which at most four reach the top. A top of 0 or
// less is read as 1.
func CountTicks(top float64) []Tick {
	top = max(top, 1)
	step := 1.0
	for scale := 1.0; ; scale *= 10 {
		for _, s := range [...]float64{1, 2, 2.5, 5} {
			if step = s * scale; step == math.Trunc(step) && top <= most*step {
				return ticks(top, step, func(n int64) string { return text.Count(n * int64(step)) })
			}
		}
		if scale > 1e17 {
			return ticks(top, top, func(n int64) string { return strconv.FormatFloat(float64(n)*top, 'g', 3, 64) })
		}
	}
}

// ShareTicks returns the ticks of an axis of shares: 0, 25, 50, 75 and 100 %.
func ShareTicks() []Tick {
	return ticks(1, 0.25, func(n int64) string { return strconv.FormatInt(25*n, 10) + " %" })
}

// NetTicks returns the ticks of an axis of net shares: −100, −50, 0, 50 and 100.
func NetTicks() []Tick {
	var all []Tick
	for n := int64(-2); n <= 2; n++ {
		all = append(all, Tick{float64(n) / 2, text.Count(50 * n)})
	}
	return all
}

// ScaleTicks returns the ticks of an axis from one end of a scale of whole numbers to the
// other: at the smallest step of 1, 2, 5, 10 and so on with which there are at most eight,
// and at the other end.
func ScaleTicks(low, high int) []Tick {
	step := 1
	for scale := 1; high-low > 8*step; scale *= 10 {
		for _, s := range [...]int{1, 2, 5} {
			if step = s * scale; high-low <= 8*step {
				break
			}
		}
	}
	var all []Tick
	for n := low; n < high && 2*(high-n) >= step; n += step {
		all = append(all, Tick{float64(n), text.Count(int64(n))})
	}
	return append(all, Tick{float64(high), text.Count(int64(high))})
}

// ticks returns those from 0 up to the first one that is not below the top.
func ticks(top, step float64, name func(int64) string) []Tick {
	all := []Tick{{0, name(0)}}
	for n := int64(1); all[len(all)-1].Value < top; n++ {
		all = append(all, Tick{float64(n) * step, name(n)})
	}
	return all
}
