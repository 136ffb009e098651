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
	t = t.In(o.loc)
	y, m, d := t.Date()
	today := calendar.Date{Year: y, Month: m, Day: d}
	// A civil date and the one before it, whether or not the zone had them.
	noon := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	before := calendar.DateOf(noon.AddDate(0, 0, -1))
	sec := calendar.TimeOfDay(t.Hour()*3600 + t.Minute()*60 + t.Second())

	if covers(o.cfg.Breaks[today], o.cfg.Breaks[before], sec) {
		return false
	}
	if hours, ok := o.cfg.Overrides[today]; ok {
		return covers(hours, nil, sec)
	}
	if slices.Contains(o.cfg.Holidays, today) ||
		slices.Contains(o.cfg.RecurringHolidays, calendar.MonthDay{Month: m, Day: d}) {
		return false
	}
	return covers(o.cfg.Weekly[noon.Weekday()], o.cfg.Weekly[(noon.Weekday()+6)%7], sec) ||
		covers(nil, o.cfg.Overrides[before], sec)
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
