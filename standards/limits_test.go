package standards_test

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// A clock says what passing all the holds says.
func TestClock(t *testing.T) {
	r := rand.New(rand.NewPCG(seed(t), 1))
	onHold := 0
	for range rounds(20_000) {
		hours := pick[metrics.Calendar](r, nil, shifts("o."), shifts("....oooooooo..o"))
		at := r.IntN(10)
		begin := after(time.Duration(at) * time.Second)
		at = r.IntN(10)
		var holds []metrics.Span
		for range r.IntN(8) {
			from := at + r.IntN(5)
			at = from + r.IntN(6)
			holds = append(holds, metrics.Span{Start: after(time.Duration(from) * time.Second), End: after(time.Duration(at) * time.Second)})
		}
		if n := len(holds); n > 0 && r.IntN(3) == 0 {
			holds[n-1].End = time.Time{}
		}
		end, budget := after(time.Duration(r.IntN(60))*time.Second), time.Duration(1+r.Int64N(int64(20*time.Second)))
		due, ok, ran := standards.ByClock(hours, begin, end, budget, holds)
		wantDue, wantOK, wantRan := standards.ByHolds(hours, begin, end, budget, holds)
		if ok != wantOK || !due.Equal(wantDue) || ran != wantRan {
			t.Fatalf("%v from %v, to %v, holds %v: due %v, %v, used %v, want %v, %v, %v", budget, begin, end, holds, due, ok, ran, wantDue, wantOK, wantRan)
		}
		if !ok {
			onHold++
		}
	}
	often(t, "no deadline", onHold, 100)
}

// everyMeasure is a policy of all measures, each with three targets and ten steps.
func everyMeasure() standards.Policy {
	var p standards.Policy
	for _, m := range standards.Measures() {
		for k := range 3 {
			target := standards.Target{Measure: m, Within: standards.BudgetOf(time.Duration(k+1) * time.Hour)}
			for s := range 10 {
				target.Escalations = append(target.Escalations, standards.Escalation{After: time.Duration(s) * time.Minute})
			}
			if k < 2 {
				target.Priorities = []metrics.Priority{metrics.Priority(fmt.Sprint(k))}
			}
			p.Targets = append(p.Targets, target)
		}
	}
	return p
}

// A conversation of thousands of pauses, cycles, teams or priorities is judged in time and
// memory that grow with its length, whatever it has many of.
func TestLongConversations(t *testing.T) {
	type record = metrics.Record
	n := rounds(6000)
	name := func(i int) string { return fmt.Sprint(i % 3) }
	for what, parts := range map[string]func(i int) []record{
		"cycles": func(int) []record {
			return []record{{Type: metrics.KindPaused}, {Type: metrics.KindResolved, Agent: "a"}, {Type: metrics.KindMessageReceived}}
		},
		"abandoned cycles": func(i int) []record {
			return []record{{Type: metrics.KindAssigned, Team: metrics.TeamID(name(i))}, {Type: metrics.KindAbandoned}, {Type: metrics.KindMessageReceived}}
		},
		"waits": func(int) []record {
			return []record{{Type: metrics.KindReplySent, Agent: "a"}, {Type: metrics.KindMessageReceived}}
		},
		"teams in turn": func(i int) []record {
			return []record{{Type: metrics.KindAssigned, Agent: "a", Team: metrics.TeamID(name(i))}, {Type: metrics.KindPaused}, {Type: metrics.KindResumed}}
		},
		"teams": func(i int) []record {
			return []record{{Type: metrics.KindAssigned, Team: metrics.TeamID(fmt.Sprint(i))}, {Type: metrics.KindPaused}, {Type: metrics.KindResumed}}
		},
		"priorities on hold": func(i int) []record {
			return []record{{Type: metrics.KindPaused}, {Type: metrics.KindPrioritized, Priority: metrics.Priority(name(i))}, {Type: metrics.KindResumed}}
		},
		"priorities and teams in cycles": func(i int) []record {
			return []record{
				{Type: metrics.KindPrioritized, Priority: metrics.Priority(name(i))}, {Type: metrics.KindResolved, Agent: "a"},
				{Type: metrics.KindAssigned, Agent: "a", Team: metrics.TeamID(name(i))}, {Type: metrics.KindMessageReceived},
			}
		},
	} {
		log, at := new(metrics.EventLog), start
		put := func(r record) {
			at = at.Add(time.Second)
			r.Conversation, r.At = "1", at
			e, err := r.Event()
			if err == nil {
				err = log.Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		put(record{Type: metrics.KindMessageReceived, Customer: "kim"})
		for i := range n {
			for _, r := range parts(i) {
				put(r)
			}
		}
		policy := everyMeasure()
		reading := log.Read(metrics.Rules{}, at.Add(time.Hour))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		findings := 0
		for h := range reading.Histories() {
			for f := range policy.Findings(h) {
				findings++
				for range f.Escalations() {
				}
			}
		}
		if err := reading.Into(standards.NewBoard(policy), standards.NewScores(metrics.Facet.Channel, policy, 10)); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 40_000*uint64(n) || findings < 3 {
			t.Errorf("%s: %d findings, %d bytes", what, findings, used)
		}
		t.Logf("%s: %d findings, %d bytes for each", what, findings, (after.TotalAlloc-before.TotalAlloc)/uint64(n))
	}
}

// Many conversations that are merged, into one or each into the next, are judged in time
// that their number bounds: that of a chain would double with each if what is known of one
// were not kept.
func TestManyMergers(t *testing.T) {
	id := func(i int) metrics.ConversationID { return metrics.ConversationID(fmt.Sprint(i)) }
	for _, tt := range []struct {
		name string
		n    int
		into func(i, n int) int // or i
	}{
		{"chain", 40, func(i, n int) int { return min(i+1, n-1) }},
		{"star", 60, func(int, int) int { return 0 }},
		{"at once", 30, func(int, int) int { return 0 }},
		{"tree", 63, func(i, _ int) int { return max(i-1, 0) / 2 }},
	} {
		log := new(metrics.EventLog)
		for i := range tt.n {
			events := []metrics.Event{metrics.MessageReceived{Conversation: id(i), At: after(time.Duration(i) * time.Second)}}
			if into := tt.into(i, tt.n); into != i {
				at := time.Hour + time.Duration(i)*time.Second
				if tt.name == "at once" {
					at = time.Hour
				} else if into < i {
					at = time.Hour + time.Duration(tt.n-i)*time.Second
				}
				events = append(events, metrics.Merged{Conversation: id(i), At: after(at), Into: id(into)})
			}
			for _, e := range events {
				if err := log.Append(e); err != nil {
					t.Fatal(err)
				}
			}
		}
		// The promise is broken in the last one, and its clock is that of the first.
		var breached []metrics.ConversationID
		for h := range log.Read(metrics.Rules{}, after(3*time.Hour)).Histories() {
			for f := range one(standards.EveryResponse, 2*time.Hour).Findings(h) {
				if f.Verdict == standards.Breached && f.BreachedAt.Equal(after(2*time.Hour)) {
					breached = append(breached, f.Conversation)
				}
			}
		}
		if last := id(tt.into(tt.n-1, tt.n)); tt.name == "chain" && !slices.Equal(breached, []metrics.ConversationID{last}) || len(breached) != 1 {
			t.Errorf("%s: broken in %v", tt.name, breached)
		}
	}
}

// A method that is called directly is as strict as encoding/json is, and stricter.
func TestFormsAreStrict(t *testing.T) {
	scores := standards.NewScores(metrics.Facet.Channel, one(standards.FirstResponse, time.Hour), 3)
	if err := logOf(t, "0 message chat, 2h reply ana", "0 message email").Read(metrics.Rules{}, after(3*time.Hour)).Into(scores); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		what, good string
		is         error
		null       bool // is taken for nothing
		read       func([]byte) error
	}{
		{"policy", strings.TrimSpace(everything), standards.ErrSyntax, false, func(data []byte) error {
			var p standards.Policy
			return p.UnmarshalJSON(data)
		}},
		{"tally", `{"met":1,"breached":2,"pending":3,"excluded":4}`, standards.ErrTally, true, func(data []byte) error {
			var tally standards.Tally
			err := tally.UnmarshalJSON(data)
			if err != nil && tally != (standards.Tally{}) {
				t.Errorf("%s left %+v", data, tally)
			}
			return err
		}},
		{"scores", jsonOf(t, scores), standards.ErrTally, false, func(data []byte) error {
			read := standards.NewScores(metrics.Facet.Channel, one(standards.FirstResponse, time.Hour), 3)
			err := read.UnmarshalJSON(data)
			if err != nil && jsonOf(t, read) != jsonOf(t, standards.NewScores(metrics.Facet.Channel, one(standards.FirstResponse, time.Hour), 3)) {
				t.Errorf("%s left %s", data, jsonOf(t, read))
			}
			return err
		}},
	} {
		if err := tt.read([]byte(tt.good)); err != nil {
			t.Fatalf("%s: %v", tt.what, err)
		}
		if err := tt.read([]byte(" " + tt.good + "\r\n\t")); err != nil {
			t.Errorf("%s: %v", tt.what, err)
		}
		name := tt.good[strings.Index(tt.good, `"`)+1:]
		name = name[:strings.Index(name, `"`)]
		bad := []string{
			"1", `"x"`, "[]", "true", tt.good + "x", tt.good + "}", tt.good + tt.good, tt.good[:len(tt.good)-1] + "]", "[" + tt.good + "]",
			strings.Replace(tt.good, "{", `{"unknown":1,`, 1), strings.Replace(tt.good, name, strings.ToUpper(name[:1])+name[1:], 1),
			strings.Replace(tt.good, "{", "{"+`"`+name+`":0,"`+name+`":0,`, 1),
		}
		for n := range min(len(tt.good), 300) {
			bad = append(bad, tt.good[:n], tt.good[:len(tt.good)-1-n])
		}
		for _, text := range bad {
			err := tt.read([]byte(text))
			var located *standards.PolicyError
			if !errors.Is(err, tt.is) || tt.what == "policy" && !errors.As(err, &located) || len(err.Error()) > 500 {
				t.Errorf("%s: %s: %v", tt.what, text, err)
			}
		}
		if err := tt.read([]byte("null")); tt.null != (err == nil) && tt.what != "scores" {
			t.Errorf("%s: null: %v", tt.what, err)
		}
	}
}

// What nothing can have counted has no binary form.
func TestTallyWithoutBinary(t *testing.T) {
	for _, tally := range []standards.Tally{{Met: -1}, {Excluded: math.MinInt64}, {Met: math.MaxInt64, Breached: 1}} {
		if data, err := tally.MarshalBinary(); data != nil || !errors.Is(err, standards.ErrTally) {
			t.Errorf("%+v: %x, %v", tally, data, err)
		}
	}
}

// A null leaves a tally as it was.
func TestTallyOfNull(t *testing.T) {
	tally := standards.Tally{Met: 3, Breached: 1}
	if err := tally.UnmarshalJSON([]byte("null")); err != nil || tally != (standards.Tally{Met: 3, Breached: 1}) {
		t.Errorf("%+v, %v", tally, err)
	}
}

// Scores that nothing can have counted are refused, and leave what was there.
func TestScoresThatCannotBe(t *testing.T) {
	policy := one(standards.EveryResponse, time.Hour)
	policy.Targets[0].Escalations = []standards.Escalation{{Name: "late", After: time.Hour}}
	scores := standards.NewScores(metrics.Facet.Channel, policy, 3)
	log := logOf(t, "0 message chat, 10m paused, 20m resumed, 2h reply ana", "0 message email, 4h reply ana")
	if err := log.Read(metrics.Rules{PauseStopsWaits: metrics.AnyReason}, after(5*time.Hour)).Into(scores); err != nil {
		t.Fatal(err)
	}
	good := jsonOf(t, scores)
	for _, change := range [][2]string{
		{`"met":0`, `"met":-1`}, {`"breached":1`, `"breached":9223372036854775807,"pending":1,"x":0`}, {`"breached":1`, `"breached":2`}, {`"breached":1`, `"breached":0`},
		{`"part":0`, `"part":1`}, {`"2026-03-02T11:00:00Z"`, `"9999-12-31T23:59:59Z"`}, {`"start":"2026`, `"start":"0001-01-02T00:00:00Z","x":"2026`},
		{`"start":"2026`, `"start":"1969`}, {`"end":"2026`, `"end":"3026`}, {`"due":"2026`, `"due":"1026`}, {`"as_of":"2026`, `"as_of":"9026`},
		{`"holds":[{"start":"2026`, `"holds":[{"start":"1026`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			continue // not in this form
		}
		again := standards.NewScores(metrics.Facet.Channel, policy, 3)
		if err := again.UnmarshalJSON([]byte(good)); err != nil {
			t.Fatal(err)
		}
		if jsonOf(t, again) != good {
			t.Fatalf("%s, want %s", jsonOf(t, again), good)
		}
		if err := again.UnmarshalJSON([]byte(bad)); !errors.Is(err, standards.ErrTally) || jsonOf(t, again) != good {
			t.Errorf("%s for %s: %v", change[1], change[0], err)
		}
	}
	// As many in two groups as there can be in all, and one more.
	most := func(groups string) error {
		return standards.NewScores(metrics.Facet.Channel, policy, 3).UnmarshalJSON([]byte(`{"measured":["every_response"],"groups":{` + groups + `}}`))
	}
	group := func(name string, met int64) string {
		return fmt.Sprintf(`%q:[{"target":"","measure":"every_response","formula":"short_excluded","met":%d,"breached":0,"pending":0,"compliance":{"part":%[2]d,"whole":%[2]d,"percent":null},"interval":null,"breaches":[]}]`, name, met)
	}
	if err := most(group("chat", math.MaxInt64-1) + "," + group("email", 1)); err != nil {
		t.Error(err)
	}
	if err := most(group("chat", math.MaxInt64-1) + "," + group("email", 2)); !errors.Is(err, standards.ErrTally) {
		t.Error(err)
	}
	// Nor do such merge.
	full, more := standards.NewScores(metrics.Facet.Channel, policy, 3), standards.NewScores(metrics.Facet.Channel, policy, 3)
	for to, text := range map[*standards.Scores[metrics.Channel]]string{full: group("chat", math.MaxInt64), more: group("email", 1)} {
		if err := to.UnmarshalJSON([]byte(`{"measured":["every_response"],"groups":{` + text + `}}`)); err != nil {
			t.Fatal(err)
		}
	}
	before := jsonOf(t, full)
	if err := full.Merge(more); !errors.Is(err, standards.ErrTally) || jsonOf(t, full) != before {
		t.Errorf("%v: %s", err, jsonOf(t, full))
	}
	if total := full.Total()[0].Tally; total.N() != math.MaxInt64 {
		t.Errorf("%+v", total)
	}
}

// A tally counts up to 2⁶³−1 verdicts, adds up to no more, and is always one that can be
// stored.
func TestTallyOfManyVerdicts(t *testing.T) {
	stored := func(tally standards.Tally) error {
		data, err := tally.MarshalBinary()
		var a, b standards.Tally
		if err == nil {
			err = a.UnmarshalBinary(data)
		}
		if text, failed := json.Marshal(tally); err == nil {
			err = errors.Join(failed, json.Unmarshal(text, &b))
		}
		if err == nil && (a != tally || b != tally) {
			t.Errorf("%+v reads as %+v and %+v", tally, a, b)
		}
		return err
	}
	for _, v := range []standards.Verdict{standards.Met, standards.Breached, standards.Pending, standards.Excluded, 77} {
		var full standards.Tally
		full.Add(v)
		for range 62 {
			twice := full
			if err := twice.Merge(full); err != nil {
				t.Fatal(err)
			}
			twice.Add(v)
			full = twice
		}
		if full.N() != math.MaxInt64 || stored(full) != nil {
			t.Fatalf("%v: %+v, %v", v, full, stored(full))
		}
		same := full
		for _, v := range []standards.Verdict{standards.Met, standards.Breached, standards.Pending, standards.Excluded} {
			full.Add(v)
			one := standards.Tally{}
			one.Add(v)
			if err := full.Merge(one); !errors.Is(err, standards.ErrTally) {
				t.Errorf("%v: %v", v, err)
			}
			if err := one.Merge(full); !errors.Is(err, standards.ErrTally) || one.N() != 1 {
				t.Errorf("%v: %v", v, err)
			}
		}
		if full != same {
			t.Errorf("%+v, want %+v", full, same)
		}
		if share := full.Compliance(); share.Defined() != (full.Pending+full.Excluded == 0) || share.Part < 0 {
			t.Errorf("%+v: %v", full, share)
		}
	}
	for _, bad := range []standards.Tally{{Met: -1}, {Excluded: math.MinInt64}, {Met: math.MaxInt64, Breached: 1}, {Met: 1 << 62, Breached: 1 << 62, Pending: 1 << 62, Excluded: 1 << 62}} {
		if err := stored(bad); !errors.Is(err, standards.ErrTally) {
			t.Errorf("%+v: %v", bad, err)
		}
		kept := standards.Tally{Met: 1}
		if err := kept.Merge(bad); !errors.Is(err, standards.ErrTally) || kept != (standards.Tally{Met: 1}) {
			t.Errorf("%+v: %v", bad, err)
		}
		if err := bad.Merge(standards.Tally{}); !errors.Is(err, standards.ErrTally) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	for _, text := range []string{`{"met":-1}`, `{"met":9223372036854775807,"pending":1}`, `{"met":9223372036854775808}`, `{"met":1.0}`, `{"met":1e3}`} {
		tally := standards.Tally{Pending: 5}
		if err := json.Unmarshal([]byte(text), &tally); !errors.Is(err, standards.ErrTally) || tally != (standards.Tally{Pending: 5}) {
			t.Errorf("%s: %v, %+v", text, err, tally)
		}
	}
}

// A policy has up to 10,000 targets, and a target up to 100 steps; the error says so before
// they are read. Other lists are as long as they are, and cost that.
func TestListsOfAPolicy(t *testing.T) {
	list := func(n int, of func(i int) string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = of(i)
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	targets := func(n int) string {
		return `{"targets":` + list(n, func(i int) string {
			return fmt.Sprintf(`{"measure":"first_response","agreement":"%d","within":"1h"}`, i)
		}) + `}`
	}
	steps := func(n int) string {
		return `{"targets":[{"measure":"first_response","within":"1h","escalations":` + list(n, func(i int) string { return fmt.Sprintf(`{"after":"%dns"}`, i) }) + `}]}`
	}
	customers := func(n int) string {
		return `{"targets":[{"measure":"first_response","within":"1h","customers":` + list(n, func(i int) string { return fmt.Sprintf(`"%d"`, i) }) + `}]}`
	}
	for _, tt := range []struct{ text, want string }{
		{targets(10_000), ""},
		{targets(10_001), `standards: targets: more than 10000 targets: "10001"`},
		{steps(100), ""},
		{steps(101), `standards: targets[0].escalations: more than 100 escalations: "101"`},
		{customers(100_000), ""},
		{`{"calendars":{"` + strings.Repeat("x", 1<<20) + `":{"timezone":"nowhere"}}}`, `standards: calendars.` + strings.Repeat("x", 120) + `.timezone: calendar: unknown time zone: "nowhere"`},
	} {
		var p standards.Policy
		err := p.UnmarshalJSON([]byte(tt.text))
		if got := fmt.Sprint(err); err == nil && tt.want != "" || err != nil && (!strings.HasPrefix(got, tt.want[:min(len(tt.want), 100)]) || tt.want == "" || len(got) > 400) {
			t.Errorf("%.60s: %.400s, want %.400s", tt.text, got, tt.want)
		}
		if err != nil {
			continue
		}
		// What is read is written, and judges.
		if _, err := p.MarshalJSON(); err != nil {
			t.Error(err)
		}
		n := 0
		for range p.Findings(read(conversation(t, eventsOf(t, "0 message chat, 1m reply ana")...), time.Hour)) {
			n++
		}
		if want := min(len(p.Targets), 10_000); n != want && len(p.Targets[0].Customers) == 0 {
			t.Errorf("%d findings, want %d", n, want)
		}
	}
	for _, p := range []standards.Policy{
		{Targets: make([]standards.Target, 10_001)},
		{Targets: []standards.Target{{Within: standards.BudgetOf(1), Escalations: make([]standards.Escalation, 101)}}},
	} {
		if err := p.Validate(); !errors.Is(err, standards.ErrTarget) {
			t.Error(err)
		}
	}
}

// Budgets and steps of centuries, instants at both ends of the years of events, and steps a
// nanosecond apart: deadlines are exact, or there are none.
func TestBudgetsOfCenturies(t *testing.T) {
	const century = 100 * 365 * 24 * time.Hour
	first, last := time.Unix(0, 0).UTC(), time.Date(2261, 12, 31, 23, 59, 59, 0, time.UTC)
	steps := make([]standards.Escalation, 100)
	for i := range steps {
		steps[i].After = time.Duration(i-50) * time.Nanosecond
	}
	for _, hours := range []metrics.Calendar{nil, shifts("o")} { // shifts count from 2026 on
		begin := first
		if hours != nil {
			begin = start
		}
		for _, budget := range []time.Duration{century, 2 * century, 51, math.MaxInt64 - 49} {
			target := standards.Target{Measure: standards.EveryResponse, Within: standards.BudgetOf(budget), Calendar: hours, Escalations: steps}
			p := standards.Policy{Targets: []standards.Target{target}}
			if err := p.Validate(); err != nil {
				t.Fatal(err)
			}
			log := new(metrics.EventLog)
			if err := log.Append(metrics.MessageReceived{Conversation: "1", At: begin}); err != nil {
				t.Fatal(err)
			}
			for h := range log.Read(metrics.Rules{}, last).Histories() {
				n := 0
				for f := range p.Findings(h) {
					waited, came := last.Sub(begin), 0
					for at, step := range f.Escalations() {
						if want := begin.Add(budget).Add(step.After); !at.Equal(want) {
							t.Errorf("%v: step %v at %v, want %v", budget, step.After, at, want)
						}
						came++
					}
					if n++; f.Used != waited || f.Left != budget-waited || !f.Due.Equal(begin.Add(budget)) || f.Margin != budget-waited ||
						(f.Verdict == standards.Breached) != (budget <= waited) || (came == 100) != (budget+49 <= waited) {
						t.Errorf("%v: %v, due %v, used %v, left %v, %d steps", budget, f.Verdict, f.Due, f.Used, f.Left, came)
					}
				}
				if n != 1 {
					t.Errorf("%d findings", n)
				}
			}
		}
	}
	// One that would come later than any duration is refused.
	late := standards.Target{Within: standards.BudgetOf(math.MaxInt64), Escalations: []standards.Escalation{{After: 1}}}
	if err := (standards.Policy{Targets: []standards.Target{late}}).Validate(); !errors.Is(err, standards.ErrTarget) {
		t.Error(err)
	}
}

// A deadline in the year 9999 is the last one; a margin is never longer than a duration.
func TestLastDeadline(t *testing.T) {
	rarely, err := calendar.New(calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{time.Monday: {calendar.MustParseHours("09:00-09:01")}}})
	if err != nil {
		t.Fatal(err)
	}
	weeks := int64(time.Date(9999, 12, 27, 9, 0, 0, 0, time.UTC).Unix()-start.Unix()) / (7 * 24 * 3600)
	for _, tt := range []struct {
		weeks int64
		year  int // of the deadline, or 0
	}{{1, 2026}, {weeks, 9999}, {weeks + 1, 9999}, {weeks + 2, 0}} {
		p := standards.Policy{Targets: []standards.Target{{Measure: standards.EveryResponse, Within: standards.BudgetOf(time.Duration(tt.weeks) * time.Minute), Calendar: rarely}}}
		h := read(conversation(t, eventsOf(t, "0 message chat")...), 0)
		for f := range p.Findings(h) {
			text, err := json.Marshal(f)
			if f.Due.IsZero() != (tt.year == 0) || tt.year != 0 && f.Due.Year() != tt.year || f.Margin < 0 || err != nil {
				t.Errorf("%d weeks: due %v, %v, %s, %v", tt.weeks, f.Due, f.Margin, text, err)
			}
		}
	}
}

// Goals at both ends: 0 is none, and 1 is missed by one of 2⁶³−1.
func TestGoalsAtTheEnds(t *testing.T) {
	for _, tt := range []struct {
		goal         stat.Ratio
		tally        standards.Tally
		attained, ok bool
	}{
		{stat.Ratio{}, standards.Tally{Met: 1}, false, false},
		{stat.Ratio{Part: 1, Whole: 1}, standards.Tally{}, false, false},
		{stat.Ratio{Part: 1, Whole: 1}, standards.Tally{Met: math.MaxInt64}, true, true},
		{stat.Ratio{Part: 1, Whole: 1}, standards.Tally{Met: math.MaxInt64 - 1, Breached: 1}, false, true},
		{stat.Ratio{Part: 1, Whole: math.MaxInt64}, standards.Tally{Met: 1, Breached: math.MaxInt64 - 1}, true, true},
		{stat.Ratio{Part: 1, Whole: math.MaxInt64}, standards.Tally{Breached: math.MaxInt64}, false, true},
	} {
		target := standards.Target{Goal: tt.goal}
		if attained, ok := target.Attained(tt.tally); attained != tt.attained || ok != tt.ok {
			t.Errorf("%v of %+v: %v, %v", tt.goal, tt.tally, attained, ok)
		}
	}
	for goal, fine := range map[string]bool{"0%": false, "0.0%": false, "100%": true, "100.000000001%": false, "0.000000001%": true, "1e2%": false, "-1%": false} {
		var p standards.Policy
		err := json.Unmarshal([]byte(`{"targets":[{"measure":"first_response","within":"1h","goal":"`+goal+`"}]}`), &p)
		if (err == nil) != fine {
			t.Errorf("%s: %v", goal, err)
		}
	}
}

// Of three targets of which the second and third share a measure, the third is no promise of
// its own.
func TestTargetsThatShareAMeasure(t *testing.T) {
	within := func(m standards.Measure, d time.Duration) standards.Target {
		return standards.Target{Measure: m, Within: standards.BudgetOf(d), Channels: []metrics.Channel{metrics.Chat}}
	}
	p := standards.Policy{Targets: []standards.Target{
		within(standards.FirstResponse, time.Hour), within(standards.EveryResponse, time.Hour), within(standards.EveryResponse, 2*time.Hour),
		{Measure: standards.EveryResponse, Within: standards.BudgetOf(time.Minute), Agreement: "inner"},
		{Measure: standards.EveryResponse, Within: standards.BudgetOf(time.Second), Agreement: "inner"},
	}}
	h := read(conversation(t, eventsOf(t, "0 message chat, 90m reply ana")...), 2*time.Hour)
	var got []int
	for f := range p.Findings(h) {
		got = append(got, f.Index)
	}
	if want := []int{0, 1, 3}; !slices.Equal(got, want) {
		t.Errorf("targets %v, want %v", got, want)
	}
	h = read(conversation(t, eventsOf(t, "0 message chat")...), 2*time.Hour)
	got = nil
	for f := range p.Open(h) {
		got = append(got, f.Index)
	}
	if want := []int{0, 1, 3}; !slices.Equal(got, want) {
		t.Errorf("open by targets %v, want %v", got, want)
	}
}

// Of two targets for the first response that apply, the first decides: a wait that it
// excuses is not judged by the second.
func TestFirstTargetExcuses(t *testing.T) {
	p := standards.Policy{Targets: []standards.Target{
		{Within: standards.BudgetOf(24 * time.Hour), Channels: []metrics.Channel{metrics.Chat}}, {Within: standards.BudgetOf(time.Hour)},
	}}
	if f, ok := p.FirstResponse(read(conversation(t, eventsOf(t, "0 message chat, 2h resolved")...), 3*time.Hour)); ok {
		t.Errorf("%v", f)
	}
	if f, ok := p.FirstResponse(read(conversation(t, eventsOf(t, "0 message email, 2h resolved")...), 3*time.Hour)); !ok || f.Index != 1 || f.Verdict != standards.Breached {
		t.Errorf("%v, %v", f, ok)
	}
}

// A loop may be left at any finding, whatever comes behind it.
func TestLoopsOverFindingsThatAreLeft(t *testing.T) {
	p := everyMeasure()
	for _, events := range []string{"0 message chat, 1m resolved, 2m message, 3m reply ana", "0 message chat, 1m reply ana, 1h message", "0 message chat, 2h abandoned"} {
		h := read(conversation(t, eventsOf(t, events)...), 2*time.Hour)
		for name, loop := range map[string]func(func(standards.Finding) bool){"Findings": p.Findings(h), "Open": p.Open(h)} {
			var all []standards.Finding
			for f := range loop {
				all = append(all, f)
			}
			for stop := range all {
				n := 0
				for f := range loop {
					if f.Index != all[n].Index || f.Verdict != all[n].Verdict {
						t.Errorf("%s: %s: %v, want %v", events, name, f, all[n])
					}
					if n++; n > stop {
						break
					}
				}
			}
		}
	}
	f := standards.Finding{}
	for range p.Findings(read(conversation(t, eventsOf(t, "0 message chat")...), 20*time.Hour)) {
		for g := range p.Findings(read(conversation(t, eventsOf(t, "0 message chat")...), 20*time.Hour)) {
			f = g
			break
		}
		break
	}
	n := 0
	for range f.Escalations() {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d steps of %v", n, f)
	}
	scores := standards.NewScores(metrics.Facet.Channel, p, 1)
	if err := logOf(t, "0 message chat", "0 message email").Read(metrics.Rules{}, after(time.Hour)).Into(scores); err != nil {
		t.Fatal(err)
	}
	n = 0
	for range scores.Keys() {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d keys", n)
	}
}

// What proves a wait that began on hold is the pause that was there, and not one that had
// ended; and of a priority, the event that set it.
func TestEvidenceFromBefore(t *testing.T) {
	log := logOf(t, "0 message chat, 10s reply ana, 1m paused customer, 2m message, 130s reply ana, 150s paused parts, 3m message")
	if err := log.Append(metrics.Prioritized{Conversation: "a", At: after(20 * time.Second), Priority: "high"}); err != nil {
		t.Fatal(err)
	}
	p := one(standards.NextResponse, time.Hour)
	p.Targets[0].Priorities = []metrics.Priority{"high"}
	n := 0
	for h := range log.Read(metrics.Rules{PauseStopsWaits: metrics.AnyReason}, after(4*time.Hour)).Histories() {
		for f := range p.Findings(h) {
			if n++; n < 2 {
				continue
			}
			var got []string
			for _, e := range f.Evidence(h.Conversation()) {
				r := metrics.RecordOf(e)
				got = append(got, fmt.Sprint(r.Type, " ", r.At.Sub(start)))
			}
			if want := []string{"prioritized 20s", "paused 2m30s", "message_received 3m0s"}; !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		}
	}
	if n != 2 {
		t.Errorf("%d findings", n)
	}
}

// The zero values say that there is nothing.
func TestZeroResults(t *testing.T) {
	if text := (standards.Finding{}).String(); text != "no promise" {
		t.Error(text)
	}
	var scores standards.Scores[string]
	if by := standards.Regroup(&scores, func(k string) int { return len(k) }); len(by.Total()) != 0 {
		t.Errorf("%v", by.Total())
	}
	rarely, err := calendar.New(calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{time.Monday: {calendar.MustParseHours("09:00-09:01")}}})
	if err != nil {
		t.Fatal(err)
	}
	for within, hours := range map[standards.Budget]metrics.Calendar{standards.BudgetOf(math.MaxInt64): rarely, standards.BusinessDays(10_000_000): weekdays(t)} {
		target := standards.Target{Within: within, Calendar: hours}
		if due, ok := target.Due(metrics.Wait{Start: start}); ok {
			t.Errorf("%v: due %v", within, due)
		}
	}
}

// Names are stored as text, and unknown ones leave what was there.
func TestNamesInADatabase(t *testing.T) {
	m, v, f := standards.TimeWith, standards.Breached, standards.Offered
	for _, tt := range []struct {
		value interface{ Value() (driver.Value, error) }
		scan  func(any) error
		want  string
	}{
		{m, m.Scan, "time_with"}, {v, v.Scan, "breached"}, {f, f.Scan, "offered"},
	} {
		if text, err := tt.value.Value(); err != nil || text != tt.want {
			t.Errorf("%v, %v, want %s", text, err, tt.want)
		}
		if err := tt.scan("nonsense"); err == nil {
			t.Errorf("%s: nonsense is taken", tt.want)
		}
		if err := tt.scan([]byte(tt.want)); err != nil {
			t.Error(err)
		}
	}
	if err := errors.Join(m.UnmarshalText([]byte("periodic_update")), v.Scan(nil), f.Scan("short_met")); err != nil || m != standards.PeriodicUpdate || v != standards.Pending || f != standards.ShortMet {
		t.Errorf("%v: %v, %v, %v", err, m, v, f)
	}
	if m.UnmarshalText([]byte("nonsense")) == nil || m != standards.PeriodicUpdate || v.UnmarshalText([]byte("Met")) == nil || v != standards.Pending ||
		f.UnmarshalText(nil) == nil || f != standards.ShortMet {
		t.Errorf("%v, %v, %v after what is unknown", m, v, f)
	}
}

// An empty board has a list of rows, and says as of when.
func TestEmptyBoardJSON(t *testing.T) {
	for _, board := range []*standards.Board{new(standards.Board), boardOf(t, new(metrics.EventLog), everyMeasure(), after(0))} {
		if text := jsonOf(t, board); !strings.HasSuffix(text, `"rows":[]}`) {
			t.Error(text)
		}
	}
}

// zeroFields returns the names of the fields of a struct that have no value, and of those of
// the structs in it.
func zeroFields(v reflect.Value) (names []string) {
	for i := range v.NumField() {
		field, of := v.Field(i), v.Type().Field(i)
		if !of.IsExported() {
			continue
		}
		if field.IsZero() {
			names = append(names, of.Name)
		} else if of.Type.PkgPath() == "" && field.Kind() == reflect.Struct || of.Anonymous {
			names = append(names, zeroFields(field)...)
		}
	}
	return names
}

// Every field of what is handed out has a value where there is something to say.
func TestFieldsOfResults(t *testing.T) {
	target := standards.Target{
		Name: "answer", Measure: standards.EveryResponse, Within: standards.BudgetOf(time.Hour), Warn: ratio(1, 2), Goal: ratio(1, 2),
		Escalations: []standards.Escalation{{Name: "late", After: time.Minute}},
	}
	p := standards.Policy{Targets: []standards.Target{{Measure: standards.FirstResponse, Within: standards.BudgetOf(time.Hour)}, target}}
	log := logOf(t, "0 opened high, 0 message chat, 1m assigned ana first, 10m paused, 20m resumed, 3h reply ana", "0 message chat, 40m assigned ana first", "0 message chat, 1m reply ana")
	if err := log.Append(metrics.Assigned{Conversation: "b", At: after(41 * time.Minute), Agent: "ana", Team: "first"}); err != nil {
		t.Fatal(err)
	}
	fields := make(map[string]bool)
	check := func(f *standards.Finding) {
		v := reflect.ValueOf(f).Elem()
		for i := range v.NumField() {
			if of := v.Type().Field(i); of.IsExported() && !v.Field(i).IsZero() {
				fields[of.Name] = true
			}
		}
	}
	reading := log.Read(metrics.Rules{PauseStopsWaits: metrics.AnyReason}, after(50*time.Minute))
	late := log.Read(metrics.Rules{PauseStopsWaits: metrics.AnyReason}, after(5*time.Hour))
	for _, r := range []metrics.Reading{reading, late} {
		for h := range r.Histories() {
			for f := range p.Findings(h) {
				check(&f)
			}
		}
	}
	if want := reflect.TypeFor[standards.Finding](); len(fields) != 20 {
		var missing []string
		for i := range want.NumField() {
			if of := want.Field(i); of.IsExported() && !fields[of.Name] {
				missing = append(missing, of.Name)
			}
		}
		t.Errorf("%d fields have a value; not %v", len(fields), missing)
	}
	scores := standards.NewScores(metrics.Facet.Channel, p, 3)
	if err := late.Into(scores); err != nil {
		t.Fatal(err)
	}
	for _, a := range scores.Group(metrics.Chat) {
		if zero := zeroFields(reflect.ValueOf(a)); !slices.Equal(zero, []string{"Unmeasured"}) {
			t.Errorf("%v: %v", a, zero)
		}
	}
}

// Whatever is read is written and read again as the same, and two of them add up, in either
// order, to what can be stored, or not at all.
func FuzzTallyJSON(f *testing.F) {
	f.Add([]byte(`{"met":1,"breached":2,"pending":3,"excluded":4}`))
	f.Add([]byte(`{"met":9223372036854775807,"breached":0,"pending":0}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var tally standards.Tally
		if tally.UnmarshalJSON(data) != nil {
			return
		}
		for _, other := range []standards.Tally{tally, {Met: 1}, {Excluded: math.MaxInt64}} {
			left, right := tally, other
			if errLeft, errRight := left.Merge(other), right.Merge(tally); (errLeft == nil) != (errRight == nil) || errLeft == nil && left != right {
				t.Fatalf("%+v, %v, and the other way round %+v, %v", left, errLeft, right, errRight)
			}
			text, err := json.Marshal(left)
			var again standards.Tally
			if err != nil || again.UnmarshalJSON(text) != nil || again != left {
				t.Fatalf("%+v is %s, %v, and reads as %+v", left, text, err, again)
			}
		}
	})
}

// Whatever is read is written as something that reads as the same, and adds up.
func FuzzScoresJSON(f *testing.F) {
	policy := everyMeasure()
	policy.Targets[4].Calendar = shifts("....oooooooo..o")
	empty := func() *standards.Scores[metrics.Channel] {
		return standards.NewScores(metrics.Facet.Channel, policy, 2)
	}
	log := logOf(f, "0 message chat, 10m paused, 20m resumed, 4h reply ana, 5h message", "0 message email, 1m assigned ana first, 4h abandoned", "0 message chat, 2h resolved")
	scores := empty()
	if err := log.Read(metrics.Rules{PauseStopsWaits: metrics.AnyReason}, after(9*time.Hour)).Into(scores); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(jsonOf(f, scores)))
	f.Fuzz(func(t *testing.T, data []byte) {
		read := empty()
		if read.UnmarshalJSON(data) != nil {
			return
		}
		text := []byte(jsonOf(t, read)) // with what follows from the rest
		for range 2 {
			again := empty()
			if err := again.UnmarshalJSON(text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			second := []byte(jsonOf(t, again))
			if !bytes.Equal(second, text) {
				t.Fatalf("%s, want %s", second, text)
			}
			for range again.Total() {
			}
		}
	})
}
