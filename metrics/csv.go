package metrics

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/servicequality/servicequality/metrics/internal/csvrow"
	"github.com/servicequality/servicequality/metrics/internal/lines"
)

// ErrHeader reports a CSV file whose first line is not a header of the columns
// of a [Record].
var ErrHeader = errors.New("metrics: bad CSV header")

// DecodeCSV reads events from CSV (RFC 4180) with a header line: the names of
// [Columns] in any order, type, conversation and at among them. An event is one
// line: text with a line break in it is refused. Automated is true or false, or
// 1 or 0; an empty cell counts as a missing field.
//
// Errors are those of [DecodeJSONLines]. A bad header ends the sequence with an
// error that wraps [ErrHeader].
func DecodeCSV(r io.Reader) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		in := lines.NewReader(r)
		table := csvTable{rows: csvrow.New()}
		header, err := nextLine(in)
		if err == io.EOF {
			return
		}
		if err == nil {
			err = table.setHeader(header)
		}
		if err != nil {
			yield(nil, fmt.Errorf("%w: %w", ErrHeader, err))
			return
		}
		decodeLines(in, table.parse, yield)
	}
}

// A csvTable makes records of rows.
type csvTable struct {
	rows    *csvrow.Parser
	columns []field
}

func (t *csvTable) row(line []byte) ([]string, error) {
	cells, err := t.rows.Row(line)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrSyntax, err)
	}
	return cells, nil
}

func (t *csvTable) setHeader(line []byte) error {
	names, err := t.row(line)
	if err != nil {
		return err
	}
	for _, name := range names {
		column := fieldOf(name)
		if column == noField {
			return fmt.Errorf("unknown column %q", quotable(name))
		}
		if slices.Contains(t.columns, column) {
			return fmt.Errorf("column %s comes twice", name)
		}
		t.columns = append(t.columns, column)
	}
	for _, column := range [...]field{typeField, conversationField, atField} {
		if !slices.Contains(t.columns, column) {
			return fmt.Errorf("no column %s", columnNames[column])
		}
	}
	return nil
}

func (t *csvTable) parse(r *Record, line []byte) error {
	cells, err := t.row(line)
	if err != nil {
		return err
	}
	if len(cells) != len(t.columns) {
		return fmt.Errorf("%w: %d cells, and the header has %d", ErrSyntax, len(cells), len(t.columns))
	}
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		if err := r.parseCell(t.columns[i], cell); err != nil {
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
