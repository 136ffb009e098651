package stat

import (
	"errors"
	"fmt"
	"math"
)

// Every error of this package wraps one of these, so that errors.Is tells bad
// input, which is the caller's fault, from data that cannot answer the question.
var (
	// ErrNoData reports that there is nothing to compute from: an empty slice, a
	// share of nobody, weights that are all zero.
	ErrNoData = errors.New("stat: no data")
	// ErrTooFew reports too few data for what was asked: a variance of one value, a
	// median interval of five values at a level of 0.95.
	ErrTooFew = errors.New("stat: too few data")
	// ErrTooMany reports too many data for a method whose cost grows faster than
	// they do.
	ErrTooMany = errors.New("stat: too many data")
	// ErrNoVariation reports a statistic that is undefined because the data do
	// not vary, as a z test of 0 of 10 against 0 of 10.
	ErrNoVariation = errors.New("stat: no variation")
	// ErrLevel reports a confidence level that is not above 0 and below 1, or so
	// near to 0 that 1 less the level is 1.
	ErrLevel = errors.New("stat: level not between 0 and 1")
	// ErrCount reports a count that is impossible: negative, or a part larger
	// than its whole.
	ErrCount = errors.New("stat: impossible count")
	// ErrValue reports a value that is not a finite number or lies outside the
	// range that makes sense for it, and text that names no value.
	ErrValue = errors.New("stat: value out of range")
	// ErrLength reports slices that should be of one length and are not.
	ErrLength = errors.New("stat: slices of different lengths")
	// ErrMethod reports a Method that the called function does not offer, and
	// text that names none.
	ErrMethod = errors.New("stat: method not offered here")
	// ErrOverflow reports a result beyond the range of float64.
	ErrOverflow = errors.New("stat: result beyond the range of float64")
)

// alphaOf returns 1 − level, or ErrLevel.
func alphaOf(level float64) (float64, error) {
	if !(level > 0 && level < 1 && 1-level < 1) {
		return 0, fmt.Errorf("%w: %v", ErrLevel, level)
	}
	return 1 - level, nil
}

// checkPart reports whether x of n is a possible part of a whole that is not
// empty.
func checkPart(x, n int64) error {
	switch {
	case n < 0 || x < 0 || x > n:
		return fmt.Errorf("%w: %d of %d", ErrCount, x, n)
	case n == 0:
		return fmt.Errorf("%w: 0 of 0", ErrNoData)
	}
	return nil
}

// checkFinite reports the first value that is NaN or infinite.
func checkFinite(name string, x []float64) error {
	for i, v := range x {
		if !isFinite(v) {
			return fmt.Errorf("%w: %s[%d] is %v", ErrValue, name, i, v)
		}
	}
	return nil
}

// checkPositive reports a value that is not a finite number above 0.
func checkPositive(name string, v float64) error {
	if !(v > 0) || !isFinite(v) {
		return fmt.Errorf("%w: %s is %v, not a positive number", ErrValue, name, v)
	}
	return nil
}

// isFinite reports whether v is neither NaN nor infinite.
func isFinite(v float64) bool { return v-v == 0 }

// clip returns v, or the end of low to high that it lies beyond. It is used
// only where rounding, or a method's approximation, leaves a range outside of
// which no value makes sense.
func clip(v, low, high float64) float64 { return math.Min(math.Max(v, low), high) }
