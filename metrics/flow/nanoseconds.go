package flow

import (
	"errors"
	"math/big"
	"math/bits"
)

// nanoseconds is a sum of nanoseconds in 128 bits: hi·2⁶⁴ + lo. A backlog of ten
// thousand conversations has spent more than 64 bits of them in two weeks.
type nanoseconds struct {
	hi int64
	lo uint64
}

func (n *nanoseconds) add(v int64) { n.merge(nanoseconds{hi: v >> 63, lo: uint64(v)}) }

func (n *nanoseconds) merge(other nanoseconds) {
	var carry uint64
	n.lo, carry = bits.Add64(n.lo, other.lo, 0)
	n.hi += other.hi + int64(carry)
}

func (n nanoseconds) big() *big.Int {
	sum := new(big.Int).Lsh(big.NewInt(n.hi), 64)
	return sum.Add(sum, new(big.Int).SetUint64(n.lo))
}

// nanosecondsOf returns a number as nanoseconds, and false if it does not fit in
// 128 bits.
func nanosecondsOf(sum *big.Int) (nanoseconds, bool) {
	if sum.BitLen() > 127 {
		return nanoseconds{}, false
	}
	low := new(big.Int).And(sum, new(big.Int).SetUint64(^uint64(0)))
	return nanoseconds{hi: new(big.Int).Rsh(sum, 64).Int64(), lo: low.Uint64()}, true
}

// MarshalJSON implements [encoding/json.Marshaler] with a whole number.
func (n nanoseconds) MarshalJSON() ([]byte, error) { return n.big().MarshalJSON() }

// UnmarshalJSON implements [encoding/json.Unmarshaler]. What is longer than a number of 128
// bits is refused before it is read, because that would take time quadratic in its digits.
func (n *nanoseconds) UnmarshalJSON(data []byte) error {
	const longest = len("-170141183460469231731687303715884105728")
	sum := new(big.Int)
	if len(data) > longest || sum.UnmarshalJSON(data) != nil {
		return errNanoseconds
	}
	read, ok := nanosecondsOf(sum)
	if !ok {
		return errNanoseconds
	}
	*n = read
	return nil
}

var errNanoseconds = errors.New("not a whole number of nanoseconds of at most 128 bits")
