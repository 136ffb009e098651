package flow

import (
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
