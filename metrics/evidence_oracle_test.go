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

// A keyedExhibit is an exhibit and everything that its facet tells.
type keyedExhibit struct {
	key groupKey
	metrics.Exhibit
}

// exhibits returns the exhibits of all conversations in the events, in no order.
func exhibits(list []metrics.Event, rules metrics.Rules, asOf int64) []keyedExhibit {
	var all []keyedExhibit
	for id, o := range oracles(list, rules, asOf) {
		for _, o := range o.cases() {
			all = append(all, o.exhibits(id, asOf)...)
		}
	}
	return all
}

func (o oracle) exhibits(id metrics.ConversationID, asOf int64) (all []keyedExhibit) {
	owner := o.charge(len(o.list))
	add := func(kind metrics.ExhibitKind, at int64, agent metrics.AgentID, channel metrics.Channel, team metrics.TeamID, c metrics.Exhibit) {
		c.Kind, c.Conversation, c.Agent, c.Channel, c.Team = kind, id, agent, cmp.Or(channel, o.channel()), team
		all = append(all, keyedExhibit{groupKey{id, c.Channel, agent, team, o.customer(), o.priority(), at}, c})
	}
	if len(o.everything()) == 0 {
		add(metrics.ExhibitNotYet, asOf, "", "", "", metrics.Exhibit{})
		return all
	}
	begin := o.begins()
	whole := func(kind metrics.ExhibitKind, c metrics.Exhibit) { add(kind, begin, owner, "", o.team(len(o.list)), c) }
	switch {
	case discarded(o.list):
		whole(metrics.ExhibitDiscarded, metrics.Exhibit{Start: instantOf(begin)})
		return all
	case !o.counts():
		whole(metrics.ExhibitTeamFirst, metrics.Exhibit{Start: instantOf(begin)})
		return all
	case len(o.waits()) == 0:
		whole(metrics.ExhibitNoWait, metrics.Exhibit{Start: instantOf(begin)})
	}
	took := func(start, end int64) metrics.Exhibit {
		c := metrics.Exhibit{Start: instantOf(start), End: instantOf(end)}
		c.Elapsed = o.length(metrics.AroundTheClock, start, min(end, asOf), metrics.AnyReason)
		if o.hasHours() {
			c.InHours = o.length(o.hours(), start, min(end, asOf), metrics.AnyReason)
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
		c, at := metrics.Exhibit{Start: instantOf(w.start), End: instantOf(w.end), Elapsed: o.lasted(metrics.AroundTheClock, w, asOf)}, period(w.start, w.end)
		if o.hasHours() {
			c.InHours = o.lasted(o.hours(), w, asOf)
		}
		kinds := map[metrics.Outcome][]metrics.ExhibitKind{
			metrics.Open:                 {metrics.ExhibitStillWaiting},
			metrics.Answered:             {metrics.ExhibitResponse, metrics.ExhibitNextResponse},
			metrics.AnsweredByAssistant:  {metrics.ExhibitAnsweredByAssistant},
			metrics.AnsweredByAutomation: {metrics.ExhibitAnsweredByAutomation},
			metrics.GaveUp:               {metrics.ExhibitAbandoned},
			metrics.ClosedUnanswered:     {metrics.ExhibitClosedUnanswered},
			metrics.Moved:                {metrics.ExhibitMoved},
		}[w.outcome]
		for _, kind := range kinds {
			if kind == metrics.ExhibitNextResponse && w.decides {
				kind = metrics.ExhibitFirstResponse
			}
			add(kind, at, w.agent(), w.channel, w.team, c)
		}
	}
	for _, r := range o.ratings() {
		at := instantOf(r.at)
		add(metrics.ExhibitRating, r.at, r.agent, r.channel, r.team, metrics.Exhibit{Start: at, End: at, Number: int64(r.stars)})
	}
	cycles, reopens := o.cycles()
	if reopens > 0 {
		whole(metrics.ExhibitReopened, metrics.Exhibit{Start: instantOf(begin), Number: int64(reopens)})
	}
	if sum := o.handleTime(); sum != nil {
		whole(metrics.ExhibitHandleTime, metrics.Exhibit{Start: instantOf(begin), Elapsed: *sum})
	}
	if len(cycles) == 0 {
		return all
	}
	first, last := cycles[0], cycles[len(cycles)-1]
	if first.outcome == metrics.Answered {
		add(metrics.ExhibitFirstResolution, period(first.start, first.end), cycleAgent(first), "", first.team, took(first.start, first.end))
	}
	if last.end == still {
		whole(metrics.ExhibitBacklog, took(first.start, still))
		return all
	}
	at, c := period(first.start, last.end), took(first.start, last.end)
	active := c
	active.Elapsed = *o.resolutions(metrics.AroundTheClock)[2]
	if o.hasHours() {
		active.InHours = *o.resolutions(o.hours())[2]
	}
	add(metrics.ExhibitActive, at, cycleAgent(last), "", last.team, active)
	if last.outcome == metrics.Answered {
		add(metrics.ExhibitFullResolution, at, cycleAgent(last), "", last.team, c)
		replies, _ := o.replies()
		c.Number = int64(replies)
		add(metrics.ExhibitReplies, at, cycleAgent(last), "", last.team, c)
	}
	return all
}

// latestRating orders ratings by time, the latest first.
func latestRating(a, b metrics.Exhibit) int {
	if a.Kind != metrics.ExhibitRating {
		return 0
	}
	return b.Start.Compare(a.Start)
}

// worst sorts exhibits and returns the first k.
func worst(list []metrics.Exhibit, k int) []metrics.Exhibit {
	sign := func(c metrics.Exhibit) int64 {
		if c.Kind == metrics.ExhibitRating {
			return c.Number
		}
		return -c.Number
	}
	slices.SortFunc(list, func(a, b metrics.Exhibit) int {
		return cmp.Or(
			slices.Compare([]int64{sign(a), int64(-a.InHours), int64(-a.Elapsed)}, []int64{sign(b), int64(-b.InHours), int64(-b.Elapsed)}),
			latestRating(a, b),
			cmp.Compare(a.Conversation, b.Conversation),
			a.Start.Compare(b.Start), a.End.Compare(b.End),
			cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Channel, b.Channel))
	})
	return list[:min(max(k, 0), len(list))]
}

// sameEvidence compares evidence with the exhibits that are expected of it.
func sameEvidence[K comparable](e *metrics.Evidence[K], k int, all []keyedExhibit, key func(groupKey) K) string {
	type list struct {
		key  K
		kind metrics.ExhibitKind
	}
	want, total := make(map[list][]metrics.Exhibit), make(map[metrics.ExhibitKind][]metrics.Exhibit)
	keys := make(map[K]bool)
	for _, c := range all {
		l := list{key(c.key), c.Kind}
		want[l], total[c.Kind] = append(want[l], c.Exhibit), append(total[c.Kind], c.Exhibit)
		keys[l.key] = true
	}
	check := func(name any, top *metrics.Top[metrics.Exhibit], want []metrics.Exhibit) string {
		if n := int64(len(want)); top.Count() != n {
			return fmt.Sprintf("%v: %d exhibits, want %d\n", name, top.Count(), n)
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
	for _, kind := range exhibitKinds() {
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
		want, log := exhibits(list, r, asOf), logOf(t, list)
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

// Evidence stands beside a breakdown: the same groups, as many exhibits as each
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
	counts := map[metrics.ExhibitKind]int64{
		metrics.ExhibitBacklog: f.Backlog, metrics.ExhibitReopened: f.Reopened, metrics.ExhibitReplies: f.RepliesToResolve.Whole,
		metrics.ExhibitRating: f.Ratings.N(), metrics.ExhibitClosedUnanswered: f.ClosedUnanswered, metrics.ExhibitMoved: f.Moved,
	}
	for kind, want := range counts {
		if got := e.Group(key, kind).Count(); got != want {
			return fmt.Sprintf("%v: %d exhibits, figure %d", kind, got, want)
		}
	}
	handled := e.Group(key, metrics.ExhibitHandleTime)
	if handled.Count() != f.HandleTime.Count() {
		return fmt.Sprintf("%d exhibits were handled, figure %d", handled.Count(), f.HandleTime.Count())
	}
	if longest, ok := f.HandleTime.Max(); ok && handled.List()[0].Elapsed != longest {
		return fmt.Sprintf("handled for %v, the greatest is %v", handled.List()[0].Elapsed, longest)
	}
	inHours := oracle{rules: r}.hasHours()
	times := &f.Elapsed
	if inHours {
		times = &f.InHours
	}
	for kind, s := range map[metrics.ExhibitKind]*metrics.Summary{
		metrics.ExhibitFirstResponse: &times.FirstResponse, metrics.ExhibitResponse: &times.Response,
		metrics.ExhibitNextResponse: &times.NextResponse, metrics.ExhibitFirstResolution: &times.FirstResolution,
		metrics.ExhibitFullResolution: &times.FullResolution, metrics.ExhibitActive: &times.Active,
		metrics.ExhibitStillWaiting: &times.StillWaiting, metrics.ExhibitAnsweredByAssistant: &times.ByAssistant,
		metrics.ExhibitAnsweredByAutomation: &times.ByAutomation, metrics.ExhibitAbandoned: &times.Abandoned,
	} {
		top := e.Group(key, kind)
		if top.Count() != s.Count() {
			return fmt.Sprintf("%v: %d exhibits, figure %d", kind, top.Count(), s.Count())
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
		return sameEvidence(parts[2], k, exhibits(list, r, 10), func(g groupKey) metrics.AgentID { return g.agent })
	}, genSteps(), genRules(), gen.IntRange(0, 1<<8), gen.IntRange(0, 3)))
	properties.TestingRun(t)
}
