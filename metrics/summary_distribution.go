package metrics

import (
	"fmt"
	"iter"
	"math/big"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/ranks"
	"github.com/servicequality/servicequality/metrics/internal/selection"
	"github.com/servicequality/servicequality/metrics/stat"
)

// All yields the distribution in ascending order: a duration, and how often it came.
// Up to 1,024 durations are yielded as they are; beyond that, one duration stands for
// all in its bucket, which are at most 1/128 off. The counts add up to Count.
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

// AtMost returns how many durations are at most d. It is exact up to 1,024 durations,
// and always for a d below the least or from the greatest on. Otherwise durations within
// 1/128 of d may be counted on the wrong side.
//
// AtMost(time.Hour) of Times.FirstResponse is not yet a service level: these are the
// answered waits, and the customers who are still waiting, or were closed unanswered, are
// not among them. For the share of all who waited that was answered within an hour, use
// a standards.Target of an hour, which counts them all.
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

// Sample returns what a t interval or [stat.CompareMeans] needs, in seconds, and false
// if s is empty. The mean is exact, rounded once to float64. Up to 1,024 durations the
// variance is theirs, rounded. Beyond that, it is the variance of the distribution that
// All yields, and the standard deviation is off by at most 1/128 of the root mean square
// of the durations.
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
// ([stat.QuantileRanks]). Its ends are as exact as Quantile. At a level so low that the
// quantile lies between others than those two, the interval is extended to it.
//
// Errors: [stat.ErrNoData] if s is empty, [stat.ErrTooFew] if there are too few
// durations for the level (a median at 0.95 needs six), [stat.ErrValue] unless
// 0 < p < 1, and [stat.ErrLevel] unless 0 < level < 1.
func (s Summary) QuantileInterval(p, level float64) (stat.DurationInterval, error) {
	low, high, _, err := stat.QuantileRanks(s.Count(), p, level)
	if err != nil {
		return stat.DurationInterval{}, err
	}
	estimate, _ := s.Quantile(p)
	ends := s.ranked(low, high)
	return stat.DurationInterval{
		Estimate: estimate, Low: min(ends[0], estimate), High: max(ends[1], estimate),
		HasEstimate: true, HasLow: true, HasHigh: true,
		Level: level, Method: stat.OrderStatistics,
	}, nil
}

// ranked returns the durations with two ranks, from 1, of which the first is not above the
// second, as exact as Quantile.
func (s Summary) ranked(low, high int64) (ends [2]time.Duration) {
	at := [...]int64{low, high}
	if s.base != nil {
		s.whole().Ranked(at[:], ends[:])
	} else {
		selection.Ranked(s.values(), at[:], ends[:])
	}
	return ends
}

// MedianSample returns what [stat.CompareMedians] needs, in seconds and as exact as
// Median, and false if s is empty.
func (s Summary) MedianSample() (stat.MedianSample, bool) {
	median, ok := s.Median()
	if !ok {
		return stat.MedianSample{}, false
	}
	low, high := ranks.Median(s.Count())
	ends := s.ranked(low, high)
	return stat.MedianSample{N: s.Count(), Median: median.Seconds(), Low: ends[0].Seconds(), High: ends[1].Seconds()}, true
}

// Quantiles returns the exact quantiles of durations for the probabilities p, in the
// order of p, by the type t of Hyndman and Fan (1996). An interpolated one is rounded to
// the nanosecond, ties up. The durations may be in any order and are not changed. If a
// quantile within 1/128 is enough, or if durations come one after another, use a
// [Summary].
//
// It selects instead of sorting, so its time is proportional to the number of durations:
// for a hundred thousand response times or more, a tenth of that of sorting. It needs
// some twenty kilobytes, and a copy of the durations near a quantile: usually a few per
// cent of them, but nearly all if nearly all are within 1/64 of each other.
//
// It returns [stat.ErrNoData] if there is no duration, and [stat.ErrValue] if a p
// is not from 0 to 1 or the type is not valid.
func Quantiles(durations []time.Duration, t stat.HyndmanFan, p ...float64) ([]time.Duration, error) {
	if !t.Valid() {
		return nil, fmt.Errorf("%w: %v", stat.ErrValue, t)
	}
	if err := checkProbabilities(p); err != nil {
		return nil, err
	}
	if len(durations) == 0 {
		return nil, stat.ErrNoData
	}
	return quantilesOf(int64(len(durations)), t, p, func(at []int64, values []time.Duration) {
		selection.Ranked(durations, at, values)
	}), nil
}

func checkProbabilities(p []float64) error {
	for _, q := range p {
		if !(q >= 0 && q <= 1) {
			return fmt.Errorf("%w: probability %v", stat.ErrValue, q)
		}
	}
	return nil
}

// quantilesOf returns quantiles of n durations. Ranked sets values to those with the given
// ranks, which ascend.
func quantilesOf(n int64, t stat.HyndmanFan, p []float64, ranked func(at []int64, values []time.Duration)) []time.Duration {
	at := make([]int64, 0, 2*len(p))
	for _, q := range p {
		rank, _ := t.Position(n, q)
		at = append(at, rank, min(rank+1, n))
	}
	slices.Sort(at)
	at = slices.Compact(at)
	values := make([]time.Duration, len(at))
	ranked(at, values)
	quantiles := make([]time.Duration, len(p))
	for i, q := range p {
		rank, weight := t.Position(n, q)
		k, _ := slices.BinarySearch(at, rank)
		quantiles[i] = values[k]
		if weight > 0 {
			quantiles[i] = ranks.Interpolate(values[k], values[k+1], weight)
		}
	}
	return quantiles
}
