package rating

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"
)

// distributionJSON is the wire form of a Distribution. The counts are the data;
// n, mean and tier are there for whoever reads the JSON without this package.
type distributionJSON struct {
	N     int64            `json:"n"`
	Stars [5]int64         `json:"stars"`
	Mean  *decimal.Decimal `json:"mean"`
	Tier  *Tier            `json:"tier"`
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
		w.Mean = &mean
	}
	if tier, ok := d.Tier(1); ok {
		w.Tier = &tier
	}
	return json.Marshal(w)
}

// UnmarshalJSON implements [json.Unmarshaler]. It takes the counts, and the
// rest only to be checked against them.
func (d *Distribution) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var w struct {
		distributionJSON
		Stars []int64 `json:"stars"`
	}
	if err := dec.Decode(&w); err != nil {
		return fmt.Errorf("rating: distribution: %w", err)
	}
	if len(w.Stars) != 5 {
		return fmt.Errorf("rating: distribution: %d counts of stars, want 5", len(w.Stars))
	}
	read, err := NewDistribution([5]int64(w.Stars))
	if err != nil {
		return err
	}
	if n := read.N(); w.N != n {
		return fmt.Errorf("rating: distribution: n is %d, but the counts add up to %d", w.N, n)
	}
	*d = read
	return nil
}

// distributionVersion is the first byte of the binary form.
const distributionVersion = 1

var errBinary = errors.New("rating: malformed binary distribution")

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

// UnmarshalBinary implements [encoding.BinaryUnmarshaler].
func (d *Distribution) UnmarshalBinary(data []byte) error {
	if len(data) == 0 {
		return errBinary
	}
	if data[0] != distributionVersion {
		return fmt.Errorf("rating: binary distribution of version %d, want %d", data[0], distributionVersion)
	}
	var counts [5]int64
	data = data[1:]
	for i := range counts {
		n, size := binary.Uvarint(data)
		if size <= 0 || int64(n) < 0 {
			return errBinary
		}
		counts[i], data = int64(n), data[size:]
	}
	if len(data) != 0 {
		return errBinary
	}
	d.counts = counts
	return nil
}
