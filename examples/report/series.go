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
	"github.com/servicequality/servicequality/standards"
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

// A seriesBuilder makes a series of what its sinks are fed.
type seriesBuilder struct {
	periods metrics.Periods
	groups  *compare.Groups[metrics.Period]
	flow    *flow.Series[string]
	policy  *standards.Policy // whose compliance is shown; nil: none
	inHours bool              // whether times are in hours of service
}

func newSeriesBuilder(periods metrics.Periods, policy *standards.Policy, inHours bool) *seriesBuilder {
	return &seriesBuilder{
		periods: periods,
		groups:  compare.NewGroups(func(f metrics.Facet) metrics.Period { return f.Period(periods) }, policies(policy)...),
		flow:    flow.NewSeries(metrics.Whole, periods),
		policy:  policy,
		inHours: inHours,
	}
}

// policies is the policy as a list of one, or of none if it is nil.
func policies(policy *standards.Policy) []standards.Policy {
	if policy == nil {
		return nil
	}
	return []standards.Policy{*policy}
}

// promises are the compliances with the targets of a policy of which something was
// judged, each once.
func promises(policy *standards.Policy, observed ...*compare.Observed) (all []compare.Metric) {
	if policy == nil {
		return nil
	}
	for i := range policy.Targets {
		metric := compare.Promise(&policy.Targets[i])
		judged := func(o *compare.Observed) bool { return o.Kept[metric].Whole > 0 }
		if !slices.Contains(all, metric) && slices.ContainsFunc(observed, judged) {
			all = append(all, metric)
		}
	}
	return all
}

// series makes the series. Without any reply it does not ask who had one.
func (b *seriesBuilder) series(noReplies bool) (*series, error) {
	s := &series{Periods: b.periods}
	known := slices.SortedFunc(b.groups.Keys(), metrics.Period.Compare)
	if len(known) == 0 {
		return s, nil
	}
	terms := b.groups.Terms()
	for row := range b.flow.Total(known[0].In(b.periods.Zone).Start, terms.AsOf.Add(1)) {
		p := periodRow{
			Figures: &b.groups.Group(row.Period).Figures,
			Flow:    row,
			Partial: terms.AsOf.Before(row.Period.In(b.periods.Zone).End),
		}
		if !row.Span.Start.Before(terms.AsOf) && p.Figures.Conversations == 0 && p.Figures.Volume == (metrics.Volume{}) {
			break // as of midnight the next day has not begun
		}
		s.Rows = append(s.Rows, p)
	}
	all := b.groups.Total()
	shown := indices(b.inHours)
	if unanswered, _ := compare.Unanswered.Ratio(all); unanswered.Part > 0 && !noReplies {
		shown = append(shown, compare.Unanswered)
	}
	for _, index := range append(shown, promises(b.policy, all)...) {
		of := indexSeries{Timeline: compare.NewTimeline(index, s.over(), b.groups.Group, level)}
		of.Chart = of.Control()
		var err error
		if of.Trend, err = of.Timeline.Trend(level); err != nil {
			return nil, err
		}
		s.Indices = append(s.Indices, of)
	}
	return s, nil
}

// indices are those whose trend is shown; times are in hours of service, if there
// are any.
func indices(inHours bool) []compare.Metric {
	times := []compare.Metric{compare.FirstResponse, compare.FirstResponse.P90(), compare.FirstResolution}
	if inHours {
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
		Note:  "For everything, in " + r.Zone.String() + ": medians and 90th percentiles, each after its n, and the backlog at the end of the period. " + text.NoData + " means no data, not 0.",
		Header: []string{
			"", "conversations", "resolved", "backlog", "n", "first response", "p90", "n", "resolution", "n", "CSAT", "95 % interval",
		},
		Plain: true,
	}
	if r.hasCases() {
		t.Header = slices.Insert(t.Header, 2, "cases")
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
		cells := []string{p.name(), text.Count(p.Figures.Conversations)}
		if r.hasCases() {
			cells = append(cells, text.Count(p.Figures.Cases))
		}
		first := quantiles(&times.FirstResponse, 0.50, 0.90)
		t.Rows = append(t.Rows, append(cells,
			text.Count(p.Flow.Resolutions), text.Count(p.Flow.Closing()),
			r.count(times.FirstResponse.Count()), first[0], first[1],
			r.count(times.FirstResolution.Count()), peopleOr(times.FirstResolution.Median()),
			r.count(p.Figures.Ratings.N()), score, interval,
		))
	}
	return t
}

// trendTable shows each index over time in a line, and says whether it rises or
// falls.
func trendTable(r *report) table {
	unit := r.Series.Periods.Unit.String()
	t := table{
		Title:  "Trend by " + unit,
		Note:   "Each " + unit + " that is over, from the lowest (▁) to the highest (█); a gap means no data. A value outside the limits is worth a look; one within them may be chance.",
		Header: []string{"", "trend", "lowest", "highest", "center", "limits"},
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

// cells are the line, the lowest and the highest value, and the center and
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

// words say whether the index rises or falls, and what stands out.
func (s indexSeries) words() []string {
	words := []string{s.Trend.String()}
	for _, signal := range s.Chart.Signals {
		words = append(words, s.Metric.String()+" in "+signal.String())
	}
	return words
}

// sparkline prints values as bars of eight heights, and a missing one as a space.
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
	Cases         *int64         `json:"cases,omitempty"` // only if they are not the conversations
	FirstResponse *timesJSON     `json:"first_response"`
	Resolution    *timesJSON     `json:"resolution"`
	CSAT          shareJSON      `json:"csat"`
	CSATInterval  *stat.Interval `json:"csat_interval"`
	InHours       *inHoursJSON   `json:"in_hours,omitempty"`
	Flow          flowJSON       `json:"flow"`
}

// flowJSON is the backlog and what changed it:
// opening + arrivals + reopenings − resolutions − abandoned − moved = closing.
type flowJSON struct {
	Opening     int64 `json:"opening"`
	Arrivals    int64 `json:"arrivals"`
	Reopenings  int64 `json:"reopenings"`
	Resolutions int64 `json:"resolutions"`
	Abandoned   int64 `json:"abandoned,omitempty"`
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
				p.Flow.Opening, p.Flow.Arrivals, p.Flow.Reopenings, p.Flow.Resolutions, p.Flow.Abandoned, p.Flow.Moved, p.Flow.Closing(),
			},
		}
		if r.hasCases() {
			row.Cases = &f.Cases
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
