package vendors

import (
	"cmp"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/metrics"
)

// zendeskAudits reads a list of audits with their users, as the API gives it. One audit is
// an update of a ticket and holds several events: a comment and the status that it left
// behind, say. Each has an ID of its own; that of the audit would be one for all.
func zendeskAudits(h *Happened, d Delivery, p object) {
	roles := make(map[string]string)
	for _, user := range p.objects("users") {
		roles[user.need("id")] = user.need("role")
	}
	requesters := make(map[string]string)          // by ticket
	inCharge := make(map[string]*metrics.Assigned) // by ticket, as of the audit that is read
	audits := p.objects("audits")
	for _, audit := range audits {
		for _, e := range audit.objects("events") {
			if e.name("type") == "Create" && e.name("field_name") == "requester_id" {
				requesters[audit.name("ticket_id")] = e.name("value")
			}
		}
	}
	for _, audit := range audits {
		ticket := audit.need("ticket_id")
		if inCharge[ticket] == nil {
			inCharge[ticket] = new(metrics.Assigned)
		}
		a := zendeskAudit{
			audit: audit, ticket: ticket, roles: roles, requester: requesters[ticket], inCharge: inCharge[ticket],
			channel: zendeskChannel(audit.object("via").name("channel")),
		}
		a.happened(h, d)
	}
}

// A zendeskAudit is one update of a ticket.
type zendeskAudit struct {
	audit     object
	ticket    string
	requester string
	inCharge  *metrics.Assigned // an audit tells only what changed
	roles     map[string]string // of users
	channel   metrics.Channel
}

func (a zendeskAudit) happened(h *Happened, d Delivery) {
	at := a.audit.needTime("created_at", d.Zone)
	author := a.audit.name("author_id")
	c := metrics.ConversationID(a.ticket)
	events := a.audit.objects("events")
	created := slices.ContainsFunc(events, func(e object) bool { return e.name("type") == "Create" })
	if created {
		h.add(metrics.Opened{ID: "opened", Conversation: c, At: at, Channel: a.channel, Priority: a.initial("priority")})
	}
	assigned := false
	for i, e := range events {
		id := e.need("id")
		t := zendeskTicket{
			// What the functions of events read of the ticket: who acted, who asked.
			detail: object{a.audit.path, map[string]any{"actor_id": author, "requester_id": a.requester}, a.audit.first},
			event:  e, id: id, conversation: c, at: at, seq: 2 * int64(i),
		}
		switch kind := e.name("type"); kind {
		case "Create", "Change":
			switch field := e.name("field_name"); field {
			case "status":
				previous := "new"
				if kind == "Change" {
					previous = e.need("previous_value")
				}
				t.status(h, previous, e.need("value"))
			case "priority":
				if kind == "Change" {
					h.add(metrics.Prioritized{ID: metrics.EventID(id), Conversation: c, At: at, Seq: t.seq, Priority: zendeskPriority(e, "value")})
				}
			case "assignee_id", "group_id":
				if field == "assignee_id" {
					a.inCharge.Agent = metrics.AgentID(e.name("value"))
				} else {
					a.inCharge.Team = metrics.TeamID(e.name("value"))
				}
				// Agent and group may change in one audit; they are one event.
				if !assigned {
					assigned = true
					a.inCharge.ID, a.inCharge.Conversation, a.inCharge.At, a.inCharge.Seq = metrics.EventID(id), c, at, t.seq
				}
			case "satisfaction_score":
				t.rated(h, e, e.need("value"))
			}
		case "Comment", "VoiceComment":
			a.comment(h, t, cmp.Or(e.name("author_id"), author), created)
		}
	}
	if assigned {
		h.add(*a.inCharge)
	}
}

// initial returns the first value of a field of the ticket.
func (a zendeskAudit) initial(field string) metrics.Priority {
	for _, e := range a.audit.objects("events") {
		if e.name("type") == "Create" && e.name("field_name") == field {
			return metrics.Priority(strings.ToLower(e.name("value")))
		}
	}
	return ""
}

// comment adds a comment. The author of an audit says nothing of who that is, so the
// users must be there.
func (a zendeskAudit) comment(h *Happened, t zendeskTicket, author string, created bool) {
	if !t.event.has("public") {
		t.event.refuse("public", "missing")
	}
	if !t.event.flag("public") {
		return
	}
	role, known := a.roles[author]
	if !known {
		t.event.refuse("author_id", "no role of user %q in users: ask for the audits with ?include=users", author)
		return
	}
	id := metrics.EventID(t.id)
	if role == "end-user" {
		if created && author == a.requester {
			id, t.seq = zendeskFirst, 0
		}
		h.add(metrics.MessageReceived{
			ID: id, Conversation: t.conversation, At: t.at, Seq: t.seq, Channel: a.channel, Customer: metrics.CustomerID(author),
		})
		return
	}
	h.add(metrics.ReplySent{
		ID: id, Conversation: t.conversation, At: t.at, Seq: t.seq, Channel: a.channel, Agent: metrics.AgentID(author), By: zendeskBy(author),
	})
}

func zendeskBy(author string) metrics.Actor {
	if author == zendeskSystem {
		return metrics.ByAutomation
	}
	return metrics.ByPerson
}
