package metrics_test

import (
	"encoding/json"
	"fmt"
	"log"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Of three callers one is answered after half a minute. Two hang up, of them one so soon
// that the desk had no chance.
func ExampleFigures_Abandonment() {
	nine := at(9, 0)
	calls := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: nine, Channel: metrics.Phone},
		metrics.ReplySent{Conversation: "1", At: nine.Add(30 * time.Second), Agent: "ana"},
		metrics.MessageReceived{Conversation: "2", At: nine, Channel: metrics.Phone},
		metrics.Abandoned{Conversation: "2", At: nine.Add(3 * time.Second)},
		metrics.MessageReceived{Conversation: "3", At: nine, Channel: metrics.Phone},
		metrics.Abandoned{Conversation: "3", At: nine.Add(90 * time.Second)},
	} {
		if err := calls.Append(e); err != nil {
			log.Fatal(err)
		}
	}
	f := calls.Read(metrics.Rules{ShortAbandon: 5 * time.Second}, at(10, 0)).Figures()
	fmt.Println("abandoned:", f.Abandonment())
	fmt.Println("without short ones:", f.AbandonmentWithoutShort())
	fmt.Println("speed of answer:", f.Elapsed.FirstResponse)
	fmt.Println("time to abandon:", f.Elapsed.Abandoned)
	// Output:
	// abandoned: 2 of 3
	// without short ones: 1 of 2
	// speed of answer: 1 × mean 30 s, median 30 s, p95 30 s
	// time to abandon: 2 × mean 47 s, median 47 s, p95 1 min 26 s
}

// A call that two agents had, and the work after it.
func ExampleHistory_HandleTime() {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "4711", At: at(9, 0), Channel: metrics.Phone},
		metrics.ReplySent{Conversation: "4711", At: at(9, 1), Agent: "ana"},
		metrics.Handled{Conversation: "4711", At: at(9, 3), Agent: "ana", Took: 2 * time.Minute, For: metrics.Talk},
		metrics.Handled{Conversation: "4711", At: at(9, 6), Agent: "ben", Took: 3 * time.Minute, For: metrics.Talk},
		metrics.Resolved{Conversation: "4711", At: at(9, 6), Agent: "ben"},
		metrics.Handled{Conversation: "4711", At: at(9, 7), Agent: "ben", Took: time.Minute, For: metrics.WrapUp},
	)
	if err != nil {
		log.Fatal(err)
	}
	h := c.Read(metrics.Rules{}, at(10, 0))
	took, _ := h.HandleTime()
	fmt.Println(took, h.Handling())
	// Output: 6m0s map[talk:5m0s wrap_up:1m0s]
}

// The first survey was answered, and the customer changed their mind. The second went out
// again before it was answered, which is one question, and its answer may still come.
func ExampleHistory_Requests() {
	c, err := metrics.NewConversation(
		metrics.RatingRequested{Conversation: "4711", At: at(9, 0)},
		metrics.RatingGiven{Conversation: "4711", At: at(9, 5), Stars: 1},
		metrics.RatingGiven{Conversation: "4711", At: at(9, 6), Stars: 4},
		metrics.RatingRequested{Conversation: "4711", At: at(10, 0)},
		metrics.RatingRequested{Conversation: "4711", At: at(11, 0)},
	)
	if err != nil {
		log.Fatal(err)
	}
	week := metrics.Rules{RatingExpires: 7 * 24 * time.Hour}
	h := c.Read(week, at(12, 0))
	r := h.Requests()
	fmt.Println("answered:", r.Response, "pending:", r.Pending, "replaced:", r.Replaced, "stars:", h.Ratings())
	later := c.Read(week, at(12, 0).AddDate(0, 0, 7)).Requests()
	fmt.Println("a week later:", later.Response, "pending:", later.Pending)
	// Output:
	// answered: 1 of 1 pending: 1 replaced: 1 stars: [4]
	// a week later: 1 of 2 pending: 0
}

// Rules are kept in a file beside the policy.
func ExampleRules_UnmarshalJSON() {
	var rules metrics.Rules
	if err := json.Unmarshal([]byte(`{"rating_expires": "168h", "short_abandon": "5s"}`), &rules); err != nil {
		log.Fatal(err)
	}
	fmt.Println(rules.RatingExpires, rules.ShortAbandon)
	// Output: 168h0m0s 5s
}
