package survey

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Level is the confidence level of the interval that comes with each index.
const Level = 0.95

// Index is the value of an index with all that is needed to read it: by which
// definition, of how many and which answers, with what left out, and how
// uncertain it is.
//
// The zero value is no index.
type Index struct {
	Definition Definition `json:"definition"`
	Answers    Answers    `json:"answers"` // the distribution, n, and what was left out
	Value      stat.Ratio `json:"value"`   // exact and unrounded: a share from 0 to 1, a net share from −1 to 1, or a mean

	// Interval is the 95 % confidence interval, in the unit of Value, with its
	// method: Wilson for a share, adjusted Wald for a net share, Student's t
	// for a mean. It is the zero Interval, with a level of 0, for the mean of a
	// single answer, whose uncertainty nobody knows.
	Interval stat.Interval `json:"interval,omitzero"`
}

// Measure computes the index of the answers by the definition. The error wraps
// [ErrScale] or [ErrDefinition] if d cannot be computed, [ErrMismatch] if the
// answers are on another scale, and [ErrNoAnswers] if there are none.
func Measure(d Definition, a Answers) (Index, error) {
	if err := d.Check(); err != nil {
		return Index{}, err
	}
	d.Scale = d.Scale.canonical()
	n := a.N()
	switch {
	case n == 0:
		return Index{}, fmt.Errorf("%w for %v", ErrNoAnswers, d)
	case a.scale != d.Scale:
		return Index{}, fmt.Errorf("%w: %v is of %v, the answers are on %v", ErrMismatch, d, d.Scale, a.scale)
	}
	x := Index{Definition: d, Answers: a, Value: d.value(a)}
	if n > 1 || d.Statistic == PositiveShare || d.Statistic == NetShare {
		iv, err := x.IntervalAt(Level, stat.DefaultMethod)
		if err != nil {
			return Index{}, err
		}
		x.Interval = iv
	}
	return x, nil
}

// measured is Measure for those who need not know why there is no index.
func measured(d Definition, a Answers) (Index, bool) {
	x, err := Measure(d, a)
	return x, err == nil
}

// N returns the number of answers.
func (x Index) N() int64 { return x.Answers.N() }

// Positive returns the share of positive answers: the satisfied, promoters,
// those who agree.
func (x Index) Positive() stat.Ratio { return x.Answers.Share(x.Definition.Positive) }

// Negative returns the share of negative answers: the dissatisfied, detractors.
func (x Index) Negative() stat.Ratio { return x.Answers.Share(x.Definition.Negative) }

// Neutral returns the share of the answers that are neither: passives.
func (x Index) Neutral() stat.Ratio {
	r := x.Positive()
	r.Part = r.Whole - r.Part - x.Negative().Part
	return r
}

// percent reports whether the index is shown times 100.
func (d Definition) percent() bool { return d.Statistic != MeanAnswer }

// unit returns what follows the number when it is shown.
func (d Definition) unit() string {
	switch d.Statistic {
	case PositiveShare, NormalisedMean:
		return " %"
	}
	return ""
}

// Shown returns the value as shown to people, rounded once to the places and by
// the rounding of the definition: percent for a share, points from −100 to 100
// for a net share, 0 to 100 for a normalised mean, points of the scale for a
// mean. It returns false if x is the zero value.
func (x Index) Shown() (decimal.Decimal, bool) {
	if x.Definition.percent() {
		return x.Value.Percent(x.Definition.Places, x.Definition.Rounding)
	}
	return x.Value.Decimal(x.Definition.Places, x.Definition.Rounding)
}

// shown formats an end of an interval, or a difference, as Shown formats the
// value, rounded to the nearest.
func (d Definition) shown(v float64) string {
	if d.percent() {
		v *= 100
	}
	text := strconv.FormatFloat(v, 'f', int(max(d.Places, 0)), 64)
	if f, _ := strconv.ParseFloat(text, 64); f == 0 {
		text = strings.TrimPrefix(text, "-")
	}
	return minus(text)
}

// minus writes the sign of a negative number as people do.
func minus(number string) string { return strings.Replace(number, "-", "−", 1) }

// String returns a line for people, such as
//
//	CSAT (top 2 of 1–5) 80.0 %, 95 % 37.6 to 96.4, n = 5
//
// with the value, its 95 % interval in the same unit, and what was left out.
func (x Index) String() string {
	value, ok := x.Shown()
	if !ok {
		return "no answers"
	}
	d := x.Definition
	return fmt.Sprintf("%v %s%s%s, n = %d%s", d, minus(value.StringFixed(d.Places)), d.unit(), d.ends(x.Interval), x.N(), x.Answers.leftOut.note())
}

// ends returns what follows a value to tell its interval, if there is one.
func (d Definition) ends(iv stat.Interval) string {
	if iv.Level == 0 {
		return ""
	}
	return fmt.Sprintf(", %s %% %s to %s", strconv.FormatFloat(iv.Level*100, 'g', 6, 64), d.shown(iv.Low), d.shown(iv.High))
}

// number writes a number with two places, as people write it.
func number(v float64) string { return Definition{Statistic: MeanAnswer, Places: 2}.shown(v) }
