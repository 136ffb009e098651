package metrics

import "unsafe"

// Frozen is how a group hands out its durations.
var Frozen = frozen

// Room returns the bytes that s keeps, for tests.
func (s Summary) Room() int {
	room := int(unsafe.Sizeof(s))
	if s.base != nil {
		room += s.base.Size()
	}
	if j := s.later; j != nil {
		room += int(unsafe.Sizeof(*j)) + 8*cap(j.durations)
		if h := j.whole.Load(); h != nil {
			room += h.Size()
		}
	}
	return room
}
