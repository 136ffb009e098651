package flow

import (
	"iter"
	"maps"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Series counts by period what came in, what went out and what stayed, for each
// key that a function makes of a conversation: its channel, its team, or anything
// else.
//
//	days := metrics.Periods{Unit: metrics.Day, Zone: berlin}
//	byChannel := flow.NewSeries(metrics.Rules{}, days, asOf, (*metrics.History).Channel)
//	for c := range log.Conversations() {
//		byChannel.Add(c)
//	}
//	for row := range byChannel.Rows(metrics.Email, from, to) {
//		fmt.Println(row.Period, row.Opening, row.Arrivals, row.Resolutions, row.Closing())
//	}
//
// It holds one cell for each key and each period in which something happened,
// and is not meant to be stored: its rows are.
type Series[K comparable] struct {
	rules   metrics.Rules
	periods metrics.Periods
	asOf    time.Time
	key     func(*metrics.History) K
	lines   map[K]line

	recent [8]dated // the periods that were found last
	oldest int      // of them
}

// A line is what happened in the conversations of one key.
type line map[metrics.Period]*cell

// A cell is what happened in a period.
type cell struct {
	Counts
	handOff        metrics.Summary // around the clock
	handOffInHours metrics.Summary
	// offset is how long after the beginning of the period each conversation
	// came into the backlog, less the same of each that left it: from which the
	// time that conversations spent in it follows, whatever the opening stock.
	offset nanoseconds
}

func (c *cell) merge(other *cell) {
	c.Counts.Merge(&other.Counts)
	c.handOff.Merge(&other.handOff)
	c.handOffInHours.Merge(&other.handOffInHours)
	c.offset.merge(other.offset)
}

// dated is a period with the nanoseconds at which it begins and ends.
type dated struct {
	metrics.Period
	from, to int64
}

// NewSeries returns an empty series of what is known as of an instant, by the
// given rules and periods. The key function must make the same key of the same
// history; with a nil function all conversations have the zero key. A
// conversation has one key for all its time, so that the stock of each key
// agrees with its flows: if it is (*metrics.History).Owner, what was in the
// backlog in May counts for who has the conversation as of the instant.
func NewSeries[K comparable](rules metrics.Rules, periods metrics.Periods, asOf time.Time, key func(*metrics.History) K) *Series[K] {
	return &Series[K]{rules: rules, periods: periods, asOf: asOf.Round(0).UTC(), key: key, lines: make(map[K]line)}
}

// Add takes a conversation, as it was known at the series' instant. Each
// conversation must be added once. Of a conversation that was discarded nothing
// else is counted; of one that only the rules leave out, nothing. See
// [metrics.History.Counts].
func (s *Series[K]) Add(c metrics.Conversation) {
	h := s.rules.History(c.AsOf(s.asOf))
	var l line // made when something is to be counted
	// Most of a conversation happens in one period.
	var last *cell
	var period dated
	at := func(t time.Time) (c *cell, offset int64) {
		ns := t.UnixNano()
		if last == nil || ns < period.from || ns >= period.to {
			if l == nil {
				l = s.line(keyOf(s.key, h))
			}
			period = s.period(t, ns)
			last = l.cell(period.Period)
		}
		return last, ns - period.from
	}
	cycles, handOff := moments(h, func(t time.Time) *Counts {
		cell, _ := at(t)
		return &cell.Counts
	})
	for _, c := range cycles {
		cell, offset := at(c.Start)
		cell.offset.add(offset)
		if !c.End.IsZero() {
			cell, offset = at(c.End)
			cell.offset.add(-offset)
		}
	}
	if handOff.done {
		cell, _ := at(handOff.end)
		cell.handOff.Add(handOff.end.Sub(handOff.start))
		if s.rules.Calendar != nil {
			cell.handOffInHours.Add(s.rules.Calendar.Between(handOff.start, handOff.end))
		}
	}
}

func keyOf[K comparable](key func(*metrics.History) K, h *metrics.History) (k K) {
	if key != nil {
		k = key(h)
	}
	return k
}

func (s *Series[K]) line(key K) line {
	l, ok := s.lines[key]
	if !ok {
		l = make(line)
		s.lines[key] = l
	}
	return l
}

func (l line) cell(p metrics.Period) *cell {
	c, ok := l[p]
	if !ok {
		c = new(cell)
		l[p] = c
	}
	return c
}

// period returns the period of an instant. Most things happen in the same few
// periods as what was looked at before them.
func (s *Series[K]) period(t time.Time, ns int64) dated {
	for i := range s.recent {
		if d := &s.recent[i]; ns >= d.from && ns < d.to {
			return *d
		}
	}
	p := s.periods.Of(t)
	span := p.In(s.periods.Zone)
	d := dated{p, span.Start.UnixNano(), span.End.UnixNano()}
	s.recent[s.oldest] = d
	s.oldest = (s.oldest + 1) % len(s.recent)
	return d
}

// Merge adds the counts of other, which must be of the same rules, periods,
// instant and key, and of other conversations.
func (s *Series[K]) Merge(other *Series[K]) {
	for key, theirs := range other.lines {
		ours := s.line(key)
		for p, c := range theirs {
			ours.cell(p).merge(c)
		}
	}
}

// Keys returns the keys of the conversations of which something was counted, in
// no order.
func (s *Series[K]) Keys() iter.Seq[K] { return maps.Keys(s.lines) }

// Rows yields a row for each period that has instants from one up to but without
// another, in order, for the conversations of a key. Periods in which nothing
// happened are among them: that nothing happened is a fact. Those that begin
// after the series' instant are not, because of them nothing is known.
//
// What happened before the first period is in its opening backlog. A period is
// whole even if from or to is within it.
func (s *Series[K]) Rows(key K, from, to time.Time) iter.Seq[Row] {
	return s.rows(func() []line { return []line{s.lines[key]} }, from, to)
}

// Total yields the rows of all conversations together, as [Series.Rows] does.
func (s *Series[K]) Total(from, to time.Time) iter.Seq[Row] {
	return s.rows(func() []line {
		var all []line
		for _, l := range s.lines {
			all = append(all, l)
		}
		return all
	}, from, to)
}

func (s *Series[K]) rows(lines func() []line, from, to time.Time) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		lines := lines()
		backlog := opening(lines, s.periods.Of(from))
		for p := range s.periods.Between(from, to) {
			span := p.In(s.periods.Zone)
			if span.Start.After(s.asOf) {
				return
			}
			if span.End.After(s.asOf) {
				span.End = s.asOf
			}
			var total cell
			for _, l := range lines {
				if c, ok := l[p]; ok {
					total.merge(c)
				}
			}
			row := rowOf(p, span, backlog, &total)
			if !yield(row) {
				return
			}
			backlog = row.Closing()
		}
	}
}

// opening returns the backlog at the beginning of a period: what came in before
// it, less what went out.
func opening(lines []line, first metrics.Period) int64 {
	var n int64
	for _, l := range lines {
		for p, c := range l {
			if p.Compare(first) < 0 {
				n += c.Net()
			}
		}
	}
	return n
}
