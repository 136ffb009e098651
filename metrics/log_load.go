package metrics

import (
	"io"
	"iter"
	"slices"
)

// AppendPiece appends the events of a piece, in the order of its lines, and returns the
// lines that were refused, each with its number in the file: those that are malformed, and
// those for which the log is full. All others are in the log.
func (l *EventLog) AppendPiece(p *Piece) (refused []*LineError) {
	l.appendPiece(p, func(err *LineError) bool {
		refused = append(refused, err)
		return true
	})
	return refused
}

// Load appends the events of a file, and yields the lines that it refuses, each as a
// [*LineError]; the caller decides whether to go on.
//
//	for err := range log.Load(file) {
//		fmt.Fprintln(os.Stderr, err) // line 7: …
//	}
//
// The file is JSON Lines if it begins with an object, as [DecodeJSONLines] reads it, else
// CSV, as [DecodeCSV] does: the lines that are refused and their errors are the same.
// Any other error ends the sequence: that of the reader, or one of [Pieces.Next]. What came
// before is in the log. Nothing is read before the sequence is ranged over.
//
// Load is several times as quick as decoding and appending each event, because it makes
// nothing of the text but what the log keeps. It allocates room for more events and new
// names, and nothing for each event.
func (l *EventLog) Load(r io.Reader) iter.Seq[error] {
	return func(yield func(error) bool) {
		in := NewPieces(r)
		for p := new(Piece); ; {
			switch err := in.Next(p); {
			case err == io.EOF:
				return
			case err != nil:
				yield(err)
				return
			}
			if !l.appendPiece(p, func(err *LineError) bool { return yield(err) }) {
				return
			}
		}
	}
}

// appendPiece appends the events of a piece up to the line at which refuse returns false.
func (l *EventLog) appendPiece(p *Piece, refuse func(*LineError) bool) bool {
	p.Decode()
	if !l.fits(p) {
		return p.each(l.append, refuse)
	}
	to := l.names.join(&p.names, &p.numbers)
	from := 0
	for _, r := range p.refused {
		l.take(p.events[from:r.event], &to)
		if from = r.event; !refuse(r.err) {
			return false
		}
	}
	l.take(p.events[from:], &to)
	return true
}

// fits reports whether there is room for all of a piece, also if none of its names is
// known.
func (l *EventLog) fits(p *Piece) bool {
	fits := l.taken+len(p.events) <= maxEvents && l.names.rare.Len()+p.names.rare.Len() < maxNumber
	others := p.names.tables()
	for i, t := range l.names.tables() {
		limit := maxNumber
		if i >= firstWay {
			limit = maxChannel
		}
		fits = fits && t.Len()+others[i].Len() < limit
	}
	return fits
}

// take appends events with other numbers.
func (l *EventLog) take(events []packed, to *renumbering) {
	for len(events) > 0 {
		block := l.block()
		n := min(len(events), cap(*block)-len(*block))
		for i := range events[:n] {
			e := events[i]
			e.conversation = to.conversations[e.conversation]
			e.party = to.parties[e.kind][e.party]
			e.channel = uint16(to.ways[e.kind][e.channel])
			if e.rare != 0 {
				e.rare += to.rare
			}
			*block = append(*block, e)
			l.note(&e)
		}
		events = events[n:]
		l.taken += n
	}
}

// A renumbering says which numbers in a log the names of a piece have.
type renumbering struct {
	conversations []uint32
	parties, ways [KindRetracted + 1][]uint32
	rare          uint32 // how many there were in the log before
}

// join adds the names of a piece, and returns their numbers, for which there is room.
func (n *names) join(other *names, room *[nameTables][]uint32) renumbering {
	to := renumbering{rare: uint32(n.rare.Len())}
	tables, others := n.tables(), other.tables()
	for i, t := range tables {
		room[i] = t.Join(others[i], room[i][:0])
	}
	to.conversations = room[0]
	for k := KindOpened; k <= KindRetracted; k++ {
		to.parties[k] = room[slices.Index(tables[:], n.parties(k))]
		to.ways[k] = room[slices.Index(tables[:], n.ways(k))]
	}
	for i := range other.rare.Len() {
		n.rare.Add(nil, other.rare.Text(uint32(i+1)))
	}
	return to
}
