package compare

import (
	"cmp"
	"math"
	"slices"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Pair is what was observed of one group on both sides, alike in what matters, such as
// that of a channel.
type Pair struct {
	Before, After *Observed
}

// Standardised asks how a metric would have changed if the mix of groups had been
// the same on both sides: the mix of both together. If more customers come by the
// slow channel, a desk that got faster on each channel is slower in
// total (Simpson 1951). The total is what customers saw, and the standardised change
// tells whether the work got better.
//
//	Σ w·after − Σ w·before,  w = n of the group on both sides / n of all
//
// (direct standardisation; Fleiss, Levin & Paik 2003, Statistical Methods for
// Rates and Proportions, 19). It is for shares (interval and test by Price &
// Bonett 2004) and means (t with the degrees of freedom of Satterthwaite 1946).
// A pair that is empty on one side, or for a mean has a single value there, tells
// nothing about a change and is left out; see [Difference.LeftOut]. Quantiles, rates
// and counts are NotTested: compare them pair by pair. So are sums that leave an int64.
func (f *Family) Standardised(i Metric, pairs ...Pair) {
	f.atMix(Difference{Metric: i, Design: Standardised}, func(before, after Value) float64 {
		return float64(before.N) + float64(after.N)
	}, pairs)
}

// Indirect asks how a metric of an agent, say, differs from what others would have had
// with the same tickets: at the agent's own mix of groups, which is that of After.
//
//	Σ w·after − Σ w·before,  w = n of the group after / n of all after
//
// (indirect standardisation, with the others as the standard; Breslow & Day 1987,
// Statistical Methods in Cancer Research II, chapter 2). A group that the agent has little of
// counts for little, which it does not at the mix of [Family.Standardised]. It is for
// shares and means as there. It is for rates too, as the ratio of observed to expected
// counts of After to that of Before, with the expected ones by the rate of both together
// in each group,
//
//	(Σ after / Σ n·rate) / (Σ before / Σ n·rate) − 1
//
// exact given the sum (Breslow & Day 1987, chapter 3). Before has the value that the others
// would have had. Quantiles, counts and sums that leave an int64 are NotTested.
func (f *Family) Indirect(i Metric, pairs ...Pair) {
	d := Difference{Metric: i, Design: Indirect}
	if i.kind() == rate {
		f.expected(d, pairs)
		return
	}
	f.atMix(d, func(_, after Value) float64 { return float64(after.N) }, pairs)
}

// atMix asks how a share or mean changed at the mix that the sizes of pairs give.
func (f *Family) atMix(d Difference, size func(before, after Value) float64, pairs []Pair) {
	i := d.Metric
	d.Before, d.After = Value{Metric: i}, Value{Metric: i}
	if kind := i.kind(); kind != share && kind != mean && kind != net {
		if kind != unknown {
			d.Conclusion = stat.NotTested
		}
		f.add(d, nil)
		return
	}
	least := int64(1)
	if i.kind() != share {
		least = 2
	}
	var compared []weighed
	var total float64
	for _, s := range pairs {
		before, after, ok := f.values(&d, s, least)
		if !ok {
			continue
		}
		of := size(before, after)
		total += of
		compared = append(compared, weighed{s, of, before, after})
	}
	if total == 0 {
		f.add(d, nil)
		return
	}
	// Sums do not depend on the order in which the pairs came.
	slices.SortFunc(compared, weighed.compare)
	var groups []*Observed
	var weights []float64
	for _, s := range compared {
		w := s.size / total
		d.Before.Value += w * s.before.Value
		d.After.Value += w * s.after.Value
		groups = append(groups, s.After, s.Before)
		weights = append(weights, w, -w)
	}
	f.conclude(d, func() (stat.Contrast, error) { return i.linear(groups, weights) })
}

// values returns the values of a pair of which both sides have so many, and counts them
// in d. Others are left out: on both sides or, at the mix of After, on that side.
func (f *Family) values(d *Difference, s Pair, least int64) (before, after Value, ok bool) {
	before, _ = d.Metric.Of(s.Before, f.level())
	after, _ = d.Metric.Of(s.After, f.level())
	if before.N < least || after.N < least {
		if d.LeftOut = sum(d.LeftOut, after.N); d.Design == Standardised {
			d.LeftOut = sum(d.LeftOut, before.N)
		}
		return before, after, false
	}
	d.Before.N = sum(d.Before.N, before.N)
	d.After.N = sum(d.After.N, after.N)
	return before, after, true
}

// sum adds counts. What leaves an int64 is the largest of them.
func sum(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// conclude asks about pairs if there are enough.
func (f *Family) conclude(d Difference, compare func() (stat.Contrast, error)) {
	d.Conclusion = stat.NotDistinguishable
	switch {
	case max(d.Before.N, d.After.N) == math.MaxInt64: // or more than that
		d.Conclusion = stat.NotTested
	case min(d.Before.N, d.After.N) < f.minimum():
		d.Conclusion = stat.TooFew
	}
	f.add(d, compare)
}

// expected is Indirect for a rate.
func (f *Family) expected(d Difference, pairs []Pair) {
	d.Before, d.After = Value{Metric: d.Metric}, Value{Metric: d.Metric}
	var ours, theirs stat.Ratio
	var compared []weighed
	for _, s := range pairs {
		before, after, ok := f.values(&d, s, 1)
		if !ok {
			continue
		}
		b, _ := d.Metric.Ratio(s.Before)
		a, _ := d.Metric.Ratio(s.After)
		ours, theirs = ours.Pool(a), theirs.Pool(b)
		r, ok := a.Pool(b).Float64()
		if !ok || !ours.Defined() || !theirs.Defined() {
			d.Before, d.After, d.Conclusion = Value{Metric: d.Metric}, Value{Metric: d.Metric}, stat.NotTested
			f.add(d, nil)
			return
		}
		compared = append(compared, weighed{s, r, before, after})
	}
	if len(compared) == 0 {
		f.add(d, nil)
		return
	}
	slices.SortFunc(compared, weighed.compare)
	var ourExpected, theirExpected float64
	for _, s := range compared {
		ourExpected += s.size * float64(s.after.N)
		theirExpected += s.size * float64(s.before.N)
	}
	d.After.Value, _ = ours.Float64()
	if theirExpected > 0 {
		d.Before.Value = float64(theirs.Part) / theirExpected * ourExpected / float64(ours.Whole)
	}
	f.conclude(d, func() (stat.Contrast, error) {
		return stat.CompareRates(ours.Part, ourExpected, theirs.Part, theirExpected)
	})
}

// weighed is a pair with what it counts for and its values.
type weighed struct {
	Pair
	size          float64
	before, after Value
}

func (s weighed) compare(t weighed) int {
	return cmp.Or(cmp.Compare(s.size, t.size), cmp.Compare(s.before.N, t.before.N),
		cmp.Compare(s.before.Value, t.before.Value), cmp.Compare(s.after.Value, t.after.Value))
}
