package flow

import (
	"fmt"
	"iter"
	"maps"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Series counts by period what came in, what went out and what stayed, for each
// key that a function makes of a conversation: its channel, its team, or anything
// else. It is a [metrics.Sink].
//
//	days := metrics.Periods{Unit: metrics.Day, Zone: berlin}
//	byChannel := flow.NewSeries(metrics.Facet.Channel, days)
//	err := log.Read(metrics.Rules{}, asOf).Into(byChannel)
//	...
//	for row := range byChannel.Rows(metrics.Email, from, to) {
//		fmt.Println(row.Period, row.Opening, row.Arrivals, row.Resolutions, row.Closing())
//	}
//
// It holds one cell for each key and each period in which something happened,
// and is not meant to be stored: its rows are.
//
// A zero Series has everything in the zero key, in days of UTC. No two of its
// methods may be called at the same time while one of them is Add or Merge.
type Series[K comparable] struct {
	metrics.Binding
	key     func(metrics.Facet) K // nil is the zero key
	periods metrics.Periods
	lines   map[K]line

	recent [8]dated // the periods that were found last
	oldest int      // of them
	now    current
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

// NewSeries returns an empty series by a key, in periods. The key function is
// given what a conversation as a whole belongs to (see [metrics.History.Facet]),
// and must make the same key whenever that is the same. So a conversation has one
// key for all its time, and the stock of each key agrees with its flows: by
// [metrics.Facet.Agent], what was in the backlog in May counts for who has the
// conversation as of the instant of the reading.
func NewSeries[K comparable](key func(metrics.Facet) K, periods metrics.Periods) *Series[K] {
	return &Series[K]{key: key, periods: periods}
}

// Add takes a history, and fails if it does not belong to those before; see
// [metrics.Binding.Check]. If the conversation is discarded, nothing but that is
// counted; if only the rules leave it out, nothing. See [metrics.History.Counts].
func (s *Series[K]) Add(h *metrics.History) error {
	if err := s.Check(h); err != nil {
		return err
	}
	s.now = current{history: h}
	handOff := count(h, s)
	for open := range h.CycleSpells() {
		cell, offset := s.cellAt(open.Start())
		cell.offset.add(offset)
		if open.Outcome() != metrics.Open {
			cell, offset = s.cellAt(open.End())
			cell.offset.add(-offset)
		}
	}
	if handOff.done {
		cell, _ := s.cellAt(handOff.person)
		cell.handOff.Add(handOff.person.Sub(handOff.assistant))
		if calendar := h.Hours(); calendar != nil {
			cell.handOffInHours.Add(calendar.Between(handOff.assistant, handOff.person))
		}
	}
	s.now = current{}
	return nil
}

// current is the conversation that is being added.
type current struct {
	history *metrics.History
	line    line // made when something is to be counted
	// Most of a conversation happens in one period.
	last   *cell
	period dated
}

func (s *Series[K]) at(t time.Time) *Counts {
	cell, _ := s.cellAt(t)
	return &cell.Counts
}

// cellAt returns the cell of an instant, and how long after the beginning of the
// period it is.
func (s *Series[K]) cellAt(t time.Time) (*cell, int64) {
	ns, now := t.UnixNano(), &s.now
	if now.last == nil || ns < now.period.from || ns >= now.period.to {
		if now.line == nil {
			now.line = s.line(keyOf(s.key, now.history))
		}
		now.period = s.period(t, ns)
		now.last = now.line.cell(now.period.Period)
	}
	return now.last, ns - now.period.from
}

// keyOf returns the key of a conversation as a whole.
func keyOf[K comparable](key func(metrics.Facet) K, h *metrics.History) (k K) {
	if key != nil {
		k = key(h.Facet())
	}
	return k
}

func (s *Series[K]) line(key K) line {
	if s.lines == nil {
		s.lines = make(map[K]line)
	}
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

// Merge adds the counts of other, which must be by the same key. If the periods
// differ, the error wraps [ErrUnlike]; if the two do not add up otherwise, it is
// that of [metrics.Binding.Join]; and then s is as it was.
func (s *Series[K]) Merge(other *Series[K]) error {
	if !samePeriods(s.periods, other.periods) {
		return fmt.Errorf("%w: series of other periods", ErrUnlike)
	}
	if err := s.Join(&other.Binding); err != nil {
		return err
	}
	for key, theirs := range other.lines {
		ours := s.line(key)
		for p, c := range theirs {
			ours.cell(p).merge(c)
		}
	}
	return nil
}

// samePeriods reports whether p and q divide all time in the same way.
func samePeriods(p, q metrics.Periods) bool {
	return p.Unit == q.Unit && (p.Unit != metrics.Week || p.WeekStart == q.WeekStart) && sameZone(p.Zone, q.Zone)
}

// Keys returns the keys of the conversations of which something was counted, in
// no order.
func (s *Series[K]) Keys() iter.Seq[K] { return maps.Keys(s.lines) }

// Rows yields a row for each period that has instants from one up to but without
// another, in order, for the conversations of a key. Periods in which nothing
// happened are among them: that nothing happened is a fact. Those that begin
// after the instant of the reading are not, because nothing is known of them.
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
		lines, asOf := lines(), s.Terms().AsOf
		backlog := opening(lines, s.periods.Of(from))
		for p := range s.periods.Between(from, to) {
			span := p.In(s.periods.Zone)
			if span.Start.After(asOf) {
				return
			}
			if span.End.After(asOf) {
				span.End = asOf
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
