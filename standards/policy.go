package standards

import (
	"iter"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
)

// Policy is what a desk promises. For each measure and agreement, the first target
// whose conditions are met applies: put a default last, without conditions. What no
// target applies to is not judged. The zero value promises nothing.
//
// The target is chosen for what was known when the wait started: one that comes
// into force, or ends, midway changes nothing. The channel and the priority of a
// conversation count as known from its beginning, whenever they were named first.
//
// The rules by which conversations are read, and the instant as of which they are
// judged, are those of the [metrics.Reading], never of the policy.
type Policy struct {
	Name   string // for people
	Source string // where the figures come from
	// Calendars are the hours of service that targets name, for JSON.
	Calendars map[string]calendar.Config
	Targets   []Target
}

// Findings yields what the targets of p say of a conversation, as of the instant of
// its reading. They come by measure and agreement in the order of their first
// targets, each in the order of time.
//
// Of the waits for the first response, one decides: the first that was answered
// by a person, is open, or was overdue when it was closed, given up or moved without
// an answer, or answered by an assistant or automation. To close an overdue conversation
// does not undo the breach. If none decides, the last of them is excluded.
//
// A conversation in which events were edited or retracted, or that was restored, is read
// once for each time; see the documentation of the package for what that may change.
func (p Policy) Findings(h *metrics.History) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		past := versions(h)
		for i := range p.Targets {
			if !p.opens(i) {
				continue
			}
			if p.Targets[i].Measure == FirstResponse {
				if f, ok := deciding(p.waits(i, h, past)); ok && !yield(f) {
					return
				}
				continue
			}
			for f := range p.waits(i, h, past) {
				if !yield(f) {
					return
				}
			}
		}
	}
}

// waits yields what p says of the waits of a conversation by the measure and agreement
// of the i-th target. Past are its versions.
func (p Policy) waits(i int, h *metrics.History, past []version) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		if past != nil {
			slices.Values(p.replay(i, past))(yield)
			return
		}
		for _, w := range p.Targets[i].Measure.waits(h) {
			if f, ok := p.find(i, version{History: h}, &w); ok {
				if f.date(); !yield(f) {
					return
				}
			}
		}
	}
}

// deciding returns which of the waits for a first response decides; see
// [Policy.Findings].
func deciding(waits iter.Seq[Finding]) (decides Finding, ok bool) {
	for f := range waits {
		switch {
		case !ok, !decides.decides() && f.decides():
			decides, ok = f, true
		case f.Verdict == Breached && (decides.Verdict != Breached || f.BreachedAt.Before(decides.BreachedAt)):
			decides = f // an answer was retracted later
		case !decides.decides():
			decides = f
		}
	}
	if ok && !decides.decides() {
		decides.Verdict = Excluded
	}
	return decides, ok
}

// opens reports whether the i-th target is the first of its measure and
// agreement.
func (p Policy) opens(i int) bool {
	for k := range i {
		if p.Targets[k].Measure == p.Targets[i].Measure && p.Targets[k].Agreement == p.Targets[i].Agreement {
			return false
		}
	}
	return true
}

// find judges a wait by the first target that applies, from the i-th on and of its
// measure and agreement. It returns false if there is none, or if the wait was moved
// here when the promise had been broken.
func (p Policy) find(i int, v version, w *metrics.Wait) (Finding, bool) {
	f, ok := p.judged(i, v.History, w)
	f.since = v.since
	if ok && p.Targets[i].Measure <= EveryResponse {
		ok = p.arrived(&f, i, v, w)
	}
	return f, ok
}

// judged is find for a wait that began where it is.
func (p Policy) judged(i int, h *metrics.History, w *metrics.Wait) (Finding, bool) {
	for k := i; k < len(p.Targets); k++ {
		t := &p.Targets[k]
		if t.Measure != p.Targets[i].Measure || t.Agreement != p.Targets[i].Agreement || !t.appliesTo(w, h) {
			continue
		}
		f := Finding{
			Conversation: w.Conversation, Channel: w.Channel, Priority: h.Priority(), Agent: w.Agent, Owner: h.Owner(),
			Start: w.Start, End: w.End, Outcome: w.Outcome, Holds: w.Holds, Target: t, Index: k, unassigned: w.Unassigned,
		}
		if f.End.IsZero() {
			f.asOf = h.Terms().AsOf
		}
		if t.Measure == FullResolution {
			f.gaps = gaps(h)
		}
		f.judge()
		return f, true
	}
	return Finding{}, false
}

// gaps returns when a conversation lay closed before it was reopened.
func gaps(h *metrics.History) []metrics.Span {
	if h.Reopens() == 0 {
		return nil
	}
	var gaps []metrics.Span
	cycles := h.Cycles()
	for i := 1; i < len(cycles); i++ {
		gaps = append(gaps, metrics.Span{Start: cycles[i-1].End, End: cycles[i].Start})
	}
	return gaps
}

// FirstResponse judges the first response in a conversation by the promise made to
// the customer, as of the instant of the reading; see [Policy.Findings]. It returns
// false if there is nothing to judge: nobody waited for a response, no target
// applies, or the conversation was closed or moved in time without an answer.
func (p Policy) FirstResponse(h *metrics.History) (Finding, bool) {
	for i := range p.Targets {
		if p.Targets[i].Measure == FirstResponse && p.Targets[i].Agreement == "" {
			f, ok := deciding(p.waits(i, h, versions(h)))
			return f, ok && f.decides()
		}
	}
	return Finding{}, false
}

// Open yields what is open as of the instant of the reading, whatever became of
// earlier waits: at most one wait for each measure and agreement, in the order of
// [Policy.Findings].
//
// It yields a wait too that was moved here when the promise had been broken already,
// and that Findings of the other conversation have.
func (p Policy) Open(h *metrics.History) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		past := versions(h)
		for i := range p.Targets {
			if !p.opens(i) {
				continue
			}
			w, ok := p.Targets[i].Measure.open(h)
			if !ok {
				continue
			}
			f, ok := p.judged(i, h, &w)
			if past != nil || ok && p.Targets[i].Measure <= EveryResponse && !p.arrived(&f, i, version{History: h}, &w) {
				for g := range p.waits(i, h, past) {
					if g.Outcome == metrics.Open {
						f, ok = g, true
					}
				}
			}
			if f.date(); ok && !yield(f) {
				return
			}
		}
	}
}

// equal reports whether p and q have the same targets. Copies of one policy have.
func (p *Policy) equal(q *Policy) bool {
	if len(p.Targets) != len(q.Targets) {
		return false
	}
	for i := range p.Targets {
		if t, u := &p.Targets[i], &q.Targets[i]; t != u && !t.equal(u) {
			return false
		}
	}
	return true
}
