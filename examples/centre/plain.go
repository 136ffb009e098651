package main

import (
	"slices"
	"time"
)

// The plain rules of the desk's hours: a walk from date to date.

// opens reports whether a date is one of the business days.
func (h hours) opens(date time.Time) bool {
	return date.Weekday() >= time.Monday && date.Weekday() <= h.last && !slices.Contains(holidays, date.Format(time.DateOnly))
}

// of returns an hour of the date of an instant.
func (d desk) of(t time.Time, hour int) time.Time {
	year, month, day := t.In(d.zone).Date()
	return time.Date(year, month, day, hour, 0, 0, 0, d.zone)
}

// tomorrow returns the noon of the next date.
func (d desk) tomorrow(t time.Time) time.Time { return d.of(t, 12).AddDate(0, 0, 1) }

// open returns how long the hours were open from one instant to another.
func (d desk) open(h hours, from, to time.Time) (sum time.Duration) {
	for date := from; !d.of(date, 0).After(to); date = d.tomorrow(date) {
		opening, closing := d.of(date, h.from), d.of(date, h.to)
		if !h.opens(opening) {
			continue
		}
		if opening.Before(from) {
			opening = from
		}
		if closing.After(to) {
			closing = to
		}
		sum += max(0, closing.Sub(opening))
	}
	return sum
}

// endOfDay returns when the desk closes on the date, or on the next one on which it opens
// if it has closed or does not open.
func (d desk) endOfDay(t time.Time) time.Time {
	for date := t; ; date = d.tomorrow(date) {
		if closing := d.of(date, deskHours.to); deskHours.opens(closing) && closing.After(t) {
			return closing
		}
	}
}

// twoDays returns what is due two business days later: at the same time of day or, for
// those who write while the desk is closed, when it closes for the second time.
func (d desk) twoDays(t time.Time) time.Time {
	due := d.endOfDay(t)
	if !t.After(d.of(due, deskHours.from)) {
		return d.endOfDay(due)
	}
	due = d.endOfDay(d.endOfDay(due))
	t = t.In(d.zone)
	return time.Date(due.Year(), due.Month(), due.Day(), t.Hour(), t.Minute(), t.Second(), 0, d.zone)
}
