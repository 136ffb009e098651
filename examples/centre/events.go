package main

import (
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// The assistant and the priorities, as the events name them.
const (
	bot    = "bot"
	normal = "normal"
	urgent = "urgent"
)

// events writes down what the source of a desk would have recorded of a contact.
func (c *contact) events() (list []metrics.Event) {
	id, on := metrics.ConversationID(c.thread), metrics.Channel(c.channel)
	add := func(e metrics.Event) { list = append(list, e) }
	if !c.link.sameThread() {
		add(metrics.Opened{Conversation: id, At: c.wrote, Channel: on, Priority: normal})
	}
	messages := append(c.writes[:len(c.writes):len(c.writes)], c.wrote)
	for _, p := range c.pauses {
		add(metrics.Paused{Conversation: id, At: p.from, For: metrics.ForCustomer})
		if p.written {
			messages = append(messages, p.to)
		} else {
			add(metrics.Resumed{Conversation: id, At: p.to})
		}
	}
	for _, at := range messages {
		add(metrics.MessageReceived{Conversation: id, At: at, Channel: on, Customer: metrics.CustomerID(c.customer)})
	}
	if !c.urgentFrom.IsZero() {
		add(metrics.Prioritized{Conversation: id, At: c.urgentFrom, Priority: urgent})
	}
	if !c.bot.IsZero() {
		add(metrics.ReplySent{Conversation: id, At: c.bot, Channel: on, Agent: bot, By: metrics.ByAssistant})
	}
	for i, t := range c.turns {
		if i > 0 || !c.carried {
			add(metrics.Assigned{Conversation: id, At: t.from, Team: metrics.TeamID(t.team), Agent: metrics.AgentID(t.agent)})
		}
	}
	for _, a := range c.answers {
		add(metrics.ReplySent{Conversation: id, At: a.at, Channel: on, Agent: metrics.AgentID(a.agent)})
	}
	for _, w := range c.work {
		add(metrics.Handled{Conversation: id, At: w.to, Agent: metrics.AgentID(w.agent), Took: w.to.Sub(w.from), For: metrics.Activity(w.activity)})
	}
	if end := c.end(id); end != nil {
		add(end)
	}
	for _, r := range c.requests {
		add(metrics.RatingRequested{Conversation: id, At: r.at})
	}
	for i, at := range c.ratings {
		add(metrics.RatingGiven{Conversation: id, At: at, Stars: []rating.Stars{4, 5}[i%2]})
	}
	return list
}

// end returns the event with which the contact ended, or nil.
func (c *contact) end(id metrics.ConversationID) metrics.Event {
	r := metrics.Resolved{Conversation: id, At: c.closed}
	switch c.ending {
	case open:
		return nil
	case gaveUp:
		return metrics.Abandoned{Conversation: id, At: c.closed}
	case byPerson, unanswered:
		if n := len(c.turns); n > 0 {
			r.Agent = metrics.AgentID(c.turns[n-1].agent)
		}
	case byCustomer:
		r.By = metrics.ByCustomer
	case byAssistant:
		r.Agent, r.By = bot, metrics.ByAssistant
	default:
		r.By = metrics.ByAutomation
	}
	return r
}
