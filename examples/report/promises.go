package main

import (
	"cmp"
	"slices"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// A channel has what became of each promise on it or, with an empty name, of each
// on all channels together.
type channel struct {
	Name     string
	Promises []standards.Attainment // in the order of the policy
}

func channelsOf(scores *standards.Scores[metrics.Channel]) []channel {
	all := []channel{{"", scores.Total()}}
	for _, name := range slices.Sorted(scores.Keys()) {
		all = append(all, channel{orNone(name), scores.Group(name)})
	}
	return all
}

// madeOn returns the channels on which the i-th promise was made, after all
// together.
func (r *report) madeOn(i int) []channel {
	return slices.DeleteFunc(slices.Clone(r.Channels), func(c channel) bool {
		return c.Name != "" && c.Promises[i].Tally.N()+c.Promises[i].Unmeasured.N() == 0
	})
}

// together returns what became of all promises to the customer, with the k worst
// breaches.
func together(promises []standards.Attainment, k int) (all standards.Attainment) {
	for _, p := range promises {
		if p.Target.Agreement == "" {
			all.Tally.Merge(p.Tally)
			all.Unmeasured.Merge(p.Unmeasured)
			all.Breaches = append(all.Breaches, p.Breaches...)
		}
	}
	slices.SortFunc(all.Breaches, func(a, b standards.Finding) int {
		return cmp.Or(
			cmp.Compare(a.Left, b.Left), cmp.Compare(a.Margin, b.Margin), cmp.Compare(a.Conversation, b.Conversation),
			a.Start.Compare(b.Start), cmp.Compare(a.Index, b.Index),
		)
	})
	all.Breaches = all.Breaches[:min(k, len(all.Breaches))]
	return all
}

// promiseTable shows each promise on each channel by itself.
func promiseTable(r *report) table {
	t := table{
		Title: "Promises",
		Names: 2,
		Note:  "Each promise of the policy on each channel by itself. What is overdue is broken, kept later or not. Left out is what was closed, abandoned or moved in time without an answer, or answered by an assistant.",
		Header: []string{
			"", "channel", "within", "goal", "share kept", between, "goal reached", "promises", "kept", "broken", "still open", "left out",
		},
	}
	for i := range r.Policy.Targets {
		target, channels := &r.Policy.Targets[i], r.madeOn(i)
		if len(channels) > 1 {
			channels = channels[1:] // all together tell nothing of any of them
		}
		for _, c := range channels {
			p, interval, attained := c.Promises[i], text.NoData, text.NoData
			if iv, ok := p.Tally.Interval(level); ok {
				interval = percents(iv.Low, iv.High)
			}
			if yes, ok := target.Attained(p.Tally); ok {
				attained = map[bool]string{true: "yes", false: "no"}[yes]
			}
			share := notMeasured
			if !unmeasured(p) {
				share = draw.Kept(target, p.Tally.Compliance())
			}
			row := []string{target.String(), labelOf(c.Name), draw.Within(target), percent(target.Goal), share, interval, attained}
			t.Rows = append(t.Rows, append(row, r.verdicts(p)...))
		}
	}
	return t
}

// unmeasured reports whether nothing that was read can tell if promises were kept.
func unmeasured(p standards.Attainment) bool { return p.Tally.N() == 0 && p.Unmeasured.N() > 0 }

// compliance prints the share of promises that were kept.
func compliance(p standards.Attainment) string {
	if unmeasured(p) {
		return notMeasured
	}
	return percent(p.Tally.Compliance())
}

// verdicts are how many promises were judged, met, breached, pending and excluded.
func (r *report) verdicts(p standards.Attainment) []string {
	if unmeasured(p) {
		return slices.Repeat([]string{text.NoData}, 5)
	}
	t := p.Tally
	return []string{
		r.count(t.Met + t.Breached), text.Count(t.Met), text.Count(t.Breached), text.Count(t.Pending), text.Count(t.Excluded),
	}
}
