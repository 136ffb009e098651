package flow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
)

// scripted returns the events of a conversation from a line such as
// "a kim: 0h message, 1h bot, 2h resolved automation": its name, its customer, if there
// is one, and what happened how long after the first of the month.
func scripted(tb testing.TB, line string) []metrics.Event {
	tb.Helper()
	names, script, _ := strings.Cut(line, ":")
	id, customer, _ := strings.Cut(names, " ")
	conversation := metrics.ConversationID(id)
	var list []metrics.Event
	for step := range strings.SplitSeq(script, ",") {
		words := append(strings.Fields(step), "", "")
		after, err := time.ParseDuration(words[0])
		if err != nil {
			tb.Fatalf("%q: %v", step, err)
		}
		at := date(1).Add(after)
		r := metrics.Record{Conversation: conversation, At: at}
		switch words[1] {
		case "message":
			r.Type, r.Customer = metrics.KindMessageReceived, metrics.CustomerID(customer)
		case "bot":
			r.Type, r.By, r.Agent = metrics.KindReplySent, metrics.ByAssistant, "bot"
		case "reply":
			r.Type, r.Agent = metrics.KindReplySent, metrics.AgentID(words[2])
		case "acknowledged":
			r.Type, r.By = metrics.KindReplySent, metrics.ByAutomation
		case "handled":
			r.Type, r.Agent, r.Took = metrics.KindHandled, metrics.AgentID(words[2]), metrics.Took(time.Minute)
		case "assigned":
			if r.Type, r.Agent = metrics.KindAssigned, metrics.AgentID(words[2]); words[2] == "team" {
				r.Agent, r.Team = "", "returns"
			}
		case "resolved":
			r.Type = metrics.KindResolved
			if err := r.By.UnmarshalText([]byte(words[2])); err != nil {
				r.Agent = metrics.AgentID(words[2])
			}
		case "merged":
			r.Type, r.Into = metrics.KindMerged, metrics.ConversationID(words[2])
		default:
			if err := r.Type.UnmarshalText([]byte(words[1])); err != nil {
				tb.Fatalf("%q: %v", step, err)
			}
		}
		e, err := r.Event()
		if err != nil {
			tb.Fatalf("%q: %v", step, err)
		}
		list = append(list, e)
	}
	return list
}

// TestFirstContacts has a row for each rule of first contact resolution, within 7 days.
// The verdicts follow from the package documentation.
func TestFirstContacts(t *testing.T) {
	solved := "a kim: 0h message, 1h resolved ana"
	for _, test := range []struct {
		name   string
		rules  metrics.Rules
		desk   []string
		want   string // the verdicts of a, b, and so on
		share  stat.Ratio
		issues stat.Ratio
	}{
		{"nobody came back", metrics.Rules{}, []string{solved}, "yes", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"in the same case", metrics.Rules{}, []string{solved + ", 24h message"}, "no", stat.Ratio{Whole: 1}, stat.Ratio{Whole: 1}},
		{"opened again by the desk", metrics.Rules{}, []string{solved + ", 24h reopened"}, "no", stat.Ratio{Whole: 1}, stat.Ratio{Whole: 1}},
		{"a message opens nothing by the rule", metrics.Rules{ReopenExplicitly: true}, []string{solved + ", 24h message"}, "yes", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"but Reopened does", metrics.Rules{ReopenExplicitly: true}, []string{solved + ", 24h message, 25h reopened"}, "no", stat.Ratio{Whole: 1}, stat.Ratio{Whole: 1}},
		{"in another case, which is resolved", metrics.Rules{}, []string{solved, "b kim: 24h message, 25h resolved ana"}, "no yes", stat.Ratio{Part: 1, Whole: 2}, stat.Ratio{Whole: 1}},
		{"a chain", metrics.Rules{}, []string{solved, "b kim: 24h message, 25h resolved", "c kim: 48h message, 49h resolved"}, "no no yes", stat.Ratio{Part: 1, Whole: 3}, stat.Ratio{Whole: 1}},
		{"two issues", metrics.Rules{}, []string{solved, "b kim: 240h message, 241h resolved"}, "yes yes", stat.Ratio{Part: 2, Whole: 2}, stat.Ratio{Part: 2, Whole: 2}},
		{"another customer", metrics.Rules{}, []string{solved, "b lee: 24h message"}, "yes none", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"a case that ran already", metrics.Rules{}, []string{solved, "b kim: 30m message, 24h message"}, "yes none", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"it began at that very instant", metrics.Rules{}, []string{solved, "b kim: 1h message"}, "yes none", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"a record made before, in which the customer wrote later", metrics.Rules{}, []string{solved, "b kim: 0h opened, 24h message"}, "no none", stat.Ratio{Whole: 1}, stat.Ratio{Whole: 1}},
		{"at the end of the window", metrics.Rules{}, []string{solved, "b kim: 169h message"}, "no none", stat.Ratio{Whole: 1}, stat.Ratio{Whole: 1}},
		{"after it", metrics.Rules{}, []string{solved, "b kim: 169h1ns message"}, "yes none", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"the window ends now", metrics.Rules{}, []string{"a kim: 0h message, 552h resolved"}, "yes", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"it does not quite", metrics.Rules{}, []string{"a kim: 0h message, 552h1ns resolved"}, "pending", stat.Ratio{}, stat.Ratio{}},
		{"a return to a case that is pending", metrics.Rules{}, []string{"a kim: 0h message, 600h resolved", "b kim: 601h message, 602h resolved"}, "pending_returned pending", stat.Ratio{}, stat.Ratio{}},
		{"discarded", metrics.Rules{}, []string{solved, "b kim: 24h message, 25h discarded"}, "yes", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"left out by the rules", metrics.Rules{ExcludeTeamFirst: true}, []string{solved, "b kim: 24h reply ana, 25h message"}, "yes", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"merged", metrics.Rules{}, []string{solved, "b kim: 24h message, 25h merged c", "c lee: 0h message"}, "no none", stat.Ratio{Whole: 1}, stat.Ratio{Whole: 1}},
		{"resolved and then merged", metrics.Rules{}, []string{solved, "b kim: 24h message, 25h resolved, 26h merged a"}, "no yes", stat.Ratio{Part: 1, Whole: 2}, stat.Ratio{Whole: 1}},
		{"resolved, opened again, and merged", metrics.Rules{}, []string{solved, "b kim: 24h message, 25h resolved, 26h reopened, 27h merged c", "c lee: 0h message"}, "no none", stat.Ratio{Whole: 1}, stat.Ratio{Whole: 1}},
		{"merged, and opened again", metrics.Rules{}, []string{"a kim: 0h message, 1h merged b, 2h reopened, 3h resolved", "b lee: 0h message"}, "yes none", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"without a customer", metrics.Rules{}, []string{"a: 0h message, 1h resolved, 2h message", "b: 3h message"}, "unknown none", stat.Ratio{}, stat.Ratio{}},
		{"without a message", metrics.Rules{}, []string{"a: 0h opened, 1h resolved"}, "unknown", stat.Ratio{}, stat.Ratio{}},
		{"abandoned, and resolved later", metrics.Rules{}, []string{"a kim: 0h message, 1h abandoned, 24h message, 25h resolved"}, "yes", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
		{"abandoned", metrics.Rules{}, []string{"a kim: 0h message, 1h abandoned, 2h resolved"}, "none", stat.Ratio{}, stat.Ratio{}},
		{"resolved before the customer wrote", metrics.Rules{ReopenExplicitly: true}, []string{"a kim: 0h opened, 1h resolved, 2h message"}, "yes", stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Part: 1, Whole: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var list []metrics.Event
			for _, line := range test.desk {
				list = append(list, scripted(t, line)...)
			}
			all := fed(t, logOf(t, list).Read(test.rules, date(31)), flow.NewReturns(metrics.Whole)).Total()
			var verdicts []string
			for c := range all.All() {
				verdicts = append(verdicts, c.FirstContact(flow.FirstContactWindow).String())
			}
			if got := strings.Join(verdicts, " "); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if got, err := all.FirstContact(flow.FirstContactWindow); err != nil || got.Share() != test.share || got.Issues != test.issues {
				t.Errorf("%v, issues %v: %v", got, got.Issues, err)
			}
		})
	}
}

// TestAssistantOutcomes has a row for each way in which a case with an assistant may end.
// The outcomes follow from the package documentation.
func TestAssistantOutcomes(t *testing.T) {
	asked := "a kim: 0h message, 1h bot"
	for _, test := range []struct{ name, script, want string }{
		{"assumed", asked + ", 2h resolved automation", "resolved_assumed"},
		{"the assistant said so", asked + ", 2h message, 3h resolved assistant", "resolved_assumed"},
		{"the assistant said so by its name", asked + ", 2h message, 3h resolved bot", "resolved_assumed"},
		{"confirmed", asked + ", 2h resolved customer", "resolved_confirmed"},
		{"confirmed with thanks", asked + ", 2h message, 3h resolved customer", "resolved_confirmed"},
		{"timed out", asked + ", 2h message, 3h resolved automation", "unresolved"},
		{"timed out after a second question", "a kim: 0h message, 1h bot, 2h message, 3h acknowledged, 4h resolved automation", "unresolved"},
		{"abandoned", asked + ", 2h abandoned", "unresolved"},
		{"abandoned, and then resolved", asked + ", 2h abandoned, 3h resolved automation", "unresolved"},
		{"abandoned, and then resolved by a person", asked + ", 2h abandoned, 3h resolved ana", "unresolved"},
		{"the customer came back", asked + ", 2h resolved automation, 24h message, 25h bot, 26h resolved automation", "unresolved"},
		{"after the window", asked + ", 2h resolved automation, 75h message", "resolved_assumed"},
		{"a person then replied", asked + ", 2h resolved automation, 300h message, 301h reply ana", "with_person"},
		{"replied", asked + ", 2h reply ana, 3h resolved automation", "with_person"},
		{"a person of unknown name", asked + ", 2h reply, 3h resolved automation", "with_person"},
		{"handled", asked + ", 2h handled ana, 3h resolved automation", "with_person"},
		{"handled by the assistant", asked + ", 2h handled bot, 3h resolved automation", "resolved_assumed"},
		{"assigned", asked + ", 2h assigned ana, 3h resolved automation", "with_person"},
		{"assigned to a team", asked + ", 2h assigned team, 3h resolved automation", "with_person"},
		{"assigned to the assistant", asked + ", 2h assigned bot, 3h resolved automation", "resolved_assumed"},
		{"assigned to nobody", asked + ", 2h assigned, 3h resolved automation", "resolved_assumed"},
		{"assigned before", "a kim: 0h message, 0h assigned ana, 1h bot, 2h resolved automation", "resolved_assumed"},
		{"resolved by a person", asked + ", 2h resolved ana", "with_person"},
		{"a person resolved what was resolved", asked + ", 2h resolved automation, 3h resolved ana", "resolved_assumed"},
		{"a person before", "a kim: 0h message, 1h reply ana, 2h message, 3h bot, 4h resolved automation", "resolved_assumed"},
		{"a person before, then the customer gave up", "a kim: 0h message, 1h reply ana, 2h message, 3h bot, 4h abandoned", "unresolved"},
		{"it wrote again when the customer had given up", "a kim: 0h message, 1h reply ana, 2h message, 3h bot, 4h abandoned, 5h bot", "unresolved"},
		{"a person who replied before is assigned", "a kim: 0h message, 1h reply ana, 2h message, 3h bot, 4h assigned ana, 5h resolved automation", "with_person"},
		{"a person was done before", "a kim: 0h message, 1h reply ana, 2h resolved ana, 3h bot", "with_person"},
		{"a person was done before, and the next question was answered", "a kim: 0h message, 1h reply ana, 2h resolved ana, 300h message, 301h bot, 302h resolved automation", "resolved_assumed"},
		{"it wrote when all was over", "a kim: 0h message, 2h resolved automation, 3h bot", "unresolved"},
		{"it wrote when all was over, and whoever had the case did nothing", "a kim: 0h message, 1h assigned ana, 2h resolved automation, 3h bot", "unresolved"},
		{"it wrote when all was over, and a person had worked on it", "a kim: 0h message, 1h handled ana, 2h resolved automation, 3h bot", "with_person"},
		{"it wrote when all was over, and the customer gave up later", "a kim: 0h message, 1h reply ana, 2h resolved ana, 3h bot, 4h message, 5h abandoned", "unresolved"},
		{"open", asked + ", 2h message", "open"},
		{"opened again", "a kim: 0h message, 1h reply ana, 2h resolved ana, 300h message, 301h bot", "open"},
		{"pending", "a kim: 0h message, 1h bot, 700h resolved automation", "pending"},
		{"pending, though timed out", "a kim: 0h message, 1h bot, 2h message, 700h resolved automation", "pending"},
		{"pending, though with a person", "a kim: 0h message, 1h bot, 700h resolved automation, 701h reply ana", "with_person"},
		{"a greeting only", "a kim: 0h message, 1h acknowledged, 2h resolved ana", "not_involved"},
		{"it wrote first, and nobody answered", "a kim: 1h bot", "not_involved"},
		{"it wrote first", "a kim: 1h bot, 2h message, 3h bot, 4h resolved automation", "resolved_assumed"},
		{"in a record without a message", "a: 0h opened, 1h bot, 2h resolved automation", "resolved_assumed"},
		{"discarded", asked + ", 2h discarded", ""},
		{"I'll pass you on", asked + ", 2h assigned team, 3h reply ana, 4h resolved ana", "with_person"},
	} {
		for _, rules := range []metrics.Rules{{}, {Assistant: metrics.AssistantIgnored}, {Assistant: metrics.AssistantAnswers, Automation: metrics.AutomationAnswers}} {
			t.Run(fmt.Sprint(test.name, rules.Assistant), func(t *testing.T) {
				log := logOf(t, scripted(t, test.script))
				all := fed(t, log.Read(rules, date(31)), flow.NewReturns(metrics.Whole)).Total()
				got := ""
				for c := range all.All() {
					got = c.Assistant(flow.AssistantWindow).String()
				}
				if got != test.want {
					t.Errorf("%s, want %s", got, test.want)
				}
				bots, err := all.Assistants(flow.AssistantWindow)
				if involved := test.want != "" && test.want != "not_involved"; err != nil || (bots.Involved() == 1) != involved {
					t.Errorf("%+v: %v", bots, err)
				}
			})
		}
	}
}

// A case that is resolved, reopened, and resolved again with an assistant's help, all at
// one instant, was reopened before that help and not after it.
func TestResolvedTwiceAtOneInstant(t *testing.T) {
	at := date(1)
	log := logOf(t, []metrics.Event{
		metrics.MessageReceived{Conversation: "a", At: at.Add(-time.Hour), Customer: "kim"},
		metrics.Resolved{Conversation: "a", At: at, By: metrics.ByAutomation},
		metrics.Reopened{Conversation: "a", At: at, Seq: 1},
		metrics.ReplySent{Conversation: "a", At: at, Seq: 2, By: metrics.ByAssistant, Agent: "bot"},
		metrics.Resolved{Conversation: "a", At: at, Seq: 3, By: metrics.ByCustomer},
	})
	returns := fed(t, log.Read(metrics.Rules{}, at.AddDate(0, 1, 0)), flow.NewReturns(metrics.Whole))
	for c := range returns.Total().All() {
		if got := c.Assistant(flow.AssistantWindow); got != flow.AssistantConfirmed || c.FirstContact(flow.FirstContactWindow) != flow.ContactReturned {
			t.Errorf("%v, %v", got, c.FirstContact(flow.FirstContactWindow))
		}
	}
	if n := returns.Total().Count(); n != 1 {
		t.Errorf("%d cases", n)
	}
}

// TestMergersWithAssistants has a row for each way in which a merger meets the reply of an
// assistant in conversation a.
func TestMergersWithAssistants(t *testing.T) {
	for _, test := range []struct {
		name string
		desk []string
		want string
	}{
		{"a wait arrives after the reply", []string{"a kim: 0h message, 1h bot, 3h resolved automation", "b kim: 30m message, 2h merged a"}, "unresolved"},
		{"before it", []string{"a kim: 0h message, 2h bot, 3h resolved automation", "b kim: 30m message, 1h merged a"}, "resolved_assumed"},
		{"at its instant", []string{"a kim: 0h message, 2h bot, 3h resolved automation", "b kim: 30m message, 2h merged a"}, "resolved_assumed"},
		{"two arrive before it", []string{"a kim: 0h message, 2h bot, 3h resolved automation", "b kim: 30m message, 1h merged a", "c kim: 30m message, 90m merged a"}, "resolved_assumed"},
		{"one opens the case again", []string{"a kim: 0h message, 1h reply ana, 2h resolved ana, 5h bot, 6h resolved automation", "b kim: 3h message, 4h merged a"}, "resolved_assumed"},
		{"the case is merged, and opened again", []string{"a kim: 0h message, 1h merged b, 2h reopened, 3h resolved ana, 4h message, 5h bot, 6h resolved automation", "b lee: 0h message"}, "resolved_assumed"},
		{"a merger without effect comes first", []string{"a kim: 0h merged a, 1h message, 2h bot, 3h resolved automation"}, "resolved_assumed"},
		{"a merger without effect", []string{"a kim: 0h message, 1h bot, 2h merged a, 3h resolved automation"}, "resolved_assumed"},
	} {
		for _, rules := range []metrics.Rules{{}, {Assistant: metrics.AssistantIgnored}} {
			t.Run(fmt.Sprint(test.name, rules.Assistant), func(t *testing.T) {
				var list []metrics.Event
				for _, line := range test.desk {
					list = append(list, scripted(t, line)...)
				}
				got := "nothing"
				for c := range fed(t, logOf(t, list).Read(rules, date(31)), flow.NewReturns(metrics.Whole)).Total().All() {
					if c.Conversation == "a" {
						got = c.Assistant(flow.AssistantWindow).String()
					}
				}
				if got != test.want {
					t.Errorf("%s, want %s", got, test.want)
				}
			})
		}
	}
}

// If a customer comes back in two ways at one instant, that in the case itself is named,
// and otherwise the first by name.
func TestReturnedIn(t *testing.T) {
	for _, test := range []struct {
		desk []string
		want metrics.ConversationID
	}{
		{[]string{"b kim: 0h message, 1h resolved, 24h message", "a kim: 24h message", "c kim: 24h message"}, "b"},
		{[]string{"b kim: 0h message, 1h resolved, 25h message", "c kim: 24h message", "a kim: 24h message"}, "a"},
		{[]string{"b kim: 0h message, 1h resolved, 23h message", "c kim: 24h message", "a kim: 24h message"}, "b"},
		{[]string{"b kim: 0h message, 1h resolved", "c kim: 1h message"}, ""},
	} {
		var list []metrics.Event
		for _, line := range test.desk {
			list = append(list, scripted(t, line)...)
		}
		for c := range fed(t, logOf(t, list).Read(metrics.Rules{}, date(31)), flow.NewReturns(metrics.Whole)).Total().All() {
			if c.Conversation == "b" && c.ReturnedIn != test.want {
				t.Errorf("%v: in %q, want %q", test.desk, c.ReturnedIn, test.want)
			}
		}
	}
}

// Where only a Reopened opens a case, what a person resolves while it is closed is nothing,
// though a Reopened of the same instant follows.
func TestAssistantWhereReopenedIsExplicit(t *testing.T) {
	log := logOf(t, scripted(t, "a kim: 0h message, 1h bot, 2h resolved customer, 80h message, 100h bot, 100h message, 100h resolved ana, 100h reopened"))
	for explicitly, want := range map[bool]string{true: "resolved_confirmed", false: "with_person"} {
		rules := metrics.Rules{ReopenExplicitly: explicitly}
		for c := range fed(t, log.Read(rules, date(31)), flow.NewReturns(metrics.Whole)).Total().All() {
			if got := c.Assistant(flow.AssistantWindow).String(); got != want {
				t.Errorf("explicitly %v: %s, want %s", explicitly, got, want)
			}
		}
	}
}

// TestAssistantShares has ten cases, of six of which an assistant had a part.
func TestAssistantShares(t *testing.T) {
	var list []metrics.Event
	for _, line := range []string{
		"a k1: 0h message, 1h bot, 2h resolved customer",
		"b k2: 0h message, 1h bot, 2h resolved automation",
		"c k3: 0h message, 1h bot, 2h reply ana",
		"d k4: 0h message, 1h bot, 2h assigned team",
		"e k5: 0h message, 1h bot, 2h abandoned",
		"g k7: 0h message, 1h reply ana, 2h resolved ana",
		"h k8: 0h message, 1h reply ana",
		"i k9: 0h message",
		"j k10: 0h message, 1h abandoned",
	} {
		list = append(list, scripted(t, line)...)
	}
	for _, last := range []string{"f k6: 0h message, 1h bot, 700h resolved automation", "f k6: 0h message, 1h bot"} { // pending, and open
		got, err := fed(t, logOf(t, append(list, scripted(t, last)...)).Read(metrics.Rules{}, date(31)), flow.NewReturns(metrics.Whole)).Total().Assistants(flow.AssistantWindow)
		want := [...]stat.Ratio{{Part: 6, Whole: 10}, {Part: 2, Whole: 5}, {Part: 2, Whole: 5}, {Part: 3, Whole: 5}, {Part: 2, Whole: 9}}
		if shares := [...]stat.Ratio{got.Involvement(), got.Resolution(), got.HandOff(), got.Containment(), got.Automation()}; err != nil || shares != want || got.Alone() != 2 || got.Involved() != 6 {
			t.Errorf("%v: %v, want %v", shares, err, want)
		}
	}
}
