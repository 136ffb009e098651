package vendors

import (
	"cmp"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// HelpScout reads the webhooks of Help Scout, and FreeScout those of FreeScout, which
// follow them: the name of the event is in a header, and the body is the conversation with
// its threads.
func HelpScout(d Delivery) (Happened, error) { return scout(d, "X-HelpScout-Event", "helpscout") }

func FreeScout(d Delivery) (Happened, error) { return scout(d, "X-FreeScout-Event", "freescout") }

func scout(d Delivery, header, question string) (h Happened, err error) {
	p, err := parse(d.Body)
	if err != nil {
		return h, err
	}
	switch event := d.Header.Get(header); event {
	case "":
		p.refuse(header, "missing in the header")
	case "convo.deleted", "convo.deleted_forever":
		// There is nothing in it but the number of the conversation.
		at, id := d.when(time.Time{}, "deleted")
		h.add(metrics.Discarded{ID: id, Conversation: metrics.ConversationID(p.need("id")), At: at})
	case "satisfaction.ratings":
		scoutRating(&h, d, p, question)
	default:
		if strings.HasPrefix(event, "convo.") {
			scoutConversation(&h, d, p, event)
		}
	}
	return h, p.err()
}

// scoutRating adds a rating, which the customer may change later.
func scoutRating(h *Happened, d Delivery, p object, question string) {
	conversation := cmp.Or(p.name("ticketId"), p.name("conversationId"))
	if conversation == "" {
		p.need("conversationId")
	}
	value := 0
	switch score := strings.ToLower(p.need("rating")); score {
	case "great":
		value = 3
	case "okay":
		value = 2
	case "bad", "not good", "not_good", "notgood":
		value = 1
	default:
		p.refuse("rating", "want great, okay or not good, have %q", score)
	}
	at, id := d.when(cmp.Or(p.time("modifiedAt", d.Zone), p.time("createdAt", d.Zone)), p.need("id"))
	h.Answers = append(h.Answers, Answer{
		Question: question, ID: string(id), Respondent: cmp.Or(p.object("customer").name("id"), conversation),
		About: conversation, At: at, Agent: p.object("user").name("id"), Value: value,
	})
}

func scoutConversation(h *Happened, d Delivery, p object, event string) {
	c := metrics.ConversationID(p.need("id"))
	channel := metrics.Channel(p.name("type"))
	if at := p.time("createdAt", d.Zone); !at.IsZero() {
		h.add(metrics.Opened{ID: "opened", Conversation: c, At: at, Channel: channel})
	}
	if event == "convo.restored" {
		at, id := d.when(time.Time{}, "restored")
		h.add(metrics.Reopened{ID: id, Conversation: c, At: at})
	}
	for _, thread := range p.object("_embedded").objects("threads") {
		t := scoutThread{
			thread: thread, conversation: c, channel: channel,
			id: metrics.EventID(thread.need("id")), at: thread.needTime("createdAt", d.Zone),
		}
		t.happened(h, d)
	}
}

// A scoutThread is an entry of a conversation. It says which status and which assignee it
// left behind; the API has no other history of them. The message has the ID of the thread,
// and what else the thread says an ID of its own: it stays when the message is deleted.
type scoutThread struct {
	thread       object
	conversation metrics.ConversationID
	channel      metrics.Channel
	id           metrics.EventID
	at           time.Time
}

func (t scoutThread) happened(h *Happened, d Delivery) {
	c, id, at := t.conversation, t.id, t.at
	switch state := t.thread.name("state"); state {
	case "", "published":
	case "hidden", "deleted":
		then, gone := d.when(time.Time{}, "gone-"+string(id))
		h.add(metrics.Retracted{ID: gone, Conversation: c, At: later(then, at), Event: id})
		return
	default: // a draft, or held for review
		return
	}
	by := t.thread.object("createdBy")
	switch t.thread.name("type") {
	case "customer":
		h.add(metrics.MessageReceived{ID: id, Conversation: c, At: at, Channel: t.channel, Customer: metrics.CustomerID(cmp.Or(by.name("id"), t.thread.object("customer").name("id")))})
	case "chat", "beaconchat":
		if by.name("type") == "customer" {
			h.add(metrics.MessageReceived{ID: id, Conversation: c, At: at, Channel: t.channel, Customer: metrics.CustomerID(by.name("id"))})
			break
		}
		t.reply(h, by)
	case "message", "reply":
		t.reply(h, by)
	case "lineitem":
		t.merged(h)
	}
	t.assigned(h)
	t.status(h, by)
}

// reply adds a reply. What a workflow sends has the name of a user.
func (t scoutThread) reply(h *Happened, by object) {
	actor := metrics.ByPerson
	if t.automatic(by) {
		actor = metrics.ByAutomation
	}
	h.add(metrics.ReplySent{ID: t.id, Conversation: t.conversation, At: t.at, Channel: t.channel, Agent: metrics.AgentID(by.name("id")), By: actor})
}

func (t scoutThread) automatic(by object) bool {
	action := t.thread.object("action").name("type")
	source := t.thread.object("source").name("type")
	return strings.Contains(action, "workflow") || strings.Contains(source, "workflow") || source == "auto-reply" || by.name("type") == "system"
}

// merged adds that other conversations went on in this one.
func (t scoutThread) merged(h *Happened) {
	action := t.thread.object("action")
	if !strings.HasPrefix(action.name("type"), "merged") {
		return
	}
	entities := action.object("associatedEntities")
	for _, name := range []string{"originalConversation", "conversation"} {
		if source := entities.name(name); source != "" {
			h.add(metrics.Merged{ID: t.id + "-merged", Conversation: metrics.ConversationID(source), At: t.at, Into: t.conversation})
			return
		}
	}
}

// assigned adds who is in charge after the thread. Only the assignee who changes counts.
func (t scoutThread) assigned(h *Happened) {
	to := t.thread.object("assignedTo")
	a := metrics.Assigned{ID: t.id + "-assigned", Conversation: t.conversation, At: t.at}
	switch {
	case len(to.fields) == 0:
		return
	case to.name("type") == "team":
		a.Team = metrics.TeamID(to.name("id"))
	default:
		a.Agent = metrics.AgentID(to.name("id"))
	}
	h.add(a)
}

// status adds the status after the thread. A change to what it is already counts nowhere.
func (t scoutThread) status(h *Happened, by object) {
	c, id, at := t.conversation, t.id+"-status", t.at
	switch t.thread.name("status") {
	case "active":
		if t.thread.name("type") != "customer" { // a message of the customer opens by itself
			h.reopened(string(c), at, id, 0)
		}
	case "pending":
		h.add(metrics.Paused{ID: id, Conversation: c, At: at})
	case "closed":
		resolved := metrics.Resolved{ID: id, Conversation: c, At: at, Agent: metrics.AgentID(by.name("id"))}
		switch {
		case t.automatic(by):
			resolved.Agent, resolved.By = "", metrics.ByAutomation
		case by.name("type") == "customer":
			resolved.Agent, resolved.By = "", metrics.ByCustomer
		}
		h.add(resolved)
	case "spam":
		h.add(metrics.Discarded{ID: id, Conversation: c, At: at})
	}
}
