package rating

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/text"
)

// distributionJSON is the wire form of a Distribution. The counts are the data;
// n, mean and tier are there for whoever reads the JSON without this package.
type distributionJSON struct {
	N     int64    `json:"n"`
	Stars [5]int64 `json:"stars"`
	Mean  *number  `json:"mean"`
	Tier  *Tier    `json:"tier"`
}

// meanPlaces is the number of decimal places of the mean in JSON: enough to
// tell apart the means of any two distributions of up to 100,000 ratings.
const meanPlaces = 10

// MarshalJSON implements [json.Marshaler]:
//
//	{"n": 4, "stars": [0, 0, 1, 2, 1], "mean": "4", "tier": "high"}
//
// where stars are the counts of 1 to 5 stars; mean and tier are null if there
// is no rating.
func (d Distribution) MarshalJSON() ([]byte, error) {
	w := distributionJSON{N: d.N(), Stars: d.counts}
	if mean, ok := d.Mean(meanPlaces); ok {
		w.Mean = &number{mean}
	}
	if tier, ok := d.Tier(1); ok {
		w.Tier = &tier
	}
	return json.Marshal(w)
}

// UnmarshalJSON implements [json.Unmarshaler]. It reads the counts. The field n must
// be their sum; mean and tier must have the right type, and are ignored. The error
// wraps [ErrCount] for impossible counts, and [ErrSyntax] for any other JSON, unknown
// fields included.
func (d *Distribution) UnmarshalJSON(data []byte) error {
	var w struct {
		distributionJSON
		Stars []int64 `json:"stars"`
	}
	if null, err := strict(data, &w, "distribution"); null || err != nil {
		return err
	}
	if len(w.Stars) != 5 {
		return fmt.Errorf("%w: distribution: %d counts of stars, want 5", ErrCount, len(w.Stars))
	}
	read, err := NewDistribution([5]int64(w.Stars))
	if err != nil {
		return err
	}
	if n := read.N(); w.N != n {
		return fmt.Errorf("%w: distribution: n is %d, but the counts add up to %d", ErrCount, w.N, n)
	}
	*d = read
	return nil
}

// strict decodes one JSON value as [text.DecodeJSON] does; the error wraps [ErrSyntax].
// By the convention of encoding/json, null changes nothing.
func strict(data []byte, into any, what string) (null bool, err error) {
	if null, err = text.DecodeJSON(data, into); err != nil {
		return false, fmt.Errorf("%w: %s: %w", ErrSyntax, what, err)
	}
	return null, nil
}

// number is a decimal in JSON, of at most numberLength bytes: to read one of a million
// digits takes seconds.
type number struct{ decimal.Decimal }

const numberLength = 64

// UnmarshalJSON implements [json.Unmarshaler].
func (n *number) UnmarshalJSON(data []byte) error {
	if len(data) > numberLength {
		return fmt.Errorf("a number of %d bytes, want %d at most", len(data), numberLength)
	}
	return n.Decimal.UnmarshalJSON(data)
}

// distributionVersion is the first byte of the binary form.
const distributionVersion = 1

// AppendBinary implements [encoding.BinaryAppender]: a version byte, then the
// five counts as unsigned varints. Equal distributions give equal bytes.
func (d Distribution) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, distributionVersion)
	for _, n := range d.counts {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b, nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (d Distribution) MarshalBinary() ([]byte, error) { return d.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. The error wraps
// [ErrSyntax] if the bytes are cut short, too many, or of a version other than 1.
func (d *Distribution) UnmarshalBinary(data []byte) error {
	var counts [5]int64
	if err := readBinary(data, distributionVersion, counts[:], "distribution"); err != nil {
		return err
	}
	read, err := NewDistribution(counts)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	*d = read
	return nil
}

// readBinary reads a version byte, and then exactly as many unsigned varints of
// at most 63 bits as there is room for.
func readBinary(data []byte, version byte, into []int64, what string) error {
	if len(data) == 0 {
		return fmt.Errorf("%w: empty binary %s", ErrSyntax, what)
	}
	if data[0] != version {
		return fmt.Errorf("%w: binary %s of version %d, want %d", ErrSyntax, what, data[0], version)
	}
	rest := data[1:]
	for i := range into {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > math.MaxInt64 {
			return fmt.Errorf("%w: binary %s: number %d of %d", ErrSyntax, what, i+1, len(into))
		}
		into[i], rest = int64(n), rest[size:]
	}
	if len(rest) != 0 {
		return fmt.Errorf("%w: %d bytes after a binary %s", ErrSyntax, len(rest), what)
	}
	return nil
}
