package compare

import (
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
)

// A mix is what groups had in strata, for indirect standardisation; see [NewCredit].
type mix struct {
	kind     kind
	groups   []ofMix
	observed float64 // of all groups: the sum of their values, over n
	n        float64
}

// ofMix is what a group had in all strata together.
type ofMix struct {
	n                  int64
	observed, expected float64 // sums of the values
	variance           float64 // of observed
	terms              []stat.Term
}

// standard returns the groups of a mix, with the values of all groups as the standard.
func (i Metric) standard(groups [][]*Observed) mix {
	m := mix{kind: i.kind(), groups: make([]ofMix, len(groups))}
	strata := make([]stratum, len(groups[0]))
	var relative, apart, df, apartDF float64 // within groups, and between them
	for s := range strata {
		strata[s] = i.stratum(groups, s)
		if mean := strata[s].mean; mean > 0 {
			relative += strata[s].squares / (mean * mean)
			df += strata[s].df
			apart += strata[s].apart / (mean * mean)
			apartDF += strata[s].apartDF
		}
	}
	switch {
	case df > 0:
		relative /= df
	case apartDF > 0: // no group has two values in a stratum
		relative = apart / apartDF
	}
	for s := range strata {
		variance := strata[s].variance(m.kind, relative)
		for a := range groups {
			own := strata[s].own[a]
			n := float64(own.N)
			g := &m.groups[a]
			g.n += own.N
			g.observed += n * own.Mean
			g.expected += n * strata[s].mean
			g.variance += n * variance
			if n > 0 {
				g.terms = append(g.terms, stat.Term{Times: n, Value: own.Mean, Variance: variance / n, DF: strata[s].df + 1})
			}
			m.observed += n * own.Mean
			m.n += n
		}
	}
	return m
}

// A stratum is what groups had in it.
type stratum struct {
	own            []stat.Sample // of each group
	n, mean        float64       // of all
	squares, df    float64       // within groups
	apart, apartDF float64       // between them
}

func (i Metric) stratum(groups [][]*Observed, s int) stratum {
	all := stratum{own: make([]stat.Sample, len(groups))}
	for a, group := range groups {
		own := &all.own[a]
		if i.kind() == mean { // a net share is not standardised
			*own, _ = i.Sample(group[s])
		} else if r, _ := i.Ratio(group[s]); r.Defined() {
			own.N = r.Whole
			own.Mean, _ = r.Float64()
		}
		n := float64(own.N)
		all.n += n
		all.mean += n * own.Mean
		if own.N > 1 {
			all.squares += own.Variance * (n - 1)
			all.df += n - 1
		}
	}
	all.mean /= all.n
	all.apartDF = -1
	for _, own := range all.own {
		if own.N > 0 {
			all.apart += float64(own.N) * (own.Mean - all.mean) * (own.Mean - all.mean)
			all.apartDF++
		}
	}
	return all
}

// variance returns that of single values in the stratum about the value of their group.
func (s *stratum) variance(kind kind, relative float64) float64 {
	switch kind {
	case share:
		p := (s.n*s.mean + 0.5) / (s.n + 1)
		return p * (1 - p)
	case rate:
		return (s.n*s.mean + 0.5) / s.n
	}
	return (s.squares + relative*s.mean*s.mean) / (s.df + 1)
}

// sameAs is how near to 1 a ratio of sums of floats is taken as 1.
const sameAs = 1e-12

// over returns what was observed of a group over what was expected.
func (g *ofMix) over() float64 {
	r := g.observed / g.expected
	if math.Abs(r-1) <= sameAs {
		return 1
	}
	return r
}

// ratio returns what was expected of a group per ticket, and what it had over that.
func (m *mix) ratio(n int, raw Value, level float64) (expected float64, ratio stat.Interval) {
	g := &m.groups[n]
	if g.expected == 0 {
		return 0, stat.Interval{}
	}
	expected = g.expected / float64(g.n)
	if ratio = raw.Interval; m.kind == mean {
		ratio = stat.Interval{}
		if c, err := stat.Linear(stat.StudentT, g.terms...); err == nil {
			if sum, err := c.Interval(level); err == nil {
				ratio = sum
				ratio.Low, ratio.High = max(0, sum.Low)/g.expected, sum.High/g.expected
			}
		}
	} else {
		ratio.Low, ratio.High = ratio.Low/expected, ratio.High/expected
	}
	ratio.Estimate = g.over()
	if ratio.Level > 0 { // it has its estimate, but for rounding
		ratio.Low, ratio.High = min(ratio.Low, ratio.Estimate), max(ratio.High, ratio.Estimate)
	}
	return expected, ratio
}

// shrink pulls the standardised values of the groups.
func (m *mix) shrink(level float64) (stat.Shrinkage, error) {
	all := m.observed / m.n
	estimates := make([]stat.Estimate, len(m.groups))
	for a, g := range m.groups {
		switch scale := all / g.expected; {
		case all == 0: // and so is everything
			estimates[a] = stat.Estimate{N: g.n}
		case g.expected > 0: // or nothing is known of the group
			estimates[a] = stat.Estimate{N: g.n, Value: all * g.over(), Variance: scale * scale * g.variance}
		}
	}
	s, err := stat.ShrinkEstimates(estimates, level)
	for a := range s.Groups {
		s.Groups[a].N = m.groups[a].n
	}
	return s, err
}
