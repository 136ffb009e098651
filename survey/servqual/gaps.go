package servqual

import (
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/survey"
)

// ItemGap is the gap of one item over respondents. The means of Expected and Perceived are
// over respondents who gave that answer, the mean of Gap over those who gave both.
type ItemGap struct {
	Number    int       `json:"number"` // 1 to 22
	Dimension Dimension `json:"dimension"`
	Expected  Mean      `json:"expected"`
	Perceived Mean      `json:"perceived"`
	Gap       Mean      `json:"gap"` // perceived minus expected; below 0, service falls short
}

// DimensionGap is the gap of one dimension over respondents.
type DimensionGap struct {
	Dimension  Dimension `json:"dimension"`
	Expected   Mean      `json:"expected"`
	Perceived  Mean      `json:"perceived"` // the SERVPERF score of the dimension
	Gap        Mean      `json:"gap"`
	Importance Mean      `json:"importance"` // points of 100; N is 0 if nobody was asked
}

// String returns the gap of the item, such as
//
//	item 22 (empathy): gap −1.00 (95 % −13.71 to 11.71, n = 2)
func (g ItemGap) String() string {
	return fmt.Sprintf("item %d (%v): gap %v", g.Number, g.Dimension, g.Gap)
}

// String returns the gap of the dimension, such as
//
//	tangibles: gap −0.50 (95 % −6.85 to 5.85, n = 2)
func (g DimensionGap) String() string { return fmt.Sprintf("%v: gap %v", g.Dimension, g.Gap) }

// RespondentGap has the gaps of one respondent. A value is meaningful only if its Has
// field is true.
type RespondentGap struct {
	Index         int                 `json:"index"` // the position among those given
	Dimensions    [Dimensions]float64 `json:"dimensions"`
	HasDimensions [Dimensions]bool    `json:"has_dimensions"`
	Unweighted    float64             `json:"unweighted"`
	HasUnweighted bool                `json:"has_unweighted"`
	Weighted      float64             `json:"weighted"`
	HasWeighted   bool                `json:"has_weighted"`
}

// String returns the gaps, such as "respondent 1: gap −0.80, weighted −0.90".
func (g RespondentGap) String() string {
	text := fmt.Sprintf("respondent %d: ", g.Index)
	if !g.HasUnweighted {
		return text + "too few answers"
	}
	text += "gap " + number(g.Unweighted)
	if g.HasWeighted {
		text += ", weighted " + number(g.Weighted)
	}
	return text
}

// Result is the outcome of a study of expectations and perceptions.
type Result struct {
	Study       Study                    `json:"study"`
	Items       [Items]ItemGap           `json:"items"`
	Dimensions  [Dimensions]DimensionGap `json:"dimensions"`
	Respondents []RespondentGap          `json:"respondents"`

	// Unweighted is the mean over respondents of the mean of their five gaps.
	Unweighted Mean `json:"unweighted"`
	// Weighted is the mean over respondents of their gaps weighted by their own
	// importance points, Σ points·gap/100, which differs from the mean gaps weighted
	// by the mean points. N is 0 if nobody gave points.
	Weighted Mean `json:"weighted"`

	// Servperf is the mean over respondents of the mean of their five perceptions.
	// WeightedServperf weights the five by importance points, and ServperfItems is
	// the mean of all items answered, which weights each dimension by its number of
	// items (Cronin & Taylor 1992).
	Servperf         Mean `json:"servperf"`
	WeightedServperf Mean `json:"weighted_servperf"`
	ServperfItems    Mean `json:"servperf_items"`

	// LeftOut counts respondents without an unweighted gap as TooFewItems, and those
	// with one but with unusable importance points as BadPoints. Both still count in
	// the items and dimensions that they answered.
	LeftOut survey.LeftOut `json:"left_out,omitzero"`
}

// String returns the overall gap, weighted too if importance points were given, such
// as
//
//	gap −0.50 (95 % −4.31 to 3.31, n = 2), by importance −0.70 (95 % −3.24 to 1.84, n = 2)
func (r Result) String() string {
	text := "no respondents"
	if r.Unweighted.N > 0 {
		text = fmt.Sprintf("gap %v", r.Unweighted)
	}
	if r.Weighted.N > 0 {
		text += fmt.Sprintf(", by importance %v", r.Weighted)
	}
	if !r.LeftOut.IsZero() {
		text += fmt.Sprintf(" (left out: %v)", r.LeftOut)
	}
	return text
}

// Measure returns the gaps between perceptions and expectations. The error wraps
// [survey.ErrScale] if the study has no proper scale; [survey.ErrOffScale] if an
// answer is not on it, with the position of the respondent; and [ErrNoRespondents] if
// nobody has a gap of all five dimensions.
func (s Study) Measure(respondents []Respondent) (Result, error) {
	if err := s.scale().Check(); err != nil {
		return Result{}, err
	}
	r := Result{Study: s}
	r.Study.Scale = s.scale()
	var all tables
	var few, bad int64
	for i := range respondents {
		given := respondents[i]
		if err := s.check(i, map[string]*Column{"expected": &given.Expected, "perceived": &given.Perceived}); err != nil {
			return Result{}, err
		}
		expected, perceived := s.keyed(given.Expected), s.keyed(given.Perceived)
		gaps := score(difference(&perceived, &expected))
		p := score(one(&perceived))
		all.expected.add(score(one(&expected)))
		all.perceived.add(p)
		all.gaps.add(gaps)

		shares, asked, ok := s.points(given.Importance)
		own := RespondentGap{Index: i, Dimensions: gaps.dimension, HasDimensions: gaps.hasDimension}
		if own.Unweighted, own.HasUnweighted = gaps.overall(); own.HasUnweighted {
			all.unweighted.add(own.Unweighted)
		} else {
			few++
		}
		performance, hasPerformance := p.overall()
		if hasPerformance {
			all.servperf.add(performance)
			all.items.add(p.mean())
		}
		switch {
		case asked && !ok:
			if own.HasUnweighted {
				bad++
			}
		case ok:
			for d, share := range shares {
				all.importance[d].add(100 * share)
			}
			if own.HasUnweighted {
				own.Weighted, own.HasWeighted = gaps.weighted(shares), true
				all.weighted.add(own.Weighted)
			}
			if hasPerformance {
				all.weightedServperf.add(p.weighted(shares))
			}
		}
		r.Respondents = append(r.Respondents, own)
	}
	if len(all.unweighted) == 0 {
		return Result{}, fmt.Errorf("%w: of %d", ErrNoRespondents, len(respondents))
	}
	all.means(&r)
	return r, errors.Join(r.LeftOut.Add(survey.TooFewItems, few), r.LeftOut.Add(survey.BadPoints, bad))
}

// mean returns the mean of the items that have a value.
func (s scores) mean() float64 {
	var sum, n float64
	for i, v := range s.item {
		if s.hasItem[i] {
			sum += v
			n++
		}
	}
	return sum / n
}

// table holds the values of all respondents by item and dimension.
type table struct {
	items      [Items]sample
	dimensions [Dimensions]sample
}

func (t *table) add(s scores) {
	for i, v := range s.item {
		if s.hasItem[i] {
			t.items[i].add(v)
		}
	}
	for d, v := range s.dimension {
		if s.hasDimension[d] {
			t.dimensions[d].add(v)
		}
	}
}

// tables holds the values of all respondents.
type tables struct {
	expected, perceived, gaps                               table
	importance                                              [Dimensions]sample
	unweighted, weighted, servperf, weightedServperf, items sample
}

// means fills in the means of the result.
func (t *tables) means(r *Result) {
	type pair struct {
		to   *Mean
		from sample
	}
	pairs := []pair{
		{&r.Unweighted, t.unweighted}, {&r.Weighted, t.weighted}, {&r.Servperf, t.servperf},
		{&r.WeightedServperf, t.weightedServperf}, {&r.ServperfItems, t.items},
	}
	for i := range r.Items {
		x := &r.Items[i]
		x.Number = i + 1
		x.Dimension = dimensionOf(i + 1)
		pairs = append(pairs, pair{&x.Expected, t.expected.items[i]}, pair{&x.Perceived, t.perceived.items[i]}, pair{&x.Gap, t.gaps.items[i]})
	}
	for d := range r.Dimensions {
		x := &r.Dimensions[d]
		x.Dimension = Dimension(d)
		pairs = append(pairs, pair{&x.Expected, t.expected.dimensions[d]}, pair{&x.Perceived, t.perceived.dimensions[d]},
			pair{&x.Gap, t.gaps.dimensions[d]}, pair{&x.Importance, t.importance[d]})
	}
	for _, p := range pairs {
		*p.to = p.from.mean()
	}
}
