package vendors

import (
	"cmp"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Zammad reads the webhooks of Zammad's triggers: the ticket as it is and, if there is
// one, the article that triggered.
func Zammad(d Delivery) (h Happened, err error) {
	p, err := parse(d.Body)
	if err != nil {
		return h, err
	}
	ticket, article := p.object("ticket"), p.object("article")
	number := ticket.need("id")
	at := ticket.needTime("updated_at", d.Zone)
	c := metrics.ConversationID(number)
	h.add(metrics.Opened{
		ID: "opened", Conversation: c, At: ticket.needTime("created_at", d.Zone),
		Channel: zammadChannel(ticket.name("create_article_type")),
	})
	if article.has("id") {
		zammadArticle(&h, d, c, ticket, article)
	}
	zammadAssigned(&h, c, at, ticket)
	if priority := ticket.object("priority").name("name"); priority != "" {
		h.add(metrics.Prioritized{Conversation: c, At: at, Priority: metrics.Priority(priority)})
	}
	zammadState(&h, d, number, at, ticket)
	return h, p.err()
}

// zammadChannel names the channel of an article by its type.
func zammadChannel(kind string) metrics.Channel {
	switch {
	case strings.HasPrefix(kind, "email"):
		return metrics.Email
	case strings.HasPrefix(kind, "twitter"), strings.HasPrefix(kind, "facebook"):
		return metrics.Social
	case strings.HasPrefix(kind, "telegram"), strings.HasPrefix(kind, "whatsapp"):
		return metrics.Messaging
	}
	return metrics.Channel(kind)
}

// zammadArticle adds an article, unless it is internal. A public note is no message: it is
// sent to nobody.
func zammadArticle(h *Happened, d Delivery, c metrics.ConversationID, ticket, article object) {
	id := metrics.EventID(article.need("id"))
	at := article.needTime("created_at", d.Zone)
	kind := article.name("type")
	if article.flag("internal") || kind == "note" {
		return
	}
	channel := zammadChannel(kind)
	agent := metrics.AgentID(article.name("created_by_id"))
	switch sender := article.need("sender"); sender {
	case "Customer":
		customer := metrics.CustomerID(cmp.Or(article.name("origin_by_id"), ticket.name("customer_id")))
		h.add(metrics.MessageReceived{ID: id, Conversation: c, At: at, Channel: channel, Customer: customer})
	case "Agent":
		h.add(metrics.ReplySent{ID: id, Conversation: c, At: at, Channel: channel, Agent: agent})
	case "System":
		h.add(metrics.ReplySent{ID: id, Conversation: c, At: at, Channel: channel, By: metrics.ByAutomation})
	default:
		article.refuse("sender", "want Customer, Agent or System, have %q", sender)
	}
}

// zammadNobody is the owner of what nobody owns.
const zammadNobody = "1"

// zammadAssigned adds who is in charge. Each payload says it; only a change counts.
func zammadAssigned(h *Happened, c metrics.ConversationID, at time.Time, ticket object) {
	owner := ticket.name("owner_id")
	if owner == zammadNobody {
		owner = ""
	}
	h.add(metrics.Assigned{Conversation: c, At: at, Agent: metrics.AgentID(owner), Team: metrics.TeamID(ticket.object("group").name("name"))})
}

// zammadState adds the state. Each payload says it; only a change counts.
func zammadState(h *Happened, d Delivery, number string, at time.Time, ticket object) {
	c := metrics.ConversationID(number)
	switch ticket.need("state") {
	case "open":
		h.reopened(number, at, "", 0)
	case "pending reminder":
		h.add(metrics.Paused{Conversation: c, At: at, For: "reminder"})
	case "pending close":
		h.add(metrics.Paused{Conversation: c, At: at})
	case "closed":
		// The last closing has an instant of its own; updated_at is of any later change.
		// Zammad stores the ticket before the article of the same action, so that a reply
		// which closes would come after the closing.
		closed := cmp.Or(ticket.time("last_close_at", d.Zone), at).Add(time.Second)
		h.add(metrics.Resolved{Conversation: c, At: closed})
	case "merged":
		// What it was merged into is not in the payload. Its articles move there, so that
		// counting it too would count them twice.
		h.add(metrics.Discarded{ID: "merged", Conversation: c, At: at})
	}
}
