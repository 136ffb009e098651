package metrics

import "time"

// Calendar measures time in hours of service.
//
// Between returns the open time from start to end: positive if end is after
// start, negative if it is before, so that Between(a, b) + Between(b, c) is
// Between(a, c) for all instants; and never longer than the time elapsed. The
// location of the arguments must not matter.
//
// Where this package takes a Calendar, nil means around the clock. Package
// [github.com/servicequality/servicequality/metrics/calendar] has the calendar
// that most desks need.
type Calendar interface {
	Between(start, end time.Time) time.Duration
}

// AroundTheClock is the [Calendar] of a desk that never closes: all elapsed time
// counts. It has no state.
var AroundTheClock aroundTheClock

type aroundTheClock struct{}

func (aroundTheClock) Between(start, end time.Time) time.Duration { return end.Sub(start) }

// Span is the time from Start to End. A zero End means that it has not ended.
type Span struct {
	Start, End time.Time
}
