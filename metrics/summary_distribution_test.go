package metrics_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/internal/ranks"
	"github.com/servicequality/servicequality/metrics/stat"
)

// checkDistribution compares All, AtMost, Sample and QuantileInterval with the
// sorted durations.
func checkDistribution(s *metrics.Summary, values []int64) string {
	sorted := slices.Sorted(slices.Values(values))
	exact := len(sorted) <= held
	var n int64
	last := time.Duration(math.MinInt64)
	for d, count := range s.All() {
		if count <= 0 || n > 0 && d <= last || d < time.Duration(sorted[0]) || d > time.Duration(sorted[len(sorted)-1]) {
			return fmt.Sprintf("%d of %d after %d", count, d, last)
		}
		// Each stands for values that are near.
		for _, v := range sorted[n : n+count] {
			if off := math.Abs(float64(v) - float64(d)); exact && off != 0 || off > math.Abs(float64(v))/128*(1+1e-9) {
				return fmt.Sprintf("%d stands for %d", d, v)
			}
		}
		n, last = n+count, d
	}
	if n != int64(len(sorted)) || n != s.Count() {
		return "counts add up to something else"
	}
	probes := []int64{math.MinInt64, math.MaxInt64, -1, 0, 1}
	for i := 0; i < len(sorted); i += 1 + len(sorted)/20 {
		probes = append(probes, sorted[i], max(sorted[i], math.MinInt64+1)-1, min(sorted[i], math.MaxInt64-1)+1)
	}
	if len(sorted) > 0 {
		probes = append(probes, sorted[len(sorted)-1], sorted[len(sorted)-1]-1)
	}
	for _, d := range probes {
		got := s.AtMost(time.Duration(d))
		// The number that are surely at most d, and that may be.
		var surely, maybe int64
		for _, v := range sorted {
			near := !exact && math.Abs(float64(v)-float64(d)) <= math.Abs(float64(d))/128*(1+1e-9) && d >= sorted[0] && d < sorted[len(sorted)-1]
			if v <= d && !near {
				surely++
			}
			if v <= d || near {
				maybe++
			}
		}
		if got < surely || got > maybe {
			return fmt.Sprintf("%d at most %d, want %d to %d", got, d, surely, maybe)
		}
	}
	return checkSample(s, sorted)
}

func checkSample(s *metrics.Summary, sorted []int64) string {
	sample, ok := s.Sample()
	if ok != (len(sorted) > 0) {
		return "data or no data"
	}
	if !ok {
		return ""
	}
	seconds := make([]float64, len(sorted))
	var squares float64
	for i, v := range sorted {
		seconds[i] = float64(v) / 1e9
		squares += seconds[i] * seconds[i]
	}
	want, err := stat.Describe(seconds)
	if err != nil {
		return err.Error()
	}
	rms := math.Sqrt(squares / float64(len(sorted)))
	tolerance := 1e-9
	if len(sorted) > held {
		tolerance = 1.001 / 128
	}
	if sample.N != want.N || math.Abs(sample.Mean-want.Mean) > 1e-12*rms || math.Abs(sample.SD()-want.SD()) > tolerance*rms {
		return fmt.Sprintf("sample %+v, want %+v", sample, want)
	}
	return ""
}

func TestSummaryDistribution(t *testing.T) {
	properties := laws(t, 150)
	properties.Property("agrees with the sorted durations", prop.ForAll(func(v []int64, copies int) string {
		var all []int64
		for i := range int64(copies) {
			for _, d := range v {
				all = append(all, d/8+i*i*1_000_003)
			}
		}
		return checkDistribution(summaryOf(all...), all)
	}, genDurations(), gen.OneConstOf(1, 2, 60)))
	properties.Property("adding a slice is adding each", prop.ForAll(func(v, w []int64, copies int) bool {
		for _, first := range [][]int64{nil, slices.Repeat(w, copies)} {
			each, all := summaryOf(first...), summaryOf(first...)
			given := make([]time.Duration, 0, copies*len(v))
			for range copies {
				for _, d := range v {
					given = append(given, time.Duration(d))
				}
			}
			for _, d := range given {
				each.Add(d)
			}
			all.AddAll(given)
			clear(given) // which a summary does not keep
			if binaryForm(each) != binaryForm(all) {
				return false
			}
		}
		return true
	}, genDurations(), genDurations(), gen.OneConstOf(1, 40)))
	properties.TestingRun(t)
	for name, value := range samples {
		random := rand.New(rand.NewPCG(1, 2))
		for _, n := range []int{1, 1024, 1025, 5000} {
			values := make([]int64, n)
			for i := range values {
				values[i] = value(i, n, random) / 4
			}
			if text := checkDistribution(summaryOf(values...), values); text != "" {
				t.Errorf("%d of %s: %s", n, name, text)
			}
		}
	}
	for d := range new(metrics.Summary).All() {
		t.Errorf("nothing holds %v", d)
	}
	// A loop may stop.
	for _, s := range []*metrics.Summary{summaryOf(3, 1, 2), summaryOf(slices.Repeat([]int64{1, 1e9}, held)...)} {
		for d := range s.All() {
			if d != 1 {
				t.Errorf("begins with %v", d)
			}
			break
		}
	}
}

// TestSummaryMedianSample compares with the durations in seconds.
func TestSummaryMedianSample(t *testing.T) {
	random := source(t)
	if s, ok := new(metrics.Summary).MedianSample(); ok {
		t.Errorf("nothing has the median %+v", s)
	}
	for _, n := range []int{1, 2, 25, held, held + 1, 20_000} {
		var s metrics.Summary
		seconds := make([]float64, n)
		for i := range seconds {
			d := time.Duration(9e11 * math.Exp(random.NormFloat64()))
			s.Add(d)
			seconds[i] = d.Seconds()
		}
		slices.Sort(seconds)
		low, high := ranks.Median(int64(n))
		want := stat.MedianSample{N: int64(n), Median: (seconds[(n-1)/2] + seconds[n/2]) / 2, Low: seconds[low-1], High: seconds[high-1]}
		tolerance := 2e-9 // Median is whole nanoseconds
		if n > held {
			tolerance = 1.0 / 128
		}
		got, ok := s.MedianSample()
		near := func(a, b float64) bool { return math.Abs(a-b) <= tolerance*b }
		if !ok || got.N != want.N || !near(got.Median, want.Median) || !near(got.Low, want.Low) || !near(got.High, want.High) {
			t.Errorf("%d durations: %+v, want %+v", n, got, want)
		}
	}
}

func TestSummaryQuantileInterval(t *testing.T) {
	random := source(t)
	for _, n := range []int{6, 25, 1024, 1025, 20_000} {
		values := make([]int64, n)
		for i := range values {
			values[i] = int64(9e11 * math.Exp(random.NormFloat64()))
		}
		s := summaryOf(values...)
		slices.Sort(values)
		for _, p := range []float64{0.5, 0.9} {
			low, high, _, err := stat.QuantileRanks(int64(n), p, 0.95)
			iv, err2 := s.QuantileInterval(p, 0.95)
			if (err == nil) != (err2 == nil) || err != nil && !errors.Is(err2, stat.ErrTooFew) {
				t.Fatalf("%d: %v, %v", n, err, err2)
			}
			if err != nil {
				continue
			}
			tolerance := 0.0
			if n > held {
				tolerance = 1.0 / 128
			}
			for _, end := range [][2]int64{{int64(iv.Low), values[low-1]}, {int64(iv.High), values[high-1]}} {
				if math.Abs(float64(end[0]-end[1])) > tolerance*float64(end[1]) {
					t.Errorf("%v quantile of %d: end %v, want %v", p, n, time.Duration(end[0]), time.Duration(end[1]))
				}
			}
			if q, _ := s.Quantile(p); iv.Estimate != q || iv.Method != stat.OrderStatistics || iv.Level != 0.95 || !iv.HasEstimate || !iv.HasLow || !iv.HasHigh {
				t.Errorf("%+v", iv)
			}
		}
	}
	five := summaryOf(1, 2, 3, 4, 5)
	for _, tt := range []struct {
		s        *metrics.Summary
		p, level float64
		want     error
	}{
		{new(metrics.Summary), 0.5, 0.95, stat.ErrNoData}, {five, 0.5, 0.95, stat.ErrTooFew},
		{five, 0, 0.95, stat.ErrValue}, {five, 0.5, 1, stat.ErrLevel},
	} {
		if _, err := tt.s.QuantileInterval(tt.p, tt.level); !errors.Is(err, tt.want) {
			t.Errorf("%v at %v: %v, want %v", tt.p, tt.level, err, tt.want)
		}
	}
}

// TestSummaryRoom holds what the documentation says of memory.
func TestSummaryRoom(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	if size := unsafe.Sizeof(metrics.Summary{}); size > 32 {
		t.Errorf("a Summary has %d bytes", size)
	}
	var s metrics.Summary
	for i := range 1_000_000 {
		s.Add(time.Duration(9e11 * math.Exp(random.NormFloat64())))
		if i%4 == 0 {
			s.Add(0)
		}
	}
	// Waits of no time, out of hours, cost one page more; and then there is room
	// for those that were added last.
	if bytes := s.Room(); bytes > 5200+4200 {
		t.Errorf("a million durations keep %d bytes", bytes)
	}
	s.Median()
	if bytes := s.Room(); bytes > 2*5200+4200 {
		t.Errorf("a million durations that are read keep %d bytes", bytes)
	}
	var frozen metrics.Summary
	if err := frozen.UnmarshalBinary([]byte(binaryForm(&s))); err != nil || frozen.Room() > 5200 {
		t.Errorf("a million durations that were stored keep %d bytes, %v", frozen.Room(), err)
	}
	few := summaryOf(slices.Repeat([]int64{1e12}, 25)...)
	if bytes := few.Room(); bytes > 340 {
		t.Errorf("25 durations keep %d bytes", bytes)
	}
	few = summaryOf(slices.Repeat([]int64{1e12}, held)...)
	if bytes := few.Room(); bytes > 8300 {
		t.Errorf("%d durations keep %d bytes", held, bytes)
	}
	var wide metrics.Summary
	for range held {
		for shift := range 63 {
			wide.Add(1 << shift)
			wide.Add(-1 << shift)
		}
		wide.AddAll([]time.Duration{math.MinInt64, math.MaxInt64, 0})
	}
	if bytes := wide.Room(); bytes > 30_000+4200 {
		t.Errorf("durations of all sizes keep %d bytes", bytes)
	}
}

// TestSummaryAllocations holds what the documentation says of allocations.
func TestSummaryAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	durations := make([]time.Duration, 2000)
	random := rand.New(rand.NewPCG(9, 10))
	for i := range durations {
		durations[i] = time.Duration(9e11 * math.Exp(random.NormFloat64()))
	}
	var few, s, other metrics.Summary
	few.AddAll(durations[:held])
	s.AddAll(durations)
	other.AddAll(durations)
	s.Add(1)
	for name, f := range map[string]struct {
		call func()
		most float64
	}{
		"10,000 Add": {func() {
			for i := range 10_000 {
				s.Add(durations[i%len(durations)])
			}
		}, 10_000. / 50},
		"AddAll":       {func() { s.AddAll(durations) }, 3},
		"Merge":        {func() { s.Merge(&other) }, 3},
		"Merge few":    {func() { new(metrics.Summary).Merge(&few) }, 2},
		"Merge many":   {func() { new(metrics.Summary).Merge(&other) }, 0},
		"Count to Max": {func() { s.Count(); s.Min(); s.Max(); s.Mean() }, 0},
		"Quantile":     {func() { s.Quantile(0.9) }, 0},
		"AtMost":       {func() { s.AtMost(time.Hour) }, 0},
		"All": {func() {
			for range s.All() {
			}
		}, 0},
	} {
		if n := testing.AllocsPerRun(100, f.call); n > f.most {
			t.Errorf("%s: %v allocations, at most %v", name, n, f.most)
		}
	}
}

func ExampleSummary_Quantiles() {
	var waits metrics.Summary
	waits.AddAll([]time.Duration{20 * time.Minute, 3 * time.Minute, 10 * time.Minute})
	if q, ok := waits.Quantiles(0.5, 0.9); ok {
		fmt.Println("median", q[0], "p90", q[1])
	}
	// Output: median 10m0s p90 18m0s
}

func ExampleSummary_AtMost() {
	var waits metrics.Summary
	waits.AddAll([]time.Duration{20 * time.Minute, 3 * time.Minute, 10 * time.Minute})
	fmt.Println(waits.AtMost(10*time.Minute), "of", waits.Count())
	// Output: 2 of 3
}

func ExampleSummary_Sample() {
	// Was it quicker after the training?
	var before, after metrics.Summary
	before.AddAll([]time.Duration{40 * time.Minute, 52 * time.Minute, 31 * time.Minute, 45 * time.Minute, 38 * time.Minute})
	after.AddAll([]time.Duration{30 * time.Minute, 22 * time.Minute, 35 * time.Minute, 18 * time.Minute, 27 * time.Minute})
	a, _ := after.Sample()
	b, _ := before.Sample()
	c, err := stat.CompareMeans(a, b)
	if err != nil {
		fmt.Println(err)
		return
	}
	d, _ := c.Interval(0.95)
	fmt.Printf("%.0f s, %.0f to %.0f, p = %.3f\n", d.Estimate, d.Low, d.High, c.Test().P)
	// Output: -888 s, -1528 to -248, p = 0.013
}

func BenchmarkSummary(b *testing.B) {
	random := rand.New(rand.NewPCG(11, 12))
	durations := make([]time.Duration, 1<<14)
	for i := range durations {
		durations[i] = time.Duration(9e11 * math.Exp(random.NormFloat64()))
	}
	perValue := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(durations)), "ns/value")
	}
	b.Run("Add", func(b *testing.B) {
		b.ReportAllocs()
		var s metrics.Summary
		for b.Loop() {
			for _, d := range durations {
				s.Add(d)
			}
		}
		perValue(b)
	})
	b.Run("AddAll", func(b *testing.B) {
		b.ReportAllocs()
		var s metrics.Summary
		for b.Loop() {
			s.AddAll(durations)
		}
		perValue(b)
	})
	b.Run("Quantile", func(b *testing.B) {
		b.ReportAllocs()
		var s metrics.Summary
		s.AddAll(durations)
		for b.Loop() {
			s.Quantile(0.9)
		}
	})
	b.Run("Merge", func(b *testing.B) {
		b.ReportAllocs()
		var s, other metrics.Summary
		s.AddAll(durations)
		other.AddAll(durations)
		for b.Loop() {
			s.Merge(&other)
		}
	})
}
