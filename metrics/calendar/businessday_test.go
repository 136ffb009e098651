package calendar_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// TestBusinessDays asks for deadlines that two programs agree on, one by windows and
// one minute by minute, or that businessdaycalculator.org gives.
func TestBusinessDays(t *testing.T) {
	data, err := os.ReadFile("testdata/business_days.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Calendars map[string]calendar.Config
		Rows      []struct {
			ID, Title, Op, Calendar string
			Start, Expected         time.Time
			Days                    int
			Why                     string
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Rows) != 49 {
		t.Errorf("%d rows", len(file.Rows))
	}
	calendars := make(map[string]*calendar.Calendar)
	for name, cfg := range file.Calendars {
		calendars[name] = mustNew(t, cfg)
	}
	for _, r := range file.Rows {
		cal := calendars[r.Calendar]
		ask := cal.DeadlineDays
		switch r.Op {
		case "deadline_days":
		case "deadline_end_of_day":
			ask = cal.DeadlineEndOfDay
		default:
			t.Fatal(r.Op)
		}
		got, err := ask(r.Start, r.Days)
		if err != nil || !got.Equal(r.Expected) {
			t.Errorf("%s, %s: %s(%s, %d) on %s is %s, %v, want %s: %s", r.ID, r.Title, r.Op, r.Start, r.Days, r.Calendar,
				got, err, r.Expected.In(cal.Location()), r.Why)
		}
		if got.Location() != cal.Location() {
			t.Errorf("%s: in %s", r.ID, got.Location())
		}
	}
}

func TestBusinessDayErrors(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	once := calendar.Config{Timezone: "Europe/Berlin", Overrides: map[calendar.Date][]calendar.Hours{
		calendar.MustParseDate("2026-03-04"): {calendar.MustParseHours("09:00-17:00")},
		calendar.MustParseDate("2026-03-06"): {calendar.MustParseHours("09:00-17:00")},
	}}
	for name, cal := range map[string]*calendar.Calendar{
		"zero": {}, "twice": mustNew(t, once), "office": mustNew(t, office()),
	} {
		for op, ask := range map[string]func(time.Time, int) (time.Time, error){
			"DeadlineDays": cal.DeadlineDays, "DeadlineEndOfDay": cal.DeadlineEndOfDay,
		} {
			for _, n := range []int{-1, math.MinInt} {
				if got, err := ask(at, n); !errors.Is(err, calendar.ErrNegativeBudget) {
					t.Errorf("%s: %s(%d) = %s, %v", name, op, n, got, err)
				}
			}
			for _, n := range []int{3, 1e7, math.MaxInt32, math.MaxInt} {
				if name == "office" && n == 3 {
					continue
				}
				if got, err := ask(at, n); !errors.Is(err, calendar.ErrUnreachable) {
					t.Errorf("%s: %s(%d) = %s, %v", name, op, n, got, err)
				}
			}
			for _, u := range []int64{math.MinInt64, -1 << 60, 1 << 55, math.MaxInt64} {
				got, err := ask(time.Unix(u, 0), 1)
				if name == "twice" && u < 0 { // nothing opens before
					if want := time.Date(2026, 3, 4, 16, 0, 0, 0, time.UTC); err != nil || !got.Equal(want) {
						t.Errorf("%s: %s(%d) = %s, %v, want %s", name, op, u, got, err, want)
					}
				} else if !errors.Is(err, calendar.ErrUnreachable) {
					t.Errorf("%s: %s(%d) = %s, %v", name, op, u, got, err)
				}
			}
		}
		if got, err := cal.DeadlineDays(at, 0); err != nil || got != at.In(cal.Location()) {
			t.Errorf("%s: DeadlineDays(0) = %s, %v", name, got, err)
		}
	}
	var zero calendar.Calendar
	if got, err := zero.DeadlineEndOfDay(at, 0); !errors.Is(err, calendar.ErrUnreachable) {
		t.Errorf("DeadlineEndOfDay(0) of the zero Calendar = %s, %v", got, err)
	}
}

// TestBusinessDayCases are the special cases of the documentation.
func TestBusinessDayCases(t *testing.T) {
	const always = `{"timezone": "Europe/Berlin", "weekly": {"mon": [["00:00","24:00"]], "tue": [["00:00","24:00"]],
		"wed": [["00:00","24:00"]], "thu": [["00:00","24:00"]], "fri": [["00:00","24:00"]], "sat": [["00:00","24:00"]], "sun": [["00:00","24:00"]]}}`
	nights := func(more string) string {
		return `{"timezone": "UTC", "weekly": {"mon": [["22:00","06:00"]], "tue": [["22:00","06:00"]],
			"wed": [["22:00","06:00"]], "thu": [["22:00","06:00"]], "fri": [["22:00","06:00"]]}` + more + `}`
	}
	const tails = `{"timezone": "Europe/Berlin", "weekly": {"sat": [["00:00","03:00"], ["22:00","02:35"]], "sun": [["09:00","17:00"]]}}`
	easter := nights(`, "holidays": ["2026-04-03", "2026-04-06"]`)
	shifts := nights(`, "holidays": ["2026-04-03", "2026-04-06"], "holiday_closes": "shift"`)
	for _, tt := range []struct {
		name, calendar, start string
		n                     int
		days, endOfDay        string
	}{
		{"the first showing of 2:30", always, "2026-10-25T00:30:00Z", 1, "2026-10-26T01:30:00Z", "2026-10-26T23:00:00Z"},
		{"the second counts as 3:00", always, "2026-10-25T01:30:00.5Z", 1, "2026-10-26T02:00:00Z", "2026-10-26T23:00:00Z"},
		{"3:00", always, "2026-10-25T02:00:00.5Z", 1, "2026-10-26T02:00:00.5Z", "2026-10-26T23:00:00Z"},
		{"to the first showing", always, "2026-10-24T00:30:00.5Z", 1, "2026-10-25T00:30:00.5Z", "2026-10-25T23:00:00Z"},
		{"to the gap", always, "2026-03-28T01:30:00.5Z", 1, "2026-03-29T01:00:00Z", "2026-03-29T22:00:00Z"},
		{"before hours that begin after a tail shown twice", tails, "2026-10-23T22:30:00Z", 1, "2026-10-25T01:35:00Z", "2026-10-25T16:00:00Z"},
		{"between the two", tails, "2026-10-24T00:40:00Z", 1, "2026-10-25T01:35:00Z", "2026-10-25T16:00:00Z"},
		{"the night before Good Friday", easter, "2026-04-02T23:30:00Z", 1, "2026-04-07T23:30:00Z", "2026-04-08T06:00:00Z"},
		{"the tail that Good Friday left", easter, "2026-04-04T05:00:00Z", 1, "2026-04-08T05:00:00Z", "2026-04-08T06:00:00Z"},
		{"the tail that Easter Monday left is later", easter, "2026-04-07T01:00:00.5Z", 1, "2026-04-08T06:00:00Z", "2026-04-09T06:00:00Z"},
		{"a holiday is no day, nor is its tail", easter, "2026-04-02T12:00:00Z", 2, "2026-04-08T06:00:00Z", "2026-04-09T06:00:00Z"},
		{"nothing is left of the night of a shift", shifts, "2026-04-04T05:00:00Z", 1, "2026-04-08T06:00:00Z", "2026-04-08T06:00:00Z"},
		{"the tail of Maundy Thursday", shifts, "2026-04-03T01:00:00.5Z", 1, "2026-04-08T01:00:00.5Z", "2026-04-08T06:00:00Z"},
		{"what a break leaves belongs to its night", nights(`, "breaks": {"2026-04-07": [["22:00","02:00"]]}`),
			"2026-04-06T23:00:00Z", 1, "2026-04-07T06:00:00Z", "2026-04-08T06:00:00Z"},
		{"the end of this day", nights(``), "2026-04-07T23:00:00Z", 0, "2026-04-07T23:00:00Z", "2026-04-08T06:00:00Z"},
		{"the end of this day, in its tail", nights(``), "2026-04-08T01:00:00Z", 0, "2026-04-08T01:00:00Z", "2026-04-09T06:00:00Z"},
		{"on Saturday morning no day begins", nights(``), "2026-04-11T01:00:00Z", 0, "2026-04-11T01:00:00Z", "2026-04-14T06:00:00Z"},
		{"at the end of this day", `{"timezone": "UTC", "weekly": {"mon": [["09:00","17:00"]], "tue": [["09:00","17:00"]]}}`,
			"2026-04-06T17:00:00Z", 0, "2026-04-06T17:00:00Z", "2026-04-07T17:00:00Z"},
	} {
		cal := load(t, tt.calendar)
		start, err := time.Parse(time.RFC3339, tt.start)
		if err != nil {
			t.Fatal(err)
		}
		got, err := cal.DeadlineDays(start, tt.n)
		if text := got.UTC().Format(time.RFC3339Nano); err != nil || text != tt.days {
			t.Errorf("%s: DeadlineDays(%s, %d) = %s, %v, want %s", tt.name, tt.start, tt.n, text, err, tt.days)
		}
		got, err = cal.DeadlineEndOfDay(start, tt.n)
		if text := got.UTC().Format(time.RFC3339Nano); err != nil || text != tt.endOfDay {
			t.Errorf("%s: DeadlineEndOfDay(%s, %d) = %s, %v, want %s", tt.name, tt.start, tt.n, text, err, tt.endOfDay)
		}
	}
}

// TestClocksSetBackOverMidnight turns the clock from 0:01 on 30 October to 22:01 on the
// 29th: whoever has seen the 30th does not return.
func TestClocksSetBackOverMidnight(t *testing.T) {
	cfg := calendar.Config{Timezone: "America/St_Johns"}
	for d := range cfg.Weekly {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("00:00-24:00")}
	}
	cal := mustNew(t, cfg)
	for _, tt := range []struct{ name, start, days, endOfDay string }{
		{"22:01 on the 28th, to the first showing", "1988-10-28T23:31:00Z", "1988-10-29T23:31:00Z", "1988-10-30T03:30:00Z"},
		{"0:00:58 on the 30th", "1988-10-30T01:30:58Z", "1988-10-31T03:30:58Z", "1988-11-01T03:30:00Z"},
		{"22:01 on the 29th again", "1988-10-30T01:31:00Z", "1988-10-31T03:31:00Z", "1988-11-01T03:30:00Z"},
		{"23:59 on the 29th again", "1988-10-30T03:29:00Z", "1988-10-31T03:31:00Z", "1988-11-01T03:30:00Z"},
		{"0:03 on the 30th again", "1988-10-30T03:33:00Z", "1988-10-31T03:33:00Z", "1988-11-01T03:30:00Z"},
	} {
		start, err := time.Parse(time.RFC3339, tt.start)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := cal.DeadlineDays(start, 1); err != nil || got.UTC().Format(time.RFC3339) != tt.days {
			t.Errorf("%s: DeadlineDays = %s, %v, want %s", tt.name, got.UTC(), err, tt.days)
		}
		if got, err := cal.DeadlineEndOfDay(start, 1); err != nil || got.UTC().Format(time.RFC3339) != tt.endOfDay {
			t.Errorf("%s: DeadlineEndOfDay = %s, %v, want %s", tt.name, got.UTC(), err, tt.endOfDay)
		}
	}
}

// TestFirstChangeOfAZone buys Alaska: its first clocks of all, those of Asia, go back
// by a day, from 15:33:32 on Saturday, 19 October 1867, to the same time on Friday.
func TestFirstChangeOfAZone(t *testing.T) {
	cal := mustNew(t, daily("America/Juneau", "00:00-24:00"))
	for _, tt := range []struct {
		name, start string
		n           int
		days        string
		endOfDay    string
	}{
		{"Friday", "1867-10-17T20:57:41Z", 1, "1867-10-18T20:57:41Z", "1867-10-20T08:57:41Z"},
		{"Saturday", "1867-10-19T00:31:12Z", 0, "1867-10-19T00:31:12Z", "1867-10-20T08:57:41Z"},
		{"Friday again", "1867-10-19T00:40:00Z", 0, "1867-10-19T00:40:00Z", "1867-10-20T08:57:41Z"},
		{"Friday counts as Saturday 15:33:32", "1867-10-19T00:40:00Z", 1, "1867-10-21T00:31:13Z", "1867-10-21T08:57:41Z"},
	} {
		start := mustTime(t, tt.start)
		if got, err := cal.DeadlineDays(start, tt.n); err != nil || got.UTC().Format(time.RFC3339) != tt.days {
			t.Errorf("%s: DeadlineDays(%d) = %s, %v, want %s", tt.name, tt.n, got.UTC(), err, tt.days)
		}
		if got, err := cal.DeadlineEndOfDay(start, tt.n); err != nil || got.UTC().Format(time.RFC3339) != tt.endOfDay {
			t.Errorf("%s: DeadlineEndOfDay(%d) = %s, %v, want %s", tt.name, tt.n, got.UTC(), err, tt.endOfDay)
		}
	}
}

// TestBusinessDaysOfANewDesk turns the clock back three weeks after the first hours of
// all: that nothing was open before the first version is no reason to forget it.
func TestBusinessDaysOfANewDesk(t *testing.T) {
	cal, err := calendar.NewVersions([]calendar.Version{{From: calendar.MustParseDate("2026-10-05"), Config: daily("Europe/Berlin", "00:00-24:00")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, start, days string }{
		{"the first showing of 2:30", "2026-10-25T00:30:00.5Z", "2026-10-26T01:30:00.5Z"},
		{"the second counts as 3:00", "2026-10-25T01:30:00.5Z", "2026-10-26T02:00:00Z"},
		{"before the first hours", "2026-10-03T12:00:00.5Z", "2026-10-05T22:00:00Z"},
		{"in the first hours", "2026-10-04T22:30:00.5Z", "2026-10-05T22:30:00.5Z"},
	} {
		got, err := cal.DeadlineDays(mustTime(t, tt.start), 1)
		if text := got.UTC().Format(time.RFC3339Nano); err != nil || text != tt.days {
			t.Errorf("%s: DeadlineDays(%s, 1) = %s, %v, want %s", tt.name, tt.start, text, err, tt.days)
		}
	}
}

// TestBusinessDaysOverCenturies counts the days that lie between starts and deadlines
// thousands of years apart, on a desk that opens once a week and never on 1 January.
func TestBusinessDaysOverCenturies(t *testing.T) {
	cfg := calendar.Config{Timezone: "UTC", RecurringHolidays: []calendar.MonthDay{calendar.MustParseMonthDay("01-01")}}
	cfg.Weekly[time.Monday] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	cal := mustNew(t, cfg)
	var days []time.Time
	for d := time.Date(-2200, 1, 1, 10, 0, 0, 0, time.UTC); d.Year() <= 9999; d = d.AddDate(0, 0, 1) {
		if d.Weekday() == time.Monday && d.YearDay() != 1 {
			days = append(days, d)
		}
	}
	first := 0 // of the years that can be answered
	for days[first].Year() < 1 {
		first++
	}
	for i := 0; i < len(days); i += 997 {
		for j := max(first, i+1); j < len(days); j += 4999 {
			if got, err := cal.DeadlineDays(days[i], j-i); err != nil || !got.Equal(days[j]) {
				t.Fatalf("DeadlineDays(%s, %d) = %s, %v, want %s", days[i], j-i, got, err, days[j])
			}
			if got, err := cal.DeadlineEndOfDay(days[i], j-i); err != nil || !got.Equal(days[j].Add(7*time.Hour)) {
				t.Fatalf("DeadlineEndOfDay(%s, %d) = %s, %v, want the end of %s", days[i], j-i, got, err, days[j])
			}
		}
		if got, err := cal.DeadlineDays(days[i], len(days)-i); !errors.Is(err, calendar.ErrUnreachable) {
			t.Fatalf("DeadlineDays(%s, %d) = %s, %v", days[i], len(days)-i, got, err)
		}
		if got, err := cal.DeadlineDays(days[i], max(first-1-i, 0)); i < first && i+1 < first && !errors.Is(err, calendar.ErrUnreachable) {
			t.Fatalf("DeadlineDays(%s, %d) = %s, %v", days[i], first-1-i, got, err)
		}
	}
}

// TestBusinessDaysWithoutEnd asks a desk that opens on every date but one for deadlines
// around the turns of centuries, where one table ends and the next begins.
func TestBusinessDaysWithoutEnd(t *testing.T) {
	holiday := calendar.MustParseDate("2026-07-03")
	cfg := calendar.Config{Timezone: "UTC", Holidays: []calendar.Date{holiday}}
	for d := range cfg.Weekly {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("00:00-24:00")}
	}
	cal := mustNew(t, cfg)
	closed := time.Date(holiday.Year, holiday.Month, holiday.Day, 10, 0, 0, 0, time.UTC)
	for _, start := range []int{-20000, -1801, 2, 1399, 1750, 1969, 2020, 2099, 2499, 9000} {
		from := time.Date(start, 12, 5, 10, 0, 0, 0, time.UTC)
		for year := max(100, start/100*100+100); year <= 9900; year += 100 {
			for day := -40; day <= 40; day++ {
				want := time.Date(year, 1, 1+day, 10, 0, 0, 0, time.UTC)
				n := int((want.Unix() - from.Unix()) / 86400)
				if from.Before(closed) && closed.Before(want) {
					n--
				}
				if n < 1 {
					continue
				}
				if got, err := cal.DeadlineDays(from, n); err != nil || !got.Equal(want) {
					t.Fatalf("DeadlineDays(%s, %d) = %s, %v, want %s", from, n, got, err, want)
				}
				if got, err := cal.DeadlineEndOfDay(from, n); err != nil || !got.Equal(want.Add(14*time.Hour)) {
					t.Fatalf("DeadlineEndOfDay(%s, %d) = %s, %v, want the end of %s", from, n, got, err, want)
				}
			}
		}
	}
}

// TestBusinessDaysOnHold moves a deadline on by the open time of holds, hold by hold.
func TestBusinessDaysOnHold(t *testing.T) {
	r := source(t)
	for name, cal := range lawCalendars(t) {
		for range rounds(1000) {
			start := time.Unix(r.Int64N(130*365*86400), r.Int64N(1e9))
			due, err := cal.DeadlineDays(start, r.IntN(6))
			if r.IntN(2) == 0 {
				due, err = cal.DeadlineEndOfDay(start, r.IntN(6))
			}
			if err != nil {
				continue
			}
			var holds []calendar.Window // in order, and apart
			want := due
			for at := start; len(holds) < 4; {
				h := calendar.Window{Start: at.Add(time.Duration(r.Int64N(int64(40 * time.Hour))))}
				h.End = h.Start.Add(time.Duration(r.Int64N(int64(40 * time.Hour))))
				holds, at = append(holds, h), h.End
				if open := cal.Between(h.Start, h.End); want.Sub(start) > 0 && h.Start.Before(want) && open > 0 {
					if want, err = cal.Deadline(want, open); err != nil {
						t.Fatal(err)
					}
				}
			}
			got, err := cal.DeadlineWithHolds(start, cal.Between(start, due), holds)
			if err != nil || !got.Equal(want) {
				t.Fatalf("%s: from %s, due %s, with %v: %s, %v, want %s", name, start, due, holds, got, err, want)
			}
			if got, err = cal.DeadlineWithHolds(start, cal.Between(start, due), nil); err != nil || !got.Equal(due) {
				t.Fatalf("%s: from %s, due %s: %s, %v without holds", name, start, due, got, err)
			}
		}
	}
}
