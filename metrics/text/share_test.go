package text_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/metrics/text"
)

func TestShare(t *testing.T) {
	for _, tt := range []struct {
		part, whole int64
		places      int
		want        string
	}{
		{13, 19, 1, "68.4 %"},
		{374, 597, 0, "63 %"},
		{0, 7, 1, "0.0 %"},
		{7, 7, 1, "100.0 %"},
		{1, 2, 0, "50 %"},
		{1, 8, 0, "13 %"},   // 12.5: half away from zero
		{-1, 8, 0, "−13 %"}, // on either side
		{1, 16, 1, "6.3 %"}, // 6.25
		{1, 2000, 0, "0 %"}, // 0.05
		{1, 2000, 1, "0.1 %"},
		{-1, 2001, 1, "0.0 %"}, // no sign before a zero
		{99_999, 125_000, 2, "80.00 %"},
		{3, 2, 1, "150.0 %"},
		{1, 3, -5, "33 %"},
		{1, 3, 50, "33." + strings.Repeat("3", 40) + " %"},
		{0, 0, 1, text.NoData},
		{1, 0, 1, text.NoData},
		{1, -1, 1, text.NoData},
		{math.MaxInt64, math.MaxInt64, 3, "100.000 %"},
		{math.MinInt64, 1, 0, "−922337203685477580800 %"},
		{math.MaxInt64, 1, 1, "922337203685477580700.0 %"},
		{math.MaxInt64 - 1, math.MaxInt64, 2, "100.00 %"},
	} {
		if got := text.Share(tt.part, tt.whole, tt.places); got != tt.want {
			t.Errorf("%d of %d with %d places is %q, want %q", tt.part, tt.whole, tt.places, got, tt.want)
		}
	}
}

func TestShareOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		part, whole := int64(random.Uint64())>>random.IntN(64), int64(random.Uint64()>>1>>random.IntN(63))
		if whole == 0 {
			continue
		}
		places := random.IntN(5)
		// FloatString rounds a Rat half away from zero.
		want := big.NewRat(part, whole)
		digits := want.Mul(want, big.NewRat(100, 1)).FloatString(places)
		if !strings.ContainsAny(digits, "123456789") {
			digits = strings.TrimPrefix(digits, "-")
		}
		if got, want := text.Share(part, whole, places), strings.Replace(digits, "-", "−", 1)+" %"; got != want {
			t.Fatalf("%d of %d with %d places is %q, want %q", part, whole, places, got, want)
		}
	}
}

func TestShareAgainst(t *testing.T) {
	for _, tt := range []struct {
		part, whole, goal, of int64
		want                  string
	}{
		{796, 1000, 80, 100, "79.6 %"},
		{804, 1000, 80, 100, "80 %"}, // at the goal and above it is reached
		{8, 10, 80, 100, "80 %"},
		{374, 597, 80, 100, "63 %"},
		{795, 1000, 80, 100, "79.5 %"},
		{794, 1000, 80, 100, "79 %"},
		{7996, 10_000, 80, 100, "79.96 %"},
		{7994, 10_000, 80, 100, "79.9 %"},
		{79_996, 100_000, 80, 100, "79.99 %"}, // two places do not tell: not rounded up
		{99_999, 125_000, 80, 100, "79.99 %"},
		{math.MaxInt64 - 1, math.MaxInt64, 1, 1, "99.99 %"},
		{math.MaxInt64, math.MaxInt64, 1, 1, "100 %"},
		{2, 3, 2, 3, "67 %"},    // rounded up over a goal that it reaches
		{1, 3, 1, 3, "33.34 %"}, // rounded down it would miss the goal
		{8003, 10_000, 8002, 10_000, "80.03 %"},
		{80_004, 100_000, 80_003, 100_000, "80.01 %"},
		{0, 7, 1, 1_000_000, "0 %"},
		{3, 2, 1, 1, "150 %"},
		{-1, 2, -1, 2, "−50 %"},
		{-796, 1000, -80, 100, "−80 %"},
		{-804, 1000, -80, 100, "−80.4 %"},
		{1, 8, 1, 0, "13 %"}, // no goal
		{1, 8, 1, -1, "13 %"},
		{0, 0, 80, 100, text.NoData},
		{1, -1, 80, 100, text.NoData},
		{math.MinInt64, 1, math.MinInt64, math.MaxInt64, "−922337203685477580800 %"},
	} {
		if got := text.ShareAgainst(tt.part, tt.whole, tt.goal, tt.of); got != tt.want {
			t.Errorf("%d of %d, goal %d of %d, is %q, want %q", tt.part, tt.whole, tt.goal, tt.of, got, tt.want)
		}
	}
}

// What is shown is on the side of the goal on which the share is, less than one of the
// last place from it, and no rounder figure with fewer places would do.
func TestShareAgainstOracle(t *testing.T) {
	hundred := big.NewRat(100, 1)
	places := map[int]int{}
	random := rand.New(rand.NewPCG(7, 8))
	for range 50_000 {
		whole := 1 + random.Int64N([]int64{10, 1e4, 1e12}[random.IntN(3)])
		of := []int64{1, 3, 10, 100, 1000, 1e5}[random.IntN(6)]
		goal := random.Int64N(of + 1)
		part := random.Int64N(whole + 1)
		if random.IntN(2) == 0 { // about the goal
			near := new(big.Int).Mul(big.NewInt(whole), big.NewInt(goal))
			part = near.Quo(near, big.NewInt(of)).Int64() + random.Int64N(5) - 2
		}
		exact, limit := big.NewRat(part, whole), big.NewRat(goal, of)
		exact.Mul(exact, hundred)
		limit.Mul(limit, hundred)
		got := text.ShareAgainst(part, whole, goal, of)
		digits, ok := strings.CutSuffix(strings.Replace(got, "−", "-", 1), " %")
		shown, ok2 := new(big.Rat).SetString(digits)
		_, decimals, _ := strings.Cut(digits, ".")
		if !ok || !ok2 || len(decimals) > 2 {
			t.Fatalf("%d of %d is %q", part, whole, got)
		}
		places[len(decimals)]++
		unit := big.NewRat(1, int64(math.Pow10(len(decimals))))
		if (shown.Cmp(limit) < 0) != (exact.Cmp(limit) < 0) || new(big.Rat).Abs(new(big.Rat).Sub(shown, exact)).Cmp(unit) >= 0 {
			t.Fatalf("%d of %d, goal %d of %d, is %q", part, whole, goal, of, got)
		}
		for fewer := range decimals {
			round, _ := new(big.Rat).SetString(exact.FloatString(fewer))
			if (round.Cmp(limit) < 0) == (exact.Cmp(limit) < 0) {
				t.Fatalf("%d of %d, goal %d of %d, is %q and could have %d places", part, whole, goal, of, got, fewer)
			}
		}
	}
	for n, least := range []int{5000, 500, 2000} {
		if places[n] < least {
			t.Errorf("only %d with %d places", places[n], n)
		}
	}
}

func TestShares(t *testing.T) {
	for _, tt := range []struct {
		places int
		counts []int64
		want   string
	}{
		{0, []int64{1, 1, 1}, "34 %, 33 %, 33 %"},
		{0, []int64{1, 2, 3}, "17 %, 33 %, 50 %"},
		{0, []int64{3, 1, 2}, "50 %, 17 %, 33 %"},
		{0, []int64{0, 7}, "0 %, 100 %"},
		{0, []int64{1, 1, 1, 1, 1, 1}, "17 %, 17 %, 17 %, 17 %, 16 %, 16 %"},
		{1, []int64{1, 1, 1, 1, 1, 1, 1}, "14.3 %, 14.3 %, 14.3 %, 14.3 %, 14.3 %, 14.3 %, 14.2 %"},
		{2, []int64{1, math.MaxInt64, math.MaxInt64}, "0.00 %, 50.00 %, 50.00 %"},
		{-3, []int64{1, 999}, "0 %, 100 %"},
		{0, []int64{0, 0}, "–, –"}, {0, []int64{1, -1}, "–, –"}, {0, []int64{-1, 5}, "–, –"}, {0, nil, ""},
	} {
		if got := strings.Join(text.Shares(tt.places, tt.counts...), ", "); got != tt.want {
			t.Errorf("%v with %d places: %s, want %s", tt.counts, tt.places, got, tt.want)
		}
	}
	// They add up to 100, each within one of the last place of its own share, and more is
	// never shown as less.
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 5))
		counts := make([]int64, 1+r.IntN(9))
		total := int64(0)
		for i := range counts {
			counts[i] = r.Int64N([]int64{3, 10, 1e6, 1e15}[r.IntN(4)])
			total += counts[i]
		}
		if total == 0 {
			continue
		}
		places := r.IntN(4)
		unit := big.NewRat(1, int64(math.Pow10(places)))
		sum := new(big.Rat)
		var shares []*big.Rat
		for i, share := range text.Shares(places, counts...) {
			digits, ok := strings.CutSuffix(share, " %")
			v, ok2 := new(big.Rat).SetString(digits)
			exact := big.NewRat(counts[i], total)
			exact.Mul(exact, big.NewRat(100, 1))
			if !ok || !ok2 || new(big.Rat).Abs(new(big.Rat).Sub(v, exact)).Cmp(unit) >= 0 {
				t.Fatalf("%v: %s of %v", counts, share, exact)
			}
			if places > 0 && len(digits)-strings.IndexByte(digits, '.')-1 != places {
				t.Fatalf("%v: %s with %d places", counts, share, places)
			}
			sum.Add(sum, v)
			shares = append(shares, v)
		}
		if sum.Cmp(big.NewRat(100, 1)) != 0 {
			t.Fatalf("%v add up to %v", counts, sum)
		}
		for i := range counts {
			for j := range counts {
				if counts[i] > counts[j] && shares[i].Cmp(shares[j]) < 0 {
					t.Fatalf("%v: %v and %v", counts, shares[i], shares[j])
				}
			}
		}
	}
}
