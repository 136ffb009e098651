package stat

import (
	"fmt"
	"math"
	"slices"
)

// Correlation is how closely two variables go together, from −1 to 1.
type Correlation struct {
	N int64    `json:"n"`
	R Interval `json:"r"`
	Test
}

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

// Pearson returns the product-moment correlation of x and y, its interval
// tanh(atanh r ± z/√(n−3)) (Fisher 1921), and the t test of no correlation,
// t = r·√((n−2)/(1−r²)). Special cases are: an exact line gives r = ±1, an
// interval without width, and P = 0 with no statistic.
//
// It returns ErrLength if x and y differ in length, ErrNoData for no pairs,
// ErrTooFew for fewer than four, ErrValue for a value that is NaN or infinite,
// ErrNoVariation if x or y is constant, ErrLevel unless 0 < level < 1, and
// ErrOverflow if a sum of squares is beyond float64.
func Pearson(x, y []float64, level float64) (Correlation, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Correlation{}, err
	}
	if err := checkPairs(x, y, 4); err != nil {
		return Correlation{}, err
	}
	c, err := crossMoments(x, y)
	if err != nil {
		return Correlation{}, err
	}
	if c.xx == 0 || c.yy == 0 {
		return Correlation{}, fmt.Errorf("%w: a constant variable", ErrNoVariation)
	}
	n := float64(len(x))
	r := clip(c.xy/math.Sqrt(c.xx)/math.Sqrt(c.yy), -1, 1)
	out := Correlation{N: int64(len(x)), R: Interval{Estimate: r, Low: r, High: r, Level: level, Method: FisherZ}}
	if math.Abs(r) == 1 {
		out.Test = Test{Method: StudentCorrelation, DF: n - 2}
		return out, nil
	}
	half := normalUpperQuantile(alpha/2) / math.Sqrt(n-3)
	out.R.Low, out.R.High = math.Tanh(math.Atanh(r)-half), math.Tanh(math.Atanh(r)+half)
	out.Test = studentTest(StudentCorrelation, r*math.Sqrt((n-2)/((1-r)*(1+r))), n-2)
	return out, nil
}

// Spearman returns the rank correlation of x and y: Pearson's of their ranks,
// ties having the mean of theirs (Spearman 1904). For scales of few steps and
// for outliers it says more than Pearson's. The interval is approximate.
func Spearman(x, y []float64, level float64) (Correlation, error) {
	if err := checkPairs(x, y, 4); err != nil {
		return Correlation{}, err
	}
	return Pearson(midranks(x), midranks(y), level)
}

// midranks returns the rank of each value, ties having the mean of theirs.
func midranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return 0
	})
	ranks := make([]float64, len(x))
	for i := 0; i < len(order); {
		from := i
		for ; i < len(order) && x[order[i]] == x[order[from]]; i++ {
		}
		for _, k := range order[from:i] {
			ranks[k] = float64(from+i+1) / 2
		}
	}
	return ranks
}

// cross holds means and sums of squares and products about them.
type cross struct{ meanX, meanY, xx, xy, yy float64 }

func crossMoments(x, y []float64) (cross, error) {
	var c cross
	c.meanX = x[0] + meanFrom(x, x[0])
	c.meanX += meanFrom(x, c.meanX)
	c.meanY = y[0] + meanFrom(y, y[0])
	c.meanY += meanFrom(y, c.meanY)
	for i := range x {
		dx, dy := x[i]-c.meanX, y[i]-c.meanY
		c.xx += dx * dx
		c.xy += dx * dy
		c.yy += dy * dy
	}
	if !isFinite(c.xx) || !isFinite(c.yy) || !isFinite(c.xy) {
		return cross{}, fmt.Errorf("%w: sums of squares %v and %v", ErrOverflow, c.xx, c.yy)
	}
	return c, nil
}

// Line is a least-squares line.
type Line struct {
	N         int64    `json:"n"`
	Slope     Interval `json:"slope"` // change of y for each unit of x
	Intercept float64  `json:"intercept"`
	SlopeSE   float64  `json:"slope_se"`
	RSquared  float64  `json:"r_squared"` // share of the variation of y on the line, 0 to 1
	Test               // of no slope
}

// LeastSquares returns the line with the least sum of squared distances in y
// (Legendre 1805; Gauss 1809), the t interval of its slope with n−2 degrees of
// freedom, and the test of no slope. Special cases are: points exactly on a
// line give an interval without width, and P = 0 with no statistic.
//
// It returns ErrLength if x and y differ in length, ErrNoData for no pairs,
// ErrTooFew for fewer than three, ErrValue for a value that is NaN or infinite,
// ErrNoVariation if x or y is constant, ErrLevel unless 0 < level < 1, and
// ErrOverflow if a result is beyond float64.
func LeastSquares(x, y []float64, level float64) (Line, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Line{}, err
	}
	if err := checkPairs(x, y, 3); err != nil {
		return Line{}, err
	}
	c, err := crossMoments(x, y)
	if err != nil {
		return Line{}, err
	}
	if c.xx == 0 || c.yy == 0 {
		return Line{}, fmt.Errorf("%w: a constant variable", ErrNoVariation)
	}
	df := float64(len(x) - 2)
	slope := c.xy / c.xx
	var residual float64
	for i := range x {
		r := (y[i] - c.meanY) - slope*(x[i]-c.meanX)
		residual += r * r
	}
	line := Line{
		N: int64(len(x)), Intercept: c.meanY - slope*c.meanX,
		SlopeSE: math.Sqrt(residual / df / c.xx), RSquared: clip(1-residual/c.yy, 0, 1),
	}
	if !isFinite(line.Intercept) || !isFinite(line.SlopeSE) {
		return Line{}, fmt.Errorf("%w: line", ErrOverflow)
	}
	line.Test = Test{Method: StudentCorrelation, DF: df}
	if t := slope / line.SlopeSE; isFinite(t) {
		line.Test = studentTest(StudentCorrelation, t, df)
	}
	line.Slope, err = around(slope, line.SlopeSE, studentUpperQuantile(alpha/2, df), level, StudentT)
	if err != nil {
		return Line{}, err
	}
	return line, nil
}
