package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

func report(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := run(&out, io.Discard, args)
	return out.String(), err
}

func TestBundled(t *testing.T) {
	got, err := report(t)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "bundled.txt", got)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the report is\n%s", got)
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mine.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// A user's file: another order of columns, one column more, no times.
func TestOwnAnswers(t *testing.T) {
	got, err := report(t, "-answers", file(t, "\ufeffAnswer,comment,Question\n5,fine,csat\n4,\"so, so\",csat\n1,,csat\n,,csat\n3,,ces_1\nx,,nps\n"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "own.txt", got)
	if strings.Contains(got, "SERVQUAL") {
		t.Error("the bundled SERVQUAL sheets are in the report of another file")
	}
}

// A difference in words: before a day and from that day on.
func TestChanged(t *testing.T) {
	var text strings.Builder
	text.WriteString("question,at,answer\n")
	add := func(n int, line string) { text.WriteString(strings.Repeat(line+"\n", n)) }
	add(146, "csat,2026-02-10,5")
	add(54, "csat,2026-02-10,1")
	add(162, "csat,2026-03-01,4")
	add(38, "csat,2026-03-05T10:00:00+02:00,2")
	got, err := report(t, "-answers", file(t, text.String()), "-changed", "2026-03-01")
	want := "up 8.0 points, 95 % −0.3 to 16.2: not distinguishable from no change"
	if err != nil || !strings.Contains(got, want) {
		t.Errorf("%v\n%s\nwant %s", err, got, want)
	}
	got, err = report(t, "-answers", file(t, text.String()), "-changed", "2020-01-01")
	if err != nil || !strings.Contains(got, "no answers before or none after") {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestOwnServqual(t *testing.T) {
	lines := strings.SplitAfter(bundledServqual, "\n")
	got, err := report(t, "-servqual", file(t, lines[0]+lines[1]+lines[2]))
	if err != nil || !strings.Contains(got, "n = 2") || strings.Contains(got, "CSAT") {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestErrors(t *testing.T) {
	lines := strings.SplitAfter(bundledServqual, "\n")
	for want, args := range map[string][]string{
		"the file is empty":                      {"-answers", file(t, "")},
		`there is no column "question"`:          {"-answers", file(t, "answer\n5\n")},
		`there is no column "e1"`:                {"-servqual", file(t, "answer\n5\n")},
		`line 3: unknown question "cast", want`:  {"-answers", file(t, "question,answer\ncsat,5\ncast,5\n")},
		`line 2: unknown question ""`:            {"-answers", file(t, "question,answer\n,5\n")},
		`line 2: at "yesterday" is neither`:      {"-answers", file(t, "question,answer,at\ncsat,5,yesterday\n")},
		"there are no answers":                   {"-answers", file(t, "question,answer\n")},
		"wrong number of fields":                 {"-answers", file(t, "question,answer\ncsat\n")},
		"no such file":                           {"-answers", filepath.Join(t.TempDir(), "none.csv")},
		`-changed "March" is not a day`:          {"-changed", "March"},
		`unexpected argument "mine.csv"`:         {"mine.csv"},
		`e1: survey: not an answer on the scale`: {"-servqual", file(t, lines[0]+strings.Replace(lines[1], ",5,", ",9,", 1))},
		`importance "many" is not a number`:      {"-servqual", file(t, lines[0]+strings.Replace(lines[1], ",14\n", ",many\n", 1))},
		"no respondents with a score":            {"-servqual", file(t, lines[0])},
		"flag provided but not defined":          {"-file", "x"},
	} {
		if out, err := report(t, args...); err == nil || !strings.Contains(err.Error(), want) || out != "" {
			t.Errorf("%v: %v, want %s", args, err, want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add("question,answer\ncsat,5\n")
	f.Add(bundledAnswers[:600])
	f.Add("id,at,question,source,respondent,group,answer\n1,2026-03-02,enps,,a,b,10\n")
	f.Fuzz(func(t *testing.T, text string) {
		questions, err := readAnswers(strings.NewReader(text))
		if err != nil {
			return
		}
		day, _ := parseDay(bundledChange)
		var out strings.Builder
		if err := reportAnswers(&out, questions, day); err != nil {
			t.Log(err)
		}
		if s := out.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("%q gives\n%s", text, s)
		}
	})
}

func FuzzSheets(f *testing.F) {
	f.Add(bundledServqual[:700])
	f.Fuzz(func(t *testing.T, text string) {
		sheets, err := readSheets(strings.NewReader(text))
		if err != nil {
			return
		}
		var out strings.Builder
		if reportServqual(&out, sheets) == nil && strings.Contains(out.String(), "NaN") {
			t.Errorf("%q gives\n%s", text, out.String())
		}
	})
}
