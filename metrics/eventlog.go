package metrics

import (
	"iter"
	"sort"
	"sync"
)

// EventLog holds the events of many conversations and gives them back
// conversation by conversation, each in the order of time. Events may be
// appended in any order. The zero value is an empty log.
//
// Deliveries repeat. Events of a conversation with the same ID are one event,
// and the last one taken wins; without an ID, events that are equal in every
// field are one. As of an instant before an edited event, the version that was
// known then is in force (see [Conversation.AsOf]).
//
// An event takes 24 bytes and has no pointers; identifiers and names are kept
// once each, but for the IDs of events.
//
// An EventLog must not be copied. Append must not be called at the same time as
// any other method; the others may be called at the same time as each other.
type EventLog struct {
	names names

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

// Append takes an event. It fails with an error that wraps a sentinel of this
// package if the event is not valid (see [Record.Event]), and then the log is
// as it was. In the steady state, when the identifiers are known, it allocates
// nothing but the room for more events.
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

// Len returns the number of events, each counted once however often it was
// taken.
func (l *EventLog) Len() int { return len(l.order().events) }

// Duplicates returns how many of the events that were taken are not counted by
// Len: repeated deliveries, and versions of edited events that were replaced.
func (l *EventLog) Duplicates() int { return l.taken - l.Len() }

// Conversations yields the conversations that have events, in the order in
// which the log first came to know their names.
func (l *EventLog) Conversations() iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		o := l.order()
		o.yield(1, len(o.starts)-1, yield)
	}
}

// Partitions returns what Conversations yields now in at most n parts, one after
// another, of about as many events each. A goroutine can read each of them, and
// what they make merges.
func (l *EventLog) Partitions(n int) []iter.Seq[Conversation] {
	o := l.order()
	var parts []iter.Seq[Conversation]
	low := 1
	n = max(1, min(n, len(o.starts)))
	for i := range n {
		share := (uint64(i) + 1) * uint64(len(o.events)) / uint64(n)
		high := sort.Search(len(o.starts), func(k int) bool { return uint64(o.starts[k]) >= share })
		if low < high {
			parts = append(parts, o.part(low, high))
			low = high
		}
	}
	return parts
}

// Conversation returns the conversation of the given name, and false if the log
// has no event of it.
func (l *EventLog) Conversation(id ConversationID) (Conversation, bool) {
	o := l.order()
	n := l.names.conversations.Number(string(id))
	if n == 0 || int(n)+1 >= len(o.starts) {
		return Conversation{}, false
	}
	c := o.conversation(n)
	return c, c.Len() > 0
}
