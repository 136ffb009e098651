package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/golden"
)

// output runs the command and returns what it prints, and how long it slept.
func output(t *testing.T, stdin string, screen terminal, args ...string) (stdout, stderr string, slept time.Duration, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(args, strings.NewReader(stdin), &out, &errs, screen, func(d time.Duration) { slept += d })
	return out.String(), errs.String(), slept, status
}

// teamDesk is a desk with teams, and quarter is one that names no assignments.
const (
	teamDesk = "../report/testdata/desk"
	quarter  = "../report/quarter.jsonl"
)

func TestGolden(t *testing.T) {
	everything := terminal{live: true, colour: true}
	for name, tt := range map[string]struct {
		screen terminal
		args   []string
	}{
		"sample.txt":          {terminal{}, nil},
		"sample.40.txt":       {terminal{}, []string{"-width", "40"}},
		"sample.60.txt":       {terminal{}, []string{"-width", "60"}},
		"sample.120.txt":      {terminal{}, []string{"-width", "120"}},
		"sample.colour.txt":   {everything, []string{"-once"}},
		"sample.promises.txt": {terminal{}, []string{"-once", "-promises", "-as-of", "2026-03-02T13:00:00+01:00", "-rows", "0", "-width", "120"}},
		"sample.late.txt":     {terminal{}, []string{"-once", "-as-of", "2026-03-02T13:00:00+01:00", "-rows", "3", "-zone", "Asia/Kolkata"}},
		"sample.early.txt":    {terminal{live: true}, []string{"-once", "-as-of", "2026-03-02T07:00:00Z"}},
		"desk.txt":            {terminal{}, []string{"-events", teamDesk + ".jsonl", "-policy", teamDesk + ".policy.json"}},
		"quarter.txt":         {terminal{}, []string{"-events", quarter, "-policy", "../report/policy.json"}},
	} {
		got, errs, slept, status := output(t, "", tt.screen, tt.args...)
		if status != exitDone || errs != "" || slept != 0 {
			t.Errorf("%s: status %d, slept %v, %s", name, status, slept, errs)
		}
		golden.Check(t, name, got)
	}
}

// Live, the board is drawn as simulated time goes on, to an hour after the last
// event.
func TestLive(t *testing.T) {
	for _, screen := range []terminal{{live: true}, {live: true, colour: true}} {
		got, errs, slept, status := output(t, "", screen, "-as-of", "2026-03-02T12:00:00Z", "-speed", "1800", "-zone", "UTC")
		if status != exitDone || errs != "" {
			t.Fatalf("status %d: %s", status, errs)
		}
		var looks []string
		for _, line := range strings.Split(got, "\n") {
			if _, at, ok := strings.Cut(line, "Board as of Monday, 2 March 2026, "); ok {
				looks = append(looks, at)
			}
		}
		// A quarter of an hour passes in half a second. The last event is of 11:48.
		if want := []string{"12:00:00 (UTC)", "12:15:00 (UTC)", "12:30:00 (UTC)", "12:45:00 (UTC)", "13:00:00 (UTC)"}; !slices.Equal(looks, want) {
			t.Errorf("looks at %q, want %q", looks, want)
		}
		if slept != 4*interval {
			t.Errorf("slept %v", slept)
		}
		// Each begins on an empty screen, or where there is none, below the last.
		begins := "\nBoard as of"
		if screen.colour {
			begins = "\x1b[H\x1b[2JBoard as of"
		}
		if strings.Count(got, begins) != len(looks) {
			t.Errorf("%d of %d looks begin with %q", strings.Count(got, begins), len(looks), begins)
		}
		if strings.Contains(got, "\x1b[") != screen.colour {
			t.Error("escape sequences where there should be none, or none where there should be")
		}
	}
}

func TestColoured(t *testing.T) {
	for _, tt := range []struct {
		noColor, term string
		want          bool
	}{
		{"", "xterm-256color", true}, {"1", "xterm", false}, {"", "dumb", false}, {"", "", false},
	} {
		if got := coloured(tt.noColor, tt.term); got != tt.want {
			t.Errorf("NO_COLOR=%q TERM=%q: %v", tt.noColor, tt.term, got)
		}
	}
}

// What is not a terminal is looked at once: a file, and the null device, which
// looks like a terminal.
func TestNoTerminal(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	for _, f := range []*os.File{file, null} {
		if got := terminalOf(f); got != (terminal{}) {
			t.Errorf("%s: %+v", f.Name(), got)
		}
	}
}

const events = `{"type":"message_received","conversation":"7\u001b[31m","at":"2026-03-02T09:00:00Z","channel":"chat"}
{"type":"assigned","conversation":"7\u001b[31m","at":"2026-03-02T09:01:00Z","agent":"ana"}
`

func TestOwnFiles(t *testing.T) {
	policy := filepath.Join(t.TempDir(), "policy.json")
	write := func(text string) {
		if err := os.WriteFile(policy, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"targets": [{"measure": "first_response", "within": "2m", "warn": "50%"}]}`)
	got, errs, _, status := output(t, events+"nonsense\n", terminal{}, "-events", "-", "-policy", policy)
	if status != exitRejected || !strings.HasPrefix(errs, "board: line 3: ") {
		t.Errorf("status %d: %s", status, errs)
	}
	// Names do not steer the terminal.
	want := `Board as of Monday, 2 March 2026, 09:01:00 (UTC)

1 conversation is open: 0 past a promise, 1 due soon, 0 in time.
1 promise is open: 0 past, 1 due soon, 0 in time.
In 1 conversation the customer waits for an answer, for 1 min (7?[31m).

Nothing is overdue.

Due next
id      channel  agent  promise         due
7?[31m  chat     ana    first_response  in 1 min, soon
`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	csv := "type,conversation,at\nmessage_received,7,2026-03-02T09:00:00Z\n"
	if got, _, _, status := output(t, csv, terminal{}, "-events", "-", "-policy", policy, "-as-of", "2026-03-02T09:02:00Z"); status != exitDone || !strings.Contains(got, "1 promise is open: 1 past,") {
		t.Errorf("status %d: %s", status, got)
	}
	if got, _, _, status := output(t, noEvents, terminal{}, "-events", "-"); status != exitDone || got != "Board: no events\n" {
		t.Errorf("status %d: %q", status, got)
	}

	write(`{"targets": [{"measure": "first_response", "within": "0m"}]}`)
	if got, errs, _, status := output(t, "", terminal{}, "-policy", policy); status != exitFailed || got != "" ||
		!strings.Contains(errs, `standards: targets[0].within: budget is not positive: "0s"`) {
		t.Errorf("status %d: %s%s", status, got, errs)
	}
}

func TestWrongUse(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-speed", "0"}, "board: -speed 0: want more than 0 and at most 86400"},
		{[]string{"-speed", "NaN"}, "board: -speed NaN: want more than 0 and at most 86400"},
		{[]string{"-rows", "-1"}, "board: -rows -1: want 0 or more"},
		{[]string{"-format", "pdf"}, `board: -format "pdf": want text or html`},
		{[]string{"-refresh", "-1s"}, "board: -refresh -1s: want whole seconds"},
		{[]string{"-refresh", "1500ms"}, "board: -refresh 1.5s: want whole seconds"},
		{[]string{"-width", "19"}, "board: -width 19: want 20 or more"},
		{[]string{"file.jsonl"}, `board: unexpected argument "file.jsonl"; name the file with -events`},
		{[]string{"-events", "no such file"}, "board: open no such file: no such file or directory"},
		{[]string{"-policy", "no such file"}, "board: open no such file: no such file or directory"},
	} {
		got, errs, _, status := output(t, "", terminal{}, tt.args...)
		if got != "" || strings.TrimSpace(errs) != tt.want || status != exitFailed {
			t.Errorf("%v: status %d, %q, %q", tt.args, status, got, errs)
		}
	}
	if _, errs, _, status := output(t, "", terminal{}, "-as-of", "noon"); status != exitFailed || !strings.Contains(errs, "noon") {
		t.Errorf("status %d: %s", status, errs)
	}
	if _, errs, _, status := output(t, "", terminal{}, "-link", "javascript:{id}"); status != exitFailed || !strings.Contains(errs, "want an address such as https://") {
		t.Errorf("status %d: %s", status, errs)
	}
	for _, zone := range []string{"Local", "", "Europe/Nowhere"} {
		if _, errs, _, status := output(t, "", terminal{}, "-zone", zone); status != exitFailed || !strings.Contains(errs, strconv.Quote(zone)) {
			t.Errorf("-zone %q: status %d: %s", zone, status, errs)
		}
	}
	if _, errs, _, status := output(t, "", terminal{}, "-h"); status != exitDone || !strings.Contains(errs, "-speed") {
		t.Errorf("status %d: %s", status, errs)
	}
	if status := run([]string{"-once"}, nil, broken{}, &bytes.Buffer{}, terminal{}, nil); status != exitFailed {
		t.Errorf("a broken output: status %d", status)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

// noEvents is a file of a desk that nobody has written to.
const noEvents = "type,conversation,at\n"

// What is no file of events makes no board, and says why.
func TestNoFileOfEvents(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "the input is empty",
		"\n \n":                    "the input is empty",
		"\x00\x00\x00\x00":         "it begins with zeros",
		someEvents[:40] + "\r{}":   "turn them into line feeds, as by tr",
		"{\n\"type\": \"opened\"}": "write each on one, as by jq -c '.'",
		"\x1f\x8b\x08":             "unpack it first, as by gunzip -c",
		"\xff\xfe{\x00":            "save it as UTF-8",
		"[{}]":                     "as by jq -c '.[]'",
		"{}\n[]\n":                 "no line is an event, and 2 lines could not be read",
	} {
		for _, format := range []string{"text", "html"} {
			got, errs, _, status := output(t, text, terminal{}, "-events", "-", "-format", format)
			lines := strings.Split(strings.TrimSuffix(errs, "\n"), "\n")
			if status != exitFailed || got != "" || !strings.Contains(lines[len(lines)-1], want) {
				t.Errorf("%.20q: status %d, %q, %q", text, status, got, errs)
			}
		}
	}
	_, errs, _, status := output(t, manyEvents(3)+`{"type":"opened","conversation":"late","at":"2099-01-01T00:00:00Z"}`, terminal{}, "-events", "-")
	if status != exitDone || !strings.HasPrefix(errs, "board: 1 event of 4 is more than 90 days later than all others, at 2099-01-01T00:00:00Z") {
		t.Errorf("status %d, %q", status, errs)
	}
}

// manyEvents are so many conversations of a day.
func manyEvents(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"type":"opened","conversation":"%d","at":"2026-03-02T09:00:%02dZ"}`+"\n", i, i)
	}
	return b.String()
}

// The first instant of the year 1 is as good as another.
func TestAsOfTheYear1(t *testing.T) {
	year1, _, _, status := output(t, "", terminal{}, "-once", "-as-of", "0001-01-01T00:00:00Z")
	epoch, _, _, also := output(t, "", terminal{}, "-once", "-as-of", "1970-01-01T00:00:00Z")
	_, a, _ := strings.Cut(year1, "\n")
	_, b, _ := strings.Cut(epoch, "\n")
	if status != exitDone || also != exitDone || a != b || !strings.Contains(a, "No conversation is open.") {
		t.Errorf("status %d: %s\nin 1970: %s", status, year1, epoch)
	}
}
