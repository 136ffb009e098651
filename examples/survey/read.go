package main

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// responses returns the answers for which keep is true.
func responses(q *surveyfile.Question, keep func(surveyfile.Answer) bool) (*survey.Responses, error) {
	r, err := survey.NewResponses(survey.Question{ID: q.ID, Definition: q.Definition})
	if err != nil {
		return nil, err
	}
	for _, a := range q.Answers {
		if keep(a) {
			if err := r.Add(a.Response); err != nil {
				return nil, fmt.Errorf("line %d: %w", a.Line, err)
			}
		}
	}
	return r, nil
}

func every(surveyfile.Answer) bool { return true }

// wasAsked is every answer of people of whom the file says that they were asked.
func wasAsked(a surveyfile.Answer) bool { return a.Asked }

// invite counts everybody in r as asked, each person once for each thing they were asked
// about. A line that was delivered again, or was left out on purpose, asks nobody.
func invite(r *survey.Responses) error {
	type person struct {
		source            survey.Source
		respondent, about string
	}
	seen := make(map[person]bool)
	for _, x := range r.Resolved() {
		p := person{x.Source, x.Respondent, x.About}
		if x.Left == survey.Repeated || x.Left == survey.Excluded || x.Respondent != "" && seen[p] {
			continue
		}
		seen[p] = true
		if err := r.Invite(x.Source, x.Group, 1); err != nil {
			return err
		}
	}
	return nil
}

// rates are how many of those who were asked answered: in all, and by where they were
// asked and by group if the file says so.
type rates struct {
	all     survey.SourceResponses
	sources []survey.SourceResponses
	groups  []survey.Group
}

// ratesOf returns nil if nobody knows who was asked.
func ratesOf(q *surveyfile.Question, invited int64) (*rates, error) {
	if invited == 0 && !q.KnowsAsked {
		return nil, nil
	}
	keep := wasAsked
	if invited > 0 {
		keep = every
	}
	// To count people who were asked in two ways once, their sources become one.
	joined := &surveyfile.Question{ID: q.ID, Definition: q.Definition, Answers: slices.Clone(q.Answers)}
	for i, a := range joined.Answers {
		if a.ID != "" {
			joined.Answers[i].ID = string(a.Source) + "\x00" + a.ID
		}
		joined.Answers[i].Source = ""
	}
	r, err := responses(joined, keep)
	if err != nil {
		return nil, err
	}
	if invited > 0 {
		err = r.Invite("", "", invited)
	} else {
		err = invite(r)
	}
	if err != nil || r.Len() == 0 {
		return nil, err
	}
	found := &rates{all: r.Sources()[0]}
	if invited > 0 {
		if found.all.Responded > invited {
			return nil, fmt.Errorf("-invited %d: but %d people answered %v", invited, found.all.Responded, q.Definition)
		}
		return found, nil
	}
	// Where those who did not answer have no group, the groups seem to have answered in
	// full.
	if !slices.ContainsFunc(q.Answers, func(a surveyfile.Answer) bool { return a.Asked && a.Group == "" }) {
		found.groups = r.Groups()
	}
	if r, err = responses(q, keep); err != nil {
		return nil, err
	}
	if err := invite(r); err != nil {
		return nil, err
	}
	found.sources = r.Sources()
	return found, nil
}

// readSheets reads SERVQUAL sheets: columns e1 to e22 and p1 to p22, and the importance
// points in columns named for the dimensions, if there are any. A sheet with something
// that is no answer is a problem of its line, and left out.
func readSheets(data []byte) ([]servqual.Respondent, *surveyfile.Sheet, error) {
	var items, dimensions []string
	for i := 1; i <= servqual.Items; i++ {
		items = append(items, fmt.Sprintf("e%d", i), fmt.Sprintf("p%d", i))
	}
	for d := range servqual.Dimension(servqual.Dimensions) {
		dimensions = append(dimensions, d.String())
	}
	s, err := surveyfile.ReadSheet(data, items, dimensions)
	if err != nil {
		return nil, nil, err
	}
	var sheets []servqual.Respondent
	for _, row := range s.Rows {
		sheet, err := sheetOf(row)
		if err != nil {
			s.Problems = append(s.Problems, surveyfile.Problem{Line: row.Line, Text: err.Error()})
			continue
		}
		sheets = append(sheets, sheet)
	}
	return sheets, s, nil
}

func sheetOf(row surveyfile.Row) (sheet servqual.Respondent, err error) {
	for i := range servqual.Items {
		if sheet.Expected[i], err = score(row, "e", i+1); err != nil {
			return sheet, err
		}
		if sheet.Perceived[i], err = score(row, "p", i+1); err != nil {
			return sheet, err
		}
	}
	for d := range servqual.Dimension(servqual.Dimensions) {
		text := row.Field(d.String())
		if text == "" {
			continue
		}
		if sheet.Importance[d], err = strconv.ParseFloat(text, 64); err != nil {
			return sheet, fmt.Errorf("%v: importance %q is not a number", d, text)
		}
	}
	return sheet, nil
}

func score(row surveyfile.Row, prefix string, item int) (int, error) {
	column := prefix + strconv.Itoa(item)
	text := row.Field(column)
	if text == "" {
		return survey.Missing, nil
	}
	v, err := survey.OneTo(7).Parse(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", column, err)
	}
	return v, nil
}
