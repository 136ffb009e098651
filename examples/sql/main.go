// Command sql reports on the events of a database: those of a helpdesk by a view, or those
// of a table of its own.
//
//	go run .                                               # the sample, in a file of SQLite
//	go run . -dsn postgres://desk@localhost/helpdesk       # the view service_events there
//	go run . -dsn postgres://… -state state.db             # only what changed since the last time
//
// README.md in this folder documents the views, the flags and the output.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// Exit statuses.
const (
	exitDone    = 0
	exitRefused = 1 // some rows were no events; the rest is reported
	exitFailed  = 2
)

// The sample, and the file of SQLite in which it is reported from.
const (
	sampleEvents = "../report/sample.jsonl"
	sampleFile   = "sample.db"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

type settings struct {
	dsn    string
	load   string
	copies int
	state  string
	keep   time.Duration
	asOf   time.Time
	given  bool // whether asOf is
	policy bool
	times  bool
}

const maxCopies = 10_000

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("sql", flag.ContinueOnError)
	flags.StringVar(&s.dsn, "dsn", "", "`address` of the database: postgres://…, mysql://user@tcp(host)/name, or a file of SQLite; without it the sample in "+sampleFile)
	flags.StringVar(&s.load, "load", "", "put the events of a `file`, JSON Lines or CSV, into the table service_events, which is made if it is not there")
	flags.IntVar(&s.copies, "copies", 1, "with -load, so many desks with the same events")
	flags.StringVar(&s.state, "state", "", "a `file` of SQLite that keeps what was read, so that the next time only what changed is read")
	flags.DurationVar(&s.keep, "keep", 72*time.Hour, "with -state, how long a conversation must be quiet before only its figures are kept")
	var asOf command.Instant
	flags.Var(&asOf, "as-of", "the `instant` of the report, in RFC 3339; without it the last event or, with -state, now")
	flags.BoolVar(&s.policy, "policy", false, "print the promises of LibreDesk as a policy, in place of the report")
	flags.BoolVar(&s.times, "times", false, "say how long it took, and which share of that was spent in the library")
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if s.copies < 1 || s.copies > maxCopies {
		return s, fmt.Errorf("-copies %d: want 1 to %d", s.copies, maxCopies)
	}
	if s.keep < 0 {
		return s, fmt.Errorf("-keep %v: want 0 or more", s.keep)
	}
	s.asOf, s.given = asOf.At, asOf.Given
	return s, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	p := program{settings: s, unsure: unsure, mostNamed: mostNamed, clock: time.Now, refused: refusals{to: stderr}}
	if err == nil {
		err = p.run(ctx, stdout, stderr)
	}
	if err != nil {
		command.Say(stderr, "sql", err)
		return exitFailed
	}
	p.refused.end()
	if p.refused.n > 0 {
		return exitRefused
	}
	return exitDone
}

type program struct {
	settings
	source
	unsure    time.Duration // see the constants of these names
	mostNamed int
	clock     func() time.Time
	refused   refusals
}

// A source is a database with the view or the table service_events.
type source struct {
	db      *sql.DB
	dialect eventtable.Dialect
}

func (p *program) run(ctx context.Context, stdout, stderr io.Writer) error {
	load, isSample := p.load, p.dsn == ""
	if isSample {
		p.dsn = sampleFile
	}
	db, dialect, err := open(p.dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	p.source = source{db, dialect}
	if isSample && load == "" {
		if load, err = p.missingSample(ctx); err != nil {
			return err
		}
	}
	if load != "" {
		n, err := loadFile(ctx, db, dialect, load, p.copies, &p.refused)
		if err != nil {
			return err
		}
		fmt.Fprintf(stderr, "%s put into %s.\n", text.Counted(int64(n), "event"), shown(p.dsn))
	}
	switch {
	case p.policy:
		return writePolicy(ctx, db, stdout)
	case p.state != "":
		if !p.given {
			p.asOf = p.clock()
		}
		look, err := p.look(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintln(stderr, look)
		return write(stdout, look.figures, p.asOf)
	}
	return p.report(ctx, stdout, stderr)
}

// missingSample returns the file of the sample if its table has no event yet.
func (p *program) missingSample(ctx context.Context) (string, error) {
	if err := eventtable.Create(ctx, p.db, p.dialect); err != nil {
		return "", err
	}
	mark, err := eventtable.Mark(ctx, p.db)
	if err != nil || mark > 0 {
		return "", err
	}
	return sampleEvents, nil
}

// report reads all events and prints their figures.
func (p *program) report(ctx context.Context, stdout, stderr io.Writer) error {
	var t times
	var log *metrics.EventLog
	before := p.refused.n
	read := func() error {
		log = new(metrics.EventLog)
		p.refused.n = before
		return p.readAll(ctx, log)
	}
	if p.times {
		if err := t.measure(ctx, p.db, read); err != nil {
			return err
		}
	} else if err := read(); err != nil {
		return err
	}
	start := time.Now()
	asOf := p.asOf
	if !p.given {
		asOf = log.Latest()
	}
	byChannel := newByChannel()
	if err := log.Read(rules, asOf).Into(byChannel); err != nil {
		return err
	}
	if err := write(stdout, figuresOf(byChannel), asOf); err != nil {
		return err
	}
	if p.times {
		t.figures, t.events = time.Since(start), log.Len()
		fmt.Fprintln(stderr, t)
	}
	return nil
}

// readAll appends all events of the source to log.
func (p *program) readAll(ctx context.Context, log *metrics.EventLog) error {
	rows, err := p.db.QueryContext(ctx, "SELECT * FROM service_events")
	if err != nil {
		return err
	}
	defer rows.Close()
	for e, err := range metrics.DecodeRows(rows) {
		if err == nil {
			err = log.Append(e)
		}
		if err := p.refused.take(err); err != nil {
			return err
		}
	}
	return nil
}
