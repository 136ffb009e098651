package stat_test

import (
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
)

func ExampleCompareShares() {
	// Satisfied before a training 820 of 1000, after it 850 of 1000.
	c, err := stat.CompareShares(stat.Ratio{Part: 850, Whole: 1000}, stat.Ratio{Part: 820, Whole: 1000})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, _ := c.Interval(0.95)
	fmt.Printf("up %.1f points, %.1f to %.1f; no change possible: %v\n", 100*d.Estimate, 100*d.Low, 100*d.High, d.Contains(0))
	// Output: up 3.0 points, -0.3 to 6.3; no change possible: true
}

func ExampleDecide() {
	// Three teams against the last quarter: each question alone, and together.
	before := stat.Ratio{Part: 80, Whole: 100}
	var all []stat.Contrast
	for _, satisfied := range []int64{91, 82, 70} {
		c, err := stat.CompareShares(stat.Ratio{Part: satisfied, Whole: 100}, before)
		if err != nil {
			fmt.Println(err)
			return
		}
		alone, _ := stat.Decide(0.95, c)
		fmt.Println(alone[0].Conclusion(stat.HigherIsBetter))
		all = append(all, c)
	}
	together, _ := stat.Decide(0.95, all...)
	fmt.Println(together[0].Conclusion(stat.HigherIsBetter))
	// Output:
	// better
	// not distinguishable
	// not distinguishable
	// not distinguishable
}

func ExampleSample_Interval() {
	stars := []float64{5, 4, 4, 3, 5, 1, 2, 5, 4, 4}
	s, err := stat.Describe(stars)
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, _ := s.Interval(0.95)
	fmt.Println(mean)
	// Output: 3.7 (95% student_t 2.743 to 4.657)
}

func ExampleDescribeCounts() {
	// Ratings of one star, two, three, four and five.
	s, err := stat.DescribeCounts(1, 0, 0, 1, 3, 1)
	fmt.Println(s.N, s.Mean, s.Variance, err)
	// Output: 5 4 0.5 <nil>
}

func ExampleCompareMeans() {
	before, _ := stat.Describe([]float64{5, 4, 4, 3, 5, 1, 2, 5, 4, 4})
	after, _ := stat.Describe([]float64{5, 5, 4, 5, 4, 3, 5, 5})
	c, err := stat.CompareMeans(after, before)
	if err != nil {
		fmt.Println(err)
		return
	}
	d, _ := c.Interval(0.95)
	fmt.Printf("%.2f, %.2f to %.2f, p = %.3f\n", d.Estimate, d.Low, d.High, c.Test().P)
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

func ExampleMannWhitney() {
	// Answers 1 to 5 of two teams.
	superiority, test, err := stat.MannWhitney([]int64{1, 0, 0, 2, 7}, []int64{3, 2, 2, 2, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("the first team's answer is higher in %.0f %% of pairs, p = %.3f\n", 100*superiority, test.P)
	// Output: the first team's answer is higher in 84 % of pairs, p = 0.007
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
	answers, _ := stat.RequiredSample(0.25, 0.05, 0.95, 1000)
	fmt.Println(answers)
	// Output: 278
}

func ExampleLaneyP() {
	var weeks []stat.Ratio
	for _, satisfied := range []int64{801, 812, 795, 806, 798, 803, 799, 640, 808, 797, 802, 804} {
		weeks = append(weeks, stat.Ratio{Part: satisfied, Whole: 1000})
	}
	chart, _ := stat.LaneyP(weeks)
	fmt.Println(chart.Signals())
	fmt.Println(chart)
	// Output:
	// [7]
	// 12 points about 0.7887, 1 beyond the limits
}

func ExampleMannKendall() {
	weeks := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	csat := []float64{78.2, 79.1, 78.8, 80.4, 81, 80.2, 82.3, 83.1, 82.9, 84}
	trend, _ := stat.MannKendall(weeks, csat, 0.95)
	fmt.Printf("%.2f points a week, %.2f to %.2f, p = %.4f\n", trend.Slope.Estimate, trend.Slope.Low, trend.Slope.High, trend.P)
	// Output: 0.64 points a week, 0.48 to 0.80, p = 0.0013
}

func ExampleCompareMedians() {
	// Minutes to the first response, after and before a change; in a program they
	// come from Summary.MedianSample.
	after := stat.MedianSample{N: 10, Median: 34.5, Low: 27, High: 40}
	before := stat.MedianSample{N: 10, Median: 43, Low: 33, High: 48}
	c, err := stat.CompareMedians(after, before)
	if err != nil {
		fmt.Println(err)
		return
	}
	d, _ := c.Interval(0.95)
	fmt.Printf("%.1f minutes, %.1f to %.1f, p = %.3f\n", d.Estimate, d.Low, d.High, c.Test().P)
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

func ExampleShrinkEstimates() {
	// Hours to an answer at the mix of the desk, each with its own variance.
	agents := []stat.Estimate{{N: 2, Value: 1.2, Variance: 1}, {N: 150, Value: 2.1, Variance: 0.02}, {N: 90, Value: 3.0, Variance: 0.03}, {N: 40, Value: 2.4, Variance: 0.08}}
	s, err := stat.ShrinkEstimates(agents, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, g := range s.Groups {
		fmt.Printf("%.1f h of %3d, or rather %.1f h\n", g.Raw, g.N, g.Interval.Estimate)
	}
	// Output:
	// 1.2 h of   2, or rather 2.2 h
	// 2.1 h of 150, or rather 2.1 h
	// 3.0 h of  90, or rather 2.9 h
	// 2.4 h of  40, or rather 2.4 h
}
