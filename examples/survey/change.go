package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/survey"
)

// reportChange compares the answers before a day with those from that day on: all of
// them, those of the same people, and those of each group.
func reportChange(w io.Writer, q *surveyfile.Question, day time.Time) error {
	before, after, err := sides(q, day)
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
	fmt.Fprintf(w, "  change on %s:\n", day.Format(time.DateOnly))
	if err := reportSides(w, c); err != nil {
		return err
	}
	if err := reportSamePeople(w, q, day); err != nil {
		return err
	}
	return reportGroupChanges(w, before.Groups(), after.Groups(), q.Definition)
}

// sides returns the answers before a day, and from it on.
func sides(q *surveyfile.Question, day time.Time) (before, after *survey.Responses, err error) {
	before, err = responses(q, func(a surveyfile.Answer) bool { return !a.At.IsZero() && a.At.Before(day) })
	if err != nil {
		return nil, nil, err
	}
	after, err = responses(q, func(a surveyfile.Answer) bool { return !a.At.Before(day) })
	return before, after, err
}

func reportSides(w io.Writer, c survey.Comparison) error {
	first, err := line("before", c.Before)
	if err != nil {
		return err
	}
	second, err := line("after", c.After)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "    %s\n    %s\n    %v\n", first, second, c)
	return nil
}

// fewestPeople is how many must have answered twice. Of fewer, chance alone would often
// move all in one direction.
const fewestPeople = 6

// reportSamePeople compares those with themselves who answered before a day and after it,
// each by the last answer, whatever it is about.
func reportSamePeople(w io.Writer, q *surveyfile.Question, day time.Time) error {
	people := &surveyfile.Question{ID: q.ID, Definition: q.Definition, Answers: slices.Clone(q.Answers)}
	for i := range people.Answers {
		people.Answers[i].About = ""
	}
	before, after, err := sides(people, day)
	if err != nil {
		return err
	}
	pairs, _, _ := survey.Pairs(before, after)
	if len(pairs) < fewestPeople {
		return nil
	}
	c, err := survey.ComparePairs(q.Definition, pairs...)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "  the same people, who answered before and after:")
	return reportSides(w, c)
}

// reportGroupChanges compares each group with itself before, the largest changes first, if
// there are several groups.
func reportGroupChanges(w io.Writer, before, after []survey.Group, d survey.Definition) error {
	var changes [][2]survey.Index
	var names []string
	later := answering(after)
	for _, b := range answering(before) {
		i := slices.IndexFunc(later, func(g survey.Group) bool { return g.Name == b.Name })
		if i < 0 {
			continue
		}
		first, err := survey.Measure(d, b.Answers)
		if err != nil {
			return err
		}
		second, err := survey.Measure(d, later[i].Answers)
		if err != nil {
			return err
		}
		changes, names = append(changes, [2]survey.Index{first, second}), append(names, b.Name)
	}
	if len(changes) < 2 {
		return nil
	}
	list, err := survey.CompareAll(changes...)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].AfterName = names[i]
	}
	survey.LargestFirst(list)
	fmt.Fprintln(w, "  change of each group, the largest first:")
	for _, c := range list {
		name := c.AfterName
		c.AfterName = ""
		wrap(w, "    ", fmt.Sprintf("%s: %v", name, c))
	}
	return nil
}
