package eventtable_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/metrics"
)

var dialects = []eventtable.Dialect{eventtable.SQLite, eventtable.PostgreSQL, eventtable.MySQL}

// A notebook is a database that writes down statements with their arguments, and answers
// each query with the same rows.
type notebook struct {
	statements []string
	args       [][]driver.NamedValue
	columns    []string
	rows       [][]driver.Value
	broken     string // a statement that begins so fails
}

var errBroken = errors.New("broken")

func (n *notebook) Connect(context.Context) (driver.Conn, error) { return n, nil }
func (n *notebook) Driver() driver.Driver                        { return nil }
func (n *notebook) Prepare(string) (driver.Stmt, error)          { return nil, errBroken }
func (n *notebook) Close() error                                 { return nil }
func (n *notebook) Begin() (driver.Tx, error)                    { return n, nil }
func (n *notebook) Commit() error                                { return nil }
func (n *notebook) Rollback() error                              { return nil }

func (n *notebook) ExecContext(_ context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	n.statements, n.args = append(n.statements, query), append(n.args, args)
	if n.broken != "" && strings.HasPrefix(query, n.broken) {
		return nil, errBroken
	}
	return driver.RowsAffected(1), nil
}

func (n *notebook) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	_, err := n.ExecContext(ctx, query, args)
	if strings.HasPrefix(query, "SELECT changed") || strings.HasPrefix(query, "SELECT COALESCE") {
		return &answer{[]string{"changed"}, [][]driver.Value{{int64(77)}}}, err
	}
	return &answer{n.columns, n.rows}, err
}

type answer struct {
	columns []string
	rows    [][]driver.Value
}

func (a *answer) Columns() []string { return a.columns }
func (a *answer) Close() error      { return nil }
func (a *answer) Next(row []driver.Value) error {
	if len(a.rows) == 0 {
		return io.EOF
	}
	copy(row, a.rows[0])
	a.rows = a.rows[1:]
	return nil
}

// inserted returns what Insert makes of events.
func inserted(t *testing.T, n *notebook, d eventtable.Dialect, events ...metrics.Event) error {
	t.Helper()
	db := sql.OpenDB(n)
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	return eventtable.Insert(t.Context(), tx, d, events...)
}

func at(minute int) time.Time {
	return time.Date(2026, 3, 2, 10, minute, 0, 123_456_789, time.FixedZone("", 3600))
}

func values(args []driver.NamedValue) []any {
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a.Value
	}
	return list
}

// Every column has its value in the form of the database, and a version that comes again
// in one call takes the place of the first.
func TestInsert(t *testing.T) {
	for i, instant := range []any{
		"2026-03-02T09:00:00.123456789Z",
		at(0).UTC().Truncate(time.Microsecond),
		"2026-03-02T09:00:00.123456789Z",
	} {
		d, n := dialects[i], new(notebook)
		err := inserted(t, n, d,
			metrics.ReplySent{ID: "1", Conversation: "a", At: at(9), Agent: "ana"},
			&metrics.Resolved{ID: "1", Conversation: "a", At: at(0), Agent: "ana", By: metrics.ByCustomer},
			metrics.ReplySent{ID: "1", Conversation: "b", At: at(0)},
			metrics.Handled{Conversation: "b", At: at(0), Seq: 3, Took: 90 * time.Second, For: "talk"},
			metrics.Handled{Conversation: "b", At: at(0), Seq: 3, Took: 90 * time.Second, For: "talk"},
			metrics.ReplySent{ID: "1", Conversation: "a", At: at(0), Agent: "ben", Channel: "chat"},
		)
		if err != nil || len(n.statements) != 4 {
			t.Fatalf("%v: %v\n%s", d, err, strings.Join(n.statements, "\n"))
		}
		want := []any{
			"reply_sent", "1", "a", instant, nil, "chat", nil, "ben", nil, nil, nil, nil, nil, nil, nil, nil, nil,
			"resolved", "1", "a", instant, nil, nil, nil, "ana", nil, "customer", nil, nil, nil, nil, nil, nil, nil,
			"reply_sent", "1", "b", instant, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil,
			"handled", nil, "b", instant, int64(3), nil, nil, nil, nil, nil, nil, nil, nil, "talk", nil, "1m30s", nil,
			"handled", nil, "b", instant, int64(3), nil, nil, nil, nil, nil, nil, nil, nil, "talk", nil, "1m30s", nil,
		}
		if got := values(n.args[2]); !slices.Equal(got, want) {
			t.Errorf("%v:\n%v, want\n%v", d, got, want)
		}
		if got, want := values(n.args[3]), []any{"a", int64(77), "b", int64(77)}; !slices.Equal(got, want) {
			t.Errorf("%v: changes %v, want %v", d, got, want)
		}
		// What takes the next number holds its row before anything is inserted.
		if !strings.HasPrefix(n.statements[0], "UPDATE service_clock") {
			t.Errorf("%v: first %s", d, n.statements[0])
		}
	}
}

func TestInsertMany(t *testing.T) {
	var events []metrics.Event
	for i := range 1001 {
		events = append(events, metrics.Opened{Conversation: metrics.ConversationID(fmt.Sprint(i)), At: at(0)})
	}
	for _, d := range dialects {
		n := new(notebook)
		if err := inserted(t, n, d, events...); err != nil {
			t.Fatal(err)
		}
		rows := make(map[string]int)
		for i, statement := range n.statements {
			table := strings.Fields(statement)[2]
			rows[table] += len(n.args[i])
			if places := strings.Count(statement, "?") + strings.Count(statement, "$"); places != len(n.args[i]) || places > 32766 {
				t.Errorf("%v: %d places for %d arguments", d, places, len(n.args[i]))
			}
		}
		if rows["service_events"] != 17*1001 || rows["service_changes"] != 2*1001 {
			t.Errorf("%v: %v arguments", d, rows)
		}
	}
}

func TestInsertRefuses(t *testing.T) {
	n := new(notebook)
	err := inserted(t, n, eventtable.SQLite, metrics.Opened{Conversation: "a", At: at(0)}, metrics.Opened{At: at(0)})
	if !errors.Is(err, metrics.ErrNoConversation) || err.Error() != "eventtable: event 1: "+metrics.ErrNoConversation.Error() || len(n.statements) > 0 {
		t.Errorf("%v, %q", err, n.statements)
	}
	if err := inserted(t, n, eventtable.SQLite, nil); err == nil {
		t.Error("nil was inserted")
	}
	if err := inserted(t, n, eventtable.SQLite); err != nil || len(n.statements) > 0 {
		t.Errorf("no events: %v, %q", err, n.statements)
	}
	for _, broken := range []string{"UPDATE service_clock", "SELECT changed", "INSERT INTO service_events", "INSERT INTO service_changes"} {
		err := inserted(t, &notebook{broken: broken}, eventtable.MySQL, metrics.Opened{Conversation: "a", At: at(0)})
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", broken, err)
		}
	}
}

// The words of SQL among the columns are quoted everywhere.
func TestQuoted(t *testing.T) {
	for _, d := range dialects {
		mark := map[eventtable.Dialect]string{eventtable.MySQL: "`"}[d]
		if mark == "" {
			mark = `"`
		}
		n := new(notebook)
		if err := inserted(t, n, d, metrics.Opened{Conversation: "a", At: at(0)}); err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(n)
		defer db.Close()
		rows, err := eventtable.Rows(t.Context(), db, d, 0)
		if err != nil {
			t.Fatal(err)
		}
		rows.Close()
		texts := []string{d.Tables()[0], n.statements[2], n.statements[len(n.statements)-1]}
		for _, text := range texts {
			for _, name := range metrics.Columns() {
				if !strings.Contains(text, mark+name+mark) {
					t.Errorf("%v: no %s%s%s in %s", d, mark, name, mark, text)
				}
			}
		}
	}
}

func TestRead(t *testing.T) {
	n := &notebook{
		columns: []string{"type", "conversation", "at"},
		rows: [][]driver.Value{
			{"message_received", "a", "2026-03-02T09:00:00Z"},
			{"reply_sent", "a", "2026-03-02T09:20:00Z"},
			{"sent", "a", "2026-03-02T09:20:00Z"},
			{"resolved", "a", "2026-03-02T09:30:00Z"},
		},
	}
	db := sql.OpenDB(n)
	defer db.Close()
	var log metrics.EventLog
	err := eventtable.Read(t.Context(), db, eventtable.PostgreSQL, 42, &log)
	var row *metrics.RowError
	if !errors.As(err, &row) || row.Row != 3 || log.Len() != 2 {
		t.Errorf("%v, %d events", err, log.Len())
	}
	if query := n.statements[0]; !strings.Contains(query, "changed > $1") || !slices.Equal(values(n.args[0]), []any{int64(42)}) {
		t.Errorf("%s: %v", query, n.args[0])
	}
	n.rows = n.rows[:2]
	log = metrics.EventLog{}
	if err := eventtable.Read(t.Context(), db, eventtable.PostgreSQL, 0, &log); err != nil || log.Len() != 2 || len(n.args[1]) != 0 {
		t.Errorf("%v, %d events, %v", err, log.Len(), n.args[1])
	}
	if mark, err := eventtable.Mark(t.Context(), db); mark != 77 || err != nil {
		t.Errorf("mark %d, %v", mark, err)
	}
	n.broken = "SELECT"
	if _, err := eventtable.Mark(t.Context(), db); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	if err := eventtable.Read(t.Context(), db, eventtable.SQLite, 0, &log); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

func TestCreate(t *testing.T) {
	for _, d := range dialects {
		n := new(notebook)
		db := sql.OpenDB(n)
		defer db.Close()
		if err := eventtable.Create(t.Context(), db, d); err != nil {
			t.Fatal(err)
		}
		tables := 0
		for _, statement := range n.statements {
			if strings.Contains(statement, ";") || strings.Contains(statement, "--") {
				t.Errorf("%v: %s", d, statement)
			}
			if strings.HasPrefix(statement, "CREATE TABLE IF NOT EXISTS service_") {
				tables++
			}
		}
		if tables != 3 {
			t.Errorf("%v: %d tables in %q", d, tables, n.statements)
		}
	}
	n := &notebook{broken: "INSERT"}
	db := sql.OpenDB(n)
	defer db.Close()
	if err := eventtable.Create(t.Context(), db, eventtable.MySQL); !errors.Is(err, errBroken) {
		t.Error(err)
	}
	for d, want := range map[eventtable.Dialect]string{0: "SQLite", 1: "PostgreSQL", 2: "MySQL", 9: "Dialect(9)"} {
		if d.String() != want {
			t.Errorf("%v, want %s", d, want)
		}
	}
}

func TestStatements(t *testing.T) {
	got := eventtable.Statements("-- one; and\nSELECT 1;\n\n  -- two\nSELECT ';' ||\n  2 ; \nSELECT 3\n")
	if want := []string{"SELECT 1", "SELECT ';' ||\n  2", "SELECT 3"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
