package metrics

import (
	"fmt"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Quantiles returns the exact quantiles of durations for the probabilities p, in
// their order, by the type t of Hyndman and Fan; an interpolated one is rounded
// to the nanosecond, ties up. The durations may be in any order and are not
// changed. Where a quantile within 1/128 is enough, or durations come by and by,
// use a [Summary].
//
// It selects and does not sort: one pass counts the durations by buckets as a
// Summary has them, another copies those that share a bucket with a quantile, and
// these few are looked at more closely. The time is proportional to their number,
// whatever they are: of a hundred thousand response times and more, a tenth of
// what sorting takes. The memory is that of the counts, some twenty kilobytes,
// and of what is copied: a few in a hundred, and where nearly all share one
// bucket, nearly all.
//
// Errors: [stat.ErrNoData] if there is no duration, [stat.ErrProbability] if a p
// is not from 0 to 1.
func Quantiles(durations []time.Duration, t stat.QuantileType, p ...float64) ([]time.Duration, error) {
	for _, q := range p {
		if !(q >= 0 && q <= 1) {
			return nil, fmt.Errorf("%w: %v", stat.ErrProbability, q)
		}
	}
	n := len(durations)
	if n == 0 {
		return nil, stat.ErrNoData
	}
	ranks := make([]int, 0, 2*len(p))
	for _, q := range p {
		rank, _ := t.Position(int64(n), q)
		ranks = append(ranks, int(rank), min(int(rank)+1, n))
	}
	slices.Sort(ranks)
	ranks = slices.Compact(ranks)
	values := make([]time.Duration, len(ranks))
	if n <= fewToSelect {
		durations = slices.Clone(durations)
	}
	selectRanks(durations, ranks, values)
	quantiles := make([]time.Duration, len(p))
	for i, q := range p {
		rank, weight := t.Position(int64(n), q)
		at, _ := slices.BinarySearch(ranks, int(rank))
		quantiles[i] = values[at]
		if weight > 0 {
			quantiles[i] = stat.Interpolate(values[at], values[at+1], weight)
		}
	}
	return quantiles, nil
}

// fewToSelect is the number of durations up to which sorting them is about as
// quick as selecting.
const fewToSelect = 200

// selectRanks sets values to those of x that have the given ranks, ascending and
// from 1. It sorts x if that is short, and else leaves it alone.
func selectRanks(x []time.Duration, ranks []int, values []time.Duration) {
	if len(x) <= fewToSelect {
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
	// those before. From end to end of int64 the distance has no room.
	origin := low
	if high-low < 0 {
		origin = 0
	}
	// For a few thousand, eight buckets in one do: more counts would take longer
	// to clear than to fill. Numbers that are close together need them all.
	coarse := 0
	if len(x) < 10_000 && uint64(high-low) > 1<<10 {
		coarse = 3
	}
	first := bucketOf(int64(low-origin)) >> coarse
	counts := make([]int, bucketOf(int64(high-origin))>>coarse-first+1)
	for _, d := range x {
		counts[bucketOf(int64(d-origin))>>coarse-first]++
	}
	// The count of a bucket with a rank in it becomes the place where its next
	// duration goes.
	const nowhere = -1
	type group struct{ from, to, below, firstRank, endRank int }
	var groups []group
	below, room, next := 0, 0, 0
	for i, n := range counts {
		start := next
		for next < len(ranks) && ranks[next] <= below+n {
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
		if at := &counts[bucketOf(int64(d-origin))>>coarse-first]; *at != nowhere {
			near[*at] = d
			*at++
		}
	}
	for _, g := range groups {
		within := make([]int, g.endRank-g.firstRank)
		for i := range within {
			within[i] = ranks[g.firstRank+i] - g.below
		}
		selectRanks(near[g.from:g.to], within, values[g.firstRank:g.endRank])
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
