package survey_test

import (
	"math"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// outcomes calls f with every way in which n answers can fall into the categories, and
// its probability if each answer falls into category i with probability p[i].
func outcomes(n int, p []float64, f func(counts []int64, probability float64)) {
	counts := make([]int64, len(p))
	var fill func(i, left int, logP float64)
	fill = func(i, left int, logP float64) {
		if i == len(p)-1 {
			if left > 0 && p[i] == 0 {
				return
			}
			counts[i] = int64(left)
			lg, _ := math.Lgamma(float64(left) + 1)
			if left > 0 {
				logP += float64(left) * math.Log(p[i])
			}
			f(counts, math.Exp(logP-lg))
			return
		}
		for c := 0; c <= left; c++ {
			if c > 0 && p[i] == 0 {
				return
			}
			counts[i] = int64(c)
			lg, _ := math.Lgamma(float64(c) + 1)
			part := -lg
			if c > 0 {
				part += float64(c) * math.Log(p[i])
			}
			fill(i+1, left-c, logP+part)
		}
	}
	all, _ := math.Lgamma(float64(n) + 1)
	fill(0, n, all)
}

// The coverage of each default interval, exactly: how often it holds the true value,
// over all that can be answered. Bands are those that the sources of the methods report.
func TestDefaultIntervalsCover(t *testing.T) {
	five := survey.OneTo(5)
	net := survey.Definition{Name: "net", Scale: survey.OneTo(3), Statistic: survey.NetShare, Positive: survey.Range{From: 3, Below: 4}, Negative: survey.Range{From: 1, Below: 2}}
	two := survey.Definition{Name: "share", Scale: survey.OneTo(2), Statistic: survey.PositiveShare, Positive: survey.Range{From: 2, Below: 3}}
	mean := survey.Definition{Name: "mean", Scale: five, Statistic: survey.MeanAnswer}
	normalised := survey.Definition{Name: "normalised", Scale: five, Statistic: survey.NormalisedMean}
	var shares, nets, means [][]float64
	for p := 1; p < 20; p++ {
		shares = append(shares, []float64{1 - float64(p)/20, float64(p) / 20})
	}
	for plus := 1; plus < 10; plus++ {
		for minus := 1; plus+minus < 10; minus++ {
			nets = append(nets, []float64{float64(minus) / 10, 1 - float64(plus+minus)/10, float64(plus) / 10})
		}
	}
	means = [][]float64{{0.2, 0.2, 0.2, 0.2, 0.2}, {0.05, 0.1, 0.2, 0.35, 0.3}, {0.4, 0.1, 0, 0.1, 0.4}, {0, 0.1, 0.2, 0.4, 0.3}, {0.1, 0.2, 0.4, 0.2, 0.1}}
	for _, tt := range []struct {
		d              survey.Definition
		n              int
		p              [][]float64
		average, least float64
	}{
		{two, 5, shares, 0.945, 0.83}, {two, 10, shares, 0.945, 0.89}, {two, 40, shares, 0.945, 0.92}, {two, 100, shares, 0.945, 0.93},
		{net, 10, nets, 0.945, 0.91}, {net, 30, nets, 0.945, 0.93},
		{mean, 10, means, 0.94, 0.92}, {mean, 20, means, 0.945, 0.935}, {normalised, 10, means, 0.94, 0.92},
	} {
		var sum float64
		least := 1.0
		for _, p := range tt.p {
			var value, covered, all float64
			for i, q := range p {
				v := float64(i + 1)
				switch tt.d.Statistic {
				case survey.PositiveShare, survey.NetShare:
					v = float64(b2i(tt.d.Positive.Has(i+1)) - b2i(tt.d.Negative.Has(i+1)))
				case survey.NormalisedMean:
					v = float64(i) / 4
				}
				value += q * v
			}
			outcomes(tt.n, p, func(counts []int64, probability float64) {
				all += probability
				iv := must(survey.Measure(tt.d, answersOf(t, tt.d.Scale, counts...))).Interval
				if iv.Low <= value+1e-12 && value <= iv.High+1e-12 {
					covered += probability
				}
			})
			if math.Abs(all-1) > 1e-9 {
				t.Fatalf("%s: probabilities add up to %v", tt.d.Name, all)
			}
			sum += covered
			least = min(least, covered)
		}
		average := sum / float64(len(tt.p))
		t.Logf("%-10s n = %3d: %.4f on average, %.4f at least", tt.d.Name, tt.n, average, least)
		if average < tt.average || average > 0.965 || least < tt.least {
			t.Errorf("%s, n = %d: coverage %.4f on average, %.4f at least", tt.d.Name, tt.n, average, least)
		}
	}
}

// The same of differences, by what Compare decides when nothing changed: it may say so
// in one of twenty cases.
func TestDefaultComparisonsCover(t *testing.T) {
	net := survey.Definition{Name: "net", Scale: survey.OneTo(3), Statistic: survey.NetShare, Positive: survey.Range{From: 3, Below: 4}, Negative: survey.Range{From: 1, Below: 2}}
	two := survey.Definition{Name: "share", Scale: survey.OneTo(2), Statistic: survey.PositiveShare, Positive: survey.Range{From: 2, Below: 3}}
	mean := survey.Definition{Name: "mean", Scale: survey.OneTo(3), Statistic: survey.MeanAnswer}
	for _, tt := range []struct {
		d      survey.Definition
		n1, n2 int
		p      []float64
		most   float64
	}{
		{two, 30, 30, []float64{0.5, 0.5}, 0.055}, {two, 40, 20, []float64{0.2, 0.8}, 0.06}, {two, 60, 60, []float64{0.1, 0.9}, 0.055},
		{net, 10, 10, []float64{0.2, 0.3, 0.5}, 0.06}, {net, 12, 8, []float64{0.1, 0.2, 0.7}, 0.06},
		{mean, 10, 10, []float64{0.2, 0.3, 0.5}, 0.06},
	} {
		var wrong float64
		outcomes(tt.n1, tt.p, func(counts []int64, p1 float64) {
			before := must(survey.Measure(tt.d, answersOf(t, tt.d.Scale, counts...)))
			outcomes(tt.n2, tt.p, func(counts []int64, p2 float64) {
				if p1*p2 < 1e-12 {
					return
				}
				c := must(survey.Compare(before, must(survey.Measure(tt.d, answersOf(t, tt.d.Scale, counts...)))))
				if c.Conclusion.Changed() != !c.Difference.Contains(0) && c.Conclusion != stat.NotTested {
					t.Errorf("%v is %v", c.Difference, c.Conclusion)
				}
				if c.Conclusion.Changed() {
					wrong += p1 * p2
				}
			})
		})
		t.Logf("%-6s n = %d and %d: a change that is none in %.4f", tt.d.Name, tt.n1, tt.n2, wrong)
		if wrong > tt.most || wrong < 0.01 {
			t.Errorf("%s, n = %d and %d: a change that is none in %.4f", tt.d.Name, tt.n1, tt.n2, wrong)
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
