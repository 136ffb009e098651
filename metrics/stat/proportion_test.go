package stat

import (
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"math"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

var proportionMethods = []Method{Wilson, AgrestiCoull, Jeffreys, ClopperPearson}

func TestProportionVectors(t *testing.T) {
	for _, v := range vectors(t, "binomial proportion confidence intervals") {
		var r struct {
			X, N int64
			Conf float64
		}
		v.decode(t, &r)
		for key, m := range map[string]Method{
			"wilson":                Wilson,
			"agresti_coull":         AgrestiCoull,
			"jeffreys_bcd_modified": Jeffreys,
			"clopper_pearson":       ClopperPearson,
		} {
			iv := must(Proportion(r.X, r.N, r.Conf, m))(t)
			wantEnds(t, v.ID+" "+key, iv, v.numbers(t, key), vectorTolerance)
		}
		// The plain Jeffreys interval has no special ends.
		beta := must(newBeta(float64(r.X)+0.5, float64(r.N-r.X)+0.5))(t)
		alpha := 1 - r.Conf
		plain := Interval{Low: must(beta.quantileAt(alpha / 2))(t), High: must(beta.upperQuantile(alpha / 2))(t)}
		wantEnds(t, v.ID+" jeffreys", plain, v.numbers(t, "jeffreys"), vectorTolerance)
		// One-sided at level c is two-sided at 2c−1.
		one := must(Proportion(r.X, r.N, 2*r.Conf-1, Wilson))(t)
		wantNumber(t, v.ID+" one-sided", one.Low, v.number(t, "wilson_one_sided_lower"), vectorTolerance)
	}
	for _, v := range vectors(t, "Clopper-Pearson, extreme alpha (regression test)") {
		var r struct {
			X, N  int64
			Alpha float64
		}
		v.decode(t, &r)
		iv := must(Proportion(r.X, r.N, 1-r.Alpha, ClopperPearson))(t)
		wantEnds(t, v.ID, iv, v.numbers(t, "clopper_pearson"), vectorTolerance)
	}
}

// Newcombe (1998), Statistics in Medicine 17:857, table I: four data sets by
// two of its methods, printed to four places.
func TestProportionNewcombeTable(t *testing.T) {
	for _, c := range []struct {
		x, n      int64
		m         Method
		low, high float64
	}{
		{81, 263, Wilson, 0.2553, 0.3662},
		{81, 263, ClopperPearson, 0.2527, 0.3676},
		{15, 148, Wilson, 0.0624, 0.1605},
		{15, 148, ClopperPearson, 0.0578, 0.1617},
		{0, 20, Wilson, 0, 0.1611},
		{0, 20, ClopperPearson, 0, 0.1684},
		{1, 29, Wilson, 0.0061, 0.1718},
		{1, 29, ClopperPearson, 0.0009, 0.1776},
	} {
		iv := must(Proportion(c.x, c.n, 0.95, c.m))(t)
		if math.Abs(iv.Low-c.low) > 5.1e-5 || math.Abs(iv.High-c.high) > 5.1e-5 {
			t.Errorf("%d of %d %v: %v to %v, want %v to %v", c.x, c.n, c.m, iv.Low, iv.High, c.low, c.high)
		}
	}
}

// TestProportionCoverage computes the exact coverage at 95 % over
// p = 0.50, 0.51, …, 0.99 from the binomial distribution, and compares mean
// and minimum with a table that was made before this code and without it, by
// exact binomial sums, printed to three places. The shape is that
// of Brown, Cai & DasGupta (2001).
func TestProportionCoverage(t *testing.T) {
	for _, c := range []struct {
		n             int
		m             Method
		mean, minimum float64
		places        float64
	}{
		{10, Wilson, 0.956, 0.904, 0.001},
		{10, AgrestiCoull, 0.965, 0.930, 0.001},
		{10, Jeffreys, 0.952, 0.869, 0.001},
		{10, ClopperPearson, 0.983, 0.962, 0.001},
		{50, Wilson, 0.950, 0.911, 0.001},
		{50, ClopperPearson, 0.968, 0.953, 0.001},
	} {
		ivs := make([]Interval, c.n+1)
		for x := range ivs {
			ivs[x] = must(Proportion(int64(x), int64(c.n), 0.95, c.m))(t)
		}
		mean, minimum := 0.0, 1.0
		for i := range 50 {
			p := 0.50 + float64(i)/100
			var covered float64
			for x, iv := range ivs {
				if iv.Contains(p) {
					covered += binomial(c.n, x, p)
				}
			}
			mean += covered / 50
			minimum = min(minimum, covered)
		}
		half := c.places * 0.55
		if math.Abs(mean-c.mean) > half || math.Abs(minimum-c.minimum) > half {
			t.Errorf("n = %d, %v: mean coverage %.4f, minimum %.4f, want %v, %v", c.n, c.m, mean, minimum, c.mean, c.minimum)
		}
	}
}

// The exact intervals by their definition, solved by bisection on a plain
// binomial sum.
func TestClopperPearsonDefinition(t *testing.T) {
	for _, c := range []struct{ x, n int }{{0, 1}, {1, 1}, {3, 7}, {1, 30}, {29, 30}, {12, 40}} {
		for _, level := range []float64{0.5, 0.95, 0.999} {
			iv := must(Proportion(int64(c.x), int64(c.n), level, ClopperPearson))(t)
			upperTail, lowerTail := 0.0, 0.0
			for k := c.x; k <= c.n; k++ {
				upperTail += binomial(c.n, k, iv.Low)
			}
			for k := 0; k <= c.x; k++ {
				lowerTail += binomial(c.n, k, iv.High)
			}
			if half := (1 - level) / 2; c.x > 0 && !agreeRelative(upperTail, half, 1e-11) || c.x < c.n && !agreeRelative(lowerTail, half, 1e-11) {
				t.Errorf("%d of %d at %v: tails %v, %v, want %v", c.x, c.n, level, upperTail, lowerTail, half)
			}
		}
	}
}

// The score interval by its definition: the p at which (x/n − p)² = z²p(1−p)/n.
func TestWilsonDefinition(t *testing.T) {
	for _, c := range []struct{ x, n float64 }{{1, 3}, {9, 10}, {999, 1000}, {1, 1e12}, {1e12 - 1, 1e12}} {
		z := 1.959963984540054
		iv := must(Proportion(int64(c.x), int64(c.n), 0.95, Wilson))(t)
		for _, p := range []float64{iv.Low, iv.High} {
			d := c.x/c.n - p
			if got := math.Abs(d) / math.Sqrt(p*(1-p)/c.n); math.Abs(got-z) > 1e-3*z*c.n/1e12+1e-9 {
				t.Errorf("%v of %v: end %v is %v standard errors away", c.x, c.n, p, got)
			}
		}
	}
}

func TestProportionExtremes(t *testing.T) {
	const huge = math.MaxInt64
	for _, m := range proportionMethods {
		for _, c := range []struct{ x, n int64 }{
			{0, 1}, {1, 1}, {0, 2}, {1, 2}, {2, 2}, {0, 1000}, {1000, 1000}, {0, huge}, {1, huge},
			{huge / 2, huge}, {huge - 1, huge}, {huge, huge}, {1e9, 1e18}, {5e8, 1e9}, {123456789, 1e9},
		} {
			for _, level := range []float64{1e-12, 0.5, 0.95, 1 - 1e-8, 1 - 1e-15} {
				iv, err := Proportion(c.x, c.n, level, m)
				if err != nil {
					t.Fatalf("%d of %d, %v, %v: %v", c.x, c.n, m, level, err)
				}
				wantSound(t, m.String(), iv, 0, 1)
				if m == AgrestiCoull {
					continue
				}
				if (c.x == 0) != (iv.Low == 0) && iv.Low > 0 {
					t.Errorf("%v: low end of %d of %d is %v", m, c.x, c.n, iv.Low)
				}
				if c.x == 0 && iv.Low != 0 || c.x == c.n && iv.High != 1 {
					t.Errorf("%v: ends of %d of %d are %v, %v", m, c.x, c.n, iv.Low, iv.High)
				}
			}
		}
	}
	// At alpha 1e-8 of 0 of 1000: closed forms. 1−(α/2)^(1/n), and z²/(n+z²)
	// with z = 5.730728868236, the upper 5e-9 quantile (mpmath 1.2.1).
	level := 1 - 1e-8
	alpha := 1 - level
	cp := must(Proportion(0, 1000, level, ClopperPearson))(t)
	wantNumber(t, "Clopper-Pearson", cp.High, 1-math.Pow(alpha/2, 0.001), 1e-13)
	w := must(Proportion(0, 1000, level, Wilson))(t)
	z := 5.730728868236
	wantNumber(t, "Wilson", w.High, z*z/(1000+z*z), 1e-9)
	// Digits must not be lost to 1 − (1 − small).
	cp = must(Proportion(0, 1e15, 0.95, ClopperPearson))(t)
	if want := -math.Log(0.025) / 1e15; !agreeRelative(cp.High, want, 1e-12) {
		t.Errorf("Clopper-Pearson of 0 of 1e15: %v, want %v", cp.High, want)
	}
	w = must(Proportion(1, 1e15, 0.95, Wilson))(t)
	if !(w.Low > 1e-16 && w.Low < 2e-16) || !(w.High > 5e-15 && w.High < 6e-15) {
		t.Errorf("Wilson of 1 of 1e15: %v to %v", w.Low, w.High)
	}
}

func TestProportionErrors(t *testing.T) {
	for _, c := range []struct {
		x, n int64
		err  error
	}{{0, 0, ErrNoData}, {-1, 5, ErrCount}, {6, 5, ErrCount}, {0, -1, ErrCount}, {-2, -1, ErrCount}, {math.MinInt64, math.MaxInt64, ErrCount}} {
		iv, err := Proportion(c.x, c.n, 0.95, Wilson)
		wantError(t, "Proportion", err, c.err)
		if iv != (Interval{}) {
			t.Errorf("error with interval %+v", iv)
		}
	}
	for _, level := range badLevels {
		_, err := Proportion(1, 2, level, Wilson)
		wantError(t, "Proportion", err, ErrLevel)
	}
	for _, m := range []Method{Welch, miettinenNurminen, 200} {
		_, err := Proportion(1, 2, 0.95, m)
		wantError(t, "Proportion", err, ErrMethod)
	}
	for _, share := range []float64{-0.1, 1.1, math.NaN()} {
		_, err := Weighted{Mean: share, EffectiveN: 10}.ShareInterval(0.95, Wilson)
		wantError(t, "ShareInterval", err, ErrValue)
	}
	for _, n := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := Weighted{Mean: 0.5, EffectiveN: n}.ShareInterval(0.95, Wilson)
		wantError(t, "ShareInterval", err, ErrValue)
	}
	_, err := Weighted{}.ShareInterval(0.95, Wilson)
	wantError(t, "zero value", err, ErrNoData)
	_, err = Weighted{Mean: 0.5, EffectiveN: 10}.ShareInterval(2, Wilson)
	wantError(t, "ShareInterval", err, ErrLevel)
}

func TestWeightedShare(t *testing.T) {
	for _, m := range proportionMethods {
		whole := must(Proportion(30, 40, 0.95, m))(t)
		weighted := must(Weighted{Mean: 0.75, EffectiveN: 40}.ShareInterval(0.95, m))(t)
		if whole != weighted {
			t.Errorf("%v: %+v unweighted, %+v weighted", m, whole, weighted)
		}
		for _, n := range []float64{0.3, 1, 2.5, 1e12} {
			for _, share := range []float64{0, 1e-9, 0.5, 1} {
				iv := must(Weighted{Mean: share, EffectiveN: n}.ShareInterval(0.9, m))(t)
				wantSound(t, m.String(), iv, 0, 1)
				if iv.Estimate != share {
					t.Errorf("%v: estimate %v of share %v", m, iv.Estimate, share)
				}
			}
		}
	}
}

// parts generates x of n with the edges often.
func parts() gopter.Gen {
	return gen.Weighted([]gen.WeightedGen{
		{Weight: 3, Gen: gen.Int64Range(1, 40)},
		{Weight: 1, Gen: gen.Int64Range(1, 1e9)},
	}).FlatMap(func(n any) gopter.Gen {
		return gen.Weighted([]gen.WeightedGen{
			{Weight: 1, Gen: gen.Const(int64(0))},
			{Weight: 1, Gen: gen.Const(n.(int64))},
			{Weight: 4, Gen: gen.Int64Range(0, n.(int64))},
		}).Map(func(x int64) part { return part{x, n.(int64)} })
	}, nil)
}

type part struct{ x, n int64 }

func TestProportionLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	level := gen.Float64Range(0.01, 0.999999)
	for _, m := range proportionMethods {
		call := func(x, n int64, level float64) Interval { return must(Proportion(x, n, level, m))(t) }
		properties.Property(m.String()+": n−x mirrors x", prop.ForAll(func(p part, level float64) bool {
			a, b := call(p.x, p.n, level), call(p.n-p.x, p.n, level)
			return agree(a.Low, 1-b.High, 1e-13) && agree(a.High, 1-b.Low, 1e-13) && agree(a.Estimate, 1-b.Estimate, 1e-15)
		}, parts(), level))
		properties.Property(m.String()+": a higher level nests a lower one", prop.ForAll(func(p part, l1, l2 float64) bool {
			inner, outer := call(p.x, p.n, min(l1, l2)), call(p.x, p.n, max(l1, l2))
			return outer.Low <= inner.Low+1e-15 && inner.High <= outer.High+1e-15
		}, parts(), level, level))
		properties.Property(m.String()+": inside 0…1", prop.ForAll(func(p part, level float64) bool {
			iv := call(p.x, p.n, level)
			return 0 <= iv.Low && iv.Low <= iv.High && iv.High <= 1 && iv.Level == level && iv.Method == m
		}, parts(), level))
		properties.Property(m.String()+": rises with x", prop.ForAll(func(p part, level float64) bool {
			if p.x == p.n {
				return true
			}
			a, b := call(p.x, p.n, level), call(p.x+1, p.n, level)
			return a.Low <= b.Low+1e-15 && a.High <= b.High+1e-15
		}, parts(), gen.Float64Range(0.5, 0.9999)))
		properties.Property(m.String()+": contains the estimate", prop.ForAll(func(p part, level float64) bool {
			iv := call(p.x, p.n, level)
			return iv.Low <= iv.Estimate+1e-15 && iv.Estimate <= iv.High+1e-15
		}, parts(), gen.Float64Range(0.8, 0.9999)))
	}
	properties.TestingRun(t)
}

func TestMethodText(t *testing.T) {
	if DefaultMethod.String() != "default" || Method(250).String() != "Method(250)" {
		t.Errorf("names %v, %v", DefaultMethod, Method(250))
	}
	seen := map[string]bool{}
	for i := range methodNames.All() {
		m := Method(i)
		text, err := m.MarshalText()
		if err != nil || len(text) == 0 || seen[string(text)] {
			t.Errorf("text of %d: %q, %v", i, text, err)
		}
		seen[string(text)] = true
		var back Method
		if err := back.UnmarshalText(text); err != nil || back != m {
			t.Errorf("%q reads as %v, %v", text, back, err)
		}
	}
	m := Wilson
	if err := m.UnmarshalText(nil); err != nil || m != DefaultMethod {
		t.Errorf("empty text reads as %v, %v", m, err)
	}
	wantError(t, "UnmarshalText", m.UnmarshalText([]byte("wilsson")), ErrMethod)
	_, err := Method(250).MarshalText()
	wantError(t, "MarshalText", err, ErrMethod)
}

// Text is read as what writes it.
func FuzzTexts(f *testing.F) {
	for _, text := range []string{"", "wilson", "better", "not_distinguishable", "neither", "ceiling", "Wilson", "wilson "} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, v := range []interface {
			encoding.TextMarshaler
			encoding.TextUnmarshaler
			sql.Scanner
			driver.Valuer
		}{new(Method), new(Conclusion), new(Direction), new(Rounding)} {
			if v.UnmarshalText([]byte(text)) != nil {
				if v.Scan(text) == nil {
					t.Errorf("%q is scanned and not read", text)
				}
				continue
			}
			back, err := v.MarshalText()
			if _, isMethod := v.(*Method); err != nil || string(back) != text && !(text == "" && isMethod) {
				t.Errorf("%q reads as %v, which writes %q, %v", text, v, back, err)
			}
			if value, err := v.Value(); err != nil || value != string(back) {
				t.Errorf("%v is stored as %v, %v", v, value, err)
			}
		}
	})
}

func TestIntervalJSON(t *testing.T) {
	iv := must(Proportion(42, 50, 0.95, DefaultMethod))(t)
	text, err := json.Marshal(iv)
	if err != nil {
		t.Fatal(err)
	}
	const golden = `{"estimate":0.84,"low":0.7148578393696501,"high":0.916625793219666,"level":0.95,"method":"wilson"}`
	var back, want Interval
	if err := json.Unmarshal(text, &back); err != nil || back != iv {
		t.Errorf("%s reads as %+v, %v", text, back, err)
	}
	if err := json.Unmarshal([]byte(golden), &want); err != nil || want.Method != Wilson ||
		!agree(want.Low, iv.Low, 1e-12) || !agree(want.High, iv.High, 1e-12) {
		t.Errorf("golden %s reads as %+v, %v", golden, want, err)
	}
}

func TestInterval(t *testing.T) {
	iv := Interval{Estimate: 0.8, Low: 0.75, High: 0.9, Level: 0.95, Method: Wilson}
	for v, want := range map[float64]bool{0.74: false, 0.75: true, 0.8: true, 0.9: true, 0.91: false, math.NaN(): false} {
		if iv.Contains(v) != want {
			t.Errorf("Contains(%v) = %v", v, !want)
		}
	}
	wantNumber(t, "Width", iv.Width(), 0.15, 1e-15)
	if got, want := iv.String(), "0.8 (95% wilson 0.75 to 0.9)"; got != want {
		t.Errorf("String = %q, want %q", got, want)
	}
	got := must(iv.Rescale(-100, 100))(t)
	wantNumber(t, "estimate", got.Estimate, 20, 1e-14)
	wantEnds(t, "rescaled", got, []float64{10, 25}, 1e-14)
	if got.Level != 0.95 || got.Method != Wilson {
		t.Errorf("rescaled to %+v", got)
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		_, err := iv.Rescale(bad, 0)
		wantError(t, "Rescale", err, ErrValue)
		_, err = iv.Rescale(1, bad)
		wantError(t, "Rescale", err, ErrValue)
	}
	_, err := Interval{Estimate: 1, Low: 0, High: 1e10}.Rescale(1e300, 0)
	wantError(t, "Rescale", err, ErrOverflow)
}

func BenchmarkProportion(b *testing.B) {
	for _, m := range proportionMethods {
		b.Run(m.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				iv, _ := Proportion(450, 500, 0.95, m)
				sink = iv.Low
			}
		})
	}
}
