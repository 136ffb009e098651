package survey

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
)

// IntervalAt returns the confidence interval of the index at another level or by
// another method, in the unit of Value. The methods are
//
//	for a share      those of [stat.Proportion]; the default is stat.Wilson
//	for a net share  those of [stat.Net]; the default is stat.AdjustedWald, and
//	                 stat.Tango is the score interval
//	for a mean       stat.StudentT: x̄ ± t·s/√n
//
// Every interval is clamped to the range of the index. If all answers are the same,
// the interval of their mean has no width; that is a weakness of the method.
//
// The error wraps [ErrNoAnswers] for the zero value; [stat.ErrTooFew] for the mean of a
// single answer; [stat.ErrLevel] unless 0 < level < 1; and [stat.ErrMethod] if the
// method is not offered.
func (x Index) IntervalAt(level float64, m stat.Method) (stat.Interval, error) {
	if x.N() == 0 {
		return stat.Interval{}, ErrNoAnswers
	}
	switch x.Definition.Statistic {
	case PositiveShare:
		return stat.Proportion(x.Value.Part, x.Value.Whole, level, m)
	case NetShare:
		return x.net().Interval(level, m)
	}
	if m != stat.DefaultMethod && m != stat.StudentT {
		return stat.Interval{}, fmt.Errorf("%w: %v for a mean", stat.ErrMethod, m)
	}
	iv, err := x.Answers.sample().Interval(level)
	if err != nil {
		return stat.Interval{}, err
	}
	s := x.Answers.scale
	iv.Low, iv.High = max(iv.Low, float64(s.Min)), min(iv.High, float64(s.Max))
	if x.Definition.Statistic == NormalisedMean {
		if iv, err = iv.Rescale(s.normaliser()); err != nil {
			return stat.Interval{}, err
		}
		iv.Estimate, _ = x.Value.Float64() // rounded once
	}
	return iv, nil
}

// net returns the counts of a net share.
func (x Index) net() stat.Net {
	return stat.Net{Plus: x.Positive().Part, Minus: x.Negative().Part, N: x.N()}
}

// sample returns what a t interval of the mean needs.
func (a Answers) sample() stat.Sample {
	mean, _ := a.Mean().Float64()
	variance, _ := a.Variance()
	return stat.Sample{N: a.N(), Mean: mean, Variance: variance}
}

// normaliser returns the factor and the offset that map the worst answer to 0 and the
// best to 1.
func (s Scale) normaliser() (factor, offset float64) {
	width := float64(s.Max - s.Min)
	if s.Direction == stat.LowerIsBetter {
		return -1 / width, float64(s.Max) / width
	}
	return 1 / width, -float64(s.Min) / width
}
