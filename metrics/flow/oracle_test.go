package flow_test

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
)

// The oracle counts from the raw events, slowly and without a History: whether a
// conversation is open is found by replaying its events up to each moment from
// the beginning, and what happened follows from what is different before and
// after an event.

// An oracle is what happened in one conversation, in order, and rules.
type oracle struct {
	id    metrics.ConversationID
	rules metrics.Rules
	list  []happening
}

// A happening is an event, or a wait that a merger brought, which is a message that has
// no event here.
type happening struct {
	metrics.Record
	brought bool
}

// oracles returns the conversations of events, as known as of an instant.
func oracles(list []metrics.Event, rules metrics.Rules, asOf time.Time) []oracle {
	d := desks{rules, known(list, asOf)}
	var all []oracle
	for id := range d.known {
		all = append(all, d.oracle(id))
	}
	return all
}

// desks are the events of all conversations.
type desks struct {
	rules metrics.Rules
	known map[metrics.ConversationID][]metrics.Record
}

// oracle returns a conversation with the waits that mergers brought, each at the instant
// of its merger, before what else a message comes before.
func (d desks) oracle(id metrics.ConversationID) oracle {
	o := oracle{id: id, rules: d.rules}
	for _, r := range d.known[id] {
		if r.Type != metrics.KindMerged || d.moves(r) {
			o.list = append(o.list, happening{Record: r})
		}
	}
	for source, records := range d.known {
		for _, r := range records {
			if r.Type != metrics.KindMerged || r.Into != id || !d.moves(r) {
				continue
			}
			from := d.oracle(source)
			n := slices.Index(from.list, happening{Record: r})
			if from.excluded() || !from.after(n).waiting {
				continue
			}
			at := slices.IndexFunc(o.list, func(h happening) bool {
				return h.At.After(r.At) || h.At.Equal(r.At) && h.Type >= metrics.KindMessageReceived
			})
			if at < 0 {
				at = len(o.list)
			}
			o.list = slices.Insert(o.list, at, happening{metrics.Record{Type: metrics.KindMessageReceived, At: r.At}, true})
		}
	}
	return o
}

// moves reports whether a merger has an effect: whether it leads into a conversation
// that is there, and not round in a circle.
func (d desks) moves(r metrics.Record) bool {
	into := d.known[r.Into]
	return len(into) > 0 && discarded(into).IsZero() && !d.leads(r.Into, r.Conversation, nil)
}

// leads reports whether mergers lead from a conversation to another one, or back to it.
func (d desks) leads(from, to metrics.ConversationID, passed []metrics.ConversationID) bool {
	if from == to {
		return true
	}
	if slices.Contains(passed, from) {
		return false
	}
	return slices.ContainsFunc(d.known[from], func(r metrics.Record) bool {
		return r.Type == metrics.KindMerged && d.leads(r.Into, to, append(passed, from))
	})
}

// discarded returns since when a conversation is discarded, or zero.
func discarded(list []metrics.Record) (since time.Time) {
	for _, r := range slices.Backward(list) {
		if r.Type == metrics.KindReopened {
			break
		}
		if r.Type == metrics.KindDiscarded {
			since = r.At
		}
	}
	return since
}

func (o oracle) records() []metrics.Record {
	var list []metrics.Record
	for _, h := range o.list {
		if !h.brought {
			list = append(list, h.Record)
		}
	}
	return list
}

// excluded reports whether the conversation counts nowhere.
func (o oracle) excluded() bool {
	if !discarded(o.records()).IsZero() {
		return true
	}
	wrote := slices.IndexFunc(o.list, func(h happening) bool { return h.Type == metrics.KindMessageReceived })
	replied := slices.IndexFunc(o.list, func(h happening) bool { return h.Type == metrics.KindReplySent })
	return o.rules.ExcludeTeamFirst && replied >= 0 && (wrote < 0 || replied < wrote)
}

// channel returns the first channel that is named.
func (o oracle) channel() metrics.Channel {
	for _, r := range o.list {
		if r.Channel != "" {
			return r.Channel
		}
	}
	return ""
}

// A standing is how a conversation stands.
type standing struct {
	state   string // "new", "open" or "closed"
	waiting bool   // the customer waits
	// Of a cycle: whether an assistant replied, and whether a person did, or who counts
	// as one.
	assisted, answered bool
}

// after replays what happened from the beginning up to but without number n.
func (o oracle) after(n int) standing {
	s := standing{state: "new"}
	for _, h := range o.list[:n] {
		was := s.state
		switch h.Type {
		case metrics.KindOpened:
			if s.state == "new" {
				s.state = "open"
			}
		case metrics.KindMessageReceived:
			s.waiting = true
			if s.state == "new" || !o.rules.ReopenExplicitly {
				s.state = "open"
			}
		case metrics.KindReopened:
			s.state = "open"
		case metrics.KindReplySent:
			switch {
			case h.By == metrics.ByPerson, h.By == metrics.ByAssistant && o.rules.Assistant == metrics.AssistantAnswers,
				h.By == metrics.ByAutomation && o.rules.Automation == metrics.AutomationAnswers:
				s.waiting, s.answered = false, true
			case h.By == metrics.ByAssistant && o.rules.Assistant == metrics.AssistantEnds:
				s.waiting, s.assisted = false, true
			case h.By == metrics.ByAutomation && o.rules.Automation == metrics.AutomationEnds:
				s.waiting = false
			}
		case metrics.KindAssigned:
			// A hand-off to a person.
			assistant := func(r happening) bool {
				return r.Type == metrics.KindReplySent && r.By == metrics.ByAssistant && r.Agent == h.Agent
			}
			person := h.Agent != "" && !slices.ContainsFunc(o.list, assistant) || h.Agent == "" && h.Team != ""
			s.waiting = s.waiting || person && s.state == "open" && s.assisted && !s.answered
		case metrics.KindResolved, metrics.KindAbandoned, metrics.KindMerged:
			s.state, s.waiting = "closed", false
		}
		if was != "open" && s.state == "open" {
			s.assisted, s.answered = false, false
		}
	}
	return s
}

// state returns "new", "open" or "closed" before number n.
func (o oracle) state(n int) string { return o.after(n).state }

// openAt reports whether the conversation is open at an instant, what happened at
// it included, and since when.
func (o oracle) openAt(t time.Time) (since time.Time, open bool) {
	if o.excluded() {
		return since, false
	}
	for n := range o.list {
		if o.list[n].At.After(t) {
			break
		}
		was := open
		if open = o.state(n+1) == "open"; open && !was {
			since = o.list[n].At
		}
	}
	return since, open
}

// counts returns what happened from one instant up to but without another.
func (o oracle) counts(from, to time.Time) flow.Counts {
	var c flow.Counts
	within := func(at time.Time) int64 {
		if at.Before(from) || !at.Before(to) {
			return 0
		}
		return 1
	}
	if o.excluded() {
		if since := discarded(o.records()); !since.IsZero() {
			c.Discarded += within(since)
		}
		return c
	}
	for i, r := range o.list {
		one, earlier := within(r.At), o.list[:i]
		before, after := o.state(i), o.state(i+1)
		switch {
		case before == "new" && after == "open" && r.Type != metrics.KindReopened:
			c.Arrivals += one
		case before != "open" && after == "open":
			c.Reopenings += one
		case before == "open" && after == "closed" && r.Type == metrics.KindMerged:
			c.Moved += one
		case before == "open" && after == "closed" && r.Type == metrics.KindAbandoned:
			c.Abandoned += one
		case before == "open" && after == "closed":
			c.Resolutions += one
			for j := i + 1; j < len(o.list); j++ {
				if o.state(j+1) == "open" {
					c.Reopened += one
					break
				}
			}
			until := func(by func(happening) bool) bool {
				return slices.ContainsFunc(o.list, func(h happening) bool { return by(h) && !h.At.After(r.At) })
			}
			if until(isAssistant) && !until(isPerson) {
				c.Deflections += one
			}
		}
		switch {
		case r.brought:
		case r.Type == metrics.KindMessageReceived:
			c.Volume.Messages += one
		case r.Type == metrics.KindRatingRequested:
			c.Volume.RatingRequested += one
		case isAssistant(r):
			c.Volume.Assistant += one
		case isPerson(r):
			c.Volume.Replies += one
			if !slices.ContainsFunc(earlier, isPerson) {
				c.FirstReplies += one
				if slices.ContainsFunc(earlier, isAssistant) {
					c.HandOffs += one
				}
			}
			named := func(r happening) bool { return isPerson(r) && r.Agent != "" }
			if last, ok := lastOf(earlier, named); ok && r.Agent != "" && r.Agent != last.Agent {
				c.Takeovers += one
			}
		case r.Type == metrics.KindReplySent:
			c.Volume.Automated += one
		case r.Type == metrics.KindAssigned && r.Agent != "":
			assigned := func(r happening) bool { return r.Type == metrics.KindAssigned }
			named := func(r happening) bool { return assigned(r) && r.Agent != "" }
			if last, ok := lastOf(earlier, assigned); !ok || last.Agent != r.Agent {
				c.Assignments += one
				if last, ok := lastOf(earlier, named); ok && last.Agent != r.Agent {
					c.Reassignments += one
				}
			}
		}
	}
	return c
}

func isAssistant(r happening) bool {
	return r.Type == metrics.KindReplySent && r.By == metrics.ByAssistant
}

func isPerson(r happening) bool {
	return r.Type == metrics.KindReplySent && r.By == metrics.ByPerson
}

func lastOf(list []happening, match func(happening) bool) (happening, bool) {
	for _, r := range slices.Backward(list) {
		if match(r) {
			return r, true
		}
	}
	return happening{}, false
}

// handOff returns the first reply of an assistant and the first one of a person, if
// they are in this order.
func (o oracle) handOff() (assistant, person happening, ok bool) {
	i, j := slices.IndexFunc(o.list, isAssistant), slices.IndexFunc(o.list, isPerson)
	if i < 0 || j < i || o.excluded() {
		return assistant, person, false
	}
	return o.list[i], o.list[j], true
}

// openTime returns for how long the conversation was open between two instants.
func (o oracle) openTime(from, to time.Time) time.Duration {
	if o.excluded() {
		return 0
	}
	var sum time.Duration
	for i, r := range o.list {
		if o.state(i+1) != "open" {
			continue
		}
		start, end := r.At, to
		if i+1 < len(o.list) && o.list[i+1].At.Before(to) {
			end = o.list[i+1].At
		}
		if start.Before(from) {
			start = from
		}
		if start.Before(end) {
			sum += end.Sub(start)
		}
	}
	return sum
}

// An expected row is what a row says, in plain numbers.
type plainRow struct {
	period           metrics.Period
	start, end       time.Time
	opening, closing int64
	counts           flow.Counts
	open             string
	handOff, inHours string
	mean             float64
	hasMean          bool
}

func plain(r flow.Row) plainRow {
	p := plainRow{
		period: r.Period, start: r.Span.Start, end: r.Span.End, opening: r.Opening, closing: r.Closing(), counts: r.Counts,
		open: r.OpenTime().String(), handOff: r.HandOffTime.String(), inHours: r.HandOffInHours.String(),
	}
	p.mean, p.hasMean = r.MeanBacklog()
	return p
}

// expected returns the row of a period as the oracle counts it.
func expected(all []oracle, rules metrics.Rules, p metrics.Period, span metrics.Span, asOf time.Time) plainRow {
	known := span.End // up to which events count
	if asOf.Before(span.End) {
		span.End, known = asOf, asOf.Add(1)
	}
	want := plainRow{period: p, start: span.Start, end: span.End}
	var open time.Duration
	var handOff, inHours metrics.Summary
	for _, o := range all {
		if _, ok := o.openAt(span.Start.Add(-1)); ok {
			want.opening++
		}
		if _, ok := o.openAt(known.Add(-1)); ok {
			want.closing++
		}
		n := o.counts(span.Start, known)
		want.counts.Merge(&n)
		open += o.openTime(span.Start, span.End)
		assistant, person, ok := o.handOff()
		if ok && !person.At.Before(span.Start) && person.At.Before(known) {
			handOff.Add(person.At.Sub(assistant.At))
			if rules.Calendar != nil {
				inHours.Add(rules.Calendar.Between(assistant.At, person.At))
			}
		}
	}
	want.open = seconds(open)
	want.handOff, want.inHours = handOff.String(), inHours.String()
	if length := span.End.Sub(span.Start); length > 0 {
		want.mean, want.hasMean = quotient(int64(open), int64(length)), true
	}
	return want
}
