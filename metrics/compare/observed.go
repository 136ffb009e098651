package compare

import (
	"fmt"
	"maps"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Observed is what was observed of a group of conversations: what every [Metric] is
// read from. It comes from [Groups], [Sides] or [Timelines]. It may also be made of
// stored figures. The zero value is of nothing.
type Observed struct {
	// Figures are those of the group, but for the open waits: each counts in the group
	// to which it belongs at its start.
	Figures metrics.Figures `json:"figures"`
	// Kept has the share of promises that were kept, of those that were kept or broken,
	// for each [Promise] and for each metric of [Metric.Within] that was counted. What is
	// not in it was not counted, or of nothing.
	Kept map[Metric]stat.Ratio `json:"kept,omitempty"`
	// Scores are the answers to surveys, for each index of [Asked].
	Scores map[Metric]stat.ScoreCounts `json:"scores,omitempty"`
}

// Merge adds what was observed of other conversations, by the same rules and policies.
// If the figures are not right for a common instant, the error wraps
// [metrics.ErrOtherTerms], [stat.ErrCount] if answers or promises leave an int64, and o
// is as it was.
func (o *Observed) Merge(other *Observed) error {
	scores, kept := o.Scores, o.Kept
	if len(other.Scores) > 0 {
		// A copy of o may share the map, which must not change.
		scores = make(map[Metric]stat.ScoreCounts, len(o.Scores)+len(other.Scores))
		maps.Copy(scores, o.Scores)
		for metric, s := range other.Scores {
			own := scores[metric]
			if err := own.Merge(s); err != nil {
				return fmt.Errorf("compare: %w", err)
			}
			scores[metric] = own
		}
	}
	if len(other.Kept) > 0 {
		kept = make(map[Metric]stat.Ratio, len(o.Kept)+len(other.Kept))
		maps.Copy(kept, o.Kept)
		for metric, r := range other.Kept {
			own := kept[metric]
			if kept[metric] = own.Pool(r); !kept[metric].Defined() && (own.Defined() || r.Defined()) {
				return fmt.Errorf("compare: %w: %v and %v of %v", stat.ErrCount, own, r, metric)
			}
		}
	}
	if err := o.Figures.Merge(&other.Figures); err != nil {
		return err
	}
	o.Scores, o.Kept = scores, kept
	return nil
}

// anything reports whether a case began in the group or something was sent.
func (o *Observed) anything() bool {
	return o.Figures.Cases != 0 || o.Figures.Volume != metrics.Volume{}
}
