// Command board shows what a helpdesk owes its customers now: who waits, what is overdue
// longest, and what is due next.
//
//	go run ./examples/board                                    # the bundled sample, live
//	go run ./examples/board -once                              # one look, for scripts
//	go run ./examples/board -events FILE.jsonl -policy FILE.json
//	go run ./examples/board -format html > wall.html           # a page for a wall display
//
// README.md in this folder documents the flags and the policy.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/link"
	"github.com/servicequality/servicequality/examples/internal/zone"
	"github.com/servicequality/servicequality/standards"
)

// Exit statuses. A board that leaves out malformed lines is shown, and the status
// says that it does.
const (
	exitDone     = 0
	exitRejected = 1
	exitFailed   = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, terminalOf(os.Stdout), time.Sleep))
}

// settings are what the flags say.
type settings struct {
	events string
	policy string
	asOf   command.Instant
	speed  float64
	zone   *time.Location // nil: the default
	once   bool
	rows   int
	each   bool // whether each promise has a row
	width  int  // 0: that of the output
	format string
	link   link.Template // of a conversation in the desk; zero: none
	agents bool          // whether a page names agents
	again  time.Duration // after which a browser loads a page again; 0: never
}

// The longest step of simulated time is a day for each look.
const maxSpeed = 24 * 60 * 60

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("board", flag.ContinueOnError)
	flags.StringVar(&s.events, "events", "", "`file` of events, JSON Lines or CSV; - for standard input (default: the bundled sample)")
	flags.StringVar(&s.policy, "policy", "", "JSON `file` of what the desk promises (default: the bundled policy)")
	flags.Var(&s.asOf, "as-of", "begin at an instant, such as `2026-03-02T10:30:00Z` (default: the last event; of the sample, 10:30)")
	flags.Float64Var(&s.speed, "speed", 60, "`seconds` of simulated time that pass in a second")
	flags.BoolVar(&s.once, "once", false, "look once and end; so it does if the output is not a terminal")
	flags.StringVar(&s.format, "format", "text", "show the board as `text`, or print html, a page for a wall display, and end")
	flags.IntVar(&s.rows, "rows", 0, "show at most `n` rows of each list; 0 for all (default 10; of html 5)")
	flags.BoolVar(&s.each, "promises", false, "show each promise on a line of its own, in place of the most urgent one of a conversation")
	flags.Func("zone", "the `zone` of times, such as Europe/Berlin (default: that of the policy's calendars, else UTC)", func(name string) (err error) {
		s.zone, err = zone.Read(name)
		return err
	})
	flags.IntVar(&s.width, "width", 0, "write lines of at most `n` characters (default: those of the terminal, else 80)")
	flags.Func("link", "link conversations of html to the desk by a `template`, such as https://desk.example/tickets/{id}", func(template string) (err error) {
		s.link, err = link.Parse(template)
		return err
	})
	flags.BoolVar(&s.agents, "agents", false, "name on a page of html who has each conversation")
	flags.DurationVar(&s.again, "refresh", 0, "let a browser load a page of html again after a `time`, such as 30s")
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	usual, ok := usualRows[s.format]
	given := false
	flags.Visit(func(f *flag.Flag) { given = given || f.Name == "rows" })
	if !given {
		s.rows = usual
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q; name the file with -events", flags.Arg(0))
	case !(s.speed > 0 && s.speed <= maxSpeed):
		return s, fmt.Errorf("-speed %v: want more than 0 and at most %d", s.speed, maxSpeed)
	case !ok:
		return s, fmt.Errorf("-format %q: want text or html", s.format)
	case s.again < 0 || s.again%time.Second != 0:
		return s, fmt.Errorf("-refresh %v: want whole seconds", s.again)
	case s.rows < 0:
		return s, fmt.Errorf("-rows %d: want 0 or more", s.rows)
	case s.width != 0 && s.width < leastWidth:
		return s, fmt.Errorf("-width %d: want %d or more", s.width, leastWidth)
	}
	return s, nil
}

// usualRows is how many rows lists have by the format of the board.
var usualRows = map[string]int{"text": 10, "html": 5}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer, screen terminal, sleep func(time.Duration)) int {
	fail := func(err error) int {
		command.Say(stderr, "board", err)
		return exitFailed
	}
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		return fail(err)
	}
	rules, policy, err := readPolicy(s.policy)
	if err != nil {
		return fail(err)
	}
	in, err := readEvents(s.events, stdin, stderr)
	if err != nil {
		return fail(err)
	}
	in.rules = rules
	if in.log.Len() == 0 && s.format == "text" {
		fmt.Fprintln(stdout, "Board: no events")
		return exitStatus(in)
	}
	asOf := in.begin
	if s.asOf.Given {
		asOf = s.asOf.At
	}
	if s.zone == nil {
		s.zone = zone.Of(policy)
	}
	if s.format == "html" {
		err = writePage(s, in, policy, asOf, stdout)
	} else {
		err = show(s, in, policy, asOf, stdout, screen, sleep)
	}
	if err != nil {
		return fail(err)
	}
	return exitStatus(in)
}

func exitStatus(in *input) int {
	if in.rejected > 0 {
		return exitRejected
	}
	return exitDone
}

// A look is taken as often; it is short enough to look live.
const interval = 500 * time.Millisecond

// after is for how long simulated time goes on after the last event.
const after = time.Hour

// show prints the board once, or again and again as simulated time goes on.
func show(s settings, in *input, policy standards.Policy, asOf time.Time, stdout io.Writer, screen terminal, sleep func(time.Duration)) error {
	step := time.Duration(s.speed * float64(interval))
	policy, unmeasured := measured(&in.log, policy)
	for {
		v, err := look(in.log.Read(in.rules, asOf), policy, s)
		if err != nil {
			return err
		}
		v.Unmeasured = unmeasured
		width := s.width
		if width == 0 {
			width = screen.width()
		}
		text := v.write(screen, width)
		if screen.live && !s.once {
			text = screen.clear() + text
		}
		if _, err := io.WriteString(stdout, text); err != nil {
			return err
		}
		if s.once || !screen.live || asOf.After(in.last.Add(after)) {
			return nil
		}
		sleep(interval)
		asOf = asOf.Add(step)
	}
}
