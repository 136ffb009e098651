package metrics

import "time"

// counter counts the figures of conversations into the groups of a [Breakdown].
type counter struct {
	rules     Rules
	calendars []Calendar // nil for around the clock, and the hours of service if there are any
	asOf      int64
	place     func(Facet) *Figures // asks for the group of a facet

	history History // reused
	scope   scope
	recent  [8]placed // groups that place gave, the last one first
	from    *EventLog // of the conversation that was added last
}

func newCounter(rules Rules, asOf time.Time) counter {
	n := counter{rules: rules, asOf: instant(asOf), calendars: []Calendar{nil}}
	n.history.brief = true
	if rules.Calendar != nil {
		n.calendars = append(n.calendars, rules.Calendar)
	}
	return n
}

// placed is the group of all facets that agree in what the key function looked
// at: agent, channel and conversation where the masks are not 0, and the
// instants.
type placed struct {
	group              *Figures
	from, to           int64 // nothing lies between 0 and 0
	agent, agents      uint32
	conversation, ofIt uint32
	channel, channels  uint16
}

func (p *placed) has(at int64, agent uint32, channel uint16, conversation uint32) bool {
	return at >= p.from && at < p.to &&
		(agent^p.agent)&p.agents|uint32(channel^p.channel)&uint32(p.channels)|(conversation^p.conversation)&p.ofIt == 0
}

// at returns the group of something that belongs to an instant, an agent and a
// channel.
func (n *counter) at(at int64, agent uint32, channel uint16) *Figures {
	if channel == 0 {
		channel = n.history.channel
	}
	if p := &n.recent[0]; p.has(at, agent, channel, n.history.conversation.number) {
		return p.group
	}
	return n.other(at, agent, channel)
}

// other is at for a group that was not the last one. The key function is asked
// only if it looked at anything that is not as it was when it was asked before:
// most of what is measured in a conversation belongs to one group.
func (n *counter) other(at int64, agent uint32, channel uint16) *Figures {
	for i := range n.recent {
		if p := n.recent[i]; p.has(at, agent, channel, n.history.conversation.number) {
			copy(n.recent[1:], n.recent[:i])
			n.recent[0] = p
			return p.group
		}
	}
	n.scope.widen()
	group := n.place(Facet{history: &n.history, scope: &n.scope, at: at, agent: agent, channel: channel})
	copy(n.recent[1:], n.recent[:])
	n.recent[0] = placed{
		group: group, from: n.scope.from, to: n.scope.to,
		agent: agent, agents: mask[uint32](n.scope.agent),
		channel: channel, channels: mask[uint16](n.scope.channel),
		conversation: n.history.conversation.number, ofIt: mask[uint32](n.scope.conversation),
	}
	return group
}

func mask[T uint16 | uint32](on bool) T {
	if on {
		return ^T(0)
	}
	return 0
}

// period returns the group of something from start to end.
func (n *counter) period(start, end int64, s *span) *Figures {
	if n.rules.ByStart {
		end = start
	}
	return n.at(end, s.agent, s.channel)
}

func (n *counter) add(c Conversation) {
	if c.log != n.from { // whose numbers are others
		n.from, n.recent = c.log, [len(n.recent)]placed{}
	}
	h := &n.history
	h.read(c.asOf(n.asOf), &n.rules)
	if h.excluded {
		return
	}
	whole := n.at(h.conversation.events[0].at, h.owner, h.channel)
	whole.Conversations++
	n.addWaits()
	n.addCycles(whole)
	n.addVolume()
	for i := range h.ratings {
		r := &h.ratings[i]
		// The stars were checked when the log took them.
		_ = n.at(r.at, r.agent, r.channel).Ratings.Add(r.stars)
	}
}

func (n *counter) addWaits() {
	h := &n.history
	for i := range h.waits {
		wait := &h.waits[i]
		end := wait.end
		if wait.outcome == Open {
			end = n.asOf
		}
		f := n.period(wait.start, end, wait)
		switch wait.outcome {
		case AnsweredByAutomation:
			f.AnsweredByAutomation++
		case ClosedUnanswered:
			f.ClosedUnanswered++
		case Moved:
			f.Moved++
		default:
			for j, calendar := range n.calendars {
				d := h.measure(calendar, wait.start, end, n.rules.PauseStopsWaits)
				f.times(j).addWait(wait.outcome, i == h.first, d)
			}
		}
	}
}

func (n *counter) addCycles(whole *Figures) {
	h := &n.history
	if h.reopens > 0 {
		whole.Reopened++
		whole.Reopens += int64(h.reopens)
	}
	if len(h.cycles) == 0 {
		return
	}
	first, last := &h.cycles[0], &h.cycles[len(h.cycles)-1]
	if first.outcome == Answered {
		f := n.period(first.start, first.end, first)
		for i, calendar := range n.calendars {
			f.times(i).FirstResolution.Add(h.measure(calendar, first.start, first.end, true))
		}
	}
	if last.outcome == Open {
		whole.Backlog++
		return
	}
	f := n.period(first.start, last.end, last)
	for i, calendar := range n.calendars {
		active, _ := h.ActiveTime(calendar)
		f.times(i).Active.Add(active)
		if last.outcome != Answered {
			continue
		}
		full := active
		if first != last {
			full = h.measure(calendar, first.start, last.end, true)
		}
		f.times(i).FullResolution.Add(full)
	}
	if replies, ok := h.RepliesToResolve(); ok {
		f.RepliesToResolve.Whole++
		f.RepliesToResolve.Part += int64(replies)
		f.OneTouch.Whole++
		if oneTouch, _ := h.OneTouch(); oneTouch {
			f.OneTouch.Part++
		}
	}
}

// addVolume counts each message and reply in its own group. If all that the
// conversation has to do with is in one, so are they.
func (n *counter) addVolume() {
	h := &n.history
	events := h.conversation.events
	if p := &n.recent[0]; p.agents|uint32(p.channels) == 0 &&
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
