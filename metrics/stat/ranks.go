package stat

import (
	"fmt"
	"math"
	"slices"
)

// Ranks compares two groups of ordered values by which is larger, without
// assuming that the steps of the scale are equal: for star ratings and scale
// answers, and for response times with outliers. It comes from NewRanks or
// RanksOfCounts; the zero value is empty. All results are first minus second:
// positive if the first group tends to be larger.
type Ranks struct {
	// For each distinct value, in order, how many of either group have it.
	x, y   []int64
	nx, ny int64
	// Twice the number of pairs won by x, ties counting as half.
	wins int64
}

// NewRanks returns the ranks of two groups of values. It returns ErrNoData if
// either is empty, ErrValue for a value that is NaN or infinite, and
// ErrTooMany if there are more than 2⁶¹ pairs. The slices are not modified.
func NewRanks(x, y []float64) (Ranks, error) {
	if err := checkFinite("x", x); err != nil {
		return Ranks{}, err
	}
	if err := checkFinite("y", y); err != nil {
		return Ranks{}, err
	}
	x, y = slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(y))
	var countsX, countsY []int64
	for i, j := 0, 0; i < len(x) || j < len(y); {
		var v float64
		if j == len(y) || i < len(x) && x[i] <= y[j] {
			v = x[i]
		} else {
			v = y[j]
		}
		fromI, fromJ := i, j
		for ; i < len(x) && x[i] == v; i++ {
		}
		for ; j < len(y) && y[j] == v; j++ {
		}
		countsX = append(countsX, int64(i-fromI))
		countsY = append(countsY, int64(j-fromJ))
	}
	return RanksOfCounts(countsX, countsY)
}

// RanksOfCounts returns the ranks of two groups given as counts of the same
// ordered categories, lowest first: x[k] of the first group and y[k] of the
// second answered k. It returns ErrLength if the lengths differ, ErrCount for
// a negative count, ErrNoData if either group is empty, and ErrTooMany if
// there are more than 2⁶¹ pairs.
func RanksOfCounts(x, y []int64) (Ranks, error) {
	if len(x) != len(y) {
		return Ranks{}, fmt.Errorf("%w: %d and %d categories", ErrLength, len(x), len(y))
	}
	r := Ranks{x: slices.Clone(x), y: slices.Clone(y)}
	for k := range x {
		if x[k] < 0 || y[k] < 0 {
			return Ranks{}, fmt.Errorf("%w: %d and %d in category %d", ErrCount, x[k], y[k], k)
		}
		// A sum that leaves this range would be caught below, if it did not
		// wrap around first.
		if r.nx+x[k] < 0 || r.ny+y[k] < 0 {
			return Ranks{}, fmt.Errorf("%w: category %d", ErrTooMany, k)
		}
		r.nx += x[k]
		r.ny += y[k]
	}
	if r.nx == 0 || r.ny == 0 {
		return Ranks{}, fmt.Errorf("%w: groups of %d and %d", ErrNoData, r.nx, r.ny)
	}
	if r.nx > 1<<61/r.ny {
		return Ranks{}, fmt.Errorf("%w: groups of %d and %d", ErrTooMany, r.nx, r.ny)
	}
	var below int64
	for k := range x {
		r.wins += x[k] * (2*below + y[k])
		below += y[k]
	}
	return r, nil
}

// Superiority returns the probability that a member of the first group has the
// larger value, ties counting as half: U/(nx·ny), from 0 to 1, also called A
// or the relative effect (Vargha & Delaney 2000). It is false for the zero
// value.
func (r Ranks) Superiority() (float64, bool) {
	if r.nx == 0 {
		return 0, false
	}
	return float64(r.wins) / 2 / float64(r.nx) / float64(r.ny), true
}

// check reports ranks with no values, or whose values are all the same.
func (r Ranks) check() error {
	if r.nx == 0 {
		return fmt.Errorf("%w: no ranks", ErrNoData)
	}
	distinct := 0
	for k := range r.x {
		if r.x[k]+r.y[k] > 0 {
			distinct++
		}
	}
	if distinct == 1 {
		return fmt.Errorf("%w: all values are the same", ErrNoVariation)
	}
	return nil
}

// BrunnerMunzel returns the Superiority with its interval, clipped to 0…1, and
// the two-sided test that it is ½. It allows the groups to differ in spread,
// where MannWhitney does not. With P the placements of each value in the other
// group (how many it exceeds, ties as half) and S² their variances,
//
//	t = (A−½)/SE, SE = √(nx·Sx² + ny·Sy²)/(nx·ny)
//
// with the degrees of freedom of Satterthwaite (Brunner & Munzel 2000,
// Biometrical Journal 42:17). The statistic has the sign of A−½; some programs
// give the opposite. The approximation is good from 10 a group.
//
// It returns ErrNoData for the zero value, ErrTooFew for a group of one,
// ErrNoVariation if all values are the same or the groups do not overlap, and
// ErrLevel unless 0 < level < 1.
func (r Ranks) BrunnerMunzel(level float64) (Comparison, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Comparison{}, err
	}
	if err := r.check(); err != nil {
		return Comparison{}, err
	}
	if r.nx < 2 || r.ny < 2 {
		return Comparison{}, fmt.Errorf("%w: groups of %d and %d", ErrTooFew, r.nx, r.ny)
	}
	nx, ny := float64(r.nx), float64(r.ny)
	a, _ := r.Superiority()
	var sx, sy float64 // sums of squared deviations of placements, as shares
	var belowX, belowY float64
	for k := range r.x {
		x, y := float64(r.x[k]), float64(r.y[k])
		dx := (belowY+y/2)/ny - a
		dy := (belowX+x/2)/nx - (1 - a)
		sx += x * dx * dx
		sy += y * dy * dy
		belowX += x
		belowY += y
	}
	vx, vy := sx/(nx-1)/nx, sy/(ny-1)/ny
	if vx+vy == 0 {
		return Comparison{}, fmt.Errorf("%w: the groups do not overlap", ErrNoVariation)
	}
	se := math.Sqrt(vx + vy)
	wx, wy := vx/(vx+vy), vy/(vx+vy)
	df := 1 / (wx*wx/(nx-1) + wy*wy/(ny-1))
	iv, err := around(a, se, studentUpperQuantile(alpha/2, df), level, BrunnerMunzel)
	iv.Low, iv.High = clip(iv.Low, 0, 1), clip(iv.High, 0, 1)
	return Comparison{iv, studentTest(BrunnerMunzel, (a-0.5)/se, df)}, err
}

// CliffDelta returns the dominance of the first group, P(X>Y) − P(X<Y), from
// −1 to 1, which is 2A−1 for the Superiority A. The interval is Cliff's
// asymmetric one, from the consistent variance s² of the dominance d:
//
//	(d − d³ ± z·s·√((1−d²)² + z²s²)) / (1 − d² + z²s²)
//
// (Cliff 1996; Feng & Cliff 2004, Journal of Modern Applied Statistical
// Methods 3:322). Special cases are: groups that do not overlap give
// (n−z²)/(n+z²) to 1 for n the smaller group, or its mirror image.
//
// It returns ErrNoData for the zero value, ErrTooFew for a group of one,
// ErrNoVariation if all values are the same, and ErrLevel unless
// 0 < level < 1.
func (r Ranks) CliffDelta(level float64) (Interval, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	if err := r.check(); err != nil {
		return Interval{}, err
	}
	if r.nx < 2 || r.ny < 2 {
		return Interval{}, fmt.Errorf("%w: groups of %d and %d", ErrTooFew, r.nx, r.ny)
	}
	nx, ny := float64(r.nx), float64(r.ny)
	z := normalUpperQuantile(alpha / 2)
	d := float64(r.wins-r.nx*r.ny) / nx / ny
	iv := Interval{Estimate: d, Level: level, Method: DeltaConsistent}
	if d == 1 || d == -1 {
		n := math.Min(nx, ny)
		bound := (n - z*z) / (n + z*z)
		iv.Low, iv.High = math.Min(d, d*bound), math.Max(d, d*bound)
		return iv, nil
	}
	var rows, columns, tied float64
	var belowX, belowY float64
	for k := range r.x {
		x, y := float64(r.x[k]), float64(r.y[k])
		dx := (2*belowY+y)/ny - 1 - d
		dy := 1 - (2*belowX+x)/nx - d
		rows += x * dx * dx
		columns += y * dy * dy
		tied += x / nx * (y / ny)
		belowX += x
		belowY += y
	}
	cells := (1 - tied) - d*d // mean of squared deviations of all pairs
	variance := (ny/nx*rows + nx/ny*columns - cells) / ((nx - 1) * (ny - 1))
	variance = math.Max(variance, (1-d*d)/(nx*ny-1))
	zz := z * z * variance
	half := math.Sqrt(zz * ((1-d*d)*(1-d*d) + zz))
	iv.Low = clip((d-d*d*d-half)/(1-d*d+zz), -1, 1)
	iv.High = clip((d-d*d*d+half)/(1-d*d+zz), -1, 1)
	return iv, nil
}
