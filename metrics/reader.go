package metrics

// reader is the state of the one pass over the events of a conversation that
// makes its History.
type reader struct {
	*History
	wait     span
	waiting  bool
	late     bool // the clock of this wait was moved to an assignment
	cycle    span
	update   span // since the customer last heard something, while a cycle is running
	state    state
	paused   bool
	since    int64 // start of the pause
	spoken   bool  // the customer has written
	assigned uint32
	replier  uint32 // the last person who replied
}

type state uint8

const (
	unopened state = iota
	inProgress
	closed // resolved or merged
)

// read sets h to the history of c.
func (h *History) read(c Conversation, rules *Rules) {
	h.reset(c, rules)
	r := reader{History: h}
	events := c.events()
	for i := range events {
		e := &events[i]
		if h.channel == 0 {
			h.channel = e.channel
		}
		switch e.kind {
		case KindOpened:
			r.opened(e)
		case KindReopened:
			r.reopen(e.at)
		case KindMessageReceived:
			r.message(e)
		case KindAssigned:
			r.assign(e)
		case KindPaused:
			r.pause(e.at)
		case KindResumed:
			r.resume(e.at)
		case KindRatingRequested:
			h.volume.RatingRequested++
		case KindReplySent:
			r.reply(e)
		case KindRatingGiven:
			r.rate(e)
		case KindResolved:
			r.endWait(e.at, ClosedUnanswered, r.inCharge())
			r.close(e, Answered)
			h.replies = h.sent
		case KindMerged:
			r.endWait(e.at, Moved, r.inCharge())
			r.close(e, Moved)
		case KindDiscarded:
			h.excluded = true
		}
		if h.excluded {
			break
		}
	}
	r.finish()
}

// readWaits sets h to the waits and ratings of c and what they need, and leaves
// the rest empty.
func (h *History) readWaits(c Conversation, rules *Rules) {
	h.reset(c, rules)
	r := reader{History: h}
	events := c.events()
	for i := range events {
		e := &events[i]
		if h.channel == 0 {
			h.channel = e.channel
		}
		switch e.kind {
		case KindMessageReceived:
			r.hear(e)
		case KindReplySent:
			r.reply(e)
		case KindResolved:
			r.resume(e.at)
			r.endWait(e.at, ClosedUnanswered, r.inCharge())
		case KindMerged:
			r.resume(e.at)
			r.endWait(e.at, Moved, r.inCharge())
		case KindOpened:
			if h.priority == 0 {
				h.priority = e.party
			}
			r.startAtOpened(e)
		case KindAssigned:
			r.assign(e)
		case KindPaused:
			r.pause(e.at)
		case KindResumed:
			r.resume(e.at)
		case KindRatingGiven:
			r.rate(e)
		case KindDiscarded:
			h.excluded = true
		}
		if h.excluded {
			break
		}
	}
	r.finish()
}

func (h *History) reset(c Conversation, rules *Rules) {
	h.conversation, h.rules = c, rules
	h.waits, h.cycles, h.updates, h.holds, h.ratings = h.waits[:0], h.cycles[:0], h.updates[:0], h.holds[:0], h.ratings[:0]
	h.volume, h.taken = Volume{}, span{}
	h.first, h.reopens, h.replies, h.sent = -1, 0, 0, 0
	h.channel, h.customer, h.priority, h.owner = 0, 0, 0, 0
	h.excluded = c.count == 0
}

func (r *reader) opened(e *packed) {
	if r.priority == 0 {
		r.priority = e.party
	}
	if r.state == unopened {
		r.startCycle(e.at)
	}
	r.startAtOpened(e)
}

func (r *reader) startAtOpened(e *packed) {
	if r.rules.FirstResponseFrom == FromOpened && !r.spoken && r.first < 0 && !r.waiting {
		r.startWait(e)
	}
}

func (r *reader) message(e *packed) {
	r.volume.Messages++
	switch {
	case r.state == unopened:
		r.startCycle(e.at)
	case r.state == closed && !r.rules.ReopenExplicitly:
		r.reopen(e.at)
	}
	r.hear(e)
}

// hear starts a wait with a message.
func (r *reader) hear(e *packed) {
	r.spoken = true
	if r.customer == 0 {
		r.customer = e.party
	}
	if !r.waiting {
		r.startWait(e)
	} else if r.wait.channel == 0 {
		r.wait.channel = e.channel
	}
}

func (r *reader) assign(e *packed) {
	r.assigned = e.party
	if e.party != 0 {
		r.endTaking(e.at, Answered)
	}
	if r.rules.FirstResponseFrom == FromAssigned && e.party != 0 && r.first < 0 && r.waiting && !r.late {
		r.wait.start, r.late = e.at, true
	}
}

func (r *reader) reply(e *packed) {
	if !r.spoken && r.rules.ExcludeTeamFirst {
		r.excluded = true
		return
	}
	if !e.automated() {
		r.volume.Replies++
	} else {
		r.volume.Automated++
		switch r.rules.Automated {
		case AutomatedIgnored:
			return
		case AutomatedEnds:
			r.endWait(e.at, AnsweredByAutomation, e.party)
			r.tell(e.at, AnsweredByAutomation, e.party)
			return
		}
	}
	r.sent++
	if e.party != 0 {
		r.replier = e.party
	}
	r.endWait(e.at, Answered, r.credit(e.party))
	r.tell(e.at, Answered, r.credit(e.party))
}

func (r *reader) rate(e *packed) {
	given := givenRating{at: e.at, agent: e.party, channel: e.channel, stars: e.stars()}
	if given.agent == 0 {
		given.agent = r.inCharge()
	}
	if !r.rules.CountEachRating {
		r.ratings = r.ratings[:0]
	}
	r.ratings = append(r.ratings, given)
}

// credit returns the agent who has the credit for what the given one did.
func (r *reader) credit(agent uint32) uint32 {
	if r.rules.CreditAssigned && r.assigned != 0 {
		return r.assigned
	}
	return agent
}

// inCharge returns the agent who has the conversation.
func (r *reader) inCharge() uint32 {
	if r.rules.CreditAssigned && r.assigned != 0 || r.replier == 0 {
		return r.assigned
	}
	return r.replier
}

func (r *reader) startWait(e *packed) {
	r.wait = span{start: e.at, end: running, channel: e.channel}
	r.waiting, r.late = true, false
}

func (r *reader) endWait(at int64, o Outcome, agent uint32) {
	if !r.waiting {
		return
	}
	r.waiting = false
	if o == Answered && r.first < 0 {
		r.first = len(r.waits)
	}
	r.waits = append(r.waits, span{start: r.wait.start, end: at, agent: agent, channel: r.wait.channel, outcome: o})
}

func (r *reader) startCycle(at int64) {
	if len(r.cycles) == 0 {
		r.taken = span{start: at, end: running}
		if r.assigned != 0 {
			r.endTaking(at, Answered)
		}
	}
	r.state, r.cycle = inProgress, span{start: at, end: running}
	r.update = r.cycle
}

// endTaking ends the wait for an agent in charge, if nobody has been yet.
func (r *reader) endTaking(at int64, o Outcome) {
	if r.taken.outcome == Open {
		r.taken.end, r.taken.outcome, r.taken.agent = at, o, r.assigned
	}
}

// tell ends the time since the customer last heard something.
func (r *reader) tell(at int64, o Outcome, agent uint32) {
	if r.brief || r.state != inProgress {
		return
	}
	r.update.end, r.update.outcome, r.update.agent = at, o, agent
	r.updates = append(r.updates, r.update)
	r.update = span{start: at, end: running}
}

func (r *reader) reopen(at int64) {
	if r.state == inProgress {
		return
	}
	r.startCycle(at)
	r.reopens++
}

func (r *reader) close(e *packed, o Outcome) {
	r.resume(e.at)
	if r.state == inProgress {
		unanswered := o
		if o == Answered {
			unanswered = ClosedUnanswered
		}
		r.endTaking(e.at, unanswered)
		r.tell(e.at, unanswered, r.inCharge())
		agent := r.inCharge()
		if o == Answered && e.party != 0 {
			agent = r.credit(e.party)
		}
		r.cycles = append(r.cycles, span{start: r.cycle.start, end: e.at, agent: agent, outcome: o})
	}
	r.state = closed
}

func (r *reader) pause(at int64) {
	if !r.paused {
		r.paused, r.since = true, at
	}
}

// resume ends a pause.
func (r *reader) resume(at int64) {
	if r.paused {
		r.paused = false
		r.holds = append(r.holds, hold{r.since, at})
	}
}

// finish ends the pass with what is still running.
func (r *reader) finish() {
	r.owner = r.inCharge()
	if r.excluded {
		r.waits, r.cycles, r.updates, r.holds, r.ratings = r.waits[:0], r.cycles[:0], r.updates[:0], r.holds[:0], r.ratings[:0]
		r.volume, r.first, r.reopens, r.replies, r.sent = Volume{}, -1, 0, 0, 0
		return
	}
	r.resume(running)
	if r.state == inProgress {
		r.cycle.agent = r.owner
		r.cycles = append(r.cycles, r.cycle)
		r.updates = append(r.updates, r.update)
	}
	if r.waiting {
		if r.first < 0 {
			r.first = len(r.waits)
		}
		r.wait.agent = r.owner
		r.waits = append(r.waits, r.wait)
	}
}
