package rating_test

import (
	"math"
	"testing"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

func TestMedianAndShares(t *testing.T) {
	if m, ok := (rating.Distribution{}).Median(); ok || m != 0 {
		t.Errorf("median of nothing: %v", m)
	}
	if r := (rating.Distribution{}).Share(5); r.Defined() {
		t.Errorf("share of nothing: %v", r)
	}
	d := counted(3, 0, 4, 1, 2)
	for s, want := range []int64{0, 3, 0, 4, 1, 2, 0} {
		if got := d.Share(rating.Stars(s)); got != ratio(want, 10) {
			t.Errorf("share of %d: %v", s, got)
		}
	}
	properties := laws(t)
	properties.Property("median and interval agree with the sorted ratings", prop.ForAll(func(c []int64) bool {
		d := counted(c...)
		var all []float64
		for i, n := range c {
			for range n {
				all = append(all, float64(i+1))
			}
		}
		median, ok := d.Median()
		if len(all) == 0 {
			return !ok
		}
		middle := all[(len(all)-1)/2] + all[len(all)/2]
		if !ok || float64(median) != middle {
			return false
		}
		iv, err := d.Interval(0.9)
		sample, wantErr := stat.Describe(all)
		want, intervalErr := sample.Interval(0.9)
		if wantErr != nil || intervalErr != nil {
			return err != nil
		}
		return err == nil && math.Abs(iv.Low-max(1, want.Low)) < 1e-12 && math.Abs(iv.High-min(5, want.High)) < 1e-12 &&
			math.Abs(iv.Estimate-want.Estimate) < 1e-12 && iv.Method == stat.StudentT && iv.Level == 0.9
	}, gen.SliceOfN(5, gen.Int64Range(0, 7))))
	properties.TestingRun(t)
}

func TestIntervalRefuses(t *testing.T) {
	_, err := (rating.Distribution{}).Interval(0.95)
	refuses(t, "nothing", err, stat.ErrNoData)
	_, err = counted(0, 0, 0, 0, 1).Interval(0.95)
	refuses(t, "one", err, stat.ErrTooFew)
	_, err = counted(1, 0, 0, 0, 1).Interval(1)
	refuses(t, "level", err, stat.ErrLevel)
}

// The thresholds of the tiers are means of 1.75, 2.75, 3.75 and 4.75 stars.
func TestTierThresholds(t *testing.T) {
	properties := laws(t)
	properties.Property("the tier is that of the exact mean", prop.ForAll(func(d rating.Distribution) bool {
		tier, ok := d.Tier(3)
		if d.N() < 3 {
			return !ok
		}
		want := rating.Disappointing
		for s := rating.PartlyMet; s <= rating.Outstanding; s++ {
			if d.Total().AtLeast(ratio(4*int64(s)-1, 4)) {
				want = s
			}
		}
		return ok && tier == want
	}, genDistribution()))
	properties.Property("adding a 5 never lowers the tier, nor a 1 raises it", prop.ForAll(func(d rating.Distribution) bool {
		tier, _ := d.Tier(1)
		better, worse := d, d
		if d.N() == 0 || better.Add(5) != nil || worse.Add(1) != nil {
			return d.N() == 0
		}
		above, _ := better.Tier(1)
		below, _ := worse.Tier(1)
		return below <= tier && tier <= above
	}, genDistribution()))
	properties.TestingRun(t)
	// A mean of exactly 1.75, 2.75, 3.75, 4.75, and one rating in a million less.
	for s := int64(1); s <= 4; s++ {
		var c [5]int64
		c[s-1], c[s] = 250_000, 750_000
		at := valueOf(rating.NewDistribution(c))(t)
		c[s-1], c[s] = 250_001, 749_999
		below := valueOf(rating.NewDistribution(c))(t)
		for d, want := range map[rating.Distribution]rating.Tier{at: rating.Tier(s + 1), below: rating.Tier(s)} {
			if tier, ok := d.Tier(1); !ok || tier != want {
				t.Errorf("%v is %v, want %v", d.Total(), tier, want)
			}
		}
	}
}
