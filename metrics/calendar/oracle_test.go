package calendar_test

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// An oracle applies the one rule to a Config second by second, with nothing but
// time.Time.In. It shares no code with the package.
type oracle struct {
	cfg calendar.Config
	loc *time.Location
}

func newOracle(cfg calendar.Config) oracle {
	loc := cfg.Location
	if loc == nil {
		var err error
		if loc, err = time.LoadLocation(cfg.Timezone); err != nil {
			panic(err)
		}
	}
	return oracle{cfg, loc}
}

func (o oracle) isOpen(t time.Time) bool {
	_, open, _ := o.began(t)
	return open
}

// began returns the date on which the hours of an open instant began, and whether
// these hours are the ones that the date has after holidays and overrides. They are
// not in the tail of a night of which a closed date is left.
func (o oracle) began(t time.Time) (date calendar.Date, open, kept bool) {
	t = wall(t, o.loc)
	y, m, d := t.Date()
	today := calendar.Date{Year: y, Month: m, Day: d}
	// A civil date and the one before it, whether or not the zone had them.
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	before := calendar.DateOf(noon.AddDate(0, 0, -1))
	sec := calendar.TimeOfDay(t.Hour()*3600 + t.Minute()*60 + t.Second())

	usual := o.cfg.Weekly[(noon.Weekday()+6)%7]
	hours, replaced := o.special(today)
	hoursBefore, replacedBefore := o.special(before)
	if !replaced {
		hours = o.cfg.Weekly[noon.Weekday()]
	}
	if !replacedBefore {
		hoursBefore = usual
	}
	date = before
	switch kept = covers(nil, hoursBefore, sec); {
	case o.cfg.HolidayCloses == calendar.ClosesDate && replaced: // no tail at all
		date, kept = today, covers(hours, nil, sec)
		open = kept
	case kept:
		open = true
	case o.cfg.HolidayCloses == calendar.ClosesDate && covers(nil, usual, sec):
		open = true
	default:
		date, kept = today, covers(hours, nil, sec)
		open = kept
	}
	return date, open && !covers(o.cfg.Breaks[today], o.cfg.Breaks[before], sec), kept
}

// wall returns what the clock on the wall shows in a zone, as if it were in UTC.
func wall(t time.Time, loc *time.Location) time.Time {
	_, offset := t.In(loc).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// special returns the hours of a holiday or an override.
func (o oracle) special(d calendar.Date) ([]calendar.Hours, bool) {
	hours, ok := o.cfg.Overrides[d]
	return hours, ok || slices.Contains(o.cfg.Holidays, d) ||
		slices.Contains(o.cfg.RecurringHolidays, calendar.MonthDay{Month: d.Month, Day: d.Day})
}

// covers reports whether sec lies in hours of the date, or in the tail of hours
// of the date before.
func covers(today, before []calendar.Hours, sec calendar.TimeOfDay) bool {
	for _, h := range today {
		if h.Open <= sec && (sec < h.Close || h.Close < h.Open) {
			return true
		}
	}
	for _, h := range before {
		if h.Close < h.Open && sec < h.Close {
			return true
		}
	}
	return false
}

// seconds returns the openness of each of n seconds from start on.
func (o oracle) seconds(start time.Time, n int) []bool {
	open := make([]bool, n)
	for i := range open {
		open[i] = o.isOpen(start.Add(time.Duration(i) * time.Second))
	}
	return open
}
