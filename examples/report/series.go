package main

import (
	"math"
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// periodTable has a row for each period, with the median first response of each of the
// channels of which most is known: one of all would tell which of them customers chose.
func periodTable(r *report) table {
	unit := r.Series.Periods.Unit.String()
	t := table{
		Title:  "By " + unit,
		Note:   "In " + r.Zone.String() + ". Half of the first responses on a channel took no longer than its median; satisfied is who gave 4 or 5 stars. " + text.NoData + " means no data, not 0.",
		Header: []string{"", "conversations", "resolved", "open at the end", "ratings", "satisfied", between},
		Names:  1,
	}
	if r.hasCases() {
		t.Header = slices.Insert(t.Header, 2, "cases")
	}
	if r.InHours() {
		t.Note += " Times are in hours of service."
	}
	channels := r.Series.Channels(r.InHours())
	for _, c := range channels {
		t.Header = append(t.Header, "answered, "+draw.ChannelWord(c), "median, "+draw.ChannelWord(c))
	}
	for _, p := range r.Series.Rows {
		score, interval := csatCells(p.Figures)
		cells := []string{p.Name(), text.Count(p.Figures.Conversations)}
		if r.hasCases() {
			cells = append(cells, text.Count(p.Figures.Cases))
		}
		cells = append(cells, text.Count(p.Flow.Resolutions), text.Count(p.Flow.Closing()), r.count(p.Figures.Ratings.N()), score, interval)
		for _, c := range channels {
			times := briefing.FirstResponses(r.Series.By[c][p.Flow.Period], r.InHours())
			cells = append(cells, r.count(times.Count()), text.DurationIf(times.Median()))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// trendTable shows each index over time in a line, and says which rises or falls, and what
// stands out.
func trendTable(r *report) table {
	unit, p := r.Series.Periods.Unit.String(), r.Briefing
	t := table{
		Title:  "Trend by " + unit,
		Note:   "Each " + unit + " that is over, from the lowest (▁) to the highest (█); a gap means no data. What is not between the limits is worth a look; what is may be chance.",
		Header: []string{"", "where", "trend", "last", "limits"},
		Names:  2,
		Text:   true,
	}
	if slices.ContainsFunc(r.Series.Indices, func(s briefing.Index) bool { return s.Baseline > 0 }) {
		t.Note += " The limits are by the " + unit + "s before " + draw.NamesOf(r.Series.About).Title + ", so that a change since then is seen."
	}
	steady := 0
	for _, s := range r.Series.Indices {
		name := briefing.Lower(p.Name(s.Metric))
		where := "all"
		if s.Channel != "" {
			where = draw.ChannelWord(s.Channel)
			if len(r.Series.By) == 1 {
				where = text.NoData
			}
		}
		t.Rows = append(t.Rows, append([]string{name, where}, cells(s)...))
		words := trendWords(s, name+" ("+where+")")
		if len(words) == 0 {
			steady++
		}
		t.Lines = append(t.Lines, words...)
	}
	var backlog []float64
	for _, p := range r.Series.Rows {
		if !p.Partial {
			backlog = append(backlog, float64(p.Flow.Closing()))
		}
	}
	if n := len(backlog); n > 0 {
		t.Rows = append(t.Rows, []string{"open conversations", "all", sparkline(backlog, nil), text.Count(int64(backlog[n-1])), text.NoData})
	}
	if steady > 0 {
		rest := "the " + text.Count(int64(steady)) + " others"
		if steady == len(r.Series.Indices) {
			rest = "all"
		}
		t.Lines = append(t.Lines, rest+": no clear trend, and nothing that stands out")
	}
	return t
}

// cells are the line, the last value, and the limits of the control chart: those of the
// last period, where they differ.
func cells(s briefing.Index) []string {
	all, missing := make([]float64, len(s.Points)), make([]bool, len(s.Points))
	last, value := compare.ControlPoint{}, text.NoData
	for i, p := range s.Points {
		all[i], missing[i] = p.Value.Value, p.Missing
		if !p.Missing {
			last, value = s.Chart.Points[i], draw.ValueOf(p.Value)
		}
	}
	limits := text.NoData
	if s.Chart.Limited {
		limits = text.Range(printed(s, max(0, last.Low)), printed(s, last.High))
	}
	return []string{sparkline(all, missing), value, limits}
}

// printed prints a value of the index.
func printed(s briefing.Index, v float64) string {
	return draw.ValueOf(compare.Value{Metric: s.Metric, Value: v, N: 1})
}

// trendWords say which way the index goes, if that can be told, and what stands out; nothing if
// nothing does.
func trendWords(s briefing.Index, name string) (all []string) {
	switch s.Trend.Tendency {
	case compare.Rising, compare.Falling, compare.Improving, compare.Worsening:
		all = append(all, name+": "+s.Trend.Tendency.String()+", by "+draw.ChangeOf(s.Metric, s.Trend.Test.Slope.Estimate)+" a "+s.Trend.Unit.String())
	}
	for _, signal := range s.Chart.Signals {
		all = append(all, name+" in "+signal.String())
	}
	return all
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
	Unit   metrics.Unit `json:"unit"`
	Zone   string       `json:"zone"`
	Rows   []periodJSON `json:"rows"`
	Trends []trendJSON  `json:"trends"`
	Charts []chartJSON  `json:"charts"`
}

// trendJSON is the trend of a channel or, without one, of all together, and so is
// chartJSON.
type trendJSON struct {
	Channel metrics.Channel `json:"channel,omitzero"`
	compare.PeriodTrend
}

type chartJSON struct {
	Channel metrics.Channel `json:"channel,omitzero"`
	compare.ControlChart
	Baseline int `json:"baseline,omitzero"` // of how many periods the limits are; all without one
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

func (r *report) periodsOf(s *briefing.Series) *periodsJSON {
	out := &periodsJSON{
		Unit: s.Periods.Unit, Zone: r.Zone.String(),
		Rows: []periodJSON{}, Trends: []trendJSON{}, Charts: []chartJSON{},
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
		out.Trends = append(out.Trends, trendJSON{of.Channel, of.Trend})
		out.Charts = append(out.Charts, chartJSON{of.Channel, of.Chart, of.Baseline})
	}
	return out
}
