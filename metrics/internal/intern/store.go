package intern

import "strings"

// MaxText is the greatest length of a text in a Store, in bytes.
const MaxText = 1<<16 - 1

// Store keeps many short texts one after another in a few large blocks. A text
// takes its own bytes, two for its length and eight for a reference, and no
// pointer, so the garbage collector does not look at it. Texts are numbered from
// 1 in the order in which they are added; 0 is the empty text. The zero value is
// empty and ready to use.
type Store struct {
	blocks []*strings.Builder
	refs   []ref
}

// A ref says where a text is: the number of its block, and the offset in it.
// There the length of the text, in two bytes, stands before it.
type ref uint64

const (
	headerSize = 2
	offsetBits = 20
	blockSize  = 1 << offsetBits
)

// Len returns the number of texts.
func (s *Store) Len() int { return len(s.refs) }

// Add appends a text in two parts, which together must have at most MaxText bytes.
func (s *Store) Add(head []byte, text string) {
	length := len(head) + len(text)
	size := headerSize + length
	last := len(s.blocks) - 1
	if last < 0 || min(s.blocks[last].Cap(), blockSize)-s.blocks[last].Len() < size {
		// A block grows once and then stays where it is. The first blocks are
		// small, because most logs are.
		b := new(strings.Builder)
		b.Grow(max(size, min(blockSize, 512<<min(len(s.blocks), offsetBits))))
		s.blocks = append(s.blocks, b)
		last++
	}
	b := s.blocks[last]
	s.refs = append(s.refs, ref(last)<<offsetBits|ref(b.Len()))
	b.WriteByte(byte(length))
	b.WriteByte(byte(length >> 8))
	b.Write(head)
	b.WriteString(text)
}

// Text returns the text of a number.
func (s *Store) Text(number uint32) string {
	if number == 0 {
		return ""
	}
	at := s.refs[number-1]
	from := s.blocks[at>>offsetBits].String()[at&(blockSize-1):]
	size := int(from[0]) | int(from[1])<<8
	return from[headerSize : headerSize+size]
}
