package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/surveyfile"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

func report(args ...string) (stdout, stderr string, status int) {
	var out, errs strings.Builder
	status = run(args, &out, &errs)
	return out.String(), errs.String(), status
}

func TestBundled(t *testing.T) {
	got, errs, status := report()
	if status != exitDone || errs != "" {
		t.Fatalf("status %d, %s", status, errs)
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

// The forms in which survey tools and spreadsheets write files; testdata/README.md has
// their sources. Each is read as it comes, or with the flags that the error of the file
// without them names.
func TestForms(t *testing.T) {
	for _, tt := range []struct {
		file   string
		args   []string
		status int
	}{
		{"own.csv", nil, exitRejected},
		{"surveymonkey.csv", []string{"-columns", "nps=10,comment=11,csat=12", "-guess"}, exitDone},
		{"surveymonkey_condensed.csv", []string{"-columns", "character=Han Solo", "-form", "testdata/character.json"}, exitDone},
		{"googleforms.csv", []string{"-guess", "-changed", "2026-03-03"}, exitDone},
		{"typeform.csv", []string{"-guess", "-columns", "comment=What could we do better"}, exitDone},
		{"limesurvey.csv", []string{"-changed", "2026-03-03"}, exitDone},
		{"limesurvey_text.csv", []string{"-columns", "speed=G01Q02", "-form", "testdata/speed.json"}, exitDone},
		{"qualtrics.csv", []string{"-columns", "nps=19,csat=Q2,comment=Q3", "-guess", "-invited", "40"}, exitDone},
		{"delighted.csv", nil, exitDone},
		{"field_service.csv", []string{"-changed", "2022-10-10"}, exitRejected},
		{"garden_centres.csv", []string{"-columns", "comment=explication,group=t"}, exitDone},
		{"whiteboard.csv", []string{"-columns", "comment=text"}, exitDone},
		{"star_wars.csv", []string{"-columns", "character=Han Solo", "-form", "testdata/character.json"}, exitDone},
		{"excel_german.csv", []string{"-columns", "csat=Zufriedenheit,at=Datum,group=Filiale,comment=Bemerkung", "-time-format", "DD.MM.YYYY", "-changed", "2026-03-03"}, exitDone},
		{"invited.csv", nil, exitDone},
	} {
		path := filepath.Join("testdata", tt.file)
		got, errs, status := report(append([]string{"-answers", path}, tt.args...)...)
		if status != tt.status || errs != "" {
			t.Errorf("%s: status %d, %s", tt.file, status, errs)
			continue
		}
		golden(t, strings.TrimSuffix(tt.file, ".csv")+".txt", got)
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
	path := file(t, text.String())
	got, errs, status := report("-answers", path, "-changed", "2026-03-01")
	want := "up 8.0 points, 95 % −0.3 to 16.2: not distinguishable from no change"
	if status != exitDone || !strings.Contains(got, want) {
		t.Errorf("%s\n%s\nwant %s", errs, got, want)
	}
	got, errs, status = report("-answers", path, "-changed", "2020-01-01")
	if status != exitDone || !strings.Contains(got, "no answers before or none after") {
		t.Errorf("%s\n%s", errs, got)
	}
	if answered.MatchString(got) {
		t.Errorf("nobody knows who was asked:\n%s", got)
	}
}

var answered = regexp.MustCompile(`(?m)^  (\d+) answered: response rate .*, n = (\d+)$`)

// Who was asked, and who of them answered.
func TestRates(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		args       []string
		want       string // empty: no rate
	}{
		{"responses only", "question,answer\nnps,9\nnps,3\n", nil, ""},
		{"a person twice", "question,answer,respondent,at,id\nnps,9,anna,2026-03-01,1\nnps,10,anna,2026-03-02,2\nnps,,ben,2026-03-02,3\n", nil, "1 of 2"},
		{"a person in two ways", "question,answer,respondent,source\nnps,9,anna,email\nnps,,anna,phone\nnps,,ben,phone\n", nil, "1 of 2"},
		{"about two things", "question,answer,respondent,about\nnps,9,anna,1\nnps,,anna,2\n", nil, "1 of 2"},
		{"delivered twice", "question,answer,id\nnps,9,1\nnps,9,1\nnps,,2\n", nil, "1 of 2"},
		{"the same key in two sources", "question,answer,id,source\nnps,9,1,email\nnps,9,1,phone\nnps,,2,phone\n", nil, "2 of 3"},
		{"NA is no empty answer", "question,answer\nnps,9\nnps,NA\n", nil, ""},
		{"wide with gaps", "nps,csat\n9,\n,5\n", nil, ""},
		{"a flag", "nps,csat\n9,\n,5\n", []string{"-invited", "4"}, "1 of 4"},
		{"a column", "nps,invited\n9,yes\n,2026-03-01\n3,no\n10,0\n", nil, "1 of 2"},
		{"a flag that is exact", "nps\n9\n8\n", []string{"-invited", "2"}, "2 of 2"},
		{"previews", "Status,nps,invited\na,b,c\n\"{\"\"ImportId\"\":\"\"status\"\"}\",d,e\n1,9,yes\n0,9,yes\n0,,yes\n", nil, "1 of 2"},
		{"a column that says no to all", "nps,invited\n9,no\n", nil, ""},
	} {
		got, errs, status := report(append([]string{"-answers", file(t, tt.text)}, tt.args...)...)
		rate := ""
		if m := answered.FindStringSubmatch(got); m != nil {
			rate = m[1] + " of " + m[2]
		}
		if status != exitDone || rate != tt.want {
			t.Errorf("%s: status %d, %s\n%s\nhas %q, want %q", tt.name, status, errs, got, rate, tt.want)
		}
	}
}

// A number of people in all says nothing about each way of asking.
func TestInvitedInAll(t *testing.T) {
	path := file(t, "question,answer,source\nnps,9,email\nnps,8,phone\nnps,,phone\n")
	if got, _, _ := report("-answers", path, "-invited", "9"); strings.Contains(got, "where they were asked") {
		t.Errorf("who was asked where is not known:\n%s", got)
	}
	if got, _, _ := report("-answers", path); !strings.Contains(got, "where they were asked") {
		t.Errorf("who was asked where is known:\n%s", got)
	}
}

// An answer without a time is on neither side, a single group is compared with nothing,
// and a definition of one's own need not have a source or bad answers.
func TestPlain(t *testing.T) {
	form := file(t, `{"questions": {"mood": {"name": "Mood", "scale": {"min": 1, "max": 4}, "statistic": "mean", "places": 1}}}`)
	got, errs, status := report("-form", form, "-changed", "2026-03-02", "-answers", file(t, "mood,at,group,comment\n4,2026-03-01,a,good\n3,2026-03-01,a,so-so\n2,2026-03-03,a,dull\n1,2026-03-04,a,sad\n1,,,lost\n"))
	for _, want := range []string{"before 3.5, ", "after 1.5, ", "who answered 1–2:\n    1, line 5: sad\n    1, line 6: lost\n    2, line 4: dull\n\n", "  Mood: mean answer on 1–4.\n"} {
		if status != exitDone || !strings.Contains(got, want) {
			t.Errorf("%s\n%s\nwant %s", errs, got, want)
		}
	}
	if strings.Contains(got, "groups:") {
		t.Errorf("there is one group:\n%s", got)
	}
}

func TestComments(t *testing.T) {
	got, _, status := report("-answers", file(t, strings.Join([]string{
		"nps,email,comment,ticket",
		"3,ana@example.org,superseded,1",
		"6,ana@example.org,the last of ana,1",
		"9,ben@example.org,a promoter,2",
		"0,,worst,3",
		"2,,,4",
		"5,,NA,5",
		"4,,\x1b[31mred\x07\u202e,6",
	}, "\n")))
	want := `  what those wrote who answered 0–6:
    0, line 5, about 3: worst
    4, line 8, about 6: ?[31mred?
    6, line 3, ana@example.org, about 1: the last of ana
`
	if status != exitDone || !strings.Contains(got, want) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	// Where a low answer is good, high ones are bad. What employees wrote is not shown.
	got, _, _ = report("-answers", file(t, "ces_1,comment\n1,easy\n4,hard\n5,harder\n"))
	if want := "    5, line 4: harder\n    4, line 3: hard\n"; !strings.Contains(got, want) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	got, _, _ = report("-answers", file(t, "enps,comment,group\n"+strings.Repeat("0,it was the boss,it\n", 6)))
	if strings.Contains(got, "boss") {
		t.Errorf("an employee can be recognised:\n%s", got)
	}
	var many strings.Builder
	many.WriteString("csat,comment\n")
	for range listed + 3 {
		many.WriteString("1,slow\n")
	}
	if got, _, _ = report("-answers", file(t, many.String())); strings.Count(got, ": slow\n") != listed || !strings.Contains(got, "… and 3 more") {
		t.Errorf("the list is\n%s", got)
	}
}

// Staff without teams, and with some who name none.
func TestStaff(t *testing.T) {
	got, _, _ := report("-answers", file(t, "enps\n9\n8\n7\n1\n10\n9\n"), "-invited", "8")
	if want := "====\n    all 33.3, 95 % −26.7 to 71.2, n = 6\n  6 answered: response rate 75.0 %"; !strings.Contains(got, want) {
		t.Errorf("%s\nwant %s", got, want)
	}
	got, _, _ = report("-answers", file(t, "question,answer,team,source\n"+strings.Repeat("enps,9,a,email\nenps,8,,app\nenps,,,app\n", 5)))
	for _, want := range []string{"    a 100.0", "    (no team) 0.0", "    all 50.0", "  10 answered: response rate 66.7 %"} {
		if !strings.Contains(got, want) || strings.Contains(got, "where they were asked") {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// Groups that are numbered stand in the order of their numbers.
func TestGroupOrder(t *testing.T) {
	got, _, _ := report("-answers", file(t, "nps,group\n9,10\n8,2\n7,b\n6,a\n5,1\n"))
	last := -1
	for _, name := range []string{"1", "2", "10", "a", "b"} {
		at := strings.Index(got, "\n    "+name+" ")
		if at <= last {
			t.Errorf("group %s is not in its place:\n%s", name, got)
		}
		last = at
	}
}

func TestOwnServqual(t *testing.T) {
	lines := strings.SplitAfter(string(bundledServqual), "\n")
	text := strings.ReplaceAll(lines[0]+lines[1]+lines[2], ",", ";")
	got, errs, status := report("-servqual", file(t, "\ufeff"+text))
	if status != exitDone || !strings.Contains(got, "n = 2") || strings.Contains(got, "CSAT") {
		t.Errorf("%s\n%s", errs, got)
	}
	// A bad sheet is left out, and told.
	bad := strings.Replace(lines[3], ",5,", ",9,", 1) + strings.Replace(lines[4], ",25,12\n", ",many,12\n", 1) + "s05,5\n"
	got, errs, status = report("-servqual", file(t, lines[0]+lines[1]+lines[2]+bad))
	for _, want := range []string{"n = 2", "line 4: e", `not an answer on the scale: "9"`, `line 5: assurance: importance "many" is not a number`, "line 6: 2 fields, but 50 headers"} {
		if status != exitRejected || !strings.Contains(got, want) {
			t.Errorf("status %d, %s\n%s\nwant %s", status, errs, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	lines := strings.SplitAfter(string(bundledServqual), "\n")
	for want, args := range map[string][]string{
		"the file is empty":                          {"-answers", file(t, "")},
		"no column is named like a question":         {"-answers", file(t, "answer\n5\n")},
		`there is no column "e1"`:                    {"-servqual", file(t, "answer\n5\n")},
		"there are no answers":                       {"-answers", file(t, "question,answer\n")},
		"no such file":                               {"-answers", filepath.Join(t.TempDir(), "none.csv")},
		"no such file or directory":                  {"-servqual", filepath.Join(t.TempDir(), "none.csv")},
		"form.json: no such file":                    {"-form", "form.json"},
		`-changed "March" is not a day`:              {"-changed", "March"},
		"-invited -1":                                {"-invited", "-1"},
		"-invited 1: but 2 people answered NPS":      {"-invited", "1", "-answers", file(t, "nps\n1\n2\n")},
		`unexpected argument "mine.csv"`:             {"mine.csv"},
		"there is no column of times":                {"-changed", "2026-03-01", "-answers", file(t, "nps\n1\n")},
		"either the day or the month is first":       {"-changed", "2026-03-01", "-answers", file(t, "nps,at\n1,03/02/2026\n")},
		"no respondents with a score":                {"-servqual", file(t, lines[0])},
		"flag provided but not defined":              {"-file", "x"},
		`column 2 "answer" and column 3 "answer"`:    {"-answers", file(t, "question,answer,answer\nnps,9,3\n")},
		`column 2 "nps" and column 3 "NPS" could bo`: {"-answers", file(t, "id,nps,NPS\n1,9,3\n")},
	} {
		if out, errs, status := report(args...); status != exitFailed || !strings.Contains(errs, want) || out != "" {
			t.Errorf("%v: status %d, %s, want %s", args, status, errs, want)
		}
	}
	if _, errs, status := report("-help"); status != exitDone || !strings.Contains(errs, "-columns") {
		t.Errorf("-help: status %d, %s", status, errs)
	}
}

func FuzzReport(f *testing.F) {
	f.Add("question,answer\ncsat,5\n")
	f.Add(string(bundledAnswers[:600]))
	f.Add("id,at,question,source,respondent,group,answer\n1,2026-03-02,enps,,a,b,10\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := surveyfile.Read([]byte(text), surveyfile.Form{Guess: true})
		if err != nil {
			return
		}
		day, err := time.Parse(time.DateOnly, bundledChange)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := reportAnswers(&out, file, settings{changed: day}); err != nil {
			t.Error(err)
		}
		if s := out.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("%q gives\n%s", text, s)
		}
	})
}

func FuzzSheets(f *testing.F) {
	f.Add(string(bundledServqual[:700]))
	f.Fuzz(func(t *testing.T, text string) {
		sheets, _, err := readSheets([]byte(text))
		if err != nil {
			return
		}
		var out strings.Builder
		if reportServqual(&out, sheets) == nil && strings.Contains(out.String(), "NaN") {
			t.Errorf("%q gives\n%s", text, out.String())
		}
	})
}
