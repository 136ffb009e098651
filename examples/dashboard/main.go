// Command dashboard serves a page about a helpdesk from a database: who waits and what is
// about to be late, live, and how the week, the month or the quarter went, with the
// conversations behind each figure.
//
//	cd examples/dashboard && go run .          # the sample desk, whose time runs quickly
//	go run . -db FILE -policy FILE.json        # the table service_events of your own
//
// README.md in this folder documents the flags, the table and the page.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // so that zones are known wherever the program runs

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/link"
	"github.com/servicequality/servicequality/examples/internal/zone"
)

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// settings are what the flags say.
type settings struct {
	db     string
	policy string
	zone   *time.Location // nil: that of the policy
	addr   string
	once   bool
	page   string // which is printed once
	speed  float64
	link   link.Template // of a conversation in the desk; zero: none
}

// The longest step of simulated time is an hour in a second.
const maxSpeed = 60 * 60

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("dashboard", flag.ContinueOnError)
	flags.StringVar(&s.db, "db", "", "SQLite `file` with a table or view service_events (default: a sample desk)")
	flags.StringVar(&s.policy, "policy", "", "JSON `file` of what the desk promises (default: the customary speeds of each channel; of the sample, its own)")
	flags.Func("zone", "the `zone` of days, weeks and hours, such as Europe/Berlin (default: that of the policy's calendars, else UTC)", func(name string) (err error) {
		s.zone, err = zone.Read(name)
		return err
	})
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8321", "serve at an `address`; port 0 is any that is free")
	flags.BoolVar(&s.once, "once", false, "print a page and end: that of the address that follows, such as /evidence?of=late (default: /)")
	flags.Float64Var(&s.speed, "speed", 60, "`seconds` of the sample that pass in a second")
	flags.Func("link", "link conversations to the desk by a `template`, such as https://desk.example/tickets/{id}", func(template string) (err error) {
		s.link, err = link.Parse(template)
		return err
	})
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	rest := flags.Args()
	if s.page = "/"; s.once && len(rest) > 0 {
		s.page, rest = rest[0], rest[1:]
	}
	switch {
	case len(rest) > 0:
		return s, fmt.Errorf("unexpected argument %q; name the database with -db", rest[0])
	case !(s.speed > 0 && s.speed <= maxSpeed):
		return s, fmt.Errorf("-speed %v: want more than 0 and at most %d", s.speed, maxSpeed)
	}
	return s, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err == nil {
		err = serve(ctx, s, stdout, stderr)
	}
	if err != nil {
		command.Say(stderr, "dashboard", err)
		return exitFailed
	}
	return exitDone
}

// serve serves until the context ends, or prints the page once.
func serve(ctx context.Context, s settings, stdout, stderr io.Writer) error {
	d, err := open(ctx, s, stderr)
	if err != nil {
		return err
	}
	defer d.close()
	if s.once {
		return newServer(d, s.addr, stderr).print(ctx, s.page, stdout)
	}
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		return err
	}
	address := listener.Addr().(*net.TCPAddr)
	if !address.IP.IsLoopback() {
		fmt.Fprintln(stderr, "dashboard: whoever reaches this address sees the desk; there is no login")
	}
	fmt.Fprintf(stdout, "http://%s/\n", address)
	return newServer(d, s.addr, stderr).serve(ctx, listener)
}
