package metrics

// Beside a response and a resolution, a desk owes its customers somebody who is
// in charge, and word now and then. These are waits too.

// Assignment returns the wait for an agent in charge: from the start of the
// first cycle to the first Assigned that names an agent, which is the start
// itself if one was assigned before. Otherwise it ends with the cycle, as closed
// unanswered or moved, or is still open; a reply does not end it. It returns
// false if there is no cycle.
func (h *History) Assignment() (Wait, bool) {
	if len(h.cycles) == 0 {
		return Wait{}, false
	}
	first := &h.cycles[0]
	taken := span{start: first.start, end: first.end, outcome: first.outcome.unanswered()}
	end, events := first.end, h.conversation.events()
	for i := range events {
		e := &events[i]
		if e.at > first.end || e.at >= first.start && taken.agent != 0 {
			break
		}
		if e.kind == KindAssigned {
			taken.agent, end = e.party, max(e.at, first.start)
		}
	}
	if taken.agent != 0 {
		taken.end, taken.outcome = end, Answered
	}
	return h.duty(&taken), true
}

// Updates returns the times during which the customer heard nothing while the
// conversation was open, in order: from the start of a cycle to the first reply,
// from each reply to the next one, and to the end of the cycle, where they are
// closed unanswered or moved, or still open. Whether the customer wrote makes no
// difference. Automated replies count as [Rules.Automated] says.
func (h *History) Updates() []Wait {
	waits := make([]Wait, len(h.updates))
	for i := range waits {
		waits[i] = h.duty(&h.updates[i])
	}
	return waits
}

// WholeCycle returns the cycles as one, from the start of the first to the end of
// the last, which is what [History.FullResolution] measures: the time during
// which the conversation lay resolved before it was reopened is part of it. It
// returns false if there is no cycle.
func (h *History) WholeCycle() (Cycle, bool) {
	n := len(h.cycles)
	if n == 0 {
		return Cycle{}, false
	}
	whole := h.cycles[n-1]
	whole.start = h.cycles[0].start
	return h.cycle(&whole), true
}

// duty returns a wait that no message started.
func (h *History) duty(s *span) Wait {
	w := h.waitOf(s)
	w.Channel = h.Channel()
	return w
}
