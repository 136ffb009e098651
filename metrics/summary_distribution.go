package metrics

import (
	"iter"
	"math/big"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/ranks"
	"github.com/servicequality/servicequality/metrics/stat"
)

// All yields the distribution in ascending order: a duration, and how often it
// came. Up to 1,024 durations are yielded themselves; of more, a duration stands
// for all in its bucket, which are at most 1/128 off. The counts add up to Count.
func (s Summary) All() iter.Seq2[time.Duration, int64] {
	return func(yield func(time.Duration, int64) bool) {
		if s.base != nil {
			h := s.whole()
			for bucket, n := range h.All() {
				if !yield(h.Middle(bucket), n) {
					return
				}
			}
			return
		}
		sorted := slices.Sorted(slices.Values(s.values()))
		for i := 0; i < len(sorted); {
			first := i
			for i < len(sorted) && sorted[i] == sorted[first] {
				i++
			}
			if !yield(sorted[first], int64(i-first)) {
				return
			}
		}
	}
}

// AtMost returns how many durations are at most d. That is exact up to 1,024
// durations, and always exact for a d below the least or from the greatest on. Of
// more durations, those within 1/128 of d may be counted on the wrong side.
func (s Summary) AtMost(d time.Duration) int64 {
	if s.base == nil {
		var n int64
		for _, v := range s.values() {
			if v <= d {
				n++
			}
		}
		return n
	}
	h := s.whole()
	switch {
	case int64(d) < h.Min:
		return 0
	case int64(d) >= h.Max:
		return h.N
	}
	var n int64
	for bucket, count := range h.All() {
		if h.Middle(bucket) > d {
			break
		}
		n += count
	}
	// The least is at most d, and the greatest is not.
	return min(max(n, 1), h.N-1)
}

// Sample returns what a t interval or [stat.CompareMeans] needs, in seconds,
// and false if there is no duration. The mean is exact, rounded once to float64.
// Up to 1,024 durations the variance is theirs, rounded. Of more, it is that of
// the distribution that All yields, and the standard deviation is off by at most
// 1/128 of the root mean square of the durations.
func (s Summary) Sample() (stat.Sample, bool) {
	t := s.totals()
	if t.N == 0 {
		return stat.Sample{}, false
	}
	mean, _ := new(big.Rat).SetFrac(t.Sum(), new(big.Int).Mul(big.NewInt(t.N), big.NewInt(1e9))).Float64()
	sample := stat.Sample{N: t.N, Mean: mean}
	if t.N == 1 {
		return sample, true
	}
	// The squares are about the mean of what All yields. For buckets that is
	// slightly off the mean of the durations.
	var sum, squares float64
	for d, n := range s.All() {
		off := d.Seconds() - mean
		sum += float64(n) * off
		squares += float64(n) * off * off
	}
	sample.Variance = max(0, squares-sum*(sum/float64(t.N))) / float64(t.N-1)
	return sample, true
}

// QuantileInterval returns the quantile of probability p as Quantile does, with an
// interval between two of the ordered durations that holds for any distribution
// ([stat.QuantileRanks]). Its ends are as exact as Quantile.
//
// Errors: [stat.ErrNoData] if there is no duration, [stat.ErrTooFew] if there are
// too few for the level (a median at 0.95 needs six), [stat.ErrValue] unless
// 0 < p < 1, and [stat.ErrLevel] unless 0 < level < 1.
func (s Summary) QuantileInterval(p, level float64) (stat.DurationInterval, error) {
	low, high, _, err := stat.QuantileRanks(s.Count(), p, level)
	if err != nil {
		return stat.DurationInterval{}, err
	}
	estimate, _ := s.Quantile(p)
	ends := s.ranked(low, high)
	return stat.DurationInterval{
		Estimate: estimate, Low: ends[0], High: ends[1],
		HasEstimate: true, HasLow: true, HasHigh: true,
		Level: level, Method: stat.OrderStatistics,
	}, nil
}

// ranked returns the durations with the given ranks, from 1, as exact as
// Quantile.
func (s Summary) ranked(wanted ...int64) []time.Duration {
	durations := make([]time.Duration, len(wanted))
	var sorted []time.Duration
	if s.base == nil {
		sorted = slices.Sorted(slices.Values(s.values()))
	}
	for i, rank := range wanted {
		if s.base == nil {
			durations[i] = sorted[rank-1]
		} else {
			durations[i] = s.whole().Ranked(rank)
		}
	}
	return durations
}

// MedianSample returns what [stat.CompareMedians] needs, in seconds and as exact
// as Median, and false if there is no duration.
func (s Summary) MedianSample() (stat.MedianSample, bool) {
	median, ok := s.Median()
	if !ok {
		return stat.MedianSample{}, false
	}
	low, high := ranks.Median(s.Count())
	ends := s.ranked(low, high)
	return stat.MedianSample{N: s.Count(), Median: median.Seconds(), Low: ends[0].Seconds(), High: ends[1].Seconds()}, true
}
