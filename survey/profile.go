package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// DimensionMean is the mean score of a dimension over respondents.
type DimensionMean struct {
	Dimension string `json:"dimension"` // empty for the whole questionnaire
	N         int64  `json:"n"`         // respondents with a score
	// Mean has the 95 % t interval over respondents, clamped to the scale. Its level
	// is 0 if N is 1: there is no interval.
	Mean stat.Interval `json:"mean"`
	SD   float64       `json:"sd"` // of the scores; 0 if there is only one
}

// String returns the mean with its interval and n, such as
//
//	speed 3.50 (95 % 2.32 to 4.68, n = 8)
func (m DimensionMean) String() string {
	switch {
	case m.N == 0:
		return whole(m.Dimension) + ": no scores"
	case m.Mean.Level == 0:
		return fmt.Sprintf("%s %s (n = %d)", whole(m.Dimension), number(m.Mean.Estimate), m.N)
	}
	return fmt.Sprintf("%s %s (95 %% %s to %s, n = %d)", whole(m.Dimension), number(m.Mean.Estimate), number(m.Mean.Low), number(m.Mean.High), m.N)
}

// whole returns the dimension, or a name for the whole questionnaire if it is empty.
func whole(dimension string) string {
	if dimension == "" {
		return "all items"
	}
	return dimension
}

// Profile is how a group scored on a questionnaire, unless it is suppressed.
type Profile struct {
	Group      string          `json:"group"`
	Suppressed bool            `json:"suppressed,omitzero"` // too few respondents: everything else is empty
	N          int64           `json:"n,omitzero"`          // respondents with a score of the whole questionnaire
	Dimensions []DimensionMean `json:"dimensions,omitzero"` // the last is the whole questionnaire; empty if N is 0
	LeftOut    LeftOut         `json:"left_out,omitzero"`   // respondents without a score of the whole; only for all together
}

// String returns the means in one line, such as
//
//	chat, n = 8: speed 3.50, all items 3.42
func (p Profile) String() string {
	switch {
	case p.Suppressed:
		return p.Group + ": not shown, too few respondents"
	case p.N == 0:
		return p.Group + ": no scores"
	}
	var means []string
	for _, m := range p.Dimensions {
		means = append(means, whole(m.Dimension)+" "+number(m.Mean.Estimate))
	}
	return fmt.Sprintf("%s, n = %d: %s%s", p.Group, p.N, strings.Join(means, ", "), p.LeftOut.note())
}

// Profile returns the mean scores of each group, in the order of the names, and last of
// all together under the name "all". groups has the rows of each group.
// Groups with fewer than minimum respondents are suppressed, and so is what would
// give them away; see [MeasureGroups]. A minimum of 0 is read as 5, and 1 suppresses
// nothing. A respondent counts in all dimensions or in none: those who answered
// fewer than half of the items of a dimension are left out as [TooFewItems].
//
// The error wraps [ErrNoAnswers] if nobody has a score, and otherwise those of
// [Questionnaire.Score], with the name of the group and the number of the row.
func (q Questionnaire) Profile(minimum int64, groups map[string][][]int) ([]Profile, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(groups))
	sizes := make([]int64, len(names))
	scores := make([][][]DimensionScore, len(names))
	var all [][]DimensionScore
	var leftOut LeftOut
	score := q.scorer()
	for i, name := range names {
		for n, row := range groups[name] {
			if err := q.checkRow(row); err != nil {
				return nil, fmt.Errorf("group %s: row %d: %w", text.Quote(name), n, err)
			}
			if s := score(row); s[len(s)-1].Value.Defined() {
				scores[i] = append(scores[i], s)
			} else {
				leftOut.leave(TooFewItems)
			}
		}
		sizes[i] = int64(len(scores[i]))
		all = append(all, scores[i]...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w to %s", ErrNoAnswers, text.Quote(q.Name))
	}
	hide, hideAll := suppress(minimum, sizes...)
	var list []Profile
	for i, name := range append(names, "all") {
		p := Profile{Group: name}
		var err error
		if i < len(names) {
			p.Suppressed = hide[i]
			err = p.fill(q, scores[i])
		} else if p.Suppressed = hideAll; !hideAll {
			p.LeftOut = leftOut
			err = p.fill(q, all)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// fill sets the means of the scores of a group that is shown.
func (p *Profile) fill(q Questionnaire, scores [][]DimensionScore) error {
	if p.Suppressed || len(scores) == 0 {
		return nil
	}
	p.N = int64(len(scores))
	for d := range scores[0] {
		values := make([]float64, len(scores))
		for i := range scores {
			values[i], _ = scores[i][d].Value.Float64()
		}
		m, sd, err := meanOf(values, float64(q.Scale.Min), float64(q.Scale.Max))
		if err != nil {
			return err
		}
		p.Dimensions = append(p.Dimensions, DimensionMean{Dimension: scores[0][d].Dimension, N: p.N, Mean: m, SD: sd})
	}
	return nil
}

// meanOf returns the mean of values with its t interval, clamped to low…high, and their
// standard deviation. For one value the interval has a level of 0.
func meanOf(values []float64, low, high float64) (mean stat.Interval, sd float64, err error) {
	s, err := stat.Describe(values)
	if err != nil {
		return stat.Interval{}, 0, err
	}
	if s.N == 1 {
		return stat.Interval{Estimate: s.Mean}, 0, nil
	}
	iv, err := s.Interval(Level)
	iv.Low, iv.High = max(iv.Low, low), min(iv.High, high)
	return iv, s.SD(), err
}
