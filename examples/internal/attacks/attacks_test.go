package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test be the process that is attacked.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == attacked {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// Each attack on the library, of a small size, keeps its promise, and comes with something
// to say.
func TestLibrary(t *testing.T) {
	tried := 0
	for _, a := range attacks() {
		if a.read == nil || a.small == 0 {
			continue
		}
		r, w := io.Pipe()
		go func() {
			a.input(w, a.small)
			w.Close()
		}()
		said, err := a.read(r)
		r.Close()
		if err != nil || said == "" {
			t.Errorf("%s: %q, %v", a.name, said, err)
		}
		tried++
	}
	if tried < 38 {
		t.Errorf("%d tried", tried)
	}
}

// Names are of one attack each, and each is on the library or on a program.
func TestAttacks(t *testing.T) {
	seen := make(map[string]bool)
	for _, a := range attacks() {
		if seen[a.name] || (a.read == nil) == (a.program == "") || a.program != "" && len(a.checks) == 0 || a.input == nil && a.read != nil {
			t.Errorf("%s: twice, or nothing, or both are attacked, or nothing is checked", a.name)
		}
		seen[a.name] = true
	}
	if len(seen) < 200 {
		t.Errorf("%d attacks", len(seen))
	}
}

// An attack is a process, whose time, memory and input are known.
func TestTry(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	to := target{folder: t.TempDir(), self: self}
	for _, a := range attacks() {
		if a.name != "stored: the mean of stars of 4,000,000 digits" {
			continue
		}
		a.size = 5000
		o, err := to.try(t.Context(), &a)
		if broken := a.judge(o); err != nil || len(broken) > 0 {
			t.Fatalf("%v, %v", broken, err)
		}
		if o.status != 0 || o.input < 5000 || o.input > 6000 || o.time <= 0 || o.memory == 0 || o.said() == "" {
			t.Errorf("%+v", o)
		}
	}
}

func TestJudge(t *testing.T) {
	program := attack{program: "report", checks: []func(*outcome) string{harmless}}
	for _, tt := range []struct {
		attack  attack
		outcome outcome
		want    string
	}{
		{program, outcome{time: mostTime, memory: mostMemory}, ""},
		{program, outcome{time: mostTime + time.Millisecond*10}, "10.01 s of a processor, of at most 10s"},
		{program, outcome{memory: mostMemory + 1<<20}, "257 MB, of at most 256"},
		{program, outcome{memory: -1}, ""},
		{attack{program: "report", time: time.Second}, outcome{time: 2 * time.Second}, "2.00 s of a processor, of at most 1s"},
		{attack{program: "report", memory: 1 << 20}, outcome{memory: 2 << 20}, "2 MB, of at most 1"},
		{program, outcome{killed: true}, "it was killed"},
		{program, outcome{tooMuch: true}, "more than 64 MB"},
		{program, outcome{stdout: "\x1b[31m"}, "the output have"},
		{program, outcome{stderr: "\u202e"}, "the messages have"},
		{program, outcome{status: 1}, ""},
		{attack{read: counts(false)}, outcome{status: 2, stderr: "why"}, "status 2: why"},
	} {
		broken := strings.Join(tt.attack.judge(tt.outcome), "; ")
		if (broken == "") != (tt.want == "") || !strings.Contains(broken, tt.want) {
			t.Errorf("%+v: %q, want %q", tt.outcome, broken, tt.want)
		}
	}
}

// Each check sees what it is for.
func TestChecks(t *testing.T) {
	for _, tt := range []struct {
		name  string
		check func(*outcome) string
		good  outcome
		bad   []outcome
	}{
		{"harmless", harmless, outcome{stdout: "Zoë · 客服\n a\u00a0b"}, []outcome{{stdout: "\a"}, {stdout: "\u009b"}, {stderr: "\u2066"}, {stdout: "a\rb"}, {stdout: "\u2028"}}},
		{"unforged", unforged, outcome{stdout: "x\n" + forged + " in a paragraph"}, []outcome{{stdout: "x\n\n" + forged}, {stderr: "x\r\n\r\n" + forged}}},
		{"even", even, outcome{stdout: "| a | b |\n|---|---|\n| \\| | b |\n\n| a |\n"}, []outcome{{stdout: "| a | b |\n|---|---|\n| c | d | e |\n"}}},
		{"narrow", narrow(5), outcome{stdout: "12345\n"}, []outcome{{stdout: "123456"}, {stderr: "客服客"}}},
		{"shorter", shorter(5), outcome{stdout: "123", stderr: "45"}, []outcome{{stdout: "123", stderr: "456"}}},
		{"refused", refused("why"), outcome{status: 2, stderr: "p: line 1\np: why\n"}, []outcome{{status: 1, stderr: "p: why\n"}, {status: 2, stderr: "p: no\n"}, {status: 2, stderr: "p: why\nusage\n"}, {status: 2, stderr: "why", stdout: "x"}}},
		{"ended", ended(0, 1), outcome{status: 1}, []outcome{{status: 2}, {status: -1}}},
		{"says", says("word"), outcome{stderr: "a word"}, []outcome{{stdout: "nothing"}}},
	} {
		if wrong := tt.check(&tt.good); wrong != "" {
			t.Errorf("%s: %s", tt.name, wrong)
		}
		for _, bad := range tt.bad {
			if tt.check(&bad) == "" {
				t.Errorf("%s: nothing is wrong with %+v", tt.name, bad)
			}
		}
	}
}

func TestRun(t *testing.T) {
	for _, tt := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"no such attack"}, exitFailed, `attacks: no attack has "no such attack" in its name`},
		{[]string{"-nonsense"}, exitFailed, "attacks: flag provided but not defined: -nonsense"},
		{[]string{"-h"}, exitHeld, "Usage of attacks"},
		{[]string{attacked, "nobody"}, exitFailed, "attacks: no such attack on the library: nobody"},
	} {
		var out, errs bytes.Buffer
		if status := run(t.Context(), tt.args, strings.NewReader(""), &out, &errs); status != tt.status || !strings.HasPrefix(errs.String(), tt.says) || out.Len() > 0 {
			t.Errorf("%v: status %d, %q, %q", tt.args, status, out.String(), errs.String())
		}
	}
	var out, errs bytes.Buffer
	if status := run(t.Context(), []string{"config:", "a", "zone"}, strings.NewReader(""), &out, &errs); status != exitHeld || strings.Count(out.String(), "\n") < 3 {
		t.Errorf("status %d: %s%s", status, out.String(), errs.String())
	}
}

// What is written stays within what is kept, and goes on for nothing when nobody reads.
func TestWriters(t *testing.T) {
	var kept text64
	block := bytes.Repeat([]byte("x"), 40<<20)
	for range 2 {
		if n, err := kept.Write(block); n != len(block) || err != nil {
			t.Fatal(n, err)
		}
	}
	if kept.Len() != len(block) || !kept.over {
		t.Errorf("%d bytes are kept, %v", kept.Len(), kept.over)
	}
	r, w := io.Pipe()
	r.Close()
	c := &counted{Writer: w}
	repeated("x")(c, 1<<20)
	if c.n != 0 || c.err == nil {
		t.Errorf("%d written, %v", c.n, c.err)
	}
	for n, want := range map[int64]string{0: "0 B", 9999: "9,999 B", 10_000: "10 kB", 200_000_000: "200,000 kB"} {
		if got := size(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
	if got := megabytes(-1) + megabytes(5<<20); got != "–5" {
		t.Error(got)
	}
}
