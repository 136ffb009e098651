package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
)

// noData is printed where there is nothing to print.
const noData = "–"

// people prints a duration in its two largest units, rounded once: "45s",
// "12m 05s", "3h 07m", "2d 04h".
func people(d time.Duration) string {
	switch seconds := d.Round(time.Second); {
	case seconds < time.Minute:
		return fmt.Sprintf("%ds", seconds/time.Second)
	case seconds < time.Hour:
		return fmt.Sprintf("%dm %02ds", seconds/time.Minute, seconds%time.Minute/time.Second)
	}
	if minutes := d.Round(time.Minute); minutes < 24*time.Hour {
		return fmt.Sprintf("%dh %02dm", minutes/time.Hour, minutes%time.Hour/time.Minute)
	}
	hours := d.Round(time.Hour) / time.Hour
	return fmt.Sprintf("%dd %02dh", hours/24, hours%24)
}

// peopleOr prints a duration, if there is one.
func peopleOr(d time.Duration, ok bool) string {
	if !ok {
		return noData
	}
	return people(d)
}

// percent prints a share as a percentage with one place.
func percent(r stat.Ratio) string {
	p, ok := r.Percent(1, stat.HalfAwayFromZero)
	if !ok {
		return noData
	}
	return p.StringFixed(1) + " %"
}

// grouped prints a count with a comma between thousands.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// counted prints a count of things, such as "1 event" or "9 repeated deliveries".
func counted(n int, thing string) string {
	if n != 1 {
		if stem, ok := strings.CutSuffix(thing, "y"); ok {
			thing = stem + "ie"
		}
		thing += "s"
	}
	return grouped(int64(n)) + " " + thing
}
