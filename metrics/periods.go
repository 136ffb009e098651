package metrics

import (
	"fmt"
	"iter"
	"time"
)

// Periods divide time into periods of one unit. The zero value divides it into days in
// UTC.
type Periods struct {
	Unit      Unit
	WeekStart time.Weekday   // first day of a [Week]; the zero value is Sunday, ISO 8601 has Monday
	Zone      *time.Location // in which days begin; nil means UTC
}

// Of returns the period in which an instant lies. The location of t does not matter.
func (p Periods) Of(t time.Time) Period {
	period, _, _ := p.of(t.Unix())
	return period
}

// of returns the period in which a Unix second lies, and its bounds.
func (p Periods) of(second int64) (period Period, from, to int64) {
	second = min(max(second, firstDay*secondsPerDay), (lastDay+1)*secondsPerDay-1)
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

// Between yields in order the periods that contain an instant at from or later, and
// before to. Use it to fill in the periods without events: there a count is zero, but a
// response time has a gap.
func (p Periods) Between(from, to time.Time) iter.Seq[Period] {
	return func(yield func(Period) bool) {
		for period := p.Of(from); period.In(p.Zone).Start.Before(to); period = period.Next(1) {
			if span := period.In(p.Zone); span.Start.Before(span.End) && from.Before(to) && !yield(period) {
				return
			}
			if period.Next(1) == period {
				return // there is none
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
// instant; nil means UTC.
func HourOfWeekAt(t time.Time, zone *time.Location) HourOfWeek {
	// Package time would look the offset up once for the day and once for the hour.
	second := t.Unix()
	if zone != nil {
		second += offsetAt(second, zone)
	}
	const thursday = 3 * 24 // 1 January 1970
	return HourOfWeek(((floorDiv(second, 3600)+thursday)%HoursPerWeek + HoursPerWeek) % HoursPerWeek)
}

// Weekday returns the day of the week.
func (h HourOfWeek) Weekday() time.Weekday { return time.Weekday((int(h)/24 + 1) % 7) }

// Hour returns the hour of the day, from 0 to 23.
func (h HourOfWeek) Hour() int { return int(h) % 24 }

// String returns the day and hour, such as "Mon 09:00".
func (h HourOfWeek) String() string {
	return fmt.Sprintf("%.3s %02d:00", h.Weekday(), h.Hour())
}
