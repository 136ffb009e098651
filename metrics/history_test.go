package metrics_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// script makes the events of conversation "7" of a line such as
//
//	0 message, 5 paused third_party until=12, 20 reply ana id=r1, 30 resolved seq=2
//
// Each has the minute, what happened, who did it or what it says, and id, seq, by and
// until (a minute) by their names. "bot" is a reply of automation, "assistant" one of
// an assistant; a second word after "assigned" is the team, and "-" is nobody.
func script(t testing.TB, line string) []metrics.Event {
	t.Helper()
	var list []metrics.Event
	for part := range strings.SplitSeq(line, ",") {
		words := strings.Fields(part)
		if len(words) < 2 {
			t.Fatalf("%q in %q", part, line)
		}
		number := func(word string) int64 {
			n, err := strconv.ParseInt(word, 10, 64)
			if err != nil {
				t.Fatalf("%q in %q: %v", part, line, err)
			}
			return n
		}
		minutes := func(word string) int { return int(number(word)) }
		r := metrics.Record{Conversation: "7", At: at(9, minutes(words[0]))}
		what, said := words[1], [2]string{}
		for i, word := range words[2:] {
			switch name, value, named := strings.Cut(word, "="); {
			case !named && word != "-":
				said[i] = word
			case name == "id":
				r.ID = metrics.EventID(value)
			case name == "seq":
				r.Seq = number(value)
			case name == "until":
				r.Until = at(9, minutes(value))
			case name == "by":
				if err := r.By.UnmarshalText([]byte(value)); err != nil {
					t.Fatalf("%q in %q: %v", part, line, err)
				}
			}
		}
		switch what {
		case "message":
			r.Type = metrics.KindMessageReceived
		case "reply":
			r.Type = metrics.KindReplySent
		case "bot":
			r.Type, r.By = metrics.KindReplySent, metrics.ByAutomation
		case "assistant":
			r.Type, r.By = metrics.KindReplySent, metrics.ByAssistant
		case "rating":
			r.Type = metrics.KindRatingGiven
		default:
			if err := r.Type.UnmarshalText([]byte(what)); err != nil {
				t.Fatalf("%q in %q: %v", part, line, err)
			}
		}
		switch r.Type {
		case metrics.KindOpened:
			r.Channel, r.Priority = metrics.Email, metrics.Priority(said[0])
		case metrics.KindPrioritized:
			r.Priority = metrics.Priority(said[0])
		case metrics.KindMessageReceived:
			r.Customer = metrics.CustomerID(said[0])
		case metrics.KindPaused:
			r.For = said[0]
		case metrics.KindHandled:
			r.Agent, r.Took = metrics.AgentID(said[0]), metrics.Took(minutes(said[1]))*metrics.Took(time.Minute)
		case metrics.KindRatingGiven:
			r.Stars, r.Agent = rating.Stars(minutes(said[0])), metrics.AgentID(said[1])
		case metrics.KindMerged:
			r.Into = metrics.ConversationID(cmp.Or(said[0], "8"))
		case metrics.KindRetracted:
			r.Retracts = metrics.EventID(said[0])
		default:
			r.Agent, r.Team = metrics.AgentID(said[0]), metrics.TeamID(said[1])
		}
		e, err := r.Event()
		if err != nil {
			t.Fatalf("%q in %q: %v", part, line, err)
		}
		list = append(list, e)
	}
	return list
}

// story makes a conversation of a script.
func story(t testing.TB, line string) metrics.Conversation {
	t.Helper()
	c, err := metrics.NewConversation(script(t, line)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func minuteOf(at time.Time) string {
	if at.IsZero() {
		return "…"
	}
	return fmt.Sprint(at.Sub(nine).Minutes())
}

// TestWaits has the table of rules, one row or more for each option.
func TestWaits(t *testing.T) {
	type rules = metrics.Rules
	tests := []struct {
		story string
		rules rules
		want  string // start–end outcome agent; * is the wait for the first response
	}{
		{"0 message, 20 reply ana", rules{}, "*0–20 answered ana"},
		{"0 message, 5 message, 20 reply ana", rules{}, "*0–20 answered ana"},
		{"0 message, 20 reply ana, 25 reply ana", rules{}, "*0–20 answered ana"},
		{"0 message, 20 reply, 30 message, 33 reply, 60 message, 70 reply", rules{}, "*0–20 answered; 30–33 answered; 60–70 answered"},
		{"0 message", rules{}, "*0–… open"},
		{"0 message, 9 resolved ana", rules{}, "0–9 closed_unanswered"},
		{"0 message, 9 resolved, 10 message, 12 reply ben", rules{}, "0–9 closed_unanswered; *10–12 answered ben"},
		{"0 message, 9 merged", rules{}, "0–9 moved"},
		{"0 message, 9 reply, 10 message, 12 resolved", rules{}, "*0–9 answered; 10–12 closed_unanswered"},
		{"0 message, 9 reply, 10 message", rules{}, "*0–9 answered; 10–… open"},
		{"0 message, 9 reply, 12 discarded", rules{}, ""},
		{"5 resolved", rules{}, ""},
		// Of one instant: the message counts before the reply, the reply before
		// the resolution.
		{"0 resolved, 0 reply ana, 0 message", rules{}, "*0–0 answered ana"},

		// Automation's replies: an acknowledgement is no response.
		{"0 message, 1 bot b, 20 reply ana", rules{}, "*0–20 answered ana"},
		{"0 message, 1 bot b, 20 reply ana", rules{Automation: metrics.AutomationEnds}, "0–1 answered_by_automation b"},
		{"0 message, 1 bot b, 5 message, 20 reply ana", rules{Automation: metrics.AutomationEnds}, "0–1 answered_by_automation b; *5–20 answered ana"},
		{"0 message, 1 bot b, 20 reply ana", rules{Automation: metrics.AutomationAnswers}, "*0–1 answered b"},

		// An assistant's replies.
		{"0 message, 1 assistant iris, 20 reply ana", rules{}, "0–1 answered_by_assistant iris"},
		{"0 message, 1 assistant iris, 5 message, 20 reply ana", rules{}, "0–1 answered_by_assistant iris; *5–20 answered ana"},
		{"0 message, 1 assistant iris, 5 message, 20 reply ana", rules{Assistant: metrics.AssistantIgnored}, "*0–20 answered ana"},
		{"0 message, 1 assistant iris, 5 message, 20 reply ana", rules{Assistant: metrics.AssistantAnswers}, "*0–1 answered iris; 5–20 answered ana"},
		// An assistant does not get the credit of a person who is assigned.
		{"0 message, 0 assigned ana, 1 assistant iris", rules{CreditAssigned: true}, "0–1 answered_by_assistant iris"},
		// All kinds of replies at one desk.
		{"0 message, 1 bot ack, 2 message, 3 assistant iris, 4 message, 9 reply ana", rules{}, "0–3 answered_by_assistant iris; *4–9 answered ana"},
		{"0 message, 1 bot ack, 2 message, 3 assistant iris, 4 message, 9 reply ana", rules{Automation: metrics.AutomationEnds},
			"0–1 answered_by_automation ack; 2–3 answered_by_assistant iris; *4–9 answered ana"},
		{"0 message, 1 bot ack, 2 message, 3 assistant iris, 4 message, 9 reply ana", rules{Automation: metrics.AutomationAnswers, Assistant: metrics.AssistantIgnored},
			"*0–1 answered ack; 2–9 answered ana"},
		{"0 message, 1 bot ack, 2 message, 3 assistant iris, 4 message, 9 reply ana", rules{Automation: metrics.AutomationEnds, Assistant: metrics.AssistantAnswers},
			"0–1 answered_by_automation ack; *2–3 answered iris; 4–9 answered ana"},

		// A hand-off from an assistant starts a wait.
		{"0 message, 1 assistant iris, 5 assigned ana, 20 reply ana", rules{}, "0–1 answered_by_assistant iris; *5–20 answered ana"},
		{"0 message, 1 assistant iris, 5 assigned - billing, 20 reply ana", rules{}, "0–1 answered_by_assistant iris; *5–20 answered ana"},
		{"0 message, 1 assistant iris, 5 assigned ana, 7 assigned ben, 20 reply ben", rules{}, "0–1 answered_by_assistant iris; *5–20 answered ben"},
		{"0 message, 1 assistant iris, 5 assigned ana, 6 assistant iris, 8 assigned ben, 20 reply ben", rules{},
			"0–1 answered_by_assistant iris; 5–6 answered_by_assistant iris; *8–20 answered ben"},
		{"0 message, 1 reply ana, 5 resolved, 10 message, 11 assistant iris, 15 assigned ben, 20 reply ben", rules{},
			"*0–1 answered ana; 10–11 answered_by_assistant iris; 15–20 answered ben"},
		{"0 message, 1 assistant iris, 5 assigned ana, 9 abandoned", rules{}, "0–1 answered_by_assistant iris; 5–9 abandoned"},
		// None does: to the assistant itself, or another one; to nobody; after a
		// person's reply in the cycle; while the customer waits; once resolved.
		{"0 message, 1 assistant iris, 5 assigned iris", rules{}, "0–1 answered_by_assistant iris"},
		{"0 message, 1 assistant iris, 2 assigned otto, 3 message, 4 assistant otto", rules{}, "0–1 answered_by_assistant iris; 3–4 answered_by_assistant otto"},
		{"0 assigned ana, 0 message, 1 assistant iris, 5 assigned", rules{}, "0–1 answered_by_assistant iris"},
		{"0 message, 1 assistant iris, 3 reply ana, 5 assigned ben", rules{}, "0–1 answered_by_assistant iris"},
		{"0 message, 1 reply ana, 2 message, 3 assistant iris, 5 assigned ben", rules{}, "*0–1 answered ana; 2–3 answered_by_assistant iris"},
		{"0 message, 1 assistant iris, 3 message, 5 assigned ana, 20 reply ana", rules{}, "0–1 answered_by_assistant iris; *3–20 answered ana"},
		{"0 message, 1 assistant iris, 4 resolved, 5 assigned ana", rules{}, "0–1 answered_by_assistant iris"},
		{"0 message, 1 bot ack, 2 resolved, 3 reopened, 5 assigned ana", rules{Automation: metrics.AutomationEnds}, "0–1 answered_by_automation ack"},
		{"0 message, 1 assistant iris, 5 assigned ana", rules{Assistant: metrics.AssistantAnswers}, "*0–1 answered iris"},
		{"0 message, 1 assistant iris, 5 assigned ana, 20 reply ana", rules{Assistant: metrics.AssistantIgnored}, "*0–20 answered ana"},

		// Abandoned.
		{"0 message, 9 abandoned", rules{}, "0–9 abandoned"},
		{"0 message, 9 abandoned, 12 reply ana", rules{}, "0–9 abandoned"},
		{"0 message, 9 abandoned, 10 message, 12 reply ana", rules{}, "0–9 abandoned; *10–12 answered ana"},
		{"0 message, 5 reply ana, 9 abandoned", rules{}, "*0–5 answered ana"},
		{"0 message, 9 abandoned, 9 reply ana", rules{}, "*0–9 answered ana"},
		{"0 message, 9 abandoned seq=1, 9 reply ana seq=2", rules{}, "0–9 abandoned"},

		// Discarded, and restored.
		{"0 message, 9 discarded, 12 message, 20 reply ana", rules{}, ""},
		{"0 message, 9 discarded, 12 reopened, 20 reply ana", rules{}, "*0–20 answered ana"},
		{"0 message, 9 discarded, 12 reopened, 15 discarded, 20 reply ana", rules{}, ""},
		{"0 message, 5 resolved, 9 discarded, 12 reopened, 13 message, 14 reply ana", rules{}, "0–5 closed_unanswered; *13–14 answered ana"},

		// Retracted.
		{"0 message, 5 reply ana id=r, 9 retracted r", rules{}, "*0–… open"},
		{"0 message, 5 reply ana id=r, 9 retracted r, 20 reply ben", rules{}, "*0–20 answered ben"},
		{"0 message, 5 reply ana id=r, 5 retracted r", rules{}, "*0–… open"},
		{"0 message, 5 reply ana id=r, 3 retracted r", rules{}, "*0–5 answered ana"},
		{"0 message, 5 reply ana id=r, 9 retracted other", rules{}, "*0–5 answered ana"},
		{"0 message id=m, 5 reply ana, 9 retracted m", rules{}, ""},
		{"0 message, 5 resolved id=x, 9 retracted x, 20 reply ana", rules{}, "*0–20 answered ana"},
		{"0 message, 5 discarded id=x, 9 retracted x, 20 reply ana", rules{}, "*0–20 answered ana"},
		{"0 message, 5 reply ana id=r, 9 retracted r id=t, 12 retracted t", rules{}, "*0–5 answered ana"},
		{"0 message, 5 reply ana id=r, 9 retracted r id=t, 12 retracted t id=u, 15 retracted u", rules{}, "*0–… open"},
		// One row of a source is a reply and a resolution: neither is lost, and
		// both are taken back.
		{"0 message, 5 reply ana id=r, 5 resolved id=r, 9 message", rules{}, "*0–5 answered ana; 9–… open"},
		{"0 message, 5 reply ana id=r, 5 resolved id=r, 9 retracted r", rules{}, "*0–… open"},
		// A later version is in force again.
		{"0 message, 5 reply ana id=r, 9 retracted r, 12 reply ben id=r", rules{}, "*0–12 answered ben"},

		// What changes no wait.
		{"0 message, 5 prioritized high, 6 handled ana 5, 20 reply ana", rules{}, "*0–20 answered ana"},

		// Where the first response starts.
		{"0 opened, 2 message, 20 reply ana", rules{}, "*2–20 answered ana"},
		{"0 opened, 2 message, 20 reply ana", rules{FirstResponseFrom: metrics.FromOpened}, "*0–20 answered ana"},
		{"0 opened, 20 reply ana", rules{FirstResponseFrom: metrics.FromOpened}, "*0–20 answered ana"},
		{"0 message, 2 opened, 20 reply ana", rules{FirstResponseFrom: metrics.FromOpened}, "*0–20 answered ana"},
		{"0 opened, 20 reply, 30 opened, 40 reply", rules{FirstResponseFrom: metrics.FromOpened}, "*0–20 answered"},
		{"0 message, 5 assigned ana, 7 assigned ben, 20 reply ben", rules{}, "*0–20 answered ben"},
		{"0 message, 5 assigned ana, 7 assigned ben, 20 reply ben", rules{FirstResponseFrom: metrics.FromAssigned}, "*5–20 answered ben"},
		{"0 message, 5 assigned, 7 assigned ben, 20 reply ben", rules{FirstResponseFrom: metrics.FromAssigned}, "*7–20 answered ben"},
		{"0 assigned ana, 1 message, 20 reply ana", rules{FirstResponseFrom: metrics.FromAssigned}, "*1–20 answered ana"},
		{"0 message, 20 reply, 30 message, 35 assigned ana, 40 reply", rules{FirstResponseFrom: metrics.FromAssigned}, "*0–20 answered; 30–40 answered"},

		// The team wrote first.
		{"0 reply ana, 5 message, 9 reply ana", rules{}, "*5–9 answered ana"},
		{"0 opened, 0 reply ana", rules{}, ""},
		{"0 reply ana, 5 message, 9 reply ana", rules{ExcludeTeamFirst: true}, ""},
		{"0 message, 0 reply ana", rules{ExcludeTeamFirst: true}, "*0–0 answered ana"},

		// Pauses.
		{"0 message, 5 paused, 15 resumed, 20 reply", rules{}, "*0–20 answered"},
		{"0 message, 5 paused, 15 resumed, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–15"},
		{"0 paused, 5 message, 8 resumed, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*5–20 answered"},
		{"0 paused third_party, 5 message, 8 resumed, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*5–20 answered less 5–8"},
		{"0 message, 5 paused, 7 paused, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–20"},
		{"0 message, 5 paused", rules{PauseStopsWaits: metrics.AnyReason}, "*0–… open less 5–…"},
		{"0 message, 5 paused, 6 resolved, 7 message, 9 reply", rules{PauseStopsWaits: metrics.AnyReason}, "0–6 closed_unanswered less 5–6; *7–9 answered"},
		// A message ends a pause that waits for the customer.
		{"0 message, 5 paused, 10 message, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–10"},
		{"0 message, 5 paused customer, 10 message, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–10"},
		{"0 message, 5 paused third_party, 10 message, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–20"},
		{"0 message, 5 paused third_party, 10 message, 20 reply", rules{PauseStopsWaits: metrics.AnyReason, MessageResumes: metrics.ResumesAny}, "*0–20 answered less 5–10"},
		{"0 message, 5 paused, 10 message, 20 reply", rules{PauseStopsWaits: metrics.AnyReason, MessageResumes: metrics.ResumesNone}, "*0–20 answered less 5–20"},
		// Only these reasons.
		{"0 message, 5 paused, 9 resumed, 11 paused third_party, 14 resumed, 20 reply", rules{PauseStopsWaits: "third_party"}, "*0–20 answered less 11–14"},
		{"0 message, 5 paused, 9 resumed, 11 paused third_party, 14 resumed, 20 reply", rules{PauseStopsWaits: "customer"}, "*0–20 answered less 5–9"},
		{"0 message, 5 paused, 9 resumed, 11 paused third_party, 14 resumed, 20 reply", rules{PauseStopsWaits: "parts,third_party,customer"}, "*0–20 answered less 5–9 less 11–14"},
		{"0 message, 5 paused, 9 resumed, 11 paused third_party, 14 resumed, 20 reply", rules{PauseStopsWaits: "party"}, "*0–20 answered"},
		{"0 message, 5 paused parts, 9 resumed, 20 reply", rules{PauseStopsWaits: "parts"}, "*0–20 answered less 5–9"},
		// A snooze ends by itself, and sooner by what ends a pause.
		{"0 message, 5 paused parts until=12, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–12"},
		{"0 message, 5 paused parts until=12, 8 resumed, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–8"},
		{"0 message, 5 paused until=12, 8 message, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–8"},
		{"0 message, 5 paused parts until=12, 7 paused, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–12"},
		{"0 message, 5 paused parts until=12, 12 paused third_party, 15 resumed, 20 reply", rules{PauseStopsWaits: "third_party"}, "*0–20 answered less 12–15"},
		{"0 message, 5 paused parts until=30, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "*0–20 answered less 5–20"},
		{"0 message, 5 paused parts until=30, 10 resolved, 12 message, 20 reply", rules{PauseStopsWaits: metrics.AnyReason}, "0–10 closed_unanswered less 5–10; *12–20 answered"},
		{"0 message, 5 paused until=12", rules{PauseStopsWaits: metrics.AnyReason}, "*0–… open less 5–12"},

		// Credit.
		{"0 message, 5 assigned ben, 20 reply ana", rules{CreditAssigned: true}, "*0–20 answered ben"},
		{"0 message, 5 assigned ben, 6 assigned, 20 reply ana", rules{CreditAssigned: true}, "*0–20 answered ana"},
		{"0 message, 20 reply ana, 21 assigned ben", rules{CreditAssigned: true}, "*0–20 answered ana"},
	}
	for _, tt := range tests {
		var got []string
		h := historyOf(story(t, tt.story), tt.rules)
		first, _ := h.FirstResponse()
		for _, w := range h.Waits() {
			text := fmt.Sprintf("%s–%s %s %s", minuteOf(w.Start), minuteOf(w.End), w.Outcome, w.Agent)
			if reflect.DeepEqual(w, first) {
				text = "*" + text
			}
			text = strings.TrimSpace(text)
			for _, h := range w.Holds {
				text += fmt.Sprintf(" less %s–%s", minuteOf(h.Start), minuteOf(h.End))
			}
			got = append(got, text)
		}
		if strings.Join(got, "; ") != tt.want {
			t.Errorf("%s by %+v:\n\tgot  %s\n\twant %s", tt.story, tt.rules, strings.Join(got, "; "), tt.want)
		}
	}
}

func TestCycles(t *testing.T) {
	type rules = metrics.Rules
	tests := []struct {
		story string
		rules rules
		want  string // cycles; first, full and active time; replies; one-touch
	}{
		{"0 message, 20 reply ana, 30 resolved ana", rules{}, "0–30 resolved ana; 30m0s 30m0s 30m0s, reopened 0, replies 1, one-touch true"},
		{"0 opened, 5 message, 30 resolved", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 20 reply ana, 30 resolved", rules{}, "0–30 resolved ana; 30m0s 30m0s 30m0s, reopened 0, replies 1, one-touch true"},
		{"0 message, 5 reply, 9 reply, 30 resolved", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 2, one-touch false"},
		{"0 message, 5 reply, 30 resolved, 31 reply", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 1, one-touch false"},
		{"0 message, 1 bot, 5 reply, 30 resolved", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 1, one-touch true"},
		{"0 message, 1 bot, 5 reply, 30 resolved", rules{Automation: metrics.AutomationAnswers}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 2, one-touch false"},
		{"0 message, 1 assistant iris, 5 reply, 30 resolved", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 1, one-touch true"},
		{"0 message, 1 assistant iris, 30 resolved", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 1 assistant iris, 5 reply, 30 resolved", rules{Assistant: metrics.AssistantAnswers}, "0–30 resolved iris; 30m0s 30m0s 30m0s, reopened 0, replies 2, one-touch false"},
		// A pause stops it, and ends with the resolution.
		{"0 message, 10 paused, 20 resumed, 30 resolved", rules{}, "0–30 resolved less 10–20; 20m0s 20m0s 20m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 10 paused, 30 resolved, 40 reopened, 50 resolved", rules{},
			"0–30 resolved less 10–30; 40–50 resolved; 10m0s 30m0s 20m0s, reopened 1, replies 0, one-touch false"},
		{"0 message, 10 paused, 20 message, 30 resolved", rules{}, "0–30 resolved less 10–20; 20m0s 20m0s 20m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 10 paused third_party, 20 message, 30 resolved", rules{}, "0–30 resolved less 10–30; 10m0s 10m0s 10m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 10 paused third_party, 20 message, 30 resolved", rules{MessageResumes: metrics.ResumesAny}, "0–30 resolved less 10–20; 20m0s 20m0s 20m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 10 paused, 20 message, 30 resolved", rules{MessageResumes: metrics.ResumesNone}, "0–30 resolved less 10–30; 10m0s 10m0s 10m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 10 paused third_party until=25, 20 message, 30 resolved", rules{}, "0–30 resolved less 10–25; 15m0s 15m0s 15m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 10 paused parts until=45, 30 resolved, 40 message, 50 resolved", rules{},
			"0–30 resolved less 10–30; 40–50 resolved; 10m0s 30m0s 20m0s, reopened 1, replies 0, one-touch false"},
		// One that begins with the resolution, or while it is resolved, goes on
		// until the conversation is reopened.
		{"0 message, 30 paused parts, 30 resolved, 40 message, 50 resolved", rules{},
			"0–30 resolved; 40–50 resolved; 30m0s 40m0s 40m0s, reopened 1, replies 0, one-touch false"},
		{"0 message, 30 resolved seq=1, 30 paused parts seq=2, 40 message, 50 resolved", rules{},
			"0–30 resolved; 40–50 resolved; 30m0s 40m0s 40m0s, reopened 1, replies 0, one-touch false"},
		{"0 message, 30 resolved, 35 paused, 40 message, 50 resolved", rules{},
			"0–30 resolved; 40–50 resolved; 30m0s 45m0s 40m0s, reopened 1, replies 0, one-touch false"},
		{"0 message, 30 resolved, 35 paused parts, 40 reopened, 50 resolved", rules{},
			"0–30 resolved; 40–50 resolved; 30m0s 45m0s 40m0s, reopened 1, replies 0, one-touch false"},
		{"0 message, 30 resolved, 35 paused parts until=38, 40 reopened, 50 resolved", rules{},
			"0–30 resolved; 40–50 resolved; 30m0s 47m0s 40m0s, reopened 1, replies 0, one-touch false"},
		// Reopened.
		{"0 message, 5 reply, 30 resolved, 40 message, 50 resolved", rules{},
			"0–30 resolved; 40–50 resolved; 30m0s 50m0s 40m0s, reopened 1, replies 1, one-touch false"},
		{"0 message, 5 reply, 30 resolved, 40 message, 50 resolved", rules{ReopenExplicitly: true},
			"0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 1, one-touch true"},
		{"0 message, 30 resolved, 40 reopened, 41 message, 50 resolved", rules{ReopenExplicitly: true},
			"0–30 resolved; 40–50 resolved; 30m0s 50m0s 40m0s, reopened 1, replies 0, one-touch false"},
		{"0 message, 10 reopened, 30 resolved", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 30 resolved, 40 message", rules{}, "0–30 resolved; 40–… open; 30m0s none none, reopened 1, open"},
		{"0 message, 30 resolved, 40 resolved ben", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 30 merged", rules{}, "0–30 closed; none none 30m0s, reopened 0"},
		// Abandoned: it ends without a resolution, whether the customer waits or not.
		{"0 message, 30 abandoned", rules{}, "0–30 closed; none none 30m0s, reopened 0"},
		{"0 message, 5 reply, 30 abandoned", rules{}, "0–30 closed; none none 30m0s, reopened 0"},
		{"0 message, 30 abandoned, 40 message, 50 resolved", rules{}, "0–30 closed; 40–50 resolved; none 50m0s 40m0s, reopened 1, replies 0, one-touch false"},
		{"0 message, 20 resolved, 30 abandoned", rules{}, "0–20 resolved; 20m0s 20m0s 20m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 20 abandoned, 30 resolved", rules{}, "0–20 closed; none none 20m0s, reopened 0"},
		// Restored: it was never gone.
		{"0 message, 9 discarded, 12 reopened, 30 resolved", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 9 resolved, 10 discarded, 12 reopened, 30 resolved", rules{},
			"0–9 resolved; 12–30 resolved; 9m0s 30m0s 27m0s, reopened 1, replies 0, one-touch false"},
		// Retracted.
		{"0 message, 20 resolved id=x, 25 retracted x", rules{}, "0–… open; none none none, reopened 0, open"},
		{"0 message, 20 resolved id=x, 25 retracted x, 30 resolved", rules{}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 5 reply ana id=r, 6 reply ana, 7 retracted r, 30 resolved", rules{}, "0–30 resolved ana; 30m0s 30m0s 30m0s, reopened 0, replies 1, one-touch true"},
		{"0 message", rules{}, "0–… open; none none none, reopened 0, open"},
		{"0 reply ana", rules{}, "none none none, reopened 0"},
		// Who has it.
		{"0 message, 1 assigned ben, 20 reply ana, 30 resolved", rules{CreditAssigned: true},
			"0–30 resolved ben; 30m0s 30m0s 30m0s, reopened 0, replies 1, one-touch true"},
		{"0 message, 1 assigned ben, 30 resolved eve", rules{CreditAssigned: true},
			"0–30 resolved ben; 30m0s 30m0s 30m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 1 assigned ben, 30 resolved eve", rules{},
			"0–30 resolved eve; 30m0s 30m0s 30m0s, reopened 0, replies 0, one-touch false"},
	}
	for _, tt := range tests {
		h := historyOf(story(t, tt.story), tt.rules)
		var got string
		for _, c := range h.Cycles() {
			end := "closed"
			switch {
			case c.End.IsZero():
				end = "open"
			case c.Resolved:
				end = "resolved"
			}
			got += strings.TrimSpace(fmt.Sprintf("%s–%s %s %s", minuteOf(c.Start), minuteOf(c.End), end, c.Agent))
			for _, p := range c.Holds {
				got += fmt.Sprintf(" less %s–%s", minuteOf(p.Start), minuteOf(p.End))
			}
			got += "; "
		}
		clock := metrics.AroundTheClock
		for _, of := range []func(metrics.Calendar) (time.Duration, bool){h.FirstResolution, h.FullResolution, h.ActiveTime} {
			if d, ok := of(clock); ok {
				got += d.String() + " "
			} else {
				got += "none "
			}
		}
		got = strings.TrimSpace(got) + fmt.Sprintf(", reopened %d", h.Reopens())
		if replies, ok := h.RepliesToResolve(); ok {
			oneTouch, _ := h.OneTouch()
			got += fmt.Sprintf(", replies %d, one-touch %v", replies, oneTouch)
		}
		if h.IsOpen() {
			got += ", open"
		}
		if got != tt.want {
			t.Errorf("%s by %+v:\n\tgot  %s\n\twant %s", tt.story, tt.rules, got, tt.want)
		}
	}
}

// TestTies has the order of events of one instant, in whatever order they came.
func TestTies(t *testing.T) {
	tests := []struct{ story, want string }{
		{"0 message, 0 opened", "opened message"},
		{"0 message, 0 reply", "message reply"},
		{"5 resolved, 5 reply", "reply resolved"},
		{"0 message, 0 resolved", "message resolved"},
		{"0 merged, 0 message", "message merged"},
		// The customer who waits already may write again before the reply or
		// after it: a reply is taken for the answer to what came before.
		{"0 message, 5 message, 5 reply", "message reply message"},
		{"0 message, 5 message, 5 assistant iris", "message assistant:iris message"},
		{"0 message, 5 message, 5 bot", "message message bot"},
		{"0 message, 5 message id=a, 5 message id=b, 5 reply", "message reply message message"},
		{"0 message, 5 message, 5 reply ana, 5 reply ben", "message reply:ana message reply:ben"},
		{"0 message, 5 message seq=1, 5 reply seq=2", "message message reply"},
		{"0 message, 0 reply, 5 message, 5 reply", "message reply message reply"},
		{"0 message, 3 resolved, 5 reply, 5 message", "message resolved message reply"},
		// What is open is resolved and reopened; what is resolved, the other way.
		{"0 message, 5 reopened, 5 resolved", "message resolved reopened"},
		{"0 message, 3 resolved, 5 reopened, 5 resolved", "message resolved reopened resolved"},
		{"0 message, 5 reopened seq=1, 5 resolved seq=2", "message reopened resolved"},
		{"0 message, 5 abandoned, 5 reopened", "message abandoned reopened"},
		{"0 message, 5 discarded, 5 reopened", "message discarded reopened"},
		{"0 message, 3 discarded, 5 discarded, 5 reopened", "message discarded reopened discarded"},
		// On hold and not.
		{"0 message, 5 resumed, 5 paused", "message paused resumed"},
		{"0 message, 3 paused, 5 paused, 5 resumed", "message paused resumed paused"},
		{"0 message, 3 paused parts until=5, 5 paused, 5 resumed", "message paused paused resumed"},
		{"0 message, 3 paused parts until=6, 5 paused, 5 resumed", "message paused resumed paused"},
		{"0 message, 3 paused, 4 message, 5 paused, 5 resumed", "message paused message paused resumed"},
		{"0 message, 3 paused parts, 4 message, 5 paused, 5 resumed", "message paused message resumed paused"},
		{"0 message, 3 paused parts, 4 resolved, 5 paused, 5 resumed", "message paused resolved paused resumed"},
		{"0 message, 5 paused, 5 resolved", "message paused resolved"},
		{"0 message, 5 paused seq=2, 5 resolved seq=1", "message resolved paused"},
		// Two assignments, two priorities: the one that changes nothing is last.
		{"0 message, 5 assigned ben, 5 assigned ana", "message assigned:ana assigned:ben"},
		{"0 message, 3 assigned ana, 5 assigned ana, 5 assigned ben", "message assigned:ana assigned:ben assigned:ana"},
		{"0 message, 3 assigned ana one, 5 assigned ana two, 5 assigned ana one", "message assigned:ana/one assigned:ana/two assigned:ana/one"},
		{"0 message, 5 assigned, 5 assigned ana", "message assigned:ana assigned"},
		{"0 message, 5 assigned ben seq=1, 5 assigned ana seq=2", "message assigned:ben assigned:ana"},
		{"0 opened high, 5 prioritized high, 5 prioritized low", "opened prioritized:low prioritized:high"},
		{"0 opened high, 5 prioritized low, 5 prioritized mid", "opened prioritized:low prioritized:mid"},
		// What closes it twice, and what has no such rule.
		{"0 message, 5 merged, 5 abandoned, 5 resolved", "message resolved abandoned merged"},
		{"0 message, 5 retracted x, 5 discarded, 5 resolved, 5 rating 4, 5 handled ana 2, 5 reply, 5 rating_requested",
			"message rating_requested reply handled:ana rating resolved discarded retracted"},
		// Seq before everything else; none is 0.
		{"0 retracted x seq=1, 0 discarded seq=2, 0 message seq=3, 0 reply", "reply retracted discarded message"},
		{"0 message seq=9223372036854775807, 0 reply seq=9223372036854775806", "reply message"},
		// Until the end of an instant all that is idle waits for its turn.
		{"0 message, 5 opened, 5 reopened, 5 message, 5 reply", "message reply message opened reopened"},
	}
	for _, tt := range tests {
		list := script(t, tt.story)
		for range 2 {
			slices.Reverse(list)
			for range list {
				list = append(list[1:], list[0])
				c, err := metrics.NewConversation(list...)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for e := range c.Events() {
					got = append(got, brief(e))
				}
				if text := strings.Join(got, " "); text != tt.want {
					t.Errorf("%s:\n\tgot  %s\n\twant %s", tt.story, text, tt.want)
				}
			}
		}
	}
}

// brief names an event in the words of [script].
func brief(e metrics.Event) string {
	r := metrics.RecordOf(e)
	what := strings.NewReplacer("_received", "", "_sent", "", "_given", "").Replace(r.Type.String())
	switch {
	case r.Type == metrics.KindReplySent && r.By == metrics.ByAssistant:
		what = "assistant"
	case r.Type == metrics.KindReplySent && r.By == metrics.ByAutomation:
		what = "bot"
	}
	who := string(r.Agent)
	if r.Team != "" {
		who += "/" + string(r.Team)
	}
	if r.Type == metrics.KindPrioritized {
		who = string(r.Priority)
	}
	if who != "" {
		what += ":" + who
	}
	return what
}

// As of an instant before an event was edited or retracted, it is as it was.
func TestRetractedAsOf(t *testing.T) {
	c := story(t, "0 message, 5 reply ana id=r, 9 retracted r id=t, 12 rating 2 id=s, 15 retracted s, 17 rating 5 id=s, "+
		"20 retracted t, 25 discarded id=d, 30 retracted d, 35 discarded, 40 reopened")
	for _, tt := range []struct {
		minute int
		want   string
	}{
		{4, "0–… []"}, {5, "0–5 []"}, {8, "0–5 []"}, {9, "0–… []"}, {12, "0–… [2]"}, {15, "0–… []"}, {17, "0–… [5]"},
		{19, "0–… [5]"}, {20, "0–5 [5]"}, {25, "nothing"}, {29, "nothing"}, {30, "0–5 [5]"}, {35, "nothing"}, {40, "0–5 [5]"},
	} {
		got := "nothing"
		if h := c.Read(metrics.Rules{}, at(9, tt.minute)); h.Counts() {
			w, _ := h.FirstResponse()
			stars := make([]int, len(h.Ratings()))
			for i, s := range h.Ratings() {
				stars[i] = int(s)
			}
			got = fmt.Sprintf("%s–%s %v", minuteOf(w.Start), minuteOf(w.End), stars)
		}
		if got != tt.want {
			t.Errorf("at %d: %s, want %s", tt.minute, got, tt.want)
		}
	}
}

// TestSums has the time on hold by reason, and the sum of the waits.
func TestSums(t *testing.T) {
	tests := []struct {
		story string
		rules metrics.Rules
		want  string // on hold for the customer, for third parties, for all; the customer's wait
	}{
		{"0 reply", metrics.Rules{}, "0s 0s 0s none"},
		{"0 message, 5 paused, 8 resumed, 10 paused third_party, 20 resumed, 21 paused parts until=23, 30 resolved", metrics.Rules{}, "3m0s 10m0s 15m0s 30m0s"},
		{"0 message, 5 paused, 8 resumed, 10 paused third_party, 20 resumed, 21 paused parts until=23, 30 resolved",
			metrics.Rules{PauseStopsWaits: "third_party"}, "3m0s 10m0s 15m0s 20m0s"},
		{"0 message, 5 reply, 9 paused, 12 message, 20 assistant iris, 30 assigned ana, 34 resolved", metrics.Rules{}, "3m0s 0s 3m0s 13m0s"},
		{"0 message, 5 assistant iris, 9 assigned ana, 14 abandoned", metrics.Rules{}, "0s 0s 0s 10m0s"},
		// What is open counts to the instant of the reading, 9:50.
		{"0 message, 5 paused", metrics.Rules{}, "45m0s 0s 45m0s 50m0s"},
		{"0 message, 5 paused third_party until=59", metrics.Rules{PauseStopsWaits: metrics.AnyReason}, "0s 45m0s 45m0s 5m0s"},
		// What is on hold while it is closed counts once it is reopened.
		{"0 message, 10 resolved, 20 paused", metrics.Rules{}, "0s 0s 0s 10m0s"},
		{"0 message, 10 resolved, 20 paused, 30 message, 40 resolved", metrics.Rules{}, "10m0s 0s 10m0s 20m0s"},
	}
	for _, tt := range tests {
		h := story(t, tt.story).Read(tt.rules, at(9, 50))
		wait := "none"
		if d, ok := h.RequesterWait(nil); ok {
			wait = d.String()
		}
		got := fmt.Sprintf("%v %v %v %s", h.OnHold(nil, "customer"), h.OnHold(nil, "third_party"), h.OnHold(nil, metrics.AnyReason), wait)
		if got != tt.want {
			t.Errorf("%s by %+v:\n\tgot  %s\n\twant %s", tt.story, tt.rules, got, tt.want)
		}
	}
}

// TestHistoryOfNothing asks everything of a conversation without events.
func TestHistoryOfNothing(t *testing.T) {
	h := historyOf(metrics.Conversation{}.AsOf(nine), metrics.Rules{})
	_, first := h.FirstResponse()
	_, waiting := h.StillWaiting()
	if h.Counts() || first || waiting || h.Owner() != "" || h.Channel() != "" || h.Volume() != (metrics.Volume{}) ||
		len(h.Waits())+len(h.Responses())+len(h.NextResponses())+len(h.Cycles())+len(h.Ratings()) > 0 || h.Conversation().Len() != 0 {
		t.Errorf("nothing has a history: %+v", h)
	}
	if _, ok := h.FirstResolution(nil); ok {
		t.Error("nothing was resolved")
	}
	b := new(metrics.Breakdown[string])
	if err := b.Add(metrics.Conversation{}.Read(metrics.Rules{}, nine)); err != nil {
		t.Error(err)
	}
	if !same(b.Total(), &metrics.Figures{AsOf: nine}) {
		t.Errorf("figures of nothing: %s", text(b.Total()))
	}
}

// Where there is no time, it is zero and false.
func TestNothingTakesNoTime(t *testing.T) {
	log := logOf(t, []metrics.Event{
		metrics.MessageReceived{Conversation: "open", At: minute(0)},
		metrics.MessageReceived{Conversation: "reopened", At: minute(0)},
		metrics.Merged{Conversation: "reopened", At: minute(1), Into: "open"},
		metrics.Reopened{Conversation: "reopened", At: minute(2)},
		metrics.ReplySent{Conversation: "never opened", At: minute(0)},
	})
	for h := range log.Read(metrics.Rules{}, minute(9)).Histories() {
		first, firstOK := h.FirstResolution(nil)
		full, fullOK := h.FullResolution(nil)
		active, activeOK := h.ActiveTime(nil)
		if firstOK || fullOK || activeOK || first != 0 || full != 0 || active != 0 {
			t.Errorf("%s: %v %v, %v %v, %v %v", h.Conversation().ID(), first, firstOK, full, fullOK, active, activeOK)
		}
	}
}

// TestAsOfOutsideOfTime asks for instants that no event can have.
func TestAsOfOutsideOfTime(t *testing.T) {
	first := metrics.MessageReceived{Conversation: "7", At: time.Unix(0, 0)}
	last := metrics.ReplySent{Conversation: "7", At: time.Unix(0, lastInstant)}
	c, err := metrics.NewConversation(first, last)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		asOf time.Time
		want int
	}{
		{time.Time{}, 0},
		{time.Unix(0, -1), 0},
		{time.Unix(-1, 0), 0},
		{time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC), 0},
		{time.Unix(0, 0), 1},
		{time.Unix(0, lastInstant-1), 1},
		{time.Unix(0, lastInstant), 2},
		{time.Unix(0, lastInstant+1), 2},
		{time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), 2},
		{time.Unix(1<<62, 0), 2},
	} {
		if n := c.AsOf(tt.asOf).Len(); n != tt.want {
			t.Errorf("as of %v: %d events, want %d", tt.asOf, n, tt.want)
		}
	}
}
