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

// Merge adds what other counts.
func (k *Kano) Merge(other Kano) {
	k.Attractive += other.Attractive
	k.OneDimensional += other.OneDimensional
	k.MustBe += other.MustBe
	k.Indifferent += other.Indifferent
	k.Reverse += other.Reverse
	k.Questionable += other.Questionable
}

// Better returns by how much having the feature raises satisfaction, 0 to 1, and
// Worse by how much lacking it lowers it, −1 to 0:
//
//	better = (A + O)/(A + O + M + I)    worse = −(O + M)/(A + O + M + I)
//
// Both are not defined without such answers. Source: Berger et al. (1993), Center
// for Quality of Management Journal 2(4):3.
func (k Kano) Better() stat.Ratio {
	return stat.Ratio{Part: k.Attractive + k.OneDimensional, Whole: k.classified()}
}

// Worse is described with Better.
func (k Kano) Worse() stat.Ratio {
	return stat.Ratio{Part: -(k.OneDimensional + k.MustBe), Whole: k.classified()}
}

func (k Kano) classified() int64 {
	return k.Attractive + k.OneDimensional + k.MustBe + k.Indifferent
}
