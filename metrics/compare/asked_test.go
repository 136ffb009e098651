package compare_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// definitions are indices of each kind.
func definitions() []survey.Definition {
	effort := survey.OneTo(5).LowerIsBetter()
	return []survey.Definition{
		survey.NetPromoter(), survey.TopBox(survey.OneTo(5), 2), survey.CES2(), survey.CES1(),
		{Name: "normalised", Scale: survey.OneTo(5), Statistic: survey.NormalisedMean},
		{Name: "normalised effort", Scale: effort, Statistic: survey.NormalisedMean},
		{Name: "below 0", Scale: survey.Scale{Min: -4, Max: 4, Step: 2}, Statistic: survey.MeanAnswer},
	}
}

func measured(t *testing.T, d survey.Definition, counts ...int64) survey.Index {
	t.Helper()
	a, err := survey.AnswersOf(d.Scale, counts)
	if err != nil {
		t.Fatal(err)
	}
	x, err := survey.Measure(d, a)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// The value, the interval and the verdict are those of package survey.
func TestAskedAgrees(t *testing.T) {
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(1, math.Abs(a)) }
	alike := func(a, b stat.Interval) bool {
		return near(a.Estimate, b.Estimate) && near(a.Low, b.Low) && near(a.High, b.High) && near(a.Level, b.Level) && a.Method == b.Method
	}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 4))
		for _, d := range definitions() {
			counts := func(lean int) []int64 {
				c := make([]int64, d.Scale.Points())
				for range 20 + r.IntN(100) {
					c[min(len(c)-1, r.IntN(len(c))+r.IntN(lean+1))]++
				}
				return c
			}
			x, y := measured(t, d, counts(0)...), measured(t, d, counts(r.IntN(3))...)
			metric, before := compare.Asked(x.Scores())
			same, after := compare.Asked(y.Scores())
			if metric != same || metric.String() != d.Name || metric.Direction() != map[bool]stat.Direction{true: stat.LowerIsBetter, false: stat.HigherIsBetter}[d.LowerIsBetter()] {
				t.Fatalf("%q and %q, %v", metric, same, metric.Direction())
			}
			v, ok := metric.Of(before, 0.95)
			if !ok || v.N != x.N() || !alike(v.Interval, x.Interval) || !near(v.Value, x.Interval.Estimate) {
				t.Errorf("%v: %+v, in survey %+v", d, v, x.Interval)
			}
			here := compare.Figures(before, after, metric)[0]
			there, err := survey.Compare(x, y)
			if err != nil || here.Conclusion != there.Conclusion || !alike(here.Change, there.Difference) || !near(here.Adjusted, there.AdjustedP) {
				t.Errorf("%v: %v, in survey %v (%v)", d, here, there, err)
			}
		}
	}
}

func TestAskedText(t *testing.T) {
	for _, d := range definitions() {
		metric, o := compare.Asked(measured(t, d, slices.Repeat([]int64{5}, d.Scale.Points())...).Scores())
		text, err := metric.MarshalText()
		var back compare.Metric
		if err != nil || back.UnmarshalText(text) != nil || back != metric {
			t.Errorf("%q, %v, read as %q", text, err, back)
		}
		var again compare.Observed
		if err := json.Unmarshal(must(json.Marshal(o)), &again); err != nil || !reflect.DeepEqual(again.Scores, o.Scores) {
			t.Errorf("%+v, %v, want %+v", again.Scores, err, o.Scores)
		}
		if v, ok := metric.InHours().Mean().Of(o, 0.95); !ok || v.Metric != metric {
			t.Errorf("%v", v)
		}
		for n := range len(metric) - len(d.Name) {
			if other := metric[:n] + metric[n+1:]; other.Unit() != "" && !strings.HasPrefix(string(other), "index:") {
				t.Errorf("%q is a metric", other)
			}
		}
	}
	for _, s := range []stat.ScoreCounts{{}, {Name: "x", Counts: []int64{1}}, {Counts: []int64{1, 2}}, {Name: "x", Direction: 9, Counts: []int64{1, 2}}, {Name: "x", Counts: make([]int64, 5000)}} {
		if metric, o := compare.Asked(s); metric != "" || len(o.Scores) != 0 {
			t.Errorf("%+v: %q", s, metric)
		}
	}
	for _, bad := range []compare.Metric{"index:", "index:higher_is_better:percent:0:2:", "index:up:percent:0:2:x", "index:higher_is_better:half:0:2:x", "index:higher_is_better:percent:00:2:x",
		"index:higher_is_better:percent:0:+2:x", "index:higher_is_better:percent:0:1:x", "index:higher_is_better:percent:0:9999:x", "index:higher_is_better:percent:0:x"} {
		if bad.Unit() != "" || bad.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q is a metric", bad)
		}
	}
}

func TestAskedWords(t *testing.T) {
	metric, before := compare.Asked(measured(t, survey.NetPromoter(), 80, 0, 0, 0, 0, 0, 0, 0, 40, 0, 80).Scores())
	_, after := compare.Asked(measured(t, survey.NetPromoter(), 40, 0, 0, 0, 0, 0, 0, 0, 40, 0, 120).Scores())
	if got, want := compare.Figures(after, before, metric)[0].String(), "NPS 40.0 → 0.0 (−40.0 points, 95 % −55.9 to −22.9 points): worse"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	_, low := compare.Asked(measured(t, survey.NetPromoter(), 125, 0, 0, 0, 0, 0, 0, 0, 0, 0, 75).Scores())
	if v, _ := metric.Of(low, 0.95); v.String() != "−25.0" {
		t.Errorf("%v", v)
	}
	mean, o := compare.Asked(measured(t, definitions()[6], 9, 1, 0, 0, 0).Scores())
	if v, _ := mean.Of(o, 0.95); v.String() != "−3.80" || mean.Unit() != "points" || metric.Unit() != "net share" {
		t.Errorf("%v in %s", v, mean.Unit())
	}
}

// An index merges with the times of the same group, and nothing that merges shares what
// it was made of.
func TestAskedMerge(t *testing.T) {
	nps, a := compare.Asked(measured(t, survey.NetPromoter(), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2).Scores())
	csat, b := compare.Asked(measured(t, survey.TopBox(survey.OneTo(5), 2), 1, 0, 0, 0, 4).Scores())
	o := rated(t, 3, 4)
	copied := *o
	for _, part := range []*compare.Observed{a, b, a} {
		if err := o.Merge(part); err != nil {
			t.Fatal(err)
		}
	}
	value := func(o *compare.Observed, metric compare.Metric) int64 {
		v, _ := metric.Of(o, 0.95)
		return v.N
	}
	if value(o, nps) != 6 || value(o, csat) != 5 || value(o, compare.CSAT) != 4 || value(a, nps) != 3 || len(copied.Scores) != 0 {
		t.Errorf("%+v, %+v", o.Scores, a.Scores)
	}
	huge := &compare.Observed{Scores: maps.Clone(a.Scores)}
	s := huge.Scores[nps]
	s.Counts = []int64{0, 0, math.MaxInt64}
	huge.Scores[nps] = s
	if err := o.Merge(huge); !errors.Is(err, stat.ErrCount) || value(o, nps) != 6 {
		t.Errorf("%v, %+v", err, o.Scores)
	}
}

// Answers of weeks are a timeline like any other: with a trend, a chart and gaps.
func TestAskedOverTime(t *testing.T) {
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for _, d := range definitions()[:3] {
		r, err := survey.NewResponses(survey.Question{ID: "q", Definition: d})
		if err != nil {
			t.Fatal(err)
		}
		for week := range 14 {
			if week == 6 {
				continue // nobody was asked
			}
			for i := range 30 {
				value := d.Scale.Min + (i*7+week)%2
				if i < 8+week {
					value = d.Scale.Max
				}
				if week == 13 {
					value = d.Scale.Min // the line was down
				}
				if err := r.Add(survey.Response{At: start.AddDate(0, 0, 7*week), Value: value}); err != nil {
					t.Fatal(err)
				}
			}
		}
		answers := survey.AnswersBy(r, func(x survey.Response) metrics.Period { return weeks.Of(x.At) })
		var metric compare.Metric
		observed := func(p metrics.Period) *compare.Observed {
			x, err := survey.Measure(d, answers[p])
			if err != nil {
				return nil
			}
			name, o := compare.Asked(x.Scores())
			metric = name
			return o
		}
		observed(weeks.Of(start))
		timeline := compare.NewTimeline(metric, weeks.Between(start, start.AddDate(0, 0, 14*7-1)), observed, 0.95)
		if len(timeline.Points) != 14 || !timeline.Points[6].Missing || timeline.Points[5].Missing {
			t.Fatalf("%v: %+v", d, timeline.Points)
		}
		trend, err := compare.Timeline{Metric: metric, Points: timeline.Points[:13]}.Trend(0.95)
		if err != nil || trend.Tendency != compare.Improving || trend.Gaps != 1 || trend.N != 12 {
			t.Errorf("%v: %v, %v", d, trend, err)
		}
		timeline.Baseline = 13
		chart := timeline.Control()
		if want := map[bool]compare.ChartMethod{true: compare.LaneyP, false: compare.XmR}[d.Statistic == survey.PositiveShare]; chart.Method != want || !chart.Limited {
			t.Errorf("%v: %+v", d, chart)
		}
		last := chart.Signals[len(chart.Signals)-1]
		if last.To != weeks.Of(start.AddDate(0, 0, 13*7)) || last.Tendency != compare.Worsening {
			t.Errorf("%v: %+v", d, chart.Signals)
		}
	}
}

// Teams are ranked with shrinkage, each against the rest.
func TestAskedCredit(t *testing.T) {
	teams := map[string][]int64{ // detractors, passives, promoters
		"big": {100, 100, 200}, "good": {20, 60, 220}, "bad": {150, 100, 50}, "lucky": {0, 0, 2},
	}
	observed := func(name string, _ struct{}) *compare.Observed {
		c := teams[name]
		_, o := compare.Asked(measured(t, survey.NetPromoter(), c[0], 0, 0, 0, 0, 0, 0, c[1], 0, 0, c[2]).Scores())
		return o
	}
	nps, _ := compare.Asked(measured(t, survey.NetPromoter(), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0).Scores())
	credit, err := compare.NewCredit(nps, slices.Values(slices.Sorted(maps.Keys(teams))), nil, observed, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, p := range credit.Places {
		order = append(order, fmt.Sprint(p.Key, " ", p.Rest.Conclusion))
		iv := p.Shrunken.Interval
		if iv.Low < -1 || iv.High > 1 || !iv.Contains(iv.Estimate) || p.Shrunken.Raw != p.Raw.Value {
			t.Errorf("%v: %+v", p, p.Shrunken)
		}
	}
	if want := []string{"good better", "lucky too few", "big not distinguishable", "bad worse"}; !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
	strata := func(yield func(struct{}) bool) { yield(struct{}{}) }
	if _, err := compare.NewCredit(nps, slices.Values([]string{"big"}), strata, observed, 0.95); !errors.Is(err, compare.ErrMetric) {
		t.Error(err)
	}
}

// Beyond and Standardised take net shares as they take means.
func TestAskedDesigns(t *testing.T) {
	of := func(minus, plus int64) *compare.Observed {
		_, o := compare.Asked(measured(t, survey.NetPromoter(), minus, 0, 0, 0, 0, 0, 0, 100-minus-plus, 0, 0, plus).Scores())
		return o
	}
	nps, _ := compare.Asked(measured(t, survey.NetPromoter(), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0).Scores())
	var family compare.Family
	family.Beyond(nps, of(30, 30), of(10, 60), of(30, 30), of(28, 32))
	family.Standardised(nps, compare.Pair{Before: of(30, 30), After: of(10, 60)}, compare.Pair{Before: of(50, 10), After: of(30, 40)})
	family.Indirect(nps, compare.Pair{Before: of(30, 30), After: of(30, 30)})
	list, err := family.Differences()
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []float64{0.46, 0.5, 0} {
		if got := list[k].Change.Estimate; math.Abs(got-want) > 1e-12 || list[k].Conclusion.Changed() != (want > 0) {
			t.Errorf("%v: %v, want %v", list[k], got, want)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
