package stat

import (
	"math"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

// logLogEnds are the ends of F^exp(±z·SE/(F·log F)) at 0.95.
func logLogEnds(f, variance float64) []float64 {
	factor := math.Exp(1.959963984540054 * math.Sqrt(variance) / (f * math.Log(f)))
	return []float64{math.Pow(f, 1/factor), math.Pow(f, factor)}
}

// The trivial data of the R package survival, tests/testci.R, whose curves and
// variances are worked out there by hand, by the infinitesimal jackknife: cause 1
// is 1/7 from time 2 with the variance 6/343, cause 2 is 12/35 at time 3 with
// 1632/42875 and 6/7 at time 6 with 6/343.
func TestIncidenceAgreesWithSurvival(t *testing.T) {
	endings := []Ending{{1, 0}, {2, 1}, {2, 0}, {3, 2}, {3, 0}, {3, 2}, {5, 0}, {6, 2}}
	f := must(CumulativeIncidence(endings))(t)
	steps := f.steps
	if f.N() != 8 || f.Causes() != 2 || len(steps) != 3 {
		t.Fatalf("%d endings of %d causes: %+v", f.N(), f.Causes(), steps)
	}
	for i, want := range []incidenceStep{
		{2, 7, []int64{1, 0}, []float64{1. / 7, 0}, 6. / 7},
		{3, 5, []int64{0, 2}, []float64{1. / 7, 12. / 35}, 18. / 35},
		{6, 1, []int64{0, 1}, []float64{1. / 7, 6. / 7}, 0},
	} {
		got := steps[i]
		if got.time != want.time || got.atRisk != want.atRisk || got.events[0] != want.events[0] || got.events[1] != want.events[1] {
			t.Errorf("step %+v, want %+v", got, want)
		}
		wantNumber(t, "survival", got.survival, want.survival, 1e-15)
		wantNumber(t, "cause 1", got.incidence[0], want.incidence[0], 1e-15)
		wantNumber(t, "cause 2", got.incidence[1], want.incidence[1], 1e-15)
	}
	for _, c := range []struct {
		cause       int
		t           time.Duration
		f, variance float64
	}{
		{1, 2, 1. / 7, 6. / 343}, {1, 3, 1. / 7, 6. / 343}, {1, 6, 1. / 7, 6. / 343}, {1, 99, 1. / 7, 6. / 343},
		{2, 3, 12. / 35, 1632. / 42875}, {2, 5, 12. / 35, 1632. / 42875}, {2, 6, 6. / 7, 6. / 343},
	} {
		iv := must(f.At(c.cause, c.t, 0.95))(t)
		wantNumber(t, "incidence", iv.Estimate, c.f, 1e-15)
		wantEnds(t, "interval", iv, logLogEnds(c.f, c.variance), 1e-12)
		if iv.Method != logLog || iv.Level != 0.95 {
			t.Errorf("%+v", iv)
		}
	}
}

// bmt are 35 patients with leukaemia of Scrucca, Santucci & Aversa, "Competing
// risk analysis using R: an easy guide for clinicians", Bone Marrow
// Transplantation 40:381, 2007: months to relapse (1) or death (2).
var bmt = []Ending{
	{13, 2}, {1, 1}, {72, 0}, {7, 2}, {8, 2}, {67, 0}, {9, 2}, {5, 2}, {70, 0}, {4, 0}, {7, 0}, {68, 0}, {1, 2}, {10, 2},
	{7, 2}, {3, 1}, {4, 1}, {4, 1}, {3, 1}, {3, 1}, {22, 2}, {8, 1}, {2, 2}, {0, 2}, {0, 1}, {35, 0}, {35, 0}, {4, 2},
	{14, 2}, {26, 2}, {3, 2}, {2, 0}, {8, 0}, {32, 0}, {12, 1},
}

// plainIncidence sums the definition and its variance over all endings at each
// time.
func plainIncidence(all []Ending, cause int, t time.Duration) (f, variance float64) {
	type step struct{ r, all, d, survival, f float64 }
	var steps []step
	survival := 1.0
	for at := time.Duration(0); at <= t; at++ {
		var s step
		for _, e := range all {
			if e.Time >= at {
				s.r++
			}
			if e.Time == at && e.Cause > 0 {
				s.all++
			}
			if e.Time == at && e.Cause == cause {
				s.d++
			}
		}
		if s.all == 0 {
			continue
		}
		f += survival * s.d / s.r
		s.survival, s.f = survival, f
		survival *= 1 - s.all/s.r
		steps = append(steps, s)
	}
	for _, s := range steps {
		if s.r > s.all {
			variance += (f - s.f) * (f - s.f) * s.all / (s.r * (s.r - s.all))
		}
		variance += s.survival*s.survival*s.d*(s.r-s.d)/(s.r*s.r*s.r) - 2*(f-s.f)*s.survival*s.d/(s.r*s.r)
	}
	return f, variance
}

func TestIncidenceOfPatients(t *testing.T) {
	f := must(CumulativeIncidence(bmt))(t)
	for at := time.Duration(0); at <= 72; at++ {
		for cause := 1; cause <= 2; cause++ {
			want, variance := plainIncidence(bmt, cause, at)
			iv := must(f.At(cause, at, 0.95))(t)
			wantNumber(t, "incidence", iv.Estimate, want, 1e-13)
			wantEnds(t, "interval", iv, logLogEnds(want, variance), 1e-10)
		}
	}
	// By exact fractions: relapse 0.2728 with the standard error 0.0781.
	iv := must(f.At(1, 30, 0.95))(t)
	wantNumber(t, "relapse", iv.Estimate, 0.2728389878118735, 1e-14)
	wantEnds(t, "relapse", iv, logLogEnds(0.2728389878118735, 0.07809068788291126*0.07809068788291126), 1e-12)
	if at, ok := f.Quantile(1, 0.2); !ok || at != 4 {
		t.Errorf("a fifth had relapsed by %v, %v", at, ok)
	}
	if at, ok := f.Quantile(1, 0.3); ok {
		t.Errorf("three in ten had relapsed by %v", at)
	}
	q := must(f.QuantileInterval(1, 0.2, 0.95))(t)
	if !q.HasEstimate || q.Estimate != 4 || !q.HasLow || q.Low != 3 || q.HasHigh || q.Method != logLog {
		t.Errorf("%+v", q)
	}
}

func TestIncidenceLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	ending := gopter.CombineGens(gen.Int64Range(0, 8), gen.IntRange(0, 3)).Map(func(v []any) Ending {
		return Ending{time.Duration(v[0].(int64)), v[1].(int)}
	})
	endings := gen.SliceOf(ending).SuchThat(func(all []Ending) bool { return len(all) > 0 })
	properties.Property("is the definition; adds up to 1 with survival; never falls; intervals hold it", prop.ForAll(func(all []Ending) bool {
		f := must(CumulativeIncidence(all))(t)
		together := make([]Observation, len(all))
		for i, e := range all {
			together[i] = Observation{e.Time, e.Cause == 0}
		}
		survival := must(KaplanMeier(together))(t)
		previous := make([]float64, f.Causes()+1)
		for at := time.Duration(0); at <= 9; at++ {
			sum := 0.0
			for cause := 1; cause <= f.Causes(); cause++ {
				iv, err := f.At(cause, at, 0.95)
				if err != nil {
					_, err := survival.At(at, 0.95)
					return err != nil && at > f.last
				}
				want, variance := plainIncidence(all, cause, at)
				if !agree(iv.Estimate, want, 1e-13) || iv.Estimate < previous[cause] || !(0 <= iv.Low && iv.Low <= iv.Estimate && iv.Estimate <= iv.High && iv.High <= 1) {
					return false
				}
				if ends := logLogEnds(want, variance); want > 0 && want < 1-1e-9 && (!agree(iv.Low, ends[0], 1e-9) || !agree(iv.High, ends[1], 1e-9)) {
					return false
				}
				previous[cause] = iv.Estimate
				sum += iv.Estimate
			}
			s, err := survival.At(at, 0.95)
			if err == nil && f.Causes() > 0 && !agree(sum+s.Estimate, 1, 1e-13) {
				return false
			}
		}
		return true
	}, endings))
	properties.Property("of one cause it is what Kaplan and Meier's curve has lost", prop.ForAll(func(all []Ending) bool {
		one := make([]Observation, len(all))
		ended := false
		for i := range all {
			all[i].Cause = min(all[i].Cause, 1)
			one[i] = Observation{all[i].Time, all[i].Cause == 0}
			ended = ended || all[i].Cause == 1
		}
		if !ended {
			return true
		}
		f, s := must(CumulativeIncidence(all))(t), must(KaplanMeier(one))(t)
		for i, step := range s.steps {
			got := f.steps[i]
			_, variance := plainIncidence(all, 1, step.time)
			if !agree(got.incidence[0], 1-step.survival, 1e-13) || !agree(variance, step.se*step.se, 1e-12) {
				return false
			}
		}
		return len(s.steps) == len(f.steps)
	}, endings))
	properties.Property("if all has ended it is the plain share, exactly, with the error of a share", prop.ForAll(func(all []Ending) bool {
		for i := range all {
			all[i].Cause = max(all[i].Cause, 1)
		}
		f := must(CumulativeIncidence(all))(t)
		n := float64(len(all))
		for cause := 1; cause <= f.Causes(); cause++ {
			for at := time.Duration(0); at <= 9; at++ {
				ended := 0.0
				for _, e := range all {
					if e.Cause == cause && e.Time <= at {
						ended++
					}
				}
				p := ended / n
				iv := must(f.At(cause, at, 0.95))(t)
				if iv.Estimate != p {
					return false
				}
				if ends := logLogEnds(p, p*(1-p)/n); p > 0 && p < 1 && (!agree(iv.Low, ends[0], 1e-9) || !agree(iv.High, ends[1], 1e-9)) {
					return false
				}
			}
		}
		return true
	}, endings))
	properties.TestingRun(t)
}

func TestIncidenceExtremes(t *testing.T) {
	_, err := CumulativeIncidence(nil)
	wantError(t, "none", err, ErrNoData)
	for _, bad := range []Ending{{-1, 1}, {1, -1}, {1, maxCauses + 1}} {
		_, err = CumulativeIncidence([]Ending{{1, 1}, bad})
		wantError(t, "bad", err, ErrValue)
	}
	_, err = Incidence{}.At(1, 0, 0.95)
	wantError(t, "zero value", err, ErrNoData)
	_, err = Incidence{}.QuantileInterval(1, 0.5, 0.95)
	wantError(t, "zero value", err, ErrNoData)
	if _, ok := (Incidence{}).Quantile(1, 0.5); ok {
		t.Error("median of nothing")
	}
	f := must(CumulativeIncidence([]Ending{{1, 2}, {2, 0}, {4, 0}, {5, 0}}))(t)
	for _, cause := range []int{-1, 0} {
		_, err = f.At(cause, 1, 0.95)
		wantError(t, "cause", err, ErrValue)
		_, err = f.QuantileInterval(cause, 0.5, 0.95)
		wantError(t, "cause", err, ErrValue)
		if _, ok := f.Quantile(cause, 0.5); ok {
			t.Errorf("median of cause %d", cause)
		}
	}
	_, err = f.At(1, -1, 0.95)
	wantError(t, "negative", err, ErrValue)
	_, err = f.At(1, 6, 0.95)
	wantError(t, "past the last", err, ErrNoData)
	for _, level := range badLevels {
		_, err = f.At(2, 1, level)
		wantError(t, "level", err, ErrLevel)
		_, err = f.QuantileInterval(2, 0.5, level)
		wantError(t, "level", err, ErrLevel)
	}
	for _, p := range []float64{0, 1, math.NaN()} {
		_, err = f.QuantileInterval(2, p, 0.95)
		wantError(t, "p", err, ErrValue)
		if _, ok := f.Quantile(2, p); ok {
			t.Errorf("quantile %v", p)
		}
	}
	// Nothing ended by cause 1. Before 2 all four are known, of which none has;
	// at 4 one had been lost.
	for at, known := range map[time.Duration]float64{0: 4, 1: 4, 2: 4, 3: 3, 4: 3, 5: 2} {
		iv := must(f.At(1, at, 0.95))(t)
		if want := 1 - math.Pow(0.025, 1/known); iv.Estimate != 0 || iv.Low != 0 || !agree(iv.High, want, 1e-12) || iv.Method != ClopperPearson {
			t.Errorf("at %d: %+v, want up to %v", at, iv, want)
		}
	}
	if a, b := must(f.At(1, 4, 0.95))(t), must(f.At(3, 4, 0.95))(t); a != b {
		t.Errorf("cause 1 %+v, cause 3 %+v", a, b)
	}
	if q := must(f.QuantileInterval(3, 0.5, 0.95))(t); q.HasEstimate || q.HasLow || q.HasHigh || q.Level != 0.95 {
		t.Errorf("%+v", q)
	}
	if at, ok := f.Quantile(3, 0.5); ok {
		t.Errorf("cause 3 by %v", at)
	}
	// All ended at once, in one way; and one after the other.
	once := must(CumulativeIncidence([]Ending{{5, 1}, {5, 1}}))(t)
	iv := must(once.At(1, 7, 0.95))(t)
	if wantEnds(t, "once", iv, []float64{math.Sqrt(0.025), 1}, 1e-12); iv.Estimate != 1 || iv.Method != ClopperPearson {
		t.Errorf("once: %+v", iv)
	}
	last := must(CumulativeIncidence([]Ending{{1, 1}, {2, 0}, {3, 1}}))(t)
	if a, b := must(last.At(1, 2, 0.9))(t), must(last.At(1, 3, 0.9))(t); b.Estimate != 1 || b.High != 1 || b.Low != a.Low || b.Method != logLog {
		t.Errorf("%+v, then %+v", a, b)
	}
	// Nothing has ended at all.
	open := must(CumulativeIncidence([]Ending{{5, 0}}))(t)
	if open.Causes() != 0 || len(open.steps) != 0 || open.N() != 1 {
		t.Errorf("%+v", open)
	}
}
