package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
	"github.com/shopspring/decimal"
)

// places is how many decimal places a goal may have.
const places = 6

// goal is what an index should be, as people write it.
type goal struct {
	question string // its ID, or the name of its index
	value    decimal.Decimal
}

func (g goal) String() string { return fmt.Sprintf("%s=%v", g.question, g.value) }

func (g goal) isFor(q *surveyfile.Question) bool {
	return strings.EqualFold(g.question, q.ID) || strings.EqualFold(g.question, q.Definition.Name)
}

// of returns the goal in the unit of the value of an index.
func (g goal) of(d survey.Definition) stat.Ratio {
	r := stat.Ratio{Part: g.value.Shift(places).IntPart(), Whole: 1e6}
	if d.Statistic != survey.MeanAnswer {
		r.Whole *= 100 // they are shown times 100
	}
	return r
}

// goals is a list such as nps=40,csat=80.
type goals []goal

func (g *goals) String() string { return "" }

// Set implements [flag.Value].
func (g *goals) Set(text string) error {
	const longest = 12 // of a number
	for part := range strings.SplitSeq(text, ",") {
		question, number, ok := strings.Cut(part, "=")
		question = strings.TrimSpace(question)
		number = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(number), "%"))
		value, err := decimal.NewFromString(number)
		if !ok || question == "" || err != nil || len(number) > longest || strings.ContainsAny(number, "eE") || value.Exponent() < -places {
			return errors.New("want question=value, such as nps=40")
		}
		if slices.ContainsFunc(*g, func(other goal) bool { return strings.EqualFold(other.question, question) }) {
			return fmt.Errorf("%q is given twice", question)
		}
		*g = append(*g, goal{question, value})
	}
	return nil
}

// of returns whether an index reaches the goals for its question.
func (g goals) of(q *surveyfile.Question, x survey.Index) (all []survey.GoalComparison, err error) {
	for _, goal := range g {
		if !goal.isFor(q) {
			continue
		}
		list, err := survey.CompareGoal(goal.of(x.Definition), x)
		if err != nil {
			return nil, fmt.Errorf("-goal %v: %w", goal, err)
		}
		all = append(all, list...)
	}
	return all, nil
}

// reportGoals writes whether an index reaches its goals.
func reportGoals(w io.Writer, goals []survey.GoalComparison) {
	for _, c := range goals {
		wrap(w, "  ", said(c))
	}
}
