package standards

import (
	"encoding/binary"
	"fmt"

	"github.com/servicequality/servicequality/metrics/text"
)

// tallyVersion is the first byte of the binary form.
const tallyVersion = 1

// AppendBinary implements [encoding.BinaryAppender]: a version byte, then met,
// breached, pending and excluded as unsigned varints. Equal tallies give equal bytes. What
// nothing can have counted is an error that wraps [ErrTally].
func (t Tally) AppendBinary(b []byte) ([]byte, error) {
	if !t.valid() {
		return nil, errCounts
	}
	b = append(b, tallyVersion)
	for _, n := range [...]int64{t.Met, t.Breached, t.Pending, t.Excluded} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b, nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (t Tally) MarshalBinary() ([]byte, error) { return t.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. What is not the binary
// form of a tally is an error that wraps [ErrTally], and t is as it was.
func (t *Tally) UnmarshalBinary(data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("%w: empty", ErrTally)
	}
	if data[0] != tallyVersion {
		return fmt.Errorf("%w: version %d, want %d", ErrTally, data[0], tallyVersion)
	}
	var read Tally
	data = data[1:]
	for _, to := range [...]*int64{&read.Met, &read.Breached, &read.Pending, &read.Excluded} {
		n, size := binary.Uvarint(data)
		if size <= 0 {
			return fmt.Errorf("%w: cut short, or a count of more than 64 bits", ErrTally)
		}
		*to, data = int64(n), data[size:]
	}
	if len(data) != 0 {
		return fmt.Errorf("%w: %d bytes too many", ErrTally, len(data))
	}
	if !read.valid() {
		return errCounts
	}
	*t = read
	return nil
}

// UnmarshalJSON implements [encoding/json.Unmarshaler] for the form that encoding/json
// writes of the fields. A field that is missing is zero. If one is unknown or comes twice, or
// if nothing can have counted so, the error wraps [ErrTally], and t is as it was. A null
// changes nothing.
func (t *Tally) UnmarshalJSON(data []byte) error {
	var read countsJSON
	null, err := text.DecodeJSON(data, &read)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrTally, err)
	}
	if null {
		return nil
	}
	if !Tally(read).valid() {
		return errCounts
	}
	*t = Tally(read)
	return nil
}

// countsJSON is a Tally without methods.
type countsJSON Tally
