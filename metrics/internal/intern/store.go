package intern

import "unsafe"

// MaxText is the greatest length of a text in a Store, in bytes.
const MaxText = 1<<16 - 1

// Store keeps many short texts one after another in a few large blocks. A text
// takes its own bytes, two for its length and eight for a reference, and no
// pointer, so the garbage collector does not look at it. Texts are numbered from
// 1 in the order in which they are added; 0 is the empty text. The zero value is
// empty and ready to use.
type Store struct {
	blocks [][]byte // what is in them never changes until Reset
	last   int      // number of the block that is being filled
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

// Reset removes all texts, and keeps the room. Texts that Text returned are no longer
// good.
func (s *Store) Reset() {
	for i := range s.blocks {
		s.blocks[i] = s.blocks[i][:0]
	}
	s.last, s.refs = 0, s.refs[:0]
}

// Add appends a text in two parts, which together must have at most MaxText bytes.
func (s *Store) Add(head []byte, text string) {
	length := len(head) + len(text)
	b := s.block(headerSize + length)
	s.refs = append(s.refs, ref(s.last)<<offsetBits|ref(len(*b)))
	*b = append(*b, byte(length), byte(length>>8))
	*b = append(*b, head...)
	*b = append(*b, text...)
}

// block returns a block with room for so many bytes.
func (s *Store) block(size int) *[]byte {
	for ; s.last < len(s.blocks); s.last++ {
		if b := &s.blocks[s.last]; min(cap(*b), blockSize)-len(*b) >= size {
			return b
		}
	}
	// A block grows once and then stays where it is. The first blocks are small,
	// because most logs are.
	s.blocks = append(s.blocks, make([]byte, 0, max(size, min(blockSize, 512<<min(s.last, offsetBits)))))
	return &s.blocks[s.last]
}

// Text returns the text of a number.
func (s *Store) Text(number uint32) string {
	if number == 0 {
		return ""
	}
	at := s.refs[number-1]
	from := s.blocks[at>>offsetBits][at&(blockSize-1):]
	size := int(from[0]) | int(from[1])<<8
	return unsafe.String(unsafe.SliceData(from[headerSize:headerSize+size]), size)
}
