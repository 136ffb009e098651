package metrics

// reader makes the History of one conversation after another, each in one pass over
// its events. Spans are written field by field where they stay, because a processor
// stalls if a struct is copied right after its fields were written one by one.
type reader struct {
	History
	updates  []span // while the conversation was open, from one reply to the next
	updating bool   // whether updates are wanted; only [History.Updates] does

	state    state
	waiting  bool // the last of the waits is open
	late     bool // its clock was moved to an assignment
	paused   bool // the last of the holds is running
	assigned uint32
	replier  uint32 // the last person who replied
}

type state uint8

const (
	unopened   state = iota
	closed           // resolved or merged
	inProgress       // the last of the cycles and of the updates is running
)

// read makes the history of c.
func (r *reader) read(c Conversation) {
	events := c.events()
	r.reset(c, events)
	for i := range events {
		e := &events[i]
		switch e.kind {
		case KindMessageReceived:
			r.volume.Messages++
			if r.state < inProgress {
				r.engage(e.at)
			}
			r.hear(e)
		case KindReplySent:
			if r.terms.Rules.ExcludeTeamFirst && !r.spoken() {
				r.counts = false
			}
			if e.automated() {
				r.volume.Automated++
				r.acknowledge(e)
			} else {
				r.volume.Replies++
				r.answer(e)
			}
		case KindRatingGiven:
			r.rate(e)
		case KindResolved:
			r.endWait(e.at, ClosedUnanswered, r.inCharge())
			r.close(e, Answered)
			r.replies = r.sent()
		case KindMerged:
			r.endWait(e.at, Moved, r.inCharge())
			r.close(e, Moved)
		case KindOpened:
			r.opened(e)
		case KindReopened:
			r.reopen(e.at)
		case KindAssigned:
			r.assign(e)
		case KindPaused:
			r.pause(e.at)
		case KindResumed:
			r.resume(e.at)
		case KindRatingRequested:
			r.volume.RatingRequested++
		case KindDiscarded:
			r.counts = false
		}
	}
	r.finish()
}

// reset begins a new history, and makes room for it.
func (r *reader) reset(c Conversation, events []packed) {
	if len(events) > cap(r.waits) {
		r.grow(len(events))
	}
	r.conversation = c
	r.waits, r.cycles, r.updates, r.holds, r.ratings = r.waits[:0], r.cycles[:0], r.updates[:0], r.holds[:0], r.ratings[:0]
	r.volume = Volume{}
	r.first, r.reopens, r.replies, r.owner = 0, 0, 0, 0
	r.channel = channelOf(events)
	r.counts = len(events) > 0
	r.state, r.waiting, r.late, r.paused = unopened, false, false, false
	r.assigned, r.replier = 0, 0
}

// grow makes room for the spans of a number of events, each of which starts at
// most one of a kind.
func (r *reader) grow(events int) {
	r.waits = make([]span, 0, events)
	r.cycles = make([]span, 0, events)
	if r.updating {
		r.updates = make([]span, 0, events)
	}
}

// start appends a running span, for which there must be room.
func start(spans []span, at int64, channel uint16) []span {
	spans = spans[:len(spans)+1]
	s := &spans[len(spans)-1]
	s.start, s.end, s.agent, s.channel, s.outcome = at, running, 0, channel, Open
	return spans
}

// stop ends the last of spans.
func stop(spans []span, at int64, o Outcome, agent uint32) {
	s := &spans[len(spans)-1]
	s.end, s.agent, s.outcome = at, agent, o
}

func (r *reader) opened(e *packed) {
	if r.state == unopened {
		r.startCycle(e.at)
	}
	if r.terms.Rules.FirstResponseFrom == FromOpened && !r.spoken() && r.first == 0 && !r.waiting {
		r.startWait(e)
	}
}

// spoken reports whether the customer has written.
func (r *reader) spoken() bool { return r.volume.Messages > 0 }

// engage starts a cycle with a message, if none is running.
func (r *reader) engage(at int64) {
	if r.state == unopened {
		r.startCycle(at)
	} else if !r.terms.Rules.ReopenExplicitly {
		r.reopen(at)
	}
}

// hear starts a wait with a message, if none is running.
func (r *reader) hear(e *packed) {
	if !r.waiting {
		r.startWait(e)
	} else if wait := &r.waits[len(r.waits)-1]; wait.channel == 0 {
		wait.channel = e.channel
	}
}

func (r *reader) assign(e *packed) {
	r.assigned = e.party
	if e.party != 0 && r.terms.Rules.FirstResponseFrom == FromAssigned && r.first == 0 && r.waiting && !r.late {
		r.waits[len(r.waits)-1].start, r.late = e.at, true
	}
}

// acknowledge takes an automated reply.
func (r *reader) acknowledge(e *packed) {
	switch r.terms.Rules.Automated {
	case AutomatedEnds:
		r.endWait(e.at, AnsweredByAutomation, e.party)
		r.tell(e.at, AnsweredByAutomation, e.party)
	case AutomatedAnswers:
		r.answer(e)
	}
}

// answer takes a reply of a person, or one that counts as such.
func (r *reader) answer(e *packed) {
	if e.party != 0 {
		r.replier = e.party
	}
	agent := r.credit(e.party)
	r.endWait(e.at, Answered, agent)
	r.tell(e.at, Answered, agent)
}

func (r *reader) rate(e *packed) {
	given := givenRating{at: e.at, agent: e.party, channel: e.channel, stars: e.stars()}
	if given.agent == 0 {
		given.agent = r.inCharge()
	}
	if !r.terms.Rules.CountEachRating {
		r.ratings = r.ratings[:0]
	}
	r.ratings = append(r.ratings, given)
}

// credit returns the agent who has the credit for what the given one did.
func (r *reader) credit(agent uint32) uint32 {
	if r.terms.Rules.CreditAssigned && r.assigned != 0 {
		return r.assigned
	}
	return agent
}

// inCharge returns the agent who has the conversation.
func (r *reader) inCharge() uint32 {
	if r.terms.Rules.CreditAssigned && r.assigned != 0 || r.replier == 0 {
		return r.assigned
	}
	return r.replier
}

func (r *reader) startWait(e *packed) {
	r.waits = start(r.waits, e.at, e.channel)
	r.waiting, r.late = true, false
}

func (r *reader) endWait(at int64, o Outcome, agent uint32) {
	if !r.waiting {
		return
	}
	r.waiting = false
	if o == Answered && r.first == 0 {
		r.first = len(r.waits)
	}
	stop(r.waits, at, o, agent)
}

func (r *reader) startCycle(at int64) {
	r.state = inProgress
	r.cycles = start(r.cycles, at, 0)
	if r.updating {
		r.updates = start(r.updates, at, 0)
	}
}

// tell ends the time since the customer last heard something.
func (r *reader) tell(at int64, o Outcome, agent uint32) {
	if !r.updating || r.state != inProgress {
		return
	}
	stop(r.updates, at, o, agent)
	r.updates = start(r.updates, at, 0)
}

func (r *reader) reopen(at int64) {
	if r.state < inProgress {
		r.startCycle(at)
		r.reopens++
	}
}

func (r *reader) close(e *packed, o Outcome) {
	r.resume(e.at)
	if r.state == inProgress {
		agent := r.inCharge()
		if r.updating {
			stop(r.updates, e.at, o.unanswered(), agent)
		}
		if o == Answered && e.party != 0 {
			agent = r.credit(e.party)
		}
		stop(r.cycles, e.at, o, agent)
	}
	r.state = closed
}

func (r *reader) pause(at int64) {
	if !r.paused {
		r.paused = true
		r.holds = append(r.holds, hold{at, running})
	}
}

// resume ends a pause.
func (r *reader) resume(at int64) {
	if r.paused {
		r.paused = false
		r.holds[len(r.holds)-1].end = at
	}
}

// finish ends the pass: what is still running has the agent who has the
// conversation.
func (r *reader) finish() {
	if !r.counts {
		r.exclude()
	}
	r.owner = r.inCharge()
	if r.state == inProgress {
		r.cycles[len(r.cycles)-1].agent = r.owner
	}
	if r.waiting {
		if r.first == 0 {
			r.first = len(r.waits)
		}
		r.waits[len(r.waits)-1].agent = r.owner
	}
}

// exclude drops all that was read.
func (r *reader) exclude() {
	r.waits, r.cycles, r.updates, r.holds, r.ratings = r.waits[:0], r.cycles[:0], r.updates[:0], r.holds[:0], r.ratings[:0]
	r.volume, r.first, r.reopens, r.replies = Volume{}, 0, 0, 0
	r.state, r.waiting = unopened, false
}
