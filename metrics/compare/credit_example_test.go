package compare_test

import (
	"fmt"
	"log"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/rating"
)

// Carl has two ratings, both of them good. That makes him no better than Ana,
// who has two hundred.
func ExampleNewCredit() {
	stars := map[metrics.AgentID][5]int64{
		"ana":  {5, 5, 20, 50, 120},
		"ben":  {20, 10, 20, 50, 100},
		"carl": {0, 0, 0, 0, 2},
		"dora": {40, 20, 20, 40, 80},
		"emil": {6, 4, 10, 30, 50},
	}
	figures := func(agent metrics.AgentID, _ string) *compare.Observed {
		ratings, err := rating.NewDistribution(stars[agent])
		if err != nil {
			log.Fatal(err)
		}
		return &compare.Observed{Figures: metrics.Figures{Ratings: ratings}}
	}
	agents := slices.Values([]metrics.AgentID{"ana", "ben", "carl", "dora", "emil"})
	credit, err := compare.NewCredit(compare.CSAT, agents, nil, figures, 0.95)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v, %v, worth %.0f ratings\n", credit.Metric, credit.Method, credit.PriorN)
	for _, standing := range credit.Places {
		fmt.Println(standing)
	}
	// Output:
	// CSAT, beta_binomial, worth 19 ratings
	// 1. ana: 84.2 % (95 % 79.0 to 88.8 %), by itself 85.0 % of 200, better than the rest
	// 2. emil: 79.3 % (95 % 71.4 to 86.2 %), by itself 80.0 % of 100, not distinguishable from the rest
	// 3. carl: 78.0 % (95 % 55.8 to 93.8 %), by itself 100.0 % of 2, too few to tell from the rest
	// 4. ben: 75.1 % (95 % 69.1 to 80.6 %), by itself 75.0 % of 200, not distinguishable from the rest
	// 5. dora: 61.4 % (95 % 54.8 to 67.7 %), by itself 60.0 % of 200, worse than the rest
}
