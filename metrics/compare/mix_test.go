package compare_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// A grid is what agents, by number, had in strata.
type grid [][]*compare.Observed

// timesGrid returns first responses of so many seconds.
func timesGrid(all [][][]int64) grid {
	g := make(grid, len(all))
	for a, strata := range all {
		g[a] = agentTimes(strata)
	}
	return g
}

// ratioGrid returns shares and rates of so many of so many.
func ratioGrid(all [][]stat.Ratio) grid {
	g := make(grid, len(all))
	for a, strata := range all {
		for _, r := range strata {
			g[a] = append(g[a], &compare.Observed{Figures: metrics.Figures{OneTouch: r, RepliesToResolve: r}})
		}
	}
	return g
}

func (g grid) credit(t testing.TB, i compare.Metric) compare.Credit[int] {
	t.Helper()
	c, err := compare.NewCredit(i, numbers(len(g)), numbers(len(g[0])), func(a, s int) *compare.Observed { return g[a][s] }, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// crude ranks without strata.
func (g grid) crude(t testing.TB, i compare.Metric) compare.Credit[int] {
	t.Helper()
	whole := make([]*compare.Observed, len(g))
	for a := range g {
		whole[a] = new(compare.Observed)
		for _, o := range g[a] {
			if o == nil {
				continue
			}
			if err := whole[a].Merge(o); err != nil {
				t.Fatal(err)
			}
		}
	}
	return credit(t, i, whole)
}

func numbers(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for k := range n {
			if !yield(k) {
				return
			}
		}
	}
}

func same(n int, v int64) (all []int64) {
	for range n {
		all = append(all, v)
	}
	return all
}

// Two agents with the same times on each channel and opposite mixes are alike, which
// without strata they are not.
func TestOppositeMixes(t *testing.T) {
	twoHours, minute := int64(7200), int64(60)
	g := timesGrid([][][]int64{{same(40, twoHours), same(4, minute)}, {same(4, twoHours), same(40, minute)}})
	i := compare.FirstResponse.Mean()
	if crude := g.crude(t, i); crude.Strata != 1 || crude.Places[0].Rest.Conclusion != stat.Worse || crude.Places[1].Rest.Conclusion != stat.Better {
		t.Errorf("without strata: %v", crude.Places)
	}
	c := g.credit(t, i)
	for _, p := range c.Places {
		if p.Rank != 1 || p.Rest.Conclusion != stat.NotDistinguishable || p.Ratio.Estimate != 1 || math.Abs(p.Expected-p.Raw.Value) > 1e-9 ||
			p.Rest.Design != compare.Indirect || p.Rest.Before.Value != p.Rest.After.Value || p.Rest.Test.P != 1 {
			t.Errorf("%+v", p)
		}
	}
	if c.Strata != 2 || len(c.Places) != 2 || c.Places[0].Raw.Value < 100*60 || c.Places[1].Raw.Value > 15*60 {
		t.Errorf("%+v", c)
	}
	if got := fmt.Sprint(c.Places[1]); got != "1. 1: 1 h 1 min (95 % 1 h 1 min to 1 h 1 min), by itself 12 min of 44, 12 min expected, not distinguishable from the rest" {
		t.Error(got)
	}
}

// Of equal agents with other mixes one in twenty desks, and no more, is told that anybody
// is better or worse, by any kind of metric; without strata nearly every desk is.
func TestEqualAgentsAreEqual(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 9))
	desks := rounds(400)
	mixes := [][]int{{80, 20, 10}, {10, 80, 30}, {30, 30, 60}, {60, 10, 5}}
	shares, sizes, replies := []float64{0.9, 0.6, 0.3}, []float64{7200, 60, 600}, []float64{3, 1.2, 2}
	metric := map[string]compare.Metric{"times": compare.FirstResponse.Mean(), "shares": compare.OneTouch, "rates": compare.RepliesToResolve}
	told, crude := make(map[string]int), make(map[string]int)
	for range desks {
		all := map[string]grid{"times": timesGrid(draw(mixes, func(s, n int) (list []int64) {
			for range n {
				list = append(list, int64(sizes[s]*r.ExpFloat64()))
			}
			return list
		}))}
		all["shares"] = ratioGrid(draw(mixes, func(s, n int) stat.Ratio {
			x := stat.Ratio{Whole: int64(n)}
			for range n {
				if r.Float64() < shares[s] {
					x.Part++
				}
			}
			return x
		}))
		all["rates"] = ratioGrid(draw(mixes, func(s, n int) stat.Ratio {
			x := stat.Ratio{Whole: int64(n)}
			for sum := r.ExpFloat64(); sum < replies[s]*float64(n); sum += r.ExpFloat64() {
				x.Part++
			}
			return x
		}))
		for name, g := range all {
			changed := func(p compare.Place[int]) bool { return p.Rest.Conclusion.Changed() }
			if slices.ContainsFunc(g.credit(t, metric[name]).Places, changed) {
				told[name]++
			}
			if slices.ContainsFunc(g.crude(t, metric[name]).Places, changed) {
				crude[name]++
			}
		}
	}
	for name := range metric {
		if told[name] > desks/10 || crude[name] < desks/2 {
			t.Errorf("%s: %d of %d desks are told of a difference, and %d without strata", name, told[name], desks, crude[name])
		}
	}
}

func draw[T any](mixes [][]int, of func(s, n int) T) (all [][]T) {
	for _, mix := range mixes {
		var row []T
		for s, n := range mix {
			row = append(row, of(s, n))
		}
		all = append(all, row)
	}
	return all
}

// Who is a fifth slower on each channel is so whatever the mix, and ranks last.
func TestSlowerEverywhere(t *testing.T) {
	list := func(n int, around int64) (all []int64) {
		for k := range n {
			all = append(all, around+around*int64(k%5-2)/10)
		}
		return all
	}
	g := timesGrid([][][]int64{
		{list(5, 10000), list(100, 100)}, // few e-mails
		{list(100, 10000), list(5, 100)}, // many
		{list(60, 12000), list(60, 120)}, // slow
	})
	c := g.credit(t, compare.FirstResponse.Mean())
	if got := ranking(c); got[2] != 2 || c.Places[2].Rest.Conclusion != stat.Worse || c.Places[2].Raw.Value > 9000 {
		t.Errorf("%v", c.Places)
	}
	if crude := g.crude(t, compare.FirstResponse.Mean()); ranking(crude)[2] != 1 {
		t.Errorf("without strata: %v", crude.Places)
	}
}

// standardise is indirect standardisation by hand: observed and expected sums, and the
// variance of the observed one, from values themselves.
func standardise(values [][][]float64, variance func(pooled []float64, within, df, relative float64) float64) (observed, expected, spread []float64) {
	observed, expected, spread = make([]float64, len(values)), make([]float64, len(values)), make([]float64, len(values))
	average := func(list []float64) (m float64) {
		for _, v := range list {
			m += v / float64(len(list))
		}
		return m
	}
	within, df := make([]float64, len(values[0])), make([]float64, len(values[0]))
	pooled := make([][]float64, len(values[0]))
	var relative, all float64
	for s := range pooled {
		for a := range values {
			own := average(values[a][s])
			for _, v := range values[a][s] {
				within[s] += (v - own) * (v - own)
			}
			df[s] += max(0, float64(len(values[a][s])-1))
			pooled[s] = append(pooled[s], values[a][s]...)
		}
		if m := average(pooled[s]); m > 0 {
			relative += within[s] / m / m
			all += df[s]
		}
	}
	for s := range pooled {
		for a := range values {
			n := float64(len(values[a][s]))
			for _, v := range values[a][s] {
				observed[a] += v
			}
			if n > 0 {
				expected[a] += n * average(pooled[s])
				spread[a] += n * variance(pooled[s], within[s], df[s], relative/all)
			}
		}
	}
	return observed, expected, spread
}

func sum(list []float64) (s float64) {
	for _, v := range list {
		s += v
	}
	return s
}

func TestStandardisedCreditAgreesWithOracle(t *testing.T) {
	p := laws(t, 300)
	close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }
	check := func(i compare.Metric, g grid, values [][][]float64, variance func([]float64, float64, float64, float64) float64) string {
		c := g.credit(t, i)
		observed, expected, spread := standardise(values, variance)
		n := 0.0
		for _, strata := range values {
			for _, list := range strata {
				n += float64(len(list))
			}
		}
		all := sum(observed) / n
		if !close(sum(observed), sum(expected)) {
			return "as much is expected in all as was observed"
		}
		// Paule and Mandel, by hand.
		y, v := make([]float64, len(values)), make([]float64, len(values))
		for a := range values {
			y[a], v[a] = all*observed[a]/expected[a], all*all*spread[a]/expected[a]/expected[a]
		}
		solve := func(tau float64) (pooled, q float64) {
			var total float64
			for a := range y {
				total += 1 / (v[a] + tau)
				pooled += y[a] / (v[a] + tau)
			}
			pooled /= total
			for a := range y {
				q += (y[a] - pooled) * (y[a] - pooled) / (v[a] + tau)
			}
			return pooled, q
		}
		tau, high := 0.0, 0.0
		if _, q := solve(0); q > float64(len(y)-1) {
			for high = 1e-9; ; high *= 2 {
				if _, q := solve(high); q < float64(len(y)-1) {
					break
				}
			}
			for range 300 {
				if _, q := solve((tau + high) / 2); q > float64(len(y)-1) {
					tau = (tau + high) / 2
				} else {
					high = (tau + high) / 2
				}
			}
		}
		pooled, _ := solve(tau)
		if !close(c.Pooled, pooled) || c.Strata != len(values[0]) || c.Method.String() != "paule_mandel" {
			return fmt.Sprintf("pooled %v, want %v", c.Pooled, pooled)
		}
		for _, s := range c.Places {
			a, own := s.Key, 0
			for _, list := range values[s.Key] {
				own += len(list)
			}
			weight := tau / (tau + v[a])
			estimate := weight*y[a] + (1-weight)*pooled
			if i.Unit() == "fraction" {
				estimate = min(estimate, 1)
			}
			if !close(s.Ratio.Estimate, observed[a]/expected[a]) || !close(s.Expected, expected[a]/float64(own)) ||
				!close(s.Shrunken.Raw, y[a]) || !close(s.Shrunken.Interval.Estimate, estimate) || s.Shrunken.N != int64(own) || !close(s.Raw.Value, observed[a]/float64(own)) {
				return fmt.Sprintf("%d: %+v, want observed %v, expected %v, standardised %v, shrunken %v", a, s, observed[a], expected[a], y[a], estimate)
			}
			if s.Ratio.Level != 0.95 || !(s.Ratio.Low <= s.Ratio.Estimate && s.Ratio.Estimate <= s.Ratio.High) {
				return fmt.Sprintf("%+v", s.Ratio)
			}
		}
		for n := 1; n < len(c.Places); n++ {
			a, b := c.Places[n-1].Shrunken.Interval.Estimate, c.Places[n].Shrunken.Interval.Estimate
			if i.Direction() == stat.HigherIsBetter {
				a, b = b, a
			}
			if a > b {
				return fmt.Sprintf("not by rank: %v", c.Places)
			}
		}
		return ""
	}
	p.Property("times", prop.ForAll(func(shift, sizes []int64) string {
		values, seconds := make([][][]float64, 4), make([][][]int64, 4)
		for a := range values {
			for s := range 3 {
				var own []int64
				for k := range sizes[(3*a+s)%len(sizes)] {
					own = append(own, 1+[]int64{4000, 300, 20}[s]*(10+shift[a])/10+(k*k*31+int64(a)*17)%97)
				}
				list := make([]float64, len(own))
				for k, v := range own {
					list[k] = float64(v)
				}
				values[a], seconds[a] = append(values[a], list), append(seconds[a], own)
			}
		}
		return check(compare.FirstResponse.Mean(), timesGrid(seconds), values, func(pooled []float64, within, df, relative float64) float64 {
			m := sum(pooled) / float64(len(pooled))
			return (within + relative*m*m) / (df + 1)
		})
	}, gen.SliceOfN(4, gen.Int64Range(0, 6)), gen.SliceOfN(12, gen.Int64Range(1, 12))))
	p.Property("shares and rates", prop.ForAll(func(parts []int64) string {
		values, ratios := make([][][]float64, 4), make([][]stat.Ratio, 4)
		for a := range values {
			for s := range 3 {
				n := parts[3*a+s] % 7
				r := stat.Ratio{Part: min(n, parts[3*a+s]/7) + 1, Whole: n + 1 + int64((a+s)%3)}
				list := make([]float64, r.Whole)
				for k := range r.Part {
					list[k] = 1
				}
				values[a], ratios[a] = append(values[a], list), append(ratios[a], r)
			}
		}
		g := ratioGrid(ratios)
		if fault := check(compare.OneTouch, g, values, func(pooled []float64, _, _, _ float64) float64 {
			p := (sum(pooled) + 0.5) / (float64(len(pooled)) + 1)
			return p * (1 - p)
		}); fault != "" {
			return "shares: " + fault
		}
		return check(compare.RepliesToResolve, g, values, func(pooled []float64, _, _, _ float64) float64 {
			return (sum(pooled) + 0.5) / float64(len(pooled))
		})
	}, gen.SliceOfN(12, gen.Int64Range(0, 60))))
	p.TestingRun(t)
}

// The order of strata makes no difference, nor do strata without data; and one that has
// all is none.
func TestStrataOfNothing(t *testing.T) {
	ratios := [][]stat.Ratio{{{Part: 3, Whole: 9}, {Part: 20, Whole: 40}}, {{Part: 9, Whole: 30}, {Part: 4, Whole: 9}}, {{Part: 1, Whole: 12}, {Part: 14, Whole: 22}}}
	g, turned, wide, one := ratioGrid(ratios), ratioGrid(ratios), ratioGrid(ratios), ratioGrid(ratios)
	for a := range g {
		slices.Reverse(turned[a])
		wide[a] = []*compare.Observed{nil, g[a][0], new(compare.Observed), g[a][1]}
		one[a] = []*compare.Observed{nil, g[a][0], new(compare.Observed)}
	}
	for _, i := range []compare.Metric{compare.OneTouch, compare.RepliesToResolve} {
		want := g.credit(t, i)
		for name, other := range map[string]grid{"turned": turned, "wide": wide} {
			got := other.credit(t, i)
			if len(got.Places) != 3 || got.Strata != 2 || math.Abs(got.Pooled-want.Pooled) > 1e-12 {
				t.Fatalf("%s: %+v", name, got)
			}
			for n, p := range got.Places {
				if w := want.Places[n]; p.Key != w.Key || p.Rest != w.Rest || math.Abs(p.Shrunken.Raw-w.Shrunken.Raw) > 1e-12 {
					t.Errorf("%s: %+v, want %+v", name, p, w)
				}
			}
		}
		single, crude := one.credit(t, i), one.crude(t, i)
		if single.Strata != 1 || fmt.Sprint(single) != fmt.Sprint(crude) {
			t.Errorf("%+v, without strata %+v", single, crude)
		}
	}
	// In a stratum in which nothing happens to anybody, nobody is known.
	quiet := ratioGrid([][]stat.Ratio{{{Part: 3, Whole: 9}, {}}, {{}, {Whole: 30}}, {{Part: 8, Whole: 12}, {Whole: 22}}, {{Part: 5, Whole: 12}, {}}})
	c := quiet.credit(t, compare.OneTouch)
	at := slices.IndexFunc(c.Places, func(p compare.Place[int]) bool { return p.Key == 1 })
	if p := c.Places[at]; len(c.Places) != 4 || p.Ratio != (stat.Interval{}) || p.Expected != 0 || p.Shrunken.Weight != 0 || p.Shrunken.N != 30 || p.Shrunken.Interval.Estimate != c.Pooled {
		t.Errorf("%+v of %+v", p, c)
	}
	// Nothing happens at all, and all take no time.
	none := ratioGrid([][]stat.Ratio{{{Whole: 9}, {Whole: 3}}, {{Whole: 4}, {Whole: 30}}, {{Whole: 4}, {Whole: 30}}})
	for _, c := range []compare.Credit[int]{none.credit(t, compare.OneTouch), timesGrid([][][]int64{{{0}, {0, 0}}, {{0, 0}, {0}}}).credit(t, compare.FirstResponse.Mean())} {
		for _, p := range c.Places {
			if p.Rank != 1 || p.Shrunken.Interval.Estimate != 0 || p.Shrunken.N != p.Raw.N {
				t.Errorf("%+v", p)
			}
		}
	}
	// One ticket of each in a stratum: the variance is that between agents.
	c = timesGrid([][][]int64{{{100}, {10}}, {{140}, {12}}, {{60}, {11}}}).credit(t, compare.FirstResponse.Mean())
	for _, p := range c.Places {
		if p.Rest.Conclusion != stat.NotDistinguishable && p.Rest.Conclusion != stat.TooFew && p.Rest.Conclusion != stat.NoData || p.Shrunken.Interval.High <= p.Shrunken.Interval.Estimate {
			t.Errorf("%+v", p)
		}
	}
	// By hand, relative to the means of 100 and 11: (0 + 0.16 + 0.16 + 1/121 + 1/121)/4, of
	// which each stratum has one degree of freedom. The standardised value is 55.5·O/111.
	relative := (0.32 + 2.0/121) / 4
	variance := 0.25 * relative * (100*100 + 11*11)
	for _, p := range c.Places {
		// The means are 55, 76 and 35.5; Q = Σ(y−55.5)²/v has two degrees of freedom.
		q := (0.25 + 20.5*20.5 + 20*20) / variance
		if q > 2 && p.Shrunken.Weight == 0 || q <= 2 && p.Shrunken.Weight != 0 || math.Abs(c.Pooled-55.5) > 1e-9 {
			t.Errorf("%+v, Q = %v", p, q)
		}
		half := (p.Shrunken.Interval.High - p.Shrunken.Interval.Low) / 2
		if q <= 2 && math.Abs(half-1.959963984540054*math.Sqrt(variance/3)) > 1e-6 {
			t.Errorf("±%v of %+v", half, p)
		}
	}
	// One agent alone with a ticket in each, and a stratum in which all take no time.
	c = timesGrid([][][]int64{{{100}, {10}}}).credit(t, compare.FirstResponse.Mean())
	if p := c.Places[0]; p.Ratio.Estimate != 1 || p.Shrunken.Interval.Estimate != 55 || p.Rest.Conclusion != stat.NoData {
		t.Errorf("%+v", p)
	}
	quick := timesGrid([][][]int64{{{100, 130}, {0, 0}}, {{90, 80}, {0}}, {{70, 140, 99}, {0}}})
	slow := timesGrid([][][]int64{{{100, 130}}, {{90, 80}}, {{70, 140, 99}}})
	c = quick.credit(t, compare.FirstResponse.Mean())
	for n, p := range c.Places {
		if of := slow.credit(t, compare.FirstResponse.Mean()).Places[n]; p.Key != of.Key || math.Abs(p.Shrunken.Weight-of.Shrunken.Weight) > 1e-12 || p.Ratio.Level == 0 {
			t.Errorf("%+v, without it %+v", p, of)
		}
	}
	// The level is that of conclusions too.
	high, err := compare.NewCredit(compare.OneTouch, numbers(2), numbers(2), func(a, s int) *compare.Observed {
		return ratioGrid([][]stat.Ratio{{{Part: 30, Whole: 50}, {Part: 5, Whole: 50}}, {{Part: 20, Whole: 50}, {Part: 1, Whole: 50}}})[a][s]
	}, 0.999)
	if p := high.Places[0]; err != nil || p.Rest.Conclusion != stat.NotDistinguishable || p.Ratio.Level != 0.999 || p.Rest.Test.P > 0.05 {
		t.Errorf("%+v, %v", p, err)
	}
	// What is of another instant does not add up, in the same stratum or another.
	for _, other := range []int{1, 2, 3} {
		_, err := compare.NewCredit(compare.OneTouch, numbers(2), numbers(2), func(a, s int) *compare.Observed {
			o := &compare.Observed{Figures: metrics.Figures{AsOf: time.Unix(1, 0), OneTouch: stat.Ratio{Part: 1, Whole: 2}}}
			if 2*a+s == other {
				o.Figures.AsOf = time.Unix(2, 0)
			}
			return o
		}, 0.95)
		if !errors.Is(err, metrics.ErrOtherTerms) {
			t.Errorf("another instant at %d: %v", other, err)
		}
	}
	// A share is at most 1.
	c = ratioGrid([][]stat.Ratio{{{Part: 400, Whole: 400}, {}}, {{Part: 300, Whole: 400}, {Part: 400, Whole: 400}}, {{Part: 380, Whole: 400}, {Part: 400, Whole: 400}}}).credit(t, compare.OneTouch)
	for _, p := range c.Places {
		if p.Shrunken.Interval.Estimate > 1 || p.Shrunken.Interval.High > 1 || p.Shrunken.Raw > 1 != (p.Key == 0) {
			t.Errorf("%+v", p)
		}
	}
}

// The exact limits of a count of 6 are 2.20 and 13.06 (Garwood 1936, Biometrika 28:437),
// and those of a standardised ratio are these over the expected count (Breslow & Day
// 1987).
func TestStandardisedRatioOfCount(t *testing.T) {
	// By all, 1 in 10 and 3 in 10; of 20 and 30 that gives 11.
	g := ratioGrid([][]stat.Ratio{{{Part: 2, Whole: 20}, {Part: 4, Whole: 30}}, {{Part: 8, Whole: 80}, {Part: 26, Whole: 70}}})
	for _, p := range g.credit(t, compare.RepliesToResolve).Places {
		if p.Key != 0 {
			continue
		}
		for _, tt := range [][2]float64{{p.Expected, 11.0 / 50}, {p.Ratio.Estimate, 6.0 / 11}, {p.Ratio.Low, 2.202 / 11}, {p.Ratio.High, 13.059 / 11}} {
			if math.Abs(tt[0]-tt[1]) > 1e-4 {
				t.Errorf("%v, want %v", tt[0], tt[1])
			}
		}
		if p.Ratio.Method.String() != "exact_poisson" {
			t.Error(p.Ratio.Method)
		}
	}
}

// At the mix of after, each group counts as often as after has it, and what after does
// not have does not count.
func TestIndirect(t *testing.T) {
	pair := func(b, a stat.Ratio) compare.Pair {
		g := ratioGrid([][]stat.Ratio{{b, a}})
		return compare.Pair{Before: g[0][0], After: g[0][1]}
	}
	pairs := []compare.Pair{
		pair(stat.Ratio{Part: 90, Whole: 100}, stat.Ratio{Part: 16, Whole: 20}),
		pair(stat.Ratio{Part: 30, Whole: 60}, stat.Ratio{Part: 33, Whole: 60}),
		pair(stat.Ratio{Part: 5, Whole: 400}, stat.Ratio{}),
		pair(stat.Ratio{}, stat.Ratio{Part: 1, Whole: 7}),
		{},
	}
	var f compare.Family
	f.Indirect(compare.OneTouch, pairs...)
	f.Indirect(compare.RepliesToResolve, pairs...)
	f.Indirect(compare.FirstResponse, pairs...)
	f.Indirect(compare.Conversations, pairs...)
	f.Indirect("x", pairs...)
	f.Indirect(compare.OneTouch)
	f.Indirect(compare.RepliesToResolve, pairs[2:]...)
	slices.Reverse(pairs)
	f.Indirect(compare.OneTouch, pairs...)
	f.Indirect(compare.RepliesToResolve, pairs...)
	all := differences(t, &f)
	for n, want := range map[int]stat.Conclusion{2: stat.NotTested, 3: stat.NotTested, 4: stat.NoData, 5: stat.NoData, 6: stat.NoData} {
		if all[n].Conclusion != want || all[n].Design != compare.Indirect {
			t.Errorf("%d: %+v", n, all[n])
		}
	}
	near := func(got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("%v, want %v", got, want)
		}
	}
	// By hand: 20 and 60 of 80; Price and Bonett add half a success and half a failure.
	d := all[0]
	near(d.Before.Value, 0.25*0.9+0.75*0.5)
	near(d.After.Value, 49.0/80)
	centre, variance := 0.0, 0.0
	for _, s := range [][3]float64{{0.25, 16, 20}, {-0.25, 90, 100}, {0.75, 33, 60}, {-0.75, 30, 60}} {
		p := (s[1] + 0.5) / (s[2] + 1)
		centre += s[0] * p
		variance += s[0] * s[0] * p * (1 - p) / (s[2] + 1)
	}
	near(d.Test.P, math.Erfc(math.Abs(centre)/math.Sqrt(2*variance)))
	if d.Before.N != 160 || d.After.N != 80 || d.LeftOut != 7 || d.Conclusion != stat.NotDistinguishable {
		t.Errorf("%+v", d)
	}
	// Rates: by both, 106 of 120 and 63 of 120.
	d = all[1]
	ours, theirs := 20*106.0/120+60*63.0/120, 100*106.0/120+60*63.0/120
	near(d.After.Value, 49.0/80)
	near(d.Before.Value, 120/theirs*ours/80)
	near(d.Change.Estimate, 49/ours/(120/theirs)-1)
	near(d.Change.Estimate, d.After.Value/d.Before.Value-1)
	exact, err := stat.CompareRates(49, ours, 120, theirs)
	if err != nil || exact.Test() != d.Test || d.LeftOut != 7 || d.Test.Method.String() != "exact_conditional" {
		t.Errorf("%+v, want %+v", d.Test, exact.Test())
	}
	// The order of pairs makes no difference.
	for n, d := range all[:2] {
		if again := all[7+n]; again != d {
			t.Errorf("%+v, turned %+v", d, again)
		}
	}
	if got := all[0].String(); got[:len("one-touch at the same mix 60.0 % → 61.3 % (")] != "one-touch at the same mix 60.0 % → 61.3 % (" {
		t.Error(got)
	}
	// Means: Welch's t of the weighted differences.
	g := timesGrid([][][]int64{{{10, 20, 30, 45, 50, 55, 61, 72, 80, 91, 95, 97}, {100, 300, 340, 360, 370, 390, 420, 430, 500}}, {{20, 25, 31}, {200, 250, 280, 310, 330, 350, 380, 440}}})
	f = compare.Family{Minimum: 1}
	i := compare.FirstResponse.Mean()
	f.Indirect(i, compare.Pair{Before: g[0][0], After: g[1][0]}, compare.Pair{Before: g[0][1], After: g[1][1]})
	// Two values are enough for a mean, one is not, and a conclusion needs more on both sides.
	two := timesGrid([][][]int64{{{10, 20}, {30}}, {{50, 61, 62, 63}, same(30, 7)}})
	f.Indirect(i, compare.Pair{Before: two[0][0], After: two[1][0]}, compare.Pair{Before: two[0][1], After: two[1][0]})
	few := compare.Family{}
	few.Indirect(i, compare.Pair{Before: two[0][0], After: two[1][1]})
	if d := differences(t, &f)[1]; d.Before.N != 2 || d.After.N != 4 || d.LeftOut != 4 || d.Test.DF == 0 || d.Before.Value != 15 {
		t.Errorf("%+v", d)
	}
	if d := differences(t, &few)[0]; d.Conclusion != stat.TooFew {
		t.Errorf("%+v", d)
	}
	var terms []stat.Term
	for a, sign := range []float64{-1, 1} {
		for s, w := range []float64{3.0 / 11, 8.0 / 11} {
			x, _ := i.Sample(g[a][s])
			terms = append(terms, stat.Term{Times: sign * w, Value: x.Mean, Variance: x.Variance / float64(x.N), DF: float64(x.N - 1)})
		}
	}
	welch, err := stat.Linear(stat.Welch, terms...)
	if d := differences(t, &f)[0]; err != nil || math.Abs(d.Test.P-welch.Test().P) > 1e-12 || math.Abs(d.Test.DF-welch.Test().DF) > 1e-9 {
		t.Errorf("%+v, want %+v", d.Test, welch.Test())
	}
}

// Compliance ranks like any other share, at the same mix of channels.
func TestCreditOfPromises(t *testing.T) {
	policy := standards.ChannelSpeeds()
	promise := compare.Promise(&policy.Targets[0])
	// Promises of two names are two metrics, and one of a name for all is one.
	for n := range policy.Targets {
		policy.Targets[n].Name = "first answer"
	}
	all := compare.Promise(&policy.Targets[0])
	if promise == all {
		t.Fatal("the name is no part of the metric")
	}
	var h history
	start := at(t, "2026-03-02T00:00:00Z")
	for n := range 200 {
		// Odd ones, by chat, are late half the time; the others, by e-mail, never.
		channel, wait := metrics.Email, time.Minute
		if n%2 == 1 {
			channel, wait = metrics.Chat, time.Duration(1+2*(n/20%2))*time.Minute
		}
		id, at := metrics.ConversationID(fmt.Sprint(n)), start.Add(time.Duration(n)*time.Hour)
		agent := []metrics.AgentID{"ana", "ben"}[map[bool]int{true: 1}[n%20 < 2]^n%2]
		h.append(t, id, metrics.MessageReceived{Conversation: id, At: at, Channel: channel})
		h.append(t, id, metrics.ReplySent{Conversation: id, At: at.Add(wait), Agent: agent})
	}
	type cell struct {
		agent   metrics.AgentID
		channel metrics.Channel
	}
	by := compare.NewGroups(func(f metrics.Facet) cell { return cell{f.Agent(), f.Channel()} }, policy)
	if err := h.log.Read(metrics.Rules{}, start.AddDate(0, 1, 0)).Into(by); err != nil {
		t.Fatal(err)
	}
	c, err := compare.NewCredit(all, slices.Values([]metrics.AgentID{"ana", "ben"}), slices.Values([]metrics.Channel{metrics.Chat, metrics.Email}),
		func(a metrics.AgentID, c metrics.Channel) *compare.Observed { return by.Group(cell{a, c}) }, 0.95)
	if err != nil || len(c.Places) != 2 || c.Strata != 2 {
		t.Fatalf("%+v, %v", c, err)
	}
	for _, p := range c.Places {
		if p.Raw.N != 100 || p.Rest.Conclusion != stat.NotDistinguishable || p.Rank != 1 {
			t.Errorf("%+v", p)
		}
	}
}
