package standards

import (
	"math"
	"sort"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// deadliner is a calendar that knows when a budget is used up, as that of package
// calendar does. For others, a search finds it.
type deadliner interface {
	Deadline(start time.Time, budget time.Duration) (time.Time, error)
}

// dueAfter returns the earliest instant at which the budget has been used up
// since start, without the time on hold. Holds must be in order and disjoint. It
// returns false if there is none: what is on hold has not been resumed, or the
// calendar is never open for so long again.
func dueAfter(c metrics.Calendar, start time.Time, budget time.Duration, holds []metrics.Span) (time.Time, bool) {
	for i := range holds {
		hold := &holds[i]
		if !hold.End.IsZero() && !start.Before(hold.End) {
			continue
		}
		if start.Before(hold.Start) {
			open := between(c, start, hold.Start)
			if open >= budget {
				break
			}
			budget -= open
		}
		if hold.End.IsZero() {
			return time.Time{}, false
		}
		start = hold.End
	}
	return dueFrom(c, start, budget)
}

// year10000 is when the years begin that JSON cannot write.
const year10000 = 253_402_300_800

// dueFrom is dueAfter without holds.
func dueFrom(c metrics.Calendar, start time.Time, budget time.Duration) (time.Time, bool) {
	if isAroundTheClock(c) {
		return start.Add(budget).UTC(), true
	}
	if d, ok := c.(deadliner); ok {
		due, err := d.Deadline(start, budget)
		if err != nil || due.Unix() >= year10000 {
			return time.Time{}, false
		}
		return due.UTC(), true
	}
	return search(c, start, budget)
}

// search returns the earliest instant at which c has been open for budget since
// start. It looks 292 years ahead, in some 60 + 60 steps at most.
func search(c metrics.Calendar, start time.Time, budget time.Duration) (time.Time, bool) {
	reached := func(d time.Duration) bool { return c.Between(start, start.Add(d)) >= budget }
	// Open time is never longer than time elapsed.
	low, high := budget, budget
	for !reached(high) {
		if high == math.MaxInt64 {
			return time.Time{}, false
		}
		low = high
		if high > math.MaxInt64/2 {
			high = math.MaxInt64
		} else {
			high *= 2
		}
	}
	const words = 1 << 20 // sort.Search takes an int, which may have 32 bits
	for high-low >= words {
		if middle := low + (high-low)/2; reached(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	n := sort.Search(int(high-low), func(i int) bool { return reached(low + time.Duration(i)) })
	return start.Add(low + time.Duration(n)).UTC(), true
}

func isAroundTheClock(c metrics.Calendar) bool { return c == nil || c == metrics.AroundTheClock }

// elapsed is end.Sub(start), without its checks where they are not needed:
// they take a tenth of the time of judging.
func elapsed(start, end time.Time) time.Duration {
	const century = 100 * 365 * 24 * 60 * 60
	if seconds := end.Unix() - start.Unix(); -century < seconds && seconds < century {
		return time.Duration(seconds)*time.Second + time.Duration(end.Nanosecond()-start.Nanosecond())
	}
	return end.Sub(start)
}

func between(c metrics.Calendar, start, end time.Time) time.Duration {
	if isAroundTheClock(c) {
		return elapsed(start, end)
	}
	return c.Between(start, end)
}

// used returns how much of a budget is used up from start to end, without the
// time on hold.
func used(c metrics.Calendar, start, end time.Time, holds []metrics.Span) time.Duration {
	if !start.Before(end) {
		return 0
	}
	d := between(c, start, end)
	for i := range holds {
		from, to := holds[i].Start, holds[i].End
		if from.Before(start) {
			from = start
		}
		if to.IsZero() || end.Before(to) {
			to = end
		}
		if from.Before(to) {
			d -= between(c, from, to)
		}
	}
	return d
}

// A clock answers as dueAfter and used do, but without passing all the holds each time.
type clock struct {
	calendar metrics.Calendar
	start    time.Time
	holds    []metrics.Span
	ran      []time.Duration // the open time up to each hold
	goesOn   []time.Time     // when the clock goes on after each
}

func newClock(c metrics.Calendar, start time.Time, holds []metrics.Span) *clock {
	k := &clock{calendar: c, start: start, holds: holds, ran: make([]time.Duration, len(holds)), goesOn: make([]time.Time, len(holds))}
	var ran time.Duration
	for i := range holds {
		hold := &holds[i]
		if start.Before(hold.Start) {
			ran += between(c, start, hold.Start)
		}
		if start.Before(hold.End) {
			start = hold.End
		}
		k.ran[i], k.goesOn[i] = ran, start
	}
	return k
}

// due is dueAfter.
func (k *clock) due(budget time.Duration) (time.Time, bool) {
	n := sort.Search(len(k.holds), func(i int) bool { return k.ran[i] >= budget })
	if n == 0 {
		return dueFrom(k.calendar, k.start, budget)
	}
	if k.holds[n-1].End.IsZero() {
		return time.Time{}, false
	}
	return dueFrom(k.calendar, k.goesOn[n-1], budget-k.ran[n-1])
}

// used is as the function is.
func (k *clock) used(end time.Time) time.Duration {
	n := sort.Search(len(k.holds), func(i int) bool { return !k.holds[i].Start.Before(end) })
	start, ran := k.start, time.Duration(0)
	if n > 0 {
		if start, ran = k.goesOn[n-1], k.ran[n-1]; k.holds[n-1].End.IsZero() {
			return ran
		}
	}
	if start.Before(end) {
		ran += between(k.calendar, start, end)
	}
	return ran
}
