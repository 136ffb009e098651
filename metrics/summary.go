package metrics

import (
	"fmt"
	"math/big"
	"math/bits"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Summary is what remains of many durations: their number, sum, least and
// greatest, exactly, and their distribution.
//
// Up to 1,024 durations are held themselves, so their quantiles are exact. Of
// more, a Summary counts how many fall into each of fixed buckets, 64 between a
// power of two and the next, and a quantile is off by at most 1/128 (0.8 %) of
// its value; either way it takes some eight kilobytes. The result depends on the durations only: never on the
// order in which they came, or on how they were spread over summaries that were
// merged.
//
// The zero value is empty and ready to use. Copies share memory: use [Merge]
// into an empty Summary to get one of your own.
//
// [Merge]: Summary.Merge
type Summary struct {
	n        int64
	hi       int64 // the sum, in nanoseconds: hi·2⁶⁴ + lo
	lo       uint64
	min, max int64
	values   []time.Duration // while there are at most maxValues
	counts   buckets         // else how many are in each bucket
}

// maxValues is the number of durations up to which a Summary holds them: it has
// the room that the buckets would take.
const maxValues = 1024

// Add takes a duration. It allocates nothing in the steady state.
func (s *Summary) Add(d time.Duration) {
	v := int64(d)
	if s.n == 0 {
		s.min, s.max = v, v
	} else {
		s.min, s.max = min(s.min, v), max(s.max, v)
	}
	s.n++
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, uint64(v), 0)
	s.hi += v>>63 + int64(carry)
	if s.n > maxValues {
		if s.values != nil {
			s.spill()
		}
		s.counts.add(bucketOf(v), 1)
		return
	}
	s.values = append(s.values, d)
}

// spill moves the values into the buckets.
func (s *Summary) spill() {
	s.counts.addAll(s.values, 0)
	s.values = nil
}

// Merge adds the durations that other was given, which is not changed.
func (s *Summary) Merge(other *Summary) {
	if other.n == 0 {
		return
	}
	given := *other // which may be s
	if s.n == 0 {
		s.min, s.max = other.min, other.max
	} else {
		s.min, s.max = min(s.min, other.min), max(s.max, other.max)
	}
	s.n += given.n
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, given.lo, 0)
	s.hi += given.hi + int64(carry)
	if s.n <= maxValues {
		s.values = append(s.values, given.values...)
		return
	}
	s.spill()
	s.counts.addAll(given.values, 0)
	s.counts.merge(&given.counts)
}

// Count returns the number of durations.
func (s *Summary) Count() int64 { return s.n }

// Sum returns the sum in seconds, exact to the nanosecond. It does not overflow.
func (s *Summary) Sum() decimal.Decimal {
	return decimal.NewFromBigInt(s.nanoseconds(), -9)
}

func (s *Summary) nanoseconds() *big.Int {
	sum := new(big.Int).Lsh(big.NewInt(s.hi), 64)
	return sum.Add(sum, new(big.Int).SetUint64(s.lo))
}

// Mean returns the mean, rounded once to the nanosecond, half away from zero.
// It returns false if there is no duration.
func (s *Summary) Mean() (time.Duration, bool) {
	if s.n == 0 {
		return 0, false
	}
	mean := stat.Quotient(s.nanoseconds(), big.NewInt(s.n), 0, stat.HalfAwayFromZero)
	return time.Duration(mean.IntPart()), true
}

// Min returns the least duration, and false if there is none.
func (s *Summary) Min() (time.Duration, bool) { return time.Duration(s.min), s.n > 0 }

// Max returns the greatest duration, and false if there is none.
func (s *Summary) Max() (time.Duration, bool) { return time.Duration(s.max), s.n > 0 }

// Quantile returns the quantile of probability p by [stat.Type7]: exact up to
// 1,024 durations; of more, within 1/128 of the exact value, and exact at 0 and
// 1. It returns false if there is no duration, or if p is not from 0 to 1.
func (s *Summary) Quantile(p float64) (time.Duration, bool) {
	if s.n == 0 || !(p >= 0 && p <= 1) {
		return 0, false
	}
	if s.n <= maxValues {
		q, err := Quantiles(s.values, stat.Type7, p)
		return q[0], err == nil
	}
	rank, weight := stat.Type7.Position(s.n, p)
	low := s.ranked(rank)
	if weight == 0 {
		return low, true
	}
	return stat.Interpolate(low, s.ranked(rank+1), weight), true
}

// Median returns the quantile of probability ½.
func (s *Summary) Median() (time.Duration, bool) { return s.Quantile(0.5) }

// ranked returns the middle of the bucket of the duration with the given rank,
// from 1; the least and the greatest are known.
func (s *Summary) ranked(rank int64) time.Duration {
	switch rank {
	case 1:
		return time.Duration(s.min)
	case s.n:
		return time.Duration(s.max)
	}
	for bucket, n := range s.counts.all() {
		if rank -= n; rank <= 0 {
			return time.Duration(min(max(middleOf(bucket), s.min), s.max))
		}
	}
	return time.Duration(s.max)
}

// String returns the number, mean, median and 95th percentile, such as
// "3 × mean 11m0s, median 10m0s, p95 19m0s".
func (s *Summary) String() string {
	mean, ok := s.Mean()
	if !ok {
		return "no data"
	}
	median, _ := s.Median()
	p95, _ := s.Quantile(0.95)
	return fmt.Sprintf("%d × mean %v, median %v, p95 %v", s.n, mean, median, p95)
}
