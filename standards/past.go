package standards

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// What was breached stays breached, and a step that came due stays due, though events are
// edited and retracted later. So a conversation that was revised is judged as it was known
// before each revision, in turn, and each time what was found before is kept.

// version is a conversation as it was known from one revision to the next.
type version struct {
	*metrics.History
	since time.Time // the revision; zero for the first version
}

// versions returns the versions of a conversation, the last of which is as h. Most
// conversations have one.
func versions(h *metrics.History) []version {
	revisions := h.Revisions()
	if len(revisions) == 0 {
		return nil
	}
	var all []version
	var since time.Time
	for _, at := range revisions {
		all = append(all, version{h.AsOf(at.Add(-1)), since})
		since = at
	}
	return append(all, version{h.AsOf(h.Terms().AsOf), since})
}

// discarded reports whether the conversation counts nowhere, until it is restored.
func (v version) discarded() (discarded bool) {
	for m := range v.Moments() {
		switch m.Kind() {
		case metrics.KindDiscarded:
			discarded = true
		case metrics.KindReopened:
			discarded = false
		}
	}
	return discarded
}

// beginning is what a promise is known by while events change: the event that began the
// wait.
type beginning struct {
	kind metrics.Kind
	id   metrics.EventID // the conversation, for a wait that a merger moved here
	at   time.Time       // where there is no ID
}

func beginningOf(r *metrics.Record) beginning {
	if r.ID != "" {
		return beginning{kind: r.Type, id: r.ID}
	}
	return beginning{kind: r.Type, at: r.At}
}

// begins returns what began a wait of a measure.
func (v version) begins(m Measure, w metrics.Wait) beginning {
	if m.once() {
		w, _ = v.Assignment() // which begins with the first cycle, too
	}
	if r, ok := w.Began(); ok {
		return beginningOf(&r)
	}
	if m <= EveryResponse {
		for h, source := range v.Sources(w) {
			return beginning{kind: metrics.KindMerged, id: metrics.EventID(h.Conversation().ID()), at: source.End}
		}
	}
	return beginning{kind: metrics.KindMerged, at: w.Start}
}

// gone reports whether what began a wait never was, as is known now.
func (v version) gone(b beginning) bool {
	if b.kind == metrics.KindMerged || b.id == "" {
		return false
	}
	for r := range v.Conversation().Records() {
		if r.Type == b.kind && r.ID == b.id {
			return false
		}
	}
	return true
}

// once reports whether a conversation has at most one finding by the measure and an
// agreement, whatever became of the first.
func (m Measure) once() bool {
	return m == FirstResolution || m == FullResolution || m == TimeToAssign
}

// entry is what was found of one promise so far.
type entry struct {
	beginning
	finding Finding
	seen    bool // in the version at hand
}

// replay returns what the versions of a conversation say by the measure and agreement of
// the i-th target, in the order of time.
func (p Policy) replay(i int, versions []version) []Finding {
	m := p.Targets[i].Measure
	var book []*entry
	var all []Finding
	for _, v := range versions {
		all = all[:0]
		book = slices.DeleteFunc(book, func(e *entry) bool { return v.gone(e.beginning) })
		if v.discarded() {
			continue // and if it is restored, what was found before is back
		}
		for _, e := range book {
			e.seen = false
		}
		for _, w := range m.waits(v.History) {
			f, ok := p.find(i, v, &w)
			if !ok {
				continue
			}
			f.date()
			b := v.begins(m, w)
			at := slices.IndexFunc(book, func(e *entry) bool { return !e.seen && (e.beginning == b || m.once() && e.kind != metrics.KindMerged) })
			if at < 0 {
				at = len(book)
				book = append(book, &entry{beginning: b})
			} else {
				before := &book[at].finding
				if before.Verdict != Breached && len(before.done) == 0 {
					book[at].beginning = b
				}
				f.done = before.done
				f.settleSteps()
				f = f.after(before)
			}
			f.settleSteps()
			f.settled = true
			book[at].finding, book[at].seen = f, true
			all = append(all, f)
		}
		for _, e := range book {
			f := &e.finding
			if e.seen || e.kind == metrics.KindMerged || f.Verdict != Breached && len(f.done) == 0 {
				continue
			}
			f.lose(v.since)
			f.Owner, f.Priority = v.Owner(), v.Priority()
			all = append(all, *f)
		}
		book = slices.DeleteFunc(book, func(e *entry) bool { return !e.seen && e.kind == metrics.KindMerged })
	}
	slices.SortStableFunc(all, func(f, g Finding) int { return f.Start.Compare(g.Start) })
	return all
}

// date says when a breach began: at the deadline, or when it became known.
func (f *Finding) date() {
	if f.Verdict != Breached || !f.BreachedAt.IsZero() {
		return
	}
	f.BreachedAt = f.Due
	for _, gap := range f.gaps {
		if !f.Due.Before(gap.Start) && f.Due.Before(gap.End) {
			f.BreachedAt = gap.End
		}
	}
	if f.BreachedAt.Before(f.since) {
		f.BreachedAt = f.since
	}
}

// dueWhenOpen returns the instant at which a step that is due at an instant comes due: later if
// the conversation was resolved then, or if it became known later that it was due.
func (f *Finding) dueWhenOpen(at time.Time) time.Time {
	if at.Before(f.since) {
		at = f.since
	}
	for _, gap := range f.gaps {
		if !at.Before(gap.Start) && at.Before(gap.End) {
			at = gap.End
		}
	}
	return at
}

// after returns f as what follows an earlier finding of the same promise, which takes
// nothing of that back.
func (f Finding) after(before *Finding) Finding {
	switch {
	case before.Verdict != Breached:
		return f
	case f.Verdict == Breached && f.Index == before.Index && f.Due.Equal(before.Due):
		f.BreachedAt = before.BreachedAt
		return f
	}
	kept := *before
	kept.Priority, kept.Agent, kept.Owner = f.Priority, f.Agent, f.Owner
	kept.End, kept.Outcome, kept.asOf, kept.done, kept.settled = f.End, f.Outcome, f.asOf, f.done, true
	kept.judge()
	kept.Verdict, kept.Warning = Breached, false
	return kept
}

// lose ends what the conversation does not have any more, as of an instant.
func (f *Finding) lose(at time.Time) {
	breached := f.Verdict == Breached
	if f.End.IsZero() {
		f.End, f.Outcome, f.asOf = at, metrics.ClosedUnanswered, time.Time{}
		f.judge()
	}
	if f.Verdict, f.Warning = Excluded, false; breached {
		f.Verdict = Breached
	}
}

// arrived judges a wait of the i-th target that mergers moved here, and of which f is
// what would be found if it had begun here. If the promise was broken in the other
// conversation before the merger, it is not judged again: arrived then returns false,
// unless steps had come due here.
func (p Policy) arrived(f *Finding, i int, h version, w *metrics.Wait) bool {
	var from []*metrics.History
	var moved []metrics.Wait
	for source, wait := range h.Sources(*w) {
		from, moved = append(from, source), append(moved, wait)
	}
	if len(moved) == 0 {
		return true
	}
	// The wait as it was from one merger to the next.
	stage, started := *w, false
	if own, ok := h.Before(moved[0].End).StillWaiting(); ok {
		stage, started = own, true
	}
	for n := range moved {
		if started {
			stage.End, stage.Outcome = moved[n].End, metrics.Moved
			if g, ok := p.judged(i, h.History, &stage); ok {
				g.since, g.done = f.since, f.done
				g.date()
				g.settleSteps()
				if g.Verdict == Breached {
					f.End, f.Index, f.Target, f.Start, f.Due, f.BreachedAt = w.End, g.Index, g.Target, g.Start, g.Due, g.BreachedAt
					f.Channel, f.done, f.unassigned = g.Channel, g.done, false
					f.judge()
					f.Verdict, f.Warning = Breached, false
					return true
				}
				f.done = g.done
				if p.stood(i, from[n], &moved[n]) {
					*f = g
					return len(g.done) > 0
				}
			}
		} else if p.stood(i, from[n], &moved[n]) {
			return false
		}
		if !started || moved[n].Start.Before(stage.Start) {
			stage.Start = moved[n].Start
		}
		stage.Channel, stage.Unassigned = w.Channel, w.Unassigned
		started = true
		if f.since.Before(moved[n].End) {
			f.since = moved[n].End
		}
	}
	return true
}

// stood reports whether a promise to respond, by the agreement of the i-th target, was
// broken when a wait was moved away from a conversation.
func (p Policy) stood(i int, h *metrics.History, w *metrics.Wait) bool {
	every := p.Targets[i].Measure == EveryResponse
	for k := range p.Targets {
		m := p.Targets[k].Measure
		if !p.opens(k) || p.Targets[k].Agreement != p.Targets[i].Agreement || m > EveryResponse || every != (m == EveryResponse) {
			continue
		}
		for f := range p.waits(k, h, versions(h)) {
			if f.Outcome == metrics.Moved && f.End.Equal(w.End) && f.Verdict == Breached {
				return true
			}
		}
	}
	// Or in a conversation from which it was moved there.
	for from, wait := range h.Sources(*w) {
		if p.stood(i, from, &wait) {
			return true
		}
	}
	return false
}
