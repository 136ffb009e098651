package compare

import (
	"errors"
	"math"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// contrast is a change with its test and its interval at any level. The two are
// one statement: the interval at 1−α leaves 0 out exactly where P is below α.
type contrast struct {
	test     stat.Test
	interval func(level float64) (stat.Interval, error)
}

// errNotTested reports that there is no test of what was asked.
var errNotTested = errors.New("compare: no test")

// alike is the contrast of values that are the same on both sides and do not
// vary.
func alike(m stat.Method) contrast {
	return contrast{stat.Test{Method: m, P: 1}, func(level float64) (stat.Interval, error) {
		return stat.Interval{Level: level, Method: m}, nil
	}}
}

// shareContrast compares two shares by their score: the interval of Miettinen
// and Nurminen, and the test whose z it is made of, which is the pooled z with
// N−1 for N.
func shareContrast(before, after stat.Ratio) (contrast, error) {
	test, err := stat.ProportionTest(after.Part, after.Whole, before.Part, before.Whole, stat.PooledZ)
	switch {
	case errors.Is(err, stat.ErrNoVariation):
		test.P = 1
	case err != nil:
		return contrast{}, err
	default:
		n := float64(after.Whole) + float64(before.Whole)
		test.Statistic *= math.Sqrt((n - 1) / n)
		test.P = twoSided(stat.Distribution{}, test.Statistic)
	}
	test.Method = stat.MiettinenNurminen
	return contrast{test, func(level float64) (stat.Interval, error) {
		return stat.ProportionDifference(after.Part, after.Whole, before.Part, before.Whole, level, test.Method)
	}}, nil
}

// meanContrast compares two means by Welch.
func meanContrast(before, after stat.Sample) (contrast, error) {
	compared, err := stat.MeanDifference(after, before, DefaultLevel, stat.Welch)
	switch {
	case errors.Is(err, stat.ErrNoVariation) && before.Mean == after.Mean:
		return alike(stat.Welch), nil
	case err != nil:
		return contrast{}, err
	}
	return contrast{compared.Test, func(level float64) (stat.Interval, error) {
		c, err := stat.MeanDifference(after, before, level, stat.Welch)
		return c.Difference, err
	}}, nil
}

// rateContrast compares two rates by their ratio less 1: the interval that
// follows from Clopper and Pearson's, and the test that doubles the smaller of
// the two binomial tails from which that is made.
func rateContrast(before, after stat.Ratio, beforeTime, afterTime float64) (contrast, error) {
	interval := func(level float64) (stat.Interval, error) {
		ratio, err := stat.RateRatio(after.Part, afterTime, before.Part, beforeTime, level)
		if err != nil {
			return stat.Interval{}, err
		}
		return ratio.Rescale(1, -1)
	}
	if _, err := interval(DefaultLevel); err != nil {
		return contrast{}, err
	}
	share := afterTime / (afterTime + beforeTime)
	x, y := float64(after.Part), float64(before.Part)
	tail := 1.0 // the smaller
	if x > 0 {
		d, err := stat.NewBeta(x, y+1)
		if err != nil {
			return contrast{}, err
		}
		from, _ := d.CDF(share)
		tail = min(tail, from)
	}
	d, err := stat.NewBeta(x+1, y)
	if err != nil {
		return contrast{}, err
	}
	upTo, _ := d.UpperTail(share)
	tail = min(tail, upTo)
	return contrast{stat.Test{Method: stat.ExactConditional, P: min(1, 2*tail)}, interval}, nil
}

// estimate is one value as a term of a linear contrast.
type estimate struct {
	value    float64
	centre   float64 // of its interval; value itself where nothing is added
	variance float64 // of value
	df       float64 // degrees of freedom of variance; 0 for a normal estimate
}

// term is an estimate and how often it counts.
type term struct {
	coefficient float64
	estimate
}

// linearContrast compares the sum of coefficients times estimates, which are
// independent, with 0: by t with the degrees of freedom of Satterthwaite (1946),
// or by z. The interval is clipped to ±limit.
func linearContrast(terms []term, limit float64, m stat.Method) (contrast, error) {
	var value, centre, variance, uncertain float64
	for _, t := range terms {
		part := t.coefficient * t.coefficient * t.variance
		value += t.coefficient * t.value
		centre += t.coefficient * t.centre
		variance += part
		if t.df > 0 {
			uncertain += part * part / t.df
		}
	}
	if variance == 0 {
		if centre == 0 {
			return alike(m), nil
		}
		return contrast{}, errNotTested
	}
	distribution, df := stat.Distribution{}, 0.0
	if uncertain > 0 {
		var err error
		df = variance * variance / uncertain
		if distribution, err = stat.NewStudentT(df); err != nil {
			return contrast{}, err
		}
	}
	se := math.Sqrt(variance)
	statistic := centre / se
	test := stat.Test{Method: m, Statistic: statistic, DF: df, P: twoSided(distribution, statistic)}
	return contrast{test, func(level float64) (stat.Interval, error) {
		factor, err := distribution.UpperQuantile((1 - level) / 2)
		return stat.Interval{
			Estimate: value, Low: max(-limit, centre-factor*se), High: min(limit, centre+factor*se), Level: level, Method: m,
		}, err
	}}, nil
}

func twoSided(d stat.Distribution, statistic float64) float64 {
	tail, err := d.UpperTail(math.Abs(statistic))
	if err != nil {
		return 1
	}
	return min(1, 2*tail)
}

// estimates returns the terms of a linear contrast of an index over figures,
// with the method by which they are estimated. Of a share, it adds 2/m of 4/m to
// each of the m that are compared (Price & Bonett 2004).
func (i Index) estimates(figures []*metrics.Figures, coefficients []float64) (terms []term, limit float64, m stat.Method, err error) {
	for k, f := range figures {
		t := term{coefficient: coefficients[k]}
		switch i.Kind() {
		case Mean:
			s, _ := i.Sample(f)
			if s.N < 2 {
				return nil, 0, 0, stat.ErrTooFew
			}
			t.estimate = estimate{s.Mean, s.Mean, s.Variance / float64(s.N), float64(s.N - 1)}
			limit, m = math.Inf(1), stat.Welch
		case Quantile:
			s, _ := i.Summary(f)
			if t.estimate, err = quantileEstimate(s, i.probability()); err != nil {
				return nil, 0, 0, err
			}
			limit, m = math.Inf(1), stat.PriceBonett
			if i.probability() != 0.5 {
				m = stat.OrderStatistics
			}
		case Share:
			r, _ := i.Ratio(f)
			share, ok := r.Float64()
			if !ok {
				return nil, 0, 0, stat.ErrNoData
			}
			added := 2 / float64(len(figures))
			n := float64(r.Whole) + 2*added
			p := (float64(r.Part) + added) / n
			t.estimate = estimate{share, p, p * (1 - p) / n, 0}
			limit += math.Abs(t.coefficient) / 2
			m = stat.AdjustedWald
		default:
			return nil, 0, 0, errNotTested
		}
		terms = append(terms, t)
	}
	return terms, limit, m, nil
}

// change returns the contrast of two figures.
func (i Index) change(before, after *metrics.Figures, spans Spans) (contrast, error) {
	switch i.Kind() {
	case Share:
		b, _ := i.Ratio(before)
		a, _ := i.Ratio(after)
		return shareContrast(b, a)
	case Mean:
		b, _ := i.Sample(before)
		a, _ := i.Sample(after)
		return meanContrast(b, a)
	case Rate:
		b, _ := i.Ratio(before)
		a, _ := i.Ratio(after)
		return rateContrast(b, a, float64(b.Whole), float64(a.Whole))
	case Count:
		b, a := spans.days()
		return rateContrast(stat.Ratio{Part: before.Conversations}, stat.Ratio{Part: after.Conversations}, b, a)
	}
	return i.linear([]*metrics.Figures{after, before}, []float64{1, -1})
}

// linear returns the linear contrast of an index over figures.
func (i Index) linear(figures []*metrics.Figures, coefficients []float64) (contrast, error) {
	terms, limit, m, err := i.estimates(figures, coefficients)
	if err != nil {
		return contrast{}, err
	}
	return linearContrast(terms, limit, m)
}
