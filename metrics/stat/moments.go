package stat

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/bits"
)

// Moments accumulates whole numbers (ratings, item scores, counts; half stars
// doubled) by their count, sum and sum of squares. All three are exact, so
// merging is exact too, and neither the order of values nor the way they were
// split into parts can be seen in a result.
//
// The zero value is empty. Moments is a value: copying it forks it.
type Moments struct {
	n       int64
	sum     [2]uint64 // two's complement, least significant first
	squares [3]uint64 // least significant first
}

// Add takes one value.
func (m *Moments) Add(v int64) { m.addTimes(v, 1) }

// AddTimes takes the value v times times, as from a table of counts. It
// returns ErrCount, and takes nothing, if times is negative or the count would
// exceed the range of int64.
func (m *Moments) AddTimes(v, times int64) error {
	if times < 0 || times > math.MaxInt64-m.n {
		return fmt.Errorf("%w: %d times", ErrCount, times)
	}
	m.addTimes(v, uint64(times))
	return nil
}

func (m *Moments) addTimes(v int64, times uint64) {
	m.n += int64(times)
	size := uint64(v)
	if v < 0 {
		size = -size
	}
	high, low := bits.Mul64(size, times)
	var carry uint64
	if v < 0 {
		m.sum[0], carry = bits.Sub64(m.sum[0], low, 0)
		m.sum[1], _ = bits.Sub64(m.sum[1], high, carry)
	} else {
		m.sum[0], carry = bits.Add64(m.sum[0], low, 0)
		m.sum[1], _ = bits.Add64(m.sum[1], high, carry)
	}
	// (high·2⁶⁴ + low)·size
	middle, first := bits.Mul64(low, size)
	third, second := bits.Mul64(high, size)
	second, carry = bits.Add64(second, middle, 0)
	third += carry
	m.addSquares([3]uint64{first, second, third})
}

func (m *Moments) addSquares(s [3]uint64) {
	var carry uint64
	for i := range s {
		m.squares[i], carry = bits.Add64(m.squares[i], s[i], carry)
	}
}

// Merge takes all values of o. The two counts together must not exceed the
// range of int64, which no data do.
func (m *Moments) Merge(o Moments) {
	m.n += o.n
	var carry uint64
	m.sum[0], carry = bits.Add64(m.sum[0], o.sum[0], 0)
	m.sum[1], _ = bits.Add64(m.sum[1], o.sum[1], carry)
	m.addSquares(o.squares)
}

// N returns the number of values.
func (m Moments) N() int64 { return m.n }

// Sample returns the count, mean and variance, the last two rounded once. It
// is false for no values.
func (m Moments) Sample() (Sample, bool) {
	if m.n == 0 {
		return Sample{}, false
	}
	sum, squares, n := m.bigSum(), m.bigSquares(), big.NewInt(m.n)
	s := Sample{N: m.n}
	s.Mean, _ = new(big.Rat).SetFrac(sum, n).Float64()
	if m.n > 1 {
		// (n·Σv² − (Σv)²) / n(n−1)
		above := new(big.Int).Mul(n, squares)
		above.Sub(above, new(big.Int).Mul(sum, sum))
		s.Variance, _ = new(big.Rat).SetFrac(above, new(big.Int).Mul(n, big.NewInt(m.n-1))).Float64()
	}
	return s, true
}

// Interval returns the t interval of the mean, as Sample.Interval does.
func (m Moments) Interval(level float64) (Interval, error) {
	s, _ := m.Sample()
	return s.Interval(level)
}

func (m Moments) bigSum() *big.Int {
	s := new(big.Int).Lsh(big.NewInt(int64(m.sum[1])), 64)
	return s.Add(s, new(big.Int).SetUint64(m.sum[0]))
}

func (m Moments) bigSquares() *big.Int {
	s := new(big.Int)
	for i := len(m.squares) - 1; i >= 0; i-- {
		s.Lsh(s, 64).Add(s, new(big.Int).SetUint64(m.squares[i]))
	}
	return s
}

// check reports moments that no values have: read from a damaged text.
func (m Moments) check() error {
	sum, squares := m.bigSum(), m.bigSquares()
	enough := new(big.Int).Mul(big.NewInt(m.n), squares)
	if m.n < 0 || m.n == 0 && (sum.Sign() != 0 || squares.Sign() != 0) || enough.Cmp(sum.Mul(sum, sum)) < 0 {
		return fmt.Errorf("%w: moments of no values: n = %d, squares = %v", ErrValue, m.n, squares)
	}
	return nil
}

type momentsJSON struct {
	N       int64  `json:"n"`
	Sum     string `json:"sum"`
	Squares string `json:"squares"`
}

// MarshalJSON writes the three exact numbers, the sums as strings since they
// may exceed what JSON readers hold.
func (m Moments) MarshalJSON() ([]byte, error) {
	return json.Marshal(momentsJSON{m.n, m.bigSum().String(), m.bigSquares().String()})
}

// UnmarshalJSON reads what MarshalJSON writes. It returns ErrValue for numbers
// that cannot be moments.
func (m *Moments) UnmarshalJSON(text []byte) error {
	var j momentsJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	var wide [2]*big.Int
	for i, s := range []string{j.Sum, j.Squares} {
		v, ok := new(big.Int), false
		if len(s) <= 60 {
			v, ok = v.SetString(s, 10)
		}
		if !ok || v.BitLen() > 127+64*i || i == 1 && v.Sign() < 0 {
			return fmt.Errorf("%w: moments of %.60q", ErrValue, s)
		}
		wide[i] = v
	}
	read := Moments{n: j.N}
	mask := new(big.Int).SetUint64(math.MaxUint64)
	word := func(v *big.Int, i uint) uint64 {
		shifted := new(big.Int).Rsh(v, 64*i) // floors, as two's complement does
		return shifted.And(shifted, mask).Uint64()
	}
	for i := range read.sum {
		read.sum[i] = word(wide[0], uint(i))
	}
	for i := range read.squares {
		read.squares[i] = word(wide[1], uint(i))
	}
	if err := read.check(); err != nil {
		return err
	}
	*m = read
	return nil
}

// momentsVersion is the first byte of the binary form.
const momentsVersion = 1

// AppendBinary appends the version byte and the six words, big-endian.
func (m Moments) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, momentsVersion)
	for _, w := range []uint64{uint64(m.n), m.sum[1], m.sum[0], m.squares[2], m.squares[1], m.squares[0]} {
		b = binary.BigEndian.AppendUint64(b, w)
	}
	return b, nil
}

// MarshalBinary returns the 49 bytes of AppendBinary.
func (m Moments) MarshalBinary() ([]byte, error) { return m.AppendBinary(nil) }

// UnmarshalBinary reads what MarshalBinary writes. It returns ErrValue for
// another version, another length, or numbers that cannot be moments.
func (m *Moments) UnmarshalBinary(b []byte) error {
	if len(b) != 49 || b[0] != momentsVersion {
		return fmt.Errorf("%w: moments of %d bytes, first %.1x", ErrValue, len(b), b)
	}
	word := func(i int) uint64 { return binary.BigEndian.Uint64(b[1+8*i:]) }
	read := Moments{int64(word(0)), [2]uint64{word(2), word(1)}, [3]uint64{word(5), word(4), word(3)}}
	if err := read.check(); err != nil {
		return err
	}
	*m = read
	return nil
}
