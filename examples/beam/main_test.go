package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/servicequality/servicequality/examples/internal/golden"
)

// Besides running the tests, this program is a worker, if Beam starts it as one:
// then Init does not return.
func TestMain(m *testing.M) {
	flag.Parse()
	beam.Init()
	// Beam leaves a file there for each pipeline.
	temp, err := os.MkdirTemp("", "beam-test-")
	if err != nil {
		panic(err)
	}
	os.Setenv("TMPDIR", temp)
	status := m.Run()
	os.RemoveAll(temp)
	os.Exit(status)
}

// output runs the command with a file for its report, and returns what is in it.
func output(t *testing.T, args ...string) (report, stderr string, status int) {
	t.Helper()
	var s settings
	flags := flag.NewFlagSet("beam", flag.ContinueOnError)
	s.define(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	s.output = filepath.Join(t.TempDir(), "report.txt")
	var errs bytes.Buffer
	status = run(context.Background(), s, &errs)
	text, err := os.ReadFile(s.output)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text), errs.String(), status
}

func writeFile(t *testing.T, folder, name string, lines ...string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestGolden(t *testing.T) {
	got, errs, status := output(t)
	if status != exitDone || errs != "" {
		t.Errorf("status %d: %s", status, errs)
	}
	golden.Check(t, "sample.txt", got)
}

// Whatever the flags, the report is the text of the one without Beam.
func TestSameText(t *testing.T) {
	folder := t.TempDir()
	empty := writeFile(t, folder, "empty.jsonl")
	broken := writeFile(t, folder, "broken.jsonl", "nonsense", "{}")
	late := writeFile(t, folder, "late.jsonl", `{"type":"message_received","conversation":"\u001b[31m","at":"2026-03-02T23:30:00Z","channel":"\u001b[31m"}`)
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"-as-of", "2026-03-06T12:00:00+01:00"}, exitDone, "as of Friday, 6 March 2026, 11:00 UTC\n"},
		{[]string{"-as-of", "2026-03-01T00:00:00Z"}, exitDone, "Service quality by channel and day: no events\n0 events.\n\n"},
		{[]string{"-zone", "Europe/Berlin", "-events", late}, exitDone, "\n  ?[31m    2026-03-03  "},
		{[]string{"-zone", "America/New_York", "-generate", "50"}, exitDone, "2026-03-01"},
		{[]string{"-events", empty}, exitDone, "Service quality by channel and day: no events\n0 events.\n\n"},
		{[]string{"-events", broken}, exitRejected, "0 events, 2 malformed lines left out.\n"},
	} {
		got, errs, status := output(t, tt.args...)
		if status != tt.status || (errs == "") != (status == exitDone) {
			t.Errorf("%v: status %d: %s", tt.args, status, errs)
		}
		want, _, batchStatus := output(t, append(tt.args, "-batch")...)
		if got != want || status != batchStatus {
			t.Errorf("%v: the pipeline prints\n%s\nstatus %d, without Beam\n%s\nstatus %d", tt.args, got, status, want, batchStatus)
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%v: %q is not in\n%s", tt.args, tt.want, got)
		}
	}
}

// Malformed lines are told by file and line, and change nothing else.
func TestMalformed(t *testing.T) {
	folder := t.TempDir()
	good := strings.Split(strings.TrimSpace(sample), "\n")
	first := writeFile(t, folder, "a.jsonl", append([]string{"nonsense", ""}, good[:300]...)...)
	var bad []string
	for range shownMalformed + 2 {
		bad = append(bad, `{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":6}`)
	}
	second := writeFile(t, folder, "b.jsonl", append(good[300:], bad...)...)
	rejected := filepath.Join(folder, "rejected.txt")

	got, errs, status := output(t, "-events", filepath.Join(folder, "*.jsonl"), "-rejected", rejected)
	if status != exitRejected || errs != "beam: 13 malformed lines left out\n" {
		t.Errorf("status %d: %s", status, errs)
	}
	head, table, _ := strings.Cut(got, "\n\n  channel")
	lines := strings.Split(head, "\n")
	if len(lines) != 3+shownMalformed+1 {
		t.Fatalf("%d lines above the table:\n%s", len(lines), head)
	}
	for i, want := range map[int]string{
		1:  "730 events, 9 repeated, replaced or retracted events left out, 13 malformed lines left out.",
		3:  "  " + first + `: line 1: metrics: malformed: `,
		4:  "  " + second + ": line 440: rating: ",
		12: "  " + second + ": line 448: rating: ",
		13: "  … and 3 more",
	} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d: %q, want %q", i+1, lines[i], want)
		}
	}
	whole, _, _ := output(t)
	if _, want, _ := strings.Cut(whole, "\n\n  channel"); table != want {
		t.Error("malformed lines change the figures")
	}
	text, err := os.ReadFile(rejected)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n != 13 || !strings.Contains(string(text), second+": line 451: ") {
		t.Errorf("%d rejected lines:\n%s", n, text)
	}
}

func TestWrongUse(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-zone", "Europe/Atlantis"}, "beam: -zone: unknown time zone Europe/Atlantis"},
		{[]string{"-as-of", "1969-12-31T23:59:59Z"}, "beam: -as-of: metrics: time outside 1970 to 2261"},
		{[]string{"-generate", "-1"}, "beam: -generate -1: want a positive number"},
		{[]string{"-generate", "1", "-events", "x"}, "beam: -events and -generate: want one of them"},
		{[]string{"-batch", "-rejected", "x"}, "beam: -rejected: not with -batch"},
		{[]string{"-batch", "-events", "no such file"}, `beam: no file matches "no such file"`},
		{[]string{"-events", "no such file"}, `no file matches "no such file"`},
		{[]string{"-events", "nowhere://file"}, `file system scheme "nowhere" not registered`},
	} {
		got, errs, status := output(t, tt.args...)
		// When a part of a job fails, a runner may have gone on with an empty
		// report; the status and the error tell.
		inJob := strings.Contains(errs, "failed:")
		if got != "" && !inJob || !strings.Contains(errs, tt.want) || status != exitFailed {
			t.Errorf("%v: status %d, %q, %q", tt.args, status, got, errs)
		}
	}
}
