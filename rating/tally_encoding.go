package rating

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"
)

// tallyJSON is the wire form of a ReviewTally; the mean is for readers without this
// package.
type tallyJSON struct {
	N          int64   `json:"n"`
	Passed     int64   `json:"passed"`
	AutoFailed int64   `json:"auto_failed"`
	Sum        number  `json:"sum"`
	Squares    number  `json:"squares"`
	Mean       *number `json:"mean"`
}

// MarshalJSON implements [json.Marshaler]:
//
//	{"n": 2, "passed": 1, "auto_failed": 0, "sum": "172.5", "squares": "15156.25", "mean": "86.25"}
//
// where sum and squares are those of the scores, in points, and mean is null if
// there is no review.
func (t ReviewTally) MarshalJSON() ([]byte, error) {
	w := tallyJSON{
		N: t.n, Passed: t.passed, AutoFailed: t.autoFailed,
		Sum:     number{decimal.New(t.sum, -scorePlaces)},
		Squares: number{decimal.NewFromBigInt(t.bigSquares(), -2*scorePlaces)},
	}
	if mean, ok := t.Mean(meanPlaces); ok {
		w.Mean = &number{mean}
	}
	return json.Marshal(w)
}

// UnmarshalJSON implements [json.Unmarshaler]. The error wraps [ErrCount] for sums that
// no scores have, and [ErrSyntax] for any other JSON, unknown fields included. The mean
// is ignored.
func (t *ReviewTally) UnmarshalJSON(data []byte) error {
	var w tallyJSON
	if null, err := strict(data, &w, "review tally"); null || err != nil {
		return err
	}
	sum, okSum := wholeUnits(w.Sum.Decimal, scorePlaces)
	squares, okSquares := wholeUnits(w.Squares.Decimal, 2*scorePlaces)
	if !okSum || !okSquares || !sum.IsInt64() {
		return fmt.Errorf("%w: review tally: sum %s, squares %s", ErrCount, short(w.Sum.Decimal), short(w.Squares.Decimal))
	}
	read := ReviewTally{n: w.N, passed: w.Passed, autoFailed: w.AutoFailed, sum: sum.Int64()}
	read.squares[0] = new(big.Int).And(squares, new(big.Int).SetUint64(1<<64-1)).Uint64()
	read.squares[1] = squares.Rsh(squares, 64).Uint64()
	if err := read.check(); err != nil {
		return err
	}
	*t = read
	return nil
}

// wholeUnits returns d in units of 10^−places, if it is a whole number of them
// that is not negative and fits in 128 bits.
func wholeUnits(d decimal.Decimal, places int32) (*big.Int, bool) {
	if d.Sign() < 0 || d.Exponent() > 40 || d.Exponent() < -40 || d.Coefficient().BitLen() > 256 {
		return nil, false
	}
	d = d.Shift(places)
	units := d.BigInt()
	return units, d.IsInteger() && units.BitLen() <= 128
}

// tallyVersion is the first byte of the binary form.
const tallyVersion = 1

// AppendBinary implements [encoding.BinaryAppender]: a version byte, then the
// numbers of reviews, of those that passed and of those that auto-failed, the
// sum, and the squares in words of 43, 42 and 43 bits, highest first, all as
// unsigned varints. Equal tallies give equal bytes.
func (t ReviewTally) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, tallyVersion)
	const low, middle = 1<<43 - 1, 1<<42 - 1
	low64, high64 := t.squares[0], t.squares[1]
	for _, v := range [...]uint64{
		uint64(t.n), uint64(t.passed), uint64(t.autoFailed), uint64(t.sum),
		high64 >> 21, (low64>>43 | high64<<21) & middle, low64 & low,
	} {
		b = binary.AppendUvarint(b, v)
	}
	return b, nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (t ReviewTally) MarshalBinary() ([]byte, error) { return t.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. The error wraps
// [ErrSyntax] if the bytes are cut short, too many, of a version other than 1, or
// hold sums that no scores have.
func (t *ReviewTally) UnmarshalBinary(data []byte) error {
	var v [7]int64
	if err := readBinary(data, tallyVersion, v[:], "review tally"); err != nil {
		return err
	}
	high, middle, low := uint64(v[4]), uint64(v[5]), uint64(v[6])
	if high >= 1<<43 || middle >= 1<<42 || low >= 1<<43 {
		return fmt.Errorf("%w: review tally: squares", ErrSyntax)
	}
	read := ReviewTally{n: v[0], passed: v[1], autoFailed: v[2], sum: v[3]}
	read.squares = [2]uint64{low | middle<<43, middle>>21 | high<<21}
	if err := read.check(); err != nil {
		return fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	*t = read
	return nil
}
