package metrics

import (
	"iter"
	"sort"
	"time"
)

// Reading is a log, or a part of one, read by [Rules] as of an instant. It has a
// [History] of each conversation, as it was known at that instant, and feeds any
// number of sinks in one pass.
//
//	reading := log.Read(metrics.Rules{}, asOf)
//	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
//	err := reading.Into(byChannel, evidence, series)
//
// A Reading is a small value. It sees the log as it was when Read was called, and
// several goroutines may use it at the same time. The zero value has no
// conversations.
type Reading struct {
	terms     *terms
	log       *origin
	from      *ordered
	moves     *moves
	low, high int                   // numbers of the conversations, without high
	only      func(h *History) bool // which histories belong to it; nil means all
}

// Read returns the reading of the log by rules, as of an instant. Events after that
// instant are ignored. An instant before 1970 is before all events, and one after
// 2261 counts as the end of 2261.
func (l *EventLog) Read(rules Rules, asOf time.Time) Reading {
	o, t := l.order(), newTerms(rules, asOf)
	return Reading{terms: t, log: l.origin, from: o, moves: movesOf(o, t, o.merged), low: 1, high: max(1, len(o.starts)-1)}
}

// Read returns the history of this conversation alone by rules, as of an instant;
// see [EventLog.Read]. By [Rules.NewCaseAfter] it may be several cases, of which this is
// the last.
func (c Conversation) Read(rules Rules, asOf time.Time) *History {
	return newTerms(rules, asOf).read(c)
}

func (t *terms) read(c Conversation) *History {
	r := reader{History: History{terms: t}}
	return r.last(c.asOf(t.at), running)
}

// Terms returns the rules and the instant of r.
func (r Reading) Terms() Terms { return r.terms.public() }

// Into reads each conversation once and adds its history to all the sinks. Before
// the first one it tells the terms of r to the sinks that embed a [Binding]. If one
// of these was fed histories that do not add up with r, or the same conversations,
// the error wraps [ErrOtherTerms] or [ErrTwice], and nothing is added to any sink.
// Otherwise Into stops at the first error of a sink.
func (r Reading) Into(sinks ...Sink) error {
	if err := bind(r, sinks); err != nil {
		return err
	}
	var err error
	r.each(func(h *History) bool {
		for _, s := range sinks {
			if err = s.Add(h); err != nil {
				return false
			}
		}
		return true
	})
	return err
}

// Histories yields a history of each conversation, or of each of its cases by
// [Rules.NewCaseAfter], in the order in which their names first came into the log. Each history may be kept. That makes it two or
// three times as slow as Into.
func (r Reading) Histories() iter.Seq[*History] {
	return func(yield func(*History) bool) {
		r.each(func(h *History) bool { return yield(h.Clone()) })
	}
}

// each yields the histories. Each is good until the next one.
func (r Reading) each(yield func(*History) bool) {
	if r.from == nil {
		return
	}
	reader := reader{History: History{terms: r.terms, moves: r.moves}}
	for n := r.low; n < r.high; n++ {
		c := r.from.conversation(uint32(n))
		if c.count == 0 {
			continue
		}
		for reader.open(c.asOf(r.terms.at)); reader.next(); {
			if h := &reader.History; (r.only == nil || r.only(h)) && !yield(h) {
				return
			}
		}
	}
}

// Conversation yields the history of the named conversation, or of each of its cases, or
// nothing if the reading does not have it.
func (r Reading) Conversation(id ConversationID) iter.Seq[*History] {
	return func(yield func(*History) bool) {
		if r.from == nil {
			return
		}
		n := int(r.from.names.conversations.Number(string(id)))
		if n >= r.low && n < r.high {
			r.low, r.high = n, n+1
			r.Histories()(yield)
		}
	}
}

// Parts splits r into at most n readings with about as many events each, so that
// several goroutines can each feed sinks of their own, which then merge. An n below
// 1 counts as 1. There are no parts if there are no conversations.
func (r Reading) Parts(n int) []Reading {
	if r.low >= r.high {
		return nil
	}
	var parts []Reading
	starts := r.from.starts
	first, events := uint64(starts[r.low]), uint64(starts[r.high]-starts[r.low])
	n = max(1, min(n, int(events)))
	part := r
	for i := range n {
		share := first + (uint64(i)+1)*events/uint64(n)
		part.high = part.low + sort.Search(r.high-part.low, func(k int) bool { return uint64(starts[part.low+k]) >= share })
		if part.low < part.high {
			parts = append(parts, part)
			part.low = part.high
		}
	}
	return parts
}

// Settled returns the part of r that does not change any more: the conversations in
// which nothing is open, neither a cycle nor a wait, and no request for a rating is
// pending; see [Rules.RatingExpires].
//
// Its figures are right for every instant from that of r on, as long as no event
// comes for these conversations. So they may be stored, and added to figures of other
// conversations, settled or not, as of that instant or a later one. Figures that are not
// settled may not be added up over time: a customer who waits for three nights would
// count three times.
func (r Reading) Settled() Reading {
	if r.terms == nil {
		return r
	}
	settled := *r.terms
	settled.Settled = true
	r.terms = &settled
	only := r.only
	r.only = func(h *History) bool { return h.settled() && (only == nil || only(h)) }
	return r
}

// settled reports whether nothing in the conversation is open or pending, so that its
// figures are the same for every later instant.
func (h *History) settled() bool {
	_, waiting := h.StillWaiting()
	return !waiting && !h.IsOpen() && !h.awaitsRating()
}

// Figures returns the figures of all conversations together.
func (r Reading) Figures() *Figures {
	var total Breakdown[string]
	_ = r.Into(&total) // it was fed nothing else, so nothing is refused
	return total.Total()
}
