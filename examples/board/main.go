// Command board shows what a helpdesk owes its customers now: what is open, by due
// time, overdue first.
//
//	go run ./examples/board                                    # the bundled sample, live
//	go run ./examples/board -once                              # one look, for scripts
//	go run ./examples/board -events FILE.jsonl -policy FILE.json
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

	"github.com/servicequality/servicequality/metrics"
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
	asOf   time.Time // zero: the default
	speed  float64
	once   bool
	rows   int
}

// The longest step of simulated time is a day for each look.
const maxSpeed = 24 * 60 * 60

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("board", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.events, "events", "", "`file` of events, JSON Lines or CSV; - for standard input (default: the bundled sample)")
	flags.StringVar(&s.policy, "policy", "", "JSON `file` of what the desk promises (default: the bundled policy)")
	flags.Func("as-of", "begin at an instant, such as `2026-03-02T10:30:00Z` (default: the last event; of the sample, 10:30)", func(text string) (err error) {
		s.asOf, err = time.Parse(time.RFC3339, text)
		return err
	})
	flags.Float64Var(&s.speed, "speed", 60, "`seconds` of simulated time that pass in a second")
	flags.BoolVar(&s.once, "once", false, "look once and end; so it does if the output is not a terminal")
	flags.IntVar(&s.rows, "rows", 20, "show at most `n` rows; 0 for all")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q; name the file with -events", flags.Arg(0))
	case !(s.speed > 0 && s.speed <= maxSpeed):
		return s, fmt.Errorf("-speed %v: want more than 0 and at most %d", s.speed, maxSpeed)
	case s.rows < 0:
		return s, fmt.Errorf("-rows %d: want 0 or more", s.rows)
	}
	return s, nil
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer, screen terminal, sleep func(time.Duration)) int {
	fail := func(err error) int {
		fmt.Fprintln(stderr, "board:", err)
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
	if in.log.Len() == 0 {
		fmt.Fprintln(stdout, "Board: no events")
		return exitStatus(in)
	}
	asOf := in.begin
	if !s.asOf.IsZero() {
		asOf = s.asOf.UTC()
	}
	if err := show(s, in, policy, asOf, stdout, screen, sleep); err != nil {
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

// teams are those that have the conversations.
type teams map[metrics.ConversationID]metrics.TeamID

// Add implements [metrics.Sink].
func (t teams) Add(h *metrics.History) error {
	if team := h.Team(); team != "" {
		t[h.Conversation().ID()] = team
	}
	return nil
}

// show prints the board once, or again and again as simulated time goes on.
func show(s settings, in *input, policy standards.Policy, asOf time.Time, stdout io.Writer, screen terminal, sleep func(time.Duration)) error {
	step := time.Duration(s.speed * float64(interval))
	for {
		board, has := standards.NewBoard(policy), make(teams)
		if err := in.log.Read(in.rules, asOf).Into(board, has); err != nil {
			return err
		}
		text := render(board, has, screen, s.rows)
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
