package eventtable

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A Dialect is the SQL of a database.
type Dialect uint8

const (
	SQLite Dialect = iota
	PostgreSQL
	MySQL // and MariaDB
)

// String returns the name of the database.
func (d Dialect) String() string {
	switch d {
	case SQLite:
		return "SQLite"
	case PostgreSQL:
		return "PostgreSQL"
	case MySQL:
		return "MySQL"
	}
	return fmt.Sprintf("Dialect(%d)", uint8(d))
}

var (
	//go:embed sqlite.sql
	sqliteTables string
	//go:embed postgresql.sql
	postgresqlTables string
	//go:embed mysql.sql
	mysqlTables string
)

// Tables returns the statements that make the tables, each without its semicolon.
func (d Dialect) Tables() []string {
	return Statements([...]string{SQLite: sqliteTables, PostgreSQL: postgresqlTables, MySQL: mysqlTables}[d])
}

// Statements splits a script into its statements. Each ends with a semicolon at the end
// of a line. Lines that begin with two dashes are left out.
func Statements(script string) []string {
	var list []string
	var statement strings.Builder
	for line := range strings.Lines(script) {
		if strings.HasPrefix(strings.TrimSpace(line), "--") {
			continue
		}
		before, ends := strings.CutSuffix(strings.TrimRight(line, " \t\r\n"), ";")
		statement.WriteString(before + "\n")
		if ends {
			list = append(list, strings.TrimSpace(statement.String()))
			statement.Reset()
		}
	}
	if rest := strings.TrimSpace(statement.String()); rest != "" {
		list = append(list, rest)
	}
	return list
}

// quoted returns a name in quotation marks: into, for, by and others are words of SQL.
func (d Dialect) quoted(name string) string {
	if d == MySQL {
		return "`" + name + "`"
	}
	return `"` + name + `"`
}

// list returns names with commas between.
func (d Dialect) list(names []string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(d.quoted(name))
	}
	return b.String()
}

// Argument returns the place of the n-th argument, from 1.
func (d Dialect) Argument(n int) string {
	if d == PostgreSQL {
		return "$" + strconv.Itoa(n)
	}
	return "?"
}

// rows returns the places of the arguments of so many rows, each of so many columns.
func (d Dialect) rows(rows, columns int) string {
	var b strings.Builder
	for n := range rows * columns {
		switch {
		case n == 0:
			b.WriteByte('(')
		case n%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString(d.Argument(n + 1))
	}
	return b.String() + ")"
}

// upsert returns the statement that inserts so many rows, each in the place of the one with
// the same key, if there is one.
func (d Dialect) upsert(table string, rows int, key, columns []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES %s", table, d.list(columns), d.rows(rows, len(columns)))
	if d == MySQL {
		b.WriteString(" ON DUPLICATE KEY UPDATE ")
	} else {
		fmt.Fprintf(&b, " ON CONFLICT (%s) DO UPDATE SET ", d.list(key))
	}
	for i, name := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		name := d.quoted(name)
		if d == MySQL {
			fmt.Fprintf(&b, "%s = VALUES(%s)", name, name)
		} else {
			fmt.Fprintf(&b, "%s = excluded.%s", name, name)
		}
	}
	return b.String()
}

// textTime is the form of instants as text.
const textTime = "2006-01-02T15:04:05.000000000Z"

// value returns a field of a record as an argument: an empty one is NULL, and an instant
// has the form of the database.
func (d Dialect) value(v any) any {
	switch v := v.(type) {
	case time.Time:
		if d == PostgreSQL {
			return v.UTC().Truncate(time.Microsecond)
		}
		return v.UTC().Format(textTime)
	case metrics.Kind:
		return v.String()
	case metrics.Actor:
		return v.String()
	case string:
		if v == "" {
			return nil
		}
	case int64:
		if v == 0 {
			return nil
		}
	}
	return v
}

// since returns what limits a query to the conversations that changed after its argument,
// and those that are merged with them, directly or by others.
func (d Dialect) since() string {
	text := `WITH RECURSIVE changed (conversation) AS (
  SELECT conversation FROM service_changes WHERE changed > ` + d.Argument(1) + `
  UNION
  SELECT CASE WHEN e.conversation = c.conversation THEN e."into" ELSE e.conversation END
  FROM changed c JOIN service_events e ON e."into" IS NOT NULL AND (e.conversation = c.conversation OR e."into" = c.conversation)
)
`
	if d == MySQL {
		return strings.ReplaceAll(text, `"`, "`")
	}
	return text
}
