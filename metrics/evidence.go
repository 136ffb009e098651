package metrics

import (
	"iter"
	"time"
)

// Evidence names the conversations behind figures: for each kind of exhibit the worst few,
// and how many there are. It groups by a key as a [Breakdown] does, and agrees with a
// breakdown by the same key: a group has as many exhibits of a kind as that of the
// breakdown counts, and the slowest took as long as the maximum of its summary.
//
//	evidence := metrics.NewEvidence(metrics.Facet.Channel, 5)
//	err := log.Read(metrics.Rules{}, asOf).Into(evidence)
//	...
//	slowest := evidence.Group(metrics.Email, metrics.ExhibitFirstResponse).List()
//
// Evidence also has the conversations that count nowhere, which a breakdown leaves out:
// each is in the group of its first event or, if it has no event yet, of the instant of
// the reading.
//
// With [Rules.Calendar], the slowest exhibits are those that took longest in hours of
// service; ties are broken by the time around the clock. Of ratings with as many stars, the
// latest come first.
//
// Memory grows with the number of groups, not with that of conversations. A zero
// Evidence counts everything in the group of the zero key, and names no conversation. An
// Evidence keeps a reference to the log of the last history added, so that log stays in
// memory. No two of its methods may be called at the same time.
type Evidence[K comparable] struct {
	Binding
	groups   Grouping[K]
	limit    int
	exhibits []*exhibits // by the numbers of the groups
}

// exhibits are the lists of a group, by kind.
type exhibits [exhibitKinds]Top[Exhibit]

// NewEvidence returns empty evidence by a key, as [NewBreakdown] takes it, that names
// at most k exhibits of each kind in each group.
func NewEvidence[K comparable](key func(Facet) K, k int) *Evidence[K] {
	return &Evidence[K]{groups: Grouping[K]{key: key}, limit: k}
}

// Keys returns the keys of the groups, in no order.
func (e *Evidence[K]) Keys() iter.Seq[K] { return e.groups.Keys() }

// Group returns the exhibits of a kind in a group as they are now, the worst first. They
// are the caller's own. For a key with no members there are none.
func (e *Evidence[K]) Group(key K, kind ExhibitKind) *Top[Exhibit] {
	top := e.empty()
	if n, ok := e.groups.Number(key); ok && int(kind) < exhibitKinds {
		top.Merge(&e.exhibits[n][kind])
	}
	return top
}

// Total returns the exhibits of a kind in all groups together, the worst first.
func (e *Evidence[K]) Total(kind ExhibitKind) *Top[Exhibit] {
	total := e.empty()
	for key := range e.Keys() {
		total.Merge(e.Group(key, kind))
	}
	return total
}

func (e *Evidence[K]) empty() *Top[Exhibit] {
	return NewTop(e.limit, func(a, b Exhibit) int { return a.compare(&b) })
}

// Merge adds the exhibits of other, which must have the same key function, and name at
// least as many exhibits. If the two do not add up, as with [Breakdown.Merge], the error
// wraps [ErrOtherTerms] or [ErrTwice], and e is as it was.
func (e *Evidence[K]) Merge(other *Evidence[K]) error {
	if err := e.Join(&other.Binding); err != nil {
		return err
	}
	for n, key := range other.groups.All() {
		from, to := other.exhibits[n], e.group(e.groups.Add(key))
		for kind := range to {
			to[kind].Merge(&from[kind])
		}
	}
	return nil
}

// group returns the exhibits of a group.
func (e *Evidence[K]) group(n int) *exhibits {
	if n >= len(e.exhibits) {
		c := new(exhibits)
		for kind := range c {
			c[kind] = *e.empty()
		}
		e.exhibits = append(e.exhibits, c)
	}
	return e.exhibits[n]
}

// Add adds a history. If it does not add up with those before, the error wraps
// [ErrOtherTerms]; see [Binding.Check].
func (e *Evidence[K]) Add(h *History) error {
	if err := e.Check(h); err != nil {
		return err
	}
	if h.conversation.from == nil { // of the zero Conversation
		return nil
	}
	e.groups.prepare().begin(h)
	e.addConversation(h)
	e.addWaits(h)
	e.addCycles(h)
	for _, r := range h.ratings {
		s := span{start: r.at, end: r.at, agent: r.agent, channel: r.channel, team: r.team}
		e.add(r.at, &s, Exhibit{Start: timeOf(r.at), End: timeOf(r.at), Number: int64(r.stars)}, ExhibitRating)
	}
	return nil
}

// addConversation adds the exhibits of the conversation as a whole.
func (e *Evidence[K]) addConversation(h *History) {
	whole := span{agent: h.owner, channel: h.channel, team: h.team, start: h.begins}
	var first time.Time
	if h.conversation.Len() > 0 || h.number > 1 {
		first = timeOf(h.begins)
	}
	if reason, ok := h.leftOut(); ok {
		e.add(whole.start, &whole, Exhibit{Start: first}, reason)
	}
	if h.reopens > 0 {
		e.add(whole.start, &whole, Exhibit{Start: first, Number: int64(h.reopens)}, ExhibitReopened)
	}
	if sum, ok := h.HandleTime(); ok {
		e.add(whole.start, &whole, Exhibit{Start: first, Elapsed: sum}, ExhibitHandleTime)
	}
	if h.IsOpen() {
		start := h.cycles[0].start
		open := h.evidence(start, h.terms.at)
		open.Start = timeOf(start)
		e.add(whole.start, &whole, open, ExhibitBacklog)
	}
}

// leftOut returns why a conversation has no wait, and false if it has one.
func (h *History) leftOut() (ExhibitKind, bool) {
	if h.counts {
		return ExhibitNoWait, len(h.waits) == 0
	}
	if h.discarded {
		return ExhibitDiscarded, true
	}
	if h.conversation.Len() == 0 {
		return ExhibitNotYet, true
	}
	return ExhibitTeamFirst, true
}

func (e *Evidence[K]) addWaits(h *History) {
	for i := range h.waits {
		wait := &h.waits[i]
		end := wait.end
		if wait.outcome == Open {
			end = h.terms.at
		}
		c := Exhibit{Start: timeOf(wait.start), End: timeOf(wait.end), Elapsed: h.waitTime(nil, i, end)}
		if hours := h.Hours(); hours != nil {
			c.InHours = h.waitTime(hours, i, end)
		}
		at := h.terms.Rules.period(wait.start, end)
		switch {
		case wait.outcome == Open:
			e.add(at, wait, c, ExhibitStillWaiting)
		case wait.outcome == AnsweredByAssistant:
			e.add(at, wait, c, ExhibitAnsweredByAssistant)
		case wait.outcome == AnsweredByAutomation:
			e.add(at, wait, c, ExhibitAnsweredByAutomation)
		case wait.outcome == GaveUp:
			e.add(at, wait, c, ExhibitAbandoned)
		case wait.outcome == ClosedUnanswered:
			e.add(at, wait, c, ExhibitClosedUnanswered)
		case wait.outcome == Moved:
			e.add(at, wait, c, ExhibitMoved)
		case i == h.first-1:
			e.add(at, wait, c, ExhibitResponse, ExhibitFirstResponse)
		default:
			e.add(at, wait, c, ExhibitResponse, ExhibitNextResponse)
		}
	}
}

func (e *Evidence[K]) addCycles(h *History) {
	if first, ok := h.firstResolved(); ok {
		c := h.evidence(first.start, first.end)
		c.Start, c.End = timeOf(first.start), timeOf(first.end)
		e.add(h.terms.Rules.period(first.start, first.end), &first, c, ExhibitFirstResolution)
	}
	if len(h.cycles) == 0 || h.IsOpen() {
		return
	}
	last := &h.cycles[len(h.cycles)-1]
	at := h.terms.Rules.period(h.cycles[0].start, last.end)
	c := Exhibit{Start: timeOf(h.cycles[0].start), End: timeOf(last.end)}
	c.Elapsed, _ = h.ActiveTime(nil)
	if hours := h.Hours(); hours != nil {
		c.InHours, _ = h.ActiveTime(hours)
	}
	e.add(at, last, c, ExhibitActive)
	replies, ok := h.RepliesToResolve()
	if !ok {
		return
	}
	full := h.evidence(h.cycles[0].start, last.end)
	full.Start, full.End = c.Start, c.End
	e.add(at, last, full, ExhibitFullResolution)
	full.Number = int64(replies)
	e.add(at, last, full, ExhibitReplies)
}

// evidence returns an exhibit with the time from start to end, less pauses.
func (h *History) evidence(start, end int64) Exhibit {
	c := Exhibit{Elapsed: h.measure(nil, start, end, AnyReason)}
	if hours := h.Hours(); hours != nil {
		c.InHours = h.measure(hours, start, end, AnyReason)
	}
	return c
}

// add adds an exhibit, once for each of the kinds, to the group of an instant and of the
// agent and channel of a span.
func (e *Evidence[K]) add(at int64, s *span, c Exhibit, kinds ...ExhibitKind) {
	h := e.groups.places.history
	group := e.group(int(e.groups.places.find(at, s.agent, s.channel, s.team).group))
	named := false
	for _, kind := range kinds {
		c.Kind = kind
		top := &group[kind]
		if least := top.least(); least != nil && c.measure(least) > 0 {
			top.more(1) // the usual case, for which no names are needed
			continue
		}
		if !named {
			named = true
			c.Conversation, c.Channel = h.conversation.ID(), h.channelOf(s.channel)
			c.Agent, c.Team = h.agent(s.agent), h.teamOf(s.team)
		}
		if kept := top.add(c); kept != nil {
			kept.keep()
		}
	}
}
