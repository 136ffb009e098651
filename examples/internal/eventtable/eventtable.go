// Package eventtable keeps events in a database: SQLite, PostgreSQL, MySQL or MariaDB. It
// needs database/sql alone; a program brings the driver.
//
// The table is service_events. Its columns are the fields of [metrics.Record], by name, so
// that a query such as SELECT * FROM service_events is what [metrics.DecodeRows] reads.
// What is not there is NULL. PostgreSQL keeps microseconds and cuts off what is below; the
// others keep instants as text, with nanoseconds.
//
// An event with an ID has one row, by conversation, type and ID: one that is delivered
// again takes the place of the row. One without an ID gets a row of its own each time, and
// a [metrics.EventLog] takes those that are equal as one.
//
// Beside it, service_changes has the instant at which each conversation changed last. It is
// a mark: who has read up to one reads only what changed after it.
package eventtable

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// An Execer executes statements: a [sql.DB], a [sql.Conn] or a [sql.Tx].
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// A Querier answers queries: a [sql.DB], a [sql.Conn] or a [sql.Tx].
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Create makes the tables, if they are not there.
func Create(ctx context.Context, db Execer, d Dialect) error {
	for _, statement := range d.Tables() {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("eventtable: %w", err)
		}
	}
	return nil
}

// most is the greatest number of rows of a statement. Databases limit the number of its
// arguments: SQLite to 32,766, the others to 65,535.
const most = 200

// Insert puts events into the table. Those of one transaction change it together or not at
// all. Transactions that insert wait for each other, from the first Insert to the end, so
// that who has read up to a mark never misses one that ended later.
//
// An event that [metrics.Record.Event] refuses is an error, and nothing is inserted.
func Insert(ctx context.Context, tx *sql.Tx, d Dialect, events ...metrics.Event) error {
	rows, conversations, err := unique(events)
	if err != nil || len(rows) == 0 {
		return err
	}
	changed, err := tick(ctx, tx, d)
	if err != nil {
		return err
	}
	insert := inserter{ctx, tx, d}
	if err := insert.all("service_events", key, metrics.Columns(), rows); err != nil {
		return err
	}
	changes := make([][]any, len(conversations))
	for i, name := range conversations {
		changes[i] = []any{name, changed}
	}
	return insert.all("service_changes", []string{"conversation"}, []string{"conversation", "changed"}, changes)
}

var key = []string{"conversation", "type", "id"}

// unique returns the rows of events, and the names of their conversations, each once. Of
// several events with one key the last remains: a statement cannot change a row twice.
func unique(events []metrics.Event) (rows [][]any, conversations []string, err error) {
	type identity struct {
		conversation metrics.ConversationID
		kind         metrics.Kind
		id           metrics.EventID
	}
	places := make(map[identity]int)
	known := make(map[metrics.ConversationID]bool)
	for i, e := range events {
		r := metrics.RecordOf(e)
		if _, err := r.Event(); err != nil {
			return nil, nil, fmt.Errorf("eventtable: event %d: %w", i, err)
		}
		if !known[r.Conversation] {
			known[r.Conversation] = true
			conversations = append(conversations, string(r.Conversation))
		}
		it := identity{r.Conversation, r.Type, r.ID}
		if place, ok := places[it]; ok && r.ID != "" {
			rows[place] = r.Values()
			continue
		}
		places[it] = len(rows)
		rows = append(rows, r.Values())
	}
	return rows, conversations, nil
}

// tick takes the next number of service_clock, and holds its row to the end of tx.
func tick(ctx context.Context, tx *sql.Tx, d Dialect) (changed int64, err error) {
	now := time.Now().UnixMicro()
	_, err = tx.ExecContext(ctx,
		"UPDATE service_clock SET changed = CASE WHEN changed < "+d.Argument(1)+" THEN "+d.Argument(2)+" ELSE changed + 1 END", now, now)
	if err == nil {
		err = tx.QueryRowContext(ctx, "SELECT changed FROM service_clock").Scan(&changed)
	}
	if err != nil {
		return 0, fmt.Errorf("eventtable: %w", err)
	}
	return changed, nil
}

type inserter struct {
	ctx context.Context
	tx  *sql.Tx
	d   Dialect
}

// all inserts rows, a few hundred at a time.
func (i inserter) all(table string, key, columns []string, rows [][]any) error {
	for len(rows) > 0 {
		n := min(len(rows), most)
		args := make([]any, 0, n*len(columns))
		for _, row := range rows[:n] {
			for _, v := range row {
				args = append(args, i.d.value(v))
			}
		}
		if _, err := i.tx.ExecContext(i.ctx, i.d.upsert(table, n, key, columns), args...); err != nil {
			return fmt.Errorf("eventtable: %w", err)
		}
		rows = rows[n:]
	}
	return nil
}

// Mark returns the greatest mark so far, and 0 before the first event.
func Mark(ctx context.Context, q Querier) (changed int64, err error) {
	rows, err := q.QueryContext(ctx, "SELECT COALESCE(MAX(changed), 0) FROM service_changes")
	if err != nil {
		return 0, fmt.Errorf("eventtable: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&changed); err != nil {
			return 0, fmt.Errorf("eventtable: %w", err)
		}
	}
	return changed, rows.Err()
}

// Rows returns the events for [metrics.DecodeRows]. Of a mark above 0, they are all events of
// the conversations that changed after it, and of those that are merged with them. The
// caller closes them.
func Rows(ctx context.Context, q Querier, d Dialect, since int64) (*sql.Rows, error) {
	query := "SELECT " + d.list(metrics.Columns()) + " FROM service_events"
	var args []any
	if since > 0 {
		query = d.since() + query + " WHERE conversation IN (SELECT conversation FROM changed)"
		args = append(args, since)
	}
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("eventtable: %w", err)
	}
	return rows, nil
}

// Read appends what [Rows] returns to log. The first row that is refused ends it, with what
// came before in the log.
func Read(ctx context.Context, q Querier, d Dialect, since int64, log *metrics.EventLog) error {
	rows, err := Rows(ctx, q, d, since)
	if err != nil {
		return err
	}
	defer rows.Close()
	for e, err := range metrics.DecodeRows(rows) {
		if err == nil {
			err = log.Append(e)
		}
		if err != nil {
			return fmt.Errorf("eventtable: %w", err)
		}
	}
	return nil
}
