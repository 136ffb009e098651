package compare

import (
	"errors"
	"fmt"
	"iter"

	"github.com/servicequality/servicequality/metrics"
)

// Sides groups the figures of two spans of time by a key, each span as it was
// known at its end. So the span before has no advantage of what was learned
// later: a conversation that was reopened after the end of either span counts as
// one that was not, and a wait that went on over its end as one that is open. It
// takes the time and room of two breakdowns of package metrics.
//
// An open wait belongs to the span in which it began: one that was open already when
// the span before started is in neither, and one that is open throughout is not in
// both. So [Unanswered] counts on both sides what began there and is open at its end.
// All else is grouped as a breakdown does it.
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
	before, after *side[K] // nil in the zero value
}

// side has the figures of a span.
type side[K comparable] struct {
	*metrics.Breakdown[cell[K]]
	key  func(metrics.Facet) K
	span metrics.Span
	open map[K]*ages // of the waits that began in the span and are open at its end
}

// ages are how long open waits have lasted, around the clock and in hours of service.
type ages struct{ elapsed, inHours metrics.Summary }

// cell is a key within its span, or the zero value outside.
type cell[K comparable] struct {
	inside bool
	key    K
}

// NewSides returns the empty sides of a comparison. The key function is one that
// [metrics.NewBreakdown] would take; with a nil function everything is in the group
// of the zero key.
func NewSides[K comparable](key func(metrics.Facet) K, spans Spans) *Sides[K] {
	return &Sides[K]{spans: spans, before: inside(key, spans.Before), after: inside(key, spans.After)}
}

func inside[K comparable](key func(metrics.Facet) K, span metrics.Span) *side[K] {
	if key == nil {
		key = func(metrics.Facet) (k K) { return k }
	}
	return &side[K]{
		Breakdown: metrics.NewBreakdown(func(f metrics.Facet) cell[K] {
			if !f.Within(span) {
				return cell[K]{}
			}
			return cell[K]{true, key(f)}
		}),
		key: key, span: span, open: make(map[K]*ages),
	}
}

// Add takes a history. A breakdown has open waits at the instant of the reading, which
// is in the span, wherever they began: so those that began there are noted beside it.
func (s *side[K]) Add(h *metrics.History) error {
	if err := s.Breakdown.Add(h); err != nil {
		return err
	}
	w, ok := h.StillWaiting()
	if !ok || w.Start.Before(s.span.Start) {
		return nil
	}
	of := s.of(s.key(h.FacetOf(w)))
	of.elapsed.Add(w.Duration())
	if hours := h.Terms().Rules.Calendar; hours != nil {
		of.inHours.Add(w.DurationIn(hours))
	}
	return nil
}

func (s *side[K]) of(key K) *ages {
	if s.open[key] == nil {
		s.open[key] = new(ages)
	}
	return s.open[key]
}

func (s *side[K]) merge(other *side[K]) error {
	if err := s.Breakdown.Merge(other.Breakdown); err != nil {
		return err
	}
	for key, theirs := range other.open {
		ours := s.of(key)
		ours.elapsed.Merge(&theirs.elapsed)
		ours.inHours.Merge(&theirs.inHours)
	}
	return nil
}

// figures returns those of a group.
func (s *side[K]) figures(key K) *metrics.Figures {
	f := s.Group(cell[K]{true, key})
	f.Elapsed.StillWaiting, f.InHours.StillWaiting = metrics.Summary{}, metrics.Summary{}
	if open := s.open[key]; open != nil {
		f.Elapsed.StillWaiting, f.InHours.StillWaiting = open.elapsed, open.inHours
	}
	return f
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
	if err := s.before.merge(other.before); err != nil {
		return err
	}
	return s.after.merge(other.after)
}

// Keys returns the keys of the groups of either side, each once, in no order.
func (s *Sides[K]) Keys() iter.Seq[K] {
	s.make()
	return func(yield func(K) bool) {
		seen := make(map[K]bool)
		for _, side := range []*side[K]{s.before, s.after} {
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

// Before returns the figures of a group in the span before. For a key with no
// members they are empty.
func (s *Sides[K]) Before(key K) *metrics.Figures {
	s.make()
	return s.before.figures(key)
}

// After returns the figures of a group in the span after; see Before.
func (s *Sides[K]) After(key K) *metrics.Figures {
	s.make()
	return s.after.figures(key)
}

// Total returns the figures of all groups together, before and after.
func (s *Sides[K]) Total() (before, after *metrics.Figures) {
	before, after = new(metrics.Figures), new(metrics.Figures)
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
