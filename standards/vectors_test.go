package standards_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

// vector is a case from the tests or the documents of another helpdesk, which its
// source names.
//
// Where helpdesks disagree, "expected" is what holds here, and "alternatives" what
// others say:
//
//   - zammad-12: a budget that ends with the hours is due at closing time, not at
//     the next opening.
//   - chatwoot-22: what was resolved late is breached, whenever somebody looked.
//   - chatwoot-23: a miss counts once for each wait, not for each message.
//   - chatwoot-32: what was closed in time without an answer is excluded: no miss,
//     and no answer either.
//   - libredesk-16: seconds are not cut off at closing time.
type vector struct {
	ID       string           `json:"id"`
	Source   string           `json:"source"`
	Calendar *calendar.Config `json:"calendar"`
	Policy   struct {
		Budget  int64            `json:"budget_s"`
		Targets map[string]int64 `json:"targets_s"`
		Days    int              `json:"budget_business_days"`
		Pauses  []string         `json:"pause_states"`
	} `json:"policy"`
	Timeline []struct {
		At       time.Time        `json:"t"`
		Kind     string           `json:"kind"`
		To       string           `json:"to"`
		Priority metrics.Priority `json:"priority"`
	} `json:"timeline"`
	EvaluateAt time.Time                  `json:"evaluate_at"`
	Expected   map[string]json.RawMessage `json:"expected"`
}

// leftOut are the vectors, or parts of them, that are not tested, and why.
func leftOut() map[string]string {
	return map[string]string{
		"biz-08 before_90s_from_16:01:30": "counting back is a question for a calendar",
		"chatwoot-20 first_response_s":    "a time metric, of package metrics",
		"chatwoot-22 resolution_s":        "a time metric",
		"chatwoot-32 reply_times_s":       "a time metric",
		"chatwoot-32 open_turns":          "a count of package metrics",
	}
}

// conversation returns the events. The clock of these helpdesks starts when the
// record is created.
func (v *vector) conversation(t *testing.T) metrics.Conversation {
	t.Helper()
	var events []metrics.Event
	for _, s := range v.Timeline {
		switch s.Kind {
		case "created", "clock_start":
			events = append(events, metrics.Opened{Conversation: "1", At: s.At, Priority: s.Priority})
		case "customer_message":
			events = append(events, metrics.MessageReceived{Conversation: "1", At: s.At})
		case "agent_reply":
			events = append(events, metrics.ReplySent{Conversation: "1", At: s.At, Agent: "ana"})
		case "resolved", "closed", "clock_stop":
			events = append(events, metrics.Resolved{Conversation: "1", At: s.At})
		case "state":
			if s.To == "waiting" || strings.HasPrefix(s.To, "pending") {
				events = append(events, metrics.Paused{Conversation: "1", At: s.At})
			} else {
				events = append(events, metrics.Resumed{Conversation: "1", At: s.At})
			}
		default:
			t.Fatalf("%s: kind %q", v.ID, s.Kind)
		}
	}
	return conversation(t, events...)
}

// rules returns those by which the helpdesk reads. Zammad stops every clock on
// hold, others that of the resolution only.
func (v *vector) rules() metrics.Rules {
	return metrics.Rules{FirstResponseFrom: metrics.FromOpened, PauseStopsWaits: waitsStop(strings.HasPrefix(v.ID, "zammad"))}
}

// policy returns the targets of the helpdesk by its names for what they measure.
func (v *vector) policy(t *testing.T) standards.Policy {
	t.Helper()
	var p standards.Policy
	var hours metrics.Calendar
	if v.Calendar != nil {
		c, err := calendar.New(*v.Calendar)
		if err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
		hours = c
	}
	add := func(name string, m standards.Measure, seconds int64) {
		p.Targets = append(p.Targets, standards.Target{Name: name, Measure: m, Within: standards.BudgetOf(time.Duration(seconds) * time.Second), Calendar: hours})
	}
	if v.Policy.Days > 0 {
		within := standards.EndOfBusinessDay(v.Policy.Days)
		p.Targets = append(p.Targets,
			standards.Target{Name: "resolution", Measure: standards.FirstResolution, Within: within, Calendar: hours},
			standards.Target{Name: "own", Measure: standards.TimeToAssign, Within: within, Calendar: hours},
		)
	}
	for name, seconds := range v.Policy.Targets {
		switch name {
		case "first_response":
			add(name, standards.FirstResponse, seconds)
		case "next_response":
			// Zammad asks when the next answer is due before there has been a
			// first one.
			if strings.HasPrefix(v.ID, "zammad") {
				add(name, standards.EveryResponse, seconds)
			} else {
				add(name, standards.NextResponse, seconds)
			}
		case "resolution":
			add(name, standards.FirstResolution, seconds)
		case "own":
			add(name, standards.TimeToAssign, seconds)
		default:
			t.Fatalf("%s: target %q", v.ID, name)
		}
	}
	if v.Policy.Budget > 0 {
		add("deadline", standards.FirstResolution, v.Policy.Budget)
	}
	if v.ID == "biz-08" {
		add("deadline", standards.FirstResolution, 90)
	}
	return p
}

func parse[T any](t *testing.T, raw json.RawMessage) (v T) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/deadlines.json")
	if err != nil {
		t.Fatal(err)
	}
	vectors := parse[[]vector](t, data)
	out := leftOut()
	checked := 0
	for i := range vectors {
		v := &vectors[i]
		if _, ok := out[v.ID]; ok {
			delete(out, v.ID)
			continue
		}
		for key, raw := range v.Expected {
			if _, ok := out[v.ID+" "+key]; ok {
				delete(out, v.ID+" "+key)
				continue
			}
			v.check(t, key, raw)
			checked++
		}
	}
	if len(out) > 0 || len(vectors) != 41 || checked < 60 {
		t.Errorf("%d vectors, %d expectations checked; left out but not there: %v", len(vectors), checked, out)
	}
}

// check compares one expectation.
func (v *vector) check(t *testing.T, key string, raw json.RawMessage) {
	t.Helper()
	c, p := v.conversation(t), v.policy(t)
	now := v.EvaluateAt
	if now.IsZero() {
		now = v.Timeline[len(v.Timeline)-1].At
	}
	find := func(name string, asOf time.Time) []standards.Finding {
		var all []standards.Finding
		for f := range p.Findings(c.Read(v.rules(), asOf)) {
			if f.Target.Name == name {
				all = append(all, f)
			}
		}
		return all
	}
	only := func(name string, asOf time.Time) standards.Finding {
		all := find(name, asOf)
		if len(all) != 1 {
			t.Fatalf("%s %s: %d findings", v.ID, key, len(all))
		}
		return all[0]
	}
	fail := func(got any) { t.Errorf("%s (%s) %s: %v, want %s", v.ID, v.Source, key, got, raw) }
	due := func(name string, want json.RawMessage) {
		if got := only(name, now).Due; !got.Equal(parse[time.Time](t, want)) {
			fail(got)
		}
	}
	seconds := func(got time.Duration) {
		if got != time.Duration(parse[int64](t, raw))*time.Second {
			fail(got)
		}
	}
	breaches := func(name string) (n int) {
		for _, f := range find(name, now) {
			if f.Verdict == standards.Breached {
				n++
			}
		}
		return n
	}
	escalated := func(name string, step standards.Escalation, want json.RawMessage) {
		f := only(name, now.AddDate(0, 1, 0))
		target := *f.Target
		target.Escalations = []standards.Escalation{step}
		f.Target = &target
		var steps []time.Time
		for at := range f.Escalations() {
			steps = append(steps, at)
		}
		if len(steps) != 1 || !steps[0].Equal(parse[time.Time](t, want)) {
			fail(steps)
		}
	}
	measure, isDue := strings.CutSuffix(key, "_due")
	breached, isBreached := strings.CutSuffix(key, "_breached")
	switch {
	case isDue:
		due(measure, raw)
	case isBreached:
		if got := breaches(breached) > 0; got != parse[bool](t, raw) {
			fail(got)
		}
	case key == "deadline" && v.Policy.Days > 0:
		due("resolution", raw)
	case key == "deadline" || key == "deadline_utc" || key == "after_90s":
		due("deadline", raw)
	case key == "next_response_breached_turns":
		if got := breaches("next_response"); got != parse[int](t, raw) {
			fail(got)
		}
	case key == "turns_closed_without_reply":
		n := 0
		for _, f := range find("next_response", now) {
			if f.Verdict == standards.Excluded {
				n++
			}
		}
		if n != parse[int](t, raw) {
			fail(n)
		}
	case key == "resolution_s" || key == "business_s":
		name := "deadline"
		if key == "resolution_s" {
			name = "resolution"
		}
		seconds(only(name, now).Used)
	case key == "resolution_margin_s":
		seconds(only("resolution", now).Left)
	case key == "first_response_s":
		seconds(only("first_response", now).Used)
	case key == "first_response_late_by_s":
		seconds(max(0, -only("first_response", now).Margin))
	case key == "waiting_s":
		seconds(only("first_response", now).Used)
	case key == "remaining_s_at":
		for at, left := range parse[map[string]int64](t, raw) {
			asOf := parse[time.Time](t, json.RawMessage(`"`+at+`"`))
			if got := only("deadline", asOf).Left; got != time.Duration(left)*time.Second {
				fail(got)
			}
		}
	case key == "hold_business_s":
		f := only("resolution", now)
		open := f.Target.Calendar.Between(f.Start, now)
		seconds(open - f.Used)
	case key == "warnings":
		for _, w := range parse[[]map[string]json.RawMessage](t, raw) {
			step := standards.Escalation{After: time.Duration(parse[int64](t, w["offset_s"])) * time.Second}
			escalated("resolution", step, w["resolution"])
			escalated("own", step, w["own"])
		}
	case key == "warning_minus_2_business_days":
		escalated("resolution", standards.Escalation{Days: -2}, raw)
	case key == "warning_plus_2h":
		for name, at := range parse[map[string]json.RawMessage](t, raw) {
			escalated(name, standards.Escalation{After: 2 * time.Hour}, at)
		}
	case strings.HasPrefix(key, "resolution_due_hold_"):
		// A hold of so many seconds of service, within the hours.
		held, err := time.ParseDuration(strings.TrimPrefix(key, "resolution_due_hold_") + "s")
		if err != nil {
			t.Fatal(err)
		}
		begin := v.Timeline[0].At
		c = conversation(t,
			metrics.Opened{Conversation: "1", At: begin},
			metrics.Paused{Conversation: "1", At: begin.Add(time.Hour)},
			metrics.Resumed{Conversation: "1", At: begin.Add(time.Hour + held)},
		)
		now = begin.Add(time.Hour + held)
		due("resolution", raw)
	default:
		t.Errorf("%s: nothing checks %s", v.ID, key)
	}
}
