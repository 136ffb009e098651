package survey

import (
	"fmt"
	"math"
	"slices"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Missing stands for an answer that was not given, in rows of answers.
const Missing = math.MinInt

// Item is a question of a questionnaire.
type Item struct {
	Name      string `json:"name"`
	Dimension string `json:"dimension,omitzero"` // what it is about; empty if it counts in the whole only
	Reversed  bool   `json:"reversed,omitzero"`  // worded against the others: its answers are mirrored
}

// Questionnaire is several questions on one scale, whose answers are taken
// together: a row is what one respondent answered, in the order of the items, with
// [Missing] where nothing was.
//
// One rule holds for missing answers in scores: a respondent has a score of a
// dimension if at least half of its items were answered, namely the mean of those.
// No answer is ever made up.
type Questionnaire struct {
	Name   string `json:"name"`
	Source string `json:"source,omitzero"`
	Scale  Scale  `json:"scale"`
	Items  []Item `json:"items"`
}

// Check returns an error that wraps [ErrScale] or [ErrDefinition] unless q has a
// scale and at least one item.
func (q Questionnaire) Check() error {
	if err := q.Scale.Check(); err != nil {
		return fmt.Errorf("questionnaire %q: %w", q.Name, err)
	}
	if len(q.Items) == 0 {
		return fmt.Errorf("%w: questionnaire %q has no items", ErrDefinition, q.Name)
	}
	return nil
}

// Dimensions returns the names of the dimensions in the order of their first
// items.
func (q Questionnaire) Dimensions() []string {
	var names []string
	for _, item := range q.Items {
		if item.Dimension != "" && !slices.Contains(names, item.Dimension) {
			names = append(names, item.Dimension)
		}
	}
	return names
}

// checkRow reports a row that does not fit the questionnaire.
func (q Questionnaire) checkRow(row []int) error {
	if len(row) != len(q.Items) {
		return fmt.Errorf("%w: %d answers to the %d items of %q", ErrCount, len(row), len(q.Items), q.Name)
	}
	for i, v := range row {
		if v != Missing && !q.Scale.Has(v) {
			return fmt.Errorf("%w: %d to %q, want %v", ErrOffScale, v, q.Items[i].Name, q.Scale)
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

// DimensionScore is what one respondent's answers to a dimension come to.
type DimensionScore struct {
	Dimension string     `json:"dimension"` // empty for the whole questionnaire
	Items     int        `json:"items"`     // how many it has
	Answered  int        `json:"answered"`  // of how many the score is made
	Value     stat.Ratio `json:"value"`     // the mean answer, exact; not defined if fewer than half were answered
}

// String returns the mean answer and to how many of the items, such as
// "speed 4.00 (2 of 3 items)".
func (s DimensionScore) String() string {
	value, ok := s.Value.Float64()
	if !ok {
		return fmt.Sprintf("%s: no score (%d of %d items)", whole(s.Dimension), s.Answered, s.Items)
	}
	return fmt.Sprintf("%s %s (%d of %d items)", whole(s.Dimension), number(value), s.Answered, s.Items)
}

// Score returns the scores of one respondent: one for each dimension, and, last,
// one for the whole questionnaire, which is the mean of all items answered, and
// defined only if at least half were and all dimensions are. The error wraps [ErrScale], [ErrDefinition],
// [ErrCount] or [ErrOffScale] if q or the row is not right.
func (q Questionnaire) Score(row []int) ([]DimensionScore, error) {
	if err := q.checkRows([][]int{row}); err != nil {
		return nil, err
	}
	return q.score(row), nil
}

func (q Questionnaire) score(row []int) []DimensionScore {
	names := q.Dimensions()
	scores := make([]DimensionScore, len(names)+1)
	total := &scores[len(names)]
	for d, name := range names {
		scores[d].Dimension = name
	}
	for i, v := range row {
		for d := range scores {
			s := &scores[d]
			if s != total && s.Dimension != q.Items[i].Dimension {
				continue
			}
			s.Items++
			if v != Missing {
				s.Answered++
				s.Value.Part += int64(q.keyed(i, v))
			}
		}
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

// Answers returns the answers to each item, those to reversed items mirrored, with
// missing ones counted as [Unanswered]. The errors are those of Score, with the
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
				list[i].LeaveOut(Unanswered)
			} else if err := list[i].Add(q.keyed(i, row[i])); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// Favour is how favourable the answers to a dimension are.
type Favour struct {
	Dimension string  `json:"dimension"` // empty for the whole questionnaire
	Items     int     `json:"items"`     // how many it has that anybody answered
	Share     float64 `json:"share"`     // the mean of the items' shares of favourable answers, 0 to 1
}

// String returns the share in percent, such as "speed 62.5 % favourable (items: 3)".
func (f Favour) String() string {
	return fmt.Sprintf("%s %.1f %% favourable (items: %d)", whole(f.Dimension), 100*f.Share, f.Items)
}

// Favourable returns the share of favourable answers to each item, as an index by
// the definition ([Favourable] or one's own on the scale of q), and that of each
// dimension and, last, of the whole questionnaire: by convention the mean of the
// items' shares. Items that nobody answered have the zero Index and are left out of
// the mean; a dimension of which nobody answered any item is left out.
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
			return nil, nil, fmt.Errorf("item %q: %w", q.Items[i].Name, err)
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
		return nil, nil, fmt.Errorf("%w to %q", ErrNoAnswers, q.Name)
	}
	return indices, kept, nil
}
