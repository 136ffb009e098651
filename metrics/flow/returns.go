package flow

import (
	"iter"
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/internal/intern"
)

// Returns follows customers from one case to the next, and tells after which
// resolutions they came back: first contact resolution, and what assistants resolved
// alone. A function makes a key of each case: its channel, its agent, or anything else.
// It is a [metrics.Sink].
//
//	returns := flow.NewReturns(metrics.Facet.Channel)
//	err := log.Read(metrics.Rules{}, asOf).Into(returns)
//	...
//	chats := returns.Group(metrics.Chat)
//	first, err := chats.FirstContact(flow.FirstContactWindow)
//	bots, err := chats.Assistants(flow.AssistantWindow)
//
// It answers for any window without reading again, because it keeps 40 bytes of each
// case, and the texts of conversations and customers once. When it is asked, it sorts the
// cases by customer, in another 16 bytes of each.
//
// All cases of a customer must be in one Returns, or in several that are merged. The
// parts of a reading may be split in any way.
//
// A Returns keeps a reference to the log of the last history added, so that log stays in
// memory. A zero Returns has everything in the zero key. No two of its methods, and none of what
// it handed out while it is added to, may be called at the same time.
type Returns[K comparable] struct {
	metrics.Binding
	groups metrics.Grouping[K]
	ledger
	trail *trail // of the ledger; nil until it is asked for

	reader assistance
}

// NewReturns returns an empty sink by a key. The key function is given what the first
// resolution of a case belongs to: the agent who resolved it, and the period in which it
// was resolved or, by [metrics.Rules.ByStart], in which that cycle began. If the case was
// never resolved, it is given what the case as a whole belongs to. See
// [metrics.History.FacetOfResolution]. The key may depend only on what the function asks
// the facet for; see [metrics.Grouping].
func NewReturns[K comparable](key func(metrics.Facet) K) *Returns[K] {
	return &Returns[K]{groups: metrics.NewGrouping(key)}
}

// A ledger has the cases of all customers.
type ledger struct {
	visits        visits
	later         []later // in the order of their visits
	conversations intern.Store
	customers     intern.Table
}

// A visit is what is kept of a case. Instants are in nanoseconds since 1970.
type visit struct {
	wrote        int64 // the first message, or never
	resolved     int64 // the first time, or never
	returned     int64 // when the case was first reopened after that, or never
	conversation uint32
	customer     uint32 // 0 is unknown
	group        uint32
	solving      solving
	merged       bool // into another conversation: then it was not resolved, and has no group
	later        bool // the Resolved that counts for the assistant is another one
}

// later is the Resolved that counts for an assistant, where it is not the first of the
// case.
type later struct {
	visit              uint32
	resolved, returned int64
}

// never is the instant of what did not happen.
const never = math.MaxInt64

// A cycle is a time during which a case was open, in nanoseconds.
type cycle struct {
	start, end int64 // end is never if it is open
	outcome    metrics.Outcome
}

// Add takes a history, and fails if it does not belong to those before; see
// [metrics.Binding.Check]. If the case counts nowhere, neither does it count as a return.
func (r *Returns[K]) Add(h *metrics.History) error {
	if err := r.Check(h); err != nil {
		return err
	}
	if !h.Counts() {
		return nil
	}
	r.trail = nil
	cycles := r.reader.cyclesOf(h)
	v := visit{wrote: wrote(h), resolved: never, returned: never, customer: r.customer(string(h.Customer()))}
	n := len(cycles)
	v.merged = n > 0 && cycles[n-1].outcome == metrics.Moved
	if v.merged {
		r.put(h, v)
		return nil
	}
	v.resolved, v.returned = resolution(cycles, 0)
	if n > 0 && h.Volume().Assistant > 0 {
		solving, resolved, returned := r.reader.of(h)
		if v.solving = solving; solving.resolves() && (resolved != v.resolved || returned != v.returned) {
			v.later = true
			r.later = append(r.later, later{uint32(r.visits.len()), resolved, returned})
		}
	}
	v.group = uint32(r.groups.Of(h.FacetOfResolution()))
	r.put(h, v)
	return nil
}

// wrote returns when the customer first wrote.
func wrote(h *metrics.History) int64 {
	if !h.Has(metrics.KindMessageReceived) {
		return never
	}
	for m := range h.Moments() {
		if m.Kind() == metrics.KindMessageReceived {
			return m.At().UnixNano()
		}
	}
	return never
}

// resolution returns when the first of the cycles from number n on was resolved that was,
// and when the next one began.
func resolution(cycles []cycle, n int) (resolved, returned int64) {
	for ; n < len(cycles); n++ {
		if cycles[n].outcome != metrics.Answered {
			continue
		}
		if n+1 < len(cycles) {
			return cycles[n].end, cycles[n+1].start
		}
		return cycles[n].end, never
	}
	return never, never
}

func (l *ledger) put(h *metrics.History, v visit) {
	// The cases of a conversation come one after another.
	if id := string(h.Conversation().ID()); h.Case() == 1 || l.conversations.Text(uint32(l.conversations.Len())) != id {
		l.conversations.Add(nil, id)
	}
	v.conversation = uint32(l.conversations.Len())
	l.visits.add(v)
}

// conversation returns the number of a conversation. The cases of one come one after
// another.
func (l *ledger) conversation(id string) uint32 {
	n := uint32(l.conversations.Len())
	if l.conversations.Text(n) != id {
		l.conversations.Add(nil, id)
		n++
	}
	return n
}

// customer returns the number of a customer; 0 is one whose name is empty.
func (l *ledger) customer(id string) uint32 {
	if id == "" {
		return 0
	}
	n, hash := l.customers.Find(id)
	if n == 0 {
		n = l.customers.Insert(id, hash)
	}
	return n
}

// Merge adds the cases of other, which must be by the same key, of the same customers or
// of others. If the two do not add up, the error is that of [metrics.Binding.Join], and r
// is as it was.
func (r *Returns[K]) Merge(other *Returns[K]) error {
	if err := r.Join(&other.Binding); err != nil {
		return err
	}
	r.trail = nil
	groups := make([]uint32, other.groups.Len())
	for n, key := range other.groups.All() {
		groups[n] = uint32(r.groups.Add(key))
	}
	customers := make([]uint32, other.customers.Len()+1)
	for n := range customers {
		customers[n] = r.customer(other.customers.Text(uint32(n)))
	}
	before := uint32(r.visits.len())
	for _, theirs := range other.visits.all() {
		v := *theirs
		v.conversation = r.conversation(other.conversations.Text(v.conversation))
		v.customer = customers[v.customer]
		if !v.merged {
			v.group = groups[v.group]
		}
		r.visits.add(v)
	}
	for _, l := range other.later {
		l.visit += before
		r.later = append(r.later, l)
	}
	return nil
}

// Keys returns the keys of the cases, in no order.
func (r *Returns[K]) Keys() iter.Seq[K] { return r.groups.Keys() }

// Group returns the cases of a key as they are now. For a key without cases there are
// none.
func (r *Returns[K]) Group(key K) Contacts {
	t := r.follow()
	c := Contacts{trail: t}
	if n, ok := r.groups.Number(key); ok {
		c.visits = t.groups.of(uint32(n))
	}
	return c
}

// Total returns all cases as they are now.
func (r *Returns[K]) Total() Contacts {
	t := r.follow()
	return Contacts{t, t.groups.numbers}
}

// Customer returns the cases of a customer as they are now, in the order in which the
// customer wrote. There are none if the text is empty.
func (r *Returns[K]) Customer(id metrics.CustomerID) Contacts {
	t := r.follow()
	c := Contacts{trail: t}
	if n := r.customers.Number(string(id)); n != 0 {
		for _, number := range t.written.of(n) {
			if !t.visits.at(number).merged {
				c.visits = append(c.visits, number)
			}
		}
	}
	return c
}

// follow returns the trail of the cases so far.
func (r *Returns[K]) follow() *trail {
	if r.trail == nil {
		terms := r.Terms()
		r.trail = newTrail(&r.ledger, r.groups.Len())
		r.trail.asOf, r.trail.settled = terms.AsOf, terms.Settled
	}
	return r.trail
}

// instantOf is the reverse of [time.Time.UnixNano], in UTC; never is the zero time.
func instantOf(at int64) time.Time {
	if at == never {
		return time.Time{}
	}
	return time.Unix(0, at).UTC()
}
