package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// writeText prints the results for a terminal.
func (n *results) writeText(w io.Writer) error {
	var out bytes.Buffer // so that nothing is printed if there is an error further down
	if err := reportAnswers(&out, n.questions, n.settings); err != nil {
		return err
	}
	if n.servqual != nil {
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
		reportServqual(&out, n.servqual)
	}
	n.writeNotes(&out)
	_, err := out.WriteTo(w)
	return err
}

// reportAnswers writes the results for each question.
func reportAnswers(w io.Writer, results []*result, s settings) error {
	for i, r := range results {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := reportQuestion(w, r, s); err != nil {
			return err
		}
	}
	return nil
}

func reportQuestion(w io.Writer, r *result, s settings) error {
	heading(w, r.Definition.String())
	if !r.answered() {
		fmt.Fprintf(w, "  no answers that count (left out: %s)\n", reasons(r.left))
		return nil
	}
	if isSecret(r.Definition) {
		if err := reportTeams(w, r); err != nil {
			return err
		}
		reportGoals(w, r.goals)
		return reportRates(w, r)
	}
	if err := reportIndex(w, r.all); err != nil {
		return err
	}
	reportGoals(w, r.goals)
	if err := reportRates(w, r); err != nil {
		return err
	}
	if r.course != nil {
		if err := reportPeriods(w, r.course, s); err != nil {
			return err
		}
	}
	if r.change != nil {
		if err := reportChange(w, r.change, s.changed); err != nil {
			return err
		}
	}
	if err := reportGroups(w, r.groups); err != nil {
		return err
	}
	reportComments(w, r)
	return nil
}

func heading(w io.Writer, text string) {
	fmt.Fprintf(w, "%s\n%s\n", text, strings.Repeat("=", len([]rune(text))))
}

// width is how many columns a line has, if its words allow it.
const width = 100

// fill writes parts, separated, in as many lines as it takes; all but the first are
// indented further.
func fill(w io.Writer, indent, separator string, parts []string) {
	line := indent + parts[0]
	for _, part := range parts[1:] {
		if longer := line + separator + part; utf8.RuneCountInString(longer) <= width {
			line = longer
			continue
		}
		fmt.Fprintln(w, line)
		line = indent + "  " + part
	}
	fmt.Fprintln(w, line)
}

// wrap writes a text in lines, and no percent sign without its number.
func wrap(w io.Writer, indent, text string) {
	var words []string
	for _, word := range strings.Split(text, " ") {
		if strings.HasPrefix(word, "%") && len(words) > 0 {
			words[len(words)-1] += " " + word
		} else {
			words = append(words, word)
		}
	}
	fill(w, indent, " ", words)
}

// reportIndex writes an index, its distribution, and what was left out.
func reportIndex(w io.Writer, x survey.Index) error {
	all, err := line("all answers", x)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "  %s\n", all)
	scale, counts := x.Answers.Scale(), x.Answers.Counts()
	var parts []string
	for i, share := range text.Shares(1, counts...) {
		part := fmt.Sprintf("%d: %d", scale.Min+i*scale.Step, counts[i])
		if counts[i] > 0 {
			part += " (" + share + ")"
		}
		parts = append(parts, part)
	}
	parts[0] = "how many gave each answer: " + parts[0]
	fill(w, "  ", "  ", parts)
	if left := x.Answers.LeftOut(); !left.IsZero() {
		wrap(w, "  ", "left out: "+reasons(left))
	}
	return nil
}

// line returns an index under another name, which can be printed, without what was left out.
func line(name string, x survey.Index) (string, error) {
	answers, err := survey.AnswersOf(x.Answers.Scale(), x.Answers.Counts())
	x.Definition.Name, x.Answers = name, answers
	return said(x), err
}

// levels are the levels of confidence before the ends of an interval.
var levels = regexp.MustCompile(`([(,] ?)[0-9.]+ % ([−+]?[0-9.]+ to )`)

// said returns a figure as text. In the place of the level of an interval is the word
// that the notes explain.
func said(figure fmt.Stringer) string {
	return levels.ReplaceAllString(figure.String(), "${1}probably $2")
}

// reasons returns what was left out, in words.
func reasons(l survey.LeftOut) string {
	var parts []string
	for _, r := range []struct {
		reason survey.Reason
		words  string
	}{
		{survey.Unanswered, "without an answer"}, {survey.NotApplicable, "to whom it does not apply"}, {survey.Unreadable, "that cannot be read"},
		{survey.OffScale, "not on the scale"}, {survey.Repeated, "delivered twice"}, {survey.Superseded, "with a later answer of the same person"},
		{survey.TooFewItems, "with too few items"}, {survey.BadPoints, "whose points are not 100"}, {survey.Excluded, "left out on purpose"},
	} {
		if n := l.Count(r.reason); n > 0 {
			parts = append(parts, text.Count(n)+" "+r.words)
		}
	}
	return strings.Join(parts, ", ")
}

// describe returns in words what a definition computes.
func describe(d survey.Definition) string {
	switch d.Statistic {
	case survey.PositiveShare:
		return fmt.Sprintf("share of answers %v of %v", d.Positive, d.Scale)
	case survey.NetShare:
		return fmt.Sprintf("share of answers %v minus share of answers %v, of %v, times 100", d.Positive, d.Negative, d.Scale)
	case survey.NormalisedMean:
		return fmt.Sprintf("where the mean lies on %v, from 0 to 100", d.Scale)
	}
	return fmt.Sprintf("mean answer on %v", d.Scale)
}

// reportRates writes how many of those who were asked answered. If nobody knows who was
// asked, there is no rate.
func reportRates(w io.Writer, r *result) error {
	if r.rates == nil {
		return nil
	}
	fmt.Fprintf(w, "  %d answered: %v\n", r.rates.all.Responded, said(r.rates.all.Rate))
	if isSecret(r.Definition) {
		return nil
	}
	var sources, groups [][]any
	for _, s := range r.rates.sources {
		sources = append(sources, []any{cmp.Or(plain.Name(string(s.Source)), "(not given)"), s.Answers.N(), said(s.Rate)})
	}
	for _, g := range inOrder(r.rates.groups) {
		groups = append(groups, []any{plain.Name(g.Name), g.Answers.N(), said(g.Rate)})
	}
	if err := rateTable(w, "where they were asked", sources); err != nil {
		return err
	}
	return rateTable(w, "group", groups)
}

func rateTable(w io.Writer, by string, rows [][]any) error {
	if len(rows) < 2 {
		return nil
	}
	fmt.Fprintf(w, "  by %s:\n", by)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(t, "    %s\t%d answers\t%v\n", row...)
	}
	return t.Flush()
}

// reportComments writes what those wrote who gave a bad answer, and whom to call back.
func reportComments(w io.Writer, r *result) {
	list := r.callBacks
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "  what those wrote who answered %v:\n", r.bad)
	for _, a := range list[:min(len(list), listed)] {
		fmt.Fprintf(w, "    %d, line %d%s: %s\n", a.Value, a.Line, by(a), plain.Line(a.Comment))
	}
	if more := len(list) - listed; more > 0 {
		fmt.Fprintf(w, "    … and %d more\n", more)
	}
}

// by returns whom to call back, if the file says so.
func by(a surveyfile.Answer) string {
	var parts string
	if a.Respondent != "" {
		parts = ", " + plain.Name(a.Respondent)
	}
	if a.About != "" {
		parts += ", about " + plain.Name(a.About)
	}
	return parts
}

// reportServqual writes the gaps by dimension and overall.
func reportServqual(w io.Writer, r *servqual.Result) {
	heading(w, servqualName)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  dimension\texpected\tperceived\timportance\tgap, perceived − expected")
	for _, d := range r.Dimensions {
		fmt.Fprintf(t, "  %v\t%.2f\t%.2f\t%.1f\t%v\n", d.Dimension, d.Expected.Interval.Estimate, d.Perceived.Interval.Estimate,
			d.Importance.Interval.Estimate, said(d.Gap))
	}
	fmt.Fprintf(t, "  all, unweighted\t\t%.2f\t\t%v\n", r.Servperf.Interval.Estimate, said(r.Unweighted))
	if r.Weighted.N > 0 {
		fmt.Fprintf(t, "  all, by importance\t\t%.2f\t100.0\t%v\n", r.WeightedServperf.Interval.Estimate, said(r.Weighted))
	}
	t.Flush()
	if !r.LeftOut.IsZero() {
		wrap(w, "  ", "left out: "+reasons(r.LeftOut))
	}
}

const servqualName = "SERVQUAL"

// listed is how many problems, or comments, are shown.
const listed = 10

// writeNotes writes what could not be read, how the files were read, how the figures were
// computed, and by whose definitions.
func (n *results) writeNotes(w io.Writer) {
	if len(n.problems) > 0 {
		fmt.Fprintln(w)
		heading(w, "What could not be read")
		for _, text := range n.problems[:min(len(n.problems), listed)] {
			fmt.Fprintf(w, "  %s\n", text)
		}
		if more := len(n.problems) - listed; more > 0 {
			fmt.Fprintf(w, "  … and %d more\n", more)
		}
	}
	fmt.Fprintln(w)
	heading(w, "Notes")
	for _, text := range n.reading {
		wrap(w, "  ", text)
	}
	wrap(w, "  ", "Probably a to b: roughly, where the figure would be if all customers had been asked. Of twenty such ranges, nineteen hold what they are about; of changes that are judged together, more.")
	wrap(w, "  ", "n is the number of answers; for a response rate, of people asked. Not distinguishable means that chance alone would often do as much, which is not the same as unchanged.")
	if n.settings.staff > 0 {
		wrap(w, "  ", fmt.Sprintf("\"of %d\" is how many employees there are. The interval is of these people: the more of them answer, the narrower, and once all have, without width.", n.settings.staff))
	}
	if n.settings.byPeriod {
		wrap(w, "  ", fmt.Sprintf("A %[1]v stands out if chance alone would rarely move it so far. With fewer than about ten %[1]vs, what is usual is a rough guess.", n.settings.period))
	}
	for _, q := range n.questions {
		d := q.Definition
		text := fmt.Sprintf("%v: %s.", d, describe(d))
		if n.settings.explain && d.Source != "" {
			text += fmt.Sprintf(" Origin: %s.", d.Source)
		}
		wrap(w, "  ", text)
	}
	if n.servqual != nil {
		wrap(w, "  ", servqualName+": mean gap over respondents, answers 1–7, form of 1991; importance is each respondent's own, of 100 points; n is respondents.")
	}
	if n.settings.explain {
		n.writeMethods(w)
	}
}

// writeMethods writes by which methods the figures were found.
func (n *results) writeMethods(w io.Writer) {
	fmt.Fprintln(w)
	heading(w, "Methods")
	for _, text := range []string{
		"Ranges are confidence intervals of " + text.Level(survey.Level) + ": of shares Wilson's (1927), of NPS and eNPS adjusted Wald (Rocks 2016), of means Student's t (1908).",
		"Changes of shares are judged by their score (Miettinen and Nurminen 1985), of NPS by adjusted Wald (Rocks 2016), of means by Welch's t (1947). Of several changes together each is judged so strictly that the chance of any wrong verdict is at most " + text.Percent(1-survey.Level, 0) + " (Holm 1979).",
		"The same people before and after are judged in pairs: by how many changed to either side (McNemar 1947; Tango 1998), or by the order of their changes (Wilcoxon 1945).",
		"Ranks draw groups with few answers towards the whole (of shares Kleinman 1973, of means and NPS Paule and Mandel 1982).",
	} {
		wrap(w, "  ", text)
	}
	if n.settings.byPeriod {
		wrap(w, "  ", "A trend is that of Mann (1945) and Kendall (1975), its slope that of Theil (1950) and Sen (1968). What is usual are the limits of a control chart (Shewhart 1931; of shares, Laney 2002).")
	}
	if n.servqual != nil {
		wrap(w, "  ", servqualName+": Parasuraman, Zeithaml & Berry (1988, 1991), Journal of Retailing 64:12 and 67:420.")
	}
}
