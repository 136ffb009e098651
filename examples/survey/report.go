package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// reportAnswers writes the results for each question.
func reportAnswers(w io.Writer, questions []*question, changed time.Time) error {
	for i, q := range questions {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := reportQuestion(w, q, changed); err != nil {
			return err
		}
	}
	return nil
}

func reportQuestion(w io.Writer, q *question, changed time.Time) error {
	all, err := q.collect(func(survey.Response) bool { return true })
	if err != nil {
		return err
	}
	heading(w, q.definition.String())
	if q.definition == survey.EmployeeNet() {
		return reportTeams(w, all)
	}
	index, err := all.Index()
	if err != nil {
		fmt.Fprintf(w, "  no answers that count (left out: %s)\n", reasons(all.Answers().LeftOut()))
		return nil
	}
	if err := reportIndex(w, index); err != nil {
		return err
	}
	reportSources(w, all)
	if !changed.IsZero() {
		if err := reportChange(w, q, changed); err != nil {
			return err
		}
	}
	return reportGroups(w, q, all)
}

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

func reportSources(w io.Writer, r *survey.Responses) {
	fmt.Fprintln(w, "  by source:")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range r.Sources() {
		source := string(s.Source)
		if source == "" {
			source = "(not given)"
		}
		fmt.Fprintf(t, "    %s\t%d answers\t%v\n", source, s.Answers.N(), s.Rate)
	}
	t.Flush()
}

// reportChange compares the answers before a day with those from that day on.
func reportChange(w io.Writer, q *question, day time.Time) error {
	before, err := q.collect(func(r survey.Response) bool { return !r.At.IsZero() && r.At.Before(day) })
	if err != nil {
		return err
	}
	after, err := q.collect(func(r survey.Response) bool { return !r.At.Before(day) })
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
func reportGroups(w io.Writer, q *question, r *survey.Responses) error {
	var groups []survey.Group
	for _, g := range r.Groups() {
		if g.Name != "" && g.Answers.N() > 0 {
			groups = append(groups, g)
		}
	}
	if len(groups) < 2 {
		return nil
	}
	comparisons, err := survey.CompareGroups(q.definition, groups...)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "  groups:")
	for _, g := range groups {
		x, err := survey.Measure(q.definition, g.Answers)
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

// reportTeams writes what employees answered, without teams that are so small that
// their members could be recognised.
func reportTeams(w io.Writer, r *survey.Responses) error {
	const minimum = 5
	teams, err := survey.MeasureGroups(r.Question().Definition, minimum, r.Groups()...)
	if err != nil {
		fmt.Fprintf(w, "  no answers that count (left out: %s)\n", reasons(r.Answers().LeftOut()))
		return nil
	}
	for _, team := range teams {
		if team.Suppressed {
			fmt.Fprintf(w, "    %s: not shown, to protect teams of fewer than %d\n", team.Name, minimum)
			continue
		}
		team.Index.Definition.Name = team.Name
		fmt.Fprintf(w, "    %v\n", team.Index)
	}
	return nil
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

// reportNotes writes how the figures were computed, and by whose definitions.
func reportNotes(w io.Writer, questions []*question, withServqual bool) {
	heading(w, "Notes")
	fmt.Fprintln(w, "  \"95 % a to b\" is a confidence interval: roughly, the range of the figure if all customers had been")
	fmt.Fprintln(w, "  asked. It is Wilson's for shares, adjusted Wald for NPS and eNPS, and Student's t for means.")
	fmt.Fprintln(w, "  n is the number of answers; for a response rate, of people asked.")
	for _, q := range questions {
		d := q.definition
		fmt.Fprintf(w, "  %v: %s. Source: %s.\n", d, describe(d), d.Source)
	}
	if withServqual {
		fmt.Fprintf(w, "  %s: mean gap over respondents, answers 1–7, form of 1991; importance is each respondent's own, of 100 points; n is respondents.\n", servqualName)
		fmt.Fprintln(w, "  Source: Parasuraman, Zeithaml & Berry (1988, 1991), Journal of Retailing 64:12 and 67:420.")
	}
}
