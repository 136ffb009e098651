package calendar

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"
)

// A Holiday is one date of an event in a holiday feed.
type Holiday struct {
	Date        Date
	Summary     string
	Description string
	Categories  []string
}

// ReadHolidays reads a holiday feed in iCalendar form (RFC 5545) and returns its
// dates in the years from first to last, both included, in order. An event of several
// days gives several Holidays, a yearly one those of each year; the years must be
// given because a yearly event may have no end. Feeds also list working days, so look
// at Summary before dates go into [Config].Holidays.
//
// It understands all-day events with DTEND, which is the day after the last one, or
// DURATION in days or weeks, or neither, which is one day; RRULE with FREQ=YEARLY and
// INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY (also as the fourth Thursday,
// 4TH, or the last Monday, -1MO) and WKST; RDATE and EXDATE. Events with
// STATUS:CANCELLED are left out. Events that are marked transparent count, because
// public feeds mark all their events so. Other components than VEVENT and other
// properties are skipped.
//
// Anything else that could change the dates is a [*FeedError] that wraps [ErrFeed] and
// names the line: events with a time of day, other rules, RECURRENCE-ID, a start
// that does not follow its own rule, an event longer than a year, a feed that
// ends early. Having no holidays is better than missing one. Years outside 1900 to
// 2199 are [ErrDate].
func ReadHolidays(r io.Reader, first, last int) ([]Holiday, error) {
	if first < firstYear || last > lastYear || first > last {
		return nil, because(ErrDate, "years %d to %d", first, last)
	}
	f := feed{from: Date{first, 1, 1}.number(), to: Date{last, 12, 31}.number()}
	lines := newLineReader(r)
	for {
		l, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = f.line(l)
		}
		if err != nil {
			var located *FeedError
			if errors.As(err, &located) {
				return nil, err
			}
			return nil, &FeedError{Line: l.number, Input: l.text, Err: err}
		}
	}
	switch {
	case len(f.open) > 0:
		return nil, &FeedError{Line: lines.number, Err: because(ErrFeed, "ends inside %s", f.open[len(f.open)-1])}
	case !f.any:
		return nil, &FeedError{Line: max(lines.number, 1), Err: because(ErrFeed, "no VCALENDAR")}
	}
	slices.SortStableFunc(f.holidays, func(a, b Holiday) int {
		return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.Summary, b.Summary))
	})
	return f.holidays, nil
}

// A feed collects the events of an iCalendar stream.
type feed struct {
	from, to int // dates asked for, by number

	any      bool
	open     []string // components that have begun
	event    *event   // the one that is being read
	holidays []Holiday
}

func (f *feed) line(l line) error {
	p, err := l.property()
	if err != nil {
		return err
	}
	value := strings.ToUpper(p.value)
	switch p.name {
	case "BEGIN":
		switch {
		case (len(f.open) == 0) != (value == "VCALENDAR"):
			return because(ErrFeed, "%s out of place", value)
		case len(f.open) == 1 && value == "VEVENT":
			f.event = &event{line: l}
		case len(f.open) > 1 && value == "VEVENT":
			return because(ErrFeed, "%s out of place", value)
		case len(f.open) >= 8:
			return because(ErrFeed, "nested too deeply")
		}
		f.any = true
		f.open = append(f.open, value)
		return nil
	case "END":
		if len(f.open) == 0 || f.open[len(f.open)-1] != value {
			return because(ErrFeed, "END without BEGIN")
		}
		f.open = f.open[:len(f.open)-1]
		if value == "VEVENT" {
			return f.endEvent()
		}
		return nil
	}
	switch {
	case len(f.open) == 0:
		return because(ErrFeed, "outside VCALENDAR")
	case len(f.open) == 1 && p.name == "METHOD" && value == "CANCEL":
		return because(ErrFeed, "a cancellation of events")
	case len(f.open) == 2 && f.event != nil:
		return f.event.set(p)
	}
	return nil
}

func (f *feed) endEvent() error {
	e := f.event
	f.event = nil
	days, err := e.days(f.from, f.to)
	for _, day := range days {
		f.holidays = append(f.holidays, Holiday{
			Date:        dateOfNumber(day),
			Summary:     e.summary,
			Description: e.description,
			Categories:  e.categories,
		})
	}
	return err
}
