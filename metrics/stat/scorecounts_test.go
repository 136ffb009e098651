package stat

import (
	"math"
	"testing"
)

func TestScores(t *testing.T) {
	share := ScoreCounts{Name: "CSAT", Percent: true, Counts: []int64{3, 7}}
	net := ScoreCounts{Name: "NPS", Percent: true, Lowest: -1, Counts: []int64{2, 3, 5}}
	mean := ScoreCounts{Name: "CES", Direction: LowerIsBetter, Lowest: 1, Counts: []int64{4, 0, 1}}
	scaled := ScoreCounts{Name: "CSAT (Trengo)", Percent: true, Lowest: 1, Counts: []int64{1, 0, 0, 0, 1}}
	for _, c := range []struct {
		s                   ScoreCounts
		share, net          bool
		low, high           float64
		n                   int64
		meanWant, varianceW float64
	}{
		{share, true, false, 0, 1, 10, 0.7, 0.7 * 0.3 * 10 / 9}, {net, false, true, -1, 1, 10, 0.3, (0.7 - 0.09) * 10 / 9},
		{mean, false, false, 1, 3, 5, 1.4, 0.8}, {scaled, false, false, 0, 1, 2, 0.5, 0.5},
	} {
		r, isShare := c.s.Share()
		p, isNet := c.s.Net()
		low, high := c.s.Bounds()
		sample := must(c.s.Sample())(t)
		if isShare != c.share || isNet != c.net || low != c.low || high != c.high || sample.N != c.n ||
			!agree(sample.Mean, c.meanWant, 1e-15) || !agree(sample.Variance, c.varianceW, 1e-14) {
			t.Errorf("%+v: %v %v, %v to %v, %+v", c.s, r, p, low, high, sample)
		}
		twice := c.s
		if err := twice.Merge(c.s); err != nil || must(twice.Sample())(t).N != 2*c.n || must(c.s.Sample())(t).N != c.n {
			t.Errorf("%+v: %v", twice, err)
		}
		var zero ScoreCounts
		if err := zero.Merge(c.s); err != nil || zero.Name != c.s.Name {
			t.Errorf("%+v: %v", zero, err)
		}
		zero.Counts[0]++
		if must(c.s.Sample())(t).N != c.n {
			t.Error("the counts are shared")
		}
		if err := c.s.Merge(ScoreCounts{}); err != nil {
			t.Error(err)
		}
	}
	if r, _ := share.Share(); r != (Ratio{7, 10}) {
		t.Errorf("%v", r)
	}
	if c, _ := net.Net(); c != (Net{5, 2, 10}) {
		t.Errorf("%v", c)
	}
	for _, other := range []ScoreCounts{
		{Name: "CSAT 2", Percent: true, Counts: []int64{3, 7}}, {Name: "CSAT", Counts: []int64{3, 7}}, {Name: "CSAT", Percent: true, Lowest: 1, Counts: []int64{3, 7}},
		{Name: "CSAT", Percent: true, Counts: []int64{3, 7, 0}}, {Name: "CSAT", Percent: true, Direction: LowerIsBetter, Counts: []int64{3, 7}},
	} {
		wantError(t, "Merge", share.Merge(other), ErrValue)
	}
	wantError(t, "Merge", share.Merge(ScoreCounts{Name: "CSAT", Percent: true, Counts: []int64{0, math.MaxInt64}}), ErrCount)
	if r, _ := share.Share(); r != (Ratio{7, 10}) {
		t.Errorf("after errors %v", r)
	}
	_, err := ScoreCounts{}.Sample()
	wantError(t, "Sample", err, ErrNoData)
}
