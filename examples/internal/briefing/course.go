package briefing

import (
	"slices"
	"strconv"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// longest is how many periods a chart shows.
const longest = 104

// courseRows are the periods that are shown.
func (p *Briefing) courseRows() []Row {
	rows := p.Series.Rows
	return rows[max(0, len(rows)-longest):]
}

// courseSection shows how the figures went from period to period.
func (p *Briefing) courseSection() draw.Section {
	unit := p.Series.Periods.Unit.String()
	after := draw.NamesOf(p.Comparison.After)
	s := draw.Section{
		ID: "course", Nav: "Course", Title: map[string]string{"day": "Day by day", "week": "Week by week", "month": "Month by month", "quarter": "Quarter by quarter"}[unit], Note: 5,
		Intro: "A dot is a " + unit + "; a hollow one has fewer than " + strconv.Itoa(hollow) + " values, or is not over. The shaded part is " + after.Short + ".",
	}
	if p.separate() {
		s.Intro += " Flat lines are the values of " + p.Comparison.Earlier().Short + " and " + after.Short + " as a whole."
	}
	s.Intro += " In the grey band lies what chance alone mostly does, by the " + unit + "s before; a ring is about what does not. Upright bars: where a share probably lies."
	var charts draw.Charts
	channels := p.Comparison.channels()
	for i, c := range channels[:min(charted, len(channels))] {
		charts = append(charts, p.answerChart(c, i))
	}
	charts = append(charts, p.satisfactionChart(), p.flowChart(), p.backlogChart())
	s.Parts = []draw.Part{charts, draw.Fold{Summary: "The same in numbers", Framed: true, Parts: []draw.Part{p.courseTable(channels)}}}
	if len(channels) > charted {
		s.Parts = append(s.Parts, draw.Key("Charts are of the "+strconv.Itoa(charted)+" channels with the most conversations; the numbers have "+
			text.Count(int64(min(mostChannels, len(channels))))+" of "+text.Count(int64(len(channels)))+"."))
	}
	return s
}

// hollow is how few values make a dot hollow.
const hollow = 10

// separate reports whether the period of the page is not one of the course.
func (p *Briefing) separate() bool { return p.Series.Periods.Unit != p.Comparison.After.Unit() }

func (p *Briefing) stretch(i int, row Row) draw.Stretch {
	return draw.StretchOf(row.Flow.Period, p.Zone, i == 0)
}

// strip is the period of the page on the axis.
func (p *Briefing) strip() draw.Stretch {
	span := p.Comparison.After.In(p.Zone)
	return draw.Stretch{From: span.Start, To: span.End}
}

// wholes are the flat lines of a difference over the two periods, if the course has several
// periods in each.
func (p *Briefing) wholes(d compare.Difference) (all []draw.Whole) {
	if !p.separate() {
		return nil
	}
	take := func(period metrics.Period, v compare.Value, old bool) {
		if v.N == 0 {
			return
		}
		span := period.In(p.Zone)
		if first := p.courseRows()[0].Flow.Period.In(p.Zone).Start; span.Start.Before(first) {
			span.Start = first
		}
		if !span.Start.Before(span.End) {
			return
		}
		name := draw.NamesOf(period).Short
		all = append(all, draw.Whole{Stretch: draw.Stretch{From: span.Start, To: span.End, Name: name}, Value: v.Value, Text: draw.ValueOf(v), Old: old})
	}
	if p.Comparison.With == "previous" {
		take(p.Comparison.Before, d.Before, true)
	}
	take(p.Comparison.After, d.After, false)
	return all
}

// values are those of a metric in the periods of the course, with the limits of its chart.
func (p *Briefing) values(m compare.Metric, channel metrics.Channel, observed func(Row) *compare.Observed) []draw.Value {
	limits := make(map[metrics.Period]compare.ControlPoint)
	stands := make(map[metrics.Period]string)
	for _, s := range p.Series.Indices {
		if s.Metric != m || s.Channel != channel || !s.Chart.Limited {
			continue
		}
		for _, point := range s.Chart.Points {
			limits[point.Period], stands[point.Period] = point, draw.Stands(s.Chart, point.Period)
		}
	}
	var all []draw.Value
	for i, row := range p.courseRows() {
		v := draw.Value{Stretch: p.stretch(i, row), Missing: true, Partial: row.Partial}
		if value, ok := m.Of(observed(row), Level); ok && value.N > 0 {
			v.Missing, v.Value, v.Text, v.Said = false, value.Value, draw.ValueOf(value), "n = "+text.Count(value.N)
			v.Few = value.N < hollow
			if m.Unit() == "fraction" && value.HasInterval() {
				v.Interval, v.Lowest, v.Highest = true, value.Interval.Low, value.Interval.High
			}
		}
		if limit, ok := limits[row.Flow.Period]; ok && !limit.Missing {
			v.Usual, v.Low, v.High, v.Stands = true, limit.Low, limit.High, stands[row.Flow.Period]
		}
		all = append(all, v)
	}
	return all
}

func (p *Briefing) answerChart(channel metrics.Channel, i int) draw.Chart {
	m := p.firstResponse()
	line := draw.Line{
		ID: "answer-" + strconv.Itoa(i), Title: "First answer " + draw.ByChannel(channel), Sub: "median", Strip: p.strip(), Last: !p.separate(),
		Points: p.values(m, channel, func(row Row) *compare.Observed { return p.Series.By[channel][row.Flow.Period] }),
		Wholes: p.wholes(p.Comparison.difference(channel, m)),
	}
	if p.InHours() {
		line.Sub += ", in office hours"
	} else {
		line.Sub += ", around the clock"
	}
	if goal, ok := p.promiseOn(channel); ok {
		line.Goal = &draw.Level{Value: goal.Seconds(), Text: "promise " + text.Duration(goal)}
		if line.Goal.Value > 3*line.Top() {
			line.Goal = nil
		}
	}
	top := line.Top()
	if line.Goal != nil {
		top = max(top, line.Goal.Value)
	}
	line.Ticks = draw.TimeTicks(top)
	return line
}

// promiseOn returns the time within which a first answer was promised on a channel, if that
// is as its times are measured: around the clock.
func (p *Briefing) promiseOn(channel metrics.Channel) (d time.Duration, ok bool) {
	if p.InHours() {
		return 0, false
	}
	for i := range p.Brief.Promises {
		t := p.Brief.Promises[i].Target
		if p.Brief.Promises[i].Channel == channel && t.Measure == standards.FirstResponse && t.Agreement == "" && t.Calendar == nil {
			return t.Within.Duration()
		}
	}
	return 0, false
}

func (p *Briefing) satisfactionChart() draw.Chart {
	line := draw.Line{
		ID: "satisfied", Title: "Satisfied customers", Sub: "4 or 5 of 5 stars", Tone: draw.Star, Strip: p.strip(), Last: !p.separate(),
		Points: p.values(compare.CSAT, "", func(row Row) *compare.Observed { return &compare.Observed{Figures: *row.Figures} }),
		Wholes: p.wholes(p.Comparison.differenceOfAll(compare.CSAT)),
		Ticks:  draw.ShareTicks(),
	}
	return line
}

func (p *Briefing) flowChart() draw.Chart {
	c := draw.Columns{ID: "flow", Title: "Came in and went out", Sub: "conversations a " + p.Series.Periods.Unit.String() + ":", In: "came in", Out: "went out", Strip: p.strip()}
	for i, row := range p.courseRows() {
		c.Points = append(c.Points, draw.InOut{Stretch: p.stretch(i, row), In: row.Flow.Inflow(), Out: row.Flow.Outflow(), Partial: row.Partial})
	}
	return c
}

func (p *Briefing) backlogChart() draw.Chart {
	line := draw.Line{ID: "backlog", Title: "Open conversations", Sub: "at the end of each " + p.Series.Periods.Unit.String(), Tone: draw.Stock, Strip: p.strip(), Last: true}
	for i, row := range p.courseRows() {
		open := row.Flow.Closing()
		line.Points = append(line.Points, draw.Value{Stretch: p.stretch(i, row), Value: float64(open), Text: text.Count(open), Partial: row.Partial})
	}
	line.Ticks = draw.CountTicks(line.Top())
	return line
}

// courseTable has the figures of the charts, and more.
func (p *Briefing) courseTable(channels []metrics.Channel) draw.Table {
	unit := p.Series.Periods.Unit.String()
	t := draw.Table{
		Caption: "By " + unit + ": what came in, went out and stayed; medians of the first answer, each with the time within which nine of ten had it; satisfied customers.", Shown: true,
		Columns: []draw.Column{{Name: "Period"}, {Name: "Came in"}, {Name: "Went out"}, {Name: "Open at the end"}},
	}
	channels = channels[:min(mostChannels, len(channels))]
	for _, c := range channels {
		t.Columns = append(t.Columns, draw.Column{Name: draw.ChannelName(c), Over: "First answer"})
	}
	t.Columns = append(t.Columns, draw.Column{Name: "Satisfied"})
	var rows []draw.Cells
	for i, row := range p.courseRows() {
		name := draw.Cell{Text: p.stretch(i, row).Name}
		if row.Partial {
			name.Note = "so far"
		}
		cells := draw.Cells{name, {Text: text.Count(row.Flow.Inflow())}, {Text: text.Count(row.Flow.Outflow())}, {Text: text.Count(row.Flow.Closing())}}
		for _, c := range channels {
			cell := draw.Cell{Text: text.NoData}
			times := FirstResponses(p.Series.By[c][row.Flow.Period], p.InHours())
			if q, ok := times.Quantiles(0.5, 0.9); ok {
				cell = draw.Cell{Text: text.Duration(q[0]), Note: n(times.Count())}
				if times.Count() >= p.few() {
					cell.After = "9 of 10: " + text.Duration(q[1])
				}
			}
			cells = append(cells, cell)
		}
		satisfied := draw.Cell{Text: text.NoData}
		if share := row.Figures.Ratings.AtLeast(4); share.Whole > 0 {
			satisfied = draw.Cell{Text: text.Share(share.Part, share.Whole, 0), Note: n(share.Whole)}
		}
		rows = append(rows, append(cells, satisfied))
	}
	slices.Reverse(rows)
	t.Groups = []draw.Group{{Rows: rows}}
	return t
}
