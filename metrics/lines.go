package metrics

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// ErrLineTooLong reports a line of more than 65,536 bytes: no event is that
// long.
var ErrLineTooLong = errors.New("metrics: line too long")

// maxLine is the greatest length of a line, its end included, in bytes.
const maxLine = 1 << 16

// lineReader reads lines of bounded length and numbers them.
type lineReader struct {
	r    *bufio.Reader
	line int
	err  error // of the source; it need not come twice
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, maxLine+1)}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// next returns the next line that is not blank, without its end; it is valid
// until the next call. A line that is too long or not UTF-8 is a [*LineError],
// and reading can go on after it; io.EOF and any other error are final.
func (l *lineReader) next() ([]byte, error) {
	for l.err == nil {
		text, full := l.read()
		if l.err != nil && (l.err != io.EOF || len(text) == 0) {
			break // half a line might look like a whole one
		}
		l.line++
		if full || len(text) > maxLine {
			refused := l.refuse(text, ErrLineTooLong)
			for full {
				_, full = l.read()
			}
			return nil, refused
		}
		if l.line == 1 {
			text = bytes.TrimPrefix(text, byteOrderMark)
		}
		if text = bytes.TrimRight(text, "\r\n"); len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if !utf8.Valid(text) {
			return nil, l.refuse(text, ErrText)
		}
		return text, nil
	}
	return nil, l.err
}

// read returns the text up to the end of a line, or of the buffer, and whether
// it was the buffer's.
func (l *lineReader) read() (text []byte, full bool) {
	text, err := l.r.ReadSlice('\n')
	switch err {
	case nil, io.EOF:
		l.err = err
	case bufio.ErrBufferFull:
		return text, true
	default:
		l.err = fmt.Errorf("metrics: reading after line %d: %w", l.line, err)
	}
	return text, false
}

// refuse returns the error of the line that was read last.
func (l *lineReader) refuse(text []byte, err error) error {
	return &LineError{Line: l.line, Text: string(quotable(text)), Err: err}
}
