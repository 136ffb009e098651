package metrics

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/csvrow"
	"github.com/servicequality/servicequality/metrics/internal/intern"
	"github.com/servicequality/servicequality/metrics/internal/jsontoken"
	"github.com/servicequality/servicequality/metrics/internal/lines"
	"github.com/servicequality/servicequality/metrics/internal/timestamp"
	"github.com/servicequality/servicequality/rating"
)

// DecodeJSONLines reads events from JSON Lines: an object on each line, with
// the fields of [Record] under their names in JSON, all in lower case.
//
//	{"type":"reply_sent","conversation":"7","at":"2026-03-02T09:20:00Z","channel":"email","agent":"ana"}
//
// Instants may also be in the forms that databases print; see [Record].
//
// Each line yields its event, or a [*LineError] with the number of the line, the
// reason and the beginning of the line; the caller decides whether to go on. A field
// that is unknown or comes twice, a value of the wrong type, and everything that
// [Record.Event] refuses are errors. A null counts as a missing field, and blank
// lines are skipped. Any other error ends the sequence: it comes from the reader, or says
// by [ErrFormat] what the input is in place of JSON Lines.
//
// Memory is bounded: a line of more than 65,536 bytes is an error
// ([ErrLineTooLong]).
func DecodeJSONLines(r io.Reader) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		var texts intern.Cache
		parse := func(r *Record, line []byte) error { return r.parseJSON(line, &texts) }
		decodeLines(lines.NewReader(r), parse, foreign, yield)
	}
}

// decodeLines yields the event or the error that parse makes of each line. What ends says
// of the first line, if that is refused, ends the sequence unless it is nil.
func decodeLines(in *lines.Reader, parse func(*Record, []byte) error, ends func([]byte) error, yield func(Event, error) bool) {
	var r Record
	for ; ; ends = nil {
		text, err := nextLine(in)
		var located *LineError
		if err == io.EOF {
			return
		} else if err != nil && !errors.As(err, &located) {
			yield(nil, err)
			return
		}
		var e Event
		if err == nil {
			r = Record{}
			if err = parse(&r, text); err == nil {
				e, err = r.Event()
			}
			if err != nil {
				err = refusedLine(in, text, err)
			}
		}
		if ends != nil && errors.As(err, &located) {
			if end := ends([]byte(located.Text)); end != nil {
				yield(nil, end)
				return
			}
		}
		if !yield(e, err) {
			return
		}
	}
}

// nextLine returns the next line. After a [*LineError] reading can go on; io.EOF
// and any other error are final.
func nextLine(in *lines.Reader) ([]byte, error) {
	text, err := in.Next()
	switch err {
	case nil, io.EOF:
		return text, err
	case lines.ErrTooLong, lines.ErrEncoding:
		return nil, refusedLine(in, text, ofLine(err))
	}
	return nil, fmt.Errorf("metrics: %w", err)
}

// ofLine returns what package lines says of a line as an error of this package.
func ofLine(err error) error {
	if err == lines.ErrTooLong {
		return ErrLineTooLong
	}
	return ErrText
}

// refusedLine returns err as that of the line that was read last.
func refusedLine(in *lines.Reader, text []byte, err error) error {
	return &LineError{Line: in.Number(), Text: string(quotable(text)), Err: err}
}

// UnmarshalJSON implements [json.Unmarshaler], as strictly as
// [DecodeJSONLines]. Whether the fields make an event together is left to
// [Record.Event].
func (r *Record) UnmarshalJSON(data []byte) error {
	var read Record
	if err := read.parseJSON(data, nil); err != nil {
		return err
	}
	*r = read
	return nil
}

// parseJSON reads one flat object. If texts is nil, every text is allocated.
func (r *Record) parseJSON(data []byte, texts *intern.Cache) error {
	s := jsontoken.Scan(data)
	for seen := uint(0); ; {
		name, ok, err := s.Name()
		if err != nil || !ok {
			return malformed(err)
		}
		f := fieldOf(name)
		if f == noField {
			return fmt.Errorf("%w: %s", ErrField, unknown(name))
		}
		if err := r.parseField(f, &s, texts); err != nil {
			return err
		}
		if seen&(1<<f) != 0 {
			return fmt.Errorf("%w: %s comes twice", ErrField, columnNames[f])
		}
		seen |= 1 << f
	}
}

// malformed returns an error of the scanner as one of this package.
func malformed(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jsontoken.ErrSurrogate):
		return fmt.Errorf("%w: %w", ErrText, err)
	}
	return fmt.Errorf("%w: %w", ErrSyntax, err)
}

// parseField reads the value of a field.
func (r *Record) parseField(f field, s *jsontoken.Scanner, texts *intern.Cache) error {
	switch {
	case s.Word("null"):
		return nil
	case f == seqField:
		return r.parseSeq(string(s.Number()))
	case f == starsField:
		return r.parseStars(string(s.Number()))
	}
	if rest := s.Rest(); len(rest) > 0 && rest[0] != '"' {
		return fmt.Errorf("%w: %s is not text: %q", ErrField, columnNames[f], quotable(rest))
	}
	text, err := s.Text()
	if err != nil {
		return malformed(err)
	}
	if texts != nil && f.isName() {
		*r.text(f) = texts.Text(text)
		return nil
	}
	return r.parseText(f, text)
}

// unknown says of a name that no field has it.
func unknown(name []byte) string {
	if string(name) == "automated" {
		return `unknown name "automated"; say by: automation or by: assistant`
	}
	return fmt.Sprintf("unknown name %q", quotable(name))
}

// isName reports whether a field is a text that is kept as it is.
func (f field) isName() bool {
	switch f {
	case typeField, atField, seqField, byField, starsField, untilField, tookField:
		return false
	}
	return true
}

// parseText reads the value of a field that is written as text.
func (r *Record) parseText(f field, text []byte) (err error) {
	if len(text) == 0 && (f == untilField || f == byField || f == tookField) {
		return nil
	}
	switch f {
	case typeField:
		return r.Type.UnmarshalText(text)
	case atField:
		if len(text) == 0 {
			return ErrNoTime
		}
		r.At, err = parseTime(text)
	case untilField:
		r.Until, err = parseTime(text)
	case byField:
		err = r.By.UnmarshalText(text)
	case tookField:
		return r.Took.UnmarshalText(text)
	default:
		*r.text(f) = string(text)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrField, columnNames[f], err)
	}
	return nil
}

// parseSeq reads a whole number from 0.
func (r *Record) parseSeq(text string) error {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || text[0]-'0' > 9 || text[0] == '0' && len(text) > 1 {
		return fmt.Errorf("%w: seq is not a whole number from 0: %q", ErrField, quotable(text))
	}
	r.Seq = n
	return nil
}

// parseTime reads an instant; see [Record].
func parseTime(text []byte) (time.Time, error) {
	at, err := timestamp.Parse(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: %q", err, quotable(text))
	}
	return at, nil
}

// parseStars reads stars from a whole number in its usual form; 0 is none.
func (r *Record) parseStars(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(n) != text {
		return fmt.Errorf("%w: stars is not a whole number: %q", ErrField, quotable(text))
	}
	if n != 0 {
		r.Stars, err = rating.NewStars(n)
	}
	return err
}

// DecodeCSV reads events from CSV (RFC 4180) with a header line: names of
// [Columns] in any order, in small or capital letters, among them type, conversation and at. An event is one
// line: text with a line break in it is refused. An empty cell counts as a missing
// field.
//
// Errors are those of [DecodeJSONLines]. A bad header ends the sequence with an
// error that wraps [ErrHeader].
func DecodeCSV(r io.Reader) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		in := lines.NewReader(r)
		header, err := nextLine(in)
		if err == io.EOF {
			return
		}
		table := csvTable{rows: csvrow.New()}
		if located := (*LineError)(nil); err == nil {
			table.columns, err = headerOf(header)
		} else if err = fmt.Errorf("%w: %w", ErrHeader, err); errors.As(err, &located) {
			header = []byte(located.Text)
		}
		if err != nil {
			yield(nil, cmp.Or(foreign(header), err))
			return
		}
		decodeLines(in, table.parse, nil, yield)
	}
}

// A csvTable makes records of rows.
type csvTable struct {
	rows    *csvrow.Parser
	columns []field
}

// headerOf returns the columns of a header line.
func headerOf(line []byte) ([]field, error) {
	names, err := csvrow.New().Row(line)
	if err != nil {
		return nil, fmt.Errorf("%w: %w: %v", ErrHeader, ErrSyntax, err)
	}
	columns, err := columnsOf(names)
	if err != nil && len(names) == 1 && bytes.ContainsAny(line, ";\t") {
		err = fmt.Errorf("%w; cells are separated by commas", err)
	}
	return columns, err
}

func (t *csvTable) parse(r *Record, line []byte) error {
	cells, err := t.rows.Row(line)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrSyntax, err)
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
	switch {
	case column == seqField:
		return r.parseSeq(cell)
	case column == starsField:
		return r.parseStars(cell)
	case column.isName():
		*r.text(column) = cell
		return nil
	}
	return r.parseText(column, []byte(cell))
}
