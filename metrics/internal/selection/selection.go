// Package selection finds order statistics of durations without sorting them.
package selection

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/histogram"
)

// sortedAlone is the number of durations up to which sorting them is about as
// quick as selecting.
const sortedAlone = 200

// Ranked sets values to the durations with the given ranks, which must be ascending and
// from 1 to the number of durations. These are not changed.
//
// One pass counts the durations by buckets, another copies those that share a
// bucket with a rank, and these few are looked at more closely in the same way.
// The time is proportional to the number of durations, whatever they are.
func Ranked(durations []time.Duration, ranks []int64, values []time.Duration) {
	if len(durations) <= sortedAlone {
		durations = slices.Clone(durations)
	}
	pick(durations, ranks, values)
}

// pick sets values to those of x that have the given ranks. It sorts x if that is
// short, and leaves it alone otherwise.
func pick(x []time.Duration, ranks []int64, values []time.Duration) {
	if len(x) <= sortedAlone {
		slices.Sort(x)
		for i, rank := range ranks {
			values[i] = x[rank-1]
		}
		return
	}
	low, high := extremes(x)
	if low == high {
		for i := range values {
			values[i] = low
		}
		return
	}
	// Buckets are of the distance from the least, so that a group that shares a
	// bucket falls apart in the next round: its distances are at most 1/64 of
	// those before. From end to end of int64 the distance would overflow.
	origin := low
	if high-low < 0 {
		origin = 0
	}
	// For a few thousand, eight buckets in one will do: more counts would take
	// longer to clear than to fill. Numbers that are close together need them all.
	coarse := 0
	if len(x) < 10_000 && uint64(high-low) > 1<<10 {
		coarse = 3
	}
	first := histogram.Bucket(int64(low-origin)) >> coarse
	counts := make([]int, histogram.Bucket(int64(high-origin))>>coarse-first+1)
	for _, d := range x {
		counts[histogram.Bucket(int64(d-origin))>>coarse-first]++
	}
	// The count of a bucket with a rank in it becomes the place where its next
	// duration goes.
	const nowhere = -1
	type group struct{ from, to, below, firstRank, endRank int }
	var groups []group
	below, room, next := 0, 0, 0
	for i, n := range counts {
		start := next
		for next < len(ranks) && ranks[next] <= int64(below+n) {
			next++
		}
		counts[i] = nowhere
		if next > start {
			counts[i] = room
			groups = append(groups, group{room, room + n, below, start, next})
			room += n
		}
		below += n
	}
	near := make([]time.Duration, room)
	for _, d := range x {
		if at := &counts[histogram.Bucket(int64(d-origin))>>coarse-first]; *at != nowhere {
			near[*at] = d
			*at++
		}
	}
	for _, g := range groups {
		within := make([]int64, g.endRank-g.firstRank)
		for i := range within {
			within[i] = ranks[g.firstRank+i] - int64(g.below)
		}
		pick(near[g.from:g.to], within, values[g.firstRank:g.endRank])
	}
}

// extremes returns the least and the greatest of x, which is not empty.
func extremes(x []time.Duration) (low, high time.Duration) {
	low, high = x[0], x[0]
	for _, d := range x {
		low, high = min(low, d), max(high, d)
	}
	return low, high
}
