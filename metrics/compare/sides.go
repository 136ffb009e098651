package compare

import (
	"errors"
	"fmt"
	"iter"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// Sides observe two spans of time by a key, each span as it was known at its end. So the span before has no advantage of what was learned
// later: a conversation that was reopened after the end of either span counts as
// one that was not, and a wait that went on over its end as one that is open. It
// takes the time and room of two breakdowns of package metrics.
//
// An open wait belongs to the span in which it began: one that was open already when
// the span before started is in neither, and one that is open throughout is not in
// both. So [Unanswered] counts on both sides what began there and is open at its end.
// All else is grouped as [Groups] do it: promises belong to the side on which they were
// made.
//
//	spans, err := compare.Periods(month.Next(-1), month, zone, asOf)
//	...
//	byChannel := compare.NewSides(metrics.Facet.Channel, spans)
//	err = byChannel.Read(log, metrics.Rules{})
//	...
//	for _, d := range compare.Figures(byChannel.Total()) {
//		fmt.Println(d)
//	}
//
// The zero value has no time, and so no groups.
type Sides[K comparable] struct {
	spans         Spans
	before, after *Groups[cell[K]] // nil in the zero value
}

// cell is a key within its span, or the zero value outside.
type cell[K comparable] struct {
	inside bool
	key    K
}

// NewSides returns the empty sides of a comparison, by a key that
// [metrics.NewBreakdown] would take; with a nil function everything is in the group of
// the zero key. They count the promises of the policies, and the metrics of [Limits].
func NewSides[K comparable](key func(metrics.Facet) K, spans Spans, policies ...standards.Policy) *Sides[K] {
	return &Sides[K]{
		spans:  spans,
		before: NewGroups(inside(key, spans.Before), policies...),
		after:  NewGroups(inside(key, spans.After), policies...),
	}
}

func inside[K comparable](key func(metrics.Facet) K, span metrics.Span) func(metrics.Facet) cell[K] {
	return func(f metrics.Facet) cell[K] {
		c := cell[K]{inside: f.Within(span)}
		if c.inside && key != nil {
			c.key = key(f)
		}
		return c
	}
}

// Read reads a log by rules into both sides, each as of its end; see [Spans.Read]
// for other sinks in the same pass. What is read twice, or by other rules than
// before, is an error that wraps [metrics.ErrTwice] or [metrics.ErrOtherTerms].
func (s *Sides[K]) Read(log *metrics.EventLog, rules metrics.Rules) error {
	before, after := s.spans.Read(log, rules)
	b, a := s.Sinks()
	return errors.Join(before.Into(b), after.Into(a))
}

// Sinks returns what takes the histories of each side, as of its end.
func (s *Sides[K]) Sinks() (before, after metrics.Sink) {
	s.make()
	return s.before, s.after
}

func (s *Sides[K]) make() {
	if s.before == nil {
		*s = *NewSides[K](nil, s.spans)
	}
}

// Merge adds the groups of other, which must be of the same spans and key. For
// other spans the error wraps [ErrSpans]; if the two do not add up otherwise, it
// is that of [metrics.Binding.Join].
func (s *Sides[K]) Merge(other *Sides[K]) error {
	if s.spans != other.spans {
		return fmt.Errorf("%w: those of the sides differ", ErrSpans)
	}
	s.make()
	other.make()
	if err := s.before.Merge(other.before); err != nil {
		return err
	}
	return s.after.Merge(other.after)
}

// Keys returns the keys of the groups of either side, each once, in no order.
func (s *Sides[K]) Keys() iter.Seq[K] {
	s.make()
	return func(yield func(K) bool) {
		seen := make(map[K]bool)
		for _, side := range []*Groups[cell[K]]{s.before, s.after} {
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

// Before returns what was observed of a group in the span before. For a key with no
// members there is nothing.
func (s *Sides[K]) Before(key K) *Observed {
	s.make()
	return s.before.Group(cell[K]{true, key})
}

// After returns what was observed of a group in the span after; see Before.
func (s *Sides[K]) After(key K) *Observed {
	s.make()
	return s.after.Group(cell[K]{true, key})
}

// Total returns what was observed of all groups together, before and after.
func (s *Sides[K]) Total() (before, after *Observed) {
	before, after = new(Observed), new(Observed)
	for key := range s.Keys() {
		// The groups of a side are all right for its end.
		_ = before.Merge(s.Before(key))
		_ = after.Merge(s.After(key))
	}
	return before, after
}

// Strata returns the groups as strata of [Family.Standardised].
func (s *Sides[K]) Strata() []Pair {
	var strata []Pair
	for key := range s.Keys() {
		strata = append(strata, Pair{s.Before(key), s.After(key)})
	}
	return strata
}
