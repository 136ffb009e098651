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
		return (open || closed) && (r.Priority == "" || r.Priority == priorityAfter(done))
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

// priorityAfter returns the priority after the records: of the last Prioritized, or
// Opened that names one.
func priorityAfter(done []metrics.Record) (p metrics.Priority) {
	for _, r := range done {
		if r.Type == metrics.KindPrioritized || r.Type == metrics.KindOpened && r.Priority != "" {
			p = r.Priority
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
	team       metrics.TeamID         // in charge at the end
	own        metrics.Channel        // that its messages name
	into       metrics.ConversationID // where it went on
	from, upTo int                    // the events that started and ended a cycle
	reopened   bool                   // whether a cycle is not the first
	decides    bool                   // whether a wait decides the first response
	handedOff  bool                   // whether a hand-off started a wait
	unassigned bool                   // whether the clock of a wait still stands
	brought    []hold                 // that stopped a wait in another conversation
	arrived    int64                  // when it came from there, or 0
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
	bring map[metrics.Record][]hold // the pauses that waits which arrived bring with them

	// Of a case that is not the first: its number less 1, when it begins, and all records
	// before it.
	number int
	opened int64
	past   []metrics.Record
	former *oracle // the case before
	goes   bool    // whether a wait of it that is open goes on in the next case
}

// cases splits a conversation where something opens it again long after it was closed.
func (o oracle) cases() []oracle {
	after := int64(o.rules.NewCaseAfter)
	if after == 0 || discarded(o.list) {
		return []oracle{o}
	}
	for i, r := range o.list {
		closed, since := false, int64(0)
		for j, s := range o.list[:i] {
			switch {
			case o.closes(s):
				if !closed {
					closed, since = true, ns(s)
				}
			case o.opens(s), s.Type == metrics.KindOpened && j == 0:
				closed = false
			}
		}
		if !closed || !o.opens(r) || ns(r)-since < after {
			continue
		}
		next := o
		next.list, next.number, next.opened, next.past, next.goes = slices.Clone(o.list[i:]), o.number+1, ns(r), slices.Concat(o.past, o.list[:i]), false
		o.list = o.list[:i:i]
		next.former = &o
		if waits := o.waits(); len(waits) > 0 && waits[len(waits)-1].end == still {
			w := waits[len(waits)-1]
			o.goes = true
			stands := o.rules.FirstResponseFrom == metrics.FromAssigned && o.assigned(len(o.list)) == ""
			next.list = slices.Insert(next.list, int(count(!isMessage(r))), metrics.Record{
				Type: metrics.KindMessageReceived, Conversation: r.Conversation, At: r.At, Until: instantOf(w.start), Channel: w.own, For: map[bool]string{true: "unassigned"}[stands],
			})
		}
		return append([]oracle{o}, next.cases()...)
	}
	return []oracle{o}
}

// opens tells whether an event opens a closed conversation.
func (o oracle) opens(r metrics.Record) bool {
	return r.Type == metrics.KindReopened || isMessage(r) && !o.rules.ReopenExplicitly
}

// everything returns the records of the case and of those before it.
func (o oracle) everything() []metrics.Record { return slices.Concat(o.past, o.list) }

// inCharge returns the last Assigned of the first n events or before, or nil.
func (o oracle) inCharge(n int) *metrics.Record {
	for _, list := range [...][]metrics.Record{o.list[:n], o.past} {
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].Type == metrics.KindAssigned {
				return &list[i]
			}
		}
	}
	return nil
}

// begins returns when the case begins.
func (o oracle) begins() int64 {
	if o.number > 0 {
		return o.opened
	}
	return ns(o.begin())
}

// team returns the team in charge after the first n events.
func (o oracle) team(n int) metrics.TeamID {
	if r := o.inCharge(n); r != nil {
		return r.Team
	}
	return ""
}

// stations returns who is in charge in each stretch of the cycles.
func (o oracle) stations() (all []metrics.Station) {
	cycles, _ := o.cycles()
	for _, c := range cycles {
		cuts := []int64{c.start, c.end}
		for _, r := range o.list {
			if r.Type == metrics.KindAssigned && ns(r) > c.start && ns(r) < c.end {
				cuts = append(cuts, ns(r))
			}
		}
		slices.Sort(cuts)
		begun := len(all)
		for i, from := range cuts[1:] {
			from, to := cuts[i], from
			n := len(o.list)
			for n > 0 && ns(o.list[n-1]) > from {
				n--
			}
			s := metrics.Station{Team: o.team(n), Agent: o.assigned(n), Span: metrics.Span{Start: instantOf(from), End: instantOf(to)}}
			switch last := len(all) - 1; {
			case from == to || s.Team == "" && s.Agent == "":
			case last >= begun && all[last].Team == s.Team && all[last].Agent == s.Agent && all[last].End.Equal(s.Start):
				all[last].End = s.End
			default:
				all = append(all, s)
			}
		}
	}
	return all
}

func (o oracle) hasHours() bool {
	return o.rules.Calendar != nil || o.rules.TeamCalendars != nil || o.rules.ChannelCalendars != nil
}

// oracleHours measures a case by the calendars of the teams that were in charge of it.
type oracleHours struct{ oracle }

func (o oracle) hours() metrics.Calendar { return oracleHours{o} }

func (o oracleHours) Between(start, end time.Time) (sum time.Duration) {
	if end.Before(start) {
		return -o.Between(end, start)
	}
	for i := range len(o.list) + 1 {
		from, to := start, end
		if i > 0 && o.list[i-1].At.After(from) {
			from = o.list[i-1].At
		}
		if i < len(o.list) && o.list[i].At.Before(to) {
			to = o.list[i].At
		}
		if !from.Before(to) {
			continue
		}
		var by metrics.Calendar = metrics.AroundTheClock
		if o.rules.Calendar != nil {
			by = o.rules.Calendar
		}
		if c, ok := o.rules.ChannelCalendars[o.channel()]; ok {
			by = c
		}
		if c, ok := o.rules.TeamCalendars[o.team(i)]; ok {
			by = c
		}
		sum += by.Between(from, to)
	}
	return sum
}

// transfers counts the teams that took over from another one.
func (o oracle) transfers() (n int64) {
	for i, r := range o.list {
		if r.Type != metrics.KindAssigned || r.Team == "" {
			continue
		}
		before := o.team(0)
		for _, s := range o.list[:i] {
			if s.Type == metrics.KindAssigned && s.Team != "" {
				before = s.Team
			}
		}
		n += count(before != "" && before != r.Team)
	}
	return n
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
	bring := make(map[metrics.Record][]hold)
	for source, events := range desk {
		if !slices.ContainsFunc(events, func(r metrics.Record) bool { return r.Type == metrics.KindMerged && r.Into == id && moves(r) }) {
			continue
		}
		for _, o := range withArrivals(desk, source, rules, moves).cases() {
			if !o.counts() {
				continue
			}
			for _, w := range o.waits() {
				if w.outcome == metrics.Moved && w.into == id {
					arrivals = append(arrivals, metrics.Record{
						Type: metrics.KindMessageReceived, Conversation: id, At: instantOf(w.end), Until: instantOf(w.start), Channel: w.own,
						For: map[bool]string{true: "unassigned"}[w.unassigned], Into: source,
					})
					bring[arrivals[len(arrivals)-1]] = o.stopped(w, w.end)
				}
			}
		}
	}
	slices.SortFunc(arrivals, func(a, b metrics.Record) int {
		return cmp.Or(a.At.Compare(b.At), a.Until.Compare(b.Until), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Into, b.Into))
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
	return oracle{rules: rules, list: list, moves: moves, bring: bring}
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

// channel returns the first channel of the case or, if it has none, that of the case
// before.
func (o oracle) channel() metrics.Channel {
	for _, r := range o.list {
		if r.Channel != "" && !arrived(r) {
			return r.Channel
		}
	}
	if o.former != nil {
		return o.former.channel()
	}
	return ""
}

func (o oracle) customer() metrics.CustomerID {
	for _, r := range o.list {
		if r.Customer != "" {
			return r.Customer
		}
	}
	if o.former != nil {
		return o.former.customer()
	}
	return ""
}

func (o oracle) priority() metrics.Priority {
	return priorityAfter(o.everything())
}

// assigned returns who is assigned after the first n events.
func (o oracle) assigned(n int) metrics.AgentID {
	if r := o.inCharge(n); r != nil {
		return r.Agent
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
	// from is a wait that begins with a record, as far as its clock goes.
	from := func(i int) oracleSpan {
		r := o.list[i]
		w := oracleSpan{start: ns(r), unassigned: o.rules.FirstResponseFrom == metrics.FromAssigned && !answered && o.assigned(i+1) == ""}
		if !arrived(r) {
			return w
		}
		w.brought, w.arrived = o.bring[r], ns(r)
		if r.For == "" || answered {
			w.unassigned = false
		}
		if r.For == "" || answered || w.unassigned {
			w.start = r.Until.UnixNano()
		}
		return w
	}
	for i := 0; i < len(o.list); i++ {
		r := o.list[i]
		opened := o.rules.FirstResponseFrom == metrics.FromOpened && !answered && r.Type == metrics.KindOpened && !o.before(i, isMessage)
		if !isMessage(r) && !opened && !o.handsOff(i) {
			continue
		}
		w := from(i)
		w.end, w.charge, w.team, w.channel, w.handedOff = still, o.charge(len(o.list)), o.team(len(o.list)), r.Channel, r.Type == metrics.KindAssigned
		for i++; i < len(o.list); i++ {
			next := o.list[i]
			if isMessage(next) {
				w.channel = cmp.Or(w.channel, next.Channel)
			}
			if n := from(i); arrived(next) && (w.unassigned && !n.unassigned || w.unassigned == n.unassigned && n.start < w.start) {
				w.start, w.unassigned, w.brought, w.arrived = n.start, n.unassigned, n.brought, n.arrived
			}
			if next.Type == metrics.KindAssigned && next.Agent != "" && w.unassigned {
				w.start, w.unassigned = ns(next), false
			}
			if outcome, credit := o.ends(i); outcome != metrics.Open {
				w.end, w.outcome, w.credit, w.charge, w.team, w.into = ns(next), outcome, credit, o.charge(i), o.team(i), next.Into
				break
			}
		}
		w.decides = !answered && w.outcome == metrics.Answered || !answered && w.outcome == metrics.Open
		answered = answered || w.outcome == metrics.Answered
		w.own, w.channel = w.channel, cmp.Or(w.channel, o.channel())
		if w.end == still && o.goes {
			continue
		}
		waits = append(waits, w)
	}
	return waits
}

// cycles reads the cycles, and how many of them are reopenings.
func (o oracle) cycles() (cycles []oracleSpan, reopens int) {
	closed := false
	for i := 0; i < len(o.list); i++ {
		r := o.list[i]
		c := oracleSpan{start: ns(r), end: still, charge: o.charge(len(o.list)), team: o.team(len(o.list)), channel: o.channel(), from: i, upTo: len(o.list)}
		switch {
		case o.closes(r):
			closed = true
			continue
		case r.Type == metrics.KindReopened && o.number > 0 && i == 0: // it opens the case
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
			c.end, c.charge, c.team, c.upTo = ns(next), o.charge(i), o.team(i), i
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
// stopped returns the holds that stop a wait up to an instant.
func (o oracle) stopped(w oracleSpan, upTo int64) []hold {
	var all []hold
	for _, h := range w.brought {
		if h.start = max(h.start, w.start); h.start < h.end {
			all = append(all, h)
		}
	}
	return append(all, o.cut(max(w.start, w.arrived), min(w.end, upTo), o.rules.PauseStopsWaits)...)
}

// lasted returns how long a wait lasted, or has.
func (o oracle) lasted(c metrics.Calendar, w oracleSpan, asOf int64) time.Duration {
	d := c.Between(time.Unix(0, w.start), time.Unix(0, min(w.end, asOf)))
	for _, h := range o.stopped(w, asOf) {
		d -= c.Between(time.Unix(0, h.start), time.Unix(0, h.end))
	}
	return d
}

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

// asked tells whose work a request for a rating asks about, or an unsolicited rating
// judges, that is event i and names nobody: whoever replied last before it.
func (o oracle) asked(i int) metrics.AgentID {
	var replied metrics.AgentID
	for _, r := range o.list[:i] {
		if o.answers(r) || o.assists(r) {
			replied = cmp.Or(r.Agent, replied)
		}
	}
	if o.rules.CreditAssigned {
		return cmp.Or(o.assigned(i), replied)
	}
	return cmp.Or(replied, o.assigned(i))
}

func isRequest(r metrics.Record) bool { return r.Type == metrics.KindRatingRequested }

func isRating(r metrics.Record) bool { return r.Type == metrics.KindRatingGiven }

type oracleRating struct {
	at          int64
	stars       rating.Stars
	agent       metrics.AgentID
	channel     metrics.Channel
	team        metrics.TeamID
	unsolicited bool
}

// ratings returns the ratings that count: those with no other between them and the next
// request, or all.
func (o oracle) ratings() []oracleRating {
	var all []oracleRating
	for i, r := range o.list {
		if !isRating(r) {
			continue
		}
		rest := o.list[i+1:]
		if next := slices.IndexFunc(rest, isRequest); next >= 0 {
			rest = rest[:next]
		}
		if slices.ContainsFunc(rest, isRating) && !o.rules.CountEachRating {
			continue
		}
		g := oracleRating{at: ns(r), stars: r.Stars, agent: r.Agent, channel: cmp.Or(r.Channel, o.channel()), team: o.team(i), unsolicited: true}
		for j := i - 1; j >= 0 && g.unsolicited; j-- {
			if isRequest(o.list[j]) {
				g.agent, g.unsolicited = cmp.Or(g.agent, o.list[j].Agent, o.asked(j)), false
			}
		}
		switch {
		case g.unsolicited:
			g.agent = cmp.Or(g.agent, o.asked(i))
		case g.agent == "": // nobody was there when it was asked for
			for _, before := range o.list[:i] {
				if o.answers(before) || o.assists(before) {
					g.agent = cmp.Or(before.Agent, g.agent)
				}
			}
		}
		all = append(all, g)
	}
	return all
}

type oracleRequest struct {
	at      int64
	agent   metrics.AgentID
	channel metrics.Channel
	team    metrics.TeamID
	fate    string
}

// requests returns the requests for ratings, and what became of each.
func (o oracle) requests(asOf int64) []oracleRequest {
	var all []oracleRequest
	for i, r := range o.list {
		if !isRequest(r) {
			continue
		}
		rest := o.list[i+1:]
		next := slices.IndexFunc(rest, isRequest)
		if next >= 0 {
			rest = rest[:next+1]
		}
		expired := func(at int64) bool { return o.rules.RatingExpires > 0 && at-ns(r) >= int64(o.rules.RatingExpires) }
		fate := "unanswered"
		switch {
		case slices.ContainsFunc(rest, isRating):
			fate = "answered"
		case next >= 0 && !expired(ns(rest[next])):
			fate = "replaced"
		case o.rules.RatingExpires > 0 && !expired(asOf):
			fate = "pending"
		}
		all = append(all, oracleRequest{ns(r), cmp.Or(r.Agent, o.asked(i)), cmp.Or(r.Channel, o.channel()), o.team(i), fate})
	}
	return all
}

// became counts what became of requests.
func became(requests []oracleRequest, ratings []oracleRating) (r metrics.Requests) {
	for _, asked := range requests {
		r.Response.Part += count(asked.fate == "answered")
		r.Response.Whole += count(asked.fate == "answered" || asked.fate == "unanswered")
		r.Pending += count(asked.fate == "pending")
		r.Replaced += count(asked.fate == "replaced")
	}
	for _, given := range ratings {
		r.Unsolicited += count(given.unsolicited)
	}
	return r
}

// handling returns the handle time by activity.
func (o oracle) handling() map[metrics.Activity]time.Duration {
	by := make(map[metrics.Activity]time.Duration)
	for _, r := range o.list {
		if r.Type == metrics.KindHandled {
			by[metrics.Activity(r.For)] += time.Duration(r.Took)
		}
	}
	return by
}

// handleTime returns the handle time of the case, or nil.
func (o oracle) handleTime() *time.Duration {
	var sum *time.Duration
	for _, r := range o.list {
		if r.Type == metrics.KindHandled {
			if sum == nil {
				sum = new(time.Duration)
			}
			*sum += time.Duration(r.Took)
		}
	}
	return sum
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
