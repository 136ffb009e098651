package flow

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Backlog is what is open at an instant, for each key that a function makes of a
// conversation: work in progress that is neither resolved nor moved. A
// conversation that is paused is part of it.
type Backlog[K comparable] struct {
	rules    metrics.Rules
	at, asOf time.Time
	key      func(*metrics.History) K
	stocks   map[K]*Stock
}

// NewBacklog returns an empty backlog at an instant, what happened at it
// included, as it is known as of another one, by the given rules. For what was
// known at the time, give the same instant twice; as of a later one,
// conversations that have been discarded since were never in the backlog, as
// in the rows of a [Series] as of that instant. Of an instant after asOf nothing
// is known: the backlog is that at asOf. The key function is that of
// [NewSeries].
func NewBacklog[K comparable](rules metrics.Rules, at, asOf time.Time, key func(*metrics.History) K) *Backlog[K] {
	if at.After(asOf) {
		at = asOf
	}
	return &Backlog[K]{rules: rules, at: at.Round(0).UTC(), asOf: asOf, key: key, stocks: make(map[K]*Stock)}
}

// Add takes a conversation, as it was known at the instant as of which the
// backlog is known. Each conversation must be added once.
func (b *Backlog[K]) Add(c metrics.Conversation) {
	h := b.rules.History(c.AsOf(b.asOf))
	for _, cycle := range h.Cycles() {
		if !cycle.Start.After(b.at) && (cycle.End.IsZero() || cycle.End.After(b.at)) {
			b.stock(keyOf(b.key, h)).add(Item{cycle.Conversation, cycle.Start})
			return
		}
	}
}

// Merge adds the backlog of other, which must be of the same rules, instants and
// key, and of other conversations.
func (b *Backlog[K]) Merge(other *Backlog[K]) {
	for key, s := range other.stocks {
		b.stock(key).add(s.items...)
	}
}

// Keys returns the keys of the open conversations, in no order.
func (b *Backlog[K]) Keys() iter.Seq[K] { return maps.Keys(b.stocks) }

// Stock returns the open conversations of a key.
func (b *Backlog[K]) Stock(key K) *Stock {
	if s, ok := b.stocks[key]; ok {
		return s
	}
	return &Stock{at: b.at}
}

// Total returns all open conversations.
func (b *Backlog[K]) Total() *Stock {
	total := &Stock{at: b.at}
	for _, s := range b.stocks {
		total.add(s.items...)
	}
	return total
}

func (b *Backlog[K]) stock(key K) *Stock {
	s, ok := b.stocks[key]
	if !ok {
		s = &Stock{at: b.at}
		b.stocks[key] = s
	}
	return s
}

// Stock is conversations that are open at an instant. Its size is that of the
// backlog, so that ages are exact and every figure can name its conversations.
type Stock struct {
	at    time.Time
	items []Item
}

// Item is a conversation in the backlog.
type Item struct {
	Conversation metrics.ConversationID `json:"conversation"`
	Since        time.Time              `json:"since"` // when it was opened, or opened again
}

func (s *Stock) add(items ...Item) { s.items = append(s.items, items...) }

// At returns the instant.
func (s *Stock) At() time.Time { return s.at }

// Count returns the number of conversations.
func (s *Stock) Count() int64 { return int64(len(s.items)) }

// Ages returns the ages of the conversations on a calendar, nil for around the
// clock: the time since they were opened, or opened again. Pauses are part of an
// age: a conversation on hold grows older.
func (s *Stock) Ages(c metrics.Calendar) *metrics.Summary {
	ages := new(metrics.Summary)
	for _, item := range s.items {
		ages.Add(s.age(c, item))
	}
	return ages
}

// Older returns how many conversations are older than an age, by the ages of
// [Stock.Ages]. A conversation of exactly that age is not.
func (s *Stock) Older(than time.Duration, c metrics.Calendar) int64 {
	var n int64
	for _, item := range s.items {
		if s.age(c, item) > than {
			n++
		}
	}
	return n
}

func (s *Stock) age(c metrics.Calendar, item Item) time.Duration {
	if c == nil {
		c = metrics.AroundTheClock
	}
	return c.Between(item.Since, s.at)
}

// Oldest returns the conversations that have been open for longest, at most n of
// them, the oldest first; of the same age, in the order of their names.
func (s *Stock) Oldest(n int) []Item {
	items := slices.SortedFunc(slices.Values(s.items), func(a, b Item) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Conversation, b.Conversation))
	})
	return slices.Clip(items[:max(0, min(n, len(items)))])
}
