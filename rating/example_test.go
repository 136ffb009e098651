package rating_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

func ExampleDistribution() {
	var d rating.Distribution
	for _, s := range []rating.Stars{5, 4, 4, 3, 2} {
		if err := d.Add(s); err != nil {
			log.Fatal(err)
		}
	}
	mean, _ := d.Mean(2)
	half, _ := d.Half()
	satisfied, _ := d.AtLeast(4).Percent(0, stat.HalfAwayFromZero)
	fmt.Printf("%d ratings, mean %v, shown as %v stars, %v %% satisfied\n", d.N(), mean, half, satisfied)
	// Output: 5 ratings, mean 3.6, shown as 3.5 stars, 60 % satisfied
}

// What a handful of customers say decides nothing.
func ExampleDistribution_Tier() {
	d, err := rating.NewDistribution([5]int64{0, 0, 1, 2, 1})
	if err != nil {
		log.Fatal(err)
	}
	if tier, ok := d.Tier(1); ok {
		fmt.Println(tier)
		fmt.Println(tier.Meaning())
		fmt.Println(tier.Advice())
	}
	if _, ok := d.Tier(30); !ok {
		fmt.Println("fewer than 30 ratings")
	}
	// Output:
	// High
	// Service is where most companies aim to be.
	// Make small and careful adjustments only, and watch that none of them lowers the rating.
	// fewer than 30 ratings
}

func ExampleDistribution_Merge() {
	email, _ := rating.NewDistribution([5]int64{1, 0, 0, 2, 1})
	chat, _ := rating.NewDistribution([5]int64{0, 0, 0, 1, 3})
	var all rating.Distribution
	for _, d := range []rating.Distribution{email, chat} {
		if err := all.Merge(d); err != nil {
			log.Fatal(err)
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
	// Output: {"n":8,"stars":[1,0,0,3,4],"mean":"4.125","tier":"high"}
}

func ExampleNewStars() {
	_, err := rating.NewStars(6)
	fmt.Println(err)
	// Output: rating: stars outside 1 to 5: 6
}
