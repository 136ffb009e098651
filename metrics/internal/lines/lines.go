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

var byteOrderMark = []byte("\xef\xbb\xbf")

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
		if full || len(text) > MaxLine {
			head := bytes.Clone(Head(text))
			for full {
				_, full = l.read()
			}
			return head, ErrTooLong
		}
		if l.number == 1 {
			text = bytes.TrimPrefix(text, byteOrderMark)
		}
		if text = bytes.TrimRight(text, "\r\n"); len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if !utf8.Valid(text) {
			return text, ErrEncoding
		}
		return text, nil
	}
	return nil, l.err
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
