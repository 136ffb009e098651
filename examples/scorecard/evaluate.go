package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/servicequality/servicequality/rating"
)

// result is everything that is printed.
type result struct {
	input         *input
	level         float64
	explain       bool // whether the text has the statistics of agreement, and the methods
	conversations int
	agents        []agent // everybody first
	calibrations  []rating.Calibration
	assessment    rating.Assessment
	criteria      []criterion
	failures      []failure
}

// agent sums up the conversations of one agent.
type agent struct {
	name  string
	tally rating.ReviewTally
}

// evaluate scores all reviews. A conversation that several people reviewed
// counts once, by its first review: the others are there to compare reviewers,
// and counting them would make the intervals too narrow.
func evaluate(in *input, level float64) (*result, error) {
	r := &result{input: in, level: level}
	byAgent := make(map[string]*rating.ReviewTally)
	seen := make(map[string]bool)
	reviewers := make(map[string]bool)
	var all rating.ReviewTally
	for i, review := range in.Reviews {
		score, err := in.Scorecard.Score(review)
		if err != nil {
			return nil, fmt.Errorf("review %d: %w", i+1, err)
		}
		reviewers[review.Reviewer] = true
		if seen[review.Conversation] {
			continue
		}
		seen[review.Conversation] = true
		if byAgent[review.Agent] == nil {
			byAgent[review.Agent] = new(rating.ReviewTally)
		}
		if err := errors.Join(byAgent[review.Agent].Add(score), all.Add(score)); err != nil {
			return nil, err
		}
		if len(score.AutoFailed) > 0 {
			r.failures = append(r.failures, failure{review.Conversation, review.Agent, review.Reviewer, score.AutoFailed})
		}
	}
	r.conversations = len(seen)
	r.agents = []agent{{"(all)", all}}
	for _, name := range slices.Sorted(maps.Keys(byAgent)) {
		r.agents = append(r.agents, agent{cmp.Or(name, "(none)"), *byAgent[name]})
	}
	var err error
	if r.calibrations, err = calibrate(in, slices.Sorted(maps.Keys(reviewers)), level); err != nil {
		return nil, err
	}
	r.assessment = in.Ladder.Climb(facts(in, all))
	r.criteria, err = criteriaOf(in)
	return r, err
}

// calibrate compares every two reviewers who have conversations in common.
func calibrate(in *input, reviewers []string, level float64) ([]rating.Calibration, error) {
	who := make(map[string]map[string]bool) // reviewers of a conversation
	for _, review := range in.Reviews {
		if who[review.Conversation] == nil {
			who[review.Conversation] = make(map[string]bool)
		}
		who[review.Conversation][review.Reviewer] = true
	}
	var found []rating.Calibration
	for i, first := range reviewers {
		for _, second := range reviewers[i+1:] {
			common := false
			for _, names := range who {
				common = common || names[first] && names[second]
			}
			if !common {
				continue
			}
			c, err := in.Scorecard.Calibrate(in.Reviews, first, second, level)
			if err != nil {
				return nil, err
			}
			found = append(found, c)
		}
	}
	return found, nil
}

// facts are those of the file, and the shares of conversations that passed and
// that auto-failed.
func facts(in *input, all rating.ReviewTally) rating.Facts {
	f := maps.Clone(in.Facts)
	if f == nil {
		f = make(rating.Facts)
	}
	f["passed"], f["auto_failed"] = all.Passed(), all.AutoFailed()
	return f
}
