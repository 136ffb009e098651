package stat

import (
	"fmt"
	"math"
)

// Shrinkage is a set of groups, each pulled towards what all have in common: the
// less is known about a group, the more it is pulled, so that a leaderboard is not
// led by an agent with two easy tickets. It is empirical Bayes: the true values of
// the groups are treated as draws from one distribution, the prior, which is
// estimated from all groups. The zero value has no groups.
type Shrinkage struct {
	Pooled  float64    `json:"pooled"`  // mean of the prior
	Between float64    `json:"between"` // variance of the prior: how groups differ beyond chance
	PriorN  float64    `json:"prior_n"` // how many values the prior is worth; 0 if Between is 0, and no number outweighs it
	Groups  []Shrunken `json:"groups"`  // in the order given
	Method  Method     `json:"method"`
}

// Shrunken is a group of a Shrinkage. Its estimate is
//
//	Weight·Raw + (1 − Weight)·Pooled
type Shrunken struct {
	N        int64    `json:"n"`
	Raw      float64  `json:"raw"`    // by the group alone; 0 if N is 0
	Weight   float64  `json:"weight"` // of Raw, from 0 to 1
	Interval Interval `json:"interval"`
}

// fewestGroups is the number of groups with data below which nothing is said of
// how groups differ.
const fewestGroups = 3

// ShrinkProportions shrinks the shares of groups (satisfied of asked, met of
// due), of which any may have a Whole of 0. The prior is a beta distribution by
// the moments of Kleinman (1973, Journal of the American Statistical Association
// 68:46), with one round of his empirical weights: with p the share of a group and
// γ the correlation of two answers in one,
//
//	π = Σwp/Σw,  Q = Σw(p−π)²,  A = Σw(1−w/Σw),  B = Σ(w/n)(1−w/Σw)
//	γ = (Q − π(1−π)·B)/(π(1−π)·(A − B)),  w = n, then n/(1+γ(n−1))
//	Between = γπ(1−π),  PriorN = 1/γ − 1,  Weight = n/(n + PriorN)
//
// PriorN is at least 1. The interval is that of a beta distribution with the mean
// and variance of the posterior, plus the variance of π in proportion to its part in
// the estimate (Morris 1983, Journal of the American Statistical Association 78:47).
// The uncertainty of γ is left out, so with few groups the interval is somewhat
// short.
//
// Special cases are: with fewer than three groups that have data, or if they differ
// no more than by chance, each gets the share of all groups together, with its
// interval, which is Clopper and Pearson's if that share is 0 or 1.
//
// It returns ErrCount for impossible counts, ErrNoData if no group has data, and
// ErrLevel unless 0 < level < 1.
func ShrinkProportions(groups []Ratio, level float64) (Shrinkage, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Shrinkage{}, err
	}
	var x, n float64
	filled := 0
	for i, g := range groups {
		if g.Whole < 0 || g.Part < 0 || g.Part > g.Whole {
			return Shrinkage{}, fmt.Errorf("%w: group %d: %d of %d", ErrCount, i, g.Part, g.Whole)
		}
		x, n = x+float64(g.Part), n+float64(g.Whole)
		if g.Whole > 0 {
			filled++
		}
	}
	if filled == 0 {
		return Shrinkage{}, fmt.Errorf("%w: no group has any", ErrNoData)
	}
	s := Shrinkage{Pooled: x / n, Method: betaBinomial}
	gamma := 0.0
	if filled >= fewestGroups {
		for range 2 {
			s.Pooled, gamma = kleinman(groups, gamma)
		}
	}
	if gamma == 0 {
		s.Pooled = x / n
	} else {
		s.PriorN = 1/gamma - 1
	}
	q := s.Pooled * (1 - s.Pooled)
	s.Between = gamma * q
	pooledVariance := q * meanVariance(groups, gamma)
	for _, g := range groups {
		one := Shrunken{N: g.Whole}
		size := float64(g.Whole)
		if g.Whole > 0 {
			one.Raw = float64(g.Part) / size
			if gamma > 0 {
				one.Weight = size / (size + s.PriorN)
			}
		}
		mean := one.Weight*one.Raw + (1-one.Weight)*s.Pooled
		one.Interval = Interval{Estimate: mean, Level: level, Method: betaBinomial}
		if q == 0 {
			one.Interval.Low, one.Interval.High = clopperPearson(x, n-x, alpha)
			one.Interval.Method = ClopperPearson
		} else {
			variance := (1 - one.Weight) * (1 - one.Weight) * pooledVariance
			if gamma > 0 {
				variance += mean * (1 - mean) / (size + s.PriorN + 1)
			}
			// A beta distribution of this mean has less variance than m(1−m). A mean
			// that no float64 tells from 0 or 1 is as certain.
			one.Interval.Low, one.Interval.High = mean, mean
			if both := math.Max(mean*(1-mean)/variance-1, 1e-9); mean > 0 && mean < 1 {
				a, b := mean*both, (1-mean)*both
				one.Interval.Low, one.Interval.High = betaQuantile(alpha/2, a, b), betaUpperQuantile(alpha/2, a, b)
			}
		}
		one.Interval = one.Interval.extended()
		s.Groups = append(s.Groups, one)
	}
	return s, nil
}

// kleinman returns the mean and the correlation of the beta prior by moments with
// the weights that a correlation gives.
func kleinman(groups []Ratio, gamma float64) (mean, next float64) {
	var total, sum float64
	weight := func(g Ratio) float64 { return float64(g.Whole) / (1 + gamma*float64(g.Whole-1)) }
	for _, g := range groups {
		if g.Whole > 0 {
			w := weight(g)
			total += w
			sum += w * float64(g.Part) / float64(g.Whole)
		}
	}
	mean = sum / total
	var squares, a, b float64
	for _, g := range groups {
		if g.Whole > 0 {
			n, w := float64(g.Whole), weight(g)
			p := float64(g.Part) / n
			squares += w * (p - mean) * (p - mean)
			a += w * (1 - w/total)
			b += w / n * (1 - w/total)
		}
	}
	q := mean * (1 - mean)
	// One answer of each group says nothing of how alike two would be.
	if q == 0 || !(a-b > 1e-12*a) {
		return mean, 0
	}
	// A prior is worth one answer at least.
	return mean, clip((squares-q*b)/(q*(a-b)), 0, 0.5)
}

// meanVariance returns the variance of the weighted mean, in units of π(1−π): the
// weights are the reciprocals of the variances of the shares.
func meanVariance(groups []Ratio, gamma float64) float64 {
	var total float64
	for _, g := range groups {
		if g.Whole > 0 {
			total += float64(g.Whole) / (1 + gamma*float64(g.Whole-1))
		}
	}
	return 1 / total
}

// ShrinkMeans shrinks the means of groups, of which any may be empty. All groups are
// taken to have the same variance σ² within, since two values that happen to agree
// have a variance of 0, which would make them certain. With v = σ²/N, and τ² the
// variance between groups:
//
//	σ² = Σ(N−1)·Variance/Σ(N−1)
//	Pooled = Σw·Mean/Σw,  w = 1/(v+τ²)
//	Between = τ²,  PriorN = σ²/τ²,  Weight = τ²/(v+τ²)
//
// with the τ² for which Σw(Mean−Pooled)² is one less than the number of groups
// (Paule & Mandel 1982).
//
// The interval is estimate ± z·√(Weight·v + (1−Weight)²/Σw), the error of the best
// linear unbiased prediction; an empty group has τ² in place of Weight·v. The
// uncertainty of τ² is left out, so with few groups the interval is somewhat short.
//
// Special cases are: if groups differ no more than by chance, each gets the mean of
// all groups together, with its interval; so it is, with σ² the variance of all
// values, if fewer than three groups have data or none has two values. If no values
// differ within groups, each group keeps its own mean.
//
// It returns ErrNoData if no group has data, ErrTooFew if there is one value in
// all, ErrCount, ErrValue or ErrOverflow for what no sample can have or for
// results beyond float64, and ErrLevel unless 0 < level < 1.
func ShrinkMeans(groups []Sample, level float64) (Shrinkage, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Shrinkage{}, err
	}
	var means, sizes []float64
	var squares, df float64
	for i, g := range groups {
		if g.N == 0 {
			continue
		}
		if err := g.check(); err != nil {
			return Shrinkage{}, fmt.Errorf("group %d: %w", i, err)
		}
		means, sizes = append(means, g.Mean), append(sizes, float64(g.N))
		squares += g.Variance * float64(g.N-1)
		df += float64(g.N - 1)
	}
	k := len(means)
	switch {
	case k == 0:
		return Shrinkage{}, fmt.Errorf("%w: no group has any", ErrNoData)
	case k == 1 && df == 0:
		return Shrinkage{}, fmt.Errorf("%w: no variance of 1 value", ErrTooFew)
	}
	differ := df > 0 && k >= fewestGroups // or nothing can be said of it
	within := squares / df
	if !differ {
		_, _, apart := pool(means, reciprocals(sizes), 0)
		within = (squares + apart) / (df + float64(k-1))
	}
	estimates := make([]Estimate, len(groups))
	for i, g := range groups {
		if estimates[i] = (Estimate{N: g.N, Value: g.Mean}); g.N > 0 {
			estimates[i].Variance = within / float64(g.N)
		}
	}
	return shrinkEstimates(estimates, differ, alpha, level)
}

// Estimate is what is known of a group whose values are no plain sample, such as one
// that was adjusted: a value, the variance of its error, and the number N of what it
// was made from.
type Estimate struct {
	N        int64
	Value    float64
	Variance float64
}

// ShrinkEstimates shrinks the estimates of groups, each with a variance v of its own that
// is taken as known, as [ShrinkMeans] does it:
//
//	Pooled = Σw·Value/Σw,  w = 1/(v+τ²)
//	Between = τ²,  Weight = τ²/(v+τ²),  PriorN = (Σ N²v/ΣN)/τ²
//
// An estimate with an N of 0 is that of an empty group, which takes the pooled value.
// Special cases are: if groups differ no more than by chance, or if fewer than three have
// data, each gets the pooled value; if all variances are 0, each keeps its own.
//
// It returns ErrNoData if no group has data, ErrCount for an N below 0, ErrValue for a
// number that is not finite, a variance below 0, or one of 0 beside others that are not,
// ErrOverflow for results beyond float64, and ErrLevel unless 0 < level < 1.
func ShrinkEstimates(groups []Estimate, level float64) (Shrinkage, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Shrinkage{}, err
	}
	filled, exact := 0, 0
	for i, g := range groups {
		switch {
		case g.N < 0:
			return Shrinkage{}, fmt.Errorf("%w: group %d: %d values", ErrCount, i, g.N)
		case g.N == 0:
			continue
		case !isFinite(g.Value) || !isFinite(g.Variance) || g.Variance < 0:
			return Shrinkage{}, fmt.Errorf("%w: group %d is %+v", ErrValue, i, g)
		case g.Variance == 0:
			exact++
		}
		filled++
	}
	switch {
	case filled == 0:
		return Shrinkage{}, fmt.Errorf("%w: no group has any", ErrNoData)
	case exact > 0 && exact < filled:
		return Shrinkage{}, fmt.Errorf("%w: %d of %d groups have a variance of 0", ErrValue, exact, filled)
	}
	return shrinkEstimates(groups, filled >= fewestGroups || exact > 0, alpha, level)
}

// shrinkEstimates is ShrinkEstimates for groups that were checked. Unless they differ,
// nothing is said of how.
func shrinkEstimates(groups []Estimate, differ bool, alpha, level float64) (Shrinkage, error) {
	var values, variances []float64
	var n, within float64
	for _, g := range groups {
		if g.N > 0 {
			values, variances = append(values, g.Value), append(variances, g.Variance)
			n += float64(g.N)
			within += float64(g.N) * (float64(g.N) * g.Variance)
		}
	}
	within /= n
	s := Shrinkage{Method: pauleMandel}
	if differ {
		var err error
		if s.Between, err = betweenVariance(values, variances); err != nil {
			return Shrinkage{}, err
		}
	}
	var total float64
	if within > 0 || s.Between > 0 {
		s.Pooled, total, _ = pool(values, variances, s.Between)
	} else { // all values are equal
		s.Pooled, total = values[0], math.Inf(1)
	}
	if s.Between > 0 {
		if s.PriorN = within / s.Between; math.IsInf(s.PriorN, 0) {
			return Shrinkage{}, fmt.Errorf("%w: the weight of the prior", ErrOverflow)
		}
	}
	z := normalUpperQuantile(alpha / 2)
	for _, g := range groups {
		one := Shrunken{N: g.N}
		variance := s.Between
		if g.N > 0 {
			one.Raw = g.Value
			if s.Between > 0 {
				one.Weight = 1 - g.Variance/(g.Variance+s.Between)
			}
			variance = one.Weight * g.Variance
		}
		estimate := one.Weight*one.Raw + (1-one.Weight)*s.Pooled
		se := math.Sqrt(variance + (1-one.Weight)*(1-one.Weight)/total)
		var err error
		if one.Interval, err = around(estimate, se, z, level, pauleMandel); err != nil {
			return Shrinkage{}, err
		}
		s.Groups = append(s.Groups, one)
	}
	return s, nil
}

func reciprocals(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = 1 / v
	}
	return out
}

// pool returns the mean of the means, weighted by 1/(v+between), the sum of the
// weights, and Cochran's Q, the weighted squares about that mean.
func pool(means, variances []float64, between float64) (mean, total, q float64) {
	for i, v := range variances {
		w := 1 / (v + between)
		total += w
		mean += w * (means[i] - means[0])
	}
	mean = means[0] + mean/total
	for i, v := range variances {
		q += (means[i] - mean) * (means[i] - mean) / (v + between)
	}
	return mean, total, q
}

// betweenVariance returns the variance of the true means, at least 0. It returns
// ErrOverflow if that of the means is beyond float64.
func betweenVariance(means, variances []float64) (float64, error) {
	df := float64(len(means) - 1)
	spread, err := Describe(means)
	if err != nil || variances[0] == 0 { // and so are all
		return spread.Variance, err
	}
	if _, _, q := pool(means, variances, 0); q <= df {
		return 0, nil
	}
	// At the variance of the means Q is below df, since the weighted squares are
	// the least about the weighted mean.
	return bisect(0, spread.Variance, func(between float64) bool {
		_, _, q := pool(means, variances, between)
		return q >= df
	}), nil
}
