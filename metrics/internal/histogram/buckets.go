package histogram

import (
	"iter"
	"maps"
	"math"
	"math/bits"
	"time"
)

// buckets count whole numbers by their size: exactly below 128, and in 64
// buckets for each power of two above. Negative numbers mirror positive ones.
//
// The buckets from one multiple of 64 to the next are a page, and only pages in
// use take memory: durations are often either zero or hours long, and 30 pages
// between are empty.
//
// A count has 32 bits, to be small in memory and in the caches. That is enough
// while there are fewer than 2³² numbers in all, which is quicker to check than
// each count. From then on only add may be used, which keeps in over what does
// not fit into 32 bits.
type buckets struct {
	places [pages]uint8 // place of a page in counts, from 1; 0 if it is not in use
	counts []uint32
	over   map[int]int64 // what buckets have beyond their counts; nil if none has
}

const (
	pageBits = 6
	pageSize = 1 << pageBits

	// Numbers are in pages −58 to 57. The negative ones wrap round: with a
	// power of two that needs no check of bounds.
	pages     = 128
	firstPage = -58
	endPage   = 58
)

// Bucket returns the number of the bucket of v. It grows with v.
func Bucket(v int64) int {
	// Up to 104 days float64 holds v exactly. Its exponent and the leading bits
	// of its fraction are the number of the bucket plus a constant, which takes
	// half the time of finding the leading bit.
	if uint64(v)-pageSize < 1<<53-pageSize {
		return int(math.Float64bits(float64(v))>>(52-pageBits)) - (1023+pageBits-1)<<pageBits
	}
	if v < 0 {
		return -bucketOfMagnitude(-uint64(v))
	}
	return bucketOfMagnitude(uint64(v))
}

func bucketOfMagnitude(m uint64) int {
	// The seven leading bits number the bucket within its power of two: from 64
	// to 127, because the first of them is always set.
	shift := max(0, bits.Len64(m)-pageBits-1)
	return shift<<pageBits + int(m>>shift)
}

// Middle returns the middle of a bucket, within 1/128 of every number in it.
func Middle(bucket int) int64 {
	if bucket < 0 {
		return -Middle(-bucket)
	}
	if bucket < 2*pageSize {
		return int64(bucket)
	}
	shift := bucket>>pageBits - 1
	low := uint64(bucket-shift<<pageBits) << shift
	return int64(min(low+1<<shift/2, math.MaxInt64))
}

// index returns the index of a bucket in counts. It is beyond their end if the
// page of the bucket is not in use.
func (b *buckets) index(bucket int) uint {
	place := b.places[uint(bucket>>pageBits)%pages]
	return uint(place)<<pageBits + uint(bucket)%pageSize - pageSize
}

// add counts n more numbers in a bucket, however many there are.
func (b *buckets) add(bucket int, n int64) {
	i := b.index(bucket)
	if i >= uint(len(b.counts)) {
		i = b.open(bucket)
	}
	n += int64(b.counts[i])
	b.counts[i] = uint32(n)
	if n > math.MaxUint32 {
		if b.over == nil {
			b.over = make(map[int]int64)
		}
		b.over[bucket] += n &^ math.MaxUint32
	}
}

// addAll counts numbers. With those before there must be fewer than 2³².
func (b *buckets) addAll(numbers []time.Duration) {
	counts := b.counts
	for _, d := range numbers {
		bucket := Bucket(int64(d))
		i := b.index(bucket)
		if i >= uint(len(counts)) {
			i = b.open(bucket)
			counts = b.counts
		}
		counts[i]++
	}
}

// open takes the page of a bucket into use, and returns the index of the bucket.
// The counts grow by exactly a page: doubling would waste more memory than it
// saves time.
//
//go:noinline
func (b *buckets) open(bucket int) uint {
	size := len(b.counts) + pageSize
	grown := make([]uint32, size)
	copy(grown, b.counts)
	b.counts = grown
	b.places[uint(bucket>>pageBits)%pages] = uint8(size >> pageBits)
	return b.index(bucket)
}

// merge adds the counts of other. Together there must be fewer than 2³² numbers.
func (b *buckets) merge(other *buckets) {
	for p := firstPage; p < endPage; p++ {
		from := other.page(p)
		if from == nil {
			continue
		}
		to := b.page(p)
		if to == nil {
			b.open(p << pageBits)
			to = b.page(p)
		}
		for slot, n := range from {
			to[slot] += n
		}
	}
}

// clone returns a copy that shares no memory with b.
func (b *buckets) clone() buckets {
	counts := make([]uint32, len(b.counts))
	copy(counts, b.counts)
	return buckets{b.places, counts, maps.Clone(b.over)}
}

// reserve takes the pages of buckets into use, which are in ascending order. It
// must be called while b is empty.
func (b *buckets) reserve(ascending [][2]int64) {
	last, used := pages, 0
	for _, bucket := range ascending {
		if page := int(bucket[0]) >> pageBits; page != last {
			last, used = page, used+1
			b.places[uint(page)%pages] = uint8(used)
		}
	}
	b.counts = make([]uint32, used<<pageBits)
}

// page returns the counts of a page, or nil if it is not in use.
func (b *buckets) page(p int) *[pageSize]uint32 {
	place := int(b.places[uint(p)%pages])
	if place == 0 {
		return nil
	}
	return (*[pageSize]uint32)(b.counts[(place-1)<<pageBits:])
}

// All yields the buckets that are not empty, in ascending order, and how many
// numbers are in each.
func (b *buckets) All() iter.Seq2[int, int64] {
	return func(yield func(int, int64) bool) {
		for p := firstPage; p < endPage; p++ {
			page := b.page(p)
			if page == nil {
				continue
			}
			for slot, count := range page {
				bucket := p<<pageBits + slot
				if n := b.in(bucket, count); n != 0 && !yield(bucket, n) {
					return
				}
			}
		}
	}
}

// in returns how many numbers are in a bucket with the given count.
func (b *buckets) in(bucket int, count uint32) int64 {
	if b.over == nil {
		return int64(count)
	}
	return int64(count) + b.over[bucket]
}

// ranked sets values to the middles of the buckets of the numbers with the given ranks,
// from 1, which ascend.
func (b *buckets) ranked(ranks []int64, values []time.Duration) {
	var seen int64
	for p := firstPage; p < endPage && len(ranks) > 0; p++ {
		page := b.page(p)
		if page == nil {
			continue
		}
		if b.over == nil { // to skip a page is quicker than to skip its buckets
			n := seen
			for _, count := range page {
				n += int64(count)
			}
			if ranks[0] > n {
				seen = n
				continue
			}
		}
		for slot, count := range page {
			bucket := p<<pageBits + slot
			seen += b.in(bucket, count)
			for len(ranks) > 0 && ranks[0] <= seen {
				values[0] = time.Duration(Middle(bucket))
				ranks, values = ranks[1:], values[1:]
			}
		}
	}
}
