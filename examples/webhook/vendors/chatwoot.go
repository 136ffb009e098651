package vendors

import (
	"cmp"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// Chatwoot reads the webhooks of Chatwoot: messages, and changes of conversations.
func Chatwoot(d Delivery) (h Happened, err error) {
	p, err := parse(d.Body)
	if err != nil {
		return h, err
	}
	switch p.need("event") {
	case "message_created", "message_updated":
		chatwootMessage(&h, d, p)
	case "conversation_created":
		chatwootOpened(&h, d, p)
	case "conversation_status_changed":
		chatwootStatus(&h, d, p)
	case "conversation_updated":
		chatwootChanged(&h, d, p)
	}
	return h, p.err()
}

// chatwootChannel names the channel of an inbox.
func chatwootChannel(conversation object) metrics.Channel {
	switch class := strings.TrimPrefix(conversation.name("channel"), "Channel::"); class {
	case "WebWidget":
		return metrics.Chat
	case "Email":
		return metrics.Email
	case "Whatsapp", "FacebookPage", "Instagram", "Telegram", "Line":
		return metrics.Messaging
	case "Sms", "TwilioSms":
		return metrics.SMS
	case "TwitterProfile":
		return metrics.Social
	default:
		return metrics.Channel(strings.ToLower(class))
	}
}

// chatwootMessage adds a message, and what became of it: the payload of a message has the
// instant of its creation only, whatever happened to it since.
func chatwootMessage(h *Happened, d Delivery, m object) {
	conversation := m.object("conversation")
	id := m.need("id")
	number := cmp.Or(conversation.name("id"), conversation.name("display_id"))
	if number == "" {
		conversation.need("id")
	}
	c := metrics.ConversationID(number)
	at, key := d.when(m.time("created_at", d.Zone), id)
	content := m.object("content_attributes")
	channel := chatwootChannel(conversation)
	sender := m.object("sender")

	// The conversation repeats its last message, which is mostly this one.
	status, updated := m.name("status"), m.time("updated_at", d.Zone)
	for _, last := range conversation.objects("messages") {
		if last.name("id") == id {
			status = cmp.Or(status, last.name("status"))
			updated = cmp.Or(updated, last.time("updated_at", d.Zone))
		}
	}

	if m.flag("private") {
		return
	}
	survey := m.name("content_type") == "input_csat"
	switch m.name("message_type") {
	case "incoming", "0":
		customer := metrics.CustomerID(sender.name("id"))
		h.add(metrics.MessageReceived{ID: key, Conversation: c, At: at, Channel: channel, Customer: customer})
	case "outgoing", "1", "template", "3":
		if survey {
			chatwootSurvey(h, d, m, number, channel, at, key, updated)
			break
		}
		h.add(metrics.ReplySent{
			ID: key, Conversation: c, At: at, Channel: channel,
			Agent: metrics.AgentID(sender.name("id")), By: chatwootSender(m, content, sender),
		})
	default: // an activity, such as "assigned to Ana"
		return
	}
	if content.flag("deleted") || status == "failed" {
		then, retraction := d.when(updated, "gone-"+id)
		h.add(metrics.Retracted{ID: retraction, Conversation: c, At: later(then, at), Event: key})
	}
}

// later returns the later of two instants: a source that rounds may have a message retracted
// before it was sent.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// chatwootSender says who sent a message to the customer.
func chatwootSender(m, content, sender object) metrics.Actor {
	extra := m.object("additional_attributes")
	switch {
	case m.name("message_type") == "template" || m.name("message_type") == "3",
		content.has("automation_rule_id"), extra.has("campaign_id"):
		return metrics.ByAutomation
	}
	switch sender.name("type") {
	case "agent_bot", "captain_assistant":
		return metrics.ByAssistant
	case "":
		if len(sender.fields) == 0 {
			return metrics.ByAutomation // of an integration or a rule: people have a name
		}
	}
	return metrics.ByPerson
}

// chatwootSurvey adds the request for a rating, and the rating once there is one. An inbox
// shows stars or five faces.
func chatwootSurvey(h *Happened, d Delivery, m object, number string, channel metrics.Channel, at time.Time, key metrics.EventID, updated time.Time) {
	content := m.object("content_attributes")
	stars := content.name("display_type") == "star"
	c := metrics.ConversationID(number)
	customer := cmp.Or(m.object("conversation").object("meta").object("sender").name("id"), number)
	if stars {
		h.add(metrics.RatingRequested{ID: key, Conversation: c, At: at, Channel: channel})
	} else {
		h.Answers = append(h.Answers, Answer{Question: "chatwoot", ID: string(key), Respondent: customer, About: number, At: at, Asked: true})
	}
	given := content.object("submitted_values").object("csat_survey_response")
	value, ok := given.whole("rating")
	if !ok {
		return
	}
	if value < 1 || value > 5 {
		given.refuse("rating", "want 1 to 5, have %d", value)
		return
	}
	id := "rating-" + string(key)
	if updated.IsZero() {
		id = "" // each change of a rating without an instant is an event of its own
	}
	then, answerID := d.when(updated, id)
	then = later(then, at)
	if stars {
		h.add(metrics.RatingGiven{ID: answerID, Conversation: c, At: then, Channel: channel, Stars: rating.Stars(value)})
		return
	}
	h.Answers = append(h.Answers, Answer{Question: "chatwoot", ID: string(answerID), Respondent: customer, About: number, At: then, Value: value})
}

// chatwootOpened adds the beginning of a conversation.
func chatwootOpened(h *Happened, d Delivery, c object) {
	id := metrics.ConversationID(c.need("id"))
	at, key := d.when(c.time("created_at", d.Zone), "opened")
	h.add(metrics.Opened{
		ID: key, Conversation: id, At: at,
		Channel: chatwootChannel(c), Priority: metrics.Priority(c.name("priority")),
	})
	if assigned := chatwootAssigned(c, at, key); assigned.Agent != "" || assigned.Team != "" {
		h.add(assigned)
	}
}

func chatwootAssigned(c object, at time.Time, key metrics.EventID) metrics.Assigned {
	meta := c.object("meta")
	return metrics.Assigned{
		ID: key, Conversation: metrics.ConversationID(c.need("id")), At: at,
		Agent: metrics.AgentID(meta.object("assignee").name("id")), Team: metrics.TeamID(meta.object("team").name("name")),
	}
}

// chatwootStatus adds a change of status. Pending means that a bot has the conversation,
// which is no pause: the customer waits for nobody else.
func chatwootStatus(h *Happened, d Delivery, c object) {
	id := metrics.ConversationID(c.need("id"))
	at, key := d.when(c.time("updated_at", d.Zone), "")
	switch c.need("status") {
	case "open":
		h.reopened(string(id), at, key, 0)
	case "resolved":
		h.add(metrics.Resolved{ID: key, Conversation: id, At: at})
	case "snoozed":
		until := c.time("snoozed_until", d.Zone)
		if !until.After(at) {
			until = time.Time{}
		}
		h.add(metrics.Paused{ID: key, Conversation: id, At: at, Until: until})
	}
}

// chatwootChanged adds what an update changed, of assignment and priority.
func chatwootChanged(h *Happened, d Delivery, c object) {
	id := metrics.ConversationID(c.need("id"))
	at, key := d.when(c.time("updated_at", d.Zone), "")
	assigned, prioritized := false, false
	for _, change := range c.objects("changed_attributes") {
		assigned = assigned || change.has("assignee_id") || change.has("team_id")
		prioritized = prioritized || change.has("priority")
	}
	if assigned {
		h.add(chatwootAssigned(c, at, key))
	}
	if prioritized {
		h.add(metrics.Prioritized{ID: key, Conversation: id, At: at, Priority: metrics.Priority(c.name("priority"))})
	}
}
