package standards

import (
	"encoding/binary"
	"fmt"
)

// tallyVersion is the first byte of the binary form.
const tallyVersion = 1

// AppendBinary implements [encoding.BinaryAppender]: a version byte, then met,
// breached, pending and excluded as unsigned varints. Equal tallies give equal bytes.
func (t Tally) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, tallyVersion)
	for _, n := range [...]int64{t.Met, t.Breached, t.Pending, t.Excluded} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b, nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (t Tally) MarshalBinary() ([]byte, error) { return t.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. What is not the binary
// form of a tally is an error that wraps [ErrBinary], and t is as it was.
func (t *Tally) UnmarshalBinary(data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("%w: empty", ErrBinary)
	}
	if data[0] != tallyVersion {
		return fmt.Errorf("%w: version %d, want %d", ErrBinary, data[0], tallyVersion)
	}
	var read Tally
	data = data[1:]
	for _, to := range [...]*int64{&read.Met, &read.Breached, &read.Pending, &read.Excluded} {
		n, size := binary.Uvarint(data)
		if size <= 0 || int64(n) < 0 {
			return fmt.Errorf("%w: cut short, or a count too large", ErrBinary)
		}
		*to, data = int64(n), data[size:]
	}
	if len(data) != 0 {
		return fmt.Errorf("%w: %d bytes too many", ErrBinary, len(data))
	}
	*t = read
	return nil
}
