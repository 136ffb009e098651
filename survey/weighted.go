package survey

import (
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Weighted returns the index that the question declares, with each answer weighted by
// its Weight. The errors are those of [Measure].
func (r *Responses) Weighted() (WeightedIndex, error) {
	resolved := r.Resolved()
	var cells []weightedCell
	for _, x := range resolved {
		if x.Left == Counted {
			cells = append(cells, weightedCell{x.Value, 1, x.weight()})
		}
	}
	return measureWeighted(r.question.Definition, r.answers(resolved), cells)
}

// Stratum is a part of a population, with its known size and the answers from it.
type Stratum struct {
	Name       string  `json:"name"`
	Population int64   `json:"population"`
	Answers    Answers `json:"answers"`
}

// PostStratify returns the index with the answers of each stratum weighted by its
// population over its number of answers, so that strata in which more people answer
// do not count for more than their size:
//
//	Σ Population·index(stratum) / Σ Population
//
// The errors are those of [Measure] for all answers together. The error also wraps
// [ErrNoAnswers] if a stratum has a population but no answers, [ErrMismatch] if the
// strata have different scales, and [ErrCount] if a Population is negative or above
// 2⁵³.
func PostStratify(d Definition, strata ...Stratum) (WeightedIndex, error) {
	var all Answers
	var cells []weightedCell
	for _, s := range strata {
		if s.Population < 0 || s.Population > maxAnswers {
			return WeightedIndex{}, fmt.Errorf("%w: stratum %s of %d", ErrCount, text.Quote(s.Name), s.Population)
		}
		n := s.Answers.N()
		if n == 0 && s.Population > 0 {
			return WeightedIndex{}, fmt.Errorf("%w in stratum %s", ErrNoAnswers, text.Quote(s.Name))
		}
		if err := all.Merge(s.Answers); err != nil {
			return WeightedIndex{}, fmt.Errorf("stratum %s: %w", text.Quote(s.Name), err)
		}
		for i, c := range s.Answers.counts {
			if c > 0 && s.Population > 0 {
				cells = append(cells, weightedCell{s.Answers.value(i), float64(c), float64(s.Population) / float64(n)})
			}
		}
	}
	return measureWeighted(d, all, cells)
}

// WeightedIndex is an index of weighted answers: an estimate, unlike [Index].
type WeightedIndex struct {
	Definition Definition `json:"definition"`
	Answers    Answers    `json:"answers"` // unweighted
	// EffectiveN is the number of unweighted answers that would be as precise:
	// (Σw)²/Σw² (Kish 1965).
	EffectiveN float64 `json:"effective_n"`
	// Interval is the weighted value with its 95 % interval, in the unit of the
	// Value of an Index: that of an Index of EffectiveN answers. So weights that are
	// all alike change nothing. For a mean its level is 0 if there is only one answer,
	// or one that outweighs all others: there is no interval.
	Interval stat.Interval `json:"interval"`
}

// String returns the value, its interval, n and the effective n, such as
//
//	NPS (weighted) 0.0, 95 % −52.3 to 52.3, n = 8 (effective 6.4)
func (x WeightedIndex) String() string {
	if x.Answers.N() == 0 {
		return "no answers"
	}
	d := x.Definition
	return fmt.Sprintf("%v (weighted) %s%s%s, n = %d (effective %.1f)%s", d, d.shown(x.Interval.Estimate), d.unit(), d.ends(x.Interval),
		x.Answers.N(), x.EffectiveN, x.Answers.leftOut.note())
}

// weightedCell is a number of answers with the same value and weight.
type weightedCell struct {
	value         int
	count, weight float64
}

// measureWeighted measures the index of the cells, which hold the answers of a.
func measureWeighted(d Definition, a Answers, cells []weightedCell) (WeightedIndex, error) {
	if _, err := Measure(d, a); err != nil {
		return WeightedIndex{}, err
	}
	// Only the proportions of weights matter. The largest becomes 1, so that no
	// square leaves float64.
	var largest float64
	for _, c := range cells {
		largest = max(largest, c.weight)
	}
	var sum, squares, total, positive, negative float64
	for i, c := range cells {
		cells[i].weight /= largest
		w := cells[i].weight
		sum += c.count * w
		squares += c.count * w * w
		total += c.count * w * d.score(c.value)
		positive += c.count * w * float64(b2i(d.Positive.Has(c.value)))
		negative += c.count * w * float64(b2i(d.Negative.Has(c.value)))
	}
	if !(sum > 0) {
		return WeightedIndex{}, fmt.Errorf("%w with a weight", ErrNoAnswers)
	}
	mean := total / sum
	x := WeightedIndex{Definition: d, Answers: a, EffectiveN: sum / squares * sum}
	var err error
	switch d.Statistic {
	case PositiveShare:
		x.Interval, err = stat.Weighted{Mean: min(mean, 1), EffectiveN: x.EffectiveN}.ShareInterval(Level, stat.Wilson)
		return x, err
	case NetShare:
		x.Interval, err = stat.WeightedNet{Plus: positive / sum, Minus: negative / sum, EffectiveN: x.EffectiveN}.Interval(Level, stat.AdjustedWald)
		return x, err
	}
	low, high := d.bounds()
	mean = min(max(mean, low), high)
	x.Interval.Estimate = mean
	if x.EffectiveN <= 1 {
		return x, nil
	}
	var spread float64
	for _, c := range cells {
		e := d.score(c.value) - mean
		spread += c.count * c.weight * e * e
	}
	w := stat.Weighted{N: a.N(), EffectiveN: x.EffectiveN, Mean: mean, Variance: spread / (sum - squares/sum)}
	iv, err := w.Interval(Level)
	if errors.Is(err, stat.ErrTooFew) || errors.Is(err, stat.ErrOverflow) {
		return x, nil // as good as one answer: t has no usable quantile
	}
	iv.Low, iv.High = max(iv.Low, low), min(iv.High, high)
	x.Interval = iv
	return x, err
}
