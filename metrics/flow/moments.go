package flow

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A place is where what happened in a conversation at an instant is counted.
type place interface{ at(time.Time) *Counts }

// count counts everything that happened in a conversation, and returns the
// hand-off to a person.
func count(h *metrics.History, in place) handOff {
	if !h.Counts() {
		if at := discarded(h); !at.IsZero() {
			in.at(at).Discarded++
		}
		return handOff{}
	}
	seen := correspondence{in: in}
	for m := range h.Moments() {
		switch m.Kind() {
		case metrics.KindMessageReceived:
			in.at(m.At()).Volume.Messages++
		case metrics.KindRatingRequested:
			in.at(m.At()).Volume.RatingRequested++
		case metrics.KindReplySent:
			seen.reply(m)
		case metrics.KindAssigned:
			seen.assign(m)
		}
	}
	seen.cycles(h)
	return seen.handOff
}

// discarded returns since when the conversation has been discarded. It is zero if it is
// not, or was restored.
func discarded(h *metrics.History) (since time.Time) {
	for m := range h.Moments() {
		switch m.Kind() {
		case metrics.KindDiscarded:
			if since.IsZero() {
				since = m.At()
			}
		case metrics.KindReopened:
			since = time.Time{}
		}
	}
	return since
}

// A handOff is the time from the first reply of an assistant in a conversation to the
// first one that a person sent, if there are both, in this order.
type handOff struct {
	assistant, person time.Time // zero if there is none
	done              bool
}

// correspondence is what has been seen of the replies and assignments of a
// conversation.
type correspondence struct {
	in place
	handOff
	replier  metrics.AgentID // the last person who replied
	assigned metrics.AgentID // now
	charged  metrics.AgentID // the last who was assigned
}

func (s *correspondence) reply(m metrics.Moment) {
	at := m.At()
	n := s.in.at(at)
	switch m.By() {
	case metrics.ByAssistant:
		n.Volume.Assistant++
		if s.assistant.IsZero() {
			s.assistant = at
		}
		return
	case metrics.ByAutomation:
		n.Volume.Automated++
		return
	}
	n.Volume.Replies++
	if s.person.IsZero() {
		s.person, s.done = at, !s.assistant.IsZero()
		n.FirstReplies++
		if s.done {
			n.HandOffs++
		}
	}
	agent := m.Agent()
	if agent == "" {
		return
	}
	if s.replier != "" && s.replier != agent {
		n.Takeovers++
	}
	s.replier = agent
}

func (s *correspondence) assign(m metrics.Moment) {
	agent := m.Agent()
	if agent != "" && agent != s.assigned {
		n := s.in.at(m.At())
		n.Assignments++
		if s.charged != "" && s.charged != agent {
			n.Reassignments++
		}
		s.charged = agent
	}
	s.assigned = agent
}

// cycles counts what came into the backlog and what left it.
func (s *correspondence) cycles(h *metrics.History) {
	var first, resolved *Counts // where the first cycle began, and the one before was resolved
	n := 0
	for open := range h.CycleSpells() {
		start := s.in.at(open.Start())
		if n++; n == 1 {
			first = start
		} else {
			start.Reopenings++
		}
		if resolved != nil {
			resolved.Reopened++
			resolved = nil
		}
		switch open.Outcome() {
		case metrics.Answered:
			resolved = s.in.at(open.End())
			resolved.Resolutions++
			if s.deflected(open.End()) {
				resolved.Deflections++
			}
		case metrics.GaveUp:
			s.in.at(open.End()).Abandoned++
		case metrics.Moved:
			s.in.at(open.End()).Moved++
		}
	}
	switch {
	case n > h.Reopens():
		first.Arrivals++
	case n > 0: // it is known from a reopening on
		first.Reopenings++
	}
}

// deflected reports whether an assistant had replied until a resolution, and no person.
// Replies of the same instant are part of it.
func (s *correspondence) deflected(resolved time.Time) bool {
	return !s.assistant.IsZero() && !s.assistant.After(resolved) && (s.person.IsZero() || s.person.After(resolved))
}
