package metrics

import "math"

// places finds the number of the group of a facet, and calls the key function as
// rarely as it can. Think of all facets as points of a space with four axes:
//
//	instant × agent × channel × conversation
//
// When the key function is called for a point, its scope notes at which axes it
// looked. Everywhere along the other axes the key is the same, and along that of
// instants it is the same within the period that it looked at. So one call gives the
// group of a whole box of points: a [place]. By channel and day, for example, a place
// is one channel and one day, for any agent and any conversation.
//
// Most of what is measured in a conversation lies in the place that was found last,
// and most of the rest in one that was found recently: the function is called only if
// neither has the point.
type places struct {
	history *History // of the facets
	ask     func(Facet) uint32
	names   *names // whose numbers the places have
	scope   scope
	latest  *place  // the one found last
	recent  []place // a hash table of those found recently; a new one takes the slot of an old one
	asked   int     // how often the key function was called

	// The period of the last call, by which slots are chosen: its start modulo its
	// length, and how many of its length fit in a nanosecond; 0 if it has no bounds.
	phase int64
	rate  float64
}

// A place is a box of facets with one group. A mask is 0 if the key function did not
// look at that axis, so that any number will do, and has all bits set if it did.
type place struct {
	from, to                       int64 // the instants, without to; a zero place has none
	group                          uint32
	agent, agentMask               uint32
	conversation, conversationMask uint32
	channel, channelMask           uint16
}

// has reports whether a facet lies in the place. A number that differs where its mask
// is set leaves a bit.
func (p *place) has(at int64, agent uint32, channel uint16, conversation uint32) bool {
	return at >= p.from && at < p.to &&
		(agent^p.agent)&p.agentMask|uint32(channel^p.channel)&uint32(p.channelMask)|(conversation^p.conversation)&p.conversationMask == 0
}

// The least and greatest number of recent places, powers of two.
const (
	minRecent = 16
	maxRecent = 1 << 14
)

// begin prepares for the facets of a history. Places of another log are of no use,
// because it has other numbers.
func (s *places) begin(h *History) {
	s.history = h
	if names := h.conversation.from.names; names != s.names {
		s.names, s.latest, s.recent = names, new(place), nil
	}
}

// find returns the place of something that belongs to an instant, an agent and a
// channel. It is good until the next call.
func (s *places) find(at int64, agent uint32, channel uint16) *place {
	if channel == 0 {
		channel = s.history.channel
	}
	if s.latest.has(at, agent, channel, s.history.conversation.number) {
		return s.latest
	}
	return s.findSlowly(at, agent, channel)
}

// findSlowly is find for a facet that is not in the latest place.
func (s *places) findSlowly(at int64, agent uint32, channel uint16) *place {
	// The table grows once half as many calls were made as it has slots.
	if len(s.recent) < maxRecent && len(s.recent) <= 2*s.asked {
		s.recent = make([]place, max(minRecent, 4*len(s.recent)))
	}
	p := s.slot(at, agent, channel)
	if !p.has(at, agent, channel, s.history.conversation.number) {
		found := s.askFor(at, agent, channel)
		s.latest = &found
		p = s.slot(at, agent, channel)
		*p = found
	}
	s.latest = p
	return p
}

// askFor calls the key function, and returns the place of its scope.
func (s *places) askFor(at int64, agent uint32, channel uint16) place {
	s.asked++
	s.scope.widen()
	group := s.ask(Facet{history: s.history, scope: &s.scope, at: at, agent: agent, channel: channel})
	p := place{
		group: group, from: s.scope.from, to: s.scope.to,
		agent: agent, agentMask: mask[uint32](s.scope.looked&atAgent != 0),
		channel: channel, channelMask: mask[uint16](s.scope.looked&atChannel != 0),
		conversation: s.history.conversation.number, conversationMask: mask[uint32](s.scope.looked&atConversation != 0),
	}
	s.phase, s.rate = 0, 0
	if p.from > math.MinInt64 && p.to < math.MaxInt64 {
		s.phase, s.rate = p.from%(p.to-p.from), 1/float64(p.to-p.from)
	}
	return p
}

// slot returns where a facet's place is in the table, if the key function looked at
// the same axes as for the latest place, and at a period of the same length. If it did
// not, the place is not found, and the function is called again.
func (s *places) slot(at int64, agent uint32, channel uint16) *place {
	p := s.latest
	h := uint64(agent&p.agentMask)<<32 | uint64(s.history.conversation.number&p.conversationMask)
	h ^= uint64(channel & p.channelMask)
	h ^= uint64(int64(float64(at-s.phase)*s.rate)) << 16
	return &s.recent[h*0x9E3779B97F4A7C15>>32&uint64(len(s.recent)-1)]
}

func mask[T uint16 | uint32](on bool) T {
	if on {
		return ^T(0)
	}
	return 0
}
