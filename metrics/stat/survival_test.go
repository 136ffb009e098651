package stat

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

func TestPoisson(t *testing.T) {
	// Garwood (1936) and R's ?poisson.test: 137 events in 24.19893 give 5.661407,
	// 95 % interval 4.753125 to 6.692709; 10 events 4.795389 to 18.39036; none
	// 0 to 3.688879.
	for _, c := range []struct {
		x               int64
		exposure        float64
		rate, low, high float64
		half            float64
	}{
		{137, 24.19893, 5.661407, 4.753125, 6.692709, 5e-7},
		{10, 1, 10, 4.795389, 18.39036, 5e-6},
		{0, 1, 0, 0, 3.688879, 5e-7},
		{1, 2, 0.5, 0.02531781 / 2, 5.571643 / 2, 5e-7},
	} {
		iv := must(PoissonRate(c.x, c.exposure, 0.95))(t)
		if math.Abs(iv.Estimate-c.rate) > c.half || math.Abs(iv.Low-c.low) > c.half || math.Abs(iv.High-c.high) > c.half {
			t.Errorf("%+v: %+v", c, iv)
		}
	}
	// −log(α/2) is the closed form for no events.
	level := 1 - 1e-8
	alpha := 1 - level
	wantNumber(t, "none", must(PoissonRate(0, 1, level))(t).High, -math.Log(alpha/2), 1e-13)
	wantSound(t, "many", must(PoissonRate(math.MaxInt64, 1e-3, 0.95))(t), 0, math.MaxFloat64)
}

func TestPoissonErrors(t *testing.T) {
	_, err := PoissonRate(-1, 1, 0.95)
	wantError(t, "PoissonRate", err, ErrCount)
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err = PoissonRate(1, bad, 0.95)
		wantError(t, "PoissonRate", err, ErrValue)
	}
	_, err = PoissonRate(5, 1e-320, 0.95)
	wantError(t, "PoissonRate", err, ErrOverflow)
	for _, level := range badLevels {
		_, err = PoissonRate(1, 1, level)
		wantError(t, "PoissonRate", err, ErrLevel)
	}
}

type survivalRow struct {
	Time, Event []int64
	Group       []string
}

// survivalRowOf reads the input alone, since the params describe "event" by a
// text.
func survivalRowOf(t *testing.T, v vector) (r survivalRow) {
	t.Helper()
	if err := json.Unmarshal(v.Input, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r survivalRow) observations(keep string) (all []Observation) {
	for i := range r.Time {
		if keep == "" || r.Group[i] == keep {
			all = append(all, Observation{time.Duration(r.Time[i]) * time.Hour, r.Event[i] == 0})
		}
	}
	return all
}

func TestKaplanMeierVectors(t *testing.T) {
	for _, v := range vectors(t, "Kaplan-Meier retention") {
		r := survivalRowOf(t, v)
		s := must(KaplanMeier(r.observations("")))(t)
		steps := s.steps
		times := v.numbers(t, "times")
		if len(steps) != len(times) || s.N() != int64(len(r.Time)) {
			t.Fatalf("%s: %d steps of %d", v.ID, len(steps), s.N())
		}
		for i, step := range steps {
			at := time.Duration(times[i]) * time.Hour
			if step.time != at || float64(step.atRisk) != v.numbers(t, "n_risk")[i] || float64(step.events) != v.numbers(t, "n_event")[i] {
				t.Errorf("%s: step %+v", v.ID, step)
			}
			wantNumber(t, v.ID, step.survival, v.numbers(t, "survival")[i], vectorTolerance)
			wantNumber(t, v.ID+" se", step.se, v.numbers(t, "se_greenwood")[i], vectorTolerance)
			iv := must(s.At(at, 0.95))(t)
			wantEnds(t, v.ID, iv, []float64{v.numbers(t, "lower")[i], v.numbers(t, "upper")[i]}, vectorTolerance)
			if later := must(s.At(at+time.Minute, 0.95))(t); later != iv {
				t.Errorf("%s: the curve changes between steps", v.ID)
			}
		}
		if median, ok := s.Quantile(0.5); !ok || median != time.Duration(v.number(t, "median"))*time.Hour {
			t.Errorf("%s: median %v, %v", v.ID, median, ok)
		}
	}
}

func TestLogRankVectors(t *testing.T) {
	for _, v := range vectors(t, "log-rank test") {
		r := survivalRowOf(t, v)
		a, b := r.observations("Maintained"), r.observations("Nonmaintained")
		test, groups, err := logRankTest([][]Observation{a, b})
		if err != nil || test != must(CompareSurvival(a, b))(t) {
			t.Fatal(test, err)
		}
		wantRelative(t, v.ID+" chi-square", test.Statistic, v.number(t, "chisq"))
		wantRelative(t, v.ID+" p", test.P, v.number(t, "p"))
		// R survival prints observed 7 and 11, expected 10.69 and 7.31.
		if test.DF != 1 || groups[0].observed != 7 || groups[1].observed != 11 ||
			math.Abs(groups[0].expected-10.69) > 0.005 || math.Abs(groups[1].expected-7.31) > 0.005 {
			t.Errorf("%s: %+v", v.ID, test)
		}
		if other := must(CompareSurvival(b, a))(t); !agree(other.Statistic, test.Statistic, 1e-12) {
			t.Errorf("%s: order of groups matters: %+v", v.ID, other)
		}
		// A copy of a group splits its events evenly and adds a degree.
		three, parts, err := logRankTest([][]Observation{a, b, b})
		if err != nil || three.DF != 2 || !agree(parts[1].expected, parts[2].expected, 1e-12) {
			t.Errorf("%s: %+v", v.ID, three)
		}
	}
}

// plainSurvival multiplies the factors at each time, looking at all
// observations each time.
func plainSurvival(all []Observation, t time.Duration) float64 {
	s := 1.0
	seen := map[time.Duration]bool{}
	for _, o := range all {
		if o.Censored || o.Time > t || seen[o.Time] {
			continue
		}
		seen[o.Time] = true
		var risk, events float64
		for _, p := range all {
			if p.Time >= o.Time {
				risk++
			}
			if p.Time == o.Time && !p.Censored {
				events++
			}
		}
		s *= 1 - events/risk
	}
	return s
}

func TestKaplanMeierLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	observation := gopter.CombineGens(gen.Int64Range(0, 8), gen.Bool()).Map(func(v []any) Observation {
		return Observation{time.Duration(v[0].(int64)), v[1].(bool)}
	})
	observations := gen.SliceOf(observation)
	properties.Property("is the product; intervals hold it; falls", prop.ForAll(func(all []Observation) bool {
		if len(all) == 0 {
			return true
		}
		s := must(KaplanMeier(all))(t)
		previous := Interval{Estimate: 1, Low: 0, High: 1}
		for at := time.Duration(0); at <= 9; at++ {
			iv, err := s.At(at, 0.95)
			if err != nil {
				return plainSurvival(all, at) > 0 && at > s.times[len(all)-1]
			}
			if !agree(iv.Estimate, plainSurvival(all, at), 1e-13) || !(0 <= iv.Low && iv.Low <= iv.Estimate && iv.Estimate <= iv.High && iv.High <= 1) ||
				iv.Estimate > previous.Estimate || iv.Method == DefaultMethod {
				return false
			}
			previous = iv
		}
		return true
	}, observations))
	properties.Property("without censoring it is the share still going, exactly", prop.ForAll(func(all []Observation) bool {
		if len(all) == 0 {
			return true
		}
		for i := range all {
			all[i].Censored = false
		}
		s := must(KaplanMeier(all))(t)
		for _, step := range s.steps {
			longer := 0
			for _, o := range all {
				if o.Time > step.time {
					longer++
				}
			}
			if step.survival != float64(longer)/float64(len(all)) {
				return false
			}
		}
		return true
	}, observations))
	properties.TestingRun(t)
}

func TestKaplanMeierExtremes(t *testing.T) {
	_, err := KaplanMeier(nil)
	wantError(t, "none", err, ErrNoData)
	_, err = KaplanMeier([]Observation{{Time: -1}})
	wantError(t, "negative", err, ErrValue)
	_, err = Survival{}.At(0, 0.95)
	wantError(t, "zero value", err, ErrNoData)
	_, err = Survival{}.QuantileInterval(0.5, 0.95)
	wantError(t, "zero value", err, ErrNoData)
	if _, ok := (Survival{}).Quantile(0.5); ok {
		t.Error("median of nothing")
	}
	// Everybody still waits: nothing is known but that.
	open := must(KaplanMeier([]Observation{{5, true}, {7, true}, {9, true}}))(t)
	if _, ok := open.Quantile(0.5); ok || len(open.steps) != 0 {
		t.Error("median of open waits")
	}
	iv := must(open.At(6, 0.95))(t) // two were watched that long: (α/2)^(1/2)
	wantEnds(t, "open", iv, []float64{math.Sqrt(0.025), 1}, 1e-12)
	if iv.Method != ClopperPearson || iv.Estimate != 1 {
		t.Errorf("open: %+v", iv)
	}
	wantEnds(t, "at the last", must(open.At(9, 0.95))(t), []float64{0.025, 1}, 1e-12)
	_, err = open.At(10, 0.95)
	wantError(t, "past the last", err, ErrNoData)
	// Everybody ended at once.
	once := must(KaplanMeier([]Observation{{Time: 5}, {Time: 5}}))(t)
	iv = must(once.At(5, 0.95))(t)
	wantEnds(t, "once", iv, []float64{0, 1 - math.Sqrt(0.025)}, 1e-12)
	if later := must(once.At(1e9, 0.95))(t); later != iv || iv.Method != ClopperPearson {
		t.Errorf("once: %+v, later %+v", iv, later)
	}
	// The last one ended: the bound is that of the step before.
	last := must(KaplanMeier([]Observation{{Time: 1}, {Time: 2}, {Time: 3}}))(t)
	if a, b := must(last.At(2, 0.9))(t), must(last.At(3, 0.9))(t); a.High != b.High || b.Low != 0 || b.Estimate != 0 || last.steps[2].se != 0 {
		t.Errorf("%+v, then %+v", a, b)
	}
	_, err = last.At(-1, 0.9)
	wantError(t, "negative time", err, ErrValue)
	for _, level := range badLevels {
		_, err = last.At(1, level)
		wantError(t, "level", err, ErrLevel)
		_, err = last.QuantileInterval(0.5, level)
		wantError(t, "level", err, ErrLevel)
	}
	for _, p := range []float64{0, 1, math.NaN()} {
		_, err = last.QuantileInterval(p, 0.9)
		wantError(t, "p", err, ErrValue)
		if _, ok := last.Quantile(p); ok {
			t.Errorf("quantile %v", p)
		}
	}
	longest := must(KaplanMeier([]Observation{{math.MaxInt64, true}, {Time: math.MaxInt64}}))(t)
	if steps := longest.steps; len(steps) != 1 || steps[0].atRisk != 2 || steps[0].time != math.MaxInt64 {
		t.Errorf("%+v", steps)
	}
}

// Without censoring a quantile is the middle of the two values that share p lies
// between, or the value above it: type 2 of Hyndman and Fan.
func TestSurvivalQuantiles(t *testing.T) {
	for n := 1; n <= 60; n++ {
		waits := make([]Observation, n)
		for i := range waits {
			waits[i].Time = time.Duration(10*(i+1) + i*i%7)
		}
		s := must(KaplanMeier(waits))(t)
		for k := 1; k < 100; k++ {
			at := n * k / 100
			want := waits[min(at, n-1)].Time
			if n*k%100 == 0 {
				want = (waits[at-1].Time + want) / 2
			}
			if got, ok := s.Quantile(float64(k) / 100); !ok || got != want {
				t.Errorf("%d %% of %d: %v, want %v", k, n, got, want)
			}
		}
	}
	for _, c := range []struct {
		name   string
		waits  []Observation
		p      float64
		median time.Duration
		ok     bool
	}{
		{"two", []Observation{{Time: 10}, {Time: 20}}, 0.5, 15, true},
		{"tied", []Observation{{Time: 10}, {Time: 10}, {Time: 10}, {Time: 30}}, 0.5, 10, true},
		{"flat at half, one censored within", []Observation{{Time: 1}, {Time: 2}, {3, true}, {Time: 6}}, 0.5, 4, true},
		{"flat to the last, which is open", []Observation{{Time: 4}, {10, true}}, 0.5, 7, true},
		{"not reached", []Observation{{Time: 1}, {2, true}, {3, true}, {4, true}}, 0.5, 0, false},
		{"the ends of time", []Observation{{Time: math.MaxInt64 - 2}, {Time: math.MaxInt64}}, 0.5, math.MaxInt64 - 1, true},
		// (19/20)(18/19)…: a product that rounding moves from a tenth.
		{"0.9 is flat", []Observation{{0, true}, {Time: 1}, {Time: 2}, {Time: 3}, {Time: 4}, {Time: 5}, {Time: 6}, {Time: 7}, {Time: 8}, {Time: 9}, {Time: 19}}, 0.9, 14, true},
	} {
		s := must(KaplanMeier(c.waits))(t)
		if got, ok := s.Quantile(c.p); got != c.median || ok != c.ok {
			t.Errorf("%s: %v, %v, want %v", c.name, got, ok, c.median)
		}
		iv := must(s.QuantileInterval(c.p, 0.95))(t)
		if iv.Estimate != c.median || iv.HasLow && iv.Low > iv.Estimate && c.ok || iv.HasHigh && iv.High < iv.Estimate {
			t.Errorf("%s: %v", c.name, iv)
		}
		// One cause alone is the same curve.
		var endings []Ending
		for _, o := range c.waits {
			endings = append(endings, Ending{o.Time, b2i(!o.Censored)})
		}
		if got, ok := must(CumulativeIncidence(endings))(t).Quantile(1, c.p); got != c.median || ok != c.ok {
			t.Errorf("%s: incidence %v, %v, want %v", c.name, got, ok, c.median)
		}
	}
	// Of four that end, two by the first cause: a stretch in which others end is flat.
	f := must(CumulativeIncidence([]Ending{{1, 1}, {2, 1}, {3, 2}, {8, 1}}))(t)
	if got, ok := f.Quantile(1, 0.5); !ok || got != 5 {
		t.Errorf("incidence: %v", got)
	}
}

func TestMedianSurvivalInterval(t *testing.T) {
	// R's survival::aml: median 27, 95 % log-log interval 13 to 34 for all 23,
	// from the ends in the vectors: S_low first ≤ ½ at 13, S_high at 34.
	for _, v := range vectors(t, "Kaplan-Meier retention") {
		r := survivalRowOf(t, v)
		iv := must(must(KaplanMeier(r.observations("")))(t).QuantileInterval(0.5, 0.95))(t)
		want := func(key string) time.Duration {
			for i, s := range v.numbers(t, key) {
				if s <= 0.5 {
					return time.Duration(v.numbers(t, "times")[i]) * time.Hour
				}
			}
			return -1
		}
		if !iv.HasEstimate || !iv.HasLow || !iv.HasHigh || iv.Estimate != 27*time.Hour || iv.Low != want("lower") || iv.High != want("upper") {
			t.Errorf("%s: %+v", v.ID, iv)
		}
	}
	few := must(must(KaplanMeier([]Observation{{Time: 1}, {5, true}, {6, true}}))(t).QuantileInterval(0.5, 0.95))(t)
	if few.HasEstimate || few.HasHigh || !few.HasLow || few.Low != 1 {
		t.Errorf("%+v", few)
	}
}

func TestLogRankByHand(t *testing.T) {
	// One of two ends first: 1 observed, ½ expected, variance ¼.
	test, groups, err := logRankTest([][]Observation{{{Time: 1}}, {{Time: 2}}})
	if err != nil || test.Statistic != 1 || test.DF != 1 || groups[0].expected != 0.5 {
		t.Errorf("%+v", test)
	}
	// Degrees of freedom are one less than groups, whatever rounding leaves.
	all := million()
	for k := 2; k < 9; k++ {
		var groups [][]Observation
		for g := range k {
			groups = append(groups, all[g*50:g*50+50])
		}
		if test := must(CompareSurvival(groups...))(t); test.DF != float64(k-1) {
			t.Errorf("%d groups: %v degrees of freedom", k, test.DF)
		}
	}
}

func TestLogRankErrors(t *testing.T) {
	a := []Observation{{Time: 1}, {Time: 3}}
	_, err := CompareSurvival(a)
	wantError(t, "one group", err, ErrTooFew)
	_, err = CompareSurvival(a, nil)
	wantError(t, "empty group", err, ErrNoData)
	_, err = CompareSurvival(a, []Observation{{Time: -1}})
	wantError(t, "negative", err, ErrValue)
	_, err = CompareSurvival([]Observation{{4, true}}, []Observation{{5, true}})
	wantError(t, "no events", err, ErrNoVariation)
	_, err = CompareSurvival([]Observation{{Time: 4}}, []Observation{{2, true}})
	wantError(t, "never together", err, ErrNoVariation)
	same := must(CompareSurvival(a, a, a))(t)
	if math.Abs(same.Statistic) > 1e-12 || same.P < 1-1e-6 {
		t.Errorf("same groups: %+v", same)
	}
}

func million() []Observation {
	all := make([]Observation, 1e6)
	x := uint64(1)
	for i := range all {
		x = x*6364136223846793005 + 1442695040888963407
		all[i] = Observation{time.Duration(x >> 20), x>>10&3 == 0}
	}
	return all
}

func BenchmarkKaplanMeierMillion(b *testing.B) {
	all := million()
	b.ReportAllocs()
	for b.Loop() {
		s, _ := KaplanMeier(all)
		sink = float64(s.N())
	}
}
