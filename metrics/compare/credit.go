package compare

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Credit ranks agents, teams or any other groups of a desk by a metric, so that the
// list is not led by an agent with two easy tickets: the less is known about a
// group, the more its value is pulled towards what all have in common, and ranks
// follow from that. The zero value ranks nobody.
//
// Nor is it led by who has the easy tickets. Agents do not draw lots for them: over all
// channels, who has the e-mails looks slow, however fast he or she answers each of them.
// So give NewCredit strata, such as the channels, and everybody is judged by what the
// desk as a whole does with the same tickets.
//
//	type cell struct {
//		agent   metrics.AgentID
//		channel metrics.Channel
//	}
//	by := compare.NewGroups(func(f metrics.Facet) cell { return cell{f.Agent(), f.Channel()} })
//	…
//	credit, err := compare.NewCredit(compare.CSAT, agents, channels, func(a metrics.AgentID, c metrics.Channel) *compare.Observed {
//		return by.Group(cell{a, c})
//	}, 0.95)
//
// Even so, a rank is not a conclusion, and two tickets that are far from all others
// may still lead. Rest says beside each rank who differs from the others by more than
// chance, and for whom that cannot be told yet.
type Credit[K any] struct {
	Metric Metric      `json:"metric"`
	Level  float64     `json:"level"`
	Method stat.Method `json:"method"` // by which values are pulled; the default if there is one value in all
	// Strata is how many strata have data. With more than one, values are standardised.
	Strata int `json:"strata"`
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
	// Expected is the value that the desk as a whole has at the mix of this group, and
	// Ratio is Raw over Expected, with its interval; only with several strata. If nothing
	// was expected, as of a share that is 0 in all strata of the group, both are 0; and
	// without an interval, Level is.
	Expected float64       `json:"expected,omitzero"`
	Ratio    stat.Interval `json:"ratio,omitzero"`
	// Shrunken is the value that ranks, with its interval, and how much of it is
	// the group's own. With several strata its Raw is the standardised value. The interval
	// is the zero one if there is one value in all groups together.
	Shrunken stat.Shrunken `json:"shrunken"`
	// Rest is the difference between all other groups together, as Before, and this
	// one, as After; with several strata, at the mix of this one, by [Family.Indirect].
	// Its conclusion says whether the group differs from them, with P adjusted for the
	// number of groups (Holm 1979); see [Family].
	Rest Difference `json:"rest"`
}

// NewCredit ranks groups by a metric, with intervals and conclusions at a level. The
// function returns what was observed of a key in a stratum; it may look into [Groups]
// by both. With nil strata there is one, the zero S, and no adjustment. The Rules decide
// who has the credit for a conversation that was handed on: the one who acted, or with
// CreditAssigned the one in charge. Groups of the same rank are in the order of their
// keys, so give the keys in an order.
//
//	Share  beta-binomial (Kleinman 1973); see [stat.ShrinkProportions]
//	Mean   Paule & Mandel (1982); see [stat.ShrinkMeans]
//	Net    the same, as means of −1, 0 and 1
//	Rate   the same, with the variance of a Poisson count
//
// Means of times are shrunken as they are, in seconds. The estimate is the best
// linear one whatever the shape of their distribution (Bühlmann & Straub 1970), and a
// time of 0 is a value like any other, which it is not for logarithms. All groups are
// taken to vary equally within, so that two tickets that happened to take the same
// time do not make their agent certain. Long tails make every mean less certain, and
// pull more. Intervals are clipped to what the metric can be.
//
// With several strata the value that is shrunken is the indirectly standardised one: the
// value of all groups, times what was observed of this one over what the desk would have
// had with its tickets (Breslow & Day 1987, Statistical Methods in Cancer Research II,
// chapter 2),
//
//	Ratio = O/E,  O = Σ n·value,  E = Σ n·(value of all groups in the stratum)
//	standardised = (value of all)·O/E,  its variance = (value of all)²·Σ n·σ²/E²
//
// with the sums over strata and n the number of this group there. E is taken as known.
// A ratio, and not a difference, because who takes a fifth longer than others takes
// minutes more on chat and hours more by e-mail. They are shrunken by
// [stat.ShrinkEstimates], shares too. σ² is of single values in a stratum: p(1−p) of a
// share and λ of a rate, with half an event added so that a stratum in which all are alike
// makes nobody certain, and for a mean the variance within groups, with one degree of
// freedom more from the relative variance of all strata together; if no group has two
// values in a stratum, that between groups. The interval of Ratio is
// that of Raw for shares and rates (Wilson 1927; Garwood 1936, exact), over Expected, and
// for means by t, with the variances above and the degrees of freedom of Satterthwaite
// (1946).
//
// What is nil or has no data for the metric has no place. It returns
// an error that wraps [stat.ErrLevel] unless 0 < level < 1, [ErrMetric] for
// what is no metric, for a count, for the median or another quantile
// of a time (rank by its mean instead), with strata for what may be below 0, as a net
// share may, of which there is no ratio, [stat.ErrCount] for counts that cannot be or
// leave an int64 in all, and [metrics.ErrOtherTerms] for what is not right for a common
// instant.
func NewCredit[K, S any](i Metric, keys iter.Seq[K], strata iter.Seq[S], observed func(K, S) *Observed, level float64) (Credit[K], error) {
	switch i.kind() {
	case unknown:
		return Credit[K]{}, fmt.Errorf("%w: %s", ErrMetric, text.Quote(string(i)))
	case quantile, count:
		return Credit[K]{}, fmt.Errorf("%w by which to rank: %v", ErrMetric, i)
	}
	if low, _, ok := i.bounds(); ok && low < 0 && strata != nil {
		return Credit[K]{}, fmt.Errorf("%w by which to rank with strata, since it may be below 0: %v", ErrMetric, i)
	}
	if !(level > 0 && level < 1 && 1-level < 1) {
		return Credit[K]{}, fmt.Errorf("compare: %w: %v", stat.ErrLevel, level)
	}
	c := Credit[K]{Metric: i, Level: level}
	in := []S{*new(S)}
	if strata != nil {
		in = slices.Collect(strata)
	}
	var total stat.Ratio
	var some bool
	var groups [][]*Observed // of each place, by stratum
	for key := range keys {
		group, whole := make([]*Observed, len(in)), new(Observed)
		for s := range in {
			if group[s] = observed(key, in[s]); group[s] == nil {
				group[s] = new(Observed)
			}
			if err := whole.Merge(group[s]); err != nil {
				return Credit[K]{}, fmt.Errorf("compare: %w", err)
			}
			r, _ := i.Ratio(group[s])
			if !i.possible(r) {
				return Credit[K]{}, fmt.Errorf("compare: %w: %v of %v", stat.ErrCount, r, i)
			}
			total, some = total.Pool(r), some || r.Defined()
		}
		if raw, ok := i.Of(whole, level); ok {
			c.Places = append(c.Places, Place[K]{Key: key, Raw: raw})
			groups = append(groups, group)
		}
	}
	if some && !total.Defined() {
		return Credit[K]{}, fmt.Errorf("compare: %w: the groups of %v together", stat.ErrCount, i)
	}
	if len(groups) == 0 {
		return c, nil
	}
	groups, err := i.filled(groups)
	if err != nil {
		return Credit[K]{}, err
	}
	c.Strata = len(groups[0])
	var shrunken stat.Shrinkage
	if c.Strata == 1 {
		shrunken, err = i.shrink(groups, level)
	} else {
		mix := i.standard(groups)
		for n := range c.Places {
			c.Places[n].Expected, c.Places[n].Ratio = mix.ratio(n, c.Places[n].Raw, level)
		}
		shrunken, err = mix.shrink(level)
	}
	if err != nil {
		return Credit[K]{}, err
	}
	i.clip(&shrunken)
	c.Method, c.Pooled, c.PriorN = shrunken.Method, shrunken.Pooled, shrunken.PriorN
	family := Family{Level: level}
	eachRest(groups, empty(c.Strata), func(rest, own []*Observed) {
		if c.Strata == 1 {
			family.Change(i, rest[0], own[0])
			return
		}
		pairs := make([]Pair, c.Strata)
		for s := range pairs {
			pairs[s] = Pair{rest[s], own[s]}
		}
		family.Indirect(i, pairs...)
	})
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

// filled leaves out the strata in which no group has data, of which there is at least
// one that has. It fails if not all have a common instant.
func (i Metric) filled(groups [][]*Observed) ([][]*Observed, error) {
	kept := make([][]*Observed, len(groups))
	all := new(Observed)
	for s := range groups[0] {
		stratum := new(Observed)
		for _, group := range groups {
			if err := errors.Join(stratum.Merge(group[s]), all.Merge(group[s])); err != nil {
				return nil, fmt.Errorf("compare: %w", err)
			}
		}
		if _, ok := i.Of(stratum, defaultLevel); ok {
			for n, group := range groups {
				kept[n] = append(kept[n], group[s])
			}
		}
	}
	return kept, nil
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

// shrink pulls the values of groups in one stratum, which all have data for the metric.
func (i Metric) shrink(groups [][]*Observed, level float64) (stat.Shrinkage, error) {
	ratios := make([]stat.Ratio, len(groups))
	samples := make([]stat.Sample, len(groups))
	var all stat.Ratio
	for n, group := range groups {
		ratios[n], _ = i.Ratio(group[0])
		samples[n], _ = i.Sample(group[0])
		all = all.Pool(ratios[n])
	}
	switch i.kind() {
	case share:
		return stat.ShrinkProportions(ratios, level)
	case rate:
		variance, _ := all.Float64()
		for n, r := range ratios {
			mean, _ := r.Float64()
			samples[n] = stat.Sample{N: r.Whole, Mean: mean, Variance: variance}
		}
	}
	s, err := stat.ShrinkMeans(samples, level)
	if errors.Is(err, stat.ErrTooFew) { // one value in all
		own := stat.Shrunken{N: samples[0].N, Raw: samples[0].Mean, Weight: 1, Interval: stat.Interval{Estimate: samples[0].Mean}}
		return stat.Shrinkage{Pooled: samples[0].Mean, Groups: []stat.Shrunken{own}}, nil
	}
	return s, err
}

// clip clips estimates to what the metric can be.
func (i Metric) clip(s *stat.Shrinkage) {
	low, high, ok := i.bounds()
	if !ok {
		low, high = 0, math.Inf(1)
	}
	for n := range s.Groups {
		for _, v := range []*float64{&s.Groups[n].Interval.Estimate, &s.Groups[n].Interval.Low, &s.Groups[n].Interval.High} {
			*v = min(max(*v, low), high)
		}
	}
}

// eachRest calls do for each of the groups, in order, with the rest and those
// outside merged, stratum by stratum. It halves them, so that it merges none more often
// than there are halvings.
func eachRest(groups [][]*Observed, outside []*Observed, do func(rest, own []*Observed)) {
	if len(groups) == 1 {
		do(outside, groups[0])
		return
	}
	half := len(groups) / 2
	for _, part := range [][2][][]*Observed{{groups[:half], groups[half:]}, {groups[half:], groups[:half]}} {
		rest := empty(len(outside))
		for _, group := range append([][]*Observed{outside}, part[1]...) {
			for s, o := range group {
				_ = rest[s].Merge(o) // of one reading, as NewCredit has seen
			}
		}
		eachRest(part[0], rest, do)
	}
}

// empty returns so many groups of nothing.
func empty(n int) []*Observed {
	all := make([]*Observed, n)
	for k := range all {
		all[k] = new(Observed)
	}
	return all
}

// String returns the place as a line for people:
//
//  1. ana: 82.5 % (95 % 75.9 to 88.3 %), by itself 85.0 % of 120, better than the rest
//
// and with several strata, what was expected of the group after its own value.
func (s Place[K]) String() string {
	value := func(v float64) string { return Value{Metric: s.Raw.Metric, Value: v}.String() }
	shrunken, n := s.Shrunken.Interval, text.Count(s.Raw.N)
	line := fmt.Sprintf("%d. %v: %s", s.Rank, s.Key, value(shrunken.Estimate))
	if shrunken.Level > 0 {
		line += fmt.Sprintf(" (%s %s)", text.Level(shrunken.Level), text.Range(value(shrunken.Low), value(shrunken.High)))
	}
	line += fmt.Sprintf(", by itself %v of %s", s.Raw, n)
	if s.Expected > 0 {
		line += fmt.Sprintf(", %s expected", value(s.Expected))
	}
	switch {
	case s.Rest.Conclusion.Changed():
		return line + ", " + s.Rest.Conclusion.String() + " than the rest"
	case s.Rest.Conclusion == stat.NotDistinguishable:
		return line + ", not distinguishable from the rest"
	case s.Rest.Conclusion == stat.TooFew:
		return line + ", too few to tell from the rest"
	}
	return line
}
