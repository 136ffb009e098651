package standards

import (
	"iter"

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
// by a person, is open, or was overdue when it was closed or moved without an
// answer or answered by automation. To close an overdue conversation does not undo
// the breach. If none decides, the last of them is excluded.
func (p Policy) Findings(h *metrics.History) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		for i := range p.Targets {
			if !p.opens(i) {
				continue
			}
			first := p.Targets[i].Measure == FirstResponse
			var excluded Finding
			for _, w := range p.Targets[i].Measure.waits(h) {
				f, ok := p.find(i, h, &w)
				if !ok {
					continue
				}
				if first && !f.decides() {
					f.Verdict = Excluded
					excluded = f
					continue
				}
				excluded = Finding{}
				if !yield(f) {
					return
				}
				if first {
					break
				}
			}
			if excluded.Target != nil && !yield(excluded) {
				return
			}
		}
	}
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

// find judges a wait by the first target that applies, from the i-th on and of
// its measure and agreement.
func (p Policy) find(i int, h *metrics.History, w *metrics.Wait) (Finding, bool) {
	for k := i; k < len(p.Targets); k++ {
		t := &p.Targets[k]
		if t.Measure != p.Targets[i].Measure || t.Agreement != p.Targets[i].Agreement || !t.appliesTo(w, h) {
			continue
		}
		f := Finding{
			Conversation: w.Conversation, Channel: w.Channel, Priority: h.Priority(), Agent: w.Agent, Owner: h.Owner(),
			Start: w.Start, End: w.End, Outcome: w.Outcome, Holds: w.Holds, Target: t, Index: k,
		}
		if f.End.IsZero() {
			f.asOf = h.Terms().AsOf
		}
		f.judge()
		return f, true
	}
	return Finding{}, false
}

// FirstResponse judges the first response in a conversation by the promise made to
// the customer, as of the instant of the reading; see [Policy.Findings]. It returns
// false if there is nothing to judge: nobody waited for a response, no target
// applies, or the conversation was closed or moved in time without an answer.
func (p Policy) FirstResponse(h *metrics.History) (Finding, bool) {
	for i := range p.Targets {
		if p.Targets[i].Measure != FirstResponse || p.Targets[i].Agreement != "" {
			continue
		}
		for _, w := range FirstResponse.waits(h) {
			if f, ok := p.find(i, h, &w); ok && f.decides() {
				return f, true
			}
		}
		break
	}
	return Finding{}, false
}

// Open yields what is open as of the instant of the reading, whatever became of
// earlier waits: at most one wait for each measure and agreement, in the order of
// [Policy.Findings].
func (p Policy) Open(h *metrics.History) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		for i := range p.Targets {
			if !p.opens(i) {
				continue
			}
			w, ok := p.Targets[i].Measure.open(h)
			if !ok {
				continue
			}
			if f, ok := p.find(i, h, &w); ok && !yield(f) {
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
