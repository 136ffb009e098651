// Package varint reads the numbers of a binary form.
package varint

import "encoding/binary"

// Reader reads numbers, and parts of known length, off the front of some bytes.
// After a failure it gives zeros, so one look at the end is enough.
type Reader struct {
	rest   []byte
	failed bool
}

// Read returns a Reader of data.
func Read(data []byte) Reader { return Reader{rest: data} }

// Len returns the number of bytes that are left.
func (r *Reader) Len() int { return len(r.rest) }

// More reports whether nothing failed so far and bytes are left.
func (r *Reader) More() bool { return !r.failed && len(r.rest) > 0 }

// Done reports whether nothing failed and no byte is left.
func (r *Reader) Done() bool { return !r.failed && len(r.rest) == 0 }

// Unsigned reads what [binary.AppendUvarint] wrote.
func (r *Reader) Unsigned() uint64 {
	v, size := binary.Uvarint(r.rest)
	if size <= 0 {
		return r.fail()
	}
	r.rest = r.rest[size:]
	return v
}

// Signed reads what [binary.AppendVarint] wrote.
func (r *Reader) Signed() int64 {
	v, size := binary.Varint(r.rest)
	if size <= 0 {
		return int64(r.fail())
	}
	r.rest = r.rest[size:]
	return v
}

// Fixed reads eight bytes, the most significant first.
func (r *Reader) Fixed() uint64 {
	if len(r.rest) < 8 {
		return r.fail()
	}
	v := binary.BigEndian.Uint64(r.rest)
	r.rest = r.rest[8:]
	return v
}

// Part reads a length, as Unsigned does, and that many bytes, which are not
// copied.
func (r *Reader) Part() []byte {
	size := r.Unsigned()
	if size > uint64(len(r.rest)) {
		r.fail()
		return nil
	}
	part := r.rest[:size]
	r.rest = r.rest[size:]
	return part
}

func (r *Reader) fail() uint64 {
	r.rest, r.failed = nil, true
	return 0
}

// Unsigned returns the number that [binary.AppendUvarint] wrote at the beginning of a
// text, and its length.
func Unsigned(text string) (v uint64, size int) {
	for shift := 0; ; shift += 7 {
		b := text[size]
		v |= uint64(b&0x7f) << shift
		if size++; b < 0x80 {
			return v, size
		}
	}
}
