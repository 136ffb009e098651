package draw

import (
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

func TestUnbroken(t *testing.T) {
	for words, want := range map[string]string{
		"":                                   "",
		"1 min 37 s":                         "1_min 37_s",
		"93 % of 99":                         "93_% of 99",
		"11 customers wait, since 5 January": "11 customers wait, since 5 January",
		"+16 to +54 points":                  "+16 to +54_points",
		"(chat 1 h 28 min → 54 s).":          "(chat 1_h 28_min → 54_s).",
		"week of 2 s":                        "week of 2_s",
		"a s":                                "a s",
		" 5 ":                                " 5 ",
		"81 days":                            "81_days",
	} {
		got := Unbroken(words)
		if want := replaced(want); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

// replaced returns a text with the spaces that are written as lines.
func replaced(words string) string {
	b := []rune(words)
	for i, r := range b {
		if r == '_' {
			b[i] = '\u00a0'
		}
	}
	return string(b)
}

func TestNamesOf(t *testing.T) {
	day := func(u metrics.Unit, y int, m time.Month, d int) metrics.Period {
		return metrics.PeriodOf(u, y, m, d, time.Monday)
	}
	for _, tt := range []struct {
		period metrics.Period
		want   PeriodNames
	}{
		{day(metrics.Day, 2026, 3, 2), PeriodNames{"Monday, 2 March 2026", "2 Mar", "on 2 March"}},
		{day(metrics.Week, 2026, 3, 18), PeriodNames{"16 to 22 March 2026", "16–22 Mar", "in the week of 16 March"}},
		{day(metrics.Week, 2026, 4, 1), PeriodNames{"30 March to 5 April 2026", "30 Mar–5 Apr", "in the week of 30 March"}},
		{day(metrics.Week, 2026, 1, 1), PeriodNames{"29 December 2025 to 4 January 2026", "29 Dec–4 Jan", "in the week of 29 December"}},
		{day(metrics.Month, 2026, 2, 14), PeriodNames{"February 2026", "February", "in February"}},
		{day(metrics.Quarter, 2026, 5, 1), PeriodNames{"2026-Q2", "2026-Q2", "in 2026-Q2"}},
	} {
		if got := NamesOf(tt.period); got != tt.want {
			t.Errorf("%v: %+v, want %+v", tt.period, got, tt.want)
		}
	}
}

func TestStretchOf(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		unit        metrics.Unit
		month       time.Month
		day         int
		first       bool
		name, label string
	}{
		{metrics.Day, 3, 2, false, "Mon 2 March", "2 Mar"},
		{metrics.Day, 3, 3, false, "Tue 3 March", ""},
		{metrics.Day, 3, 3, true, "Tue 3 March", "3 Mar"},
		{metrics.Week, 3, 2, false, "week of 2 March", "2 Mar"},
		{metrics.Week, 3, 9, false, "week of 9 March", ""},
		{metrics.Week, 3, 9, true, "week of 9 March", "9 Mar"},
		{metrics.Month, 3, 9, false, "March 2026", "Mar 26"},
	} {
		p := metrics.PeriodOf(tt.unit, 2026, tt.month, tt.day, time.Monday)
		s := StretchOf(p, berlin, tt.first)
		if span := p.In(berlin); s.Name != tt.name || s.Label != tt.label || !s.From.Equal(span.Start) || !s.To.Equal(span.End) {
			t.Errorf("%v: %+v", p, s)
		}
	}
}

func TestClasses(t *testing.T) {
	bounds := []time.Duration{30 * time.Second, time.Minute, time.Hour, 24 * time.Hour, 72 * time.Hour}
	for d, want := range map[time.Duration]int{0: 0, 30 * time.Second: 0, 30*time.Second + 1: 1, time.Minute: 1, time.Hour + 1: 3, 72 * time.Hour: 4, 72*time.Hour + 1: 5} {
		if got := Class(bounds, d); got != want {
			t.Errorf("%v is in class %d, want %d", d, got, want)
		}
	}
	for i, want := range []string{"up to 30 s", "30 s to 1 min", "1 min to 1 h", "1 h to 1 day", "1 to 3 days", "over 3 days"} {
		if got := ClassName(bounds, i); got != want {
			t.Errorf("class %d is %q, want %q", i, got, want)
		}
	}
}
