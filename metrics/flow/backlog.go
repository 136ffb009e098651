package flow

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Backlog is what is open at an instant, or at several, for each key that a
// function makes of a conversation: work in progress that is neither resolved,
// abandoned nor moved. A conversation that is paused is part of it. It is a [metrics.Sink].
//
// An instant earlier than that of the reading asks what is known now about then:
// conversations that have been discarded since were never in the backlog, and events
// that have been edited or retracted since are as they are now, as in the rows of a
// [Series] of the same reading. What was known then is another question, and another reading: log.Read(rules, then), and a backlog at its
// instant. Nothing is known after the instant of the reading, so a later one
// counts as that.
//
// A zero Backlog is at the instant of the reading, with everything in the zero
// key. No two of its methods may be called at the same time while one of them is
// Add or Merge.
type Backlog[K comparable] struct {
	metrics.Binding
	key   func(metrics.Facet) K // nil is the zero key
	at    []time.Time           // in order; none is the instant of the reading
	stays map[K][]stay
}

// A stay is a cycle of a conversation that is open at one of the instants.
type stay struct {
	OpenConversation
	until time.Time // zero while it is open
}

func (s *stay) openAt(t time.Time) bool {
	return !s.Since.After(t) && (s.until.IsZero() || s.until.After(t))
}

// NewBacklog returns an empty backlog by a key, at instants, what happened at
// them included; without any, at that of the reading. Several give the backlog
// over time in one pass, such as its age at the end of each day. The key is that
// of [NewSeries].
func NewBacklog[K comparable](key func(metrics.Facet) K, at ...time.Time) *Backlog[K] {
	b := &Backlog[K]{key: key}
	for _, t := range at {
		b.at = append(b.at, t.Round(0).UTC())
	}
	slices.SortFunc(b.at, time.Time.Compare)
	return b
}

// Add takes a history, and fails if it does not belong to those before; see
// [metrics.Binding.Check].
func (b *Backlog[K]) Add(h *metrics.History) error {
	if err := b.Check(h); err != nil {
		return err
	}
	for open := range h.CycleSpells() {
		if start, end := open.Start(), open.End(); b.includes(start, end) {
			b.put(keyOf(b.key, h), stay{OpenConversation{h.Conversation().ID(), start}, end})
		}
	}
	return nil
}

// includes reports whether one of the instants is in a cycle.
func (b *Backlog[K]) includes(start, end time.Time) bool {
	if len(b.at) == 0 {
		return end.IsZero()
	}
	i := sort.Search(len(b.at), func(i int) bool { return !b.at[i].Before(start) })
	return i < len(b.at) && (end.IsZero() || b.at[i].Before(end))
}

func (b *Backlog[K]) put(key K, stays ...stay) {
	if b.stays == nil {
		b.stays = make(map[K][]stay)
	}
	b.stays[key] = append(b.stays[key], stays...)
}

// Merge adds the backlog of other, which must be by the same key. If the instants
// differ, the error wraps [ErrUnlike]; if the two do not add up otherwise, it is
// that of [metrics.Binding.Join]; and then b is as it was.
func (b *Backlog[K]) Merge(other *Backlog[K]) error {
	if !slices.EqualFunc(b.at, other.at, time.Time.Equal) {
		return fmt.Errorf("%w: backlogs at other instants", ErrUnlike)
	}
	if err := b.Join(&other.Binding); err != nil {
		return err
	}
	for key, stays := range other.stays {
		b.put(key, stays...)
	}
	return nil
}

// Keys returns the keys of the conversations that are open at one of the
// instants, in no order.
func (b *Backlog[K]) Keys() iter.Seq[K] { return maps.Keys(b.stays) }

// Stock returns the open conversations of a key, at the last of the instants.
func (b *Backlog[K]) Stock(key K) Stock { return b.last(b.stays[key]) }

// Total returns all open conversations, at the last of the instants.
func (b *Backlog[K]) Total() Stock { return b.last(b.all()) }

// Stocks yields the open conversations of a key at each of the instants, in the
// order of time.
func (b *Backlog[K]) Stocks(key K) iter.Seq[Stock] {
	return func(yield func(Stock) bool) { b.each(b.stays[key], yield) }
}

// Totals yields all open conversations at each of the instants, in the order of
// time.
func (b *Backlog[K]) Totals() iter.Seq[Stock] {
	return func(yield func(Stock) bool) { b.each(b.all(), yield) }
}

func (b *Backlog[K]) all() []stay { return slices.Concat(slices.Collect(maps.Values(b.stays))...) }

func (b *Backlog[K]) last(stays []stay) Stock {
	instants := b.instants()
	return stockAt(instants[len(instants)-1], stays)
}

func (b *Backlog[K]) each(stays []stay, yield func(Stock) bool) {
	for _, at := range b.instants() {
		if !yield(stockAt(at, stays)) {
			return
		}
	}
}

// instants returns when the stocks are: at least one instant, and none after that
// of the reading.
func (b *Backlog[K]) instants() []time.Time {
	asOf := b.Terms().AsOf
	if len(b.at) == 0 {
		return []time.Time{asOf}
	}
	instants := slices.Clone(b.at)
	for i, at := range instants {
		if at.After(asOf) {
			instants[i] = asOf
		}
	}
	return instants
}
