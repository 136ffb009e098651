package standards

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// tallyVersion is the first byte of the binary form.
const tallyVersion = 1

var errTally = errors.New("standards: malformed tally")

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

// UnmarshalBinary implements [encoding.BinaryUnmarshaler].
func (t *Tally) UnmarshalBinary(data []byte) error {
	if len(data) == 0 {
		return errTally
	}
	if data[0] != tallyVersion {
		return fmt.Errorf("standards: binary tally of version %d, want %d", data[0], tallyVersion)
	}
	var read Tally
	data = data[1:]
	for _, to := range [...]*int64{&read.Met, &read.Breached, &read.Pending, &read.Excluded} {
		n, size := binary.Uvarint(data)
		if size <= 0 || int64(n) < 0 {
			return errTally
		}
		*to, data = int64(n), data[size:]
	}
	if len(data) != 0 {
		return errTally
	}
	*t = read
	return nil
}
