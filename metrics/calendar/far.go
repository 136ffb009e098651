package calendar

import (
	"sync"
)

// The Unix seconds that tables can be made for. Zones had no changes before
// 1835; in files that list changes one by one the last are in 2087.
const (
	steadyBefore = -5364662400 // 1800-01-01
	nearFrom     = 0           // 1970-01-01
	nearTo       = 4102444800  // 2100-01-01

	// Beyond some 18 billion years from 1970 nothing is open, so that sums of seconds
	// and their differences stay within 64 bits.
	forever = 1 << 59
)

// A far counts the time on one side of the tables of a Calendar. Its own tables
// are made at the first call.
type far struct {
	plan *plan
	past bool
	edge int64 // Unix second where it meets the tables

	once    sync.Once
	between table // from steadyBefore to the edge; past only
	cycle   table // 400 years, repeated for ever
}

// init makes the tables. A past counts down from 0 at its edge, a future counts
// up from 0.
func (f *far) init() {
	f.once.Do(func() {
		from := f.edge
		if f.past {
			from = steadyBefore - secondsPerCycle
			f.between = f.table(steadyBefore, f.edge)
		}
		f.cycle = f.table(from, from+secondsPerCycle)
	})
}

func (f *far) table(lo, hi int64) table {
	t, err := newTable(f.plan, lo, hi, 0)
	if err != nil {
		// The zone has been read from 1970 to 2100 without complaint. If it is out
		// of bounds elsewhere, the offset at the edge has to do.
		steady := *f.plan
		steady.loc = fixedAt(f.plan.loc, f.edge)
		t, _ = newTable(&steady, lo, hi, 0)
	}
	return t
}

// count returns the open seconds from the edge to u, and whether the second that
// begins at u is open.
func (f *far) count(u int64) (sum int64, open bool) {
	if !f.plan.opensWeekly() {
		return 0, false
	}
	f.init()
	beyond := u < -forever || u >= forever
	u = min(max(u, -forever), forever)
	if f.past && u >= steadyBefore {
		sum, open, _ = f.between.find(u)
		return sum - f.between.total(), open
	}
	n := floorDiv(u-f.cycle.lo, secondsPerCycle)
	sum, open, _ = f.cycle.find(u - n*secondsPerCycle)
	sum += n * f.cycle.total()
	if f.past {
		sum -= f.cycle.total() + f.between.total()
	}
	return sum, open && !beyond
}

// earliest returns the first Unix second that count gives sum for: above 0 for a
// future, at most 0 for a past.
func (f *far) earliest(sum int64) (u int64, ok bool) {
	if !f.plan.opensWeekly() {
		return 0, false
	}
	f.init()
	if f.past {
		sum += f.between.total()
		if sum > 0 {
			return f.between.earliest(sum, place{}), true
		}
		sum += f.cycle.total()
	}
	total := f.cycle.total()
	if total == 0 {
		return 0, false
	}
	n := floorDiv(sum-1, total)
	if n < -forever/secondsPerCycle || n > forever/secondsPerCycle {
		return 0, false
	}
	u = f.cycle.earliest(sum-n*total, place{}) + n*secondsPerCycle
	return u, u <= forever
}

// opens reports whether there is an open second.
func (f *far) opens() bool {
	if !f.plan.opensWeekly() {
		return false
	}
	f.init()
	return f.cycle.total() > 0 || f.past && f.between.total() > 0
}
