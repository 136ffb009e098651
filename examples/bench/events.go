package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"slices"
)

//go:embed sql
var queries embed.FS

// query returns a query of two files: which waits there are, and what is asked of
// them.
func query(waits, answer string) candidate {
	return candidate{waits, request{Do: "query", SQL: source(waits, answer)}}
}

// source returns the text of files with SQL.
func source(files ...string) (text string) {
	for _, name := range files {
		b, err := queries.ReadFile("sql/" + name + ".sql")
		if err != nil {
			panic(err) // a file is missing from this program
		}
		text += string(b)
	}
	return text
}

// peerNames are the peers of the library in the comparison of events, in the order
// of the table. The one by hand is always there, since it checks all others.
var peerNames = []string{"duckdb", "sqlite", "postgres", "pandas"}

// compareEvents answers one question from the events of a desk: by channel, the
// number, mean, median, 90th and 99th percentile of the first response time and of
// the response time, and the number of ratings, CSAT and mean stars; then the same
// by channel, agent and day.
func compareEvents(w io.Writer, o options) (err error) {
	d, err := newDataset(o, "text.csv", "number.csv")
	if err != nil {
		return err
	}
	m := &match{options: o, data: d}
	defer func() { err = errors.Join(err, m.close()) }()
	defer m.closeOnInterrupt()()
	if err := m.enter(); err != nil {
		return err
	}
	for round := range o.rounds {
		if err := m.round(round); err != nil {
			return err
		}
	}
	m.print(w)
	return nil
}

// A match is a comparison of events under way.
type match struct {
	options
	data        dataset
	peers       []peer
	versions    []string
	absent      []string
	contestants []*contestant
	answer      map[string][]float64 // what the rows should be, by channel
	digest      []float64            // of the groups
}

func (m *match) close() error {
	var all error
	for _, p := range m.peers {
		all = errors.Join(all, p.close())
	}
	return all
}

// closeOnInterrupt ends the peers and this program on an interrupt, until the
// function that it returns is called.
func (m *match) closeOnInterrupt() (stop func()) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	go func() {
		if _, ok := <-interrupts; ok {
			_ = m.close()
			os.Exit(1)
		}
	}()
	return func() {
		signal.Stop(interrupts)
		close(interrupts)
	}
}

// open starts a peer, and returns nil if it is absent.
func (m *match) open(name, title string) (peer, error) {
	p, err := m.options.open(name, m.data)
	switch {
	case err != nil:
		return nil, err
	case p.absent != "":
		m.absent = append(m.absent, title+": "+p.absent)
		return nil, nil
	}
	m.peers = append(m.peers, p.peer)
	if said := title + " " + p.version; p.version != "" && !slices.Contains(m.versions, said) {
		m.versions = append(m.versions, said)
	}
	return p.peer, nil
}

func (m *match) add(c contestant) {
	c.measured = make(map[string]*measurement)
	m.contestants = append(m.contestants, &c)
}

// enter starts all peers.
func (m *match) enter() error {
	byHand, err := m.open("byhand", "")
	if err != nil {
		return err
	}
	m.add(contestant{name: "Go by hand: map, sort", peer: byHand, threads: 1, report: tasks("report"), groups: tasks("groups")})
	own, err := m.open("library", "")
	if err != nil {
		return err
	}
	for threads := 1; threads <= m.threads; threads++ {
		m.add(contestant{name: libraryName, peer: own, threads: threads, report: tasks(taskFigures), groups: tasks(taskGroups)})
	}
	for _, name := range m.peersWanted {
		if !slices.Contains(peerNames, name) {
			continue // it is in another comparison
		}
		if err := m.enterPeer(name); err != nil {
			return err
		}
	}
	return nil
}

const libraryName = "servicequality"

func (m *match) enterPeer(name string) error {
	switch name {
	case "duckdb":
		windows, groups := query("windows", "duckdb_report"), query("windows", "duckdb_groups")
		lists := query("lists", "duckdb_report")
		for _, t := range []struct {
			title, table   string
			report, groups []candidate
		}{
			{"DuckDB, text ids", "text", []candidate{windows, query("uuids", "duckdb_report"), lists}, []candidate{groups, query("uuids", "duckdb_groups")}},
			{"DuckDB, integer ids", "number", []candidate{windows, lists}, []candidate{groups}},
			{"DuckDB, integer ids, sorted table", "sorted", []candidate{query("sorted", "duckdb_report")}, []candidate{query("sorted", "duckdb_groups")}},
		} {
			p, err := m.open(name, "DuckDB")
			if p == nil {
				return err
			}
			for threads := 1; threads <= m.threads; threads++ {
				m.add(contestant{name: t.title, peer: p, table: t.table, threads: threads, report: t.report, groups: t.groups})
			}
			if t.table == "text" {
				if _, err := p.ask(request{Do: "parquet", Folder: m.data.folder, Threads: 2}); err != nil {
					return err
				}
				for threads := 1; threads <= m.threads; threads++ {
					m.add(contestant{name: t.title + ", from Parquet", peer: p, table: "parquet", threads: threads})
				}
			}
		}
	case "sqlite":
		p, err := m.open(name, "SQLite")
		if p == nil {
			return err
		}
		m.add(contestant{name: "SQLite, integer ids", peer: p, threads: 1,
			report: []candidate{query("windows", "sqlite_report")}, groups: []candidate{query("windows", "sqlite_groups")}})
	case "postgres":
		p, err := m.open(name, "PostgreSQL")
		if p == nil {
			return err
		}
		m.add(contestant{name: "PostgreSQL, integer ids", peer: p, threads: 1,
			report: []candidate{query("windows", "postgres_report")}, groups: []candidate{query("windows", "postgres_groups")}})
	case "pandas":
		p, err := m.open(name, "pandas")
		if p == nil {
			return err
		}
		m.add(contestant{name: "pandas, integer ids", peer: p, threads: 1, report: tasks("report"), groups: tasks("groups")})
	}
	return nil
}

// A measurement is what one kind of work took, in rounds.
type measurement struct {
	seconds []float64
	peak    int64
	kept    int64
	query   string // the fastest candidate
}

// median returns the median time in seconds, or 0 if there is none.
func (m *measurement) median() float64 {
	if m == nil || len(m.seconds) == 0 {
		return 0
	}
	return median(m.seconds)
}

func (m *measurement) spent() (sum float64) {
	for _, s := range m.seconds {
		sum += s
	}
	return sum
}

// Kinds of work of all contestants; the library has more of its own.
const (
	workLoad   = "load"
	workReport = "report"
	workGroups = "groups"
)

// enough is the time in seconds after which a contestant does not do a kind of work
// again. What it had loaded is still there.
const enough = 10

// round lets each contestant do all its work once.
func (m *match) round(round int) error {
	for _, c := range m.contestants {
		if err := m.work(c, round, workLoad, []candidate{{"", request{Do: "load", Table: c.table}}}, nil); err != nil {
			return err
		}
		if c.name == libraryName {
			if err := m.roundOfLibrary(c, round); err != nil {
				return err
			}
		}
		if len(c.report) == 0 {
			continue
		}
		if err := m.work(c, round, workReport, c.report, m.checkReport(c.name == libraryName)); err != nil {
			return err
		}
		if err := m.work(c, round, workGroups, c.groups, m.checkGroups); err != nil {
			return err
		}
	}
	return nil
}

// roundOfLibrary measures what only the library does.
func (m *match) roundOfLibrary(c *contestant, round int) error {
	for _, task := range []struct {
		name  string
		check func(string, reply) error
	}{
		{taskFirst, m.checkReport(true)}, {taskKept, nil}, {taskExact, m.checkReport(false)},
		{taskOnePass, m.checkReport(true)}, {taskPasses, m.checkReport(true)}, {taskBreakdown, nil}, {taskQuantiles, m.checkGroups},
	} {
		if err := m.work(c, round, task.name, tasks(task.name), task.check); err != nil {
			return err
		}
	}
	return nil
}

// work asks for one piece of work, checks the answer and notes the time. In the
// first round all candidates are tried, later only the fastest.
func (m *match) work(c *contestant, round int, kind string, candidates []candidate, check func(string, reply) error) error {
	done := c.measured[kind]
	if done == nil {
		done = new(measurement)
		c.measured[kind] = done
	}
	if done.spent() > enough {
		return nil
	}
	best := math.Inf(1)
	for _, candidate := range candidates {
		if round > 0 && candidate.name != done.query {
			continue
		}
		r := candidate.request
		r.Folder, r.Threads = m.data.folder, c.threads
		answer, err := c.peer.ask(r)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Fprintf(m.progress, "round %d: %-34s %d thread(s)  %-9s %-8s %8.3f s\n", round+1, c.name, c.threads, kind, candidate.name, answer.Seconds)
		if check != nil {
			if err := check(fmt.Sprintf("%s, %s %s", c.name, kind, candidate.name), answer); err != nil {
				return err
			}
		}
		done.peak = max(done.peak, answer.Peak)
		done.kept = max(done.kept, answer.Kept)
		if answer.Seconds < best {
			best, done.query = answer.Seconds, candidate.name
		}
	}
	done.seconds = append(done.seconds, best)
	return nil
}
