package calendar

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// A window is an open stretch of one date, in seconds after midnight: half-open,
// within 0 to 86400.
type window struct{ open, close int32 }

// The shifts of a date are the windows that begin on it: what of them lies on the
// date itself, and how far the last of them runs into the next date.
type shifts struct {
	windows []window
	tail    int32 // seconds after the next midnight; 0 if none runs past it
}

// A plan is a checked Config, by the number of each date. It answers two questions:
// which windows does a date have, and where did they begin?
type plan struct {
	loc       *time.Location
	closes    HolidayCloses
	weekly    [7]shifts   // from Monday on
	ordinary  [7][]window // of a date between two ordinary ones, with the tail of the night before
	recurring []recurring
	yearly    [13]uint32 // the same by month, with a bit for each day
	holidays  map[int]bool
	overrides map[int]shifts
	breaks    map[int][]window
}

// A recurring holiday comes every year, that many days after 1 January.
type recurring struct {
	yearDay      int // in a year without a leap day
	leapDay      bool
	afterLeapDay bool // one day later in leap years
}

func newRecurring(md MonthDay) recurring {
	const common = 1970 // no leap year, and its 1 January has the number 0
	return recurring{
		yearDay:      Date{common, md.Month, md.Day}.number(),
		leapDay:      md == MonthDay{time.February, 29},
		afterLeapDay: md.Month > time.February,
	}
}

// order puts the leap day before 1 March.
func (r recurring) order() int {
	if r.leapDay {
		return 2*r.yearDay - 1
	}
	return 2 * r.yearDay
}

// monday is the number of a Monday, 1970-01-05.
const monday = 4

// weekday returns the day of the week of a date by its number, from Monday on.
func weekday(day int) int {
	return ((day-monday)%7 + 7) % 7
}

// plan checks c. Errors are located below path.
func (c Config) plan(path string) (*plan, error) {
	loc, err := c.location(path)
	if err != nil {
		return nil, err
	}
	p := &plan{
		loc:       loc,
		closes:    c.HolidayCloses,
		holidays:  make(map[int]bool),
		overrides: make(map[int]shifts),
		breaks:    make(map[int][]window),
	}
	if _, err := c.HolidayCloses.MarshalText(); err != nil {
		return nil, &ConfigError{Path: join(path, "holiday_closes"), Err: err}
	}
	if err := p.setWeekly(c.Weekly, join(path, "weekly")); err != nil {
		return nil, err
	}
	for i, d := range c.Holidays {
		if err := d.check(); err != nil {
			return nil, &ConfigError{Path: at(join(path, "holidays"), i), Input: d.String(), Err: err}
		}
		p.holidays[d.number()] = true
	}
	for i, md := range c.RecurringHolidays {
		if err := md.check(); err != nil {
			return nil, &ConfigError{Path: at(join(path, "recurring_holidays"), i), Input: md.String(), Err: err}
		}
		p.recurring = append(p.recurring, newRecurring(md))
		p.yearly[md.Month] |= 1 << md.Day
	}
	slices.SortFunc(p.recurring, func(a, b recurring) int { return cmp.Compare(a.order(), b.order()) })
	p.recurring = slices.Compact(p.recurring)
	if err := p.setOverrides(c.Overrides, join(path, "overrides")); err != nil {
		return nil, err
	}
	return p, p.setBreaks(c.Breaks, join(path, "breaks"))
}

func (c Config) location(path string) (*time.Location, error) {
	if c.Location != nil {
		return c.Location, nil
	}
	path = join(path, "timezone")
	switch c.Timezone {
	case "":
		return nil, &ConfigError{Path: path, Err: because(ErrZone, "none given")}
	case "Local":
		return nil, &ConfigError{Path: path, Input: c.Timezone, Err: because(ErrZone, "differs between machines")}
	}
	loc, err := loadZone(c.Timezone, time.LoadLocation)
	if err != nil {
		return nil, &ConfigError{Path: path, Input: c.Timezone, Err: err}
	}
	return loc, nil
}

// loadZone loads a zone by its name. If it cannot, it looks for a zone that each
// database has, to tell a wrong name from a machine without a database.
func loadZone(name string, load func(string) (*time.Location, error)) (*time.Location, error) {
	loc, err := load(name)
	if err == nil {
		return loc, nil
	}
	if _, err := load("Etc/UTC"); err != nil {
		return nil, because(ErrZone, `no zone database here; import _ "time/tzdata" in package main, or install one`)
	}
	return nil, ErrZone
}

// A placed window remembers where it was written, for errors.
type placed struct {
	Hours
	path       string
	start, end int32 // from the midnight that begins the date or the week
}

// maxHours bounds the windows of a date: one a minute.
const maxHours = 24 * 60

// placeAll checks each of hours and moves it by shift seconds.
func placeAll(list []placed, hours []Hours, path string, shift int32) ([]placed, error) {
	if len(hours) > maxHours {
		return nil, &ConfigError{Path: path, Input: strconv.Itoa(len(hours)), Err: because(ErrHours, "more than %d", maxHours)}
	}
	for i, h := range hours {
		if err := h.check(); err != nil {
			return nil, &ConfigError{Path: at(path, i), Input: h.String(), Err: err}
		}
		list = append(list, placed{h, at(path, i), shift + int32(h.Open), shift + h.end()})
	}
	return list, nil
}

// disjoint sorts list and refuses overlaps, also those around the end of a
// circle of that many seconds, if it is not 0.
func disjoint(list []placed, circle int32) error {
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(a.start, b.start) })
	for i := range list {
		last, next := list[i], placed{start: 1 << 30}
		switch {
		case i+1 < len(list):
			next = list[i+1]
		case circle > 0:
			next = list[0]
			next.start += circle
		}
		if next.start < last.end {
			return &ConfigError{
				Path:  next.path,
				Input: next.String(),
				Err:   because(ErrHours, "overlap with %s, which is %s", last.path, last.Hours),
			}
		}
	}
	return nil
}

func (p *plan) setWeekly(w Weekly, path string) error {
	var list []placed
	for i, d := range weekdays {
		var err error
		if list, err = placeAll(list, w[d.day], join(path, d.key), int32(i)*secondsPerDay); err != nil {
			return err
		}
	}
	if err := disjoint(list, secondsPerWeek); err != nil {
		return err
	}
	for _, h := range list {
		day := h.start / secondsPerDay
		today, tomorrow := split(h.start-day*secondsPerDay, h.end-day*secondsPerDay)
		p.weekly[day].windows = append(p.weekly[day].windows, today)
		p.weekly[day].tail = tomorrow.close // of the last window, which alone may have one
	}
	for i := range p.weekly {
		p.weekly[i].windows = union(p.weekly[i].windows)
	}
	for i := range p.ordinary {
		p.ordinary[i] = withTail(p.weekly[i].windows, p.weekly[(i+6)%7].tail)
	}
	return nil
}

func (p *plan) setOverrides(byDate map[Date][]Hours, path string) error {
	return eachDate(byDate, path, func(d Date, path string, today, tomorrow []window) error {
		n := d.number()
		if p.holidays[n] {
			return &ConfigError{Path: path, Input: d.String(), Err: ErrConflict}
		}
		s := shifts{windows: today}
		for _, w := range tomorrow {
			s.tail = w.close
		}
		p.overrides[n] = s
		return nil
	})
}

func (p *plan) setBreaks(byDate map[Date][]Hours, path string) error {
	return eachDate(byDate, path, func(d Date, _ string, today, tomorrow []window) error {
		n := d.number()
		p.breaks[n] = union(append(today, p.breaks[n]...))
		if len(tomorrow) > 0 {
			p.breaks[n+1] = union(append(tomorrow, p.breaks[n+1]...))
		}
		return nil
	})
}

// eachDate goes through byDate in order, so that of several errors the same one
// is reported each time.
func eachDate(byDate map[Date][]Hours, path string, set func(d Date, path string, today, tomorrow []window) error) error {
	dates := make([]Date, 0, len(byDate))
	for d := range byDate {
		dates = append(dates, d)
	}
	slices.SortFunc(dates, Date.Compare)
	for _, d := range dates {
		path := join(path, d.String())
		if err := d.check(); err != nil {
			return &ConfigError{Path: path, Input: d.String(), Err: err}
		}
		list, err := placeAll(nil, byDate[d], path, 0)
		if err != nil {
			return err
		}
		if err := disjoint(list, 0); err != nil {
			return err
		}
		var today, tomorrow []window
		for _, h := range list {
			a, b := split(h.start, h.end)
			today, tomorrow = append(today, a), append(tomorrow, b)
		}
		if err := set(d, path, union(today), union(tomorrow)); err != nil {
			return err
		}
	}
	return nil
}

// split cuts a stretch at midnight. Either part may be empty.
func split(start, end int32) (today, tomorrow window) {
	return window{start, min(end, secondsPerDay)}, window{0, max(end-secondsPerDay, 0)}
}

// union sorts and merges windows, in place, and drops empty ones.
func union(list []window) []window {
	slices.SortFunc(list, func(a, b window) int { return cmp.Compare(a.open, b.open) })
	merged := list[:0]
	for _, w := range list {
		last := len(merged) - 1
		switch {
		case w.open >= w.close:
		case last >= 0 && w.open <= merged[last].close:
			merged[last].close = max(merged[last].close, w.close)
		default:
			merged = append(merged, w)
		}
	}
	return merged
}

// withTail returns list with what the date before leaves open after midnight.
func withTail(list []window, tail int32) []window {
	if tail == 0 {
		return list
	}
	return union(append([]window{{0, tail}}, list...))
}

// minus returns what is left of list when cuts are taken out. Both are sorted
// and disjoint.
func minus(list, cuts []window) []window {
	var left []window
	for _, w := range list {
		for len(cuts) > 0 && cuts[0].close <= w.open {
			cuts = cuts[1:]
		}
		for _, c := range cuts {
			if c.open >= w.close {
				break
			}
			if c.open > w.open {
				left = append(left, window{w.open, c.open})
			}
			w.open = c.close
		}
		if w.open < w.close {
			left = append(left, w)
		}
	}
	return left
}
