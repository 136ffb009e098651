package standards_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// logOf is a log of conversations named a, b, c and so on.
func logOf(t testing.TB, scripts ...string) *metrics.EventLog {
	t.Helper()
	log := new(metrics.EventLog)
	for i, script := range scripts {
		for _, e := range eventsOf(t, script) {
			r := metrics.RecordOf(e)
			r.Conversation = metrics.ConversationID(rune('a' + i))
			e, err := r.Event()
			if err == nil {
				err = log.Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return log
}

func TestScores(t *testing.T) {
	log := logOf(t,
		"0 message, 30m reply ana, 50h message",
		"0 message, 3h reply ana",
		"0 message, 30h resolved",
		"0 message, 10m resolved",
		"0 message, 90m reply ben, 20h message, 21h30m reply ben",
		"49h30m message",
		"90h message",
	)
	policy := standards.Policy{Targets: []standards.Target{
		{Within: standards.BudgetOf(time.Hour), Goal: ratio(1, 4)},
		{Measure: standards.NextResponse, Within: standards.BudgetOf(time.Hour), Goal: ratio(1, 4)},
		{Measure: standards.TimeToAssign, Within: standards.BudgetOf(time.Hour), Channels: []metrics.Channel{"none"}, Goal: ratio(1, 2)},
	}}
	scores := standards.NewScores(metrics.Facet.Agent, policy, 2)
	if err := log.Read(metrics.Rules{}, after(50*time.Hour)).Into(scores); err != nil {
		t.Fatal(err)
	}
	total := scores.Total()
	if want := (standards.Tally{Met: 1, Breached: 3, Pending: 1, Excluded: 1}); total[0].Tally != want || want.N() != 6 {
		t.Errorf("first response: %+v, want %+v", total[0].Tally, want)
	}
	if want := (standards.Tally{Breached: 1, Pending: 1}); total[1].Tally != want {
		t.Errorf("next response: %+v, want %+v", total[1].Tally, want)
	}
	if total[2].Tally != (standards.Tally{}) || total[2].Unmeasured != (standards.Tally{}) {
		t.Errorf("nobody: %+v", total[2].Tally)
	}
	// All breaches are counted, and the worst few are named.
	var late []string
	for _, f := range total[0].Breaches {
		late = append(late, fmt.Sprint(f.Conversation, " ", -f.Left))
	}
	if got, want := strings.Join(late, ", "), "c 29h0m0s, b 2h0m0s"; got != want {
		t.Errorf("worst first: %s, want %s", got, want)
	}
	for i, want := range []struct{ attained, ok bool }{{true, true}, {false, true}, {false, false}} {
		if attained, ok := policy.Targets[i].Attained(total[i].Tally); attained != want.attained || ok != want.ok || total[i].Target != &policy.Targets[i] {
			t.Errorf("goal %d: %v, %v", i, attained, ok)
		}
	}
	if attained, ok := (&standards.Target{Within: standards.BudgetOf(1)}).Attained(total[0].Tally); attained || ok {
		t.Error("a target without a goal attains it")
	}
	// Who answered has the credit, and of what nobody answered, who has the
	// conversation: here nobody.
	for agent, want := range map[metrics.AgentID]standards.Tally{
		"ana": {Met: 1, Breached: 1}, "ben": {Breached: 1}, "": {Breached: 1, Pending: 1, Excluded: 1}, "cleo": {},
	} {
		if got := scores.Group(agent)[0].Tally; got != want {
			t.Errorf("%q: %+v, want %+v", agent, got, want)
		}
	}
	if keys := slices.Sorted(scores.Keys()); !slices.Equal(keys, []metrics.AgentID{"", "ana", "ben"}) {
		t.Errorf("keys %q", keys)
	}
	golden(t, "scores.json", scores)

	// What was handed out is the caller's own.
	total[0].Tally.Add(standards.Met)
	total[0].Breaches[0] = standards.Finding{}
	if again := scores.Total(); again[0].Tally.Met != 1 || again[0].Breaches[0].Conversation != "c" {
		t.Error("the scores were changed")
	}
}

// A promise belongs to the period in which it was made, whenever it ends.
func TestScoresByStart(t *testing.T) {
	log := logOf(t, "0 message, 30m reply ana", "10m message, 100h reply ana", "20m message", "30h message, 31h reply ana", "90h message")
	scores := standards.NewScores(func(f metrics.Facet) metrics.Period { return f.Period(metrics.Periods{}) }, one(standards.FirstResponse, time.Hour), 0)
	if err := log.Read(metrics.Rules{}, after(200*time.Hour)).Into(scores); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]standards.Tally{
		"2026-03-02": {Met: 1, Breached: 2}, "2026-03-03": {Met: 1}, "2026-03-06": {Breached: 1},
	} {
		if got := scores.Group(periodOf(t, day))[0].Tally; got != want {
			t.Errorf("%s: %+v, want %+v", day, got, want)
		}
	}
}

// A promise is one of the channel on which the customer wrote.
func TestScoresByChannel(t *testing.T) {
	log := logOf(t, "0 message chat, 1m reply ana, 1h message email, 3h reply ana", "0 message chat, 2h resolved")
	policy := standards.Policy{Targets: []standards.Target{{Measure: standards.EveryResponse, Within: standards.BudgetOf(time.Hour)}, {Measure: standards.FirstResolution, Within: standards.BudgetOf(time.Hour)}}}
	scores := feed(t, log.Read(metrics.Rules{}, after(9*time.Hour)), standards.NewScores(metrics.Facet.Channel, policy, 1))
	for channel, want := range map[metrics.Channel][2]standards.Tally{
		metrics.Chat: {{Met: 1, Breached: 1}, {Breached: 2}}, metrics.Email: {{Breached: 1}, {}}, metrics.Phone: {},
	} {
		if got := scores.Group(channel); got[0].Tally != want[0] || got[1].Tally != want[1] {
			t.Errorf("%s: %v", channel, got)
		}
	}
}

func periodOf(t *testing.T, day string) (p metrics.Period) {
	t.Helper()
	if err := p.UnmarshalText([]byte(day)); err != nil {
		t.Fatal(err)
	}
	return p
}

// A policy judges by what was known at the instant of the reading, and never by
// what became known later.
func TestLaterKnowledge(t *testing.T) {
	chat := conversation(t, message(0, metrics.Chat), reply(20*time.Minute))
	email := conversation(t, message(0, metrics.Email), reply(10*time.Minute))
	for _, tt := range []struct {
		c    metrics.Conversation
		asOf time.Duration
		want standards.Verdict
	}{
		{chat, time.Minute, standards.Pending}, {chat, 2 * time.Minute, standards.Breached}, {chat, time.Hour, standards.Breached},
		{email, 5 * time.Minute, standards.Pending}, {email, 10 * time.Minute, standards.Met}, {email, 48 * time.Hour, standards.Met},
	} {
		h := read(tt.c, tt.asOf)
		policy := standards.ChannelSpeeds()
		if f, ok := policy.FirstResponse(h); !ok || f.Verdict != tt.want {
			t.Errorf("%s as of %v: %v", h.Channel(), tt.asOf, f)
		}
		n := 0
		for f := range policy.Open(h) {
			if n++; f.Verdict != tt.want || !f.End.IsZero() {
				t.Errorf("%s as of %v: open %v", h.Channel(), tt.asOf, f)
			}
		}
		if open := h.Volume().Replies == 0; open != (n == 1) {
			t.Errorf("%s as of %v: %d open", h.Channel(), tt.asOf, n)
		}
	}
}

// A measure is not at 0 % because nothing in the input could ever fulfil it.
func TestNotMeasured(t *testing.T) {
	var policy standards.Policy
	for _, m := range standards.Measures() {
		policy.Targets = append(policy.Targets, standards.Target{Measure: m, Within: standards.BudgetOf(time.Minute), Goal: ratio(1, 2)})
	}
	ends := metrics.Rules{Automation: metrics.AutomationEnds}
	for _, tt := range []struct {
		name     string
		scripts  []string
		rules    metrics.Rules
		measured string // first letters of reply, assigned and resolved
	}{
		{"nothing", nil, metrics.Rules{}, ""},
		{"messages only", []string{"0 message", "0 message"}, metrics.Rules{}, ""},
		{"reply", []string{"0 message", "0 message, 1h reply ana"}, metrics.Rules{}, "R"},
		{"an acknowledgement is no reply", []string{"0 message, 1s bot"}, metrics.Rules{}, ""},
		{"unless it counts", []string{"0 message, 1s bot"}, ends, "R"},
		{"assigned", []string{"0 message, 1h assigned ana", "0 message"}, metrics.Rules{}, "A"},
		{"assigned to nobody", []string{"0 message, 1h assigned"}, metrics.Rules{}, ""},
		{"resolved", []string{"0 message", "0 message, 1h resolved"}, metrics.Rules{}, "S"},
		{"merged", []string{"0 message, 1h merged"}, metrics.Rules{}, ""},
		{"discarded", []string{"0 message", "0 message, 1h reply ana, 1h assigned ana, 1h resolved, 2h discarded"}, metrics.Rules{}, ""},
		{"not yet known", []string{"0 message, 10h reply ana, 10h assigned ana, 10h resolved"}, metrics.Rules{}, ""},
		{"all", []string{"0 message, 1h reply ana", "0 message, 1h assigned ana", "0 message, 1h resolved"}, metrics.Rules{}, "RAS"},
	} {
		log := logOf(t, tt.scripts...)
		reading := log.Read(tt.rules, after(9*time.Hour))
		scores := standards.NewScores(metrics.Facet.Conversation, policy, 9)
		raw := make([]standards.Tally, len(policy.Targets))
		for h := range reading.Histories() {
			if err := scores.Add(h); err != nil {
				t.Fatal(err)
			}
			for f := range policy.Findings(h) {
				raw[f.Index].Add(f.Verdict)
			}
		}
		for i, a := range scores.Total() {
			by := map[standards.Measure]string{standards.TimeToAssign: "A", standards.FirstResolution: "S", standards.FullResolution: "S", standards.ActiveResolution: "S"}[a.Target.Measure]
			if by == "" {
				by = "R"
			}
			switch measured := strings.Contains(tt.measured, by); {
			case measured && (a.Tally != raw[i] || a.Unmeasured != standards.Tally{}):
				t.Errorf("%s: %v: %v, %v not measured, want %v", tt.name, a.Target, a.Tally, a.Unmeasured, raw[i])
			case !measured && (a.Tally != standards.Tally{} || a.Unmeasured != raw[i] || len(a.Breaches) != 0):
				t.Errorf("%s: %v: %v, %v not measured, want %v", tt.name, a.Target, a.Tally, a.Unmeasured, raw[i])
			case !measured && a.Tally.Compliance().Defined():
				t.Errorf("%s: %v: a share of what is not measured", tt.name, a.Target)
			}
		}
	}
}

// feed returns sinks that were fed with a reading.
func feed[S metrics.Sink](t *testing.T, r metrics.Reading, sink S, others ...metrics.Sink) S {
	t.Helper()
	if err := r.Into(append(others, sink)...); err != nil {
		t.Fatal(err)
	}
	return sink
}

// equalScores compares everything that scores tell.
func equalScores[K comparable](t *testing.T, got, want *standards.Scores[K]) bool {
	t.Helper()
	return formOf(t, got) == formOf(t, want) && reflect.DeepEqual(got.Total(), want.Total())
}

// formOf is the JSON form without the instant, which scores that are read do not
// have.
func formOf(t *testing.T, v any) string {
	_, form, _ := strings.Cut(jsonOf(t, v), `"measured"`)
	return form
}

// Fed beside other sinks, in parts, or by a tracker that closes conversations,
// scores are those of one pass over everything.
func TestScoresLaws(t *testing.T) {
	seed := seed(t)
	r := rand.New(rand.NewPCG(seed, 0))
	var policy standards.Policy
	for _, m := range standards.Measures() {
		policy.Targets = append(policy.Targets,
			standards.Target{Measure: m, Within: standards.BudgetOf(9 * time.Second), Warn: ratio(1, 2), Until: after(30 * time.Second)},
			standards.Target{Measure: m, Within: standards.BudgetOf(5 * time.Second), Calendar: shifts("ooo.")})
	}
	for range 30 {
		events := scenarios(t, r, 1+r.IntN(20))
		rules := metrics.Rules{PauseStopsWaits: waitsStop(r.IntN(2) == 0), Automation: pick(r, metrics.AutomationIgnored, metrics.AutomationEnds)}
		scores := func() *standards.Scores[metrics.AgentID] { return standards.NewScores(metrics.Facet.Agent, policy, 3) }
		log := new(metrics.EventLog)
		for _, e := range events {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
		asOf := after(time.Duration(r.IntN(90)) * time.Second)
		reading := log.Read(rules, asOf)
		want := feed(t, reading, scores())

		checkScores(t, want, policy, reading, 3)
		checkTallies(t, policy, reading)
		if got := feed(t, reading, scores(), standards.NewBoard(policy), metrics.NewBreakdown(metrics.Whole)); !equalScores(t, got, want) {
			t.Fatalf("seed %d: beside others %s, want %s", seed, jsonOf(t, got), jsonOf(t, want))
		}
		alone := scores()
		for h := range reading.Histories() {
			if err := alone.Add(h); err != nil {
				t.Fatal(err)
			}
		}
		if !equalScores(t, alone, want) {
			t.Fatalf("seed %d: one by one %s, want %s", seed, jsonOf(t, alone), jsonOf(t, want))
		}
		merged, parts := scores(), reading.Parts(4)
		for _, i := range r.Perm(len(parts)) {
			if err := merged.Merge(feed(t, parts[i], scores())); err != nil {
				t.Fatal(err)
			}
		}
		if !equalScores(t, merged, want) {
			t.Fatalf("seed %d: merged %s, want %s", seed, jsonOf(t, merged), jsonOf(t, want))
		}

		// What is written reads as the same.
		again := scores()
		if err := json.Unmarshal([]byte(jsonOf(t, want)), again); err != nil || !equalScores(t, again, want) {
			t.Fatalf("seed %d: read %s, %v, want %s", seed, jsonOf(t, again), err, jsonOf(t, want))
		}

		// Conversations come one after another, and are closed in between.
		tracker := metrics.NewTracker(rules, scores)
		late := after(100 * time.Second)
		for i, e := range events {
			if err := tracker.Append(e); err != nil {
				t.Fatal(err)
			}
			if r.IntN(20) == 0 {
				tracker = saved(t, tracker, metrics.NewTracker(rules, scores))
			}
			if i+1 == len(events) || pair(events[i+1]) != pair(e) { // those that may be merged are closed together
				if _, err := tracker.Close(late, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := tracker.AsOf(late)
		if err != nil {
			t.Fatal(err)
		}
		if batch := feed(t, log.Read(rules, late), scores()); !equalScores(t, got, batch) {
			t.Fatalf("seed %d: tracked %s, want %s", seed, jsonOf(t, got), jsonOf(t, batch))
		}
	}
}

// checkScores compares scores by agent with a list of all findings.
func checkScores(t *testing.T, s *standards.Scores[metrics.AgentID], p standards.Policy, r metrics.Reading, k int) {
	t.Helper()
	all := make(map[metrics.AgentID][]standards.Finding)
	seen := make(map[metrics.Kind]bool)
	for h := range r.Histories() {
		for f := range p.Findings(h) {
			who := f.Agent
			if who == "" {
				who = f.Owner
			}
			all[who] = append(all[who], f)
		}
		for e := range h.Conversation().Events() {
			e := metrics.RecordOf(e)
			if e.Type != metrics.KindAssigned && e.By != metrics.ByAutomation || e.Agent != "" || e.By == metrics.ByAutomation && r.Terms().Rules.Automation != metrics.AutomationIgnored {
				seen[e.Type] = true
			}
		}
	}
	if keys := slices.Sorted(s.Keys()); !slices.Equal(keys, slices.Sorted(maps.Keys(all))) {
		t.Fatalf("keys %q, want those of %v", keys, all)
	}
	check := func(who string, got []standards.Attainment, findings []standards.Finding) {
		for i, a := range got {
			var tally standards.Tally
			var breaches []standards.Finding
			for _, f := range findings {
				if f.Target != &p.Targets[i] {
					continue
				}
				tally.Add(f.Verdict)
				if f.Verdict == standards.Breached {
					breaches = append(breaches, standards.Kept(f))
				}
			}
			kind := metrics.KindReplySent
			switch a.Target.Measure {
			case standards.TimeToAssign:
				kind = metrics.KindAssigned
			case standards.FirstResolution, standards.FullResolution, standards.ActiveResolution:
				kind = metrics.KindResolved
			}
			want := standards.Attainment{Target: &p.Targets[i], Unmeasured: tally}
			if seen[kind] {
				slices.SortFunc(breaches, standards.Worse)
				want = standards.Attainment{Target: want.Target, Tally: tally, Breaches: breaches[:min(k, len(breaches))]}
			}
			if a.Target != want.Target || a.Tally != want.Tally || a.Unmeasured != want.Unmeasured ||
				len(a.Breaches)+len(want.Breaches) > 0 && !reflect.DeepEqual(a.Breaches, want.Breaches) {
				t.Fatalf("%s: %v: %+v, want %+v", who, a.Target, a, want)
			}
		}
	}
	for who, findings := range all {
		check(string(who), s.Group(who), findings)
	}
	check("all", s.Total(), slices.Concat(slices.Collect(maps.Values(all))...))
}

// A place is all that a facet of a promise tells.
type place struct {
	channel  metrics.Channel
	agent    metrics.AgentID
	team     metrics.TeamID
	priority metrics.Priority
	start    time.Time
}

func placeOf(f metrics.Facet) place {
	return place{f.Channel(), f.Agent(), f.Team(), f.Priority(), f.At()}
}

// checkTallies compares scores that name no breaches, by all that a facet tells, with a
// list of all findings; and scores by one thing with those by all that are regrouped.
func checkTallies(t *testing.T, p standards.Policy, r metrics.Reading) {
	t.Helper()
	want := make(map[place][]standards.Tally)
	for h := range r.Histories() {
		for f := range p.Findings(h) {
			at := place{cmp.Or(f.Channel, h.Channel()), cmp.Or(f.Agent, f.Owner), f.Team, f.Priority, f.Start}
			if want[at] == nil {
				want[at] = make([]standards.Tally, len(p.Targets))
			}
			want[at][f.Index].Add(f.Verdict)
		}
	}
	s := feed(t, r, standards.NewScores(placeOf, p, 0))
	groups := 0
	for at := range s.Keys() {
		groups++
		for i, a := range s.Group(at) {
			tally := a.Tally
			if tally.Merge(a.Unmeasured); want[at] == nil || tally != want[at][i] {
				t.Fatalf("%+v, %v: %+v, want %+v", at, a.Target, tally, want[at])
			}
		}
	}
	if groups != len(want) {
		t.Fatalf("%d groups, want %d", groups, len(want))
	}
	named := feed(t, r, standards.NewScores(placeOf, p, 3))
	if got, want := standards.Regroup(named, func(k place) metrics.AgentID { return k.agent }), feed(t, r, standards.NewScores(metrics.Facet.Agent, p, 3)); !equalScores(t, got, want) {
		t.Fatalf("regrouped %s, want %s", jsonOf(t, got), jsonOf(t, want))
	}
	team := func(k place) metrics.TeamID { return k.team }
	got, byTeam := standards.Regroup(named, team), feed(t, r, standards.NewScores(metrics.Facet.Team, p, 3))
	if jsonOf(t, got) != jsonOf(t, byTeam) {
		t.Fatalf("regrouped %s, want %s", jsonOf(t, got), jsonOf(t, byTeam))
	}
}

// saved returns what a tracker knows in an empty one, after a restart.
func saved[S metrics.Accumulator[S]](t *testing.T, tracker, empty *metrics.Tracker[S]) *metrics.Tracker[S] {
	t.Helper()
	state, err := tracker.State()
	if err != nil {
		t.Fatal(err)
	}
	var read metrics.TrackerState
	if err := json.Unmarshal([]byte(jsonOf(t, state)), &read); err != nil {
		t.Fatal(err)
	}
	if err := empty.Restore(read); err != nil {
		t.Fatal(err)
	}
	return empty
}

// Only scores of the same policy are read.
func TestScoresOfAnotherPolicy(t *testing.T) {
	answer := one(standards.EveryResponse, time.Hour)
	written := jsonOf(t, feed(t, logOf(t, "0 message").Read(metrics.Rules{}, after(time.Hour)), standards.NewScores(metrics.Facet.Agent, answer, 1)))
	named, inner := one(standards.EveryResponse, time.Hour), one(standards.EveryResponse, time.Hour)
	named.Targets[0].Name, inner.Targets[0].Agreement = "answer", "inner"
	for i, p := range []standards.Policy{{}, one(standards.NextResponse, time.Hour), named, inner, {Targets: append(named.Targets, answer.Targets...)}} {
		s := standards.NewScores(metrics.Facet.Agent, p, 1)
		before := jsonOf(t, feed(t, logOf(t, "0 message, 1s reply ana").Read(metrics.Rules{}, after(time.Hour)), s))
		if err := json.Unmarshal([]byte(written), s); !errors.Is(err, standards.ErrOtherPolicy) || jsonOf(t, s) != before {
			t.Errorf("%d: %v, %s", i, err, jsonOf(t, s))
		}
	}
	// What is read replaces what was counted.
	s := feed(t, logOf(t, "0 message, 1s reply ana").Read(metrics.Rules{}, after(2*time.Hour)), standards.NewScores(metrics.Facet.Agent, answer, 1))
	if err := json.Unmarshal([]byte(written), s); err != nil || formOf(t, s) != formOf(t, json.RawMessage(written)) {
		t.Errorf("%v, %s, want %s", err, jsonOf(t, s), written)
	}
	if !s.Terms().AsOf.IsZero() {
		t.Errorf("still of %v", s.Terms())
	}
	for _, bad := range []string{`[]`, `{"groups": {"ana": [{"measure": "speed"}]}}`, `{"measured": [1]}`} {
		if err := json.Unmarshal([]byte(bad), standards.NewScores(metrics.Facet.Agent, answer, 1)); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

// Names that differ and are read as one key are not groups of their own.
func TestScoresOfNamesOfOneKey(t *testing.T) {
	const group = `[{"target":"","measure":"every_response","formula":"short_excluded","met":1,"compliance":{"part":1,"whole":1}}]`
	for names, want := range map[string]int64{`"1" "2"`: 2, `"0" "-1"`: 2, `"01"`: 1, `"1" "01"`: 0, `"+1" "1"`: 0, `"0" "-0"`: 0, `"2" "1" "002"`: 0} {
		s := standards.NewScores(func(metrics.Facet) int { return 7 }, one(standards.EveryResponse, time.Hour), 1)
		if err := s.UnmarshalJSON([]byte(`{"measured":["every_response"],"groups":{"7":` + group + `}}`)); err != nil {
			t.Fatal(err)
		}
		before := jsonOf(t, s)
		err := s.UnmarshalJSON([]byte(`{"measured":["every_response"],"groups":{` + strings.ReplaceAll(names, " ", ":"+group+",") + ":" + group + `}}`))
		if refused := errors.Is(err, standards.ErrTally) && jsonOf(t, s) == before; refused != (want == 0) {
			t.Errorf("%s: %v, %s", names, err, jsonOf(t, s))
		} else if !refused && (err != nil || s.Total()[0].Tally.N() != want) {
			t.Errorf("%s: %v, %d in all, want %d", names, err, s.Total()[0].Tally.N(), want)
		}
	}
}

// What does not add up is refused before anything is added.
func TestOtherPolicies(t *testing.T) {
	log := logOf(t, "0 message, 2h reply ana", "0 message")
	reading := log.Read(metrics.Rules{}, after(3*time.Hour))
	policy := standards.Policy{Name: "a", Targets: []standards.Target{{
		Name: "answer", Within: standards.BudgetOf(time.Hour), Goal: ratio(1, 2), Warn: ratio(1, 3), Calendar: metrics.AroundTheClock,
		Channels: []metrics.Channel{""}, Priorities: []metrics.Priority{""}, Escalations: []standards.Escalation{{After: 1}},
		Teams: []metrics.TeamID{""}, Customers: []metrics.CustomerID{""},
		From: start, Until: after(time.Hour),
	}}}
	with := func(change func(*standards.Target)) standards.Policy {
		p := policy
		p.Targets = slices.Clone(p.Targets)
		change(&p.Targets[0])
		return p
	}
	same := with(func(t *standards.Target) {
		t.Channels, t.From, t.Calendar, t.CalendarName = []metrics.Channel{""}, t.From.In(time.FixedZone("", 60)), nil, "always"
	})
	same.Name = "b"
	always := func(*metrics.History) bool { return true }
	predicate := with(func(t *standards.Target) { t.When = always })
	for i, tt := range []struct{ a, b standards.Policy }{{policy, policy}, {policy, same}, {predicate, predicate}, {}} {
		parts := reading.Parts(2)
		scores, other := feed(t, parts[0], standards.NewScores(metrics.Whole, tt.a, 1)), feed(t, parts[1], standards.NewScores(metrics.Whole, tt.b, 1))
		board, rows := feed(t, parts[0], standards.NewBoard(tt.a)), feed(t, parts[1], standards.NewBoard(tt.b))
		if err := errors.Join(scores.Merge(other), board.Merge(rows)); err != nil {
			t.Errorf("%d: %v", i, err)
		}
		if err := scores.Merge(other); !errors.Is(err, metrics.ErrTwice) {
			t.Errorf("%d: merged twice: %v", i, err)
		}
		if err := errors.Join(scores.Merge(scores), board.Merge(board)); !errors.Is(err, metrics.ErrTwice) {
			t.Errorf("%d: merged with itself: %v", i, err)
		}
	}
	for i, other := range []standards.Policy{
		{}, {Targets: append(slices.Clone(policy.Targets), policy.Targets[0])}, with(func(t *standards.Target) { t.When = always }),
		with(func(t *standards.Target) { t.Name = "" }), with(func(t *standards.Target) { t.Within = standards.BudgetOf(time.Hour + 1) }),
		with(func(t *standards.Target) { t.Measure = standards.NextResponse }), with(func(t *standards.Target) { t.Goal.Part-- }),
		with(func(t *standards.Target) { t.Warn.Whole++ }), with(func(t *standards.Target) { t.WarnDays++ }), with(func(t *standards.Target) { t.Agreement = "inner" }),
		with(func(t *standards.Target) { t.Calendar = shifts("o.") }), with(func(t *standards.Target) { t.Channels = nil }),
		with(func(t *standards.Target) { t.Priorities = nil }),
		with(func(t *standards.Target) { t.Teams = nil }), with(func(t *standards.Target) { t.Customers = nil }),
		with(func(t *standards.Target) { t.Escalations = nil }),
		with(func(t *standards.Target) { t.From = after(1) }), with(func(t *standards.Target) { t.Until = time.Time{} }),
	} {
		parts := reading.Parts(2)
		scores, board := feed(t, parts[0], standards.NewScores(metrics.Whole, policy, 1)), feed(t, parts[0], standards.NewBoard(policy))
		before := jsonOf(t, scores) + jsonOf(t, board)
		if err := scores.Merge(feed(t, parts[1], standards.NewScores(metrics.Whole, other, 1))); !errors.Is(err, standards.ErrOtherPolicy) {
			t.Errorf("%d: scores of other policies merge: %v", i, err)
		}
		if err := board.Merge(feed(t, parts[1], standards.NewBoard(other))); !errors.Is(err, standards.ErrOtherPolicy) {
			t.Errorf("%d: boards of other policies merge: %v", i, err)
		}
		if jsonOf(t, scores)+jsonOf(t, board) != before {
			t.Errorf("%d: something was added", i)
		}
	}
	for _, terms := range []metrics.Reading{log.Read(metrics.Rules{ByStart: true}, after(3*time.Hour)), log.Read(metrics.Rules{}, after(4*time.Hour))} {
		scores, board := feed(t, reading, standards.NewScores(metrics.Whole, policy, 1)), feed(t, reading, standards.NewBoard(policy))
		before := jsonOf(t, scores) + jsonOf(t, board)
		for _, err := range []error{
			scores.Merge(feed(t, terms, standards.NewScores(metrics.Whole, policy, 1))), board.Merge(feed(t, terms, standards.NewBoard(policy))),
			terms.Into(scores), terms.Into(board),
			scores.Add(logHistory(terms)), board.Add(logHistory(terms)), scores.Add(new(metrics.History)), board.Add(new(metrics.History)),
		} {
			if !errors.Is(err, metrics.ErrOtherTerms) {
				t.Errorf("%v: %v", terms.Terms(), err)
			}
		}
		if jsonOf(t, scores)+jsonOf(t, board) != before {
			t.Errorf("%v: something was added", terms.Terms())
		}
	}
}

// logHistory returns the first history of a reading.
func logHistory(r metrics.Reading) *metrics.History {
	for h := range r.Histories() {
		return h
	}
	return nil
}

// heap is what is in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// What scores keep does not grow with the breaches, in one pass, in parts that merge, and
// when they are read again.
func TestScoresKeepFew(t *testing.T) {
	const conversations, k = 20_000, 5
	log := new(metrics.EventLog)
	for i := range conversations {
		id, at := metrics.ConversationID(fmt.Sprint("conversation ", i)), after(time.Duration(i)*time.Second)
		late := 2*time.Hour + time.Duration(i*7919%conversations)*time.Second
		for _, e := range []metrics.Event{
			metrics.MessageReceived{Conversation: id, At: at},
			metrics.Paused{Conversation: id, At: at.Add(time.Minute)},
			metrics.ReplySent{Conversation: id, At: at.Add(late), Agent: metrics.AgentID(fmt.Sprint("agent ", i%2))},
			metrics.Resolved{Conversation: id, At: at.Add(late + 2*time.Hour), Agent: metrics.AgentID(fmt.Sprint("agent ", i%2))},
		} {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	reading := log.Read(metrics.Rules{}, after(100*time.Hour))
	policy := standards.Policy{Targets: []standards.Target{
		{Within: standards.BudgetOf(time.Hour)}, {Measure: standards.FullResolution, Within: standards.BudgetOf(time.Minute)},
	}}
	empty := func() *standards.Scores[metrics.AgentID] { return standards.NewScores(metrics.Facet.Agent, policy, k) }
	ways := map[string]func() *standards.Scores[metrics.AgentID]{
		"one pass": func() *standards.Scores[metrics.AgentID] { return feed(t, reading, empty()) },
		"parts": func() *standards.Scores[metrics.AgentID] {
			whole := empty()
			for _, part := range reading.Parts(16) {
				// Parts may name more.
				if err := whole.Merge(feed(t, part, standards.NewScores(metrics.Facet.Agent, policy, 100*k))); err != nil {
					t.Fatal(err)
				}
			}
			return whole
		},
		"read again": func() *standards.Scores[metrics.AgentID] {
			read := empty()
			if err := json.Unmarshal([]byte(jsonOf(t, feed(t, reading, standards.NewScores(metrics.Facet.Agent, policy, 100*k)))), read); err != nil {
				t.Fatal(err)
			}
			return read
		},
	}
	want := feed(t, reading, empty())
	for name, way := range ways {
		before := heap()
		got := way()
		if grown := heap() - before; grown > 128<<10 {
			t.Errorf("%s: %d bytes for %d breaches", name, grown, 2*conversations)
		}
		if !equalScores(t, got, want) {
			t.Errorf("%s: %s, want %s", name, jsonOf(t, got), jsonOf(t, want))
		}
		for _, agent := range []metrics.AgentID{"agent 0", "agent 1"} {
			for i, a := range got.Group(agent) {
				worst := a.Breaches[0].Used
				if a.Tally.Breached != conversations/2 || len(a.Breaches) != k || i == 0 && worst < 2*time.Hour+(conversations-2)*time.Second {
					t.Errorf("%s: %s: %v, %d named, the worst after %v", name, agent, a, len(a.Breaches), worst)
				}
			}
		}
		runtime.KeepAlive(got)
	}
	runtime.KeepAlive(log)
}

// Of breaches that are as late in hours of service, the one that is later around
// the clock is worse; ties are broken by what they are.
func TestWorstFirst(t *testing.T) {
	target := func(m standards.Measure, agreement string) *standards.Target {
		return &standards.Target{Measure: m, Agreement: agreement}
	}
	breach := func(id metrics.ConversationID, begin, left, margin time.Duration, to *standards.Target) standards.Finding {
		return standards.Finding{
			Conversation: id, Start: after(begin), Target: to, Verdict: standards.Breached, Left: left, Margin: margin,
		}
	}
	want := []standards.Finding{
		breach("z", 9, -3, 0, target(0, "")),
		breach("z", 9, -2, -9, nil),
		breach("z", 9, -2, -8, target(0, "")),
		breach("a", 9, 0, -1, target(0, "")),
		breach("b", 8, 0, -1, target(5, "x")),
		breach("b", 9, 0, -1, target(1, "x")),
		breach("b", 9, 0, -1, target(2, "")),
		breach("b", 9, 0, -1, target(2, "x")),
	}
	for round := range 40 {
		k := 6 + round%3
		worst := metrics.NewTop(k, standards.Worse)
		for _, i := range rand.Perm(len(want)) {
			worst.Add(want[i])
		}
		if got := worst.List(); !reflect.DeepEqual(got, want[:k]) {
			t.Fatalf("%+v", got)
		}
	}
}

func TestInterval(t *testing.T) {
	// 16 of 20 at 95 %: 0.5840 to 0.9193 (Wilson 1927, as R's binom.wilson has it).
	iv, ok := standards.Tally{Met: 16, Breached: 4, Pending: 100, Excluded: 100}.Interval(0.95)
	want, err := stat.Proportion(16, 20, 0.95, stat.Wilson)
	if !ok || err != nil || iv != want || fmt.Sprintf("%.4f %.4f", iv.Low, iv.High) != "0.5840 0.9193" {
		t.Errorf("%v, %v", iv, ok)
	}
	if _, ok := (standards.Tally{Pending: 1}).Interval(0.95); ok {
		t.Error("an interval of nothing")
	}
	if _, ok := (standards.Tally{Met: 1}).Interval(1); ok {
		t.Error("a level of 1")
	}
}

// Zero scores and boards take histories, which count nothing.
func TestZeroSinks(t *testing.T) {
	var scores standards.Scores[string]
	var board standards.Board
	if err := logOf(t, "0 message").Read(metrics.Rules{}, after(time.Hour)).Into(&scores, &board); err != nil {
		t.Fatal(err)
	}
	if got := jsonOf(t, &scores); got != `{"as_of":"2026-03-02T10:00:00Z","measured":[],"groups":{}}` {
		t.Error(got)
	}
	if overdue, near, fine := board.Conversations(); overdue+near+fine != 0 || len(board.Rows()) != 0 || len(scores.Total()) != 0 {
		t.Error("a promise of nobody")
	}
	// Without a key, everything is in the group of the zero key.
	keyless := standards.NewScores[string](nil, one(standards.EveryResponse, time.Minute), 1)
	if err := logOf(t, "0 message, 1h reply ana").Read(metrics.Rules{}, after(time.Hour)).Into(keyless); err != nil {
		t.Fatal(err)
	}
	if got := keyless.Group("")[0].Tally; got != (standards.Tally{Breached: 1}) {
		t.Errorf("%v", got)
	}
}

// pair returns which pair of conversations an event belongs to.
func pair(e metrics.Event) int {
	n, _ := strconv.Atoi(string(metrics.RecordOf(e).Conversation))
	return n / 2
}
