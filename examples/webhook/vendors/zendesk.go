package vendors

import (
	"cmp"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Zendesk reads the ticket events of Zendesk, and the list of audits of its API, by which
// the tickets before the webhook can be sent to the same path.
func Zendesk(d Delivery) (h Happened, err error) {
	p, err := parse(d.Body)
	if err != nil {
		return h, err
	}
	if p.has("audits") {
		zendeskAudits(&h, d, p)
		return h, p.err()
	}
	kind := p.need("type")
	if kind, ok := strings.CutPrefix(kind, "zen:event-type:ticket."); ok {
		t := zendeskTicket{
			detail: p.object("detail"), event: p.object("event"),
			id: p.need("id"), at: p.needTime("time", d.Zone),
		}
		t.conversation = metrics.ConversationID(t.detail.need("id"))
		// One action makes a sequence of events, mostly at one instant. Twice the position
		// leaves room for the second event of a change.
		position, _ := t.event.object("meta").object("sequence").whole("position")
		t.seq = 2 * int64(max(position, 0))
		t.happened(&h, d, kind)
	}
	return h, p.err()
}

// zendeskSystem is the actor of triggers and automations.
const zendeskSystem = "-1"

// A zendeskTicket is an event of a ticket.
type zendeskTicket struct {
	detail       object // the ticket after the event
	event        object // what changed
	id           string
	conversation metrics.ConversationID
	at           time.Time
	seq          int64
}

func (t zendeskTicket) happened(h *Happened, d Delivery, kind string) {
	id, c, at, seq := metrics.EventID(t.id), t.conversation, t.at, t.seq
	switch kind {
	case "created":
		t.created(h, d)
	case "comment_added":
		t.comment(h, d)
	case "comment_made_private":
		if comment := t.event.object("comment").need("id"); comment != "" {
			h.add(metrics.Retracted{ID: id, Conversation: c, At: at, Seq: seq, Event: metrics.EventID(comment)})
		}
	case "status_changed":
		t.status(h, t.event.need("previous"), t.event.need("current"))
	case "priority_changed":
		h.add(metrics.Prioritized{ID: id, Conversation: c, At: at, Seq: seq, Priority: zendeskPriority(t.event, "current")})
	case "agent_assignment_changed", "group_assignment_changed":
		h.add(t.assigned(at))
	case "merged":
		into := cmp.Or(t.event.name("target_ticket_id"), t.event.object("target_ticket").name("id"))
		if into == "" {
			t.event.need("target_ticket_id")
		}
		h.add(metrics.Merged{ID: id, Conversation: c, At: at, Seq: seq, Into: metrics.ConversationID(into)})
	case "soft_deleted", "permanently_deleted", "marked_as_spam":
		h.add(metrics.Discarded{ID: id, Conversation: c, At: at, Seq: seq})
	case "undeleted":
		h.add(metrics.Reopened{ID: id, Conversation: c, At: at, Seq: seq})
	case "csat_requested":
		h.Answers = append(h.Answers, Answer{Question: "zendesk", ID: t.id, Respondent: t.requester(), About: string(c), At: at, Asked: true})
	case "csat_received":
		score := t.event.object("satisfaction_score").need("score")
		t.rated(h, t.event, score)
	}
}

// zendeskPriority returns a priority as the agents see it: events have it in capitals.
func zendeskPriority(o object, name string) metrics.Priority {
	return metrics.Priority(strings.ToLower(o.name(name)))
}

func (t zendeskTicket) requester() string {
	return cmp.Or(t.detail.name("requester_id"), string(t.conversation))
}

func (t zendeskTicket) channel() metrics.Channel {
	return zendeskChannel(t.detail.object("via").name("channel"))
}

func zendeskChannel(via string) metrics.Channel {
	switch via {
	case "chat":
		return metrics.Chat
	case "native_messaging", "whatsapp", "facebook", "instagram_dm", "any_channel":
		return metrics.Messaging
	case "voice":
		return metrics.Phone
	case "twitter":
		return metrics.Social
	case "web_service":
		return "api"
	}
	return metrics.Channel(via)
}

// zendeskFirst is the ID of the message with which a customer opens a ticket. It comes
// with the ticket and, from some accounts, again as a comment of the same second.
const zendeskFirst = "description"

func (t zendeskTicket) created(h *Happened, d Delivery) {
	at := cmp.Or(t.detail.time("created_at", d.Zone), t.at)
	h.add(metrics.Opened{
		ID: "opened", Conversation: t.conversation, At: at,
		Channel: t.channel(), Priority: zendeskPriority(t.detail, "priority"),
	})
	if by := t.detail.name("submitter_id"); by != "" && by == t.detail.name("requester_id") {
		t.first(h, at, by)
	}
	if a := t.assigned(at); a.Agent != "" || a.Team != "" {
		h.add(a)
	}
}

func (t zendeskTicket) first(h *Happened, at time.Time, customer string) {
	h.add(metrics.MessageReceived{
		ID: zendeskFirst, Conversation: t.conversation, At: at,
		Channel: t.channel(), Customer: metrics.CustomerID(customer),
	})
}

func (t zendeskTicket) comment(h *Happened, d Delivery) {
	comment := t.event.object("comment")
	author := comment.object("author")
	id := metrics.EventID(comment.need("id"))
	by := author.need("id")
	staff := author.flag("is_staff")
	created := t.detail.time("created_at", d.Zone)
	switch {
	case !comment.has("is_public"):
		comment.refuse("is_public", "missing")
	case !comment.flag("is_public"):
	case staff:
		h.add(metrics.ReplySent{
			ID: id, Conversation: t.conversation, At: t.at, Seq: t.seq, Channel: t.channel(),
			Agent: metrics.AgentID(by), By: t.actor(),
		})
	case by == t.detail.name("requester_id") && t.at.Truncate(time.Second).Equal(created.Truncate(time.Second)):
		t.first(h, created, by)
	default:
		h.add(metrics.MessageReceived{
			ID: id, Conversation: t.conversation, At: t.at, Seq: t.seq, Channel: t.channel(), Customer: metrics.CustomerID(by),
		})
	}
}

// actor says who did it.
func (t zendeskTicket) actor() metrics.Actor {
	switch actor := t.detail.name("actor_id"); actor {
	case "":
	case zendeskSystem:
		return metrics.ByAutomation
	case t.detail.name("requester_id"):
		return metrics.ByCustomer
	}
	return metrics.ByPerson
}

func (t zendeskTicket) assigned(at time.Time) metrics.Assigned {
	return metrics.Assigned{
		ID: metrics.EventID(t.id), Conversation: t.conversation, At: at, Seq: t.seq,
		Agent: metrics.AgentID(t.detail.name("assignee_id")), Team: metrics.TeamID(t.detail.name("group_id")),
	}
}

// status adds a change of status.
func (t zendeskTicket) status(h *Happened, previous, current string) {
	id, c, at, seq := metrics.EventID(t.id), t.conversation, t.at, t.seq
	previous, current = strings.ToLower(previous), strings.ToLower(current)
	closed := func(s string) bool { return s == "solved" || s == "closed" }
	waiting := func(s string) bool { return s == "pending" || s == "hold" }
	open := func(s string) bool { return s == "new" || s == "open" }
	switch {
	case closed(current) && !closed(previous):
		by := t.actor()
		resolved := metrics.Resolved{ID: id, Conversation: c, At: at, Seq: seq, By: by}
		if by == metrics.ByPerson {
			resolved.Agent = metrics.AgentID(t.detail.name("actor_id"))
		}
		h.add(resolved)
	case waiting(current):
		// From one hold to another: the first one ends.
		if waiting(previous) {
			h.add(metrics.Resumed{ID: id, Conversation: c, At: at, Seq: seq})
		}
		if closed(previous) {
			h.add(metrics.Reopened{ID: id, Conversation: c, At: at, Seq: seq})
		}
		reason := metrics.ForCustomer
		if current == "hold" {
			reason = metrics.ForThirdParty
		}
		h.add(metrics.Paused{ID: id, Conversation: c, At: at, Seq: seq + 1, For: reason})
	case open(current) && !open(previous):
		h.reopened(string(c), at, id, seq)
	case current == "deleted":
		h.add(metrics.Discarded{ID: id, Conversation: c, At: at, Seq: seq})
	}
}

// rated adds a rating, which is good or bad. The last one of a ticket counts.
func (t zendeskTicket) rated(h *Happened, at object, score string) {
	value := 0
	switch strings.ToLower(score) {
	case "good", "good_with_comment", "goodwithcomment":
		value = 2
	case "bad", "bad_with_comment", "badwithcomment":
		value = 1
	case "offered":
		h.Answers = append(h.Answers, Answer{Question: "zendesk", ID: t.id, Respondent: t.requester(), About: string(t.conversation), At: t.at, Asked: true})
		return
	case "unoffered":
		return
	default:
		at.refuse("score", "want good or bad, have %q", score)
		return
	}
	h.Answers = append(h.Answers, Answer{
		Question: "zendesk", ID: t.id, Respondent: t.requester(), About: string(t.conversation), At: t.at,
		Agent: t.detail.name("assignee_id"), Value: value,
	})
}
