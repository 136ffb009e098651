package stat_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
)

// testdata/quantiles.json holds quantiles that R 4.2.2, stats::quantile, gives.
func TestQuantilesAgreeWithR(t *testing.T) {
	raw, err := os.ReadFile("testdata/quantiles.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		ID   string
		X    []float64
		Type stat.QuantileType
		P, Q []float64
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 27 {
		t.Fatalf("%d rows, want 27", len(rows))
	}
	for _, row := range rows {
		given := slices.Clone(row.X)
		got, err := stat.Quantiles(row.X, row.Type, row.P...)
		if err != nil {
			t.Errorf("%s: %v", row.ID, err)
			continue
		}
		for i, want := range row.Q {
			if math.Abs(got[i]-want) > 1e-12*max(1, math.Abs(want)) {
				t.Errorf("%s: %v of %v for p = %v is %v, want %v", row.ID, row.Type, row.X, row.P[i], got[i], want)
			}
		}
		if !slices.Equal(given, row.X) {
			t.Errorf("%s: the sample was changed", row.ID)
		}
	}
}

func TestQuantilesOfNothing(t *testing.T) {
	if _, err := stat.Quantiles(nil, stat.Type7, 0.5); !errors.Is(err, stat.ErrNoData) {
		t.Errorf("no data: %v", err)
	}
	for _, p := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		if _, err := stat.Quantiles([]float64{1}, stat.Type7, p); !errors.Is(err, stat.ErrProbability) {
			t.Errorf("p = %v: %v", p, err)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if _, err := stat.Quantiles([]float64{1, v}, stat.Type7, 0.5); !errors.Is(err, stat.ErrValue) {
			t.Errorf("%v: %v", v, err)
		}
	}
	// The distance from one to the next is beyond float64, the quantile is not.
	for p, want := range map[float64]float64{0.25: -math.MaxFloat64 / 2, 0.5: 0, 1: math.MaxFloat64} {
		if got, err := stat.Quantiles([]float64{math.MaxFloat64, -math.MaxFloat64}, stat.Type7, p); err != nil || math.Abs(got[0]-want) > 1e-15*math.MaxFloat64 {
			t.Errorf("quantile %v of the greatest numbers is %v, %v, want %v", p, got, err, want)
		}
	}
}

func TestInterpolate(t *testing.T) {
	tests := []struct {
		low, high time.Duration
		weight    float64
		want      time.Duration
	}{
		{1, 2, 0.5, 2},    // 1.5 ns, ties up
		{-2, -1, 0.5, -1}, // −1.5 ns, ties up
		{1, 2, 0.25, 1},
		{1, 2, 0, 1},
		{7, 7, 0.9, 7},
		{10 * time.Minute, 20 * time.Minute, 0.8, 18 * time.Minute},
		{math.MinInt64, math.MaxInt64, 0.5, 0},
		{math.MinInt64, math.MaxInt64, 1, math.MaxInt64},
	}
	for _, tt := range tests {
		if got := stat.Interpolate(tt.low, tt.high, tt.weight); got != tt.want {
			t.Errorf("%v of the way from %d to %d is %d, want %d", tt.weight, tt.low, tt.high, got, tt.want)
		}
	}
	if got := stat.Interpolate(math.MinInt64, math.MaxInt64, math.Nextafter(1, 0)); got < math.MaxInt64-1<<12 {
		t.Errorf("close to the top is %v", got)
	}
}

func TestQuantileTypeString(t *testing.T) {
	for qt, want := range map[stat.QuantileType]string{
		0:          "Hyndman–Fan type 7",
		stat.Type8: "Hyndman–Fan type 8",
		10:         "QuantileType(10)",
	} {
		if got := qt.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestQuantileLaws(t *testing.T) {
	sample := gen.SliceOf(gen.Weighted([]gen.WeightedGen{
		{Weight: 3, Gen: gen.Int64Range(-20, 20).Map(func(v int64) float64 { return float64(v) })},
		{Weight: 1, Gen: gen.OneConstOf(math.MaxFloat64, -math.MaxFloat64, 0.0)},
	})).SuchThat(func(v []float64) bool { return len(v) > 0 })
	properties := gopter.NewProperties(nil)
	properties.Property("bounded, monotone in p, and the same in every order", prop.ForAll(func(x []float64, p, q float64, qt uint8) bool {
		kind := stat.QuantileType(qt)
		got, err := stat.Quantiles(x, kind, 0, min(p, q), max(p, q), 1)
		if err != nil || !slices.IsSorted(got) || got[0] != slices.Min(x) || got[3] != slices.Max(x) {
			return false
		}
		slices.Reverse(x)
		again, _ := stat.Quantiles(x, kind, 0, min(p, q), max(p, q), 1)
		return slices.Equal(got, again)
	}, sample, gen.Float64Range(0, 1), gen.Float64Range(0, 1), gen.UInt8Range(0, 9)))
	properties.Property("the share at or below a Type1 quantile is at least p, and below it less than p", prop.ForAll(func(x []float64, hundredths int) bool {
		got, err := stat.Quantiles(x, stat.Type1, float64(hundredths)/100)
		var below, upTo int
		for _, v := range x {
			if v < got[0] {
				below++
			}
			if v <= got[0] {
				upTo++
			}
		}
		return err == nil && 100*upTo >= hundredths*len(x) && 100*below < hundredths*len(x)
	}, sample, gen.IntRange(1, 100)))
	properties.TestingRun(t)
}
