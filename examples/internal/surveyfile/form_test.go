package surveyfile

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/survey"
)

func TestReadForm(t *testing.T) {
	form, err := ReadForm([]byte(`{
		"columns": {"speed": "How fast were we?", "comment": 7},
		"questions": {"speed": {"like": "csat", "text": "How fast?"}, "own": {"name": "Own", "scale": {"min": 1, "max": 10}, "statistic": "mean"}, "plain": {"like": "nps", "name": "Ours", "source": "us"}},
		"labels": {"speed": {"Fast": 5, "?": null}},
		"time_format": "DD/MM/YYYY", "header_rows": 2
	}`))
	if err != nil {
		t.Fatal(err)
	}
	if form.Columns["speed"] != "How fast were we?" || form.Columns["comment"] != "7" || form.TimeFormat != "DD/MM/YYYY" || form.HeaderRows != 2 {
		t.Errorf("%+v", form)
	}
	if l := form.Labels["speed"]; len(l) != 2 || *l["Fast"] != 5 || l["?"] != nil {
		t.Errorf("%v", l)
	}
	speed := survey.TopBox(survey.OneTo(5), 2)
	speed.Name = "speed"
	own := survey.Definition{Name: "Own", Scale: survey.Scale{Min: 1, Max: 10}, Statistic: survey.MeanAnswer}
	plain := survey.NetPromoter()
	plain.Name, plain.Source = "Ours", "us"
	for id, want := range map[string]survey.Definition{"speed": speed, "own": own, "plain": plain, "nps": survey.NetPromoter()} {
		if got := form.definition(id); got != want {
			t.Errorf("%s is %+v, want %+v", id, got, want)
		}
	}
	// In a long file, a question is named by its ID or by its text.
	got := reading(t, "question,answer\nHow fast?,Fast\nspeed,1\nown,10\n", Form{Questions: form.Questions, Labels: form.Labels})
	if want := "speed 5 1; own 10"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// A question of the form takes the place of a known one.
	form, err = ReadForm([]byte(`{"questions": {"csat": {"name": "CSAT of 10", "scale": {"min": 1, "max": 10}, "statistic": "positive_share", "positive": {"from": 8, "below": 11}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := reading(t, "csat\n10\n11\n", form), "csat 10 !; line 3: csat: 11 is not on the scale 1–10"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for text, want := range map[string]string{
		`{"column": {}}`:                         `unknown field "column"`,
		`{} {}`:                                  "something behind",
		`{"columns": {"nps": true}}`:             "cannot unmarshal bool",
		`{"columns": {"np": 1}}`:                 `columns: "np" is neither a question`,
		`{"questions": {"x": {"like": "y"}}}`:    `like: no such question: "y"`,
		`{"questions": {"x": {"likes": "nps"}}}`: `unknown field "likes"`,
		`{"questions": {"x": {}}}`:               "questions: x: survey: not a scale",
		`{"questions": {"at": {"like": "nps"}}}`: `questions: "at" is the name of a column`,
		`{"questions": {"x": {"like": 1}}}`:      "cannot unmarshal number",
		`{"labels": {"x": {}}}`:                  `labels: no such question: "x"`,
		`{"labels": {"nps": {"a": "b"}}}`:        "cannot unmarshal string",
		`{"header_rows": -1}`:                    "header_rows is -1",
		`[]`:                                     "cannot unmarshal array",
		``:                                       "EOF",
	} {
		if _, err := ReadForm([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestFlags(t *testing.T) {
	path := filepath.Join(t.TempDir(), "form.json")
	if err := os.WriteFile(path, []byte(`{"columns": {"nps": 1, "csat": 2}, "time_format": "DD/MM/YYYY"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	parse := func(args ...string) (Form, error) {
		set := flag.NewFlagSet("", flag.ContinueOnError)
		set.SetOutput(io.Discard)
		form := Flags(set)
		if err := set.Parse(args); err != nil {
			return Form{}, err
		}
		return form()
	}
	form, err := parse("-form", path, "-columns", "nps=3, comment=What, if anything, was bad?,id=", "-columns", "group=Team = name", "-guess")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Column{"nps": "3", "csat": "2", "comment": "What, if anything, was bad?", "id": "", "group": "Team = name"}
	for what, column := range want {
		if got, ok := form.Columns[what]; !ok || got != column {
			t.Errorf("%s is %q, want %q", what, got, column)
		}
	}
	if len(form.Columns) != len(want) || form.TimeFormat != "DD/MM/YYYY" || !form.Guess {
		t.Errorf("%+v", form)
	}
	if form, err = parse("-form", path, "-time-format", "MM/DD/YYYY"); err != nil || form.TimeFormat != "MM/DD/YYYY" || form.Guess {
		t.Errorf("%+v, %v", form, err)
	}
	if err := os.WriteFile(path, []byte(`{"column": 1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"want what=column":           {"-columns", "3"},
		`"nps" is given twice`:       {"-columns", "nps=1,nps=2"},
		`"np" is neither`:            {"-columns", "np=1"},
		"no such file":               {"-form", path + "x"},
		`form.json: json: unknown f`: {"-form", path},
	} {
		if _, err := parse(args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", args, err, want)
		}
	}
}

func TestReadSheet(t *testing.T) {
	s, err := ReadSheet([]byte("\ufeffA;b;B c\n1;NA;x\n2;3\n\n4;5;6\n"), []string{"a", "b"}, []string{"d", "b_c"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range s.Rows {
		got = append(got, strings.Join([]string{r.Field("a"), r.Field("b"), r.Field("b_c"), r.Field("d")}, "/"))
	}
	if strings.Join(got, " ") != "1//x/ 4/5/6/" || s.Rows[1].Line != 5 || len(s.Problems) != 1 || s.Problems[0].String() != "line 3: 2 fields, but 3 headers" || len(s.Notes) != 1 {
		t.Errorf("%v, %+v", got, s)
	}
	for text, want := range map[string]string{"": "empty", "a,c\n1,2\n": `there is no column "b"; the file has these columns:`, "a,b,B\n1,2,3\n": "could both be b"} {
		if _, err := ReadSheet([]byte(text), []string{"a", "b"}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
