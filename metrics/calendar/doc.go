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
// run past midnight, whatever happened to the date on which they began. A holiday
// closes the date from midnight to midnight. An override replaces the hours of the
// date; it beats a recurring holiday, and its own hours past midnight are added to an
// ordinary next date. Breaks are cut out last. So if 25 December is a holiday, the
// night from the 24th keeps its part before midnight.
//
// # Bounds
//
// Windows are to the second, instants to the nanosecond, and leap seconds are
// unknown to package time. Dates are from 1900 to 2199; weekly hours and
// recurring holidays have no bounds. Any instant will do. Results are in the
// years 1 to 9999, or [ErrUnreachable].
//
// # Cost
//
// Nothing is walked day by day: Between takes about 25 ns, for an hour or for ten
// years, IsOpen about 15 ns and Deadline about 30 ns, without allocations; see the
// benchmarks for figures of your machine. [New] takes about a millisecond.
package calendar
