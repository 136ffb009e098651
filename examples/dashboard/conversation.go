package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// mostEvents is how many events of a conversation are on its page.
const mostEvents = 1000

// conversation makes the page of what happened in a conversation.
func (d *desk) conversation(ctx context.Context, v view, id metrics.ConversationID) (draw.Page, error) {
	l, err := d.look(ctx)
	if err != nil {
		return draw.Page{}, err
	}
	defer l.done()
	name := plain.Name(string(id))
	page := draw.Page{Title: "Conversation " + name, Foot: "What happened in a conversation, as far as the events tell."}
	if l.own {
		page.Desk = plain.Name(l.policy.Name)
	}
	links := draw.Links{{Text: "To the dashboard", Address: v.address("/")}}
	if desk := l.link.To(string(id)); desk != "" {
		links = append(links, draw.Link{Text: "Open it in the desk", Address: desk})
	}
	var promises []draw.Cells
	var events []draw.Section
	for h := range l.log.Read(l.rules, l.at).Conversation(id) {
		if h.Conversation().Len() == 0 {
			continue
		}
		for f := range l.policy.Findings(h) {
			promises = append(promises, l.promise(v, &f))
		}
		s := draw.Section{ID: "events", Nav: "Events", Title: "What happened", Parts: []draw.Part{v.events(h)}}
		if n := h.Case(); n > 1 {
			s.ID, s.Title, s.Nav = "case-"+text.Count(int64(n)), "What happened in case "+text.Count(int64(n)), "Case "+text.Count(int64(n))
		}
		events = append(events, s)
		page.About = []string{l.state(v, h)}
	}
	if len(events) == 0 {
		return page, &refusal{http.StatusNotFound, "There is no conversation " + quoted(string(id)) + ", or nothing has happened in it yet."}
	}
	page.About = append(page.About, "As known on "+l.at.In(v.zone).Format("Monday, 2 January 2006, 15:04")+"; times of "+v.zone.String()+".")
	made := draw.Table{
		Caption: "What was promised in the conversation", Empty: "Nothing was promised.",
		Columns: []draw.Column{{Name: "Promise"}, {Name: "Since", Left: true, Minor: true}, {Name: "Due", Left: true}, {Name: "Verdict", Left: true}, {Name: "Early or late", Minor: true}},
		Groups:  []draw.Group{{Rows: promises}},
	}
	page.Sections = append(page.Sections, draw.Section{ID: "promises", Nav: "Promises", Title: "What was promised", Parts: []draw.Part{links, draw.Box{Parts: []draw.Part{made}}}})
	page.Sections = append(page.Sections, events...)
	return page, nil
}

// state says in a line what a conversation is like.
func (l *look) state(v view, h *metrics.History) string {
	words := "On no channel"
	if h.Channel() != "" {
		words = "On the channel " + channelName(string(h.Channel()))
	}
	if c := h.Customer(); c != "" {
		words += ", of the customer " + plain.Name(string(c))
	}
	if h.Owner() != "" || h.Team() != "" {
		words += ", with " + briefing.Who(h.Owner(), h.Team())
	}
	wait, waits := h.StillWaiting()
	switch {
	case h.Discarded():
		return words + "; it was discarded and counts nowhere."
	case waits:
		return words + "; the customer has waited for an answer for " + text.Duration(wait.Duration()) + "."
	case h.IsOpen():
		return words + "; it is open."
	}
	return words + "; it is closed."
}

// promise is a row of a promise.
func (l *look) promise(v view, f *standards.Finding) draw.Cells {
	if f.Target.Measure == standards.TimeToAssign && !l.assigned {
		// Nothing tells of any assignment, so that nobody can know.
		return draw.Cells{{Text: plain.Name(f.Target.String()), Note: draw.Within(f.Target)}, {Text: draw.DateTime(f.Start.In(v.zone))}, {Text: text.NoData}, {Chip: draw.Chip{Mark: draw.None, Word: "not measured"}}, {Text: text.NoData}}
	}
	due, by := text.NoData, text.NoData
	if !f.Due.IsZero() {
		due = draw.DateTime(f.Due.In(v.zone))
		switch {
		case f.Margin < 0:
			by = text.Duration(-f.Margin) + " late"
		case f.Verdict == standards.Pending:
			by = text.Duration(f.Margin) + " left"
		default:
			by = text.Duration(f.Margin) + " early"
		}
	}
	verdicts := map[standards.Verdict]draw.Chip{
		standards.Met: {Mark: draw.Good, Word: "kept"}, standards.Breached: {Mark: draw.Bad, Word: "broken"},
		standards.Pending: {Mark: draw.Flat, Word: "open"}, standards.Excluded: {Mark: draw.None, Word: "does not count"},
	}
	return draw.Cells{
		{Text: plain.Name(f.Target.String()), Note: draw.Within(f.Target)}, {Text: draw.DateTime(f.Start.In(v.zone))}, {Text: due},
		{Chip: verdicts[f.Verdict]}, {Text: by},
	}
}

// events is the table of what happened, in the order of time.
func (v view) events(h *metrics.History) draw.Part {
	t := draw.Table{
		Caption: "What happened, in the order of time",
		Columns: []draw.Column{{Name: "When"}, {Name: "What", Left: true}, {Name: "Who", Left: true}, {Name: "Channel", Left: true, Minor: true}, {Name: "After", Minor: true}},
	}
	var rows []draw.Cells
	var last time.Time
	for r := range h.Conversation().Records() {
		after := text.NoData
		if !last.IsZero() {
			after = text.Duration(r.At.Sub(last))
		}
		last = r.At
		what, note := told(&r)
		cell := draw.Cell{Text: what, Note: v.detail(&r, note), Stars: int(r.Stars)}
		channel := text.NoData
		if r.Channel != "" {
			channel = draw.ChannelName(r.Channel)
		}
		rows = append(rows, draw.Cells{{Text: draw.DateTime(r.At.In(v.zone)) + r.At.In(v.zone).Format(":05")}, cell, {Text: who(&r)}, {Text: channel}, {Text: after}})
	}
	t.Groups = []draw.Group{{Rows: rows[:min(mostEvents, len(rows))]}}
	box := draw.Box{Parts: []draw.Part{t}}
	if more := len(rows) - mostEvents; more > 0 {
		box.Parts = append(box.Parts, draw.Key("And "+text.Count(int64(more))+" later ones, which are not listed."))
	}
	return box
}

// who did something.
func who(r *metrics.Record) string {
	switch {
	case r.Type == metrics.KindMessageReceived && r.Customer != "":
		return plain.Name(string(r.Customer))
	case r.Agent != "":
		return plain.Name(string(r.Agent))
	case r.Team != "":
		return plain.Name(string(r.Team))
	}
	return text.NoData
}

// told says what an event is, and which of its names says more.
func told(r *metrics.Record) (what, note string) {
	by := map[metrics.Actor]string{metrics.ByCustomer: " by the customer", metrics.ByAssistant: " by an assistant", metrics.ByAutomation: " by automation"}[r.By]
	switch r.Type {
	case metrics.KindOpened:
		return "Opened", string(r.Priority)
	case metrics.KindMessageReceived:
		return "The customer wrote", ""
	case metrics.KindReplySent:
		if r.By == metrics.ByAutomation {
			return "Automatic reply", ""
		}
		return "Answered" + by, ""
	case metrics.KindRatingRequested:
		return "Asked for a rating", ""
	case metrics.KindRatingGiven:
		return "Rated", ""
	case metrics.KindAssigned:
		if r.Agent == "" && r.Team == "" {
			return "Assigned to nobody", ""
		}
		return "Assigned", string(r.Team)
	case metrics.KindPrioritized:
		return "New priority", string(r.Priority)
	case metrics.KindPaused:
		return "Put on hold", r.For
	case metrics.KindResumed:
		return "Taken off hold", ""
	case metrics.KindHandled:
		return "Worked on", r.For
	case metrics.KindResolved:
		return "Solved" + by, ""
	case metrics.KindReopened:
		return "Opened again" + by, ""
	case metrics.KindAbandoned:
		return "The customer gave up", ""
	case metrics.KindMerged:
		return "Merged into another", string(r.Into)
	case metrics.KindDiscarded:
		return "Discarded", ""
	case metrics.KindRetracted:
		return "Taken back", string(r.Retracts)
	}
	return r.Type.String(), ""
}

// detail is what else an event says.
func (v view) detail(r *metrics.Record, note string) string {
	var parts []string
	if note != "" {
		parts = append(parts, plain.Name(note))
	}
	if r.Took > 0 {
		parts = append(parts, text.Duration(time.Duration(r.Took)))
	}
	if !r.Until.IsZero() {
		parts = append(parts, "until "+draw.DateTime(r.Until.In(v.zone)))
	}
	return strings.Join(parts, ", ")
}
