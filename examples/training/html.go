package main

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// writeHTML prints a page.
func (r *report) writeHTML(w io.Writer) error { return pageOf(r).Write(w) }

// page is a report in the words of those who read it.
type page struct{ *report }

// pageOf puts the report on a page: what the training did, then what proves it.
func pageOf(r *report) draw.Page {
	p := page{r}
	first := r.spans.After.Start.In(r.zone)
	days := text.Counted(int64(r.days), "day")
	return draw.Page{
		Title: "What the training of " + first.Format("2 January 2006") + " changed",
		About: []string{
			"The " + days + " from " + first.Format("Monday, 2 January") + " on, against the " + days + " before; times of " + r.zone.String() + ".",
			text.Counted(int64(len(r.agents[trained])), "agent") + " were trained, " + text.Count(int64(len(r.agents[others]))) + " were not: what changed for both, something else did.",
		},
		Short: p.short(), Cards: p.cards(),
		Sections: []draw.Section{p.effectSection(), p.chartSection(), p.caseSection(), p.whoSection(), p.notesSection()},
		Foot:     "This page needs nothing from the network and runs no script.",
	}
}

// fewest is how many values are not few. Few are marked, and are too few to tell where
// chance is not ruled out.
const fewest = 20

// judged is the conclusion about a difference.
func judged(d compare.Difference) stat.Conclusion {
	least := min(d.Before.N, d.After.N)
	if d.OthersBefore.Metric != "" {
		least = min(least, d.OthersBefore.N, d.OthersAfter.N)
	}
	if least < fewest && d.Conclusion == stat.NotDistinguishable {
		return stat.TooFew
	}
	return d.Conclusion
}

func (f finding) effect() effect {
	return effectOf(judged(f.trained), judged(f.others), judged(f.beyond))
}

// chip is what to think of a finding, for the training.
func (f finding) chip() draw.Chip {
	switch f.effect() {
	case ofTraining:
		return draw.Chip{Mark: draw.Good, Word: "the training’s"}
	case behind:
		return draw.Chip{Mark: draw.Bad, Word: "fell behind"}
	case everybodys:
		return draw.Chip{Mark: draw.Same, Word: judged(f.trained).String() + ", the others too"}
	case uncertain:
		return draw.Chip{Mark: draw.Same, Word: judged(f.trained).String() + ", cause unclear"}
	case othersOnly:
		return draw.Chip{Mark: draw.Same, Word: "only others changed"}
	case untold:
		return draw.Verdict(judged(f.beyond))
	}
	return draw.Verdict(stat.NotDistinguishable)
}

// name is that of an index within a sentence.
func (f finding) name() string {
	name := strings.TrimSuffix(draw.NameOf(f.index), ", median")
	return strings.ToLower(name[:1]) + name[1:]
}

func moved(d compare.Difference) string {
	return draw.ValueOf(d.Before) + " → " + draw.ValueOf(d.After)
}

// short says what matters most, what is bad first.
func (p page) short() (all []draw.Sentence) {
	say := func(mark draw.Mark, lead, end string, which func(finding) bool, words func(finding) string) {
		var parts []string
		for _, f := range p.findings {
			if which(f) {
				parts = append(parts, words(f))
			}
		}
		if len(parts) > 0 {
			all = append(all, draw.Sentence{Mark: mark, Lead: lead, Text: strings.Join(parts, "; ") + "." + end})
		}
	}
	is := func(e effect, c stat.Conclusion) func(finding) bool {
		return func(f finding) bool { return f.effect() == e && (c == stat.NoData || judged(f.trained) == c) }
	}
	both := func(f finding) string {
		return f.name() + " (" + moved(f.trained) + ", others " + moved(f.others) + ")"
	}
	own := func(f finding) string { return f.name() + " (" + moved(f.trained) + ")" }
	say(draw.Bad, "The trained fell behind the others:", "", is(behind, stat.NoData), both)
	say(draw.Bad, "Worse, but perhaps not by the training:", "", is(uncertain, stat.Worse), both)
	say(draw.Good, "The training improved:", " As far as figures can tell: the others changed less.", is(ofTraining, stat.NoData), both)
	say(draw.Same, "Better, but perhaps not by the training:", " The difference from the others may be chance.", is(uncertain, stat.Better), both)
	say(draw.Same, "Better with the others too:", " Something else did this.", is(everybodys, stat.Better), both)
	say(draw.Same, "Worse with the others too:", " Something else did this.", is(everybodys, stat.Worse), both)
	say(draw.Same, "No clear change:", "", func(f finding) bool { return f.effect() == noChange || f.effect() == othersOnly }, own)
	say(draw.Few, "Too few to tell:", "", is(untold, stat.NoData), func(f finding) string { return f.name() })
	return all
}

// carded is how many of the watched indices have a card.
const carded = 4

func (p page) cards() (all []draw.Card) {
	for _, f := range p.findings[:carded] {
		card := draw.Card{
			Title: draw.NameOf(f.index), Figures: []draw.Figure{{Value: draw.ValueOf(f.trained.After)}},
			Sub: "with the trained, after", Chip: f.chip(),
			Facts: []draw.Fact{{Name: "Before", Value: draw.ValueOf(f.trained.Before)}, {Name: "Others", Value: moved(f.others)}},
		}
		if f.trained.Change.Level > 0 {
			card.Facts = append(card.Facts, draw.Fact{Name: "Change", Value: draw.ChangeOf(f.index, f.trained.Change.Estimate)})
		}
		if f.beyond.Change.Level > 0 {
			card.Facts = append(card.Facts, draw.Fact{Name: "Beyond others", Value: draw.ChangeOf(f.index, f.beyond.Change.Estimate)})
		}
		all = append(all, card)
	}
	return all
}

// origin says where an index comes from.
func (p page) origin(m compare.Metric) string {
	switch {
	case m != compare.CSAT:
		return "Helpdesk"
	case p.heard.asked:
		return "Survey"
	}
	return "Ratings"
}

// grouped makes groups of rows, by where an index comes from.
func (p page) grouped(rows func(finding) []draw.Cells) (all []draw.Group) {
	for _, f := range p.findings {
		name := p.origin(f.index)
		if last := len(all) - 1; last < 0 || all[last].Name != name {
			all = append(all, draw.Group{Name: name})
		}
		g := &all[len(all)-1]
		g.Rows = append(g.Rows, rows(f)...)
	}
	return all
}

func (p page) effectSection() draw.Section {
	s := draw.Section{
		ID: "effect", Nav: "Effect", Title: "Is it the training?", Note: 1,
		Intro: "What changed for the trained, what changed for the others in the same days, and what is left of the first without the second.",
	}
	if p.asked == 0 {
		s.Intro += " There is not enough on either side for a verdict."
	} else {
		s.Intro += " " + text.Counted(int64(p.asked), "question") + " were asked together."
	}
	t := draw.Table{Above: true, Caption: "What changed for the trained and for the others", Columns: []draw.Column{
		{Name: "What"}, {Name: "Trained"}, {Name: "Others", Minor: true}, {Name: "Beyond others", Minor: true}, {Name: "Probably between", Minor: true}, {Name: "Verdict", Left: true},
	}}
	t.Groups = p.grouped(func(f finding) []draw.Cells {
		beyond := text.NoData
		if f.beyond.Change.Level > 0 {
			beyond = draw.ChangeOf(f.index, f.beyond.Change.Estimate)
		}
		return []draw.Cells{{{Text: draw.NameOf(f.index)}, {Text: moved(f.trained), Strong: true, Narrow: "others " + moved(f.others)}, {Text: moved(f.others)}, {Text: beyond}, {Text: draw.BetweenOf(f.beyond), Soft: true}, {Chip: f.chip()}}}
	})
	s.Parts = []draw.Part{draw.Box{Parts: []draw.Part{t, draw.Fold{Summary: "Each change, and how sure it is", Parts: []draw.Part{p.changeTable()}}}}}
	return s
}

// changeTable has every question that was asked.
func (p page) changeTable() draw.Table {
	t := draw.Table{Above: true, Caption: "Every change with the range in which it probably is", Columns: []draw.Column{
		{Name: "Who"}, {Name: "Before"}, {Name: "After"}, {Name: "Change", Minor: true}, {Name: "Probably between", Minor: true}, {Name: "Verdict", Left: true},
	}}
	for _, f := range p.findings {
		g := draw.Group{Name: draw.NameOf(f.index), Rows: []draw.Cells{changeRow("trained", f.trained)}}
		if f.hasMix {
			g.Rows = append(g.Rows, changeRow("at the same mix", f.sameMix))
		}
		beyond := changeRow("beyond others", f.beyond)
		beyond[1], beyond[2] = draw.Cell{}, draw.Cell{}
		t.Groups = append(t.Groups, draw.Group{Name: g.Name, Rows: append(g.Rows, changeRow("others", f.others), beyond)})
	}
	return t
}

func changeRow(who string, d compare.Difference) draw.Cells {
	change := text.NoData
	if d.Change.Level > 0 {
		change = draw.ChangeOf(d.Metric, d.Change.Estimate)
	}
	return draw.Cells{
		{Text: who}, {Text: draw.ValueOf(d.Before), Note: n(d.Before.N)}, {Text: draw.ValueOf(d.After), Strong: true, Note: n(d.After.N)},
		{Text: change}, {Text: draw.BetweenOf(d), Soft: true}, {Chip: draw.Verdict(judged(d))},
	}
}

// n prints a number of values, and marks few.
func n(count int64) string {
	if count < fewest {
		return "n " + text.Count(count) + ", few"
	}
	return "n " + text.Count(count)
}

func (p page) chartSection() draw.Section {
	var charts draw.Charts
	for _, f := range p.findings {
		c := draw.Moves{ID: "moves-" + string(f.index), Title: draw.NameOf(f.index), Sub: p.origin(f.index)}
		for i, d := range []compare.Difference{f.trained, f.others} {
			c.Rows = append(c.Rows, draw.Move{
				Name: [...]string{"trained", "others"}[i], Missing: d.Before.N == 0 || d.After.N == 0,
				Before: draw.Level{Value: d.Before.Value, Text: draw.ValueOf(d.Before)}, After: draw.Level{Value: d.After.Value, Text: draw.ValueOf(d.After)},
			})
		}
		c.Ticks = draw.TimeTicks(c.Top())
		if f.index.Unit() == "fraction" {
			c.Ticks = draw.ShareTicks()
		}
		if f.index == compare.CSAT {
			c.Tone = draw.Star
		}
		charts = append(charts, c)
	}
	return draw.Section{
		ID: "before-after", Nav: "Before and after", Title: "Before and after", Intro: "The hollow dot is before the training, the full one after it.", Parts: []draw.Part{charts},
	}
}

func (p page) whoSection() draw.Section {
	t := draw.Table{Caption: "Who was compared", Columns: []draw.Column{{Name: "Group"}, {Name: "Agents", Left: true, Wrap: true}, {Name: "Before", Over: "Conversations"}, {Name: "After", Over: "Conversations"}}}
	row := func(name, agents string, f [2]*compare.Observed) draw.Cells {
		return draw.Cells{{Text: name}, {Text: agents}, {Text: text.Count(f[0].Figures.Conversations)}, {Text: text.Count(f[1].Figures.Conversations)}}
	}
	rows := []draw.Cells{row("trained", agentNames(p.agents[trained]), p.figures[trained]), row("others", agentNames(p.agents[others]), p.figures[others])}
	if f := p.figures[nobody]; f[0].Figures.Conversations+f[1].Figures.Conversations > 0 {
		rows = append(rows, row("no agent", "in neither group", f))
	}
	t.Groups = []draw.Group{{Rows: rows}}
	return draw.Section{ID: "who", Nav: "Who", Title: "Who was compared", Parts: []draw.Part{draw.Box{Parts: []draw.Part{t}}}}
}

func agentNames(agents []metrics.AgentID) string {
	const most = 50
	var all []string
	for _, a := range agents[:min(most, len(agents))] {
		all = append(all, clean(a))
	}
	if more := len(agents) - most; more > 0 {
		all = append(all, "and "+text.Count(int64(more))+" more")
	}
	return cmp.Or(strings.Join(all, ", "), "nobody")
}

// clean returns a name from data that can do no harm.
func clean[T ~string](name T) string { return plain.Name(string(name)) }

func (p page) caseSection() draw.Section {
	times := func(title string, kind metrics.ExhibitKind, when string) draw.Box {
		return p.caseBox(title, kind, draw.Column{Name: "Waited"}, draw.Column{Name: when, Left: true}, func(e metrics.Exhibit) draw.Cells {
			return draw.Cells{{Text: draw.ValueOf(compare.Value{Metric: compare.FirstResponse, N: 1, Value: e.Elapsed.Seconds()}), Strong: true}, {Text: p.at(e)}}
		})
	}
	ratings := p.caseBox("Worst ratings", metrics.ExhibitRating, draw.Column{Name: "Stars", Left: true}, draw.Column{Name: "What they wrote", Left: true, Wrap: true}, func(e metrics.Exhibit) draw.Cells {
		return draw.Cells{{Stars: int(e.Number)}, {Text: cmp.Or(draw.Excerpt(p.heard.comments[e.Conversation]), text.NoData)}}
	})
	return draw.Section{
		ID: "cases", Nav: "Conversations", Title: "The conversations behind it",
		Intro: "Of the trained, from " + p.spans.After.Start.In(p.zone).Format("2 January") + " on. A single one hardly moves a median; read them to know why.",
		Parts: []draw.Part{ratings, draw.Row{
			times("Slowest first answers", metrics.ExhibitFirstResponse, "From"), times("Closed without an answer", metrics.ExhibitClosedUnanswered, "From"),
			times("Still waiting at the end", metrics.ExhibitStillWaiting, "Since"),
		}},
	}
}

// caseBox lists the conversations behind a figure.
func (p page) caseBox(title string, kind metrics.ExhibitKind, figure, more draw.Column, cells func(metrics.Exhibit) draw.Cells) draw.Box {
	cases := p.evidence.Group(trained, kind)
	t := draw.Table{Caption: title, Empty: "None.", Columns: []draw.Column{{Name: "Conversation"}, {Name: "Agent", Left: true, Minor: true}, {Name: "Channel", Left: true, Minor: true}, figure, more}}
	var rows []draw.Cells
	for _, e := range cases.List() {
		rows = append(rows, append(draw.Cells{{Text: clean(e.Conversation), Narrow: clean(e.Agent)}, {Text: clean(e.Agent)}, {Text: clean(e.Channel)}}, cells(e)...))
	}
	t.Groups = []draw.Group{{Rows: rows}}
	if count := cases.Count(); count > int64(len(rows)) {
		title += ", " + text.Count(int64(len(rows))) + " of " + text.Count(count)
	}
	return draw.Box{Title: title, Parts: []draw.Part{t}}
}

func (p page) at(e metrics.Exhibit) string { return draw.DateTime(e.Start.In(p.zone)) }

func (p page) notesSection() draw.Section {
	notes := draw.Notes{
		{Term: "Who was trained", Text: "Events do not say how the trained agents were chosen. Unless they were drawn by lot, the two groups may differ in other ways than the training."},
		{Term: "Beyond others", Text: "The change of the trained less that of the others. It is the training’s, if without it both would have changed alike."},
		{Term: "At the same mix", Text: "The change of the trained, had each channel had the same share of the conversations before and after."},
		{Term: "Before and after", Text: "Each side is shown as it was known at its end."},
		{Term: "No clear change", Text: "Chance alone often does as much. It does not mean that nothing changed. Fewer than " + text.Count(fewest) + " values on a side are marked as few, and are too few to tell where chance is not ruled out."},
	}
	if h := p.heard; h.asked {
		words := text.Counted(int64(h.ratings), "answer") + " about conversations of the helpdesk"
		if h.unplaced > 0 {
			words += "; " + text.Count(int64(h.unplaced)) + " more have no time, or are about none of them"
		}
		if lines := len(h.rejected); lines > 0 {
			words += "; " + text.Counted(int64(lines), "line") + " could not be read"
		}
		notes = append(notes, draw.Note{Term: "Survey", Text: words + ". Satisfied customers answered 4 or 5 of 5."})
	} else {
		notes = append(notes, draw.Note{Term: "Survey", Text: "There is none: satisfied customers are those who gave 4 or 5 of 5 stars in the helpdesk."})
	}
	methods := draw.Methods{
		"All questions are one family: the chance that any verdict is wrong is at most " + strconv.FormatFloat(100*(1-p.level), 'g', 3, 64) + " % (Holm 1979), and “probably between” is the interval at the level at which that was decided. Medians by Price and Bonett (2002), shares by Miettinen and Nurminen (1985); beyond others is a difference in differences.",
	}
	return draw.Section{ID: "about", Nav: "Notes", Title: "About these numbers", Parts: []draw.Part{
		draw.Box{Parts: []draw.Part{notes}}, draw.Box{Title: "Methods", Parts: []draw.Part{methods}},
	}}
}
