package stat

import (
	"math"
	"testing"
)

// The example of ci.lc.prop.bs in the R package statpsych (Bonett): a linear
// function of proportions by Price & Bonett (2004).
func TestLinearShares(t *testing.T) {
	c := must(LinearShares([]float64{-0.5, -0.5, 1}, []Ratio{{26, 60}, {24, 60}, {38, 60}}))(t)
	iv := must(c.Interval(0.95))(t)
	wantNumber(t, "estimate", iv.Estimate, 38.0/60-25.0/60, 1e-12)
	wantEnds(t, "ends", iv, []float64{0.06294259, 0.3609705}, 1e-7)
	if test := c.Test(); math.Abs(test.Statistic-2.787841) > 1e-6 || math.Abs(test.P-0.005306059) > 1e-8 || test.DF != 0 || test.Method != AdjustedWald {
		t.Errorf("%+v", test)
	}
	_, err := LinearShares([]float64{1}, []Ratio{{1, 2}, {1, 2}})
	wantError(t, "length", err, ErrLength)
	_, err = LinearShares(nil, nil)
	wantError(t, "none", err, ErrNoData)
	_, err = LinearShares([]float64{math.NaN()}, []Ratio{{1, 2}})
	wantError(t, "NaN", err, ErrValue)
	// Nothing is counted, whatever the shares.
	if c := must(LinearShares([]float64{0, 0}, []Ratio{{1, 2}, {2, 2}}))(t); c.Test().P != 1 {
		t.Errorf("%v", c)
	}
}

// Two terms make Welch's test, one makes that of a mean.
func TestLinear(t *testing.T) {
	a, b := Sample{4, 26.25, 668.75 / 3}, Sample{6, 221.0 / 6, 5694.833333333333 / 5}
	term := func(times float64, s Sample) Term {
		return Term{times, s.Mean, s.Variance / float64(s.N), float64(s.N - 1)}
	}
	two, welch := must(Linear(Welch, term(1, a), term(-1, b)))(t), must(CompareMeans(a, b))(t)
	if got, want := two.Test(), welch.Test(); !agree(got.P, want.P, 1e-12) || !agree(got.DF, want.DF, 1e-12) || !agree(got.Statistic, want.Statistic, 1e-12) || got.Method != want.Method {
		t.Errorf("%+v, want %+v", got, want)
	}
	iv := must(welch.Interval(0.9))(t)
	wantEnds(t, "Welch", must(two.Interval(0.9))(t), []float64{iv.Low, iv.High}, 1e-12)
	one := must(must(Linear(StudentT, term(1, a)))(t).Interval(0.9))(t)
	mean := must(a.Interval(0.9))(t)
	wantEnds(t, "mean", one, []float64{mean.Low, mean.High}, 1e-12)
	// By hand: the degrees of freedom of four.
	four := must(Linear(Welch, term(1, b), term(-1, a), term(-1, a), term(1, b)))(t)
	va, vb := a.Variance/4, b.Variance/6
	wantNumber(t, "df", four.Test().DF, math.Pow(2*va+2*vb, 2)/(2*va*va/3+2*vb*vb/5), 1e-12)
	wantNumber(t, "t", four.Test().Statistic, 2*(221.0/6-105.0/4)/math.Sqrt(2*va+2*vb), 1e-12)
	for _, c := range []struct {
		terms []Term
		err   error
	}{
		{nil, ErrNoData}, {[]Term{{1, math.NaN(), 1, 0}}, ErrValue}, {[]Term{{1, 1, -1, 0}}, ErrValue}, {[]Term{{1, 1, 1, -1}}, ErrValue},
		{[]Term{{math.Inf(1), 1, 1, 0}}, ErrValue}, {[]Term{{1, 1, 0, 0}}, ErrNoVariation}, {[]Term{{1, 1e308, 1, 0}, {1, 1e308, 1, 0}}, ErrOverflow},
	} {
		_, err := Linear(Welch, c.terms...)
		wantError(t, "Linear", err, c.err)
	}
	if c := must(Linear(Welch, Term{1, 0, 0, 3}))(t); c.Test().P != 1 {
		t.Errorf("0 for sure: %v", c)
	}
}
