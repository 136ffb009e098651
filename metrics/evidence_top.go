package metrics

import (
	"encoding/json"
	"slices"
)

// Top keeps the first few of many, in an order that the caller gives, and counts
// them all: the ten slowest responses, the five worst breaches. It takes memory
// for those that it keeps only.
//
//	worst := metrics.NewTop(10, func(a, b standards.Finding) int {
//		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Conversation, b.Conversation))
//	})
//
// What it keeps depends on what it was given only: never on the order in which
// that came, or on how it was spread over lists that were merged. The zero value
// counts, and keeps nothing.
type Top[T any] struct {
	compare func(a, b T) int
	limit   int
	list    []T
	n       int64
}

// NewTop returns an empty list that keeps at most k, those that compare puts
// first: compare is negative if a comes before b, and 0 only if it makes no
// difference which of them is kept. Of a k that is not positive nothing is kept.
func NewTop[T any](k int, compare func(a, b T) int) *Top[T] {
	return &Top[T]{compare: compare, limit: max(k, 0)}
}

// Add takes v. It allocates nothing once the list is full.
func (t *Top[T]) Add(v T) { t.add(v) }

// add takes v, and returns where it was put, or nil if it is not kept.
func (t *Top[T]) add(v T) *T {
	t.n++
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

// least returns the last of those that are kept, once there is no room for more.
func (t *Top[T]) least() *T {
	if n := len(t.list); n > 0 && n == t.limit {
		return &t.list[n-1]
	}
	return nil
}

// Merge takes all that other was given, which is not changed. Both must be of
// one order, and other must keep at least as many.
func (t *Top[T]) Merge(other *Top[T]) {
	n := t.n + other.n
	for _, v := range slices.Clone(other.list) { // which may be t's own
		t.add(v)
	}
	t.n = n
}

// Count returns how many there were, kept or not.
func (t *Top[T]) Count() int64 { return t.n }

// List returns a copy of those that are kept, in order.
func (t *Top[T]) List() []T { return slices.Clone(t.list) }

// MarshalJSON implements [json.Marshaler]: how many there were, and those that
// are kept, in order.
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
