package metrics

import "slices"

// phase is what the order at one instant needs to know of a conversation: how the zero
// Rules read it, so that all readings have one order.
type phase struct {
	open, closed, discarded, waiting bool
	assisted, answered               bool // in the cycle, by an assistant and no person yet; by a person
	paused                           bool
	hold                             uint16 // number of what the hold is for
	since, seq                       int64  // of its Paused
	until                            int64  // when it ends by itself; 0 if it does not
	agent                            uint32
	team                             uint16
	priority                         uint32
	all                              []packed // events of the conversation
	assistants                       []uint32 // of them; nil until asked for
}

// idle reports whether an event says what is so already; answers, whether a reply by a
// person or an assistant is still to come at its instant.
func (s *phase) idle(e *packed, answers bool) bool {
	switch e.kind {
	case KindOpened:
		return (s.open || s.closed) && e.prioritize(s.priority) == s.priority
	case KindReopened:
		return s.open && !s.discarded
	case KindPrioritized:
		return e.party == s.priority
	case KindMessageReceived:
		return s.waiting && answers
	case KindAssigned:
		return e.party == s.agent && e.channel == s.team
	case KindPaused:
		return s.onHold(e.at)
	case KindResumed:
		return !s.onHold(e.at)
	case KindResolved, KindAbandoned, KindMerged:
		return s.closed
	}
	return false
}

func (s *phase) onHold(at int64) bool { return s.paused && (s.until == 0 || at < s.until) }

// take follows an event.
func (s *phase) take(e *packed, n *names) {
	switch e.kind {
	case KindOpened:
		if !s.open && !s.closed {
			s.begin()
		}
		s.priority = e.prioritize(s.priority)
	case KindReopened:
		s.paused = s.paused && s.open
		s.begin()
		s.discarded = false
	case KindPrioritized:
		s.priority = e.party
	case KindMessageReceived:
		s.paused = s.paused && !s.closed && n.purposes.Text(uint32(s.hold)) != string(ForCustomer)
		s.begin()
		s.waiting = true
	case KindAssigned:
		s.agent, s.team = e.party, e.channel
		s.waiting = s.waiting || s.open && s.assisted && s.toPerson(e) // a hand-off
	case KindPaused:
		if !s.onHold(e.at) {
			s.paused, s.hold, s.since, s.seq, s.until = true, e.channel, e.at, 0, 0
			if e.rare != 0 {
				rare := n.rarityOf(e)
				s.seq, s.until = rare.seq, rare.until
			}
		}
	case KindResumed:
		s.paused = false
	case KindReplySent:
		s.waiting = s.waiting && e.by() == ByAutomation
		s.answered = s.answered || e.by() == ByPerson
		s.assisted = !s.answered && (s.assisted || e.by() == ByAssistant)
	case KindResolved, KindAbandoned, KindMerged:
		if !s.closed {
			// A hold that begins here goes on while the conversation is closed.
			s.paused = s.paused && s.since == e.at && s.seq == n.seqOf(e)
			s.open, s.closed, s.waiting = false, true, false
		}
	case KindDiscarded:
		s.discarded = true
	}
}

// begin begins a cycle, unless one is running.
func (s *phase) begin() {
	if !s.open {
		s.open, s.closed, s.assisted, s.answered = true, false, false, false
	}
}

// toPerson reports whether an assignment is to somebody who is not an assistant of the
// conversation, or to a team.
func (s *phase) toPerson(e *packed) bool {
	if e.party == 0 {
		return e.channel != 0
	}
	if s.assistants == nil {
		s.assistants = assistantsOf(s.all)
	}
	_, assistant := slices.BinarySearch(s.assistants, e.party)
	return !assistant
}

// assistantsOf returns the agents who sent a reply as an assistant, in order, never nil.
func assistantsOf(events []packed) []uint32 {
	agents := []uint32{}
	for i := range events {
		if e := &events[i]; e.kind == KindReplySent && e.by() == ByAssistant {
			agents = append(agents, e.party)
		}
	}
	slices.Sort(agents)
	return slices.Compact(agents)
}

// orderTies brings the events of equal instants and Seq into their order; see [Kind]. The
// run is in the order of compare.
func (n *names) orderTies(run []packed) {
	last := 0 // what follows has no ties
	for i := len(run) - 1; i > 0 && last == 0; i-- {
		if run[i].at == run[i-1].at {
			last = i + 1
		}
	}
	s := phase{all: run}
	for i := 0; i < last; {
		j := i + 1
		for j < last && n.tied(&run[i], &run[j]) {
			j++
		}
		s.ties(run[i:j], n)
		i = j
	}
}

// tied reports whether neither instant nor Seq tells which of two events comes first.
func (n *names) tied(a, b *packed) bool {
	return a.at == b.at && (a.rare|b.rare == 0 || n.seqOf(a) == n.seqOf(b))
}

// ties orders tied events, and follows them.
func (s *phase) ties(run []packed, n *names) {
	const few = 16 // manyTies takes twice as long for two events
	if len(run) > few {
		s.manyTies(run, n)
		return
	}
	for ; len(run) > 1; run = run[1:] {
		answers := slices.ContainsFunc(run, packed.isAnswer)
		i := slices.IndexFunc(run, func(p packed) bool { return !s.idle(&p, answers) })
		i = max(i, 0) // what is idle to the end follows as it is
		first := run[i]
		copy(run[1:i+1], run[:i])
		run[0] = first
		s.take(&first, n)
	}
	if len(run) == 1 {
		s.take(&run[0], n)
	}
}

// A stretch is a number of tied events in a row of which all are idle, or none: they have
// the same kind and, if they are assignments or name priorities, are to the same one. The
// stretches that are left are a list.
type stretch struct{ first, end, next int }

// manyTies is ties in time proportional to the number of events: of the stretches of a
// kind, one at most is idle, so that the first one that is not is among the first few.
func (s *phase) manyTies(run []packed, n *names) {
	left, list, answers := slices.Clone(run), make([]stretch, 1), 0 // list[0] stands before the first
	for i := range left {
		if i == 0 || !alike(&left[i-1], &left[i]) {
			list[len(list)-1].next = len(list)
			list = append(list, stretch{first: i})
		}
		list[len(list)-1].end = i + 1
		if left[i].isAnswer() {
			answers++
		}
	}
	for i := range run {
		before, now := 0, list[0].next
		for now > 0 && s.idle(&left[list[now].first], answers > 0) {
			before, now = now, list[now].next
		}
		if now == 0 { // all are idle
			before, now = 0, list[0].next
		}
		next := &list[now]
		run[i] = left[next.first]
		if next.first++; next.first == next.end {
			list[before].next = next.next
		}
		if run[i].isAnswer() {
			answers--
		}
		s.take(&run[i], n)
	}
}

// alike reports whether tied events next to each other are in one stretch.
func alike(a, b *packed) bool {
	switch {
	case a.kind != b.kind:
		return false
	case a.kind == KindAssigned:
		return a.party == b.party && a.channel == b.channel
	case a.kind == KindPrioritized || a.kind == KindOpened:
		return a.party == b.party
	}
	return true
}

// isAnswer reports whether p is a reply by a person or an assistant.
func (p packed) isAnswer() bool { return p.kind == KindReplySent && p.by() != ByAutomation }
