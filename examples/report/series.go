package main

import (
	"iter"
	"math"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// A series is the desk period by period, from the first event to the report's
// instant.
type series struct {
	Periods metrics.Periods
	Rows    []periodRow
	Indices []indexSeries
}

// A periodRow is what is known of a period.
type periodRow struct {
	Partial bool // whether it is not over
	Figures *metrics.Figures
	Flow    flow.Row // what came in and went out, and what stayed
}

// An indexSeries is an index over the periods that are over.
type indexSeries struct {
	compare.Timeline
	Trend compare.PeriodTrend
	Chart compare.ControlChart
}

// A seriesBuilder makes a series.
type seriesBuilder struct {
	periods metrics.Periods
	first   time.Time
	asOf    time.Time
	inHours bool
	figures *metrics.Breakdown[metrics.Period]
	flow    *flow.Series[struct{}]
}

func newSeriesBuilder(in *input, u metrics.Unit) *seriesBuilder {
	periods := periodsOf(u, in.zone)
	return &seriesBuilder{
		periods: periods, asOf: in.asOf, inHours: in.rules.Calendar != nil,
		figures: metrics.NewBreakdown(in.rules, in.asOf, func(f metrics.Facet) metrics.Period { return f.Period(periods) }),
		flow:    flow.NewSeries[struct{}](in.rules, periods, in.asOf, nil),
	}
}

func (b *seriesBuilder) add(c metrics.Conversation, h *metrics.History) {
	b.figures.Add(c)
	b.flow.Add(c)
	if !h.Counts() {
		return
	}
	for e := range c.Events() {
		if at := metrics.RecordOf(e).At; b.first.IsZero() || at.Before(b.first) {
			b.first = at
		}
		return
	}
}

func (b *seriesBuilder) series() (*series, error) {
	s := &series{Periods: b.periods}
	if b.first.IsZero() {
		return s, nil
	}
	for row := range b.flow.Total(b.first, b.asOf.Add(1)) {
		p := periodRow{
			Figures: b.figures.Group(row.Period),
			Flow:    row,
			Partial: b.asOf.Before(row.Period.In(b.periods.Zone).End),
		}
		if !row.Span.Start.Before(b.asOf) && p.Figures.Conversations == 0 && p.Figures.Volume == (metrics.Volume{}) {
			break // as of midnight the next day has not begun
		}
		s.Rows = append(s.Rows, p)
	}
	for _, index := range b.indices() {
		of := indexSeries{Timeline: compare.NewTimeline(index, s.over(), b.figures.Group, level)}
		of.Chart = of.Control()
		var err error
		if of.Trend, err = of.Timeline.Trend(level); err != nil {
			return nil, err
		}
		s.Indices = append(s.Indices, of)
	}
	return s, nil
}

// indices are those whose course is shown; times in hours of service, if there
// are any.
func (b *seriesBuilder) indices() []compare.Metric {
	times := []compare.Metric{compare.FirstResponse, compare.FirstResponse.P90(), compare.FirstResolution}
	if b.inHours {
		for i := range times {
			times[i] = times[i].InHours()
		}
	}
	return slices.Concat([]compare.Metric{compare.Conversations}, times, []compare.Metric{compare.CSAT})
}

// over yields the periods that are over.
func (s *series) over() iter.Seq[metrics.Period] {
	return func(yield func(metrics.Period) bool) {
		for _, row := range s.Rows {
			if !row.Partial && !yield(row.Flow.Period) {
				return
			}
		}
	}
}

// name names a period, and says whether it goes on.
func (p periodRow) name() string {
	if p.Partial {
		return p.Flow.Period.String() + " so far"
	}
	return p.Flow.Period.String()
}

// periodTable has a row for each period.
func periodTable(r *report) table {
	t := table{
		Title: "By " + r.Series.Periods.Unit.String(),
		Note:  "Of everything, in " + r.Zone.String() + ": medians and the 90th percentile, each after its n; the backlog is that at the end. " + text.NoData + " is no data, which is not 0.",
		Header: []string{
			"", "conversations", "resolved", "backlog", "n", "first response", "p90", "n", "resolution", "n", "CSAT", "95 % interval",
		},
		Plain: true,
	}
	if r.InHours {
		t.Note += " Times are in hours of service."
	}
	for _, p := range r.Series.Rows {
		times := &p.Figures.Elapsed
		if r.InHours {
			times = &p.Figures.InHours
		}
		score, interval := csatCells(p.Figures)
		t.Rows = append(t.Rows, []string{
			p.name(), text.Count(p.Figures.Conversations), text.Count(p.Flow.Resolutions), text.Count(p.Flow.Closing()),
			r.count(times.FirstResponse.Count()), peopleOr(times.FirstResponse.Median()), peopleOr(times.FirstResponse.Quantile(0.90)),
			r.count(times.FirstResolution.Count()), peopleOr(times.FirstResolution.Median()),
			r.count(p.Figures.Ratings.N()), score, interval,
		})
	}
	return t
}

// trendTable shows the course of each index in a line, and says where it goes.
func trendTable(r *report) table {
	unit := r.Series.Periods.Unit.String()
	t := table{
		Title:  "Trend by " + unit,
		Note:   "Each " + unit + " that is over, from the least (▁) to the greatest (█); a gap is no data. What is outside the limits is worth a look, what is within them may be chance.",
		Header: []string{"", "course", "least", "greatest", "center", "limits"},
		Text:   true,
		Drawn:  true,
	}
	for _, s := range r.Series.Indices {
		t.Rows = append(t.Rows, append([]string{s.Metric.String()}, s.cells()...))
		t.Lines = append(t.Lines, s.words()...)
	}
	var backlog []float64
	for _, p := range r.Series.Rows {
		if !p.Partial {
			backlog = append(backlog, float64(p.Flow.Closing()))
		}
	}
	if len(backlog) > 0 {
		t.Rows = append(t.Rows, []string{
			"backlog", sparkline(backlog, nil),
			text.Count(int64(slices.Min(backlog))), text.Count(int64(slices.Max(backlog))), text.NoData, text.NoData,
		})
	}
	return t
}

// cells are the course, the least and the greatest value, and the center and
// limits of the control chart: those of the last period, where they differ.
func (s indexSeries) cells() []string {
	values := s.Values()
	if len(values) == 0 {
		return []string{"", text.NoData, text.NoData, text.NoData, text.NoData}
	}
	all, missing := make([]float64, len(s.Points)), make([]bool, len(s.Points))
	var last compare.ControlPoint
	for i, p := range s.Points {
		all[i], missing[i] = p.Value.Value, p.Missing
		if !p.Missing {
			last = s.Chart.Points[i]
		}
	}
	limits := text.NoData
	if s.Chart.Limited {
		limits = s.print(max(0, last.Low)) + " to " + s.print(last.High)
	}
	return []string{
		sparkline(all, missing), s.print(slices.Min(values)), s.print(slices.Max(values)), s.print(s.Chart.Center), limits,
	}
}

// print prints a value of the index.
func (s indexSeries) print(v float64) string {
	return compare.Value{Metric: s.Metric, Value: v}.String()
}

// words say where the index goes, and what stands out.
func (s indexSeries) words() []string {
	words := []string{s.Trend.String()}
	for _, signal := range s.Chart.Signals {
		words = append(words, s.Metric.String()+" in "+signal.String())
	}
	return words
}

// sparkline prints values as bars of eight heights; one that is missing as a
// space.
func sparkline(values []float64, missing []bool) string {
	gap := func(i int) bool { return missing != nil && missing[i] }
	low, high := math.Inf(1), math.Inf(-1)
	for i, v := range values {
		if !gap(i) {
			low, high = min(low, v), max(high, v)
		}
	}
	bars := []rune("▁▂▃▄▅▆▇█")
	line := make([]rune, len(values))
	for i, v := range values {
		switch {
		case gap(i):
			line[i] = ' '
		case high == low:
			line[i] = bars[3] // nothing to tell apart
		default:
			line[i] = bars[min(int((v-low)/(high-low)*8), 7)]
		}
	}
	return string(line)
}

type periodsJSON struct {
	Unit   metrics.Unit           `json:"unit"`
	Zone   string                 `json:"zone"`
	Rows   []periodJSON           `json:"rows"`
	Trends []compare.PeriodTrend  `json:"trends"`
	Charts []compare.ControlChart `json:"charts"`
}

// periodJSON is a period; times are around the clock, and in_hours beside them.
type periodJSON struct {
	Period        metrics.Period `json:"period"`
	Start         time.Time      `json:"start"`
	End           time.Time      `json:"end"`
	Partial       bool           `json:"partial"` // not over as of the report's instant, which is its end
	Conversations int64          `json:"conversations"`
	FirstResponse *timesJSON     `json:"first_response"`
	Resolution    *timesJSON     `json:"resolution"`
	CSAT          shareJSON      `json:"csat"`
	CSATInterval  *stat.Interval `json:"csat_interval"`
	InHours       *inHoursJSON   `json:"in_hours,omitempty"`
	Flow          flowJSON       `json:"flow"`
}

// flowJSON is the backlog and what changed it:
// opening + arrivals + reopenings − resolutions − moved = closing.
type flowJSON struct {
	Opening     int64 `json:"opening"`
	Arrivals    int64 `json:"arrivals"`
	Reopenings  int64 `json:"reopenings"`
	Resolutions int64 `json:"resolutions"`
	Moved       int64 `json:"moved"`
	Closing     int64 `json:"closing"`
}

func (r *report) periodsOf(s *series) *periodsJSON {
	out := &periodsJSON{
		Unit: s.Periods.Unit, Zone: r.Zone.String(),
		Rows: []periodJSON{}, Trends: []compare.PeriodTrend{}, Charts: []compare.ControlChart{},
	}
	for _, p := range s.Rows {
		f := p.Figures
		row := periodJSON{
			Period: p.Flow.Period, Start: p.Flow.Span.Start, End: p.Flow.Span.End, Partial: p.Partial,
			Conversations: f.Conversations,
			FirstResponse: r.timesOf(&f.Elapsed.FirstResponse),
			Resolution:    r.timesOf(&f.Elapsed.FirstResolution),
			CSAT:          r.shareOf(f),
			InHours:       r.inHoursOf(f),
			Flow: flowJSON{
				p.Flow.Opening, p.Flow.Arrivals, p.Flow.Reopenings, p.Flow.Resolutions, p.Flow.Moved, p.Flow.Closing(),
			},
		}
		if index, ok := csat(f); ok {
			row.CSATInterval = &index.Interval
		}
		out.Rows = append(out.Rows, row)
	}
	for _, of := range s.Indices {
		out.Trends = append(out.Trends, of.Trend)
		out.Charts = append(out.Charts, of.Chart)
	}
	return out
}
