package metrics_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// TestManyActivities has three conversations in a row, each with more activities than are looked
// for one by one, and in another order.
func TestManyActivities(t *testing.T) {
	log := new(metrics.EventLog)
	want := make(map[metrics.ConversationID]map[metrics.Activity]time.Duration)
	for c := range 3 {
		id := metrics.ConversationID(fmt.Sprint(c))
		want[id] = make(map[metrics.Activity]time.Duration)
		for i := range 60 {
			activity, took := metrics.Activity(fmt.Sprint("activity ", (1+2*c)*i%20)), time.Duration(1+c+i)*time.Second
			if c == 2 {
				activity = metrics.Activity(fmt.Sprint("activity ", 19-i%20))
			}
			want[id][activity] += took
			if err := log.Append(metrics.Handled{Conversation: id, At: minute(i), For: activity, Took: took}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for h := range log.Read(metrics.Rules{}, minute(99)).Histories() {
		if got := h.Handling(); fmt.Sprint(got) != fmt.Sprint(want[h.Conversation().ID()]) {
			t.Errorf("conversation %s was handled %v, want %v", h.Conversation().ID(), got, want[h.Conversation().ID()])
		}
	}
}
