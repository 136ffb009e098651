package compare

import (
	"cmp"
	"slices"

	"github.com/servicequality/servicequality/metrics"
)

// Stratum is a part of both sides that is alike in what matters, such as a
// channel.
type Stratum struct {
	Before, After *metrics.Figures
}

// Standardised asks how an index would have changed if the mix of strata had
// been the same on both sides: the mix of both together. When more customers
// come by the slow channel, a desk that got faster on each channel is slower in
// total (Simpson 1951); the total is what customers saw, and the standardised
// change is what became of the work.
//
//	Σ w·after − Σ w·before,  w = n of the stratum on both sides / n of all
//
// (direct standardisation; Fleiss, Levin & Paik 2003, Statistical Methods for
// Rates and Proportions, 19). It is for shares (interval and test by Price &
// Bonett 2004) and means (t with the degrees of freedom of Satterthwaite 1946).
// A stratum that is empty on one side, or of a mean has a single value there,
// tells of no change and is left out; see [Difference.LeftOut]. Quantiles, rates
// and counts are NotTested: compare them stratum by stratum.
func (f *Family) Standardised(i Index, strata ...Stratum) {
	d := Difference{Index: i, Design: Standardised, Before: Value{Index: i}, After: Value{Index: i}}
	if kind := i.Kind(); kind != Share && kind != Mean {
		if kind != Unknown {
			d.Verdict = NotTested
		}
		f.add(d, nil)
		return
	}
	least := int64(1)
	if i.Kind() == Mean {
		least = 2
	}
	var compared []stratum
	var total float64
	for _, s := range strata {
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
		compared = append(compared, stratum{s, size, before, after})
	}
	if total == 0 {
		f.add(d, nil)
		return
	}
	// Sums do not depend on the order in which the strata came.
	slices.SortFunc(compared, stratum.compare)
	var figures []*metrics.Figures
	var weights []float64
	for _, s := range compared {
		w := s.size / total
		d.Before.Value += w * s.before.Value
		d.After.Value += w * s.after.Value
		figures = append(figures, s.After, s.Before)
		weights = append(weights, w, -w)
	}
	d.Verdict = NotDistinguishable
	if min(d.Before.N, d.After.N) < f.minimum() {
		d.Verdict = TooFew
	}
	f.add(d, func() (contrast, error) { return i.linear(figures, weights) })
}

// stratum is a stratum with what it counts for and its values.
type stratum struct {
	Stratum
	size          float64
	before, after Value
}

func (s stratum) compare(t stratum) int {
	return cmp.Or(cmp.Compare(s.size, t.size), cmp.Compare(s.before.N, t.before.N),
		cmp.Compare(s.before.Value, t.before.Value), cmp.Compare(s.after.Value, t.after.Value))
}
