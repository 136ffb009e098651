package standards

import (
	"cmp"
	"slices"

	"github.com/servicequality/servicequality/metrics"
)

// Board shows what a desk owes its customers: what is open as of the instant of
// the reading, by due time.
//
//	board := standards.NewBoard(policy)
//	err := log.Read(metrics.Rules{}, now).Into(board)
//	...
//	for _, f := range board.Rows() {
//		fmt.Println(f)
//	}
//
// A zero Board is of the zero Policy, and shows nothing. A Board keeps the log of
// the histories that were added in memory. No two of its methods may be called at
// the same time.
type Board struct {
	metrics.Binding
	policy                  Policy
	rows                    []Finding
	promises, conversations [3]int64 // overdue, near, fine
}

// NewBoard returns an empty board of a policy. A conversation has a row for each
// measure and agreement of the policy of which something is open; see
// [Policy.Open].
func NewBoard(p Policy) *Board { return &Board{policy: p} }

const (
	overdue = iota
	near
	fine
)

// Add takes a history, and fails if it does not belong to those before; see
// [metrics.Binding.Check].
func (b *Board) Add(h *metrics.History) error {
	if err := b.Check(h); err != nil {
		return err
	}
	worst, open := fine, false
	for f := range b.policy.Open(h) {
		state := fine
		switch {
		case f.Verdict == Breached || f.overdue():
			state = overdue
		case f.Warning:
			state = near
		}
		b.rows = append(b.rows, f)
		b.promises[state]++
		worst, open = min(worst, state), true
	}
	if open {
		b.conversations[worst]++
	}
	return nil
}

// Merge adds the rows of other. If the two do not add up, because they are of
// other policies or terms (see [metrics.Binding.Join]), the error says why, and b
// is as it was.
func (b *Board) Merge(other *Board) error {
	if !b.policy.Equal(other.policy) {
		return ErrOtherPolicy
	}
	if err := b.Join(&other.Binding); err != nil {
		return err
	}
	b.rows = append(b.rows, other.rows...)
	for i := range b.promises {
		b.promises[i] += other.promises[i]
		b.conversations[i] += other.conversations[i]
	}
	return nil
}

// Rows returns the open promises. What is overdue comes first, then what is due
// next; what has no due time, because it is on hold, comes last. Those of one
// instant are ordered by conversation, start and target.
func (b *Board) Rows() []Finding {
	// A finding is large, and is moved once.
	order := make([]*Finding, len(b.rows))
	for i := range order {
		order[i] = &b.rows[i]
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
	return rows
}

// Promises returns how many of the rows are overdue, because their deadline has come or
// they were broken before, how many have a deadline that is near, and how many are
// neither.
func (b *Board) Promises() (overdue, near, fine int64) {
	return b.promises[0], b.promises[1], b.promises[2]
}

// Conversations returns how many conversations have rows, each by the worst of
// them: overdue, near, or fine.
func (b *Board) Conversations() (overdue, near, fine int64) {
	return b.conversations[0], b.conversations[1], b.conversations[2]
}
