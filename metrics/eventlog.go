package metrics

import (
	"iter"
	"math"
	"sync"
	"time"
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
// An EventLog must not be copied. Append, AppendPiece and Load must not be called at the
// same time as any other method; the others may be called at the same time as each other.
type EventLog struct {
	names  names
	origin *origin // made with the first ordering

	// Events as they came, in blocks that stay where they are.
	fresh  [][]packed
	taken  int
	latest int64 // instant of any of them
	ago    int64 // how long before the end of time the earliest of them was
	kinds  kinds

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
	return l.append(&r)
}

// append adds an event that was checked but for its texts.
func (l *EventLog) append(r *Record) error {
	if l.taken >= maxEvents {
		return ErrFull
	}
	block := l.block()
	room := (*block)[:len(*block)+1]
	p := &room[len(room)-1]
	if err := l.names.pack(r, p, false); err != nil {
		return err
	}
	*block = room
	l.taken++
	l.note(p)
	return nil
}

// note takes note of the instant and the kind of an event.
func (l *EventLog) note(p *packed) {
	l.latest = max(l.latest, p.at)
	l.ago = max(l.ago, math.MaxInt64-p.at)
	l.kinds |= 1 << p.kind
}

// block returns the block of fresh events, or a new one if it is full.
func (l *EventLog) block() *[]packed {
	last := len(l.fresh) - 1
	if last < 0 || len(l.fresh[last]) == cap(l.fresh[last]) {
		last++
		l.fresh = append(l.fresh, make([]packed, 0, min(smallBlock<<min(last, 16), largeBlock)))
	}
	return &l.fresh[last]
}

// Len returns the number of events. Each counts once, however often it was appended.
func (l *EventLog) Len() int { return len(l.order().events) }

// Duplicates returns how many of the events that were appended Len does not count:
// repeated deliveries, versions of edited events that were replaced, and events that
// were retracted.
func (l *EventLog) Duplicates() int { return l.taken - l.Len() }

// Taken returns how many events up to an instant were appended. Each delivery counts, also
// of what was replaced or retracted.
func (l *EventLog) Taken(asOf time.Time) (n int) {
	o, until := l.order(), instant(asOf)
	if until >= l.latest {
		return l.taken
	}
	for _, events := range [...][]packed{o.events, o.past} {
		for i := range events {
			if events[i].at <= until {
				n++
			}
		}
	}
	for _, at := range o.twice {
		if at <= until {
			n++
		}
	}
	return n
}

// Has reports whether an event of a kind was appended, at any instant. So what a desk never
// records need not be counted; see [History.Has].
func (l *EventLog) Has(k Kind) bool { return l.kinds&(1<<k) != 0 }

// Earliest returns the instant of the earliest event that was appended, in UTC, or the zero
// time if there is none.
func (l *EventLog) Earliest() time.Time {
	if l.taken == 0 {
		return time.Time{}
	}
	return time.Unix(0, math.MaxInt64-l.ago).UTC()
}

// Latest returns the instant of the latest event that was appended, in UTC, or the zero
// time if there is none.
func (l *EventLog) Latest() time.Time {
	if l.taken == 0 {
		return time.Time{}
	}
	return time.Unix(0, l.latest).UTC()
}

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
