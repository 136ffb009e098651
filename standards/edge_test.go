package standards_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

// eventsOf reads events written as a time after Monday 9:00, a word, and a name,
// such as "0 message chat, 1h reply ana".
func eventsOf(t testing.TB, script string) []metrics.Event {
	t.Helper()
	var events []metrics.Event
	for _, step := range strings.Split(script, ", ") {
		var offset, what, who string
		if n, _ := fmt.Sscan(step, &offset, &what, &who); n < 2 {
			t.Fatalf("%q is no step", step)
		}
		d, err := time.ParseDuration(offset)
		if err != nil {
			t.Fatal(err)
		}
		at, agent, channel := after(d), metrics.AgentID(who), metrics.Channel(who)
		switch what {
		case "opened":
			events = append(events, metrics.Opened{Conversation: "1", At: at, Priority: metrics.Priority(who)})
		case "message":
			events = append(events, metrics.MessageReceived{Conversation: "1", At: at, Channel: channel})
		case "reply":
			events = append(events, metrics.ReplySent{Conversation: "1", At: at, Agent: agent})
		case "bot":
			events = append(events, metrics.ReplySent{Conversation: "1", At: at, Agent: agent, By: metrics.ByAutomation})
		case "assistant":
			events = append(events, metrics.ReplySent{Conversation: "1", At: at, Agent: "helper", By: metrics.ByAssistant})
		case "assigned":
			events = append(events, metrics.Assigned{Conversation: "1", At: at, Agent: agent})
		case "paused":
			events = append(events, metrics.Paused{Conversation: "1", At: at, For: metrics.HoldReason(who)})
		case "resumed":
			events = append(events, metrics.Resumed{Conversation: "1", At: at})
		case "resolved":
			events = append(events, metrics.Resolved{Conversation: "1", At: at, Agent: agent})
		case "reopened":
			events = append(events, metrics.Reopened{Conversation: "1", At: at})
		case "abandoned":
			events = append(events, metrics.Abandoned{Conversation: "1", At: at})
		case "merged":
			events = append(events, metrics.Merged{Conversation: "1", At: at, Into: "2"})
		case "discarded":
			events = append(events, metrics.Discarded{Conversation: "1", At: at})
		case "rated":
			events = append(events, metrics.RatingGiven{Conversation: "1", At: at, Stars: 5})
		default:
			t.Fatalf("%q is no event", what)
		}
	}
	return events
}

// weekdays is a desk that is open from 9 to 17 o'clock in Berlin, from Monday to
// Friday. Monday 2026-03-02, 9:00 UTC, is 10 o'clock there.
func weekdays(t testing.TB) *calendar.Calendar {
	t.Helper()
	hours := []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	var week calendar.Weekly
	for d := time.Monday; d <= time.Friday; d++ {
		week[d] = hours
	}
	c, err := calendar.New(calendar.Config{Timezone: "Europe/Berlin", Weekly: week})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// findings writes what a policy says as "measure verdict due left", with the times
// after Monday 9:00.
func findings(p standards.Policy, h *metrics.History) string {
	var all []string
	for f := range p.Findings(h) {
		due := "never"
		if !f.Due.IsZero() {
			due = f.Due.Sub(start).String()
		}
		text := fmt.Sprintf("%v %v due %s left %v", f.Target.Measure, f.Verdict, due, f.Left)
		if f.Warning {
			text += " warning"
		}
		if f.Target.Name != "" {
			text = f.Target.Name + ": " + text
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func one(m standards.Measure, within time.Duration) standards.Policy {
	return standards.Policy{Targets: []standards.Target{{Measure: m, Within: standards.BudgetOf(within)}}}
}

func TestEdges(t *testing.T) {
	hours := weekdays(t)
	inHours := func(m standards.Measure, within time.Duration) standards.Policy {
		p := one(m, within)
		p.Targets[0].Calendar = hours
		return p
	}
	const unlessByRule = "unless by rule"
	for _, tt := range []struct {
		name, script string
		policy       standards.Policy
		asOf         time.Duration
		want         string
	}{
		{
			"reply exactly at the deadline", "0 message, 1h reply", one(standards.FirstResponse, time.Hour),
			2 * time.Hour, "first_response met due 1h0m0s left 0s",
		},
		{
			"reply a nanosecond late", "0 message, 1h1ns reply", one(standards.FirstResponse, time.Hour),
			2 * time.Hour, "first_response breached due 1h0m0s left -1ns",
		},
		{
			"deadline at closing time", "6h message, 7h reply", inHours(standards.FirstResponse, time.Hour),
			48 * time.Hour, "first_response met due 7h0m0s left 0s",
		},
		{
			"answer in closed hours after a deadline at closing time", "6h message, 8h reply", inHours(standards.FirstResponse, time.Hour),
			48 * time.Hour, "first_response breached due 7h0m0s left 0s",
		},
		{
			"answer in closed hours before the deadline", "6h30m message, 12h reply", inHours(standards.FirstResponse, time.Hour),
			48 * time.Hour, "first_response met due 23h30m0s left 30m0s",
		},
		{
			"asked and answered in closed hours", "10h message, 11h reply", inHours(standards.FirstResponse, time.Hour),
			48 * time.Hour, "first_response met due 24h0m0s left 1h0m0s",
		},
		{
			"open a nanosecond before the deadline", "0 message", one(standards.FirstResponse, time.Hour),
			time.Hour - 1, "first_response pending due 1h0m0s left 1ns",
		},
		{
			"open at the deadline is breached at once", "0 message", one(standards.FirstResponse, time.Hour),
			time.Hour, "first_response breached due 1h0m0s left 0s",
		},
		{
			"resolved late between two looks", "0 message, 2h resolved", one(standards.FirstResolution, time.Hour),
			2*time.Hour + 1, "first_resolution breached due 1h0m0s left -1h0m0s",
		},
		{
			"reopened after breach: the first resolution stays broken", "0 message, 2h resolved, 3h reopened", one(standards.FirstResolution, time.Hour),
			4 * time.Hour, "first_resolution breached due 1h0m0s left -1h0m0s",
		},
		{
			"reopened after breach: so does the full one", "0 message, 2h resolved, 3h reopened, 3h1m resolved", one(standards.FullResolution, time.Hour),
			4 * time.Hour, "full_resolution breached due 1h0m0s left -2h1m0s",
		},
		{
			"reopened in time: the first resolution was kept", "0 message, 1h resolved, 2h reopened", one(standards.FirstResolution, 4*time.Hour),
			9 * time.Hour, "first_resolution met due 4h0m0s left 3h0m0s",
		},
		{
			"reopened in time: the full one is open again", "0 message, 1h resolved, 2h reopened", one(standards.FullResolution, 4*time.Hour),
			3 * time.Hour, "full_resolution pending due 4h0m0s left 1h0m0s",
		},
		{
			"reopened after the deadline of a full resolution that was kept", "0 message, 1h resolved, 5h reopened", one(standards.FullResolution, 4*time.Hour),
			5 * time.Hour, "full_resolution breached due 4h0m0s left -1h0m0s",
		},
		{
			"hold before the deadline moves it", "0 message, 30m paused, 2h resumed, 2h30m resolved", one(standards.FirstResolution, time.Hour),
			9 * time.Hour, "first_resolution met due 2h30m0s left 0s",
		},
		{
			"hold at the deadline does not", "0 message, 1h paused, 2h resumed, 2h30m resolved", one(standards.FirstResolution, time.Hour),
			9 * time.Hour, "first_resolution breached due 1h0m0s left -30m0s",
		},
		{
			"hold after the deadline does not", "0 message, 90m paused, 2h resumed, 2h30m resolved", one(standards.FirstResolution, time.Hour),
			9 * time.Hour, "first_resolution breached due 1h0m0s left -1h0m0s",
		},
		{
			"on hold there is no deadline", "0 message, 30m paused", one(standards.FirstResolution, time.Hour),
			9 * time.Hour, "first_resolution pending due never left 30m0s",
		},
		{
			"on hold after the deadline it is breached", "0 message, 90m paused", one(standards.FirstResolution, time.Hour),
			9 * time.Hour, "first_resolution breached due 1h0m0s left -30m0s",
		},
		{
			"resolved on hold", "0 message, 30m paused, 5h resolved", one(standards.FirstResolution, time.Hour),
			9 * time.Hour, "first_resolution met due 5h30m0s left 30m0s",
		},
		{
			"a hold outside the hours shifts nothing", "6h message, 8h paused, 20h resumed, 22h30m resolved", inHours(standards.FirstResolution, 90*time.Minute),
			48 * time.Hour, "first_resolution met due 23h30m0s left 30m0s",
		},
		{
			"pauses stop resolutions only", "0 message, 30m paused, 2h resumed, 2h30m reply", one(standards.FirstResponse, time.Hour),
			9 * time.Hour, "first_response breached due 1h0m0s left -1h30m0s",
		},
		{
			unlessByRule, "0 message, 30m paused, 2h resumed, 2h30m reply", one(standards.FirstResponse, time.Hour),
			9 * time.Hour, "first_response met due 2h30m0s left 0s",
		},
		{
			"every response", "0 message, 1h reply, 2h message, 4h reply, 5h message", one(standards.EveryResponse, time.Hour),
			5*time.Hour + 30*time.Minute, "every_response met due 1h0m0s left 0s; every_response breached due 3h0m0s left -1h0m0s; every_response pending due 6h0m0s left 30m0s",
		},
		{
			"next response", "0 message, 1h reply, 2h message, 4h reply, 5h message", one(standards.NextResponse, time.Hour),
			5*time.Hour + 30*time.Minute, "next_response breached due 3h0m0s left -1h0m0s; next_response pending due 6h0m0s left 30m0s",
		},
		{
			"nudges are one wait", "0 message, 1h message, 2h message, 3h resolved", one(standards.EveryResponse, time.Hour),
			9 * time.Hour, "every_response breached due 1h0m0s left -2h0m0s",
		},
		{
			"thanks, and resolved in time", "0 message, 1h reply, 2h message, 2h30m resolved", one(standards.NextResponse, time.Hour),
			9 * time.Hour, "next_response excluded due 3h0m0s left 30m0s",
		},
		{
			"closed in time and silent", "0 message, 30m resolved", one(standards.FirstResponse, time.Hour),
			9 * time.Hour, "first_response excluded due 1h0m0s left 30m0s",
		},
		{
			"moved in time", "0 message, 30m merged", one(standards.FirstResolution, time.Hour),
			9 * time.Hour, "first_resolution excluded due 1h0m0s left 30m0s",
		},
		{
			"moved when overdue", "0 message, 2h merged", one(standards.FirstResolution, time.Hour),
			9 * time.Hour, "first_resolution breached due 1h0m0s left -1h0m0s",
		},
		{
			"assigned at the deadline", "0 message, 10m assigned ana, 20m assigned ben", one(standards.TimeToAssign, 10*time.Minute),
			9 * time.Hour, "time_to_assign met due 10m0s left 0s",
		},
		{
			"nobody is in charge", "0 message, 5m reply ana", one(standards.TimeToAssign, 10*time.Minute),
			9 * time.Hour, "time_to_assign breached due 10m0s left -8h50m0s",
		},
		{
			"an update is due though the customer is silent", "0 message, 1h reply, 6h reply", one(standards.PeriodicUpdate, 3*time.Hour),
			7 * time.Hour, "periodic_update met due 3h0m0s left 2h0m0s; periodic_update breached due 4h0m0s left -2h0m0s; periodic_update pending due 9h0m0s left 2h0m0s",
		},
		{
			"no update is due when it is resolved", "0 message, 1h reply, 2h resolved", one(standards.PeriodicUpdate, 3*time.Hour),
			9 * time.Hour, "periodic_update met due 3h0m0s left 2h0m0s; periodic_update excluded due 4h0m0s left 2h0m0s",
		},
	} {
		rules := metrics.Rules{PauseStopsWaits: waitsStop(tt.name == unlessByRule)}
		events := eventsOf(t, tt.script)
		slices.Reverse(events)
		if got := findings(tt.policy, conversation(t, events...).Read(rules, after(tt.asOf))); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// The share of the budget, and not of the time until the deadline, decides when a
// deadline is near.
func TestWarning(t *testing.T) {
	p := one(standards.FirstResponse, time.Hour)
	p.Targets[0].Warn = ratio(3, 4)
	c := conversation(t, eventsOf(t, "0 message")...)
	for _, tt := range []struct {
		asOf time.Duration
		want bool
	}{{0, false}, {45*time.Minute - 1, false}, {45 * time.Minute, true}, {time.Hour - 1, true}, {time.Hour, false}} {
		if f, ok := p.FirstResponse(read(c, tt.asOf)); !ok || f.Warning != tt.want {
			t.Errorf("as of %v: warning %v, want %v", tt.asOf, f.Warning, tt.want)
		}
	}
	c = conversation(t, eventsOf(t, "0 message, 50m reply")...)
	if f, _ := p.FirstResponse(read(c, time.Hour)); f.Warning {
		t.Error("a warning of what is met")
	}
}

func TestMarginIsAroundTheClock(t *testing.T) {
	p := one(standards.FirstResponse, time.Hour)
	p.Targets[0].Calendar = weekdays(t)
	c := conversation(t, eventsOf(t, "6h message, 20h reply")...)
	f, ok := p.FirstResponse(read(c, 48*time.Hour))
	if !ok || f.Verdict != standards.Breached || f.Left != 0 || f.Used != time.Hour || f.Margin != -13*time.Hour {
		t.Error(f)
	}
}

func TestFirstMatchWins(t *testing.T) {
	gold := func(h *metrics.History) bool { return h.Customer() == "gold" }
	change := after(10 * time.Hour)
	policy := standards.Policy{Targets: []standards.Target{
		{Name: "gold", Within: standards.BudgetOf(time.Minute), When: gold},
		{Name: "chat, urgent", Within: standards.BudgetOf(2 * time.Minute), Channels: []metrics.Channel{metrics.Chat, metrics.SMS}, Priorities: []metrics.Priority{"urgent", "high"}},
		{Name: "chat until the change", Within: standards.BudgetOf(3 * time.Minute), Channels: []metrics.Channel{metrics.Chat}, Until: change},
		{Name: "chat from the change", Within: standards.BudgetOf(4 * time.Minute), Channels: []metrics.Channel{metrics.Chat}, From: change},
		{Name: "resolved", Measure: standards.FirstResolution, Within: standards.BudgetOf(5 * time.Minute)},
		{Name: "default", Within: standards.BudgetOf(6 * time.Minute)},
		{Name: "inner", Agreement: "second line", Within: standards.BudgetOf(7 * time.Minute)},
	}}
	if err := policy.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ script, want string }{
		{"0 message chat", "chat until the change, resolved, inner"},
		{"0 message phone", "default, resolved, inner"},
		{"0 opened urgent, 0 message chat", "chat, urgent, resolved, inner"},
		{"0 opened high, 0 message sms", "chat, urgent, resolved, inner"},
		{"0 opened urgent, 0 message phone", "default, resolved, inner"},
		{"0 opened low, 0 message chat", "chat until the change, resolved, inner"},
		// What started before the change is held to the old target, however long it
		// takes, and at the instant of the change the new one holds.
		{"9h59m message chat, 20h reply", "chat until the change, resolved, inner"},
		{"10h message chat", "chat from the change, resolved, inner"},
		// A priority that is named later holds from the beginning.
		{"0 message chat, 1m opened urgent", "chat, urgent, resolved, inner"},
	} {
		var names []string
		c := conversation(t, eventsOf(t, tt.script)...)
		for f := range policy.Findings(read(c, 30*time.Hour)) {
			names = append(names, f.Target.Name)
		}
		if got := strings.Join(names, ", "); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.script, got, tt.want)
		}
	}
	c := conversation(t, metrics.MessageReceived{Conversation: "1", At: start, Customer: "gold", Channel: metrics.Chat})
	if f, ok := policy.FirstResponse(read(c, 0)); !ok || f.Target.Name != "gold" {
		t.Errorf("a predicate that holds is passed over: %+v", f.Target)
	}
}

// An agreement of an inner team is judged beside that with the customer.
func TestAgreementsSideBySide(t *testing.T) {
	policy := standards.Policy{Targets: []standards.Target{
		{Name: "us", Agreement: "second line", Within: standards.BudgetOf(time.Hour)},
		{Name: "customer", Within: standards.BudgetOf(2 * time.Hour)},
	}}
	c := conversation(t, eventsOf(t, "0 message, 90m reply")...)
	if got, want := findings(policy, read(c, 9*time.Hour)),
		"us: first_response breached due 1h0m0s left -30m0s; customer: first_response met due 2h0m0s left 30m0s"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// A call for the standard means that of the customer.
	if f, ok := policy.FirstResponse(read(c, 9*time.Hour)); !ok || f.Target.Name != "customer" {
		t.Errorf("%+v", f.Target)
	}
	if _, ok := (standards.Policy{Targets: policy.Targets[:1]}).FirstResponse(read(c, 9*time.Hour)); ok {
		t.Error("an inner agreement is a promise to the customer")
	}
}

func TestFindingsStop(t *testing.T) {
	policy := standards.Policy{Targets: []standards.Target{{Within: standards.BudgetOf(time.Hour)}, {Measure: standards.EveryResponse, Within: standards.BudgetOf(time.Hour)}}}
	for _, script := range []string{"0 message, 1h reply, 2h message", "0 message, 1m resolved, 2h message"} {
		h := read(conversation(t, eventsOf(t, script)...), 3*time.Hour)
		for range 3 {
			n := 0
			for range policy.Findings(h) {
				if n++; n == 1 {
					break
				}
			}
			for range policy.Open(h) {
				break
			}
		}
	}
}

// The board shows who waits now, though the promise was broken before and is
// counted once.
func TestOpenThoughBrokenBefore(t *testing.T) {
	p := one(standards.FirstResponse, time.Hour)
	h := read(conversation(t, eventsOf(t, "0 message, 2h resolved, 3h message")...), 3*time.Hour+30*time.Minute)
	for f := range p.Findings(h) {
		if f.Verdict != standards.Breached || f.End.IsZero() {
			t.Error(f)
		}
	}
	n := 0
	for f := range p.Open(h) {
		if n++; f.Verdict != standards.Pending || f.Left != 30*time.Minute || !f.Start.Equal(after(3*time.Hour)) {
			t.Errorf("%+v", f)
		}
	}
	if n != 1 {
		t.Errorf("%d rows", n)
	}
}

// An open wait is either for the first response or for the next one.
func TestOpenFirstOrNext(t *testing.T) {
	policy := standards.Policy{Targets: []standards.Target{
		{Measure: standards.NextResponse, Within: standards.BudgetOf(time.Hour)}, {Within: standards.BudgetOf(time.Hour)}, {Measure: standards.EveryResponse, Within: standards.BudgetOf(time.Hour)},
	}}
	for script, want := range map[string]string{
		"0 message":                          "[first_response every_response]",
		"0 message, 1m reply, 2m message":    "[next_response every_response]",
		"0 message, 1m reply":                "[]",
		"0 message, 1m merged":               "[]",
		"0 message, 1m resolved, 2m message": "[first_response every_response]",
	} {
		got := []standards.Measure{}
		for f := range policy.Open(read(conversation(t, eventsOf(t, script)...), time.Hour)) {
			got = append(got, f.Target.Measure)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", script, got, want)
		}
	}
}

// What a resolution waited for ends as it does in its cycle.
func TestOutcomeOfAResolution(t *testing.T) {
	for script, want := range map[string]metrics.Outcome{
		"0 message": metrics.Open, "0 message, 1m resolved": metrics.Answered, "0 message, 1m merged": metrics.Moved,
	} {
		for _, m := range []standards.Measure{standards.FirstResolution, standards.FullResolution} {
			for f := range one(m, time.Hour).Findings(read(conversation(t, eventsOf(t, script)...), time.Hour)) {
				if f.Outcome != want || f.Conversation != "1" {
					t.Errorf("%s: %v, want %v", script, f.Outcome, want)
				}
			}
		}
	}
}

// waitsStop returns for which pauses waits stop: all, or none.
func waitsStop(stop bool) metrics.HoldReasons {
	if stop {
		return metrics.AnyReason
	}
	return ""
}
