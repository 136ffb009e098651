package stat

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// edges are counts at the ends of what int64 and float64 hold.
var edges = []int64{math.MinInt64, math.MinInt64 + 1, -1 << 53, -2, -1, 0, 1, 2, 5, 1 << 53, 1<<53 + 1, 1 << 62, math.MaxInt64 - 1, math.MaxInt64}

// Sums and differences of counts are exact, or the ratio is not defined and stays so.
func TestRatioBeyondInt64(t *testing.T) {
	exact := func(got Ratio, part, whole *big.Int) bool {
		if part.IsInt64() && whole.IsInt64() {
			return got == Ratio{part.Int64(), whole.Int64()}
		}
		return !got.Defined() && got.Pool(Ratio{1, math.MaxInt64}) == got && (Ratio{1, math.MaxInt64}).Pool(got) == got && got.Complement() == got
	}
	refused := 0
	for _, a := range edges {
		for _, b := range edges {
			r := Ratio{a, b}
			if r == beyond {
				continue
			}
			part, whole := big.NewInt(a), big.NewInt(b)
			if got := r.Complement(); !exact(got, new(big.Int).Sub(whole, part), whole) {
				t.Errorf("complement of %v: %v", r, got)
			}
			for _, c := range edges {
				for _, d := range edges {
					s := Ratio{c, d}
					if s == beyond {
						continue
					}
					got := r.Pool(s)
					if !exact(got, new(big.Int).Add(part, big.NewInt(c)), new(big.Int).Add(whole, big.NewInt(d))) {
						t.Errorf("%v and %v: %v", r, s, got)
					}
					if got == beyond {
						refused++
					}
				}
			}
		}
	}
	if refused == 0 {
		t.Error("nothing was beyond int64")
	}
}

func TestScoreCountsBeyondInt64(t *testing.T) {
	for _, c := range []struct {
		s     ScoreCounts
		share bool
		net   bool
	}{
		{ScoreCounts{Percent: true, Counts: []int64{1, math.MaxInt64 - 1}}, true, false}, {ScoreCounts{Percent: true, Counts: []int64{1, math.MaxInt64}}, false, false},
		{ScoreCounts{Percent: true, Counts: []int64{-1, 2}}, false, false}, {ScoreCounts{Percent: true, Counts: []int64{2, -1}}, false, false},
		{ScoreCounts{Percent: true, Lowest: -1, Counts: []int64{1, math.MaxInt64 - 2, 1}}, false, true},
		{ScoreCounts{Percent: true, Lowest: -1, Counts: []int64{1, math.MaxInt64 - 1, 1}}, false, false},
		{ScoreCounts{Percent: true, Lowest: -1, Counts: []int64{math.MaxInt64, math.MaxInt64, 3}}, false, false}, // the sum wraps to 1
		{ScoreCounts{Percent: true, Lowest: -1, Counts: []int64{1, -1, 1}}, false, false},
	} {
		r, share := c.s.Share()
		n, net := c.s.Net()
		if share != c.share || net != c.net || share && r.Whole != math.MaxInt64 || net && n.N != math.MaxInt64 {
			t.Errorf("%+v: %v %v, %+v %v", c.s, r, share, n, net)
		}
		_, err := c.s.Sample()
		if c.share || c.net {
			wantError(t, "Sample", err, nil)
		} else {
			wantError(t, "Sample", err, ErrCount)
		}
		// Bounds are those of the scores, whatever was counted.
		want := map[int64][2]float64{0: {0, 1}, -1: {-1, 1}}[c.s.Lowest]
		if low, high := c.s.Bounds(); low != want[0] || high != want[1] {
			t.Errorf("%+v: %v to %v", c.s, low, high)
		}
		for _, other := range []ScoreCounts{{Counts: []int64{-1}}, {Counts: []int64{3, math.MinInt64}}} {
			for _, to := range []ScoreCounts{{}, {Counts: []int64{5, 5}}} {
				before := fmt.Sprint(to)
				wantError(t, "Merge", to.Merge(other), ErrCount)
				if fmt.Sprint(to) != before {
					t.Errorf("changed to %v", to)
				}
			}
			wantError(t, "Merge into a negative count", other.Merge(ScoreCounts{}), ErrCount)
		}
	}
	high := ScoreCounts{Lowest: math.MaxInt64, Counts: []int64{1, 1}}
	if low, high := high.Bounds(); low != 1<<63 || high != 1<<63 {
		t.Errorf("%v to %v", low, high)
	}
	if low, high := (ScoreCounts{Lowest: 3}).Bounds(); low != 3 || high != 3 {
		t.Errorf("of no scores %v to %v", low, high)
	}
	one := must(ScoreCounts{Percent: true, Lowest: 4, Counts: []int64{7}}.Sample())(t) // a scale of one point has no width
	if one != (Sample{N: 7}) {
		t.Errorf("%+v", one)
	}
}

// The largest is the last value, of whatever sample.
func TestPositionOfMany(t *testing.T) {
	for _, n := range []int64{1, 2, 1<<53 - 1, 1<<53 + 1, math.MaxInt64 - 1, math.MaxInt64} {
		for kind := HyndmanFan(1); kind.Valid(); kind++ {
			if rank, weight := kind.Position(n, 1); rank != n || weight != 0 {
				t.Errorf("%v of %d: %d, %v", kind, n, rank, weight)
			}
			if rank, weight := kind.Position(n, 0); rank != 1 || weight != 0 {
				t.Errorf("%v of %d: least %d, %v", kind, n, rank, weight)
			}
			last := int64(1)
			for _, p := range []float64{0.1, 0.5, 0.9, 1 - 0x1p-53} {
				rank, weight := kind.Position(n, p)
				if rank < last || rank > n || !(weight >= 0 && weight < 1) {
					t.Errorf("%v at %v of %d: %d, %v", kind, p, n, rank, weight)
				}
				last = rank
			}
		}
	}
}

// A decimal has at most 1,000 places, on either side of the point.
func TestPlacesAreBounded(t *testing.T) {
	for _, m := range []Rounding{HalfAwayFromZero, Floor, Ceiling} {
		for places, most := range map[int32]int32{math.MaxInt32: 1000, 1001: 1000, math.MinInt32: -1000, -1001: -1000} {
			got, want := m.Quotient(big.NewInt(2), big.NewInt(3), places), m.Quotient(big.NewInt(2), big.NewInt(3), most)
			if !got.Equal(want) || got.Exponent() != want.Exponent() || got.Exponent() != -most {
				t.Errorf("%v at %d: exponent %d", m, places, got.Exponent())
			}
		}
		long := m.Quotient(big.NewInt(2), big.NewInt(3), 1000)
		if third := decimal.New(2, 0).Sub(long.Mul(decimal.New(3, 0))).Abs(); !third.LessThan(decimal.New(3, -1000)) || long.NumDigits() != 1000 {
			t.Errorf("%v: %v digits, %v off", m, long.NumDigits(), third)
		}
	}
}

// Small populations, and margins and variances from end to end of float64.
func TestRequiredSampleLimits(t *testing.T) {
	for _, c := range []struct {
		variance, margin float64
		population, want int64
	}{
		{1e-300, 1, 1, 1}, {1e-300, 1, 0, 1}, {5e-324, 1e300, 1, 1}, {5e-324, 1e300, 2, 1}, {1, 1e-200, 1, 1}, {1, 1e-200, 1000, 1000},
		{1e308, 1e-308, math.MaxInt64, math.MaxInt64}, {1e-200, 1e-100, 0, 4}, {1e200, 1e100, 0, 4}, {1e308, 1e154, 0, 4}, {5e-324, 2.2227587494850775e-162, 0, 4},
	} {
		if got, err := RequiredSample(c.variance, c.margin, 0.95, c.population); err != nil || got != c.want {
			t.Errorf("%v, %v of %d: %d, %v", c.variance, c.margin, c.population, got, err)
		}
	}
	for _, margin := range []float64{1e-10, 1e-200} {
		_, err := RequiredSample(1, margin, 0.95, 0)
		wantError(t, "RequiredSample", err, ErrOverflow)
	}
}

// What is computed from numbers of any size is what is computed from them in another
// unit, a power of 2.
func TestUnits(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, exponent := range []int{-480, -300, 300, 480} {
		unit := math.Ldexp(1, exponent)
		for range 20 {
			x, y, fineX, fineY := make([]float64, 8), make([]float64, 8), make([]float64, 8), make([]float64, 8)
			for i := range x {
				x[i], y[i] = random.NormFloat64(), random.NormFloat64()
				fineX[i], fineY[i] = unit*x[i], math.Ldexp(y[i], -2*exponent)
			}
			if plain, fine := must(Pearson(x, y, 0.9))(t), must(Pearson(fineX, fineY, 0.9))(t); plain != fine {
				t.Errorf("2^%d: correlation %v, not %v", exponent, fine, plain)
			}
			plain, fine := must(XmR(x))(t), must(XmR(fineX))(t)
			if fine.Center != unit*plain.Center || fine.Sigma != unit*plain.Sigma || fine.RangeLimit != unit*plain.RangeLimit || fine.Points[3].Low != unit*plain.Points[3].Low {
				t.Errorf("2^%d: chart %+v, not %+v", exponent, fine, plain)
			}
			a, b := Sample{5, x[0], x[1] * x[1]}, Sample{7, x[2], x[3] * x[3]}
			large := func(s Sample) Sample { return Sample{s.N, unit * s.Mean, unit * unit * s.Variance} }
			if plain, fine := must(CompareMeans(a, b))(t).Test(), must(CompareMeans(large(a), large(b)))(t).Test(); !agree(fine.P, plain.P, 1e-12) || !agree(fine.DF, plain.DF, 1e-12) {
				t.Errorf("2^%d: means %+v, not %+v", exponent, fine, plain)
			}
			terms := []Term{{2, x[0], x[1] * x[1], 4}, {-1, x[2], x[3] * x[3], 6}, {0.5, x[4], 1, 0}}
			times, values := make([]Term, 3), make([]Term, 3)
			for i, term := range terms {
				times[i] = Term{unit * term.Times, term.Value, term.Variance, term.DF}
				values[i] = Term{term.Times, unit * term.Value, unit * unit * term.Variance, term.DF}
			}
			want := must(Linear(Welch, terms...))(t)
			for _, scaled := range [][]Term{times, values} {
				got := must(Linear(Welch, scaled...))(t)
				iv, ivWant := must(got.Interval(0.9))(t), must(must(want.Interval(0.9))(t).Rescale(unit, 0))(t)
				if !agree(got.Test().P, want.Test().P, 1e-12) || !agree(got.Test().DF, want.Test().DF, 1e-12) || !agreeRelative(iv.Low, ivWant.Low, 1e-9) || !agreeRelative(iv.High, ivWant.High, 1e-9) {
					t.Errorf("2^%d: sum %v, not %v", exponent, got, want)
				}
			}
		}
	}
}

// Where nearly all answers are the same, the spread of the ranks is nearly nothing, and
// must not be lost in the difference of two large numbers.
func TestMannWhitneyOfMany(t *testing.T) {
	for _, c := range []struct{ x, y []int64 }{
		{[]int64{1<<53 - 1, 0}, []int64{1, 1}}, {[]int64{1 << 61, 0}, []int64{0, 1}}, {[]int64{1 << 30, 5}, []int64{1 << 30, 0}},
		{[]int64{3, 1 << 40, 2}, []int64{1, 1 << 20, 5}}, {[]int64{100, 50, 20}, []int64{30, 60, 90}},
	} {
		_, test, err := MannWhitney(c.x, c.y)
		if err != nil {
			t.Fatal(err)
		}
		// z² by whole numbers: (|2U − nx·ny| − 1)²·3·N(N−1) / (nx·ny·(N³−N−Σ(t³−t))).
		number := func(n int64) *big.Int { return big.NewInt(n) }
		product := func(of ...*big.Int) *big.Int {
			p := number(1)
			for _, f := range of {
				p.Mul(p, f)
			}
			return p
		}
		nx, ny, wins := number(0), number(0), number(0) // wins are doubled
		cubes := number(0)
		for k := range c.x {
			wins.Add(wins, product(number(c.x[k]), new(big.Int).Add(product(number(2), ny), number(c.y[k]))))
			nx.Add(nx, number(c.x[k]))
			ny.Add(ny, number(c.y[k]))
			tied := number(c.x[k] + c.y[k])
			cubes.Add(cubes, product(tied, tied, tied)).Sub(cubes, tied)
		}
		n := new(big.Int).Add(nx, ny)
		rest := product(n, n, n)
		rest.Sub(rest, n).Sub(rest, cubes)
		distance := new(big.Int).Sub(wins, product(nx, ny))
		distance.Abs(distance).Sub(distance, number(1))
		square, _ := new(big.Rat).SetFrac(product(distance, distance, number(3), n, new(big.Int).Sub(n, number(1))), product(nx, ny, rest)).Float64()
		if got := test.Statistic * test.Statistic; !agreeRelative(got, square, 1e-12) {
			t.Errorf("%v and %v: z² of %v, want %v", c.x, c.y, got, square)
		}
	}
}

// The pairs of two groups are counted up to 2⁶¹.
func TestMannWhitneyLimit(t *testing.T) {
	for _, c := range []struct {
		nx, ny int64
		err    error
	}{{1 << 61, 1, nil}, {1<<61 + 1, 1, ErrTooMany}, {1 << 31, 1 << 30, nil}, {1<<31 + 1, 1 << 30, ErrTooMany}, {1 << 30, 1<<31 + 1, ErrTooMany}, {1 << 62, 1 << 62, ErrTooMany}} {
		superiority, test, err := MannWhitney([]int64{0, c.nx}, []int64{c.ny, 0})
		wantError(t, fmt.Sprintf("%d and %d", c.nx, c.ny), err, c.err)
		if err == nil && (superiority != 1 || !(test.P < 1e-6)) {
			t.Errorf("%d and %d: %v, %v", c.nx, c.ny, superiority, test)
		}
	}
	_, _, err := MannWhitney([]int64{math.MaxInt64, 1}, []int64{1, 1})
	wantError(t, "a sum beyond int64", err, ErrTooMany)
	_, _, err = MannWhitney([]int64{1, 1}, []int64{1, math.MaxInt64})
	wantError(t, "a sum beyond int64", err, ErrTooMany)
}

// The limits of a chart that hardly moves: λ²·i of the variance, not nothing.
func TestEWMAOfSmallSteps(t *testing.T) {
	for _, lambda := range []float64{1e-6, 1e-12, 1e-17, 1e-100} {
		c := must(EWMA(make([]float64, 9), 0, 1, lambda, 3))(t)
		for i, p := range c.Points {
			if want := 3 * lambda * math.Sqrt(float64(i+1)); !agreeRelative(p.High, want, 20*lambda+1e-12) || p.Low != -p.High {
				t.Errorf("λ = %v, point %d: %v, want %v", lambda, i, p.High, want)
			}
		}
	}
}

// A share that no float64 tells from 1 does not vary.
func TestLaneyPOfNearlyAll(t *testing.T) {
	_, err := LaneyP([]Ratio{{math.MaxInt64 - 1, math.MaxInt64}, {1 << 60, 1 << 60}})
	wantError(t, "LaneyP", err, ErrNoVariation)
	c := must(LaneyP([]Ratio{{1<<50 - 1, 1 << 50}, {1 << 50, 1 << 50}}))(t)
	for _, sigma := range []float64{math.NaN(), math.Inf(1), -1} {
		broken := c
		broken.Sigma = sigma
		if low, high := broken.Limits(Ratio{1, 2}); low != 0 || high != 1 {
			t.Errorf("sigma %v: %v to %v", sigma, low, high)
		}
	}
}

// However many are decided on at whatever level, the intervals say the same as the Ps.
func TestDecideOnMany(t *testing.T) {
	apart := must(CompareShares(Ratio{900, 1000}, Ratio{500, 1000}))(t)
	near := must(CompareNets(Net{900, 0, 1000}, Net{899, 0, 1000}))(t)
	for _, c := range []Contrast{apart, must(Ratio{900, 1000}.Against(0.5, 0))(t), must(ComparePairs(Net{700, 10, 1000}))(t), must(CompareNets(Net{700, 10, 1000}, Net{10, 700, 1000}))(t)} {
		for _, level := range []float64{0.95, 1 - 1e-12, 1 - 0x1p-53} {
			contrasts := []Contrast{c}
			for range 5000 {
				contrasts = append(contrasts, near)
			}
			decisions := must(Decide(level, contrasts...))(t)
			for i, d := range decisions {
				if changed := d.Conclusion(HigherIsBetter).Changed(); changed != (i == 0) || d.Change.Contains(0) == changed {
					t.Fatalf("%d at %v: %+v", i, level, d)
				}
				if !(d.Change.Level > 0 && d.Change.Level < 1) || d.Change.Level < level {
					t.Fatalf("%d at %v: level %v", i, level, d.Change.Level)
				}
			}
			// The interval is that of 1 − (1−level)/5001 and not of the nearest float64 to it.
			wide := must(c.Interval(1 - 0x1p-53))(t)
			if level > 0.99 && level < 1-1e-15 && decisions[0].Change.Width() >= wide.Width() || level > 1-1e-15 && decisions[0].Change.Width() <= wide.Width() {
				t.Errorf("at %v: %v, beside %v", level, decisions[0].Change, wide)
			}
		}
	}
}

// A curve that is flat at the share that is asked for has its estimate in the middle, and
// at a level next to 0 the interval ends before it.
func TestFlatQuantileInterval(t *testing.T) {
	s := must(KaplanMeier([]Observation{{Time: 10}, {Time: 50}}))(t)
	f := must(CumulativeIncidence([]Ending{{10, 1}, {50, 1}}))(t)
	for _, iv := range []DurationInterval{must(s.QuantileInterval(0.5, 1.2e-16))(t), must(f.QuantileInterval(1, 0.5, 1.2e-16))(t)} {
		if want := (DurationInterval{30, 10, 30, true, true, true, 1.2e-16, logLog}); iv != want {
			t.Errorf("%+v", iv)
		}
	}
}

func TestQuantileRanksOfMany(t *testing.T) {
	for _, p := range []float64{1e-9, 0.5, 0.9, 1 - 1e-9} {
		for _, level := range []float64{1.2e-16, 0.5, 0.95, 1 - 1e-12} {
			low, high, coverage, err := QuantileRanks(1<<53, p, level)
			if err != nil || low < 1 || low >= high || high > 1<<53 || !(coverage >= level*(1-1e-9) && coverage <= 1) {
				t.Errorf("%v at %v: %d to %d, %v, %v", p, level, low, high, coverage, err)
			}
			_, _, _, err = QuantileRanks(1<<53+1, p, level)
			wantError(t, "QuantileRanks", err, ErrTooMany)
			for _, ends := range []float64{1e-18, 1 - 0x1p-53} {
				_, _, _, err = QuantileRanks(1<<31, ends, level)
				wantError(t, "QuantileRanks", err, ErrTooFew)
			}
		}
	}
}

// F with 2 degrees of freedom above or below has a closed form, and the square of t has
// 1 above.
func TestFQuantile(t *testing.T) {
	for _, p := range []float64{1e-12, 1e-5, 0.025, 0.5, 0.95, 0.999, 1 - 1e-9} {
		for _, df := range []float64{0.5, 1, 2, 3.5, 10, 100, 2999, 3001, 1e6, 1e12, 1e40, 1e300, math.MaxFloat64} {
			// d = 2/df: (1−p)^−d = 1 + d·F, and p^−d = 1 + d/F.
			above := -math.Log1p(-p)
			if d := 2 / df; d > 1e-15 {
				above = math.Expm1(d*above) / d
			}
			below := -1 / math.Log(p)
			if d := 2 / df; d > 1e-15 {
				below = d / math.Expm1(-d*math.Log(p))
			}
			if got := must(FQuantile(p, 2, df))(t); !agreeRelative(got, above, 1e-11) {
				t.Errorf("F(%v; 2, %v) = %v, want %v", p, df, got, above)
			}
			if got := must(FQuantile(p, df, 2))(t); !agreeRelative(got, below, 1e-11) {
				t.Errorf("F(%v; %v, 2) = %v, want %v", p, df, got, below)
			}
			if p >= 0.5 {
				root := studentUpperQuantile((1-p)/2, df)
				if got := must(FQuantile(p, 1, df))(t); !agreeRelative(got, root*root, 1e-9) {
					t.Errorf("F(%v; 1, %v) = %v, want %v", p, df, got, root*root)
				}
			}
		}
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := FQuantile(0.5, bad, 2)
		wantError(t, "above", err, ErrValue)
		_, err = FQuantile(0.5, 2, bad)
		wantError(t, "below", err, ErrValue)
	}
	for _, p := range []float64{0, 1, -1, math.NaN()} {
		_, err := FQuantile(p, 2, 2)
		wantError(t, "p", err, ErrValue)
	}
	_, err := FQuantile(0.95, 2, 1e-3)
	wantError(t, "a quantile of 1e1301", err, ErrOverflow)
}

// With many degrees of freedom t is normal, and short of that nearly so: the quantile is
// larger by (z³+z)/4df (Fisher 1926).
func TestStudentOfMany(t *testing.T) {
	for _, q := range []float64{0.4, 0.025, 1e-10, 1e-300} {
		z := normalUpperQuantile(q)
		for _, df := range []float64{1e12, 1e18, 1e30, 1.1e30, 1e100, math.MaxFloat64} {
			got := studentUpperQuantile(q, df)
			if want := z + (z*z*z+z)/4/df; !agreeRelative(got, want, 2e-14) {
				t.Errorf("t(%v; %v) = %v, want %v", q, df, got, want)
			}
			if p := studentUpperTail(got, df); !agreeRelative(p, q, 1e-11) {
				t.Errorf("P(t > %v; %v) = %v, want %v", got, df, p, q)
			}
			if p := studentUpperTail(-got, df); !agreeRelative(p, 1-q, 1e-11) {
				t.Errorf("P(t > %v; %v) = %v, want %v", -got, df, p, 1-q)
			}
		}
	}
}

func TestErrorsOfExtremes(t *testing.T) {
	for name, want := range map[string]struct{ got, err error }{
		"known":        {second(Sample{5, math.MaxFloat64, 1}.Against(-math.MaxFloat64, 5)), ErrOverflow},
		"variance":     {second(Linear(Welch, Term{1e200, 0, 1e308, 0}, Term{1, 1, 1, 0})), ErrOverflow},
		"df":           {second(Linear(Welch, Term{1, 1, 1, 1e-310})), ErrOverflow},
		"times":        {second(LinearShares([]float64{1e308, 1e308}, []Ratio{{1, 1}, {1, 1}})), ErrOverflow},
		"effective":    {second(Weighted{N: 5, EffectiveN: math.Inf(1), Mean: 1, Variance: 1}.Interval(0.9)), ErrOverflow},
		"weighted":     {second(Weighted{N: 5, EffectiveN: 4, Mean: 1, Variance: -1}.Interval(0.9)), ErrValue},
		"infinite":     {second(Weighted{N: 5, EffectiveN: 4, Mean: 1, Variance: math.Inf(1)}.Interval(0.9)), ErrOverflow},
		"jeffreys":     {second(Weighted{N: 5, EffectiveN: math.MaxFloat64, Mean: 0.5}.ShareInterval(0.9, Jeffreys)), ErrOverflow},
		"population":   {second(Sample{5, 1, 1}.Against(0, 3)), ErrCount},
		"negative":     {second(Sample{5, 1, 1}.Against(0, -1)), ErrCount},
		"far apart":    {second(ShrinkEstimates([]Estimate{{5, 1e200, 1}, {5, -1e200, 1}, {5, 0, 1}}, 0.9)), ErrOverflow},
		"further":      {second(ShrinkEstimates([]Estimate{{5, 1.7e308, 0}, {5, -1.7e308, 0}, {5, 0, 0}}, 0.9)), ErrOverflow},
		"two apart":    {second(ShrinkEstimates([]Estimate{{5, 1.7e308, 1}, {5, -1.7e308, 1}}, 0.9)), ErrOverflow},
		"rates":        {second(must(CompareRates(1, 1e-292, 1, 1))(t).Interval(1 - 0x1p-53)), ErrOverflow},
		"decision":     {second(Decide(0.9, must(CompareShares(Ratio{900, 1000}, Ratio{500, 1000}))(t).Times(0))), ErrValue},
		"unit":         {second(must(CompareShares(Ratio{900, 1000}, Ratio{500, 1000}))(t).Times(5e-324).Interval(0.9)), ErrOverflow},
		"unit, turned": {second(must(CompareShares(Ratio{900, 1000}, Ratio{500, 1000}))(t).Times(-5e-324).Interval(0.9)), ErrOverflow},
	} {
		wantError(t, name, want.got, want.err)
	}
	for name, got := range map[string]float64{
		"SD": Sample{5, 1, math.NaN()}.SD(), "negative SD": Sample{5, 1, -1}.SD(), "SE": Sample{5, 1, math.NaN()}.SE(),
		"weighted SE": Weighted{5, 5, 1, math.NaN()}.SE(), "effective": Weighted{5, math.Inf(1), 1, math.Inf(1)}.SE(),
		"median": MedianSample{5, 0, math.Inf(-1), math.Inf(1)}.SE(), "turned": MedianSample{5, 2, 3, 1}.SE(), "none": MedianSample{}.SE(),
	} {
		if got != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
	// A goal whose variance is below float64 is met by chance all the same.
	if p := must(Ratio{0, 16}.Against(5e-324, 0))(t).Test().P; p < 0.9 {
		t.Errorf("P of %v", p)
	}
	if iv := must(Interval{-1, -math.MaxFloat64, math.MaxFloat64, 0.9, Wilson}.Rescale(1, 0))(t); !math.IsInf(iv.Width(), 1) {
		t.Errorf("%v", iv.Width())
	}
}

// Outside of where it cancels, e^w − 1 − w is what it says, and so is log(1+d) − d.
func TestPlainDifferences(t *testing.T) {
	for _, w := range []float64{-700, -50, -30, -1.5, -1, 1, 1.5, 30, 50, 700} {
		if got, want := expm1mx(w), math.Expm1(w)-w; !agreeRelative(got, want, 1e-14) {
			t.Errorf("e^%v − 1 − %v = %v, want %v", w, w, got, want)
		}
	}
	for _, d := range []float64{-0.999, -0.6, -0.5, 1, 1.5, 100, 1e10} {
		if got, want := log1pmx(d), math.Log1p(d)-d; !agreeRelative(got, want, 1e-14) {
			t.Errorf("log(1+%v) − %v = %v, want %v", d, d, got, want)
		}
	}
}

// A beta variable whose a is next to nothing is next to 0, and one whose b is, to 1:
// I_x(a, b) = 1 − a·(E₁(bx) − …) for a small a, and E₁(1) = 0.2193839344 (DLMF 6.2).
func TestBetaNextToItsEnds(t *testing.T) {
	for _, a := range []float64{1e-20, 1e-6} {
		f := newIncompleteBeta(a, 0x1p100)
		x := unitPoint{0x1p-100, 1, -100 * math.Ln2, -0x1p-100}
		if got := f.cdf(x); !agree(got, 1-a*0.2193839343955203, 1e-9) {
			t.Errorf("a = %v: %v", a, got)
		}
		if rest := f.swap().cdf(x.mirror()); !agree(rest, a*0.2193839343955203, 1e-9) {
			t.Errorf("a = %v: rest %v", a, rest)
		}
	}
}

func TestDurationIntervalText(t *testing.T) {
	for want, d := range map[string]DurationInterval{
		"no interval":                    {},
		"40m0s (95% log_log 10m0s to ?)": {Estimate: 40 * time.Minute, Low: 10 * time.Minute, HasEstimate: true, HasLow: true, Level: 0.95, Method: logLog},
		"? (90% log_log ? to 1h0m0s)":    {High: time.Hour, HasHigh: true, Level: 0.9, Method: logLog},
	} {
		if got := d.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
