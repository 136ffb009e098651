package stat

import (
	"fmt"
	"math"
)

// RequiredSample returns how many answers give a margin of error of margin at
// the level, from a population of the given size (0 for unlimited):
//
//	n0 = z²·variance/margin²,  n = n0/(1 + (n0−1)/population)
//
// (Cochran 1977, Sampling Techniques, 4.1 and 4.2). The variance is that of
// one answer, in the unit of margin squared: p(1−p) for a proportion, at most
// ¼; P + M − (P−M)² for a net share such as NPS, at most 1; the square of the
// standard deviation for a mean. n is rounded up, and at least 1; the margin that
// [MarginOfError] gives for n answers needs n. These are
// answers, not invitations: divide by the response rate.
//
// It returns ErrValue unless variance and margin are finite and above 0,
// ErrCount for a negative population, ErrLevel unless 0 < level < 1, and
// ErrOverflow if n is beyond int64.
func RequiredSample(variance, margin, level float64, population int64) (int64, error) {
	infinite, err := unlimitedSample(variance, margin, level)
	if err != nil {
		return 0, err
	}
	if population < 0 {
		return 0, fmt.Errorf("%w: population of %d", ErrCount, population)
	}
	n := correctedSample(infinite, population)
	// What is a whole number but for rounding needs no answer more.
	n = math.Ceil(n - 1e-12*n)
	switch {
	case n < 1<<63 && population > 0:
		return min(int64(n), population), nil
	case n < 1<<63:
		return int64(n), nil
	case population > 0:
		return population, nil
	}
	return 0, fmt.Errorf("%w: %v answers", ErrOverflow, infinite)
}

// unlimitedSample returns n0, at least 1, not rounded. It may be infinite.
func unlimitedSample(variance, margin, level float64) (float64, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return 0, err
	}
	if err := checkPositive("variance", variance); err != nil {
		return 0, err
	}
	if err := checkPositive("margin", margin); err != nil {
		return 0, err
	}
	root := normalUpperQuantile(alpha/2) / margin * math.Sqrt(variance)
	return math.Max(1, root*root), nil
}

// correctedSample returns n of a limited population, not rounded.
func correctedSample(infinite float64, population int64) float64 {
	if population == 0 || math.IsInf(infinite, 0) {
		return infinite
	}
	return infinite / (1 + (infinite-1)/float64(population))
}

// MarginOfError returns half the width of the textbook interval that n answers
// give, z·√(variance/n), times the finite population correction. It is what
// RequiredSample aims at, for planning; for results use the intervals. It
// returns ErrValue unless variance is finite and above 0, ErrLevel unless
// 0 < level < 1, ErrNoData for
// n = 0, and ErrCount for n below 0 or above a limited population.
func MarginOfError(variance float64, n int64, level float64, population int64) (float64, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return 0, err
	}
	if err := checkPositive("variance", variance); err != nil {
		return 0, err
	}
	correction, err := finitePopulation(n, population)
	if err != nil {
		return 0, err
	}
	return normalUpperQuantile(alpha/2) * math.Sqrt(variance/float64(n)) * correction, nil
}

// EffectiveSample returns how many answers of an unlimited population would tell as
// much as n of a population of the given size, n·(N−1)/(N−n): the finite population
// correction (Cochran 1977, 2.6) as a number of answers. It is n for an unlimited
// population, given as 0, and +Inf when all were asked, of whom nothing is uncertain.
// It returns ErrNoData for n = 0, and ErrCount for n below 0 or above a limited
// population.
func EffectiveSample(n, population int64) (float64, error) {
	if _, err := finitePopulation(n, population); err != nil {
		return 0, err
	}
	switch population {
	case 0:
		return float64(n), nil
	case n:
		return math.Inf(1), nil
	}
	return float64(n) * (float64(population-1) / float64(population-n)), nil
}

// finitePopulation returns √((N−n)/(N−1)), by which a standard error shrinks
// when n of only N were asked (Cochran 1977, 2.6). It is 1 for an unlimited
// population, given as 0, and 0 when all were asked. It returns ErrNoData for
// n = 0, and ErrCount for n below 0 or above a limited population.
func finitePopulation(n, population int64) (float64, error) {
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
