package metrics

import (
	"iter"
	"sync"
)

// EventLog holds the events of many conversations. They may be appended in any order,
// and are read conversation by conversation, each in the order of time. The zero value
// is an empty log.
//
// Events may be delivered more than once. Those of a conversation with the same ID are
// one event, and the one taken last wins; without an ID, events that are equal in every
// field are one. As of an instant before an edit, an event is as it was known then (see
// [Conversation.AsOf]).
//
// An event takes 24 bytes and has no pointers. Identifiers and names are kept once
// each, except for the IDs of events.
//
// An EventLog must not be copied. Append must not be called at the same time as
// any other method; the others may be called at the same time as each other.
type EventLog struct {
	names  names
	origin *origin // made with the first ordering

	// Events as they came, in blocks that stay where they are.
	fresh [][]packed
	taken int

	mu      sync.Mutex // guards the ordering, which readers start
	ordered *ordered   // all but the fresh ones; nil before the first ordering
}

// Limits of what a log holds, and of a block of fresh events.
const (
	maxEvents  = maxNumber
	smallBlock = 16
	largeBlock = 1 << 15
)

// Append adds an event. If the event is not valid (see [Record.Event]) or the log is
// full, the error wraps a sentinel of this package, and the log is as it was. In the
// steady state, when the identifiers are known, Append allocates only room for more
// events.
func (l *EventLog) Append(e Event) error {
	var r Record
	r.set(e)
	if err := r.check(); err != nil {
		return err
	}
	if l.taken >= maxEvents {
		return ErrFull
	}
	last := len(l.fresh) - 1
	if last < 0 || len(l.fresh[last]) == cap(l.fresh[last]) {
		l.fresh = append(l.fresh, make([]packed, 0, min(smallBlock<<min(last+1, 16), largeBlock)))
		last++
	}
	block := l.fresh[last]
	block = block[:len(block)+1]
	if err := l.names.pack(&r, &block[len(block)-1]); err != nil {
		return err
	}
	l.fresh[last] = block
	l.taken++
	return nil
}

// Len returns the number of events. Each counts once, however often it was appended.
func (l *EventLog) Len() int { return len(l.order().events) }

// Duplicates returns how many of the events that were appended Len does not count:
// repeated deliveries, versions of edited events that were replaced, and events that
// were retracted.
func (l *EventLog) Duplicates() int { return l.taken - l.Len() }

// Conversations yields the conversations that have events, in the order in which their
// names first came into the log.
func (l *EventLog) Conversations() iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		o := l.order()
		for n := 1; n < len(o.starts)-1; n++ {
			if c := o.conversation(uint32(n)); c.count > 0 && !yield(c) {
				return
			}
		}
	}
}

// Conversation returns the named conversation, and false if the log has no event of
// it.
func (l *EventLog) Conversation(id ConversationID) (Conversation, bool) {
	o := l.order()
	n := l.names.conversations.Number(string(id))
	if n == 0 || int(n)+1 >= len(o.starts) {
		return Conversation{}, false
	}
	c := o.conversation(n)
	return c, c.Len() > 0
}
