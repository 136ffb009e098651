package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// listed is how many conversations of a kind are named.
const listed = 5

func (r *report) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	change := r.spans.After.Start.In(r.zone)
	fmt.Fprintf(out, "What a training changed: the %s from %s on, against the %s before\n\n",
		text.Counted(int64(r.days), "day"), change.Format("Monday 2 January 2006"), text.Counted(int64(r.days), "day"))
	r.writeGroups(out)
	for _, f := range r.findings {
		f.write(out)
	}
	r.writeSummary(out)
	r.writeEvidence(out)
	return out.Flush()
}

func (r *report) writeGroups(out io.Writer) {
	for _, g := range []group{trained, others} {
		f := r.figures[g]
		fmt.Fprintf(out, "%-8s %s; %s before, %d after\n", groupNames[g], names(r.agents[g]), text.Counted(f[0].Figures.Conversations, "conversation"), f[1].Figures.Conversations)
	}
	if f := r.figures[nobody]; f[0].Figures.Conversations+f[1].Figures.Conversations > 0 {
		fmt.Fprintf(out, "%-8s %s before and %d after are in neither group\n", groupNames[nobody], text.Counted(f[0].Figures.Conversations, "conversation"), f[1].Figures.Conversations)
	}
	if h := r.heard; h.asked {
		fmt.Fprintf(out, "%-8s %s about their conversations", "survey", text.Counted(int64(h.ratings), "answer"))
		if h.unplaced > 0 {
			fmt.Fprintf(out, "; %d more have no time, or are about none of them", h.unplaced)
		}
		fmt.Fprintln(out)
	}
	if r.asked == 0 {
		fmt.Fprint(out, "\nThere is not enough on either side for a verdict.\n")
		return
	}
	fmt.Fprintf(out, `
Each side is shown as it was known at its end. A change is called better or worse
only if chance alone would hardly make it: over all %s together, any
such verdict is wrong at most %s times in a hundred.
`, text.Counted(int64(r.asked), "question"), strconv.FormatFloat(100*(1-r.level), 'g', 3, 64))
}

var groupNames = [...]string{nobody: "nobody", trained: "trained", others: "others"}

func (f finding) write(out io.Writer) {
	name := f.index.String()
	fmt.Fprintf(out, "\n%s%s\n", strings.ToUpper(name[:1]), name[1:])
	for _, line := range []struct {
		label string
		d     compare.Difference
		shown bool
	}{
		{"trained", f.trained, true}, {"same mix", f.sameMix, f.hasMix}, {"others", f.others, true}, {"beyond", f.beyond, true},
	} {
		if line.shown {
			fmt.Fprintf(out, "  %-9s%s\n", line.label, told(line.d))
		}
	}
	fmt.Fprintf(out, "  %s\n", f.words())
}

// told is a difference without the name of its index.
func told(d compare.Difference) string {
	text := strings.TrimPrefix(d.String(), d.Metric.String())
	text = strings.TrimPrefix(text, " at the same mix")
	return strings.TrimLeft(text, ": ")
}

// words say what the finding means.
func (f finding) words() string {
	switch {
	case f.beyond.Conclusion == stat.Better:
		return "The trained got better, and by more than the others: the training did this, as far as figures can tell."
	case f.beyond.Conclusion == stat.Worse:
		return "The trained fell behind the others."
	case f.beyond.Conclusion != stat.NotDistinguishable:
		return "There is not enough to compare with the others: " + f.beyond.Conclusion.String() + "."
	case f.trained.Conclusion.Changed() && f.others.Conclusion == f.trained.Conclusion:
		return "The trained got " + f.trained.Conclusion.String() + ", and so did the others: something else did this."
	case f.trained.Conclusion.Changed():
		return "The trained got " + f.trained.Conclusion.String() + ", but not so much more than the others that chance is ruled out."
	case f.others.Conclusion.Changed():
		return "Only the others changed for sure."
	}
	return "No change beyond what chance alone often makes."
}

func (r *report) writeSummary(out io.Writer) {
	var beyond, alone, worse, open []string
	for _, f := range r.findings {
		switch name := f.index.String(); {
		case f.beyond.Conclusion == stat.Better:
			beyond = append(beyond, name)
		case f.beyond.Conclusion == stat.Worse, f.trained.Conclusion == stat.Worse:
			worse = append(worse, name)
		case f.trained.Conclusion == stat.Better:
			alone = append(alone, name)
		default:
			open = append(open, name+" ("+f.trained.Conclusion.String()+")")
		}
	}
	fmt.Fprint(out, "\nIn short, the trained are\n")
	for _, line := range []struct {
		label string
		names []string
	}{
		{"better, by more than the others", beyond}, {"better, not clearly by more", alone}, {"worse", worse}, {"no clear change", open},
	} {
		if len(line.names) > 0 {
			fmt.Fprintf(out, "  %-33s%s\n", line.label, strings.Join(line.names, ", "))
		}
	}
	fmt.Fprint(out, `Events do not say how the trained agents were chosen. Unless they were drawn by
lot, the two groups may differ in other ways than the training.
`)
}

func (r *report) writeEvidence(out io.Writer) {
	fmt.Fprintf(out, "\nThe conversations behind it: of the trained, from %s on\n", r.spans.After.Start.In(r.zone).Format("2 January"))
	for _, k := range []struct {
		kind  metrics.ExhibitKind
		title string
		cell  func(metrics.Exhibit) string
	}{
		{metrics.ExhibitFirstResponse, "slowest first responses", r.took},
		{metrics.ExhibitRating, "worst ratings", r.rated},
		{metrics.ExhibitClosedUnanswered, "closed without an answer", r.took},
		{metrics.ExhibitStillWaiting, "still waiting at the end", r.took},
	} {
		cases := r.evidence.Group(trained, k.kind)
		fmt.Fprintf(out, "\n  %s, of %d\n", k.title, cases.Count())
		for _, c := range cases.List() {
			fmt.Fprintf(out, "    %-8s %-6s %-10s %s\n", c.Conversation, c.Agent, c.Channel, k.cell(c))
		}
	}
}

// took says how long a wait was and when it began.
func (r *report) took(c metrics.Exhibit) string {
	return compare.Value{Metric: compare.FirstResponse, Value: c.Elapsed.Seconds()}.String() + ", from " + r.instant(c.Start)
}

// rated says how a conversation was rated and when, and what the customer wrote.
func (r *report) rated(c metrics.Exhibit) string {
	text := stars(c.Number) + ", " + r.instant(c.Start)
	if comment := r.heard.comments[c.Conversation]; comment != "" {
		text += ", “" + comment + "”"
	}
	return text
}

func (r *report) instant(t time.Time) string { return t.In(r.zone).Format("Mon 2 Jan 15:04") }

func stars(n int64) string { return strings.Repeat("★", int(n)) + strings.Repeat("☆", 5-int(n)) }

func names(agents []metrics.AgentID) string {
	if len(agents) == 0 {
		return "nobody"
	}
	all := make([]string, len(agents))
	for i, a := range agents {
		all[i] = string(a)
	}
	return strings.Join(all, ", ")
}
