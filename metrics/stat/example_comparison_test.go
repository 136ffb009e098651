package stat_test

import (
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
)

func ExampleProportionDifference() {
	// Satisfied before a training 820 of 1000, after it 850 of 1000.
	d, err := stat.ProportionDifference(850, 1000, 820, 1000, 0.95, stat.Newcombe)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("up %.1f points, %.1f to %.1f; no change possible: %v\n", 100*d.Estimate, 100*d.Low, 100*d.High, d.Contains(0))
	// Output: up 3.0 points, -0.3 to 6.3; no change possible: true
}

func ExampleProportionTest() {
	// Fisher's tea taster told 3 of 4 cups right, and 1 of 4 wrong.
	test, _ := stat.ProportionTest(3, 4, 1, 4, stat.FisherExact)
	fmt.Printf("p = %.4f\n", test.P)
	// Output: p = 0.4857
}

func ExampleMean() {
	stars := []float64{5, 4, 4, 3, 5, 1, 2, 5, 4, 4}
	mean, err := stat.Mean(stars, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mean)
	// Output: 3.7 (95% student_t 2.743 to 4.657)
}

func ExampleMoments() {
	// One accumulator per goroutine or month; merging loses nothing.
	var january, february stat.Moments
	for _, stars := range []int64{5, 4, 3} {
		january.Add(stars)
	}
	for _, stars := range []int64{4, 4} {
		february.Add(stars)
	}
	january.Merge(february)
	s, _ := january.Sample()
	fmt.Println(s.N, s.Mean, s.Variance)
	// Output: 5 4 0.5
}

func ExampleMeanDifference() {
	before, _ := stat.Describe([]float64{5, 4, 4, 3, 5, 1, 2, 5, 4, 4})
	after, _ := stat.Describe([]float64{5, 5, 4, 5, 4, 3, 5, 5})
	c, err := stat.MeanDifference(after, before, 0.95, stat.Welch)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f, %.2f to %.2f, p = %.3f\n", c.Difference.Estimate, c.Difference.Low, c.Difference.High, c.Test.P)
	// Output: 0.80, -0.27 to 1.87, p = 0.131
}

func ExampleNet_Interval() {
	// 60 promoters and 15 detractors among 100 answers.
	nps, err := stat.Net{Plus: 60, Minus: 15, N: 100}.Interval(0.95, stat.AdjustedWald)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f, %.1f to %.1f\n", 100*nps.Estimate, 100*nps.Low, 100*nps.High)
	// Output: 45, 29.3 to 58.0
}

func ExampleRanks_BrunnerMunzel() {
	// Answers 1 to 5 of two teams.
	ranks, err := stat.RanksOfCounts([]int64{1, 0, 0, 2, 7}, []int64{3, 2, 2, 2, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, _ := ranks.BrunnerMunzel(0.95)
	fmt.Printf("the first team's answer is higher in %.0f %% of pairs, p = %.3f\n", 100*c.Difference.Estimate, c.Test.P)
	// Output: the first team's answer is higher in 84 % of pairs, p = 0.003
}

func ExampleKaplanMeier() {
	// Two customers still wait; leaving them out would hide the longest waits.
	waits := []stat.Observation{
		{Time: 10 * time.Minute},
		{Time: 25 * time.Minute},
		{Time: 40 * time.Minute},
		{Time: 55 * time.Minute, Censored: true},
		{Time: 90 * time.Minute, Censored: true},
	}
	curve, err := stat.KaplanMeier(waits)
	if err != nil {
		fmt.Println(err)
		return
	}
	median, ok := curve.Quantile(0.5)
	fmt.Println(median, ok)
	hour, _ := curve.At(time.Hour, 0.95)
	fmt.Printf("%.0f %% wait longer than an hour\n", 100*hour.Estimate)
	// Output:
	// 40m0s true
	// 40 % wait longer than an hour
}

func ExamplePoissonRate() {
	// 12 complaints in 3.4 thousand contacts.
	rate, _ := stat.PoissonRate(12, 3.4, 0.95)
	fmt.Printf("%.1f per thousand, %.1f to %.1f\n", rate.Estimate, rate.Low, rate.High)
	// Output: 3.5 per thousand, 1.8 to 6.2
}

func ExampleRequiredSample() {
	// A share within 5 points, from 1000 customers, whatever the share is.
	s, _ := stat.RequiredSample(0.25, 0.05, 0.95, 1000)
	fmt.Println(s.N)
	// Output: 278
}

func ExampleLaneyPChart() {
	satisfied := []int64{801, 812, 795, 640, 808, 799}
	answers := []int64{1000, 1000, 1000, 1000, 1000, 1000}
	plain, _ := stat.PChart(satisfied, answers, 3)
	laney, _ := stat.LaneyPChart(satisfied, answers, 3)
	fmt.Println(plain.Signals(), laney.Signals())
	// Output: [3] []
}

func ExampleMannKendallTrend() {
	weekly := []float64{78.2, 79.1, 78.8, 80.4, 81, 80.2, 82.3, 83.1, 82.9, 84}
	trend, _ := stat.MannKendallTrend(weekly)
	fmt.Printf("tau = %.2f, p = %.4f\n", trend.TauB, trend.P)
	// Output: tau = 0.82, p = 0.0013
}

func ExampleMedianDifference() {
	// Minutes to the first response, after and before a change.
	after, _ := stat.DescribeMedian([]float64{32, 39, 26, 35, 43, 27, 40, 37, 34, 29})
	before, _ := stat.DescribeMedian([]float64{36, 44, 47, 42, 49, 39, 46, 31, 33, 48})
	c, err := stat.MedianDifference(after, before, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f minutes, %.1f to %.1f, p = %.3f\n", c.Difference.Estimate, c.Difference.Low, c.Difference.High, c.Test.P)
	// Output: -8.5 minutes, -17.0 to -0.0, p = 0.049
}

func ExampleCumulativeIncidence() {
	const answered, closed = 1, 2
	waits := []stat.Ending{
		{Time: 10 * time.Minute, Cause: answered},
		{Time: 20 * time.Minute, Cause: closed},
		{Time: 25 * time.Minute, Cause: answered},
		{Time: 40 * time.Minute, Cause: answered},
		{Time: 90 * time.Minute}, // still open
	}
	f, err := stat.CumulativeIncidence(waits)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, cause := range []int{answered, closed} {
		hour, _ := f.At(cause, time.Hour, 0.95)
		fmt.Println(hour)
	}
	// Output:
	// 0.6 (95% log_log 0.1257 to 0.8818)
	// 0.2 (95% log_log 0.008369 to 0.5819)
}

func ExampleShrinkProportions() {
	// Satisfied of asked, by agent: the first has two easy tickets.
	agents := []stat.Ratio{{Part: 2, Whole: 2}, {Part: 95, Whole: 100}, {Part: 170, Whole: 200}, {Part: 60, Whole: 100}}
	s, err := stat.ShrinkProportions(agents, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, g := range s.Groups {
		fmt.Printf("%3.0f %% of %3d, or rather %.0f %%\n", 100*g.Raw, g.N, 100*g.Interval.Estimate)
	}
	// Output:
	// 100 % of   2, or rather 87 %
	//  95 % of 100, or rather 94 %
	//  85 % of 200, or rather 85 %
	//  60 % of 100, or rather 61 %
}
