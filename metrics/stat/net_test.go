package stat

import (
	"math"
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
			"wald": Wald, "adjusted_wald_0.75_1.5_0.75": AdjustedWald, "score_tango": Tango, "trinomial_mean_t_interval": StudentT,
		} {
			if v.isNull(key) {
				continue
			}
			iv, err := c.Interval(r.Conf, m)
			if c.N == 1 && m == StudentT {
				wantError(t, v.ID, err, ErrTooFew)
				continue
			}
			// The source refuses constant data; the row then has 0 and 0, which
			// is no interval of a net share of 1 or −1.
			if _, variance, _ := c.moments(false); m == StudentT && variance == 0 {
				wantEnds(t, v.ID, iv, []float64{iv.Estimate, iv.Estimate}, 0)
				continue
			}
			want := v.numbers(t, key)
			want[0], want[1] = clip(want[0], -1, 1), clip(want[1], -1, 1) // the source does not clip
			wantEnds(t, v.ID+" "+key, iv, want, vectorTolerance)
			wantNumber(t, v.ID, iv.Estimate, v.number(t, "nps"), 1e-14)
		}
		_, variance, n := c.moments(false)
		wantNumber(t, v.ID+" variance", variance, v.number(t, "variance"), 1e-14)
		wantNumber(t, v.ID+" se", math.Sqrt(variance/n), v.number(t, "se"), 1e-14)
		_, variance, n = c.moments(true)
		wantNumber(t, v.ID+" adjusted se", math.Sqrt(variance/n), v.number(t, "se_adjusted"), 1e-14)
	}
	for _, v := range vectors(t, "NPS two sample") {
		var r struct {
			X, Y [3]int64
			Conf float64
		}
		v.decode(t, &r)
		a := Net{Plus: r.X[2], Minus: r.X[0], N: r.X[0] + r.X[1] + r.X[2]}
		b := Net{Plus: r.Y[2], Minus: r.Y[0], N: r.Y[0] + r.Y[1] + r.Y[2]}
		for m, prefix := range map[Method]string{Wald: "abs_diff_wald_ci", AdjustedWald: "adjusted_abs_diff_ci"} {
			c, err := NetDifference(a, b, r.Conf, m)
			if m == Wald && v.number(t, "se_wald") == 0 {
				wantError(t, v.ID, err, ErrNoVariation)
				continue
			}
			wantNumber(t, v.ID, c.Difference.Estimate, v.number(t, "diff_signed"), 1e-14)
			want := v.numbers(t, prefix)
			if c.Difference.Estimate < 0 { // the source drops the sign
				want[0], want[1] = -want[1], -want[0]
			}
			wantEnds(t, v.ID, c.Difference, want, vectorTolerance)
			// The source takes 1 − cdf, which leaves 16 places of a small p.
			p := v.number(t, map[Method]string{Wald: "p_wald", AdjustedWald: "p_adjusted"}[m])
			if math.Abs(c.Test.P-p) > 1e-15 {
				wantRelative(t, v.ID+" p", c.Test.P, p)
			}
		}
	}
}

func TestNetCoverage(t *testing.T) {
	const n = 10
	profiles := [][2]float64{{0.5, 0.2}, {0.7, 0.1}, {0.3, 0.3}, {0.9, 0.02}, {0.1, 0.6}, {0.4, 0.05}, {0.6, 0.4}, {0.05, 0.05}}
	for _, c := range []struct {
		m                            Method
		leastMean, mostMean, minimum float64
	}{
		{AdjustedWald, 0.945, 0.955, 0.89},
		{Tango, 0.94, 0.97, 0.945},
		{Wald, 0.5, 0.9, 0},
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
	for _, m := range []Method{AdjustedWald, Tango, Wald} {
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
		_, err = NetDifference(c.net, Net{1, 0, 2}, 0.95, Wald)
		wantError(t, "NetDifference", err, c.err)
		_, err = NetDifference(Net{1, 0, 2}, c.net, 0.95, Wald)
		wantError(t, "NetDifference", err, c.err)
	}
	for _, level := range badLevels {
		_, err := Net{1, 0, 2}.Interval(level, Tango)
		wantError(t, "Interval", err, ErrLevel)
		_, err = NetDifference(Net{1, 0, 2}, Net{1, 0, 2}, level, Wald)
		wantError(t, "NetDifference", err, ErrLevel)
	}
	_, err := Net{1, 0, 2}.Interval(0.95, Wilson)
	wantError(t, "Interval", err, ErrMethod)
	_, err = NetDifference(Net{1, 0, 2}, Net{1, 0, 2}, 0.95, Tango)
	wantError(t, "NetDifference", err, ErrMethod)
	_, err = Net{1, 0, 1}.Interval(0.95, StudentT)
	wantError(t, "one answer", err, ErrTooFew)
	for _, m := range []Method{AdjustedWald, Tango, Wald, StudentT} {
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
