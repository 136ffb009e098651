package stat

import (
	"fmt"
	"math"
)

// SampleSize is how many answers a survey needs.
type SampleSize struct {
	N         int64   `json:"n"`         // Finite, rounded up
	Infinite  float64 `json:"infinite"`  // before the finite population correction
	Finite    float64 `json:"finite"`    // after it; equal to Infinite for an unlimited population
	Variance  float64 `json:"variance"`  // of one answer
	Margin    float64 `json:"margin"`    // half the width of the interval aimed at
	Level     float64 `json:"level"`     // of that interval
	Customers int64   `json:"customers"` // size of the population; 0 for unlimited
}

// RequiredSample returns how many answers give a margin of error of margin at
// the level, from a population of the given size (0 for unlimited):
//
//	n0 = z²·variance/margin²,  n = n0/(1 + (n0−1)/population)
//
// (Cochran 1977, Sampling Techniques, 4.1 and 4.2). The variance is that of
// one answer, in the unit of margin squared: p(1−p) for a proportion, at most
// ¼; P + M − (P−M)² for a net share such as NPS, at most 1; the square of the
// standard deviation for a mean. Answers, not invitations: divide by the
// response rate.
//
// It returns ErrValue unless variance and margin are finite and above 0,
// ErrCount for a negative population, ErrLevel unless 0 < level < 1, and
// ErrOverflow if n is beyond int64.
func RequiredSample(variance, margin, level float64, population int64) (SampleSize, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return SampleSize{}, err
	}
	if err := checkPositive("variance", variance); err != nil {
		return SampleSize{}, err
	}
	if err := checkPositive("margin", margin); err != nil {
		return SampleSize{}, err
	}
	if population < 0 {
		return SampleSize{}, fmt.Errorf("%w: population of %d", ErrCount, population)
	}
	z := normalUpperQuantile(alpha / 2)
	s := SampleSize{Variance: variance, Margin: margin, Level: level, Customers: population}
	s.Infinite = z / margin * variance * (z / margin)
	s.Finite = s.Infinite
	if population > 0 {
		s.Finite = s.Infinite / (1 + (s.Infinite-1)/float64(population))
	}
	n := math.Ceil(s.Finite)
	if !(n < 1<<63) || !isFinite(s.Infinite) {
		return SampleSize{}, fmt.Errorf("%w: %v answers", ErrOverflow, s.Infinite)
	}
	s.N = max(1, int64(n))
	if population > 0 {
		s.N = min(s.N, population)
	}
	return s, nil
}

// MarginOfError returns half the width of the textbook interval that n answers
// give, z·√(variance/n), times the finite population correction. It is what
// RequiredSample aims at, for planning; for results use the intervals. It
// returns ErrValue unless variance is finite and above 0, ErrLevel unless
// 0 < level < 1, and the errors of FinitePopulation.
func MarginOfError(variance float64, n int64, level float64, population int64) (float64, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return 0, err
	}
	if err := checkPositive("variance", variance); err != nil {
		return 0, err
	}
	correction, err := FinitePopulation(n, population)
	if err != nil {
		return 0, err
	}
	return normalUpperQuantile(alpha/2) * math.Sqrt(variance/float64(n)) * correction, nil
}

// FinitePopulation returns √((N−n)/(N−1)), by which a standard error shrinks
// when n of only N were asked (Cochran 1977, 2.6). It is 1 for an unlimited
// population, given as 0, and 0 when all were asked. It returns ErrNoData for
// n = 0, and ErrCount for n below 0 or above a limited population.
func FinitePopulation(n, population int64) (float64, error) {
	switch {
	case n < 0 || population < 0 || population > 0 && n > population:
		return 0, fmt.Errorf("%w: %d of a population of %d", ErrCount, n, population)
	case n == 0:
		return 0, fmt.Errorf("%w: nobody asked", ErrNoData)
	case population == 0:
		return 1, nil
	case n == population:
		return 0, nil
	}
	return math.Sqrt(float64(population-n) / float64(population-1)), nil
}

// RequiredPerGroup returns how many answers each of two groups needs for a
// two-sided test at significance alpha to find a difference between the shares
// p1 and p2 with the given power, not rounded up:
//
//	n = (z₁·√(2p̄q̄) + z₂·√(p1q1 + p2q2))² / (p1−p2)²
//
// with p̄ the mean of both and z₁, z₂ the upper alpha/2 and 1−power quantiles
// (Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions,
// 4.2). It returns ErrValue unless both shares are in 0…1 and alpha and power
// strictly inside 0…1, with power above alpha/2, ErrNoVariation if the
// shares are equal, and ErrOverflow if they are too close to tell apart.
func RequiredPerGroup(p1, p2, alpha, power float64) (float64, error) {
	switch {
	case !(p1 >= 0 && p1 <= 1) || !(p2 >= 0 && p2 <= 1):
		return 0, fmt.Errorf("%w: shares %v and %v", ErrValue, p1, p2)
	case !(alpha > 0 && alpha < 1) || !(power > alpha/2 && power < 1):
		return 0, fmt.Errorf("%w: alpha %v, power %v", ErrValue, alpha, power)
	case p1 == p2:
		return 0, fmt.Errorf("%w: both shares are %v", ErrNoVariation, p1)
	}
	mean := (p1 + p2) / 2
	root := normalUpperQuantile(alpha/2)*math.Sqrt(2*mean*(1-mean)) +
		normalQuantile(power)*math.Sqrt(p1*(1-p1)+p2*(1-p2))
	n := root / (p1 - p2) * (root / (p1 - p2))
	if !isFinite(n) {
		return 0, fmt.Errorf("%w: shares %v and %v", ErrOverflow, p1, p2)
	}
	return n, nil
}
