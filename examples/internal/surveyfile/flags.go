package surveyfile

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

// Flags adds the flags by which the user of a program tells what a file of answers
// can't tell by itself. After they are parsed, the function that it returns gives the
// form; the other flags take precedence over the file that -form names.
func Flags(set *flag.FlagSet) func() (Form, error) {
	var columns columnFlag
	set.Var(&columns, "columns", "where things are, by `what=column`, such as nps=3,comment=7, with numbers or names of columns")
	path := set.String("form", "", "JSON `file` that describes questions, columns and answers in words")
	format := set.String("time-format", "", "how times are written, such as DD/MM/YYYY HH:mm (default: the `form` is found out)")
	guess := set.Bool("guess", false, "take the guesses for true that are shown without this flag")
	return func() (Form, error) {
		var form Form
		if *path != "" {
			data, err := os.ReadFile(*path)
			if err != nil {
				return form, err
			}
			if form, err = ReadForm(data); err != nil {
				return form, fmt.Errorf("%s: %w", *path, err)
			}
		}
		for _, c := range columns {
			if form.Columns == nil {
				form.Columns = make(map[string]Column)
			}
			form.Columns[c.what] = c.column
		}
		if *format != "" {
			form.TimeFormat = *format
		}
		form.Guess = *guess
		if err := form.check(); err != nil {
			return form, err
		}
		return form, nil
	}
}

// columnFlag is a list such as nps=3,comment=Anything else. What follows a comma and
// names nothing belongs to the name before it.
type columnFlag []struct {
	what   string
	column Column
}

func (c *columnFlag) String() string { return "" }

// Set implements [flag.Value].
func (c *columnFlag) Set(text string) error {
	for part := range strings.SplitSeq(text, ",") {
		what, column, ok := strings.Cut(part, "=")
		what = strings.TrimSpace(what)
		switch {
		case ok && what != "" && !strings.Contains(what, " "):
			for _, other := range *c {
				if other.what == what {
					return fmt.Errorf("%q is given twice", what)
				}
			}
			*c = append(*c, struct {
				what   string
				column Column
			}{what, Column(strings.TrimSpace(column))})
		case len(*c) > 0:
			last := &(*c)[len(*c)-1]
			last.column += Column("," + part)
		default:
			return errors.New("want what=column, such as nps=3")
		}
	}
	return nil
}
