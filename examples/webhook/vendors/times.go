package vendors

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Layouts of times as vendors write them: those that say how far they are from UTC, and
// those that mean the zone of the account.
var (
	zonedLayouts = []string{
		time.RFC3339Nano, // 2026-03-02T09:15:00.25Z
		"2006-01-02 15:04:05 UTC",
		"2006-01-02 15:04:05 -0700",
		"02-01-2006 15:04:05 -0700",
	}
	localLayouts = []string{
		"2006-01-02 15:04:05",
		"2006-01-02T15:04:05",
		"02-01-2006 15:04:05",
		"Mon, 2 Jan, 2006 at 3:04 PM",
	}
)

// parseTime reads an instant. Text that does not say how far it is from UTC is a time of
// the zone, and an error without one.
func parseTime(s string, zone *time.Location) (time.Time, error) {
	for _, layout := range zonedLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	for _, layout := range localLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			if zone == nil {
				return time.Time{}, errors.New("want a time with its zone (or set -zone)")
			}
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UTC(), nil
		}
	}
	return time.Time{}, errors.New("want a time such as 2026-03-02T09:15:00Z")
}

// unixTime reads a Unix time in digits, with or without a fraction: up to 10 digits are
// seconds, 13 are milliseconds.
func unixTime(s string) (time.Time, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	unit := time.Second
	if len(whole) == 13 {
		unit = time.Millisecond
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n <= 0 || len(whole) > 10 && unit == time.Second {
		return time.Time{}, errors.New("want a Unix time in seconds or milliseconds")
	}
	var part int64 // of a unit, in 10⁻⁹
	if fraction != "" {
		if part, err = strconv.ParseInt((fraction + "000000000")[:9], 10, 64); err != nil || part < 0 {
			return time.Time{}, errors.New("want a Unix time in seconds or milliseconds")
		}
	}
	if unit == time.Millisecond {
		return time.UnixMilli(n).Add(time.Duration(part / 1000)).UTC(), nil
	}
	return time.Unix(n, part).UTC(), nil
}
