package metrics

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/varint"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// figuresVersion is the first byte of the binary form.
const figuresVersion = 4

// AppendBinary implements [encoding.BinaryAppender]. The form is a version byte,
// the instant for which the figures are right, the counts as varints in the order of
// the fields, and the binary forms of the summaries and of the ratings, each after
// its length. After the summaries of each calendar come those of the time on hold,
// after their number and each after its reason, in the order of the reasons. After the
// handle time come those of the activities in the same way. Equal figures give equal bytes.
func (f Figures) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, figuresVersion)
	b = f.terms().append(b)
	for _, n := range f.counts() {
		b = binary.AppendVarint(b, *n)
	}
	for _, times := range f.times() {
		for _, s := range times.summaries() {
			part, err := s.MarshalBinary()
			if err != nil {
				return nil, err
			}
			b = append(binary.AppendUvarint(b, uint64(len(part))), part...)
		}
		var err error
		if b, err = appendSummaries(b, times.OnHold); err != nil {
			return nil, err
		}
	}
	part, err := f.HandleTime.MarshalBinary()
	if err != nil {
		return nil, err
	}
	b = append(binary.AppendUvarint(b, uint64(len(part))), part...)
	if b, err = appendSummaries(b, f.Handling); err != nil {
		return nil, err
	}
	part, err = f.Ratings.MarshalBinary()
	if err != nil {
		return nil, err
	}
	return append(binary.AppendUvarint(b, uint64(len(part))), part...), nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (f Figures) MarshalBinary() ([]byte, error) { return f.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. Every error wraps
// [ErrBinary]. Counts are refused as UnmarshalJSON refuses them.
func (f *Figures) UnmarshalBinary(data []byte) error {
	r, err := readVersion(data, figuresVersion, "figures")
	if err != nil {
		return err
	}
	var read Figures
	var ok bool
	if read.AsOf, read.Settled, ok = readTerms(&r); !ok {
		return fmt.Errorf("%w: figures of no instant", ErrBinary)
	}
	for _, n := range read.counts() {
		*n = r.Signed()
	}
	for _, times := range read.times() {
		for _, s := range times.summaries() {
			if err := s.UnmarshalBinary(r.Part()); err != nil {
				return err
			}
		}
		if times.OnHold, err = readSummaries[HoldReason](&r); err != nil {
			return err
		}
	}
	if err := read.HandleTime.UnmarshalBinary(r.Part()); err != nil {
		return err
	}
	if read.Handling, err = readSummaries[Activity](&r); err != nil {
		return err
	}
	if err := read.Ratings.UnmarshalBinary(r.Part()); err != nil {
		return fmt.Errorf("%w: figures: %w", ErrBinary, err)
	}
	if !r.Done() {
		return fmt.Errorf("%w: figures are cut, or bytes follow them", ErrBinary)
	}
	if _, err := read.all(); err != nil {
		return fmt.Errorf("%w: %w", ErrBinary, err)
	}
	*f = read
	return nil
}

// plainFigures are Figures without methods.
type plainFigures Figures

// UnmarshalJSON implements [json.Unmarshaler] for the form that encoding/json writes of
// the fields. A field that is missing is zero. One that is unknown or comes twice is an
// error, and so are an instant that no reading has, and whatever follows. If a count is
// negative, or all of them add up to more than 2⁶³−1, the error wraps [stat.ErrCount]. A
// null changes nothing.
func (f *Figures) UnmarshalJSON(data []byte) error {
	var read plainFigures
	null, err := text.DecodeJSON(data, &read)
	if err != nil {
		return fmt.Errorf("metrics: figures: %w", err)
	}
	if null {
		return nil
	}
	figures := (*Figures)(&read)
	if at := timeOf(instant(read.AsOf)); !read.AsOf.IsZero() && !at.Equal(read.AsOf) || read.AsOf.IsZero() && read.Settled {
		return fmt.Errorf("metrics: figures of no instant: %v", read.AsOf)
	}
	if !read.AsOf.IsZero() {
		read.AsOf = read.AsOf.UTC()
	}
	if _, err := figures.all(); err != nil {
		return err
	}
	*f = *figures
	return nil
}

// all returns the sum of all counts of f, so that the sum of no few of them can leave an
// int64, nor a count of figures of several groups if the sum of their sums does not. A
// negative count, or a sum that does, is [stat.ErrCount].
func (f *Figures) all() (sum int64, err error) {
	add := func(n int64) {
		if n < 0 {
			err = fmt.Errorf("metrics: figures: %w: %d", stat.ErrCount, n)
		} else if n > math.MaxInt64-sum {
			err = fmt.Errorf("metrics: figures: %w: more than 2⁶³−1 in all", stat.ErrCount)
		} else {
			sum += n
		}
	}
	for _, n := range f.counts() {
		add(*n)
	}
	for _, t := range f.times() {
		for _, s := range t.summaries() {
			if s != &t.Response {
				add(s.Count())
			}
		}
		// A breakdown makes it of the other two.
		add(max(0, t.Response.Count()-t.FirstResponse.Count()-t.NextResponse.Count()))
		for _, s := range t.OnHold {
			add(s.Count())
		}
	}
	add(f.HandleTime.Count())
	for _, s := range f.Handling {
		add(s.Count())
	}
	add(f.Ratings.N())
	return sum, err
}

// appendSummaries writes the number of summaries, and each after its key, in the order
// of the keys.
func appendSummaries[K ~string](b []byte, of map[K]Summary) ([]byte, error) {
	b = binary.AppendUvarint(b, uint64(len(of)))
	for _, key := range slices.Sorted(maps.Keys(of)) {
		part, err := of[key].MarshalBinary()
		if err != nil {
			return nil, err
		}
		b = append(binary.AppendUvarint(b, uint64(len(key))), key...)
		b = append(binary.AppendUvarint(b, uint64(len(part))), part...)
	}
	return b, nil
}

// readSummaries reads what appendSummaries wrote.
func readSummaries[K ~string](r *varint.Reader) (of map[K]Summary, err error) {
	var last K
	for n := r.Unsigned(); n > 0; n-- {
		key := K(r.Part())
		var s Summary
		if err := s.UnmarshalBinary(r.Part()); err != nil {
			return nil, err
		}
		if of == nil {
			of = make(map[K]Summary)
		} else if key <= last {
			return nil, fmt.Errorf("%w: keys of summaries are not in order", ErrBinary)
		}
		of[key], last = s, key
	}
	return of, nil
}

// append writes the instant of t: 0 if there is none, otherwise 1, or 2 if it is
// settled, followed by the instant.
func (t *terms) append(b []byte) []byte {
	switch {
	case t == nil:
		return append(b, 0)
	case t.Settled:
		b = append(b, 2)
	default:
		b = append(b, 1)
	}
	return binary.AppendVarint(b, t.at)
}

// readTerms reads what append wrote, and returns false if it cannot have written it.
func readTerms(r *varint.Reader) (asOf time.Time, settled, ok bool) {
	state := r.Unsigned()
	if state == 0 {
		return time.Time{}, false, true
	}
	at := r.Signed()
	return timeOf(at), state == 2, state <= 2 && at >= firstSecond*1e9-1 && at <= endSecond*1e9
}

// readVersion reads a version byte, and returns a reader of what follows.
func readVersion(data []byte, version byte, what string) (varint.Reader, error) {
	if len(data) == 0 {
		return varint.Reader{}, fmt.Errorf("%w: empty %s", ErrBinary, what)
	}
	if data[0] != version {
		return varint.Reader{}, fmt.Errorf("%w: %s of version %d, want %d", ErrBinary, what, data[0], version)
	}
	return varint.Read(data[1:]), nil
}
