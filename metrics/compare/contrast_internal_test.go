package compare

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance*math.Abs(want) }

// waits returns figures whose first responses take so many seconds.
func waits(seconds ...int) *metrics.Figures {
	f := new(metrics.Figures)
	for _, s := range seconds {
		f.Elapsed.FirstResponse.Add(time.Duration(s) * time.Second)
	}
	return f
}

// rated returns figures with so many satisfied of n.
func rated(satisfied, n int64) *metrics.Figures {
	f := new(metrics.Figures)
	f.Ratings, _ = rating.NewDistribution([5]int64{n - satisfied, 0, 0, satisfied, 0})
	return f
}

// The examples of ci.median2 in the R package statpsych (Bonett), 1.0 and 1.7:
// the difference of two medians by Bonett & Price (2002).
func TestMedianDifference(t *testing.T) {
	for _, tt := range []struct {
		y1, y2                 []int
		estimate, se, low, top float64
	}{
		{
			[]int{32, 39, 26, 35, 43, 27, 40, 37, 34, 29}, []int{36, 44, 47, 42, 49, 39, 46, 31, 33, 48},
			-8.5, 4.316291, -16.95977, -0.04022524,
		},
		{
			[]int{70, 394, 43, 95, 62, 128, 2, 203, 81, 436, 85, 35, 156, 1, 3, 27, 63, 181, 184, 18},
			[]int{102, 120, 78, 78, 417, 124, 86, 171, 176, 129, 230, 194, 100, 157, 306, 411, 164, 103, 193, 312},
			-85, 37.11502, -157.7441, -12.25589,
		},
	} {
		c, err := FirstResponse.change(waits(tt.y2...), waits(tt.y1...), Spans{})
		if err != nil {
			t.Fatal(err)
		}
		iv, err := c.interval(0.95)
		if err != nil || iv.Estimate != tt.estimate || !near(iv.Low, tt.low, 1e-6) || !near(iv.High, tt.top, 1e-5) {
			t.Errorf("%v, %v, want %v to %v", iv, err, tt.low, tt.top)
		}
		if !near(c.test.Statistic, tt.estimate/tt.se, 1e-6) || c.test.Method != stat.PriceBonett || iv.Method != stat.PriceBonett {
			t.Errorf("%+v, want z = %v", c.test, tt.estimate/tt.se)
		}
	}
}

// The example of ci.lc.prop.bs in the R package statpsych (Bonett): a linear
// function of proportions by Price & Bonett (2004).
func TestLinearFunctionOfShares(t *testing.T) {
	c, err := CSAT.linear([]*metrics.Figures{rated(26, 60), rated(24, 60), rated(38, 60)}, []float64{-0.5, -0.5, 1})
	if err != nil {
		t.Fatal(err)
	}
	iv, err := c.interval(0.95)
	if err != nil || !near(iv.Estimate, 38.0/60-25.0/60, 1e-12) || !near(iv.Low, 0.06294259, 1e-6) || !near(iv.High, 0.3609705, 1e-6) {
		t.Errorf("%+v, %v", iv, err)
	}
	if !near(c.test.Statistic, 2.787841, 1e-6) || !near(c.test.P, 0.005306059, 1e-6) || c.test.DF != 0 {
		t.Errorf("%+v", c.test)
	}
}

// Of two terms a linear function is the test of Welch, and the degrees of
// freedom of four are those of Satterthwaite.
func TestLinearFunctionOfMeans(t *testing.T) {
	a, b := waits(10, 20, 30, 45), waits(12, 15, 90, 31, 7, 66)
	index := FirstResponse.Mean()
	want, err := index.change(a, b, Spans{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := index.linear([]*metrics.Figures{b, a}, []float64{1, -1})
	if err != nil || !near(got.test.P, want.test.P, 1e-12) || !near(got.test.DF, want.test.DF, 1e-12) || !near(got.test.Statistic, want.test.Statistic, 1e-12) {
		t.Errorf("%+v, %v, want %+v", got.test, err, want.test)
	}
	wide, _ := want.interval(0.9)
	if iv, err := got.interval(0.9); err != nil || !near(iv.Low, wide.Low, 1e-12) || !near(iv.High, wide.High, 1e-12) || iv.Method != wide.Method {
		t.Errorf("%v, %v, want %v", iv, err, wide)
	}
	two := waits(10, 30) // one degree of freedom
	want, _ = index.change(a, two, Spans{})
	if got, err := index.linear([]*metrics.Figures{two, a}, []float64{1, -1}); err != nil || !near(got.test.DF, want.test.DF, 1e-12) {
		t.Errorf("%+v, %v, want %+v", got.test, err, want.test)
	}
	// By hand: squares about the means of 668.75 and 5694.8333, twice each.
	four, err := index.linear([]*metrics.Figures{b, a, a, b}, []float64{1, -1, -1, 1})
	va, vb := 668.75/3/4, 5694.833333333333/5/6
	df := math.Pow(2*va+2*vb, 2) / (2*va*va/3 + 2*vb*vb/5)
	if err != nil || !near(four.test.DF, df, 1e-12) || !near(four.test.Statistic, 2*(221.0/6-105.0/4)/math.Sqrt(2*va+2*vb), 1e-9) {
		t.Errorf("%+v, %v, want df %v", four.test, err, df)
	}
}

// The test of shares is the pooled z with N−1 for N (Campbell 2007, Statistics
// in Medicine 26:3661), and its P that of the interval of Miettinen & Nurminen.
func TestShareContrast(t *testing.T) {
	c, err := shareContrast(stat.Ratio{Part: 30, Whole: 50}, stat.Ratio{Part: 40, Whole: 50})
	if err != nil {
		t.Fatal(err)
	}
	// χ² = 100·(30·10−20·40)²/(50·50·70·30) = 4.7619; times 99/100.
	if want := math.Sqrt(4.761904761904762 * 0.99); !near(c.test.Statistic, want, 1e-12) {
		t.Errorf("z is %v, want %v", c.test.Statistic, want)
	}
	touching, err := c.interval(1 - c.test.P)
	if err != nil || math.Abs(touching.Low) > 1e-9 || touching.Method != stat.MiettinenNurminen || c.test.Method != touching.Method {
		t.Errorf("%+v, %v does not touch 0", touching, err)
	}
	same, err := shareContrast(stat.Ratio{Whole: 50}, stat.Ratio{Whole: 70})
	if iv, _ := same.interval(0.95); err != nil || same.test.P != 1 || !iv.Contains(0) || iv.Width() == 0 {
		t.Errorf("none of 50 and none of 70: %+v, %v, %v", same.test, iv, err)
	}
}

// The P of rates is that of their interval; and by hand, for 2 and 8 events,
// 2·P(X ≤ 2) of a binomial of 10 and ½: 2·56/1024.
func TestRateContrast(t *testing.T) {
	for _, tt := range []struct {
		before, after         int64
		beforeTime, afterTime float64
		p                     float64 // 0: not by hand
	}{
		{8, 2, 1, 1, 112.0 / 1024},
		{2, 8, 1, 1, 112.0 / 1024},
		{5, 5, 1, 1, 1},
		{8, 0, 1, 1, 2.0 / 256},
		{100, 150, 28, 31, 0},
		{400, 300, 2, 1, 0},
	} {
		before, after := stat.Ratio{Part: tt.before}, stat.Ratio{Part: tt.after}
		c, err := rateContrast(before, after, tt.beforeTime, tt.afterTime)
		if err != nil {
			t.Fatal(err)
		}
		if tt.p > 0 && !near(c.test.P, tt.p, 1e-12) {
			t.Errorf("%+v: P is %v", tt, c.test.P)
		}
		if c.test.P == 1 {
			continue
		}
		iv, err := c.interval(1 - c.test.P)
		if end := math.Min(math.Abs(iv.Low), math.Abs(iv.High)); err != nil || end > 1e-9 {
			t.Errorf("%+v: %v, %v does not touch 0", tt, iv, err)
		}
		if want := float64(tt.after) / tt.afterTime * tt.beforeTime / float64(tt.before); !near(iv.Estimate+1, want, 1e-12) {
			t.Errorf("%+v: ratio %v, want %v", tt, iv.Estimate+1, want)
		}
	}
	if _, err := rateContrast(stat.Ratio{}, stat.Ratio{Part: 8}, 1, 1); err == nil {
		t.Error("a ratio to nothing")
	}
}

// A 90th percentile takes the ranks of its interval at 0.95: of 100 values, 84
// and 96, between which it lies with probability 0.955690107 (the binomial of 100
// and 0.9, summed term by term), which is 2.0109 standard errors on either side.
func TestPercentileEstimate(t *testing.T) {
	var s metrics.Summary
	for i := range 100 {
		s.Add(time.Duration(i+1) * time.Second)
	}
	got, err := quantileEstimate(&s, 0.9)
	if err != nil || !near(math.Sqrt(got.variance), 2.983371624504517, 1e-9) || got.value != 90.1 || got.centre != got.value || got.df != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	f := &metrics.Figures{Elapsed: metrics.Times{FirstResponse: s}}
	if c, err := FirstResponse.P90().change(f, f, Spans{}); err != nil || c.test.Method != stat.OrderStatistics || c.test.P != 1 {
		t.Errorf("%+v, %v", c.test, err)
	}
	if _, err := quantileEstimate(new(metrics.Summary), 0.9); !errors.Is(err, stat.ErrNoData) {
		t.Error(err)
	}
	few := waits(1, 2, 3, 4, 5, 6, 7, 8).Elapsed.FirstResponse
	if _, err := quantileEstimate(&few, 0.9); !errors.Is(err, stat.ErrTooFew) {
		t.Error(err)
	}
}

// Of more values than a summary holds, what its quantiles may be off by is part
// of the uncertainty: two desks that are the same but for a nanosecond are not
// told apart by the edge of a bucket.
func TestResolution(t *testing.T) {
	const edge = 1 << 41 * time.Nanosecond // 37 minutes
	desk := func(around time.Duration) *metrics.Figures {
		f := new(metrics.Figures)
		for i := range 200_000 {
			f.Elapsed.FirstResponse.Add(around + time.Duration(i%2001-1000))
		}
		return f
	}
	c, err := FirstResponse.change(desk(edge-2000), desk(edge+2000), Spans{})
	if err != nil || c.test.P < 0.1 {
		t.Errorf("P is %v, %v", c.test.P, err)
	}
}

// While a summary holds its durations, its median is exact, and no uncertainty is
// added.
func TestHeldExactly(t *testing.T) {
	var s metrics.Summary
	for i := range 1025 {
		s.Add(time.Duration(i*i) * time.Second)
		if s.Count() < 1024 {
			continue
		}
		median, _ := s.MedianSample()
		want := math.Pow(median.SE(), 2)
		if s.Count() > 1024 {
			want += math.Pow(median.Median/128, 2)
		}
		if got, err := quantileEstimate(&s, 0.5); err != nil || !near(got.variance, want, 1e-12) {
			t.Errorf("of %d: %v, %v, want %v", s.Count(), got.variance, err, want)
		}
	}
}
