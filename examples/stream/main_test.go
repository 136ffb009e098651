package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/servicequality/servicequality/examples/internal/golden"
)

// output runs the command.
func output(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs)
	return out.String(), errs.String(), status
}

// The story without what depends on the speed of the machine: which message a
// worker begins after, and looks that are taken again from a snapshot.
func essence(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, "worker") || line != "\n" && slices.Contains(lines, line) {
			continue
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}

func TestStory(t *testing.T) {
	for _, hour := range []string{"0", "5ms"} {
		got, errs, status := output(t, "-hour", hour)
		if status != exitEqual || strings.Count(errs, "\n") == 0 {
			t.Errorf("-hour %s: status %d, %s", hour, status, errs)
		}
		// The messages that are not taken may come to two workers.
		for line := range strings.Lines(errs) {
			if line != "stream: message 1411: metrics: unknown event type: \"ticket.created\"\n" &&
				line != "stream: message 2117: the event is from the future: it happened at 2062-03-03T12:00:00Z, and was sent at 2026-03-03T15:12:10Z\n" {
				t.Errorf("-hour %s: %s", hour, line)
			}
		}
		if begun, killed := strings.Count(got, "A worker begins"), strings.Count(got, "The worker is killed"); begun != 3 || killed != 2 {
			t.Errorf("-hour %s: %d workers begin, %d are killed", hour, begun, killed)
		}
		golden.Check(t, "story.txt", essence(got))
	}
}

// With -url the stream is on another server, and is taken off it at the end.
func TestServerElsewhere(t *testing.T) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := &broker{url: "", embedded: s}
	go s.Start()
	defer elsewhere.close()
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server does not start")
	}
	got, errs, status := output(t, "-url", s.ClientURL(), "-conversations", "50", "-days", "1", "-hour", "0")
	if status != exitEqual || !strings.HasSuffix(got, "the same, byte for byte.\n") {
		t.Errorf("status %d, %s%s", status, got, errs)
	}
	nc, js, err := elsewhere.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	for name := range js.StreamNames(t.Context()).Name() {
		t.Errorf("stream %s is left", name)
	}
}

func TestWrongUse(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"file.jsonl"}, `stream: unexpected argument "file.jsonl"`},
		{[]string{"-conversations", "0"}, "stream: want at least one conversation, one day, and no negative hour"},
		{[]string{"-days", "-1"}, "stream: want at least one conversation, one day, and no negative hour"},
		{[]string{"-hour", "-1s"}, "stream: want at least one conversation, one day, and no negative hour"},
		{[]string{"-url", "nats://127.0.0.1:1"}, "stream: nats: no servers available for connection"},
	} {
		if out, errs, status := output(t, tt.args...); status != exitFailed || out != "" || strings.TrimSpace(errs) != tt.want {
			t.Errorf("%v: status %d, %q, %q", tt.args, status, out, errs)
		}
	}
	if _, errs, status := output(t, "-h"); status != exitEqual || !strings.Contains(errs, "-conversations") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// An interruption ends the story, wherever it is.
func TestInterruption(t *testing.T) {
	ctx, interrupt := context.WithCancelCause(context.Background())
	out := writer(func(p []byte) (int, error) {
		if strings.HasPrefix(string(p), "Tue") {
			interrupt(errors.New("enough"))
		}
		return len(p), nil
	})
	var errs bytes.Buffer
	if status := run(ctx, nil, out, &errs); status != exitFailed || !strings.HasSuffix(errs.String(), "stream: enough\n") {
		t.Errorf("status %d, %s", status, errs.String())
	}
	broken := writer(func(p []byte) (int, error) { return 0, errors.New("broken") })
	if status := run(context.Background(), []string{"-hour", "0"}, broken, &errs); status != exitFailed || !strings.HasSuffix(errs.String(), "stream: broken\n") {
		t.Errorf("a broken output: status %d, %s", status, errs.String())
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }
