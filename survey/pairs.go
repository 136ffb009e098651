package survey

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/metrics/stat"
)

// AnswerPair is two answers of one person to one question.
type AnswerPair struct {
	Before int `json:"before"`
	After  int `json:"after"`
}

// Pairs returns the answers of those who answered both times, in the order of their
// names, and how many answered only one of the times. Answers are matched by Respondent
// and About, which should be the same thing both times, or empty; each counts as
// [Responses.Resolved] says. Those without a name are left out, as answered only once.
func Pairs(before, after *Responses) (pairs []AnswerPair, onlyBefore, onlyAfter int64) {
	type person struct{ respondent, about string }
	answers := func(r *Responses) (named map[person]int, nameless int64) {
		named = make(map[person]int)
		for _, x := range r.Resolved() {
			switch {
			case x.Left != Counted:
			case x.Respondent == "":
				nameless++
			default:
				named[person{x.Respondent, x.About}] = x.Value
			}
		}
		return named, nameless
	}
	first, onlyBefore := answers(before)
	second, onlyAfter := answers(after)
	var both []person
	for p := range first {
		if _, ok := second[p]; ok {
			both = append(both, p)
		}
	}
	slices.SortFunc(both, func(p, q person) int {
		return cmp.Or(strings.Compare(p.respondent, q.respondent), strings.Compare(p.about, q.about))
	})
	for _, p := range both {
		pairs = append(pairs, AnswerPair{first[p], second[p]})
	}
	n := int64(len(both))
	return pairs, onlyBefore + int64(len(first)) - n, onlyAfter + int64(len(second)) - n
}

// ComparePairs compares an index before and after by the same people, at a level of
// 0.95. As each is compared with himself or herself, a change shows that [Compare], which
// takes the answers as independent, would not tell from chance.
//
//	share               McNemar (1947), interval by Tango (1998); see [stat.ComparePairs]
//	net share, mean     t of the differences of each person (Student 1908)
//	order of the answers (RankTest)   signed ranks (Wilcoxon 1945; [stat.SignedRanks])
//
// Superiority is the share of those whose answer got better, those who stayed counting
// as half. Before and After are the indices of those who answered both times. There is no
// RankTest if no answer changed, or of more than 2²⁰ people.
//
// The error wraps those of [Measure], and [ErrOffScale] for an answer that is not on the
// scale.
func ComparePairs(d Definition, pairs ...AnswerPair) (Comparison, error) {
	if err := d.Check(); err != nil {
		return Comparison{}, err
	}
	before, after := Answers{scale: d.Scale.canonical()}, Answers{scale: d.Scale.canonical()}
	for i, p := range pairs {
		if err := errors.Join(before.Add(p.Before), after.Add(p.After)); err != nil {
			return Comparison{}, fmt.Errorf("pair %d: %w", i, err)
		}
	}
	c := Comparison{Pairs: int64(len(pairs)), AdjustedP: 1}
	var err error
	if c.Before, err = Measure(d, before); err != nil {
		return Comparison{}, err
	}
	c.After, _ = Measure(d, after) // of as many answers
	d = c.Before.Definition
	var changed stat.Net                                  // of a share
	moves := make([]int64, 2*(d.Scale.Max-d.Scale.Min)+1) // of the score, by the change from its least
	up, down := make([]int64, d.Scale.Points()), make([]int64, d.Scale.Points())
	changed.N = c.Pairs
	for _, p := range pairs {
		from, _ := d.Scale.index(p.Before)
		to, _ := d.Scale.index(p.After)
		switch {
		case to > from:
			up[to-from-1]++
		case to < from:
			down[from-to-1]++
		}
		if d.Scale.Direction == stat.LowerIsBetter {
			from, to = to, from
		}
		c.Superiority += float64(b2i(to > from)) + float64(b2i(to == from))/2
		switch move := d.points(p.After) - d.points(p.Before); {
		case c.Before.isShare():
			changed.Plus += int64(b2i(move > 0))
			changed.Minus += int64(b2i(move < 0))
		default:
			moves[move+len(moves)/2]++
		}
	}
	c.Superiority /= float64(c.Pairs)
	if c.RankTest, err = stat.SignedRanks(up, down); err != nil && !errors.Is(err, stat.ErrNoData) && !errors.Is(err, stat.ErrTooMany) {
		return Comparison{}, err
	}
	var contrast stat.Contrast
	if c.Before.isShare() {
		contrast, err = stat.ComparePairs(changed)
	} else {
		var differences stat.Sample
		if differences, err = stat.DescribeCounts(int64(-(len(moves) / 2)), moves...); err == nil {
			contrast, err = differences.Against(0, 0)
		}
		if d.Statistic == NormalisedMean {
			contrast = contrast.Times(1 / float64(d.Scale.Max-d.Scale.Min))
		}
	}
	var one conclusions
	if c.Conclusion, err = one.add(contrast, err, c.decide); err == nil {
		err = one.draw()
	}
	if err != nil {
		return Comparison{}, err
	}
	return c, nil
}

// points returns what an answer adds to the index, in whole points: of a normalised
// mean, those of the scale from its worst answer.
func (d Definition) points(v int) int {
	switch d.Statistic {
	case PositiveShare, NetShare:
		return int(d.score(v))
	case NormalisedMean:
		if d.Scale.Direction == stat.LowerIsBetter {
			return d.Scale.Max - v
		}
		return v - d.Scale.Min
	}
	return v
}
