package surveyfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/survey"
)

// Form tells what a file of answers can't tell by itself. The zero value takes
// everything from the file. As JSON:
//
//	{"columns": {"speed": "How fast were we?", "comment": 7},
//	 "questions": {"speed": {"like": "csat"}},
//	 "labels": {"speed": {"Very fast": 5, "Fast": 4, "So-so": 3, "Slow": 2, "Very slow": 1, "No idea": null}},
//	 "time_format": "DD/MM/YYYY HH:mm", "header_rows": 2}
type Form struct {
	// Columns names the columns of questions, by their IDs, and of what else a line
	// says: question, answer, id, at, source, respondent, about, group, comment,
	// invited. An empty Column is none: what the file has of it is not read.
	Columns map[string]Column `json:"columns"`
	// Questions are described beside those that are known by name.
	Questions map[string]Wording `json:"questions"`
	// Labels are the numbers of answers in words, by question; null is no answer.
	Labels map[string]map[string]*int `json:"labels"`
	// TimeFormat is how times are written, such as DD/MM/YYYY HH:mm, or a layout of
	// package time. Times without a zone are in UTC.
	TimeFormat string `json:"time_format"`
	HeaderRows int    `json:"header_rows"` // 0 if the file shows how many there are

	NeedTimes bool `json:"-"` // times that can't be read are an error
	Guess     bool `json:"-"` // what labels and columns probably mean is taken for true
}

// Column is a column by its number, from 1, or by its name, or a part of the name that
// no other column has.
type Column string

// UnmarshalJSON implements [json.Unmarshaler] for a text or a number.
func (c *Column) UnmarshalJSON(data []byte) error {
	var number int
	if json.Unmarshal(data, &number) == nil {
		*c = Column(fmt.Sprint(number))
		return nil
	}
	return json.Unmarshal(data, (*string)(c))
}

// Wording is a question with the definition of its index.
type Wording struct {
	Text       string // as it was asked; a column or a line with this text has the answers
	Definition survey.Definition
}

// UnmarshalJSON implements [json.Unmarshaler]. The fields are those of a definition;
// like names a known question, from which those that are not given are taken.
func (w *Wording) UnmarshalJSON(data []byte) error {
	var base struct {
		Like string `json:"like"`
	}
	if err := json.Unmarshal(data, &base); err != nil {
		return err
	}
	var all struct {
		Like string `json:"like"`
		Text string `json:"text"`
		survey.Definition
	}
	if base.Like != "" {
		i := slices.IndexFunc(known, func(q knownQuestion) bool { return q.id == base.Like })
		if i < 0 {
			return fmt.Errorf("like: no such question: %q", base.Like)
		}
		all.Definition = known[i].definition
		all.Name = ""
	}
	if err := strict(data, &all); err != nil {
		return err
	}
	w.Text, w.Definition = all.Text, all.Definition
	return nil
}

// ReadForm reads a form.
func ReadForm(data []byte) (Form, error) {
	var form Form
	if err := strict(data, &form); err != nil {
		return Form{}, err
	}
	return form, form.check()
}

// strict decodes a JSON value that has no unknown fields and nothing behind it.
func strict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("there is something behind the JSON object")
	}
	return nil
}

// check returns an error if a part of the form speaks of something that another does
// not have.
func (f Form) check() error {
	for _, id := range slices.Sorted(maps.Keys(f.Questions)) {
		if i := slices.IndexFunc(roles, func(r role) bool { return r.name == id }); i >= 0 {
			return fmt.Errorf("questions: %q is the name of a column that is no question", id)
		}
		d := f.definition(id)
		if err := d.Check(); err != nil {
			return fmt.Errorf("questions: %s: %w", id, err)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(f.Columns)) {
		if !f.knows(what) && !slices.ContainsFunc(roles, func(r role) bool { return r.name == what }) {
			return fmt.Errorf("columns: %q is neither a question (%s) nor one of %s", what, strings.Join(f.names(), ", "), strings.Join(roleNames(), ", "))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(f.Labels)) {
		if !f.knows(id) {
			return fmt.Errorf("labels: no such question: %q (there are %s)", id, strings.Join(f.names(), ", "))
		}
	}
	if f.HeaderRows < 0 || f.HeaderRows > 9 {
		return fmt.Errorf("header_rows is %d, want 1 to 9", f.HeaderRows)
	}
	return nil
}

// knownQuestion is a question that needs no description.
type knownQuestion struct {
	id         string
	definition survey.Definition
	keys       []string // other names of columns
}

var known = []knownQuestion{
	{"csat", survey.TopBox(survey.OneTo(5), 2), []string{"csat score", "csat rating"}},
	{"nps", survey.NetPromoter(), []string{"nps score", "nps rating", "net promoter score"}},
	{"enps", survey.EmployeeNet(), []string{"enps score"}},
	{"ces_1", survey.CES1(), nil},
	{"ces_2", survey.CES2(), nil},
	{"ces_2_agree", survey.CES2Agree(), nil},
	{"net_easy", survey.NetEasy(), nil},
	{"favourable", survey.Favourable(), nil},
}

// names returns the IDs of all questions, those of the form first.
func (f Form) names() []string {
	names := slices.Sorted(maps.Keys(f.Questions))
	for _, q := range known {
		if _, ok := f.Questions[q.id]; !ok {
			names = append(names, q.id)
		}
	}
	return names
}

func (f Form) knows(id string) bool { return slices.Contains(f.names(), id) }

// definition returns the definition of a question that is known.
func (f Form) definition(id string) survey.Definition {
	if w, ok := f.Questions[id]; ok {
		if w.Definition.Name == "" {
			w.Definition.Name = id
		}
		return w.Definition
	}
	i := slices.IndexFunc(known, func(q knownQuestion) bool { return q.id == id })
	return known[i].definition
}

// keysOf returns the names of columns, and of questions in a long file, that mean a
// question.
func (f Form) keysOf(id string) []string {
	keys := []string{key(id)}
	if w, ok := f.Questions[id]; ok {
		if w.Text != "" {
			keys = append(keys, key(w.Text))
		}
		return keys
	}
	i := slices.IndexFunc(known, func(q knownQuestion) bool { return q.id == id })
	return append(keys, known[i].keys...)
}

// question returns the question that a line of a long file names.
func (f Form) question(name string) (id string, d survey.Definition, ok bool) {
	for _, id := range f.names() {
		if slices.Contains(f.keysOf(id), key(name)) {
			return id, f.definition(id), true
		}
	}
	return "", survey.Definition{}, false
}
