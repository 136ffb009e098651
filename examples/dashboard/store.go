package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/metrics"
)

// A store is a database with events, of which it reads what is new.
type store struct {
	db      *sql.DB
	conn    *sql.Conn // data_version is of a connection
	version int64     // of the database when it was read last; 0: never
	marked  bool      // whether service_changes tells which conversations changed
	mark    int64
	readAt  time.Time
}

// openStore opens a file that somebody else writes to. It is never written to here.
func openStore(ctx context.Context, file string) (*store, error) {
	if info, err := os.Stat(file); err != nil {
		return nil, err
	} else if info.IsDir() {
		return nil, fmt.Errorf("%s is a directory", file)
	}
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(path), "/"), RawQuery: "mode=ro&_pragma=busy_timeout(5000)"}
	return newStore(ctx, address.String())
}

func newStore(ctx context.Context, source string) (*store, error) {
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		return nil, err
	}
	return &store{db: db, conn: conn}, nil
}

func (s *store) close() {
	s.conn.Close()
	s.db.Close()
}

// sampleFile has the events of the sample desk, seen from the folder of this program.
const sampleFile = "../report/quarter.jsonl"

// openSample puts the sample desk into a database in memory.
func openSample(ctx context.Context) (*store, error) {
	file, err := os.Open(filepath.FromSlash(sampleFile))
	if err != nil {
		return nil, fmt.Errorf("the sample desk is beside examples/dashboard; run it there, or name a database with -db: %w", err)
	}
	defer file.Close()
	var events []metrics.Event
	for e, err := range metrics.DecodeJSONLines(file) {
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	s, err := newStore(ctx, ":memory:")
	if err != nil {
		return nil, err
	}
	if err := s.fill(ctx, events); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *store) fill(ctx context.Context, events []metrics.Event) error {
	tx, err := s.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := eventtable.Create(ctx, tx, eventtable.SQLite); err != nil {
		return err
	}
	if err := eventtable.Insert(ctx, tx, eventtable.SQLite, events...); err != nil {
		return err
	}
	return tx.Commit()
}

// unmarked is how long a table is left alone that does not tell what changed in it, as all of
// it must be read again.
const unmarked = 30 * time.Second

// news is what has changed in a database.
type news struct {
	events  []metrics.Event
	all     bool  // whether these are all events there are
	refused int   // rows that could not be read
	first   error // why the first of them could not
}

// news returns what has changed since it was called last, or nil.
func (s *store) news(ctx context.Context) (*news, error) {
	var version int64
	if err := s.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		return nil, err
	}
	if version == s.version || s.version != 0 && !s.marked && time.Since(s.readAt) < unmarked {
		return nil, nil
	}
	tx, err := s.conn.BeginTx(ctx, nil) // so that mark and rows are of one instant
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	var tables int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'service_changes'").Scan(&tables); err != nil {
		return nil, err
	}
	since, mark := int64(0), int64(0)
	if tables > 0 {
		since = s.mark
		if mark, err = eventtable.Mark(ctx, tx); err != nil {
			return nil, err
		}
	}
	n, err := read(ctx, tx, since)
	if err == nil && n.refused > 0 && !n.all {
		n, err = read(ctx, tx, 0) // so that each refused row counts once
	}
	if err != nil {
		return nil, err
	}
	s.version, s.mark, s.marked, s.readAt = version, mark, tables > 0, time.Now()
	return n, nil
}

// read reads what changed after a mark, or all.
func read(ctx context.Context, tx *sql.Tx, since int64) (*news, error) {
	rows, err := eventtable.Rows(ctx, tx, eventtable.SQLite, since)
	if err != nil {
		return nil, fmt.Errorf("%w; want a table or view service_events with the columns of an event", err)
	}
	defer rows.Close()
	n := &news{all: since == 0}
	for e, err := range metrics.DecodeRows(rows) {
		var located *metrics.RowError
		switch {
		case err == nil:
			n.events = append(n.events, e)
		case errors.As(err, &located):
			n.refused++
			n.first = cmp.Or(n.first, err)
		default:
			return nil, err
		}
	}
	return n, nil
}
