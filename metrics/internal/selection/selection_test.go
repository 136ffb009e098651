package selection_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/selection"
)

// check compares selection with sorting.
func check(t *testing.T, x []time.Duration, ranks ...int64) {
	t.Helper()
	given, sorted := slices.Clone(x), slices.Sorted(slices.Values(x))
	var want []time.Duration
	for _, rank := range ranks {
		want = append(want, sorted[rank-1])
	}
	got := make([]time.Duration, len(ranks))
	if selection.Ranked(x, ranks, got); !slices.Equal(got, want) {
		t.Fatalf("ranks %v of %d durations are %d, want %d", ranks, len(x), got, want)
	}
	if !slices.Equal(x, given) {
		t.Fatalf("%d durations were changed", len(x))
	}
}

// TestRankedBySorting has durations that fall into many buckets, into one, and
// into one bucket of one bucket, of both signs and from end to end of int64.
func TestRankedBySorting(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, value := range map[string]func(i, n int) int64{
		"all of int64":  func(int, int) int64 { return int64(random.Uint64()) },
		"only the ends": func(i, _ int) int64 { return []int64{math.MinInt64, math.MaxInt64, 0, -1}[i%4] },
		"both signs":    func(int, int) int64 { return random.Int64N(1<<41) - 1<<40 },
		"one bucket":    func(int, int) int64 { return 1<<40 + random.Int64N(1<<33) },
		"few values":    func(int, int) int64 { return random.Int64N(5) },
		"one value":     func(int, int) int64 { return -7 },
		"nested": func(i, n int) int64 {
			if i < 9 {
				return math.MaxInt64 - 1<<(60-6*i)
			}
			return math.MaxInt64 - int64(n-i)
		},
	} {
		for _, n := range []int{1, 2, 199, 200, 201, 1000, 9999, 10_000, 20_000} {
			x := make([]time.Duration, n)
			for i := range x {
				x[i] = time.Duration(value(i, n))
			}
			t.Run(name, func(t *testing.T) {
				check(t, x)
				check(t, x, 1)
				check(t, x, int64(n))
				check(t, x, slices.Compact([]int64{1, int64(n+1) / 2, int64(n)})...)
				ranks := make([]int64, 4)
				for i := range ranks {
					ranks[i] = 1 + random.Int64N(int64(n))
				}
				slices.Sort(ranks)
				check(t, x, slices.Compact(ranks)...)
			})
		}
	}
}

func TestEveryRank(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	x, ranks := make([]time.Duration, 3000), make([]int64, 3000)
	for i := range x {
		x[i], ranks[i] = time.Duration(random.Int64N(1<<30)), int64(i+1)
	}
	check(t, x, ranks...)
}
