package metrics_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// story makes a conversation of a line such as "0 message, 20 reply ana": the
// minute, what happened, and who did it.
func story(t *testing.T, line string) metrics.Conversation {
	t.Helper()
	var list []metrics.Event
	for part := range strings.SplitSeq(line, ",") {
		var minute int
		var what, who string
		if n, _ := fmt.Sscan(part, &minute, &what, &who); n < 2 {
			t.Fatalf("%q in %q", part, line)
		}
		r := metrics.Record{Conversation: "7", At: at(9, minute), Agent: metrics.AgentID(who)}
		kinds := map[string]metrics.Kind{
			"opened": metrics.KindOpened, "reopened": metrics.KindReopened, "message": metrics.KindMessageReceived,
			"assigned": metrics.KindAssigned, "paused": metrics.KindPaused, "resumed": metrics.KindResumed,
			"reply": metrics.KindReplySent, "bot": metrics.KindReplySent, "resolved": metrics.KindResolved,
			"merged": metrics.KindMerged, "discarded": metrics.KindDiscarded,
		}
		r.Type, r.Automated = kinds[what], what == "bot"
		if what == "merged" {
			r.Into = "8"
		}
		e, err := r.Event()
		if err != nil {
			t.Fatalf("%q: %v", part, err)
		}
		list = append(list, e)
	}
	c, err := metrics.NewConversation(list...)
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

		// Automated replies.
		{"0 message, 1 bot b, 20 reply ana", rules{}, "*0–20 answered ana"},
		{"0 message, 1 bot b, 20 reply ana", rules{Automated: metrics.AutomatedEnds}, "0–1 answered_by_automation b"},
		{"0 message, 1 bot b, 5 message, 20 reply ana", rules{Automated: metrics.AutomatedEnds}, "0–1 answered_by_automation b; *5–20 answered ana"},
		{"0 message, 1 bot b, 20 reply ana", rules{Automated: metrics.AutomatedAnswers}, "*0–1 answered b"},

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
		{"0 message, 5 paused, 15 resumed, 20 reply", rules{PauseStopsWaits: true}, "*0–20 answered less 5–15"},
		{"0 paused, 5 message, 8 resumed, 20 reply", rules{PauseStopsWaits: true}, "*5–20 answered less 5–8"},
		{"0 message, 5 paused, 7 paused, 20 reply", rules{PauseStopsWaits: true}, "*0–20 answered less 5–20"},
		{"0 message, 5 paused", rules{PauseStopsWaits: true}, "*0–… open less 5–…"},
		{"0 message, 5 paused, 6 resolved, 7 message, 9 reply", rules{PauseStopsWaits: true}, "0–6 closed_unanswered less 5–6; *7–9 answered"},

		// Credit.
		{"0 message, 5 assigned ben, 20 reply ana", rules{CreditAssigned: true}, "*0–20 answered ben"},
		{"0 message, 5 assigned ben, 6 assigned, 20 reply ana", rules{CreditAssigned: true}, "*0–20 answered ana"},
		{"0 message, 20 reply ana, 21 assigned ben", rules{CreditAssigned: true}, "*0–20 answered ana"},
	}
	for _, tt := range tests {
		var got []string
		for _, w := range historyOf(story(t, tt.story), tt.rules).Waits() {
			text := fmt.Sprintf("%s–%s %s %s", minuteOf(w.Start), minuteOf(w.End), w.Outcome, w.Agent)
			if w.First {
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
		{"0 message, 1 bot, 5 reply, 30 resolved", rules{Automated: metrics.AutomatedAnswers}, "0–30 resolved; 30m0s 30m0s 30m0s, reopened 0, replies 2, one-touch false"},
		// A pause stops it, and ends with the resolution.
		{"0 message, 10 paused, 20 resumed, 30 resolved", rules{}, "0–30 resolved less 10–20; 20m0s 20m0s 20m0s, reopened 0, replies 0, one-touch false"},
		{"0 message, 10 paused, 30 resolved, 40 reopened, 50 resolved", rules{},
			"0–30 resolved less 10–30; 40–50 resolved; 10m0s 30m0s 20m0s, reopened 1, replies 0, one-touch false"},
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
