package stat

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

// hits of 18 players in their first 45 times at bat of 1970: Efron & Morris,
// "Data Analysis Using Stein's Estimator and its Generalizations", JASA 70:311,
// 1975, table 1.
var hits = []int64{18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7}

// Efron & Morris, "Stein's Paradox in Statistics", Scientific American 236(5):119,
// 1977, print the shrinking factor 0.212, the grand average 0.265, and these
// estimates, with the variance of a binomial of the grand average.
func TestShrinkMeansOfBaseball(t *testing.T) {
	var total int64
	for _, x := range hits {
		total += x
	}
	p := float64(total) / (45 * 18)
	groups := make([]Sample, len(hits))
	for i, x := range hits {
		groups[i] = Sample{N: 45, Mean: float64(x) / 45, Variance: p * (1 - p)}
	}
	s := must(ShrinkMeans(groups, 0.95))(t)
	if math.Abs(s.Pooled-0.265) > 0.0005 || s.Method != pauleMandel {
		t.Errorf("pooled %v by %v", s.Pooled, s.Method)
	}
	want := []float64{
		0.294, 0.289, 0.285, 0.280, 0.275, 0.275, 0.270, 0.266, 0.261, 0.261, 0.256, 0.256, 0.256, 0.256, 0.256,
		0.252, 0.247, 0.242,
	}
	for i, g := range s.Groups {
		// James and Stein take 15/17 of 1 − Weight, for 18 groups.
		weight := 1 - (1-g.Weight)*15/17
		if math.Abs(weight-0.212) > 0.0005 || math.Abs(s.Pooled+weight*(g.Raw-s.Pooled)-want[i]) > 0.00051 || g.N != 45 || g.Raw != groups[i].Mean {
			t.Errorf("%d hits: %+v, want %v", hits[i], g, want[i])
		}
		wantNumber(t, "estimate", g.Interval.Estimate, g.Weight*g.Raw+(1-g.Weight)*s.Pooled, 1e-15)
	}
	wantNumber(t, "prior", s.Groups[0].Weight, 45/(45+s.PriorN), 1e-12)
}

// TestBetweenVarianceOfTrials: the 13 trials of the BCG vaccine of Colditz et al.
// (1994; dat.colditz1994 of R's metafor), as log risk ratios.
func TestBetweenVarianceOfTrials(t *testing.T) {
	var means, variances []float64
	for _, c := range [][4]float64{
		{4, 119, 11, 128}, {6, 300, 29, 274}, {3, 228, 11, 209}, {62, 13536, 248, 12619}, {33, 5036, 47, 5761},
		{180, 1361, 372, 1079}, {8, 2537, 10, 619}, {505, 87886, 499, 87892}, {29, 7470, 45, 7232}, {17, 1699, 65, 1600},
		{186, 50448, 141, 27197}, {5, 2493, 3, 2338}, {27, 16886, 29, 17825},
	} {
		a, n, b, m := c[0], c[0]+c[1], c[2], c[2]+c[3]
		means = append(means, math.Log(a/n/(b/m)))
		variances = append(variances, 1/a-1/n+1/b-1/m)
	}
	// The estimate of Paule and Mandel is defined by its equation.
	tau := must(betweenVariance(means, variances))(t)
	if _, _, q := pool(means, variances, tau); math.Abs(q-12) > 1e-9 || math.Abs(tau-0.3181) > 5e-5 {
		t.Errorf("Paule-Mandel: %v with Q = %v", tau, q)
	}
	// With variances of its own for each, and those of one sample size as ShrinkMeans.
	estimates := make([]Estimate, len(means))
	for i := range means {
		estimates[i] = Estimate{N: 1, Value: means[i], Variance: variances[i]}
	}
	s := must(ShrinkEstimates(append(estimates, Estimate{}), 0.95))(t)
	wantNumber(t, "between", s.Between, must(betweenVariance(means, variances))(t), 0)
	pooled, total, _ := pool(means, variances, s.Between)
	wantNumber(t, "pooled", s.Pooled, pooled, 0)
	wantNumber(t, "prior", s.PriorN*s.Between, must(Describe(variances))(t).Mean, 1e-12)
	for i, g := range s.Groups[:len(means)] {
		weight := s.Between / (s.Between + variances[i])
		wantNumber(t, "weight", g.Weight, weight, 1e-12)
		wantNumber(t, "estimate", g.Interval.Estimate, weight*means[i]+(1-weight)*pooled, 1e-12)
		half := 1.959963984540054 * math.Sqrt(weight*variances[i]+(1-weight)*(1-weight)/total)
		wantNumber(t, "width", g.Interval.High-g.Interval.Low, 2*half, 1e-12)
	}
	empty := s.Groups[len(means)]
	wantNumber(t, "empty", empty.Interval.Estimate, pooled, 0)
	wantNumber(t, "width of the empty", empty.Interval.High-pooled, 1.959963984540054*math.Sqrt(s.Between+1/total), 1e-12)
}

func TestShrinkEstimatesOfSamples(t *testing.T) {
	samples := []Sample{{N: 12, Mean: 5, Variance: 4}, {N: 3, Mean: 9, Variance: 2}, {}, {N: 40, Mean: 4.5, Variance: 5}, {N: 1, Mean: 7}}
	within := (11*4.0 + 2*2 + 39*5) / (11 + 2 + 39)
	estimates := make([]Estimate, len(samples))
	for i, s := range samples {
		if s.N > 0 {
			estimates[i] = Estimate{N: s.N, Value: s.Mean, Variance: within / float64(s.N)}
		}
	}
	got, want := must(ShrinkEstimates(estimates, 0.9))(t), must(ShrinkMeans(samples, 0.9))(t)
	wantNumber(t, "pooled", got.Pooled, want.Pooled, 1e-12)
	wantNumber(t, "prior", got.PriorN, want.PriorN, 1e-12)
	for i := range samples {
		wantNumber(t, "low", got.Groups[i].Interval.Low, want.Groups[i].Interval.Low, 1e-12)
		wantNumber(t, "weight", got.Groups[i].Weight, want.Groups[i].Weight, 1e-12)
	}
	// Two say nothing of how groups differ, and what is exact keeps its own.
	two := must(ShrinkEstimates([]Estimate{{N: 3, Value: 1, Variance: 1}, {N: 3, Value: 100, Variance: 1}}, 0.95))(t)
	if two.Between != 0 || two.Groups[0].Interval.Estimate != 50.5 || two.Groups[1].Weight != 0 {
		t.Errorf("%+v", two)
	}
	for _, exact := range [][]Estimate{{{N: 3, Value: 1}, {N: 2, Value: 4}}, {{N: 1, Value: 1}, {N: 2, Value: 4}, {N: 2, Value: 9}}} {
		for i, g := range must(ShrinkEstimates(exact, 0.95))(t).Groups {
			if g.Weight != 1 || g.Interval.Estimate != exact[i].Value {
				t.Errorf("%+v", g)
			}
		}
	}
	for _, tt := range []struct {
		groups []Estimate
		level  float64
		want   error
	}{
		{nil, 0.95, ErrNoData},
		{[]Estimate{{}, {}}, 0.95, ErrNoData},
		{[]Estimate{{N: 1, Variance: 1}}, 1, ErrLevel},
		{[]Estimate{{N: -1, Variance: 1}}, 0.95, ErrCount},
		{[]Estimate{{N: 1, Variance: -1}}, 0.95, ErrValue},
		{[]Estimate{{N: 1, Variance: math.Inf(1)}}, 0.95, ErrValue},
		{[]Estimate{{N: 1, Value: math.NaN(), Variance: 1}}, 0.95, ErrValue},
		{[]Estimate{{N: 1, Variance: 1}, {N: 1}}, 0.95, ErrValue},
	} {
		if s, err := ShrinkEstimates(tt.groups, tt.level); !errors.Is(err, tt.want) || s.Groups != nil {
			t.Errorf("%+v at %v: %+v, %v, want %v", tt.groups, tt.level, s, err, tt.want)
		}
	}
}

// The prior of groups of one size has a closed form: Kleinman's weights are equal,
// and with V = Σ(p−π)²/(k−1) it is γ = (V − π(1−π)/n)/(π(1−π)·(1−1/n)).
func TestShrinkProportionsOfOneSize(t *testing.T) {
	groups := make([]Ratio, len(hits))
	shares := make([]float64, len(hits))
	for i, x := range hits {
		groups[i] = Ratio{Part: x, Whole: 45}
		shares[i] = float64(x) / 45
	}
	d := must(Describe(shares))(t)
	q := d.Mean * (1 - d.Mean)
	gamma := (d.Variance - q/45) / (q * (1 - 1.0/45))
	s := must(ShrinkProportions(groups, 0.95))(t)
	wantNumber(t, "pooled", s.Pooled, d.Mean, 1e-14)
	wantNumber(t, "between", s.Between, gamma*q, 1e-12)
	wantNumber(t, "prior", s.PriorN, 1/gamma-1, 1e-9)
	wantNumber(t, "prior", s.PriorN, 367.98833510074127, 1e-9)
	for i, g := range s.Groups {
		wantNumber(t, "estimate", g.Interval.Estimate, (float64(hits[i])+s.PriorN*s.Pooled)/(45+s.PriorN), 1e-12)
		m := g.Interval.Estimate
		// Variance of the posterior, and of the mean of 18 shares.
		variance := m*(1-m)/(45+s.PriorN+1) + math.Pow(1-g.Weight, 2)*q*(gamma+(1-gamma)/45)/18
		n := m*(1-m)/variance - 1
		beta := must(newBeta(m*n, (1-m)*n))(t)
		wantEnds(t, "interval", g.Interval, []float64{must(beta.quantileAt(0.025))(t), must(beta.upperQuantile(0.025))(t)}, 1e-9)
		if g.Interval.Method != betaBinomial || g.Interval.Level != 0.95 {
			t.Errorf("%+v", g.Interval)
		}
	}
}

// What is known of a group without data is the prior, and how certain its mean is.
func TestShrinkProportionsOfNobody(t *testing.T) {
	groups := []Ratio{{2, 2}, {95, 100}, {170, 200}, {60, 100}, {}}
	s := must(ShrinkProportions(groups, 0.9))(t)
	gamma, q := 1/(s.PriorN+1), s.Pooled*(1-s.Pooled)
	// Each share has the variance of the prior, and of its own chance.
	information := 0.0
	for _, g := range groups[:4] {
		information += 1 / (gamma*q + (1-gamma)*q/float64(g.Whole))
	}
	n := q/(s.Between+1/information) - 1
	beta := must(newBeta(s.Pooled*n, (1-s.Pooled)*n))(t)
	wantEnds(t, "nobody", s.Groups[4].Interval, []float64{must(beta.quantileAt(0.05))(t), must(beta.upperQuantile(0.05))(t)}, 1e-9)
}

// A leaderboard of raw shares and means is led by those with two easy tickets.
func TestShrinkageLeaderboard(t *testing.T) {
	groups := []Ratio{{2, 2}, {95, 100}, {170, 200}, {60, 100}, {0, 0}, {1, 3}}
	s := must(ShrinkProportions(groups, 0.95))(t)
	best := 0
	for i, g := range s.Groups {
		if g.Interval.Estimate > s.Groups[best].Interval.Estimate {
			best = i
		}
	}
	if best != 1 || s.Groups[0].Raw != 1 {
		t.Errorf("%+v is the best of %+v", groups[best], s.Groups)
	}
	if none := s.Groups[4]; none.Weight != 0 || none.N != 0 || !agree(none.Interval.Estimate, s.Pooled, 1e-15) || none.Interval.Width() <= s.Groups[1].Interval.Width() {
		t.Errorf("nobody asked: %+v", none)
	}
	// Two fives, which do not differ, are not certain.
	stars := []Sample{{2, 5, 0}, {80, 4.6, 0.9}, {60, 4.3, 1.2}, {90, 4.1, 1.4}, {}, {70, 4.4, 1.1}, {1, 3, 0}}
	s = must(ShrinkMeans(stars, 0.95))(t)
	if s.Groups[0].Interval.Estimate >= s.Groups[1].Interval.Estimate || s.Groups[0].Interval.Width() < s.Groups[1].Interval.Width() {
		t.Errorf("%+v", s.Groups)
	}
	if s.Groups[4].Interval.Estimate != s.Pooled || s.Groups[6].Interval.Estimate < 4 || s.Method != pauleMandel {
		t.Errorf("%+v", s)
	}
}

// TestShrinkageCovers draws groups from a known prior: it is found again, the
// intervals hold the true values as often as they say, and they are nearer to them
// than the raw values.
func TestShrinkageCovers(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 26))
	prior := must(newBeta(10, 40))(t)
	const k = 3000
	shares, means := make([]Ratio, k), make([]Sample, k)
	trueShares, trueMeans := make([]float64, k), make([]float64, k)
	for i := range k {
		n := 1 + random.Int64N(60)
		trueShares[i] = must(prior.quantileAt(random.Float64()))(t)
		trueMeans[i] = 4 + 0.3*random.NormFloat64()
		shares[i].Whole = n
		values := make([]float64, n)
		for j := range values {
			if random.Float64() < trueShares[i] {
				shares[i].Part++
			}
			values[j] = trueMeans[i] + random.NormFloat64()
		}
		means[i] = must(Describe(values))(t)
	}
	check := func(name string, s Shrinkage, truth []float64, priorN, tolerance float64) {
		t.Helper()
		if math.Abs(s.PriorN-priorN) > tolerance*priorN {
			t.Errorf("%s: the prior is worth %v, want about %v", name, s.PriorN, priorN)
		}
		inside, raw, shrunken := 0, 0.0, 0.0
		for i, g := range s.Groups {
			if g.Interval.Contains(truth[i]) {
				inside++
			}
			raw += (g.Raw - truth[i]) * (g.Raw - truth[i])
			shrunken += (g.Interval.Estimate - truth[i]) * (g.Interval.Estimate - truth[i])
		}
		if cover := float64(inside) / k; cover < 0.935 || cover > 0.965 {
			t.Errorf("%s: intervals of 0.95 hold %v", name, cover)
		}
		if shrunken > raw/2 {
			t.Errorf("%s: off by %v, and raw by %v", name, shrunken, raw)
		}
	}
	check("shares", must(ShrinkProportions(shares, 0.95))(t), trueShares, 50, 0.15)
	check("means", must(ShrinkMeans(means, 0.95))(t), trueMeans, 1/0.09, 0.15)
}

func TestShrinkageLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	ratio := gopter.CombineGens(gen.Int64Range(0, 30), gen.Float64Range(0, 1)).Map(func(v []any) Ratio {
		n := v[0].(int64)
		return Ratio{Part: int64(v[1].(float64) * float64(n)), Whole: n}
	})
	sample := gopter.CombineGens(gen.Int64Range(0, 9), gen.Float64Range(-5, 5), gen.OneConstOf(0.0, 1.0, 2.5)).Map(func(v []any) Sample {
		s := Sample{N: v[0].(int64)}
		if s.N > 0 {
			s.Mean = v[1].(float64)
		}
		if s.N > 1 {
			s.Variance = v[2].(float64)
		}
		return s
	})
	sound := func(s Shrinkage, low, high float64) bool {
		if !(s.Between >= 0) || !(s.PriorN >= 0) || !isFinite(s.PriorN) || s.Pooled < low || s.Pooled > high {
			return false
		}
		byN := slices.Clone(s.Groups)
		slices.SortStableFunc(byN, func(a, b Shrunken) int { return int(a.N - b.N) })
		last := 0.0
		for _, g := range byN {
			iv := g.Interval
			wantSound(t, "interval", iv, low, high)
			between := iv.Estimate >= math.Min(g.Raw, s.Pooled)-1e-12 && iv.Estimate <= math.Max(g.Raw, s.Pooled)+1e-12
			if g.N == 0 {
				between = agree(iv.Estimate, s.Pooled, 1e-12)
			}
			// The more there is of a group, the more it counts.
			if !between || g.Weight < last-1e-12 || g.Weight > 1 || s.Between == 0 && g.Weight != 0 {
				return false
			}
			last = g.Weight
		}
		return true
	}
	properties.Property("shares lie between raw and pooled; the order of groups does not matter; dissatisfied mirrors satisfied", prop.ForAll(func(groups []Ratio) bool {
		s, err := ShrinkProportions(groups, 0.9)
		if err != nil {
			for _, g := range groups {
				if g.Whole > 0 {
					return false
				}
			}
			return errors.Is(err, ErrNoData)
		}
		turned, mirrored := slices.Clone(groups), slices.Clone(groups)
		slices.Reverse(turned)
		for i, g := range mirrored {
			mirrored[i].Part = g.Whole - g.Part
		}
		back, other := must(ShrinkProportions(turned, 0.9))(t), must(ShrinkProportions(mirrored, 0.9))(t)
		for i, g := range s.Groups {
			b, o := back.Groups[len(groups)-1-i].Interval, other.Groups[i].Interval
			if !agree(b.Low, g.Interval.Low, 1e-9) || !agree(1-o.Low, g.Interval.High, 1e-9) || !agree(1-o.Estimate, g.Interval.Estimate, 1e-12) {
				return false
			}
		}
		return sound(s, 0, 1) && (s.PriorN >= 1-1e-12 || s.Between == 0)
	}, gen.SliceOf(ratio)))
	properties.Property("means lie between raw and pooled; scale and shift with the values", prop.ForAll(func(groups []Sample, scale, by float64) bool {
		s, err := ShrinkMeans(groups, 0.9)
		if err != nil {
			return errors.Is(err, ErrNoData) || errors.Is(err, ErrTooFew)
		}
		moved := slices.Clone(groups)
		for i := range moved {
			if moved[i].N > 0 {
				moved[i].Mean = scale*moved[i].Mean + by
				moved[i].Variance *= scale * scale
			}
		}
		other := must(ShrinkMeans(moved, 0.9))(t)
		for i, g := range s.Groups {
			if !agree(other.Groups[i].Interval.Low, scale*g.Interval.Low+by, 1e-6) || !agree(other.Groups[i].Weight, g.Weight, 1e-6) {
				return false
			}
		}
		return sound(s, -math.MaxFloat64, math.MaxFloat64)
	}, gen.SliceOf(sample), gen.Float64Range(0.1, 10), gen.Float64Range(-5, 5)))
	properties.TestingRun(t)
}

func TestShrinkageSpecialCases(t *testing.T) {
	// Two groups, and groups that differ less than chance would make them.
	for _, groups := range [][]Ratio{{{9, 10}, {1, 10}}, {{5, 10}, {5, 10}, {5, 10}}, {{10, 20}}, {{3, 3}, {0, 0}, {1, 1}}} {
		s := must(ShrinkProportions(groups, 0.95))(t)
		var x, n int64
		for _, g := range groups {
			x, n = x+g.Part, n+g.Whole
		}
		if s.Between != 0 || s.PriorN != 0 || s.Pooled != float64(x)/float64(n) {
			t.Errorf("%v: %+v", groups, s)
		}
		for _, g := range s.Groups {
			if g.Weight != 0 || g.Interval.Estimate != s.Pooled || g.Interval != s.Groups[0].Interval {
				t.Errorf("%v: %+v", groups, g)
			}
		}
		if x == n {
			wantEnds(t, "everybody", s.Groups[0].Interval, []float64{math.Pow(0.025, 1/float64(n)), 1}, 1e-12)
			if s.Groups[0].Interval.Method != ClopperPearson {
				t.Errorf("%+v", s.Groups[0].Interval)
			}
		}
	}
	// One answer each: how alike two of a group would be is unknown.
	if s := must(ShrinkProportions([]Ratio{{1, 1}, {0, 1}, {1, 1}, {0, 1}}, 0.95))(t); s.Between != 0 {
		t.Errorf("%+v", s)
	}
	// All or nothing: the prior is worth one answer.
	if s := must(ShrinkProportions([]Ratio{{9, 9}, {0, 9}, {9, 9}, {0, 9}}, 0.95))(t); !agree(s.PriorN, 1, 1e-12) || !agree(s.Groups[0].Weight, 0.9, 1e-12) {
		t.Errorf("%+v", s)
	}
	// Two groups: all values make one sample.
	s := must(ShrinkMeans([]Sample{{3, 1, 1}, {1, 5, 0}, {}}, 0.95))(t)
	all := must(Describe([]float64{0, 1, 2, 5}))(t)
	for _, g := range s.Groups {
		wantNumber(t, "pooled", g.Interval.Estimate, 2, 1e-14)
		wantNumber(t, "width", g.Interval.Width(), 2*1.959963984540054*all.SE(), 1e-12)
	}
	// One value each, and means that differ less than by chance.
	for _, groups := range [][]Sample{{{1, 1, 0}, {1, 2, 0}, {1, 3, 0}, {1, 4, 0}}, {{5, 2, 9}, {5, 3, 9}, {5, 2.5, 9}, {5, 2.5, 9}}} {
		s := must(ShrinkMeans(groups, 0.95))(t)
		if s.Between != 0 || s.PriorN != 0 || !agree(s.Pooled, 2.5, 1e-14) || s.Groups[0].Weight != 0 || !(s.Groups[0].Interval.Width() > 0) {
			t.Errorf("%+v", s)
		}
	}
	// No value differs within groups: each stays.
	s = must(ShrinkMeans([]Sample{{5, 2, 0}, {2, 3, 0}, {9, 7, 0}, {9, 8, 0}, {}}, 0.95))(t)
	if s.Groups[1].Interval.Estimate != 3 || s.Groups[1].Weight != 1 || s.PriorN != 0 || !agree(s.Between, 26.0/3, 1e-12) || s.Groups[4].Interval.Estimate != 5 {
		t.Errorf("%+v", s)
	}
	// All are equal.
	s = must(ShrinkMeans([]Sample{{5, 2, 0}, {2, 2, 0}, {9, 2, 0}, {9, 2, 0}}, 0.95))(t)
	if iv := s.Groups[0].Interval; iv.Estimate != 2 || iv.Width() != 0 {
		t.Errorf("%+v", s)
	}
}

func TestShrinkageErrors(t *testing.T) {
	_, err := ShrinkProportions(nil, 0.95)
	wantError(t, "none", err, ErrNoData)
	_, err = ShrinkProportions([]Ratio{{}, {}}, 0.95)
	wantError(t, "empty", err, ErrNoData)
	for _, bad := range []Ratio{{3, 2}, {-1, 2}, {0, -1}} {
		_, err = ShrinkProportions([]Ratio{{1, 2}, bad}, 0.95)
		wantError(t, "count", err, ErrCount)
	}
	good := []Sample{{5, 1, 1}, {5, 2, 1}, {5, 3, 1}}
	for _, level := range badLevels {
		_, err = ShrinkProportions([]Ratio{{1, 2}}, level)
		wantError(t, "level", err, ErrLevel)
		_, err = ShrinkMeans(good, level)
		wantError(t, "level", err, ErrLevel)
	}
	_, err = ShrinkMeans([]Sample{{}}, 0.95)
	wantError(t, "none", err, ErrNoData)
	_, err = ShrinkMeans([]Sample{{1, 3, 0}, {}}, 0.95)
	wantError(t, "one value", err, ErrTooFew)
	for _, c := range []struct {
		bad  Sample
		want error
	}{{Sample{-1, 0, 0}, ErrCount}, {Sample{3, math.NaN(), 0}, ErrOverflow}, {Sample{3, 0, -1}, ErrValue}} {
		_, err = ShrinkMeans(append(slices.Clone(good), c.bad), 0.95)
		wantError(t, "sample", err, c.want)
	}
}
