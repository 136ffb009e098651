// Command quickstart measures two conversations: what a newcomer copies.
package main

import (
	"fmt"
	"log"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
	"github.com/servicequality/servicequality/survey"
)

func main() {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	events := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "7", At: at(9, 0), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: at(9, 1), By: metrics.ByAutomation}, // not a response
		metrics.ReplySent{Conversation: "7", At: at(9, 20), Agent: "ana"},
		metrics.MessageReceived{Conversation: "7", At: at(9, 30), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: at(9, 34), Agent: "ana"},
		metrics.Resolved{Conversation: "7", At: at(10, 30), Agent: "ana"},
		metrics.RatingGiven{Conversation: "7", At: at(11, 0), Stars: 5},
		metrics.MessageReceived{Conversation: "8", At: at(11, 58), Channel: metrics.Chat}, // still waiting
	} {
		if err := events.Append(e); err != nil {
			log.Fatal(err)
		}
	}

	reading := events.Read(metrics.Rules{}, at(12, 0)) // as of noon
	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
	if err := reading.Into(byChannel); err != nil {
		log.Fatal(err)
	}
	email, chat := byChannel.Group(metrics.Email), byChannel.Group(metrics.Chat)
	mean, _ := email.Elapsed.Response.Mean()
	fmt.Println("email:", email.Elapsed.Response.Count(), "responses, on average after", mean)
	fmt.Println("chat: ", chat.Elapsed.StillWaiting.Count(), "still waiting")

	policy := standards.ChannelSpeeds() // 24 hours by email, 2 minutes on chat
	for h := range reading.Histories() {
		if promise, ok := policy.FirstResponse(h); ok {
			fmt.Printf("conversation %s: first response within %v: %v\n", promise.Conversation, promise.Target.Within, promise.Verdict)
		}
	}

	stars := reading.Figures().Ratings
	tier, _ := stars.Tier(1)
	counts := stars.Counts()
	answers, err := survey.AnswersOf(survey.OneTo(5), counts[:])
	if err != nil {
		log.Fatal(err)
	}
	csat, _ := survey.CSAT(answers)
	fmt.Println("stars:", tier)
	fmt.Println(csat)
}
