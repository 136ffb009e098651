package standards_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// changeRow is a row of testdata/changes.json: a promise while the priority or the team
// changes, or the conversation is merged.
type changeRow struct {
	ID       string            `json:"id"`
	Source   string            `json:"source"`
	AsOf     string            `json:"as_of"`
	Target   map[string]string `json:"target"`
	Events   []metrics.Record  `json:"events"`
	Why      string            `json:"why"`
	Expected struct {
		Due []struct {
			AsOf    time.Time         `json:"as_of"`
			Due     time.Time         `json:"due"`
			Verdict standards.Verdict `json:"verdict"`
		} `json:"due"`
		Breaches   int                          `json:"breaches"`
		Verdict    map[string]standards.Verdict `json:"verdict"`
		TimeWith   map[string]int64             `json:"time_with"`
		BreachedAt time.Time                    `json:"breached_at"`
	} `json:"expected"`
}

// policy returns the targets of a row by priority or, for time_with, by team.
func (row *changeRow) policy(t *testing.T) (p standards.Policy) {
	t.Helper()
	measure := standards.FirstResponse
	if row.ID == "sla-11" {
		measure = standards.EveryResponse
	}
	if name, ok := row.Target["measure"]; ok {
		if err := measure.UnmarshalText([]byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, within := range row.Target {
		d, err := time.ParseDuration(within)
		target := standards.Target{Measure: measure, Within: standards.BudgetOf(d)}
		switch {
		case name == "measure":
			continue
		case err != nil:
			t.Fatal(err)
		case measure == standards.TimeWith:
			target.Teams = []metrics.TeamID{metrics.TeamID(name)}
		case name != "within":
			target.Priorities = []metrics.Priority{metrics.Priority(name)}
		}
		p.Targets = append(p.Targets, target)
	}
	return p
}

func TestChangeVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/changes.json")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, row := range parse[[]changeRow](t, data) {
		log := new(metrics.EventLog)
		for i := range row.Events {
			e, err := row.Events[i].Event()
			if err == nil {
				err = log.Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		p := row.policy(t)
		find := func(asOf time.Time) (all []standards.Finding) {
			for h := range log.Read(metrics.Rules{}, asOf).Histories() {
				all = slices.AppendSeq(all, p.Findings(h))
			}
			return all
		}
		for _, want := range row.Expected.Due {
			all := find(want.AsOf)
			if len(all) != 1 || all[0].Verdict != want.Verdict || !want.Due.IsZero() && !all[0].Due.Equal(want.Due) {
				t.Errorf("%s as of %v: %v, want %v, due %v: %s", row.ID, want.AsOf, all, want.Verdict, want.Due, row.Why)
			}
			checked++
		}
		if row.Expected.Due != nil {
			continue
		}
		asOf, err := time.Parse(time.RFC3339, row.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range find(asOf) {
			if want, ok := row.Expected.Verdict[string(f.Team)]; ok {
				if used := row.Expected.TimeWith[string(f.Team)+"_s"]; f.Verdict != want || f.Used != time.Duration(used)*time.Second {
					t.Errorf("%s: %v, %v used, want %v: %s", row.ID, f, f.Used, want, row.Why)
				}
				checked++
			}
			if f.Verdict == standards.Breached {
				if f.Conversation != "A" || !f.BreachedAt.Equal(row.Expected.BreachedAt) {
					t.Errorf("%s: %v, broken %v: %s", row.ID, f, f.BreachedAt, row.Why)
				}
				checked++
			}
		}
	}
	if checked != 12 {
		t.Errorf("%d expectations", checked)
	}
}

// Promises that change on the way, each told by hand: minutes after Monday 9:00. A first
// response is due within 60 minutes, of high priority within 20, of the second line within
// 40, for the customer gold within 10 and for silver within 30.
func TestTargetsChosenAnew(t *testing.T) {
	for _, tt := range []struct {
		name, events string
		want         map[int]string // by the minute
	}{
		{"raised in time", "0 message, 10 priority high, 30 reply ana", map[int]string{
			9: "pending 60", 10: "pending 20 high", 20: "breached 20 high", 40: "breached 20 high",
		}},
		{"raised too late", "0 message, 30 priority high", map[int]string{29: "pending 60", 30: "breached 30 high", 90: "breached 30 high"}},
		{"raised at the deadline", "0 message, 20 priority high", map[int]string{20: "breached 20 high"}},
		{"raised at the answer", "0 message, 30 priority high, 30 reply ana", map[int]string{30: "met 60", 40: "met 60"}},
		{"raised after the answer", "0 message, 30 reply ana, 31 priority high", map[int]string{40: "met 60"}},
		{"named at the start", "0 message, 0 priority high, 30 reply ana", map[int]string{30: "breached 20 high"}},
		{"named before", "0 priority high, 5 message", map[int]string{6: "pending 25 high"}},
		{"eased in time", "0 priority high, 0 message, 19 priority low", map[int]string{18: "pending 20 high", 30: "pending 60 low", 60: "breached 60 low"}},
		{"eased at the deadline", "0 priority high, 0 message, 20 priority low", map[int]string{20: "pending 60 low"}},
		{"eased too late", "0 priority high, 0 message, 21 priority low, 50 reply ana", map[int]string{50: "breached 20 high", 90: "breached 20 high"}},
		{"to and fro", "0 message, 5 priority high, 15 priority low, 25 priority high", map[int]string{24: "pending 60 low", 25: "breached 25 high"}},
		{"to and fro at once", "0 message, 25 priority high, 25 priority low", map[int]string{30: "pending 60 low"}},
		{"opened with it later", "0 message, 25 opened high", map[int]string{24: "pending 60", 25: "breached 25 high"}},
		{"handed to the second line", "0 message, 5 team first, 30 team second, 50 reply ana", map[int]string{
			29: "pending 60 /first", 30: "pending 40 /second", 40: "breached 40 /second", 50: "breached 40 /second",
		}},
		{"handed over too late", "0 message, 50 team second", map[int]string{49: "pending 60", 50: "breached 50 /second"}},
		{"handed away after the breach", "0 message, 0 team second, 50 team first, 70 reply ana", map[int]string{80: "breached 40 /second"}},
		{"the priority goes first", "0 message, 0 team second, 10 priority high", map[int]string{15: "pending 20 high/second", 30: "breached 20 high/second"}},
		{"handed over while high", "0 message, 0 priority high, 10 team second, 15 team first", map[int]string{30: "breached 20 high/first"}},
		{"the customer is named later", "0 opened, 5 message, 20 message silver", map[int]string{19: "pending 65", 20: "pending 35", 35: "breached 35"}},
		{"the customer is named too late", "0 message, 20 message gold", map[int]string{20: "breached 20"}},
		{"the customer is named at the start", "0 message gold, 12 reply ana", map[int]string{12: "breached 10"}},
		{"two customers", "0 message silver, 5 message gold", map[int]string{12: "pending 30"}},
	} {
		log := new(metrics.EventLog)
		for step := range strings.SplitSeq(tt.events, ", ") {
			var minute int
			var what, who string
			_, _ = fmt.Sscan(step, &minute, &what, &who)
			at := after(time.Duration(minute) * time.Minute)
			var e metrics.Event
			switch what {
			case "message":
				e = metrics.MessageReceived{Conversation: "a", At: at, Customer: metrics.CustomerID(who)}
			case "opened":
				e = metrics.Opened{Conversation: "a", At: at, Priority: metrics.Priority(who)}
			case "priority":
				e = metrics.Prioritized{Conversation: "a", At: at, Priority: metrics.Priority(who), Seq: int64(log.Len())}
			case "team":
				e = metrics.Assigned{Conversation: "a", At: at, Team: metrics.TeamID(who)}
			case "reply":
				e = metrics.ReplySent{Conversation: "a", At: at, Agent: metrics.AgentID(who), Seq: int64(log.Len())}
			}
			if err := log.Append(e); err != nil {
				t.Fatal(tt.name, err)
			}
		}
		of := func(minutes int, t standards.Target) standards.Target {
			t.Within = standards.BudgetOf(time.Duration(minutes) * time.Minute)
			return t
		}
		p := standards.Policy{Targets: []standards.Target{
			of(10, standards.Target{Customers: []metrics.CustomerID{"gold"}}),
			of(20, standards.Target{Priorities: []metrics.Priority{"high"}}),
			of(30, standards.Target{Customers: []metrics.CustomerID{"silver"}}),
			of(40, standards.Target{Teams: []metrics.TeamID{"second"}}),
			of(60, standards.Target{}),
		}}
		for minute, want := range tt.want {
			got := ""
			for h := range log.Read(metrics.Rules{}, after(time.Duration(minute)*time.Minute)).Histories() {
				for f := range p.Findings(h) {
					at := f.Due
					if f.Verdict == standards.Breached {
						at = f.BreachedAt
					}
					got += fmt.Sprint(f.Verdict, " ", int(at.Sub(start).Minutes()))
					if f.Priority != "" || f.Team != "" {
						got += " " + string(f.Priority)
					}
					if f.Team != "" {
						got += "/" + string(f.Team)
					}
				}
			}
			if got != want {
				t.Errorf("%s, as of minute %d: %q, want %q", tt.name, minute, got, want)
			}
		}
	}
}

// twoTeams is a log of two conversations. The first is raised too late while l1 has it, and
// then goes to l2; the second is answered by l2, to which it is assigned with the answer.
func twoTeams(t *testing.T) *metrics.EventLog {
	t.Helper()
	at := func(minutes int) time.Time { return after(time.Duration(minutes) * time.Minute) }
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.Opened{Conversation: "a", At: at(-60), Priority: "low"},
		metrics.Assigned{Conversation: "a", At: at(-50), Team: "l1", Agent: "ana"},
		metrics.MessageReceived{Conversation: "a", At: at(0)},
		metrics.Assigned{Conversation: "a", At: at(20), Team: "l1", Agent: "ben"},
		metrics.Prioritized{Conversation: "a", At: at(30), Priority: "high"},
		metrics.Assigned{Conversation: "a", At: at(40), Team: "l2", Agent: "cy"},
		metrics.Prioritized{Conversation: "a", At: at(45), Priority: "low"},
		metrics.ReplySent{Conversation: "a", At: at(50), Agent: "cy"},
		metrics.MessageReceived{Conversation: "b", At: at(0)},
		metrics.Assigned{Conversation: "b", At: at(10), Team: "l2", Agent: "cy"},
		metrics.ReplySent{Conversation: "b", At: at(10), Agent: "cy"},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	return log
}

func raised() standards.Policy {
	return standards.Policy{Targets: []standards.Target{
		{Name: "high", Within: standards.BudgetOf(20 * time.Minute), Priorities: []metrics.Priority{"high"}},
		{Name: "other", Within: standards.BudgetOf(time.Hour)},
		{Name: "with", Measure: standards.TimeWith, Within: standards.BudgetOf(5 * time.Hour)},
	}}
}

// A broken promise is counted for the team, and with the priority, of then.
func TestScoresByTeamAndPriority(t *testing.T) {
	reading := twoTeams(t).Read(metrics.Rules{}, after(2*time.Hour))
	byTeam := feed(t, reading, standards.NewScores(metrics.Facet.Team, raised(), 5))
	byPriority := feed(t, reading, standards.NewScores(metrics.Facet.Priority, raised(), 5))
	broken, met := standards.Tally{Breached: 1}, standards.Tally{Met: 1}
	pending := standards.Tally{Pending: 1}
	for team, want := range map[metrics.TeamID][3]standards.Tally{
		"l1": {broken, {}, pending}, "l2": {{}, met, {Pending: 2}},
	} {
		for i, a := range byTeam.Group(team) {
			if a.Tally != want[i] {
				t.Errorf("%s: %v, want %v", team, a, want[i])
			}
		}
	}
	for priority, want := range map[metrics.Priority][2]standards.Tally{"high": {broken, {}}, "": {{}, met}, "low": {}} {
		for i, a := range byPriority.Group(priority)[:2] {
			if a.Tally != want[i] {
				t.Errorf("%q: %v, want %v", priority, a, want[i])
			}
		}
	}
	f := byTeam.Group("l1")[0].Breaches[0]
	if f.Team != "l1" || f.InCharge != "ben" || f.Priority != "high" || f.Agent != "cy" || !f.BreachedAt.Equal(after(30*time.Minute)) {
		t.Errorf("%v: %q, %q, %q", f, f.Team, f.InCharge, f.BreachedAt)
	}
	// And in JSON, read and written again.
	again := standards.NewScores(metrics.Facet.Team, raised(), 5)
	if err := again.UnmarshalJSON([]byte(jsonOf(t, byTeam))); err != nil || jsonOf(t, again.Group("l1")) != jsonOf(t, byTeam.Group("l1")) {
		t.Errorf("%v: %s, want %s", err, jsonOf(t, again.Group("l1")), jsonOf(t, byTeam.Group("l1")))
	}
	// Without a team there is no time with one.
	log := logOf(t, "0 message, 1m assigned ana, 2h reply ana")
	for i, a := range feed(t, log.Read(metrics.Rules{}, after(3*time.Hour)), standards.NewScores(metrics.Whole, raised(), 1)).Total() {
		if want := []string{"high: none decided", "other: 0 of 1 kept, 0.0 %", "with: not measured"}[i]; a.String() != want {
			t.Errorf("%v, want %s", a, want)
		}
	}
}

// The proof of a breach names who was in charge then, and why the target was chosen.
func TestEvidenceNamesTheStation(t *testing.T) {
	log := twoTeams(t)
	for _, tt := range []struct {
		target standards.Target
		asOf   time.Duration
		want   string
	}{
		{raised().Targets[0], 2 * time.Hour, "opened -60, assigned -50, message_received 0, assigned 20, prioritized 30, assigned 40, prioritized 45, reply_sent 50"},
		{standards.Target{Within: standards.BudgetOf(10 * time.Minute)}, 15 * time.Minute, "assigned -50, message_received 0"},
		{standards.Target{Within: standards.BudgetOf(time.Hour)}, 15 * time.Minute, "message_received 0"},
		{standards.Target{Within: standards.BudgetOf(time.Hour), Teams: []metrics.TeamID{"l1"}}, 15 * time.Minute, "assigned -50, message_received 0"},
		{standards.Target{Within: standards.BudgetOf(time.Hour), Priorities: []metrics.Priority{"low"}}, 15 * time.Minute, "opened -60, message_received 0"},
	} {
		for h := range log.Read(metrics.Rules{}, after(tt.asOf)).Histories() {
			if h.Conversation().ID() != "a" {
				continue
			}
			for f := range (standards.Policy{Targets: []standards.Target{tt.target}}).Findings(h) {
				var all []string
				for _, e := range f.Evidence(h.Conversation()) {
					r := metrics.RecordOf(e)
					all = append(all, fmt.Sprint(r.Type, " ", int(r.At.Sub(start).Minutes())))
				}
				if got := strings.Join(all, ", "); got != tt.want {
					t.Errorf("%v: %s, want %s", f, got, tt.want)
				}
			}
		}
	}
}

// The customer of an earlier case is known, until a message of this one names another.
func TestCustomerOfAnEarlierCase(t *testing.T) {
	c := conversation(t,
		metrics.MessageReceived{Conversation: "1", At: after(0), Customer: "gold"},
		metrics.Resolved{Conversation: "1", At: after(time.Minute)},
		metrics.MessageReceived{Conversation: "1", At: after(100 * time.Hour)},
		metrics.MessageReceived{Conversation: "1", At: after(101 * time.Hour), Customer: "tin"},
	)
	p := standards.Policy{Targets: []standards.Target{
		{Within: standards.BudgetOf(2 * time.Hour), Customers: []metrics.CustomerID{"gold"}}, {Within: standards.BudgetOf(5 * time.Hour)},
	}}
	log := new(metrics.EventLog)
	for e := range c.Events() {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	for hour, want := range map[int]int{100: 0, 101: 1, 104: 1} {
		for h := range log.Read(metrics.Rules{NewCaseAfter: time.Hour}, after(time.Duration(hour)*time.Hour)).Histories() {
			if h.Case() != 2 {
				continue
			}
			for f := range p.Findings(h) {
				if f.Index != want || f.Verdict != standards.Pending {
					t.Errorf("as of hour %d: %v, target %d", hour, f, f.Index)
				}
			}
		}
	}
	p.Targets[0].Within = standards.BudgetOf(30 * time.Minute) // is used up before
	for h := range log.Read(metrics.Rules{NewCaseAfter: time.Hour}, after(104*time.Hour)).Histories() {
		for f := range p.Findings(h) {
			if h.Case() == 2 && (f.Index != 0 || f.Verdict != standards.Breached || !f.BreachedAt.Equal(after(100*time.Hour+30*time.Minute))) {
				t.Errorf("as of hour 104: %v, target %d", f, f.Index)
			}
		}
	}
}
