package metrics_test

import (
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Any function of a facet is a key: here the hour of the week, in the desk's
// zone, in which customers write.
func ExampleNewBreakdown_hourOfWeek() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		fmt.Println(err)
		return
	}
	type hour struct {
		day  time.Weekday
		hour int
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
	byHour := metrics.NewBreakdown(metrics.Rules{}, asOf, func(f metrics.Facet) hour {
		t := f.At().In(berlin)
		return hour{t.Weekday(), t.Hour()}
	})
	for c := range log.Conversations() {
		byHour.Add(c)
	}
	// In March the clocks go forward: 07:20 UTC is 9 o'clock, too.
	fmt.Println(byHour.Group(hour{time.Monday, 9}).Volume.Messages)
	fmt.Println(byHour.Group(hour{time.Tuesday, 15}).Volume.Messages)
	// Output:
	// 3
	// 1
}
