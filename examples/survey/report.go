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

// reportAnswers writes all that the answers come to.
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
	fmt.Fprintf(w, "%s\n%s\n", q.definition, strings.Repeat("=", len([]rune(q.definition.String()))))
	if q.definition == survey.EmployeeNet() {
		return reportTeams(w, all)
	}
	index, err := all.Index()
	if err != nil {
		fmt.Fprintf(w, "  %v; left out: %v\n", err, all.Answers().LeftOut())
		return nil
	}
	reportIndex(w, index)
	reportSources(w, all)
	if !changed.IsZero() {
		if err := reportChange(w, q, changed); err != nil {
			return err
		}
	}
	return reportGroups(w, q, all)
}

// reportIndex writes an index with all that it carries.
func reportIndex(w io.Writer, x survey.Index) {
	fmt.Fprintf(w, "  %v\n", x)
	fmt.Fprintf(w, "  definition:   %s\n", describe(x.Definition))
	fmt.Fprintf(w, "  source:       %s\n", x.Definition.Source)
	var parts []string
	scale := x.Definition.Scale
	for v := scale.Min; v <= scale.Max; v += scale.Step {
		parts = append(parts, fmt.Sprintf("%d: %d", v, x.Answers.Count(v)))
	}
	fmt.Fprintf(w, "  distribution: %s\n", strings.Join(parts, "  "))
}

// describe says in words what a definition computes.
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

// reportChange compares the answers before a day with those from it on.
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
	fmt.Fprintf(w, "  change on %s:\n    before  %v\n    after   %v\n    %v\n", day.Format(time.DateOnly), b, a, c)
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
		x.Definition.Name = g.Name
		fmt.Fprintf(w, "    %v\n", x)
	}
	for _, c := range comparisons {
		fmt.Fprintf(w, "    %v\n", c)
	}
	return nil
}

// reportTeams writes what employees answered, without the teams that are too small
// to be told apart from their members.
func reportTeams(w io.Writer, r *survey.Responses) error {
	const minimum = 5
	teams, err := survey.MeasureGroups(r.Question().Definition, minimum, r.Groups()...)
	if err != nil {
		fmt.Fprintf(w, "  %v; left out: %v\n", err, r.Answers().LeftOut())
		return nil
	}
	fmt.Fprintf(w, "  definition:   %s\n", describe(r.Question().Definition))
	fmt.Fprintf(w, "  source:       %s\n", r.Question().Definition.Source)
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
	title := fmt.Sprintf("SERVQUAL (form of 1991, answers %v)", r.Study.Scale)
	fmt.Fprintf(w, "%s\n%s\n", title, strings.Repeat("=", len([]rune(title))))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  dimension\texpected\tperceived\tpoints\tgap, perceived − expected")
	for _, d := range r.Dimensions {
		fmt.Fprintf(t, "  %v\t%.2f\t%.2f\t%.1f\t%v\n", d.Dimension, d.Expected.Interval.Estimate, d.Perceived.Interval.Estimate,
			d.Importance.Interval.Estimate, d.Gap)
	}
	fmt.Fprintf(t, "  all, unweighted\t\t%.2f\t\t%v\n", r.Servperf.Interval.Estimate, r.Unweighted)
	if r.Weighted.N > 0 {
		fmt.Fprintf(t, "  all, by importance\t\t%.2f\t100.0\t%v\n", r.WeightedServperf.Interval.Estimate, r.Weighted)
	}
	t.Flush()
	fmt.Fprintf(w, "  definition:   mean gap of respondents, by Student's t; the points are each respondent's own\n")
	fmt.Fprintf(w, "  source:       Parasuraman, Zeithaml & Berry (1988, 1991), Journal of Retailing 64:12 and 67:420\n")
	fmt.Fprintf(w, "  left out:     %v\n", r.LeftOut)
	return nil
}
