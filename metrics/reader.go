package metrics

import "slices"

// reader makes the History of one conversation after another, each in one pass over
// its events. Spans are written field by field where they stay, because a processor
// stalls if a struct is copied right after its fields were written one by one.
type reader struct {
	History
	updates  []span // while the conversation was open, from one reply to the next
	updating bool   // whether updates are wanted; only [History.Updates] does

	movedTo []uint32 // the conversations in which the moved waits go on

	state      state
	spoken     bool // the customer has written, here or in a conversation merged into this one
	waiting    bool // the last of the waits is open
	late       bool // its clock runs, and no assignment moves it any more
	assisted   bool // an assistant answered in the cycle, and no person yet
	answered   bool // a person replied in the cycle
	assigned   uint32
	assistants []uint32 // agents who replied as assistants, in order; nil until asked for
	replier    uint32   // the last person who replied
	holdSeq    int64    // of what began the last hold
}

type state uint8

const (
	unopened   state = iota
	closed           // resolved, abandoned or merged
	inProgress       // the last of the cycles and of the updates is running
)

// read makes the history of c.
func (r *reader) read(c Conversation) {
	events, arrivals := c.events(), r.moves.into(c.number)
	r.reset(c, events, len(arrivals))
	for i := range events {
		e := &events[i]
		for len(arrivals) > 0 && arrivals[0].before(e) {
			r.arrive(&arrivals[0])
			arrivals = arrivals[1:]
		}
		if r.begun != nil {
			r.begun.now = e
		}
		switch e.kind {
		case KindMessageReceived:
			r.volume.Messages++
			r.hear(e.at, e.at, e.channel)
		case KindReplySent:
			r.reply(e)
		case KindRatingGiven:
			r.rate(e)
		case KindResolved:
			r.endWait(e.at, ClosedUnanswered, r.inCharge())
			r.close(e, Answered)
			r.replies = r.sent()
		case KindAbandoned:
			r.endWait(e.at, GaveUp, r.inCharge())
			r.close(e, GaveUp)
		case KindMerged:
			if !r.moves.stays(c.number, e) {
				if r.waiting {
					r.movedTo = append(r.movedTo, e.party)
				}
				r.endWait(e.at, Moved, r.inCharge())
				r.close(e, Moved)
			}
		case KindOpened:
			r.opened(e)
		case KindReopened:
			r.discarded = false
			r.reopen(e.at)
		case KindAssigned:
			r.assign(e)
		case KindPaused:
			r.pause(e)
		case KindResumed:
			r.resume(e.at)
		case KindRatingRequested:
			r.volume.RatingRequested++
		case KindDiscarded:
			r.discarded = true
		}
	}
	for i := range arrivals {
		if arrivals[i].at <= r.terms.at {
			r.arrive(&arrivals[i])
		}
	}
	r.finish()
}

func (r *reader) reply(e *packed) {
	if r.terms.Rules.ExcludeTeamFirst && !r.spoken {
		r.counts = false
	}
	switch e.by() {
	case ByPerson:
		r.volume.Replies++
		r.answer(e)
	case ByAssistant:
		r.volume.Assistant++
		r.assist(e)
	default:
		r.volume.Automated++
		r.acknowledge(e)
	}
}

// reset begins a new history, and makes room for it.
func (r *reader) reset(c Conversation, events []packed, arrivals int) {
	if need := len(events) + arrivals; need > cap(r.waits) {
		r.grow(need)
	}
	r.conversation = c
	r.waits, r.cycles, r.updates, r.holds, r.ratings = r.waits[:0], r.cycles[:0], r.updates[:0], r.holds[:0], r.ratings[:0]
	r.volume = Volume{}
	r.first, r.reopens, r.replies, r.owner = 0, 0, 0, 0
	r.channel = channelOf(events)
	r.counts = len(events) > 0
	r.state, r.spoken, r.waiting, r.late = unopened, false, false, false
	r.assisted, r.answered, r.discarded = false, false, false
	r.assigned, r.replier, r.assistants, r.movedTo = 0, 0, nil, r.movedTo[:0]
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
	s.start, s.end, s.agent, s.channel, s.outcome, s.unassigned = at, running, 0, channel, Open, false
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
	if r.terms.Rules.FirstResponseFrom == FromOpened && !r.spoken && r.first == 0 && !r.waiting {
		r.startWait(e.at, e.channel)
	}
}

// hear takes a message that came at an instant, of a customer who has waited since
// another one.
func (r *reader) hear(at, since int64, channel uint16) {
	r.spoken = true
	if len(r.holds) > 0 {
		r.messageResumes(at)
	}
	switch {
	case r.state == unopened:
		r.startCycle(at)
	case r.state == closed && !r.terms.Rules.ReopenExplicitly:
		r.reopen(at)
	}
	if !r.waiting {
		r.startWait(since, channel)
		return
	}
	wait := &r.waits[len(r.waits)-1]
	wait.start = min(wait.start, since)
	if wait.channel == 0 {
		wait.channel = channel
	}
}

// arrive takes a wait that goes on here, from a conversation that was merged into this
// one: as a message would arrive that has its start.
func (r *reader) arrive(m *move) {
	if r.begun != nil {
		r.begun.now = nil
	}
	r.hear(m.at, m.start, m.channel)
	if !m.unassigned {
		r.waits[len(r.waits)-1].unassigned, r.late = false, true
	}
}

func (r *reader) assign(e *packed) {
	r.assigned = e.party
	if e.party == 0 && e.channel == 0 {
		return
	}
	if e.party != 0 && r.terms.Rules.FirstResponseFrom == FromAssigned && r.first == 0 && r.waiting && !r.late {
		r.waits[len(r.waits)-1].start, r.late = e.at, true
		r.waits[len(r.waits)-1].unassigned = false
	}
	// A hand-off from an assistant starts a wait for a person.
	if r.assisted && !r.waiting && r.state == inProgress && !r.isAssistant(e.party) {
		r.startWait(e.at, 0)
	}
}

// isAssistant reports whether an agent sent a reply as an assistant in the conversation.
// Nobody is no assistant: a team alone is one of persons.
func (r *reader) isAssistant(agent uint32) bool {
	if agent == 0 {
		return false
	}
	if r.assistants == nil {
		r.assistants = assistantsOf(r.conversation.events())
	}
	_, found := slices.BinarySearch(r.assistants, agent)
	return found
}

// acknowledge takes a reply of automation.
func (r *reader) acknowledge(e *packed) {
	switch r.terms.Rules.Automation {
	case AutomationEnds:
		r.endWait(e.at, AnsweredByAutomation, e.party)
		r.tell(e.at, AnsweredByAutomation, e.party)
	case AutomationAnswers:
		r.answer(e)
	}
}

// assist takes a reply of an assistant.
func (r *reader) assist(e *packed) {
	switch r.terms.Rules.Assistant {
	case AssistantEnds:
		r.endWait(e.at, AnsweredByAssistant, e.party)
		r.tell(e.at, AnsweredByAssistant, e.party)
		r.assisted = !r.answered
	case AssistantAnswers:
		r.answer(e)
	}
}

// answer takes a reply of a person, or one that counts as such.
func (r *reader) answer(e *packed) {
	if e.party != 0 {
		r.replier = e.party
	}
	agent := r.credit(e.party)
	r.assisted, r.answered = false, true
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

func (r *reader) startWait(at int64, channel uint16) {
	r.waits = start(r.waits, at, channel)
	if r.begun != nil {
		r.begun.waits = append(r.begun.waits, r.begun.now)
	}
	r.waiting, r.late = true, r.assigned != 0
	if !r.late && r.terms.Rules.FirstResponseFrom == FromAssigned && r.first == 0 {
		r.waits[len(r.waits)-1].unassigned = true
	}
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
	r.state, r.assisted, r.answered = inProgress, false, false
	r.cycles = start(r.cycles, at, 0)
	if r.begun != nil {
		r.begun.cycles = append(r.begun.cycles, r.begun.now)
	}
	r.startUpdate(at)
}

// tell ends the time since the customer last heard something.
func (r *reader) tell(at int64, o Outcome, agent uint32) {
	if !r.updating || r.state != inProgress {
		return
	}
	stop(r.updates, at, o, agent)
	r.startUpdate(at)
}

func (r *reader) startUpdate(at int64) {
	if !r.updating {
		return
	}
	r.updates = start(r.updates, at, 0)
	if r.begun != nil {
		r.begun.updates = append(r.begun.updates, r.begun.now)
	}
}

func (r *reader) reopen(at int64) {
	if r.state < inProgress {
		r.resume(at) // a hold that began while it was closed
		r.startCycle(at)
		r.reopens++
	}
}

func (r *reader) close(e *packed, o Outcome) {
	// A hold that begins here goes on while the conversation is closed.
	if n := len(r.holds); n > 0 && r.state != closed && (r.holds[n-1].start < e.at || r.holdSeq < r.names().seqOf(e)) {
		r.resume(e.at)
	}
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

func (r *reader) pause(e *packed) {
	if r.onHold(e.at) {
		return
	}
	h := hold{e.at, running, e.channel}
	if e.rare != 0 {
		if until := r.names().rarityOf(e).until; until != 0 {
			h.end = until
		}
	}
	r.holds, r.holdSeq = append(r.holds, h), r.names().seqOf(e)
}

// onHold reports whether the last of the holds is running.
func (r *reader) onHold(at int64) bool {
	n := len(r.holds)
	return n > 0 && r.holds[n-1].end > at
}

// resume ends a pause.
func (r *reader) resume(at int64) {
	if r.onHold(at) {
		r.holds[len(r.holds)-1].end = at
	}
}

// messageResumes ends a pause at a message of the customer, if it is of those that one
// ends.
func (r *reader) messageResumes(at int64) {
	if !r.onHold(at) {
		return
	}
	switch r.terms.Rules.MessageResumes {
	case ResumesForCustomer:
		if r.reason(r.holds[len(r.holds)-1]) == ForCustomer {
			r.resume(at)
		}
	case ResumesAny:
		r.resume(at)
	}
}

// finish ends the pass: what is still running has the agent who has the
// conversation.
func (r *reader) finish() {
	if r.discarded {
		r.counts = false
	}
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
