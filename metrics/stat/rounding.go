package stat

import (
	"fmt"
	"math/big"
)

// Rounding says what becomes of the digits that are not shown. The zero value
// is HalfAwayFromZero, the usual reading of a percentage.
type Rounding uint8

const (
	HalfAwayFromZero Rounding = iota // to the nearest, ties away from zero: 0.5 → 1, −0.5 → −1
	HalfEven                         // to the nearest, ties to the even digit: 0.5 → 0, 1.5 → 2
	TowardZero                       // digits cut off: 0.9 → 0, −0.9 → 0
	Floor                            // down: 0.9 → 0, −0.1 → −1; never flatters a score
	Ceiling                          // up: 0.1 → 1, −0.9 → 0
)

var roundingNames = [...]string{"half_away_from_zero", "half_even", "toward_zero", "floor", "ceiling"}

// String returns the name of the mode, such as "half_even".
func (m Rounding) String() string {
	if int(m) < len(roundingNames) {
		return roundingNames[m]
	}
	return fmt.Sprintf("Rounding(%d)", uint8(m))
}

// AppendText implements [encoding.TextAppender]: the name of the mode.
func (m Rounding) AppendText(b []byte) ([]byte, error) {
	if int(m) >= len(roundingNames) {
		return b, fmt.Errorf("stat: no such rounding: %d", uint8(m))
	}
	return append(b, roundingNames[m]...), nil
}

// MarshalText implements [encoding.TextMarshaler].
func (m Rounding) MarshalText() ([]byte, error) { return m.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (m *Rounding) UnmarshalText(text []byte) error {
	for i, name := range roundingNames {
		if name == string(text) {
			*m = Rounding(i)
			return nil
		}
	}
	return fmt.Errorf("stat: no such rounding: %q", text)
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
	case HalfEven:
		up = half > 0 || half == 0 && q.Bit(0) == 1
	case TowardZero:
		up = num.Sign() < 0
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
