package calendar

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/metrics/text"
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
//
// Feeds come from strangers. One of more than 4 MiB, a line or an event of more than
// 1 MiB, components nested more than 8 deep and more than 100,000 holidays are errors
// too, so that no feed takes more than some tens of megabytes. In texts, bytes that are
// not UTF-8 and control characters other than tabs and escaped line breaks become U+FFFD.
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
		return nil, &FeedError{Line: lines.number, Err: because(ErrFeed, "ends inside %s", text.Quote(f.open[len(f.open)-1]))}
	case !f.any:
		return nil, &FeedError{Line: max(lines.number, 1), Err: because(ErrFeed, "no VCALENDAR")}
	}
	return f.sorted(), nil
}

// maxHolidays bounds the holidays of a feed: over a day for each date of two centuries.
const maxHolidays = 100_000

// A feed collects the events of an iCalendar stream.
type feed struct {
	from, to int // dates asked for, by number

	any      bool
	open     []string // components that have begun
	event    *event   // the one that is being read
	events   []occasion
	holidays int // of all events
}

// An occasion is an event with its dates.
type occasion struct {
	Holiday
	days []int
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
			return because(ErrFeed, "out of place")
		case len(f.open) == 1 && value == "VEVENT":
			f.event = &event{line: l}
		case value == "VEVENT":
			return because(ErrFeed, "out of place")
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
	if err != nil {
		return err
	}
	if f.holidays += len(days); f.holidays > maxHolidays {
		return &FeedError{Line: e.line.number, Input: e.line.text, Err: because(ErrFeed, "more than %d holidays", maxHolidays)}
	}
	if len(days) > 0 {
		f.events = append(f.events, occasion{Holiday{Summary: e.summary, Description: e.description, Categories: e.categories}, days})
	}
	return nil
}

// sorted returns the holidays by date, then by summary, then in the order of the feed.
func (f *feed) sorted() []Holiday {
	slices.SortStableFunc(f.events, func(a, b occasion) int { return strings.Compare(a.Summary, b.Summary) })
	type place struct{ day, event int }
	places := make([]place, 0, f.holidays)
	for i, e := range f.events {
		for _, day := range e.days {
			places = append(places, place{day, i})
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(a.day-b.day, a.event-b.event) })
	var list []Holiday
	for _, p := range places {
		h := f.events[p.event].Holiday
		h.Date = dateOfNumber(p.day)
		list = append(list, h)
	}
	return list
}
