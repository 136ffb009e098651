package flow

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/varint"
	"github.com/servicequality/servicequality/metrics/text"
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
// a FirstContact is an error that wraps [ErrContacts], and f is as it was.
func (f *FirstContact) UnmarshalBinary(data []byte) error {
	var read FirstContact
	if err := readCounts(data, firstContactVersion, &read.AsOf, &read.Within, read.counts(), read.valid); err != nil {
		return err
	}
	*f = read
	return nil
}

// UnmarshalJSON implements [encoding/json.Unmarshaler] for the form that encoding/json
// writes of the fields. A field that is missing is zero. If one is unknown or comes twice, or
// if nothing has such counts, the error wraps [ErrContacts], and f is as it was. A null
// changes nothing.
func (f *FirstContact) UnmarshalJSON(data []byte) error {
	type plain FirstContact
	var read plain
	if null, err := readPlain(data, &read); null || err != nil {
		return err
	}
	read.AsOf = read.AsOf.UTC()
	if !(*FirstContact)(&read).valid() {
		return errDisagree
	}
	*f = FirstContact(read)
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
// Assistants is an error that wraps [ErrContacts], and a is as it was.
func (a *Assistants) UnmarshalBinary(data []byte) error {
	var read Assistants
	if err := readCounts(data, assistantsVersion, &read.AsOf, &read.Within, read.counts(), read.valid); err != nil {
		return err
	}
	*a = read
	return nil
}

// UnmarshalJSON implements [encoding/json.Unmarshaler] for the form that encoding/json
// writes of the fields. A field that is missing is zero. If one is unknown or comes twice, or
// if nothing has such counts, the error wraps [ErrContacts], and a is as it was. A null
// changes nothing.
func (a *Assistants) UnmarshalJSON(data []byte) error {
	type plain Assistants
	var read plain
	if null, err := readPlain(data, &read); null || err != nil {
		return err
	}
	read.AsOf = read.AsOf.UTC()
	if !(*Assistants)(&read).valid() {
		return errDisagree
	}
	*a = Assistants(read)
	return nil
}

var errDisagree = fmt.Errorf("%w: its numbers do not agree", ErrContacts)

// readPlain reads what encoding/json wrote, or a null.
func readPlain(data []byte, into any) (null bool, err error) {
	if null, err = text.DecodeJSON(data, into); err != nil {
		return false, fmt.Errorf("%w: %w", ErrContacts, err)
	}
	return null, nil
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

// sane reports whether counts are of a window and an instant that can be, or are none, and
// whether none is negative.
func sane(asOf time.Time, within time.Duration, counts []*int64) bool {
	none := asOf.IsZero()
	for _, n := range counts {
		if *n < 0 {
			return false
		}
		none = none && *n == 0
	}
	// JSON cannot have other years.
	return asOf.Year() >= 1 && asOf.Year() <= 9999 && (within > 0 || within == 0 && none)
}

// addAll adds counts to others, and reports whether the sums are at most 2⁶³−1.
func addAll(to, from []*int64) bool {
	for i, n := range to {
		if !fit(*n, *from[i]) {
			return false
		}
		*n += *from[i]
	}
	return true
}

// fit reports whether the sum of counts that are not negative is at most 2⁶³−1.
func fit(counts ...int64) bool {
	var sum int64
	for _, n := range counts {
		if n > math.MaxInt64-sum {
			return false
		}
		sum += n
	}
	return true
}

// readCounts reads what appendCounts wrote after a version byte.
func readCounts(data []byte, version byte, asOf *time.Time, within *time.Duration, counts []*int64, valid func() bool) error {
	if len(data) == 0 {
		return fmt.Errorf("%w: no data", ErrContacts)
	}
	if data[0] != version {
		return fmt.Errorf("%w: version %d, want %d", ErrContacts, data[0], version)
	}
	in := varint.Read(data[1:])
	second, nanosecond := in.Signed(), in.Unsigned()
	*within = time.Duration(in.Unsigned())
	for _, n := range counts {
		*n = int64(in.Unsigned())
	}
	if !in.Done() {
		return fmt.Errorf("%w: too short or too long", ErrContacts)
	}
	*asOf = time.Unix(second, int64(nanosecond%1e9)).UTC()
	if nanosecond >= 1e9 || !valid() {
		return errDisagree
	}
	return nil
}
