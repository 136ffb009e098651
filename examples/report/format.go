package main

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// peopleOr prints a duration, if there is one.
func peopleOr(d time.Duration, ok bool) string { return text.DurationIf(d, ok) }

// quantiles prints quantiles of durations, if there are any.
func quantiles(s *metrics.Summary, p ...float64) []string {
	cells := slices.Repeat([]string{text.NoData}, len(p))
	if q, ok := s.Quantiles(p...); ok {
		for i := range q {
			cells[i] = text.Duration(q[i])
		}
	}
	return cells
}

// percent prints a share in whole percent.
func percent(r stat.Ratio) string { return text.Share(r.Part, r.Whole, 0) }

// counted prints a count of things, such as "1 event" or "9 repeated deliveries".
func counted(n int, thing string) string { return text.Counted(int64(n), thing) }

// clean returns a name from data that can do no harm.
func clean[T ~string](name T) string { return plain.Name(string(name)) }

// level is the confidence level of the intervals.
const level = briefing.Level
