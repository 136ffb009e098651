package metrics_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// A keyedCase is a case and everything that its facet tells.
type keyedCase struct {
	key groupKey
	metrics.Case
}

// cases returns the cases of all conversations in the events, in no order.
func cases(list []metrics.Event, rules metrics.Rules, asOf int64) []keyedCase {
	var all []keyedCase
	for id, o := range oracles(list, rules, asOf) {
		all = append(all, o.cases(id, asOf)...)
	}
	return all
}

func (o oracle) cases(id metrics.ConversationID, asOf int64) (all []keyedCase) {
	owner := o.charge(len(o.list))
	add := func(kind metrics.CaseKind, at int64, agent metrics.AgentID, channel metrics.Channel, c metrics.Case) {
		c.Kind, c.Conversation, c.Agent, c.Channel = kind, id, agent, cmp.Or(channel, o.channel())
		all = append(all, keyedCase{groupKey{id, c.Channel, agent, o.customer(), o.priority(), at}, c})
	}
	if len(o.list) == 0 {
		add(metrics.CaseNotYet, asOf, "", "", metrics.Case{})
		return all
	}
	begin := ns(o.begin())
	whole := func(kind metrics.CaseKind, c metrics.Case) { add(kind, begin, owner, "", c) }
	switch {
	case discarded(o.list):
		whole(metrics.CaseDiscarded, metrics.Case{Start: instantOf(begin)})
		return all
	case !o.counts():
		whole(metrics.CaseTeamFirst, metrics.Case{Start: instantOf(begin)})
		return all
	case len(o.waits()) == 0:
		whole(metrics.CaseNoWait, metrics.Case{Start: instantOf(begin)})
	}
	took := func(start, end int64, pauses metrics.HoldReasons) metrics.Case {
		c := metrics.Case{Start: instantOf(start), End: instantOf(end)}
		c.Elapsed = o.length(metrics.AroundTheClock, start, min(end, asOf), pauses)
		if o.rules.Calendar != nil {
			c.InHours = o.length(o.rules.Calendar, start, min(end, asOf), pauses)
		}
		return c
	}
	period := func(start, end int64) int64 {
		if o.rules.ByStart {
			return start
		}
		return min(end, asOf)
	}
	for _, w := range o.waits() {
		c, at := took(w.start, w.end, o.rules.PauseStopsWaits), period(w.start, w.end)
		kinds := map[metrics.Outcome][]metrics.CaseKind{
			metrics.Open:                 {metrics.CaseStillWaiting},
			metrics.Answered:             {metrics.CaseResponse, metrics.CaseNextResponse},
			metrics.AnsweredByAssistant:  {metrics.CaseAnsweredByAssistant},
			metrics.AnsweredByAutomation: {metrics.CaseAnsweredByAutomation},
			metrics.GaveUp:               {metrics.CaseAbandoned},
			metrics.ClosedUnanswered:     {metrics.CaseClosedUnanswered},
			metrics.Moved:                {metrics.CaseMoved},
		}[w.outcome]
		for _, kind := range kinds {
			if kind == metrics.CaseNextResponse && w.decides {
				kind = metrics.CaseFirstResponse
			}
			add(kind, at, w.agent(), w.channel, c)
		}
	}
	for _, r := range o.ratings() {
		at := instantOf(r.at)
		add(metrics.CaseRating, r.at, r.agent, r.channel, metrics.Case{Start: at, End: at, Number: int64(r.stars)})
	}
	cycles, reopens := o.cycles()
	if reopens > 0 {
		whole(metrics.CaseReopened, metrics.Case{Start: instantOf(begin), Number: int64(reopens)})
	}
	if len(cycles) == 0 {
		return all
	}
	first, last := cycles[0], cycles[len(cycles)-1]
	if first.outcome == metrics.Answered {
		add(metrics.CaseFirstResolution, period(first.start, first.end), cycleAgent(first), "", took(first.start, first.end, metrics.AnyReason))
	}
	if last.end == still {
		whole(metrics.CaseBacklog, took(first.start, still, metrics.AnyReason))
		return all
	}
	at, c := period(first.start, last.end), took(first.start, last.end, metrics.AnyReason)
	active := c
	active.Elapsed = *o.resolutions(metrics.AroundTheClock)[2]
	if o.rules.Calendar != nil {
		active.InHours = *o.resolutions(o.rules.Calendar)[2]
	}
	add(metrics.CaseActive, at, cycleAgent(last), "", active)
	if last.outcome == metrics.Answered {
		add(metrics.CaseFullResolution, at, cycleAgent(last), "", c)
		replies, _ := o.replies()
		c.Number = int64(replies)
		add(metrics.CaseReplies, at, cycleAgent(last), "", c)
	}
	return all
}

// worst sorts cases and returns the first k.
func worst(list []metrics.Case, k int) []metrics.Case {
	sign := func(c metrics.Case) int64 {
		if c.Kind == metrics.CaseRating {
			return c.Number
		}
		return -c.Number
	}
	slices.SortFunc(list, func(a, b metrics.Case) int {
		return cmp.Or(
			slices.Compare([]int64{sign(a), int64(-a.InHours), int64(-a.Elapsed)}, []int64{sign(b), int64(-b.InHours), int64(-b.Elapsed)}),
			cmp.Compare(a.Conversation, b.Conversation),
			a.Start.Compare(b.Start), a.End.Compare(b.End),
			cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Channel, b.Channel))
	})
	return list[:min(max(k, 0), len(list))]
}

// sameEvidence compares evidence with the cases that are expected of it.
func sameEvidence[K comparable](e *metrics.Evidence[K], k int, all []keyedCase, key func(groupKey) K) string {
	type list struct {
		key  K
		kind metrics.CaseKind
	}
	want, total := make(map[list][]metrics.Case), make(map[metrics.CaseKind][]metrics.Case)
	keys := make(map[K]bool)
	for _, c := range all {
		l := list{key(c.key), c.Kind}
		want[l], total[c.Kind] = append(want[l], c.Case), append(total[c.Kind], c.Case)
		keys[l.key] = true
	}
	check := func(name any, top *metrics.Top[metrics.Case], want []metrics.Case) string {
		if n := int64(len(want)); top.Count() != n {
			return fmt.Sprintf("%v: %d cases, want %d\n", name, top.Count(), n)
		}
		if got, want := top.List(), worst(want, k); !slices.Equal(got, want) {
			return fmt.Sprintf("%v:\n\tgot  %+v\n\twant %+v\n", name, got, want)
		}
		return ""
	}
	var difference string
	for k := range e.Keys() {
		if !keys[k] {
			difference += fmt.Sprintf("key %+v has nothing\n", k)
		}
	}
	for _, kind := range caseKinds() {
		for k := range keys {
			difference += check(fmt.Sprintf("%+v, %v", k, kind), e.Group(k, kind), want[list{k, kind}])
		}
		difference += check(kind, e.Total(kind), total[kind])
	}
	return difference
}

func named[K comparable](log *metrics.EventLog, rules metrics.Rules, asOf int64, k int, key func(metrics.Facet) K) *metrics.Evidence[K] {
	e := metrics.NewEvidence(key, k)
	if err := log.Read(rules, time.Unix(0, asOf)).Into(e); err != nil {
		panic(err)
	}
	return e
}

func TestEvidenceAgreesWithOracle(t *testing.T) {
	properties := laws(t, 2000)
	compare := func(steps []step, rules int, asOf int64, k int) string {
		list, r := events(steps, false), rulesOf(rules)
		want, log := cases(list, r, asOf), logOf(t, list)
		if text := sameEvidence(named(log, r, asOf, k, keyOf), k, want, func(g groupKey) groupKey { return g }); text != "" {
			return text
		}
		if text := sameEvidence(named(log, r, asOf, k, metrics.Facet.Channel), k, want, func(g groupKey) metrics.Channel { return g.channel }); text != "" {
			return "by channel: " + text
		}
		if text := sameEvidence(named[string](log, r, asOf, k, nil), k, want, func(groupKey) string { return "" }); text != "" {
			return "in one group: " + text
		}
		return ""
	}
	properties.Property("any rules, any instant", prop.ForAll(compare, genSteps(), genRules(), genAt(), gen.IntRange(-1, 4)))
	properties.Property("any rules, at the end", prop.ForAll(func(steps []step, rules int) string {
		return compare(steps, rules, lastInstant, 2)
	}, gen.SliceOfN(25, genStep()), genRules()))
	properties.TestingRun(t)
}

// Evidence stands beside a breakdown: the same groups, as many cases as each
// figure counts, and the slowest as long as the greatest duration.
func TestEvidenceStandsBesideBreakdown(t *testing.T) {
	properties := laws(t, 1000)
	properties.Property("counts and maxima", prop.ForAll(func(steps []step, rules int, asOf int64) string {
		r := rulesOf(rules)
		log := logOf(t, events(steps, false))
		e, b := named(log, r, asOf, 1, metrics.Facet.Channel), added(log, r, asOf, metrics.Facet.Channel)
		for key := range b.Keys() {
			if text := beside(e, key, b.Group(key), r); text != "" {
				return fmt.Sprintf("%q: %s", key, text)
			}
		}
		return ""
	}, genSteps(), genRules(), genAt()))
	properties.TestingRun(t)
}

func beside(e *metrics.Evidence[metrics.Channel], key metrics.Channel, f *metrics.Figures, r metrics.Rules) string {
	counts := map[metrics.CaseKind]int64{
		metrics.CaseBacklog: f.Backlog, metrics.CaseReopened: f.Reopened, metrics.CaseReplies: f.RepliesToResolve.Whole,
		metrics.CaseRating: f.Ratings.N(), metrics.CaseClosedUnanswered: f.ClosedUnanswered, metrics.CaseMoved: f.Moved,
	}
	for kind, want := range counts {
		if got := e.Group(key, kind).Count(); got != want {
			return fmt.Sprintf("%v: %d cases, figure %d", kind, got, want)
		}
	}
	inHours := r.Calendar != nil
	times := &f.Elapsed
	if inHours {
		times = &f.InHours
	}
	for kind, s := range map[metrics.CaseKind]*metrics.Summary{
		metrics.CaseFirstResponse: &times.FirstResponse, metrics.CaseResponse: &times.Response,
		metrics.CaseNextResponse: &times.NextResponse, metrics.CaseFirstResolution: &times.FirstResolution,
		metrics.CaseFullResolution: &times.FullResolution, metrics.CaseActive: &times.Active,
		metrics.CaseStillWaiting: &times.StillWaiting, metrics.CaseAnsweredByAssistant: &times.ByAssistant,
		metrics.CaseAnsweredByAutomation: &times.ByAutomation, metrics.CaseAbandoned: &times.Abandoned,
	} {
		top := e.Group(key, kind)
		if top.Count() != s.Count() {
			return fmt.Sprintf("%v: %d cases, figure %d", kind, top.Count(), s.Count())
		}
		for _, c := range top.List() {
			took := c.Elapsed
			if inHours {
				took = c.InHours
			}
			if longest, _ := s.Max(); took != longest {
				return fmt.Sprintf("%v: %v, the greatest is %v", kind, took, longest)
			}
		}
	}
	return ""
}

func TestEvidenceMerges(t *testing.T) {
	properties := laws(t, 1000)
	properties.Property("of the parts is that of the whole", prop.ForAll(func(steps []step, rules, part, k int) string {
		list, r := events(steps, false), rulesOf(rules)
		log := logOf(t, list)
		var parts [3]*metrics.Evidence[metrics.AgentID]
		for i := range parts {
			parts[i] = metrics.NewEvidence(metrics.Facet.Agent, k)
		}
		order := slices.Collect(log.Read(r, time.Unix(0, 10)).Histories())
		slices.Reverse(order)
		for i, h := range order {
			if err := parts[(part>>i)%3].Add(h); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(parts[2].Merge(parts[0]), parts[2].Merge(parts[1])); err != nil {
			t.Fatal(err)
		}
		return sameEvidence(parts[2], k, cases(list, r, 10), func(g groupKey) metrics.AgentID { return g.agent })
	}, genSteps(), genRules(), gen.IntRange(0, 1<<8), gen.IntRange(0, 3)))
	properties.TestingRun(t)
}
