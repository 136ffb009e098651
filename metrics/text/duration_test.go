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
		{0, "0 s"},
		{1, "under 1 s"},
		{-1, "under 1 s"},
		{time.Second/2 - 1, "under 1 s"},
		{-time.Second/2 + 1, "under 1 s"},
		{time.Second / 2, "1 s"},
		{-time.Second / 2, "−1 s"},
		{54 * time.Second, "54 s"},
		{59*time.Second + 499_999_999, "59 s"},
		{59*time.Second + 500*time.Millisecond, "1 min"},
		{97 * time.Second, "1 min 37 s"},
		{2 * time.Minute, "2 min"},
		{65 * time.Second, "1 min 5 s"},
		{-90 * time.Second, "−1 min 30 s"},
		{10*time.Minute - time.Second, "9 min 59 s"},
		{10*time.Minute - time.Second/2 - 1, "9 min 59 s"},
		{10*time.Minute - time.Second/2, "10 min"},
		{10*time.Minute + 29*time.Second, "10 min"},
		{10*time.Minute + 30*time.Second, "11 min"},
		{39*time.Minute + 9*time.Second, "39 min"},
		{time.Hour - 30*time.Second - 1, "59 min"},
		{time.Hour - 30*time.Second, "1 h"},
		{time.Hour + 30*time.Second - 1, "1 h"},
		{time.Hour + 30*time.Second, "1 h 1 min"},
		{88 * time.Minute, "1 h 28 min"},
		{3 * time.Hour, "3 h"},
		{1042*time.Hour + 33*time.Minute + 57607142857, "43 days"}, // a mean of seven
		{day - 30*time.Second - 1, "23 h 59 min"},
		{day - 30*time.Second, "1 d"},
		{day - 100*time.Millisecond, "1 d"},
		{day + 30*time.Minute - 1, "1 d"},
		{day + 30*time.Minute, "1 d 1 h"},
		{2*day - 30*time.Minute, "2 d"},
		{2*day + 4*time.Hour, "2 d 4 h"},
		{3*day - 30*time.Minute - 1, "2 d 23 h"},
		{3*day - 30*time.Minute, "3 days"},
		{3*day + 12*time.Hour - 1, "3 days"},
		{3*day + 12*time.Hour, "4 days"},
		{81*day + 4*time.Hour, "81 days"},
		{math.MaxInt64, "106752 days"}, // 106751 days, 23 hours and 47 minutes
		{math.MinInt64, "−106752 days"},
	} {
		if got := text.Duration(tt.d); got != tt.want {
			t.Errorf("%d ns is %q, want %q", tt.d, got, tt.want)
		}
	}
}

// plainDuration is a slow Duration: it tries the units from the smallest up and
// takes the first in which the rounded number stays below the limit of the unit.
func plainDuration(d time.Duration, round func(*big.Rat) *big.Int) string {
	exact := new(big.Rat).SetFrac64(int64(d), int64(time.Second))
	sign := ""
	if exact.Sign() < 0 {
		sign, exact = "−", exact.Neg(exact)
	}
	if exact.Sign() == 0 {
		return "0 s"
	}
	for _, u := range []struct{ seconds, limit int64 }{{1, 600}, {60, 86400}, {3600, 3 * 86400}, {86400, math.MaxInt64}} {
		whole := u.seconds * round(new(big.Rat).Quo(exact, big.NewRat(u.seconds, 1))).Int64()
		switch {
		case whole == 0:
			return "under 1 s"
		case whole >= 3*86400 && u.seconds == 86400:
			return fmt.Sprintf("%s%d days", sign, whole/86400)
		case whole < u.limit:
			said := fmt.Sprintf(" %d d %d h %d min %d s", whole/86400, whole/3600%24, whole/60%60, whole%60)
			for _, unit := range []string{"d", "h", "min", "s"} {
				said = strings.Replace(said, " 0 "+unit, "", 1)
			}
			return sign + said[1:]
		}
	}
	panic("beyond all units")
}

// roundHalfUp rounds what is not negative.
func roundHalfUp(x *big.Rat) *big.Int {
	x = new(big.Rat).Add(x, big.NewRat(1, 2))
	return new(big.Int).Quo(x.Num(), x.Denom())
}

func down(x *big.Rat) *big.Int { return new(big.Int).Quo(x.Num(), x.Denom()) }

func TestDurationOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		// Of every magnitude, and about the borders of the units.
		d := time.Duration(random.Uint64() >> random.IntN(64))
		if random.IntN(2) == 0 {
			unit := []time.Duration{time.Second, time.Minute, time.Hour, day}[random.IntN(4)]
			d = unit*time.Duration(random.IntN(150))/2 + time.Duration(random.IntN(5)-2)
		}
		if d == math.MinInt64 {
			continue
		}
		if got, want := text.Duration(d), plainDuration(d, roundHalfUp); got != want {
			t.Fatalf("%d ns is %q, want %q", d, got, want)
		}
		if got, want := text.Remaining(d), plainDuration(d, down); got != want {
			t.Fatalf("%d ns remain as %q, want %q", d, got, want)
		}
		if got := text.DurationIf(d, true); got != text.Duration(d) {
			t.Fatalf("%d ns is %q", d, got)
		}
		if got, want := text.Change(d), text.Duration(d); d >= time.Second/2 && got != "+"+want || d < time.Second/2 && got != want {
			t.Fatalf("%d ns more is %q", d, got)
		}
	}
}

func TestNoDuration(t *testing.T) {
	if got := text.DurationIf(time.Hour, false); got != text.NoData {
		t.Errorf("no duration is %q", got)
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
