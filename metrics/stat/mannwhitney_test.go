package stat

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

// ranked counts the values of two groups as answers in order.
func ranked(x, y []float64) (a, b []int64) {
	values := slices.Compact(slices.Sorted(slices.Values(slices.Concat(x, y))))
	a, b = make([]int64, len(values)), make([]int64, len(values))
	for counts, group := range map[*[]int64][]float64{&a: x, &b: y} {
		for _, v := range group {
			k, _ := slices.BinarySearch(values, v)
			(*counts)[k]++
		}
	}
	return a, b
}

func testOf(t testing.TB, x, y []float64) (float64, Test) {
	t.Helper()
	a, b := ranked(x, y)
	superiority, test, err := MannWhitney(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return superiority, test
}

// midranks returns the rank of each value, ties having the mean of theirs.
func midranks(x []float64) []float64 {
	ranks := make([]float64, len(x))
	for i, v := range x {
		for _, w := range x {
			switch {
			case w < v:
				ranks[i]++
			case w == v:
				ranks[i] += 0.5
			}
		}
		ranks[i] += 0.5
	}
	return ranks
}

// pairwise is the plain count of pairs, as an oracle.
func pairwise(x, y []float64) (more, equal float64) {
	for _, a := range x {
		for _, b := range y {
			switch {
			case a > b:
				more++
			case a == b:
				equal++
			}
		}
	}
	return more, equal
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
		more, equal := pairwise(a, b)
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
		a, test := testOf(t, c.x, c.y)
		if want := exactMannWhitney(c.x, c.y); !agree(test.P, want, 1e-14) || test.Method != rankSumExact {
			t.Errorf("%v, %v: %+v, want %v", c.x, c.y, test, want)
		}
		more, equal := pairwise(c.x, c.y)
		wantNumber(t, "superiority", a, (more+equal/2)/float64(len(c.x)*len(c.y)), 1e-15)
	}
}

func TestMannWhitneyNormal(t *testing.T) {
	// 60 values with ties, against the formula on midranks.
	var x, y []float64
	for i := range 30 {
		x = append(x, float64(i*i%7))
		y = append(y, float64(i*i%5+1))
	}
	_, test := testOf(t, x, y)
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
	if test.Method != rankSumNormal || !agree(test.Statistic, want, 1e-12) || !agree(test.P, math.Erfc(math.Abs(want)/math.Sqrt2), 1e-12) {
		t.Errorf("%+v, want z = %v", test, want)
	}
	// At 50 the exact P and the approximation are near.
	_, exact := testOf(t, x[:25], y[:25])
	_, near := testOf(t, append(x[:25:25], 99), append(y[:25:25], -99))
	if exact.Method != rankSumExact || near.Method != rankSumNormal || math.Abs(exact.P-near.P) > 0.25 {
		t.Errorf("%+v, %+v", exact, near)
	}
}

func TestMannWhitneyLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	counts := gen.SliceOfN(5, gen.Int64Range(0, 12))
	properties.Property("exchanging groups mirrors; categories without answers change nothing", prop.ForAll(func(x, y []int64) bool {
		a, ta, err := MannWhitney(x, y)
		b, tb, errB := MannWhitney(y, x)
		spread := func(v []int64) (out []int64) {
			for _, n := range v {
				out = append(out, 0, n, 0)
			}
			return out
		}
		c, tc, errC := MannWhitney(spread(x), spread(y))
		return agree(ta.P, tb.P, 1e-12) && ta == tc && a == c && (err == nil) == (errB == nil) && (err == nil) == (errC == nil) &&
			(agree(a, 1-b, 1e-15) || errors.Is(err, ErrNoData)) && ta.P >= 0 && ta.P <= 1
	}, counts, counts))
	properties.TestingRun(t)
}

func TestMannWhitneyErrors(t *testing.T) {
	for _, c := range []struct {
		x, y []int64
		err  error
	}{
		{nil, nil, ErrNoData}, {[]int64{0}, []int64{1}, ErrNoData}, {[]int64{1, 2}, []int64{1}, ErrLength}, {[]int64{-1}, []int64{1}, ErrCount},
		{[]int64{1 << 31}, []int64{1 << 31}, ErrTooMany}, {[]int64{math.MaxInt64, 1}, []int64{1, 1}, ErrTooMany}, {[]int64{0, 2}, []int64{0, 2}, ErrNoVariation},
	} {
		superiority, _, err := MannWhitney(c.x, c.y)
		wantError(t, "MannWhitney", err, c.err)
		if want := map[bool]float64{true: 0.5}[c.err == ErrNoVariation]; superiority != want {
			t.Errorf("superiority of %v and %v is %v", c.x, c.y, superiority)
		}
	}
	if _, p, err := MannWhitney([]int64{5e8, 5e8 + 5}, []int64{5e8, 5e8}); err != nil || !(p.P > 0 && p.P <= 1) {
		t.Errorf("large groups: %+v, %v", p, err)
	}
}

func TestHolm(t *testing.T) {
	// Benjamini & Hochberg (1995), the example of section 4: 15 p-values, of
	// which Holm finds three.
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000}
	found := 0
	for _, v := range must(Holm(p))(t) {
		if v <= 0.05 {
			found++
		}
	}
	if found != 3 {
		t.Errorf("%d found", found)
	}
	wantSlice(t, "Holm", must(Holm([]float64{0.01, 0.04, 0.03, 0.005}))(t), []float64{0.03, 0.06, 0.06, 0.02})
	wantSlice(t, "Holm", must(Holm([]float64{0.9, 0, 1}))(t), []float64{1, 0, 1})
	_, err := Holm(nil)
	wantError(t, "none", err, ErrNoData)
	for _, bad := range []float64{-0.1, 1.1, math.NaN()} {
		_, err = Holm([]float64{0.5, bad})
		wantError(t, "bad", err, ErrValue)
	}
	properties := gopter.NewProperties(nil)
	properties.Property("adjusted in order, above the raw", prop.ForAll(func(p []float64) bool {
		if len(p) == 0 {
			return true
		}
		holm := must(Holm(p))(t)
		for i := range p {
			if holm[i] < p[i] || holm[i] > 1 {
				return false
			}
			for j := range p {
				if p[i] < p[j] && holm[i] > holm[j] {
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
	x1, x2 := ranked(x, x)
	for b.Loop() {
		_, p, _ := MannWhitney(x1, x2)
		sink = p.P
	}
}
