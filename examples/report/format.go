package main

import (
	"slices"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

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

// clean returns a name from data that can do no harm.
func clean[T ~string](name T) string { return plain.Name(string(name)) }

// level is the confidence level of the intervals.
const level = briefing.Level
