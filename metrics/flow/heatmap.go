package flow

import (
	"fmt"
	"iter"
	"maps"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// HeatMap counts by hour of the week, as the clocks of a zone show it, what
// happened between two instants, for each key that a function makes of a
// conversation. It is a [metrics.Sink].
//
// A zero HeatMap is that of a span without time, in which nothing happens. No two
// of its methods may be called at the same time while one of them is Add or Merge.
type HeatMap[K comparable] struct {
	metrics.Binding
	key    func(metrics.Facet) K // nil is the zero key
	span   metrics.Span
	zone   *time.Location
	groups map[K]*hours

	history   *metrics.History // that is being added
	group     *hours           // its own; made when something is to be counted
	elsewhere Counts           // what happened outside of the span
}

type hours [metrics.HoursPerWeek]Counts

// NewHeatMap returns an empty heat map by a key, of a span, from its start up to
// but without its end, in a zone; nil is UTC. The span is cut to the years 1970 to
// 2261, in which events are, and ends at the instant of the reading if that is
// within it. The key is that of [NewSeries].
func NewHeatMap[K comparable](key func(metrics.Facet) K, span metrics.Span, zone *time.Location) *HeatMap[K] {
	return &HeatMap[K]{key: key, span: span, zone: zone}
}

// Add takes a history, and fails if it does not belong to those before; see
// [metrics.Binding.Check].
func (m *HeatMap[K]) Add(h *metrics.History) error {
	if err := m.Check(h); err != nil {
		return err
	}
	m.history, m.group = h, nil
	count(h, m)
	m.history, m.group = nil, nil
	return nil
}

func (m *HeatMap[K]) at(t time.Time) *Counts {
	if t.Before(m.span.Start) || !t.Before(m.span.End) {
		return &m.elsewhere
	}
	if m.group == nil {
		m.group = m.of(keyOf(m.key, m.history))
	}
	return &m.group[metrics.HourOfWeekAt(t, m.zone)]
}

func (m *HeatMap[K]) of(key K) *hours {
	if m.groups == nil {
		m.groups = make(map[K]*hours)
	}
	g, ok := m.groups[key]
	if !ok {
		g = new(hours)
		m.groups[key] = g
	}
	return g
}

// Merge adds the counts of other, which must be by the same key. If the spans or
// zones differ, the error wraps [ErrUnlike]; if the two do not add up otherwise,
// it is that of [metrics.Binding.Join]; and then m is as it was.
func (m *HeatMap[K]) Merge(other *HeatMap[K]) error {
	if !sameSpan(m.span, other.span) || !sameZone(m.zone, other.zone) {
		return fmt.Errorf("%w: heat maps of other spans or zones", ErrUnlike)
	}
	if err := m.Join(&other.Binding); err != nil {
		return err
	}
	for key, g := range other.groups {
		m.of(key).merge(g)
	}
	return nil
}

func (h *hours) merge(other *hours) {
	for i := range h {
		h[i].Merge(&other[i])
	}
}

// Keys returns the keys of the conversations of which something was counted, in
// no order.
func (m *HeatMap[K]) Keys() iter.Seq[K] { return maps.Keys(m.groups) }

// Hours returns the hours of the week for the conversations of a key.
func (m *HeatMap[K]) Hours(key K) *WeekHours {
	h := m.hours()
	if g, ok := m.groups[key]; ok {
		h.Counts = *g
	}
	return h
}

// Total returns the hours of the week for all conversations.
func (m *HeatMap[K]) Total() *WeekHours {
	h := m.hours()
	for _, g := range m.groups {
		(*hours)(&h.Counts).merge(g)
	}
	return h
}

// hours returns hours in which nothing happened.
func (m *HeatMap[K]) hours() *WeekHours {
	end := m.span.End
	if asOf := m.Terms().AsOf; end.After(asOf) {
		end = asOf
	}
	return &WeekHours{Time: clockTime(m.span.Start, end, m.zone)}
}
