package varint_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/servicequality/servicequality/metrics/internal/varint"
)

// form writes one of everything.
func form(unsigned uint64, signed int64, fixed uint64, part []byte) []byte {
	b := binary.AppendUvarint(nil, unsigned)
	b = binary.AppendVarint(b, signed)
	b = binary.BigEndian.AppendUint64(b, fixed)
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}

func TestReader(t *testing.T) {
	for _, n := range []uint64{0, 1, 127, 128, 1 << 32, math.MaxInt64, math.MaxUint64} {
		data := form(n, int64(n), n, []byte("part"))
		r := varint.Read(data)
		if r.Len() != len(data) || !r.More() || r.Done() {
			t.Errorf("%d: %d bytes are left, want %d", n, r.Len(), len(data))
		}
		if a, b, c := r.Unsigned(), r.Signed(), r.Fixed(); a != n || b != int64(n) || c != n {
			t.Errorf("%d is read as %d, %d, %d", n, a, b, c)
		}
		if part := r.Part(); string(part) != "part" || r.More() || !r.Done() {
			t.Errorf("part %q, %d bytes are left", part, r.Len())
		}
		// Cut anywhere it fails, and gives zeros from there on.
		for size := range data {
			r := varint.Read(data[:size])
			r.Unsigned()
			r.Signed()
			r.Fixed()
			if r.Part() != nil || r.Done() || r.More() || r.Unsigned() != 0 || r.Signed() != 0 || r.Fixed() != 0 || r.Done() {
				t.Errorf("%d of %d bytes are read", size, len(data))
			}
		}
	}
	for name, data := range map[string][]byte{
		"more than 64 bits":              bytes.Repeat([]byte{0xff}, 11),
		"part longer than what there is": {3, 'a', 'b'},
		"part of the greatest length":    binary.AppendUvarint(nil, math.MaxUint64),
	} {
		if r := varint.Read(data); r.Part() != nil || r.Done() {
			t.Errorf("%s is read", name)
		}
	}
}

// TestEachAlone reads one of each kind, whole and cut.
func TestEachAlone(t *testing.T) {
	for name, tt := range map[string]struct {
		data []byte
		read func(*varint.Reader)
	}{
		"unsigned": {binary.AppendUvarint(nil, math.MaxUint64), func(r *varint.Reader) { r.Unsigned() }},
		"signed":   {binary.AppendVarint(nil, math.MinInt64), func(r *varint.Reader) { r.Signed() }},
		"fixed":    {make([]byte, 8), func(r *varint.Reader) { r.Fixed() }},
		"part":     {append([]byte{5}, "parts"...), func(r *varint.Reader) { r.Part() }},
		"no part":  {[]byte{0}, func(r *varint.Reader) { r.Part() }},
	} {
		for size := range len(tt.data) + 1 {
			r := varint.Read(tt.data[:size])
			if tt.read(&r); r.Done() != (size == len(tt.data)) || r.More() {
				t.Errorf("%s: %d of %d bytes are read", name, size, len(tt.data))
			}
		}
		r := varint.Read(append(tt.data, 1))
		if tt.read(&r); r.Done() || !r.More() || r.Len() != 1 {
			t.Errorf("%s: %d bytes are left of 1", name, r.Len())
		}
	}
}

// TestUnsigned reads numbers off the front of a text, as Reader does of bytes.
func TestUnsigned(t *testing.T) {
	for _, n := range []uint64{0, 1, 127, 128, 300, 1 << 32, 1<<63 - 1, math.MaxUint64} {
		data := binary.AppendUvarint(nil, n)
		if v, size := varint.Unsigned(string(data) + "\x85rest"); v != n || size != len(data) {
			t.Errorf("%d is read as %d of %d bytes", n, v, size)
		}
	}
}

// FuzzReader writes again what it reads.
func FuzzReader(f *testing.F) {
	f.Add(form(300, -5, 7, []byte("part")))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := varint.Read(data)
		a, b, c, part := r.Unsigned(), r.Signed(), r.Fixed(), r.Part()
		if !r.Done() {
			return
		}
		again := varint.Read(form(a, b, c, part))
		if a2, b2, c2, part2 := again.Unsigned(), again.Signed(), again.Fixed(), again.Part(); a != a2 || b != b2 || c != c2 || !bytes.Equal(part, part2) {
			t.Fatalf("%x: %d, %d, %d, %q is read as %d, %d, %d, %q", data, a, b, c, part, a2, b2, c2, part2)
		}
	})
}
