package main

import (
	"cmp"
	"slices"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/rating"
	"github.com/shopspring/decimal"
)

// criterion is how conversations were marked by one line of the scorecard.
type criterion struct {
	rating.Criterion
	tally rating.ReviewTally // of the reviews to which it applies, from 0 to 100 by itself
}

// label names a criterion.
func label(c rating.Criterion) string { return cmp.Or(c.Name, c.ID) }

// labelOf names the criterion with an ID, as it can be printed.
func (r *result) labelOf(id string) string {
	i := slices.IndexFunc(r.criteria, func(c criterion) bool { return c.ID == id })
	return plain.Name(label(r.criteria[i].Criterion))
}

// criteriaOf scores each criterion by itself, over the first review of each conversation.
func criteriaOf(in *input) ([]criterion, error) {
	var all []criterion
	for _, c := range in.Scorecard.Criteria() {
		alone := c
		alone.Weight = decimal.NewFromInt(1) // one without a weight has marks all the same
		card, err := rating.NewScorecard(in.Scorecard.PassMark(), alone)
		if err != nil {
			return nil, err
		}
		found := criterion{Criterion: c}
		for _, review := range in.first() {
			if slices.Contains(review.NotApplicable, c.ID) {
				continue
			}
			score, err := card.Score(rating.Review{Conversation: review.Conversation, Marks: map[string]int{c.ID: review.Marks[c.ID]}})
			if err != nil {
				return nil, err
			}
			if err := found.tally.Add(score); err != nil {
				return nil, err
			}
		}
		all = append(all, found)
	}
	return all, nil
}

// first returns the first review of each conversation.
func (in *input) first() (all []rating.Review) {
	seen := make(map[string]bool)
	for _, review := range in.Reviews {
		if !seen[review.Conversation] {
			seen[review.Conversation] = true
			all = append(all, review)
		}
	}
	return all
}

// failure is a conversation that failed at once.
type failure struct {
	conversation, agent, reviewer string
	criteria                      []string
}
