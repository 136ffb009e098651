package metrics_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// tableDriver is a database of one table: INSERT appends its arguments as a row,
// and SELECT returns all rows, as another driver might show them.
type tableDriver struct {
	columns []string
	rows    [][]driver.Value
	show    func(column string, v driver.Value) driver.Value
}

func (d *tableDriver) Connect(context.Context) (driver.Conn, error) { return &tableConn{d}, nil }
func (d *tableDriver) Driver() driver.Driver                        { return nil }

type tableConn struct{ table *tableDriver }

func (c *tableConn) Prepare(query string) (driver.Stmt, error) {
	return &tableStmt{c.table, strings.HasPrefix(query, "INSERT")}, nil
}
func (c *tableConn) Close() error              { return nil }
func (c *tableConn) Begin() (driver.Tx, error) { return nil, errors.New("no transactions") }

type tableStmt struct {
	table  *tableDriver
	insert bool
}

func (s *tableStmt) Close() error { return nil }

func (s *tableStmt) NumInput() int {
	if s.insert {
		return len(s.table.columns)
	}
	return 0
}

func (s *tableStmt) Exec(args []driver.Value) (driver.Result, error) {
	s.table.rows = append(s.table.rows, append([]driver.Value(nil), args...))
	return driver.RowsAffected(1), nil
}

func (s *tableStmt) Query([]driver.Value) (driver.Rows, error) {
	return &tableRows{table: s.table}, nil
}

type tableRows struct {
	table *tableDriver
	next  int
}

func (r *tableRows) Columns() []string { return r.table.columns }
func (r *tableRows) Close() error      { return nil }

func (r *tableRows) Next(row []driver.Value) error {
	if r.next == len(r.table.rows) {
		return io.EOF
	}
	for i, v := range r.table.rows[r.next] {
		row[i] = r.table.show(r.table.columns[i], v)
	}
	r.next++
	return nil
}

func TestRecordInDatabase(t *testing.T) {
	shows := map[string]func(column string, v driver.Value) driver.Value{
		"as it was given": func(_ string, v driver.Value) driver.Value { return v },
		"empty as NULL": func(_ string, v driver.Value) driver.Value {
			if v == "" || v == int64(0) {
				return nil
			}
			return v
		},
		"NULL as empty text": func(column string, v driver.Value) driver.Value {
			switch {
			case v != nil || column == "until":
				return v
			case column == "took":
				return ""
			}
			return []byte{}
		},
		"text as bytes": func(_ string, v driver.Value) driver.Value {
			if text, ok := v.(string); ok {
				return []byte(text)
			}
			return v
		},
		"integers as text": func(_ string, v driver.Value) driver.Value {
			if n, ok := v.(int64); ok {
				return strconv.AppendInt(nil, n, 10)
			}
			return v
		},
		"times elsewhere": func(_ string, v driver.Value) driver.Value {
			if at, ok := v.(time.Time); ok {
				return at.In(time.FixedZone("", -7*3600))
			}
			return v
		},
	}
	for name, show := range shows {
		table := &tableDriver{columns: metrics.Columns(), show: show}
		db := sql.OpenDB(table)
		insert := "INSERT INTO events (" + strings.Join(metrics.Columns(), ", ") + ") VALUES (?)"
		for _, e := range wireEvents() {
			if _, err := db.Exec(insert, metrics.RecordOf(e).Values()...); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		rows, err := db.Query("SELECT * FROM events")
		if err != nil {
			t.Fatal(err)
		}
		var r metrics.Record // used again for each row: nothing may be left over
		i := 0
		for ; rows.Next(); i++ {
			if err := rows.Scan(r.Destinations()...); err != nil {
				t.Fatalf("%s, row %d: %v", name, i, err)
			}
			e, err := r.Event()
			if err != nil || !sameEvent(e, wireEvents()[i]) {
				t.Errorf("%s: %+v, %v, want %+v", name, e, err, wireEvents()[i])
			}
		}
		if err := rows.Err(); err != nil || i != len(wireEvents()) {
			t.Errorf("%s: %d rows, %v", name, i, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestRecordInDatabaseRefuses(t *testing.T) {
	good := map[string]driver.Value{
		"type": "rating_given", "conversation": "7", "at": nine, "stars": int64(5), "seq": int64(2), "by": "", "took": "1m40s",
	}
	row := func(column string, v driver.Value) []driver.Value {
		row := make([]driver.Value, 0, len(metrics.Columns()))
		for _, name := range metrics.Columns() {
			if name == column {
				row = append(row, v)
			} else {
				row = append(row, good[name])
			}
		}
		return row
	}
	read := func(row []driver.Value) (metrics.Record, error) {
		table := &tableDriver{columns: metrics.Columns(), rows: [][]driver.Value{row}, show: func(_ string, v driver.Value) driver.Value { return v }}
		db := sql.OpenDB(table)
		defer db.Close()
		var r metrics.Record
		err := db.QueryRow("SELECT * FROM events").Scan(r.Destinations()...)
		return r, err
	}
	for column, bad := range map[string][]driver.Value{
		"type":  {"called", "", int64(8)},
		"at":    {"yesterday", int64(7)},
		"until": {"tomorrow", int64(7)},
		"seq":   {"first", 1.5},
		"by":    {"bot", []byte("Person"), true, int64(1)},
		"stars": {"five", int64(256), 4.5, int64(-1)},
		"took":  {"100", []byte("1:40"), int64(100), 1.5},
	} {
		for _, v := range bad {
			if r, err := read(row(column, v)); err == nil {
				t.Errorf("%s is %v, and the record %+v", column, v, r)
			}
		}
	}
	if r, err := read(row("", nil)); err != nil || r.Seq != 2 || r.Took != metrics.Took(100*time.Second) {
		t.Errorf("a row without mistakes: %v, %+v", err, r)
	}
	if _, err := metrics.Kind(99).Value(); err == nil {
		t.Error("kind 99 has a value")
	}
	if _, err := metrics.Actor(99).Value(); err == nil {
		t.Error("actor 99 has a value")
	}
}
