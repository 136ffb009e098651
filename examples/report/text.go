package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

// writeText prints tables for a terminal.
func writeText(w io.Writer, r *report) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s\n%s\n", title(r), wrapped(r.Sources()))
	for i, s := range r.Short() {
		if i == 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, plain.Wrap(plain.Line(s.Lead+" "+s.Text), plain.Columns, s.Mark.Sign()+" ", "  "))
	}
	for _, t := range tables(r) {
		fmt.Fprintf(out, "\n%s\n%s\n\n", strings.ToUpper(t.Title), wrapped(t.Note))
		if len(t.Rows) > 0 {
			fmt.Fprint(out, plain.Table{Header: t.Header, Rows: t.Rows, Names: t.Names, Text: t.Text}.String(plain.Columns))
		}
		if len(t.Lines) > 0 && len(t.Rows) > 0 {
			fmt.Fprintln(out)
		}
		for _, line := range t.Lines {
			fmt.Fprintln(out, plain.Wrap(line, plain.Columns, "  ", "    "))
		}
		if t.Title == "Satisfaction" {
			fmt.Fprintf(out, "\n%s\n", plain.Wrap(verdict(r), plain.Columns, "  ", "  "))
		}
	}
	return out.Flush()
}

func wrapped(paragraph string) string { return plain.Wrap(paragraph, plain.Columns, "", "") }

// explainText prints the methods below a report.
func explainText(w io.Writer, r *report) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "\nMETHODS\n")
	for _, line := range methods(r) {
		fmt.Fprintln(out, plain.Wrap(line, plain.Columns, "  ", "    "))
	}
	return out.Flush()
}
