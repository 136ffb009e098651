package calendar

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"
)

// A window is an open stretch of one date, in seconds after midnight: half-open,
// within 0 to 86400.
type window struct{ open, close int32 }

// A plan is a checked Config, by the number of each date and with windows past
// midnight moved to the date that they open. It answers one question: which
// windows does a date have?
type plan struct {
	loc       *time.Location
	weekly    [7][]window // from Monday on
	recurring []recurring
	holidays  map[int]bool
	overrides map[int][]window
	tails     map[int][]window // of overrides, by the date that they open
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
		holidays:  make(map[int]bool),
		overrides: make(map[int][]window),
		tails:     make(map[int][]window),
		breaks:    make(map[int][]window),
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
	}
	slices.SortFunc(p.recurring, func(a, b recurring) int { return cmp.Compare(a.order(), b.order()) })
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
	loc, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return nil, &ConfigError{Path: path, Input: c.Timezone, Err: ErrZone}
	}
	return loc, nil
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
		p.weekly[day] = append(p.weekly[day], today)
		next := (day + 1) % 7
		p.weekly[next] = append(p.weekly[next], tomorrow)
	}
	for i := range p.weekly {
		p.weekly[i] = union(p.weekly[i])
	}
	return nil
}

func (p *plan) setOverrides(byDate map[Date][]Hours, path string) error {
	return eachDate(byDate, path, func(d Date, path string, today, tomorrow []window) error {
		n := d.number()
		if p.holidays[n] {
			return &ConfigError{Path: path, Input: d.String(), Err: ErrConflict}
		}
		p.overrides[n] = today
		if len(tomorrow) > 0 {
			p.tails[n+1] = tomorrow
		}
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

// An exception is a date with other hours than its day of the week.
type exception struct {
	day  int
	open []window
}

// exceptions returns the dates from first up to and without end that may differ
// from their day of the week, in order.
func (p *plan) exceptions(first, end int) []exception {
	var list []exception
	explicit := make(map[int]bool)
	for day := range p.explicit() {
		if first <= day && day < end && !explicit[day] {
			explicit[day] = true
			list = append(list, exception{day, p.windows(day)})
		}
	}
	if len(p.recurring) > 0 {
		for year := dateOfNumber(first).Year; year <= dateOfNumber(end).Year; year++ {
			january := Date{year, time.January, 1}.number()
			leap := Date{year, time.February, 29}.exists()
			for _, md := range p.recurring {
				day := january + md.yearDay
				if md.leapDay && !leap {
					continue
				}
				if md.afterLeapDay && leap {
					day++
				}
				// A holiday on a day that is closed anyway is none.
				if len(p.weekly[weekday(day)]) > 0 && first <= day && day < end && !explicit[day] {
					list = append(list, exception{day, nil})
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b exception) int { return cmp.Compare(a.day, b.day) })
	return slices.CompactFunc(list, func(a, b exception) bool { return a.day == b.day })
}

// explicit yields the dates that the Config names with their year, or touches
// with hours past midnight. A date may come more than once.
func (p *plan) explicit() iter.Seq[int] {
	return func(yield func(int) bool) {
		for day := range p.holidays {
			if !yield(day) {
				return
			}
		}
		for _, byDay := range []map[int][]window{p.overrides, p.tails, p.breaks} {
			for day := range byDay {
				if !yield(day) {
					return
				}
			}
		}
	}
}

func (p *plan) opensWeekly() bool {
	return slices.ContainsFunc(p.weekly[:], func(w []window) bool { return len(w) > 0 })
}

// windows returns the windows of a date.
func (p *plan) windows(day int) []window {
	open, ok := p.overrides[day]
	switch {
	case ok:
	case p.holidays[day] || p.recurs(day):
		return nil
	default:
		open = p.weekly[weekday(day)]
		if tail := p.tails[day]; len(tail) > 0 {
			open = union(slices.Concat(open, tail))
		}
	}
	if cuts := p.breaks[day]; len(cuts) > 0 {
		open = minus(open, cuts)
	}
	return open
}

func (p *plan) recurs(day int) bool {
	d := dateOfNumber(day)
	return slices.Contains(p.recurring, newRecurring(MonthDay{d.Month, d.Day}))
}
