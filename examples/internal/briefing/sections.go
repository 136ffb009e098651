package briefing

import (
	"slices"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
)

// How much a page shows at most, so that it stays a page.
const (
	mostChannels = 20
	mostPeople   = 100
	mostSame     = 100 // of what did not change
)

// shownFirst is how many rows of a list are seen before the rest is unfolded.
const shownFirst = 5

func (p *Briefing) waitingSection() draw.Section {
	columns := []draw.Column{
		{Name: "Conversation"}, {Name: "Channel", Left: true}, {Name: "With", Left: true, Minor: true},
		{Name: "Wrote", Left: true}, {Name: "Answer was due", Left: true, Minor: true}, {Name: "Waits for"},
	}
	var rows []draw.Cells
	for _, w := range p.Waiting.Longest.List() {
		due := draw.Cell{Text: text.NoData}
		if !w.Due.IsZero() {
			due.Text = p.dateTime(w.Due)
			if !w.Overdue {
				due.Note = "to come"
			}
		}
		rows = append(rows, draw.Cells{
			p.linked(w.Conversation), {Text: draw.ChannelName(w.Channel)}, {Text: Who(w.Agent, w.Team)},
			{Text: p.dateTime(w.Since)}, due, {Text: text.Duration(w.Age), Strong: true},
		})
	}
	box := draw.Box{Parts: foldedList("Customers who wait, the longest first", "Nobody waits for an answer.", columns, rows, p.Waiting.N)}
	if p.Waiting.N > 0 {
		box.Parts = append(box.Parts, links(p.more(Behind{Kind: Waiters}, "All "+text.Count(p.Waiting.N)+" as a list", "All "+text.Count(p.Waiting.N)+" as a list of who waits"))...)
	}
	return draw.Section{
		ID: "waiting", Nav: "Waiting", Title: "Who is waiting",
		Intro: "Customers who wrote and have no answer of a person yet, the longest first.", Parts: []draw.Part{box},
	}
}

// foldedList shows the first rows of a list, and folds the rest of those that are named.
func foldedList(caption, empty string, columns []draw.Column, rows []draw.Cells, all int64) []draw.Part {
	first := draw.Table{Caption: caption, Empty: empty, Columns: columns, Groups: []draw.Group{{Rows: rows[:min(shownFirst, len(rows))]}}}
	parts := []draw.Part{first}
	if len(rows) > shownFirst {
		rest := first
		rest.Caption += ", continued"
		rest.Hidden = true
		rest.Groups = []draw.Group{{Rows: rows[shownFirst:]}}
		parts = append(parts, draw.Fold{Summary: text.Count(int64(len(rows)-shownFirst)) + " more", Printed: true, Parts: []draw.Part{rest}})
	}
	if left := all - int64(len(rows)); left > 0 {
		parts = append(parts, draw.Key("And "+text.Count(left)+" more, which are not listed."))
	}
	return parts
}

func (p *Briefing) changedSection() draw.Section {
	changed, same := p.Comparison.Changes()
	box := draw.Box{}
	if len(changed) > 0 {
		box.Parts = append(box.Parts, p.changeTable("What changed", changed))
	} else if p.Comparison.before.Figures.Conversations == 0 {
		box.Parts = append(box.Parts, draw.Prose("Nobody wrote "+p.Comparison.Earlier().In+", so that there is nothing to compare with."))
	} else {
		box.Parts = append(box.Parts, draw.Prose("Nothing changed by more than what chance alone does. That is not the same as unchanged: the table below says how large a change may be."))
	}
	if len(same) > 0 {
		box.Parts = append(box.Parts, draw.Fold{
			Summary: text.Count(int64(len(same))) + " that cannot be told from chance, or have too few values",
			Parts:   []draw.Part{p.changeTable("What cannot be told from chance", same[:min(mostSame, len(same))])},
		})
	}
	return draw.Section{
		ID: "changed", Nav: "Changes", Title: "What changed", Note: 1,
		Intro: "Only what changed by more than chance. " + text.Counted(int64(p.Comparison.Questions()), "question") + " were asked together.",
		Parts: []draw.Part{box},
	}
}

func (p *Briefing) changeTable(caption string, changes []Change) draw.Table {
	t := draw.Table{Caption: caption, Columns: []draw.Column{
		{Name: "What"}, {Name: "Where", Left: true, Minor: true}, {Name: "Before"}, {Name: "Now"},
		{Name: "Change", Minor: true}, {Name: "Probably between", Minor: true}, {Name: "Verdict", Left: true},
	}}
	var rows []draw.Cells
	for _, c := range changes {
		where := groupName(c.Key)
		if c.Key == "" {
			where = "all channels"
		}
		moved := text.NoData
		if c.Change.Level > 0 {
			moved = draw.ChangeOf(c.Metric, c.Change.Estimate)
		}
		rows = append(rows, draw.Cells{
			{Text: clean(p.Name(c.Metric)), Narrow: where}, {Text: where},
			{Text: draw.ValueOf(c.Before), Note: n(c.Before.N)}, {Text: draw.ValueOf(c.After), Strong: true, Note: n(c.After.N)},
			{Text: moved}, {Text: draw.BetweenOf(c.Difference), Soft: true}, {Chip: draw.VerdictOf(c.Difference)},
		})
	}
	t.Groups = []draw.Group{{Rows: rows}}
	return t
}

func (p *Briefing) waitsSection() draw.Section {
	s := draw.Section{
		ID: "times", Nav: "Times", Title: "How long customers waited",
		Intro: "Customers who first wrote " + draw.NamesOf(p.Comparison.After).In + ", in percent, by how long they waited for a person, closed hours counted. The hatched bar has no answer yet, or was closed without one.",
	}
	if len(p.Brief.Waits) == 0 {
		s.Parts = []draw.Part{draw.Box{Parts: []draw.Part{draw.Prose("Nobody wrote " + draw.NamesOf(p.Comparison.After).In + ".")}}}
		return s
	}
	var charts draw.Charts
	numbers := draw.Table{
		Caption: "Customers by how long they waited for a person", Shown: true,
		Columns: []draw.Column{{Name: "Channel"}, {Name: "Customers"}},
	}
	for i := range len(waitBounds) + 1 {
		numbers.Columns = append(numbers.Columns, draw.Column{Name: draw.ClassName(waitBounds, i)})
	}
	numbers.Columns = append(numbers.Columns, draw.Column{Name: "no answer"})
	var rows []draw.Cells
	for i := range p.Brief.Waits {
		w := &p.Brief.Waits[i]
		if i < charted && w.N() > 0 {
			sub := text.Counted(w.N(), "customer") + " = 100 %"
			if w.Other > 0 {
				sub += "; " + text.Count(w.Other) + " more were answered automatically"
			}
			charts = append(charts, draw.Histogram{
				ID: "waits-" + text.Count(int64(i)), Title: draw.ChannelName(w.Channel), Sub: sub, Bounds: waitBounds, Counts: w.Counts, None: w.None,
			})
		}
		if i == mostChannels {
			break
		}
		row := draw.Cells{{Text: draw.ChannelName(w.Channel)}, {Text: text.Count(w.N())}}
		for _, count := range append(slices.Clone(w.Counts), w.None) {
			row = append(row, draw.Cell{Text: text.Count(count)})
		}
		rows = append(rows, row)
	}
	numbers.Groups = []draw.Group{{Rows: rows}}
	s.Parts = []draw.Part{charts, draw.Fold{Summary: "The same in numbers", Framed: true, Parts: []draw.Part{numbers}}}
	if len(p.Brief.Waits) > charted {
		s.Parts = append(s.Parts, draw.Key("Charts are of the 3 channels with the most customers; the numbers have "+
			text.Count(int64(min(mostChannels, len(p.Brief.Waits))))+" of "+text.Count(int64(len(p.Brief.Waits)))+"."))
	}
	return s
}

func (p *Briefing) promisesSection() draw.Section {
	before := p.Comparison.Earlier().Short
	s := draw.Section{
		ID: "promises", Title: "Promises", Note: 2,
		Intro: "What was promised to customers who wrote " + draw.NamesOf(p.Comparison.After).In + ", each promise and channel by itself. The upright mark is the goal, the thin line where the share probably lies.",
	}
	t := draw.Table{
		Caption: "Promises by channel, with the share that was kept, the goal and the verdict", By: "Promise",
		Columns: []draw.Column{
			{Name: "Channel"}, {Name: "Within", Left: true, Minor: true}, {Name: "Kept", Left: true, Minor: true}, {Name: "Share"},
			{Name: "Probably", Left: true, Minor: true}, {Name: "Goal", Minor: true}, {Name: "Verdict", Left: true}, {Name: "Late", Minor: true}, {Name: before, Minor: true},
		},
		Empty: "Nothing was promised to anybody who wrote " + draw.NamesOf(p.Comparison.After).In + ".",
	}
	shown := p.Comparison.channels()
	shown = shown[:min(mostChannels, len(shown))]
	for i := range p.Brief.Promises {
		m := &p.Brief.Promises[i]
		if !slices.Contains(shown, m.Channel) {
			continue
		}
		name := clean(m.Target.String())
		if last := len(t.Groups) - 1; last < 0 || t.Groups[last].Name != name {
			t.Groups = append(t.Groups, draw.Group{Name: name})
		}
		g := &t.Groups[len(t.Groups)-1]
		g.Rows = append(g.Rows, p.promiseRow(m))
	}
	box := draw.Box{Parts: []draw.Part{t}}
	for _, name := range p.Brief.NotMeasured {
		box.Parts = append(box.Parts, draw.Key("Not measured: “"+clean(name)+"”. The events hold nothing that would fulfil it, so that nobody can know."))
	}
	if late := p.late(); late != nil {
		box.Parts = append(box.Parts, late)
	}
	s.Parts = []draw.Part{box}
	return s
}

func (p *Briefing) promiseRow(m *Promised) draw.Cells {
	t := m.Target
	kept := m.Tally.Compliance()
	share, goal := draw.Kept(t, kept), text.NoData
	chip, bar := draw.Chip{Mark: draw.None, Word: "no goal"}, &draw.Bar{Mark: draw.Flat}
	bar.Share, _ = kept.Float64()
	if g, ok := t.Goal.Float64(); ok {
		goal, bar.Goal = draw.Goal(t), g
	}
	probably := text.NoData
	if interval, ok := m.Tally.Interval(Level); ok {
		bar.Low, bar.High = interval.Low, interval.High
		probably = text.Range(text.Percent(interval.Low, 0), text.Percent(interval.High, 0))
	}
	verdict := draw.Cell{}
	switch attained, ok := t.Attained(m.Tally); {
	case kept.Whole == 0:
		chip, bar = draw.Chip{Mark: draw.None, Word: "no cases"}, nil
	case ok && attained:
		chip, bar.Mark = draw.Chip{Mark: draw.Good, Word: "met"}, draw.Good
	case ok:
		chip, bar.Mark = draw.Chip{Mark: draw.Bad, Word: "missed"}, draw.Bad
	}
	verdict.Chip = chip
	if kept.Whole > 0 && draw.MayBeChance(t, m.Tally) {
		verdict.After = "may be chance"
	}
	was := draw.Cell{Text: draw.ValueOf(m.Change.Before)}
	switch m.Change.Conclusion {
	case stat.Better:
		was.Chip = draw.Chip{Mark: draw.Good, Word: "better"}
	case stat.Worse:
		was.Chip = draw.Chip{Mark: draw.Bad, Word: "worse"}
	}
	channel := draw.ChannelName(m.Channel)
	late := draw.Cell{Text: text.Count(m.Tally.Breached), Note: "of " + text.Count(kept.Whole)}
	if p.behind != nil && m.Tally.Breached > 0 {
		late.Link = p.behind(Behind{Kind: Broken, Promise: p.place(t), Channel: &m.Channel})
		late.Said = late.Text + " broken: " + clean(t.String()) + ", " + channel
	}
	return draw.Cells{
		{Text: channel, Narrow: draw.Within(t)}, {Text: draw.Within(t)}, {Bar: bar}, {Text: share, Strong: true, Narrow: "goal " + goal},
		{Text: probably, Soft: true}, {Text: goal}, verdict, late, was,
	}
}

// place returns the place of a target in the policy, from 1.
func (p *Briefing) place(t *standards.Target) int {
	for i := range p.Policy.Targets {
		if t == &p.Policy.Targets[i] {
			return i + 1
		}
	}
	return 0
}

// late lists the worst breaches of promises to customers in the period.
func (p *Briefing) late() draw.Part {
	var worst []standards.Finding
	var all int64
	for i := range p.Brief.Promises {
		if m := &p.Brief.Promises[i]; m.Target.Agreement == "" {
			worst, all = append(worst, m.Breaches[:min(mostNamed, len(m.Breaches))]...), all+m.Tally.Breached
		}
	}
	if all == 0 {
		return nil
	}
	worst = latestFirst(worst)[:min(mostNamed, len(worst))]
	t := draw.Table{Caption: "Promises that were broken, the latest first", Columns: []draw.Column{
		{Name: "Conversation"}, {Name: "Promise", Left: true}, {Name: "Channel", Left: true, Minor: true}, {Name: "With", Left: true, Minor: true},
		{Name: "Wrote", Left: true}, {Name: "Was due", Left: true, Minor: true}, {Name: "Late by"},
	}}
	var rows []draw.Cells
	for _, f := range worst {
		by := text.Duration(-f.Margin)
		if f.Margin >= 0 {
			by = text.NoData
		}
		due := text.NoData
		if !f.Due.IsZero() {
			due = p.dateTime(f.Due)
		}
		rows = append(rows, draw.Cells{
			p.linked(f.Conversation), {Text: clean(f.Target.String()), Narrow: draw.ChannelName(f.Channel)}, {Text: draw.ChannelName(f.Channel)}, {Text: Who(f.Owner, f.Team)},
			{Text: p.dateTime(f.Start)}, {Text: due}, {Text: by, Strong: true},
		})
	}
	t.Groups = []draw.Group{{Rows: rows}}
	summary := "All " + text.Counted(all, "broken promise")
	if int64(len(rows)) < all {
		summary = text.Count(int64(len(rows))) + " of " + text.Counted(all, "broken promise") + ", the latest of the worst first"
	}
	return draw.Fold{Summary: summary, Parts: append([]draw.Part{t}, links(p.more(Behind{Kind: Broken}, "All "+text.Count(all)+" as a list", "All "+text.Count(all)+" as a list of broken promises"))...)}
}

func (p *Briefing) hoursSection() draw.Section {
	h := &p.Brief.Hours
	heat := draw.HeatMap{Caption: "New conversations by hour and weekday", Unit: "an hour"}
	busiest, any := 0, false
	for i := range h.Counts {
		day, hour := i/24, i%24
		heat.Counts[day][hour], heat.Rates[day][hour], heat.Closed[day][hour] = h.Counts[i], h.Rates[i], h.Closed[i]
		any = any || h.Counts[i] > 0
		if h.Rates[i] > h.Rates[busiest] {
			busiest = i
		}
	}
	s := draw.Section{ID: "hours", Nav: "Hours", Title: "When customers write"}
	if !any {
		s.Parts = []draw.Part{draw.Box{Parts: []draw.Part{draw.Prose("Nobody has written yet.")}}}
		return s
	}
	at := metrics.HourOfWeek(busiest)
	since := h.Since.In(p.Zone)
	form := "2 January"
	if since.Year() != p.AsOf.In(p.Zone).Year() {
		form += " 2006"
	}
	s.Intro = "New conversations by hour and weekday, " + since.Format(form) + " to " + p.AsOf.In(p.Zone).Format("2 January 2006") +
		". Busiest: " + at.Weekday().String() + "s from " + text.Count(int64(at.Hour())) + " to " + text.Count(int64(at.Hour()+1)) + " o’clock."
	if h.Outside.Whole > 0 {
		s.Intro += " Hatched: mostly closed; " + text.Share(h.Outside.Part, h.Outside.Whole, 0) + " of all came then."
	}
	s.Parts = []draw.Part{draw.Box{Parts: []draw.Part{heat}}}
	return s
}

func (p *Briefing) openSection() draw.Section {
	b := &p.Brief.Backlog
	start := p.Comparison.Spans.After.Start.In(p.Zone)
	most := max(slices.Max(b.Now), slices.Max(b.Then), 1)
	ages := draw.Table{Caption: "Open conversations by age, and how many there were before", Columns: []draw.Column{
		{Name: "Open for"}, {Name: "Bar", Left: true}, {Name: "Now"}, {Name: "On " + draw.Date(start)},
	}}
	var rows []draw.Cells
	for i, count := range b.Now {
		rows = append(rows, draw.Cells{
			{Text: draw.ClassName(ageBounds, i)},
			{Size: &draw.Size{Now: float64(count) / float64(most), Before: float64(b.Then[i]) / float64(most), Tone: draw.Stock}},
			{Text: text.Count(count), Strong: true}, {Text: text.Count(b.Then[i])},
		})
	}
	ages.Groups = []draw.Group{{Rows: rows}}
	oldest := p.exhibits(p.Brief.Oldest.List(), "The conversations that have been open for longest", "Nothing is open.", "Open since", func(e metrics.Exhibit) draw.Cell {
		return draw.Cell{Text: text.Duration(e.Elapsed), Strong: true}
	}, "For")
	oldest = append(oldest, links(p.more(Behind{Kind: Oldest}, "All "+text.Count(p.Brief.Oldest.Count())+" as a list", "All "+text.Count(p.Brief.Oldest.Count())+" as a list of what is open"))...)
	return draw.Section{
		ID: "open", Nav: "Open", Title: "Open, and how old it is",
		Intro: "Thin bars: how it was on " + start.Format("2 January") + ".",
		Parts: []draw.Part{draw.Row{{Title: "By age", Parts: []draw.Part{ages}}, {Title: "Oldest", Parts: oldest}}},
	}
}

// exhibits lists conversations behind a figure.
func (p *Briefing) exhibits(list []metrics.Exhibit, caption, empty, when string, figure func(metrics.Exhibit) draw.Cell, name string) []draw.Part {
	columns := []draw.Column{{Name: "Conversation"}, {Name: name}, {Name: "Channel", Left: true}, {Name: "With", Left: true, Minor: true}, {Name: when, Left: true}}
	columns[1].Left = true
	var rows []draw.Cells
	for _, e := range list {
		rows = append(rows, draw.Cells{
			p.linked(e.Conversation), figure(e), {Text: draw.ChannelName(e.Channel)}, {Text: Who(e.Agent, e.Team)}, {Text: p.dateTime(e.Start)},
		})
	}
	return foldedList(caption, empty, columns, rows, int64(len(rows)))
}

// unsatisfied are the ratings of fewer than 4 stars that are named.
func (p *Briefing) unsatisfied() []metrics.Exhibit {
	return slices.DeleteFunc(p.Brief.Low.List(), func(e metrics.Exhibit) bool { return e.Number >= 4 })
}

func (p *Briefing) satisfactionSection() draw.Section {
	r := &p.Brief.Ratings
	now, before := r.Now.Counts(), r.Before.Counts()
	names := [2]string{draw.NamesOf(p.Comparison.After).Short, p.Comparison.Earlier().Short}
	most := 0.0
	share := func(count int64, d rating.Distribution) float64 {
		if d.N() == 0 {
			return 0
		}
		return float64(count) / float64(d.N())
	}
	for i := range now {
		most = max(most, share(now[i], r.Now), share(before[i], r.Before))
	}
	stars := draw.Table{Caption: "Ratings by stars, now and before", Columns: []draw.Column{
		{Name: "Stars"}, {Name: "Bar", Left: true}, {Name: names[0]}, {Name: names[1]},
	}}
	var rows []draw.Cells
	for i := len(now) - 1; i >= 0; i-- {
		size := &draw.Size{Tone: draw.Star}
		if most > 0 {
			size.Now, size.Before = share(now[i], r.Now)/most, share(before[i], r.Before)/most
		}
		rows = append(rows, draw.Cells{
			{Stars: i + 1}, {Size: size},
			{Text: text.Share(now[i], r.Now.N(), 0), Strong: true, Note: text.Count(now[i])}, {Text: text.Share(before[i], r.Before.N(), 0), Note: text.Count(before[i])},
		})
	}
	stars.Groups = []draw.Group{{Rows: rows}}
	left := draw.Box{Title: "Stars", Parts: []draw.Part{stars}}
	// Advice to leave things as they are would be wrong if anything else is not well.
	_, missed := p.goals()
	if tier, ok := r.Now.Tier(p.few()); ok && (tier < rating.High || missed == 0 && p.Waiting.Overdue == 0) {
		left.Parts = append(left.Parts, draw.Advice{Lead: tier.String() + ".", Text: tier.Meaning() + " " + tier.Advice()})
	} else if ok {
		first := "Goals that were missed come first."
		if p.Waiting.Overdue > 0 {
			first = "Those who wait past their promise come first."
		}
		left.Parts = append(left.Parts, draw.Advice{Lead: tier.String() + ".", Text: tier.Meaning() + " " + first})
	}
	low := p.exhibits(p.unsatisfied(), "Ratings of 1 to 3 stars, the lowest and latest first", "None.", "Rated", func(e metrics.Exhibit) draw.Cell {
		return draw.Cell{Stars: int(e.Number)}
	}, "Stars")
	low = append(low, links(p.more(Behind{Kind: Low}, "All as a list", "All as a list of low ratings"))...)
	s := draw.Section{
		ID: "satisfaction", Title: "Satisfaction", Note: 3,
		Intro: "Satisfied customers gave 4 or 5 of 5 stars. Thin bars: " + names[1] + ".",
		Parts: []draw.Part{draw.Row{left, {Title: "Not satisfied", Parts: low}}},
	}
	if q := p.Brief.Requests; q.Response.Whole > 0 {
		s.Intro += " Of " + text.Counted(q.Response.Whole, "request") + " for a rating " + text.Share(q.Response.Part, q.Response.Whole, 0) + " had an answer."
	}
	return s
}

func (p *Briefing) peopleSection() draw.Section {
	s := draw.Section{
		ID: "people", Title: "People", Note: 4,
		Intro: "In the order of their names: this is not a ranking. Each stands beside what the colleagues would have had with the same mix of channels, because e-mail is slower than chat for everybody.",
	}
	t := draw.Table{
		Caption: "People: first answers and satisfaction, beside colleagues at the same mix of channels", Empty: "Nobody has answered yet.",
		Columns: []draw.Column{{Name: "Name"}, {Name: "Conversations", Minor: true}},
	}
	channels := p.Comparison.channels()
	channels = channels[:min(charted, len(channels))]
	for _, c := range channels {
		t.Columns = append(t.Columns, draw.Column{Name: draw.ChannelName(c), Over: "First answer, median", Minor: true})
	}
	for _, over := range []string{"First answers in time", "Satisfied customers"} {
		t.Columns = append(t.Columns, draw.Column{Name: "Own", Over: over}, draw.Column{Name: "Others", Over: over, Minor: true}, draw.Column{Name: "Verdict", Over: over, Left: true})
	}
	var rows []draw.Cells
	for _, a := range p.Comparison.People {
		if a.Agent == "" {
			continue
		}
		row := draw.Cells{{Text: clean(string(a.Agent))}, {Text: text.Count(a.Conversations)}}
		for _, channel := range channels {
			cell := draw.Cell{Text: text.NoData}
			for _, c := range a.Channels {
				if c.Channel == channel && c.N > 0 {
					cell = draw.Cell{Text: text.Duration(c.Median), After: p.nFew(c.N)}
				}
			}
			row = append(row, cell)
		}
		for _, d := range []compare.Difference{a.InTime, a.CSAT} {
			chip := draw.Verdict(d.Conclusion)
			switch chip.Word {
			case "no clear change":
				chip.Word = "unclear"
			case "too few to tell":
				chip.Word = "too few"
			}
			row = append(row, draw.Cell{Text: draw.ValueOf(d.After), Strong: true, After: p.nFew(d.After.N)}, draw.Cell{Text: draw.ValueOf(d.Before)}, draw.Cell{Chip: chip})
		}
		rows = append(rows, row)
	}
	t.Groups = []draw.Group{{Rows: rows[:min(mostPeople, len(rows))]}}
	box := draw.Box{Parts: []draw.Part{t}}
	if more := len(rows) - mostPeople; more > 0 {
		box.Parts = append(box.Parts, draw.Key("And "+text.Count(int64(more))+" more, which are not listed."))
	}
	s.Parts = []draw.Part{box}
	return s
}

func (p *Briefing) automationSection() draw.Section {
	v, a := &p.Brief.Volume, &p.Brief.Assistants
	s := draw.Section{ID: "automation", Nav: "Automation", Title: "Automatic replies"}
	s.Intro = "Acknowledgements and other automatic replies end no wait, and are no answer."
	if a.Involved() > 0 {
		s.Intro += " An assistant is an AI agent that answers the question: what it answers is counted apart from what people do."
	}
	all := v.Replies + v.Assistant + v.Automated
	facts := draw.Facts{{Value: text.Share(v.Automated, all, 0), Note: text.Count(v.Automated) + " beside " + text.Count(v.Replies) + " of people", What: "of all replies were automatic"}}
	if a.Involved() == 0 {
		s.Parts = []draw.Part{facts, draw.Key("No assistant replied to anybody.")}
		return s
	}
	resolved := a.Resolution()
	s.Parts = []draw.Part{append(facts,
		draw.BigFact{Value: text.Share(v.Assistant, all, 0), Note: text.Count(v.Assistant) + " of " + text.Count(all), What: "of all replies were those of an assistant"},
		draw.BigFact{Value: text.Share(a.Involved(), a.Cases, 0), Note: text.Count(a.Involved()) + " of " + text.Counted(a.Cases, "case"), What: "of the cases had an assistant"},
		draw.BigFact{Value: text.Share(a.Alone(), resolved.Whole, 0), Note: text.Count(a.Alone()) + " of " + text.Count(resolved.Whole), What: "of those that are over, it solved alone"},
		draw.BigFact{Value: text.Share(a.WithPerson, resolved.Whole, 0), Note: text.Count(a.WithPerson) + " of " + text.Count(resolved.Whole), What: "of those that are over came to a person"},
		draw.BigFact{Value: text.Share(a.Unresolved, resolved.Whole, 0), Note: text.Count(a.Unresolved) + " of " + text.Count(resolved.Whole), What: "of those that are over left the customer without a solution"},
	), draw.Key(text.Count(a.Open) + " open, " + text.Count(a.Pending) + " solved too recently to tell whether the customer comes back.")}
	return s
}

func (p *Briefing) notesSection() draw.Section {
	figures := p.Figures
	notes := draw.Notes{
		{Term: "First answer", Text: "From a customer’s first message to the first reply of a person, nights and weekends included. It belongs to the period in which it came."},
		{Term: "Median", Text: "Half of the customers waited less, half of them longer."},
		{Term: "Promise", Text: "It belongs to the period in which the customer wrote. What is overdue counts as late, answered or not."},
		{Term: "Probably", Text: "With so few cases, chance moves a share. In 19 of 20 such ranges the true value lies."},
		{Term: "No clear change", Text: "Chance alone often does as much. It does not mean that nothing changed."},
	}
	if p.InHours() {
		notes[0].Text = "From a customer’s first message to the first reply of a person, in hours of service. It belongs to the period in which it came."
	}
	add := func(is bool, term, words string) {
		if is {
			notes = append(notes, draw.Note{Term: term, Text: words})
		}
	}
	add(p.Duplicates > 0, "Left out", text.Counted(int64(p.Duplicates), "event")+" that came twice, or was replaced or retracted later.")
	add(p.Rejected > 0, "Not read", text.Counted(int64(p.Rejected), "line")+" of the input could not be read, and is in no figure.")
	add(figures.ClosedUnanswered > 0, "Closed without an answer", text.Counted(figures.ClosedUnanswered, "wait")+" of all time ended so: they are in no median, and broken promises unless they were closed in time.")
	add(figures.Elapsed.Abandoned.Count() > 0, "Given up", text.Counted(figures.Elapsed.Abandoned.Count(), "wait")+" of all time ended because the customer gave up.")
	add(figures.Moved > 0, "Moved", text.Counted(figures.Moved, "wait")+" of all time went on in another conversation after a merger, from their own start.")
	add(p.NoReplies, "No replies", "The events hold no reply at all, so that nobody can know who was answered, or how fast.")
	add(figures.Volume.RatingRequested == 0 && figures.Ratings.N() > 0, "Response rate", "The events do not say who was asked for a rating, so that nobody can know how many did not answer.")
	questions := text.Count(int64(p.Comparison.Questions()))
	methods := draw.Methods{
		"Each side has what was known at its own end. All " + questions + " questions of the page are one family: the chance that any verdict of a change is wrong is at most 5 % (Holm 1979). “Probably between” is the interval at the level at which that was decided; for medians by Price and Bonett (2002), for shares by Miettinen and Nurminen (1985).",
		"Whether a goal was met is exact, by counts. “May be chance” says that the 95 % interval (Wilson 1927) holds the goal. Shares are rounded to whole percent, with more places where rounding would hide on which side of its goal one is.",
		"95 % interval by Wilson (1927). The tier is that of the mean to the nearest half star, from " + text.Count(p.few()) + " ratings on.",
		"Indirectly standardised over channels (Breslow and Day 1987), all people as one family of questions (Holm 1979). Who is credited is who replied.",
		"Limits of single values and moving ranges (Shewhart 1931; Wheeler 1993), for shares p′ (Laney 2002).",
	}
	return draw.Section{ID: "about", Nav: "Notes", Title: "About these numbers", Parts: []draw.Part{
		draw.Box{Parts: []draw.Part{notes}}, draw.Box{Title: "Methods", Parts: []draw.Part{methods}},
	}}
}
