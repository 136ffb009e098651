package compare

import (
	"errors"

	"github.com/servicequality/servicequality/metrics/stat"
)

// errNotTested reports that there is no test of what was asked.
var errNotTested = errors.New("compare: no test")

// change returns the contrast of what was observed: after less before.
func (i Metric) change(before, after *Observed, spans Spans) (stat.Contrast, error) {
	switch i.kind() {
	case share, rate:
		b, _ := i.Ratio(before)
		a, _ := i.Ratio(after)
		if i.kind() == rate {
			return stat.CompareRates(a.Part, float64(a.Whole), b.Part, float64(b.Whole))
		}
		return stat.CompareShares(a, b)
	case mean:
		b, _ := i.Sample(before)
		a, _ := i.Sample(after)
		return stat.CompareMeans(a, b)
	case net:
		return stat.CompareNets(i.net(after), i.net(before))
	case count:
		b, a := spans.days()
		return stat.CompareRates(after.Figures.Conversations, a, before.Figures.Conversations, b)
	}
	return i.linear([]*Observed{after, before}, []float64{1, -1})
}

// linear returns the contrast of the sum of a metric over groups, each taken so
// many times, with 0.
func (i Metric) linear(groups []*Observed, times []float64) (stat.Contrast, error) {
	var terms []stat.Term
	method := stat.Welch
	switch i.kind() {
	case share:
		shares := make([]stat.Ratio, len(groups))
		for k, f := range groups {
			shares[k], _ = i.Ratio(f)
		}
		return stat.LinearShares(times, shares)
	case mean, net:
		for k, f := range groups {
			s, _ := i.Sample(f)
			if s.N < 2 {
				return stat.Contrast{}, stat.ErrTooFew
			}
			terms = append(terms, stat.Term{Times: times[k], Value: s.Mean, Variance: s.Variance / float64(s.N), DF: float64(s.N - 1)})
		}
	case quantile:
		if method = stat.PriceBonett; i.probability() != 0.5 {
			method = stat.OrderStatistics
		}
		for k, f := range groups {
			s, _ := i.Summary(f)
			term, err := quantileTerm(s, i.probability())
			if err != nil {
				return stat.Contrast{}, err
			}
			term.Times = times[k]
			terms = append(terms, term)
		}
	default:
		return stat.Contrast{}, errNotTested
	}
	return stat.Linear(method, terms...)
}
