package compare

import (
	"iter"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Timeline is a metric in periods that follow each other. A period about which
// nothing is known is a gap: it has a point without a value, and is never treated
// as 0. The zero value has no periods.
//
//	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
//	byWeek := compare.NewGroups(func(f metrics.Facet) metrics.Period { return f.Period(weeks) })
//	…
//	timeline := compare.NewTimeline(compare.FirstResponse, weeks.Between(from, to), byWeek.Group, 0.95)
//	timeline.Control().Signals // what is worth a look
//	timeline.Trend(0.95)       // whether it gets better
type Timeline struct {
	Metric Metric  `json:"metric"`
	Points []Point `json:"points"`
	// Baseline is how many of the first points, gaps included, set the center and
	// the limits of charts: those before a training, say, to see what changed after
	// it. If it is not above 0, all points do.
	Baseline int `json:"baseline,omitzero"`
}

// Point is the value of a [Timeline] in a period.
type Point struct {
	Period metrics.Period `json:"period"`
	// Missing says that the period is a gap: there is no value.
	Missing bool       `json:"missing,omitzero"`
	Value   Value      `json:"value,omitzero"`
	Ratio   stat.Ratio `json:"ratio,omitzero"` // the two counts of a share or rate
}

// NewTimeline returns a metric in periods, which must come in order,
// without leaving one out, as [metrics.Periods.Between] yields them; nil has none. The
// function returns what was observed in a period; it may be the Group method of [Groups]
// by periods, and [Timelines] have one for each key. Each value has its interval at the
// level; see [Metric.Of].
//
// A period is a gap if nothing was observed, or no data for the metric. The
// count of conversations is missing, too, if no conversation began and nothing was
// sent: a period in which nobody wrote looks like one that was not recorded. Leave
// out a period that is not over yet.
func NewTimeline(i Metric, periods iter.Seq[metrics.Period], observed func(metrics.Period) *Observed, level float64) Timeline {
	s := Timeline{Metric: i}
	if periods == nil {
		return s
	}
	for period := range periods {
		p := Point{Period: period, Missing: true}
		o := observed(period)
		if value, ok := i.Of(o, level); ok && (i.kind() != count || o.anything()) {
			p.Missing, p.Value = false, value
			p.Ratio, _ = i.Ratio(o)
		}
		s.Points = append(s.Points, p)
	}
	return s
}

// Values returns the values in order, without the gaps.
func (s Timeline) Values() []float64 {
	return slices.Concat(stretchesOf(s, func(p *Point) float64 { return p.Value.Value })...)
}

// base returns the timeline of the points that set center and limits.
func (s Timeline) base() Timeline {
	if s.Baseline > 0 {
		s.Points = s.Points[:min(s.Baseline, len(s.Points))]
	}
	return s
}

// stretches yields the points between gaps as half-open ranges.
func (s Timeline) stretches() iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for to := 0; to < len(s.Points); to++ {
			from := to
			for to < len(s.Points) && !s.Points[to].Missing {
				to++
			}
			if from < to && !yield(from, to) {
				return
			}
		}
	}
}

// stretchesOf returns a number of the points between gaps.
func stretchesOf[T any](s Timeline, of func(*Point) T) [][]T {
	var all [][]T
	for from, to := range s.stretches() {
		var stretch []T
		for i := from; i < to; i++ {
			stretch = append(stretch, of(&s.Points[i]))
		}
		all = append(all, stretch)
	}
	return all
}
