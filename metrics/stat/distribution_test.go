package stat

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// reference is a row of testdata/reference.json: both tails at x, computed
// with mpmath 1.2.1 to 50 digits (hypergeometric series, or quadrature for
// large parameters) for the exact value of the double x.
type reference struct {
	Family             string
	A, B, X            float64
	Lower, Upper       float64
	distributionForRow distribution
}

func references(t testing.TB) []reference {
	t.Helper()
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []reference
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		d, err := distribution{}, error(nil)
		switch r.Family {
		case "student_t":
			d, err = newStudentT(r.A)
		case "chi_square":
			d, err = newChiSquare(r.A)
		case "f":
			d, err = newF(r.A, r.B)
		case "beta":
			d, err = newBeta(r.A, r.B)
		case "normal":
		default:
			t.Fatalf("unknown family %q", r.Family)
		}
		if err != nil {
			t.Fatal(err)
		}
		rows[i].distributionForRow = d
	}
	return rows
}

func TestDistributionReference(t *testing.T) {
	worst := 0.0
	for _, r := range references(t) {
		lower, err1 := r.distributionForRow.cdf(r.X)
		upper, err2 := r.distributionForRow.upperTail(r.X)
		if err1 != nil || err2 != nil {
			t.Fatalf("%+v: %v, %v", r, err1, err2)
		}
		// A double x determines the tail only to eps·|x|·density/tail; beyond
		// that the code may lose a factor of a few.
		tolerance := 5e-13
		if r.A > 1e5 || r.B > 1e5 {
			tolerance = 5e-12
		}
		if r.Family == "normal" {
			tolerance = 3e-15
		}
		if !agreeRelative(lower, r.Lower, tolerance) || !agreeRelative(upper, r.Upper, tolerance) {
			t.Errorf("%s(%v, %v) at %v: tails %.17g, %.17g, want %.17g, %.17g",
				r.Family, r.A, r.B, r.X, lower, upper, r.Lower, r.Upper)
		}
		worst = max(worst, math.Abs(lower/r.Lower-1), math.Abs(upper/r.Upper-1))
	}
	t.Logf("worst relative error %.2g", worst)
}

func TestDistributionVectors(t *testing.T) {
	type row struct{ P, X, T, Z, A, B, DF, DF1, DF2 json.RawMessage }
	one := func(raw json.RawMessage) (f float64) {
		if err := json.Unmarshal(raw, &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	list := func(raw json.RawMessage) (f []float64) {
		if err := json.Unmarshal(raw, &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	check := func(id string, call func(float64) (float64, error), at json.RawMessage, want []float64, absolute float64) {
		t.Helper()
		for i, x := range list(at) {
			got, err := call(x)
			if err != nil {
				t.Fatalf("%s at %v: %v", id, x, err)
			}
			if !agreeRelative(got, want[i], vectorTolerance) && math.Abs(got-want[i]) > absolute {
				t.Errorf("%s at %v: %.17g, want %.17g", id, x, got, want[i])
			}
		}
	}
	for _, v := range vectors(t, "normal quantile") {
		var r row
		v.decode(t, &r)
		check(v.ID, distribution{}.quantileAt, r.P, v.numbers(t, "z"), 0)
	}
	for _, v := range vectors(t, "normal cdf") {
		var r row
		v.decode(t, &r)
		// The source prints the tail at −38, 2.9e-316, as 0.
		check(v.ID, distribution{}.cdf, r.Z, v.numbers(t, "p"), 1e-300)
		check(v.ID, distribution{}.upperTail, r.Z, v.numbers(t, "upper_tail"), 1e-300)
	}
	for _, v := range vectors(t, "student t quantile") {
		var r row
		v.decode(t, &r)
		check(v.ID, must(newStudentT(one(r.DF)))(t).quantileAt, r.P, v.numbers(t, "t"), 0)
	}
	for _, v := range vectors(t, "student t cdf") {
		var r row
		v.decode(t, &r)
		check(v.ID, must(newStudentT(one(r.DF)))(t).cdf, r.T, v.numbers(t, "p"), 0)
	}
	for _, v := range vectors(t, "chi-square quantile and cdf") {
		var r row
		v.decode(t, &r)
		d := must(newChiSquare(one(r.DF)))(t)
		check(v.ID, d.quantileAt, r.P, v.numbers(t, "q"), 0)
		check(v.ID, d.cdf, r.X, v.numbers(t, "cdf"), 0)
		check(v.ID, d.upperTail, r.X, v.numbers(t, "upper_tail"), 0)
	}
	for _, v := range vectors(t, "beta quantile and cdf") {
		var r row
		v.decode(t, &r)
		d := must(newBeta(one(r.A), one(r.B)))(t)
		check(v.ID, d.quantileAt, r.P, v.numbers(t, "q"), 0)
		check(v.ID, d.cdf, r.X, v.numbers(t, "cdf"), 1e-300)
	}
	for _, v := range vectors(t, "F quantile") {
		var r row
		v.decode(t, &r)
		check(v.ID, must(newF(one(r.DF1), one(r.DF2)))(t).quantileAt, r.P, v.numbers(t, "q"), 0)
	}
}

// sample distributions, from spread over hundreds of orders of magnitude to
// narrower than a millionth of their mean.
func distributions(t testing.TB) []distribution {
	all := []distribution{{}}
	for _, df := range []float64{0.1, 0.5, 1, 2, 3, 7.5, 29, 1000, 1e6, 1e12} {
		all = append(all, must(newStudentT(df))(t), must(newChiSquare(df))(t),
			must(newF(df, 3))(t), must(newF(5, df))(t), must(newF(df, df))(t),
			must(newBeta(df, 0.5))(t), must(newBeta(0.7, df))(t), must(newBeta(df, df))(t),
			must(newBeta(df, 4000))(t), must(newGamma(df, 1e-3))(t))
	}
	return all
}

func TestQuantileInvertsCDF(t *testing.T) {
	probabilities := []float64{1e-300, 1e-100, 1e-30, 1e-20, 1e-12, 5e-8, 1e-5, 0.001, 0.025, 0.2, 0.3, 0.4999, 0.5, 0.50001, 0.6, 0.9, 0.975, 0.9999, 1 - 1e-10}
	for _, d := range distributions(t) {
		for _, p := range probabilities {
			for _, side := range []struct {
				name              string
				quantile, inverse func(float64) (float64, error)
			}{
				{"lower", d.quantileAt, d.cdf},
				{"upper", d.upperQuantile, d.upperTail},
			} {
				x, err := side.quantile(p)
				if err != nil {
					wantError(t, "quantile", err, ErrOverflow)
					continue
				}
				back, err := side.inverse(x)
				if err != nil {
					t.Fatalf("%+v %s %v: %v", d, side.name, p, err)
				}
				// Neighbouring doubles around x may be this far apart in
				// probability.
				low, _ := side.inverse(x * (1 - 1e-14))
				high, _ := side.inverse(x * (1 + 1e-14))
				slack := math.Abs(high-low) + 1e-12*p
				if math.Abs(back-p) > slack && x != 0 && x != 1 {
					t.Errorf("%+v: %s quantile at %v is %v, whose tail is %v", d, side.name, p, x, back)
				}
			}
		}
	}
}

func TestDistributionTailsAreComplementary(t *testing.T) {
	for _, d := range distributions(t) {
		previous := -1.0
		for _, x := range []float64{math.Inf(-1), -1e300, -5, -1, -1e-9, 0, 1e-300, 1e-9, 0.3, 0.5, 0.7, 1, 2, 30, 1e9, 1e300, math.Inf(1)} {
			lower, err1 := d.cdf(x)
			upper, err2 := d.upperTail(x)
			if err1 != nil || err2 != nil || !(lower >= 0 && lower <= 1) || !(upper >= 0 && upper <= 1) || math.Abs(lower+upper-1) > 1e-11 {
				t.Errorf("%+v at %v: tails %v, %v, errors %v, %v", d, x, lower, upper, err1, err2)
			}
			if lower < previous {
				t.Errorf("%+v at %v: CDF falls from %v to %v", d, x, previous, lower)
			}
			previous = lower
		}
	}
}

// The binomial distribution by its plain sum, as an oracle of the incomplete
// beta function: P(X ≥ x) = I_p(x, n−x+1).
func TestBetaAgainstBinomialSum(t *testing.T) {
	for _, n := range []int{1, 2, 10, 37} {
		for _, p := range []float64{0.001, 0.2, 0.5, 0.93} {
			var sum float64
			for x := n; x >= 1; x-- {
				sum += binomial(n, x, p)
				d := must(newBeta(float64(x), float64(n-x+1)))(t)
				got := must(d.cdf(p))(t)
				if !agreeRelative(got, sum, 1e-13) {
					t.Errorf("P(X ≥ %d | %d, %v) = %v, want %v", x, n, p, got, sum)
				}
			}
		}
	}
}

// binomial returns the probability of x successes of n, term by term.
func binomial(n, x int, p float64) float64 {
	r := 1.0
	for i := 1; i <= x; i++ {
		r *= float64(n-x+i) / float64(i) * p
	}
	return r * math.Pow(1-p, float64(n-x))
}

// The Poisson distribution by its plain sum: P(X < k) = Q(k, λ).
func TestGammaAgainstPoissonSum(t *testing.T) {
	for _, lambda := range []float64{0.01, 1, 7.3, 40} {
		term, sum := math.Exp(-lambda), 0.0
		for k := 1; k < 60; k++ {
			sum += term
			got := must(must(newGamma(float64(k), 1))(t).upperTail(lambda))(t)
			if !agreeRelative(got, sum, 1e-13) {
				t.Errorf("P(X < %d | %v) = %v, want %v", k, lambda, got, sum)
			}
			term *= lambda / float64(k)
		}
	}
}

func TestGammaScaleOverflow(t *testing.T) {
	d := must(newGamma(2, 1e-10))(t)
	lower, upper := must(d.cdf(1e300))(t), must(d.upperTail(1e300))(t)
	if lower != 1 || upper != 0 {
		t.Errorf("tails %v, %v", lower, upper)
	}
}

func TestDistributionErrors(t *testing.T) {
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := newStudentT(bad)
		wantError(t, "newStudentT", err, ErrValue)
		_, err = newChiSquare(bad)
		wantError(t, "newChiSquare", err, ErrValue)
		_, err = newF(bad, 1)
		wantError(t, "newF", err, ErrValue)
		_, err = newF(1, bad)
		wantError(t, "newF", err, ErrValue)
		_, err = newBeta(bad, 1)
		wantError(t, "newBeta", err, ErrValue)
		_, err = newBeta(1, bad)
		wantError(t, "newBeta", err, ErrValue)
		_, err = newGamma(bad, 1)
		wantError(t, "newGamma", err, ErrValue)
		_, err = newGamma(1, bad)
		wantError(t, "newGamma", err, ErrValue)
	}
	for _, d := range distributions(t) {
		_, err := d.cdf(math.NaN())
		wantError(t, "CDF", err, ErrValue)
		_, err = d.upperTail(math.NaN())
		wantError(t, "UpperTail", err, ErrValue)
		for _, p := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
			_, err = d.quantileAt(p)
			wantError(t, "Quantile", err, ErrValue)
			_, err = d.upperQuantile(p)
			wantError(t, "UpperQuantile", err, ErrValue)
		}
	}
}

func TestQuantileAtTheEnds(t *testing.T) {
	beta, chi2 := must(newBeta(2, 3))(t), must(newChiSquare(3))(t)
	for _, c := range []struct {
		call func(float64) (float64, error)
		p    float64
		want float64
		err  error
	}{
		{beta.quantileAt, 0, 0, nil},
		{beta.quantileAt, 1, 1, nil},
		{beta.upperQuantile, 0, 1, nil},
		{beta.upperQuantile, 1, 0, nil},
		{chi2.quantileAt, 0, 0, nil},
		{chi2.quantileAt, 1, 0, ErrValue},
		{chi2.upperQuantile, 0, 0, ErrValue},
		{chi2.upperQuantile, 1, 0, nil},
		{distribution{}.quantileAt, 0, 0, ErrValue},
		{distribution{}.quantileAt, 1, 0, ErrValue},
		{must(newStudentT(4))(t).upperQuantile, 0, 0, ErrValue},
		{must(newStudentT(0.001))(t).quantileAt, 1e-300, 0, ErrOverflow},
	} {
		got, err := c.call(c.p)
		if got != c.want || (c.err == nil) != (err == nil) {
			t.Errorf("quantile at %v = %v, %v, want %v, %v", c.p, got, err, c.want, c.err)
		}
		if c.err != nil {
			wantError(t, "quantile", err, c.err)
		}
	}
}

func TestGaussLegendreIsExactForPolynomials(t *testing.T) {
	// 16 points integrate every polynomial of degree 31 or less exactly.
	for degree := 0; degree <= 30; degree += 2 {
		var sum float64
		for i, x := range gaussNodes {
			sum += 2 * gaussWeights[i] * math.Pow(x, float64(degree))
		}
		wantNumber(t, "integral", sum, 2/float64(degree+1), 1e-15)
	}
}

// TestSpecialFunctions compares the helpers with the standard library where
// that does not cancel, and with series where it does.
func TestSpecialFunctions(t *testing.T) {
	for _, x := range []float64{1e-300, 1e-9, 0.01, 0.3, 0.5, 1, 2, 5, 11.3, 15.99, 16, 100} {
		lg, _ := math.Lgamma(x + 1)
		want := lg - (x+0.5)*math.Log(x) + x - 0.5*math.Log(2*math.Pi)
		wantNumber(t, "stirlingError", stirlingError(x), want, 5e-14)
	}
	// log 10! − Stirling's formula, to 17 digits (mpmath 1.2.1).
	wantNumber(t, "stirlingError(10)/10", stirlingError(10)*120, 0.008330563433362871*120, 1e-13)
	for _, d := range []float64{-0.99, -0.5, -0.3, 0.3, 0.99, 1, 1.5, 20} {
		wantNumber(t, "log1pmx", log1pmx(d), math.Log1p(d)-d, 1e-15)
		wantNumber(t, "expm1mx", expm1mx(d), math.Expm1(d)-d, 1e-15)
	}
	for _, d := range []float64{-1e-3, -1e-8, 1e-8, 1e-3} {
		if got, want := log1pmx(d), -d*d/2+d*d*d/3-d*d*d*d/4+d*d*d*d*d/5; !agreeRelative(got, want, 1e-12) {
			t.Errorf("log1pmx(%v) = %v, want %v", d, got, want)
		}
		if got, want := expm1mx(d), d*d/2+d*d*d/6+d*d*d*d/24+d*d*d*d*d/120; !agreeRelative(got, want, 1e-12) {
			t.Errorf("expm1mx(%v) = %v, want %v", d, got, want)
		}
	}
}

var sink float64

func BenchmarkDistribution(b *testing.B) {
	beta, betaLarge := must(newBeta(82.5, 182.5))(b), must(newBeta(123456, 876545))(b)
	student, chi2 := must(newStudentT(9))(b), must(newChiSquare(9))(b)
	for _, c := range []struct {
		name string
		call func(float64) (float64, error)
	}{
		{"normal/cdf", distribution{}.cdf},
		{"normal/quantile", distribution{}.quantileAt},
		{"student/cdf", student.cdf},
		{"student/quantile", student.quantileAt},
		{"chi-square/cdf", chi2.cdf},
		{"chi-square/quantile", chi2.quantileAt},
		{"beta/cdf", beta.cdf},
		{"beta/quantile", beta.quantileAt},
		{"beta large/quantile", betaLarge.quantileAt},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink, _ = c.call(0.3)
			}
		})
	}
}
