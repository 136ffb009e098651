package calendar

import (
	"iter"
	"time"
)

// A Window is a stretch of time, half-open: from the instant of Start up to and
// without that of End. It is one during which a calendar is open, or a hold: time
// that does not count, such as waiting for the customer. A hold whose End is zero has
// not ended. A Window that ends at or before its start is empty.
type Window struct {
	Start, End time.Time
}

// Duration returns the time from Start to End, around the clock.
func (w Window) Duration() time.Duration { return w.End.Sub(w.Start) }

// NextOpen returns the first open instant at or after t: t itself if the calendar is
// open then. [ErrUnreachable] is returned if it never opens again before the year
// 10000.
func (c *Calendar) NextOpen(t time.Time) (time.Time, error) {
	u, ok := c.nextOpen(t.Unix())
	switch {
	case !ok:
		return time.Time{}, ErrUnreachable
	case u == t.Unix():
		return c.in(u, int64(t.Nanosecond())), nil
	}
	return c.within(u, 0)
}

// NextClose returns the first closing after t: the end of the window that t is in, or
// of the next one if the calendar is closed at t. Windows that touch, as at midnight,
// are one. [ErrUnreachable] is returned if the calendar never closes again before the
// year 10000, or never opens again.
func (c *Calendar) NextClose(t time.Time) (time.Time, error) {
	u, ok := c.nextOpen(t.Unix())
	if ok {
		u, ok = c.nextClose(u)
	}
	if !ok {
		return time.Time{}, ErrUnreachable
	}
	return c.within(u, 0)
}

// Windows yields the windows between from and to, in order. The first and the
// last are clipped, so that their durations add up to Between(from, to). If to is
// not after from, there are none.
func (c *Calendar) Windows(from, to time.Time) iter.Seq[Window] {
	return func(yield func(Window) bool) {
		for u := from.Unix(); ; {
			open, ok := c.nextOpen(u)
			if !ok {
				return
			}
			w := Window{Start: c.in(open, 0)}
			if w.Start.Before(from) {
				w.Start = c.in(from.Unix(), int64(from.Nanosecond()))
			}
			if !w.Start.Before(to) {
				return
			}
			u, ok = c.nextClose(open)
			if w.End = c.in(u, 0); !ok || w.End.After(to) {
				w.End = c.in(to.Unix(), int64(to.Nanosecond()))
			}
			if !yield(w) || !ok {
				return
			}
		}
	}
}

// nextOpen returns the first Unix second at or after u that is open.
func (c *Calendar) nextOpen(u int64) (int64, bool) {
	if uint64(u-c.lo) < c.span {
		sum, open, p := c.find(u)
		if open {
			return u, true
		}
		if sum < c.total() {
			return c.table.earliest(sum+1, p) - 1, true
		}
	}
	sum, open := c.count(u)
	if open {
		return u, true
	}
	u, ok := c.earliestSecond(sum + 1)
	return u - 1, ok
}

// nextClose returns the first Unix second after u, which is open, that is closed.
// It looks for more and more seconds, and halves the step when some of them are
// closed.
func (c *Calendar) nextClose(u int64) (int64, bool) {
	if uint64(u-c.lo) < c.span {
		_, _, p := c.find(u)
		closes := c.lo + int64(p.block)*secondsPerWeek + int64(c.runs[p.run].close)
		if closes < c.blockEnd(p.block) {
			return closes, true
		}
	}
	sum, _ := c.count(u)
	allOpen := func(end int64) bool {
		s, _ := c.count(end)
		return s-sum == end-u
	}
	n := int64(secondsPerDay / 8)
	for allOpen(u + n) {
		if n *= 2; n > forever {
			return 0, false
		}
	}
	open := int64(1)
	for open+1 < n {
		if mid := open + (n-open)/2; allOpen(u + mid) {
			open = mid
		} else {
			n = mid
		}
	}
	return u + open, true
}
