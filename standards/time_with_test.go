package standards_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// teamsOf makes the events of a script such as "0 message, 4h l1, 9h resolved": what is no
// other event is the team that is in charge from then on, and "nobody" is none.
func teamsOf(t testing.TB, script string) (events []metrics.Event) {
	t.Helper()
	for step := range strings.SplitSeq(script, ", ") {
		offset, what, _ := strings.Cut(step, " ")
		var d time.Duration
		var err error
		if offset != "0" {
			if d, err = time.ParseDuration(offset); err != nil {
				t.Fatal(err)
			}
		}
		at, seq := after(d), int64(len(events))
		switch what {
		case "message":
			events = append(events, metrics.MessageReceived{Conversation: "1", At: at, Seq: seq})
		case "reopened":
			events = append(events, metrics.Reopened{Conversation: "1", At: at, Seq: seq})
		case "paused":
			events = append(events, metrics.Paused{Conversation: "1", At: at, Seq: seq})
		case "resumed":
			events = append(events, metrics.Resumed{Conversation: "1", At: at, Seq: seq})
		case "resolved":
			events = append(events, metrics.Resolved{Conversation: "1", At: at, Seq: seq})
		case "abandoned":
			events = append(events, metrics.Abandoned{Conversation: "1", At: at, Seq: seq})
		case "urgent":
			events = append(events, metrics.Prioritized{Conversation: "1", At: at, Seq: seq, Priority: "urgent"})
		case "nobody":
			events = append(events, metrics.Assigned{Conversation: "1", At: at, Seq: seq})
		default:
			team, agent, _ := strings.Cut(what, "/")
			events = append(events, metrics.Assigned{Conversation: "1", At: at, Seq: seq, Team: metrics.TeamID(team), Agent: metrics.AgentID(agent)})
		}
	}
	return events
}

// The time with l1 is 10 hours, urgent 3, and 30 hours with every other team. That of
// frappe/helpdesk#1895 is the first: l1 had it for 30 hours, l2 for 5.
func TestTimeWith(t *testing.T) {
	l1 := []metrics.TeamID{"l1"}
	p := standards.Policy{Targets: []standards.Target{
		{Measure: standards.TimeWith, Within: standards.BudgetOf(3 * time.Hour), Teams: l1, Priorities: []metrics.Priority{"urgent"}},
		{Measure: standards.TimeWith, Within: standards.BudgetOf(10 * time.Hour), Teams: l1},
		{Measure: standards.TimeWith, Within: standards.BudgetOf(30 * time.Hour)},
	}}
	for _, tt := range []struct {
		script string
		asOf   time.Duration
		want   string // team, verdict, hours used, due; "board" and the row on it
	}{
		{"0 message, 5m l1, 30h l2, 35h resolved", 35 * time.Hour, "l1 breached 29h55m0s due 10h5m0s at 10h5m0s, l2 met 5h0m0s due 60h0m0s"},
		{"0 message, 0 l1, 4h l2, 10h l1, 15h resolved", 4 * time.Hour, "l1 pending 4h0m0s, l2 pending 0s due 34h0m0s, board l2"},
		{"0 message, 0 l1, 4h l2, 10h l1, 15h resolved", 12 * time.Hour, "l1 pending 6h0m0s due 16h0m0s, l2 pending 6h0m0s, board l1"},
		{"0 message, 0 l1, 4h l2, 10h l1, 15h resolved", 16 * time.Hour, "l1 met 9h0m0s due 16h0m0s, l2 met 6h0m0s"},
		{"0 message, 0 l1, 4h l2, 10h l1", 16 * time.Hour, "l1 breached 10h0m0s due 16h0m0s at 16h0m0s, l2 pending 6h0m0s, board l1"},
		{"0 message, 0 l1, 4h l2, 10h l1, 16h resolved", 16 * time.Hour, "l1 met 10h0m0s due 16h0m0s, l2 met 6h0m0s"},
		// Handed over when the budget is used up, and got back.
		{"0 message, 0 l1, 10h l2", 12 * time.Hour, "l1 pending 10h0m0s, l2 pending 2h0m0s due 40h0m0s, board l2"},
		{"0 message, 0 l1, 10h l2, 20h resolved", 20 * time.Hour, "l1 met 10h0m0s, l2 met 10h0m0s due 40h0m0s"},
		{"0 message, 0 l1, 10h l2, 20h l1, 21h resolved", 30 * time.Hour, "l1 breached 11h0m0s due 20h0m0s at 20h0m0s, l2 met 10h0m0s"},
		{"0 message, 0 l1, 11h l2, 20h resolved", 30 * time.Hour, "l1 breached 11h0m0s due 10h0m0s at 10h0m0s, l2 met 9h0m0s due 41h0m0s"},
		// Agents of the team, nobody, and agents without a team.
		{"0 message, 1h l1/ana, 2h l1/ben, 3h nobody, 5h /cy, 6h l1, 8h resolved", 9 * time.Hour, "l1 met 4h0m0s due 14h0m0s"},
		{"0 message, 1h /ana, 6h resolved", 9 * time.Hour, ""},
		// Pauses, also of before, and of another team.
		{"0 message, 0 paused, 1h l1, 3h resumed, 4h l2, 5h paused, 7h l1, 8h resumed, 9h resolved", 9 * time.Hour, "l1 met 2h0m0s due 17h0m0s, l2 met 1h0m0s"},
		{"0 message, 0 l1, 2h paused", 9 * time.Hour, "l1 pending 2h0m0s, board l1"},
		// Cycles.
		{"0 l1, 1h message, 5h resolved, 20h reopened, 26h resolved", 30 * time.Hour, "l1 met 4h0m0s due 11h0m0s, l1 met 6h0m0s due 30h0m0s"},
		{"0 message, 0 l1, 5h abandoned", 9 * time.Hour, "l1 excluded 5h0m0s due 10h0m0s"},
		{"0 message, 0 l1, 11h abandoned", 20 * time.Hour, "l1 breached 11h0m0s due 10h0m0s at 10h0m0s"},
		// A new priority while the team has it, and while it has not.
		{"0 message, 0 l1, 2h urgent", 4 * time.Hour, "l1 breached 4h0m0s due 3h0m0s at 3h0m0s, board l1"},
		{"0 message, 0 l1, 4h urgent", 4 * time.Hour, "l1 breached 4h0m0s due 3h0m0s at 4h0m0s, board l1"},
		{"0 message, 0 l1, 4h l2, 5h urgent", 6 * time.Hour, "l1 pending 4h0m0s, l2 pending 2h0m0s due 34h0m0s, board l2"},
		{"0 message, 0 l1, 4h l2, 5h urgent, 7h resolved", 8 * time.Hour, "l1 met 4h0m0s, l2 met 3h0m0s due 34h0m0s"},
		{"0 message, 0 l1, 4h l2, 5h urgent, 7h l1, 8h resolved", 9 * time.Hour, "l1 breached 5h0m0s due 3h0m0s at 7h0m0s, l2 met 3h0m0s"},
	} {
		h := read(conversation(t, teamsOf(t, tt.script)...), tt.asOf)
		var all []string
		for f := range p.Findings(h) {
			text := fmt.Sprint(f.Team, " ", f.Verdict, " ", f.Used)
			if !f.Due.IsZero() {
				text += fmt.Sprint(" due ", f.Due.Sub(start))
			}
			if f.Verdict == standards.Breached {
				text += fmt.Sprint(" at ", f.BreachedAt.Sub(start))
			}
			all = append(all, text)
		}
		for f := range p.Open(h) {
			all = append(all, "board "+string(f.Team))
		}
		if got := strings.Join(all, ", "); got != tt.want {
			t.Errorf("%s as of %v:\n%s, want\n%s", tt.script, tt.asOf, got, tt.want)
		}
	}
	for f := range p.Findings(read(conversation(t, teamsOf(t, "0 message, 0 l1, 4h l2")...), 5*time.Hour)) {
		want := map[metrics.TeamID]string{
			"l1": "1, time_with: pending, not with l1, 6 h left", "l2": "1, time_with: pending, due 2026-03-03 19:00:00 UTC, 1 d 5 h left",
		}[f.Team]
		if f.String() != want {
			t.Errorf("%s, want %s", f, want)
		}
	}
}

// A team that has a business day has the open time from its first stay to the same time
// tomorrow: eight hours, whichever of the days it has the conversation on.
func TestTimeWithInDays(t *testing.T) {
	p := inOffice(t, standards.TimeWith, standards.BusinessDays(1))
	p.Targets[0].Teams = []metrics.TeamID{"l1"}
	p.Targets[0].Escalations = []standards.Escalation{{Name: "late", Days: 1}}
	for _, tt := range []struct {
		script string
		asOf   time.Duration
		want   string
	}{
		{"0 message, 0 l1", 5 * time.Hour, "pending due 24h0m0s left 3h0m0s"},
		{"0 message, 0 l1, 2h l2", 5 * time.Hour, "pending due never left 6h0m0s"},
		{"0 message, 0 l1, 2h l2, 4h l1", 5 * time.Hour, "pending due 26h0m0s left 5h0m0s"},
		{"0 message, 0 l1, 2h l2, 4h l1", 72 * time.Hour, "breached due 26h0m0s left -14h0m0s, late 50h0m0s"},
		{"0 message, 0 l1, 2h l2, 4h paused, 24h resumed, 24h l1", 72 * time.Hour, "breached due 30h0m0s left -10h0m0s, late 54h0m0s"},
		{"0 message, 0 l1, 2h l2, 4h l1, 26h l2, 48h resolved", 72 * time.Hour, "met due never left 0s"},
	} {
		for f := range p.Findings(conversation(t, teamsOf(t, tt.script)...).Read(metrics.Rules{}, after(tt.asOf))) {
			due := "never"
			if !f.Due.IsZero() {
				due = f.Due.Sub(start).String()
			}
			got := fmt.Sprint(f.Verdict, " due ", due, " left ", f.Left)
			for at, step := range f.Escalations() {
				got += fmt.Sprint(", ", step.Name, " ", at.Sub(start))
			}
			if got != tt.want {
				t.Errorf("%s, as of %v: %s, want %s", tt.script, tt.asOf, got, tt.want)
			}
		}
	}
}

// What all teams used, and the time without one, is the active time.
func TestTimesWithAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(seed(t), 15))
	several := 0
	for range 500 {
		taken := slices.Concat(histories(r, 60, 1), swings(r, "0", 60))
		log := new(metrics.EventLog)
		for i := range taken {
			if e, err := taken[i].Event(); err != nil || log.Append(e) != nil {
				t.Fatal(err)
			}
		}
		hours := shifts("ooooo..")
		p := one(standards.TimeWith, time.Hour)
		p.Targets[0].Calendar = hours
		for h := range log.Read(metrics.Rules{}, after(time.Minute)).Histories() {
			var sum, without time.Duration
			n := 0
			for f := range p.Findings(h) {
				sum += f.Used
				n++
			}
			if n > 1 {
				several++
			}
			for _, c := range h.Cycles() {
				end := c.End
				if end.IsZero() {
					end = after(time.Minute)
				}
				for s := c.Start; s.Before(end); s = s.Add(time.Second) {
					held := slices.ContainsFunc(c.Holds, func(hold metrics.Span) bool {
						return !s.Before(hold.Start) && (hold.End.IsZero() || s.Before(hold.End))
					})
					if team, _ := h.InCharge(s); team == "" && !held {
						without += hours.Between(s, s.Add(time.Second))
					}
				}
				without -= c.DurationIn(hours)
			}
			// Findings of what was edited stay, and are of the time that was measured then.
			if len(h.Revisions()) == 0 && sum+without != 0 {
				t.Fatalf("%v with teams, %v without but for the active time\n%s", sum, without, told(taken))
			}
		}
	}
	often(t, "several teams", several, 100)
}

// Targets of the same budget are as one, whatever divides them.
func TestEqualTargetsAreOne(t *testing.T) {
	r := rand.New(rand.NewPCG(seed(t), 16))
	anew := 0
	for range 300 {
		conversations := 1 + r.IntN(2)
		taken := histories(r, 60, conversations)
		rules := metrics.Rules{FirstResponseFrom: pick(r, metrics.FromWait, metrics.FromOpened)}
		log := new(metrics.EventLog)
		for i := range taken {
			if e, err := taken[i].Event(); err != nil || log.Append(e) != nil {
				t.Fatal(err)
			}
		}
		var whole, divided standards.Policy
		for _, m := range standards.Measures() {
			target := standards.Target{Measure: m, Within: standards.BudgetOf(time.Duration(2+r.IntN(14)) * time.Second), Calendar: shifts("oooo.")}
			target.Escalations = []standards.Escalation{{Name: "near", After: -time.Second}, {Name: "late", After: 3 * time.Second}}
			whole.Targets = append(whole.Targets, target)
			high, second, gold := target, target, target
			high.Priorities, second.Teams, gold.Customers = []metrics.Priority{"high"}, []metrics.TeamID{"second"}, []metrics.CustomerID{"gold"}
			divided.Targets = append(divided.Targets, high, second, gold, target)
		}
		asOf := after(time.Duration(30+r.IntN(30)) * time.Second)
		for h := range log.Read(rules, asOf).Histories() {
			if len(h.Revisions()) > 0 {
				continue // what was broken before keeps its own target, and its pauses
			}
			say := func(p standards.Policy, found func(standards.Policy) []standards.Finding) (all []string) {
				for _, f := range found(p) {
					text := fmt.Sprint(f.Target.Measure, f.Start, f.End, f.Outcome, f.Verdict, f.Due, f.Used, f.Left, f.BreachedAt, f.Priority, f.Team, f.InCharge)
					for at, e := range f.Escalations() {
						text += fmt.Sprint(at, e)
					}
					all = append(all, text)
					if f.Index%4 != 3 {
						anew++
					}
				}
				return all
			}
			findings := func(p standards.Policy) []standards.Finding { return slices.Collect(p.Findings(h)) }
			open := func(p standards.Policy) []standards.Finding { return slices.Collect(p.Open(h)) }
			for _, found := range []func(standards.Policy) []standards.Finding{findings, open} {
				if got, want := say(divided, found), say(whole, found); !slices.Equal(got, want) {
					t.Fatalf("as of %v by %+v: %q, want %q\n%s", asOf, rules, got, want, told(taken))
				}
			}
		}
	}
	often(t, "chosen by a condition", anew, 300)
}

// The scores of a team that got a conversation back with its time used up are read as they
// were written.
func TestTimeWithJSON(t *testing.T) {
	p := one(standards.TimeWith, 10*time.Hour)
	p.Targets[0].Escalations = []standards.Escalation{{Name: "near", After: -time.Hour}, {Name: "spent"}}
	log := new(metrics.EventLog)
	for _, e := range teamsOf(t, "0 message, 0 l1, 10h l2, 20h l1, 21h resolved") {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	scores := feed(t, log.Read(metrics.Rules{}, after(30*time.Hour)), standards.NewScores(metrics.Facet.Team, p, 5))
	again := standards.NewScores(metrics.Facet.Team, p, 5)
	if err := again.UnmarshalJSON([]byte(jsonOf(t, scores))); err != nil {
		t.Fatal(err)
	}
	want, got := scores.Group("l1")[0].Breaches, again.Group("l1")[0].Breaches
	if len(want) != 1 || len(got) != 1 || jsonOf(t, got) != jsonOf(t, want) {
		t.Fatalf("%s, want %s", jsonOf(t, got), jsonOf(t, want))
	}
	for _, f := range []standards.Finding{got[0], want[0]} {
		var steps []string
		for at, e := range f.Escalations() {
			steps = append(steps, fmt.Sprint(e.Name, " ", at.Sub(start)))
		}
		if got := strings.Join(steps, ", "); got != "near 9h0m0s, spent 20h0m0s" {
			t.Error(got)
		}
	}
}
