// Package plain finds the values in lines of flat JSON and of CSV that are written
// plainly, as programs write them, eight bytes at a time. All other lines are left to a
// strict parser, so it may refuse what is right, but accepts nothing that is wrong.
package plain

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
)

// Room is how many zero bytes must follow the lines that a [Scanner] is given.
const Room = 8

// A Span says where a value is in the text. If From is To, there is none, or it is empty.
type Span struct{ From, To uint32 }

// A Scanner finds the values of a line by the numbers of their names.
type Scanner struct {
	// Values are those of the last line that was found plain. A span leaves out
	// the quotes.
	Values []Span
	// Found are the numbers of the names in the last line, in its order.
	Found []int

	names   [][]byte // each with the quote and the colon after it
	numeric []bool   // whether the value is a whole number, not text
	next    []int    // after each name, the one that came last time
	high    uint64   // all bytes together
}

// New returns a Scanner for lines with the names. The numeric ones have whole numbers from
// 0 as values, all others text.
func New(names []string, numeric ...string) *Scanner {
	s := &Scanner{
		Values: make([]Span, len(names)), Found: make([]int, 0, len(names)), names: make([][]byte, len(names)),
		numeric: make([]bool, len(names)), next: make([]int, len(names)+1),
	}
	for i, name := range names {
		s.names[i] = []byte(name + `":`)
		s.numeric[i] = slices.Contains(numeric, name)
	}
	return s
}

// ASCII reports whether the last line has no byte beyond ASCII. It may say no because of
// the bytes that follow the line.
func (s *Scanner) ASCII() bool { return s.high&tops == 0 }

// JSON finds the values of the line that begins at b[i], and returns where the next one
// begins; or −1 if the line is not an object on one line, without escapes, each name at
// most once, without space but for one after a colon or a comma.
func (s *Scanner) JSON(b []byte, i int) int {
	s.forget()
	if b[i] != '{' {
		return -1
	}
	i++
	for before := len(s.names); ; {
		if b[i] != '"' {
			return -1
		}
		name := s.name(b, i+1, before)
		if name < 0 || s.Values[name].To != 0 {
			return -1
		}
		before = name
		if i += 1 + len(s.names[name]); b[i] == ' ' {
			i++
		}
		from := i
		switch {
		case s.numeric[name]:
			for b[i]-'0' <= 9 {
				i++
			}
			if i == from {
				return -1
			}
			s.found(name, from, i)
		case b[i] == '"':
			from++
			if i = s.end(b, from, '"', '\\'); b[i] != '"' {
				return -1
			}
			s.found(name, from, i)
			i++
		default:
			return -1
		}
		if b[i] != ',' {
			break
		}
		if i++; b[i] == ' ' {
			i++
		}
	}
	if b[i] != '}' {
		return -1
	}
	return lineEnd(b, i+1)
}

// forget removes the values of the line before.
func (s *Scanner) forget() {
	for _, name := range s.Found {
		s.Values[name] = Span{}
	}
	s.Found, s.high = s.Found[:0], 0
}

func (s *Scanner) found(name, from, to int) {
	s.Values[name] = Span{uint32(from), uint32(to)}
	s.Found = append(s.Found, name)
}

// name returns the number of the name at b[i], or −1. It first tries the one that came
// last time after the one before, since most lines are alike.
func (s *Scanner) name(b []byte, i, before int) int {
	next := &s.next[before]
	if bytes.HasPrefix(b[i:], s.names[*next]) {
		return *next
	}
	for n, name := range s.names {
		if bytes.HasPrefix(b[i:], name) {
			*next = n
			return n
		}
	}
	return -1
}

// CSV finds the values of the row that begins at b[i], and returns where the next one
// begins; or −1 if it has not as many cells as there are columns, which are numbers of
// names, or a cell with a quote or a line break in it.
func (s *Scanner) CSV(b []byte, i int, columns []int) int {
	s.forget()
	for k, name := range columns {
		if k > 0 {
			if b[i] != ',' {
				return -1
			}
			i++
		}
		from := i
		switch b[i] {
		case ',':
		case '"':
			from++
			if i = s.end(b, from, '"', '"'); b[i] != '"' {
				return -1
			}
			s.found(name, from, i)
			i++
		default:
			i = s.end(b, from, ',', '"')
			s.found(name, from, i)
		}
	}
	return lineEnd(b, i)
}

// lineEnd returns where the next line begins, if this one ends at b[i], else −1.
func lineEnd(b []byte, i int) int {
	if b[i] == '\r' {
		i++
	}
	if b[i] != '\n' {
		return -1
	}
	return i + 1
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// end returns where the first byte from b[i] on is that is c, d or a control character.
// Among the control characters are the ends of lines, and the zeros behind the last one.
func (s *Scanner) end(b []byte, i int, c, d uint64) int {
	c *= ones
	d *= ones
	for {
		w := binary.LittleEndian.Uint64(b[i:])
		s.high |= w
		// A byte is zero, or below 0x20, if subtracting borrows from its top bit. A
		// borrow may mark bytes behind the first such one, but none before it.
		x, y := w^c, w^d
		if m := ((x-ones)&^x | (y-ones)&^y | (w-ones*0x20)&^w) & tops; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
		i += 8
	}
}
