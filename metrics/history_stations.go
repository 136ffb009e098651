package metrics

import (
	"iter"
	"sort"
	"time"
)

// Station is a stretch in which somebody is in charge of an open conversation: an agent,
// a team, or an agent of a team. Who is put in charge of the open conversation begins a
// station, and the next one, or the end of the cycle, ends it; a conversation that is
// reopened goes on with the station that it had.
type Station struct {
	Team  TeamID  // empty if an agent alone is named
	Agent AgentID // empty while nobody in the team is
	Span          // End is zero while it goes on
}

// Stations returns the stations of the conversation, in order. The time in which nobody
// is in charge belongs to none.
func (h *History) Stations() []Station {
	var all []Station
	for s := range h.stations() {
		all = append(all, Station{Team: h.teamOf(s.team), Agent: h.agent(s.agent), Span: Span{timeOf(s.start), timeOf(s.end)}})
	}
	return all
}

// stations yields the stretches in which somebody is in charge and a cycle is running.
func (h *History) stations() iter.Seq[span] {
	return func(yield func(span) bool) {
		if h.before.assigned|uint32(h.before.team) == 0 && len(h.changes) == 0 {
			return // as on many desks
		}
		for i := range h.cycles {
			c := &h.cycles[i]
			for s := range h.stretches(c.start, c.end) {
				if s.agent|uint32(s.team) != 0 && s.start < s.end && !yield(s) {
					return
				}
			}
		}
	}
}

// stretches yields the parts of a time, in each of which the same agent and team are in
// charge, or nobody is. None is empty, unless the time is.
func (h *History) stretches(start, end int64) iter.Seq[span] {
	return func(yield func(span) bool) {
		i, charge := h.charge(min(start, end-1))
		s := span{start: start, agent: charge.agent, team: charge.team}
		for ; i < len(h.changes); i++ {
			c := &h.changes[i]
			if c.at >= end {
				break
			}
			if i+1 < len(h.changes) && h.changes[i+1].at == c.at || c.agent == s.agent && c.team == s.team {
				continue
			}
			if c.at > s.start {
				if s.end = c.at; !yield(s) {
					return
				}
				s.start = c.at
			}
			s.agent, s.team = c.agent, c.team
		}
		s.end = end
		yield(s)
	}
}

// charge returns how many of the changes come up to an instant, and who is in charge after
// them.
func (h *History) charge(at int64) (n int, last change) {
	n = sort.Search(len(h.changes), func(i int) bool { return h.changes[i].at > at })
	if n == 0 {
		return 0, change{agent: h.before.assigned, team: h.before.team}
	}
	return n, h.changes[n-1]
}

// FacetOfStation returns the facet of one of the [History.Stations]: its agent, its team,
// the channel of the conversation, and the instant of its end or, while it goes on, of the
// reading.
func (h *History) FacetOfStation(s Station) Facet {
	f := h.Facet()
	f.agent, f.team = h.names().agents.Number(string(s.Agent)), uint16(h.names().teams.Number(string(s.Team)))
	if f.at = h.asOfNanoseconds(); !s.End.IsZero() {
		f.at = instant(s.End)
	}
	return f
}

// Teams yields the teams in charge of the conversation, each with the instant from which
// on it is, whether the conversation is open or not: the first from when the case begins.
// An empty one is that none is.
func (h *History) Teams() iter.Seq2[time.Time, TeamID] {
	return func(yield func(time.Time, TeamID) bool) {
		if h.number == 0 {
			return
		}
		begins := h.firstKnown()
		team, i := h.before.team, 0
		for i < len(h.changes) && h.changes[i].at <= begins {
			team = h.changes[i].team
			i++
		}
		if !yield(timeOf(begins), h.teamOf(team)) {
			return
		}
		for _, c := range h.changes[i:] {
			if c.team != team {
				if team = c.team; !yield(timeOf(c.at), h.teamOf(team)) {
					return
				}
			}
		}
	}
}

// InCharge returns the team and the agent who are in charge at an instant, after all that
// happens at it. Either is empty if there is none.
func (h *History) InCharge(at time.Time) (TeamID, AgentID) {
	_, charge := h.charge(instant(at))
	return h.teamOf(charge.team), h.agent(charge.agent)
}

// Transfers returns how often the conversation went from one team to another. That
// another agent of the team takes over is no transfer, and neither is the first team.
func (h *History) Transfers() (n int) {
	team := h.before.team
	for i := range h.changes {
		if to := h.changes[i].team; to != 0 {
			if team != 0 && to != team {
				n++
			}
			team = to
		}
	}
	return n
}

// Hours returns the hours of service of the conversation by [Rules.TeamCalendars],
// [Rules.ChannelCalendars] and [Rules.Calendar]: a calendar that measures each stretch of
// time by the calendar of the team that is in charge then, or if it has none, by that of
// the channel of the conversation, or else by Calendar; and around the clock where that
// is nil. It returns nil if the Rules have no calendar. It is good as long as the history
// is.
func (h *History) Hours() Calendar {
	r := h.rules()
	switch {
	case len(r.TeamCalendars) > 0 && len(h.changes) > 0:
		return (*hours)(h)
	case len(r.TeamCalendars)+len(r.ChannelCalendars) > 0:
		return r.hoursOf(h.teamOf(h.before.team), h.Channel())
	}
	return r.Calendar
}

// hours measures a history by the calendars of its teams.
type hours History

// Between returns the hours of service from start to end.
func (t *hours) Between(start, end time.Time) (sum time.Duration) {
	if end.Before(start) {
		return -t.Between(end, start)
	}
	h := (*History)(t)
	from, to := start, end
	channel := h.Channel()
	i, charge := h.charge(min(instant(from), instant(to)-1))
	team := charge.team
	for ; i < len(h.changes); i++ {
		c := &h.changes[i]
		if c.team == team {
			continue
		}
		at := timeOf(c.at)
		if !at.Before(to) {
			break
		}
		if at.After(from) {
			sum += h.rules().hoursOf(h.teamOf(team), channel).Between(from, at)
			from = at
		}
		team = c.team
	}
	return sum + h.rules().hoursOf(h.teamOf(team), channel).Between(from, to)
}

// hoursOf returns the calendar by which a stretch of a team is measured.
func (r *Rules) hoursOf(team TeamID, channel Channel) Calendar {
	for _, c := range [...]Calendar{r.TeamCalendars[team], r.ChannelCalendars[channel], r.Calendar} {
		if c != nil {
			return c
		}
	}
	return AroundTheClock
}
