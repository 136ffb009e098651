package compare_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// A model draws the figures of a desk: each conversation by itself.
type model struct {
	median     time.Duration // of the first response; the times are log-normal
	spread     float64       // of their logarithm
	satisfied  float64
	oneTouch   float64
	reopened   float64
	unanswered float64
}

var usualDesk = model{median: 40 * time.Minute, spread: 1.4, satisfied: 0.8, oneTouch: 0.4, reopened: 0.07, unanswered: 0.04}

// figures draws n conversations.
func (m model) figures(r *rand.Rand, n int) *compare.Observed {
	f := &compare.Observed{Figures: metrics.Figures{Cases: int64(n), Conversations: int64(n)}}
	took := func(median time.Duration) time.Duration {
		return time.Duration(float64(median) * math.Exp(m.spread*r.NormFloat64()))
	}
	for range n {
		if r.Float64() < m.unanswered {
			f.Figures.ClosedUnanswered++
			continue
		}
		first := took(m.median)
		f.Figures.Elapsed.FirstResponse.Add(first)
		f.Figures.Elapsed.Response.Add(first)
		replies := int64(1)
		f.Figures.OneTouch.Whole++
		if r.Float64() < m.oneTouch {
			f.Figures.OneTouch.Part++
		} else {
			next := took(m.median / 2)
			f.Figures.Elapsed.Response.Add(next)
			f.Figures.Elapsed.NextResponse.Add(next)
			replies++
		}
		f.Figures.RepliesToResolve.Whole++
		f.Figures.RepliesToResolve.Part += replies
		f.Figures.Volume.Replies += replies
		if r.Float64() < 0.3 {
			f.Figures.Volume.Automated++
		}
		f.Figures.Elapsed.FullResolution.Add(took(20 * m.median))
		if r.Float64() < m.reopened {
			f.Figures.Reopened++
		}
		if r.Float64() < 0.35 {
			stars := rating.Stars(1 + r.IntN(3))
			if r.Float64() < m.satisfied {
				stars = rating.Stars(4 + r.IntN(2))
			}
			_ = f.Figures.Ratings.Add(stars)
		}
	}
	return f
}

func differences(t testing.TB, f *compare.Family) []compare.Difference {
	t.Helper()
	all, err := f.Differences()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Noise is no news: of desks that did not change, at most one family in twenty
// has a verdict of a change, whatever it asks.
func TestNothingChanged(t *testing.T) {
	families := rounds(1000)
	for name, indices := range map[string][]compare.Metric{
		"usual": compare.Usual(),
		"other": {
			compare.FirstResponse.Mean(), compare.FirstResponse.P90(), compare.NextResponse, compare.FullResolution.Mean(),
			compare.Stars, compare.Automated, compare.RepliesToResolve,
		},
		"beyond": {compare.FirstResponse, compare.FullResolution.Mean(), compare.CSAT, compare.Reopened},
	} {
		wrong, r := 0, rand.New(rand.NewPCG(7, uint64(name[0])))
		for range families {
			// From a small team's month to a large one's, of unequal size.
			n := 60 << r.IntN(4)
			draw := func() *compare.Observed { return usualDesk.figures(r, n+r.IntN(n)) }
			var family compare.Family
			for _, i := range indices {
				if name == "beyond" {
					family.Beyond(i, draw(), draw(), draw(), draw())
					family.Standardised(i, compare.Pair{Before: draw(), After: draw()}, compare.Pair{Before: draw(), After: draw()})
				}
			}
			if name != "beyond" {
				before, after := draw(), draw()
				for _, i := range indices {
					family.Change(i, before, after)
				}
			}
			if slices.ContainsFunc(differences(t, &family), func(d compare.Difference) bool { return d.Conclusion.Changed() }) {
				wrong++
			}
		}
		// Three standard errors above 5 %.
		limit := 0.05 + 3*math.Sqrt(0.05*0.95/float64(families))
		share := float64(wrong) / float64(families)
		t.Logf("%s: %d of %d families, %.1f %%", name, wrong, families, 100*share)
		if share > limit {
			t.Errorf("%s: %.1f %% of families report a change where there is none", name, 100*share)
		}
	}
}

// A desk that halves its response time and satisfies nine of ten in place of
// seven is told so, and of nothing else.
func TestTrueImprovement(t *testing.T) {
	better := usualDesk
	better.median, better.satisfied = better.median/2, 0.9
	worse := usualDesk
	worse.satisfied = 0.7
	r := rand.New(rand.NewPCG(8, 8))
	found := make(map[compare.Metric]int)
	wrong := 0 // of which one in twenty is to be expected
	const times = 40
	for range times {
		before, after := worse.figures(r, 1500), better.figures(r, 1500)
		for _, d := range compare.Figures(before, after) {
			switch d.Conclusion {
			case stat.Better:
				found[d.Metric]++
			case stat.Worse:
				wrong++
			}
		}
	}
	for _, i := range []compare.Metric{compare.FirstResponse, compare.Response, compare.FullResolution, compare.CSAT} {
		if found[i] < times-1 {
			t.Errorf("%v: found %d of %d times", i, found[i], times)
		}
	}
	for _, i := range []compare.Metric{compare.OneTouch, compare.Reopened, compare.Unanswered} {
		wrong += found[i]
	}
	if wrong > 5 {
		t.Errorf("wrong %d of %d times", wrong, times)
	}
}

// A genDesk is a desk of random figures, of any size from none.
func genDesk() gopter.Gen {
	return gopter.DeriveGen(
		func(seed, n int64, percent int) *compare.Observed {
			m := usualDesk
			m.satisfied, m.oneTouch, m.reopened = float64(percent)/100, 1-float64(percent)/100, float64(percent%10)/10
			m.median = time.Duration(percent+20) * time.Minute
			return m.figures(rand.New(rand.NewPCG(uint64(seed), 1)), int(n))
		},
		func(*compare.Observed) (int64, int64, int) { return 0, 0, 0 },
		gen.Int64Range(0, 1<<30), gen.Int64Range(0, 300), gen.IntRange(0, 100),
	).WithShrinker(gopter.NoShrinker)
}

// all asks every question that there is about four desks.
func all(level float64, minimum int64, a, b, c, d *compare.Observed) ([]compare.Difference, error) {
	f := compare.Family{Level: level, Minimum: minimum}
	for _, i := range indices() {
		f.Change(i, a, b)
		f.Beyond(i, a, b, c, d)
		f.Standardised(i, compare.Pair{Before: a, After: b}, compare.Pair{Before: c, After: d})
	}
	return f.Differences()
}

func TestVerdictLaws(t *testing.T) {
	properties := laws(t, 120)
	desks := []gopter.Gen{genDesk(), genDesk(), genDesk(), genDesk(), gen.OneConstOf(0.5, 0.8, 0.95, 0.99), gen.Int64Range(1, 40)}
	properties.Property("the verdict follows from the adjusted P, and the interval says the same", prop.ForAll(
		func(a, b, c, d *compare.Observed, level float64, minimum int64) bool {
			differences, err := all(level, minimum, a, b, c, d)
			if err != nil {
				return false
			}
			for _, d := range differences {
				if tested := d.Conclusion >= stat.NotDistinguishable; tested != (d.Change.Level > 0) || tested != (d.Test.Method != stat.DefaultMethod) || !tested && d.Adjusted != 1 {
					t.Log(d)
					return false
				} else if !tested {
					continue
				}
				// Away from the edge, where the last digits decide.
				if math.Abs(d.Adjusted-(1-level)) < 1e-9 {
					continue
				}
				excludes := !d.Change.Contains(0)
				if d.Conclusion.Changed() != (d.Adjusted <= 1-level) || excludes != d.Conclusion.Changed() || d.Change.Level < level || d.Adjusted < d.Test.P {
					t.Logf("%v %+v", d, d)
					return false
				}
				up := d.Conclusion == stat.Higher || d.Conclusion == stat.Better && d.Metric.Direction() == stat.HigherIsBetter || d.Conclusion == stat.Worse && d.Metric.Direction() == stat.LowerIsBetter
				if d.Conclusion.Changed() && up != (d.Change.Low > 0) {
					t.Log(d)
					return false
				}
			}
			return true
		}, desks...))
	mirror := map[stat.Conclusion]stat.Conclusion{
		stat.Better: stat.Worse, stat.Worse: stat.Better, stat.Higher: stat.Lower, stat.Lower: stat.Higher,
	}
	properties.Property("after against before is the mirror image", prop.ForAll(
		func(a, b, c, d *compare.Observed, level float64, minimum int64) bool {
			forth, _ := all(level, minimum, a, b, c, d)
			back, _ := all(level, minimum, b, a, d, c)
			for n, d := range forth {
				e := back[n]
				// A ratio's mirror image is its inverse, which the same
				// before and after does not have.
				if d.Metric == compare.RepliesToResolve || d.Metric == compare.Conversations {
					continue
				}
				want := d.Conclusion
				if m, ok := mirror[want]; ok {
					want = m
				}
				near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9*(1+math.Abs(x)) }
				if e.Before != d.After || e.After != d.Before || math.Abs(d.Adjusted-(1-level)) > 1e-9 && e.Conclusion != want ||
					!near(e.Test.P, d.Test.P) || near(e.Change.Level, d.Change.Level) &&
					(!near(e.Change.Low, -d.Change.High) || !near(e.Change.High, -d.Change.Low)) ||
					!near(e.Change.Level, d.Change.Level) && d.Test.P > 1e-9 { // of less, rounding decides which step of Holm comes first
					t.Logf("%v\n%v", d, e)
					return false
				}
			}
			return true
		}, desks...))
	properties.TestingRun(t)
}

// The level at which a question is decided is that of Holm's step: of three
// questions of which one is of a change, that one at 1 − 0.05/3, and the others,
// at which the procedure stops, at 1 − 0.05/2.
func TestHolmLevels(t *testing.T) {
	desk := func(satisfied, oneTouch, reopened int64) *compare.Observed {
		f := &compare.Observed{Figures: metrics.Figures{Cases: 500, Conversations: 500, Reopened: reopened, OneTouch: stat.Ratio{Part: oneTouch, Whole: 500}}}
		f.Figures.Ratings, _ = rating.NewDistribution([5]int64{500 - satisfied, 0, 0, 0, satisfied})
		return f
	}
	before, after := desk(300, 200, 50), desk(400, 204, 49)
	var f compare.Family
	f.Change(compare.OneTouch, before, after)
	f.Change(compare.CSAT, before, after)
	f.Change(compare.FirstResponse, before, after)
	f.Change(compare.Reopened, before, after)
	got := differences(t, &f)
	for n, want := range []struct {
		verdict stat.Conclusion
		level   float64
	}{
		{stat.NotDistinguishable, 1 - 0.05/2}, {stat.Better, 1 - 0.05/3}, {stat.NoData, 0}, {stat.NotDistinguishable, 1 - 0.05/2},
	} {
		if d := got[n]; d.Conclusion != want.verdict || math.Abs(d.Change.Level-want.level) > 1e-12 {
			t.Errorf("%v at %v, want %v at %v", d, d.Change.Level, want.verdict, want.level)
		}
	}
	p, _ := stat.Holm([]float64{got[0].Test.P, got[1].Test.P, got[3].Test.P})
	if !slices.Equal(p, []float64{got[0].Adjusted, got[1].Adjusted, got[3].Adjusted}) || got[2].Adjusted != 1 {
		t.Errorf("adjusted to %v %v %v, want %v", got[0].Adjusted, got[1].Adjusted, got[3].Adjusted, p)
	}
	// What a change takes depends on how much else was asked.
	after = desk(332, 200, 50)
	alone := compare.Figures(before, after, compare.CSAT)[0]
	if alone.Conclusion != stat.Better || alone.Change.Level != 0.95 {
		t.Errorf("%v", alone)
	}
	for range 20 {
		f.Change(compare.OneTouch, before, after)
	}
	f.Change(compare.CSAT, before, after)
	if last := differences(t, &f)[24]; last.Conclusion != stat.NotDistinguishable {
		t.Errorf("%v", last)
	}
}

func TestTooFew(t *testing.T) {
	a, b := usualDesk.figures(rand.New(rand.NewPCG(1, 1)), 19), usualDesk.figures(rand.New(rand.NewPCG(1, 2)), 400)
	for _, tt := range []struct {
		minimum       int64
		before, after *compare.Observed
		want          stat.Conclusion
	}{
		{0, a, b, stat.TooFew}, {0, b, a, stat.TooFew}, {20, a, b, stat.TooFew}, {19, a, b, stat.NotDistinguishable},
	} {
		f := compare.Family{Minimum: tt.minimum}
		f.Change(compare.Reopened, tt.before, tt.after)
		if d := differences(t, &f)[0]; d.Conclusion != tt.want || d.Before.N+d.After.N != 419 {
			t.Errorf("at least %d: %v", tt.minimum, d)
		}
	}
	// A t test of one value, and a percentile of ten, are beyond any minimum.
	f := compare.Family{Minimum: -5}
	one, ten := new(compare.Observed), new(compare.Observed)
	one.Figures.Elapsed.FirstResponse = minutes(5)
	ten.Figures.Elapsed.FirstResponse = minutes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	f.Change(compare.FirstResponse.Mean(), one, ten)
	f.Change(compare.FirstResponse, ten, one)
	f.Change(compare.FirstResponse.P90(), ten, ten)
	f.Beyond(compare.FirstResponse.Mean(), ten, ten, ten, one)
	f.Change(compare.CSAT, ten, ten)
	f.Change(compare.FirstResponse, ten, ten)
	// A median of five has no interval at 0.95, and a standard error.
	five := new(compare.Observed)
	five.Figures.Elapsed.FirstResponse = minutes(1, 2, 3, 4, 5)
	f.Change(compare.FirstResponse, ten, five)
	two := new(compare.Observed)
	two.Figures.Elapsed.FirstResponse = minutes(1, 2)
	f.Beyond(compare.FirstResponse.Mean(), ten, two, ten, two)
	for n, want := range []stat.Conclusion{stat.TooFew, stat.TooFew, stat.TooFew, stat.TooFew, stat.NoData, stat.NotDistinguishable, stat.NotDistinguishable, stat.NotDistinguishable} {
		if d := differences(t, &f)[n]; d.Conclusion != want {
			t.Errorf("%v, want %v", d, want)
		}
	}
}

// Where nothing varies, the same is no change, and what differs has no test.
func TestNoVariation(t *testing.T) {
	desk := func(minutes int, stars rating.Stars) *compare.Observed {
		f := new(compare.Observed)
		for range 40 {
			f.Figures.Elapsed.Response.Add(time.Duration(minutes) * time.Minute)
			_ = f.Figures.Ratings.Add(stars)
		}
		return f
	}
	for _, i := range []compare.Metric{compare.Response, compare.Response.Mean(), compare.Response.P90(), compare.Stars} {
		if d := compare.Figures(desk(5, 5), desk(5, 5), i)[0]; d.Conclusion != stat.NotDistinguishable || d.Adjusted != 1 || d.Change.Width() != 0 {
			t.Errorf("%v", d)
		}
		if d := compare.Figures(desk(5, 5), desk(6, 4), i)[0]; d.Conclusion != stat.NotTested || d.Change.Level != 0 {
			t.Errorf("%v", d)
		}
	}
	if d := compare.Figures(desk(5, 5), desk(6, 3), compare.CSAT)[0]; d.Conclusion != stat.Worse || d.Change.Estimate != -1 {
		t.Errorf("%v", d)
	}
}

func TestCounts(t *testing.T) {
	january := metrics.PeriodOf(metrics.Month, 2026, time.January, 1, time.Monday)
	end := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	spans, err := compare.Periods(january, january.Next(1), nil, end)
	if err != nil {
		t.Fatal(err)
	}
	// A day's arrivals are the same, and the month is three days short.
	before, after := &compare.Observed{Figures: metrics.Figures{Conversations: 3100}}, &compare.Observed{Figures: metrics.Figures{Conversations: 2800}}
	f := compare.Family{Spans: spans}
	f.Change(compare.Conversations, before, after)
	if d := differences(t, &f)[0]; d.Conclusion != stat.NotDistinguishable || math.Abs(d.Change.Estimate) > 1e-12 {
		t.Errorf("%v", d)
	}
	// As if of the same length, it is.
	if d := compare.Figures(before, after, compare.Conversations)[0]; d.Conclusion != stat.Lower || math.Abs(d.Change.Estimate-(2800.0/3100-1)) > 1e-12 {
		t.Errorf("%v", d)
	}
	for _, tt := range []struct {
		before, after int64
		want          stat.Conclusion
	}{
		{100, 0, stat.Lower}, {0, 100, stat.NotTested}, {19, 3, stat.TooFew}, {3, 60, stat.Higher}, {0, 0, stat.TooFew},
	} {
		d := compare.Figures(&compare.Observed{Figures: metrics.Figures{Conversations: tt.before}}, &compare.Observed{Figures: metrics.Figures{Conversations: tt.after}}, compare.Conversations)[0]
		if d.Conclusion != tt.want {
			t.Errorf("%d and %d: %v, want %v", tt.before, tt.after, d, tt.want)
		}
	}
	single := compare.Family{Minimum: 1}
	single.Change(compare.Conversations, new(compare.Observed), new(compare.Observed))
	single.Change(compare.Conversations, &compare.Observed{Figures: metrics.Figures{Conversations: 1}}, new(compare.Observed))
	if got := differences(t, &single); got[0].Conclusion != stat.TooFew || got[1].Conclusion != stat.NotDistinguishable {
		t.Errorf("%v", got)
	}
	replies := func(part, whole int64) *compare.Observed {
		return &compare.Observed{Figures: metrics.Figures{RepliesToResolve: stat.Ratio{Part: part, Whole: whole}}}
	}
	d := compare.Figures(replies(800, 400), replies(500, 400), compare.RepliesToResolve)[0]
	if d.Conclusion != stat.Better || d.Change.Estimate != 500.0/800-1 || d.Test.Method.String() != "exact_conditional" {
		t.Errorf("%v", d)
	}
}

func TestFamilyErrors(t *testing.T) {
	for _, level := range []float64{1, -1, 1.5, math.NaN(), math.Inf(1)} {
		f := compare.Family{Level: level}
		f.Change(compare.CSAT, desk(t), desk(t))
		if all, err := f.Differences(); !errors.Is(err, stat.ErrLevel) || all != nil {
			t.Errorf("level %v: %v, %v", level, all, err)
		}
	}
	var f compare.Family
	f.Change("99", desk(t), desk(t))
	f.Beyond("99", desk(t), desk(t), desk(t), desk(t))
	f.Standardised("99", compare.Pair{Before: desk(t), After: desk(t)})
	for _, d := range differences(t, &f) {
		if d.Conclusion != stat.NoData || d.Metric != "99" || d.Before.N != 0 {
			t.Errorf("%v", d)
		}
	}
	var none compare.Family
	if all, err := none.Differences(); err != nil || len(all) != 0 {
		t.Errorf("nothing was asked: %v, %v", all, err)
	}
}

// For each pair of shares of 100 the conclusion is that of stat, and so the one that
// package survey draws.
func TestSharesAgreeWithStat(t *testing.T) {
	figures := make([]*compare.Observed, 101)
	for x := range int64(101) {
		figures[x] = new(compare.Observed)
		figures[x].Figures.Ratings, _ = rating.NewDistribution([5]int64{100 - x, 0, 0, 0, x})
	}
	for x1 := range int64(101) {
		for x2 := range int64(101) {
			contrast, err := stat.CompareShares(stat.Ratio{Part: x2, Whole: 100}, stat.Ratio{Part: x1, Whole: 100})
			if err != nil {
				t.Fatal(err)
			}
			want, err := stat.Decide(0.95, contrast)
			if d := compare.Figures(figures[x1], figures[x2], compare.CSAT)[0]; err != nil || d.Conclusion != want[0].Conclusion(stat.HigherIsBetter) ||
				d.Change != want[0].Change || d.Change.Contains(0) == d.Conclusion.Changed() {
				t.Fatalf("%d and %d: %v, %v, %v", x1, x2, d, want, err)
			}
		}
	}
}

func TestPairsWithoutFigures(t *testing.T) {
	var family compare.Family
	family.Standardised(compare.CSAT, compare.Pair{})
	family.Change(compare.FirstResponse, nil, nil)
	all, err := family.Differences()
	if err != nil || fmt.Sprint(all) != "[CSAT at the same mix: no data median first response: no data]" {
		t.Errorf("%v, %v", all, err)
	}
}
