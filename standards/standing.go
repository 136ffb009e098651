package standards

import (
	"iter"
	"slices"
	"sort"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A standing is what targets ask of a conversation and what may change while somebody
// waits: from an instant on.
type standing struct {
	from     time.Time
	priority metrics.Priority
	team     metrics.TeamID
	customer metrics.CustomerID
}

// standings are those of a conversation, one after the other.
type standings struct {
	first standing   // from the beginning
	later []standing // nil if nothing changes
}

// A change makes another standing of one, from an instant on.
type change struct {
	from  time.Time
	apply func(*standing)
}

// follow returns the first of the values that come one after another, and adds a change for
// each of the others.
func follow[V any](values iter.Seq2[time.Time, V], changes *[]change, set func(*standing, V)) (first V) {
	known := false
	for at, v := range values {
		if known {
			*changes = append(*changes, change{at, func(s *standing) { set(s, v) }})
		} else {
			first, known = v, true
		}
	}
	return first
}

// asksFor returns whether targets ask for the team in charge, and for the customer.
func (p Policy) asksFor() (teams, customers bool) {
	for i := range p.Targets {
		t := &p.Targets[i]
		teams = teams || len(t.Teams) > 0 && t.Measure != TimeWith
		customers = customers || len(t.Customers) > 0
	}
	return teams, customers
}

// standings returns what p may ask of a conversation. The priority is always known, the
// team and the customer only if a target asks for them.
func (p Policy) standings(h *metrics.History) (all standings) {
	teams, customers := p.asksFor()
	var changes []change
	all.first.priority = follow(h.Priorities(), &changes, func(s *standing, p metrics.Priority) { s.priority = p })
	if teams {
		all.first.team = follow(h.Teams(), &changes, func(s *standing, t metrics.TeamID) { s.team = t })
	}
	if customers {
		var named metrics.Record
		if all.first.customer, named = customersOf(h); named.Customer != all.first.customer {
			changes = append(changes, change{named.At, func(s *standing) { s.customer = named.Customer }})
		}
	}
	slices.SortStableFunc(changes, func(a, b change) int { return a.from.Compare(b.from) })
	now := all.first
	for _, c := range changes {
		if n := len(all.later); n > 0 && all.later[n-1].from.Equal(c.from) {
			all.later = all.later[:n-1] // only what an instant comes to counts
		}
		now.from = c.from
		c.apply(&now)
		all.later = append(all.later, now)
	}
	return all
}

// customersOf returns the customer of a conversation at its beginning, and the message
// that first names one, or if none does, one that names the same.
func customersOf(h *metrics.History) (first metrics.CustomerID, named metrics.Record) {
	for r := range h.Conversation().Records() {
		if r.Type != metrics.KindMessageReceived || r.Customer == "" {
			continue
		}
		if h.Case() > 1 {
			first = h.Before(r.At).Customer() // of an earlier case
		}
		return first, r
	}
	first = h.Customer()
	return first, metrics.Record{Customer: first}
}

// at returns the standing after all that happens at an instant, and the number of those
// that came before it.
func (s *standings) at(t time.Time) (*standing, int) {
	if len(s.later) == 0 {
		return &s.first, 0
	}
	n := sort.Search(len(s.later), func(i int) bool { return s.later[i].from.After(t) })
	if n == 0 {
		return &s.first, 0
	}
	return &s.later[n-1], n
}

// choose returns the number of the first target that applies to what started at an instant
// by a standing, of the measure and agreement of the i-th and from that on, or −1 if there
// is none.
func (p Policy) choose(i int, start time.Time, channel metrics.Channel, team metrics.TeamID, h *metrics.History, s *standing) int {
	for k := i; k < len(p.Targets); k++ {
		t := &p.Targets[k]
		if t.Measure == p.Targets[i].Measure && t.Agreement == p.Targets[i].Agreement && t.appliesTo(start, channel, team, h, s) {
			return k
		}
	}
	return -1
}

// judged judges a wait by the targets of the measure and agreement of the i-th, from that
// on: whenever the standing changes while the wait goes on, the one that applies then. It
// returns false, and a finding without a target, if none does in the end, unless steps came
// due before; done has those that were known before.
//
// A wait that mergers moved into is judged as it was before each, and then as it is.
func (p Policy) judged(i int, v *version, w *metrics.Wait, done []step) (Finding, bool) {
	var from time.Time
	if p.Targets[i].Measure <= EveryResponse {
		for _, moved := range v.Sources(*w) {
			if !moved.End.After(from) {
				continue
			}
			if v.since.After(v.revised) && !moved.End.After(v.since) {
				from = moved.End // known from the version before
				continue
			}
			if stage, ok := v.Before(moved.End).StillWaiting(); ok {
				stage.End, stage.Outcome = moved.End, metrics.Moved
				g, ok := p.walked(i, v, &stage, from, done)
				if ok && g.Verdict == Breached {
					f, _ := p.walked(i, v, w, moved.End, nil)
					f.since = v.since
					return f.after(&g, moved.End), true
				}
				if ok {
					g.settleSteps()
				}
				done = g.done
			}
			from = moved.End
		}
	}
	return p.walked(i, v, w, from, done)
}

// walked judges a wait from an instant on, or zero from its start; see [Policy.judged].
func (p Policy) walked(i int, v *version, w *metrics.Wait, from time.Time, done []step) (Finding, bool) {
	f := Finding{
		Conversation: w.Conversation, Channel: w.Channel, Team: w.Team, Agent: w.Agent, Owner: v.Owner(),
		Start: w.Start, End: w.End, Outcome: w.Outcome, Holds: w.Holds, unassigned: w.Unassigned, done: done,
	}
	end := w.End
	if end.IsZero() {
		f.asOf = v.Terms().AsOf
		end = f.asOf.Add(1)
	}
	switch p.Targets[i].Measure {
	case FullResolution, ActiveResolution:
		f.gaps = gaps(v.History)
	case TimeWith:
		f.gaps = v.away(w)
	}
	begin := from
	if begin.Before(w.Start) {
		begin = w.Start
	}
	now, n := v.standings.at(begin)
	k, since := p.choose(i, w.Start, w.Channel, w.Team, v.History, now), from // since when the target applies
	last := k
	var clocks map[int]*clock // of the targets
	if len(f.Holds) > manyHolds && n < len(v.standings.later) {
		clocks = make(map[int]*clock)
	}
	for ; n < len(v.standings.later); n++ {
		next := &v.standings.later[n]
		at, ok := f.resumes(next.from)
		if !ok || !at.Before(end) {
			break
		}
		chosen := p.choose(i, w.Start, w.Channel, w.Team, v.History, next)
		if chosen == k {
			now = next
			continue
		}
		if k >= 0 && f.broken(&p, k, since, at, v.since, clocks) {
			break
		}
		if now, k, since = next, chosen, at; k >= 0 {
			last = k
		}
	}
	if last < 0 || k < 0 && len(f.done) == 0 {
		return f, false
	}
	f.Target, f.Index, f.Priority = &p.Targets[last], last, now.priority
	if f.since = since; since.Before(v.since) {
		f.since = v.since
	}
	f.judge()
	switch {
	case k < 0: // a promise that was lifted
		f.Verdict, f.Warning, f.settled = Excluded, false, true
	case f.Verdict == Breached:
		f.date()
		f.blame(v, since, begin, end)
	}
	return f, true
}

// manyHolds is how many holds are passed each time, rather than with a clock.
const manyHolds = 16

// broken reports whether the k-th target is broken before another one applies, from an
// instant on. Otherwise it notes the steps that have come due by then, none of them before
// that was known. With many holds it takes the clock of the target from clocks.
func (f *Finding) broken(p *Policy, k int, since, until, known time.Time, clocks map[int]*clock) bool {
	g := *f
	if clocks != nil {
		if clocks[k] == nil {
			clocks[k] = newClock(p.Targets[k].Calendar, f.Start, f.Holds)
		}
		g.clock = clocks[k]
	}
	g.Target, g.Index, g.since = &p.Targets[k], k, since
	g.End, g.Outcome, g.asOf = time.Time{}, metrics.Open, until.Add(-1)
	if g.judge(); g.Verdict == Breached && g.breaks().Before(until) {
		return true
	}
	if since.Before(known) {
		g.since = known
	}
	g.settleSteps()
	f.done = g.done
	return false
}

// breaks returns the instant at which a promise is broken that is at its deadline, or from
// when on its target applies if that is later: when it goes on if it was suspended then.
func (f *Finding) breaks() time.Time {
	at := f.Due
	if at.Before(f.since) {
		at = f.since
	}
	if gap, ok := f.gapAt(at); ok && !gap.End.IsZero() {
		return gap.End // also where a conversation was open for no time
	}
	return at
}

// gapAt returns the gap that an instant is in, if it is in one.
func (f *Finding) gapAt(at time.Time) (gap metrics.Span, ok bool) {
	n := sort.Search(len(f.gaps), func(i int) bool { return f.gaps[i].Start.After(at) })
	if n == 0 {
		return gap, false
	}
	gap = f.gaps[n-1]
	return gap, gap.End.IsZero() || at.Before(gap.End)
}

// blame says who was in charge, and which priority was in force, when a promise was broken
// that was here from begin to end, and whose target applies from an instant on.
func (f *Finding) blame(v *version, since, begin, end time.Time) {
	g := Finding{Due: f.Due, gaps: f.gaps, since: since}
	at := g.breaks()
	if f.Due.IsZero() || f.brokenByItsEnd() || at.After(end) {
		at = end
	}
	gap, within := f.gapAt(at)
	if within && gap.Start.Equal(at) || at.Equal(end) && begin.Before(end) { // then what was in force until then counts
		at = at.Add(-1)
		for _, gap := range slices.Backward(f.gaps) {
			if !at.Before(gap.Start) && (gap.End.IsZero() || at.Before(gap.End)) {
				at = gap.Start.Add(-1)
			}
		}
	}
	now, _ := v.standings.at(at)
	f.Priority = now.priority
	team, agent := v.InCharge(at)
	if f.InCharge = agent; f.Target.Measure != TimeWith {
		f.Team = team
	}
}

// dueWhenOpen returns the instant at which something that is due at an instant comes due:
// later if it became known later, or if the promise was suspended then. It returns false if
// it never does.
func (f *Finding) dueWhenOpen(at time.Time) (time.Time, bool) {
	if at.Before(f.since) {
		at = f.since
	}
	return f.resumes(at)
}

// resumes returns the first instant, from one on, at which a promise is not suspended: a
// conversation that lies closed is not judged, and neither is a team that does not have
// it. It returns false if there is none.
func (f *Finding) resumes(at time.Time) (time.Time, bool) {
	for {
		gap, ok := f.gapAt(at)
		switch {
		case !ok:
			return at, true
		case gap.End.IsZero():
			return at, false
		}
		at = gap.End
	}
}

// standingEvents are the last events that said who is in charge, and which priority is in
// force.
type standingEvents struct{ assigned, prioritized metrics.Event }

func (s *standingEvents) take(e metrics.Event) {
	switch e := e.(type) {
	case metrics.Assigned:
		s.assigned = e
	case metrics.Prioritized:
		s.prioritized = e
	case metrics.Opened:
		if e.Priority != "" {
			s.prioritized = e
		}
	}
}

// prove returns those that say why the target was chosen, or who was in charge when it was
// broken.
func (s *standingEvents) prove(f *Finding) (proof []metrics.Event) {
	t := f.promise()
	if s.assigned != nil && (len(t.Teams) > 0 || f.Verdict == Breached) {
		proof = append(proof, s.assigned)
	}
	if s.prioritized != nil && len(t.Priorities) > 0 {
		proof = append(proof, s.prioritized)
	}
	return proof
}
