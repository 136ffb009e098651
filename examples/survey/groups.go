package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/survey"
)

// reportGroups writes the index of each group, and which differ.
func reportGroups(w io.Writer, groups groups) error {
	if len(groups.indices) == 0 {
		return nil
	}
	fmt.Fprintln(w, "  groups:")
	for _, g := range groups.indices {
		text, err := line(g.name, g.index)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "    %s\n", text)
	}
	if groups.pair != nil {
		wrap(w, "    ", said(groups.pair))
		return nil
	}
	fmt.Fprintln(w, "  groups against the rest, ranked so that few answers count for little:")
	for _, place := range groups.places {
		wrap(w, "    ", said(place))
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
// members could be recognised.
func reportTeams(w io.Writer, r *result) error {
	for _, team := range r.teams {
		if team.Name == "" {
			team.Name = "(no team)"
		}
		if team.Suppressed {
			fmt.Fprintf(w, "    %s: not shown, to protect teams of fewer than %d\n", plain.Name(team.Name), smallestTeam)
			continue
		}
		text, err := line(plain.Name(team.Name), team.Index)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "    %s\n", text)
	}
	if left := r.all.Answers.LeftOut(); !r.hidden && !left.IsZero() {
		wrap(w, "  ", "left out: "+reasons(left))
	}
	return nil
}
