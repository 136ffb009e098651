package vendors

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Intercom reads notifications of Intercom about conversations. Each has the conversation
// with its first message and its latest parts, and every part is an event or several: one
// that closes may have a text too. A part that comes again, with another topic, is the
// same event.
func Intercom(d Delivery) (h Happened, err error) {
	p, err := parse(d.Body)
	if err != nil {
		return h, err
	}
	topic := p.need("topic")
	if !strings.HasPrefix(topic, "conversation.") {
		return h, p.err() // a ping, contacts, tickets
	}
	c := intercomConversation{item: p.object("data").object("item"), notified: p.needTime("created_at", d.Zone)}
	c.id = metrics.ConversationID(c.item.need("id"))
	if topic == "conversation.deleted" {
		h.add(metrics.Discarded{ID: "deleted", Conversation: c.id, At: c.notified})
		return h, p.err()
	}
	c.first(&h, d)
	for _, part := range c.item.object("conversation_parts").objects("conversation_parts") {
		c.part(&h, d, part)
	}
	c.rated(&h, d)
	if topic == "conversation.priority.updated" {
		h.add(metrics.Prioritized{Conversation: c.id, At: c.notified, Priority: metrics.Priority(c.item.name("priority"))})
	}
	return h, p.err()
}

// An intercomConversation is a conversation as of a notification.
type intercomConversation struct {
	item     object
	id       metrics.ConversationID
	notified time.Time
}

func (c intercomConversation) channel() metrics.Channel {
	switch kind := c.item.object("source").name("type"); kind {
	case "conversation", "push":
		return metrics.Chat
	case "phone_call":
		return metrics.Phone
	case "facebook", "instagram", "whatsapp", "telegram":
		return metrics.Messaging
	case "twitter":
		return metrics.Social
	default:
		return metrics.Channel(kind)
	}
}

// intercomCustomer reports whether an author is a customer.
func intercomCustomer(author object) bool {
	switch author.name("type") {
	case "user", "lead", "contact":
		return true
	}
	return false
}

// intercomActor says who of the desk an author is. Bots that are no AI agent follow a
// workflow.
func intercomActor(author object) metrics.Actor {
	ai := author.flag("from_ai_agent")
	ai = author.flag("is_ai_answer") || ai
	switch {
	case ai:
		return metrics.ByAssistant
	case author.name("type") == "bot":
		return metrics.ByAutomation
	}
	return metrics.ByPerson
}

// first adds the first message, which is no part.
func (c intercomConversation) first(h *Happened, d Delivery) {
	source := c.item.object("source")
	at := c.item.time("created_at", d.Zone)
	if len(source.fields) == 0 || at.IsZero() {
		return
	}
	author := source.object("author")
	id := metrics.EventID(cmp.Or(source.name("id"), "source"))
	h.add(metrics.Opened{ID: "opened", Conversation: c.id, At: at, Channel: c.channel()})
	if intercomCustomer(author) {
		h.add(metrics.MessageReceived{ID: id, Conversation: c.id, At: at, Channel: c.channel(), Customer: metrics.CustomerID(author.name("id"))})
		return
	}
	by := intercomActor(author)
	switch source.name("delivered_as") {
	case "automated", "campaigns_initiated", "operator_initiated":
		if by == metrics.ByPerson {
			by = metrics.ByAutomation // sent in the name of a person
		}
	}
	h.add(metrics.ReplySent{ID: id, Conversation: c.id, At: at, Channel: c.channel(), Agent: metrics.AgentID(author.name("id")), By: by})
}

// part adds a part. Its number, which grows, orders the parts of one second.
func (c intercomConversation) part(h *Happened, d Delivery, part object) {
	name := part.need("id")
	id := metrics.EventID(name)
	at := part.needTime("created_at", d.Zone)
	seq, err := strconv.ParseInt(name, 10, 64)
	if err != nil || seq < 0 {
		seq = 0
	}
	author := part.object("author")
	by := intercomActor(author)
	agent := metrics.AgentID(author.name("id"))
	customer := intercomCustomer(author)
	kind := part.need("part_type")

	switch said := part.text("body") != ""; kind {
	case "comment", "quick_reply", "open", "close", "assignment":
		switch {
		case said && customer:
			h.add(metrics.MessageReceived{ID: id, Conversation: c.id, At: at, Seq: seq, Channel: c.channel(), Customer: metrics.CustomerID(agent)})
		case said:
			h.add(metrics.ReplySent{ID: id, Conversation: c.id, At: at, Seq: seq, Channel: c.channel(), Agent: agent, By: by})
		}
	}
	if customer {
		by, agent = metrics.ByCustomer, ""
	}
	switch kind {
	case "close":
		resolved := metrics.Resolved{ID: id, Conversation: c.id, At: at, Seq: seq, By: by}
		if by == metrics.ByPerson || by == metrics.ByAssistant {
			resolved.Agent = agent
		}
		h.add(resolved)
	case "open", "note_and_reopen":
		h.reopened(string(c.id), at, id, seq)
	case "assign_and_reopen":
		h.reopened(string(c.id), at, id, seq)
		c.assigned(h, part, id, at, seq)
	case "snoozed":
		until := c.item.time("snoozed_until", d.Zone)
		if !until.After(at) {
			until = time.Time{}
		}
		h.add(metrics.Paused{ID: id, Conversation: c.id, At: at, Seq: seq, Until: until})
	case "unsnoozed", "timer_unsnooze":
		h.add(metrics.Resumed{ID: id, Conversation: c.id, At: at, Seq: seq})
	case "assign_and_unsnooze":
		h.add(metrics.Resumed{ID: id, Conversation: c.id, At: at, Seq: seq})
		c.assigned(h, part, id, at, seq)
	case "assignment", "away_mode_assignment", "default_assignment", "balanced_assignment":
		c.assigned(h, part, id, at, seq)
	}
}

// assigned adds an assignment. A part names the agent or the team; the other one is that
// of the conversation.
func (c intercomConversation) assigned(h *Happened, part object, id metrics.EventID, at time.Time, seq int64) {
	a := metrics.Assigned{
		ID: id, Conversation: c.id, At: at, Seq: seq,
		Agent: metrics.AgentID(c.item.name("admin_assignee_id")), Team: metrics.TeamID(c.item.name("team_assignee_id")),
	}
	to := part.object("assigned_to")
	switch to.name("type") {
	case "admin", "bot":
		a.Agent = metrics.AgentID(to.name("id"))
	case "team":
		a.Team = metrics.TeamID(to.name("id"))
	}
	// Nobody has the number 0.
	if a.Agent == "0" {
		a.Agent = ""
	}
	if a.Team == "0" {
		a.Team = ""
	}
	h.add(a)
}

// rated adds the rating of the conversation, of which Intercom keeps the last one.
func (c intercomConversation) rated(h *Happened, d Delivery) {
	r := c.item.object("conversation_rating")
	value, ok := r.whole("rating")
	if !ok {
		return
	}
	h.Answers = append(h.Answers, Answer{
		Question: "intercom", ID: string(c.id), Respondent: cmp.Or(r.object("contact").name("id"), string(c.id)), About: string(c.id),
		At: cmp.Or(r.time("created_at", d.Zone), c.notified), Agent: r.object("teammate").name("id"), Value: value,
	})
}
