package rating

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Distribution counts ratings by their stars, at most 2⁵³ in all. The zero value is
// empty and ready to use. A Distribution is a value: copies are independent, and two are
// equal (==) when they count the same ratings.
type Distribution struct {
	counts [5]int64 // of 1, 2, 3, 4 and 5 stars
}

// maxRatings is the largest number of ratings: every whole number up to it is a
// float64 value, and the sum of so many stars fits in an int64.
const maxRatings = 1 << 53

// NewDistribution returns the distribution with the given counts of 1 to 5
// stars. The error wraps [ErrCount] if a count is negative, or if they add up to more
// than 2⁵³.
func NewDistribution(counts [5]int64) (Distribution, error) {
	var total int64
	for i, n := range counts {
		if n < 0 {
			return Distribution{}, fmt.Errorf("%w: %d of %d stars", ErrCount, n, i+1)
		}
		if n > maxRatings-total {
			return Distribution{}, fmt.Errorf("%w: too many ratings: %v", ErrCount, counts)
		}
		total += n
	}
	return Distribution{counts}, nil
}

// Add counts one rating. Stars that are not valid are not counted: the error
// wraps [ErrStars]. It wraps [ErrCount] if 2⁵³ ratings are counted; then nothing changes.
func (d *Distribution) Add(s Stars) error {
	if !s.Valid() {
		return fmt.Errorf("%w: %d", ErrStars, uint8(s))
	}
	if d.N() == maxRatings {
		return fmt.Errorf("%w: 1 more than %d ratings", ErrCount, d.N())
	}
	d.counts[s-1]++
	return nil
}

// Remove takes back one rating that was added, as when a customer withdraws or edits
// it. The error wraps [ErrStars] for stars that are not valid, and [ErrCount] if no
// such rating is counted; then nothing changes.
func (d *Distribution) Remove(s Stars) error {
	if !s.Valid() {
		return fmt.Errorf("%w: %d", ErrStars, uint8(s))
	}
	if d.counts[s-1] == 0 {
		return fmt.Errorf("%w: no rating of %d stars to remove", ErrCount, uint8(s))
	}
	d.counts[s-1]--
	return nil
}

// Merge adds the ratings that other counts. The error wraps [ErrCount] if there would be
// more than 2⁵³; then nothing changes.
func (d *Distribution) Merge(other Distribution) error {
	if other.N() > maxRatings-d.N() {
		return fmt.Errorf("%w: %d and %d ratings", ErrCount, d.N(), other.N())
	}
	for i, n := range other.counts {
		d.counts[i] += n
	}
	return nil
}

// Counts returns the numbers of ratings with 1, 2, 3, 4 and 5 stars.
func (d Distribution) Counts() [5]int64 { return d.counts }

// N returns the number of ratings.
func (d Distribution) N() int64 {
	var n int64
	for _, c := range d.counts {
		n += c
	}
	return n
}

// Total returns the sum of all stars over the number of ratings, whose value is
// the exact mean.
func (d Distribution) Total() stat.Ratio {
	var sum int64
	for i, c := range d.counts {
		sum += int64(i+1) * c
	}
	return stat.Ratio{Part: sum, Whole: d.N()}
}

// Mean returns the mean number of stars, rounded once to the given number of
// decimal places, half away from zero. It returns false if there is no rating.
func (d Distribution) Mean(places int32) (decimal.Decimal, bool) {
	return d.Total().Decimal(places, stat.HalfAwayFromZero)
}

// Median returns the middle rating or, if their number is even, the mean of the two
// in the middle, which may be half a star. It returns false if there is no rating.
func (d Distribution) Median() (HalfStars, bool) {
	n := d.N()
	if n == 0 {
		return 0, false
	}
	return HalfStars(d.ranked((n-1)/2) + d.ranked(n/2)), true
}

// ranked returns the rating at a rank from 0, the lowest, to N−1.
func (d Distribution) ranked(rank int64) Stars {
	s := Stars(1)
	for ; rank >= d.counts[s-1]; s++ {
		rank -= d.counts[s-1]
	}
	return s
}

// Share returns the share of ratings with exactly s stars.
func (d Distribution) Share(s Stars) stat.Ratio {
	r := stat.Ratio{Whole: d.N()}
	if s.Valid() {
		r.Part = d.counts[s-1]
	}
	return r
}

// AtLeast returns the share of ratings with s stars or more.
func (d Distribution) AtLeast(s Stars) stat.Ratio {
	r := stat.Ratio{Whole: d.N()}
	for i := max(int(s), 1); i <= 5; i++ {
		r.Part += d.counts[i-1]
	}
	return r
}

// Half returns the mean rounded to the nearest half star, ties up: 3.249 shows as
// 3.0 and 3.25 as 3.5. It returns false if there is no rating.
func (d Distribution) Half() (HalfStars, bool) {
	total := d.Total()
	if !total.Defined() {
		return 0, false
	}
	// ⌊2·mean + ½⌋ in integers, which maxRatings leaves room for.
	return HalfStars((4*total.Part + total.Whole) / (2 * total.Whole)), true
}

// Tier returns the tier of the mean, rounded to the nearest half star. It returns
// false if there are fewer than minimum ratings, or none: five customers decide
// nothing.
func (d Distribution) Tier(minimum int64) (Tier, bool) {
	half, ok := d.Half()
	if !ok || d.N() < minimum {
		return 0, false
	}
	return half.Tier()
}

// String returns the mean and the number of ratings, such as "4.4 of 5 stars, 900
// ratings", or "no ratings".
func (d Distribution) String() string { return starsText(d.Total()) }

// starsText writes a mean of stars for people.
func starsText(total stat.Ratio) string {
	mean, ok := total.Decimal(1, stat.HalfAwayFromZero)
	if !ok {
		return "no ratings"
	}
	return mean.StringFixed(1) + " of 5 stars, " + text.Counted(total.Whole, "rating")
}
