package metrics

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/histogram"
	"github.com/servicequality/servicequality/metrics/text"
)

// summaryJSON is the JSON form of a Summary. Where it has the values, Sum, Min and Max
// are redundant, and are checked when they are read.
type summaryJSON struct {
	N       int64           `json:"n"`
	Sum     wideSum         `json:"sum_ns"`
	Min     *int64          `json:"min_ns"`
	Max     *int64          `json:"max_ns"`
	Values  []time.Duration `json:"values_ns,omitempty"`
	Buckets [][2]int64      `json:"buckets,omitempty"`
}

// wideSum is a sum in JSON.
type wideSum struct{ *big.Int }

// UnmarshalJSON implements [json.Unmarshaler]. A number that is longer than a sum of
// durations can be is refused before it is read, because that would take time quadratic
// in its digits.
func (w *wideSum) UnmarshalJSON(data []byte) error {
	const longest = len("-85070591730234615865843651857942052864") // −2¹²⁶
	if len(data) > longest {
		return fmt.Errorf("a sum of more than %d digits: %q", longest-1, quotable(data))
	}
	w.Int = new(big.Int)
	return w.Int.UnmarshalJSON(data)
}

// MarshalJSON implements [json.Marshaler]. Equal summaries give equal text:
//
//	{"n":3,"sum_ns":1980000000000,"min_ns":180000000000,"max_ns":1200000000000,
//	 "values_ns":[180000000000,600000000000,1200000000000]}
//
// For more than 1,024 durations, "buckets" replaces the values: pairs of the number
// of a bucket and its count. The sum may need more than 64 bits.
func (s Summary) MarshalJSON() ([]byte, error) {
	t := s.totals()
	w := summaryJSON{N: t.N, Sum: wideSum{t.Sum()}}
	if t.N > 0 {
		w.Min, w.Max = &t.Min, &t.Max
	}
	if s.base == nil {
		w.Values = slices.Sorted(slices.Values(s.values()))
	} else {
		for bucket, n := range s.whole().All() {
			w.Buckets = append(w.Buckets, [2]int64{int64(bucket), n})
		}
	}
	return json.Marshal(w)
}

// UnmarshalJSON implements [json.Unmarshaler]. The number of durations is at most 2⁶³−1, and
// their sum has at most 38 digits, which are enough for as many of the longest. Numbers that
// do not agree with each other, fields that are unknown or come twice, and whatever follows
// are errors.
func (s *Summary) UnmarshalJSON(data []byte) error {
	var w summaryJSON
	if _, err := text.DecodeJSON(data, &w); err != nil {
		return fmt.Errorf("metrics: summary: %w", err)
	}
	p := parts{n: w.N, sum: w.Sum.Int, values: w.Values, buckets: w.Buckets}
	if p.sum == nil || (w.Min == nil) != (w.N == 0) || (w.Max == nil) != (w.N == 0) {
		return errSummary
	}
	if w.N > 0 {
		p.min, p.max = *w.Min, *w.Max
	}
	if !s.restore(p) {
		return errSummary
	}
	return nil
}

var errSummary = errors.New("metrics: the numbers of a summary do not agree")

// summaryVersion is the first byte of the binary form.
const summaryVersion = 1

// AppendBinary implements [encoding.BinaryAppender]. The form is a version byte
// and the number of durations, followed by
//   - up to 1,024 durations: each in ascending order, as its distance from the one
//     before;
//   - more: the sum in 16 bytes, the least, the greatest, and for each bucket that
//     is not empty its distance from the one before and its count.
//
// Numbers are varints. Equal summaries give equal bytes.
func (s Summary) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, summaryVersion)
	b = binary.AppendUvarint(b, uint64(s.Count()))
	if s.base == nil {
		var last time.Duration
		for i, v := range slices.Sorted(slices.Values(s.values())) {
			if i == 0 {
				b = binary.AppendVarint(b, int64(v))
			} else {
				b = binary.AppendUvarint(b, uint64(v)-uint64(last))
			}
			last = v
		}
		return b, nil
	}
	h := s.whole()
	hi, lo := h.Words()
	b = binary.BigEndian.AppendUint64(b, uint64(hi))
	b = binary.BigEndian.AppendUint64(b, lo)
	b = binary.AppendVarint(b, h.Min)
	b = binary.AppendVarint(b, h.Max)
	last := int64(0)
	for bucket, n := range h.All() {
		b = binary.AppendVarint(b, int64(bucket)-last)
		b = binary.AppendUvarint(b, uint64(n))
		last = int64(bucket)
	}
	return b, nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (s Summary) MarshalBinary() ([]byte, error) { return s.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. Every error wraps
// [ErrBinary].
func (s *Summary) UnmarshalBinary(data []byte) error {
	r, err := readVersion(data, summaryVersion, "summary")
	if err != nil {
		return err
	}
	p := parts{n: int64(r.Unsigned())}
	if 0 <= p.n && p.n <= histogram.MaxValues {
		p.values = slices.Grow(p.values, min(int(p.n), r.Len()))
		for i := range p.n {
			var v time.Duration
			if i == 0 {
				v = time.Duration(r.Signed())
			} else if v = p.values[i-1] + time.Duration(r.Unsigned()); v < p.values[i-1] {
				return fmt.Errorf("%w: a duration of a summary is too long", ErrBinary)
			}
			p.values = append(p.values, v)
		}
		t := histogram.TotalsOf(p.values)
		p.sum, p.min, p.max = t.Sum(), t.Min, t.Max
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
		return fmt.Errorf("%w: a summary is cut, or bytes follow it", ErrBinary)
	}
	if !s.restore(p) {
		return fmt.Errorf("%w: the numbers of a summary do not agree", ErrBinary)
	}
	return nil
}

// parts are what both wire forms of a Summary contain.
type parts struct {
	n, min, max int64
	sum         *big.Int
	values      []time.Duration
	buckets     [][2]int64
}

// restore sets s to the summary of p. It returns false if it can tell that no durations
// have these numbers.
func (s *Summary) restore(p parts) bool {
	if p.n <= histogram.MaxValues {
		t := histogram.TotalsOf(p.values)
		if len(p.buckets) > 0 || t.N != p.n || t.Min != p.min || t.Max != p.max || t.Sum().Cmp(p.sum) != 0 {
			return false
		}
		*s = summaryOf(p.values)
		return true
	}
	h, ok := histogram.Restore(p.n, p.min, p.max, p.sum, p.buckets)
	if !ok || len(p.values) > 0 {
		return false
	}
	*s = Summary{base: h}
	return true
}
