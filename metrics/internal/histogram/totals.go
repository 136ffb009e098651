package histogram

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
	"time"
)

// Totals are the number, sum, least and greatest of durations, all exact.
type Totals struct {
	N        int64
	Min, Max int64 // without meaning if N is 0

	hi int64 // the sum is hi·2⁶⁴ + lo
	lo uint64
}

// TotalsOf returns the totals of durations.
func TotalsOf(durations []time.Duration) Totals {
	var t Totals
	for chunk := range slices.Chunk(durations, 1<<9) {
		low, high, sum := chunk[0], chunk[0], time.Duration(0)
		for _, d := range chunk {
			low, high = min(low, d), max(high, d)
			sum += d
		}
		part := Totals{N: int64(len(chunk)), hi: int64(sum >> 63), lo: uint64(sum), Min: int64(low), Max: int64(high)}
		if low < -1<<54 || high > 1<<54 { // their sum may need more than 63 bits
			part.hi, part.lo = 0, 0
			for _, d := range chunk {
				var carry uint64
				part.lo, carry = bits.Add64(part.lo, uint64(d), 0)
				part.hi += int64(d)>>63 + int64(carry)
			}
		}
		t.Merge(part)
	}
	return t
}

// Merge adds the totals of other durations.
func (t *Totals) Merge(other Totals) {
	if other.N == 0 {
		return
	}
	if t.N == 0 {
		*t = other
		return
	}
	t.N += other.N
	t.Min, t.Max = min(t.Min, other.Min), max(t.Max, other.Max)
	var carry uint64
	t.lo, carry = bits.Add64(t.lo, other.lo, 0)
	t.hi += other.hi + int64(carry)
}

// Words returns the sum as two's complement in 128 bits.
func (t *Totals) Words() (hi int64, lo uint64) { return t.hi, t.lo }

// Sum returns the sum.
func (t *Totals) Sum() *big.Int {
	sum := new(big.Int).Lsh(big.NewInt(t.hi), 64)
	return sum.Add(sum, new(big.Int).SetUint64(t.lo))
}

// setSum sets the sum, which must fit in 128 bits.
func (t *Totals) setSum(sum *big.Int) {
	low := new(big.Int).And(sum, new(big.Int).SetUint64(math.MaxUint64))
	t.lo = low.Uint64()
	t.hi = new(big.Int).Rsh(sum, 64).Int64()
}
