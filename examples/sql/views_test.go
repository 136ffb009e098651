//go:build unix

package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/metrics"
)

// A product is a helpdesk, with the databases in which its view runs.
type product struct {
	name    string
	views   map[string]string // the file of the view, by kind of database
	retyped []string          // what PostgreSQL has in the product, where the small tables have text
}

var products = []product{
	{"libredesk", map[string]string{"sqlite": "libredesk.sql", "postgres": "libredesk.sql"}, []string{
		"CREATE TYPE channels AS ENUM ('email', 'livechat')",
		"CREATE TYPE user_type AS ENUM ('agent', 'contact', 'visitor', 'ai_assistant')",
		"CREATE TYPE message_type AS ENUM ('incoming', 'outgoing', 'activity')",
		"CREATE TYPE message_status AS ENUM ('received', 'sent', 'failed', 'pending')",
		"CREATE TYPE conversation_status_category AS ENUM ('open', 'waiting', 'resolved')",
		"ALTER TABLE inboxes ALTER channel TYPE channels USING channel::channels",
		"ALTER TABLE users ALTER type TYPE user_type USING type::user_type",
		"ALTER TABLE conversation_messages ALTER type TYPE message_type USING type::message_type",
		"ALTER TABLE conversation_messages ALTER status TYPE message_status USING status::message_status",
		"ALTER TABLE conversation_statuses ALTER category TYPE conversation_status_category USING category::conversation_status_category",
	}},
	{"chatwoot", map[string]string{"sqlite": "chatwoot.sql", "postgres": "chatwoot.sql"}, nil},
	{"zammad", map[string]string{"sqlite": "zammad.sql", "postgres": "zammad.sql"}, []string{
		"ALTER TABLE tickets ALTER number TYPE varchar(60)",
	}},
	{"freescout", map[string]string{"sqlite": "freescout.sql", "mysql": "freescout.sql", "postgres": "freescout_postgresql.sql"}, nil},
}

// kinds returns the databases in which the view runs.
func (p product) kinds() []string { return slices.Sorted(maps.Keys(p.views)) }

func statements(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return eventtable.Statements(string(text))
}

// desk returns the address of a database with the tables in small and the views. SQLite has
// no zones and no clock of its own: there the times of the tables get their offset as text,
// and nothing tells when a conversation changed.
func (p product) desk(t *testing.T, kind string) string {
	t.Helper()
	dsn := newDSN(t, kind)
	db := opened(t, dsn)
	list := statements(t, p.name+"_tables.sql")
	if kind == "postgres" {
		list = append(list, p.retyped...)
	}
	for _, statement := range append(list, statements(t, p.views[kind])...) {
		if kind == "sqlite" {
			if strings.Contains(statement, "VIEW service_changes") {
				continue
			}
			statement = strings.ReplaceAll(statement, " AT TIME ZONE 'UTC'", " || 'Z'")
		}
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v\n%s", err, statement)
		}
	}
	return dsn
}

// noon is the instant of what testdata says.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func read(t *testing.T, dsn string) *metrics.EventLog {
	t.Helper()
	rows, err := opened(t, dsn).Query("SELECT * FROM service_events")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	log := new(metrics.EventLog)
	for e, err := range metrics.DecodeRows(rows) {
		if err == nil {
			err = log.Append(e)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return log
}

// story says what happened in a conversation.
func story(h *metrics.History) string {
	var parts []string
	say := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if h.Discarded() {
		say("discarded")
	}
	for _, w := range h.Waits() {
		text := fmt.Sprint(w.Outcome, " ", w.Duration())
		if w.Agent != "" {
			text += " by " + string(w.Agent)
		}
		if w.Team != "" {
			text += " in " + string(w.Team)
		}
		say("%s", text)
	}
	if d, ok := h.FirstResolution(nil); ok && !h.Discarded() {
		say("resolved %v", d)
	}
	if n := h.Reopens(); n > 0 {
		say("reopened %d", n)
	}
	if h.IsOpen() {
		say("is open")
		if held := h.OnHold(nil, metrics.AnyReason); held > 0 {
			say("on hold %v", held)
		}
	} else if d, ok := h.ActiveTime(nil); ok && h.Reopens() > 0 {
		say("active %v", d)
	}
	if n := h.Requests().Response.Whole; n > 0 {
		say("asked %d", n)
	}
	for _, stars := range h.Ratings() {
		say("stars %d", stars)
	}
	if p := h.Priority(); p != "" && !h.Discarded() {
		say("priority %s", p)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s: %s", h.Conversation().ID(), h.Channel(), strings.Join(parts, "; ")))
}

// row says what an event is.
func row(r metrics.Record) string {
	text := fmt.Sprintf("%s %s %v", r.Conversation, r.At.UTC().Format("15:04:05.999"), r.Type)
	for _, field := range []struct{ name, value string }{
		{"", string(r.Channel)}, {"customer", string(r.Customer)}, {"agent", string(r.Agent)}, {"team", string(r.Team)},
		{"priority", string(r.Priority)}, {"into", string(r.Into)},
	} {
		if field.value != "" {
			text += strings.TrimRight(" "+field.name, " ") + " " + field.value
		}
	}
	if r.By != metrics.ByPerson {
		text += fmt.Sprint(" by ", r.By)
	}
	if r.Stars != 0 {
		text += fmt.Sprint(" stars ", int(r.Stars))
	}
	if !r.Until.IsZero() {
		text += " until " + r.Until.UTC().Format("2 Jan 15:04")
	}
	return text
}

// Each view tells of each conversation what happened in it, which testdata has by hand,
// first the figures and then the events.
func TestViews(t *testing.T) {
	for _, p := range products {
		for _, kind := range p.kinds() {
			t.Run(p.name+"/"+kind, func(t *testing.T) {
				log := read(t, p.desk(t, kind))
				var got []string
				for h := range log.Read(metrics.Rules{}, noon).Histories() {
					got = append(got, story(h)+"\n")
				}
				slices.SortFunc(got, func(a, b string) int {
					return len(strings.Fields(a)[0])*1000 - len(strings.Fields(b)[0])*1000 + strings.Compare(a, b)
				})
				got = append(got, "\n")
				for _, line := range slices.Clone(got[:len(got)-1]) {
					c, _ := log.Conversation(metrics.ConversationID(strings.Fields(line)[0]))
					for r := range c.Records() {
						got = append(got, row(r)+"\n")
					}
				}
				golden.Check(t, p.name+".txt", strings.Join(got, ""))
				if log.Duplicates() > 0 {
					t.Errorf("%d duplicates: a row has an ID that another has", log.Duplicates())
				}
			})
		}
	}
}
