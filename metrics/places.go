package metrics

import (
	"cmp"
	"math"
	"math/bits"
)

// places finds the number of the group of a facet, and calls the key function as
// rarely as it can. Think of all facets as points of a space with six axes:
//
//	instant × agent × priority × channel × team × conversation
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
	history      *History // of the facets
	conversation uint64   // its number, and that of the case
	ask          func(Facet) uint32
	names        *names // whose numbers the places have
	scope        scope
	latest       *place  // the one found last
	recent       []place // a hash table of those found recently; a new one takes the slot of an old one
	asked        int     // how often the key function was called

	// The period of the last call, by which slots are chosen: its start modulo its
	// length, and how many of its length fit in a nanosecond; 0 if it has no bounds.
	phase int64
	rate  float64
}

// A place is a box of facets with one group. A mask is 0 if the key function did not
// look at that axis, so that any number will do, and has all bits set if it did.
type place struct {
	from, to                       int64  // the instants, without to; a zero place has none
	conversation, conversationMask uint64 // see [places.conversation]
	who, whoMask                   who
	site, siteMask                 site
	group                          uint32
}

// A who is an agent and, where a facet has one of its own, a priority.
type who uint64

func whoOf(agent, urgency uint32) who { return who(urgency)<<32 | who(agent) }

// A site is a channel and a team.
type site uint32

func siteOf(channel, team uint16) site { return site(team)<<16 | site(channel) }

// has reports whether a facet lies in the place. A number that differs where its mask
// is set leaves a bit.
func (p *place) has(at int64, of who, in site, conversation uint64) bool {
	return at >= p.from && at < p.to &&
		uint64((of^p.who)&p.whoMask)|uint64((in^p.site)&p.siteMask)|(conversation^p.conversation)&p.conversationMask == 0
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
	s.conversation = uint64(h.number)<<32 | uint64(h.conversation.number)
	if names := h.conversation.from.names; names != s.names {
		s.forget(names)
	}
}

func (s *places) forget(names *names) { s.names, s.latest, s.recent = names, new(place), nil }

// of returns the place of a facet, as find does, without begin.
func (s *places) of(f *Facet) *place {
	h := f.history
	if h == nil || h.conversation.from == nil { // of no log
		if h == nil {
			h = new(History)
		}
		s.history, s.conversation = h, 0
		s.forget(nil)
	} else {
		s.begin(h)
	}
	of, in := whoOf(f.agent, f.urgency), siteOf(cmp.Or(f.channel, h.channel), f.team)
	if s.latest.has(f.at, of, in, s.conversation) {
		return s.latest
	}
	return s.findSlowly(f.at, of, in)
}

// find returns the place of something that belongs to an instant, an agent, a channel
// and a team. It is good until the next call.
func (s *places) find(at int64, agent uint32, channel, team uint16) *place {
	if channel == 0 {
		channel = s.history.channel
	}
	in := siteOf(channel, team)
	if s.latest.has(at, who(agent), in, s.conversation) {
		return s.latest
	}
	return s.findSlowly(at, who(agent), in)
}

// findSlowly is find for a facet that is not in the latest place.
func (s *places) findSlowly(at int64, of who, in site) *place {
	// The table grows once half as many calls were made as it has slots.
	if len(s.recent) < maxRecent && len(s.recent) <= 2*s.asked {
		s.recent = make([]place, max(minRecent, 4*len(s.recent)))
	}
	p := s.slot(at, of, in)
	if !p.has(at, of, in, s.conversation) {
		found := s.askFor(at, of, in)
		s.latest = &found
		p = s.slot(at, of, in)
		*p = found
	}
	s.latest = p
	return p
}

// askFor calls the key function, and returns the place of its scope.
func (s *places) askFor(at int64, of who, in site) place {
	s.asked++
	s.scope.widen()
	group := s.ask(Facet{
		history: s.history, scope: &s.scope, at: at, agent: uint32(of), urgency: uint32(of >> 32), channel: uint16(in), team: uint16(in >> 16),
	})
	looked := s.scope.looked
	p := place{
		group: group, from: s.scope.from, to: s.scope.to,
		who: of, whoMask: whoOf(mask[uint32](looked&atAgent != 0), mask[uint32](looked&atPriority != 0)),
		site: in, siteMask: siteOf(mask[uint16](looked&atChannel != 0), mask[uint16](looked&atTeam != 0)),
		conversation: s.conversation, conversationMask: mask[uint64](looked&atConversation != 0),
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
func (s *places) slot(at int64, of who, in site) *place {
	p := s.latest
	h := bits.RotateLeft64(uint64(of&p.whoMask), 32) ^ s.conversation&p.conversationMask ^ uint64(in&p.siteMask)
	if s.rate != 0 {
		h ^= uint64(int64(float64(at-s.phase)*s.rate)) << 16
	}
	return &s.recent[h*0x9E3779B97F4A7C15>>32&uint64(len(s.recent)-1)]
}

func mask[T uint16 | uint32 | uint64](on bool) T {
	if on {
		return ^T(0)
	}
	return 0
}
