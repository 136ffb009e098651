package main

import (
	"math"
	"slices"
	"testing"
)

// The events are those that the documentation promises.
func TestDeskEvents(t *testing.T) {
	const n = 100_000
	events := deskEvents(1, n)
	if len(events) != n {
		t.Fatalf("%d events", len(events))
	}
	if !slices.Equal(events, deskEvents(1, n)) {
		t.Error("other events for the same seed")
	}
	if slices.Equal(events, deskEvents(2, n)) {
		t.Error("the same events for another seed")
	}
	last := make(map[uint32]deskEvent)
	kinds := make(map[deskKind]float64)
	agents, channels := make(map[int16]bool), make(map[uint8]bool)
	switches := 0
	for i, e := range events {
		if i > 0 && e.at < events[i-1].at {
			t.Fatalf("event %d is earlier than the one before", i)
		}
		if i > 0 && e.conversation != events[i-1].conversation {
			switches++
		}
		if before, ok := last[e.conversation]; ok && (before.at >= e.at || before.channel != e.channel) {
			t.Fatalf("%v after %v", e, before)
		} else if !ok && e.kind != deskMessage && e.kind != deskReply {
			t.Fatalf("a conversation begins with %v", e)
		}
		last[e.conversation] = e
		kinds[e.kind]++
		channels[e.channel] = true
		if e.agent >= 0 {
			agents[e.agent] = true
		}
		byAgent := e.kind == deskReply || e.kind == deskRating || e.kind == deskResolved
		if byAgent != (e.agent >= 0) || (e.kind == deskRating) != (e.stars > 0) || e.stars > 5 {
			t.Fatalf("%v", e)
		}
	}
	conversations := float64(len(last))
	open := 0.0
	for _, e := range last {
		if e.kind == deskMessage || e.kind == deskAutomated {
			open++
		}
	}
	for _, share := range []struct {
		name       string
		share      float64
		around, by float64
	}{
		{"events for a conversation", n / conversations, 20.0 / 3, 0.3},
		{"automated", kinds[deskAutomated] / n, 0.10, 0.01},
		{"rated", kinds[deskRating] / conversations, 0.30, 0.02},
		{"reopened", kinds[deskReopened] / conversations, 0.11, 0.02},
		{"waiting at the end", open / conversations, 0.01, 0.01},
		{"switches of conversation", float64(switches) / n, 0.7, 0.1},
		{"agents", float64(len(agents)), deskAgents, 0},
		{"channels", float64(len(channels)), 5, 0},
		{"days", float64(events[n-1].at-events[0].at) / 86_400_000, deskDays, 3},
	} {
		if !(math.Abs(share.share-share.around) <= share.by) {
			t.Errorf("%s: %v, not %v", share.name, share.share, share.around)
		}
	}
	if open == 0 {
		t.Error("nobody waits at the end")
	}
}

func TestConversationNames(t *testing.T) {
	names := conversationNames(10_000)
	seen := make(map[string]bool)
	for i, name := range names {
		if len(name) != 36 || seen[name] || name != conversationName(uint32(i)) {
			t.Fatalf("name %d is %q", i, name)
		}
		seen[name] = true
	}
	// The finalizer of SplitMix64 for the seed 0, from its reference program.
	if got := mix(0); got != 0xe220a8397b1dcdaf {
		t.Errorf("mix(0) = %x", got)
	}
}

func TestDatasetRoundTrip(t *testing.T) {
	o := brief(t)
	o.seed, o.events = 3, 25_000
	d, err := newDataset(o)
	if err != nil {
		t.Fatal(err)
	}
	want := deskEvents(3, 25_000)
	var got []deskEvent
	if err := d.batches(func(batch []deskEvent) error {
		got = append(got, batch...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Error("other events were read than written")
	}
}
