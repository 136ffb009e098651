// Package jsontoken reads flat JSON objects strictly.
//
// encoding/json takes "AGENT" for "agent", the last of two equal names, and
// broken text as if it were whole. A [Scanner] gives each name as it stands and
// refuses broken text.
package jsontoken

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/metrics/internal/lines"
)

// ErrSurrogate reports text that escapes one half of a surrogate pair without
// the other.
var ErrSurrogate = errors.New("half of a surrogate pair")

// Scanner reads the tokens of one object off the front of a text. The caller
// reads a name by Name and its value by Word, Text or Number, in turn.
type Scanner struct {
	rest   []byte
	inside bool // the object has begun
}

// Scan returns a Scanner of data.
func Scan(data []byte) Scanner { return Scanner{rest: data} }

// Name reads the name of the next field and the colon after it. It returns false
// after the last field, if nothing but space follows the object.
func (s *Scanner) Name() (name []byte, ok bool, err error) {
	first := !s.inside
	if first {
		if !s.take('{') {
			return nil, false, s.expected("an object")
		}
		s.inside = true
	}
	if s.take('}') {
		if len(s.Rest()) > 0 {
			return nil, false, s.expected("the end of the line")
		}
		return nil, false, nil
	}
	if !first && !s.take(',') {
		return nil, false, s.expected("a comma or the end of the object")
	}
	if name, err = s.Text(); err != nil {
		return nil, false, err
	}
	if !s.take(':') {
		return nil, false, s.expected("a colon")
	}
	return name, true, nil
}

// Rest returns what comes next, without space before it.
func (s *Scanner) Rest() []byte {
	for len(s.rest) > 0 && (s.rest[0] == ' ' || s.rest[0] == '\t' || s.rest[0] == '\n' || s.rest[0] == '\r') {
		s.rest = s.rest[1:]
	}
	return s.rest
}

// Word removes a word such as null, if it comes next.
func (s *Scanner) Word(word string) bool {
	if rest := s.Rest(); len(rest) < len(word) || string(rest[:len(word)]) != word {
		return false
	}
	s.rest = s.rest[len(word):]
	return true
}

// Number reads up to the next comma, brace or space. What that is, a number or
// something else, is left to the caller.
func (s *Scanner) Number() []byte {
	rest, size := s.Rest(), 0
	for size < len(rest) && !strings.ContainsRune(",} \t\r\n", rune(rest[size])) {
		size++
	}
	s.rest = rest[size:]
	return rest[:size]
}

// Text reads a string. What it returns may be part of the text that is scanned.
func (s *Scanner) Text() ([]byte, error) {
	rest := s.Rest()
	if len(rest) == 0 || rest[0] != '"' {
		return nil, s.expected("text in quotes")
	}
	escaped := false
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			return nil, fmt.Errorf("control character in text: %q", lines.Head(rest))
		case c == '"':
			s.rest = rest[i+1:]
			if !escaped {
				return rest[1:i], nil
			}
			return unescape(rest[:i+1])
		}
	}
	return nil, fmt.Errorf("text without an end: %q", lines.Head(rest))
}

// take removes c, if it comes next.
func (s *Scanner) take(c byte) bool {
	if rest := s.Rest(); len(rest) == 0 || rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

func (s *Scanner) expected(what string) error {
	if len(s.rest) == 0 {
		return fmt.Errorf("the line ends where %s should be", what)
	}
	return fmt.Errorf("%s expected at %q", what, lines.Head(s.rest))
}

// unescape leaves escapes to encoding/json, except for half of a surrogate pair,
// which it would replace.
func unescape(token []byte) ([]byte, error) {
	var text string
	if err := json.Unmarshal(token, &text); err != nil {
		return nil, fmt.Errorf("%v in %q", err, lines.Head(token))
	}
	if loneSurrogate(token) {
		return nil, fmt.Errorf("%w: %q", ErrSurrogate, lines.Head(token))
	}
	return []byte(text), nil
}

// loneSurrogate reports whether a valid JSON string escapes one half of a
// surrogate pair without the other.
func loneSurrogate(token []byte) bool {
	high := false
	for i := 0; i < len(token); {
		unit, size := uint64(0), 1
		if token[i] == '\\' {
			if size = 2; token[i+1] == 'u' {
				size = 6
				unit, _ = strconv.ParseUint(string(token[i+2:i+6]), 16, 16)
			}
		}
		low := 0xdc00 <= unit && unit < 0xe000
		if low != high {
			return true
		}
		high = 0xd800 <= unit && unit < 0xdc00
		i += size
	}
	return high
}
