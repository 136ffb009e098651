package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// What is compared with a goal is the interval of the estimate: the two never disagree.
func TestAgainstIsTheInterval(t *testing.T) {
	for _, n := range []int64{1, 2, 7, 40} {
		for x := range n + 1 {
			for k := range 21 {
				goal := float64(k) / 20
				c := must(Ratio{x, n}.Against(goal, 0))(t)
				own := must(Proportion(x, n, 0.95, Wilson))(t)
				iv := must(c.Interval(0.95))(t)
				wantEnds(t, "share", iv, []float64{own.Low - goal, own.High - goal}, 1e-12)
				wantNumber(t, "share", iv.Estimate, own.Estimate-goal, 1e-15)
				net := Net{x, (n - x) / 2, n}
				goal = 2*goal - 1
				own = must(net.Interval(0.95, AdjustedWald))(t)
				iv = must(must(net.Against(goal, 0))(t).Interval(0.95))(t)
				wantEnds(t, "net share", iv, []float64{own.Low - goal, own.High - goal}, 1e-12)
			}
		}
	}
	s := must(Describe([]float64{1, 4, 4, 5, 2}))(t)
	own := must(s.Interval(0.95))(t)
	wantEnds(t, "mean", must(must(s.Against(3, 0))(t).Interval(0.95))(t), []float64{own.Low - 3, own.High - 3}, 1e-12)
	// Student (1908), the extra sleep of ten patients by two drugs: t = −4.0621,
	// P = 0.002833, −2.4599 to −0.7001 (R ?sleep, t.test paired).
	sleep := must(Describe([]float64{-1.2, -2.4, -1.3, -1.3, 0, -1, -1.8, -0.8, -4.6, -1.4}))(t)
	c := must(sleep.Against(0, 0))(t)
	wantNumber(t, "t", c.Test().Statistic, -4.0621, 1e-4)
	wantNumber(t, "P", c.Test().P, 0.002833, 1e-6)
	wantEnds(t, "sleep", must(c.Interval(0.95))(t), []float64{-2.4598858, -0.7001142}, 1e-7)
}

// Of a population: the exact coverage over the hypergeometric distribution, and no
// uncertainty when all were asked.
func TestAgainstPopulation(t *testing.T) {
	choose := func(n, k int64) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	for _, c := range []struct{ n, population int64 }{{20, 30}, {45, 50}, {10, 100}, {60, 200}} {
		var sum float64
		truths := 0
		for k := int64(1); k < c.population; k++ {
			truth := float64(k) / float64(c.population)
			if truth < 0.1 || truth > 0.9 {
				continue
			}
			truths++
			for x := max(0, c.n-(c.population-k)); x <= min(c.n, k); x++ {
				p := math.Exp(choose(k, x) + choose(c.population-k, c.n-x) - choose(c.population, c.n))
				if must(must(Ratio{x, c.n}.Against(0, c.population))(t).Interval(0.95))(t).Contains(truth) {
					sum += p
				}
			}
		}
		coverage := sum / float64(truths)
		t.Logf("%d of %d: %.4f", c.n, c.population, coverage)
		if coverage < 0.94 || coverage > 0.97 {
			t.Errorf("%d of %d: coverage %.4f", c.n, c.population, coverage)
		}
	}
	all := []Contrast{must(Ratio{6, 7}.Against(0.5, 7))(t), must(Net{5, 1, 7}.Against(0.5, 7))(t), must(Sample{7, 4.5, 2}.Against(4, 7))(t), must(Sample{1, 4.5, 0}.Against(4, 1))(t),
		must(Ratio{7, 7}.Against(0, 7))(t), must(Net{0, 7, 7}.Against(0, 7))(t), must(Sample{7, 5, 2}.Against(4, 7))(t)} // a whole unit apart
	for i, c := range all {
		iv := must(c.Interval(0.95))(t)
		if iv.Low != iv.High || iv.Low != iv.Estimate || c.Test().P != 0 || iv.Method != fullCount {
			t.Errorf("%d: %v", i, c)
		}
		if d := must(Decide(0.95, c))(t)[0]; d.Conclusion(HigherIsBetter) != map[bool]Conclusion{true: Better, false: Worse}[iv.Estimate > 0] {
			t.Errorf("%d: %v", i, d)
		}
	}
	same := must(Ratio{3, 6}.Against(0.5, 6))(t)
	if d := must(Decide(0.95, same))(t)[0]; same.Test().P != 1 || d.Conclusion(HigherIsBetter) != NotDistinguishable {
		t.Errorf("%v", d)
	}
	wantNumber(t, "effective", must(EffectiveSample(45, 50))(t), 45*49.0/5, 1e-12)
	wantNumber(t, "unlimited", must(EffectiveSample(45, 0))(t), 45, 0)
	for _, all := range []int64{1, 5, math.MaxInt64} {
		if n := must(EffectiveSample(all, all))(t); !math.IsInf(n, 1) {
			t.Errorf("%d: %v", all, n)
		}
	}
}

func TestAgainstErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want error
	}{
		{second(Ratio{}.Against(0.5, 0)), ErrNoData}, {second(Ratio{3, 2}.Against(0.5, 0)), ErrCount}, {second(Ratio{1, 2}.Against(1.1, 0)), ErrValue}, {second(Ratio{1, 2}.Against(-0.1, 0)), ErrValue},
		{second(Ratio{1, 2}.Against(math.NaN(), 0)), ErrValue}, {second(Ratio{1, 2}.Against(0.5, 1)), ErrCount}, {second(Ratio{1, 2}.Against(0.5, -1)), ErrCount},
		{second(Net{}.Against(0, 0)), ErrNoData}, {second(Net{1, 0, 2}.Against(-1.1, 0)), ErrValue}, {second(Net{1, 0, 2}.Against(1.1, 0)), ErrValue}, {second(Net{1, 0, 2}.Against(0, 1)), ErrCount},
		{second(Sample{}.Against(0, 0)), ErrNoData}, {second(Sample{N: 1}.Against(0, 0)), ErrTooFew}, {second(Sample{N: 2, Mean: 1}.Against(0, 0)), ErrNoVariation},
		{second(Sample{N: 2, Variance: 1}.Against(math.Inf(1), 0)), ErrValue}, {second(Sample{N: 2, Variance: 1}.Against(0, 1)), ErrCount},
		{second(ComparePairs(Net{})), ErrNoData}, {second(ComparePairs(Net{2, 2, 3})), ErrCount},
		{second(SignedRanks([]int64{1}, nil)), ErrLength}, {second(SignedRanks([]int64{-1}, []int64{2})), ErrCount}, {second(SignedRanks([]int64{0}, []int64{0})), ErrNoData},
		{second(SignedRanks([]int64{1 << 20}, []int64{1})), ErrTooMany}, {second(SignedRanks([]int64{1 << 20, 1}, []int64{0, 0})), ErrTooMany},
		{second(SignedRanks([]int64{0}, []int64{1<<20 + 1})), ErrTooMany}, {second(SignedRanks([]int64{1<<20 + 1}, []int64{0})), ErrTooMany},
		{second(SignedRanks([]int64{0}, []int64{math.MaxInt64})), ErrTooMany}, {second(SignedRanks([]int64{math.MaxInt64}, []int64{0})), ErrTooMany},
		{second(SignedRanks([]int64{2}, []int64{-1})), ErrCount}, {second(SignedRanks([]int64{math.MaxInt64}, []int64{math.MaxInt64})), ErrTooMany},
		{second(EffectiveSample(0, 0)), ErrNoData},
	} {
		wantError(t, "Against", c.err, c.want)
	}
	if c := must(ComparePairs(Net{0, 0, 9}))(t); c.Test().P != 1 || !must(c.Interval(0.95))(t).Contains(0) {
		t.Errorf("%v", c)
	}
}

func second[T any](_ T, err error) error { return err }

// Agresti (1990, Categorical Data Analysis, 10.1): 150 approved only in the first
// survey, 86 only in the second, of 1,600: z = −4.17.
func TestComparePairs(t *testing.T) {
	c := must(ComparePairs(Net{86, 150, 1600}))(t)
	wantNumber(t, "z", c.Test().Statistic, -64/math.Sqrt(236), 1e-12)
	iv := must(c.Interval(0.95))(t)
	wantNumber(t, "difference", iv.Estimate, -0.04, 1e-15)
	if iv.High >= 0 || iv.Low > -0.058 || iv.Low < -0.06 {
		t.Errorf("%v", iv)
	}
}

// The exact P is that of all signs tried one by one; with many people it comes close to
// the normal one.
func TestSignedRanks(t *testing.T) {
	// Hollander & Wolfe (1973), 29f.: depression of nine patients before and after
	// (R ?wilcox.test): V = 40, two-sided P = 0.03906. By size, the distances of ranks
	// 3 and 2 are the two that go the other way.
	up, down := []int64{1, 0, 0, 1, 1, 1, 1, 1, 1}, []int64{0, 1, 1, 0, 0, 0, 0, 0, 0}
	test := must(SignedRanks(up, down))(t)
	wantNumber(t, "P", test.P, 0.0390625, 1e-12)
	if test.Method != signedRankExact || test.Statistic != 0 {
		t.Errorf("%+v", test)
	}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 8))
		categories := 1 + r.IntN(4)
		up, down := make([]int64, categories), make([]int64, categories)
		n := int64(0)
		for k := range up {
			up[k], down[k] = r.Int64N(3), r.Int64N(3)
			n += up[k] + down[k]
		}
		if n == 0 {
			continue
		}
		var ranks []float64
		var w, below float64
		for k := range up {
			size := float64(up[k] + down[k])
			rank := below + (size+1)/2
			below += size
			w += float64(up[k]) * rank
			for range up[k] + down[k] {
				ranks = append(ranks, rank)
			}
		}
		mean := float64(n*(n+1)) / 4
		far := 0
		for signs := range 1 << n {
			s := 0.0
			for i, rank := range ranks {
				if signs>>i&1 == 1 {
					s += rank
				}
			}
			if math.Abs(s-mean) >= math.Abs(w-mean)-1e-9 {
				far++
			}
		}
		wantNumber(t, "P", must(SignedRanks(up, down))(t).P, float64(far)/float64(int(1)<<n), 1e-12)
		turned := must(SignedRanks(down, up))(t)
		wantNumber(t, "turned", turned.P, must(SignedRanks(up, down))(t).P, 1e-12)
	}
	// 30 of 51 up, all by one distance: W = 30·26, mean 663, variance
	// 51·52·103/24 − (51³−51)/48.
	test = must(SignedRanks([]int64{30}, []int64{21}))(t)
	wantNumber(t, "z", test.Statistic, (780-663-0.5)/math.Sqrt(51*52*103.0/24-(51*51*51-51)/48.0), 1e-12)
	wantNumber(t, "turned", must(SignedRanks([]int64{21}, []int64{30}))(t).Statistic, -test.Statistic, 1e-12)
	exact := must(SignedRanks([]int64{30}, []int64{20}))(t)
	near := must(SignedRanks([]int64{31}, []int64{20}))(t)
	if exact.Method != signedRankExact || near.Method != signedRankNormal || math.Abs(exact.P-near.P) > 0.1 {
		t.Errorf("%v, one more %v", exact, near)
	}
	for _, most := range [][2]int64{{1 << 20, 0}, {0, 1 << 20}, {1 << 19, 1 << 19}} {
		if test := must(SignedRanks(most[:1], most[1:]))(t); test.Method != signedRankNormal || (test.P == 1) != (most[0] == most[1]) {
			t.Errorf("%v: %v", most, test)
		}
	}
	if test := must(SignedRanks([]int64{1}, []int64{0}))(t); test.P != 1 {
		t.Errorf("one who moved: %v", test)
	}
}
