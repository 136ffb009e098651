package metrics

import (
	"math"
	"math/bits"
)

// buckets count whole numbers by their size: exactly below 128, and in 64
// buckets from each power of two to the next above. Negative numbers mirror
// positive ones. counts[i] is the count of bucket first+i.
type buckets struct {
	first  int
	counts []int64
}

// bucketOf returns the number of the bucket of v.
func bucketOf(v int64) int {
	if v < 0 {
		return -bucketOfMagnitude(-uint64(v))
	}
	return bucketOfMagnitude(uint64(v))
}

func bucketOfMagnitude(m uint64) int {
	// The seven leading bits number the bucket within its power of two, whose
	// first bit is always set: 64 to 127.
	shift := max(0, bits.Len64(m)-7)
	return shift<<6 + int(m>>shift)
}

// middleOf returns the middle of a bucket: within 1/128 of all that is in it.
func middleOf(bucket int) int64 {
	if bucket < 0 {
		return -middleOf(-bucket)
	}
	if bucket < 128 {
		return int64(bucket)
	}
	shift := bucket>>6 - 1
	low := uint64(bucket-shift<<6) << shift
	return int64(min(low+1<<shift/2, math.MaxInt64))
}

func (b *buckets) add(v int64) {
	i := bucketOf(v) - b.first
	if uint(i) >= uint(len(b.counts)) {
		b.include(bucketOf(v), bucketOf(v))
		i = bucketOf(v) - b.first
	}
	b.counts[i]++
}

// include makes room for the buckets from low to high.
func (b *buckets) include(low, high int) {
	if len(b.counts) == 0 {
		b.first = low
	}
	end := b.first + len(b.counts)
	if low >= b.first && high < end {
		return
	}
	// Room for some of the neighbours too, on the side where it was missing.
	const spare = 64
	if low < b.first {
		low -= spare
	}
	if high >= end {
		high += spare
	}
	first := min(low, b.first)
	grown := make([]int64, max(high+1, end)-first)
	copy(grown[b.first-first:], b.counts)
	b.first, b.counts = first, grown
}

func (b *buckets) merge(other *buckets) {
	if len(other.counts) == 0 {
		return
	}
	b.include(other.first, other.first+len(other.counts)-1)
	to := b.counts[other.first-b.first:]
	for i, n := range other.counts {
		to[i] += n
	}
}

// ranked returns the middle of the bucket that holds the number of the given
// rank, from 1.
func (b *buckets) ranked(rank int64) int64 {
	for i, n := range b.counts {
		if rank -= n; rank <= 0 {
			return middleOf(b.first + i)
		}
	}
	return math.MaxInt64
}
