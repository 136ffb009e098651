package metrics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// dutyText writes waits as "from-to outcome agent", in minutes.
func dutyText(waits ...metrics.Wait) string {
	var all []string
	for _, w := range waits {
		text := fmt.Sprintf("%d-", w.Start.Sub(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))/time.Minute)
		if !w.End.IsZero() {
			text += fmt.Sprint(int(w.End.Sub(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)) / time.Minute))
		}
		text += " " + w.Outcome.String()
		if w.Agent != "" {
			text += " " + string(w.Agent)
		}
		for _, hold := range w.Holds {
			text += fmt.Sprintf(" held %v", hold.End.Sub(hold.Start))
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestDuties(t *testing.T) {
	pausing := metrics.Rules{PauseStopsWaits: metrics.AnyReason}
	for _, tt := range []struct {
		script, assignment, updates string
		rules                       metrics.Rules
	}{
		{script: "0 message", assignment: "0- open", updates: "0- open"},
		{script: "0 reply ana"}, // nobody opened it
		{script: "0 opened, 5 assigned ana, 9 assigned ben", assignment: "0-5 answered ana", updates: "0- open"},
		{script: "0 opened, 3 assigned, 5 assigned ana", assignment: "0-5 answered ana", updates: "0- open"},
		{script: "0 assigned ana, 5 message", assignment: "5-5 answered ana", updates: "5- open"},
		{script: "0 assigned ana, 1 assigned, 5 message", assignment: "5- open", updates: "5- open"},
		{script: "0 message, 5 reply ana, 9 resolved ana", assignment: "0-9 closed_unanswered", updates: "0-5 answered ana, 5-9 closed_unanswered"},
		{script: "0 message, 9 merged, 12 assigned ana", assignment: "0-9 moved", updates: "0-9 moved"},
		{script: "0 resolved, 5 message, 6 assigned ana", assignment: "5-6 answered ana", updates: "5- open"},
		{
			// Between the cycles the customer need not hear anything, and an
			// assignment after the first cycle comes too late.
			script:     "0 message, 5 resolved, 7 reply ana, 10 message, 12 assigned ben, 15 reply ben",
			assignment: "0-5 closed_unanswered", updates: "0-5 closed_unanswered, 10-15 answered ben, 15- open",
		},
		{script: "0 message, 5 reply ana, 9 reply ben, 20 message", assignment: "0- open", updates: "0-5 answered ana, 5-9 answered ben, 9- open"},
		{script: "0 message, 2 bot helpbot", assignment: "0- open", updates: "0- open"},
		{
			script: "0 message, 2 bot helpbot", rules: metrics.Rules{Automation: metrics.AutomationEnds},
			assignment: "0- open", updates: "0-2 answered_by_automation helpbot, 2- open",
		},
		{
			script: "0 message, 2 bot helpbot", rules: metrics.Rules{Automation: metrics.AutomationAnswers},
			assignment: "0- open", updates: "0-2 answered helpbot, 2- open",
		},
		{
			script: "0 message, 2 assigned ana, 5 reply ben", rules: metrics.Rules{CreditAssigned: true},
			assignment: "0-2 answered ana", updates: "0-5 answered ana, 5- open",
		},
		{script: "0 message, 2 paused, 4 resumed, 6 reply ana", assignment: "0- open", updates: "0-6 answered ana, 6- open"},
		{
			script: "0 message, 2 paused, 4 resumed, 6 reply ana", rules: pausing,
			assignment: "0- open held 2m0s", updates: "0-6 answered ana held 2m0s, 6- open",
		},
		{script: "0 message, 5 reply ana, 9 discarded"},
		{script: "0 reply ana, 5 message, 6 assigned ana", rules: metrics.Rules{ExcludeTeamFirst: true}},
	} {
		c, err := metrics.NewConversation(script(t, tt.script)...)
		if err != nil {
			t.Fatal(err)
		}
		h := historyOf(c, tt.rules)
		assignment := ""
		if w, ok := h.Assignment(); ok {
			assignment = dutyText(w)
			if w.Conversation != "7" || w.Channel != h.Channel() || w.First {
				t.Errorf("%s: assignment %+v", tt.script, w)
			}
		}
		if assignment != tt.assignment {
			t.Errorf("%s: assignment %q, want %q", tt.script, assignment, tt.assignment)
		}
		if updates := dutyText(h.Updates()...); updates != tt.updates {
			t.Errorf("%s: updates %q, want %q", tt.script, updates, tt.updates)
		}
	}
}

// A wait that arrives begins the cycle before anybody is put in charge at that instant.
func TestAssignmentOfAnArrival(t *testing.T) {
	at := func(minutes int) time.Time { return time.Date(2026, 3, 2, 9, minutes, 0, 0, time.UTC) }
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "from", At: at(0)},
		metrics.Merged{Conversation: "from", At: at(5), Into: "into"},
		metrics.Assigned{Conversation: "into", At: at(1), Agent: "ana", Team: "first"},
		metrics.Assigned{Conversation: "into", At: at(5), Agent: "ben", Team: "second"},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	for h := range log.Read(metrics.Rules{}, at(9)).Histories() {
		if w, ok := h.Assignment(); h.Conversation().ID() == "into" && (!ok || w.Agent != "ana" || w.Team != "first" || !w.Start.Equal(at(5)) || !w.End.Equal(at(5))) {
			t.Errorf("%+v", w)
		}
	}
}

// The updates of a conversation are its cycles, cut at replies.
func TestUpdatesFillTheCycles(t *testing.T) {
	c, err := metrics.NewConversation(script(t, "0 opened high, 0 message cy, 5 reply ana, 5 reply ben, 9 resolved ana, 20 reopened, 25 reply ana, 30 merged, 40 message, 41 reply ben")...)
	if err != nil {
		t.Fatal(err)
	}
	h := historyOf(c, metrics.Rules{})
	updates := h.Updates()
	for _, cycle := range h.Cycles() {
		end := cycle.Start
		for len(updates) > 0 && updates[0].Start.Equal(end) && !end.Equal(cycle.End) {
			end, updates = updates[0].End, updates[1:]
		}
		if !end.Equal(cycle.End) {
			t.Errorf("updates end at %v, the cycle at %v", end, cycle.End)
		}
	}
	if len(updates) > 0 {
		t.Errorf("updates outside the cycles: %s", dutyText(updates...))
	}
	if h.Priority() != "high" || h.Customer() != "cy" || h.Channel() != metrics.Email {
		t.Errorf("priority %q, customer %q, channel %q", h.Priority(), h.Customer(), h.Channel())
	}
}

func TestWholeCycle(t *testing.T) {
	c, err := metrics.NewConversation(script(t, "0 message, 2 paused, 4 resumed, 9 resolved ana, 11 paused, 13 resumed, 20 message, 30 resolved ben")...)
	if err != nil {
		t.Fatal(err)
	}
	h := historyOf(c, metrics.Rules{})
	whole, ok := h.WholeCycle()
	full, _ := h.FullResolution(metrics.AroundTheClock)
	if !ok || whole.Duration() != full || full != 26*time.Minute || !whole.Resolved || whole.Agent != "ben" || len(whole.Holds) != 2 {
		t.Errorf("%+v is %v long, want %v", whole, whole.Duration(), full)
	}
	open := c.Read(metrics.Rules{}, time.Date(2026, 3, 2, 9, 25, 0, 0, time.UTC))
	if whole, ok := open.WholeCycle(); !ok || !whole.End.IsZero() || whole.Resolved {
		t.Errorf("open: %+v, %v", whole, ok)
	}
	if _, ok := historyOf(metrics.Conversation{}, metrics.Rules{}).WholeCycle(); ok {
		t.Error("nothing has a cycle")
	}
}

func TestDutiesInAnyOrder(t *testing.T) {
	events := script(t, "0 opened, 0 message, 5 assigned ana, 5 reply ana, 5 reply ben, 9 resolved ana, 9 reopened, 9 reply ana, 20 resolved ben")
	want := ""
	for range events {
		events = append(events[1:], events[0])
		slices.Reverse(events[1:])
		c, err := metrics.NewConversation(events...)
		if err != nil {
			t.Fatal(err)
		}
		h := historyOf(c, metrics.Rules{})
		w, _ := h.Assignment()
		got := dutyText(w) + "; " + dutyText(h.Updates()...)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%s, in another order %s", want, got)
		}
	}
}
