package standards

import (
	"slices"
	"sort"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A timeWith is the time with a team in a cycle. It goes on until the cycle ends, because the
// team may get the conversation back. Its Holds are the pauses, and the times when the team
// did not have it.
type timeWith struct {
	metrics.Wait
	gaps []metrics.Span // when the team did not have it
}

// timesWith returns the times with teams: one for each cycle and team that was in charge in
// it, in order.
func (v *version) timesWith() []timeWith {
	if v.with == nil {
		all := timesWith(v.History)
		v.with = &all
	}
	return *v.with
}

func timesWith(h *metrics.History) []timeWith {
	stations := h.Stations()
	if !slices.ContainsFunc(stations, func(s metrics.Station) bool { return s.Team != "" }) {
		return nil
	}
	var all []timeWith
	gaveUp := gaveUpAt(h)
	for _, c := range h.Cycles() {
		first := len(all)
		var stays [][]metrics.Station           // of each team
		numbers := make(map[metrics.TeamID]int) // of the stays
		for len(stations) > 0 && within(stations[0], &c) {
			s := stations[0]
			stations = stations[1:]
			if s.Team == "" {
				continue
			}
			n, ok := numbers[s.Team]
			if !ok {
				n = len(stays)
				numbers[s.Team] = n
				w := resolution(h, c, gaveUp)
				w.Team, w.Start = s.Team, s.Start
				all, stays = append(all, timeWith{Wait: w}), append(stays, nil)
			}
			stays[n] = append(stays[n], s)
		}
		for n := range stays {
			w := &all[first+n]
			w.gaps = away(stays[n], w.End)
			w.Holds = union(during(c.Holds, stays[n]), w.gaps, w.Start)
		}
	}
	return all
}

// waitsWith returns the times with teams as waits.
func (v *version) waitsWith() []metrics.Wait {
	times := v.timesWith()
	waits := make([]metrics.Wait, len(times))
	for i := range times {
		waits[i] = times[i].Wait
	}
	return waits
}

// away returns when the team of a wait did not have the conversation.
func (v *version) away(w *metrics.Wait) []metrics.Span {
	times := v.timesWith()
	n := sort.Search(len(times), func(i int) bool { return !times[i].Start.Before(w.Start) })
	return times[n].gaps
}

// within reports whether a station is in a cycle.
func within(s metrics.Station, c *metrics.Cycle) bool {
	return !s.Start.Before(c.Start) && (c.End.IsZero() || s.Start.Before(c.End))
}

// away returns when a team did not have the conversation, between its stays in a cycle and
// after them up to an end: the last has no end if the team did not get it back.
func away(stays []metrics.Station, end time.Time) []metrics.Span {
	var spans []metrics.Span
	left := stays[0].Start // when the team last had it
	for _, s := range stays {
		if left.Before(s.Start) {
			spans = append(spans, metrics.Span{Start: left, End: s.Start})
		}
		if left = s.End; left.IsZero() {
			return spans
		}
	}
	if end.IsZero() || left.Before(end) {
		spans = append(spans, metrics.Span{Start: left})
	}
	return spans
}

// during returns those of the pauses that are in one of the stays, in part at least.
func during(holds []metrics.Span, stays []metrics.Station) []metrics.Span {
	var some []metrics.Span
	taken := 0 // how many of the pauses are in the stays so far, or before them
	for _, s := range stays {
		taken += sort.Search(len(holds)-taken, func(i int) bool {
			end := holds[taken+i].End
			return end.IsZero() || end.After(s.Start)
		})
		for ; taken < len(holds) && (s.End.IsZero() || holds[taken].Start.Before(s.End)); taken++ {
			some = append(some, holds[taken])
		}
	}
	return some
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
	var at time.Time
	var ok bool
	if f.clock != nil {
		at, ok = f.clock.due(budget)
	} else {
		at, ok = dueAfter(f.Target.Calendar, f.Start, budget, f.Holds)
	}
	if ok && f.Target.Measure == TimeWith {
		if gap, within := f.gapAt(at); within {
			return gap.End.UTC(), !gap.End.IsZero()
		}
	}
	return at, ok
}

// openWith returns the time with the team that has an open conversation now.
func (v *version) openWith() (metrics.Wait, bool) {
	team := v.Team()
	for _, w := range slices.Backward(v.timesWith()) {
		if w.Outcome == metrics.Open && w.Team == team {
			return w.Wait, true
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
