package calendar_test

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

const full = `{"timezone":"Europe/Berlin",` +
	`"weekly":{"mon":[["08:00","12:00"],["13:00","18:00"]],"sat":[["22:00","02:00:30"]]},` +
	`"holidays":["2026-04-03"],"recurring_holidays":["12-25","02-29"],"holiday_closes":"shift",` +
	`"overrides":{"2026-12-23":[],"2026-12-24":[["08:00","12:00"]]},` +
	`"breaks":{"2026-03-02":[["10:00","12:00"]]}}`

func TestConfigJSON(t *testing.T) {
	cfg := readConfig(t, full)
	got, err := json.Marshal(cfg)
	if err != nil || string(got) != full {
		t.Errorf("Marshal gives %s, %v", got, err)
	}
	if cfg.Overrides[calendar.MustParseDate("2026-12-23")] = nil; true {
		if got, err = json.Marshal(cfg); err != nil || string(got) != full {
			t.Errorf("Marshal of a nil list gives %s, %v", got, err)
		}
	}
	mustNew(t, cfg)
	if got, err := json.Marshal(calendar.Config{}); err != nil || string(got) != `{"timezone":""}` {
		t.Errorf("the zero Config is %s, %v", got, err)
	}
	versions := `[{"config":` + full + `},{"from":"2027-01-01","config":` + full + `}]`
	var list []calendar.Version
	if err := json.Unmarshal([]byte(versions), &list); err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(list); err != nil || string(got) != versions {
		t.Errorf("Marshal of versions gives %s, %v", got, err)
	}
}

func TestConfigErrors(t *testing.T) {
	monday := func(hours string) string { return `{"timezone":"UTC","weekly":{"mon":` + hours + `}}` }
	for _, tt := range []struct {
		json string
		err  error
		text string
	}{
		{`[]`, calendar.ErrSyntax, `bad configuration: want an object: "[]"`},
		{`null`, calendar.ErrSyntax, `bad configuration: want an object: "null"`},
		{`{"zone":"UTC"}`, calendar.ErrSyntax, `bad configuration: unknown field: "zone"`},
		{`{"timezone":"UTC","timezone":"UTC"}`, calendar.ErrSyntax, `bad configuration: repeated field: "timezone"`},
		{`{"timezone":1}`, calendar.ErrSyntax, `timezone: bad configuration: want text: "1"`},
		{`{"timezone":null}`, calendar.ErrSyntax, `timezone: bad configuration: want text: "null"`},
		{`{"weekly":{"Mon":[]}}`, calendar.ErrSyntax, `weekly: bad configuration: unknown field: "Mon"`},
		{monday(`null`), calendar.ErrSyntax, `weekly.mon: bad configuration: want a list: "null"`},
		{monday(`[["08:00"]]`), calendar.ErrSyntax, `weekly.mon[0]: bad configuration: want a pair of times: "[\"08:00\"]"`},
		{monday(`[["08:00",9]]`), calendar.ErrSyntax, `weekly.mon[0][1]: bad configuration: want text: "9"`},
		{monday(`[["08:00","09:00"],["8:00","12:00"]]`), calendar.ErrTime, `weekly.mon[1]: bad time of day: "8:00-12:00"`},
		{monday(`[["08:60","12:00"]]`), calendar.ErrTime, `weekly.mon[0]: bad time of day: "08:60-12:00"`},
		{monday(`[["08:00","24:00:01"]]`), calendar.ErrTime, `weekly.mon[0]: bad time of day: "08:00-24:00:01"`},
		{monday(`[["24:00","08:00"]]`), calendar.ErrTime, `weekly.mon[0]: bad time of day: opening at 24:00: "24:00-08:00"`},
		{monday(`[["08:00","08:00"]]`), calendar.ErrHours, `weekly.mon[0]: bad hours: open and close at the same time: "08:00-08:00"`},
		{monday(`[["08:00","12:00"],["11:59:59","13:00"]]`), calendar.ErrHours, `weekly.mon[1]: bad hours: overlap with weekly.mon[0], which is 08:00-12:00: "11:59:59-13:00"`},
		{`{"timezone":"UTC","weekly":{"sun":[["22:00","06:00"]],"mon":[["05:00","09:00"]]}}`, calendar.ErrHours,
			`weekly.mon[0]: bad hours: overlap with weekly.sun[0], which is 22:00-06:00: "05:00-09:00"`},
		{`{"timezone":"UTC","weekly":{"tue":[["05:00","09:00"]],"mon":[["22:00","06:00"]]}}`, calendar.ErrHours,
			`weekly.tue[0]: bad hours: overlap with weekly.mon[0], which is 22:00-06:00: "05:00-09:00"`},
		{`{"timezone":"UTC","overrides":{"2026-02-30":[]}}`, calendar.ErrDate, `overrides.2026-02-30: bad date: "2026-02-30"`},
		{`{"timezone":"UTC","overrides":{"2026-02-03":[["08:00","12:00"],["10:00","11:00"]]}}`, calendar.ErrHours,
			`overrides.2026-02-03[1]: bad hours: overlap with overrides.2026-02-03[0], which is 08:00-12:00: "10:00-11:00"`},
		{`{"timezone":"UTC","breaks":{"2026-02-03":[["08:00","12:00"],["10:00","11:00"]]}}`, calendar.ErrHours,
			`breaks.2026-02-03[1]: bad hours: overlap with breaks.2026-02-03[0], which is 08:00-12:00: "10:00-11:00"`},
		{`{"timezone":"UTC","holidays":["2026-02-03","2026-2-3"]}`, calendar.ErrDate, `holidays[1]: bad date: "2026-2-3"`},
		{`{"timezone":"UTC","holidays":["1899-12-31"]}`, calendar.ErrDate, `holidays[0]: bad date: outside 1900 to 2199: "1899-12-31"`},
		{`{"timezone":"UTC","holidays":["2200-01-01"]}`, calendar.ErrDate, `holidays[0]: bad date: outside 1900 to 2199: "2200-01-01"`},
		{`{"timezone":"UTC","holidays":1}`, calendar.ErrSyntax, `holidays: bad configuration: want a list: "1"`},
		{`{"timezone":"UTC","holidays":["2026-02-03",1]}`, calendar.ErrSyntax, `holidays[1]: bad configuration: want text: "1"`},
		{`{"timezone":"UTC","overrides":{"\u001b[31m":[]}}`, calendar.ErrDate, `"overrides.\x1b[31m": bad date: "\x1b[31m"`},
		{`{"timezone":"UTC","overrides":{"` + strings.Repeat("x", 200) + `":[]}}`, calendar.ErrDate,
			`"overrides.` + strings.Repeat("x", 110) + `"…: bad date: "` + strings.Repeat("x", 120) + `"…`},
		{`{"timezone":"UTC","recurring_holidays":["02-30"]}`, calendar.ErrDate, `recurring_holidays[0]: bad date: "02-30"`},
		{`{"timezone":"UTC","holidays":["2026-02-03"],"overrides":{"2026-02-03":[]}}`, calendar.ErrConflict,
			`overrides.2026-02-03: date is both a holiday and an override: "2026-02-03"`},
		{`{"timezone":"UTC","holiday_closes":"day"}`, calendar.ErrHolidayCloses, `holiday_closes: a holiday closes date or shift: "day"`},
		{`{"timezone":"UTC","holiday_closes":""}`, calendar.ErrHolidayCloses, `holiday_closes: a holiday closes date or shift`},
		{`{"timezone":"UTC","holiday_closes":null}`, calendar.ErrSyntax, `holiday_closes: bad configuration: want text: "null"`},
		{`{"weekly":{}}`, calendar.ErrZone, `timezone: unknown time zone: none given`},
		{`{"timezone":"Local"}`, calendar.ErrZone, `timezone: unknown time zone: differs between machines: "Local"`},
		{`{"timezone":"Europe/Atlantis"}`, calendar.ErrZone, `timezone: unknown time zone: "Europe/Atlantis"`},
		{`{"timezone":"UTC"}`, calendar.ErrNeverOpens, `never opens`},
		{monday(`[]`), calendar.ErrNeverOpens, `never opens`},
	} {
		var cfg calendar.Config
		err := json.Unmarshal([]byte(tt.json), &cfg)
		if err == nil {
			_, err = calendar.New(cfg)
		}
		if !errors.Is(err, tt.err) || !strings.HasPrefix(err.Error(), "calendar: "+tt.text) {
			t.Errorf("%s:\n got %v\nwant calendar: %s", tt.json, err, tt.text)
		}
	}
}

func TestConfigInGo(t *testing.T) {
	many := make([]calendar.Hours, 1441)
	for _, tt := range []struct {
		cfg calendar.Config
		err error
	}{
		{calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{{{Open: -1, Close: 5}}}}, calendar.ErrTime},
		{calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{{{Open: 1, Close: 86401}}}}, calendar.ErrTime},
		{calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{many}}, calendar.ErrHours},
		{calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{many[:1440]}}, calendar.ErrHours},
		{calendar.Config{Timezone: "UTC", Holidays: []calendar.Date{{}}}, calendar.ErrDate},
		{calendar.Config{Timezone: "UTC", Overrides: map[calendar.Date][]calendar.Hours{{Year: 2026, Month: 2, Day: 30}: nil}}, calendar.ErrDate},
		{calendar.Config{Timezone: "UTC", Breaks: map[calendar.Date][]calendar.Hours{{Year: 2200, Month: 1, Day: 1}: nil}}, calendar.ErrDate},
		{calendar.Config{Timezone: "UTC", Overrides: map[calendar.Date][]calendar.Hours{{Year: 2026, Month: 2, Day: 3}: {{Open: -1}}}}, calendar.ErrTime},
		{calendar.Config{Timezone: "UTC", Breaks: map[calendar.Date][]calendar.Hours{{Year: 2026, Month: 2, Day: 3}: many}}, calendar.ErrHours},
		{calendar.Config{Timezone: "UTC", RecurringHolidays: []calendar.MonthDay{{}}}, calendar.ErrDate},
		{calendar.Config{Timezone: "UTC", HolidayCloses: 2}, calendar.ErrHolidayCloses},
		{calendar.Config{Location: time.FixedZone("far", 49*3600), Weekly: calendar.Weekly{{{Open: 1, Close: 2}}}}, calendar.ErrZone},
	} {
		if _, err := calendar.New(tt.cfg); !errors.Is(err, tt.err) {
			t.Errorf("New = %v, want %v", err, tt.err)
		}
	}
	_, err := calendar.New(calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{many}})
	if want := `calendar: weekly.sun: bad hours: more than 1440: "1441"`; err == nil || err.Error() != want {
		t.Errorf("New = %v, want %s", err, want)
	}
}

// TestErrorsOfTheirOwn shows errors that nobody filled in, or that are long.
func TestErrorsOfTheirOwn(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&calendar.ConfigError{}, "calendar: unknown error"},
		{&calendar.FeedError{}, "calendar: line 0: unknown error"},
		{&calendar.FeedError{Line: 3, Input: strings.Repeat("ä", 61), Err: calendar.ErrFeed}, `calendar: line 3: bad holiday feed: "` + strings.Repeat("ä", 60) + `"…`},
		{&calendar.ConfigError{Path: strings.Repeat("x", 120), Err: io.EOF}, "calendar: " + strings.Repeat("x", 120) + ": EOF"},
		{&calendar.ConfigError{Path: strings.Repeat("x", 121), Err: io.EOF}, `calendar: "` + strings.Repeat("x", 120) + `"…: EOF`},
		{&calendar.ConfigError{Path: "a\xff", Err: io.EOF}, `calendar: "a\xff": EOF`},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// A recurring holiday may be listed often, as a date may.
func TestHolidaysListedTwice(t *testing.T) {
	once := office()
	once.RecurringHolidays = []calendar.MonthDay{calendar.MustParseMonthDay("02-29"), calendar.MustParseMonthDay("12-25")}
	often := once
	often.RecurringHolidays = slices.Repeat(once.RecurringHolidays, 50_000)
	want := allocated(func() { mustNew(t, once) })
	var cal *calendar.Calendar
	if got := allocated(func() { cal = mustNew(t, often) }); got > want+10<<20 {
		t.Errorf("%d bytes allocated, and %d for each day once", got, want)
	}
	if !cal.Equal(mustNew(t, once)) {
		t.Error("not equal to that with each day once")
	}
}

func TestVersionErrors(t *testing.T) {
	date := calendar.MustParseDate
	for _, tt := range []struct {
		versions []calendar.Version
		err      error
		text     string
	}{
		{nil, calendar.ErrVersions, "calendar: versions: versions are not in order of date: none given"},
		{[]calendar.Version{{Config: office()}, {Config: office()}}, calendar.ErrVersions, "calendar: versions[1].from: versions are not in order of date: no date"},
		{[]calendar.Version{{From: date("2026-01-01"), Config: office()}, {From: date("2026-01-01"), Config: office()}}, calendar.ErrVersions,
			`calendar: versions[1].from: versions are not in order of date: "2026-01-01"`},
		{[]calendar.Version{{From: date("2200-01-01"), Config: office()}}, calendar.ErrDate, `calendar: versions[0].from: bad date: outside`},
		{[]calendar.Version{{Config: calendar.Config{}}}, calendar.ErrZone, "calendar: versions[0].timezone: unknown time zone"},
		{[]calendar.Version{{Config: calendar.Config{Timezone: "UTC"}}}, calendar.ErrNeverOpens, "calendar: never opens"},
	} {
		if _, err := calendar.NewVersions(tt.versions); !errors.Is(err, tt.err) || !strings.HasPrefix(err.Error(), tt.text) {
			t.Errorf("got %v, want %s", err, tt.text)
		}
	}
	var v calendar.Version
	for _, s := range []string{`{"since":"2026-01-01"}`, `{"from":""}`, `{"from":1}`, `{"config":[]}`} {
		if err := json.Unmarshal([]byte(s), &v); err == nil {
			t.Errorf("%s is read", s)
		}
	}
}

// TestVersions asks each version for its own time only.
func TestVersions(t *testing.T) {
	night := calendar.Config{Timezone: "Asia/Tokyo"}
	for d := range night.Weekly {
		night.Weekly[d] = []calendar.Hours{calendar.MustParseHours("22:00-06:00")}
	}
	from, to := calendar.MustParseDate("2011-12-30"), calendar.MustParseDate("2026-03-08")
	apia := office()
	apia.Timezone = "Pacific/Apia"
	cal, err := calendar.NewVersions([]calendar.Version{{From: from, Config: apia}, {From: to, Config: night}})
	if err != nil {
		t.Fatal(err)
	}
	change := time.Date(2026, 3, 8, 0, 0, 0, 0, newOracle(night).loc)
	first := time.Date(2011, 12, 30, 10, 0, 0, 0, time.UTC) // Samoa goes from 29 to 31 December
	before, after := mustNew(t, apia), mustNew(t, night)
	for at := first.Add(-48 * time.Hour); at.Before(change.AddDate(20, 0, 0)); at = at.Add(31*time.Hour + time.Minute + 7) {
		want := !at.Before(first) && (at.Before(change) && before.IsOpen(at) || !at.Before(change) && after.IsOpen(at))
		if got := cal.IsOpen(at); got != want {
			t.Fatalf("IsOpen(%s) = %v", at, got)
		}
		sum := before.Between(first, earlier(at, change))
		if at.Before(first) {
			sum = 0
		}
		if at.After(change) {
			sum += after.Between(change, at)
		}
		if got := cal.Between(first.AddDate(-10, 0, 0), at); got != sum {
			t.Fatalf("Between(…, %s) = %v, want %v", at, got, sum)
		}
		if open, err := cal.NextOpen(at); err != nil || open.Location().String() != map[bool]string{true: "Pacific/Apia", false: "Asia/Tokyo"}[open.Before(change)] {
			t.Fatalf("NextOpen(%s) = %s, %v", at, open, err)
		}
	}
	// At midnight of the change, the nights are those of the new version.
	if got := cal.Between(change.Add(-5*time.Minute), change.Add(7*time.Hour)); got < 6*time.Hour {
		t.Errorf("the first night has %v", got)
	}
}

// TestVersionBounds asks for the first instants of versions, and the last before.
func TestVersionBounds(t *testing.T) {
	cal := lawCalendars(t)["changed"]
	for _, tt := range []struct {
		at            time.Time
		before, since bool
	}{
		{time.Date(2001, 5, 1, 2, 30, 0, 0, time.UTC), false, true}, // office to night in St. John's
		{time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC), false, false},
		{time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC), false, true}, // to always in Casablanca, in Ramadan
	} {
		if got := cal.IsOpen(tt.at.Add(-1)); got != tt.before {
			t.Errorf("IsOpen before %s = %v", tt.at, got)
		}
		if got := cal.IsOpen(tt.at); got != tt.since {
			t.Errorf("IsOpen(%s) = %v", tt.at, got)
		}
		var want time.Duration
		if tt.since {
			want = time.Minute
		}
		if got := cal.Between(tt.at, tt.at.Add(time.Minute)); got != want {
			t.Errorf("Between(%s, + 1m) = %v, want %v", tt.at, got, want)
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func TestZero(t *testing.T) {
	var cal calendar.Calendar
	now := time.Unix(1e9, 5)
	if cal.IsOpen(now) || cal.Between(now, now.AddDate(1, 0, 0)) != 0 || cal.Location() != time.UTC {
		t.Error("the zero Calendar opens")
	}
	for range cal.Windows(now, now.AddDate(1, 0, 0)) {
		t.Error("the zero Calendar has a window")
	}
	if at, err := cal.Deadline(now, 0); err != nil || !at.Equal(now) {
		t.Errorf("Deadline(0) = %s, %v", at, err)
	}
	for _, f := range []func(time.Time, time.Duration) (time.Time, error){cal.Deadline, cal.Before} {
		if _, err := f(now, 1); !errors.Is(err, calendar.ErrUnreachable) {
			t.Error(err)
		}
		if _, err := f(now, -1); !errors.Is(err, calendar.ErrNegativeBudget) {
			t.Error(err)
		}
	}
	if _, err := cal.NextOpen(now); !errors.Is(err, calendar.ErrUnreachable) {
		t.Error(err)
	}
	if _, err := cal.NextClose(now); !errors.Is(err, calendar.ErrUnreachable) {
		t.Error(err)
	}
}

func TestOpenHold(t *testing.T) {
	cal := mustNew(t, office())
	at := time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC) // Monday 09:00 in New York
	holds := []calendar.Window{{Start: at.Add(time.Hour)}, {Start: at.Add(2 * time.Hour), End: at}}
	if got := cal.BetweenWithHolds(at, at.AddDate(0, 0, 3), holds); got != time.Hour {
		t.Errorf("BetweenWithHolds = %v, want 1h", got)
	}
	if got, err := cal.DeadlineWithHolds(at, time.Hour, holds); err != nil || !got.Equal(at.Add(time.Hour)) {
		t.Errorf("DeadlineWithHolds = %s, %v", got, err)
	}
	if got, err := cal.DeadlineWithHolds(at, time.Hour+1, holds); !errors.Is(err, calendar.ErrOnHold) {
		t.Errorf("DeadlineWithHolds = %s, %v", got, err)
	}
	always := calendar.Config{Timezone: "UTC"}
	for d := range always.Weekly {
		always.Weekly[d] = []calendar.Hours{calendar.MustParseHours("00:00-24:00")}
	}
	cal = mustNew(t, always)
	first, last := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	hold := []calendar.Window{{Start: at, End: at.Add(1)}}
	if got := cal.Between(first, last); got != 1<<63-1 {
		t.Errorf("Between over ten thousand years = %v", got)
	}
	if got := cal.Between(last, first); got != -(1<<63 - 1) {
		t.Errorf("Between back over ten thousand years = %v", got)
	}
	if got := cal.BetweenWithHolds(first, last, hold); got != 1<<63-1 {
		t.Errorf("BetweenWithHolds over ten thousand years = %v", got)
	}
	if got, err := cal.NextClose(at); !errors.Is(err, calendar.ErrUnreachable) {
		t.Errorf("NextClose = %s, %v", got, err)
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(full)
	f.Add(`{"timezone":"UTC","weekly":{"mon":[["00:00","24:00"]]}}`)
	f.Add(`{"timezone":"Europe/Berlin","weekly":{"sat":[["22:00","06:00"]]},"holidays":["2001-09-08"],"holiday_closes":"shift"}`)
	f.Add(`{"timezone":"Europe/Berlin","weekly":{"sat":[["22:00","06:00"]]},"holidays":["2001-09-08"],"overrides":{"2001-09-10":[["20:00","19:00"]]}}`)
	f.Fuzz(func(t *testing.T, s string) {
		cfg, ok := readTwice[calendar.Config](t, s)
		if !ok {
			return
		}
		cal, err := calendar.New(cfg)
		var located *calendar.ConfigError
		if err != nil {
			if !errors.As(err, &located) && !errors.Is(err, calendar.ErrNeverOpens) {
				t.Errorf("no place in %v", err)
			}
			return
		}
		at := time.Unix(1e9, 0)
		if d, err := cal.Deadline(at, time.Hour); err == nil && cal.Between(at, d) != time.Hour {
			t.Errorf("Deadline is %s", d)
		}
		for name, ask := range map[string]func(time.Time, int) (time.Time, error){
			"DeadlineDays": cal.DeadlineDays, "DeadlineEndOfDay": cal.DeadlineEndOfDay,
		} {
			last := at
			for n := 1; n <= 3; n++ {
				d, err := ask(at, n)
				if err == nil && (d.Before(last) || cal.Between(d.Add(-1), d) != 1) {
					t.Errorf("%s(%d) is %s, after %s", name, n, d, last)
				}
				if err == nil {
					last = d
				}
			}
		}
	})
}

// A monotonic clock reading is no part of the instant.
func TestMonotonicReadingDoesNotMatter(t *testing.T) {
	var config calendar.Config
	if err := json.Unmarshal([]byte(`{"timezone": "UTC", "weekly": {"mon": [["09:00","17:00"]]}}`), &config); err != nil {
		t.Fatal(err)
	}
	now, cal := time.Now(), mustNew(t, config)
	from := now.AddDate(0, 0, -30)
	if got, want := cal.Between(from, now), cal.Between(from, now.Round(0)); got != want {
		t.Errorf("%v with a monotonic reading, %v without", got, want)
	}
}
