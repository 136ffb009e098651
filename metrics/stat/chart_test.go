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
			// The plain p-chart is Laney's where counting explains everything.
			var pool Ratio
			for i, x := range r.Defectives {
				pool = pool.Pool(Ratio{x, n[i]})
			}
			c := Chart{Center: shareOf(pool).p(), Sigma: 1}
			for i, x := range r.Defectives {
				low, high := c.Limits(Ratio{x, n[i]})
				c.Points = append(c.Points, newChartPoint(float64(x)/float64(n[i]), low, high))
			}
			wantNumber(t, v.ID, c.Center, v.number(t, "pbar"), vectorTolerance)
			var out []int
			v.expect(t, "out_of_control_indices_1based", &out)
			for i := range out {
				out[i]--
			}
			if !slices.Equal(c.Signals(), out) {
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

func TestLaneyP(t *testing.T) {
	// By hand: shares .4, .6, .5 of 100 each; p̄ = .5, σp = .05, z = −2, 2, 0;
	// moving ranges 4 and 2, mean 3; σz = 3·√π/2; limits .5 ± 3·.05·σz.
	c := must(LaneyP([]Ratio{{40, 100}, {60, 100}, {50, 100}}))(t)
	sigma := 3 * math.Sqrt(math.Pi) / 2
	wantNumber(t, "sigma", c.Sigma, sigma, 1e-14)
	wantNumber(t, "low", c.Points[0].Low, 0.5-0.15*sigma, 1e-13)
	wantNumber(t, "high", c.Points[2].High, 0.5+0.15*sigma, 1e-13)
	// Over a gap no range is taken: 4 alone.
	gap := must(LaneyP([]Ratio{{40, 100}, {60, 100}}, nil, []Ratio{{50, 100}}))(t)
	wantNumber(t, "sigma with a gap", gap.Sigma, 2*math.Sqrt(math.Pi), 1e-14)
	if len(gap.Points) != 3 || gap.Center != c.Center {
		t.Errorf("%+v", gap)
	}
	// Huge groups that vary by a few percent signal on a plain p-chart only.
	var x []Ratio
	for _, n := range []int64{80_000, 83_000, 79_000, 82_000, 81_000, 84_000, 80_500} {
		x = append(x, Ratio{n, 100_000})
	}
	laney, outside := must(LaneyP(x))(t), 0
	plain := Chart{Center: laney.Center, Sigma: 1}
	for _, r := range x {
		if low, high := plain.Limits(r); shareOf(r).p() < low || shareOf(r).p() > high {
			outside++
		}
	}
	if outside < 4 || len(laney.Signals()) != 0 || laney.Sigma < 5 {
		t.Errorf("%d outside and %v, sigma %v", outside, laney.Signals(), laney.Sigma)
	}
	for _, c := range []struct {
		x   []Ratio
		err error
	}{
		{nil, ErrNoData}, {[]Ratio{{1, 2}, {}}, ErrNoData}, {[]Ratio{{3, 2}, {0, 1}}, ErrCount}, {[]Ratio{{1, 2}}, ErrTooFew}, {[]Ratio{{2, 2}, {3, 3}}, ErrNoVariation},
	} {
		_, err := LaneyP(c.x)
		wantError(t, "LaneyP", err, c.err)
	}
	_, err := LaneyP([]Ratio{{1, 2}}, []Ratio{{2, 2}})
	wantError(t, "nothing follows", err, ErrTooFew)
	if low, high := (Chart{}).Limits(Ratio{}); low != 0 || high != 1 {
		t.Errorf("limits %v and %v of nothing", low, high)
	}
}

func TestXmR(t *testing.T) {
	// NIST/SEMATECH e-Handbook 6.3.2.2, flow rates of ten batches: mean 50.81,
	// mean range 1.8778, limits 45.8159… and 55.8041 (with 1.128 for 2/√π).
	flow := []float64{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1}
	x := must(XmR(flow))(t)
	mean := x.Sigma * 2 / math.Sqrt(math.Pi)
	wantNumber(t, "center", x.Center, 50.81, 1e-14)
	wantNumber(t, "range", mean, 16.9/9, 1e-13)
	if math.Abs(x.Points[0].High-55.8041) > 2e-3 || math.Abs(x.Points[9].Low-45.8159) > 2e-3 || len(x.Signals()) != 0 {
		t.Errorf("%+v", x.Points[0])
	}
	// Wheeler's factors: 2.660 and 3.267 (3.2665 before rounding).
	wantNumber(t, "2.66", (x.Points[3].High-x.Center)/mean, 3*math.Sqrt(math.Pi)/2, 1e-13)
	wantNumber(t, "3.267", x.RangeLimit/mean, 1+3*math.Sqrt(math.Pi/2-1), 1e-13)
	x, err := XmR([]float64{5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 9})
	if err != nil || !slices.Equal(x.Signals(), []int{11}) || !(x.RangeLimit < 4) {
		t.Errorf("%v, %v, %v", x.Signals(), x.RangeLimit, err)
	}
	// Over a gap no range is taken.
	if gap := must(XmR(flow[:5], nil, flow[5:]))(t); len(gap.Points) != 10 || gap.Center != 50.81 || !agree(gap.Sigma, (16.9-3.4)/8*math.Sqrt(math.Pi)/2, 1e-12) {
		t.Errorf("%+v", gap)
	}
	for _, c := range []struct {
		x   []float64
		err error
	}{{nil, ErrNoData}, {[]float64{1}, ErrTooFew}, {[]float64{1, math.NaN()}, ErrValue}, {[]float64{1e308, -1e308}, ErrOverflow}, {[]float64{0, 1.2e154, 0}, nil}} {
		_, err := XmR(c.x)
		wantError(t, "XmR", err, c.err)
	}
	if x, err = XmR([]float64{4, 4}); err != nil || x.Sigma != 0 || len(x.Signals()) != 0 {
		t.Errorf("constant: %+v, %v", x, err)
	}
	if got, want := x.String(), "2 points about 4, 0 beyond the limits"; got != want {
		t.Errorf("%q", got)
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
	if c.Points[0].High != 5 || c.Points[0].Low != -5 || !slices.Equal(c.Signals(), []int{28, 29}) || math.Abs(c.Points[28].Value-5.28) > 5e-3 || math.Abs(c.Points[29].Value-5.30) > 5e-3 {
		t.Errorf("signals %v, %+v", c.Signals(), c.Points[26:])
	}
	if math.Abs(c.Points[1].Value+1.56) > 5e-3 || math.Abs(c.Points[4].Value-2.82) > 5e-3 {
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
		if !agree(d.Points[i].Value, -7*c.Points[i].Value, 1e-12) || d.Points[i].Signal != c.Points[i].Signal {
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

func TestSampleSizeVectors(t *testing.T) {
	for _, v := range vectors(t, "required sample size for a proportion (Cochran, with finite population correction)") {
		var r struct {
			Conf, Margin, P float64
			Population      int64
		}
		v.decode(t, &r)
		s := must(RequiredSample(r.P*(1-r.P), r.Margin, r.Conf, r.Population))(t)
		infinite := must(unlimitedSample(r.P*(1-r.P), r.Margin, r.Conf))(t)
		wantRelative(t, v.ID+" n0", infinite, v.number(t, "n0"))
		wantRelative(t, v.ID+" n", correctedSample(infinite, r.Population), v.number(t, "n_fpc"))
		wantNumber(t, v.ID+" N", float64(s), v.number(t, "n_ceiling"), 0)
	}
	for _, v := range vectors(t, "sample size for an NPS margin of error") {
		var r struct {
			P      float64 `json:"promoter_share"`
			D      float64 `json:"detractor_share"`
			Margin float64
			Conf   float64
		}
		v.decode(t, &r)
		variance := r.P + r.D - (r.P-r.D)*(r.P-r.D)
		wantNumber(t, v.ID+" variance", variance, v.number(t, "variance"), 1e-14)
		s := must(RequiredSample(variance, r.Margin, r.Conf, 0))(t)
		wantRelative(t, v.ID, must(unlimitedSample(variance, r.Margin, r.Conf))(t), v.number(t, "n"))
		wantNumber(t, v.ID, float64(s), v.number(t, "n_ceiling"), 0)
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
		wantRelative(t, v.ID+" fpc", must(finitePopulation(r.N, population))(t), v.number(t, "fpc"))
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
	if s := must(RequiredSample(0.25, 1e-9, 0.95, 120))(t); s != 120 {
		t.Errorf("%+v", s)
	}
	if s := must(RequiredSample(0.25, 100, 0.95, 120))(t); s != 1 {
		t.Errorf("%+v", s)
	}
	for _, c := range []struct {
		n, population int64
		want          float64
		err           error
	}{{0, 10, 0, ErrNoData}, {-1, 10, 0, ErrCount}, {11, 10, 0, ErrCount}, {1, -1, 0, ErrCount}, {10, 10, 0, nil}, {1, 1, 0, nil}, {1, 10, 1, nil}, {5, 0, 1, nil}} {
		got, err := finitePopulation(c.n, c.population)
		wantError(t, "finitePopulation", err, c.err)
		wantNumber(t, "correction", got, c.want, 1e-15)
		_, err = MarginOfError(0.25, c.n, 0.95, c.population)
		wantError(t, "MarginOfError", err, c.err)
	}
}
