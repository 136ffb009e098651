package standards_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// shifts is a calendar that is open in the seconds of each period that are marked
// with a letter. It has no method Deadline.
type shifts string

func (s shifts) opened(second int) bool { return s[second%len(s)] != '.' }

// until counts the open nanoseconds since start.
func (s shifts) until(t time.Time) time.Duration {
	d := max(t.Sub(start), 0)
	rounds, second := d/time.Second/time.Duration(len(s)), int(d/time.Second%time.Duration(len(s)))
	open := (rounds*time.Duration(strings.Count(string(s), "o")) + time.Duration(strings.Count(string(s[:second]), "o"))) * time.Second
	if s.opened(second) {
		open += d % time.Second
	}
	return open
}

func (s shifts) Between(from, to time.Time) time.Duration { return s.until(to) - s.until(from) }

// A clock is what a poller keeps of one promise.
type clock struct {
	measure   standards.Measure
	began     beginning
	start     int
	running   bool
	idle      bool // nobody has been assigned yet
	used, was int  // now, and a second before
	promise   int  // that applies, or −1
	changed   int  // the second in which another one came to apply, or −1
	looked    bool // there was a promise, or not, at the end of a second
	state          // by which it was chosen
	has       bool // the team whose time it is has the conversation
	gaveUp    bool
	verdict   standards.Verdict
	ending    bool              // in this second
	inTime    standards.Verdict // if that is not too late
	ended     int
	usedUp    int            // when it ended
	endTeam   metrics.TeamID // in charge then
	joined    bool           // broken elsewhere, and not judged here
	held      map[int]bool   // the seconds of a wait on hold, as far as they do not count
}

// A beginning is the event that began something, in whichever conversation, and the team
// whose time it is.
type beginning struct {
	name metrics.ConversationID
	kind metrics.Kind
	id   metrics.EventID
	whom metrics.TeamID
}

// A world is what a poller knows at a second, of all conversations.
type world struct {
	hours    shifts
	promises [9][]promise
	rules    metrics.Rules
	now      int
	known    map[metrics.ConversationID][]metrics.Record // in order, as known now
	desks    map[metrics.ConversationID]*desk
	memory   []*memory
	came     map[string]bool // what came up
}

// A memory is what a poller has said of a promise.
type memory struct {
	name     metrics.ConversationID
	measure  standards.Measure
	began    beginning
	breached int                          // the second, or −1
	promise  int                          // that was broken
	whose    string                       // of what was broken
	idle     bool                         // and its clock had not started
	used     int                          // by the clock by which it was
	upTo     int                          // the second up to which that has run
	seen     int                          // the second of the last look at which it was open, or −1
	onHold   bool                         // then
	steps    map[standards.Escalation]int // the second of each that came due
}

// A desk is polled every second: it knows nothing but what happens now, and
// counts the budgets of what is open. It is a plain second reading of what each
// measure is.
type desk struct {
	*world
	name metrics.ConversationID

	second                      int
	open, any, spoken           bool
	paused                      bool
	reason                      metrics.HoldReason
	until                       int // or 0
	answered, assigned          bool
	assisted, personal          bool // by whom there was an answer in the cycle
	discarded, leftOut          bool
	wait, every, assign, update *clock
	since                       int          // when the wait began that is running
	idle                        bool         // or nobody has been assigned yet
	held                        map[int]bool // the seconds on hold that do not count
	onHoldAt                    [9][]bool    // by the second
	teamAt                      []metrics.TeamID
	firstCycle, whole, active   *clock
	all                         [9][]*clock
	moved                       []arrival

	state
	taken      metrics.Record // by which the team came to have it
	cycle      metrics.Record // what began the cycle
	cycleStart int
	teams      []*clock // of the cycle
}

// An arrival is a wait that goes on in another conversation.
type arrival struct {
	second, since int
	idle          bool
	held          map[int]bool
	from, into    metrics.ConversationID
	wait, every   *clock
}

func secondOf(t time.Time) int { return int(t.Sub(start) / time.Second) }

func (d *desk) started(m standards.Measure, r *metrics.Record) *clock {
	c := &clock{measure: m, began: beginning{r.Conversation, r.Type, r.ID, ""}, start: d.second, running: true, promise: -1, changed: -1}
	d.all[m] = append(d.all[m], c)
	return c
}

// end ends a clock, which comes to v if that is not too late.
func (d *desk) end(c *clock, v standards.Verdict) {
	if c == nil || !c.running {
		return
	}
	c.running, c.ended, c.usedUp, c.endTeam = false, d.second, c.used, d.team
	c.ending, c.inTime = true, v
}

func (d *desk) endWait(o metrics.Outcome) {
	verdict := standards.Excluded
	if o == metrics.Answered || o == metrics.AnsweredByAutomation {
		verdict = standards.Met
	}
	d.answer(d.every, o, verdict)
	if o == metrics.AnsweredByAutomation && !d.answered {
		verdict = standards.Excluded
	}
	d.answer(d.wait, o, verdict)
	if o == metrics.Answered && d.wait != nil {
		d.answered = true
	}
	d.wait, d.every = nil, nil
}

func (d *desk) startWait(r *metrics.Record) {
	d.since, d.held = d.second, make(map[int]bool)
	d.idle = d.rules.FirstResponseFrom == metrics.FromAssigned && !d.assigned && !d.answered
	d.every = d.started(standards.EveryResponse, r)
	if d.answered {
		d.wait = d.started(standards.NextResponse, r)
	} else {
		d.wait = d.started(standards.FirstResponse, r)
		d.wait.idle, d.every.idle = d.idle, d.idle
	}
	d.wait.held, d.every.held = d.held, d.held
}

func (d *desk) startCycle(r *metrics.Record) {
	d.open, d.any, d.assisted, d.personal = true, true, false, false
	d.cycle, d.cycleStart = *r, d.second
	d.update = d.started(standards.PeriodicUpdate, r)
	if d.whole != nil {
		d.whole.running, d.active.running = true, true
		return
	}
	d.firstCycle = d.started(standards.FirstResolution, r)
	d.whole, d.active = d.started(standards.FullResolution, r), d.started(standards.ActiveResolution, r)
	d.assign = d.started(standards.TimeToAssign, r)
	if d.assigned {
		d.end(d.assign, standards.Met)
	}
}

func (d *desk) reopen(r *metrics.Record) {
	if !d.open {
		d.paused = false
		d.startCycle(r)
	}
}

func (d *desk) onHold() bool { return d.paused && (d.until == 0 || d.second < d.until) }

// hears is what a message does, but for the wait.
func (d *desk) hears(r *metrics.Record) {
	d.spoken = true
	customer := d.reason == "" || d.reason == metrics.ForCustomer
	if d.rules.MessageResumes == metrics.ResumesAny || d.rules.MessageResumes == metrics.ResumesForCustomer && customer {
		d.paused = false
	}
	if !d.any {
		d.startCycle(r)
	} else if !d.rules.ReopenExplicitly {
		d.reopen(r)
	}
}

func (d *desk) happens(r *metrics.Record) {
	switch r.Type {
	case metrics.KindPrioritized:
		d.priority = r.Priority
	case metrics.KindOpened:
		if r.Priority != "" {
			d.priority = r.Priority
		}
		if !d.any {
			d.startCycle(r)
		}
		if d.rules.FirstResponseFrom == metrics.FromOpened && !d.spoken && !d.answered && d.wait == nil {
			d.startWait(r)
		}
	case metrics.KindReopened:
		d.discarded = false
		d.reopen(r)
	case metrics.KindMessageReceived:
		d.hears(r)
		if d.customer == "" {
			d.customer = r.Customer
		}
		if d.wait == nil {
			d.startWait(r)
		}
	case metrics.KindAssigned:
		d.assignedTo(r)
	case metrics.KindPaused:
		if !d.onHold() {
			d.paused, d.reason, d.until = true, metrics.HoldReason(r.For), 0
			if !r.Until.IsZero() {
				d.until = secondOf(r.Until)
			}
		}
	case metrics.KindResumed:
		d.paused = false
	case metrics.KindReplySent:
		d.reply(r)
	case metrics.KindResolved:
		d.close(metrics.ClosedUnanswered, standards.Met)
	case metrics.KindAbandoned:
		d.close(metrics.GaveUp, standards.Excluded)
	case metrics.KindMerged:
		if !d.effective(d.name, r) {
			return
		}
		if d.wait != nil {
			d.moved = append(d.moved, arrival{d.second, d.since, d.idle, d.held, d.name, r.Into, d.wait, d.every})
		}
		d.close(metrics.Moved, standards.Excluded)
	case metrics.KindDiscarded:
		d.discarded = true
	}
}

func (d *desk) assignedTo(r *metrics.Record) {
	d.assigned = r.Agent != ""
	if r.Team != d.team {
		d.taken = *r
	}
	d.team, d.agent = r.Team, r.Agent
	if d.assigned && d.open {
		d.end(d.assign, standards.Met)
	}
	if d.assigned && d.wait != nil && d.idle {
		d.since, d.idle = d.second, false
		for _, c := range []*clock{d.wait, d.every} {
			c.start, c.idle, c.looked, c.used, c.was = d.second, false, false, 0, 0
		}
	}
	assistant := r.Agent != "" && slices.ContainsFunc(d.known[d.name], func(k metrics.Record) bool {
		return k.Type == metrics.KindReplySent && k.By == metrics.ByAssistant && k.Agent == r.Agent
	})
	if r.Agent+metrics.AgentID(r.Team) != "" && !assistant && d.assisted && d.wait == nil && d.open {
		d.startWait(r)
	}
}

func (d *desk) reply(r *metrics.Record) {
	if d.rules.ExcludeTeamFirst && !d.spoken {
		d.leftOut = true
	}
	switch {
	case r.By == metrics.ByPerson,
		r.By == metrics.ByAutomation && d.rules.Automation == metrics.AutomationAnswers,
		r.By == metrics.ByAssistant && d.rules.Assistant == metrics.AssistantAnswers:
		d.assisted, d.personal = false, true
		d.endWait(metrics.Answered)
	case r.By == metrics.ByAutomation && d.rules.Automation == metrics.AutomationEnds:
		d.endWait(metrics.AnsweredByAutomation)
	case r.By == metrics.ByAssistant && d.rules.Assistant == metrics.AssistantEnds:
		d.endWait(metrics.AnsweredByAssistant)
		d.assisted = !d.personal
	default:
		return
	}
	if d.open {
		d.end(d.update, standards.Met)
		d.update = d.started(standards.PeriodicUpdate, r)
	}
}

func (d *desk) close(o metrics.Outcome, v standards.Verdict) {
	d.endWait(o)
	if d.open || !d.any { // what is closed already stays on hold
		d.paused = false
	}
	d.any = true
	if !d.open {
		return
	}
	d.open = false
	d.closeWith(v)
	d.end(d.update, standards.Excluded)
	d.end(d.assign, standards.Excluded)
	d.end(d.firstCycle, v)
	d.end(d.whole, v)
	d.end(d.active, v)
}

// arrives takes a wait that goes on here.
func (d *desk) arrives(a *arrival) {
	r := metrics.Record{Conversation: a.wait.began.name, Type: a.wait.began.kind, ID: a.wait.began.id}
	d.hears(&r)
	fresh := d.wait == nil
	if fresh {
		d.startWait(&r)
	}
	since, idle := a.since, a.idle && !d.answered
	if idle && d.assigned { // somebody is in charge now
		since, idle = d.second, false
	}
	// The clock that runs counts, or else the one that started earlier.
	counts := fresh || d.idle && !idle || d.idle == idle && since < d.since
	if counts {
		d.since, d.idle, d.held = since, idle, maps.Clone(a.held)
	}
	d.join(d.wait, a.wait, a, counts)
	d.join(d.every, a.every, a, counts)
}

func (d *desk) join(here, there *clock, a *arrival, counts bool) {
	here.held = d.held
	k := d.remembered(d.name, here)
	if k != nil && k.breached >= 0 && k.breached < d.second {
		return // broken here before, by its own clock
	}
	if (k == nil || k.breached < 0) && d.stood(a.from, there) {
		here.joined, here.running = true, false
	}
	if here.verdict == standards.Breached {
		return // or so it is known now
	}
	here.looked = false
	if !counts {
		return
	}
	here.start, here.idle, here.used, here.was = d.since, d.idle, 0, 0
	for s := d.since; s < d.second; s++ {
		here.was = here.used
		if d.hours.opened(s) && !here.idle && !d.held[s] {
			here.used++
		}
	}
}

// stood tells whether a promise was broken where its wait came from.
func (w *world) stood(from metrics.ConversationID, c *clock) bool {
	k := w.remembered(from, c)
	return c.joined || c.verdict == standards.Breached || k != nil && k.breached >= 0
}

// remembered returns what was said before of a promise, or nil. What a conversation owes
// once is the same promise, whatever began it.
func (w *world) remembered(name metrics.ConversationID, c *clock) *memory {
	var same *memory
	for _, k := range w.memory {
		switch once := c.measure >= standards.FirstResolution && c.measure <= standards.TimeToAssign; {
		case k.name != name || k.measure != c.measure:
		case once && k.began.name == name:
			return k
		case k.began == c.began:
			same = k
		}
	}
	return same
}

// effective tells whether a merger has an effect: not into nothing, nor into what is
// discarded, nor round in a circle.
func (w *world) effective(name metrics.ConversationID, r *metrics.Record) bool {
	return len(w.known[r.Into]) > 0 && !w.isDiscarded(r.Into) && !w.leads(r.Into, name, 9)
}

func (w *world) isDiscarded(name metrics.ConversationID) (discarded bool) {
	for _, r := range w.known[name] {
		discarded = r.Type == metrics.KindDiscarded || discarded && r.Type != metrics.KindReopened
	}
	return discarded
}

func (w *world) leads(from, to metrics.ConversationID, steps int) bool {
	if from == to || steps == 0 {
		return from == to
	}
	return slices.ContainsFunc(w.known[from], func(k metrics.Record) bool {
		return k.Type == metrics.KindMerged && w.leads(k.Into, to, steps-1)
	})
}

// stops tells whether the pause stops what a measure measures.
func (d *desk) stops(m standards.Measure) bool {
	return m == standards.FirstResolution || m == standards.FullResolution || m == standards.ActiveResolution || m == standards.TimeWith ||
		d.rules.PauseStopsWaits == metrics.AnyReason ||
		d.rules.PauseStopsWaits == "parts" && d.reason == "parts"
}

// tick passes a second.
func (d *desk) tick() {
	for m, clocks := range d.all {
		active := standards.Measure(m) == standards.ActiveResolution
		stops := d.stops(standards.Measure(m))
		if d.onHold() && stops && m == int(standards.EveryResponse) && d.wait != nil {
			d.held[d.second] = true
		}
		solved := active && (d.active == nil || !d.active.running)
		d.onHoldAt[m] = append(d.onHoldAt[m], d.onHold() && stops || solved)
		for _, c := range clocks {
			c.was = c.used
			if d.hours.opened(d.second) && !(d.onHold() && stops) && !c.idle && (c.running || !active) && (c.has || c.measure != standards.TimeWith) {
				c.used++
			}
		}
	}
	d.teamAt = append(d.teamAt, d.team)
	d.second++
}

func (d *desk) look() {
	d.with()
	for _, clocks := range d.all {
		for _, c := range clocks {
			d.follow(c)
			if c.ending {
				d.settle(c)
			}
			if !c.running {
				continue
			}
			if c.endTeam = d.team; c.verdict == standards.Breached {
				continue
			}
			c.verdict = standards.Pending
			if d.spent(c, c.used) && (c.has || c.measure != standards.TimeWith) && d.level(c).formula != standards.AnsweredOnly {
				c.verdict = standards.Breached
				d.rare(c, "broken at a change")
			}
		}
	}
}

// desk passes all seconds of a conversation, those of the ones merged into it first.
func (w *world) desk(name metrics.ConversationID) *desk {
	if d := w.desks[name]; d != nil {
		return d
	}
	var arrivals []arrival
	for from, events := range w.known {
		for i := range events {
			if r := &events[i]; r.Type == metrics.KindMerged && r.Into == name && w.effective(from, r) {
				for _, a := range w.desk(from).moved {
					if a.into == name {
						arrivals = append(arrivals, a)
					}
				}
				break
			}
		}
	}
	slices.SortFunc(arrivals, func(a, b arrival) int { return cmp.Or(a.second-b.second, a.since-b.since, cmp.Compare(a.from, b.from)) })
	d := &desk{world: w, name: name}
	w.desks[name] = d
	events := w.known[name]
	for {
		for len(events) > 0 && secondOf(events[0].At) == d.second {
			for len(arrivals) > 0 && arrivals[0].second == d.second && events[0].Type >= metrics.KindMessageReceived {
				d.arrives(&arrivals[0])
				arrivals = arrivals[1:]
			}
			d.happens(&events[0])
			events = events[1:]
		}
		for len(arrivals) > 0 && arrivals[0].second == d.second {
			d.arrives(&arrivals[0])
			arrivals = arrivals[1:]
		}
		d.look()
		if d.second == w.now {
			break
		}
		d.tick()
	}
	if d.discarded || d.leftOut {
		d.moved, d.all = nil, [9][]*clock{}
	}
	return d
}

// A said is what a poller says of a promise.
type said struct {
	verdict  standards.Verdict
	breached int
	steps    string
	whose    string // unless it is excluded
	gaveUp   bool
}

// rank orders the waits for a first response: a breach or what decides, then what is met
// because the customer gave up, then what is left out.
func (s said) rank() int {
	switch {
	case s.verdict == standards.Excluded:
		return 0
	case s.verdict == standards.Met && s.gaveUp:
		return 1
	}
	return 2
}

// says returns what the poller says at this second of a conversation by a measure, and
// remembers it.
func (w *world) says(name metrics.ConversationID, m standards.Measure) (all []said) {
	d := w.desk(name)
	seen := make(map[*memory]bool)
	for _, c := range d.all[m] {
		k := w.remembered(name, c)
		if k == nil {
			k = &memory{name: name, measure: m, began: c.began, breached: -1, seen: -1, steps: make(map[standards.Escalation]int)}
		}
		seen[k] = true
		if c.verdict == standards.Breached && !c.joined && k.breached < 0 {
			k.breached, k.promise, k.whose, k.idle, k.used, k.upTo = w.now, c.promise, whose(c), c.idle, c.used, w.now
			if !c.running {
				k.used, k.upTo = c.usedUp, c.ended
			}
		}
		used, applies := c.used, c.promise
		if k.breached >= 0 {
			if k.idle && !c.idle {
				k.idle, k.used, k.upTo = false, c.used, w.now
			}
			k.pass(d, c)
			used, applies = k.used, k.promise
		}
		if applies >= 0 && c.running && (k.breached >= 0 && !k.idle || !c.idle) && (c.has || m != standards.TimeWith) {
			p := &w.promises[m][applies]
			for _, s := range p.steps {
				if _, taken := k.steps[s]; !taken && used >= p.budget+int(s.After/time.Second) {
					k.steps[s] = w.now
				}
			}
		}
		one := said{c.verdict, k.breached, fmt.Sprint(k.steps), whose(c), c.gaveUp && m == standards.FirstResponse}
		if c.joined {
			w.came["was broken elsewhere"] = true
		}
		out := c.joined || c.promise < 0
		switch {
		case k.breached >= 0:
			one.verdict, one.whose = standards.Breached, k.whose
		case out && len(k.steps) == 0:
			continue
		case out:
			one.verdict = standards.Excluded
		}
		if one.verdict == standards.Excluded {
			one.whose = ""
		}
		if (k.breached >= 0 || len(k.steps) > 0) && !slices.Contains(w.memory, k) {
			w.memory = append(w.memory, k)
		}
		all = append(all, one)
		if c.began.name != name && k.breached >= 0 {
			w.came["broken after it was moved"] = true
		}
	}
	if d.discarded {
		return nil
	}
	for _, k := range w.memory {
		if k.name != name || k.measure != m || seen[k] {
			continue
		}
		if k.began.name != name && !w.comes(k.began.name, name) {
			continue // it is judged where it is now
		}
		verdict := standards.Excluded
		if k.breached >= 0 {
			verdict = standards.Breached
		}
		all = append(all, said{verdict, k.breached, fmt.Sprint(k.steps), k.whose, false})
	}
	if m != standards.FirstResponse {
		return all
	}
	// There is one first response: a breach, or else the first wait for it that decides.
	var one *said
	for i := range all {
		a := &all[i]
		a.steps, a.whose = "", ""
		if one == nil || a.verdict == standards.Breached && (one.verdict != standards.Breached || a.breached < one.breached) ||
			a.rank() > one.rank() {
			one = a
		}
	}
	if one == nil {
		return nil
	}
	one.gaveUp = false
	return []said{*one}
}

// pass passes the time since a promise that was broken was last seen open, up to its end.
func (k *memory) pass(d *desk, c *clock) {
	until := c.ended
	if c.running {
		until = d.now
	}
	until = max(until, k.seen+1) // it ran then, whenever it turns out to have ended
	for s := k.upTo; s < until; s++ {
		onHold := c.held[s] // where the wait was then
		if k.measure > standards.EveryResponse {
			onHold = s >= c.start && (d.onHoldAt[k.measure][s] || k.measure == standards.TimeWith && d.teamAt[s] != c.began.whom)
		}
		if s == k.seen {
			onHold = k.onHold // as it was known then
		}
		if d.hours.opened(s) && !onHold {
			k.used++
		}
	}
	if !c.running && until >= k.upTo {
		k.upTo, k.seen = until, -1
	}
	if c.running {
		k.upTo, k.seen = d.now, d.now
		k.onHold = d.onHold() && d.stops(k.measure) || k.measure == standards.TimeWith && !c.has
	}
}

// forget takes back what began with an event that never was.
func (w *world) forget() {
	w.memory = slices.DeleteFunc(w.memory, func(k *memory) bool {
		return !slices.ContainsFunc(w.known[k.began.name], func(r metrics.Record) bool { return r.Type == k.began.kind && r.ID == k.began.id })
	})
}

// comes tells whether a wait of one conversation can go on in another one.
func (w *world) comes(from, into metrics.ConversationID) bool {
	return !w.isDiscarded(from) && w.path(from, into, 0)
}

// path tells whether mergers lead from one conversation to another from a second on.
func (w *world) path(from, into metrics.ConversationID, second int) bool {
	return slices.ContainsFunc(w.known[from], func(r metrics.Record) bool {
		return r.Type == metrics.KindMerged && secondOf(r.At) >= second && w.effective(from, &r) &&
			(r.Into == into || w.path(r.Into, into, secondOf(r.At)))
	})
}

// know returns the events that are known at a second: of each the version taken last, if
// none of its ID was retracted since.
func know(taken []metrics.Record, now int) map[metrics.ConversationID][]metrics.Record {
	known := make(map[metrics.ConversationID][]metrics.Record)
	for i, r := range taken {
		if secondOf(r.At) > now || slices.ContainsFunc(taken[i+1:], func(s metrics.Record) bool {
			return r.ID != "" && s.ID == r.ID && s.Type == r.Type && s.Conversation == r.Conversation && secondOf(s.At) <= now
		}) || slices.ContainsFunc(taken, func(s metrics.Record) bool {
			return s.Type == metrics.KindRetracted && s.Retracts == r.ID && s.Conversation == r.Conversation && secondOf(s.At) <= now && !s.At.Before(r.At)
		}) {
			continue
		}
		known[r.Conversation] = append(known[r.Conversation], r)
	}
	for _, events := range known {
		slices.SortFunc(events, func(a, b metrics.Record) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq)) })
	}
	return known
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// histories makes up conversations that are edited, retracted, discarded and merged, in
// the order in which they are taken.
func histories(r *rand.Rand, seconds, conversations int) []metrics.Record {
	var taken []metrics.Record
	for c := range conversations {
		name := metrics.ConversationID(fmt.Sprint(c))
		var events []metrics.Record
		count := 3 + r.IntN(10)
		if r.IntN(2) == 0 {
			count = r.IntN(4)
			events = episodes(r, name, seconds)
		}
		for n := range count {
			s := r.IntN(seconds)
			if r.IntN(4) == 0 {
				s -= s % 10 // some at one instant
			}
			e := metrics.Record{
				Conversation: name, At: after(time.Duration(s) * time.Second),
				ID: metrics.EventID(fmt.Sprint(n)), Seq: int64(r.IntN(1000)*100 + n),
			}
			switch r.IntN(27) {
			case 0:
				e.Type, e.Priority = metrics.KindOpened, pick[metrics.Priority](r, "", "high")
			case 24, 25, 26:
				e.Type, e.Priority = metrics.KindPrioritized, pick[metrics.Priority](r, "", "high", "low")
			case 1, 2:
				e.Type = metrics.KindReopened
			case 3, 4, 5, 6, 7:
				e.Type, e.Customer = metrics.KindMessageReceived, pick[metrics.CustomerID](r, "", "gold")
			case 8, 9, 10:
				e.Type = metrics.KindAssigned
				e.Agent, e.Team = pick[metrics.AgentID](r, "", "ana", "ben", "helper"), pick[metrics.TeamID](r, "", "first", "second")
			case 11, 12:
				e.Type, e.For = metrics.KindPaused, pick(r, "", string(metrics.ForCustomer), "parts")
				if r.IntN(3) == 0 {
					e.Until = e.At.Add(time.Duration(1+r.IntN(20)) * time.Second)
				}
			case 13:
				e.Type = metrics.KindResumed
			case 14, 15, 16:
				e.Type, e.Agent = metrics.KindReplySent, "ana"
			case 17:
				e.Type, e.By = metrics.KindReplySent, metrics.ByAutomation
			case 18, 19:
				e.Type, e.By, e.Agent = metrics.KindReplySent, metrics.ByAssistant, "helper"
			case 20:
				e.Type = pick(r, metrics.KindAbandoned, metrics.KindResolved)
			case 21:
				e.Type = pick(r, metrics.KindAbandoned, metrics.KindResolved, metrics.KindDiscarded)
			default:
				e.Type, e.Into = metrics.KindMerged, metrics.ConversationID(fmt.Sprint(r.IntN(conversations+1)))
				if c > 0 && r.IntN(2) == 0 { // not in a circle
					e.Into = metrics.ConversationID(fmt.Sprint(r.IntN(c)))
				} else if e.Into == name {
					continue
				}
			}
			events = append(events, e)
			if e.Type == metrics.KindMessageReceived && r.IntN(4) == 0 {
				e.Type, e.ID, e.Seq, e.At = metrics.KindAbandoned, "gave up "+e.ID, e.Seq+1, e.At.Add(time.Duration(r.IntN(20))*time.Second)
				events = append(events, e)
			}
		}
		if r.IntN(2) == 0 {
			events = append(events, swings(r, name, seconds)...)
		}
		if c > 0 && r.IntN(2) == 0 {
			events = append(events, moved(r, name, seconds)...)
		}
		taken = append(taken, events...)
		for _, e := range events {
			if often := map[bool]int{true: 3, false: 8}; r.IntN(often[e.Type == metrics.KindMerged]) != 0 {
				continue
			}
			e.At = after(time.Duration(r.IntN(seconds)) * time.Second)
			if r.IntN(2) == 0 {
				e = metrics.Record{Type: metrics.KindRetracted, Conversation: name, At: e.At, Retracts: e.ID}
			} else if !e.Until.IsZero() {
				e.Until = e.At.Add(time.Duration(1+r.IntN(20)) * time.Second)
			} else if e.Type == metrics.KindPrioritized {
				e.Priority = pick[metrics.Priority](r, "", "high", "low")
			} else if e.Type == metrics.KindAssigned {
				e.Team = pick[metrics.TeamID](r, "", "first", "second")
			}
			taken = append(taken, e)
		}
	}
	return taken
}

// anyRules returns one of all combinations of rules.
func anyRules(r *rand.Rand) metrics.Rules {
	return metrics.Rules{
		Automation:        pick(r, metrics.AutomationIgnored, metrics.AutomationEnds, metrics.AutomationAnswers),
		Assistant:         pick(r, metrics.AssistantEnds, metrics.AssistantIgnored, metrics.AssistantAnswers),
		FirstResponseFrom: pick(r, metrics.FromWait, metrics.FromOpened, metrics.FromAssigned),
		ExcludeTeamFirst:  r.IntN(4) == 0,
		PauseStopsWaits:   pick[metrics.HoldReasons](r, "", "", metrics.AnyReason, "parts"),
		MessageResumes:    pick(r, metrics.ResumesForCustomer, metrics.ResumesAny, metrics.ResumesNone),
		ReopenExplicitly:  r.IntN(3) == 0,
		CreditAssigned:    r.IntN(2) == 0,
		ByStart:           r.IntN(2) == 0,
		CountEachRating:   r.IntN(2) == 0,
	}
}

// A reading as of any instant says what a poller has come to who looked every second
// until then and never took anything back, for every measure and by all rules.
func TestOneLookGivesWhatPollingGives(t *testing.T) {
	const seconds = 60
	from := seed(t)
	came := make(map[string]int) // in how many rounds
	n := rounds(1600)
	if !thorough() {
		n /= 4 // each reads all conversations for every second of a minute
	}
	for round := range n {
		r := rand.New(rand.NewPCG(from, uint64(round)))
		w := &world{
			hours: pick[shifts](r, "o", "o.", "ooooo.....", "....oooooooo..o"),
			rules: anyRules(r),
			came:  make(map[string]bool),
		}
		conversations := 1 + r.IntN(3)
		taken := histories(r, seconds, conversations)
		var policy standards.Policy
		var first [9]int // of the targets of each measure
		for _, m := range standards.Measures() {
			w.promises[m] = promises(r)
			first[m] = len(policy.Targets)
			for k := range w.promises[m] {
				policy.Targets = append(policy.Targets, w.promises[m][k].target(m, w.hours))
			}
		}
		if err := policy.Validate(); err != nil {
			t.Fatal(err)
		}
		log := new(metrics.EventLog)
		for i := range taken {
			e, err := taken[i].Event()
			if err == nil {
				err = log.Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for w.now = range seconds {
			w.known, w.desks = know(taken, w.now), make(map[metrics.ConversationID]*desk)
			w.forget()
			reading := log.Read(w.rules, after(time.Duration(w.now)*time.Second))
			got := make(map[metrics.ConversationID]*[9][]said)
			brief := make(map[metrics.ConversationID]bool)
			for h := range reading.Histories() {
				all := new([9][]said)
				got[h.Conversation().ID()] = all
				brief[h.Conversation().ID()] = slices.ContainsFunc(h.Cycles(), func(c metrics.Cycle) bool { return c.Start.Equal(c.End) })
				for f := range policy.Findings(h) {
					m := f.Target.Measure
					all[m] = append(all[m], saidOf(&f, first[m]))
					if m == standards.EveryResponse && f.Outcome == metrics.GaveUp {
						w.came[fmt.Sprint(f.Target.Formula, " ", f.Verdict)] = true
					}
				}
			}
			for _, name := range w.order() {
				for _, m := range standards.Measures() {
					want := w.says(name, m)
					var have []said
					if got[name] != nil {
						have = got[name][m]
					}
					if brief[name] && m >= standards.FullResolution && m <= standards.ActiveResolution {
						// Nobody had the conversation in a cycle that took no time: whose breach
						// its reopening is cannot be told.
						for _, all := range [][]said{have, want} {
							for i := range all {
								all[i].whose = ""
							}
						}
					}
					if !sameSaid(have, want) {
						t.Fatalf("seed %d, round %d: %q %v: %+v on %q by %+v as of second %d: %v, polled %v\n%s",
							from, round, name, m, w.promises[m], string(w.hours), w.rules, w.now, have, want, told(taken))
					}
					for _, one := range want {
						w.came[fmt.Sprint(m, " ", one.verdict)] = true
					}
				}
			}
		}
		for what := range w.came {
			came[what]++
		}
	}
	if !thorough() {
		return // so few rounds may do without what is rare
	}
	for _, m := range standards.Measures() {
		for _, v := range []standards.Verdict{standards.Pending, standards.Met, standards.Breached, standards.Excluded} {
			what := fmt.Sprint(m, " ", v)
			often(t, what, came[what], 1)
		}
	}
	for _, rare := range []string{"chosen anew", "lifted", "broken at a change", "given back", "broken after it was moved"} {
		often(t, rare, came[rare], 20)
	}
	often(t, "was broken elsewhere", came["was broken elsewhere"], 10)
	for _, want := range []string{
		"short_excluded excluded", "short_excluded breached", "answered_only excluded", "offered breached", "within_excluded excluded",
		"within_excluded breached", "within_met met", "within_met breached", "short_met met", "short_met breached",
	} {
		often(t, "given up: "+want, came[want], 2)
	}
}

// order returns the names of the conversations, those first that were merged into
// others.
func (w *world) order() []metrics.ConversationID {
	names := slices.Sorted(maps.Keys(w.known))
	for range names {
		for i := range names {
			for k := range i {
				if w.leads(names[i], names[k], 9) && !w.leads(names[k], names[i], 9) {
					names[i], names[k] = names[k], names[i]
				}
			}
		}
	}
	return names
}

func saidOf(f *standards.Finding, first int) said {
	one := said{verdict: f.Verdict, breached: -1}
	if f.Verdict == standards.Breached {
		one.breached = secondOf(f.BreachedAt)
	}
	if f.Target.Measure != standards.FirstResponse {
		steps := make(map[standards.Escalation]int)
		for at, e := range f.Escalations() {
			steps[e] = secondOf(at)
		}
		one.steps = fmt.Sprint(steps)
		if f.Verdict != standards.Excluded {
			one.whose = fmt.Sprintf("%d %q %q %q", f.Index-first, f.Priority, f.Team, f.InCharge)
		}
	}
	return one
}

func sameSaid(a, b []said) bool {
	order := func(all []said) []said {
		return slices.SortedFunc(slices.Values(all), func(a, b said) int {
			return cmp.Or(cmp.Compare(a.verdict, b.verdict), a.breached-b.breached, strings.Compare(a.steps, b.steps), strings.Compare(a.whose, b.whose))
		})
	}
	return slices.Equal(order(a), order(b))
}

func told(taken []metrics.Record) string {
	var b strings.Builder
	for _, e := range taken {
		fmt.Fprintf(&b, "%q %d %v %s %s %s %s %s%s%s%s", e.Conversation, secondOf(e.At), e.Type, e.ID, e.Agent, e.Team, e.Priority, e.Customer, e.For, e.Into, e.Retracts)
		if e.By != metrics.ByPerson {
			fmt.Fprint(&b, " by ", e.By)
		}
		if !e.Until.IsZero() {
			fmt.Fprint(&b, " until ", secondOf(e.Until))
		}
		fmt.Fprintln(&b, " seq", e.Seq)
	}
	return b.String()
}
