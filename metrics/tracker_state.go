package metrics

import (
	"fmt"
	"time"
)

// TrackerState is what a [Tracker] knows: all that must be saved to go on
// elsewhere, or after a restart, with the same figures. Saved together with the
// position in the stream up to which events were appended, it makes deliveries
// that repeat, or that a crash lost, count once.
//
// It is a plain value for encoding/json, if keys are text, integers or
// [encoding.TextMarshaler], and for encoding/gob; either way the tracker restored
// is the same.
type TrackerState[K comparable] struct {
	Closed map[K]*Figures `json:"closed,omitempty"` // of the closed conversations, by group
	Until  time.Time      `json:"until,omitzero"`   // the last event of a closed conversation; zero if there is none
	Events []Record       `json:"events,omitzero"`  // of the live conversations, edited versions among them, in an order in which they may have come
}

// State returns what t knows. It is the caller's own: it may be written while t
// takes more events. It takes some 200 bytes for each live event, and their
// texts.
func (t *Tracker[K]) State() TrackerState[K] {
	s := TrackerState[K]{Closed: make(map[K]*Figures), Until: t.until}
	for key := range t.closed.Keys() {
		s.Closed[key] = t.closed.Group(key)
	}
	for r := range t.deliveries() {
		s.Events = append(s.Events, r)
	}
	return s
}

// RestoreTracker returns the tracker that had the given state, which it does not
// keep. The rules and the key must be those of the tracker that was saved.
//
// Given several states, it returns the tracker of all their conversations, which
// must be different ones: so the shares of several workers come together when one
// of them goes away. An event that is not valid is an error that wraps a sentinel
// of this package; see [Record.Event].
func RestoreTracker[K comparable](rules Rules, key func(Facet) K, states ...TrackerState[K]) (*Tracker[K], error) {
	t := NewTracker(rules, key)
	for _, s := range states {
		for key, f := range s.Closed {
			if f != nil {
				t.closed.cell(key).mergeFigures(f)
			}
		}
		if s.Until.After(t.until) {
			t.until = s.Until
		}
		for i, r := range s.Events {
			e, err := r.Event()
			if err == nil {
				err = t.log.Append(e)
			}
			if err != nil {
				return nil, fmt.Errorf("event %d of the state of a tracker: %w", i, err)
			}
		}
	}
	return t, nil
}
