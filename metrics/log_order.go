package metrics

import (
	"cmp"
	"slices"
	"sort"
)

// ordered has events by conversation, each in order. It never changes: events that a log
// takes later go into another one.
type ordered struct {
	names  *names
	events []packed
	starts []uint32 // where the events of conversation number n begin
	merged []uint32 // numbers of the conversations that were merged
	past   []packed // replaced versions of edited events, by conversation
	twice  []int64  // instants of deliveries that are in neither
}

// conversation returns the conversation of a number.
func (o *ordered) conversation(n uint32) Conversation {
	return Conversation{from: o, number: n, first: o.starts[n], count: o.starts[n+1] - o.starts[n]}
}

// versions returns the replaced versions of the events of a conversation.
func (o *ordered) versions(conversation uint32) []packed {
	if len(o.past) == 0 {
		return nil
	}
	low := sort.Search(len(o.past), func(i int) bool { return o.past[i].conversation >= conversation })
	high := low
	for high < len(o.past) && o.past[high].conversation == conversation {
		high++
	}
	return o.past[low:high:high]
}

// order sorts the events by conversation, and within each as [names.compare] does, and
// drops repeated deliveries. Its time is proportional to the number of events: it is a
// counting sort by conversation, then a sort of each conversation, most of which are
// short and almost in order.
func (l *EventLog) order() *ordered {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ordered == nil {
		l.ordered, l.origin = &ordered{names: &l.names}, new(origin)
	}
	if len(l.fresh) == 0 || len(l.fresh[0]) == 0 { // made for an event that was refused
		return l.ordered
	}
	// Whatever was taken earlier comes first: versions that were replaced, then
	// the events in order, then the new ones. The counting sort keeps that
	// order within a conversation, which is how the last version is known.
	o := &ordered{names: &l.names, twice: l.ordered.twice}
	o.events, o.starts = scatter(l.names.conversations.Len(), append([][]packed{l.ordered.past, l.ordered.events}, l.fresh...))
	kept := 0
	for n := range len(o.starts) - 1 {
		run := o.events[o.starts[n]:o.starts[n+1]]
		o.starts[n] = uint32(kept)
		state := runState(run)
		if state&mergers != 0 {
			o.merged = append(o.merged, uint32(n))
		}
		run, replaced, twice := l.names.settle(run, state)
		o.past = append(o.past, replaced...)
		o.twice = append(o.twice, twice...)
		kept += copy(o.events[kept:], run)
	}
	o.starts[len(o.starts)-1] = uint32(kept)
	o.events = o.events[:kept:kept]
	l.ordered, l.fresh = o, nil
	return o
}

// scatter returns the events of all blocks by conversation, without changing their
// order within each, and where the events of each conversation begin.
func scatter(conversations int, blocks [][]packed) (sorted []packed, starts []uint32) {
	// starts[n+1] begins as the number of events of conversation n, so that
	// summing up gives where each one begins.
	starts = make([]uint32, conversations+2)
	size := 0
	for _, events := range blocks {
		size += len(events)
		for i := range events {
			starts[events[i].conversation+1]++
		}
	}
	for n := 1; n < len(starts); n++ {
		starts[n] += starts[n-1]
	}
	sorted = make([]packed, size)
	next := slices.Clone(starts)
	for _, events := range blocks {
		for i := range events {
			n := events[i].conversation
			sorted[next[n]] = events[i]
			next[n]++
		}
	}
	return sorted, starts
}

// settle turns the deliveries of one conversation, in the order in which they were
// taken, into its events in order, in place. It also returns the versions of events that
// are in force as of some earlier instant, because they were edited or retracted later, in
// the order in which they were taken, and the instants of deliveries that never are.
func (n *names) settle(run []packed, state runStates) (events, replaced []packed, twice []int64) {
	if state&^mergers == 0 || len(run) == 1 {
		return run, nil, nil
	}
	if state&rare != 0 && n.mayRepeat(run) {
		run, replaced, twice = n.lastVersions(run)
	}
	if state&retractions != 0 {
		var retracted []packed
		run, retracted = n.retract(run)
		replaced = append(replaced, retracted...)
	}
	n.sort(run)
	run = slices.CompactFunc(run, func(a, b packed) bool {
		equal := n.compare(&a, &b) == 0
		if equal {
			twice = append(twice, a.at)
		}
		return equal
	})
	n.orderTies(run)
	return run, replaced, twice
}

// runStates are what there is to settle in a run, and to follow.
type runStates uint8

const (
	disordered runStates = 1 << iota // or tied
	rare
	retractions
	mergers
)

// runState looks at a run without comparing texts. Most runs have nothing to settle.
func runState(run []packed) (state runStates) {
	for i := range run {
		e := &run[i]
		if i > 0 && e.at <= run[i-1].at {
			state |= disordered
		}
		if e.rare != 0 {
			state |= rare
		}
		switch e.kind {
		case KindRetracted:
			state |= retractions
		case KindMerged:
			state |= mergers
		}
	}
	return state
}

// mayRepeat reports whether two events of a run have the same kind and ID. For a long run
// it always says yes, because lastVersions is then as fast.
func (n *names) mayRepeat(run []packed) bool {
	const short = 16
	if len(run) > short {
		return true
	}
	var keys [short]identity
	for i := range run {
		keys[i] = n.identityOf(&run[i])
		if keys[i].id != "" && slices.Contains(keys[:i], keys[i]) {
			return true
		}
	}
	return false
}

// identity is what an event of a conversation is known by. Without an ID it is known by
// nothing.
type identity struct {
	id   string
	kind Kind
}

func (n *names) identityOf(p *packed) identity { return identity{n.rarityOf(p).id, p.kind} }

// sort orders events of one conversation.
func (n *names) sort(run []packed) {
	// Short runs, and those that came almost in order, are sorted by insertion;
	// a long run in disorder is left to the library.
	const short = 32
	moves := 0
	for i := 1; i < len(run); i++ {
		for j := i; j > 0 && n.compare(&run[j], &run[j-1]) < 0; j-- {
			run[j], run[j-1] = run[j-1], run[j]
			if moves++; moves > short*len(run) {
				slices.SortFunc(run, func(a, b packed) int { return n.compare(&a, &b) })
				return
			}
		}
	}
}

// lastVersions splits a run into the last versions of its events, the replaced ones
// that are in force as of some earlier instant, which are those after which only versions
// of later instants were taken, and the instants of all others.
func (n *names) lastVersions(run []packed) (last, replaced []packed, twice []int64) {
	earliest := make(map[identity]int64, len(run)) // instant of the versions seen from the end
	kept := len(run)
	for i := len(run) - 1; i >= 0; i-- {
		p := run[i]
		if id := n.identityOf(&p); id.id != "" {
			at, seen := earliest[id]
			if seen && p.at >= at {
				twice = append(twice, p.at)
				continue
			}
			earliest[id] = p.at
			if seen {
				replaced = append(replaced, p)
				continue
			}
		}
		kept--
		run[kept] = p
	}
	slices.Reverse(replaced)
	return run[kept:], replaced, twice
}

// retract splits a run into the events that are in force and those that were retracted:
// the ones whose ID is that of a Retracted of the same instant or a later one. A Retracted
// is itself retracted only by one of a later instant.
func (n *names) retract(run []packed) (left, retracted []packed) {
	latest := make(map[string]int64) // instant of the last retraction of an ID
	// From the last to the first, so that whether a retraction is retracted is known.
	var retractions []packed
	for _, p := range run {
		if p.kind == KindRetracted {
			retractions = append(retractions, p)
		}
	}
	slices.SortStableFunc(retractions, func(a, b packed) int { return cmp.Compare(b.at, a.at) })
	for i := range retractions {
		r := n.rarityOf(&retractions[i])
		if at, ok := latest[r.id]; ok && r.id != "" && at > retractions[i].at {
			continue
		}
		if at, ok := latest[r.event]; !ok || at < retractions[i].at {
			latest[r.event] = retractions[i].at
		}
	}
	left = run[:0]
	for _, p := range run {
		id := n.rarityOf(&p).id
		at, ok := latest[id]
		if ok && id != "" && (p.at < at || p.at == at && p.kind != KindRetracted) {
			retracted = append(retracted, p)
		} else {
			left = append(left, p)
		}
	}
	return left, retracted
}
