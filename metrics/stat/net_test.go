package stat

import (
	"math"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

func TestNetVectors(t *testing.T) {
	for _, v := range vectors(t, "NPS one sample") {
		var r struct {
			Detractors, Passives, Promoters int64
			Conf                            float64
		}
		v.decode(t, &r)
		c := Net{Plus: r.Promoters, Minus: r.Detractors, N: r.Detractors + r.Passives + r.Promoters}
		for key, m := range map[string]Method{
			"adjusted_wald_0.75_1.5_0.75": AdjustedWald, "score_tango": Tango,
		} {
			if v.isNull(key) {
				continue
			}
			iv := must(c.Interval(r.Conf, m))(t)
			want := v.numbers(t, key)
			// The source does not clip, and leaves the estimate out where all agree.
			nps := v.number(t, "nps")
			want[0], want[1] = min(clip(want[0], -1, 1), nps), max(clip(want[1], -1, 1), nps)
			wantEnds(t, v.ID+" "+key, iv, want, vectorTolerance)
			wantNumber(t, v.ID, iv.Estimate, v.number(t, "nps"), 1e-14)
		}
		if key := "trinomial_mean_t_interval"; v.Expected[key] != nil && !v.isNull(key) {
			sample := must(DescribeCounts(-1, c.Minus, r.Passives, c.Plus))(t)
			if sample.Variance > 0 {
				wantEnds(t, v.ID+" "+key, must(sample.Interval(r.Conf))(t), v.numbers(t, key), vectorTolerance)
			} else if got := string(v.Expected[key]); !strings.Contains(got, "NaN") && !strings.Contains(got, "null") { // R refuses, where all answers are one
				t.Errorf("%s: %s", v.ID, got)
			} else {
				askedFor.Store(v.ID+" "+key, true)
			}
		}
		_, variance, n := c.parts().moments(false)
		wantNumber(t, v.ID+" variance", variance, v.number(t, "variance"), 1e-14)
		wantNumber(t, v.ID+" se", math.Sqrt(variance/n), v.number(t, "se"), 1e-14)
		_, variance, n = c.parts().moments(true)
		wantNumber(t, v.ID+" adjusted se", math.Sqrt(variance/n), v.number(t, "se_adjusted"), 1e-14)
	}
}

// TestNetCoverage computes the exact coverage of 95 % intervals of a net share
// of 10 answers over the multinomial distribution. Rocks (2016) finds the
// adjusted Wald and score intervals close to the level.
func TestNetCoverage(t *testing.T) {
	const n = 10
	profiles := [][2]float64{{0.5, 0.2}, {0.7, 0.1}, {0.3, 0.3}, {0.9, 0.02}, {0.1, 0.6}, {0.4, 0.05}, {0.6, 0.4}, {0.05, 0.05}}
	for _, c := range []struct {
		m                            Method
		leastMean, mostMean, minimum float64
	}{
		{AdjustedWald, 0.945, 0.955, 0.89},
		{Tango, 0.94, 0.97, 0.945},
	} {
		var mean float64
		minimum := 1.0
		for _, p := range profiles {
			var covered float64
			for plus := 0; plus <= n; plus++ {
				for minus := 0; plus+minus <= n; minus++ {
					iv := must(Net{int64(plus), int64(minus), n}.Interval(0.95, c.m))(t)
					if iv.Contains(p[0] - p[1]) {
						covered += binomial(n, plus, p[0]) * binomial(n-plus, minus, p[1]/(1-p[0]))
					}
				}
			}
			mean += covered / float64(len(profiles))
			minimum = min(minimum, covered)
		}
		t.Logf("%v: mean coverage %.4f, minimum %.4f", c.m, mean, minimum)
		if mean < c.leastMean || mean > c.mostMean || minimum < c.minimum {
			t.Errorf("%v: mean coverage %.4f, minimum %.4f", c.m, mean, minimum)
		}
	}
}

func TestNetLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	answers := gen.Weighted([]gen.WeightedGen{
		{Weight: 1, Gen: gen.Const(int64(0))}, {Weight: 4, Gen: gen.Int64Range(0, 30)}, {Weight: 1, Gen: gen.Int64Range(0, 1e9)},
	})
	level := gen.Float64Range(0.05, 0.9999)
	for _, m := range []Method{AdjustedWald, Tango} {
		properties.Property(m.String()+": exchanging for and against mirrors, levels nest, in −1…1", prop.ForAll(func(plus, minus, neither int64, l1, l2 float64) bool {
			n := plus + minus + neither
			if n == 0 {
				return true
			}
			a := must(Net{plus, minus, n}.Interval(min(l1, l2), m))(t)
			b := must(Net{minus, plus, n}.Interval(min(l1, l2), m))(t)
			c := must(Net{plus, minus, n}.Interval(max(l1, l2), m))(t)
			return agree(a.Low, -b.High, 1e-13) && agree(a.High, -b.Low, 1e-13) && a.Estimate == -b.Estimate &&
				c.Low <= a.Low+1e-13 && a.High <= c.High+1e-13 && -1 <= c.Low && c.High <= 1 && c.Low <= c.High
		}, answers, answers, answers, level, level))
	}
	properties.TestingRun(t)
}

// Weights that are all alike change nothing: the effective number is the number.
func TestWeightedNet(t *testing.T) {
	for plus := range int64(12) {
		for minus := range int64(12 - plus) {
			c := Net{plus, minus, 11}
			w := WeightedNet{float64(plus) / 11, float64(minus) / 11, 11}
			for _, m := range []Method{AdjustedWald, Tango} {
				for _, level := range []float64{0.2, 0.95} {
					a, b := must(c.Interval(level, m))(t), must(w.Interval(level, m))(t)
					if !agree(a.Estimate, b.Estimate, 1e-15) || !agree(a.Low, b.Low, 1e-12) || !agree(a.High, b.High, 1e-12) || a.Method != b.Method {
						t.Errorf("%+v: %v, weighted %v", c, a, b)
					}
				}
			}
		}
	}
	// (0.6·6.4 + ¾ − 0.1·6.4 − ¾)/9.4 = 3.2/9.4; P̃ = 4.59/9.4, M̃ = 1.39/9.4.
	iv := must(WeightedNet{0.6, 0.1, 6.4}.Interval(0.95, DefaultMethod))(t)
	se := math.Sqrt((5.98/9.4 - 3.2*3.2/9.4/9.4) / 9.4)
	wantEnds(t, "by hand", iv, []float64{3.2/9.4 - 1.959963984540054*se, 3.2/9.4 + 1.959963984540054*se}, 1e-14)
	for _, c := range []struct {
		net WeightedNet
		err error
	}{
		{WeightedNet{}, ErrNoData}, {WeightedNet{-0.1, 0, 5}, ErrValue}, {WeightedNet{0, -0.1, 5}, ErrValue}, {WeightedNet{0.6, 0.5, 5}, ErrValue},
		{WeightedNet{math.NaN(), 0, 5}, ErrValue}, {WeightedNet{0.5, 0, 0}, ErrValue}, {WeightedNet{0.5, 0, math.Inf(1)}, ErrValue},
	} {
		_, err := c.net.Interval(0.95, AdjustedWald)
		wantError(t, "Interval", err, c.err)
	}
	_, err := WeightedNet{0.5, 0, 2}.Interval(0.95, Wilson)
	wantError(t, "Interval", err, ErrMethod)
	_, err = WeightedNet{0.5, 0, 2}.Interval(1, Tango)
	wantError(t, "Interval", err, ErrLevel)
}

func TestNetErrors(t *testing.T) {
	for _, c := range []struct {
		net Net
		err error
	}{
		{Net{}, ErrNoData}, {Net{-1, 0, 5}, ErrCount}, {Net{0, -1, 5}, ErrCount}, {Net{3, 3, 5}, ErrCount}, {Net{0, 0, -1}, ErrCount},
		{Net{math.MaxInt64, math.MaxInt64, math.MaxInt64}, ErrCount},
	} {
		_, err := c.net.Interval(0.95, Tango)
		wantError(t, "Interval", err, c.err)
	}
	for _, level := range badLevels {
		_, err := Net{1, 0, 2}.Interval(level, Tango)
		wantError(t, "Interval", err, ErrLevel)
	}
	_, err := Net{1, 0, 2}.Interval(0.95, Wilson)
	wantError(t, "Interval", err, ErrMethod)
	for _, m := range []Method{AdjustedWald, Tango} {
		for _, c := range []Net{{2, 0, 2}, {0, 2, 2}, {0, 0, 2}, {1, 1, 2}, {math.MaxInt64, 0, math.MaxInt64}, {1, 1, math.MaxInt64}} {
			for _, level := range []float64{1e-9, 0.95, 1 - 1e-8} {
				wantSound(t, m.String(), must(c.Interval(level, m))(t), -1, 1)
			}
		}
	}
	if iv := must(Net{9, 0, 9}.Interval(0.95, Tango))(t); iv.High != 1 || !(iv.Low < 1) {
		t.Errorf("all for: %+v", iv)
	}
	if iv := must(Net{0, 9, 9}.Interval(0.95, Tango))(t); iv.Low != -1 || !(iv.High > -1) {
		t.Errorf("all against: %+v", iv)
	}
}

func BenchmarkNetTango(b *testing.B) {
	for b.Loop() {
		iv, _ := Net{60, 15, 100}.Interval(0.95, Tango)
		sink = iv.Low
	}
}
