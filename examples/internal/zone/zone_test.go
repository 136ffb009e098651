package zone

import (
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

func TestOf(t *testing.T) {
	hours := func(zone string) metrics.Calendar {
		c, err := calendar.New(calendar.Config{Timezone: zone, Weekly: calendar.Weekly{time.Monday: {calendar.MustParseHours("10:00-12:00")}}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	berlin, again, tokyo := hours("Europe/Berlin"), hours("Europe/Berlin"), hours("Asia/Tokyo")
	for _, tt := range []struct {
		calendars []metrics.Calendar
		want      string
	}{
		{nil, "UTC"},
		{[]metrics.Calendar{nil}, "UTC"},
		{[]metrics.Calendar{nil, berlin, nil, again}, "Europe/Berlin"},
		{[]metrics.Calendar{tokyo}, "Asia/Tokyo"},
		{[]metrics.Calendar{berlin, tokyo}, "UTC"},
		{[]metrics.Calendar{berlin, tokyo, berlin}, "UTC"},
	} {
		var p standards.Policy
		for _, c := range tt.calendars {
			p.Targets = append(p.Targets, standards.Target{Calendar: c})
		}
		if got := Of(p); got == nil || got.String() != tt.want {
			t.Errorf("%v: %s, want %s", tt.calendars, got, tt.want)
		}
	}
}

func TestRead(t *testing.T) {
	for _, name := range []string{"", "Local", "Europe/Nowhere", "../etc/passwd"} {
		if zone, err := Read(name); err == nil {
			t.Errorf("%q is %v", name, zone)
		}
	}
	if zone, err := Read("Europe/Berlin"); err != nil || zone.String() != "Europe/Berlin" {
		t.Errorf("%v, %v", zone, err)
	}
}
