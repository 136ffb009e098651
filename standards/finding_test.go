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

func TestEvidence(t *testing.T) {
	for _, tt := range []struct {
		script string
		policy standards.Policy
		want   string
	}{
		{
			"0 opened high, 0 message, 1s bot helpbot, 30m message, 1h rated, 2h reply ana, 2h resolved, 3h message", one(standards.FirstResponse, time.Hour),
			"0s opened, 0s message_received, 1s reply_sent, 30m0s message_received, 2h0m0s reply_sent, 2h0m0s resolved",
		},
		{"0 message, 1m reply ana, 2m message, 9m assigned ana", one(standards.NextResponse, time.Hour), "2m0s message_received, 9m0s assigned"},
		{"0 message, 10m paused, 20m resumed, 2h resolved", one(standards.FirstResolution, time.Hour), "0s message_received, 10m0s paused, 20m0s resumed, 2h0m0s resolved"},
		{
			// The hold was there before the customer wrote again.
			"0 message, 1m reply ana, 2m paused, 3m resumed, 4m paused parts, 5m paused parts, 10m message, 11m resumed, 3h reply ana",
			one(standards.NextResponse, time.Hour),
			"4m0s paused, 10m0s message_received, 11m0s resumed, 3h0m0s reply_sent",
		},
		{
			"0 message, 1m reply ana, 2m paused, 3m resolved, 10m message, 10m paused, 11m resumed, 3h reply ana",
			one(standards.NextResponse, time.Hour),
			"10m0s message_received, 10m0s paused, 11m0s resumed, 3h0m0s reply_sent",
		},
	} {
		c := conversation(t, eventsOf(t, tt.script)...)
		scores := standards.NewScores(metrics.Whole, tt.policy, 9)
		if err := scores.Add(c.Read(metrics.Rules{PauseStopsWaits: waitsStop(tt.policy.Targets[0].Measure == standards.NextResponse)}, after(9*time.Hour))); err != nil {
			t.Fatal(err)
		}
		breaches := scores.Total()[0].Breaches
		if len(breaches) != 1 {
			t.Fatalf("%s: %v", tt.script, breaches)
		}
		var proof []string
		for _, e := range breaches[0].Evidence(c) {
			r := metrics.RecordOf(e)
			proof = append(proof, fmt.Sprint(r.At.Sub(start), " ", r.Type))
		}
		if got := strings.Join(proof, ", "); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.script, got, tt.want)
		}
	}
}

func TestEscalations(t *testing.T) {
	steps := []standards.Escalation{
		{Name: "manager", After: time.Hour}, {Name: "lead", After: -15 * time.Minute}, {Name: "breach"}, {Name: "too early", After: -2 * time.Hour},
	}
	p := one(standards.FirstResponse, time.Hour)
	p.Targets[0].Escalations = steps
	resolved := one(standards.FirstResolution, time.Hour)
	resolved.Targets[0].Escalations = steps
	evening := one(standards.FirstResponse, time.Hour)
	evening.Targets[0].Escalations, evening.Targets[0].Calendar = steps, weekdays(t)
	for _, tt := range []struct {
		script string
		policy standards.Policy
		asOf   time.Duration
		want   string
	}{
		{"0 message", p, 45*time.Minute - 1, ""},
		{"0 message", p, 45 * time.Minute, "lead 45m0s"},
		{"0 message, 45m reply", p, 9 * time.Hour, ""}, // answered as it came due
		{"0 message, 45m1ns reply", p, 9 * time.Hour, "lead 45m0s"},
		{"0 message", p, time.Hour, "lead 45m0s, breach 1h0m0s"},
		{"0 message, 1h30m reply", p, 9 * time.Hour, "lead 45m0s, breach 1h0m0s"},
		{"0 message", p, 2 * time.Hour, "lead 45m0s, breach 1h0m0s, manager 2h0m0s"},
		{"0 message, 50m paused, 2h resumed", resolved, 9 * time.Hour, "lead 45m0s, breach 2h10m0s, manager 3h10m0s"},
		{"0 message, 90m paused, 3h resumed", resolved, 9 * time.Hour, "lead 45m0s, breach 1h0m0s, manager 3h30m0s"},
		{"0 message, 90m paused", resolved, 9 * time.Hour, "lead 45m0s, breach 1h0m0s"},
		{"6h message", evening, 30 * time.Hour, "lead 6h45m0s, breach 7h0m0s, manager 24h0m0s"},
	} {
		c := conversation(t, eventsOf(t, tt.script)...)
		var got []string
		for f := range tt.policy.Findings(read(c, tt.asOf)) {
			for at, step := range f.Escalations() {
				got = append(got, fmt.Sprint(step.Name, " ", at.Sub(start)))
			}
		}
		if got := strings.Join(got, ", "); got != tt.want {
			t.Errorf("%s as of %v: %s, want %s", tt.script, tt.asOf, got, tt.want)
		}
	}
	for range (standards.Finding{}).Escalations() {
		t.Error("nothing is escalated")
	}
	f, _ := p.FirstResponse(read(conversation(t, eventsOf(t, "0 message")...), 9*time.Hour))
	for range f.Escalations() {
		break
	}
}

// Looking now and then gives the steps that one look gives, each once.
func TestEscalationsByPolling(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 50 {
		happened := scenario(r, 60)
		policy := one(pick(r, standards.Measures()...), 10*time.Second)
		policy.Targets[0].Calendar = shifts("oooo.")
		policy.Targets[0].Escalations = []standards.Escalation{{Name: "a", After: -7 * time.Second}, {Name: "b", After: 3 * time.Second}}
		if policy.Targets[0].Measure == standards.FullResolution {
			continue // what was met may be open again, and its steps come due late
		}
		c := conversation(t, slices.Concat(happened...)...)
		look := func(after0, until time.Duration) (steps []string) {
			now := after(until)
			for f := range policy.Findings(c.Read(metrics.Rules{}, now)) {
				for at, step := range f.Escalations() {
					if at.After(after(after0)) {
						steps = append(steps, fmt.Sprint(f.Start.Sub(start), step.Name, at.Sub(start)))
					}
				}
			}
			return steps
		}
		var polled []string
		for s, last := time.Duration(0), -time.Second; s <= 60*time.Second; last, s = s, s+time.Second*time.Duration(1+r.IntN(5)) {
			polled = append(polled, look(last, s)...)
			if s > 55*time.Second {
				want := look(-time.Second, s)
				slices.Sort(want)
				slices.Sort(polled)
				if !slices.Equal(polled, want) {
					t.Fatalf("polled %v, one look gives %v\n%s", polled, want, script(happened))
				}
				break
			}
		}
	}
}

func TestFindingJSON(t *testing.T) {
	p := one(standards.FirstResolution, time.Hour)
	p.Targets[0].Name, p.Targets[0].Agreement, p.Targets[0].Warn = "solve", "second line", ratio(1, 2)
	var all []any
	for _, script := range []string{
		"0 opened high, 0 message chat, 2h reply ana, 3h resolved ana", "0 message, 10m paused", "0 message, 9m reply ben", "8h30m message", "0 message, 1h merged",
	} {
		c := conversation(t, eventsOf(t, script)...)
		for f := range p.Findings(read(c, 9*time.Hour)) {
			all = append(all, f)
		}
	}
	all = append(all, standards.Finding{})
	golden(t, "findings.json", all)
}

func TestText(t *testing.T) {
	p := one(standards.FirstResolution, time.Hour)
	p.Targets[0].Name, p.Targets[0].Agreement = "solve", "inner"
	for script, want := range map[string]string{
		"0 message, 30m resolved":           "1, solve (inner): met, due 2026-03-02 10:00:00 UTC, 30 min left",
		"0 message, 2h resolved":            "1, solve (inner): breached, due 2026-03-02 10:00:00 UTC, 1 h late",
		"0 message, 30m paused":             "1, solve (inner): pending, on hold, 30 min left",
		"8h30m message":                     "1, solve (inner): pending, due 2026-03-02 18:30:00 UTC, 30 min left",
		"0 message, 10m paused, 20m merged": "1, solve (inner): excluded, due 2026-03-02 10:10:00 UTC, 50 min left",
	} {
		for f := range p.Findings(read(conversation(t, eventsOf(t, script)...), 9*time.Hour)) {
			if f.String() != want {
				t.Errorf("%s: %s, want %s", script, f, want)
			}
		}
	}
	never := standards.Finding{Conversation: "1", Target: &standards.Target{Measure: standards.TimeToAssign}}
	if got, want := never.String(), "1, time_to_assign: pending, no deadline, 0 s left"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for tally, want := range map[standards.Tally]string{
		{}:                        "none decided",
		{Pending: 2, Excluded: 1}: "none decided, 2 pending, 1 excluded",
		{Met: 82, Breached: 50}:   "82 of 132 kept, 62.1 %",
		{Breached: 1, Pending: 3}: "0 of 1 kept, 0.0 %, 3 pending",
		{Met: 1, Excluded: 4}:     "1 of 1 kept, 100.0 %, 4 excluded",
	} {
		if got := fmt.Sprint(tally); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	goal := &standards.Target{Within: standards.BudgetOf(time.Hour), Goal: ratio(4, 5)}
	for want, a := range map[string]standards.Attainment{
		"none decided": {},
		"first_response: not measured, 7 promises":           {Target: goal, Unmeasured: standards.Tally{Breached: 5, Pending: 2}},
		"first_response: none decided":                       {Target: goal},
		"first_response: 4 of 5 kept, 80.0 %, goal attained": {Target: goal, Tally: standards.Tally{Met: 4, Breached: 1}},
		"first_response: 3 of 4 kept, 75.0 %, goal missed":   {Target: goal, Tally: standards.Tally{Met: 3, Breached: 1}},
		"time_to_assign: 1 of 1 kept, 100.0 %":               {Target: never.Target, Tally: standards.Tally{Met: 1}},
	} {
		if a.String() != want {
			t.Errorf("%s, want %s", a, want)
		}
	}
}
