package metrics

import "unsafe"

// Room returns the bytes that s keeps, for tests.
func (s *Summary) Room() int {
	room := int(unsafe.Sizeof(*s)) + 8*cap(s.few)
	if s.many != nil {
		room += int(unsafe.Sizeof(*s.many)) + 4*cap(s.many.counts)
	}
	return room
}
