// Package intern numbers texts, and keeps them in little memory.
//
// A [Table] gives equal texts one number; a [Store] keeps every text it is given.
// Neither holds a pointer for a text. Both may be read by several goroutines
// while nobody adds, but for [Table.Find], which notes what it found.
package intern

import (
	"hash/maphash"
	"math/bits"
)

// Table numbers distinct texts from 1 in the order in which they are inserted; 0
// is the empty text. It is a hash table with open addressing. The zero value is
// empty and ready to use.
type Table struct {
	texts  Store
	seed   maphash.Seed
	slots  []slot   // linear probing from the leading bits of the hash; a power of two
	shift  uint8    // 32 less the number of these bits
	recent []recent // texts that were found last, by the low bits of the hash; nil for a small table

	touched byte // so that what Join reads ahead is not thought useless
}

// A slot is 0 if it is free, else the hash of a text and, in the low 32 bits, its
// number: so a probe reads a text only when it is almost certainly the right one,
// and a growing table reads none.
type slot uint64

// A recent text is a text and its slot. A text that does not fit is looked up in
// the table each time.
type recent struct {
	slot slot
	size uint8
	text [64 - 8 - 1]byte
}

// A table with more slots than fit into a processor's caches, and into its
// translation of addresses, is slow to probe at random, and so are its texts.
// Equal texts mostly come close together, so a small table keeps what was found
// last, text and all.
const (
	recentSlots = 1 << 14
	largeTable  = 2 * recentSlots
)

// Len returns the number of texts.
func (t *Table) Len() int { return t.texts.Len() }

// Text returns the text of a number.
func (t *Table) Text(number uint32) string { return t.texts.Text(number) }

// Find returns the number of a text, or 0 if it has none, and the hash for
// Insert. The number of the empty text is 0.
func (t *Table) Find(text string) (number, hash uint32) {
	if text == "" || len(t.slots) == 0 {
		return 0, 0
	}
	hash = t.hash(text)
	if t.recent == nil {
		return t.probe(text, hash), hash
	}
	r := &t.recent[hash%recentSlots]
	if uint32(r.slot>>32) == hash && string(r.text[:r.size]) == text {
		return uint32(r.slot), hash
	}
	if number = t.probe(text, hash); number != 0 {
		r.set(text, hash, number)
	}
	return number, hash
}

// Number returns the number of a text, or 0 if it has none. It changes nothing.
func (t *Table) Number(text string) uint32 {
	if text == "" || len(t.slots) == 0 {
		return 0
	}
	return t.probe(text, t.hash(text))
}

// Insert numbers a text that Find did not find; hash is what Find returned. The
// text must have at most MaxText bytes and not be empty.
func (t *Table) Insert(text string, hash uint32) uint32 {
	if t.reserve(1) {
		hash = t.hash(text) // Find had no seed if there were no slots
	}
	return t.insert(text, hash)
}

func (t *Table) insert(text string, hash uint32) uint32 {
	t.texts.Add(nil, text)
	number := uint32(t.Len())
	t.place(slot(hash)<<32 | slot(number))
	if t.recent != nil {
		t.recent[hash%recentSlots].set(text, hash, number)
	}
	return number
}

// Reset removes all texts, and keeps the room. Texts that Text returned are no longer
// good.
func (t *Table) Reset() {
	t.texts.Reset()
	clear(t.slots)
	clear(t.recent)
}

// Join appends to the numbers the one that each text of another table has here, from the
// empty one on, and inserts those that are new in their order.
//
// The slots of a large table and its texts are far apart in memory, so those of several
// texts are asked for before the first of them is needed.
func (t *Table) Join(other *Table, numbers []uint32) []uint32 {
	numbers = append(numbers, 0)
	t.reserve(other.Len())
	const lanes = 32
	var hashes [lanes]uint32
	var refs [lanes]ref
	for low := 1; low <= other.Len(); low += lanes {
		count := min(lanes, other.Len()+1-low)
		var first [lanes]slot
		for i := range count {
			hashes[i] = t.hash(other.Text(uint32(low + i)))
			first[i] = t.slots[hashes[i]>>t.shift]
		}
		for i := range count {
			if number := uint32(first[i]); number != 0 {
				refs[i] = t.texts.refs[number-1]
			}
		}
		for i := range count {
			if uint32(first[i]) != 0 {
				t.touched += t.texts.blocks[refs[i]>>offsetBits][refs[i]&(blockSize-1)]
			}
		}
		for i := range count {
			text := other.Text(uint32(low + i))
			number := t.probe(text, hashes[i])
			if number == 0 {
				number = t.insert(text, hashes[i])
			}
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// reserve grows the table until it has room for so many texts more, and reports whether
// it did.
func (t *Table) reserve(more int) (grown bool) {
	if t.slots == nil {
		t.seed = maphash.MakeSeed()
	}
	for ; 4*(t.Len()+more) > 3*len(t.slots); grown = true {
		t.grow()
	}
	return grown
}

func (t *Table) hash(text string) uint32 {
	return uint32(maphash.String(t.seed, text) >> 32)
}

func (t *Table) probe(text string, hash uint32) uint32 {
	for i := hash >> t.shift; t.slots[i] != 0; i = (i + 1) & uint32(len(t.slots)-1) {
		s := t.slots[i]
		if number := uint32(s); uint32(s>>32) == hash && t.texts.Text(number) == text {
			return number
		}
	}
	return 0
}

func (r *recent) set(text string, hash, number uint32) {
	if len(text) <= len(r.text) {
		r.slot = slot(hash)<<32 | slot(number)
		r.size = uint8(copy(r.text[:], text))
	}
}

func (t *Table) place(s slot) {
	i := uint32(s>>32) >> t.shift
	for t.slots[i] != 0 {
		i = (i + 1) & uint32(len(t.slots)-1)
	}
	t.slots[i] = s
}

// grow doubles the table. The place of a slot depends on the leading bits of its
// hash, so the slots move from the beginning to the end of both tables.
func (t *Table) grow() {
	slots := t.slots
	t.slots = make([]slot, max(16, 2*len(slots)))
	t.shift = uint8(33 - bits.Len(uint(len(t.slots))))
	for _, s := range slots {
		if s != 0 {
			t.place(s)
		}
	}
	if len(t.slots) >= largeTable && t.recent == nil {
		t.recent = make([]recent, recentSlots)
	}
}
