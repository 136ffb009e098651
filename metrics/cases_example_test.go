package metrics_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
)

// A customer who writes in the thread of last month has a new request.
func ExampleRules_newCaseAfter() {
	january := time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)
	february := time.Date(2026, time.February, 10, 10, 0, 0, 0, time.UTC)
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "T-1", At: january},
		metrics.ReplySent{Conversation: "T-1", At: january.Add(40 * time.Minute), Agent: "ana"},
		metrics.Resolved{Conversation: "T-1", At: january.Add(8 * time.Hour)},
		metrics.MessageReceived{Conversation: "T-1", At: february},
		metrics.ReplySent{Conversation: "T-1", At: february.Add(30 * time.Minute), Agent: "ben"},
		metrics.Resolved{Conversation: "T-1", At: february.Add(2 * time.Hour)},
	} {
		if err := log.Append(e); err != nil {
			fmt.Println(err)
		}
	}
	reading := log.Read(metrics.Rules{NewCaseAfter: 72 * time.Hour}, february.AddDate(0, 1, 0))
	byMonth := metrics.NewBreakdown(func(f metrics.Facet) metrics.Period {
		return f.Period(metrics.Periods{Unit: metrics.Month})
	})
	if err := reading.Into(byMonth); err != nil {
		fmt.Println(err)
	}
	for _, at := range []time.Time{january, february} {
		month := metrics.Periods{Unit: metrics.Month}.Of(at)
		f := byMonth.Group(month)
		response, _ := f.Elapsed.FirstResponse.Mean()
		resolution, _ := f.Elapsed.FirstResolution.Mean()
		fmt.Printf("%v: %d case of %d conversation, answered in %v, solved in %v\n", month, f.Cases, f.Conversations, response, resolution)
	}
	// Output:
	// 2026-01: 1 case of 1 conversation, answered in 40m0s, solved in 8h0m0s
	// 2026-02: 1 case of 0 conversation, answered in 30m0s, solved in 2h0m0s
}

// passedOn returns a conversation that two teams had.
func passedOn() *metrics.EventLog {
	nine := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "T-2", At: nine},
		metrics.Assigned{Conversation: "T-2", At: nine.Add(time.Hour), Team: "first", Agent: "ana"},
		metrics.Assigned{Conversation: "T-2", At: nine.Add(3 * time.Hour), Team: "second"},
		metrics.Assigned{Conversation: "T-2", At: nine.Add(4 * time.Hour), Team: "second", Agent: "ben"},
		metrics.ReplySent{Conversation: "T-2", At: nine.Add(10 * time.Hour), Agent: "ben"},
		metrics.Resolved{Conversation: "T-2", At: nine.Add(11 * time.Hour)},
	} {
		if err := log.Append(e); err != nil {
			fmt.Println(err)
		}
	}
	return log
}

// Who had the conversation, and how long did each of them take?
func ExampleHistory_Stations() {
	log := passedOn()
	for h := range log.Read(metrics.Rules{}, time.Date(2026, time.March, 3, 0, 0, 0, 0, time.UTC)).Histories() {
		for _, s := range h.Stations() {
			fmt.Printf("%s, %q: %v\n", s.Team, s.Agent, s.End.Sub(s.Start))
		}
		for wait := range h.WaitSpells() {
			own, _ := wait.OwnTime(nil)
			fmt.Printf("%d transfer; the customer waited %v, %v of them for ben\n", h.Transfers(), wait.Took(nil), own)
		}
	}
	// Output:
	// first, "ana": 2h0m0s
	// second, "": 1h0m0s
	// second, "ben": 7h0m0s
	// 1 transfer; the customer waited 10h0m0s, 6h0m0s of them for ben
}

// Each team has its own hours, and what passes through both is measured by both.
func ExampleHistory_Hours() {
	hours := func(window string) *calendar.Calendar {
		var config calendar.Config
		text := `{"timezone": "UTC", "weekly": {"mon": [` + window + `]}}`
		if err := json.Unmarshal([]byte(text), &config); err != nil {
			fmt.Println(err)
		}
		c, err := calendar.New(config)
		if err != nil {
			fmt.Println(err)
		}
		return c
	}
	first, second := hours(`["08:00", "20:00"]`), hours(`["09:00", "13:00"]`)
	rules := metrics.Rules{Calendar: first, TeamCalendars: map[metrics.TeamID]metrics.Calendar{"second": second}}
	f := passedOn().Read(rules, time.Date(2026, time.March, 3, 0, 0, 0, 0, time.UTC)).Figures()
	elapsed, _ := f.Elapsed.FirstResponse.Mean()
	inHours, _ := f.InHours.FirstResponse.Mean()
	fmt.Println(elapsed, "around the clock,", inHours, "in hours of service")
	// Output: 10h0m0s around the clock, 4h0m0s in hours of service
}
