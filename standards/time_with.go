package standards

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// timesWith returns the times with teams: one for each cycle and team that was in charge
// in it, in order. Each goes on until the cycle ends, because the team may get the
// conversation back. Its Holds are the pauses, and the times when the team did not have it.
func timesWith(h *metrics.History) []metrics.Wait {
	stations := h.Stations()
	if !slices.ContainsFunc(stations, func(s metrics.Station) bool { return s.Team != "" }) {
		return nil
	}
	var all []metrics.Wait
	rest := stations
	for _, c := range h.Cycles() {
		first := len(all)
		for len(rest) > 0 && within(rest[0], &c) {
			s := rest[0]
			rest = rest[1:]
			if s.Team == "" || slices.ContainsFunc(all[first:], func(w metrics.Wait) bool { return w.Team == s.Team }) {
				continue
			}
			w := resolution(h, c)
			w.Team, w.Start = s.Team, s.Start
			all = append(all, w)
		}
		for i := first; i < len(all); i++ {
			w := &all[i]
			w.Holds = union(c.Holds, away(stations, w), w.Start)
		}
	}
	return all
}

// within reports whether a station is in a cycle.
func within(s metrics.Station, c *metrics.Cycle) bool {
	return !s.Start.Before(c.Start) && (c.End.IsZero() || s.Start.Before(c.End))
}

// away returns when the team of a wait did not have the conversation, since it first did
// in the cycle: the last has no end if the team did not get it back.
func away(stations []metrics.Station, w *metrics.Wait) []metrics.Span {
	var spans []metrics.Span
	left := w.Start // when the team last had it
	for _, s := range stations {
		if s.Team != w.Team || s.Start.Before(w.Start) || !w.End.IsZero() && !s.Start.Before(w.End) {
			continue
		}
		if left.Before(s.Start) {
			spans = append(spans, metrics.Span{Start: left, End: s.Start})
		}
		if left = s.End; left.IsZero() {
			return spans
		}
	}
	if w.End.IsZero() || left.Before(w.End) {
		spans = append(spans, metrics.Span{Start: left})
	}
	return spans
}

// union returns the times that are in any of the spans, from an instant on, in order and
// disjoint.
func union(a, b []metrics.Span, from time.Time) []metrics.Span {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(s, t metrics.Span) int { return s.Start.Compare(t.Start) })
	var spans []metrics.Span
	for _, s := range all {
		if s.Start.Before(from) {
			s.Start = from
		}
		if !s.End.IsZero() && !s.Start.Before(s.End) {
			continue
		}
		spans = append(spans, s)
		if from = s.End; from.IsZero() {
			break
		}
	}
	return spans
}

// reached returns when a promise has used up a budget, as [dueAfter] does. A team that
// hands the conversation over at that very instant has kept within it; it is used up when
// the team gets it back.
func (f *Finding) reached(budget time.Duration) (time.Time, bool) {
	at, ok := dueAfter(f.Target.Calendar, f.Start, budget, f.Holds)
	if ok && f.Target.Measure == TimeWith {
		for _, gap := range f.gaps {
			if at.Equal(gap.Start) {
				return gap.End.UTC(), !gap.End.IsZero()
			}
		}
	}
	return at, ok
}

// openWith returns the time with the team that has an open conversation now.
func openWith(h *metrics.History) (metrics.Wait, bool) {
	for _, w := range slices.Backward(timesWith(h)) {
		if w.Outcome == metrics.Open && w.Team == h.Team() {
			return w, true
		}
	}
	return metrics.Wait{}, false
}

// beganWith returns the event by which a team came to have a conversation in a cycle, as
// is known now: that which began the cycle, or the Assigned.
func (v *version) beganWith(w *metrics.Wait) (began metrics.Record) {
	var team metrics.TeamID
	for _, c := range v.Cycles() {
		if c.Start.Equal(w.Start) && c.End.Equal(w.End) {
			began, _ = c.Began()
			return began
		}
	}
	for r := range v.Conversation().Records() {
		if r.Type != metrics.KindAssigned {
			continue
		}
		if r.At.Equal(w.Start) && r.Team == w.Team && team != w.Team {
			began = r
		}
		team = r.Team
	}
	return began
}
