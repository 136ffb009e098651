package survey

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Level is the confidence level of the interval that comes with each index.
const Level = 0.95

// Index is the value of an index with everything needed to read it: its definition,
// the answers it is computed from, what was left out, and how uncertain it is. The
// zero value has no answers.
type Index struct {
	Definition Definition `json:"definition"`
	Answers    Answers    `json:"answers"` // the distribution, n, and what was left out
	Value      stat.Ratio `json:"value"`   // exact and unrounded: a share from 0 to 1, a net share from −1 to 1, or a mean

	// Interval is the 95 % confidence interval, in the unit of Value, with its
	// method: Wilson for a share, adjusted Wald for a net share, Student's t for a
	// mean. For the mean of a single answer there is none: the level is 0.
	Interval stat.Interval `json:"interval,omitzero"`

	// Population is how many there are of whom the answers are, if that is known and
	// limited; see [Index.OfPopulation]. 0 stands for no limit.
	Population int64 `json:"population,omitzero"`
}

// OfPopulation returns the index of the answers of a known number of people, such as a
// staff of 50 of whom 45 answered: the fewer have not answered, the less is uncertain,
// and once all have, nothing is (Cochran 1977, 2.6; see [stat.EffectiveSample]). That is
// what holds for these people, as a staff survey wants it. For customers, of whom others
// come tomorrow, there is no limit. [Compare] takes no notice of it, since whether two
// years or teams differ by more than chance is a question about more people than these.
//
// A population of 0 is none. The error wraps [ErrCount] for one that is negative or has
// fewer people than answers, and [ErrNoAnswers] for the zero value.
func (x Index) OfPopulation(n int64) (Index, error) {
	if n < 0 || n > 0 && n < x.N() {
		return Index{}, fmt.Errorf("%w: %d answers of a population of %d", ErrCount, x.N(), n)
	}
	x.Population = n
	if err := x.setInterval(); err != nil {
		return Index{}, err
	}
	return x, nil
}

// setInterval sets the interval, if there is one.
func (x *Index) setInterval() error {
	iv, err := x.IntervalAt(Level, stat.DefaultMethod)
	if errors.Is(err, stat.ErrTooFew) { // a mean of one answer
		iv, err = stat.Interval{}, nil
	}
	x.Interval = iv
	return err
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
		return Index{}, fmt.Errorf("%w for %s", ErrNoAnswers, d.quoted())
	case a.scale != d.Scale:
		return Index{}, fmt.Errorf("%w: %s is of %v, the answers are on %v", ErrMismatch, d.quoted(), d.Scale, a.scale)
	}
	x := Index{Definition: d, Answers: a, Value: d.value(a)}
	if err := x.setInterval(); err != nil {
		return Index{}, err
	}
	return x, nil
}

// measured is Measure without the reason why there is no index.
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

// Neutral returns the share of the other answers: passives.
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

// Shown returns the value as people see it: percent for a share, points from −100 to
// 100 for a net share, 0 to 100 for a normalised mean, points of the scale for a mean.
// It is rounded once, as the definition says. Shown returns false for the zero value, and
// for Places that no Definition may have.
func (x Index) Shown() (decimal.Decimal, bool) {
	if x.Definition.Places < 0 || x.Definition.Places > maxPlaces {
		return decimal.Decimal{}, false
	}
	if x.Definition.percent() {
		return x.Value.Percent(x.Definition.Places, x.Definition.Rounding)
	}
	return x.Value.Decimal(x.Definition.Places, x.Definition.Rounding)
}

// shown formats the end of an interval, or a difference, in the unit of Shown, rounded
// to the nearest.
func (d Definition) shown(v float64) string {
	if d.percent() {
		v *= 100
	}
	return text.Number(v, int(d.Places))
}

// minus replaces the hyphen before a negative number by a minus sign.
func minus(number string) string { return strings.Replace(number, "-", "−", 1) }

// String returns the value, its interval in the same unit, n, and what was left out,
// such as
//
//	CSAT (top 2 of 1–5) 80.0 %, 95 % 37.6 to 96.4, n = 5
//
// With a Population, it stands after n: "n = 45 of 50".
func (x Index) String() string {
	value, ok := x.Shown()
	if !ok {
		return "no answers"
	}
	d := x.Definition
	of := ""
	if x.Population > 0 {
		of = fmt.Sprintf(" of %d", x.Population)
	}
	return fmt.Sprintf("%v %s%s%s, n = %d%s%s", d, minus(value.StringFixed(d.Places)), d.unit(), d.ends(x.Interval), x.N(), of, x.Answers.leftOut.note())
}

// ends returns the interval as it stands after a value, or nothing if there is none.
func (d Definition) ends(iv stat.Interval) string {
	if iv.Level == 0 {
		return ""
	}
	return fmt.Sprintf(", %s %s to %s", text.Level(iv.Level), d.shown(iv.Low), d.shown(iv.High))
}

// number returns v with two places, for people.
func number(v float64) string { return text.Number(v, 2) }
