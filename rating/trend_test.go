package rating_test

import (
	"math"
	"slices"
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
		want, wantErr := stat.Mean(all, 0.9)
		if wantErr != nil {
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

func TestNewDistributionRefusesOverflow(t *testing.T) {
	const limit = math.MaxInt64 / 5
	if d := counted(0, 0, 0, 0, limit); d.Total() != ratio(limit*5, limit) {
		t.Errorf("total %v", d.Total())
	}
	for _, c := range [][5]int64{
		{0, 0, 0, 0, limit + 1}, {math.MaxInt64, 1}, {1 << 62, 1 << 61}, {5, 0, 0, 0, limit}, {math.MaxInt64, 0, 0, 0, math.MaxInt64},
		{0, 0, 0, 1 << 59, (math.MaxInt64 - 1<<60) / 5},
	} {
		_, err := rating.NewDistribution(c)
		refuses(t, "too many", err, rating.ErrCount)
	}
	var d rating.Distribution
	text, _ := counted(math.MaxInt64, 0, 0, 0, 0).MarshalBinary()
	text[len(text)-1] = 1
	refuses(t, "binary", d.UnmarshalBinary(text), rating.ErrBinary)
}

func TestTrend(t *testing.T) {
	bad, good := counted(10, 10, 5, 3, 2), counted(1, 2, 5, 10, 12)
	for name, c := range map[string]struct {
		before, after rating.Distribution
		want          rating.Direction
	}{
		"better":             {bad, good, rating.Rising},
		"worse":              {good, bad, rating.Falling},
		"same":               {good, good, rating.Steady},
		"few":                {counted(0, 0, 0, 1, 0), counted(0, 0, 0, 0, 1), rating.Steady},
		"all fives":          {counted(0, 0, 0, 0, 9), counted(0, 0, 0, 0, 9), rating.Steady},
		"unanimously better": {counted(0, 0, 0, 9, 0), counted(0, 0, 0, 0, 9), rating.Rising},
	} {
		trend := valueOf(rating.TrendOf(c.before, c.after, 0.95))(t)
		if trend.Direction != c.want || trend.Before != c.before.N() || trend.After != c.after.N() {
			t.Errorf("%s: %+v", name, trend)
		}
	}
	better := valueOf(rating.TrendOf(bad, good, 0.95))(t)
	if !(better.Change.Low > 0) || !(better.Superiority > 0.5) || !(better.Test.P < 0.05) || better.Change.Method != stat.Welch {
		t.Errorf("%+v", better)
	}
	alike := valueOf(rating.TrendOf(counted(0, 0, 0, 0, 9), counted(0, 0, 0, 0, 9), 0.95))(t)
	if alike.Superiority != 0.5 || alike.Test != (stat.Test{}) || alike.Change != (stat.Interval{}) {
		t.Errorf("%+v", alike)
	}
	// The P of two against two all higher is exactly 2/6 (Mann & Whitney 1947).
	pair := valueOf(rating.TrendOf(counted(0, 2, 0, 0, 0), counted(0, 0, 0, 2, 0), 0.6))(t)
	near(t, "P", pair.Test.P, 1.0/3, 1e-15)
	if pair.Direction != rating.Rising {
		t.Errorf("%+v", pair)
	}
}

func TestTrendRefuses(t *testing.T) {
	d := counted(1, 1, 1, 1, 1)
	for _, level := range []float64{0, 1, math.NaN(), 95} {
		_, err := rating.TrendOf(d, d, level)
		refuses(t, "level", err, stat.ErrLevel)
	}
	_, err := rating.TrendOf(rating.Distribution{}, d, 0.95)
	refuses(t, "nothing before", err, stat.ErrNoData)
	_, err = rating.TrendOf(d, rating.Distribution{}, 0.95)
	refuses(t, "nothing after", err, stat.ErrNoData)
	_, err = rating.TrendOf(counted(0, 1<<40, 0, 0, 0), counted(0, 1<<40, 0, 0, 0), 0.95)
	refuses(t, "too many", err, stat.ErrTooMany)
}

func TestBands(t *testing.T) {
	given := []rating.Band{{Name: "red", From: ratio(0, 1)}, {Name: "amber", From: ratio(4, 5)}, {Name: "green", From: ratio(95, 100)}}
	tiers := valueOf(rating.NewTiers(given...))(t)
	given[0].Name = "changed"
	for _, c := range []struct {
		value stat.Ratio
		want  string
	}{
		{ratio(-1, 10), ""}, {ratio(0, 9), "red"}, {ratio(99_999, 125_000), "red"}, {ratio(80, 100), "amber"},
		{ratio(94_999, 100_000), "amber"}, {ratio(19, 20), "green"}, {ratio(1, 1), "green"}, {ratio(math.MaxInt64, 1), "green"},
		{ratio(0, 0), ""}, {ratio(1, -1), ""},
	} {
		if b, ok := tiers.Of(c.value, 0); b.Name != c.want || ok != (c.want != "") {
			t.Errorf("%v is %q, want %q", c.value, b.Name, c.want)
		}
	}
	if _, ok := tiers.Of(ratio(9, 9), 10); ok {
		t.Error("nine are enough for a minimum of ten")
	}
	if b, ok := tiers.Of(ratio(10, 10), 10); !ok || b.Name != "green" {
		t.Error("ten are not enough for a minimum of ten")
	}
	if b, ok := (rating.Tiers{}).Of(ratio(1, 1), 0); ok || b.Name != "" {
		t.Errorf("no tiers have %v", b)
	}
	bands := tiers.Bands()
	bands[0].Name = "changed"
	if b, _ := tiers.Of(ratio(0, 1), 0); b.Name != "red" {
		t.Error("changed from outside")
	}
}

func TestStarTiersAgree(t *testing.T) {
	tiers := rating.StarTiers()
	properties := laws(t)
	properties.Property("the thresholds of the mean give the tier of the half stars", prop.ForAll(func(d rating.Distribution) bool {
		tier, ok := d.Tier(3)
		band, ok2 := tiers.Of(d.Total(), 3)
		return ok == ok2 && band.Name == tier.String() && band.Advice == tier.Advice() && band.Meaning == tier.Meaning()
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
			if band, _ := tiers.Of(d.Total(), 0); band.Name != want.String() {
				t.Errorf("%v is %q, want %v", d.Total(), band.Name, want)
			}
		}
	}
}

func TestTiersRefuse(t *testing.T) {
	a := rating.Band{Name: "a", From: ratio(1, 2)}
	for name, bands := range map[string][]rating.Band{
		"none":    {},
		"unnamed": {{From: ratio(1, 2)}},
		"twice":   {a, {Name: "a", From: ratio(3, 4)}},
		"no from": {a, {Name: "b"}},
		"equal":   {a, {Name: "b", From: ratio(2, 4)}},
		"lower":   {a, {Name: "b", From: ratio(1, 3)}},
	} {
		_, err := rating.NewTiers(bands...)
		refuses(t, name, err, rating.ErrDefinition)
	}
	_, err := rating.NewTiers(a, rating.Band{Name: "b", From: ratio(2, 4)})
	if want := `rating: tier 1 "b": unusable definition: threshold of 2 of 4 is not above 1 of 2`; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestStatesInText(t *testing.T) {
	if !slices.Equal([]string{rating.Steady.String(), rating.Rising.String(), rating.Falling.String(), rating.Direction(9).String()},
		[]string{"steady", "rising", "falling", "Direction(9)"}) {
		t.Error("names of directions")
	}
}
