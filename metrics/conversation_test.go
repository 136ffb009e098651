package metrics_test

import (
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// TestConversationStaysWhatItIs takes a conversation from a log that grows on.
func TestConversationStaysWhatItIs(t *testing.T) {
	var log metrics.EventLog
	add := func(second int64, id metrics.EventID, agent metrics.AgentID) {
		t.Helper()
		if err := log.Append(metrics.ReplySent{ID: id, Conversation: "7", At: time.Unix(second, 0), Agent: agent}); err != nil {
			t.Fatal(err)
		}
	}
	add(1, "a", "ana")
	before, _ := log.Conversation("7")
	add(4, "b", "ben")
	add(9, "b", "eve") // edited
	if log.Len() != 2 {
		t.Fatalf("%d events", log.Len())
	}
	if n := before.AsOf(time.Unix(5, 0)).Len(); n != 1 {
		t.Errorf("a conversation of one event has %d as of later", n)
	}
	now, _ := log.Conversation("7")
	if n := now.AsOf(time.Unix(3, 0)).AsOf(time.Unix(5, 0)).Len(); n != 1 {
		t.Errorf("what was known at 3 has %d events as of 5, want 1", n)
	}
	if _, ok := log.Conversation("8"); ok {
		t.Error("a conversation that is not there")
	}
}

func TestConversationLaws(t *testing.T) {
	properties := laws(t, 2000)
	properties.Property("what was known at two instants is what was known at the earlier one", prop.ForAll(func(steps []step, a, b int64) bool {
		c, err := metrics.NewConversation(events(steps, true)...)
		if err != nil {
			return false
		}
		twice := c.AsOf(time.Unix(0, a)).AsOf(time.Unix(0, b))
		if b <= a {
			// The versions of an edited event are known in the order of their
			// instants, so nothing that was known before b is lost at a.
			return slices.Equal(slices.Collect(twice.Events()), slices.Collect(c.AsOf(time.Unix(0, b)).Events()))
		}
		return slices.Equal(slices.Collect(twice.Events()), slices.Collect(c.AsOf(time.Unix(0, a)).Events()))
	}, genSteps(), genAt(), genAt()))
	properties.Property("records are the events in their flat form", prop.ForAll(func(steps []step, stop uint8) bool {
		c, err := metrics.NewConversation(events(steps, true)...)
		if err != nil {
			return false
		}
		var want, got []metrics.Record
		for e := range c.Events() {
			want = append(want, metrics.RecordOf(e))
		}
		want = want[:min(int(stop), len(want))]
		for r := range c.Records() {
			if len(got) == int(stop) {
				break
			}
			got = append(got, r)
		}
		return slices.Equal(got, want)
	}, genSteps(), gen.UInt8Range(0, 20)))
	properties.TestingRun(t)
}
