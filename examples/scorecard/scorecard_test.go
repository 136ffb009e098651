package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/rating"
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
		"sample.80.txt": {"", []string{"-level", "0.8", "-explain"}},
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
		`-format "pdf": want text or html`:                {"", []string{"-format", "pdf"}},
		`-explain: only of the format text`:               {"", []string{"-explain", "-format", "html"}},
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

// Names neither steer the terminal nor make lines of their own, methods are only for
// whoever asks, and all fits a terminal.
func TestPlain(t *testing.T) {
	in := strings.NewReplacer(`"ana"`, `"an\u001b[2Ja\u202e\r\n (all) 99"`, `"x"`, `"x`+strings.Repeat("x", 60_000)+`"`, `"id": "a"`, `"id": "a\u2028"`, `{"a":`, `{"a\u2028":`,
		`"conversation": "2"`, `"conversation": "1"`).Replace(small)
	short, errs, status := output("")
	named, errsNamed, statusNamed := output(in, "-reviews", "-", "-explain")
	if status+statusNamed != exitDone {
		t.Fatal(errs, errsNamed)
	}
	for _, got := range []string{short, named} {
		for line := range strings.Lines(got) {
			if line = strings.TrimSuffix(line, "\n"); strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) || plain.Width(line) > plain.Columns {
				t.Errorf("%.200q", line)
			}
		}
	}
	if strings.Contains(short, "kappa") || strings.Contains(short, "ICC") || strings.Contains(short, "Wilson") || !strings.Contains(named, "kappa") || !strings.Contains(named, "Wilson") {
		t.Errorf("%s\n%s", short, named)
	}
}

func TestWords(t *testing.T) {
	for estimate, want := range map[float64]string{-0.1: "poor", 0.2: "poor", 0.21: "fair", 0.4: "fair", 0.41: "moderate", 0.6: "moderate", 0.61: "good", 0.8: "good", 0.81: "very good", 1: "very good"} {
		if got := words(rating.Agreement{Estimate: estimate}); got != want {
			t.Errorf("%v is %s, want %s", estimate, got, want)
		}
	}
	if got := words(rating.Agreement{}); got != text.NoData {
		t.Errorf("nothing is %s", got)
	}
}
