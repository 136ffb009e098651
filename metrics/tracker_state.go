package metrics

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// TrackerState is all that must be saved for a [Tracker] to go on elsewhere, or after a
// restart, with the same figures. Save it together with the position in the stream up to
// which events were appended: then each event counts once, even after a crash.
//
// It is a plain value for encoding/json and for encoding/gob.
type TrackerState struct {
	Settled json.RawMessage `json:"settled,omitempty"` // the sink of the closed conversations, if there are any
	Until   time.Time       `json:"until,omitzero"`    // when the last of the closed conversations was settled; zero if there is none
	Events  []Record        `json:"events,omitzero"`   // of the live conversations, with replaced versions, in an order in which they may have come
}

// plainState is a TrackerState without methods.
type plainState TrackerState

// UnmarshalJSON implements [json.Unmarshaler]. A field that is unknown or comes twice is an
// error, and so is whatever follows. What is settled is looked at by [Tracker.Restore].
func (s *TrackerState) UnmarshalJSON(data []byte) error {
	var read plainState
	if _, err := text.DecodeJSON(data, &read); err != nil {
		return fmt.Errorf("metrics: state of a tracker: %w", err)
	}
	*s = TrackerState(read)
	return nil
}

// State returns the state of t. It is the caller's own, and may be written while t takes
// more events. It needs some 200 bytes for each live event, and their texts. It is an
// error if the sink does not implement [json.Marshaler] and [json.Unmarshaler], as a
// [Breakdown] does.
func (t *Tracker[S]) State() (TrackerState, error) {
	var state TrackerState
	_, sink := t.now()
	_, writes := any(sink).(json.Marshaler)
	_, reads := any(sink).(json.Unmarshaler)
	if !writes || !reads {
		return state, fmt.Errorf("metrics: a tracker of %T cannot be saved: it has no JSON form", sink)
	}
	if state.Until = sink.binding().Terms().AsOf; !state.Until.IsZero() {
		settled, err := json.Marshal(sink)
		if err != nil {
			return state, err
		}
		state.Settled = settled
	}
	t.deliveries(func(r Record) { state.Events = append(state.Events, r) })
	return state, nil
}

// Restore adds the states of other trackers to t: that of before a restart, or those of
// workers that stop and hand their conversations over. They must have had the same rules
// and the same kind of sink, which the state does not tell, and no conversation in
// common.
//
// If a state cannot be read, t is as it was; for an invalid event the error wraps a
// sentinel of this package, see [Record.Event]. Only if the log becomes full, the events
// before that one are taken.
func (t *Tracker[S]) Restore(states ...TrackerState) error {
	t.begin()
	restored := t.sink()
	for i, state := range states {
		if len(state.Settled) > 0 {
			s := t.sink()
			if err := json.Unmarshal(state.Settled, s); err != nil {
				return fmt.Errorf("metrics: what is settled in state %d of a tracker: %w", i, err)
			}
			until := newTerms(t.rules, state.Until)
			until.Settled = true
			if err := s.binding().join(until); err != nil {
				return err
			}
			if now := s.binding().Terms(); !now.Settled || !now.AsOf.Equal(until.AsOf) {
				return fmt.Errorf("%w: %v in state %d of a tracker until %v", ErrOtherTerms, now, i, until.AsOf)
			}
			if err := restored.Merge(s); err != nil {
				return err
			}
		}
		for k, r := range state.Events {
			if _, err := r.Event(); err != nil {
				return fmt.Errorf("event %d of state %d of a tracker: %w", k, i, err)
			}
		}
	}
	if err := t.settled.Merge(restored); err != nil {
		return err
	}
	for i, state := range states {
		for k, r := range state.Events {
			e, _ := r.Event()
			if err := t.Append(e); err != nil {
				return fmt.Errorf("event %d of state %d of a tracker: %w", k, i, err)
			}
		}
	}
	return nil
}
