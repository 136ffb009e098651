package metrics_test

import (
	"cmp"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// isWait compares a spell with the wait that it is.
func isWait(h *metrics.History, s metrics.Spell, w metrics.Wait) string {
	for _, c := range [...]metrics.Calendar{nil, testHours} {
		if got, want := s.Took(c), w.DurationIn(c); got != want {
			return fmt.Sprintf("%+v took %v, want %v", w, got, want)
		}
		own, ok := s.OwnTime(c)
		if want, known := ownTime(h, c, w); own != want || ok != known {
			return fmt.Sprintf("%+v: own time %v, %v, want %v, %v", w, own, ok, want, known)
		}
	}
	if s.Start() != w.Start || s.End() != w.End || s.Outcome() != w.Outcome || s.Channel() != w.Channel || s.FirstResponse() != w.FirstResponse ||
		s.Unassigned() != w.Unassigned || s.Paused() != (w.DurationIn(nil) != withoutHolds(w).DurationIn(nil)) {
		return fmt.Sprintf("from %v to %v, %v on %q, %v, %v, %v; want %+v", s.Start(), s.End(), s.Outcome(), s.Channel(), s.FirstResponse(), s.Unassigned(), s.Paused(), w)
	}
	promise := h.FacetOf(metrics.Wait{Channel: w.Channel, Team: w.Team, Agent: w.Agent, Start: w.Start, End: w.Start})
	if got, want := facetText(s.FacetOfPromise()), facetText(promise); got != want {
		return fmt.Sprintf("%+v: the promise is of %s, want %s", w, got, want)
	}
	return ""
}

func withoutHolds(w metrics.Wait) metrics.Wait {
	w.Holds = nil
	return w
}

// ownTime follows the assignments: whoever ends a wait has it from when he or she was last
// put in charge, without having been.
func ownTime(h *metrics.History, c metrics.Calendar, w metrics.Wait) (time.Duration, bool) {
	if w.Agent == "" || w.End.IsZero() {
		return 0, false
	}
	var charge metrics.AgentID
	if h.Case() > 1 {
		_, charge = h.InCharge(h.Facet().At().Add(-1))
	}
	for m := range h.Moments() {
		if m.Kind() != metrics.KindAssigned || m.At().After(w.End) {
			continue
		}
		if m.Agent() == w.Agent && charge != w.Agent && m.At().After(w.Start) {
			w.Start = m.At()
		}
		charge = m.Agent()
	}
	return w.DurationIn(c), true
}

func facetText(f metrics.Facet) string {
	return fmt.Sprintf("%q %q %q %q %v", f.Conversation(), f.Channel(), f.Agent(), f.Team(), f.At())
}

func TestSpells(t *testing.T) {
	properties := laws(t, 2000)
	properties.Property("spells are the waits, the cycles and the assignment", prop.ForAll(func(steps []step, rules int, asOf int64) string {
		for h := range logOf(t, events(steps, false)).Read(rulesOf(rules), time.Unix(0, asOf)).Histories() {
			waits, cycles := h.Waits(), h.Cycles()
			for s := range h.WaitSpells() {
				if len(waits) == 0 {
					return "too many waits"
				}
				if text := isWait(h, s, waits[0]); text != "" {
					return text
				}
				if got, want := facetText(s.Facet()), facetText(h.FacetOf(waits[0])); got != want {
					return fmt.Sprintf("%+v is of %s, want %s", waits[0], got, want)
				}
				waits = waits[1:]
			}
			for s := range h.CycleSpells() {
				if len(cycles) == 0 {
					return "too many cycles"
				}
				c := cycles[0]
				if s.Start() != c.Start || s.End() != c.End || s.Took(nil) != c.Duration() || s.Took(testHours) != c.DurationIn(testHours) ||
					(s.Outcome() == metrics.Answered) != c.Resolved || (s.Outcome() == metrics.Open) != c.End.IsZero() || s.FirstResponse() ||
					s.Facet().Team() != c.Team || s.Facet().Agent() != c.Agent {
					return fmt.Sprintf("from %v to %v, %v, of %s; want %+v", s.Start(), s.End(), s.Outcome(), facetText(s.Facet()), c)
				}
				cycles = cycles[1:]
			}
			if len(waits)+len(cycles) > 0 {
				return fmt.Sprintf("%v and %v are missing", waits, cycles)
			}
			w, ok := h.Assignment()
			if s, found := h.AssignmentSpell(); found != ok {
				return fmt.Sprintf("an assignment: %v, want %v", found, ok)
			} else if text := isWait(h, s, w); ok && text != "" {
				return text
			} else if f := s.Facet(); ok && (f.Agent() != cmp.Or(w.Agent, h.Owner()) || f.Team() != w.Team || f.Channel() != w.Channel) {
				return fmt.Sprintf("%+v is of %s", w, facetText(f))
			}
			kinds := make(map[metrics.Kind]bool)
			for r := range h.Conversation().Records() {
				kinds[r.Type] = true
			}
			for k := range metrics.KindRetracted + 1 {
				if h.Has(k) != kinds[k] {
					return fmt.Sprintf("has %v: %v", k, h.Has(k))
				}
			}
			if quick, slow := h.Revisions(), metrics.LookForRevisions(h); len(quick)+len(slow) > 0 && !reflect.DeepEqual(quick, slow) {
				return fmt.Sprintf("revisions at %v, want %v", quick, slow)
			}
		}
		return ""
	}, genSteps(), genRules(), genAt()))
	properties.TestingRun(t)

	var none metrics.Spell
	if _, own := none.OwnTime(nil); own || !none.Start().IsZero() || !none.End().IsZero() || none.Outcome() != metrics.Open || none.Channel() != "" ||
		none.Took(nil) != 0 || none.Paused() || none.Unassigned() || none.FirstResponse() || none.Facet().Conversation() != "" || none.FacetOfPromise().Agent() != "" {
		t.Error("the zero Spell says something")
	}
	if _, ok := new(metrics.History).AssignmentSpell(); ok {
		t.Error("the zero History has an assignment")
	}
}

func TestSpellsAllocateNothing(t *testing.T) {
	h := historyOf(plain(t), metrics.Rules{})
	by := metrics.NewGrouping(metrics.Facet.Agent)
	if n := testing.AllocsPerRun(100, func() {
		for s := range h.WaitSpells() {
			if own, _ := s.OwnTime(nil); by.Of(s.Facet()) > 0 || s.Took(nil) < own {
				t.Error(s.Start())
			}
		}
		for s := range h.CycleSpells() {
			if s.Paused() || s.Took(nil) != s.End().Sub(s.Start()) {
				t.Error(s.Start())
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// plain is a conversation of two waits and a cycle.
func plain(t *testing.T) metrics.Conversation {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "7", At: minute(1), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: minute(2), Agent: "ana"},
		metrics.MessageReceived{Conversation: "7", At: minute(3), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: minute(5), Agent: "ana"},
		metrics.Resolved{Conversation: "7", At: minute(6)},
	)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
