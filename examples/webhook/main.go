// Command webhook takes the webhooks of Chatwoot, Zendesk, Intercom, Help Scout,
// FreeScout, Freshdesk and Zammad, keeps their events in SQLite and serves the figures.
//
//	cd examples/webhook && go run .                        # a made-up day of each, then it ends
//	WEBHOOK_ZENDESK_SECRET=… go run . -db events.db        # serves
//
// README.md in this folder says how to point each helpdesk at it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // for machines without zones

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
)

// Exit statuses.
const (
	exitDone      = 0
	exitDifferent = 1
	exitFailed    = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// settings are what the flags and the environment say.
type settings struct {
	listen   string
	file     string
	zone     *time.Location
	crew     crew
	secrets  map[string]string
	unsigned bool
	settle   time.Duration
}

func parseFlags(args []string, env func(string) string, stderr io.Writer) (settings, error) {
	s := settings{secrets: make(map[string]string)}
	var zone, assistants, automations string
	flags := flag.NewFlagSet("webhook", flag.ContinueOnError)
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8080", "serve at this `address`; the default is open to this machine only")
	flags.StringVar(&s.file, "db", "", "keep events in this `file` of SQLite and serve (default: play a made-up day and end)")
	flags.StringVar(&zone, "zone", "", "`zone` of times that do not say theirs, such as Europe/Berlin (default: refuse them)")
	flags.StringVar(&assistants, "assistants", "", "`agents` that are AI agents, such as zendesk/360012,zammad/9")
	flags.StringVar(&automations, "automations", "", "`agents` in whose name automations send")
	flags.BoolVar(&s.unsigned, "unsigned", false, "take deliveries of vendors without a secret too")
	flags.DurationVar(&s.settle, "settle", 14*24*time.Hour, "keep settled conversations in memory for so `long`")
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	s.crew = parseCrew(assistants, automations)
	for _, v := range vendors.All {
		s.secrets[v.Name] = env(secretName(v.Name))
	}
	var err error
	if zone != "" {
		if s.zone, err = time.LoadLocation(zone); err != nil {
			return s, err
		}
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case s.settle <= 0:
		return s, errors.New("-settle: want more than 0")
	}
	return s, nil
}

// secretName returns the name of the variable with the secret of a vendor.
func secretName(vendor string) string { return "WEBHOOK_" + strings.ToUpper(vendor) + "_SECRET" }

func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	s, err := parseFlags(args, env, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	equal := true
	if err == nil && s.file == "" {
		equal, err = play(ctx, stdout)
	} else if err == nil {
		err = serve(ctx, s, stderr)
	}
	switch {
	case err != nil:
		command.Say(stderr, "webhook", err)
		return exitFailed
	case !equal:
		return exitDifferent
	}
	return exitDone
}

// serve takes webhooks until ctx ends.
func serve(ctx context.Context, s settings, stderr io.Writer) error {
	store, err := openStore(ctx, s.file)
	if err != nil {
		return err
	}
	defer store.db.Close()
	desk, err := newDesk(ctx, store, metrics.Rules{})
	if err != nil {
		return err
	}
	out := log.New(stderr, "webhook: ", log.LstdFlags|log.LUTC)
	server := &server{
		desk: desk, crew: s.crew, secrets: s.secrets, unsigned: s.unsigned, zone: s.zone, now: time.Now, log: out,
	}
	listener, err := net.Listen("tcp", s.listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "webhook: http://%s/webhooks/… and http://%[1]s/figures\n", listener.Addr())
	go settleNowAndThen(ctx, desk, s.settle, out)
	return serveUntil(ctx, listener, server.handler())
}

// settleNowAndThen takes settled conversations out of the memory, every hour.
func settleNowAndThen(ctx context.Context, d *desk, after time.Duration, out *log.Logger) {
	for every := time.NewTicker(time.Hour); ; {
		if n, err := d.settle(time.Now().Add(-after)); err != nil {
			out.Printf("settle: %v", err)
		} else if n > 0 {
			out.Printf("%d settled conversations left the memory", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// serveUntil serves until ctx ends, and then lets the deliveries end that are being
// stored.
func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(ending)
}
