package metrics

import (
	"iter"
	"slices"
)

// Grouping numbers the groups of a key, from 0 in the order in which they first come. It
// is how a [Sink] groups, and is for sinks of your own too:
//
//	type Waits struct {
//		metrics.Binding
//		by   metrics.Grouping[metrics.Channel]
//		sums []metrics.Summary // by the number of the group
//	}
//
//	func (w *Waits) Add(h *metrics.History) error {
//		if err := w.Check(h); err != nil {
//			return err
//		}
//		for s := range h.WaitSpells() {
//			n := w.by.Of(s.Facet())
//			for n >= len(w.sums) {
//				w.sums = append(w.sums, metrics.Summary{})
//			}
//			w.sums[n].Add(s.Took(nil))
//		}
//		return nil
//	}
//
// The key may depend only on what the function asks the facet for, because the function
// is called once for many facets that agree in that. All facets must be of readings whose
// terms add up; see [Binding].
//
// The zero value has one group, that of the zero key, once it is asked for. A Grouping
// keeps a reference to the log of the last facet, so that log stays in memory. It may not
// be copied, and no two of its methods may be called at the same time.
type Grouping[K comparable] struct {
	_       noCopy
	key     func(Facet) K // nil always makes the zero key
	places  places
	numbers map[K]int
	keys    []K // by number
}

// NewGrouping returns a grouping without groups by the key that a function makes, such as
// Facet.Channel. A nil function always makes the zero key.
func NewGrouping[K comparable](key func(Facet) K) Grouping[K] { return Grouping[K]{key: key} }

// Of returns the number of the group of a facet.
func (g *Grouping[K]) Of(f Facet) int {
	g.prepare()
	return int(g.places.of(&f).group)
}

// prepare lets the places ask for numbers.
func (g *Grouping[K]) prepare() *places {
	if g.places.ask == nil {
		g.places.ask = g.ask
	}
	return &g.places
}

// ask calls the key function.
func (g *Grouping[K]) ask(f Facet) uint32 {
	var key K
	if g.key != nil {
		key = g.key(f)
	}
	return uint32(g.Add(key))
}

// Add returns the number of the group of a key, which is a new one if the key is.
func (g *Grouping[K]) Add(key K) int {
	n, ok := g.numbers[key]
	if !ok {
		if g.numbers == nil {
			g.numbers = make(map[K]int)
		}
		n = len(g.keys)
		g.numbers[key] = n
		g.keys = append(g.keys, key)
	}
	return n
}

// Key returns the key of the group of a number, and the zero key if there is no such group.
func (g *Grouping[K]) Key(n int) (key K) {
	if uint(n) < uint(len(g.keys)) {
		key = g.keys[n]
	}
	return key
}

// Number returns the number of the group of a key, and false if there is none.
func (g *Grouping[K]) Number(key K) (int, bool) {
	n, ok := g.numbers[key]
	return n, ok
}

// Len returns how many groups there are.
func (g *Grouping[K]) Len() int { return len(g.keys) }

// All returns the numbers of the groups with their keys, in order.
func (g *Grouping[K]) All() iter.Seq2[int, K] { return slices.All(g.keys) }

// Keys returns the keys of the groups in the order of their numbers.
func (g *Grouping[K]) Keys() iter.Seq[K] { return slices.Values(g.keys) }
