package metrics

import (
	"cmp"
	"iter"
	"slices"
	"sort"
	"time"
)

// What was known at an earlier instant need not be the beginning of what is known now:
// events are edited and retracted, and conversations are restored and merged. Revisions
// and AsOf are for those who must not take back what they said then.

// AsOf returns the conversation as it was known at an earlier instant, by the same
// rules and with the waits that mergers had moved here by then. An instant after that
// of the reading counts as that.
func (h *History) AsOf(asOf time.Time) *History {
	if h.terms == nil {
		return h
	}
	at := min(instant(asOf), h.terms.at)
	t := newTerms(h.terms.Rules, timeOf(at))
	r := reader{History: History{terms: t, begun: new(begun)}}
	if h.moves != nil {
		r.moves = movesOf(h.moves.log, t, h.moves.merged(h.conversation.number))
	}
	return r.last(h.thread.asOf(at), h.begins)
}

// Before returns the conversation as it is known now, without what happened at an
// instant or later, by the same rules.
func (h *History) Before(at time.Time) *History {
	if h.terms == nil {
		return h
	}
	t := newTerms(h.terms.Rules, timeOf(instant(at)).Add(-1))
	r := reader{History: History{terms: t, moves: h.moves, begun: new(begun)}}
	c := h.thread
	events := c.events()
	for c.count > 0 && events[c.count-1].at > t.at {
		c.count--
	}
	return r.last(c, h.begins)
}

// begun says which event began each wait, cycle and update.
type begun struct {
	now                    *packed
	waits, cycles, updates []*packed
}

// Began returns the event that began the wait: the message, even if the clock started
// later. If a merger moved the wait here, or began the cycle by that, it is an event of
// the conversation in which the wait began. It returns false for waits of other histories
// than those of [History.AsOf] and [History.Before].
func (w Wait) Began() (Record, bool) {
	if w.began == nil {
		return Record{}, false
	}
	return *w.began, true
}

func (h *History) began(e *packed) *Record {
	r := h.names().unpack(e)
	return &r
}

// Revisions returns the instants, up to that of the reading, at which the time before
// may be read otherwise from then on: at a newer version of an event or a Retracted; at
// a Discarded, and the Reopened that restores; when the channel is first named; when
// [Rules.ExcludeTeamFirst] leaves the conversation out; when an agent who was assigned
// turns out to be an assistant; and at all of these in the conversations that mergers
// connect with this one, and when a merger comes to have an effect, or none. Otherwise
// what is read as of an earlier instant only goes on, except that a wait may begin earlier
// from the instant on at which mergers move another one into it; see [History.Arrivals].
// For the priority and the team, see [History.Priorities] and [History.Teams].
func (h *History) Revisions() []time.Time {
	if h.terms == nil || h.isPlain() {
		return nil
	}
	return h.lookForRevisions()
}

func (h *History) lookForRevisions() []time.Time {
	var at []int64
	if family := h.moves.family(h.conversation.number); family != nil {
		for _, n := range family {
			at = h.revisions(at, h.moves.conversation(n, h.terms.at))
		}
		at = h.moves.changes(at, family, h.terms.at)
	} else if past := h.thread.from; h.discards || past != nil && len(past.versions(h.thread.number)) > 0 {
		at = h.revisions(at, h.thread)
	} else {
		at = h.revisions(at, h.conversation) // other cases change nothing here
	}
	slices.Sort(at)
	at = slices.Compact(at)
	instants := make([]time.Time, len(at))
	for i := range at {
		instants[i] = timeOf(at[i])
	}
	return instants
}

// isPlain reports whether it is easy to see that there are no revisions.
func (h *History) isPlain() bool {
	events := h.conversation.events()
	return len(events) > 0 && events[0].channel != 0 && events[0].kind.hasChannel() && !h.silent &&
		h.kinds&(1<<KindDiscarded) == 0 && !h.discards && (h.volume.Assistant == 0 || h.terms.Rules.Assistant != AssistantEnds) &&
		!h.terms.Rules.ExcludeTeamFirst && len(h.moves.linked(h.conversation.number))+len(h.thread.from.versions(h.thread.number)) == 0
}

// revisions appends the instants at which one conversation is read otherwise.
func (h *History) revisions(at []int64, c Conversation) []int64 {
	events := c.events()
	if len(events) == 0 {
		return at
	}
	at = c.editions(at)
	past := c.from.versions(c.number)
	var channel uint16
	var spoken, silent, replied, assisted bool
	discarded := slices.ContainsFunc(past, func(p packed) bool { return p.kind == KindDiscarded })
	for i := range events {
		e := &events[i]
		late := e.at > events[0].at
		switch e.kind {
		case KindDiscarded:
			discarded = true
			at = append(at, e.at)
		case KindReopened:
			if discarded {
				at = append(at, e.at)
			}
		case KindMessageReceived:
			if e.channel != 0 && channel != 0 && e.channel != channel && silent {
				at = append(at, e.at) // it may be the first channel of a wait
			}
			spoken, silent = true, silent || e.channel == 0
		case KindReplySent:
			if h.terms.Rules.ExcludeTeamFirst && !spoken && !replied {
				at = append(at, e.at)
			}
			replied = true
			assisted = assisted || e.by() == ByAssistant
		case KindOpened:
			silent = silent || e.channel == 0
		}
		if channel == 0 && e.channel != 0 && e.kind.hasChannel() {
			if channel = e.channel; late {
				at = append(at, e.at)
			}
		}
	}
	if assisted && h.terms.Rules.Assistant == AssistantEnds {
		at = assistantsTurn(at, events)
	}
	return at
}

// changes appends the instants at which mergers among conversations may come to have an
// effect, or none, other than by being edited.
func (m *moves) changes(at []int64, family []uint32, asOf int64) []int64 {
	var mergers []int64
	stays := false
	for _, n := range family {
		c := m.conversation(n, asOf)
		if c.count == 0 {
			continue
		}
		past := c.from.versions(n)
		for _, events := range [...][]packed{past, c.events()} {
			for i := range events {
				e := &events[i]
				if e.kind != KindMerged || e.at > asOf {
					continue
				}
				mergers = append(mergers, e.at)
				stays = stays || m.stays(n, e) || len(past) > 0
				if into := m.conversation(e.party, asOf).events(); len(into) > 0 && into[0].at > e.at {
					at = append(at, into[0].at)
				}
			}
		}
	}
	if stays { // perhaps because mergers came to lead round in a circle
		at = append(at, mergers...)
	}
	return at
}

// editions appends the instants of what replaced or retracted an event.
func (c Conversation) editions(at []int64) []int64 {
	past := c.from.versions(c.number)
	if len(past) == 0 {
		return at
	}
	edited := make(map[identity]bool)
	for i := range past {
		edited[c.from.names.identityOf(&past[i])] = true
	}
	for _, events := range [...][]packed{past, c.events()} {
		for i := range events {
			if e := &events[i]; e.kind == KindRetracted || edited[c.from.names.identityOf(e)] {
				at = append(at, e.at)
			}
		}
	}
	return at
}

// assistantsTurn appends the instants at which agents who were assigned before first
// reply as assistants.
func assistantsTurn(at []int64, events []packed) []int64 {
	assigned, known := make(map[uint32]bool), make(map[uint32]bool)
	for i := range events {
		switch e := &events[i]; {
		case e.kind == KindAssigned:
			assigned[e.party] = true
		case e.kind == KindReplySent && e.by() == ByAssistant && !known[e.party]:
			known[e.party] = true
			if assigned[e.party] {
				at = append(at, e.at)
			}
		}
	}
	return at
}

// Joined returns another conversation of the log as it was known at the instant of the
// reading, and whether a wait that began there may go on here: mergers lead here from it,
// and it was not discarded.
func (h *History) Joined(id ConversationID) (c Conversation, here bool) {
	if h.moves == nil {
		return Conversation{}, false
	}
	n := h.names().conversations.Number(string(id))
	c = h.moves.conversation(n, h.terms.at)
	return c, h.moves.leads(n, h.conversation.number, h.terms.at) && !h.terms.read(c).discarded
}

// Sources yields the waits that mergers moved into a wait of the history, each with the
// history of the conversation in which it began or went on before.
func (h *History) Sources(w Wait) iter.Seq2[*History, Wait] {
	return func(yield func(*History, Wait) bool) {
		end := int64(running)
		if !w.End.IsZero() {
			end = instant(w.End)
		}
		ends := func(s span, at int64) int { return cmp.Compare(s.end, at) }
		i, found := slices.BinarySearchFunc(h.waits, end, ends)
		if !found || !timeOf(h.waits[i].start).Equal(w.Start) || !timeOf(end).Equal(w.End) {
			return
		}
		arrivals := h.arrivals()
		if i > 0 {
			arrivals = arrivals[sort.Search(len(arrivals), func(k int) bool { return arrivals[k].at > h.waits[i-1].end }):]
		}
		for _, m := range arrivals {
			// It arrives before anything that could end the wait at that instant.
			if m.at > end {
				return
			}
			for _, source := range h.moves.source(h, m.from) {
				k, _ := slices.BinarySearchFunc(source.waits, m.at, ends)
				for ; k < len(source.waits) && source.waits[k].end == m.at; k++ {
					s := &source.waits[k]
					if s.outcome == Moved && s.start == m.start && !yield(source, source.wait(k)) {
						return
					}
				}
			}
		}
	}
}
