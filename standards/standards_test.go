package standards_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return start.Add(d) }

func TestJudge(t *testing.T) {
	target := standards.Target{Within: standards.BudgetOf(time.Hour)}
	ended := func(d time.Duration, o metrics.Outcome) metrics.Wait {
		return metrics.Wait{Start: start, End: after(d), Outcome: o}
	}
	open := metrics.Wait{Start: start}
	tests := []struct {
		name string
		wait metrics.Wait
		asOf time.Time
		want standards.Verdict
		left time.Duration
	}{
		{name: "answered early", wait: ended(20*time.Minute, metrics.Answered), want: standards.Met, left: 40 * time.Minute},
		{name: "answered at once", wait: ended(0, metrics.Answered), want: standards.Met, left: time.Hour},
		{name: "answered at the deadline", wait: ended(time.Hour, metrics.Answered), want: standards.Met},
		{name: "answered a nanosecond late", wait: ended(time.Hour+1, metrics.Answered), want: standards.Breached, left: -1},
		{name: "answered by automation", wait: ended(time.Minute, metrics.AnsweredByAutomation), want: standards.Met, left: 59 * time.Minute},
		{name: "open before the deadline", wait: open, asOf: after(time.Hour - 1), want: standards.Pending, left: 1},
		{name: "open at the deadline", wait: open, asOf: after(time.Hour), want: standards.Breached},
		{name: "open long after", wait: open, asOf: after(3 * time.Hour), want: standards.Breached, left: -2 * time.Hour},
		{name: "closed in time", wait: ended(time.Hour, metrics.ClosedUnanswered), want: standards.Excluded},
		{name: "closed when overdue", wait: ended(time.Hour+1, metrics.ClosedUnanswered), want: standards.Breached, left: -1},
		{name: "moved in time", wait: ended(time.Minute, metrics.Moved), want: standards.Excluded, left: 59 * time.Minute},
		{name: "moved when overdue", wait: ended(2*time.Hour, metrics.Moved), want: standards.Breached, left: -time.Hour},
	}
	for _, tt := range tests {
		j, ok := target.Judge(tt.wait, tt.asOf)
		if !ok || j.Verdict != tt.want || j.Left != tt.left {
			t.Errorf("%s: %v, %v left, judged %v; want %v, %v left", tt.name, j.Verdict, j.Left, ok, tt.want, tt.left)
		}
	}
	if _, ok := (&standards.Target{}).Judge(open, start); ok {
		t.Error("the zero target judges")
	}
	if _, ok := (&standards.Target{Within: standards.BudgetOf(-1)}).Judge(open, start); ok {
		t.Error("a negative budget judges")
	}
}

// office is open from 9 to 17 o'clock UTC every day, counted by the minute: a
// slow calendar for whole minutes.
type office struct{}

func (office) Between(start, end time.Time) time.Duration {
	if end.Before(start) {
		return -office{}.Between(end, start)
	}
	var d time.Duration
	for t := start; t.Before(end); {
		next := t.Truncate(time.Minute).Add(time.Minute)
		if next.After(end) {
			next = end
		}
		if h := t.UTC().Hour(); 9 <= h && h < 17 {
			d += next.Sub(t)
		}
		t = next
	}
	return d
}

// The budget of a wait that starts at 16:00 is used up at 17:00, closing time.
// An answer in the evening took no more time in hours of service, and is late.
func TestJudgeInHoursOfService(t *testing.T) {
	target := standards.Target{Within: standards.BudgetOf(time.Hour), Calendar: office{}}
	wait := metrics.Wait{Start: after(7 * time.Hour), Outcome: metrics.Answered}
	for _, tt := range []struct {
		end  time.Time
		want standards.Verdict
	}{
		{after(8 * time.Hour), standards.Met},
		{after(8*time.Hour + 1), standards.Breached},
		{after(12 * time.Hour), standards.Breached},
	} {
		wait.End = tt.end
		if j, ok := target.Judge(wait, tt.end); !ok || j.Verdict != tt.want || j.Left != 0 {
			t.Errorf("answered at %v: %v, %v left, want %v", tt.end, j.Verdict, j.Left, tt.want)
		}
	}
	evening := metrics.Wait{Start: after(10 * time.Hour), End: after(11 * time.Hour), Outcome: metrics.Answered}
	if j, _ := target.Judge(evening, evening.End); j.Verdict != standards.Met || j.Left != time.Hour {
		t.Errorf("answered outside the hours: %v, %v left", j.Verdict, j.Left)
	}
}

func conversation(t testing.TB, events ...metrics.Event) metrics.Conversation {
	t.Helper()
	c, err := metrics.NewConversation(events...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// read reads a conversation by the usual rules, as of a time after the start.
func read(c metrics.Conversation, asOf time.Duration) *metrics.History {
	return c.Read(metrics.Rules{}, after(asOf))
}

func message(d time.Duration, c metrics.Channel) metrics.Event {
	return metrics.MessageReceived{Conversation: "1", At: after(d), Channel: c}
}

func reply(d time.Duration) metrics.Event {
	return metrics.ReplySent{Conversation: "1", At: after(d), Agent: "ana"}
}

func resolved(d time.Duration) metrics.Event {
	return metrics.Resolved{Conversation: "1", At: after(d)}
}

func TestChannelSpeeds(t *testing.T) {
	policy := standards.ChannelSpeeds()
	for _, tt := range []struct {
		channel metrics.Channel
		within  time.Duration
	}{
		{metrics.Chat, 2 * time.Minute},
		{metrics.Phone, 2 * time.Minute},
		{metrics.Social, time.Hour},
		{metrics.Email, 24 * time.Hour},
	} {
		for _, late := range []time.Duration{0, 1} {
			c := conversation(t, message(0, tt.channel), reply(tt.within+late))
			j, ok := policy.FirstResponse(read(c, 48*time.Hour))
			want := standards.Met
			if late > 0 {
				want = standards.Breached
			}
			if !ok || j.Verdict != want || j.Left != -late {
				t.Errorf("%s answered after %v: %v, %v left, want %v", tt.channel, tt.within+late, j.Verdict, j.Left, want)
			}
		}
	}
	c := conversation(t, message(0, "in_person"), reply(time.Second))
	if _, ok := policy.FirstResponse(read(c, time.Hour)); ok {
		t.Error("a channel without a target is judged")
	}
	policy.Targets = append(policy.Targets, standards.Target{Within: standards.BudgetOf(time.Minute)})
	if j, ok := policy.FirstResponse(read(c, time.Hour)); !ok || j.Verdict != standards.Met {
		t.Error("the default target does not judge")
	}
}

func TestFirstResponseOfAHistory(t *testing.T) {
	policy := standards.Policy{Targets: []standards.Target{{Within: standards.BudgetOf(time.Hour)}}}
	bot := func(d time.Duration) metrics.Event {
		return metrics.ReplySent{Conversation: "1", At: after(d), By: metrics.ByAutomation}
	}
	tests := []struct {
		name   string
		events []metrics.Event
		rules  metrics.Rules
		want   standards.Verdict
		none   bool
	}{
		{name: "only the team wrote", events: []metrics.Event{reply(0)}, none: true},
		{name: "only the first response counts", events: []metrics.Event{
			message(0, ""), reply(time.Minute), message(time.Hour, ""), reply(5 * time.Hour),
		}, want: standards.Met},
		{name: "an acknowledgement is no response", events: []metrics.Event{
			message(0, ""), bot(time.Second), reply(2 * time.Hour),
		}, want: standards.Breached},
		{name: "nor where it ends the wait", rules: metrics.Rules{Automation: metrics.AutomationEnds}, events: []metrics.Event{
			message(0, ""), bot(time.Second), message(time.Minute, ""), reply(2 * time.Hour),
		}, want: standards.Breached},
		{name: "closed in time, answered later", events: []metrics.Event{
			message(0, ""), resolved(time.Minute), message(2*time.Hour, ""), reply(2*time.Hour + time.Minute),
		}, want: standards.Met},
		{name: "closing an overdue wait does not undo the breach", events: []metrics.Event{
			message(0, ""), resolved(2 * time.Hour), message(3*time.Hour, ""), reply(3*time.Hour + time.Minute),
		}, want: standards.Breached},
		{name: "closed in time and silent", events: []metrics.Event{message(0, ""), resolved(time.Minute)}, none: true},
		{name: "still waiting", events: []metrics.Event{message(0, "")}, want: standards.Breached},
		{name: "waiting for less than the budget", events: []metrics.Event{message(9*time.Hour+30*time.Minute, "")}, want: standards.Pending},
	}
	for _, tt := range tests {
		h := conversation(t, tt.events...).Read(tt.rules, after(10*time.Hour))
		j, ok := policy.FirstResponse(h)
		if ok == tt.none || ok && j.Verdict != tt.want {
			t.Errorf("%s: %v, judged %v; want %v", tt.name, j.Verdict, ok, tt.want)
		}
	}
}

func TestTally(t *testing.T) {
	var tally standards.Tally
	if tally.Compliance().Defined() {
		t.Error("nothing complies")
	}
	for _, v := range []standards.Verdict{standards.Met, standards.Breached, standards.Met, standards.Pending, standards.Met} {
		tally.Add(v)
	}
	if want := (standards.Tally{Met: 3, Breached: 1, Pending: 1}); tally != want {
		t.Errorf("%+v, want %+v", tally, want)
	}
	if want := (stat.Ratio{Part: 3, Whole: 4}); tally.Compliance() != want {
		t.Errorf("compliance %v, want %v", tally.Compliance(), want)
	}
	both := tally
	both.Merge(standards.Tally{Met: 1, Breached: 2, Pending: 3})
	if want := (standards.Tally{Met: 4, Breached: 3, Pending: 4}); both != want {
		t.Errorf("merged %+v, want %+v", both, want)
	}
}

func TestTallyEncoding(t *testing.T) {
	tally := standards.Tally{Met: 300, Breached: 1, Pending: 1 << 40, Excluded: 2}
	text, err := json.Marshal(tally)
	if want := `{"met":300,"breached":1,"pending":1099511627776,"excluded":2}`; err != nil || string(text) != want {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
	data, err := tally.MarshalBinary()
	if want := "\x01\xac\x02\x01\x80\x80\x80\x80\x80\x20\x02"; err != nil || string(data) != want {
		t.Errorf("%q, %v, want %q", data, err, want)
	}
	var read standards.Tally
	if err := read.UnmarshalBinary(data); err != nil || read != tally {
		t.Errorf("%+v, %v", read, err)
	}
	for n := range data {
		if err := new(standards.Tally).UnmarshalBinary(data[:n]); !errors.Is(err, standards.ErrTally) {
			t.Errorf("%q is accepted", data[:n])
		}
	}
	for _, bad := range []string{"\x02\x01\x01\x01\x01", "\x01\x01\x01\x01\x01\x01", "\x01\x01\x01\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"} {
		if err := read.UnmarshalBinary([]byte(bad)); !errors.Is(err, standards.ErrTally) || read != tally {
			t.Errorf("%q: %v, %+v", bad, err, read)
		}
	}
}

func TestVerdictText(t *testing.T) {
	for _, v := range []standards.Verdict{standards.Pending, standards.Met, standards.Breached, standards.Excluded} {
		text, err := v.MarshalText()
		var read standards.Verdict
		if err != nil || string(text) != v.String() || read.UnmarshalText(text) != nil || read != v {
			t.Errorf("%v is %q, %v, and reads as %v", v, text, err, read)
		}
	}
	if _, err := standards.Verdict(9).MarshalText(); err == nil || standards.Verdict(9).String() != "Verdict(9)" {
		t.Error("9 is a verdict")
	}
	var v standards.Verdict
	if err := v.UnmarshalText([]byte("late")); err == nil || err.Error() != `standards: no such verdict: "late"` {
		t.Error(err)
	}
}

func ExamplePolicy_FirstResponse() {
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 9, minute, 0, 0, time.UTC) }
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "7", At: at(0), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "7", At: at(3), Channel: metrics.Chat, Agent: "ana"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	j, ok := standards.ChannelSpeeds().FirstResponse(c.Read(metrics.Rules{}, at(3)))
	fmt.Println(ok, j.Verdict, "by", -j.Left)
	// Output: true breached by 1m0s
}

func ExampleTally_Compliance() {
	tally := standards.Tally{Met: 99_999, Breached: 25_001}
	percent, _ := tally.Compliance().Percent(2, stat.HalfAwayFromZero)
	goal := stat.Ratio{Part: 80, Whole: 100}
	fmt.Println(percent.StringFixed(2), tally.Compliance().AtLeast(goal))
	// Output: 80.00 false
}
