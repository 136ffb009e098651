package standards

import (
	"iter"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// reader finds what became of the promises of one history after another. Most
// conversations are plain: nothing in them was known otherwise before, no merger moved a
// wait into them, and what targets ask for does not change. Of these a verdict follows
// from a [metrics.Spell], and what else a [Finding] has is not needed to count it.
type reader struct {
	policy           Policy
	families         []*family
	teams, customers bool // whether targets ask for them

	version version   // of the history
	past    []version // if there are several
	looked  bool      // whether these are known
	isPlain bool
	spells  []metrics.Spell
	judged  Finding // without texts
	found   []promise
}

// A family is the targets of one measure and agreement.
type family struct {
	first  int                   // the number of the first of them
	chosen metrics.Grouping[int] // the numbers of those that apply, of which −1 is none
	start  time.Time             // of the spell for which one is chosen
}

// A promise is what became of a promise in a plain conversation.
type promise struct {
	spell        metrics.Spell
	index        int // of the target
	verdict      Verdict
	left, margin time.Duration // of a breach; see [Finding]
	group        int           // of the scores
}

func newReader(p Policy) *reader {
	r := &reader{policy: p}
	r.teams, r.customers = p.asksFor()
	for i := range p.openings() {
		f := &family{first: i}
		f.chosen = metrics.NewGrouping(func(of metrics.Facet) int { return r.choose(f, of) })
		r.families = append(r.families, f)
	}
	return r
}

// choose returns the number of the target of a family that applies to a promise, or −1. It
// asks the facet for all that any of the targets asks for.
func (r *reader) choose(f *family, of metrics.Facet) int {
	first := &r.policy.Targets[f.first]
	var channel metrics.Channel
	for i := f.first; i < len(r.policy.Targets); i++ {
		t := &r.policy.Targets[i]
		if t.Measure != first.Measure || t.Agreement != first.Agreement {
			continue
		}
		if !t.From.IsZero() || !t.Until.IsZero() {
			of.Within(metrics.Span{Start: t.From, End: t.Until})
		}
		if len(t.Channels) > 0 {
			channel = of.Channel()
		}
		if t.When != nil || len(t.Priorities)+len(t.Teams) > 0 {
			of.Conversation()
		}
	}
	return r.policy.choose(f.first, f.start, channel, "", r.version.History, &r.version.standings.first)
}

// begin prepares for a history.
func (r *reader) begin(h *metrics.History) {
	r.version, r.past, r.looked = version{History: h}, nil, false
	if r.isPlain = !r.customers && !joined(h) && len(h.Revisions()) == 0; !r.isPlain {
		return
	}
	first := &r.version.standings.first
	first.priority, r.isPlain = unchanging(h.Priorities())
	if r.teams && r.isPlain {
		first.team, r.isPlain = unchanging(h.Teams())
	}
}

// unchanging returns the first of the values that come one after another, and whether it is
// the only one.
func unchanging[V any](values iter.Seq2[time.Time, V]) (first V, only bool) {
	n := 0
	for _, v := range values {
		if n++; n > 1 {
			return first, false
		}
		first = v
	}
	return first, true
}

// findings yields the findings of the history by the targets of a family.
func (r *reader) findings(f *family) iter.Seq[Finding] {
	if !r.looked {
		r.looked = true
		r.version = r.policy.now(r.version.History)
		if !r.isPlain {
			r.past = r.policy.versions(r.version.History, nil)
		}
	}
	return r.policy.findings(f.first, &r.version, r.past)
}

// plain returns what became of the promises by the targets of a family. It returns false
// if that takes findings. The promises are good until the next call.
func (r *reader) plain(of *family) ([]promise, bool) {
	if !r.isPlain {
		return nil, false
	}
	m := r.policy.Targets[of.first].Measure
	var ok bool
	if r.spells, ok = m.spells(r.spells[:0], r.version.History); !ok {
		return nil, false
	}
	r.found = r.found[:0]
	best := -1
	for _, s := range r.spells {
		if s.Paused() {
			return nil, false
		}
		of.start = s.Start()
		k := of.chosen.Key(of.chosen.Of(s.FacetOfPromise()))
		if k < 0 {
			continue
		}
		f := &r.judged
		f.Target, f.Index, f.Start, f.End, f.Outcome, f.unassigned = &r.policy.Targets[k], k, of.start, s.End(), s.Outcome(), s.Unassigned()
		if f.Outcome == metrics.Open {
			f.asOf = r.version.Terms().AsOf
		}
		inTime := f.surelyInTime()
		if inTime {
			f.decide(false)
		}
		if !inTime || f.Verdict == Breached {
			f.judge()
		}
		if f.Verdict == Breached && !r.blames(s) {
			return nil, false
		}
		one := promise{spell: s, index: k, verdict: f.Verdict, left: f.Left, margin: f.Margin}
		if m != FirstResponse {
			r.found = append(r.found, one)
		} else if rank := f.rank(); best < 2 && rank >= best { // as deciding does
			best, r.found = rank, append(r.found[:0], one)
		}
	}
	if best == 0 {
		r.found[0].verdict = Excluded
	}
	return r.found, true
}

// blames reports whether a broken promise is that of the team that a spell has.
func (r *reader) blames(s metrics.Spell) bool {
	if !r.version.Has(metrics.KindAssigned) {
		return true
	}
	f, end := &r.judged, r.judged.End
	if end.IsZero() {
		end = f.asOf.Add(1)
	}
	f.blame(&r.version, time.Time{}, f.Start, end)
	return f.Team == s.Facet().Team()
}

// spells appends what h waits for by a measure, as [Measure.waits] has it. It returns false
// if spells do not tell.
func (m Measure) spells(to []metrics.Spell, h *metrics.History) ([]metrics.Spell, bool) {
	switch m {
	case FirstResponse, NextResponse, EveryResponse:
		responded := false
		for s := range h.WaitSpells() {
			if m == EveryResponse || responded == (m == NextResponse) {
				to = append(to, s)
			}
			responded = responded || s.FirstResponse()
		}
	case FirstResolution, FullResolution, ActiveResolution:
		for s := range h.CycleSpells() {
			to = append(to, s)
			break
		}
		return to, m == FirstResolution || h.Reopens() == 0 // then there is no other
	case TimeToAssign:
		if s, ok := h.AssignmentSpell(); ok {
			to = append(to, s)
		}
	default:
		return to, false
	}
	return to, true
}
