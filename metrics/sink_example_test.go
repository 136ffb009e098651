package metrics_test

import (
	"errors"
	"fmt"
	"log"
	"maps"
	"slices"

	"github.com/servicequality/servicequality/metrics"
)

// messages is a sink of your own: it counts the messages of each customer.
type messages struct {
	metrics.Binding
	by map[metrics.CustomerID]int64
}

func (m *messages) Add(h *metrics.History) error {
	if err := m.Check(h); err != nil {
		return err
	}
	m.by[h.Customer()] += h.Volume().Messages
	return nil
}

func (m *messages) Merge(other *messages) error {
	if err := m.Join(&other.Binding); err != nil {
		return err
	}
	for customer, n := range other.by {
		m.by[customer] += n
	}
	return nil
}

// threeConversations has two of Zoe, which are settled, and one of Max. He is waiting.
func threeConversations() *metrics.EventLog {
	events := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: at(9, 0), Channel: metrics.Email, Customer: "zoe"},
		metrics.ReplySent{Conversation: "1", At: at(9, 10), Agent: "ana"},
		metrics.Resolved{Conversation: "1", At: at(9, 10), Agent: "ana"},
		metrics.MessageReceived{Conversation: "2", At: at(9, 20), Channel: metrics.Chat, Customer: "zoe"},
		metrics.ReplySent{Conversation: "2", At: at(9, 21), Agent: "ben"},
		metrics.Resolved{Conversation: "2", At: at(9, 25), Agent: "ben"},
		metrics.MessageReceived{Conversation: "3", At: at(9, 40), Channel: metrics.Chat, Customer: "max"},
	} {
		if err := events.Append(e); err != nil {
			log.Fatal(err)
		}
	}
	return events
}

// A sink of your own embeds a Binding, which refuses whatever does not add up.
func ExampleBinding() {
	events := threeConversations()
	all := messages{by: make(map[metrics.CustomerID]int64)}
	for _, part := range events.Read(metrics.Rules{}, at(10, 0)).Parts(2) { // each could have its goroutine
		counted := messages{by: make(map[metrics.CustomerID]int64)}
		if err := errors.Join(part.Into(&counted), all.Merge(&counted)); err != nil {
			log.Fatal(err)
		}
	}
	for _, customer := range slices.Sorted(maps.Keys(all.by)) {
		fmt.Println(customer, all.by[customer])
	}
	fmt.Println(all.Terms())
	fmt.Println(events.Read(metrics.Rules{}, at(10, 0)).Into(&all))
	fmt.Println(events.Read(metrics.Rules{}, at(11, 0)).Into(&all))
	// Output:
	// max 1
	// zoe 2
	// as of 2026-03-02 10:00:00 UTC
	// metrics: the same conversations again
	// metrics: read by other terms: as of 2026-03-02 10:00:00 UTC and as of 2026-03-02 11:00:00 UTC
}

// Any number of sinks is fed in one pass.
func ExampleReading_Into() {
	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
	slowest := metrics.NewEvidence(metrics.Whole, 1)
	if err := threeConversations().Read(metrics.Rules{}, at(10, 0)).Into(byChannel, slowest); err != nil {
		log.Fatal(err)
	}
	fmt.Println("email:", byChannel.Group(metrics.Email).Elapsed.FirstResponse)
	fmt.Println("chat: ", byChannel.Group(metrics.Chat).Elapsed.FirstResponse)
	for _, c := range slowest.Total(metrics.ExhibitFirstResponse).List() {
		fmt.Println("slowest:", c.Conversation, "by", c.Agent, "after", c.Elapsed)
	}
	// Output:
	// email: 1 × mean 10 min, median 10 min, p95 10 min
	// chat:  1 × mean 1 min, median 1 min, p95 1 min
	// slowest: 1 by ana after 10m0s
}

// Settled figures of the morning may be added to those of another log at noon. Figures
// that include what was open in the morning may not.
func ExampleReading_Settled() {
	elsewhere, err := metrics.NewConversation(metrics.MessageReceived{Conversation: "4", At: at(11, 0)})
	if err != nil {
		log.Fatal(err)
	}
	noon := metrics.NewBreakdown(metrics.Whole)
	if err := noon.Add(elsewhere.Read(metrics.Rules{}, at(12, 0))); err != nil {
		log.Fatal(err)
	}
	morning := threeConversations().Read(metrics.Rules{}, at(10, 0))

	sum := noon.Total()
	fmt.Println(sum.Merge(morning.Figures()))
	fmt.Println(sum.Merge(morning.Settled().Figures()))
	fmt.Println(sum.Conversations, "conversations as of", sum.AsOf.Format("15:04"))
	// Output:
	// metrics: read by other terms: as of 2026-03-02 12:00:00 UTC and as of 2026-03-02 10:00:00 UTC
	// <nil>
	// 3 conversations as of 12:00
}

// A span divides the figures into those before a change and those after it.
func ExampleFacet_Within() {
	newPhones := metrics.Span{Start: at(9, 15)}
	b := metrics.NewBreakdown(func(f metrics.Facet) bool { return f.Within(newPhones) })
	if err := threeConversations().Read(metrics.Rules{}, at(10, 0)).Into(b); err != nil {
		log.Fatal(err)
	}
	fmt.Println("before:", b.Group(false).Elapsed.FirstResponse)
	fmt.Println("after: ", b.Group(true).Elapsed.FirstResponse)
	// Output:
	// before: 1 × mean 10 min, median 10 min, p95 10 min
	// after:  1 × mean 1 min, median 1 min, p95 1 min
}

// A loop of your own answers what no sink counts.
func ExampleReading_Histories() {
	for h := range threeConversations().Read(metrics.Rules{}, at(10, 0)).Histories() {
		if wait, ok := h.StillWaiting(); ok {
			fmt.Println(h.Customer(), "has waited for", wait.Duration(), "by", h.FacetOf(wait).Channel())
		}
	}
	// Output: max has waited for 20m0s by chat
}
