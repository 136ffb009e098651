package standards_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// A promise is a target as a poller keeps it.
type promise struct {
	budget     int // seconds
	priorities []metrics.Priority
	teams      []metrics.TeamID
	customers  []metrics.CustomerID
	steps      []standards.Escalation
	level
}

// promises makes up the targets of a measure, the first of which that applies is meant.
// Often there is one without conditions.
func promises(r *rand.Rand) (all []promise) {
	some := func(k int) promise {
		p := promise{budget: 2 + r.IntN(14), steps: []standards.Escalation{
			{Name: "near", After: -time.Second}, {Name: "late", After: 4 * time.Second}, {Name: fmt.Sprint(k), After: time.Second},
		}}
		p.level = anyLevel(r, p.budget)
		return p
	}
	for k := range r.IntN(4) {
		p := some(k)
		if r.IntN(2) == 0 {
			p.teams = pick(r, []metrics.TeamID{"first"}, []metrics.TeamID{"second"}, []metrics.TeamID{"", "first"})
		}
		if r.IntN(4) == 0 {
			p.customers = pick(r, []metrics.CustomerID{"gold"}, []metrics.CustomerID{""})
		}
		if p.teams == nil && p.customers == nil || r.IntN(2) == 0 {
			p.priorities = pick(r, []metrics.Priority{"high"}, []metrics.Priority{"high", "low"}, []metrics.Priority{""})
		}
		all = append(all, p)
	}
	if r.IntN(4) != 0 || all == nil {
		all = append(all, some(9))
	}
	return all
}

// target returns a promise as a target.
func (p *promise) target(m standards.Measure, hours shifts) standards.Target {
	t := standards.Target{
		Measure: m, Within: standards.BudgetOf(time.Duration(p.budget) * time.Second), Calendar: hours, Escalations: p.steps,
		Priorities: p.priorities, Teams: p.teams, Customers: p.customers,
	}
	if hours == "o" {
		t.Calendar = nil
	}
	p.set(&t)
	return t
}

// A state is what is known of a conversation besides its clocks.
type state struct {
	priority metrics.Priority
	team     metrics.TeamID
	agent    metrics.AgentID
	customer metrics.CustomerID
}

// choose returns the number of the promise that applies, or −1.
func choose(from []promise, s *state) int {
	return slices.IndexFunc(from, func(p promise) bool {
		return (p.priorities == nil || slices.Contains(p.priorities, s.priority)) &&
			(p.teams == nil || slices.Contains(p.teams, s.team)) &&
			(p.customers == nil || slices.Contains(p.customers, s.customer))
	})
}

// follow takes the state at the end of a second for a clock that runs, and reports whether
// its promise is broken then.
func (d *desk) follow(c *clock) {
	if c.verdict == standards.Breached || c.joined || c.measure == standards.TimeWith && !c.has {
		return
	}
	if !c.running && c.looked {
		return // it has ended, and what happens now is too late
	}
	c.looked = true
	s := d.state
	if c.measure == standards.TimeWith {
		s.team = c.began.whom
	}
	before := c.promise
	if c.promise, c.state = choose(d.promises[c.measure], &s), s; c.promise != before && before >= 0 {
		c.changed = d.second
		d.rare(c, "chosen anew")
		if c.promise < 0 {
			d.rare(c, "lifted")
		}
	}
}

// rare counts what comes up seldom, where a target has changed in this second.
func (d *desk) rare(c *clock, what string) {
	if d.second == d.now && c.changed == d.second {
		d.came[what] = true
	}
}

// spent reports whether the budget of the promise of a clock was used up when there were
// so many seconds of it.
func (d *desk) spent(c *clock, used int) bool {
	return c.promise >= 0 && !c.idle && used >= d.promises[c.measure][c.promise].budget
}

// with passes the end of a second for the time that teams have a conversation.
func (d *desk) with() {
	for _, c := range d.teams {
		has := d.open && c.began.whom == d.team
		if has && !c.has && d.second == d.now {
			d.came["given back"] = true
		}
		c.has = has
	}
	if !d.open || d.team == "" || slices.ContainsFunc(d.teams, func(c *clock) bool { return c.has }) {
		return
	}
	began := d.cycle
	if d.cycleStart != d.second {
		began = d.taken
	}
	c := d.started(standards.TimeWith, &began)
	c.began.whom, c.has = d.team, true
	d.teams = append(d.teams, c)
}

// closeWith ends the times with teams of a cycle.
func (d *desk) closeWith(v standards.Verdict) {
	for _, c := range d.teams {
		c.running, c.ended, c.usedUp = false, d.second, c.used
		if c.verdict != standards.Breached {
			c.verdict = v
		}
	}
	d.teams = nil
}

// whose returns whom a poller names for a promise: the target, the priority, the team,
// and who was in charge if it was broken.
func whose(c *clock) string {
	team, agent := c.endTeam, metrics.AgentID("")
	if c.verdict == standards.Breached {
		team, agent = c.state.team, c.state.agent
	}
	if c.measure == standards.TimeWith {
		team = c.began.whom
	}
	return fmt.Sprintf("%d %q %q %q", c.promise, c.state.priority, team, agent)
}

// swings makes up that a conversation goes from team to team and back, and that its
// priority does, which chance alone seldom does.
func swings(r *rand.Rand, name metrics.ConversationID, seconds int) (all []metrics.Record) {
	s := r.IntN(seconds / 2)
	for n := range 2 + r.IntN(4) {
		e := metrics.Record{
			Type: metrics.KindAssigned, Conversation: name, ID: metrics.EventID(fmt.Sprint("swing ", n)),
			At: after(time.Duration(s) * time.Second), Agent: "ana", Team: []metrics.TeamID{"first", "second"}[n%2],
			Seq: int64(r.IntN(1000)*100 + 50 + n),
		}
		if r.IntN(3) == 0 {
			e.Type, e.Agent, e.Team, e.Priority = metrics.KindPrioritized, "", "", []metrics.Priority{"high", "low"}[n%2]
		}
		all = append(all, e)
		s += 1 + r.IntN(8)
	}
	return all
}

// moved makes up that a customer waits for a while in a conversation, which then goes on in
// the first one.
func moved(r *rand.Rand, name metrics.ConversationID, seconds int) []metrics.Record {
	s := r.IntN(seconds / 2)
	wrote := metrics.Record{
		Type: metrics.KindMessageReceived, Conversation: name, ID: "wrote", At: after(time.Duration(s) * time.Second), Seq: int64(r.IntN(1000)*100 + 70),
	}
	merged := metrics.Record{
		Type: metrics.KindMerged, Conversation: name, ID: "moved", At: wrote.At.Add(time.Duration(2+r.IntN(20)) * time.Second), Into: "0",
		Seq: int64(r.IntN(1000)*100 + 71),
	}
	return []metrics.Record{wrote, merged}
}

// episodes makes up that a customer writes a few times and is answered, or gives up, or the
// conversation is resolved, soon or late.
func episodes(r *rand.Rand, name metrics.ConversationID, seconds int) (all []metrics.Record) {
	s := r.IntN(10)
	add := func(e metrics.Record) {
		e.Conversation, e.ID, e.At = name, metrics.EventID(fmt.Sprint("episode ", len(all))), after(time.Duration(s)*time.Second)
		e.Seq = int64(r.IntN(1000)*100 + 70 + len(all))
		all = append(all, e)
	}
	add(metrics.Record{Type: metrics.KindAssigned, Agent: "ana", Team: pick[metrics.TeamID](r, "", "first", "second")})
	for range 1 + r.IntN(4) {
		add(metrics.Record{Type: metrics.KindMessageReceived})
		s = min(s+pick(r, 1+r.IntN(6), 6+r.IntN(30)), seconds-1)
		add(metrics.Record{Type: pick(r, metrics.KindAbandoned, metrics.KindAbandoned, metrics.KindAbandoned, metrics.KindReplySent, metrics.KindResolved)})
		s = min(s+r.IntN(3), seconds-1)
	}
	return all
}
