package metrics

import "encoding/binary"

// varints reads numbers off the front of rest. After a failure it gives zeros.
type varints struct {
	rest   []byte
	failed bool
}

func (r *varints) unsigned() uint64 {
	v, size := binary.Uvarint(r.rest)
	r.skip(size)
	return v
}

func (r *varints) signed() int64 {
	v, size := binary.Varint(r.rest)
	r.skip(size)
	return v
}

func (r *varints) fixed() uint64 {
	if len(r.rest) < 8 {
		r.skip(0)
		return 0
	}
	v := binary.BigEndian.Uint64(r.rest)
	r.skip(8)
	return v
}

// part reads a length and so many bytes.
func (r *varints) part() []byte {
	size := r.unsigned()
	if size > uint64(len(r.rest)) {
		r.rest, r.failed = nil, true
		return nil
	}
	part := r.rest[:size]
	r.rest = r.rest[size:]
	return part
}

func (r *varints) skip(size int) {
	if size <= 0 {
		r.rest, r.failed = nil, true
		return
	}
	r.rest = r.rest[size:]
}
