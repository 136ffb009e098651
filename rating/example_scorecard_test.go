package rating_test

import (
	"encoding/json"
	"fmt"
	"log"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// Two parts of knowledge to one of each other element. What was not needed
// leaves its weight to the rest.
func ExampleScorecard() {
	criteria := rating.FiveElements()
	criteria[1].Weight = decimal.NewFromInt(2)
	criteria = append(criteria, rating.Criterion{ID: "privacy", Weight: decimal.Zero, Min: 0, Max: 1, AutoFail: true})
	card, err := rating.NewScorecard(decimal.NewFromInt(70), criteria...)
	if err != nil {
		log.Fatal(err)
	}
	review := rating.Review{
		Conversation:  "4711",
		Agent:         "ana",
		Reviewer:      "rosa",
		Marks:         map[string]int{"responsiveness": 4, "knowledge": 5, "empathy": 3, "communication": 4, "privacy": 1},
		NotApplicable: []string{"follow_up"},
	}
	score, err := card.Score(review)
	fmt.Println(score.Score, score.Passed, err)

	review.Marks["privacy"] = 0
	score, err = card.Score(review)
	fmt.Println(score.Score, score.Final(), score.Passed, score.AutoFailed, err)

	delete(review.Marks, "empathy")
	_, err = card.Score(review)
	fmt.Println(err)
	// Output:
	// 80.00 true <nil>
	// 80.00 0.00 false [privacy] <nil>
	// rating: review does not fit the scorecard: conversation "4711": criterion "empathy": no mark
}

func ExampleReviewTally() {
	card, err := rating.NewScorecard(decimal.NewFromInt(60), rating.FourCriteria()...)
	if err != nil {
		log.Fatal(err)
	}
	var ana rating.ReviewTally
	for _, m := range []int{5, 4, 4, 2, 5, 3} {
		score, err := card.Score(rating.Review{Marks: map[string]int{
			"response_time": m, "politeness": 5, "problem_solving": m, "complaint_handling": 4,
		}})
		if err != nil {
			log.Fatal(err)
		}
		if err := ana.Add(score); err != nil {
			log.Fatal(err)
		}
	}
	mean, _ := ana.Mean(1)
	iv, err := ana.Interval(0.95)
	fmt.Printf("%s of %d reviews (%.1f to %.1f) %v\n", mean, ana.N(), iv.Low, iv.High, err)
	passed := ana.Passed()
	share, err := stat.Proportion(passed.Part, passed.Whole, 0.95, stat.Wilson)
	fmt.Printf("passed %v (%.0f to %.0f %%) %v\n", passed, 100*share.Low, 100*share.High, err)
	text, err := json.Marshal(ana)
	fmt.Println(string(text), err)
	// Output:
	// 79.2 of 6 reviews (63.8 to 94.5) <nil>
	// passed 5 of 6 (44 to 97 %) <nil>
	// {"n":6,"passed":5,"auto_failed":0,"sum":"475","squares":"38671.875","mean":"79.1666666667"} <nil>
}

// Two reviewers marked the same ten conversations from 1 to 5. Half of the marks
// differ, but none by much.
func ExampleKappa() {
	rosa := []int{5, 4, 2, 3, 5, 1, 4, 3, 2, 5}
	tom := []int{5, 5, 2, 4, 4, 1, 4, 2, 2, 4}
	for _, c := range []rating.Coefficient{rating.CohenKappa, rating.QuadraticKappa} {
		a, err := rating.Kappa(rosa, tom, c, 0.95)
		fmt.Println(a, err)
	}
	// Output:
	// 0.37 (95 % -0.01 to 0.75), Cohen's kappa of 2 reviewers on 10 conversations <nil>
	// 0.86 (95 % 0.74 to 0.99), quadratic kappa of 2 reviewers on 10 conversations <nil>
}

// Six things, four judges (Shrout & Fleiss 1979).
func ExampleICC() {
	a, err := rating.ICC([][]float64{
		{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7},
	}, 0.95)
	fmt.Printf("%.2f (%.2f to %.2f) %v\n", a.Estimate, a.Low, a.High, err)
	// Output: 0.29 (0.02 to 0.76) <nil>
}

func ExampleScorecard_Calibrate() {
	card, err := rating.NewScorecard(decimal.NewFromInt(60), rating.Criterion{ID: "tone", Weight: decimal.NewFromInt(1), Min: 1, Max: 5})
	if err != nil {
		log.Fatal(err)
	}
	var reviews []rating.Review
	for i, marks := range [][2]int{{5, 5}, {4, 5}, {2, 2}, {3, 4}, {5, 4}, {1, 1}} {
		for j, reviewer := range []string{"rosa", "tom"} {
			reviews = append(reviews, rating.Review{
				Conversation: fmt.Sprint(i), Reviewer: reviewer, Marks: map[string]int{"tone": marks[j]},
			})
		}
	}
	c, err := card.Calibrate(reviews, "rosa", "tom", 0.95)
	if err != nil {
		log.Fatal(err)
	}
	tone := c.Criteria[0]
	fmt.Printf("%d conversations, same mark %v, kappa %.2f, ICC %.2f\n", c.Conversations, tone.Same, tone.Quadratic.Estimate, c.Score.Estimate)
	// Output: 6 conversations, same mark 3 of 6, kappa 0.89, ICC 0.91
}

func ExampleLadder() {
	ladder, err := rating.NewLadder(
		rating.Rung{Level: rating.Basic, Fact: "answered", Unit: "% of messages answered", AtLeast: stat.Ratio{Part: 95, Whole: 100}},
		rating.Rung{Level: rating.Expected, Fact: "first response", Unit: "minutes to the first response", AtMost: stat.Ratio{Part: 240, Whole: 1}},
		rating.Rung{Level: rating.Expected, Fact: "satisfied", Unit: "% of customers satisfied", AtLeast: stat.Ratio{Part: 70, Whole: 100}},
		rating.Rung{Level: rating.Desired, Fact: "first response", Unit: "minutes to the first response", AtMost: stat.Ratio{Part: 60, Whole: 1}},
		rating.Rung{Level: rating.Desired, Fact: "satisfied", Unit: "% of customers satisfied", AtLeast: stat.Ratio{Part: 85, Whole: 100}},
	)
	if err != nil {
		log.Fatal(err)
	}
	median := 90 * time.Minute
	desk := ladder.Climb(rating.Facts{
		"answered":       {Part: 1184, Whole: 1210},
		"satisfied":      {Part: 402, Whole: 471},
		"first response": {Part: int64(median), Whole: int64(time.Minute)},
	})
	fmt.Println(desk.Level, "—", desk.Level.Meaning())
	for _, missing := range desk.Missing() {
		fmt.Printf("for %v: %v\n", desk.Next, missing)
	}
	// Output:
	// Expected — Customers get what is usual everywhere, and nothing memorable.
	// for Desired: 90 minutes to the first response; needs at most 60 minutes
}
