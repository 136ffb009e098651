package compare

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// ErrCredit reports an index by which nobody is ranked: the median or another
// quantile of a time, of which the mean is offered, or a count.
var ErrCredit = errors.New("compare: no credit by this index")

// Credit holds agents, teams or any other groups of a desk against each other by
// an index, so that the list is not led by whoever had two easy tickets: the less
// is known of a group, the more its value is pulled towards what all have in
// common, and ranks follow from that.
//
//	byAgent := metrics.NewBreakdown(rules, asOf, metrics.Facet.Agent)
//	…
//	agents := slices.Values(slices.Sorted(byAgent.Keys()))
//	credit, err := compare.NewCredit(compare.CSAT, agents, byAgent.Group, 0.95)
//
// Even so, a rank is no verdict, and two tickets that are far from all others may
// still lead: who differs from the others by more than chance, and of whom that
// cannot be told yet, is said beside it. And agents do not draw lots for their
// tickets: who gets the hard ones looks slow.
type Credit[K any] struct {
	Index  Index       `json:"index"`
	Level  float64     `json:"level"`
	Method stat.Method `json:"method"` // by which values are pulled
	// Pooled is what they are pulled towards, in the unit of the index, and PriorN
	// how many tickets it is worth: a group of as many goes halfway. PriorN is 0
	// where groups differ no more than by chance, and go all the way, or where
	// nothing varies within them, and they stay; see Shrunken.Weight.
	Pooled float64 `json:"pooled"`
	PriorN float64 `json:"prior_n"`
	// Standings are those of the groups that have data for the index, by rank.
	Standings []Standing[K] `json:"standings"`
}

// Standing is the place of a group in a [Credit].
type Standing[K any] struct {
	Key K `json:"key"`
	// Rank is 1 for the best shrunken value, or of an index of which neither way
	// is better, the highest. Groups of the same value have the same rank.
	Rank int `json:"rank"`
	// Raw is the value of the group by itself, with its number and interval.
	Raw Value `json:"raw"`
	// Shrunken is the value that ranks, with its interval, and how much of it is
	// the group's own. The interval is the zero one if there is one value in all
	// groups together.
	Shrunken stat.Shrunken `json:"shrunken"`
	// Rest is the difference between all other groups together, as what was
	// before, and this one. Its verdict says whether the group differs from them,
	// with P adjusted for the number of groups (Holm 1979); see [Family].
	Rest Difference `json:"rest"`
}

// NewCredit returns the standings of groups by an index, with intervals and
// verdicts at a level. The function returns the figures of a key; it may be the
// Group method of a breakdown. Who has the credit for a conversation that was
// handed on is for the breakdown to say: by its Rules the one who acted, or with
// CreditAssigned the one in charge. Groups of the same rank are in the order of
// their keys, so give these in an order.
//
//	Share  beta-binomial (Kleinman 1973); see [stat.ShrinkProportions]
//	Mean   Paule & Mandel (1982); see [stat.ShrinkMeans]
//	Rate   the same, with the variance of a Poisson count
//
// Means of times are shrunken as they are, in seconds. That needs no shape of
// their distribution: the estimate is the best linear one whatever that is
// (Bühlmann & Straub 1970), and a time of 0 is a value like others, which it is
// not for logarithms. All groups are taken to vary as much within, so that two
// tickets that happened to take the same time do not make their agent certain;
// and long tails make every mean less certain, and pull more. Intervals are
// clipped to what the index can be.
//
// Figures that are nil or have no data for the index have no standing. It returns
// an error that wraps [stat.ErrLevel] unless 0 < level < 1, [ErrIndex] for a
// number that is no index, and [ErrCredit] for a quantile or a count.
func NewCredit[K any](i Index, keys iter.Seq[K], figures func(K) *metrics.Figures, level float64) (Credit[K], error) {
	switch i.Kind() {
	case Unknown:
		return Credit[K]{}, fmt.Errorf("%w: %d", ErrIndex, uint16(i))
	case Quantile, Count:
		return Credit[K]{}, fmt.Errorf("%w: %v", ErrCredit, i)
	}
	if !(level > 0 && level < 1) {
		return Credit[K]{}, fmt.Errorf("compare: %w: %v", stat.ErrLevel, level)
	}
	c := Credit[K]{Index: i, Level: level}
	var groups []*metrics.Figures
	for key := range keys {
		if f := figures(key); f != nil {
			if raw, ok := i.Of(f, level); ok {
				c.Standings = append(c.Standings, Standing[K]{Key: key, Raw: raw})
				groups = append(groups, f)
			}
		}
	}
	if len(groups) == 0 {
		return c, nil
	}
	shrunken, err := i.shrink(groups, level)
	if err != nil {
		return Credit[K]{}, err
	}
	c.Method, c.Pooled, c.PriorN = shrunken.Method, shrunken.Pooled, shrunken.PriorN
	family := Family{Level: level}
	eachRest(groups, new(metrics.Figures), func(rest, own *metrics.Figures) { family.Change(i, rest, own) })
	differences, err := family.Differences()
	if err != nil {
		return Credit[K]{}, err
	}
	for n := range c.Standings {
		c.Standings[n].Shrunken, c.Standings[n].Rest = shrunken.Groups[n], differences[n]
	}
	c.rank()
	return c, nil
}

// rank sorts the standings and numbers them.
func (c *Credit[K]) rank() {
	order := func(a, b Standing[K]) int {
		d := cmp.Compare(a.Shrunken.Interval.Estimate, b.Shrunken.Interval.Estimate)
		if c.Index.Direction() != LowerIsBetter {
			return -d
		}
		return d
	}
	slices.SortStableFunc(c.Standings, order)
	for n := range c.Standings {
		if c.Standings[n].Rank = n + 1; n > 0 && order(c.Standings[n-1], c.Standings[n]) == 0 {
			c.Standings[n].Rank = c.Standings[n-1].Rank
		}
	}
}

// shrink pulls the values of figures, which all have data for the index.
func (i Index) shrink(groups []*metrics.Figures, level float64) (stat.Shrinkage, error) {
	ratios := make([]stat.Ratio, len(groups))
	samples := make([]stat.Sample, len(groups))
	var all stat.Ratio
	for n, f := range groups {
		ratios[n], _ = i.Ratio(f)
		samples[n], _ = i.Sample(f)
		all = all.Pool(ratios[n])
	}
	low, high := 0.0, math.Inf(1)
	switch {
	case i.Kind() == Share:
		return stat.ShrinkProportions(ratios, level)
	case i.Kind() == Rate:
		variance, _ := all.Float64()
		for n, r := range ratios {
			mean, _ := r.Float64()
			samples[n] = stat.Sample{N: r.Whole, Mean: mean, Variance: variance}
		}
	case !i.isTime():
		low, high = 1, 5 // stars
	}
	s, err := stat.ShrinkMeans(samples, level, stat.PauleMandel)
	if errors.Is(err, stat.ErrTooFew) { // one value in all
		own := stat.Shrunken{N: samples[0].N, Raw: samples[0].Mean, Weight: 1, Interval: stat.Interval{Estimate: samples[0].Mean}}
		return stat.Shrinkage{Pooled: samples[0].Mean, Groups: []stat.Shrunken{own}, Method: stat.PauleMandel}, nil
	}
	for n := range s.Groups {
		interval := &s.Groups[n].Interval
		interval.Low, interval.High = max(interval.Low, low), min(interval.High, high)
	}
	return s, err
}

// eachRest calls do for each of the figures, in order, with the rest and those
// outside merged. It halves them, so that it merges no figures more often than
// there are halvings.
func eachRest(groups []*metrics.Figures, outside *metrics.Figures, do func(rest, own *metrics.Figures)) {
	if len(groups) == 1 {
		do(outside, groups[0])
		return
	}
	half := len(groups) / 2
	for _, part := range [][2][]*metrics.Figures{{groups[:half], groups[half:]}, {groups[half:], groups[:half]}} {
		rest := new(metrics.Figures)
		rest.Merge(outside)
		for _, f := range part[1] {
			rest.Merge(f)
		}
		eachRest(part[0], rest, do)
	}
}

// String returns the standing as a line for people:
//
//  1. ana: 82.5 % (95 % 75.9 % to 88.3 %), by itself 85.0 % of 120, better than the rest
func (s Standing[K]) String() string {
	value := func(v float64) string { return Value{Index: s.Raw.Index, Value: v}.String() }
	shrunken, n := s.Shrunken.Interval, text.Count(s.Raw.N)
	text := fmt.Sprintf("%d. %v: %s", s.Rank, s.Key, value(shrunken.Estimate))
	if shrunken.Level > 0 {
		text += fmt.Sprintf(" (%s %s to %s)", percentLevel(shrunken.Level), value(shrunken.Low), value(shrunken.High))
	}
	text += fmt.Sprintf(", by itself %v of %s", s.Raw, n)
	switch {
	case s.Rest.Verdict.Changed():
		return text + ", " + s.Rest.Verdict.String() + " than the rest"
	case s.Rest.Verdict == NotDistinguishable:
		return text + ", not distinguishable from the rest"
	case s.Rest.Verdict == TooFew:
		return text + ", too few to tell from the rest"
	}
	return text
}
