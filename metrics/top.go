package metrics

import (
	"encoding/json"
	"math"
	"slices"
)

// Top keeps the first few of many values, by an order of your choice, and counts them
// all: the ten slowest responses, the five worst breaches. It needs memory only for
// those that it keeps.
//
//	worst := metrics.NewTop(10, func(a, b standards.Finding) int {
//		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Conversation, b.Conversation))
//	})
//
// What it keeps depends only on the values, not on the order in which they came, or on
// how they were spread over lists that were merged. The zero value counts, but keeps
// nothing.
type Top[T any] struct {
	compare func(a, b T) int
	limit   int
	list    []T
	n       int64
}

// NewTop returns an empty list that keeps the k values that compare puts first. Compare
// must return a negative number if a comes before b, and 0 only if it makes no
// difference which of them is kept. If k is not positive, nothing is kept.
func NewTop[T any](k int, compare func(a, b T) int) *Top[T] {
	return &Top[T]{compare: compare, limit: max(k, 0)}
}

// Add adds v. It allocates nothing once the list is full.
func (t *Top[T]) Add(v T) { t.add(v) }

// more counts n more values, and stops at the greatest count that there is.
func (t *Top[T]) more(n int64) { t.n += min(n, math.MaxInt64-t.n) }

// add adds v, and returns its place in the list, or nil if it is not kept.
func (t *Top[T]) add(v T) *T {
	t.more(1)
	return t.keep(v)
}

// keep adds v to the list if it belongs there, and does not count it.
func (t *Top[T]) keep(v T) *T {
	full := len(t.list) >= t.limit
	if full && (t.limit == 0 || t.compare(v, t.list[t.limit-1]) >= 0) {
		return nil
	}
	i, _ := slices.BinarySearchFunc(t.list, v, t.compare)
	if full {
		copy(t.list[i+1:], t.list[i:])
		t.list[i] = v
	} else {
		t.list = slices.Insert(t.list, i, v)
	}
	return &t.list[i]
}

// Keeps reports whether Add of v would keep it.
func (t *Top[T]) Keeps(v T) bool {
	return len(t.list) < t.limit || t.limit > 0 && t.compare(v, t.list[t.limit-1]) < 0
}

// least returns the last value of a full list, or nil if there is still room.
func (t *Top[T]) least() *T {
	if n := len(t.list); n > 0 && n == t.limit {
		return &t.list[n-1]
	}
	return nil
}

// Merge adds the values of other, which is not changed. Both must have the same order,
// and other must keep at least as many as t.
func (t *Top[T]) Merge(other *Top[T]) {
	t.more(other.n)
	for _, v := range slices.Clone(other.list) { // which may be t's own
		t.keep(v)
	}
}

// Count returns the number of values, kept or not; of more than 2⁶³−1, that.
func (t *Top[T]) Count() int64 { return t.n }

// List returns a copy of the values that are kept, in order.
func (t *Top[T]) List() []T { return slices.Clone(t.list) }

// MarshalJSON implements [json.Marshaler]: the number of values, and those that are
// kept, in order.
//
//	{"n":3120,"top":[…]}
func (t *Top[T]) MarshalJSON() ([]byte, error) {
	form := struct {
		N   int64 `json:"n"`
		Top []T   `json:"top"`
	}{t.n, t.list}
	if form.Top == nil {
		form.Top = []T{}
	}
	return json.Marshal(form)
}
