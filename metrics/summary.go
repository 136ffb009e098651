package metrics

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Summary is what remains of many durations: their number, sum, least and
// greatest, exactly, and their distribution.
//
// Up to 1,024 durations are held themselves, so their quantiles are exact. Of
// more, a Summary counts how many fall into each of fixed buckets, 64 between a
// power of two and the next, and a quantile is off by at most 1/128 (0.8 %) of
// its value. The result depends on the durations only: never on the order in
// which they came, or on how they were spread over summaries that were merged.
// There may be 2⁶³−1 durations.
//
// 25 durations take less than half a kilobyte, and 1,024 eight to ten. More take
// a quarter of a kilobyte for each power of two among them: a million response
// times some five, and whatever they are at most thirty.
//
// The zero value is empty and ready to use. Copies share memory: use [Merge]
// into an empty Summary to get one of your own.
//
// [Merge]: Summary.Merge
type Summary struct {
	few  []time.Duration // while there are at most maxValues
	many *many           // else
}

// maxValues is the number of durations up to which a Summary holds them: about
// as many as have the room that the buckets would take. The wire forms depend on
// it.
const maxValues = 1024

// many are more durations than a Summary holds.
type many struct {
	totals
	buckets
}

// totals are what is known exactly of any number of durations.
type totals struct {
	n        int64
	hi       int64 // the sum, in nanoseconds: hi·2⁶⁴ + lo
	lo       uint64
	min, max int64 // no meaning if n is 0
}

// Add takes a duration. It allocates nothing in the steady state.
func (s *Summary) Add(d time.Duration) {
	m := s.many
	if m == nil {
		s.addFew(d)
		return
	}
	v := int64(d)
	n := m.n + 1
	m.n = n
	if v < m.min {
		m.min = v
	}
	if v > m.max {
		m.max = v
	}
	lo, carry := bits.Add64(m.lo, uint64(v), 0)
	m.lo = lo
	if high := v>>63 + int64(carry); high|n>>32 != 0 { // so rarely that a branch is quicker
		m.hi += high
		if n>>32 != 0 {
			m.buckets.add(bucketOf(v), 1)
			return
		}
	}
	bucket := bucketOf(v)
	i := m.index(bucket)
	if i >= uint(len(m.counts)) {
		i = m.open(bucket)
	}
	m.counts[i]++
}

// addFew is Add while there are no buckets.
func (s *Summary) addFew(d time.Duration) {
	if len(s.few) < maxValues {
		s.few = append(s.few, d)
		return
	}
	s.spill()
	s.Add(d)
}

// AddAll takes durations, which it does not keep: as Add of each, in less than
// half the time. It allocates nothing in the steady state.
func (s *Summary) AddAll(durations []time.Duration) {
	if s.many == nil {
		if len(s.few)+len(durations) <= maxValues {
			s.few = append(s.few, durations...)
			return
		}
		s.spill()
	}
	s.many.addAll(durations)
}

// spill moves the durations that s holds into buckets.
func (s *Summary) spill() *many {
	if s.many == nil {
		s.many = new(many)
		s.many.addAll(s.few)
		s.few = nil
	}
	return s.many
}

func (m *many) addAll(durations []time.Duration) {
	m.totals.merge(totalsOf(durations))
	if m.n <= math.MaxUint32 {
		m.buckets.addAll(durations)
		return
	}
	for _, d := range durations {
		m.buckets.add(bucketOf(int64(d)), 1)
	}
}

// merge adds what other has, which may be m itself.
func (m *many) merge(other *many) {
	if m.n == 0 {
		*m = many{other.totals, other.buckets.clone()}
		return
	}
	m.totals.merge(other.totals)
	if m.n <= math.MaxUint32 {
		m.buckets.merge(&other.buckets)
		return
	}
	for bucket, n := range other.all() {
		m.buckets.add(bucket, n)
	}
}

// totalsOf returns the totals of durations.
func totalsOf(durations []time.Duration) totals {
	var t totals
	for chunk := range slices.Chunk(durations, 1<<9) {
		low, high, sum := chunk[0], chunk[0], time.Duration(0)
		for _, d := range chunk {
			low, high = min(low, d), max(high, d)
			sum += d
		}
		part := totals{n: int64(len(chunk)), hi: int64(sum >> 63), lo: uint64(sum), min: int64(low), max: int64(high)}
		if low < -1<<54 || high > 1<<54 { // their sum may need more than 63 bits
			part.hi, part.lo = 0, 0
			for _, d := range chunk {
				var carry uint64
				part.lo, carry = bits.Add64(part.lo, uint64(d), 0)
				part.hi += int64(d)>>63 + int64(carry)
			}
		}
		t.merge(part)
	}
	return t
}

func (t *totals) merge(other totals) {
	if other.n == 0 {
		return
	}
	if t.n == 0 {
		*t = other
		return
	}
	t.n += other.n
	t.min, t.max = min(t.min, other.min), max(t.max, other.max)
	var carry uint64
	t.lo, carry = bits.Add64(t.lo, other.lo, 0)
	t.hi += other.hi + int64(carry)
}

// totals returns the totals of the durations of s.
func (s *Summary) totals() totals {
	if s.many == nil {
		return totalsOf(s.few)
	}
	return s.many.totals
}

// Merge adds the durations that other was given, which is not changed.
func (s *Summary) Merge(other *Summary) {
	if other.many == nil {
		s.AddAll(other.few)
		return
	}
	s.spill().merge(other.many)
}

// union returns the summary of the durations of both, which it shares no memory
// with that is written to.
func union(a, b *Summary) Summary {
	if a.Count() == 0 {
		a, b = b, a
	}
	if b.Count() == 0 && a.many == nil {
		return Summary{few: slices.Clip(a.few)}
	}
	var s Summary
	s.Merge(a)
	s.Merge(b)
	return s
}

// Count returns the number of durations.
func (s *Summary) Count() int64 {
	if s.many == nil {
		return int64(len(s.few))
	}
	return s.many.n
}

// Sum returns the sum in seconds, exact to the nanosecond. It does not overflow.
func (s *Summary) Sum() decimal.Decimal {
	return decimal.NewFromBigInt(s.totals().nanoseconds(), -9)
}

// nanoseconds returns the sum.
func (t totals) nanoseconds() *big.Int {
	sum := new(big.Int).Lsh(big.NewInt(t.hi), 64)
	return sum.Add(sum, new(big.Int).SetUint64(t.lo))
}

// Mean returns the mean, rounded once to the nanosecond, half away from zero.
// It returns false if there is no duration.
func (s *Summary) Mean() (time.Duration, bool) {
	t := s.totals()
	if t.n == 0 {
		return 0, false
	}
	if t.hi == int64(t.lo)>>63 { // the sum fits in 64 bits, as most do
		sum := int64(t.lo)
		mean, rest := sum/t.n, sum%t.n
		switch {
		case rest >= t.n-rest:
			mean++
		case -rest >= t.n+rest:
			mean--
		}
		return time.Duration(mean), true
	}
	mean := stat.Quotient(t.nanoseconds(), big.NewInt(t.n), 0, stat.HalfAwayFromZero)
	return time.Duration(mean.IntPart()), true
}

// Min returns the least duration, and false if there is none.
func (s *Summary) Min() (time.Duration, bool) {
	t := s.totals()
	return time.Duration(t.min), t.n > 0
}

// Max returns the greatest duration, and false if there is none.
func (s *Summary) Max() (time.Duration, bool) {
	t := s.totals()
	return time.Duration(t.max), t.n > 0
}

// Quantile returns the quantile of probability p by [stat.Type7]: exact up to
// 1,024 durations; of more, within 1/128 of the exact value, and exact at 0 and
// 1. It returns false if there is no duration, or if p is not from 0 to 1.
func (s *Summary) Quantile(p float64) (time.Duration, bool) {
	if s.Count() == 0 || !(p >= 0 && p <= 1) {
		return 0, false
	}
	if s.many == nil {
		q, err := Quantiles(s.few, stat.Type7, p)
		return q[0], err == nil
	}
	rank, weight := stat.Type7.Position(s.many.n, p)
	low := s.many.ranked(rank)
	if weight == 0 {
		return low, true
	}
	return stat.Interpolate(low, s.many.ranked(rank+1), weight), true
}

// Median returns the quantile of probability ½.
func (s *Summary) Median() (time.Duration, bool) { return s.Quantile(0.5) }

// ranked returns the middle of the bucket of the duration with the given rank,
// from 1; the least and the greatest are known.
func (m *many) ranked(rank int64) time.Duration {
	switch rank {
	case 1:
		return time.Duration(m.min)
	case m.n:
		return time.Duration(m.max)
	}
	return m.middle(m.buckets.ranked(rank))
}

// middle returns the middle of a bucket, or the least or greatest duration if
// that lies beyond it.
func (m *many) middle(bucket int) time.Duration {
	return time.Duration(min(max(middleOf(bucket), m.min), m.max))
}

// String returns the number, mean, median and 95th percentile, such as
// "3 × mean 11m, median 10m, p95 19m".
func (s *Summary) String() string {
	mean, ok := s.Mean()
	if !ok {
		return "no data"
	}
	median, _ := s.Median()
	p95, _ := s.Quantile(0.95)
	return fmt.Sprintf("%s × mean %s, median %s, p95 %s",
		text.Count(s.Count()), text.Duration(mean), text.Duration(median), text.Duration(p95))
}
