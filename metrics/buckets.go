package metrics

import (
	"iter"
	"math"
	"math/bits"
	"slices"
	"time"
)

// buckets count whole numbers by their size: exactly below 128, and in 64
// buckets from each power of two to the next above. Negative numbers mirror
// positive ones.
//
// The buckets from one multiple of 64 to the next are a page, and only pages
// that are in use take room: a desk has waits of no time at all and waits of
// hours, and nothing in between for 30 pages.
type buckets struct {
	places [pages]uint8 // where a page is in counts, from 1; 0 if it is not in use
	counts []int64
}

const (
	pageBits = 6
	pageSize = 1 << pageBits
	pages    = 128 // from −58 to 58, of which the negative ones wrap round
)

// bucketOf returns the number of the bucket of v. It grows with v.
func bucketOf(v int64) int {
	// Up to 104 days float64 has v exactly, and its exponent and the leading
	// bits of its fraction are the number of the bucket but for a constant:
	// that takes half the time of finding the leading bit.
	if uint64(v)-pageSize < 1<<53-pageSize {
		return int(math.Float64bits(float64(v))>>(52-pageBits)) - (1023+pageBits-1)<<pageBits
	}
	if v < 0 {
		return -bucketOfMagnitude(-uint64(v))
	}
	return bucketOfMagnitude(uint64(v))
}

func bucketOfMagnitude(m uint64) int {
	// The seven leading bits number the bucket within its power of two, whose
	// first bit is always set: 64 to 127.
	shift := max(0, bits.Len64(m)-pageBits-1)
	return shift<<pageBits + int(m>>shift)
}

// middleOf returns the middle of a bucket: within 1/128 of all that is in it.
func middleOf(bucket int) int64 {
	if bucket < 0 {
		return -middleOf(-bucket)
	}
	if bucket < 2*pageSize {
		return int64(bucket)
	}
	shift := bucket>>pageBits - 1
	low := uint64(bucket-shift<<pageBits) << shift
	return int64(min(low+1<<shift/2, math.MaxInt64))
}

// index returns where in counts a bucket is, which is beyond them (and, unsigned,
// far beyond) if its page is not in use.
func (b *buckets) index(bucket int) uint {
	place := b.places[uint(bucket>>pageBits)%pages]
	return uint(place)<<pageBits + uint(bucket)%pageSize - pageSize
}

// add counts n more in a bucket.
func (b *buckets) add(bucket int, n int64) {
	i := b.index(bucket)
	if i >= uint(len(b.counts)) {
		i = b.open(bucket)
	}
	b.counts[i] += n
}

// addAll counts numbers.
func (b *buckets) addAll(numbers []time.Duration) {
	counts := b.counts
	for _, d := range numbers {
		bucket := bucketOf(int64(d))
		i := b.index(bucket)
		if i >= uint(len(counts)) {
			i = b.open(bucket)
			counts = b.counts
		}
		counts[i]++
	}
}

// open takes the page of a bucket into use, and returns where the bucket is. The
// room grows by exactly a page: doubling would cost more of it than it saves time.
//
//go:noinline
func (b *buckets) open(bucket int) uint {
	size := len(b.counts) + pageSize
	grown := make([]int64, size)
	copy(grown, b.counts)
	b.counts = grown
	b.places[uint(bucket>>pageBits)%pages] = uint8(size >> pageBits)
	return b.index(bucket)
}

func (b *buckets) merge(other *buckets) {
	if len(b.counts) == 0 {
		*b = buckets{other.places, slices.Clone(other.counts)}
		return
	}
	for p, place := range other.places {
		if place == 0 {
			continue
		}
		if b.places[p] == 0 {
			b.open(p << pageBits) // which wraps round as p does
		}
		to := b.page(b.places[p])
		for slot, n := range other.page(place) {
			to[slot] += n
		}
	}
}

// reserve takes the pages of buckets into use, which are in ascending order, of
// empty b.
func (b *buckets) reserve(ascending [][2]int64) {
	last, used := pages, 0
	for _, bucket := range ascending {
		if page := int(bucket[0]) >> pageBits; page != last {
			last, used = page, used+1
			b.places[uint(page)%pages] = uint8(used)
		}
	}
	b.counts = make([]int64, used<<pageBits)
}

// page returns the counts of the page at a place.
func (b *buckets) page(place uint8) *[pageSize]int64 {
	return (*[pageSize]int64)(b.counts[(int(place)-1)<<pageBits:])
}

// all yields the buckets that are not empty, in ascending order, and how many
// numbers are in each.
func (b *buckets) all() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		for p := -pages / 2; p < pages/2; p++ {
			place := b.places[uint(p)%pages]
			if place == 0 {
				continue
			}
			for slot, n := range b.page(place) {
				if n != 0 && !yield(p<<pageBits+slot, n) {
					return
				}
			}
		}
	}
}
