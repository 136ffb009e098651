package stat

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"strconv"

	"github.com/shopspring/decimal"
)

// Ratio is an exact share: Part of Whole, both counts. Part may be negative
// (a net score such as NPS is promoters minus detractors) or larger than Whole
// (replies per conversation).
//
// The zero value is the ratio of no data: it is not [Ratio.Defined], and
// pooling it with another ratio gives the other.
type Ratio struct {
	Part  int64 `json:"part"`
	Whole int64 `json:"whole"`
}

// Defined reports whether r has a value, which is so when Whole is positive.
func (r Ratio) Defined() bool { return r.Whole > 0 }

// beyond is the ratio of counts that no int64 holds. It is not [Ratio.Defined].
var beyond = Ratio{Whole: math.MinInt64}

// Pool returns the ratio of both groups taken as one: parts and wholes are
// added. It is how the shares of two groups combine; their average is not.
//
// If a sum leaves an int64 the result is not [Ratio.Defined], and whatever is pooled
// with that is not either.
func (r Ratio) Pool(s Ratio) Ratio {
	part, whole := r.Part+s.Part, r.Whole+s.Whole
	if r == beyond || s == beyond || (part < r.Part) != (s.Part < 0) || (whole < r.Whole) != (s.Whole < 0) {
		return beyond
	}
	return Ratio{Part: part, Whole: whole}
}

// Complement returns the share of the rest: Whole−Part of Whole. If the difference
// leaves an int64 the result is not [Ratio.Defined].
func (r Ratio) Complement() Ratio {
	rest := r.Whole - r.Part
	if r == beyond || (rest > r.Whole) != (r.Part < 0) {
		return beyond
	}
	return Ratio{Part: rest, Whole: r.Whole}
}

// Compare compares the values of r and s exactly and returns -1, 0 or +1.
// A ratio that is not defined sorts before every defined one and equals every
// other such ratio.
func (r Ratio) Compare(s Ratio) int {
	if !r.Defined() || !s.Defined() {
		return cmp.Compare(b2i(r.Defined()), b2i(s.Defined()))
	}
	// r.Part/r.Whole against s.Part/s.Whole: compare the cross products, by
	// sign first, then by 128-bit magnitude.
	sign := cmp.Compare(r.Part, 0)
	if d := cmp.Compare(sign, cmp.Compare(s.Part, 0)); d != 0 || sign == 0 {
		return d
	}
	rh, rl := bits.Mul64(magnitude(r.Part), uint64(s.Whole))
	sh, sl := bits.Mul64(magnitude(s.Part), uint64(r.Whole))
	d := cmp.Compare(rh, sh)
	if d == 0 {
		d = cmp.Compare(rl, sl)
	}
	return sign * d
}

// AtLeast reports whether r is defined and not below goal: the exact test of
// whether a goal is attained.
func (r Ratio) AtLeast(goal Ratio) bool { return r.Defined() && r.Compare(goal) >= 0 }

// Decimal returns the value of r rounded once to the given number of decimal
// places, which may be negative (−2 rounds to hundreds). It returns false if r
// is not defined.
func (r Ratio) Decimal(places int32, mode Rounding) (decimal.Decimal, bool) {
	return r.scaled(1, places, mode)
}

// Percent returns 100 times the value of r rounded once to the given number of
// decimal places. It returns false if r is not defined.
func (r Ratio) Percent(places int32, mode Rounding) (decimal.Decimal, bool) {
	return r.scaled(100, places, mode)
}

// Float64 returns the float64 nearest to the value of r, for use in estimates.
// It returns false if r is not defined.
func (r Ratio) Float64() (float64, bool) {
	if !r.Defined() {
		return 0, false
	}
	f, _ := big.NewRat(r.Part, r.Whole).Float64()
	return f, true
}

// String returns the counts, such as "4 of 5".
func (r Ratio) String() string {
	return strconv.FormatInt(r.Part, 10) + " of " + strconv.FormatInt(r.Whole, 10)
}

func (r Ratio) scaled(factor int64, places int32, mode Rounding) (decimal.Decimal, bool) {
	if !r.Defined() {
		return decimal.Decimal{}, false
	}
	num := new(big.Int).Mul(big.NewInt(r.Part), big.NewInt(factor))
	return mode.Quotient(num, big.NewInt(r.Whole), places), true
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
