package metrics_test

import (
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// TestMoments holds the moments and the open spans of a history against its
// records and cycles.
func TestMoments(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 9, minute, 0, 0, time.UTC) }
	var log metrics.EventLog
	for _, e := range []metrics.Event{
		metrics.Opened{Conversation: "a", At: at(0), Priority: "high"},
		metrics.MessageReceived{Conversation: "a", At: at(1), Customer: "carla"},
		metrics.ReplySent{Conversation: "a", At: at(2), Agent: "bot", By: metrics.ByAutomation},
		metrics.Assigned{Conversation: "a", At: at(3), Agent: "ana", Team: "returns"},
		metrics.ReplySent{Conversation: "a", At: at(4), Agent: "ana"},
		metrics.RatingGiven{Conversation: "a", At: at(5), Agent: "ana", Stars: 5},
		metrics.Resolved{Conversation: "a", At: at(6), Agent: "ana"},
		metrics.MessageReceived{Conversation: "a", At: at(7)},
		metrics.Paused{Conversation: "a", At: at(8)},
		metrics.Resumed{Conversation: "a", At: at(8)},
		metrics.Prioritized{Conversation: "a", At: at(8), Priority: "low"},
		metrics.Handled{Conversation: "a", At: at(8), Agent: "ana", Took: time.Minute},
		metrics.ReplySent{Conversation: "a", At: at(8), Agent: "iris", By: metrics.ByAssistant},
		metrics.Merged{Conversation: "a", At: at(9), Into: "b"},
		metrics.ReplySent{Conversation: "b", At: at(9)},
		metrics.Reopened{Conversation: "a", At: at(10), Agent: "ben", By: metrics.ByAutomation},
		metrics.Resolved{Conversation: "a", At: at(11), By: metrics.ByCustomer},
		metrics.RatingRequested{ID: "gone", Conversation: "a", At: at(12), Agent: "ana"},
		metrics.Retracted{Conversation: "a", At: at(13), Event: "gone"},
		metrics.Reopened{Conversation: "a", At: at(14)},
		metrics.Abandoned{Conversation: "a", At: at(15)},
		metrics.Discarded{Conversation: "b", At: at(16)},
		metrics.Reopened{Conversation: "b", At: at(17)},
		metrics.Resolved{Conversation: "a", At: at(30)},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for h := range log.Read(metrics.Rules{}, at(20)).Histories() {
		records := slices.Collect(h.Conversation().Records())
		i := 0
		var team metrics.TeamID
		for m := range h.Moments() {
			r := records[i]
			if r.Type == metrics.KindAssigned {
				team = r.Team
			}
			if m.Kind() != r.Type || !m.At().Equal(r.At) || m.At().Location() != time.UTC || m.By() != r.By || m.Agent() != r.Agent || m.Team() != team ||
				m.Took() != time.Duration(r.Took) || r.Type == metrics.KindHandled && string(m.Activity()) != r.For {
				t.Errorf("%v at %v by %q, want %+v", m.Kind(), m.At(), m.Agent(), r)
			}
			i++
		}
		if i != len(records) {
			t.Errorf("%d moments of %d events", i, len(records))
		}
		n += i
		cycles := h.Cycles()
		i = 0
		for open := range h.CycleSpells() {
			outcome := open.Outcome()
			if c := cycles[i]; open.Start() != c.Start || open.End() != c.End || open.Took(nil) != c.Duration() || (outcome == metrics.Answered) != c.Resolved || (outcome == metrics.Open) != c.End.IsZero() {
				t.Errorf("%v, %v, want %+v", open, outcome, c)
			}
			i++
		}
		if i != len(cycles) {
			t.Errorf("%d spans of %d cycles", i, len(cycles))
		}
		for range h.Moments() {
			break
		}
		for range h.CycleSpells() {
			break
		}
		count := func() {
			for m := range h.Moments() {
				if m.Agent() == "nobody" {
					t.Error(m.At())
				}
			}
			for open := range h.CycleSpells() {
				if open.Start().IsZero() {
					t.Error(open)
				}
			}
		}
		if allocs := testing.AllocsPerRun(10, count); allocs != 0 {
			t.Errorf("%v allocations", allocs)
		}
	}
	if n != 22 {
		t.Errorf("%d moments", n)
	}
	var h metrics.History
	for range h.Moments() {
		t.Error("a moment of the zero History")
	}
	for range h.CycleSpells() {
		t.Error("a span of the zero History")
	}
	if m := new(metrics.Moment); m.Kind() != 0 || !m.At().IsZero() || m.By() != 0 || m.Agent() != "" || m.Team() != "" {
		t.Error("the zero Moment says something")
	}
}

// TestArrivals has mergers that bring waits, and some that bring none.
func TestArrivals(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 9, minute, 0, 0, time.UTC) }
	var log metrics.EventLog
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "a", At: at(0)},
		metrics.MessageReceived{Conversation: "late", At: at(1)},
		metrics.Merged{Conversation: "late", At: at(9), Into: "a"},
		metrics.MessageReceived{Conversation: "b", At: at(2)},
		metrics.Merged{Conversation: "b", At: at(5), Into: "a"},
		metrics.MessageReceived{Conversation: "answered", At: at(2)},
		metrics.ReplySent{Conversation: "answered", At: at(3)},
		metrics.Merged{Conversation: "answered", At: at(4), Into: "a"},
		metrics.MessageReceived{Conversation: "round", At: at(3)},
		metrics.Merged{Conversation: "round", At: at(6), Into: "round"},
		metrics.MessageReceived{Conversation: "c", At: at(3)},
		metrics.Merged{Conversation: "c", At: at(7), Into: "b"},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		asOf int
		id   metrics.ConversationID
		want []time.Time
	}{
		{20, "a", []time.Time{at(5), at(9)}},
		{9, "a", []time.Time{at(5), at(9)}},
		{8, "a", []time.Time{at(5)}},
		{4, "a", nil},
		{20, "b", []time.Time{at(7)}},
		{20, "round", nil},
		{20, "c", nil},
	} {
		for h := range log.Read(metrics.Rules{}, at(test.asOf)).Conversation(test.id) {
			if got := slices.Collect(h.Arrivals()); !slices.Equal(got, test.want) {
				t.Errorf("%s as of %d: %v, want %v", test.id, test.asOf, got, test.want)
			}
			for range h.Arrivals() {
				break
			}
		}
	}
	for range new(metrics.History).Arrivals() {
		t.Error("an arrival of the zero History")
	}
}
