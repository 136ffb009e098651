package metrics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Who was in charge when, and which priority was in force, in two cases of a conversation.
func TestTeamsAndPriorities(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	at := func(hours int) time.Time { return start.Add(time.Duration(hours) * time.Hour) }
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: at(0)},
		metrics.Assigned{Conversation: "1", At: at(1), Team: "l1", Agent: "ana"},
		metrics.Assigned{Conversation: "1", At: at(2), Team: "l1", Agent: "ben"},
		metrics.Prioritized{Conversation: "1", At: at(2), Priority: "high"},
		metrics.Assigned{Conversation: "1", At: at(3), Team: "l2"},
		metrics.Assigned{Conversation: "1", At: at(3), Team: "l3", Seq: 1},
		metrics.Resolved{Conversation: "1", At: at(4)},
		metrics.Assigned{Conversation: "1", At: at(5), Agent: "cy"},
		metrics.MessageReceived{Conversation: "1", At: at(100)},
		metrics.Assigned{Conversation: "1", At: at(100), Team: "l4", Agent: "dee"},
		metrics.Prioritized{Conversation: "1", At: at(101)},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for h := range log.Read(metrics.Rules{NewCaseAfter: time.Hour}, at(200)).Histories() {
		hour := func(t time.Time) int { return int(t.Sub(start).Hours()) }
		line := fmt.Sprint(h.Case(), ":")
		for from, team := range h.Teams() {
			line += fmt.Sprintf(" %d %q", hour(from), team)
		}
		for from, priority := range h.Priorities() {
			line += fmt.Sprintf(" %d %q", hour(from), priority)
		}
		for _, n := range []int{0, 1, 2, 3, 50, 100} {
			team, agent := h.InCharge(at(n))
			line += fmt.Sprintf(" %s/%s", team, agent)
		}
		for _, c := range h.AsOf(at(200)).Cycles() {
			r, ok := c.Began()
			line += fmt.Sprint(" ", r.Type, " ", hour(r.At), " ", ok)
		}
		if _, ok := h.Cycles()[0].Began(); ok {
			t.Error("a cycle of a plain reading knows what began it")
		}
		f := h.Facet()
		line += fmt.Sprintf(" %q %q %q", f.Priority(), f.WithPriority("high").Priority(), f.WithPriority("none").Priority())
		got = append(got, line)
	}
	want := []string{
		`1: 0 "" 1 "l1" 3 "l2" 3 "l3" 5 "" 0 "" 2 "high" / l1/ana l1/ben l3/ /cy /cy message_received 0 true "high" "high" ""`,
		`2: 100 "l4" 100 "high" 101 "" /cy /cy /cy /cy /cy l4/dee message_received 100 true "" "high" ""`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for range new(metrics.History).Teams() {
		t.Error("the zero History has a team")
	}
	if f := (metrics.Facet{}).WithPriority("high"); f.Priority() != "" {
		t.Error("the zero Facet has a priority")
	}
}
