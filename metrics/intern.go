package metrics

import "hash/maphash"

// interner numbers distinct texts in the order in which they come, by an open
// addressing table that is not seen by the garbage collector.
type interner struct {
	textStore
	seed  maphash.Seed
	slots []internSlot // linear probing; a power of two
}

// An internSlot is 0 if it is free, else part of a text's hash and, in the low
// bits, one more than its reference: so a probe reads a text only when it is
// almost certainly the one.
type internSlot uint64

const (
	slotRefBits = 40
	slotRefMask = 1<<slotRefBits - 1
)

// find returns the number of text, or false if it has none.
func (in *interner) find(text string) (uint32, bool) {
	if text == "" {
		return 0, true
	}
	if len(in.slots) == 0 {
		return 0, false
	}
	hash := maphash.String(in.seed, text)
	mask := uint64(len(in.slots) - 1)
	for i := hash & mask; in.slots[i] != 0; i = (i + 1) & mask {
		if slot := uint64(in.slots[i]); slot>>slotRefBits == hash>>slotRefBits {
			if number, found := in.at(textRef(slot&slotRefMask - 1)); found == text {
				return number, true
			}
		}
	}
	return 0, false
}

// insert numbers a text that find did not find.
func (in *interner) insert(text string) uint32 {
	if 4*(in.len()+1) > 3*len(in.slots) {
		in.grow()
	}
	in.place(text, in.add(text))
	return uint32(in.len())
}

// place puts a reference into the table.
func (in *interner) place(text string, ref textRef) {
	hash := maphash.String(in.seed, text)
	mask := uint64(len(in.slots) - 1)
	i := hash & mask
	for in.slots[i] != 0 {
		i = (i + 1) & mask
	}
	in.slots[i] = internSlot(hash>>slotRefBits<<slotRefBits | uint64(ref+1))
}

// grow doubles the table.
func (in *interner) grow() {
	if in.slots == nil {
		in.seed = maphash.MakeSeed()
	}
	in.slots = make([]internSlot, max(16, 2*len(in.slots)))
	for _, ref := range in.refs {
		_, text := in.at(ref)
		in.place(text, ref)
	}
}
