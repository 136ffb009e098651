package survey

import (
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Missing stands for an answer that was not given in a row of answers.
const Missing = math.MinInt

// Item is a question of a questionnaire.
type Item struct {
	Name      string `json:"name"`
	Dimension string `json:"dimension,omitzero"` // what it is about; empty if it counts only in the whole
	Reversed  bool   `json:"reversed,omitzero"`  // worded the other way: its answers are mirrored
}

// maxItems is the largest number of items of a questionnaire.
const maxItems = 1000

// Questionnaire is several questions, at most 1,000, on one scale that make up a score. A
// row is what one respondent answered, in the order of the items, with [Missing] for no
// answer.
//
// A respondent who answered at least half of the items of a dimension has a score for
// it: the mean of those answers. Missing answers are never filled in.
type Questionnaire struct {
	Name   string `json:"name"`
	Source string `json:"source,omitzero"`
	Scale  Scale  `json:"scale"`
	Items  []Item `json:"items"`
}

// Check returns an error that wraps [ErrScale] unless q has a valid scale, and
// [ErrDefinition] unless it has from 1 to 1,000 items.
func (q Questionnaire) Check() error {
	if err := q.Scale.Check(); err != nil {
		return fmt.Errorf("questionnaire %s: %w", text.Quote(q.Name), err)
	}
	if len(q.Items) == 0 {
		return fmt.Errorf("%w: questionnaire %s has no items", ErrDefinition, text.Quote(q.Name))
	}
	if len(q.Items) > maxItems {
		return fmt.Errorf("%w: questionnaire %s has %d items, want %d at most", ErrDefinition, text.Quote(q.Name), len(q.Items), maxItems)
	}
	return nil
}

// Dimensions returns the names of the dimensions in the order of their first
// items.
func (q Questionnaire) Dimensions() []string {
	names, _ := q.dimensions()
	return names
}

// dimensions returns the names of the dimensions, and the position among them of that of
// each item: −1 for an item that has none.
func (q Questionnaire) dimensions() (names []string, of []int) {
	place := map[string]int{"": -1}
	of = make([]int, len(q.Items))
	for i, item := range q.Items {
		d, known := place[item.Dimension]
		if !known {
			d = len(names)
			place[item.Dimension] = d
			names = append(names, item.Dimension)
		}
		of[i] = d
	}
	return names, of
}

// checkRow reports a row that does not fit the questionnaire.
func (q Questionnaire) checkRow(row []int) error {
	if len(row) != len(q.Items) {
		return fmt.Errorf("%w: %d answers to the %d items of %s", ErrCount, len(row), len(q.Items), text.Quote(q.Name))
	}
	for i, v := range row {
		if v != Missing && !q.Scale.Has(v) {
			return fmt.Errorf("%w: %d to %s, want %v", ErrOffScale, v, text.Quote(q.Items[i].Name), q.Scale)
		}
	}
	return nil
}

// checkRows reports the first row that does not fit.
func (q Questionnaire) checkRows(rows [][]int) error {
	if err := q.Check(); err != nil {
		return err
	}
	for i, row := range rows {
		if err := q.checkRow(row); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
	}
	return nil
}

// keyed returns the answer to item i, mirrored if the item is reversed.
func (q Questionnaire) keyed(i, v int) int {
	if q.Items[i].Reversed {
		return q.Scale.Mirror(v)
	}
	return v
}

// DimensionScore is the score of one respondent for a dimension.
type DimensionScore struct {
	Dimension string     `json:"dimension"` // empty for the whole questionnaire
	Items     int        `json:"items"`     // how many it has
	Answered  int        `json:"answered"`  // how many of them were answered
	Value     stat.Ratio `json:"value"`     // the mean answer, exact; not defined if fewer than half were answered
}

// String returns the score and the number of items answered, such as
// "speed 4.00 (2 of 3 items)".
func (s DimensionScore) String() string {
	value, ok := s.Value.Float64()
	if !ok {
		return fmt.Sprintf("%s: no score (%d of %d items)", whole(s.Dimension), s.Answered, s.Items)
	}
	return fmt.Sprintf("%s %s (%d of %d items)", whole(s.Dimension), number(value), s.Answered, s.Items)
}

// Score returns the scores of one respondent: one for each dimension, and last one for
// the whole questionnaire. The latter is the mean of all items answered; it is defined
// only if at least half of them were and every dimension has a score. The error wraps
// [ErrScale] or [ErrDefinition] if q is not valid, [ErrCount] if the row does not have
// one answer for each item, and [ErrOffScale] if an answer is not on the scale.
func (q Questionnaire) Score(row []int) ([]DimensionScore, error) {
	if err := q.checkRows([][]int{row}); err != nil {
		return nil, err
	}
	return q.scorer()(row), nil
}

// scorer returns what scores a row that fits.
func (q Questionnaire) scorer() func(row []int) []DimensionScore {
	names, of := q.dimensions()
	return func(row []int) []DimensionScore { return q.score(row, names, of) }
}

func (q Questionnaire) score(row []int, names []string, of []int) []DimensionScore {
	scores := make([]DimensionScore, len(names)+1)
	total := &scores[len(names)]
	for d, name := range names {
		scores[d].Dimension = name
	}
	add := func(s *DimensionScore, i, v int) {
		s.Items++
		if v != Missing {
			s.Answered++
			s.Value.Part += int64(q.keyed(i, v))
		}
	}
	for i, v := range row {
		if of[i] >= 0 {
			add(&scores[of[i]], i, v)
		}
		add(total, i, v)
	}
	complete := true
	for d := range scores {
		s := &scores[d]
		enough := 2*s.Answered >= s.Items
		complete = complete && enough
		if s == total {
			enough = complete
		}
		if enough {
			s.Value.Whole = int64(s.Answered)
		} else {
			s.Value = stat.Ratio{}
		}
	}
	return scores
}

// Answers returns the answers to each item. Answers to reversed items are mirrored, and
// missing ones are left out as [Unanswered]. The errors are those of Score, with the
// number of the row.
func (q Questionnaire) Answers(rows [][]int) ([]Answers, error) {
	if err := q.checkRows(rows); err != nil {
		return nil, err
	}
	list := make([]Answers, len(q.Items))
	for i := range list {
		list[i].scale = q.Scale.canonical()
		for _, row := range rows {
			if row[i] == Missing {
				list[i].leftOut.leave(Unanswered)
			} else if k, ok := list[i].scale.index(q.keyed(i, row[i])); ok {
				list[i].counts[k]++
			}
		}
	}
	return list, nil
}

// Favour is the share of favourable answers to a dimension.
type Favour struct {
	Dimension string  `json:"dimension"` // empty for the whole questionnaire
	Items     int     `json:"items"`     // how many of its items anybody answered
	Share     float64 `json:"share"`     // the mean of the items' shares of favourable answers, 0 to 1
}

// String returns the share in percent, such as "speed 62.5 % favourable (items: 3)".
func (f Favour) String() string {
	return fmt.Sprintf("%s %.1f %% favourable (items: %d)", whole(f.Dimension), 100*f.Share, f.Items)
}

// Favourable returns the share of favourable answers to each item, as an index by the
// definition ([Favourable] or another on the scale of q). It also returns the share for
// each dimension and last for the whole questionnaire: by convention, the mean of the
// items' shares. An item without answers has the zero Index and is left out of the
// mean; a dimension without answers is omitted.
//
// The errors are those of Answers and [Measure].
func (q Questionnaire) Favourable(d Definition, rows [][]int) ([]Index, []Favour, error) {
	answers, err := q.Answers(rows)
	if err != nil {
		return nil, nil, err
	}
	names := append(q.Dimensions(), "")
	favour := make([]Favour, len(names))
	indices := make([]Index, len(answers))
	for i, a := range answers {
		if a.N() == 0 {
			continue
		}
		if indices[i], err = Measure(d, a); err != nil {
			return nil, nil, fmt.Errorf("item %s: %w", text.Quote(q.Items[i].Name), err)
		}
		share, _ := indices[i].Value.Float64()
		for f, name := range names {
			if name == "" || name == q.Items[i].Dimension {
				favour[f].Dimension = name
				favour[f].Share += share
				favour[f].Items++
			}
		}
	}
	kept := favour[:0]
	for _, f := range favour {
		if f.Items > 0 {
			f.Share /= float64(f.Items)
			kept = append(kept, f)
		}
	}
	if len(kept) == 0 {
		return nil, nil, fmt.Errorf("%w to %s", ErrNoAnswers, text.Quote(q.Name))
	}
	return indices, kept, nil
}
