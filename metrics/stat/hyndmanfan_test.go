package stat_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

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
		Type stat.HyndmanFan
		P, Q []float64
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 27 {
		t.Fatalf("%d rows, want 27", len(rows))
	}
	for _, row := range rows {
		got := quantiles(row.X, row.Type, row.P...)
		for i, want := range row.Q {
			if math.Abs(got[i]-want) > 1e-12*max(1, math.Abs(want)) {
				t.Errorf("%s: %v of %v for p = %v is %v, want %v", row.ID, row.Type, row.X, row.P[i], got[i], want)
			}
		}
	}
}

// quantiles returns those of values, by where the type says that they lie.
func quantiles(x []float64, t stat.HyndmanFan, p ...float64) []float64 {
	sorted := slices.Sorted(slices.Values(x))
	out := make([]float64, len(p))
	for i, q := range p {
		rank, weight := t.Position(int64(len(sorted)), q)
		if out[i] = sorted[rank-1]; weight > 0 {
			out[i] += weight * (sorted[rank] - sorted[rank-1])
		}
	}
	return out
}

func TestHyndmanFan(t *testing.T) {
	for qt, want := range map[stat.HyndmanFan]string{
		0:  "Hyndman–Fan type 7",
		8:  "Hyndman–Fan type 8",
		10: "HyndmanFan(10)",
	} {
		if got := qt.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestPositionsAreExact compares the positions of hundredths, of which float64 has few,
// with those that whole numbers give, in parts of 2400: 0.07 of 100 is the 7th, though
// the product is above 7.
func TestPositionsAreExact(t *testing.T) {
	const one = 2400
	positions := [10]func(n, k int64) int64{
		1: func(n, k int64) int64 { return 24 * n * k },
		2: func(n, k int64) int64 { return 24 * n * k },
		3: func(n, k int64) int64 { return 24*n*k - one/2 },
		4: func(n, k int64) int64 { return 24 * n * k },
		5: func(n, k int64) int64 { return 24*n*k + one/2 },
		6: func(n, k int64) int64 { return 24 * (n + 1) * k },
		7: func(n, k int64) int64 { return 24*(n-1)*k + one },
		8: func(n, k int64) int64 { return 24*n*k + 8*k + one/3 },
		9: func(n, k int64) int64 { return 24*n*k + 6*k + one*3/8 },
	}
	for kind := 1; kind <= 9; kind++ {
		for n := int64(1); n <= 200; n++ {
			for k := int64(0); k <= 100; k++ {
				at := positions[kind](n, k) + one // which is not negative
				rank, rest, weight := at/one-1, at%one, 0.0
				switch {
				case kind <= 3 && rest > 0 || kind == 3 && rank%2 != 0:
					rank++
				case kind == 2:
					weight = 0.5
				case kind > 3:
					weight = float64(rest) / one
				}
				switch {
				case rank < 1:
					rank, weight = 1, 0
				case rank >= n || k == 100:
					rank, weight = n, 0
				}
				got, share := stat.HyndmanFan(kind).Position(n, float64(k)/100)
				if got != rank || math.Abs(share-weight) > 1e-10 || (share == 0) != (weight == 0) {
					t.Fatalf("type %d at %d %% of %d: %d, %v, want %d, %v", kind, k, n, got, share, rank, weight)
				}
			}
		}
	}
}

func TestQuantileLaws(t *testing.T) {
	sample := gen.SliceOf(gen.Weighted([]gen.WeightedGen{
		{Weight: 3, Gen: gen.Int64Range(-20, 20).Map(func(v int64) float64 { return float64(v) })},
		{Weight: 1, Gen: gen.OneConstOf(1e300, -1e300, 0.0)},
	})).SuchThat(func(v []float64) bool { return len(v) > 0 })
	properties := gopter.NewProperties(nil)
	properties.Property("bounded, monotone in p, and the same in every order", prop.ForAll(func(x []float64, p, q float64, qt uint8) bool {
		kind := stat.HyndmanFan(qt)
		got := quantiles(x, kind, 0, min(p, q), max(p, q), 1)
		if !slices.IsSorted(got) || got[0] != slices.Min(x) || got[3] != slices.Max(x) {
			return false
		}
		slices.Reverse(x)
		again := quantiles(x, kind, 0, min(p, q), max(p, q), 1)
		return slices.Equal(got, again)
	}, sample, gen.Float64Range(0, 1), gen.Float64Range(0, 1), gen.UInt8Range(0, 9)))
	properties.Property("the share at or below a quantile of type 1 is at least p, and below it less than p", prop.ForAll(func(x []float64, hundredths int) bool {
		got := quantiles(x, 1, float64(hundredths)/100)
		var below, upTo int
		for _, v := range x {
			if v < got[0] {
				below++
			}
			if v <= got[0] {
				upTo++
			}
		}
		return 100*upTo >= hundredths*len(x) && 100*below < hundredths*len(x)
	}, sample, gen.IntRange(1, 100)))
	properties.TestingRun(t)
}
