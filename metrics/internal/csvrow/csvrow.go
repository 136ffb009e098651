// Package csvrow parses single lines of CSV (RFC 4180).
package csvrow

import (
	"encoding/csv"
	"errors"
	"io"
)

// Parser parses one row at a time: encoding/csv is shown a line, then the end of
// its input, so that a quote that is never closed spoils no other line.
type Parser struct {
	line []byte
	csv  *csv.Reader
}

// New returns a Parser.
func New() *Parser {
	p := new(Parser)
	p.csv = csv.NewReader(source{p})
	p.csv.ReuseRecord = true
	p.csv.FieldsPerRecord = -1
	return p
}

// Row returns the cells of a line, which are valid until the next call.
func (p *Parser) Row(line []byte) ([]string, error) {
	p.line = line
	cells, err := p.csv.Read()
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		err = parse.Err // its line and column are those of the parser
	}
	return cells, err
}

// source gives the CSV reader what is left of the line.
type source struct{ *Parser }

func (s source) Read(b []byte) (int, error) {
	if len(s.line) == 0 {
		return 0, io.EOF
	}
	n := copy(b, s.line)
	s.line = s.line[n:]
	return n, nil
}
