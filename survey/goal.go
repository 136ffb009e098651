package survey

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// GoalComparison is an index held against a goal or a published benchmark. The zero
// value compares nothing.
type GoalComparison struct {
	Index Index      `json:"index"`
	Goal  stat.Ratio `json:"goal"` // in the unit of the Value of the index
	// Reached reports whether those who answered reach the goal, exactly: at or above
	// it, or at or below where lower is better.
	Reached bool `json:"reached"`
	// Difference is the index less the goal, in the unit of the index, with its
	// interval: that of the index, less the goal. It is the zero Interval if the
	// answers do not tell how certain the difference is.
	Difference stat.Interval `json:"difference,omitzero"`
	// Test is the test that belongs to the interval, or the zero Test if there is
	// none, and AdjustedP its P, adjusted for the number of indices in one call (Holm
	// 1979); 1 if there is no test.
	Test      stat.Test `json:"test,omitzero"`
	AdjustedP float64   `json:"adjusted_p"`
	// Conclusion says whether that tells of all customers, and not only of those who
	// answered: Better or Worse than the goal, or NotDistinguishable from it. It is
	// TooFew for a mean of a single answer, and NotTested if all answers are the same
	// and not the goal.
	Conclusion stat.Conclusion `json:"conclusion"`
}

// CompareGoal holds indices against a goal, in the unit of their Value: 40 of 100 is an
// NPS of 40 and a CSAT of 40 %, and 42 of 10 a mean of 4.2. Conclusions are drawn
// together at a level of 0.95, as by [CompareGroups]. A benchmark is taken as known: if
// its answers are known too, use [Compare]. With a Population, the question is about
// those people.
//
// The error wraps [ErrNoAnswers] for an index that is the zero value, and
// [ErrDefinition] for a goal that is not defined or outside the range of an index.
func CompareGoal(goal stat.Ratio, indices ...Index) ([]GoalComparison, error) {
	list := make([]GoalComparison, len(indices))
	var all conclusions
	for i, x := range indices {
		if x.N() == 0 {
			return nil, ErrNoAnswers
		}
		low, high := x.Definition.bounds()
		if v, ok := goal.Float64(); !ok || v < low || v > high {
			return nil, fmt.Errorf("%w: a goal of %v for %s", ErrDefinition, goal, x.Definition.quoted())
		}
		list[i] = GoalComparison{Index: x, Goal: goal, Reached: x.Value.AtLeast(goal), AdjustedP: 1}
		if x.Definition.LowerIsBetter() {
			list[i].Reached = goal.AtLeast(x.Value)
		}
		contrast, err := x.against(goal)
		if list[i].Conclusion, err = all.add(contrast, err, list[i].decide); err != nil {
			return nil, err
		}
	}
	if err := all.draw(); err != nil {
		return nil, err
	}
	return list, nil
}

func (c *GoalComparison) decide(d stat.Decision) {
	c.Difference, c.Test, c.AdjustedP = d.Change, d.Test, d.AdjustedP
	c.Conclusion = d.Conclusion(c.Index.Definition.better())
}

// String returns the comparison in words, such as
//
//	NPS 52.0, goal 40.0: reached by those who answered, 95 % −6.4 to 28.5 points from it: not distinguishable from the goal
func (c GoalComparison) String() string {
	d := c.Index.Definition
	value, ok := c.Index.Shown()
	if !ok {
		return "no answers"
	}
	goal, _ := Index{Definition: d, Value: c.Goal}.Shown()
	line := fmt.Sprintf("%v %s%s, goal %s%s: ", d, minus(value.StringFixed(d.Places)), d.unit(), minus(goal.StringFixed(d.Places)), d.unit())
	if c.Reached {
		line += "reached by those who answered"
	} else {
		line += "not reached by those who answered"
	}
	if c.Difference.Level == 0 {
		return line + ", who do not tell more"
	}
	line += fmt.Sprintf(", %s %s to %s points from it: ", text.Level(c.Difference.Level), d.shown(c.Difference.Low), d.shown(c.Difference.High))
	if c.Conclusion == stat.NotDistinguishable {
		return line + "not distinguishable from the goal"
	}
	return line + c.Conclusion.String() + " than the goal"
}
