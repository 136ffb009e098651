package survey_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

func TestPairs(t *testing.T) {
	before := collected(t, survey.Response{Respondent: "bob", Value: 2}, survey.Response{Respondent: "ann", Value: 1}, survey.Response{Respondent: "ann", Value: 3},
		survey.Response{Respondent: "eve", Value: 4}, survey.Response{Value: 5}, survey.Response{Respondent: "dan", Value: 9}, survey.Response{Respondent: "ann", About: "phone", Value: 5})
	after := collected(t, survey.Response{Respondent: "ann", Value: 4}, survey.Response{Respondent: "bob", Value: 2}, survey.Response{Respondent: "dan", Value: 1},
		survey.Response{Respondent: "eve", Value: 4, Left: survey.Excluded}, survey.Response{Value: 1}, survey.Response{Value: 1})
	pairs, onlyBefore, onlyAfter := survey.Pairs(before, after)
	if want := []survey.AnswerPair{{Before: 3, After: 4}, {Before: 2, After: 2}}; !slices.Equal(pairs, want) || onlyBefore != 3 || onlyAfter != 3 {
		t.Errorf("%v, %d and %d alone; want %v", pairs, onlyBefore, onlyAfter, want)
	}
}

// By a plain calculation of each person's change.
func TestComparePairs(t *testing.T) {
	definitions := []survey.Definition{
		survey.TopBox(survey.OneTo(5), 2), trengo(), {Name: "mean", Scale: survey.OneTo(5), Statistic: survey.MeanAnswer},
		{Name: "effort", Scale: survey.OneTo(5).LowerIsBetter(), Statistic: survey.MeanAnswer},
		{Name: "turned", Scale: survey.OneTo(5).LowerIsBetter(), Statistic: survey.NormalisedMean},
		{Name: "net", Scale: survey.OneTo(5), Statistic: survey.NetShare, Positive: survey.Range{From: 5, Below: 6}, Negative: survey.Range{From: 1, Below: 4}},
	}
	told := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 9))
		pairs := make([]survey.AnswerPair, 2+r.IntN(80))
		for i := range pairs {
			pairs[i].Before = 1 + r.IntN(5)
			pairs[i].After = min(5, max(1, pairs[i].Before+r.IntN(4)-1))
		}
		n := float64(len(pairs))
		for _, d := range definitions {
			c := must(survey.ComparePairs(d, pairs...))
			score := func(v int) float64 {
				switch {
				case d.Statistic == survey.NormalisedMean && d.Scale.Direction == stat.LowerIsBetter:
					return float64(5-v) / 4
				case d.Statistic == survey.NormalisedMean:
					return float64(v-1) / 4
				case d.Statistic == survey.MeanAnswer:
					return float64(v)
				}
				return float64(b2i(d.Positive.Has(v)) - b2i(d.Negative.Has(v))*b2i(d.Statistic == survey.NetShare))
			}
			var sum, squares, plus, minus, better float64
			for _, p := range pairs {
				change := score(p.After) - score(p.Before)
				sum += change
				squares += change * change
				plus += float64(b2i(change > 0))
				minus += float64(b2i(change < 0))
				up := p.After - p.Before
				if d.Scale.Direction == stat.LowerIsBetter {
					up = -up
				}
				better += float64(b2i(up > 0)) + float64(b2i(up == 0))/2
			}
			if c.Difference.Level == 0 {
				if c.Conclusion != stat.NotTested || squares*n != sum*sum {
					t.Errorf("%v of %v: %v", d, pairs, c)
				}
				continue
			}
			z := sum / n / math.Sqrt((squares-sum*sum/n)/(n-1)/n)
			if d.Statistic == survey.PositiveShare {
				z = (plus - minus) / math.Sqrt(plus+minus)
			}
			if math.Abs(c.Difference.Estimate-sum/n) > 1e-12 || c.Test.P < 1 && math.Abs(c.Test.Statistic-z) > 1e-9 || math.Abs(c.Superiority-better/n) > 1e-12 ||
				c.Pairs != int64(n) || c.Before.N() != c.Pairs || c.After.N() != c.Pairs || c.AdjustedP != c.Test.P {
				t.Errorf("%v: %+v, want %v by %v", d, c.Difference, sum/n, z)
			}
			if c.Conclusion.Changed() == c.Difference.Contains(0) {
				t.Errorf("%v: %v", d, c)
			}
			told += b2i(c.Conclusion.Changed())
			// A shift of all answers that independent samples do not show.
			if c.Conclusion == stat.Better && (d.Scale.Direction == stat.HigherIsBetter || d.Statistic == survey.NormalisedMean) != (c.Difference.Estimate > 0) {
				t.Errorf("%v: %v", d, c)
			}
			// Turned around, all is turned.
			turned := slices.Clone(pairs)
			for i, p := range pairs {
				turned[i] = survey.AnswerPair{Before: p.After, After: p.Before}
			}
			b := must(survey.ComparePairs(d, turned...))
			if math.Abs(b.Difference.Low+c.Difference.High) > 1e-9 || math.Abs(b.RankTest.P-c.RankTest.P) > 1e-9 || math.Abs(b.Superiority+c.Superiority-1) > 1e-12 {
				t.Errorf("%v: %v, turned around %v", d, c, b)
			}
		}
	}
	if told < 200 { // of 1,200
		t.Errorf("told apart only %d times", told)
	}
	// Ten people, each one point higher; nobody moved.
	all := slices.Repeat([]survey.AnswerPair{{Before: 3, After: 4}}, 10)
	csat := must(survey.ComparePairs(survey.TopBox(survey.OneTo(5), 2), all...))
	if csat.Conclusion != stat.Better || csat.RankTest.P != 2.0/1024 || csat.Superiority != 1 {
		t.Errorf("%v, %v", csat, csat.RankTest)
	}
	still := must(survey.ComparePairs(survey.TopBox(survey.OneTo(5), 2), slices.Repeat([]survey.AnswerPair{{Before: 4, After: 4}}, 10)...))
	if still.Conclusion != stat.NotDistinguishable || still.RankTest != (stat.Test{}) || still.Superiority != 0.5 || still.Test.P != 1 {
		t.Errorf("%v, %+v", still, still.RankTest)
	}
	if mean := must(survey.ComparePairs(definitions[2], all...)); mean.Conclusion != stat.NotTested {
		t.Errorf("%v", mean)
	}
	if one := must(survey.ComparePairs(definitions[2], all[0])); one.Conclusion != stat.TooFew {
		t.Errorf("%v", one)
	}
	if _, err := survey.ComparePairs(definitions[0]); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
	if _, err := survey.ComparePairs(definitions[0], survey.AnswerPair{Before: 3, After: 6}); !errors.Is(err, survey.ErrOffScale) {
		t.Error(err)
	}
	if _, err := survey.ComparePairs(survey.Definition{}, survey.AnswerPair{}); err == nil {
		t.Error("no definition")
	}
}

func TestLargestFirst(t *testing.T) {
	before, _ := survey.CSAT(answersOf(t, survey.OneTo(5), 50, 0, 0, 0, 50))
	var list []survey.Comparison
	for _, x := range []int64{52, 20, 50, 95, 40} { // of 100, but 40 of 42: few
		after, _ := survey.CSAT(answersOf(t, survey.OneTo(5), 100-x, 0, 0, 0, x))
		if x == 40 {
			after, _ = survey.CSAT(answersOf(t, survey.OneTo(5), 0, 0, 0, 0, 1))
		}
		list = append(list, must(survey.Compare(before, after)))
	}
	survey.LargestFirst(list)
	var order []int64
	for _, c := range list {
		order = append(order, c.After.Value.Part)
	}
	if want := []int64{95, 20, 1, 52, 50}; !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
}

func TestCallBacks(t *testing.T) {
	r := must(survey.NewResponses(survey.Question{ID: "nps", Definition: survey.NetPromoter()}))
	for _, x := range []survey.Response{
		{ID: "1", At: day(1), Value: 6, Comment: "slow"}, {ID: "2", At: day(2), Value: 2, Comment: "rude"}, {ID: "3", At: day(3), Value: 2},
		{ID: "4", At: day(3), Value: 7, Comment: "fine"}, {ID: "5", At: day(3), Value: 0, Left: survey.Excluded}, {ID: "6", Respondent: "ann", At: day(1), Value: 0}, {ID: "7", Respondent: "ann", At: day(2), Value: 9},
	} {
		if err := r.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	got := ""
	for _, x := range r.CallBacks() {
		got += x.ID + x.Comment + " "
	}
	if got != "3 2rude 1slow " {
		t.Errorf("%q", got)
	}
	effort := must(survey.NewResponses(survey.Question{ID: "ces", Definition: survey.CES1()}))
	for _, v := range []int{4, 5, 1} {
		if err := effort.Add(survey.Response{Value: v}); err != nil {
			t.Fatal(err)
		}
	}
	if list := effort.CallBacks(); len(list) != 2 || list[0].Value != 5 {
		t.Errorf("%v", list)
	}
}

func TestAnswersBy(t *testing.T) {
	list, _ := fortnight()
	r := collected(t, list...)
	by := survey.AnswersBy(r, func(x survey.Response) int { return x.At.Day() / 5 })
	var all survey.Answers
	for _, a := range by {
		if err := all.Merge(a); err != nil {
			t.Fatal(err)
		}
	}
	if len(by) != 3 || by[2].N() != 1 || all != r.Answers() {
		t.Errorf("%v, want %v", all, r.Answers())
	}
	// Groups are those of their names.
	byGroup := survey.AnswersBy(r, func(x survey.Response) string { return x.Group })
	for _, g := range r.Groups() {
		if byGroup[g.Name] != g.Answers {
			t.Errorf("%v, want %v", g, byGroup[g.Name])
		}
	}
}

// A group has a response rate if it is known who of it was asked.
func TestGroupRates(t *testing.T) {
	list, _ := fortnight()
	r := collected(t, list...)
	for _, x := range []struct {
		source survey.Source
		group  string
		n      int64
	}{{"email", "a", 3}, {"in_app", "a", 2}, {"email", "", 10}, {"email", "c", 4}, {"email", "a", 1}} {
		if err := r.Invite(x.source, x.group, x.n); err != nil {
			t.Fatal(err)
		}
	}
	want := []struct {
		name               string
		invited, responded int64
		rate               bool
	}{{"", 0, 2, false}, {"a", 6, 1, true}, {"b", 0, 3, false}, {"c", 4, 0, true}}
	groups := r.Groups()
	if len(groups) != len(want) {
		t.Fatalf("%v", groups)
	}
	for i, w := range want {
		if g := groups[i]; g.Name != w.name || g.Invited != w.invited || g.Responded != w.responded || g.Rate.Value.Defined() != w.rate {
			t.Errorf("%+v, want %+v", g, w)
		}
	}
	if s := r.Sources()[0]; s.Source != "email" || s.Invited != 18 {
		t.Errorf("%+v", s)
	}
	if err := r.Invite("email", "\xff", 1); !errors.Is(err, survey.ErrResponse) {
		t.Error(err)
	}
}

// What an index hands to others gives the same value and the same sample.
func TestScores(t *testing.T) {
	for _, d := range []survey.Definition{
		survey.TopBox(survey.OneTo(5), 2), trengo(), {Name: "mean", Scale: survey.OneTo(5), Statistic: survey.MeanAnswer},
		{Name: "effort", Scale: survey.OneTo(5).LowerIsBetter(), Statistic: survey.NormalisedMean},
		{Name: "net", Scale: survey.OneTo(5), Statistic: survey.NetShare, Positive: survey.Range{From: 5, Below: 6}, Negative: survey.Range{From: 1, Below: 4}},
		{Name: "tens", Scale: survey.Scale{Min: -20, Max: 20, Step: 10}, Statistic: survey.MeanAnswer},
		{Name: "both ends", Scale: survey.OneTo(2), Statistic: survey.NormalisedMean},
	} {
		counts := []int64{3, 1, 4, 0, 9}[:d.Scale.Points()]
		x := must(survey.Measure(d, answersOf(t, d.Scale, counts...)))
		s := x.Scores()
		sample := must(s.Sample())
		low, high := s.Bounds()
		value, _ := x.Value.Float64()
		if !near(sample.Mean, value) || sample.N != x.N() || s.Name != d.Name || low > value || high < value || (s.Direction == stat.LowerIsBetter) != d.LowerIsBetter() {
			t.Errorf("%v: %+v, %+v", x, s, sample)
		}
		if r, ok := s.Share(); ok {
			if d.Statistic != survey.PositiveShare && d.Scale.Points() != 2 || !near(must(stat.Proportion(r.Part, r.Whole, 0.95, 0)).Low, x.Interval.Low) {
				t.Errorf("%v: %v", x, r)
			}
		} else if c, ok := s.Net(); ok {
			if must(c.Interval(0.95, 0)) != x.Interval {
				t.Errorf("%v: %v", x, c)
			}
		} else if iv := must(sample.Interval(0.95)); !near(max(iv.Low, low), x.Interval.Low) || !near(min(iv.High, high), x.Interval.High) {
			t.Errorf("%v: %v", x, iv)
		}
	}
	if s := (survey.Index{}).Scores(); s.Counts != nil {
		t.Errorf("%+v", s)
	}
}
