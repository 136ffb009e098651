package calendar

import "time"

// DeadlineDays returns the instant that is n business days after start: the same time
// of day, on the nth date after it on which the desk opens. With n = 0 that is start
// itself, open or not.
//
// A date opens if hours begin on it that are not all taken away by a holiday, an
// override, a break or a change of the clocks; the tail of a night does not open its
// date. A start outside the hours counts as the next opening. The days are counted
// from the date on which the hours of the start began, and a time in the tail of a
// night stays in the tail of a night. Special cases are:
//
//   - what is outside the hours that begin on the date is moved back to the closing
//     before, when as much open time has passed; so a day from an opening ends with a
//     closing, as in [Calendar.Deadline];
//   - a time that clocks skip is the end of the gap, one that is shown twice is the first;
//   - a start during the second showing of an hour counts as the end of the first, and
//     one in a tail that a holiday has left of its night as no less than what was open
//     before, where the clock alone would give an earlier deadline than earlier starts have.
//
// So a later start never has an earlier deadline, unless a version moves the desk to
// another zone, where dates may come twice or overlap, within a few days. Where all dates that open are
// alike, n days are the Deadline of n times the hours of one of them. A hold moves the
// deadline on by its open time: that is DeadlineWithHolds(start, Between(start, due),
// holds).
//
// A negative n is [ErrNegativeBudget]. [ErrUnreachable] is returned if the calendar
// does not open on so many dates before the year 10000.
func (c *Calendar) DeadlineDays(start time.Time, n int) (time.Time, error) {
	if n <= 0 {
		return c.noBudget(start, time.Duration(n))
	}
	u, ok := c.nextOpen(start.Unix())
	if !ok {
		return time.Time{}, ErrUnreachable
	}
	var nanoseconds int64
	if u == start.Unix() {
		nanoseconds = int64(start.Nanosecond())
	}
	f := c.frameAt(u)
	p, moved := f.position(u - f.shift())
	f, day, ok := c.opening(f, p.rank, int64(n))
	if !ok {
		return time.Time{}, ErrUnreachable
	}
	since := u - f.shift()
	local := int64(day)*secondsPerDay + p.since
	t, shown := first(f.segments, local, since)
	if moved || !shown {
		nanoseconds = 0
	}
	// The hours of the dates around are not those of this one.
	if oneSegment(f.segments, day) {
		from, to := f.segments[segmentAt(f.segments, t)].plan.span(day)
		if local < from || local >= to {
			t, _ = first(f.segments, min(max(local, from), to), since)
			nanoseconds = 0
		}
	} else if opens, closes, ok := c.hoursOf(f.segments, day); ok && (t < opens || t >= closes) {
		t, nanoseconds = min(max(t, opens), closes), 0
	}
	return c.closing(t+f.shift(), nanoseconds)
}

// DeadlineEndOfDay returns the last closing of the hours that begin on the nth date
// after that of start on which the desk opens, wherever start lies on its date. With n
// = 0 that is the last closing of the date of start, or of the next date that opens if
// it has passed or does not come. Dates open as in [Calendar.DeadlineDays]. A night
// closes on the next date, a day of 24 hours at 24:00.
//
// A later start never has an earlier deadline: where clocks set back to the date
// before, the date of start is the later one. Holds are treated as in DeadlineDays.
//
// A negative n is [ErrNegativeBudget]. [ErrUnreachable] is returned if the calendar
// does not open on so many dates before the year 10000.
func (c *Calendar) DeadlineEndOfDay(start time.Time, n int) (time.Time, error) {
	if n < 0 {
		return time.Time{}, ErrNegativeBudget
	}
	if c.loc == nil {
		return time.Time{}, ErrUnreachable
	}
	u := start.Unix()
	f := c.frameAt(u)
	day := latestDate(f.segments, u-f.shift())
	if n == 0 {
		if _, end, ok := c.hoursOf(f.segments, day); ok && end > u-f.shift() {
			return c.within(end+f.shift(), 0)
		}
		n = 1
	}
	f, day, ok := c.opening(f, f.rank(day), int64(n))
	if !ok {
		return time.Time{}, ErrUnreachable
	}
	_, end, _ := c.hoursOf(f.segments, day)
	return c.within(end+f.shift(), 0)
}

// closing returns an instant if the calendar is open just before it, otherwise the
// closing before.
func (c *Calendar) closing(u, nanoseconds int64) (time.Time, error) {
	if uint64(u-c.lo) < c.span {
		sum, open, at := c.find(u)
		switch {
		case open && nanoseconds > 0:
			return time.Unix(u, nanoseconds).In(c.loc), nil
		case sum > c.before(0):
			return time.Unix(c.table.earliest(sum, at), 0).In(c.loc), nil
		}
	}
	sum, open := c.count(u)
	if open && nanoseconds > 0 {
		return c.within(u, nanoseconds)
	}
	return c.elsewhere(sum, 0, 0)
}

// around returns Unix seconds between which a date begins, and the hours that begin on
// it end.
func around(day int) (from, to int64) {
	midnight := int64(day) * secondsPerDay
	return midnight - maxOffset, midnight + 2*secondsPerDay + maxOffset
}

// oneSegment reports whether neither a change of the clocks nor another version has to do
// with a date.
func oneSegment(segments []segment, day int) bool {
	from, to := around(day)
	return segmentAt(segments, from) == segmentAt(segments, to)
}

// hoursOf returns the first opening and the last closing of the windows that begin on a
// date. ok is false if the date does not open.
func (c *Calendar) hoursOf(segments []segment, day int) (opens, closes int64, ok bool) {
	first, last := around(day)
	for i := segmentAt(segments, first); i < len(segments); i++ {
		s := &segments[i]
		if s.from > last {
			break
		}
		from, to := s.plan.span(day)
		from, to = max(from-s.offset, s.from), min(to-s.offset, s.to)
		if from >= to {
			continue
		}
		before, _ := c.count(from)
		sum, _ := c.count(to)
		if sum == before {
			continue
		}
		if !ok {
			opens, _ = c.earliestSecond(before + 1)
			opens--
		}
		closes, ok = c.earliestSecond(sum)
	}
	return opens, closes, ok
}
