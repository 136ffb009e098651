package briefing

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/examples/internal/policyfile"
	"github.com/servicequality/servicequality/metrics"
)

// quarter is the second sample of the report, on a Wednesday at noon.
func quarter(t *testing.T, keep func(metrics.ConversationID, metrics.Channel) bool) Desk {
	t.Helper()
	policy, err := os.ReadFile("../../report/policy.json")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open("../../report/quarter.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all metrics.EventLog
	for err := range all.Load(file) {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	d := Desk{Log: new(metrics.EventLog), Own: true, Zone: zone, AsOf: time.Date(2026, 3, 25, 11, 20, 0, 0, time.UTC)}
	if d.Rules, d.Policy, err = policyfile.Read(policy); err != nil {
		t.Fatal(err)
	}
	for c := range all.Conversations() {
		for e := range c.Events() {
			if keep(c.ID(), channelOf(c)) {
				if err := d.Log.Append(e); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return d
}

func everyone(metrics.ConversationID, metrics.Channel) bool { return true }

func channelOf(c metrics.Conversation) (channel metrics.Channel) {
	for r := range c.Records() {
		channel = cmp.Or(channel, r.Channel)
	}
	return channel
}

// made makes a briefing, with who waits now.
func made(t *testing.T, d Desk, ask Ask) *Briefing {
	t.Helper()
	builder, err := New(d, ask)
	if err != nil {
		t.Fatal(err)
	}
	now, all := NewNow(d, ask), metrics.NewBreakdown(metrics.Whole)
	sinks := append(append(builder.Sinks(), now.Sinks()...), ask.Kept(all)...)
	if err := d.Log.Read(d.Rules, d.AsOf).Into(sinks...); err != nil {
		t.Fatal(err)
	}
	b, err := builder.Briefing(all.Total())
	if err != nil {
		t.Fatal(err)
	}
	b.Now = now
	return b
}

func page(t *testing.T, b *Briefing) string {
	t.Helper()
	var out bytes.Buffer
	if err := b.Page().Write(&out); err != nil {
		t.Fatal(err)
	}
	pagetest.Check(t, out.String())
	return out.String()
}

// What is left out is as if it were not in the log.
func TestKeep(t *testing.T) {
	whole := quarter(t, everyone)
	for name, keep := range map[string]func(metrics.ConversationID, metrics.Channel) bool{
		"chat": func(_ metrics.ConversationID, c metrics.Channel) bool { return c == metrics.Chat },
		"most": func(id metrics.ConversationID, _ metrics.Channel) bool { return !strings.HasSuffix(string(id), "7") },
		"few":  func(id metrics.ConversationID, _ metrics.Channel) bool { return strings.HasSuffix(string(id), "05") },
	} {
		for _, about := range []metrics.Unit{metrics.Week, metrics.Month, metrics.Quarter} {
			course := CourseOf(about)
			ask := Ask{About: about, Against: "previous", Course: &course}
			want := made(t, quarter(t, keep), ask)
			ask.Keep = func(h *metrics.History) bool {
				return keep(h.Conversation().ID(), channelOf(h.Conversation()))
			}
			got := made(t, whole, ask)
			// Rates by hour are of the time from the first event of the log on.
			got.Brief.Hours, want.Brief.Hours = Hours{}, Hours{}
			for what, both := range map[string][2]any{
				"brief":       {got.Brief, want.Brief},
				"waiting":     {got.Waiting, want.Waiting},
				"figures":     {got.Figures, want.Figures},
				"comparison":  {got.Comparison.Whole, want.Comparison.Whole},
				"groups":      {got.Comparison.Groups, want.Comparison.Groups},
				"people":      {got.Comparison.People, want.Comparison.People},
				"words":       {got.Short(), want.Short()},
				"broken":      {got.List(Behind{Kind: Broken}), want.List(Behind{Kind: Broken})},
				"now":         {got.Now.Sections(), want.Now.Sections()},
				"before":      {got.Brief.WaitingBefore, want.Brief.WaitingBefore},
				"seen by all": {len(got.Series.Rows), len(want.Series.Rows)},
			} {
				a, err := json.Marshal(both[0])
				if err != nil {
					t.Fatal(err)
				}
				b, err := json.Marshal(both[1])
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(a, b) || len(a) == 0 {
					t.Errorf("%s about the %v: %s:\n%.500s, want\n%.500s", name, about, what, a, b)
				}
			}
			if n := got.Figures.Conversations; n == 0 || n == made(t, whole, Ask{}).Figures.Conversations {
				t.Errorf("%s: %d conversations", name, n)
			}
		}
	}
}

// If nothing is kept, the page says so, and divides by nothing.
func TestKeepNothing(t *testing.T) {
	for _, about := range []metrics.Unit{metrics.Day, metrics.Week, metrics.Month, metrics.Quarter} {
		course := CourseOf(about)
		ask := Ask{About: about, Against: "previous", Course: &course, Keep: func(*metrics.History) bool { return false }}
		b := made(t, quarter(t, everyone), ask)
		text := pagetest.Text(page(t, b))
		for _, want := range []string{"Nobody wrote", "Nobody waits for an answer.", "Nothing is due.", "Nothing is open.", "Nobody has written yet.", "Nobody has answered yet."} {
			if !strings.Contains(text, want) {
				t.Errorf("about the %v: no %q in %s", about, want, text)
			}
		}
		if b.Waiting.N != 0 || b.Figures.Conversations != 0 || b.NoReplies {
			t.Errorf("%+v", b.Figures)
		}
		for _, kind := range Kinds() {
			of := Behind{Kind: kind}
			if l, now := b.List(of), b.Now.List(of); l.All+now.All != 0 || len(l.Rows)+len(now.Rows) != 0 {
				t.Errorf("%s: %v, %v", kind, l, now)
			}
		}
	}
}

func TestCourseOf(t *testing.T) {
	got := []metrics.Unit{CourseOf(metrics.Day), CourseOf(metrics.Week), CourseOf(metrics.Month), CourseOf(metrics.Quarter)}
	if want := []metrics.Unit{metrics.Day, metrics.Week, metrics.Week, metrics.Month}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
