package text

import (
	"strconv"
	"strings"
	"time"
)

// The units of a duration.
const (
	day = 24 * time.Hour

	toMinutes = 10 * time.Minute // from here on, seconds are left out
	toDays    = 3 * day          // from here on, hours are
)

// Duration returns d as people say it, rounded once, half away from zero:
//
//	below 1 minute    to the second  "54 s"
//	below 10 minutes  to the second  "1 min 37 s"
//	below 1 hour      to the minute  "39 min"
//	below 1 day       to the minute  "1 h 28 min"
//	below 3 days      to the hour    "2 d 4 h"
//	from then on      to the day     "81 days"
//
// Days are of 24 hours; there is no larger unit. Special cases are:
//
//   - a second unit of zero is left out: "2 min", "3 h";
//   - what rounds up to a larger unit is written in that one: 59.5 seconds are "1 min",
//     and 71 hours and a half are "3 days";
//   - 0 is "0 s", and less than half a second, of either sign, is "under 1 s".
func Duration(d time.Duration) string { return duration(d, false) }

// Remaining returns d as [Duration] does, but cut and not rounded, so that what is left
// until a deadline, or has passed since, is never more than is so: "0 s" comes at the
// deadline, and the second before and after it is "under 1 s".
func Remaining(d time.Duration) string { return duration(d, true) }

// DurationIf returns d as [Duration] does if there is one, and [NoData] if ok is false. It
// takes what a method such as a median returns.
func DurationIf(d time.Duration, ok bool) string {
	if !ok {
		return NoData
	}
	return Duration(d)
}

// Change returns by how much a duration changed, as [Duration] does, with its sign:
// "+1 min 36 s", "−43 s", and without one "0 s" and "under 1 s".
func Change(d time.Duration) string { return Signed(Duration(d)) }

// duration writes d, rounded half away from zero, or cut.
func duration(d time.Duration, cut bool) string {
	sign, n := "", uint64(d)
	if d < 0 {
		sign, n = minus, -n
	}
	if n == 0 {
		return "0 s"
	}
	to := func(unit time.Duration) time.Duration { // how many of them
		u := uint64(unit)
		if cut {
			return time.Duration(n / u)
		}
		return time.Duration((n + u/2) / u)
	}
	switch s, m, h := to(time.Second), to(time.Minute), to(time.Hour); {
	case s == 0:
		return "under 1 s"
	case s < toMinutes/time.Second:
		return sign + units(s, 60, "min", "s")
	case m < day/time.Minute:
		return sign + units(m, 60, "h", "min")
	case h < toDays/time.Hour:
		return sign + units(h, 24, "d", "h")
	}
	return sign + units(to(day), 1, "days", "")
}

// units returns so many small units, of which each large one has so many, in both.
func units(n, each time.Duration, large, small string) string {
	var parts []string
	if n >= each {
		parts = append(parts, strconv.FormatInt(int64(n/each), 10), large)
	}
	if n%each > 0 {
		parts = append(parts, strconv.FormatInt(int64(n%each), 10), small)
	}
	return strings.Join(parts, " ")
}

// Exact returns d unrounded, as [time.Duration.String] does, but without the units at its
// end that are 0: "24h", "1h30m", "1m40s". [time.ParseDuration] reads it. It is for files
// and names; for people there is [Duration].
func Exact(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
