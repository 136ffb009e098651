package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

const desk = `{"timezone": "Europe/Berlin",
	"weekly": {"mon": [["08:00","12:00"],["13:00","18:00"]], "sat": [["22:00","02:00"]]},
	"holidays": ["2026-04-03"], "recurring_holidays": ["12-25"],
	"overrides": {"2026-12-24": [["08:00","12:00"]], "2026-12-30": [["20:00","01:00"]]},
	"breaks": {"2026-03-02": [["10:00","12:00"]]}}`

func load(t *testing.T, text string) *calendar.Calendar {
	t.Helper()
	var cfg calendar.Config
	if err := json.Unmarshal([]byte(text), &cfg); err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func TestEqual(t *testing.T) {
	first := load(t, desk)
	for name, text := range map[string]string{
		"loaded again": desk,
		"another order, windows that touch, dates twice": `{"timezone": "Europe/Berlin",
			"recurring_holidays": ["12-25"], "holidays": ["2026-04-03", "2026-04-03"],
			"breaks": {"2026-03-02": [["11:00","12:00"],["10:00","11:00"]]},
			"overrides": {"2026-12-30": [["20:00","01:00"]], "2026-12-24": [["08:00","12:00"]]},
			"weekly": {"sat": [["22:00","02:00"]], "mon": [["13:00","18:00"],["08:00","10:00"],["10:00","12:00"]]}}`,
	} {
		if other := load(t, text); !first.Equal(other) || !other.Equal(first) {
			t.Errorf("%s: not equal", name)
		}
	}
}

// Every change of one thing makes another calendar, even where it changes no
// figure: refusing to mix is the safe side.
func TestNotEqual(t *testing.T) {
	monday := calendar.Weekly{time.Monday: {calendar.MustParseHours("08:00-12:00")}}
	base := func() calendar.Config {
		return calendar.Config{Timezone: "Europe/Berlin", Weekly: monday}
	}
	hours := []calendar.Hours{calendar.MustParseHours("09:00-10:00")}
	far := calendar.MustParseDate("2190-03-03")
	configs := map[string]calendar.Config{"base": base()}
	for name, change := range map[string]func(*calendar.Config){
		"zone of other offsets": func(c *calendar.Config) { c.Timezone = "Europe/London" },
		"zone of another name":  func(c *calendar.Config) { c.Timezone = "Europe/Vienna" },
		"zone of its own rules": func(c *calendar.Config) { c.Location = time.FixedZone("Europe/Berlin", 3600) },
		"a second": func(c *calendar.Config) {
			c.Weekly = calendar.Weekly{time.Monday: {{Open: 8 * 3600, Close: 12*3600 + 1}}}
		},
		"another day":         func(c *calendar.Config) { c.Weekly[time.Monday], c.Weekly[time.Friday] = nil, c.Weekly[time.Monday] },
		"a holiday":           func(c *calendar.Config) { c.Holidays = []calendar.Date{calendar.MustParseDate("2026-03-02")} },
		"a holiday of Sunday": func(c *calendar.Config) { c.Holidays = []calendar.Date{calendar.MustParseDate("2026-03-01")} },
		"a holiday of 2190":   func(c *calendar.Config) { c.Holidays = []calendar.Date{far} },
		"a recurring holiday": func(c *calendar.Config) {
			c.RecurringHolidays = []calendar.MonthDay{calendar.MustParseMonthDay("12-25")}
		},
		"a night in two parts": func(c *calendar.Config) {
			c.Weekly[time.Tuesday] = []calendar.Hours{calendar.MustParseHours("22:00-24:00")}
			c.Weekly[time.Wednesday] = []calendar.Hours{calendar.MustParseHours("00:00-06:00")}
		},
		"a night": func(c *calendar.Config) {
			c.Weekly[time.Tuesday] = []calendar.Hours{calendar.MustParseHours("22:00-06:00")}
		},
		"holidays close shifts": func(c *calendar.Config) { c.HolidayCloses = calendar.ClosesShift },
		"a night of 2190": func(c *calendar.Config) {
			c.Overrides = map[calendar.Date][]calendar.Hours{far: {calendar.MustParseHours("09:00-02:00")}}
		},
		"an override":           func(c *calendar.Config) { c.Overrides = map[calendar.Date][]calendar.Hours{far: hours} },
		"an override to closed": func(c *calendar.Config) { c.Overrides = map[calendar.Date][]calendar.Hours{far: nil} },
		"a break":               func(c *calendar.Config) { c.Breaks = map[calendar.Date][]calendar.Hours{far: hours} },
	} {
		cfg := base()
		change(&cfg)
		configs[name] = cfg
	}
	calendars := make(map[string]*calendar.Calendar)
	for name, cfg := range configs {
		var err error
		if calendars[name], err = calendar.New(cfg); err != nil {
			t.Fatal(name, err)
		}
	}
	for name, from := range map[string]string{"a version": "2026-01-01", "a version of another date": "2026-01-02"} {
		late := base()
		late.Weekly[time.Friday] = hours
		versions := []calendar.Version{{Config: base()}, {From: calendar.MustParseDate(from), Config: late}}
		cal, err := calendar.NewVersions(versions)
		if err != nil {
			t.Fatal(err)
		}
		again, err := calendar.NewVersions(versions)
		if err != nil || !cal.Equal(again) {
			t.Errorf("the same versions are not equal, %v", err)
		}
		calendars[name] = cal
	}
	for name, offset := range map[string]int{"an earlier version in a zone": 0, "an earlier version in another of its name": 3600} {
		early := base()
		early.Location = time.FixedZone("desk", offset)
		cal, err := calendar.NewVersions([]calendar.Version{{Config: early}, {From: calendar.MustParseDate("2026-01-01"), Config: base()}})
		if err != nil {
			t.Fatal(err)
		}
		calendars[name] = cal
	}
	calendars["zero"] = new(calendar.Calendar)
	calendars["nil"] = nil
	for one, a := range calendars {
		for two, b := range calendars {
			if a.Equal(b) != (one == two) {
				t.Errorf("%s and %s: %v", one, two, a.Equal(b))
			}
		}
		if a.Equal(nil) || a.Equal(time.UTC) {
			t.Errorf("%s is equal to what is not a calendar", one)
		}
	}
	if !new(calendar.Calendar).Equal(new(calendar.Calendar)) {
		t.Error("two zero calendars are not equal")
	}
}

// What has been asked changes nothing: far tables are made at the first question.
func TestEqualAfterQuestions(t *testing.T) {
	one, two := load(t, desk), load(t, desk)
	one.Between(time.Date(1500, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC))
	if !one.Equal(two) || !two.Equal(one) {
		t.Error("not equal after a question")
	}
}

// Package metrics asks whatever calendar it is given in this way.
var _ interface{ Equal(other any) bool } = (*calendar.Calendar)(nil)
