package main

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/rating"
	"github.com/shopspring/decimal"
)

// writeHTML prints a page.
func (r *result) writeHTML(w io.Writer) error { return pageOf(r).Write(w) }

// page is a result in the words of those who read it.
type page struct{ *result }

// pageOf puts the result on a page: what is missing for the next level, then what proves it.
func pageOf(r *result) draw.Page {
	p := page{r}
	card := r.input.Scorecard
	out := draw.Page{
		Title: "Reviews of conversations",
		About: []string{
			text.Counted(int64(r.conversations), "conversation") + ", " + text.Counted(int64(len(r.input.Reviews)), "review") + " by " + criteriaCounted(len(card.Criteria())) + ".",
			"A score is from 0 to 100; " + card.PassMark().String() + " passes, unless something failed the review at once.",
		},
		Short: p.short(), Cards: p.cards(),
		Foot: "This page needs nothing from the network and runs no script.",
	}
	if p.laddered() {
		out.Title += ": level " + levelName(r.assessment.Level)
	}
	for _, s := range []draw.Section{p.failureSection(), p.ladderSection(), p.criteriaSection(), p.agentSection(), p.agreementSection(), p.notesSection()} {
		if len(s.Parts) > 0 {
			out.Sections = append(out.Sections, s)
		}
	}
	return out
}

func criteriaCounted(n int) string {
	if n == 1 {
		return "1 criterion"
	}
	return text.Count(int64(n)) + " criteria"
}

// fewest is how many reviews a verdict takes; fewer are marked, and not judged.
const fewest = 20

// n prints a number of reviews, and marks few.
func n(count int64) string {
	if count < fewest {
		return "n " + text.Count(count) + ", few"
	}
	return "n " + text.Count(count)
}

// laddered reports whether there is a ladder.
func (p page) laddered() bool { return len(p.input.Ladder.Rungs()) > 0 }

// levelName names a level, or that below them all.
func levelName(l rating.Level) string { return cmp.Or(l.String(), "below "+rating.Basic.String()) }

// clean returns a name from data that can do no harm.
func clean(name string) string { return plain.Name(name) }

// all are the conversations of everybody.
func (p page) all() rating.ReviewTally { return p.agents[0].tally }

// score prints a mean score.
func score(t rating.ReviewTally) string {
	mean, ok := t.Mean(0)
	if !ok {
		return text.NoData
	}
	return mean.StringFixed(0)
}

// span prints where a mean score probably is.
func (p page) span(t rating.ReviewTally) string {
	i, ok := p.interval(t)
	if !ok {
		return text.NoData
	}
	return text.Range(text.Number(i.Low, 0), text.Number(i.High, 0))
}

func (p page) interval(t rating.ReviewTally) (stat.Interval, bool) {
	i, err := t.Interval(p.level)
	return i, err == nil && i.Width() > 0
}

// shareSpan prints where a share probably is.
func (p page) shareSpan(share stat.Ratio) string {
	i, err := stat.Proportion(share.Part, share.Whole, p.level, stat.Wilson)
	if err != nil {
		return text.NoData
	}
	return text.Range(text.Percent(i.Low, 0), text.Percent(i.High, 0))
}

func (p page) passMark() float64 { return p.input.Scorecard.PassMark().InexactFloat64() }

// against is a mean score against the score that passes.
func (p page) against(t rating.ReviewTally) draw.Chip {
	i, ok := p.interval(t)
	pass := p.passMark()
	switch {
	case t.N() == 0:
		return draw.Verdict(stat.NoData)
	case t.N() < fewest || !ok:
		return draw.Chip{Mark: draw.Few, Word: "few reviews"}
	case i.Low >= pass:
		return draw.Chip{Mark: draw.Good, Word: "passes"}
	case i.High < pass:
		return draw.Chip{Mark: draw.Bad, Word: "below the pass mark"}
	}
	return draw.Chip{Mark: draw.Same, Word: "near the pass mark"}
}

// scoreBar draws a mean score with its interval and the score that passes.
func (p page) scoreBar(t rating.ReviewTally) *draw.Bar {
	mean, ok := t.Mean(6)
	if !ok {
		return nil
	}
	b := &draw.Bar{Share: mean.InexactFloat64() / 100, Goal: p.passMark() / 100, Mark: p.against(t).Mark}
	if i, ok := p.interval(t); ok {
		b.Low, b.High = i.Low/100, i.High/100
	}
	return b
}

// short says what matters most, what must be done first.
func (p page) short() (all []draw.Sentence) {
	say := func(mark draw.Mark, lead, words string) {
		all = append(all, draw.Sentence{Mark: mark, Lead: lead, Text: words})
	}
	if n := len(p.failures); n > 0 {
		first := p.failures[0]
		lead := text.Count(int64(n)) + " conversations failed at once,"
		if n == 1 {
			lead = "1 conversation failed at once:"
			say(draw.Alert, lead, clean(first.conversation)+" of "+agentName(first.agent)+", by "+p.labels(first.criteria)+".")
		} else {
			say(draw.Alert, lead, "whatever their scores; they are listed below.")
		}
	}
	if p.laddered() {
		if next := p.assessment.Next; next != 0 {
			var missing []string
			for _, m := range p.assessment.Missing() {
				missing = append(missing, needed(m))
			}
			say(draw.Bad, "Not yet "+next.String()+":", list(missing)+".")
		}
		if level := p.assessment.Level; level != 0 {
			say(draw.Good, "The desk is at the level "+level.String()+".", level.Meaning())
		}
	}
	if weakest, ok := p.weakest(); ok {
		say(draw.Down, "Lowest criterion:", clean(label(weakest.Criterion))+", "+score(weakest.tally)+" of 100, probably "+p.span(weakest.tally)+".")
	}
	for _, c := range p.calibrations {
		if c.Score == (rating.Agreement{}) {
			continue
		}
		mark, words := draw.Good, agreement(c.Score.Estimate)
		if span := agreementSpan(c.Score); span != words {
			words += ", probably " + span
		}
		words += ", by " + text.Counted(int64(c.Conversations), "conversation") + "."
		if c.Score.Estimate <= moderate {
			mark = draw.Bad
			words += " Look at conversations together before you compare agents."
		}
		if c.Conversations < fewest {
			mark = draw.Few
			words += " These are few."
		}
		say(mark, "Reviewers "+clean(c.First)+" and "+clean(c.Second)+":", "agreement on scores is "+words)
	}
	const most = 7
	return all[:min(most, len(all))]
}

// list joins what a sentence says, of many only the first.
func list(parts []string) string {
	const most = 4
	if more := len(parts) - most; more > 1 {
		parts = append(parts[:most:most], "and "+text.Count(int64(more))+" more")
	}
	return strings.Join(parts, "; ")
}

// weakest returns the criterion with the lowest score, of those that are not marked by few.
func (p page) weakest() (lowest criterion, ok bool) {
	for _, c := range p.sorted() {
		if c.tally.N() >= fewest && len(p.criteria) > 1 {
			return c, true
		}
	}
	return lowest, false
}

// sorted are the criteria, the lowest score first.
func (p page) sorted() []criterion {
	return slices.SortedStableFunc(slices.Values(p.criteria), func(a, b criterion) int {
		x, _ := a.tally.Mean(6)
		y, _ := b.tally.Mean(6)
		return x.Cmp(y)
	})
}

// labels names criteria by their IDs.
func (p page) labels(ids []string) string {
	var all []string
	for _, c := range p.criteria {
		if slices.Contains(ids, c.ID) {
			all = append(all, clean(label(c.Criterion)))
		}
	}
	return strings.Join(all, ", ")
}

func agentName(name string) string { return cmp.Or(clean(name), "no agent") }

// needed says what a criterion of a level is, and what it should be.
func needed(m rating.MeasuredRung) string {
	_, what := percentage(m.Rung)
	switch {
	case !m.Measured.Defined():
		return what + ": not measured, and " + bounds(m.Rung) + " is needed"
	case m.Unit == "":
		return what + " " + measured(m) + ", and " + bounds(m.Rung) + " is needed"
	}
	return measured(m) + " " + what + ", and " + bounds(m.Rung) + " is needed"
}

func (p page) cards() []draw.Card {
	var all []draw.Card
	if p.laddered() {
		all = append(all, p.levelCard())
	}
	all = append(all, p.scoreCard(), p.passCard(), p.failCard())
	if len(p.calibrations) > 0 {
		all = append(all, p.agreementCard())
	}
	return all
}

func (p page) levelCard() draw.Card {
	a := p.assessment
	card := draw.Card{Title: "Level of service", Figures: []draw.Figure{{Value: levelName(a.Level)}}, Sub: "of five levels, Basic to Unbelievable"}
	if a.Next == 0 {
		card.Chip = draw.Chip{Mark: draw.Good, Word: "the highest"}
		return card
	}
	missing := int64(len(a.Missing()))
	card.Chip = draw.Chip{Mark: draw.Bad, Word: text.Count(missing) + " more for " + a.Next.String()}
	for l := rating.Basic; l <= rating.Unbelievable; l++ {
		held, asked := p.held(l)
		if asked > 0 {
			card.Facts = append(card.Facts, draw.Fact{Name: l.String(), Value: text.Count(held) + " of " + text.Count(asked)})
		}
	}
	return card
}

// held returns how many criteria of a level hold, and how many it has.
func (p page) held(l rating.Level) (held, asked int64) {
	for _, m := range p.assessment.Rungs {
		if m.Level == l {
			asked++
			if m.Holds {
				held++
			}
		}
	}
	return held, asked
}

func (p page) scoreCard() draw.Card {
	t := p.all()
	return draw.Card{
		Title: "Score", Figures: []draw.Figure{{Value: score(t), Small: "of 100"}}, Sub: "mean of " + text.Counted(t.N(), "conversation"), Chip: p.against(t),
		Facts: []draw.Fact{{Name: "Probably", Value: p.span(t)}, {Name: "Passes from", Value: p.input.Scorecard.PassMark().String()}},
	}
}

func (p page) passCard() draw.Card {
	passed := p.all().Passed()
	card := draw.Card{
		Title: "Reviews passed", Figures: []draw.Figure{{Value: percent(passed)}}, Sub: text.Count(passed.Part) + " of " + text.Count(passed.Whole),
		Facts: []draw.Fact{{Name: "Probably", Value: p.shareSpan(passed)}},
	}
	for _, m := range p.assessment.Missing() {
		if m.Fact == "passed" && m.AtLeast.Defined() {
			card.Figures[0].Value = text.ShareAgainst(passed.Part, passed.Whole, m.AtLeast.Part, m.AtLeast.Whole)
			card.Chip = draw.Chip{Mark: draw.Bad, Word: "not yet " + m.Level.String()}
			card.Facts = append(card.Facts, draw.Fact{Name: m.Level.String() + " needs", Value: bounds(m.Rung)})
		}
	}
	return card
}

func (p page) failCard() draw.Card {
	failed := p.all().AutoFailed()
	card := draw.Card{
		Title: "Failed at once", Figures: []draw.Figure{{Value: text.Count(failed.Part)}}, Sub: percent(failed) + " of " + text.Counted(failed.Whole, "conversation"),
		Chip: draw.Chip{Mark: draw.Good, Word: "none"},
	}
	if failed.Part > 0 {
		card.Chip = draw.Chip{Mark: draw.Alert, Word: "look at them"}
	}
	return card
}

// agreementCard is about the two reviewers who have most conversations in common.
func (p page) agreementCard() draw.Card {
	c := slices.MaxFunc(p.calibrations, func(a, b rating.Calibration) int { return cmp.Compare(a.Conversations, b.Conversations) })
	card := draw.Card{
		Title: "Reviewers agree", Figures: []draw.Figure{{Value: text.NoData}}, Sub: clean(c.First) + " and " + clean(c.Second) + ", on scores",
		Chip: draw.Verdict(stat.NoData), Facts: []draw.Fact{{Name: "Both reviewed", Value: text.Count(int64(c.Conversations))}},
	}
	if c.Score != (rating.Agreement{}) {
		card.Figures[0].Value = capital(agreement(c.Score.Estimate))
		card.Facts = append(card.Facts, draw.Fact{Name: "From 0 to 1", Value: estimate(c.Score)})
		if c.Score.Low < c.Score.High {
			card.Facts = append(card.Facts, draw.Fact{Name: "Probably", Value: interval(c.Score)})
		}
		card.Chip = draw.Chip{}
		if c.Conversations < fewest {
			card.Chip = draw.Chip{Mark: draw.Few, Word: "few conversations"}
		}
	}
	return card
}

// agreementSpan says where agreement probably is.
func agreementSpan(a rating.Agreement) string {
	low, high := agreement(a.Low), agreement(a.High)
	if low == high {
		return low
	}
	return low + " to " + high
}

func (p page) failureSection() draw.Section {
	s := draw.Section{ID: "failed", Nav: "Failed at once", Title: "What failed at once", Intro: "What must never happen fails a review, whatever its score."}
	if len(p.failures) == 0 {
		return s
	}
	const most = 100
	t := draw.Table{Caption: "Conversations that failed at once", Columns: []draw.Column{{Name: "Conversation"}, {Name: "Agent", Left: true}, {Name: "Failed by", Left: true, Wrap: true}, {Name: "Reviewer", Left: true, Minor: true}}}
	var rows []draw.Cells
	for _, f := range p.failures[:min(most, len(p.failures))] {
		rows = append(rows, draw.Cells{{Text: clean(f.conversation)}, {Text: agentName(f.agent)}, {Text: p.labels(f.criteria)}, {Text: cmp.Or(clean(f.reviewer), text.NoData)}})
	}
	t.Groups = []draw.Group{{Rows: rows}}
	box := draw.Box{Parts: []draw.Part{t}}
	if more := len(p.failures) - most; more > 0 {
		box.Parts = append(box.Parts, draw.Key("And "+text.Count(int64(more))+" more, which are not listed."))
	}
	s.Parts = []draw.Part{box}
	return s
}

func (p page) ladderSection() draw.Section {
	s := draw.Section{ID: "level", Nav: "Level", Title: "Level of service", Note: 1, Intro: "A level is held if all that it needs holds, and the levels below it. The upright mark is what is needed."}
	if !p.laddered() {
		return s
	}
	t := draw.Table{Above: true, Caption: "What each level needs, and what was measured", Columns: []draw.Column{
		{Name: "What"}, {Name: "Bar", Left: true, Minor: true}, {Name: "Measured"}, {Name: "Needed", Minor: true}, {Name: "Verdict", Left: true},
	}}
	for _, m := range p.assessment.Rungs {
		if last := len(t.Groups) - 1; last < 0 || t.Groups[last].Name != m.Level.String() {
			t.Groups = append(t.Groups, draw.Group{Name: m.Level.String()})
		}
		g := &t.Groups[len(t.Groups)-1]
		g.Rows = append(g.Rows, p.rungRow(m))
	}
	s.Parts = []draw.Part{draw.Box{Parts: []draw.Part{t}}}
	return s
}

func (p page) rungRow(m rating.MeasuredRung) draw.Cells {
	chip := draw.Chip{Mark: draw.Bad, Word: "not yet"}
	switch {
	case !m.Measured.Defined():
		chip = draw.Chip{Mark: draw.None, Word: "not measured"}
	case m.Holds:
		chip = draw.Chip{Mark: draw.Good, Word: "holds"}
	}
	share, what := percentage(m.Rung)
	row := draw.Cells{{Text: capital(strings.TrimPrefix(what, "of "))}, {}, {Text: measured(m), Strong: true, Narrow: bounds(m.Rung)}, {Text: bounds(m.Rung)}, {Chip: chip}}
	if m.Measured.Defined() && share {
		b := &draw.Bar{Mark: chip.Mark}
		b.Share, _ = m.Measured.Float64()
		b.Goal, _ = m.AtMost.Float64()
		if m.AtLeast.Defined() {
			b.Goal, _ = m.AtLeast.Float64()
		}
		row[1].Bar = b
	}
	return row
}

// capital returns words with a capital letter at their beginning.
func capital(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + words[size:]
}

// percentage reports whether a criterion of a level is in percent, and what it is about.
func percentage(r rating.Rung) (is bool, what string) {
	unit := draw.Excerpt(r.Unit)
	if rest, ok := strings.CutPrefix(unit, "%"); ok {
		return true, cmp.Or(strings.TrimSpace(rest), clean(r.Fact))
	}
	return false, cmp.Or(unit, clean(r.Fact))
}

// rungValue prints a value of a criterion of a level, with so many decimal places.
func rungValue(r rating.Rung, v stat.Ratio, places int32) (decimal.Decimal, string) {
	value, _ := v.Decimal(places, stat.HalfAwayFromZero)
	unit := ""
	if is, _ := percentage(r); is {
		value, _ = v.Percent(places, stat.HalfAwayFromZero)
		unit = " %"
	}
	return value, strings.Replace(value.String(), "-", "−", 1) + unit
}

// mostPlaces is how many decimal places a value has at most.
const mostPlaces = 9

// measured prints what was measured, on its side of what is needed.
func measured(m rating.MeasuredRung) string {
	if !m.Measured.Defined() {
		return text.NoData
	}
	places := int32(2)
	if is, _ := percentage(m.Rung); is {
		places = 0
	}
	for ; ; places++ {
		value, words := rungValue(m.Rung, m.Measured, places)
		agrees := func(bound stat.Ratio) bool {
			at, _ := rungValue(m.Rung, bound, mostPlaces)
			return !bound.Defined() || value.Cmp(at) == m.Measured.Compare(bound)
		}
		if places == mostPlaces || agrees(m.AtLeast) && agrees(m.AtMost) {
			return words
		}
	}
}

// bounds prints what is needed.
func bounds(r rating.Rung) string {
	var all []string
	if r.AtLeast.Defined() {
		_, words := rungValue(r, r.AtLeast, mostPlaces)
		all = append(all, "at least "+words)
	}
	if r.AtMost.Defined() {
		_, words := rungValue(r, r.AtMost, mostPlaces)
		all = append(all, "at most "+words)
	}
	return strings.Join(all, ", ")
}

func (p page) criteriaSection() draw.Section {
	t := draw.Table{Caption: "Criteria, the lowest score first", Columns: []draw.Column{
		{Name: "Criterion"}, {Name: "Bar", Left: true, Minor: true}, {Name: "Score"}, {Name: "Probably", Left: true, Minor: true}, {Name: "Weight", Minor: true}, {Name: "What the reviewer asks", Left: true, Wrap: true, Minor: true},
	}}
	var rows []draw.Cells
	for _, c := range p.sorted() {
		b := p.scoreBar(c.tally)
		if b != nil {
			b.Goal, b.Mark = 0, draw.Flat
		}
		weight := c.Weight.String()
		if c.AutoFail {
			weight += ", can fail at once"
		}
		rows = append(rows, draw.Cells{
			{Text: clean(label(c.Criterion))}, {Bar: b}, {Text: score(c.tally), Strong: true, Note: n(c.tally.N())}, {Text: p.span(c.tally), Soft: true}, {Text: weight}, {Text: draw.Excerpt(c.Guidance)},
		})
	}
	t.Groups = []draw.Group{{Rows: rows}}
	return draw.Section{
		ID: "criteria", Title: "Criteria", Note: 2, Intro: "Each by itself, from 0, the worst mark, to 100, the best; the lowest first.", Parts: []draw.Part{draw.Box{Parts: []draw.Part{t}}},
	}
}

func (p page) agentSection() draw.Section {
	t := draw.Table{Caption: "Agents, with the score and the share of reviews that passed", Columns: []draw.Column{
		{Name: "Agent"}, {Name: "Bar", Left: true, Minor: true}, {Name: "Score"}, {Name: "Probably", Left: true, Minor: true}, {Name: "Verdict", Left: true}, {Name: "Passed"}, {Name: "Probably", Left: true, Minor: true}, {Name: "Failed at once", Minor: true},
	}}
	var rows []draw.Cells
	for i, a := range p.agents {
		name := clean(a.name)
		if i == 0 {
			name = "everybody"
		}
		passed := a.tally.Passed()
		rows = append(rows, draw.Cells{
			{Text: name}, {Bar: p.scoreBar(a.tally)}, {Text: score(a.tally), Strong: true, Note: n(a.tally.N())}, {Text: p.span(a.tally), Soft: true}, {Chip: p.against(a.tally)},
			{Text: percent(passed), Note: text.Count(passed.Part) + " of " + text.Count(passed.Whole)}, {Text: p.shareSpan(passed), Soft: true}, {Text: text.Count(a.tally.AutoFailed().Part)},
		})
	}
	t.Groups = []draw.Group{{Rows: rows}}
	return draw.Section{
		ID: "agents", Title: "Agents", Note: 2,
		Intro: "In the order of their names: this is not a ranking. With few reviews a score says little; the thin line is where it probably lies, the upright mark what passes.",
		Parts: []draw.Part{draw.Box{Parts: []draw.Part{t}}},
	}
}

func (p page) agreementSection() draw.Section {
	s := draw.Section{
		ID: "agreement", Nav: "Reviewers", Title: "Do reviewers agree?", Note: 3,
		Intro: "On conversations that both reviewed, beyond what chance alone gives: 1 is full agreement, 0 none. Where it is poor or fair, marks say more about the reviewer than about the agent.",
	}
	if len(p.calibrations) == 0 {
		s.Parts = []draw.Part{draw.Box{Parts: []draw.Part{draw.Prose("No conversation was reviewed by two people, so that nobody can know.")}}}
		return s
	}
	t := draw.Table{Above: true, Caption: "Agreement of reviewers by criterion", Columns: []draw.Column{
		{Name: "Criterion"}, {Name: "Same mark"}, {Name: "Agreement", Left: true}, {Name: "From 0 to 1", Minor: true}, {Name: "Probably", Left: true, Minor: true},
	}}
	for _, c := range p.calibrations {
		g := draw.Group{Name: clean(c.First) + " and " + clean(c.Second)}
		for _, a := range c.Criteria {
			same := draw.Cell{Text: percent(a.Same), Note: n(a.Same.Whole)}
			g.Rows = append(g.Rows, agreementRow(p.labelOf(a.Criterion), same, a.Quadratic))
		}
		g.Rows = append(g.Rows, agreementRow("score", draw.Cell{Note: n(int64(c.Conversations))}, c.Score))
		t.Groups = append(t.Groups, g)
	}
	s.Parts = []draw.Part{draw.Box{Parts: []draw.Part{t}}}
	return s
}

func agreementRow(name string, same draw.Cell, a rating.Agreement) draw.Cells {
	if a == (rating.Agreement{}) {
		return draw.Cells{{Text: name}, same, {Text: text.NoData}, {Text: text.NoData}, {Text: text.NoData}}
	}
	return draw.Cells{{Text: name}, same, {Text: agreement(a.Estimate), Strong: true}, {Text: estimate(a)}, {Text: interval(a), Soft: true}}
}

func (p page) notesSection() draw.Section {
	notes := draw.Notes{
		{Term: "Reviews", Text: "A conversation that several people reviewed counts once for its agent, by its first review."},
		{Term: "n", Text: "How many reviews a figure is from. Fewer than " + strconv.Itoa(fewest) + " are marked as few, and nobody is judged by them."},
		{Term: "Probably", Text: "Not all conversations were reviewed. In " + level(p.level) + " of such ranges the figure of all lies."},
		{Term: "Verdict", Text: "An agent passes, or is below the pass mark, if the whole range is on that side of it."},
	}
	methods := draw.Methods{
		"Whether a level holds is exact, by counts. Figures are rounded so that they stay on their side of what is needed.",
		"Intervals at " + level(p.level) + ": Student’s t for scores, Wilson (1927) for shares.",
		"The quadratically weighted kappa for a criterion, ICC(2,1) for the score. " + agreementScale,
	}
	return draw.Section{ID: "about", Nav: "Notes", Title: "About these numbers", Parts: []draw.Part{
		draw.Box{Parts: []draw.Part{notes}}, draw.Box{Title: "Methods", Parts: []draw.Part{methods}},
	}}
}

// level prints a level of confidence.
func level(l float64) string { return text.Level(l) }
