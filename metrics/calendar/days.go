package calendar

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

// A business counts the dates on which a Calendar opens, in four parts, each of which
// is made at the first question about it. The first and the last are 400 years that
// repeat themselves, into the past and into the future.
type business [4]struct {
	once sync.Once
	days
}

const (
	steady = iota // before zones had changes
	past          // before the tables
	near          // those of the tables
	future        // after the tables
)

// days are the dates of a part, with a bit for each that opens.
type days struct {
	start, end int // from which date on, and the first after
	opens      []uint64
	before     []int32 // dates that open before each of opens
	total      int     // dates that open

	segments []segment
	floors   []floor
}

// A position is a time of a business day.
type position struct {
	rank  int   // dates of the part that open up to and with that on which the hours began
	since int64 // seconds since the midnight that began that date, by the clock
}

func (p position) compare(q position) int {
	return cmp.Or(cmp.Compare(p.rank, q.rank), cmp.Compare(p.since, q.since))
}

// A floor is the latest position before a Unix second from which on the clock may show
// earlier ones: clocks have been set back, another version begins, or the tail is open
// of a night that belongs to no date that opens.
type floor struct {
	from int64
	position
}

// A frame is a part, moved by a number of cycles.
type frame struct {
	*days
	part   int
	cycles int64
}

// shift returns the seconds by which a frame is moved.
func (f frame) shift() int64 { return f.cycles * secondsPerCycle }

// slack is a number of dates that lie clearly beyond any offset from UTC.
const slack = 7

// bounds returns the dates of a part. Parts overlap, and each has some dates more than
// it is asked for, because an instant may belong to a date nearby.
func (c *Calendar) bounds(part int) (start, end int) {
	date := func(u int64) int { return int(floorDiv(u, secondsPerDay)) }
	switch part {
	case steady:
		end = date(steadyBefore) - 2*slack
		return end - daysPerCycle - 2*slack, end
	case past:
		return date(steadyBefore) - 3*slack, date(c.start()) + 2*slack
	case near:
		return date(c.start()) + slack, date(c.end()) - slack
	}
	return date(c.end()) - 2*slack, date(c.end()) + 2*slack + daysPerCycle
}

// frame returns a part, moved by a number of cycles.
func (c *Calendar) frame(part int, cycles int64) frame {
	p := &c.business[part]
	p.once.Do(func() {
		start, end := c.bounds(part)
		p.days = c.newDays(start, end)
	})
	return frame{&p.days, part, cycles}
}

// frameAt returns the frame in which Unix second u is looked up.
func (c *Calendar) frameAt(u int64) frame {
	const within = slack / 2
	day := floorDiv(u, secondsPerDay)
	for part := steady; part < future; part++ {
		_, end := c.bounds(part)
		if day >= int64(end-within) {
			continue
		}
		var cycles int64
		if part == steady {
			cycles = floorDiv(day-int64(end-within-daysPerCycle), daysPerCycle)
		}
		return c.frame(part, cycles)
	}
	_, end := c.bounds(future)
	return c.frame(future, max(0, floorDiv(day-int64(end-within-daysPerCycle), daysPerCycle)))
}

// opening returns the nth date that opens after the first rank ones of a frame, and the
// frame in which it is.
func (c *Calendar) opening(f frame, rank int, n int64) (in frame, day int, ok bool) {
	const most = 100 // cycles: in so many the years come to have five digits
	for n > int64(f.total-rank) {
		n -= int64(f.total - rank)
		if f.part == past || f.part == near || f.part == steady && f.cycles == 0 {
			end := f.end
			f = c.frame(f.part+1, 0)
			rank = f.rank(end - 1)
			continue
		}
		// The next cycle begins with the date that is like the first after this one.
		rank = f.rank(f.end - 1 - daysPerCycle)
		var skip int64
		cycle := int64(f.total - rank)
		if cycle > 0 {
			skip = (n - 1) / cycle
		}
		switch {
		case f.part == steady:
			if skip = min(skip, -f.cycles-1); cycle == 0 {
				skip = -f.cycles - 1
			}
		case cycle == 0 || skip > most:
			return frame{}, 0, false
		}
		n -= skip * cycle
		f.cycles += 1 + skip
	}
	return f, f.date(rank + int(n)), true
}

// rank returns how many dates open up to and with that one.
func (y *days) rank(day int) int {
	i := uint(day + 1 - y.start)
	return int(y.before[i/64]) + bits.OnesCount64(y.opens[i/64]&(1<<(i%64)-1))
}

// date returns the date of a rank from 1 on.
func (y *days) date(rank int) int {
	i, n := 0, len(y.before)-1
	for i < n { // the last word before which fewer dates open
		if mid := int(uint(i+n+1) / 2); int(y.before[mid]) < rank {
			i = mid
		} else {
			n = mid - 1
		}
	}
	word := y.opens[i]
	for range rank - int(y.before[i]) - 1 {
		word &= word - 1
	}
	return y.start + i*64 + bits.TrailingZeros64(word)
}

// position returns where in a business day an open second is. moved is true if that is
// a floor, and not what the clock shows.
func (y *days) position(u int64) (p position, moved bool) {
	p = y.shown(u)
	if f := y.floorAt(u); p.compare(f) < 0 {
		return f, true
	}
	return p, false
}

// shown returns the position of an open second by the clock alone.
func (y *days) shown(u int64) position {
	s := &y.segments[segmentAt(y.segments, u)]
	day := int(floorDiv(u+s.offset, secondsPerDay))
	since := u + s.offset - int64(day)*secondsPerDay
	if since < int64(s.plan.tail(day)) {
		day--
		since += secondsPerDay
	}
	return position{y.rank(day), since}
}

// floorAt returns the last floor at or before u, or a position before all others.
func (y *days) floorAt(u int64) position {
	i, n := 0, len(y.floors)
	for i < n {
		if mid := int(uint(i+n) / 2); y.floors[mid].from <= u {
			i = mid + 1
		} else {
			n = mid
		}
	}
	if i == 0 {
		return position{-1, 0}
	}
	return y.floors[i-1].position
}

// newDays finds the dates that open, from start up to and without end.
func (c *Calendar) newDays(start, end int) days {
	y := days{
		start:    start,
		end:      end,
		opens:    make([]uint64, (end-start)/64+1),
		segments: c.segments(int64(start-slack/2)*secondsPerDay, int64(end+slack)*secondsPerDay),
	}
	// The days of the week first, and then what may differ from them.
	var odd []int
	for i, s := range y.segments {
		first, last := int(floorDiv(s.from+s.offset, secondsPerDay)), int(floorDiv(s.to+s.offset, secondsPerDay))
		for day := first; day <= last; day++ {
			if len(s.plan.weekly[weekday(day)].windows) > 0 {
				y.set(day, true)
			}
		}
		for day := first - slack/2; day <= first+slack/2; day++ {
			odd = append(odd, day)
		}
		if i == 0 || s.plan != y.segments[i-1].plan {
			for _, e := range s.plan.exceptions(start-1, end+1) {
				odd = append(odd, e.day-1, e.day, e.day+1)
			}
		}
	}
	slices.Sort(odd)
	odd = slices.Compact(odd)
	for _, day := range odd {
		_, _, ok := c.hoursOf(y.segments, day)
		y.set(day, ok)
	}
	for _, word := range y.opens {
		y.before = append(y.before, int32(y.total))
		y.total += bits.OnesCount64(word)
	}
	y.setFloors(c, odd)
	return y
}

func (y *days) set(day int, opens bool) {
	if day < y.start || day >= y.end {
		return
	}
	i := uint(day - y.start)
	if y.opens[i/64] &^= 1 << (i % 64); opens {
		y.opens[i/64] |= 1 << (i % 64)
	}
}

// setFloors finds the seconds from which on a position may be earlier than before. The
// dates that may differ from their day of the week are given.
func (y *days) setFloors(c *Calendar, odd []int) {
	var list []int64
	for i, s := range y.segments[1:] {
		if last := y.segments[i]; s.offset < last.offset || s.plan != last.plan {
			list = append(list, s.from)
		}
	}
	for _, day := range odd {
		if day < y.start || day+1 >= y.end || y.rank(day) > y.rank(day-1) {
			continue
		}
		from, _ := first(y.segments, int64(day+1)*secondsPerDay, y.segments[0].from)
		if s := y.segments[segmentAt(y.segments, from)]; s.plan.tail(day+1) > 0 {
			list = append(list, from)
		}
	}
	slices.Sort(list)
	none, _ := c.count(y.segments[0].from)
	for _, from := range list {
		sum, _ := c.count(from)
		if sum == none {
			continue // nothing was open before
		}
		last, _ := c.earliestSecond(sum)
		if day := int(floorDiv(last, secondsPerDay)); day < y.start+slack/2 || day >= y.end-slack/2 {
			continue
		}
		p := y.shown(last - 1)
		p.since++
		if f := y.floorAt(from); p.compare(f) < 0 {
			p = f
		}
		y.floors = append(y.floors, floor{from, p})
	}
}
