package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

// writeMarkdown prints tables for a wiki or a pull request.
func writeMarkdown(w io.Writer, r *report) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n%s\n", title(r), r.Sources())
	for i, s := range r.Short() {
		if i == 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "- %s **%s** %s\n", s.Mark.Sign(), escaped(s.Lead), escaped(s.Text))
	}
	for _, t := range tables(r) {
		fmt.Fprintf(out, "\n## %s\n\n%s\n\n", t.Title, markdownEscaper.Replace(t.Note))
		t.markdown(out)
		if len(t.Lines) > 0 && len(t.Rows) > 0 {
			fmt.Fprintln(out)
		}
		for _, line := range t.Lines {
			fmt.Fprintf(out, "- %s\n", markdownEscaper.Replace(line))
		}
		if t.Title == "Satisfaction" {
			fmt.Fprintf(out, "\n%s\n", verdict(r))
		}
	}
	return out.Flush()
}

// markdown prints the rows of the table, if there are any.
func (t table) markdown(w io.Writer) {
	if len(t.Rows) == 0 {
		return
	}
	fmt.Fprintf(w, "| %s |\n", strings.Join(t.Header, " | "))
	column := "---:|"
	if t.Text {
		column = "---|"
	}
	fmt.Fprintf(w, "|---|%s\n", strings.Repeat(column, len(t.Header)-1))
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = markdownEscaper.Replace(cell)
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
	}
}

// escaped is a line of Markdown that says what the text does.
func escaped(words string) string { return markdownEscaper.Replace(plain.Line(words)) }

// explainMarkdown prints the methods below a report.
func explainMarkdown(w io.Writer, r *report) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "\n## Methods\n\n")
	for _, line := range methods(r) {
		fmt.Fprintf(out, "- %s\n", markdownEscaper.Replace(line))
	}
	return out.Flush()
}

// Names come from the data and must not end a cell, or be read as markup. They have no
// line ends; see [table.clean].
var markdownEscaper = strings.NewReplacer(
	"\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", "&", "&amp;", "[", "\\[", "~", "\\~", "$", "\\$",
)
