package survey

import (
	"fmt"
	"maps"
	"slices"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Sheet is what one respondent answered to a questionnaire.
type Sheet struct {
	Group   string // a team
	Answers []int  // a row, see Questionnaire
}

// DimensionMean is the mean score of a dimension over respondents.
type DimensionMean struct {
	Dimension string `json:"dimension"` // empty for the whole questionnaire
	N         int64  `json:"n"`         // respondents with a score
	// Mean has the 95 % t interval over respondents, held to the scale; a level
	// of 0 if there is only one.
	Mean stat.Interval `json:"mean"`
	SD   float64       `json:"sd"` // of the scores; 0 if there is only one
}

// GroupProfile is how a group scored, or the fact that it is not shown.
type GroupProfile struct {
	Group      string          `json:"group"`
	Suppressed bool            `json:"suppressed,omitzero"` // too few respondents; there is nothing else
	N          int64           `json:"n,omitzero"`          // respondents with a score of the whole questionnaire
	Dimensions []DimensionMean `json:"dimensions,omitzero"` // those with a score, and the whole questionnaire last
}

// Profile is how groups and all together scored on a questionnaire.
type Profile struct {
	Questionnaire string         `json:"questionnaire"`
	Source        string         `json:"source,omitzero"`
	Groups        []GroupProfile `json:"groups"` // in the order of their names
	All           GroupProfile   `json:"all"`
	LeftOut       LeftOut        `json:"left_out,omitzero"` // respondents without a score of the whole
}

// Profile returns the mean scores by group and of all, from which groups with fewer
// than minimum respondents are suppressed, with as many others as keep them from
// being worked out; see [Suppress]. A minimum of 0 is read as [MinimumGroup], and 1
// suppresses nothing. A respondent counts in all dimensions or in none: one who
// answered fewer than half of the items of a dimension is left out as
// [TooFewItems].
//
// The error wraps [ErrNoAnswers] if nobody has a score, and otherwise those of
// [Questionnaire.Score], with the number of the sheet.
func (q Questionnaire) Profile(minimum int64, sheets ...Sheet) (Profile, error) {
	if err := q.Check(); err != nil {
		return Profile{}, err
	}
	if minimum == 0 {
		minimum = MinimumGroup
	}
	p := Profile{Questionnaire: q.Name, Source: q.Source}
	byGroup := make(map[string][][]Score)
	var all [][]Score
	for i, sheet := range sheets {
		if err := q.checkRow(sheet.Answers); err != nil {
			return Profile{}, fmt.Errorf("sheet %d: %w", i, err)
		}
		scores := q.score(sheet.Answers)
		group := byGroup[sheet.Group]
		if scores[len(scores)-1].Value.Defined() {
			group = append(group, scores)
			all = append(all, scores)
		} else {
			p.LeftOut.Add(TooFewItems, 1)
		}
		byGroup[sheet.Group] = group
	}
	if len(all) == 0 {
		return Profile{}, fmt.Errorf("%w to %q", ErrNoAnswers, q.Name)
	}
	names := slices.Sorted(maps.Keys(byGroup))
	sizes := make([]int64, len(names))
	for i, name := range names {
		sizes[i] = int64(len(byGroup[name]))
	}
	hide, hideAll := Suppress(minimum, sizes...)
	for i, name := range names {
		g, err := q.profile(name, byGroup[name], hide[i])
		if err != nil {
			return Profile{}, err
		}
		p.Groups = append(p.Groups, g)
	}
	var err error
	p.All, err = q.profile("all", all, hideAll)
	return p, err
}

// profile returns the means of the scores of one group.
func (q Questionnaire) profile(name string, scores [][]Score, suppressed bool) (GroupProfile, error) {
	g := GroupProfile{Group: name, Suppressed: suppressed}
	if suppressed || len(scores) == 0 {
		return g, nil
	}
	g.N = int64(len(scores))
	for d := range scores[0] {
		values := make([]float64, len(scores))
		for i := range scores {
			values[i], _ = scores[i][d].Value.Float64()
		}
		m, sd, err := meanOf(values, float64(q.Scale.Min), float64(q.Scale.Max))
		if err != nil {
			return GroupProfile{}, err
		}
		g.Dimensions = append(g.Dimensions, DimensionMean{Dimension: scores[0][d].Dimension, N: g.N, Mean: m, SD: sd})
	}
	return g, nil
}

// meanOf returns the mean of values with its t interval, held to low…high, and
// their standard deviation. Of one value the interval has a level of 0.
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
