package standards_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// What stays, and what is taken back, each told by hand: minutes after Monday 9:00. The
// promise is 15 minutes; a step comes due after 10.
func TestNothingIsTakenBack(t *testing.T) {
	m := func(minutes int) time.Time { return after(time.Duration(minutes) * time.Minute) }
	message := func(id string, at int) metrics.Event {
		return metrics.MessageReceived{Conversation: "a", ID: metrics.EventID(id), At: m(at)}
	}
	reply := func(id string, at int) metrics.Event {
		return metrics.ReplySent{Conversation: "a", ID: metrics.EventID(id), At: m(at), Agent: "ana"}
	}
	assigned := func(at int) metrics.Event {
		return metrics.Assigned{Conversation: "a", At: m(at), Agent: "ana"}
	}
	retracted := func(id string, at int) metrics.Event {
		return metrics.Retracted{Conversation: "a", At: m(at), Event: metrics.EventID(id)}
	}
	merged := func(at int) metrics.Event { return metrics.Merged{Conversation: "a", At: m(at), Into: "b"} }
	inB := func(at int) metrics.Event { return metrics.Opened{Conversation: "b", At: m(at)} }
	replyB := func(at int) metrics.Event {
		return metrics.ReplySent{Conversation: "b", At: m(at), Agent: "ben"}
	}
	fromAssigned := metrics.Rules{FirstResponseFrom: metrics.FromAssigned}
	for _, tt := range []struct {
		name   string
		rules  metrics.Rules
		events []metrics.Event
		want   map[int]string // by the minute
	}{
		{"assigned late", fromAssigned, []metrics.Event{message("1", 0), assigned(20), reply("2", 40)}, map[int]string{
			19: "a pending", 34: "a pending, step 30", 35: "a breached 35, step 30", 50: "a breached 35, step 30",
		}},
		{"assigned before", fromAssigned, []metrics.Event{assigned(0), message("1", 1), metrics.Assigned{Conversation: "a", At: m(9), Agent: "ben"}}, map[int]string{
			15: "a pending, step 11", 16: "a breached 16, step 11",
		}},
		{"never assigned", fromAssigned, []metrics.Event{message("1", 0), reply("2", 40)}, map[int]string{39: "a pending", 40: "a met"}},
		{"never assigned, and closed", fromAssigned, []metrics.Event{message("1", 0), metrics.Resolved{Conversation: "a", At: m(40)}}, map[int]string{50: "a excluded"}},
		{"the reply is retracted", metrics.Rules{}, []metrics.Event{message("1", 0), reply("2", 5), retracted("2", 30)}, map[int]string{
			29: "a met", 30: "a breached 30, step 30", 60: "a breached 30, step 30",
		}},
		{"the reply is retracted, and another one was late", metrics.Rules{}, []metrics.Event{message("1", 0), reply("2", 5), reply("3", 20), retracted("2", 30)}, map[int]string{
			29: "a met", 30: "a breached 30",
		}},
		{"the reply turns out to be late", metrics.Rules{}, []metrics.Event{message("1", 0), reply("2", 5), reply("2", 40)}, map[int]string{
			39: "a met", 40: "a breached 40",
		}},
		{"the message turns out to be later", metrics.Rules{}, []metrics.Event{message("1", 0), message("1", 30), reply("2", 31)}, map[int]string{
			29: "a breached 15, step 10", 30: "a breached 15, step 10", 40: "a breached 15, step 10",
		}},
		{"the message never was", metrics.Rules{}, []metrics.Event{message("1", 0), retracted("1", 30)}, map[int]string{29: "a breached 15, step 10", 30: ""}},
		{"discarded and restored", metrics.Rules{}, []metrics.Event{
			message("1", 0), metrics.Discarded{Conversation: "a", At: m(12)}, metrics.Reopened{Conversation: "a", At: m(30)}, reply("2", 40),
		}, map[int]string{11: "a pending, step 10", 12: "", 30: "a breached 30, step 10", 50: "a breached 30, step 10"}},
		{"the team wrote first", metrics.Rules{ExcludeTeamFirst: true, FirstResponseFrom: metrics.FromOpened}, []metrics.Event{
			metrics.Opened{Conversation: "a", At: m(0)}, reply("2", 20),
		}, map[int]string{19: "a breached 15, step 10", 30: "a breached 15, step 10"}},
		{"the team wrote first, in time", metrics.Rules{ExcludeTeamFirst: true, FirstResponseFrom: metrics.FromOpened}, []metrics.Event{
			metrics.Opened{Conversation: "a", At: m(0)}, reply("2", 12),
		}, map[int]string{11: "a pending, step 10", 30: "a excluded, step 10"}},
		{"the channel is named later", metrics.Rules{}, []metrics.Event{
			message("1", 0), metrics.ReplySent{Conversation: "a", At: m(20), Channel: metrics.Email},
		}, map[int]string{19: "a breached 15, step 10", 30: "a breached 15, step 10"}},
		{"the channel is named in time", metrics.Rules{}, []metrics.Event{
			message("1", 0), metrics.MessageReceived{Conversation: "a", At: m(12), Channel: metrics.Email}, reply("2", 20),
		}, map[int]string{11: "a pending, step 10", 30: "a met, step 10"}},
		{"who was assigned is an assistant", metrics.Rules{}, []metrics.Event{
			message("1", 0), metrics.ReplySent{Conversation: "a", At: m(1), Agent: "helper", By: metrics.ByAssistant},
			metrics.Assigned{Conversation: "a", At: m(2), Agent: "expert"},
			metrics.ReplySent{Conversation: "a", At: m(20), Agent: "expert", By: metrics.ByAssistant},
		}, map[int]string{1: "a excluded", 16: "a pending, step 12", 17: "a breached 17, step 12", 30: "a breached 17, step 12"}},
		{"merged in time", metrics.Rules{}, []metrics.Event{message("1", 0), inB(0), merged(12), replyB(20)}, map[int]string{
			11: "a pending, step 10", 12: "a excluded, step 10; b pending, step 12", 15: "a excluded, step 10; b breached 15, step 12", 30: "a excluded, step 10; b breached 15, step 12",
		}},
		{"merged and answered in time", metrics.Rules{}, []metrics.Event{message("1", 0), inB(0), merged(5), replyB(15)}, map[int]string{30: "a excluded; b met, step 10"}},
		{"merged late", metrics.Rules{}, []metrics.Event{message("1", 0), inB(0), merged(20), replyB(30)}, map[int]string{
			19: "a breached 15, step 10", 25: "a breached 15, step 10", 40: "a breached 15, step 10",
		}},
		{"merged into a wait", metrics.Rules{}, []metrics.Event{
			message("1", 0), metrics.MessageReceived{Conversation: "b", At: m(3)}, merged(12), replyB(17),
		}, map[int]string{14: "a excluded, step 10; b pending, step 12", 40: "a excluded, step 10; b breached 15, step 12"}},
		{"late, merged into a wait", metrics.Rules{}, []metrics.Event{
			message("1", 0), metrics.MessageReceived{Conversation: "b", At: m(14)}, merged(20), replyB(40),
		}, map[int]string{19: "a breached 15, step 10; b pending", 50: "a breached 15, step 10"}},
		{"late, merged into a late wait", metrics.Rules{}, []metrics.Event{
			message("1", 0), metrics.MessageReceived{Conversation: "b", At: m(2)}, merged(20), replyB(40),
		}, map[int]string{50: "a breached 15, step 10; b breached 17, step 12"}},
		{"merged into what is discarded later", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), merged(5), metrics.Discarded{Conversation: "b", At: m(20)},
		}, map[int]string{19: "a excluded; b breached 15, step 10", 20: "a breached 20, step 20"}},
		{"merged, and the message never was", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), merged(5), retracted("1", 30),
		}, map[int]string{29: "a excluded; b breached 15, step 10", 30: ""}},
		{"merged, and the merger never was", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), metrics.Merged{Conversation: "a", ID: "2", At: m(5), Into: "b"}, retracted("2", 30),
		}, map[int]string{29: "a excluded; b breached 15, step 10", 30: "a breached 30, step 30"}},
		{"merged, discarded and restored", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), merged(5), metrics.Discarded{Conversation: "a", At: m(20)}, metrics.Reopened{Conversation: "a", At: m(30)},
		}, map[int]string{19: "a excluded; b breached 15, step 10", 20: "", 30: "a excluded; b breached 15, step 10"}},
		{"merged into what is discarded and restored", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), merged(5), metrics.Discarded{Conversation: "b", At: m(20)}, metrics.Reopened{Conversation: "b", At: m(30)},
		}, map[int]string{19: "a excluded; b breached 15, step 10", 20: "a breached 20, step 20", 30: "a breached 20, step 20; b breached 15, step 10"}},
		{"merged later than it was said", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), metrics.Merged{Conversation: "a", ID: "2", At: m(5), Into: "b"}, reply("3", 14),
			metrics.Merged{Conversation: "a", ID: "2", At: m(50), Into: "b"},
		}, map[int]string{49: "a excluded; b breached 15, step 10", 50: "a met; b breached 15, step 10"}},
		{"merged twice, the promise broken in between", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), merged(5), metrics.Merged{Conversation: "b", At: m(20), Into: "c"}, metrics.Opened{Conversation: "c", At: m(0)},
		}, map[int]string{30: "a excluded; b breached 15, step 10"}},
		{"merged twice, the promise broken before", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), merged(20), metrics.Merged{Conversation: "b", At: m(25), Into: "c"}, metrics.Opened{Conversation: "c", At: m(0)},
		}, map[int]string{24: "a breached 15, step 10", 40: "a breached 15, step 10"}},
		{"merged late, into a wait that came here before", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), merged(5), metrics.MessageReceived{Conversation: "c", At: m(14)}, metrics.Merged{Conversation: "c", At: m(20), Into: "b"},
		}, map[int]string{19: "a excluded; b breached 15, step 10; c pending", 30: "a excluded; b breached 15, step 10; c excluded"}},
		{"merged on, before it was merged at all", metrics.Rules{}, []metrics.Event{
			message("1", 0), inB(0), metrics.Merged{Conversation: "a", ID: "2", At: m(5), Into: "b"},
			metrics.Merged{Conversation: "b", At: m(10), Into: "c"}, metrics.Opened{Conversation: "c", At: m(0)},
			metrics.Merged{Conversation: "a", ID: "2", At: m(20), Into: "b"},
		}, map[int]string{19: "a excluded; b excluded; c breached 15, step 10", 30: "a breached 20"}},
		{"moved in time, and then a reply before is retracted", metrics.Rules{}, []metrics.Event{
			message("1", 0), reply("2", 5), message("3", 12), inB(0), merged(20), replyB(21), retracted("2", 30),
		}, map[int]string{29: "a excluded; b met", 30: "a breached 30"}}, // waited from minute 0 to 20, and is not judged again in b
		{"merged before anybody was in charge", fromAssigned, []metrics.Event{
			message("1", 0), metrics.Assigned{Conversation: "b", At: m(0), Agent: "ben"}, merged(20),
		}, map[int]string{19: "a pending", 34: "a excluded; b pending, step 30", 35: "a excluded; b breached 35, step 30"}},
		{"merged into a wait before anybody was in charge there", fromAssigned, []metrics.Event{
			message("1", 3), assigned(4), metrics.MessageReceived{Conversation: "b", At: m(0)}, merged(10),
		}, map[int]string{18: "a excluded; b pending, step 14", 19: "a excluded; b breached 19, step 14"}},
		{"each conversation's pauses count while the wait is there", metrics.Rules{PauseStopsWaits: metrics.AnyReason}, []metrics.Event{
			message("1", 0), metrics.Paused{Conversation: "a", At: m(2)}, metrics.Resumed{Conversation: "a", At: m(12)}, merged(14),
			inB(0), metrics.Paused{Conversation: "b", At: m(0), For: metrics.ForThirdParty}, metrics.Resumed{Conversation: "b", At: m(20)},
		}, map[int]string{13: "a pending", 30: "a excluded; b pending, step 26", 31: "a excluded; b breached 31, step 26"}},
		{"given up in time", metrics.Rules{}, []metrics.Event{message("1", 0), metrics.Abandoned{Conversation: "a", At: m(15)}}, map[int]string{30: "a excluded, step 10"}},
		{"given up late", metrics.Rules{}, []metrics.Event{message("1", 0), metrics.Abandoned{Conversation: "a", At: m(16)}}, map[int]string{30: "a breached 15, step 10"}},
	} {
		policy := one(standards.EveryResponse, 15*time.Minute)
		policy.Targets[0].Escalations = []standards.Escalation{{Name: "step", After: -5 * time.Minute}}
		email := policy.Targets[0]
		email.Channels, email.Within, email.Escalations = []metrics.Channel{metrics.Email}, standards.BudgetOf(time.Hour), nil
		policy.Targets = []standards.Target{email, policy.Targets[0]}
		log := new(metrics.EventLog)
		for _, e := range tt.events {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
		for minute, want := range tt.want {
			var all []string
			for h := range log.Read(tt.rules, m(minute)).Histories() {
				last := ""
				for f := range policy.Findings(h) {
					last = fmt.Sprint(f.Conversation, " ", f.Verdict)
					if f.Verdict == standards.Breached {
						last += fmt.Sprint(" ", int(f.BreachedAt.Sub(start).Minutes()))
					}
					for at := range f.Escalations() {
						last += fmt.Sprint(", step ", int(at.Sub(start).Minutes()))
					}
				}
				if last != "" {
					all = append(all, last)
				}
			}
			if got := strings.Join(all, "; "); got != want {
				t.Errorf("%s, as of minute %d: %q, want %q", tt.name, minute, got, want)
			}
		}
	}
}

// If a reply is retracted after a merger, the wait before the merger turns out to have been
// too long: the start that it had by then and the target that it broke count, and not those
// from the merger on. Minutes after Monday 9:00.
func TestBrokenBeforeAMergerAsIsKnownLater(t *testing.T) {
	m := func(minutes int) time.Time { return after(time.Duration(minutes) * time.Minute) }
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.Opened{Conversation: "b", At: m(0), Priority: "high"},
		metrics.MessageReceived{Conversation: "a", ID: "3", At: m(0)},
		metrics.MessageReceived{Conversation: "b", ID: "1", At: m(2)},
		metrics.ReplySent{Conversation: "b", ID: "2", At: m(5), Agent: "ben"},
		metrics.Prioritized{Conversation: "b", At: m(18), Priority: "low"},
		metrics.Merged{Conversation: "a", At: m(20), Into: "b"},
		metrics.Retracted{Conversation: "b", At: m(30), Event: "2"},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	policy := one(standards.EveryResponse, 15*time.Minute)
	policy.Targets = append(policy.Targets, policy.Targets[0])
	policy.Targets[0].Priorities = []metrics.Priority{"high"}
	policy.Targets[1].Within = standards.BudgetOf(time.Hour)
	for asOf, want := range map[int]string{
		29: "1 pending from 0 due 60, 0 met from 2 due 17",
		31: "0 breached from 2 due 17 at 30", // 16 minutes of priority high, and 2 of low, before they were merged
	} {
		var all []string
		for h := range log.Read(metrics.Rules{}, m(asOf)).Histories() {
			if h.Conversation().ID() != "b" {
				continue
			}
			for f := range policy.Findings(h) {
				text := fmt.Sprintf("%d %v from %v due %v", f.Index, f.Verdict, f.Start.Sub(start).Minutes(), f.Due.Sub(start).Minutes())
				if !f.BreachedAt.IsZero() {
					text += fmt.Sprint(" at ", f.BreachedAt.Sub(start).Minutes())
				}
				all = append(all, text)
			}
		}
		if got := strings.Join(all, ", "); got != want {
			t.Errorf("as of minute %d: %s, want %s", asOf, got, want)
		}
	}
}

// While a conversation was discarded, a retraction joined two waits into one. The promise of
// the second is gone for good: no step of it comes due later, and the first is what is open.
func TestStepsOfWhatIsGone(t *testing.T) {
	m := func(minutes int) time.Time { return after(time.Duration(minutes) * time.Minute) }
	policy := one(standards.EveryResponse, 15*time.Minute)
	policy.Targets[0].Escalations = []standards.Escalation{{Name: "near", After: -5 * time.Minute}, {Name: "late"}}
	h := conversation(t,
		metrics.MessageReceived{Conversation: "a", ID: "1", At: m(0)},
		metrics.ReplySent{Conversation: "a", ID: "2", At: m(2), Agent: "ana"},
		metrics.MessageReceived{Conversation: "a", ID: "3", At: m(3)}, // due at 18, near at 13
		metrics.Discarded{Conversation: "a", At: m(15)},
		metrics.Retracted{Conversation: "a", At: m(20), Event: "2"},
		metrics.Reopened{Conversation: "a", At: m(30)},
	).Read(metrics.Rules{}, m(40))
	text := func(f standards.Finding) string {
		text := fmt.Sprint(f.Verdict, " from ", f.Start.Sub(start).Minutes())
		for at, e := range f.Escalations() {
			text += fmt.Sprint(", ", e.Name, " ", at.Sub(start).Minutes())
		}
		return text
	}
	var all, open []string
	for f := range policy.Findings(h) {
		all = append(all, text(f))
	}
	for f := range policy.Open(h) {
		open = append(open, text(f))
	}
	const first = "breached from 0, near 30, late 30"
	if got := strings.Join(all, "; "); got != first+"; excluded from 3, near 13" {
		t.Error(got)
	}
	if got := strings.Join(open, "; "); got != first {
		t.Errorf("open: %s", got)
	}
}

// A board shows a customer who waits after a merger, even if the broken promise is counted
// in the conversation that was merged.
func TestBoardAfterMerger(t *testing.T) {
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "a", At: after(0)},
		metrics.Opened{Conversation: "b", At: after(0)},
		metrics.Merged{Conversation: "a", At: after(time.Hour), Into: "b"},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	board := standards.NewBoard(one(standards.FirstResponse, 30*time.Minute))
	if err := log.Read(metrics.Rules{}, after(2*time.Hour)).Into(board); err != nil {
		t.Fatal(err)
	}
	rows := board.Rows()
	if len(rows) != 1 || rows[0].Conversation != "b" || rows[0].Verdict != standards.Breached || !rows[0].Start.Equal(start) {
		t.Errorf("rows %v", rows)
	}
}

// The breach that was found first decides, even if an earlier wait turns out to have been
// longer.
func TestFirstBreachDecides(t *testing.T) {
	c := conversation(t,
		metrics.MessageReceived{Conversation: "1", At: after(0)},
		metrics.ReplySent{Conversation: "1", ID: "bot", At: after(5 * time.Minute), By: metrics.ByAutomation},
		metrics.MessageReceived{Conversation: "1", At: after(6 * time.Minute)},
		metrics.Retracted{Conversation: "1", At: after(40 * time.Minute), Event: "bot"},
	)
	h := c.Read(metrics.Rules{Automation: metrics.AutomationEnds}, after(time.Hour))
	f, ok := one(standards.FirstResponse, 15*time.Minute).FirstResponse(h)
	if !ok || f.Verdict != standards.Breached || !f.BreachedAt.Equal(after(21*time.Minute)) {
		t.Errorf("%v, breached %v, %v", f, f.BreachedAt, ok)
	}
}

// How a cycle ended, and that a wait whose clock has not started has no deadline.
func TestGivenUpAndUnassigned(t *testing.T) {
	c := conversation(t, eventsOf(t, "0 message, 10m abandoned")...)
	p := one(standards.FirstResolution, time.Hour)
	for f := range p.Findings(read(c, time.Hour)) {
		if f.Verdict != standards.Excluded || f.Outcome != metrics.GaveUp {
			t.Errorf("%v, %v", f, f.Outcome)
		}
	}
	if due, ok := p.Targets[0].Due(metrics.Wait{Start: start, Unassigned: true}); ok {
		t.Errorf("due %v", due)
	}
}
