package standards_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// calls are calls, answered after some seconds each.
func calls(seconds ...int) *metrics.EventLog {
	log := new(metrics.EventLog)
	for i, s := range seconds {
		id := metrics.ConversationID(fmt.Sprint("call ", i+1))
		at := time.Date(2026, 3, 2, 9, i, 0, 0, time.UTC)
		for _, e := range []metrics.Event{
			metrics.MessageReceived{Conversation: id, At: at, Channel: metrics.Phone},
			metrics.ReplySent{Conversation: id, At: at.Add(time.Duration(s) * time.Second), Agent: "ana"},
		} {
			if err := log.Append(e); err != nil {
				fmt.Println(err)
			}
		}
	}
	return log
}

// 80 % of calls within 20 seconds, by agent and of all, with the worst breach.
func ExampleScores() {
	policy := standards.Policy{Targets: []standards.Target{
		{Name: "answer a call", Within: 20 * time.Second, Goal: stat.Ratio{Part: 80, Whole: 100}},
		{Name: "take charge", Measure: standards.TimeToAssign, Within: time.Minute},
	}}
	scores := standards.NewScores(metrics.Facet.Agent, policy, 1)
	reading := calls(5, 20, 12, 21, 3).Read(metrics.Rules{}, time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	if err := reading.Into(scores); err != nil {
		fmt.Println(err)
		return
	}
	for _, attainment := range scores.Total() {
		fmt.Println(attainment)
	}
	ana := scores.Group("ana")[0]
	interval, _ := ana.Tally.Interval(0.95)
	fmt.Println(interval)
	fmt.Println(ana.Breaches[0])
	// Output:
	// answer a call: 4 of 5 kept, 80.0 %, goal attained
	// take charge: not measured, 5 promises
	// 0.8 (95% wilson 0.3755 to 0.9638)
	// call 4, answer a call: breached, due 2026-03-02 09:03:20 UTC, 1s late
}

// A response by e-mail within 24 hours of business time, which is three days of
// eight hours.
func ExamplePolicy_UnmarshalJSON() {
	var policy standards.Policy
	err := json.Unmarshal([]byte(`{
		"calendars": {"office": {"timezone": "Europe/Berlin", "weekly": {
			"mon": [["09:00","17:00"]], "tue": [["09:00","17:00"]], "wed": [["09:00","17:00"]],
			"thu": [["09:00","17:00"]], "fri": [["09:00","17:00"]]}}},
		"targets": [{"measure": "first_response", "channels": ["email"], "within": "24h", "calendar": "office"}]
	}`), &policy)
	if err != nil {
		fmt.Println(err)
		return
	}
	friday := time.Date(2026, 3, 6, 14, 0, 0, 0, time.UTC) // 15 o'clock in Berlin
	c, err := metrics.NewConversation(metrics.MessageReceived{Conversation: "7", At: friday, Channel: metrics.Email})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, _ := policy.FirstResponse(c.Read(metrics.Rules{}, friday.AddDate(0, 0, 3)))
	fmt.Println(f.Verdict, "due", f.Due.Format("Monday 15:04"), "with", f.Left, "left")

	err = json.Unmarshal([]byte(`{"targets": [{"measure": "first_response", "within": "0s"}]}`), &policy)
	fmt.Println(err)
	// Output:
	// pending due Wednesday 14:00 with 16h0m0s left
	// standards: targets[0].within: budget is not positive: "0s"
}

// Who is about to breach.
func ExampleNewBoard() {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	var log metrics.EventLog
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "T-1", At: at(9, 0), Channel: metrics.Social},
		metrics.MessageReceived{Conversation: "T-2", At: at(9, 10), Channel: metrics.Social},
		metrics.MessageReceived{Conversation: "T-3", At: at(9, 30), Channel: metrics.Social},
		metrics.MessageReceived{Conversation: "T-4", At: at(9, 40), Channel: metrics.Social},
		metrics.ReplySent{Conversation: "T-4", At: at(9, 50), Agent: "ana"},
	} {
		if err := log.Append(e); err != nil {
			fmt.Println(err)
			return
		}
	}
	policy := standards.ChannelSpeeds()
	for i := range policy.Targets {
		policy.Targets[i].Warn = stat.Ratio{Part: 3, Whole: 4}
	}
	board := standards.NewBoard(policy)
	if err := log.Read(metrics.Rules{}, at(10, 0)).Into(board); err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range board.Rows() {
		switch {
		case f.Verdict == standards.Breached:
			fmt.Println(f.Conversation, "is overdue by", -f.Left)
		case f.Warning:
			fmt.Println(f.Conversation, "is about to breach, in", f.Left)
		}
	}
	overdue, near, fine := board.Promises()
	fmt.Println(overdue, "overdue,", near, "near,", fine, "fine")
	// Output:
	// T-1 is overdue by 0s
	// T-2 is about to breach, in 10m0s
	// 1 overdue, 1 near, 1 fine
}

// The proof of a breach is the events between its start and its end.
func ExampleFinding_Evidence() {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "T-1", At: at(9, 0), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "T-1", At: at(9, 1), Agent: "bot", By: metrics.ByAutomation},
		metrics.MessageReceived{Conversation: "T-1", At: at(9, 2), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "T-1", At: at(9, 5), Agent: "ana"},
		metrics.Resolved{Conversation: "T-1", At: at(9, 9), Agent: "ana"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	f, _ := standards.ChannelSpeeds().FirstResponse(c.Read(metrics.Rules{}, at(12, 0)))
	fmt.Println(f.Verdict, "at", f.Due.Format("15:04"), "and late by", -f.Left)
	for _, e := range f.Evidence(c) {
		r := metrics.RecordOf(e)
		fmt.Println(r.At.Format("15:04"), r.Type, "automated:", r.By == metrics.ByAutomation)
	}
	// Output:
	// breached at 09:02 and late by 3m0s
	// 09:00 message_received automated: false
	// 09:01 reply_sent automated: true
	// 09:02 message_received automated: false
	// 09:05 reply_sent automated: false
}

// A lead is told a quarter of an hour before the deadline, a manager an hour after
// it.
func ExampleFinding_Escalations() {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	policy := standards.Policy{Targets: []standards.Target{{
		Within: time.Hour,
		Escalations: []standards.Escalation{
			{Name: "tell the lead", After: -15 * time.Minute},
			{Name: "tell the manager", After: time.Hour},
		},
	}}}
	c, err := metrics.NewConversation(metrics.MessageReceived{Conversation: "T-1", At: at(9, 0)})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, _ := policy.FirstResponse(c.Read(metrics.Rules{}, at(10, 30)))
	for due, step := range f.Escalations() {
		fmt.Println(due.Format("15:04"), step.Name)
	}
	// Output: 09:45 tell the lead
}
