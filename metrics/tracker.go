package metrics

import (
	"fmt"
	"maps"
	"reflect"
	"time"
)

// Accumulator is a [Sink] that embeds a [Binding] and merges with others of its type:
// a [Breakdown], an [Evidence], a series of package flow, or one of your own.
type Accumulator[S any] interface {
	Sink
	Merge(S) error
	binding() *Binding
}

// Tracker feeds a sink while events come in, in any order, including late, repeated and
// edited ones. At any time [Tracker.AsOf] returns a sink that is equal to one that was
// fed an [EventLog] of all the events so far.
//
//	t := metrics.NewTracker(metrics.Rules{}, func() *metrics.Breakdown[metrics.Channel] {
//		return metrics.NewBreakdown(metrics.Facet.Channel)
//	})
//	for e := range events {
//		err = t.Append(e)
//		...
//	}
//	now, err := t.AsOf(asOf)
//	n, err := t.Close(asOf.AddDate(0, 0, -7), nil)
//
// A Tracker keeps the events of live conversations, because they may still change the
// figures. [Tracker.Close] takes out conversations that are done, and keeps only what
// was counted in them. So the Tracker needs memory for the sink, and for an EventLog of
// the events since the last Close and of at most twice those that were live then. How
// long it has been running does not matter.
//
// # Events of closed conversations
//
// An event of a conversation that was closed begins another conversation of the same
// name. This is the one difference from reading a log of all events: a message that
// would have reopened the closed conversation is the first of a new one, an event that
// is delivered again counts again, a Discarded or Retracted takes nothing back, an edited
// event counts beside the original, and nothing can be merged into the closed one. So the figures are those of the log as long as nothing
// comes for closed conversations. How long to wait for that, the caller decides by what
// is given to Close.
//
// A Tracker must not be copied. Append and Close must not be called at the same
// time as any other method; the others may be called at the same time as each
// other.
type Tracker[S Accumulator[S]] struct {
	_       noCopy
	rules   Rules
	empty   func() S
	log     *EventLog                   // nil if there never was an event
	gone    map[ConversationID]struct{} // closed, but still in the log; a new map each time, since readings hold it
	settled S                           // what was counted in the closed conversations
}

// NewTracker returns a tracker without events. It reads conversations by rules into
// sinks that the function empty makes, which must be empty and alike. The zero Tracker
// reads by the zero Rules into zero values of its sink.
func NewTracker[S Accumulator[S]](rules Rules, empty func() S) *Tracker[S] {
	t := &Tracker[S]{rules: rules, empty: empty}
	t.begin()
	return t
}

// sink returns an empty sink, which in the zero Tracker is the zero value of what S
// points to.
func (t *Tracker[S]) sink() (s S) {
	if t.empty != nil {
		return t.empty()
	}
	return reflect.New(reflect.TypeOf(s).Elem()).Interface().(S)
}

// begin makes the log and the sink, if t does not have them yet.
func (t *Tracker[S]) begin() { t.log, t.settled = t.now() }

// now returns the log, and the sink of the closed conversations.
func (t *Tracker[S]) now() (*EventLog, S) {
	if t.log == nil {
		return new(EventLog), t.sink()
	}
	return t.log, t.settled
}

// Append adds an event. Its errors are those of [EventLog.Append], and then t is as it
// was. In the steady state, when the identifiers are known, Append allocates only room
// for more events.
func (t *Tracker[S]) Append(e Event) error {
	if len(t.gone) > 0 {
		if _, closed := t.gone[RecordOf(e).Conversation]; closed {
			t.renew()
		}
	}
	t.begin()
	return t.log.Append(e)
}

// AsOf returns a sink that was fed all conversations, closed and live, as of an
// instant. It is the caller's own. It costs a pass over the live events and a merge.
//
// The earlier states of closed conversations are not known any more. If the instant is
// before one of them was settled, the error wraps [ErrOtherTerms].
func (t *Tracker[S]) AsOf(asOf time.Time) (S, error) {
	live := t.Live(asOf)
	var s S
	_, settled := t.now()
	if closed := settled.binding().terms; closed != nil && live.terms.at < closed.at {
		return s, fmt.Errorf("%w: %v is before a closed conversation was settled, %v", ErrOtherTerms, asOf, closed.AsOf)
	}
	s = t.sink()
	if err := s.Merge(settled); err != nil {
		return s, err
	}
	return s, live.Into(s)
}

// Live returns the reading of the live conversations, as of an instant. If a
// conversation was closed and has come back, the reading has only the events that came
// after the closing.
func (t *Tracker[S]) Live(asOf time.Time) Reading {
	log, _ := t.now()
	r := log.Read(t.rules, asOf)
	if gone := t.gone; len(gone) > 0 {
		r.only = func(h *History) bool {
			_, closed := gone[h.conversation.ID()]
			return !closed
		}
	}
	return r
}

// Close closes the conversations that were settled before an instant, if which returns
// true for them, for each of their cases; a nil function means all of them. It returns
// how many it closed. If the sink returns an error, so does Close, and nothing is closed.
// It costs two passes over the live events.
//
// A conversation is settled if nothing in it is open, neither a cycle nor a wait: it is
// resolved, was merged into another one, or never was open, because it has only a reply
// or a rating. A conversation that counts nowhere (see [History.Counts]) is settled too,
// and is forgotten. By any Rules, the figures of a settled conversation are the same as
// of every instant from its last event on or, by [Rules.RatingExpires], from when its
// last request for a rating expired without an answer.
//
// What was merged closes together with what it was merged into, also if the merger was
// edited or retracted later. A conversation that was
// merged into one of which there is no event stays, because its wait goes on there once
// there is.
//
// A rated conversation may be closed as soon as its events are not delivered again, an
// unrated one when a rating is not expected any more:
//
//	rated := func(h *metrics.History) bool { return len(h.Ratings()) > 0 }
//	n, err := t.Close(now.Add(-time.Hour), rated)
//	n, err = t.Close(now.AddDate(0, 0, -14), nil)
func (t *Tracker[S]) Close(before time.Time, which func(*History) bool) (int, error) {
	t.begin()
	type candidate struct {
		last int64 // when it was settled
		size int
	}
	candidates := make(map[uint32]candidate)
	closing, live := make(map[ConversationID]struct{}), 0
	all := t.Live(instantAfterAll)
	all.each(func(h *History) bool {
		c := h.thread
		if h.number == 1 {
			size := c.Len() + len(c.from.versions(c.number))
			candidates[c.number] = candidate{size: size}
			live += size
		}
		closes, ok := candidates[c.number]
		closes.last = max(closes.last, h.settles())
		switch {
		case !ok:
		case closes.last < instant(before) && h.settled() && (which == nil || which(h.Clone())):
			candidates[c.number] = closes
		default:
			delete(candidates, c.number)
		}
		return true
	})
	// Conversations that were merged close together: one that stays keeps those that
	// mergers link to it, by any version of theirs, because the closing is read as of an
	// instant at which that version may have been in force.
	var staying []uint32
	for number := range all.moves.all() {
		if _, closes := candidates[number]; !closes {
			staying = append(staying, number)
		}
	}
	for len(staying) > 0 {
		n := len(staying) - 1
		number := staying[n]
		staying = staying[:n]
		for _, linked := range all.moves.linked(number) {
			if _, closes := candidates[linked]; closes {
				delete(candidates, linked)
				staying = append(staying, linked)
			}
		}
	}
	until := int64(0)
	for number, c := range candidates {
		closing[all.from.conversation(number).ID()] = struct{}{}
		until = max(until, c.last)
		live -= c.size
	}
	n := len(closing)
	if n > 0 {
		// They are added to a sink of their own first, because a sink may keep the
		// log of the history that it was given last.
		closed := t.sink()
		if err := t.closing(closing, until).Into(closed); err != nil {
			return 0, err
		}
		if err := t.settled.Merge(closed); err != nil {
			return 0, err
		}
		maps.Copy(closing, t.gone)
		t.gone = closing
	}
	if taken := t.log.Len() + t.log.Duplicates(); taken > 2*live {
		t.renew()
	}
	return n, nil
}

// closing returns the reading of conversations that are about to be closed, as of when
// all of them were settled.
func (t *Tracker[S]) closing(conversations map[ConversationID]struct{}, until int64) Reading {
	r := t.Live(timeOf(until)).Settled()
	r.log = nil // conversations of the same names may come again
	only := r.only
	r.only = func(h *History) bool {
		_, closes := conversations[h.conversation.ID()]
		return closes && only(h)
	}
	return r
}

// instantAfterAll is after every event.
var instantAfterAll = time.Unix(endSecond, 0)

// renew makes a new log of the live conversations.
func (t *Tracker[S]) renew() {
	log := new(EventLog)
	t.deliveries(func(r Record) {
		// It was checked when it was taken, and there is more room than before.
		e, _ := r.Event()
		_ = log.Append(e)
	})
	t.log, t.gone = log, nil
}

// deliveries gives the events of the live conversations, each version before the one
// that replaced it. Appended in this order, they make the same log.
func (t *Tracker[S]) deliveries(give func(Record)) {
	for h := range t.Live(instantAfterAll).each {
		if h.number > 1 {
			continue
		}
		c := h.thread
		for _, events := range [...][]packed{c.from.versions(c.number), c.events()} {
			for i := range events {
				give(c.from.names.unpack(&events[i]))
			}
		}
	}
}
