package rating

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Calibration tells how far two reviewers agree on the conversations that both
// reviewed.
type Calibration struct {
	First         string `json:"first"`
	Second        string `json:"second"`
	Conversations int    `json:"conversations"` // reviewed by both
	// Score is the ICC(2,1) of the scores. It is the zero Agreement if there are
	// fewer than two conversations, or no two scores differ.
	Score Agreement `json:"score,omitzero"`
	// Criteria are the agreements on each criterion, in the order of the card.
	Criteria []CriterionAgreement `json:"criteria"`
}

// CriterionAgreement tells how far two reviewers agree on one criterion, over
// the conversations in which both said that it applies.
type CriterionAgreement struct {
	Criterion string `json:"criterion"`
	// Same is the share of conversations that got the same mark from both.
	Same stat.Ratio `json:"same"`
	// Disputed is the number of conversations in which one reviewer marked the
	// criterion, and the other said that it does not apply.
	Disputed int `json:"disputed"`
	// Cohen and Quadratic are the kappas of the marks. They are the zero
	// Agreement if kappa has no value: with fewer than two conversations, or if
	// every mark is the same.
	Cohen     Agreement `json:"cohen,omitzero"`
	Quadratic Agreement `json:"quadratic,omitzero"`
}

// Calibrate compares two reviewers over the conversations that both reviewed;
// the reviews of others are ignored. To compare more than two reviewers at once,
// give their scores to [ICC].
//
// The error is that of [Scorecard.Score], in a [*PartError], if a review of
// either does not fit the card; it wraps [ErrReview] if one reviewed the same
// conversation twice or the two are the same, [stat.ErrNoData] if they have no
// conversation in common, and [stat.ErrLevel].
func (c Scorecard) Calibrate(reviews []Review, first, second string, level float64) (Calibration, error) {
	if !(level > 0 && level < 1) {
		return Calibration{}, fmt.Errorf("rating: calibration: %w: %v", stat.ErrLevel, level)
	}
	if first == second {
		return Calibration{}, fmt.Errorf("%w: calibration of %s with the same reviewer", ErrReview, text.Quote(first))
	}
	pairs, err := c.pairs(reviews, first, second)
	if err != nil {
		return Calibration{}, err
	}
	if len(pairs) == 0 {
		return Calibration{}, fmt.Errorf("rating: calibration: %w: no conversation reviewed by both %s and %s", stat.ErrNoData, text.Quote(first), text.Quote(second))
	}
	result := Calibration{First: first, Second: second, Conversations: len(pairs)}
	scores := make([][]float64, len(pairs))
	for i, p := range pairs {
		scores[i] = p.scores[:]
	}
	result.Score = agreementOrNone(ICC(scores, level))
	for _, crit := range c.criteria {
		a := CriterionAgreement{Criterion: crit.ID}
		var marks [2][]int
		for _, p := range pairs {
			one, ok1 := p.reviews[0].Marks[crit.ID]
			two, ok2 := p.reviews[1].Marks[crit.ID]
			switch {
			case ok1 && ok2:
				marks[0], marks[1] = append(marks[0], one), append(marks[1], two)
				a.Same.Whole++
				if one == two {
					a.Same.Part++
				}
			case ok1 != ok2:
				a.Disputed++
			}
		}
		a.Cohen = agreementOrNone(Kappa(marks[0], marks[1], CohenKappa, level))
		a.Quadratic = agreementOrNone(Kappa(marks[0], marks[1], QuadraticKappa, level))
		result.Criteria = append(result.Criteria, a)
	}
	return result, nil
}

// agreementOrNone returns the zero Agreement if the data have none.
func agreementOrNone(a Agreement, err error) Agreement {
	if err != nil {
		return Agreement{}
	}
	return a
}

// reviewPair is one conversation reviewed by two.
type reviewPair struct {
	reviews [2]Review
	scores  [2]float64
	have    [2]bool
}

// pairs returns the conversations that both reviewed, in the order in which
// they first come.
func (c Scorecard) pairs(reviews []Review, first, second string) ([]*reviewPair, error) {
	byConversation := make(map[string]*reviewPair)
	var order []*reviewPair
	for i, r := range reviews {
		who := 0
		switch r.Reviewer {
		case first:
		case second:
			who = 1
		default:
			continue
		}
		s, err := c.Score(r)
		if err != nil {
			return nil, &PartError{"review", i, r.Conversation, err}
		}
		p := byConversation[r.Conversation]
		if p == nil {
			p = new(reviewPair)
			byConversation[r.Conversation] = p
			order = append(order, p)
		}
		if p.have[who] {
			return nil, &PartError{"review", i, r.Conversation, fmt.Errorf("%w: %s reviewed it twice", ErrReview, text.Quote(r.Reviewer))}
		}
		p.reviews[who], p.scores[who], p.have[who] = r, s.Score.Float64(), true
	}
	both := order[:0]
	for _, p := range order {
		if p.have[0] && p.have[1] {
			both = append(both, p)
		}
	}
	return both, nil
}
