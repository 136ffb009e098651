package metrics_test

import (
	"fmt"
	"slices"
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

// TestPausesOfMovedWaits has waits that meet in one conversation, each with the pauses that
// stopped it before.
func TestPausesOfMovedWaits(t *testing.T) {
	minute := func(n int) time.Time { return time.Date(2026, 3, 2, 9, n, 0, 0, time.UTC) }
	message := func(c metrics.ConversationID, at int) metrics.Event {
		return metrics.MessageReceived{Conversation: c, At: minute(at)}
	}
	paused := func(c metrics.ConversationID, from, to int) metrics.Event {
		return metrics.Paused{Conversation: c, At: minute(from), Until: minute(to), For: metrics.ForThirdParty}
	}
	merged := func(c metrics.ConversationID, at int) metrics.Event {
		return metrics.Merged{Conversation: c, At: minute(at), Into: "z"}
	}
	for _, tt := range []struct {
		name        string
		from        metrics.ClockStart
		events      []metrics.Event
		start, held int // as of minute 50
	}{
		{"the pauses of each while it is there", metrics.FromWait, []metrics.Event{
			message("a", 0), paused("a", 1, 5), merged("a", 20), paused("z", 10, 22), paused("z", 30, 33),
		}, 0, 4 + 2 + 3},
		{"the earlier start counts with its pauses", metrics.FromWait, []metrics.Event{
			message("a", 2), paused("a", 3, 4), merged("a", 20), message("b", 0), paused("b", 5, 15), merged("b", 21), message("z", 6), paused("z", 7, 9),
		}, 0, 10},
		{"also where it came first", metrics.FromWait, []metrics.Event{
			message("a", 2), paused("a", 3, 4), merged("a", 21), message("b", 0), paused("b", 5, 15), merged("b", 20),
		}, 0, 10},
		{"of two that started together, the one that was here", metrics.FromWait, []metrics.Event{
			message("a", 0), paused("a", 1, 8), merged("a", 20), message("z", 0), paused("z", 7, 9),
		}, 0, 2},
		{"of two that started and came together, the first by name", metrics.FromWait, []metrics.Event{
			message("b", 0), paused("b", 1, 8), merged("b", 20), message("a", 0), paused("a", 7, 9), merged("a", 20),
		}, 0, 2},
		{"pauses before an agent is in charge do not count", metrics.FromAssigned, []metrics.Event{
			message("a", 0), paused("a", 1, 5), merged("a", 20), paused("z", 30, 33), metrics.Assigned{Conversation: "z", At: minute(25), Agent: "ana"},
		}, 25, 3},
		{"a clock that runs is not moved", metrics.FromAssigned, []metrics.Event{
			metrics.Assigned{Conversation: "a", At: minute(0), Agent: "ana"}, message("a", 1), paused("a", 2, 5), merged("a", 20),
			metrics.Assigned{Conversation: "z", At: minute(25), Agent: "ben"},
		}, 1, 3},
	} {
		var log metrics.EventLog
		for _, e := range append(tt.events, metrics.Opened{Conversation: "z", At: minute(0)}) {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
		rules := metrics.Rules{FirstResponseFrom: tt.from, PauseStopsWaits: metrics.AnyReason}
		for h := range log.Read(rules, minute(50)).Conversation("z") {
			w, ok := h.StillWaiting()
			if want := time.Duration(50-tt.start-tt.held) * time.Minute; !ok || !w.Start.Equal(minute(tt.start)) || w.Duration() != want {
				t.Errorf("%s: since %v, %v, want since minute %d, %v", tt.name, w.Start, w.Duration(), tt.start, want)
			}
			if sum, ok := h.RequesterWait(nil); !ok || sum != w.Duration() {
				t.Errorf("%s: %v, but the wait is %v", tt.name, sum, w.Duration())
			}
			came := func(h *metrics.History) string {
				for at := range h.Arrivals() {
					return at.String()
				}
				return "never"
			}
			once, never := minute(20).String(), "never"
			if got := []string{came(h), came(h.AsOf(minute(20))), came(h.AsOf(minute(19))), came(h.Before(minute(20)))}; !slices.Equal(got, []string{once, once, never, never}) {
				t.Errorf("%s: arrivals at %v", tt.name, got)
			}
		}
	}
}

// TestPastOfNothing asks the zero History for its past.
func TestPastOfNothing(t *testing.T) {
	var h metrics.History
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	if c, here := h.Joined("a"); here || c.Len() != 0 {
		t.Errorf("joined %v, %v", c, here)
	}
	if h.AsOf(at).Counts() || h.Before(at).Counts() || h.Revisions() != nil || len(slices.Collect(h.Arrivals())) > 0 || h.Discarded() {
		t.Error("the zero History has a past")
	}
}

// TestMergersOnceInACircle has a merger that, until it was retracted, made a circle with the
// later one of the other conversation: when that came, the first wait had not moved any more.
func TestMergersOnceInACircle(t *testing.T) {
	log := logOf(t, []metrics.Event{
		metrics.MessageReceived{Conversation: "a", At: minute(0), Channel: metrics.Email},
		metrics.MessageReceived{Conversation: "b", At: minute(0), Channel: metrics.Email},
		metrics.Merged{ID: "m", Conversation: "a", At: minute(1), Into: "b"},
		metrics.Merged{Conversation: "b", At: minute(3), Into: "a"},
		metrics.Retracted{Conversation: "a", At: minute(5), Event: "m"},
	})
	for _, tt := range []struct {
		asOf    time.Time
		a, b    metrics.Outcome // of the wait
		revised []time.Time
	}{
		{minute(3).Add(-1), metrics.Moved, metrics.Open, nil},
		{minute(3), metrics.Open, metrics.Open, []time.Time{minute(1), minute(3)}},
		{minute(5).Add(-1), metrics.Open, metrics.Open, []time.Time{minute(1), minute(3)}},
		{minute(5), metrics.Open, metrics.Moved, []time.Time{minute(1), minute(3), minute(5)}},
		{minute(9), metrics.Open, metrics.Moved, []time.Time{minute(1), minute(3), minute(5)}},
	} {
		for h := range log.Read(metrics.Rules{}, tt.asOf).Histories() {
			want := map[metrics.ConversationID]metrics.Outcome{"a": tt.a, "b": tt.b}[h.Conversation().ID()]
			if w := h.Waits(); len(w) != 1 || w[0].Outcome != want {
				t.Errorf("as of %v, %s waits %v, want %v", tt.asOf, h.Conversation().ID(), w, want)
			}
			if at := h.Revisions(); !slices.EqualFunc(at, tt.revised, time.Time.Equal) {
				t.Errorf("as of %v, %s was revised at %v, want %v", tt.asOf, h.Conversation().ID(), at, tt.revised)
			}
		}
	}
}

// TestMergerAfterOneWithoutEffect has a source whose first merger leads nowhere, so that
// its wait stays, and goes on by the second one, twice.
func TestMergerAfterOneWithoutEffect(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var log metrics.EventLog
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "a", At: at},
		metrics.Merged{Conversation: "a", At: at.Add(time.Minute), Into: "nowhere"},
		metrics.Merged{Conversation: "a", At: at.Add(2 * time.Minute), Into: "b"},
		metrics.Opened{Conversation: "b", At: at},
		metrics.Merged{Conversation: "b", At: at.Add(3 * time.Minute), Into: "c"},
		metrics.Opened{Conversation: "c", At: at},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	for h := range log.Read(metrics.Rules{}, at.Add(time.Hour)).Conversation("c") {
		if w, ok := h.StillWaiting(); !ok || !w.Start.Equal(at) {
			t.Errorf("waits since %v, %v", w.Start, ok)
		}
	}
}

// TestAssignmentAtArrival has a wait that opens a conversation at the instant at which the
// agent in charge leaves it: the agent was in charge at the start.
func TestAssignmentAtArrival(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var log metrics.EventLog
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "a", At: at},
		metrics.Merged{Conversation: "a", At: at.Add(time.Hour), Into: "b"},
		metrics.Assigned{Conversation: "b", At: at, Agent: "ana"},
		metrics.Assigned{Conversation: "b", At: at.Add(time.Hour)},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	for h := range log.Read(metrics.Rules{}, at.Add(2*time.Hour)).Conversation("b") {
		if w, ok := h.Assignment(); !ok || w.Agent != "ana" || !w.Start.Equal(at.Add(time.Hour)) || !w.End.Equal(w.Start) {
			t.Errorf("%+v, %v", w, ok)
		}
	}
}
