package rating_test

import (
	"errors"
	"math/big"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// laws returns properties. The seed is TEST_SEED of the environment, else
// another one each time; it is printed when the test fails.
func laws(t *testing.T) *gopter.Properties {
	seed := time.Now().UnixNano()
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseInt(text, 10, 64); err != nil {
			t.Fatalf("TEST_SEED: %v", err)
		}
	}
	t.Logf("TEST_SEED=%d", seed)
	p := gopter.DefaultTestParametersWithSeed(seed)
	p.MinSuccessfulTests = 1000
	return gopter.NewProperties(p)
}

func of(t *testing.T, counts ...int64) rating.Distribution {
	d, err := rating.NewDistribution([5]int64(counts))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestTierBoundaries has means on both sides of every boundary between half
// stars: k + f/1000 is the mean of 1000 ratings, of which f have k+1 stars.
func TestTierBoundaries(t *testing.T) {
	tests := []struct {
		thousandths int64
		half        string
		tier        rating.Tier
	}{
		{1000, "1.0", rating.Disappointing}, {1249, "1.0", rating.Disappointing},
		{1250, "1.5", rating.Disappointing}, {1749, "1.5", rating.Disappointing},
		{1750, "2.0", rating.PartlyMet}, {2249, "2.0", rating.PartlyMet},
		{2250, "2.5", rating.PartlyMet}, {2749, "2.5", rating.PartlyMet},
		{2750, "3.0", rating.Satisfactory}, {3249, "3.0", rating.Satisfactory},
		{3250, "3.5", rating.Satisfactory}, {3749, "3.5", rating.Satisfactory},
		{3750, "4.0", rating.High}, {4249, "4.0", rating.High},
		{4250, "4.5", rating.High}, {4749, "4.5", rating.High},
		{4750, "5.0", rating.Outstanding}, {5000, "5.0", rating.Outstanding},
	}
	for _, tt := range tests {
		// A million times as many are the same, and so are as many as fit.
		for _, times := range []int64{1, 1_000_000, 1 << 53 / 1000} {
			var counts [5]int64
			k, f := tt.thousandths/1000, tt.thousandths%1000
			counts[k-1] = (1000 - f) * times
			if f > 0 {
				counts[k] = f * times
			}
			d := of(t, counts[:]...)
			half, ok := d.Half()
			tier, ok2 := d.Tier(1000 * times)
			if half.String() != tt.half || tier != tt.tier || !ok || !ok2 {
				t.Errorf("mean %d/1000 of %d: %v stars, %v, want %v, %v", tt.thousandths, d.N(), half, tier, tt.half, tt.tier)
			}
			mean, _ := d.Mean(3)
			if want := decimal.New(tt.thousandths, -3); !mean.Equal(want) {
				t.Errorf("mean is %v, want %v", mean, want)
			}
			if d.Total() != (stat.Ratio{Part: tt.thousandths * times, Whole: 1000 * times}) {
				t.Errorf("total is %v", d.Total())
			}
			if tier, ok := d.Tier(1000*times + 1); ok || tier != 0 {
				t.Errorf("too few ratings are %v", tier)
			}
		}
	}
}

// TestTierAtTheFinestBoundary has means that differ from a boundary by less
// than a float64 can tell.
func TestTierAtTheFinestBoundary(t *testing.T) {
	const n = 1 << 53
	below := of(t, 0, 0, n/4+1, 3*(n/4)-1, 0) // 3.75 less 1/2⁵³
	at := of(t, 0, 0, n/4, 3*(n/4), 0)
	if tier, _ := below.Tier(1); tier != rating.Satisfactory {
		t.Errorf("just below 3.75 is %v", tier)
	}
	if tier, _ := at.Tier(1); tier != rating.High {
		t.Errorf("3.75 is %v", tier)
	}
	if mean, _ := below.Mean(2); mean.String() != "3.75" {
		t.Errorf("just below 3.75 is shown as %v", mean)
	}
}

func TestDistributionOfNothing(t *testing.T) {
	var d rating.Distribution
	if half, ok := d.Half(); ok || half != 0 {
		t.Errorf("%v stars", half)
	}
	if mean, ok := d.Mean(2); ok {
		t.Errorf("mean %v", mean)
	}
	for _, minimum := range []int64{-1, 0, 1} {
		if tier, ok := d.Tier(minimum); ok || tier != 0 {
			t.Errorf("%v, with at least %d", tier, minimum)
		}
	}
	if d.N() != 0 || d.Counts() != [5]int64{} || d.Total().Defined() || d.AtLeast(4).Defined() {
		t.Error("nothing is something")
	}
}

func TestDistributionAdd(t *testing.T) {
	var d rating.Distribution
	for _, s := range []rating.Stars{5, 4, 4, 3, 1} {
		if err := d.Add(s); err != nil {
			t.Error(err)
		}
	}
	for _, s := range []rating.Stars{0, 6, 255} {
		if err := d.Add(s); !errors.Is(err, rating.ErrStars) || err.Error() != "rating: stars outside 1 to 5: "+s.String() {
			t.Errorf("%d stars: %v", s, err)
		}
	}
	if d.Counts() != [5]int64{1, 0, 1, 2, 1} || d.N() != 5 {
		t.Errorf("counts are %v", d.Counts())
	}
	if d != of(t, 1, 0, 1, 2, 1) {
		t.Error("equal distributions differ")
	}
	for s, want := range map[rating.Stars]int64{0: 5, 1: 5, 2: 4, 3: 4, 4: 3, 5: 1, 6: 0, 255: 0} {
		if got := d.AtLeast(s); got != (stat.Ratio{Part: want, Whole: 5}) {
			t.Errorf("%d stars or more: %v, want %d of 5", s, got, want)
		}
	}
	for places, want := range map[int32]string{0: "3", 1: "3.4", 10: "3.4", -1: "0"} {
		if mean, _ := d.Mean(places); mean.String() != want {
			t.Errorf("mean to %d places is %v, want %s", places, mean, want)
		}
	}
	if mean, _ := of(t, 0, 1, 1, 0, 0).Mean(0); mean.String() != "3" { // 2.5, away from zero
		t.Errorf("2.5 is rounded to %v", mean)
	}
	for i := range 5 {
		counts := [5]int64{}
		counts[i] = -1
		want := "rating: impossible count: -1 of " + strconv.Itoa(i+1) + " stars"
		if d, err := rating.NewDistribution(counts); err == nil || err.Error() != want || d != (rating.Distribution{}) {
			t.Errorf("%v: %v, %v", counts, d, err)
		}
	}
}

func genDistribution() gopter.Gen {
	n := gen.Weighted([]gen.WeightedGen{
		{Weight: 4, Gen: gen.Int64Range(0, 6)},
		{Weight: 1, Gen: gen.Int64Range(0, 1<<50)},
		{Weight: 1, Gen: gen.Const(int64(0))},
	})
	return gopter.DeriveGen(
		func(a, b, c, d, e int64) rating.Distribution {
			r, _ := rating.NewDistribution([5]int64{a, b, c, d, e})
			return r
		},
		func(d rating.Distribution) (int64, int64, int64, int64, int64) {
			c := d.Counts()
			return c[0], c[1], c[2], c[3], c[4]
		}, n, n, n, n, n)
}

func merged(parts ...rating.Distribution) rating.Distribution {
	var all rating.Distribution
	for _, d := range parts {
		if err := all.Merge(d); err != nil {
			panic(err)
		}
	}
	return all
}

func TestDistributionLaws(t *testing.T) {
	properties := laws(t)
	properties.Property("merging is commutative and associative, with the zero value as identity", prop.ForAll(func(a, b, c rating.Distribution) bool {
		return merged(a, b) == merged(b, a) && merged(merged(a, b), c) == merged(a, merged(b, c)) && merged(a, rating.Distribution{}) == a
	}, genDistribution(), genDistribution(), genDistribution()))
	properties.Property("the ratings of both are those of each", prop.ForAll(func(a, b []uint8) bool {
		add := func(d *rating.Distribution, stars []uint8) {
			for _, s := range stars {
				_ = d.Add(rating.Stars(s)) // 0 and 6 are not counted
			}
		}
		var first, second, both rating.Distribution
		add(&first, a)
		add(&second, b)
		add(&both, append(append([]uint8(nil), a...), b...))
		return merged(first, second) == both
	}, gen.SliceOf(gen.UInt8Range(0, 6)), gen.SliceOf(gen.UInt8Range(0, 6))))
	properties.Property("mean, half stars, tier and shares agree with big.Rat", prop.ForAll(func(d rating.Distribution) bool {
		sum, n, top := new(big.Int), new(big.Int), new(big.Int)
		for i, c := range d.Counts() {
			n.Add(n, big.NewInt(c))
			sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(i+1)), big.NewInt(c)))
			if i >= 3 {
				top.Add(top, big.NewInt(c))
			}
		}
		half, ok := d.Half()
		tier, ok2 := d.Tier(1)
		mean, ok3 := d.Mean(40)
		if n.Sign() == 0 {
			return !ok && !ok2 && !ok3
		}
		exact := new(big.Rat).SetFrac(sum, n)
		// The nearest half star is within a quarter, and above at a tie.
		off := new(big.Rat).Sub(big.NewRat(int64(half), 2), exact)
		near := off.Cmp(big.NewRat(1, 4)) <= 0 && off.Cmp(big.NewRat(-1, 4)) > 0
		shown := new(big.Rat).Sub(mean.Rat(), exact)
		share := d.AtLeast(4)
		return ok && ok2 && ok3 && near && int(tier) == int(half)/2 && tier >= rating.Disappointing && tier <= rating.Outstanding &&
			shown.Abs(shown).Cmp(decimal.New(5, -41).Rat()) <= 0 &&
			share.Part == top.Int64() && share.Whole == n.Int64() && d.N() == n.Int64()
	}, genDistribution()))
	properties.Property("a better rating never lowers the half stars", prop.ForAll(func(d rating.Distribution) bool {
		before, ok := d.Half()
		_ = d.Add(5)
		after, _ := d.Half()
		return !ok || after >= before
	}, genDistribution()))
	properties.TestingRun(t)
}
