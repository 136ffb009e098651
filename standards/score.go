package standards

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Score counts what became of promises, and keeps those that were broken. The
// zero value is empty and ready to use.
type Score struct {
	Tally    Tally
	breaches []Finding
}

// Add counts a finding.
func (s *Score) Add(f Finding) {
	s.Tally.Add(f.Verdict)
	if f.Verdict == Breached {
		s.breaches = append(s.breaches, f)
	}
}

// Merge adds what other counts.
func (s *Score) Merge(other *Score) {
	s.Tally.Merge(other.Tally)
	s.breaches = append(s.breaches, other.breaches...)
}

// Breaches returns what was broken, worst first: what was too late by most in
// hours of service, and of those around the clock. Whatever order the findings
// came in, the result is the same. [Finding.Evidence] proves each.
func (s *Score) Breaches() []Finding {
	worst := slices.Clone(s.breaches)
	slices.SortFunc(worst, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Margin, b.Margin), a.compare(&b))
	})
	return worst
}

// compare orders findings by conversation, start and promise.
func (f *Finding) compare(g *Finding) int {
	if d := cmp.Compare(f.Conversation, g.Conversation); d != 0 {
		return d
	}
	return cmp.Or(
		f.Start.Compare(g.Start),
		cmp.Compare(f.promise().Measure, g.promise().Measure),
		cmp.Compare(f.promise().Agreement, g.promise().Agreement),
	)
}

// promise returns the target, which is the zero one of the zero Finding.
func (f *Finding) promise() *Target {
	if f.Target == nil {
		return new(Target)
	}
	return f.Target
}

// Scores returns what became of each target of p, in their order, as of an
// instant. The conversations may be of any time; they are read as of the instant,
// by the rules of p.
func (p Policy) Scores(conversations iter.Seq[metrics.Conversation], asOf time.Time) []Score {
	scores := make([]Score, len(p.Targets))
	for c := range conversations {
		for f := range p.Findings(p.Rules.History(c.AsOf(asOf)), asOf) {
			scores[p.index(f.Target)].Add(f)
		}
	}
	return scores
}

// index returns the position of one of p's targets.
func (p Policy) index(t *Target) int {
	for i := range p.Targets {
		if &p.Targets[i] == t {
			return i
		}
	}
	return -1
}

// Evidence returns the events that prove a finding: all of its conversation from
// the instant at which the wait started to that at which it ended, both
// included, or to asOf while it is open; and before them the Paused of a hold
// that was there already. Ratings and their requests are left out, as they prove
// nothing.
func (f Finding) Evidence(c metrics.Conversation, asOf time.Time) []metrics.Event {
	end := f.End
	if end.IsZero() {
		end = asOf
	}
	onHold := len(f.Holds) > 0 && f.Holds[0].Start.Equal(f.Start)
	var proof []metrics.Event
	for e := range c.AsOf(end).Events() {
		before := metrics.RecordOf(e).At.Before(f.Start)
		switch e.(type) {
		case metrics.RatingGiven, metrics.RatingRequested:
		case metrics.Paused:
			if !before || onHold && len(proof) == 0 {
				proof = append(proof, e)
			}
		case metrics.Resumed, metrics.Resolved, metrics.Merged:
			if before {
				proof = nil // an earlier hold ended
			} else {
				proof = append(proof, e)
			}
		default:
			if !before {
				proof = append(proof, e)
			}
		}
	}
	return proof
}
