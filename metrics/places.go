package metrics

import "math"

// places finds the groups of facets by number. The key function is asked only if
// it looked at anything that is not as it was when it was asked before: most of
// what is measured in a conversation belongs to one group, and to one of those
// that were found lately.
type places struct {
	history *History // of the facets
	ask     func(Facet) uint32
	names   *names // whose numbers the places have
	scope   scope
	latest  *place  // that was found
	lately  []place // that were found, by what was looked at
	asked   int
	phase   int64   // where one of the periods begins that were looked at
	rate    float64 // and how many there are in a nanosecond, or 0
}

// numbered returns a function that asks for the number of the group of a facet. A
// nil key makes the zero key of each.
func numbered[K comparable](key func(Facet) K, number func(K) uint32) func(Facet) uint32 {
	return func(f Facet) uint32 {
		var k K
		if key != nil {
			k = key(f)
		}
		return number(k)
	}
}

// A place is the group of all facets that agree in what the key function looked
// at: agent, channel and conversation where the masks are not 0, and the
// instants.
type place struct {
	from, to           int64 // nothing lies between 0 and 0
	group              uint32
	agent, agents      uint32
	conversation, ofIt uint32
	channel, channels  uint16
}

func (p *place) has(at int64, agent uint32, channel uint16, conversation uint32) bool {
	return at >= p.from && at < p.to &&
		(agent^p.agent)&p.agents|uint32(channel^p.channel)&uint32(p.channels)|(conversation^p.conversation)&p.ofIt == 0
}

// Numbers of places that are kept, powers of two.
const (
	minLately = 16
	maxLately = 1 << 14
)

// begin prepares for the facets of what the history has become.
func (s *places) begin() {
	if names := s.history.conversation.from.names; names != s.names {
		s.names, s.latest, s.lately = names, new(place), nil
	}
}

// find returns the number of the group of something that belongs to an instant,
// an agent and a channel.
func (s *places) find(at int64, agent uint32, channel uint16) uint32 {
	if channel == 0 {
		channel = s.history.channel
	}
	if s.latest.has(at, agent, channel, s.history.conversation.number) {
		return s.latest.group
	}
	return s.other(at, agent, channel)
}

// other is find for a group that was not the latest one.
func (s *places) other(at int64, agent uint32, channel uint16) uint32 {
	if len(s.lately) < maxLately && len(s.lately) <= 2*s.asked {
		s.lately = make([]place, max(minLately, 4*len(s.lately)))
	}
	p := s.slot(at, agent, channel)
	if !p.has(at, agent, channel, s.history.conversation.number) {
		found := s.lookUp(at, agent, channel)
		s.latest = &found
		p = s.slot(at, agent, channel)
		*p = found
	}
	s.latest = p
	return p.group
}

// lookUp asks for the group of a facet.
func (s *places) lookUp(at int64, agent uint32, channel uint16) place {
	s.asked++
	s.scope.widen()
	group := s.ask(Facet{history: s.history, scope: &s.scope, at: at, agent: agent, channel: channel})
	p := place{
		group: group, from: s.scope.from, to: s.scope.to,
		agent: agent, agents: mask[uint32](s.scope.agent),
		channel: channel, channels: mask[uint16](s.scope.channel),
		conversation: s.history.conversation.number, ofIt: mask[uint32](s.scope.conversation),
	}
	s.phase, s.rate = 0, 0
	if p.from > math.MinInt64 && p.to < math.MaxInt64 {
		s.phase, s.rate = p.from%(p.to-p.from), 1/float64(p.to-p.from)
	}
	return p
}

// slot returns where to look for a group of which the key function looked at the
// same things as for the latest one, most of which are of periods as long.
func (s *places) slot(at int64, agent uint32, channel uint16) *place {
	p := s.latest
	h := uint64(agent&p.agents)<<32 | uint64(s.history.conversation.number&p.ofIt)
	h ^= uint64(channel & p.channels)
	h ^= uint64(int64(float64(at-s.phase)*s.rate)) << 16
	return &s.lately[h*0x9E3779B97F4A7C15>>32&uint64(len(s.lately)-1)]
}

func mask[T uint16 | uint32](on bool) T {
	if on {
		return ^T(0)
	}
	return 0
}
