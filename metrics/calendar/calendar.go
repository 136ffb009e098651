package calendar

import (
	"math"
	"time"
)

// A Calendar tells how long a desk was open between two instants, and when it will
// have been open for a given time. It is immutable and safe for concurrent use. The
// zero Calendar never opens.
//
// Instants from 1970 to 2100 and in the years of all dates of the Config are answered
// from tables made by [New], without an allocation and at a cost that does not depend
// on the span. Tables for instants before and after, and for business days, are made on
// first use; far from the present a zone is assumed to keep its rules, and the
// Gregorian calendar repeats itself after 400 years.
//
// The location of an argument never matters, nor does its monotonic clock
// reading. Instants that are returned are in the zone of the calendar.
type Calendar struct {
	table // of the version in force last, or of the only one
	loc   *time.Location

	earlier []part // tables of the versions before, in order
	eras    []era  // what the tables were made of
	past    *far
	future  *far

	business *business
}

// A part is a version, for its stretch of time.
type part struct {
	table
	loc *time.Location
}

// New checks and compiles c. An error says where c is wrong: it is a
// [*ConfigError], or [ErrNeverOpens] if nothing in c ever opens.
//
// New takes about a millisecond, mostly for the zone. A Calendar takes about 60 kB,
// or 70 kB with ten recurring holidays, 25 kB more once it is asked about business
// days, and tables of far centuries up to 300 kB more.
func New(c Config) (*Calendar, error) {
	p, err := c.plan("")
	if err != nil {
		return nil, err
	}
	return compile([]era{{from: math.MinInt64, plan: p}})
}

// Between returns the time from start to end during which the calendar is open.
// It is negative if end is before start, so that it is additive for all instants:
// Between(a, b) + Between(b, c) is Between(a, c). It is never longer than the
// time elapsed. A result that is too long for a Duration, after some 292 years, is
// clamped to math.MaxInt64 nanoseconds of its sign.
func (c *Calendar) Between(start, end time.Time) time.Duration {
	u, v := start.Unix(), end.Unix()
	if uint64(u-c.lo) >= c.span || uint64(v-c.lo) >= c.span {
		return c.betweenElsewhere(start, end)
	}
	a, aOpen, _ := c.find(u)
	b, bOpen, _ := c.find(v)
	return duration(b-a, fraction(bOpen, end)-fraction(aOpen, start))
}

func (c *Calendar) betweenElsewhere(start, end time.Time) time.Duration {
	a, aOpen := c.count(start.Unix())
	b, bOpen := c.count(end.Unix())
	return duration(b-a, fraction(bOpen, end)-fraction(aOpen, start))
}

// fraction returns the nanoseconds of t that count. It is written so that the
// compiler needs no branch, which could not be predicted.
func fraction(open bool, t time.Time) int64 {
	var mask int64
	if open {
		mask = -1
	}
	return int64(t.Nanosecond()) & mask
}

// manySeconds leaves room in a Duration for less than a second more or less.
const manySeconds = math.MaxInt64/int64(time.Second) - 1

// duration returns seconds and less than a second of nanoseconds as a Duration, clamped
// to math.MaxInt64 of its sign.
func duration(seconds, nanoseconds int64) time.Duration {
	if seconds < -manySeconds || seconds > manySeconds {
		return longDuration(seconds, nanoseconds)
	}
	return time.Duration(seconds*int64(time.Second) + nanoseconds)
}

func longDuration(seconds, nanoseconds int64) time.Duration {
	if seconds < 0 {
		return -longDuration(-seconds, -nanoseconds)
	}
	const room = math.MaxInt64 - manySeconds*int64(time.Second) // less than two seconds
	rest := min(seconds-manySeconds, 3)*int64(time.Second) + nanoseconds
	return time.Duration(manySeconds*int64(time.Second) + min(rest, room))
}

// IsOpen reports whether the calendar is open at t. It is open at the instant of
// opening and closed at the instant of closing.
func (c *Calendar) IsOpen(t time.Time) bool {
	_, open := c.count(t.Unix())
	return open
}

// Location returns the zone whose wall clock the calendar reads: that of the
// last version, if there are several. It is UTC for the zero Calendar.
func (c *Calendar) Location() *time.Location {
	if c.loc == nil {
		return time.UTC
	}
	return c.loc
}

// count returns the open seconds from some origin to Unix second u, and whether
// the second that begins there is open.
func (c *Calendar) count(u int64) (sum int64, open bool) {
	if uint64(u-c.lo) < c.span {
		sum, open, _ = c.find(u)
		return sum, open
	}
	return c.countElsewhere(u)
}

func (c *Calendar) countElsewhere(u int64) (sum int64, open bool) {
	switch {
	case c.loc == nil:
		return 0, false
	case u >= c.end():
		sum, open = c.future.count(u)
		return c.total() + sum, open
	case u < c.start():
		return c.past.count(u)
	}
	sum, open, _ = c.partAt(u).find(u)
	return sum, open
}

// start returns the first Unix second of the tables.
func (c *Calendar) start() int64 {
	if len(c.earlier) > 0 {
		return c.earlier[0].lo
	}
	return c.lo
}

// partAt returns the table for a Unix second from start up to the last table.
func (c *Calendar) partAt(u int64) *table {
	i, n := 0, len(c.earlier)-1
	for i < n {
		if mid := int(uint(i+n) / 2); c.earlier[mid].end() <= u {
			i = mid + 1
		} else {
			n = mid
		}
	}
	return &c.earlier[i].table
}

// earliestSecond returns the first Unix second with that many open seconds
// before it. ok is false if there is none, or none that can be told.
func (c *Calendar) earliestSecond(sum int64) (u int64, ok bool) {
	switch {
	case c.loc == nil:
		return 0, false
	case sum > c.total():
		u, ok = c.future.earliest(sum - c.total())
		return u, ok
	case sum <= 0:
		return c.past.earliest(sum)
	}
	t := &c.table
	for i := range c.earlier {
		if sum <= c.earlier[i].total() {
			t = &c.earlier[i].table
			break
		}
	}
	return t.earliest(sum, place{}), true
}

// in returns an instant in the zone of the version then in force.
func (c *Calendar) in(u, nanoseconds int64) time.Time {
	loc := c.Location()
	if u < c.lo && len(c.earlier) > 0 {
		i := 0
		for i+1 < len(c.earlier) && c.earlier[i].end() <= u {
			i++
		}
		loc = c.earlier[i].loc
	}
	return time.Unix(u, nanoseconds).In(loc)
}
