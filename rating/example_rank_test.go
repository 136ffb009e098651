package rating_test

import (
	"fmt"
	"log"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// A new agent with five ratings of 5 shows the better mean, and does not rank
// above one who has kept 4.7 over two hundred.
func ExampleRank() {
	agents := map[string]rating.Distribution{}
	for name, counts := range map[string][5]int64{
		"ana": {2, 1, 7, 35, 155}, "ben": {0, 0, 0, 0, 5}, "chen": {5, 5, 20, 40, 30},
	} {
		d, err := rating.NewDistribution(counts)
		if err != nil {
			log.Fatal(err)
		}
		agents[name] = d
	}
	ranked, err := rating.Rank(agents, rating.DirichletBound{})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range ranked {
		shown, _ := r.Shown.Decimal(2, stat.HalfAwayFromZero)
		fmt.Printf("%d. %-4s  shows %s, ranked by %.2f of %d\n", r.Place, r.ID, shown.StringFixed(2), r.By, r.N)
	}
	// Output:
	// 1. ana   shows 4.70, ranked by 4.57 of 200
	// 2. chen  shows 3.85, ranked by 3.63 of 100
	// 3. ben   shows 5.00, ranked by 3.30 of 5
}

// Articles of a help centre, by their votes.
func ExampleWilsonBound() {
	ranked, err := rating.Rank(map[string]stat.Ratio{
		"refunds":  {Part: 90, Whole: 100},
		"delivery": {Part: 3, Whole: 3},
		"account":  {},
	}, rating.WilsonBound{})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range ranked {
		fmt.Printf("%d. %-8s  %v up, ranked by %.2f\n", r.Place, r.ID, r.Shown, r.By)
	}
	// Output:
	// 1. refunds   90 of 100 up, ranked by 0.84
	// 2. delivery  3 of 3 up, ranked by 0.53
	// 3. account   0 of 0 up, ranked by 0.00
}

// The prior is the mean of all agents, with the weight of twenty ratings.
func ExampleBayesianAverage() {
	var few, all rating.Distribution
	for _, s := range []rating.Stars{5, 5, 4} {
		if err := few.Add(s); err != nil {
			log.Fatal(err)
		}
	}
	all, err := rating.NewDistribution([5]int64{10, 10, 30, 80, 70})
	if err != nil {
		log.Fatal(err)
	}
	mean, _ := few.Mean(2)
	average, err := rating.BayesianAverage{Mean: all.Total(), Weight: 20}.Of(few, 2)
	fmt.Println(mean, average, err)
	// Output: 4.67 4.04 <nil>
}

func ExampleDistribution_Interval() {
	d, err := rating.NewDistribution([5]int64{2, 1, 7, 35, 55})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.Interval(0.95))
	_, err = rating.Distribution{}.Interval(0.95)
	fmt.Println(err)
	// Output:
	// 4.4 (95% student_t 4.236 to 4.564) <nil>
	// rating: interval of the mean: stat: no data: empty sample
}

// Did the training help?
func ExampleTrendOf() {
	before, err := rating.NewDistribution([5]int64{12, 14, 30, 40, 24})
	if err != nil {
		log.Fatal(err)
	}
	after, err := rating.NewDistribution([5]int64{4, 8, 22, 45, 41})
	if err != nil {
		log.Fatal(err)
	}
	trend, err := rating.TrendOf(before, after, 0.95)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v: mean %+.2f (%.2f to %.2f), P = %.4f\n", trend.Direction, trend.Change.Estimate, trend.Change.Low, trend.Change.High, trend.Test.P)
	// Output: rising: mean +0.51 (0.22 to 0.80), P = 0.0008
}

// 99,999 of 125,000 prints as 80.0 %, and is below 80 %.
func ExampleTiers() {
	tiers, err := rating.NewTiers(
		rating.Band{Name: "red", From: stat.Ratio{Part: 0, Whole: 100}},
		rating.Band{Name: "amber", From: stat.Ratio{Part: 80, Whole: 100}, Advice: "look at the slowest channel"},
		rating.Band{Name: "green", From: stat.Ratio{Part: 95, Whole: 100}},
	)
	if err != nil {
		log.Fatal(err)
	}
	for _, share := range []stat.Ratio{{Part: 99_999, Whole: 125_000}, {Part: 80, Whole: 100}, {Part: 9, Whole: 9}} {
		band, ok := tiers.Of(share, 30) // of thirty or more
		fmt.Println(share, band.Name, ok)
	}
	// Output:
	// 99999 of 125000 red true
	// 80 of 100 amber true
	// 9 of 9  false
}

func ExampleStarTiers() {
	for _, b := range rating.StarTiers().Bands() {
		from, _ := b.From.Decimal(2, stat.HalfAwayFromZero)
		fmt.Println(from.StringFixed(2), b.Name)
	}
	// Output:
	// 1.00 Disappointing
	// 1.75 Partly met
	// 2.75 Satisfactory
	// 3.75 High
	// 4.75 Outstanding
}
