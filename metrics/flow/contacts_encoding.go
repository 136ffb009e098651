package flow

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/varint"
)

// The first bytes of the binary forms.
const (
	firstContactVersion = 1
	assistantsVersion   = 1
)

// AppendBinary implements [encoding.BinaryAppender]: a version byte; the instant as
// seconds since 1970 and nanoseconds; the window and the counts in the order of the
// fields. All are varints. Equal counts give equal bytes.
func (f FirstContact) AppendBinary(b []byte) ([]byte, error) {
	return appendCounts(append(b, firstContactVersion), f.AsOf, f.Within, f.counts()), nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (f FirstContact) MarshalBinary() ([]byte, error) { return f.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. What is not the binary form of
// a FirstContact is an error that wraps [ErrBinary], and f is as it was.
func (f *FirstContact) UnmarshalBinary(data []byte) error {
	var read FirstContact
	if err := readCounts(data, firstContactVersion, &read.AsOf, &read.Within, read.counts(), read.valid); err != nil {
		return err
	}
	*f = read
	return nil
}

// AppendBinary implements [encoding.BinaryAppender]: a version byte; the instant as
// seconds since 1970 and nanoseconds; the window and the counts in the order of the
// fields. All are varints. Equal counts give equal bytes.
func (a Assistants) AppendBinary(b []byte) ([]byte, error) {
	return appendCounts(append(b, assistantsVersion), a.AsOf, a.Within, a.counts()), nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (a Assistants) MarshalBinary() ([]byte, error) { return a.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. What is not the binary form of
// Assistants is an error that wraps [ErrBinary], and a is as it was.
func (a *Assistants) UnmarshalBinary(data []byte) error {
	var read Assistants
	if err := readCounts(data, assistantsVersion, &read.AsOf, &read.Within, read.counts(), read.valid); err != nil {
		return err
	}
	*a = read
	return nil
}

func appendCounts(b []byte, asOf time.Time, within time.Duration, counts []*int64) []byte {
	b = binary.AppendVarint(b, asOf.Unix())
	b = binary.AppendUvarint(b, uint64(asOf.Nanosecond()))
	b = binary.AppendUvarint(b, uint64(within))
	for _, n := range counts {
		b = binary.AppendUvarint(b, uint64(*n))
	}
	return b
}

// readCounts reads what appendCounts wrote after a version byte.
func readCounts(data []byte, version byte, asOf *time.Time, within *time.Duration, counts []*int64, valid func() bool) error {
	if len(data) == 0 {
		return fmt.Errorf("%w: no data", ErrBinary)
	}
	if data[0] != version {
		return fmt.Errorf("%w: version %d, want %d", ErrBinary, data[0], version)
	}
	in := varint.Read(data[1:])
	second, nanosecond := in.Signed(), in.Unsigned()
	*within = time.Duration(in.Unsigned())
	negative := *within < 0
	for _, n := range counts {
		*n = int64(in.Unsigned())
		negative = negative || *n < 0
	}
	if !in.Done() {
		return fmt.Errorf("%w: too short or too long", ErrBinary)
	}
	if nanosecond >= 1e9 || negative || !valid() {
		return fmt.Errorf("%w: its numbers do not agree", ErrBinary)
	}
	*asOf = time.Unix(second, int64(nanosecond)).UTC()
	return nil
}
