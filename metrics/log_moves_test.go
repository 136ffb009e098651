package metrics_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// TestManyMergers reads many mergers, which takes seconds if the time is not
// proportional to their number.
func TestManyMergers(t *testing.T) {
	const n = 20_000
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	name := func(i int) metrics.ConversationID { return metrics.ConversationID(fmt.Sprint(i)) }
	tests := map[string]struct {
		from, into     func(i int) metrics.ConversationID
		moved, waiting int64
	}{
		"a chain":                          {name, func(i int) metrics.ConversationID { return name(i + 1) }, n, 1},
		"all into one":                     {name, func(int) metrics.ConversationID { return name(n) }, n, 1},
		"a circle":                         {name, func(i int) metrics.ConversationID { return name((i + 1) % n) }, 0, n + 1},
		"one into others, again and again": {func(int) metrics.ConversationID { return "one" }, name, n, n + 1},
	}
	for title, tt := range tests {
		var log metrics.EventLog
		add := func(e metrics.Event) {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
		for i := range n + 1 {
			add(metrics.MessageReceived{Conversation: name(i), At: start})
		}
		for i := range n {
			at := start.Add(time.Duration(i+1) * time.Second)
			add(metrics.MessageReceived{Conversation: tt.from(i), At: at})
			add(metrics.Merged{Conversation: tt.from(i), At: at.Add(time.Millisecond), Into: tt.into(i)})
		}
		f := log.Read(metrics.Rules{}, start.AddDate(1, 0, 0)).Figures()
		if f.Moved != tt.moved || f.Elapsed.StillWaiting.Count() != tt.waiting {
			t.Errorf("%s: %d moved, %d still waiting, want %d and %d", title, f.Moved, f.Elapsed.StillWaiting.Count(), tt.moved, tt.waiting)
		}
	}
}

// TestMovesOfOneInstant has a source that was merged twice at one instant: each wait goes
// where its own merger leads.
func TestMovesOfOneInstant(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	later := at.Add(time.Hour)
	var log metrics.EventLog
	for _, e := range []metrics.Event{
		metrics.Opened{Conversation: "b", At: at},
		metrics.Opened{Conversation: "c", At: at},
		metrics.MessageReceived{Conversation: "a", At: at},
		metrics.Merged{Conversation: "a", At: later, Seq: 1, Into: "b"},
		metrics.MessageReceived{Conversation: "a", At: later, Seq: 2},
		metrics.Merged{Conversation: "a", At: later, Seq: 3, Into: "c"},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	starts := make(map[metrics.ConversationID]time.Time)
	for h := range log.Read(metrics.Rules{}, later).Histories() {
		if w, ok := h.StillWaiting(); ok {
			starts[h.Conversation().ID()] = w.Start
		}
	}
	if len(starts) != 2 || !starts["b"].Equal(at) || !starts["c"].Equal(later) {
		t.Errorf("waits since %v", starts)
	}
}

// TestCloseOfManyMergers has a chain whose last conversation is open, which holds all the
// others.
func TestCloseOfManyMergers(t *testing.T) {
	const n = 20_000
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	name := func(i int) metrics.ConversationID { return metrics.ConversationID(fmt.Sprint(i)) }
	tracker := metrics.NewTracker(metrics.Rules{}, func() *metrics.Breakdown[string] { return new(metrics.Breakdown[string]) })
	add := func(e metrics.Event) {
		if err := tracker.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		add(metrics.Opened{Conversation: name(i), At: at})
		add(metrics.Merged{Conversation: name(i), At: at.Add(time.Hour), Into: name(i + 1)})
	}
	add(metrics.Opened{Conversation: name(n), At: at})
	if closed, err := tracker.Close(at.AddDate(1, 0, 0), nil); closed != 0 || err != nil {
		t.Errorf("closed %d, %v", closed, err)
	}
	add(metrics.Resolved{Conversation: name(n), At: at.Add(2 * time.Hour)})
	if closed, err := tracker.Close(at.AddDate(1, 0, 0), nil); closed != n+1 || err != nil {
		t.Errorf("closed %d, %v", closed, err)
	}
}
