package metrics

import (
	"math"
	"sort"
	"time"
)

// Facet says to what a measured thing belongs: a wait, a cycle, a rating, a reply, or
// a conversation as a whole. Every sink that groups, here and in the packages flow,
// standards and compare, does so by a function that makes a key from a Facet:
// Facet.Channel, Facet.Agent, [Whole], or one of your own.
//
// In a loop of your own, [History.Facet] and [History.FacetOf] return facets. The zero
// value belongs to no conversation, and to the beginning of 1970.
type Facet struct {
	history *History
	scope   *scope
	at      int64
	agent   uint32
	channel uint16
	team    uint16
	urgency uint32 // number of a priority, plus 1; 0 is that of the conversation
}

// Conversation returns the name of the conversation, by which you may look up a team
// or a tag.
func (f Facet) Conversation() ConversationID {
	return f.look(atConversation).conversation.ID()
}

// Channel returns the channel of the wait, rating, request or reply, or if it has none, the
// channel of the conversation.
func (f Facet) Channel() Channel {
	return f.look(atChannel).channelOf(f.channel)
}

// Agent returns the agent of what was measured:
//
//   - of a reply, and of the wait that it ended, who has the credit for it;
//   - of a cycle, who resolved it;
//   - of a wait or cycle that ended otherwise, who had the conversation then;
//   - of a request for a rating, about whom it asks or, if it does not say, the last
//     person or assistant who replied before it or, if nobody did, who was assigned then;
//     by [Rules.CreditAssigned] the other way round;
//   - of a rating, whose work was rated or, if it does not say, that of the request that
//     it answers; without one, the same as of a request at its instant. Who was assigned
//     after the request does not matter, and who replied after it only if it has nobody;
//   - of a message, and a conversation as a whole, the owner of the conversation.
//
// It is empty if the events do not name an agent.
func (f Facet) Agent() AgentID {
	return f.look(atAgent).agent(f.agent)
}

// Team returns the team that was in charge at the time, whoever is today: at the end of a
// wait or cycle or, if that is open, as of the reading; at the instant of a message, reply
// or rating; and for a conversation as a whole, in the end. It is empty if none was.
func (f Facet) Team() TeamID {
	return f.look(atTeam).teamOf(f.team)
}

// Customer returns the first customer that a message of the conversation names.
func (f Facet) Customer() CustomerID {
	return f.look(atConversation).Customer()
}

// Priority returns the priority of the conversation, see [History.Priority], unless
// [Facet.WithPriority] gave it another one.
func (f Facet) Priority() Priority {
	if f.urgency > 0 {
		return f.look(atPriority).priorityText(f.urgency - 1)
	}
	return f.look(atPriority | atConversation).Priority()
}

// WithPriority returns f with a priority that the conversation had at the time, for sinks
// that know it, as those of package standards do.
func (f Facet) WithPriority(p Priority) Facet {
	if f.history != nil {
		f.urgency = 1 + f.history.names().priorities.Number(string(p))
	}
	return f
}

// At returns the instant that decides the period: of a wait or cycle, its end or, by
// [Rules.ByStart], its start; of a rating, request or reply, its own; of a conversation as a
// whole, that of the first event. What is still open ends, for this purpose, at the
// instant of the reading.
//
// A key function that asks for At is called again for whatever is measured at another
// instant, which takes some four times as long. For one that asks for [Facet.Period],
// [Facet.Within] or [Facet.HourOfWeek] instead, a call is good for the whole period, span
// or hour.
func (f Facet) At() time.Time {
	f.scope.narrow(f.at, f.at+1)
	return timeOf(f.at)
}

// Period returns the period in which At lies.
func (f Facet) Period(p Periods) Period { return f.scope.period(p, f.at) }

// Within reports whether At lies in a span: at its Start or later, and before its
// End. A zero End means that the span has not ended. It is quicker than comparing
// At, because a sink need not ask again for other instants in the span.
func (f Facet) Within(s Span) bool {
	start := instant(s.Start)
	end := int64(math.MaxInt64)
	if !s.End.IsZero() {
		end = instant(s.End)
	}
	switch {
	case f.at < start:
		f.scope.narrow(math.MinInt64, start)
		return false
	case f.at >= end:
		f.scope.narrow(end, math.MaxInt64)
		return false
	}
	f.scope.narrow(start, end)
	return true
}

// HourOfWeek returns the hour of the week that the clocks of a zone show at At; nil
// means UTC.
func (f Facet) HourOfWeek(zone *time.Location) HourOfWeek {
	hour := HourOfWeekAt(timeOf(f.at), zone)
	f.scope.narrow(clockHour(f.at, zone))
	return hour
}

// clockHour returns from when to when the clocks of a zone show the same hour as at an
// instant. If they are changed in that hour, it returns the instant alone.
func clockHour(at int64, zone *time.Location) (from, to int64) {
	second := floorDiv(at, 1e9)
	offset := int64(0)
	if zone != nil {
		offset = offsetAt(second, zone)
	}
	first := floorDiv(second+offset, 3600)*3600 - offset
	if zone != nil && (offsetAt(first, zone) != offset || offsetAt(first+3599, zone) != offset) {
		return at, at + 1
	}
	return first * 1e9, (first + 3600) * 1e9
}

// Whole is a key that puts everything into one group, for when only the total is
// wanted.
func Whole(Facet) string { return "" }

// Facet returns the facet of the conversation as a whole: its channel, its owner, and
// the instant of its first event, or of the reading if it has none. A case begins with
// what opened it.
func (h *History) Facet() Facet {
	f := Facet{history: h, agent: h.owner, channel: h.channel, team: h.team, at: h.asOfNanoseconds()}
	if h.number > 0 {
		f.at = h.begins
	}
	return f
}

// FacetOfResolution returns the facet of the first resolution: its agent is who resolved
// the conversation, and its instant the one that decides the period of that cycle. If
// there is no resolution, it is that of the conversation as a whole.
func (h *History) FacetOfResolution() Facet {
	f := h.Facet()
	for i := range h.cycles {
		if s := &h.cycles[i]; s.outcome == Answered {
			f.agent, f.team, f.at = s.agent, s.team, h.rules().period(s.start, s.end)
			break
		}
	}
	return f
}

// FacetOf returns the facet of a wait of the conversation. If it is one of
// [History.Waits], this is the facet by which a [Breakdown] groups it; if several without a
// reply begin and end at the same instants and say the same, the facet is that of the last. Of
// others, such as [History.Updates], the agent is the one that the wait names or, if it names
// none, the owner of the conversation.
func (h *History) FacetOf(w Wait) Facet {
	f := h.Facet()
	names := h.names()
	if w.Agent != "" {
		f.agent = names.agents.Number(string(w.Agent))
	}
	f.channel, f.team = uint16(names.channels.Number(string(w.Channel))), uint16(names.teams.Number(string(w.Team)))
	start, end, outcome := instant(w.Start), int64(running), w.Outcome
	if !w.End.IsZero() {
		end = instant(w.End)
	}
	// The agent of a wait that no reply ended is not in w. Waits are in the order of their ends.
	for i := sort.Search(len(h.waits), func(i int) bool { return h.waits[i].end >= end }); i < len(h.waits) && h.waits[i].end == end; i++ {
		s := &h.waits[i]
		if s.start == start && s.outcome == outcome && h.channelOf(s.channel) == w.Channel && h.teamOf(s.team) == w.Team &&
			(!outcome.replied() || h.agent(s.agent) == w.Agent) {
			f.agent = s.agent
		}
	}
	if end == running {
		end = h.asOfNanoseconds()
	}
	f.at = h.rules().period(start, end)
	return f
}

// look notes what the key function looks at, and returns the history that has it.
func (f Facet) look(at looked) *History {
	if f.scope != nil {
		f.scope.looked |= at
	}
	if f.history == nil {
		return new(History)
	}
	return f.history
}

// looked says what a key function looked at, apart from the instant.
type looked uint8

const (
	atAgent looked = 1 << iota
	atChannel
	atTeam
	atPriority // that a facet has of its own
	atConversation
)

// A scope notes what a key function looked at when it made a key. The key depends on
// nothing else, so every facet that agrees in that has the same key, and the function
// need not be called for it. The scope is nil where nobody needs to know.
type scope struct {
	looked   looked
	from, to int64 // the instants that agree, without to

	// The period that was looked up last: most things happen in the same one
	// as what was looked at before them.
	periods Periods
	last    Period
	lastIn  extent
}

// An extent is from an instant up to but without another one.
type extent struct{ start, end int64 }

// widen forgets all that was looked at.
func (s *scope) widen() {
	s.looked = 0
	s.from, s.to = math.MinInt64, math.MaxInt64
}

func (s *scope) narrow(from, to int64) {
	if s == nil {
		return
	}
	s.from, s.to = max(s.from, from), min(s.to, to)
}

func (s *scope) period(p Periods, at int64) Period {
	if s == nil {
		period, _, _ := p.of(floorDiv(at, 1e9))
		return period
	}
	if p != s.periods || at < s.lastIn.start || at >= s.lastIn.end {
		period, from, to := p.of(floorDiv(at, 1e9))
		s.periods, s.last, s.lastIn = p, period, extent{nanoseconds(from), nanoseconds(to)}
	}
	s.narrow(s.lastIn.start, s.lastIn.end)
	return s.last
}

// nanoseconds returns the nanoseconds of Unix seconds, clamped to what an int64 can
// hold, and to 1970 on.
func nanoseconds(second int64) int64 {
	return max(firstSecond, min(second, math.MaxInt64/int64(1e9))) * 1e9
}
