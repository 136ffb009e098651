// Command stream keeps the figures of a helpdesk while its events come over NATS
// JetStream: late, repeated and edited ones, to a worker that is killed twice and
// goes on from its last snapshot. At the end it compares the figures with those
// that all the events give at once.
//
//	cd examples/stream && go run .
//
// README.md in this folder tells the story and documents the flags.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/servicequality/servicequality/examples/internal/command"
)

// Exit statuses.
const (
	exitEqual     = 0
	exitDifferent = 1
	exitFailed    = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// settings are what the flags say.
type settings struct {
	url           string
	conversations int
	days          int
	perHour       time.Duration
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("stream", flag.ContinueOnError)
	flags.StringVar(&s.url, "url", "", "`URL` of a NATS server with JetStream, such as nats://localhost:4222 (default: one in this process)")
	flags.IntVar(&s.conversations, "conversations", 600, "make up so many `conversations`")
	flags.IntVar(&s.days, "days", 3, "in so many `days`")
	flags.DurationVar(&s.perHour, "hour", 40*time.Millisecond, "how `long` an hour of the desk takes; 0: send all at once, then work")
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case s.conversations < 1 || s.days < 1 || s.perHour < 0:
		return s, errors.New("want at least one conversation, one day, and no negative hour")
	}
	return s, nil
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitEqual
	}
	equal := false
	if err == nil {
		equal, err = tell(ctx, s, stdout, stderr)
	}
	switch {
	case err != nil:
		command.Say(stderr, "stream", err)
		return exitFailed
	case !equal:
		return exitDifferent
	}
	return exitEqual
}

// tell runs the whole story, and reports whether the figures are those of the
// batch.
func tell(ctx context.Context, s settings, stdout, stderr io.Writer) (equal bool, err error) {
	folder, err := os.MkdirTemp("", "servicequality-stream-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	b, err := newBroker(s.url, folder)
	if err != nil {
		return false, err
	}
	defer b.close()
	stream, err := newStream(ctx, b)
	if err != nil {
		return false, err
	}
	d := newDesk(s.conversations, s.days)
	fmt.Fprintf(stdout, "%d events of %d conversations in %d days come as %d messages.\n\n", d.events, d.conversations, s.days, len(d.deliveries))
	last := uint64(len(d.deliveries))
	shift := &shift{
		broker: b, stream: stream.name, file: filepath.Join(folder, "snapshot.json"), every: 250, ackWait: ackWait,
		deaths: deaths(last), out: stdout, errs: stderr,
	}
	w, err := atOnce(ctx, stream, d, s.perHour, shift)
	if removing := stream.remove(); err == nil {
		err = removing
	}
	if err != nil {
		return false, err
	}
	return w.verdict(d)
}

// atOnce has the desk send while a shift works, or before it at no pace.
func atOnce(ctx context.Context, s *stream, d *desk, perHour time.Duration, shift *shift) (*worker, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		if err := s.publish(ctx, d.deliveries, perHour); err != nil {
			cancel(err)
		}
	}()
	if perHour == 0 {
		<-sent
	}
	w, err := shift.finish(ctx, uint64(len(d.deliveries)))
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	cancel(nil)
	<-sent
	return w, err
}

// ackWait is how long the server waits for an acknowledgement. It is short, so
// that a killed worker's messages come again while the story lasts; a real one is
// longer than it takes to write a snapshot, by far.
const ackWait = 500 * time.Millisecond

// verdict prints the figures, and reports whether they are those of the batch.
func (w *worker) verdict(d *desk) (equal bool, err error) {
	asOf := w.state.Latest
	figures, err := w.tracker.AsOf(asOf)
	if err != nil {
		return false, err
	}
	want, refused, err := batch(d.deliveries, asOf)
	if err != nil {
		return false, err
	}
	different, cells, err := compare(figures, want)
	if err != nil {
		return false, err
	}
	fmt.Fprintln(w.out)
	writeCells(w.out, figures)
	live, _ := w.live()
	left := w.state.Refused + w.state.Ahead
	fmt.Fprintf(w.out, "\n%d messages taken; %d of them refused, %d from the future; %d conversations live at the end.\n", w.state.Sequence, w.state.Refused, w.state.Ahead, live)
	if len(different) > 0 || left != refused {
		fmt.Fprintf(w.out, "Compared with the batch, %d of %d cells differ: %v; left out %d, want %d.\n", len(different), cells, different, left, refused)
		return false, nil
	}
	fmt.Fprintf(w.out, "Compared with the batch, all %d cells are the same, byte for byte.\n", cells)
	return true, nil
}
