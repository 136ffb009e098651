package metrics

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/servicequality/servicequality/metrics/internal/csvrow"
	"github.com/servicequality/servicequality/metrics/internal/lines"
	"github.com/servicequality/servicequality/metrics/internal/plain"
	"github.com/servicequality/servicequality/metrics/internal/timestamp"
)

// Pieces cuts a file of events, as [EventLog.Load] reads it, at the ends of lines into
// pieces of about 256 KB. It is for callers who decode on several processors: Next and
// AppendPiece are called in the order of the file, Decode by any goroutine.
//
// Its method must not be called by two goroutines at the same time. The zero value has
// none.
type Pieces struct {
	r       io.Reader
	err     error  // of the reader
	refused error  // of the file as a whole
	rest    []byte // the beginning of a line, that was read with the piece before
	lines   int    // that came before
	columns []field
	begun   bool // the form is known
	skips   bool // up to the end of a line that was too long
}

const (
	pieceSize = 1 << 18
	pieceRoom = 1 + plain.Room // behind the text: for the end of its last line
	// A reader that gives nothing so many times in a row is broken.
	maxEmptyReads = 100
)

// NewPieces returns the pieces of a file.
func NewPieces(r io.Reader) *Pieces { return &Pieces{r: r} }

// Next reads the next lines into p, and forgets what was in it. The error is [io.EOF] at
// the end, or that of the reader, before which half a line is dropped. A file that is
// neither JSON Lines nor CSV is an error that wraps [ErrFormat], and CSV without the
// header of a [Record] one that wraps [ErrHeader]. After an error nothing more comes.
func (in *Pieces) Next(p *Piece) error {
	p.forget()
	for text := p.text; ; {
		text = append(text, in.rest...)
		in.rest = in.rest[:0]
		text = in.whole(in.fill(text), p)
		if !in.begun && len(text) > 0 {
			text = in.begin(text)
		}
		switch {
		case len(text) > 0:
			in.give(p, text)
			return nil
		case in.refused != nil:
			return in.refused
		case in.err == io.EOF:
			return io.EOF
		case in.err != nil:
			return fmt.Errorf("metrics: reading after line %d: %w", in.lines, in.err)
		}
	}
}

// fill reads on up to the size of a piece, or to an error.
func (in *Pieces) fill(text []byte) []byte {
	if cap(text) < pieceSize+pieceRoom {
		text = append(make([]byte, 0, pieceSize+pieceRoom), text...)
	}
	if in.r == nil {
		in.err = io.EOF
	}
	for empty := 0; len(text) < pieceSize && in.err == nil; {
		var n int
		n, in.err = in.r.Read(text[len(text):pieceSize])
		text = text[:len(text)+n]
		if empty++; n > 0 {
			empty = 0
		} else if empty == maxEmptyReads && in.err == nil {
			in.err = io.ErrNoProgress
		}
	}
	return text
}

// whole returns the whole lines of a text, and keeps what follows. The end of the file
// and of a line that is longer than a piece get the end of a line.
func (in *Pieces) whole(text []byte, p *Piece) []byte {
	if in.skips {
		end := bytes.IndexByte(text, '\n') + 1
		if in.skips = end == 0; in.skips {
			end = len(text)
		}
		text = text[:copy(text, text[end:])]
	}
	end := bytes.LastIndexByte(text, '\n') + 1
	switch {
	case end == 0 && len(text) == pieceSize:
		in.skips, p.cut = true, true
		return append(text, '\n')
	case in.err == io.EOF && end < len(text):
		p.cut = true
		return append(text, '\n')
	case in.err == nil:
		in.rest = append(in.rest, text[end:]...)
	}
	return text[:end]
}

// begin tells the form of the file by its first lines, and returns the text without a
// header.
func (in *Pieces) begin(text []byte) []byte {
	marked := text
	if in.lines == 0 {
		marked = bytes.TrimPrefix(text, []byte(lines.ByteOrderMark))
	}
	rest := bytes.TrimLeft(marked, " \t\r\n")
	if len(rest) == 0 {
		return text // it is blank so far
	}
	in.begun = true
	if in.refused = foreign(marked); in.refused != nil {
		return nil
	}
	if rest[0] == '{' {
		return text
	}
	line := bytes.LastIndexByte(marked[:len(marked)-len(rest)], '\n') + 1
	header, rest, _ := bytes.Cut(marked[line:], []byte("\n"))
	in.lines += bytes.Count(text[:len(text)-len(rest)], []byte("\n"))
	switch header = bytes.TrimRight(header, "\r"); {
	case len(header) >= lines.MaxLine:
		in.refused = in.badHeader(header, ErrLineTooLong)
	case !utf8.Valid(header):
		in.refused = in.badHeader(header, ErrText)
	default:
		in.columns, in.refused = headerOf(header)
	}
	if in.refused != nil {
		return nil
	}
	return text[:copy(text, rest)]
}

func (in *Pieces) badHeader(line []byte, err error) error {
	return fmt.Errorf("%w: %w", ErrHeader, &LineError{Line: in.lines, Text: string(quotable(line)), Err: err})
}

// give puts lines into a piece.
func (in *Pieces) give(p *Piece, text []byte) {
	p.text, p.before, p.columns = text, in.lines, in.columns
	clear(text[len(text) : len(text)+plain.Room])
	in.lines += bytes.Count(text, []byte("\n"))
}

// Piece is some lines of a file, and the events in them. The zero value is empty. When a
// piece was appended it may be used for the next lines, which saves room.
type Piece struct {
	text    []byte // whole lines, each with an end
	before  int    // how many lines came before
	cut     bool   // the last line had no end
	columns []field

	decoded bool
	names   names
	events  []packed
	refused []refusal

	plain   *plain.Scanner
	cells   []int // numbers of the columns
	strict  *csvTable
	clock   timestamp.Clock
	numbers [nameTables][]uint32
}

// A refusal is of a line before an event.
type refusal struct {
	event int
	err   *LineError
}

func (p *Piece) forget() {
	p.text, p.cut, p.decoded = p.text[:0], false, false
	p.names.reset()
	p.events, p.refused = p.events[:0], p.refused[:0]
}

// Decode makes events of the lines, as [EventLog.AppendPiece] does with a piece that is
// not decoded. It may be called at the same time for several pieces.
func (p *Piece) Decode() {
	if p.decoded {
		return
	}
	p.decoded = true
	take := func(r *Record) error {
		n := len(p.events)
		p.events = append(p.events, packed{})
		err := p.names.pack(r, &p.events[n], true)
		if err != nil {
			p.events = p.events[:n]
		}
		return err
	}
	p.each(take, func(err *LineError) bool {
		p.refused = append(p.refused, refusal{len(p.events), err})
		return true
	})
}

// each yields the records of the lines, which were checked and are good until the next
// one, and the lines that are refused, also because take refused them, until refuse
// returns false.
func (p *Piece) each(take func(*Record) error, refuse func(*LineError) bool) bool {
	if len(p.text) == 0 {
		return true
	}
	p.prepare()
	text := p.text[:len(p.text)+plain.Room]
	var r Record
	for i, number := 0, p.before+1; i < len(p.text); number++ {
		r = Record{}
		next := p.scan(text, i)
		if next > 0 && p.plainRecord(&r, text[i:next]) && r.check() == nil && take(&r) == nil {
			i = next
			continue
		}
		line := text[i : i+bytes.IndexByte(text[i:], '\n')+1]
		i += len(line)
		r = Record{}
		ok, err := p.strictRecord(&r, line, i == len(p.text) && p.cut, number == 1)
		if ok && err == nil {
			err = take(&r)
		}
		if err != nil && !refuse(&LineError{Line: number, Text: string(quotable(bytes.TrimRight(line, "\r\n"))), Err: err}) {
			return false
		}
	}
	return true
}

// prepare makes what reads the lines, or keeps that of the piece before.
func (p *Piece) prepare() {
	if p.plain == nil {
		p.plain = plain.New(columnNames[:], columnNames[seqField], columnNames[starsField])
	}
	if p.columns == nil || p.strict != nil && slices.Equal(p.strict.columns, p.columns) {
		return
	}
	p.strict = &csvTable{rows: csvrow.New(), columns: p.columns}
	p.cells = p.cells[:0]
	for _, c := range p.columns {
		p.cells = append(p.cells, int(c))
	}
}

// scan finds the values of the line that begins at text[i], and returns where the next
// one begins, or −1.
func (p *Piece) scan(text []byte, i int) int {
	if p.columns != nil {
		return p.plain.CSV(text, i, p.cells)
	}
	return p.plain.JSON(text, i)
}

// maxPlainLine is the greatest length of a line that is not left to the strict parser. It
// is so short that no text in it is too long.
const maxPlainLine = lines.MaxLine / 2

// plainRecord makes a record of the values of a line, whose texts are those of the piece;
// or it returns false and leaves the line to the strict parser, which knows what is wrong,
// if anything is.
func (p *Piece) plainRecord(r *Record, line []byte) bool {
	if len(line) > maxPlainLine || !p.plain.ASCII() && !utf8.Valid(line) {
		return false
	}
	if kindNames.Parse(&r.Type, p.value(typeField)) != nil {
		return false
	}
	seconds, nanoseconds, ok := p.clock.Read(p.value(atField))
	if !ok {
		return false
	}
	r.At = time.Unix(seconds, int64(nanoseconds)).UTC()
	for _, name := range p.plain.Found {
		f := field(name)
		if v := p.plain.Values[f]; v.From == v.To {
			continue
		}
		switch f {
		case typeField, atField:
		case seqField:
			ok = r.parseSeq(p.borrow(f)) == nil
		case starsField:
			ok = r.parseStars(p.borrow(f)) == nil
		case byField, untilField, tookField:
			ok = r.parseText(f, p.value(f)) == nil
		default:
			*r.text(f) = p.borrow(f)
		}
		if !ok {
			return false
		}
	}
	return true
}

// value returns the value of a field.
func (p *Piece) value(f field) []byte {
	v := p.plain.Values[f]
	return p.text[v.From:v.To]
}

// borrow returns the value of a field as a text that changes with the piece.
func (p *Piece) borrow(f field) string {
	text := p.value(f)
	return unsafe.String(unsafe.SliceData(text), len(text))
}

// strictRecord makes a record of any line, and returns false for a blank one.
func (p *Piece) strictRecord(r *Record, line []byte, cut, first bool) (ok bool, err error) {
	if cut {
		line = line[:len(line)-1]
	}
	switch line, err = lines.Text(line, first); {
	case err != nil:
		return false, ofLine(err)
	case len(line) == 0:
		return false, nil
	case p.columns != nil:
		err = p.strict.parse(r, line)
	default:
		err = r.parseJSON(line, nil)
	}
	if err == nil {
		err = r.check()
	}
	if err == nil {
		err = r.checkTexts()
	}
	return err == nil, err
}
