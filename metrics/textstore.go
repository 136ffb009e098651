package metrics

import "strings"

// textStore keeps many short texts one after another in a few large blocks, so
// that a text costs its bytes, two more, and a reference of eight, and no
// pointer. Texts are numbered from 1; 0 is the empty text.
type textStore struct {
	blocks []*strings.Builder
	refs   []textRef
}

// A textRef says where a text is: the number of its block, and the offset in it.
// There the length of the text, in two bytes, stands before it.
type textRef uint64

const (
	textHeader = 2
	offsetBits = 20
	blockSize  = 1 << offsetBits
)

// len returns the number of texts.
func (s *textStore) len() int { return len(s.refs) }

// add appends text, of at most maxText bytes.
func (s *textStore) add(text string) {
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
	s.refs = append(s.refs, textRef(last)<<offsetBits|textRef(b.Len()))
	b.WriteByte(byte(len(text)))
	b.WriteByte(byte(len(text) >> 8))
	b.WriteString(text)
}

// text returns the text of a number.
func (s *textStore) text(number uint32) string {
	if number == 0 {
		return ""
	}
	ref := s.refs[number-1]
	from := s.blocks[ref>>offsetBits].String()[ref&(blockSize-1):]
	size := int(from[0]) | int(from[1])<<8
	return from[textHeader : textHeader+size]
}
