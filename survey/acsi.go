package survey

import (
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Satisfaction is an ACSI-style index.
type Satisfaction struct {
	N       int64         `json:"n"`       // respondents who answered all three
	Means   [3]float64    `json:"means"`   // of the three questions, 1 to 10
	Weights [3]float64    `json:"weights"` // as used: they add up to 1
	Score   stat.Interval `json:"score"`   // 0 to 100, with the 95 % t interval over respondents; its level is 0 if N is 1
	LeftOut LeftOut       `json:"left_out,omitzero"`
}

// String returns the index, such as
//
//	satisfaction index 50.0 of 100, 95 % 0.0 to 100.0, n = 2 (left out: 1 unanswered)
func (s Satisfaction) String() string {
	if s.N == 0 {
		return "no answers"
	}
	ends := ""
	if s.Score.Level != 0 {
		ends = fmt.Sprintf(", 95 %% %.1f to %.1f", s.Score.Low, s.Score.High)
	}
	return fmt.Sprintf("satisfaction index %.1f of 100%s, n = %d%s", s.Score.Estimate, ends, s.N, s.LeftOut.note())
}

// ACSI returns the index of satisfaction in the style of the American Customer
// Satisfaction Index, from three answers of each respondent on a scale from 1 to
// 10: satisfaction overall, performance against expectations, and closeness to the
// ideal.
//
//	ACSI = Σ wᵢ(x̄ᵢ − 1) / (9·Σ wᵢ) · 100
//
// Source: Fornell, Johnson, Anderson, Cha and Bryant (1996), Journal of Marketing
// 60(4):7. Only the proportions of the weights matter; three zeros are read as equal
// weights. The weights of the published index are estimated for each company and are
// not public, so the scores cannot be compared with it. A respondent with a [Missing]
// answer is left out as [Unanswered].
//
// The error wraps [ErrDefinition] if a weight is negative or not finite,
// [ErrOffScale] if an answer is not from 1 to 10, with the number of the row, and
// [ErrNoAnswers] if nobody answered all three.
func ACSI(rows [][3]int, weights [3]float64) (Satisfaction, error) {
	s := Satisfaction{Weights: weights}
	if weights == ([3]float64{}) {
		s.Weights = [3]float64{1, 1, 1}
	}
	largest := max(s.Weights[0], s.Weights[1], s.Weights[2])
	for _, w := range weights {
		if !(w >= 0) || math.IsInf(largest, 1) {
			return Satisfaction{}, fmt.Errorf("%w: ACSI weights %v", ErrDefinition, weights)
		}
	}
	var sum float64
	for i := range s.Weights {
		s.Weights[i] /= largest
		sum += s.Weights[i]
	}
	for i := range s.Weights {
		s.Weights[i] /= sum
	}
	scale := OneTo(10)
	var scores []float64
	var totals [3]int64
	for n, row := range rows {
		var score float64
		complete := true
		for i, v := range row {
			if v != Missing && !scale.Has(v) {
				return Satisfaction{}, fmt.Errorf("row %d: %w: %d, want %v", n, ErrOffScale, v, scale)
			}
			complete = complete && v != Missing
			score += s.Weights[i] * float64(v-1)
		}
		if !complete {
			s.LeftOut.leave(Unanswered)
			continue
		}
		for i, v := range row {
			totals[i] += int64(v)
		}
		scores = append(scores, score/9*100)
	}
	if len(scores) == 0 {
		return Satisfaction{}, fmt.Errorf("%w to all three questions of ACSI", ErrNoAnswers)
	}
	s.N = int64(len(scores))
	for i, total := range totals {
		s.Means[i] = float64(total) / float64(s.N)
	}
	var err error
	s.Score, _, err = meanOf(scores, 0, 100)
	return s, err
}
