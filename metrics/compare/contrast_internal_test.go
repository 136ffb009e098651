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
func waits(seconds ...int) *Observed {
	f := new(Observed)
	for _, s := range seconds {
		f.Figures.Elapsed.FirstResponse.Add(time.Duration(s) * time.Second)
	}
	return f
}

// rated returns figures with so many satisfied of n.
func rated(satisfied, n int64) *Observed {
	f := new(Observed)
	f.Figures.Ratings, _ = rating.NewDistribution([5]int64{n - satisfied, 0, 0, satisfied, 0})
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
		iv, err := c.Interval(0.95)
		if err != nil || iv.Estimate != tt.estimate || !near(iv.Low, tt.low, 1e-6) || !near(iv.High, tt.top, 1e-5) {
			t.Errorf("%v, %v, want %v to %v", iv, err, tt.low, tt.top)
		}
		if !near(c.Test().Statistic, tt.estimate/tt.se, 1e-6) || c.Test().Method != stat.PriceBonett || iv.Method != stat.PriceBonett {
			t.Errorf("%+v, want z = %v", c.Test(), tt.estimate/tt.se)
		}
	}
}

// The example of ci.lc.prop.bs in the R package statpsych (Bonett): a linear
// function of proportions by Price & Bonett (2004).
func TestLinearFunctionOfShares(t *testing.T) {
	c, err := CSAT.linear([]*Observed{rated(26, 60), rated(24, 60), rated(38, 60)}, []float64{-0.5, -0.5, 1})
	if err != nil {
		t.Fatal(err)
	}
	iv, err := c.Interval(0.95)
	if err != nil || !near(iv.Estimate, 38.0/60-25.0/60, 1e-12) || !near(iv.Low, 0.06294259, 1e-6) || !near(iv.High, 0.3609705, 1e-6) {
		t.Errorf("%+v, %v", iv, err)
	}
	if !near(c.Test().Statistic, 2.787841, 1e-6) || !near(c.Test().P, 0.005306059, 1e-6) || c.Test().DF != 0 {
		t.Errorf("%+v", c.Test())
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
	got, err := index.linear([]*Observed{b, a}, []float64{1, -1})
	if err != nil || !near(got.Test().P, want.Test().P, 1e-12) || !near(got.Test().DF, want.Test().DF, 1e-12) || !near(got.Test().Statistic, want.Test().Statistic, 1e-12) {
		t.Errorf("%+v, %v, want %+v", got.Test(), err, want.Test())
	}
	wide, _ := want.Interval(0.9)
	if iv, err := got.Interval(0.9); err != nil || !near(iv.Low, wide.Low, 1e-12) || !near(iv.High, wide.High, 1e-12) || iv.Method != wide.Method {
		t.Errorf("%v, %v, want %v", iv, err, wide)
	}
	two := waits(10, 30) // one degree of freedom
	want, _ = index.change(a, two, Spans{})
	if got, err := index.linear([]*Observed{two, a}, []float64{1, -1}); err != nil || !near(got.Test().DF, want.Test().DF, 1e-12) {
		t.Errorf("%+v, %v, want %+v", got.Test(), err, want.Test())
	}
	// By hand: squares about the means of 668.75 and 5694.8333, twice each.
	four, err := index.linear([]*Observed{b, a, a, b}, []float64{1, -1, -1, 1})
	va, vb := 668.75/3/4, 5694.833333333333/5/6
	df := math.Pow(2*va+2*vb, 2) / (2*va*va/3 + 2*vb*vb/5)
	if err != nil || !near(four.Test().DF, df, 1e-12) || !near(four.Test().Statistic, 2*(221.0/6-105.0/4)/math.Sqrt(2*va+2*vb), 1e-9) {
		t.Errorf("%+v, %v, want df %v", four.Test(), err, df)
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
	got, err := quantileTerm(&s, 0.9)
	if err != nil || !near(math.Sqrt(got.Variance), 2.983371624504517, 1e-9) || got.Value != 90.1 || got.DF != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	f := &Observed{Figures: metrics.Figures{Elapsed: metrics.Times{FirstResponse: s}}}
	if c, err := FirstResponse.P90().change(f, f, Spans{}); err != nil || c.Test().Method != stat.OrderStatistics || c.Test().P != 1 {
		t.Errorf("%+v, %v", c.Test(), err)
	}
	if _, err := quantileTerm(new(metrics.Summary), 0.9); !errors.Is(err, stat.ErrNoData) {
		t.Error(err)
	}
	few := waits(1, 2, 3, 4, 5, 6, 7, 8).Figures.Elapsed.FirstResponse
	if _, err := quantileTerm(&few, 0.9); !errors.Is(err, stat.ErrTooFew) {
		t.Error(err)
	}
}

// Of more values than a summary holds, what its quantiles may be off by is part
// of the uncertainty: two desks that are the same but for a nanosecond are not
// told apart by the edge of a bucket.
func TestResolution(t *testing.T) {
	const edge = 1 << 41 * time.Nanosecond // 37 minutes
	desk := func(around time.Duration) *Observed {
		f := new(Observed)
		for i := range 200_000 {
			f.Figures.Elapsed.FirstResponse.Add(around + time.Duration(i%2001-1000))
		}
		return f
	}
	c, err := FirstResponse.change(desk(edge-2000), desk(edge+2000), Spans{})
	if err != nil || c.Test().P < 0.1 {
		t.Errorf("P is %v, %v", c.Test().P, err)
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
		if got, err := quantileTerm(&s, 0.5); err != nil || !near(got.Variance, want, 1e-12) {
			t.Errorf("of %d: %v, %v, want %v", s.Count(), got.Variance, err, want)
		}
	}
}
