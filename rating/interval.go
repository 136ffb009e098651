package rating

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Interval returns the t interval of the mean (Student 1908), in stars, clamped
// to 1…5, since no mean lies outside; level is above 0 and below 1, such as 0.95.
//
// It is an estimate for about thirty ratings or more. With fewer, and above all
// if nearly all ratings are alike, it is too narrow: five ratings of 5 give an
// interval without width, which says that they do not vary, not that the mean is
// certain. To rank items with few ratings, use [DirichletBound].
//
// The error wraps [stat.ErrNoData] if there is no rating, [stat.ErrTooFew] if
// there is one, and [stat.ErrLevel].
func (d Distribution) Interval(level float64) (stat.Interval, error) {
	iv, err := d.sample().Interval(level)
	if err != nil {
		return stat.Interval{}, fmt.Errorf("rating: interval of the mean: %w", err)
	}
	return clip(iv, 1, 5), nil
}

// sample returns what a t interval needs of the ratings.
func (d Distribution) sample() stat.Sample {
	// A distribution holds no count that is refused; of nothing the sample is
	// empty.
	s, _ := stat.DescribeCounts(1, d.counts[:]...)
	return s
}

// clip clamps the ends of an interval to the range of what it estimates, which
// costs no coverage.
func clip(iv stat.Interval, low, high float64) stat.Interval {
	iv.Low, iv.High = min(max(iv.Low, low), high), max(min(iv.High, high), low)
	return iv
}
