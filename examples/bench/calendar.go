package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// compareCalendars measures the open time of spans from an hour to ten years,
// Monday to Friday from 9 to 17 in New York with the federal holidays of the
// United States, by package calendar and by github.com/rickar/cal/v2.
//
// rickar/cal reads the hours in the location of its arguments, so they are in New
// York; and it counts a day as 24 hours, so no window may contain a change of the
// clocks, which are on Sundays.
func compareCalendars(w io.Writer, o options) error {
	const firstYear, lastYear = 2005, 2031
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		return err
	}
	peer := cal.NewBusinessCalendar()
	peer.AddHoliday(us.Holidays...)
	cached := cal.NewBusinessCalendar() // remembers three years of holidays
	cached.Cacheable = true
	cached.AddHoliday(us.Holidays...)

	cfg := calendar.Config{Timezone: loc.String()}
	for d := time.Monday; d <= time.Friday; d++ {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	}
	for d := time.Date(firstYear, 1, 1, 12, 0, 0, 0, loc); d.Year() <= lastYear; d = d.AddDate(0, 0, 1) {
		if _, observed, _ := peer.IsHoliday(d); observed {
			cfg.Holidays = append(cfg.Holidays, calendar.DateOf(d))
		}
	}
	ours, err := calendar.New(cfg)
	if err != nil {
		return err
	}

	fmt.Fprint(w, "Open time of a span, Monday to Friday 9 to 17, New York, federal holidays; medians in nanoseconds.\n\n")
	t := table{head: []string{"span", "calendar", "rickar/cal", "ratio", "rickar/cal, cacheable", "ratio"}}
	for _, span := range []struct {
		name  string
		hours int
	}{
		{"hour", 1}, {"day", 24}, {"month", 30 * 24}, {"year", 365 * 24}, {"10 years", 3652 * 24},
	} {
		from, to := spans(loc, time.Duration(span.hours)*time.Hour)
		for i := range from {
			if got, want := ours.Between(from[i], to[i]), peer.WorkHoursInRange(from[i], to[i]); got != want {
				return fmt.Errorf("from %s to %s: calendar %v, rickar/cal %v", from[i], to[i], got, want)
			}
		}
		i := 0
		next := func() int { i = (i + 1) % len(from); return i }
		mine := o.median(func() { i := next(); runtime.KeepAlive(ours.Between(from[i], to[i])) })
		theirs := o.median(func() { i := next(); runtime.KeepAlive(peer.WorkHoursInRange(from[i], to[i])) })
		best := o.median(func() { i := next(); runtime.KeepAlive(cached.WorkHoursInRange(from[i], to[i])) })
		t.add(span.name, digits(mine), digits(theirs), ratio(theirs, mine), digits(best), ratio(best, mine))
	}
	t.print(w, o.markdown)
	return nil
}

// spans returns spans of that length that begin at noon and a bit of some day:
// rickar/cal counts the second of closing as open.
func spans(loc *time.Location, length time.Duration) (from, to [64]time.Time) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range from {
		from[i] = time.Date(2010, 1, 1+r.IntN(10*365), 12, 7, r.IntN(60), 0, loc)
		to[i] = from[i].Add(length)
	}
	return from, to
}
