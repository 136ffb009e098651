package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/examples/internal/golden"
)

func output(stdin string, args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = run(args, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), status
}

const small = `{
	"scorecard": {"pass_mark": "50", "criteria": [{"id": "a", "weight": "1", "min": 0, "max": 4}]},
	"reviews": [
		{"conversation": "1", "agent": "ana", "reviewer": "x", "marks": {"a": 4}},
		{"conversation": "2", "agent": "", "reviewer": "y", "marks": {"a": 1}}
	]
}`

func TestGolden(t *testing.T) {
	for name, c := range map[string]struct {
		stdin string
		args  []string
	}{
		"sample.txt":    {"", nil},
		"sample.80.txt": {"", []string{"-level", "0.8"}},
		"small.txt":     {small, []string{"-reviews", "-"}},
	} {
		got, errs, status := output(c.stdin, c.args...)
		if status != exitDone || errs != "" {
			t.Errorf("%s: status %d, %s", name, status, errs)
		}
		golden.Check(t, name, got)
	}
}

func TestFileIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "reviews.json")
	if err := os.WriteFile(path, sample, 0o644); err != nil {
		t.Fatal(err)
	}
	got, _, status := output("", "-reviews", path)
	if want, _, _ := output(""); got != want || status != exitDone {
		t.Errorf("status %d, %s", status, got)
	}
}

func TestRefuses(t *testing.T) {
	replace := func(old, with string) string { return strings.Replace(small, old, with, 1) }
	for want, c := range map[string]struct {
		stdin string
		args  []string
	}{
		`-level 95: want a number above 0 and below 1`:    {"", []string{"-level", "95"}},
		`unexpected argument "x"`:                         {"", []string{"x"}},
		`no-such-file`:                                    {"", []string{"-reviews", "no-such-file"}},
		`standard input: EOF`:                             {"", []string{"-reviews", "-"}},
		`standard input: no reviews`:                      {`{}`, []string{"-reviews", "-"}},
		`standard input: more than one JSON value`:        {small + "{}", []string{"-reviews", "-"}},
		`unknown field "agents"`:                          {replace(`"reviews"`, `"agents"`), []string{"-reviews", "-"}},
		`criterion 0 "a": unusable definition: weight -1`: {replace(`"weight": "1"`, `"weight": "-1"`), []string{"-reviews", "-"}},
		`review 2: rating: review does not fit the scorecard: conversation "2": criterion "a": mark 9, want 0 to 4`: {replace(`{"a": 1}`, `{"a": 9}`), []string{"-reviews", "-"}},
		`"x" reviewed it twice`: {replace(`"conversation": "2", "agent": "", "reviewer": "y", "marks": {"a": 1}}`,
			`"conversation": "1", "reviewer": "y", "marks": {"a": 1}}, {"conversation": "1", "reviewer": "x", "marks": {"a": 1}}`), []string{"-reviews", "-"}},
	} {
		out, errs, status := output(c.stdin, c.args...)
		if status != exitFailed || out != "" || !strings.Contains(errs, want) {
			t.Errorf("status %d, %q %q; want %s", status, out, errs, want)
		}
	}
	if _, errs, status := output("", "-help"); status != exitDone || !strings.Contains(errs, "-reviews") {
		t.Errorf("-help: status %d, %s", status, errs)
	}
}
