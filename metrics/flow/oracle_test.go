package flow_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
)

// The oracle counts from the raw events, slowly and without a History: whether a
// conversation is open is found by replaying its events up to each moment from
// the beginning, and what happened follows from what is different before and
// after an event.

// An oracle is the records of one conversation in order, and rules.
type oracle struct {
	rules metrics.Rules
	list  []metrics.Record
}

// oracles returns the conversations of events, as known as of an instant.
func oracles(list []metrics.Event, rules metrics.Rules, asOf time.Time) []oracle {
	byID := make(map[metrics.ConversationID][]metrics.Record)
	for _, e := range list {
		r := metrics.RecordOf(e)
		r.At = r.At.UTC()
		if !r.At.After(asOf) {
			byID[r.Conversation] = append(byID[r.Conversation], r)
		}
	}
	var all []oracle
	for _, taken := range byID {
		var distinct []metrics.Record
		for i, r := range taken {
			again := func(s metrics.Record) bool { return s == r || r.ID != "" && s.ID == r.ID }
			if !slices.ContainsFunc(taken[i+1:], again) {
				distinct = append(distinct, r)
			}
		}
		slices.SortFunc(distinct, func(a, b metrics.Record) int {
			automated := func(r metrics.Record) int {
				if r.Automated {
					return 1
				}
				return 0
			}
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Type, b.Type), cmp.Compare(automated(a), automated(b)),
				cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.ID, b.ID))
		})
		all = append(all, oracle{rules, distinct})
	}
	return all
}

// excluded reports whether the conversation counts nowhere.
func (o oracle) excluded() bool {
	spoken := false
	for _, r := range o.list {
		spoken = spoken || r.Type == metrics.KindMessageReceived
		if r.Type == metrics.KindDiscarded || o.rules.ExcludeTeamFirst && r.Type == metrics.KindReplySent && !spoken {
			return true
		}
	}
	return false
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

// state replays events from the beginning: "new", "open" or "closed".
func (o oracle) state(list []metrics.Record) string {
	state := "new"
	for _, r := range list {
		switch r.Type {
		case metrics.KindOpened:
			if state == "new" {
				state = "open"
			}
		case metrics.KindMessageReceived:
			if state == "new" || !o.rules.ReopenExplicitly {
				state = "open"
			}
		case metrics.KindReopened:
			state = "open"
		case metrics.KindResolved, metrics.KindMerged:
			state = "closed"
		}
	}
	return state
}

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
		if open = o.state(o.list[:n+1]) == "open"; open && !was {
			since = o.list[n].At
		}
	}
	return since, open
}

// counts returns what happened from one instant up to but without another.
func (o oracle) counts(from, to time.Time) flow.Counts {
	var c flow.Counts
	within := func(r metrics.Record) int64 {
		if r.At.Before(from) || !r.At.Before(to) {
			return 0
		}
		return 1
	}
	if o.excluded() {
		for _, r := range o.list {
			if r.Type == metrics.KindDiscarded {
				c.Discarded += within(r)
				break
			}
		}
		return c
	}
	for i, r := range o.list {
		one, earlier := within(r), o.list[:i]
		before, after := o.state(earlier), o.state(o.list[:i+1])
		switch {
		case before == "new" && after == "open" && r.Type != metrics.KindReopened:
			c.Arrivals += one
		case before != "open" && after == "open":
			c.Reopenings += one
		case before == "open" && after == "closed" && r.Type == metrics.KindMerged:
			c.Moved += one
		case before == "open" && after == "closed":
			c.Resolutions += one
			for j := i + 1; j < len(o.list); j++ {
				if o.state(o.list[:j+1]) == "open" {
					c.Reopened += one
					break
				}
			}
			if slices.ContainsFunc(earlier, isBot) && !slices.ContainsFunc(earlier, isPerson) {
				c.Deflections += one
			}
		}
		switch {
		case r.Type == metrics.KindMessageReceived:
			c.Volume.Messages += one
		case r.Type == metrics.KindRatingRequested:
			c.Volume.RatingRequested += one
		case isBot(r):
			c.Volume.Automated += one
		case isPerson(r):
			c.Volume.Replies += one
			if !slices.ContainsFunc(earlier, isPerson) {
				c.FirstReplies += one
				if slices.ContainsFunc(earlier, isBot) {
					c.HandOffs += one
				}
			}
			named := func(r metrics.Record) bool { return isPerson(r) && r.Agent != "" }
			if last, ok := lastOf(earlier, named); ok && r.Agent != "" && r.Agent != last.Agent {
				c.Takeovers += one
			}
		case r.Type == metrics.KindAssigned && r.Agent != "":
			assigned := func(r metrics.Record) bool { return r.Type == metrics.KindAssigned }
			named := func(r metrics.Record) bool { return assigned(r) && r.Agent != "" }
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

func isBot(r metrics.Record) bool    { return r.Type == metrics.KindReplySent && r.Automated }
func isPerson(r metrics.Record) bool { return r.Type == metrics.KindReplySent && !r.Automated }

func lastOf(list []metrics.Record, match func(metrics.Record) bool) (metrics.Record, bool) {
	for _, r := range slices.Backward(list) {
		if match(r) {
			return r, true
		}
	}
	return metrics.Record{}, false
}

// handOff returns the first automated reply and the first one of a person, if
// they are in this order.
func (o oracle) handOff() (bot, person metrics.Record, ok bool) {
	i, j := slices.IndexFunc(o.list, isBot), slices.IndexFunc(o.list, isPerson)
	if i < 0 || j < i || o.excluded() {
		return bot, person, false
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
		if o.state(o.list[:i+1]) != "open" {
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
		bot, person, ok := o.handOff()
		if ok && !person.At.Before(span.Start) && person.At.Before(known) {
			handOff.Add(person.At.Sub(bot.At))
			if rules.Calendar != nil {
				inHours.Add(rules.Calendar.Between(bot.At, person.At))
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
