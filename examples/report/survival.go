package main

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// promptly is within what a share of customers is answered.
const promptly = time.Hour

// survival is the time to a first response of everybody: those who have none count
// for as long as they have waited.
type survival struct {
	N        int64 // conversations in which somebody waited
	Censored int64 // of these: not answered by a person
	// Median is that of Kaplan and Meier (1958), which may be beyond what is known.
	Median stat.DurationInterval
	// Within is the share of all who were answered promptly. Being closed without an
	// answer is an end of its own.
	Within *stat.Interval // nil: not known, or not measured
}

// survival returns false for a group in which nobody waited.
func (r *report) survival(g group) (survival, bool) {
	observations := make([]stat.Observation, len(g.Endings))
	s := survival{N: int64(len(g.Endings))}
	for i, e := range g.Endings {
		censored := e.Cause != int(metrics.Answered)
		observations[i] = stat.Observation{Time: e.Time, Censored: censored}
		if censored {
			s.Censored++
		}
	}
	curve, err := stat.KaplanMeier(observations)
	if err != nil {
		return survival{}, false
	}
	if s.Median, err = curve.QuantileInterval(0.5, level); err != nil {
		return survival{}, false
	}
	ends, err := stat.CumulativeIncidence(g.Endings)
	if err != nil {
		return survival{}, false
	}
	if within, err := ends.At(int(metrics.Answered), promptly, level); err == nil && !r.NoReplies {
		s.Within = &within
	}
	return s, true
}

// survivalTable shows what is hidden if those without an answer are left out.
func survivalTable(r *report) table {
	return table{
		Title: "First response, with those who still wait",
		Note: "The first median is of those who were answered. The second is of everybody: those who are still waiting, or were " +
			"not answered by a person, count as waiting for longer than they did. The share within an hour is of all who waited. Around the clock.",
		Header: []string{"", "waited", "not answered", "median of answered", "median of all", between, "answered within 1 h", between},
	}.fill(r, func(f *metrics.Figures, g group) []string {
		naive := text.DurationIf(f.Elapsed.FirstResponse.Median())
		s, ok := r.survival(g)
		if !ok {
			return []string{"0", "0", naive, text.NoData, text.NoData, text.NoData, text.NoData}
		}
		within, interval := r.orNotMeasured(text.NoData), text.NoData
		if s.Within != nil {
			within = text.Percent(s.Within.Estimate, 0)
			interval = percents(s.Within.Low, s.Within.High)
		}
		m := s.Median
		return []string{
			r.count(s.N), text.Count(s.Censored), naive, text.DurationIf(m.Estimate, m.HasEstimate),
			text.Range(text.DurationIf(m.Low, m.HasLow), text.DurationIf(m.High, m.HasHigh)), within, interval,
		}
	})
}

// survivalJSON is null where there is no data or too much is not known yet.
type survivalJSON struct {
	N          int64          `json:"n"`
	Censored   int64          `json:"censored"`
	Median     *time.Duration `json:"median_ns"`
	MedianLow  *time.Duration `json:"median_low_ns"`
	MedianHigh *time.Duration `json:"median_high_ns"`
	Within     *stat.Interval `json:"answered_within_hour"`
	Few        *bool          `json:"few,omitempty"`
}

func (r *report) survivalOf(g group) *survivalJSON {
	s, _ := r.survival(g)
	m := s.Median
	return &survivalJSON{
		N: s.N, Censored: s.Censored, Within: s.Within, Few: r.marked(s.N),
		Median: optional(m.Estimate, m.HasEstimate), MedianLow: optional(m.Low, m.HasLow), MedianHigh: optional(m.High, m.HasHigh),
	}
}
