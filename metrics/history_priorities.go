package metrics

import (
	"iter"
	"time"
)

// Priority returns the priority of the conversation as of the reading, or at the end of
// the case: that of the last Prioritized, or Opened that names one.
func (h *History) Priority() Priority { return h.priorityText(h.priorityAfter(running)) }

// Priorities yields the priorities of the conversation, each with the instant from which
// on it is in force: the first from when the case begins, where it may be empty.
func (h *History) Priorities() iter.Seq2[time.Time, Priority] {
	return func(yield func(time.Time, Priority) bool) {
		begins := h.firstKnown()
		priority := h.priorityAfter(begins)
		if h.number == 0 || !yield(timeOf(begins), h.priorityText(priority)) {
			return
		}
		if h.kinds&(1<<KindOpened|1<<KindPrioritized) == 0 {
			return
		}
		events := h.conversation.events()
		for i := range events {
			e := &events[i]
			if next := e.prioritize(priority); next != priority && e.at > begins {
				if priority = next; !yield(timeOf(e.at), h.priorityText(priority)) {
					return
				}
			}
		}
	}
}

// firstKnown returns when the case begins or, of a first case, when a merger moved a wait
// here if that was earlier.
func (h *History) firstKnown() int64 {
	if moved := h.moves.into(h.conversation.number); h.number == 1 && len(moved) > 0 {
		return min(h.begins, moved[0].at)
	}
	return h.begins
}

// priorityAfter returns the number of the priority after all events up to an instant.
func (h *History) priorityAfter(at int64) uint32 {
	priority := h.before.priority
	if h.kinds&(1<<KindOpened|1<<KindPrioritized) == 0 {
		return priority
	}
	events := h.conversation.events()
	for i := range events {
		if events[i].at > at {
			break
		}
		priority = events[i].prioritize(priority)
	}
	return priority
}

// prioritize returns the priority after an event. An Opened that names none changes
// nothing.
func (p *packed) prioritize(before uint32) uint32 {
	if p.kind == KindPrioritized || p.kind == KindOpened && p.party != 0 {
		return p.party
	}
	return before
}

func (h *History) priorityText(number uint32) Priority {
	return Priority(h.names().priorities.Text(number))
}
