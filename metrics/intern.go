package metrics

import (
	"hash/maphash"
	"math/bits"
)

// interner numbers distinct texts in the order in which they come, by an open
// addressing table that is not seen by the garbage collector.
type interner struct {
	textStore
	seed   maphash.Seed
	slots  []internSlot // linear probing from the leading bits of the hash; a power of two
	shift  uint8        // 32 less the number of these bits
	recent []recentText // that were found last, by the low bits of the hash; none of a small table
}

// An internSlot is 0 if it is free, else the hash of a text and, in the low 32
// bits, its number: so a probe reads a text only when it is almost certainly the
// one, and a table that grows reads none.
type internSlot uint64

// A recentText is a text and its slot. A text that is longer than there is room for
// is left to the store.
type recentText struct {
	slot internSlot
	size uint8
	text [64 - 8 - 1]byte
}

// A table of more slots than fit into the caches of a processor, and of its
// translation of addresses, is slow to probe at random, and so are its texts.
// Events of a conversation mostly come close together, so what was found last is
// kept in a small table, text and all.
const (
	recentSlots = 1 << 14
	largeTable  = 2 * recentSlots
)

func (in *interner) hash(text string) uint32 {
	return uint32(maphash.String(in.seed, text) >> 32)
}

// find returns the number of a text, or 0 if it has none, and the hash that
// insert takes. The number of the empty text is 0.
func (in *interner) find(text string) (number, hash uint32) {
	if text == "" || len(in.slots) == 0 {
		return 0, 0
	}
	hash = in.hash(text)
	if in.recent == nil {
		return in.probe(text, hash), hash
	}
	recent := &in.recent[hash%recentSlots]
	if uint32(recent.slot>>32) == hash && string(recent.text[:recent.size]) == text {
		return uint32(recent.slot), hash
	}
	if number = in.probe(text, hash); number != 0 {
		recent.set(text, hash, number)
	}
	return number, hash
}

func (r *recentText) set(text string, hash, number uint32) {
	if len(text) <= len(r.text) {
		r.slot = internSlot(hash)<<32 | internSlot(number)
		r.size = uint8(copy(r.text[:], text))
	}
}

// numberOf returns the number of a text, or 0 if it has none, and changes
// nothing.
func (in *interner) numberOf(text string) uint32 {
	if text == "" || len(in.slots) == 0 {
		return 0
	}
	return in.probe(text, in.hash(text))
}

func (in *interner) probe(text string, hash uint32) uint32 {
	for i := hash >> in.shift; in.slots[i] != 0; i = (i + 1) & uint32(len(in.slots)-1) {
		slot := in.slots[i]
		if number := uint32(slot); uint32(slot>>32) == hash && in.text(number) == text {
			return number
		}
	}
	return 0
}

// insert numbers a text that find did not find, and of which it returned the
// hash.
func (in *interner) insert(text string, hash uint32) uint32 {
	if in.slots == nil {
		in.seed = maphash.MakeSeed()
	}
	if 4*(in.len()+1) > 3*len(in.slots) {
		in.grow()
		hash = in.hash(text) // find had no seed if there were no slots
	}
	in.add(text)
	number := uint32(in.len())
	in.place(internSlot(hash)<<32 | internSlot(number))
	if in.recent != nil {
		in.recent[hash%recentSlots].set(text, hash, number)
	}
	return number
}

func (in *interner) place(slot internSlot) {
	i := uint32(slot>>32) >> in.shift
	for in.slots[i] != 0 {
		i = (i + 1) & uint32(len(in.slots)-1)
	}
	in.slots[i] = slot
}

// grow doubles the table. Where a slot is depends on the leading bits of its
// hash, so the slots move from the beginning to the end of both tables.
func (in *interner) grow() {
	slots := in.slots
	in.slots = make([]internSlot, max(16, 2*len(slots)))
	in.shift = uint8(33 - bits.Len(uint(len(in.slots))))
	for _, slot := range slots {
		if slot != 0 {
			in.place(slot)
		}
	}
	if len(in.slots) >= largeTable && in.recent == nil {
		in.recent = make([]recentText, recentSlots)
	}
}
