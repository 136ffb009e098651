package metrics_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/servicequality/servicequality/metrics"
)

// A tracker has the figures at any time, while conversations are going on.
func ExampleTracker() {
	t := metrics.NewTracker(metrics.Rules{}, func() *metrics.Breakdown[metrics.Channel] {
		return metrics.NewBreakdown(metrics.Facet.Channel)
	})
	take := func(events ...metrics.Event) {
		for _, e := range events {
			if err := t.Append(e); err != nil {
				log.Fatal(err)
			}
		}
	}
	look := func(hour, minute int) {
		b, err := t.AsOf(at(hour, minute))
		if err != nil {
			log.Fatal(err)
		}
		f := b.Group(metrics.Chat)
		fmt.Printf("%d:%02d first response %v; %d waiting\n", hour, minute, &f.Elapsed.FirstResponse, f.Elapsed.StillWaiting.Count())
	}
	take(
		metrics.MessageReceived{Conversation: "1", At: at(9, 0), Channel: metrics.Chat},
		metrics.MessageReceived{Conversation: "2", At: at(9, 1), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "1", At: at(9, 4), Agent: "ana"},
	)
	look(9, 5)
	take(
		metrics.Resolved{Conversation: "1", At: at(9, 6), Agent: "ana"},
		metrics.ReplySent{Conversation: "2", At: at(9, 3), Agent: "ben"}, // late
		metrics.RatingGiven{Conversation: "1", At: at(9, 7), Stars: 5},
	)
	look(9, 10)
	rated := func(h *metrics.History) bool { return len(h.Ratings()) > 0 }
	n, err := t.Close(at(9, 8), rated)
	fmt.Println("closed", n, "of 2,", err)
	look(9, 10)
	// Output:
	// 9:05 first response 1 × mean 4 min, median 4 min, p95 4 min; 1 waiting
	// 9:10 first response 2 × mean 3 min, median 3 min, p95 3 min 54 s; 0 waiting
	// closed 1 of 2, <nil>
	// 9:10 first response 2 × mean 3 min, median 3 min, p95 3 min 54 s; 0 waiting
}

// The state of a tracker is a plain value, such as for encoding/json.
func ExampleTracker_Restore() {
	byChannel := func() *metrics.Breakdown[metrics.Channel] { return metrics.NewBreakdown(metrics.Facet.Channel) }
	t := metrics.NewTracker(metrics.Rules{}, byChannel)
	if err := t.Append(metrics.MessageReceived{Conversation: "1", At: at(9, 0), Channel: metrics.Chat}); err != nil {
		log.Fatal(err)
	}
	state, err := t.State()
	if err != nil {
		log.Fatal(err)
	}
	saved, err := json.Marshal(state)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", saved)

	var read metrics.TrackerState
	if err := json.Unmarshal(saved, &read); err != nil {
		log.Fatal(err)
	}
	t = metrics.NewTracker(metrics.Rules{}, byChannel)
	if err := t.Restore(read); err != nil {
		log.Fatal(err)
	}
	b, err := t.AsOf(at(9, 5))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(&b.Group(metrics.Chat).Elapsed.StillWaiting)
	// Output:
	// {"events":[{"type":"message_received","conversation":"1","at":"2026-03-02T09:00:00Z","channel":"chat"}]}
	// 1 × mean 5 min, median 5 min, p95 5 min
}
