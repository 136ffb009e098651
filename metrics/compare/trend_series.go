package compare

import (
	"iter"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Series is an index in periods that follow each other. A period of which
// nothing is known is a gap: it has a point without a value, and is never taken
// for 0.
//
//	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
//	byWeek := metrics.NewBreakdown(rules, asOf, func(f metrics.Facet) metrics.Period { return f.Period(weeks) })
//	…
//	series := compare.NewSeries(compare.FirstResponse, weeks.Between(from, to), byWeek.Group, 0.95)
//	series.Control().Signals // what is worth a look
//	series.Trend(0.95)       // whether it gets better
type Series struct {
	Index  Index   `json:"index"`
	Points []Point `json:"points"`
	// Baseline is how many of the first points, gaps among them, set the center
	// and the limits of charts: those before a training, say, to see what came
	// after it. If it is not above 0 all of them do.
	Baseline int `json:"baseline,omitzero"`
}

// Point is the value of a [Series] in a period.
type Point struct {
	Period metrics.Period `json:"period"`
	// Missing says that the period is a gap: there is no value.
	Missing bool       `json:"missing,omitzero"`
	Value   Value      `json:"value,omitzero"`
	Ratio   stat.Ratio `json:"ratio,omitzero"` // the two counts of a share or rate
}

// NewSeries returns the series of an index in periods, which must come in order,
// without leaving one out, as [metrics.Periods.Between] yields them. The function
// returns the figures of a period; it may be the Group method of a breakdown by
// periods. Each value has its interval at the level; see [Index.Of].
//
// A period is a gap if its figures are nil or have no data for the index. The
// count of conversations is missing, too, where no conversation began and nothing
// was sent: that nobody wrote cannot be told from nothing having been recorded.
// Leave out a period that is not over yet.
func NewSeries(i Index, periods iter.Seq[metrics.Period], figures func(metrics.Period) *metrics.Figures, level float64) Series {
	s := Series{Index: i}
	for period := range periods {
		p := Point{Period: period, Missing: true}
		if f := figures(period); f != nil && (i.Kind() != Count || f.Conversations != 0 || f.Volume != metrics.Volume{}) {
			if value, ok := i.Of(f, level); ok {
				p.Missing, p.Value = false, value
				p.Ratio, _ = i.Ratio(f)
			}
		}
		s.Points = append(s.Points, p)
	}
	return s
}

// Values returns the values in order, without the gaps.
func (s Series) Values() []float64 {
	var values []float64
	for _, p := range s.Points {
		if !p.Missing {
			values = append(values, p.Value.Value)
		}
	}
	return values
}

// base returns the series of the points that set center and limits.
func (s Series) base() Series {
	if s.Baseline > 0 {
		s.Points = s.Points[:min(s.Baseline, len(s.Points))]
	}
	return s
}

// stretches yields the points between gaps: from which one up to but without
// which other.
func (s Series) stretches() iter.Seq2[int, int] {
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
