package metrics_test

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// tableDriver is a database of one table: INSERT appends its arguments as a row,
// and SELECT returns all rows, and then an error if there is one.
type tableDriver struct {
	columns []string
	rows    [][]driver.Value
	show    func(column string, v driver.Value) driver.Value // as another driver; or nil
	err     error
}

// decode decodes all rows.
func (d *tableDriver) decode() ([]metrics.Event, []error) {
	db := sql.OpenDB(d)
	defer db.Close()
	rows, err := db.Query("SELECT * FROM events")
	if err != nil {
		return nil, []error{err}
	}
	defer rows.Close()
	return decoded(metrics.DecodeRows(rows))
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
	bytes [][]byte // of the row, which the next one overwrites, as drivers do
}

func (r *tableRows) Columns() []string { return r.table.columns }
func (r *tableRows) Close() error      { return nil }

func (r *tableRows) Next(row []driver.Value) error {
	for _, text := range r.bytes {
		for i := range text {
			text[i] = '#'
		}
	}
	r.bytes = nil
	if r.next == len(r.table.rows) {
		if r.table.err != nil {
			return r.table.err
		}
		return io.EOF
	}
	for i, v := range r.table.rows[r.next] {
		if r.table.show != nil {
			v = r.table.show(r.table.columns[i], v)
		}
		if text, ok := v.([]byte); ok {
			text = bytes.Clone(text)
			r.bytes, v = append(r.bytes, text), text
		}
		row[i] = v
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
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		events, errs := table.decode()
		if len(errs) > 0 || !slices.EqualFunc(events, wireEvents(), sameEvent) {
			t.Errorf("%s: %v, %v", name, events, errs)
		}
	}
}

func TestValuesOfNothing(t *testing.T) {
	if _, err := metrics.Kind(99).Value(); err == nil {
		t.Error("kind 99 has a value")
	}
	if _, err := metrics.Actor(99).Value(); err == nil {
		t.Error("actor 99 has a value")
	}
}
