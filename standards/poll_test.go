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
	d := t.Sub(start)
	period := time.Duration(len(s)) * time.Second
	open := time.Duration(strings.Count(string(s), "o")) * time.Second * (d / period)
	for i := 0; i < len(s) && d%period > time.Duration(i)*time.Second; i++ {
		if s.opened(i) {
			open += min(time.Second, d%period-time.Duration(i)*time.Second)
		}
	}
	return open
}

func (s shifts) Between(from, to time.Time) time.Duration { return s.until(to) - s.until(from) }

// A clock is what a poller keeps of one promise.
type clock struct {
	measure   standards.Measure
	kind      metrics.Kind // of what began it
	id        metrics.EventID
	running   bool
	idle      bool // nobody has been assigned yet
	start     int
	used      int
	exhausted int // the second at which the budget was used up, or −1
	verdict   standards.Verdict
	solid     bool // broken here, before another wait joined it
	joined    bool // broken elsewhere, and not judged here
}

// A world is what a poller knows at a second, of all conversations.
type world struct {
	hours  shifts
	budget int
	rules  metrics.Rules
	steps  []standards.Escalation
	now    int
	known  map[metrics.ConversationID][]metrics.Record // in order, as known now
	desks  map[metrics.ConversationID]*desk
	memory map[string]*memory
}

// A memory is what a poller has said of a promise.
type memory struct {
	name     metrics.ConversationID
	measure  standards.Measure
	kind     metrics.Kind
	id       metrics.EventID
	breached int         // the second, or −1
	steps    map[int]int // the second of each that came due
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
	firstCycle, whole           *clock
	all                         [7][]*clock
	moved                       []arrival
}

// An arrival is a wait that goes on in another conversation.
type arrival struct {
	second, start int
	idle          bool
	from, into    metrics.ConversationID
	wait, every   *clock
}

func secondOf(t time.Time) int { return int(t.Sub(start) / time.Second) }

func (d *desk) started(m standards.Measure, r *metrics.Record) *clock {
	c := &clock{measure: m, kind: r.Type, id: r.ID, running: true, exhausted: -1, start: d.second}
	d.all[m] = append(d.all[m], c)
	return c
}

func (d *desk) end(c *clock, v standards.Verdict) {
	if c == nil || !c.running {
		return
	}
	c.running = false
	if c.verdict != standards.Breached {
		c.verdict = v
	}
	if c.exhausted >= 0 && c.exhausted < d.second {
		c.verdict = standards.Breached
	}
}

func (d *desk) endWait(o metrics.Outcome) {
	verdict := standards.Excluded
	if o == metrics.Answered || o == metrics.AnsweredByAutomation {
		verdict = standards.Met
	}
	d.end(d.every, verdict)
	if o == metrics.AnsweredByAutomation && !d.answered {
		verdict = standards.Excluded
	}
	d.end(d.wait, verdict)
	if o == metrics.Answered && d.wait != nil {
		d.answered = true
	}
	d.wait, d.every = nil, nil
}

func (d *desk) startWait(r *metrics.Record) {
	d.every = d.started(standards.EveryResponse, r)
	if d.answered {
		d.wait = d.started(standards.NextResponse, r)
		return
	}
	d.wait = d.started(standards.FirstResponse, r)
	if d.rules.FirstResponseFrom == metrics.FromAssigned && !d.assigned {
		d.wait.idle, d.every.idle = true, true
	}
}

func (d *desk) startCycle(r *metrics.Record) {
	d.open, d.any, d.assisted, d.personal = true, true, false, false
	d.update = d.started(standards.PeriodicUpdate, r)
	if d.whole != nil {
		d.whole.running = true
		return
	}
	d.firstCycle = d.started(standards.FirstResolution, r)
	d.whole = d.started(standards.FullResolution, r)
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
	case metrics.KindOpened:
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
			d.moved = append(d.moved, arrival{d.second, d.wait.start, d.wait.idle, d.name, r.Into, d.wait, d.every})
		}
		d.close(metrics.Moved, standards.Excluded)
	case metrics.KindDiscarded:
		d.discarded = true
	}
}

func (d *desk) assignedTo(r *metrics.Record) {
	d.assigned = r.Agent != ""
	if d.assigned && d.open {
		d.end(d.assign, standards.Met)
	}
	if d.assigned && d.wait != nil && d.wait.idle {
		for _, c := range []*clock{d.wait, d.every} {
			c.idle, c.used, c.start = false, 0, d.second
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
	d.end(d.update, standards.Excluded)
	d.end(d.assign, standards.Excluded)
	d.end(d.firstCycle, v)
	d.end(d.whole, v)
}

// arrives takes a wait that goes on here.
func (d *desk) arrives(a *arrival) {
	r := metrics.Record{Type: metrics.KindMerged, ID: metrics.EventID(fmt.Sprint(a.from, " ", a.second))}
	d.hears(&r)
	fresh := d.wait == nil
	if fresh {
		d.startWait(&r)
	}
	d.join(d.wait, a.wait, a, fresh)
	d.join(d.every, a.every, a, fresh)
}

func (d *desk) join(here, there *clock, a *arrival, fresh bool) {
	here.solid = here.solid || !fresh && here.exhausted >= 0 && here.exhausted < d.second
	if !here.solid && d.stood(a.from, there) {
		here.joined, here.running = true, false
	}
	if here.solid {
		return // by its own clock
	}
	here.idle = here.idle && a.idle
	if fresh || a.start < here.start {
		here.start = a.start
	}
	here.used, here.exhausted = 0, -1
	for s := here.start; s < d.second; s++ {
		if d.hours.opened(s) && !here.idle {
			here.used++
		}
		if here.used >= d.budget && here.exhausted < 0 {
			here.exhausted = s + 1
		}
	}
}

// stood tells whether a promise was broken where its wait came from.
func (w *world) stood(from metrics.ConversationID, c *clock) bool {
	if c.joined || c.verdict == standards.Breached {
		return true
	}
	for _, m := range w.memory {
		if m.name == from && m.kind == c.kind && m.id == c.id && m.breached >= 0 && m.measure == c.measure {
			return true
		}
	}
	return false
}

// effective tells whether a merger has an effect: not into nothing, nor into what is
// discarded, nor round in a circle.
func (w *world) effective(name metrics.ConversationID, r *metrics.Record) bool {
	discarded := false
	for _, k := range w.known[r.Into] {
		switch k.Type {
		case metrics.KindDiscarded:
			discarded = true
		case metrics.KindReopened:
			discarded = false
		}
	}
	return len(w.known[r.Into]) > 0 && !discarded && !w.leads(r.Into, name, 9)
}

func (w *world) leads(from, to metrics.ConversationID, steps int) bool {
	if from == to || steps == 0 {
		return from == to
	}
	return slices.ContainsFunc(w.known[from], func(k metrics.Record) bool {
		return k.Type == metrics.KindMerged && w.leads(k.Into, to, steps-1)
	})
}

// tick passes a second.
func (d *desk) tick() {
	for m, clocks := range d.all {
		stops := m == int(standards.FirstResolution) || m == int(standards.FullResolution) ||
			d.rules.PauseStopsWaits == metrics.AnyReason ||
			d.rules.PauseStopsWaits == "parts" && d.reason == "parts"
		for _, c := range clocks {
			if d.hours.opened(d.second) && !(d.onHold() && stops) && !c.idle {
				c.used++
			}
			if c.used >= d.budget && c.exhausted < 0 {
				c.exhausted = d.second + 1
			}
		}
	}
	d.second++
}

func (d *desk) look() {
	for _, clocks := range d.all {
		for _, c := range clocks {
			if c.running && c.exhausted >= 0 {
				c.verdict = standards.Breached
			} else if c.running && c.verdict != standards.Breached {
				c.verdict = standards.Pending
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
	slices.SortFunc(arrivals, func(a, b arrival) int { return cmp.Or(a.second-b.second, a.start-b.start) })
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
		d.moved, d.all = nil, [7][]*clock{}
	}
	return d
}

// A said is what a poller says of a promise.
type said struct {
	verdict  standards.Verdict
	breached int
	steps    string
}

// says returns what the poller says at this second of a conversation by a measure, and
// remembers it.
func (w *world) says(name metrics.ConversationID, m standards.Measure) (all []said) {
	d := w.desk(name)
	seen := make(map[string]bool)
	for _, c := range d.all[m] {
		key := fmt.Sprint(m, " ", name, " ", c.kind, " ", c.id)
		if m == standards.FirstResolution || m == standards.FullResolution || m == standards.TimeToAssign {
			key = fmt.Sprint(m, " ", name)
		}
		seen[key] = true
		k := w.memory[key]
		if k == nil || k.kind == metrics.KindMerged && (c.kind != k.kind || c.id != k.id) {
			k = &memory{name, m, c.kind, c.id, -1, make(map[int]int)}
		}
		if c.verdict == standards.Breached && k.breached < 0 {
			k.breached = w.now
		}
		for i, s := range w.steps {
			if _, taken := k.steps[i]; !taken && c.running && !c.idle && c.used >= w.budget+int(s.After/time.Second) {
				k.steps[i] = w.now
			}
		}
		if k.breached >= 0 || len(k.steps) > 0 {
			w.memory[key] = k
		} else if c.joined {
			continue
		}
		one := said{c.verdict, k.breached, fmt.Sprint(k.steps)}
		if c.joined {
			one.verdict = standards.Excluded
		}
		if k.breached >= 0 {
			one.verdict = standards.Breached
		}
		all = append(all, one)
	}
	if d.discarded {
		return nil
	}
	for key, k := range w.memory {
		if k.name != name || k.measure != m || seen[key] {
			continue
		}
		if k.kind == metrics.KindMerged {
			delete(w.memory, key) // it went with its wait
			continue
		}
		verdict := standards.Excluded
		if k.breached >= 0 {
			verdict = standards.Breached
		}
		all = append(all, said{verdict, k.breached, fmt.Sprint(k.steps)})
	}
	if m != standards.FirstResponse {
		return all
	}
	// There is one first response: a breach, or else the first wait for it that decides.
	var one *said
	for i := range all {
		a := &all[i]
		a.steps = ""
		if one == nil || a.verdict == standards.Breached && (one.verdict != standards.Breached || a.breached < one.breached) ||
			one.verdict == standards.Excluded && a.verdict != standards.Excluded {
			one = a
		}
	}
	if one == nil {
		return nil
	}
	return []said{*one}
}

// forget takes back what began with an event that never was.
func (w *world) forget() {
	for key, k := range w.memory {
		if k.kind != metrics.KindMerged && !slices.ContainsFunc(w.known[k.name], func(r metrics.Record) bool { return r.Type == k.kind && r.ID == k.id }) {
			delete(w.memory, key)
		}
	}
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

// histories makes up conversations that are either edited, retracted and discarded, or
// merged, in the order in which they are taken. Both together are in the table of
// TestNothingIsTakenBack.
func histories(r *rand.Rand, seconds, conversations int, mergers bool) []metrics.Record {
	var taken []metrics.Record
	for c := range conversations {
		name := metrics.ConversationID(fmt.Sprint(c))
		var events []metrics.Record
		for n := range 3 + r.IntN(10) {
			s := r.IntN(seconds)
			if r.IntN(4) == 0 {
				s -= s % 10 // some at one instant
			}
			e := metrics.Record{
				Conversation: name, At: after(time.Duration(s) * time.Second),
				ID: metrics.EventID(fmt.Sprint(n)), Seq: int64(r.IntN(1000)*100 + n),
			}
			switch r.IntN(24) {
			case 0:
				e.Type = metrics.KindOpened
			case 1, 2:
				e.Type = metrics.KindReopened
			case 3, 4, 5, 6, 7:
				e.Type = metrics.KindMessageReceived
			case 8, 9, 10:
				e.Type = metrics.KindAssigned
				e.Agent, e.Team = pick[metrics.AgentID](r, "", "ana", "ben", "helper"), pick[metrics.TeamID](r, "", "", "second")
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
				e.Type = metrics.KindResolved
			case 21:
				e.Type = pick(r, metrics.KindAbandoned, metrics.KindResolved, metrics.KindDiscarded)
				if mergers && e.Type == metrics.KindDiscarded {
					continue
				}
			default:
				if !mergers {
					continue
				}
				e.Type, e.Into = metrics.KindMerged, metrics.ConversationID(fmt.Sprint(r.IntN(conversations+1)))
				if e.Into == name {
					continue
				}
			}
			events = append(events, e)
		}
		taken = append(taken, events...)
		for _, e := range events {
			if mergers || r.IntN(8) != 0 {
				continue
			}
			e.At = after(time.Duration(r.IntN(seconds)) * time.Second)
			if r.IntN(2) == 0 {
				e = metrics.Record{Type: metrics.KindRetracted, Conversation: name, At: e.At, Retracts: e.ID}
			} else if !e.Until.IsZero() {
				e.Until = e.At.Add(time.Duration(1+r.IntN(20)) * time.Second)
			}
			taken = append(taken, e)
		}
	}
	// Whether a wait that arrives comes before or after what happens at that very instant
	// is for the tests of package metrics.
	return slices.DeleteFunc(taken, func(m metrics.Record) bool {
		return m.Type == metrics.KindMerged && slices.ContainsFunc(taken, func(e metrics.Record) bool {
			return e.Conversation == m.Into && e.At.Equal(m.At)
		})
	})
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
	seed := uint64(time.Now().UnixNano())
	seen := make(map[string]int)
	for round := range 400 {
		r := rand.New(rand.NewPCG(seed, uint64(round)))
		w := &world{
			hours:  pick[shifts](r, "o", "o.", "ooooo.....", "....oooooooo..o"),
			budget: 2 + r.IntN(14),
			rules:  anyRules(r),
			steps:  []standards.Escalation{{Name: "near", After: -time.Second}, {Name: "late", After: 4 * time.Second}},
			memory: make(map[string]*memory),
		}
		conversations := 1 + r.IntN(3)
		// Which pauses a wait takes with it, and which clock, is for the time metrics to say.
		mergers := conversations > 1 && w.rules.PauseStopsWaits == "" && w.rules.FirstResponseFrom != metrics.FromAssigned
		taken := histories(r, seconds, conversations, mergers)
		var policy standards.Policy
		for _, m := range standards.Measures() {
			target := standards.Target{Measure: m, Within: time.Duration(w.budget) * time.Second, Calendar: w.hours, Escalations: w.steps}
			if w.hours == "o" {
				target.Calendar = nil
			}
			policy.Targets = append(policy.Targets, target)
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
			got := make(map[metrics.ConversationID]*[7][]said)
			for h := range reading.Histories() {
				all := new([7][]said)
				got[h.Conversation().ID()] = all
				for f := range policy.Findings(h) {
					m := f.Target.Measure
					all[m] = append(all[m], saidOf(&f))
				}
			}
			for _, name := range w.order() {
				for _, m := range standards.Measures() {
					want := w.says(name, m)
					var have []said
					if got[name] != nil {
						have = got[name][m]
					}
					if !sameSaid(have, want) {
						t.Fatalf("seed %d, round %d: %q %v within %d s on %q by %+v as of second %d: %v, polled %v\n%s",
							seed, round, name, m, w.budget, string(w.hours), w.rules, w.now, have, want, told(taken))
					}
					for _, one := range want {
						seen[fmt.Sprint(m, " ", one.verdict)]++
					}
				}
			}
		}
	}
	if len(seen) != 7*4 {
		t.Errorf("not every verdict of every measure came up: %v", seen)
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

func saidOf(f *standards.Finding) said {
	one := said{verdict: f.Verdict, breached: -1}
	if f.Verdict == standards.Breached {
		one.breached = secondOf(f.BreachedAt)
	}
	if f.Target.Measure != standards.FirstResponse {
		steps := make(map[int]int)
		for at, e := range f.Escalations() {
			steps[slices.Index(f.Target.Escalations, e)] = secondOf(at)
		}
		one.steps = fmt.Sprint(steps)
	}
	return one
}

func sameSaid(a, b []said) bool {
	order := func(all []said) []said {
		return slices.SortedFunc(slices.Values(all), func(a, b said) int {
			return cmp.Or(cmp.Compare(a.verdict, b.verdict), a.breached-b.breached, strings.Compare(a.steps, b.steps))
		})
	}
	return slices.Equal(order(a), order(b))
}

func told(taken []metrics.Record) string {
	var b strings.Builder
	for _, e := range taken {
		fmt.Fprintf(&b, "%q %d %v %s %s%s%s%s%s", e.Conversation, secondOf(e.At), e.Type, e.ID, e.Agent, e.Team, e.For, e.Into, e.Retracts)
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
