package metrics

import (
	"iter"
	"maps"
	"time"
)

// Evidence names the conversations behind figures: of each kind of case the
// worst few, and how many there are. It groups by the key of a [Breakdown], so
// that it stands beside one: a group has as many cases of a kind as the group of
// the breakdown counts, and the slowest takes as long as its summary's maximum.
//
//	evidence := metrics.NewEvidence(metrics.Rules{}, asOf, 5, metrics.Facet.Channel)
//	for c := range log.Conversations() {
//		evidence.Add(c)
//	}
//	slowest := evidence.Group(metrics.Email, metrics.CaseFirstResponse).List()
//
// Of conversations that count nowhere the breakdown knows nothing; here they are
// in the group of their first event, or if they have none yet, of the instant as
// of which they are looked at.
//
// Its memory grows with the number of groups, not with that of conversations.
type Evidence[K comparable] struct {
	reader reader
	places places
	asOf   time.Time
	limit  int
	groups map[K]uint32 // the numbers of cases
	cases  []*cases
}

// cases are the lists of a group, by kind.
type cases [caseKinds]Top[Case]

// NewEvidence returns evidence without cases, of what is known as of an instant,
// read by the given rules; at most k cases of each kind and group are named. The
// key function is one that [NewBreakdown] would take; with a nil function all is
// in the group of the zero key.
//
// With [Rules.Calendar] the slowest are those that took longest in hours of
// service, and of those equal, around the clock.
func NewEvidence[K comparable](rules Rules, asOf time.Time, k int, key func(Facet) K) *Evidence[K] {
	e := &Evidence[K]{asOf: asOf, limit: k, groups: make(map[K]uint32)}
	e.reader.rules, e.reader.brief = rules, true
	e.places = places{history: &e.reader.History, ask: numbered(key, e.group)}
	return e
}

// Keys returns the keys of the groups, in no order.
func (e *Evidence[K]) Keys() iter.Seq[K] { return maps.Keys(e.groups) }

// Group returns the cases of a kind in a group, the worst first: not to be
// changed. Of a key that nothing belongs to there are none.
func (e *Evidence[K]) Group(key K, kind CaseKind) *Top[Case] {
	if n, ok := e.groups[key]; ok && int(kind) < caseKinds {
		return &e.cases[n][kind]
	}
	return e.empty()
}

// Total returns the cases of a kind in all groups together, the worst first.
func (e *Evidence[K]) Total(kind CaseKind) *Top[Case] {
	total := e.empty()
	for key := range e.groups {
		total.Merge(e.Group(key, kind))
	}
	return total
}

func (e *Evidence[K]) empty() *Top[Case] {
	return NewTop(e.limit, func(a, b Case) int { return a.compare(&b) })
}

// Merge adds the cases of other, which must be of the same rules, instant, limit
// and key, and of other conversations.
func (e *Evidence[K]) Merge(other *Evidence[K]) {
	for key, n := range other.groups {
		from, to := other.cases[n], e.cases[e.group(key)]
		for kind := range to {
			to[kind].Merge(&from[kind])
		}
	}
}

// group returns the number of a group.
func (e *Evidence[K]) group(key K) uint32 {
	n, ok := e.groups[key]
	if !ok {
		c := new(cases)
		for kind := range c {
			c[kind] = *e.empty()
		}
		n = uint32(len(e.cases))
		e.groups[key], e.cases = n, append(e.cases, c)
	}
	return n
}

// Add takes a conversation, as it was known at the instant. Each conversation
// must be added once; one without any event is none.
func (e *Evidence[K]) Add(c Conversation) {
	if c.Len() == 0 {
		return
	}
	h := &e.reader.History
	e.reader.read(c.AsOf(e.asOf))
	e.places.begin()
	e.addConversation()
	if !h.excluded {
		e.addWaits()
		e.addCycles()
		for _, r := range h.ratings {
			s := span{start: r.at, end: r.at, agent: r.agent, channel: r.channel}
			e.add(r.at, &s, Case{Start: timeOf(r.at), End: timeOf(r.at), Number: int64(r.stars)}, CaseRating)
		}
	}
}

// addConversation adds the cases of the conversation as a whole.
func (e *Evidence[K]) addConversation() {
	h := &e.reader.History
	whole := span{agent: h.owner, channel: h.channel, start: instant(e.asOf)}
	var first time.Time
	if events := h.conversation.events(); len(events) > 0 {
		whole.start = events[0].at
		first = timeOf(whole.start)
	}
	if reason, ok := h.leftOut(); ok {
		e.add(whole.start, &whole, Case{Start: first}, reason)
	}
	if h.reopens > 0 {
		e.add(whole.start, &whole, Case{Start: first, Number: int64(h.reopens)}, CaseReopened)
	}
	if h.IsOpen() {
		start := h.cycles[0].start
		open := e.measured(start, instant(e.asOf), true)
		open.Start = timeOf(start)
		e.add(whole.start, &whole, open, CaseBacklog)
	}
}

// leftOut returns why a conversation has no part in the response times, if it
// has none and nobody waited.
func (h *History) leftOut() (CaseKind, bool) {
	if !h.excluded {
		return CaseNoWait, len(h.waits) == 0
	}
	for _, e := range h.conversation.events() {
		if e.kind == KindDiscarded {
			return CaseDiscarded, true
		}
	}
	if h.conversation.Len() == 0 {
		return CaseNotYet, true
	}
	return CaseTeamFirst, true
}

func (e *Evidence[K]) addWaits() {
	h := &e.reader.History
	for i := range h.waits {
		wait := &h.waits[i]
		end := wait.end
		if wait.outcome == Open {
			end = instant(e.asOf)
		}
		c := e.measured(wait.start, end, e.reader.rules.PauseStopsWaits)
		c.Start, c.End = timeOf(wait.start), timeOf(wait.end)
		at := e.reader.rules.period(wait.start, end)
		switch {
		case wait.outcome == Open:
			e.add(at, wait, c, CaseStillWaiting)
		case wait.outcome == AnsweredByAutomation:
			e.add(at, wait, c, CaseAnsweredByAutomation)
		case wait.outcome == ClosedUnanswered:
			e.add(at, wait, c, CaseClosedUnanswered)
		case wait.outcome == Moved:
			e.add(at, wait, c, CaseMoved)
		case i == h.first:
			e.add(at, wait, c, CaseResponse, CaseFirstResponse)
		default:
			e.add(at, wait, c, CaseResponse, CaseNextResponse)
		}
	}
}

func (e *Evidence[K]) addCycles() {
	h := &e.reader.History
	if first, ok := h.firstResolved(); ok {
		c := e.measured(first.start, first.end, true)
		c.Start, c.End = timeOf(first.start), timeOf(first.end)
		e.add(e.reader.rules.period(first.start, first.end), &first, c, CaseFirstResolution)
	}
	if len(h.cycles) == 0 || h.IsOpen() {
		return
	}
	last := &h.cycles[len(h.cycles)-1]
	at := e.reader.rules.period(h.cycles[0].start, last.end)
	c := Case{Start: timeOf(h.cycles[0].start), End: timeOf(last.end)}
	c.Elapsed, _ = h.ActiveTime(nil)
	if e.reader.rules.Calendar != nil {
		c.InHours, _ = h.ActiveTime(e.reader.rules.Calendar)
	}
	e.add(at, last, c, CaseActive)
	replies, ok := h.RepliesToResolve()
	if !ok {
		return
	}
	full := e.measured(h.cycles[0].start, last.end, true)
	full.Start, full.End = c.Start, c.End
	e.add(at, last, full, CaseFullResolution)
	full.Number = int64(replies)
	e.add(at, last, full, CaseReplies)
}

// measured returns a case with the time from start to end, less pauses if they
// stop it.
func (e *Evidence[K]) measured(start, end int64, pauses bool) Case {
	c := Case{Elapsed: e.reader.measure(nil, start, end, pauses)}
	if e.reader.rules.Calendar != nil {
		c.InHours = e.reader.measure(e.reader.rules.Calendar, start, end, pauses)
	}
	return c
}

// add adds a case to the group of an instant and of the agent and channel of a
// span, as one of each of the kinds.
func (e *Evidence[K]) add(at int64, s *span, c Case, kinds ...CaseKind) {
	h := &e.reader.History
	group := e.cases[e.places.find(at, s.agent, s.channel)]
	named := false
	for _, kind := range kinds {
		c.Kind = kind
		top := &group[kind]
		if least := top.least(); least != nil && c.measure(least) > 0 {
			top.n++ // the usual case, for which nobody need be named
			continue
		}
		if !named {
			named = true
			c.Conversation, c.Channel, c.Agent = h.conversation.ID(), h.channelOf(s.channel), h.agent(s.agent)
		}
		if kept := top.add(c); kept != nil {
			kept.keep()
		}
	}
}
