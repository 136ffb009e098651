package main

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/metrics"
)

// output runs the command.
func output(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	return out.String(), errs.String(), status
}

func TestOnce(t *testing.T) {
	page, errs, status := output(t, "-once")
	if status != exitDone || errs != "" || !strings.Contains(pagetest.Text(page), "Updated Wed 12:20") {
		t.Errorf("status %d, %s", status, errs)
	}
	pagetest.Check(t, page, pagetest.Served)
	if again, _, _ := output(t, "-once"); again != page {
		t.Error("the page of the sample changes")
	}
	if list, _, status := output(t, "-once", "/evidence?of=late"); status != exitDone || !strings.Contains(list, "<title>Open promises that are broken") {
		t.Errorf("status %d: %.300s", status, list)
	}
}

func TestWrongUse(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("not a database, but long enough to be looked at as one"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"file.db"}, `unexpected argument "file.db"; name the database with -db`},
		{[]string{"-once", "/", "more"}, `unexpected argument "more"`},
		{[]string{"-once", "/evidence"}, "/evidence: Bad Request"},
		{[]string{"-once", "%"}, "invalid"},
		{[]string{"-speed", "0"}, "-speed 0: want more than 0 and at most 3600"},
		{[]string{"-speed", "3601"}, "-speed 3601"},
		{[]string{"-speed", "NaN"}, "-speed NaN"},
		{[]string{"-zone", "Local"}, "want a name such as Europe/Berlin, or UTC"},
		{[]string{"-link", "x"}, "want an address such as"},
		{[]string{"-db", filepath.Join(dir, "none.db")}, "none.db"},
		{[]string{"-db", dir}, "is a directory"},
		{[]string{"-db", text}, "not a database"},
		{[]string{"-policy", filepath.Join(dir, "none.json")}, "none.json"},
		{[]string{"-policy", text}, text + ": "},
		{[]string{"-addr", "256.0.0.1:1"}, "256.0.0.1"},
	} {
		if out, errs, status := output(t, tt.args...); status != exitFailed || out != "" || !strings.Contains(errs, "dashboard: ") || !strings.Contains(errs, tt.want) {
			t.Errorf("%q: status %d, %q, %q", tt.args, status, out, errs)
		}
	}
	if _, errs, status := output(t, "-h"); status != exitDone || !strings.Contains(errs, "-policy") {
		t.Errorf("status %d: %s", status, errs)
	}
	t.Chdir(dir)
	if _, errs, status := output(t); status != exitFailed || !strings.Contains(errs, "the sample desk is beside examples/dashboard; run it there, or name a database with -db") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// The command says where it serves, and ends when it is told to.
func TestRun(t *testing.T) {
	for _, tt := range []struct{ addr, warning string }{{"127.0.0.1:0", ""}, {"0.0.0.0:0", "there is no login"}} {
		ctx, cancel := context.WithCancel(t.Context())
		r, w := io.Pipe()
		var errs bytes.Buffer
		status := make(chan int, 1)
		go func() { status <- run(ctx, []string{"-addr", tt.addr}, w, &errs) }()
		said := make([]byte, 100)
		n, err := r.Read(said)
		if err != nil {
			t.Fatal(err)
		}
		address := regexp.MustCompile(`^http://(\S+)/\n$`).FindStringSubmatch(string(said[:n]))
		if address == nil {
			t.Fatalf("%q", said[:n])
		}
		answer, err := http.Get("http://" + strings.Replace(address[1], "0.0.0.0", "127.0.0.1", 1) + "/live.js")
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%v, %v", answer, err)
		}
		answer.Body.Close()
		cancel()
		if got := <-status; got != exitDone || !strings.Contains(errs.String(), tt.warning) || tt.warning == "" && errs.Len() > 0 {
			t.Errorf("status %d, %s", got, errs.String())
		}
	}
}

func TestSampleClock(t *testing.T) {
	begin := time.Date(2026, 3, 25, 12, 0, 0, 0, time.UTC)
	c := &sampleClock{started: time.Now(), begin: begin, end: begin.Add(time.Hour), speed: 1000}
	if at := c.now(); at.Before(begin) || at.After(begin.Add(time.Minute)) {
		t.Error(at)
	}
	c.started = c.started.Add(-2 * time.Second)
	if at := c.now(); at.Before(begin.Add(33*time.Minute)) || at.After(begin.Add(50*time.Minute)) || at.Nanosecond() != 0 {
		t.Error(at)
	}
	c.started = c.started.Add(-time.Hour)
	if at := c.now(); !at.Equal(c.end) {
		t.Error(at)
	}
	c.started, c.speed = c.started.AddDate(-200, 0, 0), maxSpeed
	if at := c.now(); !at.Equal(c.end) {
		t.Error(at)
	}
	d := sampleDesk(t)
	d.clock = c
	c.end = d.log.Latest()
	if page := words(pageOf(t, serverOf(t, d), "/")); !strings.Contains(page, "A made-up desk, at its end.") {
		t.Error("the end of the sample is not told")
	}
	if at := (wallClock{}).now(); time.Since(at) > time.Minute || at.Nanosecond() != 0 {
		t.Error(at)
	}
}

// A table is a database with events, of somebody who writes.
type table struct {
	*testing.T
	db   *sql.DB
	file string
	errs bytes.Buffer // of its desk
}

func newTable(t *testing.T, name string, statements ...string) *table {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	db, err := sql.Open("sqlite", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	x := &table{T: t, db: db, file: file}
	for _, s := range statements {
		x.exec(s)
	}
	return x
}

func (x *table) exec(statement string, args ...any) {
	x.Helper()
	if _, err := x.db.Exec(statement, args...); err != nil {
		x.Fatal(err)
	}
}

func (x *table) insert(events ...metrics.Event) {
	x.Helper()
	tx, err := x.db.Begin()
	if err != nil {
		x.Fatal(err)
	}
	defer tx.Rollback()
	if err := eventtable.Insert(x.Context(), tx, eventtable.SQLite, events...); err != nil {
		x.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		x.Fatal(err)
	}
}

func (x *table) desk(args ...string) *desk {
	x.Helper()
	s, err := parse(append([]string{"-db", x.file}, args...), io.Discard)
	if err != nil {
		x.Fatal(err)
	}
	d, err := open(x.Context(), s, &x.errs)
	if err != nil {
		x.Fatal(err)
	}
	x.Cleanup(d.close)
	return d
}

// refreshed reads what is new, and returns how many events there are.
func (x *table) refreshed(d *desk) int {
	x.Helper()
	if err := d.refresh(x.Context()); err != nil {
		x.Fatal(err)
	}
	return d.log.Len()
}

// What others write is seen, and only what changed is read again.
func TestOwnTable(t *testing.T) {
	x := newTable(t, "a desk, 100% #1?.db", eventtable.SQLite.Tables()...)
	now := time.Now().UTC()
	x.insert(metrics.MessageReceived{ID: "1", Conversation: "a", At: now.Add(-time.Hour), Channel: "chat"})
	d := x.desk("-zone", "Asia/Tokyo")
	if n := d.log.Len(); n != 1 || d.own || d.usual().zone.String() != "Asia/Tokyo" {
		t.Errorf("%d events, %v", n, d.usual())
	}
	s := serverOf(t, d)
	page := words(pageOf(t, s, "/"))
	if !strings.Contains(page, "Waiting now 1 without an answer") || strings.Contains(page, "made-up") {
		t.Error(page)
	}
	log := d.log
	x.insert(metrics.ReplySent{ID: "2", Conversation: "a", At: now.Add(-time.Minute), Channel: "chat", Agent: "ana"}, metrics.MessageReceived{ID: "3", Conversation: "b", At: now, Channel: "fax"})
	if n := x.refreshed(d); n != 3 || d.log != log {
		t.Errorf("%d events, read anew: %v", n, d.log != log)
	}
	if !strings.Contains(pageOf(t, s, "/?channel=fax"), `<option value="fax" selected>`) {
		t.Error("a new channel cannot be chosen")
	}
	// What comes again in another version takes the place of the first.
	x.insert(metrics.ReplySent{ID: "2", Conversation: "a", At: now.Add(-time.Minute), Channel: "chat", Agent: "ben"})
	if n := x.refreshed(d); n != 3 {
		t.Errorf("%d events", n)
	}
	if page := words(pageOf(t, s, "/conversation?id=a")); !strings.Contains(page, "Answered ben") || strings.Contains(page, "ana") {
		t.Error(page)
	}
	// A row that cannot be read counts once, however often its conversation changes.
	x.exec(`INSERT INTO service_events ("type", "conversation", "at") VALUES ('sent', 'b', '2026-03-02T09:00:00Z')`)
	x.insert(metrics.Resolved{ID: "4", Conversation: "b", At: now})
	x.refreshed(d)
	x.insert(metrics.Reopened{ID: "5", Conversation: "b", At: now})
	if n := x.refreshed(d); n != 5 || d.refused != 1 {
		t.Errorf("%d events, %d refused", n, d.refused)
	}
	if page := words(pageOf(t, s, "/")); !strings.Contains(page, "1 malformed line left out") {
		t.Error(page)
	}
	if want := "dashboard: 1 row left out; why the first could not be read: row 4: metrics: unknown event type: \"sent\": conversation \"b\"\n"; x.errs.String() != want {
		t.Errorf("%q, want %q", x.errs.String(), want)
	}
}

// A view without service_changes is read as a whole, now and then.
func TestOwnView(t *testing.T) {
	x := newTable(t, "view.db",
		`CREATE TABLE tickets (number INTEGER, created TEXT, source TEXT)`,
		`INSERT INTO tickets VALUES (7, '2026-03-02T09:00:00Z', 'chat')`,
		`CREATE VIEW service_events AS SELECT 'message_received' AS "type", NULL AS "id", number AS "conversation", created AS "at", NULL AS "seq", source AS "channel",
		NULL AS "customer", NULL AS "agent", NULL AS "team", NULL AS "by", NULL AS "stars", NULL AS "priority", NULL AS "into", NULL AS "for", NULL AS "until", NULL AS "took", NULL AS "event" FROM tickets`)
	d := x.desk("-policy", "../report/policy.json")
	if n := d.log.Len(); n != 1 || !d.own || d.usual().zone.String() != "Europe/Berlin" {
		t.Errorf("%d events", n)
	}
	x.exec(`INSERT INTO tickets VALUES (8, '2026-03-02T10:00:00Z', 'chat')`)
	if n := x.refreshed(d); n != 1 {
		t.Errorf("%d events, read at once", n)
	}
	d.store.readAt = d.store.readAt.Add(-unmarked)
	if n := x.refreshed(d); n != 2 {
		t.Errorf("%d events", n)
	}
	x.exec(`DELETE FROM tickets WHERE number = 7`)
	d.store.readAt = d.store.readAt.Add(-unmarked)
	if n := x.refreshed(d); n != 1 {
		t.Errorf("%d events", n)
	}
	// Nobody writes through the dashboard.
	if _, err := d.store.db.Exec(`DELETE FROM tickets`); err == nil {
		t.Error("the database can be changed")
	}
}

func TestNoTable(t *testing.T) {
	x := newTable(t, "empty.db", `CREATE TABLE tickets (number INTEGER)`)
	if _, errs, status := output(t, "-once", "-db", x.file); status != exitFailed || !strings.Contains(errs, "want a table or view service_events with the columns of an event") {
		t.Errorf("status %d, %s", status, errs)
	}
}
