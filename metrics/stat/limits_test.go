package stat

import (
	"math"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

// An interval contains its estimate, by every method, at every level.
func TestIntervalsContainTheirEstimates(t *testing.T) {
	levels := []float64{1e-15, 1e-9, 0.01, 0.1, 0.5, 0.8, 0.9, 0.95, 0.999, 1 - 1e-12}
	for n := int64(1); n <= 12; n++ {
		for x := range n + 1 {
			for _, level := range levels {
				for _, m := range []Method{Wilson, AgrestiCoull, Jeffreys, ClopperPearson} {
					wantSound(t, m.String(), must(Proportion(x, n, level, m))(t), 0, 1)
				}
				wantSound(t, "rate", must(PoissonRate(x, float64(n), level))(t), 0, math.MaxFloat64)
				for minus := range n - x + 1 {
					for _, m := range []Method{AdjustedWald, Tango} {
						wantSound(t, m.String(), must(Net{x, minus, n}.Interval(level, m))(t), -1, 1)
					}
				}
			}
		}
	}
	for _, level := range levels {
		groups := []Ratio{{1, 900}, {0, 3}, {9, 9}, {5, 11}, {1, 2}, {0, 0}}
		for _, g := range must(ShrinkProportions(groups, level))(t).Groups {
			wantSound(t, "shrunken", g.Interval, 0, 1)
		}
	}
}

// Numbers at the edge of what float64 and int64 hold give a finite result or an
// error, and an answer at all.
func TestLimits(t *testing.T) {
	for _, level := range []float64{1e-17, 5e-324} {
		_, err := Proportion(0, 5, level, Wilson)
		wantError(t, "Proportion", err, ErrLevel)
		_, err = Weighted{Mean: 0, EffectiveN: 5, N: 5}.ShareInterval(level, Wilson)
		wantError(t, "ShareInterval", err, ErrLevel)
		_, err = must(CompareShares(Ratio{0, 5}, Ratio{1, 5}))(t).Interval(level)
		wantError(t, "CompareShares", err, ErrLevel)
	}
	big := []Ratio{{8, 10347}, {10576740777, 10576740777}, {0, 11262815451955772}}
	for _, g := range must(ShrinkProportions(big, 0.95))(t).Groups {
		wantSound(t, "ShrinkProportions", g.Interval, 0, 1)
	}
	for _, c := range []struct {
		a     int64
		aTime float64
		p     float64
	}{{math.MaxInt64 - 1, 1, 0}, {math.MaxInt64 - 2, 1, 0}, {math.MaxInt64 - 1, 1e-17, 0}, {math.MaxInt64 - 1, float64(math.MaxInt64), 1}} {
		contrast, err := CompareRates(c.a, c.aTime, 1, 1)
		if err != nil {
			t.Errorf("CompareRates(%d, %v): %v", c.a, c.aTime, err)
			continue
		}
		if p := contrast.Test().P; math.Abs(p-c.p) > 0.3 {
			t.Errorf("CompareRates(%d, %v): P %v", c.a, c.aTime, p)
		}
		wantSound(t, "CompareRates", must(contrast.Interval(0.95))(t), -1, math.MaxFloat64)
	}
}

func TestRandomLimits(t *testing.T) {
	properties := gopter.NewProperties(nil)
	edge := gen.OneGenOf(gen.Int64Range(0, 3), gen.Int64Range(0, math.MaxInt64), gen.Int64Range(math.MaxInt64-3, math.MaxInt64),
		gen.Int64Range(1<<53-2, 1<<53+2))
	level := gen.OneConstOf(1e-16, 1.2e-16, 1e-9, 0.5, 0.95, 1-1e-9, 1-2.3e-16)
	sound := func(iv Interval, err error) bool {
		return err != nil || isFinite(iv.Low) && isFinite(iv.High) && iv.Contains(iv.Estimate)
	}
	properties.Property("finite, with the estimate", prop.ForAll(func(a, b, c, d int64, level float64) bool {
		x, y := Ratio{min(a, b), max(a, b)}, Ratio{min(c, d), max(c, d)}
		ok := true
		for _, m := range []Method{Wilson, AgrestiCoull, Jeffreys, ClopperPearson} {
			ok = ok && sound(Proportion(x.Part, x.Whole, level, m))
		}
		for _, m := range []Method{AdjustedWald, Tango} {
			ok = ok && sound(Net{x.Part, min(c, x.Whole-x.Part), x.Whole}.Interval(level, m))
		}
		for _, compare := range []func() (Contrast, error){
			func() (Contrast, error) { return CompareShares(x, y) },
			func() (Contrast, error) {
				return CompareNets(Net{x.Part, min(c, x.Whole-x.Part), x.Whole}, Net{0, y.Part, y.Whole})
			},
			func() (Contrast, error) { return CompareRates(a, 1, b, 1e-17) },
			func() (Contrast, error) { return LinearShares([]float64{1, -1}, []Ratio{x, y}) },
		} {
			contrast, err := compare()
			if err != nil {
				continue
			}
			p := contrast.Test().P
			ok = ok && p >= 0 && p <= 1 && sound(contrast.Interval(level))
		}
		if s, err := ShrinkProportions([]Ratio{x, y, {a, max(a, c)}, {1, 2}}, level); err == nil {
			for _, g := range s.Groups {
				ok = ok && sound(g.Interval, nil)
			}
		}
		return ok
	}, edge, edge, edge, edge, level))
	properties.TestingRun(t)
}

// The margin that so many answers give needs so many.
func TestSampleSizeRoundTrip(t *testing.T) {
	for n := int64(1); n <= 2000; n++ {
		for _, population := range []int64{0, 2001, 5000, 1e12} { // of 2001, the last ones add next to nothing
			for _, variance := range []float64{0.25, 0.61, 1.0 / 3} {
				margin := must(MarginOfError(variance, n, 0.95, population))(t)
				if got := must(RequiredSample(variance, margin, 0.95, population))(t); got != n {
					t.Errorf("%v, n = %d of %d: %v needs %d", variance, n, population, margin, got)
				}
				// And a margin that is a little less needs one more.
				if got := must(RequiredSample(variance, margin*(1-1e-6), 0.95, population))(t); got != n+1 && population != 2001 {
					t.Errorf("%v, n = %d of %d: a little less than %v needs %d", variance, n, population, margin, got)
				}
			}
		}
	}
}
