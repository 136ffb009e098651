package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/survey"
)

// reportGroups writes the index of each group, and which differ: of two, the one from the
// other, and of more, each from all others together, in the order of a ranking in which
// few answers count for little.
func reportGroups(w io.Writer, d survey.Definition, r *survey.Responses) error {
	groups := answering(r.Groups())
	if len(groups) < 2 {
		return nil
	}
	fmt.Fprintln(w, "  groups:")
	var index compare.Metric
	var names []string
	observed := make(map[string]*compare.Observed)
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
		names = append(names, g.Name)
		index, observed[g.Name] = compare.Asked(x.Scores())
	}
	if len(groups) == 2 {
		comparisons, err := survey.CompareGroups(d, groups...)
		if err != nil {
			return err
		}
		wrap(w, "    ", comparisons[0].String())
		return nil
	}
	credit, err := compare.NewCredit(index, slices.Values(names), nil, func(name, _ string) *compare.Observed { return observed[name] }, survey.Level)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "  groups against the rest, ranked so that few answers count for little:")
	for _, place := range credit.Places {
		wrap(w, "    ", place.String())
	}
	return nil
}

// answering returns the groups that have a name and answers, in order.
func answering(groups []survey.Group) []survey.Group {
	return slices.DeleteFunc(inOrder(groups), func(g survey.Group) bool { return g.Name == "" || g.Answers.N() == 0 })
}

// inOrder returns the groups in the order of their names.
func inOrder(groups []survey.Group) []survey.Group {
	return slices.SortedStableFunc(slices.Values(groups), func(a, b survey.Group) int { return natural(a.Name, b.Name) })
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

// reportTeams writes what employees answered, without teams that are so small that their
// members could be recognised. It returns whether all together are shown.
func reportTeams(w io.Writer, r *survey.Responses, all survey.Index) (shown bool, err error) {
	const minimum = 5
	teams, err := survey.MeasureGroups(r.Question().Definition, minimum, r.Groups()...)
	if err != nil {
		return false, err
	}
	if len(teams) == 2 && teams[0].Name == "" {
		teams = teams[1:] // there are no teams
	}
	for i, team := range teams {
		if team.Name == "" {
			team.Name = "(no team)"
		}
		if shown = !team.Suppressed; !shown {
			fmt.Fprintf(w, "    %s: not shown, to protect teams of fewer than %d\n", team.Name, minimum)
			continue
		}
		if i == len(teams)-1 {
			team.Index = all
		}
		team.Index.Definition.Name = team.Name
		fmt.Fprintf(w, "    %v\n", team.Index)
	}
	return shown, nil
}
