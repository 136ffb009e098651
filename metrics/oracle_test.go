package metrics_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// The oracle reads a conversation as the documentation of package metrics says,
// slowly: each question walks over the list of events again and keeps no state
// from the one before. It works on records, without a log.

// known returns the records in force of the events at or before asOf, each once, in
// their order.
func known(list []metrics.Event, asOf int64) []metrics.Record {
	var taken []metrics.Record
	for _, e := range list {
		r := metrics.RecordOf(e)
		r.At = r.At.UTC()
		if r.Type == metrics.KindPaused {
			r.For = string(reasonOf(r))
		}
		if r.At.UnixNano() <= asOf {
			taken = append(taken, r)
		}
	}
	var distinct []metrics.Record
	for i, r := range taken {
		later := slices.ContainsFunc(taken[i+1:], func(s metrics.Record) bool {
			if r.ID != "" {
				return s.ID == r.ID && s.Type == r.Type && s.Conversation == r.Conversation
			}
			return s == r
		})
		if !later {
			distinct = append(distinct, r)
		}
	}
	inForce := slices.DeleteFunc(slices.Clone(distinct), func(r metrics.Record) bool { return retracted(r, distinct) })
	return inOrder(inForce)
}

// retracted tells whether one of the records takes r back, and is not taken back itself.
func retracted(r metrics.Record, all []metrics.Record) bool {
	return r.ID != "" && slices.ContainsFunc(all, func(by metrics.Record) bool {
		return by.Type == metrics.KindRetracted && by.Conversation == r.Conversation && by.Retracts == r.ID &&
			(r.At.Before(by.At) || r.At.Equal(by.At) && r.Type != metrics.KindRetracted) && !retracted(by, all)
	})
}

// inOrder orders records: again and again it takes, of those with the least instant and
// Seq, the first that is not idle after those before it.
func inOrder(list []metrics.Record) []metrics.Record {
	rest := slices.Clone(list)
	// Of one kind: people first, fewer stars before more, then by name.
	slices.SortStableFunc(rest, func(a, b metrics.Record) int {
		return cmp.Or(
			a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Type, b.Type),
			cmp.Compare(a.By, b.By), cmp.Compare(a.Stars, b.Stars),
			cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Customer, b.Customer),
			cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Into, b.Into),
			cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Team, b.Team), cmp.Compare(a.For, b.For),
			a.Until.Compare(b.Until), cmp.Compare(a.Took, b.Took), cmp.Compare(a.Retracts, b.Retracts),
			cmp.Compare(a.ID, b.ID),
		)
	})
	var done []metrics.Record
	for len(rest) > 0 {
		tied := 1
		for tied < len(rest) && rest[tied].At.Equal(rest[0].At) && rest[tied].Seq == rest[0].Seq {
			tied++
		}
		next := max(0, slices.IndexFunc(rest[:tied], func(r metrics.Record) bool { return !idle(r, done, rest[:tied], list) }))
		done = append(done, rest[next])
		rest = slices.Delete(rest, next, next+1)
	}
	return done
}

// idle tells whether r says what is so already after done, as the rules of zero value
// read it, while the others are still to come at its instant.
func idle(r metrics.Record, done, others, all []metrics.Record) bool {
	last := func(matches func(metrics.Record) bool) int {
		for i := len(done) - 1; i >= 0; i-- {
			if matches(done[i]) {
				return i
			}
		}
		return -1
	}
	of := func(kinds ...metrics.Kind) int {
		return last(func(s metrics.Record) bool { return slices.Contains(kinds, s.Type) })
	}
	closing := of(metrics.KindResolved, metrics.KindAbandoned, metrics.KindMerged)
	// A later Opened opens only what was never there.
	opening := of(metrics.KindMessageReceived, metrics.KindReopened)
	if opening < 0 && closing < 0 {
		opening = of(metrics.KindOpened)
	}
	open, closed := opening > closing, closing > opening
	switch r.Type {
	case metrics.KindOpened:
		return open || closed
	case metrics.KindReopened:
		return open && of(metrics.KindDiscarded) <= of(metrics.KindReopened)
	case metrics.KindResolved, metrics.KindAbandoned, metrics.KindMerged:
		return closed
	case metrics.KindPrioritized:
		return r.Priority == priorityAfter(done)
	case metrics.KindAssigned:
		i := of(metrics.KindAssigned)
		return i >= 0 && done[i].Agent == r.Agent && done[i].Team == r.Team || i < 0 && r.Agent == "" && r.Team == ""
	case metrics.KindPaused:
		return onHold(done, r.At)
	case metrics.KindResumed:
		return !onHold(done, r.At)
	case metrics.KindMessageReceived:
		ended := max(closing, last(isAnswer))
		waits := of(metrics.KindMessageReceived) > ended || handedOver(done, all, ended)
		return waits && slices.ContainsFunc(others, isAnswer)
	}
	return false
}

// handedOver tells whether one of the records behind the last that ended a wait hands an
// open conversation over from an assistant that answered to a person who has not.
func handedOver(done, all []metrics.Record, ended int) bool {
	begun := -1 // where the last cycle began
	open, closed := false, false
	for i, r := range done {
		switch r.Type {
		case metrics.KindOpened, metrics.KindMessageReceived, metrics.KindReopened:
			if !open && (r.Type != metrics.KindOpened || !closed) {
				begun, open, closed = i, true, false
			}
		case metrics.KindResolved, metrics.KindAbandoned, metrics.KindMerged:
			open, closed = false, true
		}
	}
	if !open {
		return false
	}
	by := func(who metrics.Actor) func(metrics.Record) bool {
		return func(r metrics.Record) bool { return r.Type == metrics.KindReplySent && r.By == who }
	}
	for i := max(begun, ended) + 1; i < len(done); i++ {
		to, before := done[i], done[begun:i]
		assistant := slices.ContainsFunc(all, func(r metrics.Record) bool { return by(metrics.ByAssistant)(r) && r.Agent == to.Agent })
		if to.Type == metrics.KindAssigned && (to.Agent != "" && !assistant || to.Agent == "" && to.Team != "") &&
			slices.ContainsFunc(before, by(metrics.ByAssistant)) && !slices.ContainsFunc(before, by(metrics.ByPerson)) {
			return true
		}
	}
	return false
}

// isAnswer tells a reply that a person or an assistant sent.
func isAnswer(r metrics.Record) bool {
	return r.Type == metrics.KindReplySent && r.By != metrics.ByAutomation
}

// priorityAfter returns the priority after the records: that of the first Opened, if it
// was the first to open the conversation, and of each Prioritized.
func priorityAfter(done []metrics.Record) (p metrics.Priority) {
	begun := false
	for _, r := range done {
		switch r.Type {
		case metrics.KindPrioritized:
			p = r.Priority
		case metrics.KindOpened:
			if !begun {
				p = r.Priority
			}
			begun = true
		case metrics.KindMessageReceived, metrics.KindReopened, metrics.KindResolved, metrics.KindAbandoned, metrics.KindMerged:
			begun = true
		}
	}
	return p
}

// onHold tells whether the records leave the conversation on hold at an instant.
func onHold(done []metrics.Record, at time.Time) bool {
	var paused *metrics.Record
	open, closed := false, false
	for i, r := range done {
		running := paused != nil && (paused.Until.IsZero() || r.At.Before(paused.Until))
		switch r.Type {
		case metrics.KindPaused:
			if !running {
				paused = &done[i]
			}
		case metrics.KindOpened:
			open = open || !closed
		case metrics.KindMessageReceived:
			if paused != nil && (closed || reasonOf(*paused) == metrics.ForCustomer) {
				paused = nil
			}
			open, closed = true, false
		case metrics.KindReopened:
			if !open {
				paused = nil
			}
			open, closed = true, false
		case metrics.KindResumed:
			paused = nil
		case metrics.KindResolved, metrics.KindAbandoned, metrics.KindMerged:
			if !closed && paused != nil && (paused.At.Before(r.At) || paused.Seq < r.Seq) {
				paused = nil
			}
			open, closed = false, true
		}
	}
	return paused != nil && (paused.Until.IsZero() || at.Before(paused.Until))
}

// reasonOf returns what a pause is for.
func reasonOf(r metrics.Record) metrics.HoldReason {
	return cmp.Or(metrics.HoldReason(r.For), metrics.ForCustomer)
}

func count(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// still is the end of what goes on.
const still = math.MaxInt64

// An oracleSpan is a wait or a cycle.
type oracleSpan struct {
	start, end int64
	outcome    metrics.Outcome // of a cycle: Answered is resolved
	credit     metrics.AgentID // who acted, by the rules
	charge     metrics.AgentID // who had the conversation at the end
	channel    metrics.Channel
	own        metrics.Channel        // that its messages name
	into       metrics.ConversationID // where it went on
	from, upTo int                    // the events that started and ended a cycle
	reopened   bool                   // whether a cycle is not the first
	decides    bool                   // whether a wait decides the first response
	handedOff  bool                   // whether a hand-off started a wait
	unassigned bool                   // whether the clock of a wait still stands
}

// agent is who the span belongs to in a breakdown.
func (s oracleSpan) agent() metrics.AgentID {
	switch s.outcome {
	case metrics.Answered, metrics.AnsweredByAssistant, metrics.AnsweredByAutomation:
		return s.credit
	}
	return s.charge
}

// An oracle is a conversation's records, and rules. Waits that arrived from merged
// conversations are among the records, as messages whose Until is their start.
type oracle struct {
	rules metrics.Rules
	list  []metrics.Record
	moves func(metrics.Record) bool // whether a merger has an effect; nil if none has
}

// oracles returns an oracle for each conversation of the events, known or not.
func oracles(list []metrics.Event, rules metrics.Rules, asOf int64) map[metrics.ConversationID]oracle {
	taken := make(map[metrics.ConversationID][]metrics.Event)
	for _, e := range list {
		id := metrics.RecordOf(e).Conversation
		taken[id] = append(taken[id], e)
	}
	desk := make(map[metrics.ConversationID][]metrics.Record)
	for id, events := range taken {
		desk[id] = known(events, asOf)
	}
	moves := func(m metrics.Record) bool { return takesEffect(desk, m) }
	all := make(map[metrics.ConversationID]oracle)
	for id := range desk {
		all[id] = withArrivals(desk, id, rules, moves)
	}
	return all
}

// takesEffect tells whether a merger goes to a conversation that counts and does not come
// back.
func takesEffect(desk map[metrics.ConversationID][]metrics.Record, m metrics.Record) bool {
	target := desk[m.Into]
	if len(target) == 0 || discarded(target) {
		return false
	}
	reached := []metrics.ConversationID{m.Into}
	for i := 0; i < len(reached); i++ {
		for _, r := range desk[reached[i]] {
			if r.Type == metrics.KindMerged && !slices.Contains(reached, r.Into) {
				reached = append(reached, r.Into)
			}
		}
	}
	return !slices.Contains(reached, m.Conversation)
}

// withArrivals returns the oracle of a conversation into which others may have been merged.
func withArrivals(
	desk map[metrics.ConversationID][]metrics.Record, id metrics.ConversationID, rules metrics.Rules, moves func(metrics.Record) bool,
) oracle {
	var arrivals []metrics.Record
	for source, events := range desk {
		if !slices.ContainsFunc(events, func(r metrics.Record) bool { return r.Type == metrics.KindMerged && r.Into == id && moves(r) }) {
			continue
		}
		if o := withArrivals(desk, source, rules, moves); o.counts() {
			for _, w := range o.waits() {
				if w.outcome == metrics.Moved && w.into == id {
					arrivals = append(arrivals, metrics.Record{
						Type: metrics.KindMessageReceived, Conversation: id, At: instantOf(w.end), Until: instantOf(w.start), Channel: w.own,
						For: map[bool]string{true: "unassigned"}[w.unassigned],
					})
				}
			}
		}
	}
	slices.SortFunc(arrivals, func(a, b metrics.Record) int {
		return cmp.Or(a.At.Compare(b.At), a.Until.Compare(b.Until), cmp.Compare(a.Channel, b.Channel))
	})
	list := slices.Clone(desk[id])
	for _, a := range arrivals {
		i := slices.IndexFunc(list, func(r metrics.Record) bool {
			return r.At.After(a.At) || r.At.Equal(a.At) && r.Type >= metrics.KindMessageReceived && !arrived(r)
		})
		if i < 0 {
			i = len(list)
		}
		list = slices.Insert(list, i, a)
	}
	return oracle{rules, list, moves}
}

// arrived tells a wait that came from a merged conversation from a message.
func arrived(r metrics.Record) bool { return isMessage(r) && !r.Until.IsZero() }

func ns(r metrics.Record) int64 { return r.At.UnixNano() }

// answers tells whether a reply counts as one that a person sent.
func (o oracle) answers(r metrics.Record) bool {
	if r.Type != metrics.KindReplySent {
		return false
	}
	switch r.By {
	case metrics.ByAutomation:
		return o.rules.Automation == metrics.AutomationAnswers
	case metrics.ByAssistant:
		return o.rules.Assistant == metrics.AssistantAnswers
	}
	return true
}

// assists tells whether a reply ends a wait as one of an assistant.
func (o oracle) assists(r metrics.Record) bool {
	return r.Type == metrics.KindReplySent && r.By == metrics.ByAssistant && o.rules.Assistant == metrics.AssistantEnds
}

// closes tells whether an event closes the conversation.
func (o oracle) closes(r metrics.Record) bool {
	return r.Type == metrics.KindResolved || r.Type == metrics.KindAbandoned ||
		r.Type == metrics.KindMerged && o.moves != nil && o.moves(r)
}

func (o oracle) before(i int, match func(metrics.Record) bool) bool {
	return slices.ContainsFunc(o.list[:i], match)
}

func isMessage(r metrics.Record) bool { return r.Type == metrics.KindMessageReceived }

func discarded(list []metrics.Record) (is bool) {
	for _, r := range list {
		switch r.Type {
		case metrics.KindDiscarded:
			is = true
		case metrics.KindReopened:
			is = false
		}
	}
	return is
}

func (o oracle) counts() bool {
	for i, r := range o.list {
		if o.rules.ExcludeTeamFirst && r.Type == metrics.KindReplySent && !o.before(i, isMessage) {
			return false
		}
	}
	return len(o.list) > 0 && !discarded(o.list)
}

// begin returns the first event of the conversation itself.
func (o oracle) begin() metrics.Record {
	return o.list[slices.IndexFunc(o.list, func(r metrics.Record) bool { return !arrived(r) })]
}

func (o oracle) channel() metrics.Channel {
	for _, r := range o.list {
		if r.Channel != "" && !arrived(r) {
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
		if r.Type == metrics.KindOpened && r.Priority != "" {
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
	case o.assists(r):
		return metrics.AnsweredByAssistant, r.Agent
	case r.Type == metrics.KindReplySent && r.By == metrics.ByAutomation && o.rules.Automation == metrics.AutomationEnds:
		return metrics.AnsweredByAutomation, r.Agent
	case !o.closes(r):
		return metrics.Open, ""
	case r.Type == metrics.KindResolved:
		return metrics.ClosedUnanswered, ""
	case r.Type == metrics.KindAbandoned:
		return metrics.GaveUp, ""
	default:
		return metrics.Moved, ""
	}
}

// handsOff tells whether event i, while nobody waits, hands the conversation over from an
// assistant that answered to a person who has not.
func (o oracle) handsOff(i int) bool {
	to := o.list[i]
	if to.Type != metrics.KindAssigned || to.Agent == "" && to.Team == "" {
		return false
	}
	for _, r := range o.list {
		if to.Agent != "" && r.Type == metrics.KindReplySent && r.By == metrics.ByAssistant && r.Agent == to.Agent {
			return false
		}
	}
	cycles, _ := o.cycles()
	for _, c := range cycles {
		if until := c.upTo; c.from < i && i < until {
			return slices.ContainsFunc(o.list[c.from:i], o.assists) && !slices.ContainsFunc(o.list[c.from:i], o.answers)
		}
	}
	return false
}

// waits reads the waits one after another: each looks for its start behind the
// end of the one before, and for its end behind its start.
func (o oracle) waits() []oracleSpan {
	var waits []oracleSpan
	answered := false
	since := func(r metrics.Record) int64 {
		if arrived(r) {
			return r.Until.UnixNano()
		}
		return ns(r)
	}
	for i := 0; i < len(o.list); i++ {
		r := o.list[i]
		opened := o.rules.FirstResponseFrom == metrics.FromOpened && !answered && r.Type == metrics.KindOpened && !o.before(i, isMessage)
		if !isMessage(r) && !opened && !o.handsOff(i) {
			continue
		}
		w := oracleSpan{start: since(r), end: still, charge: o.charge(len(o.list)), channel: r.Channel, handedOff: r.Type == metrics.KindAssigned}
		late := o.assigned(i+1) != "" || arrived(r) && r.For == "" // the clock runs already
		for i++; i < len(o.list); i++ {
			next := o.list[i]
			if isMessage(next) {
				w.start, w.channel = min(w.start, since(next)), cmp.Or(w.channel, next.Channel)
				late = late || arrived(next) && next.For == ""
			}
			if next.Type == metrics.KindAssigned && next.Agent != "" && !late && !answered && o.rules.FirstResponseFrom == metrics.FromAssigned {
				w.start, late = ns(next), true
			}
			if outcome, credit := o.ends(i); outcome != metrics.Open {
				w.end, w.outcome, w.credit, w.charge, w.into = ns(next), outcome, credit, o.charge(i), next.Into
				break
			}
		}
		w.unassigned = o.rules.FirstResponseFrom == metrics.FromAssigned && !answered && !late
		w.decides = !answered && w.outcome == metrics.Answered || !answered && w.outcome == metrics.Open
		answered = answered || w.outcome == metrics.Answered
		w.own, w.channel = w.channel, cmp.Or(w.channel, o.channel())
		waits = append(waits, w)
	}
	return waits
}

// cycles reads the cycles, and how many of them are reopenings.
func (o oracle) cycles() (cycles []oracleSpan, reopens int) {
	closed := false
	for i := 0; i < len(o.list); i++ {
		r := o.list[i]
		c := oracleSpan{start: ns(r), end: still, charge: o.charge(len(o.list)), channel: o.channel(), from: i, upTo: len(o.list)}
		switch {
		case o.closes(r):
			closed = true
			continue
		case r.Type == metrics.KindReopened, isMessage(r) && closed && !o.rules.ReopenExplicitly:
			c.reopened = true
			reopens++
		case (isMessage(r) || r.Type == metrics.KindOpened) && !closed:
		default:
			continue
		}
		for i++; i < len(o.list); i++ {
			next := o.list[i]
			if !o.closes(next) {
				continue
			}
			c.end, c.charge, c.upTo = ns(next), o.charge(i), i
			switch next.Type {
			case metrics.KindResolved:
				c.outcome, c.credit = metrics.Answered, c.charge
				if next.Agent != "" {
					c.credit = o.credit(i, next.Agent)
				}
			case metrics.KindAbandoned:
				c.outcome = metrics.GaveUp
			default:
				c.outcome = metrics.Moved
			}
			break
		}
		closed = true
		cycles = append(cycles, c)
	}
	return cycles, reopens
}

type hold struct {
	start, end int64
	reason     metrics.HoldReason
	seq        int64 // of its Paused
}

// holds returns the pauses, one after another: while one runs, no other begins.
func (o oracle) holds() []hold {
	var holds []hold
	for i, r := range o.list {
		n := len(holds)
		running := n > 0 && ns(r) < holds[n-1].end
		switch {
		case r.Type == metrics.KindPaused && !running:
			h := hold{ns(r), still, reasonOf(r), r.Seq}
			if !r.Until.IsZero() {
				h.end = r.Until.UnixNano()
			}
			holds = append(holds, h)
		case running && o.resumes(i, holds[n-1]):
			holds[n-1].end = ns(r)
		}
	}
	return holds
}

// resumes tells whether event i ends a pause that runs.
func (o oracle) resumes(i int, h hold) bool {
	r := o.list[i]
	cycles, _ := o.cycles()
	switch {
	case slices.ContainsFunc(cycles, func(c oracleSpan) bool { return c.from == i && c.reopened }):
		return true
	case isMessage(r):
		return o.rules.MessageResumes == metrics.ResumesAny ||
			o.rules.MessageResumes == metrics.ResumesForCustomer && h.reason == metrics.ForCustomer
	case o.closes(r):
		return !o.closedBefore(i) && (h.start < ns(r) || h.seq < r.Seq)
	}
	return r.Type == metrics.KindResumed
}

// closedBefore tells whether event i finds the conversation closed.
func (o oracle) closedBefore(i int) bool {
	closed := false
	cycles, _ := o.cycles()
	for j := range i {
		closed = closed && !slices.ContainsFunc(cycles, func(c oracleSpan) bool { return c.from == j }) || o.closes(o.list[j])
	}
	return closed
}

// cut returns the pauses for some reasons within a span.
func (o oracle) cut(start, end int64, reasons metrics.HoldReasons) []hold {
	var inside []hold
	for _, h := range o.holds() {
		h.start, h.end = max(h.start, start), min(h.end, end)
		if h.start < h.end && among(h.reason, reasons) {
			inside = append(inside, h)
		}
	}
	return inside
}

func among(one metrics.HoldReason, reasons metrics.HoldReasons) bool {
	return reasons == metrics.AnyReason || slices.Contains(strings.Split(string(reasons), ","), string(one))
}

// length returns the time from start to end, less the pauses that stop it.
func (o oracle) length(c metrics.Calendar, start, end int64, pauses metrics.HoldReasons) time.Duration {
	d := c.Between(time.Unix(0, start), time.Unix(0, end))
	for _, h := range o.cut(start, end, pauses) {
		d -= c.Between(time.Unix(0, h.start), time.Unix(0, h.end))
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
		v.Messages += count(isMessage(r) && !arrived(r))
		if r.Type == metrics.KindReplySent {
			v.Replies += count(r.By == metrics.ByPerson)
			v.Assistant += count(r.By == metrics.ByAssistant)
			v.Automated += count(r.By == metrics.ByAutomation)
		}
		v.RatingRequested += count(r.Type == metrics.KindRatingRequested)
	}
	return v
}
