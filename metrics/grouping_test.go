package metrics_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// speeds count waits by a key, as a sink of a user's own.
type speeds[K comparable] struct {
	metrics.Binding
	by   metrics.Grouping[K]
	sums []metrics.Summary // by the number of the group
}

func (s *speeds[K]) Add(h *metrics.History) error {
	if err := s.Check(h); err != nil {
		return err
	}
	for wait := range h.WaitSpells() {
		n := s.by.Of(wait.Facet())
		if n == len(s.sums) {
			s.sums = append(s.sums, metrics.Summary{})
		}
		s.sums[n].Add(wait.Took(nil))
	}
	return nil
}

// A sink of one's own groups by any key.
func ExampleGrouping() {
	var log metrics.EventLog
	at := func(minute int) time.Time { return time.Date(2026, time.March, 2, 9, minute, 0, 0, time.UTC) }
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "T-1", At: at(0), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "T-1", At: at(30), Agent: "ana"},
		metrics.MessageReceived{Conversation: "T-2", At: at(1), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "T-2", At: at(2), Agent: "ana"},
	} {
		if err := log.Append(e); err != nil {
			fmt.Println(err)
		}
	}
	byChannel := &speeds[metrics.Channel]{by: metrics.NewGrouping(metrics.Facet.Channel)}
	if err := log.Read(metrics.Rules{}, at(59)).Into(byChannel); err != nil {
		fmt.Println(err)
	}
	for n, channel := range byChannel.by.All() {
		fmt.Printf("%s: %v\n", channel, byChannel.sums[n])
	}
	// Output:
	// email: 1 × mean 30 min, median 30 min, p95 30 min
	// chat: 1 × mean 1 min, median 1 min, p95 1 min
}

// However often the key function is called, a group has the key that it makes of each
// facet.
func TestGroupingLaws(t *testing.T) {
	properties := laws(t, 500)
	properties.Property("the group of a facet is that of its key", prop.ForAll(func(steps []step, rules int, asOf, from, to int64) string {
		reading := logOf(t, events(steps, false)).Read(rulesOf(rules), time.Unix(0, asOf))
		all := keys(from, to)
		all["priority"] = func(f metrics.Facet) string { return string(f.Priority()) }
		all["priority or agent"] = func(f metrics.Facet) string {
			if p := f.Priority(); p != "" {
				return string(p)
			}
			return string(f.Agent())
		}
		for name, key := range all {
			calls := 0
			by := metrics.NewGrouping(func(f metrics.Facet) string { calls++; return key(f) })
			var seen []string
			facets := 0
			check := func(f metrics.Facet) string {
				facets++
				n, want := by.Of(f), key(f)
				if !slices.Contains(seen, want) {
					seen = append(seen, want)
				}
				if known, ok := by.Number(want); by.Key(n) != want || seen[n] != want || known != n || !ok || by.Add(want) != n {
					return fmt.Sprintf("by %s: group %d of %q, want %q", name, n, by.Key(n), want)
				}
				return ""
			}
			for h := range reading.Histories() {
				for s := range h.WaitSpells() {
					for _, f := range []metrics.Facet{
						s.Facet(), s.FacetOfPromise(), h.Facet(), s.Facet().WithPriority("high"), s.FacetOfPromise().WithPriority(""), s.Facet().WithPriority("low"), {},
					} {
						if text := check(f); text != "" {
							return text
						}
					}
				}
			}
			if calls > facets || by.Len() != len(seen) || !slices.Equal(slices.Collect(by.Keys()), seen) {
				return fmt.Sprintf("by %s: %d calls for %d facets, groups %q, want %q", name, calls, facets, slices.Collect(by.Keys()), seen)
			}
			for n, k := range by.All() {
				if k != seen[n] {
					return fmt.Sprintf("by %s: %q is %d", name, k, n)
				}
			}
		}
		return ""
	}, genSteps(), genRules(), genAt(), genAt(), genAt()))
	properties.TestingRun(t)

	var whole metrics.Grouping[string]
	if n, ok := whole.Number(""); n != 0 || ok || whole.Len() != 0 || whole.Key(0)+whole.Key(-1) != "" {
		t.Error("the zero Grouping has a group")
	}
	if whole.Of(metrics.Facet{}) != 0 || whole.Len() != 1 || whole.Key(0) != "" {
		t.Error("the zero Grouping has no zero key")
	}
}

// Facets of one place are asked for once, a priority of their own among them.
func TestGroupingAsksOnce(t *testing.T) {
	c := plain(t)
	h := historyOf(c, metrics.Rules{})
	for _, tt := range []struct {
		name string
		key  func(metrics.Facet) string
		want int
	}{
		{"channel", func(f metrics.Facet) string { return string(f.Channel()) }, 1},
		{"priority", func(f metrics.Facet) string { return string(f.Priority()) }, 1},
		{"day", func(f metrics.Facet) string { return f.Period(metrics.Periods{}).String() }, 1},
		{"instant", func(f metrics.Facet) string { return f.At().String() }, 2},
	} {
		calls := 0
		by := metrics.NewGrouping(func(f metrics.Facet) string { calls++; return tt.key(f) })
		for range 3 {
			for s := range h.WaitSpells() {
				by.Of(s.Facet().WithPriority(""))
			}
		}
		if calls != tt.want {
			t.Errorf("by %s: %d calls, want %d", tt.name, calls, tt.want)
		}
	}
}
