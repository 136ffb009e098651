package metrics_test

import (
	"fmt"
	"log"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// An export of an ITSM system has a row for each change of a status. Incident 4711
// waits for the user from 9:30 to 11:30, and comes back after it was resolved.
func ExampleFromStatuses() {
	at := func(hour, minute int) time.Time { return time.Date(2026, time.March, 2, hour, minute, 0, 0, time.UTC) }
	rows := []metrics.StatusRow{
		{Conversation: "4711", At: at(9, 0), Status: "New"},
		{Conversation: "4711", At: at(9, 10), Status: "In Progress"},
		{Conversation: "4711", At: at(9, 30), Status: "Awaiting User"},
		{Conversation: "4711", At: at(11, 30), Status: "In Progress"},
		{Conversation: "4711", At: at(12, 0), Status: "Resolved"},
		{Conversation: "4711", At: at(13, 0), Status: "In Progress"},
		{Conversation: "4711", At: at(13, 20), Status: "Closed"},
		{Conversation: "4712", At: at(12, 30), Status: "Awaiting Vendor"},
		{Conversation: "4712", At: at(12, 45), Status: "Cancelld"},
	}
	states := map[string]metrics.State{
		"New":             metrics.StateOpen,
		"In Progress":     metrics.StateOpen,
		"Awaiting User":   metrics.StateWaitingForCustomer,
		"Awaiting Vendor": metrics.StateWaitingForOthers,
		"Resolved":        metrics.StateResolved,
		"Closed":          metrics.StateClosed,
	}
	var incidents metrics.EventLog
	for e, err := range metrics.FromStatuses(rows, states) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		if err := incidents.Append(e); err != nil {
			log.Fatal(err)
		}
	}
	for h := range incidents.Read(metrics.Rules{}, at(14, 0)).Histories() {
		id := h.Conversation().ID()
		if first, ok := h.FirstResolution(nil); ok {
			fmt.Println(id, "first resolved after", first, "and reopened", h.Reopens(), "time")
		}
		fmt.Println(id, "on hold for", h.OnHold(nil, metrics.AnyReason), "open:", h.IsOpen())
	}
	// Output:
	// row 8: metrics: status without a state: status "Cancelld" of conversation "4712" at 2026-03-02 12:45:00 +0000 UTC
	// 4711 first resolved after 1h0m0s and reopened 1 time
	// 4711 on hold for 2h0m0s open: false
	// 4712 on hold for 1h30m0s open: true
}
