package metrics

import (
	"encoding/binary"
	"strings"
)

// textStore keeps many short texts one after another in a few large blocks, so
// that a text costs its bytes, six more, and a reference of eight, and no
// pointer. Texts are numbered from 1; 0 is the empty text.
type textStore struct {
	blocks []*strings.Builder
	refs   []textRef
}

// A textRef says where a text is: the number of its block, and the offset in it.
// There the number of the text, in four bytes, and its length, in two, stand
// before it, so that whoever has the reference finds all three in one place.
type textRef uint64

const (
	textHeader = 6
	offsetBits = 20
	blockSize  = 1 << offsetBits
)

// len returns the number of texts.
func (s *textStore) len() int { return len(s.refs) }

// add appends text, of at most maxText bytes, and returns its reference.
func (s *textStore) add(text string) textRef {
	size := textHeader + len(text)
	last := len(s.blocks) - 1
	if last < 0 || min(s.blocks[last].Cap(), blockSize)-s.blocks[last].Len() < size {
		// Grown once and never again, a block stays where it is. The first
		// ones are small, for logs that are.
		b := new(strings.Builder)
		b.Grow(max(size, min(blockSize, 512<<min(len(s.blocks), offsetBits))))
		s.blocks = append(s.blocks, b)
		last++
	}
	b := s.blocks[last]
	ref := textRef(last)<<offsetBits | textRef(b.Len())
	s.refs = append(s.refs, ref)
	var header [textHeader]byte
	binary.LittleEndian.PutUint32(header[:], uint32(len(s.refs)))
	binary.LittleEndian.PutUint16(header[4:], uint16(len(text)))
	b.Write(header[:])
	b.WriteString(text)
	return ref
}

// at returns the number and the text at a reference.
func (s *textStore) at(ref textRef) (number uint32, text string) {
	from := s.blocks[ref>>offsetBits].String()[ref&(blockSize-1):]
	header := from[:textHeader]
	number = uint32(header[0]) | uint32(header[1])<<8 | uint32(header[2])<<16 | uint32(header[3])<<24
	size := int(header[4]) | int(header[5])<<8
	return number, from[textHeader : textHeader+size]
}

// text returns the text of a number.
func (s *textStore) text(number uint32) string {
	if number == 0 {
		return ""
	}
	_, text := s.at(s.refs[number-1])
	return text
}
