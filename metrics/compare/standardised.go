package compare

import (
	"cmp"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Pair is the figures of one group on both sides, alike in what matters, such as
// those of a channel.
type Pair struct {
	Before, After *metrics.Figures
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
// and counts are NotTested: compare them pair by pair.
func (f *Family) Standardised(i Metric, pairs ...Pair) {
	d := Difference{Metric: i, Design: Standardised, Before: Value{Metric: i}, After: Value{Metric: i}}
	if kind := i.kind(); kind != share && kind != mean {
		if kind != unknown {
			d.Conclusion = stat.NotTested
		}
		f.add(d, nil)
		return
	}
	least := int64(1)
	if i.kind() == mean {
		least = 2
	}
	var compared []weighed
	var total float64
	for _, s := range pairs {
		before, _ := i.Of(s.Before, f.level())
		after, _ := i.Of(s.After, f.level())
		if before.N < least || after.N < least {
			d.LeftOut += before.N + after.N
			continue
		}
		d.Before.N += before.N
		d.After.N += after.N
		size := float64(before.N) + float64(after.N)
		total += size
		compared = append(compared, weighed{s, size, before, after})
	}
	if total == 0 {
		f.add(d, nil)
		return
	}
	// Sums do not depend on the order in which the pairs came.
	slices.SortFunc(compared, weighed.compare)
	var figures []*metrics.Figures
	var weights []float64
	for _, s := range compared {
		w := s.size / total
		d.Before.Value += w * s.before.Value
		d.After.Value += w * s.after.Value
		figures = append(figures, s.After, s.Before)
		weights = append(weights, w, -w)
	}
	d.Conclusion = stat.NotDistinguishable
	if min(d.Before.N, d.After.N) < f.minimum() {
		d.Conclusion = stat.TooFew
	}
	f.add(d, func() (stat.Contrast, error) { return i.linear(figures, weights) })
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
