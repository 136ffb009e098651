package metrics_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// The conversations of these tests are long, and everything happens in them again and
// again. With TEST_THOROUGH=1 they have as many of two things as take minutes if one is
// walked for each of the other, and milliseconds if it is not.
//
// longOnes returns how many.
func longOnes() int { return rounds(40_000) / 3 * 3 }

// after returns an instant that many nanoseconds after nine.
func after(n int) time.Time { return nine.Add(time.Duration(n)) }

// repeated returns n times the events that a function makes of a round that begins at an
// instant.
func repeated(n, length int, round func(i int, at func(int) time.Time) []metrics.Event) []metrics.Event {
	var list []metrics.Event
	for i := range n {
		list = append(list, round(i, func(k int) time.Time { return after(i*length + k) })...)
	}
	return list
}

// readOne returns the histories of the conversation of a name.
func readOne(t *testing.T, list []metrics.Event, rules metrics.Rules, id metrics.ConversationID) []*metrics.History {
	t.Helper()
	return slices.Collect(logOf(t, list).Read(rules, nine.Add(1<<40)).Conversation(id))
}

// TestLongConversationsOfStations has a new agent in charge in each of many cycles, and
// asks for all that looks for who was in charge.
func TestLongConversationsOfStations(t *testing.T) {
	many := longOnes()
	list := repeated(many, 10, func(i int, at func(int) time.Time) []metrics.Event {
		agent, team := metrics.AgentID([]string{"ana", "ben"}[i%2]), metrics.TeamID([]string{"billing", "repairs", "sales"}[i%3])
		return []metrics.Event{
			metrics.MessageReceived{Conversation: "a", At: at(0), Channel: metrics.Email},
			metrics.Assigned{Conversation: "a", At: at(2), Agent: agent, Team: team},
			metrics.ReplySent{Conversation: "a", At: at(5), Agent: agent},
			metrics.Resolved{Conversation: "a", At: at(8)},
		}
	})
	rules := metrics.Rules{TeamCalendars: map[metrics.TeamID]metrics.Calendar{"billing": shifts{1, 2}}}
	h := readOne(t, list, rules, "a")[0]
	// The first message has no station, the others begin with that of the time before.
	if got := h.Stations(); len(got) != 2*many-1 || got[2].Span != (metrics.Span{Start: after(12), End: after(18)}) || got[1].Agent != "ana" {
		t.Errorf("%d stations, %+v", len(got), got[:3])
	}
	if n := h.Transfers(); n != many-1 {
		t.Errorf("%d transfers", n)
	}
	hours, sum := h.Hours(), time.Duration(0)
	for s := range h.WaitSpells() {
		if own, ok := s.OwnTime(nil); !ok || own != 3 {
			t.Fatalf("own time %v", own)
		}
		sum += s.Took(hours)
		if team, agent := h.InCharge(s.End()); team == "" || agent == "" {
			t.Fatal("nobody is in charge")
		}
	}
	// Every second nanosecond of the time with billing is open, and all others are: 5 of
	// the wait, of which billing has the last 3 of its rounds and the first 2 of the next.
	if want := time.Duration(many / 3 * (5*3 - 3 + 1 - 2 + 1)); sum < want || sum > want+time.Duration(many) {
		t.Errorf("%v in hours, want about %v", sum, want)
	}
	f := logOf(t, list).Read(rules, nine.Add(1<<40)).Figures()
	if f.Elapsed.Response.Count() != int64(many) || f.InHours.CycleResolution.Count() != int64(many) {
		t.Errorf("%d responses, %d cycles", f.Elapsed.Response.Count(), f.InHours.CycleResolution.Count())
	}
}

// TestLongConversationsOfPauses puts each cycle and each wait on hold.
func TestLongConversationsOfPauses(t *testing.T) {
	many := longOnes()
	list := repeated(many, 10, func(i int, at func(int) time.Time) []metrics.Event {
		return []metrics.Event{
			metrics.MessageReceived{Conversation: "a", At: at(0)},
			metrics.Paused{Conversation: "a", At: at(1), For: metrics.HoldReason(fmt.Sprint("reason ", i))},
			metrics.Resumed{Conversation: "a", At: at(3)},
			metrics.ReplySent{Conversation: "a", At: at(5)},
			metrics.Resolved{Conversation: "a", At: at(8)},
			metrics.Handled{Conversation: "a", At: at(9), Took: 1, For: metrics.Activity(fmt.Sprint("reason ", i))},
			metrics.RatingRequested{Conversation: "a", At: at(9)},
			metrics.RatingGiven{Conversation: "a", At: at(9), Stars: 5},
		}
	})
	rules := metrics.Rules{PauseStopsWaits: metrics.AnyReason, CountEachRating: true, RatingExpires: time.Hour}
	log, e := logOf(t, list), metrics.NewEvidence(metrics.Facet.Agent, 3)
	b := metrics.NewBreakdown(metrics.Facet.Agent)
	if err := log.Read(rules, nine.Add(1<<40)).Into(b, e); err != nil {
		t.Fatal(err)
	}
	f := b.Total()
	if mean, _ := f.Elapsed.Response.Mean(); mean != 3 || f.Elapsed.Response.Count() != int64(many) {
		t.Errorf("responses: %v", f.Elapsed.Response)
	}
	if sum := f.Elapsed.Active.Sum().Shift(9).IntPart(); sum != 6*int64(many) {
		t.Errorf("%d nanoseconds active", sum)
	}
	if len(f.Elapsed.OnHold) != many || len(f.Handling) != many || f.Requests.Response.Part != int64(many) || f.Reopens != int64(many)-1 {
		t.Errorf("%d reasons, %d activities, %v", len(f.Elapsed.OnHold), len(f.Handling), f.Requests)
	}
	if n := e.Total(metrics.ExhibitResponse).Count(); n != int64(many) {
		t.Errorf("%d exhibits", n)
	}
	h := readOne(t, list, rules, "a")[0]
	if waits, cycles := h.Waits(), h.Cycles(); len(waits) != many || len(cycles) != many || len(waits[many-1].Holds) != 1 || len(cycles[many-1].Holds) != 1 {
		t.Errorf("%d waits and %d cycles", len(waits), len(cycles))
	}
	if n := len(h.Updates()); n != 2*many {
		t.Errorf("%d updates", n)
	}
}

// TestLongConversationsOfCases begins a new case with each message, with and without a
// channel, and hands each over from an assistant.
func TestLongConversationsOfCases(t *testing.T) {
	many := longOnes()
	list := repeated(many, 10, func(i int, at func(int) time.Time) []metrics.Event {
		return []metrics.Event{
			metrics.MessageReceived{Conversation: "a", At: at(0)},
			metrics.ReplySent{Conversation: "a", At: at(1), By: metrics.ByAssistant, Agent: metrics.AgentID(fmt.Sprint("fin ", i+1))},
			metrics.Assigned{Conversation: "a", At: at(2), Agent: metrics.AgentID(fmt.Sprint("fin ", i+2))},
			metrics.ReplySent{Conversation: "a", At: at(3), Agent: "ana"},
			metrics.Resolved{Conversation: "a", At: at(4)},
			metrics.Merged{Conversation: "b", At: at(5), Into: "a", ID: metrics.EventID(fmt.Sprint(i))},
		}
	})
	all := readOne(t, list, metrics.Rules{NewCaseAfter: 3}, "a")
	if len(all) != many {
		t.Fatalf("%d cases", len(all))
	}
	for i, h := range all {
		// Who becomes an assistant in the next case is none in this one.
		if waits := h.Waits(); len(waits) != 2 || waits[1].Outcome != metrics.Answered || h.Case() != i+1 || h.Channel() != "" {
			t.Fatalf("case %d has the waits %+v", i+1, waits)
		}
		if n := len(h.Updates()); n != 3 {
			t.Fatalf("case %d has %d updates", i+1, n)
		}
		for range h.Arrivals() {
			t.Fatal("nothing arrives")
		}
	}
}

// TestLongConversationsOfMergers merges a conversation into another one again and again,
// where each wait is answered.
func TestLongConversationsOfMergers(t *testing.T) {
	many := longOnes()
	mergers := many / 3
	list := repeated(mergers, 10, func(i int, at func(int) time.Time) []metrics.Event {
		return []metrics.Event{
			metrics.MessageReceived{Conversation: "b", At: at(0)},
			metrics.Merged{Conversation: "b", At: at(2), Into: "a", ID: metrics.EventID(fmt.Sprint(i))},
			metrics.Merged{Conversation: "b", At: at(3), Into: metrics.ConversationID(fmt.Sprint("c", i))},
			metrics.ReplySent{Conversation: "a", At: at(5)},
			metrics.Resolved{Conversation: "a", At: at(6)},
		}
	})
	for _, gap := range []time.Duration{0, 3} {
		all := readOne(t, list, metrics.Rules{NewCaseAfter: gap}, "a")
		moved := 0
		for _, h := range all {
			for _, w := range h.Waits() {
				for source, from := range h.Sources(w) {
					moved++
					if !from.Start.Equal(w.Start) || from.Outcome != metrics.Moved || source.Conversation().ID() != "b" {
						t.Fatalf("%+v comes from %+v", w, from)
					}
				}
			}
			for range h.Arrivals() {
				moved++
			}
		}
		if moved != 2*mergers {
			t.Errorf("%d waits came and moved in %d cases", moved, len(all))
		}
	}
}

// TestLongConversationsOfEdits edits, retracts and repeats each event.
func TestLongConversationsOfEdits(t *testing.T) {
	many := longOnes()
	list := repeated(many, 10, func(i int, at func(int) time.Time) []metrics.Event {
		id := metrics.EventID(fmt.Sprint(i % 100))
		return []metrics.Event{
			metrics.RatingGiven{Conversation: "a", At: at(0), Stars: 1, ID: id},
			metrics.RatingGiven{Conversation: "a", At: at(1), Stars: 2, ID: id},
			metrics.Retracted{Conversation: "a", At: at(2), Event: id, ID: id},
			metrics.Discarded{Conversation: "a", At: at(3)},
			metrics.Reopened{Conversation: "a", At: at(4)},
			metrics.Reopened{Conversation: "a", At: at(4), ID: id},
		}
	})
	h := readOne(t, list, metrics.Rules{}, "a")[0]
	if n := len(h.Revisions()); n < many {
		t.Errorf("%d revisions", n)
	}
	if n := h.AsOf(after(5)).Conversation().Len(); n < 3 {
		t.Errorf("%d events at first", n)
	}
}

// TestAgentsOfLaterCases assigns an agent who replies as an assistant in some case: only
// there that is no hand-off.
func TestAgentsOfLaterCases(t *testing.T) {
	for name, tt := range map[string]struct {
		assistant int // in which case the agent replies as an assistant
		handed    bool
	}{
		"in this case": {1, false},
		"in the next":  {2, true},
		"in the last":  {3, true},
		"never":        {0, true},
	} {
		var list []metrics.Event
		for i := 1; i <= 3; i++ {
			begin := 10 * i
			list = append(list,
				metrics.MessageReceived{Conversation: "a", At: after(begin), Channel: metrics.Chat},
				metrics.ReplySent{Conversation: "a", At: after(begin + 1), Agent: "fin", By: metrics.ByAssistant},
				metrics.Assigned{Conversation: "a", At: after(begin + 2), Agent: []metrics.AgentID{"ben", "ana", "eva"}[i-1]},
			)
			if i == tt.assistant {
				list = append(list, metrics.ReplySent{Conversation: "a", At: after(begin + 3), Agent: "ben", By: metrics.ByAssistant})
			}
			list = append(list, metrics.Resolved{Conversation: "a", At: after(begin + 4)})
		}
		all := readOne(t, list, metrics.Rules{NewCaseAfter: 5}, "a")
		if len(all) != 3 {
			t.Fatalf("%d cases", len(all))
		}
		for i, h := range all {
			want := i > 0 || tt.handed
			if got := len(h.Waits()) == 2; got != want {
				t.Errorf("%s: case %d has the waits %+v", name, i+1, h.Waits())
			}
			before := h.AsOf(h.Cycles()[0].End)
			if got, now := before.Waits(), h.Waits(); len(got) != len(now) {
				t.Errorf("%s: case %d has %d waits, and had %d when it was resolved", name, i+1, len(now), len(got))
			}
		}
	}
}
