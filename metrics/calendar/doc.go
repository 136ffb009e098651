// Package calendar measures time in hours of service: how long a desk was open
// between two instants, and when it will have been open for a given time.
//
//	cal, err := calendar.New(calendar.Config{
//		Timezone: "Europe/Berlin",
//		Weekly:   calendar.Weekly{time.Monday: {calendar.MustParseHours("09:00-17:00")}},
//	})
//	waited := cal.Between(asked, answered)
//	due, err := cal.Deadline(asked, 8*time.Hour)
//
// # The rule
//
// One rule decides everything: an instant is open if and only if the wall clock
// of the calendar's zone, at that instant, lies in a half-open window of its civil
// date. Open time is the real time of open instants. It follows that
//
//   - 22:00-06:00 is seven or nine hours in the nights of a clock change, an hour
//     that is shown twice counts twice, and a date that a zone skipped has no time;
//   - the closing instant is closed, and 24:00 is the end of the day, to the
//     nanosecond;
//   - [Calendar.IsOpen], [Calendar.Between] and [Calendar.Deadline] cannot
//     disagree: Between(t, Deadline(t, d)) is d;
//   - the location of an argument does not matter.
//
// # The hours of a date
//
// A date has the weekly hours of its weekday, and those of the weekday before that
// run past midnight. A holiday closes the date, an override replaces its hours and
// beats a recurring holiday, and breaks are cut out last. What that means for nights
// is set by [HolidayCloses]. If 25 December is a holiday, then by default it is
// closed from midnight to midnight: the night from the 24th keeps its part before
// midnight, and that from the 25th its part after. With "shift" the night from the 24th
// goes on to its end, and that from the 25th does not begin.
//
// # Business days
//
// [Calendar.DeadlineDays] counts dates on which hours begin and keeps the time of day;
// [Calendar.DeadlineEndOfDay] ends with the last hours of a date. On a desk that is
// open from 9:00 to 17:00, Monday to Friday:
//
//	start            DeadlineDays 1   DeadlineEndOfDay 1
//	Monday 10:00     Tuesday 10:00    Tuesday 17:00
//	Friday 16:30     Monday 16:30     Monday 17:00
//	Saturday 12:00   Monday 17:00     Monday 17:00
//	Monday 7:00      Monday 17:00     Tuesday 17:00
//
// A night belongs to the date on which it begins, and a desk that never closes has a
// business day on every date. A day after an opening is a closing, not the next
// opening, as in [Calendar.Deadline]: from Monday 7:00, which counts as 9:00, a whole
// day has been used up when Monday closes.
//
// # Bounds
//
// Windows are to the second, instants to the nanosecond, and leap seconds are
// unknown to package time. Dates are from 1900 to 2199; weekly hours and
// recurring holidays have no bounds. Any instant will do, but nothing is open more
// than 18 billion years from 1970. Results are in the years 1 to 9999, or
// [ErrUnreachable].
//
// # Cost
//
// Nothing is walked day by day: Between takes about 25 ns, for an hour or for ten
// years, IsOpen about 15 ns, Deadline about 30 ns and the deadlines in days about
// 200 ns, without allocations; see the benchmarks for figures of your machine. [New]
// takes about a millisecond, and the first deadline in days as long again.
package calendar
