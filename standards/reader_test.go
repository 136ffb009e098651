package standards_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// everyday makes the log of a desk on which little is unusual: no edits, no mergers, few
// pauses, few new priorities.
func everyday(t *testing.T, r *rand.Rand, conversations int) *metrics.EventLog {
	t.Helper()
	log := new(metrics.EventLog)
	agents := []metrics.AgentID{"ana", "ben", ""}
	for i := range conversations {
		id, channel := metrics.ConversationID(fmt.Sprint(i)), pick(r, metrics.Email, metrics.Chat)
		at := start
		add := func(e metrics.Event) {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
		if r.IntN(3) == 0 {
			add(metrics.Opened{Conversation: id, At: at, Channel: channel, Priority: pick[metrics.Priority](r, "", "high")})
		}
		for range 1 + r.IntN(9) {
			switch at = at.Add(time.Duration(r.IntN(8)) * time.Second); r.IntN(20) {
			case 0, 1, 2, 3, 4:
				add(metrics.MessageReceived{Conversation: id, At: at, Channel: pick(r, channel, channel, metrics.Phone), Customer: "cus"})
			case 5, 6, 7, 8:
				add(metrics.ReplySent{Conversation: id, At: at, Channel: channel, Agent: pick(r, agents...), By: pick(r, metrics.ByPerson, metrics.ByPerson, metrics.ByAutomation)})
			case 9:
				add(metrics.ReplySent{Conversation: id, At: at, Channel: channel, Agent: "bot", By: metrics.ByAssistant})
			case 10, 11, 12:
				add(metrics.Assigned{Conversation: id, At: at, Agent: pick(r, agents...), Team: pick[metrics.TeamID](r, "", "first", "second")})
			case 13, 14, 15:
				add(metrics.Resolved{Conversation: id, At: at, Agent: pick(r, agents...)})
			case 16:
				add(metrics.Abandoned{Conversation: id, At: at})
			case 17:
				add(metrics.Reopened{Conversation: id, At: at})
			case 18:
				add(pick[metrics.Event](r, metrics.Paused{Conversation: id, At: at}, metrics.Resumed{Conversation: id, At: at}))
			default:
				add(pick[metrics.Event](r, metrics.Prioritized{Conversation: id, At: at, Priority: "low"}, metrics.Discarded{Conversation: id, At: at}, metrics.RatingRequested{Conversation: id, At: at}))
			}
		}
	}
	return log
}

// anyPolicy has targets of all measures, with all that targets may ask for but customers.
func anyPolicy(r *rand.Rand) (p standards.Policy) {
	for _, m := range standards.Measures() {
		for range 1 + r.IntN(3) {
			target := standards.Target{Measure: m, Within: standards.BudgetOf(time.Duration(1+r.IntN(12)) * time.Second), Agreement: pick(r, "", "inner")}
			if r.IntN(3) == 0 {
				target.Calendar = shifts("oo.o")
			}
			if m <= standards.EveryResponse {
				target.Formula = standards.Formula(r.IntN(6))
				target.ShortAbandon = time.Duration(r.IntN(3)) * time.Second
			}
			switch r.IntN(8) {
			case 0:
				target.Channels = []metrics.Channel{metrics.Chat}
			case 1:
				target.Priorities = []metrics.Priority{"high"}
			case 2:
				target.Teams = []metrics.TeamID{"first", ""}
			case 3:
				target.From, target.Until = after(time.Duration(r.IntN(9))*time.Second), after(time.Duration(9+r.IntN(20))*time.Second)
				if r.IntN(2) == 0 {
					target.Until = time.Time{}
				}
			case 4:
				target.When = func(h *metrics.History) bool { return h.Conversation().ID() > "3" }
			}
			p.Targets = append(p.Targets, target)
		}
	}
	return p
}

// Scores of plain conversations are made without findings, and are those of all findings.
func TestScoresOfEverydayDesks(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	plain, all := 0, 0
	for range 80 {
		log, policy, k := everyday(t, r, 24), anyPolicy(r), 1+r.IntN(3)
		rules := metrics.Rules{
			PauseStopsWaits: waitsStop(r.IntN(2) == 0), Automation: pick(r, metrics.AutomationIgnored, metrics.AutomationEnds),
			Assistant: pick(r, metrics.AssistantEnds, metrics.AssistantIgnored), FirstResponseFrom: pick(r, metrics.FromWait, metrics.FromOpened, metrics.FromAssigned),
			CreditAssigned: r.IntN(2) == 0,
		}
		if r.IntN(3) == 0 {
			rules.NewCaseAfter = 5 * time.Second
		}
		reading := log.Read(rules, after(time.Duration(r.IntN(60))*time.Second))
		breaches := make(map[metrics.AgentID][]standards.Finding)
		for h := range reading.Histories() {
			some, of := policy.Plain(h)
			plain, all = plain+some, all+of
			for f := range policy.Findings(h) {
				if who := cmp.Or(f.Agent, f.Owner); f.Verdict == standards.Breached {
					breaches[who] = append(breaches[who], standards.Kept(f))
				}
			}
		}
		checkTallies(t, policy, reading)
		scores := feed(t, reading, standards.NewScores(metrics.Facet.Agent, policy, k))
		for who := range scores.Keys() {
			slices.SortFunc(breaches[who], standards.Worse)
			for i, a := range scores.Group(who) {
				var want []standards.Finding
				for _, f := range breaches[who] {
					if f.Index == i && len(want) < k && a.Unmeasured.N() == 0 {
						want = append(want, f)
					}
				}
				if len(a.Breaches)+len(want) > 0 && !reflect.DeepEqual(a.Breaches, want) {
					t.Fatalf("seed %d: breaches of %q by %q: %v, want %v", seed, a.Target, who, a.Breaches, want)
				}
			}
		}
	}
	if plain < all/4 || plain > all*3/4 {
		t.Errorf("seed %d: %d of %d were plain", seed, plain, all)
	}
}

// Who gives up in time is a breach by some formulas, of which the one with the least time
// left is named, whatever else was judged before it.
func TestNamedThoughInTime(t *testing.T) {
	policy := standards.Policy{Targets: []standards.Target{
		{Measure: standards.EveryResponse, Within: standards.BudgetOf(10 * time.Second), Formula: standards.Offered},
		{Measure: standards.FirstResolution, Within: standards.BudgetOf(20 * time.Second), Calendar: shifts("o...")},
	}}
	log := logOf(t, "0 message, 2s abandoned", "0 message, 1s reply ana, 24s resolved", "0 message, 8s abandoned")
	scores := feed(t, log.Read(metrics.Rules{}, after(time.Hour)), standards.NewScores(metrics.Whole, policy, 1))
	a := scores.Total()[0]
	if len(a.Breaches) != 1 || a.Breaches[0].Conversation != "c" || a.Breaches[0].Left != 2*time.Second || a.Tally != (standards.Tally{Met: 1, Breached: 2}) {
		t.Errorf("%v: %v", a, a.Breaches)
	}
}
