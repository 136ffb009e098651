package standards_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// The vectors come from helpdesks that resume the clock of a conversation that is
// reopened; each names its source.
func TestActiveResolutionVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/active_resolution.json")
	if err != nil {
		t.Fatal(err)
	}
	vectors := parse[[]struct {
		ID     string
		Source string
		AsOf   time.Time `json:"as_of"`
		Target struct{ Within standards.Budget }
		Events []json.RawMessage
		// Of the measures, or of used time in seconds.
		Expected map[string]json.RawMessage
	}](t, data)
	if len(vectors) != 3 {
		t.Errorf("%d vectors", len(vectors))
	}
	for _, v := range vectors {
		var lines [][]byte
		for _, e := range v.Events {
			lines = append(lines, e)
		}
		var events []metrics.Event
		for e, err := range metrics.DecodeJSONLines(bytes.NewReader(bytes.Join(lines, []byte("\n")))) {
			if err != nil {
				t.Fatal(err)
			}
			events = append(events, e)
		}
		if (v.Target.Within == standards.Budget{}) {
			v.Target.Within = standards.BudgetOf(24 * time.Hour)
		}
		found := make(map[string]standards.Finding)
		for _, m := range standards.Measures() {
			p := standards.Policy{Targets: []standards.Target{{Measure: m, Within: v.Target.Within}}}
			for f := range p.Findings(conversation(t, events...).Read(metrics.Rules{}, v.AsOf)) {
				found[m.String()] = f
			}
		}
		for name, raw := range v.Expected {
			var ok bool
			switch name {
			case "active_s", "full_so_far_s":
				measure := map[string]string{"active_s": "active_resolution", "full_so_far_s": "full_resolution"}[name]
				ok = found[measure].Used == time.Duration(parse[int64](t, raw))*time.Second
			default:
				want := parse[struct {
					AsOf    time.Time `json:"as_of"`
					Due     time.Time
					Verdict standards.Verdict
				}](t, raw)
				ok = found[name].Verdict == want.Verdict && (want.Due.IsZero() || want.Due.Equal(found[name].Due))
			}
			if !ok {
				t.Errorf("%s (%s) %s: %v, want %s", v.ID, v.Source, name, found, raw)
			}
		}
	}
}

func TestActiveResolution(t *testing.T) {
	p := one(standards.ActiveResolution, 3*time.Hour)
	p.Targets[0].Escalations = []standards.Escalation{{Name: "near", After: -time.Hour}, {Name: "due"}}
	for _, tt := range []struct {
		name, script string
		asOf         time.Duration
		want         string
	}{
		{"resolved", "0 message, 2h resolved", 9 * time.Hour, "met due 3h0m0s left 1h0m0s"},
		{"resolved a nanosecond late", "0 message, 3h1ns resolved", 9 * time.Hour, "breached 3h0m0s due 3h0m0s left -1ns, near 2h0m0s, due 3h0m0s"},
		{"reopened", "0 message, 1h resolved, 7h reopened", 8 * time.Hour, "pending due 9h0m0s left 1h0m0s, near 8h0m0s"},
		{"reopened, and broken then", "0 message, 1h resolved, 7h reopened", 9 * time.Hour, "breached 9h0m0s due 9h0m0s left 0s, near 8h0m0s, due 9h0m0s"},
		{"resolved again", "0 message, 1h resolved, 7h reopened, 8h resolved", 9 * time.Hour, "met due 9h0m0s left 1h0m0s"},
		{"each time at once", "0 message, 1h resolved, 1h reopened, 2h resolved, 4h message, 4h30m resolved", 9 * time.Hour, "met due 5h0m0s left 30m0s, near 4h0m0s"},
		{"resolved as it is due", "0 message, 3h resolved", 9 * time.Hour, "met due 3h0m0s left 0s, near 2h0m0s"},
		{"and reopened", "0 message, 3h resolved, 5h reopened", 5 * time.Hour, "breached 5h0m0s due 3h0m0s left 0s, near 2h0m0s, due 5h0m0s"},
		{"pauses do not count", "0 message, 1h paused, 2h resumed, 3h resolved, 5h reopened, 6h paused", 7 * time.Hour, "breached 6h0m0s due 6h0m0s left 0s, near 5h0m0s, due 6h0m0s"},
		{"on hold", "0 message, 1h paused, 2h resolved, 5h reopened, 6h paused", 7 * time.Hour, "pending due never left 1h0m0s, near 6h0m0s"},
		{"a pause while it lies closed counts once", "0 message, 1h resolved, 2h paused, 3h resumed, 4h reopened", 5 * time.Hour, "pending due 6h0m0s left 1h0m0s, near 5h0m0s"},
		{"given up", "0 message, 1h abandoned", 9 * time.Hour, "excluded due 3h0m0s left 2h0m0s"},
		{"given up, and back", "0 message, 1h abandoned, 7h message", 8 * time.Hour, "pending due 9h0m0s left 1h0m0s, near 8h0m0s"},
		{"moved", "0 message, 1h resolved, 7h reopened, 9h30m merged", 10 * time.Hour, "breached 9h0m0s due 9h0m0s left -30m0s, near 8h0m0s, due 9h0m0s"},
	} {
		var got []string
		for f := range p.Findings(read(conversation(t, eventsOf(t, tt.script)...), tt.asOf)) {
			text := f.Verdict.String()
			if !f.BreachedAt.IsZero() {
				text += " " + f.BreachedAt.Sub(start).String()
			}
			due := "never"
			if !f.Due.IsZero() {
				due = f.Due.Sub(start).String()
			}
			text += fmt.Sprint(" due ", due, " left ", f.Left)
			for at, step := range f.Escalations() {
				text += fmt.Sprint(", ", step.Name, " ", at.Sub(start))
			}
			got = append(got, text)
		}
		if len(got) != 1 || got[0] != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What is used up of an active resolution is the active time of the conversation, which
// is the sum of its cycles.
func TestActiveResolutionIsActiveTime(t *testing.T) {
	seed := seed(t)
	r := rand.New(rand.NewPCG(seed, 0))
	reopened := 0
	for range 300 {
		happened := scenario(r, 60)
		c := conversation(t, slices.Concat(happened...)...)
		policy := one(standards.ActiveResolution, 20*time.Second)
		var hours metrics.Calendar
		if r.IntN(2) == 0 {
			hours = shifts("ooo.o..")
			policy.Targets[0].Calendar = hours
		}
		h := read(c, time.Duration(r.IntN(60))*time.Second)
		if h.Reopens() > 0 {
			reopened++
		}
		var cycles time.Duration
		for _, c := range h.Cycles() {
			cycles += c.DurationIn(hours)
		}
		for f := range policy.Findings(h) {
			if active, ok := h.ActiveTime(hours); f.Used != cycles || ok && active != f.Used || f.Used+f.Left != 20*time.Second {
				t.Fatalf("seed %d: %v is used, cycles of %v, active time of %v, %v\n%s", seed, f.Used, cycles, active, ok, script(happened))
			}
			if late := f.Used > 20*time.Second; late && f.Verdict != standards.Breached {
				t.Fatalf("seed %d: %v\n%s", seed, f, script(happened))
			}
		}
	}
	often(t, "reopened", reopened, 30)
}

// What was breached by a pause that turns out to be later is late by the time that was
// active: without what was taken for a pause then, and without what came after the deadline.
func TestActiveResolutionOfAnEditedPause(t *testing.T) {
	at := func(hours float64) time.Time { return after(time.Duration(hours * float64(time.Hour))) }
	events := []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: start},
		metrics.Paused{Conversation: "1", ID: "p", At: at(0.5), For: "parts"},
		metrics.Resumed{Conversation: "1", At: at(1)},
		metrics.Resolved{Conversation: "1", At: at(1.5)},
		metrics.Reopened{Conversation: "1", At: at(2)},
		// Due at 4.
		metrics.Resolved{Conversation: "1", At: at(4.25)},
		metrics.Reopened{Conversation: "1", At: at(4.5)},
		metrics.Paused{Conversation: "1", ID: "p", At: at(5), For: "parts"},
		metrics.Resumed{Conversation: "1", At: at(5.5)},
		metrics.Resolved{Conversation: "1", At: at(6)},
		metrics.Reopened{Conversation: "1", At: at(7)},
	}
	for f := range one(standards.ActiveResolution, 3*time.Hour).Findings(read(conversation(t, events...), 8*time.Hour)) {
		if f.Verdict != standards.Breached || !f.Due.Equal(at(4)) || !f.BreachedAt.Equal(at(4)) || f.Used != 5*time.Hour+15*time.Minute || len(f.Holds) != 5 {
			t.Errorf("%v, breached at %v, %v used, holds %v", f, f.BreachedAt, f.Used, f.Holds)
		}
	}
}

// A conversation that is reopened at once did not lie closed.
func TestReopenedAtOnce(t *testing.T) {
	h := read(conversation(t, eventsOf(t, "0 message, 1h resolved, 1h reopened")...), 2*time.Hour)
	for f := range one(standards.ActiveResolution, 3*time.Hour).Findings(h) {
		if h.Reopens() != 1 || len(f.Holds) != 0 {
			t.Errorf("%d times, holds %v", h.Reopens(), f.Holds)
		}
	}
}

// The clock ran while the conversation was known to be open: that it was not is known too
// late for what was broken. Two hours ran before it was resolved, three between the message
// that was retracted and the retraction, and the step comes due after two more.
func TestActiveResolutionKeepsWhatRan(t *testing.T) {
	p := one(standards.ActiveResolution, 3*time.Hour)
	p.Targets[0].Escalations = []standards.Escalation{{Name: "late", After: 4 * time.Hour}}
	events := []metrics.Event{
		metrics.MessageReceived{Conversation: "1", ID: "m", At: start},
		metrics.Resolved{Conversation: "1", At: after(2 * time.Hour)},
		metrics.MessageReceived{Conversation: "1", ID: "again", At: after(3 * time.Hour)},
		metrics.Retracted{Conversation: "1", At: after(6 * time.Hour), Event: "again"},
		metrics.RatingGiven{Conversation: "1", ID: "r", At: after(7 * time.Hour), Stars: 3},
		metrics.Retracted{Conversation: "1", At: after(8 * time.Hour), Event: "r"},
		metrics.Reopened{Conversation: "1", At: after(10 * time.Hour)},
	}
	for _, tt := range []struct {
		asOf time.Duration
		want string
	}{
		{5 * time.Hour, "breached 4h0m0s, used 4h0m0s"},
		{11 * time.Hour, "breached 4h0m0s, used 6h0m0s"},
		{13 * time.Hour, "breached 4h0m0s, used 8h0m0s, late 12h0m0s"},
	} {
		for f := range p.Findings(read(conversation(t, events...), tt.asOf)) {
			got := fmt.Sprint(f.Verdict, " ", f.BreachedAt.Sub(start), ", used ", f.Used)
			for at, step := range f.Escalations() {
				got += fmt.Sprint(", ", step.Name, " ", at.Sub(start))
			}
			if got != tt.want {
				t.Errorf("as of %v: %s, want %s", tt.asOf, got, tt.want)
			}
		}
	}
}

// So it is where a merger takes effect only when it is known: the other conversation had no
// event before. The clock that ran until then is not turned back, though the conversation
// is found to have been closed since the merger, and goes on when it is opened again.
func TestActiveResolutionKeepsWhatRanBeforeAMerger(t *testing.T) {
	p := one(standards.ActiveResolution, time.Hour)
	p.Targets[0].Escalations = []standards.Escalation{{Name: "after one", After: time.Hour}, {Name: "after two", After: 2 * time.Hour}}
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: start},
		metrics.Merged{Conversation: "1", At: after(90 * time.Minute), Into: "2"},
		metrics.Opened{Conversation: "2", At: after(2 * time.Hour)},
		metrics.Reopened{Conversation: "1", At: after(5 * time.Hour)},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		asOf time.Duration
		want string
	}{
		{119 * time.Minute, "breached 1h0m0s, used 1h59m0s"},
		{2 * time.Hour, "breached 1h0m0s, used 1h30m0s"}, // closed, and nothing comes due
		{5 * time.Hour, "breached 1h0m0s, used 2h0m0s, after one 5h0m0s"},
		{6 * time.Hour, "breached 1h0m0s, used 3h0m0s, after one 5h0m0s, after two 6h0m0s"},
	} {
		var got string
		for h := range log.Read(metrics.Rules{}, after(tt.asOf)).Histories() {
			if h.Conversation().ID() != "1" {
				continue
			}
			for f := range p.Findings(h) {
				got = fmt.Sprint(f.Verdict, " ", f.BreachedAt.Sub(start), ", used ", f.Used)
				for at, step := range f.Escalations() {
					got += fmt.Sprint(", ", step.Name, " ", at.Sub(start))
				}
			}
		}
		if got != tt.want {
			t.Errorf("as of %v: %s, want %s", tt.asOf, got, tt.want)
		}
	}
}
