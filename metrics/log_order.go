package metrics

import (
	"slices"
	"sort"
)

// ordered has events by conversation, each in order. It never changes: events that a log
// takes later go into another one.
type ordered struct {
	names  *names
	events []packed
	starts []uint32 // where the events of conversation number n begin
	past   []packed // replaced versions of edited events, by conversation
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
	o := &ordered{names: &l.names}
	o.events, o.starts = scatter(l.names.conversations.Len(), append([][]packed{l.ordered.past, l.ordered.events}, l.fresh...))
	kept := 0
	for n := range len(o.starts) - 1 {
		run := o.events[o.starts[n]:o.starts[n+1]]
		o.starts[n] = uint32(kept)
		run, replaced := l.names.settle(run)
		o.past = append(o.past, replaced...)
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
// taken, into its events in the order of time, in place. It also returns the replaced
// versions of edited events that are in force as of some earlier instant, in the order
// in which they were taken.
func (n *names) settle(run []packed) (events, replaced []packed) {
	if settled(run) {
		return run, nil
	}
	if n.mayRepeat(run) {
		run, replaced = n.lastVersions(run)
	}
	n.sort(run)
	return slices.CompactFunc(run, func(a, b packed) bool { return n.compare(&a, &b) == 0 }), replaced
}

// settled reports whether a run is in order already, as most are, without comparing
// texts. It says no if it would have to compare them.
func settled(run []packed) bool {
	var ids uint32
	for i := range run {
		ids |= run[i].id
		if i > 0 && (run[i].at < run[i-1].at || run[i].at == run[i-1].at && run[i].kind <= run[i-1].kind) {
			return false
		}
	}
	return ids == 0 || len(run) == 1
}

// mayRepeat reports whether two events of a run have the same ID. For a long run it
// always says yes, because lastVersions is then as fast.
func (n *names) mayRepeat(run []packed) bool {
	const short = 16
	if len(run) > short {
		return true
	}
	var texts [short]string
	for i := range run {
		texts[i] = n.ids.Text(run[i].id)
		if texts[i] != "" && slices.Contains(texts[:i], texts[i]) {
			return true
		}
	}
	return false
}

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

// lastVersions splits a run into the last versions of its events, and the replaced ones
// that are in force as of some earlier instant: those after which only versions of later
// instants were taken.
func (n *names) lastVersions(run []packed) (last, replaced []packed) {
	earliest := make(map[string]int64, len(run)) // instant of the versions seen from the end
	kept := len(run)
	for i := len(run) - 1; i >= 0; i-- {
		p := run[i]
		if p.id != 0 {
			id := n.ids.Text(p.id)
			at, seen := earliest[id]
			if seen && p.at >= at {
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
	return run[kept:], replaced
}
