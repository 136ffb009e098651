package survey

import "github.com/servicequality/servicequality/metrics/stat"

// Kano counts how customers classify a feature of a service, by the evaluation
// table of Kano's method. The zero value is empty.
type Kano struct {
	Attractive     int64 `json:"attractive"`      // delights, and is not missed
	OneDimensional int64 `json:"one_dimensional"` // the more the better
	MustBe         int64 `json:"must_be"`         // goes unnoticed, and is missed
	Indifferent    int64 `json:"indifferent"`
	Reverse        int64 `json:"reverse"`      // not wanted
	Questionable   int64 `json:"questionable"` // contradictory answers
}

// counts are the counts of k.
func (k *Kano) counts() []*int64 {
	return []*int64{&k.Attractive, &k.OneDimensional, &k.MustBe, &k.Indifferent, &k.Reverse, &k.Questionable}
}

// Merge adds what other counts. The error wraps [ErrCount] if a count is negative or the
// sum is above 2⁵³. On an error nothing has changed.
func (k *Kano) Merge(other Kano) error {
	sum := *k
	if err := addCounts(sum.counts(), other.counts()); err != nil {
		return err
	}
	*k = sum
	return nil
}

// Better returns by how much having the feature raises satisfaction, 0 to 1, and
// Worse by how much lacking it lowers it, −1 to 0:
//
//	better = (A + O)/(A + O + M + I)    worse = −(O + M)/(A + O + M + I)
//
// Both are not defined without such answers, or if a count is negative or above 2⁵³.
// Source: Berger et al. (1993), Center for Quality of Management Journal 2(4):3.
func (k Kano) Better() stat.Ratio {
	return k.ratio(k.Attractive + k.OneDimensional)
}

// Worse is described with Better.
func (k Kano) Worse() stat.Ratio {
	return k.ratio(-(k.OneDimensional + k.MustBe))
}

func (k Kano) ratio(part int64) stat.Ratio {
	if new(Kano).Merge(k) != nil {
		return stat.Ratio{}
	}
	return stat.Ratio{Part: part, Whole: k.Attractive + k.OneDimensional + k.MustBe + k.Indifferent}
}
