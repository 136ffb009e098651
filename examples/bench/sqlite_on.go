//go:build sqlite

package main

import (
	"database/sql"
	"fmt"
	"time"
)

// sqliteHandler answers with SQLite, in memory.
func sqliteHandler() func(request) (reply, error) {
	db, err := sql.Open(sqliteDriver, ":memory:")
	if err != nil {
		return func(request) (reply, error) { return reply{}, err }
	}
	db.SetMaxOpenConns(1) // a second connection would have an empty memory of its own
	return (&sqlite{db}).handle
}

type sqlite struct{ db *sql.DB }

func (s *sqlite) handle(r request) (reply, error) {
	switch r.Do {
	case "open":
		for _, pragma := range []string{"journal_mode=off", "synchronous=off", "temp_store=memory", "cache_size=-2000000"} {
			if _, err := s.db.Exec("pragma " + pragma); err != nil {
				return reply{}, err
			}
		}
		return s.query("select sqlite_version() || ', ' || '" + sqlitePackage + "'")
	case "load":
		return s.load(dataset{folder: r.Folder})
	case "query":
		return s.query(r.SQL)
	}
	return reply{}, fmt.Errorf("cannot %s", r.Do)
}

// load inserts the events with numbers for names, which is to SQLite's advantage,
// in one transaction. Only that is timed.
func (s *sqlite) load(d dataset) (reply, error) {
	for _, statement := range []string{
		"drop table if exists events",
		"create table events (ts integer, conv integer, channel integer, agent integer, kind integer, stars integer)",
	} {
		if _, err := s.db.Exec(statement); err != nil {
			return reply{}, err
		}
	}
	transaction, err := s.db.Begin()
	if err != nil {
		return reply{}, err
	}
	defer transaction.Rollback()
	insert, err := transaction.Prepare("insert into events values (?, ?, ?, ?, ?, ?)")
	if err != nil {
		return reply{}, err
	}
	var spent time.Duration
	err = d.batches(func(batch []deskEvent) error {
		begin := time.Now()
		for _, e := range batch {
			if _, err := insert.Exec(e.at, int64(e.conversation), int64(e.channel), int64(e.agent), int64(e.kind), int64(e.stars)); err != nil {
				return err
			}
		}
		spent += time.Since(begin)
		return nil
	})
	if err != nil {
		return reply{}, err
	}
	if err := transaction.Commit(); err != nil {
		return reply{}, err
	}
	var pages, size int64
	if err := s.db.QueryRow("select page_count, page_size from pragma_page_count, pragma_page_size").Scan(&pages, &size); err != nil {
		return reply{}, err
	}
	return reply{Seconds: spent.Seconds(), Kept: pages * size}, nil
}

func (s *sqlite) query(text string) (reply, error) {
	begin := time.Now()
	rows, err := s.db.Query(text)
	if err != nil {
		return reply{}, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return reply{}, err
	}
	values, pointers := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		pointers[i] = &values[i]
	}
	var found [][]string
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return reply{}, err
		}
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = fmt.Sprint(v)
		}
		found = append(found, row)
	}
	return reply{Seconds: time.Since(begin).Seconds(), Rows: found}, rows.Err()
}
