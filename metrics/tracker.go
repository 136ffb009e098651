package metrics

import (
	"errors"
	"fmt"
	"iter"
	"time"
)

// ErrBeforeClosed reports an instant before the last event of a conversation
// that a [Tracker] has closed, of which it has only the figures.
var ErrBeforeClosed = errors.New("metrics: instant before the last event of a closed conversation")

// Tracker gives the figures of a desk while its events come in: of any number of
// interleaved conversations, in any order, late, repeated and edited events
// among them. At every instant [Tracker.Breakdown] is equal, group by group and
// bit by bit, to a Breakdown of an EventLog of all the events so far.
//
//	t := metrics.NewTracker(metrics.Rules{}, metrics.Facet.Channel)
//	for e := range events {
//		err = t.Append(e)
//		...
//	}
//	now, err := t.Breakdown(asOf)
//	t.Close(asOf.AddDate(0, 0, -7), nil)
//
// To forget nothing that counts, a Tracker keeps the events of a conversation
// while it is live: until [Tracker.Close] takes it out and keeps its figures
// only. So the memory that it needs is that of an EventLog of at most twice what
// was live when Close was last called and what came since, and that of the
// Figures of each group; the length of the history does not matter.
//
// # Events of closed conversations
//
// An event whose conversation was closed begins another conversation of the same
// name. This is the one difference from the batch: a message that would have
// reopened the closed conversation is the first of a new one, an event that is
// delivered again counts again, a Discarded takes nothing back, and what would
// have edited an event stands beside it. So the figures are those of the batch
// as long as nothing comes for what is closed, and it is the caller who chooses,
// by what is given to Close, how long to wait for it.
//
// A Tracker must not be copied. Append and Close must not be called at the same
// time as any other method; the others may be called at the same time as each
// other.
type Tracker[K comparable] struct {
	rules  Rules
	key    func(Facet) K
	log    *EventLog
	gone   map[ConversationID]struct{} // closed, and still in the log
	closed *Breakdown[K]
	until  time.Time // the last event of what is closed; zero if nothing is
}

// NewTracker returns a tracker without events, which reads conversations by the
// given rules and groups as [NewBreakdown] does.
func NewTracker[K comparable](rules Rules, key func(Facet) K) *Tracker[K] {
	return &Tracker[K]{
		rules: rules, key: key, log: new(EventLog), gone: make(map[ConversationID]struct{}),
		closed: NewBreakdown(rules, time.Time{}, key),
	}
}

// Append takes an event. Its errors are those of [EventLog.Append], and then the
// figures are as they were. In the steady state, when the identifiers are known,
// it allocates nothing but the room for more events.
func (t *Tracker[K]) Append(e Event) error {
	if len(t.gone) > 0 {
		if _, closed := t.gone[RecordOf(e).Conversation]; closed {
			t.renew()
		}
	}
	return t.log.Append(e)
}

// Breakdown returns the figures of all the events so far, as of an instant: of
// the conversations that are closed and of those that are live. It is the
// caller's own. It costs a pass over the live events and over the groups.
//
// The instant must not be before the last event of a closed conversation, which
// can be cut no more: otherwise the error wraps [ErrBeforeClosed].
func (t *Tracker[K]) Breakdown(asOf time.Time) (*Breakdown[K], error) {
	if instant(asOf) < instant(t.until) {
		return nil, fmt.Errorf("%w: %v is before %v", ErrBeforeClosed, asOf, t.until)
	}
	b := NewBreakdown(t.rules, asOf, t.key)
	b.Merge(t.closed)
	for c := range t.Conversations() {
		b.Add(c)
	}
	return b, nil
}

// Conversations yields the live conversations, in no order. Of a conversation
// that was closed and has come back, it is the one after the closing.
func (t *Tracker[K]) Conversations() iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		for c := range t.log.Conversations() {
			if _, closed := t.gone[c.ID()]; !closed && !yield(c) {
				return
			}
		}
	}
}

// Live returns the number of live conversations. It costs a pass over them.
func (t *Tracker[K]) Live() int {
	n := 0
	for range t.Conversations() {
		n++
	}
	return n
}

// Close closes the settled conversations of which the last event is before an
// instant, and for which a function says so; nil is all of them. It returns how
// many it closed. It costs a pass over the live events.
//
// A conversation is settled if nothing in it is open, neither a cycle nor a
// wait: it is resolved, was merged into another one, or never was open, as one
// that consists of a reply or a rating alone. One that counts nowhere (see
// [History.Counts]) is settled too, and is forgotten. By any Rules, the figures of
// what is settled are the same as of every instant after its last event.
//
// What is resolved and rated may be closed as soon as its events are not
// delivered any more, what is not rated when no rating is expected:
//
//	rated := func(h *metrics.History) bool { return len(h.Ratings()) > 0 }
//	t.Close(now.Add(-time.Hour), rated)
//	t.Close(now.AddDate(0, 0, -14), nil)
func (t *Tracker[K]) Close(before time.Time, which func(*History) bool) int {
	// Figures are added to groups of their own first, because a Breakdown holds
	// on to the log of the conversation that it was given last.
	closed := NewBreakdown(t.rules, instantAfterAll, t.key)
	h := newReader(t.rules)
	h.brief = which == nil
	n, live := 0, 0
	for c := range t.Conversations() {
		events := c.events()
		last := events[len(events)-1].at
		if last < instant(before) {
			h.read(c)
			closes := h.settled()
			if closes && which != nil {
				closes = which(&h.History)
				h = newReader(t.rules) // the function may keep the other one
			}
			if closes {
				closed.Add(c)
				t.gone[c.ID()] = struct{}{}
				if at := timeOf(last); at.After(t.until) {
					t.until = at
				}
				n++
				continue
			}
		}
		live += len(events) + len(c.from.versions(c.number))
	}
	t.closed.Merge(closed)
	if taken := t.log.Len() + t.log.Duplicates(); taken > 2*live {
		t.renew()
	}
	return n
}

// instantAfterAll is after every event.
var instantAfterAll = time.Unix(endSecond, 0)

// settled reports whether nothing in the conversation is open, so that its
// figures are the same as of every instant after its last event.
func (h *History) settled() bool {
	_, waiting := h.StillWaiting()
	return !waiting && !h.IsOpen()
}

// renew makes the log anew of what is live.
func (t *Tracker[K]) renew() {
	log := new(EventLog)
	for r := range t.deliveries() {
		// It was checked when it was taken, and there is more room than before.
		e, _ := r.Event()
		_ = log.Append(e)
	}
	t.log, t.gone = log, make(map[ConversationID]struct{})
}

// deliveries yields the events of the live conversations, versions that were
// replaced before those that replaced them: appended in this order, they make
// the same log.
func (t *Tracker[K]) deliveries() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for c := range t.Conversations() {
			for _, events := range [...][]packed{c.from.versions(c.number), c.events()} {
				for i := range events {
					if !yield(c.from.names.unpack(&events[i])) {
						return
					}
				}
			}
		}
	}
}
