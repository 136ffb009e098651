package stat

import "math"

// Test is the outcome of a test of no effect. P is the probability, if there
// were none, of data at least as far from it as these, in either direction; it
// is never the probability that there is none.
type Test struct {
	Method    Method  `json:"method"`
	Statistic float64 `json:"statistic"` // z, t or chi-square; 0 for exact tests, which have none
	DF        float64 `json:"df"`        // degrees of freedom; 0 where the statistic has none
	P         float64 `json:"p"`         // two-sided
}

// Comparison is a difference with its interval and the test of no difference.
type Comparison struct {
	Difference Interval `json:"difference"`
	Test       Test     `json:"test"`
}

// normalTest returns the two-sided test of a z.
func normalTest(m Method, z float64) Test {
	return Test{Method: m, Statistic: z, P: 2 * normalCDF(-math.Abs(z))}
}

// studentTest returns the two-sided test of a t.
func studentTest(m Method, t, df float64) Test {
	return Test{Method: m, Statistic: t, DF: df, P: 2 * studentUpperTail(math.Abs(t), df)}
}

// chiSquareTest returns the test of a chi-square.
func chiSquareTest(m Method, x, df float64) Test {
	_, upper, _ := Distribution{gammaFamily, df / 2, 2}.tails(x)
	return Test{Method: m, Statistic: x, DF: df, P: upper}
}
