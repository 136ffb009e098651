package survey

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Comparison is the difference between two indices of one definition. Whether two
// intervals overlap does not tell whether the indices differ; this does. The zero
// value compares nothing.
type Comparison struct {
	BeforeName string `json:"before_name,omitzero"` // of the group, in CompareGroups
	AfterName  string `json:"after_name,omitzero"`
	Before     Index  `json:"before"`
	After      Index  `json:"after"`
	// Pairs is how many answered both times, in ComparePairs; 0 if the answers are taken
	// as those of different people.
	Pairs int64 `json:"pairs,omitzero"`

	// Difference is After minus Before in the unit of the index, with its
	// interval: that of [stat.CompareShares], [stat.CompareNets] or
	// [stat.CompareMeans], and for pairs as [ComparePairs] says. It is the zero Interval if the answers do not tell how
	// certain the difference is.
	Difference stat.Interval `json:"difference,omitzero"`

	// Test is the test of no difference that belongs to the interval, and decides with
	// it: the interval leaves 0 out exactly if AdjustedP is at most 0.05. It is the zero
	// Test if there is none.
	Test stat.Test `json:"test,omitzero"`

	// AdjustedP is the P of the test, adjusted for the number of comparisons made
	// in one call (Holm 1979); 1 if there is no test.
	AdjustedP float64 `json:"adjusted_p"`

	// Superiority is the probability that an answer of After is better than one
	// of Before, ties counted as half, 0 to 1, and RankTest the Mann-Whitney
	// test of it. They take answers as ordered only, not as numbers. There is no
	// test, and RankTest is the zero Test, if all answers are the same or there
	// are more than 2⁶¹ pairs.
	Superiority float64   `json:"superiority"`
	RankTest    stat.Test `json:"rank_test,omitzero"`

	// Conclusion is TooFew for a mean of a single answer, and NotTested for means
	// that differ though no answer does on either side.
	Conclusion stat.Conclusion `json:"conclusion"`
}

// Compare compares an index before and after, or of two groups: After minus
// Before, at a level of 0.95. The answers are taken as independent: if the same
// people answered twice, the difference is known better than this says; see
// [ComparePairs].
//
// The error wraps [ErrDefinition] if the two are of different definitions,
// [ErrNoAnswers] if one is the zero value, and [ErrMismatch] if their answers are on
// different scales.
func Compare(before, after Index) (Comparison, error) {
	list, err := CompareAll([2]Index{before, after})
	if err != nil {
		return Comparison{}, err
	}
	return list[0], nil
}

// CompareAll compares each index with the one after it, such as those of each team before
// and after a training. Conclusions are drawn together, as by [CompareGroups]. The errors
// are those of [Compare].
func CompareAll(pairs ...[2]Index) ([]Comparison, error) {
	list := make([]Comparison, len(pairs))
	var all conclusions
	for i, p := range pairs {
		before, after := p[0], p[1]
		if before.Definition != after.Definition {
			return nil, fmt.Errorf("%w: %s cannot be compared with %s", ErrDefinition, before.Definition.quoted(), after.Definition.quoted())
		}
		if before.N() == 0 || after.N() == 0 {
			return nil, fmt.Errorf("%w: n = %d and %d", ErrNoAnswers, before.N(), after.N())
		}
		if before.Answers.scale != after.Answers.scale {
			return nil, fmt.Errorf("%w: answers on the scales %v and %v", ErrMismatch, before.Answers.scale, after.Answers.scale)
		}
		list[i] = Comparison{Before: before, After: after, AdjustedP: 1}
		if err := list[i].rank(); err != nil {
			return nil, err
		}
		contrast, err := list[i].contrast()
		if list[i].Conclusion, err = all.add(contrast, err, list[i].decide); err != nil {
			return nil, err
		}
	}
	if err := all.draw(); err != nil {
		return nil, err
	}
	return list, nil
}

// conclusions are drawn together.
type conclusions struct {
	contrasts []stat.Contrast
	decide    []func(stat.Decision) // what each is for
}

// add takes a contrast, or the error of asking for it. Without data for a test it returns
// the conclusion that says so.
func (l *conclusions) add(contrast stat.Contrast, err error, decide func(stat.Decision)) (none stat.Conclusion, _ error) {
	switch {
	case errors.Is(err, stat.ErrTooFew):
		return stat.TooFew, nil
	case errors.Is(err, stat.ErrNoVariation):
		return stat.NotTested, nil
	case err != nil:
		return none, err
	}
	l.contrasts, l.decide = append(l.contrasts, contrast), append(l.decide, decide)
	return none, nil
}

// draw decides all at [Level].
func (l *conclusions) draw() error {
	decisions, err := stat.Decide(Level, l.contrasts...)
	for i, d := range decisions {
		l.decide[i](d)
	}
	return err
}

func (c *Comparison) decide(d stat.Decision) {
	c.Difference, c.Test, c.AdjustedP = d.Change, d.Test, d.AdjustedP
	c.Conclusion = d.Conclusion(c.Before.Definition.better())
}

// contrast returns the difference with its test and interval.
func (c *Comparison) contrast() (stat.Contrast, error) {
	switch {
	case c.After.isShare():
		return stat.CompareShares(c.After.share(), c.Before.share())
	case c.Before.Definition.Statistic == NetShare:
		return stat.CompareNets(c.After.net(), c.Before.net())
	}
	return stat.CompareMeans(c.After.scores(), c.Before.scores())
}

// better returns which way the index should go.
func (d Definition) better() stat.Direction {
	if d.LowerIsBetter() {
		return stat.LowerIsBetter
	}
	return stat.HigherIsBetter
}

// rank fills in what the order of the answers tells.
func (c *Comparison) rank() error {
	after, before := c.After.Answers.Counts(), c.Before.Answers.Counts()
	n := float64(c.Before.N())
	var below float64 // the share of Before below the answer at hand
	for i, count := range before {
		equal := float64(count) / n
		c.Superiority += float64(after[i]) / float64(c.After.N()) * (below + equal/2)
		below += equal
	}
	c.Superiority = min(c.Superiority, 1)
	if c.Before.Definition.Scale.Direction == stat.LowerIsBetter {
		c.Superiority = 1 - c.Superiority
	}
	var err error
	_, c.RankTest, err = stat.MannWhitney(after, before)
	if errors.Is(err, stat.ErrNoVariation) || errors.Is(err, stat.ErrTooMany) {
		return nil
	}
	return err
}

// String returns the comparison in words, such as
//
//	up 4.1 points, 95 % −1.2 to 9.3: not distinguishable from no change
func (c Comparison) String() string {
	d := c.Before.Definition
	if c.Difference.Level == 0 {
		return c.names() + "the answers do not tell how certain the difference is"
	}
	direction := "up"
	size := c.Difference.Estimate
	if size < 0 {
		direction, size = "down", -size
	}
	line := fmt.Sprintf("%s%s %s points", c.names(), direction, d.shown(size))
	if c.Difference.Estimate == 0 {
		line = c.names() + "unchanged"
	}
	line += fmt.Sprintf(", %s %s to %s: ", text.Level(c.Difference.Level),
		d.shown(c.Difference.Low), d.shown(c.Difference.High))
	if c.Conclusion == stat.NotDistinguishable {
		return line + "not distinguishable from no change"
	}
	return line + c.Conclusion.String()
}

func (c Comparison) names() string {
	if c.BeforeName == "" && c.AfterName == "" {
		return ""
	}
	return fmt.Sprintf("%s against %s: ", c.AfterName, c.BeforeName)
}

// LargestFirst sorts comparisons by what they found: those that tell of a change first,
// and among each kind the larger difference first, as a part of the range of its index.
// Equal ones stay in their order.
func LargestFirst(list []Comparison) {
	size := func(c Comparison) float64 {
		low, high := c.Before.Definition.bounds()
		return math.Abs(c.Difference.Estimate) / max(high-low, 1)
	}
	slices.SortStableFunc(list, func(a, b Comparison) int {
		return cmp.Or(cmp.Compare(b2i(b.Conclusion.Changed()), b2i(a.Conclusion.Changed())), cmp.Compare(size(b), size(a)))
	})
}

// Group is a named group of answers: a team, a month, a channel. What it says of who was
// asked is filled in by [Responses.Groups], and may be left out.
type Group struct {
	Name    string  `json:"name"`
	Answers Answers `json:"answers"`
	// Invited is how many of the group were asked, 0 if not known, Responded how many
	// gave a valid answer, and Rate the response rate, as in [SourceResponses].
	Invited   int64 `json:"invited,omitzero"`
	Responded int64 `json:"responded,omitzero"`
	Rate      Rate  `json:"rate,omitzero"`
}

// CompareGroups compares each group with each later one by the definition, the
// earlier as Before. Of many comparisons some look like differences by chance, so
// the conclusions are drawn together: the chance that any of them is for a
// difference that is none is at most 0.05, and each interval has the level at which
// that was decided; see [stat.Decide].
//
// The errors are those of [Measure], with the name of the group; fewer than two
// groups give no comparisons.
func CompareGroups(d Definition, groups ...Group) ([]Comparison, error) {
	indices := make([]Index, len(groups))
	for i, g := range groups {
		var err error
		if indices[i], err = Measure(d, g.Answers); err != nil {
			return nil, fmt.Errorf("group %s: %w", text.Quote(g.Name), err)
		}
	}
	var pairs [][2]Index
	var names [][2]string
	for i := range indices {
		for j := i + 1; j < len(indices); j++ {
			pairs = append(pairs, [2]Index{indices[i], indices[j]})
			names = append(names, [2]string{groups[i].Name, groups[j].Name})
		}
	}
	if len(pairs) == 0 {
		return nil, nil
	}
	list, err := CompareAll(pairs...)
	for i := range list {
		list[i].BeforeName, list[i].AfterName = names[i][0], names[i][1]
	}
	return list, err
}
