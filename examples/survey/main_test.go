package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/survey/servqual"
)

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
	golden.Check(t, "bundled.txt", got)
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
		{"shop.csv", []string{"-period", "month", "-goal", "nps=40,enps=10", "-changed", "2024-07-01", "-staff", "45"}, exitDone},
	} {
		path := filepath.Join("testdata", tt.file)
		got, errs, status := report(append([]string{"-answers", path}, tt.args...)...)
		if status != tt.status || errs != "" {
			t.Errorf("%s: status %d, %s", tt.file, status, errs)
			continue
		}
		golden.Check(t, strings.TrimSuffix(tt.file, ".csv")+".txt", got)
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
	want := "up 8.0 points, probably −0.3 to 16.2: not distinguishable from no change"
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

// Where those who did not answer have no group, nothing is known about groups.
func TestRatesByGroup(t *testing.T) {
	asked := "question,answer,group,respondent,source\nnps,9,a,ann,email\nnps,,a,bob,email\nnps,8,b,cal,email\nnps,8,b,cal,phone\nnps,,%s,dan,email\n"
	got, _, _ := report("-answers", file(t, fmt.Sprintf(asked, "b")))
	if want := "  by group:\n    a  1 answers  response rate 50.0 %, probably 9.5 to 90.5, n = 2\n    b  1 answers  response rate 50.0 %, probably 9.5 to 90.5, n = 2\n"; !strings.Contains(got, want) {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	got, _, _ = report("-answers", file(t, fmt.Sprintf(asked, "")))
	if strings.Contains(got, "by group") || !strings.Contains(got, "by where they were asked") {
		t.Errorf("of some the group is not known:\n%s", got)
	}
	got, _, _ = report("-answers", file(t, "nps,group,invited\n9,a,yes\n,b,yes\n9,,no\n"))
	if !strings.Contains(got, "by group") {
		t.Errorf("all who were asked have a group:\n%s", got)
	}
	got, _, _ = report("-answers", file(t, fmt.Sprintf(asked, "b")), "-invited", "9")
	if strings.Contains(got, "by group") {
		t.Errorf("who was asked in which group is not known:\n%s", got)
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

// Who answers in two months counts in both, and who does so twice in one counts once.
// What has no time is in no month.
func TestPeriods(t *testing.T) {
	path := file(t, `nps,email,at,about
0,ana,2024-01-03,1
9,ana,2024-01-05,1
9,ben,2024-01-31,2
3,ana,2024-03-01,1
3,cal,2024-03-01,
9,,,
`)
	got, errs, status := report("-answers", path, "-period", "month")
	want := `  by month:
    2024-01 100.0, probably −24.4 to 100.0, n = 2
    2024-02 no answers
    2024-03 −100.0, probably −100.0 to 24.4, n = 2
    trend: too few periods for a trend, 2 months and 1 without a value
    too few months in a row, or too much alike, to tell which stand out
`
	if status != exitDone || !strings.Contains(got, want) || !strings.Contains(got, "  A month stands out if") {
		t.Errorf("%s\n%s\nwant\n%s", errs, got, want)
	}
	if got, _, _ = report("-answers", path); strings.Contains(got, "month") {
		t.Errorf("nobody asked for months:\n%s", got)
	}

	// Weeks begin on Mondays. Of many, the last are listed.
	var text strings.Builder
	text.WriteString("nps,at\n")
	day := time.Date(2024, 1, 7, 12, 0, 0, 0, time.UTC)
	for i := range listedPeriods + 3 {
		fmt.Fprintf(&text, "%d,%s\n", 8+i%2, day.AddDate(0, 0, 7*i).Format(time.DateOnly))
	}
	got, _, _ = report("-answers", file(t, text.String()), "-period", "week")
	for _, want := range []string{"    … 3 before\n    2024-W04 100.0, ", "    trend: no clear trend, ", " 27 weeks\n", "    usual: about 48.1, by chance from −100.0 to 100.0; no week stands out\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nwant %s", got, want)
		}
	}

	// The period that is not over has no part in the trend.
	at := time.Now().UTC()
	got, _, _ = report("-answers", file(t, fmt.Sprintf("nps,at\n9,%s\n8,%d-05-01\n", at.Format(time.DateOnly), at.Year()-1)), "-period", "year")
	for _, want := range []string{fmt.Sprintf("    %d 100.0, probably −48.5 to 100.0, n = 1 (not over)\n", at.Year()), ", 1 year\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nwant %s", got, want)
		}
	}

	// The limits of shares are those of the last period with answers, which is neither one
	// without any nor the one that is not over.
	text.Reset()
	text.WriteString("csat,at\n")
	for i, n := range []int{10, 20, 10, 20, 10, 20, 10, 40} {
		for k := range n {
			fmt.Fprintf(&text, "%d,%d-05-01\n", 5-4*((k+i)%2+k%3/2)/2, at.Year()-10+i)
		}
	}
	fmt.Fprintf(&text, "1,%s\n", at.Format(time.DateOnly))
	got, _, _ = report("-answers", file(t, text.String()), "-period", "year")
	if want := "    usual: about 33.6 %, by chance from 26.0 % to 41.2 %; no year stands out\n"; !strings.Contains(got, want) {
		t.Errorf("%s\nwant %s", got, want)
	}

	for text, want := range map[string]string{
		"nps,at\n9,1024-01-01\n8,2024-01-01\n": "  by day: there are more than 1000 from 1024-01-01 to 2024-01-01; take a longer period, or look for\n    a wrong date\n",
		"nps,at\n9,\n,2024-01-01\n":            "  by day: no answers with a time\n",
	} {
		if got, errs, _ := report("-answers", file(t, text), "-period", "day"); !strings.Contains(got, want) {
			t.Errorf("%s%s\nwant %s", errs, got, want)
		}
	}
}

// Goals are in the unit in which the index is shown.
func TestGoals(t *testing.T) {
	path := file(t, "nps,csat,ces_2\n"+strings.Repeat("9,5,6\n8,4,5\n3,2,3\n", 10))
	got, errs, status := report("-answers", path, "-goal", "NPS=-5.5", "-goal", "csat=66.7 %,ces_2=4.7")
	for _, want := range []string{
		"  NPS 0.0, goal −5.5: reached by those who answered, ",
		"  CSAT (top 2 of 1–5) 66.7 %, goal 66.7 %: not reached by those who answered, ",
		"  CES 2.0 4.67, goal 4.70: not reached by those who answered, ",
	} {
		if status != exitDone || !strings.Contains(got, want) || strings.Count(got, "goal ") != 3 {
			t.Errorf("%s%s\nwant %s", errs, got, want)
		}
	}
	if got, _, _ = report("-answers", path); strings.Contains(got, "goal") {
		t.Errorf("there is no goal:\n%s", got)
	}
	// A question of one's own goes by its key, or by the name of its index.
	form := file(t, `{"questions": {"q7": {"name": "Mood", "scale": {"min": 0, "max": 20, "step": 10}, "statistic": "normalised_mean", "places": 1}}}`)
	got, errs, _ = report("-answers", file(t, "q7\n10\n20\n20\n"), "-form", form, "-goal", "mood=80")
	for _, want := range []string{"answer: 0: 0  10: 1 (33.3 %)  20: 2 (66.7 %)\n", "  Mood 83.3 %, goal 80.0 %: reached by those who answered, "} {
		if !strings.Contains(got, want) {
			t.Errorf("%s%s\nwant %s", errs, got, want)
		}
	}
}

// The same people are compared with themselves, whatever their answers are about, if
// they are not too few.
func TestSamePeople(t *testing.T) {
	var text strings.Builder
	text.WriteString("csat,email,at,ticket,comment\n")
	for i := range fewestPeople {
		fmt.Fprintf(&text, "%d,p%d,2024-01-0%d,T%d,\n5,p%[2]d,2024-02-01,U%[2]d,\n", 1+3*(i/5), i, 1+i, i)
	}
	before := text.String()
	text.WriteString("1,,2024-01-01,V1,late\n")
	want := "  the same people, who answered before and after:\n    before 16.7 %, probably 3.0 to 56.4, n = 6\n    after 100.0 %, probably 61.0 to 100.0, n = 6\n    up 83.3 points, probably 11.8 to 97.0: better\n"
	if got, errs, _ := report("-answers", file(t, text.String()), "-changed", "2024-02-01"); !strings.Contains(got, want) || !strings.Contains(got, ", about V1: late\n") {
		t.Errorf("%s%s\nwant\n%s", errs, got, want)
	}
	few := before[:strings.LastIndex(strings.TrimSpace(before), "\n")]
	if got, errs, _ := report("-answers", file(t, few), "-changed", "2024-02-01"); strings.Contains(got, "the same people") || !strings.Contains(got, "change on") {
		t.Errorf("%s%s", errs, got)
	}
}

// A group that has answers on one side only has no change.
func TestGroupChanges(t *testing.T) {
	text := "csat,group,at\n" + strings.Repeat("1,a,2024-01-01\n5,a,2024-02-01\n4,b,2024-01-01\n5,b,2024-02-01\n1,c,2024-01-01\n", 30)
	got, _, _ := report("-answers", file(t, text), "-changed", "2024-02-01")
	want := "  change of each group, the largest first:\n    a: up 100.0 points, probably 84.3 to 100.0: better\n    b: unchanged, "
	if !strings.Contains(got, want) || strings.Contains(got, "    c: ") {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	got, _, _ = report("-answers", file(t, strings.ReplaceAll(text, ",b,", ",,")), "-changed", "2024-02-01")
	if strings.Contains(got, "change of each group") {
		t.Errorf("one group is on both sides:\n%s", got)
	}
}

// Of two groups, one is compared with the other; of more, each with the rest.
func TestGroupsAgainstRest(t *testing.T) {
	two := strings.Repeat("9,a\n", 30) + strings.Repeat("3,b\n", 30)
	got, _, _ := report("-answers", file(t, "nps,group\n"+two))
	if want := "    b against a: down 200.0 points, "; !strings.Contains(got, want) || strings.Contains(got, "the rest") {
		t.Errorf("%s\nwant %s", got, want)
	}
	got, _, _ = report("-answers", file(t, "nps,group\n"+two+strings.Repeat("8,c\n9,c\n", 2)))
	places := []string{"\n    1. a: ", " better than the rest\n    2. c: ", ", by itself 50.0 of 4, too few to tell from the rest\n    3. b: ", " worse than the rest\n"}
	for _, want := range places {
		if !strings.Contains(got, want) || strings.Contains(got, " against a") {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

// What is not a text of others is in lines that fit on paper.
func TestWidth(t *testing.T) {
	for _, name := range []string{"bundled.txt", "shop.txt", "own.txt"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSuffix(line, "\n"); utf8.RuneCountInString(line) > width || line != strings.TrimRight(line, " ") {
				t.Errorf("%s: %q", name, line)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	var b strings.Builder
	wrap(&b, "  ", strings.Repeat("x", width-5)+" 95 % to 9")
	if want := "  " + strings.Repeat("x", width-5) + "\n    95 % to 9\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
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
	if want := "====\n    all 33.3, probably −26.7 to 71.2, n = 6\n  6 answered: response rate 75.0 %"; !strings.Contains(got, want) {
		t.Errorf("%s\nwant %s", got, want)
	}
	// The fewer have not answered, the less is uncertain; the team itself may be any.
	got, _, _ = report("-answers", file(t, "enps\n9\n8\n7\n1\n10\n9\n"), "-staff", "7", "-goal", "enps=0")
	for _, want := range []string{"    all 33.3, probably 7.3 to 54.2, n = 6 of 7\n  eNPS 33.3, goal 0.0: reached", "  \"of 7\" is how many"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	got, _, _ = report("-answers", file(t, "favourable,csat\n5,5\n4,5\n1,1\n"), "-staff", "3")
	for _, want := range []string{"  all answers 66.7 %, probably 66.7 to 66.7, n = 3 of 3\n", "  all answers 66.7 %, probably 20.8 to 93.9, n = 3\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	// Of four people nothing is shown, not even whether they reach a goal; and a question
	// that is like that of eNPS is as secret.
	got, _, _ = report("-answers", file(t, "enps\n9\n8\n7\n1\n"), "-goal", "enps=0")
	if !strings.Contains(got, "all: not shown") || strings.Contains(got, "goal") {
		t.Errorf("four people are shown:\n%s", got)
	}
	got, _, _ = report("-answers", file(t, "mood,comment\n1,it was the boss\n"), "-form", file(t, `{"questions": {"mood": {"like": "enps"}}}`))
	if !strings.Contains(got, "all: not shown") || strings.Contains(got, "boss") {
		t.Errorf("an employee can be recognised:\n%s", got)
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
		"the file is empty":                                     {"-answers", file(t, "")},
		"no column is named like a question":                    {"-answers", file(t, "answer\n5\n")},
		`there is no column "e1"`:                               {"-servqual", file(t, "answer\n5\n")},
		"there are no answers":                                  {"-answers", file(t, "question,answer\n")},
		"no such file":                                          {"-answers", filepath.Join(t.TempDir(), "none.csv")},
		"no such file or directory":                             {"-servqual", filepath.Join(t.TempDir(), "none.csv")},
		"form.json: no such file":                               {"-form", "form.json"},
		`-changed "March" is not a day`:                         {"-changed", "March"},
		"-invited -1":                                           {"-invited", "-1"},
		"-staff -1":                                             {"-staff", "-1"},
		"-staff 1: but 2 people answered eNPS":                  {"-staff", "1", "-answers", file(t, "enps\n1\n2\n")},
		"no question to staff":                                  {"-staff", "9", "-answers", file(t, "nps\n1\n2\n")},
		`-period "fortnight" is not day, week, month`:           {"-period", "fortnight"},
		"say which it is, such as -columns at=2":                {"-period", "week", "-answers", file(t, "nps\n1\n")},
		"want question=value, such as nps=40":                   {"-goal", "nps"},
		`"nps" for flag -goal`:                                  {"-goal", "nps"},
		`invalid value "nps=4e1"`:                               {"-goal", "nps=4e1"},
		`invalid value "nps=0.1234567"`:                         {"-goal", "nps=0.1234567"},
		`invalid value "nps=10000000000000000000"`:              {"-goal", "nps=10000000000000000000"},
		`invalid value "=4"`:                                    {"-goal", "=4"},
		`"NPS" is given twice`:                                  {"-goal", "nps=1,NPS=2"},
		"-goal ces=4: no such question; the file has nps, csat": {"-goal", "ces=4", "-answers", file(t, "nps,csat\n1,1\n")},
		"-goal nps=101: survey: unusable definition":            {"-goal", "nps=101", "-answers", file(t, "nps\n1\n")},
		"-invited 1: but 2 people answered NPS":                 {"-invited", "1", "-answers", file(t, "nps\n1\n2\n")},
		`unexpected argument "mine.csv"`:                        {"mine.csv"},
		"there is no column of times":                           {"-changed", "2026-03-01", "-answers", file(t, "nps\n1\n")},
		"either the day or the month is first":                  {"-changed", "2026-03-01", "-answers", file(t, "nps,at\n1,03/02/2026\n")},
		"no respondents with a score":                           {"-servqual", file(t, lines[0])},
		`-format "pdf": want text or html`:                      {"-format", "pdf"},
		"-explain: only of the format text":                     {"-explain", "-format", "html"},
		"flag provided but not defined":                         {"-file", "x"},
		`column 2 "answer" and column 3 "answer"`:               {"-answers", file(t, "question,answer,answer\nnps,9,3\n")},
		`column 2 "nps" and column 3 "NPS" could bo`:            {"-answers", file(t, "id,nps,NPS\n1,9,3\n")},
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
		s := settings{changed: day, byPeriod: true, period: metrics.Month, now: day.AddDate(1, 0, 0)}
		questions, err := measure(file, s)
		if err != nil {
			t.Fatal(err)
		}
		r := &results{settings: s, questions: questions}
		for name, print := range formats {
			var out strings.Builder
			if err := print(r, &out); err != nil {
				t.Error(err)
			}
			if s := out.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
				t.Errorf("%s of %q gives\n%s", name, text, s)
			}
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
		found, err := servqual.Study{}.Measure(sheets)
		if err != nil {
			return
		}
		for name, print := range formats {
			var out strings.Builder
			if err := print(&results{servqual: &found}, &out); err != nil || strings.Contains(out.String(), "NaN") {
				t.Errorf("%s of %q gives %v\n%s", name, text, err, out.String())
			}
		}
	})
}

// Names of methods, and levels, are only for whoever asks.
func TestExplain(t *testing.T) {
	got, _, status := report()
	all, _, _ := report("-explain")
	for _, word := range []string{"Wilson", "Holm", "Student", "Reichheld", "95 %", "superseded", "Methods"} {
		if strings.Contains(got, word) || status != exitDone {
			t.Errorf("%q is in\n%s", word, got)
		}
		if word != "superseded" && !strings.Contains(all, word) {
			t.Errorf("%q is not explained in\n%s", word, all)
		}
	}
}

// Names and comments from the file neither steer the terminal nor make lines of their own.
func TestNamesArePlain(t *testing.T) {
	const name = "\x1b[2Jred\u202e\u2028"
	text := "csat,group,source,comment\n"
	for i := range 12 {
		text += fmt.Sprintf("%d,\"%s%d\",%s,\"%s\r\n  all answers 100 %%\"\n", 1+i%5, strings.Repeat("x", 20_000*(i%2))+name, i%3, name, name)
	}
	got, errs, status := report("-answers", file(t, text))
	if status != exitDone || !strings.Contains(got, "groups") {
		t.Fatalf("status %d, %s\n%.2000s", status, errs, got)
	}
	for line := range strings.Lines(got) {
		if line = strings.TrimSuffix(line, "\n"); strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) || len(line) > 1000 {
			t.Errorf("%.200q", line)
		}
	}
	if n := strings.Count(got, "\n  all answers"); n != 1 {
		t.Errorf("%d lines of all answers", n)
	}
}

// Two groups are compared by names that can be printed, and are told apart if they are cut
// to the same; so on the page.
func TestTwoGroupsArePlain(t *testing.T) {
	long := strings.Repeat("x", 100)
	path := file(t, "csat,group\n"+strings.Repeat("1,\x1b[2J"+long+"a"+long+"\n5,\x1b[2J"+long+"b"+long+"\n", 20))
	first := "?[2J" + strings.Repeat("x", 22) + "…" + strings.Repeat("x", 13)
	second := first + " (2)"
	got, _, _ := report("-answers", path)
	if want := "\n    " + second + " 100.0 %"; !strings.Contains(got, want) {
		t.Errorf("%s\nwant %s", got, want)
	}
	if want := second + " against " + first; strings.Contains(got, "\x1b") || !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
		t.Errorf("%s\nwant %s", got, want)
	}
	says(t, site(t, "-answers", path), first+" 0 %", second+" 100 %")
}
