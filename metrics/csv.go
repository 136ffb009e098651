package metrics

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
)

// ErrHeader reports a CSV file whose first line is not a header of the columns
// of a [Record].
var ErrHeader = errors.New("metrics: bad CSV header")

// DecodeCSV reads events from CSV (RFC 4180) with a header line: the names of
// [Columns] in any order, type, conversation and at among them. An event is one
// line: text with a line break in it is refused. Automated is true or false, or
// 1 or 0; an empty cell is a field that is not there.
//
// Errors are those of [DecodeJSONLines]. A bad header ends the sequence with an
// error that wraps [ErrHeader].
func DecodeCSV(r io.Reader) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		lines := newLineReader(r)
		rows := newRowParser()
		header, err := lines.next()
		if err == io.EOF {
			return
		}
		if err == nil {
			err = rows.setHeader(header)
		}
		if err != nil {
			yield(nil, fmt.Errorf("%w: %w", ErrHeader, err))
			return
		}
		decodeLines(lines, rows.parse, yield)
	}
}

// rowParser parses one row at a time: the CSV reader is shown a line, then the
// end of its input, so that a quote that is never closed costs that line only.
type rowParser struct {
	line    []byte
	csv     *csv.Reader
	columns []field
}

func newRowParser() *rowParser {
	p := new(rowParser)
	p.csv = csv.NewReader(p)
	p.csv.ReuseRecord = true
	p.csv.FieldsPerRecord = -1
	return p
}

// Read gives the CSV reader what is left of the line.
func (p *rowParser) Read(b []byte) (int, error) {
	if len(p.line) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.line)
	p.line = p.line[n:]
	return n, nil
}

func (p *rowParser) row(line []byte) ([]string, error) {
	p.line = line
	cells, err := p.csv.Read()
	if err != nil {
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			err = parse.Err
		}
		return nil, fmt.Errorf("%w: %v", ErrSyntax, err)
	}
	return cells, nil
}

func (p *rowParser) setHeader(line []byte) error {
	names, err := p.row(line)
	if err != nil {
		return err
	}
	p.columns = p.columns[:0]
	for _, name := range names {
		column := fieldOf(name)
		if column == noField {
			return fmt.Errorf("unknown column %q", quotable(name))
		}
		if slices.Contains(p.columns, column) {
			return fmt.Errorf("column %s comes twice", name)
		}
		p.columns = append(p.columns, column)
	}
	for _, column := range [...]field{typeField, conversationField, atField} {
		if !slices.Contains(p.columns, column) {
			return fmt.Errorf("no column %s", columnNames[column])
		}
	}
	return nil
}

func (p *rowParser) parse(r *Record, line []byte) error {
	cells, err := p.row(line)
	if err != nil {
		return err
	}
	if len(cells) != len(p.columns) {
		return fmt.Errorf("%w: %d cells, and the header has %d", ErrSyntax, len(cells), len(p.columns))
	}
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		if err := r.parseCell(p.columns[i], cell); err != nil {
			return err
		}
	}
	return nil
}

func (r *Record) parseCell(column field, cell string) error {
	switch column {
	case typeField:
		return r.Type.UnmarshalText([]byte(cell))
	case atField:
		return r.parseTime([]byte(cell))
	case starsField:
		return r.parseStars(cell)
	case automatedField:
		switch cell {
		case "true", "1":
			r.Automated = true
		case "false", "0":
		default:
			return fmt.Errorf("%w: automated is neither true nor false: %q", ErrField, quotable(cell))
		}
	default:
		*r.text(column) = cell
	}
	return nil
}
