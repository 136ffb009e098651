package metrics

// open makes next read the cases of c, one after another:
//
//	for r.open(c); r.next(); {
//		... // r.History is the case
//	}
func (r *reader) open(c Conversation) {
	r.thread, r.rest, r.arrivals, r.more = c, c, r.moves.into(c.number), true
	r.number, r.before, r.going.start = 0, standing{}, running
	r.looked, r.discards, r.assists = false, false, nil
}

// again makes next read the case of a history, without those before and after it, and
// without a wait that goes on from them.
func (r *reader) again(h *History) {
	r.open(h.thread)
	r.rest, r.arrivals, r.number, r.until = h.conversation, h.arrivals(), h.number-1, h.begins
	r.assists = assistsOf(h.conversation)
	r.before, r.channel, r.team, r.assigned = h.before, h.before.channel, h.before.team, h.before.assigned
}

// last makes the history of the last case of c that begins at an instant or before, or
// else of the first.
func (r *reader) last(c Conversation, at int64) *History {
	var last *History
	for r.open(c); r.next(); {
		if last != nil && r.begins > at {
			break
		}
		if last = &r.History; r.more {
			last = r.Clone()
		}
	}
	return last
}

// opensCase reports whether an event of a kind opens a new case at an instant. A
// conversation that is discarded in the end is one case.
func (r *reader) opensCase(at int64, k Kind) bool {
	if r.state != closed || at-r.closedAt < int64(r.terms.Rules.NewCaseAfter) {
		return false
	}
	opens := k == KindReopened || k == KindMessageReceived && !r.terms.Rules.ReopenExplicitly
	return opens && !r.isEmptied()
}

// isEmptied reports whether the conversation is discarded in the end, and looks at its
// events once.
func (r *reader) isEmptied() bool {
	if !r.looked {
		r.looked = true
		r.emptied, r.discards = isEmptied(r.thread.events())
	}
	return r.emptied
}

// openCase begins the case with a Reopened, which is no reopening.
func (r *reader) openCase(at int64) {
	r.startCycle(at)
	if r.going.start != running {
		r.spoken = true
		r.startWait(at, 0)
	}
}

// split ends the case before the i-th of the events that were left, at the instant at
// which the next one begins, and leaves the rest for that.
func (r *reader) split(i int, at int64) {
	r.resume(at)
	if r.waiting { // since a message that opened nothing
		n := len(r.waits) - 1
		r.going = r.waits[n]
		r.waits, r.waiting = r.waits[:n], false
		if r.begun != nil {
			r.begun.waits = r.begun.waits[:n]
		}
	}
	r.more, r.until = true, at
	r.rest.first, r.rest.count = r.rest.first+uint32(i), r.rest.count-uint32(i)
	r.conversation.count = uint32(i)
	r.finish()
}

// standing returns what goes on in the next case.
func (r *reader) standing() standing {
	return standing{
		channel: r.channel, team: r.team, assigned: r.assigned,
		priority: r.priorityAfter(running), customer: r.customerNow(),
	}
}
