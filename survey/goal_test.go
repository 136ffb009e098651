package survey_test

import (
	"errors"
	"math"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// The difference is the interval of the index less the goal, so that the verdict is
// whether the interval holds the goal.
func TestCompareGoal(t *testing.T) {
	goals := []stat.Ratio{{Part: 0, Whole: 1}, {Part: 2, Whole: 5}, {Part: 4, Whole: 5}, {Part: 1, Whole: 1}}
	indices := []survey.Index{
		must(survey.Measure(survey.NetPromoter(), nps(t, 10, 20, 70))), must(survey.Measure(survey.NetPromoter(), nps(t, 0, 0, 3))),
		must(survey.Measure(survey.TopBox(survey.OneTo(5), 2), answersOf(t, survey.OneTo(5), 3, 4, 10, 40, 43))),
		must(survey.Measure(trengo(), answersOf(t, survey.OneTo(5), 3, 4, 10, 40, 43))),
		must(must(survey.Measure(survey.EmployeeNet(), nps(t, 10, 20, 15))).OfPopulation(50)),
		must(must(survey.Measure(survey.EmployeeNet(), nps(t, 10, 20, 15))).OfPopulation(45)),
		must(must(survey.Measure(survey.Favourable(), answersOf(t, survey.OneTo(5), 1, 1, 1, 2, 3))).OfPopulation(12)),
	}
	for _, goal := range goals {
		g, _ := goal.Float64()
		for _, x := range indices {
			c := must(survey.CompareGoal(goal, x))[0]
			if math.Abs(c.Difference.Low+g-x.Interval.Low) > 1e-9 || math.Abs(c.Difference.High+g-x.Interval.High) > 1e-9 {
				t.Errorf("%v: %v, by itself %v", c, c.Difference, x.Interval)
			}
			if c.Conclusion.Changed() != (g < x.Interval.Low-1e-9 || g > x.Interval.High+1e-9) || c.Conclusion == stat.Better && !c.Reached || c.Conclusion == stat.Worse && c.Reached {
				t.Errorf("%v: %v", c, x.Interval)
			}
		}
	}
	// Together each is decided on at a higher level than alone.
	x := indices[2]
	all := must(survey.CompareGoal(stat.Ratio{Part: 83, Whole: 100}, x, x, x, x))
	if all[3].Difference.Level <= 0.95 || all[3].Index.Value != x.Value || !all[3].Reached || all[3].AdjustedP < 4*all[3].Test.P && all[3].AdjustedP < 1 {
		t.Errorf("%+v", all[3])
	}
	effort := answersOf(t, survey.OneTo(5).LowerIsBetter(), 90, 10, 0, 0, 0)
	e := must(survey.CompareGoal(stat.Ratio{Part: 3, Whole: 2}, must(survey.Measure(survey.CES1(), effort))))[0]
	if e.Conclusion != stat.Better || !e.Reached {
		t.Errorf("effort of 1.1 against 1.5: %v", e)
	}
	one := must(survey.CompareGoal(stat.Ratio{Part: 3, Whole: 1}, must(survey.Measure(survey.CES2(), answersOf(t, survey.OneTo(7), 0, 0, 0, 0, 1, 0, 0)))))[0]
	same := must(survey.CompareGoal(stat.Ratio{Part: 3, Whole: 1}, must(survey.Measure(survey.CES2(), answersOf(t, survey.OneTo(7), 0, 0, 0, 0, 4, 0, 0)))))[0]
	if one.Conclusion != stat.TooFew || same.Conclusion != stat.NotTested || same.Difference.Level != 0 || !same.Reached || same.AdjustedP != 1 {
		t.Errorf("%v, %v", one, same)
	}
	for _, bad := range []stat.Ratio{{}, {Part: 3, Whole: 2}, {Part: -3, Whole: 2}} {
		if _, err := survey.CompareGoal(bad, indices[0]); !errors.Is(err, survey.ErrDefinition) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if _, err := survey.CompareGoal(goals[0], survey.Index{}); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
	if list, err := survey.CompareGoal(goals[0]); len(list) != 0 || err != nil {
		t.Error(list, err)
	}
}

// The more of a staff have answered, the narrower the interval, down to none.
func TestOfPopulation(t *testing.T) {
	for _, d := range []survey.Definition{survey.Favourable(), trengo(), {Name: "mean", Scale: survey.OneTo(5), Statistic: survey.MeanAnswer},
		{Name: "net", Scale: survey.OneTo(5), Statistic: survey.NetShare, Positive: survey.Range{From: 4, Below: 6}, Negative: survey.Range{From: 1, Below: 3}}} {
		x := must(survey.Measure(d, answersOf(t, survey.OneTo(5), 3, 2, 10, 15, 15)))
		width := x.Interval.Width()
		if y := must(x.OfPopulation(1 << 40)); math.Abs(y.Interval.Width()-width) > 1e-6*width {
			t.Errorf("%v: %v of very many", x, y.Interval)
		}
		for _, population := range []int64{1000, 100, 60, 50, 46, 45} {
			y := must(x.OfPopulation(population))
			if !(y.Interval.Width() < width) || !y.Interval.Contains(y.Interval.Estimate) || y.Interval.Level != 0.95 || y.Population != population {
				t.Errorf("%v of %d: %v, no narrower than %v", d, population, y.Interval, width)
			}
			width = y.Interval.Width()
		}
		if width != 0 {
			t.Errorf("%v: all answered, and yet %v wide", d, width)
		}
		if back := must(must(x.OfPopulation(60)).OfPopulation(0)); back != x {
			t.Errorf("%+v, want %+v", back, x)
		}
		for _, bad := range []int64{-1, 1, 44} {
			if _, err := x.OfPopulation(bad); !errors.Is(err, survey.ErrCount) {
				t.Error(err)
			}
		}
	}
	// √(5/49) of Student's interval, and Wilson's and Tango's with n = 45·49/5.
	mean := survey.Definition{Name: "mean", Scale: survey.OneTo(5), Statistic: survey.MeanAnswer}
	x := must(survey.Measure(mean, answersOf(t, survey.OneTo(5), 3, 2, 10, 15, 15)))
	if y := must(x.OfPopulation(50)); !near(y.Interval.Width(), x.Interval.Width()*math.Sqrt(5.0/49)) {
		t.Errorf("%v, want %v", y.Interval, x.Interval)
	}
	share := must(must(survey.Measure(survey.Favourable(), answersOf(t, survey.OneTo(5), 3, 2, 10, 15, 15))).OfPopulation(50))
	want := must(stat.Weighted{N: 45, EffectiveN: 441, Mean: 2.0 / 3}.ShareInterval(0.95, stat.Wilson))
	if !near(share.Interval.Low, want.Low) || !near(share.Interval.High, want.High) {
		t.Errorf("%v, want %v", share.Interval, want)
	}
	net := must(must(survey.Measure(survey.EmployeeNet(), nps(t, 10, 20, 15))).OfPopulation(50))
	if iv := must(net.IntervalAt(0.9, stat.Tango)); iv.Method != stat.Tango || !(iv.Width() < net.Interval.Width()) || iv.Width() == 0 {
		t.Errorf("%v", iv)
	}
	if _, err := share.IntervalAt(0.95, stat.StudentT); !errors.Is(err, stat.ErrMethod) {
		t.Error(err)
	}
	for _, population := range []int64{0, 50, 45} {
		for _, d := range []survey.Definition{survey.EmployeeNet(), {Name: "mean", Scale: survey.ZeroTo(10), Statistic: survey.MeanAnswer}} {
			y := must(must(survey.Measure(d, nps(t, 10, 20, 15))).OfPopulation(population))
			if _, err := y.IntervalAt(2, 0); !errors.Is(err, stat.ErrLevel) {
				t.Errorf("%v of %d: %v", d, population, err)
			}
		}
	}
	if _, err := (survey.Index{}).OfPopulation(3); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
	one := must(survey.Measure(mean, answersOf(t, survey.OneTo(5), 0, 0, 0, 1, 0)))
	if y := must(one.OfPopulation(2)); y.Interval.Level != 0 {
		t.Errorf("%v", y)
	}
	if y := must(one.OfPopulation(1)); y.Interval.Level != 0.95 || y.Interval.Width() != 0 || y.Interval.Low != 4 {
		t.Errorf("%v", y)
	}
}
