package compare

import (
	"fmt"
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Spans are two spans of time that are held against each other. Each has its
// Start and all up to but without its End, and they do not overlap. The zero
// value has no time.
type Spans struct {
	Before metrics.Span
	After  metrics.Span
	// Partial says that After is of a period that was not over, and ends at the
	// instant as of which it is looked at; Before ends at the same day and hour
	// of its own.
	Partial bool
}

// NewSpans returns any two spans: the one before must end before the one after
// starts, or as it does, and neither may be empty. The error wraps [ErrSpans].
func NewSpans(before, after metrics.Span) (Spans, error) {
	s := Spans{Before: before, After: after}
	if !before.Start.Before(before.End) || !after.Start.Before(after.End) || after.Start.Before(before.End) {
		return Spans{}, fmt.Errorf("%w: %v to %v and %v to %v", ErrSpans,
			instant(before.Start), instant(before.End), instant(after.Start), instant(after.End))
	}
	return s, nil
}

func instant(t time.Time) string { return t.Format(time.RFC3339Nano) }

// Periods returns two periods of one unit as they are in a zone; nil is UTC. The
// one before is mostly [metrics.Period.Next] of −1 or
// [metrics.Period.YearBefore].
//
// If the period after is not over as of the given instant, it is held against as
// much of the one before, by the zone's calendar and clocks: this month to the
// 10th, 14:00, against last month to its 10th, 14:00. Where the period before has
// no such day, it counts whole. That is what a desk asks in the middle of a month:
// whether it goes better so far. [Spans.Partial] says that it is not over.
//
// The error wraps [ErrSpans] for periods of different units or that overlap, and
// for one after that has not begun.
func Periods(before, after metrics.Period, zone *time.Location, asOf time.Time) (Spans, error) {
	if before.Unit() != after.Unit() {
		return Spans{}, fmt.Errorf("%w: %v and %v", ErrSpans, before, after)
	}
	if zone == nil {
		zone = time.UTC
	}
	b, a := before.In(zone), after.In(zone)
	if !a.Start.Before(asOf) {
		return Spans{}, fmt.Errorf("%w: %v has not begun as of %s", ErrSpans, after, instant(asOf))
	}
	partial := asOf.Before(a.End)
	if partial {
		a.End = asOf.UTC()
		end := sameClock(before, after, asOf.In(zone))
		if !end.After(b.Start) {
			// Clocks were put back over midnight, and show the day before.
			end = b.Start.Add(asOf.Sub(a.Start))
		}
		if end.Before(b.End) {
			b.End = end
		}
	}
	s, err := NewSpans(b, a)
	s.Partial = partial && err == nil
	return s, err
}

// sameClock returns the instant that is as many days into the period before as t
// is into the one after, at the time of day that the clocks of t's zone show.
func sameClock(before, after metrics.Period, t time.Time) time.Time {
	midnight := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	days := int(midnight(t.Date()).Sub(midnight(after.Date())) / (24 * time.Hour))
	year, month, day := before.Date()
	return time.Date(year, month, day+days, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location()).UTC()
}

// Around returns the given number of days up to a change, such as a training,
// and as many from it on. A day is one of the zone's calendar, at the time of
// day of the change, and so has 23 or 25 hours where clocks are changed; a nil
// zone is UTC. The error wraps [ErrSpans] if days is not positive, or above 2²⁰.
func Around(change time.Time, days int, zone *time.Location) (Spans, error) {
	if err := checkDays(days); err != nil {
		return Spans{}, err
	}
	before, after := addDays(change, -days, zone), addDays(change, days, zone)
	return NewSpans(metrics.Span{Start: before, End: change.UTC()}, metrics.Span{Start: change.UTC(), End: after})
}

// LastDays returns the given number of days up to an instant, and as many before
// them; see [Around].
func LastDays(days int, asOf time.Time, zone *time.Location) (Spans, error) {
	if err := checkDays(days); err != nil {
		return Spans{}, err
	}
	middle, start := addDays(asOf, -days, zone), addDays(asOf, -2*days, zone)
	return NewSpans(metrics.Span{Start: start, End: middle}, metrics.Span{Start: middle, End: asOf.UTC()})
}

func checkDays(days int) error {
	const most = 1 << 20 // 2,870 years
	if days < 1 || days > most {
		return fmt.Errorf("%w: %d days", ErrSpans, days)
	}
	return nil
}

// addDays returns the same time of day some days later.
func addDays(t time.Time, days int, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).AddDate(0, 0, days).UTC()
}

// Read reads a log by rules, once for each side: as of its last instant, at which
// what goes on is counted. Sinks of the one must not be fed with the other.
func (s Spans) Read(log *metrics.EventLog, rules metrics.Rules) (before, after metrics.Reading) {
	return log.Read(rules, s.Before.End.Add(-time.Nanosecond)), log.Read(rules, s.After.End.Add(-time.Nanosecond))
}

// days returns the lengths of the spans in days, or 1 and 1 for the zero value.
func (s Spans) days() (before, after float64) {
	if s == (Spans{}) {
		return 1, 1
	}
	return daysOf(s.Before), daysOf(s.After)
}

// daysOf returns the length of a span in days, which need not fit a Duration.
func daysOf(s metrics.Span) float64 {
	if d := s.End.Sub(s.Start); d != math.MaxInt64 {
		return d.Hours() / 24
	}
	return (float64(s.End.Unix()) - float64(s.Start.Unix())) / (24 * 60 * 60)
}
