package main

import (
	"slices"
	"time"
)

// A matter is what the desk counts as a case: a contact, and those that open it again.
type matter struct {
	contacts  []contact
	back      time.Duration // how long after the first resolution the customer came, or negative
	elsewhere bool          // in another case
}

// matters groups the contacts of all customers.
func matters(stories [][]contact) (all []matter) {
	for _, story := range stories {
		for i, c := range story {
			if c.link.sameCase() {
				last := &all[len(all)-1]
				last.contacts = append(last.contacts, c)
			} else {
				all = append(all, matter{contacts: []contact{c}, back: -1})
			}
			if i == 0 && len(story) > 1 && c.ending.resolved() {
				all[len(all)-1].back = story[1].wrote.Sub(c.closed)
				all[len(all)-1].elsewhere = !story[1].link.sameCase()
			}
		}
	}
	return all
}

// truth returns the true figures of what was decided.
func (d desk) truth(stories [][]contact) []figure {
	cases := matters(stories)
	var list []figure
	for _, figures := range []func([]matter) []figure{
		d.trueCases, d.trueCalls, d.trueLevels, d.trueWork, d.trueTeams, d.trueReturns, d.trueAssistant, d.trueRequests, d.truePromises,
	} {
		list = append(list, figures(cases)...)
	}
	return list
}

func counted(question string, n int) figure { return figure{question: question, n: int64(n)} }

func shared(question string, part, whole int) figure {
	return figure{question: question, kind: share, part: int64(part), n: int64(whole)}
}

// trueCases are what came, and how long answers and resolutions took.
func (d desk) trueCases(cases []matter) []figure {
	threads := make(map[string]bool)
	reopened := 0
	var answers, byBot, first, firstInHours, resolution, full sample
	for _, m := range cases {
		answered := false
		reopened += len(m.contacts) - 1
		for _, c := range m.contacts {
			threads[c.thread] = true
			if !c.bot.IsZero() {
				byBot.add(c.bot.Sub(c.wrote))
			}
			for _, a := range c.answers {
				answers.add(a.at.Sub(a.asked))
				if !answered {
					answered = true
					first.add(a.at.Sub(a.asked))
					firstInHours.add(d.openFor(c, a.asked, a.at))
				}
			}
		}
		start, end := m.contacts[0], m.contacts[len(m.contacts)-1]
		if start.ending.resolved() {
			resolution.add(start.closed.Sub(start.wrote) - paused(start))
		}
		if end.ending.resolved() {
			whole := end.closed.Sub(start.wrote)
			for _, c := range m.contacts {
				whole -= paused(c)
			}
			full.add(whole)
		}
	}
	return []figure{
		counted("conversations", len(threads)),
		counted("cases", len(cases)),
		counted("cases that were opened again", reopened),
		first.figure("first response", medians),
		firstInHours.figure("first response in hours of service", medians),
		answers.figure("answers of persons", times),
		byBot.figure("answers of the assistant", times),
		resolution.figure("first resolution", medians),
		full.figure("full resolution", medians),
	}
}

func paused(c contact) (sum time.Duration) {
	for _, p := range c.pauses {
		sum += p.to.Sub(p.from)
	}
	return sum
}

// openFor returns how long whoever was in charge was there: the desk, until a team was.
func (d desk) openFor(c contact, from, to time.Time) (sum time.Duration) {
	h := deskHours
	for _, t := range c.turns {
		if t.from.After(from) && t.from.Before(to) {
			sum += d.open(h, from, t.from)
			from = t.from
		}
		if t.from.Before(to) {
			h = teamHours[t.team]
		}
	}
	return sum + d.open(h, from, to)
}

// trueCalls are how long callers waited, and whether they gave up.
func (d desk) trueCalls(cases []matter) []figure {
	var answers, lost sample
	short, dismissed := 0, 0
	for _, m := range cases {
		c := m.contacts[0]
		switch waited := c.closed.Sub(c.wrote); {
		case c.channel != phone:
		case c.ending == gaveUp:
			lost.add(waited)
			if waited <= shortAbandon {
				short++
			}
		case c.ending == unanswered:
			dismissed++
		default:
			answers.add(c.answers[0].at.Sub(c.wrote))
		}
	}
	calls := len(answers) + len(lost) + dismissed
	return []figure{
		shared("abandoned calls", len(lost), calls),
		shared("abandoned calls without short ones", len(lost)-short, calls-short),
		answers.figure("speed of answer", medians),
		lost.figure("time to abandon", medians),
	}
}

// trueLevels are the service level by each of the formulas.
func (d desk) trueLevels(cases []matter) []figure {
	var quick, slow, short, lost, late, dismissed int // late and dismissed after the limit
	for _, m := range cases {
		c := m.contacts[0]
		if c.channel != phone {
			continue
		}
		waited := c.closed.Sub(c.wrote)
		if len(c.answers) > 0 {
			waited = c.answers[0].at.Sub(c.wrote)
		}
		switch inTime := waited <= answerWithin; {
		case c.ending == byPerson && inTime:
			quick++
		case c.ending == byPerson:
			slow++
		case c.ending == unanswered && !inTime:
			dismissed++
		case c.ending == gaveUp && waited <= shortAbandon:
			short++
		case c.ending == gaveUp && inTime:
			lost++
		case c.ending == gaveUp:
			late++
		}
	}
	answers, misses := quick+slow, late+dismissed
	return []figure{
		shared("service level, short_excluded", quick, answers+lost+misses),
		shared("service level, answered_only", quick, answers),
		shared("service level, offered", quick, answers+short+lost+misses),
		shared("service level, within_excluded", quick, answers+misses),
		shared("service level, within_met", quick+short+lost, answers+short+lost+misses),
		shared("service level, short_met", quick+short, answers+short+lost+misses),
	}
}

// allAgents are the agents of all teams, in their order.
func allAgents() (all []string) {
	for _, team := range teams {
		all = append(all, agents[team]...)
	}
	return all
}

// trueWork is how long agents worked. An agent who works on two cases at a time is busy
// once: each second is counted by itself.
func (d desk) trueWork(cases []matter) []figure {
	var whole sample
	byAgent, busy := make(map[string]sample), make(map[string]map[int64]bool)
	for _, m := range cases {
		var sum time.Duration
		own := make(map[string]time.Duration)
		for _, c := range m.contacts {
			for _, w := range c.work {
				sum += w.to.Sub(w.from)
				own[w.agent] += w.to.Sub(w.from)
				if busy[w.agent] == nil {
					busy[w.agent] = make(map[int64]bool)
				}
				for second := w.from.Unix(); second < w.to.Unix(); second++ {
					busy[w.agent][second] = true
				}
			}
		}
		if sum > 0 {
			whole.add(sum)
		}
		for agent, took := range own {
			byAgent[agent] = append(byAgent[agent], took)
		}
	}
	list := []figure{whole.figure("handle time", medians)}
	for _, agent := range allAgents() {
		list = append(list, byAgent[agent].figure("handle time of "+agent, times),
			figure{question: "busy time of " + agent, kind: length, mean: time.Duration(len(busy[agent])) * time.Second})
	}
	return list
}

// trueTeams are how long each team was in charge, and how often cases were passed on.
func (d desk) trueTeams(cases []matter) []figure {
	transfers := 0
	inCharge, inHours := make(map[string]sample), make(map[string]sample)
	for _, m := range cases {
		took, open := make(map[string]time.Duration), make(map[string]time.Duration)
		for _, c := range m.contacts {
			for i, t := range c.turns {
				end := c.closed
				switch {
				case i+1 < len(c.turns):
					end = c.turns[i+1].from
				case end.IsZero():
					end = d.asOf
				}
				if i > 0 && c.turns[i-1].team != t.team {
					transfers++
				}
				took[t.team] += end.Sub(t.from)
				open[t.team] += d.open(teamHours[t.team], t.from, end)
			}
		}
		for team := range took {
			inCharge[team] = append(inCharge[team], took[team])
			inHours[team] = append(inHours[team], open[team])
		}
	}
	list := []figure{counted("transfers", transfers)}
	for _, team := range teams {
		list = append(list, inCharge[team].figure("time with "+team, times), inHours[team].figure("hours with "+team, times))
	}
	return list
}

// trueReturns are after how many resolutions customers came back.
func (d desk) trueReturns(cases []matter) []figure {
	var once, returned, pending, pendingReturned, unknown int
	for _, m := range cases {
		c := m.contacts[0]
		back := m.back >= 0 && m.back <= firstContact
		switch {
		case !c.ending.resolved():
		case c.customer == "":
			unknown++
		case d.asOf.Sub(c.closed) < firstContact:
			pending++
			if back {
				pendingReturned++
			}
		case back:
			returned++
		default:
			once++
		}
	}
	return []figure{
		shared("first contact: resolved", once, once+returned),
		counted("first contact: pending", pending),
		counted("first contact: pending, but back already", pendingReturned),
		counted("first contact: customer unknown", unknown),
	}
}

// trueAssistant is what became of the cases in which the assistant replied.
func (d desk) trueAssistant(cases []matter) []figure {
	var persons, confirmed, assumed, unresolved, unfinished, pending, pendingReturned, unknown int
	for _, m := range cases {
		c := m.contacts[0]
		if c.bot.IsZero() {
			continue
		}
		back := m.back >= 0 && m.back <= assistantAlone
		switch {
		case slices.ContainsFunc(m.contacts, func(c contact) bool { return !c.handOff.IsZero() || c.bot.IsZero() }):
			persons++
		case c.ending == open:
			unfinished++
		case c.ending == gaveUp:
			unresolved++
		case d.asOf.Sub(c.closed) < assistantAlone:
			pending++
			if back {
				pendingReturned++
			}
		case back || c.ending == timedOut:
			unresolved++
		default:
			if c.customer == "" {
				unknown++
			}
			if c.ending == byCustomer {
				confirmed++
			} else {
				assumed++
			}
		}
	}
	alone := confirmed + assumed
	over := persons + alone + unresolved
	return []figure{
		counted("assistant: with a person", persons),
		counted("assistant: resolved alone, confirmed", confirmed),
		counted("assistant: resolved alone, assumed", assumed),
		counted("assistant: unresolved", unresolved),
		counted("assistant: open", unfinished),
		counted("assistant: pending", pending),
		counted("assistant: pending, but back already", pendingReturned),
		counted("assistant: resolved alone, customer unknown", unknown),
		shared("assistant: involvement", over+unfinished+pending, len(cases)),
		shared("assistant: resolution", alone, over),
		shared("assistant: hand-off", persons, over),
		shared("assistant: containment", alone+unresolved, over),
		shared("assistant: automation", alone, len(cases)-unfinished-pending),
	}
}

// trueRequests are what became of requests for ratings.
func (d desk) trueRequests(cases []matter) []figure {
	var answers, whole, pending, again, unsolicited int
	for _, m := range cases {
		c := m.contacts[0]
		if c.unsolicited {
			unsolicited++
		}
		for _, r := range c.requests {
			switch {
			case r.fate == answered:
				answers++
				whole++
			case r.fate == replaced:
				again++
			case d.asOf.Sub(r.at) < ratingExpires:
				pending++
			default:
				whole++
			}
		}
	}
	return []figure{
		shared("response rate", answers, whole),
		counted("requests that may still be answered", pending),
		counted("requests that another replaced", again),
		counted("ratings that nobody asked for", unsolicited),
		counted("ratings", answers+unsolicited),
	}
}

// truePromises are how many letters were answered when it was promised.
func (d desk) truePromises(cases []matter) []figure {
	var kept, broken, pending, excluded [2]int // urgent ones are the second
	for _, m := range cases {
		c := m.contacts[0]
		if c.channel != email {
			continue
		}
		due, which := d.twoDays(c.wrote), 0
		if c.urgent {
			due, which = d.endOfDay(c.wrote), 1
		}
		switch {
		case len(c.answers) > 0 && !c.answers[0].at.After(due):
			kept[which]++
		case len(c.answers) == 0 && c.ending == open && d.asOf.Before(due):
			pending[which]++
		case len(c.answers) == 0 && c.ending != open && !c.closed.After(due):
			excluded[which]++
		default:
			broken[which]++
		}
	}
	var list []figure
	for i, name := range []string{"answered within two business days", "urgent: answered on the same day"} {
		list = append(list, shared(name, kept[i], kept[i]+broken[i]), counted(name+", may still be", pending[i]), counted(name+", closed before", excluded[i]))
	}
	return list
}
