package histogram_test

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/histogram"
)

// bucketOf is histogram.Bucket for a number of at least 0, by the definition: as
// many buckets as there are numbers below 128, and 64 for each power of two.
func bucketOf(v uint64) int {
	if v < 128 {
		return int(v)
	}
	power := bits.Len64(v) - 1
	return 64*(power-5) + int((v-1<<power)>>(power-6))
}

func TestBuckets(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var values []uint64
	for power := range 63 {
		for slot := range uint64(64) {
			edge := uint64(1)<<power + slot<<max(power-6, 0)
			values = append(values, edge-1, edge, edge+1)
		}
		for range 100 {
			values = append(values, random.Uint64N(2<<power))
		}
	}
	values = append(values, 0, math.MaxInt64, math.MaxInt64-1)
	for _, v := range values {
		if v > math.MaxInt64 {
			continue
		}
		bucket := histogram.Bucket(int64(v))
		if want := bucketOf(v); bucket != want || histogram.Bucket(-int64(v)) != -want {
			t.Fatalf("%d is in bucket %d and −%d in %d, want %d", v, bucket, v, histogram.Bucket(-int64(v)), want)
		}
		middle := histogram.Middle(bucket)
		if off := math.Abs(float64(middle) - float64(v)); off > float64(v)/128 || v < 128 && off != 0 || histogram.Middle(-bucket) != -middle {
			t.Fatalf("the middle of the bucket of %d is %d", v, middle)
		}
	}
	if got := histogram.Bucket(math.MinInt64); got != histogram.Bucket(math.MinInt64+1)-1 {
		t.Errorf("the least number is in bucket %d", got)
	}
}

// A model is the plain form of what is kept: how often each number came.
type model map[int64]int64

func (m model) totals() (n, least, greatest int64, sum *big.Int) {
	sum, least, greatest = new(big.Int), math.MaxInt64, math.MinInt64
	for v, count := range m {
		n += count
		least, greatest = min(least, v), max(greatest, v)
		sum.Add(sum, new(big.Int).Mul(big.NewInt(v), big.NewInt(count)))
	}
	return n, least, greatest, sum
}

// check compares a histogram with the numbers that it was given.
func (m model) check(t *testing.T, h *histogram.Histogram) {
	t.Helper()
	n, least, greatest, sum := m.totals()
	if h.N != n || n > 0 && (h.Min != least || h.Max != greatest) || h.Sum().Cmp(sum) != 0 {
		t.Fatalf("%d from %d to %d, sum %v; want %d from %d to %d, sum %v", h.N, h.Min, h.Max, h.Sum(), n, least, greatest, sum)
	}
	hi, lo := h.Words()
	words := new(big.Int).Lsh(big.NewInt(hi), 64)
	if words.Add(words, new(big.Int).SetUint64(lo)).Cmp(sum) != 0 {
		t.Fatalf("the words of the sum are %d, %d, want %v", hi, lo, sum)
	}
	want := make(map[int]int64)
	for v, count := range m {
		want[histogram.Bucket(v)] += count
	}
	got, last, before := make(map[int]int64), math.MinInt, int64(0)
	var at []int64
	var values []time.Duration
	for bucket, count := range h.All() {
		if bucket <= last || count <= 0 {
			t.Fatalf("%d in bucket %d after %d", count, bucket, last)
		}
		got[bucket], last = count, bucket
		for _, rank := range []int64{before + 1, before + count} {
			value := time.Duration(min(max(histogram.Middle(bucket), least), greatest))
			switch rank {
			case 1:
				value = time.Duration(least)
			case n:
				value = time.Duration(greatest)
			}
			at, values = append(at, rank), append(values, value)
		}
		before += count
	}
	// All at once, one of many, and some.
	for step := 1; step <= len(at); step += 1 + step*step {
		var some []int64
		var want []time.Duration
		for i := step - 1; i < len(at); i += step {
			some, want = append(some, at[i]), append(want, values[i])
		}
		got := make([]time.Duration, len(some))
		if h.Ranked(some, got); !slices.Equal(got, want) {
			t.Fatalf("ranks %d of %d are %d, want %d", some, n, got, want)
		}
	}
	if !maps.Equal(got, want) {
		t.Fatalf("%d buckets %v, want %d: %v", len(got), got, len(want), want)
	}
}

// checkAccumulator does so with an accumulator of at most, or of more than,
// MaxValues durations.
func (m model) checkAccumulator(t *testing.T, a *histogram.Accumulator) {
	t.Helper()
	n, _, _, _ := m.totals()
	if a.Len() != n || (a.Histogram() == nil) != (n <= histogram.MaxValues) {
		t.Fatalf("%d durations, want %d; histogram %v", a.Len(), n, a.Histogram() != nil)
	}
	if h := a.Histogram(); h != nil {
		m.check(t, h)
		if a.Values() != nil {
			t.Fatalf("%d durations beside a histogram", len(a.Values()))
		}
		return
	}
	got := make(model)
	for _, d := range a.Values() {
		got[int64(d)]++
	}
	if !maps.Equal(got, m) {
		t.Fatalf("values %v, want %v", got, m)
	}
}

// number is one of all sizes and both signs, often an edge.
func number(random *rand.Rand) time.Duration {
	switch random.IntN(8) {
	case 0:
		return time.Duration([]int64{0, 1, -1, 63, 64, 127, 128, math.MaxInt64, math.MinInt64, math.MinInt64 + 1}[random.IntN(10)])
	case 1:
		return time.Duration(random.Uint64() >> random.IntN(64))
	case 2:
		return -time.Duration(random.Uint64() >> (1 + random.IntN(63)))
	}
	return time.Duration(random.Int64N(int64(48 * time.Hour)))
}

// TestAccumulator adds and merges at random.
func TestAccumulator(t *testing.T) {
	for seed := range uint64(5) {
		random := rand.New(rand.NewPCG(seed, 2))
		accumulators := make([]histogram.Accumulator, 3)
		models := []model{{}, {}, {}}
		for step := range 150 {
			i, j := random.IntN(3), random.IntN(3)
			a, m := &accumulators[i], models[i]
			switch kind := random.IntN(10); {
			case kind < 5:
				for range 1 + random.IntN(60) {
					d := number(random)
					a.Add(d)
					m[int64(d)]++
				}
			case kind < 8:
				durations := make([]time.Duration, []int{0, 1, 100, histogram.MaxValues - int(a.Len()), 600}[random.IntN(5)]&4095)
				for k := range durations {
					durations[k] = number(random)
					m[int64(durations[k])]++
				}
				a.AddAll(durations)
				clear(durations)
			default:
				for v, n := range maps.Clone(models[j]) {
					m[v] += n
				}
				a.Merge(&accumulators[j])
			}
			if step%4 == 0 {
				m.checkAccumulator(t, a)
			}
			if n := a.Len(); n > 1<<40 {
				accumulators[i], models[i] = histogram.Accumulator{}, model{}
			}
		}
		for i := range models {
			models[i].checkAccumulator(t, &accumulators[i])
		}
	}
}

// TestAccumulatorOfSteps adds ever longer and ever shorter durations, one by one.
func TestAccumulatorOfSteps(t *testing.T) {
	for _, step := range []int64{1, -1, 1e9, -1e9} {
		var a histogram.Accumulator
		m := model{}
		for i := range int64(2 * histogram.MaxValues) {
			a.Add(time.Duration(i * step))
			m[i*step]++
			if i > histogram.MaxValues && i%100 == 0 {
				m.checkAccumulator(t, &a)
			}
		}
		m.checkAccumulator(t, &a)
	}
}

// TestValuesAreFrozen keeps what Values returned while more is added.
func TestValuesAreFrozen(t *testing.T) {
	var a histogram.Accumulator
	var kept [][]time.Duration
	for i := range histogram.MaxValues + 1 {
		kept = append(kept, a.Values())
		a.Add(time.Duration(i))
	}
	for n, values := range kept {
		if len(values) != n || cap(values) != n {
			t.Fatalf("%d values, room for %d, want %d", len(values), cap(values), n)
		}
		for i, d := range values {
			if int(d) != i {
				t.Fatalf("value %d of %d is %d", i, n, d)
			}
		}
	}
}

// restore makes a histogram of numbers that are their own buckets.
func (m model) restore(t *testing.T) *histogram.Histogram {
	t.Helper()
	n, least, greatest, sum := m.totals()
	var buckets [][2]int64
	for _, v := range slices.Sorted(maps.Keys(m)) {
		buckets = append(buckets, [2]int64{int64(histogram.Bucket(v)), m[v]})
	}
	h, ok := histogram.Restore(n, least, greatest, sum, buckets)
	if !ok {
		t.Fatalf("%v is refused", m)
	}
	m.check(t, h)
	return h
}

// TestManyNumbers has more numbers than 32 bits count, in all and in a bucket.
func TestManyNumbers(t *testing.T) {
	for _, n := range []int64{math.MaxUint32 - 2, math.MaxUint32 - 1, math.MaxUint32, math.MaxUint32 + 1, 1 << 40, 1 << 61} {
		m := model{5: n, -100: 1, 127: 3}
		h := m.restore(t)
		var a histogram.Accumulator
		a.MergeHistogram(h)
		add := func(v, n int64) {
			m[v] += n
			m.check(t, a.Histogram())
		}
		for range 4 {
			a.Add(5)
			add(5, 1)
		}
		a.AddAll([]time.Duration{5, 5, 7})
		m[7]++
		add(5, 2)
		own := maps.Clone(m)
		copied := a.Histogram().Clone()
		a.Merge(&a)
		for v, count := range own {
			m[v] += count
		}
		m.check(t, a.Histogram())
		own.check(t, copied)
		a.MergeHistogram(h)
		for v, count := range (model{5: n, -100: 1, 127: 3}) {
			m[v] += count
		}
		m.check(t, a.Histogram())
		(model{5: n, -100: 1, 127: 3}).check(t, h)
	}
}

func TestRestoreRefuses(t *testing.T) {
	sum := big.NewInt
	for i, tt := range []struct {
		n, least, greatest int64
		sum                *big.Int
		buckets            [][2]int64
		ok                 bool
	}{
		{3, 1, 2, sum(4), [][2]int64{{1, 2}, {2, 1}}, true},
		{0, 0, 0, sum(0), nil, false},
		{-1, 0, 0, sum(0), [][2]int64{{0, -1}}, false},
		{3, 1, 2, sum(4), nil, false},
		{3, 1, 2, sum(2), [][2]int64{{1, 2}, {2, 1}}, false},
		{3, 1, 2, sum(7), [][2]int64{{1, 2}, {2, 1}}, false},
		{3, 2, 1, sum(4), [][2]int64{{1, 2}, {2, 1}}, false},
		{4, 1, 2, sum(5), [][2]int64{{1, 2}, {2, 1}}, false},
		{2, 1, 2, sum(3), [][2]int64{{1, 2}, {2, 1}}, false},
		{3, 1, 2, sum(4), [][2]int64{{2, 1}, {1, 2}}, false},
		{3, 1, 2, sum(4), [][2]int64{{1, 1}, {1, 1}, {2, 1}}, false},
		{3, 1, 2, sum(4), [][2]int64{{1, 3}, {2, 0}}, false},
		{3, 1, 2, sum(4), [][2]int64{{1, 3}}, false},
		{3, 1, 2, sum(4), [][2]int64{{2, 3}}, false},
		{3, 1, 2, sum(4), [][2]int64{{0, 1}, {1, 1}, {2, 1}}, false},
		{3, 1, 2, sum(4), [][2]int64{{1, 1}, {2, 1}, {3, 1}}, false},
		{3, 1, 2, sum(4), [][2]int64{{1, 4}, {2, -1}}, false},
		{3, 1, 2, sum(4), [][2]int64{{1, math.MaxInt64}, {2, math.MaxInt64}}, false},
	} {
		if h, ok := histogram.Restore(tt.n, tt.least, tt.greatest, tt.sum, tt.buckets); ok != tt.ok || ok != (h != nil) {
			t.Errorf("%d: %+v is restored: %v", i, tt, ok)
		}
	}
}

func TestAccumulatorAllocatesNothing(t *testing.T) {
	durations := make([]time.Duration, 2000)
	random := rand.New(rand.NewPCG(9, 10))
	for i := range durations {
		durations[i] = time.Duration(9e11 * math.Exp(random.NormFloat64()))
	}
	for _, n := range []int64{0, 1 << 32} {
		var a, other histogram.Accumulator
		if n > 0 {
			a.MergeHistogram(model{5: n}.restore(t))
		}
		a.AddAll(durations)
		other.AddAll(durations)
		for range 3 { // counts beyond 32 bits are in a map, which grows
			a.Merge(&other)
		}
		i := 0
		for name, f := range map[string]func(){
			"Add":    func() { a.Add(durations[i%len(durations)]); i++ },
			"AddAll": func() { a.AddAll(durations) },
			"Merge":  func() { a.Merge(&other) },
			"Ranked": func() {
				var values [2]time.Duration
				a.Histogram().Ranked([]int64{1700, 1701}, values[:])
			},
		} {
			if allocated := testing.AllocsPerRun(100, f); allocated != 0 {
				t.Errorf("%d before: %s: %v allocations", n, name, allocated)
			}
		}
	}
}

// TestSize holds what the documentation of Summary says of memory.
func TestSize(t *testing.T) {
	var a histogram.Accumulator
	random := rand.New(rand.NewPCG(7, 8))
	for range 1_000_000 {
		a.Add(time.Duration(9e11 * math.Exp(random.NormFloat64())))
	}
	a.Add(0)
	if size := a.Histogram().Size(); size < 4200 || size > 5100 {
		t.Errorf("a million response times take %d bytes", size)
	}
	n, least, greatest, sum := a.Len(), a.Histogram().Min, a.Histogram().Max, a.Histogram().Sum()
	var buckets [][2]int64
	for bucket, count := range a.Histogram().All() {
		buckets = append(buckets, [2]int64{int64(bucket), count})
	}
	if h, ok := histogram.Restore(n, least, greatest, sum, buckets); !ok || h.Size() != a.Histogram().Size() {
		t.Errorf("restored they take %d bytes, want %d", h.Size(), a.Histogram().Size())
	}
	for shift := range 63 {
		for range 2000 {
			a.Add(1 << shift)
			a.Add(-1 << shift)
		}
	}
	a.AddAll([]time.Duration{math.MinInt64, math.MaxInt64})
	if size := a.Histogram().Size(); size > 30_000 {
		t.Errorf("durations of all sizes take %d bytes", size)
	}
}

func BenchmarkAccumulator(b *testing.B) {
	durations := make([]time.Duration, 1<<16)
	random := rand.New(rand.NewPCG(9, 10))
	for i := range durations {
		durations[i] = time.Duration(9e11 * math.Exp(random.NormFloat64()))
	}
	for _, all := range []bool{false, true} {
		b.Run(fmt.Sprintf("all=%v", all), func(b *testing.B) {
			var a histogram.Accumulator
			for n := 0; b.Loop(); n++ {
				if all {
					a.AddAll(durations)
				} else {
					for _, d := range durations {
						a.Add(d)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(len(durations)), "ns/value")
		})
	}
}
