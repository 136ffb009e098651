package calendar

import (
	"math"
	"slices"
	"time"
)

// BetweenWithHolds returns the time from start to end during which the calendar is
// open and nothing is on hold. Holds may come in any order, overlap, or reach beyond
// start and end; time that is on hold twice is subtracted once, and time on hold
// outside the hours not at all. It is negative if end is before start.
//
// It allocates only if holds are not in order of their starts. Like [Calendar.Between]
// it clamps a result that is too long for a Duration.
func (c *Calendar) BetweenWithHolds(start, end time.Time, holds []Window) time.Duration {
	if end.Before(start) {
		return -c.BetweenWithHolds(end, start, holds)
	}
	var open time.Duration
	from := start
	for _, h := range inOrder(holds) {
		if h.empty() {
			continue
		}
		if !h.Start.Before(end) {
			break
		}
		if from.Before(h.Start) {
			open = add(open, c.Between(from, h.Start))
		}
		if h.End.IsZero() {
			return open
		}
		if from.Before(h.End) {
			from = h.End
		}
	}
	if from.Before(end) {
		open = add(open, c.Between(from, end))
	}
	return open
}

// DeadlineWithHolds returns the earliest instant at which the calendar has been
// open for budget since start, without the time on hold. With a budget of 0 that
// is start. Holds are treated as in [Calendar.BetweenWithHolds].
//
// [ErrOnHold] is returned if a hold that has not ended begins before the budget
// is used up; other errors are those of [Calendar.Deadline].
func (c *Calendar) DeadlineWithHolds(start time.Time, budget time.Duration, holds []Window) (time.Time, error) {
	if budget <= 0 {
		return c.noBudget(start, budget)
	}
	from := start
	for _, h := range inOrder(holds) {
		if h.empty() || !h.End.IsZero() && !from.Before(h.End) {
			continue
		}
		if from.Before(h.Start) {
			open := c.Between(from, h.Start)
			if open >= budget {
				break
			}
			budget -= open
		}
		if h.End.IsZero() {
			return time.Time{}, ErrOnHold
		}
		from = h.End
	}
	return c.Deadline(from, budget)
}

func (w Window) empty() bool { return !w.End.IsZero() && !w.Start.Before(w.End) }

// inOrder returns holds in order of their starts, in a copy if they are not.
func inOrder(holds []Window) []Window {
	byStart := func(a, b Window) int { return a.Start.Compare(b.Start) }
	if slices.IsSortedFunc(holds, byStart) {
		return holds
	}
	holds = slices.Clone(holds)
	slices.SortStableFunc(holds, byStart)
	return holds
}

// add adds two durations that are not negative.
func add(a, b time.Duration) time.Duration {
	if sum := a + b; sum >= 0 {
		return sum
	}
	return math.MaxInt64
}
