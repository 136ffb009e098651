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
type Breakdown[K comparable] struct {
	counter
	key    func(Facet) K // nil: one group
	groups map[K]*Figures
}

// NewBreakdown returns an empty breakdown of what is known as of an instant,
// read by the given rules; an instant after 2261 is held to the end of that
// year. The key function must make the same key whenever what it looks at in the
// facet is the same: it is asked once for many things that agree in that. With a
// nil function all is in the group of the zero key.
func NewBreakdown[K comparable](rules Rules, asOf time.Time, key func(Facet) K) *Breakdown[K] {
	b := &Breakdown[K]{counter: newCounter(rules, asOf), key: key, groups: make(map[K]*Figures)}
	b.place = func(f Facet) *Figures {
		var k K
		if b.key != nil {
			k = b.key(f)
		}
		return b.group(k)
	}
	return b
}

func (b *Breakdown[K]) group(key K) *Figures {
	f, ok := b.groups[key]
	if !ok {
		f = new(Figures)
		b.groups[key] = f
	}
	return f
}

// Keys returns the keys of the groups, in no order.
func (b *Breakdown[K]) Keys() iter.Seq[K] { return maps.Keys(b.groups) }

// Group returns the figures of a group. Of a key that nothing belongs to they
// are those of no conversation.
func (b *Breakdown[K]) Group(key K) *Figures {
	if f, ok := b.groups[key]; ok {
		return f
	}
	return new(Figures)
}

// Total returns the figures of all groups together.
func (b *Breakdown[K]) Total() *Figures {
	total := new(Figures)
	for _, f := range b.groups {
		total.Merge(f)
	}
	return total
}

// Merge adds the groups of other, which must be of the same rules, instant and
// key, and of other conversations.
func (b *Breakdown[K]) Merge(other *Breakdown[K]) {
	for key, f := range other.groups {
		b.group(key).Merge(f)
	}
}

// Add takes a conversation, as it was known at the breakdown's instant. Each
// conversation must be added once.
func (b *Breakdown[K]) Add(c Conversation) { b.add(c) }
