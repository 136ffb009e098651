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

// Credit ranks agents, teams or any other groups of a desk by a metric, so that the
// list is not led by an agent with two easy tickets: the less is known about a
// group, the more its value is pulled towards what all have in common, and ranks
// follow from that. The zero value ranks nobody.
//
//	byAgent := metrics.NewBreakdown(metrics.Facet.Agent)
//	…
//	agents := slices.Values(slices.Sorted(byAgent.Keys()))
//	credit, err := compare.NewCredit(compare.CSAT, agents, byAgent.Group, 0.95)
//
// Even so, a rank is not a conclusion, and two tickets that are far from all others
// may still lead. Rest says beside each rank who differs from the others by more than
// chance, and for whom that cannot be told yet. And agents do not draw lots for their
// tickets: one who gets the hard ones looks slow.
type Credit[K any] struct {
	Metric Metric      `json:"metric"`
	Level  float64     `json:"level"`
	Method stat.Method `json:"method"` // by which values are pulled; the default if there is one value in all
	// Pooled is the value towards which they are pulled, in the unit of the metric,
	// and PriorN is how many tickets it is worth: a group with as many goes halfway.
	// PriorN is 0 in two cases: groups do not differ beyond chance, and all take the
	// pooled value; or values do not vary within groups, and each keeps its own. See
	// Shrunken.Weight.
	Pooled float64 `json:"pooled"`
	PriorN float64 `json:"prior_n"`
	// Places has the groups that have data for the metric, by rank.
	Places []Place[K] `json:"places"`
}

// Place is the place of a group in a [Credit].
type Place[K any] struct {
	Key K `json:"key"`
	// Rank is 1 for the best shrunken value, or for the highest if neither way is
	// better. Groups with the same value have the same rank.
	Rank int `json:"rank"`
	// Raw is the value of the group by itself, with its number and interval.
	Raw Value `json:"raw"`
	// Shrunken is the value that ranks, with its interval, and how much of it is
	// the group's own. The interval is the zero one if there is one value in all
	// groups together.
	Shrunken stat.Shrunken `json:"shrunken"`
	// Rest is the difference between all other groups together, as Before, and this
	// one, as After. Its conclusion says whether the group differs from them, with P
	// adjusted for the number of groups (Holm 1979); see [Family].
	Rest Difference `json:"rest"`
}

// NewCredit ranks groups by a metric, with intervals and conclusions at a level. The
// function returns the figures of a key; it may be the Group method of a breakdown.
// The breakdown decides who has the credit for a conversation that was handed on: by
// its Rules the one who acted, or with CreditAssigned the one in charge. Groups of the
// same rank are in the order of their keys, so give the keys in an order.
//
//	Share  beta-binomial (Kleinman 1973); see [stat.ShrinkProportions]
//	Mean   Paule & Mandel (1982); see [stat.ShrinkMeans]
//	Rate   the same, with the variance of a Poisson count
//
// Means of times are shrunken as they are, in seconds. The estimate is the best
// linear one whatever the shape of their distribution (Bühlmann & Straub 1970), and a
// time of 0 is a value like any other, which it is not for logarithms. All groups are
// taken to vary equally within, so that two tickets that happened to take the same
// time do not make their agent certain. Long tails make every mean less certain, and
// pull more. Intervals are clipped to what the metric can be.
//
// Figures that are nil or have no data for the metric have no place. It returns
// an error that wraps [stat.ErrLevel] unless 0 < level < 1, [ErrMetric] for a
// number that is not a metric, for a count, and for the median or another quantile
// of a time (rank by its mean instead), and
// [metrics.ErrOtherTerms] for figures that are not right for a common instant.
func NewCredit[K any](i Metric, keys iter.Seq[K], figures func(K) *metrics.Figures, level float64) (Credit[K], error) {
	switch i.kind() {
	case unknown:
		return Credit[K]{}, fmt.Errorf("%w: %d", ErrMetric, uint16(i))
	case quantile, count:
		return Credit[K]{}, fmt.Errorf("%w by which to rank: %v", ErrMetric, i)
	}
	if !(level > 0 && level < 1) {
		return Credit[K]{}, fmt.Errorf("compare: %w: %v", stat.ErrLevel, level)
	}
	c := Credit[K]{Metric: i, Level: level}
	var groups []*metrics.Figures
	for key := range keys {
		if f := figures(key); f != nil {
			if raw, ok := i.Of(f, level); ok {
				c.Places = append(c.Places, Place[K]{Key: key, Raw: raw})
				groups = append(groups, f)
			}
		}
	}
	if len(groups) == 0 {
		return c, nil
	}
	all := new(metrics.Figures)
	for _, f := range groups {
		if err := all.Merge(f); err != nil {
			return Credit[K]{}, fmt.Errorf("compare: %w", err)
		}
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
	for n := range c.Places {
		c.Places[n].Shrunken, c.Places[n].Rest = shrunken.Groups[n], differences[n]
	}
	c.rank()
	return c, nil
}

// rank sorts the places and numbers them.
func (c *Credit[K]) rank() {
	order := func(a, b Place[K]) int {
		d := cmp.Compare(a.Shrunken.Interval.Estimate, b.Shrunken.Interval.Estimate)
		if c.Metric.Direction() != stat.LowerIsBetter {
			return -d
		}
		return d
	}
	slices.SortStableFunc(c.Places, order)
	for n := range c.Places {
		if c.Places[n].Rank = n + 1; n > 0 && order(c.Places[n-1], c.Places[n]) == 0 {
			c.Places[n].Rank = c.Places[n-1].Rank
		}
	}
}

// shrink pulls the values of figures, which all have data for the metric.
func (i Metric) shrink(groups []*metrics.Figures, level float64) (stat.Shrinkage, error) {
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
	case i.kind() == share:
		return stat.ShrinkProportions(ratios, level)
	case i.kind() == rate:
		variance, _ := all.Float64()
		for n, r := range ratios {
			mean, _ := r.Float64()
			samples[n] = stat.Sample{N: r.Whole, Mean: mean, Variance: variance}
		}
	case !i.isTime():
		low, high = 1, 5 // stars
	}
	s, err := stat.ShrinkMeans(samples, level)
	if errors.Is(err, stat.ErrTooFew) { // one value in all
		own := stat.Shrunken{N: samples[0].N, Raw: samples[0].Mean, Weight: 1, Interval: stat.Interval{Estimate: samples[0].Mean}}
		return stat.Shrinkage{Pooled: samples[0].Mean, Groups: []stat.Shrunken{own}}, nil
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
		for _, f := range append([]*metrics.Figures{outside}, part[1]...) {
			_ = rest.Merge(f) // of one reading, as NewCredit has seen
		}
		eachRest(part[0], rest, do)
	}
}

// String returns the place as a line for people:
//
//  1. ana: 82.5 % (95 % 75.9 % to 88.3 %), by itself 85.0 % of 120, better than the rest
func (s Place[K]) String() string {
	value := func(v float64) string { return Value{Metric: s.Raw.Metric, Value: v}.String() }
	shrunken, n := s.Shrunken.Interval, text.Count(s.Raw.N)
	text := fmt.Sprintf("%d. %v: %s", s.Rank, s.Key, value(shrunken.Estimate))
	if shrunken.Level > 0 {
		text += fmt.Sprintf(" (%s %s to %s)", percentLevel(shrunken.Level), value(shrunken.Low), value(shrunken.High))
	}
	text += fmt.Sprintf(", by itself %v of %s", s.Raw, n)
	switch {
	case s.Rest.Conclusion.Changed():
		return text + ", " + s.Rest.Conclusion.String() + " than the rest"
	case s.Rest.Conclusion == stat.NotDistinguishable:
		return text + ", not distinguishable from the rest"
	case s.Rest.Conclusion == stat.TooFew:
		return text + ", too few to tell from the rest"
	}
	return text
}
