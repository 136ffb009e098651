package survey

import (
	"fmt"
	"math"
	"slices"

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
// Every interval contains the value and is clamped to the range of the index. With a
// Population, it is by the effective number of answers, or for a mean times the finite
// population correction. If all answers are the same, the interval of their mean has no
// width; that is a weakness of the method. A normalised mean of two answers, the worst
// and the best, is a share.
//
// The error wraps [ErrNoAnswers] for the zero value; [stat.ErrTooFew] for the mean of a
// single answer; [stat.ErrLevel] unless 0 < level < 1; and [stat.ErrMethod] if the
// method is not offered.
func (x Index) IntervalAt(level float64, m stat.Method) (stat.Interval, error) {
	if x.N() == 0 {
		return stat.Interval{}, ErrNoAnswers
	}
	n, err := stat.EffectiveSample(x.N(), x.Population)
	if err != nil {
		return stat.Interval{}, err
	}
	share, net := x.isShare(), x.Definition.Statistic == NetShare
	var iv stat.Interval
	switch r := x.share(); {
	case !share && !net && m != stat.DefaultMethod && m != stat.StudentT:
		return stat.Interval{}, fmt.Errorf("%w: %v for a mean", stat.ErrMethod, m)
	case math.IsInf(n, 1): // all answered
		contrast, err := x.against(stat.Ratio{Whole: 1})
		if err != nil {
			return stat.Interval{}, err
		}
		if iv, err = contrast.Interval(level); err != nil {
			return stat.Interval{}, err
		}
	case share && x.Population == 0:
		iv, err = stat.Proportion(r.Part, r.Whole, level, m)
	case share:
		p, _ := r.Float64()
		iv, err = stat.Weighted{N: x.N(), EffectiveN: n, Mean: p}.ShareInterval(level, m)
	case net && x.Population == 0:
		iv, err = x.net().Interval(level, m)
	case net:
		plus, _ := x.Positive().Float64()
		minus, _ := x.Negative().Float64()
		iv, err = stat.WeightedNet{Plus: plus, Minus: minus, EffectiveN: n}.Interval(level, m)
	default:
		if iv, err = x.scores().Interval(level); x.Population > 0 {
			correction := math.Sqrt(float64(x.N()) / n)
			iv.Low, iv.High = iv.Estimate-correction*(iv.Estimate-iv.Low), iv.Estimate+correction*(iv.High-iv.Estimate)
		}
	}
	if err != nil {
		return stat.Interval{}, err
	}
	return x.clamped(iv), nil
}

// against compares the index with a value that is known, in the unit of Value.
func (x Index) against(goal stat.Ratio) (stat.Contrast, error) {
	v, _ := goal.Float64()
	switch {
	case x.isShare():
		return x.share().Against(v, x.Population)
	case x.Definition.Statistic == NetShare:
		return x.net().Against(v, x.Population)
	}
	return x.scores().Against(v, x.Population)
}

// clamped returns the interval of the index within its range, with the estimate rounded
// once.
func (x Index) clamped(iv stat.Interval) stat.Interval {
	low, high := x.Definition.bounds()
	iv.Estimate, _ = x.Value.Float64()
	iv.Low, iv.High = min(max(iv.Low, low), iv.Estimate), max(min(iv.High, high), iv.Estimate)
	return iv
}

// isShare reports whether the index is the share of some answers.
func (x Index) isShare() bool {
	return x.Definition.Statistic == PositiveShare || x.Definition.Statistic == NormalisedMean && x.Answers.scale.Points() == 2
}

// share returns the counts of a share.
func (x Index) share() stat.Ratio {
	if x.Definition.Statistic == NormalisedMean {
		return x.Answers.Share(x.Answers.scale.Top(1))
	}
	return x.Value
}

// scores returns what a t interval of a mean needs, in the unit of Value.
func (x Index) scores() stat.Sample {
	s := x.Answers.sample()
	if x.Definition.Statistic == NormalisedMean {
		factor, _ := x.Answers.scale.normaliser()
		s.Mean, _ = x.Value.Float64()
		s.Variance *= factor * factor
	}
	return s
}

// Scores returns the answers as package compare takes them: what each adds to the index.
// So an index can be compared, ranked and charted over periods together with the times
// of a desk:
//
//	nps, observed := compare.Asked(index.Scores())
func (x Index) Scores() stat.ScoreCounts {
	d, a := x.Definition, x.Answers
	s := stat.ScoreCounts{Name: d.String(), Direction: d.better(), Percent: d.percent()}
	switch {
	case x.N() == 0:
		return stat.ScoreCounts{}
	case x.isShare():
		r := x.share()
		s.Counts = []int64{r.Whole - r.Part, r.Part}
	case d.Statistic == NetShare:
		c := x.net()
		s.Lowest, s.Counts = -1, []int64{c.Minus, c.N - c.Minus - c.Plus, c.Plus}
	default:
		s.Counts = make([]int64, a.scale.Max-a.scale.Min+1)
		for i, n := range a.Counts() {
			s.Counts[i*a.scale.Step] = n
		}
		if d.Statistic == MeanAnswer {
			s.Lowest = int64(a.scale.Min)
		} else if a.scale.Direction == stat.LowerIsBetter {
			slices.Reverse(s.Counts)
		}
	}
	return s
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
