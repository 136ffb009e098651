package stat

import (
	"math"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

func TestBrunnerMunzelVectors(t *testing.T) {
	for _, v := range vectors(t, "Brunner-Munzel test (ordinal)") {
		var r struct {
			X []int64 `json:"counts_x"`
			Y []int64 `json:"counts_y"`
		}
		v.decode(t, &r)
		ranks := must(RanksOfCounts(r.X, r.Y))(t)
		c := must(ranks.BrunnerMunzel(0.95))(t)
		// The source's sign is that of second minus first.
		wantRelative(t, v.ID+" statistic", -c.Test.Statistic, v.number(t, "statistic"))
		wantRelative(t, v.ID+" p", c.Test.P, v.number(t, "p"))
		wantSound(t, v.ID, c.Difference, 0, 1)
	}
}

// Brunner and Munzel (2000) on pain scores of 14 and 11 patients, as in R's
// lawstat::brunner.munzel.test: statistic 3.1375 (second minus first), df
// 17.683, p 0.005786, P(X<Y)+½P(X=Y) = 0.788961, 95 % interval 0.5952169 to
// 0.9827052.
var (
	painX = []float64{1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1}
	painY = []float64{3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4}
)

func TestBrunnerMunzelPublished(t *testing.T) {
	c := must(must(NewRanks(painY, painX))(t).BrunnerMunzel(0.95))(t)
	for _, n := range []struct{ got, want, half float64 }{
		{c.Test.Statistic, 3.1375, 5e-5}, {c.Test.DF, 17.683, 5e-4}, {c.Test.P, 0.005786, 5e-7},
		{c.Difference.Estimate, 0.788961, 5e-7}, {c.Difference.Low, 0.5952169, 5e-8}, {c.Difference.High, 0.9827052, 5e-8},
	} {
		if math.Abs(n.got-n.want) > n.half {
			t.Errorf("%v, want %v", n.got, n.want)
		}
	}
}

// pairwise is the plain count of pairs, as an oracle.
func pairwise(x, y []float64) (more, less, equal float64) {
	for _, a := range x {
		for _, b := range y {
			switch {
			case a > b:
				more++
			case a < b:
				less++
			default:
				equal++
			}
		}
	}
	return more, less, equal
}

// exactMannWhitney tries every choice of the first group.
func exactMannWhitney(x, y []float64) float64 {
	all := append(append([]float64{}, x...), y...)
	u := func(chosen uint) float64 {
		var a, b []float64
		for i, v := range all {
			if chosen>>i&1 == 1 {
				a = append(a, v)
			} else {
				b = append(b, v)
			}
		}
		if len(a) != len(x) {
			return math.NaN()
		}
		more, _, equal := pairwise(a, b)
		return math.Abs(more + equal/2 - float64(len(x)*len(y))/2)
	}
	observed := u(1<<len(x) - 1)
	var far, count float64
	for chosen := range uint(1) << len(all) {
		d := u(chosen)
		if d != d {
			continue
		}
		count++
		if d >= observed {
			far++
		}
	}
	return far / count
}

func TestMannWhitneyEnumeration(t *testing.T) {
	for _, c := range []struct{ x, y []float64 }{
		{[]float64{1}, []float64{2}},
		{[]float64{1, 2, 3}, []float64{4, 5, 6, 7}},
		{[]float64{1, 1, 2}, []float64{1, 2, 2, 3}},
		{[]float64{5, 4, 4, 3, 5}, []float64{5, 5, 4, 5, 4, 3}},
		{[]float64{0.8, 0.83, 1.89, 1.04, 1.45}, []float64{1.15, 0.88, 0.9, 0.74, 1.21, 1.38}},
		{[]float64{2, 2, 2, 2}, []float64{2, 2, 3}},
	} {
		r := must(NewRanks(c.x, c.y))(t)
		test := must(r.MannWhitney())(t)
		if want := exactMannWhitney(c.x, c.y); !agree(test.P, want, 1e-14) || test.Method != RankSumExact {
			t.Errorf("%v, %v: %+v, want %v", c.x, c.y, test, want)
		}
		more, less, equal := pairwise(c.x, c.y)
		pairs := float64(len(c.x) * len(c.y))
		a, _ := r.Superiority()
		wantNumber(t, "superiority", a, (more+equal/2)/pairs, 1e-15)
		if len(c.x) > 1 && len(c.y) > 1 {
			wantNumber(t, "delta", must(r.CliffDelta(0.95))(t).Estimate, (more-less)/pairs, 1e-15)
		}
	}
}

func TestMannWhitneyNormal(t *testing.T) {
	// 60 values with ties, against the formula on midranks.
	var x, y []float64
	for i := range 30 {
		x = append(x, float64(i*i%7))
		y = append(y, float64(i*i%5+1))
	}
	test := must(must(NewRanks(x, y))(t).MannWhitney())(t)
	ranks := midranks(append(append([]float64{}, x...), y...))
	w, mean, squares := 0.0, 30*61/2.0, 0.0
	for i, r := range ranks {
		if i < 30 {
			w += r
		}
		squares += (r - 30.5) * (r - 30.5)
	}
	// The variance of a sum of 30 of 60 ranks drawn without replacement.
	se := math.Sqrt(30 * 30 * squares / 60 / 59)
	want := math.Copysign(math.Abs(w-mean)-0.5, w-mean) / se
	if test.Method != RankSumNormal || !agree(test.Statistic, want, 1e-12) || !agree(test.P, math.Erfc(math.Abs(want)/math.Sqrt2), 1e-12) {
		t.Errorf("%+v, want z = %v", test, want)
	}
	// At 50 the exact P and the approximation are near.
	exact := must(must(NewRanks(x[:25], y[:25]))(t).MannWhitney())(t)
	near := must(must(NewRanks(append(x[:25:25], 99), append(y[:25:25], -99)))(t).MannWhitney())(t)
	if exact.Method != RankSumExact || near.Method != RankSumNormal || math.Abs(exact.P-near.P) > 0.25 {
		t.Errorf("%+v, %+v", exact, near)
	}
}

// Cliff's variance by its definition over all pairs.
func TestCliffDeltaDefinition(t *testing.T) {
	sign := func(a, b float64) float64 {
		switch {
		case a > b:
			return 1
		case a < b:
			return -1
		}
		return 0
	}
	nx, ny := float64(len(painX)), float64(len(painY))
	var d float64
	rows, columns := make([]float64, len(painX)), make([]float64, len(painY))
	for i, a := range painX {
		for j, b := range painY {
			d += sign(a, b) / nx / ny
			rows[i] += sign(a, b) / ny
			columns[j] += sign(a, b) / nx
		}
	}
	var r, c, cells float64
	for i, a := range painX {
		r += (rows[i] - d) * (rows[i] - d)
		for _, b := range painY {
			cells += (sign(a, b) - d) * (sign(a, b) - d)
		}
	}
	for j := range painY {
		c += (columns[j] - d) * (columns[j] - d)
	}
	variance := (ny*ny*r + nx*nx*c - cells) / (nx * ny * (nx - 1) * (ny - 1))
	const z = 1.959963984540054
	half := z * math.Sqrt(variance) * math.Sqrt((1-d*d)*(1-d*d)+z*z*variance)
	iv := must(must(NewRanks(painX, painY))(t).CliffDelta(0.95))(t)
	wantNumber(t, "d", iv.Estimate, d, 1e-14)
	wantEnds(t, "delta", iv, []float64{(d - d*d*d - half) / (1 - d*d + z*z*variance), (d - d*d*d + half) / (1 - d*d + z*z*variance)}, 1e-13)
	// Groups that do not overlap: (n−z²)/(n+z²) to 1.
	apart := must(must(NewRanks([]float64{5, 6, 7}, []float64{1, 2}))(t).CliffDelta(0.95))(t)
	wantEnds(t, "apart", apart, []float64{(2 - z*z) / (2 + z*z), 1}, 1e-13)
	apart = must(must(NewRanks([]float64{1, 2}, []float64{5, 6, 7}))(t).CliffDelta(0.95))(t)
	wantEnds(t, "apart", apart, []float64{-1, -(2 - z*z) / (2 + z*z)}, 1e-13)
}

// Where few pairs disagree the variance has a floor, (1−d²)/(nx·ny−1): here
// d = 15/16 of 16 pairs.
func TestCliffDeltaVarianceFloor(t *testing.T) {
	const z, d = 1.959963984540054, 15.0 / 16
	variance := (1 - d*d) / 15
	half := z * math.Sqrt(variance) * math.Sqrt((1-d*d)*(1-d*d)+z*z*variance)
	iv := must(must(NewRanks([]float64{1, 2, 3, 4}, []float64{0, 0, 0, 1}))(t).CliffDelta(0.95))(t)
	wantEnds(t, "delta", iv, []float64{(d - d*d*d - half) / (1 - d*d + z*z*variance), math.Min(1, (d-d*d*d+half)/(1-d*d+z*z*variance))}, 1e-13)
}

func TestRanksLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	values := gen.SliceOf(gen.IntRange(1, 5).Map(func(i int) float64 { return float64(i) }))
	properties.Property("exchanging groups mirrors; a monotone scale changes nothing", prop.ForAll(func(x, y []float64) bool {
		if len(x) < 2 || len(y) < 2 {
			return true
		}
		moved := func(v []float64) (out []float64) {
			for _, a := range v {
				out = append(out, math.Exp(3*a)-1e9)
			}
			return out
		}
		a, b, c := must(NewRanks(x, y))(t), must(NewRanks(y, x))(t), must(NewRanks(moved(x), moved(y)))(t)
		ta, err := a.MannWhitney()
		if err != nil {
			return true
		}
		tb, tc := must(b.MannWhitney())(t), must(c.MannWhitney())(t)
		da, db := must(a.CliffDelta(0.9))(t), must(b.CliffDelta(0.9))(t)
		ba, errA := a.BrunnerMunzel(0.9)
		bb, errB := b.BrunnerMunzel(0.9)
		return agree(ta.P, tb.P, 1e-12) && ta == tc && agree(da.Low, -db.High, 1e-12) && agree(da.High, -db.Low, 1e-12) &&
			-1 <= da.Low && da.Low <= da.Estimate && da.Estimate <= da.High && da.High <= 1 &&
			(errA == nil) == (errB == nil) && agree(ba.Test.P, bb.Test.P, 1e-9) && 0 <= ba.Difference.Low && ba.Difference.High <= 1 && ta.P <= 1
	}, values, values))
	properties.TestingRun(t)
}

func TestRanksErrors(t *testing.T) {
	for _, c := range []struct {
		x, y []float64
		err  error
	}{
		{nil, []float64{1}, ErrNoData}, {[]float64{1}, nil, ErrNoData}, {nil, nil, ErrNoData},
		{[]float64{math.NaN()}, []float64{1}, ErrValue}, {[]float64{1}, []float64{math.Inf(1)}, ErrValue},
	} {
		_, err := NewRanks(c.x, c.y)
		wantError(t, "NewRanks", err, c.err)
	}
	for _, c := range []struct {
		x, y []int64
		err  error
	}{
		{nil, nil, ErrNoData}, {[]int64{0}, []int64{1}, ErrNoData}, {[]int64{1, 2}, []int64{1}, ErrLength}, {[]int64{-1}, []int64{1}, ErrCount},
		{[]int64{1 << 31}, []int64{1 << 31}, ErrTooMany}, {[]int64{math.MaxInt64, 1}, []int64{1, 1}, ErrTooMany},
	} {
		_, err := RanksOfCounts(c.x, c.y)
		wantError(t, "RanksOfCounts", err, c.err)
	}
	same, single := must(NewRanks([]float64{2, 2}, []float64{2, 2}))(t), must(NewRanks([]float64{1}, []float64{2, 3}))(t)
	apart := must(NewRanks([]float64{1, 2}, []float64{3, 4}))(t)
	for _, c := range []struct {
		r   Ranks
		err error
	}{{Ranks{}, ErrNoData}, {same, ErrNoVariation}, {single, ErrTooFew}, {apart, ErrNoVariation}} {
		_, err := c.r.BrunnerMunzel(0.95)
		wantError(t, "BrunnerMunzel", err, c.err)
	}
	for _, c := range []struct {
		r   Ranks
		err error
	}{{Ranks{}, ErrNoData}, {same, ErrNoVariation}, {single, ErrTooFew}} {
		_, err := c.r.CliffDelta(0.95)
		wantError(t, "CliffDelta", err, c.err)
	}
	_, err := Ranks{}.MannWhitney()
	wantError(t, "MannWhitney", err, ErrNoData)
	_, err = same.MannWhitney()
	wantError(t, "MannWhitney", err, ErrNoVariation)
	for _, level := range badLevels {
		_, err = apart.BrunnerMunzel(level)
		wantError(t, "level", err, ErrLevel)
		_, err = apart.CliffDelta(level)
		wantError(t, "level", err, ErrLevel)
	}
	if _, ok := (Ranks{}).Superiority(); ok {
		t.Error("superiority of nothing")
	}
	big := must(RanksOfCounts([]int64{5e8, 5e8 + 5}, []int64{5e8, 5e8}))(t)
	if p := must(big.MannWhitney())(t); !(p.P > 0 && p.P <= 1) {
		t.Errorf("large groups: %+v", p)
	}
}

func TestMultiple(t *testing.T) {
	// Benjamini & Hochberg (1995), the example of section 4: 15 p-values, of
	// which four are found at a rate of 0.05; Holm finds three.
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000}
	bh, holm := must(BenjaminiHochberg(p))(t), must(Holm(p))(t)
	count := func(a []float64) (n int) {
		for _, v := range a {
			if v <= 0.05 {
				n++
			}
		}
		return n
	}
	if count(bh) != 4 || count(holm) != 3 {
		t.Errorf("%d and %d found: %v, %v", count(bh), count(holm), bh, holm)
	}
	small := []float64{0.01, 0.04, 0.03, 0.005}
	wantSlice(t, "Holm", must(Holm(small))(t), []float64{0.03, 0.06, 0.06, 0.02})
	wantSlice(t, "BH", must(BenjaminiHochberg(small))(t), []float64{0.02, 0.04, 0.04, 0.02})
	wantSlice(t, "Holm", must(Holm([]float64{0.9, 0, 1}))(t), []float64{1, 0, 1})
	wantSlice(t, "BH", must(BenjaminiHochberg([]float64{0.9, 0.9, 0.1}))(t), []float64{0.9, 0.9, 0.3})
	for _, f := range []func([]float64) ([]float64, error){Holm, BenjaminiHochberg} {
		_, err := f(nil)
		wantError(t, "none", err, ErrNoData)
		for _, bad := range []float64{-0.1, 1.1, math.NaN()} {
			_, err = f([]float64{0.5, bad})
			wantError(t, "bad", err, ErrValue)
		}
	}
	properties := gopter.NewProperties(nil)
	properties.Property("adjusted in order, above the raw, BH below Holm", prop.ForAll(func(p []float64) bool {
		if len(p) == 0 {
			return true
		}
		bh, holm := must(BenjaminiHochberg(p))(t), must(Holm(p))(t)
		for i := range p {
			if bh[i] < p[i] || holm[i] < bh[i] || holm[i] > 1 {
				return false
			}
			for j := range p {
				if p[i] < p[j] && (bh[i] > bh[j] || holm[i] > holm[j]) {
					return false
				}
			}
		}
		return true
	}, gen.SliceOf(gen.Float64Range(0, 1))))
	properties.TestingRun(t)
}

func wantSlice(t *testing.T, name string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s = %v, want %v", name, got, want)
	}
	for i := range want {
		if !agree(got[i], want[i], 1e-14) {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
}

func BenchmarkMannWhitneyExact(b *testing.B) {
	x := make([]float64, 25)
	for i := range x {
		x[i] = float64(i * i % 5)
	}
	r := must(NewRanks(x, x))(b)
	for b.Loop() {
		p, _ := r.MannWhitney()
		sink = p.P
	}
}
