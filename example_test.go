package servicequality_test

import (
	"fmt"
	"log"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
	"github.com/servicequality/servicequality/survey"
)

// One conversation, measured: examples/quickstart is the same as a program.
func Example() {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	conversation, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "7", At: at(9, 0), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: at(9, 1), Automated: true}, // no response yet
		metrics.ReplySent{Conversation: "7", At: at(9, 20), Agent: "ana"},
		metrics.MessageReceived{Conversation: "7", At: at(9, 30), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: at(9, 33), Agent: "ana"},
		metrics.MessageReceived{Conversation: "7", At: at(10, 0), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: at(10, 10), Agent: "ben"},
		metrics.Resolved{Conversation: "7", At: at(10, 30), Agent: "ben"},
		metrics.RatingGiven{Conversation: "7", At: at(11, 0), Stars: 5},
	)
	if err != nil {
		log.Fatal(err)
	}
	history := metrics.HistoryOf(conversation)
	var response metrics.Summary
	for _, wait := range history.Responses() {
		response.Add(wait.Duration())
	}
	first, _ := history.FirstResponse()
	mean, _ := response.Mean()
	fmt.Println("first response", first.Duration())
	fmt.Println("response      ", mean, "on average, n =", response.Count())

	standard, _ := standards.ChannelSpeeds().FirstResponse(history, at(12, 0))
	fmt.Println("standard      ", standard.Verdict, "with", standard.Left, "left")

	var stars rating.Distribution
	for _, s := range history.Ratings() {
		if err := stars.Add(s); err != nil {
			log.Fatal(err)
		}
	}
	tier, _ := stars.Tier(1)
	counts := stars.Counts()
	answers, err := survey.AnswersOf(survey.OneTo(5), counts[:])
	if err != nil {
		log.Fatal(err)
	}
	csat, _ := survey.CSAT(answers)
	fmt.Println("stars         ", tier)
	fmt.Println("satisfaction  ", csat)
	// Output:
	// first response 20m0s
	// response       11m0s on average, n = 3
	// standard       met with 23h40m0s left
	// stars          Outstanding
	// satisfaction   CSAT (top 2 of 1–5) 100.0 %, 95 % 20.7 to 100.0, n = 1
}
