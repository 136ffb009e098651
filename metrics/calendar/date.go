package calendar

import (
	"cmp"
	"fmt"
	"time"
)

const (
	secondsPerDay  = 86400
	secondsPerWeek = 7 * secondsPerDay

	// The Gregorian calendar repeats itself, weekdays included, after 400 years.
	daysPerCycle    = 146097
	secondsPerCycle = daysPerCycle * secondsPerDay

	firstYear = 1900
	lastYear  = 2199
)

// A Date is a day of the Gregorian calendar, without a time or a zone. The zero
// value is no date. Dates are comparable with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the date that t shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD. Other text, and a date that does not exist, is an
// [ErrDate].
func ParseDate(s string) (Date, error) {
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return Date{}, badDate(s)
	}
	y, okYear := digits(s[:4])
	m, okMonth := digits(s[5:7])
	d, okDay := digits(s[8:])
	date := Date{y, time.Month(m), d}
	if !okYear || !okMonth || !okDay || !date.exists() {
		return Date{}, badDate(s)
	}
	return date, nil
}

// MustParseDate is [ParseDate] for text that is known to be right. It panics if
// it is not.
func MustParseDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func badDate(s string) error { return &ConfigError{Input: s, Err: ErrDate} }

// digits reads s, which must be decimal digits only.
func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, len(s) > 0
}

// Compare returns -1 if d is before e, 0 if they are the same, and 1 if d is
// after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Weekday returns the day of the week of d.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// String returns YYYY-MM-DD.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// AppendText appends d as String shows it. A date that does not exist is an
// [ErrDate].
func (d Date) AppendText(b []byte) ([]byte, error) {
	if !d.exists() || d.Year < 0 || d.Year > 9999 {
		return b, badDate(d.String())
	}
	return append(b, d.String()...), nil
}

// MarshalText returns d as AppendText does.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads what [ParseDate] reads.
func (d *Date) UnmarshalText(b []byte) error {
	parsed, err := ParseDate(string(b))
	if err == nil {
		*d = parsed
	}
	return err
}

func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (d Date) exists() bool { return DateOf(d.midnight()) == d }

// check refuses what a calendar does not take.
func (d Date) check() error {
	if !d.exists() {
		return ErrDate
	}
	if d.Year < firstYear || d.Year > lastYear {
		return because(ErrDate, "outside %d to %d", firstYear, lastYear)
	}
	return nil
}

// number returns the days from 1970-01-01 to d.
func (d Date) number() int { return int(floorDiv(d.midnight().Unix(), secondsPerDay)) }

// dateOfNumber is the inverse of number.
func dateOfNumber(n int) Date {
	return DateOf(time.Unix(int64(n)*secondsPerDay, 0).UTC())
}

// A MonthDay is a day of every year, such as 12-25. 02-29 comes in leap years
// only. The zero value is no day. MonthDays are comparable with ==.
type MonthDay struct {
	Month time.Month
	Day   int
}

// ParseMonthDay reads MM-DD. Other text, and a day that no year has, is an
// [ErrDate].
func ParseMonthDay(s string) (MonthDay, error) {
	if len(s) != len("01-02") || s[2] != '-' {
		return MonthDay{}, badDate(s)
	}
	m, okMonth := digits(s[:2])
	d, okDay := digits(s[3:])
	day := MonthDay{time.Month(m), d}
	if !okMonth || !okDay || day.check() != nil {
		return MonthDay{}, badDate(s)
	}
	return day, nil
}

// MustParseMonthDay is [ParseMonthDay] for text that is known to be right. It
// panics if it is not.
func MustParseMonthDay(s string) MonthDay {
	md, err := ParseMonthDay(s)
	if err != nil {
		panic(err)
	}
	return md
}

// In returns the date of md in year. The date of 02-29 in a year without it does
// not exist: ok is false.
func (md MonthDay) In(year int) (d Date, ok bool) {
	d = Date{year, md.Month, md.Day}
	return d, d.exists()
}

// String returns MM-DD.
func (md MonthDay) String() string { return fmt.Sprintf("%02d-%02d", md.Month, md.Day) }

// AppendText appends md as String shows it. A day that no year has is an
// [ErrDate].
func (md MonthDay) AppendText(b []byte) ([]byte, error) {
	if md.check() != nil {
		return b, badDate(md.String())
	}
	return append(b, md.String()...), nil
}

// MarshalText returns md as AppendText does.
func (md MonthDay) MarshalText() ([]byte, error) { return md.AppendText(nil) }

// UnmarshalText reads what [ParseMonthDay] reads.
func (md *MonthDay) UnmarshalText(b []byte) error {
	parsed, err := ParseMonthDay(string(b))
	if err == nil {
		*md = parsed
	}
	return err
}

func (md MonthDay) check() error {
	const leap = 2000
	if _, ok := md.In(leap); !ok {
		return ErrDate
	}
	return nil
}

// floorDiv rounds down, where Go's division rounds towards zero.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
