package metrics

import (
	"fmt"
	"iter"
	"time"
)

// Periods divide all time into periods of one unit. The zero value divides it
// into days in UTC.
type Periods struct {
	Unit      Unit
	WeekStart time.Weekday   // first day of a [Week]; the zero value is Sunday, ISO 8601 has Monday
	Zone      *time.Location // in which days begin; nil is UTC
}

// Of returns the period in which an instant lies. The location of t makes no
// difference.
func (p Periods) Of(t time.Time) Period {
	period, _, _ := p.of(t.Unix())
	return period
}

// of returns the period in which a Unix second lies, and its bounds.
func (p Periods) of(second int64) (period Period, from, to int64) {
	local := second
	if p.Zone != nil {
		local += offsetAt(second, p.Zone)
	}
	day := int32(floorDiv(local, secondsPerDay))
	period = periodOf(p.Unit, day, p.WeekStart)
	from, to = period.bounds(p.Zone)
	for second >= to { // clocks were put back over midnight
		period = period.Next(1)
		from, to = period.bounds(p.Zone)
	}
	return period, from, to
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Between yields the periods that have instants from one up to but without
// another, in order. Where nothing was measured in one of them a time has a gap
// there, not a zero; a count has a zero.
func (p Periods) Between(from, to time.Time) iter.Seq[Period] {
	return func(yield func(Period) bool) {
		for period := p.Of(from); period.In(p.Zone).Start.Before(to); period = period.Next(1) {
			if span := period.In(p.Zone); span.Start.Before(span.End) && from.Before(to) && !yield(period) {
				return
			}
		}
	}
}

// HourOfWeek is an hour of the week as clocks show it, from 0 for Monday 00:00
// to 167 for Sunday 23:00.
type HourOfWeek uint8

// HoursPerWeek is the number of hours of a week.
const HoursPerWeek = 7 * 24

// HourOfWeekAt returns the hour of the week that the clocks of a zone show at an
// instant; nil is UTC.
func HourOfWeekAt(t time.Time, zone *time.Location) HourOfWeek {
	if zone == nil {
		zone = time.UTC
	}
	t = t.In(zone)
	return HourOfWeek((int(t.Weekday())+6)%7*24 + t.Hour())
}

// Weekday returns the day of the week.
func (h HourOfWeek) Weekday() time.Weekday { return time.Weekday((int(h)/24 + 1) % 7) }

// Hour returns the hour of the day, from 0 to 23.
func (h HourOfWeek) Hour() int { return int(h) % 24 }

// String returns the day and hour, such as "Mon 09:00".
func (h HourOfWeek) String() string {
	return fmt.Sprintf("%.3s %02d:00", h.Weekday(), h.Hour())
}
