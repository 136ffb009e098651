package metrics

import (
	"iter"
	"maps"
	"time"
)

// Breakdown groups the figures of conversations by a key that a function makes
// of each measured thing: its channel, its agent, its day, or anything else.
// Every wait, resolution, rating, message and reply is in exactly one group, so
// the groups merge into the total.
//
//	byChannel := metrics.NewBreakdown(metrics.Rules{}, asOf, metrics.Facet.Channel)
//	for c := range log.Conversations() {
//		byChannel.Add(c)
//	}
//	median, ok := byChannel.Group(metrics.Email).Elapsed.FirstResponse.Median()
//
// It keeps the log of the conversation that was added last. Keys, Group and
// Total may be called by several goroutines at the same time, but not while
// another one calls Add or Merge.
type Breakdown[K comparable] struct {
	counter
	cells map[K]*cell
}

// NewBreakdown returns an empty breakdown of what is known as of an instant,
// read by the given rules; an instant after 2261 is held to the end of that
// year. The key function must make the same key whenever what it looks at in the
// facet is the same: it is asked once for many things that agree in that. With a
// nil function all is in the group of the zero key.
func NewBreakdown[K comparable](rules Rules, asOf time.Time, key func(Facet) K) *Breakdown[K] {
	b := &Breakdown[K]{cells: make(map[K]*cell)}
	b.init(rules, asOf, numbered(key, func(k K) uint32 { return b.cell(k).number }))
	return b
}

// NewResponseBreakdown returns a breakdown like that of [NewBreakdown] of waits
// and ratings alone: first, next and all responses, still waiting, how the other
// waits ended, and stars. All other figures are left out, and so is the time that
// they take, which BenchmarkBreakdown tells.
func NewResponseBreakdown[K comparable](rules Rules, asOf time.Time, key func(Facet) K) *Breakdown[K] {
	b := NewBreakdown(rules, asOf, key)
	b.reader.untracked = true
	return b
}

func (b *Breakdown[K]) cell(key K) *cell {
	c, ok := b.cells[key]
	if !ok {
		c = b.newCell()
		b.cells[key] = c
	}
	return c
}

// Keys returns the keys of the groups, in no order.
func (b *Breakdown[K]) Keys() iter.Seq[K] { return maps.Keys(b.cells) }

// Group returns the figures of a group as they are now: ask again when more has
// been added. They are the caller's own. Of a key that nothing belongs to they are
// those of no conversation.
func (b *Breakdown[K]) Group(key K) *Figures {
	b.settle()
	if c, ok := b.cells[key]; ok {
		return c.figures()
	}
	return new(Figures)
}

// Total returns the figures of all groups together.
func (b *Breakdown[K]) Total() *Figures {
	b.settle()
	var total cell
	for _, c := range b.cells {
		total.merge(c)
	}
	return total.figures()
}

// Merge adds the groups of other, which must be of the same rules, instant and
// key, and of other conversations.
func (b *Breakdown[K]) Merge(other *Breakdown[K]) {
	b.settle()
	other.settle()
	for key, c := range other.cells {
		b.cell(key).merge(c)
	}
}

// Add takes a conversation, as it was known at the breakdown's instant. Each
// conversation must be added once.
func (b *Breakdown[K]) Add(c Conversation) { b.add(c) }
