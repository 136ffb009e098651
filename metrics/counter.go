package metrics

import "time"

// counter counts the figures of conversations into the groups of a [Breakdown].
type counter struct {
	reader  reader
	places  places
	asOf    int64
	cells   []*cell
	room    []cell // for more of them
	pending pending
}

func (n *counter) init(rules Rules, asOf time.Time, ask func(Facet) uint32) {
	n.reader.rules, n.reader.brief = rules, true
	n.asOf = instant(asOf)
	n.places = places{history: &n.reader.History, ask: ask}
}

// newCell returns another cell.
func (n *counter) newCell() *cell {
	if len(n.room) == 0 {
		n.room = make([]cell, min(len(n.cells)+1, 64))
	}
	c := &n.room[0]
	n.room = n.room[1:]
	c.number = uint32(len(n.cells))
	n.cells = append(n.cells, c)
	return c
}

// at returns the group of something that belongs to an instant, an agent and a
// channel.
func (n *counter) at(at int64, agent uint32, channel uint16) *cell {
	return n.cells[n.places.find(at, agent, channel)]
}

// period returns the group of something from start to end.
func (n *counter) period(start, end int64, s *span) *cell {
	return n.at(n.reader.rules.period(start, end), s.agent, s.channel)
}

func (n *counter) add(c Conversation) {
	h := &n.reader.History
	n.reader.read(c.asOf(n.asOf))
	if h.excluded {
		return
	}
	n.places.begin()
	if n.pending.full() {
		n.settle()
	}
	if !n.reader.untracked {
		whole := n.at(h.conversation.events()[0].at, h.owner, h.channel)
		whole.conversations++
		n.addVolume()
		n.addCycles(whole)
	}
	n.addWaits()
	n.addRatings()
}

// settle puts all that was measured into the figures.
func (n *counter) settle() { n.pending.settle(n.cells) }

// take takes the time from start to end, less pauses if they stop it.
func (n *counter) take(c *cell, m measured, start, end int64, pauses bool) {
	h := &n.reader.History
	d := time.Duration(end - start)
	if pauses && len(h.holds) > 0 {
		d = h.measure(nil, start, end, true)
	}
	n.pending.add(c, m, d)
	if h.rules.Calendar != nil {
		n.pending.add(c, m|inHours, h.measure(h.rules.Calendar, start, end, pauses))
	}
}

func (n *counter) addRatings() {
	h := &n.reader.History
	for i := range h.ratings {
		r := &h.ratings[i]
		// The stars were checked when the log took them.
		_ = n.at(r.at, r.agent, r.channel).ratings.Add(r.stars)
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
			c.answeredByAutomation++
			continue
		case ClosedUnanswered:
			c.closedUnanswered++
			continue
		case Moved:
			c.moved++
			continue
		case Open:
			of = stillWaiting
		case Answered:
			if i == h.first {
				of = firstResponse
			}
		}
		n.take(c, of, wait.start, end, h.rules.PauseStopsWaits)
	}
}

func (n *counter) addCycles(whole *cell) {
	h := &n.reader.History
	if h.reopens > 0 {
		whole.reopened++
		whole.reopens += int64(h.reopens)
	}
	if len(h.cycles) == 0 {
		return
	}
	first, last := &h.cycles[0], &h.cycles[len(h.cycles)-1]
	if last.outcome == Open {
		whole.backlog++
	}
	if first != last && first.outcome == Answered {
		n.take(n.period(first.start, first.end, first), firstResolution, first.start, first.end, true)
	}
	if last.outcome == Open {
		return
	}
	c := n.period(first.start, last.end, last)
	if last.outcome == Answered && first == last {
		n.take(c, onlyResolution, first.start, last.end, true)
	} else {
		if last.outcome == Answered {
			n.take(c, fullResolution, first.start, last.end, true)
		}
		n.pending.add(c, activeTime, h.activeTime(nil))
		if h.rules.Calendar != nil {
			n.pending.add(c, activeTime|inHours, h.activeTime(h.rules.Calendar))
		}
	}
	if replies, ok := h.RepliesToResolve(); ok {
		c.repliesToResolve.Whole++
		c.repliesToResolve.Part += int64(replies)
		c.oneTouch.Whole++
		if once, _ := h.OneTouch(); once {
			c.oneTouch.Part++
		}
	}
}

// addVolume counts each message and reply in its own group. If all that the
// conversation has to do with is in one, so are they.
func (n *counter) addVolume() {
	h := &n.reader.History
	events := h.conversation.events()
	first, last := &events[0], &events[len(events)-1]
	if p := n.places.latest; p.agents == 0 && (p.channels == 0 || h.oneChannel(events)) &&
		p.has(first.at, 0, h.channel, h.conversation.number) && p.has(last.at, 0, h.channel, h.conversation.number) {
		n.cells[p.group].volume.add(&h.volume)
		return
	}
	home, there := *n.places.latest, Volume{}
	for i := range events {
		e := &events[i]
		agent, channel := e.party, e.channel
		switch {
		case e.kind == KindMessageReceived || e.kind == KindRatingRequested && agent == 0:
			agent = h.owner
		case e.kind != KindReplySent && e.kind != KindRatingRequested:
			continue
		}
		if channel == 0 {
			channel = h.channel
		}
		if home.has(e.at, agent, channel, h.conversation.number) {
			there.count(e)
		} else {
			n.at(e.at, agent, channel).volume.count(e)
		}
	}
	n.cells[home.group].volume.add(&there)
}
