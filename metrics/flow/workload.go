package flow

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Workload counts the work of those who had the conversations, for each key that a
// function makes: of an agent, of a team, of a channel. It is a [metrics.Sink].
//
//	byAgent := flow.NewWorkload(metrics.Facet.Agent)
//	err := log.Read(rules, asOf).Into(byAgent)
//	...
//	handled, ok := byAgent.Group("ana").HandleTime.Mean()
//
// A conversation that several agents had counts once for each of them, and once in the
// total: a mean is over conversations, never over handlings, or transfers would make it
// small. So the groups do not add up to the total. What [metrics.Rules.NewCaseAfter]
// makes several cases of counts as several conversations.
//
// A Workload keeps a reference to the log of the last history added, so that log stays in
// memory. A zero Workload puts everything into the group of the zero key. No two of its methods
// may be called at the same time.
type Workload[K comparable] struct {
	metrics.Binding
	groups metrics.Grouping[K]
	works  []*work // by the numbers of the groups
	total  work    // but for the own times, of which each is in one group
	shares []share // of the conversation that is added
	places []int   // of the shares of the groups among these, from 1 on; 0 is none
}

// work is what was counted in a group.
type work struct {
	load Load
	own  [2][]time.Duration // times that are to be added to load, around the clock and in hours of service
	busy map[metrics.AgentID]*intervals
}

// A share is what a group had of a conversation.
type share struct {
	group    int
	inCharge [2]time.Duration // around the clock, and in hours of service
	had      bool
	handled  time.Duration
	parts    map[metrics.Activity]time.Duration
}

// Load is the work of a group. The zero value is none.
type Load struct {
	// InCharge is how long conversations were in charge of the group while they were
	// open: for each of them, the sum of its [metrics.Station]s, around the clock. What
	// goes on counts up to the instant of the reading.
	InCharge metrics.Summary `json:"in_charge"`
	// InChargeInHours is the same in hours of service; empty without any in the Rules.
	InChargeInHours metrics.Summary `json:"in_charge_in_hours"`
	// HandleTime is how long the group worked on conversations: for each of those on
	// which it did, the sum of its Handled.
	HandleTime metrics.Summary `json:"handle_time"`
	// Activities are the same for each thing that Handled was for, over the conversations
	// that had it; so their means do not add up to that of HandleTime.
	Activities map[metrics.Activity]metrics.Summary `json:"activities,omitempty"`
	// OwnTime is the agents' own part of the waits that they answered; see
	// [metrics.Spell.OwnTime].
	OwnTime metrics.Summary `json:"own_time"`
	// OwnTimeInHours is the same in hours of service.
	OwnTimeInHours metrics.Summary `json:"own_time_in_hours"`
	// Busy is the time in which agents handled anything, each instant once: what an agent
	// handles at the same time as something else, such as a second chat, adds nothing.
	// It is the sum over the agents, of at most 292 years. Occupancy is Busy divided by the staffed time, which
	// events do not tell.
	Busy time.Duration `json:"busy_ns"`
}

// NewWorkload returns an empty workload by a key. The facet of the time in charge is
// [metrics.History.FacetOfStation], that of an answer [metrics.History.FacetOf], and that
// of a Handled has its agent, the team in charge, and its instant. The key may depend only
// on what the function asks the facet for; see [metrics.Grouping].
func NewWorkload[K comparable](key func(metrics.Facet) K) *Workload[K] {
	return &Workload[K]{groups: metrics.NewGrouping(key)}
}

// Add takes a history, and fails if it does not belong to those before; see
// [metrics.Binding.Check].
func (w *Workload[K]) Add(h *metrics.History) error {
	if err := w.Check(h); err != nil {
		return err
	}
	if !h.Counts() {
		return nil
	}
	hours := h.Hours()
	var all share
	for _, s := range h.Stations() {
		if s.End.IsZero() {
			s.End = h.Terms().AsOf
		}
		took := [2]time.Duration{s.End.Sub(s.Start), 0}
		if hours != nil {
			took[1] = hours.Between(s.Start, s.End)
		}
		for _, to := range [...]*share{w.share(h.FacetOfStation(s)), &all} {
			to.had = true
			to.inCharge[0] += took[0]
			to.inCharge[1] += took[1]
		}
	}
	if h.Has(metrics.KindHandled) {
		w.handle(h)
		all.handled, _ = h.HandleTime()
		all.parts = h.Handling()
	}
	for answer := range h.WaitSpells() {
		if answer.Outcome() != metrics.Answered {
			continue
		}
		if own, ok := answer.OwnTime(nil); ok {
			to := w.work(w.groups.Of(answer.Facet()))
			to.own[0] = append(to.own[0], own)
			if hours != nil {
				own, _ = answer.OwnTime(hours)
				to.own[1] = append(to.own[1], own)
			}
			if len(to.own[0]) == maxOwn {
				to.settle()
			}
		}
	}
	for i := range w.shares {
		s := &w.shares[i]
		s.addTo(&w.work(s.group).load, hours != nil)
		w.places[s.group] = 0
	}
	w.shares = w.shares[:0]
	all.addTo(&w.total.load, hours != nil)
	return nil
}

// handle adds what agents did.
func (w *Workload[K]) handle(h *metrics.History) {
	for m := range h.Moments() {
		if took := m.Took(); took > 0 {
			f := m.Facet()
			own := w.share(f)
			own.handle(m.Activity(), took)
			agent, at := f.Agent(), m.At()
			w.work(own.group).occupy(agent, at, took)
			w.total.occupy(agent, at, took)
		}
	}
}

// share returns what the group of a facet has of the conversation so far. It is good
// until the next call.
func (w *Workload[K]) share(f metrics.Facet) *share {
	group := w.groups.Of(f)
	for group >= len(w.places) {
		w.places = append(w.places, 0)
	}
	if w.places[group] == 0 {
		w.shares = append(w.shares, share{group: group})
		w.places[group] = len(w.shares)
	}
	return &w.shares[w.places[group]-1]
}

// work returns the work of a group.
func (w *Workload[K]) work(group int) *work {
	for group >= len(w.works) {
		w.works = append(w.works, new(work))
	}
	return w.works[group]
}

// maxOwn is how many own times wait to be added together, which is quicker than adding
// each: as many as a Summary keeps as they are.
const maxOwn = 1024

// settle adds the own times that wait.
func (g *work) settle() {
	g.load.OwnTime.AddAll(g.own[0])
	g.load.OwnTimeInHours.AddAll(g.own[1])
	g.own[0], g.own[1] = g.own[0][:0], g.own[1][:0]
}

func (s *share) handle(activity metrics.Activity, took time.Duration) {
	if s.parts == nil {
		s.parts = make(map[metrics.Activity]time.Duration)
	}
	s.handled = atMost(s.handled + took)
	s.parts[activity] = atMost(s.parts[activity] + took)
}

// atMost returns a sum of two durations that are not negative or, if that is too long for
// one, the longest that there is.
func atMost(sum time.Duration) time.Duration {
	if sum < 0 {
		return math.MaxInt64
	}
	return sum
}

func (s *share) addTo(l *Load, inHours bool) {
	if s.had {
		l.InCharge.Add(s.inCharge[0])
		if inHours {
			l.InChargeInHours.Add(s.inCharge[1])
		}
	}
	if len(s.parts) == 0 {
		return
	}
	l.HandleTime.Add(s.handled)
	for activity, took := range s.parts {
		if l.Activities == nil {
			l.Activities = make(map[metrics.Activity]metrics.Summary)
		}
		sum, ok := l.Activities[activity]
		if !ok {
			activity = metrics.Activity(strings.Clone(string(activity)))
		}
		sum.Add(took)
		l.Activities[activity] = sum
	}
}

// occupy adds what an agent handled up to an instant, but for what is before 1970.
func (g *work) occupy(agent metrics.AgentID, end time.Time, took time.Duration) {
	busy, ok := g.busy[agent]
	if !ok {
		if g.busy == nil {
			g.busy = make(map[metrics.AgentID]*intervals)
		}
		busy = new(intervals)
		g.busy[metrics.AgentID(strings.Clone(string(agent)))] = busy
	}
	busy.add(interval{max(0, end.UnixNano()-int64(took)), end.UnixNano()})
}

// Keys returns the keys of the groups, in no order.
func (w *Workload[K]) Keys() iter.Seq[K] { return w.groups.Keys() }

// Group returns the work of a group as it is now. It is the caller's own. For a key with
// no members it is none.
func (w *Workload[K]) Group(key K) Load {
	if n, ok := w.groups.Number(key); ok {
		return w.work(n).now()
	}
	return Load{}
}

// Total returns the work on all conversations as it is now.
func (w *Workload[K]) Total() Load {
	l := w.total.now()
	for _, g := range w.works {
		g.settle()
		l.OwnTime.Merge(&g.load.OwnTime)
		l.OwnTimeInHours.Merge(&g.load.OwnTimeInHours)
	}
	return l
}

func (g *work) now() Load {
	g.settle()
	l := g.load
	l.Activities = maps.Clone(l.Activities)
	for _, busy := range g.busy {
		l.Busy = atMost(l.Busy + busy.length())
	}
	return l
}

// Merge adds the work of other, which must be by the same key. If the two do not add up,
// the error is that of [metrics.Binding.Join], and w is as it was.
func (w *Workload[K]) Merge(other *Workload[K]) error {
	if err := w.Join(&other.Binding); err != nil {
		return err
	}
	for n, key := range other.groups.All() {
		w.work(w.groups.Add(key)).merge(other.work(n))
	}
	w.total.merge(&other.total)
	return nil
}

func (g *work) merge(other *work) {
	other.settle()
	to, from := &g.load, &other.load
	to.InCharge.Merge(&from.InCharge)
	to.InChargeInHours.Merge(&from.InChargeInHours)
	to.HandleTime.Merge(&from.HandleTime)
	to.OwnTime.Merge(&from.OwnTime)
	to.OwnTimeInHours.Merge(&from.OwnTimeInHours)
	for activity, s := range from.Activities {
		if to.Activities == nil {
			to.Activities = make(map[metrics.Activity]metrics.Summary)
		}
		sum := to.Activities[activity]
		sum.Merge(&s)
		to.Activities[activity] = sum
	}
	for agent, busy := range other.busy {
		for _, one := range busy.list {
			g.occupy(agent, time.Unix(0, one.end), time.Duration(one.end-one.start))
		}
	}
}

// intervals are times that may overlap. They are put in order and joined each time their
// number has doubled, so that what overlaps or touches takes no room.
type intervals struct {
	list   []interval
	joined int // how many there were after the last time
}

type interval struct{ start, end int64 }

func (s *intervals) add(one interval) {
	s.list = append(s.list, one)
	if len(s.list) > 2*s.joined+64 {
		s.join()
	}
}

// join makes the intervals disjoint and orders them.
func (s *intervals) join() {
	slices.SortFunc(s.list, func(a, b interval) int { return cmp.Compare(a.start, b.start) })
	kept := s.list[:0]
	for _, one := range s.list {
		if n := len(kept); n > 0 && one.start <= kept[n-1].end {
			kept[n-1].end = max(kept[n-1].end, one.end)
		} else {
			kept = append(kept, one)
		}
	}
	s.list, s.joined = kept, len(kept)
}

// length returns how long the intervals are together, each instant once.
func (s *intervals) length() (sum time.Duration) {
	s.join()
	for _, one := range s.list {
		sum += time.Duration(one.end - one.start)
	}
	return sum
}
