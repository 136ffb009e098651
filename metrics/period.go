package metrics

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// Unit is a unit of the civil calendar. The zero value is Day.
type Unit uint8

const (
	Day Unit = iota
	Week
	Month
	Quarter
	Year
)

var unitNames = text.NewEnum[Unit](errors.New("metrics: no such unit"),
	"day", "week", "month", "quarter", "year",
)

// String returns the name of the unit, such as "quarter".
func (u Unit) String() string { return unitNames.Name(u) }

// AppendText implements [encoding.TextAppender].
func (u Unit) AppendText(b []byte) ([]byte, error) { return unitNames.Append(b, u) }

// MarshalText implements [encoding.TextMarshaler].
func (u Unit) MarshalText() ([]byte, error) { return u.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (u *Unit) UnmarshalText(text []byte) error { return unitNames.Parse(u, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (u *Unit) Scan(src any) error { return unitNames.Scan(u, src) }

// Value implements [driver.Valuer] with the text form.
func (u Unit) Value() (driver.Value, error) { return unitNames.Value(u) }

// Period is a day, week, month, quarter or year of the civil calendar, without a zone;
// [Period.In] says from when to when it is in one. Periods are comparable, so they serve
// as keys. The zero value is 1 January 1970.
//
// Periods are of the years −9999 to 9999. A date outside of them counts as the first or the
// last of their days, an instant as that day in UTC, and [Period.Next] goes on for up to
// 2,000 years beyond.
type Period struct {
	first int32 // day, counted from 1970-01-01
	unit  Unit
}

// PeriodOf returns the period that contains a civil date. Weeks begin on weekStart;
// other units ignore it.
func PeriodOf(u Unit, year int, month time.Month, day int, weekStart time.Weekday) Period {
	return periodOf(u, min(max(dayOf(year, month, day), firstDay), lastDay), weekStart)
}

// The first and the last day of a period that is named, as dayOf counts them, and the
// farthest that there is before and after.
const (
	firstDay    = -4371587 // −9999-01-01
	lastDay     = 2932896  // 9999-12-31
	farthestDay = 2000 * 366
)

func periodOf(u Unit, day int32, weekStart time.Weekday) Period {
	switch u {
	case Day:
	case Week:
		day -= (weekdayOf(day) - int32(weekStart) + 7) % 7
	default:
		year, month, _ := dateOf(day)
		switch u {
		case Quarter:
			month -= (month - 1) % 3
		case Year:
			month = time.January
		}
		day = dayOf(year, month, 1)
	}
	return Period{first: day, unit: u}
}

// dayOf counts the days of a civil date from 1970-01-01, up to the farthest. Months and days
// beyond their usual ranges count on, up to ten million.
func dayOf(year int, month time.Month, day int) int32 {
	const most = 10_000_000
	date := time.Date(within(year, most), time.Month(within(int(month), most)), within(day, most), 0, 0, 0, 0, time.UTC)
	return clampDay(date.Unix() / secondsPerDay)
}

func clampDay(day int64) int32 {
	return int32(min(max(day, firstDay-farthestDay), lastDay+farthestDay))
}

// within returns n, or the nearest number that is at most so far from 0.
func within(n, most int) int { return min(max(n, -most), most) }

func dateOf(day int32) (year int, month time.Month, dayOfMonth int) {
	return time.Unix(int64(day)*secondsPerDay, 0).UTC().Date()
}

// weekdayOf returns 0 for Sunday to 6 for Saturday.
func weekdayOf(day int32) int32 {
	return ((day+int32(time.Thursday))%7 + 7) % 7
}

const secondsPerDay = 24 * 60 * 60

// Unit returns the unit.
func (p Period) Unit() Unit { return p.unit }

// Date returns the first day.
func (p Period) Date() (year int, month time.Month, day int) { return dateOf(p.first) }

// Weekday returns the day of the week of the first day.
func (p Period) Weekday() time.Weekday { return time.Weekday(weekdayOf(p.first)) }

// Next returns the n-th period after p, or before it if n is negative.
func (p Period) Next(n int) Period {
	year, month, day := p.Date()
	n = within(n, 10_000_000)
	switch p.unit {
	case Day:
		p.first = clampDay(int64(p.first) + int64(n))
	case Week:
		p.first = clampDay(int64(p.first) + 7*int64(n))
	case Month:
		p.first = dayOf(year, month+time.Month(n), day)
	case Quarter:
		p.first = dayOf(year, month+3*time.Month(n), day)
	case Year:
		p.first = dayOf(year+n, month, day)
	}
	return p
}

// YearBefore returns the same period of the year before: the month, quarter or
// year of the same name, or the day or week 52 weeks before, so that a Monday is
// compared with a Monday.
func (p Period) YearBefore() Period {
	switch p.unit {
	case Day, Week:
		p.first -= 52 * 7
		return p
	}
	year, month, day := p.Date()
	p.first = dayOf(year-1, month, day)
	return p
}

// Compare orders periods by their first day, then by their unit.
func (p Period) Compare(q Period) int {
	return cmp.Or(cmp.Compare(p.first, q.first), cmp.Compare(p.unit, q.unit))
}

// In returns the span of the period in a zone, from Start up to but not including End;
// nil means UTC. A day begins when the clocks of the zone first show its date or a later
// one. So periods follow each other without gap or overlap, and days may have 23 or 25
// hours. An hour that clocks show again when they are put back over midnight belongs to
// the day that had begun, and a date that a zone skipped is empty.
func (p Period) In(zone *time.Location) Span {
	from, to := p.bounds(zone)
	return Span{time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()}
}

// bounds returns the Unix seconds at which the period begins and ends.
func (p Period) bounds(zone *time.Location) (from, to int64) {
	return startOfDay(p.first, zone), startOfDay(p.Next(1).first, zone)
}

// startOfDay returns the Unix second at which a day begins in a zone.
func startOfDay(day int32, zone *time.Location) int64 {
	midnight := int64(day) * secondsPerDay
	if zone == nil || zone == time.UTC {
		return midnight
	}
	// No zone is as far from UTC as this, or has two changes within it.
	const reach = 16 * 60 * 60
	low, high := midnight-reach, midnight+reach
	before, after := offsetAt(low, zone), offsetAt(high, zone)
	if before == after {
		return midnight - before
	}
	// Look for the second of the change.
	for high-low > 1 {
		if middle := low + (high-low)/2; offsetAt(middle, zone) == before {
			low = middle
		} else {
			high = middle
		}
	}
	if start := midnight - before; start < high {
		return start
	}
	return max(high, midnight-after)
}

// offsetAt returns the seconds by which a zone is ahead of UTC.
func offsetAt(second int64, zone *time.Location) int64 {
	_, offset := time.Unix(second, 0).In(zone).Zone()
	return int64(offset)
}

// String returns the period by its name: 2026-03-02, 2026-W10 (the week of ISO
// 8601, if it begins on a Monday; else its first and last day,
// 2026-03-01/2026-03-07), 2026-03, 2026-Q1, 2026.
func (p Period) String() string {
	text, _ := p.AppendText(nil)
	return string(text)
}

// AppendText implements [encoding.TextAppender] with what String returns.
func (p Period) AppendText(b []byte) ([]byte, error) {
	year, month, day := p.Date()
	switch p.unit {
	case Week:
		if p.Weekday() == time.Monday {
			year, week := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).ISOWeek()
			return fmt.Appendf(b, "%04d-W%02d", year, week), nil
		}
		lastYear, lastMonth, lastDay := dateOf(p.first + 6)
		return fmt.Appendf(b, "%04d-%02d-%02d/%04d-%02d-%02d", year, month, day, lastYear, lastMonth, lastDay), nil
	case Month:
		return fmt.Appendf(b, "%04d-%02d", year, month), nil
	case Quarter:
		return fmt.Appendf(b, "%04d-Q%d", year, (month+2)/3), nil
	case Year:
		return fmt.Appendf(b, "%04d", year), nil
	}
	return fmt.Appendf(b, "%04d-%02d-%02d", year, month, day), nil
}

// MarshalText implements [encoding.TextMarshaler].
func (p Period) MarshalText() ([]byte, error) { return p.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. If the text does not name a
// period, the error wraps [ErrPeriod].
func (p *Period) UnmarshalText(text []byte) error {
	read, err := parsePeriod(string(text))
	if err == nil {
		*p = read
	}
	return err
}

// parsePeriod guesses the period by the form of the text, and then checks that it has
// this name.
func parsePeriod(text string) (Period, error) {
	var year, number, day int
	var p Period
	switch {
	case scan(text, "%4d-W%2d", &year, &number):
		// 4 January is in the first week of its year.
		p = PeriodOf(Week, year, time.January, 4, time.Monday).Next(number - 1)
	case scan(text, "%4d-Q%1d", &year, &number):
		p = PeriodOf(Quarter, year, time.Month(3*number-2), 1, time.Monday)
	case scan(text, "%4d-%2d-%2d", &year, &number, &day):
		p = PeriodOf(Day, year, time.Month(number), day, time.Monday)
		if len(text) > len("2026-03-02") {
			p.unit = Week
		}
	case scan(text, "%4d-%2d", &year, &number):
		p = PeriodOf(Month, year, time.Month(number), 1, time.Monday)
	case scan(text, "%4d", &year):
		p = PeriodOf(Year, year, time.January, 1, time.Monday)
	}
	if year == 0 || p.String() != text {
		return Period{}, fmt.Errorf("%w: %q", ErrPeriod, quotable(text))
	}
	return p, nil
}

func scan(text, format string, numbers ...any) bool {
	n, _ := fmt.Sscanf(text, format, numbers...)
	return n == len(numbers)
}
