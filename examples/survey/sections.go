package main

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// The footnotes.
const (
	intervalNote = iota + 1
	changeNote
	courseNote
	groupNote
	servqualNote
)

// sections are those of which there is something to say.
func (p page) sections() (all []draw.Section) {
	for _, s := range []draw.Section{
		p.callBackSection(), p.changeSection(), p.resultSection(), p.courseSection(), p.groupSection(), p.teamSection(),
		p.answerSection(), p.rateSection(), p.servqualSection(),
	} {
		if len(s.Parts) > 0 {
			all = append(all, s)
		}
	}
	return append(all, p.notesSection())
}

// boxed puts a table into a box, or is nothing if it has no rows.
func boxed(t draw.Table, more ...draw.Part) []draw.Part {
	if t.Rows() == 0 && len(more) == 0 {
		return nil
	}
	parts := more
	if t.Rows() > 0 {
		parts = append([]draw.Part{t}, more...)
	}
	return []draw.Part{draw.Box{Parts: parts}}
}

func (p page) resultSection() draw.Section {
	s := draw.Section{
		ID: "results", Title: "Results", Note: intervalNote,
		Intro: "From the worst possible value to the best. The thin line is where the figure probably lies, had everybody been asked; the upright mark is the goal.",
	}
	t := draw.Table{Caption: "Each question with its figure, where that probably lies, and the goal", Columns: []draw.Column{
		{Name: "Question"}, {Name: "Bar", Left: true, Minor: true}, {Name: "Figure"}, {Name: "Probably", Left: true, Minor: true},
		{Name: "Goal"}, {Name: "Verdict", Left: true}, {Name: "Left out", Minor: true},
	}}
	var rows []draw.Cells
	for _, q := range p.questions {
		if q.hidden || !q.answered() {
			word := "no answers"
			if q.hidden {
				word = "not shown"
			}
			rows = append(rows, draw.Cells{{Text: nameOf(q)}, {}, {Text: text.NoData}, {Text: text.NoData}, {Text: text.NoData}, {Chip: draw.Chip{Mark: draw.None, Word: word}}, {Text: text.Count(q.left.Total())}})
			continue
		}
		goals := q.goals
		if len(goals) == 0 {
			goals = []survey.GoalComparison{{Index: q.all}}
		}
		for _, c := range goals {
			rows = append(rows, p.resultRow(q, c))
		}
	}
	t.Groups = []draw.Group{{Rows: rows}}
	s.Parts = boxed(t)
	return s
}

func (p page) resultRow(q *result, c survey.GoalComparison) draw.Cells {
	mark, goal, judged := draw.Flat, draw.Cell{Text: text.NoData}, draw.Cell{Chip: draw.Chip{Mark: draw.None, Word: "no goal"}}
	if c.Goal.Defined() {
		goal = draw.Cell{Text: goalText(c)}
		judged.Chip = goalChip(c)
		mark = judged.Chip.Mark
		if c.Conclusion != stat.Better && c.Conclusion != stat.Worse {
			judged.After = "may be chance"
		}
	}
	figure := draw.Cell{Text: valueText(q.all, q.goals...), Strong: true, Note: n(q.all.N())}
	if of := q.all.Population; of > 0 {
		figure.Note += " of " + text.Count(of)
	}
	return draw.Cells{{Text: nameOf(q)}, {Bar: bar(q.all, c.Goal, mark)}, figure, {Text: probably(q.all), Soft: true}, goal, judged, {Text: text.Count(q.left.Total())}}
}

func (p page) changeSection() draw.Section {
	s := draw.Section{ID: "changed", Nav: "Changes", Title: "What changed since " + p.day(), Note: changeNote}
	var shown, folded []draw.Group
	none, anything := true, false
	for _, q := range p.questions {
		if q.change == nil || !q.change.both {
			continue
		}
		anything = true
		first, rest := draw.Group{Name: nameOf(q)}, draw.Group{Name: nameOf(q)}
		add := func(who string, c survey.Comparison, always bool) {
			chip := changeVerdict(c)
			row := changeRow(who, c, chip)
			changed := chip.Mark == draw.Good || chip.Mark == draw.Bad
			none = none && !changed
			if always || changed {
				first.Rows = append(first.Rows, row)
			} else {
				rest.Rows = append(rest.Rows, row)
			}
		}
		add("all answers", q.change.all, true)
		if q.change.people != nil {
			add("the same people", *q.change.people, true)
		}
		for _, c := range q.change.groups {
			add(clean(c.AfterName), c, false)
		}
		shown = append(shown, first)
		if len(rest.Rows) > 0 {
			folded = append(folded, rest)
		}
	}
	if !anything {
		return s
	}
	s.Intro = "All answers, and of groups what changed by more than chance."
	if none {
		s.Intro = "Nothing changed by more than what chance alone does. That is not the same as unchanged: “probably between” says how large a change may be."
	}
	t := draw.Table{Above: true, Caption: "Figures before and after, with the change and the verdict", Groups: shown, Columns: []draw.Column{
		{Name: "Who"}, {Name: "Before"}, {Name: "After"}, {Name: "Change", Minor: true}, {Name: "Probably between", Minor: true}, {Name: "Verdict", Left: true},
	}}
	var more []draw.Part
	if len(folded) > 0 {
		rest := t
		rest.Groups, rest.Caption = folded, "Groups of which no change can be told from chance"
		more = append(more, draw.Fold{Summary: text.Counted(int64(rest.Rows()), "change") + " of groups that cannot be told from chance, or have too few answers", Parts: []draw.Part{rest}})
	}
	s.Parts = boxed(t, more...)
	return s
}

func changeRow(who string, c survey.Comparison, chip draw.Chip) draw.Cells {
	d := c.Before.Definition
	move := text.NoData
	if c.Difference.Level > 0 {
		move = moveText(d, c.Difference.Estimate)
	}
	return draw.Cells{
		{Text: who}, {Text: valueText(c.Before), Note: n(c.Before.N())}, {Text: valueText(c.After), Strong: true, Note: n(c.After.N())},
		{Text: move}, {Text: moveBetween(d, c.Difference), Soft: true}, {Chip: chip},
	}
}

// longest is how many periods a chart shows.
const longest = 104

// mostBars is how many periods a chart shows with the interval of each.
const mostBars = 60

// hollow is how few answers make a dot hollow.
const hollow = 10

func (p page) courseSection() draw.Section {
	unit := p.period.String()
	s := draw.Section{
		ID: "course", Nav: "Course", Title: strings.ToUpper(unit[:1]) + unit[1:] + " by " + unit, Note: courseNote,
		Intro: "A dot is a " + unit + "; a hollow one has fewer than " + strconv.Itoa(hollow) + " answers, or is not over.",
	}
	var charts draw.Charts
	var tables, notes []draw.Part
	usual, bars := false, false
	for i, q := range p.questions {
		c := q.course
		switch {
		case c == nil:
		case c.tooMany:
			notes = append(notes, draw.Key(nameOf(q)+": there are more than "+text.Count(maxPeriods)+" "+unit+"s; take a longer period, or look for a wrong date."))
		case len(c.periods) == 0:
			notes = append(notes, draw.Key(nameOf(q)+": no answers with a time."))
		default:
			usual, bars = usual || c.chart.Limited, bars || len(c.shownPeriods()) <= mostBars
			charts = append(charts, p.courseChart(q, i))
			tables = append(tables, p.courseTable(q))
		}
	}
	if bars {
		s.Intro += " Upright bars: where the figure probably lies."
	}
	if usual {
		s.Intro += " In the grey band lies what chance alone mostly does; a ring is about what does not."
	}
	if !p.changed.IsZero() {
		s.Intro += " Shaded: from " + p.day() + " on."
	}
	if len(charts) > 0 {
		s.Parts = append(s.Parts, charts)
	}
	s.Parts = append(s.Parts, notes...)
	if len(tables) > 0 {
		s.Parts = append(s.Parts, draw.Fold{Summary: "The same in numbers", Framed: true, Parts: tables})
	}
	return s
}

// trendText says whether an index goes up or down.
func trendText(c *course) string {
	over := " over " + text.Counted(int64(c.trend.N), c.unit.String())
	switch c.trend.Tendency {
	case compare.TooFewPeriods:
		return "too few " + c.unit.String() + "s for a trend"
	case compare.NoTrend:
		return "no clear trend" + over
	case compare.Improving:
		return "getting better" + over
	case compare.Worsening:
		return "getting worse" + over
	case compare.Rising:
		return "rising" + over
	}
	return "falling" + over
}

// shownPeriods are the periods that are drawn.
func (c *course) shownPeriods() []metrics.Period { return c.periods[max(0, len(c.periods)-longest):] }

func (p page) courseChart(q *result, i int) draw.Chart {
	c := q.course
	line := draw.Line{ID: "course-" + strconv.Itoa(i), Title: nameOf(q), Sub: trendText(c), Tone: draw.Star, Last: true, Ticks: ticks(q.Definition)}
	limits := make(map[metrics.Period]compare.ControlPoint)
	for _, point := range c.chart.Points {
		if c.chart.Limited && !point.Missing {
			limits[point.Period] = point
		}
	}
	var end time.Time
	for i, period := range c.shownPeriods() {
		v := draw.Value{Stretch: draw.StretchOf(period, time.UTC, i == 0), Missing: true, Partial: !p.isOver(period)}
		end = v.To
		if x, ok := c.indices[period]; ok {
			v.Missing, v.Text, v.Said, v.Few = false, valueText(x), "n = "+text.Count(x.N()), x.N() < hollow
			v.Value, _ = x.Value.Float64()
			if x.Interval.Level > 0 && len(c.shownPeriods()) <= mostBars {
				v.Interval, v.Lowest, v.Highest = true, x.Interval.Low, x.Interval.High
			}
		}
		if limit, ok := limits[period]; ok {
			v.Usual, v.Low, v.High = true, limit.Low, limit.High
		}
		v.Stands = draw.Stands(c.chart, period)
		line.Points = append(line.Points, v)
	}
	if p.changed.Before(end) && !p.changed.IsZero() {
		line.Strip = draw.Stretch{From: p.changed, To: end}
	}
	for _, goal := range q.goals[:min(1, len(q.goals))] {
		line.Goal = &draw.Level{Text: "goal " + goalText(goal)}
		line.Goal.Value, _ = goal.Goal.Float64()
	}
	return line
}

// ticks are those of the axis of an index.
func ticks(d survey.Definition) []draw.Tick {
	switch d.Statistic {
	case survey.NetShare:
		return draw.NetTicks()
	case survey.PositiveShare:
		return draw.ShareTicks()
	case survey.MeanAnswer:
		return draw.ScaleTicks(d.Scale.Min, d.Scale.Max)
	}
	all := draw.ScaleTicks(0, 100)
	for i := range all {
		all[i].Value /= 100
	}
	return all
}

func (p page) courseTable(q *result) draw.Table {
	t := draw.Table{Caption: nameOf(q), Shown: true, Columns: []draw.Column{{Name: "Period"}, {Name: "Figure"}, {Name: "Probably"}, {Name: "Stands out", Left: true}}}
	chart := p.courseChart(q, 0).(draw.Line)
	var rows []draw.Cells
	for i, period := range q.course.shownPeriods() {
		v := chart.Points[i]
		name := draw.Cell{Text: v.Name}
		if v.Partial {
			name.Note = "so far"
		}
		row := draw.Cells{name, {Text: text.NoData}, {Text: text.NoData}, {Text: v.Stands}}
		if x, ok := q.course.indices[period]; ok {
			row[1], row[2] = draw.Cell{Text: v.Text, Note: n(x.N())}, draw.Cell{Text: probably(x)}
		}
		rows = append(rows, row)
	}
	slices.Reverse(rows)
	t.Groups = []draw.Group{{Rows: rows}}
	return t
}

// against is a group held against the others.
type against struct {
	namedIndex
	rank       int // 0: there are two groups, and no rank
	rest       float64
	others     int64 // answers of the others
	conclusion stat.Conclusion
}

// against returns the groups in the order of their ranks, each with what was concluded.
func (g groups) against() (all []against) {
	if g.pair != nil {
		a, b := against{namedIndex: g.indices[0]}, against{namedIndex: g.indices[1], conclusion: g.pair.Conclusion}
		a.conclusion = opposite(b.conclusion)
		a.rest, _ = b.index.Value.Float64()
		b.rest, _ = a.index.Value.Float64()
		a.others, b.others = b.index.N(), a.index.N()
		return []against{a, b}
	}
	for _, place := range g.places {
		i := slices.IndexFunc(g.indices, func(x namedIndex) bool { return x.name == place.Key })
		all = append(all, against{g.indices[i], place.Rank, place.Rest.Before.Value, place.Rest.Before.N, place.Rest.Conclusion})
	}
	return all
}

// opposite is the conclusion about the other side.
func opposite(c stat.Conclusion) stat.Conclusion {
	switch c {
	case stat.Better:
		return stat.Worse
	case stat.Worse:
		return stat.Better
	case stat.Higher:
		return stat.Lower
	case stat.Lower:
		return stat.Higher
	}
	return c
}

func (p page) groupSection() draw.Section {
	s := draw.Section{
		ID: "groups", Title: "Groups", Note: groupNote,
		Intro: "Each group beside all others together.",
	}
	t := draw.Table{Above: true, Caption: "Groups, each against all others together", Columns: []draw.Column{
		{Name: "Group"}, {Name: "Bar", Left: true, Minor: true}, {Name: "Figure"}, {Name: "Probably", Left: true, Minor: true}, {Name: "Others", Minor: true}, {Name: "Verdict", Left: true},
	}}
	ranked := false
	for _, q := range p.questions {
		g := draw.Group{Name: nameOf(q)}
		for _, a := range q.groups.against() {
			chip := verdict(a.conclusion, min(a.index.N(), a.others), "no clear difference")
			ranked = ranked || a.rank > 0
			g.Rows = append(g.Rows, draw.Cells{
				{Text: a.name}, {Bar: bar(a.index, stat.Ratio{}, chip.Mark)}, {Text: valueText(a.index), Strong: true, Note: n(a.index.N()), Narrow: "others " + endText(q.Definition, a.rest)},
				{Text: probably(a.index), Soft: true}, {Text: endText(q.Definition, a.rest)}, {Chip: chip},
			})
		}
		if len(g.Rows) > 0 {
			t.Groups = append(t.Groups, g)
		}
	}
	if ranked {
		s.Intro += " They stand in an order in which few answers count for little, so that luck does not lead; neighbours may well be equal."
	}
	s.Parts = boxed(t)
	return s
}

// teamSection shows what employees answered, without what would tell who they are.
func (p page) teamSection() draw.Section {
	s := draw.Section{
		ID: "teams", Title: "Teams of employees",
		Intro: "Teams of fewer than " + text.Count(smallestTeam) + " answers are not shown, and where one could be worked out from the rest, another one with it, so that nobody can be recognised.",
	}
	t := draw.Table{Above: true, Caption: "Teams of employees", Columns: []draw.Column{
		{Name: "Team"}, {Name: "Bar", Left: true, Minor: true}, {Name: "Figure"}, {Name: "Probably", Left: true},
	}}
	for _, q := range p.questions {
		g := draw.Group{Name: nameOf(q)}
		for _, team := range q.teams {
			name := draw.Cell{Text: clean(cmp.Or(team.Name, "no team"))}
			if team.Suppressed {
				g.Rows = append(g.Rows, draw.Cells{name, {}, {Text: text.NoData}, {Chip: draw.Chip{Mark: draw.None, Word: "not shown"}}})
				continue
			}
			if team.Index.N() == 0 {
				g.Rows = append(g.Rows, draw.Cells{name, {}, {Text: text.NoData}, {Text: text.NoData}})
				continue
			}
			x := team.Index
			figure := draw.Cell{Text: valueText(x), Strong: true, Note: n(x.N())}
			if x.Population > 0 {
				figure.Note += " of " + text.Count(x.Population)
			}
			g.Rows = append(g.Rows, draw.Cells{name, {Bar: bar(x, stat.Ratio{}, draw.Flat)}, figure, {Text: probably(x), Soft: true}})
		}
		if len(g.Rows) > 0 {
			t.Groups = append(t.Groups, g)
		}
	}
	s.Parts = boxed(t)
	return s
}

// answerSection shows how many gave each answer, but not of employees.
func (p page) answerSection() draw.Section {
	s := draw.Section{ID: "answers", Nav: "Answers", Title: "How many gave each answer"}
	var shown []*result
	for _, q := range p.questions {
		if q.answered() && !isSecret(q.Definition) {
			shown = append(shown, q)
		}
	}
	// Tables of about the same length stand beside each other.
	slices.SortStableFunc(shown, func(a, b *result) int { return cmp.Compare(a.Definition.Scale.Points(), b.Definition.Scale.Points()) })
	var row draw.Row
	for _, q := range shown {
		row = append(row, draw.Box{Title: nameOf(q), Parts: []draw.Part{answerTable(q)}})
	}
	if len(row) > 0 {
		s.Parts = []draw.Part{row}
	}
	return s
}

func answerTable(q *result) draw.Table {
	scale, counts := q.all.Answers.Scale(), q.all.Answers.Counts()
	t := draw.Table{Caption: "How many gave each answer to " + nameOf(q), Columns: []draw.Column{{Name: "Answer"}, {Name: "Bar", Left: true}, {Name: "Share"}, {Name: "Answers"}}}
	most := slices.Max(counts)
	shares := text.Shares(0, counts...)
	var rows []draw.Cells
	for i := len(counts) - 1; i >= 0; i-- {
		answer := scale.Min + i*max(1, scale.Step)
		name := draw.Cell{Text: text.Count(int64(answer))}
		size := &draw.Size{Now: float64(counts[i]) / float64(most), Tone: draw.Star}
		switch {
		case within(q.Definition.Positive, answer):
			name.Text += ", good"
		case within(q.Definition.Negative, answer):
			name.Text += ", bad"
			size.Bad = true
		}
		rows = append(rows, draw.Cells{name, {Size: size}, {Text: shares[i], Strong: true}, {Text: text.Count(counts[i])}})
	}
	t.Groups = []draw.Group{{Rows: rows}}
	return t
}

func within(r survey.Range, answer int) bool { return answer >= r.From && answer < r.Below }

func (p page) rateSection() draw.Section {
	s := draw.Section{
		ID: "response", Nav: "Response", Title: "Who answered",
		Intro: "Of those who were asked. Where few answer, those who do may be others than those who do not.",
	}
	table := func(caption, by string) draw.Table {
		return draw.Table{Above: true, Caption: caption, Columns: []draw.Column{{Name: by}, {Name: "Bar", Left: true, Minor: true}, {Name: "Answered"}, {Name: "Probably", Left: true, Minor: true}}}
	}
	bySource, byGroup := table("Response where people were asked", "Asked by"), table("Response by group", "Group")
	for _, q := range p.questions {
		if q.rates == nil {
			continue
		}
		sources := draw.Group{Name: nameOf(q), Rows: []draw.Cells{rateRow("all", q.rates.all.Responded, q.rates.all.Invited, q.rates.all.Rate)}}
		groups := draw.Group{Name: nameOf(q)}
		if !isSecret(q.Definition) && len(q.rates.sources) > 1 {
			for _, r := range q.rates.sources {
				sources.Rows = append(sources.Rows, rateRow(groupName(string(r.Source)), r.Responded, r.Invited, r.Rate))
			}
		}
		if !isSecret(q.Definition) && len(q.rates.groups) > 1 {
			for _, g := range inOrder(q.rates.groups) {
				groups.Rows = append(groups.Rows, rateRow(groupName(g.Name), g.Responded, g.Invited, g.Rate))
			}
			byGroup.Groups = append(byGroup.Groups, groups)
		}
		bySource.Groups = append(bySource.Groups, sources)
	}
	var more []draw.Part
	if byGroup.Rows() > 0 {
		more = append(more, draw.Fold{Summary: "By group", Parts: []draw.Part{byGroup}})
	}
	s.Parts = boxed(bySource, more...)
	return s
}

func rateRow(name string, responded, invited int64, r survey.Rate) draw.Cells {
	if !r.Value.Defined() {
		return draw.Cells{{Text: name}, {}, {Text: text.NoData, Note: text.Counted(responded, "answer")}, {Text: text.NoData}}
	}
	share, _ := r.Value.Float64()
	of := text.Count(responded) + " of " + text.Count(invited)
	if invited < few {
		of += ", few"
	}
	return draw.Cells{
		{Text: name}, {Bar: &draw.Bar{Share: share, Low: r.Interval.Low, High: r.Interval.High}}, {Text: text.Share(responded, invited, 0), Strong: true, Note: of},
		{Text: text.Range(text.Percent(r.Interval.Low, 0), text.Percent(r.Interval.High, 0)), Soft: true},
	}
}

// shownFirst is how many rows of a list are seen before the rest is unfolded, and mostNamed
// how many there are at most.
const (
	shownFirst = 5
	mostNamed  = 100
)

func (p page) callBackSection() draw.Section {
	s := draw.Section{
		ID: "callbacks", Nav: "Call back", Title: "Whom to call back",
		Intro: "Who gave a bad answer and wrote why, the worst first and of equal ones the latest.",
	}
	t := draw.Table{Above: true, Caption: "Who gave a bad answer and wrote why", Columns: []draw.Column{
		{Name: "Answer"}, {Name: "What they wrote", Left: true, Wrap: true}, {Name: "Who", Left: true}, {Name: "About", Left: true, Minor: true}, {Name: "When", Left: true, Minor: true}, {Name: "Line", Minor: true},
	}}
	rest := t
	rest.Caption += ", continued"
	var left, asked int
	for _, q := range p.questions {
		if len(q.callBacks) > 0 {
			asked++
		}
	}
	shown := max(1, shownFirst/max(1, asked)) // of each question
	for _, q := range p.questions {
		var rows []draw.Cells
		for _, a := range q.callBacks[:min(mostNamed, len(q.callBacks))] {
			at := text.NoData
			if !a.At.IsZero() {
				at = a.At.UTC().Format(p.dates())
			}
			rows = append(rows, draw.Cells{
				{Text: text.Count(int64(a.Value))}, {Text: draw.Excerpt(a.Comment)}, {Text: cmp.Or(clean(a.Respondent), text.NoData)}, {Text: cmp.Or(clean(a.About), text.NoData)}, {Text: at}, {Text: text.Count(int64(a.Line))},
			})
		}
		left += len(q.callBacks) - len(rows)
		if len(rows) > 0 {
			t.Groups = append(t.Groups, draw.Group{Name: nameOf(q), Rows: rows[:min(shown, len(rows))]})
		}
		if len(rows) > shown {
			rest.Groups = append(rest.Groups, draw.Group{Name: nameOf(q), Rows: rows[shown:]})
		}
	}
	var more []draw.Part
	if rest.Rows() > 0 {
		more = append(more, draw.Fold{Summary: text.Count(int64(rest.Rows())) + " more", Parts: []draw.Part{rest}})
	}
	if left > 0 {
		more = append(more, draw.Key("And "+text.Count(int64(left))+" more, which are not listed."))
	}
	s.Parts = boxed(t, more...)
	return s
}

// dates is how days are written: with the year, if there are answers of several.
func (p page) dates() string {
	if first, last, _ := p.span(); first.Year() != last.Year() {
		return "2 Jan 2006"
	}
	return "2 Jan"
}

// gapPlaces is how many decimal places a mean of sheets has.
const gapPlaces = 2

// gaps are the dimensions, the largest shortfall first.
func (p page) gaps() []servqual.DimensionGap {
	if p.servqual == nil {
		return nil
	}
	return slices.SortedStableFunc(slices.Values(p.servqual.Dimensions[:]), func(a, b servqual.DimensionGap) int {
		return cmp.Compare(a.Gap.Interval.Estimate, b.Gap.Interval.Estimate)
	})
}

func (p page) servqualSection() draw.Section {
	s := draw.Section{
		ID: "servqual", Nav: servqualName, Title: "What customers expect, and what they get", Note: servqualNote,
		Intro: "Mean answers on a scale of 1 to 7, the largest shortfall first. The bar is what customers get, the upright mark what they expect.",
	}
	if p.servqual == nil {
		return s
	}
	t := draw.Table{Caption: "Expected and perceived service by dimension, with the gap", Columns: []draw.Column{
		{Name: "Dimension"}, {Name: "Bar", Left: true, Minor: true}, {Name: "Expected", Minor: true}, {Name: "Get", Minor: true}, {Name: "Gap"}, {Name: "Probably", Left: true, Minor: true}, {Name: "Verdict", Left: true}, {Name: "Importance", Minor: true},
	}}
	var rows []draw.Cells
	at := func(v float64) float64 { return (v - 1) / 6 }
	for _, d := range p.gaps() {
		chip := gapChip(d.Gap)
		row := draw.Cells{
			{Text: d.Dimension.String()}, {}, {Text: meanText(d.Expected)}, {Text: meanText(d.Perceived)},
			{Text: meanText(d.Gap), Strong: true, Note: n(d.Gap.N), Narrow: "get " + meanText(d.Perceived) + " of " + meanText(d.Expected)}, {Text: meanBetween(d.Gap), Soft: true}, {Chip: chip}, {Text: text.NoData},
		}
		if d.Gap.N > 0 {
			row[1].Bar = &draw.Bar{Share: at(d.Perceived.Interval.Estimate), Goal: at(d.Expected.Interval.Estimate), Mark: chip.Mark}
		}
		if d.Importance.N > 0 {
			row[7].Text = text.Number(d.Importance.Interval.Estimate, 0) + " of 100"
		}
		rows = append(rows, row)
	}
	all := func(name string, gap, got servqual.Mean) {
		rows = append(rows, draw.Cells{{Text: name}, {}, {}, {Text: meanText(got)}, {Text: meanText(gap), Strong: true, Note: n(gap.N)}, {Text: meanBetween(gap), Soft: true}, {Chip: gapChip(gap)}, {}})
	}
	all("all five alike", p.servqual.Unweighted, p.servqual.Servperf)
	if p.servqual.Weighted.N > 0 {
		all("all by importance", p.servqual.Weighted, p.servqual.WeightedServperf)
	}
	t.Groups = []draw.Group{{Rows: rows}}
	s.Parts = boxed(t)
	return s
}

func meanText(m servqual.Mean) string {
	if m.N == 0 {
		return text.NoData
	}
	return text.Number(m.Interval.Estimate, gapPlaces)
}

func meanBetween(m servqual.Mean) string {
	if m.Interval.Level == 0 {
		return text.NoData
	}
	return text.Range(text.Number(m.Interval.Low, gapPlaces), text.Number(m.Interval.High, gapPlaces))
}

// gapChip is what to think of a gap between what customers get and expect.
func gapChip(m servqual.Mean) draw.Chip {
	switch i := m.Interval; {
	case m.N == 0:
		return draw.Verdict(stat.NoData)
	case i.Level > 0 && i.High < 0:
		return draw.Chip{Mark: draw.Bad, Word: "falls short"}
	case i.Level > 0 && i.Low > 0:
		return draw.Chip{Mark: draw.Good, Word: "exceeds"}
	}
	return verdict(stat.NotDistinguishable, m.N, "no clear gap")
}

func (p page) notesSection() draw.Section {
	notes := draw.Notes{
		{Term: "n", Text: "How many answers a figure is from. Fewer than " + text.Count(few) + " are marked as few, and are too few to tell where chance is not ruled out."},
		{Term: "Probably", Text: "Not everybody was asked, and not everybody answered. In 19 of 20 such ranges the figure of all lies."},
		{Term: "No clear change", Text: "Chance alone often does as much. It does not mean that nothing changed."},
	}
	add := func(is bool, term, words string) {
		if is {
			notes = append(notes, draw.Note{Term: term, Text: words})
		}
	}
	add(slices.ContainsFunc(p.questions, func(q *result) bool { return len(q.goals) > 0 }), "Goal", "Whether those who answered reach it is exact. “May be chance” says that of all customers it cannot be told.")
	for _, q := range p.questions {
		words := describe(q.Definition) + "."
		if q.Definition.Source != "" {
			words += " Origin: " + plain.Line(q.Definition.Source) + "."
		}
		words = strings.ToUpper(words[:1]) + words[1:]
		if !q.left.IsZero() {
			words += " Left out: " + leftText(q.left) + "."
		}
		if q.change != nil && !q.change.both {
			words += " No answers before " + p.day() + ", or none after."
		}
		add(true, nameOf(q), draw.Excerpt(words))
	}
	if p.servqual != nil {
		add(true, servqualName, "Importance is each customer’s own, of 100 points. Left out: "+leftText(p.servqual.LeftOut)+".")
	}
	add(p.staff > 0, "Employees", "There are "+text.Count(p.staff)+". The more of them answer, the less is uncertain, and nothing once all have.")
	for _, words := range p.reading {
		add(true, "How it was read", draw.Excerpt(words))
	}
	parts := []draw.Part{draw.Box{Parts: []draw.Part{notes}}}
	if len(p.problems) > 0 {
		box := draw.Box{Title: "What could not be read"}
		for _, words := range p.problems[:min(len(p.problems), listed)] {
			box.Parts = append(box.Parts, draw.Key(draw.Excerpt(words)))
		}
		if more := len(p.problems) - listed; more > 0 {
			box.Parts = append(box.Parts, draw.Key("… and "+text.Count(int64(more))+" more"))
		}
		parts = append(parts, box)
	}
	methods := draw.Methods{
		"95 % intervals: Wilson (1927) for shares, adjusted Wald for net shares such as NPS, Student’s t for means. Figures are rounded to whole percent or points, with more places where rounding would hide on which side of its goal one is.",
		"Shares by Miettinen and Nurminen (1985), net shares by adjusted Wald, means by t; of the same people, McNemar and t of the differences. The groups of a question are one family: the chance that any verdict on them is wrong is at most 5 % (Holm 1979).",
		"Limits of single values and moving ranges (Shewhart 1931; Wheeler 1993), for shares p′ (Laney 2002); trend by Mann and Kendall. " + "What is not over has no part in either.",
		"Verdicts as for changes. Three or more groups are ordered by their shrunken figures (empirical Bayes), and each is compared with all others together.",
		"Student’s t over customers: Parasuraman, Zeithaml and Berry (1988, 1991).",
	}
	return draw.Section{ID: "about", Nav: "Notes", Title: "About these numbers", Parts: append(parts, draw.Box{Title: "Methods", Parts: []draw.Part{methods}})}
}
