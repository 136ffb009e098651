package stat

import (
	"database/sql/driver"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/text"
)

// Rounding says what becomes of the digits that are not shown. The zero value
// is HalfAwayFromZero, the usual reading of a percentage.
type Rounding uint8

const (
	HalfAwayFromZero Rounding = iota // to the nearest, ties away from zero: 0.5 → 1, −0.5 → −1
	Floor                            // down: 0.9 → 0, −0.1 → −1; never flatters a score
	Ceiling                          // up: 0.1 → 1, −0.9 → 0
)

var roundingNames = text.NewEnum[Rounding](ErrValue, "half_away_from_zero", "floor", "ceiling")

// String returns the name of the mode, such as "ceiling".
func (m Rounding) String() string { return roundingNames.Name(m) }

// AppendText implements [encoding.TextAppender]: the name of the mode. A number
// that names none is ErrValue.
func (m Rounding) AppendText(b []byte) ([]byte, error) { return roundingNames.Append(b, m) }

// MarshalText implements [encoding.TextMarshaler].
func (m Rounding) MarshalText() ([]byte, error) { return m.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is ErrValue.
func (m *Rounding) UnmarshalText(text []byte) error { return roundingNames.Parse(m, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (m *Rounding) Scan(src any) error { return roundingNames.Scan(m, src) }

// Value implements [driver.Valuer] with the text form.
func (m Rounding) Value() (driver.Value, error) { return roundingNames.Value(m) }

// maxPlaces bounds the digits of a decimal, and with them memory and time.
const maxPlaces = 1000

// Quotient returns num/den rounded once to the given number of decimal places.
// It is what every exact mean and share is printed with. It returns 0 if the
// denominator is not positive. Places beyond ±1000 are read as ±1000.
func (m Rounding) Quotient(num, den *big.Int, places int32) decimal.Decimal {
	if den.Sign() <= 0 {
		return decimal.Zero
	}
	places = min(max(places, -maxPlaces), maxPlaces)
	shift := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, -places))), nil)
	if places >= 0 {
		num = new(big.Int).Mul(num, shift)
	} else {
		den = new(big.Int).Mul(den, shift)
	}
	return decimal.NewFromBigInt(m.quotient(num, den), -places)
}

// quotient returns num/den rounded to a whole number. The denominator is
// positive. A mode that is not one of the constants rounds as the zero value.
func (m Rounding) quotient(num, den *big.Int) *big.Int {
	// DivMod is Euclidean, so q is the floor and 0 ≤ rem < den.
	q, rem := new(big.Int).DivMod(num, den, new(big.Int))
	if rem.Sign() == 0 {
		return q
	}
	half := new(big.Int).Lsh(rem, 1).Cmp(den)
	var up bool
	switch m {
	case Floor:
		up = false
	case Ceiling:
		up = true
	default:
		up = half > 0 || half == 0 && num.Sign() > 0
	}
	if up {
		q.Add(q, big.NewInt(1))
	}
	return q
}
