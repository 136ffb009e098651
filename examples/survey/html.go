package main

import (
	"io"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
)

// writeHTML prints a page.
func (r *results) writeHTML(w io.Writer) error { return pageOf(r).Write(w) }

// page is the results in the words of those who read them.
type page struct{ *results }

// pageOf puts the results on a page: what must be known or done first, then what proves it.
func pageOf(r *results) draw.Page {
	p := page{r}
	out := draw.Page{Title: "Survey", Foot: "This page needs nothing from the network and runs no script."}
	if first, last, ok := p.span(); ok {
		out.Title += ": " + span(first, last)
	}
	out.About = p.about()
	out.Short = p.short()
	out.Cards = p.cards()
	out.Sections = p.sections()
	return out
}

// span returns the first and the last day of the answers that count.
func (p page) span() (first, last time.Time, ok bool) {
	for _, q := range p.questions {
		for _, a := range q.Answers {
			if a.Left != survey.Counted || a.At.IsZero() {
				continue
			}
			if !ok || a.At.Before(first) {
				first = a.At
			}
			if !ok || a.At.After(last) {
				last = a.At
			}
			ok = true
		}
	}
	return first.UTC(), last.UTC(), ok
}

// span names the time from one day to another, such as "2 February to 29 March 2026".
func span(first, last time.Time) string {
	const day = "2 January 2006"
	switch {
	case first.Format(day) == last.Format(day):
		return first.Format(day)
	case first.Year() == last.Year():
		return first.Format("2 January") + " to " + last.Format(day)
	}
	return first.Format(day) + " to " + last.Format(day)
}

func (p page) about() []string {
	var names []string
	for _, q := range p.questions {
		names = append(names, nameOf(q))
	}
	if p.servqual != nil {
		names = append(names, servqualName)
	}
	if len(names) > mostSaid+1 {
		names = append(names[:mostSaid], "and "+text.Count(int64(len(names)-mostSaid))+" more")
	}
	about := []string{"What was answered to " + strings.Join(names, ", ") + "."}
	if !p.changed.IsZero() {
		about = append(about, "Answers before "+p.day()+" are compared with those from that day on.")
	}
	return about
}

// day is the first one on which things were different.
func (p page) day() string { return p.changed.Format("2 January 2006") }

// nameOf names a question.
func nameOf(r *result) string { return clean(r.Definition.String()) }

// clean returns a name from data that can do no harm.
func clean(name string) string { return plain.Name(name) }

// groupName names a group, or those who name none.
func groupName(name string) string {
	if name == "" {
		return "not given"
	}
	return clean(name)
}

// mostSaid is how many things a sentence says.
const mostSaid = 4

// list joins what a sentence says, of many only the first.
func list(parts []string) string {
	if more := len(parts) - mostSaid; more > 1 {
		parts = append(parts[:mostSaid:mostSaid], "and "+text.Count(int64(more))+" more")
	}
	return strings.Join(parts, "; ")
}

// short says what matters most, what is bad first.
func (p page) short() (all []draw.Sentence) {
	say := func(mark draw.Mark, lead string, parts []string) {
		if len(parts) > 0 {
			all = append(all, draw.Sentence{Mark: mark, Lead: lead, Text: list(parts) + "."})
		}
	}
	if lines := p.callBackLines(); lines == 1 {
		say(draw.Alert, "1 person who was not satisfied wrote why:", []string{"it is below, with whom to call back"})
	} else if lines > 1 {
		say(draw.Alert, text.Count(int64(lines))+" people who were not satisfied wrote why:", []string{"it is below, with whom to call back, the worst first"})
	}
	reached, missed := p.goalWords()
	say(draw.Bad, plural(len(missed), "Goal missed:", "Goals missed:"), missed)
	say(draw.Bad, "Worse since "+p.day()+":", p.changeWords(stat.Worse))
	say(draw.Bad, "Below what customers expect:", p.gapWords())
	say(draw.Bad, "Worse than the others:", p.groupWords(stat.Worse))
	say(draw.Good, "Better since "+p.day()+":", p.changeWords(stat.Better))
	say(draw.Good, plural(len(reached), "Goal reached:", "Goals reached:"), reached)
	say(draw.Good, "Better than the others:", p.groupWords(stat.Better))
	say(draw.Bad, "Getting worse:", p.trendWords(compare.Worsening))
	say(draw.Good, "Getting better:", p.trendWords(compare.Improving))
	if len(p.changeWords(stat.Worse))+len(p.changeWords(stat.Better)) == 0 {
		all = append(all, p.unchanged()...)
	}
	if len(all) == 0 {
		all = p.quiet()
	}
	if n := len(p.problems); n > 0 {
		all = append(all, draw.Sentence{Mark: draw.None, Lead: text.Counted(int64(n), "thing") + " could not be read,", Text: "and are in no figure."})
	}
	return all
}

// unchanged says that nothing changed clearly, or that there are too few answers to tell.
func (p page) unchanged() []draw.Sentence {
	compared, enough := false, false
	for _, q := range p.questions {
		if q.change != nil && q.change.both {
			compared = true
			enough = enough || changeVerdict(q.change.all).Mark == draw.Same
		}
	}
	switch {
	case enough:
		return []draw.Sentence{{Mark: draw.Same, Lead: "No clear change since " + p.day() + ":", Text: "what differs may be chance."}}
	case compared:
		return []draw.Sentence{{Mark: draw.Few, Lead: "Too few answers", Text: "to tell what changed since " + p.day() + "."}}
	}
	return nil
}

// callBackLines is how many lines of the file have a comment beside a bad answer.
func (p page) callBackLines() int {
	lines := make(map[int]bool)
	for _, q := range p.questions {
		for _, a := range q.callBacks {
			lines[a.Line] = true
		}
	}
	return len(lines)
}

// quiet says what there is to say if nothing was missed, changed or differs.
func (p page) quiet() []draw.Sentence {
	for _, q := range p.questions {
		if q.answered() {
			return []draw.Sentence{{Mark: draw.Same, Lead: "Nothing stands out.", Text: "The figures and how sure they are stand below."}}
		}
	}
	if p.servqual != nil {
		return []draw.Sentence{{Mark: draw.Same, Lead: "No clear gap", Text: "between what customers expect and what they get."}}
	}
	return []draw.Sentence{{Mark: draw.None, Lead: "No answers.", Text: "None of what was given counts, for the reasons below."}}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (p page) goalWords() (reached, missed []string) {
	for _, q := range p.questions {
		for _, c := range q.goals {
			words := nameOf(q) + " " + valueText(c.Index, c) + " of " + text.Counted(c.Index.N(), "answer") + ", goal " + goalText(c)
			if c.Conclusion != stat.Better && c.Conclusion != stat.Worse {
				words += " (may be chance)"
			}
			if c.Reached {
				reached = append(reached, words)
			} else {
				missed = append(missed, words)
			}
		}
	}
	return reached, missed
}

// changeWords says what changed one way: of a question all together, and else its groups.
func (p page) changeWords(way stat.Conclusion) (all []string) {
	is := func(c survey.Comparison) bool { return c.Conclusion == way }
	for _, q := range p.questions {
		if q.change == nil || !q.change.both {
			continue
		}
		if is(q.change.all) || q.change.people != nil && is(*q.change.people) {
			c, who := q.change.all, ""
			if !is(c) {
				c, who = *q.change.people, " of the same people"
			}
			all = append(all, nameOf(q)+who+" "+valueText(c.Before)+" → "+valueText(c.After))
			continue
		}
		for _, c := range q.change.groups {
			if is(c) {
				all = append(all, nameOf(q)+" of "+clean(c.AfterName)+" "+valueText(c.Before)+" → "+valueText(c.After))
			}
		}
	}
	return all
}

// groupWords says which groups differ from the others one way.
func (p page) groupWords(way stat.Conclusion) (all []string) {
	for _, q := range p.questions {
		for _, g := range q.groups.against() {
			if g.conclusion == way {
				all = append(all, nameOf(q)+" of "+g.name+" "+valueText(g.index)+", others "+endText(q.Definition, g.rest))
			}
		}
	}
	return all
}

func (p page) trendWords(way compare.Tendency) (all []string) {
	for _, q := range p.questions {
		if q.course != nil && q.course.trend.Tendency == way {
			all = append(all, nameOf(q)+" over "+text.Counted(int64(q.course.trend.N), q.course.unit.String()))
		}
	}
	return all
}

// gapWords says in which dimensions service is below what customers expect, the largest gap
// first.
func (p page) gapWords() (all []string) {
	for _, d := range p.gaps() {
		if d.Gap.Interval.Level > 0 && d.Gap.Interval.High < 0 {
			all = append(all, d.Dimension.String()+" ("+text.Number(d.Gap.Interval.Estimate, gapPlaces)+" points)")
		}
	}
	return all
}

// cards are the key figures, one for each question.
func (p page) cards() (all []draw.Card) {
	for _, q := range p.questions {
		all = append(all, p.card(q))
	}
	if p.servqual != nil {
		all = append(all, p.servqualCard())
	}
	return all
}

func (p page) card(q *result) draw.Card {
	card := draw.Card{Title: nameOf(q), Sub: counts(q.Definition), Figures: []draw.Figure{{Value: text.NoData}}, Chip: draw.Verdict(stat.NoData)}
	fact := func(name, value string) { card.Facts = append(card.Facts, draw.Fact{Name: name, Value: value}) }
	switch {
	case q.hidden:
		card.Chip.Word = "not shown"
		fact("Answers", "fewer than "+text.Count(smallestTeam))
	case q.answered():
		card.Figures[0].Value, card.Chip = valueText(q.all, q.goals...), p.chip(q)
		fact("Answers", text.Count(q.all.N()))
		fact("Probably", probably(q.all))
	}
	for _, c := range q.goals {
		fact("Goal", goalText(c))
	}
	if q.change != nil && q.change.both {
		fact("Before", valueText(q.change.all.Before))
		fact("After", valueText(q.change.all.After))
	}
	if q.rates != nil {
		rate := q.rates.all
		fact("Answered", text.Share(rate.Responded, rate.Invited, 0)+" of "+text.Count(rate.Invited))
	}
	return card
}

// chip is what to think of a question: by its goal, or else by how it changed.
func (p page) chip(q *result) draw.Chip {
	if len(q.goals) > 0 {
		return goalChip(q.goals[0])
	}
	if q.change != nil && q.change.both {
		return changeVerdict(q.change.all)
	}
	if q.all.N() < few {
		return draw.Chip{Mark: draw.Few, Word: "few answers"}
	}
	return draw.Chip{}
}

func goalChip(c survey.GoalComparison) draw.Chip {
	if c.Reached {
		return draw.Chip{Mark: draw.Good, Word: "goal reached"}
	}
	return draw.Chip{Mark: draw.Bad, Word: "goal missed"}
}

func (p page) servqualCard() draw.Card {
	r := p.servqual
	card := draw.Card{Title: servqualName, Sub: "points between what customers get and expect, of a scale of 1 to 7", Chip: gapChip(r.Unweighted)}
	card.Figures = []draw.Figure{{Value: meanText(r.Unweighted)}}
	card.Facts = []draw.Fact{{Name: "Customers", Value: text.Count(r.Unweighted.N)}, {Name: "Probably", Value: meanBetween(r.Unweighted), Below: true}}
	if r.Weighted.N > 0 {
		card.Facts = append(card.Facts, draw.Fact{Name: "By importance", Value: meanText(r.Weighted)})
	}
	return card
}
