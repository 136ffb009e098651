// Package histogram keeps what remains of many durations: their totals exactly,
// and their distribution in fixed buckets, each of which is 1/64 as wide as the
// numbers in it or less.
//
// An [Accumulator] is for adding quickly, in place. A [Histogram] is its form for
// very many durations. What they hold depends only on the durations, not on their
// order or on how they were spread over several that were merged.
package histogram

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
	"time"
	"unsafe"
)

// Histogram holds the totals and the buckets of durations. The zero value is
// empty and ready to use. There may be 2⁶³−1 durations.
type Histogram struct {
	Totals
	buckets
}

// Size returns the number of bytes that h takes.
func (h *Histogram) Size() int { return int(unsafe.Sizeof(*h)) + 4*cap(h.counts) }

// Clone returns a copy that shares no memory with h.
func (h *Histogram) Clone() *Histogram { return &Histogram{h.Totals, h.buckets.clone()} }

// AddAll adds durations, which it does not keep. It allocates nothing in the
// steady state.
func (h *Histogram) AddAll(durations []time.Duration) {
	h.Totals.Merge(TotalsOf(durations))
	if h.N <= math.MaxUint32 {
		h.addAll(durations)
		return
	}
	for _, d := range durations {
		h.add(Bucket(int64(d)), 1)
	}
}

// Merge adds what other holds. It may be h itself.
func (h *Histogram) Merge(other *Histogram) {
	if h.N == 0 {
		*h = *other.Clone()
		return
	}
	h.Totals.Merge(other.Totals)
	if h.N <= math.MaxUint32 {
		h.merge(&other.buckets)
		return
	}
	for bucket, n := range other.All() {
		h.add(bucket, n)
	}
}

// Ranked sets values to the middles of the buckets of the durations with the given ranks,
// which ascend and are from 1 to N. The first and the last are exact.
func (h *Histogram) Ranked(ranks []int64, values []time.Duration) {
	h.ranked(ranks, values)
	for i, rank := range ranks {
		switch rank {
		case 1:
			values[i] = time.Duration(h.Min)
		case h.N:
			values[i] = time.Duration(h.Max)
		default:
			values[i] = h.within(values[i])
		}
	}
}

// Middle returns the middle of a bucket, or the least or greatest duration if
// the middle lies beyond it.
func (h *Histogram) Middle(bucket int) time.Duration { return h.within(time.Duration(Middle(bucket))) }

// within returns d, or the least or greatest duration if d lies beyond it.
func (h *Histogram) within(d time.Duration) time.Duration {
	return min(max(d, time.Duration(h.Min)), time.Duration(h.Max))
}

// Restore returns the histogram with the given totals and buckets, each a number
// of a bucket and a count. It returns false if no durations can have these, as
// far as that can be told.
func Restore(n, least, greatest int64, sum *big.Int, buckets [][2]int64) (*Histogram, bool) {
	if n <= 0 || len(buckets) == 0 || least > greatest || !between(sum, n, least, greatest) {
		return nil, false
	}
	low, high := int64(Bucket(least)), int64(Bucket(greatest))
	left := n
	for i, b := range buckets {
		bucket, count := b[0], b[1]
		if count <= 0 || count > left || bucket < low || bucket > high || i > 0 && bucket <= buckets[i-1][0] {
			return nil, false
		}
		left -= count
	}
	if left != 0 || buckets[0][0] != low || buckets[len(buckets)-1][0] != high {
		return nil, false
	}
	h := &Histogram{Totals: Totals{N: n, Min: least, Max: greatest}}
	h.setSum(sum)
	h.reserve(buckets)
	for _, b := range buckets {
		h.add(int(b[0]), b[1])
	}
	return h, true
}

// between reports whether sum can be that of n numbers from low to high.
func between(sum *big.Int, n, low, high int64) bool {
	count := big.NewInt(n)
	return sum.Cmp(new(big.Int).Mul(count, big.NewInt(low))) >= 0 && sum.Cmp(new(big.Int).Mul(count, big.NewInt(high))) <= 0
}

// MaxValues is the number of durations up to which an Accumulator holds them
// themselves: they take about as much memory as the buckets would.
const MaxValues = 1024

// Accumulator holds durations themselves up to MaxValues, and more in a
// Histogram. The zero value is empty and ready to use. Copies share memory and
// must not be added to.
type Accumulator struct {
	values    []time.Duration // only ever appended to
	histogram *Histogram      // nil up to MaxValues
}

// Values returns the durations, in no order, or nil if there is a Histogram. What
// is added later does not change them, and they must not be written to.
func (a *Accumulator) Values() []time.Duration { return slices.Clip(a.values) }

// Histogram returns the histogram of the durations, or nil up to MaxValues. What
// is added later changes it.
func (a *Accumulator) Histogram() *Histogram { return a.histogram }

// Len returns the number of durations.
func (a *Accumulator) Len() int64 {
	if a.histogram == nil {
		return int64(len(a.values))
	}
	return a.histogram.N
}

// Add adds a duration. It allocates nothing in the steady state.
func (a *Accumulator) Add(d time.Duration) {
	h := a.histogram
	if h == nil {
		a.addValue(d)
		return
	}
	v := int64(d)
	n := h.N + 1
	h.N = n
	if v < h.Min {
		h.Min = v
	}
	if v > h.Max {
		h.Max = v
	}
	lo, carry := bits.Add64(h.lo, uint64(v), 0)
	h.lo = lo
	if high := v>>63 + int64(carry); high|n>>32 != 0 { // so rarely that a branch is quicker
		h.hi += high
		if n>>32 != 0 {
			h.add(Bucket(v), 1)
			return
		}
	}
	bucket := Bucket(v)
	i := h.index(bucket)
	if i >= uint(len(h.counts)) {
		i = h.open(bucket)
	}
	h.counts[i]++
}

// addValue is Add while there is no histogram.
func (a *Accumulator) addValue(d time.Duration) {
	if len(a.values) < MaxValues {
		a.values = append(a.values, d)
		return
	}
	a.spill()
	a.Add(d)
}

// AddAll adds durations, which it does not keep: as Add of each, in less than
// half the time. It allocates nothing in the steady state.
func (a *Accumulator) AddAll(durations []time.Duration) {
	if a.histogram == nil && len(a.values)+len(durations) <= MaxValues {
		a.values = append(a.values, durations...)
		return
	}
	a.spill().AddAll(durations)
}

// Merge adds what other holds. It may be a itself.
func (a *Accumulator) Merge(other *Accumulator) {
	if other.histogram == nil {
		a.AddAll(other.values)
		return
	}
	a.MergeHistogram(other.histogram)
}

// MergeHistogram adds what h holds, which must be more than MaxValues durations.
func (a *Accumulator) MergeHistogram(h *Histogram) { a.spill().Merge(h) }

// spill moves the durations into a histogram, if there is none yet.
func (a *Accumulator) spill() *Histogram {
	if a.histogram == nil {
		a.histogram = new(Histogram)
		a.histogram.AddAll(a.values)
		a.values = nil
	}
	return a.histogram
}
