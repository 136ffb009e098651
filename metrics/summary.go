package metrics

import (
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/internal/histogram"
	"github.com/servicequality/servicequality/metrics/internal/ranks"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Summary sums up many durations: it has their exact number, sum, least and greatest,
// and their distribution.
//
// A Summary keeps up to 1,024 durations as they are, so their quantiles are exact.
// Beyond that, it counts how many fall into each of fixed buckets, 64 for each power of
// two, and a quantile is off by at most 1/128 (0.8 %) of its value. The result depends
// only on the durations, not on their order or on how they were spread over summaries
// that were merged. There may be up to 2⁶³−1 durations: far more than any desk has, but
// bytes that are read may claim as many. What would make more adds nothing.
//
// The zero value is empty and ready to use. A copy is independent: what is added
// to a Summary never shows in a copy of it, and two goroutines may each add to
// their own copy. The copy itself costs nothing.
//
// 25 durations take less than half a kilobyte, and 1,024 take eight or nine. Beyond
// that, a Summary takes a quarter of a kilobyte for each power of two among the
// durations: some five kilobytes for a million response times, and never more than
// thirty. While durations are added one by one, or few at a time, it takes up to four
// more, and twice its buckets if it is read in between.
type Summary struct {
	_ [0]func() // not comparable: equal summaries may be kept in different ways

	base  *histogram.Histogram // of more than 1,024 durations, and never written to; or nil
	later *journal             // begins with the durations that were added since
	n     int                  // the number of those
}

// Add adds a duration. In the steady state it allocates less than once in 50
// calls, some twenty bytes a call: room for more durations, and new buckets.
// AddAll takes many at once in a fraction of the time.
func (s *Summary) Add(d time.Duration) {
	if j := s.later; j != nil && s.n < len(j.durations) && j.used.CompareAndSwap(int64(s.n), int64(s.n+1)) {
		j.durations[s.n] = d
		s.n++
		return
	}
	s.AddAll([]time.Duration{d})
}

// AddAll adds durations as Add adds each of them, but faster. It does not keep the
// slice. For more than 1,024 at a time it allocates new buckets once.
func (s *Summary) AddAll(durations []time.Duration) {
	switch {
	case len(durations) == 0:
	case s.n+len(durations) <= s.limit():
		copy(s.claim(len(durations)), durations)
	case s.hasRoom(int64(len(durations))):
		h, few := s.fold(), len(durations) < s.n
		h.AddAll(durations)
		if *s = (Summary{base: h}); few { // more are likely to come
			s.later = &journal{durations: make([]time.Duration, s.limit())}
		}
	}
}

// Merge adds the durations of other, which is not changed. Whether they may be added up
// over time depends on what they are: ages of open waits may not; see [Figures].
func (s *Summary) Merge(other *Summary) {
	switch {
	case !s.hasRoom(other.Count()):
	case other.base == nil:
		s.AddAll(other.values())
	case s.base == nil:
		own := s.values()
		*s = *other
		s.AddAll(own)
	default:
		h := s.fold()
		h.Merge(other.base)
		h.AddAll(other.values())
		*s = Summary{base: h}
	}
}

// Count returns the number of durations.
func (s Summary) Count() int64 {
	if s.base == nil {
		return int64(s.n)
	}
	return s.base.N + int64(s.n)
}

// hasRoom reports whether there may be so many more durations.
func (s *Summary) hasRoom(more int64) bool { return more <= math.MaxInt64-s.Count() }

// totals returns the totals of the durations.
func (s *Summary) totals() histogram.Totals {
	t := histogram.TotalsOf(s.values())
	if s.base != nil {
		t.Merge(s.base.Totals)
	}
	return t
}

// Sum returns the sum in seconds, exact to the nanosecond. It does not overflow.
func (s Summary) Sum() decimal.Decimal {
	t := s.totals()
	return decimal.NewFromBigInt(t.Sum(), -9)
}

// Mean returns the mean, rounded once to the nanosecond, half away from zero. It
// returns false if s is empty.
func (s Summary) Mean() (time.Duration, bool) {
	t := s.totals()
	if t.N == 0 {
		return 0, false
	}
	if hi, lo := t.Words(); hi == int64(lo)>>63 { // the sum fits in 64 bits, as most do
		sum := int64(lo)
		mean, rest := sum/t.N, sum%t.N
		switch {
		case rest >= t.N-rest:
			mean++
		case -rest >= t.N+rest:
			mean--
		}
		return time.Duration(mean), true
	}
	mean := stat.HalfAwayFromZero.Quotient(t.Sum(), big.NewInt(t.N), 0)
	return time.Duration(mean.IntPart()), true
}

// Min returns the least duration, and false if s is empty.
func (s Summary) Min() (time.Duration, bool) {
	t := s.totals()
	return time.Duration(t.Min), t.N > 0
}

// Max returns the greatest duration, and false if s is empty.
func (s Summary) Max() (time.Duration, bool) {
	t := s.totals()
	return time.Duration(t.Max), t.N > 0
}

// Quantile returns the quantile of probability p by [stat.HyndmanFan] 7. Up to 1,024 durations
// it is exact; beyond that it is within 1/128 of the exact value, and exact at 0 and 1.
// It returns false if s is empty, or if p is not from 0 to 1. For several, Quantiles takes
// little more time than for one.
func (s Summary) Quantile(p float64) (time.Duration, bool) {
	if s.base != nil && p >= 0 && p <= 1 {
		return quantileOf(s.whole(), p), true
	}
	quantiles, ok := s.Quantiles(p)
	if !ok {
		return 0, false
	}
	return quantiles[0], true
}

// Quantiles returns the quantiles of several probabilities, in the order of p, each as
// Quantile does, in one pass over the durations. It returns false if s is empty, or if a
// p is not from 0 to 1.
func (s Summary) Quantiles(p ...float64) ([]time.Duration, bool) {
	if s.base == nil {
		quantiles, err := Quantiles(s.values(), 7, p...)
		return quantiles, err == nil
	}
	if checkProbabilities(p) != nil {
		return nil, false
	}
	h := s.whole()
	return quantilesOf(h.N, 7, p, func(at []int64, values []time.Duration) { h.Ranked(at, values) }), true
}

func quantileOf(h *histogram.Histogram, p float64) time.Duration {
	rank, weight := stat.HyndmanFan(7).Position(h.N, p)
	at, values := [...]int64{rank, min(rank+1, h.N)}, [2]time.Duration{}
	h.Ranked(at[:], values[:])
	return ranks.Interpolate(values[0], values[1], weight)
}

// Median returns the quantile of probability ½.
func (s Summary) Median() (time.Duration, bool) { return s.Quantile(0.5) }

// String returns the number, mean, median and 95th percentile, such as
// "3 × mean 11 min, median 10 min, p95 19 min", or "no data".
func (s Summary) String() string {
	mean, ok := s.Mean()
	if !ok {
		return "no data"
	}
	q, _ := s.Quantiles(0.5, 0.95)
	return fmt.Sprintf("%s × mean %s, median %s, p95 %s",
		text.Count(s.Count()), text.Duration(mean), text.Duration(q[0]), text.Duration(q[1]))
}
