package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// reportAnswers writes the results for each question.
func reportAnswers(w io.Writer, file *surveyfile.File, s settings) error {
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
	if isOfStaff(q.Definition) {
		if err := reportTeams(w, all); err != nil {
			return err
		}
		return reportRates(w, q, s.invited)
	}
	if err := reportIndex(w, index); err != nil {
		return err
	}
	if err := reportRates(w, q, s.invited); err != nil {
		return err
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

// isOfStaff reports whether employees were asked, who must not be recognised by what
// they answered.
func isOfStaff(d survey.Definition) bool { return d == survey.EmployeeNet() }

func heading(w io.Writer, text string) {
	fmt.Fprintf(w, "%s\n%s\n", text, strings.Repeat("=", len([]rune(text))))
}

// reportIndex writes an index, its distribution, and what was left out.
func reportIndex(w io.Writer, x survey.Index) error {
	text, err := line("all answers", x)
	if err != nil {
		return err
	}
	var parts []string
	scale := x.Definition.Scale
	for v := scale.Min; v <= scale.Max; v += scale.Step {
		parts = append(parts, fmt.Sprintf("%d: %d", v, x.Answers.Count(v)))
	}
	fmt.Fprintf(w, "  %s\n  how many gave each answer: %s\n", text, strings.Join(parts, "  "))
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
	all, by, ok, err := rates(q, invited)
	if err != nil || !ok {
		return err
	}
	if isOfStaff(q.Definition) {
		by = nil
	}
	fmt.Fprintf(w, "  %d answered: %v\n", all.Responded, all.Rate)
	if len(by) < 2 {
		return nil
	}
	fmt.Fprintln(w, "  by where they were asked:")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range by {
		name := string(s.Source)
		if name == "" {
			name = "(not given)"
		}
		fmt.Fprintf(t, "    %s\t%d answers\t%v\n", name, s.Answers.N(), s.Rate)
	}
	return t.Flush()
}

// reportChange compares the answers before a day with those from that day on.
func reportChange(w io.Writer, q *surveyfile.Question, day time.Time) error {
	before, err := responses(q, func(a surveyfile.Answer) bool { return !a.At.IsZero() && a.At.Before(day) })
	if err != nil {
		return err
	}
	after, err := responses(q, func(a surveyfile.Answer) bool { return !a.At.Before(day) })
	if err != nil {
		return err
	}
	b, errBefore := before.Index()
	a, errAfter := after.Index()
	if errBefore != nil || errAfter != nil {
		fmt.Fprintf(w, "  change on %s: no answers before or none after\n", day.Format(time.DateOnly))
		return nil
	}
	c, err := survey.Compare(b, a)
	if err != nil {
		return err
	}
	first, err := line("before", b)
	if err != nil {
		return err
	}
	second, err := line("after", a)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "  change on %s:\n    %s\n    %s\n    %v\n", day.Format(time.DateOnly), first, second, c)
	return nil
}

// reportGroups compares the groups with each other.
func reportGroups(w io.Writer, d survey.Definition, r *survey.Responses) error {
	var groups []survey.Group
	for _, g := range r.Groups() {
		if g.Name != "" && g.Answers.N() > 0 {
			groups = append(groups, g)
		}
	}
	if len(groups) < 2 {
		return nil
	}
	slices.SortStableFunc(groups, func(a, b survey.Group) int { return natural(a.Name, b.Name) })
	comparisons, err := survey.CompareGroups(d, groups...)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "  groups:")
	for _, g := range groups {
		x, err := survey.Measure(d, g.Answers)
		if err != nil {
			return err
		}
		text, err := line(g.Name, x)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "    %s\n", text)
	}
	for _, c := range comparisons {
		fmt.Fprintf(w, "    %v\n", c)
	}
	return nil
}

// natural compares names, and numbers among them by their size: 2 comes before 10.
func natural(a, b string) int {
	n, errA := strconv.Atoi(a)
	m, errB := strconv.Atoi(b)
	switch {
	case errA == nil && errB == nil:
		return cmp.Compare(n, m)
	case errA == nil:
		return -1
	case errB == nil:
		return 1
	}
	return strings.Compare(a, b)
}

// reportTeams writes what employees answered, without teams that are so small that
// their members could be recognised.
func reportTeams(w io.Writer, r *survey.Responses) error {
	const minimum = 5
	teams, err := survey.MeasureGroups(r.Question().Definition, minimum, r.Groups()...)
	if err != nil {
		return err
	}
	if len(teams) == 2 && teams[0].Name == "" {
		teams = teams[1:] // there are no teams
	}
	for _, team := range teams {
		if team.Name == "" {
			team.Name = "(no team)"
		}
		if team.Suppressed {
			fmt.Fprintf(w, "    %s: not shown, to protect teams of fewer than %d\n", team.Name, minimum)
			continue
		}
		team.Index.Definition.Name = team.Name
		fmt.Fprintf(w, "    %v\n", team.Index)
	}
	return nil
}

// reportComments writes what those wrote who gave a bad answer that counts, the worst
// first.
func reportComments(w io.Writer, q *surveyfile.Question) error {
	bad := q.Definition.Negative
	if bad.Empty() {
		bad = q.Definition.Scale.Bottom(q.Definition.Scale.Points() / 2)
	}
	counted, err := q.Counted()
	if err != nil {
		return err
	}
	comments := slices.DeleteFunc(counted, func(a surveyfile.Answer) bool { return a.Comment == "" || !bad.Has(a.Value) })
	if len(comments) == 0 {
		return nil
	}
	slices.SortStableFunc(comments, func(a, b surveyfile.Answer) int {
		c := cmp.Compare(a.Value, b.Value)
		if q.Definition.Scale.Direction == stat.LowerIsBetter {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a.Line, b.Line))
	})
	fmt.Fprintf(w, "  what those wrote who answered %v:\n", bad)
	for _, a := range comments[:min(len(comments), listed)] {
		fmt.Fprintf(w, "    %d, line %d%s: %s\n", a.Value, a.Line, by(a), a.Comment)
	}
	if more := len(comments) - listed; more > 0 {
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
		fmt.Fprintf(w, "  %s\n", text)
	}
	fmt.Fprintln(w, "  \"95 % a to b\" is a confidence interval: roughly, the range of the figure if all customers had been")
	fmt.Fprintln(w, "  asked. It is Wilson's for shares, adjusted Wald for NPS and eNPS, and Student's t for means.")
	fmt.Fprintln(w, "  n is the number of answers; for a response rate, of people asked.")
	for _, q := range n.questions {
		d := q.Definition
		fmt.Fprintf(w, "  %v: %s.", d, describe(d))
		if d.Source != "" {
			fmt.Fprintf(w, " Origin: %s.", d.Source)
		}
		fmt.Fprintln(w)
	}
	if n.servqual {
		fmt.Fprintf(w, "  %s: mean gap over respondents, answers 1–7, form of 1991; importance is each respondent's own, of 100 points; n is respondents.\n", servqualName)
		fmt.Fprintln(w, "  Origin: Parasuraman, Zeithaml & Berry (1988, 1991), Journal of Retailing 64:12 and 67:420.")
	}
}
