package calendar_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// TestHostile asks calendars that make other programs loop. Each must be refused
// or answer; that it takes no time shows in the time of the test.
func TestHostile(t *testing.T) {
	count := rounds(10_000) / raceFactor
	const parts = 4
	seed := seed(t)
	for part := range parts {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			t.Parallel()
			testHostile(t, count/parts, seed, uint64(part))
		})
	}
}

func testHostile(t *testing.T, count int, seed, part uint64) {
	second := []calendar.Hours{{Open: 86399, Close: 86400}}
	gap := []calendar.Hours{calendar.MustParseHours("00:00-00:30")} // of dates that begin at 01:00
	skipped := calendar.MustParseDate("2011-12-30")
	r := rand.New(rand.NewPCG(seed, part))
	refused := 0
	for i := range count {
		cfg := calendar.Config{Timezone: zones[r.IntN(len(zones))], Overrides: map[calendar.Date][]calendar.Hours{}}
		day := calendar.Date{Year: 1970 + r.IntN(130), Month: time.Month(1 + r.IntN(12)), Day: 1 + r.IntN(28)}
		kind := i % 8
		if kind == 2 && i%64 != 2 {
			kind = 5 // what opens for a second a year needs tables of centuries
		}
		switch kind {
		case 0: // never
		case 1: // once
			cfg.Overrides[day] = second
		case 2: // a second a year, or in some years
			cfg.Weekly[r.IntN(7)] = second
			for m := time.January; m <= time.December; m++ {
				for d := 1; d <= 31; d++ {
					if md := (calendar.MonthDay{Month: m, Day: d}); md != (calendar.MonthDay{Month: 2, Day: 29}) {
						cfg.RecurringHolidays = append(cfg.RecurringHolidays, md)
					}
				}
			}
			cfg.RecurringHolidays = valid(cfg.RecurringHolidays)
		case 3: // every date of a year overridden, by nothing or by a second
			cfg.Weekly[1] = gap
			for n := range 365 {
				d := calendar.DateOf(time.Date(day.Year, 1, 1+n, 0, 0, 0, 0, time.UTC))
				if cfg.Overrides[d] = nil; n%2 == 0 {
					cfg.Overrides[d] = second
				}
			}
		case 4: // the date that Samoa skipped
			cfg.Timezone = "Pacific/Apia"
			cfg.Overrides[skipped] = []calendar.Hours{calendar.MustParseHours("00:00-24:00")}
		case 5: // always
			for d := range cfg.Weekly {
				cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("00:00-24:00")}
			}
		case 6: // only where clocks skip an hour, perhaps
			for d := range cfg.Weekly {
				cfg.Weekly[d] = gap
			}
		case 7: // breaks cut out everything
			cfg.Weekly[3] = gap
			cfg.Breaks = map[calendar.Date][]calendar.Hours{day: {calendar.MustParseHours("00:00-24:00")}}
		}
		cal, err := calendar.New(cfg)
		if err != nil {
			if !errors.Is(err, calendar.ErrNeverOpens) {
				t.Fatal(err)
			}
			refused++
			continue
		}
		at := time.Unix(r.Int64N(130*365*86400), r.Int64N(1e9))
		budget := time.Duration(r.Int64N(int64(10 * time.Hour)))
		if end, err := cal.Deadline(at, budget); err == nil && cal.Between(at, end) != budget {
			t.Fatalf("calendar %d: Between(%s, Deadline(%v)) = %v", i, at, budget, cal.Between(at, end))
		}
		if start, err := cal.Before(at, budget); err == nil && cal.Between(start, at) != budget {
			t.Fatalf("calendar %d: Between(Before(%v), %s) = %v", i, budget, at, cal.Between(start, at))
		}
		open, err := cal.NextOpen(at)
		if err == nil && !cal.IsOpen(open) {
			t.Fatalf("calendar %d: NextOpen(%s) = %s is not open", i, at, open)
		}
		if kind == 5 && i%64 != 5 {
			continue // that there is no closing is known after some centuries
		}
		end, err := cal.NextClose(at)
		if err == nil && (cal.IsOpen(end) || !cal.IsOpen(end.Add(-1)) || cal.Between(open, end) != end.Sub(open)) {
			t.Fatalf("calendar %d: NextClose(%s) = %s", i, at, end)
		}
	}
	if want := (count+7)/8 + (count+3)/8; refused != want { // the first kind, and the skipped date
		t.Errorf("%d calendars refused, want %d", refused, want)
	}
}

func valid(days []calendar.MonthDay) (list []calendar.MonthDay) {
	for _, md := range days {
		if _, ok := md.In(2000); ok {
			list = append(list, md)
		}
	}
	return list
}

// farConfig opens on one second of 29 February, if that is a Monday.
func farConfig() calendar.Config {
	cfg := calendar.Config{Timezone: "UTC"}
	cfg.Weekly[time.Monday] = []calendar.Hours{{Open: 43200, Close: 43201}}
	for d := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == 2001; d = d.AddDate(0, 0, 1) {
		cfg.RecurringHolidays = append(cfg.RecurringHolidays, calendar.MonthDay{Month: d.Month(), Day: d.Day()})
	}
	return cfg
}

// TestFar leaves the years 1970 to 2100.
func TestFar(t *testing.T) {
	cal := mustNew(t, farConfig())
	at := func(year int) time.Time { return time.Date(year, 2, 29, 12, 0, 0, 0, time.UTC) }
	// The Mondays among the leap days, counted on the fingers of time.Date.
	var days []time.Time
	for year := 4; year <= 9999; year += 4 {
		if d := at(year); d.Month() == time.February && d.Weekday() == time.Monday {
			days = append(days, d)
		}
	}
	for i, d := range days {
		if !cal.IsOpen(d) || cal.IsOpen(d.Add(time.Second)) || cal.IsOpen(d.Add(-1)) {
			t.Fatalf("IsOpen around %s is wrong", d)
		}
		if i == 0 {
			continue
		}
		last := days[i-1]
		if got, err := cal.NextOpen(last.Add(time.Second)); err != nil || !got.Equal(d) {
			t.Fatalf("NextOpen after %s = %s, %v, want %s", last, got, err, d)
		}
		if got, err := cal.Before(d, time.Second); err != nil || !got.Equal(last) {
			t.Fatalf("Before(%s, 1s) = %s, %v, want %s", d, got, err, last)
		}
		if got, err := cal.Deadline(days[0], time.Duration(i)*time.Second+1); err != nil || !got.Equal(d.Add(1)) {
			t.Fatalf("Deadline(%s, %ds + 1ns) = %s, %v, want %s", days[0], i, got, err, d)
		}
		if got, want := cal.Between(days[0], d), time.Duration(i)*time.Second; got != want {
			t.Fatalf("Between(%s, %s) = %v, want %v", days[0], d, got, want)
		}
	}
	for _, end := range []time.Time{days[len(days)-1].Add(time.Second), time.Unix(1<<55, 0)} {
		if got, err := cal.NextOpen(end); !errors.Is(err, calendar.ErrUnreachable) {
			t.Errorf("NextOpen(%s) = %s, %v", end, got, err)
		}
	}
	if got, err := cal.Before(days[0], 1); !errors.Is(err, calendar.ErrUnreachable) {
		t.Errorf("Before(%s, 1ns) = %s, %v", days[0], got, err)
	}
	if got, err := cal.Deadline(days[0], 1<<62); !errors.Is(err, calendar.ErrUnreachable) {
		t.Errorf("Deadline(%s, %v) = %s, %v", days[0], time.Duration(1<<62), got, err)
	}
}

// TestFarOracle compares days of far centuries with a count of seconds.
func TestFarOracle(t *testing.T) {
	r := source(t)
	for _, zone := range []string{"America/New_York", "Australia/Lord_Howe", "America/Santiago"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{-401, 1, 1582, 1799, 1800, 1883, 1916, 1969, 2099, 2100, 2262, 2500, 2900, 9999, 30001} {
			cfg := randomConfig(r, loc, time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), 1)
			start := change(loc, time.Date(year, 2, 1, 0, 0, 0, 0, time.UTC)).Add(-3 * time.Hour)
			t.Run(fmt.Sprint(zone, start.Year()), func(t *testing.T) {
				open := newOracle(cfg).seconds(start, 6*3600)
				cal := mustNew(t, cfg)
				for i, o := range open {
					at := start.Add(time.Duration(i) * time.Second)
					if cal.IsOpen(at) != o || (cal.Between(at, at.Add(time.Second)) == time.Second) != o {
						t.Fatalf("IsOpen(%s) = %v", at.In(loc), !o)
					}
				}
			})
		}
	}
}
