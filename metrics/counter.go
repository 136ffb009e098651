package metrics

import (
	"time"

	"github.com/servicequality/servicequality/metrics/internal/batch"
)

// counter counts the figures of conversations into the groups of a [Breakdown].
type counter struct {
	places  *places   // of the groups
	cells   []*cell   // by the numbers of the groups
	room    []cell    // for more of them
	held    []heldSum // of the conversation that is counted
	hours   Calendar  // of its rules; nil if there is none
	pending pending
}

// cell returns the cell of a group.
func (n *counter) cell(group int) *cell {
	if group >= len(n.cells) {
		n.newCell()
	}
	return n.cells[group]
}

// newCell makes the cell of the next group. They are made several at a time.
func (n *counter) newCell() {
	if len(n.room) == 0 {
		n.room = make([]cell, min(len(n.cells)+1, 64))
	}
	c := &n.room[0]
	n.room = n.room[1:]
	c.number = uint32(len(n.cells))
	n.cells = append(n.cells, c)
}

// at returns the group of something that belongs to an instant, an agent, a channel and
// a team.
func (n *counter) at(at int64, agent uint32, channel, team uint16) *cell {
	return n.cell(int(n.places.find(at, agent, channel, team).group))
}

// period returns the group of something from start to end.
func (n *counter) period(start, end int64, s *span) *cell {
	return n.at(n.places.history.terms.Rules.period(start, end), s.agent, s.channel, s.team)
}

func (n *counter) add(h *History) {
	n.places.begin(h)
	n.hours = h.Hours()
	if n.pending.full() {
		n.settle()
	}
	home := n.places.find(h.begins, h.owner, h.channel, h.team)
	whole := n.cell(int(home.group))
	whole.cases++
	if h.number == 1 {
		whole.conversations++
	}
	if len(h.changes) > 0 {
		whole.transfers += int64(h.Transfers())
	}
	n.addVolume(h, home)
	waited := n.addWaits(h)
	if waited.any {
		whole.waited++
	}
	n.addCycles(h, whole, &waited)
	n.addRatings(h)
	if len(h.handled) > 0 {
		whole.handle(h)
	}
}

// settle puts all that is pending into the cells.
func (n *counter) settle() { n.pending.settle(n.cells) }

// took is a duration around the clock and in hours of service.
type took struct{ elapsed, inHours time.Duration }

// measure returns the time from start to end, less pauses.
func (n *counter) measure(start, end int64) (t took) {
	h := n.places.history
	t.elapsed = time.Duration(end - start)
	if len(h.holds) > 0 {
		t.elapsed = h.measure(nil, start, end, AnyReason)
	}
	if n.hours != nil {
		t.inHours = h.measure(n.hours, start, end, AnyReason)
	}
	return t
}

// waited returns the time of the i-th wait up to an instant.
func (n *counter) waited(i int, end int64) (t took) {
	h := n.places.history
	t.elapsed = time.Duration(end - h.waits[i].start)
	if len(h.holds)+len(h.brought) > 0 {
		t.elapsed = h.waitTime(nil, i, end)
	}
	if n.hours != nil {
		t.inHours = h.waitTime(n.hours, i, end)
	}
	return t
}

// put adds a duration to a cell.
func (n *counter) put(c *cell, m measured, t took) {
	n.pending.add(c, m, t.elapsed)
	if n.hours != nil {
		n.pending.add(c, m|inHours, t.inHours)
	}
}

// take adds the time from start to end to a cell, less pauses.
func (n *counter) take(c *cell, m measured, start, end int64) {
	n.put(c, m, n.measure(start, end))
}

// waits are the customer's waits that did not move.
type waits struct {
	any, open bool
	sum       took
}

func (n *counter) addRatings(h *History) {
	for i := range h.ratings {
		r := &h.ratings[i]
		// The stars were checked when the log took them.
		c := n.at(r.at, r.agent, r.channel, r.team)
		_ = c.ratings.Add(r.stars)
		if i < h.unsolicited {
			c.requests.Unsolicited++
		}
	}
	for i := range h.requests {
		asked := &h.requests[i]
		c := n.at(asked.at, asked.agent, asked.channel, asked.team)
		c.volume.RatingRequested++
		c.requests.count(h.fate(i))
	}
}

func (n *counter) addWaits(h *History) (all waits) {
	for i := range h.waits {
		wait := &h.waits[i]
		end := wait.end
		if wait.outcome == Open {
			end = h.terms.at
		}
		c := n.period(wait.start, end, wait)
		if wait.outcome == Moved {
			c.moved++
			continue
		}
		t := n.waited(i, end)
		all.any = true
		all.sum.elapsed = longer(all.sum.elapsed, t.elapsed)
		all.sum.inHours = longer(all.sum.inHours, t.inHours)
		of := nextResponse
		switch wait.outcome {
		case AnsweredByAssistant:
			of = byAssistant
		case AnsweredByAutomation:
			of = byAutomation
		case GaveUp:
			of = abandoned
			if h.terms.Rules.isShort(t.elapsed) {
				c.shortAbandoned++
			}
		case ClosedUnanswered:
			c.closedUnanswered++
			continue
		case Open:
			all.open = true
			of = stillWaiting
		case Answered:
			if i == h.first-1 {
				of = firstResponse
			}
		}
		n.put(c, of, t)
	}
	return all
}

func (n *counter) addCycles(h *History, whole *cell, waited *waits) {
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
	if first != last || last.outcome != Answered {
		for i := range h.cycles {
			if cycle := &h.cycles[i]; cycle.outcome == Answered {
				of := n.period(cycle.start, cycle.end, cycle)
				n.take(of, cycleResolution, cycle.start, cycle.end)
				if i == 0 {
					n.take(of, firstResolution, cycle.start, cycle.end)
				}
			}
		}
	}
	if last.outcome == Open {
		return
	}
	c := n.period(first.start, last.end, last)
	if last.outcome == Answered && first == last {
		n.take(c, onlyResolution, first.start, last.end)
	} else {
		if last.outcome == Answered {
			n.take(c, fullResolution, first.start, last.end)
		}
		n.takeSum(c, activeTime, h.activeTime)
	}
	if waited.any && !waited.open {
		n.put(c, requesterWait, waited.sum)
	}
	if len(h.holds) > 0 {
		n.addHolds(h, c)
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

// takeSum adds a sum of times to a cell.
func (n *counter) takeSum(c *cell, m measured, sum func(Calendar) time.Duration) {
	n.pending.add(c, m, sum(nil))
	if hours := n.hours; hours != nil {
		n.pending.add(c, m|inHours, sum(hours))
	}
}

// addHolds adds the time on hold for each reason.
func (n *counter) addHolds(h *History, c *cell) {
	start, end := h.cycles[0].start, h.cycles[len(h.cycles)-1].end
	hours := n.hours
	n.held = n.held[:0]
	var reasons finder
	for p := range h.pauses(start, end, AnyReason) {
		i := reasons.find(p.reason, len(n.held), func(i int) uint16 { return n.held[i].reason })
		if i < 0 {
			i = len(n.held)
			n.held = append(n.held, heldSum{reason: p.reason})
		}
		sum := &n.held[i]
		sum.elapsed += between(nil, p.start, p.end)
		if hours != nil {
			sum.inHours += between(hours, p.start, p.end)
		}
	}
	for _, sum := range n.held {
		to := c.onHold(HoldReason(h.names().purposes.Text(uint32(sum.reason))))
		to[0].Add(sum.elapsed)
		if hours != nil {
			to[1].Add(sum.inHours)
		}
	}
}

// heldSum is the time that a conversation was on hold for a reason.
type heldSum struct {
	reason uint16
	took
}

// addVolume counts each message and reply in its own group. Often all of them are in
// the place of the conversation as a whole. Requests for ratings are counted with what
// became of them.
func (n *counter) addVolume(h *History, p *place) {
	events := h.conversation.events()
	if len(events) == 0 { // a case that a merger began
		return
	}
	first, last, here := &events[0], &events[len(events)-1], siteOf(h.channel, h.team)
	if p.whoMask == 0 && (p.siteMask == 0 || h.oneSite(p.siteMask)) &&
		p.has(first.at, 0, here, n.places.conversation) && p.has(last.at, 0, here, n.places.conversation) {
		n.cells[p.group].volume.add(&h.volume)
		return
	}
	home, there := *p, Volume{} // p is good until the next place is found
	team := h.before.team
	for i := range events {
		e := &events[i]
		agent, channel := e.party, e.channel
		switch {
		case e.kind == KindAssigned:
			team = e.channel
			continue
		case e.kind == KindMessageReceived:
			agent = h.owner
		case e.kind != KindReplySent:
			continue
		}
		if channel == 0 {
			channel = h.channel
		}
		if home.has(e.at, who(agent), siteOf(channel, team), n.places.conversation) {
			there.count(e)
		} else {
			n.at(e.at, agent, channel, team).volume.count(e)
		}
	}
	n.cells[home.group].volume.add(&there)
}

// pending holds durations that are not yet in the cells of their groups. The
// accumulators of many groups are too large for a processor's caches, and each
// conversation belongs to other groups than the one before. So durations wait here
// until there are enough to add those of each group together. Those of the first few
// groups do not wait.
type pending struct {
	durations batch.Batch // by the number of the cell and what is measured
}

// Without waiting, BenchmarkBreakdown by agent takes a sixth longer; with a limit four
// times as high it is not quicker.
const (
	fewCells   = 8
	maxPending = 1 << 17
)

// add adds a duration to a cell, now or later.
func (p *pending) add(c *cell, m measured, d time.Duration) {
	if c.number < fewCells {
		c.of(m).Add(d)
		return
	}
	p.durations.Add(c.number<<measuredBits|uint32(m), d)
}

// full reports whether so many durations wait that they should be settled.
func (p *pending) full() bool { return p.durations.Len() >= maxPending }

// settle puts the durations into their cells.
func (p *pending) settle(cells []*cell) {
	p.durations.Take(uint32(len(cells))<<measuredBits, func(key uint32, durations []time.Duration) {
		cells[key>>measuredBits].of(measured(key % (1 << measuredBits))).AddAll(durations)
	})
}
