package stat

import (
	"fmt"
	"math"
)

// Contrast is a difference with the test that there is none and its interval at
// any level. The two are one statement, so that they cannot contradict each
// other: the interval at 1−α leaves 0 out exactly if P is below α. It comes from
// [CompareShares], [CompareNets], [CompareMeans], [CompareMedians] and
// [CompareRates], from [ComparePairs], [LinearShares] and [Linear], and from the Against
// methods, which compare with a goal; [Decide] draws the conclusions from one or several.
//
// The difference of two is always the first less the second. The zero value
// compares nothing: its test has a P of 1, and it has no interval.
type Contrast struct {
	test     Test
	interval func(level, alpha float64) (Interval, error)
}

// Test returns the two-sided test of no difference.
func (c Contrast) Test() Test {
	if c.interval == nil {
		return Test{P: 1}
	}
	return c.test
}

// Interval returns the difference with its interval. It returns ErrLevel unless
// 0 < level < 1, ErrNoData for the zero value, and ErrOverflow if an end is
// beyond float64.
func (c Contrast) Interval(level float64) (Interval, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	return c.at(level, alpha)
}

// at is Interval at a level of 1 − alpha, given both.
func (c Contrast) at(level, alpha float64) (Interval, error) {
	if c.interval == nil {
		return Interval{}, fmt.Errorf("%w: a contrast of nothing", ErrNoData)
	}
	iv, err := c.interval(level, alpha)
	if err != nil {
		return Interval{}, err
	}
	iv.Level, iv.Method = level, c.test.Method
	return iv.checked()
}

// Times returns the contrast in another unit: the difference is multiplied by
// factor, which must be finite and not 0 (Interval returns ErrValue otherwise, and
// ErrOverflow if the result is too large or too small for float64). A negative factor
// turns the difference around.
func (c Contrast) Times(factor float64) Contrast {
	if c.interval == nil {
		return c
	}
	inner := c.interval
	if factor < 0 {
		c.test.Statistic = 0 - c.test.Statistic
	}
	c.interval = func(level, alpha float64) (Interval, error) {
		if factor == 0 {
			return Interval{}, fmt.Errorf("%w: a contrast times 0", ErrValue)
		}
		iv, err := inner(level, alpha)
		if err != nil {
			return Interval{}, err
		}
		scaled, err := iv.Rescale(factor, 0)
		if err == nil && (scaled.Low == 0 || scaled.High == 0) && scaled.Contains(0) != iv.Contains(0) {
			return Interval{}, fmt.Errorf("%w: %v times %v", ErrOverflow, iv, factor)
		}
		return scaled, err
	}
	return c
}

// String returns the contrast at a level of 0.95 for people to read, with its P.
func (c Contrast) String() string {
	iv, err := c.Interval(0.95)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%v, P = %.3g", iv, c.test.P)
}

// alike is the contrast of values that are the same on both sides and do not
// vary.
func alike(m Method) Contrast {
	return Contrast{Test{Method: m, P: 1}, func(float64, float64) (Interval, error) { return Interval{}, nil }}
}

// contrast returns the contrast of an effect: by t if it has degrees of freedom,
// else by z. The interval is clipped to ±limit, and extended to the value if that
// lies outside. An interval that is centred on the other side of 0 than its value
// then always contains 0, and so the P is 1.
func (e effect) contrast(m Method, limit float64) (Contrast, error) {
	switch {
	case e.se == 0 && e.centre == 0:
		return alike(m), nil
	case e.se == 0:
		return Contrast{}, fmt.Errorf("%w: a difference of %v between values that do not vary", ErrNoVariation, e.value)
	case !isFinite(e.value) || !isFinite(e.se) || !isFinite(e.centre/e.se) || !(e.df >= 0):
		return Contrast{}, fmt.Errorf("%w: difference %v, standard error %v", ErrOverflow, e.value, e.se)
	}
	test := normalTest(m, e.centre/e.se)
	if e.df > 0 {
		test = studentTest(m, e.centre/e.se, e.df)
	}
	if e.centre > 0 && e.value <= 0 || e.centre < 0 && e.value >= 0 {
		test = Test{Method: m, P: 1}
	}
	return Contrast{test, func(_, alpha float64) (Interval, error) {
		factor := 0.0
		if e.df > 0 {
			factor = studentUpperQuantile(alpha/2, e.df)
		} else {
			factor = normalUpperQuantile(alpha / 2)
		}
		return Interval{
			Estimate: e.value, Low: math.Max(-limit, e.centre-factor*e.se), High: math.Min(limit, e.centre+factor*e.se),
		}, nil
	}}, nil
}

// effect is an estimated difference: its value, the centre of its interval
// (value itself where nothing is added to the data), its standard error, and the
// degrees of freedom of that, 0 for a normal estimate.
type effect struct{ value, centre, se, df float64 }
