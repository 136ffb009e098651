package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
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
	paragraph(out, "What a training changed: the %s from %s on, against the %s before",
		text.Counted(int64(r.days), "day"), change.Format("Monday 2 January 2006"), text.Counted(int64(r.days), "day"))
	fmt.Fprintln(out)
	r.writeGroups(out)
	for _, f := range r.findings {
		f.write(out)
	}
	r.writeSummary(out)
	r.writeEvidence(out)
	if r.explain {
		r.writeMethods(out)
	}
	return out.Flush()
}

func (r *report) writeGroups(out io.Writer) {
	for _, g := range []group{trained, others} {
		f := r.figures[g]
		labelled(out, groupNames[g], "%s; %s before, %d after", names(r.agents[g]), text.Counted(f[0].Figures.Conversations, "conversation"), f[1].Figures.Conversations)
	}
	if f := r.figures[nobody]; f[0].Figures.Conversations+f[1].Figures.Conversations > 0 {
		labelled(out, groupNames[nobody], "%s before and %d after are in neither group", text.Counted(f[0].Figures.Conversations, "conversation"), f[1].Figures.Conversations)
	}
	if h := r.heard; h.asked {
		unplaced := ""
		if h.unplaced > 0 {
			unplaced = fmt.Sprintf("; %d more have no time, or are about none of them", h.unplaced)
		}
		labelled(out, "survey", "%s about their conversations%s", text.Counted(int64(h.ratings), "answer"), unplaced)
	}
	if r.asked == 0 {
		fmt.Fprint(out, "\nThere is not enough on either side for a verdict.\n")
		return
	}
	fmt.Fprintln(out)
	paragraph(out, "Each side is shown as it was known at its end. A change is called better or worse only if chance alone would hardly make it: over all %s together, any such verdict is wrong at most %s times in a hundred. Not distinguishable is what chance alone would often do; it is not the same as unchanged. The change is probably between the two figures beside it.",
		text.Counted(int64(r.asked), "question"), strconv.FormatFloat(100*(1-r.level), 'g', 3, 64))
	fmt.Fprintln(out)
	paragraph(out, "Trained and others are compared with themselves before; same mix is the trained as if they had had as many conversations on each channel after as before; beyond is by how much more the trained changed than the others.")
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
			labelled(out, "  "+line.label, "%s", told(line.d))
		}
	}
	fmt.Fprintln(out, plain.Wrap(f.words(), plain.Columns, "  ", "  "))
}

// told is a difference without the name of its index, and with a word in place of the level
// of its interval.
func told(d compare.Difference) string {
	line := strings.TrimPrefix(d.String(), d.Metric.String())
	line = strings.TrimPrefix(line, " at the same mix")
	line = strings.Replace(line, ", "+text.Level(d.Change.Level)+" ", ", probably ", 1)
	return strings.TrimLeft(line, ": ")
}

// labelled writes a label, and a line beside it.
func labelled(w io.Writer, label, format string, a ...any) {
	width := len("trained  ")
	if strings.HasPrefix(label, " ") {
		width += len("  ")
	}
	fmt.Fprintln(w, plain.Wrap(fmt.Sprintf(format, a...), plain.Columns, fmt.Sprintf("%-*s", width, label), strings.Repeat(" ", width)))
}

func paragraph(w io.Writer, format string, a ...any) {
	fmt.Fprintln(w, plain.Wrap(fmt.Sprintf(format, a...), plain.Columns, "", ""))
}

// writeMethods writes by which methods the changes were judged.
func (r *report) writeMethods(w io.Writer) {
	fmt.Fprint(w, "\nMethods\n")
	for _, line := range []string{
		"Shares: by their score (Miettinen and Nurminen 1985). Medians: by their standard errors (Price and Bonett 2002).",
		"Same mix: the shares and medians of each channel, with the weights of both sides together (direct standardisation). Beyond: the change of the trained less that of the others, a difference in differences.",
		"All verdicts together: each is so strict that the chance of any wrong one is at most " + text.Level(1-r.level) + " (Holm 1979). So the level of the range of a change is above " + text.Level(r.level) + ": the one at which its verdict was reached.",
	} {
		fmt.Fprintln(w, plain.Wrap(line, plain.Columns, "  ", "    "))
	}
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
			fmt.Fprintln(out, plain.Wrap(strings.Join(line.names, ", "), plain.Columns, fmt.Sprintf("  %-33s", line.label), strings.Repeat(" ", 35)))
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
			row := fmt.Sprintf("    %-8s %-6s %-10s ", plain.Name(string(c.Conversation)), plain.Name(string(c.Agent)), plain.Name(string(c.Channel)))
			fmt.Fprintln(out, plain.Wrap(k.cell(c), plain.Columns, row, strings.Repeat(" ", 31)))
		}
	}
}

// took says how long a wait was and when it began.
func (r *report) took(c metrics.Exhibit) string {
	return compare.Value{Metric: compare.FirstResponse, Value: c.Elapsed.Seconds()}.String() + ", from " + r.instant(c.Start)
}

// rated says how a conversation was rated and when, and what the customer wrote.
func (r *report) rated(c metrics.Exhibit) string {
	line := stars(c.Number) + ", " + r.instant(c.Start)
	if comment := plain.Line(r.heard.comments[c.Conversation]); comment != "" {
		line += ", “" + comment + "”"
	}
	return line
}

func (r *report) instant(t time.Time) string { return t.In(r.zone).Format("Mon 2 Jan 15:04") }

func stars(n int64) string { return strings.Repeat("★", int(n)) + strings.Repeat("☆", 5-int(n)) }

func names(agents []metrics.AgentID) string {
	if len(agents) == 0 {
		return "nobody"
	}
	all := make([]string, len(agents))
	for i, a := range agents {
		all[i] = plain.Name(string(a))
	}
	return strings.Join(all, ", ")
}
