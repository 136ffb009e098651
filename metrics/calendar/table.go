package calendar

import "math/bits"

// A table counts the open seconds of one plan between two instants, without a
// walk. With a zone of constant offset, the open time up to a reading of the
// local clock would be
//
//	weeks × open time of a week
//	+ open time of the week up to the weekday
//	+ what the exceptional dates before had more or less than their weekday
//	+ open time of the date up to the time of day,
//
// a function of the local reading alone. A change of the clocks moves the reading
// and adds a constant. So a table holds the changes of the zone, a bit for each
// exceptional date with running sums, and the windows of each kind of date.
type table struct {
	lo   int64  // first Unix second
	span uint64 // seconds from lo to the end

	stretches    []stretch // of constant offset; a sentinel follows the last
	stretchSums  []int64   // open seconds at the start of each, and at the end
	stretchIndex []uint16  // stretch at the start of each 2^stretchBits seconds

	week     uint64    // open seconds of a week
	perWeek  uint64    // 2^64 / week, rounded up
	upTo     [8]uint32 // of week, those before each day, from Monday on
	weekKind [7]uint32 // kind of each day

	marks       []mark    // a bit for each date; nil if no date is exceptional
	specials    []special // the exceptional dates in order; a sentinel follows
	specialSums []int64   // local open seconds at the start of each, after a least one

	kinds    []kind
	runs     []run
	runIndex []uint32 // run at the start of each 2^runBits seconds of each kind
}

const (
	stretchBits = 21 // 24 days
	runBits     = 11 // 34 minutes
	runsPerKind = secondsPerDay>>runBits + 1
)

// A stretch is a time of constant offset.
type stretch struct {
	from  int64 // first Unix second
	shift int64 // from a Unix second to the local second of the table
	base  int64 // from the local sum to the open seconds of the table
}

// A mark holds a bit for each of 64 dates.
type mark struct {
	bits   uint64
	before uint32 // exceptional dates before these
}

// A special is an exceptional date.
type special struct {
	extra int64 // open seconds that the specials before have more than their weekdays
	day   uint32
	kind  uint32
}

// A kind is a set of windows that dates have.
type kind struct {
	first uint32 // its first run, which is empty and begins at midnight
	count uint32 // its runs, that one included
	total uint32 // its open seconds
}

// A run is a window, with the open seconds of the date before it.
type run struct{ open, close, before uint32 }

// A place is where in a table an instant was found: a hint for the next search.
type place struct {
	stretch int
	rank    int // exceptional dates before that of the instant
	run     int
}

// find returns the open seconds up to Unix second u, whether the second that
// begins there is open, and its place. u must be in the table.
func (t *table) find(u int64) (sum int64, open bool, p place) {
	p.stretch = int(t.stretchIndex[uint64(u-t.lo)>>stretchBits])
	for u >= t.stretches[p.stretch+1].from {
		p.stretch++
	}
	s := &t.stretches[p.stretch]
	sum, open, p.rank, p.run = t.local(uint64(u + s.shift))
	return s.base + sum, open, p
}

// local returns the open seconds up to a local second.
func (t *table) local(second uint64) (sum int64, open bool, rank, runAt int) {
	day := uint32(second / secondsPerDay)
	sec := uint32(second - uint64(day)*secondsPerDay)
	week := day / 7
	weekday := day - week*7
	kind := t.weekKind[weekday]
	sum = int64(uint64(week)*t.week) + int64(t.upTo[weekday])
	if len(t.marks) > 0 {
		m := &t.marks[day/64]
		rank = int(m.before) + bits.OnesCount64(m.bits&(1<<(day%64)-1))
		s := &t.specials[rank]
		sum += s.extra
		if s.day == day {
			kind = s.kind
		}
	}
	i := t.runIndex[kind*runsPerKind+sec>>runBits]
	for t.runs[i+1].open <= sec {
		i++
	}
	r := &t.runs[i]
	return sum + int64(r.before+min(sec, r.close)-r.open), sec < r.close, rank, int(i)
}

// earliest returns the first Unix second with that many open seconds before it:
// more than there are at the start of the table, and at most those at its end.
// The search begins at a place not far away.
func (t *table) earliest(sum int64, near place) int64 {
	s := &t.stretches[lastBelow(t.stretchSums, near.stretch, sum)]
	day, kind, rest := t.date(sum-s.base, near.rank)
	return int64(day)*secondsPerDay + int64(t.second(kind, rest)) - s.shift
}

// date returns the date during which the local sum is reached, its kind, and how
// much of it is left to be reached on that date: at least one second.
func (t *table) date(sum int64, rank int) (day, kind, rest uint32) {
	if len(t.specials) > 0 {
		rank = lastBelow(t.specialSums, rank, sum)
		if rank > 0 {
			s := &t.specials[rank-1]
			rest := sum - t.specialSums[rank]
			if rest <= int64(t.kinds[s.kind].total) {
				return s.day, s.kind, uint32(rest)
			}
		}
		sum -= t.specials[rank].extra
	}
	// (sum-1) / week by multiplication: exact while sum × week is less than 2^64.
	week, _ := bits.Mul64(uint64(sum-1), t.perWeek)
	rest = uint32(uint64(sum) - week*t.week)
	weekday := uint32(0)
	for i := 1; i < 7; i++ {
		if t.upTo[i] < rest { // without a branch
			weekday++
		}
	}
	return uint32(week)*7 + weekday, t.weekKind[weekday], rest - t.upTo[weekday]
}

// second returns the second of a date at which that many open seconds are over:
// at least one.
func (t *table) second(kind, rest uint32) uint32 {
	k := &t.kinds[kind]
	runs := t.runs[k.first : k.first+k.count]
	i, end := 0, len(runs)
	for end-i > 8 {
		if mid := int(uint(i+end) / 2); runs[mid].before < rest {
			i = mid
		} else {
			end = mid
		}
	}
	for i+1 < end && runs[i+1].before < rest {
		i++
	}
	return runs[i].open + rest - runs[i].before
}

// lastBelow returns the index of the last of sums that is less than sum. The
// first must be, the last must not. It looks around near, and farther away in
// growing steps.
func lastBelow(sums []int64, near int, sum int64) int {
	if sums[near] < sum && sum <= sums[near+1] {
		return near
	}
	return lastBelowFar(sums, near, sum)
}

func lastBelowFar(sums []int64, near int, sum int64) int {
	lo, hi := near, near+1
	if sums[near] < sum {
		for step := 1; sums[hi] < sum; step *= 2 {
			lo, hi = hi, min(hi+step, len(sums)-1)
		}
	} else {
		lo, hi = near-1, near
		for step := 1; sums[lo] >= sum; step *= 2 {
			lo, hi = max(lo-step, 0), lo
		}
	}
	for lo+1 < hi {
		if mid := int(uint(lo+hi) / 2); sums[mid] < sum {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// total returns the open seconds at the end of t.
func (t *table) total() int64 { return t.stretchSums[len(t.stretchSums)-1] }

// end returns the first Unix second after t.
func (t *table) end() int64 { return t.lo + int64(t.span) }
