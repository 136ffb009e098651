package metrics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// within is Facet.Within by plain comparison.
func within(f metrics.Facet, s metrics.Span) bool {
	return !f.At().Before(s.Start) && (s.End.IsZero() || f.At().Before(s.End))
}

func TestFacetWithin(t *testing.T) {
	ns := func(n int64) time.Time { return time.Unix(0, n) }
	old, far := time.Date(1234, 5, 6, 0, 0, 0, 0, time.UTC), time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		at         int64
		start, end time.Time
		want       bool
	}{
		{10, ns(10), ns(11), true}, // the start is in it
		{10, ns(11), ns(12), false},
		{10, ns(9), ns(10), false}, // the end is not
		{10, ns(9), ns(11), true},
		{10, ns(10), ns(10), false},
		{10, ns(11), ns(9), false},
		{10, ns(10), time.Time{}, true}, // it goes on
		{10, ns(11), time.Time{}, false},
		{lastInstant, ns(0), time.Time{}, true},
		{0, time.Time{}, time.Time{}, true},
		{0, time.Time{}, ns(1), true},
		{0, old, ns(0), false},
		{0, old, far, true},
		{lastInstant, old, far, true},
		{0, old, old.Add(1), false},
		{lastInstant, far, far.Add(1), false},
		{lastInstant, far, time.Time{}, false},
		{10, ns(10).In(time.FixedZone("", 9*3600)), ns(11), true},
	} {
		c, err := metrics.NewConversation(metrics.MessageReceived{Conversation: "7", At: ns(tt.at)})
		if err != nil {
			t.Fatal(err)
		}
		f, s := historyOf(c, metrics.Rules{}).Facet(), metrics.Span{Start: tt.start, End: tt.end}
		if got := f.Within(s); got != tt.want || got != within(f, s) {
			t.Errorf("%d is within %v to %v: %v, plainly %v", tt.at, tt.start, tt.end, got, within(f, s))
		}
	}
}

// keys look at one thing, at several, or at one that depends on another.
func keys(from, to int64) map[string]func(metrics.Facet) string {
	span := metrics.Span{Start: time.Unix(0, from)}
	if to != 0 {
		span.End = time.Unix(0, to)
	}
	days := metrics.Periods{Unit: metrics.Day}
	return map[string]func(metrics.Facet) string{
		"whole":            metrics.Whole,
		"channel":          func(f metrics.Facet) string { return string(f.Channel()) },
		"agent":            func(f metrics.Facet) string { return string(f.Agent()) },
		"customer":         func(f metrics.Facet) string { return string(f.Customer()) },
		"conversation":     func(f metrics.Facet) string { return fmt.Sprint(f.Conversation(), f.Priority()) },
		"channel or agent": channelOrAgent,
		"instant":          func(f metrics.Facet) string { return f.At().String() },
		"day, agent":       func(f metrics.Facet) string { return fmt.Sprint(f.Period(days), f.Agent()) },
		"hour":             func(f metrics.Facet) string { return f.HourOfWeek(nil).String() },
		"within":           func(f metrics.Facet) string { return fmt.Sprint(f.Within(span)) },
		"within, hour":     func(f metrics.Facet) string { return fmt.Sprint(f.Within(span), f.HourOfWeek(nil)) },
		"hour, within":     func(f metrics.Facet) string { return fmt.Sprint(f.HourOfWeek(nil), f.Within(span)) },
	}
}

func TestFacetLaws(t *testing.T) {
	properties := laws(t, 1000)
	properties.Property("a breakdown with Within is one that compares At", prop.ForAll(func(steps []step, rules int, asOf, from, to int64) bool {
		span := metrics.Span{Start: time.Unix(0, from)}
		if to != 0 {
			span.End = time.Unix(0, to)
		}
		log := logOf(t, events(steps, false))
		quick := added(log, rulesOf(rules), asOf, func(f metrics.Facet) string { return fmt.Sprint(f.Within(span)) })
		plain := added(log, rulesOf(rules), asOf, func(f metrics.Facet) string { return fmt.Sprint(within(f, span)) })
		return groupsOf(quick) == groupsOf(plain)
	}, genSteps(), genRules(), genAt(), genAt(), genAt()))
	properties.Property("a breakdown puts each wait where FacetOf says, each conversation where Facet does, and each resolution where FacetOfResolution does", prop.ForAll(func(steps []step, rules int, asOf, from, to int64) string {
		log := logOf(t, events(steps, false))
		for name, key := range keys(from, to) {
			b := added(log, rulesOf(rules), asOf, key)
			want := make(map[string]*[9]int64)
			of := func(f metrics.Facet) *[9]int64 {
				if want[key(f)] == nil {
					want[key(f)] = new([9]int64)
				}
				return want[key(f)]
			}
			for h := range log.Read(rulesOf(rules), time.Unix(0, asOf)).Histories() {
				if h.Counts() {
					of(h.Facet())[7]++
				}
				if w, ok := h.AwaitedResolution(); ok && w.Outcome == metrics.Answered {
					of(h.FacetOfResolution())[8]++
				}
				for _, w := range h.Waits() {
					of(h.FacetOf(w))[w.Outcome]++
				}
			}
			for k := range b.Keys() {
				f := b.Group(k)
				got := [9]int64{
					f.Elapsed.StillWaiting.Count(), f.Elapsed.Response.Count(), f.Elapsed.ByAssistant.Count(), f.Elapsed.ByAutomation.Count(),
					f.ClosedUnanswered, f.Elapsed.Abandoned.Count(), f.Moved, f.Cases, f.Elapsed.FirstResolution.Count(),
				}
				w := want[k]
				if w == nil {
					w = new([9]int64)
				}
				if got != *w {
					return fmt.Sprintf("by %s: %q has %v, want %v", name, k, got, *w)
				}
				delete(want, k)
			}
			if len(want) > 0 {
				return fmt.Sprintf("by %s: %v are not there", name, want)
			}
		}
		return ""
	}, genSteps(), genRules(), genAt(), genAt(), genAt()))
	properties.TestingRun(t)
}

// Waits that begin and end at one instant differ in who answered, the channel and the team.
func TestFacetOfWaitsOfOneInstant(t *testing.T) {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "7", At: nine, Seq: 1, Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: nine, Seq: 2, Agent: "ana"},
		metrics.MessageReceived{Conversation: "7", At: nine, Seq: 3, Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: nine, Seq: 4}, // nobody is named
		metrics.Assigned{Conversation: "7", At: nine, Seq: 5, Agent: "ben", Team: "first"},
		metrics.MessageReceived{Conversation: "7", At: nine, Seq: 6, Channel: metrics.Chat},
		metrics.Resolved{Conversation: "7", At: nine, Seq: 7},
		metrics.Assigned{Conversation: "7", At: nine, Seq: 8, Agent: "cem", Team: "first"},
		metrics.MessageReceived{Conversation: "7", At: nine, Seq: 9, Channel: metrics.Email},
		metrics.Resolved{Conversation: "7", At: nine, Seq: 10},
		metrics.Assigned{Conversation: "7", At: nine, Seq: 11, Agent: "dan", Team: "second"},
		metrics.MessageReceived{Conversation: "7", At: nine, Seq: 12, Channel: metrics.Email},
		metrics.Resolved{Conversation: "7", At: nine, Seq: 13},
	)
	if err != nil {
		t.Fatal(err)
	}
	for credit, want := range map[bool][]string{
		false: {"ana email", "email", "ana chat first", "ana email first", "ana email second"},
		true:  {"ana email", "email", "ben chat first", "cem email first", "dan email second"},
	} {
		h := c.Read(metrics.Rules{CreditAssigned: credit}, nine)
		var got []string
		for _, w := range h.Waits() {
			f := h.FacetOf(w)
			got = append(got, strings.TrimSpace(fmt.Sprint(f.Agent(), " ", f.Channel(), " ", f.Team())))
		}
		if !slices.Equal(got, want) {
			t.Errorf("credit to the assigned %t: %q, want %q", credit, got, want)
		}
	}
}

// A wait that no reply ended belongs to the agent who had the conversation then.
func TestFacetOfWaits(t *testing.T) {
	c, err := metrics.NewConversation(
		metrics.Assigned{Conversation: "7", At: minute(0), Agent: "ana"},
		metrics.MessageReceived{Conversation: "7", At: minute(1), Channel: metrics.Email},
		metrics.Resolved{Conversation: "7", At: minute(2)},
		metrics.MessageReceived{Conversation: "7", At: minute(3), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "7", At: minute(4)}, // nobody is named
		metrics.MessageReceived{Conversation: "7", At: minute(5)},
		metrics.ReplySent{Conversation: "7", At: minute(6), Agent: "ben"},
		metrics.MessageReceived{Conversation: "7", At: minute(7)},
	)
	if err != nil {
		t.Fatal(err)
	}
	h := c.Read(metrics.Rules{}, minute(9))
	for i, want := range []string{"ana email 2", "none chat 4", "ben email 6", "ben email 9"} {
		f := h.FacetOf(h.Waits()[i])
		agent := f.Agent()
		if agent == "" {
			agent = "none"
		}
		if got := fmt.Sprint(agent, " ", f.Channel(), " ", f.At().Sub(minute(0)).Minutes()); got != want || f.Conversation() != "7" {
			t.Errorf("wait %d is of %s, want %s", i, got, want)
		}
	}
	// The others are not in any breakdown.
	updates := h.Updates()
	if last := h.FacetOf(updates[len(updates)-1]); last.Agent() != "ben" || !last.At().Equal(minute(9)) {
		t.Errorf("an update is of %q at %v", last.Agent(), last.At())
	}
	if f := h.FacetOf(metrics.Wait{Agent: "ana", Start: minute(3), End: minute(3)}); f.Agent() != "ana" || f.Channel() != metrics.Email || !f.At().Equal(minute(3)) {
		t.Errorf("a made-up wait is of %q, %q, %v", f.Agent(), f.Channel(), f.At())
	}
	byStart := c.Read(metrics.Rules{ByStart: true}, minute(9))
	if at := byStart.FacetOf(byStart.Waits()[3]).At(); !at.Equal(minute(7)) {
		t.Errorf("by start, it is at %v", at)
	}
	// Before the first event, a conversation is where it is asked about.
	if f := c.Read(metrics.Rules{}, minute(-1)).Facet(); !f.At().Equal(minute(-1)) || f.Agent() != "" || f.Channel() != "" {
		t.Errorf("before its first event it is of %q, %q, %v", f.Agent(), f.Channel(), f.At())
	}
	var none metrics.History
	if f := none.Facet(); !f.At().Equal(time.Unix(0, 0)) || f.Conversation() != "" || !none.FacetOf(metrics.Wait{}).At().Equal(time.Unix(0, 0)) {
		t.Errorf("the zero History is of %q at %v, %v", f.Conversation(), f.At(), none.FacetOf(metrics.Wait{}).At())
	}
}

// The first resolution need not be the end of the first cycle, and there may be none.
func TestFacetOfResolution(t *testing.T) {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "7", At: minute(1), Channel: metrics.Email},
		metrics.Abandoned{Conversation: "7", At: minute(2)},
		metrics.MessageReceived{Conversation: "7", At: minute(3), Channel: metrics.Chat},
		metrics.Resolved{Conversation: "7", At: minute(4), Agent: "ana"},
		metrics.Reopened{Conversation: "7", At: minute(5)},
		metrics.ReplySent{Conversation: "7", At: minute(6), Agent: "ben"},
		metrics.Resolved{Conversation: "7", At: minute(7), Agent: "ben"},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		rules metrics.Rules
		asOf  int
		agent metrics.AgentID
		at    int
	}{
		{metrics.Rules{}, 9, "ana", 4},
		{metrics.Rules{ByStart: true}, 9, "ana", 3},
		{metrics.Rules{}, 4, "ana", 4},
		{metrics.Rules{}, 3, "", 1},
		{metrics.Rules{}, -1, "", -1},
	} {
		f := c.Read(test.rules, minute(test.asOf)).FacetOfResolution()
		if f.Agent() != test.agent || !f.At().Equal(minute(test.at)) || test.at >= 0 && f.Channel() != metrics.Email {
			t.Errorf("%+v as of %d: %q, %q at %v", test.rules, test.asOf, f.Agent(), f.Channel(), f.At())
		}
	}
	if f := new(metrics.History).FacetOfResolution(); f.Agent() != "" || f.Conversation() != "" {
		t.Error("the zero History has a resolution")
	}
}
