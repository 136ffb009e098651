package calendar_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// TestHolidayCloses lists what is open around a Friday in 2026, 3 July, with nights from
// 22:00 to 6:00 all week.
func TestHolidayCloses(t *testing.T) {
	const week = `"timezone": "UTC", "weekly": {` +
		`"mon": [["22:00","06:00"]], "tue": [["22:00","06:00"]], "wed": [["22:00","06:00"]], "thu": [["22:00","06:00"]],` +
		`"fri": [["22:00","06:00"]], "sat": [["22:00","06:00"]], "sun": [["22:00","06:00"]]}`
	for _, tt := range []struct {
		name, more  string
		date, shift []string // windows from Thursday 12:00 to Sunday 12:00
	}{
		{
			"a holiday", `"holidays": ["2026-07-03"]`,
			[]string{"Thu 22:00-Fri 00:00", "Sat 00:00-Sat 06:00", "Sat 22:00-Sun 06:00"},
			[]string{"Thu 22:00-Fri 06:00", "Sat 22:00-Sun 06:00"},
		},
		{
			"two holidays", `"holidays": ["2026-07-03", "2026-07-04"]`,
			[]string{"Thu 22:00-Fri 00:00", "Sun 00:00-Sun 06:00"},
			[]string{"Thu 22:00-Fri 06:00"},
		},
		{
			"a holiday of every year", `"recurring_holidays": ["07-03"]`,
			[]string{"Thu 22:00-Fri 00:00", "Sat 00:00-Sat 06:00", "Sat 22:00-Sun 06:00"},
			[]string{"Thu 22:00-Fri 06:00", "Sat 22:00-Sun 06:00"},
		},
		{
			"an override", `"overrides": {"2026-07-03": [["10:00","12:00"]]}`,
			[]string{"Thu 22:00-Fri 00:00", "Fri 10:00-Fri 12:00", "Sat 00:00-Sat 06:00", "Sat 22:00-Sun 06:00"},
			[]string{"Thu 22:00-Fri 06:00", "Fri 10:00-Fri 12:00", "Sat 22:00-Sun 06:00"},
		},
		{
			"an override in the night before", `"overrides": {"2026-07-03": [["05:00","07:00"]]}`,
			[]string{"Thu 22:00-Fri 00:00", "Fri 05:00-Fri 07:00", "Sat 00:00-Sat 06:00", "Sat 22:00-Sun 06:00"},
			[]string{"Thu 22:00-Fri 07:00", "Sat 22:00-Sun 06:00"},
		},
		{
			"an override with a shorter night before a holiday",
			`"overrides": {"2026-07-03": [["20:00","03:00"]]}, "holidays": ["2026-07-04"]`,
			[]string{"Thu 22:00-Fri 00:00", "Fri 20:00-Sat 00:00", "Sun 00:00-Sun 06:00"},
			[]string{"Thu 22:00-Fri 06:00", "Fri 20:00-Sat 03:00"},
		},
		{
			"an override of a holiday of every year", `"overrides": {"2026-07-03": [["22:00","02:00"]]}, "recurring_holidays": ["07-03"]`,
			[]string{"Thu 22:00-Fri 00:00", "Fri 22:00-Sat 06:00", "Sat 22:00-Sun 06:00"},
			[]string{"Thu 22:00-Fri 06:00", "Fri 22:00-Sat 02:00", "Sat 22:00-Sun 06:00"},
		},
		{
			"a break", `"breaks": {"2026-07-03": [["05:00","23:00"]]}, "holidays": ["2026-07-04"]`,
			[]string{"Thu 22:00-Fri 05:00", "Fri 23:00-Sat 00:00", "Sun 00:00-Sun 06:00"},
			[]string{"Thu 22:00-Fri 05:00", "Fri 23:00-Sat 06:00"},
		},
	} {
		for closes, want := range map[string][]string{"date": tt.date, "shift": tt.shift} {
			cal := load(t, `{`+week+`, `+tt.more+`, "holiday_closes": "`+closes+`"}`)
			thursday := time.Date(2026, 7, 2, 12, 0, 0, 0, time.UTC)
			var got []string
			for w := range cal.Windows(thursday, thursday.AddDate(0, 0, 3)) {
				got = append(got, w.Start.Format("Mon 15:04")+"-"+w.End.Format("Mon 15:04"))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s closes %s: %q, want %q", tt.name, closes, got, want)
			}
			if closes == "date" && !cal.Equal(load(t, `{`+week+`, `+tt.more+`}`)) {
				t.Errorf("%s: dates are not the default", tt.name)
			}
		}
	}
}

// A holiday on the last day of a year closes the first morning of the next one, and a
// holiday of leap years that of 1 March.
func TestShiftOverTheTurnOfTheYear(t *testing.T) {
	cfg := calendar.Config{
		Timezone:          "UTC",
		HolidayCloses:     calendar.ClosesShift,
		RecurringHolidays: []calendar.MonthDay{calendar.MustParseMonthDay("12-31"), calendar.MustParseMonthDay("02-29")},
	}
	for d := range cfg.Weekly {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("22:00-06:00")}
	}
	cal := mustNew(t, cfg)
	for _, year := range []int{1, 1600, 1969, 1970, 1971, 2000, 2026, 2028, 2099, 2100, 2101, 2499, 2500, 2501, 9999} {
		leap := time.Date(year, 2, 29, 0, 0, 0, 0, time.UTC).Day() == 29
		for _, tt := range []struct {
			month time.Month
			day   int
			open  bool
		}{{1, 1, false}, {1, 2, true}, {2, 28, true}, {3, 1, !leap}, {3, 2, true}, {12, 31, true}} {
			at := time.Date(year, tt.month, tt.day, 3, 0, 0, 0, time.UTC)
			if got := cal.IsOpen(at); got != tt.open {
				t.Errorf("IsOpen(%s) = %v", at, got)
			}
		}
	}
}

func TestHolidayClosesText(t *testing.T) {
	for value, name := range map[calendar.HolidayCloses]string{calendar.ClosesDate: "date", calendar.ClosesShift: "shift"} {
		data, err := json.Marshal(value)
		if err != nil || string(data) != `"`+name+`"` || value.String() != name {
			t.Errorf("%v is %s, %v", value, data, err)
		}
		var again calendar.HolidayCloses
		if err := json.Unmarshal(data, &again); err != nil || again != value {
			t.Errorf("%s is read as %v, %v", data, again, err)
		}
		stored, err := value.Value()
		if err != nil || stored != name {
			t.Errorf("%v is stored as %v, %v", value, stored, err)
		}
		if err := again.Scan(stored); err != nil || again != value {
			t.Errorf("%v is scanned as %v, %v", stored, again, err)
		}
	}
	var h calendar.HolidayCloses
	if err := h.UnmarshalText([]byte("night")); !errors.Is(err, calendar.ErrHolidayCloses) {
		t.Errorf("night is read: %v", err)
	}
	if text, err := calendar.HolidayCloses(7).MarshalText(); !errors.Is(err, calendar.ErrHolidayCloses) {
		t.Errorf("7 is written as %q, %v", text, err)
	}
}
