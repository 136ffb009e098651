package surveyfile

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/survey"
)

// layout says which columns mean what.
type layout struct {
	roles     map[string]int // the columns of roles, from 1
	questions []asked        // of a wide file
	notes     []string
}

// asked is a question of a wide file.
type asked struct {
	id         string
	definition survey.Definition
	column     int
}

// role is what a column can be beside a question.
type role struct {
	name string
	keys []string // the names that such columns have, the first of which counts
}

// The names come from exports of SurveyMonkey ("Respondent ID", "End Date"), Typeform
// ("#", "Submit Date (UTC)"), Google Forms ("Timestamp" and its translations),
// LimeSurvey ("id", "submitdate", "token"), Qualtrics ("ResponseId", "RecordedDate",
// "DistributionChannel", "RecipientEmail"), Delighted ("survey_type", "score",
// "created_at") and Microsoft Forms ("Completion time").
var roles = []role{
	{"question", []string{"question", "survey type", "metric"}},
	{"answer", []string{"answer", "score", "value", "rating"}},
	{"id", []string{"id", "response id", "responseid", "survey response id", "respondent id", "respondentid", "#"}},
	{"at", []string{
		"at", "submitted at", "submit date (utc)", "submit date", "submitdate", "date submitted", "completed at", "completion time",
		"recorded date", "recordeddate", "end date", "enddate", "responded at", "response date", "answered at",
		"timestamp", "zeitstempel", "horodateur", "marca temporal", "created at", "date", "time",
	}},
	{"source", []string{"source", "distribution channel", "distributionchannel"}},
	{"respondent", []string{
		"respondent", "email", "e mail", "email address", "e mail address", "recipient email", "recipientemail", "person email", "person",
		"customer", "user id", "customer id", "contact id", "token", "username",
	}},
	{"about", []string{"about", "ticket", "ticket id", "conversation", "conversation id", "case id", "order id"}},
	{"group", []string{"group", "team", "department"}},
	{"comment", []string{"comment", "comments", "feedback", "remark", "remarks", "verbatim"}},
	{"invited", []string{"invited"}},
}

func roleNames() []string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.name
	}
	return names
}

func (l layout) long() bool { return len(l.questions) == 0 }

// last returns the last column that has answers.
func (l layout) last() int {
	last := max(l.roles["question"], l.roles["answer"])
	for _, q := range l.questions {
		last = max(last, q.column)
	}
	return last
}

// layout finds the columns that the form names, and those that it need not name.
func (t *table) layout(form Form) (layout, error) {
	l := layout{roles: make(map[string]int)}
	used := make(map[int]string)
	take := func(what string, column int) error {
		if other, ok := used[column]; ok {
			return fmt.Errorf("%s is both %s and %s", t.columns[column-1], other, what)
		}
		used[column] = what
		return nil
	}
	for _, what := range slices.Sorted(maps.Keys(form.Columns)) {
		ref := form.Columns[what]
		if ref == "" {
			continue
		}
		column, err := t.find(what, ref)
		if err == nil {
			err = take(what, column)
		}
		if err != nil {
			return l, err
		}
		if form.knows(what) {
			l.questions = append(l.questions, asked{what, form.definition(what), column})
		} else {
			l.roles[what] = column
		}
	}
	named := len(l.questions) > 0
	if named && (l.roles["question"] > 0 || l.roles["answer"] > 0) {
		return l, fmt.Errorf("the columns %s and %q can't go together: a file has either a column for each question, or one for the names of all", "question, answer", l.questions[0].id)
	}
	for _, r := range roles {
		if _, ok := form.Columns[r.name]; ok || named && (r.name == "question" || r.name == "answer") || r.name == "answer" && l.roles["question"] == 0 {
			continue
		}
		column, err := t.byKeys(r.name, r.keys, used)
		if err != nil {
			return l, err
		}
		if column > 0 {
			l.roles[r.name] = column
			used[column] = r.name
		}
	}
	if question, answer := l.roles["question"], l.roles["answer"]; question == 0 || answer == 0 {
		if _, ok := form.Columns["answer"]; ok && question == 0 {
			return l, fmt.Errorf("say which column names the question, such as -columns question=3\n%s", t.shown())
		}
		delete(used, question)
		delete(l.roles, "question")
		delete(l.roles, "answer")
		if err := t.wide(&l, form, used); err != nil {
			return l, err
		}
	}
	slices.SortStableFunc(l.questions, func(a, b asked) int { return a.column - b.column })
	l.notes = append([]string{l.note(t)}, l.notes...)
	return l, nil
}

// wide finds the columns of questions by their names, and if there are none by what
// they are like.
func (t *table) wide(l *layout, form Form, used map[int]string) error {
	for _, id := range form.names() {
		if _, ok := form.Columns[id]; ok {
			continue
		}
		column, err := t.byKeys(id, form.keysOf(id), used)
		if err != nil {
			return err
		}
		if column > 0 {
			used[column] = id
			l.questions = append(l.questions, asked{id, form.definition(id), column})
		}
	}
	if len(l.questions) > 0 {
		return nil
	}
	guesses := t.guess(form, used)
	var flag []string
	for _, g := range guesses {
		flag = append(flag, fmt.Sprintf("%s=%d", g.id, g.column))
	}
	switch {
	case len(guesses) > 0 && form.Guess:
		l.questions = guesses
		l.notes = append(l.notes, "Which question a column answers was guessed from its name.")
		return nil
	case len(guesses) > 0:
		return fmt.Errorf("no column is named like a question (%s); probably right is\n  -columns %s\nor -guess, which takes that for true; %s", strings.Join(form.names(), ", "), strings.Join(flag, ","), t.shown())
	}
	return fmt.Errorf("no column is named like a question (%s): say which it is, such as -columns nps=3; %s", strings.Join(form.names(), ", "), t.shown())
}

// find returns the column that a form names.
func (t *table) find(what string, ref Column) (int, error) {
	if n, err := strconv.Atoi(string(ref)); err == nil {
		if n < 1 || n > len(t.columns) {
			return 0, fmt.Errorf("%s: there is no column %d; %s", what, n, t.shown())
		}
		return n, nil
	}
	wanted := key(string(ref))
	for _, match := range []func(string) bool{
		func(k string) bool { return k == wanted },
		func(k string) bool { return strings.HasPrefix(k, wanted) },
		func(k string) bool { return strings.Contains(k, wanted) },
	} {
		var found []column
		for _, c := range t.columns {
			if wanted != "" && slices.ContainsFunc(c.keys(), match) {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			return only(what, found)
		}
	}
	return 0, fmt.Errorf("%s: there is no column %q; %s", what, ref, t.shown())
}

// byKeys returns the column that has the first of some names that a column has, or 0.
func (t *table) byKeys(what string, keys []string, used map[int]string) (int, error) {
	for _, k := range keys {
		var found []column
		for _, c := range t.columns {
			if _, ok := used[c.number]; !ok && slices.Contains(c.keys(), k) {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			return only(what, found)
		}
	}
	return 0, nil
}

// only returns the column if there is one, and else an error that names the first two.
func only(what string, found []column) (int, error) {
	if len(found) > 1 {
		return 0, fmt.Errorf("%s and %s could both be %s: choose one by its number, such as -columns %s=%d", found[0], found[1], what, what, found[0].number)
	}
	return found[0].number, nil
}

// hints are words in the text of a question that tell what it asks for. Of several
// that fit, the first counts.
var hints = []struct {
	id    string
	words *regexp.Regexp
}{
	{"enps", regexp.MustCompile(`recommend.*(place to work|employer|work (for|at|here))`)},
	{"nps", regexp.MustCompile(`recommend`)},
	{"csat", regexp.MustCompile(`satisf`)},
	{"ces_2", regexp.MustCompile(`(made it easy|easy (was|is) it|how easy)`)},
}

// guess returns the columns that are probably questions: their names have the words,
// hardly any number is off the scale, and two thirds of the answers are numbers or words
// like those of a scale.
func (t *table) guess(form Form, used map[int]string) []asked {
	var list []asked
	taken := make(map[string]bool)
	for _, c := range t.columns {
		if _, ok := used[c.number]; ok {
			continue
		}
		for _, h := range hints {
			if taken[h.id] || !h.words.MatchString(strings.Join(c.keys(), " ")) {
				continue
			}
			d := form.definition(h.id)
			fit, off, n := 0, 0, 0
			for _, r := range t.records {
				text := r.field(c.number)
				if isMissing(text) {
					continue
				}
				n++
				v, ok := number(text)
				switch {
				case ok && !d.Scale.Has(v):
					off++
				case ok || likeLabel(text):
					fit++
				}
			}
			if fit > 0 && 3*fit >= 2*n && 10*off <= n {
				taken[h.id] = true
				list = append(list, asked{h.id, d, c.number})
				break
			}
		}
	}
	return list
}

// note tells which columns were read, with their names if those are not the usual ones.
func (l layout) note(t *table) string {
	var parts []string
	add := func(what string, number int) {
		part := fmt.Sprintf("%s %d", what, number)
		if c := t.columns[number-1]; key(c.code) != key(what) {
			part += " " + c.name()
		}
		parts = append(parts, part)
	}
	for _, q := range l.questions {
		add(q.id, q.column)
	}
	for _, r := range roles {
		if n := l.roles[r.name]; n > 0 {
			add(r.name, n)
		}
	}
	each := "Each line is what one person answered"
	if l.long() {
		each = "Each line is one answer"
	}
	return each + ". Columns: " + strings.Join(parts, ", ") + "."
}
