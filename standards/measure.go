package standards

import (
	"database/sql/driver"
	"errors"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// Measure tells what a target promises. The zero value is FirstResponse.
type Measure uint8

const (
	// FirstResponse is the wait for the first response by a person. There is one
	// for each conversation; see [Policy.Findings] for which.
	FirstResponse Measure = iota
	// NextResponse is each wait after the first response.
	NextResponse
	// EveryResponse is each wait, the first among them. It is the measure for calls,
	// where each try is a wait, of one customer too; see [Formula].
	EveryResponse
	// FirstResolution is the first cycle, less pauses.
	FirstResolution
	// FullResolution is the time from the start of the first cycle to the end of
	// the last one, less pauses. Like ActiveResolution it may be broken after
	// it was kept: a conversation that is reopened is not resolved any more.
	FullResolution
	// ActiveResolution is FullResolution without the times during which the
	// conversation lay closed: the sum of its cycles, less pauses. While it is
	// resolved the clock stands; when it is reopened the clock goes on, and the
	// promise may be broken then.
	ActiveResolution
	// TimeToAssign is the wait for an agent in charge.
	TimeToAssign
	// TimeWith is the time with a team: the sum of its stays in a cycle, less pauses.
	// There is one for each cycle and each team that was in charge in it for any time. The
	// teams of a target are those whose time it limits. The promise is pending until the cycle
	// ends, because the team may get the conversation back, and broken as soon as the
	// team still has it when the budget is used up. There is a deadline only while the
	// team has it, and what changes meanwhile counts from when it gets it back.
	TimeWith
	// PeriodicUpdate is each time during which the customer hears nothing while
	// the conversation is open, even when he or she is silent too. It starts with
	// the cycle, and again with each reply.
	PeriodicUpdate
)

var errMeasure = errors.New("standards: no such measure")

var measureNames = text.NewEnum[Measure](errMeasure,
	"first_response", "next_response", "every_response", "first_resolution",
	"full_resolution", "active_resolution", "time_to_assign", "time_with", "periodic_update",
)

// String returns the name of the measure, such as "first_response".
func (m Measure) String() string { return measureNames.Name(m) }

// AppendText implements [encoding.TextAppender].
func (m Measure) AppendText(b []byte) ([]byte, error) { return measureNames.Append(b, m) }

// MarshalText implements [encoding.TextMarshaler].
func (m Measure) MarshalText() ([]byte, error) { return m.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that wraps [text.ErrUnknown] and quotes it.
func (m *Measure) UnmarshalText(text []byte) error { return measureNames.Parse(m, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (m *Measure) Scan(src any) error { return measureNames.Scan(m, src) }

// Value implements [driver.Valuer] with the text form.
func (m Measure) Value() (driver.Value, error) { return measureNames.Value(m) }

// waits returns what a conversation waits for by a measure, in order. At most the last is open, or of
// times with teams, those of the last cycle.
func (m Measure) waits(v *version) []metrics.Wait {
	h := v.History
	switch m {
	case FirstResponse, NextResponse:
		waits := h.Waits()
		n := len(waits)
		for i := range waits {
			if waits[i].FirstResponse {
				n = i + 1
				break
			}
		}
		if m == FirstResponse {
			return waits[:n]
		}
		return waits[n:]
	case EveryResponse:
		return h.Waits()
	case FirstResolution:
		if cycles := h.Cycles(); len(cycles) > 0 {
			return []metrics.Wait{resolution(h, cycles[0], gaveUpAt(h))}
		}
	case FullResolution:
		if whole, ok := h.WholeCycle(); ok {
			return []metrics.Wait{resolution(h, whole, gaveUpAt(h))}
		}
	case ActiveResolution:
		if whole, ok := h.WholeCycle(); ok {
			if h.Reopens() > 0 {
				whole.Holds = inactive(h.Cycles())
			}
			return []metrics.Wait{resolution(h, whole, gaveUpAt(h))}
		}
	case TimeToAssign:
		if w, ok := h.Assignment(); ok {
			return []metrics.Wait{w}
		}
	case PeriodicUpdate:
		return h.Updates()
	case TimeWith:
		return v.waitsWith()
	}
	return nil
}

// open returns what a conversation waits for now by a measure: the last of waits if it is open, or the
// time with the team in charge, else false.
func (m Measure) open(v *version) (metrics.Wait, bool) {
	switch m {
	case FirstResponse, NextResponse, EveryResponse:
		w, ok := v.StillWaiting()
		return w, ok && (m == EveryResponse || w.FirstResponse == (m == FirstResponse))
	}
	if !v.IsOpen() {
		return metrics.Wait{}, false
	}
	if m == TimeWith {
		return v.openWith()
	}
	waits := m.waits(v)
	if n := len(waits); n > 0 && waits[n-1].Outcome == metrics.Open {
		return waits[n-1], true
	}
	return metrics.Wait{}, false
}

// inactive returns when the clock of an active resolution stood: on hold, and closed
// before it was reopened.
func inactive(cycles []metrics.Cycle) (spans []metrics.Span) {
	for i := range cycles {
		if i > 0 && cycles[i-1].End.Before(cycles[i].Start) {
			spans = append(spans, metrics.Span{Start: cycles[i-1].End, End: cycles[i].Start})
		}
		spans = append(spans, cycles[i].Holds...)
	}
	return spans
}

// gaveUpAt returns when the customer gave up, in order.
func gaveUpAt(h *metrics.History) (all []time.Time) {
	if h.Has(metrics.KindAbandoned) {
		for m := range h.Moments() {
			if m.Kind() == metrics.KindAbandoned {
				all = append(all, m.At())
			}
		}
	}
	return all
}

// resolution returns a cycle as the wait for its end. It is told when the customer gave up.
func resolution(h *metrics.History, c metrics.Cycle, gaveUp []time.Time) metrics.Wait {
	w := metrics.Wait{
		Conversation: c.Conversation, Channel: h.Channel(), Team: c.Team,
		Start: c.Start, End: c.End, Holds: c.Holds,
	}
	switch {
	case c.Resolved:
		w.Outcome, w.Agent = metrics.Answered, c.Agent
	case !c.End.IsZero():
		w.Outcome = metrics.Moved
		if _, found := slices.BinarySearchFunc(gaveUp, c.End, time.Time.Compare); found {
			w.Outcome = metrics.GaveUp
		}
	}
	return w
}
