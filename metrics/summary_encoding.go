package metrics

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/varint"
)

// summaryJSON is the wire form of a Summary. Sum, Min and Max of values are
// derived, and checked when they are read.
type summaryJSON struct {
	N       int64           `json:"n"`
	Sum     *big.Int        `json:"sum_ns"`
	Min     *int64          `json:"min_ns"`
	Max     *int64          `json:"max_ns"`
	Values  []time.Duration `json:"values_ns,omitempty"`
	Buckets [][2]int64      `json:"buckets,omitempty"`
}

// MarshalJSON implements [json.Marshaler]. Equal summaries give equal text:
//
//	{"n":3,"sum_ns":1980000000000,"min_ns":180000000000,"max_ns":1200000000000,
//	 "values_ns":[180000000000,600000000000,1200000000000]}
//
// Of more than 1,024 durations, "buckets" stands in place of the values: pairs of
// the number of a bucket and its count. The sum may need more than 64 bits.
func (s Summary) MarshalJSON() ([]byte, error) {
	t := s.totals()
	w := summaryJSON{N: t.n, Sum: t.nanoseconds()}
	if t.n > 0 {
		w.Min, w.Max = &t.min, &t.max
	}
	w.Values = slices.Sorted(slices.Values(s.few))
	if s.many != nil {
		for bucket, n := range s.many.all() {
			w.Buckets = append(w.Buckets, [2]int64{int64(bucket), n})
		}
	}
	return json.Marshal(w)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *Summary) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var w summaryJSON
	if err := dec.Decode(&w); err != nil {
		return fmt.Errorf("metrics: summary: %w", err)
	}
	p := parts{n: w.N, sum: w.Sum, values: w.Values, buckets: w.Buckets}
	if p.sum == nil || (w.Min == nil) != (w.N == 0) || (w.Max == nil) != (w.N == 0) {
		return errSummary
	}
	if w.N > 0 {
		p.min, p.max = *w.Min, *w.Max
	}
	return s.restore(p)
}

// summaryVersion is the first byte of the binary form.
const summaryVersion = 1

// AppendBinary implements [encoding.BinaryAppender]: a version byte and the
// number of durations; up to 1,024 durations in ascending order, each as its
// distance from the one before; of more, the sum (16 bytes), the least and the
// greatest, and the buckets that are not empty, each as its distance from the
// one before and its count. Numbers are varints. Equal summaries give equal
// bytes.
func (s Summary) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, summaryVersion)
	b = binary.AppendUvarint(b, uint64(s.Count()))
	if s.many == nil {
		var last time.Duration
		for i, v := range slices.Sorted(slices.Values(s.few)) {
			if i == 0 {
				b = binary.AppendVarint(b, int64(v))
			} else {
				b = binary.AppendUvarint(b, uint64(v)-uint64(last))
			}
			last = v
		}
		return b, nil
	}
	b = binary.BigEndian.AppendUint64(b, uint64(s.many.hi))
	b = binary.BigEndian.AppendUint64(b, s.many.lo)
	b = binary.AppendVarint(b, s.many.min)
	b = binary.AppendVarint(b, s.many.max)
	last := int64(0)
	for bucket, n := range s.many.all() {
		b = binary.AppendVarint(b, int64(bucket)-last)
		b = binary.AppendUvarint(b, uint64(n))
		last = int64(bucket)
	}
	return b, nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (s Summary) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler].
func (s *Summary) UnmarshalBinary(data []byte) error {
	if len(data) == 0 {
		return errSummary
	}
	if data[0] != summaryVersion {
		return fmt.Errorf("metrics: binary summary of version %d, want %d", data[0], summaryVersion)
	}
	r := varint.Read(data[1:])
	p := parts{n: int64(r.Unsigned())}
	if 0 <= p.n && p.n <= maxValues {
		p.values = slices.Grow(p.values, min(int(p.n), r.Len()))
		for i := range p.n {
			var v time.Duration
			if i == 0 {
				v = time.Duration(r.Signed())
			} else if v = p.values[i-1] + time.Duration(r.Unsigned()); v < p.values[i-1] {
				return errSummary
			}
			p.values = append(p.values, v)
		}
		p.sum = totalsOf(p.values).nanoseconds()
		if p.n > 0 {
			p.min, p.max = int64(p.values[0]), int64(p.values[p.n-1])
		}
	} else {
		sum := new(big.Int).Lsh(big.NewInt(int64(r.Fixed())), 64)
		p.sum = sum.Add(sum, new(big.Int).SetUint64(r.Fixed()))
		p.min, p.max = r.Signed(), r.Signed()
		last := int64(0)
		p.buckets = slices.Grow(p.buckets, r.Len()/2) // each takes two bytes or more
		for r.More() {
			last += r.Signed()
			p.buckets = append(p.buckets, [2]int64{last, int64(r.Unsigned())})
		}
	}
	if !r.Done() {
		return errSummary
	}
	return s.restore(p)
}

var errSummary = errors.New("metrics: malformed summary")

// parts are what the wire forms of a Summary have in common.
type parts struct {
	n, min, max int64
	sum         *big.Int
	values      []time.Duration
	buckets     [][2]int64
}

// restore sets s to the summary of p if p is one that Add and Merge could have
// made, as far as that can be told.
func (s *Summary) restore(p parts) error {
	if p.n < 0 || (p.n <= maxValues && len(p.buckets) > 0) || (p.n > maxValues && len(p.values) > 0) {
		return errSummary
	}
	if p.n <= maxValues {
		check := totalsOf(p.values)
		if check.n != p.n || check.min != p.min || check.max != p.max || check.nanoseconds().Cmp(p.sum) != 0 {
			return errSummary
		}
		*s = Summary{few: p.values}
		return nil
	}
	if p.min > p.max || !p.between(p.min, p.max) {
		return errSummary
	}
	low, high := bucketOf(p.min), bucketOf(p.max)
	left := p.n
	for i, b := range p.buckets {
		bucket, n := b[0], b[1]
		if n <= 0 || n > left || bucket < int64(low) || bucket > int64(high) || i > 0 && bucket <= p.buckets[i-1][0] {
			return errSummary
		}
		left -= n
	}
	last := len(p.buckets) - 1
	if left != 0 || p.buckets[0][0] != int64(low) || p.buckets[last][0] != int64(high) {
		return errSummary
	}
	read := &many{totals: totals{n: p.n, min: p.min, max: p.max}}
	read.setSum(p.sum)
	read.reserve(p.buckets)
	for _, b := range p.buckets {
		read.add(int(b[0]), b[1])
	}
	*s = Summary{many: read}
	return nil
}

// between reports whether the sum can be that of n numbers from low to high.
func (p parts) between(low, high int64) bool {
	n := big.NewInt(p.n)
	return p.sum.Cmp(new(big.Int).Mul(n, big.NewInt(low))) >= 0 && p.sum.Cmp(new(big.Int).Mul(n, big.NewInt(high))) <= 0
}

// setSum sets the sum, which must fit in 128 bits.
func (t *totals) setSum(sum *big.Int) {
	low := new(big.Int).And(sum, new(big.Int).SetUint64(math.MaxUint64))
	t.lo = low.Uint64()
	t.hi = new(big.Int).Rsh(sum, 64).Int64()
}
