package metrics_test

import (
	"cmp"
	"fmt"
	"log"
	"strings"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// A morning's events of five conversations.
const morning = `{"type":"message_received","conversation":"1","at":"2026-03-02T09:00:00Z","channel":"chat"}
{"type":"reply_sent","conversation":"1","at":"2026-03-02T09:01:00Z","agent":"ana"}
{"type":"message_received","conversation":"2","at":"2026-03-02T09:00:00Z","channel":"chat"}
{"type":"reply_sent","conversation":"2","at":"2026-03-02T09:07:00Z","agent":"ben"}
{"type":"rating_given","conversation":"2","at":"2026-03-02T09:30:00Z","stars":2}
{"type":"message_received","conversation":"3","at":"2026-03-02T09:05:00Z","channel":"email"}
{"type":"reply_sent","conversation":"3","at":"2026-03-02T09:50:00Z","agent":"ana"}
{"type":"message_received","conversation":"4","at":"2026-03-02T09:10:00Z","channel":"chat"}
{"type":"resolved","conversation":"4","at":"2026-03-02T09:40:00Z","agent":"ben"}
{"type":"message_received","conversation":"5","at":"2026-03-02T09:20:00Z","channel":"chat"}
`

func morningLog() *metrics.EventLog {
	events := new(metrics.EventLog)
	for e, err := range metrics.DecodeJSONLines(strings.NewReader(morning)) {
		if err == nil {
			err = events.Append(e)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	return events
}

// Beside the figures of each channel stand the conversations that made them so.
func ExampleEvidence() {
	evidence := metrics.NewEvidence(metrics.Rules{}, at(10, 0), 2, metrics.Facet.Channel)
	for c := range morningLog().Conversations() {
		evidence.Add(c)
	}
	for _, kind := range []metrics.CaseKind{metrics.CaseFirstResponse, metrics.CaseStillWaiting, metrics.CaseClosedUnanswered} {
		top := evidence.Group(metrics.Chat, kind)
		fmt.Printf("%v in the chat, %d:", kind, top.Count())
		for _, c := range top.List() {
			fmt.Printf(" conversation %s (%v, %s)", c.Conversation, c.Elapsed, cmp.Or(c.Agent, "nobody"))
		}
		fmt.Println()
	}
	for _, c := range evidence.Total(metrics.CaseRating).List() {
		fmt.Printf("rated worst: conversation %s, %d stars for %s\n", c.Conversation, c.Number, c.Agent)
	}
	// Output:
	// first_response in the chat, 2: conversation 2 (7m0s, ben) conversation 1 (1m0s, ana)
	// still_waiting in the chat, 1: conversation 5 (40m0s, nobody)
	// closed_unanswered in the chat, 1: conversation 4 (30m0s, nobody)
	// rated worst: conversation 2, 2 stars for ben
}

// A list keeps the worst few of anything: here of the promises that were broken.
func ExampleTop() {
	breaches := metrics.NewTop(2, func(a, b standards.Finding) int {
		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Conversation, b.Conversation))
	})
	policy := standards.ChannelSpeeds()
	for c := range morningLog().Conversations() {
		for f := range policy.Findings(policy.Rules.History(c), at(10, 0)) {
			if f.Verdict == standards.Breached {
				breaches.Add(f)
			}
		}
	}
	fmt.Println(breaches.Count(), "broken promises, the worst:")
	for _, f := range breaches.List() {
		fmt.Printf("conversation %s by %s, %v late\n", f.Conversation, f.Channel, -f.Left)
	}
	// Output:
	// 3 broken promises, the worst:
	// conversation 5 by chat, 38m0s late
	// conversation 4 by chat, 28m0s late
}
