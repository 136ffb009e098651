package metrics_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/internal/ranks"
	"github.com/servicequality/servicequality/metrics/stat"
)

// sortedQuantiles is metrics.Quantiles by sorting.
func sortedQuantiles(x []time.Duration, t stat.HyndmanFan, p ...float64) []time.Duration {
	sorted := slices.Sorted(slices.Values(x))
	var quantiles []time.Duration
	for _, q := range p {
		rank, weight := t.Position(int64(len(x)), q)
		value := sorted[rank-1]
		if weight > 0 {
			value = ranks.Interpolate(value, sorted[rank], weight)
		}
		quantiles = append(quantiles, value)
	}
	return quantiles
}

// checkQuantiles compares quantiles with those by sorting, and looks at what
// must not change.
func checkQuantiles(x []time.Duration, t stat.HyndmanFan, p ...float64) error {
	given := slices.Clone(x)
	got, err := metrics.Quantiles(x, t, p...)
	if err != nil {
		return err
	}
	if want := sortedQuantiles(x, t, p...); !slices.Equal(got, want) {
		return fmt.Errorf("quantiles %v of %d durations by %v are %d, want %d", p, len(x), t, got, want)
	}
	if !slices.Equal(x, given) {
		return fmt.Errorf("%d durations were changed", len(x))
	}
	return nil
}

// samples are durations of every kind that selection must bear.
var samples = map[string]func(i, n int, random *rand.Rand) int64{
	"response times": func(_, _ int, random *rand.Rand) int64 { return int64(9e11 * math.Exp(random.NormFloat64())) },
	"whole minutes":  func(_, _ int, random *rand.Rand) int64 { return random.Int64N(90) * int64(time.Minute) },
	"mostly zero": func(_, _ int, random *rand.Rand) int64 {
		return max(0, random.Int64N(int64(time.Hour))-int64(50*time.Minute))
	},
	"all equal":      func(int, int, *rand.Rand) int64 { return int64(time.Hour) },
	"two values":     func(i, _ int, _ *rand.Rand) int64 { return int64(time.Hour) + int64(i%2) },
	"ascending":      func(i, _ int, _ *rand.Rand) int64 { return int64(i) * 1e9 },
	"descending":     func(i, n int, _ *rand.Rand) int64 { return int64(n-i) * 1e9 },
	"one bucket":     func(_, _ int, random *rand.Rand) int64 { return 1<<40 + random.Int64N(1<<33) },
	"both signs":     func(_, _ int, random *rand.Rand) int64 { return random.Int64N(1<<41) - 1<<40 },
	"all of int64":   func(_, _ int, random *rand.Rand) int64 { return int64(random.Uint64()) },
	"only the ends":  func(i, _ int, _ *rand.Rand) int64 { return []int64{math.MinInt64, math.MaxInt64, 0, -1}[i%4] },
	"nested buckets": nested,
}

// nested puts nearly all durations into one bucket in each round: the most
// rounds that there can be.
func nested(i, n int, _ *rand.Rand) int64 {
	v := int64(math.MaxInt64)
	if i < 9 {
		return v - 1<<(60-6*i)
	}
	return v - int64(n-i)
}

func TestQuantilesBySorting(t *testing.T) {
	random := source(t)
	for name, value := range samples {
		for _, n := range []int{1, 2, 3, 10, 199, 200, 201, 202, 1000, 20_000} {
			x := make([]time.Duration, n)
			for i := range x {
				x[i] = time.Duration(value(i, n, random))
			}
			for kind := range stat.HyndmanFan(10) {
				p := []float64{0.5, 0.9, 0.5, 0, 1, 0.25, 0.999, random.Float64(), random.Float64()}
				if err := checkQuantiles(x, kind, p...); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			if err := checkQuantiles(x, 7); err != nil {
				t.Errorf("%s, no p: %v", name, err)
			}
		}
	}
}

func TestQuantilesLaws(t *testing.T) {
	properties := laws(t, 200)
	properties.Property("they are those by sorting", prop.ForAll(func(v []int64, copies int, kind uint8, p, q float64) bool {
		var x []time.Duration
		for i := range copies {
			for _, d := range v {
				x = append(x, time.Duration(d+int64(i*i)))
			}
		}
		return len(x) == 0 || checkQuantiles(x, stat.HyndmanFan(kind), p, q, 0.5) == nil
	}, genDurations(), gen.OneConstOf(1, 2, 30), gen.UInt8Range(0, 9), gen.Float64Range(0, 1), gen.Float64Range(0, 1)))
	properties.TestingRun(t)
}

func TestQuantilesOfKnownDurations(t *testing.T) {
	tests := []struct {
		x    []time.Duration
		p    float64
		want time.Duration
	}{
		{[]time.Duration{1, 2}, 0.5, 2},    // 1.5 ns, ties up
		{[]time.Duration{-2, -1}, 0.5, -1}, // −1.5 ns, ties up
		{[]time.Duration{1, 2}, 0.25, 1},
		{[]time.Duration{20 * time.Minute, 3 * time.Minute, 10 * time.Minute}, 0.5, 10 * time.Minute},
		{[]time.Duration{20 * time.Minute, 3 * time.Minute, 10 * time.Minute}, 0.9, 18 * time.Minute},
		{[]time.Duration{math.MinInt64, math.MaxInt64}, 0.5, 0},
		{[]time.Duration{math.MinInt64, math.MaxInt64}, 1, math.MaxInt64},
	}
	for _, tt := range tests {
		got, err := metrics.Quantiles(tt.x, 7, tt.p)
		if err != nil || len(got) != 1 || got[0] != tt.want {
			t.Errorf("quantile %v of %v is %v, %v, want %v", tt.p, tt.x, got, err, tt.want)
		}
	}
	if _, err := metrics.Quantiles(nil, 7, 0.5); !errors.Is(err, stat.ErrNoData) {
		t.Errorf("no data: %v", err)
	}
	for _, p := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		if _, err := metrics.Quantiles([]time.Duration{1}, 7, 0.5, p); !errors.Is(err, stat.ErrValue) {
			t.Errorf("p = %v: %v", p, err)
		}
	}
}

// FuzzQuantiles compares with sorting. The numbers are repeated at a distance, so
// that many share a bucket, and a bucket within that.
func FuzzQuantiles(f *testing.F) {
	for _, value := range samples {
		var data []byte
		for i := range 20 {
			data = binary.LittleEndian.AppendUint64(data, uint64(value(i, 20, rand.New(rand.NewPCG(1, 2)))))
		}
		f.Add(data, uint8(3), 0.5, 0.95)
	}
	f.Fuzz(func(t *testing.T, data []byte, step uint8, p, q float64) {
		if len(data) < 8 || !(p >= 0 && p <= 1 && q >= 0 && q <= 1) {
			return
		}
		x := make([]time.Duration, 500)
		for i := range x {
			v := binary.LittleEndian.Uint64(data[i%(len(data)/8)*8:])
			x[i] = time.Duration(int64(v) + int64(i)<<(step%64))
		}
		if err := checkQuantiles(x, stat.HyndmanFan(step%10), p, q); err != nil {
			t.Fatal(err)
		}
	})
}

func TestQuantilesAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	random := rand.New(rand.NewPCG(3, 4))
	x := make([]time.Duration, 1_000_000)
	for i := range x {
		x[i] = time.Duration(samples["response times"](0, 0, random))
	}
	result := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			if _, err := metrics.Quantiles(x, 7, 0.5, 0.9, 0.95); err != nil {
				b.Fatal(err)
			}
		}
	})
	// A tenth of the eight megabytes is far more than it takes.
	if bytes := result.AllocedBytesPerOp(); bytes > 800_000 {
		t.Errorf("three quantiles of a million take %d bytes", bytes)
	}
}

// BenchmarkQuantiles compares three quantiles with sorting the same durations.
func BenchmarkQuantiles(b *testing.B) {
	for _, name := range []string{"response times", "whole minutes", "one bucket"} {
		for _, n := range []int{1000, 100_000, 1_000_000} {
			// Other durations each time: branches are predicted too well for
			// a few that are known.
			random := rand.New(rand.NewPCG(5, 6))
			all := make([]time.Duration, 2_000_000)
			for i := range all {
				all[i] = time.Duration(samples[name](i, n, random))
			}
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				var selecting, sorting time.Duration
				b.ReportAllocs()
				sorted := make([]time.Duration, n)
				for i := 0; b.Loop(); i++ {
					from := i * n % (len(all) - n)
					x := all[from : from+n]
					copy(sorted, x)
					start := time.Now()
					if _, err := metrics.Quantiles(x, 7, 0.5, 0.9, 0.95); err != nil {
						b.Fatal(err)
					}
					middle := time.Now()
					slices.Sort(sorted)
					selecting += middle.Sub(start)
					sorting += time.Since(middle)
				}
				perValue := 1 / float64(b.N) / float64(n)
				b.ReportMetric(float64(selecting)*perValue, "ns/value")
				b.ReportMetric(float64(sorting)*perValue, "ns/value-sorting")
				b.ReportMetric(float64(sorting)/float64(selecting), "times-faster")
			})
		}
	}
}

func ExampleQuantiles() {
	waits := []time.Duration{20 * time.Minute, 3 * time.Minute, 10 * time.Minute}
	q, err := metrics.Quantiles(waits, 7, 0.5, 0.9)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("median", q[0], "p90", q[1])
	// Output: median 10m0s p90 18m0s
}
