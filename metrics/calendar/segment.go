package calendar

import "math"

// A segment is a stretch of Unix seconds with one plan and one offset from UTC: a
// straight piece of the wall clock.
type segment struct {
	from, to int64
	offset   int64
	plan     *plan
}

// segments returns the wall clock of c from Unix second lo up to and without hi.
func (c *Calendar) segments(lo, hi int64) []segment {
	var list []segment
	for i, e := range c.eras {
		from, to := max(e.from, lo), hi
		if i+1 < len(c.eras) {
			to = min(to, c.eras[i+1].from)
		}
		if from >= to {
			continue
		}
		steps := changes(e.plan.loc, from, to)
		if !usable(steps) { // far from the present only, where the tables do the same
			edge := min(max(from, c.start()), c.end())
			steps = changes(fixedAt(e.plan.loc, edge), from, to)
		}
		for _, s := range steps {
			if n := len(list); n > 0 {
				list[n-1].to = s.from
			}
			list = append(list, segment{from: s.from, to: to, offset: s.offset, plan: e.plan})
		}
	}
	return list
}

// segmentAt returns the number of the segment that a Unix second is in, or the nearest
// one.
func segmentAt(list []segment, u int64) int {
	i, n := 0, len(list)-1
	for i < n {
		if mid := int(uint(i+n) / 2); list[mid].to <= u {
			i = mid + 1
		} else {
			n = mid
		}
	}
	return i
}

// first returns the first Unix second at or after since at which the clock shows that
// many seconds since 1970-01-01, or more if it skips them: shown is false then.
func first(list []segment, local, since int64) (u int64, shown bool) {
	for i := segmentAt(list, local-maxOffset); ; i++ {
		s := &list[i]
		to := s.to
		if i == len(list)-1 {
			to = math.MaxInt64
		}
		if u := max(local-s.offset, s.from, since); u < to {
			return u, u == local-s.offset
		}
	}
}

// latestDate returns the number of the latest date that the clock has shown at Unix
// second u: the present one, unless clocks have just been set back over midnight.
func latestDate(list []segment, u int64) int {
	i := segmentAt(list, u)
	local := u + list[i].offset
	for ; i > 0 && list[i].from > u-2*maxOffset; i-- {
		local = max(local, list[i].from-1+list[i-1].offset)
	}
	return int(floorDiv(local, secondsPerDay))
}
