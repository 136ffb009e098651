package calendar

import "time"

// Deadline returns the earliest instant at which the calendar has been open for
// budget since start. A budget that ends with a window ends at its closing, not at
// the next opening. A budget of 0 gives start itself, open or not.
//
// A negative budget is [ErrNegativeBudget]. [ErrUnreachable] is returned if the
// calendar is not open for that long before the year 10000.
func (c *Calendar) Deadline(start time.Time, budget time.Duration) (time.Time, error) {
	if budget <= 0 {
		return c.noBudget(start, budget)
	}
	u := start.Unix()
	near := uint64(u-c.lo) < c.span
	var sum int64
	var open bool
	var at place
	if near {
		sum, open, at = c.find(u)
	} else {
		sum, open = c.countElsewhere(u)
	}
	sum += int64(budget / time.Second)
	fraction := int64(budget % time.Second)
	if open {
		fraction += int64(start.Nanosecond())
		if fraction >= int64(time.Second) {
			fraction -= int64(time.Second)
			sum++
		}
	}
	// The open second during which a fraction is reached is the last one before
	// the instant that has a whole second more.
	back := int64(0)
	if fraction > 0 {
		back = 1
	}
	sum += back
	if near && sum <= c.total() {
		return time.Unix(c.earliest(sum, at)-back, fraction).In(c.loc), nil
	}
	return c.elsewhere(sum, back, fraction)
}

// Before returns the latest instant from which the calendar is still open for
// budget until end: the last moment to begin. A budget that begins with a window
// begins at its opening, not at the closing before. A budget of 0 gives end
// itself, open or not.
//
// A negative budget is [ErrNegativeBudget]. [ErrUnreachable] is returned if the
// calendar has not been open for that long since the year 1.
func (c *Calendar) Before(end time.Time, budget time.Duration) (time.Time, error) {
	if budget <= 0 {
		return c.noBudget(end, budget)
	}
	u := end.Unix()
	near := uint64(u-c.lo) < c.span
	var sum int64
	var open bool
	var at place
	if near {
		sum, open, at = c.find(u)
	} else {
		sum, open = c.countElsewhere(u)
	}
	sum -= int64(budget / time.Second)
	fraction := -int64(budget % time.Second)
	if open {
		fraction += int64(end.Nanosecond())
	}
	if fraction < 0 {
		fraction += int64(time.Second)
		sum--
	}
	// The latest instant with sum open seconds before it begins the second that
	// makes them one more.
	sum++
	if near && c.before(0) < sum && sum <= c.total() {
		return time.Unix(c.earliest(sum, at)-1, fraction).In(c.loc), nil
	}
	return c.elsewhere(sum, 1, fraction)
}

func (c *Calendar) noBudget(t time.Time, budget time.Duration) (time.Time, error) {
	if budget < 0 {
		return time.Time{}, ErrNegativeBudget
	}
	return c.in(t.Unix(), int64(t.Nanosecond())), nil
}

// elsewhere returns the instant back seconds before that many open seconds are
// reached, and a fraction after it.
func (c *Calendar) elsewhere(sum, back, fraction int64) (time.Time, error) {
	u, ok := c.earliestSecond(sum)
	if !ok {
		return time.Time{}, ErrUnreachable
	}
	return c.within(u-back, fraction)
}

// within returns an instant, unless its year is out of range.
func (c *Calendar) within(u, nanoseconds int64) (time.Time, error) {
	t := c.in(u, nanoseconds)
	if year := t.Year(); year < 1 || year > 9999 {
		return time.Time{}, ErrUnreachable
	}
	return t, nil
}
