package metrics

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"sync"
)

// A move is a wait that goes on in another conversation from an instant on.
type move struct {
	at, start  int64
	from       uint32 // the conversation that was merged
	channel    uint16
	unassigned bool
	holds      []hold  // that stopped the wait before
	began      *packed // the event that began it, in whichever conversation
}

// before reports whether the wait arrives before an event: as a message would.
func (m *move) before(e *packed) bool {
	return m.at < e.at || m.at == e.at && e.kind >= KindMessageReceived
}

// moves are the waits that mergers brought from one conversation of a log into another.
type moves struct {
	arrivals map[uint32][]move
	staying  map[merger]bool // mergers without effect

	log   *ordered
	links map[uint32][]uint32 // conversations of which one was merged into the other, by any version of an event

	mu      sync.Mutex
	sources sources // of the conversation that was asked for last
}

// sources are the cases from which waits were moved into a conversation, by the
// conversation of each.
type sources struct {
	terms *terms
	into  uint32
	cases map[uint32][]*History
}

// source returns the cases of a conversation from which waits were moved into that of h,
// as h was read. They are read once for all waits of h.
func (m *moves) source(h *History, from uint32) []*History {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := &m.sources
	if s.terms != h.terms || s.into != h.conversation.number {
		*s = sources{h.terms, h.conversation.number, make(map[uint32][]*History)}
	}
	cases, known := s.cases[from]
	if known {
		return cases
	}
	r := reader{History: History{terms: h.terms, moves: m}}
	for r.open(m.conversation(from, h.terms.at)); r.next(); {
		if len(r.movedTo) > 0 {
			cases = append(cases, r.Clone())
		}
	}
	s.cases[from] = cases
	return cases
}

// A merger is an event that merges a conversation into another one.
type merger struct {
	from, into uint32
	at         int64
}

// into returns the waits that go on in a conversation, in order.
func (m *moves) into(conversation uint32) []move {
	if m == nil {
		return nil
	}
	return m.arrivals[conversation]
}

// stays reports whether a merger has no effect.
func (m *moves) stays(conversation uint32, e *packed) bool {
	return m != nil && m.staying[merger{conversation, e.party, e.at}]
}

// movesOf follows the mergers of a log as of an instant, of those conversations that were
// merged, in time proportional to their events and to those of the conversations into
// which they were. If there are none it returns nil.
func movesOf(o *ordered, t *terms, merged []uint32) *moves {
	if len(merged) == 0 {
		return nil
	}
	f := follower{
		ordered: o, terms: t, moves: &moves{arrivals: make(map[uint32][]move), staying: make(map[merger]bool), log: o, links: make(map[uint32][]uint32)},
		mergers: make(map[uint32][]merger), gone: make(map[uint32]bool), missing: make(map[uint32]int),
	}
	linked := make(map[[2]uint32]bool)
	for _, n := range merged {
		f.moves.link(linked, n, o.conversation(n).events())
		f.moves.link(linked, n, o.versions(n))
		events := o.conversation(n).asOf(t.at).events()
		for i := range events {
			if e := &events[i]; e.kind == KindMerged {
				f.mergers[n] = append(f.mergers[n], merger{n, e.party, e.at})
			}
		}
	}
	circles := f.circles(merged)
	for n, list := range f.mergers {
		for _, m := range list {
			if circles[n] == circles[m.into] || f.isGone(m.into) {
				f.moves.staying[m] = true
			} else {
				f.missing[m.into]++
			}
		}
	}
	f.follow()
	return f.moves
}

// follower follows mergers.
type follower struct {
	ordered *ordered
	terms   *terms
	moves   *moves
	mergers map[uint32][]merger
	gone    map[uint32]bool // what isGone found
	missing map[uint32]int  // mergers with effect into a conversation that were not followed yet
}

// isGone reports whether a conversation has no events, or is discarded.
func (f *follower) isGone(n uint32) bool {
	gone, known := f.gone[n]
	if !known {
		gone = int(n)+1 >= len(f.ordered.starts)
		if !gone {
			gone, _ = isEmptied(f.ordered.conversation(n).asOf(f.terms.at).events())
		}
		f.gone[n] = gone
	}
	return gone
}

// isEmptied reports whether there are no events, or the last of them that says so
// discards the conversation, and whether one ever does.
func isEmptied(events []packed) (emptied, discards bool) {
	for i := range events {
		switch events[i].kind {
		case KindDiscarded:
			emptied, discards = true, true
		case KindReopened:
			emptied = false
		}
	}
	return emptied || len(events) == 0, discards
}

// circles numbers the conversations that were merged, and those into which they were.
// Two have the same number if mergers lead from each to the other: they are the strongly
// connected components, found as Tarjan did (1972) but without recursion, because a chain
// of mergers may be long.
func (f *follower) circles(merged []uint32) map[uint32]int {
	type visit struct {
		n    uint32
		next int // of its mergers
	}
	circles := make(map[uint32]int)
	entered, lowest := make(map[uint32]int), make(map[uint32]int)
	var path []visit
	var open []uint32 // entered, and not yet of a circle
	enter := func(n uint32) {
		entered[n] = len(entered) + 1
		lowest[n] = entered[n]
		path, open = append(path, visit{n: n}), append(open, n)
	}
	for _, n := range merged {
		if entered[n] == 0 {
			enter(n)
		}
		for len(path) > 0 {
			v := &path[len(path)-1]
			if list := f.mergers[v.n]; v.next < len(list) {
				into := list[v.next].into
				v.next++
				if entered[into] == 0 {
					enter(into)
				} else if circles[into] == 0 {
					lowest[v.n] = min(lowest[v.n], entered[into])
				}
				continue
			}
			n := v.n
			path = path[:len(path)-1]
			if len(path) > 0 {
				from := path[len(path)-1].n
				lowest[from] = min(lowest[from], lowest[n])
			}
			for lowest[n] == entered[n] && circles[n] == 0 {
				last := open[len(open)-1]
				open = open[:len(open)-1]
				circles[last] = entered[n]
			}
		}
	}
	return circles
}

// follow reads the conversations that were merged, each after all that were merged into
// it, and hands their waits on.
func (f *follower) follow() {
	var ready []uint32
	for n := range f.mergers {
		if f.missing[n] == 0 {
			ready = append(ready, n)
		}
	}
	r := reader{History: History{terms: f.terms, moves: f.moves, begun: new(begun)}}
	for len(ready) > 0 {
		n := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		for r.open(f.ordered.conversation(n).asOf(f.terms.at)); r.next(); {
			targets := r.movedTo
			for i := range r.waits {
				if w := &r.waits[i]; w.outcome == Moved {
					into := targets[0]
					targets = targets[1:]
					f.moves.arrivals[into] = append(f.moves.arrivals[into], move{
						at: w.end, start: w.start, from: n, channel: w.channel, unassigned: w.unassigned,
						holds: slices.Collect(r.waitPauses(i, w.end)), began: r.begun.waits[i],
					})
				}
			}
		}
		for _, m := range f.mergers[n] {
			if f.moves.staying[m] {
				continue
			}
			if f.missing[m.into]--; f.missing[m.into] > 0 {
				continue
			}
			f.sort(f.moves.arrivals[m.into])
			if len(f.mergers[m.into]) > 0 {
				ready = append(ready, m.into)
			}
		}
	}
}

// sort puts the waits that go on in a conversation in order.
func (f *follower) sort(arrivals []move) {
	slices.SortFunc(arrivals, func(a, b move) int {
		names := f.ordered.names // numbers depend on what came first
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.start, b.start),
			cmp.Compare(names.channels.Text(uint32(a.channel)), names.channels.Text(uint32(b.channel))),
			cmp.Compare(names.conversations.Text(a.from), names.conversations.Text(b.from)))
	})
}

// link notes into which conversations events merge one, each once.
func (m *moves) link(linked map[[2]uint32]bool, n uint32, events []packed) {
	for i := range events {
		if e := &events[i]; e.kind == KindMerged && !linked[[2]uint32{n, e.party}] {
			linked[[2]uint32{n, e.party}] = true
			m.links[n] = append(m.links[n], e.party)
			m.links[e.party] = append(m.links[e.party], n)
		}
	}
}

// linked returns the conversations that one was merged into, and those that were merged
// into it.
func (m *moves) linked(n uint32) []uint32 {
	if m == nil {
		return nil
	}
	return m.links[n]
}

// all yields the conversations that were merged, and those into which they were.
func (m *moves) all() iter.Seq[uint32] {
	if m == nil {
		return func(func(uint32) bool) {}
	}
	return maps.Keys(m.links)
}

// family returns the conversations that mergers connect with one, itself included, in
// order; nil if there are no others.
func (m *moves) family(n uint32) []uint32 {
	if len(m.linked(n)) == 0 {
		return nil
	}
	all := []uint32{n}
	seen := map[uint32]bool{n: true}
	for i := 0; i < len(all); i++ {
		for _, next := range m.linked(all[i]) {
			if !seen[next] {
				seen[next] = true
				all = append(all, next)
			}
		}
	}
	slices.Sort(all)
	return all
}

// conversation returns a conversation of the log as of an instant, which is empty if the
// log has no event of it.
func (m *moves) conversation(n uint32, at int64) Conversation {
	if int(n)+1 >= len(m.log.starts) {
		return Conversation{}
	}
	return m.log.conversation(n).asOf(at)
}

// leads reports whether a wait that began in one conversation may go on in another one:
// whether mergers with an effect, each not before the last, lead there.
func (m *moves) leads(from, to uint32, asOf int64) bool {
	since := map[uint32]int64{from: 0} // the earliest instant at which it may come to each
	for path := []uint32{from}; len(path) > 0; path = path[1:] {
		n := path[0]
		events := m.conversation(n, asOf).events()
		for i := range events {
			e := &events[i]
			if e.kind != KindMerged || e.at < since[n] || m.stays(n, e) {
				continue
			}
			if e.party == to {
				return true
			}
			if at, known := since[e.party]; !known || e.at < at {
				since[e.party] = e.at
				path = append(path, e.party)
			}
		}
	}
	return false
}

// merged returns the conversations of a family that were merged.
func (m *moves) merged(n uint32) []uint32 {
	family := m.family(n)
	return slices.DeleteFunc(family, func(n uint32) bool {
		_, merged := slices.BinarySearch(m.log.merged, n)
		return !merged
	})
}
