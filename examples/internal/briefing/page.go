package briefing

import (
	"slices"
	"strconv"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Page puts the briefing on a page: what must be done first, then what proves it.
func (p *Briefing) Page() draw.Page {
	out := draw.Page{Title: "Service quality", Foot: p.Sources() + " This page needs nothing from the network and runs no script."}
	if p.Own {
		out.Desk = clean(p.Policy.Name)
	}
	if p.Comparison == nil {
		out.About = []string{"There are no events to report on."}
		return out
	}
	c := p.Comparison
	now, then := draw.NamesOf(c.After), c.Earlier()
	out.Title += ": " + now.Title
	against := then.Title
	if c.Spans.Partial {
		out.Title += " so far"
		against += " up to the same point (" + c.Spans.Before.End.In(p.Zone).Format("2 January, 15:04") + ")"
	}
	out.About = []string{"Compared with " + against + ". As known on " + p.AsOf.In(p.Zone).Format("Monday, 2 January 2006, 15:04") + "; times of " + p.Zone.String() + "."}
	out.Short = p.Short()
	out.Cards = p.cards()
	out.Sections = []draw.Section{p.waitingSection()}
	if p.Now != nil {
		now := p.Now.Sections()
		out.Above, out.Sections = now[:1], now[1:]
	}
	out.Sections = append(out.Sections,
		p.changedSection(), p.courseSection(), p.waitsSection(), p.promisesSection(),
		p.hoursSection(), p.openSection(), p.satisfactionSection(), p.peopleSection(), p.automationSection(), p.notesSection(),
	)
	return out
}

// Sources says what the briefing is made from.
func (p *Briefing) Sources() string {
	words := text.Counted(int64(p.Events), "event")
	if p.Duplicates > 0 {
		words += ", " + text.Counted(int64(p.Duplicates), "repeated, replaced or retracted event") + " left out"
	}
	if p.Rejected > 0 {
		words += ", " + text.Counted(int64(p.Rejected), "malformed line") + " left out"
	}
	if p.NoReplies {
		return words + ". There are no replies in this input, so it does not tell who was answered, or how fast."
	}
	return words + "."
}

// linked is a cell with the name of a conversation.
func (p *Briefing) linked(id metrics.ConversationID) draw.Cell {
	return draw.Cell{Text: clean(string(id)), Link: p.linkTo(id)}
}

func (p *Briefing) linkTo(id metrics.ConversationID) string { return p.Link.To(string(id)) }

// more is a link to the conversations behind a figure, if there is one.
func (p *Briefing) more(b Behind, words, said string) draw.Link {
	if p.behind == nil {
		return draw.Link{}
	}
	return draw.Link{Text: words, Address: p.behind(b), Said: said}
}

// links are parts with the link, if there is one.
func links(l draw.Link) []draw.Part {
	if l.Address == "" {
		return nil
	}
	return []draw.Part{draw.Links{l}}
}

// Who names an agent, or a team if there is none.
func Who(agent metrics.AgentID, team metrics.TeamID) string {
	switch {
	case agent != "":
		return clean(string(agent))
	case team != "":
		return clean(string(team))
	}
	return "nobody yet"
}

func (p *Briefing) dateTime(t time.Time) string { return draw.DateTime(t.In(p.Zone)) }

func n(count int64) string { return "n " + text.Count(count) }

// few returns how many values make a verdict; fewer are marked.
func (p *Briefing) few() int64 {
	if p.Min > 0 {
		return p.Min
	}
	return 20 // as [compare.Family] has it
}

func (p *Briefing) nFew(count int64) string {
	if count < p.few() {
		return n(count) + ", few"
	}
	return n(count)
}

// cards are the key figures.
func (p *Briefing) cards() []draw.Card {
	if p.Now != nil {
		return []draw.Card{p.answerCard(), p.promiseCard(), p.satisfactionCard(), p.openCard()}
	}
	return []draw.Card{p.answerCard(), p.waitingCard(), p.promiseCard(), p.satisfactionCard(), p.openCard()}
}

// firstResponse is the metric of a first response, in hours of service if there are any.
func (p *Briefing) firstResponse() compare.Metric {
	if p.InHours() {
		return compare.FirstResponse.InHours()
	}
	return compare.FirstResponse
}

// charted is how many channels are drawn, and have values of their own on a card.
const charted = 3

func (p *Briefing) answerCard() draw.Card {
	card := draw.Card{Title: "First answer", Sub: "median, by channel"}
	if p.InHours() {
		card.Sub += ", in office hours"
	}
	channels, changed := p.Comparison.channels(), false
	before := p.Comparison.Earlier().Short
	for i, channel := range channels {
		d := p.Comparison.difference(channel, p.firstResponse())
		if i == charted {
			card.Sub += "; " + text.Count(int64(len(channels)-charted)) + " more below"
			break
		}
		f := draw.Figure{Name: draw.ChannelName(channel), Value: draw.ValueOf(d.After), Chip: draw.VerdictOf(d)}
		if len(channels) == 1 {
			card.Chip, f.Chip, f.Name = f.Chip, draw.Chip{}, ""
			card.Sub = "median, " + n(d.After.N)
		}
		if d.Conclusion.Changed() {
			changed = true
		} else if f.Name != "" {
			f.Chip = draw.Chip{}
		}
		card.Figures = append(card.Figures, f)
		card.Facts = append(card.Facts, draw.Fact{Name: before + " " + draw.ByChannel(channel), Value: draw.ValueOf(d.Before)})
	}
	switch {
	case len(channels) == 0:
		card.Figures, card.Chip = []draw.Figure{{Value: text.NoData}}, draw.Verdict(stat.NoData)
	case len(channels) > 1 && !changed:
		card.Chip = draw.Verdict(stat.NotDistinguishable)
	}
	card.More = p.more(Behind{Kind: Slow}, "Slowest answers", "")
	return card
}

func (p *Briefing) waitingCard() draw.Card {
	w := &p.Waiting
	card := draw.Card{Title: "Waiting now", Sub: "without an answer", Figures: []draw.Figure{{Value: text.Count(w.N)}}}
	card.Chip = draw.Chip{Mark: draw.Good, Word: "none past the promise"}
	if w.Overdue > 0 {
		card.Chip = draw.Chip{Mark: draw.Alert, Word: text.Count(w.Overdue) + " past the promise"}
	}
	if list := w.Longest.List(); len(list) > 0 {
		card.Facts = []draw.Fact{
			{Name: "Longest", Value: text.Duration(list[0].Age)},
			{Name: "Since", Value: list[0].Since.In(p.Zone).Format("2 January")},
			{Name: "Which", Value: clean(string(list[0].Conversation)), Link: p.linkTo(list[0].Conversation)},
		}
	}
	if p.Comparison != nil {
		then := p.Comparison.Spans.Before.End.Add(-1)
		card.Facts = append(card.Facts, draw.Fact{Name: "On " + then.In(p.Zone).Format("2 January"), Value: text.Count(p.Brief.WaitingBefore)})
	}
	if w.N > 0 {
		card.More = p.more(Behind{Kind: Waiters}, "All who wait", "")
	}
	return card
}

func (p *Briefing) promiseCard() draw.Card {
	goals, missed := p.goals()
	card := draw.Card{Title: "Promises at their goal", Sub: "each judged by itself"}
	if goals == 0 {
		card.Figures, card.Sub = []draw.Figure{{Value: text.NoData}}, "none that has a goal was due"
		return card
	}
	card.Figures = []draw.Figure{{Value: strconv.Itoa(goals - missed), Small: "of " + strconv.Itoa(goals)}}
	card.Chip = draw.Chip{Mark: draw.Good, Word: "all goals met"}
	if missed > 0 {
		card.Chip = draw.Chip{Mark: draw.Bad, Word: text.Count(int64(missed)) + " missed"}
	}
	// Those that are the furthest below their goal, or the least above it.
	var judged []*Promised
	for i := range p.Brief.Promises {
		if _, ok := p.Brief.Promises[i].attained(); ok {
			judged = append(judged, &p.Brief.Promises[i])
		}
	}
	slices.SortStableFunc(judged, func(a, b *Promised) int {
		switch x, y := a.room(), b.room(); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	for _, j := range judged[:min(2, len(judged))] {
		card.Facts = append(card.Facts, draw.Fact{
			Name: clean(j.Target.String()) + ", " + draw.ChannelWord(j.Channel), Below: true,
			Value: draw.Kept(j.Target, j.Tally.Compliance()) + ", goal " + draw.Goal(j.Target),
		})
	}
	card.More = p.more(Behind{Kind: Broken}, "Broken promises", "")
	return card
}

// room is by how much a share is above its goal.
func (p *Promised) room() float64 {
	share, _ := p.Tally.Compliance().Float64()
	goal, _ := p.Target.Goal.Float64()
	return share - goal
}

func (p *Briefing) satisfactionCard() draw.Card {
	r := &p.Brief.Ratings
	d := p.Comparison.differenceOfAll(compare.CSAT)
	card := draw.Card{Title: "Satisfied customers", Sub: "of " + text.Counted(r.Now.N(), "rating"), Chip: draw.VerdictOf(d)}
	card.Figures = []draw.Figure{{Value: draw.ValueOf(d.After)}}
	if d.After.HasInterval() {
		card.Facts = append(card.Facts, draw.Fact{Name: "Probably", Value: text.Range(text.Percent(d.After.Interval.Low, 0), text.Percent(d.After.Interval.High, 0))})
	}
	if mean, ok := r.Now.Mean(1); ok {
		card.Facts = append(card.Facts, draw.Fact{Name: "Mean", Value: mean.StringFixed(1) + " of 5 stars"})
	}
	if tier, ok := r.Now.Tier(p.few()); ok {
		card.Facts = append(card.Facts, draw.Fact{Name: "Tier", Value: tier.String()})
	}
	card.Facts = append(card.Facts, draw.Fact{Name: p.Comparison.Earlier().Short, Value: draw.ValueOf(d.Before)})
	card.More = p.more(Behind{Kind: Low}, "Low ratings", "")
	return card
}

func (p *Briefing) openCard() draw.Card {
	f := &p.Brief.Flow
	open := f.Closing()
	change := "±0"
	if open != f.Opening {
		change = text.Signed(text.Count(open - f.Opening))
	}
	card := draw.Card{Title: "Open conversations", Sub: text.Count(f.Opening) + " at the start", Figures: []draw.Figure{{Value: text.Count(open), Small: change}}}
	card.Chip = draw.Chip{Word: text.Count(f.Inflow()) + " in, " + text.Count(f.Outflow()) + " out"}
	if open > 0 {
		card.Facts = append(card.Facts, draw.Fact{Name: "Oldest", Value: text.Duration(p.Brief.Backlog.Age)})
	}
	now := p.Brief.Backlog.Now
	for _, i := range []int{0, len(now) - 2, len(now) - 1} {
		card.Facts = append(card.Facts, draw.Fact{Name: draw.ClassName(ageBounds, i), Value: text.Count(now[i])})
	}
	card.More = p.more(Behind{Kind: Oldest}, "Oldest first", "Open conversations, oldest first")
	return card
}

// differenceOfAll returns what became of a metric of all together.
func (c *Comparison) differenceOfAll(m compare.Metric) compare.Difference {
	for _, d := range c.Whole {
		if d.Metric == m {
			return d
		}
	}
	return compare.Difference{Metric: m}
}
