package metrics_test

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// The oracle reads a conversation as the documentation of package metrics says,
// slowly: each question walks over the list of events again and keeps no state
// from the one before. It works on records, without a log.

// known returns the records of the events at or before asOf, each once, in the
// order of time.
func known(list []metrics.Event, asOf int64) []metrics.Record {
	var taken []metrics.Record
	for _, e := range list {
		r := metrics.RecordOf(e)
		r.At = r.At.UTC()
		if r.At.UnixNano() <= asOf {
			taken = append(taken, r)
		}
	}
	var distinct []metrics.Record
	for i, r := range taken {
		later := slices.ContainsFunc(taken[i+1:], func(s metrics.Record) bool {
			if r.ID != "" {
				return s.ID == r.ID && s.Conversation == r.Conversation
			}
			return s == r
		})
		if !later {
			distinct = append(distinct, r)
		}
	}
	slices.SortStableFunc(distinct, func(a, b metrics.Record) int {
		return cmp.Or(
			a.At.Compare(b.At),
			cmp.Compare(a.Type, b.Type),
			// Of one instant and kind: people before automation, fewer stars
			// before more, then by name.
			cmp.Compare(count(a.Automated), count(b.Automated)),
			cmp.Compare(a.Stars, b.Stars),
			cmp.Compare(a.Agent, b.Agent),
			cmp.Compare(a.Customer, b.Customer),
			cmp.Compare(a.Priority, b.Priority),
			cmp.Compare(a.Into, b.Into),
			cmp.Compare(a.Channel, b.Channel),
			cmp.Compare(a.ID, b.ID),
		)
	})
	return distinct
}

func count(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// still is the end of what goes on.
const still = math.MaxInt64

type oracleSpan struct {
	start, end int64
	outcome    metrics.Outcome // of a cycle: Answered is resolved
	credit     metrics.AgentID // who acted, by the rules
	charge     metrics.AgentID // who had the conversation at the end
	channel    metrics.Channel
	first      bool
}

// agent is who the span belongs to in a breakdown.
func (s oracleSpan) agent() metrics.AgentID {
	if s.outcome == metrics.Answered || s.outcome == metrics.AnsweredByAutomation {
		return s.credit
	}
	return s.charge
}

// An oracle is a conversation's records, and rules.
type oracle struct {
	rules metrics.Rules
	list  []metrics.Record
}

func ns(r metrics.Record) int64 { return r.At.UnixNano() }

// answers tells whether a reply counts as one that a person sent.
func (o oracle) answers(r metrics.Record) bool {
	return r.Type == metrics.KindReplySent && (!r.Automated || o.rules.Automated == metrics.AutomatedAnswers)
}

func (o oracle) before(i int, match func(metrics.Record) bool) bool {
	return slices.ContainsFunc(o.list[:i], match)
}

func isMessage(r metrics.Record) bool { return r.Type == metrics.KindMessageReceived }

func (o oracle) counts() bool {
	for i, r := range o.list {
		if r.Type == metrics.KindDiscarded {
			return false
		}
		if o.rules.ExcludeTeamFirst && r.Type == metrics.KindReplySent && !o.before(i, isMessage) {
			return false
		}
	}
	return len(o.list) > 0
}

func (o oracle) channel() metrics.Channel {
	for _, r := range o.list {
		if r.Channel != "" {
			return r.Channel
		}
	}
	return ""
}

func (o oracle) customer() metrics.CustomerID {
	for _, r := range o.list {
		if r.Customer != "" {
			return r.Customer
		}
	}
	return ""
}

func (o oracle) priority() metrics.Priority {
	for _, r := range o.list {
		if r.Priority != "" {
			return r.Priority
		}
	}
	return ""
}

// assigned returns who is assigned after the first n events.
func (o oracle) assigned(n int) metrics.AgentID {
	for i := n - 1; i >= 0; i-- {
		if o.list[i].Type == metrics.KindAssigned {
			return o.list[i].Agent
		}
	}
	return ""
}

// charge returns who has the conversation after the first n events.
func (o oracle) charge(n int) metrics.AgentID {
	var replier metrics.AgentID
	for i := n - 1; i >= 0 && replier == ""; i-- {
		if o.answers(o.list[i]) {
			replier = o.list[i].Agent
		}
	}
	if o.rules.CreditAssigned {
		return cmp.Or(o.assigned(n), replier)
	}
	return cmp.Or(replier, o.assigned(n))
}

// credit returns who has the credit for what agent did in event i.
func (o oracle) credit(i int, agent metrics.AgentID) metrics.AgentID {
	if o.rules.CreditAssigned {
		return cmp.Or(o.assigned(i), agent)
	}
	return agent
}

// ends tells how a wait that runs at event i ends there, if it does.
func (o oracle) ends(i int) (outcome metrics.Outcome, credit metrics.AgentID) {
	switch r := o.list[i]; {
	case o.answers(r):
		return metrics.Answered, o.credit(i, r.Agent)
	case r.Type == metrics.KindReplySent && o.rules.Automated == metrics.AutomatedEnds:
		return metrics.AnsweredByAutomation, r.Agent
	case r.Type == metrics.KindResolved:
		return metrics.ClosedUnanswered, ""
	case r.Type == metrics.KindMerged:
		return metrics.Moved, ""
	}
	return metrics.Open, ""
}

// waits reads the waits one after another: each looks for its start behind the
// end of the one before, and for its end behind its start.
func (o oracle) waits() []oracleSpan {
	var waits []oracleSpan
	answered := false
	for i := 0; i < len(o.list); i++ {
		r := o.list[i]
		opened := o.rules.FirstResponseFrom == metrics.FromOpened && !answered && r.Type == metrics.KindOpened &&
			!slices.ContainsFunc(o.list[:i], isMessage)
		if !isMessage(r) && !opened {
			continue
		}
		w := oracleSpan{start: ns(r), end: still, charge: o.charge(len(o.list)), channel: r.Channel}
		var assignment int64 = still
		for i++; i < len(o.list); i++ {
			next := o.list[i]
			if isMessage(next) && w.channel == "" {
				w.channel = next.Channel
			}
			if next.Type == metrics.KindAssigned && next.Agent != "" && assignment == still {
				assignment = ns(next)
			}
			if outcome, credit := o.ends(i); outcome != metrics.Open {
				w.end, w.outcome, w.credit, w.charge = ns(next), outcome, credit, o.charge(i)
				break
			}
		}
		w.first = !answered && (w.outcome == metrics.Answered || w.outcome == metrics.Open)
		if o.rules.FirstResponseFrom == metrics.FromAssigned && !answered && assignment != still {
			w.start = assignment
		}
		answered = answered || w.outcome == metrics.Answered
		w.channel = cmp.Or(w.channel, o.channel())
		waits = append(waits, w)
	}
	return waits
}

// cycles reads the cycles, and how many of them are reopenings.
func (o oracle) cycles() (cycles []oracleSpan, reopens int) {
	closed := false
	for i := 0; i < len(o.list); i++ {
		r := o.list[i]
		switch {
		case r.Type == metrics.KindResolved || r.Type == metrics.KindMerged:
			closed = true
			continue
		case r.Type == metrics.KindReopened:
			reopens++
		case isMessage(r) && closed && !o.rules.ReopenExplicitly:
			reopens++
		case (isMessage(r) || r.Type == metrics.KindOpened) && !closed:
		default:
			continue
		}
		c := oracleSpan{start: ns(r), end: still, charge: o.charge(len(o.list)), channel: o.channel()}
		for i++; i < len(o.list); i++ {
			next := o.list[i]
			if next.Type != metrics.KindResolved && next.Type != metrics.KindMerged {
				continue
			}
			c.end, c.charge, c.outcome = ns(next), o.charge(i), metrics.Moved
			if next.Type == metrics.KindResolved {
				c.outcome, c.credit = metrics.Answered, c.charge
				if next.Agent != "" {
					c.credit = o.credit(i, next.Agent)
				}
			}
			break
		}
		closed = true
		cycles = append(cycles, c)
	}
	return cycles, reopens
}

// holds returns the pauses: each from the first Paused to the next Resumed,
// Resolved or Merged.
func (o oracle) holds() []hold {
	var holds []hold
	for i := 0; i < len(o.list); i++ {
		if o.list[i].Type != metrics.KindPaused {
			continue
		}
		h := hold{ns(o.list[i]), still}
		for i++; i < len(o.list); i++ {
			if k := o.list[i].Type; k == metrics.KindResumed || k == metrics.KindResolved || k == metrics.KindMerged {
				h.end = ns(o.list[i])
				break
			}
		}
		holds = append(holds, h)
	}
	return holds
}

type hold struct{ start, end int64 }

// cut returns the pauses within a span.
func (o oracle) cut(start, end int64) []hold {
	var inside []hold
	for _, h := range o.holds() {
		h.start, h.end = max(h.start, start), min(h.end, end)
		if h.start < h.end {
			inside = append(inside, h)
		}
	}
	return inside
}

// length returns the time from start to end, less pauses if they stop it.
func (o oracle) length(c metrics.Calendar, start, end int64, pauses bool) time.Duration {
	d := c.Between(time.Unix(0, start), time.Unix(0, end))
	if pauses {
		for _, h := range o.cut(start, end) {
			d -= c.Between(time.Unix(0, h.start), time.Unix(0, h.end))
		}
	}
	return d
}

// resolved tells whether the conversation is resolved now: how its last cycle
// ended.
func (o oracle) resolved() bool {
	cycles, _ := o.cycles()
	return len(cycles) > 0 && cycles[len(cycles)-1].outcome == metrics.Answered
}

func (o oracle) isOpen() bool {
	cycles, _ := o.cycles()
	return len(cycles) > 0 && cycles[len(cycles)-1].end == still
}

// replies returns the number of replies up to the last Resolved, and of all.
func (o oracle) replies() (resolved, all int) {
	for _, r := range o.list {
		if o.answers(r) {
			all++
		}
		if r.Type == metrics.KindResolved {
			resolved = all
		}
	}
	return resolved, all
}

type oracleRating struct {
	at      int64
	stars   rating.Stars
	agent   metrics.AgentID
	channel metrics.Channel
}

func (o oracle) ratings() []oracleRating {
	var all []oracleRating
	for i, r := range o.list {
		if r.Type == metrics.KindRatingGiven {
			all = append(all, oracleRating{ns(r), r.Stars, cmp.Or(r.Agent, o.charge(i)), cmp.Or(r.Channel, o.channel())})
		}
	}
	if n := len(all); n > 1 && !o.rules.CountEachRating {
		all = all[n-1:]
	}
	return all
}

func (o oracle) volume() metrics.Volume {
	var v metrics.Volume
	for _, r := range o.list {
		v.Messages += count(isMessage(r))
		v.Replies += count(r.Type == metrics.KindReplySent && !r.Automated)
		v.Automated += count(r.Automated)
		v.RatingRequested += count(r.Type == metrics.KindRatingRequested)
	}
	return v
}
