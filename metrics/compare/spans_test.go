package compare_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func period(t testing.TB, name string) metrics.Period {
	t.Helper()
	var p metrics.Period
	if err := p.UnmarshalText([]byte(name)); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPeriods(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for _, tt := range []struct {
		before, after string
		zone          *time.Location
		asOf          string
		spans         [4]string // before and after
		partial       bool
	}{
		{
			"2026-02", "2026-03", nil, "2026-04-01T00:00:00Z",
			[4]string{"2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"}, false,
		},
		{ // long over
			"2025-W10", "2026-W10", nil, "2027-04-01T00:00:00Z",
			[4]string{"2025-03-03T00:00:00Z", "2025-03-10T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"}, false,
		},
		{ // Berlin's March is an hour short
			"2026-02", "2026-03", berlin, "2026-05-01T00:00:00Z",
			[4]string{"2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"}, false,
		},
		{ // to the 10th, 14:00 by the clocks of Berlin
			"2026-02", "2026-03", berlin, "2026-03-10T13:00:00Z",
			[4]string{"2026-01-31T23:00:00Z", "2026-02-10T13:00:00Z", "2026-02-28T23:00:00Z", "2026-03-10T13:00:00Z"}, true,
		},
		{ // which are an hour ahead at the end of March
			"2026-03", "2026-04", berlin, "2026-04-10T12:00:00Z",
			[4]string{"2026-02-28T23:00:00Z", "2026-03-10T13:00:00Z", "2026-03-31T22:00:00Z", "2026-04-10T12:00:00Z"}, true,
		},
		{ // February has no 30th: all of it
			"2026-02", "2026-03", nil, "2026-03-30T14:00:00Z",
			[4]string{"2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-30T14:00:00Z"}, true,
		},
		{ // Wednesday noon, against Wednesday noon of the week in which clocks went forward
			"2026-W13", "2026-W14", berlin, "2026-04-01T10:00:00Z",
			[4]string{"2026-03-22T23:00:00Z", "2026-03-25T11:00:00Z", "2026-03-29T22:00:00Z", "2026-04-01T10:00:00Z"}, true,
		},
		{ // a day of 23 hours against one of 24
			"2026-03-28", "2026-03-29", berlin, "2026-03-30T00:00:00Z",
			[4]string{"2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"}, false,
		},
		{ // and its 03:00, one hour after 01:59, against 03:00
			"2026-03-28", "2026-03-29", berlin, "2026-03-29T01:00:00Z",
			[4]string{"2026-03-27T23:00:00Z", "2026-03-28T02:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z"}, true,
		},
		{ // a minute after midnight, St. John's went back to 23:01 in 2006
			"2006-10-28", "2006-10-29", zone(t, "America/St_Johns"), "2006-10-29T02:41:00Z",
			[4]string{"2006-10-28T02:30:00Z", "2006-10-28T02:41:00Z", "2006-10-29T02:30:00Z", "2006-10-29T02:41:00Z"}, true,
		},
	} {
		s, err := compare.Periods(period(t, tt.before), period(t, tt.after), tt.zone, at(t, tt.asOf))
		if err != nil {
			t.Errorf("%s and %s: %v", tt.before, tt.after, err)
		}
		for n, got := range []time.Time{s.Before.Start, s.Before.End, s.After.Start, s.After.End} {
			if want := at(t, tt.spans[n]); got != want {
				t.Errorf("%s and %s as of %s: %v, want %v", tt.before, tt.after, tt.asOf, got, want)
			}
		}
		if s.Partial != tt.partial {
			t.Errorf("%s and %s as of %s: partial is %v", tt.before, tt.after, tt.asOf, s.Partial)
		}
	}
	for _, tt := range [][3]string{
		{"2026-02", "2026-W10", "2026-05-01T00:00:00Z"},
		{"2026-03", "2026-03", "2026-05-01T00:00:00Z"},
		{"2026-03", "2026-02", "2026-05-01T00:00:00Z"},
		{"2026-02", "2026-03", "2026-03-01T00:00:00Z"},
		{"2026-02", "2026-03", "2026-02-10T00:00:00Z"},
		{"2026-W10", "2026-03-04/2026-03-10", "2026-05-01T00:00:00Z"}, // weeks that overlap
	} {
		if s, err := compare.Periods(period(t, tt[0]), period(t, tt[1]), nil, at(t, tt[2])); !errors.Is(err, compare.ErrSpans) || s != (compare.Spans{}) {
			t.Errorf("%v: %v, %v", tt, s, err)
		}
	}
}

func TestNewSpans(t *testing.T) {
	span := func(from, to int64) metrics.Span {
		return metrics.Span{Start: time.Unix(from, 0).UTC(), End: time.Unix(to, 0).UTC()}
	}
	s, err := compare.NewSpans(span(10, 20), span(20, 25))
	if err != nil || s.Before != span(10, 20) || s.After != span(20, 25) || s.Partial {
		t.Errorf("%v, %v", s, err)
	}
	if before, after := s.Read(new(metrics.EventLog), metrics.Rules{}); !before.Terms().AsOf.Equal(time.Unix(20, -1)) || !after.Terms().AsOf.Equal(time.Unix(25, -1)) {
		t.Errorf("read as of %v and %v", before.Terms(), after.Terms())
	}
	if apart, err := compare.NewSpans(span(10, 20), span(30, 40)); err != nil || apart.Before != span(10, 20) {
		t.Errorf("%v, %v", apart, err)
	}
	_, err = compare.NewSpans(span(0, 60), span(59, 3600))
	if want := "1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z and 1970-01-01T00:00:59Z to 1970-01-01T01:00:00Z"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	for _, tt := range [][2]metrics.Span{
		{span(10, 20), span(19, 25)}, {span(20, 25), span(10, 20)}, {span(10, 10), span(10, 20)}, {span(10, 20), span(20, 20)},
		{span(20, 10), span(30, 40)}, {span(10, 20), span(40, 30)}, {},
	} {
		if _, err := compare.NewSpans(tt[0], tt[1]); !errors.Is(err, compare.ErrSpans) {
			t.Errorf("%v: %v", tt, err)
		}
	}
}

func TestDays(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	change := at(t, "2026-03-29T10:00:00+02:00")
	s, err := compare.Around(change, 1, berlin)
	if err != nil || s.Before.End != change.UTC() || s.After.Start != s.Before.End ||
		s.Before.End.Sub(s.Before.Start) != 23*time.Hour || s.After.End.Sub(s.After.Start) != 24*time.Hour {
		t.Errorf("%v, %v", s, err)
	}
	if s, err = compare.Around(change, 30, nil); err != nil || s.Before.End.Sub(s.Before.Start) != 720*time.Hour || s.After.End.Sub(s.After.Start) != 720*time.Hour {
		t.Errorf("%v, %v", s, err)
	}
	s, err = compare.LastDays(2, at(t, "2026-10-26T10:00:00+01:00"), berlin)
	want := [...]time.Time{at(t, "2026-10-22T08:00:00Z"), at(t, "2026-10-24T08:00:00Z"), at(t, "2026-10-26T09:00:00Z")}
	if err != nil || [...]time.Time{s.Before.Start, s.Before.End, s.After.End} != want || s.After.Start != s.Before.End {
		t.Errorf("%v, %v", s, err)
	}
	for _, days := range []int{0, -1} {
		if _, err := compare.Around(change, days, nil); !errors.Is(err, compare.ErrSpans) {
			t.Errorf("%d days: %v", days, err)
		}
		if _, err := compare.LastDays(days, change, nil); !errors.Is(err, compare.ErrSpans) {
			t.Errorf("%d days: %v", days, err)
		}
	}
}
