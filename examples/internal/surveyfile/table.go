package surveyfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// table is a text file as columns and records.
type table struct {
	columns   []column
	records   []record
	problems  []Problem
	notes     []string
	qualtrics bool
	status    int // of Qualtrics: the column that tells previews from responses, 0 for none
}

// column is a column of the file with its name in each row of headers.
type column struct {
	number int // from 1
	code   string
	text   string // the wording, from a second row; empty if there is none
}

// String returns the column as errors and notes name it, such as
//
//	column 3 "How likely are you to recommend us?"
func (c column) String() string { return fmt.Sprintf("column %d %s", c.number, c.name()) }

// name returns the code and the wording of a column in quotes.
func (c column) name() string {
	if c.text != "" && c.text != c.code {
		return quote(c.code + ": " + c.text)
	}
	return quote(c.code)
}

// keys returns the names by which a column can be chosen. LimeSurvey writes the code of
// a question and its text into one name, as in "id. Response ID".
func (c column) keys() []string {
	keys := []string{key(c.code)}
	if c.text != "" {
		keys = append(keys, key(c.text))
	}
	if code, text, ok := strings.Cut(c.code, ". "); ok && !strings.Contains(code, " ") {
		keys = append(keys, key(code), key(text))
	}
	return keys
}

// maxColumns is how many columns a sheet of Excel can have.
const maxColumns = 1 << 14

// record is a line of the file: several, if a field runs over line ends.
type record struct {
	line   int
	fields []string
}

// field returns the field of a column, from 1, or nothing for column 0 and beyond the
// end of the line.
func (r record) field(column int) string {
	if column < 1 || column > len(r.fields) {
		return ""
	}
	return r.fields[column-1]
}

// readTable splits a file into records and finds its headers. rows is how many rows of
// headers there are, 0 if that is for the file to show.
func readTable(data []byte, rows int) (*table, error) {
	text, notes, err := decode(data)
	if err != nil {
		return nil, err
	}
	t := &table{notes: notes}
	separator, text, skipped := separatorOf(text)
	if err := t.split(text, separator, skipped); err != nil {
		return nil, err
	}
	if len(t.records) == 0 {
		if len(t.problems) > 0 {
			return nil, errors.New(t.problems[0].String())
		}
		return nil, errors.New("the file is empty")
	}
	if len(t.problems) > 0 && t.problems[0].Line < t.records[0].line {
		return nil, fmt.Errorf("the headers can't be read: %v", t.problems[0])
	}
	if rows == 0 {
		t.skipTitles()
		rows = t.headerRows()
	}
	if rows > len(t.records) {
		return nil, fmt.Errorf("the form says %d rows of headers, but there are %s", rows, plural(len(t.records), "line"))
	}
	t.head(rows)
	if n := len(t.columns); n > maxColumns {
		return nil, fmt.Errorf("there are %d columns, more than the %d of a spreadsheet", n, maxColumns)
	}
	if separator != ',' {
		t.notes = append(t.notes, "Fields are separated by "+map[rune]string{';': "semicolons", '\t': "tabs", '|': "bars"}[separator]+".")
	}
	if rows > 1 {
		t.notes = append(t.notes, fmt.Sprintf("The first %d rows are headers.", rows))
	}
	return t, nil
}

// separators are what may stand between fields; the first is taken in doubt.
var separators = []rune{',', ';', '\t', '|'}

// separatorOf returns the separator that makes the first records the most alike, and
// the text without a line that does nothing but name it.
func separatorOf(text string) (separator rune, rest string, skipped int) {
	if first, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "sep=") {
		if named := []rune(strings.TrimSpace(first[4:]) + first[4:]); len(named) > 0 && slices.Contains(separators, named[0]) {
			return named[0], rest, 1
		}
	}
	best, most := ',', 0
	for _, c := range separators {
		if score := alike(text, c); score > most {
			best, most = c, score
		}
	}
	return best, text, 0
}

// alike returns how many fields most of the first lines have, if the separator divides
// them into several, and less the fewer these lines are.
func alike(text string, separator rune) int {
	const looked = 20
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = separator, -1, true, true
	lines := make(map[int]int) // by the number of their fields
	width, n := 0, 0
	for ; n < looked; n++ {
		fields, err := in.Read()
		if err != nil {
			break
		}
		lines[len(fields)]++
		if w := len(fields); lines[w] > lines[width] || lines[w] == lines[width] && w > width {
			width = w
		}
	}
	if width < 2 {
		return 0
	}
	const whole = 1000 // so that likeness matters before width
	return lines[width]*whole*whole/n + min(width, whole)
}

// split reads the records. A record with a wrong quotation mark is a problem, and the
// rest goes on; but if the mark never closes, there is no rest.
func (t *table) split(text string, separator rune, skipped int) error {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord = separator, -1
	for {
		fields, err := in.Read()
		var wrong *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &wrong):
			p := Problem{Line: wrong.StartLine + skipped, Last: wrong.Line + skipped}
			if p.Text = `a quotation mark in a field that is not in quotes`; errors.Is(wrong, csv.ErrQuote) {
				p.Text = `a quotation mark inside of a quoted field must be doubled`
				if in.InputOffset() == int64(len(text)) && wrong.Line > wrong.StartLine {
					return fmt.Errorf("line %d: a quotation mark opens here and never closes, so the lines from here on can't be told apart", p.Line)
				}
			}
			t.problems = append(t.problems, p)
			continue
		case err != nil:
			return err
		}
		line, _ := in.FieldPos(0)
		blank := true
		for i := range fields {
			fields[i] = clean(fields[i])
			blank = blank && fields[i] == ""
		}
		if !blank {
			t.records = append(t.records, record{line + skipped, fields})
		}
	}
}

// skipTitles drops what stands alone above the headers, as the title of a spreadsheet
// does: a single text above lines with more of them, which is no name of a column.
func (t *table) skipTitles() {
	for len(t.records) > 2 && filled(t.records[0]) == 1 && filled(t.records[1]) > 1 || len(t.records) > 3 && filled(t.records[0]) == 1 && filled(t.records[1]) == 1 && filled(t.records[2]) > 1 {
		for _, text := range t.records[0].fields {
			if text != "" && isName(text) {
				return
			}
		}
		t.notes = append(t.notes, fmt.Sprintf("Line %d was passed over: it is a title.", t.records[0].line))
		t.records = t.records[1:]
	}
}

// filled returns how many fields of a record are not empty.
func filled(r record) int {
	n := 0
	for _, text := range r.fields {
		if text != "" {
			n++
		}
	}
	return n
}

// isName reports whether a text names a question or a role.
func isName(text string) bool {
	_, _, ok := Form{}.question(text)
	return ok || slices.ContainsFunc(roles, func(r role) bool { return slices.Contains(r.keys, key(text)) })
}

// headerRows returns how many rows of headers the file shows to have: three with the
// import IDs of Qualtrics, two if the second does not number the respondent that the
// first names, as SurveyMonkey writes them, and otherwise one.
func (t *table) headerRows() int {
	first := t.records[0]
	if len(t.records) > 2 && isImportID(t.records[2]) {
		return 3
	}
	if len(t.records) > 1 && isImportID(t.records[1]) {
		return 2
	}
	if len(t.records) > 1 && t.records[1].field(1) == "" {
		switch key(cleanHeader(first.field(1))) {
		case "respondent id", "respondentid":
			return 2
		}
	}
	return 1
}

func isImportID(r record) bool { return strings.HasPrefix(r.field(1), `{"ImportId":`) }

// head makes columns of the first rows.
func (t *table) head(rows int) {
	heads := t.records[:rows]
	t.records = t.records[rows:]
	width := 0
	for _, r := range heads {
		width = max(width, len(r.fields))
	}
	if t.qualtrics = rows > 1 && isImportID(heads[rows-1]); t.qualtrics {
		heads = heads[:rows-1]
	}
	question := ""
	for i := range width {
		c := column{number: i + 1, code: cleanHeader(heads[0].field(i + 1))}
		var parts []string
		for _, r := range heads[1:] {
			if part := cleanHeader(r.field(i + 1)); part != "" {
				parts = append(parts, part)
			}
		}
		switch {
		case t.qualtrics:
			c.text = strings.Join(parts, " ")
		case len(parts) > 0:
			// A question with several parts has its name above the first only.
			if c.code != "" {
				question = c.code
			}
			c.code = question
			if part := strings.Join(parts, " "); !slices.Contains([]string{"response", "open ended response"}, key(part)) {
				c.code = strings.TrimPrefix(question+": "+part, ": ")
			}
		}
		if t.qualtrics && c.code == "Status" {
			t.status = i + 1
		}
		t.columns = append(t.columns, c)
	}
}

// preview reports whether a response was made by those who made the survey, or is spam,
// by the codes of Qualtrics: 1 for a preview, 2 for a test, 8 for spam, and their sums.
func (t *table) preview(r record) bool {
	status := r.field(t.status)
	if n, ok := number(status); ok {
		return n&(1|2|8) != 0
	}
	status = fold(status)
	return strings.Contains(status, "preview") || strings.Contains(status, "test") || strings.Contains(status, "spam")
}

// shown lists the headers with some values, for an error.
func (t *table) shown() string {
	const most, values = 40, 3
	var b strings.Builder
	fmt.Fprint(&b, "the file has these columns:")
	for i, c := range t.columns {
		if i == most {
			fmt.Fprintf(&b, "\n  … and %d more", len(t.columns)-most)
			break
		}
		fmt.Fprintf(&b, "\n  %d %s", c.number, c.name())
		var seen []string
		for _, r := range t.records[:min(len(t.records), 100)] {
			if text := quote(r.field(c.number)); text != `""` && !slices.Contains(seen, text) && len(seen) < values {
				seen = append(seen, text)
			}
		}
		if len(seen) > 0 {
			fmt.Fprintf(&b, ", such as %s", strings.Join(seen, ", "))
		}
	}
	return b.String()
}
