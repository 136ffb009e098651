package rating

import (
	"fmt"
	"strconv"
)

// Stars is the rating that a customer gave: a whole number from 1 (worst) to
// 5 (best). The zero value is no rating and is not valid.
type Stars uint8

// NewStars returns n as Stars, or an error that wraps [ErrStars] and quotes n.
func NewStars(n int) (Stars, error) {
	if n < 1 || n > 5 {
		return 0, fmt.Errorf("%w: %d", ErrStars, n)
	}
	return Stars(n), nil
}

// Valid reports whether s is from 1 to 5.
func (s Stars) Valid() bool { return 1 <= s && s <= 5 }

// String returns the number, such as "4".
func (s Stars) String() string { return strconv.Itoa(int(s)) }

// HalfStars is a rating for display in steps of half a star, counted in halves:
// 7 is three and a half stars. The zero value is no rating.
type HalfStars uint8

// String returns the number of stars with one decimal place, such as "3.5".
func (h HalfStars) String() string {
	return strconv.FormatFloat(float64(h)/2, 'f', 1, 64)
}

// Tier returns the tier of h, and false if h is not from 1 to 5 stars.
func (h HalfStars) Tier() (Tier, bool) {
	if h < 2 || h > 10 {
		return 0, false
	}
	return Tier(h / 2), true
}
