package flow

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/intern"
)

// A trail is a ledger as it was at some time, in the order that tells who came back. It
// does not change any more.
type trail struct {
	visits        visits
	later         []later
	conversations *intern.Store
	customers     *intern.Table
	asOf          time.Time
	settled       bool

	groups  lists // the cases of each group
	written lists // the visits of each customer, in the order of their first messages
	solved  lists // those that were resolved, in the order of that
}

// newTrail returns the trail of a ledger with a number of groups.
func newTrail(l *ledger, groups int) *trail {
	t := &trail{visits: l.visits.now(), later: slices.Clip(l.later), conversations: &l.conversations, customers: &l.customers}
	t.groups = listsOf(&t.visits, groups, func(v *visit) (uint32, bool) { return v.group, !v.merged })
	customers := l.customers.Len() + 1
	t.written = listsOf(&t.visits, customers, func(v *visit) (uint32, bool) { return v.customer, v.customer != 0 })
	t.solved = listsOf(&t.visits, customers, func(v *visit) (uint32, bool) { return v.customer, v.customer != 0 && v.resolved != never })
	t.written.sort(func(a, b uint32) int {
		v, w := t.visits.at(a), t.visits.at(b)
		if v.wrote != w.wrote {
			return cmp.Compare(v.wrote, w.wrote)
		}
		return cmp.Compare(t.conversations.Text(v.conversation), t.conversations.Text(w.conversation))
	})
	t.solved.sort(func(a, b uint32) int { return cmp.Compare(t.visits.at(a).resolved, t.visits.at(b).resolved) })
	return t
}

// lists are lists of the numbers of visits.
type lists struct {
	numbers []uint32 // of the first list, then those of the next one, and so on
	starts  []uint32 // where each list begins, and after them all its end
}

// listsOf returns n lists, of which a function tells to which one a visit belongs, if to
// any, in the order of their numbers.
func listsOf(visits *visits, n int, of func(*visit) (list uint32, ok bool)) lists {
	l := lists{starts: make([]uint32, n+1)}
	for _, v := range visits.all() {
		if list, ok := of(v); ok {
			l.starts[list+1]++
		}
	}
	for i := range n {
		l.starts[i+1] += l.starts[i]
	}
	l.numbers = make([]uint32, l.starts[n])
	next := slices.Clone(l.starts)
	for i, v := range visits.all() {
		if list, ok := of(v); ok {
			l.numbers[next[list]] = i
			next[list]++
		}
	}
	return l
}

// of returns a list.
func (l lists) of(n uint32) []uint32 {
	from, to := l.starts[n], l.starts[n+1]
	return l.numbers[from:to:to]
}

func (l lists) sort(compare func(a, b uint32) int) {
	for n := range len(l.starts) - 1 {
		if list := l.of(uint32(n)); len(list) > 1 {
			slices.SortStableFunc(list, compare)
		}
	}
}

// back returns when the customer of a case first came back after it was resolved, or
// never, and the visit in which. The case itself was first reopened at returned.
func (t *trail) back(n uint32, resolved, returned int64) (at int64, in uint32) {
	customer := t.visits.at(n).customer
	if customer == 0 || resolved == never {
		return returned, n
	}
	visits := t.written.of(customer)
	i := sort.Search(len(visits), func(i int) bool { return t.visits.at(visits[i]).wrote > resolved })
	if i < len(visits) && visits[i] == n {
		i++ // the first message of the case itself came after it was resolved
	}
	if i < len(visits) && t.visits.at(visits[i]).wrote < returned {
		return t.visits.at(visits[i]).wrote, visits[i]
	}
	return returned, n
}

// isReturn reports whether a case of a known customer is a return after another one was
// resolved, within a window.
func (t *trail) isReturn(n uint32, within time.Duration) bool {
	v := t.visits.at(n)
	solved := t.solved.of(v.customer)
	i := sort.Search(len(solved), func(i int) bool { return t.visits.at(solved[i]).resolved >= v.wrote }) - 1
	if i >= 0 && solved[i] == n {
		i-- // of the case itself, before the customer wrote in it
	}
	return i >= 0 && v.wrote-t.visits.at(solved[i]).resolved <= int64(within)
}

// assistance returns when the Resolved was that counts for the assistant of a case, and
// when the case was first reopened after it.
func (t *trail) assistance(n uint32) (resolved, returned int64) {
	v := t.visits.at(n)
	if !v.later {
		return v.resolved, v.returned
	}
	i, _ := slices.BinarySearchFunc(t.later, n, func(l later, n uint32) int { return cmp.Compare(l.visit, n) })
	return t.later[i].resolved, t.later[i].returned
}
