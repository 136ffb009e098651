package metrics_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/internal/histogram"
)

// sizes are numbers of durations around those at which a Summary keeps them in
// another way.
var sizes = []int{0, 1, 7, 8, 9, 511, 512, 513, held - 1, held, held + 1, held + 512, held + 513, 2 * held, 2*held + 1}

func randomDurations(random *rand.Rand, n int) []int64 {
	values := make([]int64, n)
	for i := range values {
		values[i] = random.Int64N(int64(48 * time.Hour))
	}
	return values
}

func durationsOf(values []int64) []time.Duration {
	durations := make([]time.Duration, len(values))
	for i, v := range values {
		durations[i] = time.Duration(v)
	}
	return durations
}

// TestSummaryCopies copies, adds and merges at random, and compares each of some
// summaries with the list of its durations.
func TestSummaryCopies(t *testing.T) {
	random := source(t)
	type model struct {
		s      metrics.Summary
		values []int64
	}
	pool := make([]model, 6)
	check := func(i int, after string) {
		t.Helper()
		m := &pool[i]
		if text := checkSummary(&m.s, m.values); text != "" {
			t.Fatalf("after %s, of %d durations: %s", after, len(m.values), text)
		}
		if binaryForm(&m.s) != binaryForm(summaryOf(m.values...)) {
			t.Fatalf("after %s, %d durations are another summary", after, len(m.values))
		}
	}
	for range rounds(3000) {
		i, j := random.IntN(len(pool)), random.IntN(len(pool))
		m, other := &pool[i], &pool[j]
		var after string
		switch random.IntN(8) {
		case 0, 1:
			after = fmt.Sprintf("a copy of %d to %d", j, i)
			m.s, m.values = other.s, slices.Clone(other.values)
		case 2:
			after = fmt.Sprintf("a merge of %d into %d", j, i)
			add := slices.Clone(other.values)
			m.s.Merge(&other.s)
			m.values = append(m.values, add...)
		case 3, 4:
			add := randomDurations(random, 1+random.IntN(20))
			after = fmt.Sprintf("%d times Add to %d", len(add), i)
			for _, v := range add {
				m.s.Add(time.Duration(v))
			}
			m.values = append(m.values, add...)
		case 5:
			// Up to a size at which something changes.
			n := sizes[random.IntN(len(sizes))] - len(m.values)
			if n < 0 {
				n = random.IntN(3)
			}
			add := randomDurations(random, n)
			after = fmt.Sprintf("AddAll of %d to %d", n, i)
			durations := durationsOf(add)
			m.s.AddAll(durations)
			clear(durations) // they are not kept
			m.values = append(m.values, add...)
		case 6:
			after = fmt.Sprintf("the binary form of %d to %d", j, i)
			data := []byte(binaryForm(&other.s))
			m.s, m.values = metrics.Summary{}, slices.Clone(other.values)
			if err := m.s.UnmarshalBinary(data); err != nil {
				t.Fatal(err)
			}
		case 7:
			after = fmt.Sprintf("a look at %d", i)
			m.s.Median()
		}
		if len(m.values) > 5*held/2 {
			m.s, m.values = metrics.Summary{}, nil
		}
		check(i, after)
		check(random.IntN(len(pool)), after)
	}
	for i := range pool {
		check(i, "all")
	}
}

// TestSummaryCopiesOfOne adds to a summary and to two copies of it in turn, for
// every size and every way to add.
func TestSummaryCopiesOfOne(t *testing.T) {
	random := source(t)
	adds := map[string]func(s *metrics.Summary, values []int64){
		"Add": func(s *metrics.Summary, values []int64) {
			for _, v := range values {
				s.Add(time.Duration(v))
			}
		},
		"AddAll": func(s *metrics.Summary, values []int64) { s.AddAll(durationsOf(values)) },
		"Merge":  func(s *metrics.Summary, values []int64) { s.Merge(summaryOf(values...)) },
	}
	for _, size := range sizes {
		values := randomDurations(random, size)
		for name, add := range adds {
			for _, more := range []int{1, 2, 600, held + 1} {
				for _, whole := range []*metrics.Summary{summaryOf(values...), frozenOf(values)} {
					var lists [3][]int64
					copies := [3]metrics.Summary{*whole, *whole, *whole}
					for i := range copies {
						lists[i] = randomDurations(random, more)
						add(&copies[i], lists[i])
					}
					for i := range copies {
						if text := checkSummary(&copies[i], append(slices.Clone(values), lists[i]...)); text != "" {
							t.Fatalf("%s of %d to copy %d of %d durations: %s", name, more, i, size, text)
						}
					}
					if text := checkSummary(whole, values); text != "" {
						t.Fatalf("%s of %d to copies of %d durations: the first: %s", name, more, size, text)
					}
				}
			}
		}
	}
}

// frozenOf returns a summary of durations as a group hands it out.
func frozenOf(values []int64) *metrics.Summary {
	var a histogram.Accumulator
	a.AddAll(durationsOf(values))
	s := metrics.Frozen(&a, new(histogram.Accumulator))
	return &s
}

// TestGroupsHandOutFrozenSummaries goes on counting while what was handed out is
// read and added to.
func TestGroupsHandOutFrozenSummaries(t *testing.T) {
	random := source(t)
	var first, next histogram.Accumulator
	var firsts, nexts []int64
	var wg sync.WaitGroup
	for range 60 {
		for _, both := range []bool{false, true} {
			want, with := slices.Clone(firsts), new(histogram.Accumulator)
			if both {
				want, with = append(want, nexts...), &next
			}
			s := metrics.Frozen(&first, with)
			wg.Go(func() {
				if text := checkSummary(&s, want); text != "" {
					t.Errorf("%d durations: %s", len(want), text)
				}
				s.Add(7)
				if text := checkSummary(&s, append(want, 7)); text != "" {
					t.Errorf("%d durations and one: %s", len(want), text)
				}
			})
		}
		add := randomDurations(random, random.IntN(60))
		firsts = append(firsts, add...)
		for _, v := range add {
			first.Add(time.Duration(v))
		}
		add = randomDurations(random, random.IntN(5))
		nexts = append(nexts, add...)
		next.AddAll(durationsOf(add))
	}
	wg.Wait()
}

// TestSummaryCopiesAtOnce lets goroutines add to copies of one summary, and merge
// and read it, at the same time.
func TestSummaryCopiesAtOnce(t *testing.T) {
	random := source(t)
	for _, size := range sizes {
		values := randomDurations(random, size)
		for _, more := range []int{1, 3, 700} {
			whole := summaryOf(values...)
			var copies [4]metrics.Summary
			var lists [4][]int64
			for i := range copies {
				copies[i] = *whole
				lists[i] = randomDurations(random, more)
			}
			var wg sync.WaitGroup
			for i := range copies {
				wg.Go(func() {
					s := &copies[i]
					for k, v := range lists[i] {
						if i == 3 && k == 0 {
							s.Merge(summaryOf(v))
							continue
						}
						s.Add(time.Duration(v))
						if k%100 == 0 {
							s.Median()
						}
					}
				})
			}
			wg.Go(func() {
				whole.Median()
				var own metrics.Summary
				own.Add(1)
				own.Merge(whole)
			})
			wg.Wait()
			for i := range copies {
				if text := checkSummary(&copies[i], append(slices.Clone(values), lists[i]...)); text != "" {
					t.Errorf("%d durations and %d more: %s", size, more, text)
				}
			}
			if text := checkSummary(whole, values); text != "" {
				t.Errorf("%d durations that were copied: %s", size, text)
			}
		}
	}
}
