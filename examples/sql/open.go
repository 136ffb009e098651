package main

import (
	"database/sql"
	"net/url"
	"strings"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
)

// open opens a database by its address: postgres://… of PostgreSQL, mysql://… with what
// the driver of MySQL reads after that, and else the name of a file of SQLite.
func open(dsn string) (*sql.DB, eventtable.Dialect, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		db, err := sql.Open("pgx", dsn)
		return db, eventtable.PostgreSQL, err
	}
	if rest, ok := strings.CutPrefix(dsn, "mysql://"); ok {
		config, err := mysql.ParseDSN(rest)
		if err != nil {
			return nil, eventtable.MySQL, err
		}
		connector, err := mysql.NewConnector(config)
		if err != nil {
			return nil, eventtable.MySQL, err
		}
		return sql.OpenDB(connector), eventtable.MySQL, nil
	}
	// A writer waits for another one, and takes its place at the beginning of its
	// transaction: one that reads first and finds another writer could only fail.
	options := url.Values{"_pragma": {"busy_timeout(60000)", "journal_mode(WAL)"}, "_txlock": {"immediate"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: dsn}).EscapedPath()+"?"+options.Encode())
	return db, eventtable.SQLite, err
}

// shown returns an address without the password in it.
func shown(dsn string) string {
	if rest, ok := strings.CutPrefix(dsn, "mysql://"); ok {
		if at := strings.LastIndex(rest, "@"); at >= 0 {
			rest = rest[at+1:]
		}
		return "mysql://" + rest
	}
	if u, err := url.Parse(dsn); err == nil && u.Host+u.RawQuery != "" {
		return u.Scheme + "://" + u.Host + u.Path
	}
	return dsn
}
