package surveyfile

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/servicequality/servicequality/survey"
)

// reading is what Read makes of the text, in short: the answers of each question, one
// after the other, then the problems.
func reading(t *testing.T, text string, form Form) string {
	t.Helper()
	f, err := Read([]byte(text), form)
	if err != nil {
		return "error: " + err.Error()
	}
	checkCounts(t, text, f)
	var parts []string
	for _, q := range f.Questions {
		part := q.ID
		for _, a := range q.Answers {
			part += " " + short(a.Response)
		}
		parts = append(parts, part)
	}
	for _, p := range f.Problems {
		parts = append(parts, p.String())
	}
	return strings.Join(parts, "; ")
}

// short returns the value of an answer, or a letter for why there is none.
func short(r survey.Response) string {
	switch r.Left {
	case survey.Counted:
		return strconv.Itoa(r.Value)
	case survey.Unanswered:
		return "-"
	case survey.NotApplicable:
		return "n"
	case survey.Unreadable:
		return "?"
	case survey.OffScale:
		return "!"
	case survey.Excluded:
		return "x"
	}
	return r.Left.String()
}

// checkCounts checks that each line is answered, unanswered or a problem.
func checkCounts(t *testing.T, text string, f *File) {
	t.Helper()
	if len(f.Questions) == 0 {
		t.Errorf("%q: no questions and no error", text)
	}
	answers, bad, lost := 0, 0, make(map[int]bool)
	lineOf := make(map[int]bool)
	for _, q := range f.Questions {
		if !f.Long && len(q.Answers) != f.Lines-f.Lost {
			t.Errorf("%q: %s has %d answers, of %d lines and %d lost", text, q.ID, len(q.Answers), f.Lines, f.Lost)
		}
		answers += len(q.Answers)
		r, err := survey.NewResponses(survey.Question{ID: q.ID, Definition: q.Definition})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range q.Answers {
			lineOf[a.Line] = true
			if a.Left == survey.Unreadable || a.Left == survey.OffScale {
				bad++
				if !slices.ContainsFunc(f.Problems, func(p Problem) bool { return p.Line == a.Line && strings.HasPrefix(p.Text, q.ID+": ") }) {
					t.Errorf("%q: line %d of %s is no problem", text, a.Line, q.ID)
				}
			}
			if err := r.Add(a.Response); err != nil {
				t.Errorf("%q: %v", text, err)
			}
			for _, s := range []string{string(a.Source), a.ID, a.Respondent, a.About, a.Group, a.Comment} {
				if strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
					t.Errorf("%q: %q can't be printed", text, s)
				}
			}
		}
	}
	if f.Long && answers != f.Lines-f.Lost-f.Skipped {
		t.Errorf("%q: %d answers, of %d lines, %d lost and %d skipped", text, answers, f.Lines, f.Lost, f.Skipped)
	}
	located := 0
	for _, p := range f.Problems {
		if p.Line < 1 {
			t.Errorf("%q: a problem without a line: %v", text, p)
		}
		if !lineOf[p.Line] {
			lost[p.Line] = true
		}
		if id, _, ok := strings.Cut(p.Text, ": "); ok && slices.ContainsFunc(f.Questions, func(q *Question) bool { return q.ID == id }) {
			located++
		}
	}
	if located != bad || f.Lost > 0 && len(lost) == 0 || f.Lost == 0 && len(lost) > 0 {
		t.Errorf("%q: %d bad answers, %d told; %d lines lost, %d told", text, bad, located, f.Lost, len(lost))
	}
}

func TestRead(t *testing.T) {
	five := Form{Labels: map[string]map[string]*int{"csat": {"Fine": num(5), "awful": num(1), "No idea": nil, "99": nil, "Super": num(6)}}}
	for _, tt := range []struct {
		text string
		form Form
		want string
	}{
		// Shapes, and where things are.
		{"nps\n9\n3\n", Form{}, "nps 9 3"},
		{"id,nps,csat\n1,9,5\n2,0,1\n", Form{}, "nps 9 0; csat 5 1"},
		{strings.Repeat(",", maxColumns-1) + "nps\n" + strings.Repeat(",", maxColumns-1) + "9\n", Form{}, "nps 9"},
		{"csat,nps\n5,9\n", Form{Columns: map[string]Column{"nps": ""}}, "csat 5"},
		{"NPS Score\n9\n", Form{}, "nps 9"},
		{"a,b\n1,9\n", Form{Columns: map[string]Column{"nps": "2"}}, "nps 9"},
		{"first,second\n1,9\n", Form{Columns: map[string]Column{"nps": "sec"}}, "nps 9"},
		{"how kind,how fast\n1,5\n", Form{Columns: map[string]Column{"csat": "fast"}}, "csat 5"},
		{"answer,question\n9,nps\n5,CSAT\n3,Nps\n", Form{}, "nps 9 3; csat 5"},
		{"Survey_Type,Score\nnps,9\ncsat,5\n", Form{}, "nps 9; csat 5"},
		{"question,answer\nnps,9\ncsat,5\n", Form{Columns: map[string]Column{"csat": ""}}, "nps 9"},
		{"question,answer\nnps,9\nwhy,so\nwhy,not\nx,1\n", Form{}, `nps 9; line 3: no such question: "why", here and in 1 line more; line 5: no such question: "x"`},
		{"score,nps\n3,9\n", Form{}, "nps 9"},
		{"question,nps\nwhy,9\n", Form{}, "nps 9"},

		// Values.
		{"nps\n9.0\n10.00\n0.0\n", Form{}, "nps 9 10 0"},
		{"x;nps\n1;9,0\n2;9,5\n", Form{}, `nps 9 ?; line 3: nps: "9,5" is not a whole number`},
		{"csat,i\n,1\nNA,2\nn/a,3\nN/A,4\nPrefer not to say,5\nNaN,6\n-,7\n—,8\nDon’t know,9\nUnfamiliar (N/A),10\n#N/A,11\n4,12\n", Form{}, "csat - - n n - - - - - n - 4"},
		{"csat\n5\n7\n2.5\n4x\n1e0\n3\n", Form{}, `csat 5 ! ? ? ? 3; line 3: csat: 7 is not on the scale 1–5; line 4: csat: "2.5" is not a whole number; line 5: csat: "4x" is not a whole number; line 6: csat: "1e0" is not a whole number`},
		{"csat\n fine\nAWFUL\nno  idea\n99\n3\nsuper\n", five, `csat 5 1 - - 3 !; line 7: csat: "super" is 6, which is not on the scale 1–5`},
		{"csat\nFine\n3\nodd\n", five, `csat 5 3 ?; line 4: csat: "odd" is not a whole number`},

		// Lines that are wrong.
		{"id,nps\n1,9\n2\n3,8\n", Form{}, "nps 9 8; line 3: 1 field, but the answer is column 2"},
		{"nps,comment\n9,so, so\n8,fine\n7,fine,,\n", Form{}, "nps 8 7; line 2: 3 fields, but 2 headers: is a text with the separator in it not quoted?"},
		{"nps,comment\n9\n", Form{}, "nps 9"},
		{"nps,c\n9,a\n8,say \"so\"\n7,c\n", Form{}, "nps 9 7; line 3: a quotation mark in a field that is not in quotes"},
		{"nps,c\n9,a\n8,\"say\n\n so\" x\n7,\"c\nd\"\n6,e\n", Form{}, "nps 9 7 6; lines 3 to 5: a quotation mark inside of a quoted field must be doubled"},
		{"nps,c\n\n9,a\n,\n  , \n8,b\n", Form{}, "nps 9 8"},
		{"nps,email\n9," + strings.Repeat("x", maxText+1) + "\n8,b\n", Form{}, "nps 8; line 2: respondent is longer than 32767 bytes"},

		// Encodings, separators, line ends.
		{"\xef\xbb\xbfnps,x\r\n9,1\r\n8,2\r\n", Form{}, "nps 9 8"},
		{"nps,x\r9,1\r8,\"a\nb\"\r", Form{}, "nps 9 8"},
		{"nps\tx\n9\ta,b,c\n8\td,e,f\n", Form{}, "nps 9 8"},
		{"nps|x\n9|1\n", Form{}, "nps 9"},
		{"Zufrieden, alles in allem;nps\nja;9\nnein;8\n", Form{}, "nps 9 8"},
		{"sep=\t\nnps\tx\n9\t1\n8\tx\ty\n", Form{}, "nps 9; line 4: 3 fields, but 2 headers: is a text with the separator in it not quoted?"},
		{"nps,where\n9,K\xf6ln\n", Form{}, "nps 9"},

		// Headers.
		{"Respondent ID,How are we?,,Other\n,nps,Why?,Response\n1,9,so,x\n2,8,so,x\n", Form{Columns: map[string]Column{"nps": "How are we?: nps", "comment": "why"}}, "nps 9 8"},
		{"Respondent ID,nps\n1,9\n,8\n", Form{}, "nps 9 8"},
		{"a,b\nnps,x\n9,1\n", Form{HeaderRows: 2, Columns: map[string]Column{"nps": "a: nps"}}, "nps 9"},
		{"Status,Q1\nResponse Type,Rate us\n\"{\"\"ImportId\"\":\"\"status\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\"\n0,9\n1,8\n4,7\n8,6\n17,5\nSurvey Test,4\nIP Address,3\n", Form{Columns: map[string]Column{"nps": "Rate us"}}, "nps 9 x 7 x x x 3"},
		{"Status,nps\n1,9\n", Form{}, "nps 9"},
		{"Survey of 2026\n\nnps;x\n9;1\n8;2\n", Form{}, "nps 9 8"},
		{"Survey of 2026,\nby us,\nnps,x\n9,1\n8,2\n", Form{}, "nps 9 8"},
		{"nps,\n9,1\n8,2\n", Form{}, "nps 9 8"},
		{"Survey of 2026,,\nby,us,\nnps,csat,x\n9,1,\n", Form{HeaderRows: 3, Columns: map[string]Column{"nps": "1"}}, "nps 9"},
		{"<div>NPS</div>&nbsp;\n9\n", Form{}, "nps 9"},
	} {
		if got := reading(t, tt.text, tt.form); got != tt.want {
			t.Errorf("%.200q\n  gives %s\n  want  %s", tt.text, got, tt.want)
		}
	}
}

// Everything that a line says beside the answer.
func TestReadResponse(t *testing.T) {
	f, err := Read([]byte("Group;Source;ID;E-Mail;Ticket;Comment;Invited;Submitted_At;NPS\nchat; email ;7;ana@example.org;T1;\"two\nlines\";yes;02.03.2026 09:30;9\nNA;;;NA;;n/a;;;\n"), Form{})
	if err != nil {
		t.Fatal(err)
	}
	first := f.Questions[0].Answers[0]
	want := survey.Response{Source: "email", ID: "7", Respondent: "ana@example.org", About: "T1", Group: "chat", At: first.At, Value: 9, Comment: "two lines"}
	if first.Response != want || !first.Asked || first.Line != 2 || first.At.Format("2006-01-02 15:04 MST") != "2026-03-02 09:30 UTC" {
		t.Errorf("%+v, want %+v", first, want)
	}
	if second := f.Questions[0].Answers[1]; second.Response != (survey.Response{Left: survey.Unanswered}) || second.Asked || second.Line != 4 {
		t.Errorf("%+v", second)
	}
	if !f.Questions[0].KnowsAsked || f.Long {
		t.Errorf("%+v", f)
	}
}

func TestCounted(t *testing.T) {
	f, err := Read([]byte(strings.Join([]string{
		"nps,id,email,ticket,at,comment",
		"1,a,,,2026-03-03,later",
		"2,a,,,2026-03-02,earlier",
		"3,b,ana,T1,2026-03-02,first",
		"4,c,ana,T1,2026-03-04,last",
		"5,d,ana,T2,2026-03-01,another ticket",
		"6,,,,,nobody",
		"6,,,,,somebody",
		",e,,,,unanswered",
		"11,f,,,,off",
	}, "\n")), Form{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.Questions[0].Counted()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range list {
		got = append(got, fmt.Sprint(a.Value, " ", a.Comment))
	}
	slices.Sort(got)
	if want := "1 later; 4 last; 5 another ticket; 6 nobody; 6 somebody"; strings.Join(got, "; ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	f.Questions[0].Answers[0].Weight = -1
	if _, err := f.Questions[0].Counted(); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Error(err)
	}
}

// Answers that count are told by their lines, of those that are alike the last.
func TestCallBacks(t *testing.T) {
	f, err := Read([]byte(strings.Join([]string{
		"ces_1,id,email,at,comment",
		"4,a,ana,2026-03-01,slow",
		"4,a,ana,2026-03-01,slow",
		"5,,,2026-03-01,hard",
		"5,,,,hard",
		"4,,,,hard",
		"4,,,,hard",
		"3,,,,so-so",
		"5,b,ana,2026-02-01,superseded",
	}, "\n")), Form{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.Questions[0].CallBacks(f.Questions[0].Definition.Negative)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range list {
		got = append(got, fmt.Sprint(a.Value, " ", a.Line, " ", a.Comment))
	}
	if want := "5 4 hard; 5 5 hard; 4 3 slow; 4 6 hard; 4 7 hard"; strings.Join(got, "; ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if _, err := (&Question{}).CallBacks(survey.Range{}); err == nil {
		t.Error("no scale")
	}
}

func TestKnowsAsked(t *testing.T) {
	for text, want := range map[string]bool{
		"question,answer\nnps,9\nnps,\n":   true,
		"question,answer\nnps,9\nnps,NA\n": false,
		"question,answer\nnps,9\ncsat,\n":  false,
		"nps,csat\n9,\n,5\n":               false,
		"nps,invited\n9,1\n":               true,
	} {
		f, err := Read([]byte(text), Form{})
		if err != nil || f.Questions[0].KnowsAsked != want {
			t.Errorf("%q: %v, %v", text, f, err)
			continue
		}
		for _, a := range f.Questions[0].Answers {
			if a.Asked != want {
				t.Errorf("%q: %+v", text, a)
			}
		}
	}
}

// What can't be read says what to do.
func TestReadErrors(t *testing.T) {
	for _, tt := range []struct {
		text string
		form Form
		want string
	}{
		{"", Form{}, "the file is empty"},
		{"\n\n,,\n", Form{}, "the file is empty"},
		{"nps\n", Form{}, "there are no answers: the file has nothing but headers"},
		{"question,answer\nx,1\n", Form{}, `no line can be read: line 2: no such question: "x"`},
		{"question,answer\nx,1\n", Form{}, "-form"},
		{"nps,x\n9\n1,2,3,4\n", Form{Columns: map[string]Column{"nps": "2"}}, "no line can be read: line 2: 1 field"},
		{"\xff\xfen\x00p\x00s\x00", Form{}, `"CSV UTF-8"`},
		{"n\x00p\x00s\x00\n\x009\x00", Form{}, "UTF-16"},
		{"nps,comment\n9,long enough for a single zero to be one\x00of many\n", Form{}, "not text"},
		{"PK\x03\x04rest", Form{}, "workbook (.xlsx)"},
		{"\xd0\xcf\x11\xe0rest", Form{}, "workbook (.xls)"},
		{"\x1f\x8brest", Form{}, "unpack it"},
		{"nps,c\n9,\"a\n8,b\n", Form{}, "line 2: a quotation mark opens here and never closes"},
		{"n\"ps\n9\n", Form{}, "the headers can't be read: line 1"},
		{"a,b\n9,x\n", Form{}, `2 "b", such as "x"`},
		{"a,b\n9,x\n", Form{}, "-columns nps=3"},
		{"How likely are you to recommend us?,b\n9,x\n", Form{}, "-columns nps=1"},
		{"Would you recommend us as a place to work?\n9\n", Form{}, "-columns enps=1"},
		{"How easy was it?,Are you satisfied?\n7,5\n", Form{}, "-columns ces_2=1,csat=2"},
		{"Would you recommend us?,b\nwhy,9\n", Form{}, "-columns nps=3;"},
		{"Would you recommend us?,b\n9,9\nwhy,9\nnot,9\n", Form{}, "-columns nps=3;"},
		{"Would you recommend us?,b\n9,9\n11,9\n12,9\n", Form{}, "-columns nps=3;"},
		{"Are you satisfied?,b\nI was very satisfied with all that you did for me and for my family,9\n", Form{}, "-columns nps=3;"},
		{"csat\n" + strings.Join(words(31), "\n"), Form{}, "\"w29\" = ?   (1 answer)\n  … and 1 more\nput"},
		{"csat\n" + strings.Join(words(30), "\n"), Form{}, "\"w29\" = ?   (1 answer)\nput"},
		{strings.Repeat(",", maxColumns) + "nps\n1\n", Form{}, "there are 16385 columns, more than the 16384 of a spreadsheet"},
		{"nps,nps\n1,2\n", Form{}, `column 1 "nps" and column 2 "nps" could both be nps: choose one by its number, such as -columns nps=1`},
		{"nps,date,Date\n1,2,3\n", Form{}, `column 2 "date" and column 3 "Date" could both be at`},
		{"Q1,Q1\n1,2\n", Form{Columns: map[string]Column{"nps": "q1"}}, `-columns nps=1`},
		{"a,b\n1,2\n", Form{Columns: map[string]Column{"nps": "3"}}, "nps: there is no column 3"},
		{"a,b\n1,2\n", Form{Columns: map[string]Column{"nps": "0"}}, "nps: there is no column 0"},
		{"a,b\n1,2\n", Form{Columns: map[string]Column{"nps": "c"}}, `nps: there is no column "c"`},
		{"a,b\n1,2\n", Form{Columns: map[string]Column{"nps": "1", "csat": "1"}}, `column 1 "a" is both csat and nps`},
		{"a,b\n1,2\n", Form{Columns: map[string]Column{"score": "1"}}, `"score" is neither a question (csat,`},
		{"a,b\n1,2\n", Form{Columns: map[string]Column{"nps": "1", "answer": "2"}}, "can't go together"},
		{"a,b\n1,2\n", Form{Columns: map[string]Column{"answer": "2"}}, "-columns question=3"},
		{"nps\n1\n", Form{HeaderRows: 3}, "3 rows of headers, but there are 2 lines"},
		{"nps\n1\n", Form{HeaderRows: 10}, "want 1 to 9"},
		{"nps,at\n1,noon\n", Form{NeedTimes: true}, `column 2 "at": "noon" is not a time in a form that is known; say which it is, such as -time-format`},
		{"nps\n1\n", Form{NeedTimes: true}, "-columns at=2"},
		{"csat\nVery satisfied\nSatisfied\nVery satisfied\n", Form{}, "csat, on the scale 1–5: the answers are words\n  \"Satisfied\" = 4   (1 answer)\n  \"Very satisfied\" = 5   (2 answers)\nif this guess is right, add -guess; otherwise put their numbers into a file (-form), null for no answer:\n  {\"labels\": {\"csat\": {\"Satisfied\": 4, \"Very satisfied\": 5}}}\nor leave the question out: -columns csat="},
		{"csat\nRed\nGreen\n4\n", Form{}, `"Green" = ?   (1 answer)`},
		{"csat\nRed\nGreen\n4\n", Form{Guess: true}, `"Green": null`},
		{"csat\nx\n", Form{Labels: map[string]map[string]*int{"csat": {"x": num(1), " X": num(2)}}}, "stands for two numbers"},
		{"csat\nx\n", Form{Labels: map[string]map[string]*int{"speed": {"x": num(1)}}}, `labels: no such question: "speed"`},
	} {
		if _, err := Read([]byte(tt.text), tt.form); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v\n  want %s", tt.text, err, tt.want)
		}
	}
}

// Words are taken for numbers only if the user says so, and then the file tells it.
func TestGuess(t *testing.T) {
	const text = "Would you recommend us?,Are you satisfied?\n10 - Extremely likely,Extremely satisfied\n9,Somewhat dissatisfied\n0 - Not at all,Neutral\n,Blue\n"
	f, err := Read([]byte(text), Form{Guess: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := reading(t, text, Form{Guess: true}), `nps 10 9 0 -; csat 5 2 3 ?; line 5: csat: "Blue" is not a whole number`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	notes := strings.Join(f.Notes, "\n")
	for _, want := range []string{"Which question a column answers was guessed", `nps was guessed: "0 - Not at all" is 0, "10 - Extremely likely" is 10.`, `"Somewhat dissatisfied" is 2, "Neutral" is 3, "Extremely satisfied" is 5.`} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes are\n%s\nwant %s", notes, want)
		}
	}
}

func TestGuessLabels(t *testing.T) {
	for _, tt := range []struct {
		scale  survey.Scale
		labels string
		want   string // the numbers; empty if there is no guess
	}{
		{survey.OneTo(5), "very dissatisfied|dissatisfied|neither satisfied nor dissatisfied|satisfied|very satisfied", "1 2 3 4 5"},
		{survey.OneTo(5), "strongly disagree|disagree|neutral|agree|strongly agree", "1 2 3 4 5"},
		{survey.OneTo(5), "very unfavorably|somewhat unfavorably|neither favorably nor unfavorably (neutral)|somewhat favorably|very favorably", "1 2 3 4 5"},
		{survey.OneTo(5), "very favourably|very unhappy", "5 1"},
		{survey.OneTo(5), "not satisfied|very satisfied", "2 5"},
		{survey.OneTo(7), "strongly disagree|disagree|somewhat disagree|neither agree nor disagree|somewhat agree|agree|strongly agree", "1 2 3 4 5 6 7"},
		{survey.OneTo(7), "extremely difficult|very difficult|fairly easy|extremely easy", "1 2 5 7"},
		{survey.ZeroTo(10), "0 - not at all likely|10 = extremely likely|5 (neutral)|7: good|8. fine", "0 10 5 7 8"},
		{survey.OneTo(5), "1 star|5 stars", "1 5"},
		{survey.OneTo(5).LowerIsBetter(), "very low effort|low effort|neutral|high effort|very high effort", "1 2 3 4 5"},
		// What does not fit, or could mean two things.
		{survey.OneTo(5), "satisfied|dissatisfied", ""},
		{survey.OneTo(5), "somewhat satisfied|satisfied|very satisfied", ""},
		{survey.OneTo(7), "very satisfied|satisfied", ""},
		{survey.ZeroTo(10), "very likely|very unlikely", ""},
		{survey.OneTo(5), "very good|very happy", ""},
		{survey.OneTo(5), "very high effort|very low effort", ""},
		{survey.OneTo(5).LowerIsBetter(), "very satisfied|dissatisfied", ""},
		{survey.OneTo(5), "yes|no", ""},
		{survey.OneTo(5), "1-2 weeks|3/5|4.5 stars|12 stars|7 stars", ""},
		{survey.OneTo(5), "very satisfied " + strings.Repeat("x", 60), ""},
		{survey.Scale{Min: 1, Max: 10, Step: 9}, "very satisfied|satisfied", ""},
		{survey.Scale{Min: 10, Max: 50, Step: 10}, "very satisfied|satisfied", ""},
	} {
		labels := strings.Split(tt.labels, "|")
		guess := guessLabels(tt.scale, labels)
		var got []string
		for _, l := range labels {
			if v, ok := guess[l]; ok {
				got = append(got, strconv.Itoa(v))
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%v of %q: %v, want %s", tt.scale, tt.labels, guess, tt.want)
		}
		// The order of the labels makes no difference.
		slices.Reverse(labels)
		if again := guessLabels(tt.scale, labels); len(again) != len(guess) || len(guess) > 0 && !reflect.DeepEqual(again, guess) {
			t.Errorf("%v of %q: %v and %v", tt.scale, tt.labels, guess, again)
		}
	}
}

// A file is what was written, in whichever dialect it was written.
func TestDialects(t *testing.T) {
	const rounds = 400
	dialects := make(map[string]int)
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 17))
		pick := func(texts ...string) string { return texts[r.IntN(len(texts))] }
		long := r.IntN(2) == 0
		separator, end, mark := pick(",", ";", "\t", "|"), pick("\n", "\r\n", "\r"), pick("", "\ufeff")
		dialects[fmt.Sprint(long, separator, end, mark)]++
		quote := func(text string) string {
			if strings.ContainsAny(text, separator+"\"\n\r") || r.IntN(4) == 0 {
				return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			}
			return text
		}
		var b strings.Builder
		b.WriteString(mark)
		line := func(fields ...string) {
			for i, f := range fields {
				if i > 0 {
					b.WriteString(separator)
				}
				b.WriteString(quote(f))
			}
			b.WriteString(end)
		}
		// The model: what each line says, and what is to be read.
		values := func(most int) (text string, left survey.Reason, value int) {
			switch r.IntN(8) {
			case 0:
				return "", survey.Unanswered, 0
			case 1:
				return pick("NA", "null", "prefer not to say", "—"), survey.Unanswered, 0
			case 2:
				return pick("N/A", "not applicable"), survey.NotApplicable, 0
			case 3:
				v := most + 1 + r.IntN(80)
				return strconv.Itoa(v), survey.OffScale, v
			}
			v := 1 + r.IntN(most)
			return strconv.Itoa(v) + pick("", ".0", ",0", ".00"), survey.Counted, v
		}
		want := make(map[string]string)
		if long {
			line("comment", "question", "answer", "id")
		} else {
			line("comment", "nps", "csat", "id")
		}
		n := 1 + r.IntN(30)
		for i := range n {
			comment := pick("", "fine", "so, so; so\tso|so", "she said \"no\"", "two\nlines", "Ärger – 付箋")
			id := strconv.Itoa(i)
			nps, left, v := values(10)
			want["nps"] += fmt.Sprintf(" %s=%v/%d", id, left, v)
			if long {
				line(comment, pick("nps", "NPS"), nps, id)
				continue
			}
			csat, left, v := values(5)
			want["csat"] += fmt.Sprintf(" %s=%v/%d", id, left, v)
			line(comment, nps, csat, id)
		}
		f, err := Read([]byte(b.String()), Form{})
		if err != nil {
			t.Fatalf("seed %d: %v\n%q", seed, err, b.String())
		}
		checkCounts(t, b.String(), f)
		got := make(map[string]string)
		for _, q := range f.Questions {
			for _, a := range q.Answers {
				got[q.ID] += fmt.Sprintf(" %s=%v/%d", a.ID, a.Left, a.Value)
			}
		}
		if !reflect.DeepEqual(got, want) || f.Lost > 0 || f.Long != long {
			t.Fatalf("seed %d: %q\n  gives %v\n  want  %v", seed, b.String(), got, want)
		}
	}
	if len(dialects) < 40 { // of 48; it is 48 for each of 20 other streams
		t.Errorf("only %d dialects", len(dialects))
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"nps,comment\n9,fine\n", "question;answer\nnps;9,0\ncsat;\n", "sep=;\nnps;at\n9;02/03/2026\n", "Respondent ID,nps\n,Response\n1,9\n",
		"Q1,Status\nx,y\n\"{\"\"ImportId\"\":\"\"QID1\"\"}\",z\n", "nps\r9\r", "csat\nVery satisfied\nSatisfied\n", "nps,c\n9,\"a\nb", "\xff\xfe", "nps\xe4\n1\n",
	} {
		f.Add([]byte(text), true, 0)
	}
	f.Fuzz(func(t *testing.T, data []byte, guess bool, column int) {
		form := Form{Guess: guess}
		if column > 0 {
			form.Columns = map[string]Column{"nps": Column(strconv.Itoa(column))}
		}
		file, err := Read(data, form)
		if err == nil {
			checkCounts(t, string(data), file)
		} else if len(err.Error()) > 40_000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	})
}

func num(v int) *int { return &v }

func words(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("w%02d", i)
	}
	return list
}
