package main

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMain lets the program of the tests be a worker, as the program is.
func TestMain(m *testing.M) {
	if work() {
		return
	}
	os.Exit(m.Run())
}

// brief are options with which a comparison takes a second or so. What is not
// there is not installed.
func brief(t *testing.T) options {
	return options{
		repeats: 1, atLeast: time.Microsecond, values: 20_000, progress: io.Discard,
		events: 20_000, seed: 7, rounds: 2, threads: 2, cache: t.TempDir(),
	}
}

// TestComparisons runs each comparison once, briefly, without peers that need more
// than Go: they fail if the libraries do not agree.
func TestComparisons(t *testing.T) {
	for _, c := range comparisons {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			o := brief(t)
			o.peersWanted = []string{}
			if err := c.run(&out, o); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), "ratio") {
				t.Errorf("no table:\n%s", &out)
			}
			t.Logf("\n%s", &out)
		})
	}
}

func TestRun(t *testing.T) {
	var out, said bytes.Buffer
	err := run([]string{"-markdown", "-n", "1000", "-rounds", "1", "-peers", "", "-cache", t.TempDir(), "events"}, &out, &said)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## events: ", "1,000 events of ", "| servicequality ", "|---", "bytes/event"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	for _, test := range []struct{ arguments, want string }{
		{"nonsense", `no comparison is called "nonsense"`},
		{"-n 999 events", "at least 1,000 events"},
		{"-rounds 0 events", "one round"},
		{"-threads 0 events", "one thread"},
		{"-peers oracle -n 1000 events", `no peer is called "oracle"`},
		{"-peers jq,nobody -n 1000 files", `no peer is called "nobody"`},
		{"-h", "help requested"},
	} {
		said.Reset()
		arguments := append([]string{"-cache", t.TempDir()}, strings.Fields(test.arguments)...)
		if err := run(arguments, io.Discard, &said); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.arguments, err, test.want)
		}
	}
	for _, c := range comparisons {
		if !strings.Contains(said.String(), c.name) {
			t.Errorf("usage does not name %s:\n%s", c.name, &said)
		}
	}
}

func TestParsePeers(t *testing.T) {
	for _, test := range []struct {
		flag  string
		named bool
		want  []string // nil: those by default
	}{
		{"", true, nil},
		{"", false, []string{}},
		{"none", true, []string{}},
		{"all", false, []string{"duckdb", "sqlite", "postgres", "pandas", "jq"}},
		{"jq,duckdb", true, []string{"jq", "duckdb"}},
	} {
		got, err := parsePeers(test.flag, test.named)
		if err != nil || (got == nil) != (test.want == nil) || !slices.Equal(got, test.want) {
			t.Errorf("%q: %v, error %v", test.flag, got, err)
		}
	}
}
