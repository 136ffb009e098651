package flow_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
)

func arrivals(n flow.Counts) int64 { return n.Arrivals }

// heatMapOf returns a heat map of events, by a reading as of a year after its end.
func heatMapOf(tb testing.TB, from, to time.Time, zone *time.Location, list ...metrics.Event) *flow.HeatMap[string] {
	reading := logOf(tb, list).Read(metrics.Rules{}, to.AddDate(1, 0, 0))
	return fed(tb, reading, flow.NewHeatMap(metrics.Whole, metrics.Span{Start: from, End: to}, zone))
}

// TestTimeOfHours holds the time for which clocks show each hour against a walk
// over all seconds, or over minutes or quarters of a second. The spans have a change of the clocks, by an hour, by half
// an hour (Lord Howe), by a day (Apia, 30 December 2011), at midnight (Santiago)
// or, in 2040, days of which package time does not know the bounds.
func TestTimeOfHours(t *testing.T) {
	utc := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, test := range []struct{ zone, from, to string }{
		{"UTC", "2026-03-02T09:10:11Z", "2026-03-02T09:50:00Z"},
		{"UTC", "2026-03-02T09:10:11.75Z", "2026-03-02T11:10:11.5Z"},
		{"UTC", "2026-03-02T09:10:00Z", "2026-03-22T07:20:00Z"},
		{"Europe/Berlin", "2026-03-27T12:00:00Z", "2026-04-07T09:30:00Z"},
		{"Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
		{"Europe/Berlin", "2026-10-19T12:34:00Z", "2026-11-03T09:30:00Z"},
		{"Australia/Lord_Howe", "2026-04-03T12:00:00Z", "2026-04-05T11:22:33Z"},
		{"Australia/Lord_Howe", "2026-10-02T12:10:00Z", "2026-10-10T12:00:00Z"},
		{"Pacific/Apia", "2011-12-28T12:00:00Z", "2012-01-02T12:00:00Z"},
		{"America/Santiago", "2026-09-05T12:00:00Z", "2026-09-07T12:00:00Z"},
		{"Asia/Kathmandu", "1985-12-30T12:00:00Z", "1986-01-02T12:00:00Z"},
		{"Europe/Berlin", "2040-12-20T12:00:00Z", "2041-01-02T12:00:00Z"},
		{"America/New_York", "2040-12-30T23:30:00Z", "2041-01-02T12:00:00Z"},
	} {
		t.Run(test.zone+" "+test.from, func(t *testing.T) {
			zone, from, to := zone(t, test.zone), utc(test.from), utc(test.to)
			step := time.Second
			switch length := to.Sub(from); {
			case length > 72*time.Hour:
				step = time.Minute
			case length < 4*time.Hour:
				step = 250 * time.Millisecond
			}
			var want [metrics.HoursPerWeek]time.Duration
			for at := from; at.Before(to); at = at.Add(step) {
				want[metrics.HourOfWeekAt(at, zone)] += step
			}
			got := heatMapOf(t, from, to, zone).Hours("").Time
			for hour, d := range got {
				if d != want[hour] {
					t.Errorf("%v: %v, want %v", metrics.HourOfWeek(hour), d, want[hour])
				}
			}
		})
	}
}

func TestTimeOfHoursOfLongSpans(t *testing.T) {
	sum := func(h *flow.WeekHours) (sum time.Duration) {
		for _, d := range h.Time {
			sum += d
		}
		return sum
	}
	first, last := time.Unix(0, 0), time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, zone := range []*time.Location{nil, zone(t, "Europe/Berlin"), zone(t, "Africa/Casablanca"), zone(t, "Asia/Tehran")} {
		from, to := time.Date(2001, 2, 3, 4, 5, 6, 7, time.UTC), time.Date(2150, 1, 2, 3, 4, 5, 6, time.UTC)
		if got := sum(heatMapOf(t, from, to, zone).Total()); got != to.Sub(from) {
			t.Errorf("%v: %v, want %v", zone, got, to.Sub(from))
		}
		// Cut to the years in which events are.
		if got := sum(heatMapOf(t, time.Time{}, time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC), zone).Total()); got != last.Sub(first) {
			t.Errorf("%v: %v, want %v", zone, got, last.Sub(first))
		}
		if got := sum(heatMapOf(t, to, from, zone).Total()); got != 0 {
			t.Errorf("%v of no time", got)
		}
	}
	// The span ends at the instant of the reading.
	reading := new(metrics.EventLog).Read(metrics.Rules{}, date(2).Add(90*time.Minute))
	m := fed(t, reading, flow.NewHeatMap(metrics.Whole, metrics.Span{Start: date(1), End: date(9)}, nil))
	if h := m.Total(); sum(h) != 25*time.Hour+30*time.Minute || h.Time[1] != 30*time.Minute {
		t.Errorf("%v, of it %v on Monday from one", sum(h), h.Time[1])
	}
}

// Conversations that arrive at the same hour of the clock, before and after the
// clocks go forward and back.
func TestRatesOfDaysOnWhichClocksAreChanged(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	hour := func(weekday, hour int) metrics.HourOfWeek { return metrics.HourOfWeek(weekday*24 + hour) }
	sundayAt2 := hour(6, 2)
	for _, test := range []struct {
		name     string
		from, to time.Time
		times    time.Duration // that Sunday's hour from two occurs
	}{
		{"forward", time.Date(2026, 3, 23, 0, 0, 0, 0, berlin), time.Date(2026, 4, 6, 0, 0, 0, 0, berlin), 1},
		{"forward, that week", time.Date(2026, 3, 23, 0, 0, 0, 0, berlin), time.Date(2026, 3, 30, 0, 0, 0, 0, berlin), 0},
		{"back", time.Date(2026, 10, 19, 0, 0, 0, 0, berlin), time.Date(2026, 11, 2, 0, 0, 0, 0, berlin), 3},
		{"neither", time.Date(2026, 6, 1, 0, 0, 0, 0, berlin), time.Date(2026, 6, 15, 0, 0, 0, 0, berlin), 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			var list []metrics.Event
			for at := test.from.Add(-30 * time.Minute); at.Before(test.to.Add(3 * time.Hour)); at = at.Add(time.Hour) {
				id := metrics.ConversationID(at.Format(time.RFC3339))
				list = append(list, metrics.MessageReceived{Conversation: id, At: at})
			}
			h := heatMapOf(t, test.from, test.to, berlin, list...).Total()
			if h.Time[sundayAt2] != test.times*time.Hour {
				t.Errorf("Sunday 02:00 for %v", h.Time[sundayAt2])
			}
			// One each hour is one per hour, whenever clocks are changed.
			counted := int64(0)
			for i := range metrics.HourOfWeek(metrics.HoursPerWeek) {
				rate, ok := h.Rate(i, arrivals)
				if ok != (h.Time[i] > 0) || ok && rate != 1 || !ok && rate != 0 {
					t.Errorf("%v: %v per hour, %v", i, rate, ok)
				}
				counted += h.Counts[i].Arrivals
			}
			if want := int64(test.to.Sub(test.from) / time.Hour); counted != want {
				t.Errorf("%d arrivals, want %d of %d", counted, want, len(list))
			}
		})
	}
}

func TestBusiest(t *testing.T) {
	var h flow.WeekHours
	set := func(hour int, n int64, d time.Duration) {
		h.Counts[hour].Arrivals, h.Time[hour] = n, d
	}
	set(3, 2, 2*time.Hour)  // 1
	set(5, 6, 3*time.Hour)  // 2
	set(7, 4, 2*time.Hour)  // 2
	set(9, 9, 0)            // not shown
	set(11, 0, 2*time.Hour) // nothing
	set(167, 1, time.Hour)  // 1
	// Two rates that differ by less than a float64 shows.
	set(20, math.MaxInt64-1, math.MaxInt64)
	set(21, math.MaxInt64, math.MaxInt64)
	for n, want := range map[int][]metrics.HourOfWeek{
		-1: {}, 0: {}, 1: {21}, 3: {21, 20, 5}, 9: {21, 20, 5, 7, 3, 167},
	} {
		if got := h.Busiest(n, arrivals); !slices.Equal(got, want) {
			t.Errorf("the %d busiest are %v, want %v", n, got, want)
		}
	}
	for hour, want := range map[metrics.HourOfWeek]float64{3: 1, 5: 2, 167: 1, 11: 0} {
		if got, ok := h.Rate(hour, arrivals); got != want || !ok {
			t.Errorf("%v: %v per hour", hour, got)
		}
	}
	for _, hour := range []metrics.HourOfWeek{9, 10, 168, 255} {
		if got, ok := h.Rate(hour, arrivals); got != 0 || ok {
			t.Errorf("%v: %v per hour, %v", hour, got, ok)
		}
	}
	// 1 in 40 minutes is 1.5 per hour.
	set(0, 1, 40*time.Minute)
	if got, _ := h.Rate(0, arrivals); got != 1.5 {
		t.Errorf("%v per hour", got)
	}
}

func TestHoursInJSON(t *testing.T) {
	reading := read(desk).Read(metrics.Rules{}, date(29))
	want := fed(t, reading, flow.NewHeatMap(metrics.Whole, metrics.Span{Start: date(1), End: date(29)}, nil)).Total()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got flow.WeekHours
	if err := json.Unmarshal(text, &got); err != nil || got != *want {
		t.Errorf("%v: %s", err, text)
	}
}
