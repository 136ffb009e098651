package batch_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/batch"
)

type pair struct {
	key uint32
	d   time.Duration
}

// TestTakeAgainstAStableSort fills one batch again and again.
func TestTakeAgainstAStableSort(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var b batch.Batch
	for _, limit := range []uint32{1, 2, 3, 100, 1 << 12, 1<<12 + 1, 1 << 13, 1 << 20, 1 << 24, 1<<24 + 1, math.MaxUint32, 5} {
		for _, n := range []int{0, 1, 2, 1000, 20_000, 50} {
			pairs := make([]pair, n)
			for i := range pairs {
				pairs[i] = pair{random.Uint32N(limit), time.Duration(i)}
				if i%7 == 0 {
					pairs[i].key = limit - 1
				}
				b.Add(pairs[i].key, pairs[i].d)
			}
			if b.Len() != n {
				t.Fatalf("%d pairs, want %d", b.Len(), n)
			}
			slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
			var got []pair
			last := int64(-1)
			b.Take(limit, func(key uint32, durations []time.Duration) {
				if int64(key) <= last || len(durations) == 0 {
					t.Fatalf("key %d after %d, %d durations", key, last, len(durations))
				}
				last = int64(key)
				for _, d := range durations {
					got = append(got, pair{key, d})
				}
			})
			if !slices.Equal(got, pairs) || b.Len() != 0 {
				t.Fatalf("%d pairs of keys below %d come in another order, %d are left", n, limit, b.Len())
			}
		}
	}
	b.Take(1, func(uint32, []time.Duration) { t.Error("an empty batch gives something") })
}

func TestSteadyBatchAllocatesNothing(t *testing.T) {
	var b batch.Batch
	fill := func() {
		for i := range uint32(5000) {
			b.Add(i*7919%90_000, 1)
		}
		b.Take(90_000, func(uint32, []time.Duration) {})
	}
	fill()
	fill()
	if n := testing.AllocsPerRun(20, fill); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
