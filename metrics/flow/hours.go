package flow

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// WeekHours are what happened in each hour of the week, and for how long clocks
// showed it. Both are indexed by [metrics.HourOfWeek].
type WeekHours struct {
	Counts [metrics.HoursPerWeek]Counts `json:"counts"`
	// Time is how long clocks showed the hour within the span of the heat map. In
	// four weeks that is four hours, but three or five for an hour in which clocks
	// were changed, and less for one in which the span begins or ends.
	Time [metrics.HoursPerWeek]time.Duration `json:"time_ns"`
}

// Rate returns how much of something happened per hour while clocks showed that
// hour of the week, as the float64 nearest to the exact quotient: such as
// Rate(9, Counts.Inflow), the arrivals and reopenings per hour on Mondays from
// nine to ten, which says how many agents are needed. It returns false for an
// hour that clocks did not show.
func (h *WeekHours) Rate(hour metrics.HourOfWeek, of func(Counts) int64) (float64, bool) {
	r := h.ratio(hour, of)
	if !r.Defined() {
		return 0, false
	}
	perHour := big.NewRat(int64(time.Hour), r.Whole)
	rate, _ := perHour.Mul(perHour, new(big.Rat).SetInt64(r.Part)).Float64()
	return rate, true
}

// ratio returns how much of something happened in how many nanoseconds.
func (h *WeekHours) ratio(hour metrics.HourOfWeek, of func(Counts) int64) stat.Ratio {
	if int(hour) >= len(h.Counts) {
		return stat.Ratio{}
	}
	return stat.Ratio{Part: of(h.Counts[hour]), Whole: int64(h.Time[hour])}
}

// Busiest returns the hours of the week with the highest rates of something, at
// most n of them, the busiest first; of the same rate, the earlier in the week.
// Hours in which nothing of it happened, or that clocks did not show, are not
// among them. Rates are compared exactly.
func (h *WeekHours) Busiest(n int, of func(Counts) int64) []metrics.HourOfWeek {
	var busy []metrics.HourOfWeek
	for hour := range metrics.HourOfWeek(metrics.HoursPerWeek) {
		if r := h.ratio(hour, of); r.Defined() && r.Part > 0 {
			busy = append(busy, hour)
		}
	}
	slices.SortFunc(busy, func(a, b metrics.HourOfWeek) int {
		return cmp.Or(h.ratio(b, of).Compare(h.ratio(a, of)), cmp.Compare(a, b))
	})
	return slices.Clip(busy[:max(0, min(n, len(busy)))])
}
