package metrics

import (
	"math"
	"time"
)

// counter counts the figures of conversations into the groups of a [Breakdown].
type counter struct {
	reader    reader
	calendars []Calendar // nil for around the clock, and the hours of service if there are any
	asOf      int64
	place     func(Facet) *cell // asks for the group of a facet

	scope  scope
	latest placed   // group that was found
	before placed   // and the one before it
	lately []placed // groups that were found, by what was looked at
	from   *names   // of the conversation that was added last

	pending
}

// A cell is a group.
type cell struct {
	number int // among the cells of its counter; beside the counts that are asked for with it
	Figures
}

func (n *counter) init(rules Rules, asOf time.Time, place func(Facet) *cell) {
	n.reader.rules, n.asOf, n.place = rules, instant(asOf), place
	n.reader.brief = true
	n.calendars = append(n.calendars, nil)
	if rules.Calendar != nil {
		n.calendars = append(n.calendars, rules.Calendar)
	}
}

// placed is the group of all facets that agree in what the key function looked
// at: agent, channel and conversation where the masks are not 0, and the
// instants.
type placed struct {
	group              *cell
	from, to           int64 // nothing lies between 0 and 0
	length, phase      int64 // of the periods that follow each other at this one
	agent, agents      uint32
	conversation, ofIt uint32
	channel, channels  uint16
}

// placed returns the place of a facet whose group was just asked for.
func (n *counter) placed(group *cell, f Facet) placed {
	p := placed{
		group: group, from: n.scope.from, to: n.scope.to, length: math.MaxInt64,
		agent: f.agent, agents: mask[uint32](n.scope.agent),
		channel: f.channel, channels: mask[uint16](n.scope.channel),
		conversation: f.history.conversation.number, ofIt: mask[uint32](n.scope.conversation),
	}
	if p.from > math.MinInt64 && p.to < math.MaxInt64 {
		p.length = p.to - p.from
		p.phase = p.from % p.length
	}
	return p
}

func (p *placed) has(at int64, agent uint32, channel uint16, conversation uint32) bool {
	return at >= p.from && at < p.to &&
		(agent^p.agent)&p.agents|uint32(channel^p.channel)&uint32(p.channels)|(conversation^p.conversation)&p.ofIt == 0
}

// at returns the group of something that belongs to an instant, an agent and a
// channel. The key function is asked only if it looked at anything that is not
// as it was when it was asked before: most of what is measured in a conversation
// belongs to one group, and to one of those that were found lately.
func (n *counter) at(at int64, agent uint32, channel uint16) *cell {
	if channel == 0 {
		channel = n.reader.channel
	}
	if n.latest.has(at, agent, channel, n.reader.conversation.number) {
		return n.latest.group
	}
	return n.other(at, agent, channel)
}

// other is at for a group that was not the latest one.
func (n *counter) other(at int64, agent uint32, channel uint16) *cell {
	conversation := n.reader.conversation.number
	n.latest, n.before = n.before, n.latest
	if n.latest.has(at, agent, channel, conversation) {
		return n.latest.group
	}
	if len(n.lately) < maxLately && len(n.lately) <= 2*len(n.cells) {
		n.lately = make([]placed, max(minLately, 2*len(n.lately)))
	}
	p := &n.lately[n.slot(at, agent, channel, conversation)]
	if !p.has(at, agent, channel, conversation) {
		n.scope.widen()
		f := Facet{history: &n.reader.History, scope: &n.scope, at: at, agent: agent, channel: channel}
		n.latest = n.placed(n.place(f), f)
		p = &n.lately[n.slot(at, agent, channel, conversation)]
		*p = n.latest
	}
	n.latest = *p
	return p.group
}

// Numbers of places that are kept, powers of two.
const (
	minLately = 16
	maxLately = 1 << 12
)

// slot returns where to look for a group of which the key function looked at the
// same things as for the latest one, most of which are of periods as long.
func (n *counter) slot(at int64, agent uint32, channel uint16, conversation uint32) uint64 {
	p := &n.latest
	h := uint64(agent&p.agents)<<32 | uint64(conversation&p.ofIt)
	h ^= uint64(channel & p.channels)
	if p.length > 0 {
		h ^= uint64((at-p.phase)/p.length) << 16
	}
	return h * 0x9E3779B97F4A7C15 >> 32 & uint64(len(n.lately)-1)
}

func mask[T uint16 | uint32](on bool) T {
	if on {
		return ^T(0)
	}
	return 0
}

// period returns the group of something from start to end.
func (n *counter) period(start, end int64, s *span) *cell {
	if n.reader.rules.ByStart {
		end = start
	}
	return n.at(end, s.agent, s.channel)
}

func (n *counter) add(c Conversation) {
	h := &n.reader.History
	n.reader.read(c.asOf(n.asOf))
	if h.excluded {
		return
	}
	if c.from.names != n.from { // whose numbers are others
		n.from, n.latest, n.before = c.from.names, placed{}, placed{}
		clear(n.lately)
	}
	if !n.reader.untracked {
		whole := n.at(h.conversation.events()[0].at, h.owner, h.channel)
		whole.Conversations++
		n.addCycles(whole)
		n.addVolume()
	}
	n.addWaits()
	n.addRatings()
}

func (n *counter) addRatings() {
	for i := range n.reader.ratings {
		r := &n.reader.History.ratings[i]
		// The stars were checked when the log took them.
		_ = n.at(r.at, r.agent, r.channel).Ratings.Add(r.stars)
	}
}

func (n *counter) addWaits() {
	h := &n.reader.History
	for i := range h.waits {
		wait := &h.waits[i]
		end := wait.end
		if wait.outcome == Open {
			end = n.asOf
		}
		c := n.period(wait.start, end, wait)
		of := nextResponse
		switch wait.outcome {
		case AnsweredByAutomation:
			c.AnsweredByAutomation++
			continue
		case ClosedUnanswered:
			c.ClosedUnanswered++
			continue
		case Moved:
			c.Moved++
			continue
		case Open:
			of = stillWaiting
		case Answered:
			if i == h.first {
				of = firstResponse
			}
		}
		for j, calendar := range n.calendars {
			n.take(c, of.on(j), h.measure(calendar, wait.start, end, n.reader.rules.PauseStopsWaits))
		}
	}
}

func (n *counter) addCycles(whole *cell) {
	h := &n.reader.History
	if h.reopens > 0 {
		whole.Reopened++
		whole.Reopens += int64(h.reopens)
	}
	if len(h.cycles) == 0 {
		return
	}
	first, last := &h.cycles[0], &h.cycles[len(h.cycles)-1]
	if last.outcome == Open {
		whole.Backlog++
	}
	if first != last && first.outcome == Answered {
		c := n.period(first.start, first.end, first)
		for i, calendar := range n.calendars {
			n.take(c, firstResolution.on(i), h.measure(calendar, first.start, first.end, true))
		}
	}
	if last.outcome == Open {
		return
	}
	c := n.period(first.start, last.end, last)
	for i, calendar := range n.calendars {
		d, _ := h.ActiveTime(calendar)
		switch {
		case last.outcome != Answered:
			n.take(c, activeTime.on(i), d)
		case first == last:
			n.take(c, onlyResolution.on(i), d)
		default:
			n.take(c, activeTime.on(i), d)
			n.take(c, fullResolution.on(i), h.measure(calendar, first.start, last.end, true))
		}
	}
	if replies, ok := h.RepliesToResolve(); ok {
		c.RepliesToResolve.Whole++
		c.RepliesToResolve.Part += int64(replies)
		c.OneTouch.Whole++
		if oneTouch, _ := h.OneTouch(); oneTouch {
			c.OneTouch.Part++
		}
	}
}

// addVolume counts each message and reply in its own group. If all that the
// conversation has to do with is in one, so are they.
func (n *counter) addVolume() {
	h := &n.reader.History
	events := h.conversation.events()
	if p := &n.latest; p.agents|uint32(p.channels) == 0 &&
		p.has(events[0].at, 0, 0, h.conversation.number) && p.has(events[len(events)-1].at, 0, 0, h.conversation.number) {
		p.group.Volume.add(&h.volume)
		return
	}
	for i := range events {
		e := &events[i]
		switch e.kind {
		case KindMessageReceived:
			n.at(e.at, h.owner, e.channel).Volume.Messages++
		case KindRatingRequested:
			agent := e.party
			if agent == 0 {
				agent = h.owner
			}
			n.at(e.at, agent, e.channel).Volume.RatingRequested++
		case KindReplySent:
			v := &n.at(e.at, e.party, e.channel).Volume
			if e.automated() {
				v.Automated++
			} else {
				v.Replies++
			}
		}
	}
}
