package vendors

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Freshdesk reads what rules of Freshdesk send by the template in README.md, the product
// events that an app forwards, and satisfaction ratings of the API.
func Freshdesk(d Delivery) (h Happened, err error) {
	p, err := parse(d.Body)
	if err != nil {
		return h, err
	}
	switch {
	case p.has("freshdesk_webhook"):
		freshdeskRule(&h, d, p.object("freshdesk_webhook"))
	case p.has("satisfaction_rating"):
		freshdeskRating(&h, d, p.object("satisfaction_rating"))
	default:
		freshdeskProduct(&h, d, p)
	}
	return h, p.err()
}

// freshdeskRule reads the template of a rule. Which rule sent it says the field event: of
// what triggered it Freshdesk tells too little.
func freshdeskRule(h *Happened, d Delivery, p object) {
	c := metrics.ConversationID(p.need("ticket_id"))
	updated := p.time("updated_at", d.Zone)
	at, id := d.when(updated, "")
	channel := freshdeskChannel(p.name("ticket_source"))
	agent := metrics.AgentID(p.name("ticket_agent_email"))
	customer := freshdeskCustomer(p.name("ticket_contact_email"))
	switch event := p.need("event"); event {
	case "created":
		_, opened := d.when(updated, "opened")
		h.add(metrics.Opened{ID: opened, Conversation: c, At: at, Channel: channel, Priority: freshdeskPriority(p.name("ticket_priority"))},
			metrics.MessageReceived{ID: id, Conversation: c, At: at, Channel: channel, Customer: customer})
	case "customer_reply":
		h.add(metrics.MessageReceived{ID: id, Conversation: c, At: at, Channel: channel, Customer: customer})
	case "agent_reply", "public_note":
		h.add(metrics.ReplySent{ID: id, Conversation: c, At: at, Channel: channel, Agent: agent})
	case "automatic_reply":
		h.add(metrics.ReplySent{ID: id, Conversation: c, At: at, Channel: channel, By: metrics.ByAutomation})
	case "private_note":
	case "status":
		freshdeskStatus(h, string(c), at, id, p.need("ticket_status"), agent)
	case "assigned":
		h.add(metrics.Assigned{ID: id, Conversation: c, At: at, Agent: agent, Team: metrics.TeamID(p.name("ticket_group_name"))})
	case "priority":
		h.add(metrics.Prioritized{ID: id, Conversation: c, At: at, Priority: freshdeskPriority(p.need("ticket_priority"))})
	case "deleted", "spam":
		h.add(metrics.Discarded{ID: id, Conversation: c, At: at})
	default:
		p.refuse("event", "want one of the events of the template, have %q", event)
	}
}

// freshdeskCustomer returns a name for a customer, who is known by an e-mail address, that
// does not tell the address.
func freshdeskCustomer(address string) metrics.CustomerID {
	if address == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.ToLower(address)))
	return metrics.CustomerID(hex.EncodeToString(sum[:8]))
}

// freshdeskChannel names a source, which has a number or a name.
func freshdeskChannel(source string) metrics.Channel {
	switch strings.ToLower(source) {
	case "1", "email":
		return metrics.Email
	case "2", "portal", "9", "feedback widget":
		return metrics.Web
	case "3", "phone":
		return metrics.Phone
	case "7", "chat":
		return metrics.Chat
	case "5", "twitter", "6", "facebook":
		return metrics.Social
	case "13", "whatsapp":
		return metrics.Messaging
	}
	return metrics.Channel(strings.ToLower(source))
}

// freshdeskPriority returns the name of a priority, which has a number or a name.
func freshdeskPriority(priority string) metrics.Priority {
	switch priority {
	case "1":
		return "Low"
	case "2":
		return "Medium"
	case "3":
		return "High"
	case "4":
		return "Urgent"
	}
	return metrics.Priority(priority)
}

// freshdeskStatus adds a change of status. Statuses of the desk's own have numbers from 8
// and names of their own, and mean nothing here.
func freshdeskStatus(h *Happened, conversation string, at time.Time, id metrics.EventID, status string, agent metrics.AgentID) {
	c := metrics.ConversationID(conversation)
	switch strings.ToLower(status) {
	case "2", "open":
		h.reopened(conversation, at, id, 0)
	case "3", "pending", "6", "waiting on customer":
		h.add(metrics.Paused{ID: id, Conversation: c, At: at, For: metrics.ForCustomer})
	case "7", "waiting on third party":
		h.add(metrics.Paused{ID: id, Conversation: c, At: at, For: metrics.ForThirdParty})
	case "4", "resolved", "5", "closed":
		h.add(metrics.Resolved{ID: id, Conversation: c, At: at, Agent: agent})
	}
}

// freshdeskRating adds a rating. Its seven codes are those of the API; surveys of three or
// five points use some of them.
func freshdeskRating(h *Happened, d Delivery, r object) {
	codes := []int{-103, -102, -101, 100, 101, 102, 103}
	code, _ := r.object("ratings").whole("default_question")
	value := 0
	for i, known := range codes {
		if code == known {
			value = i + 1
		}
	}
	if value == 0 {
		r.object("ratings").refuse("default_question", "want -103 to 103, have %d", code)
	}
	ticket := r.need("ticket_id")
	h.Answers = append(h.Answers, Answer{
		Question: "freshdesk", ID: r.need("id"), Respondent: cmp.Or(r.name("user_id"), ticket), About: ticket,
		At: cmp.Or(r.time("updated_at", d.Zone), r.needTime("created_at", d.Zone)), Agent: r.name("agent_id"), Value: value,
	})
}

// freshdeskProduct reads a product event.
func freshdeskProduct(h *Happened, d Delivery, p object) {
	data := p.object("data")
	switch event := p.need("event"); event {
	case "onTicketCreate", "onTicketUpdate":
		freshdeskTicket(h, d, data.object("ticket"), event == "onTicketCreate")
	case "onTicketDelete":
		at, id := d.when(p.time("timestamp", d.Zone), "deleted")
		h.add(metrics.Discarded{ID: id, Conversation: metrics.ConversationID(data.object("ticket").need("id")), At: at})
	case "onConversationCreate":
		freshdeskConversation(h, d, data.object("conversation"), data.object("actor"))
	case "onConversationDelete":
		conversation := data.object("conversation")
		note := conversation.need("id")
		at, id := d.when(p.time("timestamp", d.Zone), "gone-"+note)
		h.add(metrics.Retracted{ID: id, Conversation: metrics.ConversationID(conversation.need("ticket_id")), At: at, Event: metrics.EventID(note)})
	}
}

func freshdeskTicket(h *Happened, d Delivery, t object, created bool) {
	number := t.need("id")
	c := metrics.ConversationID(number)
	channel := freshdeskChannel(t.name("source"))
	at := t.needTime("updated_at", d.Zone)
	if created {
		at = t.needTime("created_at", d.Zone)
		h.add(metrics.Opened{ID: "opened", Conversation: c, At: at, Channel: channel, Priority: freshdeskPriority(t.name("priority"))},
			metrics.MessageReceived{ID: "description", Conversation: c, At: at, Channel: channel, Customer: metrics.CustomerID(t.name("requester_id"))})
	} else {
		h.add(metrics.Prioritized{Conversation: c, At: at, Priority: freshdeskPriority(t.name("priority"))})
	}
	agent := metrics.AgentID(t.name("responder_id"))
	h.add(metrics.Assigned{Conversation: c, At: at, Agent: agent, Team: metrics.TeamID(t.name("group_id"))})
	if !created {
		freshdeskStatus(h, number, at, "", t.need("status"), agent)
	}
	if t.flag("spam") || t.flag("deleted") {
		h.add(metrics.Discarded{ID: "discarded", Conversation: c, At: at})
	}
}

func freshdeskConversation(h *Happened, d Delivery, n, actor object) {
	c := metrics.ConversationID(n.need("ticket_id"))
	id := metrics.EventID(n.need("id"))
	at := n.needTime("created_at", d.Zone)
	user := n.name("user_id")
	private, incoming := n.flag("private"), n.flag("incoming")
	switch {
	case private:
	case incoming:
		h.add(metrics.MessageReceived{ID: id, Conversation: c, At: at, Customer: metrics.CustomerID(user)})
	default:
		by := metrics.ByPerson
		if actor.name("type") == "system" {
			by = metrics.ByAutomation
		}
		h.add(metrics.ReplySent{ID: id, Conversation: c, At: at, Agent: metrics.AgentID(user), By: by})
	}
}
