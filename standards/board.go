package standards

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Board is what a desk owes its customers now: what is open, by due time. What is
// overdue comes first, then what is due next; what has no due time, because it is
// on hold, comes last.
type Board struct {
	AsOf    time.Time
	Rows    []Finding
	Overdue int64 // rows that are breached
	Warning int64 // rows whose deadline is near
	Fine    int64 // the other rows
}

// NewBoard returns the board of conversations as of an instant:
//
//	board := standards.NewBoard(log.Conversations(), policy, asOf)
//
// They may be of any time; they are read as of the instant, by the rules of the
// policy. A conversation has a row for each measure and agreement of the policy of
// which something is open; see [Policy.Open].
func NewBoard(conversations iter.Seq[metrics.Conversation], p Policy, asOf time.Time) *Board {
	b := &Board{AsOf: asOf}
	for c := range conversations {
		for f := range p.Open(p.Rules.History(c.AsOf(asOf)), asOf) {
			b.Rows = append(b.Rows, f)
			switch {
			case f.Verdict == Breached:
				b.Overdue++
			case f.Warning:
				b.Warning++
			default:
				b.Fine++
			}
		}
	}
	b.sort()
	return b
}

// sort orders the rows by due time, and those of one instant by conversation,
// start and promise.
func (b *Board) sort() {
	// A finding is large, and is moved once.
	order := make([]*Finding, len(b.Rows))
	for i := range order {
		order[i] = &b.Rows[i]
	}
	slices.SortFunc(order, func(f, g *Finding) int {
		if f.Due.IsZero() != g.Due.IsZero() {
			return cmp.Compare(g.Due.Unix(), f.Due.Unix()) // the zero time is the earliest
		}
		if d := f.Due.Compare(g.Due); d != 0 {
			return d
		}
		return f.compare(g)
	})
	rows := make([]Finding, len(order))
	for i, f := range order {
		rows[i] = *f
	}
	b.Rows = rows
}

// Open returns how many rows there are.
func (b *Board) Open() int64 { return b.Overdue + b.Warning + b.Fine }

// OverdueShare returns the share of rows that are overdue.
func (b *Board) OverdueShare() stat.Ratio { return stat.Ratio{Part: b.Overdue, Whole: b.Open()} }

// WarningShare returns the share of rows whose deadline is near.
func (b *Board) WarningShare() stat.Ratio { return stat.Ratio{Part: b.Warning, Whole: b.Open()} }

// FineShare returns the share of the other rows.
func (b *Board) FineShare() stat.Ratio { return stat.Ratio{Part: b.Fine, Whole: b.Open()} }
