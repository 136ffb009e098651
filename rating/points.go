package rating

import (
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Points is an exact number from 0, the worst, to 100, the best. It is compared
// exactly and rounded only to be shown. The zero value is 0. A Points is
// immutable; compare two with [Points.Compare], not with ==.
type Points struct{ r *big.Rat }

// rat returns the number, which nobody may change.
func (p Points) rat() *big.Rat {
	if p.r == nil {
		return new(big.Rat)
	}
	return p.r
}

// pointsOf returns part of whole in points; whole is positive.
func pointsOf(part, whole *big.Rat) Points {
	r := new(big.Rat).Quo(part, whole)
	return Points{r.Mul(r, hundred())}
}

func hundred() *big.Rat { return big.NewRat(100, 1) }

// Decimal returns the number rounded once to the given number of decimal
// places, half away from zero.
func (p Points) Decimal(places int32) decimal.Decimal {
	r := p.rat()
	return stat.HalfAwayFromZero.Quotient(r.Num(), r.Denom(), places)
}

// Float64 returns the nearest float64, for use in estimates.
func (p Points) Float64() float64 {
	f, _ := p.rat().Float64()
	return f
}

// Compare returns -1, 0 or +1 as p is less than, equal to or greater than q.
func (p Points) Compare(q Points) int { return p.rat().Cmp(q.rat()) }

// String returns the number with two decimal places, such as "83.33".
func (p Points) String() string { return p.Decimal(2).StringFixed(2) }

// pointsPlaces is the number of decimal places of Points in text and JSON.
const pointsPlaces = 10

// AppendText implements [encoding.TextAppender]: a decimal, rounded to ten
// places.
func (p Points) AppendText(b []byte) ([]byte, error) {
	return append(b, p.Decimal(pointsPlaces).String()...), nil
}

// MarshalText implements [encoding.TextMarshaler].
func (p Points) MarshalText() ([]byte, error) { return p.AppendText(nil) }

// weightLimit bounds the digits of a weight on either side of its point, so
// that exact arithmetic on it stays small.
const weightLimit = 18

// checkWeight says what is wrong with a weight, if anything is.
func checkWeight(w decimal.Decimal) string {
	switch {
	case w.Sign() < 0:
		return "is negative"
	case w.Exponent() > weightLimit || w.Exponent() < -weightLimit || w.Coefficient().BitLen() > 128:
		return "has too many digits"
	}
	return ""
}
