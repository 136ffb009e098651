//go:build unix

package main

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// exported writes the rows of a view as a program would that knows nothing of events: all
// cells as the text that the driver has.
func exported(t *testing.T, db *sql.DB, query string, row func(columns []string, cells []sql.NullString)) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	cells := make([]sql.NullString, len(columns))
	into := make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row(columns, cells)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func asCSV(t *testing.T, db *sql.DB) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	exported(t, db, "SELECT * FROM service_events", func(columns []string, cells []sql.NullString) {
		if b.Len() == 0 {
			_ = w.Write(columns)
			w.Flush()
		}
		var line []string
		for _, cell := range cells {
			line = append(line, cell.String)
		}
		_ = w.Write(line)
	})
	w.Flush()
	return b.String()
}

func asJSON(t *testing.T, db *sql.DB) string {
	t.Helper()
	var b strings.Builder
	exported(t, db, "SELECT * FROM service_events", func(columns []string, cells []sql.NullString) {
		object := make(map[string]any)
		for i, cell := range cells {
			switch {
			case !cell.Valid:
				object[columns[i]] = nil
			case columns[i] == "seq" || columns[i] == "stars":
				object[columns[i]] = json.Number(cell.String)
			default:
				object[columns[i]] = cell.String
			}
		}
		if err := json.NewEncoder(&b).Encode(object); err != nil {
			t.Fatal(err)
		}
	})
	return b.String()
}

// The figures of a view are the same to the byte by its rows, by CSV and JSON Lines that
// were made of them, and by the table of each database into which its events were put.
func TestSameFigures(t *testing.T) {
	for _, p := range products {
		for _, kind := range p.kinds() {
			t.Run(p.name+"/"+kind, func(t *testing.T) {
				dsn := p.desk(t, kind)
				db := opened(t, dsn)
				bytesOf := func(log *metrics.EventLog) string {
					all := newByChannel()
					if err := log.Read(rules, noon).Into(all); err != nil {
						t.Fatal(err)
					}
					return figuresOf(all).bytes(t)
				}
				log := read(t, dsn)
				want := bytesOf(log)
				for name, file := range map[string]string{"CSV": asCSV(t, db), "JSON": asJSON(t, db)} {
					other := new(metrics.EventLog)
					for err := range other.Load(strings.NewReader(file)) {
						t.Fatalf("%s: %v", name, err)
					}
					if got := bytesOf(other); got != want || other.Len() != log.Len() {
						t.Errorf("%s: %d events\n%s\nwant %d\n%s", name, other.Len(), got, log.Len(), want)
					}
				}
				var events []metrics.Event
				for c := range log.Conversations() {
					events = slices.AppendSeq(events, c.Events())
				}
				b := newTable(t, kind)
				b.insert(t, events...)
				if got := inOneGo(t, b, noon).bytes(t); got != want {
					t.Errorf("the table:\n%s\nwant\n%s", got, want)
				}
			})
		}
	}
}

// report builds the command that README.md begins with.
var report = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "report")
	if err != nil {
		return "", err
	}
	stops = append(stops, func() { os.RemoveAll(folder) })
	name := filepath.Join(folder, "report")
	cmd := exec.Command("go", "build", "-o", name, "./examples/report")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return name, nil
})

// reported returns what the report prints about events from a client, as JSON.
func reported(t *testing.T, client string, args ...string) string {
	t.Helper()
	command, err := report()
	if err != nil {
		t.Fatal(err)
	}
	path, err := executable(client)
	if errors.Is(err, errNotInstalled) {
		t.Skip("skipped: ", err)
	}
	var errs bytes.Buffer
	from := exec.Command(path, args...)
	from.Stderr = &errs
	events, err := from.Output()
	if err != nil {
		t.Fatalf("%s %q: %v: %s", client, args, err, errs.String())
	}
	cmd := exec.Command(command, "-events", "-", "-format", "json")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(events), &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, errs.String(), events[:min(len(events), 1000)])
	}
	return string(out)
}

// asObject is an expression of MySQL that makes an object of a row of the view; README.md
// has it.
const asObject = "SELECT JSON_OBJECT('type', type, 'id', id, 'conversation', conversation, 'at', at, 'seq', seq, 'channel', channel, " +
	"'customer', customer, 'agent', agent, 'by', `by`, 'into', `into`) FROM service_events"

// The clients of the databases print what the report reads, as README.md shows it.
func TestClients(t *testing.T) {
	for _, p := range products {
		t.Run(p.name+"/psql", func(t *testing.T) {
			dsn := p.desk(t, "postgres")
			object := reported(t, "psql", dsn, "-At", "-c", "select row_to_json(e) from service_events e")
			lines := reported(t, "psql", dsn, "--csv", "-c", "select * from service_events")
			if object != lines {
				t.Errorf("by row_to_json\n%s\nby --csv\n%s", object, lines)
			}
			var report struct{ Events, Rejected int }
			if err := json.Unmarshal([]byte(object), &report); err != nil || report.Events != read(t, dsn).Len() || report.Rejected > 0 {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
	t.Run("freescout/mysql", func(t *testing.T) {
		dsn := products[3].desk(t, "mysql")
		socket, err := mariadb()
		if err != nil {
			t.Fatal(err)
		}
		name := dsn[strings.LastIndex(dsn, "/")+1:]
		got := reported(t, "mysql", "--no-defaults", "-uroot", "-S", socket, "-N", "-r", "-B", name, "-e", asObject)
		var report struct{ Events, Rejected int }
		if err := json.Unmarshal([]byte(got), &report); err != nil || report.Events != read(t, dsn).Len() || report.Rejected > 0 {
			t.Errorf("%+v, %v", report, err)
		}
		if psql := reported(t, "psql", products[3].desk(t, "postgres"), "--csv", "-c", "select * from service_events"); got != psql {
			t.Errorf("by mysql\n%s\nby psql\n%s", got, psql)
		}
	})
	t.Run("libredesk/sqlite", func(t *testing.T) {
		dsn := products[0].desk(t, "sqlite")
		got := reported(t, "sqlite3", "-csv", "-header", dsn, "select * from service_events")
		var report struct{ Events, Rejected int }
		if err := json.Unmarshal([]byte(got), &report); err != nil || report.Events != read(t, dsn).Len() || report.Rejected > 0 {
			t.Errorf("%+v, %v", report, err)
		}
	})
}

// The views list every conversation with the instant of its last change, so that looks can
// be taken at a helpdesk as it is.
func TestLooksAtViews(t *testing.T) {
	for _, p := range products {
		for _, kind := range p.kinds() {
			if kind == "sqlite" {
				continue // see desk
			}
			t.Run(p.name+"/"+kind, func(t *testing.T) {
				dsn, state := p.desk(t, kind), filepath.Join(t.TempDir(), "state.db")
				b := table{DB: opened(t, dsn), dialect: dialectOf(t, dsn)}
				want := inOneGo(t, b, noon).bytes(t)
				l := takeLook(t, b, dsn, state, noon)
				if got := l.figures.bytes(t); got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
				if again := takeLook(t, b, dsn, state, noon); again.read > 0 {
					t.Errorf("again: %v", again)
				}
				later := noon.Add(30 * 24 * time.Hour)
				if l := takeLook(t, b, dsn, state, later); l.settled == 0 || l.figures.bytes(t) != inOneGo(t, b, later).bytes(t) {
					t.Errorf("a month later: %v", l)
				}
				if kind != "postgres" || p.name != "zammad" {
					return
				}
				// An article comes, and the ticket is closed.
				for _, statement := range []string{
					"INSERT INTO ticket_articles SELECT 900, 9, 1, 1, FALSE, NULL, 3, '2026-03-02 12:30:00', '2026-03-02 12:30:00'",
					"UPDATE tickets SET state_id = 4, updated_at = '2026-03-02 12:30:00' WHERE id = 1",
				} {
					if _, err := b.Exec(statement); err != nil {
						t.Fatal(err)
					}
				}
				l = takeLook(t, b, dsn, state, later)
				if got, want := l.figures.bytes(t), inOneGo(t, b, later).bytes(t); l.changed != 2 || got != want {
					t.Errorf("%v\n%s\nwant\n%s", l, got, want)
				}
			})
		}
	}
}

// A time.Time that modernc.org/sqlite stored as it does by default is read.
func TestGoTimes(t *testing.T) {
	db := opened(t, newDSN(t, "sqlite"))
	if _, err := db.Exec("CREATE TABLE service_events (type TEXT, conversation TEXT, at TEXT)"); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 9, 0, 0, 250_000_000, time.FixedZone("CET", 3600))
	if _, err := db.Exec("INSERT INTO service_events VALUES ('message_received', '7', ?), ('reply_sent', '7', ?)", at, time.Now()); err != nil {
		t.Fatal(err)
	}
	var text string
	if err := db.QueryRow("SELECT at FROM service_events").Scan(&text); err != nil || text != at.String() {
		t.Fatalf("%q, %v", text, err)
	}
	log := new(metrics.EventLog)
	p := program{source: source{db: db}, refused: refusals{to: io.Discard}}
	if err := p.readAll(t.Context(), log); err != nil || log.Len() != 2 || !log.Earliest().Equal(at) {
		t.Errorf("%v, %d events, the first at %v", err, log.Len(), log.Earliest())
	}
}
