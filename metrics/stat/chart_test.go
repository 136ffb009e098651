package stat

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
)

func TestPChartVectors(t *testing.T) {
	for _, what := range []string{"p-chart limits", "p-chart with variable sample size"} {
		for _, v := range vectors(t, what) {
			var r struct {
				Defectives []int64
				N          json.RawMessage
			}
			if err := json.Unmarshal(v.Input, &r); err != nil {
				t.Fatal(err)
			}
			var each int64
			n := slices.Clone(r.Defectives)
			if json.Unmarshal(r.N, &each) == nil {
				for i := range n {
					n[i] = each
				}
			} else if err := json.Unmarshal(r.N, &n); err != nil {
				t.Fatal(err)
			}
			c := must(PChart(r.Defectives, n, 3))(t)
			wantNumber(t, v.ID, c.Center, v.number(t, "pbar"), vectorTolerance)
			var out []int
			v.expect(t, "out_of_control_indices_1based", &out)
			for i := range out {
				out[i]--
			}
			if !slices.Equal(c.Signals(), out) || c.Sigma != 1 {
				t.Errorf("%s: signals %v, want %v", v.ID, c.Signals(), out)
			}
			for i, p := range c.Points {
				low, high := v.Expected["lcl"], v.Expected["ucl"]
				var lows, highs []float64
				if json.Unmarshal(low, &lows) != nil {
					lows, highs = make([]float64, len(c.Points)), make([]float64, len(c.Points))
					lows[i], highs[i] = v.number(t, "lcl"), v.number(t, "ucl")
				} else if err := json.Unmarshal(high, &highs); err != nil {
					t.Fatal(err)
				}
				wantNumber(t, v.ID+" low", p.Low, lows[i], vectorTolerance)
				wantNumber(t, v.ID+" high", p.High, highs[i], vectorTolerance)
			}
		}
	}
}

func TestLaneyPChart(t *testing.T) {
	// By hand: shares .4, .6, .5 of 100 each; p̄ = .5, σp = .05, z = −2, 2, 0;
	// moving ranges 4 and 2, mean 3; σz = 3·√π/2; limits .5 ± 3·.05·σz.
	c := must(LaneyPChart([]int64{40, 60, 50}, []int64{100, 100, 100}, 3))(t)
	sigma := 3 * math.Sqrt(math.Pi) / 2
	wantNumber(t, "sigma", c.Sigma, sigma, 1e-14)
	wantNumber(t, "low", c.Points[0].Low, 0.5-0.15*sigma, 1e-13)
	wantNumber(t, "high", c.Points[2].High, 0.5+0.15*sigma, 1e-13)
	// Huge groups that vary by a few percent signal on a p-chart only.
	x, n := []int64{80_000, 83_000, 79_000, 82_000, 81_000, 84_000, 80_500}, make([]int64, 7)
	for i := range n {
		n[i] = 100_000
	}
	plain, laney := must(PChart(x, n, 3))(t), must(LaneyPChart(x, n, 3))(t)
	if len(plain.Signals()) < 4 || len(laney.Signals()) != 0 || laney.Sigma < 5 || laney.Center != plain.Center {
		t.Errorf("signals %v and %v, sigma %v", plain.Signals(), laney.Signals(), laney.Sigma)
	}
}

func TestXmR(t *testing.T) {
	// NIST/SEMATECH e-Handbook 6.3.2.2, flow rates of ten batches: mean 50.81,
	// mean range 1.8778, limits 45.8159… and 55.8041 (with 1.128 for 2/√π).
	flow := []float64{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1}
	x, r, err := XmR(flow)
	if err != nil {
		t.Fatal(err)
	}
	wantNumber(t, "center", x.Center, 50.81, 1e-14)
	wantNumber(t, "range", r.Center, 16.9/9, 1e-13)
	if math.Abs(x.Points[0].High-55.8041) > 2e-3 || math.Abs(x.Points[9].Low-45.8159) > 2e-3 || len(x.Signals()) != 0 {
		t.Errorf("%+v", x.Points[0])
	}
	// Wheeler's factors: 2.660 and 3.267 (3.2665 before rounding).
	wantNumber(t, "2.66", (x.Points[3].High-x.Center)/r.Center, 3*math.Sqrt(math.Pi)/2, 1e-13)
	wantNumber(t, "3.267", r.Points[3].High/r.Center, 1+3*math.Sqrt(math.Pi/2-1), 1e-13)
	if len(r.Points) != 9 || r.Points[0].Low != 0 || !agree(r.Points[1].Value, 2.3, 1e-13) {
		t.Errorf("%+v", r.Points)
	}
	x, r, err = XmR([]float64{5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 9})
	if err != nil || !slices.Equal(x.Signals(), []int{11}) || !slices.Equal(r.Signals(), []int{10}) {
		t.Errorf("%v, %v, %v", x.Signals(), r.Signals(), err)
	}
	for _, c := range []struct {
		x   []float64
		err error
	}{{nil, ErrNoData}, {[]float64{1}, ErrTooFew}, {[]float64{1, math.NaN()}, ErrValue}, {[]float64{1e308, -1e308}, ErrOverflow}, {[]float64{0, 1.2e154, 0}, nil}} {
		_, _, err := XmR(c.x)
		wantError(t, "XmR", err, c.err)
	}
	if x, _, err = XmR([]float64{4, 4}); err != nil || x.Sigma != 0 || len(x.Signals()) != 0 {
		t.Errorf("constant: %+v, %v", x, err)
	}
}

// Montgomery, Introduction to Statistical Quality Control, table 9.1: 20 values
// about 10 and 10 about 11, standard deviation 1.
var montgomery = []float64{
	9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84,
	10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52,
}

func TestCUSUM(t *testing.T) {
	// The same book, table 9.2: with k = ½ and h = 5 the upper sum is 4.97 at
	// period 28 and signals at 29 (5.28) and 30 (5.30).
	c := must(CUSUM(montgomery, 10, 1, 0.5, 5))(t)
	if c.Threshold != 5 || !slices.Equal(c.Signals(), []int{28, 29}) || math.Abs(c.Points[28].Above-5.28) > 5e-3 || math.Abs(c.Points[29].Above-5.30) > 5e-3 {
		t.Errorf("signals %v, %+v", c.Signals(), c.Points[26:])
	}
	if math.Abs(c.Points[1].Below-1.56) > 5e-3 || math.Abs(c.Points[4].Above-2.82) > 5e-3 {
		t.Errorf("%+v", c.Points[:5])
	}
	// A sum at the threshold is not beyond it.
	if at := must(CUSUM([]float64{5.5, 0.5, 0.75}, 0, 1, 0.5, 5))(t); !slices.Equal(at.Signals(), []int{2}) {
		t.Errorf("%+v", at)
	}
	// Falling values signal below; the standard deviation scales both.
	down := make([]float64, len(montgomery))
	for i, v := range montgomery {
		down[i] = -7 * v
	}
	d := must(CUSUM(down, -70, 7, 0.5, 5))(t)
	for i := range d.Points {
		if !agree(d.Points[i].Below, 7*c.Points[i].Above, 1e-12) || d.Points[i].Signal != c.Points[i].Signal {
			t.Errorf("point %d: %+v", i, d.Points[i])
		}
	}
	for _, bad := range []struct {
		x                            []float64
		target, sd, slack, threshold float64
		err                          error
	}{
		{nil, 0, 1, 0.5, 5, ErrNoData}, {[]float64{math.NaN()}, 0, 1, 0.5, 5, ErrValue}, {[]float64{1}, math.NaN(), 1, 0.5, 5, ErrValue},
		{[]float64{1}, 0, 0, 0.5, 5, ErrValue}, {[]float64{1}, 0, 1, -1, 5, ErrValue}, {[]float64{1}, 0, 1, math.Inf(1), 5, ErrValue},
		{[]float64{1}, 0, 1, 0, 0, ErrValue}, {[]float64{1e308, 1e308}, 0, 1, 0, 5, ErrOverflow}, {[]float64{1}, 0, 1e308, 0, 5, ErrOverflow},
	} {
		_, err := CUSUM(bad.x, bad.target, bad.sd, bad.slack, bad.threshold)
		wantError(t, "CUSUM", err, bad.err)
	}
}

func TestEWMA(t *testing.T) {
	// NIST/SEMATECH e-Handbook 6.3.2.4: λ = 0.3, center 50, s = 2.0539; limits
	// tend to 47.4115 and 52.5884.
	x := []float64{52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1}
	want := []float64{50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99}
	c := must(EWMA(x, 50, 2.0539, 0.3, 3))(t)
	for i, p := range c.Points {
		if math.Abs(p.Value-want[i]) > 0.0051 || p.Signal {
			t.Errorf("point %d: %+v, want %v", i, p, want[i])
		}
	}
	if last := c.Points[19]; math.Abs(last.Low-47.4115) > 1e-3 || math.Abs(last.High-52.5884) > 1e-3 {
		t.Errorf("%+v", last)
	}
	// The first limit is that of one value weighted by λ.
	wantNumber(t, "first", c.Points[0].High-50, 3*2.0539*0.3, 1e-13)
	// Each point is a weighted sum of all values so far, the older the lighter,
	// and its variance that of the sum.
	m := must(EWMA(montgomery, 10, 1, 0.1, 2.7))(t)
	for i, p := range m.Points {
		value, variance, weight := 0.0, 0.0, 0.1
		for j := i; j >= 0; j-- {
			value += weight * (montgomery[j] - 10)
			variance += weight * weight
			weight *= 0.9
		}
		wantNumber(t, "value", p.Value, 10+value, 1e-13)
		wantNumber(t, "limit", p.High, 10+2.7*math.Sqrt(variance), 1e-13)
		if p.Signal != (i >= 28) {
			t.Errorf("signals %v", m.Signals())
		}
	}
	// λ = 1 is a Shewhart chart.
	s := must(EWMA(montgomery, 10, 1, 1, 3))(t)
	if s.Points[7].Value != montgomery[7] || s.Points[7].High != 13 {
		t.Errorf("%+v", s.Points[7])
	}
	for _, bad := range []struct {
		x                         []float64
		center, sd, lambda, width float64
		err                       error
	}{
		{nil, 0, 1, 0.2, 3, ErrNoData}, {[]float64{math.Inf(1)}, 0, 1, 0.2, 3, ErrValue}, {[]float64{1}, math.Inf(1), 1, 0.2, 3, ErrValue},
		{[]float64{1}, 0, -1, 0.2, 3, ErrValue}, {[]float64{1}, 0, 1, 0, 3, ErrValue}, {[]float64{1}, 0, 1, 1.1, 3, ErrValue},
		{[]float64{1}, 0, 1, math.NaN(), 3, ErrValue}, {[]float64{1}, 0, 1, 0.2, 0, ErrValue}, {[]float64{1}, 0, 1e308, 1, 3, ErrOverflow},
	} {
		_, err := EWMA(bad.x, bad.center, bad.sd, bad.lambda, bad.width)
		wantError(t, "EWMA", err, bad.err)
	}
}

func TestPChartErrors(t *testing.T) {
	for _, f := range []func(x, n []int64, width float64) (Chart, error){PChart, LaneyPChart} {
		for _, c := range []struct {
			x, n  []int64
			width float64
			err   error
		}{
			{nil, nil, 3, ErrNoData}, {[]int64{1}, []int64{2, 3}, 3, ErrLength}, {[]int64{1, 0}, []int64{2, 0}, 3, ErrNoData}, {[]int64{3, 0}, []int64{2, 1}, 3, ErrCount},
			{[]int64{1, 1}, []int64{2, 3}, 0, ErrValue}, {[]int64{1, 1}, []int64{2, 3}, math.NaN(), ErrValue},
		} {
			_, err := f(c.x, c.n, c.width)
			wantError(t, "chart", err, c.err)
		}
	}
	_, err := LaneyPChart([]int64{1}, []int64{2}, 3)
	wantError(t, "one period", err, ErrTooFew)
	_, err = LaneyPChart([]int64{2, 2}, []int64{2, 2}, 3)
	wantError(t, "all", err, ErrNoVariation)
	if c := must(PChart([]int64{2, 3}, []int64{2, 3}, 3))(t); c.Points[0].Low != 1 || c.Points[0].High != 1 || len(c.Signals()) != 0 {
		t.Errorf("all succeeded: %+v", c)
	}
}

func TestSampleSizeVectors(t *testing.T) {
	for _, v := range vectors(t, "required sample size for a proportion (Cochran, with finite population correction)") {
		var r struct {
			Conf, Margin, P float64
			Population      int64
		}
		v.decode(t, &r)
		s := must(RequiredSample(r.P*(1-r.P), r.Margin, r.Conf, r.Population))(t)
		wantRelative(t, v.ID+" n0", s.Infinite, v.number(t, "n0"))
		wantRelative(t, v.ID+" n", s.Finite, v.number(t, "n_fpc"))
		wantNumber(t, v.ID+" N", float64(s.N), v.number(t, "n_ceiling"), 0)
	}
	for _, v := range vectors(t, "sample size for an NPS margin of error") {
		var r struct {
			P      float64 `json:"promoter_share"`
			D      float64 `json:"detractor_share"`
			Margin float64
			Conf   float64
		}
		v.decode(t, &r)
		s := must(RequiredSample(r.P+r.D-(r.P-r.D)*(r.P-r.D), r.Margin, r.Conf, 0))(t)
		wantRelative(t, v.ID, s.Infinite, v.number(t, "n"))
		wantNumber(t, v.ID, float64(s.N), v.number(t, "n_ceiling"), 0)
	}
	for _, v := range vectors(t, "margin of error for a proportion") {
		var r struct {
			N          int64
			P, Conf    float64
			Population any
		}
		v.decode(t, &r)
		population := int64(0) // "Inf" in the row
		if f, ok := r.Population.(float64); ok {
			population = int64(f)
		}
		wantRelative(t, v.ID+" moe", must(MarginOfError(r.P*(1-r.P), r.N, r.Conf, 0))(t), v.number(t, "moe"))
		wantRelative(t, v.ID+" moe_fpc", must(MarginOfError(r.P*(1-r.P), r.N, r.Conf, population))(t), v.number(t, "moe_fpc"))
		wantRelative(t, v.ID+" fpc", must(FinitePopulation(r.N, population))(t), v.number(t, "fpc"))
	}
	for _, v := range vectors(t, "sample size for two proportions") {
		var r struct{ P1, P2, Power, Alpha float64 }
		v.decode(t, &r)
		// The source solves by bisection to about 1e-6.
		wantNumber(t, v.ID, must(RequiredPerGroup(r.P1, r.P2, r.Alpha, r.Power))(t)/v.number(t, "n_per_group"), 1, 1e-6)
	}
}

func TestSampleSizeErrors(t *testing.T) {
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := RequiredSample(bad, 0.1, 0.95, 0)
		wantError(t, "variance", err, ErrValue)
		_, err = RequiredSample(0.25, bad, 0.95, 0)
		wantError(t, "margin", err, ErrValue)
		_, err = MarginOfError(bad, 10, 0.95, 0)
		wantError(t, "variance", err, ErrValue)
	}
	for _, level := range badLevels {
		_, err := RequiredSample(0.25, 0.1, level, 0)
		wantError(t, "level", err, ErrLevel)
		_, err = MarginOfError(0.25, 10, level, 0)
		wantError(t, "level", err, ErrLevel)
	}
	_, err := RequiredSample(0.25, 0.1, 0.95, -1)
	wantError(t, "population", err, ErrCount)
	_, err = RequiredSample(1e300, 1e-10, 0.95, 0)
	wantError(t, "huge", err, ErrOverflow)
	// Nobody need ask more than everybody, or less than one.
	if s := must(RequiredSample(0.25, 1e-9, 0.95, 120))(t); s.N != 120 {
		t.Errorf("%+v", s)
	}
	if s := must(RequiredSample(0.25, 100, 0.95, 120))(t); s.N != 1 {
		t.Errorf("%+v", s)
	}
	for _, c := range []struct {
		n, population int64
		want          float64
		err           error
	}{{0, 10, 0, ErrNoData}, {-1, 10, 0, ErrCount}, {11, 10, 0, ErrCount}, {1, -1, 0, ErrCount}, {10, 10, 0, nil}, {1, 1, 0, nil}, {1, 10, 1, nil}, {5, 0, 1, nil}} {
		got, err := FinitePopulation(c.n, c.population)
		wantError(t, "FinitePopulation", err, c.err)
		wantNumber(t, "correction", got, c.want, 1e-15)
		_, err = MarginOfError(0.25, c.n, 0.95, c.population)
		wantError(t, "MarginOfError", err, c.err)
	}
	for _, c := range []struct {
		p1, p2, alpha, power float64
		err                  error
	}{
		{-0.1, 0.5, 0.05, 0.8, ErrValue}, {0.1, math.NaN(), 0.05, 0.8, ErrValue}, {0.1, 0.2, 0, 0.8, ErrValue}, {0.1, 0.2, 0.05, 1, ErrValue},
		{0.1, 0.2, 0.05, 0.02, ErrValue}, {0.1, 0.1, 0.05, 0.8, ErrNoVariation}, {1e-300, 2e-300, 0.05, 0.8, ErrOverflow}, {0, 1, 0.05, 0.8, nil},
	} {
		_, err := RequiredPerGroup(c.p1, c.p2, c.alpha, c.power)
		if c.err != ErrOverflow {
			wantError(t, "RequiredPerGroup", err, c.err)
		}
	}
}
