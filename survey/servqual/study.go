package servqual

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// Errors of this package wrap one of these, or those of package survey.
var (
	// ErrPoints reports importance points that are negative, not finite, or do
	// not add up to what they should.
	ErrPoints = errors.New("servqual: importance points")
	// ErrNoRespondents reports that nobody's answers can be used.
	ErrNoRespondents = errors.New("servqual: no respondents with a score")
)

// RespondentError says which of several respondents was refused, and why.
type RespondentError struct {
	Index int // the position among those given, from 0
	Err   error
}

// Error returns the reason with the position.
func (e *RespondentError) Error() string { return fmt.Sprintf("respondent %d: %v", e.Index, e.Err) }

// Unwrap returns Err.
func (e *RespondentError) Unwrap() error { return e.Err }

// Missing stands for an item that was not answered.
const Missing = survey.Missing

// Answers are the answers to the 22 items in their order, as they were given: those
// to reversed items are mirrored later. [Missing] stands for no answer.
type Answers [Items]int

// MarshalJSON implements [json.Marshaler]: 22 numbers, null for a missing one.
func (a Answers) MarshalJSON() ([]byte, error) {
	var w [Items]*int
	for i := range a {
		if a[i] != Missing {
			w[i] = &a[i]
		}
	}
	return json.Marshal(w)
}

// UnmarshalJSON implements [json.Unmarshaler]. It wants 22 numbers or nulls.
func (a *Answers) UnmarshalJSON(data []byte) error {
	var w []*int
	if err := json.Unmarshal(data, &w); err != nil {
		return fmt.Errorf("servqual: answers: %w", err)
	}
	if len(w) != Items {
		return fmt.Errorf("servqual: %d answers, want %d", len(w), Items)
	}
	for i, v := range w {
		if a[i] = Missing; v != nil {
			a[i] = *v
		}
	}
	return nil
}

// Respondent is what one customer answered.
type Respondent struct {
	Expected  Answers `json:"expected"`  // of excellent service
	Perceived Answers `json:"perceived"` // of this service
	// Importance is how 100 points were divided over the dimensions; all zeros if
	// the respondent was not asked.
	Importance [Dimensions]float64 `json:"importance"`
}

// Level is the confidence level of all intervals.
const Level = survey.Level

// Study says how a questionnaire was made. The zero value is the usual one: the
// form of 1991, answers from 1 to 7, points that add up to 100.
type Study struct {
	Form Form `json:"form"`
	// Scale is that of all answers; the zero value is read as 1 to 7.
	Scale survey.Scale `json:"scale,omitzero"`
	// NormalisePoints takes importance points that add up to something else than
	// 100 for proportions. Otherwise a respondent who gave such points has no
	// weighted gap, and is counted as survey.BadPoints.
	NormalisePoints bool `json:"normalise_points,omitzero"`
}

func (s Study) scale() survey.Scale {
	if s.Scale == (survey.Scale{}) {
		return survey.OneTo(7)
	}
	return s.Scale
}

// check reports a study that cannot be, or an answer that is none. Columns are
// named for the error.
func (s Study) check(i int, columns map[string]*Answers) error {
	scale := s.scale()
	for _, name := range []string{"expected", "perceived", "desired", "adequate"} {
		a := columns[name]
		if a == nil {
			continue
		}
		for item, v := range a {
			if v != Missing && !scale.Has(v) {
				return &RespondentError{i, fmt.Errorf("%w: %d %s of item %d, want %v", survey.ErrOffScale, v, name, item+1, scale)}
			}
		}
	}
	return nil
}

func (s Study) checkStudy() error {
	if _, err := s.Form.MarshalText(); err != nil {
		return fmt.Errorf("%w: %w", survey.ErrDefinition, err)
	}
	return s.scale().Check()
}

// keyed returns the answers with those to reversed items mirrored.
func (s Study) keyed(a Answers) Answers {
	for i, v := range a {
		if v != Missing && s.Form.Reversed(i+1) {
			a[i] = s.scale().Mirror(v)
		}
	}
	return a
}

// pointsTolerance is by how much points may miss 100: what is left by rounding
// them to two places.
const pointsTolerance = 0.05

// points returns the shares of importance of the dimensions, which add up to 1.
// asked is false if there are none.
func (s Study) points(given [Dimensions]float64) (shares [Dimensions]float64, asked bool, err error) {
	if given == ([Dimensions]float64{}) {
		return shares, false, nil
	}
	var sum float64
	for d, p := range given {
		if !(p >= 0) || p > 1e9 {
			return shares, true, fmt.Errorf("%w: %v for %v", ErrPoints, p, Dimension(d))
		}
		sum += p
	}
	if !s.NormalisePoints && math.Abs(sum-100) > pointsTolerance {
		return shares, true, fmt.Errorf("%w: %v add up to %v, not to 100", ErrPoints, given, sum)
	}
	for d, p := range given {
		shares[d] = p / sum
	}
	return shares, true, nil
}

// CheckPoints returns an error that wraps [ErrPoints] unless the points are none
// (all zeros), or not negative and, unless the study normalises them, adding up to
// 100, to within 0.05.
func (s Study) CheckPoints(points [Dimensions]float64) error {
	_, _, err := s.points(points)
	return err
}

// Mean is a mean over respondents with its n and its 95 % interval.
type Mean struct {
	N int64 `json:"n"` // respondents
	// Interval has the mean as its estimate and Student's t interval, which is
	// not held to any range. Its level is 0 if N is below 2; then there is no
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

// number formats v with two places and a minus sign as people write it.
func number(v float64) string {
	text := fmt.Sprintf("%.2f", math.Abs(v))
	if v < 0 && text != "0.00" {
		return "−" + text
	}
	return text
}

// sample collects one value from each respondent.
type sample []float64

func (s *sample) add(v float64) { *s = append(*s, v) }

func (s sample) mean() (Mean, error) {
	if len(s) == 0 {
		return Mean{}, nil
	}
	d, err := stat.Describe(s)
	if err != nil {
		return Mean{}, err
	}
	m := Mean{N: d.N, Interval: stat.Interval{Estimate: d.Mean}}
	if d.N > 1 {
		m.Interval, err = d.Interval(Level)
	}
	return m, err
}

// scores holds what one respondent's answers come to, by item and by dimension.
type scores struct {
	item         [Items]float64
	hasItem      [Items]bool
	dimension    [Dimensions]float64
	hasDimension [Dimensions]bool
}

// score returns the means by dimension of value(item), of the items that have
// one, where at least half have.
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

// overall returns the mean of the five dimensions, if there are five.
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

func one(a *Answers) func(int) (int, bool) {
	return func(i int) (int, bool) { return a[i], a[i] != Missing }
}

func difference(a, b *Answers) func(int) (int, bool) {
	return func(i int) (int, bool) {
		if a[i] == Missing || b[i] == Missing {
			return 0, false
		}
		return a[i] - b[i], true
	}
}
