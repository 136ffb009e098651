package compare

import (
	"fmt"
	"iter"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// Groups observe conversations by a key: the channel, the agent, a period, or several
// of them. It is a sink, whose groups every [Metric] can be read from.
//
//	byAgent := compare.NewGroups(metrics.Facet.Agent, policy)
//	err := log.Read(metrics.Rules{}, asOf).Into(byAgent)
//	...
//	value, ok := compare.Promise(&policy.Targets[0]).Of(byAgent.Group("ana"), 0.95)
//
// It is a [metrics.Breakdown] with two differences. An open wait belongs to the group of
// its start, not to that of the instant of the reading, so that what began in a period
// and is open counts there, as it does in [Sides]. And it counts what became of promises,
// each in the group of the instant at which it was made, as [standards.Scores] do.
//
// The zero value puts everything into the group of the zero key, and knows no promises.
// No two of its methods may be called at the same time.
type Groups[K comparable] struct {
	metrics.Binding
	key      func(metrics.Facet) K // nil is the zero key
	policies []standards.Policy
	figures  *metrics.Breakdown[K] // nil until something is added
	open     map[K]*ages
	scores   []*standards.Scores[K] // one for each of the policies
}

// ages are how long open waits have lasted, around the clock and in hours of service.
type ages struct{ elapsed, inHours metrics.Summary }

// NewGroups returns empty groups by a key that [metrics.NewBreakdown] would take. They
// count the promises of the policies, and the metrics of [Limits].
func NewGroups[K comparable](key func(metrics.Facet) K, policies ...standards.Policy) *Groups[K] {
	return &Groups[K]{key: key, policies: policies}
}

func (g *Groups[K]) make() {
	if g.figures != nil {
		return
	}
	if g.key == nil {
		g.key = func(metrics.Facet) (k K) { return k }
	}
	g.figures, g.open = metrics.NewBreakdown(g.key), make(map[K]*ages)
	for _, p := range g.policies {
		g.scores = append(g.scores, standards.NewScores(g.key, p, 0))
	}
}

// Add takes a history. If it does not add up with those before, the error wraps
// [metrics.ErrOtherTerms]; see [metrics.Binding.Check].
func (g *Groups[K]) Add(h *metrics.History) error {
	if err := g.Check(h); err != nil {
		return err
	}
	g.make()
	if err := g.figures.Add(h); err != nil {
		return err
	}
	for _, s := range g.scores {
		if err := s.Add(h); err != nil {
			return err
		}
	}
	if w, ok := h.StillWaiting(); ok && h.Counts() {
		// A facet at the start of the wait, as if it had ended at once.
		start := w
		start.Agent, start.End = h.FacetOf(w).Agent(), w.Start
		of := g.ages(g.key(h.FacetOf(start)))
		of.elapsed.Add(w.Duration())
		if hours := h.Hours(); hours != nil {
			of.inHours.Add(w.DurationIn(hours))
		}
	}
	return nil
}

func (g *Groups[K]) ages(key K) *ages {
	if g.open[key] == nil {
		g.open[key] = new(ages)
	}
	return g.open[key]
}

// Merge adds the groups of other, which must have the same key function. If the two do
// not add up, because they are of other policies or terms (see [metrics.Binding.Join]),
// the error says why, and g is as it was.
func (g *Groups[K]) Merge(other *Groups[K]) error {
	g.make()
	other.make()
	if !slices.EqualFunc(g.policies, other.policies, standards.Policy.Equal) {
		return fmt.Errorf("compare: %w", standards.ErrOtherPolicy)
	}
	if err := g.Join(&other.Binding); err != nil {
		return err
	}
	// What follows is of the same terms as g and other, and so it adds up.
	if err := g.figures.Merge(other.figures); err != nil {
		return err
	}
	for n, s := range g.scores {
		if err := s.Merge(other.scores[n]); err != nil {
			return err
		}
	}
	for key, theirs := range other.open {
		ours := g.ages(key)
		ours.elapsed.Merge(&theirs.elapsed)
		ours.inHours.Merge(&theirs.inHours)
	}
	return nil
}

// Keys returns the keys of the groups, each once, in no order.
func (g *Groups[K]) Keys() iter.Seq[K] {
	g.make()
	return func(yield func(K) bool) {
		seen := make(map[K]bool)
		once := func(key K) bool {
			if seen[key] {
				return true
			}
			seen[key] = true
			return yield(key)
		}
		for key := range g.figures.Keys() {
			if !once(key) {
				return
			}
		}
		for key := range g.open {
			if !once(key) {
				return
			}
		}
		for _, s := range g.scores {
			for key := range s.Keys() {
				if !once(key) {
					return
				}
			}
		}
	}
}

// Group returns what was observed of a group. It is the caller's own. For a key with no
// members there is nothing.
func (g *Groups[K]) Group(key K) *Observed {
	g.make()
	o := g.observed(g.figures.Group(key))
	o.Figures.Elapsed.StillWaiting, o.Figures.InHours.StillWaiting = metrics.Summary{}, metrics.Summary{}
	if open := g.open[key]; open != nil {
		o.Figures.Elapsed.StillWaiting, o.Figures.InHours.StillWaiting = open.elapsed, open.inHours
	}
	for _, s := range g.scores {
		o.count(s.Group(key))
	}
	return o
}

// Total returns what was observed of all groups together.
func (g *Groups[K]) Total() *Observed {
	g.make()
	o := g.observed(g.figures.Total())
	for _, s := range g.scores {
		o.count(s.Total())
	}
	return o
}

// observed returns figures with the instant for which they are right, which the breakdown
// does not know if there are no conversations.
func (g *Groups[K]) observed(f *metrics.Figures) *Observed {
	terms := g.Terms()
	f.AsOf, f.Settled = terms.AsOf, terms.Settled
	return &Observed{Figures: *f}
}

// count adds what became of the targets of a policy.
func (o *Observed) count(attainments []standards.Attainment) {
	for _, a := range attainments {
		r := a.Tally.Compliance()
		if !r.Defined() {
			continue
		}
		if o.Kept == nil {
			o.Kept = make(map[Metric]stat.Ratio)
		}
		metric := Promise(a.Target)
		o.Kept[metric] = o.Kept[metric].Pool(r)
	}
}
