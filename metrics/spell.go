package metrics

import (
	"iter"
	"time"
)

// Spell is a [Wait] or a [Cycle] of a [History] for code that counts and needs few texts:
// its instants, how it ended, and to what it belongs. It is good as long as its history
// is. The zero value is open, took no time, and belongs to no conversation.
type Spell struct {
	history *History // nil of the zero value
	span    *span
	wait    int // its number among the waits, from 1; 0 of a cycle, and less of what no message started
}

// WaitSpells yields the customer's waits in order, as [History.Waits] does. It allocates
// nothing.
func (h *History) WaitSpells() iter.Seq[Spell] {
	return func(yield func(Spell) bool) {
		for i := range h.waits {
			if !yield(Spell{h, &h.waits[i], i + 1}) {
				return
			}
		}
	}
}

// CycleSpells yields the times during which the conversation was open in order, as
// [History.Cycles] does: each with the outcome Answered if the conversation was resolved,
// GaveUp if the customer abandoned it, Moved if it was merged into another one, and Open
// while it has not ended. It allocates nothing.
func (h *History) CycleSpells() iter.Seq[Spell] {
	return func(yield func(Spell) bool) {
		for i := range h.cycles {
			if !yield(Spell{history: h, span: &h.cycles[i]}) {
				return
			}
		}
	}
}

// AssignmentSpell returns the wait for an agent in charge, as [History.Assignment] does.
func (h *History) AssignmentSpell() (Spell, bool) {
	taken, ok := h.assignment()
	if !ok {
		return Spell{}, false
	}
	if taken.agent == 0 {
		taken.agent = h.owner
	}
	return Spell{h, &taken, -1}, true
}

// Start returns the instant at which it began, in UTC.
func (s Spell) Start() time.Time {
	if s.history == nil {
		return time.Time{}
	}
	return timeOf(s.span.start)
}

// End returns the instant at which it ended, in UTC, and the zero time while it is open.
func (s Spell) End() time.Time {
	if s.history == nil {
		return time.Time{}
	}
	return timeOf(s.span.end)
}

// Outcome returns how it ended.
func (s Spell) Outcome() Outcome {
	if s.history == nil {
		return Open
	}
	return s.span.outcome
}

// Channel returns the channel of a wait, or if it has none, that of the conversation.
func (s Spell) Channel() Channel {
	if s.history == nil {
		return ""
	}
	return s.history.channelOf(s.span.channel)
}

// FirstResponse reports whether it decides the first response; see [Wait.FirstResponse].
func (s Spell) FirstResponse() bool { return s.wait > 0 && s.wait == s.history.first }

// Unassigned reports whether its clock has not started; see [Wait.Unassigned].
func (s Spell) Unassigned() bool { return s.history != nil && s.span.unassigned }

// Took returns the time from Start to End, or to the instant of the reading while it is
// open, less the pauses that do not count: of a cycle all of them, and of other spells
// those of [Rules.PauseStopsWaits]. A nil calendar means around the clock.
func (s Spell) Took(c Calendar) time.Duration {
	if s.history == nil {
		return 0
	}
	return s.tookFrom(c, s.span.start)
}

// tookFrom is Took from an instant on.
func (s Spell) tookFrom(c Calendar, start int64) time.Duration {
	d := between(c, start, s.until())
	if s.history.neverPaused() {
		return d
	}
	return d - s.pausedFrom(c, start)
}

// Paused reports whether there are any such pauses.
func (s Spell) Paused() bool {
	return s.history != nil && !s.history.neverPaused() && s.pausedFrom(nil, s.span.start) > 0
}

// pausedFrom returns the time of the pauses that do not count, from an instant on.
func (s Spell) pausedFrom(c Calendar, start int64) (sum time.Duration) {
	h, end, reasons := s.history, s.until(), AnyReason
	if s.wait != 0 {
		reasons = h.terms.Rules.PauseStopsWaits
	}
	if s.wait > 0 && len(h.brought) > 0 {
		for p := range h.waitPauses(s.wait-1, end) {
			if p.start = max(p.start, start); p.start < p.end {
				sum += between(c, p.start, p.end)
			}
		}
		return sum
	}
	for p := range h.pauses(start, end, reasons) {
		sum += between(c, p.start, p.end)
	}
	return sum
}

// until returns the end, or the instant of the reading.
func (s Spell) until() int64 {
	if s.span.outcome == Open {
		return s.history.terms.at
	}
	return s.span.end
}

// OwnTime returns how much of a wait was its agent's own: from its start, or from when the
// agent who ended it was last put in charge if that is later, to its end. A nil calendar
// means around the clock. It returns false unless a reply ended the wait.
func (s Spell) OwnTime(c Calendar) (time.Duration, bool) {
	if s.history == nil || s.span.agent == 0 || !s.span.outcome.replied() {
		return 0, false
	}
	start := s.span.start
	i, charge := s.history.charge(start)
	before := charge.agent
	for ; i < len(s.history.changes); i++ {
		taken := &s.history.changes[i]
		if taken.at > s.span.end {
			break
		}
		// Whoever was in charge already goes on with the clock that he or she had.
		if taken.agent == s.span.agent && before != s.span.agent {
			start = max(start, taken.at)
		}
		before = taken.agent
	}
	return s.tookFrom(c, start), true
}

// Facet returns the facet by which a [Breakdown] groups it: its channel, who ended it or
// had the conversation, the team in charge, and the instant that decides the period.
func (s Spell) Facet() Facet {
	if s.history == nil {
		return Facet{}
	}
	return s.facet(s.span.agent, s.history.terms.Rules.period(s.span.start, s.until()))
}

// FacetOfPromise returns the facet of a promise that was made when it began: the instant
// of its start, and the agent who ended it with what was promised or, if nobody did, the
// owner of the conversation.
func (s Spell) FacetOfPromise() Facet {
	if s.history == nil {
		return Facet{}
	}
	agent := s.history.owner
	if s.span.outcome.replied() && s.span.agent != 0 {
		agent = s.span.agent
	}
	return s.facet(agent, s.span.start)
}

func (s Spell) facet(agent uint32, at int64) Facet {
	channel := s.span.channel
	if channel == 0 {
		channel = s.history.channel
	}
	return Facet{history: s.history, at: at, agent: agent, channel: channel, team: s.span.team}
}
