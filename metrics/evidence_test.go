package metrics_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// TestEvidenceTells has a conversation for each kind of case.
func TestEvidenceTells(t *testing.T) {
	tests := []struct {
		story string
		rules metrics.Rules
		want  string // kind, start–end, time elapsed, number, agent
	}{
		{"0 message, 20 reply ana, 30 message, 33 reply ben, 40 resolved", metrics.Rules{},
			"first_response 0–20 20m0s ana; response 0–20 20m0s ana; response 30–33 3m0s ben; next_response 30–33 3m0s ben; " +
				"first_resolution 0–40 40m0s ben; full_resolution 0–40 40m0s ben; active 0–40 40m0s ben; replies_to_resolve 0–40 40m0s 2 ben"},
		{"0 message, 1 assigned ana", metrics.Rules{}, "still_waiting 0–… 1h0m0s ana; backlog 0–… 1h0m0s ana"},
		{"0 message, 5 resolved, 10 message, 20 paused", metrics.Rules{},
			"first_resolution 0–5 5m0s; still_waiting 10–… 50m0s; backlog 0–… 20m0s; reopened 0–… 0s 1; closed_unanswered 0–5 5m0s"},
		{"0 message, 5 merged", metrics.Rules{}, "active 0–5 5m0s; moved 0–5 5m0s"},
		{"0 message, 5 bot b", metrics.Rules{Automation: metrics.AutomationEnds},
			"backlog 0–… 1h0m0s; answered_by_automation 0–5 5m0s b"},
		{"0 message, 5 assistant iris, 9 assigned ana", metrics.Rules{},
			"still_waiting 9–… 51m0s ana; backlog 0–… 1h0m0s ana; answered_by_assistant 0–5 5m0s iris"},
		{"0 message, 1 assigned ana, 5 abandoned", metrics.Rules{}, "active 0–5 5m0s ana; abandoned 0–5 5m0s ana"},
		{"0 message, 3 reply ana, 5 abandoned", metrics.Rules{},
			"first_response 0–3 3m0s ana; response 0–3 3m0s ana; active 0–5 5m0s ana"},
		{"0 message, 5 paused parts, 10 reply ana, 15 resumed, 20 resolved", metrics.Rules{PauseStopsWaits: "parts"},
			"first_response 0–10 5m0s ana; response 0–10 5m0s ana; first_resolution 0–20 10m0s ana; full_resolution 0–20 10m0s ana; " +
				"active 0–20 10m0s ana; replies_to_resolve 0–20 10m0s 1 ana"},
		{"0 message, 5 reply ana, 9 discarded, 12 reopened", metrics.Rules{},
			"first_response 0–5 5m0s ana; response 0–5 5m0s ana; backlog 0–… 1h0m0s ana"},
		{"0 message, 5 reply ana id=r, 9 rating 1 id=s, 12 retracted r, 13 retracted s", metrics.Rules{},
			"still_waiting 0–… 1h0m0s; backlog 0–… 1h0m0s"},
		{"0 reply ana", metrics.Rules{}, "no_wait 0–… 0s ana"},
		{"0 opened", metrics.Rules{}, "backlog 0–… 1h0m0s; no_wait 0–… 0s"},
		{"0 reply ana, 5 message", metrics.Rules{ExcludeTeamFirst: true}, "team_first 0–… 0s ana"},
		{"0 reply ana, 5 discarded", metrics.Rules{ExcludeTeamFirst: true}, "discarded 0–… 0s ana"},
		{"0 message, 5 reply ana, 9 discarded", metrics.Rules{}, "discarded 0–… 0s ana"},
		{"61 message", metrics.Rules{}, "not_yet …–… 0s"},
	}
	for _, tt := range tests {
		e := metrics.NewEvidence(metrics.Whole, 3)
		if err := e.Add(story(t, tt.story).Read(tt.rules, at(10, 0))); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, kind := range exhibitKinds() {
			for _, c := range e.Total(kind).List() {
				number := ""
				if c.Number != 0 {
					number = fmt.Sprint(c.Number)
				}
				if c.Conversation != "7" || c.InHours != 0 {
					t.Errorf("%s: %+v", tt.story, c)
				}
				text := fmt.Sprintf("%v %s–%s %v %s %s", c.Kind, minuteOf(c.Start), minuteOf(c.End), c.Elapsed, number, c.Agent)
				got = append(got, strings.Join(strings.Fields(text), " "))
			}
		}
		if text := strings.Join(got, "; "); text != tt.want {
			t.Errorf("%s by %+v:\n\tgot  %s\n\twant %s", tt.story, tt.rules, text, tt.want)
		}
	}
}

func TestEvidenceOfNothing(t *testing.T) {
	e := metrics.NewEvidence(metrics.Facet.Channel, 3)
	if err := e.Add(metrics.Conversation{}.Read(metrics.Rules{}, nine)); err != nil {
		t.Fatal(err)
	}
	for _, kind := range append(exhibitKinds(), 200) {
		for _, top := range []*metrics.Top[metrics.Exhibit]{e.Group(metrics.Email, kind), e.Total(kind)} {
			if top.Count() != 0 || len(top.List()) != 0 {
				t.Errorf("%v: %+v", kind, top)
			}
		}
	}
	for key := range e.Keys() {
		t.Errorf("group %q", key)
	}
	// An instant before all events; the facet tells no more than is known then.
	key := func(f metrics.Facet) string {
		return fmt.Sprint(f.At().Equal(nine), f.Channel(), f.Agent(), f.Customer(), f.Priority())
	}
	early := metrics.NewEvidence(key, 3)
	if err := early.Add(story(t, "1 message, 2 reply ana").Read(metrics.Rules{}, nine)); err != nil {
		t.Fatal(err)
	}
	if n := early.Group("true", metrics.ExhibitNotYet).Count(); n != 1 {
		t.Errorf("%d cases, keys %q", n, slices.Collect(early.Keys()))
	}
	if n := early.Group("true", metrics.ExhibitKind(len(exhibitKinds()))).Count(); n != 0 {
		t.Errorf("%d cases of no kind", n)
	}
}

// What is kept has names of its own, which hold no log in memory.
func TestEvidenceHoldsNoLog(t *testing.T) {
	c := story(t, "0 message, 20 reply ana")
	e := metrics.NewEvidence(metrics.Whole, 3)
	if err := e.Add(c.Read(metrics.Rules{}, at(10, 0))); err != nil {
		t.Fatal(err)
	}
	kept, wait := e.Total(metrics.ExhibitResponse).List()[0], historyOf(c, metrics.Rules{}).Responses()[0]
	if kept.Conversation != wait.Conversation || kept.Agent != wait.Agent ||
		unsafe.StringData(string(kept.Conversation)) == unsafe.StringData(string(wait.Conversation)) ||
		unsafe.StringData(string(kept.Agent)) == unsafe.StringData(string(wait.Agent)) {
		t.Errorf("%+v shares the names of %+v", kept, wait)
	}
}

func TestTopAgreesWithSorting(t *testing.T) {
	properties := laws(t, 3000)
	properties.Property("the first k of the sorted values, in any parts", prop.ForAll(func(values []int, k, cut int) string {
		cut = min(cut, len(values))
		one, two, whole := metrics.NewTop(k, cmp.Compare[int]), metrics.NewTop(k, cmp.Compare[int]), metrics.NewTop(k, cmp.Compare[int])
		for i, v := range values {
			n := min(k, i) // of those before, these are kept
			if keeps, want := whole.Keeps(v), k > 0 && (n < k || v < slices.Sorted(slices.Values(values[:i]))[k-1]); keeps != want {
				return fmt.Sprintf("%v keeps %d: %v", whole.List(), v, keeps)
			}
			whole.Add(v)
			if i < cut {
				one.Add(v)
			} else {
				two.Add(v)
			}
		}
		before := two.List()
		one.Merge(two)
		sorted := slices.Sorted(slices.Values(values))
		want := sorted[:min(max(k, 0), len(sorted))]
		for _, top := range []*metrics.Top[int]{one, whole} {
			if !slices.Equal(top.List(), want) || top.Count() != int64(len(values)) {
				return fmt.Sprintf("%v of %d, want %v of %d", top.List(), top.Count(), want, len(values))
			}
		}
		if !slices.Equal(two.List(), before) || two.Count() != int64(len(values)-cut) {
			return "merging changed what was merged"
		}
		two.Merge(two)
		twice := slices.Sorted(slices.Values(slices.Concat(values[cut:], values[cut:])))
		if !slices.Equal(two.List(), twice[:min(max(k, 0), len(twice))]) || two.Count() != int64(len(twice)) {
			return fmt.Sprintf("%v merged into itself: %v", before, two.List())
		}
		return ""
	}, gen.SliceOf(gen.IntRange(0, 9)), gen.IntRange(-1, 6), gen.IntRange(0, 20)))
	properties.TestingRun(t)
}

func TestTopOfNothing(t *testing.T) {
	var zero metrics.Top[string]
	zero.Add("a")
	zero.Merge(metrics.NewTop(3, cmp.Compare[string]))
	if zero.Count() != 1 || len(zero.List()) != 0 {
		t.Errorf("%+v", zero)
	}
	full := metrics.NewTop(2, cmp.Compare[string])
	for _, s := range []string{"c", "a", "b"} {
		full.Add(s)
	}
	full.List()[0] = "changed"
	for _, tt := range []struct {
		top  any
		want string
	}{
		{&zero, `{"n":1,"top":[]}`},
		{full, `{"n":3,"top":["a","b"]}`},
	} {
		if got, err := json.Marshal(tt.top); string(got) != tt.want || err != nil {
			t.Errorf("%s, %v, want %s", got, err, tt.want)
		}
	}
}

func TestTopAddAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	top := metrics.NewTop(10, func(a, b metrics.Exhibit) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	var c metrics.Exhibit
	for range 10 {
		top.Add(c)
	}
	if n := testing.AllocsPerRun(1000, func() { c.Elapsed++; top.Add(c) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestExhibitText(t *testing.T) {
	seen := make(map[string]bool)
	for _, kind := range exhibitKinds() {
		text, err := kind.MarshalText()
		var back metrics.ExhibitKind
		if err != nil || seen[string(text)] || kind.String() != string(text) || back.UnmarshalText(text) != nil || back != kind {
			t.Errorf("%d: %q, %v, back %v", uint8(kind), text, err, back)
		}
		seen[string(text)] = true
	}
	if len(seen) != 21 {
		t.Errorf("%d kinds", len(seen))
	}
	unknown := metrics.ExhibitKind(21)
	if _, err := unknown.MarshalText(); err == nil || unknown.String() != "ExhibitKind(21)" {
		t.Errorf("%v, %v", unknown, err)
	}
	if err := unknown.UnmarshalText([]byte("slow")); err == nil || unknown != 21 || !strings.Contains(err.Error(), `kind of exhibit: "slow"`) {
		t.Errorf("%v, %v", unknown, err)
	}
	got, err := json.Marshal([]metrics.Exhibit{
		{Kind: metrics.ExhibitNotYet, Conversation: "7"},
		{Kind: metrics.ExhibitRating, Conversation: "7", Channel: "email", Agent: "ana", Start: nine, End: nine, Number: 2, Elapsed: 3, InHours: 1},
	})
	want := `[{"kind":"not_yet","conversation":"7","elapsed_ns":0},` +
		`{"kind":"rating","conversation":"7","channel":"email","agent":"ana","start":"2026-03-02T09:00:00Z","end":"2026-03-02T09:00:00Z","elapsed_ns":3,"in_hours_ns":1,"number":2}]`
	if string(got) != want || err != nil {
		t.Errorf("%s, %v\nwant %s", got, err, want)
	}
}

// BenchmarkEvidence names the ten worst of each kind in a million ordered
// events; compare it with BenchmarkBreakdown.
func BenchmarkEvidence(b *testing.B) {
	const n = 1_000_000
	log := newDesk(n*3/20).log(b, n)
	log.Len()
	asOf := time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
	b.Run("total", func(b *testing.B) { repeatEvidence[string](b, log, n, asOf, nil) })
	b.Run("channel", func(b *testing.B) { repeatEvidence(b, log, n, asOf, metrics.Facet.Channel) })
	b.Run("agent", func(b *testing.B) { repeatEvidence(b, log, n, asOf, metrics.Facet.Agent) })
}

func repeatEvidence[K comparable](b *testing.B, log *metrics.EventLog, n int, asOf time.Time, key func(metrics.Facet) K) {
	b.ReportAllocs()
	for b.Loop() {
		e := metrics.NewEvidence(key, 10)
		if err := log.Read(metrics.Rules{}, asOf).Into(e); err != nil {
			b.Fatal(err)
		}
		if e.Total(metrics.ExhibitResponse).Count() == 0 {
			b.Fatal("nothing")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
}
