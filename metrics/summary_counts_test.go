package metrics_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/internal/ranks"
	"github.com/servicequality/servicequality/metrics/stat"
)

// A plainTally is how many durations there are of each number of nanoseconds: the
// plain form of a Summary of very many. From −127 to 127 a number is that of its
// bucket, so all that a Summary says of them is exact.
type plainTally map[int64]int64

func (p plainTally) merge(other plainTally) {
	for v, n := range maps.Clone(other) { // which may be p
		p[v] += n
	}
}

// totals returns the numbers in ascending order, how many durations there are,
// and their sum.
func (p plainTally) totals() (values []int64, n int64, sum *big.Int) {
	sum = new(big.Int)
	for v, count := range p {
		n += count
		sum.Add(sum, new(big.Int).Mul(big.NewInt(v), big.NewInt(count)))
	}
	return slices.Sorted(maps.Keys(p)), n, sum
}

// ranked returns the number that has a rank, from 1.
func (p plainTally) ranked(rank int64) time.Duration {
	values, _, _ := p.totals()
	for _, v := range values {
		if rank -= p[v]; rank <= 0 {
			return time.Duration(v)
		}
	}
	panic("no such rank")
}

// json returns what a Summary of more than 1,024 durations is written as.
func (p plainTally) json() string {
	values, n, sum := p.totals()
	text := fmt.Sprintf(`{"n":%d,"sum_ns":%v,"min_ns":%d,"max_ns":%d,"buckets":[`, n, sum, values[0], values[len(values)-1])
	for i, v := range values {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf("[%d,%d]", v, p[v])
	}
	return text + "]}"
}

// binary is json for the binary form.
func (p plainTally) binary() string {
	values, n, sum := p.totals()
	b := binary.AppendUvarint([]byte{1}, uint64(n))
	// Two's complement of 128 bits.
	modulus := new(big.Int).Lsh(big.NewInt(1), 128)
	b = append(b, new(big.Int).Mod(sum, modulus).FillBytes(make([]byte, 16))...)
	b = binary.AppendVarint(b, values[0])
	b = binary.AppendVarint(b, values[len(values)-1])
	last := int64(0)
	for _, v := range values {
		b = binary.AppendVarint(b, v-last)
		b = binary.AppendUvarint(b, uint64(p[v]))
		last = v
	}
	return string(b)
}

// summary decodes the tally, from text or bytes.
func (p plainTally) summary(text bool) *metrics.Summary {
	s := new(metrics.Summary)
	var err error
	if text {
		err = s.UnmarshalJSON([]byte(p.json()))
	} else {
		err = s.UnmarshalBinary([]byte(p.binary()))
	}
	if err != nil {
		panic(fmt.Sprint(err, " of ", p.json()))
	}
	return s
}

// check compares a summary with the tally.
func (p plainTally) check(s *metrics.Summary) string {
	values, n, sum := p.totals()
	if s.Count() != n {
		return fmt.Sprintf("%d durations, want %d", s.Count(), n)
	}
	if want := decimal.NewFromBigInt(sum, -9); !s.Sum().Equal(want) {
		return fmt.Sprintf("sum %v, want %v", s.Sum(), want)
	}
	if text, err := json.Marshal(s); err != nil || string(text) != p.json() {
		return fmt.Sprintf("%s (%v), want %s", text, err, p.json())
	}
	if got := binaryForm(s); got != p.binary() {
		return fmt.Sprintf("%x, want %x", got, p.binary())
	}
	all := plainTally{}
	for d, count := range s.All() {
		all[int64(d)] += count
	}
	if !maps.Equal(all, p) {
		return fmt.Sprintf("yields %v, want %v", all, p)
	}
	var below int64
	for _, v := range values {
		below += p[v]
		if got := s.AtMost(time.Duration(v)); got != below {
			return fmt.Sprintf("%d at most %d, want %d", got, v, below)
		}
	}
	for _, q := range []float64{0, 1e-9, 0.01, 0.1, 0.25, 1.0 / 3, 0.5, 0.75, 0.9, 0.999, 1 - 1e-9, 1} {
		rank, weight := stat.HyndmanFan(7).Position(n, q)
		want := p.ranked(rank)
		if weight > 0 {
			want = ranks.Interpolate(want, p.ranked(rank+1), weight)
		}
		if got, ok := s.Quantile(q); !ok || got != want {
			return fmt.Sprintf("quantile %v is %d, want %d of %v", q, got, want, p)
		}
	}
	return ""
}

const most32 = math.MaxUint32 // the greatest count of 32 bits

// TestSummaryCountsOf63Bits steps over 2³² durations in one bucket, and goes as
// far as a count goes.
func TestSummaryCountsOf63Bits(t *testing.T) {
	for name, tt := range map[string]struct {
		before plainTally
		more   func(*metrics.Summary)
		want   plainTally
	}{
		"Add":                {plainTally{5: most32}, func(s *metrics.Summary) { s.Add(5) }, plainTally{5: most32 + 1}},
		"Add elsewhere":      {plainTally{5: most32}, func(s *metrics.Summary) { s.Add(7) }, plainTally{5: most32, 7: 1}},
		"Add to a new page":  {plainTally{5: most32 + 1}, func(s *metrics.Summary) { s.Add(-64) }, plainTally{5: most32 + 1, -64: 1}},
		"Add after others":   {plainTally{5: most32, 9: most32}, func(s *metrics.Summary) { s.Add(5) }, plainTally{5: most32 + 1, 9: most32}},
		"Add twice 2³²":      {plainTally{-5: 2*most32 + 1}, func(s *metrics.Summary) { s.Add(-5) }, plainTally{-5: 2*most32 + 2}},
		"AddAll":             {plainTally{5: most32 - 1}, func(s *metrics.Summary) { s.AddAll([]time.Duration{5, 5, 5}) }, plainTally{5: most32 + 2}},
		"AddAll, just not":   {plainTally{5: most32 - 2}, func(s *metrics.Summary) { s.AddAll([]time.Duration{5, 5, 5}) }, plainTally{5: most32 + 1}},
		"AddAll, just fits":  {plainTally{5: most32 - 3}, func(s *metrics.Summary) { s.AddAll([]time.Duration{5, 5, 5}) }, plainTally{5: most32}},
		"Merge":              {plainTally{5: 1 << 31}, func(s *metrics.Summary) { s.Merge(plainTally{5: 1 << 31}.summary(true)) }, plainTally{5: 1 << 32}},
		"Merge, just fits":   {plainTally{5: 1 << 31}, func(s *metrics.Summary) { s.Merge(plainTally{5: 1<<31 - 1}.summary(true)) }, plainTally{5: most32}},
		"Merge of what fits": {plainTally{5: most32}, func(s *metrics.Summary) { s.Merge(plainTally{6: most32}.summary(true)) }, plainTally{5: most32, 6: most32}},
		"Merge of more":      {plainTally{5: 2000}, func(s *metrics.Summary) { s.Merge(plainTally{5: 3 << 40, 70: 1 << 32}.summary(true)) }, plainTally{5: 3<<40 + 2000, 70: 1 << 32}},
		"Merge of itself":    {plainTally{5: 3<<31 + 1, -70: 1 << 32}, func(s *metrics.Summary) { s.Merge(s) }, plainTally{5: 3<<32 + 2, -70: 1 << 33}},
		"Merge of a few":     {plainTally{5: most32}, func(s *metrics.Summary) { s.Merge(summaryOf(5, 6)) }, plainTally{5: most32 + 1, 6: 1}},
		"Merge into a few": {nil, func(s *metrics.Summary) {
			s.Add(5)
			s.Merge(plainTally{5: most32}.summary(true))
		}, plainTally{5: most32 + 1}},
		"the most of all": {plainTally{-1: 1 << 62}, func(s *metrics.Summary) { s.Merge(plainTally{-1: 1<<62 - 1}.summary(false)) }, plainTally{-1: math.MaxInt64}},
		"nothing":         {plainTally{5: 1 << 62, 6: 1<<62 - 1}, func(s *metrics.Summary) { s.AddAll(nil) }, plainTally{5: 1 << 62, 6: 1<<62 - 1}},
	} {
		for _, text := range []bool{true, false} {
			s := new(metrics.Summary)
			if tt.before != nil {
				s = tt.before.summary(text)
			}
			tt.more(s)
			if text := tt.want.check(s); text != "" {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}

// TestSummaryDoubled merges a summary into itself until there are nearly 2⁶³
// durations. Of an odd number the one in the middle stays there.
func TestSummaryDoubled(t *testing.T) {
	s := new(metrics.Summary)
	random := source(t)
	for range 1901 {
		s.Add(time.Duration(random.Int64N(1<<36) - 1<<30))
	}
	once := maps.Collect(s.All())
	median, _ := s.Median()
	for doubled := 1; doubled <= 52; doubled++ {
		s.Merge(s)
		want := maps.Clone(once)
		for d := range want {
			want[d] <<= doubled
		}
		if s.Count() != 1901<<doubled || !maps.Equal(maps.Collect(s.All()), want) {
			t.Fatalf("doubled %d times there are %d", doubled, s.Count())
		}
		if again, _ := s.Median(); again != median {
			t.Fatalf("doubled %d times the median is %v, not %v", doubled, again, median)
		}
	}
}

// TestSummaryCountLaws does at random what a summary may go through.
func TestSummaryCountLaws(t *testing.T) {
	properties := laws(t, 300)
	properties.Property("agrees with the plain tally, whatever it went through", prop.ForAll(func(seed int64) string {
		random := rand.New(rand.NewPCG(uint64(seed), 3))
		value := func() int64 { return []int64{-127, -65, -64, -63, -1, 0, 5, 63, 64, 127}[random.IntN(10)] }
		tallies := make([]plainTally, 4)
		summaries := make([]*metrics.Summary, len(tallies))
		for i := range tallies {
			tallies[i] = plainTally{value(): 1025}
			for range random.IntN(4) {
				tallies[i][value()] += []int64{1, most32 - 2050, most32 - 1, most32, most32 + 1, 2 * most32, 5 << 40, 1 << 50}[random.IntN(8)]
			}
			summaries[i] = tallies[i].summary(random.IntN(2) == 0)
		}
		for range 12 {
			i, j := random.IntN(len(tallies)), random.IntN(len(tallies))
			switch v := value(); random.IntN(4) {
			case 0:
				summaries[i].Add(time.Duration(v))
				tallies[i][v]++
			case 1:
				durations := slices.Repeat([]time.Duration{time.Duration(v)}, random.IntN(2000))
				summaries[i].AddAll(durations)
				if len(durations) > 0 {
					tallies[i][v] += int64(len(durations))
				}
			case 2:
				summaries[i].Merge(summaries[j])
				tallies[i].merge(tallies[j])
			case 3: // a copy of its own
				own := new(metrics.Summary)
				own.Merge(summaries[j])
				summaries[i], tallies[i] = own, maps.Clone(tallies[j])
			}
		}
		for i := range tallies {
			if text := tallies[i].check(summaries[i]); text != "" {
				return text
			}
		}
		return ""
	}, gen.Int64()))
	properties.TestingRun(t)
}

// TestSummaryCountsAreRefused decodes counts that do not add up, however large.
func TestSummaryCountsAreRefused(t *testing.T) {
	for _, text := range []string{
		`{"n":4294967297,"sum_ns":4294967297,"min_ns":1,"max_ns":1,"buckets":[[1,4294967296]]}`,
		`{"n":4294967297,"sum_ns":4294967297,"min_ns":1,"max_ns":1,"buckets":[[1,1]]}`,
		`{"n":2000,"sum_ns":2000,"min_ns":1,"max_ns":1,"buckets":[[1,4294969296]]}`,
	} {
		if s := new(metrics.Summary); s.UnmarshalJSON([]byte(text)) == nil {
			t.Errorf("%s is read as %v", text, s)
		}
	}
}

// TestSummaryEnds has durations in the first and the last bucket of all.
func TestSummaryEnds(t *testing.T) {
	s, other := summaryOf(slices.Repeat([]int64{math.MaxInt64, 3, math.MinInt64}, held)...), summaryOf(slices.Repeat([]int64{4}, 2*held)...)
	other.Merge(s)
	other.Merge(s)
	want := plainTally{math.MinInt64: 2 * held, 3: 2 * held, 4: 2 * held}
	got := plainTally{}
	for d, n := range other.All() {
		if d > 4 { // the last, whose middle is less
			if d < math.MaxInt64-math.MaxInt64/128 {
				t.Errorf("%d stands for the longest", d)
			}
			d, want[math.MaxInt64] = math.MaxInt64, 2*held
		}
		if d < 3 {
			d = math.MinInt64
		}
		got[int64(d)] += n
	}
	if len(got) != 4 || !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if q, _ := other.Quantile(0.99); q < math.MaxInt64-math.MaxInt64/128 {
		t.Errorf("quantile 0.99 is %d", q)
	}
	if q, _ := other.Quantile(0.01); q > math.MinInt64-math.MinInt64/128 {
		t.Errorf("quantile 0.01 is %d", q)
	}
}
