package standards

import (
	"iter"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
)

// Policy is what a desk promises. Of each measure, and of each agreement, the
// first target whose conditions hold is chosen: put a default last, without
// conditions. What no target is chosen for is not judged. The zero value promises
// nothing.
//
// The target is chosen for what was known when the wait started: one that comes
// into force, or ends, midway changes nothing. The channel and the priority of a
// conversation count as known from its beginning, whenever they were named first.
type Policy struct {
	Name   string // for people
	Source string // where the figures come from
	// Rules are those by which conversations are read, where the policy reads
	// them.
	Rules metrics.Rules
	// Calendars are the hours of service that targets name, for JSON.
	Calendars map[string]calendar.Config
	Targets   []Target
}

// Finding is a wait, the target that holds for it, and what the target says of it.
type Finding struct {
	metrics.Wait
	Priority metrics.Priority
	Owner    metrics.AgentID // who has the conversation
	Target   *Target         // of the policy; not to be changed
	Judgement
}

// Findings yields what the targets of p say of a conversation as of an instant;
// the history must be that of the conversation as of then. They come by measure
// and agreement in the order of their first targets, each in the order of time.
//
// Of the waits for the first response, one decides: the first that was answered
// by a person, is open, or was overdue when it was closed or moved without an
// answer or answered by automation: to close an overdue conversation does not
// undo the breach. If none decides, the last of them is excluded.
func (p Policy) Findings(h *metrics.History, asOf time.Time) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		for i := range p.Targets {
			if !p.opens(i) {
				continue
			}
			first := p.Targets[i].Measure == FirstResponse
			var excluded Finding
			for _, w := range p.Targets[i].Measure.waits(h) {
				f, ok := p.find(i, h, &w, asOf)
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
func (p Policy) find(i int, h *metrics.History, w *metrics.Wait, asOf time.Time) (Finding, bool) {
	for k := i; k < len(p.Targets); k++ {
		t := &p.Targets[k]
		if t.Measure == p.Targets[i].Measure && t.Agreement == p.Targets[i].Agreement && t.appliesTo(w, h) {
			return Finding{Wait: *w, Priority: h.Priority(), Owner: h.Owner(), Target: t, Judgement: t.judge(w, asOf)}, true
		}
	}
	return Finding{}, false
}

// decides reports whether the wait for a first response is the one that counts.
// What automation answered in time is no response by a person yet.
func (f *Finding) decides() bool {
	return f.Verdict != Excluded && (f.Outcome != metrics.AnsweredByAutomation || f.Verdict != Met)
}

// FirstResponse judges the first response in a conversation as of an instant by
// the promise made to the customer; see [Policy.Findings]. It returns false if
// there is nothing to judge: nobody waited for a response, no target was made for
// it, or the conversation was closed or moved in time without an answer.
func (p Policy) FirstResponse(h *metrics.History, asOf time.Time) (Finding, bool) {
	for i := range p.Targets {
		if p.Targets[i].Measure != FirstResponse || p.Targets[i].Agreement != "" {
			continue
		}
		for _, w := range FirstResponse.waits(h) {
			if f, ok := p.find(i, h, &w, asOf); ok && f.decides() {
				return f, true
			}
		}
		break
	}
	return Finding{}, false
}

// Open yields what is open now, whatever became of earlier waits: of each measure
// and agreement at most one wait, in the order of [Policy.Findings].
func (p Policy) Open(h *metrics.History, asOf time.Time) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		for i := range p.Targets {
			if !p.opens(i) {
				continue
			}
			w, ok := p.Targets[i].Measure.open(h)
			if !ok {
				continue
			}
			if f, ok := p.find(i, h, &w, asOf); ok && !yield(f) {
				return
			}
		}
	}
}
