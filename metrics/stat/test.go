package stat

import (
	"fmt"
	"math"
)

// Test is the outcome of a test of no effect. P is the probability of data at least
// as far from no effect as these, in either direction, if there were no effect; it
// is never the probability that there is none. The zero value stands for no test.
type Test struct {
	Method    Method  `json:"method"`
	Statistic float64 `json:"statistic"` // z, t or chi-square; 0 for exact tests, which have none
	DF        float64 `json:"df"`        // degrees of freedom; 0 where the statistic has none
	P         float64 `json:"p"`         // two-sided
}

// String returns the test for people who read tests, such as "welch, P = 0.031", or
// "no test" if it names no method.
func (t Test) String() string {
	if t.Method == DefaultMethod {
		return "no test"
	}
	return fmt.Sprintf("%v, P = %.3g", t.Method, t.P)
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
	t := Test{Method: m, Statistic: x, DF: df, P: 1}
	if x > 0 {
		_, _, logQ, _ := newIncompleteGamma(df/2).tails(x/2, math.Log(x)-math.Ln2)
		t.P = math.Exp(logQ)
	}
	return t
}
