package text_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

const day = 24 * time.Hour

func TestDuration(t *testing.T) {
	for _, tt := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0s"},
		{1, "under 1s"},
		{-1, "under 1s"},
		{time.Second/2 - 1, "under 1s"},
		{-time.Second/2 + 1, "under 1s"},
		{time.Second / 2, "1s"},
		{-time.Second / 2, "−1s"},
		{45 * time.Second, "45s"},
		{59*time.Second + 499_999_999, "59s"},
		{59*time.Second + 500*time.Millisecond, "1m"},
		{6*time.Minute + 44*time.Second, "6m 44s"},
		{12*time.Minute + 5*time.Second, "12m 05s"},
		{-90 * time.Second, "−1m 30s"},
		{time.Hour - time.Second, "59m 59s"},
		{time.Hour - time.Second/2, "1h"},
		{time.Hour + 30*time.Second - 1, "1h"},
		{time.Hour + 30*time.Second, "1h 01m"},
		{94 * time.Minute, "1h 34m"},
		{1042*time.Hour + 33*time.Minute + 57607142857, "43d 11h"}, // a mean of seven
		{day - 30*time.Second - 1, "23h 59m"},
		{day - 30*time.Second, "1d"},
		{day - 100*time.Millisecond, "1d"},
		{day + 30*time.Minute - 1, "1d"},
		{day + 30*time.Minute, "1d 01h"},
		{2*day - 30*time.Minute, "2d"},
		{81*day + 4*time.Hour, "81d 04h"},
		{math.MaxInt64, "106752d"}, // 106751 days, 23 hours and 47 minutes
		{math.MinInt64, "−106752d"},
	} {
		if got := text.Duration(tt.d); got != tt.want {
			t.Errorf("%d ns is %q, want %q", tt.d, got, tt.want)
		}
	}
}

// plainDuration is a slow Duration: it tries the units from the smallest up and
// takes the first in which the rounded number stays below the next larger one.
func plainDuration(d time.Duration) string {
	exact := new(big.Rat).SetFrac64(int64(d), int64(time.Second))
	sign := ""
	if exact.Sign() < 0 {
		sign, exact = "−", exact.Neg(exact)
	}
	if exact.Sign() == 0 {
		return "0s"
	}
	for _, u := range []struct {
		seconds, limit int64
		large          int64
		format         string
	}{
		{1, 60, 60, "%[2]ds"},
		{1, 3600, 60, "%dm %02ds"},
		{60, 86400, 3600, "%dh %02dm"},
		{3600, math.MaxInt64, 86400, "%dd %02dh"},
	} {
		number := new(big.Rat).Quo(exact, big.NewRat(u.seconds, 1))
		whole := u.seconds * roundHalfUp(number).Int64()
		switch {
		case whole == 0:
			return "under 1s"
		case whole < u.limit:
			text := fmt.Sprintf(u.format, whole/u.large, whole%u.large/u.seconds)
			first, second, _ := strings.Cut(text, " ")
			if strings.HasPrefix(second, "00") {
				return sign + first
			}
			return sign + strings.TrimSuffix(text, "%!(EXTRA int64=0)")
		}
	}
	panic("beyond all units")
}

// roundHalfUp rounds what is not negative.
func roundHalfUp(x *big.Rat) *big.Int {
	x = new(big.Rat).Add(x, big.NewRat(1, 2))
	return new(big.Int).Quo(x.Num(), x.Denom())
}

func TestDurationOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		// Of every magnitude, and about the borders of the units.
		d := time.Duration(random.Uint64() >> random.IntN(64))
		if random.IntN(2) == 0 {
			unit := []time.Duration{time.Second, time.Minute, time.Hour, day}[random.IntN(4)]
			d = unit*time.Duration(random.IntN(100))/2 + time.Duration(random.IntN(5)-2)
		}
		if d == math.MinInt64 {
			continue
		}
		if got, want := text.Duration(d), plainDuration(d); got != want {
			t.Fatalf("%d ns is %q, want %q", d, got, want)
		}
	}
}

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

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{
		0:             "0",
		7:             "7",
		999:           "999",
		1000:          "1,000",
		-1:            "−1",
		-999:          "−999",
		-1000:         "−1,000",
		123456:        "123,456",
		1234567:       "1,234,567",
		math.MaxInt64: "9,223,372,036,854,775,807",
		math.MinInt64: "−9,223,372,036,854,775,808",
	} {
		if got := text.Count(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

// TestExact sees that nothing is lost.
func TestExact(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0s": 0, "24h": 24 * time.Hour, "1h30m": 90 * time.Minute, "10m": 10 * time.Minute, "1m40s": 100 * time.Second,
		"1h0m1s": time.Hour + time.Second, "-2h": -2 * time.Hour, "1ns": 1, "2562047h47m16.854775807s": math.MaxInt64,
	} {
		if got := text.Exact(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
		if back, err := time.ParseDuration(want); back != d || err != nil {
			t.Errorf("%q is %v, %v", want, back, err)
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
