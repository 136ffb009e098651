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
// The target is chosen by what is known when the wait starts, and anew whenever the
// priority, the team in charge or the customer changes while it goes on. The new target
// has the same clock, from the start of the wait and with its pauses. If its deadline has
// passed by then, the promise is broken at the change, not before; if the old one had been
// broken, it stays so. A wait that ended is judged by what was in force until its end, not
// by what changed at that instant or later, and there is one verdict on each wait, whatever
// changed. From and Until of a [Target] are for the start of the wait: one that comes into
// force, or ends, midway changes nothing. The channel counts as known from the beginning,
// whenever it was named first; a priority, a team or a customer that is named later is a
// change.
//
// The rules by which conversations are read, and the instant as of which they are
// judged, are those of the [metrics.Reading], never of the policy.
type Policy struct {
	Name   string // for people
	Source string // where the figures come from
	// Calendars are the hours of service that targets name, for JSON.
	Calendars map[string]calendar.Config
	Targets   []Target // up to 10,000
}

// Findings yields what the targets of p say of a conversation, as of the instant of
// its reading. They come by measure and agreement in the order of their first
// targets, each in the order of time.
//
// Of the waits for the first response, one decides: the first that was answered
// by a person, is open, or was broken when it was closed, given up or moved without
// an answer, or answered by an assistant or automation. To close an overdue conversation
// does not undo the breach. If none decides, the last that a [Formula] counts as met
// because the customer gave up stands for them, or else the last of them, excluded.
//
// A conversation in which events were edited or retracted, that was restored, or to which
// mergers moved waits, is read once for each time; see the documentation of the package
// for what that may change.
func (p Policy) Findings(h *metrics.History) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		v, past := p.now(h), p.versions(h, nil)
		for i := range p.openings() {
			for f := range p.findings(i, &v, past) {
				if !yield(f) {
					return
				}
			}
		}
	}
}

// findings yields the findings by the measure and agreement of the i-th target. Past are
// the versions of the conversation, if there are several.
func (p Policy) findings(i int, v *version, past []version) iter.Seq[Finding] {
	if p.Targets[i].Measure != FirstResponse {
		return p.waits(i, v, past)
	}
	return func(yield func(Finding) bool) {
		if f, ok := deciding(p.waits(i, v, past)); ok {
			yield(f)
		}
	}
}

// waits yields what p says of the waits of a conversation by the measure and agreement
// of the i-th target. Past are its versions, if there are several.
func (p Policy) waits(i int, v *version, past []version) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		if past != nil {
			slices.Values(p.replay(i, past))(yield)
			return
		}
		for _, w := range p.Targets[i].Measure.waits(v) {
			if f, ok := p.judged(i, v, &w, nil); ok {
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
		case !ok, decides.rank() < 2 && f.rank() >= decides.rank():
			decides, ok = f, true // of those that do not decide, the last
		case f.Verdict == Breached && (decides.Verdict != Breached || f.BreachedAt.Before(decides.BreachedAt)):
			decides = f // an answer was retracted later
		}
	}
	if ok && decides.rank() == 0 {
		decides.Verdict = Excluded
	}
	return decides, ok
}

// openings yields the numbers of the targets that are the first of their measure and
// agreement.
func (p Policy) openings() iter.Seq[int] {
	return func(yield func(int) bool) {
		var customers uint64 // the measures of promises to customers so far
		var inner map[promiseOf]bool
		for i := range p.Targets {
			of := promiseOf{p.Targets[i].Measure, p.Targets[i].Agreement}
			switch {
			case of.agreement == "" && of.measure < 64:
				bit := uint64(1) << of.measure
				if customers&bit != 0 {
					continue
				}
				customers |= bit
			case inner[of]:
				continue
			default:
				if inner == nil {
					inner = make(map[promiseOf]bool)
				}
				inner[of] = true
			}
			if !yield(i) {
				return
			}
		}
	}
}

// promiseOf is what one of several targets is chosen for.
type promiseOf struct {
	measure   Measure
	agreement string
}

// gaps returns when a conversation lay closed before it was reopened.
func gaps(h *metrics.History) []metrics.Span {
	if h.Reopens() == 0 {
		return nil
	}
	var gaps []metrics.Span
	cycles := h.Cycles()
	for i := 1; i < len(cycles); i++ {
		if gap := (metrics.Span{Start: cycles[i-1].End, End: cycles[i].Start}); gap.Start.Before(gap.End) {
			gaps = append(gaps, gap)
		}
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
			v := p.now(h)
			f, ok := deciding(p.waits(i, &v, p.versions(h, nil)))
			return f, ok && f.Verdict != Excluded
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
		v, past := p.now(h), p.versions(h, nil)
		for i := range p.openings() {
			w, ok := p.Targets[i].Measure.open(&v)
			if !ok {
				continue
			}
			f, ok := p.judged(i, &v, &w, nil)
			if past != nil {
				for g := range p.waits(i, &v, past) {
					if g.Outcome == metrics.Open && (g.Target.Measure != TimeWith || g.Team == w.Team) {
						f, ok = g, true
					}
				}
			}
			if f.date(); ok && f.Verdict != Excluded && !yield(f) {
				return
			}
		}
	}
}

// Equal reports whether p and q have the same targets. Copies of one policy have; whether
// two predicates are the same cannot be known.
func (p Policy) Equal(q Policy) bool {
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
