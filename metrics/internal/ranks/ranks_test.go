package ranks_test

import (
	"math"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/ranks"
)

func TestMedian(t *testing.T) {
	for n, want := range map[int64][2]int64{
		-1: {0, 0}, 0: {0, 0}, 1: {1, 1}, 2: {1, 2}, 3: {1, 3}, 4: {1, 4}, 9: {2, 8}, 10: {2, 9}, 20: {6, 15},
		100: {40, 61}, 101: {40, 62}, 1 << 40: {1<<39 - 1<<20, 1<<39 + 1<<20 + 1},
	} {
		if low, high := ranks.Median(n); low != want[0] || high != want[1] {
			t.Errorf("%d: %d and %d, want %v", n, low, high, want)
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
		if got := ranks.Interpolate(tt.low, tt.high, tt.weight); got != tt.want {
			t.Errorf("%v of the way from %d to %d is %d, want %d", tt.weight, tt.low, tt.high, got, tt.want)
		}
	}
	if got := ranks.Interpolate(math.MinInt64, math.MaxInt64, math.Nextafter(1, 0)); got < math.MaxInt64-1<<12 {
		t.Errorf("close to the top is %v", got)
	}
}
