package compare

import (
	"iter"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Breakdown groups the figures of two spans of time by a key, each span as it
// was known at its end. So the span before has no advantage of what was learned
// later: a conversation that was reopened after the end of either span counts as
// one that was not, and a wait that went on over its end as one that is open. It
// takes the time and room of two breakdowns of package metrics.
//
//	spans, err := compare.Periods(month.Next(-1), month, zone, asOf)
//	...
//	byChannel := compare.NewBreakdown(spans, metrics.Rules{}, metrics.Facet.Channel)
//	for c := range log.Conversations() {
//		byChannel.Add(c)
//	}
//	for _, d := range compare.Figures(byChannel.Total()) {
//		fmt.Println(d)
//	}
type Breakdown[K comparable] struct {
	before, after *metrics.Breakdown[cell[K]]
}

// cell is a key within its span, or the zero value outside.
type cell[K comparable] struct {
	inside bool
	key    K
}

// NewBreakdown returns an empty breakdown of two spans, read by the given rules.
// The key function is that of [metrics.NewBreakdown]; with a nil function all is
// in the group of the zero key.
func NewBreakdown[K comparable](spans Spans, rules metrics.Rules, key func(metrics.Facet) K) *Breakdown[K] {
	return &Breakdown[K]{before: breakdownOf(spans.Before, rules, key), after: breakdownOf(spans.After, rules, key)}
}

func breakdownOf[K comparable](span metrics.Span, rules metrics.Rules, key func(metrics.Facet) K) *metrics.Breakdown[cell[K]] {
	// The last instant of the span, at which what goes on is counted.
	last := span.End.Add(-time.Nanosecond)
	return metrics.NewBreakdown(rules, last, func(f metrics.Facet) cell[K] {
		if !within(span, f.At()) {
			return cell[K]{}
		}
		c := cell[K]{inside: true}
		if key != nil {
			c.key = key(f)
		}
		return c
	})
}

// Add takes a conversation. Each must be added once.
func (b *Breakdown[K]) Add(c metrics.Conversation) {
	b.before.Add(c)
	b.after.Add(c)
}

// Merge adds the groups of other, which must be of the same spans, rules and
// key, and of other conversations.
func (b *Breakdown[K]) Merge(other *Breakdown[K]) {
	b.before.Merge(other.before)
	b.after.Merge(other.after)
}

// Keys returns the keys of the groups of either span, each once, in no order.
func (b *Breakdown[K]) Keys() iter.Seq[K] {
	return func(yield func(K) bool) {
		seen := make(map[K]bool)
		for _, side := range []*metrics.Breakdown[cell[K]]{b.before, b.after} {
			for c := range side.Keys() {
				if !c.inside || seen[c.key] {
					continue
				}
				seen[c.key] = true
				if !yield(c.key) {
					return
				}
			}
		}
	}
}

// Before returns the figures of a group in the span before. Of a key that
// nothing belongs to they are those of no conversation.
func (b *Breakdown[K]) Before(key K) *metrics.Figures { return b.before.Group(cell[K]{true, key}) }

// After returns the figures of a group in the span after; see Before.
func (b *Breakdown[K]) After(key K) *metrics.Figures { return b.after.Group(cell[K]{true, key}) }

// Total returns the figures of all groups together, before and after.
func (b *Breakdown[K]) Total() (before, after *metrics.Figures) {
	before, after = new(metrics.Figures), new(metrics.Figures)
	for key := range b.Keys() {
		before.Merge(b.Before(key))
		after.Merge(b.After(key))
	}
	return before, after
}

// Strata returns the groups as strata of [Family.Standardised].
func (b *Breakdown[K]) Strata() []Pair {
	var strata []Pair
	for key := range b.Keys() {
		strata = append(strata, Pair{b.Before(key), b.After(key)})
	}
	return strata
}
