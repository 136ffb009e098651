package rating

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/metrics/text"
)

// Review is one reviewer's judgement of one conversation: for every criterion of
// the scorecard, a mark or that it does not apply. A criterion that is neither
// marked nor named in NotApplicable was forgotten, and is an error.
type Review struct {
	Conversation  string         `json:"conversation"`
	Agent         string         `json:"agent,omitzero"`
	Reviewer      string         `json:"reviewer,omitzero"`
	Marks         map[string]int `json:"marks"`
	NotApplicable []string       `json:"not_applicable,omitzero"`
}

// ReviewScore is the result of a review.
type ReviewScore struct {
	// Score is the weighted score, whatever else happened.
	Score Points `json:"score"`
	// AutoFailed are the criteria whose worst mark failed the review at once.
	AutoFailed []string `json:"auto_failed,omitzero"`
	// Passed says that Score reaches the pass mark and nothing auto-failed.
	Passed bool `json:"passed"`
	// Coverage is the weight of the criteria that applied, in percent of all.
	Coverage Points `json:"coverage"`
	// Sections are the scores of the sections, in the order of their first
	// criterion. A section in which no criterion with a weight applied is left out;
	// criteria without a section are in none.
	Sections []SectionScore `json:"sections,omitzero"`
}

// SectionScore is the score of the criteria of one section.
type SectionScore struct {
	Section string `json:"section"`
	Score   Points `json:"score"`
}

// Final returns 0 if the review auto-failed, and the score otherwise. Show it
// beside Score, not in its place.
func (s ReviewScore) Final() Points {
	if len(s.AutoFailed) > 0 {
		return Points{}
	}
	return s.Score
}

// String returns the score and whether the review passed, such as "69.4 of 100,
// passed" or "69.4 of 100, failed by privacy".
func (s ReviewScore) String() string {
	score := s.Score.Decimal(1).StringFixed(1) + " of 100, "
	switch {
	case len(s.AutoFailed) > 0:
		return score + "failed by " + strings.Join(s.AutoFailed, ", ")
	case s.Passed:
		return score + "passed"
	}
	return score + "not passed"
}

// weighed sums weights, and the part of them that was earned.
type weighed struct{ earned, possible big.Rat }

// Score scores a review. The error wraps [ErrReview], and quotes the criterion,
// if a mark is missing, off its scale, for a criterion that is not on the card, or
// for one that is said not to apply. It wraps ErrReview too if no criterion with a
// weight applies, and [ErrDefinition] if the scorecard is empty.
func (c Scorecard) Score(r Review) (ReviewScore, error) {
	if err := c.check(r); err != nil {
		return ReviewScore{}, err
	}
	var s ReviewScore
	var total, all big.Rat
	sections := make(map[string]*weighed)
	var order []string
	for _, crit := range c.criteria {
		weight := crit.Weight.Rat()
		all.Add(&all, weight)
		if sections[crit.Section] == nil {
			sections[crit.Section] = new(weighed)
			order = append(order, crit.Section)
		}
		mark, applies := r.Marks[crit.ID]
		if !applies {
			continue
		}
		if crit.AutoFail && mark == crit.Min {
			s.AutoFailed = append(s.AutoFailed, crit.ID)
		}
		section := sections[crit.Section]
		section.possible.Add(&section.possible, weight)
		weight.Mul(weight, big.NewRat(int64(mark-crit.Min), int64(crit.Max-crit.Min)))
		section.earned.Add(&section.earned, weight)
		total.Add(&total, weight)
	}
	var possible big.Rat
	for _, name := range order {
		w := sections[name]
		if w.possible.Sign() == 0 {
			continue
		}
		possible.Add(&possible, &w.possible)
		if name != "" {
			s.Sections = append(s.Sections, SectionScore{name, pointsOf(&w.earned, &w.possible)})
		}
	}
	if possible.Sign() == 0 {
		return ReviewScore{}, fmt.Errorf("%w: conversation %s: nothing applies", ErrReview, text.Quote(r.Conversation))
	}
	s.Score, s.Coverage = pointsOf(&total, &possible), pointsOf(&possible, &all)
	s.Passed = len(s.AutoFailed) == 0 && s.Score.rat().Cmp(c.passMark.Rat()) >= 0
	return s, nil
}

// check returns an error if the review does not fit the card.
func (c Scorecard) check(r Review) error {
	if len(c.criteria) == 0 {
		return fmt.Errorf("%w: scorecard without criteria", ErrDefinition)
	}
	fault := func(id, format string, args ...any) error {
		return fmt.Errorf("%w: conversation %s: criterion %s: %s", ErrReview, text.Quote(r.Conversation), text.Quote(id), fmt.Sprintf(format, args...))
	}
	known, notApplicable := make(map[string]bool, len(c.criteria)), make(map[string]bool, len(r.NotApplicable))
	for _, id := range r.NotApplicable {
		notApplicable[id] = true
	}
	for _, crit := range c.criteria {
		known[crit.ID] = true
		mark, marked := r.Marks[crit.ID]
		switch excused := notApplicable[crit.ID]; {
		case marked && excused:
			return fault(crit.ID, "marked %d, and said not to apply", mark)
		case !marked && !excused:
			return fault(crit.ID, "no mark")
		case marked && (mark < crit.Min || mark > crit.Max):
			return fault(crit.ID, "mark %d, want %d to %d", mark, crit.Min, crit.Max)
		}
	}
	for _, id := range append(slices.Sorted(maps.Keys(r.Marks)), r.NotApplicable...) {
		if !known[id] {
			return fault(id, "not on the scorecard")
		}
	}
	return nil
}
