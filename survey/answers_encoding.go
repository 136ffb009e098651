package survey

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
)

// answersJSON is the wire form of Answers. The counts are the data; n is for readers
// without this package.
type answersJSON struct {
	Scale   Scale   `json:"scale,omitzero"`
	N       int64   `json:"n"`
	Counts  []int64 `json:"counts"`
	LeftOut LeftOut `json:"left_out,omitzero"`
}

// MarshalJSON implements [json.Marshaler]:
//
//	{"scale": {"min": 1, "max": 5, "step": 1}, "n": 4, "counts": [0, 0, 1, 2, 1]}
//
// where counts go from the lowest answer to the highest. left_out is omitted if nothing
// was left out.
func (a Answers) MarshalJSON() ([]byte, error) {
	return json.Marshal(answersJSON{Scale: a.scale, N: a.N(), Counts: a.Counts(), LeftOut: a.leftOut})
}

// UnmarshalJSON implements [json.Unmarshaler]. Counts that do not fit the scale or n,
// and unknown fields, are errors. All errors wrap [ErrMalformed].
func (a *Answers) UnmarshalJSON(data []byte) error {
	var w answersJSON
	if null, err := decode(data, &w, "answers"); null || err != nil {
		return err
	}
	var read Answers
	if w.Scale != (Scale{}) || len(w.Counts) != 0 {
		var err error
		if read, err = AnswersOf(w.Scale, w.Counts); err != nil {
			return malformed("answers", err)
		}
	}
	if n := read.N(); w.N != n {
		return malformed("answers", fmt.Errorf("%w: n is %d, but the counts add up to %d", ErrCount, w.N, n))
	}
	read.leftOut = w.LeftOut
	*a = read
	return nil
}

// answersVersion is the first byte of the binary form.
const answersVersion = 1

// AppendBinary implements [encoding.BinaryAppender]: a version byte; the bounds
// and the step of the scale as signed varints and its direction as a byte; the number of
// counts and the counts as unsigned varints; and the counts of what was left out in the
// same way. Equal Answers give equal bytes.
func (a Answers) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, answersVersion)
	for _, v := range [...]int{a.scale.Min, a.scale.Max, a.scale.Step} {
		b = binary.AppendVarint(b, int64(v))
	}
	b = append(b, byte(a.scale.Direction))
	b = appendCounts(b, a.counts[:a.scale.Points()])
	return appendCounts(b, a.leftOut.counts[:]), nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (a Answers) MarshalBinary() ([]byte, error) { return a.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. The error wraps
// [ErrMalformed] if the bytes are cut short, damaged, or of a version other
// than 1.
func (a *Answers) UnmarshalBinary(data []byte) error {
	r := binaryReader{rest: data}
	if version := r.byte(); !r.bad && version != answersVersion {
		return fmt.Errorf("%w answers: version %d, want %d", ErrMalformed, version, answersVersion)
	}
	scale := Scale{Min: r.int(), Max: r.int(), Step: r.int(), Direction: stat.Direction(r.byte())}
	counts := r.counts(maxPoints)
	leftOut := r.counts(len(LeftOut{}.counts))
	if r.bad || len(r.rest) != 0 || scale != scale.canonical() {
		return malformed("answers", errCut)
	}
	var read Answers
	if scale != (Scale{}) || len(counts) != 0 {
		var err error
		if read, err = AnswersOf(scale, counts); err != nil {
			return malformed("answers", err)
		}
	}
	copy(read.leftOut.counts[:], leftOut)
	*a = read
	return nil
}

var errCut = errors.New("cut short or damaged")

// appendCounts appends how many counts there are, and the counts.
func appendCounts(b []byte, counts []int64) []byte {
	b = binary.AppendUvarint(b, uint64(len(counts)))
	for _, n := range counts {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b
}

// binaryReader reads values from the front of rest. Once a value is missing, bad is set
// and all later values are zero.
type binaryReader struct {
	rest []byte
	bad  bool
}

func (r *binaryReader) byte() byte {
	if r.bad || len(r.rest) == 0 {
		r.bad = true
		return 0
	}
	v := r.rest[0]
	r.rest = r.rest[1:]
	return v
}

func (r *binaryReader) uvarint() uint64 {
	v, size := binary.Uvarint(r.rest)
	if r.bad || size <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[size:]
	return v
}

// int reads a signed varint that can be an end or a step of a scale.
func (r *binaryReader) int() int {
	v, size := binary.Varint(r.rest)
	if r.bad || size <= 0 || v < -2*maxValue || v > 2*maxValue {
		r.bad = true
		return 0
	}
	r.rest = r.rest[size:]
	return int(v)
}

// count reads a number of answers.
func (r *binaryReader) count() int64 {
	v := r.uvarint()
	if v > maxAnswers {
		r.bad = true
		return 0
	}
	return int64(v)
}

// counts reads a list of at most limit counts.
func (r *binaryReader) counts(limit int) []int64 {
	n := r.uvarint()
	if r.bad || n > uint64(limit) {
		r.bad = true
		return nil
	}
	list := make([]int64, n)
	for i := range list {
		list[i] = r.count()
	}
	return list
}
