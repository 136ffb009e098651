package metrics_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Any function of a facet is a key: here the hour of the week in which customers
// write, by the clocks of the desk's zone.
func ExampleNewBreakdown_hourOfWeek() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		fmt.Println(err)
		return
	}
	var log metrics.EventLog
	for _, at := range []string{"2026-03-02T08:10:00Z", "2026-03-02T08:40:00Z", "2026-03-03T14:00:00Z", "2026-03-30T07:20:00Z"} {
		t, err := time.Parse(time.RFC3339, at)
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := log.Append(metrics.MessageReceived{Conversation: metrics.ConversationID(at), At: t}); err != nil {
			fmt.Println(err)
			return
		}
	}
	asOf := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	byHour := metrics.NewBreakdown(func(f metrics.Facet) metrics.HourOfWeek {
		return f.HourOfWeek(berlin)
	})
	if err := log.Read(metrics.Rules{}, asOf).Into(byHour); err != nil {
		fmt.Println(err)
		return
	}
	// In March the clocks go forward: 07:20 UTC is 9 o'clock, too.
	for _, hour := range slices.Sorted(byHour.Keys()) {
		if n := byHour.Group(hour).Volume.Messages; n > 0 {
			fmt.Println(hour, n)
		}
	}
	// Output:
	// Mon 09:00 3
	// Tue 15:00 1
}

// A key may have several dimensions. The total is merged from the groups, so it is
// never a mean of means.
func ExampleNewBreakdown_severalDimensions() {
	var log metrics.EventLog
	for event, err := range metrics.DecodeJSONLines(strings.NewReader(`
{"type":"message_received","conversation":"1","at":"2026-03-02T09:00:00Z","channel":"email"}
{"type":"reply_sent","conversation":"1","at":"2026-03-02T09:10:00Z","agent":"ana"}
{"type":"message_received","conversation":"2","at":"2026-03-02T09:00:00Z","channel":"email"}
{"type":"reply_sent","conversation":"2","at":"2026-03-02T09:20:00Z","agent":"ana"}
{"type":"message_received","conversation":"3","at":"2026-03-09T09:00:00Z","channel":"email"}
{"type":"reply_sent","conversation":"3","at":"2026-03-09T10:00:00Z","agent":"ana"}
`)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := log.Append(event); err != nil {
			fmt.Println(err)
			return
		}
	}
	type cell struct {
		channel metrics.Channel
		agent   metrics.AgentID
		week    metrics.Period
	}
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	asOf := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	b := metrics.NewBreakdown(func(f metrics.Facet) cell {
		return cell{f.Channel(), f.Agent(), f.Period(weeks)}
	})
	if err := log.Read(metrics.Rules{}, asOf).Into(b); err != nil {
		fmt.Println(err)
		return
	}
	byWeek := func(x, y cell) int { return x.week.Compare(y.week) }
	for _, key := range slices.SortedFunc(b.Keys(), byWeek) {
		fmt.Println(key.channel, key.agent, key.week, &b.Group(key).Elapsed.Response)
	}
	fmt.Println("total", &b.Total().Elapsed.Response)
	// Output:
	// email ana 2026-W10 2 × mean 15 min, median 15 min, p95 20 min
	// email ana 2026-W11 1 × mean 1 h, median 1 h, p95 1 h
	// total 3 × mean 30 min, median 20 min, p95 56 min
}
