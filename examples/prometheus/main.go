// Command prometheus shows the figures of a helpdesk to Prometheus: promises kept and
// broken, waits, what is open, ratings. It plays a file of events in simulated time and
// serves the figures, or prints them once.
//
//	cd examples/prometheus
//	go run .                    # plays the sample desk, and serves http://127.0.0.1:9464/metrics
//	go run . -once              # prints the figures as of the last event, and ends
//	go run . -events FILE.jsonl -policy FILE.json
//
// README.md in this folder documents the metrics, the alerts, the dashboard and the flags.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/metrics"
)

// Exit statuses. Figures that leave out malformed lines are shown, and the status says that
// they do.
const (
	exitDone     = 0
	exitRejected = 1
	exitFailed   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, looked(os.Stdout)))
}

// looked reports whether somebody looks at a file: whether it is a terminal.
func looked(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&fs.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// settings are what the flags say.
type settings struct {
	events, policy string
	hours          metrics.Calendar // nil: around the clock only
	listen         string           // empty: the usual address, if somebody looks at the output
	once           bool
	asOf           command.Instant
	speed          float64
	names          names // nil maps: those of the log
}

const (
	usualAddress = "127.0.0.1:9464"
	maxSpeed     = 24 * 60 * 60
)

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("prometheus", flag.ContinueOnError)
	flags.StringVar(&s.events, "events", "", "`file` of events, JSON Lines or CSV; - for standard input (default: the sample of examples/report)")
	flags.StringVar(&s.policy, "policy", "", "JSON `file` of what the desk promises (default: that of the sample)")
	flags.Func("calendar", "measure in hours of service too, which a JSON `file` says", func(name string) error {
		hours, err := readCalendar(name)
		if err == nil {
			s.hours = hours
		}
		return err
	})
	flags.StringVar(&s.listen, "listen", "", "serve at an `address` (default "+usualAddress+"; without this flag, figures are printed once if the output is not a terminal)")
	flags.BoolVar(&s.once, "once", false, "print the figures and end")
	flags.Var(&s.asOf, "as-of", "begin at an instant, such as `2026-03-02T10:30:00Z` (default: the first event; with -once the last)")
	flags.Float64Var(&s.speed, "speed", 3600, "`seconds` of simulated time that pass in a second")
	flags.Func("channels", "name these channels, such as `email,chat`, and count all others together (default: the first 10 of the file)", func(list string) error {
		s.names.channels = valuesOf(strings.Split(list, ","))
		return nil
	})
	flags.Func("teams", "name these teams, such as `billing,it`, and count all others together (default: the first 20 of the file)", func(list string) error {
		s.names.teams = valuesOf(strings.Split(list, ","))
		return nil
	})
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q; name the file with -events", flags.Arg(0))
	case !(s.speed > 0 && s.speed <= maxSpeed):
		return s, fmt.Errorf("-speed %v: want more than 0 and at most %d", s.speed, maxSpeed)
	case s.once && s.listen != "":
		return s, errors.New("-once and -listen: want one of them")
	}
	return s, nil
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, looked bool) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	rejected := 0
	if err == nil {
		rejected, err = show(ctx, s, stdin, stdout, stderr, looked)
	}
	switch {
	case err != nil:
		command.Say(stderr, "prometheus", err)
		return exitFailed
	case rejected > 0:
		return exitRejected
	}
	return exitDone
}

// show prints the figures, or serves them until the context is done.
func show(ctx context.Context, s settings, stdin io.Reader, stdout, stderr io.Writer, looked bool) (rejected int, err error) {
	d := new(desk)
	if d.rules, d.policy, err = readPolicy(s.policy); err != nil {
		return 0, err
	}
	d.rules.Calendar = s.hours
	if rejected, err = d.readEvents(s.events, stdin, stderr); err != nil {
		return rejected, err
	}
	d.index()
	named := s.named(&d.log)
	named.tell(stderr, &d.log)
	if s.once || s.listen == "" && !looked {
		asOf := d.log.Latest()
		if s.asOf.Given {
			asOf = s.asOf.At
		}
		registry := newRegistry(newCollector(d.policy, named, func() (*snapshot, error) { return d.at(asOf) }))
		return rejected, write(stdout, registry)
	}
	c := clock{started: time.Now(), from: d.log.Earliest(), to: d.log.Latest().Add(after), speed: s.speed}
	if s.asOf.Given {
		c.from = s.asOf.At
	}
	if c.to.Before(c.from) {
		c.to = c.from // the time stands
	}
	registry := newRegistry(newCollector(d.policy, named, func() (*snapshot, error) { return d.at(c.at(time.Now())) }))
	address := s.listen
	if address == "" {
		address = usualAddress
	}
	return rejected, serve(ctx, address, registry, func(address string) {
		fmt.Fprintf(stdout, "From %s on, %g times as fast as it was: http://%s/metrics\n", c.from.Format(time.DateTime), s.speed, address)
	})
}

// after is for how long simulated time goes on after the last event.
const after = time.Hour

// named returns the channels and teams that have a label value of their own: those given,
// and where none are, the first ones of the log.
func (s settings) named(log *metrics.EventLog) names {
	named := namesIn(log)
	if s.names.channels != nil {
		named.channels = s.names.channels
	}
	if s.names.teams != nil {
		named.teams = s.names.teams
	}
	return named
}

// newRegistry returns a registry of the collector alone.
func newRegistry(c *collector) *prometheus.Registry {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(c)
	return registry
}
