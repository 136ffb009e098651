package rating_test

import (
	"fmt"
	"log"

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
		fmt.Println(r)
	}
	// Output:
	// 1. ana: 4.7 of 5 stars, 200 ratings; ranked by 4.57
	// 2. chen: 3.9 of 5 stars, 100 ratings; ranked by 3.63
	// 3. ben: 5.0 of 5 stars, 5 ratings; ranked by 3.30
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
