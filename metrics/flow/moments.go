package flow

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A handOff is the time from the first automated reply of a conversation to the
// first one that a person sent, if there are both, in this order.
type handOff struct {
	start, end time.Time
	done       bool
}

// moments counts everything that happened in a conversation where at says that
// what happened at an instant is counted. It returns the cycles and the hand-off
// to a person.
func moments(h *metrics.History, at func(time.Time) *Counts) ([]metrics.Cycle, handOff) {
	if !h.Counts() {
		for r := range h.Conversation().Records() {
			if r.Type == metrics.KindDiscarded {
				at(r.At).Discarded++
				break
			}
		}
		return nil, handOff{}
	}
	seen := correspondence{at: at}
	for r := range h.Conversation().Records() {
		switch r.Type {
		case metrics.KindMessageReceived:
			at(r.At).Volume.Messages++
		case metrics.KindRatingRequested:
			at(r.At).Volume.RatingRequested++
		case metrics.KindReplySent:
			seen.reply(&r)
		case metrics.KindAssigned:
			seen.assign(&r)
		}
	}
	cycles := h.Cycles()
	for i, c := range cycles {
		if i == 0 && h.Reopens() < len(cycles) {
			at(c.Start).Arrivals++
		} else {
			at(c.Start).Reopenings++
		}
		switch {
		case c.End.IsZero():
		case !c.Resolved:
			at(c.End).Moved++
		default:
			end := at(c.End)
			end.Resolutions++
			if i+1 < len(cycles) {
				end.Reopened++
			}
			if seen.deflected(c.End) {
				end.Deflections++
			}
		}
	}
	return cycles, seen.handOff()
}

// correspondence is what has been seen of the replies and assignments of a
// conversation.
type correspondence struct {
	at       func(time.Time) *Counts
	bot      time.Time // of the first automated reply; zero if there is none
	person   time.Time // of the first reply that a person sent; zero if there is none
	byBot    bool      // the automated one came first
	replier  metrics.AgentID
	assigned metrics.AgentID // now
	charged  metrics.AgentID // the last who was assigned
}

func (s *correspondence) reply(r *metrics.Record) {
	n := s.at(r.At)
	if r.Automated {
		n.Volume.Automated++
		if s.bot.IsZero() {
			s.bot = r.At
		}
		return
	}
	n.Volume.Replies++
	if s.person.IsZero() {
		s.person, s.byBot = r.At, !s.bot.IsZero()
		n.FirstReplies++
		if s.byBot {
			n.HandOffs++
		}
	}
	if r.Agent == "" {
		return
	}
	if s.replier != "" && s.replier != r.Agent {
		n.Takeovers++
	}
	s.replier = r.Agent
}

func (s *correspondence) assign(r *metrics.Record) {
	if r.Agent != "" && r.Agent != s.assigned {
		n := s.at(r.At)
		n.Assignments++
		if s.charged != "" && s.charged != r.Agent {
			n.Reassignments++
		}
		s.charged = r.Agent
	}
	s.assigned = r.Agent
}

// deflected reports whether bots had replied until a resolution, and nobody
// else. Replies of the same instant came before it.
func (s *correspondence) deflected(resolved time.Time) bool {
	return !s.bot.IsZero() && !s.bot.After(resolved) && (s.person.IsZero() || s.person.After(resolved))
}

func (s *correspondence) handOff() handOff {
	return handOff{start: s.bot, end: s.person, done: s.byBot}
}
