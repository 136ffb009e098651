package calendar

import (
	"errors"
	"testing"
	"time"
)

// TestChanges compares the changes of a zone with its offsets, hour by hour.
func TestChanges(t *testing.T) {
	for _, zone := range []string{"America/St_Johns", "Africa/Casablanca", "Pacific/Apia", "Asia/Gaza"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		const lo, hi = 1e9, 1e9 + 12*366*secondsPerDay
		list := changes(loc, lo, hi)
		at := 0
		for u := int64(lo); u < hi; u += 3600 {
			for at+1 < len(list) && list[at+1].from <= u {
				at++
				if was := offsetAt(loc, list[at].from-1); was == list[at].offset || was != list[at-1].offset {
					t.Errorf("%s: %d is no change", zone, list[at].from)
				}
			}
			if got := offsetAt(loc, u); got != list[at].offset {
				t.Fatalf("%s: offset %d at %d, want %d", zone, list[at].offset, u, got)
			}
		}
		for _, c := range list[1:] {
			if got := firstOther(loc, c.from-4000, c.from+5000, offsetAt(loc, c.from-1)); got != c.from {
				t.Errorf("%s: a change at %d is found at %d", zone, c.from, got)
			}
		}
	}
}

// TestLoadZone has no zone database, or one without the zone.
func TestLoadZone(t *testing.T) {
	none := func(name string) (*time.Location, error) {
		if name == "UTC" { // which package time knows by itself
			return time.UTC, nil
		}
		return nil, errors.New("unknown time zone " + name)
	}
	if loc, err := loadZone("UTC", none); err != nil || loc != time.UTC {
		t.Errorf("UTC without a database is %v, %v", loc, err)
	}
	for _, name := range []string{"Europe/Berlin", "Etc/UTC"} {
		_, err := loadZone(name, none)
		if want := `calendar: unknown time zone: no zone database here; import _ "time/tzdata" in package main, or install one`; !errors.Is(err, ErrZone) || err.Error() != want {
			t.Errorf("%s without a database: %v, want %s", name, err, want)
		}
	}
	some := func(name string) (*time.Location, error) {
		if name == "Etc/UTC" {
			return time.UTC, nil
		}
		return none(name)
	}
	if _, err := loadZone("Europe/Atlantis", some); err != ErrZone {
		t.Errorf("a zone that is not in the database: %v", err)
	}
	if loc, err := time.LoadLocation("UTC"); err != nil || loc != time.UTC {
		t.Errorf("package time needs a database for UTC: %v, %v", loc, err)
	}
}

// TestMidnightOfOddOffsets has dates that begin at no quarter of an hour.
func TestMidnightOfOddOffsets(t *testing.T) {
	for _, offset := range []int{0, 1, -1, 450, 899, 901, 1172, -1172, 47*3600 + 59*60 + 59, -maxOffset, maxOffset - 900} {
		for day := -3; day < 3; day++ {
			if got, want := midnight(time.FixedZone("", offset), day), int64(day)*secondsPerDay-int64(offset); got != want {
				t.Errorf("day %d begins %d seconds off UTC at %d, want %d", day, offset, got, want)
			}
		}
	}
}

// TestMidnight compares the beginning of a date with a search second by second.
func TestMidnight(t *testing.T) {
	for zone, dates := range map[string][]string{
		"America/St_Johns":  {"1988-04-03", "1988-10-30", "2006-10-29", "2007-03-11"}, // at one past midnight
		"America/Sao_Paulo": {"2018-11-04", "2018-02-18"},                             // at midnight
		"Pacific/Apia":      {"2011-12-30", "2011-12-31"},
		"Asia/Tokyo":        {"2026-01-01"},
	} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range dates {
			d := MustParseDate(s)
			want := d.midnight().Unix() - 30*3600
			for DateOf(time.Unix(want, 0).In(loc)).Compare(d) < 0 {
				want++
			}
			if got := midnight(loc, d.number()); got != want {
				t.Errorf("%s begins in %s at %d, want %d", s, zone, got, want)
			}
		}
	}
}
