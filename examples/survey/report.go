package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// reportAnswers writes the results for each question.
func reportAnswers(w io.Writer, file *surveyfile.File, s settings) error {
	if err := s.check(file); err != nil {
		return err
	}
	for i, q := range file.Questions {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := reportQuestion(w, q, s); err != nil {
			return err
		}
	}
	return nil
}

// check returns an error if the flags speak of questions that the file does not have.
func (s settings) check(file *surveyfile.File) error {
	var names []string
	staff := false
	for _, q := range file.Questions {
		names = append(names, q.ID)
		staff = staff || isAskedOfStaff(q.Definition)
	}
	for _, g := range s.goals {
		if !slices.ContainsFunc(file.Questions, g.isFor) {
			return fmt.Errorf("-goal %v: no such question; the file has %s", g, strings.Join(names, ", "))
		}
	}
	if s.staff > 0 && !staff {
		return fmt.Errorf("-staff %d: the file has no question to staff, enps or favourable", s.staff)
	}
	return nil
}

func reportQuestion(w io.Writer, q *surveyfile.Question, s settings) error {
	all, err := responses(q, every)
	if err != nil {
		return err
	}
	heading(w, q.Definition.String())
	index, err := all.Index()
	if err != nil {
		fmt.Fprintf(w, "  no answers that count (left out: %s)\n", reasons(all.Answers().LeftOut()))
		return nil
	}
	if s.staff > 0 && isAskedOfStaff(q.Definition) {
		if index.N() > s.staff {
			return fmt.Errorf("-staff %d: but %d people answered %v", s.staff, index.N(), q.Definition)
		}
		if index, err = index.OfPopulation(s.staff); err != nil {
			return err
		}
	}
	if isSecret(q.Definition) {
		shown, err := reportTeams(w, all, index)
		if err != nil {
			return err
		}
		if shown {
			if err := reportGoals(w, q, index, s.goals); err != nil {
				return err
			}
		}
		return reportRates(w, q, s.invited)
	}
	if err := reportIndex(w, index); err != nil {
		return err
	}
	if err := reportGoals(w, q, index, s.goals); err != nil {
		return err
	}
	if err := reportRates(w, q, s.invited); err != nil {
		return err
	}
	if s.byPeriod {
		if err := reportPeriods(w, q, s); err != nil {
			return err
		}
	}
	if !s.changed.IsZero() {
		if err := reportChange(w, q, s.changed); err != nil {
			return err
		}
	}
	if err := reportGroups(w, q.Definition, all); err != nil {
		return err
	}
	return reportComments(w, q)
}

// isSecret reports whether those who were asked must not be recognised by what they
// answered, as employees.
func isSecret(d survey.Definition) bool { return d.Source == survey.EmployeeNet().Source }

// isAskedOfStaff reports whether employees are asked, of whom there is a known number.
func isAskedOfStaff(d survey.Definition) bool {
	return isSecret(d) || d.Source == survey.Favourable().Source
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
		fmt.Fprintf(w, "  left out: %s\n", reasons(left))
	}
	return nil
}

// line returns an index under another name, without what was left out.
func line(name string, x survey.Index) (string, error) {
	answers, err := survey.AnswersOf(x.Answers.Scale(), x.Answers.Counts())
	x.Definition.Name, x.Answers = name, answers
	return x.String(), err
}

// reasons returns what was left out, in words.
func reasons(l survey.LeftOut) string { return strings.ReplaceAll(l.String(), "_", " ") }

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
func reportRates(w io.Writer, q *surveyfile.Question, invited int64) error {
	r, ok, err := ratesOf(q, invited)
	if err != nil || !ok {
		return err
	}
	fmt.Fprintf(w, "  %d answered: %v\n", r.all.Responded, r.all.Rate)
	if isSecret(q.Definition) {
		return nil
	}
	var sources, groups [][]any
	for _, s := range r.sources {
		sources = append(sources, []any{cmp.Or(string(s.Source), "(not given)"), s.Answers.N(), s.Rate})
	}
	for _, g := range inOrder(r.groups) {
		groups = append(groups, []any{g.Name, g.Answers.N(), g.Rate})
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

// reportComments writes what those wrote who gave a bad answer that counts, and whom to
// call back, the worst first and the latest of equal ones.
func reportComments(w io.Writer, q *surveyfile.Question) error {
	bad := q.Definition.Negative
	if bad.Empty() {
		bad = q.Definition.Scale.Bottom(q.Definition.Scale.Points() / 2)
	}
	list, err := q.CallBacks(bad)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(a surveyfile.Answer) bool { return a.Comment == "" })
	if len(list) == 0 {
		return nil
	}
	fmt.Fprintf(w, "  what those wrote who answered %v:\n", bad)
	for _, a := range list[:min(len(list), listed)] {
		fmt.Fprintf(w, "    %d, line %d%s: %s\n", a.Value, a.Line, by(a), a.Comment)
	}
	if more := len(list) - listed; more > 0 {
		fmt.Fprintf(w, "    … and %d more\n", more)
	}
	return nil
}

// by returns whom to call back, if the file says so.
func by(a surveyfile.Answer) string {
	var parts string
	if a.Respondent != "" {
		parts = ", " + a.Respondent
	}
	if a.About != "" {
		parts += ", about " + a.About
	}
	return parts
}

// reportServqual writes the gaps by dimension and overall.
func reportServqual(w io.Writer, sheets []servqual.Respondent) error {
	r, err := servqual.Study{}.Measure(sheets)
	if err != nil {
		return err
	}
	heading(w, servqualName)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  dimension\texpected\tperceived\timportance\tgap, perceived − expected")
	for _, d := range r.Dimensions {
		fmt.Fprintf(t, "  %v\t%.2f\t%.2f\t%.1f\t%v\n", d.Dimension, d.Expected.Interval.Estimate, d.Perceived.Interval.Estimate,
			d.Importance.Interval.Estimate, d.Gap)
	}
	fmt.Fprintf(t, "  all, unweighted\t\t%.2f\t\t%v\n", r.Servperf.Interval.Estimate, r.Unweighted)
	if r.Weighted.N > 0 {
		fmt.Fprintf(t, "  all, by importance\t\t%.2f\t100.0\t%v\n", r.WeightedServperf.Interval.Estimate, r.Weighted)
	}
	t.Flush()
	fmt.Fprintf(w, "  left out: %s\n", reasons(r.LeftOut))
	return nil
}

const servqualName = "SERVQUAL"

// notes are what stands below the results.
type notes struct {
	settings  settings
	questions []*surveyfile.Question
	servqual  bool
	reading   []string
	problems  []string
}

// add adds how a file was read, and what could not be read of it.
func (n *notes) add(name string, reading []string, problems []surveyfile.Problem) {
	for _, text := range reading {
		n.reading = append(n.reading, name+": "+text)
	}
	for _, p := range problems {
		n.problems = append(n.problems, name+", "+p.String())
	}
}

// listed is how many problems, or comments, are shown.
const listed = 10

// write writes what could not be read, how the files were read, how the figures were
// computed, and by whose definitions.
func (n *notes) write(w io.Writer) {
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
	fmt.Fprintln(w, "  \"95 % a to b\" is a confidence interval: roughly, the range of the figure if all customers had been")
	fmt.Fprintln(w, "  asked. It is Wilson's for shares, adjusted Wald for NPS and eNPS, and Student's t for means.")
	fmt.Fprintln(w, "  n is the number of answers; for a response rate, of people asked.")
	if n.settings.staff > 0 {
		wrap(w, "  ", fmt.Sprintf("\"of %d\" is how many employees there are. The interval is of these people: the more of them answer, the narrower, and once all have, without width.", n.settings.staff))
	}
	if n.settings.byPeriod {
		wrap(w, "  ", fmt.Sprintf("A %[1]v stands out if chance alone would rarely move it so far. With fewer than about ten %[1]vs, what is usual is a rough guess.", n.settings.period))
	}
	for _, q := range n.questions {
		d := q.Definition
		text := fmt.Sprintf("%v: %s.", d, describe(d))
		if d.Source != "" {
			text += fmt.Sprintf(" Origin: %s.", d.Source)
		}
		wrap(w, "  ", text)
	}
	if n.servqual {
		wrap(w, "  ", servqualName+": mean gap over respondents, answers 1–7, form of 1991; importance is each respondent's own, of 100 points; n is respondents.")
		fmt.Fprintln(w, "  Origin: Parasuraman, Zeithaml & Berry (1988, 1991), Journal of Retailing 64:12 and 67:420.")
	}
}
