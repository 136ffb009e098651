package briefing

import (
	"strings"
	"unicode/utf8"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Short says what matters most, what is bad first.
func (p *Briefing) Short() (all []draw.Sentence) {
	say := func(mark draw.Mark, lead, words string) {
		all = append(all, draw.Sentence{Mark: mark, Lead: lead, Text: words})
	}
	if w := &p.Waiting; w.N > 0 && p.Now == nil {
		first := w.Longest.List()[0]
		late := text.Count(w.Overdue) + " of them past the promised time"
		switch w.Overdue {
		case 0:
			late = "none past the promised time"
		case w.N:
			late = "all past the promised time"
			if w.N == 1 {
				late = "past the promised time"
			}
		}
		lead, since := text.Count(w.N)+" customers wait for an answer,", "the longest since "
		if w.N == 1 {
			lead, since = "1 customer waits for an answer,", "since "
		}
		say(draw.Alert, lead, since+first.Since.In(p.Zone).Format("2 January")+", "+late+".")
	}
	if p.Comparison == nil {
		return all
	}
	before := "than " + p.Comparison.Earlier().In
	if missed := p.missed(); len(missed) > 0 {
		lead := "Goal missed:"
		if len(missed) > 1 {
			lead = "Goals missed:"
		}
		say(draw.Bad, lead, strings.Join(missed, "; ")+".")
	}
	worse, better := p.changedWords(stat.Worse), p.changedWords(stat.Better)
	if worse != "" {
		say(draw.Bad, "Worse "+before+":", worse+".")
	}
	if better != "" {
		say(draw.Good, "Better "+before+":", better+".")
	}
	if goals, missed := p.goals(); goals > 0 && missed == 0 {
		lead := "All " + text.Count(int64(goals)) + " promises"
		if goals == 1 {
			lead = "The promise"
		}
		say(draw.Good, lead, "reached the goal.")
	}
	changed, _ := p.Comparison.Changes()
	switch {
	case p.Comparison.after.Figures.Conversations == 0:
		say(draw.None, "Nobody wrote", draw.NamesOf(p.Comparison.After).In+".")
	case p.Comparison.before.Figures.Conversations == 0:
		say(draw.None, "Nothing to compare with:", "nobody wrote "+p.Comparison.Earlier().In+", as far as the events tell.")
	case len(changed) == 0:
		say(draw.Same, "No clear change", "from "+strings.TrimPrefix(before, "than in ")+": what differs may be chance.")
	case worse == "":
		say(draw.Same, "Nothing got worse", "by more than chance.")
	}
	return all
}

// goals returns how many promises with a goal were judged, and how many missed it.
func (p *Briefing) goals() (goals, missed int) {
	for i := range p.Brief.Promises {
		switch attained, ok := p.Brief.Promises[i].attained(); {
		case ok && !attained:
			missed++
			fallthrough
		case ok:
			goals++
		}
	}
	return goals, missed
}

// attained reports whether a promise to the customer reached its goal, if it has one and
// was judged.
func (p *Promised) attained() (attained, ok bool) {
	if p.Target.Agreement != "" {
		return false, false
	}
	return p.Target.Attained(p.Tally)
}

// mostSaid is how many things a sentence says.
const mostSaid = 4

// missed says which goals were missed.
func (p *Briefing) missed() (all []string) {
	for i := range p.Brief.Promises {
		m := &p.Brief.Promises[i]
		if attained, ok := m.attained(); !ok || attained {
			continue
		}
		kept := m.Tally.Compliance()
		words := clean(m.Target.String()) + " " + draw.ByChannel(m.Channel) + " within " + draw.Within(m.Target) + " kept in " +
			draw.Kept(m.Target, kept) + " of " + text.Counted(kept.Whole, "case") + "; the goal is " + draw.Goal(m.Target)
		if draw.MayBeChance(m.Target, m.Tally) {
			words += " (may be chance)"
		}
		all = append(all, words)
	}
	if more := len(all) - mostSaid; more > 0 {
		all = append(all[:mostSaid], "and "+text.Count(int64(more))+" more")
	}
	return all
}

// Lower begins a name as within a sentence.
func Lower(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return strings.ToLower(string(first)) + name[size:]
}

// changedWords says what changed one way: of a measure its channels together, and where all
// together changed that way, that alone.
func (p *Briefing) changedWords(way stat.Conclusion) string {
	changed, _ := p.Comparison.Changes()
	whole := make(map[string]bool)
	for _, c := range changed {
		if c.Key == "" && c.Conclusion == way {
			whole[p.Name(c.Metric)] = true
		}
	}
	var order []string
	said := make(map[string][]string)
	for _, c := range changed {
		name := p.Name(c.Metric)
		if c.Conclusion != way || c.Key != "" && whole[name] {
			continue
		}
		if said[name] == nil {
			order = append(order, name)
		}
		values := draw.ValueOf(c.Before) + " → " + draw.ValueOf(c.After)
		if c.Key != "" {
			values = draw.ChannelWord(metrics.Channel(c.Key)) + " " + values
		}
		said[name] = append(said[name], values)
	}
	var parts []string
	for _, name := range order {
		short := strings.TrimSuffix(name, ", median")
		if promise, ok := strings.CutPrefix(short, "Promise kept: "); ok {
			short = "promise “" + promise + "” kept"
		} else {
			short = Lower(short)
		}
		parts = append(parts, short+" ("+strings.Join(said[name], ", ")+")")
	}
	if more := len(parts) - mostSaid; more > 0 {
		parts = append(parts[:mostSaid], "and "+text.Count(int64(more))+" more")
	}
	return strings.Join(parts, "; ")
}
