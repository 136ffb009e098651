// Package ranks says where things lie among ordered values.
package ranks

import (
	"math"
	"time"
)

// Median returns the ranks, from 1, of the two of n ordered values whose distance
// tells how certain their median is: low is n/2 − √n, rounded to the nearest (to
// even at a half) and at least 1, and high is as far from the other end (Price &
// Bonett 2001). There are none if n is not positive: both are 0.
func Median(n int64) (low, high int64) {
	if n <= 0 {
		return 0, 0
	}
	size := float64(n)
	low = max(1, int64(math.RoundToEven(size/2-math.Sqrt(size))))
	return low, n - low + 1
}

// Interpolate returns the duration that lies weight, from 0 to 1, of the way from
// low to high, rounded to the nanosecond, ties up. low must not exceed high.
func Interpolate(low, high time.Duration, weight float64) time.Duration {
	if weight == 0 || low == high {
		return low
	}
	// The distance is taken unsigned: from one end of int64 to the other it
	// does not fit a Duration.
	step := math.Floor(float64(uint64(high)-uint64(low))*weight + 0.5)
	if step >= 0x1p64 {
		return high
	}
	return time.Duration(uint64(low) + uint64(step))
}
