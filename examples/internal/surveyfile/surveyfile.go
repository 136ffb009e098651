// Package surveyfile reads the answers to a survey from a text file, as survey tools,
// databases and spreadsheets write them:
//
//	file, err := surveyfile.Read(data, surveyfile.Form{})
//
// A file is wide, with a line for each respondent and a column for each question, or
// long, with a line for each answer and columns that name the question and hold the
// answer. Separators, line ends, rows of headers and forms of time are recognised. What
// can't be told from the file is never guessed in silence: the error says which part of
// the Form would tell it.
package surveyfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
)

// File is what a file of answers holds.
type File struct {
	Long      bool
	Questions []*Question
	Notes     []string  // how the file was read, a sentence each
	Problems  []Problem // what could not be read, by line
	Lines     int       // lines with something in them, without the headers
	Lost      int       // of them, those that could not be read
	Skipped   int       // of them, those of questions that the form leaves out
}

// Question is a question of the file, with its answers in the order of the file.
type Question struct {
	ID         string
	Definition survey.Definition
	// KnowsAsked reports that the file says who was asked: it has a column for it, or it
	// is long and has lines of this question without an answer.
	KnowsAsked bool
	Answers    []Answer
}

// Answer is what one line says about one question. An answer that does not count has
// its reason in the response.
type Answer struct {
	survey.Response
	Line  int
	Asked bool // whether the file says that the respondent was asked
}

// Problem is something that could not be read.
type Problem struct {
	Line, Last int // Last is above Line if it runs over several lines
	Text       string
}

// String returns the problem after its place, such as
//
//	line 7: csat: "great" is not a whole number
func (p Problem) String() string {
	if p.Last > p.Line {
		return fmt.Sprintf("lines %d to %d: %s", p.Line, p.Last, p.Text)
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Text)
}

// maxText is the longest text that is read, in bytes: half of what a response may have,
// so that two can be put together.
const maxText = 1<<15 - 1

// Read reads a file of answers by its form. The errors are made for people: they say
// what to change, and show the headers of the file if those are in question.
func Read(data []byte, form Form) (*File, error) {
	if err := form.check(); err != nil {
		return nil, err
	}
	t, err := readTable(data, form.HeaderRows)
	if err != nil {
		return nil, err
	}
	f := &File{Notes: t.notes, Problems: t.problems, Lines: len(t.records) + len(t.problems), Lost: len(t.problems)}
	l, err := t.layout(form)
	if err != nil {
		return nil, err
	}
	f.Long = l.long()
	f.Notes = append(f.Notes, l.notes...)
	clock, err := f.clock(t, l, form)
	if err != nil {
		return nil, err
	}
	cells, err := f.cells(t, l, form, clock)
	if err != nil {
		return nil, err
	}
	for _, q := range f.Questions {
		if err := f.answer(q, cells[q.ID], form); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(f.Problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return f, nil
}

// clock returns how times are read. Without a column of times, or if it can't be read
// and nobody needs it, every time is the zero one.
func (f *File) clock(t *table, l layout, form Form) (clock, error) {
	column := l.roles["at"]
	if column == 0 {
		if form.NeedTimes {
			return nil, fmt.Errorf("there is no column of times: say which it is, such as -columns at=2\n%s", t.shown())
		}
		return noClock, nil
	}
	texts := make([]string, len(t.records))
	for i, r := range t.records {
		texts[i] = r.field(column)
	}
	c, note, err := clockOf(texts, form.TimeFormat)
	if err != nil {
		if form.NeedTimes || form.TimeFormat != "" {
			return nil, fmt.Errorf("%s: %w", t.columns[column-1], err)
		}
		f.Notes = append(f.Notes, fmt.Sprintf("The times in %s were not read: %v.", t.columns[column-1], err))
		return noClock, nil
	}
	if note != "" {
		f.Notes = append(f.Notes, note)
	}
	return c, nil
}

// cells returns what the lines say about each question, by its ID. The values are still
// texts.
func (f *File) cells(t *table, l layout, form Form, clock clock) (map[string][]cell, error) {
	cells := make(map[string][]cell)
	byID := make(map[string]*Question)
	add := func(id string, d survey.Definition) {
		if byID[id] == nil {
			byID[id] = &Question{ID: id, Definition: d, KnowsAsked: l.roles["invited"] > 0}
			f.Questions = append(f.Questions, byID[id])
		}
	}
	for _, q := range l.questions {
		add(q.id, q.definition)
	}
	unknown := make(map[string]*Problem)
	counts := make(map[string]int)
	for _, r := range t.records {
		a, err := f.respondent(r, l, t, clock)
		if err != nil {
			f.Lost++
			f.Problems = append(f.Problems, Problem{Line: r.line, Text: err.Error()})
			continue
		}
		if !f.Long {
			for _, q := range l.questions {
				cells[q.id] = append(cells[q.id], cell{a, r.field(q.column)})
			}
			continue
		}
		name, text := r.field(l.roles["question"]), r.field(l.roles["answer"])
		id, d, ok := form.question(name)
		if !ok {
			f.Lost++
			if counts[name]++; counts[name] == 1 {
				unknown[name] = &Problem{Line: r.line}
			}
			continue
		}
		if ref, ok := form.Columns[id]; ok && ref == "" {
			f.Skipped++
			continue
		}
		add(id, d)
		cells[id] = append(cells[id], cell{a, text})
		byID[id].KnowsAsked = byID[id].KnowsAsked || text == ""
	}
	for name, p := range unknown {
		p.Text = fmt.Sprintf("no such question: %s", quote(name))
		if n := counts[name]; n > 1 {
			p.Text += fmt.Sprintf(", here and in %s more", plural(n-1, "line"))
		}
		f.Problems = append(f.Problems, *p)
	}
	if len(f.Questions) == 0 || f.Lost+f.Skipped == f.Lines {
		return nil, f.nothing(form)
	}
	for id := range cells {
		for i := range cells[id] {
			cells[id][i].Asked = byID[id].KnowsAsked && (l.roles["invited"] == 0 || cells[id][i].Asked)
		}
	}
	return cells, nil
}

// nothing is the error for a file without a single answer.
func (f *File) nothing(form Form) error {
	if len(f.Problems) == 0 {
		return errors.New("there are no answers: the file has nothing but headers")
	}
	slices.SortStableFunc(f.Problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return fmt.Errorf("no line can be read: %v\nquestions known here: %s; others are described by a file (-form)", f.Problems[0], strings.Join(form.names(), ", "))
}

// cell is what a line says about a question, before its text is understood.
type cell struct {
	Answer
	text string
}

// respondent reads everything of a line but the answers.
func (f *File) respondent(r record, l layout, t *table, clock clock) (Answer, error) {
	if extra := r.fields[min(len(t.columns), len(r.fields)):]; strings.Join(extra, "") != "" {
		return Answer{}, fmt.Errorf("%d fields, but %s: is a text with the separator in it not quoted?", len(r.fields), plural(len(t.columns), "header"))
	}
	if last := l.last(); len(r.fields) < last {
		return Answer{}, fmt.Errorf("%s, but the answer is column %d", plural(len(r.fields), "field"), last)
	}
	get := func(role string) string { return r.field(l.roles[role]) }
	a := Answer{Line: r.line, Asked: said(get("invited"))}
	a.Response = survey.Response{
		Source: survey.Source(get("source")), ID: get("id"), Respondent: get("respondent"), About: get("about"), Group: get("group"),
		Comment: get("comment"),
	}
	for _, role := range roles {
		if text := get(role.name); len(text) > maxText {
			return Answer{}, fmt.Errorf("%s is longer than %d bytes", role.name, maxText)
		}
	}
	if isMissing(a.Comment) {
		a.Comment = ""
	}
	if isMissing(a.Respondent) {
		a.Respondent = ""
	}
	if isMissing(a.Group) {
		a.Group = ""
	}
	if t.preview(r) {
		a.Left = survey.Excluded
	}
	if text := get("at"); !isMissing(text) {
		at, ok := clock(text)
		if !ok {
			f.Problems = append(f.Problems, Problem{Line: r.line, Text: fmt.Sprintf("at: %s is not read as a time; the answer counts, but in no period", quote(text))})
		}
		a.At = at
	}
	return a, nil
}

// answer reads the values of a question.
func (f *File) answer(q *Question, cells []cell, form Form) error {
	labels, note, err := form.labelsOf(q, cells)
	if err != nil {
		return err
	}
	if note != "" {
		f.Notes = append(f.Notes, note)
	}
	q.Answers = make([]Answer, len(cells))
	for i, c := range cells {
		a := c.Answer
		if a.Left == survey.Counted {
			var problem string
			a.Value, a.Left, problem = value(q.Definition.Scale, labels, c.text)
			if problem != "" {
				f.Problems = append(f.Problems, Problem{Line: a.Line, Text: q.ID + ": " + problem})
			}
		}
		q.Answers[i] = a
	}
	return nil
}

// value reads an answer, and says what is wrong with it if it can't.
func value(s survey.Scale, labels map[string]*int, text string) (int, survey.Reason, string) {
	if number, ok := labels[fold(text)]; ok {
		if number == nil {
			return 0, survey.Unanswered, ""
		}
		if !s.Has(*number) {
			return *number, survey.OffScale, fmt.Sprintf("%s is %d, which is not on the scale %v", quote(text), *number, s)
		}
		return *number, survey.Counted, ""
	}
	switch {
	case isNotApplicable(text):
		return 0, survey.NotApplicable, ""
	case isMissing(text):
		return 0, survey.Unanswered, ""
	}
	v, whole := number(text)
	if !whole {
		return 0, survey.Unreadable, fmt.Sprintf("%s is not a whole number", quote(text))
	}
	if !s.Has(v) {
		return v, survey.OffScale, fmt.Sprintf("%d is not on the scale %v", v, s)
	}
	return v, survey.Counted, ""
}

// quote returns a text in quotes. The middle of a long one is left out, because the
// parts of a question differ at the end.
func quote(text string) string {
	const begin, end = 36, 23
	if r := []rune(text); len(r) > begin+end+1 {
		text = string(r[:begin]) + "…" + string(r[len(r)-end:])
	}
	return fmt.Sprintf("%q", text)
}

func plural(n int, noun string) string { return text.Counted(int64(n), noun) }

// clock reads a time; it returns false for text that is none.
type clock func(text string) (time.Time, bool)

func noClock(string) (time.Time, bool) { return time.Time{}, true }

// Counted returns the answers that count, in order of time: each person's last about one
// thing, on the scale, and each delivery once. They are those that [survey.Responses]
// counts.
func (q *Question) Counted() ([]Answer, error) {
	return q.answersOf(q.Definition, func(r *survey.Responses) []survey.Response {
		return slices.DeleteFunc(r.Resolved(), func(x survey.Response) bool { return x.Left != survey.Counted })
	})
}

// CallBacks returns the answers in a range that count, in the order of
// [survey.Responses.CallBacks].
func (q *Question) CallBacks(bad survey.Range) ([]Answer, error) {
	d := survey.Definition{Scale: q.Definition.Scale, Negative: bad}
	return q.answersOf(d, (*survey.Responses).CallBacks)
}

// answersOf returns the answers that were chosen from those that count, with their
// lines.
func (q *Question) answersOf(d survey.Definition, choose func(*survey.Responses) []survey.Response) ([]Answer, error) {
	r, err := survey.NewResponses(survey.Question{ID: q.ID, Definition: d})
	if err != nil {
		return nil, err
	}
	given := make(map[survey.Response][]Answer)
	for _, a := range q.Answers {
		if err := r.Add(a.Response); err != nil {
			return nil, fmt.Errorf("line %d: %w", a.Line, err)
		}
		a.At = a.At.UTC()
		given[a.Response] = append(given[a.Response], a)
	}
	chosen := choose(r)
	list := make([]Answer, len(chosen))
	// Of answers that are alike, the last count.
	for i, x := range slices.Backward(chosen) {
		alike := given[x]
		list[i], given[x] = alike[len(alike)-1], alike[:len(alike)-1]
	}
	return list, nil
}
