package servqual

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
)

// ErrNoRespondents reports that nobody gave enough answers. The other errors of this
// package wrap those of package survey.
var ErrNoRespondents = errors.New("servqual: no respondents with a score")

// Column is one column of the questionnaire: the answers to the 22 items in order, as
// they were given; reversed items are mirrored later. [survey.Missing] stands for no
// answer. The zero value holds 22 answers of 0, which is not on the usual scale.
type Column [Items]int

// MarshalJSON implements [json.Marshaler]: 22 numbers, or null for a missing answer.
func (c Column) MarshalJSON() ([]byte, error) {
	var w [Items]*int
	for i := range c {
		if c[i] != survey.Missing {
			w[i] = &c[i]
		}
	}
	return json.Marshal(w)
}

// UnmarshalJSON implements [json.Unmarshaler]. The JSON must have 22 whole numbers or
// nulls; errors wrap [survey.ErrMalformed].
func (c *Column) UnmarshalJSON(data []byte) error {
	var w []*int
	if _, err := text.DecodeJSON(data, &w); err != nil {
		return fmt.Errorf("%w column: %w", survey.ErrMalformed, err)
	}
	if len(w) != Items {
		return fmt.Errorf("%w column: %d answers, want %d", survey.ErrMalformed, len(w), Items)
	}
	var read Column
	for i, v := range w {
		if read[i] = survey.Missing; v != nil {
			read[i] = *v
		}
		if v != nil && *v == survey.Missing {
			return fmt.Errorf("%w column: answer %d is %d", survey.ErrMalformed, i+1, *v)
		}
	}
	*c = read
	return nil
}

// Respondent is what one customer answered.
type Respondent struct {
	Expected  Column `json:"expected"`  // of excellent service
	Perceived Column `json:"perceived"` // of this service
	// Importance is how 100 points were divided over the dimensions; all zeros if
	// the respondent was not asked.
	Importance [Dimensions]float64 `json:"importance"`
}

// Study says how a questionnaire was made. The zero value is the usual one: the
// refined form of 1991, answers from 1 to 7, points that add up to 100.
type Study struct {
	// Form1988 says that the first form was used, in which items 10–13 and 18–22
	// are worded negatively, in expectations and perceptions alike. Their answers
	// are mirrored: 8 − x on 1 to 7.
	Form1988 bool `json:"form_1988"`
	// Scale is the scale of all answers; the zero value is read as 1 to 7.
	Scale survey.Scale `json:"scale,omitzero"`
	// NormalisePoints reads importance points as proportions if they do not add up
	// to 100, to within 0.05. Otherwise a respondent who gave such points has no
	// weighted gap, and is counted as survey.BadPoints.
	NormalisePoints bool `json:"normalise_points,omitzero"`
}

func (s Study) scale() survey.Scale {
	if s.Scale == (survey.Scale{}) {
		return survey.OneTo(7)
	}
	return s.Scale
}

// check reports an answer of respondent i that is not on the scale. Columns are
// named for the error.
func (s Study) check(i int, columns map[string]*Column) error {
	scale := s.scale()
	for _, name := range []string{"expected", "perceived", "desired", "adequate"} {
		c := columns[name]
		if c == nil {
			continue
		}
		for item, v := range c {
			if v != survey.Missing && !scale.Has(v) {
				return fmt.Errorf("respondent %d: %w: %d %s of item %d, want %v", i, survey.ErrOffScale, v, name, item+1, scale)
			}
		}
	}
	return nil
}

// keyed returns the answers with those to reversed items mirrored.
func (s Study) keyed(c Column) Column {
	for i, v := range c {
		if d := dimensionOf(i + 1); s.Form1988 && v != survey.Missing && (d == Responsiveness || d == Empathy) {
			c[i] = s.scale().Mirror(v)
		}
	}
	return c
}

// pointsTolerance is how far the sum of points may be from 100, for points rounded to
// two places.
const pointsTolerance = 0.05

// points returns the shares of importance of the dimensions, which add up to 1. asked
// reports whether points were given, and ok whether they can be used.
func (s Study) points(given [Dimensions]float64) (shares [Dimensions]float64, asked, ok bool) {
	if given == ([Dimensions]float64{}) {
		return shares, false, false
	}
	var sum float64
	for _, p := range given {
		if !(p >= 0) || p > 1e9 {
			return shares, true, false
		}
		sum += p
	}
	if !s.NormalisePoints && math.Abs(sum-100) > pointsTolerance {
		return shares, true, false
	}
	for d, p := range given {
		shares[d] = p / sum
	}
	return shares, true, true
}

// Mean is a mean over respondents with its n and its 95 % interval.
type Mean struct {
	N int64 `json:"n"` // respondents
	// Interval has the mean as its estimate and Student's t interval, which is
	// not clamped to the scale. Its level is 0 if N is below 2; then there is no
	// interval.
	Interval stat.Interval `json:"interval,omitzero"`
}

// String returns the mean, such as "−0.86 (95 % −1.10 to −0.62, n = 40)".
func (m Mean) String() string {
	switch {
	case m.N == 0:
		return "no respondents"
	case m.Interval.Level == 0:
		return fmt.Sprintf("%s (n = %d)", number(m.Interval.Estimate), m.N)
	}
	return fmt.Sprintf("%s (95 %% %s to %s, n = %d)", number(m.Interval.Estimate), number(m.Interval.Low), number(m.Interval.High), m.N)
}

// number returns v with two places, for people.
func number(v float64) string { return text.Number(v, 2) }

// sample collects one value from each respondent.
type sample []float64

func (s *sample) add(v float64) { *s = append(*s, v) }

func (s sample) mean() Mean {
	// Answers on a scale, and points of 100, are never refused.
	d, _ := stat.Describe(s)
	m := Mean{N: d.N, Interval: stat.Interval{Estimate: d.Mean}}
	if d.N > 1 {
		m.Interval, _ = d.Interval(survey.Level)
	}
	return m
}

// scores holds the values of one respondent by item and by dimension.
type scores struct {
	item         [Items]float64
	hasItem      [Items]bool
	dimension    [Dimensions]float64
	hasDimension [Dimensions]bool
}

// score returns value(item) for each item that has one, and the mean for each dimension
// of which at least half of the items have one.
func score(value func(item int) (int, bool)) scores {
	var s scores
	for d, section := range sections() {
		sum, answered := 0, 0
		for i := section[0]; i < section[1]; i++ {
			if v, ok := value(i); ok {
				s.item[i], s.hasItem[i] = float64(v), true
				sum += v
				answered++
			}
		}
		if 2*answered >= section[1]-section[0] {
			s.dimension[d], s.hasDimension[d] = float64(sum)/float64(answered), true
		}
	}
	return s
}

// overall returns the mean of the five dimensions, or false if one has no value.
func (s scores) overall() (float64, bool) {
	var sum float64
	for d, v := range s.dimension {
		if !s.hasDimension[d] {
			return 0, false
		}
		sum += v
	}
	return sum / Dimensions, true
}

// weighted returns the mean of the five dimensions by their shares of importance.
func (s scores) weighted(shares [Dimensions]float64) float64 {
	var sum float64
	for d, v := range s.dimension {
		sum += v * shares[d]
	}
	return sum
}

func one(c *Column) func(int) (int, bool) {
	return func(i int) (int, bool) { return c[i], c[i] != survey.Missing }
}

func difference(a, b *Column) func(int) (int, bool) {
	return func(i int) (int, bool) {
		if a[i] == survey.Missing || b[i] == survey.Missing {
			return 0, false
		}
		return a[i] - b[i], true
	}
}
