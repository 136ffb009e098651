package metrics

import (
	"iter"
	"sort"
	"time"
)

// Conversation has the events of a conversation in the order of time, and those of one
// instant in the order of their [Kind]. It is a small value that refers to its log, and
// does not change when the log grows. The zero value has no events.
type Conversation struct {
	from         *ordered
	number       uint32
	first, count uint32 // of its events in from
}

// events returns the events in order.
func (c Conversation) events() []packed {
	if c.from == nil {
		return nil
	}
	return c.from.events[c.first:][:c.count]
}

// NewConversation returns the conversation of the given events, in any order.
// An invalid event, or one of another conversation than the first, is an
// [*EventError]; then the conversation of the events before it is returned as well.
func NewConversation(events ...Event) (Conversation, error) {
	log := new(EventLog)
	var err error
	for i, e := range events {
		reason := ErrOtherConversation
		if RecordOf(e).Conversation == RecordOf(events[0]).Conversation {
			reason = log.Append(e)
		}
		if reason != nil {
			err = &EventError{Index: i, Event: e, Err: reason}
			break
		}
	}
	for c := range log.Conversations() {
		return c, err
	}
	return Conversation{}, err
}

// ID returns the name of the conversation.
func (c Conversation) ID() ConversationID {
	if c.from == nil {
		return ""
	}
	return ConversationID(c.from.names.conversations.Text(c.number))
}

// Len returns the number of events.
func (c Conversation) Len() int { return int(c.count) }

// Events yields the events in order.
func (c Conversation) Events() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for r := range c.Records() {
			// What the log holds was checked when it was taken.
			e, _ := r.Event()
			if !yield(e) {
				return
			}
		}
	}
}

// Records yields the events in order, in their flat form. It does not allocate.
func (c Conversation) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		events := c.events()
		for i := range events {
			if !yield(c.from.names.unpack(&events[i])) {
				return
			}
		}
	}
}

// AsOf returns the conversation as it was known at an instant, without the events
// after it. If an event was edited by a version of a later instant, it is as it was
// before that.
func (c Conversation) AsOf(asOf time.Time) Conversation { return c.asOf(instant(asOf)) }

func (c Conversation) asOf(at int64) Conversation {
	events := c.events()
	if len(events) == 0 {
		return c
	}
	if past := c.from.versions(c.number); len(past) > 0 {
		return c.edited(past, at)
	}
	if n := len(events); events[n-1].at > at {
		c.count = uint32(sort.Search(n, func(i int) bool { return events[i].at > at }))
	}
	return c
}

// edited is asOf for a conversation with replaced versions.
func (c Conversation) edited(past []packed, at int64) Conversation {
	// Versions were taken before the events that replaced them.
	var known []packed
	for _, events := range [...][]packed{past, c.events()} {
		for _, p := range events {
			if p.at <= at {
				known = append(known, p)
			}
		}
	}
	known, past, _ = c.from.names.settle(known, runState(known))
	from := &ordered{names: c.from.names, events: known, past: past}
	return Conversation{from: from, number: c.number, count: uint32(len(known))}
}

// instant returns the nanoseconds from 1970 to t. An instant before or after all those
// that events can have is clamped to just before or after them.
func instant(t time.Time) int64 {
	s := t.Unix()
	switch {
	case s < firstSecond:
		return firstSecond*1e9 - 1
	case s >= endSecond:
		return endSecond * 1e9
	}
	return t.UnixNano()
}
