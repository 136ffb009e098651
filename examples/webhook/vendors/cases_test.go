package vendors_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/examples/webhook/days"
	"github.com/servicequality/servicequality/examples/webhook/vendors"
)

// What the made-up days have no payload for. A want is a part of what is meant; with "! "
// before it, of the reason for which it is refused; and empty if nothing is meant.
func TestCases(t *testing.T) {
	const (
		chat    = `{"event":"message_created","id":1,"created_at":1772442000,"message_type":"incoming","private":false,"conversation":{"id":10,"channel":"Channel::`
		survey  = `{"event":"message_updated","id":1,"created_at":1772442000,"message_type":"template","content_type":"input_csat","conversation":{"id":10},"content_attributes":{"display_type":"star","submitted_values":{"csat_survey_response":{"rating":`
		comment = `{"type":"zen:event-type:ticket.comment_added","id":"e","time":"2026-03-02T09:00:00Z","detail":{"id":"5","actor_id":"7","via":{"channel":"`
		changed = `{"type":"zen:event-type:ticket.status_changed","id":"e","time":"2026-03-02T09:00:00Z","detail":{"id":"5","actor_id":"7","requester_id":"9"},"event":`
		merged  = `{"type":"zen:event-type:ticket.merged","id":"e","time":"2026-03-02T09:00:00Z","detail":{"id":"5"},"event":`
		audit   = `{"audits":[{"ticket_id":5,"created_at":"2026-03-02T09:00:00Z","author_id":7,"events":[{"id":1,"type":"Comment"`
		part    = `{"topic":"conversation.x","created_at":1772442009,"data":{"item":{"id":"2","admin_assignee_id":"7","team_assignee_id":"8","conversation_parts":{"conversation_parts":[{"id":"45","created_at":1772442000,`
		source  = `{"topic":"conversation.x","created_at":1772442009,"data":{"item":{"id":"2","created_at":1772442000,"source":{"id":"s","author":{"type":"user","id":"9"},"type":"`
		thread  = `{"id":2,"type":"chat","_embedded":{"threads":[{"id":7,"createdAt":"2026-03-02T09:00:00Z",`
		rule    = `{"freshdesk_webhook":{"ticket_id":5,"updated_at":"2026-03-02T09:00:00Z","event":"`
		ticket  = `{"ticket":{"id":5,"created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T09:00:00Z","state":"open"},"article":{"id":6,"created_at":"2026-03-02T09:00:00Z","created_by_id":7,"type":"`
	)
	tests := []struct{ vendor, event, body, want string }{
		{"chatwoot", "", chat + `Email"}}`, `"channel":"email"`},
		{"chatwoot", "", chat + `Whatsapp"}}`, `"channel":"messaging"`},
		{"chatwoot", "", chat + `TwilioSms"}}`, `"channel":"sms"`},
		{"chatwoot", "", chat + `TwitterProfile"}}`, `"channel":"social"`},
		{"chatwoot", "", chat + `Api"}}`, `"channel":"api"`},
		{"chatwoot", "", `{"event":"message_created","id":1,"conversation":{}}`, "! conversation.id: missing"},
		{"chatwoot", "", `{"event":"message_created","id":1,"created_at":1772442000,"message_type":"activity","conversation":{"id":1}}`, ""},
		{"chatwoot", "", `{"event":"message_created","id":1,"created_at":1772442000,"message_type":1,"sender":{},"conversation":{"id":1}}`, `"by":"automation"`},
		{"chatwoot", "", `{"event":"message_created","id":1,"created_at":1772442000,"message_type":1,"sender":{"id":3,"type":"user"},"additional_attributes":{"campaign_id":4},"conversation":{"id":1}}`, `"by":"automation"`},
		{"chatwoot", "", `{"event":"message_created","id":1,"created_at":1772442000,"message_type":1,"sender":{"id":3,"type":"agent_bot"},"conversation":{"id":1}}`, `"by":"assistant"`},
		{"chatwoot", "", `{"event":"message_updated","id":1,"created_at":1772442000,"updated_at":1772441000,"message_type":1,"status":"failed","sender":{"id":3,"type":"user"},"conversation":{"id":1}}`, `"type":"retracted","id":"gone-1","conversation":"1","at":"2026-03-02T09:00:00Z","event":"1"`},
		{"chatwoot", "", survey + `5}}}}`, `"type":"rating_given","id":"received:`},
		{"chatwoot", "", survey + `4}}}}`, `"type":"rating_given","id":"received:b17f2525365de064"`}, // of the bytes: another rating is another event
		{"chatwoot", "", survey + `6}}}}`, "! rating: want 1 to 5, have 6"},
		{"chatwoot", "", survey + `0}}}}`, "! rating: want 1 to 5, have 0"},
		{"chatwoot", "", `{"event":"conversation_updated","id":1,"updated_at":1772442000.5,"priority":"low","meta":{},"changed_attributes":[{"labels":{}}]}`, ""},
		{"chatwoot", "", `{"event":"conversation_updated","id":1,"updated_at":1772442000.5,"priority":"low","changed_attributes":[{"priority":{}}]}`, `{"type":"prioritized","conversation":"1","at":"2026-03-02T09:00:00.5Z","priority":"low"}`},
		{"chatwoot", "", `{"event":"conversation_status_changed","id":1,"updated_at":1772442000,"status":"pending"}`, ""},
		{"chatwoot", "", `{"event":"conversation_status_changed","id":1,"updated_at":1772442000,"status":"snoozed","snoozed_until":1772441999}`, `"at":"2026-03-02T09:00:00Z"}`},

		{"zendesk", "", comment + `whatsapp"}},"event":{"comment":{"id":"1","is_public":true,"author":{"id":"7","is_staff":true}}}}`, `"channel":"messaging","agent":"7"}`},
		{"zendesk", "", comment + `chat"}},"event":{"comment":{"id":"1","is_public":true,"author":{"id":"9","is_staff":false}}}}`, `"channel":"chat","customer":"9"}`},
		{"zendesk", "", comment + `voice"}},"event":{"comment":{"id":"1","is_public":true,"author":{"id":"9"}}}}`, `"channel":"phone"`},
		{"zendesk", "", comment + `twitter"}},"event":{"comment":{"id":"1","is_public":true,"author":{"id":"9"}}}}`, `"channel":"social"`},
		{"zendesk", "", comment + `web_service"}},"event":{"comment":{"id":"1","is_public":true,"author":{"id":"9"}}}}`, `"channel":"api"`},
		{"zendesk", "", comment + `web"}},"event":{"comment":{"id":"1","author":{"id":"9"}}}}`, "! event.comment.is_public: missing"},
		{"zendesk", "", comment + `web"}},"event":{"comment":{"id":"1","is_public":true,"author":{}}}}`, "! event.comment.author.id: missing"},
		{"zendesk", "", changed + `{"previous":"SOLVED","current":"PENDING"}}`, `"type":"reopened"`},
		{"zendesk", "", changed + `{"previous":"OPEN","current":"HOLD"}}`, `"for":"third_party"`},
		{"zendesk", "", changed + `{"previous":"OPEN","current":"CLOSED"}}`, `"type":"resolved","id":"e","conversation":"5","at":"2026-03-02T09:00:00Z","agent":"7"`},
		{"zendesk", "", changed + `{"previous":"OPEN","current":"DELETED"}}`, `"type":"discarded"`},
		{"zendesk", "", changed + `{"previous":"NEW","current":"OPEN"}}`, ""},
		{"zendesk", "", changed + `{"current":"OPEN"}}`, "! event.previous: missing"},
		{"zendesk", "", strings.Replace(changed, `"actor_id":"7"`, `"actor_id":"9"`, 1) + `{"previous":"OPEN","current":"SOLVED"}}`, `"by":"customer"`},
		{"zendesk", "", strings.Replace(changed, `"actor_id":"7"`, `"actor_id":"-1"`, 1) + `{"previous":"OPEN","current":"SOLVED"}}`, `"by":"automation"`},
		{"zendesk", "", merged + `{"target_ticket":{"id":"6"}}}`, `"into":"6"`},
		{"zendesk", "", merged + `{}}`, "! event.target_ticket_id: missing"},
		{"zendesk", "", strings.Replace(merged, "merged", "undeleted", 1) + `{}}`, `"type":"reopened"`},
		{"zendesk", "", strings.Replace(merged, "merged", "soft_deleted", 1) + `{}}`, `"type":"discarded"`},
		{"zendesk", "", strings.Replace(merged, "merged", "csat_received", 1) + `{"satisfaction_score":{"score":"middling"}}}`, "! want good or bad"},
		{"zendesk", "", `{"type":"zen:event-type:user.created"}`, ""},
		{"zendesk", "", audit + `,"public":true}]}]}`, "! ask for the audits with ?include=users"},
		{"zendesk", "", strings.Replace(audit, "Comment", "Change", 1) + `,"field_name":"status","value":"open","previous_value":"solved"}]}]}`, `"type":"reopened","id":"1"`},
		{"zendesk", "", audit + `}]}],"users":[{"id":7,"role":"agent"}]}`, "! public: missing"},
		{"zendesk", "", audit + `,"public":true}]}],"users":[{"id":7,"role":"admin"}]}`, `"type":"reply_sent","id":"1","conversation":"5","at":"2026-03-02T09:00:00Z","agent":"7"}`},
		{"zendesk", "", strings.Replace(audit, `"author_id":7`, `"author_id":-1`, 1) + `,"public":true}]}],"users":[{"id":-1,"role":"admin"}]}`, `"by":"automation"`},
		{"zendesk", "", audit + `,"public":true}]}],"users":[{"id":7,"role":"end-user"}]}`, `"type":"message_received","id":"1"`},

		{"intercom", "", part + `"part_type":"assign_and_reopen","assigned_to":{"type":"team","id":"6"}}]}}}}`, `"type":"assigned","id":"45","conversation":"2","at":"2026-03-02T09:00:00Z","seq":45,"agent":"7","team":"6"}`},
		{"intercom", "", part + `"part_type":"assign_and_reopen"}]}}}}`, `"type":"reopened"`},
		{"intercom", "", part + `"part_type":"assign_and_unsnooze","assigned_to":{"type":"admin","id":"0"}}]}}}}`, `"seq":45,"team":"8"}`},
		{"intercom", "", strings.Replace(part, `"8"`, `"0"`, 1) + `"part_type":"assignment"}]}}}}`, `"seq":45,"agent":"7"}`},
		{"intercom", "", part + `"part_type":"note_and_reopen","body":"x","author":{"type":"admin","id":"7"}}]}}}}`, `{"type":"reopened","id":"45","conversation":"2","at":"2026-03-02T09:00:00Z","seq":45}` + "\n" + `{"type":"resumed"`},
		{"intercom", "", part + `"part_type":"close","author":{"type":"user","id":"9"}}]}}}}`, `"by":"customer"`},
		{"intercom", "", part + `"part_type":"close","author":{"type":"bot","id":"9","is_ai_answer":true}}]}}}}`, `"agent":"9","by":"assistant"`},
		{"intercom", "", part + `"part_type":"close","author":{"type":"bot","id":"9"}}]}}}}`, `"seq":45,"by":"automation"}`},
		{"intercom", "", part + `"part_type":"participant_added","body":"x","author":{"type":"admin","id":"7"}}]}}}}`, ""},
		{"intercom", "", part + `"part_type":"timer_unsnooze"}]}}}}`, `"type":"resumed"`},
		{"intercom", "", source + `phone_call"}}}}`, `"channel":"phone"`},
		{"intercom", "", source + `whatsapp"}}}}`, `"channel":"messaging"`},
		{"intercom", "", source + `twitter"}}}}`, `"channel":"social"`},
		{"intercom", "", `{"topic":"conversation.x","created_at":1772442009,"data":{"item":{"id":"2","conversation_rating":{"rating":6}}}}`, "! 6 is not an answer of intercom"},
		{"intercom", "", `{"topic":"conversation.x","data":{"item":{"id":"2"}}}`, "! created_at: missing"},

		{"helpscout", "convo.created", thread + `"type":"chat","createdBy":{"id":9,"type":"customer"}}]}}`, `"type":"message_received","id":"7","conversation":"2","at":"2026-03-02T09:00:00Z","channel":"chat","customer":"9"`},
		{"helpscout", "convo.created", thread + `"type":"chat","createdBy":{"id":4,"type":"user"}}]}}`, `"type":"reply_sent","id":"7","conversation":"2","at":"2026-03-02T09:00:00Z","channel":"chat","agent":"4"}`},
		{"helpscout", "convo.created", thread + `"type":"message","createdBy":{"id":4,"type":"user"},"action":{"type":"manual-workflow"}}]}}`, `"by":"automation"`},
		{"helpscout", "convo.created", thread + `"type":"lineitem","status":"closed","createdBy":{"id":9,"type":"customer"}}]}}`, `"type":"resolved","id":"7-status","conversation":"2","at":"2026-03-02T09:00:00Z","by":"customer"`},
		{"helpscout", "convo.created", thread + `"type":"lineitem","assignedTo":{"id":3,"type":"team"}}]}}`, `"team":"3"`},
		{"helpscout", "convo.created", thread + `"type":"lineitem","action":{"type":"merged","associatedEntities":{"conversation":3}}}]}}`, `"conversation":"3","at":"2026-03-02T09:00:00Z","into":"2"`},
		{"helpscout", "convo.created", thread + `"type":"lineitem","action":{"type":"merged","associatedEntities":{}}}]}}`, ""},
		{"helpscout", "convo.created", thread + `"type":"note","createdBy":{"id":4,"type":"user"},"status":"nochange"}]}}`, ""},
		{"freescout", "convo.restored", `{"id":2}`, `{"type":"reopened","id":"received:restored","conversation":"2","at":"2026-03-02T20:00:00Z"}`},
		{"freescout", "convo.deleted_forever", `{"id":2}`, `"type":"discarded","id":"received:deleted"`},
		{"freescout", "satisfaction.ratings", `{"id":1,"conversationId":2,"rating":"not good","createdAt":"2026-03-02T09:00:00Z"}`, `{"question":"freescout","id":"1","respondent":"2","about":"2","at":"2026-03-02T09:00:00Z","value":1}`},
		{"freescout", "satisfaction.ratings", `{"id":1,"conversationId":2,"rating":"meh"}`, "! want great, okay or not good"},
		{"freescout", "satisfaction.ratings", `{"id":1,"rating":"great"}`, "! conversationId: missing"},
		{"freescout", "", `{"id":2}`, "! X-FreeScout-Event: missing"},

		{"freshdesk", "", rule + `agent_reply","ticket_source":"7"}}`, `"channel":"chat"`},
		{"freshdesk", "", rule + `agent_reply","ticket_source":3}}`, `"channel":"phone"`},
		{"freshdesk", "", rule + `agent_reply","ticket_source":"Phone"}}`, `"channel":"phone"`},
		{"freshdesk", "", rule + `agent_reply","ticket_source":"Twitter"}}`, `"channel":"social"`},
		{"freshdesk", "", rule + `agent_reply","ticket_source":13}}`, `"channel":"messaging"`},
		{"freshdesk", "", rule + `agent_reply","ticket_source":"Fax"}}`, `"channel":"fax"`},
		{"freshdesk", "", rule + `customer_reply"}}`, `"at":"2026-03-02T09:00:00Z"}`},
		{"freshdesk", "", rule + `status","ticket_status":"Waiting on Third Party"}}`, `"for":"third_party"`},
		{"freshdesk", "", rule + `status","ticket_status":2}}`, `"type":"reopened"`},
		{"freshdesk", "", rule + `priority","ticket_priority":1}}`, `"priority":"Low"`},
		{"freshdesk", "", rule + `priority","ticket_priority":"2"}}`, `"priority":"Medium"`},
		{"freshdesk", "", rule + `priority","ticket_priority":4}}`, `"priority":"Urgent"`},
		{"freshdesk", "", rule + `shrug"}}`, "! want one of the events of the template"},
		{"freshdesk", "", `{"event":"onTicketDelete","timestamp":1772442000,"data":{"ticket":{"id":5}}}`, `"type":"discarded","id":"deleted","conversation":"5","at":"2026-03-02T09:00:00Z"`},
		{"freshdesk", "", `{"event":"onContactCreate","data":{}}`, ""},
		{"freshdesk", "", `{"satisfaction_rating":{"id":1,"ticket_id":5,"created_at":"2026-03-02T09:00:00Z","ratings":{"default_question":100}}}`, `"respondent":"5","about":"5","at":"2026-03-02T09:00:00Z","value":4}`},
		{"freshdesk", "", `{"satisfaction_rating":{"id":1,"ticket_id":5,"created_at":"2026-03-02T09:00:00Z","ratings":{"default_question":3}}}`, "! want -103 to 103, have 3"},

		{"zammad", "", ticket + `twitter status","sender":"Customer","origin_by_id":9}}`, `"channel":"social","customer":"9"`},
		{"zammad", "", ticket + `telegram personal-message","sender":"Agent"}}`, `"channel":"messaging","agent":"7"}`},
		{"zammad", "", ticket + `email","sender":"Robot"}}`, "! article.sender: want Customer, Agent or System"},
		{"zammad", "", `{"ticket":{"id":5,"created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T10:00:00Z","state":"closed"}}`, `"type":"resolved","conversation":"5","at":"2026-03-02T10:00:01Z"`},
		{"zammad", "", `{"ticket":{"id":5,"created_at":"2026-03-02T09:00:00Z","updated_at":"2026-03-02T10:00:00Z"}}`, "! ticket.state: missing"},

		{"zammad", "", `{"ticket":{"id":5.5}}`, "! ticket.id: want a whole number, have 5.5"},
		{"zammad", "", `{"ticket":{"id":"a\tb"}}`, "! without control characters"},
		{"zammad", "", `{"ticket":{"id":"\ud800"}}`, "! without control characters"},
		{"zammad", "", `{"ticket":[]}`, "! ticket: want an object, have a list"},
		{"zammad", "", `{"ticket":{"id":{}}}`, "! have an object"},
		{"zammad", "", `{"ticket":{"id":"` + strings.Repeat("x", 201) + `"}}`, "! want at most 200 bytes, have 201"},
		{"zammad", "", `{"a":1,"a":2}`, `! the field "a" comes twice`},
		{"zammad", "", `{"x":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}`, "! ticket.id: missing"},
		{"zammad", "", `{"x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, "! more than 64 levels"},
		{"zammad", "", `{} {}`, "! more text after it"},
	}
	for _, test := range tests {
		i := slices.IndexFunc(vendors.All, func(v vendors.Vendor) bool { return v.Name == test.vendor })
		header := http.Header{}
		if test.event != "" {
			header.Set("X-HelpScout-Event", test.event)
			header.Set("X-FreeScout-Event", test.event)
		}
		h, err := vendors.All[i].Read(vendors.Delivery{Body: []byte(test.body), Header: header, At: days.Received})
		err = check(h, err)
		if reason, ok := strings.CutPrefix(test.want, "! "); ok {
			if err == nil || !strings.Contains(err.Error(), reason) || !errors.Is(err, vendors.ErrForm) && !errors.Is(err, vendors.ErrMalformed) {
				t.Errorf("%s: %s:\ngot  %v\nwant %s", test.vendor, test.body, err, reason)
			}
			continue
		}
		events, answers := meaning(t, h)
		got := string(events) + string(answers)
		if err != nil || !strings.Contains(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: %s:\ngot  %s%v\nwant %s", test.vendor, test.body, got, err, test.want)
		}
	}
}
