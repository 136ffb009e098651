package surveyfile

import "fmt"

// Sheet is a text file as lines with named fields.
type Sheet struct {
	Rows     []Row
	Notes    []string  // how the file was read
	Problems []Problem // lines that could not be read
}

// Row is a line of a Sheet.
type Row struct {
	Line   int
	fields map[string]string
}

// Field returns the field of a column that was wanted or offered, or nothing if the line
// has none, or a text such as NA for it.
func (r Row) Field(column string) string {
	if text := r.fields[column]; !isMissing(text) {
		return text
	}
	return ""
}

// ReadSheet reads the wanted columns of a file, and of the optional ones those that are
// there. It takes files as Read does.
func ReadSheet(data []byte, wanted, optional []string) (*Sheet, error) {
	t, err := readTable(data, 1)
	if err != nil {
		return nil, err
	}
	columns := make(map[string]int)
	for i, name := range append(append([]string(nil), wanted...), optional...) {
		column, err := t.byKeys(name, []string{key(name)}, nil)
		if err != nil {
			return nil, err
		}
		if column > 0 {
			columns[name] = column
		} else if i < len(wanted) {
			return nil, fmt.Errorf("there is no column %q; %s", name, t.shown())
		}
	}
	s := &Sheet{Notes: t.notes, Problems: t.problems}
	for _, r := range t.records {
		if len(r.fields) != len(t.columns) {
			s.Problems = append(s.Problems, Problem{Line: r.line, Text: fmt.Sprintf("%s, but %s", plural(len(r.fields), "field"), plural(len(t.columns), "header"))})
			continue
		}
		row := Row{r.line, make(map[string]string, len(columns))}
		for name, column := range columns {
			row.fields[name] = r.field(column)
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}
