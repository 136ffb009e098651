package compare_test

import (
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// plain recomputes from events what the metrics of a span are made of, by the
// zero Rules: what happened in it, as known at its end.
type plain struct {
	first, all, next                            []time.Duration
	conversations, waiting, unanswered, reopens int64
	byAssistant                                 int64
	stars                                       []rating.Stars
}

func (h *history) plain(span metrics.Span) plain {
	var p plain
	in := func(t time.Time) bool { return !t.Before(span.Start) && t.Before(span.End) }
	desk := h.desk(span.End.Add(-1))
	for id, events := range desk {
		if desk.discarded(id) {
			continue
		}
		waits, reopened := desk.read(id)
		if in(events[0].At) {
			p.conversations++
			if reopened {
				p.reopens++
			}
		}
		answers := 0
		for _, w := range waits {
			switch {
			case w.end == "":
				if in(w.since) {
					p.waiting++
				}
			case w.end == "person":
				if d := w.until.Sub(w.since); in(w.until) {
					p.all = append(p.all, d)
					if answers == 0 {
						p.first = append(p.first, d)
					} else {
						p.next = append(p.next, d)
					}
				}
				answers++
			case !in(w.until):
			case w.end == "assistant":
				p.byAssistant++
			case w.end == "closed":
				p.unanswered++
			}
		}
		for _, r := range slices.Backward(events) {
			if r.Type == metrics.KindRatingGiven {
				if in(r.At) {
					p.stars = append(p.stars, r.Stars)
				}
				break
			}
		}
	}
	return p
}

// A plainDesk is the events of each conversation, in order.
type plainDesk map[metrics.ConversationID][]metrics.Record

func (h *history) desk(asOf time.Time) plainDesk {
	var list []metrics.Event
	for _, events := range h.events {
		list = append(list, events...)
	}
	return known(list, asOf)
}

// A plainWait is since when the customer waited, until when, and for what: "person",
// "assistant", "closed", "moved", or "" while it is open.
type plainWait struct {
	since, until time.Time
	end          string
	into         metrics.ConversationID
}

// read returns the waits of a conversation, and whether it was reopened.
func (d plainDesk) read(id metrics.ConversationID) (waits []plainWait, reopened bool) {
	var assisted, answered bool // in the cycle
	state := "new"
	open := func() {
		reopened = reopened || state == "closed"
		if state != "open" {
			assisted, answered = false, false
		}
		state = "open"
	}
	waiting := func() bool { return len(waits) > 0 && waits[len(waits)-1].end == "" }
	end := func(r metrics.Record, how string) {
		if waiting() {
			w := &waits[len(waits)-1]
			w.until, w.end, w.into = r.At, how, r.Into
		}
	}
	hear := func(since time.Time) {
		open()
		if !waiting() {
			waits = append(waits, plainWait{since: since})
		} else if w := &waits[len(waits)-1]; since.Before(w.since) {
			w.since = since
		}
	}
	arrivals := d.arrivals(id)
	arrive := func(before func(at time.Time) bool) {
		for len(arrivals) > 0 && before(arrivals[0].until) {
			hear(arrivals[0].since)
			arrivals = arrivals[1:]
		}
	}
	assistant := func(agent metrics.AgentID) bool {
		return slices.ContainsFunc(d[id], func(r metrics.Record) bool {
			return r.Type == metrics.KindReplySent && r.By == metrics.ByAssistant && r.Agent == agent
		})
	}
	for _, r := range d[id] {
		arrive(func(at time.Time) bool {
			return at.Before(r.At) || at.Equal(r.At) && r.Type >= metrics.KindMessageReceived
		})
		switch r.Type {
		case metrics.KindOpened:
			if state == "new" {
				open()
			}
		case metrics.KindReopened:
			reopened = reopened || state == "new"
			open()
		case metrics.KindMessageReceived:
			hear(r.At)
		case metrics.KindReplySent:
			switch r.By {
			case metrics.ByPerson:
				end(r, "person")
				answered = true
			case metrics.ByAssistant:
				end(r, "assistant")
				assisted = true
			}
		case metrics.KindAssigned: // a hand-off, if it is to a person
			if r.Agent != "" && !assistant(r.Agent) && state == "open" && assisted && !answered && !waiting() {
				waits = append(waits, plainWait{since: r.At})
			}
		case metrics.KindResolved, metrics.KindAbandoned:
			end(r, "closed")
			state = "closed"
		case metrics.KindMerged:
			if d.moves(r) {
				end(r, "moved")
				state = "closed"
			}
		}
	}
	arrive(func(time.Time) bool { return true })
	return waits, reopened
}

// arrivals returns the waits that mergers brought into a conversation, in the order of
// the mergers.
func (d plainDesk) arrivals(id metrics.ConversationID) []plainWait {
	var all []plainWait
	for source, events := range d {
		leads := func(r metrics.Record) bool { return r.Type == metrics.KindMerged && r.Into == id && d.moves(r) }
		if d.discarded(source) || !slices.ContainsFunc(events, leads) {
			continue
		}
		waits, _ := d.read(source)
		for _, w := range waits {
			if w.end == "moved" && w.into == id {
				all = append(all, w)
			}
		}
	}
	slices.SortFunc(all, func(a, b plainWait) int { return a.until.Compare(b.until) })
	return all
}

// discarded reports whether a conversation was discarded, and not restored.
func (d plainDesk) discarded(id metrics.ConversationID) bool {
	for _, r := range slices.Backward(d[id]) {
		if r.Type == metrics.KindDiscarded || r.Type == metrics.KindReopened {
			return r.Type == metrics.KindDiscarded
		}
	}
	return false
}

// moves reports whether a merger has an effect: whether it leads into a conversation
// that is there, and not round in a circle.
func (d plainDesk) moves(r metrics.Record) bool {
	reached, next := map[metrics.ConversationID]bool{}, []metrics.ConversationID{r.Into}
	for len(next) > 0 {
		id := next[0]
		next = next[1:]
		if reached[id] {
			continue
		}
		reached[id] = true
		for _, m := range d[id] {
			if m.Type == metrics.KindMerged {
				next = append(next, m.Into)
			}
		}
	}
	return len(d[r.Into]) > 0 && !d.discarded(r.Into) && !reached[r.Conversation]
}

// occurrences are how many conversations of a test have something.
type occurrences struct {
	all, ties, retractions, moves, assistants, pauses int
}

func (o *occurrences) add(h *history, asOf time.Time) {
	desk := h.desk(asOf)
	for id, events := range desk {
		o.all++
		waits, _ := desk.read(id)
		count := func(n *int, ok bool) {
			if ok {
				*n++
			}
		}
		has := func(of func(i int, r metrics.Record) bool) bool {
			for i, r := range events {
				if of(i, r) {
					return true
				}
			}
			return false
		}
		count(&o.ties, has(func(i int, r metrics.Record) bool {
			return i > 0 && r.At.Equal(events[i-1].At) && r.Seq == events[i-1].Seq
		}))
		count(&o.retractions, has(func(_ int, r metrics.Record) bool {
			return r.Type == metrics.KindRetracted && slices.ContainsFunc(h.events[id], func(e metrics.Event) bool {
				s := metrics.RecordOf(e)
				return s.ID == r.Retracts && !s.At.After(r.At)
			})
		}))
		count(&o.moves, slices.ContainsFunc(waits, func(w plainWait) bool { return w.end == "moved" }))
		count(&o.assistants, has(func(_ int, r metrics.Record) bool { return r.By == metrics.ByAssistant }))
		count(&o.pauses, has(func(_ int, r metrics.Record) bool { return r.For != "" }))
	}
}

// check fails if something occurs in less than a tenth.
func (o *occurrences) check(t *testing.T) {
	for _, n := range []int{o.ties, o.retractions, o.moves, o.assistants, o.pauses} {
		if 10*n < o.all {
			t.Errorf("of %d conversations have less than a tenth what they should: %+v", o.all, *o)
			return
		}
	}
}
