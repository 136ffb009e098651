package metrics

import (
	"cmp"
	"math"
)

// reader makes the History of one case after another, each in one pass over its events.
// A conversation is one case, unless [Rules.NewCaseAfter] says otherwise. Spans are
// written field by field where they stay, because a processor stalls if a struct is
// copied right after its fields were written one by one.
type reader struct {
	History
	updates  []span // while the conversation was open, from one reply to the next
	updating bool   // whether updates are wanted; only [History.Updates] does

	movedTo []uint32 // the conversations in which the moved waits go on

	rest     Conversation // the events of the next cases
	arrivals []move       // and the waits that arrive in them
	more     bool         // there is another case
	looked   bool         // whether it is known that the conversation is
	emptied  bool         // discarded in the end
	going    span         // the wait that goes on in it; its start is running if there is none

	state      state
	closedAt   int64
	spoken     bool // the customer has written, here or in a conversation merged into this one
	waiting    bool // the last of the waits is open
	assisted   bool // an assistant answered in the cycle, and no person yet
	answered   bool // a person replied in the cycle
	assigned   uint32
	assists    *assists // of the conversation; nil until asked for
	presumed   uint32   // behind the last of them that counted, though the case may end before it
	ends       uint32   // where the case ends, or the greatest number while that is not known
	activities finder
	replier    uint32 // the last person who replied
	spoke      uint32 // the last person or assistant who replied
	holdSeq    int64  // of what began the last hold
}

type state uint8

const (
	unopened   state = iota
	closed           // resolved, abandoned or merged
	inProgress       // the last of the cycles and of the updates is running
)

// next makes the history of the next case, and returns false if there is none.
func (r *reader) next() bool {
	if !r.more {
		return false
	}
	r.more = false
	rest, arrivals, going := r.rest, r.arrivals, r.going
	r.reset()
	r.read()
	if end := r.conversation.first + r.conversation.count; r.presumed > end {
		// Somebody was taken for an assistant who becomes one in a later case.
		r.rest, r.arrivals, r.going, r.ends, r.more = rest, arrivals, going, end, false
		r.clear()
		r.read()
	}
	return true
}

// read makes the history of the case.
func (r *reader) read() {
	events, after := r.rest.events(), int64(r.terms.Rules.NewCaseAfter)
	for i := range events {
		e := &events[i]
		for len(r.arrivals) > 0 && r.arrivals[0].before(e) {
			if after > 0 && r.opensCase(r.arrivals[0].at, KindMessageReceived) {
				r.split(i, r.arrivals[0].at)
				return
			}
			r.arrive()
		}
		if after > 0 && r.opensCase(e.at, e.kind) {
			r.split(i, e.at)
			return
		}
		if r.begun != nil {
			r.begun.now = e
		}
		r.kinds |= 1 << e.kind
		switch e.kind {
		case KindMessageReceived:
			r.volume.Messages++
			r.silent = r.silent || e.channel == 0
			if r.customer == 0 {
				r.customer = e.party
			}
			r.hear(e.at, e.channel)
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
			if !r.moves.stays(r.thread.number, e) {
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
			if r.state == unopened && r.number > 1 {
				r.openCase(e.at)
			} else {
				r.reopen(e.at)
			}
		case KindAssigned:
			r.assign(e)
		case KindPaused:
			r.pause(e)
		case KindResumed:
			r.resume(e.at)
		case KindRatingRequested:
			r.request(e)
		case KindHandled:
			r.handle(e)
		case KindDiscarded:
			r.discarded = true
		}
	}
	for len(r.arrivals) > 0 && r.arrivals[0].at <= r.terms.at {
		if after > 0 && r.opensCase(r.arrivals[0].at, KindMessageReceived) {
			r.split(len(events), r.arrivals[0].at)
			return
		}
		r.arrive()
	}
	r.finish()
}

// reset begins the history of the next case, and makes room for it.
func (r *reader) reset() {
	if r.number > 0 {
		r.before = r.standing()
	}
	events := r.rest.events()
	if need := len(events) + len(r.arrivals) + 1; need > cap(r.waits) {
		r.grow(need)
	}
	r.number++
	switch {
	case r.number > 1:
		r.begins = r.until
	case len(events) > 0:
		r.begins = events[0].at
	default:
		r.begins = r.terms.at
	}
	r.ends = math.MaxUint32
	r.clear()
}

// clear drops whatever was read of the case.
func (r *reader) clear() {
	if r.begun != nil {
		r.begun = new(begun)
	}
	r.conversation = r.rest
	r.waits, r.cycles, r.updates, r.holds, r.ratings = r.waits[:0], r.cycles[:0], r.updates[:0], r.holds[:0], r.ratings[:0]
	r.changes = r.changes[:0]
	r.requests, r.unsolicited, r.handled = r.requests[:0], 0, r.handled[:0]
	r.volume, r.kinds, r.silent, r.customer = Volume{}, 0, false, 0
	r.brought = r.brought[:0]
	r.first, r.reopens, r.replies, r.owner = 0, 0, 0, 0
	r.counts = r.conversation.count > 0 || r.number > 1
	r.state, r.spoken, r.waiting = unopened, false, false
	r.assisted, r.answered, r.discarded = false, false, false
	r.assigned, r.team, r.replier, r.spoke = r.before.assigned, r.before.team, 0, 0
	r.presumed, r.movedTo = 0, r.movedTo[:0]
	r.until = running
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
	s.start, s.end, s.agent, s.channel, s.team, s.outcome, s.unassigned = at, running, 0, channel, 0, Open, false
	return spans
}

// stop ends the last of spans.
func (r *reader) stop(spans []span, at int64, o Outcome, agent uint32) {
	s := &spans[len(spans)-1]
	s.end, s.agent, s.team, s.outcome = at, agent, r.team, o
}

func (r *reader) opened(e *packed) {
	r.silent = r.silent || e.channel == 0
	if r.state == unopened {
		r.startCycle(e.at)
	}
	if r.terms.Rules.FirstResponseFrom == FromOpened && !r.spoken && r.first == 0 && !r.waiting {
		r.startWait(e.at, e.channel)
	}
}

// hear takes a message.
func (r *reader) hear(at int64, channel uint16) {
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
		r.startWait(at, channel)
	} else if wait := &r.waits[len(r.waits)-1]; wait.channel == 0 {
		wait.channel = channel
	}
}

// arrive takes the first of the waits that go on here, from a conversation that was
// merged into this one: as a message would arrive that has its start. If a customer waits
// here already, the clock that runs counts, and of two the one that started earlier.
func (r *reader) arrive() {
	m := &r.arrivals[0]
	r.arrivals = r.arrivals[1:]
	if r.begun != nil {
		r.begun.now = m.began
	}
	fresh := !r.waiting && r.going.start == running
	r.hear(m.at, m.channel)
	start, unassigned := m.start, m.unassigned && r.first == 0
	if unassigned && r.assigned != 0 {
		start, unassigned = m.at, false // somebody is in charge now
	}
	wait := &r.waits[len(r.waits)-1]
	if !fresh && (unassigned && !wait.unassigned || unassigned == wait.unassigned && start >= wait.start) {
		return
	}
	wait.start, wait.unassigned = start, unassigned
	if r.terms.Rules.PauseStopsWaits != "" {
		r.bring(m)
	}
}

func (r *reader) startWait(at int64, channel uint16) {
	if r.going.start != running {
		at, channel = min(at, r.going.start), cmp.Or(r.going.channel, channel)
		r.going.start = running
	}
	r.waits = start(r.waits, at, channel)
	if r.begun != nil {
		r.begun.waits = append(r.begun.waits, r.begun.now)
	}
	r.waiting = true
	if r.assigned == 0 && r.terms.Rules.FirstResponseFrom == FromAssigned && r.first == 0 {
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
	r.stop(r.waits, at, o, agent)
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
	r.stop(r.updates, at, o, agent)
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
			r.stop(r.updates, e.at, o.unanswered(), agent)
		}
		if o == Answered && e.party != 0 {
			agent = r.credit(e.party)
		}
		r.stop(r.cycles, e.at, o, agent)
	}
	if r.state != closed {
		r.state, r.closedAt = closed, e.at
	}
}

// finish ends the pass: what is still running has the agent who has the
// conversation.
func (r *reader) finish() {
	r.channel = r.firstChannel()
	if r.discarded {
		r.counts = false
	}
	if !r.counts {
		r.exclude()
	}
	r.owner = r.inCharge()
	if r.state == inProgress {
		c := &r.cycles[len(r.cycles)-1]
		c.agent, c.team = r.owner, r.team
		if r.updating {
			r.updates[len(r.updates)-1].team = r.team
		}
	}
	if r.waiting {
		if r.first == 0 {
			r.first = len(r.waits)
		}
		w := &r.waits[len(r.waits)-1]
		w.agent, w.team = r.owner, r.team
	}
}

// exclude drops all that was read.
func (r *reader) exclude() {
	r.waits, r.cycles, r.updates, r.holds, r.ratings = r.waits[:0], r.cycles[:0], r.updates[:0], r.holds[:0], r.ratings[:0]
	r.changes = r.changes[:0]
	r.requests, r.unsolicited, r.handled = r.requests[:0], 0, r.handled[:0]
	r.volume, r.first, r.reopens, r.replies = Volume{}, 0, 0, 0
	r.state, r.waiting = unopened, false
}
