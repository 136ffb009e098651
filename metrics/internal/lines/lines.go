// Package lines reads text line by line in bounded memory.
package lines

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

var (
	// ErrTooLong reports a line of more than MaxLine bytes.
	ErrTooLong = errors.New("line too long")
	// ErrEncoding reports a line that is not valid UTF-8.
	ErrEncoding = errors.New("not valid UTF-8")
)

// MaxLine is the greatest length of a line, its end included, in bytes.
const MaxLine = 1 << 16

// Reader reads lines of bounded length and numbers them.
type Reader struct {
	r      *bufio.Reader
	number int
	err    error // of the source; it need not come twice
}

// NewReader returns a Reader of r.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, MaxLine+1)}
}

// Number returns the number of the line that was read last, from 1.
func (l *Reader) Number() int { return l.number }

// ByteOrderMark may stand before a file in UTF-8.
const ByteOrderMark = "\xef\xbb\xbf"

// Next returns the next line that is not blank, without its end and without a
// byte order mark before the first line. It is valid until the next call.
//
// After ErrTooLong, with the beginning of the line, and ErrEncoding, with the
// line, reading can go on. io.EOF and any other error are final.
func (l *Reader) Next() ([]byte, error) {
	for l.err == nil {
		text, full := l.read()
		if l.err != nil && (l.err != io.EOF || len(text) == 0) {
			break // half a line might look like a whole one
		}
		l.number++
		if full {
			head := bytes.Clone(Head(text))
			for full {
				_, full = l.read()
			}
			return head, ErrTooLong
		}
		if text, err := Text(text, l.number == 1); len(text) > 0 {
			return text, err
		}
	}
	return nil, l.err
}

// Text returns the text of a line: without its end and, if it is the first one, without a
// byte order mark. That of a blank line is empty. The text is returned with an error too.
func Text(line []byte, first bool) ([]byte, error) {
	if len(line) > MaxLine {
		return Head(line), ErrTooLong
	}
	if first {
		line = bytes.TrimPrefix(line, []byte(ByteOrderMark))
	}
	if line = bytes.TrimRight(line, "\r\n"); len(bytes.TrimSpace(line)) == 0 {
		return nil, nil
	}
	if !utf8.Valid(line) {
		return line, ErrEncoding
	}
	return line, nil
}

// read returns the text up to the end of a line or of the buffer, and whether
// the buffer ended first.
func (l *Reader) read() (text []byte, full bool) {
	text, err := l.r.ReadSlice('\n')
	switch err {
	case nil, io.EOF:
		l.err = err
	case bufio.ErrBufferFull:
		return text, true
	default:
		l.err = fmt.Errorf("reading after line %d: %w", l.number, err)
	}
	return text, false
}

// Head returns the first 120 bytes of a text, to be quoted in an error message.
func Head[T string | []byte](text T) T {
	const limit = 120
	if len(text) > limit {
		return text[:limit]
	}
	return text
}
