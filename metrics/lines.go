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
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, maxLine)}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// next returns the next line that is not blank, without its end; it is valid
// until the next call. A line that is too long or not UTF-8 is a [*LineError],
// and reading can go on after it; io.EOF and any other error are final.
func (l *lineReader) next() ([]byte, error) {
	for {
		text, err := l.r.ReadSlice('\n')
		if len(text) == 0 && err != nil {
			if err != io.EOF {
				err = fmt.Errorf("metrics: reading after line %d: %w", l.line, err)
			}
			return nil, err
		}
		l.line++
		if err == bufio.ErrBufferFull {
			refused := l.refuse(text, ErrLineTooLong)
			for err == bufio.ErrBufferFull {
				_, err = l.r.ReadSlice('\n')
			}
			return nil, refused
		}
		// An error of the source comes again at the next call, after the text
		// that was read before it.
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
}

// refuse returns the error of the line that was read last.
func (l *lineReader) refuse(text []byte, err error) error {
	return &LineError{Line: l.line, Text: string(quotable(text)), Err: err}
}
