package compare

import (
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// heldExactly is the number of durations up to which the quantiles of a Summary
// are exact; with more, they are off by at most one part in resolution.
const (
	heldExactly = 1024
	resolution  = 128
)

// quantileInterval returns a quantile in seconds with the interval between two of
// the durations.
func quantileInterval(s *metrics.Summary, p, level float64) (stat.Interval, error) {
	q, err := s.QuantileInterval(p, level)
	return stat.Interval{
		Estimate: q.Estimate.Seconds(), Low: q.Low.Seconds(), High: q.High.Seconds(), Level: q.Level, Method: q.Method,
	}, err
}

// quantileTerm returns a quantile in seconds with the variance that the distance
// between two durations about it gives: for a median, that of [stat.MedianSample];
// for another quantile, that of its interval, half of whose width is z standard
// errors (Woodruff 1952). What the quantile itself may be off by counts as one more
// standard error.
func quantileTerm(s *metrics.Summary, p float64) (stat.Term, error) {
	q, ok := s.Quantile(p)
	if !ok {
		return stat.Term{}, stat.ErrNoData
	}
	se := 0.0
	if p == 0.5 {
		median, _ := s.MedianSample()
		if median.N == 1 {
			return stat.Term{}, stat.ErrTooFew
		}
		se = median.SE()
	} else {
		_, _, coverage, err := stat.QuantileRanks(s.Count(), p, defaultLevel)
		if err != nil {
			return stat.Term{}, err
		}
		z, err := stat.NormalQuantile((1 - coverage) / 2)
		if err != nil {
			return stat.Term{}, err
		}
		between, err := s.QuantileInterval(p, defaultLevel)
		if err != nil {
			return stat.Term{}, err
		}
		// The distance is taken unsigned, since it need not fit a Duration.
		se = float64(uint64(between.High)-uint64(between.Low)) / 1e9 / (-2 * z)
	}
	off := 0.0
	if s.Count() > heldExactly {
		off = q.Seconds() / resolution
	}
	return stat.Term{Value: q.Seconds(), Variance: se*se + off*off}, nil
}
