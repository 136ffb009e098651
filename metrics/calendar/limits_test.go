package calendar_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

func daily(zone, hours string) calendar.Config {
	cfg := calendar.Config{Timezone: zone}
	for d := range cfg.Weekly {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours(hours)}
	}
	return cfg
}

// TestLongDurations compares a desk that never closes with exact seconds, around the
// longest Duration and at the ends of time.
func TestLongDurations(t *testing.T) {
	cal := mustNew(t, daily("UTC", "00:00-24:00"))
	const forever = 1 << 59
	instants := []time.Time{
		time.Unix(math.MinInt64, 0), time.Unix(-forever, 0), time.Unix(-forever, 1), time.Unix(-1<<50, 5), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Unix(0, math.MinInt64), time.Unix(0, 0), time.Unix(1e9, 999_999_999), time.Unix(0, math.MaxInt64),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Unix(1<<50, 999_999_999), time.Unix(forever-1, 999_999_999), time.Unix(forever, 7), time.Unix(1<<62, 0),
	}
	for _, whole := range []int64{9223372034, 9223372035, 9223372036, 9223372037, 9223372038, 9223372039} {
		for _, ns := range []int64{0, 1, 854775806, 854775807, 854775808, 999999999} {
			instants = append(instants, time.Unix(whole, ns), time.Unix(-whole, ns), time.Unix(whole+1e9, ns))
		}
	}
	open := func(at time.Time) *big.Int { // nanoseconds since 1970, of those that are open
		s, ns := at.Unix(), int64(at.Nanosecond())
		switch {
		case s < -forever:
			s, ns = -forever, 0
		case s >= forever:
			s, ns = forever, 0
		}
		return new(big.Int).Add(new(big.Int).Mul(big.NewInt(s), big.NewInt(1e9)), big.NewInt(ns))
	}
	most := big.NewInt(math.MaxInt64)
	for _, a := range instants {
		for _, b := range instants {
			want := new(big.Int).Sub(open(b), open(a))
			if want.CmpAbs(most) > 0 {
				want.SetInt64(math.MaxInt64 * int64(want.Sign()))
			}
			got := cal.Between(a, b)
			if got != time.Duration(want.Int64()) {
				t.Errorf("Between(%d s + %d, %d s + %d) = %d, want %v", a.Unix(), a.Nanosecond(), b.Unix(), b.Nanosecond(), got, want)
			}
			if back := cal.BetweenWithHolds(b, a, nil); !b.Before(a) && back != -got {
				t.Errorf("BetweenWithHolds(%s, %s) = %v, want %v", b, a, back, -got)
			}
		}
		s := a.Unix()
		if got, want := cal.IsOpen(a), s >= -forever && s < forever; got != want {
			t.Errorf("IsOpen(%d s) = %v", s, got)
		}
	}
}

// TestEndsOfTime asks at the ends of int64, where each answer is an instant that holds
// what it promises, or refused.
func TestEndsOfTime(t *testing.T) {
	const last = math.MaxInt64 - 62135596800 // the last second of package time
	seconds := []int64{math.MinInt64, math.MinInt64 + 1, -1 << 62, -1<<59 - 1, -1 << 59, -1 << 40, 0, 1 << 40, 1<<59 - 1, 1 << 59, 1<<59 + 1, 1 << 62, last - 1, last}
	for name, cal := range lawCalendars(t) {
		for _, s := range seconds {
			at := time.Unix(s, 999_999_999)
			for _, budget := range []time.Duration{1, time.Hour, math.MaxInt64} {
				if due, err := cal.Deadline(at, budget); err == nil && (due.Year() > 9999 || cal.Between(at, due) != budget) {
					t.Errorf("%s: Deadline(%d s, %v) = %s", name, s, budget, due)
				} else if err != nil && !errors.Is(err, calendar.ErrUnreachable) {
					t.Error(err)
				}
				if start, err := cal.Before(at, budget); err == nil && (start.Year() < 1 || cal.Between(start, at) != budget) {
					t.Errorf("%s: Before(%d s, %v) = %s", name, s, budget, start)
				} else if err != nil && !errors.Is(err, calendar.ErrUnreachable) {
					t.Error(err)
				}
			}
			if open, err := cal.NextOpen(at); err == nil && (open.Before(at) || !cal.IsOpen(open) || cal.Between(at, open) != 0) {
				t.Errorf("%s: NextOpen(%d s) = %s", name, s, open)
			}
			if end, err := cal.NextClose(at); err == nil && (!end.After(at) || cal.IsOpen(end) || !cal.IsOpen(end.Add(-1))) {
				t.Errorf("%s: NextClose(%d s) = %s", name, s, end)
			}
			n := 0
			for w := range cal.Windows(at, time.Unix(s, 0).Add(90*24*time.Hour)) {
				if n++; cal.Between(w.Start, w.End) != w.Duration() || w.Duration() <= 0 {
					t.Errorf("%s: a window %v", name, w)
				}
			}
			if s >= 1<<59 && n > 0 || s < -1<<59-1e7 && n > 0 || n > 200 {
				t.Errorf("%s: %d windows from %d s on", name, n, s)
			}
			for _, other := range seconds {
				to := time.Unix(other, 0)
				if there, back := cal.Between(at, to), cal.Between(to, at); there != -back {
					t.Errorf("%s: from %d s to %d s %v, back %v", name, s, other, there, back)
				}
			}
		}
	}
	// Once a window has no end that comes, there is one.
	always := mustNew(t, daily("UTC", "00:00-24:00"))
	from, to := time.Unix(1<<59-100, 0), time.Unix(1<<59+100, 0)
	got := slices.Collect(always.Windows(from, to))
	if len(got) != 1 || !got[0].Start.Equal(from) || !got[0].End.Equal(time.Unix(1<<59, 0)) {
		t.Errorf("the last window is %v", got)
	}
	from, to = time.Unix(-1<<59-100, 0), time.Unix(-1<<59+100, 0)
	got = slices.Collect(always.Windows(from, to))
	if len(got) != 1 || !got[0].Start.Equal(time.Unix(-1<<59, 0)) || !got[0].End.Equal(to) {
		t.Errorf("the first window is %v", got)
	}
}

// TestFarDates asks around dates that come once, outside 1970 to 2100, and 400 years
// before and after, when the days of the week are the same.
func TestFarDates(t *testing.T) {
	for _, year := range []int{1900, 1950, 2150, 2199} {
		cfg := daily("Europe/Berlin", "22:00-06:00")
		day := func(d int) calendar.Date { return calendar.Date{Year: year, Month: time.May, Day: d} }
		cfg.HolidayCloses = calendar.HolidayCloses(year / 50 % 2)
		cfg.Holidays = []calendar.Date{day(3), day(4)}
		cfg.Overrides = map[calendar.Date][]calendar.Hours{day(7): {calendar.MustParseHours("10:00-03:00")}, day(9): nil}
		cfg.Breaks = map[calendar.Date][]calendar.Hours{day(11): {calendar.MustParseHours("23:00-02:00")}}
		later := daily("Europe/Berlin", "08:00-12:00")
		versions, err := calendar.NewVersions([]calendar.Version{{Config: cfg}, {From: day(15), Config: later}})
		if err != nil {
			t.Fatal(err)
		}
		alone := mustNew(t, cfg)
		before, after := newOracle(cfg), newOracle(later)
		for _, y := range []int{year - 400, year, year + 400} {
			start := time.Date(y, 4, 28, 0, 0, 0, 0, before.loc)
			change := time.Date(year, 5, 15, 0, 0, 0, 0, before.loc)
			var sum, sumVersions time.Duration
			for at := start; at.Before(start.AddDate(0, 0, 24)); at = at.Add(time.Hour) {
				want := before.isOpen(at)
				wantVersions := want
				if !at.Before(change) {
					wantVersions = after.isOpen(at)
				}
				if got := alone.IsOpen(at); got != want {
					t.Fatalf("%d: IsOpen(%s) = %v", year, at, got)
				}
				if got := versions.IsOpen(at); got != wantVersions {
					t.Fatalf("%d, versions: IsOpen(%s) = %v", year, at, got)
				}
				if got, other := alone.Between(start, at), versions.Between(start, at); got != sum || other != sumVersions {
					t.Fatalf("%d: Between(%s, %s) = %v and %v, want %v and %v", year, start, at, got, other, sum, sumVersions)
				}
				if want {
					sum += time.Hour
				}
				if wantVersions {
					sumVersions += time.Hour
				}
			}
		}
	}
}

// TestManyVersions has a version for each of a dozen years, of a zone of its own, that
// opens for an hour a day longer than the one before.
func TestManyVersions(t *testing.T) {
	const first, years = 2010, 12
	var versions []calendar.Version
	for i := range years {
		cfg := calendar.Config{Location: time.FixedZone(fmt.Sprint("zone ", i), 0)}
		for d := range cfg.Weekly {
			cfg.Weekly[d] = []calendar.Hours{{Open: 9 * 3600, Close: calendar.TimeOfDay((10 + i) * 3600)}}
		}
		versions = append(versions, calendar.Version{From: calendar.Date{Year: first + i, Month: time.January, Day: 1}, Config: cfg})
	}
	cal, err := calendar.NewVersions(versions)
	if err != nil {
		t.Fatal(err)
	}
	for i := range years {
		begin, end := time.Date(first+i, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(first+i+1, 1, 1, 0, 0, 0, 0, time.UTC)
		want := end.Sub(begin) / 24 * time.Duration(1+i)
		if got := cal.Between(begin, end); got != want {
			t.Errorf("Between(%s, %s) = %v, want %v", begin, end, got, want)
		}
		closes := end.Add(time.Duration(10+i-24) * time.Hour)
		if got, err := cal.Deadline(begin, want); err != nil || !got.Equal(closes) || got.Location() != versions[i].Config.Location {
			t.Errorf("Deadline(%s, %v) = %s, %v, want %s", begin, want, got, err, closes)
		}
		if !cal.IsOpen(closes.Add(-1)) || cal.IsOpen(closes) {
			t.Errorf("IsOpen around %s is wrong", closes)
		}
		opens := begin.Add(9 * time.Hour)
		if got, err := cal.NextOpen(begin); err != nil || !got.Equal(opens) || got.Location() != versions[i].Config.Location {
			t.Errorf("NextOpen(%s) = %s, %v, want %s", begin, got, err, opens)
		}
	}
}

// TestFarAlone makes calendars that open only before 1970, or after 2100, or once.
func TestFarAlone(t *testing.T) {
	none := calendar.Config{Timezone: "UTC"}
	for _, tt := range []struct {
		from, opens string
		versions    []calendar.Config
	}{
		{"1950-01-01", "1892-02-29T12:00:00Z", []calendar.Config{farConfig(), none}},
		{"2150-01-01", "2156-02-29T12:00:00Z", []calendar.Config{none, farConfig()}},
	} {
		if time.Month(2) != mustTime(t, tt.opens).Month() {
			t.Fatal(tt.opens)
		}
		cal, err := calendar.NewVersions([]calendar.Version{{Config: tt.versions[0]}, {From: calendar.MustParseDate(tt.from), Config: tt.versions[1]}})
		if err != nil {
			t.Errorf("%s: %v", tt.from, err)
			continue
		}
		open := false
		for at := mustTime(t, tt.opens); at.Year() < 2300; at = at.AddDate(4, 0, 0) {
			open = open || cal.IsOpen(at)
		}
		if !open {
			t.Errorf("%s: not open", tt.from)
		}
	}
	// Holidays of every day leave a date that is overridden.
	once := farConfig()
	once.Weekly = calendar.Weekly{time.Monday: {calendar.MustParseHours("09:00-17:00")}}
	once.RecurringHolidays = append(once.RecurringHolidays, calendar.MustParseMonthDay("02-29"))
	once.Overrides = map[calendar.Date][]calendar.Hours{calendar.MustParseDate("2026-03-02"): {calendar.MustParseHours("09:00-17:00")}}
	cal := mustNew(t, once)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if due, err := cal.Deadline(at, 8*time.Hour); err != nil || !due.Equal(at.Add(8*time.Hour)) {
		t.Errorf("Deadline = %s, %v", due, err)
	}
	if due, err := cal.Deadline(at, 8*time.Hour+1); !errors.Is(err, calendar.ErrUnreachable) {
		t.Errorf("Deadline = %s, %v", due, err)
	}
	if start, err := cal.Before(at.Add(8*time.Hour), 8*time.Hour+1); !errors.Is(err, calendar.ErrUnreachable) {
		t.Errorf("Before = %s, %v", start, err)
	}
	var got []calendar.Window
	for w := range cal.Windows(at.AddDate(-2000, 0, 0), at.AddDate(7000, 0, 0)) {
		got = append(got, w)
	}
	if len(got) != 1 || !got[0].Start.Equal(at) {
		t.Errorf("windows %v", got)
	}
	for range cal.Windows(at, at.AddDate(1, 0, 0)) {
		break // must not go on
	}
	// A second of each 400 years takes longer than all years have.
	rare := farConfig()
	rare.Weekly = calendar.Weekly{time.Monday: {{Open: 43200, Close: 43201}}}
	if due, err := mustNew(t, rare).Deadline(at, math.MaxInt64); !errors.Is(err, calendar.ErrUnreachable) {
		t.Errorf("Deadline = %s, %v", due, err)
	}
}

func mustTime(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// oddZone is 60 hours off UTC until 1906 and an hour off since then.
func oddZone(t *testing.T) *time.Location {
	t.Helper()
	const change = -2_000_000_000
	b := append([]byte("TZif"), make([]byte, 16)...)
	for _, n := range []uint32{0, 0, 0, 1, 2, 4} { // a transition, two types, four letters
		b = binary.BigEndian.AppendUint32(b, n)
	}
	since := int32(change)
	b = binary.BigEndian.AppendUint32(b, uint32(since))
	b = append(b, 1)
	for _, offset := range []uint32{60 * 3600, 3600} {
		b = append(binary.BigEndian.AppendUint32(b, offset), 0, 0)
	}
	loc, err := time.LoadLocationFromTZData("Odd", append(b, "ODD\x00"...))
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// TestOddZone has an offset that no zone has, long ago, where that of 1970 has to do.
func TestOddZone(t *testing.T) {
	cfg := daily("", "09:00-17:00")
	cfg.Location = oddZone(t)
	cal := mustNew(t, cfg)
	for _, year := range []int{2, 1500, 1799, 1900, 1907, 2026} {
		at := time.Date(year, 3, 2, 8, 0, 0, 0, time.UTC)
		if !cal.IsOpen(at) || cal.IsOpen(at.Add(-1)) || cal.IsOpen(at.Add(8*time.Hour)) {
			t.Errorf("not open from 9 to 17 in %d", year)
		}
		if due, err := cal.DeadlineDays(at.Add(time.Hour), 3); err != nil || !due.Equal(at.Add(73*time.Hour)) {
			t.Errorf("DeadlineDays in %d is %s, %v", year, due, err)
		}
	}
}

// TestVersionsWest moves a desk that never closes west twice within a date.
func TestVersionsWest(t *testing.T) {
	var versions []calendar.Version
	for i, hours := range []int{14, 0, -12} {
		v := calendar.Version{Config: daily("", "00:00-24:00")}
		v.Config.Location = time.FixedZone("zone", hours*3600)
		if i > 0 {
			v.From = calendar.MustParseDate("2026-03-04")
		}
		versions = append(versions, v)
	}
	cal, err := calendar.NewVersions(versions)
	if err != nil {
		t.Fatal(err)
	}
	// The first zone shows 14:00 when the second one begins with midnight, and the third
	// begins at its noon: until 14:00 is shown again, no start is earlier.
	for _, tt := range []struct{ start, due string }{
		{"2026-03-03T23:59:00Z", "2026-03-06T01:59:00Z"},
		{"2026-03-04T00:30:00Z", "2026-03-06T02:00:00Z"},
		{"2026-03-04T12:30:00Z", "2026-03-06T02:00:00Z"},
		{"2026-03-05T01:59:00Z", "2026-03-06T02:00:00Z"},
		{"2026-03-05T02:01:00Z", "2026-03-06T02:01:00Z"},
	} {
		if due, err := cal.DeadlineDays(mustTime(t, tt.start), 1); err != nil || !due.Equal(mustTime(t, tt.due)) {
			t.Errorf("DeadlineDays(%s, 1) = %s, %v, want %s", tt.start, due.UTC(), err, tt.due)
		}
	}
}

// TestEdges asks within two seconds of openings and closings, with windows that cross
// the turn of Wednesday in UTC.
func TestEdges(t *testing.T) {
	day := mustNew(t, daily("UTC", "09:00-17:00"))
	night := mustNew(t, daily("UTC", "22:00-06:00"))
	long := calendar.Config{Timezone: "UTC"}
	for d := time.Monday; d <= time.Friday; d++ {
		long.Weekly[d] = []calendar.Hours{calendar.MustParseHours("00:00-24:00")}
	}
	week := mustNew(t, long)
	at := func(s string) time.Time { return mustTime(t, s) }
	for _, tt := range []struct {
		start, due string
		budget     time.Duration
	}{
		{"2026-03-02T18:00:00Z", "2026-03-03T09:00:01Z", time.Second},
		{"2026-03-02T16:59:30Z", "2026-03-03T09:00:01Z", 31 * time.Second},
		{"2026-03-02T16:59:30Z", "2026-03-02T17:00:00Z", 30 * time.Second},
		{"2026-03-02T16:59:30Z", "2026-03-02T16:59:59Z", 29 * time.Second},
		{"2026-03-02T16:59:30.5Z", "2026-03-03T09:00:00.5Z", 30 * time.Second},
		{"2026-03-02T16:59:30Z", "2026-03-03T09:00:00.000000001Z", 30*time.Second + 1},
		{"2026-03-02T09:00:00Z", "2026-03-03T09:00:02Z", 8*time.Hour + 2*time.Second},
		{"2026-03-02T08:59:59.999Z", "2026-03-02T09:00:00.000000001Z", 1},
	} {
		if got, err := day.Deadline(at(tt.start), tt.budget); err != nil || !got.Equal(at(tt.due)) {
			t.Errorf("Deadline(%s, %v) = %s, %v, want %s", tt.start, tt.budget, got, err, tt.due)
		}
	}
	if got, err := night.NextClose(at("2026-03-04T22:30:00Z")); err != nil || !got.Equal(at("2026-03-05T06:00:00Z")) {
		t.Errorf("NextClose in the night of Wednesday = %s, %v", got, err)
	}
	if got, err := week.NextClose(at("2026-03-02T01:00:00Z")); err != nil || !got.Equal(at("2026-03-07T00:00:00Z")) {
		t.Errorf("NextClose of a long week = %s, %v", got, err)
	}
	for _, tt := range []struct {
		cal      *calendar.Calendar
		from, to string
		want     [][2]string
	}{
		{night, "2026-03-04T22:30:00.0000005Z", "2026-03-06T01:00:00.25Z", [][2]string{
			{"2026-03-04T22:30:00.0000005Z", "2026-03-05T06:00:00Z"}, {"2026-03-05T22:00:00Z", "2026-03-06T01:00:00.25Z"},
		}},
		{week, "2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z", [][2]string{{"2026-03-02T00:00:00Z", "2026-03-07T00:00:00Z"}}},
		{day, "2026-03-02T10:00:00.0000005Z", "2026-03-02T12:00:00Z", [][2]string{{"2026-03-02T10:00:00.0000005Z", "2026-03-02T12:00:00Z"}}},
		{day, "2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z", nil},
		{day, "2026-03-02T12:00:00Z", "2026-03-02T10:00:00Z", nil},
		{day, "2026-03-02T17:00:00Z", "2026-03-03T09:00:00Z", nil},
	} {
		var want []calendar.Window
		for _, w := range tt.want {
			want = append(want, calendar.Window{Start: at(w[0]), End: at(w[1])})
		}
		got := slices.Collect(tt.cal.Windows(at(tt.from), at(tt.to)))
		if !slices.EqualFunc(got, want, func(a, b calendar.Window) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) }) {
			t.Errorf("Windows(%s, %s) are %v, want %v", tt.from, tt.to, got, want)
		}
	}
}
