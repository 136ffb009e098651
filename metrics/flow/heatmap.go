package flow

import (
	"iter"
	"maps"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// HeatMap counts by hour of the week, as the clocks of a zone show it, what
// happened between two instants, for each key that a function makes of a
// conversation.
type HeatMap[K comparable] struct {
	rules  metrics.Rules
	span   metrics.Span
	zone   *time.Location
	asOf   time.Time
	key    func(*metrics.History) K
	groups map[K]*hours
	time   [metrics.HoursPerWeek]time.Duration
}

type hours [metrics.HoursPerWeek]Counts

// NewHeatMap returns an empty heat map of a span, from its start up to but
// without its end, in a zone (nil is UTC), as known as of an instant, by the
// given rules. If the instant is within the span, the span ends there; it is
// held to the years 1970 to 2261, in which events are. The key function is that
// of [NewSeries].
func NewHeatMap[K comparable](rules metrics.Rules, span metrics.Span, zone *time.Location, asOf time.Time, key func(*metrics.History) K) *HeatMap[K] {
	m := &HeatMap[K]{rules: rules, span: span, zone: zone, asOf: asOf, key: key, groups: make(map[K]*hours)}
	if span.End.After(asOf) {
		span.End = asOf
	}
	m.time = clockTime(span.Start, span.End, zone)
	return m
}

// Add takes a conversation, as it was known at the heat map's instant. Each
// conversation must be added once.
func (m *HeatMap[K]) Add(c metrics.Conversation) {
	h := m.rules.History(c.AsOf(m.asOf))
	var group *hours // made when something is to be counted
	var elsewhere Counts
	moments(h, func(t time.Time) *Counts {
		if t.Before(m.span.Start) || !t.Before(m.span.End) {
			return &elsewhere
		}
		if group == nil {
			group = m.group(keyOf(m.key, h))
		}
		return &group[metrics.HourOfWeekAt(t, m.zone)]
	})
}

func (m *HeatMap[K]) group(key K) *hours {
	g, ok := m.groups[key]
	if !ok {
		g = new(hours)
		m.groups[key] = g
	}
	return g
}

// Merge adds the counts of other, which must be of the same rules, span, zone,
// instant and key, and of other conversations.
func (m *HeatMap[K]) Merge(other *HeatMap[K]) {
	for key, g := range other.groups {
		m.group(key).merge(g)
	}
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
func (m *HeatMap[K]) Hours(key K) *Hours {
	h := &Hours{Time: m.time}
	if g, ok := m.groups[key]; ok {
		h.Counts = *g
	}
	return h
}

// Total returns the hours of the week for all conversations.
func (m *HeatMap[K]) Total() *Hours {
	h := &Hours{Time: m.time}
	for _, g := range m.groups {
		(*hours)(&h.Counts).merge(g)
	}
	return h
}
