package metrics_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/internal/ranks"
	"github.com/servicequality/servicequality/metrics/stat"
)

func summaryOf(values ...int64) *metrics.Summary {
	s := new(metrics.Summary)
	for _, v := range values {
		s.Add(time.Duration(v))
	}
	return s
}

// genDurations yields samples of up to max durations, edges among them.
func genDurations() gopter.Gen {
	edges := gen.OneConstOf(int64(0), int64(1), int64(-1), int64(63), int64(64), int64(127), int64(128), int64(129),
		int64(math.MaxInt64), int64(math.MaxInt64-1), int64(math.MinInt64), int64(math.MinInt64+1))
	return gen.SliceOf(gen.Weighted([]gen.WeightedGen{
		{Weight: 4, Gen: gen.Int64Range(-300, 300)},
		{Weight: 4, Gen: gen.Int64Range(0, int64(90*24*time.Hour))},
		{Weight: 1, Gen: edges},
		{Weight: 1, Gen: gen.Int64()},
	}))
}

// checkSummary compares a summary with the sorted durations that it was given.
func checkSummary(s *metrics.Summary, values []int64) string {
	sorted := slices.Sorted(slices.Values(values))
	n := int64(len(sorted))
	if s.Count() != n {
		return "count"
	}
	low, okLow := s.Min()
	high, okHigh := s.Max()
	mean, okMean := s.Mean()
	median, okMedian := s.Median()
	_, okP := s.Quantile(0.5)
	for _, ok := range []bool{okLow, okHigh, okMean, okMedian, okP} {
		if ok != (n > 0) {
			return "data or no data"
		}
	}
	sum := new(big.Int)
	for _, v := range sorted {
		sum.Add(sum, big.NewInt(v))
	}
	if !s.Sum().Equal(decimal.NewFromBigInt(sum, -9)) {
		return "sum " + s.Sum().String() + ", want " + sum.String() + " ns"
	}
	if n == 0 {
		if low != 0 || high != 0 || mean != 0 || median != 0 {
			return "something of nothing"
		}
		return ""
	}
	if int64(low) != sorted[0] || int64(high) != sorted[n-1] {
		return "extremes"
	}
	// The mean is half away from zero: |2·sum − 2·n·mean| ≤ n, and at a tie
	// the mean is the farther one.
	rest := new(big.Int).Sub(sum, new(big.Int).Mul(big.NewInt(n), big.NewInt(int64(mean))))
	rest.Lsh(rest, 1)
	switch rest.CmpAbs(big.NewInt(n)) {
	case 1:
		return "mean " + mean.String()
	case 0:
		if rest.Sign() == sum.Sign() {
			return "mean rounded towards zero"
		}
	}
	if m, _ := s.Quantile(0.5); m != median {
		return "median"
	}
	probabilities := []float64{0, 0.001, 0.05, 0.1, 0.25, 0.3, 1.0 / 3, 0.5, 0.7, 0.75, 0.9, 0.95, 0.99, 0.999, 1, 0.5}
	quantiles, ok := s.Quantiles(probabilities...)
	if !ok || len(quantiles) != len(probabilities) {
		return "no quantiles"
	}
	for i, p := range probabilities {
		if q, ok := s.Quantile(p); !ok || q != quantiles[i] {
			return "one of several quantiles"
		}
		if text := checkQuantile(s, sorted, p); text != "" {
			return text
		}
	}
	return ""
}

// held is the number of durations up to which a Summary is documented to hold
// them.
const held = 1024

func checkQuantile(s *metrics.Summary, sorted []int64, p float64) string {
	got, _ := s.Quantile(p)
	rank, weight := stat.HyndmanFan(7).Position(int64(len(sorted)), p)
	below := sorted[rank-1]
	above := below
	if weight > 0 {
		above = sorted[rank]
	}
	want := ranks.Interpolate(time.Duration(below), time.Duration(above), weight)
	if len(sorted) <= held || p == 0 || p == 1 {
		if got != want {
			return "quantile " + got.String() + ", want " + want.String()
		}
		return ""
	}
	// Off by at most 1/128 of the durations on both sides, and by the rounding
	// to a nanosecond. Where both have one sign that is 1/128 of the quantile.
	bound := new(big.Rat).Mul(big.NewRat(1, 128), rat(max(magnitude(below), magnitude(above))))
	if (below >= 0) == (above >= 0) {
		bound.Mul(big.NewRat(1, 128), rat(magnitude(int64(want))))
	}
	bound.Add(bound, big.NewRat(1, 1))
	// The interpolation itself is in float64, with 53 bits.
	bound.Add(bound, new(big.Rat).Mul(big.NewRat(1, 1<<50), rat(max(magnitude(below), magnitude(above)))))
	off := new(big.Rat).SetInt(new(big.Int).Sub(big.NewInt(int64(got)), big.NewInt(int64(want))))
	if off.Abs(off).Cmp(bound) > 0 {
		return "quantile " + got.String() + ", want about " + want.String()
	}
	return ""
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

func rat(v uint64) *big.Rat { return new(big.Rat).SetInt(new(big.Int).SetUint64(v)) }

func binaryForm(s *metrics.Summary) string {
	b, err := s.MarshalBinary()
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestSummaryLaws(t *testing.T) {
	properties := laws(t, 300)
	sample := genDurations()
	// Long samples are grown from short ones, which shrink better.
	long := gen.SliceOfN(20, gen.Int64Range(0, 1<<40))
	for name, values := range map[string]gopter.Gen{"short": sample, "long": long} {
		grow := func(v []int64) []int64 { return v }
		if name == "long" {
			grow = func(v []int64) (grown []int64) {
				for i := range int64(held/20 + 1) {
					for _, d := range v {
						grown = append(grown, d+i*i*1_000_003)
					}
				}
				return grown
			}
		}
		properties.Property(name+": agrees with the sorted durations", prop.ForAll(func(v []int64) string {
			v = grow(v)
			return checkSummary(summaryOf(v...), v)
		}, values))
		properties.Property(name+": neither the order nor the split shows", prop.ForAll(func(v, w []int64, order int64) bool {
			all := append(slices.Clone(grow(v)), grow(w)...)
			whole := summaryOf(all...)
			random := rand.New(rand.NewPCG(uint64(order), 2))
			random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			parts := make([]metrics.Summary, 1+random.IntN(5))
			for _, d := range all {
				parts[random.IntN(len(parts))].Add(time.Duration(d))
			}
			for len(parts) > 1 {
				last := len(parts) - 1
				into := random.IntN(last)
				before := binaryForm(&parts[last])
				parts[into].Merge(&parts[last])
				if binaryForm(&parts[last]) != before {
					return false
				}
				parts = parts[:last]
			}
			data, _ := json.Marshal(parts[0])
			want, _ := json.Marshal(whole)
			return binaryForm(&parts[0]) == binaryForm(whole) && bytes.Equal(data, want)
		}, values, values, gen.Int64()))
		properties.Property(name+": JSON and binary go there and back", prop.ForAll(func(v []int64, more int64) bool {
			v = grow(v)
			s := summaryOf(v...)
			var fromText, fromBytes metrics.Summary
			text, err := json.Marshal(s)
			if err != nil || json.Unmarshal(text, &fromText) != nil || fromBytes.UnmarshalBinary([]byte(binaryForm(s))) != nil {
				return false
			}
			// They are as good as new, and go on.
			for _, again := range []*metrics.Summary{&fromText, &fromBytes, s} {
				again.Add(time.Duration(more))
			}
			return binaryForm(&fromText) == binaryForm(s) && binaryForm(&fromBytes) == binaryForm(s) &&
				checkSummary(&fromBytes, append(slices.Clone(v), more)) == ""
		}, values, gen.Int64()))
		properties.Property(name+": merging a summary into itself doubles it", prop.ForAll(func(v []int64) bool {
			v = grow(v)
			s := summaryOf(v...)
			s.Merge(s)
			return checkSummary(s, append(slices.Clone(v), v...)) == ""
		}, values))
	}
	properties.TestingRun(t)
}

// TestSummaryThreshold steps over the number up to which durations are held.
func TestSummaryThreshold(t *testing.T) {
	random := source(t)
	var values []int64
	s := new(metrics.Summary)
	for n := 0; n <= 2*held+70; n++ {
		if n > 40 && n < held-3 || n > held+40 {
			s.Add(time.Duration(n))
			values = append(values, int64(n))
			continue
		}
		if text := checkSummary(s, values); text != "" {
			t.Fatalf("%d durations: %s", n, text)
		}
		v := random.Int64N(int64(48 * time.Hour))
		values = append(values, v)
		s.Add(time.Duration(v))
	}
	for _, split := range [][2]int{
		{held, 0}, {held - 1, 1}, {held / 2, held / 2}, {held, 1}, {1, held}, {held / 2, held/2 + 1},
		{held + 1, held + 1}, {0, held + 1}, {held + 40, 1},
	} {
		a, b := summaryOf(values[:split[0]]...), summaryOf(values[split[0]:split[0]+split[1]]...)
		all := values[:split[0]+split[1]]
		a.Merge(b)
		if text := checkSummary(a, all); text != "" {
			t.Errorf("%v: %s", split, text)
		}
	}
}

// TestSummaryBuckets shows the promise of 1/128 at the edges of buckets, of
// every size.
func TestSummaryBuckets(t *testing.T) {
	for shift := range 63 {
		for _, v := range []int64{1 << shift, 1<<shift - 1, 1<<shift + 1, 3 << shift >> 1, (1<<shift - 1) | (1<<shift)>>1} {
			for _, d := range []int64{v, -v} {
				s := summaryOf(slices.Repeat([]int64{d}, held)...)
				s.Merge(summaryOf(math.MinInt64, math.MaxInt64, math.MinInt64, math.MaxInt64))
				got, _ := s.Median()
				off := math.Abs(float64(got) - float64(d))
				if off > math.Abs(float64(d))/128 || d > -128 && d < 128 && off > 0 {
					t.Errorf("%d durations around %d have the median %d", held+4, d, got)
				}
			}
		}
	}
}

func TestSummarySumsOf128Bits(t *testing.T) {
	// Ten million waits of about the longest duration overflow 64 bits ten
	// million times.
	s := summaryOf(math.MaxInt64, math.MaxInt64-7, math.MaxInt64-1, 5)
	sum := new(big.Int).Mul(big.NewInt(math.MaxInt64), big.NewInt(3))
	sum.Sub(sum, big.NewInt(3)) // −7 − 1 + 5
	for range 22 {
		s.Merge(s)
		sum.Lsh(sum, 1)
	}
	if n := s.Count(); n != 4<<22 {
		t.Errorf("%d durations, want %d", n, 4<<22)
	}
	if want := decimal.NewFromBigInt(sum, -9); !s.Sum().Equal(want) {
		t.Errorf("sum is %v, want %v", s.Sum(), want)
	}
	mean, _ := s.Mean()
	if want := time.Duration(6917529027641081855); mean != want { // (3·(2⁶³−1) − 3)/4 is half a nanosecond less
		t.Errorf("mean is %d, want %d", mean, want)
	}
	// The negative of it, and both together.
	minus := summaryOf(math.MinInt64, math.MinInt64+7, math.MinInt64+1, -5)
	for range 22 {
		minus.Merge(minus)
	}
	s.Merge(minus)
	// (max − max − 1)·3 + …: each MinInt64 is one more than MaxInt64.
	if want := decimal.New(-3<<22, -9); !s.Sum().Equal(want) {
		t.Errorf("both together are %v, want %v", s.Sum(), want)
	}
	if mean, _ := s.Mean(); mean != 0 { // −3/8
		t.Errorf("mean of both is %v", mean)
	}
}

func TestSummaryOfKnownDurations(t *testing.T) {
	minutes := int64(time.Minute)
	s := summaryOf(20*minutes, 3*minutes, 10*minutes)
	if got, want := s.String(), "3 × mean 11 min, median 10 min, p95 19 min"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for form, got := range map[string]string{"value": fmt.Sprint(*s), "pointer": fmt.Sprint(s)} {
		if got != s.String() {
			t.Errorf("a %s prints as %q", form, got)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "0 s", 1: "under 1 s", time.Second/2 - 1: "under 1 s", time.Second / 2: "1 s", 59*time.Second + 5e8 - 1: "59 s", 59*time.Second + 5e8: "1 min",
		time.Minute: "1 min", 725 * time.Second: "12 min", time.Hour - 5e8 - 1: "1 h", time.Hour - 5e8: "1 h", 187 * time.Minute: "3 h 7 min",
		24*time.Hour - 30*time.Second - 1: "23 h 59 min", 24*time.Hour - 30*time.Second: "1 d", 1042*time.Hour + 33*time.Minute: "43 days",
		-90 * time.Second: "−1 min 30 s", math.MaxInt64: "106752 days", math.MinInt64: "−106752 days",
	} {
		if got := summaryOf(int64(d)).String(); got != "1 × mean "+want+", median "+want+", p95 "+want {
			t.Errorf("%d is %q, want %q", d, got, want)
		}
	}
	if got := s.Sum().String(); got != "1980" {
		t.Errorf("sum is %s s", got)
	}
	if got := new(metrics.Summary).String(); got != "no data" {
		t.Errorf("nothing is %q", got)
	}
	many := summaryOf(slices.Repeat([]int64{minutes}, held+1)...)
	for _, p := range []float64{-0.001, 1.001, math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, s := range []*metrics.Summary{s, many, {}} {
			if q, ok := s.Quantile(p); ok {
				t.Errorf("quantile %v is %v", p, q)
			}
			if q, ok := s.Quantiles(0.5, p); ok {
				t.Errorf("quantiles ½ and %v are %v", p, q)
			}
		}
	}
	if q, ok := new(metrics.Summary).Quantiles(0.5); ok {
		t.Errorf("quantiles of nothing are %v", q)
	}
	for _, tt := range []struct {
		values []int64
		mean   time.Duration
	}{
		{[]int64{1, 2}, 2}, {[]int64{-1, -2}, -2}, {[]int64{1, -2}, -1}, {[]int64{1, 1, 2}, 1}, {[]int64{0}, 0},
		{[]int64{math.MaxInt64, math.MinInt64}, -1}, {[]int64{math.MinInt64, math.MinInt64}, math.MinInt64},
		{[]int64{math.MaxInt64, math.MaxInt64, math.MaxInt64}, math.MaxInt64},
	} {
		if mean, _ := summaryOf(tt.values...).Mean(); mean != tt.mean {
			t.Errorf("mean of %v is %d, want %d", tt.values, mean, tt.mean)
		}
	}
	// A merge into an empty one is a copy of its own.
	few := summaryOf(1, 2, 3)
	own := new(metrics.Summary)
	own.Merge(few)
	own.Add(9)
	few.Add(4)
	if text := checkSummary(own, []int64{1, 2, 3, 9}) + checkSummary(few, []int64{1, 2, 3, 4}); text != "" {
		t.Error("a merged copy shares memory: ", text)
	}
}
