package flow_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// known returns the events of each conversation that are in force as of an instant, in
// order: slowly, from the events as they were taken.
func known(list []metrics.Event, asOf time.Time) map[metrics.ConversationID][]metrics.Record {
	taken := make(map[metrics.ConversationID][]metrics.Record)
	for _, e := range list {
		r := metrics.RecordOf(e)
		r.At = r.At.UTC()
		if r.Type == metrics.KindPaused && r.For == "" {
			r.For = string(metrics.ForCustomer)
		}
		if !r.At.After(asOf) {
			taken[r.Conversation] = append(taken[r.Conversation], r)
		}
	}
	for id, records := range taken {
		records = inForce(records)
		if len(records) == 0 {
			delete(taken, id)
			continue
		}
		taken[id] = inOrder(records)
	}
	return taken
}

// inForce returns the last version of each event of a conversation, without what was
// retracted.
func inForce(taken []metrics.Record) []metrics.Record {
	var last, left []metrics.Record
	for i, r := range taken {
		again := func(s metrics.Record) bool {
			return s == r || r.ID != "" && s.ID == r.ID && s.Type == r.Type
		}
		if !slices.ContainsFunc(taken[i+1:], again) {
			last = append(last, r)
		}
	}
	// Only a later Retracted takes a Retracted back, so that this ends.
	var retracted func(r metrics.Record) bool
	retracted = func(r metrics.Record) bool {
		return r.ID != "" && slices.ContainsFunc(last, func(s metrics.Record) bool {
			late := s.At.After(r.At) || s.At.Equal(r.At) && r.Type != metrics.KindRetracted
			return s.Type == metrics.KindRetracted && s.Retracts == r.ID && late && !retracted(s)
		})
	}
	for _, r := range last {
		if !retracted(r) {
			left = append(left, r)
		}
	}
	return left
}

// inOrder puts events in order: of those with the least instant and Seq, the next is the
// first in the order of kinds that is not idle after those that are in order already; if
// all of them are idle, the first.
func inOrder(left []metrics.Record) []metrics.Record {
	all := left
	left = slices.Clone(left)
	slices.SortFunc(left, func(a, b metrics.Record) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Type, b.Type),
			cmp.Compare(a.By, b.By), cmp.Compare(a.Stars, b.Stars),
			cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Into, b.Into),
			cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Team, b.Team), cmp.Compare(a.For, b.For),
			a.Until.Compare(b.Until), cmp.Compare(a.Took, b.Took), cmp.Compare(a.Retracts, b.Retracts), cmp.Compare(a.ID, b.ID))
	})
	var done []metrics.Record
	for len(left) > 0 {
		tied := 1
		for tied < len(left) && left[tied].At.Equal(left[0].At) && left[tied].Seq == left[0].Seq {
			tied++
		}
		next := max(0, slices.IndexFunc(left[:tied], func(r metrics.Record) bool { return !idle(r, done, left[:tied], all) }))
		done = append(done, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return done
}

// idle reports whether an event says what is so already after those that are done. Tied
// are those of its instant and Seq that are to come; all are those of the conversation.
func idle(r metrics.Record, done, tied, all []metrics.Record) bool {
	record, open, discarded, waiting, assisted, answered := false, false, false, false, false, false
	var held, assigned, prioritized metrics.Record // the last ones; held of kind 0 if it is not on hold
	for _, d := range done {
		if !open && (d.Type == metrics.KindMessageReceived || d.Type == metrics.KindReopened || d.Type == metrics.KindOpened && !record) {
			assisted, answered = false, false
		}
		switch d.Type {
		case metrics.KindOpened:
			if !record {
				record, open, prioritized = true, true, d
			}
		case metrics.KindReopened:
			if !open { // a hold while it was closed is over
				held = metrics.Record{}
			}
			record, open, discarded = true, true, false
		case metrics.KindMessageReceived:
			if record && !open || held.For == "" || held.For == string(metrics.ForCustomer) {
				held = metrics.Record{}
			}
			record, open, waiting = true, true, true
		case metrics.KindReplySent:
			waiting = waiting && d.By == metrics.ByAutomation
			answered = answered || d.By == metrics.ByPerson
			assisted = !answered && (assisted || d.By == metrics.ByAssistant)
		case metrics.KindResolved, metrics.KindAbandoned, metrics.KindMerged:
			if record && !open {
				break
			}
			if !held.At.Equal(d.At) || held.Seq != d.Seq { // one that begins here goes on
				held = metrics.Record{}
			}
			record, open, waiting = true, false, false
		case metrics.KindDiscarded:
			discarded = true
		case metrics.KindAssigned:
			assigned = d
			waiting = waiting || open && assisted && toPerson(d, all) // a hand-off
		case metrics.KindPrioritized:
			prioritized = d
		case metrics.KindPaused:
			if held.Type == 0 || !held.Until.IsZero() && !d.At.Before(held.Until) {
				held = d
			}
		case metrics.KindResumed:
			held = metrics.Record{}
		}
	}
	onHold := held.Type != 0 && (held.Until.IsZero() || r.At.Before(held.Until))
	switch r.Type {
	case metrics.KindOpened:
		return record
	case metrics.KindReopened:
		return open && !discarded
	case metrics.KindMessageReceived:
		return waiting && slices.ContainsFunc(tied, func(s metrics.Record) bool {
			return s.Type == metrics.KindReplySent && s.By != metrics.ByAutomation
		})
	case metrics.KindAssigned:
		return r.Agent == assigned.Agent && r.Team == assigned.Team
	case metrics.KindPrioritized:
		return r.Priority == prioritized.Priority
	case metrics.KindPaused:
		return onHold
	case metrics.KindResumed:
		return !onHold
	case metrics.KindResolved, metrics.KindAbandoned, metrics.KindMerged:
		return record && !open
	}
	return false
}

// toPerson reports whether an assignment is to somebody who is not an assistant of the
// conversation, or to a team.
func toPerson(r metrics.Record, all []metrics.Record) bool {
	if r.Agent == "" {
		return r.Team != ""
	}
	return !slices.ContainsFunc(all, func(s metrics.Record) bool {
		return s.Type == metrics.KindReplySent && s.By == metrics.ByAssistant && s.Agent == r.Agent
	})
}
