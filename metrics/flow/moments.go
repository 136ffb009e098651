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
		for m := range h.Moments() {
			if m.Kind() == metrics.KindDiscarded {
				in.at(m.At()).Discarded++
				break
			}
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

// A handOff is the time from the first automated reply of a conversation to the
// first one that a person sent, if there are both, in this order.
type handOff struct {
	bot, person time.Time // zero if there is none
	done        bool
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
	if m.Automated() {
		n.Volume.Automated++
		if s.bot.IsZero() {
			s.bot = at
		}
		return
	}
	n.Volume.Replies++
	if s.person.IsZero() {
		s.person, s.done = at, !s.bot.IsZero()
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
	for open, ok := range h.OpenSpans() {
		start := s.in.at(open.Start)
		if n++; n == 1 {
			first = start
		} else {
			start.Reopenings++
		}
		if resolved != nil {
			resolved.Reopened++
			resolved = nil
		}
		switch {
		case open.End.IsZero():
		case !ok:
			s.in.at(open.End).Moved++
		default:
			resolved = s.in.at(open.End)
			resolved.Resolutions++
			if s.deflected(open.End) {
				resolved.Deflections++
			}
		}
	}
	switch {
	case n > h.Reopens():
		first.Arrivals++
	case n > 0: // it is known from a reopening on
		first.Reopenings++
	}
}

// deflected reports whether bots had replied until a resolution, and nobody
// else. Replies of the same instant came before it.
func (s *correspondence) deflected(resolved time.Time) bool {
	return !s.bot.IsZero() && !s.bot.After(resolved) && (s.person.IsZero() || s.person.After(resolved))
}
