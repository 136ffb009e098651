package flow_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// returning is a desk with an assistant, whose customers come back.
const returning = `
{"type":"message_received","conversation":"1","at":"2026-03-02T09:00:00Z","channel":"chat","customer":"kim"}
{"type":"reply_sent","conversation":"1","at":"2026-03-02T09:00:05Z","agent":"bot","by":"assistant"}
{"type":"resolved","conversation":"1","at":"2026-03-02T09:02:00Z","by":"customer"}
{"type":"message_received","conversation":"2","at":"2026-03-02T10:00:00Z","channel":"chat","customer":"lee"}
{"type":"reply_sent","conversation":"2","at":"2026-03-02T10:00:05Z","agent":"bot","by":"assistant"}
{"type":"resolved","conversation":"2","at":"2026-03-03T10:00:00Z","by":"automation"}
{"type":"message_received","conversation":"3","at":"2026-03-04T09:00:00Z","channel":"email","customer":"lee"}
{"type":"reply_sent","conversation":"3","at":"2026-03-04T12:00:00Z","agent":"ana"}
{"type":"resolved","conversation":"3","at":"2026-03-04T12:00:00Z","agent":"ana"}
{"type":"message_received","conversation":"4","at":"2026-03-05T09:00:00Z","channel":"chat","customer":"max"}
{"type":"reply_sent","conversation":"4","at":"2026-03-05T09:00:05Z","agent":"bot","by":"assistant"}
{"type":"assigned","conversation":"4","at":"2026-03-05T09:10:00Z","team":"returns"}
{"type":"reply_sent","conversation":"4","at":"2026-03-05T09:30:00Z","agent":"ben"}
{"type":"resolved","conversation":"4","at":"2026-03-05T10:00:00Z","agent":"ben"}
{"type":"message_received","conversation":"4","at":"2026-03-05T15:00:00Z","customer":"max"}
{"type":"reply_sent","conversation":"4","at":"2026-03-05T15:30:00Z","agent":"ben"}
{"type":"resolved","conversation":"4","at":"2026-03-05T16:00:00Z","agent":"ben"}
{"type":"message_received","conversation":"5","at":"2026-03-06T09:00:00Z","channel":"chat"}
{"type":"reply_sent","conversation":"5","at":"2026-03-06T09:00:05Z","agent":"bot","by":"assistant"}
{"type":"resolved","conversation":"5","at":"2026-03-07T09:00:00Z","by":"automation"}
{"type":"message_received","conversation":"6","at":"2026-03-15T09:00:00Z","channel":"email","customer":"zoe"}
{"type":"reply_sent","conversation":"6","at":"2026-03-15T11:00:00Z","agent":"ana"}
{"type":"resolved","conversation":"6","at":"2026-03-15T11:00:00Z","agent":"ana"}
{"type":"message_received","conversation":"7","at":"2026-03-18T09:00:00Z","channel":"chat","customer":"uma"}
{"type":"reply_sent","conversation":"7","at":"2026-03-18T09:00:05Z","agent":"bot","by":"assistant"}
{"type":"resolved","conversation":"7","at":"2026-03-18T12:00:00Z","by":"automation"}
{"type":"message_received","conversation":"8","at":"2026-03-19T09:00:00Z","channel":"chat","customer":"uma"}
{"type":"reply_sent","conversation":"8","at":"2026-03-19T09:00:05Z","agent":"bot","by":"assistant"}
{"type":"message_received","conversation":"9","at":"2026-03-19T10:00:00Z","channel":"chat","customer":"vic"}
{"type":"reply_sent","conversation":"9","at":"2026-03-19T10:00:05Z","agent":"bot","by":"assistant"}
{"type":"assigned","conversation":"9","at":"2026-03-19T10:05:00Z","agent":"ana"}
`

func ExampleReturns() {
	byChannel := flow.NewReturns(metrics.Facet.Channel)
	if err := read(returning).Read(metrics.Rules{}, date(20)).Into(byChannel); err != nil {
		fmt.Println(err)
		return
	}
	for _, channel := range slices.Sorted(byChannel.Keys()) {
		first, err := byChannel.Group(channel).FirstContact(flow.FirstContactWindow)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(channel+":", first)
	}
	all, _ := byChannel.Total().FirstContact(flow.FirstContactWindow)
	fmt.Println("all:", all)
	fmt.Println("by issue:", all.Issues)
	// Output:
	// chat: 1 of 3 at first contact, 33.3 %, 1 pending, 1 unknown
	// email: 1 of 1 at first contact, 100.0 %, 1 pending
	// all: 2 of 4 at first contact, 50.0 %, 2 pending, 1 unknown
	// by issue: 1 of 3
}

// What became of the cases in which an assistant replied.
func ExampleContacts_Assistants() {
	returns := flow.NewReturns(metrics.Whole)
	if err := read(returning).Read(metrics.Rules{}, date(20)).Into(returns); err != nil {
		fmt.Println(err)
		return
	}
	bots, err := returns.Total().Assistants(flow.AssistantWindow)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(bots)
	fmt.Println("involved:", bots.Involvement())
	fmt.Println("handed off:", bots.HandOff())
	fmt.Println("contained:", bots.Containment())
	fmt.Println("of all cases, resolved alone:", bots.Automation())
	// Output:
	// 2 of 5 resolved alone, 40.0 %, 2 with a person, 1 unresolved, 1 open, 1 pending
	// involved: 7 of 9
	// handed off: 2 of 5
	// contained: 3 of 5
	// of all cases, resolved alone: 2 of 7
}

// The cases behind the figures, and who came back when and where.
func ExampleContacts_All() {
	returns := flow.NewReturns(metrics.Whole)
	if err := read(returning).Read(metrics.Rules{}, date(20)).Into(returns); err != nil {
		fmt.Println(err)
		return
	}
	for c := range returns.Total().All() {
		verdict, outcome := c.FirstContact(flow.FirstContactWindow), c.Assistant(flow.AssistantWindow)
		fmt.Printf("%s %q: %v, %v", c.Conversation, c.Customer, verdict, outcome)
		if !c.Returned.IsZero() {
			fmt.Printf(", back after %s in %s", text.Duration(c.Returned.Sub(c.Resolved)), c.ReturnedIn)
		}
		fmt.Println()
	}
	// Output:
	// 1 "kim": yes, resolved_confirmed
	// 2 "lee": no, unresolved, back after 23 h in 3
	// 3 "lee": yes, not_involved
	// 4 "max": no, with_person, back after 5 h in 4
	// 5 "": unknown, resolved_assumed
	// 6 "zoe": pending, not_involved
	// 7 "uma": pending_returned, pending, back after 21 h in 8
	// 8 "uma": none, open
	// 9 "vic": none, with_person
}

// A customer's returns.
func ExampleReturns_Customer() {
	returns := flow.NewReturns(metrics.Whole)
	if err := read(returning).Read(metrics.Rules{}, date(20)).Into(returns); err != nil {
		fmt.Println(err)
		return
	}
	lee := returns.Customer("lee")
	for c := range lee.All() {
		fmt.Println(c.Conversation, c.Wrote.Format(time.DateOnly), c.FirstContact(flow.FirstContactWindow))
	}
	first, _ := lee.FirstContact(flow.FirstContactWindow)
	fmt.Println(first.Returned, "return after", lee.Count(), "cases")
	// Output:
	// 2 2026-03-02 no
	// 3 2026-03-04 yes
	// 1 return after 2 cases
}

// How long it takes until customers come back, with those who have not so far.
func ExampleContacts_TimeToReturn() {
	returns := flow.NewReturns(metrics.Whole)
	if err := read(returning).Read(metrics.Rules{}, date(20)).Into(returns); err != nil {
		fmt.Println(err)
		return
	}
	times, err := returns.Total().TimeToReturn()
	if err != nil {
		fmt.Println(err)
		return
	}
	curve, err := stat.KaplanMeier(times)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hours := range []time.Duration{4, 22, 24} {
		away, err := curve.At(hours*time.Hour, 0.95)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d hours after: %.0f %% have not come back\n", hours, 100*away.Estimate)
	}
	// Output:
	// 4 hours after: 100 % have not come back
	// 22 hours after: 67 % have not come back
	// 24 hours after: 50 % have not come back
}
