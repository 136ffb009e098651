package survey_test

import (
	"errors"
	"math"
	"os"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// The rows tell the absolute difference; ours keeps its sign. They are at levels
// other than 0.95, so the limits follow from the standard error.
func TestCompareNPSVectors(t *testing.T) {
	for _, v := range vectors(t, "NPS two sample") {
		var in struct{ X, Y [3]int64 }
		v.decode(t, &in)
		x, _ := survey.NPS(nps(t, in.X[0], in.X[1], in.X[2]))
		y, _ := survey.NPS(nps(t, in.Y[0], in.Y[1], in.Y[2]))
		c, err := survey.Compare(y, x) // x minus y
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			continue
		}
		nx, _ := x.Value.Float64()
		ny, _ := y.Value.Float64()
		if !near(nx, v.number(t, "nps_x")) || !near(ny, v.number(t, "nps_y")) {
			t.Errorf("%s: %v and %v", v.ID, x, y)
		}
		half := 1.959963984540054 * v.number(t, "se_adjusted")
		if !near(c.Difference.Estimate, v.number(t, "diff_signed")) || !near(c.Difference.Width(), 2*half) || !near(c.Test.P, v.number(t, "p_adjusted")) {
			t.Errorf("%s: %v, %+v", v.ID, c.Difference, c.Test)
		}
		if back, err := survey.Compare(x, y); err != nil || !near(back.Difference.Low, -c.Difference.High) || back.AdjustedP != back.Test.P {
			t.Errorf("%s: turned around: %v, %v", v.ID, back.Difference, err)
		}
	}
}

// By the definition of Miettinen and Nurminen: 56/70 − 48/80 is 0.2, and the score
// of either end is 1.96 (see the tests of package stat).
func TestCompareShares(t *testing.T) {
	before := must(survey.Measure(survey.TopBox(survey.OneTo(2), 1), answersOf(t, survey.OneTo(2), 32, 48)))
	after := must(survey.Measure(survey.TopBox(survey.OneTo(2), 1), answersOf(t, survey.OneTo(2), 14, 56)))
	c := must(survey.Compare(before, after))
	if c.Difference.Method.String() != "miettinen_nurminen" || c.Difference.Level != 0.95 {
		t.Errorf("%v", c.Difference)
	}
	if c.Conclusion != stat.Better || c.Test.Method != c.Difference.Method {
		t.Errorf("%v, %+v", c.Conclusion, c.Test)
	}
	if got, want := c.String(), "up 20.0 points, 95 % 5.3 to 33.8: better"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	back := must(survey.Compare(after, before))
	if got, want := back.String(), "down 20.0 points, 95 % −33.8 to −5.3: worse"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	// P(later is better) + ½ P(as good): (56·32 + ½(56·48 + 14·32)) / (70·80).
	if want := (56*32 + 0.5*(56*48+14*32)) / 5600.0; !near(c.Superiority, want) || !near(back.Superiority, 1-want) {
		t.Errorf("superiority %v, want %v", c.Superiority, want)
	}
}

func TestCompareMeans(t *testing.T) {
	// By hand: 1, 2, 3 and 4, 5, 6 on 1 to 7: 3 ± t(4)·√(1/3+1/3).
	a := must(survey.NewAnswers(survey.OneTo(7), 1, 2, 3))
	b := must(survey.NewAnswers(survey.OneTo(7), 4, 5, 6))
	before, _ := survey.CES(a)
	after, _ := survey.CES(b)
	c := must(survey.Compare(before, after))
	half := 2.7764451051977987 * math.Sqrt(2.0/3)
	if !near(c.Difference.Low, 3-half) || !near(c.Difference.High, 3+half) || c.Difference.Method != stat.Welch || c.Superiority != 1 {
		t.Errorf("%v, superiority %v", c.Difference, c.Superiority)
	}
	if got, want := c.String(), "up 3.00 points, 95 % 0.73 to 5.27: better"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	// The rank test of complete separation of 3 and 3 has p = 2/20.
	if !near(c.RankTest.P, 0.1) {
		t.Errorf("%+v", c.RankTest)
	}
	// The same numbers where lower is better.
	effort := survey.OneTo(7).LowerIsBetter()
	d := survey.Definition{Name: "Effort", Scale: effort, Statistic: survey.MeanAnswer, Places: 2}
	x := must(survey.Measure(d, must(survey.NewAnswers(effort, 1, 2, 3))))
	y := must(survey.Measure(d, must(survey.NewAnswers(effort, 4, 5, 6))))
	c = must(survey.Compare(x, y))
	if c.Conclusion != stat.Worse || c.Superiority != 0 || c.Difference.Estimate != 3 {
		t.Errorf("%v, superiority %v", c, c.Superiority)
	}
	d.Statistic = survey.NormalisedMean
	x = must(survey.Measure(d, x.Answers))
	y = must(survey.Measure(d, y.Answers))
	c = must(survey.Compare(x, y))
	if c.Conclusion != stat.Worse || !near(c.Difference.Estimate, -0.5) || !near(c.Difference.Low, (-3-half)/6) || c.Test.Statistic > 0 {
		t.Errorf("%v, %v, %+v", c, c.Difference, c.Test)
	}
}

func TestCompareUnknown(t *testing.T) {
	measure := func(answers ...int) survey.Index {
		return must(survey.Measure(survey.CES2(), must(survey.NewAnswers(survey.OneTo(7), answers...))))
	}
	one, same, other := measure(5), measure(6, 6, 6), measure(7, 7)
	for _, tt := range []struct {
		before, after survey.Index
		want          stat.Conclusion
	}{{one, one, stat.TooFew}, {one, same, stat.TooFew}, {same, other, stat.NotTested}} {
		c, err := survey.Compare(tt.before, tt.after)
		if err != nil || c.Conclusion != tt.want || c.AdjustedP != 1 || c.String() != "the answers do not tell how certain the difference is" {
			t.Errorf("%v, %v, %v", c, c.Conclusion, err)
		}
	}
	if c, err := survey.Compare(same, same); err != nil || c.Conclusion != stat.NotDistinguishable || c.Superiority != 0.5 || c.Difference.Width() != 0 {
		t.Errorf("%v, %v", c, err)
	}
	// All the same answers still tell something of a share.
	good, _ := survey.CSAT(must(survey.NewAnswers(survey.OneTo(5), 5, 5, 5)))
	if c, err := survey.Compare(good, good); err != nil || c.Conclusion != stat.NotDistinguishable || c.String() != "unchanged, 95 % −60.6 to 60.6: not distinguishable from no change" {
		t.Errorf("%v, %v", c, err)
	}
	nps, _ := survey.NPS(must(survey.NewAnswers(survey.ZeroTo(10), 5)))
	if _, err := survey.Compare(good, nps); !errors.Is(err, survey.ErrDefinition) {
		t.Error(err)
	}
	if _, err := survey.Compare(survey.Index{}, survey.Index{}); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
}

// What rounds to zero has no sign.
func TestCompareZero(t *testing.T) {
	x, _ := survey.CSAT(answersOf(t, survey.OneTo(5), 1e9, 0, 0, 0, 1e9))
	c := must(survey.Compare(x, x))
	if got, want := c.String(), "unchanged, 95 % 0.0 to 0.0: not distinguishable from no change"; got != want || c.Difference.Low >= 0 {
		t.Errorf("%q, want %q", got, want)
	}
}

// For each pair of shares of 100 the conclusion is that of stat, and so the one that
// package compare draws.
func TestCompareAgreesWithStat(t *testing.T) {
	d := survey.TopBox(survey.OneTo(2), 1)
	index := make([]survey.Index, 101)
	for x := range int64(101) {
		index[x] = must(survey.Measure(d, answersOf(t, survey.OneTo(2), 100-x, x)))
	}
	// All pairs with TEST_THOROUGH, else every fifth.
	thorough := os.Getenv("TEST_THOROUGH") != ""
	for x1 := range int64(101) {
		for x2 := range int64(101) {
			if !thorough && (2*x1+x2)%5 != 0 {
				continue
			}
			c := must(survey.Compare(index[x1], index[x2]))
			want := must(stat.Decide(0.95, must(stat.CompareShares(stat.Ratio{Part: x2, Whole: 100}, stat.Ratio{Part: x1, Whole: 100}))))[0]
			if c.Conclusion != want.Conclusion(stat.HigherIsBetter) || c.Difference != want.Change || c.Test != want.Test || c.Difference.Contains(0) == c.Conclusion.Changed() {
				t.Fatalf("%d and %d: %v, %v", x1, x2, c, want)
			}
		}
	}
}

func TestCompareGroups(t *testing.T) {
	d := survey.TopBox(survey.OneTo(2), 1)
	group := func(name string, bad, good int64) survey.Group {
		return survey.Group{Name: name, Answers: answersOf(t, survey.OneTo(2), bad, good)}
	}
	// Two by two, b against a is just significant; among many it is not.
	a, b := group("a", 30, 70), group("b", 17, 83)
	two := must(survey.CompareGroups(d, a, b))
	if len(two) != 1 || two[0].Conclusion != stat.Better || two[0].String() != "b against a: up 13.0 points, 95 % 1.2 to 24.6: better" {
		t.Errorf("%v", two)
	}
	many := must(survey.CompareGroups(d, a, b, group("c", 28, 72), group("d", 90, 10)))
	if len(many) != 6 {
		t.Fatalf("%d comparisons", len(many))
	}
	if c := many[0]; c.Conclusion != stat.NotDistinguishable || !(c.AdjustedP > c.Test.P) || !(c.Test.P < 0.05) || !c.Difference.Contains(0) || !(c.Difference.Level > 0.98) {
		t.Errorf("%v, p %v, adjusted %v", c, c.Test.P, c.AdjustedP)
	}
	if c := many[2]; c.Conclusion != stat.Worse || c.BeforeName != "a" || c.AfterName != "d" {
		t.Errorf("%v", c)
	}
	if list, err := survey.CompareGroups(d, a); err != nil || list != nil {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := survey.CompareGroups(d, a, survey.Group{Name: "nobody"}); !errors.Is(err, survey.ErrNoAnswers) || err.Error() != `group "nobody": survey: no answers for "CSAT (top 1 of 1–2)"` {
		t.Error(err)
	}
}

// A change that is just significant by itself is not among others, and one that is
// clear is.
func TestCompareAll(t *testing.T) {
	of := func(bad, good int64) survey.Index {
		return must(survey.Measure(survey.TopBox(survey.OneTo(2), 1), answersOf(t, survey.OneTo(2), bad, good)))
	}
	close, clear := [2]survey.Index{of(30, 70), of(17, 83)}, [2]survey.Index{of(30, 70), of(90, 10)}
	if alone := must(survey.CompareAll(close))[0]; alone != must(survey.Compare(close[0], close[1])) || alone.Conclusion != stat.Better {
		t.Errorf("%v", alone)
	}
	list := must(survey.CompareAll(close, clear, [2]survey.Index{of(20, 80), of(20, 80)}))
	if list[0].Conclusion != stat.NotDistinguishable || list[1].Conclusion != stat.Worse || list[0].After != close[1] {
		t.Errorf("%v", list)
	}
	if list, err := survey.CompareAll(); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := survey.CompareAll(close, [2]survey.Index{of(1, 1)}); !errors.Is(err, survey.ErrDefinition) {
		t.Error(err)
	}
}

// Turning before and after around mirrors all there is.
func TestCompareLaws(t *testing.T) {
	laws := gopter.NewProperties(nil)
	counts := gen.SliceOfN(7, gen.Int64Range(0, 12))
	definitions := []survey.Definition{survey.CES2(), survey.CES2Agree(), survey.NetEasy()}
	normalised := survey.CES2()
	normalised.Statistic = survey.NormalisedMean
	definitions = append(definitions, normalised)
	laws.Property("antisymmetry", prop.ForAll(func(x, y []int64) bool {
		for _, d := range definitions {
			a, err1 := survey.Measure(d, answersOf(t, d.Scale, x...))
			b, err2 := survey.Measure(d, answersOf(t, d.Scale, y...))
			if err1 != nil || err2 != nil {
				continue
			}
			c, err := survey.Compare(a, b)
			back, errBack := survey.Compare(b, a)
			if err != nil || errBack != nil {
				return false
			}
			if math.Abs(c.Difference.Low+back.Difference.High) > 1e-9 || math.Abs(c.Difference.Estimate+back.Difference.Estimate) > 1e-12 ||
				math.Abs(c.Superiority+back.Superiority-1) > 1e-12 || math.Abs(c.AdjustedP-back.AdjustedP) > 1e-9 {
				return false
			}
			if (c.Conclusion == stat.Better) != (back.Conclusion == stat.Worse) || c.Conclusion.Changed() != back.Conclusion.Changed() {
				return false
			}
			va, _ := a.Value.Float64()
			vb, _ := b.Value.Float64()
			if c.Difference.Level > 0 && math.Abs(c.Difference.Estimate-(vb-va)) > 1e-12 {
				return false
			}
		}
		return true
	}, counts, counts))
	laws.TestingRun(t)
}
