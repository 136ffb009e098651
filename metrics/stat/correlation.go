package stat

import (
	"fmt"
	"math"
)

// checkPairs reports slices that are not pairs of finite numbers, at least
// least of them.
func checkPairs(x, y []float64, least int) error {
	if len(x) != len(y) {
		return fmt.Errorf("%w: %d and %d values", ErrLength, len(x), len(y))
	}
	if len(x) == 0 {
		return fmt.Errorf("%w: no pairs", ErrNoData)
	}
	if err := checkFinite("x", x); err != nil {
		return err
	}
	if err := checkFinite("y", y); err != nil {
		return err
	}
	if len(x) < least {
		return fmt.Errorf("%w: %d pairs", ErrTooFew, len(x))
	}
	return nil
}

// Pearson returns the product-moment correlation of x and y, from −1 to 1, with
// its interval tanh(atanh r ± z/√(n−3)) (Fisher 1921). Special cases are: an exact
// line gives r = ±1 and an interval without width.
//
// It returns ErrLength if x and y differ in length, ErrNoData for no pairs,
// ErrTooFew for fewer than four, ErrValue for a value that is NaN or infinite,
// ErrNoVariation if x or y is constant, ErrLevel unless 0 < level < 1, and
// ErrOverflow if the values are further apart than float64 goes.
func Pearson(x, y []float64, level float64) (Interval, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	if err := checkPairs(x, y, 4); err != nil {
		return Interval{}, err
	}
	c, err := crossMoments(x, y)
	if err != nil {
		return Interval{}, err
	}
	if c.xx == 0 || c.yy == 0 {
		return Interval{}, fmt.Errorf("%w: a constant variable", ErrNoVariation)
	}
	r := clip(c.xy/math.Sqrt(c.xx)/math.Sqrt(c.yy), -1, 1)
	iv := Interval{Estimate: r, Low: r, High: r, Level: level, Method: fisherZ}
	if math.Abs(r) < 1 {
		half := normalUpperQuantile(alpha/2) / math.Sqrt(float64(len(x))-3)
		iv.Low, iv.High = math.Tanh(math.Atanh(r)-half), math.Tanh(math.Atanh(r)+half)
	}
	return iv.extended(), nil
}

// cross holds sums of squares and products about the means, for each of the two in a
// unit of its own.
type cross struct{ xx, xy, yy float64 }

func crossMoments(x, y []float64) (cross, error) {
	var c cross
	dx, dy := deviations(x), deviations(y)
	for i := range dx {
		c.xx += dx[i] * dx[i]
		c.xy += dx[i] * dy[i]
		c.yy += dy[i] * dy[i]
	}
	if !isFinite(c.xx) || !isFinite(c.yy) {
		return cross{}, fmt.Errorf("%w: sums of squares %v and %v", ErrOverflow, c.xx, c.yy)
	}
	return c, nil
}

// deviations returns x less its mean, in a unit, a power of 2, by which the largest is
// about 1: else the squares of small or large ones would be 0 or infinite.
func deviations(x []float64) []float64 {
	mean, largest := average(x), 0.0
	d := make([]float64, len(x))
	for i, v := range x {
		d[i] = v - mean
		largest = math.Max(largest, math.Abs(d[i]))
	}
	_, exponent := math.Frexp(largest)
	for i, v := range d {
		d[i] = math.Ldexp(v, -exponent)
	}
	return d
}
