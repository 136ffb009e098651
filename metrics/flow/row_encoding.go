package flow

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// rowJSON is the wire form of a Row. Closing is derived, and checked when it is
// read.
type rowJSON struct {
	Period  metrics.Period `json:"period,omitzero"`
	Start   time.Time      `json:"start"`
	End     time.Time      `json:"end"`
	Opening int64          `json:"opening"`
	Counts
	Closing        int64           `json:"closing"`
	Open           *nanoseconds    `json:"open_ns"`
	HandOffTime    metrics.Summary `json:"hand_off_time,omitzero"`
	HandOffInHours metrics.Summary `json:"hand_off_in_hours,omitzero"`
}

// MarshalJSON implements [json.Marshaler]. Equal rows give equal text, in which
// the counts are beside the period; a zero Period is left out. The time that
// conversations spent in the backlog, open_ns, may need more than 64 bits.
func (r Row) MarshalJSON() ([]byte, error) {
	return json.Marshal(rowJSON{
		Period: r.Period, Start: r.Span.Start, End: r.Span.End, Opening: r.Opening, Counts: r.Counts,
		Closing: r.Closing(), Open: &r.open, HandOffTime: r.HandOffTime, HandOffInHours: r.HandOffInHours,
	})
}

// UnmarshalJSON implements [json.Unmarshaler]. If the data are not a row, or if a field
// is unknown or comes twice, the error wraps [ErrRow].
func (r *Row) UnmarshalJSON(data []byte) error {
	var w rowJSON
	if _, err := text.DecodeJSON(data, &w); err != nil {
		return fmt.Errorf("%w: %w", ErrRow, err)
	}
	if w.Open == nil {
		return fmt.Errorf("%w: no open_ns", ErrRow)
	}
	read := Row{
		Period: w.Period, Span: metrics.Span{Start: w.Start.UTC(), End: w.End.UTC()}, Opening: w.Opening, Counts: w.Counts,
		HandOffTime: w.HandOffTime, HandOffInHours: w.HandOffInHours, open: *w.Open,
	}
	if !read.valid() || read.Closing() != w.Closing {
		return fmt.Errorf("%w: its numbers do not agree", ErrRow)
	}
	*r = read
	return nil
}

// rowVersion is the first byte of the binary form.
const rowVersion = 2

// AppendBinary implements [encoding.BinaryAppender]: a version byte; the name of
// the period after its length; when the span starts and ends, each as seconds
// since 1970 and nanoseconds; the opening backlog and the counts in the order of
// the fields; the time in the backlog (16 bytes); the two summaries, each after
// its length. Numbers are varints. Equal rows give equal bytes.
func (r Row) AppendBinary(b []byte) ([]byte, error) {
	period, err := r.Period.MarshalText()
	if err != nil {
		return nil, err
	}
	b = append(b, rowVersion)
	b = append(binary.AppendUvarint(b, uint64(len(period))), period...)
	for _, t := range [...]time.Time{r.Span.Start, r.Span.End} {
		b = binary.AppendVarint(b, t.Unix())
		b = binary.AppendUvarint(b, uint64(t.Nanosecond()))
	}
	b = binary.AppendVarint(b, r.Opening)
	for _, n := range r.counts() {
		b = binary.AppendVarint(b, *n)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(r.open.hi))
	b = binary.BigEndian.AppendUint64(b, r.open.lo)
	for _, s := range [...]*metrics.Summary{&r.HandOffTime, &r.HandOffInHours} {
		part, err := s.MarshalBinary()
		if err != nil {
			return nil, err
		}
		b = append(binary.AppendUvarint(b, uint64(len(part))), part...)
	}
	return b, nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (r Row) MarshalBinary() ([]byte, error) { return r.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. If the data are not a
// row, the error wraps [ErrRow].
func (r *Row) UnmarshalBinary(data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("%w: no data", ErrRow)
	}
	if data[0] != rowVersion {
		return fmt.Errorf("%w: version %d, want %d", ErrRow, data[0], rowVersion)
	}
	in := input{rest: data[1:]}
	var read Row
	if err := read.Period.UnmarshalText(in.part()); err != nil {
		return fmt.Errorf("%w: %w", ErrRow, err)
	}
	for _, t := range [...]*time.Time{&read.Span.Start, &read.Span.End} {
		second, nanosecond := in.signed(), in.unsigned()
		if nanosecond >= 1e9 {
			return fmt.Errorf("%w: bad time", ErrRow)
		}
		*t = time.Unix(second, int64(nanosecond)).UTC()
	}
	read.Opening = in.signed()
	for _, n := range read.counts() {
		*n = in.signed()
	}
	read.open = nanoseconds{hi: int64(in.fixed()), lo: in.fixed()}
	for _, s := range [...]*metrics.Summary{&read.HandOffTime, &read.HandOffInHours} {
		if err := s.UnmarshalBinary(in.part()); err != nil {
			return fmt.Errorf("%w: %w", ErrRow, err)
		}
	}
	if in.failed || len(in.rest) > 0 {
		return fmt.Errorf("%w: too short or too long", ErrRow)
	}
	if !read.valid() {
		return fmt.Errorf("%w: its numbers do not agree", ErrRow)
	}
	*r = read
	return nil
}

// valid reports whether a series, or a merger or sum of its rows, could have made
// r, as far as that can be told.
func (r *Row) valid() bool {
	// No year is longer, wherever clocks are changed in it. Only a sum of several
	// periods is.
	const longest = 368 * 24 * time.Hour
	length := r.Span.End.Sub(r.Span.Start)
	if length < 0 || length > longest && r.Period != (metrics.Period{}) || !r.Span.Start.Add(length).Equal(r.Span.End) {
		return false
	}
	for _, t := range [...]time.Time{r.Span.Start, r.Span.End} {
		if t.Year() < 1 || t.Year() > 9999 { // which JSON cannot have
			return false
		}
	}
	if r.Opening < 0 || !r.Counts.valid() {
		return false
	}
	if !balanced(r.Opening, &r.Counts) {
		return false
	}
	there := r.Opening + r.Inflow()
	open := r.open.big()
	if open.Sign() < 0 || open.Cmp(r.times(there)) > 0 {
		return false
	}
	inHours := r.HandOffInHours.Count()
	return r.HandOffTime.Count() == r.HandOffs && (inHours == 0 || inHours == r.HandOffs)
}

// balanced reports whether no more conversations left the backlog than were in it, and
// these can be counted.
func balanced(opening int64, c *Counts) bool {
	there, left := opening, int64(0)
	for _, n := range [...]int64{c.Arrivals, c.Reopenings} {
		if there > math.MaxInt64-n {
			return false
		}
		there += n
	}
	for _, n := range [...]int64{c.Resolutions, c.Abandoned, c.Moved} {
		if left > there-n {
			return false
		}
		left += n
	}
	return true
}

// input reads numbers off the front of rest. After a failure it gives zeros.
type input struct {
	rest   []byte
	failed bool
}

func (in *input) unsigned() uint64 {
	v, size := binary.Uvarint(in.rest)
	in.take(size)
	return v
}

func (in *input) signed() int64 {
	v, size := binary.Varint(in.rest)
	in.take(size)
	return v
}

func (in *input) fixed() uint64 {
	if b := in.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

// part reads a length and so many bytes.
func (in *input) part() []byte {
	size := in.unsigned()
	if size == 0 || size > uint64(len(in.rest)) {
		in.failed = true
		return nil
	}
	return in.take(int(size))
}

// take returns the first bytes of the rest, and nil if there are not so many or
// none is asked for.
func (in *input) take(size int) []byte {
	if size <= 0 || size > len(in.rest) {
		in.rest, in.failed = nil, true
		return nil
	}
	b := in.rest[:size]
	in.rest = in.rest[size:]
	return b
}
