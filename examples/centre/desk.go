package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// What the desk is like, and what it promises. The generator and the reading of the
// events are told the same.
const (
	newCaseAfter   = 20 * 24 * time.Hour // a thread that comes back so late is a new case
	shortAbandon   = 5 * time.Second     // nobody could have answered
	answerWithin   = 20 * time.Second    // the promise to callers
	ratingExpires  = 5 * 24 * time.Hour
	firstContact   = 7 * 24 * time.Hour // in which customers may come back after a resolution
	assistantAlone = 72 * time.Hour     // the same for what the assistant resolved
)

// The teams of the desk. Whoever is in front passes some cases on.
const (
	front   = "front"
	second  = "second"
	billing = "billing"
)

var (
	teams  = []string{front, second, billing}
	agents = map[string][]string{front: {"ana", "ben", "cleo"}, second: {"dan", "eva"}, billing: {"finn"}}
)

// hours are the hours of service of the desk and of its teams, from one full hour to
// another on the weekdays from Monday to the last one.
type hours struct {
	from, to int
	last     time.Weekday
}

var (
	deskHours = hours{9, 17, time.Friday}
	teamHours = map[string]hours{front: {8, 20, time.Friday}, second: deskHours, billing: {10, 16, time.Thursday}}
	holidays  = []string{"2026-04-03", "2026-04-06", "2026-05-01"} // of all
)

// A desk is made up: the same one for the same numbers.
type desk struct {
	stories     int // customers
	seed        uint64
	zone        *time.Location
	begin, asOf time.Time
}

func newDesk(stories int, seed uint64) (desk, error) {
	zone, err := time.LoadLocation("Europe/Berlin")
	return desk{
		stories: stories, seed: seed, zone: zone,
		begin: time.Date(2026, time.March, 2, 0, 0, 0, 0, zone),
		asOf:  time.Date(2026, time.May, 15, 14, 30, 0, 0, zone), // a Friday
	}, err
}

// make decides what happens at the desk: the contacts of each customer, in the order of
// time.
func (d desk) make() [][]contact {
	all := make([][]contact, d.stories)
	for i := range all {
		m := &maker{Rand: rand.New(rand.NewPCG(d.seed, uint64(i))), desk: d, number: i + 1}
		// What is not over at the end is decided again. What stays open is a decision too.
		for all[i] = m.story(); m.latest.After(d.asOf); all[i] = m.story() {
		}
	}
	return all
}

// A maker decides what happens to a customer.
type maker struct {
	*rand.Rand
	desk
	number int
	latest time.Time // of all that happens
}

func (m *maker) oneIn(n int) bool { return m.IntN(n) == 0 }

// between returns a length of time in whole seconds, from least to most.
func (m *maker) between(least, most time.Duration) time.Duration {
	return least + time.Duration(m.Int64N(int64((most-least)/time.Second)+1))*time.Second
}

// among returns the number of one of several things by their weights.
func (m *maker) among(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := m.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights)
}

// at notes that something happens then.
func (m *maker) at(t time.Time) time.Time {
	if t.After(m.latest) {
		m.latest = t
	}
	return t
}

// lastDays is how many days before the end more happens than in others, so that enough is
// not over yet.
const lastDays = 8

// someTime returns an instant in the day, seldom on a Saturday or Sunday.
func (m *maker) someTime() time.Time {
	days, from := int(m.asOf.Sub(m.begin)/(24*time.Hour))+1, 0
	if m.oneIn(6) {
		from = days - lastDays
	}
	for {
		y, mo, d := m.begin.AddDate(0, 0, from+m.IntN(days-from)).Date()
		t := time.Date(y, mo, d, 7, 0, m.IntN(14*3600), 0, m.zone)
		if day := t.Weekday(); day >= time.Monday && day <= time.Friday || m.oneIn(4) {
			return t
		}
	}
}

// story decides what a customer has to do with the desk: one contact, or two.
func (m *maker) story() []contact {
	m.latest = time.Time{}
	c := contact{thread: fmt.Sprintf("T-%05d", m.number), customer: fmt.Sprintf("customer-%05d", m.number)}
	c.channel = []channel{phone, chat, email}[m.among(35, 30, 35)]
	if m.oneIn(12) {
		c.customer = "" // nobody asked who it is
	}
	c.wrote = m.at(m.someTime())
	m.decide(&c, nil)
	m.ask(&c)
	if next, comes := m.next(&c); comes {
		return []contact{c, next}
	}
	return []contact{c}
}

// next decides whether the customer comes back, and what happens then.
func (m *maker) next(before *contact) (c contact, comes bool) {
	c = contact{thread: before.thread, customer: before.customer, channel: before.channel}
	var wait time.Duration
	switch {
	case before.ending == gaveUp && before.channel == phone && m.oneIn(2):
		c.link, wait = another, m.between(time.Minute, 2*time.Hour)
	case !before.ending.resolved() || before.ending == unanswered:
		return c, false
	default:
		c.link = []link{none, reopens, another, reopensLate, anotherLate, newCase}[m.among(60, 10, 14, 5, 5, 10)]
		switch c.link {
		case none:
			return c, false
		case reopens:
			wait = []time.Duration{m.between(time.Hour, 4*time.Hour), m.between(time.Hour, 70*time.Hour)}[m.IntN(2)]
		case another:
			wait = []time.Duration{
				m.between(time.Hour, 4*time.Hour), m.between(time.Hour, 70*time.Hour), 72 * time.Hour, m.between(73*time.Hour, 160*time.Hour), firstContact,
			}[m.among(3, 3, 3, 2, 1)]
		case reopensLate, anotherLate:
			wait = m.between(8*24*time.Hour, 15*24*time.Hour)
		case newCase:
			wait = m.between(28*24*time.Hour, 35*24*time.Hour)
		}
	}
	switch {
	case before.channel == phone && c.link.sameThread():
		return c, false // each call is a conversation of its own
	case before.customer == "" && !c.link.sameThread():
		return c, false // a stranger
	case !c.link.sameThread():
		c.thread += "-again"
		c.channel = []channel{phone, chat, email}[m.IntN(3)]
		if before.ending == gaveUp {
			c.channel = phone
		}
	}
	c.wrote = m.at(before.closed.Add(wait))
	m.decide(&c, before)
	return c, true
}

// decide decides how a contact goes on that the customer began.
func (m *maker) decide(c, before *contact) {
	if before != nil && c.link.sameThread() {
		c.urgent = before.urgent
		if n := len(before.turns); n > 0 {
			c.carried = true
			c.turns = []turn{{team: before.turns[n-1].team, agent: before.turns[n-1].agent, from: c.wrote}}
		}
	}
	switch c.channel {
	case phone:
		m.call(c)
	case email:
		m.mail(c)
	default:
		alone := before == nil || !c.link.sameCase() || !before.bot.IsZero() && before.handOff.IsZero()
		if alone && m.among(65, 35) == 0 {
			m.assist(c)
		} else {
			m.people(c, c.wrote, 10*time.Second, 5*time.Minute)
		}
	}
}

// call decides about a call.
func (m *maker) call(c *contact) {
	waits := func(least, most time.Duration) time.Time { return m.at(c.wrote.Add(m.between(least, most))) }
	switch m.among(35, 25, 8, 8, 14, 5, 5) {
	case 0:
		m.talk(c, waits(time.Second, answerWithin))
	case 1:
		m.talk(c, waits(answerWithin, 4*time.Minute))
	case 2:
		c.ending, c.closed = gaveUp, waits(time.Second, shortAbandon)
	case 3:
		c.ending, c.closed = gaveUp, waits(shortAbandon+time.Second, answerWithin)
	case 4:
		c.ending, c.closed = gaveUp, waits(answerWithin+time.Second, 5*time.Minute)
	case 5:
		c.ending, c.closed = gaveUp, waits(95*time.Second, 95*time.Second)
	case 6:
		c.ending, c.closed = unanswered, waits(10*time.Second, time.Minute)
	}
}

// talk decides what happens from the answer of a call on.
func (m *maker) talk(c *contact, t time.Time) {
	c.turns = []turn{{team: front, agent: m.agentOf(front), from: t}}
	c.answers = []answer{{asked: c.wrote, at: t, agent: c.turns[0].agent}}
	for {
		holder := c.turns[len(c.turns)-1]
		end := m.at(t.Add(m.between(time.Minute, 10*time.Minute)))
		c.work = append(c.work, work{holder.agent, "talk", t, end})
		t = end
		if len(c.turns) > 1 || !m.oneIn(4) {
			after := m.at(t.Add(m.between(20*time.Second, 2*time.Minute)))
			c.work = append(c.work, work{holder.agent, "wrap_up", t, after})
			c.ending, c.closed = byPerson, t
			return
		}
		m.pass(c, t)
	}
}

// mail decides about a letter.
func (m *maker) mail(c *contact) {
	if noon := time.Date(c.wrote.Year(), c.wrote.Month(), c.wrote.Day(), 12, 0, 0, 0, m.zone); c.link == none && c.wrote.Before(noon) && m.oneIn(3) {
		c.urgent, c.urgentFrom = true, m.at(noon)
		m.people(c, noon, 5*time.Minute, 8*time.Hour)
		return
	}
	m.people(c, c.wrote, 5*time.Minute, 16*time.Hour)
}

// assist decides about a chat that the assistant answers.
func (m *maker) assist(c *contact) {
	c.bot = m.at(c.wrote.Add(5 * time.Second))
	t := c.bot.Add(m.between(30*time.Second, time.Hour))
	c.ending, c.closed = []ending{byCustomer, byAssistant, byTimeout, timedOut, gaveUp, open, byPerson}[m.among(18, 14, 14, 8, 8, 6, 32)], t
	switch c.ending {
	case timedOut:
		c.writes, c.closed = append(c.writes, m.at(t)), t.Add(24*time.Hour)
	case byPerson:
		if c.carried { // the team that had it last time takes no part
			c.ending = byAssistant
			break
		}
		c.handOff, c.closed = m.at(t), time.Time{}
		c.turns = []turn{{team: front, from: t}}
		m.people(c, t, 10*time.Second, 5*time.Minute)
		return
	case open:
		c.closed = time.Time{}
		return
	}
	m.at(c.closed)
}

// people decides what persons do from an instant on, at a pace.
func (m *maker) people(c *contact, t time.Time, least, most time.Duration) {
	soon := func() time.Time { t = m.at(t.Add(m.between(least, most))); return t }
	asked := c.wrote
	if !c.handOff.IsZero() {
		asked = c.handOff
	}
	if c.carried {
		soon()
	} else {
		c.turns = append(c.turns, turn{team: front, agent: m.agentOf(front), from: soon()})
	}
	for m.oneIn(3) && len(c.turns) < 4 {
		m.pass(c, soon())
	}
	holder := c.turns[len(c.turns)-1].agent
	stillOpen := 4
	if m.asOf.Sub(c.wrote) < 48*time.Hour {
		stillOpen = 80
	}
	c.ending = []ending{byPerson, gaveUp, unanswered, open}[m.among(84, 6, 6, stillOpen)]
	switch c.ending {
	case gaveUp, unanswered:
		c.closed = soon()
		return
	case open:
		return
	}
	c.answers = append(c.answers, answer{asked, soon(), holder})
	m.works(c, holder, t)
	if m.oneIn(4) {
		p := pause{from: soon()}
		p.to = m.at(t.Add(m.between(time.Minute, 30*time.Hour)))
		t = p.to
		if p.written = m.oneIn(2); p.written {
			c.answers = append(c.answers, answer{p.to, soon(), holder})
			m.works(c, holder, t)
		}
		c.pauses = append(c.pauses, p)
	}
	c.closed = soon()
}

// works decides how long an agent worked on an answer.
func (m *maker) works(c *contact, agent string, t time.Time) {
	c.work = append(c.work, work{agent, "", t.Add(-m.between(30*time.Second, 15*time.Minute)), t})
}

func (m *maker) agentOf(team string) string { return agents[team][m.IntN(len(agents[team]))] }

// pass decides who is in charge next: another agent of the team, or another team.
func (m *maker) pass(c *contact, t time.Time) {
	now := c.turns[len(c.turns)-1]
	for next := now; ; {
		next.team = teams[m.among(2, 4, 2)]
		if next.agent = m.agentOf(next.team); next.agent != now.agent {
			next.from = t
			c.turns = append(c.turns, next)
			return
		}
	}
}

// ask decides about requests for a rating, and what the customer says.
func (m *maker) ask(c *contact) {
	if !c.ending.resolved() {
		return
	}
	t := c.closed
	later := func(least, most time.Duration) time.Time { t = m.at(t.Add(m.between(least, most))); return t }
	rated := func() { c.ratings = append(c.ratings, later(time.Minute, 48*time.Hour)) }
	asked := func(f fate, least, most time.Duration) {
		c.requests = append(c.requests, request{later(least, most), f})
	}
	const hour = time.Hour
	switch m.among(50, 12, 6, 12, 6, 6, 4, 4) {
	case 1:
		asked(answered, hour, hour)
		rated()
	case 2: // and changes his or her mind
		asked(answered, hour, hour)
		rated()
		rated()
	case 3:
		asked(silent, hour, hour)
	case 4:
		asked(replaced, hour, hour)
		asked(answered, hour, ratingExpires-hour)
		rated()
	case 5:
		asked(replaced, hour, hour)
		asked(silent, hour, ratingExpires-hour)
	case 6: // the first had expired
		asked(silent, hour, hour)
		asked(answered, ratingExpires, ratingExpires+48*hour)
		rated()
	case 7:
		c.unsolicited = true
		rated()
	}
}
