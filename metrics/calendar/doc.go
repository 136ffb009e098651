// Package calendar measures time in hours of service: how long a desk was open
// between two instants, and when it will have been open for so long.
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
// A date has the weekly hours of its weekday, and of the weekday before those
// past midnight, whatever became of the date they began on. A holiday closes the
// date from midnight to midnight. An override replaces the hours of the date; it
// beats a recurring holiday, and its own hours past midnight are added to an
// ordinary next date. Breaks are cut out last. So of the night from 24 to 25
// December, with a holiday on the 25th, the part before midnight remains.
//
// # Bounds
//
// Windows are to the second, instants to the nanosecond, and leap seconds are
// unknown to package time. Dates are from 1900 to 2199; weekly hours and
// recurring holidays have no bounds. Instants may be any. Results are in the
// years 1 to 9999, or [ErrUnreachable].
//
// # Cost
//
// Nothing is walked: Between takes some 25 ns for an hour as for ten years,
// IsOpen some 15 ns, Deadline some 30 ns, without allocations; see the benchmarks
// for figures of your machine. [New] takes about a millisecond.
package calendar
