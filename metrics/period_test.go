package metrics_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// The clocks of these zones do what others do not: change by half an hour, put
// themselves back over midnight, skip midnight, skip a day.
var zones = []struct {
	name string
	year int
}{
	{"UTC", 2026}, {"Europe/Berlin", 2026}, {"America/New_York", 2026}, {"Australia/Lord_Howe", 2026},
	{"America/St_Johns", 2008}, {"America/Sao_Paulo", 2018}, {"America/Havana", 2024}, {"Pacific/Apia", 2011},
	{"Pacific/Kwajalein", 1993}, {"Asia/Kathmandu", 1986}, {"Africa/Monrovia", 1972}, {"Asia/Beirut", 2022},
}

// TestPeriodsOf walks through years minute by minute, and looks at the clock.
func TestPeriodsOf(t *testing.T) {
	for _, z := range zones {
		loc := zone(t, z.name)
		all := []metrics.Periods{
			{metrics.Day, 0, loc}, {metrics.Week, time.Monday, loc}, {metrics.Week, time.Saturday, loc},
			{metrics.Month, 0, loc}, {metrics.Quarter, 0, loc}, {metrics.Year, 0, loc},
		}
		before := make([]metrics.Period, len(all))
		var latest time.Time // date that the clocks have shown
		at := time.Date(z.year-1, 12, 20, 0, 0, 0, 0, time.UTC)
		for minute := 0; minute < 395*24*60; minute, at = minute+1, at.Add(time.Minute) {
			y, m, d := at.In(loc).Date()
			if date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC); date.After(latest) {
				latest = date
			}
			for i, p := range all {
				if minute%29 == 0 {
					before[i] = checkPeriod(t, p, at, latest, before[i])
				}
			}
		}
	}
}

// checkPeriod looks at the period of an instant, up to which clocks have shown
// the given date, and returns it.
func checkPeriod(t *testing.T, p metrics.Periods, at, date time.Time, before metrics.Period) metrics.Period {
	t.Helper()
	got := p.Of(at)
	if want := plainPeriod(p, date); got.String() != want || got.Unit() != p.Unit {
		t.Fatalf("%s: %v is in %v, want %s", p.Zone, at, got, want)
	}
	span := got.In(p.Zone)
	if at.Before(span.Start) || !at.Before(span.End) {
		t.Fatalf("%s: %v is not in %v", p.Zone, at, span)
	}
	if p.Of(span.Start) != got || p.Of(span.End.Add(-1)) != got || p.Of(span.End) == got {
		t.Fatalf("%s: %v is not from %v to %v", p.Zone, got, span.Start, span.End)
	}
	if before == got || before == (metrics.Period{}) {
		return got
	}
	next := before.Next(1)
	if nextIn := next.In(p.Zone); !before.In(p.Zone).End.Equal(span.Start) || next != got && nextIn.Start != nextIn.End {
		t.Fatalf("%s: %v does not follow %v", p.Zone, got, before)
	}
	return got
}

// plainPeriod names the period of a date.
func plainPeriod(p metrics.Periods, date time.Time) string {
	switch p.Unit {
	case metrics.Week:
		for date.Weekday() != p.WeekStart {
			date = date.AddDate(0, 0, -1)
		}
		if p.WeekStart == time.Monday {
			year, week := date.ISOWeek()
			return fmt.Sprintf("%d-W%02d", year, week)
		}
		return date.Format(time.DateOnly) + "/" + date.AddDate(0, 0, 6).Format(time.DateOnly)
	case metrics.Month:
		return date.Format("2006-01")
	case metrics.Quarter:
		return fmt.Sprintf("%d-Q%d", date.Year(), (int(date.Month())+2)/3)
	case metrics.Year:
		return date.Format("2006")
	}
	return date.Format(time.DateOnly)
}

func TestPeriodIn(t *testing.T) {
	for _, tt := range []struct {
		zone        string
		y, m, d     int
		from, hours string
	}{
		{"Europe/Berlin", 2026, 3, 29, "2026-03-28T23:00:00Z", "23h0m0s"},
		{"Europe/Berlin", 2026, 10, 25, "2026-10-24T22:00:00Z", "25h0m0s"},
		{"Australia/Lord_Howe", 2026, 4, 5, "2026-04-04T13:00:00Z", "24h30m0s"},
		{"America/Sao_Paulo", 2018, 11, 4, "2018-11-04T03:00:00Z", "23h0m0s"}, // begins at 01:00
		{"America/Havana", 2024, 11, 3, "2024-11-03T04:00:00Z", "25h0m0s"},    // has two midnights
		{"America/St_Johns", 2008, 11, 2, "2008-11-02T02:30:00Z", "25h0m0s"},  // 23:01 again after 00:01
		{"Pacific/Apia", 2011, 12, 30, "2011-12-30T10:00:00Z", "0s"},          // was skipped
		{"UTC", 2026, 11, 22, "2026-11-22T00:00:00Z", "24h0m0s"},
	} {
		span := metrics.PeriodOf(metrics.Day, tt.y, time.Month(tt.m), tt.d, 0).In(zone(t, tt.zone))
		if from := span.Start.Format(time.RFC3339); from != tt.from || span.End.Sub(span.Start).String() != tt.hours {
			t.Errorf("%s %d-%d-%d: from %s for %v, want from %s for %s",
				tt.zone, tt.y, tt.m, tt.d, from, span.End.Sub(span.Start), tt.from, tt.hours)
		}
	}
	if span := (metrics.Period{}).In(nil); span.Start.Unix() != 0 || span.End.Unix() != 86400 {
		t.Errorf("the zero period is %v", span)
	}
}

func TestPeriodNames(t *testing.T) {
	for _, tt := range []struct {
		name, next, fifthBefore, yearBefore string
	}{
		{"2026-03-02", "2026-03-03", "2026-02-25", "2025-03-03"}, // both are Mondays
		{"2024-02-29", "2024-03-01", "2024-02-24", "2023-03-02"},
		{"1969-12-31", "1970-01-01", "1969-12-26", "1969-01-01"},
		{"2026-W01", "2026-W02", "2025-W48", "2025-W01"},
		{"2026-W53", "2027-W01", "2026-W48", "2026-W01"},
		{"2026-03-01/2026-03-07", "2026-03-08/2026-03-14", "2026-01-25/2026-01-31", "2025-03-02/2025-03-08"},
		{"2026-01", "2026-02", "2025-08", "2025-01"},
		{"2026-12", "2027-01", "2026-07", "2025-12"},
		{"2026-Q1", "2026-Q2", "2024-Q4", "2025-Q1"},
		{"2026-Q4", "2027-Q1", "2025-Q3", "2025-Q4"},
		{"2026", "2027", "2021", "2025"},
	} {
		var p metrics.Period
		if err := p.UnmarshalText([]byte(tt.name)); err != nil {
			t.Error(err)
			continue
		}
		text, err := p.MarshalText()
		if err != nil || string(text) != tt.name {
			t.Errorf("%s is written as %q, %v", tt.name, text, err)
		}
		if next := p.Next(1); next.String() != tt.next || next.Next(-1) != p || p.Compare(next) != -1 || next.Compare(p) != 1 || p.Compare(p) != 0 {
			t.Errorf("after %s comes %v", tt.name, next)
		}
		if before := p.Next(-5); before.String() != tt.fifthBefore || before.Next(5) != p {
			t.Errorf("the fifth before %s is %v", tt.name, before)
		}
		if before := p.YearBefore(); before.String() != tt.yearBefore || before.Unit() != p.Unit() {
			t.Errorf("a year before %s is %v", tt.name, before)
		}
	}
	for _, text := range []string{
		"", "x", "26", "2026-", "2026-13", "2026-00", "2026-02-30", "2026-Q5", "2026-Q0", "2026-W54", "2025-W53", "2026-W00",
		"2026-1", "2026-3-2", "2026-03-02 ", " 2026", "+2026", "2026-03-01/2026-03-08", "2026-03-02/2026-03-08", "0000", "2026-03-02T",
	} {
		p := metrics.PeriodOf(metrics.Year, 1999, 1, 1, 0)
		if err := p.UnmarshalText([]byte(text)); !errors.Is(err, metrics.ErrPeriod) || p.String() != "1999" {
			t.Errorf("%q is read as %v, %v", text, p, err)
		}
	}
	day, month := metrics.PeriodOf(metrics.Day, 2026, 3, 1, 0), metrics.PeriodOf(metrics.Month, 2026, 3, 31, 0)
	if day.Compare(month) != -1 || month.Compare(day) != 1 {
		t.Error("a month comes before its first day")
	}
}

func TestPeriodsBetween(t *testing.T) {
	at := func(text string) time.Time {
		t, _ := time.Parse(time.RFC3339, text)
		return t
	}
	for _, tt := range []struct {
		periods  metrics.Periods
		from, to string
		want     string
	}{
		{metrics.Periods{}, "2026-03-01T12:00:00Z", "2026-03-03T00:00:00Z", "[2026-03-01 2026-03-02]"},
		{metrics.Periods{}, "2026-03-01T12:00:00Z", "2026-03-03T00:00:01Z", "[2026-03-01 2026-03-02 2026-03-03]"},
		{metrics.Periods{}, "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", "[]"},
		{metrics.Periods{}, "2026-03-02T12:00:00Z", "2026-03-01T12:00:00Z", "[]"},
		{metrics.Periods{Zone: zone(t, "Pacific/Apia")}, "2011-12-29T12:00:00Z", "2011-12-31T12:00:00Z", "[2011-12-29 2011-12-31 2012-01-01]"},
		{metrics.Periods{Unit: metrics.Quarter}, "2025-12-31T23:59:59Z", "2026-04-01T00:00:00Z", "[2025-Q4 2026-Q1]"},
	} {
		var got []metrics.Period
		for p := range tt.periods.Between(at(tt.from), at(tt.to)) {
			got = append(got, p)
		}
		if fmt.Sprint(got) != tt.want && (got != nil || tt.want != "[]") {
			t.Errorf("between %s and %s are %v, want %s", tt.from, tt.to, got, tt.want)
		}
	}
	for range (metrics.Periods{}).Between(at("2026-03-01T00:00:00Z"), at("2027-03-01T00:00:00Z")) {
		break
	}
}

func TestHourOfWeek(t *testing.T) {
	monday := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for n := range metrics.HoursPerWeek {
		at := monday.Add(time.Duration(n) * time.Hour)
		h := metrics.HourOfWeekAt(at.Add(59*time.Minute+59*time.Second), nil)
		if int(h) != n || h.Weekday() != at.Weekday() || h.Hour() != at.Hour() || h.String() != at.Format("Mon 15:04") {
			t.Errorf("hour %d of the week is %d, %v", n, h, h)
		}
	}
	if h := metrics.HourOfWeekAt(monday, zone(t, "America/New_York")); h.String() != "Sun 19:00" {
		t.Errorf("in New York it is %v", h)
	}
	// As package time has it, before 1970 too, and with clocks that are ahead by
	// parts of an hour.
	for _, name := range []string{"UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York"} {
		zone := zone(t, name)
		for at := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2050; at = at.Add(12345*time.Minute + 67*time.Second + 89) {
			h := metrics.HourOfWeekAt(at, zone)
			if clock := at.In(zone); h.Weekday() != clock.Weekday() || h.Hour() != clock.Hour() {
				t.Fatalf("%v is %v", clock, h)
			}
		}
	}
}
