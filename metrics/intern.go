package metrics

import (
	"hash/maphash"
	"math"
	"strings"
)

// textStore keeps many short texts one after another in a few large blocks, so
// that a text costs its bytes and a reference of eight, and no pointer.
type textStore struct {
	blocks []*strings.Builder
	refs   []uint64 // block<<40 | offset<<16 | length
}

// blockSize is the size of a block. It is small enough for an almost empty log
// to be cheap when the first blocks are smaller still.
const blockSize = 1 << 20

func (s *textStore) len() int { return len(s.refs) }

// add appends text, of at most maxText bytes, and returns its index.
func (s *textStore) add(text string) uint32 {
	n := len(s.blocks)
	if n == 0 || s.blocks[n-1].Cap()-s.blocks[n-1].Len() < len(text) {
		// Grown once and never again, a block stays where it is.
		b := new(strings.Builder)
		b.Grow(max(len(text), min(blockSize, 256<<min(2*n, 20))))
		s.blocks = append(s.blocks, b)
		n++
	}
	b := s.blocks[n-1]
	s.refs = append(s.refs, uint64(n-1)<<40|uint64(b.Len())<<16|uint64(len(text)))
	b.WriteString(text)
	return uint32(len(s.refs) - 1)
}

func (s *textStore) at(i uint32) string {
	ref := s.refs[i]
	start := ref >> 16 & (1<<24 - 1)
	return s.blocks[ref>>40].String()[start : start+ref&maxText]
}

// interner numbers distinct texts from 1 in the order in which they come; 0 is
// the empty text.
type interner struct {
	texts textStore
	seed  maphash.Seed
	slots []internSlot // open addressing, linear probing; a power of two
}

// An internSlot keeps part of the hash, so that a probe reads the text of a slot
// only when it is almost certainly the one.
type internSlot struct {
	hash   uint32
	number uint32 // 0 where the slot is free
}

// number returns the number of text, and false if the interner is full, which
// it is with limit texts.
func (in *interner) number(text string, limit int) (uint32, bool) {
	if text == "" {
		return 0, true
	}
	if 4*(in.texts.len()+1) > 3*len(in.slots) {
		in.grow()
	}
	h := maphash.String(in.seed, text)
	mask := uint64(len(in.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		slot := &in.slots[i]
		if slot.number == 0 {
			if in.texts.len() >= limit {
				return 0, false
			}
			*slot = internSlot{hash: uint32(h >> 32), number: in.texts.add(text) + 1}
			return slot.number, true
		}
		if slot.hash == uint32(h>>32) && in.texts.at(slot.number-1) == text {
			return slot.number, true
		}
	}
}

// find returns the number of text, and false if it has none.
func (in *interner) find(text string) (uint32, bool) {
	if text == "" || in.slots == nil {
		return 0, false
	}
	h := maphash.String(in.seed, text)
	mask := uint64(len(in.slots) - 1)
	for i := h & mask; in.slots[i].number != 0; i = (i + 1) & mask {
		if slot := in.slots[i]; slot.hash == uint32(h>>32) && in.texts.at(slot.number-1) == text {
			return slot.number, true
		}
	}
	return 0, false
}

// grow doubles the table.
func (in *interner) grow() {
	if in.slots == nil {
		in.seed = maphash.MakeSeed()
	}
	in.slots = make([]internSlot, max(16, 2*len(in.slots)))
	mask := uint64(len(in.slots) - 1)
	for n := range in.texts.len() {
		h := maphash.String(in.seed, in.texts.at(uint32(n)))
		i := h & mask
		for in.slots[i].number != 0 {
			i = (i + 1) & mask
		}
		in.slots[i] = internSlot{hash: uint32(h >> 32), number: uint32(n) + 1}
	}
}

// text returns the text of a number.
func (in *interner) text(number uint32) string {
	if number == 0 {
		return ""
	}
	return in.texts.at(number - 1)
}

// len returns the number of distinct texts.
func (in *interner) len() int { return in.texts.len() }

// Limits of what a packed event can refer to.
const (
	maxNumber  = math.MaxUint32
	maxChannel = math.MaxUint16
)
