package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// question is a question in the file, with its responses.
type question struct {
	definition survey.Definition
	responses  []survey.Response
	texts      []string // the answers, as they were written
}

// row is a line of a CSV file, by column names.
type row struct {
	line   int
	fields map[string]string
}

// readRows reads a CSV file with a header. The wanted columns must be there; others are
// ignored.
func readRows(r io.Reader, wanted ...string) ([]row, error) {
	in := csv.NewReader(r)
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty")
	}
	if err != nil {
		return nil, err
	}
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(header[i], "\ufeff")))
	}
	for _, column := range wanted {
		if !slices.Contains(header, column) {
			return nil, fmt.Errorf("line 1: there is no column %q", column)
		}
	}
	var rows []row
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := in.FieldPos(0)
		fields := make(map[string]string, len(header))
		for i, field := range record {
			fields[header[i]] = strings.TrimSpace(field)
		}
		rows = append(rows, row{line, fields})
	}
}

// definitionOf returns the definition for a name in the column question.
func definitionOf(name string) (survey.Definition, error) {
	names := []string{"csat", "nps", "enps", "ces_1", "ces_2", "ces_2_agree", "net_easy", "favourable"}
	definitions := []survey.Definition{
		survey.TopBox(survey.OneTo(5), 2), survey.NetPromoter(), survey.EmployeeNet(), survey.CES1(), survey.CES2(),
		survey.CES2Agree(), survey.NetEasy(), survey.Favourable(),
	}
	if i := slices.Index(names, name); i >= 0 {
		return definitions[i], nil
	}
	return survey.Definition{}, fmt.Errorf("unknown question %q, want one of %s", name, strings.Join(names, ", "))
}

// readAnswers reads the answers by question, in the order of their first lines.
func readAnswers(r io.Reader) ([]*question, error) {
	rows, err := readRows(r, "question", "answer")
	if err != nil {
		return nil, err
	}
	var list []*question
	byName := make(map[string]*question)
	for _, row := range rows {
		q := byName[row.fields["question"]]
		if q == nil {
			d, err := definitionOf(row.fields["question"])
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", row.line, err)
			}
			q = &question{definition: d}
			byName[row.fields["question"]] = q
			list = append(list, q)
		}
		at, err := parseTime(row.fields["at"])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", row.line, err)
		}
		response := survey.Response{
			Source:     survey.Source(row.fields["source"]),
			ID:         row.fields["id"],
			Respondent: row.fields["respondent"],
			About:      row.fields["about"],
			Group:      row.fields["group"],
			At:         at,
		}
		if strings.EqualFold(row.fields["answer"], "n/a") {
			response.Left = survey.NotApplicable
		}
		q.responses = append(q.responses, response)
		q.texts = append(q.texts, row.fields["answer"])
	}
	if len(list) == 0 {
		return nil, errors.New("there are no answers")
	}
	return list, nil
}

func parseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	if text == "" {
		return time.Time{}, nil
	}
	return time.Time{}, fmt.Errorf("at %q is neither a time such as 2026-03-02T09:30:00Z nor a day", text)
}

// collect returns the responses for which keep is true.
func (q *question) collect(keep func(survey.Response) bool) (*survey.Responses, error) {
	r, err := survey.NewResponses(survey.Question{ID: q.definition.Name, Definition: q.definition})
	if err != nil {
		return nil, err
	}
	for i, response := range q.responses {
		if keep(response) {
			if err := r.AddText(response, q.texts[i]); err != nil {
				return nil, err
			}
		}
	}
	// Every line is somebody who was asked, except for repeated deliveries.
	for _, response := range r.Resolved() {
		if response.Left != survey.Repeated {
			if err := r.Invite(response.Source, 1); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// readSheets reads SERVQUAL sheets: columns e1 to e22 and p1 to p22, and the importance
// points in columns named for the dimensions, if there are any.
func readSheets(r io.Reader) ([]servqual.Respondent, error) {
	var wanted []string
	for i := 1; i <= servqual.Items; i++ {
		wanted = append(wanted, fmt.Sprintf("e%d", i), fmt.Sprintf("p%d", i))
	}
	rows, err := readRows(r, wanted...)
	if err != nil {
		return nil, err
	}
	var sheets []servqual.Respondent
	for _, row := range rows {
		var sheet servqual.Respondent
		for i := range servqual.Items {
			for prefix, to := range map[string]*int{"e": &sheet.Expected[i], "p": &sheet.Perceived[i]} {
				column := fmt.Sprintf("%s%d", prefix, i+1)
				if *to, err = parseAnswer(row.fields[column]); err != nil {
					return nil, fmt.Errorf("line %d: %s: %w", row.line, column, err)
				}
			}
		}
		for d := range servqual.Dimension(servqual.Dimensions) {
			text := row.fields[d.String()]
			if text == "" {
				continue
			}
			if sheet.Importance[d], err = strconv.ParseFloat(text, 64); err != nil {
				return nil, fmt.Errorf("line %d: %v: importance %q is not a number", row.line, d, text)
			}
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

func parseAnswer(text string) (int, error) {
	if text == "" {
		return survey.Missing, nil
	}
	return survey.OneTo(7).Parse(text)
}
